//! What the header of a table says of its columns: their numbers, and how they follow from each other.

use std::collections::BTreeMap;

use super::{Stated, name_of, statements};
use crate::{
    model::workbook::{Position, Row, Sheet, Value},
    values::{number::Decimal, text},
};

/// Rows above the figures that may number the columns, and rows of figures that may do so in words that
/// nobody foresaw.
const ABOVE: u32 = 6;
const BELOW: u32 = 2;

/// The columns of a table by their numbers.
pub type Names = Vec<(String, usize)>;

/// The numbers of the columns of a table whose header lies between a row, where that is known, and the
/// first of its figures, and the statements there, each with its cell.
pub fn of_header(sheet: &Sheet, first: Option<u32>, data_row: u32) -> (Names, Vec<(Position, Stated)>) {
    let rows = (first.unwrap_or(data_row.saturating_sub(ABOVE)), data_row);
    let names = column_names(sheet, rows);
    let statements = column_statements(sheet, rows, &names);
    (names, statements)
}

/// The number that each column goes by: of the row that numbers them, else of the "(3)" behind its header.
fn column_names(sheet: &Sheet, rows: (u32, u32)) -> Names {
    let all = || (rows.0..rows.1 + BELOW).filter_map(|row| sheet.row(row));
    if let Some(names) = all().rev().find_map(|row| numbering(row, rows.1)) {
        return names;
    }
    let mut names: BTreeMap<usize, String> = BTreeMap::new();
    for cell in all().rev().filter(|row| row.row < rows.1).flat_map(|row| row.cells().collect::<Vec<_>>()) {
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

/// The names that a row gives the columns, where it does nothing else: numbers that go up. Among the
/// figures it has to state something, for a row of small figures looks the same.
fn numbering(row: Row<'_>, data_row: u32) -> Option<Names> {
    let named = row.cells().map(|cell| Some((own_name(cell.value)?, cell.column as usize)));
    let named: Names = named.collect::<Option<_>>()?;
    let numbers: Vec<u32> = named.iter().filter_map(|(name, _)| name.parse().ok()).collect();
    let goes_up = numbers.windows(2).all(|pair| pair[0] < pair[1]);
    let states = || row.texts().any(|(_, text)| !statements(text).is_empty());
    let is_above = row.row < data_row && !numbers.is_empty();
    (named.len() > 1 && goes_up && (is_above || states())).then_some(named)
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
fn column_statements(sheet: &Sheet, rows: (u32, u32), names: &[(String, usize)]) -> Vec<(Position, Stated)> {
    let mut found: Vec<(Position, Stated)> = Vec::new();
    let all = (rows.0..rows.1 + BELOW).filter_map(|row| sheet.row(row));
    // A label among the figures speaks of rows.
    for row in all.filter(|row| row.row < rows.1 || numbering(*row, rows.1).is_some()) {
        for (column, text) in row.texts() {
            for stated in statements(text).into_iter().filter(|stated| stated.place(names).is_some()) {
                // A header and the row of numbers may say the same.
                if !found
                    .iter()
                    .any(|(_, known)| known.of == stated.of && known.expressions(names) == stated.expressions(names))
                {
                    found.push((Position::new(row.row, column), stated));
                }
            }
        }
    }
    found
}
