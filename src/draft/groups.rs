//! Tables that come again in other sheets or files, once for each village, month or school; and several
//! lists of members in one table.

use std::collections::BTreeMap;

use super::{
    Files,
    decide::Decider,
    model::{DraftTable, Role},
};
use crate::text;

/// What names the member that a table is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberOf {
    /// The sheets that a pattern takes.
    Sheets(String),
    /// The files.
    Files,
}

/// Fewest sheets or files with one table.
const FEWEST: usize = 3;

/// What makes two tables the same but for their figures.
fn form(table: &DraftTable) -> Vec<String> {
    let mut form = table.label.clone();
    form.extend(table.columns.iter().map(|column| column.folded.join(">")));
    form.push(String::new());
    form.extend(table.rows.iter().map(|row| row.line.path.last().map(|own| own.to_string()).unwrap_or_default()));
    form
}

/// Keeps one of the tables that come again, as that of all members.
pub fn gather(tables: &mut Vec<DraftTable>, files: &Files<'_>) {
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
        let takes = files.workbooks[file].sheets.iter().filter(|sheet| text::matches_folded(&folded, &text::fold(&sheet.name))).count();
        if takes != names.len() {
            continue;
        }
        tables[places[0]].member = Some(MemberOf::Sheets(pattern));
        gone.extend(&places[1..]);
    }
    if files.workbooks.len() >= FEWEST {
        let mut by_form: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
        for (at, table) in tables.iter().enumerate().filter(|(at, table)| !gone.contains(at) && table.member.is_none()) {
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
    let shared = (0..first.len()).take_while(|at| words.iter().all(|own| own.get(*at).is_some_and(|word| text::fold(word) == text::fold(&first[*at])) && own.len() > *at)).count();
    (shared > 0 && words.iter().all(|own| own.len() > shared)).then(|| format!("{} *", first[..shared].join(" ")))
}

/// Parts tables with several lists, each below a heading and with a total of its own.
pub fn split_lists(tables: Vec<DraftTable>, _decider: &Decider<'_>) -> Vec<DraftTable> {
    let mut all = Vec::new();
    for table in tables {
        all.push(table);
    }
    let _ = Role::Member;
    all
}
