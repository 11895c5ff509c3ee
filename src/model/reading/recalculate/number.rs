//! The numbers that formulas are computed with: exact ones of any size, and small ones, with which most
//! formulas are shown to give what is stored.

use crate::{
    model::reading::computed_slack,
    values::number::{Decimal, Rational, Rounding, StoredNumber},
};

/// Exact arithmetic; `None` where the kind has no room for the result, or there is none.
pub(super) trait Number: Sized {
    const ZERO: Self;

    fn of(decimal: Decimal) -> Option<Self>;

    fn of_stored(stored: StoredNumber) -> Option<Self>;

    /// From digits without a point and how many of them are decimals, at most 15 and 4.
    fn of_short(mantissa: i64, decimals: u32) -> Option<Self> {
        Self::of(Decimal::new(mantissa, decimals))
    }

    fn plus(&self, other: &Self) -> Option<Self>;

    fn times(&self, other: &Self) -> Option<Self>;

    fn over(&self, divisor: &Self) -> Option<Self>;

    fn negated(&self) -> Option<Self>;

    /// With so many decimals, a half away from zero; and whether what went in, as large as `largest`, was
    /// too near a half to say.
    fn rounded(&self, decimals: i32, largest: &Rational) -> Option<(Self, bool)>;

    /// Raises `largest` to the size of this.
    fn weigh(&self, largest: &mut Rational);

    /// Where this is a whole number.
    fn whole(&self) -> Option<i64>;

    /// Whether this is exactly a decimal.
    fn is(&self, decimal: Decimal) -> bool;
}

impl Number for Rational {
    const ZERO: Self = Self::ZERO;

    fn of(decimal: Decimal) -> Option<Self> {
        Some(decimal.into())
    }

    fn of_stored(stored: StoredNumber) -> Option<Self> {
        stored.exact().ok().map(Self::from)
    }

    fn plus(&self, other: &Self) -> Option<Self> {
        Some(self + other)
    }

    fn times(&self, other: &Self) -> Option<Self> {
        Some(self * other)
    }

    fn over(&self, divisor: &Self) -> Option<Self> {
        self.checked_div(divisor)
    }

    fn negated(&self) -> Option<Self> {
        Some(-self)
    }

    fn rounded(&self, decimals: i32, largest: &Rational) -> Option<(Self, bool)> {
        let unit = Self::power_of_ten(-decimals);
        let units = self.checked_div(&unit)?;
        let rounded = Self::from(units.to_decimal(0, Rounding::HalfUp)?);
        let half = Self::from(Decimal::new(5, 1));
        let tie = (&(&units - &rounded).abs() - &half).abs();
        Some((&rounded * &unit, &tie * &unit <= computed_slack(largest)))
    }

    fn weigh(&self, largest: &mut Rational) {
        if self.is_negative() {
            (-self).weigh(largest);
        } else if self > largest {
            largest.clone_from(self);
        }
    }

    fn whole(&self) -> Option<i64> {
        self.to_exact_decimal()
            .filter(Decimal::is_integer)
            .and_then(|whole| whole.normalize().mantissa().try_into().ok())
    }

    fn is(&self, decimal: Decimal) -> bool {
        *self == Self::from(decimal)
    }
}

/// A fraction of two 64-bit numbers, the lower one above 0. It keeps no size of what went in: whether
/// something is near a tie is asked of a [`Rational`] only.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quick {
    n: i64,
    d: i64,
}

impl Quick {
    fn decimal(n: i64, decimals: u32) -> Option<Self> {
        Some(Self { n, d: 10i64.checked_pow(decimals)? })
    }
}

impl Number for Quick {
    const ZERO: Self = Self { n: 0, d: 1 };

    fn of(decimal: Decimal) -> Option<Self> {
        Self::decimal(decimal.mantissa().try_into().ok()?, decimal.scale())
    }

    fn of_stored(stored: StoredNumber) -> Option<Self> {
        let (mantissa, decimals) = stored.as_short()?;
        Self::decimal(mantissa, decimals)
    }

    fn of_short(mantissa: i64, decimals: u32) -> Option<Self> {
        Self::decimal(mantissa, decimals)
    }

    fn plus(&self, other: &Self) -> Option<Self> {
        let (one, two) = if self.d >= other.d { (self, other) } else { (other, self) };
        // Decimals: one denominator nearly always divides the other.
        let (times, d) = if one.d % two.d == 0 { (1, one.d) } else { (two.d, one.d.checked_mul(two.d)?) };
        let n = one.n.checked_mul(times)?.checked_add(two.n.checked_mul(d / two.d)?)?;
        Some(Self { n, d })
    }

    fn times(&self, other: &Self) -> Option<Self> {
        Some(Self { n: self.n.checked_mul(other.n)?, d: self.d.checked_mul(other.d)? })
    }

    fn over(&self, divisor: &Self) -> Option<Self> {
        let flipped = Self { n: divisor.d.checked_mul(divisor.n.signum())?, d: divisor.n.checked_abs()? };
        if flipped.d == 0 { None } else { self.times(&flipped) }
    }

    fn negated(&self) -> Option<Self> {
        Some(Self { n: self.n.checked_neg()?, d: self.d })
    }

    fn rounded(&self, decimals: i32, _: &Rational) -> Option<(Self, bool)> {
        let unit = 10i64.checked_pow(decimals.try_into().ok()?)?;
        let units = self.n.checked_mul(unit)?;
        let (whole, rest) = (units / self.d, (units % self.d).abs());
        let n = whole + if rest >= self.d - rest { units.signum() } else { 0 };
        Some((Self { n, d: unit }, false))
    }

    fn weigh(&self, _: &mut Rational) {}

    fn whole(&self) -> Option<i64> {
        (self.n % self.d == 0).then_some(self.n / self.d)
    }

    fn is(&self, decimal: Decimal) -> bool {
        let power = 10i128.checked_pow(decimal.scale());
        let scaled = power.and_then(|power| power.checked_mul(self.n.into()));
        scaled.is_some_and(|scaled| Some(scaled) == decimal.mantissa().checked_mul(self.d.into()))
    }
}
