//! How the cells of a sheet lie in memory: four bytes a cell, where it holds a short number or a
//! text, and what is rare in tables of its own.
//!
//! What breaks if this is changed: a sheet of ten million cells is to fit into 160 MiB together
//! with its file. Rows of one table have their cells in the same columns and formats, so that is
//! kept once for all of them, as their shape.

use std::{collections::HashMap, sync::Arc};

use super::{Value, number_format::NumberFormat};
use crate::values::number::StoredNumber;

/// Texts one after another, by number.
#[derive(Clone, Debug, Default)]
pub struct TextTable {
    bytes: String,
    ends: Vec<u32>,
}

impl TextTable {
    /// Adds a text and gives its number; `None` once the table is full.
    pub fn push(&mut self, text: &str) -> Option<u32> {
        let number = u32::try_from(self.ends.len()).ok()?;
        let end = u32::try_from(self.bytes.len() + text.len()).ok()?;
        self.bytes.push_str(text);
        self.ends.push(end);
        Some(number)
    }

    /// The text with this number; empty where there is none.
    pub fn get(&self, number: u32) -> &str {
        let at = number as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(at).copied().unwrap_or(start);
        self.bytes.get(start as usize..end as usize).unwrap_or_default()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

/// What a cell holds, in four bytes: a number of at most four decimals and 134,217,727 without its
/// point as it is, anything else by its place in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Packed(u32);

/// The tables that a [`Packed`] points into.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Table {
    /// Other numbers.
    Wide,
    /// Texts that cells of the workbook share.
    Shared,
    /// Texts of the sheet.
    Own,
    /// Dates and durations.
    Date,
    /// Errors, by their text.
    Error,
    /// False, true, and a formula without a result.
    Word,
}

impl Packed {
    const NO_NUMBER: u32 = 1 << 31;
    const NEGATIVE: u32 = 1 << 30;
    const MANTISSA: u32 = (1 << 27) - 1;
    /// Of a text: whether it may have to be decoded.
    const OPEN: u32 = 1 << 27;
    const INDEX: u32 = (1 << 27) - 1;

    /// A number of few digits: `mantissa` without its point, and its decimals.
    fn short(mantissa: i64, decimals: u32) -> Option<Self> {
        let digits = u32::try_from(mantissa.unsigned_abs()).ok().filter(|digits| *digits <= Self::MANTISSA)?;
        let sign = if mantissa < 0 { Self::NEGATIVE } else { 0 };
        (decimals < 8).then_some(Self(sign | decimals << 27 | digits))
    }

    fn of(table: Table, index: usize) -> Option<Self> {
        let index = u32::try_from(index).ok().filter(|index| *index <= Self::INDEX)?;
        Some(Self(Self::NO_NUMBER | (table as u32) << 28 | index))
    }

    /// Mantissa and decimals, where it is a short number.
    pub(crate) fn as_short(self) -> Option<(i64, u32)> {
        if self.0 & Self::NO_NUMBER != 0 {
            return None;
        }
        let digits = i64::from(self.0 & Self::MANTISSA);
        Some((if self.0 & Self::NEGATIVE == 0 { digits } else { -digits }, self.0 >> 27 & 7))
    }

    fn table(self) -> Table {
        match self.0 >> 28 & 7 {
            0 => Table::Wide,
            1 => Table::Shared,
            2 => Table::Own,
            3 => Table::Date,
            4 => Table::Error,
            5.. => Table::Word,
        }
    }

    fn index(self) -> usize {
        (self.0 & Self::INDEX) as usize
    }

    /// Whether it is a text that cells of all sheets share.
    pub(crate) fn is_shared(self) -> bool {
        self.0 & Self::NO_NUMBER != 0 && matches!(self.table(), Table::Shared)
    }

    /// The same text, marked as one that may have to be decoded.
    #[must_use]
    pub(crate) fn opened(self) -> Self {
        Self(self.0 | Self::OPEN)
    }

    /// Whether it is a text.
    pub(crate) fn is_text(self) -> bool {
        self.0 & Self::NO_NUMBER != 0 && matches!(self.table(), Table::Shared | Table::Own)
    }

    /// Whether it is a text so marked.
    pub(crate) fn is_open(self) -> bool {
        self.0 & Self::OPEN != 0 && self.is_text()
    }
}

/// Column, number format and font of a cell; the font only where its text may have to be decoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Slot {
    pub(crate) column: u16,
    pub(crate) format: u16,
    pub(crate) font: u16,
    pub(crate) mark: Mark,
    pub(crate) letters: Letters,
}

/// How the text of a cell stands, for pictures of the sheet: nothing is judged by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Letters(u8);

/// Where the text of a cell stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stands {
    Left,
    Centre,
    Right,
}

impl Letters {
    const BOLD: u8 = 1;
    const ITALIC: u8 = 2;
    const PLACE: u8 = 0b1100;

    /// From what a format says; a text that stands where its kind does says nothing.
    pub(crate) const fn new(bold: bool, italic: bool, stands: Option<Stands>) -> Self {
        let place = match stands {
            None => 0,
            Some(Stands::Left) => 4,
            Some(Stands::Centre) => 8,
            Some(Stands::Right) => 12,
        };
        Self((if bold { Self::BOLD } else { 0 }) | (if italic { Self::ITALIC } else { 0 }) | place)
    }

    /// The same, standing somewhere.
    pub(crate) const fn standing(self, stands: Option<Stands>) -> Self {
        Self::new(self.bold(), self.italic(), stands)
    }

    pub(crate) const fn bold(self) -> bool {
        self.0 & Self::BOLD != 0
    }

    pub(crate) const fn italic(self) -> bool {
        self.0 & Self::ITALIC != 0
    }

    pub(crate) const fn stands(self) -> Option<Stands> {
        match self.0 & Self::PLACE {
            4 => Some(Stands::Left),
            8 => Some(Stands::Centre),
            12 => Some(Stands::Right),
            _ => None,
        }
    }
}

/// How a cell is drawn so that a reader takes it for nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Mark {
    /// As any other.
    #[default]
    None,
    /// Its digits are struck through.
    Struck,
    /// Its digits have the colour of the ground that they stand on.
    Unseen,
}

/// A row: its number, where its cells begin, and which shape it has.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowAt {
    pub(super) row: u32,
    start: u32,
    shape: u32,
}

/// A cell that is being added.
#[derive(Clone, Debug)]
pub(crate) struct NewCell {
    pub(crate) slot: Slot,
    pub(crate) content: Packed,
    pub(crate) formula: Option<Arc<str>>,
}

/// The filled cells of a sheet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    pub(super) rows: Vec<RowAt>,
    shapes: Vec<Arc<[Slot]>>,
    contents: Vec<Packed>,
    wide: Vec<StoredNumber>,
    dates: Vec<(Option<StoredNumber>, u32)>,
    own: TextTable,
    shared: Arc<TextTable>,
    /// By place in `contents`, sorted.
    formulas: Vec<(u32, Arc<str>)>,
    formats: Vec<(Arc<str>, Arc<NumberFormat>)>,
}

/// Where the cells of a row lie.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowCells<'a> {
    pub(super) start: u32,
    pub(super) slots: &'a [Slot],
}

impl Store {
    pub(super) fn cells_of(&self, at: usize) -> RowCells<'_> {
        let RowAt { start, shape, .. } = self.rows[at];
        RowCells { start, slots: &self.shapes[shape as usize] }
    }

    pub(super) fn contents(&self, row: RowCells<'_>) -> &[Packed] {
        &self.contents[row.start as usize..row.start as usize + row.slots.len()]
    }

    pub(super) fn len(&self) -> usize {
        self.contents.len()
    }

    pub(super) fn value(&self, content: Packed) -> Value<'_> {
        if let Some((mantissa, decimals)) = content.as_short() {
            return Value::Number(StoredNumber::from_short(mantissa, decimals));
        }
        let at = content.index();
        let number = u32::try_from(at).unwrap_or(u32::MAX);
        match content.table() {
            Table::Wide => Value::Number(self.wide[at]),
            Table::Shared => Value::Text(self.shared.get(number)),
            Table::Own => Value::Text(self.own.get(number)),
            Table::Date => {
                let (serial, iso) = self.dates[at];
                Value::Date { serial, iso: self.own.get(iso) }
            }
            Table::Error => Value::Error(self.own.get(number)),
            Table::Word => match at {
                0 => Value::Bool(false),
                1 => Value::Bool(true),
                _ => Value::NoResult,
            },
        }
    }

    /// The text of a cell that holds one.
    pub(crate) fn text(&self, content: Packed) -> Option<&str> {
        match self.value(content) {
            Value::Text(text) => Some(text),
            Value::Number(_) | Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => None,
        }
    }

    /// Texts that may have to be decoded: where they stand, and as what.
    pub(crate) fn open_texts(&self) -> impl Iterator<Item = (u32, Slot, Packed)> {
        (0..self.rows.len()).flat_map(|at| {
            let (row, cells) = (self.rows[at].row, self.cells_of(at));
            let cells = cells.slots.iter().zip(self.contents(cells));
            cells.filter(|(_, content)| content.is_open()).map(move |(slot, content)| (row, *slot, *content))
        })
    }

    /// Gives every text that may have to be decoded to `act`, with the table to which other texts can
    /// be added; what it returns stands there from then on.
    pub(crate) fn replace_texts(&mut self, mut act: impl FnMut(&mut Self, u32, Slot, Packed) -> Packed) {
        for at in 0..self.rows.len() {
            let RowAt { row, start, shape } = self.rows[at];
            let slots = self.shapes[shape as usize].clone();
            for (slot, at) in slots.iter().zip(start as usize..) {
                let content = self.contents[at];
                if content.is_open() {
                    self.contents[at] = act(self, row, *slot, content);
                }
            }
        }
    }

    /// Texts that the sheets of a workbook share.
    pub(crate) fn share(&mut self, texts: Arc<TextTable>) {
        self.shared = texts;
    }

    pub(super) fn formula(&self, at: u32) -> Option<&Arc<str>> {
        formula_in(&self.formulas, at)
    }

    /// The formulas of a row, as [`formula_in`] takes them.
    pub(super) fn formulas_of(&self, row: RowCells<'_>) -> &[(u32, Arc<str>)] {
        let end = row.start + u32::try_from(row.slots.len()).unwrap_or(u32::MAX);
        let first = self.formulas.partition_point(|(cell, _)| *cell < row.start);
        let after = &self.formulas[first..];
        &after[..after.iter().take_while(|(cell, _)| *cell < end).count()]
    }

    /// Whether any cell of a row has a formula.
    pub(super) fn has_formula(&self, row: RowCells<'_>) -> bool {
        let next = self.formulas.partition_point(|(cell, _)| *cell < row.start);
        self.formulas.get(next).is_some_and(|(cell, _)| ((*cell - row.start) as usize) < row.slots.len())
    }

    pub(super) fn format(&self, slot: Slot) -> Option<&Arc<str>> {
        Some(&self.formats.get(usize::from(slot.format).checked_sub(1)?)?.0)
    }

    pub(super) fn number_format(&self, slot: Slot) -> Option<&NumberFormat> {
        Some(&*self.formats.get(usize::from(slot.format).checked_sub(1)?)?.1)
    }
}

/// The formula of the cell in this place among formulas in order.
pub(super) fn formula_in(formulas: &[(u32, Arc<str>)], at: u32) -> Option<&Arc<str>> {
    let found = formulas.binary_search_by_key(&at, |(cell, _)| *cell).ok()?;
    Some(&formulas[found].1)
}

/// Fills a [`Store`], row by row.
#[derive(Debug, Default)]
pub(crate) struct Filler {
    open: Vec<NewCell>,
    open_row: u32,
    /// Whether cells of the open row came out of order; whether rows did.
    mixed_cells: bool,
    mixed_rows: bool,
    shapes: HashMap<Arc<[Slot]>, u32, foldhash::fast::RandomState>,
    slots: Vec<Slot>,
    formats: HashMap<Arc<str>, u16, foldhash::fast::RandomState>,
    /// The format of the last cell that had one: by its address, which nearly all are found by.
    last_format: (usize, u16),
}

impl Filler {
    /// The number of a number format. Beyond 65,535 of them cells lose theirs: it is a hint.
    pub(crate) fn format(&mut self, store: &mut Store, code: Option<&Arc<str>>) -> u16 {
        let Some(code) = code else { return 0 };
        let address = code.as_ptr().addr();
        if self.last_format.0 == address {
            return self.last_format.1;
        }
        let known = self.formats.get(code).copied();
        let number = known.unwrap_or_else(|| {
            let Ok(number) = u16::try_from(store.formats.len() + 1) else { return 0 };
            // Kept here too, so that no other format can come to stand at its address.
            self.formats.insert(code.clone(), number);
            store.formats.push((code.clone(), Arc::new(NumberFormat::parse(code))));
            number
        });
        if let Some((kept, _)) = self.formats.get_key_value(code)
            && kept.as_ptr().addr() == address
        {
            self.last_format = (address, number);
        }
        number
    }

    /// Puts a value into the tables of the store; `None` when they are full.
    pub(crate) fn pack(store: &mut Store, value: Value<'_>) -> Option<Packed> {
        match value {
            Value::Number(number) => {
                let short = number.as_short().and_then(|(mantissa, decimals)| Packed::short(mantissa, decimals));
                short.or_else(|| {
                    store.wide.push(number);
                    Packed::of(Table::Wide, store.wide.len() - 1)
                })
            }
            Value::Text(text) => Packed::of(Table::Own, store.own.push(text)? as usize),
            Value::Bool(value) => Packed::of(Table::Word, usize::from(value)),
            Value::Date { serial, iso } => {
                let iso = store.own.push(iso)?;
                store.dates.push((serial, iso));
                Packed::of(Table::Date, store.dates.len() - 1)
            }
            Value::Error(error) => Packed::of(Table::Error, store.own.push(error)? as usize),
            Value::NoResult => Packed::of(Table::Word, 2),
        }
    }

    /// A text of the table that the sheets share.
    pub(crate) fn shared(number: usize) -> Option<Packed> {
        Packed::of(Table::Shared, number)
    }

    /// A number of few digits.
    pub(crate) fn short(mantissa: i64, decimals: u32) -> Option<Packed> {
        Packed::short(mantissa, decimals)
    }

    /// Adds a cell. Order does not matter; in order is fastest.
    pub(crate) fn push(&mut self, store: &mut Store, row: u32, cell: NewCell) {
        if row != self.open_row {
            self.end_row(store);
            self.open_row = row;
        }
        self.mixed_cells |= self.open.last().is_some_and(|before| before.slot.column >= cell.slot.column);
        self.open.push(cell);
    }

    /// The last cell that was added: its row and column, and its formula.
    pub(crate) fn last(&mut self) -> Option<(u32, u32, &mut Option<Arc<str>>)> {
        let row = self.open_row;
        self.open.last_mut().map(|cell| (row, u32::from(cell.slot.column), &mut cell.formula))
    }

    /// Brings everything into order. Of two cells at one address the last one that was added stays,
    /// as in a spreadsheet program.
    pub(crate) fn finish(&mut self, store: &mut Store) {
        self.end_row(store);
        if std::mem::take(&mut self.mixed_rows) {
            self.sort(store);
        }
        store.contents.shrink_to_fit();
        store.rows.shrink_to_fit();
    }

    fn end_row(&mut self, store: &mut Store) {
        if self.open.is_empty() {
            return;
        }
        if std::mem::take(&mut self.mixed_cells) {
            self.open.sort_by_key(|cell| cell.slot.column);
            self.open.dedup_by(|later, kept| {
                let same = later.slot.column == kept.slot.column;
                if same {
                    std::mem::swap(later, kept);
                }
                same
            });
        }
        self.mixed_rows |= store.rows.last().is_some_and(|last| last.row >= self.open_row);
        // The limits of reading end long before this many cells.
        let start = u32::try_from(store.contents.len()).unwrap_or(u32::MAX);
        self.slots.clear();
        self.slots.extend(self.open.iter().map(|cell| cell.slot));
        for (cell, at) in self.open.drain(..).zip(start..) {
            store.contents.push(cell.content);
            if let Some(formula) = cell.formula {
                store.formulas.push((at, formula));
            }
        }
        let shape = self.shape(store);
        store.rows.push(RowAt { row: self.open_row, start, shape });
    }

    /// The number of the shape whose slots are at hand.
    fn shape(&mut self, store: &mut Store) -> u32 {
        let before = store.rows.last().map(|last| last.shape);
        if let Some(before) = before.filter(|before| *store.shapes[*before as usize] == *self.slots) {
            return before;
        }
        if let Some(known) = self.shapes.get(&*self.slots) {
            return *known;
        }
        let number = u32::try_from(store.shapes.len()).unwrap_or(u32::MAX);
        let slots: Arc<[Slot]> = Arc::from(&*self.slots);
        store.shapes.push(slots.clone());
        self.shapes.insert(slots, number);
        number
    }

    fn sort(&mut self, store: &mut Store) {
        let rows = std::mem::take(&mut store.rows);
        let contents = std::mem::take(&mut store.contents);
        let mut formulas: HashMap<u32, Arc<str>> = std::mem::take(&mut store.formulas).into_iter().collect();
        let mut order: Vec<&RowAt> = rows.iter().collect();
        order.sort_by_key(|row| row.row);
        for row in order {
            let slots = store.shapes[row.shape as usize].clone();
            for (slot, at) in slots.iter().zip(row.start..) {
                let (content, formula) = (contents[at as usize], formulas.remove(&at));
                self.push(store, row.row, NewCell { slot: *slot, content, formula });
            }
        }
        self.end_row(store);
        self.mixed_rows = false;
    }
}
