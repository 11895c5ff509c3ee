//! Units that stand outside the cells: in the unit line, the headers, the unit column, the labels.

use std::{collections::HashMap, sync::Arc};

use super::{Context, codes, header::Header, texts::Texts, value};
use crate::{
    model::{
        finding::{Finding, Worded},
        mapping::Source,
        workbook::{Position, Sheet, Workbook, file_name},
    },
    values::{language::say, number, text, unit::Unit},
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
        if is_ditto(written) {
            let above =
                (header.data_row..row).rev().filter_map(|row| sheet.text_through_merges(Position::new(row, column)));
            let repeated = above.filter(|text| !is_ditto(text)).find_map(|text| texts.unit(text));
            return Some((repeated.or_else(|| texts.unit(NO_UNIT_ABOVE))?, at));
        }
        Some((texts.unit(written)?, at))
    });
    column.or_else(|| Some((texts.bracketed_unit(label)?, cell)))
}

/// The name of the unit that a ditto mark repeats where no unit stands above it.
const NO_UNIT_ABOVE: &str = "như trên";

fn is_ditto(written: &str) -> bool {
    number::is_ditto(text::trim(written))
}

/// `Sản lượng (tấn)`, `Số hộ, hộ` have their unit behind; only brackets are sure enough.
pub(super) fn bracketed_unit(label: &str) -> Option<Unit> {
    let open = label.rfind('(')?;
    let inside = text::trim(&label[open + 1..]).strip_suffix(')')?;
    Unit::parse_bracketed(inside)
}

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

/// `Đơn vị tính: nghìn đồng`, `ĐVT; Triệu đồng`, `(Đơn vị: ha)`, also at the end of a title:
/// `BIỂU SỐ 2. ĐVT: nghìn đồng`.
pub(super) fn unit_line(written: &str) -> Option<Unit> {
    const HEADS: [&str; 5] = ["đơn vị tính", "đơn vị", "đvt", "đv tính", "đv"];
    let folded = text::fold(written);
    let (at, length) = folded.char_indices().rev().filter(|(_, c)| matches!(c, ':' | ';')).find_map(|(colon, _)| {
        let before = folded[..colon].trim_end();
        let head = HEADS.iter().find(|head| before.ends_with(**head))?;
        let start = before.len() - head.len();
        let own_word = before[..start].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        own_word.then_some((start, colon + 1 - start))
    })?;
    let unit = text::trim(&folded[at + length..]);
    // The spelling of the sheet is what findings quote.
    let tail = written.rfind([':', ';']).map_or(unit, |colon| text::trim(&written[colon + 1..]));
    let quoted = if text::fold(tail) == unit { tail } else { unit };
    Unit::parse(quoted.trim_end_matches(['.', ')']))
}

/// The finding for two unit lines that say different things.
pub(super) fn two_unit_lines(
    cx: &Context<'_>,
    workbook: &Workbook,
    sheet: &Sheet,
    source: &Source,
    (near, near_at): &Stated,
    (other, other_at): &Stated,
) -> Finding {
    let (near_name, other_name) = (&near.name, &other.name);
    let shown = |at: &Position| sheet.get(*at).map(|c| value::shown(c.value)).unwrap_or_default();
    let mut finding = Finding::new(&codes::UNIT_MISMATCH, Worded(say!(
            cx.language,
            "hai dòng đơn vị trái nhau: \"{other_name}\" ({other_at}) và \"{near_name}\" ({near_at}); tạm đọc theo dòng gần bảng nhất",
            "two unit lines contradict each other: \"{other_name}\" ({other_at}) and \"{near_name}\" ({near_at}); the nearer one is used for now"
        ), say!(cx.language, "xóa dòng đơn vị sai", "delete the unit line that is wrong")))
    .at(super::place(workbook, sheet, *near_at, shown(near_at)))
    .stated_at(source.line.clone())
    .fingerprinted(&["unit-line", &source.pattern(), &sheet.name])
    .formerly(&["unit-line", file_name(&workbook.file), &sheet.name]);
    finding.found = Some(near_name.clone());
    finding.expected = Some(other_name.clone());
    finding.sources = vec![super::place(workbook, sheet, *other_at, shown(other_at))];
    finding
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::values::text::tests::{blanks, written};

    proptest! {
        #[test]
        fn blanks_at_the_ends_change_no_unit(text in written(), before in blanks(), behind in blanks()) {
            let text = text::trim(&text);
            let padded = format!("{before}{text}{behind}");
            let known = Texts::default();
            prop_assert_eq!(Unit::parse(&padded), Unit::parse(text));
            prop_assert_eq!(bracketed_unit(&padded), bracketed_unit(text));
            prop_assert_eq!(unit_line(&padded), unit_line(text));
            prop_assert_eq!(known.is_forecast(&padded), known.is_forecast(text));
        }
    }
}
