//! Printed ratios: the exact quotient, the way it was printed, and the likely slip where no way
//! explains it. Everything is decided on the exact quotient, never on two rounded decimals.

use crate::{
    catalogue::{Catalogue, MeasureKind, RatioPolicy, Scale},
    number::{Decimal, Interval, Printed, Rational, Rounding},
    ratio::exact_ratio,
    reading::{Dataset, Key, Reading},
};

/// How a printed ratio relates to the exact quotient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// As the form wants it, or every digit of it.
    AsDeclared,
    /// Rounded half-up at another number of decimals.
    HalfUp,
    /// Cut off.
    Truncated,
    /// Rounded upwards.
    Ceiling,
    /// No way of printing explains it, but the rounding of its operands could.
    WithinOperands,
    /// Nothing explains it.
    Unexplained,
}

/// A slip that explains a wrong ratio.
#[derive(Clone, Debug)]
pub enum Slip<'a> {
    /// Plan over actual.
    Inverse,
    /// The growth: the ratio less 100.
    Growth,
    /// A fraction where percent is wanted, or the other way round.
    Fraction,
    /// Shifted by a power of ten.
    PowerOfTen(i32),
    /// The ratio of another row.
    Copied(&'a Reading),
    /// One digit of the printed ratio.
    TypoInRatio(Decimal),
    /// One digit of an operand, and the value it should be.
    TypoInOperand(&'a Reading, Decimal),
    /// An operand off by a power of ten, and the value it should be.
    OperandPower(&'a Reading, Decimal),
}

/// A printed ratio, judged.
#[derive(Debug)]
pub struct Judgement<'a> {
    /// The printed ratio.
    pub ratio: &'a Reading,
    /// Its value.
    pub printed: Decimal,
    /// How it should be printed.
    pub policy: RatioPolicy,
    /// Numerator.
    pub of: Option<&'a Reading>,
    /// Denominator.
    pub to: Option<&'a Reading>,
    /// The verdict on it; `None` where an operand is missing or the denominator is not positive.
    pub result: Option<(Rational, Mode)>,
    /// What explains a ratio that no mode explains, likeliest first.
    pub slips: Vec<Slip<'a>>,
}

impl Judgement<'_> {
    /// The ratio as the form wants it.
    pub fn expected(&self) -> Option<Decimal> {
        let (exact, _) = self.result.as_ref()?;
        exact.to_decimal(self.policy.decimals, self.policy.rounding).map(|d| d.normalize())
    }
}

/// Judges every printed ratio of a dataset.
pub(super) fn judge_all<'a>(catalogue: &'a Catalogue, dataset: &'a Dataset) -> Vec<Judgement<'a>> {
    let mut judgements: Vec<Judgement<'a>> = dataset
        .readings
        .iter()
        .filter_map(|ratio| {
            let printed = ratio.number()?;
            let indicator = catalogue.indicator(ratio.key.indicator);
            let (of, to, policy) = match catalogue.measure(ratio.key.measure).kind {
                MeasureKind::Ratio { of, to, policy } => (
                    dataset.beside(ratio, ratio.key.indicator, of),
                    dataset.beside(ratio, ratio.key.indicator, to),
                    policy,
                ),
                MeasureKind::Share { of, policy } => (
                    dataset.beside(ratio, ratio.key.indicator, of),
                    indicator.whole.and_then(|whole| {
                        let key = Key { indicator: whole, measure: of, member: ratio.key.member.clone() };
                        dataset.get(&key)
                    }),
                    policy,
                ),
                MeasureKind::Plan
                | MeasureKind::Actual
                | MeasureKind::Estimate
                | MeasureKind::Other
                | MeasureKind::Verdict { .. }
                | MeasureKind::Note => return None,
            };
            Some(judge(catalogue, ratio, printed, of, to, policy))
        })
        .collect();
    let slips: Vec<Vec<Slip<'a>>> = judgements
        .iter()
        .map(|j| if matches!(j.result, Some((_, Mode::Unexplained))) { slips(j, &judgements) } else { Vec::new() })
        .collect();
    for (judgement, slips) in judgements.iter_mut().zip(slips) {
        judgement.slips = slips;
    }
    judgements
}

fn judge<'a>(
    catalogue: &Catalogue,
    ratio: &'a Reading,
    printed: Decimal,
    of: Option<&'a Reading>,
    to: Option<&'a Reading>,
    policy: RatioPolicy,
) -> Judgement<'a> {
    let result = (|| {
        let (of, to) = (of?, to?);
        let exact = exact_ratio(of.number()?, to.number()?, policy.scale)?;
        let operands = (interval(catalogue, of)?, interval(catalogue, to)?);
        let mode = mode(printed, ratio.printed_decimals(), &exact, policy, operands);
        Some((exact, mode))
    })();
    Judgement { ratio, printed, policy, of, to, result, slips: Vec::new() }
}

fn interval(catalogue: &Catalogue, reading: &Reading) -> Option<Interval> {
    reading.interval(catalogue.indicator(reading.key.indicator))
}

fn prints_as(exact: &Rational, decimals: u32, rounding: Rounding, printed: Decimal) -> bool {
    exact.to_decimal(decimals, rounding) == Some(printed)
}

/// The first way of printing that explains a ratio.
fn mode(
    printed: Decimal,
    decimals: u32,
    exact: &Rational,
    policy: RatioPolicy,
    (of, to): (Interval, Interval),
) -> Mode {
    let decimals = decimals.min(20);
    if prints_as(exact, policy.decimals, policy.rounding, printed) || *exact == Rational::from(printed) {
        return Mode::AsDeclared;
    }
    if prints_as(exact, decimals, Rounding::HalfUp, printed) {
        return Mode::HalfUp;
    }
    // A trailing zero is not printed: 119.70 cut off at two decimals stands as 119.7.
    let cut = (decimals..=policy.decimals.max(decimals)).find(|d| prints_as(exact, *d, Rounding::Truncate, printed));
    if cut.is_some() {
        return Mode::Truncated;
    }
    if prints_as(exact, decimals, Rounding::Ceiling, printed) {
        return Mode::Ceiling;
    }
    let scale = match policy.scale {
        Scale::Percent => Rational::from(100),
        Scale::Fraction => Rational::ONE,
    };
    let band = of.div(&to).map(|q| q.scale(&scale));
    if band.is_some_and(|band| band.meets(&Interval::of(printed, decimals, Printed::HalfUp))) {
        return Mode::WithinOperands;
    }
    Mode::Unexplained
}

/// Whether a quotient can be what was printed, in any mode.
fn explains(exact: &Rational, printed: Decimal, decimals: u32) -> bool {
    exact.may_print_as(printed, decimals)
        && [Rounding::HalfUp, Rounding::Truncate]
            .into_iter()
            .any(|rounding| prints_as(exact, decimals, rounding, printed))
}

fn slips<'a>(judgement: &Judgement<'a>, all: &[Judgement<'a>]) -> Vec<Slip<'a>> {
    let (Some((exact, _)), Some(of), Some(to)) = (&judgement.result, judgement.of, judgement.to) else {
        return Vec::new();
    };
    let (Some(of_value), Some(to_value)) = (of.number(), to.number()) else { return Vec::new() };
    let (printed, decimals) = (judgement.printed, judgement.ratio.printed_decimals());
    let hundred = Rational::from(100);
    let mut found = Vec::new();
    found.extend(copied(judgement, all).map(Slip::Copied));
    if exact_ratio(to_value, of_value, judgement.policy.scale).is_some_and(|q| explains(&q, printed, decimals)) {
        found.push(Slip::Inverse);
    }
    if explains(&(exact - &hundred), printed, decimals) {
        found.push(Slip::Growth);
    }
    let other_scale = match judgement.policy.scale {
        Scale::Percent => exact.checked_div(&hundred),
        Scale::Fraction => Some(exact * &hundred),
    };
    if other_scale.is_some_and(|q| explains(&q, printed, decimals)) {
        found.push(Slip::Fraction);
    }
    let powers = [1, -1, 2, -2, 3, -3];
    let power = powers.into_iter().find(|k| {
        let shifted = exact * &Rational::power_of_ten(*k);
        // 0.94 for 94 is a fraction, said above.
        explains(&shifted, printed, decimals) && !(*k == -2 && judgement.policy.scale == Scale::Percent)
    });
    found.extend(power.map(Slip::PowerOfTen));
    if let Some(k) = power {
        // The ratio is too small by 10^k: the result lacks that factor, or the plan has it too many.
        let shifted = |operand: &'a Reading, k: i32| {
            let value = &Rational::from(operand.number()?) * &Rational::power_of_ten(k);
            Some(Slip::OperandPower(operand, value.to_exact_decimal()?.normalize()))
        };
        found.extend([shifted(of, k), shifted(to, -k)].into_iter().flatten());
    }
    let wanted = exact.to_decimal(decimals.max(judgement.policy.decimals), Rounding::HalfUp);
    if let Some(wanted) = wanted.map(|w| w.normalize())
        && (one_slip(printed, wanted)
            || exact.to_decimal(decimals, Rounding::HalfUp).is_some_and(|w| one_slip(printed, w)))
    {
        found.push(Slip::TypoInRatio(wanted));
    }
    for (operand, other) in [(to, of_value), (of, to_value)] {
        let Some(value) = operand.number() else { continue };
        let is_denominator = std::ptr::eq(operand, to);
        let powers: Vec<Decimal> = found
            .iter()
            .filter_map(|slip| match slip {
                Slip::OperandPower(reading, value) if std::ptr::eq(*reading, operand) => Some(*value),
                Slip::Inverse
                | Slip::Growth
                | Slip::Fraction
                | Slip::PowerOfTen(_)
                | Slip::Copied(_)
                | Slip::TypoInRatio(_)
                | Slip::TypoInOperand(..)
                | Slip::OperandPower(..) => None,
            })
            .collect();
        found.extend(
            neighbours(value)
                .into_iter()
                .filter(|candidate| !powers.contains(candidate))
                .filter(|candidate| {
                    let (of, to) = if is_denominator { (other, *candidate) } else { (*candidate, other) };
                    exact_ratio(of, to, judgement.policy.scale).is_some_and(|q| explains(&q, printed, decimals))
                })
                .map(|candidate| Slip::TypoInOperand(operand, candidate)),
        );
    }
    found
}

/// Another ratio of the same sheet that prints the same and is right where it stands, or whose
/// quotient this one shows. The nearest row wins.
fn copied<'a>(judgement: &Judgement<'a>, all: &[Judgement<'a>]) -> Option<&'a Reading> {
    let here = &judgement.ratio.origin;
    // Round ratios such as 100 recur by themselves; they prove no copying.
    if judgement.printed.is_integer() {
        return None;
    }
    all.iter()
        .filter(|other| {
            let there = &other.ratio.origin;
            there.cell != here.cell && there.file == here.file && there.sheet == here.sheet
        })
        .filter(|other| {
            other.printed == judgement.printed
                && other.result.as_ref().is_some_and(|(_, mode)| !matches!(mode, Mode::Unexplained))
                || other
                    .result
                    .as_ref()
                    .is_some_and(|(exact, _)| explains(exact, judgement.printed, judgement.ratio.printed_decimals()))
        })
        .min_by_key(|other| {
            let there = other.ratio.origin.cell;
            (here.cell.row.abs_diff(there.row), here.cell.column.abs_diff(there.column))
        })
        .map(|other| other.ratio)
}

/// Whether two numbers differ by one slip of the keyboard.
pub(crate) fn one_slip(a: Decimal, b: Decimal) -> bool {
    a != b && crate::text::distance(&digits(a, a.scale().max(b.scale())), &digits(b, a.scale().max(b.scale()))) == 1
}

fn digits(value: Decimal, scale: u32) -> String {
    let mut value = value;
    value.rescale(scale);
    value.mantissa().unsigned_abs().to_string()
}

/// Every number that one slip of the keyboard makes of another: a digit changed, added, dropped,
/// or swapped with its neighbour. The decimal point stays where it is.
pub(crate) fn neighbours(value: Decimal) -> Vec<Decimal> {
    let value = value.normalize();
    let scale = value.scale();
    let text: Vec<u8> = value.mantissa().unsigned_abs().to_string().into_bytes();
    let mut found: Vec<Vec<u8>> = Vec::new();
    for at in 0..text.len() {
        for digit in b'0'..=b'9' {
            let mut changed = text.clone();
            changed[at] = digit;
            found.push(changed);
        }
        let mut dropped = text.clone();
        dropped.remove(at);
        found.push(dropped);
        if at + 1 < text.len() {
            let mut swapped = text.clone();
            swapped.swap(at, at + 1);
            found.push(swapped);
        }
    }
    for at in 0..=text.len() {
        for digit in b'0'..=b'9' {
            let mut added = text.clone();
            added.insert(at, digit);
            found.push(added);
        }
    }
    let mut numbers: Vec<Decimal> = found
        .into_iter()
        .filter_map(|digits| {
            let mantissa: i128 = String::from_utf8(digits).ok()?.parse().ok()?;
            let sign = if value.is_sign_negative() { -1 } else { 1 };
            Decimal::try_from_i128_with_scale(mantissa * sign, scale).ok()
        })
        .filter(|candidate| *candidate != value && !candidate.is_zero())
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}
