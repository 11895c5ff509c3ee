//! Finds the header of a table by the texts that a mapping names, wherever it stands.

use std::{collections::HashMap, sync::Arc};

use super::{codes, texts::Texts};
use crate::{
    finding::{Finding, Place},
    language::Language,
    mapping::{Column, ColumnPlace, LabelPath, Source},
    number::Decimal,
    say, text,
    workbook::{Position, Row, Sheet, Value, Workbook, column_name},
};

/// Most rows that a header has.
const MOST_ROWS: u32 = 4;
/// Columns looked at to the right of the last one with a header text.
const ROW_NUMBER_HEADERS: &[&str] = &["tt", "stt", "số tt", "số thứ tự", "tt.", "no", "no."];

/// A header that was found, and with it the table below.
#[derive(Debug)]
pub(super) struct Header<'s> {
    /// Columns of the labels, outermost first.
    pub label: Vec<u32>,
    /// Column of the row numbers.
    pub ordinal: Option<u32>,
    /// Column of the units.
    pub unit: Option<u32>,
    /// Columns that the mapping names, by column.
    pub columns: Vec<(u32, &'s Column)>,
    /// Columns with a header text, their texts from top to bottom.
    pub texts: Vec<(u32, Vec<Arc<str>>)>,
    /// First row of the header.
    pub first_row: u32,
    /// First row of the data.
    pub data_row: u32,
    /// Columns of the mapping that are not there.
    pub missing: Vec<&'s Column>,
    /// Columns of the mapping that fit more than one column of the sheet.
    pub ambiguous: Vec<(&'s Column, Vec<u32>)>,
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
        cells.clone().find(|at| is_text(sheet, *at)).unwrap_or(Position::new(self.first_row, column))
    }

    /// The texts above a column.
    pub(super) fn texts_of(&self, column: u32) -> &[Arc<str>] {
        self.texts.iter().find(|(c, _)| *c == column).map_or(&[], |(_, texts)| texts)
    }
}

/// Why no header was found.
#[derive(Debug)]
pub(super) struct Miss {
    /// Columns that were found in the best place.
    pub matched: usize,
    /// Row of the best place.
    pub row: Option<u32>,
    /// What the best place lacks.
    pub lacking: Vec<String>,
}

/// Finds the header of the source's table. Where several are complete, `rows_below` tells how many
/// rows of the source stand below each; the first with the most is taken.
pub(super) fn locate<'s>(
    sheet: &Sheet,
    source: &'s Source,
    known: &Texts,
    rows_below: impl Fn(&Header<'s>) -> usize,
) -> Result<Header<'s>, Miss> {
    if let Some(first_row) = source.first_row {
        return by_letters(source, first_row);
    }
    let mut complete: Vec<Header<'s>> = Vec::new();
    let mut best: Option<Header<'s>> = None;
    let mut best_miss = Miss { matched: 0, row: None, lacking: lacking_label(source) };
    for row in sheet.rows() {
        if complete.last().is_some_and(|header| row.row < header.data_row) {
            continue;
        }
        let Some((anchor, _)) = row.texts().find(|(_, text)| is_label_header(text, source, known)) else { continue };
        let at = Position::new(row.row, anchor);
        let Some(header) = try_at(sheet, source, known, at) else { continue };
        if header.missing.iter().all(|c| c.optional) && header.ambiguous.is_empty() {
            complete.push(header);
        } else if best.as_ref().is_none_or(|old| header.columns.len() > old.columns.len()) {
            best_miss = Miss {
                matched: header.columns.len(),
                row: Some(row.row),
                lacking: header.missing.iter().map(|c| written(c)).collect(),
            };
            best = Some(header);
        }
    }
    if complete.len() > 1 {
        let rows: Vec<usize> = complete.iter().map(rows_below).collect();
        let most = (0..complete.len()).rev().max_by_key(|at| rows[*at]).unwrap_or(0);
        return Ok(complete.swap_remove(most));
    }
    match complete.pop().or(best) {
        // One column is enough to go on; what is missing is reported.
        Some(header) if !header.columns.is_empty() => Ok(header),
        Some(_) | None => Err(best_miss),
    }
}

fn lacking_label(source: &Source) -> Vec<String> {
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
fn by_letters(source: &Source, first_row: u32) -> Result<Header<'_>, Miss> {
    let letters = |place: &ColumnPlace| match place {
        ColumnPlace::Letters(column) => Some(*column),
        ColumnPlace::Header(_) => None,
    };
    let mut header = Header {
        label: source.label.iter().filter_map(letters).collect(),
        ordinal: None,
        unit: source.unit_column.as_ref().and_then(letters),
        columns: Vec::new(),
        texts: Vec::new(),
        first_row,
        data_row: first_row,
        missing: Vec::new(),
        ambiguous: Vec::new(),
    };
    for column in &source.columns {
        match letters(&column.place) {
            Some(at) => header.columns.push((at, column)),
            None => header.missing.push(column),
        }
    }
    if header.columns.is_empty() || header.label.is_empty() {
        return Err(Miss { matched: 0, row: None, lacking: lacking_label(source) });
    }
    Ok(header)
}

/// Whether a text is the last step of a label's header or, where the labels are placed by letters,
/// that of a column.
fn is_label_header(text: &str, source: &Source, known: &Texts) -> bool {
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

fn is_text(sheet: &Sheet, at: Position) -> bool {
    sheet.get(at).is_some_and(|cell| cell.text().is_some())
}

/// The last header row, given the row of the label's header: as far as its merge goes, and on
/// over rows that leave the label's column free and hold words but no numbers.
fn last_header_row(sheet: &Sheet, at: Position) -> u32 {
    let mut last = sheet.merge_at(at).map_or(at.row, |area| area.last.row);
    while last < at.row + MOST_ROWS - 1 {
        let Some(next) = sheet.row(last + 1) else { break };
        let label_free = next.get(at.column).is_none();
        let words = next.cells().filter(|c| c.text().is_some()).count();
        let numbers = next.len() - words;
        let digits = next.cells().any(|c| match c.value {
            Value::Text(text) => text::trim(text).starts_with(|ch: char| ch.is_ascii_digit()),
            Value::Number(_) | Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => true,
        });
        // A bare heading below the header ("I | CHỈ TIÊU KINH TẾ") has one word to its name and
        // stands at or left of the labels.
        let beyond = next.cells().any(|c| c.column > at.column);
        if !(label_free && words > 0 && numbers == 0 && !digits && beyond) {
            break;
        }
        last += 1;
    }
    last
}

/// Header texts of every column, outermost first. A blank cell takes the text of its merged area;
/// where a file gives no merged areas, the text to its left, if something stands below.
fn header_texts(sheet: &Sheet, first: u32, last: u32) -> Vec<(u32, Vec<Arc<str>>)> {
    let mut columns: Vec<u32> = Vec::new();
    for row in first..=last {
        columns.extend(sheet.row(row).into_iter().flat_map(|r| r.cells().map(|c| c.column)));
    }
    for area in sheet.merges.iter().filter(|a| a.first.row <= last && a.last.row >= first) {
        // Wide merges above the header are titles; they need no columns of their own.
        if area.first.row >= first && area.last.column - area.first.column < 64 {
            columns.extend(area.first.column..=area.last.column);
        }
    }
    columns.sort_unstable();
    columns.dedup();
    let spread = sheet.merges.is_empty();
    let mut texts: Vec<(u32, Vec<Arc<str>>)> = columns.iter().map(|column| (*column, Vec::new())).collect();
    for row in first..=last {
        let own = row_texts(sheet, row, &columns);
        for ((column, texts), own) in texts.iter_mut().zip(own) {
            let own = own.or_else(|| {
                let at = Position::new(row, *column);
                (spread && row < last && (row + 1..=last).any(|below| is_text(sheet, Position::new(below, *column))))
                    .then(|| left_neighbour(sheet, at))?
            });
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

/// The texts of a row at these columns, each cell's own or that of its merged area.
fn row_texts(sheet: &Sheet, row: u32, columns: &[u32]) -> Vec<Option<Arc<str>>> {
    let mut texts = vec![None; columns.len()];
    for cell in sheet.row(row).into_iter().flat_map(|row| row.cells()) {
        if let Ok(at) = columns.binary_search(&cell.column) {
            texts[at] = cell.text().map(Arc::from);
        }
    }
    for area in sheet.merges.iter().filter(|area| (area.first.row..=area.last.row).contains(&row)) {
        let Some(merged) = sheet.get(area.first).and_then(|cell| cell.text()).map(Arc::<str>::from) else { continue };
        let start = columns.partition_point(|column| *column < area.first.column);
        let end = columns.partition_point(|column| *column <= area.last.column);
        for own in texts.get_mut(start..end).into_iter().flatten().filter(|own| own.is_none()) {
            *own = Some(merged.clone());
        }
    }
    texts
}

fn left_neighbour(sheet: &Sheet, at: Position) -> Option<Arc<str>> {
    let row = sheet.row(at.row)?;
    let cell = row.cells().rev().find(|c| c.column < at.column)?;
    cell.text().map(Arc::from)
}

/// Reads the header around a cell that names the labels.
fn try_at<'s>(sheet: &Sheet, source: &'s Source, known: &Texts, anchor: Position) -> Option<Header<'s>> {
    let last = last_header_row(sheet, anchor);
    let first = (last + 1).saturating_sub(MOST_ROWS).min(anchor.row);
    let texts = header_texts(sheet, first, last);
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
    let mut taken = label.clone();
    let unit = source.unit_column.as_ref().and_then(|place| matching(place, &taken).first().copied());
    taken.extend(unit);
    let mut header = Header {
        ordinal: folded
            .iter()
            .find(|(_, texts)| texts.last().is_some_and(|t| ROW_NUMBER_HEADERS.contains(&&**t)))
            .map(|(column, _)| *column),
        label,
        unit,
        columns: Vec::new(),
        first_row: first,
        data_row: last + 1,
        missing: Vec::new(),
        ambiguous: Vec::new(),
        texts: Vec::new(),
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
            several if column.each_member => {
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
    header.data_row = skip_index_rows(sheet, header.data_row, &header);
    header.texts = texts;
    Some(header)
}

/// Skips rows like `(1) (2) (3)=(2)/(1)` or `A B 1 2`, which number the columns.
fn skip_index_rows(sheet: &Sheet, mut row: u32, header: &Header<'_>) -> u32 {
    while let Some(cells) = sheet.row(row) {
        let values = cells.cells().filter(|c| header.columns.iter().any(|(at, _)| *at == c.column)).count();
        let all = cells.cells().all(|cell| is_index(cell.value));
        let label = header.label.iter().all(|column| cells.get(*column).is_none_or(|c| is_index(c.value)));
        if !(all && label && values > 0 && count_columns(&cells)) {
            break;
        }
        row += 1;
    }
    row
}

/// Whether the numbers of a row count columns: two of them at least, each a little more than the one
/// before, none higher than its place. `x | 15` and `A | 7 | 3` are data.
fn count_columns(row: &Row<'_>) -> bool {
    let numbers: Vec<(u64, u64)> =
        row.cells().filter_map(|cell| Some((u64::from(cell.column) + 1, counted(cell.value)?))).collect();
    let in_order = numbers.windows(2).all(|pair| pair[0].1 < pair[1].1 && pair[1].1 - pair[0].1 <= 3);
    numbers.len() > 1 && in_order && numbers.iter().all(|(place, number)| (1..=*place).contains(number))
}

/// The number that a cell of such a row gives its column: 4 for `(4)=(5)+(18)`, and for -4, which is
/// what a program makes of a typed `(4)`.
fn counted(value: Value<'_>) -> Option<u64> {
    match value {
        Value::Number(number) => {
            number.exact().ok().filter(Decimal::is_integer).and_then(|number| number.abs().try_into().ok())
        }
        Value::Text(text) => {
            let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
            digits.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse().ok())
        }
        Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => None,
    }
}

fn is_index(value: Value<'_>) -> bool {
    match value {
        Value::Number(number) => number.exact().is_ok_and(|n| n.is_integer() && n.abs() < 100.into()),
        Value::Text(text) => {
            let short: String = text.chars().filter(|c| !c.is_whitespace() && !text::is_ignorable(*c)).collect();
            let letters = short.chars().count() == 1 && short.chars().all(char::is_alphabetic);
            let formula = short.starts_with(|c: char| c.is_ascii_digit() || c == '(' || c == '[')
                && short.chars().any(|c| c.is_ascii_digit())
                && short.chars().all(|c| c.is_ascii_digit() || "()[]=+-*/:x%".contains(c));
            letters || formula
        }
        Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => false,
    }
}

/// The finding for a table that is not there.
pub(super) fn missing(workbook: &Workbook, sheet: &Sheet, source: &Source, miss: &Miss, language: Language) -> Finding {
    let lacking = miss.lacking.iter().map(|t| format!("\"{t}\"")).collect::<Vec<_>>().join(", ");
    let message = match miss.row {
        Some(row) => {
            let row = u64::from(row) + 1;
            say!(
                language,
                "dòng tiêu đề {row} không có cột {lacking}",
                "the header in row {row} has no column {lacking}"
            )
        }
        None => {
            say!(language, "không tìm thấy bảng: không ô nào ghi {lacking}", "no table found: no cell says {lacking}")
        }
    };
    let mut place = Place::sheet(&workbook.file, &sheet.name);
    // The first cell of the row that says something: there may be empty columns before it.
    let first = |row: u32| sheet.row(row).and_then(|row| row.columns().next()).unwrap_or(0);
    place.cell = miss.row.map(|row| Position::new(row, first(row)));
    Finding::new(
        &codes::MISSING_LABEL,
        message,
        say!(
            language,
            "xem lại dòng tiêu đề của sheet, hoặc sửa `label` và `columns` trong bảng ánh xạ",
            "look at the header row of the sheet, or mend `label` and `columns` in the mapping"
        ),
    )
    .at(place)
    .stated_at(source.line.clone())
    .fingerprinted(&["header", &source.name, &lacking])
}
