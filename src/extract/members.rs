//! Wholes that no sheet states: the sum over villages, months or files, where the mapping says so.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::Context;
use crate::{
    model::{
        catalogue::{IndicatorId, MeasureId},
        mapping::{ColumnRole, Mapping},
        reading::{Dataset, Key, Made, Origin, Raw, Reading, Step, Value},
    },
    values::number::{Nothing, Rational},
};

/// Adds a reading for every whole that is not stated: the sum of its members, or of those that state a
/// number, marked as partial where others do not.
pub(super) fn add_up(cx: &mut Context<'_>, mapping: &Mapping, dataset: Dataset) -> Dataset {
    if !mapping.sources.iter().any(|source| source.sum) {
        return dataset;
    }
    let (mut readings, tables) = dataset.into_parts();
    let indicators: BTreeSet<_> = mapping
        .sources
        .iter()
        .filter(|source| source.sum)
        .flat_map(|source| {
            let rows = source.rows.iter().flat_map(|rule| rule.role.indicators());
            let columns = source.columns.iter().filter_map(|column| match column.role {
                ColumnRole::Values { indicator, .. } => indicator,
                ColumnRole::Ignored => None,
            });
            rows.chain(columns)
        })
        .collect();
    let mut members: BTreeMap<(IndicatorId, MeasureId), Vec<usize>> = BTreeMap::new();
    let mut stated: HashSet<(IndicatorId, MeasureId)> = HashSet::new();
    for (at, Reading { key, .. }) in readings.iter().enumerate() {
        if key.member.is_none() {
            stated.insert((key.indicator, key.measure));
        } else if indicators.contains(&key.indicator)
            && cx.catalogue.measure(key.measure).is_base()
            && cx.catalogue.indicator(key.indicator).adds_up()
        {
            members.entry((key.indicator, key.measure)).or_default().push(at);
        }
    }
    for ((indicator, measure), places) in members {
        let (key, figure) = (Key { indicator, measure, member: None }, (indicator, measure));
        // Where it is known how many are missing or too many, the sum says so.
        let shortfall = (cx.lacking.get(&figure).copied(), cx.spare.get(&figure).copied());
        let is_open = cx.doubtful.contains(&figure) && shortfall == (None, None);
        if !stated.contains(&figure)
            && !is_open
            && let Some(members) = once(&readings, &of_one_grouping(cx, &readings, places), shortfall.1.is_some())
            && let Some(whole) = sum(cx, key, &members, (shortfall.0.unwrap_or(0), shortfall.1.unwrap_or(0)))
        {
            readings.push(whole);
            cx.records += 1;
        }
    }
    Dataset::with_tables(readings, tables)
}

/// The members of the first grouping that has any: two groupings of one whole are never added.
fn of_one_grouping(cx: &Context<'_>, readings: &[Reading], places: Vec<usize>) -> Vec<usize> {
    let Some(list) = &cx.catalogue.members else { return places };
    let grouping = |at: &usize| readings[*at].key.member.as_deref().map_or(0, |member| list.grouping_of(member));
    let first = places.iter().map(grouping).min();
    places.into_iter().filter(|at| Some(grouping(at)) == first).collect()
}

/// The readings of members, each member once. None where two places give a member different numbers and
/// nothing tells of that beside the sum.
fn once<'r>(readings: &'r [Reading], places: &[usize], is_told: bool) -> Option<Vec<&'r Reading>> {
    let mut members: Vec<&Reading> = Vec::with_capacity(places.len());
    let mut known: HashMap<&str, usize> = HashMap::with_capacity(places.len());
    for reading in places.iter().map(|at| &readings[*at]) {
        let Some(name) = reading.key.member.as_deref() else { continue };
        match known.get(name) {
            None => {
                known.insert(name, members.len());
                members.push(reading);
            }
            Some(at) => match (members[*at].number(), reading.number()) {
                (Some(a), Some(b)) if a != b && !is_told => return None,
                (None, Some(_)) => members[*at] = reading,
                (Some(_) | None, _) => {}
            },
        }
    }
    Some(members)
}

/// The sum of the members, with the cells that it came from. "-" says that there is nothing to add; a
/// blank, "…" or words leave the whole unknown, and the sum is then marked as partial; so do members that
/// are not there, or that may not belong to it.
fn sum(cx: &Context<'_>, key: Key, stated: &[&Reading], (missing, spare): (u32, u32)) -> Option<Reading> {
    let is_nothing = |r: &&Reading| r.value == Value::Nothing(Nothing::Dash);
    let members: Vec<&Reading> = stated.iter().copied().filter(|r| r.number().is_some()).collect();
    let lacking = stated.len() - members.len() - stated.iter().filter(|r| is_nothing(r)).count();
    let total = Rational::sum_of(members.iter().filter_map(|r| r.number()));
    let sum = total.to_exact_decimal()?;
    let first = members.first()?;
    let whole = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let lacking = whole(lacking).saturating_add(missing);
    let of = whole(stated.len()).saturating_add(missing);
    let is_whole = lacking == 0 && spare == 0;
    let value = if is_whole { Value::Number(sum) } else { Value::Partial { sum, lacking, spare, of } };
    Some(Reading {
        key,
        value,
        decimals: members.iter().map(|r| r.decimals).max().unwrap_or(0),
        shown: None,
        record: cx.records,
        forecast: members.iter().any(|r| r.forecast),
        origin: Origin {
            raw: Raw::Blank,
            made: Made::RoundingFormula,
            formula: None,
            computation: None,
            steps: vec![Step::AddedUp { members: members.len(), lacking, spare, of }],
            addends: members.iter().flat_map(|r| r.places()).collect(),
            ..first.origin.clone()
        },
    })
}
