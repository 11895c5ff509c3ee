//! Which of the places that a mapping fits is its table.

use std::collections::HashSet;

use super::{
    header::{self, BreakKind, Header, OtherTable},
    outline, pages,
    texts::Texts,
};
use crate::model::{
    mapping::Source,
    workbook::{Packed, Position, Sheet},
};

/// Texts of a sheet that are known to be no header of labels.
const MOST_OTHERS: usize = 10_000;

/// Why no header was found.
#[derive(Debug)]
pub(super) struct Miss {
    /// Columns that were found in the best place.
    pub matched: usize,
    /// The best place.
    pub row: Option<u32>,
    /// What the best place lacks.
    pub lacking: Vec<String>,
    /// The headers that are there.
    pub there: Vec<String>,
}

/// How many rules of a source find a row below a header: in the table itself, and in it and those
/// that follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RowCounts {
    pub own: usize,
    pub all: usize,
}

/// Finds the header of the source's table. Where several are complete, `rows_below` tells how many
/// rows of the source stand below each; the first with the most is taken.
pub(super) fn locate<'s>(
    sheet: &Sheet,
    source: &'s Source,
    known: &Texts,
    rows_below: impl Fn(&Header<'s>) -> RowCounts,
) -> Result<Header<'s>, Miss> {
    if let Some(first_row) = source.first_row {
        return header::by_letters(sheet, source, first_row).ok_or_else(|| miss(source, None));
    }
    let mut headers: Vec<Header<'s>> = Vec::new();
    let mut below = 0;
    // A table says the same few words in row after row.
    let mut others: HashSet<Packed, foldhash::fast::RandomState> = HashSet::default();
    for row in sheet.rows() {
        if row.row < below {
            continue;
        }
        let mut labels = row.packed_texts().filter(|(_, content)| {
            if others.contains(content) {
                return false;
            }
            let is_label = row.text(*content).is_some_and(|text| header::is_label_header(text, source, known));
            if !is_label && others.len() < MOST_OTHERS {
                others.insert(*content);
            }
            is_label
        });
        let Some((anchor, _)) = labels.next() else { continue };
        for mut header in header::headers_at(sheet, source, known, Position::new(row.row, anchor)) {
            header.has_running_numbers = outline::has_running_numbers(sheet, &header, known);
            if header.is_complete() {
                below = header.data_row;
            }
            headers.push(header);
        }
    }
    let is_complete: Vec<bool> = headers.iter().map(Header::is_complete).collect();
    if !is_complete.contains(&true) {
        // One column is enough to go on; what is missing is reported.
        let most = (0..headers.len()).rev().max_by_key(|at| headers[*at].columns.len());
        let best = most.filter(|at| !headers[*at].columns.is_empty());
        let Some(best) = best else { return Err(miss(source, most.map(|at| &headers[at]))) };
        break_up(sheet, source, known, &mut headers, best);
        return Ok(headers.swap_remove(best));
    }
    for at in (0..headers.len()).filter(|at| is_complete[*at]) {
        break_up(sheet, source, known, &mut headers, at);
    }
    // A printed page is no table of its own.
    let begins = |header: &Header<'_>, other: &Header<'_>, wanted: fn(&BreakKind) -> bool| {
        header.breaks.iter().any(|broken| wanted(&broken.kind) && broken.data_row == other.data_row)
    };
    let is_page =
        |at: usize| headers[..at].iter().any(|header| begins(header, &headers[at], |kind| *kind == BreakKind::Page));
    let tables: Vec<usize> = (0..headers.len()).filter(|at| is_complete[*at] && !is_page(*at)).collect();
    let [only] = tables.as_slice() else {
        let found: Vec<RowCounts> = tables.iter().map(|at| rows_below(&headers[*at])).collect();
        let best = (0..tables.len()).rev().max_by_key(|at| found[*at].all).unwrap_or(0);
        let chosen = tables[best];
        let reaches_more = found[best].all > found[best].own;
        let rivals = (0..tables.len()).filter(|at| *at != best && found[*at].own >= found[best].own.max(1));
        let rivals: Vec<Position> = rivals.map(|at| headers[tables[at]].anchor).collect();
        let is_second = |at: usize| {
            begins(&headers[chosen], &headers[at], |kind| matches!(kind, BreakKind::Table(..)))
                && headers[at].label == headers[chosen].label
        };
        let others: Vec<OtherTable> = tables
            .iter()
            .filter(|at| **at != chosen && !is_second(**at))
            .map(|at| other_table(&headers[*at]))
            .collect();
        let mut header = headers.swap_remove(chosen);
        header.others.extend(others);
        header.rivals = if reaches_more { Vec::new() } else { rivals };
        return Ok(header);
    };
    Ok(headers.swap_remove(*only))
}

fn break_up(sheet: &Sheet, source: &Source, known: &Texts, headers: &mut [Header<'_>], at: usize) {
    let found = pages::find(sheet, source, known, (headers, at));
    let header = &mut headers[at];
    (header.breaks, header.title, header.others) = (found.breaks, found.title, found.behind);
}

/// A table that is not read, with its pages.
fn other_table(header: &Header<'_>) -> OtherTable {
    let end = header.breaks.iter().find(|broken| broken.kind != BreakKind::Page);
    OtherTable {
        at: header.anchor,
        rows: (header.data_row, end.map_or(u32::MAX, |end| end.first_row)),
        columns: header.figure_columns(),
        labels: header.label_columns(),
        is_of_this_kind: true,
    }
}

fn miss(source: &Source, best: Option<&Header<'_>>) -> Miss {
    match best {
        Some(header) => Miss {
            matched: 0,
            row: Some(header.anchor.row),
            lacking: header.missing.iter().map(|column| header::written(column)).collect(),
            there: header.names(),
        },
        None => Miss { matched: 0, row: None, lacking: header::lacking_label(source), there: Vec::new() },
    }
}
