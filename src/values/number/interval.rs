//! The set of values that a printed number stands for.
//!
//! What breaks if this is changed: a stated total is wrong exactly when its interval does not
//! meet the interval of its parts (XBRL Calculations 1.1). The open and closed flags decide the
//! cases on the edge; each travels with its end.

use std::fmt;

use rust_decimal::Decimal;

use super::Rational;

/// A non-empty set of values from `low` to `high`; each end belongs to it unless it is open.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Interval {
    low: Rational,
    high: Rational,
    low_open: bool,
    high_open: bool,
}

/// How a printed number came from the value behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Printed {
    /// In full: counts, money in đồng, a number that a formula keeps.
    Exact,
    /// Rounded half-up at the printed number of decimals.
    HalfUp,
    /// Cut off, towards zero, at the printed number of decimals.
    Truncated,
}

/// One end of an interval: where it is, and whether it is left out.
#[derive(Clone, Copy)]
struct End<'a> {
    at: &'a Rational,
    open: bool,
}

impl Interval {
    /// Just `value`.
    pub fn exact(value: Rational) -> Self {
        Self { low: value.clone(), high: value, low_open: false, high_open: false }
    }

    /// From `low` to `high`; `None` when no value lies between (`low` above `high`, or equal
    /// with an open end).
    pub fn new(low: Rational, high: Rational, low_open: bool, high_open: bool) -> Option<Self> {
        let empty = low > high || (low == high && (low_open || high_open));
        (!empty).then_some(Self { low, high, low_open, high_open })
    }

    /// Every value that prints as `value` with `decimals` decimals.
    ///
    /// With u = 10^-decimals, after XBRL Calculations 1.1: half-up `[v - u/2, v + u/2]`, closed
    /// at both ends so that one unit of doubt is the author's; truncated `[v, v + u)`,
    /// `(v - u, v]` below 0 and `(-u, u)` at 0; exact `[v, v]`. More than 28 decimals, which no
    /// `Decimal` prints, count as 28.
    pub fn of(value: Decimal, decimals: u32, printed: Printed) -> Self {
        let decimals = decimals.min(Decimal::MAX_SCALE);
        let value = Rational::from(value);
        match printed {
            Printed::Exact => Self::exact(value),
            Printed::HalfUp => {
                let half = Rational::shifted(5, decimals + 1).unwrap_or(Rational::ZERO);
                Self { low: &value - &half, high: &value + &half, low_open: false, high_open: false }
            }
            Printed::Truncated => Self::cut_off(&value, &Rational::power_of_ten(-decimals.cast_signed())),
        }
    }

    /// Every value that is `value` once it is cut off, towards zero, to a multiple of `unit`; `None` where
    /// that is not above 0.
    pub fn cut(value: &Rational, unit: &Rational) -> Option<Self> {
        (*unit > Rational::ZERO).then(|| Self::cut_off(value, unit))
    }

    fn cut_off(value: &Rational, unit: &Rational) -> Self {
        Self {
            low: if *value > Rational::ZERO { value.clone() } else { value - unit },
            high: if value.is_negative() { value.clone() } else { value + unit },
            low_open: *value <= Rational::ZERO,
            high_open: !value.is_negative(),
        }
    }

    /// The lower end.
    pub fn low(&self) -> &Rational {
        &self.low
    }

    /// The upper end.
    pub fn high(&self) -> &Rational {
        &self.high
    }

    /// Whether the lower end itself is left out.
    pub fn low_open(&self) -> bool {
        self.low_open
    }

    /// Whether the upper end itself is left out.
    pub fn high_open(&self) -> bool {
        self.high_open
    }

    /// Upper end less lower end.
    pub fn width(&self) -> Rational {
        &self.high - &self.low
    }

    /// Every sum of a value here and a value there.
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        Self {
            low: &self.low + &other.low,
            high: &self.high + &other.high,
            low_open: self.low_open || other.low_open,
            high_open: self.high_open || other.high_open,
        }
    }

    /// Every difference of a value here and a value there.
    #[must_use]
    pub fn sub(&self, other: &Self) -> Self {
        Self {
            low: &self.low - &other.high,
            high: &self.high - &other.low,
            low_open: self.low_open || other.high_open,
            high_open: self.high_open || other.low_open,
        }
    }

    /// Every value here times `factor`. A negative factor swaps the ends, each with its flag;
    /// 0 gives exactly 0.
    #[must_use]
    pub fn scale(&self, factor: &Rational) -> Self {
        if factor.is_zero() {
            return Self::exact(Rational::ZERO);
        }
        let (low, high) = (&self.low * factor, &self.high * factor);
        if factor.is_negative() {
            Self { low: high, high: low, low_open: self.high_open, high_open: self.low_open }
        } else {
            Self { low, high, low_open: self.low_open, high_open: self.high_open }
        }
    }

    /// Every product of a value here and a value there.
    #[must_use]
    pub fn mul(&self, other: &Self) -> Self {
        let [a, b] = self.ends();
        let [c, d] = other.ends();
        // As it nearly always is: no corner but these two can be the lowest or the highest.
        if self.low > Rational::ZERO && other.low > Rational::ZERO {
            let ((low, low_open), (high, high_open)) = (times(a, c), times(b, d));
            return Self { low, high, low_open, high_open };
        }
        let corners = [times(a, c), times(a, d), times(b, c), times(b, d)];
        // Of corners at the same place a closed one wins: there the product is reached.
        let mut low = &corners[0];
        let mut high = &corners[0];
        for corner in &corners[1..] {
            if corner.0 < low.0 || (corner.0 == low.0 && low.1) {
                low = corner;
            }
            if corner.0 > high.0 || (corner.0 == high.0 && high.1) {
                high = corner;
            }
        }
        Self { low: low.0.clone(), high: high.0.clone(), low_open: low.1, high_open: high.1 }
    }

    /// Every quotient of a value here by a value there; `None` when `divisor` contains 0 or
    /// ends at 0, since the quotients then have no bound.
    #[must_use]
    pub fn div(&self, divisor: &Self) -> Option<Self> {
        if divisor.low <= Rational::ZERO && divisor.high >= Rational::ZERO {
            return None;
        }
        let inverse = Self {
            low: divisor.high.recip()?,
            high: divisor.low.recip()?,
            low_open: divisor.high_open,
            high_open: divisor.low_open,
        };
        Some(self.mul(&inverse))
    }

    /// Whether some value belongs to both.
    pub fn meets(&self, other: &Self) -> bool {
        reaches(self.low_end(), other.high_end()) && reaches(other.low_end(), self.high_end())
    }

    /// Whether `value` belongs to this.
    pub fn contains(&self, value: &Rational) -> bool {
        let point = End { at: value, open: false };
        reaches(self.low_end(), point) && reaches(point, self.high_end())
    }

    fn low_end(&self) -> End<'_> {
        End { at: &self.low, open: self.low_open }
    }

    fn high_end(&self) -> End<'_> {
        End { at: &self.high, open: self.high_open }
    }

    fn ends(&self) -> [End<'_>; 2] {
        [self.low_end(), self.high_end()]
    }
}

/// Whether a lower end lies at or below an upper one, with something between them.
fn reaches(low: End<'_>, high: End<'_>) -> bool {
    low.at < high.at || (low.at == high.at && !low.open && !high.open)
}

/// A corner of a product, and whether it is left out. A 0 that belongs to its interval makes
/// the product 0 whatever the other factor is, so an open end opposite does not open it.
fn times(a: End<'_>, b: End<'_>) -> (Rational, bool) {
    let zero_reached = (a.at.is_zero() && !a.open) || (b.at.is_zero() && !b.open);
    (a.at * b.at, !zero_reached && (a.open || b.open))
}

impl fmt::Display for Interval {
    /// "[99.7, 100.15)": a round bracket is an open end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}{}, {}{}",
            if self.low_open { '(' } else { '[' },
            self.low,
            self.high,
            if self.high_open { ')' } else { ']' },
        )
    }
}

impl fmt::Debug for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Interval({self})")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::values::number::Rounding;

    fn printed(text: &str, printed: Printed) -> Interval {
        let value: Decimal = text.parse().expect("a decimal");
        Interval::of(value, value.scale(), printed)
    }

    fn between(low: i64, high: i64, low_open: bool, high_open: bool) -> Interval {
        Interval::new(low.into(), high.into(), low_open, high_open).expect("not empty")
    }

    #[test]
    fn what_a_printed_number_stands_for() {
        for (text, how, want) in [
            ("33.3", Printed::HalfUp, "[33.25, 33.35]"),
            ("-33.3", Printed::HalfUp, "[-33.35, -33.25]"),
            ("0", Printed::HalfUp, "[-0.5, 0.5]"),
            ("1.20", Printed::HalfUp, "[1.195, 1.205]"),
            ("120.57", Printed::Truncated, "[120.57, 120.58)"),
            ("-1.5", Printed::Truncated, "(-1.6, -1.5]"),
            ("0.0", Printed::Truncated, "(-0.1, 0.1)"),
            ("136", Printed::Exact, "[136, 136]"),
        ] {
            assert_eq!(printed(text, how).to_string(), want, "{text} {how:?}");
        }
    }

    #[test]
    fn three_thirds_may_be_a_hundred() {
        let part = printed("33.3", Printed::HalfUp);
        let sum = part.add(&part).add(&part);
        assert_eq!(sum.to_string(), "[99.75, 100.05]");
        for (total, consistent) in [("100.0", true), ("99.7", true), ("99.6", false), ("100.1", true), ("100.2", false)]
        {
            assert_eq!(sum.meets(&printed(total, Printed::HalfUp)), consistent, "{total}");
        }
    }

    #[test]
    fn open_ends_travel_with_their_end() {
        let a = between(1, 2, false, true);
        assert_eq!(a.scale(&Rational::from(-3)).to_string(), "(-6, -3]");
        assert_eq!(a.scale(&Rational::ZERO).to_string(), "[0, 0]");
        assert_eq!(a.sub(&a).to_string(), "(-1, 1)");
        assert_eq!(a.add(&between(0, 1, true, false)).to_string(), "(1, 3)");
        // Touching ends meet only when both are closed.
        assert!(a.meets(&between(0, 1, true, false)));
        assert!(!a.meets(&between(2, 3, false, false)));
        assert!(!between(2, 3, false, false).meets(&a));
        assert!(a.contains(&Rational::ONE));
        assert!(!a.contains(&Rational::from(2)));
        assert_eq!(Interval::new(2.into(), 2.into(), true, false), None, "no value is both");
        assert_eq!(Interval::new(3.into(), 2.into(), false, false), None);
    }

    #[test]
    fn products_and_quotients() {
        let open = |low, high| between(low, high, true, true);
        let closed = |low, high| between(low, high, false, false);
        for (a, b, want) in [
            (closed(2, 3), closed(4, 5), "[8, 15]"),
            (open(-1, 1), closed(2, 3), "(-3, 3)"),
            (closed(-2, 3), closed(-5, 7), "[-15, 21]"),
            (closed(0, 1), open(2, 3), "[0, 3)"),
            (between(0, 1, true, false), closed(0, 2), "[0, 2]"),
            (between(0, 1, true, false), closed(2, 3), "(0, 3]"),
            (closed(0, 0), open(-3, 8), "[0, 0]"),
            (between(-1, 0, false, true), between(0, 1, true, false), "[-1, 0)"),
            // -4 is reached by -2 x 2 although 4 x -1 is not.
            (between(-2, 4, false, true), between(-1, 2, false, false), "[-4, 8)"),
        ] {
            assert_eq!(a.mul(&b).to_string(), want, "{a} x {b}");
            assert_eq!(b.mul(&a).to_string(), want, "{b} x {a}");
        }
        let half_open = between(1, 2, false, true);
        let quotient = closed(4, 8).div(&half_open).map(|q| q.to_string());
        assert_eq!(quotient.as_deref(), Some("(2, 8]"));
        let negative = closed(4, 8).div(&between(-2, -1, true, false));
        assert_eq!(negative.map(|q| q.to_string()).as_deref(), Some("[-8, -2)"));
        for divisor in [closed(-1, 1), closed(0, 1), open(0, 1), closed(-1, 0)] {
            assert_eq!(closed(4, 8).div(&divisor), None, "{divisor}");
        }
    }

    /// A small interval and a value in it.
    fn interval() -> impl Strategy<Value = (Interval, Rational)> {
        let end = || (-8i64..=8, 1i64..=3);
        (end(), end(), any::<[bool; 2]>(), 0u32..=4).prop_filter_map("empty", |(a, b, open, step)| {
            let ratio = |(n, d): (i64, i64)| Rational::from(n).checked_div(&Rational::from(d)).expect("not 0");
            let (low, high) = (ratio(a).min(ratio(b)), ratio(a).max(ratio(b)));
            let at = &low + &((&high - &low) * ratio((i64::from(step), 4)));
            let interval = Interval::new(low, high, open[0], open[1])?;
            interval.contains(&at).then_some((interval, at))
        })
    }

    proptest! {
        #[test]
        fn results_contain_what_they_stand_for((a, x) in interval(), (b, y) in interval(), k in -3i64..=3) {
            prop_assert!(a.add(&b).contains(&(&x + &y)));
            prop_assert!(a.sub(&b).contains(&(&x - &y)));
            prop_assert!(a.mul(&b).contains(&(&x * &y)));
            prop_assert!(a.scale(&k.into()).contains(&(&x * &k.into())));
            match (a.div(&b), x.checked_div(&y)) {
                (Some(quotients), Some(quotient)) => prop_assert!(quotients.contains(&quotient)),
                (None, _) => {}
                (Some(_), None) => prop_assert!(false, "a divisor of 0 got through"),
            }
        }

        /// An end is closed exactly when some pair of members reaches it: checked on a grid.
        #[test]
        fn flags_are_exact((a, _) in interval(), (b, _) in interval()) {
            let grid = |interval: &Interval| -> Vec<Rational> {
                let width = interval.width();
                let mut points: Vec<_> = (0..=8)
                    .map(|step| interval.low() + &(&width * &Rational::from(Decimal::new(step * 125, 3))))
                    .collect();
                points.push(Rational::ZERO);
                points.retain(|point| interval.contains(point));
                points
            };
            let product = a.mul(&b);
            let reached: Vec<_> = grid(&a)
                .iter()
                .flat_map(|x| grid(&b).into_iter().map(move |y| x * &y))
                .collect();
            prop_assert_eq!(reached.contains(product.low()), !product.low_open());
            prop_assert_eq!(reached.contains(product.high()), !product.high_open());
        }

        #[test]
        fn meeting_is_mutual_and_exact((a, x) in interval(), (b, y) in interval()) {
            prop_assert_eq!(a.meets(&b), b.meets(&a));
            if a.contains(&y) || b.contains(&x) {
                prop_assert!(a.meets(&b));
            }
            // They meet exactly when 0 is a difference of theirs.
            prop_assert_eq!(a.meets(&b), a.sub(&b).contains(&Rational::ZERO));
        }

        #[test]
        fn a_value_lies_in_what_it_prints_as(n in any::<i32>(), d in 1i32.., decimals in 0u32..=6) {
            let value = Rational::from(i64::from(n)).checked_div(&i64::from(d).into()).expect("not 0");
            for (rounding, printed) in [
                (Rounding::HalfUp, Printed::HalfUp),
                (Rounding::HalfEven, Printed::HalfUp),
                (Rounding::Truncate, Printed::Truncated),
            ] {
                let shown = value.to_decimal(decimals, rounding).expect("in reach");
                prop_assert!(Interval::of(shown, decimals, printed).contains(&value));
            }
        }
    }
}
