//! Stated totals against their parts and their members, judged once.

use crate::{
    model::{
        catalogue::{Catalogue, IndicatorId, MeasureId},
        finding::FileLine,
        reading::{ColumnTotal, Dataset, Reading, Relation, Value, computed_slack},
    },
    values::number::{Decimal, Interval, Nothing, Rational},
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
    /// The addends that are at hand: all but the plain numbers of members.
    pub irregular: Vec<&'a Reading>,
    /// Where the others are, and what they come to.
    pub plain: Option<Plain<'a>>,
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

/// Addends in rows of plain numbers. There may be a million of them, so they are lent.
#[derive(Debug)]
pub(super) struct Plain<'a> {
    pub dataset: &'a Dataset,
    total: ColumnTotal,
}

impl<'a> Sum<'a> {
    /// The readings that were added up, lent one after another.
    pub(super) fn each_addend(&self, mut look: impl FnMut(&Reading)) {
        let Some(plain) = &self.plain else { return self.irregular.iter().for_each(|addend| look(addend)) };
        let key = &self.total.key;
        plain.dataset.each(|r| {
            let is_addend = r.key.indicator == key.indicator && r.key.measure == key.measure && r.key.member.is_some();
            if is_addend && r.number().is_some() {
                look(r);
            }
        });
    }

    /// Whether the total was computed from these parts, since no cell states it.
    pub(super) fn made_total(&self, catalogue: &Catalogue) -> bool {
        let Some(Relation::Parts(at)) = self.total.derived_by() else { return false };
        let parts = catalogue.indicator(self.total.key.indicator).parts.get(usize::from(at));
        self.kind == Addends::Parts && parts.is_some_and(|parts| std::ptr::eq(&raw const parts.line, self.line))
    }

    /// Whether the addends that are there come to more than the total already while others are blank: the
    /// blanks may be anything from 0 on, and no value of theirs mends it.
    pub(super) fn is_short_of_blanks(&self, catalogue: &Catalogue) -> bool {
        let Some((stated, added, false)) = &self.result else { return false };
        let parts = &catalogue.indicator(self.total.key.indicator).parts;
        let is_zero = || parts.iter().any(|p| std::ptr::eq(&raw const p.line, self.line) && p.absent_is_zero);
        !self.blanks.is_empty() && Rational::from(*stated) < *added && !is_zero()
    }

    /// How many readings were added up.
    pub(super) fn count(&self) -> usize {
        self.irregular.len() + self.plain.as_ref().map_or(0, |plain| plain.total.filled())
    }

    /// What they come to.
    fn added(&self) -> Rational {
        let sum = sum_of(self.irregular.iter().filter_map(|r| r.number()));
        match &self.plain {
            Some(plain) => &sum + &plain.total.sum(),
            None => sum,
        }
    }

    /// The readings that were added up, of which those in plain rows are held from then on.
    pub(super) fn held(&self) -> Vec<&'a Reading> {
        let Some(plain) = &self.plain else { return self.irregular.clone() };
        let key = &self.total.key;
        let in_rows = plain.dataset.plain_where(key.indicator, key.measure, true, |_, _, _| true);
        let mut held: Vec<_> = self.irregular.iter().copied().chain(in_rows).collect();
        held.sort_by_key(|addend| addend.record);
        held
    }

    /// All values that the addends can add up to, by what they print as; none where it cannot be told.
    pub(super) fn band(&self, catalogue: &Catalogue) -> Option<Interval> {
        let interval = |r: &Reading| r.interval(catalogue.indicator(r.key.indicator));
        let nothing = Interval::exact(Rational::ZERO);
        let mut band = self.irregular.iter().try_fold(nothing, |band, r| Some(band.add(&interval(r)?)))?;
        let Some(plain) = &self.plain else { return Some(band) };
        // How far a number may be off depends on its decimals alone.
        let key = &self.total.key;
        for (decimals, (count, sum)) in &plain.total.by_decimals {
            let last = Decimal::new(1, *decimals);
            let one = interval(&plain.dataset.plain_sample(key.indicator, key.measure, last)?)?;
            let count = Rational::from(i64::try_from(*count).ok()?);
            let rest = sum - &(&count * &Rational::from(last));
            band = band.add(&one.scale(&count)).add(&Interval::exact(rest));
        }
        Some(band)
    }

    /// Cells of plain rows that are blank; their rows are held from then on.
    fn plain_blanks(&self) -> Vec<&'a Reading> {
        let key = &self.total.key;
        let Some(plain) = self.plain.as_ref().filter(|plain| plain.total.blank > 0) else { return Vec::new() };
        plain.dataset.plain_where(key.indicator, key.measure, false, |_, _, _| true)
    }

    /// A total that its addends do not reach accuses nobody as long as some of them are blank: the
    /// blanks may be what is missing. Figures that are below 0 already leave no such room.
    fn leave_open(&mut self) {
        let Some((stated, added, false)) = &self.result else { return };
        let lacking = &Rational::from(*stated) - added;
        let in_rows = self.plain.as_ref().map_or(0, |plain| plain.total.blank);
        if lacking.is_negative() || self.blanks.len() + in_rows == 0 {
            return;
        }
        let mut grows = true;
        self.each_addend(|r| grows &= r.number().is_some_and(|number| number >= Decimal::ZERO));
        if grows {
            self.blanks.extend(self.plain_blanks());
            self.blanks.sort_by_key(|blank| blank.record);
            (self.result, self.gap) = (None, Some(lacking));
        }
    }
}

/// What [`Rational::sum_of`] gives, in short numbers where they are enough, as they nearly always are.
fn sum_of(numbers: impl Iterator<Item = Decimal> + Clone) -> Rational {
    let scale = numbers.clone().map(|number| number.scale()).max().unwrap_or(0);
    let units = numbers.clone().try_fold(0i64, |sum, number| {
        let more = 10i64.checked_pow(scale - number.scale())?;
        sum.checked_add(i64::try_from(number.mantissa()).ok()?.checked_mul(more)?)
    });
    units.map_or_else(|| Rational::sum_of(numbers), |units| Rational::from(Decimal::new(units, scale)))
}

fn is_blank(reading: &Reading) -> bool {
    matches!(reading.value, Value::Nothing(Nothing::Blank))
}

/// Whether a part may be any number: "…", words, an error. "-" says that there is nothing to add.
fn is_unknown(reading: &Reading) -> bool {
    !matches!(reading.value, Value::Number(_) | Value::Nothing(Nothing::Blank | Nothing::Dash))
}

impl Sum<'_> {
    /// Whether a sum differs from what is stated by more than a computation may be off.
    pub(super) fn is_off(&self, stated: Decimal, added: &Rational) -> bool {
        let stated = Rational::from(stated);
        let is_beyond = |slack| (&stated - added).abs() > slack;
        stated != *added && computation_slack(self.total, &self.irregular).is_none_or(is_beyond)
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
    let base: Vec<MeasureId> =
        catalogue.iter_measures().filter(|(_, measure)| measure.is_base()).map(|(id, _)| id).collect();
    for (id, indicator) in catalogue.iter() {
        for parts in &indicator.parts {
            for measure in &base {
                for total in wholes(dataset, id, *measure) {
                    sums.extend(of_parts(catalogue, dataset, total, parts));
                }
            }
            // A village or a month has the same parts as the whole.
            let is_total = |r: &&Reading| r.key.member.is_some() && catalogue.measure(r.key.measure).is_base();
            let stands = |r: &&Reading| dataset.get(&r.key).is_some_and(|first| std::ptr::eq(first, *r));
            for total in dataset.of(id).filter(is_total).filter(stands) {
                sums.extend(of_parts(catalogue, dataset, total, parts));
            }
        }
    }
    sums.extend(of_members(catalogue, dataset));
    sums
}

/// Every place where a whole stands: the first one that is read, and others that state a number.
fn wholes(dataset: &Dataset, indicator: IndicatorId, measure: MeasureId) -> impl Iterator<Item = &Reading> {
    let first = dataset.whole(indicator, measure);
    let repeated = first.filter(|_| dataset.repeats_whole(indicator, measure));
    let others = repeated.into_iter().flat_map(|first| {
        dataset.all(&first.key).filter(|other| !std::ptr::eq(*other, first) && other.number().is_some())
    });
    first.into_iter().chain(others)
}

fn of_parts<'a>(
    catalogue: &'a Catalogue,
    dataset: &'a Dataset,
    total: &'a Reading,
    parts: &'a crate::model::catalogue::Parts,
) -> Option<Sum<'a>> {
    total.number()?;
    if is_made_of_made(dataset, total, parts) {
        return None;
    }
    let (mut addends, mut blanks, mut unknown) = (Vec::with_capacity(parts.of.len()), Vec::new(), false);
    for part in &parts.of {
        match dataset.like(total, *part, total.key.measure) {
            Some(reading) if reading.number().is_some() => addends.push(reading),
            Some(reading) if is_blank(reading) => blanks.push(reading),
            Some(reading) => unknown |= is_unknown(reading),
            None => unknown = true,
        }
    }
    // A plan that is given for the total alone is no rule broken and none kept.
    if addends.is_empty() {
        return None;
    }
    let line = &parts.line;
    let mut sum =
        Sum { total, irregular: addends, plain: None, kind: Addends::Parts, line, result: None, blanks, gap: None };
    if !unknown || parts.absent_is_zero {
        sum.result = compare(catalogue, &sum, sum.added());
    }
    if !parts.absent_is_zero {
        sum.leave_open();
    }
    if sum.made_total(catalogue) {
        (sum.result, sum.gap) = (None, None);
    }
    Some(sum)
}

/// Whether a whole and all its parts were added up from members: each of those is held against its own
/// parts, and what is wrong with one of them would be told again of the whole.
fn is_made_of_made(dataset: &Dataset, total: &Reading, parts: &crate::model::catalogue::Parts) -> bool {
    let is_made = |reading: &Reading| !reading.origin.addends.is_empty();
    let part = |part: &IndicatorId| dataset.like(total, *part, total.key.measure);
    let has_own = || dataset.irregular_of(total.key.indicator).any(|r| r.key.member.is_some());
    is_made(total) && parts.of.iter().all(|id| part(id).is_some_and(is_made)) && has_own()
}

fn of_members<'a>(catalogue: &'a Catalogue, dataset: &'a Dataset) -> Vec<Sum<'a>> {
    let mut sums = Vec::new();
    let tables = dataset.plain_keys();
    let mut irregular: Vec<&Reading> = Vec::new();
    for (indicator, _) in catalogue.iter().filter(|(_, indicator)| indicator.adds_up()) {
        irregular.clear();
        irregular.extend(dataset.irregular_of(indicator).filter(|reading| reading.key.member.is_some()));
        if irregular.is_empty() && tables.is_empty() {
            continue;
        }
        irregular.sort_by_key(|reading| reading.key.measure);
        let mut measures: Vec<MeasureId> =
            tables.iter().filter(|(of, _)| *of == indicator).map(|(_, measure)| *measure).collect();
        let of_measures = irregular.chunk_by(|a, b| a.key.measure == b.key.measure);
        measures.extend(of_measures.map(|of| of[0].key.measure));
        measures.sort_unstable();
        measures.dedup();
        for measure in measures.into_iter().filter(|measure| catalogue.measure(*measure).is_base()) {
            let totals: Vec<&Reading> =
                wholes(dataset, indicator, measure).filter(|total| total.number().is_some()).collect();
            if totals.is_empty() && catalogue.members.is_none() {
                continue;
            }
            let start = irregular.partition_point(|reading| reading.key.measure < measure);
            let own = &irregular[start..];
            let own = &own[..own.partition_point(|reading| reading.key.measure == measure)];
            // A member that two places give counts once.
            let is_repeated = dataset.repeats_members(indicator, measure);
            let first = |r: &Reading| dataset.all(&r.key).find(|other| other.number().is_some());
            let is_first = |r: &&Reading| !is_repeated || first(r).is_none_or(|first| std::ptr::eq(first, *r));
            let all = || own.iter().copied().filter(|r| r.number().is_some());
            let mut addends: Vec<&Reading> = Vec::with_capacity(own.len());
            addends.extend(all().filter(is_first));
            let conflicts =
                addends.len() < all().count() && all().any(|r| first(r).is_some_and(|f| f.number() != r.number()));
            let is_open = conflicts || dataset.is_doubtful(indicator, measure);
            let in_tables = tables.binary_search(&(indicator, measure)).is_ok();
            // The totals of some members, which are added up once for all of them.
            let mut sums_of = |totals: &[&'a Reading], members: Option<&dyn Fn(&Reading) -> bool>, lacks: bool| {
                let is_counted = |reading: &Reading| members.is_none_or(|members| members(reading));
                let blanks: Vec<&Reading> = own.iter().copied().filter(|r| is_blank(r) && is_counted(r)).collect();
                let is_unknown = own.iter().any(|r| is_unknown(r) && is_counted(r));
                let irregular: Vec<&Reading> = match members {
                    None => addends.clone(),
                    Some(_) => addends.iter().copied().filter(|r| is_counted(r)).collect(),
                };
                let plain = in_tables.then(|| dataset.plain_total(indicator, measure));
                let mut added = None;
                for total in totals.iter().copied() {
                    let mut sum = Sum {
                        total,
                        irregular: irregular.clone(),
                        plain: plain.clone().map(|total| Plain { dataset, total }),
                        kind: Addends::Members,
                        line: &total.origin.mapping,
                        result: None,
                        blanks: blanks.clone(),
                        gap: None,
                    };
                    let added = added.get_or_insert_with(|| sum.added()).clone();
                    // Where it is open which members there are, a total that is not their sum accuses nobody.
                    sum.result = compare(catalogue, &sum, added)
                        .filter(|(.., meets)| *meets || !(is_open || is_unknown || lacks));
                    if !catalogue.form.members.absent_is_zero {
                        sum.leave_open();
                    }
                    sums.push(sum);
                }
            };
            let Some(list) = &catalogue.members else {
                sums_of(&totals, None, false);
                continue;
            };
            // Each grouping by itself; none where it has no members here.
            let grouping = |r: &Reading| r.key.member.as_deref().map_or(0, |member| list.grouping_of(member));
            for at in (0..list.groupings.len()).filter(|at| addends.iter().any(|r| grouping(r) == *at)) {
                sums_of(&totals, Some(&|r| grouping(r) == at), false);
            }
            for total in all().filter(is_first) {
                let parts = total.key.member.as_deref().map_or(&[][..], |member| list.parts_of(member));
                let is_part = |r: &Reading| r.key.member.as_ref().is_some_and(|member| parts.contains(member));
                let there = all().filter(|r| is_first(r) && is_part(r)).count();
                if there > 0 {
                    sums_of(&[total], Some(&is_part), there < parts.len());
                }
            }
        }
    }
    sums
}

/// The interval rule of XBRL Calculations 1.1: inconsistent if and only if no value that prints as
/// the total is a sum of values that print as the addends.
fn compare(catalogue: &Catalogue, judged: &Sum<'_>, sum: Rational) -> Option<(Decimal, Rational, bool)> {
    let total = judged.total;
    let stated = total.number()?;
    // Nearly all totals are right to the last digit, and then there is nothing to weigh.
    if sum == Rational::from(stated) {
        return Some((stated, sum, true));
    }
    let band = judged.band(catalogue)?;
    // Figures of plain rows are typed, and add no doubt of a computation.
    let band = match computation_slack(total, &judged.irregular) {
        Some(slack) => band.add(&Interval::new(-&slack, slack, false, false)?),
        None => band,
    };
    let meets = band.meets(&total.interval(catalogue.indicator(total.key.indicator))?);
    Some((stated, sum, meets))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn short_numbers_add_up_as_long_ones_do(
            of in prop::collection::vec((prop_oneof![-1_000i64..1_000, any::<i64>()], 0u32..=28), 0..6),
        ) {
            let numbers = of.into_iter().map(|(mantissa, scale)| Decimal::new(mantissa, scale));
            prop_assert_eq!(sum_of(numbers.clone()), Rational::sum_of(numbers));
        }
    }
}
