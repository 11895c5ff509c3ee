//! What a number format shows of a number: whether it multiplies or divides, how many decimals stand
//! there, and which words.
//!
//! The grammar is that of ECMA-376 part 1, 18.8.31: up to four sections between semicolons, for
//! numbers above 0, below 0, for 0 and for texts, or each with a condition of its own.

use crate::values::number::Decimal;

/// A number format, taken apart once for all cells that have it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct NumberFormat {
    sections: Vec<Section>,
}

/// One section of a format.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Section {
    condition: Option<Condition>,
    /// `%` outside of quotes: each multiplies by 100.
    percents: u32,
    /// Commas behind the last digit: each divides by 1000.
    thousands: u32,
    /// Decimals that are always shown, and the most that ever are; `None` where the format does not
    /// say, as in the general one, fractions and powers of ten.
    decimals: Option<(u32, u32)>,
    /// Whether thousands are set apart.
    grouped: bool,
    /// Whether a number is seen at all.
    shows_number: bool,
    /// What is drawn before and behind the number, without the room that is only kept free.
    before: String,
    after: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Condition {
    relation: Relation,
    bound: Decimal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Less,
    AtMost,
    Equal,
    Unequal,
    AtLeast,
    More,
}

impl Condition {
    fn holds(self, value: Decimal) -> bool {
        match self.relation {
            Relation::Less => value < self.bound,
            Relation::AtMost => value <= self.bound,
            Relation::Equal => value == self.bound,
            Relation::Unequal => value != self.bound,
            Relation::AtLeast => value >= self.bound,
            Relation::More => value > self.bound,
        }
    }

    /// `>=100`
    fn parse(text: &str) -> Option<Self> {
        let known = [
            ("<=", Relation::AtMost),
            (">=", Relation::AtLeast),
            ("<>", Relation::Unequal),
            ("<", Relation::Less),
            (">", Relation::More),
            ("=", Relation::Equal),
        ];
        let (relation, bound) =
            known.iter().find_map(|(sign, relation)| Some((*relation, text.strip_prefix(sign)?)))?;
        Some(Self { relation, bound: bound.trim().parse().ok()? })
    }
}

/// A number as a cell shows it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ShownNumber {
    /// All digits that are stored, multiplied and divided as the format does.
    pub(crate) value: Decimal,
    /// The power of ten by which that differs from what is stored.
    pub(crate) shift: i32,
    /// Decimals that are surely drawn.
    pub(crate) decimals: u32,
    /// The number that is drawn, where digits are left away.
    pub(crate) rounded: Option<Decimal>,
}

impl NumberFormat {
    /// Takes a format code apart. What is no valid code shows the number as it is.
    pub(crate) fn parse(code: &str) -> Self {
        Self { sections: split(code).into_iter().take(4).map(Section::parse).collect() }
    }

    /// The section that shows a number.
    pub(crate) fn section(&self, value: Decimal) -> Option<&Section> {
        let numbers = &self.sections[..self.sections.len().min(3)];
        if numbers.iter().any(|section| section.condition.is_some()) {
            let fits = |section: &&Section| section.condition.is_none_or(|condition| condition.holds(value));
            return numbers.iter().find(fits);
        }
        match numbers {
            [] | [_] => numbers.first(),
            [positive, negative] => Some(if value < Decimal::ZERO { negative } else { positive }),
            [positive, negative, zero, ..] => Some(match value.cmp(&Decimal::ZERO) {
                std::cmp::Ordering::Greater => positive,
                std::cmp::Ordering::Less => negative,
                std::cmp::Ordering::Equal => zero,
            }),
        }
    }

    /// Whether there is any number that it does not show.
    pub(crate) fn may_hide(&self) -> bool {
        self.sections.iter().any(Section::hides)
    }

    /// A number as its cell draws it, with the separators that Vietnamese Excel has; `None` where no
    /// decimal holds that.
    pub(crate) fn draw(&self, stored: Decimal) -> Option<String> {
        let Some(section) = self.section(stored) else { return Some(general(stored)) };
        if section.hides() {
            return Some(format!("{}{}", section.before, section.after).trim().to_owned());
        }
        let shown = section.show(stored)?;
        // A section for numbers below 0 draws a sign of its own, or brackets.
        let is_own = section.condition.is_none() && self.sections.len() > 1;
        let value = shown.rounded.unwrap_or(shown.value);
        let sign = if value.is_sign_negative() && !value.is_zero() && !is_own { "-" } else { "" };
        let digits = match section.decimals {
            None => general(value.abs()),
            Some(_) => separated(value.abs(), shown.decimals, section.grouped),
        };
        let percent = "%".repeat(section.percents.min(4) as usize);
        Some(format!("{sign}{}{digits}{percent}{}", section.before, section.after).trim().to_owned())
    }

    /// Whether every number is shown as it is, but for its decimals and its separators.
    pub(crate) fn is_plain(&self) -> bool {
        let words = |text: &str| text.chars().any(|c| c.is_alphabetic() || matches!(c, '%' | '‰' | '₫'));
        self.sections.iter().take(3).all(|section| {
            section.percents == 0
                && section.thousands == 0
                && !words(&section.before)
                && !words(&section.after)
                && (section.shows_number || !section.before.is_empty() || !section.after.is_empty())
        })
    }
}

/// Digits that a cell without a format draws.
const GENERAL_DIGITS: u32 = 10;

/// A number in a cell without a format: no thousands set apart, and no more digits than a cell has room for.
pub(crate) fn general(value: Decimal) -> String {
    let whole = u32::try_from(value.abs().trunc().to_string().len()).unwrap_or(GENERAL_DIGITS);
    let most = GENERAL_DIGITS.saturating_sub(whole).max(1);
    let rounded = value.round_dp_with_strategy(most, rust_decimal::RoundingStrategy::MidpointAwayFromZero).normalize();
    let sign = if rounded.is_sign_negative() && !rounded.is_zero() { "-" } else { "" };
    format!("{sign}{}", separated(rounded.abs(), 0, false))
}

/// A number with a decimal comma, at least so many decimals, and points between thousands.
fn separated(value: Decimal, decimals: u32, grouped: bool) -> String {
    let plain = value.normalize().to_string();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if grouped && at > 0 && (whole.len() - at) % 3 == 0 {
            text.push('.');
        }
        text.push(digit);
    }
    let decimals = decimals as usize;
    if !fraction.is_empty() || decimals > 0 {
        text.push(',');
        text.push_str(fraction);
        text.extend(std::iter::repeat_n('0', decimals.saturating_sub(fraction.len())));
    }
    text
}

impl Section {
    /// Whether a number other than 0 is not seen in such a cell: `;;;`, or a word in its place.
    pub(crate) fn hides(&self) -> bool {
        !self.shows_number
    }

    /// Words drawn before the number.
    pub(crate) fn before(&self) -> &str {
        self.before.trim()
    }

    /// Words drawn behind the number.
    pub(crate) fn after(&self) -> &str {
        self.after.trim()
    }

    /// Whether the format makes percent of it.
    pub(crate) fn is_percent(&self) -> bool {
        self.percents > 0
    }

    /// Whether it draws a number as it is stored, without words beside it and with the same decimals.
    pub(crate) fn shows_as_stored(&self, stored: Decimal) -> bool {
        let is_plain = self.percents == 0 && self.thousands == 0 && self.before.is_empty() && self.after.is_empty();
        let has_room = |(least, most)| (least..=most).contains(&stored.scale());
        is_plain && self.shows_number && self.decimals.is_none_or(has_room)
    }

    /// A number as this section shows it; `None` where no decimal holds that.
    pub(crate) fn show(&self, stored: Decimal) -> Option<ShownNumber> {
        let shift = 2 * self.percents.min(8).cast_signed() - 3 * self.thousands.min(8).cast_signed();
        let value = shifted(stored.normalize(), shift)?;
        let Some((least, most)) = self.decimals.filter(|_| self.shows_number) else {
            return Some(ShownNumber { value, shift, decimals: 0, rounded: None });
        };
        let rounded = (value.scale() > most)
            .then(|| value.round_dp_with_strategy(most, rust_decimal::RoundingStrategy::MidpointAwayFromZero));
        Some(ShownNumber { value, shift, decimals: least, rounded })
    }

    fn parse(code: &str) -> Self {
        let mut section = Self::default();
        let (mut least, mut most) = (0, 0);
        let (mut point, mut other_form, mut commas) = (false, false, 0);
        let mut chars = code.chars().peekable();
        if code.trim().is_empty() {
            return section;
        }
        while let Some(c) = chars.next() {
            match c {
                '0' | '?' | '#' => {
                    section.grouped |= section.shows_number && commas > 0;
                    section.shows_number = true;
                    commas = 0;
                    // What stood behind digits and before others is drawn inside of the number.
                    section.after.clear();
                    if point {
                        most += 1;
                        least = if c == '#' { least } else { most };
                    }
                }
                '.' => point = true,
                ',' => commas += 1,
                '%' => section.percents += 1,
                '/' => other_form = true,
                'E' | 'e' if matches!(chars.peek(), Some('+' | '-')) => {
                    chars.next();
                    other_form = true;
                }
                'G' | 'g' if is_general(&mut chars) => {
                    section.shows_number = true;
                    other_form = true;
                    section.after.clear();
                }
                '@' => section.shows_number = true,
                '\\' => section.draw(chars.next()),
                // Room as wide as the next character; the next one fills the cell.
                '_' | '*' => {
                    chars.next();
                    section.draw(Some(' '));
                }
                '"' => chars.by_ref().take_while(|c| *c != '"').for_each(|c| section.draw(Some(c))),
                '[' => {
                    let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                    if let Some(currency) = inside.strip_prefix('$') {
                        currency.split('-').next().unwrap_or_default().chars().for_each(|c| section.draw(Some(c)));
                    } else if let Some(condition) = Condition::parse(&inside) {
                        section.condition = Some(condition);
                    }
                }
                _ => section.draw(Some(c)),
            }
        }
        section.thousands = if section.shows_number { commas } else { 0 };
        section.decimals =
            (!other_form && section.shows_number && code.contains(['0', '#', '?'])).then_some((least, most));
        section
    }

    fn draw(&mut self, c: Option<char>) {
        let place = if self.shows_number { &mut self.after } else { &mut self.before };
        place.extend(c);
    }
}

/// Takes the rest of the word `General`, if it is there.
fn is_general(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let is_there = chars.clone().take(6).collect::<String>().eq_ignore_ascii_case("eneral");
    if is_there {
        chars.nth(5);
    }
    is_there
}

/// The sections of a code: semicolons in quotes and brackets part none.
fn split(code: &str) -> Vec<&str> {
    let mut sections = Vec::new();
    let (mut start, mut quoted, mut bracketed, mut escaped) = (0, false, false, false);
    for (at, c) in code.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '"' if !bracketed => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => escaped = true,
            '[' => bracketed = true,
            ']' => bracketed = false,
            ';' if !bracketed => {
                sections.push(&code[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    sections.push(&code[start..]);
    sections
}

/// A number times a power of ten, exactly.
fn shifted(value: Decimal, shift: i32) -> Option<Decimal> {
    let scale = i64::from(value.scale()) - i64::from(shift);
    let mantissa = value.mantissa();
    let moved = if let Ok(scale) = u32::try_from(scale) {
        Decimal::try_from_i128_with_scale(mantissa, scale).ok()?
    } else {
        let factor = 10i128.checked_pow(u32::try_from(-scale).ok()?)?;
        Decimal::try_from_i128_with_scale(mantissa.checked_mul(factor)?, 0).ok()?
    };
    Some(moved.normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: &str) -> Decimal {
        value.parse().expect("a decimal")
    }

    /// Value, decimals surely drawn, what is drawn where digits are left away, words.
    fn shown(code: &str, value: &str) -> String {
        let format = NumberFormat::parse(code);
        let section = format.section(of(value)).expect("a section");
        if section.hides() {
            return format!("hidden {}{}", section.before(), section.after());
        }
        let shown = section.show(of(value)).expect("in reach");
        let rounded = shown.rounded.map(|rounded| format!(" as {rounded}")).unwrap_or_default();
        format!("{}|{} .{}{rounded}|{}", section.before(), shown.value, shown.decimals, section.after())
    }

    proptest::proptest! {
        #[test]
        fn a_number_shown_as_stored_says_nothing_more(
            code in "((\\[(<|>=|=)-?[0-9]{1,2}\\])?[-_(#0?,. %]{0,3}(General|[#0?,.%/E+@ x\"*\\\\]{0,8});?){1,4}",
            mantissa in -10_000_000i64..10_000_000,
            scale in 0u32..8,
        ) {
            let (format, value) = (NumberFormat::parse(&code), Decimal::new(mantissa, scale).normalize());
            if let Some(section) = format.section(value) {
                proptest::prop_assert!(format.may_hide() || !section.hides());
                if section.shows_as_stored(value) {
                    let shown = section.show(value).expect("in reach");
                    proptest::prop_assert_eq!((shown.value, shown.shift, shown.rounded), (value, 0, None));
                    proptest::prop_assert!(shown.decimals <= value.scale());
                    proptest::prop_assert_eq!((section.before(), section.after()), ("", ""));
                    proptest::prop_assert!(!section.is_percent() && !section.hides());
                }
            }
        }
    }

    #[test]
    fn what_is_drawn() {
        for (code, value, expected) in [
            ("General", "1234.5", "1234,5"),
            ("General", "0.123456789012", "0,123456789"),
            ("General", "-12", "-12"),
            ("#,##0", "1234567", "1.234.567"),
            ("#,##0.00", "1234.5", "1.234,50"),
            ("0.00", "1234.5", "1234,50"),
            ("#,##0.0##", "1234.5", "1.234,5"),
            ("0.0%", "0.98543", "98,5%"),
            ("#,##0,", "84500", "85"),
            ("_(* #,##0.00_);_(* (#,##0.00);_(* \"-\"??_);_(@_)", "-3", "(3,00)"),
            ("0.0;[Red]-0.00", "-3", "-3,00"),
            ("#,##0\\ [$₫-42A]", "1250", "1.250 ₫"),
            ("0;-0;;@", "0", ""),
            (";;;", "5", ""),
            ("@", "5.25", "5,25"),
        ] {
            assert_eq!(NumberFormat::parse(code).draw(of(value)).as_deref(), Some(expected), "{code} {value}");
        }
    }

    #[test]
    fn what_is_shown() {
        for (code, value, expected) in [
            ("General", "12.5", "|12.5 .0|"),
            ("0%", "0.95", "|95 .0|"),
            ("0.0%", "0.985", "|98.5 .1|"),
            ("0.0%", "0.98543", "|98.543 .1 as 98.5|"),
            ("0.0\"%\"", "94.5", "|94.5 .1|%"),
            ("0.0\\%", "94.5", "|94.5 .1|%"),
            ("#,##0.0", "24", "|24 .1|"),
            ("#,##0.##", "24", "|24 .0|"),
            ("0.0##", "24.12345", "|24.12345 .1 as 24.123|"),
            ("#,##0", "24.5", "|24.5 .0 as 25|"),
            ("#,##0", "-24.5", "|-24.5 .0 as -25|"),
            ("#,##0.0,,", "1250000000", "|1250 .1|"),
            ("#,##0,", "84500", "|84.5 .0 as 85|"),
            ("#,##0,\" nghìn\"", "84000", "|84 .0|nghìn"),
            ("#,##0\" tạ\"", "12", "|12 .0|tạ"),
            ("#,##0\\ [$₫-42A]", "1250", "|1250 .0|₫"),
            ("[$-42A]#,##0.00", "7", "|7 .2|"),
            ("_-* #,##0\\ _₫_-;-* #,##0\\ _₫_-;_-* \"-\"\\ _₫_-;_-@_-", "1250", "|1250 .0|"),
            ("_(* #,##0.00_);_(* (#,##0.00);_(* \"-\"??_);_(@_)", "-3", "(|-3 .2|)"),
            ("0.0;[Red]-0.00", "-3", "-|-3 .2|"),
            ("0;-0;;@", "0", "hidden "),
            ("0;-0;\"không\"", "0", "hidden không"),
            (";;;", "5", "hidden "),
            ("[<1]0.0%;0", "0.5", "|50 .1|"),
            ("[<1]0.0%;0", "50", "|50 .0|"),
            ("[>=1000]#,##0,\"k\";0", "2500", "|2.5 .0 as 3|k"),
            ("[>=1000]#,##0,\"k\";0", "500", "|500 .0|"),
            ("\"a;b\"0", "5", "a;b|5 .0|"),
            ("0.00E+00", "1234.5", "|1234.5 .0|"),
            ("# ?/?", "0.5", "|0.5 .0|"),
            ("@", "5", "|5 .0|"),
            ("000-000", "123456", "|123456 .0|"),
            ("General\" con\"", "5", "|5 .0|con"),
        ] {
            assert_eq!(shown(code, value), expected, "{code} {value}");
        }
    }

    #[test]
    fn plain_formats() {
        for code in ["0", "#,##0.00", "_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)", "[Red]0.0;-0.0", "0;-0;\"-\""] {
            assert!(NumberFormat::parse(code).is_plain(), "{code}");
        }
        for code in ["0%", "0,", ";;;", "0\" tạ\"", "0\"%\"", "0\\ [$₫-42A]", "[<1]0%;0"] {
            assert!(!NumberFormat::parse(code).is_plain(), "{code}");
        }
    }
}
