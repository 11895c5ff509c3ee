//! The header of a table, from the rows above its figures.

use super::{Class, Columns, Grid, GridRow, Kind, MOST_BLANKS, MOST_HEADER, MOST_HEADINGS, Position, Sheet, text};

/// The rows of the header above the first figures, from top to bottom.
pub(super) fn header_above(
    sheet: &Sheet,
    grid: &Grid,
    kinds: &[Kind],
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
        if kinds[at] == Kind::Figures || header.len() >= MOST_HEADER {
            break;
        }
        if kinds[at] == Kind::Numbering {
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
        // A title stands over all columns; so does a heading above the first figures.
        if (over_all && !header.is_empty()) || (is_unit_line && heads.len() == 1) {
            break;
        }
        if over_all {
            over_values = 0;
        }
        if over_values == 0 {
            if header.is_empty() {
                headings += 1;
                if headings > MOST_HEADINGS || blanks > 2 {
                    break;
                }
                continue;
            }
            // The name of the labels may stand higher than those of the columns.
            let is_alone = heads.len() == 1 && label == Some(heads[0]);
            let is_free = || !header.iter().any(|own| grid.rows[*own].class(heads[0]).is_some());
            let is_short = || text(&heads[0]).is_some_and(|text| text.chars().count() <= 40);
            if is_alone && blanks == 0 && at > floor && is_free() && is_short() {
                header.push(at);
                continue;
            }
            break;
        }
        if header.is_empty() {
            if blanks > if heads.len() > 1 { MOST_BLANKS } else { 3 } {
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
        let is_name = next < first
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
