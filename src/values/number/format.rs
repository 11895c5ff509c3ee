//! Printing decimals. Nothing here rounds: what is printed reads back as the same value.

use rust_decimal::Decimal;

/// "1.006,3": dots between thousands, a decimal comma, no trailing zeros. The form of reports
/// and appendices.
pub fn vietnamese(value: Decimal) -> String {
    print(value, Some('.'), ',')
}

/// "1 006,3": spaces that do not break between thousands, a decimal comma, no trailing zeros.
pub fn spaced(value: Decimal) -> String {
    print(value, Some('\u{a0}'), ',')
}

/// "1,006.3": commas between thousands, a decimal point, no trailing zeros.
pub fn english(value: Decimal) -> String {
    print(value, Some(','), '.')
}

/// "1006.3": for machines (csv, json, mappings); read back by
/// [`parse_plain`](super::parse_plain). No trailing zeros.
pub fn plain(value: Decimal) -> String {
    print(value, None, '.')
}

/// The same value without trailing zeros after the decimal mark; -0 becomes 0.
#[must_use]
pub fn trim(value: Decimal) -> Decimal {
    if value.is_zero() { Decimal::ZERO } else { value.normalize() }
}

/// Appends what [`plain`] gives.
pub(crate) fn push_plain(out: &mut String, value: Decimal) {
    push(out, value, None, '.');
}

/// Appends what [`vietnamese`] gives.
pub(crate) fn push_vietnamese(out: &mut String, value: Decimal) {
    push(out, value, Some('.'), ',');
}

fn print(value: Decimal, thousands: Option<char>, mark: char) -> String {
    let mut text = String::with_capacity(16);
    push(&mut text, value, thousands, mark);
    text
}

fn push(text: &mut String, value: Decimal, thousands: Option<char>, mark: char) {
    let value = if value.scale() == 0 && !value.is_zero() { value } else { trim(value) };
    let scale = value.scale() as usize;
    // 29 digits at most; zeros fill up to one digit before the mark.
    let mut digits = [b'0'; 40];
    let mut first = digits.len();
    let mut rest = value.mantissa().unsigned_abs();
    // Below 10, so nothing is cut.
    #[allow(clippy::cast_possible_truncation)]
    let letter = |digit: u64| b'0' + digit as u8;
    let mut short = u64::try_from(rest).ok();
    while first > 0 && (short != Some(0) || digits.len() - first <= scale) {
        first -= 1;
        // Division is slow where it is of more bits than a processor has.
        if let Some(rest) = &mut short {
            digits[first] = letter(*rest % 10);
            *rest /= 10;
        } else {
            digits[first] = letter(u64::try_from(rest % 10).unwrap_or(0));
            rest /= 10;
            short = u64::try_from(rest).ok();
        }
    }
    let whole = digits.len() - scale;
    if value.mantissa() < 0 {
        text.push('-');
    }
    for (place, &digit) in digits.iter().enumerate().skip(first) {
        if place == whole {
            text.push(mark);
        } else if let Some(separator) = thousands
            && place > first
            && place < whole
            && (whole - place).is_multiple_of(3)
        {
            text.push(separator);
        }
        text.push(char::from(digit));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::values::number::{Amount, Convention, parse, parse_plain};

    #[test]
    fn forms() {
        for (value, vn, en, space, machine) in [
            ("121", "121", "121", "121", "121"),
            ("121.00", "121", "121", "121", "121"),
            ("123.5", "123,5", "123.5", "123,5", "123.5"),
            ("99.67", "99,67", "99.67", "99,67", "99.67"),
            ("1006.3", "1.006,3", "1,006.3", "1\u{a0}006,3", "1006.3"),
            ("-1234.50", "-1.234,5", "-1,234.5", "-1\u{a0}234,5", "-1234.5"),
            ("0", "0", "0", "0", "0"),
            ("-0.00", "0", "0", "0", "0"),
            ("0.508", "0,508", "0.508", "0,508", "0.508"),
            ("-0.05", "-0,05", "-0.05", "-0,05", "-0.05"),
            ("1000", "1.000", "1,000", "1\u{a0}000", "1000"),
            ("999", "999", "999", "999", "999"),
            ("163248704", "163.248.704", "163,248,704", "163\u{a0}248\u{a0}704", "163248704"),
            (
                "0.0000000000000000000000000001",
                "0,0000000000000000000000000001",
                "0.0000000000000000000000000001",
                "0,0000000000000000000000000001",
                "0.0000000000000000000000000001",
            ),
        ] {
            let decimal: Decimal = value.parse().expect("a decimal");
            assert_eq!(vietnamese(decimal), vn);
            assert_eq!(english(decimal), en);
            assert_eq!(spaced(decimal), space);
            assert_eq!(plain(decimal), machine);
        }
        assert_eq!(vietnamese(Decimal::MAX), "79.228.162.514.264.337.593.543.950.335");
        assert_eq!(trim("1.500".parse().expect("a decimal")).scale(), 1);
        assert_eq!(trim("1500".parse().expect("a decimal")).scale(), 0);
    }

    fn decimal() -> impl Strategy<Value = Decimal> {
        let mantissa = prop_oneof![
            (any::<i128>(), 32u32..=127).prop_map(|(bits, cut)| bits >> cut),
            (-2_000_000i128..=2_000_000),
        ];
        (mantissa, 0u32..=28).prop_map(|(mantissa, scale)| Decimal::from_i128_with_scale(mantissa, scale))
    }

    fn number(text: &str, convention: Convention) -> Option<(Decimal, Option<Decimal>, u32)> {
        match parse(text, convention) {
            Amount::Number(figure) => Some((figure.value, figure.alternative, figure.decimals)),
            _ => None,
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(value in decimal()) {
            let read = Some((value, None, trim(value).scale()));
            prop_assert_eq!(number(&vietnamese(value), Convention::Vietnamese), read);
            prop_assert_eq!(number(&spaced(value), Convention::Vietnamese), read);
            prop_assert_eq!(number(&english(value), Convention::English), read);
            prop_assert_eq!(parse_plain(&plain(value)), Some(value));
        }

        #[test]
        fn without_a_convention_the_value_is_among_the_readings(value in decimal()) {
            for text in [vietnamese(value), spaced(value), english(value)] {
                let (first, other, _) = number(&text, Convention::Unknown).expect("a number");
                prop_assert!(first == value || other == Some(value), "{}", text);
            }
        }
    }
}
