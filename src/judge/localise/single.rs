//! One figure at a time: a typo, a lost sign, a power of ten, or just another value.

use super::{
    block::Variable,
    budget::Meter,
    judge::{JudgedBlock, Span},
    proposal::{Change, ChangeKind, Proposal},
    slip::neighbours,
};
use crate::values::number::{Decimal, Interval, Rational, Rounding, trim};

/// Powers of ten that people lose: units, a decimal mark, thousands, millions.
const POWERS: [i32; 8] = [1, -1, 2, -2, 3, -3, 6, -6];
/// Values of a variable may lie in so many separate spans.
const MOST_SPANS: usize = 64;
/// So many typos of one variable are worth reading, the nearest first.
const TYPOS: usize = 4;

/// All that a change of one variable can mend. `wanted` names the suspects.
pub(super) fn search(judged: &JudgedBlock<'_>, wanted: &[(usize, Option<Wanted>)], meter: &mut Meter) -> Vec<Proposal> {
    let mut found = Vec::new();
    for (variable, wanted) in wanted {
        if !meter.step() {
            break;
        }
        if let Some(wanted) = wanted.as_ref().filter(|wanted| !wanted.mend.is_empty()) {
            found.extend(of_variable(judged, *variable, wanted, meter));
        }
    }
    found
}

/// The printed values of one variable that keep what holds, and those that mend what does not.
pub(super) struct Wanted {
    keep: Vec<Span>,
    mend: Vec<Span>,
    /// What the printed figures ask for.
    centres: Vec<Rational>,
}

impl Wanted {
    /// Whether a value breaks nothing, the other variables as they are.
    pub(super) fn keeps(&self, value: &Rational) -> bool {
        self.keep.iter().any(|span| span.contains(value))
    }

    /// Whether a value mends something and breaks nothing, the other variables as they are.
    pub(super) fn mends(&self, value: &Rational) -> bool {
        self.mend.iter().any(|span| span.contains(value))
    }
}

fn of_variable(judged: &JudgedBlock<'_>, variable: usize, wanted: &Wanted, meter: &mut Meter) -> Vec<Proposal> {
    let mut slips = signs_and_powers(judged, variable, meter);
    for typo in typos(judged, variable, wanted, meter) {
        if !slips.iter().any(|slip| slip.changes.first().map(|c| c.to) == typo.changes.first().map(|c| c.to)) {
            slips.push(typo);
        }
    }
    let value =
        best_value(judged, variable, wanted).filter(|value| !slips.iter().any(|slip| slip.resolves >= value.resolves));
    let within = |proposal: &Proposal| -> Option<Interval> {
        let at = Rational::from(proposal.changes.first()?.to);
        let keep = wanted.keep.iter().find(|span| span.contains(&at))?.clone();
        let span = wanted.mend.iter().filter(|span| span.contains(&at)).try_fold(keep, |a, b| a.meet(b))?;
        Interval::new(span.low?, span.high?, false, false)
    };
    let mut found: Vec<Proposal> = slips.into_iter().chain(value).collect();
    // Several words do as well.
    let is_open = judged.block.variables[variable].coded && wanted.mend.iter().any(|span| *span != wanted.mend[0]);
    for proposal in &mut found {
        let interval = within(proposal).filter(|_| !is_open);
        let to = proposal.changes.first().map_or(Rational::ZERO, |change| Rational::from(change.to));
        proposal.off = wanted.centres.iter().map(|centre| (&to - centre).abs()).min().unwrap_or(Rational::ZERO);
        if let Some(change) = proposal.changes.first_mut() {
            change.within = interval;
        }
    }
    found
}

/// `None` when nothing keeps the rules that hold.
pub(super) fn wanted(judged: &JudgedBlock<'_>, variable: usize) -> Option<Wanted> {
    let mut wanted = Wanted { keep: vec![Span::ALL], mend: Vec::new(), centres: Vec::new() };
    for rule in judged.rules_of(variable) {
        let spans = judged.spans(*rule, variable);
        if judged.is_violated(*rule) {
            wanted.mend.extend(spans);
            wanted.centres.extend(judged.centres(*rule, variable));
        } else if !spans.is_empty() {
            wanted.keep = both(&wanted.keep, &spans);
            if wanted.keep.is_empty() {
                return None;
            }
        }
    }
    wanted.mend = both(&wanted.mend, &wanted.keep);
    // Of two that do as well, a figure rather keeps its side of 0.
    let is_negative = judged.cell(variable).value.is_negative();
    wanted.mend.sort_by_key(|span| match (is_negative, &span.low, &span.high) {
        (false, _, Some(high)) => high.is_negative(),
        (true, Some(low), _) => !low.is_negative(),
        (false, _, None) | (true, None, _) => false,
    });
    Some(wanted)
}

/// What belongs to one of each, so far as that stays a handful.
fn both(some: &[Span], others: &[Span]) -> Vec<Span> {
    some.iter().flat_map(|one| others.iter().filter_map(|other| one.meet(other))).take(MOST_SPANS).collect()
}

fn signs_and_powers(judged: &JudgedBlock<'_>, variable: usize, meter: &mut Meter) -> Vec<Proposal> {
    let value = judged.block.variables[variable].value;
    if value.is_zero() || judged.block.variables[variable].coded {
        return Vec::new();
    }
    let powers = POWERS.into_iter().filter_map(|by| Some((ChangeKind::PowerOfTen(by), shifted(value, by)?)));
    [(ChangeKind::Sign, -value)]
        .into_iter()
        .chain(powers)
        .filter_map(|(kind, to)| {
            let change = Change { variable, kind, to: trim(to), within: None };
            meter.step().then(|| Proposal::of_few(judged, [change], 1))?
        })
        .filter(|proposal| is_telling(judged, proposal))
        .collect()
}

/// A shift that only gets a figure past a bound tells nothing; a sign may.
fn is_telling(judged: &JudgedBlock<'_>, proposal: &Proposal) -> bool {
    let is_alone = || proposal.rules.iter().any(|rule| judged.variables(*rule).len() == 1);
    proposal.mends_a_balance(judged)
        || proposal.changes.iter().all(|change| match change.kind {
            ChangeKind::Sign => is_alone() || judged.cell(change.variable).value.is_negative(),
            // Between the units of one thing.
            ChangeKind::PowerOfTen(power) => is_alone() && power.abs() <= 3,
            ChangeKind::Typo(_) | ChangeKind::Swap(_) | ChangeKind::Shift(_) | ChangeKind::Value => false,
        })
}

fn shifted(value: Decimal, by: i32) -> Option<Decimal> {
    // Nearly always the mark just moves.
    let scale = value.scale().checked_add_signed(by.saturating_neg()).filter(|scale| *scale <= Decimal::MAX_SCALE);
    if let Some(scale) = scale {
        return Decimal::try_from_i128_with_scale(value.mantissa(), scale).ok();
    }
    (&Rational::from(value) * &Rational::power_of_ten(by)).to_exact_decimal()
}

/// Decimals on which the digits of a variable stand.
fn decimals(variable: &Variable) -> u32 {
    u32::try_from(variable.decimals).unwrap_or(0).max(trim(variable.value).scale()).min(Decimal::MAX_SCALE)
}

fn typos(judged: &JudgedBlock<'_>, variable: usize, wanted: &Wanted, meter: &mut Meter) -> Vec<Proposal> {
    if judged.block.variables[variable].coded {
        return Vec::new();
    }
    let decimals = decimals(&judged.block.variables[variable]);
    let Some(grid) = on_grid(&judged.cell(variable).value, decimals) else { return Vec::new() };
    let fields: Vec<(i128, i128)> = wanted.mend.iter().map(|span| field(span, decimals)).collect();
    let mends = |at: i128| fields.iter().filter(|(low, high)| (*low..=*high).contains(&at)).count();
    let near = neighbours(grid, decimals as usize, |at| mends(at) > 0);
    let centres: Vec<i128> =
        wanted.centres.iter().filter_map(|c| on_grid(&rounded(c, decimals, Rounding::HalfUp)?, decimals)).collect();
    let mut near: Vec<_> = near
        .into_iter()
        .map(|(at, edit)| {
            let off = centres.iter().map(|centre| at.saturating_sub(*centre).saturating_abs()).min();
            (std::cmp::Reverse(mends(at)), off, edit, at)
        })
        .collect();
    near.sort_unstable();
    near.into_iter()
        .filter_map(|(_, _, edit, at)| {
            let to = Decimal::try_from_i128_with_scale(at, decimals).ok()?;
            let change = Change { variable, kind: ChangeKind::Typo(edit), to: trim(to), within: None };
            meter.step().then(|| Proposal::of_few(judged, [change], 1))?
        })
        .filter(|proposal| proposal.mends_a_balance(judged))
        .take(TYPOS)
        .collect()
}

/// Further than any figure; what has no bound ends here.
const FAR: i128 = 10i128.pow(30);

fn on_grid(value: &Rational, decimals: u32) -> Option<i128> {
    let units = (value * &Rational::power_of_ten(decimals.cast_signed())).to_exact_decimal()?;
    Rational::from(units).is_integer().then(|| trim(units).mantissa()).filter(|at| at.abs() < FAR)
}

fn rounded(value: &Rational, decimals: u32, rounding: Rounding) -> Option<Rational> {
    value.to_decimal(decimals, rounding).map(Rational::from)
}

/// The first and last grid point of a span; in the wrong order where there is none.
fn field(span: &Span, decimals: u32) -> (i128, i128) {
    let up = |value: &Rational| on_grid(&ceiling(value, decimals)?, decimals);
    let low = span.low.as_ref().map_or(Some(-FAR), up);
    let high = span.high.as_ref().map_or(Some(FAR), |high| up(&-high).map(|at| -at));
    (low.unwrap_or(FAR), high.unwrap_or(-FAR))
}

/// The least grid point not below a value.
fn ceiling(value: &Rational, decimals: u32) -> Option<Rational> {
    let cut = rounded(value, decimals, Rounding::Truncate)?;
    let unit = Rational::power_of_ten(-decimals.cast_signed());
    Some(if cut < *value { &cut + &unit } else { cut })
}

/// The value that mends most rules.
fn best_value(judged: &JudgedBlock<'_>, variable: usize, wanted: &Wanted) -> Option<Proposal> {
    let overlap = |start: &Span| -> (usize, Span) {
        wanted.mend.iter().fold((0, start.clone()), |(count, span), other| match span.meet(other) {
            Some(both) => (count + 1, both),
            None => (count, span),
        })
    };
    let mut best: Option<(usize, Span)> = None;
    for start in &wanted.mend {
        let (count, span) = overlap(start);
        if best.as_ref().is_none_or(|(most, _)| count > *most) {
            best = Some((count, span));
        }
    }
    let (_, span) = best?;
    let own = &judged.block.variables[variable];
    let places = u32::try_from(own.decimals).unwrap_or(0).min(Decimal::MAX_SCALE);
    let to = nearest(&span, &wanted.centres, places, judged.cell(variable))?;
    let change = Change { variable, kind: ChangeKind::Value, to: trim(to), within: None };
    // The bound of the only figure of a rule is no value for it.
    let is_bound = |rule: &usize| judged.variables(*rule).len() == 1 && !judged.is_balance(*rule);
    Proposal::of_few(judged, [change], 1).filter(|p| own.coded || !p.rules.iter().all(is_bound))
}

/// The value of a variable that mends most, by the rules alone.
pub(super) fn value(judged: &JudgedBlock<'_>, variable: usize) -> Option<Decimal> {
    let wanted = wanted(judged, variable)?;
    Some(best_value(judged, variable, &wanted)?.changes.first()?.to)
}

/// What a variable is given along with others: the middle of a narrow span, else the value of a
/// wide one that is nearest to what is printed.
pub(super) fn near(judged: &JudgedBlock<'_>, variable: usize, span: &Span) -> Option<Decimal> {
    let own = &judged.block.variables[variable];
    let now = &judged.cell(variable).value;
    let decimals = decimals(own);
    let middle = match (&span.low, &span.high) {
        (Some(low), Some(high)) => {
            let unit = Rational::power_of_ten(-decimals.cast_signed());
            let is_narrow = high - low <= &unit + &unit;
            is_narrow.then(|| Rational::from(2).recip()).flatten().map(|half| &(low + high) * &half)
        }
        (Some(_), None) | (None, Some(_) | None) => None,
    };
    if middle.is_none() && span.contains(now) {
        return Some(own.value);
    }
    let low = span.low.as_ref().and_then(|low| ceiling(low, decimals));
    let high = span.high.as_ref().and_then(|high| ceiling(&-high, decimals)).map(|at| -at);
    let is_above = span.high.as_ref().is_some_and(|high| high < now);
    let nearest = if is_above { high } else { low };
    // Between two grid points: as exactly as it takes.
    let end = span.low.clone().or_else(|| span.high.clone());
    middle
        .and_then(|middle| rounded(&middle, decimals, Rounding::HalfUp))
        .into_iter()
        .chain(nearest)
        .chain(end)
        .find(|value| span.contains(value))
        .and_then(|value| value.to_exact_decimal())
}

/// A value of the span with so many decimals: what the figures ask for, the middle, or an end.
fn nearest(span: &Span, centres: &[Rational], decimals: u32, now: &super::judge::BlockCell) -> Option<Decimal> {
    let half = Rational::from(2).recip()?;
    let middle = match (&span.low, &span.high) {
        (Some(low), Some(high)) => Some(&(low + high) * &half),
        (Some(_), None) | (None, Some(_) | None) => None,
    };
    let ends = [
        span.low.as_ref().and_then(|low| ceiling(low, decimals)),
        span.high.as_ref().and_then(|high| ceiling(&-high, decimals)).map(|at| -at),
    ];
    centres
        .iter()
        .chain(&middle)
        .filter_map(|value| rounded(value, decimals, Rounding::HalfUp))
        .chain(ends.into_iter().flatten())
        .find(|value| span.contains(value) && *value != now.value)
        .and_then(|value| value.to_exact_decimal())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::judge::localise::block::half_unit;

    proptest! {
        /// Where the mark just moves, it is by that power of ten.
        #[test]
        fn a_shifted_number_is_as_many_times_as_large(mantissa in any::<i64>(), scale in 0u32..=28, by in -6i32..=6) {
            let value = Decimal::new(mantissa, scale);
            let exact = (&Rational::from(value) * &Rational::power_of_ten(by)).to_exact_decimal();
            prop_assert_eq!(shifted(value, by), exact);
        }
    }

    #[test]
    fn half_a_digit_is_half_of_a_power_of_ten() {
        for decimals in -30..40 {
            let two = Rational::from(2);
            assert_eq!(&half_unit(decimals) * &two, Rational::power_of_ten(-decimals), "{decimals}");
        }
    }
}
