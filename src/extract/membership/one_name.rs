//! Two files of one member, or two that are the same: one was handed in twice, or again with other figures.

use std::{collections::BTreeMap, sync::Arc};

use super::{Context, Figure, Stated, twins::in_same_files};
use crate::{
    model::{
        finding::{DUPLICATE_MEMBER, Facts, Finding, Place, Severity},
        mapping::Mapping,
        reading::Reading,
        workbook::{Workbook, file_name},
    },
    values::language::{Language, counted, say},
};

/// Two files that state the same figures.
struct Files<'r> {
    /// The member that both are about; none where each holds a table of many.
    name: Option<&'r Arc<str>>,
    places: (&'r Reading, &'r Reading),
    same: Vec<Figure>,
    different: Vec<Figure>,
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
        cx.findings.push(finding(&files, severity));
    }
}

/// `duplicate-member`: two files of one member, or two that are the same.
#[derive(Debug)]
struct TwoFiles {
    /// The member; none where nothing at all differs between two tables of many.
    name: Option<Arc<str>>,
    files: [String; 2],
    /// How many figures are the same, and how many are not.
    alike: usize,
    unlike: usize,
}

impl Facts for TwoFiles {
    fn message(&self, language: Language) -> String {
        let Self { name, files: [a, b], alike, unlike } = self;
        let (alike_en, unlike_en) = (counted(*alike, "figure"), counted(*unlike, "figure"));
        match name {
            None => say!(
                language,
                "hai tệp {a} và {b} giống hệt nhau ({alike} số): chỉ tính một lần",
                "the files {a} and {b} are the same in every cell ({alike_en}): they count once"
            ),
            Some(name) if *unlike > 0 => say!(
                language,
                "hai tệp {a} và {b} cùng là của \"{name}\", {unlike} số khác nhau: chưa rõ tệp nào đúng",
                "the files {a} and {b} are both of \"{name}\", {unlike_en} differ: which one is right cannot be told"
            ),
            Some(name) => say!(
                language,
                "hai tệp {a} và {b} cùng là của \"{name}\", {alike} số như nhau: chỉ tính một lần",
                "the files {a} and {b} are both of \"{name}\", {alike_en} are the same: they count once"
            ),
        }
    }

    fn action(&self, language: Language) -> String {
        let Self { name, files: [_, b], .. } = self;
        match name {
            None => say!(
                language,
                "chuyển {b} ra khỏi thư mục; nếu là tệp khác bị nộp nhầm, xin lại tệp đúng",
                "move {b} out of the folder; if it should be another file, ask for the right one"
            ),
            Some(name) => say!(
                language,
                "giữ lại tệp đúng của \"{name}\", chuyển tệp kia ra khỏi thư mục",
                "keep the right file of \"{name}\" and move the other one out of the folder"
            ),
        }
    }
}

fn finding(files: &Files<'_>, severity: Severity) -> Finding {
    let Files { name, places: (one, other), same, different } = files;
    let facts = TwoFiles {
        name: name.cloned(),
        files: [one, other].map(|reading| file_name(&reading.origin.file).to_owned()),
        alike: same.len(),
        unlike: different.len(),
    };
    let mut finding = Finding::new(&DUPLICATE_MEMBER, facts).at(Place::file(&other.origin.file));
    finding = match name {
        Some(name) => Finding { severity, ..finding.fingerprinted(&["files", name]) },
        None => finding.fingerprinted(&["same files", &one.origin.sheet]),
    };
    finding.sources = vec![Place::file(&one.origin.file)];
    finding
}

/// Whether one source takes two files, and if so, each of them for a member.
fn of_one_source(mapping: &Mapping, one: &Reading, other: &Reading) -> Option<bool> {
    let files = [one, other].map(|reading| file_name(&reading.origin.file));
    let takes = |source: &&crate::model::mapping::Source| files.iter().all(|file| source.takes_file(file));
    let both: Vec<_> = mapping.sources.iter().filter(takes).collect();
    (!both.is_empty()).then(|| both.iter().any(|source| source.member.is_some()))
}
