//! Reads the text of a rule.

use winnow::{
    ModalResult, Parser as _,
    combinator::{alt, opt},
    error::{ErrMode, ParserError},
    stream::{LocatingSlice, Location as _, Stateful, Stream as _},
    token::{literal, take_until, take_while},
};

use super::{
    Fault, Relation, Span,
    syntax::{ExpressionKind, KEYWORDS, Node, name_length},
};
use crate::{
    model::document::{both, plain_decimal},
    values::number::Rational,
};

/// Brackets, `not`, `-` and `if` nest this deep at most: each level takes room on the stack, here
/// and wherever the rule is walked.
const DEEPEST: usize = 48;

/// The text, and how deep in it we are.
type Input<'a> = Stateful<LocatingSlice<&'a str>, usize>;
type Parsed<T> = ModalResult<T, Fault>;

impl ParserError<Input<'_>> for Fault {
    type Inner = Self;

    fn from_input(input: &Input<'_>) -> Self {
        unexpected(input)
    }

    fn into_inner(self) -> Result<Self::Inner, Self> {
        Ok(self)
    }
}

/// The rule that a text states.
///
/// # Errors
/// The first place where the text is no rule.
pub fn parse(text: &str) -> Result<Node, Fault> {
    let mut input = Stateful { input: LocatingSlice::new(text), state: 0 };
    let whole = |input: &mut Input<'_>| {
        let node = condition(input)?;
        blank(input)?;
        if input.peek_token().is_none() { Ok(node) } else { Err(ErrMode::Cut(unexpected(input))) }
    };
    match { whole }(&mut input) {
        Ok(node) => Ok(node),
        Err(ErrMode::Backtrack(fault) | ErrMode::Cut(fault)) => Err(fault),
        Err(ErrMode::Incomplete(_)) => Err(unexpected(&input)),
    }
}

/// What stands here fits nowhere.
fn unexpected(input: &Input<'_>) -> Fault {
    let at = input.current_token_start();
    let Some(c) = input.peek_token() else {
        return Fault::new(at..at, both!("quy tắc chưa hết", "the rule ends too early"));
    };
    let rest = input.peek_finish();
    let length = name_length(rest).max(c.len_utf8());
    let (word, span) = (&rest[..length], at..at + length);
    let fault = Fault::new(span, both!("không hiểu `{word}` ở đây", "`{word}` does not belong here"));
    match c {
        ',' => fault.with_help(both!(
            "dấu thập phân là dấu chấm: 0.5; dấu phẩy chỉ ngăn các đối số",
            "the decimal mark is a point: 0.5; commas only separate arguments"
        )),
        '\'' => fault.with_help(both!("chữ đặt trong dấu nháy kép", "write texts in double quotes")),
        '≤' | '≥' | '≠' => fault.with_help(both!("viết `<=`, `>=`, `!=`", "write `<=`, `>=`, `!=`")),
        '×' | '÷' | ':' => fault.with_help(both!("viết `*`, `/`", "write `*`, `/`")),
        '=' => fault.with_help(both!("dấu bằng chỉ viết một lần: `=`", "equals is written once: `=`")),
        '-' => fault.with_help(both!("phép trừ cần dấu cách ở hai bên", "a minus needs spaces around it")),
        _ => fault,
    }
}

fn blank(input: &mut Input<'_>) -> Parsed<()> {
    take_while(0.., char::is_whitespace).void().parse_next(input)
}

/// One level deeper for as long as `inner` runs.
fn deeper<T>(input: &mut Input<'_>, inner: impl FnOnce(&mut Input<'_>) -> Parsed<T>) -> Parsed<T> {
    if input.state >= DEEPEST {
        let at = input.current_token_start();
        return Err(ErrMode::Cut(Fault::new(
            at..at,
            both!("quy tắc lồng quá {DEEPEST} tầng", "the rule nests deeper than {DEEPEST} levels"),
        )));
    }
    input.state += 1;
    let result = inner(input);
    input.state -= 1;
    result
}

/// What has to follow: a failure to do so ends the parse.
fn must<T>(input: &mut Input<'_>, inner: fn(&mut Input<'_>) -> Parsed<T>) -> Parsed<T> {
    inner(input).map_err(ErrMode::cut)
}

fn node(input: &Input<'_>, start: usize, kind: ExpressionKind) -> Node {
    Node { kind, span: start..input.previous_token_end() }
}

fn here(input: &mut Input<'_>) -> Parsed<usize> {
    blank(input)?;
    Ok(input.current_token_start())
}

/// A sign, behind white space.
fn sign<'a>(text: &'static str) -> impl FnMut(&mut Input<'a>) -> Parsed<()> {
    move |input| {
        blank(input)?;
        literal(text).void().parse_next(input)
    }
}

/// A sign that has to follow.
fn expect(input: &mut Input<'_>, text: &'static str) -> Parsed<()> {
    if opt(sign(text)).parse_next(input)?.is_some() {
        return Ok(());
    }
    let mut fault = unexpected(input);
    if fault.help.is_none() {
        fault = fault.with_help(both!("cần `{text}`", "expected `{text}`"));
    }
    Err(ErrMode::Cut(fault))
}

/// Whether a keyword follows; takes it.
fn keyword(input: &mut Input<'_>, word: &str) -> Parsed<bool> {
    blank(input)?;
    let rest = input.peek_finish();
    let length = name_length(rest);
    let found = rest[..length] == *word;
    if found {
        input.next_slice(length);
    }
    Ok(found)
}

fn expect_keyword(input: &mut Input<'_>, word: &str) -> Parsed<()> {
    if keyword(input, word)? {
        return Ok(());
    }
    Err(ErrMode::Cut(unexpected(input).with_help(both!("cần `{word}`", "expected `{word}`"))))
}

fn condition(input: &mut Input<'_>) -> Parsed<Node> {
    let start = here(input)?;
    if !keyword(input, "if")? {
        return any(input);
    }
    deeper(input, |input| {
        let when = Box::new(must(input, any)?);
        expect_keyword(input, "then")?;
        let then = Box::new(must(input, any)?);
        let otherwise = if keyword(input, "else")? { Some(Box::new(must(input, condition)?)) } else { None };
        Ok(node(input, start, ExpressionKind::If(when, then, otherwise)))
    })
}

/// A list with one word between its pieces; just the piece when there is only one.
fn joined(
    input: &mut Input<'_>,
    word: &str,
    piece: fn(&mut Input<'_>) -> Parsed<Node>,
    kind: fn(Vec<Node>) -> ExpressionKind,
) -> Parsed<Node> {
    let start = here(input)?;
    let first = piece(input)?;
    let mut pieces = vec![first];
    while keyword(input, word)? {
        pieces.push(must(input, piece)?);
    }
    Ok(if pieces.len() == 1 { pieces.remove(0) } else { node(input, start, kind(pieces)) })
}

fn any(input: &mut Input<'_>) -> Parsed<Node> {
    joined(input, "or", all, ExpressionKind::Any)
}

fn all(input: &mut Input<'_>) -> Parsed<Node> {
    joined(input, "and", negation, ExpressionKind::All)
}

fn negation(input: &mut Input<'_>) -> Parsed<Node> {
    let start = here(input)?;
    if keyword(input, "not")? {
        return deeper(input, |input| {
            let inner = must(input, negation)?;
            Ok(node(input, start, ExpressionKind::Not(Box::new(inner))))
        });
    }
    comparison(input)
}

fn relation(input: &mut Input<'_>) -> Parsed<Relation> {
    blank(input)?;
    alt((
        "<=".value(Relation::AtMost),
        ">=".value(Relation::AtLeast),
        "!=".value(Relation::Differs),
        "<".value(Relation::Less),
        ">".value(Relation::Greater),
        "=".value(Relation::Equals),
    ))
    .parse_next(input)
}

fn comparison(input: &mut Input<'_>) -> Parsed<Node> {
    let start = here(input)?;
    let first = sum(input)?;
    if keyword(input, "in")? {
        return membership(input, start, first);
    }
    let mut rest = Vec::new();
    while let Some(relation) = opt(relation).parse_next(input)? {
        rest.push((relation, must(input, sum)?));
    }
    Ok(if rest.is_empty() { first } else { node(input, start, ExpressionKind::Compare(Box::new(first), rest)) })
}

/// What follows `in`: `{...}`, or a range whose ends may be left out.
fn membership(input: &mut Input<'_>, start: usize, value: Node) -> Parsed<Node> {
    let value = Box::new(value);
    if opt(sign("{")).parse_next(input)?.is_some() {
        let items = arguments(input, "}", sum)?;
        return Ok(node(input, start, ExpressionKind::OneOf(value, items)));
    }
    let low = opt(sum).parse_next(input)?.map(Box::new);
    expect(input, "..")?;
    let high = opt(sum).parse_next(input)?.map(Box::new);
    if low.is_none() && high.is_none() {
        let mut fault = unexpected(input);
        fault.message = both!("khoảng không có đầu nào", "the range has no end");
        return Err(ErrMode::Cut(fault));
    }
    Ok(node(input, start, ExpressionKind::Within(value, low, high)))
}

/// A list up to its closing bracket.
fn arguments(
    input: &mut Input<'_>,
    close: &'static str,
    item: fn(&mut Input<'_>) -> Parsed<Node>,
) -> Parsed<Vec<Node>> {
    deeper(input, |input| {
        let mut items = vec![must(input, item)?];
        while opt(sign(",")).parse_next(input)?.is_some() {
            items.push(must(input, item)?);
        }
        expect(input, close)?;
        Ok(items)
    })
}

/// Pieces with one of two signs between them.
fn series(
    input: &mut Input<'_>,
    signs: [&'static str; 2],
    piece: fn(&mut Input<'_>) -> Parsed<Node>,
    kind: fn(Vec<(bool, Node)>) -> ExpressionKind,
) -> Parsed<Node> {
    let start = here(input)?;
    let first = piece(input)?;
    let mut pieces = vec![(false, first)];
    while let Some(inverse) = opt(alt((sign(signs[0]).value(false), sign(signs[1]).value(true)))).parse_next(input)? {
        pieces.push((inverse, must(input, piece)?));
    }
    Ok(if pieces.len() == 1 { pieces.remove(0).1 } else { node(input, start, kind(pieces)) })
}

fn sum(input: &mut Input<'_>) -> Parsed<Node> {
    series(input, ["+", "-"], product, ExpressionKind::Sum)
}

fn product(input: &mut Input<'_>) -> Parsed<Node> {
    series(input, ["*", "/"], factor, ExpressionKind::Product)
}

fn factor(input: &mut Input<'_>) -> Parsed<Node> {
    let start = here(input)?;
    if opt(sign("-")).parse_next(input)?.is_some() {
        return deeper(input, |input| {
            let inner = must(input, factor)?;
            Ok(node(input, start, ExpressionKind::Negative(Box::new(inner))))
        });
    }
    primary(input)
}

fn primary(input: &mut Input<'_>) -> Parsed<Node> {
    let start = here(input)?;
    match input.peek_token() {
        Some('(') => {
            input.next_token();
            let inner = deeper(input, |input| must(input, condition))?;
            expect(input, ")")?;
            Ok(inner)
        }
        Some('"') => {
            let text = quoted(input, "\"")?;
            Ok(node(input, start, ExpressionKind::Text(text)))
        }
        Some('`') => {
            let name = quoted(input, "`")?;
            named(input, start, name)
        }
        Some(c) if c.is_ascii_digit() => number(input, start),
        Some(_) => {
            let rest = input.peek_finish();
            let length = name_length(rest);
            let name = rest[..length].to_owned();
            if length == 0 || KEYWORDS.contains(&name.as_str()) {
                return Err(ErrMode::Backtrack(unexpected(input)));
            }
            input.next_slice(length);
            named(input, start, name)
        }
        None => Err(ErrMode::Backtrack(unexpected(input))),
    }
}

/// What stands between two marks.
fn quoted(input: &mut Input<'_>, mark: &'static str) -> Parsed<String> {
    let start = input.current_token_start();
    input.next_token();
    let inner: Result<&str, ErrMode<Fault>> = take_until(0.., mark).parse_next(input);
    match inner {
        Ok(inner) => {
            input.next_token();
            Ok(inner.to_owned())
        }
        Err(_) => Err(ErrMode::Cut(Fault::new(
            start..start + 1,
            both!("dấu nháy {mark} không được đóng", "the quote {mark} is never closed"),
        ))),
    }
}

/// An argument of a function: a list may say which of its figures are meant.
fn argument(input: &mut Input<'_>) -> Parsed<Node> {
    let start = here(input)?;
    let list = condition(input)?;
    if !keyword(input, "where")? {
        return Ok(list);
    }
    let when = deeper(input, |input| must(input, condition))?;
    Ok(node(input, start, ExpressionKind::Where(Box::new(list), Box::new(when))))
}

/// A name, with arguments where a bracket follows.
fn named(input: &mut Input<'_>, start: usize, name: String) -> Parsed<Node> {
    let kind = if opt(sign("(")).parse_next(input)?.is_some() {
        ExpressionKind::Call(name, arguments(input, ")", argument)?)
    } else {
        ExpressionKind::Name(name)
    };
    Ok(node(input, start, kind))
}

/// Digits, with a point only where a digit follows: `0..100` begins with 0.
fn number(input: &mut Input<'_>, start: usize) -> Parsed<Node> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = input.peek_finish();
    let mut length = digits(rest);
    if let Some(decimals) = rest[length..].strip_prefix('.').map(digits).filter(|count| *count > 0) {
        length += 1 + decimals;
    }
    let written = &rest[..length];
    let span: Span = start..start + length;
    let Some(value) = plain_decimal(written) else {
        return Err(ErrMode::Cut(Fault::new(
            span,
            both!("`{written}` dài quá 28 chữ số", "`{written}` has more than 28 digits"),
        )));
    };
    // `2g` would be read as 2 and g.
    if rest[length..].starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        let tail = rest.find(|c: char| !(c.is_alphanumeric() || "-._".contains(c))).unwrap_or(rest.len());
        let word = &rest[..tail];
        return Err(ErrMode::Cut(
            Fault::new(start..start + tail, both!("không hiểu số `{word}`", "`{word}` is no number")).with_help(both!(
                "nếu là mã chỉ tiêu, viết `` `{word}` ``",
                "if it is an indicator, write `` `{word}` ``"
            )),
        ));
    }
    input.next_slice(length);
    Ok(node(input, start, ExpressionKind::Number(Rational::from(value))))
}
