//! Wholes that no sheet states: the sum over villages, months or files, where the mapping says so.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Context;
use crate::{
    mapping::{ColumnRole, Mapping, RowRole},
    number::Rational,
    reading::{Key, Made, Origin, Raw, Reading, Value},
    say,
};

/// Adds a reading for every whole that is not stated but whose members are all numbers.
pub(super) fn add_up(cx: &mut Context<'_>, mapping: &Mapping) {
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
    let mut members: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for (at, reading) in cx.readings.iter().enumerate() {
        let key = &reading.key;
        if key.member.is_some() && indicators.contains(&key.indicator) && cx.catalogue.measure(key.measure).is_base() {
            members.entry(Key { member: None, ..key.clone() }).or_default().push(at);
        }
    }
    let stated: HashSet<Key> = cx.readings.iter().filter(|r| r.key.member.is_none()).map(|r| r.key.clone()).collect();
    for (key, places) in members {
        if !stated.contains(&key)
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
            steps: vec![say!(cx.language, "cộng {count} thành viên: {cells}", "sum of {count} members: {cells}")],
            ..first.origin.clone()
        },
    })
}
