//! A sheet and what can be seen of it.

use std::{ops::RangeInclusive, sync::Arc};

use super::Value;
use super::{
    Area, Position,
    number_format::{NumberFormat, general},
    store::{Letters, Mark, Packed, RowCells, Store, formula_in},
};
use crate::values::number::Decimal;

/// Blank rows among those of a table, as many as are looked for before a row is searched.
const BLANK_ROWS: usize = 6;

/// One filled cell.
///
/// ```
/// use bieu::{Limits, Position};
///
/// let file = bieu::read("lua.csv", b"a;b\n1;2\n", &Limits::default());
/// let cell = file.workbook()?.sheets[0].get(Position::new(0, 1)).unwrap();
/// assert_eq!((cell.column, cell.text(), cell.formula()), (1, Some("b"), None));
/// # Ok::<(), bieu::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Cell<'a> {
    /// Column from zero; the row is that of the [`Row`].
    pub column: u32,
    /// The content.
    pub value: Value<'a>,
    store: &'a Store,
    row: RowCells<'a>,
    place: usize,
}

impl<'a> Cell<'a> {
    /// Formula text without the leading `=`, where the reader gives it.
    pub fn formula(&self) -> Option<&'a Arc<str>> {
        self.store.formula(self.at())
    }

    /// The same, from the formulas of its row, which are fewer.
    pub(crate) fn formula_in(&self, row: RowFormulas<'a>) -> Option<&'a Arc<str>> {
        formula_in(row.0, self.at())
    }

    fn at(&self) -> u32 {
        self.row.start + u32::try_from(self.place).unwrap_or(u32::MAX)
    }

    /// Number format code, where the reader gives it and it is not the general one.
    pub fn format(&self) -> Option<&'a Arc<str>> {
        self.store.format(self.row.slots[self.place])
    }

    /// The same, taken apart.
    pub(crate) fn number_format(&self) -> Option<&'a NumberFormat> {
        self.store.number_format(self.row.slots[self.place])
    }

    /// How it is drawn.
    pub(crate) fn mark(&self) -> Mark {
        self.row.slots[self.place].mark
    }

    /// How its text stands.
    pub(crate) fn letters(&self) -> Letters {
        self.row.slots[self.place].letters
    }

    /// The digits of a number without its point, and its decimals, where it holds one of few digits.
    pub(crate) fn short(&self) -> Option<(i64, u32)> {
        self.store.contents(self.row)[self.place].as_short()
    }

    /// The exact number, where it holds one that a decimal can say.
    pub(crate) fn number(&self) -> Option<Decimal> {
        if let Some((mantissa, decimals)) = self.short() {
            return Some(Decimal::new(mantissa, decimals));
        }
        match self.value {
            Value::Number(number) => number.exact().ok(),
            Value::Text(_) | Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => None,
        }
    }

    /// The text, where it holds one.
    pub fn text(&self) -> Option<&'a str> {
        match self.value {
            Value::Text(text) => Some(text),
            Value::Number(_) | Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => None,
        }
    }
}

/// A number of a cell as the cell draws it.
pub(crate) fn drawn_number(cell: &Cell<'_>, value: Decimal) -> String {
    cell.number_format().and_then(|format| format.draw(value)).unwrap_or_else(|| general(value))
}

/// The formulas of one row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowFormulas<'a>(&'a [(u32, Arc<str>)]);

/// The filled cells of one row, by column.
///
/// ```
/// let file = bieu::read("lua.csv", b"a;b\n\n1;2\n", &bieu::Limits::default());
/// let row = file.workbook()?.sheets[0].rows().last().unwrap();
/// assert_eq!((row.row, row.len()), (2, 2));
/// assert_eq!(row.cells().next().unwrap().column, 0);
/// # Ok::<(), bieu::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// Row from zero.
    pub row: u32,
    store: &'a Store,
    cells: RowCells<'a>,
    place: u32,
}

impl<'a> Row<'a> {
    /// The cell in `column`.
    pub fn get(&self, column: u32) -> Option<Cell<'a>> {
        self.place_of(column).map(|place| self.cell(place))
    }

    /// Its cells, sorted by column.
    pub fn cells(&self) -> impl DoubleEndedIterator<Item = Cell<'a>> + ExactSizeIterator + use<'a> {
        let row = *self;
        (0..row.cells.slots.len()).map(move |place| row.cell(place))
    }

    /// Its cells in some columns, sorted by column.
    pub fn cells_in(&self, columns: RangeInclusive<u32>) -> impl Iterator<Item = Cell<'a>> + use<'a> {
        let (row, slots) = (*self, self.cells.slots);
        let places = if columns.start() == columns.end() {
            self.place_of(*columns.start()).map_or(0..0, |place| place..place + 1)
        } else {
            let first = slots.partition_point(|slot| u32::from(slot.column) < *columns.start());
            first..slots.partition_point(|slot| u32::from(slot.column) <= *columns.end()).max(first)
        };
        places.map(move |place| row.cell(place))
    }

    /// The columns of its cells, in order.
    pub(crate) fn columns(&self) -> impl Iterator<Item = u32> + use<'a> {
        self.cells.slots.iter().map(|slot| u32::from(slot.column))
    }

    /// Its texts, with their columns.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (u32, &'a str)> + use<'a> {
        let store = self.store;
        self.packed_texts().filter_map(move |(column, content)| Some((column, store.text(content)?)))
    }

    /// The same, each by what the sheet knows it by: equal ones are one text.
    pub(crate) fn packed_texts(&self) -> impl Iterator<Item = (u32, Packed)> + use<'a> {
        let texts = self.cells.slots.iter().zip(self.store.contents(self.cells));
        let texts = texts.filter(|(_, content)| content.is_text());
        texts.map(|(slot, content)| (u32::from(slot.column), *content))
    }

    /// One of its texts.
    pub(crate) fn text(&self, content: Packed) -> Option<&'a str> {
        self.store.text(content)
    }

    /// Whether the cells in these columns show their numbers as they are, but for decimals.
    pub(crate) fn is_shown_as_it_is(&self, mut is_wanted: impl FnMut(u32) -> bool) -> bool {
        self.cells
            .slots
            .iter()
            .filter(|slot| is_wanted(u32::from(slot.column)))
            .all(|slot| slot.mark == Mark::None && self.store.number_format(*slot).is_none_or(NumberFormat::is_plain))
    }

    /// Whether the cells of another row stand in the same columns and formats.
    pub(crate) fn has_shape_of(&self, other: &Row<'_>) -> bool {
        std::ptr::eq(self.cells.slots, other.cells.slots)
    }

    /// How many cells it has; at least one.
    #[allow(clippy::len_without_is_empty, reason = "no row is empty")]
    pub fn len(&self) -> usize {
        self.cells.slots.len()
    }

    /// Whether any of its cells has a formula.
    pub fn has_formula(&self) -> bool {
        self.store.has_formula(self.cells)
    }

    /// Its formulas, for [`Cell::formula_in`].
    pub(crate) fn formulas(&self) -> RowFormulas<'a> {
        RowFormulas(self.store.formulas_of(self.cells))
    }

    /// Its place among the rows of the sheet.
    pub(crate) fn place(&self) -> u32 {
        self.place
    }

    /// The place of a column among its cells.
    pub(crate) fn place_of(&self, column: u32) -> Option<usize> {
        let slots = self.cells.slots;
        // Where no column before it is blank.
        let nearly = column.checked_sub(u32::from(slots.first()?.column))? as usize;
        if slots.get(nearly).is_some_and(|slot| u32::from(slot.column) == column) {
            return Some(nearly);
        }
        slots.binary_search_by_key(&column, |slot| u32::from(slot.column)).ok()
    }

    /// The digits of a number without its point, and its decimals, where the cell in a place holds a
    /// number of few digits.
    pub(crate) fn short(&self, place: usize) -> Option<(i64, u32)> {
        self.store.contents(self.cells)[place].as_short()
    }

    /// Columns of the cells that hold no number of few digits.
    pub(crate) fn but_short(&self) -> impl Iterator<Item = u32> + use<'a> {
        let cells = self.cells.slots.iter().zip(self.store.contents(self.cells));
        cells.filter(|(_, content)| content.as_short().is_none()).map(|(slot, _)| u32::from(slot.column))
    }

    /// The cell in a place.
    pub(crate) fn cell(&self, place: usize) -> Cell<'a> {
        let slot = self.cells.slots[place];
        let value = self.store.value(self.store.contents(self.cells)[place]);
        Cell { column: u32::from(slot.column), value, store: self.store, row: self.cells, place }
    }
}

/// One sheet.
///
/// ```
/// use bieu::Limits;
///
/// let file = bieu::read("lua.csv", b"a;b\n1;2\n", &Limits::default());
/// let sheet = &file.workbook()?.sheets[0];
/// assert_eq!(sheet.used_area().unwrap().to_string(), "A1:B2");
/// for row in sheet.rows() {
///     for cell in row.cells() {
///         println!("{}:{}: {:?}", row.row, cell.column, cell.value);
///     }
/// }
/// # Ok::<(), bieu::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Name as on the tab.
    pub name: Arc<str>,
    /// Hidden or very hidden.
    pub hidden: bool,
    /// Whether the file says that its formulas were not computed anew before it was saved.
    pub uncalculated: bool,
    /// Merged areas, where the format gives them.
    pub merges: Vec<Area>,
    /// Hidden rows, sorted.
    pub hidden_rows: Vec<u32>,
    /// Hidden columns, sorted.
    pub hidden_columns: Vec<u32>,
    /// Widths of columns where the file states them: first and last column, hundredths of a digit's width.
    pub(crate) widths: Vec<(u32, u32, u32)>,
    /// Its cells.
    pub(crate) store: Store,
    /// Texts as stored, for cells that were decoded from an encoding older than Unicode; by cell.
    pub(crate) stored_texts: Vec<(Position, Packed)>,
}

impl Sheet {
    /// Rows with at least one filled cell, in order.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = Row<'_>> + ExactSizeIterator {
        self.rows_from(0)
    }

    /// The rows from this number on.
    pub fn rows_from(&self, row: u32) -> impl DoubleEndedIterator<Item = Row<'_>> + ExactSizeIterator {
        let start = self.store.rows.partition_point(|at| at.row < row);
        (start..self.store.rows.len()).map(|at| self.row_at(at))
    }

    fn row_at(&self, at: usize) -> Row<'_> {
        let place = u32::try_from(at).unwrap_or(u32::MAX);
        Row { row: self.store.rows[at].row, store: &self.store, cells: self.store.cells_of(at), place }
    }

    /// The row in this place.
    pub(crate) fn row_in_place(&self, place: u32) -> Option<Row<'_>> {
        ((place as usize) < self.store.rows.len()).then(|| self.row_at(place as usize))
    }

    /// The filled cell at `at`.
    pub fn get(&self, at: Position) -> Option<Cell<'_>> {
        self.row(at.row)?.get(at.column)
    }

    /// The row with this number, when it has a filled cell.
    pub fn row(&self, row: u32) -> Option<Row<'_>> {
        let rows = &self.store.rows;
        // No later than where it is with no blank row before it, and mostly a few of those before.
        let last = (row.checked_sub(rows.first()?.row)? as usize).min(rows.len() - 1);
        let first = last.saturating_sub(BLANK_ROWS);
        let found = match (first..=last).rev().find(|at| rows[*at].row <= row) {
            Some(at) => (rows[at].row == row).then_some(at),
            None => rows[..first].binary_search_by_key(&row, |r| r.row).ok(),
        };
        found.map(|at| self.row_at(at))
    }

    /// Text of a cell, or of the upper left cell of the merged area it lies in.
    pub fn text_through_merges(&self, at: Position) -> Option<&str> {
        let text = |at| self.get(at)?.text();
        text(at).or_else(|| text(self.merge_at(at)?.first))
    }

    /// The merged area that covers a cell.
    pub fn merge_at(&self, at: Position) -> Option<&Area> {
        self.merges.iter().find(|area| area.contains(at))
    }

    /// The stored text of a cell, where it is not the decoded one.
    pub fn stored_text(&self, at: Position) -> Option<&str> {
        let found = self.stored_texts.binary_search_by_key(&at, |(cell, _)| *cell).ok()?;
        self.store.text(self.stored_texts[found].1)
    }

    /// The cells that were decoded from an encoding older than Unicode, in order.
    pub fn decoded(&self) -> impl ExactSizeIterator<Item = Position> {
        self.stored_texts.iter().map(|(at, _)| *at)
    }

    /// Smallest area that holds every filled cell.
    pub fn used_area(&self) -> Option<Area> {
        let (first, last) = (self.rows().next()?, self.rows().next_back()?);
        let left = self.rows().filter_map(|row| row.cells.slots.first()).map(|slot| slot.column).min()?;
        let right = self.rows().filter_map(|row| row.cells.slots.last()).map(|slot| slot.column).max()?;
        Some(Area { first: Position::new(first.row, left.into()), last: Position::new(last.row, right.into()) })
    }

    /// Whether a cell lies in a hidden sheet, row or column.
    pub fn is_hidden(&self, at: Position) -> bool {
        self.hidden
            || self.hidden_rows.binary_search(&at.row).is_ok()
            || self.hidden_columns.binary_search(&at.column).is_ok()
    }

    /// A sheet with these cells, each with its row, column, value and formula.
    #[cfg(test)]
    pub(crate) fn of_cells<'a>(
        name: &str,
        cells: impl IntoIterator<Item = (u32, u16, Value<'a>, Option<&'a str>)>,
    ) -> Self {
        let (mut sheet, mut filler) = (Self { name: name.into(), ..Self::default() }, super::Filler::default());
        for (row, column, value, formula) in cells {
            let content = super::Filler::pack(&mut sheet.store, value).expect("room");
            let slot = super::Slot { column, ..super::Slot::default() };
            filler.push(&mut sheet.store, row, super::NewCell { slot, content, formula: formula.map(Arc::from) });
        }
        filler.finish(&mut sheet.store);
        sheet
    }

    /// Number of filled cells.
    pub fn len(&self) -> usize {
        self.store.len()
    }

    /// Whether the sheet holds nothing.
    pub fn is_empty(&self) -> bool {
        self.store.rows.is_empty()
    }
}
