//! Formulas as text: their words, and how they read in another cell.

use super::{GRID_COLUMNS, GRID_ROWS, Position, column_name, parse_column};

/// Whether a character may stand in a name, a number or the address of a cell.
pub(crate) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '\\' | '?')
}

/// The first word of a formula and what follows: a text or a quoted name whole, what stands in square
/// brackets whole, else one character.
pub(crate) fn split_word(formula: &str) -> Option<(&str, &str)> {
    let first = formula.chars().next()?;
    let end = match first {
        '"' | '\'' => formula[1..].find(first).map_or(formula.len(), |at| at + 2),
        '[' => formula.find(']').map_or(formula.len(), |at| at + 1),
        _ if is_word(first) => formula.find(|c| !is_word(c)).unwrap_or(formula.len()),
        _ => first.len_utf8(),
    };
    Some(formula.split_at(end))
}

/// A formula written for the cell `from` as it reads in the cell `to`: what is relative moves,
/// texts, names of sheets and structured references stay.
pub(crate) fn moved(formula: &str, from: Position, to: Position) -> String {
    let shift =
        Shift { rows: i64::from(to.row) - i64::from(from.row), columns: i64::from(to.column) - i64::from(from.column) };
    let mut out = String::with_capacity(formula.len() + 8);
    let mut rest = formula;
    while let Some((word, after)) = split_word(rest) {
        rest = after;
        if !word.starts_with(is_word) || after.starts_with(['(', '!', '[']) {
            out.push_str(word);
            continue;
        }
        // Whole columns and rows are references only in pairs.
        let second = after.strip_prefix(':').map(|after| &after[..after.find(|c| !is_word(c)).unwrap_or(after.len())]);
        if let Some(place) = shift.cell(word) {
            out.push_str(&place);
        } else if let Some((first, last)) = second.and_then(|second| Some((shift.line(word)?, shift.line(second)?))) {
            out.push_str(&first);
            out.push(':');
            out.push_str(&last);
            rest = &after[1 + second.map_or(0, str::len)..];
        } else {
            out.push_str(word);
        }
    }
    out
}

struct Shift {
    rows: i64,
    columns: i64,
}

impl Shift {
    /// `$B12` moved, when it is an address.
    fn cell(&self, word: &str) -> Option<String> {
        let (head, row) = word.split_at(word.trim_end_matches(|c: char| c.is_ascii_digit()).len());
        if head.is_empty() || row.is_empty() {
            return None;
        }
        let (column, fixed_row) = head.strip_suffix('$').map_or((head, false), |column| (column, true));
        let column = self.column(column)?;
        let row = self.row(row, fixed_row)?;
        Some(if column == "#REF!" || row == "#REF!" { "#REF!".to_owned() } else { format!("{column}{row}") })
    }

    /// `$B` or `$12` moved.
    fn line(&self, word: &str) -> Option<String> {
        let bare = word.strip_prefix('$').unwrap_or(word);
        if bare.bytes().all(|byte| byte.is_ascii_digit()) {
            self.row(bare, word.len() > bare.len())
        } else {
            self.column(word)
        }
    }

    fn column(&self, word: &str) -> Option<String> {
        let letters = word.strip_prefix('$').unwrap_or(word);
        if letters.len() > 3 || !letters.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return None;
        }
        let column = parse_column(letters)?;
        if word.len() > letters.len() {
            return Some(word.to_owned());
        }
        let moved = u32::try_from(i64::from(column) + self.columns).ok().filter(|&column| column < GRID_COLUMNS);
        Some(moved.map_or_else(|| "#REF!".to_owned(), column_name))
    }

    fn row(&self, digits: &str, fixed: bool) -> Option<String> {
        let rows = 1..=i64::from(GRID_ROWS);
        let row: i64 = digits.parse().ok().filter(|row| rows.contains(row))?;
        let moved = if fixed { row } else { row + self.rows };
        let mark = if fixed { "$" } else { "" };
        Some(if rows.contains(&moved) { format!("{mark}{moved}") } else { "#REF!".to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves() {
        let (from, to) = (Position::new(3, 2), Position::new(5, 3));
        for (formula, expected) in [
            ("A1+$A$1+A$1+$A1", "B3+$A$1+B$1+$A3"),
            ("SUM(A1:B2)*LOG10(C3)", "SUM(B3:C4)*LOG10(D5)"),
            ("Sheet1!A1&'Vụ A1'!A1&\"A1\"", "Sheet1!B3&'Vụ A1'!B3&\"A1\""),
            ("SUM(A:A,$B:C,1:2,$1:$2)", "SUM(B:B,$B:D,3:4,$1:$2)"),
            ("Bảng1[A1]+TEN_A1+A1B", "Bảng1[A1]+TEN_A1+A1B"),
            ("XFD1048576", "#REF!"),
            ("1.5E3+TRUE+A1048577+ABCD1", "1.5E3+TRUE+A1048577+ABCD1"),
            ("\"A1", "\"A1"),
            ("Lú+SUMΗ+Ž2+A1", "Lú+SUMΗ+Ž2+B3"),
        ] {
            assert_eq!(moved(formula, from, to), expected);
        }
        assert_eq!(moved("A1", to, from), "#REF!");
    }
}
