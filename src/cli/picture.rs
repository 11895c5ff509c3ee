//! The sheets as a mapping sees them: a mark for each cell that an entry takes or that nothing takes, and
//! beside each row the entry that found it. Letters, so that it can be sent in a mail; on a terminal with colours.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    model::workbook::{Position, column_name},
    values::language::{Language, say},
    write::printable,
};

use super::colour::{Mark, painted};

/// Letters of a line, of a row number and of a column.
const WIDTH: usize = 80;
const NUMBER: usize = 7;
const COLUMN: usize = 3;
/// Columns beside which there is room for a name.
const MOST_COLUMNS: usize = 13;
/// Columns that fit at all.
const ALL_COLUMNS: usize = (WIDTH - NUMBER) / COLUMN;
/// Rows that are drawn of a sheet.
const MOST_ROWS: usize = 200;

/// A sheet of a file with what is known of its cells.
#[derive(Default)]
pub(super) struct Picture {
    taken: BTreeMap<Position, (Mark, String)>,
    left: BTreeSet<Position>,
}

impl Picture {
    /// A cell that an entry takes, and what to write beside its row.
    pub(super) fn take(&mut self, cell: &str, mark: Mark, entry: &str) {
        if let Some(at) = Position::parse(cell) {
            self.taken.insert(at, (mark, entry.to_owned()));
        }
    }

    /// A cell that nothing takes.
    pub(super) fn leave(&mut self, cell: Position) {
        self.left.insert(cell);
    }

    /// Draws it. Texts of strangers are tamed here: what stands around them may be codes of colours.
    pub(super) fn draw(&self, out: &mut String, is_coloured: bool, language: Language) {
        let cells = || self.taken.keys().chain(&self.left);
        let columns: BTreeSet<u32> = cells().map(|cell| cell.column).collect();
        let rows: BTreeSet<u32> = cells().map(|cell| cell.row).collect();
        let has_room = columns.len() <= MOST_COLUMNS;
        let mut head = " ".repeat(NUMBER);
        for column in columns.iter().take(ALL_COLUMNS) {
            head.push_str(&format!("{:>COLUMN$}", column_name(*column)));
        }
        out.push_str(&head);
        out.push('\n');
        let mut before = None;
        for row in rows.iter().take(MOST_ROWS) {
            if before.is_some_and(|before| *row > before + 1) {
                out.push_str("      ⋮\n");
            }
            before = Some(*row);
            let mut line = format!("{:>NUMBER$}", row + 1);
            let mut name = None;
            for column in columns.iter().take(ALL_COLUMNS) {
                let at = Position::new(*row, *column);
                let entry = self.taken.get(&at);
                name = name.or(entry.map(|(_, name)| name));
                let mark = match entry {
                    Some((mark, _)) => *mark,
                    None if self.left.contains(&at) => Mark::Left,
                    None => Mark::Other,
                };
                line.push_str(&" ".repeat(COLUMN - 1));
                line.push_str(&painted(mark, is_coloured));
            }
            if let Some(name) = name.filter(|_| has_room).map(|name| printable(name)) {
                line.push_str("  ");
                let room = WIDTH - NUMBER - COLUMN * columns.len().min(ALL_COLUMNS) - 2;
                let fits = name.chars().count() <= room;
                line.extend(name.chars().take(if fits { room } else { room - 1 }));
                line.push_str(if fits { "" } else { "…" });
            }
            out.push_str(&line);
            out.push('\n');
        }
        if let Some(more) = columns.len().checked_sub(ALL_COLUMNS).filter(|more| *more > 0) {
            out.push_str(&say!(
                language,
                "       và {more} cột nữa bên phải\n",
                "       and {more} more columns to the right\n"
            ));
        }
        if let Some(more) = rows.len().checked_sub(MOST_ROWS).filter(|more| *more > 0) {
            out.push_str(&say!(language, "       và {more} dòng nữa\n", "       and {more} more rows\n"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_drawn() {
        let mut picture = Picture::default();
        for (cell, mark) in [("D11", Mark::Figure), ("E11", Mark::Member)] {
            picture.take(cell, mark, "31 \"Lúa\u{1b}[2J\"");
        }
        picture.leave(Position::new(13, 4));
        let mut out = String::new();
        picture.draw(&mut out, false, Language::Vi);
        let expected = "         D  E\n     11  ●  ●  31 \"Lúa[2J\"\n      ⋮\n     14  ·  !\n";
        assert_eq!(out, expected);
        let mut coloured = String::new();
        picture.draw(&mut coloured, true, Language::Vi);
        assert!(coloured.contains("  \u{1b}[32m●\u{1b}[0m  \u{1b}[36m●\u{1b}[0m  31"), "{coloured:?}");
        let bare = ["32", "36", "1;31", "2", "0"]
            .iter()
            .fold(coloured, |text, code| text.replace(&format!("\u{1b}[{code}m"), ""));
        assert_eq!(bare, expected, "the same letters, so the same width");
    }
}
