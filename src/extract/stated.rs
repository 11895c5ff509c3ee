//! Units that stand outside the cells: in the unit line, the headers, the unit column, the labels.

use std::{collections::HashMap, sync::Arc};

use super::{cell_place, codes, header::Header, texts::Texts};
use crate::{
    model::{
        finding::{Facts, Finding},
        mapping::Source,
        workbook::{Position, Sheet, Workbook, file_name},
    },
    values::{
        language::{Language, say},
        number,
        unit::Unit,
    },
};

/// A unit and the cell that states it.
pub(super) type Stated = (Arc<Unit>, Position);

/// Units that stand outside the cells of a table.
pub(super) struct StatedUnits {
    /// From the unit line above the header.
    pub line: Option<Stated>,
    /// Another unit line that says something else.
    pub other_line: Option<Stated>,
    /// From the headers, by column.
    pub headers: HashMap<u32, Stated>,
}

/// The unit that a row states: in its unit column, else in brackets behind its label. A ditto mark in
/// the column repeats the unit above; where there is none, the mark stands for no unit at all, which
/// contradicts every other.
pub(super) fn row_unit(
    sheet: &Sheet,
    header: &Header<'_>,
    row: u32,
    (cell, label): (Position, &str),
    texts: &Texts,
) -> Option<Stated> {
    let column = header.unit.and_then(|column| {
        let at = Position::new(row, column);
        let written = sheet.text_through_merges(at)?;
        if texts.is_ditto(written) {
            let above =
                (header.data_row..row).rev().filter_map(|row| sheet.text_through_merges(Position::new(row, column)));
            let repeated = above.filter(|text| !texts.is_ditto(text)).find_map(|text| texts.unit(text));
            return Some((repeated.or_else(|| texts.unit(NO_UNIT_ABOVE))?, at));
        }
        Some((texts.unit(written)?, at))
    });
    column.or_else(|| Some((texts.bracketed_unit(label)?, cell)))
}

/// The name of the unit that a ditto mark repeats where no unit stands above it.
const NO_UNIT_ABOVE: &str = "như trên";

pub(super) fn stated_units(sheet: &Sheet, header: &Header<'_>, known: &Texts) -> StatedUnits {
    let mut units = StatedUnits { line: None, other_line: None, headers: HashMap::new() };
    for (column, texts) in &header.texts {
        if let Some(unit) = texts.iter().rev().find_map(|t| known.bracketed_unit(t)) {
            units.headers.insert(*column, (unit, Position::new(header.data_row.saturating_sub(1), *column)));
        }
    }
    if let Some(row) = header.unit_row {
        let at = |column| Position::new(row, column);
        let in_row = |column: u32| Some((known.unit(sheet.text_through_merges(at(column))?)?, at(column)));
        units.headers.extend(header.texts.iter().filter_map(|(column, _)| Some((*column, in_row(*column)?))));
    }
    let above = sheet.rows().rev().filter(|r| r.row < header.data_row);
    let mut lines = above
        .flat_map(|row| row.cells().map(move |cell| (row.row, cell)))
        .filter_map(|(row, cell)| Some((known.unit_line(cell.text()?)?, Position::new(row, cell.column))));
    // The nearest line above wins; some sheets carry two, and some of those disagree.
    units.line = lines.next();
    if let Some((near, _)) = &units.line {
        units.other_line = lines.find(|(other, _)| {
            other.measures_same(near) && other.factor_to(near).is_some_and(|factor| factor != number::Rational::ONE)
        });
    }
    units
}

/// `unit-mismatch`: two unit lines that say different things.
#[derive(Debug)]
struct UnitLinesDisagree {
    near: (String, Position),
    other: (String, Position),
}

impl Facts for UnitLinesDisagree {
    fn message(&self, language: Language) -> String {
        let Self { near: (near, near_at), other: (other, other_at) } = self;
        say!(
            language,
            "hai dòng đơn vị trái nhau: \"{other}\" ({other_at}) và \"{near}\" ({near_at}); tạm đọc theo dòng gần bảng nhất",
            "two unit lines contradict each other: \"{other}\" ({other_at}) and \"{near}\" ({near_at}); the nearer one is used for now"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(language, "xóa dòng đơn vị sai", "delete the unit line that is wrong")
    }
}

/// The finding for two unit lines that say different things.
pub(super) fn two_unit_lines(
    workbook: &Workbook,
    sheet: &Sheet,
    source: &Source,
    (near, near_at): &Stated,
    (other, other_at): &Stated,
) -> Finding {
    let facts = UnitLinesDisagree { near: (near.name.clone(), *near_at), other: (other.name.clone(), *other_at) };
    let mut finding = Finding::new(&codes::UNIT_MISMATCH, facts)
        .at(cell_place(workbook, sheet, *near_at))
        .stated_at(source.line.clone())
        .fingerprinted(&["unit-line", &source.pattern(), &sheet.name])
        .formerly(&["unit-line", file_name(&workbook.file), &sheet.name]);
    finding.found = Some(near.name.clone());
    finding.expected = Some(other.name.clone());
    finding.sources = vec![cell_place(workbook, sheet, *other_at)];
    finding
}
