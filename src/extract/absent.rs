//! Findings about headers: those that are not there, those that fit several columns, and several
//! tables that fit as well.

use super::{
    Context, codes,
    header::{self, Header},
    locate::Miss,
};
use crate::{
    model::{
        finding::{Finding, Place, Worded},
        mapping::{Column, ColumnPlace, ColumnRole, Pattern, Source},
        workbook::{self, Position, Sheet, Workbook},
    },
    values::{language::say, text},
};

/// Most headers that a message lists.
const MOST_LISTED: usize = 12;
/// Rows at the top of a sheet in which a header may be spelt wrong.
const FIRST_ROWS: usize = 40;

/// Reports what is odd about a header that was found.
pub(super) fn report(cx: &mut Context<'_>, workbook: &Workbook, sheet: &Sheet, source: &Source, header: &Header<'_>) {
    for column in header.missing.iter().filter(|c| !c.optional && c.role != ColumnRole::Ignored) {
        let mut finding = match nearest(sheet, header, column) {
            Some((at, there)) => suggested(cx, (workbook, sheet), &header::written(column), at, &there),
            None => missing(cx, workbook, sheet, source, &miss(header, header::written(column))),
        };
        finding.mapping = Some(column.line.clone());
        cx.findings.push(finding);
    }
    if let (Some(ColumnPlace::Header(path)), None) = (&source.unit_column, header.unit) {
        cx.findings.push(missing(cx, workbook, sheet, source, &miss(header, path.written.clone())));
    }
    for (column, several) in &header.ambiguous {
        cx.findings.push(ambiguous(cx, (workbook, sheet, header), column, several));
    }
    if !header.rivals.is_empty() {
        cx.findings.push(several_tables(cx, (workbook, sheet, header), source));
    }
}

fn miss(header: &Header<'_>, lacking: String) -> Miss {
    Miss {
        matched: header.columns.len(),
        row: Some(header.data_row.saturating_sub(1)),
        lacking: vec![lacking],
        there: header.names(),
    }
}

/// The finding for a table, or a column of it, that is not there.
pub(super) fn missing(cx: &Context<'_>, workbook: &Workbook, sheet: &Sheet, source: &Source, miss: &Miss) -> Finding {
    let quoted = |texts: &[String]| texts.iter().map(|t| format!("\"{t}\"")).collect::<Vec<_>>().join(", ");
    let lacking = quoted(&miss.lacking);
    if miss.row.is_none()
        && let Some((at, there)) = nearest_label(sheet, source)
    {
        return suggested(cx, (workbook, sheet), &miss.lacking.join(" > "), at, &there).stated_at(source.line.clone());
    }
    let message = match miss.row {
        Some(row) => {
            let row = u64::from(row) + 1;
            let mut there = quoted(&miss.there[..miss.there.len().min(MOST_LISTED)]);
            if miss.there.len() > MOST_LISTED {
                there.push_str(", …");
            }
            if there.is_empty() {
                say!(
                    cx.language,
                    "dòng tiêu đề {row} không có cột {lacking}",
                    "the header in row {row} has no column {lacking}"
                )
            } else {
                say!(
                    cx.language,
                    "dòng tiêu đề {row} không có cột {lacking}; các cột đang có: {there}",
                    "the header in row {row} has no column {lacking}; its columns: {there}"
                )
            }
        }
        None => say!(
            cx.language,
            "không tìm thấy bảng: không ô nào ghi {lacking}",
            "no table found: no cell says {lacking}"
        ),
    };
    let mut place = Place::sheet(&workbook.file, &sheet.name);
    // The first cell of the row that says something: there may be empty columns before it.
    let first = |row: u32| sheet.row(row).and_then(|row| row.columns().next()).unwrap_or(0);
    place.cell = miss.row.map(|row| Position::new(row, first(row)));
    Finding::new(&codes::MISSING_LABEL, Worded(message, say!(
            cx.language,
            "xem lại dòng tiêu đề của sheet; nếu cơ quan vẫn ghi như vậy, người quản lý bảng ánh xạ sửa `label` và `columns`",
            "look at the header row of the sheet; if the office writes it so, whoever keeps the mapping corrects `label` and `columns`"
        )))
    .at(place)
    .stated_at(source.line.clone())
    .fingerprinted(&["header", &source.name, &lacking])
}

/// The header that a column of the mapping may mean, where it is spelt a little differently: its
/// cell, and what it says.
fn nearest(sheet: &Sheet, header: &Header<'_>, column: &Column) -> Option<(Position, String)> {
    let ColumnPlace::Header(path) = &column.place else { return None };
    let own = path.steps.last()?;
    let is_free = |at: u32| {
        !header.label.contains(&at) && header.unit != Some(at) && header.columns.iter().all(|(taken, _)| *taken != at)
    };
    let free = header.texts.iter().filter(|(at, _)| is_free(*at));
    let near = free.filter_map(|(at, texts)| Some((*at, texts.last()?, distance(own, texts.last()?)?)));
    let (at, there, _) = near.min_by_key(|(.., distance)| *distance)?;
    let rows = (header.first_row..header.data_row).rev();
    let rows = rows.map(|row| Position::new(row, at));
    let cell = rows.into_iter().find(|at| sheet.text_through_merges(*at) == Some(&**there))?;
    // The cell that holds the text: the first of its area, but for a text that stands under one.
    let own = sheet.get(cell).is_some_and(|own| own.text().is_some());
    let cell = if own { cell } else { sheet.merge_at(cell).map_or(cell, |area| area.first) };
    Some((cell, text::trim(there).to_owned()))
}

/// A cell that may be meant for the header of the labels.
fn nearest_label(sheet: &Sheet, source: &Source) -> Option<(Position, String)> {
    let own = source.label.iter().find_map(|place| match place {
        ColumnPlace::Header(path) => path.steps.last(),
        ColumnPlace::Letters(_) => None,
    })?;
    let texts = sheet.rows().take(FIRST_ROWS).flat_map(|row| {
        // A title of many words stands alone in its row.
        let is_header = row.len() > 1;
        row.texts().filter(move |_| is_header).map(move |(column, text)| (Position::new(row.row, column), text))
    });
    let near = texts.filter_map(|(at, there)| Some((at, there, distance(own, there)?)));
    let (at, there, _) = near.min_by_key(|(.., distance)| *distance)?;
    Some((at, text::trim(there).to_owned()))
}

fn distance(wanted: &Pattern, there: &str) -> Option<usize> {
    let key = text::fold_label(there);
    let near = wanted.alternatives().iter().filter(|wanted| text::similar(wanted, &key));
    near.map(|wanted| text::distance(wanted, &key)).min()
}

fn suggested(
    cx: &Context<'_>,
    (workbook, sheet): (&Workbook, &Sheet),
    wanted: &str,
    at: Position,
    there: &str,
) -> Finding {
    Finding::new(&codes::SUGGESTED_LABEL, Worded(say!(
            cx.language,
            "không có cột \"{wanted}\"; gần giống nhất là \"{there}\" ({at}), chưa lấy",
            "there is no column \"{wanted}\"; the nearest is \"{there}\" ({at}), which was not taken"
        ), say!(
            cx.language,
            "nếu gõ sai, sửa tiêu đề trong sheet; nếu đúng là cột này, người quản lý bảng ánh xạ thêm \" | {there}\" vào tiêu đề",
            "if it is a slip, correct the header in the sheet; if it is that column, whoever keeps the mapping adds \" | {there}\" to the header"
        )))
    .at(super::place(workbook, sheet, at, there))
    .fingerprinted(&["column", &sheet.name, wanted])
}

fn ambiguous(
    cx: &Context<'_>,
    (workbook, sheet, header): (&Workbook, &Sheet, &Header<'_>),
    column: &Column,
    several: &[u32],
) -> Finding {
    let wanted = header::written(column);
    let letters = several.iter().map(|c| workbook::column_name(*c)).collect::<Vec<_>>().join(", ");
    let mut finding = Finding::new(
        &codes::AMBIGUOUS_LABEL,
        Worded(
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
        ),
    )
    .stated_at(column.line.clone())
    .fingerprinted(&["column", &sheet.name, &wanted]);
    let place = |c: &u32| super::place(workbook, sheet, header.place_of(sheet, *c), "");
    finding.target = several.first().map(place);
    finding.sources = several[1..].iter().map(place).collect();
    finding
}

/// The finding for a source that several tables of a sheet fit alike.
fn several_tables(
    cx: &Context<'_>,
    (workbook, sheet, header): (&Workbook, &Sheet, &Header<'_>),
    source: &Source,
) -> Finding {
    let taken = header.anchor;
    let mut places = vec![taken];
    places.extend(&header.rivals);
    places.sort();
    let count = places.len();
    let listed = places.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let place = |at: &Position| {
        let raw = sheet.get(*at).map(|cell| super::value::shown(cell.value)).unwrap_or_default();
        super::place(workbook, sheet, *at, raw)
    };
    let mut finding = Finding::new(&codes::AMBIGUOUS_LABEL, Worded(say!(
            cx.language,
            "{count} bảng trong sheet khớp như nhau: {listed}; chỉ lấy bảng ở {taken}",
            "{count} tables of the sheet fit alike: {listed}; only the one at {taken} is read"
        ), say!(
            cx.language,
            "đặt tên khác nhau cho các bảng trong sheet; hoặc người quản lý bảng ánh xạ phân biệt chúng: ghi tên bảng trước tên dòng (\"Tên bảng > Dòng\") hoặc tiêu đề cấp trên trước tên cột",
            "give the tables of the sheet different titles; or whoever keeps the mapping tells them apart: the title before the rows (\"Title > Row\") or the header above before the columns"
        )))
    .at(place(&taken))
    .stated_at(source.line.clone())
    .fingerprinted(&["table", &sheet.name, &source.name]);
    finding.sources = header.rivals.iter().map(place).collect();
    finding
}

/// The cell that should name the member of a table does not.
pub(super) fn unnamed(cx: &Context<'_>, workbook: &Workbook, sheet: &Sheet, source: &Source, at: Position) -> Finding {
    let name = &source.name;
    Finding::new(
        &codes::MISSING_LABEL,
        Worded(
            say!(
                cx.language,
                "ô {at} để trống: không rõ bảng \"{name}\" là số liệu của nơi nào",
                "the cell {at} is blank: it does not say whose figures the table \"{name}\" holds"
            ),
            say!(
                cx.language,
                "ghi tên vào ô {at}; nếu tên ở ô khác, người quản lý bảng ánh xạ sửa `member`",
                "write the name into {at}; if it stands in another cell, whoever keeps the mapping corrects `member`"
            ),
        ),
    )
    .at(super::place(workbook, sheet, at, ""))
    .stated_at(source.line.clone())
    .fingerprinted(&["member", &sheet.name, name])
}
