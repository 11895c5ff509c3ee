//! Findings about headers: those that are not there, those that fit several columns, and several
//! tables that fit as well.

use super::{
    Context, cell_place, codes,
    header::{self, Header},
    locate::Miss,
};
use crate::{
    model::{
        finding::{Facts, Finding, Place},
        mapping::{Column, ColumnPlace, ColumnRole, Pattern, Source},
        workbook::{self, Position, Sheet, Workbook},
    },
    values::{
        language::{Language, say},
        text,
    },
};

/// Most headers that a message lists.
const MOST_LISTED: usize = 12;
/// Rows at the top of a sheet in which a header may be spelt wrong.
const FIRST_ROWS: usize = 40;

/// Reports what is odd about a header that was found.
pub(super) fn report(cx: &mut Context<'_>, workbook: &Workbook, sheet: &Sheet, source: &Source, header: &Header<'_>) {
    for column in header.missing.iter().filter(|c| !c.optional && c.role != ColumnRole::Ignored) {
        let mut finding = match nearest(sheet, header, column) {
            Some((at, there)) => suggested((workbook, sheet), &header::written(column), (at, there)),
            None => missing(workbook, sheet, source, &miss(header, header::written(column))),
        };
        finding.mapping = Some(column.line.clone());
        cx.findings.push(finding);
    }
    if let (Some(ColumnPlace::Header(path)), None) = (&source.unit_column, header.unit) {
        cx.findings.push(missing(workbook, sheet, source, &miss(header, path.written.clone())));
    }
    for (column, several) in &header.ambiguous {
        cx.findings.push(ambiguous((workbook, sheet, header), column, several));
    }
    if !header.rivals.is_empty() {
        cx.findings.push(several_tables((workbook, sheet, header), source));
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

/// `missing-label`: a table, or a column of it, that is not there.
#[derive(Debug)]
struct MissingHeader {
    /// Row of the header from one; none where there is no table at all.
    row: Option<u64>,
    lacking: Vec<String>,
    /// The headers that are there.
    there: Vec<String>,
}

fn quoted(texts: &[String]) -> String {
    texts.iter().map(|text| format!("\"{text}\"")).collect::<Vec<_>>().join(", ")
}

impl Facts for MissingHeader {
    fn message(&self, language: Language) -> String {
        let lacking = quoted(&self.lacking);
        let Some(row) = self.row else {
            return say!(
                language,
                "không tìm thấy bảng: không ô nào ghi {lacking}",
                "no table found: no cell says {lacking}"
            );
        };
        let mut there = quoted(&self.there[..self.there.len().min(MOST_LISTED)]);
        if self.there.len() > MOST_LISTED {
            there.push_str(", …");
        }
        if there.is_empty() {
            say!(
                language,
                "dòng tiêu đề {row} không có cột {lacking}",
                "the header in row {row} has no column {lacking}"
            )
        } else {
            say!(
                language,
                "dòng tiêu đề {row} không có cột {lacking}; các cột đang có: {there}",
                "the header in row {row} has no column {lacking}; its columns: {there}"
            )
        }
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "xem lại dòng tiêu đề của sheet; nếu cơ quan vẫn ghi như vậy, người quản lý bảng ánh xạ sửa `label` và `columns`",
            "look at the header row of the sheet; if the office writes it so, whoever keeps the mapping corrects `label` and `columns`"
        )
    }
}

/// The finding for a table, or a column of it, that is not there.
pub(super) fn missing(workbook: &Workbook, sheet: &Sheet, source: &Source, miss: &Miss) -> Finding {
    if miss.row.is_none()
        && let Some(near) = nearest_label(sheet, source)
    {
        return suggested((workbook, sheet), &miss.lacking.join(" > "), near).stated_at(source.line.clone());
    }
    let mut place = Place::sheet(&workbook.file, &sheet.name);
    // The first cell of the row that says something: there may be empty columns before it.
    let first = |row: u32| sheet.row(row).and_then(|row| row.columns().next()).unwrap_or(0);
    place.cell = miss.row.map(|row| Position::new(row, first(row)));
    let facts = MissingHeader {
        row: miss.row.map(|row| u64::from(row) + 1),
        lacking: miss.lacking.clone(),
        there: miss.there.clone(),
    };
    Finding::new(&codes::MISSING_LABEL, facts).at(place).stated_at(source.line.clone()).fingerprinted(&[
        "header",
        &source.name,
        &quoted(&miss.lacking),
    ])
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

/// `suggested-label`: a column that is not there, and one that may be meant.
#[derive(Debug)]
struct SuggestedColumn {
    wanted: String,
    there: String,
    at: Position,
}

impl Facts for SuggestedColumn {
    fn message(&self, language: Language) -> String {
        let Self { wanted, there, at } = self;
        say!(
            language,
            "không có cột \"{wanted}\"; gần giống nhất là \"{there}\" ({at}), chưa lấy",
            "there is no column \"{wanted}\"; the nearest is \"{there}\" ({at}), which was not taken"
        )
    }

    fn action(&self, language: Language) -> String {
        let there = &self.there;
        say!(
            language,
            "nếu gõ sai, sửa tiêu đề trong sheet; nếu đúng là cột này, người quản lý bảng ánh xạ thêm \" | {there}\" vào tiêu đề",
            "if it is a slip, correct the header in the sheet; if it is that column, whoever keeps the mapping adds \" | {there}\" to the header"
        )
    }
}

fn suggested((workbook, sheet): (&Workbook, &Sheet), wanted: &str, (at, there): (Position, String)) -> Finding {
    let place = super::place(workbook, sheet, at, &*there);
    let facts = SuggestedColumn { wanted: wanted.to_owned(), there, at };
    Finding::new(&codes::SUGGESTED_LABEL, facts).at(place).fingerprinted(&["column", &sheet.name, wanted])
}

/// `ambiguous-label`: a header that fits several columns.
#[derive(Debug)]
struct AmbiguousColumn {
    wanted: String,
    columns: Vec<u32>,
}

impl Facts for AmbiguousColumn {
    fn message(&self, language: Language) -> String {
        let Self { wanted, columns } = self;
        let letters = columns.iter().map(|column| workbook::column_name(*column)).collect::<Vec<_>>().join(", ");
        say!(
            language,
            "tiêu đề \"{wanted}\" khớp nhiều cột: {letters}; chưa lấy cột nào",
            "the header \"{wanted}\" fits several columns: {letters}; none was taken"
        )
    }

    fn action(&self, language: Language) -> String {
        let wanted = &self.wanted;
        say!(
            language,
            "ghi thêm tiêu đề cấp trên trong bảng ánh xạ, ví dụ \"Kết quả > {wanted}\"",
            "add the header above it in the mapping, say \"Results > {wanted}\""
        )
    }
}

fn ambiguous((workbook, sheet, header): (&Workbook, &Sheet, &Header<'_>), column: &Column, several: &[u32]) -> Finding {
    let wanted = header::written(column);
    let facts = AmbiguousColumn { wanted: wanted.clone(), columns: several.to_vec() };
    let mut finding = Finding::new(&codes::AMBIGUOUS_LABEL, facts).stated_at(column.line.clone()).fingerprinted(&[
        "column",
        &sheet.name,
        &wanted,
    ]);
    let place = |c: &u32| super::place(workbook, sheet, header.place_of(sheet, *c), "");
    finding.target = several.first().map(place);
    finding.sources = several[1..].iter().map(place).collect();
    finding
}

/// `ambiguous-label`: tables of a sheet that a source fits alike.
#[derive(Debug)]
struct SimilarTables {
    places: Vec<Position>,
    taken: Position,
}

impl Facts for SimilarTables {
    fn message(&self, language: Language) -> String {
        let (taken, count) = (self.taken, self.places.len());
        let listed = self.places.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        say!(
            language,
            "{count} bảng trong sheet khớp như nhau: {listed}; chỉ lấy bảng ở {taken}",
            "{count} tables of the sheet fit alike: {listed}; only the one at {taken} is read"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "đặt tên khác nhau cho các bảng trong sheet; hoặc người quản lý bảng ánh xạ phân biệt chúng: ghi tên bảng trước tên dòng (\"Tên bảng > Dòng\") hoặc tiêu đề cấp trên trước tên cột",
            "give the tables of the sheet different titles; or whoever keeps the mapping tells them apart: the title before the rows (\"Title > Row\") or the header above before the columns"
        )
    }
}

/// The finding for a source that several tables of a sheet fit alike.
fn several_tables((workbook, sheet, header): (&Workbook, &Sheet, &Header<'_>), source: &Source) -> Finding {
    let taken = header.anchor;
    let mut places = vec![taken];
    places.extend(&header.rivals);
    places.sort();
    let mut finding = Finding::new(&codes::AMBIGUOUS_LABEL, SimilarTables { places, taken })
        .at(cell_place(workbook, sheet, taken))
        .stated_at(source.line.clone())
        .fingerprinted(&["table", &sheet.name, &source.name]);
    finding.sources = header.rivals.iter().map(|at| cell_place(workbook, sheet, *at)).collect();
    finding
}

/// `missing-label`: a blank cell where the member of a table should be named.
#[derive(Debug)]
struct UnnamedMember {
    table: String,
    at: Position,
}

impl Facts for UnnamedMember {
    fn message(&self, language: Language) -> String {
        let Self { table, at } = self;
        say!(
            language,
            "ô {at} để trống: không rõ bảng \"{table}\" là số liệu của nơi nào",
            "the cell {at} is blank: it does not say whose figures the table \"{table}\" holds"
        )
    }

    fn action(&self, language: Language) -> String {
        let at = self.at;
        say!(
            language,
            "ghi tên vào ô {at}; nếu tên ở ô khác, người quản lý bảng ánh xạ sửa `member`",
            "write the name into {at}; if it stands in another cell, whoever keeps the mapping corrects `member`"
        )
    }
}

/// The cell that should name the member of a table does not.
pub(super) fn unnamed(workbook: &Workbook, sheet: &Sheet, source: &Source, at: Position) -> Finding {
    Finding::new(&codes::MISSING_LABEL, UnnamedMember { table: source.name.clone(), at })
        .at(super::place(workbook, sheet, at, ""))
        .stated_at(source.line.clone())
        .fingerprinted(&["member", &sheet.name, &source.name])
}
