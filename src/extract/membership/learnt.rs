//! Members that no list names, learnt from what else the submission holds.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use super::{Affected, Context, Figure, Stated, is_plausible, words};
use crate::model::{
    finding::Severity,
    mapping::{Mapping, Source},
    workbook::file_name,
};

/// Fewest members that make a list.
const FEWEST: usize = 3;
/// Fewest other files that agree who the members are.
const FEWEST_FILES: usize = 2;
/// More members, or figures, are not compared: the work grows with their product.
const MOST: usize = 500;

/// Tells of members that other tables have and a total or a file lacks.
pub(super) fn report(cx: &mut Context<'_>, mapping: &Mapping, stated: &Stated<'_>) {
    if stated.members.len() > MOST || stated.members.values().any(|members| members.len() > MOST) {
        return;
    }
    let mut absent: BTreeMap<Vec<&str>, Vec<Figure>> = BTreeMap::new();
    for (figure, names) in short_totals(stated) {
        cx.doubtful.insert(figure);
        absent.entry(names).or_default().push(figure);
    }
    let told: BTreeSet<&str> = absent.keys().flatten().copied().collect();
    for (names, figures) in absent {
        let affected: Vec<Affected<'_>> =
            names.into_iter().map(|name| Affected { name, figures: figures.clone() }).collect();
        cx.findings.push(words::missing(stated, &affected, None, Severity::Warning));
    }
    for (name, figures) in short_files(mapping, stated) {
        if !told.contains(name) {
            let affected = [Affected { name, figures }];
            cx.findings.push(words::missing(stated, &affected, None, Severity::Warning));
        }
    }
}

/// Totals that say more than their members come to, each with those that other figures have and it has
/// not. One that is far from what a member could add lacks something else.
fn short_totals<'r>(stated: &Stated<'r>) -> Vec<(Figure, Vec<&'r str>)> {
    let names = |members: &super::Members<'r>| -> BTreeSet<&'r str> { members.names().collect() };
    let mut sets: Option<BTreeSet<BTreeSet<&str>>> = None;
    let mut found = Vec::new();
    for (figure, members) in &stated.members {
        let is_short = || stated.against_whole(*figure, |_| true) == Some(Ordering::Less);
        if members.len() < FEWEST || members.readings().any(|reading| reading.number().is_none()) || !is_short() {
            continue;
        }
        let own = names(members);
        // Months are no villages: the others have all that are here, and hardly more.
        let is_list = |set: &&BTreeSet<&str>| {
            set.len() > own.len() && set.len() - own.len() <= (own.len() / 3).max(1) && own.is_subset(set)
        };
        let sets = sets.get_or_insert_with(|| stated.members.values().map(names).collect());
        // The smallest list that has them is the nearest one.
        let Some(list) = sets.iter().filter(is_list).min_by_key(|set| set.len()) else { continue };
        let absent: Vec<&str> = list.difference(&own).copied().collect();
        if stated.gap(*figure).is_some_and(|gap| is_plausible(&gap, members, absent.len())) {
            found.push((*figure, absent));
        }
    }
    found
}

/// Files whose tables lack one of the members that all other files have, with the figures there. Where
/// every stated total holds without it, nobody misses it.
fn short_files<'r>(mapping: &Mapping, stated: &Stated<'r>) -> Vec<(&'r str, Vec<Figure>)> {
    if stated.files() <= FEWEST_FILES {
        return Vec::new();
    }
    // Where files or sheets are members themselves, each holds one.
    let is_named = |source: &&Source| source.member.is_none();
    let by_rows: Vec<&Source> = mapping.sources.iter().filter(is_named).collect();
    let mut is_taken: BTreeMap<&str, bool> = BTreeMap::new();
    let mut files: BTreeMap<&str, (BTreeSet<&'r str>, BTreeSet<Figure>)> = BTreeMap::new();
    for (figure, members) in &stated.members {
        for (name, reading) in members.iter() {
            let file = &*reading.origin.file;
            let takes = || by_rows.iter().any(|source| source.takes_file(file_name(file)));
            if *is_taken.entry(file).or_insert_with(takes) {
                let (names, figures) = files.entry(file).or_default();
                names.insert(name);
                figures.insert(*figure);
            }
        }
    }
    let mut found = Vec::new();
    for (file, (own, figures)) in &files {
        let others: Vec<&BTreeSet<&str>> =
            files.iter().filter(|(other, _)| *other != file).map(|(_, (names, _))| names).collect();
        let Some(first) =
            others.first().filter(|first| others.len() >= FEWEST_FILES && others.iter().all(|o| o == *first))
        else {
            continue;
        };
        let lacks: Vec<&str> = first.difference(own).copied().collect();
        let holds = |figure: &Figure| stated.against_whole(*figure, |_| true) == Some(Ordering::Equal);
        let is_list = own.len() >= FEWEST && first.len() == own.len() + 1 && own.is_subset(first);
        let has_totals = figures.iter().any(|figure| stated.whole(*figure).is_some());
        let all_hold = has_totals && figures.iter().filter(|f| stated.whole(**f).is_some()).all(holds);
        if let (true, false, [name]) = (is_list, all_hold, lacks.as_slice()) {
            found.push((*name, figures.iter().copied().collect()));
        }
    }
    found
}
