//! The words and signs around numbers.
//!
//! Texts are expected composed (NFC); a decomposed word is simply not recognised. Case, kinds
//! of space, and đ typed as the Icelandic ð make no difference.

use super::{
    amount::{BoundOp, Nothing, Qualifier},
    visible::visible,
};

/// Words for a limit, before the number. Longer phrases first where one begins another.
const BOUNDS: &[(&str, BoundOp)] = &[
    ("trên", BoundOp::Gt),
    ("lớn hơn", BoundOp::Gt),
    ("cao hơn", BoundOp::Gt),
    ("nhiều hơn", BoundOp::Gt),
    ("dưới", BoundOp::Lt),
    ("nhỏ hơn", BoundOp::Lt),
    ("thấp hơn", BoundOp::Lt),
    ("ít hơn", BoundOp::Lt),
    ("tối thiểu", BoundOp::Ge),
    ("ít nhất", BoundOp::Ge),
    ("không dưới", BoundOp::Ge),
    ("không thấp hơn", BoundOp::Ge),
    ("không nhỏ hơn", BoundOp::Ge),
    ("không ít hơn", BoundOp::Ge),
    ("tối đa", BoundOp::Le),
    ("nhiều nhất", BoundOp::Le),
    ("không quá", BoundOp::Le),
    ("không vượt quá", BoundOp::Le),
    ("không trên", BoundOp::Le),
    ("không cao hơn", BoundOp::Le),
    ("không lớn hơn", BoundOp::Le),
    ("không nhiều hơn", BoundOp::Le),
];

const QUALIFIERS: &[(&str, Qualifier)] = &[
    ("ước", Qualifier::Estimate),
    ("ước tính", Qualifier::Estimate),
    ("ước thực hiện", Qualifier::Estimate),
    ("ưth", Qualifier::Estimate),
    ("dự kiến", Qualifier::Forecast),
    ("dự báo", Qualifier::Forecast),
    ("khoảng", Qualifier::About),
    ("xấp xỉ", Qualifier::About),
    ("gần", Qualifier::About),
    ("hơn", Qualifier::About),
    ("~", Qualifier::About),
    ("≈", Qualifier::About),
];

/// Said before a result, adding nothing to it.
const FILLERS: &[&str] = &["đạt", "được", "là"];

/// Between a fraction and its percentage.
const RATIO_WORDS: &[&str] = &["đạt tỷ lệ", "đạt tỉ lệ", "tỷ lệ", "tỉ lệ", "đạt", "bằng", "chiếm", "=", ":"];

const DITTOS: &[&str] = &[
    "\"",
    "''",
    "〃",
    "″",
    "”",
    "“",
    "’’",
    "‘‘",
    "``",
    "„",
    "´´",
    ",,",
    "nt",
    "n.t",
    "nt.",
    "như trên",
    "//",
    "-//-",
    "\"\"",
];

/// Currencies written before an amount, with the unit they stand for. Longer ones first.
const CURRENCIES: &[(&str, &str)] =
    &[("₫", "đồng"), ("us$", "usd"), ("$", "usd"), ("€", "euro"), ("vnđ", "đồng"), ("vnd", "đồng"), ("usd", "usd")];

pub(super) fn skip(text: &str) -> &str {
    text.trim_start()
}

/// Hyphen, dashes and minus, as keyboards, spell checkers and PDFs leave them.
pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2500}')
}

/// A sign directly before digits: a hyphen, the minus, or the en dash that spell checkers make.
pub(super) fn is_minus(c: char) -> bool {
    matches!(c, '-' | '\u{2013}' | '\u{2212}')
}

/// The rest after `phrase` (in lower case), if `text` begins with it. A space in the phrase is
/// any white space; a phrase that ends in a letter ends a word.
pub(super) fn strip<'a>(text: &'a str, phrase: &str) -> Option<&'a str> {
    let mut rest = text;
    let mut letter = false;
    for want in phrase.chars() {
        if want == ' ' {
            let after = skip(rest);
            if after.len() == rest.len() {
                return None;
            }
            rest = after;
            continue;
        }
        let found = rest.chars().next()?;
        if fold(found) != want {
            return None;
        }
        letter = want.is_alphabetic();
        rest = &rest[found.len_utf8()..];
    }
    let goes_on = letter && rest.starts_with(char::is_alphabetic);
    (!goes_on).then_some(rest)
}

fn fold(c: char) -> char {
    match c {
        'ð' | 'Ð' | 'Đ' => 'đ',
        _ if c.is_ascii() => c.to_ascii_lowercase(),
        _ => c.to_lowercase().next().unwrap_or(c),
    }
}

/// Strips the first of `phrases` that fits.
pub(super) fn strip_any<'a>(text: &'a str, phrases: &[&str]) -> Option<&'a str> {
    let first = first_letter(text)?;
    phrases.iter().filter(|phrase| phrase.starts_with(first)).find_map(|phrase| strip(text, phrase))
}

/// The first character as phrases are spelled: most phrases are ruled out by it alone.
fn first_letter(text: &str) -> Option<char> {
    text.chars().next().map(fold)
}

/// The kind of nothing that `text`, already trimmed, stands for.
pub(super) fn nothing(text: &str) -> Option<Nothing> {
    if text.is_empty() {
        return Some(Nothing::Blank);
    }
    // The longest of these is a few characters; a longer text is a sentence.
    if text.len() > 64 {
        return None;
    }
    if text.chars().all(|c| is_dash(c) || c.is_whitespace()) {
        return Some(Nothing::Dash);
    }
    if text.chars().all(|c| matches!(c, '.' | '…' | '⋯')) && text != "." {
        return Some(Nothing::Dots);
    }
    if matches!(text, "x" | "X" | "×" | "✕") {
        return Some(Nothing::Cross);
    }
    is_ditto(text).then_some(Nothing::Ditto)
}

/// Whether `text`, already trimmed, is a mark that repeats what stands above. Dashes around it are
/// how typists centre it: "- nt -", "-\"-".
pub(crate) fn is_ditto(text: &str) -> bool {
    if text.len() > 24 || text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let text = &*visible(text);
    let is = |text: &str| {
        let Some(first) = first_letter(text) else { return false };
        let mut marks = DITTOS.iter().filter(|mark| mark.starts_with(first));
        marks.any(|mark| strip(text, mark).is_some_and(str::is_empty))
    };
    let bare = text.trim_matches(|c: char| is_dash(c) || c.is_whitespace());
    is(text) || bare.len() < text.len() && is(bare)
}

/// A currency before an amount: its unit and the rest.
pub(super) fn currency(text: &str) -> Option<(&'static str, &str)> {
    let first = first_letter(text)?;
    CURRENCIES.iter().filter(|(mark, _)| mark.starts_with(first)).find_map(|&(mark, unit)| {
        let rest = skip(strip(text, mark)?);
        rest.starts_with(|c: char| c.is_ascii_digit()).then_some((unit, rest))
    })
}

/// The words before a number that make it an estimate, with the fillers among them. The last
/// of several qualifiers that says more than "about" counts: "ước khoảng 5" is an estimate.
pub(super) fn qualifiers(text: &str) -> (Option<Qualifier>, &str) {
    let mut qualifier = None;
    let mut rest = text;
    loop {
        let next = skip(rest);
        if let Some((found, after)) = one_qualifier(next) {
            if qualifier.is_none_or(|known| known == Qualifier::About) {
                qualifier = Some(found);
            }
            rest = after;
        } else if let Some(after) = strip_any(next, FILLERS) {
            rest = after;
        } else {
            return (qualifier, next);
        }
    }
}

fn one_qualifier(text: &str) -> Option<(Qualifier, &str)> {
    let first = first_letter(text)?;
    // The longest phrase: "ước thực hiện" before "ước".
    QUALIFIERS
        .iter()
        .filter(|(phrase, _)| phrase.starts_with(first))
        .filter_map(|&(phrase, qualifier)| Some((qualifier, strip(text, phrase)?)))
        .min_by_key(|(_, rest)| rest.len())
}

/// "(dự kiến)", "(ước đạt)": a qualifier in brackets of its own.
pub(super) fn bracketed_qualifier(text: &str) -> Option<(Qualifier, &str)> {
    let (qualifier, rest) = qualifiers(text.strip_prefix('(')?);
    Some((qualifier?, rest.strip_prefix(')')?))
}

/// The sign or words of a limit before a number.
pub(super) fn bound(text: &str) -> Option<(BoundOp, &str)> {
    let first = text.chars().next()?;
    let after = &text[first.len_utf8()..];
    let equals = |after: &'_ str| skip(after).starts_with('=');
    match first {
        '≥' | '⩾' | '≧' => return Some((BoundOp::Ge, after)),
        '≤' | '⩽' | '≦' => return Some((BoundOp::Le, after)),
        '>' if equals(after) => return Some((BoundOp::Ge, skip(after).strip_prefix('=')?)),
        '<' if equals(after) => return Some((BoundOp::Le, skip(after).strip_prefix('=')?)),
        '>' => return Some((BoundOp::Gt, after)),
        '<' => return Some((BoundOp::Lt, after)),
        '=' => {
            let behind = skip(after);
            return match behind.chars().next()? {
                '>' => Some((BoundOp::Ge, behind.strip_prefix('>')?)),
                '<' => Some((BoundOp::Le, behind.strip_prefix('<')?)),
                _ => None,
            };
        }
        _ => {}
    }
    let first = fold(first);
    let (op, rest) = BOUNDS
        .iter()
        .filter(|(phrase, _)| phrase.starts_with(first))
        .find_map(|&(phrase, op)| Some((op, strip(text, phrase)?)))?;
    match (op, strip(skip(rest), "hoặc bằng")) {
        (BoundOp::Gt, Some(rest)) => Some((BoundOp::Ge, rest)),
        (BoundOp::Lt, Some(rest)) => Some((BoundOp::Le, rest)),
        (BoundOp::Ge | BoundOp::Le, Some(_)) => None,
        (_, None) => Some((op, rest)),
    }
}

/// "trở lên", "trở xuống" after a number.
pub(super) fn bound_behind(text: &str) -> Option<(BoundOp, &str)> {
    let rest = skip(strip(text, "trở")?);
    strip(rest, "lên").map(|rest| (BoundOp::Ge, rest)).or_else(|| strip(rest, "xuống").map(|rest| (BoundOp::Le, rest)))
}

/// The word between the ends of a range.
pub(super) fn range_word(text: &str) -> Option<&str> {
    strip_any(text, &["đến", "tới"])
}

/// The sign between the ends of a range.
pub(super) fn range_sign(text: &str) -> Option<&str> {
    text.strip_prefix(|c| is_dash(c) || c == '÷')
}

/// What stands between a fraction and its percentage.
pub(super) fn ratio_word(text: &str) -> Option<&str> {
    strip_any(text, RATIO_WORDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_whole_words_in_any_case() {
        for (text, phrase, rest) in [
            ("Trên 90", "trên", Some(" 90")),
            ("TRÊN90", "trên", Some("90")),
            ("trênh", "trên", None),
            ("Tối\u{a0} thiểu 5", "tối thiểu", Some(" 5")),
            ("tốithiểu 5", "tối thiểu", None),
            ("ÐẠT 5", "đạt", Some(" 5")),
            ("~5", "~", Some("5")),
            ("", "trên", None),
            ("trê", "trên", None),
        ] {
            assert_eq!(strip(text, phrase), rest, "{text}");
        }
    }

    #[test]
    fn no_phrase_hides_another() {
        for (phrase, op) in BOUNDS {
            assert_eq!(bound(phrase), Some((*op, "")), "{phrase}");
        }
        for (phrase, qualifier) in QUALIFIERS {
            assert_eq!(qualifiers(phrase), (Some(*qualifier), ""), "{phrase}");
        }
    }
}
