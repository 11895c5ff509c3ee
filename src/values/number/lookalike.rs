//! Letters that look like digits: "1O5" for 105, "l2,5" for 12,5.

use super::{Amount, Convention, parse, visible::visible};

/// The digit that a letter looks like. Latin and Cyrillic O, small l, capital I, the bar, S and B.
fn digit_like(c: char) -> Option<char> {
    match c {
        'O' | 'o' | 'О' | 'о' => Some('0'),
        'l' | 'I' | '|' => Some('1'),
        'S' => Some('5'),
        'B' | 'В' => Some('8'),
        _ => None,
    }
}

/// The number that a text shows with such letters put right, as text: "1O5 ha" gives "105 ha".
/// `None` where there is no such letter among the digits, or the result is no number either. It is
/// a proposal: the text as it stands is no number.
///
/// ```
/// use bieu::internals::values::number::look_alike;
///
/// assert_eq!(look_alike("1O5").as_deref(), Some("105"));
/// assert_eq!(look_alike("105"), None);
/// ```
pub fn look_alike(text: &str) -> Option<String> {
    let text = visible(text);
    let text = text.trim();
    if text.len() > 64 || !text.chars().any(|c| digit_like(c).is_some()) {
        return None;
    }
    if matches!(text, "O" | "o" | "О" | "о") {
        return Some("0".to_owned());
    }
    // The first word, "-" before it aside; a unit may follow.
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',') || digit_like(c).is_some();
    let start = usize::from(text.starts_with(['-', '+']));
    let end = text[start..].find(|c: char| !is_part(c)).map_or(text.len(), |at| start + at);
    let word = &text[start..end];
    let parted = text[end..].chars().next().is_none_or(|c| c.is_whitespace() || c == '%');
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    if !parted || digits == 0 || !word.chars().any(|c| digit_like(c).is_some()) {
        return None;
    }
    let right: String = word.chars().map(|c| digit_like(c).unwrap_or(c)).collect();
    let right = format!("{}{right}{}", &text[..start], &text[end..]);
    matches!(parse(&right, Convention::Unknown), Amount::Number(_)).then_some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_among_digits() {
        for (text, want) in [
            ("1O5", Some("105")),
            ("\u{200B}1O5\u{FEFF}", Some("105")),
            ("1o5", Some("105")),
            ("1OO", Some("100")),
            ("l05", Some("105")),
            ("I2,5", Some("12,5")),
            ("1.25O", Some("1.250")),
            ("-1O", Some("-10")),
            ("1O5 ha", Some("105 ha")),
            ("99,l%", Some("99,1%")),
            ("O", Some("0")),
            ("2l", Some("21")),
            ("l2O", Some("120")),
            ("1S", Some("15")),
            ("B5,2", Some("85,2")),
            ("S", None),
            ("BS", None),
            ("105", None),
            ("l", None),
            ("Ol", None),
            ("5 lít", None),
            ("10 l", None),
            ("5lít", None),
            ("1Ox", None),
            ("Hoàn thành", None),
            ("l,l,l", None),
            ("", None),
        ] {
            assert_eq!(look_alike(text).as_deref(), want, "{text}");
        }
    }
}
