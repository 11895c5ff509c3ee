//! Finds the header of a table by the texts that a mapping names, wherever it stands.

use std::{collections::HashMap, sync::Arc};

use super::{footnotes::Footnotes, numbering, texts::Texts};
use crate::{
    model::{
        mapping::{Column, ColumnPlace, ColumnRole, LabelPath, Source},
        workbook::{Area, Cell, Position, Row, Sheet, Value, column_name},
    },
    values::{number::Decimal, text},
};

/// Most rows that a header has.
const MOST_ROWS: u32 = 4;
/// Most blank rows between a header and the row that numbers its columns.
const MOST_BLANK: u32 = 2;
/// Headers of the column with the row numbers.
const ROW_NUMBER_HEADERS: &[&str] = &["tt", "stt", "số tt", "số thứ tự", "tt.", "no", "no."];

/// A header that was found, and with it the table below.
#[derive(Debug)]
pub(super) struct Header<'s> {
    /// Columns of the labels, outermost first.
    pub label: Vec<u32>,
    /// Column of the row numbers.
    pub ordinal: Option<u32>,
    /// Whether those run through all rows and so say nothing about which stands below which.
    pub has_running_numbers: bool,
    /// Column of the units.
    pub unit: Option<u32>,
    /// The last row of the header where it holds nothing but the units of its columns.
    pub unit_row: Option<u32>,
    /// Columns that the mapping names, by column.
    pub columns: Vec<(u32, &'s Column)>,
    /// Columns with a header text, their texts from top to bottom.
    pub texts: Vec<(u32, Vec<Arc<str>>)>,
    /// The cell that names the labels, by which the header was found.
    pub anchor: Position,
    /// First row of the header.
    pub first_row: u32,
    /// First row of the data.
    pub data_row: u32,
    /// Columns of the mapping that are not there.
    pub missing: Vec<&'s Column>,
    /// Columns of the mapping that fit more than one column of the sheet.
    pub ambiguous: Vec<(&'s Column, Vec<u32>)>,
    /// The title of the table, folded, where another table with this header follows it.
    pub title: Option<Arc<str>>,
    /// Where the table is broken: by the header of a printed page, or where it ends.
    pub breaks: Vec<Break>,
    /// Other tables of the sheet with such a header, which are not read by it.
    pub others: Vec<OtherTable>,
    /// Other places that the source fits as well as this one.
    pub rivals: Vec<Position>,
    /// The marks of footnotes behind its labels.
    pub footnotes: Footnotes,
}

/// A place where a table is broken.
#[derive(Clone, Debug)]
pub(super) struct Break {
    /// First row that is not of the table: that of the header, or of a title above it that came before.
    pub first_row: u32,
    /// First row of data behind it.
    pub data_row: u32,
    pub kind: BreakKind,
}

/// What a broken table goes on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum BreakKind {
    /// The next printed page of the same table.
    Page,
    /// Another table with the same header, with its title as it stands, and the cell of its header.
    Table(Option<Arc<str>>, Position),
    /// Something else.
    End,
}

/// A table of the sheet that a header does not read.
#[derive(Clone, Debug)]
pub(super) struct OtherTable {
    /// The cell of its header that names the labels.
    pub at: Position,
    /// First row and the row behind the last one.
    pub rows: (u32, u32),
    /// Its columns with figures.
    pub columns: Vec<u32>,
    /// Its columns with labels, units and row numbers.
    pub labels: Vec<u32>,
    /// Whether it has the same columns, so that each is known to hold figures.
    pub is_of_this_kind: bool,
}

impl Header<'_> {
    /// The member that a column of a repeated block is about: the header above the rest of its path.
    pub(super) fn member_of(&self, at: u32, column: &Column, known: &Texts) -> Option<Arc<str>> {
        let ColumnPlace::Header(path) = &column.place else { return None };
        if !column.each_member {
            return None;
        }
        let texts = self.texts_of(at);
        let mut above = texts.len();
        for step in path.steps.iter().skip(1).rev() {
            above = texts[..above].iter().rposition(|text| step.matches_folded(&known.label(text).key))?;
        }
        let names = texts[..above].iter().rev();
        let name = names.into_iter().find(|text| path.steps[0].matches_folded(&known.label(text).key))?;
        Some(text::trim(name).into())
    }

    /// The lowest cell of the header above a column; the first of its rows where none is filled.
    pub(super) fn place_of(&self, sheet: &Sheet, column: u32) -> Position {
        let cells = (self.first_row..self.data_row).rev().map(|row| Position::new(row, column));
        cells.clone().find(|at| sheet.get(*at).is_some()).unwrap_or(Position::new(self.first_row, column))
    }

    /// Whether every column that must be there is, and is one.
    pub(super) fn is_complete(&self) -> bool {
        self.missing.iter().all(|c| c.optional) && self.ambiguous.is_empty()
    }

    /// Whether a row numbers the columns of the table.
    pub(super) fn numbers_columns(&self, row: &Row<'_>) -> bool {
        numbering::numbers_columns(row, &self.label, |column| self.columns.iter().any(|(at, _)| *at == column))
    }

    /// Columns of the table in which figures may stand: that of the units or of the row numbers too,
    /// where the mapping takes figures from it.
    pub(super) fn figure_columns(&self) -> Vec<u32> {
        let with_text = self.texts.iter().map(|(column, _)| *column);
        let mut columns: Vec<u32> = with_text
            .filter(|column| self.ordinal != Some(*column) && self.unit != Some(*column))
            .chain(self.columns.iter().map(|(column, _)| *column))
            .filter(|column| !self.label.contains(column))
            .collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// Columns of the table that say what stands in the others.
    pub(super) fn label_columns(&self) -> Vec<u32> {
        self.label.iter().copied().chain(self.ordinal).chain(self.unit).collect()
    }

    /// The headers of its columns as a person reads them, other than that of the labels.
    pub(super) fn names(&self) -> Vec<String> {
        let own = self.texts.iter().filter(|(column, _)| !self.label.contains(column));
        let named = own.map(|(_, texts)| {
            let texts: Vec<&str> = texts.iter().map(|text| text::trim(text)).collect();
            texts[texts.len().saturating_sub(2)..].join(" > ")
        });
        named.collect()
    }

    /// The texts above a column.
    pub(super) fn texts_of(&self, column: u32) -> &[Arc<str>] {
        self.texts.iter().find(|(c, _)| *c == column).map_or(&[], |(_, texts)| texts)
    }
}

pub(super) fn lacking_label(source: &Source) -> Vec<String> {
    source
        .label
        .iter()
        .map(|place| match place {
            ColumnPlace::Header(path) => path.written.clone(),
            ColumnPlace::Letters(column) => column_name(*column),
        })
        .collect()
}

/// How the mapping writes a column.
pub(super) fn written(column: &Column) -> String {
    match &column.place {
        ColumnPlace::Header(path) => path.written.clone(),
        ColumnPlace::Letters(letters) => format!("@{}", column_name(*letters)),
    }
}

/// Every place is given by letters and the first row of the data by number.
pub(super) fn by_letters<'s>(sheet: &Sheet, source: &'s Source, first_row: u32) -> Option<Header<'s>> {
    let letters = |place: &ColumnPlace| match place {
        ColumnPlace::Letters(column) => Some(*column),
        ColumnPlace::Header(_) => None,
    };
    let mut header = Header {
        label: source.label.iter().filter_map(letters).collect(),
        ordinal: None,
        has_running_numbers: false,
        unit: source.unit_column.as_ref().and_then(letters),
        unit_row: None,
        columns: Vec::new(),
        texts: Vec::new(),
        anchor: Position::new(first_row, 0),
        first_row,
        data_row: first_row,
        missing: Vec::new(),
        ambiguous: Vec::new(),
        title: None,
        breaks: Vec::new(),
        others: Vec::new(),
        rivals: Vec::new(),
        footnotes: Footnotes::of(sheet, source),
    };
    for column in &source.columns {
        match letters(&column.place) {
            Some(at) => header.columns.push((at, column)),
            None => header.missing.push(column),
        }
    }
    if header.columns.is_empty() || header.label.is_empty() {
        return None;
    }
    Some(header)
}

/// Whether a text is the last step of a label's header or, where the labels are placed by letters,
/// that of a column.
pub(super) fn is_label_header(text: &str, source: &Source, known: &Texts) -> bool {
    let of_labels = source.label.iter().any(|place| matches!(place, ColumnPlace::Header(_)));
    let columns = source.columns.iter().map(|column| &column.place).filter(|_| !of_labels);
    let mut steps = source.label.iter().chain(columns).filter_map(|place| match place {
        ColumnPlace::Header(path) => path.steps.last(),
        ColumnPlace::Letters(_) => None,
    });
    if !steps.clone().any(|step| step.may_match(text)) {
        return false;
    }
    let folded = known.label(text).key;
    steps.any(|step| step.matches_folded(&folded))
}

/// What a cell of a header says. Years and months are typed as numbers too: a number says what a
/// column of the mapping is called by.
fn header_text<'c>(cell: &Cell<'c>, source: &Source) -> Option<std::borrow::Cow<'c, str>> {
    match cell.value {
        Value::Text(text) => Some(text.into()),
        Value::Number(number) => {
            let number = number.exact().ok().filter(Decimal::is_integer)?.normalize().to_string();
            let steps = source.columns.iter().filter_map(|column| match &column.place {
                ColumnPlace::Header(path) => Some(&path.steps),
                ColumnPlace::Letters(_) => None,
            });
            let is_named = steps.flatten().any(|step| step.alternatives().contains(&number));
            (is_named || is_year(&number)).then(|| number.into())
        }
        Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => None,
    }
}

fn is_year(number: &str) -> bool {
    number.parse().is_ok_and(|year| (1900..=2100).contains(&year))
}

fn is_header_text(sheet: &Sheet, source: &Source, at: Position) -> bool {
    sheet.get(at).is_some_and(|cell| header_text(&cell, source).is_some())
}

/// The last header row, given the row of the label's header: as far as its merge goes, and on
/// over rows that leave the label's column free and hold words but no numbers, or years that the
/// mapping names.
fn last_header_row(sheet: &Sheet, source: &Source, at: Position) -> u32 {
    let mut last = sheet.merge_at(at).map_or(at.row, |area| area.last.row);
    while last < at.row + MOST_ROWS - 1 {
        let Some(next) = sheet.row(last + 1) else { break };
        let label_free = next.get(at.column).is_none();
        let words = next.cells().filter(|c| header_text(c, source).is_some()).count();
        let numbers = next.len() - words;
        let digits = next.cells().any(|c| match c.value {
            Value::Text(text) => {
                let text = text::trim(text);
                text.starts_with(|ch: char| ch.is_ascii_digit()) && !is_year(text)
            }
            Value::Number(_) => false,
            Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => true,
        });
        // A bare heading below the header ("I | CHỈ TIÊU KINH TẾ") has one word to its name and
        // stands at or left of the labels.
        let beyond = next.cells().any(|c| c.column > at.column);
        let is_numbering = numbering::numbers_columns(&next, &[at.column], |column| column > at.column);
        if !(label_free && words > 0 && numbers == 0 && !digits && beyond && !is_numbering) {
            break;
        }
        last += 1;
    }
    last
}

/// Header texts of every column, outermost first. A blank cell takes the text of its merged area,
/// or the text to its left, if something stands below.
fn header_texts(
    sheet: &Sheet,
    source: &Source,
    anchor: Position,
    (first, last): (u32, u32),
) -> Vec<(u32, Vec<Arc<str>>)> {
    let mut columns: Vec<u32> = Vec::new();
    for row in headed_from(sheet, anchor.row, first)..=last {
        let Some(row) = sheet.row(row) else { continue };
        let own = row.cells().map(|cell| cell.column);
        if row.row < anchor.row {
            columns.extend(own.filter(|column| !is_title(sheet, &row, *column, anchor.column)));
        } else {
            columns.extend(own);
        }
    }
    for area in sheet.merges.iter().filter(|a| a.first.row <= last && a.last.row >= first) {
        // Wide merges above the header are titles; they need no columns of their own.
        let is_title = area.last.row < anchor.row && covers(area, anchor.column);
        if area.first.row >= first && area.last.column - area.first.column < 64 && !is_title {
            columns.extend(area.first.column..=area.last.column);
        }
    }
    columns.sort_unstable();
    columns.dedup();
    let mut texts: Vec<(u32, Vec<Arc<str>>)> = columns.iter().map(|column| (*column, Vec::new())).collect();
    for row in first..=last {
        let own = row_texts(sheet, source, row, &columns);
        for ((column, texts), own) in texts.iter_mut().zip(own) {
            let own = own.or_else(|| group_text(sheet, source, Position::new(row, *column), last));
            if let Some(text) = own
                && texts.last() != Some(&text)
            {
                texts.push(text);
            }
        }
    }
    texts.retain(|(_, texts)| !texts.is_empty());
    texts
}

/// The first row above a cell that has no blank row between: what stands above one heads no column.
fn headed_from(sheet: &Sheet, row: u32, first: u32) -> u32 {
    (first..row).rev().take_while(|above| sheet.row(*above).is_some()).last().unwrap_or(row)
}

/// Whether a text above the row of the labels' header says something of the whole table and nothing of
/// its own column: it lies over the labels, or at their left with nothing behind them.
fn is_title(sheet: &Sheet, row: &Row<'_>, column: u32, label: u32) -> bool {
    let is_merged_over = sheet.merge_at(Position::new(row.row, column)).is_some_and(|area| covers(area, label));
    is_merged_over || (column <= label && row.columns().all(|other| other <= label))
}

const fn covers(area: &Area, column: u32) -> bool {
    area.first.column < column && column <= area.last.column
}

/// The texts of a row at these columns, each cell's own or that of its merged area.
fn row_texts(sheet: &Sheet, source: &Source, row: u32, columns: &[u32]) -> Vec<Option<Arc<str>>> {
    let mut texts = vec![None; columns.len()];
    for cell in sheet.row(row).into_iter().flat_map(|row| row.cells()) {
        if let Ok(at) = columns.binary_search(&cell.column) {
            texts[at] = header_text(&cell, source).map(Arc::from);
        }
    }
    for area in sheet.merges.iter().filter(|area| (area.first.row..=area.last.row).contains(&row)) {
        let merged = sheet.get(area.first).and_then(|cell| header_text(&cell, source).map(Arc::<str>::from));
        let Some(merged) = merged else { continue };
        let start = columns.partition_point(|column| *column < area.first.column);
        let end = columns.partition_point(|column| *column <= area.last.column);
        for own in texts.get_mut(start..end).into_iter().flatten().filter(|own| own.is_none()) {
            *own = Some(merged.clone());
        }
    }
    texts
}

/// The text of a group that a blank header cell belongs to though it is not merged: that to its left,
/// where something stands below. In a sheet with merged cells the group must have a leaf of its own,
/// or else a header beside it would be taken for a group.
fn group_text(sheet: &Sheet, source: &Source, at: Position, last: u32) -> Option<Arc<str>> {
    let has_leaf =
        |column: u32| (at.row + 1..=last).any(|below| is_header_text(sheet, source, Position::new(below, column)));
    if at.row >= last || sheet.get(at).is_some() || !has_leaf(at.column) {
        return None;
    }
    let left = sheet.row(at.row)?.cells().rev().find(|c| c.column < at.column)?;
    let is_group = sheet.merges.is_empty()
        || (has_leaf(left.column)
            && sheet.merge_at(at).is_none()
            && sheet.merge_at(Position::new(at.row, left.column)).is_none());
    is_group.then(|| header_text(&left, source).map(Arc::from))?
}

/// Reads the header around a cell that names the labels. Where several tables stand side by side, the
/// header of each.
pub(super) fn headers_at<'s>(sheet: &Sheet, source: &'s Source, known: &Texts, anchor: Position) -> Vec<Header<'s>> {
    let last = last_header_row(sheet, source, anchor);
    let first = (last + 1).saturating_sub(MOST_ROWS).min(anchor.row);
    let mut texts = header_texts(sheet, source, anchor, (first, last));
    Footnotes::of(sheet, source).strip(&mut texts);
    let rows = (first, last);
    let Some(mut whole) = assign(sheet, source, known, (anchor, rows), &texts) else { return Vec::new() };
    let unit_row = Some(last).filter(|_| !whole.missing.is_empty() && holds_units(sheet, known, anchor, last));
    if let Some(row) = unit_row {
        let above = header_texts(sheet, source, anchor, (first, row - 1));
        if let Some(other) = assign(sheet, source, known, (anchor, rows), &above)
            && other.missing.len() < whole.missing.len()
        {
            whole = Header { unit_row, ..other };
            texts = above;
        }
    }
    if whole.ambiguous.is_empty() {
        return vec![whole];
    }
    let starts = side_by_side(source, known, &texts);
    if starts.len() < 2 {
        return vec![whole];
    }
    let mut blocks = Vec::new();
    for start in starts.iter().rev() {
        let own = texts.split_off(texts.partition_point(|(column, _)| column < start));
        let at = own.iter().find(|(column, _)| is_label_header_at(sheet, source, known, (anchor.row, *column)));
        let at = at.map_or(anchor, |(column, _)| Position::new(anchor.row, *column));
        blocks.extend(assign(sheet, source, known, (at, rows), &own));
    }
    blocks.reverse();
    let is_complete = |block: &Header<'_>| block.is_complete();
    if blocks.iter().any(is_complete) { blocks } else { vec![whole] }
}

/// Whether a row of a header below that of the labels says in what its columns count, and nothing
/// else: short words in small letters, of which one is a unit that measures, or all are the same and
/// no word for a total.
fn holds_units(sheet: &Sheet, known: &Texts, anchor: Position, row: u32) -> bool {
    let own_last = sheet.merge_at(anchor).map_or(anchor.row, |area| area.last.row);
    let Some(cells) = sheet.row(row).filter(|_| row > own_last) else { return false };
    let texts: Vec<&str> = cells.cells().filter_map(|cell| cell.text()).map(text::trim).collect();
    // "Con" begins a name, "CON" is a sheet in capitals.
    let is_name = |text: &str| text.starts_with(char::is_uppercase) && text.chars().any(char::is_lowercase);
    let is_short = |text: &&str| text.split_whitespace().count() <= 3 && !is_name(text);
    let measures = |text: &&str| known.unit(text).is_some_and(|unit| !unit.is_count());
    let is_one_word = || {
        let first = texts.first().map(|text| known.label(text).key);
        texts.iter().all(|text| Some(known.label(text).key) == first && !text::is_total(text))
    };
    !texts.is_empty()
        && texts.iter().all(|text| measures(text) || is_short(text))
        && (texts.iter().any(measures) || is_one_word())
}

fn is_label_header_at(sheet: &Sheet, source: &Source, known: &Texts, (row, column): (u32, u32)) -> bool {
    sheet.text_through_merges(Position::new(row, column)).is_some_and(|text| is_label_header(text, source, known))
}

/// First columns of tables that stand side by side: where the header of the labels comes again, with
/// the column of row numbers before it.
fn side_by_side(source: &Source, known: &Texts, texts: &[(u32, Vec<Arc<str>>)]) -> Vec<u32> {
    let Some(ColumnPlace::Header(path)) = source.label.first() else { return Vec::new() };
    let folded: Vec<(u32, Vec<Arc<str>>)> =
        texts.iter().map(|(c, texts)| (*c, texts.iter().map(|t| known.label(t).key).collect())).collect();
    let mut starts = Vec::new();
    for (at, (column, own)) in folded.iter().enumerate() {
        if path.matches(own) {
            let before = at.checked_sub(1).map(|before| &folded[before]);
            let numbers = before.filter(|(_, texts)| is_row_number_header(texts));
            starts.push(numbers.map_or(*column, |(column, _)| *column));
        }
    }
    // What stands left of the first is its own.
    if let (Some(first), Some((left, _))) = (starts.first_mut(), texts.first()) {
        *first = *left;
    }
    starts
}

fn is_row_number_header(texts: &[Arc<str>]) -> bool {
    texts.last().is_some_and(|text| ROW_NUMBER_HEADERS.contains(&&**text))
}

/// Gives the columns of a header to those of the mapping.
fn assign<'s>(
    sheet: &Sheet,
    source: &'s Source,
    known: &Texts,
    (anchor, (first, last)): (Position, (u32, u32)),
    texts: &[(u32, Vec<Arc<str>>)],
) -> Option<Header<'s>> {
    let folded: Vec<(u32, Vec<Arc<str>>)> =
        texts.iter().map(|(c, texts)| (*c, texts.iter().map(|t| known.label(t).key).collect())).collect();
    // A wide form has a hundred columns, and a mapping as many places: each place meets few columns.
    let mut under: HashMap<(&str, &str), Vec<usize>, foldhash::fast::RandomState> = HashMap::default();
    for (at, (_, texts)) in folded.iter().enumerate() {
        if let Some((label, headings)) = texts.split_last() {
            for heading in headings {
                under.entry((heading, label)).or_default().push(at);
            }
        }
    }
    let candidates = |path: &LabelPath| -> Vec<usize> {
        match path.steps.as_slice() {
            [.., above, own] if !above.is_wild() && !own.is_wild() => {
                let pairs = above.alternatives().iter().flat_map(|a| own.alternatives().iter().map(move |b| (a, b)));
                let mut found: Vec<usize> =
                    pairs.filter_map(|(a, b)| under.get(&(a.as_str(), b.as_str()))).flatten().copied().collect();
                found.sort_unstable();
                found.dedup();
                found
            }
            _ => (0..folded.len()).collect(),
        }
    };
    let matching = |place: &ColumnPlace, taken: &[u32]| -> Vec<u32> {
        match place {
            ColumnPlace::Letters(column) => vec![*column],
            ColumnPlace::Header(path) => candidates(path)
                .into_iter()
                .map(|at| &folded[at])
                .filter(|(column, texts)| path.matches(texts) && !taken.contains(column))
                .map(|(column, _)| *column)
                .collect(),
        }
    };
    let label: Vec<u32> = source.label.iter().filter_map(|place| matching(place, &[]).first().copied()).collect();
    if label.len() < source.label.len() {
        return None;
    }
    let footnotes = Footnotes::of(sheet, source);
    let mut taken = label.clone();
    let unit = source.unit_column.as_ref().and_then(|place| matching(place, &taken).first().copied());
    taken.extend(unit);
    let mut header = Header {
        ordinal: folded.iter().find(|(_, texts)| is_row_number_header(texts)).map(|(column, _)| *column),
        has_running_numbers: false,
        label,
        unit,
        unit_row: None,
        columns: Vec::new(),
        anchor,
        first_row: first,
        data_row: last + 1,
        missing: Vec::new(),
        ambiguous: Vec::new(),
        texts: Vec::new(),
        title: None,
        breaks: Vec::new(),
        others: Vec::new(),
        rivals: Vec::new(),
        footnotes,
    };
    // Longer paths first: "Kết quả > Thực hiện" must not lose its column to "Thực hiện".
    let mut by_length: Vec<&Column> = source.columns.iter().collect();
    by_length.sort_by_key(|column| match &column.place {
        ColumnPlace::Letters(_) => (false, 0),
        // A block of its own ("Toàn xã > Kế hoạch") goes before the blocks of all members.
        ColumnPlace::Header(path) => (column.each_member, usize::MAX - path.steps.len()),
    });
    for column in by_length {
        let found = matching(&column.place, &taken);
        match found.as_slice() {
            [] => header.missing.push(column),
            several if column.each_member || column.role == ColumnRole::Ignored => {
                taken.extend(several);
                header.columns.extend(several.iter().map(|at| (*at, column)));
            }
            [only] => {
                taken.push(*only);
                header.columns.push((*only, column));
            }
            several => header.ambiguous.push((column, several.to_vec())),
        }
    }
    header.columns.sort_by_key(|(at, _)| *at);
    header.texts = texts.to_vec();
    header.data_row = skip_numbering(sheet, &header);
    Some(header)
}

/// The first row below a header and the rows that number its columns, which may stand behind a
/// blank one.
fn skip_numbering(sheet: &Sheet, header: &Header<'_>) -> u32 {
    let mut first = header.data_row;
    while let Some(row) = sheet.rows_from(first).next().filter(|row| row.row <= first + MOST_BLANK) {
        if !header.numbers_columns(&row) {
            break;
        }
        first = row.row + 1;
    }
    first
}
