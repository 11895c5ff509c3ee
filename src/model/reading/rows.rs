//! Rows of large tables that hold nothing but plain numbers of members, left where they are.
//!
//! What breaks if this is changed: a reading with all that is known of it takes some 250 bytes,
//! and a sheet of a million villages has ten million of them. Where every cell of a row is blank
//! or a typed number in the unit of its indicator, everything else about it is the same for the
//! whole column, so that its readings need be made only for those who ask for them.

use std::{cell::OnceCell, collections::BTreeMap, sync::Arc};

use super::{Key, Made, Origin, Raw, Reading, Shown, Value};
use crate::{
    model::{
        catalogue::{IndicatorId, MeasureId},
        finding::FileLine,
        workbook::{self, Position, Row, Sheet},
    },
    values::number::{Decimal, Nothing, Rational},
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
    totals: OnceCell<Vec<ColumnTotal>>,
    held: Held,
}

/// What the cells of a column come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ColumnTotal {
    /// How many cells are blank.
    pub(crate) blank: usize,
    /// Numbers by their decimals: how many, and their sum.
    pub(crate) by_decimals: BTreeMap<u32, (usize, Rational)>,
}

impl ColumnTotal {
    /// How many numbers.
    pub(crate) fn filled(&self) -> usize {
        self.by_decimals.values().map(|(count, _)| count).sum()
    }

    /// The sum of the numbers.
    pub(crate) fn sum(&self) -> Rational {
        self.by_decimals.values().fold(Rational::ZERO, |sum, (_, more)| &sum + more)
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.blank += other.blank;
        for (decimals, (count, sum)) in &other.by_decimals {
            let own = self.by_decimals.entry(*decimals).or_insert((0, Rational::ZERO));
            *own = (own.0 + count, &own.1 + sum);
        }
    }
}

/// A row: its place among the rows of the sheet, and its record.
#[derive(Clone, Copy, Debug)]
struct PlainRow {
    place: u32,
    record: u32,
}

/// Rows of a block of [`Held`].
const BLOCK: usize = 256;

/// Rows whose readings are kept for those who tell of them, in blocks that are there once one of
/// their rows is.
#[derive(Clone, Debug, Default)]
struct Held(OnceCell<Box<[OnceCell<Block>]>>);

type Block = Box<[OnceCell<Box<[Reading]>>]>;

impl Held {
    fn row(&self, at: usize, rows: usize, make: impl FnOnce() -> Vec<Reading>) -> &[Reading] {
        let blocks = self.0.get_or_init(|| vec![OnceCell::new(); rows.div_ceil(BLOCK)].into());
        let block = blocks[at / BLOCK].get_or_init(|| vec![OnceCell::new(); BLOCK].into());
        block[at % BLOCK].get_or_init(|| make().into())
    }
}

impl PlainTable {
    pub(crate) fn new(file: Arc<str>, sheet: Arc<Sheet>, label: u32, columns: Vec<PlainColumn>) -> Self {
        Self { file, sheet, label, columns, rows: Vec::new(), totals: OnceCell::new(), held: Held::default() }
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
            self.forget();
            self.rows.push(PlainRow { place: row.place(), record });
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
                kept.push(self.rows[at]);
            }
        }
        self.rows = kept;
        self.forget();
        taken
    }

    /// What was made of rows that are no more, or not where they were.
    fn forget(&mut self) {
        self.totals.take();
        self.held = Held::default();
    }

    pub(super) fn record(&self, at: usize) -> u32 {
        self.rows[at].record
    }

    /// The member that a row is about.
    pub(super) fn member(&self, at: usize) -> &str {
        let label = self.row(at).and_then(|row| row.get(self.label));
        crate::values::text::trim(label.and_then(|cell| cell.text()).unwrap_or_default())
    }

    fn row(&self, at: usize) -> Option<Row<'_>> {
        self.sheet.row_in_place(self.rows[at].place)
    }

    /// The readings of a row, which then stay: for what findings speak of.
    pub(super) fn held(&self, at: usize) -> &[Reading] {
        self.held.row(at, self.rows.len(), || self.make(at))
    }

    /// The readings of one row after another, or of any row.
    pub(super) const fn lender(&self) -> Lender<'_> {
        Lender { table: self, readings: Vec::new(), places: Vec::new(), alike: None }
    }

    fn make(&self, at: usize) -> Vec<Reading> {
        let mut lender = self.lender();
        lender.row(at);
        lender.readings
    }

    /// What each column comes to.
    pub(super) fn totals(&self) -> &[ColumnTotal] {
        self.totals.get_or_init(|| {
            let mut totals = vec![ColumnTotal::default(); self.columns.len()];
            // Numbers of few digits by their decimals: no sum of them comes near to what this holds.
            let mut short = vec![[(0usize, 0i64); 8]; self.columns.len()];
            let mut filled = vec![0; self.columns.len()];
            let mut alike: Option<Row<'_>> = None;
            let mut places: Vec<(usize, usize)> = Vec::new();
            for row in (0..self.rows.len()).filter_map(|row| self.row(row)) {
                if !alike.is_some_and(|alike| row.has_shape_of(&alike)) {
                    let columns = self.columns.iter().enumerate();
                    places.clear();
                    places.extend(columns.filter_map(|(at, column)| Some((at, row.place_of(column.at)?))));
                    alike = Some(row);
                }
                for (column, place) in &places {
                    filled[*column] += 1;
                    if let Some((mantissa, decimals)) = row.short(*place) {
                        let (count, sum) = &mut short[*column][decimals as usize & 7];
                        (*count, *sum) = (*count + 1, *sum + mantissa);
                    } else if let Some(value) = number(row.cell(*place).value).ok().flatten() {
                        let of = &mut totals[*column].by_decimals;
                        let (count, sum) = of.entry(value.scale()).or_insert((0, Rational::ZERO));
                        (*count, *sum) = (*count + 1, &*sum + &Rational::from(value));
                    }
                }
            }
            for ((total, short), filled) in totals.iter_mut().zip(short).zip(filled) {
                total.blank = self.rows.len() - filled;
                let of = (0..).zip(short).filter(|(_, (count, _))| *count > 0);
                let by_decimals =
                    of.map(|(decimals, (count, sum))| (decimals, (count, Rational::from(Decimal::new(sum, decimals)))));
                total.add(&ColumnTotal { blank: 0, by_decimals: by_decimals.collect() });
            }
            totals
        })
    }
}

/// Makes the readings of one row in the place of those of another.
#[derive(Clone, Debug)]
pub(super) struct Lender<'a> {
    table: &'a PlainTable,
    readings: Vec<Reading>,
    /// The place of each column among the cells of rows like the last one.
    places: Vec<Option<usize>>,
    alike: Option<Row<'a>>,
}

impl Lender<'_> {
    /// The readings of a row.
    pub(super) fn row(&mut self, at: usize) -> &[Reading] {
        let table = self.table;
        let Some(row) = table.row(at) else {
            self.readings.clear();
            return &self.readings;
        };
        if !self.alike.is_some_and(|alike| row.has_shape_of(&alike)) {
            self.places.clear();
            self.places.extend(table.columns.iter().map(|column| row.place_of(column.at)));
            self.alike = Some(row);
        }
        if self.readings.is_empty() {
            self.readings.extend(table.columns.iter().map(|column| table.blank(column)));
        }
        let member: Arc<str> = table.member(at).into();
        for (reading, place) in self.readings.iter_mut().zip(&self.places) {
            let value = match place.and_then(|place| row.short(place)) {
                Some((mantissa, 0)) => Some(Decimal::from(mantissa)),
                Some((mantissa, decimals)) => Some(Decimal::new(mantissa, decimals).normalize()),
                None => place.and_then(|place| number(row.cell(place).value).ok().flatten()),
            };
            reading.key.member = Some(member.clone());
            reading.value = value.map_or(Value::Nothing(Nothing::Blank), Value::Number);
            reading.decimals = value.and_then(|value| i32::try_from(value.scale()).ok()).unwrap_or(0);
            let format = || row.cell((*place)?).number_format()?.section(value?)?.show(value?);
            reading.shown = format().as_ref().and_then(Shown::of);
            reading.record = table.rows[at].record;
            reading.origin.cell.row = row.row;
            reading.origin.raw = Raw::of(place.map(|place| row.cell(place).value));
        }
        &self.readings
    }
}

impl PlainTable {
    /// Rows by whether a cell of theirs is filled, and by where it is.
    pub(super) fn rows_where(
        &self,
        indicator: IndicatorId,
        measure: MeasureId,
        filled: bool,
        mut is_wanted: impl FnMut(&Arc<str>, &Arc<str>, Position) -> bool,
    ) -> Vec<usize> {
        let mut found = Vec::new();
        let columns = self.columns.iter().filter(|c| (c.indicator, c.measure) == (indicator, measure));
        for column in columns {
            let mut alike: Option<(Row<'_>, bool)> = None;
            for at in 0..self.rows.len() {
                let Some(row) = self.row(at) else { continue };
                let is_filled = match alike {
                    Some((alike, is_filled)) if row.has_shape_of(&alike) => is_filled,
                    Some(_) | None => row.place_of(column.at).is_some(),
                };
                alike = Some((row, is_filled));
                if is_filled == filled && is_wanted(&self.file, &self.sheet.name, Position::new(row.row, column.at)) {
                    found.push(at);
                }
            }
        }
        found
    }

    /// A reading like those of a column, with a number.
    pub(super) fn sample(&self, indicator: IndicatorId, measure: MeasureId, number: Decimal) -> Option<Reading> {
        let column = self.columns.iter().find(|c| (c.indicator, c.measure) == (indicator, measure))?;
        let decimals = i32::try_from(number.scale()).ok()?;
        Some(Reading { value: Value::Number(number), decimals, ..self.blank(column) })
    }

    /// What all readings of a column have in common.
    fn blank(&self, column: &PlainColumn) -> Reading {
        Reading {
            key: Key { indicator: column.indicator, measure: column.measure, member: None },
            value: Value::Nothing(Nothing::Blank),
            decimals: 0,
            shown: None,
            record: 0,
            forecast: false,
            origin: Origin::plain(
                (self.file.clone(), self.sheet.name.clone(), Position::new(0, column.at)),
                Raw::Blank,
                column.line.clone(),
                Made::Typed,
            ),
        }
    }
}

/// The number in a column; none where the cell is blank, and an error where it is anything else.
fn figure(row: &Row<'_>, column: u32) -> Result<Option<Decimal>, ()> {
    row.get(column).map_or(Ok(None), |cell| number(cell.value))
}

fn number(value: workbook::Value<'_>) -> Result<Option<Decimal>, ()> {
    match value {
        workbook::Value::Number(number) => number.exact().map(|value| Some(value.normalize())).map_err(|_| ()),
        workbook::Value::Text(_)
        | workbook::Value::Bool(_)
        | workbook::Value::Date { .. }
        | workbook::Value::Error(_)
        | workbook::Value::NoResult => Err(()),
    }
}
