//! Rows of large tables whose every cell is a plain number of a member: nothing is odd about them,
//! so that they need no readings of their own before somebody asks for them.

use std::sync::Arc;

use super::{Claims, Context, Covered, Header, SheetAt, TableColumn, target};
use crate::{
    extract::{spellings::is_tidy, unclaimed::TakenRows},
    model::{
        mapping::{ColumnRole, RowRole, RowRule, Source},
        reading::{PlainColumn, PlainTable},
        workbook::{Row, Sheet, Workbook},
    },
};

/// Fewest rows of a large table. In smaller ones it is all the same.
const LARGE: usize = 1_000;

/// The plain rows of a table, while it is read.
pub(super) struct PlainRows<'a> {
    sheet: &'a Sheet,
    /// The rule that takes them.
    rule: &'a RowRule,
    /// Column of their labels.
    label: u32,
    table: PlainTable,
    taken: TakenRows,
    /// The last row, and whether its cells show their numbers as they are.
    last: Option<(Row<'a>, bool)>,
}

impl<'a> PlainRows<'a> {
    /// `None` where the table is small, or something about it has to be looked at cell by cell: a
    /// unit that is not that of the indicator, a verdict, a ratio, a hidden column.
    pub(super) fn of(
        cx: &Context<'_>,
        (workbook, sheet): (&Workbook, &'a Sheet),
        source: &'a Source,
        header: &Header<'_>,
        columns: &[TableColumn<'_>],
        (matched, at): (&[(u32, u32)], SheetAt),
    ) -> Option<Self> {
        if matched.len() < LARGE || !cx.may_be_plain || sheet.hidden || header.unit.is_some() {
            return None;
        }
        let rules = matched.iter().filter_map(|(_, rule)| source.rows.get(*rule as usize));
        let rule = rules.into_iter().find(|rule| rule.role == RowRole::Member)?;
        if rule.unit.is_some() || source.unit.is_some() {
            return None;
        }
        let mut plain = Vec::new();
        for column in columns {
            let Some((indicator, measure)) = target(rule, column.named) else {
                // What nothing takes here may be taken elsewhere; it is no matter of this row.
                if matches!(column.named.role, ColumnRole::Values { .. }) {
                    return None;
                }
                continue;
            };
            let wanted = cx.catalogue.indicator(indicator).unit.as_ref();
            let stated = column.unit.as_ref().or(column.table_unit.as_ref()).map(|(unit, _)| unit);
            let is_own_unit = stated.is_none_or(|stated| wanted.is_none_or(|wanted| wanted.name == stated.name));
            let is_hidden = sheet.hidden_columns.binary_search(&column.at).is_ok();
            if !cx.catalogue.measure(measure).is_base() || column.named.unit.is_some() || !is_own_unit || is_hidden {
                return None;
            }
            plain.push(PlainColumn { at: column.at, indicator, measure, line: column.named.line.clone() });
        }
        let columns = plain.iter().map(|column| column.at).collect();
        let label = *header.label.last()?;
        let shared: &Arc<Sheet> = workbook.sheets.get(at.1)?;
        let table = PlainTable::new(workbook.file.clone(), shared.clone(), label, plain);
        Some(Self { sheet, rule, label, table, taken: TakenRows { columns, rows: Vec::new() }, last: None })
    }

    /// Takes a row if it is plain.
    pub(super) fn take(&mut self, row: &Row<'a>, rule: &RowRule, record: u32, covered: &Covered<'_>) -> bool {
        let label = || row.get(self.label).and_then(|cell| cell.text());
        // Brackets may hold a unit.
        let is_plain = std::ptr::eq(rule, self.rule)
            && label().is_some_and(|label| {
                !label.contains('(') && !crate::values::text::trim(label).is_empty() && is_tidy(label)
            })
            && self.sheet.hidden_rows.binary_search(&row.row).is_err()
            && !covered.touches(row.row)
            && self.is_shown_as_it_is(row)
            && self.table.add(row, record);
        if is_plain {
            self.taken.rows.push(row.place());
        }
        is_plain
    }

    /// Whether nothing but decimals is said by the formats of a row; found out once for all rows that
    /// have the same ones.
    fn is_shown_as_it_is(&mut self, row: &Row<'a>) -> bool {
        if let Some((last, is_shown)) = &self.last
            && row.has_shape_of(last)
        {
            return *is_shown;
        }
        let is_ours = |column| self.taken.columns.contains(&column);
        let is_shown = row.is_shown_as_it_is(is_ours);
        self.last = Some((*row, is_shown));
        is_shown
    }

    /// Hands on what was taken.
    pub(super) fn finish(self, cx: &mut Context<'_>, at: SheetAt, claims: &mut Claims) {
        if self.table.len() > 0 {
            cx.tables.push(self.table);
            claims.take_rows(at, self.taken);
        }
    }
}

#[cfg(test)]
mod tests;
