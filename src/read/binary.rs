//! Formats that calamine reads: the only file that names it.

use std::{io::Cursor, sync::Arc};

use calamine::{Data, Reader, SheetVisible, Sheets};

use super::{
    draft::{Draft, Drafts},
    intake::{Intake, Refusal},
};
use crate::{
    number::StoredNumber,
    say,
    workbook::{Area, Cell, Format, Position, Value},
};

pub(super) fn read(bytes: &[u8], intake: &mut Intake<'_>) -> Result<(Format, Drafts), Refusal> {
    let mut book = calamine::open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|error| {
        intake.unreadable(say!(intake.language, "tệp hỏng: {error}", "the file is damaged: {error}"))
    })?;
    let format = match &book {
        Sheets::Xls(_) => Format::Xls,
        Sheets::Xlsx(_) => Format::Xlsx,
        Sheets::Xlsb(_) => Format::Xlsb,
        Sheets::Ods(_) => Format::Ods,
    };
    let mut drafts = Drafts { sheets: Vec::new(), fonts: vec![Arc::from("")] };
    for meta in book.sheets_metadata().to_vec() {
        let mut draft = Draft::new(&meta.name, meta.visible != SheetVisible::Visible);
        match book.worksheet_range(&meta.name) {
            Ok(range) => {
                let formulas = book.worksheet_formula(&meta.name).unwrap_or_default();
                let (r0, c0) = range.start().unwrap_or_default();
                for (row, column, data) in range.used_cells() {
                    let (row, column) = (u32::try_from(row).unwrap_or(0) + r0, u32::try_from(column).unwrap_or(0) + c0);
                    let value = match data {
                        Data::Empty => continue,
                        Data::Int(i) => StoredNumber::from_f64(*i as f64).map(Value::Number),
                        Data::Float(f) => StoredNumber::from_f64(*f).map(Value::Number),
                        Data::String(s) => Some(Value::Text(Arc::from(&**s))),
                        Data::Bool(b) => Some(Value::Bool(*b)),
                        Data::DateTime(d) => {
                            let (y, m, day, ..) = d.to_ymd_hms_milli();
                            Some(Value::Date {
                                serial: StoredNumber::from_f64(d.as_f64()),
                                iso: format!("{y:04}-{m:02}-{day:02}").into(),
                            })
                        }
                        Data::DateTimeIso(s) | Data::DurationIso(s) => {
                            Some(Value::Date { serial: None, iso: Arc::from(&**s) })
                        }
                        Data::Error(e) => Some(Value::Error(e.to_string().into())),
                    };
                    let Some(value) = value else { continue };
                    intake.take_cell()?;
                    let formula = formulas.get_value((row, column)).filter(|f| !f.is_empty()).map(|f| Arc::from(&**f));
                    draft.push(row, Cell { column, value, formula, format: None }, 0);
                }
            }
            Err(error) => intake.lost_sheet(&draft.sheet.name, &error.to_string()),
        }
        let merges = match &mut book {
            Sheets::Xlsx(b) => b.merge_cells_by_sheet_name(&meta.name).unwrap_or_default(),
            Sheets::Xls(b) => b.merge_cells_by_sheet_name(&meta.name).unwrap_or_default(),
            _ => Vec::new(),
        };
        for m in merges {
            draft.merge(Area { first: Position::new(m.start.0, m.start.1), last: Position::new(m.end.0, m.end.1) });
        }
        drafts.sheets.push(draft);
    }
    Ok((format, drafts))
}
