//! Numbers beside and below the tables of a sheet, in columns without a header, that nothing takes.
//!
//! What stands there may be a figure that slipped out of its column, or a sum that somebody tried. It
//! is told once a column; much of it is scratch paper and told once a sheet. Row numbers, dates, page
//! and phone numbers are no figures, and neither is a column that says again what was taken.

use std::collections::BTreeMap;

use super::{OtherTable, TableArea, TakenRows};
use crate::{
    extract::numbering,
    model::workbook::{Cell, Position, Row, Sheet, Value},
    values::{
        number::{self, Amount, Convention, DateText, Decimal},
        text,
    },
};

/// Whole numbers below this that stand alone in their row number a page.
const MOST_PAGES: i64 = 1_000;
/// Letters of a unit behind a number; more are words.
const MOST_UNIT: usize = 12;
/// Years, which titles and dates hold.
const YEARS: std::ops::RangeInclusive<i64> = 1900..=2100;
/// Rows that words about a phone speak of: their own and those below.
const PHONE_ROWS: u32 = 2;

/// What was found of a sheet.
#[derive(Debug, Default)]
pub(super) struct Strays {
    /// Beside the tables, by column.
    pub beside: BTreeMap<u32, Vec<Position>>,
    /// In rows that are of no table.
    pub below: Vec<Position>,
}

impl Strays {
    pub(super) fn all(&self) -> Vec<Position> {
        let mut all: Vec<Position> = self.beside.values().flatten().chain(&self.below).copied().collect();
        all.sort_unstable();
        all
    }
}

/// What is known of a sheet.
pub(super) struct Known<'a> {
    pub areas: &'a [TableArea],
    pub others: &'a [OtherTable],
    /// In order.
    pub taken: &'a [Position],
    pub rows: &'a [TakenRows],
}

/// The rows and columns that a table takes up.
struct Extent {
    /// The first row and that behind the last one.
    rows: (u32, u32),
    /// In order.
    columns: Vec<u32>,
}

/// A number beside a table.
struct Stray {
    at: Position,
    value: Decimal,
    /// Whether a number that was taken says the same in its row.
    repeats: bool,
}

/// Finds them from the first row of the first table that is read.
pub(super) fn find(sheet: &Sheet, known: &Known<'_>) -> Strays {
    let extents = extents(sheet, known);
    let of_areas = known.areas.iter().filter_map(|area| Some(rows_of(sheet, area)?.0));
    let Some(first) = of_areas.min() else { return Strays::default() };
    let mut active: Vec<&Extent> = Vec::new();
    let mut next_change = 0;
    // Rows of the same columns, which have nothing beside the table.
    let mut clean: Option<Row<'_>> = None;
    let mut phone_row = None;
    let mut beside: BTreeMap<u32, Vec<Stray>> = BTreeMap::new();
    let mut below = Vec::new();
    for row in sheet.rows_from(first) {
        if row.row >= next_change {
            active = extents.iter().filter(|of| (of.rows.0..of.rows.1).contains(&row.row)).collect();
            let changes = extents.iter().flat_map(|of| [of.rows.0, of.rows.1]).filter(|at| *at > row.row);
            next_change = changes.min().unwrap_or(u32::MAX);
            clean = None;
        }
        if clean.is_some_and(|clean| row.has_shape_of(&clean)) {
            continue;
        }
        let is_known = |column: u32| active.iter().any(|of| of.columns.binary_search(&column).is_ok());
        if !active.is_empty() && row.columns().all(is_known) {
            clean = Some(row);
            continue;
        }
        if row.texts().any(|(_, text)| speaks_of_a_phone(text)) {
            phone_row = Some(row.row);
        }
        let is_taken = |at: Position| is_taken(known, &row, at);
        let figures = row.cells().filter(|cell| !is_known(cell.column));
        let figures = figures.filter_map(|cell| Some((cell, figure(&cell)?)));
        let mut figures: Vec<(Cell<'_>, Decimal)> =
            figures.filter(|(cell, _)| !is_taken(Position::new(row.row, cell.column))).collect();
        if figures.is_empty() {
            continue;
        }
        let taken: Vec<Decimal> = row
            .cells()
            .filter(|cell| is_taken(Position::new(row.row, cell.column)))
            .filter_map(|cell| figure(&cell))
            .collect();
        if taken.is_empty() {
            let near_phone = phone_row.is_some_and(|at| row.row - at <= PHONE_ROWS);
            figures.retain(|(cell, value)| !is_no_figure(&row, cell, *value, near_phone));
            if numbering::numbers_columns(&row, &[], |_| true) {
                continue;
            }
        }
        for (cell, value) in figures {
            let at = Position::new(row.row, cell.column);
            if active.is_empty() {
                below.push(at);
            } else {
                let repeats = taken.contains(&value);
                beside.entry(at.column).or_default().push(Stray { at, value, repeats });
            }
        }
    }
    beside.retain(|_, strays| !strays.iter().all(|stray| stray.repeats) && !are_row_numbers(strays));
    let places = |strays: Vec<Stray>| strays.into_iter().map(|stray| stray.at).collect();
    Strays { beside: beside.into_iter().map(|(column, strays)| (column, places(strays))).collect(), below }
}

/// The first row of a table and that behind its last one.
fn rows_of(sheet: &Sheet, area: &TableArea) -> Option<(u32, u32)> {
    let row = |place: Option<&u32>| Some(sheet.row_in_place(*place?)?.row);
    Some((row(area.rows.first())?, row(area.rows.last())? + 1))
}

fn extents(sheet: &Sheet, known: &Known<'_>) -> Vec<Extent> {
    let in_order = |columns: &[u32], labels: &[u32]| {
        let mut columns: Vec<u32> = columns.iter().chain(labels).copied().collect();
        columns.sort_unstable();
        columns
    };
    let areas = known.areas.iter().filter_map(|area| {
        Some(Extent { rows: rows_of(sheet, area)?, columns: in_order(&area.columns, &area.labels) })
    });
    let others =
        known.others.iter().map(|other| Extent { rows: other.rows, columns: in_order(&other.columns, &other.labels) });
    areas.chain(others).collect()
}

fn is_taken(known: &Known<'_>, row: &Row<'_>, at: Position) -> bool {
    let place = row.place();
    known.taken.binary_search(&at).is_ok()
        || known
            .rows
            .iter()
            .any(|taken| taken.columns.binary_search(&at.column).is_ok() && taken.rows.binary_search(&place).is_ok())
}

/// The figure in a cell: a number other than 0, which is what a formula makes of blanks, or a text that
/// is one number and no date, code or mark.
fn figure(cell: &Cell<'_>) -> Option<Decimal> {
    let value = match cell.value {
        Value::Number(number) => number.exact().ok()?,
        Value::Text(written) => {
            let written = text::trim(written);
            let mut letters = written.chars();
            let is_code = letters.next() == Some('0') && letters.next().is_some_and(|c| c.is_ascii_digit() || c == ' ');
            if is_code || written.starts_with(['(', '[', '+']) || number::date_text(written) == Some(DateText::Whole) {
                return None;
            }
            let Amount::Number(figure) = number::parse(written, Convention::Unknown) else { return None };
            // A remark may begin with a number.
            let is_remark = figure.unit.is_some_and(|unit| unit.chars().count() > MOST_UNIT);
            (!is_remark).then_some(figure.value)?
        }
        Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => return None,
    };
    (value != Decimal::ZERO).then(|| value.normalize())
}

/// Whether a number in a row of which nothing was taken is a year, a part of a date, a page number or
/// that of a phone.
fn is_no_figure(row: &Row<'_>, cell: &Cell<'_>, value: Decimal, near_phone: bool) -> bool {
    if !value.is_integer() || cell.formula().is_some() {
        return false;
    }
    let is_year = Decimal::from(*YEARS.start()) <= value && value <= Decimal::from(*YEARS.end());
    let is_alone = row.len() == 1 && value < Decimal::from(MOST_PAGES);
    let is_of_a_date = value <= Decimal::from(31) && row.texts().any(|(_, text)| is_word_of_a_date(text));
    let digits = value.abs().to_string().len();
    is_year || is_alone || is_of_a_date || (near_phone && (8..=11).contains(&digits))
}

/// "Ngày", "tháng" in a cell of its own, or at the end of one: "Hà Nội, ngày".
fn is_word_of_a_date(written: &str) -> bool {
    let folded = text::fold(written);
    folded.len() <= 80 && ["ngày", "tháng", "năm"].iter().any(|word| folded.trim_end().ends_with(word))
}

fn speaks_of_a_phone(written: &str) -> bool {
    if written.len() > 200 {
        return false;
    }
    let folded = text::fold(written);
    let mut words = folded.split(|c: char| !c.is_alphanumeric());
    folded.contains("điện thoại")
        || words.any(|word| matches!(word, "đt" | "sđt" | "đtdđ" | "tel" | "phone" | "mobile" | "fax" | "zalo"))
}

/// Whether numbers count rows: 1, 2, 3, over and over, perhaps with 1.1 and 1.2 below 1, or from another
/// number on as on a second sheet.
fn are_row_numbers(strays: &[Stray]) -> bool {
    let one = Decimal::from(1);
    let first = strays[0].value;
    let is_small = |value: Decimal| Decimal::ZERO < value && value < Decimal::from(10_000) && value.scale() <= 1;
    let begins = first == one || (strays.len() > 2 && first.is_integer());
    let goes_on = |pair: &[Stray]| {
        let (before, next) = (pair[0].value, pair[1].value);
        next == one || (before < next && next <= before + one)
    };
    begins && strays.iter().all(|stray| is_small(stray.value)) && strays.windows(2).all(goes_on)
}
