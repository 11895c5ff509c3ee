//! Rows that are villages, schools or months: which of them are, which add others up, which neither.

use super::{
    model::{Certainty, DraftTable, Role},
    relations::{Along, Kind},
};
use crate::{language::Language, number::Rational, say, text};

/// Gives the rows of a table whose columns name the indicators their roles.
pub(super) fn decide(table: &mut DraftTable, language: Language) {
    let totals: Vec<usize> = (0..table.rows.len())
        .filter(|at| table.rows[*at].line.has_values && text::is_total(&table.rows[*at].line.label))
        .collect();
    let sums: Vec<(usize, (usize, usize))> = table
        .relations
        .iter()
        .filter(|relation| relation.kind == Kind::Sum && relation.along == Along::Rows && relation.written())
        .map(|relation| (relation.total, relation.support))
        .collect();
    // The grand total is that with the label of one, else that which begins as one does.
    let begins = || {
        (0..table.rows.len())
            .find(|at| table.rows[*at].line.has_values && text::begins_as_total(&table.rows[*at].line.label))
    };
    let alone = table.stands_alone.then(|| (0..table.rows.len()).find(|at| table.rows[*at].line.has_values)).flatten();
    let total = alone.or(totals.first().copied()).or_else(begins);
    for at in 0..table.rows.len() {
        let support = table.rows[at]
            .place
            .and_then(|place| sums.iter().find(|(total, _)| *total == place))
            .map(|(_, support)| *support);
        let rates = rates_of_total(table, at, total);
        let row = &mut table.rows[at];
        if row.chosen {
            continue;
        }
        if !row.line.has_values {
            row.role = Role::Heading;
            continue;
        }
        row.certainty = Certainty::Certain;
        if Some(at) == total {
            row.role = Role::Total;
            row.evidence = support
                .map_or_else(String::new, |(held, all)| say!(language, "{held}/{all} cột", "{held} of {all} columns"));
            if support.is_none() && !text::is_total(&row.line.label) && !table.stands_alone {
                row.certainty = Certainty::Likely;
                row.evidence = say!(language, "theo tên dòng", "by its label");
            }
        } else if let Some(measures) = rates {
            // The rates of the results stand in their columns.
            row.role = Role::Total;
            row.measures = measures;
            row.evidence = String::new();
        } else if text::compares(&row.line.label) {
            row.role = Role::Ignore;
            row.certainty = Certainty::Likely;
            row.evidence =
                say!(language, "so sánh hoặc tỷ lệ của các dòng khác", "compares the other rows or is a rate of them");
        } else if let Some((held, all)) = support.filter(|_| total.is_some_and(|total| total != at)) {
            row.role = Role::Ignore;
            row.certainty = Certainty::Likely;
            row.evidence = say!(
                language,
                "tổng của các dòng khác: {held}/{all} cột",
                "sum of other rows: {held} of {all} columns"
            );
        } else if text::is_total(&row.line.label) {
            row.role = Role::Ignore;
            row.certainty = Certainty::Likely;
            row.evidence = say!(language, "dòng cộng", "a total");
        } else {
            row.role = Role::Member;
        }
    }
}

/// What the columns mean in a row that states result / plan of the total in percent below the results.
fn rates_of_total(table: &DraftTable, at: usize, total: Option<usize>) -> Option<Vec<(String, String)>> {
    let total = total.filter(|total| *total != at)?;
    let (own, of) = (table.rows[at].place?, table.rows[total].place?);
    if !text::compares(&table.rows[at].line.label) {
        return None;
    }
    let width = table.figures.columns.len();
    let cell = |row: usize, place: usize| table.figures.cells.get(row * width + place).copied().flatten();
    let (mut held, mut all) = (0, 0);
    for result in table.columns.iter().filter(|column| column.measure.as_deref() == Some("actual")) {
        let plan = table
            .columns
            .iter()
            .find(|column| column.measure.as_deref() == Some("plan") && column.indicator == result.indicator);
        let (Some(plan), Some(place)) = (plan.and_then(|plan| plan.place), result.place) else { continue };
        let Some(printed) = cell(own, place) else { continue };
        let (Some(result), Some(plan)) = (cell(of, place), cell(of, plan)) else { continue };
        all += 1;
        let quotient = Rational::from(result.value).checked_div(&Rational::from(plan.value));
        let percent = quotient.map(|quotient| &quotient * &Rational::power_of_ten(2));
        held += usize::from(percent.is_some_and(|percent| percent.may_print_as(printed.value, printed.decimals)));
    }
    (held > 0 && held * 10 >= all * 6)
        .then(|| vec![("actual".to_owned(), "ratio".to_owned()), ("plan".to_owned(), "ignore".to_owned())])
}
