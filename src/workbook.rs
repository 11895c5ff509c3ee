//! What a reader hands on: sheets of cells, as they stand in the file.
//!
//! Nothing is interpreted here. Text is already Unicode (NFC); a number is still what the file
//! stores. Cells are kept by row, sorted, so that a sheet costs its filled cells and not its
//! bounding box: `A1` and `XFD1048576` together are two cells.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::number::StoredNumber;

/// Rows that a sheet can have.
pub const GRID_ROWS: u32 = 1_048_576;
/// Columns that a sheet can have.
pub const GRID_COLUMNS: u32 = 16_384;

/// Row and column of a cell, both from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// Row from zero.
    pub row: u32,
    /// Column from zero.
    pub column: u32,
}

impl Position {
    /// A cell by row and column, both from zero.
    pub const fn new(row: u32, column: u32) -> Self {
        Self { row, column }
    }

    /// Reads an address like `D12`; `None` when it is not one.
    pub fn parse(address: &str) -> Option<Self> {
        let split = address.find(|c: char| c.is_ascii_digit())?;
        let (letters, digits) = address.split_at(split);
        let row: u32 = digits.parse().ok()?;
        let row = row.checked_sub(1).filter(|row| *row < GRID_ROWS)?;
        Some(Self { row, column: parse_column(letters)? })
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_name(self.column), u64::from(self.row) + 1)
    }
}

/// The letters of a column counted from zero: 0 is `A`, 27 is `AB`.
pub fn column_name(column: u32) -> String {
    let mut letters = String::with_capacity(8);
    push_column(&mut letters, column);
    letters
}

/// Appends what [`column_name`] gives.
pub(crate) fn push_column(out: &mut String, column: u32) {
    // Seven letters name more columns than there are numbers.
    let mut letters = [0; 7];
    let (mut at, mut rest) = (letters.len(), u64::from(column) + 1);
    while rest > 0 && at > 0 {
        at -= 1;
        letters[at] = b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0);
        rest = (rest - 1) / 26;
    }
    out.extend(letters[at..].iter().map(|letter| char::from(*letter)));
}

/// The column, from zero, that letters name; `None` when they are not column letters.
pub fn parse_column(letters: &str) -> Option<u32> {
    if letters.is_empty() || letters.len() > 4 {
        return None;
    }
    let column = letters
        .bytes()
        .try_fold(0u32, |sum, byte| {
            let digit = byte.to_ascii_uppercase();
            digit.is_ascii_uppercase().then(|| sum * 26 + u32::from(digit - b'A') + 1)
        })?
        .checked_sub(1)?;
    (column < GRID_COLUMNS).then_some(column)
}

/// A rectangle of cells, both corners included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Area {
    /// Upper left.
    pub first: Position,
    /// Lower right.
    pub last: Position,
}

impl Area {
    /// Whether the cell lies inside.
    pub fn contains(&self, at: Position) -> bool {
        (self.first.row..=self.last.row).contains(&at.row)
            && (self.first.column..=self.last.column).contains(&at.column)
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.first, self.last)
    }
}

/// What kind of file the bytes turned out to be, whatever its name ends in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// Office Open XML, with or without macros.
    Xlsx,
    /// Binary Office Open XML.
    Xlsb,
    /// BIFF, in a compound file or bare.
    Xls,
    /// `OpenDocument`.
    Ods,
    /// Delimited text.
    Csv,
    /// An HTML table, which web systems call `.xls`.
    Html,
    /// `SpreadsheetML` 2003.
    SpreadsheetMl,
}

impl Format {
    /// Name for people and for JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Xlsb => "xlsb",
            Self::Xls => "xls",
            Self::Ods => "ods",
            Self::Csv => "csv",
            Self::Html => "html",
            Self::SpreadsheetMl => "spreadsheetml",
        }
    }
}

/// What one cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number as stored.
    Number(StoredNumber),
    /// Text in Unicode, NFC, spaces as they stand.
    Text(Arc<str>),
    /// True or false.
    Bool(bool),
    /// A number that the file shows as a date or time: the serial, and the day it stands for
    /// (`2023-06-04`), or the text of a duration.
    Date {
        /// The stored serial number, where the file has one.
        serial: Option<StoredNumber>,
        /// ISO date or duration.
        iso: Arc<str>,
    },
    /// An error such as `#REF!`.
    Error(Arc<str>),
    /// A formula whose result the file does not hold.
    NoResult,
}

/// One filled cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Column from zero; the row is that of the [`Row`].
    pub column: u32,
    /// The content.
    pub value: Value,
    /// Formula text without the leading `=`, where the reader gives it.
    pub formula: Option<Arc<str>>,
    /// Number format code, where the reader gives it and it is not the general one.
    pub format: Option<Arc<str>>,
}

/// The filled cells of one row, by column.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Row {
    /// Row from zero.
    pub row: u32,
    /// Sorted by column.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The cell in `column`.
    pub fn get(&self, column: u32) -> Option<&Cell> {
        self.cells.binary_search_by_key(&column, |cell| cell.column).ok().map(|at| &self.cells[at])
    }
}

/// One sheet.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Name as on the tab.
    pub name: Arc<str>,
    /// Hidden or very hidden.
    pub hidden: bool,
    /// Rows with at least one filled cell, in order.
    pub rows: Vec<Row>,
    /// Merged areas, where the format gives them.
    pub merges: Vec<Area>,
    /// Hidden rows, sorted.
    pub hidden_rows: Vec<u32>,
    /// Hidden columns, sorted.
    pub hidden_columns: Vec<u32>,
    /// Texts as stored, for cells that were decoded from an encoding older than Unicode; by cell.
    pub stored_texts: Vec<(Position, Arc<str>)>,
}

impl Sheet {
    /// The filled cell at `at`.
    pub fn get(&self, at: Position) -> Option<&Cell> {
        self.row(at.row)?.get(at.column)
    }

    /// The row with this number, when it has a filled cell.
    pub fn row(&self, row: u32) -> Option<&Row> {
        self.rows.binary_search_by_key(&row, |r| r.row).ok().map(|at| &self.rows[at])
    }

    /// Text of a cell, or of the upper left cell of the merged area it lies in.
    pub fn text_through_merges(&self, at: Position) -> Option<&Arc<str>> {
        let text = |at| match self.get(at)?.value {
            Value::Text(ref text) => Some(text),
            Value::Number(_) | Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => None,
        };
        text(at).or_else(|| text(self.merge_at(at)?.first))
    }

    /// The merged area that covers a cell.
    pub fn merge_at(&self, at: Position) -> Option<&Area> {
        self.merges.iter().find(|area| area.contains(at))
    }

    /// The stored text of a cell, where it is not the decoded one.
    pub fn stored_text(&self, at: Position) -> Option<&Arc<str>> {
        let found = self.stored_texts.binary_search_by_key(&at, |(cell, _)| *cell).ok()?;
        Some(&self.stored_texts[found].1)
    }

    /// Smallest area that holds every filled cell.
    pub fn used_area(&self) -> Option<Area> {
        let (first, last) = (self.rows.first()?, self.rows.last()?);
        let left = self.rows.iter().filter_map(|r| r.cells.first()).map(|c| c.column).min()?;
        let right = self.rows.iter().filter_map(|r| r.cells.last()).map(|c| c.column).max()?;
        Some(Area { first: Position::new(first.row, left), last: Position::new(last.row, right) })
    }

    /// Whether a cell lies in a hidden sheet, row or column.
    pub fn is_hidden(&self, at: Position) -> bool {
        self.hidden
            || self.hidden_rows.binary_search(&at.row).is_ok()
            || self.hidden_columns.binary_search(&at.column).is_ok()
    }

    /// Number of filled cells.
    pub fn len(&self) -> usize {
        self.rows.iter().map(|row| row.cells.len()).sum()
    }

    /// Whether the sheet holds nothing.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// One file that could be read.
#[derive(Clone, Debug)]
pub struct Workbook {
    /// Path as the user named it; what findings show.
    pub file: Arc<str>,
    /// What the bytes are.
    pub format: Format,
    /// Sheets in tab order, hidden ones too.
    pub sheets: Vec<Sheet>,
}

/// The last part of a path, whichever way its slashes lean.
pub fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_print_and_parse() {
        for (row, column, text) in
            [(0, 0, "A1"), (11, 3, "D12"), (0, 25, "Z1"), (0, 26, "AA1"), (1_048_575, 16_383, "XFD1048576")]
        {
            assert_eq!(Position::new(row, column).to_string(), text);
            assert_eq!(Position::parse(text), Some(Position::new(row, column)));
        }
        for wrong in ["", "A", "12", "A0", "1A", "A-1", "AAAAA1", "XFE1", "A1048577", "A99999999999", "Ă1"] {
            assert_eq!(Position::parse(wrong), None, "{wrong}");
        }
    }
}
