//! Exact fractions: the only values that checks compare.
//!
//! What breaks if this is changed: `(1/3)*3 != 1` in decimals, so every ratio, total and
//! interval is decided here. A wrong rounding mode names the wrong cause of a printed ratio.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::iter::Sum;
use std::ops::{Add, Mul, Neg, Sub};

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive};
use rust_decimal::Decimal;

/// An exact fraction of any size.
///
/// Small fractions (numerator and denominator within an `i128`) take no heap; larger ones move
/// to big integers by themselves, so no operation overflows or rounds.
#[derive(Clone)]
pub struct Rational(Repr);

/// `Small` whenever the reduced fraction fits.
#[derive(Clone)]
enum Repr {
    /// The denominator is positive; the numerator is never `i128::MIN`. Reduced only where one of
    /// them is past [`ROOM`]: most values are decimals, whose sums and comparisons need no greatest
    /// common divisor, which is what costs.
    Small(i128, i128),
    /// Reduced, and too large for `Small`.
    Big(Box<BigRational>),
}

/// Up to here a fraction is left as it is: the product of two such numbers fits an `i128`.
const ROOM: u128 = 1 << 62;

/// How a value is cut to fewer decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// To the nearest, a half away from zero: 0,125 → 0,13 and -0,125 → -0,13.
    HalfUp,
    /// Digits cut off, towards zero: 1,29 → 1,2 and -1,29 → -1,2.
    Truncate,
    /// Up, towards +∞: 1,21 → 1,3 and -1,29 → -1,2.
    Ceiling,
    /// To the nearest, a half to the even digit: 0,125 → 0,12.
    HalfEven,
}

/// Whole numbers of this size and below fit the 96 bits of a `Decimal`.
const DECIMAL_MAX: u128 = (1 << 96) - 1;

impl Rational {
    /// 0.
    pub const ZERO: Self = Self(Repr::Small(0, 1));
    /// 1.
    pub const ONE: Self = Self(Repr::Small(1, 1));

    /// 10 to the power `exponent`, which may be negative. Exponents beyond ±1000, far outside
    /// anything a unit or a number of decimals needs, count as ±1000.
    pub fn power_of_ten(exponent: i32) -> Self {
        let size = exponent.unsigned_abs().min(1000);
        let power = match power_of_ten(size) {
            Some(power) => Self(Repr::Small(power, 1)),
            None => Self::from_big(BigRational::from_integer(BigInt::from(10).pow(size))),
        };
        if exponent < 0 { power.recip().unwrap_or(Self::ZERO) } else { power }
    }

    /// Whether this is exactly 0.
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Repr::Small(0, _))
    }

    /// Whether this is below 0.
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Small(n, _) => *n < 0,
            Repr::Big(big) => big.is_negative(),
        }
    }

    /// Whether this is a whole number.
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Small(n, d) => n % d == 0,
            Repr::Big(big) => big.is_integer(),
        }
    }

    /// The distance from 0.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.is_negative() { -self } else { self.clone() }
    }

    /// 1 divided by this; `None` for 0.
    #[must_use]
    pub fn recip(&self) -> Option<Self> {
        match &self.0 {
            Repr::Small(0, _) => None,
            Repr::Small(n, d) if *n < 0 => Some(Self(Repr::Small(-d, -n))),
            Repr::Small(n, d) => Some(Self(Repr::Small(*d, *n))),
            Repr::Big(big) => Some(Self::from_big(big.recip())),
        }
    }

    /// The exact quotient; `None` when `divisor` is 0.
    #[must_use]
    pub fn checked_div(&self, divisor: &Self) -> Option<Self> {
        divisor.recip().map(|recip| self * &recip)
    }

    /// The value at `decimals` decimals, rounded once from the exact fraction.
    ///
    /// `None` when more than 28 decimals are asked for, or when the rounded value has more
    /// digits than a `Decimal` holds (about 28): never a value rounded further than asked.
    pub fn to_decimal(&self, decimals: u32, rounding: Rounding) -> Option<Decimal> {
        if decimals > Decimal::MAX_SCALE {
            return None;
        }
        let scale = power_of_ten(decimals)?;
        let whole = match &self.0 {
            Repr::Small(n, d) => match n.checked_mul(scale) {
                Some(scaled) => return fit(round_small(scaled, *d, rounding), decimals),
                None => round_big(&(BigInt::from(*n) * scale), &BigInt::from(*d), rounding),
            },
            Repr::Big(big) => round_big(&(big.numer() * scale), big.denom(), rounding),
        };
        fit_big(whole, decimals)
    }

    /// Whether this lies less than one digit of the last of `decimals` from `printed`: only then
    /// can it print so, in whatever mode. Far cheaper than to round and compare.
    pub fn may_print_as(&self, printed: Decimal, decimals: u32) -> bool {
        let near = || {
            let Repr::Small(n, d) = self.0 else { return None };
            let digits = power_of_ten(decimals.checked_sub(printed.scale())?)?.checked_mul(printed.mantissa())?;
            let off = n.checked_mul(power_of_ten(decimals)?)?.checked_sub(digits.checked_mul(d)?)?;
            Some(off.unsigned_abs() < d.unsigned_abs())
        };
        near().unwrap_or(true)
    }

    /// Whether this at `decimals` decimals is `printed`: what [`Self::to_decimal`] says, without a
    /// division for what is nowhere near.
    pub fn prints_as(&self, printed: Decimal, decimals: u32, rounding: Rounding) -> bool {
        let off = || {
            let Repr::Small(n, d) = self.0 else { return None };
            let digits = power_of_ten(decimals.checked_sub(printed.scale())?)?.checked_mul(printed.mantissa())?;
            let off = n.checked_mul(power_of_ten(decimals)?)?.checked_sub(digits.checked_mul(d)?)?;
            Some((off, n.signum(), d))
        };
        let slowly = || self.to_decimal(decimals, rounding) == Some(printed);
        // In units of the last digit this is `off / d` above what was printed.
        let Some((off, sign, d)) = off() else { return slowly() };
        if off == 0 || off.unsigned_abs() >= d.unsigned_abs() {
            return off == 0;
        }
        match rounding {
            Rounding::Truncate => off.signum() == sign,
            Rounding::Ceiling => off < 0,
            Rounding::HalfUp => match off.unsigned_abs().cmp(&(d.unsigned_abs() - off.unsigned_abs())) {
                Ordering::Less => true,
                Ordering::Equal => off.signum() != sign,
                Ordering::Greater => false,
            },
            Rounding::HalfEven => slowly(),
        }
    }

    /// The sum of decimals, in whole numbers as far as they fit.
    pub fn sum_of(decimals: impl Iterator<Item = Decimal> + Clone) -> Self {
        let scale = decimals.clone().map(|decimal| decimal.scale()).max().unwrap_or(0);
        let units = decimals.clone().try_fold(0i128, |sum, decimal| {
            sum.checked_add(decimal.mantissa().checked_mul(power_of_ten(scale - decimal.scale())?)?)
        });
        let short = units.and_then(|units| Self::shifted(units, scale));
        short.unwrap_or_else(|| decimals.map(Self::from).sum())
    }

    /// The value as a decimal without any rounding; `None` when it never ends (1/3) or has
    /// more digits than a `Decimal` holds.
    pub fn to_exact_decimal(&self) -> Option<Decimal> {
        let Repr::Small(n, d) = self.0 else {
            // 96 bits over 10^28 would be small.
            return None;
        };
        let (n, d) = reduced(n, d);
        let decimals = finite_decimals(d.unsigned_abs())?;
        let scaled = n.checked_mul(power_of_ten(decimals)? / d)?;
        Decimal::try_from_i128_with_scale(scaled, decimals).ok()
    }

    /// `mantissa` / 10^`scale`; `None` outside what an `i128` holds.
    pub(super) fn shifted(mantissa: i128, scale: u32) -> Option<Self> {
        Self::small(mantissa, power_of_ten(scale)?)
    }

    /// `n / d`; `d` is not 0. `None` when an end of the range is in the way.
    fn small(n: i128, d: i128) -> Option<Self> {
        if n == i128::MIN || d == i128::MIN {
            return None;
        }
        let (n, d) = if d < 0 { (-n, -d) } else { (n, d) };
        let has_room = n.unsigned_abs() <= ROOM && d.unsigned_abs() <= ROOM;
        let (n, d) = if has_room { (n, d) } else { reduced(n, d) };
        Some(Self(Repr::Small(n, d)))
    }

    /// Takes a reduced big fraction back to the small form where it fits.
    fn from_big(big: BigRational) -> Self {
        match (big.numer().to_i128(), big.denom().to_i128()) {
            (Some(n), Some(d)) if n != i128::MIN => Self(Repr::Small(n, d)),
            _ => Self(Repr::Big(Box::new(big))),
        }
    }

    fn to_big(&self) -> BigRational {
        match &self.0 {
            Repr::Small(n, d) => {
                let (n, d) = reduced(*n, *d);
                BigRational::new_raw(BigInt::from(n), BigInt::from(d))
            }
            Repr::Big(big) => (**big).clone(),
        }
    }

    fn small_sum(&self, other: &Self) -> Option<Self> {
        let (Repr::Small(a, b), Repr::Small(c, d)) = (&self.0, &other.0) else {
            return None;
        };
        if b == d {
            return Self::small(a.checked_add(*c)?, *b);
        }
        // Decimals: one denominator nearly always divides the other.
        if let (Some(b), Some(d)) = (short(*b), short(*d)) {
            if b % d == 0 {
                return Self::small(a.checked_add(c.checked_mul(i128::from(b / d))?)?, i128::from(b));
            }
            if d % b == 0 {
                return Self::small(c.checked_add(a.checked_mul(i128::from(d / b))?)?, i128::from(d));
            }
        }
        let common = i128::try_from(gcd(b.unsigned_abs(), d.unsigned_abs())).ok()?;
        let (left, right) = (d / common, b / common);
        let sum = a.checked_mul(left)?.checked_add(c.checked_mul(right)?)?;
        Self::small(sum, b.checked_mul(left)?)
    }

    fn small_product(&self, other: &Self) -> Option<Self> {
        let (Repr::Small(a, b), Repr::Small(c, d)) = (&self.0, &other.0) else {
            return None;
        };
        if let (Some(n), Some(d)) = (product(*a, *c), product(*b, *d)) {
            return Self::small(n, d);
        }
        // Reduced crosswise first, the product may still fit.
        let first = i128::try_from(gcd(a.unsigned_abs(), d.unsigned_abs())).ok()?;
        let second = i128::try_from(gcd(c.unsigned_abs(), b.unsigned_abs())).ok()?;
        Self::small((a / first).checked_mul(c / second)?, (b / second).checked_mul(d / first)?)
    }
}

/// 10 to the power of `exponent`, where an `i128` holds it.
fn power_of_ten(exponent: u32) -> Option<i128> {
    const POWERS: [i128; 39] = {
        let mut powers = [1; 39];
        let mut at = 1;
        while at < powers.len() {
            powers[at] = powers[at - 1] * 10;
            at += 1;
        }
        powers
    };
    POWERS.get(exponent as usize).copied()
}

/// `a * b` where an `i128` holds it. Numbers of 64 bits, as nearly all are, need no test.
fn product(a: i128, b: i128) -> Option<i128> {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(a), Ok(b)) => Some(i128::from(a) * i128::from(b)),
        _ => a.checked_mul(b),
    }
}

/// A number that 64 bits hold: their arithmetic is several times faster.
fn short(n: i128) -> Option<u64> {
    u64::try_from(n).ok()
}

/// The same fraction with the smallest numbers; `d` is positive and `n` is not `i128::MIN`.
fn reduced(n: i128, d: i128) -> (i128, i128) {
    // At most `d`, so it fits.
    let common = i128::try_from(gcd(n.unsigned_abs(), d.unsigned_abs())).unwrap_or(1);
    if common == 1 { (n, d) } else { (n / common, d / common) }
}

/// Greatest common divisor, at least 1 even for (0, 0).
fn gcd(mut a: u128, mut b: u128) -> u128 {
    // 64-bit division is several times faster than 128-bit, and nearly always enough.
    while b != 0 {
        if let (Ok(mut small_a), Ok(mut small_b)) = (u64::try_from(a), u64::try_from(b)) {
            while small_b != 0 {
                (small_a, small_b) = (small_b, small_a % small_b);
            }
            return u128::from(small_a).max(1);
        }
        (a, b) = (b, a % b);
    }
    a.max(1)
}

/// Decimals needed to print `1/d` in full; `None` when it never ends.
fn finite_decimals(mut d: u128) -> Option<u32> {
    let twos = d.trailing_zeros();
    d >>= twos;
    let mut fives = 0;
    while d.is_multiple_of(5) {
        d /= 5;
        fives += 1;
    }
    (d == 1).then(|| twos.max(fives))
}

/// `n / d` to a whole number; `d` is positive.
fn round_small(n: i128, d: i128, rounding: Rounding) -> i128 {
    let (quotient, rest) = (n / d, n % d);
    let away = match rounding {
        Rounding::Truncate => false,
        Rounding::Ceiling => rest > 0,
        Rounding::HalfUp | Rounding::HalfEven => {
            // Compared without doubling the rest, which could overflow.
            let rest = rest.unsigned_abs();
            match rest.cmp(&(d.unsigned_abs() - rest)) {
                Ordering::Less => false,
                Ordering::Greater => true,
                Ordering::Equal => rounding == Rounding::HalfUp || quotient % 2 != 0,
            }
        }
    };
    // `away` means a rest, so d >= 2 and the quotient is far from the ends of the range.
    quotient + if away { n.signum() } else { 0 }
}

/// As [`round_small`].
fn round_big(n: &BigInt, d: &BigInt, rounding: Rounding) -> BigInt {
    let (quotient, rest) = (n / d, n % d);
    let away = match rounding {
        Rounding::Truncate => false,
        Rounding::Ceiling => rest.is_positive(),
        Rounding::HalfUp | Rounding::HalfEven => match (Signed::abs(&rest) * 2i32).cmp(d) {
            Ordering::Less => false,
            Ordering::Greater => true,
            Ordering::Equal => rounding == Rounding::HalfUp || quotient.bit(0),
        },
    };
    match (away, n.is_negative()) {
        (false, _) => quotient,
        (true, false) => quotient + 1,
        (true, true) => quotient - 1,
    }
}

/// `whole` with `decimals` decimals. Zeros at the end need no room: 1000000 asked for at 28
/// decimals is still 1000000.
fn fit(mut whole: i128, mut decimals: u32) -> Option<Decimal> {
    while whole.unsigned_abs() > DECIMAL_MAX && decimals > 0 && whole % 10 == 0 {
        whole /= 10;
        decimals -= 1;
    }
    Decimal::try_from_i128_with_scale(whole, decimals).ok()
}

/// As [`fit`].
fn fit_big(mut whole: BigInt, mut decimals: u32) -> Option<Decimal> {
    loop {
        if let Some(small) = whole.to_i128() {
            return fit(small, decimals);
        }
        let shorter = &whole / 10;
        if decimals == 0 || &shorter * 10 != whole {
            return None;
        }
        whole = shorter;
        decimals -= 1;
    }
}

impl From<i64> for Rational {
    fn from(value: i64) -> Self {
        Self(Repr::Small(i128::from(value), 1))
    }
}

impl From<Decimal> for Rational {
    fn from(value: Decimal) -> Self {
        // A mantissa of 96 bits over at most 10^28: both fit.
        Self::shifted(value.mantissa(), value.scale()).unwrap_or(Self::ZERO)
    }
}

impl PartialEq for Rational {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Rational {}

impl Hash for Rational {
    /// Of the reduced fraction: equal values hash alike.
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            Repr::Small(n, d) => reduced(*n, *d).hash(state),
            Repr::Big(big) => big.hash(state),
        }
    }
}

impl Ord for Rational {
    /// By value, exactly.
    fn cmp(&self, other: &Self) -> Ordering {
        let (Repr::Small(a, b), Repr::Small(c, d)) = (&self.0, &other.0) else {
            return self.to_big().cmp(&other.to_big());
        };
        if b == d {
            return a.cmp(c);
        }
        match (product(*a, *d), product(*c, *b)) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => by_whole_parts((*a, *b), (*c, *d)),
        }
    }
}

/// Compares fractions too large to be multiplied: by their whole parts, then by the inverses of what
/// is left, which are the other way round. The denominators are positive.
fn by_whole_parts((mut a, mut b): (i128, i128), (mut c, mut d): (i128, i128)) -> Ordering {
    let mut swapped = false;
    loop {
        let by_whole = a.div_euclid(b).cmp(&c.div_euclid(d));
        let (left, right) = (a.rem_euclid(b), c.rem_euclid(d));
        let decided = match (by_whole, left, right) {
            (Ordering::Equal, 0, _) | (Ordering::Equal, _, 0) => Some(left.signum().cmp(&right.signum())),
            (Ordering::Equal, _, _) => None,
            (Ordering::Less | Ordering::Greater, _, _) => Some(by_whole),
        };
        if let Some(order) = decided {
            return if swapped { order.reverse() } else { order };
        }
        // left / b against right / d is as d / right against b / left.
        (a, b, c, d) = (b, left, d, right);
        swapped = !swapped;
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Neg for &Rational {
    type Output = Rational;

    fn neg(self) -> Rational {
        match &self.0 {
            Repr::Small(n, d) => Rational(Repr::Small(-n, *d)),
            // Through `from_big`: the numerator may be 2^127, which fits once negated.
            Repr::Big(big) => Rational::from_big(-(**big).clone()),
        }
    }
}

impl Add for &Rational {
    type Output = Rational;

    fn add(self, other: Self) -> Rational {
        self.small_sum(other).unwrap_or_else(|| Rational::from_big(self.to_big() + other.to_big()))
    }
}

impl Sub for &Rational {
    type Output = Rational;

    fn sub(self, other: Self) -> Rational {
        self + &-other
    }
}

impl Mul for &Rational {
    type Output = Rational;

    fn mul(self, other: Self) -> Rational {
        self.small_product(other).unwrap_or_else(|| Rational::from_big(self.to_big() * other.to_big()))
    }
}

/// The same operators on values, for expressions.
macro_rules! on_values {
    ($($operator:ident $method:ident),*) => {$(
        impl $operator for Rational {
            type Output = Rational;

            fn $method(self, other: Self) -> Rational {
                (&self).$method(&other)
            }
        }
    )*};
}
on_values!(Add add, Sub sub, Mul mul);

impl Neg for Rational {
    type Output = Rational;

    fn neg(self) -> Rational {
        -&self
    }
}

impl Sum for Rational {
    fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
        values.fold(Self::ZERO, |total, value| &total + &value)
    }
}

impl<'a> Sum<&'a Rational> for Rational {
    fn sum<I: Iterator<Item = &'a Rational>>(values: I) -> Self {
        values.fold(Self::ZERO, |total, value| &total + value)
    }
}

impl fmt::Display for Rational {
    /// "2352.97" when the decimal ends within what a `Decimal` holds, else "7/3".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(decimal) = self.to_exact_decimal() {
            return write!(f, "{}", decimal.normalize());
        }
        match &self.0 {
            Repr::Small(n, d) => match reduced(*n, *d) {
                (n, 1) => write!(f, "{n}"),
                (n, d) => write!(f, "{n}/{d}"),
            },
            Repr::Big(big) => write!(f, "{big}"),
        }
    }
}

impl fmt::Debug for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rational({self})")
    }
}

#[cfg(test)]
mod tests;
