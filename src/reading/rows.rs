//! Rows of large tables that hold nothing but plain numbers of members, left where they are.
//!
//! What breaks if this is changed: a reading with all that is known of it takes some 250 bytes,
//! and a sheet of a million villages has ten million of them. Where every cell of a row is blank
//! or a typed number in the unit of its indicator, everything else about it is the same for the
//! whole column, so that its readings need be made only for those who ask for them.

use std::{cell::OnceCell, sync::Arc};

use super::{Key, Made, Origin, Raw, Reading, Shown, Value};
use crate::{
    catalogue::{IndicatorId, MeasureId},
    finding::FileLine,
    number::{Decimal, Nothing, Rational},
    workbook::{self, Position, Row, Sheet},
};

/// A column of such a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlainColumn {
    /// Column of the sheet.
    pub(crate) at: u32,
    /// What its cells are values of.
    pub(crate) indicator: IndicatorId,
    pub(crate) measure: MeasureId,
    /// Line of the mapping.
    pub(crate) line: FileLine,
}

/// The plain rows of one table.
#[derive(Clone, Debug)]
pub(crate) struct PlainTable {
    file: Arc<str>,
    sheet: Arc<Sheet>,
    /// Column of the labels, which name the members.
    label: u32,
    columns: Vec<PlainColumn>,
    rows: Vec<PlainRow>,
    totals: OnceCell<Totals>,
}

/// What the rows of a table come to.
#[derive(Clone, Debug)]
struct Totals {
    /// Readings that are no blanks.
    filled: usize,
    /// The sum of each column, blanks left out.
    sums: Vec<Rational>,
}

/// A row: its place among the rows of the sheet, its record, and its readings, once they were asked
/// for.
#[derive(Clone, Debug)]
struct PlainRow {
    place: u32,
    record: u32,
    readings: OnceCell<Box<[Reading]>>,
}

impl PlainTable {
    pub(crate) fn new(file: Arc<str>, sheet: Arc<Sheet>, label: u32, columns: Vec<PlainColumn>) -> Self {
        Self { file, sheet, label, columns, rows: Vec::new(), totals: OnceCell::new() }
    }

    pub(crate) fn columns(&self) -> &[PlainColumn] {
        &self.columns
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Adds a row whose every cell is blank or an exact number; false, and nothing added, where one
    /// is not.
    pub(crate) fn add(&mut self, row: &Row<'_>, record: u32) -> bool {
        // Numbers of few digits are exact; what is left is mostly the label.
        let is_ours = |column: u32| self.columns.iter().any(|ours| ours.at == column);
        let plain = !row.has_formula() && row.but_short().all(|column| !is_ours(column) || figure(row, column).is_ok());
        if plain {
            self.totals.take();
            self.rows.push(PlainRow { place: row.place(), record, readings: OnceCell::new() });
        }
        plain
    }

    /// Takes out rows by what their member is, as readings.
    pub(crate) fn take_out(&mut self, mut is_wanted: impl FnMut(&str) -> bool) -> Vec<Reading> {
        let mut taken = Vec::new();
        let mut kept = Vec::new();
        let wanted: Vec<usize> = (0..self.rows.len()).filter(|at| is_wanted(self.member(*at))).collect();
        if wanted.is_empty() {
            return taken;
        }
        let mut next = wanted.iter().peekable();
        for at in 0..self.rows.len() {
            if next.next_if(|wanted| **wanted == at).is_some() {
                taken.extend(self.make(at));
            } else {
                kept.push(self.rows[at].clone());
            }
        }
        self.rows = kept;
        self.totals.take();
        taken
    }

    pub(super) fn record(&self, at: usize) -> u32 {
        self.rows[at].record
    }

    /// The member that a row is about.
    pub(super) fn member(&self, at: usize) -> &str {
        let label = self.row(at).and_then(|row| row.get(self.label));
        crate::text::trim(label.and_then(|cell| cell.text()).unwrap_or_default())
    }

    fn row(&self, at: usize) -> Option<Row<'_>> {
        self.sheet.row_in_place(self.rows[at].place)
    }

    /// The readings of a row.
    pub(super) fn readings(&self, at: usize) -> &[Reading] {
        self.rows[at].readings.get_or_init(|| self.make(at).into_boxed_slice())
    }

    fn make(&self, at: usize) -> Vec<Reading> {
        let Some(row) = self.row(at) else { return Vec::new() };
        let member: Arc<str> = self.member(at).into();
        let reading = |column: &PlainColumn| {
            let cell = row.get(column.at);
            let value = figure(&row, column.at).ok().flatten();
            let number = || cell?.number_format()?.section(value?)?.show(value?);
            Reading {
                key: Key { indicator: column.indicator, measure: column.measure, member: Some(member.clone()) },
                value: value.map_or(Value::Nothing(Nothing::Blank), Value::Number),
                decimals: value.and_then(|value| i32::try_from(value.scale()).ok()).unwrap_or(0),
                shown: number().as_ref().and_then(Shown::of),
                record: self.rows[at].record,
                forecast: false,
                origin: Origin {
                    file: self.file.clone(),
                    sheet: self.sheet.name.clone(),
                    cell: Position::new(row.row, column.at),
                    raw: Raw::of(cell.map(|cell| cell.value)),
                    mapping: column.line.clone(),
                    unit: None,
                    made: Made::Typed,
                    formula: None,
                    computation: None,
                    steps: Vec::new(),
                    addends: Vec::new(),
                },
            }
        };
        self.columns.iter().map(reading).collect()
    }

    /// How many readings are no blanks.
    pub(super) fn filled(&self) -> usize {
        self.totals().filled
    }

    /// The sum of a column, blanks left out.
    pub(super) fn sum(&self, column: usize) -> &Rational {
        &self.totals().sums[column]
    }

    fn totals(&self) -> &Totals {
        self.totals.get_or_init(|| {
            let mut totals = Totals { filled: 0, sums: vec![Rational::ZERO; self.columns.len()] };
            // Numbers of few digits by their decimals: no sum of them comes near to what this holds.
            let mut short = vec![[0i64; 8]; self.columns.len()];
            let mut alike: Option<Row<'_>> = None;
            let mut places: Vec<(usize, usize)> = Vec::new();
            for row in (0..self.rows.len()).filter_map(|row| self.row(row)) {
                if !alike.is_some_and(|alike| row.has_shape_of(&alike)) {
                    let columns = self.columns.iter().enumerate();
                    places.clear();
                    places.extend(columns.filter_map(|(at, column)| Some((at, row.place_of(column.at)?))));
                    alike = Some(row);
                }
                totals.filled += places.len();
                for (column, place) in &places {
                    if let Some((mantissa, decimals)) = row.short(*place) {
                        short[*column][decimals as usize & 7] += mantissa;
                    } else if let Some(value) = figure(&row, self.columns[*column].at).ok().flatten() {
                        totals.sums[*column] = &totals.sums[*column] + &Rational::from(value);
                    }
                }
            }
            for (sum, short) in totals.sums.iter_mut().zip(short) {
                let of = |(decimals, mantissa): (u32, i64)| Rational::from(Decimal::new(mantissa, decimals));
                let short: Rational = (0..).zip(short).map(of).sum();
                *sum = &*sum + &short;
            }
            totals
        })
    }
}

/// The number in a column; none where the cell is blank, and an error where it is anything else.
fn figure(row: &Row<'_>, column: u32) -> Result<Option<Decimal>, ()> {
    let Some(cell) = row.get(column) else { return Ok(None) };
    match cell.value {
        workbook::Value::Number(number) => number.exact().map(|value| Some(value.normalize())).map_err(|_| ()),
        workbook::Value::Text(_)
        | workbook::Value::Bool(_)
        | workbook::Value::Date { .. }
        | workbook::Value::Error(_)
        | workbook::Value::NoResult => Err(()),
    }
}
