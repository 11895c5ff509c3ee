//! A finding as reports hold it: worded.

use std::{borrow::Cow, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    model::{
        finding::{Certainty, FileLine, Finding, Hypothesis, Place, Severity},
        workbook::Position,
    },
    values::language::Language,
};

/// A finding in the words of one language, as reports hold it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportEntry {
    /// Name of its [`Code`](super::super::finding::Code).
    pub code: Cow<'static, str>,
    /// Default of the code, or what the user made of it.
    pub severity: Severity,
    /// What is there, then what was expected.
    pub message: String,
    /// What to do.
    pub action: String,
    /// Indicator id.
    pub indicator: Option<Arc<str>>,
    /// Name of the rule that was broken.
    pub rule: Option<String>,
    /// Where the mapping or catalogue says so.
    pub mapping: Option<FileLine>,
    /// The judged cell.
    pub target: Option<Place>,
    /// The cells it was judged from, of very many the first [`MOST_SOURCES`](super::super::finding::MOST_SOURCES).
    pub sources: Vec<Place>,
    /// How many more cells it was judged from.
    #[serde(default, skip_serializing_if = "is_none")]
    pub more_sources: u64,
    /// What was found, as a plain decimal or text.
    pub found: Option<String>,
    /// What was expected, as a plain decimal or text.
    pub expected: Option<String>,
    /// The likely cause.
    pub diagnosis: Option<String>,
    /// How sure the first of the hypotheses is; absent where there is none.
    #[serde(default)]
    pub certainty: Option<Certainty>,
    /// Changes that would explain it.
    pub hypotheses: Vec<Hypothesis>,
    /// Findings that follow from the same cause, and go when it goes. None of them has consequences.
    #[serde(default)]
    pub consequences: Vec<ReportEntry>,
    /// Stays the same when rows move: of code, rule, indicator, measure, member and period.
    pub fingerprint: String,
    /// Why it was suppressed, if it was.
    pub suppressed: Option<String>,
}

// serde hands over a reference to the field.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn is_none(count: &u64) -> bool {
    *count == 0
}

impl ReportEntry {
    /// The finding, and what is folded into it, in the words of a language.
    pub fn new(finding: Finding, language: Language) -> Self {
        let action = match &finding.advice {
            Some(advice) => advice.words(language),
            None => finding.facts.action(language),
        };
        Self {
            code: Cow::Borrowed(finding.code.name),
            severity: finding.severity,
            message: finding.facts.message(language),
            action,
            indicator: finding.indicator,
            rule: finding.rule,
            mapping: finding.mapping,
            target: finding.target,
            sources: finding.sources,
            more_sources: finding.more_sources,
            found: finding.found,
            expected: finding.expected,
            diagnosis: finding.diagnosis.map(|cause| cause.words(language)),
            certainty: finding.certainty,
            hypotheses: finding.hypotheses,
            consequences: finding.consequences.into_iter().map(|finding| Self::new(finding, language)).collect(),
            fingerprint: finding.fingerprint,
            suppressed: finding.suppressed.map(|reason| reason.words(language)),
        }
    }

    /// The cells that are wrong, where it is sure which.
    pub fn suspects(&self) -> impl Iterator<Item = &Place> {
        let sure = self.certainty.is_some_and(|certainty| certainty > Certainty::Open) && self.suppressed.is_none();
        let first = self.hypotheses.first().filter(|_| sure);
        first
            .into_iter()
            .flat_map(|guess| std::iter::once(&guess.target).chain(guess.together.iter().map(|other| &other.target)))
    }

    /// The finding and what is folded into it.
    pub fn with_consequences(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.consequences)
    }

    /// File, sheet, cell, code: the order of every report.
    pub fn order(&self) -> (&str, &str, Option<Position>, &str) {
        let target = self.target.as_ref();
        (
            target.map_or("", |t| &t.file),
            target.and_then(|t| t.sheet.as_deref()).unwrap_or(""),
            target.and_then(|t| t.cell),
            &self.code,
        )
    }
}
