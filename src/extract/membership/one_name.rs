//! Two files of one member, or two that are the same: one was handed in twice, or again with other figures.

use std::{collections::BTreeMap, sync::Arc};

use super::{Context, Figure, Stated, twins::in_same_files, words};
use crate::model::{
    finding::Severity,
    mapping::Mapping,
    reading::Reading,
    workbook::{Workbook, file_name},
};

/// Two files that state the same figures.
pub(super) struct Files<'r> {
    /// The member that both are about; none where each holds a table of many.
    pub name: Option<&'r Arc<str>>,
    pub places: (&'r Reading, &'r Reading),
    pub same: Vec<Figure>,
    pub different: Vec<Figure>,
}

/// Tells of two files that one source takes for the same member, and of two that hold the same in every
/// cell. What both say alike counts once.
pub(super) fn report<'r>(cx: &mut Context<'_>, mapping: &Mapping, workbooks: &[&Workbook], stated: &Stated<'r>) {
    let mut files: BTreeMap<(&'r str, &'r str, Option<&'r Arc<str>>), Files<'r>> = BTreeMap::new();
    for key in stated.dataset.repeated() {
        if !cx.catalogue.measure(key.measure).is_base() {
            continue;
        }
        let mut readings = stated.dataset.all(key).filter(|reading| reading.number().is_some());
        let Some(first) = readings.next() else { continue };
        for other in readings.filter(|other| other.origin.file != first.origin.file) {
            let Some(is_member) = of_one_source(mapping, first, other) else { continue };
            let name = key.member.as_ref().filter(|_| is_member);
            let place = (&*first.origin.file, &*other.origin.file, name);
            let empty = || Files { name, places: (first, other), same: Vec::new(), different: Vec::new() };
            let files = files.entry(place).or_insert_with(empty);
            let of = if first.number() == other.number() { &mut files.same } else { &mut files.different };
            of.push((key.indicator, key.measure));
        }
    }
    let is_declared = cx.catalogue.members.is_some();
    for files in files.into_values() {
        // Two tables of many members are told of where nothing at all differs.
        if files.name.is_none() && (!files.different.is_empty() || !in_same_files(workbooks, files.places)) {
            continue;
        }
        let depends: Vec<Figure> = files.different.iter().copied().filter(|figure| stated.depends(*figure)).collect();
        for figure in &depends {
            cx.doubtful.insert(*figure);
            *cx.spare.entry(*figure).or_default() += 1;
        }
        let severity = if is_declared && !depends.is_empty() { Severity::Error } else { Severity::Warning };
        cx.findings.push(words::one_name(cx, &files, severity));
    }
}

/// Whether one source takes two files, and if so, each of them for a member.
fn of_one_source(mapping: &Mapping, one: &Reading, other: &Reading) -> Option<bool> {
    let files = [one, other].map(|reading| file_name(&reading.origin.file));
    let takes = |source: &&crate::model::mapping::Source| files.iter().all(|file| source.takes_file(file));
    let both: Vec<_> = mapping.sources.iter().filter(takes).collect();
    (!both.is_empty()).then(|| both.iter().any(|source| source.member.is_some()))
}
