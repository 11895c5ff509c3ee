//! What every check is given, and where it puts what it found.

use std::{cell::OnceCell, collections::HashMap, sync::Arc};

use super::{
    members::Members,
    quotient::Judgement,
    siblings::{self, Outlier},
    sums::Sum,
    unevaluated::{Cause, Unevaluated},
    words::Codes,
};
use crate::{
    judge::verdict,
    model::{
        catalogue::{Catalogue, Indicator, MeasureId, MeasureKind},
        finding::{Code, Facts, Finding, Place},
        mapping::{Mapping, Source},
        reading::{Dataset, Key, Previous, Reading},
        workbook::file_name,
    },
    values::number::{self, Decimal},
};

/// File, sheet and column.
type Column = (Arc<str>, Arc<str>, u32);

/// The readings of a submission and what they are to be judged by.
#[derive(Debug)]
pub struct Context<'a> {
    /// What is true of the indicators.
    pub catalogue: &'a Catalogue,
    /// The readings.
    pub dataset: &'a Dataset,
    /// The period before, where it was given.
    pub previous: Option<Previous<'a>>,
    /// Every printed ratio, judged once for the checks that speak of it.
    pub ratios: Vec<Judgement<'a>>,
    /// What is said of the results, each with the measures of result and plan, for the checks that ask about it.
    pub(super) verdicts: Vec<(&'a Reading, [MeasureId; 2])>,
    /// Every stated total, judged once for the checks that speak of it.
    pub(super) sums: Vec<Sum<'a>>,
    /// Figures of members out of proportion to their others, found once for the checks that speak of them.
    pub(super) outliers: Vec<Outlier<'a>>,
    mapping: Option<&'a Mapping>,
    members: OnceCell<Members>,
    codes: OnceCell<Codes>,
    negatives: OnceCell<HashMap<Column, usize>>,
}

impl<'a> Context<'a> {
    /// Prepares what several checks share.
    pub fn new(catalogue: &'a Catalogue, dataset: &'a Dataset) -> Self {
        let ratios = super::quotient::judge_all(catalogue, dataset);
        let sums = super::sums::judge_all(catalogue, dataset);
        let outliers = siblings::outliers(catalogue, dataset);
        let of_measures: Vec<_> = catalogue.iter_measures().map(|(_, measure)| measure.kind.verdict_of()).collect();
        let verdict = |reading: &'a Reading| {
            let (of, to) = of_measures[usize::from(reading.key.measure.0)]?;
            Some((reading, [of, to]))
        };
        let verdicts = dataset.irregular().iter().filter_map(verdict).collect();
        Self {
            catalogue,
            dataset,
            previous: None,
            ratios,
            verdicts,
            sums,
            outliers,
            mapping: None,
            members: OnceCell::new(),
            codes: OnceCell::new(),
            negatives: OnceCell::new(),
        }
    }

    /// The same with the period before.
    #[must_use]
    pub fn with_previous(mut self, previous: Option<Previous<'a>>) -> Self {
        self.previous = previous;
        self.members = OnceCell::new();
        self
    }

    /// The same with the mapping that took the readings.
    #[must_use]
    pub fn with_mapping(mut self, mapping: &'a Mapping) -> Self {
        self.mapping = Some(mapping);
        self
    }

    /// The pattern by which a file is read; nothing where that is not known. Names of files change from
    /// year to year and from member to member, patterns do not.
    pub fn pattern(&self, file: &str) -> String {
        let sources = self.mapping.iter().flat_map(|mapping| &mapping.sources);
        sources.into_iter().find(|source| source.takes_file(file_name(file))).map(Source::pattern).unwrap_or_default()
    }

    /// Members of every indicator and measure, for the rules.
    pub(super) fn members(&self) -> &Members {
        self.members.get_or_init(|| Members::new(self.catalogue, self.dataset, self.previous))
    }

    /// Words that rules compare cells with, as numbers.
    pub(super) fn codes(&self) -> &Codes {
        self.codes.get_or_init(|| Codes::new(self.catalogue))
    }

    /// How many figures below 0 stand in the column of a reading, its own too.
    pub fn negatives_beside(&self, reading: &Reading) -> usize {
        let negatives = self.negatives.get_or_init(|| {
            let mut found = HashMap::new();
            for other in self.dataset.irregular().iter().filter(|r| r.number().is_some_and(|n| n < Decimal::ZERO)) {
                let origin = &other.origin;
                *found.entry((origin.file.clone(), origin.sheet.clone(), origin.cell.column)).or_default() += 1;
            }
            found
        });
        let origin = &reading.origin;
        negatives.get(&(origin.file.clone(), origin.sheet.clone(), origin.cell.column)).copied().unwrap_or(0)
    }

    /// What the stage that names the cell is given for a reading: its number, or that of its word.
    pub fn code(&self, reading: &Reading) -> Option<Decimal> {
        let word = || match self.codes().in_cell(reading) {
            Some(code) if self.codes().word(code).is_some() => Some(code),
            other => self.verdict(reading).or(other),
        };
        reading.number().or_else(word)
    }

    fn verdict(&self, reading: &Reading) -> Option<Decimal> {
        let is_verdict = matches!(self.catalogue.measure(reading.key.measure).kind, MeasureKind::Verdict { .. });
        let stated = || verdict::stated(reading, &self.catalogue.verdicts);
        is_verdict.then(stated).flatten().map(verdict::Stated::code)
    }

    /// The word that a number of [`Self::code`] stands for; `None` for one that no rule names.
    pub fn word(&self, code: Decimal) -> Option<&str> {
        self.codes().word(code).or_else(|| verdict::word_of(code, &self.catalogue.verdicts))
    }

    /// The first blank cell that a total was added up without, and how many more there are.
    pub fn blank_in(&self, total: &Reading) -> Option<(&'a Reading, usize)> {
        let is_it = |sum: &&Sum<'a>| std::ptr::eq(sum.total, total) && matches!(sum.result, Some((.., true)));
        let (first, others) = self.sums.iter().find(is_it)?.blanks.split_first()?;
        Some((first, others.len()))
    }

    /// The indicator of a reading.
    pub fn indicator(&self, reading: &Reading) -> &'a Indicator {
        self.catalogue.indicator(reading.key.indicator)
    }

    /// A finding about one reading: place, indicator, line of the mapping and fingerprint set.
    pub fn finding(&self, code: &'static Code, reading: &Reading, facts: impl Facts + 'static) -> Finding {
        let indicator = self.indicator(reading);
        let measure = self.catalogue.measure(reading.key.measure);
        let period = self.catalogue.period.to_string();
        Finding::new(code, facts)
            .at(reading.place())
            .about(&indicator.id)
            .stated_at(reading.origin.mapping.clone())
            .fingerprinted(&[&indicator.id, &measure.id, reading.key.member.as_deref().unwrap_or(""), &period])
    }

    /// The same for what a cell says instead of a figure: the facts are given its name and what stands there,
    /// which is what was found.
    pub fn finding_of_words<F: Facts + 'static>(
        &self,
        code: &'static Code,
        reading: &Reading,
        facts: impl FnOnce(String, String) -> F,
    ) -> Finding {
        let raw = reading.origin.raw.text().trim().to_owned();
        let mut finding = self.finding(code, reading, facts(self.name(&reading.key), raw.clone()));
        finding.found = Some(raw);
        finding
    }

    /// The name of what a key is a value of: its label, the member, and the measure where it is
    /// not the result itself.
    pub fn name(&self, key: &Key) -> String {
        let indicator = self.catalogue.indicator(key.indicator);
        let mut name = format!("\"{}\"", indicator.label);
        if let Some(member) = &key.member {
            name.push_str(" – ");
            name.push_str(member);
        }
        let measure = self.catalogue.measure(key.measure);
        if !matches!(measure.kind, MeasureKind::Actual) {
            name.push_str(" (");
            name.push_str(&measure.label);
            name.push(')');
        }
        name
    }
}

/// `D12 = 874` for a list of places, in one line.
pub(super) fn list_places(places: &[Place]) -> String {
    let mut shown: Vec<String> = places
        .iter()
        .filter_map(|p| Some(format!("{} = {}", p.cell?, p.raw.as_deref().unwrap_or("").trim())))
        .collect();
    shown.dedup();
    shown.join(" · ")
}

/// A plain decimal for `found` and `expected`.
pub(super) fn plain(value: Decimal) -> String {
    number::plain(value)
}

/// What the checks found, and how many judgements they made.
#[derive(Debug, Default)]
pub struct CheckResults {
    /// All findings.
    pub findings: Vec<Finding>,
    /// Judgements that found nothing.
    pub passed: u64,
    /// Judgements that found something of severity warning or error.
    pub failed: u64,
    /// Judgements that lacked an operand.
    pub not_evaluated: u64,
    /// What was not judged, and why.
    pub unevaluated: Unevaluated,
}

impl CheckResults {
    /// A judgement with a finding.
    pub fn fail(&mut self, finding: Finding) {
        self.failed += 1;
        self.findings.push(finding);
    }

    /// A remark beside a judgement that is counted elsewhere.
    pub fn remark(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// A judgement that found nothing.
    pub fn pass(&mut self) {
        self.passed += 1;
    }

    /// A judgement that could not be made, and on what.
    pub fn skip(&mut self, cause: Cause, name: impl FnOnce() -> String) {
        self.not_evaluated += 1;
        self.unevaluated.check(cause, name);
    }
}
