//! The records of one sheet.

use std::{collections::HashMap, sync::Arc};

use super::{
    globals::{Globals, Version},
    kind,
    records::{Cursor, Record, Records},
};
use crate::read::error::{CellError, Loss, TooMuch};
use crate::{
    model::workbook::{Area, GRID_COLUMNS, Position, Value},
    read::{
        builder::{CellStyle, SharedText, SheetBuilder, Text},
        bytes::{Fields, RecordError, byte, error, long, rk, skip_short, word},
        context::{FileError, ReadContext},
        format::{self, Shown},
        rich::{self, Run},
    },
};

/// Cells of a claimed box that nothing fills, beyond which other programs run out of memory.
const CLAIM: u64 = 2_000_000;
/// How many times as large as the box in use a claimed one may be.
const FACTOR: u64 = 64;

/// Rows of the grid of .xls.
const ROWS: u32 = 65_536;

/// Whether a sheet is read from behind its beginning: the first record is one of those that stand
/// there, and of a fitting length.
fn starts_inside(stream: &[u8], start: usize) -> bool {
    Records::new(stream, start).next().is_some_and(|first| match first.kind {
        kind::CALC_COUNT..=kind::CALC_REF_MODE
        | kind::CALC_ITER
        | kind::PRINT_ROW_COL
        | kind::PRINT_GRID
        | kind::CALC_SAVE_RECALC
        | kind::GUTS..=kind::VERTICAL_CENTRE
        | kind::DEFAULT_ROW_HEIGHT => first.data.len() <= 8,
        kind::CALC_DELTA => first.data.len() == 8,
        kind::INDEX | kind::DIMENSIONS => first.data.len() >= 10,
        _ => false,
    })
}

/// Bits of a row and of columns ([MS-XLS] 2.4.221 and 2.4.53).
const ROW_HIDDEN: u8 = 0x20;
const ROW_OWN_HEIGHT: u8 = 0x40;
const COLUMN_HIDDEN: u8 = 0x01;

/// Stands at the end of the result of a formula that is no number (`FormulaValue.fExprO`, [MS-XLS] 2.5.133).
const NO_NUMBER: u16 = 0xFFFF;

/// What a record of one cell holds.
#[derive(Clone, Copy)]
enum Content {
    Blank,
    Integer,
    Number,
    /// A number packed into 30 bits.
    Packed,
    Text,
    SharedText,
    Logical,
    Formula,
}

impl Content {
    const fn of(record: u16) -> Option<Self> {
        Some(match record {
            kind::BLANK_2 | kind::BLANK => Self::Blank,
            kind::INTEGER_2 => Self::Integer,
            kind::NUMBER_2 | kind::NUMBER => Self::Number,
            kind::RK => Self::Packed,
            kind::LABEL_2 | kind::LABEL | kind::RICH_STRING => Self::Text,
            kind::LABEL_SST => Self::SharedText,
            kind::BOOL_ERR_2 | kind::BOOL_ERR => Self::Logical,
            kind::FORMULA | kind::FORMULA_3 | kind::FORMULA_4 => Self::Formula,
            _ => return None,
        })
    }
}

struct SheetStream<'b, 'c> {
    globals: &'b Globals,
    draft: &'b mut SheetBuilder,
    cx: &'b mut ReadContext<'c>,
    sheet: Arc<str>,
    /// A formula whose text follows in a record of its own: where, in which format, and its own
    /// text.
    pending: Option<(Position, u16, Option<Arc<str>>)>,
    /// Shared formulas by the cell that their parts name, compiled.
    shared: HashMap<(u32, u32), Vec<u8>>,
    /// The cell of the last formula, where its shared formula is still to come, and that name.
    open: Option<(Position, (u32, u32))>,
    rows: u32,
    columns: u32,
}

/// Reads the sheet that starts at `start`.
pub(super) fn read_sheet(
    stream: &[u8],
    start: usize,
    globals: &Globals,
    draft: &mut SheetBuilder,
    cx: &mut ReadContext<'_>,
) -> Result<(), FileError> {
    let sheet = draft.sheet.name.clone();
    let mut part = SheetStream {
        globals,
        draft,
        cx,
        sheet,
        pending: None,
        shared: HashMap::new(),
        open: None,
        rows: 0,
        columns: 0,
    };
    // Some programs point behind the record that begins a sheet, or leave it out.
    let (mut depth, mut ended) = (u32::from(starts_inside(stream, start)), false);
    let mut claimed = (0u32, 0u32);
    for record in Records::new(stream, start) {
        match record.kind {
            // Charts in the sheet are parts of their own, with cells of their own.
            kind::BOF_2 | kind::BOF_3 | kind::BOF_4 | kind::BOF => depth += 1,
            kind::EOF if depth <= 1 => {
                ended = true;
                break;
            }
            kind::EOF => depth -= 1,
            _ if depth != 1 => {}
            kind::DIMENSIONS_2 | kind::DIMENSIONS => claimed = dimensions(&record, globals.version).unwrap_or(claimed),
            _ => skip_short(part.record(&record))?,
        }
        if depth == 0 {
            break;
        }
    }
    part.end_pending()?;
    let used = u64::from(part.rows) * u64::from(part.columns);
    let claim = u64::from(claimed.0) * u64::from(claimed.1);
    // Nothing here is made as large as it claims to be, and programs write the whole grid for want of
    // something better. More rows than the grid has were made up to do harm.
    if claimed.0 > ROWS && claim > CLAIM && claim / FACTOR > used {
        return Err(part.lie(claimed));
    }
    if !ended {
        let sheet = part.sheet.clone();
        part.cx.lost_sheet(&sheet, Loss::BreaksOff);
    }
    Ok(())
}

/// Rows and columns that a sheet claims to reach.
fn dimensions(record: &Record<'_>, version: Version) -> Option<(u32, u32)> {
    let data = record.data;
    Some(if version == Version::Eight {
        (long(data, 4)?, word(data, 10)?.into())
    } else {
        (word(data, 2)?.into(), word(data, 6)?.into())
    })
}

impl SheetStream<'_, '_> {
    fn lie(&self, (rows, columns): (u32, u32)) -> FileError {
        self.cx.too_much(TooMuch::ClaimedGrid {
            sheet: self.sheet.clone(),
            claimed: (rows, columns),
            used: (self.rows, self.columns),
        })
    }

    fn record(&mut self, record: &Record<'_>) -> Result<(), RecordError> {
        let data = Fields(record.data);
        match record.kind {
            kind::ROW => {
                let (row, last, flags) = (data.word(0)?, data.word(4)?, data.byte(12)?);
                self.reach(row.into(), last.into());
                if flags & ROW_HIDDEN != 0 || (flags & ROW_OWN_HEIGHT != 0 && data.word(6)? == 0) {
                    self.draft.hide_rows(row.into(), row.into());
                }
            }
            kind::COL_INFO => {
                if data.byte(8)? & COLUMN_HIDDEN != 0 || data.word(4)? == 0 {
                    self.draft.hide_columns(data.word(0)?.into(), data.word(2)?.into());
                }
            }
            kind::UNCALCED => self.draft.sheet.uncalculated = true,
            kind::MERGE_CELLS => {
                for area in data.from(2)?.0.as_chunks::<8>().0 {
                    let area = Fields(area);
                    let first = Position::new(area.word(0)?.into(), area.word(4)?.into());
                    let last = Position::new(area.word(2)?.into(), area.word(6)?.into());
                    self.draft.merge(Area { first, last });
                }
            }
            kind::STRING | kind::STRING_2 => {
                // Text that belongs to no formula says nothing.
                let Some((at, style, formula)) = self.pending.take() else { return Ok(()) };
                let text = self.string(record, 0, style, record.kind == kind::STRING_2);
                self.text(at, style, Text::new(&text.ok_or(RecordError::TooShort)?), true, formula)?;
            }
            kind::SHARED_FORMULA => self.shared_formula(record, 10)?,
            kind::ARRAY => self.shared_formula(record, 14)?,
            kind::MUL_RK => self.many(record)?,
            kind::MUL_BLANK => {
                let end = record.data.len().checked_sub(2).ok_or(RecordError::TooShort)?;
                self.reach(data.word(0)?.into(), u32::from(data.word(end)?) + 1);
            }
            _ => self.single(record)?,
        }
        Ok(())
    }

    /// A run of numbers in one row.
    fn many(&mut self, record: &Record<'_>) -> Result<(), FileError> {
        let (Some(row), Some(first)) = (word(record.data, 0), word(record.data, 2)) else { return Ok(()) };
        let cells = record.data.get(4..record.data.len().saturating_sub(2)).unwrap_or_default();
        for (column, cell) in (u32::from(first)..).zip(cells.as_chunks::<6>().0) {
            if let (Some(style), Some(raw)) = (word(cell, 0), long(cell, 2)) {
                self.number(Position::new(row.into(), column), style, rk(raw), None)?;
            }
        }
        Ok(())
    }

    /// A record of one cell: row, column, format, then what it holds.
    fn single(&mut self, record: &Record<'_>) -> Result<(), RecordError> {
        let data = Fields(record.data);
        let Some(content) = Content::of(record.kind) else { return Ok(()) };
        // BIFF2 has numbers of its own, but for formulas.
        let old = record.kind < kind::FORMULA || (record.kind == kind::FORMULA && self.globals.version == Version::Two);
        let at = Position::new(data.word(0)?.into(), data.word(2)?.into());
        self.reach(at.row, at.column + 1);
        // BIFF2 has three bytes of attributes in place of a format number.
        let (style, body) =
            if old { (Globals::old_style(data.byte(5)?), data.from(7)?) } else { (data.word(4)?, data.from(6)?) };
        self.end_pending()?;
        match content {
            Content::Blank => {}
            Content::Integer => self.number(at, style, body.word(0)?.into(), None)?,
            Content::Number => self.number(at, style, body.double(0)?, None)?,
            Content::Packed => self.number(at, style, rk(body.long(0)?), None)?,
            Content::Text => {
                let start = record.data.len() - body.0.len();
                let (text, runs) = self.rich(record, start, style, old).ok_or(RecordError::TooShort)?;
                let read = rich::told_apart(&text, &runs, &self.globals.fonts);
                let text = read.as_deref().map_or_else(|| Text::with_runs(&text, &runs), Text::decoded);
                self.text(at, style, text, false, None)?;
            }
            Content::Logical => self.push(at, style, logical(body.byte(0)?, body.byte(1)? != 0), None)?,
            Content::SharedText => {
                let (index, globals) = (body.long(0)?, self.globals);
                match usize::try_from(index).ok().and_then(|index| globals.strings.get(index)) {
                    Some(text) => self.shared_text(at, style, text)?,
                    None => self.bad(at, &index.to_string()),
                }
            }
            Content::Formula => self.formula(at, style, body)?,
        }
        Ok(())
    }

    fn formula(&mut self, at: Position, style: u16, body: Fields<'_>) -> Result<(), RecordError> {
        let formula = self.formula_text(at, body.0)?;
        if body.word(6)? != NO_NUMBER {
            let shown = self.shown(body.double(0)?, style);
            return Ok(self.push(at, style, shown.as_ref().map_or(Value::NoResult, Shown::value), formula)?);
        }
        match body.byte(0)? {
            0 => self.pending = Some((at, style, formula)),
            1 => self.push(at, style, Value::Bool(body.byte(2)? != 0), formula)?,
            2 => self.push(at, style, logical(body.byte(2)?, true), formula)?,
            3 => self.text(at, style, Text::new(""), true, formula)?,
            _ => self.push(at, style, Value::NoResult, formula)?,
        }
        Ok(())
    }

    /// The text of the formula in a cell, where it is known by now.
    fn formula_text(&mut self, at: Position, body: &[u8]) -> Result<Option<Arc<str>>, FileError> {
        self.open = None;
        let compiled = word(body, 14).and_then(|length| body.get(16..16 + usize::from(length)));
        let (Some(scope), Some(compiled)) = (self.globals.scope(), compiled) else { return Ok(None) };
        let Some(name) = scope.shared(compiled) else { return self.keep(scope.text(compiled, at)) };
        let Some(template) = self.shared.get(&name) else {
            self.open = Some((at, name));
            return Ok(None);
        };
        self.keep(scope.text(template, at))
    }

    fn keep(&mut self, formula: Option<String>) -> Result<Option<Arc<str>>, FileError> {
        let Some(formula) = formula else { return Ok(None) };
        self.cx.take_text(formula.len())?;
        Ok(Some(Arc::from(formula)))
    }

    /// A formula that the cell before shares with others, its length at `at`. That of an array
    /// stands in its first cell alone.
    fn shared_formula(&mut self, record: &Record<'_>, at: usize) -> Result<(), RecordError> {
        let data = Fields(record.data);
        let compiled = data.part(at, data.word(at - 2)?.into())?;
        let (Some((cell, name)), Some(scope)) = (self.open.take(), self.globals.scope()) else { return Ok(()) };
        let formula = self.keep(scope.text(compiled, cell))?;
        if record.kind == kind::SHARED_FORMULA {
            self.shared.insert(name, compiled.to_vec());
        }
        let target = match &mut self.pending {
            Some((at, _, target)) if *at == cell => target,
            _ => {
                if self.draft.last() == Some(cell) {
                    self.draft.set_formula(formula);
                }
                return Ok(());
            }
        };
        *target = formula;
        Ok(())
    }

    /// A formula whose text did not follow holds no result.
    fn end_pending(&mut self) -> Result<(), FileError> {
        match self.pending.take() {
            Some((at, style, formula)) => self.push(at, style, Value::NoResult, formula),
            None => Ok(()),
        }
    }

    fn string(&self, record: &Record<'_>, at: usize, style: u16, short: bool) -> Option<String> {
        if self.globals.version == Version::Eight {
            let length = word(record.data, at)?;
            return Cursor::new(record, at + 2).unicode(length.into());
        }
        let (length, start) = if short {
            (usize::from(byte(record.data, at)?), at + 1)
        } else {
            (usize::from(word(record.data, at)?), at + 2)
        };
        let bytes = record.data.get(start..)?;
        Some(self.globals.bytes(&bytes[..length.min(bytes.len())], self.globals.style(style).font))
    }

    /// A text of a cell and its parts with fonts of their own.
    fn rich(&self, record: &Record<'_>, at: usize, style: u16, short: bool) -> Option<(String, Vec<Run>)> {
        let has_runs = record.kind == kind::RICH_STRING;
        if self.globals.version == Version::Eight {
            let mut cursor = Cursor::new(record, at);
            let length = cursor.word()?;
            let (text, mut starts) = cursor.rich(length.into())?;
            if has_runs {
                let count = cursor.word().unwrap_or(0);
                starts = (0..count).map_while(|_| Some((cursor.word()?, cursor.word()?))).collect();
            }
            let runs = self.globals.parts(&starts, text.chars().count(), style);
            return Some((text, runs));
        }
        if !has_runs {
            return Some((self.string(record, at, style, short)?, Vec::new()));
        }
        let length = usize::from(word(record.data, at)?);
        let bytes = record.data.get(at + 2..)?;
        let (bytes, behind) = bytes.split_at(length.min(bytes.len()));
        let starts: Vec<_> = behind.get(1..).unwrap_or_default().as_chunks::<2>().0.iter().collect();
        let starts: Vec<_> = starts.iter().map(|start| (u16::from(start[0]), u16::from(start[1]))).collect();
        let count = usize::from(byte(behind, 0).unwrap_or(0)).min(starts.len());
        let mut runs = self.globals.parts(&starts[..count], bytes.len(), style);
        // What a byte means, its font decides, so each part is decoded by itself.
        let (mut text, mut rest) = (String::new(), bytes);
        for run in &mut runs {
            let (part, behind) = rest.split_at(run.length.min(rest.len()));
            let part = self.globals.bytes(part, run.font);
            (run.length, rest) = (part.chars().count(), behind);
            text.push_str(&part);
        }
        text.push_str(&self.globals.bytes(rest, self.globals.style(style).font));
        Some((text, runs))
    }

    fn reach(&mut self, row: u32, columns: u32) {
        self.rows = self.rows.max(row + 1);
        self.columns = self.columns.max(columns);
    }

    /// A number as its format shows it; `None` for what is no number.
    fn shown(&self, number: f64, style: u16) -> Option<Shown> {
        format::value(number, self.globals.style(style).kind, self.globals.epoch_1904)
    }

    fn number(&mut self, at: Position, style: u16, number: f64, formula: Option<Arc<str>>) -> Result<(), FileError> {
        if self.is_outside(at) {
            return Ok(());
        }
        self.reach(at.row, at.column + 1);
        if let Some(shown) = self.shown(number, style) {
            return self.push(at, style, shown.value(), formula);
        }
        self.bad(at, &number.to_string());
        Ok(())
    }

    fn text(
        &mut self,
        at: Position,
        style: u16,
        text: Text<'_>,
        is_formula: bool,
        formula: Option<Arc<str>>,
    ) -> Result<(), FileError> {
        self.cx.take_text(text.length())?;
        // Empty text is no cell, unless a formula gave it.
        if (text.is_empty() && !is_formula) || self.is_outside(at) {
            return Ok(());
        }
        self.cx.take_cell()?;
        let found = self.globals.style(style);
        let dress = CellStyle { formula, format: found.format.as_ref(), mark: found.mark, letters: found.letters };
        self.draft.push_text(at, text, found.font, &self.globals.fonts, dress);
        Ok(())
    }

    fn shared_text(&mut self, at: Position, style: u16, text: SharedText) -> Result<(), FileError> {
        if text.is_empty || self.is_outside(at) {
            return Ok(());
        }
        self.cx.take_cell()?;
        let found = self.globals.style(style);
        let dress =
            CellStyle { formula: None, format: found.format.as_ref(), mark: found.mark, letters: found.letters };
        self.draft.push_shared(at, text, found.font, &self.globals.fonts, dress);
        Ok(())
    }

    fn push(&mut self, at: Position, style: u16, value: Value<'_>, formula: Option<Arc<str>>) -> Result<(), FileError> {
        if self.is_outside(at) {
            return Ok(());
        }
        self.cx.take_cell()?;
        let found = self.globals.style(style);
        self.draft.push(
            at,
            value,
            CellStyle { formula, format: found.format.as_ref(), mark: found.mark, letters: found.letters },
        );
        Ok(())
    }

    /// Records have room for 65,536 columns, sheets have not.
    fn is_outside(&mut self, at: Position) -> bool {
        let outside = at.column >= GRID_COLUMNS;
        if outside {
            self.cx.outside_grid(&self.sheet, at);
        }
        outside
    }

    fn bad(&mut self, at: Position, raw: &str) {
        if self.is_outside(at) {
            return;
        }
        self.cx.bad_cell(&self.sheet, at, Some(raw), CellError::NoValue(raw.to_owned()));
    }
}

/// True, false or an error, by its number.
fn logical(number: u8, is_error: bool) -> Value<'static> {
    if is_error { Value::Error(error(number)) } else { Value::Bool(number != 0) }
}
