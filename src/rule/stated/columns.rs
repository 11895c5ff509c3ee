//! What the header of a table says of its columns: their numbers, and how they follow from each other.

use std::collections::BTreeMap;

use super::{Stated, name_of, statements};
use crate::{
    number::Decimal,
    text,
    workbook::{Position, Row, Sheet, Value},
};

/// Rows above the figures that may number the columns, and rows of figures that may do so in words that
/// nobody foresaw.
const ABOVE: u32 = 6;
const BELOW: u32 = 2;

/// The columns of a table by their numbers.
pub type Names = Vec<(String, usize)>;

/// The numbers of the columns of a table whose figures begin in a row, and the statements there, each with
/// its cell.
pub fn of_header(sheet: &Sheet, data_row: u32) -> (Names, Vec<(Position, Stated)>) {
    let names = column_names(sheet, data_row);
    let statements = column_statements(sheet, data_row, &names);
    (names, statements)
}

/// The number that each column goes by: of the row that numbers them, else of the "(3)" behind its header.
fn column_names(sheet: &Sheet, data_row: u32) -> Vec<(String, usize)> {
    let rows = || (data_row.saturating_sub(ABOVE)..data_row + BELOW).filter_map(|row| sheet.row(row));
    let in_row = |row: Row<'_>| -> Option<Vec<(String, usize)>> {
        let named: Vec<(String, usize)> =
            row.cells().filter_map(|cell| Some((own_name(cell.value)?, cell.column as usize))).collect();
        (named.len() > 1 && named.len() == row.len()).then_some(named)
    };
    if let Some(names) = rows().rev().find_map(in_row) {
        return names;
    }
    let mut names: BTreeMap<usize, String> = BTreeMap::new();
    for cell in rows().rev().filter(|row| row.row < data_row).flat_map(|row| row.cells().collect::<Vec<_>>()) {
        let Value::Text(text) = cell.value else { continue };
        let stated = statements(text).into_iter().find_map(|stated| stated.of);
        let behind = || {
            let inside = text::trim(text).strip_suffix([')', ']'])?.rsplit(['(', '[']).next()?;
            inside.parse::<u16>().ok().filter(|number| *number < 100).map(|number| number.to_string())
        };
        if let Some(name) = stated.or_else(behind) {
            names.entry(cell.column as usize).or_insert(name);
        }
    }
    names.into_iter().map(|(column, name)| (name, column)).collect()
}

/// The number that a cell of a row of column numbers gives its column.
fn own_name(value: Value<'_>) -> Option<String> {
    match value {
        Value::Number(number) => {
            let number = number.exact().ok().filter(Decimal::is_integer)?.abs();
            (number < 1000.into()).then(|| number.normalize().to_string())
        }
        Value::Text(text) => {
            let stated = statements(text).into_iter().next();
            if let Some(stated) = stated {
                // Words beside it are a header.
                let is_alone = text.chars().filter(|c| c.is_alphabetic()).count() <= 3;
                return stated.of.filter(|_| is_alone);
            }
            let name = name_of(text);
            let is_short = name.chars().count() <= 3 && !name.is_empty();
            let is_name = name.bytes().all(|b| b.is_ascii_digit()) || name.len() == 1;
            (is_short && is_name).then_some(name)
        }
        Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => None,
    }
}

/// Statements of the header and of the row that numbers the columns, each with its cell.
fn column_statements(sheet: &Sheet, data_row: u32, names: &[(String, usize)]) -> Vec<(Position, Stated)> {
    let mut found: Vec<(Position, Stated)> = Vec::new();
    for row in (data_row.saturating_sub(ABOVE)..data_row + BELOW).filter_map(|row| sheet.row(row)) {
        for (column, text) in row.texts() {
            for stated in statements(text).into_iter().filter(|stated| stated.place(names).is_some()) {
                // A header and the row of numbers may say the same.
                if !found.iter().any(|(_, known)| known.of == stated.of && known.expressions(names) == stated.expressions(names)) {
                    found.push((Position::new(row.row, column), stated));
                }
            }
        }
    }
    found
}
