//! The first findings of a draft: figures that break a relation which nearly all others keep.

use std::sync::Arc;

use super::{
    Files, formulas,
    meaning::Meaning,
    model::{DraftTable, Role},
    relations::{Along, Exception, Relation, RelationKind, never_adds},
    words::supported,
};
use crate::{
    judge::checks,
    model::{
        finding::{Facts, Finding, Place},
        workbook::{Position, Workbook},
    },
    values::{
        language::{Language, say},
        number::{self, Decimal, Rational},
    },
};

/// Most exceptions of a relation, in percent.
const MOST_BROKEN: usize = 15;

/// Formulas and typed figures that fall out of the pattern of their row or column, of all sheets.
pub fn formulas(workbooks: &[&Workbook]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for workbook in workbooks {
        for sheet in &workbook.sheets {
            let faults = formulas::faults(&workbook.sheets, sheet);
            findings.extend(faults.iter().map(|fault| fault.finding(&workbook.file, sheet)));
        }
    }
    findings
}

/// Whether a relation is broken so seldom that those who break it are at fault. Figures that are equal
/// by chance of their subject, as areas of two years, accuse nobody.
pub(super) fn is_kept(relation: &Relation) -> bool {
    let broken = relation.exceptions.len();
    relation.kind != RelationKind::Equal && (broken <= 2 || broken * 100 <= relation.support.1 * MOST_BROKEN)
}

/// Whether a relation is true wherever the draft would have it judged, and not only where it was found: a block
/// of indices under one of amounts has the same columns, and a column of yields the same rows.
pub(super) fn is_true_throughout(table: &DraftTable, relation: &Relation) -> bool {
    let (height, width) = (table.figures.rows.len(), table.figures.columns.len());
    let is_base = |position: usize| {
        let column = table.columns.iter().find(|column| column.place == Some(position));
        column.is_some_and(|column| {
            let is_taken = column.measure.as_deref().is_some_and(|measure| measure != "ignore");
            is_taken && matches!(column.meaning, Meaning::Value(_) | Meaning::Name)
        })
    };
    let is_taken = |position: usize| {
        let row = table.rows.iter().find(|row| row.place == Some(position));
        row.is_some_and(|row| matches!(row.role, Role::Indicator | Role::Member | Role::Total))
    };
    let is_open = |position: &usize| {
        let known = relation.held.contains(position) || relation.exceptions.iter().any(|e| e.position == *position);
        let (row, column) = (|line| relation.cell(line, *position).0, |line| relation.cell(line, *position).1);
        let figure = |line: usize| table.figures.cells.get(row(line) * width + column(line)).copied().flatten();
        let lines = || std::iter::once(relation.total).chain(relation.parts.iter().copied());
        let is_whole = lines().all(|line| figure(line).is_some());
        !known && is_whole && lines().any(|line| figure(line).is_some_and(|figure| !figure.value.is_zero()))
    };
    match relation.along {
        Along::Columns => !(0..height).filter(|row| is_taken(*row)).any(|row| is_open(&row)),
        Along::Rows => !(0..width).filter(|column| is_base(*column)).any(|column| is_open(&column)),
    }
}

/// Fewest figures of which one can be told to be the mean, and how far it may be from theirs: a weighted mean is
/// not the plain one.
const FEWEST_OF_MEAN: usize = 4;
const FAR_FROM_MEAN: i64 = 2;
/// Powers of ten by which a slip of the comma makes a sum smaller.
const SLIPS: [i32; 3] = [1, 2, 3];

/// Whether what breaks a sum is no sum at all: below the totals of amounts stands the mean of a column of means.
fn is_mean(table: &DraftTable, relation: &Relation, exception: &Exception) -> bool {
    if relation.kind != RelationKind::Sum {
        return false;
    }
    let width = table.figures.columns.len();
    let figure = |line: usize| {
        let (row, column) = relation.cell(line, exception.position);
        table.figures.cells.get(row * width + column).copied().flatten().map(|figure| figure.value)
    };
    let parts: Vec<Rational> = relation.parts.iter().filter_map(|part| figure(*part)).map(Rational::from).collect();
    let lines = match relation.along {
        Along::Rows => &table.figures.columns,
        Along::Columns => &table.figures.rows,
    };
    let label = lines.get(exception.position).map_or("", |line| line.label.as_str());
    figure(relation.total).is_some_and(|total| looks_like_mean(&Rational::from(total), &parts, label))
}

/// Whether a figure above others is their mean and no sum of theirs: between the smallest and the greatest of them,
/// and called a mean or a rate, or near their plain mean and no sum with a slip of the comma.
pub(super) fn looks_like_mean(total: &Rational, parts: &[Rational], label: &str) -> bool {
    let (Some(least), Some(most)) = (parts.iter().min(), parts.iter().max()) else { return false };
    if parts.len() < FEWEST_OF_MEAN || total < least || total > most || least == most {
        return false;
    }
    if never_adds(label) {
        return true;
    }
    let count = Rational::from(i64::try_from(parts.len()).unwrap_or(i64::MAX));
    let sum: Rational = parts.iter().sum();
    let is_near = |a: &Rational, b: &Rational, parts_of: i64| {
        // Within one part in so many.
        let (low, high) = (Rational::from(parts_of - 1), Rational::from(parts_of + 1));
        let scaled = a * &Rational::from(parts_of);
        scaled >= &low * b && scaled <= &high * b
    };
    let is_slip = SLIPS.into_iter().any(|power| is_near(&(total * &Rational::power_of_ten(power)), &sum, 50));
    let (all, far) = (total * &count, Rational::from(FAR_FROM_MEAN));
    sum > Rational::ZERO && !is_slip && all <= &sum * &far && &all * &far >= sum
}

/// One finding an exception, in the order of the tables. A figure that two relations accuse is told once.
pub fn exceptions(tables: &[DraftTable], files: &Files<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut told: Vec<Place> = Vec::new();
    for table in tables {
        for relation in table.relations.iter().filter(|relation| relation.written() && is_kept(relation)) {
            let is_fault = |exception: &&Exception| !exception.rounding && !is_mean(table, relation, exception);
            for exception in relation.exceptions.iter().filter(is_fault) {
                let Some(finding) = finding(table, files, relation, exception) else { continue };
                let is_new = finding.target.as_ref().is_some_and(|place| !told.contains(place));
                if is_new {
                    told.extend(finding.target.clone());
                    findings.push(finding);
                }
            }
        }
    }
    findings
}

/// A figure that breaks a relation which the others keep.
#[derive(Debug)]
struct Broken {
    at: Position,
    raw: Arc<str>,
    kind: RelationKind,
    /// What it should follow from.
    cells: String,
    along: Along,
    support: (usize, usize),
    expected: Option<Decimal>,
}

impl Facts for Broken {
    fn message(&self, language: Language) -> String {
        let Self { at, raw, cells, .. } = self;
        let held = supported(self.support, self.along, language);
        let how = match self.kind {
            RelationKind::Sum => say!(language, "tổng của {cells}", "the sum of {cells}"),
            RelationKind::Difference => say!(language, "hiệu của {cells}", "the difference of {cells}"),
            RelationKind::Product => say!(language, "tích của {cells}", "the product of {cells}"),
            RelationKind::Ratio | RelationKind::Share => say!(language, "tỷ lệ của {cells}", "the ratio of {cells}"),
            RelationKind::Growth => say!(language, "tốc độ tăng của {cells}", "the growth of {cells}"),
            RelationKind::Average => say!(language, "bình quân của {cells}", "the average of {cells}"),
            RelationKind::Equal => say!(language, "bằng {cells}", "equal to {cells}"),
        };
        say!(
            language,
            "{at} ghi {raw}, không khớp {how}; các chỗ khác khớp {held}",
            "{at} says {raw}, which is not {how}; elsewhere it holds in {held}"
        )
    }

    fn action(&self, language: Language) -> String {
        let Self { at, cells, .. } = self;
        match self.expected {
            Some(expected) => {
                let expected = language.number(expected);
                say!(
                    language,
                    "kiểm tra {at} và {cells}; nếu {cells} đúng thì {at} là {expected}",
                    "check {at} and {cells}; if {cells} are right, {at} is {expected}"
                )
            }
            None => say!(language, "kiểm tra {at} và {cells}", "check {at} and {cells}"),
        }
    }
}

fn finding(table: &DraftTable, files: &Files<'_>, relation: &Relation, exception: &Exception) -> Option<Finding> {
    let code = match relation.kind {
        RelationKind::Sum | RelationKind::Difference => checks::total_mismatch(),
        RelationKind::Product => checks::product_mismatch(),
        RelationKind::Ratio | RelationKind::Growth | RelationKind::Share => checks::ratio_mismatch(),
        RelationKind::Equal | RelationKind::Average => checks::rule_violated(),
    };
    let sheet = files.sheet(table);
    let file = &files.workbooks[table.file].file;
    let place = |line: usize| -> Option<Place> {
        let (row, column) = relation.cell(line, exception.position);
        let at = Position::new(table.figures.rows.get(row)?.at, table.figures.columns.get(column)?.at);
        let raw = sheet.get(at).map(|cell| crate::extract::survey::shown(cell.value)).unwrap_or_default();
        Some(Place { file: file.clone(), sheet: Some(sheet.name.clone()), cell: Some(at), raw: Some(raw.into()) })
    };
    let target = place(relation.total)?;
    let sources: Vec<Place> = relation.parts.iter().filter_map(|part| place(*part)).collect();
    let at = target.cell?;
    let raw = target.raw.clone()?;
    let cells =
        sources.iter().filter_map(|place| place.cell.map(|cell| cell.to_string())).collect::<Vec<_>>().join(", ");
    let facts = Broken {
        at,
        raw: raw.clone(),
        kind: relation.kind,
        cells: cells.clone(),
        along: relation.along,
        support: relation.support,
        expected: exception.expected,
    };
    let mut finding =
        Finding::new(code, facts).at(target).fingerprinted(&["draft", &sheet.name, &at.to_string(), &cells]);
    finding.sources = sources;
    finding.found = Some(raw.to_string());
    finding.expected = exception.expected.map(number::plain);
    Some(finding)
}
