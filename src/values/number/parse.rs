//! Numbers in texts.
//!
//! What breaks if this is changed: this decides which cells count as numbers at all. A text is
//! read to its end or refused; nothing in it is skipped, guessed or rounded. In order:
//!
//! ```text
//! text      = nothing | [qualifier] ( bound | range | fraction | bracketed | number ) [qualifier]
//! bound     = sign-or-words figure | ["từ"] figure ("trở lên" | "trở xuống")
//! range     = ["từ"] figure ("đến" | "tới" | dash | "÷") figure
//! fraction  = figure "/" figure [ratio]        ratio = [","] ["("] [word] figure with "%" [")"]
//! bracketed = "(" digits ["%"] ")" [unit]      (accounting: below 0)
//! figure    = ["+" | "-"] [currency] digits [mark] ["%"] [unit]     (one of currency and unit)
//! ```

use rust_decimal::Decimal;

use super::amount::Convention;
use super::amount::{Amount, Figure, Qualifier, Repair};
use super::numeral::{self, Fault, Numeral};
use super::visible::visible;
use super::words;

/// Reads what a text cell says about a quantity.
///
/// Expects composed text (NFC). White space of any kind around the text, and characters
/// without width anywhere in it, make no difference. `convention` decides "1.250"; a number
/// that only the other convention allows is still read, and says so in
/// [`Figure::evidence`]. Under [`Convention::Unknown`] a figure that proves a convention
/// settles its neighbours in the same text ("0.5-1.250"). Never panics, never rounds.
///
/// ```
/// use bieu::internals::values::number::{Amount, BoundOp, Convention, parse};
///
/// assert!(matches!(
///     parse("từ 90 trở lên", Convention::Unknown),
///     Amount::Bound { op: BoundOp::Ge, .. }
/// ));
/// assert_eq!(parse("Hoàn thành", Convention::Unknown), Amount::NotANumber);
/// ```
pub fn parse(text: &str, convention: Convention) -> Amount {
    let text = text.trim();
    if let Some(figure) = whole_number(text) {
        return Amount::Number(figure);
    }
    let text = visible(text);
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return words::nothing(&text).map_or(Amount::NotANumber, Amount::Nothing);
    }
    match read(&text, convention) {
        Ok(amount) => settle(amount, convention),
        Err(Fault::TooLong) => Amount::TooLong,
        Err(Fault::NotANumber) => Amount::NotANumber,
    }
}

/// Reads a number as machines write it, "-1006.3": digits, at most one point with digits on
/// both sides, nothing else. For mappings, catalogues and csv, where `1e5` and `1_000` are
/// mistakes. `None` also when it has more digits than a `Decimal` holds.
pub fn parse_plain(text: &str) -> Option<Decimal> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let value = Decimal::from_str_exact(unsigned).ok()?;
    Some(signed(value, negative))
}

/// The common cell, without looking any further: digits that fit an `i64`.
fn whole_number(text: &str) -> Option<Figure> {
    if text.is_empty() || text.len() > 18 {
        return None;
    }
    let mut value: i64 = 0;
    for byte in text.bytes() {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(byte - b'0');
    }
    Some(Figure {
        value: Decimal::from(value),
        decimals: 0,
        alternative: None,
        unit: None,
        percent: false,
        thousands: None,
        evidence: Convention::Unknown,
        repaired: None,
        parenthesised: false,
        qualifier: None,
    })
}

/// Applies what needs the whole text: one figure's proof to the others, and the order of a
/// range.
fn settle(mut amount: Amount, convention: Convention) -> Amount {
    if convention == Convention::Unknown && amount.is_ambiguous() {
        let proven = amount.evidence();
        amount.figures_mut().for_each(|figure| figure.read_as(proven));
    }
    match amount {
        Amount::Range { low, high } if low.unit == high.unit && low.value > high.value => Amount::NotANumber,
        amount => amount,
    }
}

fn read(text: &str, convention: Convention) -> Result<Amount, Fault> {
    let text = without_full_stop(text);
    let mut reader = Reader { convention, qualifier: None };
    let mut text = text;
    // Most texts begin with their number: no need to look for words before it.
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        (reader.qualifier, text) = leading(text);
        if text.starts_with('(') {
            return reader.bracketed(text);
        }
        if let Some((op, rest)) = words::bound(text) {
            let (figure, rest) = reader.figure(rest, Sign::Allowed)?;
            let figure = reader.end(figure, rest)?;
            return Ok(Amount::Bound { op, figure });
        }
    }
    let from = words::strip(text, "từ");
    let (first, rest) = reader.figure(from.unwrap_or(text), Sign::Allowed)?;
    if let Some((op, rest)) = words::bound_behind(rest) {
        let figure = reader.end(first, rest)?;
        return Ok(Amount::Bound { op, figure });
    }
    if let Some(rest) = words::range_sign(rest) {
        return reader.range(first, rest, Between::Mark);
    }
    if let Some(rest) = words::range_word(rest) {
        return reader.range(first, rest, Between::Word);
    }
    if from.is_some() {
        return Err(Fault::NotANumber); // "từ 90": from 90 to what?
    }
    if let Some(rest) = rest.strip_prefix('/') {
        return reader.fraction(first, rest);
    }
    Ok(Amount::Number(reader.end(first, rest)?))
}

/// "18,6 ha." ends a sentence; "5." does not end a number.
fn without_full_stop(text: &str) -> &str {
    match text.strip_suffix(['.', ',', ';']) {
        Some(rest) if rest.ends_with(|c: char| c.is_alphabetic() || c == '%' || c == ')') => rest,
        _ => text,
    }
}

/// The qualifiers in front, bracketed or not.
fn leading(text: &str) -> (Option<Qualifier>, &str) {
    match words::bracketed_qualifier(text) {
        Some((qualifier, rest)) => (Some(qualifier), words::qualifiers(rest).1),
        None => words::qualifiers(text),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Allowed,
    None,
}

/// What stands between the ends of a range.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Between {
    Mark,
    Word,
}

struct Reader {
    convention: Convention,
    qualifier: Option<Qualifier>,
}

impl Reader {
    /// A number with its sign, percent sign and unit, and the text after them without leading
    /// space.
    fn figure<'a>(&self, text: &'a str, sign: Sign) -> Result<(Figure, &'a str), Fault> {
        let text = words::skip(text);
        let (negative, unsigned) = match text.chars().next() {
            Some('+') if sign == Sign::Allowed => (false, &text[1..]),
            Some(c) if sign == Sign::Allowed && words::is_minus(c) => (true, &text[c.len_utf8()..]),
            _ => (false, text),
        };
        let (currency, unsigned) =
            words::currency(unsigned).map_or((None, unsigned), |(unit, rest)| (Some(unit), rest));
        let (digits, mut rest) = numeral::read(unsigned, self.convention)?;
        let mut figure = self.build(&digits, negative);
        if let Some(after) = without_stray_separator(&digits, rest) {
            figure.repaired = Some(Repair::StraySeparator);
            rest = after;
        }
        let rest = percent_and_unit(&mut figure, rest)?;
        if let Some(currency) = currency {
            if figure.percent || figure.unit.is_some() {
                return Err(Fault::NotANumber);
            }
            figure.unit = Some(currency.to_owned());
        }
        Ok((figure, rest))
    }

    fn build(&self, digits: &Numeral, negative: bool) -> Figure {
        Figure {
            value: signed(digits.value, negative),
            decimals: digits.decimals,
            alternative: digits.alternative.map(|value| signed(value, negative)),
            unit: None,
            percent: false,
            thousands: digits.thousands,
            evidence: digits.evidence,
            repaired: digits.repair(),
            parenthesised: false,
            qualifier: self.qualifier,
        }
    }

    /// "(1.234)", as accounts write a number below 0.
    fn bracketed(&mut self, text: &str) -> Result<Amount, Fault> {
        let inside = words::skip(text.strip_prefix('(').unwrap_or(text));
        let (digits, rest) = numeral::read(inside, self.convention)?;
        let mut figure = self.build(&digits, true);
        figure.parenthesised = true;
        let rest = words::skip(rest);
        let within = rest.strip_prefix(['%', '％']);
        let rest = words::skip(within.unwrap_or(rest));
        let rest = rest.strip_prefix(')').ok_or(Fault::NotANumber)?;
        let rest = percent_and_unit(&mut figure, rest)?;
        figure.percent |= within.is_some();
        Ok(Amount::Number(self.end(figure, rest)?))
    }

    /// What follows the low end and the mark or word behind it.
    fn range(&mut self, mut low: Figure, text: &str, by: Between) -> Result<Amount, Fault> {
        let sign = match by {
            Between::Mark => Sign::None,
            Between::Word => Sign::Allowed,
        };
        let (high, rest) = self.figure(text, sign)?;
        let high = self.end(high, rest)?;
        pair(&mut low, &high)?;
        // "từ 500 nghìn đến 2 triệu" may change its unit; a dash between two units may be
        // part of the first.
        if by == Between::Mark && (low.percent != high.percent || low.unit != high.unit) {
            return Err(Fault::NotANumber);
        }
        Ok(Amount::Range { low, high })
    }

    /// What follows the part and the stroke.
    fn fraction(&mut self, mut part: Figure, text: &str) -> Result<Amount, Fault> {
        let (whole, mut rest) = self.figure(text, Sign::None)?;
        if part.percent != whole.percent {
            return Err(Fault::NotANumber); // "8/8 100%", its space taken for thousands
        }
        let mut percent = None;
        if !rest.is_empty() && words::bracketed_qualifier(rest).is_none() {
            let (ratio, after) = self.ratio(rest)?;
            percent = Some(ratio);
            rest = after;
        }
        let whole = self.end(whole, rest)?;
        pair(&mut part, &whole)?;
        if let Some(percent) = &mut percent {
            percent.qualifier = whole.qualifier;
        }
        Ok(Amount::Fraction { part, whole, percent })
    }

    /// "đạt 99,67%", "(99,67%)", "= 99,67%" behind a fraction.
    fn ratio<'a>(&self, text: &'a str) -> Result<(Figure, &'a str), Fault> {
        let after_mark = words::skip(text.strip_prefix([',', ';']).unwrap_or(text));
        let bracket = after_mark.strip_prefix('(');
        let inner = words::skip(bracket.unwrap_or(after_mark));
        let number = words::ratio_word(inner).unwrap_or(inner);
        if number.len() == text.len() {
            return Err(Fault::NotANumber); // nothing stands between
        }
        let (figure, rest) = if bracket.is_some() {
            let (inside, rest) = number.split_once(')').ok_or(Fault::NotANumber)?;
            let (figure, left) = self.figure(inside, Sign::None)?;
            if !left.is_empty() {
                return Err(Fault::NotANumber);
            }
            (figure, words::skip(rest))
        } else {
            self.figure(number, Sign::None)?
        };
        if figure.percent { Ok((figure, rest)) } else { Err(Fault::NotANumber) }
    }

    /// The end of the text: at most a qualifier in brackets.
    fn end(&mut self, mut figure: Figure, rest: &str) -> Result<Figure, Fault> {
        if !rest.is_empty() {
            let (qualifier, after) = words::bracketed_qualifier(rest).ok_or(Fault::NotANumber)?;
            if !words::skip(after).is_empty() {
                return Err(Fault::NotANumber);
            }
            self.qualifier = self.qualifier.or(Some(qualifier));
        }
        figure.qualifier = self.qualifier;
        Ok(figure)
    }
}

/// Takes what stands behind the digits into the figure; gives what is left.
fn percent_and_unit<'a>(figure: &mut Figure, text: &'a str) -> Result<&'a str, Fault> {
    let mut rest = words::skip(text);
    if let Some(after) = rest.strip_prefix(['%', '％']) {
        figure.percent = true;
        rest = words::skip(after);
    }
    if rest.is_empty() {
        return Ok(rest);
    }
    let (unit, rest) = split_unit(rest)?;
    figure.unit = (!unit.is_empty()).then(|| unit.to_owned());
    Ok(rest)
}

/// A unit written once, behind the second number, stands for both; one behind the first alone
/// does not ("5 ca COVID-19" is no range). A stray space in one of two numbers could as well
/// part two numbers, so it is not overlooked here.
fn pair(first: &mut Figure, second: &Figure) -> Result<(), Fault> {
    let stray = |figure: &Figure| figure.repaired == Some(Repair::StraySpace);
    let bare = |figure: &Figure| figure.unit.is_none() && !figure.percent;
    if stray(first) || stray(second) || (bare(second) && !bare(first)) {
        return Err(Fault::NotANumber);
    }
    if bare(first) {
        first.unit.clone_from(&second.unit);
        first.percent = second.percent;
    }
    first.qualifier = second.qualifier;
    Ok(())
}

fn signed(value: Decimal, negative: bool) -> Decimal {
    if negative && !value.is_zero() { -value } else { value }
}

/// "163.248.704.đ", "19.373.497,", "19.373.497,-": a number with marks, one mark too many, then đ or
/// nothing. The rest from đ on. "12," may have lost its decimals, and "5." numbers a row.
fn without_stray_separator<'a>(digits: &Numeral, rest: &'a str) -> Option<&'a str> {
    let after = rest.strip_prefix(['.', ',', ';'])?;
    let grouped = digits.thousands.is_some() && digits.decimals == 0 && !digits.stray_space;
    let end = words::skip(after.strip_prefix(words::is_dash).unwrap_or(after));
    if end.is_empty() && (grouped || (digits.decimals > 0 && !digits.stray_space)) {
        return Some(end);
    }
    (grouped && words::strip_any(after, &["đ", "đồng", "vnđ", "vnd"]).is_some()).then_some(after)
}

/// Splits the unit from what follows it: a stroke, a dash or a word before another number, a
/// ratio, a qualifier in brackets. Any other digit in it means several numbers, or a code such
/// as "1e5"; only the 2 and 3 of m2 and m3 belong to a unit.
fn split_unit(text: &str) -> Result<(&str, &str), Fault> {
    let mut previous = ' ';
    let mut end = text.len();
    for (at, c) in text.char_indices() {
        let here = &text[at..];
        if unit_ends(previous, c, here) {
            end = at;
            break;
        }
        if c.is_numeric() && !matches!(c, '²' | '³') {
            let power = matches!(c, '2' | '3')
                && matches!(previous, 'm' | 'M')
                && !here[1..].starts_with(char::is_alphanumeric);
            if !power {
                return Err(Fault::NotANumber);
            }
        }
        previous = c;
    }
    let (unit, rest) = (text[..end].trim_end(), &text[end..]);
    let unit = match unit.strip_prefix('(') {
        Some(inside) if !inside.contains(')') => return Err(Fault::NotANumber),
        // "5 (ha)", but "5 (ha) (a)" as it stands.
        Some(inside) if inside.find(')') == Some(inside.len() - 1) => inside[..inside.len() - 1].trim(),
        _ => unit,
    };
    let unit_begins = |c: char| c.is_alphabetic() || matches!(c, '(' | '₫' | '$' | '€' | '‰' | '°');
    if end > 0 && !unit.starts_with(unit_begins) {
        return Err(Fault::NotANumber);
    }
    Ok((unit, rest))
}

/// Whether the unit ends before `c`, with which `here` begins.
fn unit_ends(previous: char, c: char, here: &str) -> bool {
    let digit_follows = |text: &str| words::skip(text).starts_with(|c: char| c.is_ascii_digit());
    let after = &here[c.len_utf8()..];
    match c {
        '/' | '÷' => digit_follows(after),
        '(' => words::bracketed_qualifier(here).is_some() || ratio_follows(after),
        ',' | ';' => ratio_follows(words::skip(after).trim_start_matches('(')),
        _ if words::is_dash(c) => digit_follows(after),
        '=' | ':' => digit_follows(after),
        _ if c.is_alphabetic() && !previous.is_alphanumeric() => {
            let signed_follows = |text: &str| {
                let text = words::skip(text);
                digit_follows(text.strip_prefix(words::is_minus).unwrap_or(text))
            };
            words::bound_behind(here).is_some()
                || words::range_word(here).is_some_and(signed_follows)
                || words::ratio_word(here).is_some_and(digit_follows)
        }
        _ => false,
    }
}

/// Whether a percentage begins here, perhaps behind "đạt".
fn ratio_follows(text: &str) -> bool {
    let text = words::skip(text);
    let number = words::ratio_word(text).map_or(text, words::skip);
    number.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
