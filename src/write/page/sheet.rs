//! Sheets as a person knows them: each cell as it is drawn, a line a row.
//!
//! The first line of a sheet is an object, each of its filled rows another: the number of the row from
//! zero, a tab, and an array with the cells of all columns.

use serde_json::{Value as Json, json};

use crate::{
    model::workbook::{Area, Cell, Mark, Position, Sheet, Stands, Value, Workbook, drawn_number},
    values::number::{self, StoredNumber},
};

/// Columns that are shown; what stands further right is read, judged and not drawn.
const MOST_COLUMNS: u32 = 256;
/// Characters of a text.
const LONGEST: usize = 2000;
/// Characters of the narrowest and of the widest column.
const NARROWEST: usize = 6;
const WIDEST: usize = 42;
const MOST_WIDE: usize = 90;
/// Rows that widths are taken from.
const MOST_MEASURED: usize = 3000;

/// The sheets by name and size alone, as one line.
pub fn names(workbook: &Workbook) -> Vec<u8> {
    let sheets: Vec<Json> = workbook
        .sheets
        .iter()
        .map(|sheet| {
            let (rows, columns) = size(sheet);
            json!({ "name": &*sheet.name, "hidden": sheet.hidden, "rows": rows, "columns": columns })
        })
        .collect();
    line(&json!({ "file": &*workbook.file, "sheets": sheets }))
}

/// The sheets with all their cells. `headers` says how many rows of each stand above its first figures.
pub fn sheets(workbook: &Workbook, headers: &[u32]) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, sheet) in workbook.sheets.iter().enumerate() {
        let (rows, columns) = size(sheet);
        let header = headers.get(at).copied().unwrap_or(0);
        let lists =
            |numbers: &[u32]| ranges(numbers).into_iter().map(|(from, to)| json!([from, to])).collect::<Vec<_>>();
        let merges: Vec<Json> = sheet
            .merges
            .iter()
            .filter(|area| area.first.column < columns && area.first.row < rows)
            .map(|Area { first, last }| json!([first.row, first.column, last.row, last.column.min(columns - 1)]))
            .collect();
        out.extend(line(&json!({
            "sheet": &*sheet.name,
            "hidden": sheet.hidden,
            "rows": rows,
            "columns": columns,
            "allColumns": sheet.used_area().map_or(0, |area| area.last.column + 1),
            "widths": widths(sheet, columns, header),
            "merges": merges,
            "hiddenRows": lists(&sheet.hidden_rows),
            "hiddenColumns": lists(&sheet.hidden_columns),
            "header": header,
        })));
        let mut text = String::new();
        for row in sheet.rows() {
            text.push_str(&format!("{}\t[", row.row));
            let mut next = 0;
            for cell in row.cells().filter(|cell| cell.column < columns) {
                for _ in next..cell.column {
                    text.push_str("null,");
                }
                next = cell.column + 1;
                push_drawn(&mut text, sheet, Position::new(row.row, cell.column), &cell);
                text.push(',');
            }
            // What is blank at the end need not be said.
            if text.ends_with(',') {
                text.pop();
            }
            text.push_str("]\n");
        }
        out.extend(text.into_bytes());
    }
    out
}

fn line(value: &Json) -> Vec<u8> {
    let mut bytes = value.to_string().into_bytes();
    bytes.push(b'\n');
    bytes
}

/// Rows and columns that are shown.
fn size(sheet: &Sheet) -> (u32, u32) {
    sheet.used_area().map_or((0, 0), |area| (area.last.row + 1, (area.last.column + 1).min(MOST_COLUMNS)))
}

fn ranges(numbers: &[u32]) -> Vec<(u32, u32)> {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    ranges
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A number as its cell draws it, with the separators of Vietnamese Excel.
fn number_text(cell: &Cell<'_>, stored: StoredNumber) -> String {
    match stored.exact().or_else(|_| stored.shortest()) {
        Ok(value) => drawn_number(cell, value),
        Err(_) => stored.scientific(),
    }
}

/// `2030-06-04` as `04/06/2030`; anything else as it is.
fn date_text(iso: &str) -> String {
    let mut parts = iso.splitn(3, '-');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(rest)) if year.len() == 4 && month.len() == 2 && rest.len() >= 2 => {
            let (day, time) = rest.split_at_checked(2).unwrap_or((rest, ""));
            format!("{day}/{month}/{year}{}", time.replace('T', " "))
        }
        _ => iso.to_owned(),
    }
}

/// A cell: `t` as drawn, `r` as stored where that differs, `k` its kind, `a` how it lies, `f` its formula,
/// `b` bold, `i` italic, `s` struck through, `u` in the colour of its ground.
fn push_drawn(out: &mut String, sheet: &Sheet, at: Position, cell: &Cell<'_>) {
    let (kind, lies, text, raw) = match cell.value {
        Value::Number(stored) => {
            let raw = stored.shortest().map_or_else(|_| stored.scientific(), number::plain);
            ("number", "r", number_text(cell, stored), raw)
        }
        Value::Text(text) => {
            let raw = sheet.stored_text(at).map_or_else(|| text.to_owned(), ToString::to_string);
            ("text", "l", cut(text), cut(&raw))
        }
        Value::Bool(value) => {
            let word = if value { "TRUE" } else { "FALSE" };
            ("bool", "c", word.to_owned(), word.to_owned())
        }
        Value::Date { serial, iso } => {
            let serial = serial.and_then(|serial| serial.shortest().ok()).map(number::plain);
            ("date", "r", date_text(iso), serial.unwrap_or_else(|| iso.to_owned()))
        }
        Value::Error(error) => ("error", "c", error.to_owned(), error.to_owned()),
        Value::NoResult => ("error", "c", String::new(), String::new()),
    };
    let letters = cell.letters();
    let lies = match letters.stands() {
        None => lies,
        Some(Stands::Left) => "l",
        Some(Stands::Centre) => "c",
        Some(Stands::Right) => "r",
    };
    let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
    out.push_str("{\"t\":");
    out.push_str(&quoted(&text));
    out.push_str(&format!(",\"k\":\"{kind}\",\"a\":\"{lies}\""));
    if raw != text {
        out.push_str(&format!(",\"r\":{}", quoted(&raw)));
    }
    if let Some(formula) = cell.formula() {
        out.push_str(&format!(",\"f\":{}", quoted(&cut(formula))));
    }
    let is_struck = cell.mark() == Mark::Struck;
    let is_unseen = cell.mark() == Mark::Unseen;
    for (flag, name) in [(letters.bold(), "b"), (letters.italic(), "i"), (is_struck, "s"), (is_unseen, "u")] {
        if flag {
            out.push_str(&format!(",\"{name}\":1"));
        }
    }
    out.push('}');
}

/// The widths that the file states, else what the columns need for what stands in them; titles run over
/// their neighbours.
fn widths(sheet: &Sheet, columns: u32, header: u32) -> Vec<usize> {
    let mut widths = vec![NARROWEST; columns as usize];
    let stated = |column: usize| {
        let own = |(first, last, _): &&(u32, u32, u32)| (*first as usize..=*last as usize).contains(&column);
        let (.., width) = sheet.widths.iter().find(own)?;
        usize::try_from(width / 100).ok().filter(|width| *width > 0)
    };
    let mut filled = vec![0usize; columns as usize];
    let mut rows = 0;
    for row in sheet.rows().take(MOST_MEASURED) {
        rows += 1;
        row.columns().for_each(|at| filled.get_mut(at as usize).into_iter().for_each(|count| *count += 1));
    }
    for row in sheet.rows().take(MOST_MEASURED) {
        let is_title = row.row < header && row.len() <= 2;
        for cell in row.cells() {
            let at = Position::new(row.row, cell.column);
            let is_wide = row.row < header.max(40)
                && sheet.merge_at(at).is_some_and(|area| area.first.column != area.last.column);
            let Some(width) = widths.get_mut(cell.column as usize) else { continue };
            // A text runs over what is blank beside it.
            let runs_on =
                cell.text().is_some() && row.get(cell.column + 1).is_none() && filled[cell.column as usize] * 2 < rows;
            if is_title || is_wide || runs_on {
                continue;
            }
            let need = match cell.value {
                // Headers are wrapped.
                Value::Text(text) if row.row < header => text.split_whitespace().map(|word| word.chars().count()).max(),
                Value::Text(text) => text.lines().map(|line| line.chars().count()).max(),
                Value::Number(stored) => Some(number_text(&cell, stored).chars().count()),
                Value::Date { .. } => Some(10),
                Value::Bool(_) | Value::Error(_) | Value::NoResult => None,
            };
            *width = (*width).max(need.unwrap_or(0) + 2).min(WIDEST);
        }
    }
    for (column, width) in widths.iter_mut().enumerate() {
        if let Some(stated) = stated(column) {
            *width = stated.min(MOST_WIDE);
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_drawn_whole_and_numbers_run_together() {
        let cells =
            [(0, 0, Value::Text("Biểu"), None), (2, 2, Value::Text("x"), None), (2, 0, Value::Bool(true), None)];
        let mut cells = cells.to_vec();
        cells.sort_by_key(|(row, column, ..)| (*row, *column));
        let mut sheet = Sheet::of_cells("S", cells);
        sheet.hidden_rows = vec![1, 2, 3, 7];
        let workbook = Workbook {
            file: "a.xlsx".into(),
            format: crate::model::workbook::Format::Xlsx,
            sheets: vec![sheet.into()],
        };
        let text = String::from_utf8(sheets(&workbook, &[1])).expect("text");
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].contains("\"hiddenRows\":[[1,3],[7,7]]") && lines[0].contains("\"rows\":3"), "{}", lines[0]);
        assert!(lines[2].starts_with("2\t[{") && lines[2].contains(",null,"), "{}", lines[2]);
    }

    #[test]
    fn dates_are_written_as_in_vietnam() {
        assert_eq!(date_text("2030-06-04"), "04/06/2030");
        assert_eq!(date_text("2030-06-04T07:30:00"), "04/06/2030 07:30:00");
        assert_eq!(date_text("PT1H"), "PT1H");
    }
}
