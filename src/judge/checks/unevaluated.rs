//! What could not be judged, and why. One line a cause: a page of skipped checks says less than the
//! one figure that they all lack.

use std::{collections::HashSet, sync::Arc};

use crate::{
    judge::verdict,
    model::{
        catalogue::{Catalogue, IndicatorId, MeasureId},
        reading::{Dataset, Reading, Value},
        report::NotEvaluated,
    },
    values::{
        language::{Language, say},
        number::Nothing,
    },
};

/// Names kept for one cause. A table may have a million rows that lack the same.
const MOST_NAMES: usize = 10_000;

/// Why something cannot be judged. The measure is that of the figure that is wanting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// No cell has it; where the mapping expects it in a file that could not be read, that file.
    Absent(MeasureId, Option<Arc<str>>),
    /// Its cell is blank.
    Blank(MeasureId),
    /// "…": not collected.
    NotCollected(MeasureId),
    /// "-": nothing occurred.
    Dash(MeasureId),
    /// Words or a mark stand in its cell.
    NoNumber(MeasureId),
    /// Its cell has an error, a date, two readings or a unit that does not fit, told where it was read.
    Unusable(MeasureId),
    /// It is a bound or a range.
    Bound(MeasureId),
    /// A sum that lacks some of its members.
    Partial(MeasureId),
    /// It is 0 or less, and is divided by.
    NotPositive(MeasureId),
    /// It is not clear which rows belong to the total.
    Members(MeasureId),
    /// It was computed from the figures that it would be held against.
    Derived(MeasureId),
    /// The formula of a total was not computed anew.
    Stale,
    /// A rule of the catalogue lacks a figure.
    Rule(Arc<str>),
    /// Nothing above 0 to compare with.
    Comparison,
}

impl Cause {
    /// Why a figure cannot be used as an operand; `None` where it is a number.
    pub(super) fn of(
        dataset: &Dataset,
        indicator: IndicatorId,
        measure: MeasureId,
        reading: Option<&Reading>,
    ) -> Option<Self> {
        let Some(reading) = reading else {
            return Some(Self::Absent(measure, dataset.unread_file(indicator).cloned()));
        };
        Some(match &reading.value {
            Value::Number(_) => return None,
            Value::Bound(..) | Value::Range(..) => Self::Bound(measure),
            Value::Nothing(Nothing::Blank) => Self::Blank(measure),
            Value::Nothing(Nothing::Dash) => Self::Dash(measure),
            Value::Nothing(Nothing::Dots) => Self::NotCollected(measure),
            Value::Nothing(Nothing::Cross | Nothing::Ditto) | Value::Text(_) => Self::NoNumber(measure),
            Value::Partial { .. } => Self::Partial(measure),
            Value::Unusable => Self::Unusable(measure),
        })
    }

    /// Name in JSON.
    const fn name(&self) -> &'static str {
        match self {
            Self::Absent(_, None) => "no-figure",
            Self::Absent(_, Some(_)) => "unreadable-file",
            Self::Blank(_) => "blank",
            Self::NotCollected(_) => "not-collected",
            Self::Dash(_) => "nothing-occurred",
            Self::NoNumber(_) => "not-a-number",
            Self::Unusable(_) => "unusable-cell",
            Self::Bound(_) => "bound-or-range",
            Self::Partial(_) => "partial-sum",
            Self::NotPositive(_) => "not-above-zero",
            Self::Members(_) => "open-members",
            Self::Derived(_) => "computed",
            Self::Stale => "stale-formula",
            Self::Rule(_) => "rule-operand",
            Self::Comparison => "nothing-to-compare",
        }
    }

    /// In words, with the labels of a catalogue.
    fn words(&self, catalogue: &Catalogue, language: Language) -> String {
        let label = |measure: &MeasureId| &catalogue.measure(*measure).label;
        match self {
            Self::Absent(of, None) => {
                let what = label(of);
                say!(language, "chưa có số {what}", "no figure for {what}")
            }
            Self::Absent(of, Some(file)) => {
                let (what, file) = (label(of), crate::model::workbook::file_name(file));
                say!(
                    language,
                    "chưa có số {what} (tệp {file} không đọc được)",
                    "no figure for {what} ({file} could not be read)"
                )
            }
            Self::Blank(of) => {
                let what = label(of);
                say!(language, "ô {what} để trống", "{what} is blank")
            }
            Self::NotCollected(of) => {
                let what = label(of);
                say!(language, "số {what} chưa thu thập được (\"…\")", "{what} was not collected (\"…\")")
            }
            Self::Dash(of) => {
                let what = label(of);
                say!(language, "{what} không phát sinh (\"-\")", "{what} did not occur (\"-\")")
            }
            Self::NoNumber(of) => {
                let what = label(of);
                say!(language, "{what} không phải là số", "{what} is not a number")
            }
            Self::Unusable(of) => {
                let what = label(of);
                say!(language, "ô {what} không đọc được thành số", "{what} could not be read as a number")
            }
            Self::Bound(of) => {
                let what = label(of);
                say!(
                    language,
                    "{what} là mức tối thiểu, tối đa hoặc khoảng",
                    "{what} is a bound or a range, not one number"
                )
            }
            Self::Partial(of) => {
                let what = label(of);
                say!(language, "số {what} mới cộng được một phần", "{what} is the sum of a part only")
            }
            Self::NotPositive(of) => {
                let what = label(of);
                say!(language, "{what} không lớn hơn 0", "{what} is not above 0")
            }
            Self::Members(of) => {
                let what = label(of);
                say!(language, "chưa rõ cộng những dòng nào ({what})", "it is open which rows to add up ({what})")
            }
            Self::Derived(of) => {
                let what = label(of);
                say!(language, "số {what} được tính từ chính các số này", "{what} was computed from these very figures")
            }
            Self::Stale => say!(language, "công thức chưa được tính lại", "the formula was not recalculated"),
            Self::Rule(name) => say!(language, "thiếu số cho quy tắc {name}", "the rule {name} lacks a figure"),
            Self::Comparison => {
                say!(language, "không có số lớn hơn 0 để so sánh", "there is no figure above 0 to compare with")
            }
        }
    }
}

/// What one cause left open.
#[derive(Debug)]
struct Group {
    cause: Cause,
    indicators: u64,
    checks: u64,
    names: Vec<String>,
}

/// What was left open, by cause.
#[derive(Debug, Default)]
pub struct Unevaluated(Vec<Group>);

impl Unevaluated {
    fn group(&mut self, cause: Cause, name: impl FnOnce() -> String) -> &mut Group {
        let at = self.0.iter().position(|group| group.cause == cause).unwrap_or_else(|| {
            self.0.push(Group { cause, indicators: 0, checks: 0, names: Vec::new() });
            self.0.len() - 1
        });
        let group = &mut self.0[at];
        if group.names.len() < MOST_NAMES {
            group.names.push(name());
        }
        group
    }

    /// A check that was not made.
    pub(super) fn check(&mut self, cause: Cause, name: impl FnOnce() -> String) {
        self.group(cause, name).checks += 1;
    }

    /// The indicators of the form that have no verdict.
    pub(super) fn verdicts(&mut self, catalogue: &Catalogue, dataset: &Dataset) {
        let Some((of, to)) = catalogue.iter_measures().find_map(|(_, measure)| measure.kind.verdict_of()) else {
            return;
        };
        for (id, indicator) in catalogue.iter().filter(|(_, indicator)| indicator.section.is_some()) {
            let (actual, plan) = (dataset.whole(id, of), dataset.whole(id, to));
            if verdict::of(indicator, actual, plan).is_some() {
                continue;
            }
            let cause = Cause::of(dataset, id, of, actual).or_else(|| Cause::of(dataset, id, to, plan));
            if let Some(cause) = cause {
                self.group(cause, || format!("\"{}\"", indicator.label)).indicators += 1;
            }
        }
    }

    /// For the report: what most is left open by comes first.
    pub fn into_report(self, catalogue: &Catalogue, language: Language) -> Vec<NotEvaluated> {
        let mut groups = self.0;
        groups.sort_by_key(|group| std::cmp::Reverse((group.indicators, group.checks)));
        let report = |group: Group| {
            let mut known = HashSet::new();
            let mut names = group.names;
            names.retain(|name| known.insert(name.clone()));
            let file = if let Cause::Absent(_, file) = &group.cause { file.clone() } else { None };
            let (cause, message) = (group.cause.name().to_owned(), group.cause.words(catalogue, language));
            NotEvaluated { cause, message, file, indicators: group.indicators, checks: group.checks, names }
        };
        groups.into_iter().map(report).collect()
    }
}
