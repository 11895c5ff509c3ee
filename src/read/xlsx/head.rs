//! The head of a cell: where it stands, how it looks and of what type it is.

use crate::{model::workbook::Position, read::xml::Attributes};

/// What `<c r="B12" s="3" t="n">` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) at: Position,
    /// Number of its style.
    pub(super) style: usize,
    pub(super) kind: Type,
}

/// A cell's type attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Number,
    Shared,
    Bool,
    Error,
    /// Text as a formula gives it.
    Text,
    Inline,
    Date,
    Unknown,
}

impl Type {
    fn of(value: &[u8]) -> Self {
        match value {
            b"n" => Self::Number,
            b"s" => Self::Shared,
            b"b" => Self::Bool,
            b"e" => Self::Error,
            b"str" => Self::Text,
            b"inlineStr" | b"is" => Self::Inline,
            b"d" => Self::Date,
            _ => Self::Unknown,
        }
    }
}

impl Head {
    /// What the attributes of a cell say; `next` is where it stands if they do not say where.
    pub(super) fn of(attributes: Attributes<'_>, next: Position) -> Self {
        let mut head = Self { at: next, style: 0, kind: Type::Number };
        for (name, value) in attributes {
            match name {
                "r" => head.at = address(value.as_bytes()).unwrap_or(head.at),
                "s" => head.style = value.parse().unwrap_or(0),
                "t" => head.kind = Type::of(value.as_bytes()),
                _ => {}
            }
        }
        head
    }

    /// The head that `text` begins with, whether the cell ends with it, and how many bytes it takes:
    /// only where it is written as spreadsheet programs write it, in this order and with nothing else.
    /// Half of all that is read of a workbook are such heads, and to take them apart as any other tag
    /// costs several times as much.
    pub(super) fn plain(text: &[u8]) -> Option<(Self, bool, usize)> {
        let (column, rest) = letters(text.strip_prefix(b"<c r=\"")?);
        let (row, rest) = digits(rest);
        let at = Position::new(row.checked_sub(1)?, column.checked_sub(1)?);
        let mut head = Self { at, style: 0, kind: Type::Number };
        let mut rest = rest.strip_prefix(b"\"")?;
        if let Some(style) = rest.strip_prefix(b" s=\"") {
            let (style, after) = digits(style);
            head.style = usize::try_from(style).ok()?;
            rest = after.strip_prefix(b"\"")?;
        }
        if let Some(kind) = rest.strip_prefix(b" t=\"") {
            (head.kind, rest) = match kind {
                [b'n', b'"', after @ ..] => (Type::Number, after),
                [b's', b'"', after @ ..] => (Type::Shared, after),
                _ => {
                    let (kind, after) = quoted(kind)?;
                    (Type::of(kind), after)
                }
            };
        }
        let end = rest.strip_prefix(b"/>");
        let after = end.or_else(|| rest.strip_prefix(b">"))?;
        Some((head, end.is_some(), text.len() - after.len()))
    }
}

/// The column that up to three capitals name, counted from 1; and what comes behind them.
fn letters(text: &[u8]) -> (u32, &[u8]) {
    let (mut column, mut rest) = (0, text);
    while let [letter @ b'A'..=b'Z', after @ ..] = rest
        && text.len() - rest.len() < 3
    {
        (column, rest) = (column * 26 + u32::from(letter - b'A') + 1, after);
    }
    (column, rest)
}

/// The number that up to nine digits make, and what comes behind them.
fn digits(text: &[u8]) -> (u32, &[u8]) {
    let (mut number, mut rest) = (0, text);
    while let [digit @ b'0'..=b'9', after @ ..] = rest
        && text.len() - rest.len() < 9
    {
        (number, rest) = (number * 10 + u32::from(digit - b'0'), after);
    }
    (number, rest)
}

/// A short text before its quote, and what comes behind that.
fn quoted(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = text.iter().take(16).position(|byte| *byte == b'"')?;
    Some((&text[..length], &text[length + 1..]))
}

/// Reads `B12` or `$B$12`.
pub(super) fn address(text: &[u8]) -> Option<Position> {
    let (mut column, mut row) = (0u32, 0u32);
    for &byte in text {
        match byte {
            b'0'..=b'9' => row = row.checked_mul(10)?.checked_add(u32::from(byte - b'0'))?,
            b'A'..=b'Z' | b'a'..=b'z' if row == 0 => {
                let digit = u32::from(byte.to_ascii_uppercase() - b'A') + 1;
                column = column.checked_mul(26)?.checked_add(digit)?;
            }
            b'$' => {}
            _ => return None,
        }
    }
    Some(Position::new(row.checked_sub(1)?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::xml::{Token, Tokens};

    #[test]
    fn plain_heads_say_what_their_attributes_say() {
        let next = Position::new(6, 7);
        for (text, is_plain) in [
            (r#"<c r="B12">"#, true),
            (r#"<c r="B12"/>"#, true),
            (r#"<c r="AB3" s="14"><v>1</v>"#, true),
            (r#"<c r="A999999999" s="" t="str">"#, true),
            (r#"<c r="$AB$3" s="14"><v>1</v>"#, false),
            (r#"<c r="ABCD1">"#, false),
            (r#"<c r="a1">"#, false),
            (r#"<c r="XFD1048576" s="123456789" t="n">"#, true),
            (r#"<c r="A1" s="" t="s">ạ"#, true),
            (r#"<c r="A1" t="inlineStr"/><c/>"#, true),
            (r#"<c r="A1" t="what>">"#, true),
            (r#"<c r="A1" s="1234567890">"#, false),
            (r#"<c r="A1" s="+1">"#, false),
            (r#"<c r="A1" t="s" s="1">"#, false),
            (r#"<c r="A1" s="1" cm="1">"#, false),
            (r#"<c r="A1" >"#, false),
            (r"<c r='A1'>", false),
            (r#"<c r="1">"#, false),
            (r#"<c r="A99999999999">"#, false),
            (r#"<c s="1">"#, false),
            (r#"<col r="A1">"#, false),
        ] {
            let mut tokens = Tokens::new(text);
            let (attributes, is_empty) = match tokens.next() {
                Some(Token::Open(_, attributes)) => (attributes, false),
                Some(Token::Empty(_, attributes)) => (attributes, true),
                other => panic!("{text}: {other:?}"),
            };
            let expected = is_plain.then(|| (Head::of(attributes, next), is_empty, tokens.at()));
            assert_eq!(Head::plain(text.as_bytes()), expected, "{text}");
            // Cut off anywhere, it is no head.
            for end in 0..tokens.at() {
                assert_eq!(Head::plain(&text.as_bytes()[..end]), None, "{text} to {end}");
            }
        }
        let (head, ..) = Head::plain(br#"<c r="AB3" s="14" t="str">"#).expect("plain");
        assert_eq!(head, Head { at: Position::new(2, 27), style: 14, kind: Type::Text });
    }
}
