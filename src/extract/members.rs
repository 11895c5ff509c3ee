//! Wholes that no sheet states: the sum over villages, months or files, where the mapping says so.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Context;
use crate::{
    catalogue::{IndicatorId, MeasureId},
    language::counted,
    mapping::{ColumnRole, Mapping, RowRole},
    number::Rational,
    reading::{Key, Made, Origin, Raw, Reading, Value},
    say,
};

/// Adds a reading for every whole that is not stated but whose members are all numbers.
pub(super) fn add_up(cx: &mut Context<'_>, mapping: &Mapping) {
    if !mapping.sources.iter().any(|source| source.sum) {
        return;
    }
    let indicators: BTreeSet<_> = mapping
        .sources
        .iter()
        .filter(|source| source.sum)
        .flat_map(|source| {
            let rows = source.rows.iter().filter_map(|rule| match rule.role {
                RowRole::Indicator(id) => Some(id),
                RowRole::Total | RowRole::Member | RowRole::Ignored => None,
            });
            let columns = source.columns.iter().filter_map(|column| match column.role {
                ColumnRole::Values { indicator, .. } => indicator,
                ColumnRole::Ignored => None,
            });
            rows.chain(columns)
        })
        .collect();
    let mut members: BTreeMap<(IndicatorId, MeasureId), Vec<usize>> = BTreeMap::new();
    let mut stated: HashSet<(IndicatorId, MeasureId)> = HashSet::new();
    for (at, Reading { key, .. }) in cx.readings.iter().enumerate() {
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
        let key = Key { indicator, measure, member: None };
        if !stated.contains(&(indicator, measure))
            && let Some(whole) = sum(cx, key, &places)
        {
            cx.readings.push(whole);
            cx.records += 1;
        }
    }
}

/// The sum of the members, with the cells that it came from. A member without a number leaves the
/// whole unknown: "-" is no 0 here, and a blank even less.
fn sum(cx: &Context<'_>, key: Key, places: &[usize]) -> Option<Reading> {
    let members: Vec<&Reading> = places.iter().map(|at| &cx.readings[*at]).collect();
    let total = members.iter().map(|r| r.number().map(Rational::from)).sum::<Option<Rational>>()?;
    let value = total.to_exact_decimal()?;
    let first = members.first()?;
    let cells = members.iter().map(|r| r.origin.cell.to_string()).collect::<Vec<_>>().join(", ");
    let count = members.len();
    let addends = counted(count, "member");
    let raw = cx.language.number(value);
    Some(Reading {
        key,
        value: Value::Number(value),
        decimals: members.iter().map(|r| r.decimals).max().unwrap_or(0),
        record: cx.records,
        forecast: members.iter().any(|r| r.forecast),
        origin: Origin {
            raw: Raw::Text(raw.into()),
            made: Made::RoundingFormula,
            formula: None,
            steps: vec![say!(cx.language, "cộng {count} thành viên: {cells}", "sum of {addends}: {cells}")],
            ..first.origin.clone()
        },
    })
}
