//! One finding for a header, a sheet or a file that is not there: the figures that are missing for it are
//! folded into it, and so is the column with numbers that stands where the header should.

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    judge::checks,
    model::{
        catalogue::{Catalogue, IndicatorId, MeasureId},
        finding::{
            AMBIGUOUS_LABEL, ENCRYPTED_FILE, Finding, INTERNAL_ERROR, MISSING_LABEL, MISSING_SHEET, Place, Remark,
            SUGGESTED_LABEL, UNMAPPED_NUMBER, UNREADABLE_FILE, UNUSED_MAPPING_ENTRY,
        },
        mapping::{ColumnRole, Mapping, RowRole, Source},
        workbook::{column_name, file_name},
    },
    values::language::{Language, say},
};

/// Folds missing figures into what they are missing for.
pub(crate) fn fold(mapping: &Mapping, catalogue: &Catalogue, findings: &mut Vec<Finding>) {
    let is_missing = |finding: &Finding| finding.code == checks::missing_reading() && finding.target.is_none();
    if findings.iter().any(is_missing) {
        let mut taken: BTreeSet<usize> = BTreeSet::new();
        let mut follows: Vec<(usize, usize)> = Vec::new();
        for (cause, finding) in findings.iter().enumerate().filter(|(_, finding)| is_cause(finding)) {
            let keys = entailed(mapping, finding);
            let prints: BTreeSet<String> = keys.iter().map(|key| print_of(catalogue, *key)).collect();
            for (other, missing) in findings.iter().enumerate() {
                if is_missing(missing) && prints.contains(&missing.fingerprint) && taken.insert(other) {
                    follows.push((cause, other));
                }
            }
        }
        for (cause, other) in follow_columns(mapping, findings) {
            if taken.insert(other) {
                let column = findings[other].target.as_ref().and_then(|place| place.cell).map(|cell| cell.column);
                findings[cause].diagnosis.get_or_insert_with(|| Arc::new(Renamed { column }));
                follows.push((cause, other));
            }
        }
        let mut following: Vec<(usize, Finding)> = Vec::new();
        let mut kept: Vec<(usize, Finding)> = Vec::new();
        for (at, finding) in std::mem::take(findings).into_iter().enumerate() {
            match follows.iter().find(|(_, other)| *other == at) {
                Some((cause, _)) => following.push((*cause, finding)),
                None => kept.push((at, finding)),
            }
        }
        for (at, mut finding) in kept {
            let (own, rest): (Vec<_>, Vec<_>) = following.into_iter().partition(|(cause, _)| *cause == at);
            following = rest;
            finding.fold(own.into_iter().map(|(_, finding)| finding).collect());
            findings.push(finding);
        }
    }
}

/// What keeps a whole file from being read.
fn is_unread(finding: &Finding) -> bool {
    [&UNREADABLE_FILE, &ENCRYPTED_FILE, &INTERNAL_ERROR].contains(&finding.code)
}

/// What keeps a whole column, table or file from being read.
fn is_cause(finding: &Finding) -> bool {
    let codes = [&MISSING_LABEL, &SUGGESTED_LABEL, &AMBIGUOUS_LABEL, &MISSING_SHEET, &UNUSED_MAPPING_ENTRY];
    codes.contains(&finding.code) || is_unread(finding)
}

/// The fingerprint of a figure that is missing without a cell.
fn print_of(catalogue: &Catalogue, (indicator, measure): (IndicatorId, MeasureId)) -> String {
    checks::missing_print(catalogue, indicator, measure)
}

/// The figures that cannot be there when a column, a row or a table is not.
fn entailed(mapping: &Mapping, finding: &Finding) -> BTreeSet<(IndicatorId, MeasureId)> {
    let mut keys = BTreeSet::new();
    let is_of_file = |source: &Source| {
        let file = finding.target.as_ref().map(|place| file_name(&place.file));
        file.is_none_or(|file| source.takes_file(file))
    };
    let line = finding.mapping.as_ref();
    for source in mapping.sources.iter().filter(|source| is_of_file(source)) {
        let whole = is_unread(finding) || line == Some(&source.line);
        for column in &source.columns {
            let ColumnRole::Values { indicator, measure } = column.role else { continue };
            let is_column = line == Some(&column.line);
            let rows = source.rows.iter().filter(|row| whole || is_column || line == Some(&row.line));
            let of_rows = rows.filter_map(|row| match row.role {
                RowRole::Indicator(_) | RowRole::Blocks(_) => row.role.indicator(column.block),
                RowRole::Total => indicator,
                RowRole::Member | RowRole::Ignored => None,
            });
            keys.extend(of_rows.map(|id| (id, measure)));
            keys.extend(indicator.filter(|_| whole || is_column).map(|id| (id, measure)));
        }
        keys.extend(source.cells.iter().filter(|_| whole).map(|cell| (cell.indicator, cell.measure)));
    }
    keys
}

/// Numbers of a column that nothing takes, where it is the only one of its sheet and one column is missing
/// there: it is that column under another name.
fn follow_columns(mapping: &Mapping, findings: &[Finding]) -> Vec<(usize, usize)> {
    let sheet_of = |place: &Place| (place.file.clone(), place.sheet.clone());
    let is_column = |finding: &Finding| {
        let line = finding.mapping.as_ref();
        mapping.sources.iter().flat_map(|source| &source.columns).any(|column| Some(&column.line) == line)
    };
    let missing: Vec<usize> = (0..findings.len())
        .filter(|at| [&MISSING_LABEL, &SUGGESTED_LABEL].contains(&findings[*at].code) && is_column(&findings[*at]))
        .collect();
    let untaken: Vec<usize> = (0..findings.len()).filter(|at| findings[*at].code == &UNMAPPED_NUMBER).collect();
    let mut found = Vec::new();
    for cause in &missing {
        let Some(place) = &findings[*cause].target else { continue };
        let here = |at: &&usize| findings[**at].target.as_ref().is_some_and(|other| sheet_of(other) == sheet_of(place));
        let own: Vec<&usize> = untaken.iter().filter(here).collect();
        let others = missing.iter().filter(here).count();
        // The nearest header says which column it is.
        let column = place.cell.filter(|_| findings[*cause].code == &SUGGESTED_LABEL).map(|cell| cell.column);
        let is_it =
            |at: &usize| findings[*at].target.as_ref().and_then(|place| place.cell).map(|cell| cell.column) == column;
        match (column, own.as_slice()) {
            (Some(_), own) => found.extend(own.iter().filter(|at| is_it(at)).map(|at| (*cause, **at))),
            (None, [only]) if others == 1 => found.push((*cause, **only)),
            (None, _) => {}
        }
    }
    found
}

/// A column that stands under another name, by the numbers in it.
#[derive(Debug)]
struct Renamed {
    column: Option<u32>,
}

impl Remark for Renamed {
    fn words(&self, language: Language) -> String {
        let name = self.column.map(column_name).unwrap_or_default();
        say!(
            language,
            "cột {name} có số mà bảng ánh xạ không lấy: có lẽ tiêu đề cột đã bị đổi",
            "column {name} has numbers that the mapping does not take: its header was probably changed"
        )
    }
}
