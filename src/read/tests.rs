//! Files made in memory, read, and held against what they hold.

mod bad_cells;
mod files;
mod formats;
mod hazards;
mod odd;

use std::{fmt::Write as _, sync::Arc};

use super::{Limits, read};
use crate::{
    model::{
        finding::Finding,
        workbook::{Position, Sheet, Value, Workbook},
    },
    values::language::Language,
};

/// Reads bytes as a file of this name. Where `BIEU_DUMP` names a folder, the file is left there,
/// so that time and memory can be measured on it.
fn read_as(name: &str, bytes: &[u8]) -> Result<(Workbook, Vec<Finding>), Box<Finding>> {
    if let Some(folder) = std::env::var_os("BIEU_DUMP") {
        std::fs::write(std::path::Path::new(&folder).join(name), bytes).expect("the folder takes a file");
    }
    read(&Arc::from(name), bytes, &Limits::default())
}

/// Reads bytes that must be readable.
fn readable(name: &str, bytes: &[u8]) -> (Workbook, Vec<Finding>) {
    read_as(name, bytes).expect(name)
}

/// The code with which a file is refused.
fn refused(name: &str, bytes: &[u8]) -> &'static str {
    let finding = read_as(name, bytes).expect_err(name);
    assert!(
        !finding.facts.message(Language::En).is_empty()
            && !finding.facts.action(Language::En).is_empty()
            && !finding.fingerprint.is_empty()
    );
    finding.code.name
}

/// The codes of findings, with the cell where they have one: `unreadable-cell B2`.
fn codes(findings: &[Finding]) -> Vec<String> {
    let cell = |finding: &Finding| finding.target.as_ref()?.cell.map(|cell| format!(" {cell}"));
    findings.iter().map(|finding| format!("{}{}", finding.code.name, cell(finding).unwrap_or_default())).collect()
}

/// The cells of a sheet in one line: `A1 'text' B1 1.5 C1 =SUM(A1)>2`.
fn cells(sheet: &Sheet) -> String {
    let mut line = String::new();
    for row in sheet.rows() {
        for cell in row.cells() {
            let at = Position::new(row.row, cell.column);
            let _ = write!(line, "{at} ");
            if let Some(formula) = cell.formula() {
                let _ = write!(line, "={formula}>");
            }
            let _ = match cell.value {
                Value::Number(number) => write!(line, "{} ", number.exact().expect("a small number")),
                Value::Text(text) => write!(line, "'{text}' "),
                Value::Bool(value) => write!(line, "{value} "),
                Value::Date { iso, .. } => write!(line, "{iso} "),
                Value::Error(error) => write!(line, "{error} "),
                Value::NoResult => write!(line, "? "),
            };
        }
    }
    line.trim_end().to_owned()
}
