//! Number formats: which code a built-in number stands for, and which codes show dates.

use std::fmt::Write as _;

use crate::{model::workbook::Value, values::number::StoredNumber};

/// What a number format makes of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum FormatKind {
    /// A number.
    #[default]
    Number,
    /// A day, a time of day, or both.
    Date,
    /// Hours, minutes or seconds beyond 24 hours: `[h]:mm`.
    Duration,
}

/// What a format code shows, judged by its first section as spreadsheet programs do.
pub(super) fn kind(code: &str) -> FormatKind {
    let mut chars = code.chars();
    if code.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("general")) {
        return FormatKind::Number;
    }
    while let Some(c) = chars.next() {
        match c {
            // The next character is drawn, measured or repeated as it is.
            '\\' | '_' | '*' => {
                chars.next();
            }
            '"' => {
                chars.by_ref().find(|&c| c == '"');
            }
            '[' => {
                let inside: String = chars.by_ref().take_while(|&c| c != ']').collect();
                let elapsed = |unit: char| inside.chars().all(|c| c.eq_ignore_ascii_case(&unit));
                if !inside.is_empty() && ['h', 'm', 's'].into_iter().any(elapsed) {
                    return FormatKind::Duration;
                }
            }
            ';' => return FormatKind::Number,
            'd' | 'm' | 'y' | 'h' | 's' | 'D' | 'M' | 'Y' | 'H' | 'S' => return FormatKind::Date,
            _ => {}
        }
    }
    FormatKind::Number
}

/// The code of a built-in format (ECMA-376 part 1, 18.8.30); `None` for the general one and for
/// those that differ from country to country.
pub(super) fn builtin(id: u32) -> Option<&'static str> {
    Some(match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 => "# ?/?",
        13 => "# ??/??",
        14 => "mm-dd-yy",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        22 => "m/d/yy h:mm",
        // East Asian dates, which differ by country.
        27..=36 | 50..=58 => "yyyy-mm-dd",
        37 => "#,##0 ;(#,##0)",
        38 => "#,##0 ;[Red](#,##0)",
        39 => "#,##0.00;(#,##0.00)",
        40 => "#,##0.00;[Red](#,##0.00)",
        41 => "_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)",
        42 => "_($* #,##0_);_($* (#,##0);_($* \"-\"_);_(@_)",
        43 => "_(* #,##0.00_);_(* (#,##0.00);_(* \"-\"??_);_(@_)",
        44 => "_($* #,##0.00_);_($* (#,##0.00);_($* \"-\"??_);_(@_)",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mmss.0",
        48 => "##0.0E+0",
        49 => "@",
        _ => return None,
    })
}

/// A number as its format shows it.
#[derive(Debug)]
pub(super) enum Shown {
    /// A number.
    Number(StoredNumber),
    /// A serial, and the day or the duration that it stands for.
    Date(StoredNumber, String),
}

impl Shown {
    /// What a cell holds that shows it.
    pub(super) fn value(&self) -> Value<'_> {
        match self {
            Self::Number(number) => Value::Number(*number),
            Self::Date(serial, iso) => Value::Date { serial: Some(*serial), iso },
        }
    }
}

/// A number as its format shows it: a number, or the day that a serial stands for. `None` for
/// NaN and the infinities.
pub(super) fn value(number: f64, kind: FormatKind, epoch_1904: bool) -> Option<Shown> {
    let stored = StoredNumber::from_f64(number)?;
    let iso = match kind {
        FormatKind::Number => None,
        FormatKind::Date => date(number, epoch_1904),
        FormatKind::Duration => duration(number),
    };
    Some(match iso {
        Some(iso) => Shown::Date(stored, iso),
        None => Shown::Number(stored),
    })
}

const SECONDS: i64 = 86_400;
/// 9999-12-31, the last day that spreadsheet programs know.
const LAST_DAY: i64 = 2_958_465;

/// Whole seconds since the epoch of the serials, rounded; `None` where no date is shown.
#[allow(clippy::float_arithmetic, clippy::cast_possible_truncation)]
fn seconds(serial: f64) -> Option<i64> {
    // Below 3 million days, so the product is far inside what both types hold.
    (0.0..2_958_466.0).contains(&serial).then(|| (serial * 86_400.0).round() as i64)
}

fn date(serial: f64, epoch_1904: bool) -> Option<String> {
    let seconds = seconds(serial)?;
    let (mut day, time) = (seconds / SECONDS, seconds % SECONDS);
    if epoch_1904 {
        day += 1_462;
    }
    if day > LAST_DAY {
        return None;
    }
    if day == 0 {
        return Some(clock(time));
    }
    // 1900 was no leap year, but serial 60 is its 29 February.
    let (year, month, day) = match day {
        60 => (1900, 2, 29),
        1..60 => civil(day + 1),
        _ => civil(day),
    };
    let mut text = format!("{year:04}-{month:02}-{day:02}");
    if time > 0 {
        text.push('T');
        text.push_str(&clock(time));
    }
    Some(text)
}

fn clock(time: i64) -> String {
    format!("{:02}:{:02}:{:02}", time / 3600, time / 60 % 60, time % 60)
}

fn duration(serial: f64) -> Option<String> {
    let seconds = seconds(serial)?;
    let mut text = String::from("PT");
    let _ = write!(text, "{}H{}M{}S", seconds / 3600, seconds / 60 % 60, seconds % 60);
    Some(text)
}

/// Year, month and day of a day counted from 1899-12-30 (Hinnant's `civil_from_days`).
fn civil(day: i64) -> (i64, i64, i64) {
    let z = day - 25_569 + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes() {
        for code in [
            "General",
            "General\" m\"",
            "0",
            "#,##0.00",
            "0%",
            "\"ngày \"0",
            "0.00\\ \"d\"",
            "_-* #,##0\\ _d_-",
            "[Red]0;[h]",
            "#,##0\\ [$₫-42A]",
            "@",
            "0.0;dd",
            "\"0\"#",
            "(0)",
            "#,##0*y",
            "0.00E+00",
            "",
        ] {
            assert_eq!(kind(code), FormatKind::Number, "{code}");
        }
        for code in ["dd/mm/yyyy", "[$-42A]dd/mm", "d-mmm", "h:mm", "m\"M\"", "*-yyyy", "[$-404]e\"x\"m", "\"Ngày \"dd"]
        {
            assert_eq!(kind(code), FormatKind::Date, "{code}");
        }
        for code in ["[h]:mm", "[hh]", "[ss].000", "[Blue]\\+[h]:mm"] {
            assert_eq!(kind(code), FormatKind::Duration, "{code}");
        }
    }

    #[test]
    fn days() {
        for (serial, text) in [
            (1.0, "1900-01-01"),
            (59.0, "1900-02-28"),
            (60.0, "1900-02-29"),
            (61.0, "1900-03-01"),
            (45_081.0, "2023-06-04"),
            (45_081.5, "2023-06-04T12:00:00"),
            (0.25, "06:00:00"),
            (2_958_465.0, "9999-12-31"),
            (45_080.999_999_999, "2023-06-04"),
            (36_585.0, "2000-02-29"),
        ] {
            assert_eq!(date(serial, false).as_deref(), Some(text), "{serial}");
        }
        assert_eq!(date(0.0, true).as_deref(), Some("1904-01-01"));
        assert_eq!(date(43_619.0, true).as_deref(), Some("2023-06-04"));
        for serial in [-1.0, 2_958_466.0, 1e300] {
            assert_eq!(date(serial, false), None, "{serial}");
        }
        assert_eq!(duration(1.5).as_deref(), Some("PT36H0M0S"));
        assert!(value(f64::NAN, FormatKind::Date, false).is_none());
    }
}
