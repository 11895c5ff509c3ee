//! One run of digits and separators, read by a convention.
//!
//! What breaks if this is changed: "1.250", "1.23" and "1.006,3" look alike and differ by a
//! factor of a thousand. A run is read only when a convention allows it as it stands; two
//! readings are both kept; everything else is refused.

use super::visible::is_group_space;
use rust_decimal::Decimal;

use super::amount::Convention;
use super::amount::{Repair, Thousands};

/// Why a text gives no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    NotANumber,
    TooLong,
}

/// An unsigned number and what its marks say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numeral {
    pub(super) value: Decimal,
    pub(super) decimals: u32,
    pub(super) alternative: Option<Decimal>,
    pub(super) thousands: Option<Thousands>,
    pub(super) evidence: Convention,
    pub(super) stray_space: bool,
}

/// Any more digits than these cannot fit the 96 bits of a `Decimal`.
const MOST_DIGITS: u32 = 29;
const MOST_DECIMALS: u32 = Decimal::MAX_SCALE;

/// What was seen while the run was scanned: enough to judge it without looking back.
#[derive(Default)]
struct Run {
    mantissa: i128,
    /// Numeral from the first one that is not 0.
    significant: u32,
    /// Length of the digits before the first separator, and whether they begin with 0.
    first_len: u32,
    first_zero: bool,
    separators: u32,
    /// The separator before the last one; all of those are alike unless `mixed`.
    prior: Option<Thousands>,
    mixed: bool,
    /// A group between two separators is not of three digits.
    broken: bool,
    last: Option<Thousands>,
    last_len: u32,
    stray_spaces: u32,
}

impl Run {
    fn digit(&mut self, digit: u8) {
        if self.significant > 0 || digit > 0 {
            self.significant = self.significant.saturating_add(1);
        }
        if self.significant <= MOST_DIGITS {
            // At most 29 digits: far below the range of an i128.
            self.mantissa = self.mantissa * 10 + i128::from(digit);
        }
        if self.separators == 0 {
            self.first_zero |= self.first_len == 0 && digit == 0;
            self.first_len = self.first_len.saturating_add(1);
        } else {
            self.last_len = self.last_len.saturating_add(1);
        }
    }

    fn separator(&mut self, separator: Thousands) {
        if let Some(last) = self.last {
            self.mixed |= self.prior.is_some_and(|prior| prior != last);
            self.broken |= self.last_len != 3;
            self.prior = Some(last);
        }
        self.last = Some(separator);
        self.last_len = 0;
        self.separators = self.separators.saturating_add(1);
    }

    /// Whether everything before the last separator is a number in groups of three.
    fn grouped(&self) -> bool {
        (1..=3).contains(&self.first_len) && !self.first_zero && !self.broken && !self.mixed
    }

    fn decimal(&self, decimals: u32) -> Result<Decimal, Fault> {
        if self.significant > MOST_DIGITS || decimals > MOST_DECIMALS {
            return Err(Fault::TooLong);
        }
        Decimal::try_from_i128_with_scale(self.mantissa, decimals).map_err(|_| Fault::TooLong)
    }

    fn decide(&self, convention: Convention) -> Result<Numeral, Fault> {
        if self.stray_spaces > 1 {
            return Err(Fault::NotANumber); // "1, 2, 3" is a list
        }
        let Some(last) = self.last else {
            return self.value_of(0, None, Convention::Unknown);
        };
        let by_mark = match last {
            Thousands::Comma => Convention::Vietnamese, // as a decimal mark
            Thousands::Dot => Convention::English,
            Thousands::Space | Thousands::Apostrophe => Convention::Unknown,
        };
        let may_be_decimal = by_mark != Convention::Unknown;
        let may_group = self.grouped() && self.last_len == 3;
        match self.prior {
            // "1.250", "1,250", "0.508", "18,6", "1 006"
            None => match (may_group, may_be_decimal) {
                (true, true) => self.either(last, by_mark, convention),
                (true, false) => self.value_of(0, Some(last), Convention::Unknown),
                (false, true) => self.value_of(self.last_len, None, by_mark),
                (false, false) => Err(Fault::NotANumber),
            },
            // "12.345.678": a decimal mark stands once, so these separate thousands.
            Some(prior) if prior == last => {
                let evidence = match last {
                    Thousands::Dot => Convention::Vietnamese,
                    Thousands::Comma => Convention::English,
                    Thousands::Space | Thousands::Apostrophe => Convention::Unknown,
                };
                if may_group { self.value_of(0, Some(last), evidence) } else { Err(Fault::NotANumber) }
            }
            // "1.006,3", "1,006.3", "1 006,3"
            Some(prior) if may_be_decimal && self.grouped() => {
                // "1 000.000" may be grouped by two marks or hold decimals. The decimal comma
                // after spaces is the standard form, so only that one is taken for granted.
                let spaced = matches!(prior, Thousands::Space | Thousands::Apostrophe);
                let usual =
                    convention == by_mark || (convention == Convention::Unknown && by_mark == Convention::Vietnamese);
                if spaced && self.last_len == 3 && !usual {
                    return Err(Fault::NotANumber);
                }
                self.value_of(self.last_len, Some(prior), by_mark)
            }
            Some(_) => Err(Fault::NotANumber),
        }
    }

    /// One mark with three digits behind it: thousands, or three decimals.
    fn either(&self, mark: Thousands, as_decimal: Convention, convention: Convention) -> Result<Numeral, Fault> {
        let taken = match convention {
            Convention::Unknown => Convention::Vietnamese,
            known => known,
        };
        let (decimals, other) = if taken == as_decimal { (3, 0) } else { (0, 3) };
        let thousands = (decimals == 0).then_some(mark);
        let mut digits = self.value_of(decimals, thousands, Convention::Unknown)?;
        if convention == Convention::Unknown {
            digits.alternative = Some(self.decimal(other)?);
        }
        Ok(digits)
    }

    fn value_of(&self, decimals: u32, thousands: Option<Thousands>, evidence: Convention) -> Result<Numeral, Fault> {
        Ok(Numeral {
            value: self.decimal(decimals)?,
            decimals,
            alternative: None,
            thousands,
            evidence,
            stray_space: self.stray_spaces > 0,
        })
    }
}

impl Numeral {
    pub(super) fn repair(&self) -> Option<Repair> {
        self.stray_space.then_some(Repair::StraySpace)
    }
}

/// Reads the number at the start of `text`, which begins with an ASCII digit; gives what is
/// left after it. Only ASCII digits count: full-width and other digits are no number.
pub(super) fn read(text: &str, convention: Convention) -> Result<(Numeral, &str), Fault> {
    let bytes = text.as_bytes();
    let mut run = Run::default();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii_digit() {
            run.digit(byte - b'0');
            at += 1;
        } else if at > 0
            && let Some((separator, len, stray)) = separator(text, at)
        {
            run.separator(separator);
            run.stray_spaces += u32::from(stray);
            at += len;
        } else {
            break;
        }
    }
    if at == 0 {
        return Err(Fault::NotANumber);
    }
    Ok((run.decide(convention)?, &text[at..]))
}

/// The separator at byte `at`, its length, and whether spaces stray around it. It is one only
/// when a digit follows.
fn separator(text: &str, at: usize) -> Option<(Thousands, usize, bool)> {
    let rest = text.get(at..)?;
    let mark = rest.chars().next()?;
    let after = &rest[mark.len_utf8()..];
    let digit_follows = after.starts_with(|c: char| c.is_ascii_digit());
    match mark {
        '.' => digit_follows.then_some((Thousands::Dot, 1, false)),
        ',' if digit_follows => Some((Thousands::Comma, 1, false)),
        ',' => spaces_then_digit(after).map(|len| (Thousands::Comma, 1 + len, true)),
        '\'' | '\u{2019}' => digit_follows.then_some((Thousands::Apostrophe, mark.len_utf8(), false)),
        _ if is_group_space(mark) => {
            if digit_follows {
                return Some((Thousands::Space, mark.len_utf8(), false));
            }
            // "35 ,27" and "35 , 27"
            let behind = after.strip_prefix(',')?;
            let stray = if behind.starts_with(|c: char| c.is_ascii_digit()) { 0 } else { spaces_then_digit(behind)? };
            Some((Thousands::Comma, mark.len_utf8() + 1 + stray, true))
        }
        _ => None,
    }
}

/// The length of one space that stands before a digit.
fn spaces_then_digit(text: &str) -> Option<usize> {
    let space = text.chars().next().filter(|&c| is_group_space(c))?;
    let after = &text[space.len_utf8()..];
    after.starts_with(|c: char| c.is_ascii_digit()).then_some(space.len_utf8())
}

#[cfg(test)]
mod tests;
