//! One village's figure that stands in another relation to its other figures than everywhere else.

use std::collections::BTreeMap;

use super::{Suspicion, Why, positive, power};
use crate::{
    catalogue::{IndicatorId, MeasureId},
    checks::Context,
    number::{Decimal, Rational},
    reading::Reading,
};

/// Fewest members that show what is usual.
const FEWEST: usize = 5;
/// More members, or figures of each, are not compared: the pairs grow with the square.
const MOST: usize = 2_000;
const MOST_SERIES: usize = 16;

/// A figure of every member.
type Series<'a> = BTreeMap<&'a str, &'a Reading>;

/// Figures off by a power of ten against every other figure of their member.
pub(super) fn suspicions<'a>(cx: &'a Context<'_>) -> Vec<Suspicion<'a>> {
    let mut series: BTreeMap<(IndicatorId, MeasureId), Series<'a>> = BTreeMap::new();
    for reading in cx.dataset.odd().iter().take(MOST * MOST_SERIES) {
        if let (Some(member), true) = (&reading.key.member, cx.catalogue.measure(reading.key.measure).is_base())
            && positive(reading).is_some()
        {
            series.entry((reading.key.indicator, reading.key.measure)).or_default().insert(member, reading);
        }
    }
    let series: Vec<Series<'a>> = series.into_values().filter(|of| (FEWEST..=MOST).contains(&of.len())).collect();
    if series.len() > MOST_SERIES {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (at, own) in series.iter().enumerate() {
        // For each suspected member: the powers, with what each was held against.
        let mut votes: BTreeMap<&str, Vec<(i32, &Reading)>> = BTreeMap::new();
        let mut partners = 0;
        for (_, other) in series.iter().enumerate().filter(|(other, _)| *other != at) {
            if let Some(outliers) = outliers(own, other) {
                partners += 1;
                for (member, power) in outliers {
                    votes.entry(member).or_default().push((power, other[member]));
                }
            }
        }
        for (member, powers) in votes {
            let (first, beside) = powers[0];
            let agree = powers.iter().filter(|(power, _)| *power == first).count();
            // Against one other figure alone, either may be wrong: then its own size has to speak.
            let sure =
                if partners > 1 { agree * 3 >= partners * 2 && agree > 1 } else { has_odd_size(own, member, first) };
            // A village with one or two of something is nothing odd.
            let few = first < 0 && own[member].number().is_some_and(|n| n.is_integer() && n < Decimal::TEN);
            if sure && !few {
                found.push(Suspicion { readings: vec![own[member]], power: first, why: Why::Members(beside) });
            }
        }
    }
    found
}

fn value(series: &Series<'_>, member: &str) -> Option<Rational> {
    positive(series.get(member)?)
}

/// Members whose relation of two figures is a power of ten off the usual one; `None` where the others
/// show no usual one: all within a factor of three of the middle.
fn outliers<'a>(own: &Series<'a>, other: &Series<'a>) -> Option<Vec<(&'a str, i32)>> {
    let ratio = |member: &str| value(own, member)?.checked_div(&value(other, member)?);
    let ratios: Vec<(&str, Rational)> = own.keys().filter_map(|member| Some((*member, ratio(member)?))).collect();
    if ratios.len() < FEWEST {
        return None;
    }
    let mut sorted: Vec<&Rational> = ratios.iter().map(|(_, ratio)| ratio).collect();
    sorted.sort();
    let middle = sorted[sorted.len() / 2].clone();
    let (three, third) = (Rational::from(3), Rational::from(3).recip()?);
    let mut off = Vec::new();
    for (member, ratio) in &ratios {
        let rest = ratio.checked_div(&middle)?;
        if rest > three || rest < third {
            off.push((*member, power(&rest, (631, 3), (1585, 3))));
        }
    }
    // More than one in five is no slip but the way of things.
    if off.len() * 5 > ratios.len() {
        return None;
    }
    off.into_iter().map(|(member, power)| Some((member, power?))).collect()
}

/// Whether the figure is as far from the middle of its own series as from its relation.
fn has_odd_size(own: &Series<'_>, member: &str, power: i32) -> bool {
    let mut values: Vec<Rational> = own.keys().filter_map(|member| value(own, member)).collect();
    values.sort();
    let Some(ratio) = value(own, member).and_then(|value| value.checked_div(&values[values.len() / 2])) else {
        return false;
    };
    let mended = &ratio * &Rational::power_of_ten(-power);
    let (five, fifth) = (Rational::from(5), Rational::from(5).recip().unwrap_or(Rational::ONE));
    let is_usual = |ratio: &Rational| *ratio <= five && *ratio >= fifth;
    !is_usual(&ratio) && is_usual(&mended)
}
