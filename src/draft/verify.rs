//! Reads the inputs of a draft with what was drafted, and changes what does not find its place.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Files,
    model::DraftTable,
    write::{Entry, Extra, Ignored},
};
use crate::{
    extract::{Extract, UNMAPPED_SHEET},
    model::{
        finding::{AMBIGUOUS_LABEL, Code, MISSING_LABEL, SUGGESTED_LABEL, UNMAPPED_NUMBER},
        workbook::{Position, column_name},
    },
    values::language::{Language, say},
};

/// The codes of rows and columns that are not where a mapping says.
pub(super) const LABELS: [&Code; 3] = [&MISSING_LABEL, &SUGGESTED_LABEL, &AMBIGUOUS_LABEL];

/// What a run of the drafted mapping leads to.
#[derive(Debug, Default)]
pub(super) struct Repair {
    /// Whether anything was changed.
    pub(super) is_changed: bool,
    /// Numbers that nothing takes.
    pub(super) left: usize,
}

/// What the draft is made of.
pub(super) struct State<'a> {
    pub(super) tables: &'a mut Vec<DraftTable>,
    pub(super) ignored: &'a mut Vec<Ignored>,
    pub(super) extra: &'a mut BTreeMap<usize, Extra>,
}

/// Changes what did not find its place: by place instead of by name, or left out with a reason.
pub(super) fn repair(
    extract: &Extract,
    files: &Files<'_>,
    entries: &BTreeMap<u32, Entry>,
    state: &mut State<'_>,
    language: Language,
) -> Repair {
    let mut repair = Repair::default();
    for finding in &extract.findings {
        if LABELS.contains(&finding.code) {
            let line = finding.mapping.as_ref().map_or(0, |line| line.line);
            repair.is_changed |= by_place(entries.get(&line).copied(), state.tables);
        } else if finding.code == &UNMAPPED_NUMBER {
            let cells: Vec<Position> =
                finding.target.iter().chain(&finding.sources).filter_map(|place| place.cell).collect();
            repair.left += cells.len();
            let Some(target) = &finding.target else { continue };
            let place = files.find(&target.file, target.sheet.as_deref());
            if let Some((file, sheet)) = place {
                repair.is_changed |= leave_out((file, sheet), &cells, files, state, language);
            }
        } else if finding.code == &UNMAPPED_SHEET {
            let Some(name) = finding.target.as_ref().and_then(|place| place.sheet.clone()) else { continue };
            let reason = say!(language, "chưa rõ bảng trong sheet này", "no table could be made out in this sheet");
            repair.is_changed |= ignore_sheet(&name, reason, state.ignored);
        }
    }
    repair
}

pub(super) fn ignore_sheet(name: &str, reason: String, ignored: &mut Vec<Ignored>) -> bool {
    if ignored.iter().any(|known| known.sheet == name) {
        return false;
    }
    ignored.push(Ignored { sheet: name.to_owned(), reason });
    true
}

/// An entry that was not found by its name is found by its place.
fn by_place(entry: Option<Entry>, tables: &mut [DraftTable]) -> bool {
    match entry {
        Some(Entry::Row(table, row)) => {
            let row = &mut tables[table].rows[row];
            let key = format!("@{}", row.line.row + 1);
            let is_new = row.key != key;
            row.key = key;
            is_new
        }
        Some(Entry::Column(table, column))
            if tables[table].columns[column].block.is_some()
                && tables[table].columns[column].key.starts_with("* > ") =>
        {
            // Blocks that are not found by their headers have no other name.
            let key = tables[table].columns[column].key.clone();
            for column in tables[table].columns.iter_mut().filter(|column| column.key == key) {
                (column.each_member, column.part) = (false, None);
                column.key = format!("@{}", column_name(column.at));
                column.measure = Some("ignore".to_owned());
            }
            true
        }
        Some(Entry::Column(table, column)) => {
            let column = &mut tables[table].columns[column];
            let key = format!("@{}", column_name(column.at));
            let is_new = column.key != key;
            column.key = key;
            is_new
        }
        Some(Entry::Source(table)) => {
            let table = &mut tables[table];
            if table.first_row.is_some() {
                return false;
            }
            table.first_row = Some(table.shape.data_row + 1);
            let letters = |column: u32| format!("@{}", column_name(column));
            table.label = table.shape.label.iter().map(|column| letters(*column)).collect();
            table.unit_column = table.shape.unit.map(letters);
            for column in &mut table.columns {
                column.key = letters(column.at);
            }
            true
        }
        Some(Entry::Rows(_)) | None => false,
    }
}

/// Numbers that nothing takes are left out, a column or a row at a time.
fn leave_out(
    (file, sheet): (usize, usize),
    cells: &[Position],
    files: &Files<'_>,
    state: &mut State<'_>,
    language: Language,
) -> bool {
    let own: Vec<usize> = (0..state.tables.len())
        .filter(|at| state.tables[*at].file == file && state.tables[*at].sheet == sheet)
        .collect();
    let Some(first) = own.first().copied() else {
        let name = files.workbooks[file].sheets[sheet].name.to_string();
        let reason = say!(language, "chưa rõ bảng trong sheet này", "no table could be made out in this sheet");
        return ignore_sheet(&name, reason, state.ignored);
    };
    let covers = |table: &DraftTable, at: Position| {
        (table.shape.data_row..=table.shape.last_row).contains(&at.row)
            && (table.columns.iter().any(|column| column.at == at.column)
                || table.shape.label.iter().any(|column| *column <= at.column))
    };
    let columns: BTreeSet<u32> = cells.iter().map(|at| at.column).collect();
    let rows: BTreeSet<u32> = cells.iter().map(|at| at.row).collect();
    let mut is_changed = false;
    let mut add = |extra: &mut BTreeMap<usize, Extra>, table: usize, is_row: bool, key: String, reason: String| {
        let extra = extra.entry(table).or_default();
        let list = if is_row { &mut extra.rows } else { &mut extra.columns };
        if !list.iter().any(|(known, _)| *known == key) {
            list.push((key, reason));
            is_changed = true;
        }
    };
    let by_column =
        columns.len() == 1 && (rows.len() > 1 || !own.iter().any(|at| covers(&state.tables[*at], cells[0])));
    let table_of = |at: Position, tables: &[DraftTable]| {
        own.iter().copied().find(|place| covers(&tables[*place], at)).unwrap_or(first)
    };
    if by_column || columns.len() < rows.len() && columns.len() <= 3 {
        for column in columns {
            let at = cells.iter().find(|at| at.column == column).copied().unwrap_or(cells[0]);
            let table = table_of(at, state.tables);
            let known = state.tables[table].columns.iter().position(|known| known.at == column);
            match known {
                // A column that is taken: its rows are not.
                Some(known)
                    if state.tables[table].columns[known]
                        .measure
                        .as_deref()
                        .is_some_and(|measure| measure != "ignore") =>
                {
                    for row in &rows {
                        let reason = say!(language, "chưa rõ là dòng gì", "what this row is cannot be told");
                        add(state.extra, table, true, format!("@{}", row + 1), reason);
                    }
                }
                Some(_) | None => {
                    let is_ordinal = state.tables[table].shape.ordinal == Some(column)
                        || state.tables[table].shape.label.first().is_some_and(|label| column < *label);
                    let reason = if is_ordinal {
                        say!(language, "số thứ tự hoặc mã", "row numbers or codes")
                    } else {
                        say!(language, "số không có tiêu đề cột", "figures without a header")
                    };
                    add(state.extra, table, false, format!("@{}", column_name(column)), reason);
                }
            }
        }
    } else {
        for row in rows {
            let at = cells.iter().find(|at| at.row == row).copied().unwrap_or(cells[0]);
            let table = table_of(at, state.tables);
            let reason = say!(language, "chưa rõ là dòng gì", "what this row is cannot be told");
            add(state.extra, table, true, format!("@{}", row + 1), reason);
        }
    }
    is_changed
}
