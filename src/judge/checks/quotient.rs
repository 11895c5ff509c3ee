//! Printed ratios: the exact quotient, the way it was printed, and the likely slip where no way
//! explains it. Everything is decided on the exact quotient, never on two rounded decimals.

use std::ops::RangeInclusive;

use crate::{
    model::{
        catalogue::{Catalogue, MeasureKind, RatioPolicy, Scale},
        ratio::exact_ratio,
        reading::{Dataset, Reading, Relation},
    },
    values::{
        language::Language,
        number::{Decimal, Interval, Printed, Rational, Rounding},
    },
};

/// How a printed ratio relates to the exact quotient.
///
/// The better comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// As the form wants it, or every digit of it.
    AsDeclared,
    /// Rounded half-up at another number of decimals.
    HalfUp,
    /// No way of printing explains it, but the rounding of its operands could.
    WithinOperands,
    /// Cut off.
    Truncated,
    /// Rounded upwards.
    Ceiling,
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

    /// How it is computed.
    pub(super) fn division(&self) -> Option<Division> {
        Some(Division { above: self.of?.number()?, below: self.to?.number()?, scale: self.policy.scale })
    }
}

/// How a ratio is computed.
#[derive(Debug)]
pub(super) struct Division {
    above: Decimal,
    below: Decimal,
    scale: Scale,
}

impl Division {
    /// As a line that is true: `874 / 803 × 100`.
    pub(super) fn words(&self, language: Language) -> String {
        let (above, below) = (language.number(self.above), language.number(self.below));
        let scale = match self.scale {
            Scale::Percent => " × 100",
            Scale::Fraction => "",
        };
        format!("{above} / {below}{scale}")
    }
}

/// Judges every printed ratio of a dataset.
pub(super) fn judge_all<'a>(catalogue: &'a Catalogue, dataset: &'a Dataset) -> Vec<Judgement<'a>> {
    let mut judgements: Vec<Judgement<'a>> = dataset
        .irregular()
        .iter()
        .filter_map(|ratio| {
            let (of, to, policy) = match catalogue.measure(ratio.key.measure).kind {
                MeasureKind::Ratio { of, to, policy } => (
                    dataset.beside(ratio, ratio.key.indicator, of),
                    dataset.beside(ratio, ratio.key.indicator, to),
                    policy,
                ),
                MeasureKind::Share { of, policy } => (
                    dataset.beside(ratio, ratio.key.indicator, of),
                    catalogue.indicator(ratio.key.indicator).whole.and_then(|whole| dataset.like(ratio, whole, of)),
                    policy,
                ),
                MeasureKind::Plan
                | MeasureKind::Actual
                | MeasureKind::Estimate
                | MeasureKind::Other
                | MeasureKind::Verdict { .. }
                | MeasureKind::Note => return None,
            };
            Some(judge(catalogue, ratio, ratio.number()?, of, to, policy))
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
        if made_by_share(of, to) {
            return None;
        }
        let exact = exact_ratio(of.number()?, to.number()?, policy.scale)?;
        let operands = || Some((interval(catalogue, of)?, interval(catalogue, to)?));
        let stored = || mode(printed, ratio.printed_decimals(), &exact, policy, operands);
        // A cell may show less than it stores, and then it is wrong only if both are.
        let drawn = || {
            let drawn = ratio.drawn()?;
            Some(mode(drawn.value, u32::try_from(drawn.decimals).ok()?, &exact, policy, operands))
        };
        let mode = if is_all_of_it(ratio, &exact) { Mode::AsDeclared } else { stored() };
        let mode = if mode == Mode::AsDeclared { mode } else { drawn().map_or(mode, |drawn| mode.min(drawn)) };
        Some((exact, mode))
    })();
    Judgement { ratio, printed, policy, of, to, result, slips: Vec::new() }
}

/// Whether the share that is judged made its own numerator.
pub(super) fn made_by_share(of: &Reading, to: &Reading) -> bool {
    of.derived_by() == Some(Relation::Share) && of.key.indicator != to.key.indicator
}

/// Whether a computed ratio holds the quotient as well as a computation can.
fn is_all_of_it(ratio: &Reading, exact: &Rational) -> bool {
    ratio.is_computed() && ratio.computed_interval().is_some_and(|all| all.contains(exact))
}

fn interval(catalogue: &Catalogue, reading: &Reading) -> Option<Interval> {
    reading.interval(catalogue.indicator(reading.key.indicator))
}

/// The first way of printing that explains a ratio.
fn mode(
    printed: Decimal,
    decimals: u32,
    exact: &Rational,
    policy: RatioPolicy,
    operands: impl Fn() -> Option<(Interval, Interval)>,
) -> Mode {
    let decimals = decimals.min(20);
    if exact.prints_as(printed, policy.decimals, policy.rounding) || *exact == Rational::from(printed) {
        return Mode::AsDeclared;
    }
    if exact.prints_as(printed, decimals, Rounding::HalfUp) {
        return Mode::HalfUp;
    }
    // A trailing zero is not printed: 119.70 cut off at two decimals stands as 119.7.
    let cut = (decimals..=policy.decimals.max(decimals)).find(|d| exact.prints_as(printed, *d, Rounding::Truncate));
    if cut.is_some() {
        return Mode::Truncated;
    }
    if exact.prints_as(printed, decimals, Rounding::Ceiling) {
        return Mode::Ceiling;
    }
    let scale = match policy.scale {
        Scale::Percent => Rational::from(100),
        Scale::Fraction => Rational::ONE,
    };
    let band = operands().and_then(|(of, to)| of.div(&to)).map(|q| q.scale(&scale));
    if band.is_some_and(|band| band.meets(&Interval::of(printed, decimals, Printed::HalfUp))) {
        return Mode::WithinOperands;
    }
    Mode::Unexplained
}

/// How an office brings a quotient to so many decimals, the commonest habit first.
const RENDERINGS: [Rounding; 3] = [Rounding::Truncate, Rounding::HalfUp, Rounding::Ceiling];

/// Whether a quotient can be what was printed, in any mode.
fn explains(exact: &Rational, printed: Decimal, decimals: u32) -> bool {
    exact.may_print_as(printed, decimals)
        && RENDERINGS.into_iter().any(|rounding| exact.prints_as(printed, decimals, rounding))
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
    // The comma of the ratio is off only if its digits are those of the right one, however that is cut.
    let printed_alike = |k: i32| {
        let shifted = &Rational::from(printed) * &Rational::power_of_ten(-k);
        let right = |rounding| exact.to_decimal(judgement.policy.decimals, rounding).map(Rational::from);
        RENDERINGS.into_iter().any(|rounding| right(rounding).is_some_and(|right| right == shifted))
    };
    found.extend(power.filter(|k| printed_alike(*k)).map(Slip::PowerOfTen));
    if let Some(k) = power {
        // The ratio is too small by 10^k: the result lacks that factor, or the plan has it too many.
        let shifted = |operand: &'a Reading, k: i32| {
            let value = &Rational::from(operand.number()?) * &Rational::power_of_ten(k);
            Some(Slip::OperandPower(operand, value.to_exact_decimal()?.normalize()))
        };
        found.extend([shifted(of, k), shifted(to, -k)].into_iter().flatten());
    }
    // Nobody types what was computed. What was meant may be cut off, rounded or rounded up, with the
    // decimals of the form or those that were printed.
    let most = decimals.max(judgement.policy.decimals);
    let meant = RENDERINGS.into_iter().find_map(|rounding| {
        let wanted = exact.to_decimal(most, rounding)?;
        let is_it = [Some(wanted), exact.to_decimal(decimals, rounding)]
            .into_iter()
            .flatten()
            .any(|w| one_slip(printed, w.normalize()));
        is_it.then(|| wanted.normalize())
    });
    found.extend(meant.filter(|_| !judgement.ratio.is_computed()).map(Slip::TypoInRatio));
    for (operand, other) in [(to, of_value), (of, to_value)] {
        let Some(value) = operand.number().filter(|_| !operand.is_computed()) else { continue };
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
        let within = near(judgement, other, is_denominator, value.normalize().scale());
        found.extend(
            neighbours(value, within)
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

/// Where an operand that explains a printed ratio must lie, `other` being the other one, in units of
/// so many decimals: the quotient is less than one digit off. All of them where there are no bounds.
fn near(judgement: &Judgement<'_>, other: Decimal, is_denominator: bool, decimals: u32) -> RangeInclusive<i128> {
    let ends = || {
        let scale = match judgement.policy.scale {
            Scale::Percent => Rational::from(100),
            Scale::Fraction => Rational::ONE,
        };
        let digit = Rational::power_of_ten(-i32::try_from(judgement.ratio.printed_decimals()).ok()?);
        let (printed, other) = (Rational::from(judgement.printed), Rational::from(other));
        let (low, high) = (&printed - &digit, &printed + &digit);
        if low <= Rational::ZERO || other <= Rational::ZERO {
            return None;
        }
        let ends = if is_denominator {
            let above = &scale * &other;
            [above.checked_div(&high)?, above.checked_div(&low)?]
        } else {
            [(&low * &other).checked_div(&scale)?, (&high * &other).checked_div(&scale)?]
        };
        let unit = Rational::power_of_ten(i32::try_from(decimals).ok()?);
        let [low, high] = ends.map(|end| (&end * &unit).to_decimal(0, Rounding::Truncate).map(|end| end.mantissa()));
        Some(low?..=high? + 1)
    };
    ends().unwrap_or(i128::MIN..=i128::MAX)
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
            let Some((exact, mode)) = &other.result else { return false };
            (!matches!(mode, Mode::Unexplained) && other.printed == judgement.printed)
                || explains(exact, judgement.printed, judgement.ratio.printed_decimals())
        })
        .min_by_key(|other| {
            let there = other.ratio.origin.cell;
            (here.cell.row.abs_diff(there.row), here.cell.column.abs_diff(there.column))
        })
        .map(|other| other.ratio)
}

/// Whether two numbers differ by one slip of the keyboard.
pub(crate) fn one_slip(a: Decimal, b: Decimal) -> bool {
    a != b
        && crate::values::text::distance(&digits(a, a.scale().max(b.scale())), &digits(b, a.scale().max(b.scale())))
            == 1
}

fn digits(value: Decimal, scale: u32) -> String {
    let mut value = value;
    value.rescale(scale);
    value.mantissa().unsigned_abs().to_string()
}

/// Every number that one slip of the keyboard makes of another: a digit changed, added, dropped,
/// or swapped with its neighbour, with digits `within` these. The decimal point stays where it is.
fn neighbours(value: Decimal, within: RangeInclusive<i128>) -> Vec<Decimal> {
    let value = value.normalize();
    let (scale, digits) = (value.scale(), value.mantissa().abs());
    let sign = if value.is_sign_negative() { -1 } else { 1 };
    let mut found: Vec<i128> = Vec::new();
    // The place of a digit; before the first one there may be another.
    let mut place = 1;
    loop {
        let (above, below) = (digits / place, digits % place);
        let (higher, digit) = (above / 10, above % 10);
        found.extend((0..10).map(|new| (above * 10 + new) * place + below));
        if above == 0 && place > 1 {
            break;
        }
        found.extend((0..10).map(|new| (higher * 10 + new) * place + below));
        found.push(higher * place + below);
        if higher > 0 {
            found.push(((higher / 10 * 10 + digit) * 10 + higher % 10) * place + below);
        }
        place *= 10;
    }
    found.retain(|new| *new != digits && *new != 0 && within.contains(&(new * sign)));
    found.sort_unstable_by_key(|new| new * sign);
    found.dedup();
    found.into_iter().filter_map(|new| Decimal::try_from_i128_with_scale(new * sign, scale).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_a_keyboard() {
        let of = |value: &str| -> Vec<String> {
            let value: Decimal = value.parse().expect("a decimal");
            neighbours(value, i128::MIN..=i128::MAX).iter().map(ToString::to_string).collect()
        };
        let all = of("1.2");
        // Changed, dropped, swapped, added at each place.
        for one in ["1.7", "3.2", "0.1", "0.2", "2.1", "12.5", "15.2", "51.2"] {
            assert!(all.contains(&one.to_owned()), "{one} in {all:?}");
        }
        for not in ["1.2", "0.0", "3.4", "1.20", "123.4"] {
            assert!(!all.contains(&not.to_owned()), "{not} in {all:?}");
        }
        assert_eq!(of("-1.2").len(), all.len());
        assert_eq!(of("0").len(), 18, "1 to 9 and 10 to 90");
        let value = Decimal::new(12, 1);
        let near = neighbours(value, 15..=19);
        assert_eq!(near, [15, 16, 17, 18, 19].map(|units| Decimal::new(units, 1)));
    }
}
