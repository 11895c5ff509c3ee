//! What stands around a cell and decides what its text means: dates, dashes, marks between thousands.

use crate::{
    model::workbook::{Position, Sheet, Value},
    values::{
        number::{self, Convention, DateText, Nothing, Thousands},
        text,
    },
};

/// Rows above the first one of a table where its headers may stand.
const HEADER_ROWS: u32 = 6;
/// Rows above a cell in which the header of its column is looked for.
const HEADERS_ABOVE: u32 = 100;
/// Cells of a row that are looked at.
const ROW_CELLS: usize = 64;

/// What a column says of each of its cells.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    /// A header speaks of dates.
    pub date_header: bool,
    /// Dates stand in the column, and nothing that is one number of another.
    pub among_dates: bool,
    /// A dash stands for nothing.
    pub dashes: bool,
    /// Marks that are proven to stand between thousands anywhere in the rows of the table.
    pub groups: Vec<Thousands>,
}

impl Surroundings {
    /// Looks at a column; `rows` are the places of the rows of the table.
    pub(super) fn of(sheet: &Sheet, column: u32, rows: &[u32]) -> Self {
        let mut found = Self::default();
        let (mut whole, mut stored, mut fractions) = (0, 0, 0);
        let rows = || rows.iter().filter_map(|at| sheet.row_in_place(*at));
        for cell in rows().filter_map(|row| row.get(column)) {
            match cell.value {
                Value::Date { .. } => stored += 1,
                Value::Text(text) => {
                    match number::date_text(text) {
                        Some(DateText::Whole) => whole += 1,
                        Some(DateText::Stroke | DateText::Mark) => {}
                        None => fractions += usize::from(text.contains('/')),
                    }
                    found.dashes |= is_dash(text);
                }
                Value::Number(_) | Value::Bool(_) | Value::Error(_) | Value::NoResult => {}
            }
        }
        // One stored date among texts is what a spreadsheet makes of "04/06".
        found.among_dates = fractions == 0 && (whole > 0 || stored > 1);
        if let Some(first) = rows().next().map(|row| row.row) {
            let above = (first.saturating_sub(HEADER_ROWS)..first).map(|row| Position::new(row, column));
            found.date_header = above.filter_map(|at| sheet.text_through_merges(at)).any(speaks_of_dates);
        }
        for text in rows().flat_map(|row| row.texts().map(|(_, text)| text).collect::<Vec<_>>()) {
            if text.len() > 64 || !text.contains(['.', ',']) {
                continue;
            }
            for figure in number::parse(text, Convention::Unknown).figures() {
                if let Some(mark) = figure.thousands.filter(|_| figure.evidence != Convention::Unknown)
                    && !found.groups.contains(&mark)
                {
                    found.groups.push(mark);
                }
            }
        }
        found
    }
}

/// Whether a header or label asks for a date. Days that are counted ("số ngày công") are numbers.
pub(super) fn speaks_of_dates(header: &str) -> bool {
    let folded = text::fold(header);
    let counted = ["số ngày", "ngày công", "ngày/", "ngày người", "/ngày", "ngày giường"];
    if folded.len() > 120 || counted.iter().any(|word| folded.contains(word)) {
        return false;
    }
    let words =
        ["ngày", "thời gian", "thời điểm", "thời hạn", "thời điểm", "kỳ hạn", "date", "tháng/năm", "tháng, năm"];
    let begins = |at: usize| folded[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    let ends = |at: usize| folded[at..].chars().next().is_none_or(|c| !c.is_alphanumeric());
    // "Số liệu đến ngày 15/12" dates the figures below it.
    let dated = folded.bytes().any(|byte| byte.is_ascii_digit());
    !dated && words.iter().any(|word| folded.match_indices(word).any(|(at, _)| begins(at) && ends(at + word.len())))
}

/// Whether a date that cannot be anything else stands right of a cell, in a column that does not ask
/// for one: the result of a row whose plan is a date as well.
pub(super) fn has_date_beside(sheet: &Sheet, at: Position) -> bool {
    let text = |row| sheet.get(Position::new(row, at.column.saturating_add(1))).and_then(|cell| cell.text());
    let is_date = text(at.row).is_some_and(is_bare_date);
    is_date && !(at.row.saturating_sub(HEADERS_ABOVE)..at.row).filter_map(text).any(speaks_of_dates)
}

/// Whether a text is a date in figures that cannot be anything else.
pub(super) fn is_bare_date(text: &str) -> bool {
    text::trim(text).starts_with(|c: char| c.is_ascii_digit()) && number::date_text(text) == Some(DateText::Whole)
}

/// Whether a dash stands in the same row.
pub(super) fn row_has_dash(sheet: &Sheet, at: Position) -> bool {
    beside(sheet, at, |value| matches!(value, Value::Text(text) if is_dash(text)))
}

fn beside(sheet: &Sheet, at: Position, is: impl Fn(Value<'_>) -> bool) -> bool {
    let Some(row) = sheet.row(at.row) else { return false };
    row.cells().take(ROW_CELLS).any(|cell| cell.column != at.column && is(cell.value))
}

fn is_dash(text: &str) -> bool {
    text.len() <= 16 && matches!(number::parse(text, Convention::Unknown), number::Amount::Nothing(Nothing::Dash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_ask_for_a_date() {
        for (header, asks) in [
            ("Ngày hoàn thành", true),
            ("Thời gian thực hiện", true),
            ("Thời hạn", true),
            ("Tháng/năm", true),
            ("Số ngày công", false),
            ("Số liệu đến ngày 15/12/2023", false),
            ("Kết quả 6 tháng", false),
            ("Thực hiện", false),
            ("Hàng ngày", true),
        ] {
            assert_eq!(speaks_of_dates(header), asks, "{header}");
        }
    }
}
