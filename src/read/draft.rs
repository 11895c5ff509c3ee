//! A sheet while it is being read: cells in the order of the file, texts still as stored.

use std::sync::Arc;

use crate::workbook::{Area, Cell, Position, Row, Sheet, Value};

/// Rows of the largest grid a spreadsheet program knows.
pub(super) const GRID_ROWS: u32 = 1_048_576;
/// Columns of the largest grid a spreadsheet program knows.
pub(super) const GRID_COLUMNS: u32 = 16_384;
/// Merged areas kept of one sheet. More than these are no table, and every look-up walks them.
const MERGES: usize = 100_000;

/// Number of a font in [`Drafts::fonts`]; 0 is the unknown font.
pub(super) type FontId = u16;

/// Where a text stands, and in which font: what decoding needs beside the text itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TextAt {
    pub(super) at: Position,
    pub(super) font: FontId,
}

/// One sheet in the making.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) sheet: Sheet,
    /// Every text cell, in the order of the cells once [`Draft::finish`] has run.
    pub(super) texts: Vec<TextAt>,
    unsorted: bool,
}

/// Every sheet of a workbook in the making.
#[derive(Default)]
pub(super) struct Drafts {
    pub(super) sheets: Vec<Draft>,
    /// Names of the fonts, by [`FontId`]; the first is empty.
    pub(super) fonts: Vec<Arc<str>>,
}

impl Draft {
    pub(super) fn new(name: &str, hidden: bool) -> Self {
        Self { sheet: Sheet { name: Arc::from(name), hidden, ..Sheet::default() }, ..Self::default() }
    }

    /// Adds a cell. Order does not matter; in order is fastest.
    pub(super) fn push(&mut self, row: u32, cell: Cell, font: FontId) {
        if matches!(cell.value, Value::Text(_)) {
            self.texts.push(TextAt { at: Position::new(row, cell.column), font });
        }
        match self.sheet.rows.last_mut() {
            Some(last) if last.row == row => {
                self.unsorted |= last.cells.last().is_some_and(|before| before.column >= cell.column);
                last.cells.push(cell);
            }
            last => {
                self.unsorted |= last.as_ref().is_some_and(|last| last.row > row);
                // Rows of one table are alike.
                let mut cells = Vec::with_capacity(last.map_or(4, |last| last.cells.len()));
                cells.push(cell);
                self.sheet.rows.push(Row { row, cells });
            }
        }
    }

    /// Adds a merged area, unless it is a single cell, turned round, or one too many.
    pub(super) fn merge(&mut self, area: Area) {
        let Area { first, last } = area;
        if first != last && first.row <= last.row && first.column <= last.column && self.sheet.merges.len() < MERGES {
            self.sheet.merges.push(area);
        }
    }

    /// Hides rows `first..=last`, as far as the grid goes.
    pub(super) fn hide_rows(&mut self, first: u32, last: u32) {
        self.sheet.hidden_rows.extend(first..=last.min(GRID_ROWS - 1));
    }

    /// Hides columns `first..=last`, as far as the grid goes.
    pub(super) fn hide_columns(&mut self, first: u32, last: u32) {
        self.sheet.hidden_columns.extend(first..=last.min(GRID_COLUMNS - 1));
    }

    /// Brings everything into the order that [`Sheet`] promises. Of two cells at one address
    /// the last one in the file stays, as in a spreadsheet program.
    pub(super) fn finish(&mut self) {
        for hidden in [&mut self.sheet.hidden_rows, &mut self.sheet.hidden_columns] {
            hidden.sort_unstable();
            hidden.dedup();
        }
        if !self.unsorted {
            return;
        }
        let rows = &mut self.sheet.rows;
        rows.sort_by_key(|row| row.row);
        rows.dedup_by(|later, kept| {
            let same = later.row == kept.row;
            if same {
                kept.cells.append(&mut later.cells);
            }
            same
        });
        for row in rows {
            row.cells.sort_by_key(|cell| cell.column);
            row.cells.dedup_by(|later, kept| {
                let same = later.column == kept.column;
                if same {
                    std::mem::swap(later, kept);
                }
                same
            });
        }
        // Stable, so that of two fonts at one address the later one comes last and is kept.
        self.texts.sort_by_key(|text| text.at);
        self.texts.dedup_by(|later, kept| {
            let same = later.at == kept.at;
            if same {
                kept.font = later.font;
            }
            same
        });
        self.unsorted = false;
    }
}
