//! What a reader hands on: sheets of cells, as they stand in the file.
//!
//! Nothing is interpreted here. Text is already Unicode (NFC); a number is still what the file
//! stores. Cells are kept by row, sorted, so that a sheet costs its filled cells and not its
//! bounding box: `A1` and `XFD1048576` together are two cells.

pub(crate) mod formula_text;
mod number_format;
mod sheet;
mod store;
mod value;

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

pub(crate) use number_format::{Section, ShownNumber};
pub(crate) use sheet::drawn_number;
pub use sheet::{Cell, Row, Sheet};
pub use store::TextTable;
pub(crate) use store::{Filler, Letters, Mark, NewCell, Packed, Slot, Stands};
pub use value::Value;

/// Rows that a sheet can have.
pub const GRID_ROWS: u32 = 1_048_576;
/// Columns that a sheet can have.
pub const GRID_COLUMNS: u32 = 16_384;

/// Row and column of a cell, both from zero.
///
/// ```
/// use bieu::Position;
///
/// assert_eq!(Position::new(11, 3).to_string(), "D12");
/// assert_eq!(Position::parse("D12"), Some(Position::new(11, 3)));
/// ```
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
///
/// ```
/// use bieu::{Area, Position};
///
/// let area = Area { first: Position::new(0, 0), last: Position::new(2, 1) };
/// assert_eq!(area.to_string(), "A1:B3");
/// assert!(area.contains(Position::new(1, 1)));
/// ```
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
///
/// ```
/// use bieu::{Format, Limits};
///
/// // A web page under the name of a workbook.
/// let page = b"<html><table><tr><td>a</td><td>b</td></tr></table></html>";
/// let file = bieu::read("ket-xuat.xls", page, &Limits::default());
/// assert_eq!(file.workbook()?.format, Format::Html);
/// assert_eq!(file.findings(bieu::Language::En)[0].code(), "wrong-extension");
/// # Ok::<(), bieu::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
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

/// One file that could be read.
///
/// ```
/// let file = bieu::read("lua.csv", b"a;b\n1;2\n", &bieu::Limits::default());
/// let workbook = file.workbook()?;
/// assert_eq!((workbook.format.name(), workbook.sheets.len()), ("csv", 1));
/// # Ok::<(), bieu::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Workbook {
    /// Path as the user named it; what findings show.
    pub file: Arc<str>,
    /// What the bytes are.
    pub format: Format,
    /// Sheets in tab order, hidden ones too.
    pub sheets: Vec<Arc<Sheet>>,
}

/// The last part of a path, whichever way its slashes lean.
pub fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::number::StoredNumber;

    #[test]
    fn cells_come_back_as_they_were_added() {
        let number = |value| Value::Number(StoredNumber::from_f64(value).expect("finite"));
        let format: Arc<str> = "0%".into();
        let added = [
            (0, 0, number(12.5), None),
            (0, 1, number(-0.0), Some("1-1")),
            (0, 2, number(-134_217_727.0), None),
            (0, 3, number(134_217_728.0), None),
            (1, 0, number(0.300_000_000_000_000_04), None),
            (1, 1, Value::Text("Thôn 1"), Some("A1")),
            (1, 2, Value::Text(""), None),
            (1, 3, Value::Bool(true), None),
            (7, 0, Value::Date { serial: StoredNumber::from_f64(45_081.0), iso: "2023-06-04" }, None),
            (7, 16_383, Value::Error("#REF!"), None),
            (1_048_575, 5, Value::NoResult, Some("B2")),
        ];
        // In order, and in the worst order there is; every second cell has a format.
        for backwards in [false, true] {
            let (mut sheet, mut filler) = (Sheet::default(), Filler::default());
            let mut order: Vec<usize> = (0..added.len()).collect();
            if backwards {
                order.reverse();
            }
            for at in order {
                let (row, column, value, formula) = added[at];
                let content = Filler::pack(&mut sheet.store, value).expect("room");
                let format = filler.format(&mut sheet.store, (at % 2 == 0).then_some(&format));
                let slot = Slot { column, format, font: 0, ..Slot::default() };
                filler.push(&mut sheet.store, row, NewCell { slot, content, formula: formula.map(Arc::from) });
            }
            filler.finish(&mut sheet.store);
            assert_eq!(sheet.len(), added.len());
            for (at, (row, column, value, formula)) in added.into_iter().enumerate() {
                let cell = sheet.get(Position::new(row, column.into())).expect("there");
                assert_eq!((cell.value, cell.formula().map(|text| &**text)), (value, formula));
                assert_eq!(cell.format(), (at % 2 == 0).then_some(&format));
            }
            // Zero and minus zero are equal, and not the same.
            let minus = sheet.get(Position::new(0, 1)).expect("there").value;
            assert!(matches!(minus, Value::Number(number) if number.scientific().starts_with('-')));
        }
    }

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
