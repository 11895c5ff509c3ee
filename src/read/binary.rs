//! What calamine reads: binary workbooks (.xlsb), and the text of formulas. The only file that
//! names it.

use std::{io::Cursor, sync::Arc};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xls, Xlsb};

use super::{
    archive::Archive,
    draft::{Draft, Drafts, Dress, GRID_COLUMNS, GRID_ROWS, Text},
    format::{self, Kind},
    intake::{Intake, Refusal},
};
use crate::{
    number::StoredNumber,
    say,
    workbook::{Cell, Position, Value},
};

/// A shared formula's text as it reads in another of its cells.
pub(super) fn moved_formula(formula: &str, from: Position, to: Position) -> String {
    calamine::expand_shared_formula(formula, (from.row, from.column), (to.row, to.column)).unwrap_or_default()
}

/// Adds the text of formulas to cells that were read from a compound file. Their values are
/// there already, so a file that calamine cannot read loses nothing else.
pub(super) fn xls_formulas(file: &[u8], sheets: &mut [Draft], intake: &mut Intake<'_>) -> Result<(), Refusal> {
    let Ok(mut book) = Xls::new(Cursor::new(file)) else { return Ok(()) };
    for draft in sheets {
        let Ok(formulas) = book.worksheet_formula(&draft.sheet.name) else { continue };
        for row in &mut draft.sheet.rows {
            for cell in &mut row.cells {
                let Some(text) = formulas.get_value((row.row, cell.column)) else { continue };
                if !text.is_empty() && !text.starts_with("Unrecognised formula") {
                    intake.take_text(text.len())?;
                    cell.formula = Some(Arc::from(&**text));
                }
            }
        }
    }
    Ok(())
}

/// Reads a binary workbook. Everything in it was unpacked once before, to measure it.
pub(super) fn xlsb(bytes: &[u8], mut archive: Archive<'_>, intake: &mut Intake<'_>) -> Result<Drafts, Refusal> {
    archive.measure(intake)?;
    let mut book: Xlsb<_> = Xlsb::new(Cursor::new(bytes)).map_err(|error| {
        intake.unreadable(say!(intake.language, "tệp .xlsb bị hỏng: {error}", "the .xlsb file is damaged: {error}"))
    })?;
    let mut drafts = Drafts::default();
    for listed in book.sheets_metadata().to_vec() {
        if listed.typ != SheetType::WorkSheet {
            continue;
        }
        let mut draft = Draft::new(&listed.name, listed.visible != SheetVisible::Visible);
        let sheet = draft.sheet.name.clone();
        if let Err(why) = xlsb_sheet(&mut book, &mut draft, &drafts, intake)? {
            intake.lost_sheet(&sheet, &why);
        }
        drafts.sheets.push(draft);
    }
    Ok(drafts)
}

/// Reads one sheet. The inner error says why the sheet is lost from some cell on.
fn xlsb_sheet(
    book: &mut Xlsb<Cursor<&[u8]>>,
    draft: &mut Draft,
    drafts: &Drafts,
    intake: &mut Intake<'_>,
) -> Result<Result<(), String>, Refusal> {
    let name = draft.sheet.name.clone();
    let epoch_1904 = book.has_1904_epoch();
    let mut formulas = std::collections::HashMap::new();
    if let Ok(mut cells) = book.worksheet_cells_reader(&name) {
        while let Ok(Some(cell)) = cells.next_formula() {
            if !cell.get_value().is_empty() {
                intake.take_text(cell.get_value().len())?;
                formulas.insert(cell.get_position(), Arc::<str>::from(&**cell.get_value()));
            }
        }
    }
    let mut cells = match book.worksheet_cells_reader(&name) {
        Ok(cells) => cells,
        Err(error) => return Ok(Err(error.to_string())),
    };
    loop {
        let cell = match cells.next_cell() {
            Ok(Some(cell)) => cell,
            Ok(None) => return Ok(Ok(())),
            Err(error) => return Ok(Err(error.to_string())),
        };
        let (row, column) = cell.get_position();
        let at = Position::new(row, column);
        let formula = formulas.remove(&(row, column));
        let value = match cell.get_value() {
            DataRef::Empty if formula.is_some() => Some(Value::NoResult),
            DataRef::Empty => continue,
            DataRef::Int(number) => number.to_string().parse().ok().and_then(StoredNumber::from_f64).map(Value::Number),
            DataRef::Float(number) => StoredNumber::from_f64(*number).map(Value::Number),
            DataRef::Bool(value) => Some(Value::Bool(*value)),
            DataRef::DateTime(day) => {
                let kind = if day.is_duration() { Kind::Duration } else { Kind::Date };
                format::value(day.as_f64(), kind, epoch_1904)
            }
            DataRef::DateTimeIso(iso) | DataRef::DurationIso(iso) => {
                Some(Value::Date { serial: None, iso: Arc::from(&**iso) })
            }
            DataRef::Error(error) => Some(Value::Error(Arc::from(error.to_string()))),
            DataRef::String(text) => Some(Value::Text(Arc::from(&**text))),
            DataRef::SharedString(text) => Some(Value::Text(Arc::from(*text))),
        };
        if row >= GRID_ROWS || column >= GRID_COLUMNS {
            intake.outside_grid(&name, at);
            continue;
        }
        match value {
            Some(Value::Text(text)) if text.is_empty() && formula.is_none() => {}
            Some(Value::Text(text)) => {
                intake.take_cell()?;
                intake.take_text(text.len())?;
                draft.push_text(at, &Text::new(&text), 0, &drafts.fonts, Dress { formula, format: None });
            }
            Some(value) => {
                intake.take_cell()?;
                draft.push(row, Cell { column, value, formula, format: None });
            }
            None => {
                let message = say!(
                    intake.language,
                    "ô {at} không đọc được: không phải là số",
                    "cell {at} cannot be read: it is no number"
                );
                intake.bad_cell(&name, at, None, message);
            }
        }
    }
}
