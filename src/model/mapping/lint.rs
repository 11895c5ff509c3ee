//! What a mapping says that breaks no rule and yet can hardly be meant: entries that can never take a row
//! or a column, indicators that have no place, a header where a unit is wanted.

use super::{ColumnPlace, ColumnRole, LabelPath, Mapping, RowPlace, RowRule, Source, decode};
use crate::{
    model::{
        catalogue::Catalogue,
        document::{Document, both},
        finding::FileLine,
        workbook::column_name,
    },
    values::{text, unit::Unit},
};

/// What may be meant otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lint {
    /// Where it stands.
    pub line: FileLine,
    /// What is odd and what to do, in both languages.
    pub message: (String, String),
}

/// Indicators that are named in one warning.
const MOST_NAMED: usize = 8;
/// Words of the longest thing that is counted: "lượt người", "nghìn lượt khách".
const LONGEST_UNIT: usize = 5;
/// What heads a column of units, folded.
const UNIT_HEADERS: [&str; 9] =
    ["đơn vị", "đơn vị tính", "đvt", "đv", "đv tính", "đơn vị đo", "unit", "units", "đơn vị tính (đvt)"];

/// All that is odd about a mapping, in the order of its file. `document` is its own text, without bases.
pub fn lint(mapping: &Mapping, catalogue: &Catalogue, document: &Document) -> Vec<Lint> {
    let mut lints = Vec::new();
    for source in &mapping.sources {
        rows(source, &mut lints);
        columns(source, &mut lints);
        units(source, &mut lints);
    }
    unplaced(mapping, catalogue, &mut lints);
    for (name, line) in decode::unused_columns(document) {
        let message = both!(
            "không bảng nào dùng `[columns.{name}]`; thêm `columns-from = \"{name}\"` vào `[[source]]`, hoặc bỏ đi",
            "no table uses `[columns.{name}]`; add `columns-from = \"{name}\"` to a `[[source]]`, or remove it"
        );
        lints.push(Lint { line, message });
    }
    // A shared column is odd once, however many tables have it.
    let mut told: Vec<Lint> = Vec::new();
    for lint in lints {
        if !told.contains(&lint) {
            told.push(lint);
        }
    }
    told.sort_by(|a, b| (&a.line.file, a.line.line).cmp(&(&b.line.file, b.line.line)));
    told
}

/// Whether all that one path takes another one takes too, of the same number of steps.
fn covers(wide: &LabelPath, narrow: &LabelPath) -> bool {
    let step = |(wide, narrow): (&super::Pattern, &super::Pattern)| {
        narrow.alternatives().iter().all(|text| wide.matches_folded(text))
    };
    wide.steps.len() == narrow.steps.len() && wide.steps.iter().zip(&narrow.steps).all(step)
}

/// Whether a path has a step that no text can be: folding takes numbers and bullets off.
fn is_empty(path: &LabelPath) -> bool {
    path.steps.iter().any(|step| step.alternatives().iter().all(String::is_empty))
}

fn rows(source: &Source, lints: &mut Vec<Lint>) {
    // Rows that the catalogue gives stand at the line of the source.
    let own: Vec<&RowRule> = source.rows.iter().filter(|row| row.line != source.line).collect();
    for (at, row) in own.iter().enumerate() {
        let line = row.line.clone();
        match &row.place {
            RowPlace::Number(number) if source.first_row.is_some_and(|first| *number < first) => {
                let number = number + 1;
                let message = both!(
                    "dòng {number} nằm trước `first-row`, không bao giờ được đọc",
                    "row {number} is above `first-row` and is never read"
                );
                lints.push(Lint { line, message });
            }
            RowPlace::Number(_) => {}
            RowPlace::Label(path) if is_empty(path) => {
                let written = &path.written;
                let message = both!(
                    "\"{written}\" không khớp tên dòng nào: bỏ số thứ tự và dấu đầu dòng đi thì không còn chữ",
                    "\"{written}\" fits no row label: without numbering and bullets nothing is left of it"
                );
                lints.push(Lint { line, message });
            }
            RowPlace::Label(path) => {
                let earlier = own[..at].iter().find_map(|earlier| match &earlier.place {
                    RowPlace::Label(known) if is_taken_first(known, path) => Some((known, earlier.line.line)),
                    _ => None,
                });
                if let Some((known, other)) = earlier {
                    let (written, known) = (&path.written, &known.written);
                    let message = both!(
                        "\"{written}\" không bao giờ được dùng: \"{known}\" ở dòng {other} khớp cùng các dòng và đứng trước",
                        "\"{written}\" is never used: \"{known}\" in line {other} fits the same rows and comes first"
                    );
                    lints.push(Lint { line, message });
                }
            }
        }
    }
}

/// Of two paths of one length the exact one is asked first; among equals the first of the file.
fn is_taken_first(known: &LabelPath, path: &LabelPath) -> bool {
    let is_wild = |path: &LabelPath| path.steps.last().is_some_and(super::Pattern::is_wild);
    let is_any = |path: &LabelPath| path.steps.last().is_some_and(super::Pattern::is_any);
    is_wild(known) == is_wild(path) && is_any(known) == is_any(path) && covers(known, path)
}

fn columns(source: &Source, lints: &mut Vec<Lint>) {
    for (at, column) in source.columns.iter().enumerate() {
        let line = column.line.clone();
        match &column.place {
            ColumnPlace::Letters(letters) => {
                let name = column_name(*letters);
                let is_label =
                    source.label.contains(&column.place) || source.unit_column.as_ref() == Some(&column.place);
                if is_label && column.role != ColumnRole::Ignored {
                    let message = both!(
                        "cột {name} đã là cột tên dòng hoặc đơn vị tính, không lấy số ở đó",
                        "column {name} holds the labels or units; no figure is taken there"
                    );
                    lints.push(Lint { line, message });
                }
            }
            ColumnPlace::Header(path) if is_empty(path) => {
                let written = &path.written;
                let message = both!(
                    "\"{written}\" không khớp tiêu đề cột nào: bỏ số thứ tự và dấu đầu dòng đi thì không còn chữ",
                    "\"{written}\" fits no column header: without numbering and bullets nothing is left of it"
                );
                lints.push(Lint { line, message });
            }
            ColumnPlace::Header(path) => {
                // Blocks of members take the columns that no column of their own has.
                let others = source.columns[..at].iter().filter(|other| other.each_member == column.each_member);
                let overlapping = others.rev().find_map(|earlier| match &earlier.place {
                    ColumnPlace::Header(known)
                        if (covers(known, path) || covers(path, known))
                            && (earlier.role != ColumnRole::Ignored && column.role != ColumnRole::Ignored) =>
                    {
                        Some((known, earlier.line.line))
                    }
                    _ => None,
                });
                if let Some((known, other)) = overlapping {
                    let (written, known) = (&path.written, &known.written);
                    let message = both!(
                        "\"{written}\" và \"{known}\" ở dòng {other} khớp cùng một cột; thêm tiêu đề cấp trên để phân biệt",
                        "\"{written}\" and \"{known}\" in line {other} fit the same column; add the heading that tells them apart"
                    );
                    lints.push(Lint { line, message });
                }
            }
        }
    }
}

fn units(source: &Source, lints: &mut Vec<Lint>) {
    let of_columns = source.columns.iter().filter_map(|column| Some((column.unit.as_ref()?, &column.line)));
    let of_rows = source.rows.iter().filter_map(|row| Some((row.unit.as_ref()?, &row.line)));
    let of_cells = source.cells.iter().filter_map(|cell| Some((cell.unit.as_ref()?, &cell.line)));
    let own = source.unit.iter().map(|unit| (unit, &source.line));
    for (unit, line) in own.chain(of_columns).chain(of_rows).chain(of_cells) {
        let written = &unit.name;
        let message = if UNIT_HEADERS.contains(&text::fold(written).as_str()) {
            both!(
                "\"{written}\" là tiêu đề của cột đơn vị tính, không phải đơn vị; có lẽ ý là `unit-column = \"{written}\"`",
                "\"{written}\" heads a column of units and is no unit; `unit-column = \"{written}\"` may be meant"
            )
        } else if is_no_unit(unit) {
            both!("\"{written}\" không giống một đơn vị tính", "\"{written}\" does not look like a unit")
        } else {
            continue;
        };
        lints.push(Lint { line: line.clone(), message });
    }
}

/// Any word may be a thing that is counted; a sentence or a number is none.
fn is_no_unit(unit: &Unit) -> bool {
    let words = unit.name.split_whitespace().count();
    unit.is_count() && (words > LONGEST_UNIT || !unit.name.chars().any(char::is_alphabetic))
}

/// Indicators of the form that no table names.
fn unplaced(mapping: &Mapping, catalogue: &Catalogue, lints: &mut Vec<Lint>) {
    let placed: Vec<_> = mapping.sources.iter().flat_map(Source::indicators).collect();
    let missing: Vec<&str> = catalogue
        .iter()
        .filter(|(id, indicator)| {
            indicator.section.is_some() && indicator.required && indicator.parts.is_empty() && !placed.contains(id)
        })
        .map(|(_, indicator)| &*indicator.id)
        .collect();
    if missing.is_empty() {
        return;
    }
    let line = FileLine { file: mapping.file.clone(), line: 1 };
    let count = missing.len();
    let mut list = missing.iter().take(MOST_NAMED).map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
    if count > MOST_NAMED {
        list.push_str(", …");
    }
    let message = both!(
        "{count} chỉ tiêu bắt buộc của danh mục không có dòng, cột hay ô nào: {list}",
        "{count} required indicators of the catalogue have no row, column or cell: {list}"
    );
    lints.push(Lint { line, message });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::catalogue;

    const CATALOGUE: &str = r#"
[catalogue]
id = "c"
title = "C"
period = "2024"
[[measure]]
id = "actual"
label = "Thực hiện"
[[measure]]
id = "plan"
label = "Kế hoạch"
[[section]]
id = "s"
title = "S"
[[indicator]]
id = "lua"
label = "Lúa"
section = "s"
unit = "ha"
[[indicator]]
id = "ngo"
label = "Ngô"
section = "s"
unit = "ha"
"#;

    fn lints(mapping: &str) -> Vec<(u32, String)> {
        let catalogue = catalogue::decode(&Document::new("c.toml", CATALOGUE)).expect("a catalogue");
        let document = Document::new("m.toml", mapping);
        let mapping = decode(&document, &catalogue).expect("a mapping");
        lint(&mapping, &catalogue, &document).into_iter().map(|lint| (lint.line.line, lint.message.1)).collect()
    }

    #[test]
    fn what_is_odd_is_said_once() {
        let found = lints(
            r#"[mapping]
id = "m"
catalogue = "c"
[columns.chung]
"Kế hoạch" = "plan"
[columns.khac]
"Kế hoạch" = "plan"
[[source]]
file = "a.xlsx"
label = "Chỉ tiêu"
unit = "ĐVT"
columns-from = "chung"
[source.columns]
"Thực hiện" = "actual"
"Thực h*" = "plan"
[source.rows]
"Lúa" = "lua"
"1. Lúa" = "ngo"
" " = "ignore"
"#,
        );
        let lines: Vec<u32> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [6, 8, 15, 18, 19], "{found:#?}");
        for (at, part) in ["columns-from", "unit-column", "fit the same column", "never used", "fits no row label"]
            .into_iter()
            .enumerate()
        {
            assert!(found[at].1.contains(part), "{found:#?}");
        }
    }

    #[test]
    fn a_plain_mapping_is_not_odd() {
        let found = lints(
            r#"[mapping]
id = "m"
catalogue = "c"
[[source]]
file = "a.xlsx"
label = "Chỉ tiêu"
unit-column = "ĐVT"
[source.columns]
"Đợt 1 > Thực hiện" = "actual"
"Đợt 2 > Thực hiện" = "plan"
[source.rows]
"Vụ xuân > Lúa" = "lua"
"Vụ mùa > Lúa" = "ngo"
"Lúa" = "ignore"
"#,
        );
        assert!(found.is_empty(), "{found:#?}");
    }
}
