//! Tables that come again in other sheets or files, once for each village, month or school; and several
//! lists of members in one table.

use std::collections::BTreeMap;

use super::{
    Files,
    model::{DraftRow, DraftTable, MemberOf},
};
use crate::values::text;

/// Fewest sheets or files with one table.
const FEWEST: usize = 3;

/// What makes two tables the same but for their figures.
fn form(table: &DraftTable) -> Vec<String> {
    let mut form = table.label.clone();
    form.extend(table.columns.iter().map(|column| column.folded.join(">")));
    form.push(String::new());
    form.extend(table.rows.iter().map(|row| row.line.path.last().map(ToString::to_string).unwrap_or_default()));
    form
}

/// Keeps one of the tables that come again, as that of all members.
pub fn discover(tables: &mut Vec<DraftTable>, files: &Files<'_>) {
    let mut alike: BTreeMap<(usize, Vec<String>), Vec<usize>> = BTreeMap::new();
    for (at, table) in tables.iter().enumerate() {
        alike.entry((table.file, form(table))).or_default().push(at);
    }
    let mut gone: Vec<usize> = Vec::new();
    for places in alike.values().filter(|places| places.len() >= FEWEST) {
        let names: Vec<String> = places.iter().map(|at| files.sheet(&tables[*at]).name.to_string()).collect();
        let Some(pattern) = common(&names) else { continue };
        // Other sheets that the pattern would take have another table.
        let folded = text::fold(&pattern);
        let file = tables[places[0]].file;
        let takes = files.workbooks[file]
            .sheets
            .iter()
            .filter(|sheet| text::matches_folded(&folded, &text::fold(&sheet.name)))
            .count();
        if takes != names.len() {
            continue;
        }
        tables[places[0]].member = Some(MemberOf::Sheets(pattern));
        gone.extend(&places[1..]);
    }
    if files.workbooks.len() >= FEWEST {
        let mut by_form: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
        for (at, table) in tables.iter().enumerate().filter(|(at, table)| !gone.contains(at) && table.member.is_none())
        {
            by_form.entry(form(table)).or_default().push(at);
        }
        // Every file has it, and nothing else.
        let is_all = by_form.values().all(|places| {
            let mut own: Vec<usize> = places.iter().map(|at| tables[*at].file).collect();
            own.dedup();
            own.len() == files.workbooks.len() && own.len() == places.len()
        });
        if is_all {
            for places in by_form.values() {
                tables[places[0]].member = Some(MemberOf::Files);
                gone.extend(&places[1..]);
            }
        }
    }
    let mut at = 0;
    tables.retain(|_| {
        at += 1;
        !gone.contains(&(at - 1))
    });
}

/// The pattern of names that begin with the same words and differ in what follows.
fn common(names: &[String]) -> Option<String> {
    let split = |name: &String| name.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let words: Vec<Vec<String>> = names.iter().map(split).collect();
    let first = words.first()?;
    let shared = (0..first.len())
        .take_while(|at| {
            words.iter().all(|own| {
                own.get(*at).is_some_and(|word| text::fold(word) == text::fold(&first[*at])) && own.len() > *at
            })
        })
        .count();
    (shared > 0 && words.iter().all(|own| own.len() > shared)).then(|| format!("{} *", first[..shared].join(" ")))
}

/// The lists of a table that each stand below a heading with a total of their own, or below a row that
/// is no total of them. One or none where its members add up to one whole.
pub fn lists(table: &DraftTable) -> Vec<DraftTable> {
    let outer = |row: &DraftRow| -> Option<String> {
        // A heading has no figures of its own.
        let heading = row.line.headings.first()?;
        let key = text::fold_label(heading);
        let is_heading = table
            .rows
            .iter()
            .any(|other| !other.line.has_values && other.line.path.last().is_some_and(|own| **own == *key));
        is_heading.then(|| heading.clone())
    };
    let mut groups: Vec<(Option<String>, Vec<usize>)> = Vec::new();
    for (at, row) in table.rows.iter().enumerate().filter(|(_, row)| row.line.has_values) {
        let heading = outer(row);
        match groups.iter_mut().find(|(known, _)| *known == heading) {
            Some((_, rows)) => rows.push(at),
            None => groups.push((heading, vec![at])),
        }
    }
    let label = |at: usize| table.rows[at].line.label.as_str();
    let loose: Vec<usize> =
        groups.iter().filter(|(heading, _)| heading.is_none()).flat_map(|(_, rows)| rows.clone()).collect();
    let under: Vec<&(Option<String>, Vec<usize>)> = groups.iter().filter(|(heading, _)| heading.is_some()).collect();
    let has_total = |rows: &[usize]| rows.iter().any(|at| text::begins_as_total(label(*at)));
    // A whole of all lists is one list with headings.
    let is_whole = loose.iter().any(|at| text::begins_as_total(label(*at)))
        || (0..table.rows.len())
            .any(|at| table.rows[at].line.has_values && text::is_total(label(at)) && under.len() > 1);
    let totals = under.iter().filter(|(_, rows)| has_total(rows)).count();
    let are_lists = under.len() >= 2 && totals == under.len() && loose.is_empty();
    let is_beside =
        loose.len() == 1 && !under.is_empty() && totals == 0 && under.iter().all(|(_, rows)| rows.len() > 1);
    if is_whole || !(are_lists || is_beside) {
        return Vec::new();
    }
    groups
        .iter()
        .map(|(heading, rows)| {
            let mut list = table.clone();
            let mut at = 0;
            list.rows.retain(|_| {
                at += 1;
                rows.contains(&(at - 1))
            });
            list.part = heading.clone().or_else(|| rows.first().map(|at| label(*at).to_owned()));
            list.members_under.clone_from(heading);
            list.stands_alone = heading.is_none();
            list
        })
        .collect()
}
