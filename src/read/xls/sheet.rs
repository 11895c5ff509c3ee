//! The records of one sheet.

use std::{collections::HashMap, sync::Arc};

use super::{
    globals::{Globals, Version},
    records::{Cursor, Record, Records},
};
use crate::{
    read::{
        bytes::{byte, double, error, long, rk, word},
        draft::{Draft, Dress, SharedText, Text},
        format::{self, Shown},
        intake::{Intake, Refusal},
        rich::{self, Run},
    },
    say,
    workbook::{Area, GRID_COLUMNS, Position, Value},
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
        // How it is calculated, page and panes.
        0x000C..=0x000F | 0x0011 | 0x002A | 0x002B | 0x005F | 0x0080..=0x0084 | 0x0225 => first.data.len() <= 8,
        0x0010 => first.data.len() == 8,
        // An index of rows, and the size.
        0x020B | 0x0200 => first.data.len() >= 10,
        _ => false,
    })
}

struct Part<'b, 'c> {
    globals: &'b Globals,
    draft: &'b mut Draft,
    intake: &'b mut Intake<'c>,
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
pub(super) fn read(
    stream: &[u8],
    start: usize,
    globals: &Globals,
    draft: &mut Draft,
    intake: &mut Intake<'_>,
) -> Result<(), Refusal> {
    let sheet = draft.sheet.name.clone();
    let mut part =
        Part { globals, draft, intake, sheet, pending: None, shared: HashMap::new(), open: None, rows: 0, columns: 0 };
    // Some programs point behind the record that begins a sheet, or leave it out.
    let (mut depth, mut ended) = (u32::from(starts_inside(stream, start)), false);
    let mut claimed = (0u32, 0u32);
    for record in Records::new(stream, start) {
        match record.kind {
            // Charts in the sheet are parts of their own, with cells of their own.
            0x0009 | 0x0209 | 0x0409 | 0x0809 => depth += 1,
            0x000A if depth <= 1 => {
                ended = true;
                break;
            }
            0x000A => depth -= 1,
            _ if depth != 1 => {}
            0x0000 | 0x0200 => claimed = dimensions(&record, globals.version).unwrap_or(claimed),
            _ => {
                // A record that is too short says nothing.
                if let Some(outcome) = part.record(&record) {
                    outcome?;
                }
            }
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
        let why = say!(
            part.intake.language,
            "dữ liệu bị đứt giữa chừng, phần trước đó đã đọc",
            "its data breaks off; what comes before was read"
        );
        part.intake.lost_sheet(&sheet, &why);
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

impl Part<'_, '_> {
    fn lie(&self, (rows, columns): (u32, u32)) -> Refusal {
        let sheet = &self.sheet;
        let (used_rows, used_columns) = (self.rows, self.columns);
        self.intake.too_much(say!(
            self.intake.language,
            "sheet \"{sheet}\" ghi là rộng {rows} dòng x {columns} cột nhưng chỉ có {used_rows} dòng x {used_columns} cột; tệp hỏng hoặc cố ý gây hại",
            "sheet \"{sheet}\" claims {rows} rows x {columns} columns and has {used_rows} x {used_columns}; the file is damaged or meant to do harm"
        ))
    }

    /// Takes one record; `None` when it is too short for what it should hold.
    fn record(&mut self, record: &Record<'_>) -> Option<Result<(), Refusal>> {
        let data = record.data;
        match record.kind {
            0x0208 => {
                let (row, last) = (word(data, 0)?, word(data, 4)?);
                self.reach(row.into(), last.into());
                if byte(data, 12)? & 0x20 != 0 || (byte(data, 12)? & 0x40 != 0 && word(data, 6)? == 0) {
                    self.draft.hide_rows(row.into(), row.into());
                }
            }
            0x007D => {
                if byte(data, 8)? & 1 != 0 || word(data, 4)? == 0 {
                    self.draft.hide_columns(word(data, 0)?.into(), word(data, 2)?.into());
                }
            }
            0x005E => self.draft.sheet.uncalculated = true,
            0x00E5 => {
                for area in data.get(2..)?.as_chunks::<8>().0 {
                    let first = Position::new(word(area, 0)?.into(), word(area, 4)?.into());
                    let last = Position::new(word(area, 2)?.into(), word(area, 6)?.into());
                    self.draft.merge(Area { first, last });
                }
            }
            0x0207 | 0x0007 => {
                let (at, style, formula) = self.pending.take()?;
                let text = self.string(record, 0, style, record.kind == 0x0007)?;
                return Some(self.text(at, style, Text::new(&text), true, formula));
            }
            0x04BC => return self.shared_formula(record, 10),
            0x0221 => return self.shared_formula(record, 14),
            0x00BD => return Some(self.many(record)),
            0x00BE => {
                let last = word(data, data.len().checked_sub(2)?)?;
                self.reach(word(data, 0)?.into(), u32::from(last) + 1);
            }
            _ => return self.single(record),
        }
        Some(Ok(()))
    }

    /// A run of numbers in one row.
    fn many(&mut self, record: &Record<'_>) -> Result<(), Refusal> {
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
    fn single(&mut self, record: &Record<'_>) -> Option<Result<(), Refusal>> {
        let data = record.data;
        // BIFF2 has numbers of its own, but for formulas.
        let old = record.kind < 0x0006 || (record.kind == 0x0006 && self.globals.version == Version::Two);
        let kind = match record.kind {
            0x0001 | 0x0201 => 0x01,
            0x0002 => 0x02,
            0x0003 | 0x0203 => 0x03,
            0x0004 | 0x0204 => 0x04,
            0x0005 | 0x0205 => 0x05,
            0x0006 | 0x0206 | 0x0406 => 0x06,
            0x00D6 => 0xD6,
            0x00FD => 0xFD,
            0x027E => 0x7E,
            _ => return Some(Ok(())),
        };
        let at = Position::new(word(data, 0)?.into(), word(data, 2)?.into());
        self.reach(at.row, at.column + 1);
        // BIFF2 has three bytes of attributes in place of a format number.
        let (style, body) =
            if old { (Globals::old_style(byte(data, 5)?), data.get(7..)?) } else { (word(data, 4)?, data.get(6..)?) };
        if let Err(refusal) = self.end_pending() {
            return Some(Err(refusal));
        }
        match kind {
            0x01 => Some(Ok(())),
            0x02 => Some(self.number(at, style, word(body, 0)?.into(), None)),
            0x03 => Some(self.number(at, style, double(body, 0)?, None)),
            0x7E => Some(self.number(at, style, rk(long(body, 0)?), None)),
            0x04 | 0xD6 => {
                let start = data.len() - body.len();
                let (text, runs) = self.rich(record, start, style, old)?;
                let read = rich::told_apart(&text, &runs, &self.globals.fonts);
                let text = read.as_deref().map_or_else(|| Text::with_runs(&text, &runs), Text::decoded);
                Some(self.text(at, style, text, false, None))
            }
            0x05 => {
                let value = logical(byte(body, 0)?, byte(body, 1)? != 0);
                Some(self.push(at, style, value, None))
            }
            0xFD => {
                let index = long(body, 0)?;
                let globals = self.globals;
                if let Some(text) = usize::try_from(index).ok().and_then(|index| globals.strings.get(index)) {
                    return Some(self.shared_text(at, style, text));
                }
                self.bad(at, &index.to_string());
                Some(Ok(()))
            }
            _ => self.formula(at, style, body),
        }
    }

    fn formula(&mut self, at: Position, style: u16, body: &[u8]) -> Option<Result<(), Refusal>> {
        let formula = match self.formula_text(at, body) {
            Ok(formula) => formula,
            Err(refusal) => return Some(Err(refusal)),
        };
        if word(body, 6)? != 0xFFFF {
            let shown = self.shown(double(body, 0)?, style);
            return Some(self.push(at, style, shown.as_ref().map_or(Value::NoResult, Shown::value), formula));
        }
        Some(match byte(body, 0)? {
            0 => {
                self.pending = Some((at, style, formula));
                Ok(())
            }
            1 => self.push(at, style, Value::Bool(byte(body, 2)? != 0), formula),
            2 => self.push(at, style, logical(byte(body, 2)?, true), formula),
            3 => self.text(at, style, Text::new(""), true, formula),
            _ => self.push(at, style, Value::NoResult, formula),
        })
    }

    /// The text of the formula in a cell, where it is known by now.
    fn formula_text(&mut self, at: Position, body: &[u8]) -> Result<Option<Arc<str>>, Refusal> {
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

    fn keep(&mut self, formula: Option<String>) -> Result<Option<Arc<str>>, Refusal> {
        let Some(formula) = formula else { return Ok(None) };
        self.intake.take_text(formula.len())?;
        Ok(Some(Arc::from(formula)))
    }

    /// A formula that the cell before shares with others, its length at `at`. That of an array
    /// stands in its first cell alone.
    fn shared_formula(&mut self, record: &Record<'_>, at: usize) -> Option<Result<(), Refusal>> {
        let length = if at == 10 { word(record.data, 8)? } else { word(record.data, 12)? };
        let compiled = record.data.get(at..at + usize::from(length))?;
        let (cell, name) = self.open.take()?;
        let formula = match self.keep(self.globals.scope()?.text(compiled, cell)) {
            Ok(formula) => formula,
            Err(refusal) => return Some(Err(refusal)),
        };
        if record.kind == 0x04BC {
            self.shared.insert(name, compiled.to_vec());
        }
        let target = match &mut self.pending {
            Some((at, _, target)) if *at == cell => target,
            _ => {
                if self.draft.last() == Some(cell) {
                    self.draft.set_formula(formula);
                }
                return Some(Ok(()));
            }
        };
        *target = formula;
        Some(Ok(()))
    }

    /// A formula whose text did not follow holds no result.
    fn end_pending(&mut self) -> Result<(), Refusal> {
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
        let has_runs = record.kind == 0x00D6;
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

    fn number(&mut self, at: Position, style: u16, number: f64, formula: Option<Arc<str>>) -> Result<(), Refusal> {
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
    ) -> Result<(), Refusal> {
        self.intake.take_text(text.length())?;
        // Empty text is no cell, unless a formula gave it.
        if (text.is_empty() && !is_formula) || self.is_outside(at) {
            return Ok(());
        }
        self.intake.take_cell()?;
        let found = self.globals.style(style);
        let dress = Dress { formula, format: found.format.as_ref(), mark: found.mark, letters: found.letters };
        self.draft.push_text(at, text, found.font, &self.globals.fonts, dress);
        Ok(())
    }

    fn shared_text(&mut self, at: Position, style: u16, text: SharedText) -> Result<(), Refusal> {
        if text.is_empty || self.is_outside(at) {
            return Ok(());
        }
        self.intake.take_cell()?;
        let found = self.globals.style(style);
        let dress = Dress { formula: None, format: found.format.as_ref(), mark: found.mark, letters: found.letters };
        self.draft.push_shared(at, text, found.font, &self.globals.fonts, dress);
        Ok(())
    }

    fn push(&mut self, at: Position, style: u16, value: Value<'_>, formula: Option<Arc<str>>) -> Result<(), Refusal> {
        if self.is_outside(at) {
            return Ok(());
        }
        self.intake.take_cell()?;
        let found = self.globals.style(style);
        self.draft.push(
            at,
            value,
            Dress { formula, format: found.format.as_ref(), mark: found.mark, letters: found.letters },
        );
        Ok(())
    }

    /// Records have room for 65,536 columns, sheets have not.
    fn is_outside(&mut self, at: Position) -> bool {
        let outside = at.column >= GRID_COLUMNS;
        if outside {
            self.intake.outside_grid(&self.sheet, at);
        }
        outside
    }

    fn bad(&mut self, at: Position, raw: &str) {
        if self.is_outside(at) {
            return;
        }
        let message = say!(
            self.intake.language,
            "ô {at} không đọc được: \"{raw}\" không phải là số hoặc chuỗi có trong tệp",
            "cell {at} cannot be read: \"{raw}\" is neither a number nor a string of the file"
        );
        self.intake.bad_cell(&self.sheet, at, Some(raw), message);
    }
}

/// True, false or an error, by its number.
fn logical(number: u8, is_error: bool) -> Value<'static> {
    if is_error { Value::Error(error(number)) } else { Value::Bool(number != 0) }
}
