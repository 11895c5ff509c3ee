//! A rule as written: names are not looked up yet, and every piece knows where it stands.

use std::fmt;

use super::{Relation, Span};
use crate::values::number::Rational;

/// A piece of a rule. Two pieces are equal when they say the same, wherever they stand.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it says.
    pub kind: ExpressionKind,
    /// Bytes of the rule's text.
    pub span: Span,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// What a piece of a rule says. Lists are flat, so that only brackets and words nest.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    /// A number, never below 0.
    Number(Rational),
    /// A text in double quotes.
    Text(String),
    /// An indicator.
    Name(String),
    /// `sum(...)`, `plan(...)`: a function or a measure, and what stands in its brackets.
    Call(String, Vec<Node>),
    /// `-a`.
    Negative(Box<Node>),
    /// `a + b - c`; true where the piece is taken away.
    Sum(Vec<(bool, Node)>),
    /// `a * b / c`; true where the piece divides.
    Product(Vec<(bool, Node)>),
    /// `a <= b <= c`.
    Compare(Box<Node>, Vec<(Relation, Node)>),
    /// `a in 0..100`; an end that is left out is no limit.
    Within(Box<Node>, Option<Box<Node>>, Option<Box<Node>>),
    /// `a in {1, 2}`.
    OneOf(Box<Node>, Vec<Node>),
    /// `not a`.
    Not(Box<Node>),
    /// `a and b`.
    All(Vec<Node>),
    /// `a or b`.
    Any(Vec<Node>),
    /// `members(x) where a`, within `count(...)`.
    Where(Box<Node>, Box<Node>),
    /// `if a then b else c`.
    If(Box<Node>, Box<Node>, Option<Box<Node>>),
}

/// Words that cannot be names unless they stand in backquotes.
pub(super) const KEYWORDS: [&str; 8] = ["and", "or", "not", "if", "then", "else", "in", "where"];

/// Length in bytes of the name that a text begins with; 0 for none. Hyphens and dots belong to it
/// where a letter or digit stands on both sides.
pub(super) fn name_length(text: &str) -> usize {
    let mut length = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let inside = match c {
            '-' | '.' => length > 0 && chars.peek().is_some_and(|next| next.is_alphanumeric() || *next == '_'),
            _ if length == 0 => c.is_alphabetic() || c == '_',
            _ => c.is_alphanumeric() || c == '_' || is_mark(c),
        };
        if !inside {
            break;
        }
        length += c.len_utf8();
    }
    length
}

/// Marks that are written behind their letter where a text is not composed.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// How tightly a kind holds together; brackets go around anything looser than its place allows.
fn strength(kind: &ExpressionKind) -> u8 {
    match kind {
        ExpressionKind::If(..) | ExpressionKind::Where(..) => 0,
        ExpressionKind::Any(_) => 1,
        ExpressionKind::All(_) => 2,
        ExpressionKind::Not(_) => 3,
        ExpressionKind::Compare(..) | ExpressionKind::Within(..) | ExpressionKind::OneOf(..) => 4,
        ExpressionKind::Sum(_) => 5,
        ExpressionKind::Product(_) => 6,
        ExpressionKind::Negative(_) => 7,
        ExpressionKind::Number(number) if plain(number).is_none() => 6,
        ExpressionKind::Number(_) | ExpressionKind::Text(_) | ExpressionKind::Name(_) | ExpressionKind::Call(..) => 8,
    }
}

fn plain(number: &Rational) -> Option<String> {
    number.to_exact_decimal().map(crate::values::number::plain)
}

struct AtLeast<'a>(u8, &'a Node);

impl fmt::Display for AtLeast<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if strength(&self.1.kind) < self.0 { write!(f, "({})", self.1) } else { write!(f, "{}", self.1) }
    }
}

fn name(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    if name_length(name) == name.len() && !KEYWORDS.contains(&name) { f.write_str(name) } else { write!(f, "`{name}`") }
}

fn list(f: &mut fmt::Formatter<'_>, nodes: &[Node], between: &str, strength: u8) -> fmt::Result {
    for (at, node) in nodes.iter().enumerate() {
        if at > 0 {
            f.write_str(between)?;
        }
        write!(f, "{}", AtLeast(strength, node))?;
    }
    Ok(())
}

fn chain(f: &mut fmt::Formatter<'_>, nodes: &[(bool, Node)], signs: [&str; 2], strength: u8) -> fmt::Result {
    for (at, (inverse, node)) in nodes.iter().enumerate() {
        if at > 0 {
            f.write_str(signs[usize::from(*inverse)])?;
        }
        write!(f, "{}", AtLeast(strength, node))?;
    }
    Ok(())
}

impl Node {
    /// Whether it speaks of a name.
    pub fn names(&self, wanted: &str) -> bool {
        let any = |nodes: &[Self]| nodes.iter().any(|node| node.names(wanted));
        let signed = |nodes: &[(bool, Self)]| nodes.iter().any(|(_, node)| node.names(wanted));
        let maybe = |node: &Option<Box<Self>>| node.as_ref().is_some_and(|node| node.names(wanted));
        match &self.kind {
            ExpressionKind::Number(_) | ExpressionKind::Text(_) => false,
            ExpressionKind::Name(name) => name == wanted,
            ExpressionKind::Call(_, nodes) | ExpressionKind::All(nodes) | ExpressionKind::Any(nodes) => any(nodes),
            ExpressionKind::Negative(node) | ExpressionKind::Not(node) => node.names(wanted),
            ExpressionKind::Sum(nodes) | ExpressionKind::Product(nodes) => signed(nodes),
            ExpressionKind::Compare(first, rest) => {
                first.names(wanted) || rest.iter().any(|(_, node)| node.names(wanted))
            }
            ExpressionKind::Within(value, low, high) => value.names(wanted) || maybe(low) || maybe(high),
            ExpressionKind::OneOf(value, items) => value.names(wanted) || any(items),
            ExpressionKind::Where(list, when) => list.names(wanted) || when.names(wanted),
            ExpressionKind::If(when, then, otherwise) => when.names(wanted) || then.names(wanted) || maybe(otherwise),
        }
    }
}

impl fmt::Display for Node {
    /// As a rule file writes it; reads back as the same.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExpressionKind::Number(number) => match plain(number) {
                Some(text) => f.write_str(&text),
                None => write!(f, "{number}"),
            },
            ExpressionKind::Text(text) => write!(f, "\"{text}\""),
            ExpressionKind::Name(text) => name(f, text),
            ExpressionKind::Call(function, arguments) => {
                name(f, function)?;
                f.write_str("(")?;
                list(f, arguments, ", ", 0)?;
                f.write_str(")")
            }
            ExpressionKind::Negative(node) => write!(f, "-{}", AtLeast(7, node)),
            ExpressionKind::Sum(nodes) => chain(f, nodes, [" + ", " - "], 6),
            ExpressionKind::Product(nodes) => chain(f, nodes, [" * ", " / "], 7),
            ExpressionKind::Compare(first, rest) => {
                AtLeast(5, first).fmt(f)?;
                rest.iter().try_for_each(|(relation, node)| write!(f, " {} {}", relation.sign(), AtLeast(5, node)))
            }
            ExpressionKind::Within(value, low, high) => {
                write!(f, "{} in ", AtLeast(5, value))?;
                if let Some(low) = low {
                    AtLeast(5, low).fmt(f)?;
                }
                f.write_str("..")?;
                high.as_ref().map_or(Ok(()), |high| AtLeast(5, high).fmt(f))
            }
            ExpressionKind::OneOf(value, items) => {
                write!(f, "{} in {{", AtLeast(5, value))?;
                list(f, items, ", ", 5)?;
                f.write_str("}")
            }
            ExpressionKind::Not(node) => write!(f, "not {}", AtLeast(3, node)),
            ExpressionKind::All(nodes) => list(f, nodes, " and ", 3),
            ExpressionKind::Any(nodes) => list(f, nodes, " or ", 2),
            ExpressionKind::Where(list, when) => write!(f, "{list} where {when}"),
            ExpressionKind::If(when, then, otherwise) => {
                // The inner `if` would take the `else` of the outer one.
                write!(f, "if {} then {}", AtLeast(1, when), AtLeast(1, then))?;
                otherwise.as_ref().map_or(Ok(()), |node| write!(f, " else {}", AtLeast(1, node)))
            }
        }
    }
}
