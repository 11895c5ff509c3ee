//! What the cells of a sheet look like before anybody knows what they mean.

use crate::{
    model::workbook::{Cell, Row, Sheet, Value},
    values::{
        number::{self, Amount, Convention, Decimal, Nothing},
        text,
    },
};

/// What a cell looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A figure, or a formula that should give one.
    Figure,
    /// A number within words, "18 to 44 years", "600-700": a figure beside others, else a name.
    Weak,
    /// A whole number that may be a year.
    Year,
    /// "-", "…", "x": no figure, but an answer.
    Mark,
    /// Anything else that can be read.
    Word,
}

/// A row of a sheet.
#[derive(Clone, Debug)]
pub struct GridRow {
    /// From zero.
    pub row: u32,
    /// Its filled cells with their columns; blank texts are none.
    pub cells: Vec<(u32, Class)>,
    /// Whether it only numbers the columns.
    pub is_numbering: bool,
}

/// The filled rows of a sheet.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    /// In order.
    pub rows: Vec<GridRow>,
}

impl Grid {
    /// The grid of a sheet.
    pub fn of(sheet: &Sheet) -> Self {
        let rows = sheet.rows().filter_map(|row| {
            let mut cells: Vec<(u32, Class)> =
                row.cells().filter_map(|cell| Some((cell.column, class(&cell)?))).collect();
            marked_years(&row, &mut cells);
            (!cells.is_empty()).then(|| GridRow {
                row: row.row,
                is_numbering: cells.len() > 1
                    && (is_ruler(&row)
                        || cells.iter().any(|(_, class)| *class != Class::Year) && numbers_columns(&row)),
                cells,
            })
        });
        Self { rows: rows.collect() }
    }
}

/// A line drawn with dashes, through several columns.
fn is_ruler(row: &Row<'_>) -> bool {
    let is_dash = |text: &str| !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'-' | b'=' | b'_'));
    let mut texts = row.cells().map(|cell| cell.text().map(text::trim));
    texts.all(|text| text.is_some_and(|text| text.is_empty() || is_dash(text)))
}

fn numbers_columns(row: &Row<'_>) -> bool {
    crate::extract::survey::numbers_columns(row)
}

impl GridRow {
    /// What stands in a column.
    pub fn class(&self, column: u32) -> Option<Class> {
        self.cells.iter().find(|(at, _)| *at == column).map(|(_, class)| *class)
    }

    /// How many cells look so.
    pub fn count(&self, wanted: Class) -> usize {
        self.cells.iter().filter(|(_, class)| *class == wanted).count()
    }

    /// The columns of cells that look so.
    pub fn columns(&self, wanted: Class) -> impl Iterator<Item = u32> + '_ {
        self.cells.iter().filter(move |(_, class)| *class == wanted).map(|(column, _)| *column)
    }
}

/// Years with marks behind them, "2023*", "2008 (1994=100)", "20241" with a note's number: years where all
/// the row goes up or down by them.
fn marked_years(row: &Row<'_>, cells: &mut [(u32, Class)]) {
    let first = cells.first().map(|(column, _)| *column);
    let label = cells.iter().filter(|(column, class)| Some(*column) == first && *class == Class::Word).count();
    if cells.len() - label < FEWEST_MARKED || cells.iter().skip(label).all(|(_, class)| *class == Class::Year) {
        return;
    }
    let years: Option<Vec<i64>> = row
        .cells()
        .filter(|cell| cells.iter().skip(label).any(|(column, _)| *column == cell.column))
        .map(|cell| leading_year(&crate::extract::survey::shown(cell.value)))
        .collect();
    let Some(years) = years else { return };
    let goes = |up: bool| years.windows(2).all(|pair| pair[0] != pair[1] && (pair[0] < pair[1]) == up);
    if goes(true) || goes(false) {
        for (_, class) in cells.iter_mut().skip(label) {
            *class = Class::Year;
        }
    }
}

/// The year that a text begins with, where only a mark or a note stands behind it.
fn leading_year(written: &str) -> Option<i64> {
    let bare = text::trim(written);
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    let rest = bare.get(digits..)?;
    let is_part = rest.starts_with(['.', ',']) && rest != ".0";
    if !(4..=5).contains(&digits) || is_part {
        return None;
    }
    bare[..4].parse().ok().filter(|year| YEARS.contains(year))
}

/// Fewest cells of a row that are taken for years in spite of what stands behind them.
const FEWEST_MARKED: usize = 3;
/// Years that a table may be about.
const YEARS: std::ops::RangeInclusive<i64> = 1900..=2100;

/// What a cell looks like; none where nothing can be read.
pub fn class(cell: &Cell<'_>) -> Option<Class> {
    match cell.value {
        Value::Number(number) => {
            let whole = number.exact().ok().filter(Decimal::is_integer).and_then(|number| i64::try_from(number).ok());
            Some(if whole.is_some_and(|whole| YEARS.contains(&whole)) && cell.formula().is_none() {
                Class::Year
            } else {
                Class::Figure
            })
        }
        Value::Text(written) => {
            let bare = text::trim(written);
            if bare.is_empty() {
                return None;
            }
            Some(match number::parse(bare, Convention::Unknown) {
                Amount::Number(_) if is_year(bare) => Class::Year,
                // "(1.000)" heads a column as often as it is a figure.
                Amount::Number(_)
                    if bare.chars().filter(|c| c.is_alphabetic()).count() < 4
                        && bare.starts_with(|c: char| c.is_ascii_digit() || "-+−–.,≥≤<>~₫$".contains(c)) =>
                {
                    Class::Figure
                }
                Amount::Number(_) | Amount::Bound { .. } | Amount::Range { .. } | Amount::Fraction { .. } => {
                    Class::Weak
                }
                Amount::Nothing(Nothing::Blank) => return None,
                Amount::Nothing(_) => Class::Mark,
                Amount::NotANumber | Amount::TooLong if is_mark(bare) => Class::Mark,
                Amount::NotANumber | Amount::TooLong => Class::Word,
            })
        }
        Value::Error(_) | Value::NoResult => Some(Class::Figure),
        Value::Bool(_) | Value::Date { .. } => Some(Class::Word),
    }
}

/// "(X)", "(NA)", "(Z)": what statistics abroad write for no figure.
fn is_mark(bare: &str) -> bool {
    if bare.bytes().all(|byte| byte == b'.') {
        return true;
    }
    let inner = bare.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    inner.is_some_and(|inner| (1..=2).contains(&inner.len()) && inner.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// "2005", also as delimited text.
pub fn is_year(bare: &str) -> bool {
    let bare = bare.strip_suffix(".0").unwrap_or(bare);
    bare.len() == 4 && bare.parse().is_ok_and(|year| YEARS.contains(&year))
}
