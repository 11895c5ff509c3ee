//! The header of a table, from the rows above its figures.

use super::{
    Class, Columns, Grid, GridRow, MOST_BLANKS, MOST_HEADER, MOST_HEADINGS, Position, RowContent, Sheet, text,
};

/// Letters beyond which a text is a title, and no name of labels.
const LONG_NAME: usize = 40;

/// The rows of the header above the first figures, from top to bottom.
pub(super) fn header_above(
    sheet: &Sheet,
    grid: &Grid,
    kinds: &[RowContent],
    (floor, first): (usize, usize),
    columns: &Columns,
) -> Vec<usize> {
    let mut header: Vec<usize> = Vec::new();
    let label = columns.label.last().copied();
    let mut headings = 0;
    for at in (floor..first).rev() {
        let row = &grid.rows[at];
        let below = &grid.rows[at + 1];
        let blanks = below.row - row.row - 1;
        if kinds[at] == RowContent::Figures || header.len() >= MOST_HEADER {
            break;
        }
        if kinds[at] == RowContent::Numbering {
            continue;
        }
        let heads: Vec<u32> = row
            .cells
            .iter()
            .filter(|(_, class)| matches!(class, Class::Word | Class::Year | Class::Weak))
            .map(|(column, _)| *column)
            .collect();
        let (mut over_values, mut over_all) = (0, false);
        for column in &heads {
            let area = sheet.merge_at(Position::new(row.row, *column));
            let last = area.map_or(*column, |area| area.last.column);
            let covered = columns.values.iter().chain(&columns.words).filter(|value| (column..=&last).contains(value));
            let covered = covered.count();
            over_values += usize::from(covered > 0);
            let spans_labels = label.is_some_and(|label| *column <= label && last > label);
            over_all |= spans_labels && covered * 2 >= columns.values.len();
        }
        let text = |column: &u32| sheet.get(Position::new(row.row, *column)).and_then(|cell| cell.text());
        let is_unit_line = heads.len() <= 2 && heads.iter().filter_map(text).any(speaks_of_unit);
        // A title with its number before it stands in the first column of figures.
        let is_numbered_title = heads.len() == 1
            && row.cells.len() == 2
            && row.cells[0].1 == Class::Figure
            && text(&heads[0]).is_some_and(|text| text.chars().count() > LONG_NAME);
        if is_numbered_title {
            break;
        }
        // A title stands over all columns; so does a heading above the first figures.
        if (over_all && !header.is_empty()) || (is_unit_line && heads.len() == 1) {
            break;
        }
        if over_all {
            over_values = 0;
        }
        if over_values == 0 {
            let is_within = at > floor && is_wide(sheet, grid, kinds, at - 1, columns);
            if header.is_empty() {
                headings += 1;
                if headings > MOST_HEADINGS || (blanks > 2 && !is_within) {
                    break;
                }
                continue;
            }
            // The names of the labels may stand higher than those of the columns, or between two rows of them.
            let names_labels = !heads.is_empty()
                && heads.iter().all(|column| columns.label.contains(column) || columns.ordinal == Some(*column));
            let is_free =
                || heads.iter().all(|column| !header.iter().any(|own| grid.rows[*own].class(*column).is_some()));
            let is_short = || {
                let mut texts = heads.iter().filter_map(text);
                texts.all(|text| text.chars().count() <= LONG_NAME && !is_bracketed(text))
            };
            let is_above = names_labels && blanks == 0 && at > floor && is_free();
            let is_between = is_within && blanks <= 2 && !heads.is_empty();
            if (is_above || is_between) && is_short() {
                header.push(at);
                continue;
            }
            break;
        }
        if header.is_empty() {
            // What names most columns does so over any number of blank rows.
            let names_most = heads.len() > 1 && over_values * 2 > columns.values.len();
            if !names_most && blanks > if heads.len() > 1 { MOST_BLANKS } else { 3 } {
                break;
            }
        } else {
            // A title or a letterhead stands apart; a blank line within a header does not.
            let is_wide = heads.len() >= 2;
            let is_single = heads.len() == 1 && columns.values.len() > 1;
            let is_merged = heads.len() == 1
                && sheet
                    .merge_at(Position::new(row.row, heads[0]))
                    .is_some_and(|area| area.last.column > area.first.column);
            let first_head = heads.first().copied().unwrap_or(0);
            let is_left = label.is_some_and(|label| first_head < label) && heads.len() == 1;
            let most = if is_wide { MOST_BLANKS } else { 1 };
            if blanks > most || is_left || (blanks == 1 && !is_wide && !is_single) || (is_unit_line && !is_merged) {
                break;
            }
            if blanks >= 1 && label.is_some_and(|label| first_head <= label) && is_letterhead(sheet, row) {
                break;
            }
        }
        header.push(at);
    }
    header.reverse();
    // The name of the labels may stand lower than those of the columns.
    if let (Some(last), Some(label)) = (header.last().copied(), label) {
        let is_named = header.iter().any(|at| {
            let place = Position::new(grid.rows[*at].row, label);
            sheet.text_through_merges(place).is_some()
        });
        let next = last + 1;
        let row = &grid.rows[next];
        let text = sheet.get(Position::new(row.row, label)).and_then(|cell| cell.text()).unwrap_or_default();
        // A heading of rows stands upon them, a name apart.
        let is_apart = grid.rows.get(next + 1).is_some_and(|below| below.row > row.row + 1);
        let is_name = next < first
            && is_apart
            && row.row == grid.rows[last].row + 1
            && row.cells.len() == 1
            && row.class(label) == Some(Class::Word)
            && text::leading_ordinal(text).is_none()
            && text.chars().any(char::is_lowercase);
        if !is_named && is_name {
            header.push(next);
        }
    }
    header
}

/// Whether a row of words names columns with figures, a few of them at least.
fn is_wide(sheet: &Sheet, grid: &Grid, kinds: &[RowContent], at: usize, columns: &Columns) -> bool {
    let (row, below) = (&grid.rows[at], &grid.rows[at + 1]);
    let heads = row.cells.iter().filter(|(column, class)| {
        matches!(class, Class::Word | Class::Year | Class::Weak) && columns.values.contains(column)
    });
    matches!(kinds[at], RowContent::Words | RowContent::Years)
        && below.row - row.row - 1 <= MOST_BLANKS
        && heads.count() >= 2
        && !is_letterhead(sheet, row)
}

/// "(triệu đồng)": what stands below a title, and no name of anything.
fn is_bracketed(written: &str) -> bool {
    let bare = text::trim(written);
    bare.starts_with('(') && bare.ends_with(')')
}

/// Long words in capitals side by side: the name of the office and the motto.
pub(super) fn is_letterhead(sheet: &Sheet, row: &GridRow) -> bool {
    row.cells.len() == 2
        && row.cells.iter().all(|(column, _)| {
            let text = sheet.get(Position::new(row.row, *column)).and_then(|cell| cell.text()).unwrap_or_default();
            text.chars().count() > 8
        })
}

/// "Đơn vị tính: ha", also without a unit that is known.
pub(super) fn speaks_of_unit(written: &str) -> bool {
    let folded = text::fold(written);
    let bare = folded.trim_start_matches(['(', '[']);
    ["đơn vị tính", "đơn vị:", "đvt:", "đvt :", "đơn vị :", "unit:", "đv tính"]
        .iter()
        .any(|head| bare.starts_with(head))
}
