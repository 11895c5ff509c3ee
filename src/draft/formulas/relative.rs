//! A formula in relative form: what a cell computes, seen from the cell. `A2+B2` in C2 and `A3+B3` in C3 are one.

use crate::model::workbook::{
    Position, column_name,
    formula_text::{is_word, split_word},
    parse_column,
};

/// A row or column of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Axis {
    /// So many lines from the cell.
    Off(i64),
    /// Fixed with `$`.
    Fixed(i64),
}

impl Axis {
    fn at(self, from: u32) -> Option<u32> {
        match self {
            Self::Off(by) => u32::try_from(i64::from(from) + by).ok(),
            Self::Fixed(line) => u32::try_from(line).ok(),
        }
    }
}

/// A piece of a formula.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Token {
    /// A reference to a cell of the same sheet; two of them with a colon between are an area.
    Cell { row: Axis, column: Axis },
    /// A reference to a cell of another sheet, behind its name.
    Elsewhere { row: Axis, column: Axis },
    /// Anything else, names of functions in capitals.
    Text(String),
}

/// A formula in relative form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct RelativeFormula(pub(super) Vec<Token>);

/// An area of the sheet that a form refers to at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) first: Position,
    pub(super) last: Position,
}

impl Reference {
    pub(super) fn contains(&self, at: Position) -> bool {
        (self.first.row..=self.last.row).contains(&at.row)
            && (self.first.column..=self.last.column).contains(&at.column)
    }
}

impl RelativeFormula {
    /// The form of a formula in a cell.
    pub(super) fn of(formula: &str, at: Position) -> Self {
        let mut tokens = Vec::new();
        let mut rest = formula.trim_start_matches('=');
        let mut is_elsewhere = false;
        while let Some((word, after)) = split_word(rest) {
            let c = word.chars().next().unwrap_or(' ');
            rest = after;
            if c.is_whitespace() {
                continue;
            }
            let cell = (is_word(c) && !after.starts_with(['(', '!', '['])).then(|| reference(word, at)).flatten();
            match cell {
                Some((row, column)) if is_elsewhere => tokens.push(Token::Elsewhere { row, column }),
                Some((row, column)) => tokens.push(Token::Cell { row, column }),
                None if c == '"' => tokens.push(Token::Text(word.to_owned())),
                // A list separator is one or the other by the settings of the machine.
                None if c == ';' => tokens.push(Token::Text(",".to_owned())),
                None if after.starts_with('(') => tokens.push(Token::Text(word.to_uppercase())),
                None => tokens.push(Token::Text(word.to_owned())),
            }
            // A name of a sheet reaches over both corners of an area.
            is_elsewhere = match word {
                "!" => true,
                ":" => is_elsewhere,
                _ => is_elsewhere && after.starts_with(':'),
            };
        }
        Self(tokens)
    }

    /// The formula as it reads in a cell; `None` where it would leave the sheet.
    pub(super) fn text(&self, at: Position) -> Option<String> {
        let mut out = String::new();
        for token in &self.0 {
            match token {
                Token::Text(text) => out.push_str(text),
                Token::Cell { row, column } | Token::Elsewhere { row, column } => {
                    let mark = |axis: &Axis| if matches!(axis, Axis::Fixed(_)) { "$" } else { "" };
                    let (to_row, to_column) = (row.at(at.row)?, column.at(at.column)?);
                    out += &format!("{}{}{}{}", mark(column), column_name(to_column), mark(row), u64::from(to_row) + 1);
                }
            }
        }
        Some(out)
    }

    /// The cells and areas of its own sheet that a form refers to in a cell.
    pub(super) fn references(&self, at: Position) -> Vec<Reference> {
        let mut found: Vec<Reference> = Vec::new();
        let mut is_second = false;
        for (index, token) in self.0.iter().enumerate() {
            let Token::Cell { row, column } = token else {
                is_second = *token == Token::Text(":".to_owned())
                    && index > 0
                    && matches!(self.0[index - 1], Token::Cell { .. });
                continue;
            };
            let (Some(row), Some(column)) = (row.at(at.row), column.at(at.column)) else { continue };
            let cell = Position::new(row, column);
            match found.last_mut().filter(|_| is_second) {
                Some(area) => {
                    let (a, b) = (area.first, cell);
                    area.first = Position::new(a.row.min(b.row), a.column.min(b.column));
                    area.last = Position::new(a.row.max(b.row), a.column.max(b.column));
                }
                None => found.push(Reference { first: cell, last: cell }),
            }
            is_second = false;
        }
        found
    }

    /// The one area that a form sums up, where that is all it does.
    pub(super) fn summed(&self, at: Position) -> Option<Reference> {
        let texts: Vec<&str> = self
            .0
            .iter()
            .filter_map(|token| match token {
                Token::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        let is_sum =
            matches!(texts[..], ["SUM" | "SUBTOTAL" | "AVERAGE", "(", ":", ")"] | ["SUBTOTAL", "(", _, ",", ":", ")"]);
        let mut references = self.references(at).into_iter();
        match (references.next(), references.next()) {
            (Some(area), None) if is_sum => Some(area),
            _ => None,
        }
    }
}

/// `$B12` seen from a cell.
fn reference(word: &str, at: Position) -> Option<(Axis, Axis)> {
    let (head, row) = word.split_at(word.trim_end_matches(|c: char| c.is_ascii_digit()).len());
    let (column, fixed_row) = head.strip_suffix('$').map_or((head, false), |column| (column, true));
    let letters = column.strip_prefix('$').unwrap_or(column);
    if letters.is_empty() || letters.len() > 3 || !letters.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let (line, row): (i64, i64) = (parse_column(letters)?.into(), row.parse::<u32>().ok()?.checked_sub(1)?.into());
    let column = if column.len() > letters.len() { Axis::Fixed(line) } else { Axis::Off(line - i64::from(at.column)) };
    let row = if fixed_row { Axis::Fixed(row) } else { Axis::Off(row - i64::from(at.row)) };
    Some((row, column))
}
