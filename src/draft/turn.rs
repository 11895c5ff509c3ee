//! Tables of which the catalogue knows nothing: whether a row or a column is an indicator follows what a person
//! chooses, since nothing else says so.

use super::{
    choices::{self, Choice, Chosen},
    decide::Decider,
    members,
    model::{Certainty, DraftTable, Role},
};
use crate::values::language::say;

impl Decider<'_> {
    /// Lets such tables read the way that the last choice of each reads.
    pub(super) fn turn(&self, choices: &[Choice], tables: &mut [DraftTable]) {
        for choice in choices {
            let is_known = |id: &str| self.catalogue.find(id).is_some();
            let by_column = match &choice.is {
                Chosen::Indicator(id) if is_known(id) => choice.row.is_none(),
                Chosen::Column { indicator, .. } if is_known(indicator) && choice.row.is_none() => true,
                Chosen::Member(true) | Chosen::Total(true) => true,
                Chosen::Indicator(_)
                | Chosen::Column { .. }
                | Chosen::Member(false)
                | Chosen::Total(false)
                | Chosen::Ignore(_)
                | Chosen::Heading(_)
                | Chosen::Measure(_)
                | Chosen::Auto(_) => continue,
            };
            for table in choices::tables_of(choice, tables, self.files) {
                if is_undecided(table) && table.by_column != by_column && table.blocks.is_none() {
                    self.turn_one(table, by_column);
                }
            }
        }
    }

    fn turn_one(&self, table: &mut DraftTable, by_column: bool) {
        table.by_column = by_column;
        for column in table.columns.iter_mut().filter(|column| column.measure.as_deref() != Some("ignore")) {
            (column.measure, column.indicator, column.certainty) = (None, None, Certainty::Open);
            column.evidence = say!(self.language, "chưa rõ là chỉ tiêu nào", "which indicator it is cannot be told");
        }
        if by_column {
            members::decide(table, self.language);
            return;
        }
        self.measures(table);
        for row in &mut table.rows {
            row.role = if row.line.has_values { Role::Open } else { Role::Heading };
            row.certainty = Certainty::Open;
        }
    }
}

/// Whether nothing says what its rows and columns are.
pub(super) fn is_undecided(table: &DraftTable) -> bool {
    table.rows.iter().all(|row| row.indicator.is_none())
        && table.columns.iter().all(|column| column.indicator.is_none())
}
