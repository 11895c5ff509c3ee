//! Stated totals against their parts and their members, judged once.

use crate::{
    catalogue::{Catalogue, IndicatorId, MeasureId},
    finding::FileLine,
    number::{Decimal, Interval, Rational},
    reading::{Dataset, Reading},
};

/// What makes up a total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Addends {
    /// Other indicators, by the catalogue.
    Parts,
    /// Villages or months of the same indicator.
    Members,
}

/// A total, judged.
#[derive(Debug)]
pub(super) struct Sum<'a> {
    pub total: &'a Reading,
    pub addends: Vec<&'a Reading>,
    pub kind: Addends,
    /// Line of the catalogue that states the rule; that of the mapping for members.
    pub line: &'a FileLine,
    /// Stated value, sum of the addends, whether their intervals meet; `None` where an addend is
    /// missing or no number.
    pub result: Option<(Decimal, Rational, bool)>,
}

pub(super) fn judge_all<'a>(catalogue: &'a Catalogue, dataset: &'a Dataset) -> Vec<Sum<'a>> {
    let mut sums = Vec::new();
    for (id, indicator) in catalogue.iter() {
        for parts in &indicator.parts {
            for (measure, _) in catalogue.iter_measures().filter(|(_, m)| m.is_base()) {
                sums.extend(of_parts(catalogue, dataset, id, measure, parts));
            }
        }
    }
    sums.extend(of_members(catalogue, dataset));
    sums
}

fn of_parts<'a>(
    catalogue: &'a Catalogue,
    dataset: &'a Dataset,
    id: IndicatorId,
    measure: MeasureId,
    parts: &'a crate::catalogue::Parts,
) -> Option<Sum<'a>> {
    let total = dataset.whole(id, measure)?;
    total.number()?;
    let mut addends: Vec<&Reading> = Vec::with_capacity(parts.of.len());
    addends.extend(parts.of.iter().filter_map(|part| dataset.whole(*part, measure)).filter(|r| r.number().is_some()));
    // A plan that is given for the total alone is no rule broken and none kept.
    if addends.is_empty() {
        return None;
    }
    let judged = addends.len() == parts.of.len() || parts.absent_is_zero;
    let result = if judged { compare(catalogue, total, &addends) } else { None };
    Some(Sum { total, addends, kind: Addends::Parts, line: &parts.line, result })
}

fn of_members<'a>(catalogue: &'a Catalogue, dataset: &'a Dataset) -> Vec<Sum<'a>> {
    let mut sums = Vec::new();
    for (indicator, _) in catalogue.iter().filter(|(_, indicator)| indicator.adds_up()) {
        let is_base = |reading: &Reading| catalogue.measure(reading.key.measure).is_base();
        let of_members = dataset.of(indicator).filter(|r| r.key.member.is_some() && is_base(r));
        let mut members: Vec<&Reading> = of_members.collect();
        members.sort_by_key(|reading| reading.key.measure);
        for members in members.chunk_by(|a, b| a.key.measure == b.key.measure) {
            let Some(total) = dataset.whole(indicator, members[0].key.measure) else { continue };
            if total.number().is_none() {
                continue;
            }
            let addends: Vec<&Reading> = members.iter().copied().filter(|r| r.number().is_some()).collect();
            let result = compare(catalogue, total, &addends);
            sums.push(Sum { total, addends, kind: Addends::Members, line: &total.origin.mapping, result });
        }
    }
    sums
}

/// The interval rule of XBRL Calculations 1.1: inconsistent if and only if no value that prints as
/// the total is a sum of values that print as the addends.
fn compare(catalogue: &Catalogue, total: &Reading, addends: &[&Reading]) -> Option<(Decimal, Rational, bool)> {
    let stated = total.number()?;
    let sum = Rational::sum_of(addends.iter().filter_map(|r| r.number()));
    // Nearly all totals are right to the last digit, and then there is nothing to weigh.
    if sum == Rational::from(stated) {
        return Some((stated, sum, true));
    }
    let interval = |r: &Reading| r.interval(catalogue.indicator(r.key.indicator));
    let band = addends.iter().try_fold(Interval::exact(Rational::ZERO), |band, r| Some(band.add(&interval(r)?)))?;
    let meets = band.meets(&interval(total)?);
    Some((stated, sum, meets))
}
