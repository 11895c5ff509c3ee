//! Delimited text: the separator, the encoding and the quotes from what stands in it.

use std::sync::Arc;

use super::{
    draft::{Draft, Drafts},
    intake::{Intake, Refusal},
};
use crate::{
    say,
    workbook::{Cell, Value},
};

const SHEET: &str = "CSV";

/// Reads delimited text that is already Unicode or legacy characters.
pub(super) fn read(text: &str, intake: &mut Intake<'_>) -> Result<Drafts, Refusal> {
    let delimiter = delimiter(text);
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut draft = Draft::new(SHEET, false);
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(intake.unreadable(say!(intake.language, "{error}", "{error}"))),
        }
        let line = record.position().map_or(0, csv::Position::line);
        let row = u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX);
        for (column, field) in (0..).zip(&record) {
            if !field.is_empty() {
                intake.take_cell()?;
                let value = Value::Text(Arc::from(field));
                draft.push(row, Cell { column, value, formula: None, format: None }, 0);
            }
        }
    }
    Ok(Drafts { sheets: vec![draft], fonts: vec![Arc::from("")] })
}

fn delimiter(text: &str) -> u8 {
    [b';', b',', b'\t']
        .into_iter()
        .max_by_key(|&d| {
            let counts: Vec<usize> =
                text.lines().take(50).map(|l| l.bytes().filter(|&b| b == d).count()).filter(|&n| n > 0).collect();
            counts.iter().map(|n| counts.iter().filter(|m| *m == n).count() * n).max().unwrap_or(0)
        })
        .unwrap_or(b',')
}
