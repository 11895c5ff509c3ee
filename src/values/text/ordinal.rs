//! The STT column: A, I, 1, 1.1, a) and bullets, which carry the hierarchy of a table.

use super::fold::{is_blank, is_dash, trim, trim_start};

/// One way to read an STT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrdinalKind {
    /// A, B, C ...
    UpperLetter,
    /// I, II, III ...
    Roman,
    /// i, ii, iii ...
    LowerRoman,
    /// 1, 2, 3 ...
    Arabic,
    /// 1.1, I.2, 1.2.3: with the number of parts, two or more.
    Dotted(u8),
    /// a, b, c, d, đ ...
    LowerLetter,
    /// `-`, `+`, `*` and their kin; every dash is given as `-`.
    Bullet(char),
}

/// What an STT cell says. A single letter can be a letter and a Roman numeral: "C" follows
/// "B" as well as "XCIX", so both readings are kept, the likelier first, and the rows around
/// decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ordinal {
    first: (OrdinalKind, u32),
    second: Option<(OrdinalKind, u32)>,
}

impl Ordinal {
    /// The number of a row, as [`ordinal`] reads it.
    #[must_use]
    pub fn of_number(number: i64) -> Option<Self> {
        let place = u32::try_from(number).ok().filter(|place| *place < 10_000)?;
        Some(Self::one(OrdinalKind::Arabic, place))
    }

    /// The kind and the place, where it can be read in one way only.
    pub(crate) fn only(&self) -> Option<(OrdinalKind, u32)> {
        self.second.is_none().then_some(self.first)
    }

    const fn one(kind: OrdinalKind, place: u32) -> Self {
        Self { first: (kind, place), second: None }
    }

    /// The possible kinds, the likelier first.
    pub fn kinds(&self) -> impl Iterator<Item = OrdinalKind> + use<> {
        [Some(self.first), self.second].into_iter().flatten().map(|(kind, _)| kind)
    }

    /// Whether `kind` is one of the possible readings.
    #[must_use]
    pub fn is(&self, kind: OrdinalKind) -> bool {
        self.kinds().any(|own| own == kind)
    }

    /// The place in its list when it is read as `kind`: the number, for dotted ones the last
    /// part, for letters the place in a b c d đ e ... z (lists leave some out, so only the
    /// order counts); 0 for bullets. `None` where it cannot be read so.
    #[must_use]
    pub fn place(&self, kind: OrdinalKind) -> Option<u32> {
        [Some(self.first), self.second].into_iter().flatten().find_map(|(own, place)| (own == kind).then_some(place))
    }
}

/// Reads an STT cell: "I", "1.", "1.1", "a)", "(2)", "-". `None` for anything more.
///
/// The text decides alone: "-" is given as a bullet and "x" as a letter, although they may
/// stand for "none" and for a tick; numbers have at most four digits.
#[must_use]
pub fn ordinal(cell: &str) -> Option<Ordinal> {
    let cell = trim(cell);
    if let Some((bullet, rest)) = bullet(cell) {
        return rest
            .chars()
            .all(|c| is_dash(c) || c == bullet || is_blank(c))
            .then_some(Ordinal::one(OrdinalKind::Bullet(bullet), 0));
    }
    let inner = trim_start(cell.strip_prefix('(').unwrap_or(cell));
    let (ordinal, rest) = numeral(inner)?;
    matches!(trim(rest), "" | "." | ")" | ".)" | "/" | ":" | "-" | "./").then_some(ordinal)
}

/// A label in two: the numbering and bullets before it, and the rest. An ordinal goes only with
/// its punctuation ("1.", "a)", "(1)", "1.1 "): the 100 of "100 triệu đồng/ha" stays with the
/// rest, and so do "-5", "1.5 ha" and "H. Long Thành".
///
/// Both are pieces of the label without the blanks at its ends, so that nobody has to count
/// bytes of a text that was trimmed elsewhere.
pub(super) fn split_numbering(label: &str) -> (&str, &str) {
    let label = trim(label);
    // Only ever the end of the label, so its length tells where the numbering ends.
    let mut rest = label;
    // Nobody nests deeper, and a cell of thousands of bullets is not worth more.
    for _ in 0..8 {
        let next = strip_bullet(rest).or_else(|| strip_enclosed(rest)).or_else(|| strip_numeral(rest)).map(trim_start);
        match next {
            Some(next) if next.chars().any(char::is_alphanumeric) => rest = next,
            _ => break,
        }
    }
    label.split_at(label.len() - rest.len())
}

/// The bullet at the start; those from U+F020 are what the Symbol and Wingdings fonts leave.
fn bullet(text: &str) -> Option<(char, &str)> {
    let c = text.chars().next()?;
    let bullet = match c {
        c if is_dash(c) => '-',
        '+'
        | '*'
        | '_'
        | '•'
        | '·'
        | '∙'
        | '●'
        | '○'
        | '◦'
        | '■'
        | '□'
        | '▪'
        | '▫'
        | '◆'
        | '◇'
        | '►'
        | '▶'
        | '➢'
        | '➤'
        | '→'
        | '⇒'
        | '✓'
        | '✔'
        | '★'
        | '☆'
        | '※'
        | '\u{F020}'..='\u{F0FF}' => c,
        _ => return None,
    };
    Some((bullet, &text[c.len_utf8()..]))
}

fn strip_bullet(label: &str) -> Option<&str> {
    let (bullet, rest) = bullet(label)?;
    // A sign, not a bullet.
    let signed = matches!(bullet, '-' | '+') && rest.starts_with(|c: char| c.is_ascii_digit());
    (!signed).then_some(rest)
}

fn strip_enclosed(label: &str) -> Option<&str> {
    let (found, rest) = numeral(label.strip_prefix('(')?.trim_start())?;
    let rest = rest.trim_start().strip_prefix(')')?;
    let listed = found.kinds().any(|kind| match kind {
        OrdinalKind::UpperLetter | OrdinalKind::LowerLetter => found.place(kind) <= Some(9),
        OrdinalKind::Arabic => found.place(kind) < Some(100),
        OrdinalKind::Roman | OrdinalKind::LowerRoman | OrdinalKind::Dotted(_) => true,
        OrdinalKind::Bullet(_) => false,
    });
    listed.then_some(rest)
}

fn strip_numeral(label: &str) -> Option<&str> {
    let (found, rest) = numeral(label)?;
    let (kind, place) = found.first;
    let roman = found.kinds().any(|kind| matches!(kind, OrdinalKind::Roman | OrdinalKind::LowerRoman));
    if let Some(after) = rest.strip_prefix([')', ':']).or_else(|| rest.strip_prefix(".)")) {
        return matches!(after.chars().next(), Some(c) if !c.is_ascii_digit()).then_some(after);
    }
    if let Some(after) = rest.strip_prefix('.').or_else(|| rest.strip_prefix('/')) {
        // Of the letters only those that begin a list: "H." and "P." are huyện and phường,
        // "m." is a metre.
        let listed = match kind {
            OrdinalKind::UpperLetter | OrdinalKind::LowerLetter => place <= 8 || roman,
            OrdinalKind::Arabic => place < 1000,
            OrdinalKind::Roman | OrdinalKind::LowerRoman | OrdinalKind::Dotted(_) => true,
            OrdinalKind::Bullet(_) => false,
        };
        let after = after.strip_prefix('/').unwrap_or(after);
        let mut next = after.chars();
        let open = match next.next() {
            Some(c) if c.is_alphabetic() => next.next().is_some_and(char::is_alphabetic),
            Some(c) => !c.is_ascii_digit(),
            None => false,
        };
        return (listed && open).then_some(after);
    }
    let spaced = rest.starts_with(char::is_whitespace);
    match kind {
        OrdinalKind::Dotted(_) => (spaced && !names_unit(rest)).then_some(rest),
        OrdinalKind::Roman | OrdinalKind::UpperLetter => {
            let dash = rest.trim_start();
            let after = dash.strip_prefix(is_dash)?;
            // "I- Nông nghiệp" and "A - Thu", but "X-quang".
            after.starts_with(char::is_whitespace).then_some(after)
        }
        OrdinalKind::LowerRoman | OrdinalKind::Arabic | OrdinalKind::LowerLetter | OrdinalKind::Bullet(_) => None,
    }
}

/// "1.5 ha" is an amount, "1.1 Cây lúa" is not.
fn names_unit(rest: &str) -> bool {
    let word = rest.trim_start().split([' ', '/', ',', '(', '\u{A0}']).next().unwrap_or("");
    matches!(
        word.to_lowercase().as_str(),
        "" | "ha"
            | "tấn"
            | "tạ"
            | "yến"
            | "kg"
            | "g"
            | "con"
            | "triệu"
            | "nghìn"
            | "ngàn"
            | "tỷ"
            | "tỉ"
            | "đồng"
            | "đ"
            | "usd"
            | "%"
            | "m"
            | "m2"
            | "m3"
            | "m²"
            | "m³"
            | "km"
            | "km2"
            | "lít"
            | "người"
            | "hộ"
            | "khẩu"
            | "lần"
            | "lượt"
            | "điểm"
            | "kwh"
    )
}

/// The numeral at the start of `text`, without its punctuation, and what follows.
fn numeral(text: &str) -> Option<(Ordinal, &str)> {
    let (run, mut rest) = part(text);
    let first = read_part(run)?;
    let numbered = first.first.0 == OrdinalKind::Arabic;
    let (mut parts, mut last) = (1u8, 0);
    while let Some((run, after)) = rest.strip_prefix('.').map(part) {
        // "v.v." and "V.A.C" are words, "1.a" and "I.1" are not. 1.05 and 1.000 are numbers.
        let digits = !run.is_empty() && run.bytes().all(|b| b.is_ascii_digit());
        let next = match read_part(run) {
            Some(next) if digits && run.len() < 3 && !run.starts_with('0') => next,
            Some(next) if !digits && numbered && !after.starts_with(char::is_alphabetic) => next,
            _ => break,
        };
        last = next.first.1;
        parts = parts.saturating_add(1);
        rest = after;
    }
    let found = if parts == 1 { first } else { Ordinal::one(OrdinalKind::Dotted(parts), last) };
    (!rest.starts_with(|c: char| c.is_alphanumeric())).then_some((found, rest))
}

/// The run of letters and digits at the start.
fn part(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == 'đ' || c == 'Đ')).unwrap_or(text.len());
    text.split_at(end)
}

fn read_part(run: &str) -> Option<Ordinal> {
    if run.len() < 5 && !run.is_empty() && run.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Ordinal::one(OrdinalKind::Arabic, run.parse().ok()?));
    }
    let digits = run.find(|c: char| !c.is_ascii_digit())?;
    if (1..4).contains(&digits) {
        // "1a" is the a under 1.
        let place = letter(&run[digits..])?;
        return Some(Ordinal::one(OrdinalKind::Dotted(2), place));
    }
    let upper = run.chars().all(char::is_uppercase);
    let lower = run.chars().all(char::is_lowercase);
    let (as_letter, as_roman) = match (upper, lower) {
        (true, _) => (OrdinalKind::UpperLetter, OrdinalKind::Roman),
        (_, true) => (OrdinalKind::LowerLetter, OrdinalKind::LowerRoman),
        (false, false) => return None,
    };
    let letter = letter(run).map(|place| (as_letter, place));
    let roman = roman(run).map(|place| (as_roman, place));
    match (letter, roman) {
        // A list seldom reaches its 50th or 100th part, but often its ninth.
        (Some(letter), Some(roman)) if roman.1 <= 10 => Some(Ordinal { first: roman, second: Some(letter) }),
        (Some(letter), roman) => Some(Ordinal { first: letter, second: roman }),
        (None, Some(roman)) => Some(Ordinal { first: roman, second: None }),
        (None, None) => None,
    }
}

/// The place of a single letter in a b c d đ e ... z.
fn letter(run: &str) -> Option<u32> {
    const ORDER: &str = "abcdđefghijklmnopqrstuvwxyz";
    let mut chars = run.chars();
    let c = super::letter::lower(chars.next()?);
    if chars.next().is_some() {
        return None;
    }
    (1..).zip(ORDER.chars()).find_map(|(place, own)| (own == c).then_some(place))
}

/// The value of a well-formed Roman numeral; no section runs past a hundred or so.
fn roman(run: &str) -> Option<u32> {
    const STEPS: [(&str, u32); 13] = [
        ("m", 1000),
        ("cm", 900),
        ("d", 500),
        ("cd", 400),
        ("c", 100),
        ("xc", 90),
        ("l", 50),
        ("xl", 40),
        ("x", 10),
        ("ix", 9),
        ("v", 5),
        ("iv", 4),
        ("i", 1),
    ];
    if run.is_empty() || run.len() > 8 {
        return None;
    }
    let lowered = run.to_ascii_lowercase();
    let (mut rest, mut value) = (lowered.as_str(), 0);
    for (step, worth) in STEPS {
        let mut times = 0;
        while let Some(after) = rest.strip_prefix(step) {
            let repeats = matches!(worth, 1 | 10 | 100);
            if times == if repeats { 3 } else { 1 } {
                return None;
            }
            (rest, value, times) = (after, value + worth, times + 1);
        }
    }
    // "iiv" and "vx" leave something, "mix" and "di" are words: more than a hundred is.
    let word = run.len() > 1 && value > 100;
    (rest.is_empty() && !word).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(cell: &str) -> Vec<OrdinalKind> {
        ordinal(cell).iter().flat_map(Ordinal::kinds).collect()
    }

    #[test]
    fn numbers_are_read_as_their_digits() {
        for number in -11..10_011 {
            assert_eq!(Ordinal::of_number(number), ordinal(&number.to_string()), "{number}");
        }
    }

    #[test]
    fn cells() {
        use OrdinalKind::{Arabic, Bullet, Dotted, LowerLetter, LowerRoman, Roman, UpperLetter};
        for (cell, expected) in [
            ("A", vec![UpperLetter]),
            ("B.", vec![UpperLetter]),
            ("Đ", vec![UpperLetter]),
            ("I", vec![Roman, UpperLetter]),
            ("V", vec![Roman, UpperLetter]),
            ("C", vec![UpperLetter, Roman]),
            ("II", vec![Roman]),
            ("XIV.", vec![Roman]),
            (" 1 ", vec![Arabic]),
            ("12.", vec![Arabic]),
            ("(3)", vec![Arabic]),
            ("01", vec![Arabic]),
            ("1.1", vec![Dotted(2)]),
            ("1.1.", vec![Dotted(2)]),
            ("I.11", vec![Dotted(2)]),
            ("1.2.3", vec![Dotted(3)]),
            ("1a", vec![Dotted(2)]),
            ("a", vec![LowerLetter]),
            ("a)", vec![LowerLetter]),
            ("đ)", vec![LowerLetter]),
            ("ii", vec![LowerRoman]),
            ("-", vec![Bullet('-')]),
            ("–", vec![Bullet('-')]),
            ("*", vec![Bullet('*')]),
            ("+", vec![Bullet('+')]),
            ("", vec![]),
            ("STT", vec![]),
            ("IIII", vec![]),
            ("VX", vec![]),
            ("1.000", vec![]),
            ("12345", vec![]),
            ("-5", vec![]),
            ("x y", vec![]),
            ("%", vec![]),
            ("MIX", vec![]),
            ("Lúa", vec![]),
        ] {
            assert_eq!(kinds(cell), expected, "{cell:?}");
        }
    }

    #[test]
    fn places() {
        let nine = ordinal("IX.").expect("a numeral");
        assert_eq!(nine.place(OrdinalKind::Roman), Some(9));
        let c = ordinal("C").expect("a letter");
        assert_eq!((c.place(OrdinalKind::UpperLetter), c.place(OrdinalKind::Roman)), (Some(3), Some(100)));
        assert_eq!(c.place(OrdinalKind::Arabic), None);
        assert!(c.is(OrdinalKind::Roman));
        assert_eq!(ordinal("I.11").and_then(|o| o.place(OrdinalKind::Dotted(2))), Some(11));
        assert!(
            ordinal("d").map(|o| o.place(OrdinalKind::LowerLetter))
                < ordinal("đ").map(|o| o.place(OrdinalKind::LowerLetter))
        );
    }

    #[test]
    fn every_roman_numeral_to_a_hundred() {
        let ones = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
        let tens = ["", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"];
        for value in 1..100usize {
            let text = format!("{}{}", tens[value / 10], ones[value % 10]);
            assert_eq!(roman(&text), u32::try_from(value).ok(), "{text}");
        }
    }
}
