//! Rows that are villages, schools or months: which of them are, which add others up, which neither.

use std::collections::BTreeSet;

use super::{
    exceptions::looks_like_mean,
    model::{Certainty, DraftColumn, DraftRow, DraftTable, Role},
    relations::{Along, Relation, RelationKind, never_adds},
};
use crate::values::{
    language::{Language, say},
    number::Rational,
    text,
};

/// Gives the rows of a table whose columns name the indicators their roles.
pub(super) fn decide(table: &mut DraftTable, language: Language) {
    let totals: Vec<usize> = (0..table.rows.len())
        .filter(|at| table.rows[*at].line.has_values && text::is_total(&table.rows[*at].line.label))
        .collect();
    let sums: Vec<(usize, (usize, usize))> = table
        .relations
        .iter()
        .filter(|relation| relation.kind == RelationKind::Sum && relation.along == Along::Rows && relation.written())
        .map(|relation| (relation.total, relation.support))
        .collect();
    // The grand total is that with the label of one, else that which begins as one does.
    let begins = || {
        (0..table.rows.len())
            .find(|at| table.rows[*at].line.has_values && text::begins_as_total(&table.rows[*at].line.label))
    };
    let by_figures = || whole_by_figures(table);
    let alone = table.stands_alone.then(|| (0..table.rows.len()).find(|at| table.rows[*at].line.has_values)).flatten();
    let total = alone.or(totals.first().copied()).or_else(begins).or_else(by_figures);
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

/// The row that is the sum of others, and these of others again, until no other row of figures is left.
fn whole_by_figures(table: &DraftTable) -> Option<usize> {
    let sums: Vec<&Relation> = table
        .relations
        .iter()
        .filter(|relation| relation.kind == RelationKind::Sum && relation.along == Along::Rows && relation.written())
        .collect();
    let is_counted = |row: &&DraftRow| row.place.is_some() && !text::compares(&row.line.label);
    let all: BTreeSet<usize> = table.rows.iter().filter(is_counted).filter_map(|row| row.place).collect();
    let covers = |whole: usize| {
        let mut below: BTreeSet<usize> = [whole].into();
        let mut open = vec![whole];
        while let Some(at) = open.pop() {
            for relation in sums.iter().filter(|relation| relation.total == at) {
                open.extend(relation.parts.iter().filter(|part| below.insert(**part)));
            }
        }
        all.is_subset(&below)
    };
    let mut wholes: Vec<usize> = sums.iter().map(|relation| relation.total).filter(|whole| covers(*whole)).collect();
    wholes.dedup();
    let [whole] = wholes.as_slice() else { return None };
    table.rows.iter().position(|row| row.place == Some(*whole))
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

/// Rows that are years or periods are no members of a whole: "2029", "Năm trước".
fn is_period(label: &str) -> bool {
    let folded = text::fold_label(label);
    !super::meaning::years(label).is_empty() || ["năm ", "kỳ ", "cùng kỳ"].iter().any(|word| folded.starts_with(word))
}

/// Columns in which the stated whole is the mean of the members.
pub(super) fn means(table: &DraftTable) -> Vec<usize> {
    let width = table.figures.columns.len();
    let figure = |row: usize, place: usize| table.figures.cells.get(row * width + place).copied().flatten();
    let Some(total) = table.rows.iter().find(|row| row.role == Role::Total && row.measures.is_empty()) else {
        return Vec::new();
    };
    let is_mean = |column: &DraftColumn| {
        let (Some(place), Some(total)) = (column.place, total.place) else { return false };
        let members = table.rows.iter().filter(|row| row.role == Role::Member).filter_map(|row| row.place);
        let parts: Vec<Rational> =
            members.filter_map(|row| figure(row, place)).map(|figure| Rational::from(figure.value)).collect();
        figure(total, place)
            .is_some_and(|total| looks_like_mean(&Rational::from(total.value), &parts, &column.header.join(" ")))
    };
    (0..table.columns.len()).filter(|at| is_mean(&table.columns[*at])).collect()
}

/// Fewest rows that make up a whole.
const FEWEST: usize = 2;

/// "TOTAL", "Whole country": words of sheets in English, in which no total is looked for by its name.
fn begins_as_whole(label: &str) -> bool {
    let folded = text::fold_label(label);
    ["total", "whole", "all ", "grand total", "sub total", "sum"].iter().any(|word| folded.starts_with(word))
}

/// Marks the tables whose whole nobody states: the form has a figure only if it is made by adding the members up.
/// `is_shown` tells whether the form shows an indicator.
pub(super) fn add_up(tables: &mut [DraftTable], is_shown: &dyn Fn(&str) -> bool) {
    let own = |table: &DraftTable| -> Vec<String> {
        let of_rows = table.rows.iter().filter_map(|row| row.indicator.clone());
        of_rows.chain(table.columns.iter().filter_map(|column| column.indicator.clone())).collect()
    };
    let all: Vec<Vec<String>> = tables.iter().map(own).collect();
    for (at, table) in tables.iter_mut().enumerate() {
        // Of two tables with one figure, one may state the whole, or name others members.
        let is_shared =
            all.iter().enumerate().any(|(other, ids)| other != at && ids.iter().any(|id| all[at].contains(id)));
        let members: Vec<&str> = table
            .rows
            .iter()
            .filter(|row| table.by_column && row.role == Role::Member)
            .map(|row| row.line.label.as_str())
            .collect();
        let has_total = table.rows.iter().any(|row| row.role == Role::Total);
        let periods = members.iter().filter(|label| is_period(label)).count();
        // A row that adds others up, or is their mean, would be counted with them.
        let of_member =
            |place: usize| table.rows.iter().any(|row| row.place == Some(place) && row.role == Role::Member);
        let has_sums = table.relations.iter().any(|relation| {
            let adds =
                matches!(relation.kind, RelationKind::Sum | RelationKind::Average) && relation.along == Along::Rows;
            adds && relation.written() && of_member(relation.total)
        });
        let depth = |row: &DraftRow| row.line.path.len();
        let mut depths = table.rows.iter().filter(|row| row.role == Role::Member).map(depth);
        let first = depths.next();
        let are_alike = depths.all(|depth| Some(depth) == first);
        let is_odd = |label: &&str| text::begins_as_total(label) || never_adds(label) || begins_as_whole(label);
        let by_rows = members.len() >= FEWEST
            && !has_total
            && !has_sums
            && are_alike
            && members.iter().all(|label| !text::fold_label(label).is_empty())
            && !members.iter().any(is_odd)
            && periods * 2 < members.len();
        table.adds_up = all[at].iter().any(|id| is_shown(id))
            && !is_shared
            && !table.is_left_out()
            && table.member.is_none()
            && (by_rows || table.blocks == Some(false));
    }
}

/// Most columns of figures of a form with a block for each member.
const MOST_COLUMNS: usize = 30;
/// The same where nothing else would stand in it.
const MOST_OF_ALL: usize = 120;

/// Whether the form shows the members: where all tables are about members, and they fit on it, or where no whole
/// can be made of them.
pub(super) fn repeat(tables: &[DraftTable], measures: usize) -> bool {
    let count = |table: &DraftTable| match table.blocks {
        Some(_) => {
            let mut names: Vec<&String> = table
                .columns
                .iter()
                .filter(|column| column.each_member)
                .filter_map(|column| column.block.as_ref())
                .collect();
            names.dedup();
            names.len()
        }
        None if table.by_column => table.rows.iter().filter(|row| row.role == Role::Member).count(),
        None => 0,
    };
    let counts: Vec<usize> = tables.iter().filter(|table| !table.is_left_out()).map(count).collect();
    let Some(most) = counts.iter().max().filter(|_| counts.iter().all(|count| *count > 0)) else { return false };
    let has_whole = |table: &DraftTable| {
        table.adds_up || table.blocks == Some(true) || table.rows.iter().any(|row| row.role == Role::Total)
    };
    let room = if tables.iter().any(has_whole) { MOST_COLUMNS } else { MOST_OF_ALL };
    (most + 1) * measures.clamp(1, 12) <= room
}
