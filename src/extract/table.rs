//! Takes the cells of a table: a row says what, a column says which measure of it, or the other
//! way round.

use std::{collections::HashMap, sync::Arc};

use super::{
    Context, SheetAt, codes,
    header::{self, Header},
    outline::{self, Line},
    rows, stated,
    unclaimed::{Claims, TableArea},
    value::{self, Cell, ColumnNumbers},
};
use crate::{
    catalogue::{IndicatorId, MeasureId, MeasureKind},
    finding::{FileLine, Finding},
    mapping::{ColumnPlace, ColumnRole, MemberName, RowRole, RowRule, Source},
    reading::Key,
    say, text,
    workbook::{Position, Sheet, Workbook, file_name},
};

/// Reads a table whose header was found.
pub(super) fn read(
    cx: &mut Context<'_>,
    workbook: &Workbook,
    sheet: &Sheet,
    source: &Source,
    header: &Header<'_>,
    at: SheetAt,
    claims: &mut Claims,
) {
    cx.found += u32::try_from(header.columns.len()).unwrap_or(u32::MAX);
    report_columns(cx, workbook, sheet, source, header);
    let lines = outline::lines(sheet, header);
    let matched = rows::match_rows(cx, workbook, sheet, source, &lines);
    claims.table(at, area(header, &lines));
    for (line, rule) in &matched {
        if rule.role == RowRole::Ignored {
            for (column, _) in &header.columns {
                claims.take(at, Position::new(line.row, *column));
            }
            for cell in sheet.row(line.row).into_iter().flat_map(|r| &r.cells) {
                claims.take(at, Position::new(line.row, cell.column));
            }
        }
    }
    for (column, named) in &header.columns {
        if named.role == ColumnRole::Ignored {
            for line in &lines {
                claims.take(at, Position::new(line.row, *column));
            }
        }
    }
    let whole = table_member(workbook, sheet, source);
    let units = stated::stated_units(sheet, header);
    if let (Some(near), Some(other)) = (&units.line, &units.other_line) {
        cx.findings.push(stated::two_unit_lines(cx, workbook, sheet, source, near, other));
    }
    let numbers: HashMap<u32, ColumnNumbers> = header
        .columns
        .iter()
        .map(|(column, _)| (*column, ColumnNumbers::of(sheet, *column, &lines, source.numbers)))
        .collect();
    let mut hidden = Vec::new();
    for (line, rule) in matched {
        let record = cx.records;
        cx.records += 1;
        let row_unit = stated::row_unit(sheet, header, line);
        let forecast = is_forecast_row(cx, sheet, header, line);
        let before = cx.readings.len();
        let mut unit_reported = false;
        for (column, named) in &header.columns {
            let position = Position::new(line.row, *column);
            let Some((indicator, measure)) = target(rule, &named.role) else {
                if row_takes(rule) {
                    claims.take(at, position);
                }
                continue;
            };
            claims.take(at, position);
            let stated = row_unit.clone().or_else(|| units.headers.get(column).cloned()).or_else(|| units.line.clone());
            let cell = Cell {
                workbook,
                sheet,
                at: position,
                key: Key {
                    indicator,
                    measure,
                    member: member(rule, line).or_else(|| header.member_of(*column, named)).or_else(|| whole.clone()),
                },
                record,
                line: line_of(rule, &named.line),
                declared_unit: rule.unit.as_ref().or(named.unit.as_ref()).or(source.unit.as_ref()),
                stated_unit: stated,
                numbers: &numbers[column],
                forecast,
            };
            unit_reported |= value::read(cx, &cell, !unit_reported);
        }
        let taken = cx.readings[before..].iter().filter(|r| !value::is_blank(r)).map(|r| r.origin.cell);
        hidden.extend(taken.filter(|at| sheet.is_hidden(*at)));
    }
    if !hidden.is_empty() {
        report_hidden(cx, workbook, sheet, source, &hidden);
    }
}

/// Reads cells that the mapping names by address.
pub(super) fn read_cells(
    cx: &mut Context<'_>,
    workbook: &Workbook,
    sheet: &Sheet,
    source: &Source,
    at: SheetAt,
    claims: &mut Claims,
) {
    for rule in &source.cells {
        cx.found += 1;
        claims.take(at, rule.at);
        let record = cx.records;
        cx.records += 1;
        let numbers = ColumnNumbers::declared(source.numbers);
        let cell = Cell {
            workbook,
            sheet,
            at: rule.at,
            key: Key { indicator: rule.indicator, measure: rule.measure, member: None },
            record,
            line: rule.line.clone(),
            declared_unit: rule.unit.as_ref().or(source.unit.as_ref()),
            stated_unit: None,
            numbers: &numbers,
            forecast: false,
        };
        value::read(cx, &cell, true);
    }
}

fn row_takes(rule: &RowRule) -> bool {
    rule.role != RowRole::Member
}

/// The mapping line that a person would look at first: the row's, and the column's where the row
/// is one of many.
fn line_of(rule: &RowRule, column: &FileLine) -> FileLine {
    match rule.role {
        RowRole::Indicator(_) => rule.line.clone(),
        RowRole::Total | RowRole::Member | RowRole::Ignored => column.clone(),
    }
}

fn member(rule: &RowRule, line: &Line) -> Option<Arc<str>> {
    (rule.role == RowRole::Member).then(|| line.label.trim().into())
}

/// The member that a whole table is about.
fn table_member(workbook: &Workbook, sheet: &Sheet, source: &Source) -> Option<Arc<str>> {
    Some(match source.member? {
        MemberName::Sheet => sheet.name.trim().into(),
        MemberName::File => {
            let name = file_name(&workbook.file);
            name.rsplit_once('.').map_or(name, |(stem, _)| stem).into()
        }
    })
}

/// Which indicator and measure the cell of a row and a column is a value of.
fn target(rule: &RowRule, column: &ColumnRole) -> Option<(IndicatorId, MeasureId)> {
    let ColumnRole::Values { indicator, measure } = column else { return None };
    let indicator = match (&rule.role, indicator) {
        (RowRole::Indicator(id), None) | (RowRole::Total | RowRole::Member, Some(id)) => *id,
        (RowRole::Ignored, _) | (RowRole::Indicator(_), Some(_)) | (RowRole::Total | RowRole::Member, None) => {
            return None;
        }
    };
    let measure = match rule.measures.iter().find(|(from, _)| from == measure) {
        Some((_, renamed)) => (*renamed)?,
        None => *measure,
    };
    Some((indicator, measure))
}

fn area(header: &Header<'_>, lines: &[Line]) -> TableArea {
    let mut columns: Vec<u32> = header
        .texts
        .iter()
        .map(|(column, _)| *column)
        .chain(header.columns.iter().map(|(column, _)| *column))
        .filter(|c| !header.label.contains(c) && header.ordinal != Some(*c) && header.unit != Some(*c))
        .collect();
    columns.sort_unstable();
    columns.dedup();
    TableArea { columns, rows: lines.iter().map(|line| line.row).collect() }
}

fn report_columns(cx: &mut Context<'_>, workbook: &Workbook, sheet: &Sheet, source: &Source, header: &Header<'_>) {
    for column in header.missing.iter().filter(|c| !c.optional && c.role != ColumnRole::Ignored) {
        let miss = header::Miss {
            matched: header.columns.len(),
            row: Some(header.data_row.saturating_sub(1)),
            lacking: vec![header::written(column)],
        };
        let mut finding = header::missing(workbook, sheet, source, &miss, cx.language);
        finding.mapping = Some(column.line.clone());
        cx.findings.push(finding);
    }
    if let (Some(ColumnPlace::Header(path)), None) = (&source.unit_column, header.unit) {
        let miss = header::Miss {
            matched: header.columns.len(),
            row: Some(header.data_row.saturating_sub(1)),
            lacking: vec![path.written.clone()],
        };
        cx.findings.push(header::missing(workbook, sheet, source, &miss, cx.language));
    }
    for (column, several) in &header.ambiguous {
        let wanted = header::written(column);
        let letters = several.iter().map(|c| crate::workbook::column_name(*c)).collect::<Vec<_>>().join(", ");
        let mut finding = Finding::new(
            &codes::AMBIGUOUS_LABEL,
            say!(
                cx.language,
                "tiêu đề \"{wanted}\" khớp nhiều cột: {letters}; chưa lấy cột nào",
                "the header \"{wanted}\" fits several columns: {letters}; none was taken"
            ),
            say!(
                cx.language,
                "ghi thêm tiêu đề cấp trên trong bảng ánh xạ, ví dụ \"Kết quả > {wanted}\"",
                "add the header above it in the mapping, say \"Results > {wanted}\""
            ),
        )
        .stated_at(column.line.clone())
        .fingerprinted(&["column", &sheet.name, &wanted]);
        let place = |c: &u32| super::place(workbook, sheet, Position::new(header.first_row, *c), "");
        finding.target = several.first().map(place);
        finding.sources = several[1..].iter().map(place).collect();
        cx.findings.push(finding);
    }
}

fn report_hidden(cx: &mut Context<'_>, workbook: &Workbook, sheet: &Sheet, source: &Source, hidden: &[Position]) {
    let count = hidden.len();
    let whole = sheet.hidden;
    let place = |at: &Position| {
        let raw = sheet.get(*at).map(|c| value::shown(&c.value)).unwrap_or_default();
        super::place(workbook, sheet, *at, raw)
    };
    let message = if whole {
        say!(
            cx.language,
            "sheet bị ẩn nhưng có {count} số được lấy vào biểu",
            "the sheet is hidden but {count} of its numbers go into the form"
        )
    } else {
        say!(
            cx.language,
            "{count} số được lấy nằm ở dòng hoặc cột bị ẩn",
            "{count} numbers that are taken lie in hidden rows or columns"
        )
    };
    let mut finding = Finding::new(
        &codes::HIDDEN_DATA,
        message,
        say!(
            cx.language,
            "bỏ ẩn và kiểm tra các ô này, hoặc bỏ chúng khỏi bảng ánh xạ",
            "unhide and check these cells, or take them out of the mapping"
        ),
    )
    .at(place(&hidden[0]))
    .stated_at(source.line.clone())
    .fingerprinted(&[file_name(&workbook.file), &sheet.name]);
    finding.sources = hidden[1..].iter().take(12).map(place).collect();
    cx.findings.push(finding);
}

/// Words that mark a whole row as not yet a result.
fn is_forecast_row(cx: &Context<'_>, sheet: &Sheet, header: &Header<'_>, line: &Line) -> bool {
    let says = |written: &str| {
        let folded = text::fold(written);
        ["dự kiến", "ước"].iter().any(|word| {
            folded.split(|c: char| !c.is_alphanumeric() && c != ' ').any(|part| {
                let part = part.trim();
                part == *word || part.starts_with(&format!("{word} "))
            })
        })
    };
    // Words beside a number ("ước 505") are about that number alone; a remark is about the row.
    let is_remark = |column: u32| match header.columns.iter().find(|(at, _)| *at == column) {
        None => header.texts.iter().any(|(at, _)| *at == column),
        Some((_, named)) => match named.role {
            ColumnRole::Values { measure, .. } => {
                let kind = cx.catalogue.measure(measure).kind;
                matches!(kind, MeasureKind::Verdict { .. } | MeasureKind::Note)
            }
            ColumnRole::Ignored => true,
        },
    };
    let texts = sheet.row(line.row).into_iter().flat_map(|r| &r.cells).filter(|c| is_remark(c.column));
    let mut texts = texts.filter(|c| !header.label.contains(&c.column));
    texts.any(|c| match &c.value {
        crate::workbook::Value::Text(text) => says(text),
        crate::workbook::Value::Number(_)
        | crate::workbook::Value::Bool(_)
        | crate::workbook::Value::Date { .. }
        | crate::workbook::Value::Error(_)
        | crate::workbook::Value::NoResult => false,
    })
}
