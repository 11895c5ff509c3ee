//! Where the tables of a sheet lie: header rows, labels, units, figures, and where each one ends.
//!
//! Lines are told apart by what their columns hold below them: a header is words above a column of
//! figures, a heading is words above the labels only, a title stands over all of it. What a cell looks
//! like by itself says little, what its column holds says much (Christodoulakis et al., Pytheas, 2020).

mod header;

use header::header_above;
use std::collections::{BTreeMap, BTreeSet};

use super::grid::{Class, Grid, GridRow};
use crate::{
    extract::survey::Gap,
    model::workbook::{Position, Sheet},
    values::{text, unit::Unit},
};

/// A table without any meaning yet.
#[derive(Clone, Debug)]
pub struct Shape {
    /// First and last row of the header; none where figures begin at once.
    pub header: Option<(u32, u32)>,
    /// Columns of the labels, outermost first.
    pub label: Vec<u32>,
    /// The cell that names the labels.
    pub anchor: Option<Position>,
    /// Column of the row numbers.
    pub ordinal: Option<u32>,
    /// Column of the units.
    pub unit: Option<u32>,
    /// Columns with figures.
    pub values: Vec<u32>,
    /// Columns with words behind the labels: units, notes, verdicts.
    pub words: Vec<u32>,
    /// First row of the data.
    pub data_row: u32,
    /// Last row of the data.
    pub last_row: u32,
    /// Where printed pages begin.
    pub gaps: Vec<Gap>,
    /// Whether it has no figures at all: a form to fill in.
    pub is_blank: bool,
}

/// Rows that are looked at to tell columns apart.
const SAMPLE: usize = 400;
/// Rows between a header and the first figures.
const MOST_HEADINGS: usize = 8;
/// Blank rows within a header, where wide rows stand around them.
const MOST_BLANKS: u32 = 6;
/// Fewest years of a column that names rows.
const FEWEST_YEARS: usize = 3;
/// Most rows of a header.
const MOST_HEADER: usize = 9;
/// Headers of columns with row numbers and units, folded.
const ORDINALS: [&str; 8] = ["tt", "stt", "số tt", "số thứ tự", "no", "no.", "tt.", "mục"];
const UNITS: [&str; 8] = ["đơn vị", "đơn vị tính", "đvt", "đv tính", "đv", "unit", "units", "đơn vị đo"];

/// The tables of a sheet, from top to bottom and from left to right.
pub fn find(sheet: &Sheet, grid: &Grid) -> Vec<Shape> {
    let mut shapes = find_in(sheet, grid, 0);
    if shapes.is_empty() {
        shapes.extend(blank_form(sheet, grid));
    }
    shapes.sort_by_key(|shape| (shape.data_row, shape.label.first().copied().unwrap_or(0)));
    shapes
}

/// What a row can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowContent {
    Figures,
    /// Words, and years that a header may be.
    Years,
    Words,
    Numbering,
}

fn kind(row: &GridRow, before: Option<RowContent>) -> RowContent {
    if row.is_numbering && before != Some(RowContent::Figures) {
        return RowContent::Numbering;
    }
    let (figures, years) = (row.count(Class::Figure), row.count(Class::Year));
    let (marks, words, weak) = (row.count(Class::Mark), row.count(Class::Word), row.count(Class::Weak));
    // A note that begins with its mark "(1)" has one cell.
    let weak = weak.saturating_sub(usize::from(row.cells.first().is_some_and(|(_, class)| *class == Class::Weak)));
    if weak > 0 && before == Some(RowContent::Figures) {
        return RowContent::Figures;
    }
    // A row number before a name is no figure.
    let is_number = words > 0 && row.cells.first().is_some_and(|(_, class)| *class == Class::Figure);
    if figures > usize::from(is_number) {
        return RowContent::Figures;
    }
    if years > 0 {
        let is_data = before == Some(RowContent::Figures) && years == 1;
        return if is_data { RowContent::Figures } else { RowContent::Years };
    }
    let is_bullet = row.cells.first().is_some_and(|(_, class)| *class == Class::Mark);
    if marks > usize::from(is_bullet) && words > 0 { RowContent::Figures } else { RowContent::Words }
}

fn kinds(grid: &Grid) -> Vec<RowContent> {
    let mut kinds = Vec::with_capacity(grid.rows.len());
    for row in &grid.rows {
        kinds.push(kind(row, kinds.last().copied()));
    }
    kinds
}

fn find_in(sheet: &Sheet, grid: &Grid, depth: u8) -> Vec<Shape> {
    let kinds = kinds(grid);
    let mut shapes: Vec<Shape> = Vec::new();
    let mut floor = 0;
    let mut at = 0;
    while at < grid.rows.len() {
        if kinds[at] != RowContent::Figures {
            at += 1;
            continue;
        }
        let band = band(sheet, grid, &kinds, floor, at);
        let split = if depth < 2 { split(sheet, grid, &band) } else { Vec::new() };
        if split.len() > 1 {
            let rows = &grid.rows[band.top..=band.last];
            for (first, last) in split {
                let part = within(rows, first, last);
                shapes.extend(find_in(sheet, &part, depth + 1));
            }
        } else if let Some(shape) = shape(sheet, grid, &band) {
            shapes.push(shape);
        }
        floor = band.last + 1;
        at = floor;
    }
    shapes
}

fn within(rows: &[GridRow], first: u32, last: u32) -> Grid {
    let rows = rows.iter().filter_map(|row| {
        let cells: Vec<(u32, Class)> =
            row.cells.iter().filter(|(column, _)| (first..=last).contains(column)).copied().collect();
        (!cells.is_empty()).then(|| GridRow { cells, ..row.clone() })
    });
    Grid { rows: rows.collect() }
}

/// The rows of a table, by their places in the grid.
#[derive(Debug)]
struct Band {
    /// First row of the header, or the first row of figures.
    top: usize,
    /// Rows of the header.
    header: Vec<usize>,
    /// First row behind the header.
    data: usize,
    /// First row with figures.
    first: usize,
    /// Last row.
    last: usize,
    /// Headers that come again: first row, and the first behind.
    pages: Vec<(usize, usize)>,
    columns: Columns,
}

/// What the columns of a table hold.
#[derive(Clone, Debug, Default)]
struct Columns {
    label: Vec<u32>,
    ordinal: Option<u32>,
    values: Vec<u32>,
    words: Vec<u32>,
}

fn band(sheet: &Sheet, grid: &Grid, kinds: &[RowContent], floor: usize, first: usize) -> Band {
    // What the columns hold is seen from the rows up to the next header at most.
    let sample = |columns: Option<&Columns>| -> Vec<usize> {
        let mut rows = Vec::new();
        let mut at = first;
        while at < grid.rows.len() && rows.len() < SAMPLE {
            if kinds[at] == RowContent::Figures {
                rows.push(at);
            } else if begins_anew(grid, kinds, columns, first, at).is_some() {
                break;
            }
            at += 1;
        }
        rows
    };
    let rough = columns(sheet, grid, &sample(None), None);
    let fine = columns(sheet, grid, &sample(Some(&rough)), None);
    let header = header_above(sheet, grid, kinds, (floor, first), &fine);
    let columns = columns(sheet, grid, &sample(Some(&fine)), header.last().map(|_| &header[..]));
    let data = header.last().map_or(first, |last| last + 1);
    let mut data = data.min(first);
    while data < first && kinds[data] == RowContent::Numbering {
        data += 1;
    }
    let (last, pages) = end(grid, kinds, &columns, (&header, first));
    Band { top: header.first().copied().unwrap_or(first), header, data, first, last, pages, columns }
}

/// Whether the header of another table, or this one again, begins at a row.
fn begins_anew(grid: &Grid, kinds: &[RowContent], columns: Option<&Columns>, first: usize, at: usize) -> Option<usize> {
    if at <= first || !matches!(kinds[at], RowContent::Words | RowContent::Years | RowContent::Numbering) {
        return None;
    }
    let row = &grid.rows[at];
    let in_values = |row: &GridRow| {
        let heads = row.cells.iter().filter(|(_, class)| matches!(class, Class::Word | Class::Year | Class::Weak));
        match columns {
            Some(columns) => heads.filter(|(column, _)| columns.values.contains(column)).count(),
            None => heads.count().saturating_sub(1),
        }
    };
    let needed = columns.map_or(2, |columns| columns.values.len().min(2));
    let heads = in_values(row);
    // Words where figures stand; at least half of them where there are many.
    let is_header = heads >= needed && columns.is_none_or(|columns| heads * 3 >= columns.values.len().min(12));
    let label = columns.and_then(|columns| columns.label.last().copied());
    // Row by row, words may stand in columns of figures: "Đạt".
    let after_gap = row.row > grid.rows[at - 1].row + 1 || kinds[at - 1] != RowContent::Figures;
    let is_named = label.is_none_or(|label| row.cells.first().is_some_and(|(column, _)| *column <= label));
    if !(is_header && after_gap && is_named) {
        return None;
    }
    (at + 1..grid.rows.len()).take(MOST_HEADINGS).find(|below| kinds[*below] == RowContent::Figures)
}

/// Where a table ends, and the pages of it.
fn end(
    grid: &Grid,
    kinds: &[RowContent],
    columns: &Columns,
    (header, first): (&[usize], usize),
) -> (usize, Vec<(usize, usize)>) {
    let mut last = first;
    let mut pages = Vec::new();
    let mut at = first + 1;
    while at < grid.rows.len() {
        match kinds[at] {
            RowContent::Figures => last = at,
            RowContent::Words | RowContent::Years | RowContent::Numbering => {
                if let Some(next) = begins_anew(grid, kinds, Some(columns), first, at) {
                    let is_same = header.iter().any(|own| same_texts(&grid.rows[*own], &grid.rows[at]));
                    // A title between them makes it a table of its own.
                    if !is_same || at > last + 1 {
                        return (last, pages);
                    }
                    pages.push((at, next));
                    last = next;
                    at = next + 1;
                    continue;
                }
            }
        }
        // Far below the last figures stand signatures.
        if at > last + 40 {
            break;
        }
        at += 1;
    }
    // Rows of a list go on without figures.
    while last + 1 < grid.rows.len() && kinds[last + 1] == RowContent::Words {
        let (row, next) = (&grid.rows[last], &grid.rows[last + 1]);
        let is_numbered = columns.ordinal.is_some_and(|column| next.class(column).is_some());
        let is_labelled = columns.label.last().is_some_and(|column| next.class(*column) == Some(Class::Word));
        if next.row != row.row + 1 || !is_numbered || !is_labelled {
            break;
        }
        last += 1;
    }
    (last, pages)
}

fn same_texts(a: &GridRow, b: &GridRow) -> bool {
    a.cells.len() == b.cells.len() && a.cells.iter().zip(&b.cells).all(|((x, _), (y, _))| x == y)
}

/// What the columns of these rows hold. `header` are the rows above, once they are known.
fn columns(sheet: &Sheet, grid: &Grid, rows: &[usize], header: Option<&[usize]>) -> Columns {
    let mut seen: BTreeMap<u32, [usize; 4]> = BTreeMap::new();
    for at in rows {
        for (column, class) in &grid.rows[*at].cells {
            let place = match class {
                Class::Figure | Class::Weak => 0,
                Class::Year => 1,
                Class::Mark => 2,
                Class::Word => 3,
            };
            seen.entry(*column).or_default()[place] += 1;
        }
    }
    let head = |column: u32| -> Option<String> {
        let rows = header?.iter().rev();
        let mut texts =
            rows.filter_map(|at| sheet.text_through_merges(Position::new(grid.rows[*at].row, column)).map(text::fold));
        texts.find(|text| !text.is_empty())
    };
    let ordinal = ordinal(sheet, grid, rows, &seen, &head);
    let is_words = |column: u32, counts: &[usize; 4]| {
        Some(column) != ordinal && counts[3] > 0 && counts[3] * 2 > counts[0] + counts[1] + counts[2]
    };
    let values: Vec<u32> = seen
        .iter()
        .filter(|(column, counts)| {
            Some(**column) != ordinal && counts[0] + counts[1] + counts[2] > 0 && !is_words(**column, counts)
        })
        .map(|(column, _)| *column)
        .collect();
    let words: Vec<u32> =
        seen.iter().filter(|(column, counts)| is_words(**column, counts)).map(|(column, _)| *column).collect();
    let first_value =
        values.iter().copied().find(|value| words.iter().any(|word| word < value)).or(values.first().copied());
    // Years below one another, "Prel. 2016" among them, before the figures: what the rows are about.
    let years = values.iter().copied().take_while(|column| {
        let [figures, years, marks, words] = seen[column];
        years >= FEWEST_YEARS && figures + marks == 0 && words * 4 <= years
    });
    let years: Vec<u32> = years.filter(|column| values.iter().any(|value| value > column)).take(1).collect();
    let first_value = first_value.map(|first| if years.contains(&first) { first + 1 } else { first });
    let mut label = labels(sheet, grid, rows, (&words, first_value), &seen, &head);
    label.extend(
        years.into_iter().filter(|column| label.last().is_some_and(|label| label < column)).collect::<Vec<_>>(),
    );
    let innermost = label.last().copied();
    let mut columns = Columns {
        ordinal,
        values: values.into_iter().filter(|column| !label.contains(column)).collect(),
        words: words.into_iter().filter(|column| !label.contains(column)).collect(),
        label,
    };
    // Figures left of the labels are codes and numbers.
    if let Some(label) = innermost {
        columns.words.retain(|column| *column > label);
    }
    columns
}

fn ordinal(
    sheet: &Sheet,
    grid: &Grid,
    rows: &[usize],
    seen: &BTreeMap<u32, [usize; 4]>,
    head: &impl Fn(u32) -> Option<String>,
) -> Option<u32> {
    let columns = seen.keys().take(3).copied();
    let by_head = columns.clone().find(|column| head(*column).is_some_and(|text| ORDINALS.contains(&text.as_str())));
    by_head.or_else(|| {
        columns.clone().find(|column| {
            let cells = rows.iter().filter_map(|at| sheet.get(Position::new(grid.rows[*at].row, *column)));
            let written: Vec<String> = cells.map(|cell| crate::extract::survey::shown(cell.value)).collect();
            let numbered: Vec<_> = written.iter().filter_map(|text| text::ordinal(text)).collect();
            let places: Vec<u32> = numbered.iter().filter_map(|o| o.place(o.kinds().next()?)).collect();
            // Counted from one, or begun again: 1 2 3 1 2.
            let steps = places.windows(2).filter(|pair| pair[1] == pair[0] + 1 || pair[1] <= 1).count();
            // Labels stand to the right of it.
            let has_labels =
                seen.iter().any(|(other, counts)| other > column && counts[3] * 2 >= written.len() && counts[3] > 0);
            let is_mark = |o: &text::Ordinal| {
                !matches!(o.kinds().next(), Some(text::OrdinalKind::Arabic | text::OrdinalKind::Dotted(_)))
            };
            let is_mixed = numbered.iter().any(is_mark);
            written.len() > 1
                && numbered.len() == written.len()
                && (is_mixed || steps + 1 >= places.len().max(2) * 4 / 5)
                && places.first().is_some_and(|place| *place <= 1)
                && has_labels
        })
    })
}

/// The columns of the labels: the last one with words in most rows before the figures, and those
/// before it that hold headings.
fn labels(
    sheet: &Sheet,
    grid: &Grid,
    rows: &[usize],
    (words, first_value): (&[u32], Option<u32>),
    seen: &BTreeMap<u32, [usize; 4]>,
    head: &impl Fn(u32) -> Option<String>,
) -> Vec<u32> {
    let Some(first_value) = first_value else { return words.first().copied().into_iter().collect() };
    let texts_of = |column: u32| -> Vec<String> {
        let cells = rows.iter().filter_map(|at| sheet.get(Position::new(grid.rows[*at].row, column)));
        cells.filter_map(|cell| cell.text().map(text::fold_label)).filter(|text| !text.is_empty()).collect()
    };
    let is_unit = |column: u32, texts: &[String]| {
        let by_head = head(column).is_some_and(|text| UNITS.contains(&text.as_str()));
        let measures = |text: &String| Unit::parse(text).is_some_and(|unit| !unit.is_count());
        let measured = texts.iter().filter(|text| measures(text)).count();
        by_head || (texts.len() > 1 && measured * 2 > texts.len())
    };
    let before: Vec<(u32, Vec<String>)> = words
        .iter()
        .filter(|column| **column < first_value)
        .map(|column| (*column, texts_of(*column)))
        .filter(|(column, texts)| !is_unit(*column, texts))
        .collect();
    let distinct = |texts: &[String]| texts.iter().collect::<BTreeSet<_>>().len();
    let most = before.iter().map(|(_, texts)| distinct(texts)).max().unwrap_or(0);
    // The last column that names most rows apart.
    let length = |texts: &[String]| texts.iter().map(|text| text.chars().count()).sum::<usize>() / texts.len().max(1);
    let longest =
        before.iter().filter(|(_, texts)| distinct(texts) * 3 >= most * 2).map(|(_, texts)| length(texts)).max();
    let inner = before.iter().rev().find(|(_, texts)| {
        let own = distinct(texts);
        // Codes and abbreviations are no names where longer ones stand beside them.
        let is_code = length(texts) <= 5 && longest.is_some_and(|longest| longest >= length(texts) * 2);
        let names_rows = own * 3 >= most * 2;
        let is_level = texts.len() * 5 >= rows.len() * 4 && own > 1 && rows.len() > 2;
        if names_rows { !is_code } else { is_level }
    });
    let Some((inner, _)) = inner else {
        // Years or codes as labels: the first column, where others hold the figures.
        let first = seen.keys().next().copied();
        return first.filter(|first| *first < first_value || seen.len() > 1).into_iter().collect();
    };
    let mut label: Vec<u32> = before.iter().map(|(column, _)| *column).filter(|column| column <= inner).collect();
    // A column with a word here and there is a mark, unless a header names it.
    label.retain(|column| {
        column == inner
            || head(*column).is_some()
            || before.iter().any(|(at, texts)| at == column && texts.len() * 2 > rows.len())
    });
    label
}

/// Tables side by side: the columns of each. One or none where there is one table only.
fn split(sheet: &Sheet, grid: &Grid, band: &Band) -> Vec<(u32, u32)> {
    let rows: Vec<&GridRow> = grid.rows[band.first..=band.last].iter().collect();
    let all = grid.rows[band.top..=band.last].iter();
    let used: BTreeSet<u32> = all.flat_map(|row| row.cells.iter().map(|(column, _)| *column)).collect();
    let (Some(first), Some(last)) = (used.first().copied(), used.last().copied()) else { return Vec::new() };
    // Where the header of the labels comes again.
    let mut starts: Vec<u32> = Vec::new();
    let label = band.columns.label.last().copied();
    if let Some(label) = label {
        for at in &band.header {
            let row = &grid.rows[*at];
            let key = |column: u32| {
                sheet.get(Position::new(row.row, column)).and_then(|cell| cell.text().map(text::fold_label))
            };
            let Some(own) = key(label).filter(|own| !own.is_empty()) else { continue };
            let again =
                row.columns(Class::Word).filter(|column| *column > label && key(*column).as_ref() == Some(&own));
            let holds_labels = |column: &u32| {
                let words = rows.iter().filter(|row| row.class(*column) == Some(Class::Word)).count();
                words * 3 > rows.len()
            };
            for column in again.filter(holds_labels) {
                let before = column
                    .checked_sub(1)
                    .filter(|before| key(*before).is_some_and(|text| ORDINALS.contains(&text.as_str())));
                starts.push(before.unwrap_or(column));
            }
        }
    }
    // Where columns are blank all the way and labels stand behind them.
    let mut column = first;
    while column < last {
        column += 1;
        if used.contains(&column) || used.contains(&(column - 1)) && !used.contains(&column) && column > last {
            continue;
        }
        let Some(next) = used.range(column..).next().copied() else { break };
        let until = (next..=last).find(|at| !used.contains(at)).unwrap_or(last + 1);
        let mut texts = BTreeSet::new();
        let mut words = 0;
        for row in &rows {
            if let Some(text) = sheet.get(Position::new(row.row, next)).and_then(|cell| cell.text()) {
                words += 1;
                texts.insert(text::fold_label(text));
            }
        }
        let figures = rows
            .iter()
            .filter(|row| row.cells.iter().any(|(at, class)| *at > next && *at < until && *class == Class::Figure));
        let figures = figures.count();
        if words >= 2 && texts.len() * 2 > words && figures * 2 >= words && words * 4 > rows.len() {
            starts.push(next);
        }
        column = next;
    }
    starts.sort_unstable();
    starts.dedup();
    if starts.is_empty() {
        return Vec::new();
    }
    let mut borders = vec![first];
    borders.extend(starts.iter().copied().filter(|start| *start > first));
    let ends = borders.iter().skip(1).map(|next| next - 1).chain([last]);
    borders.iter().copied().zip(ends).collect()
}

fn shape(sheet: &Sheet, grid: &Grid, band: &Band) -> Option<Shape> {
    let columns = &band.columns;
    if columns.values.is_empty() || columns.label.is_empty() {
        return None;
    }
    let row = |at: usize| grid.rows[at].row;
    let header = band.header.first().zip(band.header.last()).map(|(first, last)| (row(*first), row(*last)));
    let label = columns.label.last().copied()?;
    let anchor = band.header.iter().rev().find_map(|at| {
        let place = Position::new(row(*at), label);
        sheet.text_through_merges(place).filter(|text| !text::trim(text).is_empty())?;
        Some(sheet.merge_at(place).map_or(place, |area| area.first))
    });
    let heads = |column: u32| {
        let rows = band.header.iter().rev().map(|at| row(*at));
        let mut texts =
            rows.filter_map(move |row| sheet.text_through_merges(Position::new(row, column)).map(text::fold));
        texts.find(|text| !text.is_empty())
    };
    let unit =
        columns.words.iter().copied().find(|column| heads(*column).is_some_and(|text| UNITS.contains(&text.as_str())));
    let data_row = header.map_or(row(band.first), |(_, last)| (last + 1).max(row(band.data.min(band.first))));
    Some(Shape {
        header,
        label: columns.label.clone(),
        anchor,
        ordinal: columns.ordinal,
        unit,
        values: columns.values.clone(),
        words: columns.words.clone(),
        data_row,
        last_row: row(band.last),
        gaps: band
            .pages
            .iter()
            .map(|(first, next)| Gap { first: row(*first), next: row(*next), is_end: false })
            .collect(),
        is_blank: false,
    })
}

/// A form without a figure: a row that names labels and columns, with labels below.
fn blank_form(sheet: &Sheet, grid: &Grid) -> Option<Shape> {
    let at = grid.rows.iter().position(|row| row.count(Class::Word) >= 3)?;
    let row = &grid.rows[at];
    let is_ordinal = |column: u32| {
        sheet
            .get(Position::new(row.row, column))
            .and_then(|cell| cell.text().map(text::fold))
            .is_some_and(|text| ORDINALS.contains(&text.as_str()))
    };
    let mut columns = row.columns(Class::Word);
    let first = columns.next()?;
    let (ordinal, label) = if is_ordinal(first) { (Some(first), columns.next()?) } else { (None, first) };
    let values: Vec<u32> = columns.collect();
    let last = grid.rows.last()?.row;
    Some(Shape {
        header: Some((row.row, row.row)),
        label: vec![label],
        anchor: Some(Position::new(row.row, label)),
        ordinal,
        unit: None,
        values,
        words: Vec::new(),
        data_row: row.row + 1,
        last_row: last,
        gaps: Vec::new(),
        is_blank: true,
    })
}
