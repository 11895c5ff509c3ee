//! The tables of a sheet as the drafter sees them, for people: where each lies, what heads its columns, and
//! its first rows.

use std::fmt::Write as _;

use super::{
    grid::Grid,
    shapes,
    tables::{self, RawTable},
    words::one_line,
};
use crate::{
    extract::{Texts, survey},
    model::workbook::{Area, Position, Sheet, Value, Workbook, column_name},
    values::{
        language::{Language, say},
        number,
    },
};

/// Letters of a line.
const WIDTH: usize = 80;
/// Letters of a label, and of a figure.
const LABEL: usize = 26;
const FIGURE: usize = 9;
/// Rows that are shown, and columns whose headers are.
const MOST_ROWS: usize = 5;
const MOST_COLUMNS: usize = 12;

/// Cells of a workbook beyond which its tables are not looked for here: that takes longer than to show it.
const MOST_CELLS: usize = 1_000_000;

/// The tables of a workbook: a text for each of its sheets. Nothing for very large ones.
pub fn tables(workbook: &Workbook, known: &Texts, language: Language) -> Vec<String> {
    if workbook.sheets.iter().map(|sheet| sheet.len()).sum::<usize>() > MOST_CELLS {
        return Vec::new();
    }
    tables::find(0, workbook, known)
        .into_iter()
        .map(|(at, shapes, tables)| {
            let mut out = String::new();
            let sheet = &workbook.sheets[at];
            if !shapes.is_empty() && shapes.iter().all(|shape| shape.is_blank) {
                let _ = writeln!(out, "    {}", say!(language, "biểu chưa có số liệu", "a form without figures"));
            }
            for table in &tables {
                show(&mut out, sheet, table, language);
            }
            out
        })
        .collect()
}

/// How many rows of each sheet stand above the first figures of its first table.
pub fn headers(workbook: &Workbook) -> Vec<u32> {
    let of = |sheet: &Sheet| {
        if sheet.len() > MOST_CELLS {
            return 0;
        }
        let shapes = shapes::find(sheet, &Grid::of(sheet));
        shapes.first().and_then(|shape| shape.header).map_or(0, |(_, last)| last + 1)
    };
    workbook.sheets.iter().map(|sheet| of(sheet)).collect()
}

fn show(out: &mut String, sheet: &Sheet, table: &RawTable, language: Language) {
    let shape = &table.shape;
    let columns: Vec<u32> =
        shape.values.iter().chain(&shape.words).copied().filter(|at| Some(*at) != shape.unit).collect();
    let mut columns: Vec<u32> = columns.into_iter().filter(|at| !shape.label.contains(at)).collect();
    columns.sort_unstable();
    columns.dedup();
    let (Some(label), Some(last)) = (shape.label.last().copied(), columns.last().copied()) else { return };
    let first = shape.label.iter().chain(&shape.ordinal).min().copied().unwrap_or(label);
    let top = shape.header.map_or(shape.data_row, |(first, _)| first);
    let area = Area { first: Position::new(top, first), last: Position::new(shape.last_row, last) };
    let mut said = vec![say!(language, "bảng {area}", "table {area}")];
    said.push(match shape.header {
        Some((first, last)) if first == last => {
            let row = first + 1;
            say!(language, "tiêu đề dòng {row}", "header in row {row}")
        }
        Some((first, last)) => {
            let (first, last) = (first + 1, last + 1);
            say!(language, "tiêu đề dòng {first}-{last}", "header in rows {first}-{last}")
        }
        None => say!(language, "không có tiêu đề cột", "no column header"),
    });
    let names = shape.label.iter().map(|at| column_name(*at)).collect::<Vec<_>>().join(", ");
    said.push(say!(language, "tên dòng ở cột {names}", "row labels in column {names}"));
    if let Some(unit) = shape.unit.map(column_name) {
        said.push(say!(language, "đơn vị tính ở cột {unit}", "units in column {unit}"));
    } else if let Some((_, at)) = &table.survey.unit_line {
        let written = sheet.get(*at).and_then(|cell| cell.text()).map(one_line).unwrap_or_default();
        said.push(format!("{at} \"{written}\""));
    }
    wrapped(out, "    ", "      ", &said.join("; "));
    for at in columns.iter().take(MOST_COLUMNS) {
        let header = table
            .survey
            .texts
            .get(at)
            .map(|texts| texts.iter().map(|text| one_line(text)).collect::<Vec<_>>().join(" > "));
        let header = header.unwrap_or_else(|| say!(language, "(không có tiêu đề)", "(no header)"));
        wrapped(out, &format!("      {:<3}", column_name(*at)), "          ", &header);
    }
    if let Some(more) = columns.len().checked_sub(MOST_COLUMNS).filter(|more| *more > 0) {
        let _ = writeln!(out, "      {}", say!(language, "và {more} cột nữa", "and {more} more columns"));
    }
    grid(out, sheet, table, &columns, language);
}

/// The first rows, as many columns as a line has room for.
fn grid(out: &mut String, sheet: &Sheet, table: &RawTable, columns: &[u32], language: Language) {
    let room = (WIDTH - 6 - 6 - LABEL) / (FIGURE + 1);
    let shown = &columns[..columns.len().min(room)];
    let label = table.shape.label.last().map(|at| column_name(*at)).unwrap_or_default();
    let mut head = format!("      {:>5} {}", say!(language, "dòng", "row"), padded(&label, LABEL, false));
    for column in shown {
        head.push(' ');
        head.push_str(&padded(&column_name(*column), FIGURE, true));
    }
    let _ = writeln!(out, "{}", head.trim_end());
    let lines = &table.survey.lines;
    for line in lines.iter().take(MOST_ROWS) {
        let depth = line.headings.len().min(4);
        let label = format!("{}{}", "  ".repeat(depth), one_line(&line.label));
        let mut text = format!("      {:>5} {}", line.row + 1, padded(&label, LABEL, false));
        for column in shown {
            let cell = sheet.get(Position::new(line.row, *column)).map(|cell| figure(cell.value, language));
            text.push(' ');
            text.push_str(&padded(&cell.unwrap_or_default(), FIGURE, true));
        }
        let _ = writeln!(out, "{}", text.trim_end());
    }
    if let Some(more) = lines.len().checked_sub(MOST_ROWS).filter(|more| *more > 0) {
        let _ = writeln!(out, "            {}", say!(language, "và {more} dòng nữa", "and {more} more rows"));
    }
}

/// What stands in a cell, as people write it.
fn figure(value: Value<'_>, language: Language) -> String {
    let exact = match value {
        Value::Number(stored) => stored.exact().ok(),
        _ => None,
    };
    match (exact, language) {
        (Some(number), Language::Vi) => number::vietnamese(number),
        (Some(number), Language::En) => number::english(number),
        (None, _) => one_line(&survey::shown(value)),
    }
}

/// A text in so many letters; what has no room is cut off.
fn padded(text: &str, width: usize, is_right: bool) -> String {
    let length = text.chars().count();
    if length > width {
        let kept: String = text.chars().take(width - 1).collect();
        return format!("{kept}…");
    }
    let blank = " ".repeat(width - length);
    if is_right { format!("{blank}{text}") } else { format!("{text}{blank}") }
}

fn wrapped(out: &mut String, first: &str, next: &str, text: &str) {
    let mut line = first.to_owned();
    let mut is_empty = true;
    for word in text.split(' ') {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(out, "{}", line.trim_end());
            next.clone_into(&mut line);
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    let _ = writeln!(out, "{}", line.trim_end());
}
