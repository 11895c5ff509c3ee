//! What the reader sees in a file: for people a survey of the sheets, for programs a row a cell.
//!
//! Texts are given as they are, also those that a spreadsheet would run as a formula: this output
//! is compared with the file, not opened in its place.

use std::{collections::BTreeMap, fmt::Write as _};

use serde::{Deserialize, Serialize};

use super::{delimited, error::WriteError, page, text::wrapping};
use crate::{
    model::workbook::{Cell, Position, Sheet, Value, Workbook},
    values::{
        language::{Language, counted, say},
        number::{self, Convention},
    },
};

/// How to show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// For people.
    Text,
    /// A line a cell, after [`header`].
    Csv,
    /// An object a cell, a line each, without the brackets around them all.
    Json,
    /// Names and sizes of the sheets, for the page in the browser.
    Names,
    /// The sheets as they are drawn, for the same.
    Drawn,
}

/// One filled cell.
#[derive(Debug, Serialize)]
struct Row<'a> {
    file: &'a str,
    sheet: &'a str,
    cell: String,
    kind: &'static str,
    /// As stored: before decoding, with all digits.
    raw: String,
    /// As a person reads it.
    text: String,
    /// The number it stands for, a plain decimal; empty where it stands for none or for two.
    number: String,
    hidden: bool,
}

/// Names of the columns of the CSV.
pub fn header() -> &'static str {
    "file,sheet,cell,kind,raw,text,number,hidden\n"
}

/// Shows a workbook. `tables` gives what is seen of the tables of its sheets, a text for each, for people;
/// `headers` how many rows of each sheet stand above its first figures.
///
/// # Errors
/// None that a workbook can cause; those of the writer are handed on.
pub fn inspect(
    workbook: &Workbook,
    format: Format,
    tables: impl FnOnce() -> Vec<String>,
    headers: impl FnOnce() -> Vec<u32>,
    language: Language,
) -> Result<Vec<u8>, WriteError> {
    match format {
        Format::Text => Ok(survey(workbook, &tables(), language).into_bytes()),
        Format::Csv => delimited::lines(rows(workbook).map(|row| {
            let hidden = row.hidden.to_string();
            [
                row.file.to_owned(),
                row.sheet.to_owned(),
                row.cell,
                row.kind.to_owned(),
                row.raw,
                row.text,
                row.number,
                hidden,
            ]
        })),
        Format::Json => {
            let mut out = Vec::new();
            for row in rows(workbook) {
                // A row is texts and a flag: nothing in it can fail to be written.
                out.extend(serde_json::to_vec(&row).unwrap_or_default());
                out.push(b'\n');
            }
            Ok(out)
        }
        Format::Names => Ok(page::names(workbook)),
        Format::Drawn => Ok(page::sheets(workbook, &headers())),
    }
}

fn rows(workbook: &Workbook) -> impl Iterator<Item = Row<'_>> {
    workbook.sheets.iter().flat_map(move |sheet| {
        sheet.rows().flat_map(move |row| {
            row.cells().map(move |cell| {
                let at = Position::new(row.row, cell.column);
                let (kind, raw, text, number) = content(sheet, at, &cell);
                Row {
                    file: &workbook.file,
                    sheet: &sheet.name,
                    cell: at.to_string(),
                    kind,
                    raw,
                    text,
                    number,
                    hidden: sheet.is_hidden(at),
                }
            })
        })
    })
}

fn content(sheet: &Sheet, at: Position, cell: &Cell<'_>) -> (&'static str, String, String, String) {
    match cell.value {
        Value::Number(stored) => {
            let raw = stored.shortest().map_or_else(|_| stored.scientific(), number::plain);
            let exact = stored.exact().map(number::plain);
            ("number", raw, exact.clone().unwrap_or_else(|_| stored.scientific()), exact.unwrap_or_default())
        }
        Value::Text(text) => {
            let raw = sheet.stored_text(at).map_or_else(|| text.to_string(), ToString::to_string);
            ("text", raw, text.to_string(), number_in(text))
        }
        Value::Bool(value) => {
            let word = if value { "TRUE" } else { "FALSE" };
            ("bool", word.to_owned(), word.to_owned(), String::new())
        }
        Value::Date { serial, iso } => {
            let serial = serial.and_then(|s| s.exact().ok()).map(number::plain).unwrap_or_default();
            let raw = if serial.is_empty() { iso.to_string() } else { serial.clone() };
            ("date", raw, iso.to_string(), serial)
        }
        Value::Error(error) => ("error", error.to_string(), error.to_string(), String::new()),
        Value::NoResult => {
            let formula = cell.formula().map(|f| format!("={f}")).unwrap_or_default();
            ("formula-without-value", formula, String::new(), String::new())
        }
    }
}

/// The one number that a text can only mean.
fn number_in(text: &str) -> String {
    let figure = number::parse(text, Convention::Unknown).number().filter(|figure| figure.alternative.is_none());
    figure.map(|figure| number::plain(figure.value)).unwrap_or_default()
}

/// Merged areas and numbers in text that are listed for a sheet.
const MOST_LISTED: usize = 12;

fn survey(workbook: &Workbook, tables: &[String], language: Language) -> String {
    let mut out = String::new();
    let (file, format, count) = (&workbook.file, workbook.format.name(), workbook.sheets.len());
    let sheets = counted(count, "sheet");
    let _ = writeln!(out, "{}", say!(language, "{file}: {format}, {count} sheet", "{file}: {format}, {sheets}"));
    for (at, sheet) in workbook.sheets.iter().enumerate() {
        sheet_survey(&mut out, workbook, sheet, language);
        out.push_str(tables.get(at).map_or("", String::as_str));
    }
    out.push('\n');
    out
}

fn sheet_survey(out: &mut String, workbook: &Workbook, sheet: &Sheet, language: Language) {
    let (name, cells) = (&sheet.name, sheet.len());
    let filled = counted(cells, "filled cell");
    let area = sheet.used_area().map_or_else(|| "-".to_owned(), |area| area.to_string());
    let hidden = if sheet.hidden { say!(language, ", bị ẩn", ", hidden") } else { String::new() };
    let _ = writeln!(
        out,
        "  \"{name}\"{hidden}: {}",
        say!(language, "vùng {area}, {cells} ô có nội dung", "area {area}, {filled}")
    );
    let mut kinds: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut numbers_in_text = Vec::new();
    for row in sheet.rows() {
        for cell in row.cells() {
            let at = Position::new(row.row, cell.column);
            let (kind, _, text, number) = content(sheet, at, &cell);
            *kinds.entry(kind).or_default() += 1;
            if kind == "text" && !number.is_empty() {
                numbers_in_text.push(format!("{at} \"{}\" = {number}", text.trim()));
            }
        }
    }
    let kinds = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect::<Vec<_>>().join(", ");
    let formulas = sheet.rows().flat_map(|r| r.cells()).filter(|c| c.formula().is_some()).count();
    let formulas_en = counted(formulas, "formula");
    let mut lines = vec![say!(language, "loại ô: {kinds}; {formulas} công thức", "cells: {kinds}; {formulas_en}")];
    list(&mut lines, say!(language, "ô gộp", "merged"), sheet.merges.iter().map(ToString::to_string), language);
    list(
        &mut lines,
        say!(language, "dòng ẩn", "hidden rows"),
        sheet.hidden_rows.iter().map(|r| (u64::from(*r) + 1).to_string()),
        language,
    );
    let columns = sheet.hidden_columns.iter().map(|c| crate::model::workbook::column_name(*c));
    list(&mut lines, say!(language, "cột ẩn", "hidden columns"), columns, language);
    let decoded = sheet.decoded().len();
    if decoded > 0 {
        let texts = counted(decoded, "text");
        lines.push(say!(language, "{decoded} ô chữ đổi từ bảng mã cũ", "{texts} decoded from an old encoding"));
    }
    // In a CSV every number is text; to list them all would say nothing.
    if workbook.format != crate::model::workbook::Format::Csv {
        list(
            &mut lines,
            say!(language, "số lưu dạng chữ", "numbers stored as text"),
            numbers_in_text.into_iter(),
            language,
        );
    }
    for line in lines {
        let options = wrapping(80).initial_indent("    ").subsequent_indent("      ");
        let _ = writeln!(out, "{}", textwrap::fill(&line, options));
    }
}

fn list(
    lines: &mut Vec<String>,
    title: impl AsRef<str>,
    items: impl ExactSizeIterator<Item = String>,
    language: Language,
) {
    let count = items.len();
    if count == 0 {
        return;
    }
    let shown = items.take(MOST_LISTED).collect::<Vec<_>>().join(", ");
    let more = count.saturating_sub(MOST_LISTED);
    let more = if more > 0 { say!(language, " và {more} nữa", " and {more} more") } else { String::new() };
    lines.push(format!("{}: {shown}{more}", title.as_ref()));
}
