//! The records of one sheet.

use std::sync::Arc;

use super::{
    globals::{Globals, Version},
    records::{Cursor, Record, Records, byte, double, long, rk, word},
};
use crate::{
    read::{
        draft::{Draft, Dress, Text},
        format,
        intake::{Intake, Refusal},
    },
    say,
    workbook::{Area, Cell, Position, Value},
};

/// What a sheet turned out to be.
pub(super) struct Seen {
    /// Cells of the box around everything that stands in it, or that it claims.
    pub(super) area: u64,
    pub(super) formulas: bool,
}

/// Cells of a claimed box that nothing fills, beyond which other programs run out of memory.
const CLAIM: u64 = 2_000_000;
/// How many times as large as the box in use a claimed one may be.
const FACTOR: u64 = 64;

struct Part<'b, 'c> {
    globals: &'b Globals,
    draft: &'b mut Draft,
    intake: &'b mut Intake<'c>,
    sheet: Arc<str>,
    /// A formula whose text follows in a record of its own.
    pending: Option<(Position, u16)>,
    formulas: bool,
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
) -> Result<Seen, Refusal> {
    let sheet = draft.sheet.name.clone();
    let mut part = Part { globals, draft, intake, sheet, pending: None, formulas: false, rows: 0, columns: 0 };
    let (mut depth, mut ended) = (0u32, false);
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
    if claim > CLAIM && claim / FACTOR > used {
        return Err(part.lie(claimed));
    }
    let formulas = part.formulas;
    if !ended {
        let sheet = part.sheet.clone();
        let why = say!(
            part.intake.language,
            "dữ liệu bị đứt giữa chừng, phần trước đó đã đọc",
            "its data breaks off; what comes before was read"
        );
        part.intake.lost_sheet(&sheet, &why);
    }
    Ok(Seen { area: used.max(claim), formulas })
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
                if byte(data, 12)? & 0x20 != 0 {
                    self.draft.hide_rows(row.into(), row.into());
                }
            }
            0x007D => {
                if byte(data, 8)? & 1 != 0 {
                    self.draft.hide_columns(word(data, 0)?.into(), word(data, 2)?.into());
                }
            }
            0x00E5 => {
                for area in data.get(2..)?.as_chunks::<8>().0 {
                    let first = Position::new(word(area, 0)?.into(), word(area, 4)?.into());
                    let last = Position::new(word(area, 2)?.into(), word(area, 6)?.into());
                    self.draft.merge(Area { first, last });
                }
            }
            0x0207 | 0x0007 => {
                let (at, style) = self.pending.take()?;
                let text = self.string(record, 0, style, record.kind == 0x0007)?;
                return Some(self.text(at, style, &text, true));
            }
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
                self.number(Position::new(row.into(), column), style, rk(raw), false)?;
            }
        }
        Ok(())
    }

    /// A record of one cell: row, column, format, then what it holds.
    fn single(&mut self, record: &Record<'_>) -> Option<Result<(), Refusal>> {
        let data = record.data;
        let old = self.globals.version == Version::Two;
        let kind = match record.kind {
            0x0001 | 0x0201 => 0x01,
            0x0002 if old => 0x02,
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
        let (style, body) = if old { (0, data.get(7..)?) } else { (word(data, 4)?, data.get(6..)?) };
        if let Err(refusal) = self.end_pending() {
            return Some(Err(refusal));
        }
        match kind {
            0x01 => Some(Ok(())),
            0x02 => Some(self.number(at, style, word(body, 0)?.into(), false)),
            0x03 => Some(self.number(at, style, double(body, 0)?, false)),
            0x7E => Some(self.number(at, style, rk(long(body, 0)?), false)),
            0x04 | 0xD6 => {
                let start = data.len() - body.len();
                let text = self.string(record, start, style, old)?;
                Some(self.text(at, style, &text, false))
            }
            0x05 => {
                let value = logical(byte(body, 0)?, byte(body, 1)? != 0);
                Some(self.push(at, style, value))
            }
            0xFD => {
                let index = long(body, 0)?;
                let globals = self.globals;
                if let Some(text) = usize::try_from(index).ok().and_then(|index| globals.strings.get(index)) {
                    return Some(self.stored_text(at, style, text, false));
                }
                self.bad(at, &index.to_string());
                Some(Ok(()))
            }
            _ => self.formula(at, style, body),
        }
    }

    fn formula(&mut self, at: Position, style: u16, body: &[u8]) -> Option<Result<(), Refusal>> {
        self.formulas = true;
        if word(body, 6)? != 0xFFFF {
            return Some(self.number(at, style, double(body, 0)?, true));
        }
        Some(match byte(body, 0)? {
            0 => {
                self.pending = Some((at, style));
                Ok(())
            }
            1 => self.push(at, style, Value::Bool(byte(body, 2)? != 0)),
            2 => self.push(at, style, logical(byte(body, 2)?, true)),
            3 => self.text(at, style, "", true),
            _ => self.push(at, style, Value::NoResult),
        })
    }

    /// A formula whose text did not follow holds no result.
    fn end_pending(&mut self) -> Result<(), Refusal> {
        match self.pending.take() {
            Some((at, style)) => self.push(at, style, Value::NoResult),
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

    fn reach(&mut self, row: u32, columns: u32) {
        self.rows = self.rows.max(row + 1);
        self.columns = self.columns.max(columns);
    }

    fn number(&mut self, at: Position, style: u16, number: f64, is_formula: bool) -> Result<(), Refusal> {
        self.reach(at.row, at.column + 1);
        let found = self.globals.style(style);
        match format::value(number, found.kind, self.globals.epoch_1904) {
            Some(value) => self.push(at, style, value),
            None if is_formula => self.push(at, style, Value::NoResult),
            None => {
                self.bad(at, &number.to_string());
                Ok(())
            }
        }
    }

    fn text(&mut self, at: Position, style: u16, text: &str, is_formula: bool) -> Result<(), Refusal> {
        self.intake.take_text(text.len())?;
        self.stored_text(at, style, &Text::new(text), is_formula)
    }

    fn stored_text(&mut self, at: Position, style: u16, text: &Text, is_formula: bool) -> Result<(), Refusal> {
        if text.is_empty() && !is_formula {
            return Ok(());
        }
        self.intake.take_cell()?;
        let found = self.globals.style(style);
        let dress = Dress { formula: None, format: found.format };
        self.draft.push_text(at, text, found.font, &self.globals.fonts, dress);
        Ok(())
    }

    fn push(&mut self, at: Position, style: u16, value: Value) -> Result<(), Refusal> {
        self.intake.take_cell()?;
        let format = self.globals.style(style).format;
        self.draft.push(at.row, Cell { column: at.column, value, formula: None, format });
        Ok(())
    }

    fn bad(&mut self, at: Position, raw: &str) {
        let message = say!(
            self.intake.language,
            "ô {at} không đọc được: \"{raw}\" không phải là số hoặc chuỗi có trong tệp",
            "cell {at} cannot be read: \"{raw}\" is neither a number nor a string of the file"
        );
        self.intake.bad_cell(&self.sheet, at, Some(raw), message);
    }
}

/// True, false or an error, by its number.
fn logical(number: u8, is_error: bool) -> Value {
    if !is_error {
        return Value::Bool(number != 0);
    }
    Value::Error(Arc::from(match number {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        _ => "#ERROR!",
    }))
}
