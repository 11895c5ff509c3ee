//! What extraction would make of a table at a place that no mapping names yet: its header, its lines
//! with the headings above them, its units. A draft is written from this, so that what it writes is
//! found again.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    header::{self, Break, BreakKind, Header},
    numbering, outline, stated,
    texts::Texts,
};
use crate::{
    model::{
        mapping::{ColumnPlace, Source},
        reading::Raw,
        workbook::{Position, Row, Sheet},
    },
    values::{text, unit::Unit},
};

/// A table as extraction sees it.
#[derive(Debug)]
pub struct Survey {
    /// First row of its header and first row of its data.
    pub header_rows: (u32, u32),
    /// Columns of the labels, outermost first.
    pub label: Vec<u32>,
    /// Column of the row numbers.
    pub ordinal: Option<u32>,
    /// Column of the units.
    pub unit: Option<u32>,
    /// Header texts of each column, from top to bottom.
    pub texts: BTreeMap<u32, Vec<Arc<str>>>,
    /// The unit of the whole table, and where it stands.
    pub unit_line: Option<(Arc<Unit>, Position)>,
    /// Units that headers state.
    pub header_units: BTreeMap<u32, Arc<Unit>>,
    /// Its rows.
    pub lines: Vec<SurveyLine>,
}

/// A row of a surveyed table.
#[derive(Clone, Debug)]
pub struct SurveyLine {
    /// Row from zero.
    pub row: u32,
    /// Cell of the label.
    pub cell: Position,
    /// The label as it stands.
    pub label: String,
    /// The headings above it as they stand, without numbering, outermost first.
    pub headings: Vec<String>,
    /// Headings and label, folded.
    pub path: Vec<Arc<str>>,
    /// Whether it has figures in one of the columns.
    pub has_values: bool,
    /// Its number, in a column of its own or before the label.
    pub is_numbered: bool,
    /// The unit that it states.
    pub unit: Option<Arc<Unit>>,
}

/// Where a table is broken: rows that are no lines of it, and whether it goes on behind them.
#[derive(Clone, Copy, Debug)]
pub struct Gap {
    /// First row of the gap.
    pub first: u32,
    /// First row behind it.
    pub next: u32,
    /// Whether the table ends there.
    pub is_end: bool,
}

/// Reads the table of a source around a cell of its header, or from the first row of the source. Gaps
/// come in order.
pub fn survey(sheet: &Sheet, source: &Source, known: &Texts, anchor: Option<Position>, gaps: &[Gap]) -> Option<Survey> {
    let mut header = match (anchor, source.first_row) {
        (_, Some(first)) => header::by_letters(sheet, source, first)?,
        (Some(anchor), None) => nearest(header::headers_at(sheet, source, known, anchor), anchor)?,
        (None, None) => return None,
    };
    header.has_running_numbers = outline::has_running_numbers(sheet, &header, known);
    header.breaks = gaps
        .iter()
        .map(|gap| Break {
            first_row: gap.first,
            data_row: gap.next,
            kind: if gap.is_end { BreakKind::End } else { BreakKind::Page },
        })
        .collect();
    let units = stated::stated_units(sheet, &header, known);
    let mut lines = Vec::new();
    outline::for_each_line(sheet, &header, known, |line, above| {
        let numbers = sheet.row(line.row).and_then(|row| outline::own_number(&row, &header));
        lines.push(SurveyLine {
            row: line.row,
            cell: line.cell,
            label: line.label.to_string(),
            headings: above.names(),
            path: line.path.clone(),
            has_values: line.has_values,
            is_numbered: numbers.is_some() || text::leading_ordinal(&line.label).is_some(),
            unit: stated::row_unit(sheet, &header, line.row, (line.cell, &line.label), known).map(|(unit, _)| unit),
        });
    });
    Some(Survey {
        header_rows: (header.first_row, header.data_row),
        label: header.label.clone(),
        ordinal: header.ordinal,
        unit: header.unit,
        texts: header.texts.iter().cloned().collect(),
        unit_line: units.line,
        header_units: units.headers.into_iter().map(|(column, (unit, _))| (column, unit)).collect(),
        lines,
    })
}

/// Of tables side by side, that of the anchor.
fn nearest(headers: Vec<Header<'_>>, anchor: Position) -> Option<Header<'_>> {
    let has_anchor = |header: &Header<'_>| header.anchor == anchor || header.label.contains(&anchor.column);
    let at = headers.iter().position(has_anchor).unwrap_or(0);
    headers.into_iter().nth(at)
}

/// Whether a row numbers the columns of a table.
pub fn numbers_columns(row: &Row<'_>) -> bool {
    numbering::numbers_columns(row, &[], |_| true)
}

/// The unit that a text states as a line above a table does.
pub fn unit_line(text: &str, known: &Texts) -> Option<Arc<Unit>> {
    known.unit_line(text)
}

/// The header that a mapping writes for a column that is found by its texts.
pub fn place_of(written: &str) -> ColumnPlace {
    ColumnPlace::Header(crate::model::mapping::LabelPath::new(written))
}

/// A value as a person sees it.
pub fn shown(value: crate::model::workbook::Value<'_>) -> String {
    Raw::of(Some(value)).text().to_string()
}
