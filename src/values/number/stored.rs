//! The binary float that a spreadsheet stores, and its way to an exact decimal and back.
//!
//! What breaks if this is changed: every number cell of every workbook passes through here. A
//! value that is rounded, or turned into 0, in this file is wrong in every check after it.

// The edge where binary floats enter and leave; nothing is judged on them here or elsewhere.
#![allow(clippy::float_arithmetic)]

use std::fmt::{self, Write as _};

use rust_decimal::Decimal;

/// Every whole number below this has at most the 15 digits that a spreadsheet shows.
const SHOWN_LIMIT: f64 = 1e15;
/// Powers of ten that are exact as a float and cover the decimals that offices use.
const SHORT_SCALES: [f64; 5] = [1.0, 1e1, 1e2, 1e3, 1e4];

/// A number as a spreadsheet stores it: a finite binary double.
///
/// No arithmetic and no judgement is done on it; [`exact`](Self::exact) gives the decimal.
///
/// ```
/// use bieu::{Decimal, StoredNumber};
///
/// let sum = StoredNumber::from_f64(0.1 + 0.2).unwrap();
/// assert_eq!(sum.exact(), Ok(Decimal::new(3, 1)));
/// assert_eq!(StoredNumber::from_f64(f64::NAN), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct StoredNumber(f64);

/// Why a stored number has no exact [`Decimal`].
///
/// ```
/// use bieu::{OutOfReach, StoredNumber};
///
/// let huge = StoredNumber::from_f64(1e300).unwrap();
/// assert_eq!(huge.exact(), Err(OutOfReach::TooLarge));
/// assert_eq!(huge.scientific(), "1E+300");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutOfReach {
    /// Beyond ±79 228 162 514 264 337 593 543 950 335 (about 7,9 × 10²⁸).
    TooLarge,
    /// Not 0, yet it needs more than 28 decimals: usually what a subtraction in a formula left
    /// behind (`=0,3-0,2-0,1` stores -2,8 × 10⁻¹⁷).
    TooSmall,
}

impl fmt::Display for OutOfReach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "the number is larger than 7.9e28",
            Self::TooSmall => "the number is not zero but needs more than 28 decimals",
        })
    }
}

impl std::error::Error for OutOfReach {}

impl StoredNumber {
    /// `None` for NaN and the infinities, which no spreadsheet stores as a number.
    pub fn from_f64(value: f64) -> Option<Self> {
        value.is_finite().then_some(Self(value))
    }

    /// Its digits without the point and how many of them are decimals, where that is at most 15 and
    /// at most 4; [`from_short`](Self::from_short) gives the same number back.
    pub(crate) fn as_short(self) -> Option<(i64, u32)> {
        let (mantissa, decimals) = self.short_parts()?;
        // -0 has no digits to carry its sign.
        (mantissa != 0 || self.0.is_sign_positive()).then_some((mantissa, decimals))
    }

    /// The digits of a plain decimal of at most 9 digits, and how many of them are decimals, at most
    /// 4; `None` for every other text. It is the number that parsing the text gives.
    pub(crate) fn short_of(text: &[u8]) -> Option<(i64, u32)> {
        let digits = text.strip_prefix(b"-").unwrap_or(text);
        let (mut mantissa, mut decimals, mut point) = (0u32, 0, false);
        if digits.len() > 10 || !digits.first()?.is_ascii_digit() {
            return None;
        }
        for byte in digits {
            match byte {
                b'0'..=b'9' => {
                    mantissa = mantissa.checked_mul(10)?.checked_add(u32::from(byte - b'0'))?;
                    decimals += u32::from(point);
                }
                b'.' if !point => point = true,
                _ => return None,
            }
        }
        while decimals > 0 && mantissa.is_multiple_of(10) {
            (mantissa, decimals) = (mantissa / 10, decimals - 1);
        }
        let is_short = decimals < 5 && (mantissa != 0 || digits.len() == text.len());
        let mantissa = i64::from(mantissa);
        is_short.then_some((if digits.len() == text.len() { mantissa } else { -mantissa }, decimals))
    }

    /// The number with these digits, at most 15 of them, of which at most 4 are decimals.
    pub(crate) fn from_short(mantissa: i64, decimals: u32) -> Self {
        let scale = SHORT_SCALES.get(decimals as usize).copied().unwrap_or(1.0);
        // Both operands are exact, so the quotient is correctly rounded: what parsing gives too.
        #[allow(clippy::cast_precision_loss)]
        Self(mantissa as f64 / scale)
    }

    /// The value at 15 significant digits, which is what a spreadsheet shows and compares.
    ///
    /// A number typed with at most 15 digits comes back exactly as typed; the residue of
    /// binary arithmetic goes (0,1 + 0,2 stores 0,30000000000000004 and gives 0,3). Trailing
    /// zeros are dropped, -0 is 0.
    ///
    /// # Errors
    /// [`OutOfReach`] when no `Decimal` holds those digits; never a rounded value or a false 0.
    pub fn exact(self) -> Result<Decimal, OutOfReach> {
        if let Some(decimal) = self.short() {
            return Ok(decimal);
        }
        let mut text = Scientific::default();
        // Writing into the buffer cannot fail: 15 digits in scientific form fit it.
        let _ = write!(text, "{:.14e}", self.0);
        text.decimal()
    }

    /// The number in scientific notation, `1E+300`, for a person to recognise one that no decimal
    /// can hold.
    pub fn scientific(self) -> String {
        format!("{:E}", self.0).replace("E-", "E\u{2212}").replace('E', "E+").replace("E+\u{2212}", "E-")
    }

    /// The value by the shortest digits that read back to the same double (up to 17 digits):
    /// what is stored, residue included. For saying what a cell holds, not for comparing.
    ///
    /// # Errors
    /// As [`exact`](Self::exact).
    pub fn shortest(self) -> Result<Decimal, OutOfReach> {
        if let Some(decimal) = self.short() {
            return Ok(decimal);
        }
        let mut text = Scientific::default();
        let _ = write!(text, "{:e}", self.0);
        text.decimal()
    }

    /// The common case without any text: at most 15 digits, at most 4 of them decimals.
    ///
    /// `whole` has at most 15 digits and the division is correctly rounded, so `whole / scale`
    /// is the double nearest to that decimal. Two decimals of at most 15 digits never share a
    /// double, so when it equals the stored value it is the only one, and the shortest.
    fn short(self) -> Option<Decimal> {
        self.short_parts().and_then(|(mantissa, decimals)| Decimal::try_new(mantissa, decimals).ok())
    }

    fn short_parts(self) -> Option<(i64, u32)> {
        for (decimals, scale) in (0u32..).zip(SHORT_SCALES) {
            let scaled = self.0 * scale;
            // The nearest whole number; `f64::round` is a call. Below 10^15 what is a whole number
            // but for one rounding is off it by 1/8 at most, so that the half put on leads to it.
            #[allow(clippy::cast_possible_truncation)]
            let whole = (scaled + 0.5f64.copysign(scaled)) as i64;
            #[allow(clippy::cast_precision_loss)]
            let nearest = whole as f64;
            if nearest.abs() >= SHOWN_LIMIT {
                return None;
            }
            // Bit for bit on purpose: "the same double", not "about the same number".
            #[allow(clippy::float_cmp)]
            if nearest / scale == self.0 {
                return Some((whole, decimals));
            }
        }
        None
    }
}

/// A float in scientific notation ("-1.23456789012345e-7") on the stack: 25 bytes at most.
#[derive(Default)]
struct Scientific {
    bytes: [u8; 32],
    len: usize,
}

impl fmt::Write for Scientific {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        let room = self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

impl Scientific {
    fn decimal(&self) -> Result<Decimal, OutOfReach> {
        let mut mantissa: i128 = 0;
        let mut negative = false;
        let mut fraction = None; // digits after the point, once it was seen
        let mut exponent: Option<i32> = None;
        let mut exponent_negative = false;
        for &byte in self.bytes.get(..self.len).unwrap_or_default() {
            match (byte, exponent.as_mut()) {
                (b'0'..=b'9', None) => {
                    // At most 17 digits: no overflow.
                    mantissa = mantissa * 10 + i128::from(byte - b'0');
                    fraction = fraction.map(|digits: i32| digits + 1);
                }
                // At most 3 digits: a double ends at 1e308.
                (b'0'..=b'9', Some(power)) => *power = *power * 10 + i32::from(byte - b'0'),
                (b'-', None) => negative = true,
                (b'-', Some(_)) => exponent_negative = true,
                (b'.', _) => fraction = Some(0),
                (b'e', _) => exponent = Some(0),
                _ => {}
            }
        }
        if mantissa == 0 {
            return Ok(Decimal::ZERO);
        }
        let power = exponent.unwrap_or(0);
        let mut power = if exponent_negative { -power } else { power } - fraction.unwrap_or(0);
        while mantissa % 10 == 0 {
            mantissa /= 10;
            power += 1;
        }
        let signed = if negative { -mantissa } else { mantissa };
        if let Ok(up) = u32::try_from(power) {
            10i128
                .checked_pow(up)
                .and_then(|scale| signed.checked_mul(scale))
                .and_then(|whole| Decimal::try_from_i128_with_scale(whole, 0).ok())
                .ok_or(OutOfReach::TooLarge)
        } else {
            Decimal::try_from_i128_with_scale(signed, power.unsigned_abs()).map_err(|_| OutOfReach::TooSmall)
        }
    }
}

/// The double nearest to `value`, for the cell a writer fills.
///
/// Correctly rounded. A value of at most 15 significant [`digits`] reads back exactly through
/// [`StoredNumber::exact`]; a longer one does not, so write that as text and say so.
pub fn to_f64_for_display(value: Decimal) -> f64 {
    const EXACT: i128 = 1 << 53;
    let mantissa = value.mantissa();
    if mantissa.abs() <= EXACT
        && let Some(&scale) = SHORT_SCALES.get(value.scale() as usize)
    {
        // Both operands are exact, so the quotient is correctly rounded.
        #[allow(clippy::cast_precision_loss)]
        return mantissa as f64 / scale;
    }
    // The standard parser rounds correctly, whatever the length, and takes any decimal text.
    value.array_string().as_ref().parse().unwrap_or_default()
}

/// Significant digits of `value`: leading zeros and zeros at either end do not count, so 1200
/// and 0,012 have two. 0 has one. Over 15, a spreadsheet cannot hold the value as a number.
pub fn digits(value: Decimal) -> u32 {
    let mut rest = value.mantissa().unsigned_abs();
    if rest == 0 {
        return 1;
    }
    while rest.is_multiple_of(10) {
        rest /= 10;
    }
    rest.ilog10() + 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn exact(value: f64) -> Result<String, OutOfReach> {
        let stored = StoredNumber::from_f64(value).expect("finite");
        stored.exact().map(|decimal| decimal.to_string())
    }

    fn shortest(value: f64) -> Result<String, OutOfReach> {
        let stored = StoredNumber::from_f64(value).expect("finite");
        stored.shortest().map(|decimal| decimal.to_string())
    }

    #[test]
    fn stored_numbers_come_out_as_typed() {
        for (value, want) in [
            (0.0, "0"),
            (-0.0, "0"),
            (7.0, "7"),
            (-3.0, "-3"),
            (1006.3, "1006.3"),
            (99.67, "99.67"),
            (0.508, "0.508"),
            (0.1 + 0.2, "0.3"),
            (1.1 * 3.0, "3.3"),
            (0.94, "0.94"),
            (97.323_601, "97.323601"),
            (211.706_102_1, "211.7061021"),
            (1.0 / 3.0, "0.333333333333333"),
            (2.0 / 3.0, "0.666666666666667"),
            (100.0 / 3.0, "33.3333333333333"),
            (-1.0e-7, "-0.0000001"),
            (163_248_704.0, "163248704"),
            (999_999_999_999_999.0, "999999999999999"),
            (1e15, "1000000000000000"),
            (9_007_199_254_740_993.0, "9007199254740990"),
            (99_999_999_999_999.98, "100000000000000"),
            (123_456_789_012.345_67, "123456789012.346"),
            (7.9e28, "79000000000000000000000000000"),
            (1e-28, "0.0000000000000000000000000001"),
        ] {
            assert_eq!(exact(value).as_deref(), Ok(want), "{value:e}");
        }
    }

    #[test]
    fn the_shortest_form_keeps_the_residue() {
        for (value, want) in [
            (0.1 + 0.2, "0.30000000000000004"),
            (0.3, "0.3"),
            (1.0 / 3.0, "0.3333333333333333"),
            (9_007_199_254_740_992.0, "9007199254740992"),
            (-0.0, "0"),
        ] {
            assert_eq!(shortest(value).as_deref(), Ok(want), "{value:e}");
        }
    }

    #[test]
    fn what_no_decimal_holds_is_an_error_and_never_zero() {
        for (value, want) in [
            (8e28, OutOfReach::TooLarge),
            (-1e300, OutOfReach::TooLarge),
            (f64::MAX, OutOfReach::TooLarge),
            (1e-30, OutOfReach::TooSmall),
            (-f64::MIN_POSITIVE, OutOfReach::TooSmall),
            (5e-324, OutOfReach::TooSmall),
            (0.3 - 0.1 - 0.2, OutOfReach::TooSmall),
        ] {
            assert_eq!(exact(value), Err(want), "{value:e}");
            assert_eq!(shortest(value), Err(want), "{value:e}");
        }
        assert_eq!(StoredNumber::from_f64(f64::NAN), None);
        assert_eq!(StoredNumber::from_f64(f64::INFINITY), None);
        assert_eq!(StoredNumber::from_f64(f64::NEG_INFINITY), None);
    }

    #[test]
    fn short_texts() {
        for (text, want) in [
            ("0", Some((0, 0))),
            ("12.50", Some((125, 1))),
            ("-0.0200", Some((-2, 2))),
            ("1.2345", Some((12_345, 4))),
            ("1.23450", Some((12_345, 4))),
            ("1.23456", None),
            ("7.", Some((7, 0))),
            ("4294967295", Some((4_294_967_295, 0))),
            ("4294967296", None),
            ("12345678901", None),
            // Its sign would be lost.
            ("-0.0", None),
            ("", None),
            ("-", None),
            (".5", None),
            ("+5", None),
            ("1e3", None),
            ("1.2.3", None),
            (" 1", None),
            ("inf", None),
        ] {
            assert_eq!(StoredNumber::short_of(text.as_bytes()), want, "{text}");
        }
        assert_eq!(StoredNumber::from_f64(-0.0).and_then(StoredNumber::as_short), None);
        assert_eq!(StoredNumber::from_f64(0.1 + 0.2).and_then(StoredNumber::as_short), None, "the residue stays");
    }

    #[test]
    fn significant_digits() {
        for (value, want) in [
            ("0", 1),
            ("0.000", 1),
            ("7", 1),
            ("1200", 2),
            ("0.0120", 2),
            ("1006.3", 5),
            ("-99.67", 4),
            ("123456789012345", 15),
            ("1234567890123456", 16),
            ("1.234567890123456", 16),
            ("79228162514264337593543950335", 29),
        ] {
            assert_eq!(digits(value.parse().expect("a decimal")), want, "{value}");
        }
    }

    /// The independent reading: the standard library's text, through `rust_decimal`'s parser.
    fn by_text(value: f64) -> Option<Decimal> {
        Decimal::from_scientific(&format!("{value:.14e}")).ok()
    }

    proptest! {
        #[test]
        fn fifteen_digits_survive_the_spreadsheet(m in -999_999_999_999_999i64..=999_999_999_999_999, scale in 0u32..=20) {
            let value = Decimal::new(m, scale);
            let stored = StoredNumber::from_f64(to_f64_for_display(value)).expect("finite");
            prop_assert_eq!(stored.exact(), Ok(value));
            prop_assert_eq!(stored.shortest(), Ok(value));
        }

        #[test]
        fn any_double_is_exact_or_refused(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            if let Some(stored) = StoredNumber::from_f64(value)
                && let Ok(exact) = stored.exact()
            {
                prop_assert_eq!(exact.is_zero(), value == 0.0);
                prop_assert!(digits(exact) <= 15);
            }
        }

        #[test]
        fn a_short_text_is_the_number_that_it_parses_to(text in "-?[0-9]{1,7}(\\.[0-9]{0,5})?") {
            if let Some((mantissa, decimals)) = StoredNumber::short_of(text.as_bytes()) {
                let parsed = StoredNumber::from_f64(text.parse().expect("a number")).expect("finite");
                prop_assert_eq!(StoredNumber::from_short(mantissa, decimals).0.to_bits(), parsed.0.to_bits());
                prop_assert_eq!(parsed.as_short(), Some((mantissa, decimals)));
            }
        }

        #[test]
        fn doubles_of_every_day_match_the_text_route(value in -1e12f64..1e12) {
            let exact = StoredNumber::from_f64(value).expect("finite").exact();
            prop_assert_eq!(exact.ok(), by_text(value));
        }

        #[test]
        fn display_rounds_correctly(m in any::<i128>(), scale in 0u32..=28) {
            let value = Decimal::from_i128_with_scale(m >> 33, scale);
            let want: f64 = value.to_string().parse().expect("digits");
            prop_assert_eq!(to_f64_for_display(value).to_bits(), (want + 0.0).to_bits());
        }
    }
}
