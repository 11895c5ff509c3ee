//! Stated totals against their parts and their members, judged once.

use std::borrow::Cow;

use crate::{
    catalogue::{Catalogue, IndicatorId, MeasureId},
    finding::FileLine,
    number::{Decimal, Interval, Nothing, Rational},
    reading::{Dataset, Reading, Value, computed_slack},
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
    /// The addends, but for plain numbers of members, which are fetched where they are needed.
    addends: Vec<&'a Reading>,
    plain: Option<&'a Dataset>,
    pub kind: Addends,
    /// Line of the catalogue that states the rule; that of the mapping for members.
    pub line: &'a FileLine,
    /// Stated value, sum of the addends, whether their intervals meet; `None` where an addend is
    /// missing or no number.
    pub result: Option<(Decimal, Rational, bool)>,
    /// Addends whose cells are blank.
    pub blanks: Vec<&'a Reading>,
    /// What the addends that are there lack of the total, where the blank ones can be what is missing.
    pub gap: Option<Rational>,
}

impl<'a> Sum<'a> {
    /// The readings that were added up.
    pub(super) fn addends(&self) -> Cow<'_, [&'a Reading]> {
        let Some(dataset) = self.plain else { return Cow::Borrowed(&self.addends) };
        let key = &self.total.key;
        let is_addend = |r: &&Reading| r.key.measure == key.measure && r.key.member.is_some() && r.number().is_some();
        Cow::Owned(dataset.of(key.indicator).filter(is_addend).collect())
    }

    /// A total that its addends do not reach accuses nobody as long as some of them are blank: the
    /// blanks may be what is missing. Figures that are below 0 already leave no such room.
    fn leave_open(&mut self) {
        let Some((stated, added, false)) = &self.result else { return };
        let lacking = &Rational::from(*stated) - added;
        let grows = self.addends().iter().all(|r| r.number().is_some_and(|number| number >= Decimal::ZERO));
        if !self.blanks.is_empty() && grows && !lacking.is_negative() {
            (self.result, self.gap) = (None, Some(lacking));
        }
    }
}

fn is_blank(reading: &Reading) -> bool {
    reading.value == Value::Nothing(Nothing::Blank)
}

impl Sum<'_> {
    /// Whether a sum differs from what is stated by more than a computation may be off.
    pub(super) fn is_off(&self, stated: Decimal, added: &Rational) -> bool {
        let off = (&Rational::from(stated) - added).abs();
        !off.is_zero() && computation_slack(self.total, &self.addends()).is_none_or(|slack| off > slack)
    }
}

/// How far apart a total and its parts may be where any of them was computed and is no whole number:
/// a billionth of the largest of them.
fn computation_slack(total: &Reading, addends: &[&Reading]) -> Option<Rational> {
    let numbers = || addends.iter().copied().chain([total]);
    let is_computed =
        |reading: &Reading| reading.number().is_some_and(|number| !number.is_integer()) && reading.is_computed();
    let largest = numbers().filter_map(Reading::number).map(|number| number.abs()).max()?;
    numbers().any(is_computed).then(|| computed_slack(&largest.into()))
}

pub(super) fn judge_all<'a>(catalogue: &'a Catalogue, dataset: &'a Dataset) -> Vec<Sum<'a>> {
    let mut sums = Vec::new();
    for (id, indicator) in catalogue.iter() {
        for parts in &indicator.parts {
            for (measure, _) in catalogue.iter_measures().filter(|(_, m)| m.is_base()) {
                let total = dataset.whole(id, measure);
                sums.extend(total.and_then(|total| of_parts(catalogue, dataset, total, parts)));
            }
            // A village or a month has the same parts as the whole.
            let is_total = |r: &&Reading| r.key.member.is_some() && catalogue.measure(r.key.measure).is_base();
            let stands = |r: &&Reading| dataset.get(&r.key).is_some_and(|first| std::ptr::eq(first, *r));
            let totals = dataset.of(id).filter(is_total).filter(stands);
            sums.extend(totals.filter_map(|total| of_parts(catalogue, dataset, total, parts)));
        }
    }
    sums.extend(of_members(catalogue, dataset));
    sums
}

fn of_parts<'a>(
    catalogue: &'a Catalogue,
    dataset: &'a Dataset,
    total: &'a Reading,
    parts: &'a crate::catalogue::Parts,
) -> Option<Sum<'a>> {
    total.number()?;
    let part = |part: &IndicatorId| dataset.like(total, *part, total.key.measure);
    let addends: Vec<&Reading> = parts.of.iter().filter_map(part).filter(|r| r.number().is_some()).collect();
    // A plan that is given for the total alone is no rule broken and none kept.
    if addends.is_empty() {
        return None;
    }
    let others = parts.of.iter().map(part).filter(|r| r.is_none_or(|r| r.number().is_none()));
    let (mut blanks, mut unknown) = (Vec::new(), false);
    for other in others {
        match other {
            Some(reading) if is_blank(reading) => blanks.push(reading),
            // "-" says that there is nothing to add.
            Some(reading) => unknown |= reading.value != Value::Nothing(Nothing::Dash),
            None => unknown = true,
        }
    }
    let line = &parts.line;
    let mut sum = Sum { total, addends, plain: None, kind: Addends::Parts, line, result: None, blanks, gap: None };
    if !unknown || parts.absent_is_zero {
        sum.result = compare(catalogue, &sum, &Rational::ZERO);
    }
    if !parts.absent_is_zero {
        sum.leave_open();
    }
    Some(sum)
}

fn of_members<'a>(catalogue: &'a Catalogue, dataset: &'a Dataset) -> Vec<Sum<'a>> {
    let mut sums = Vec::new();
    let tables = dataset.plain_keys();
    for (indicator, _) in catalogue.iter().filter(|(_, indicator)| indicator.adds_up()) {
        let odd = dataset.odd_of(indicator).filter(|reading| reading.key.member.is_some());
        let odd: Vec<&Reading> = odd.collect();
        let of_tables = tables.iter().filter(|(of, _)| *of == indicator).map(|(_, measure)| *measure);
        let mut measures: Vec<MeasureId> = odd.iter().map(|reading| reading.key.measure).chain(of_tables).collect();
        measures.sort_unstable();
        measures.dedup();
        for measure in measures.into_iter().filter(|measure| catalogue.measure(*measure).is_base()) {
            let Some(total) = dataset.whole(indicator, measure).filter(|total| total.number().is_some()) else {
                continue;
            };
            // A member that two places give counts once.
            let first = |r: &Reading| dataset.all(&r.key).find(|other| other.number().is_some());
            let is_first = |r: &&Reading| first(r).is_none_or(|first| std::ptr::eq(first, *r));
            let is_addend = |r: &&Reading| r.key.measure == measure && r.number().is_some();
            let all = || odd.iter().copied().filter(is_addend);
            let addends: Vec<&Reading> = all().filter(is_first).collect();
            let conflicts =
                addends.len() < all().count() && all().any(|r| first(r).is_some_and(|f| f.number() != r.number()));
            let is_open = conflicts || dataset.is_doubtful(indicator, measure);
            let in_tables = tables.binary_search(&(indicator, measure)).is_ok();
            let plain = if in_tables { dataset.plain_sum(indicator, measure) } else { Rational::ZERO };
            let line = &total.origin.mapping;
            let dataset = in_tables.then_some(dataset);
            let blanks = odd.iter().copied().filter(|r| r.key.measure == measure && is_blank(r)).collect();
            let kind = Addends::Members;
            let mut sum = Sum { total, addends, plain: dataset, kind, line, result: None, blanks, gap: None };
            // Where it is open which members there are, a total that is not their sum accuses nobody.
            sum.result = compare(catalogue, &sum, &plain).filter(|(.., meets)| *meets || !is_open);
            if !catalogue.form.members.absent_is_zero {
                sum.leave_open();
            }
            sums.push(sum);
        }
    }
    sums
}

/// The interval rule of XBRL Calculations 1.1: inconsistent if and only if no value that prints as
/// the total is a sum of values that print as the addends.
///
/// `plain` is what the addends make that are not at hand.
fn compare(catalogue: &Catalogue, judged: &Sum<'_>, plain: &Rational) -> Option<(Decimal, Rational, bool)> {
    let total = judged.total;
    let stated = total.number()?;
    let sum = &Rational::sum_of(judged.addends.iter().filter_map(|r| r.number())) + plain;
    // Nearly all totals are right to the last digit, and then there is nothing to weigh.
    if sum == Rational::from(stated) {
        return Some((stated, sum, true));
    }
    let addends = judged.addends();
    let interval = |r: &Reading| r.interval(catalogue.indicator(r.key.indicator));
    let band = addends.iter().try_fold(Interval::exact(Rational::ZERO), |band, r| Some(band.add(&interval(r)?)))?;
    let band = match computation_slack(total, &addends) {
        Some(slack) => band.add(&Interval::new(-&slack, slack, false, false)?),
        None => band,
    };
    let meets = band.meets(&interval(total)?);
    Some((stated, sum, meets))
}
