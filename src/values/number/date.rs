//! Dates typed as text, where a number may be wanted: "11/2024" is no 11 of 2024.

use super::{visible::visible, words};

/// How surely a text is a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateText {
    /// Nothing else has its form: "01/10/2023", "11/2024", "Ngày 26 tháng 12 năm 2023".
    Whole,
    /// A day and a month, "31/10": also one number of another.
    Stroke,
    /// A day and a month, "31.10", "31-10": also a number with decimals, or a range.
    Mark,
}

/// Words that stand before a date and change nothing about its being one.
const BEFORE: &[&str] = &[
    "ngày",
    "trước",
    "sau",
    "đến",
    "tới",
    "từ",
    "hết",
    "xong",
    "hoàn thành",
    "thời hạn",
    "thời gian",
    "hạn",
    "cuối",
    "đầu",
    "trong",
    "dự kiến",
    "ước",
];

/// Says whether a text is a date and nothing but a date, words such as "trước ngày" aside.
///
/// ```
/// use bieu::internals::values::number::{DateText, date_text};
///
/// assert_eq!(date_text("5.9.2023"), Some(DateText::Whole));
/// assert_eq!(date_text("31/10"), Some(DateText::Stroke));
/// assert_eq!(date_text("45/50"), None);
/// ```
pub fn date_text(text: &str) -> Option<DateText> {
    // The longest there is says all of it in words.
    if text.len() > 96 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // Without a letter no word says it, and most texts are plain numbers.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !byte.is_ascii_alphabetic()) {
        return in_figures(unmarked(text));
    }
    among_words(text)
}

fn among_words(text: &str) -> Option<DateText> {
    let text = visible(text);
    let (mut rest, mut is_day) = (unmarked(&text), false);
    while let Some(after) = words::strip_any(rest, BEFORE) {
        is_day = words::strip(rest, "ngày").is_some();
        rest = words::skip(after);
    }
    if words::strip(rest, "tháng").is_some() {
        return in_words(rest, None);
    }
    if let Some((quarter, after)) = words::strip(rest, "quý").map(words::skip).and_then(word) {
        let known = ["i", "ii", "iii", "iv", "1", "2", "3", "4"].contains(&&*quarter.to_lowercase());
        let after = words::skip(after);
        let year = after.strip_prefix('/').or_else(|| words::strip(after, "năm"));
        return (known && year.is_some_and(|year| is_year(year.trim()))).then_some(DateText::Whole);
    }
    if let Some((day, after)) = digits(rest)
        && words::strip(words::skip(after), "tháng").is_some()
    {
        return in_words(words::skip(after), Some(day));
    }
    if named_month(rest).is_some() {
        return Some(DateText::Whole);
    }
    let found = in_figures(rest)?;
    Some(if is_day { DateText::Whole } else { found })
}

fn unmarked(text: &str) -> &str {
    text.trim().trim_end_matches(['.', ',', ';'])
}

/// How spreadsheets call the months that they make of "18.8".
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Day and month of a date as a spreadsheet shows it: "18 Aug", "18-Aug", "Aug-18", "18-thg 8", with or
/// without a year behind it. None for other texts.
pub fn named_month(text: &str) -> Option<(u32, u32)> {
    if text.len() > 24 {
        return None;
    }
    let text = visible(text).to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let month = |word: &str| {
        let short = word.get(..3)?;
        let known = MONTHS.iter().position(|known| *known == short)? + 1;
        // "august", and no word that merely begins so.
        (word.len() == 3
            || [
                "january",
                "february",
                "march",
                "april",
                "june",
                "july",
                "august",
                "september",
                "october",
                "november",
                "december",
            ]
            .contains(&word))
        .then(|| u32::try_from(known).ok())?
    };
    let day = |word: &str| is_day(word).then(|| word.parse().ok())?;
    let (found, rest) = match words.as_slice() {
        [first, "thg", second, rest @ ..] if is_month(second) => ((day(first)?, second.parse().ok()?), rest),
        [first, second, rest @ ..] => match (day(first), month(second)) {
            (Some(day), Some(month)) => ((day, month), rest),
            _ => ((day(second)?, month(first)?), rest),
        },
        _ => return None,
    };
    let is_year = |word: &&str| is_year(word) || word.len() == 2 && word.bytes().all(|b| b.is_ascii_digit());
    (rest.is_empty() || rest.len() == 1 && rest.iter().all(is_year)).then_some(found)
}

/// "tháng 12", "tháng 12 năm 2023", "tháng 12/2023", behind a day or not.
fn in_words(text: &str, day: Option<&str>) -> Option<DateText> {
    let (month, rest) = digits(words::skip(words::strip(text, "tháng")?))?;
    let rest = words::skip(rest);
    let year = rest.strip_prefix('/').or_else(|| words::strip(rest, "năm"));
    let ends = rest.is_empty() || year.is_some_and(|year| is_year(year.trim()));
    (ends && is_month(month) && day.is_none_or(is_day)).then_some(DateText::Whole)
}

fn in_figures(text: &str) -> Option<DateText> {
    let (first, rest) = digits(text)?;
    let (mark, rest) = separator(rest)?;
    let (second, rest) = digits(rest)?;
    if words::skip(rest).is_empty() {
        // "11/2024", "2024-11"
        let month_of_year = mark != '.' && is_month(first) && is_year(second) && second.len() == 4;
        let day_and_month = second.len() <= 2 && (is_day(first) && is_month(second));
        return match mark {
            // "10-2000" is a range where nothing speaks of dates.
            '-' if month_of_year => Some(DateText::Mark),
            _ if month_of_year => Some(DateText::Whole),
            '/' if day_and_month => Some(DateText::Stroke),
            _ if day_and_month => Some(DateText::Mark),
            _ => None,
        };
    }
    let (other, rest) = separator(rest)?;
    let (third, rest) = digits(rest)?;
    let rest = words::skip(rest.strip_prefix('T').unwrap_or(rest));
    let is_time = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | ' ' | 'A' | 'P' | 'M' | 'Z');
    if other != mark || !(rest.is_empty() || (rest.contains(':') && rest.chars().all(is_time))) {
        return None;
    }
    let day_month = |day: &str, month: &str| is_day(day) && is_month(month);
    let in_order = (day_month(first, second) || day_month(second, first))
        && (is_year(third) && third.len() == 4 || (mark == '/' && third.len() == 2));
    let year_first = first.len() == 4 && is_year(first) && day_month(third, second);
    (in_order || year_first).then_some(DateText::Whole)
}

fn word(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// Up to four digits and what follows them.
fn digits(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (1..=4).contains(&end).then(|| text.split_at(end))
}

fn separator(text: &str) -> Option<(char, &str)> {
    let text = words::skip(text);
    let mark = text.chars().next()?;
    let kind = match mark {
        '/' | '.' => mark,
        _ if words::is_dash(mark) => '-',
        _ => return None,
    };
    Some((kind, words::skip(&text[mark.len_utf8()..])))
}

fn within(text: &str, low: u32, high: u32) -> bool {
    text.parse().is_ok_and(|number: u32| (low..=high).contains(&number))
}

fn is_day(text: &str) -> bool {
    text.len() <= 2 && within(text, 1, 31)
}

fn is_month(text: &str) -> bool {
    text.len() <= 2 && within(text, 1, 12)
}

fn is_year(text: &str) -> bool {
    (text.len() == 4 && within(text, 1900, 2099)) || (text.len() == 2 && within(text, 0, 99))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_text_without_letters_needs_no_words(text in "[0-9]{1,4}( {0,3}[-/.,;:~()]{0,2} {0,3}[0-9]{0,4}){0,4}[ .,;]{0,4}") {
            proptest::prop_assert_eq!(date_text(&text), among_words(&text));
        }
    }

    #[test]
    fn dates_and_what_only_looks_like_one() {
        use DateText::{Mark, Stroke, Whole};
        for (text, want) in [
            ("01/10/2023", Some(Whole)),
            ("\u{200B}31/10\u{FEFF}", Some(Stroke)),
            ("Ngày \u{200B}26 \u{200B}tháng \u{200B}12 \u{200B}năm \u{200B}2023", Some(Whole)),
            ("1/10/23", Some(Whole)),
            ("12/26/2023", Some(Whole)),
            ("5.9.2023", Some(Whole)),
            ("26-12-2023", Some(Whole)),
            ("26 / 12 / 2023", Some(Whole)),
            ("2023-12-26", Some(Whole)),
            ("2023-12-26 00:00:00", Some(Whole)),
            ("2023-12-26T00:00:00", Some(Whole)),
            ("11/2024", Some(Whole)),
            ("11-2024", Some(Mark)),
            ("Ngày 26 tháng 12 năm 2023", Some(Whole)),
            ("26 tháng 12 năm 2023.", Some(Whole)),
            ("ngày 26/12/2023", Some(Whole)),
            ("Trước ngày 31/12/2023", Some(Whole)),
            ("Hoàn thành trước 31/12/2023", Some(Whole)),
            ("ngày 31/10", Some(Whole)),
            ("tháng 12 năm 2023", Some(Whole)),
            ("Tháng 12/2023", Some(Whole)),
            ("Quý III/2024", Some(Whole)),
            ("31/10", Some(Stroke)),
            ("04/06", Some(Stroke)),
            ("31.10", Some(Mark)),
            ("31-10", Some(Mark)),
            ("18 Aug", Some(Whole)),
            ("18-Aug-24", Some(Whole)),
            ("Aug-18", Some(Whole)),
            ("18-thg 8", Some(Whole)),
            ("18 Augen", None),
            ("Marsch 5", None),
            ("45/50", None),
            ("6/13", None),
            ("2023-2024", None),
            ("11.2024", None),
            ("13/2024", None),
            ("11/2024 hộ", None),
            ("1.2.3", None),
            ("12.345.678", None),
            ("1/2/3", None),
            ("31/10%", None),
            ("600-700", None),
            ("32/10/2023", None),
            ("2023", None),
            ("ngày", None),
            ("30 ngày", None),
            ("", None),
        ] {
            assert_eq!(date_text(text), want, "{text}");
        }
    }
}
