//! Two files of one member: one was handed in twice, or again with other figures.

use std::{collections::BTreeMap, sync::Arc};

use super::{Context, Figure, Stated, words};
use crate::{finding::Severity, mapping::Mapping, reading::Reading, workbook::file_name};

/// Fewest figures that differ before the files, and not the figures, are what is told without a list.
const FEWEST: usize = 2;

/// Two files that tell of one member.
pub(super) struct Files<'r> {
    pub name: &'r Arc<str>,
    pub places: (&'r Reading, &'r Reading),
    pub same: Vec<Figure>,
    pub different: Vec<Figure>,
}

/// Tells of two files that one source takes for the same member. Equal figures count once, and without a
/// list that is what was meant.
pub(super) fn report<'r>(cx: &mut Context<'_>, mapping: &Mapping, stated: &Stated<'r>) {
    let mut files: BTreeMap<(&'r str, &'r str, &'r str), Files<'r>> = BTreeMap::new();
    for key in stated.dataset.repeated() {
        let Some(name) = key.member.as_ref().filter(|_| cx.catalogue.measure(key.measure).is_base()) else { continue };
        let mut readings = stated.dataset.all(key).filter(|reading| reading.number().is_some());
        let Some(first) = readings.next() else { continue };
        for other in readings.filter(|other| is_of_one_source(mapping, first, other)) {
            let place = (&**name, &*first.origin.file, &*other.origin.file);
            let empty = || Files { name, places: (first, other), same: Vec::new(), different: Vec::new() };
            let files = files.entry(place).or_insert_with(empty);
            let of = if first.number() == other.number() { &mut files.same } else { &mut files.different };
            of.push((key.indicator, key.measure));
        }
    }
    let is_declared = cx.catalogue.members.is_some();
    for files in files.into_values().filter(|files| is_declared || files.different.len() >= FEWEST) {
        let depends = files.different.iter().any(|figure| stated.depends(*figure));
        let severity = if is_declared && depends { Severity::Error } else { Severity::Warning };
        cx.findings.push(words::one_name(cx, &files, severity));
    }
}

/// Whether one source takes two files each for a member.
fn is_of_one_source(mapping: &Mapping, one: &Reading, other: &Reading) -> bool {
    let files = [one, other].map(|reading| file_name(&reading.origin.file));
    one.origin.file != other.origin.file
        && mapping.sources.iter().any(|source| {
            source.member.is_some() && files.iter().all(|file| source.takes_file(file))
        })
}
