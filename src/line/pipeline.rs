//! The line in memory: files as bytes in, a judged submission out. No disk, process or terminal.

use std::sync::Arc;

use crate::{
    extract::{self, Extract, Texts},
    judge::{
        checks,
        suppression::Suppressions,
        suspects,
        verdict::{self, Verdict},
    },
    model::{
        catalogue::{Catalogue, FormLine, MeasureKind},
        finding::{DUPLICATE_MEMBER, Finding, Place, STALE_FORMULA, Severity},
        mapping::Mapping,
        reading::{Dataset, FormStatement, Key, Previous},
        report::{CheckCount, FileReport, FileStatus, FormRule, ReportEntry, Status, Submission, VerdictCount},
        workbook::Workbook,
    },
    read::{self, Limits, Step, UNREADABLE_CELL},
    values::{language::Language, number::Decimal},
};

/// A file that was read, or why it was not.
#[derive(Debug)]
pub struct ReadFile {
    /// As the user named it.
    pub path: Arc<str>,
    /// The workbook; `None` when the file could not be read.
    pub workbook: Option<Workbook>,
    /// What reading found.
    pub findings: Vec<Finding>,
}

impl ReadFile {
    /// What became of a file that gave no workbook: of a format that is not read, or unreadable.
    fn unread(&self) -> FileStatus {
        let unmapped = self.findings.first().is_some_and(|finding| finding.code == &extract::UNMAPPED_FILE);
        if unmapped { FileStatus::Unmapped } else { FileStatus::Unreadable }
    }

    /// The workbook, or the finding that says why there is none.
    ///
    /// # Errors
    /// That finding.
    pub fn opened(&self) -> Result<&Workbook, Box<Finding>> {
        let nothing_said = || read::internal_error(&self.path, Step::Reading, "no finding says why");
        self.workbook.as_ref().ok_or_else(|| Box::new(self.findings.first().cloned().unwrap_or_else(nothing_said)))
    }

    /// Why it could not be read, for whoever looks at the files only. A fault of the program is told
    /// apart by its first word in every language.
    fn error(&self, language: Language) -> Option<String> {
        let finding = self.findings.first().filter(|_| self.workbook.is_none())?;
        let internal = if read::is_internal(finding) { "internal: " } else { "" };
        Some(format!("{internal}{}", finding.facts.message(language)))
    }
}

/// A file of a format that is not read, told by the ending of its name; `None` for all others.
pub fn unsupported_file(path: &Arc<str>) -> Option<ReadFile> {
    let format = read::unsupported(path)?;
    let findings = vec![extract::unsupported_file(path, format)];
    Some(ReadFile { path: path.clone(), workbook: None, findings })
}

/// Reads one file. Whatever is wrong with it becomes findings.
pub fn read_file(path: &Arc<str>, bytes: &[u8], limits: &Limits) -> ReadFile {
    match read::read(path, bytes, limits) {
        Ok((workbook, findings)) => ReadFile { path: path.clone(), workbook: Some(workbook), findings },
        Err(finding) => ReadFile { path: path.clone(), workbook: None, findings: vec![*finding] },
    }
}

/// A submission with the readings that were judged.
#[derive(Debug)]
pub struct Judged {
    /// What reports show.
    pub submission: Submission,
    /// What writers write.
    pub dataset: Dataset,
    /// The files that could be read.
    pub workbooks: Vec<Workbook>,
    /// Results and estimates of the period before, in the units of this catalogue, where it was given.
    pub before: Vec<(Key, Decimal)>,
}

/// How well a mapping fits files: readings taken, then the share of its entries that were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fit {
    /// Values taken.
    pub readings: u64,
    /// Entries found, per thousand.
    pub found: u32,
}

/// Takes the readings of a mapping, and tells how well it fits.
pub fn try_mapping(
    files: &[ReadFile],
    mapping: &Mapping,
    catalogue: &Catalogue,
    previous: Option<Previous<'_>>,
    texts: &Texts,
) -> (Extract, Fit) {
    let workbooks: Vec<&Workbook> = files.iter().filter_map(|f| f.workbook.as_ref()).collect();
    let unread: Vec<&str> = files.iter().filter(|f| f.workbook.is_none()).map(|f| &*f.path).collect();
    let extract = extract::extract(&workbooks, &unread, mapping, catalogue, previous, texts);
    let (found, entries) = extract.fit;
    let fit =
        Fit { readings: count_readings(&extract.dataset), found: (found * 1000).checked_div(entries).unwrap_or(0) };
    (extract, fit)
}

fn count_readings(dataset: &Dataset) -> u64 {
    u64::try_from(dataset.filled()).unwrap_or(u64::MAX)
}

/// What a submission is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Basis<'a> {
    /// Where its figures stand.
    pub mapping: &'a Mapping,
    /// What is true of them.
    pub catalogue: &'a Catalogue,
    /// What was reported for the period before.
    pub previous: Option<Previous<'a>>,
    /// What somebody answers for.
    pub suppressions: Option<&'a Suppressions>,
}

/// Judges what was taken.
pub fn judge(
    path: &Arc<str>,
    files: Vec<ReadFile>,
    mut extract: Extract,
    basis: Basis<'_>,
    language: Language,
) -> Judged {
    let Basis { mapping, catalogue, previous, suppressions } = basis;
    let cx = checks::Context::new(catalogue, &extract.dataset).with_previous(previous).with_mapping(mapping);
    let mut results = checks::check(&cx);
    // A result that was not recalculated explains what is broken for it.
    results.findings.extend(extract.findings.extract_if(.., |finding| finding.code == &STALE_FORMULA));
    suspects::name(&cx, &mut results.findings);
    let counts = CheckCount { passed: results.passed, failed: results.failed, not_evaluated: results.not_evaluated };
    let mut findings = extract.findings;
    suspects::settle_dates(&cx, &mut findings);
    findings.append(&mut results.findings);
    fold_copies(&mut findings);
    let not_evaluated = results.unevaluated.into_report(catalogue, language);
    drop(cx);
    let mut claimed = extract.claimed.into_iter();
    let (mut reports, mut workbooks) = (Vec::new(), Vec::new());
    for mut file in files {
        let taken = file.workbook.is_some() && claimed.next().unwrap_or(false);
        let partly = file.findings.iter().any(|f| f.code == &UNREADABLE_CELL);
        let (error, unread) = (file.error(language), file.unread());
        reports.push(FileReport {
            path: file.path,
            status: match (&file.workbook, taken) {
                (None, _) => unread,
                (Some(_), false) => FileStatus::Unmapped,
                (Some(_), true) if partly => FileStatus::PartlyRead,
                (Some(_), true) => FileStatus::Read,
            },
            error,
            second_reader: None,
        });
        findings.append(&mut file.findings);
        workbooks.extend(file.workbook);
    }
    suspects::fold_headers(mapping, catalogue, &mut findings);
    if let Some(suppressions) = suppressions {
        let files: Vec<Arc<str>> = reports.iter().map(|file: &FileReport| file.path.clone()).collect();
        let complete = reports.iter().all(|file| file.status != FileStatus::Unreadable);
        suppressions.apply(&mut findings, &files, complete);
    }
    findings.iter_mut().for_each(Finding::raise);
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    let mut submission = Submission {
        path: path.clone(),
        mapping: Some(mapping.id.clone()),
        catalogue: Some(catalogue.id.clone()),
        period: Some(catalogue.period.to_string()),
        status: Status::Clean,
        files: reports,
        readings: count_readings(&extract.dataset),
        checks: counts,
        not_evaluated,
        verdicts: count_verdicts(catalogue, &extract.dataset),
        form_rules: extract.dataset.statements().iter().map(form_rule).collect(),
        findings: findings.into_iter().map(|finding| ReportEntry::new(finding, language)).collect(),
    };
    submission.status = status(&submission);
    let before = previous.map_or_else(Vec::new, |previous| figures_before(catalogue, &extract.dataset, previous));
    Judged { submission, dataset: extract.dataset, workbooks, before }
}

/// Two files of one member contradict each other in every figure that was changed: that has one cause.
fn fold_copies(findings: &mut Vec<Finding>) {
    let whole_file = |place: &Place| place.sheet.is_none().then(|| place.file.clone());
    let files = |finding: &Finding| -> Option<[Arc<str>; 2]> {
        let is_copy = finding.code == &DUPLICATE_MEMBER;
        let (target, source) = (finding.target.as_ref().filter(|_| is_copy)?, finding.sources.first()?);
        Some([whole_file(target)?, whole_file(source)?])
    };
    let copies: Vec<[Arc<str>; 2]> = findings.iter().filter_map(files).collect();
    for copy in copies {
        let is_between = |finding: &Finding| {
            let mut places = finding.target.iter().chain(&finding.sources);
            finding.code == checks::conflicting_sources() && places.all(|place| copy.contains(&place.file))
        };
        let following: Vec<Finding> = findings.extract_if(.., |finding| is_between(finding)).collect();
        if let Some(cause) = findings.iter_mut().find(|finding| files(finding).as_ref() == Some(&copy)) {
            cause.fold(following);
        }
    }
}

/// The results of the period before of the indicators that the form shows.
fn figures_before(catalogue: &Catalogue, dataset: &Dataset, previous: Previous<'_>) -> Vec<(Key, Decimal)> {
    let is_result = |kind| matches!(kind, MeasureKind::Actual | MeasureKind::Estimate);
    let mut figures = Vec::new();
    for line in catalogue.lines() {
        let FormLine::Indicator(indicator) = line else { continue };
        for (measure, _) in catalogue.iter_measures().filter(|(_, measure)| is_result(measure.kind)) {
            let key = Key { indicator, measure, member: None };
            let Some(before) = dataset.get(&key).and_then(|_| previous.figure(catalogue, &key)) else { continue };
            figures.extend(before.1.to_exact_decimal().map(|value| (key, value)));
        }
    }
    figures
}

fn form_rule(statement: &FormStatement) -> FormRule {
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    FormRule {
        file: statement.place.file.clone(),
        sheet: statement.place.sheet.clone().unwrap_or_default(),
        cell: statement.place.cell.map(|cell| cell.to_string()).unwrap_or_default(),
        written: statement.written.clone(),
        means: statement.means.clone(),
        kept: count(statement.kept),
        judged: count(statement.judged),
        outcome: statement.outcome.name().into(),
    }
}

/// Verdicts on the indicators that the form prints, each on the whole and not on its members.
fn count_verdicts(catalogue: &Catalogue, dataset: &Dataset) -> VerdictCount {
    let measures = catalogue.iter_measures().find_map(|(_, measure)| measure.kind.verdict_of());
    let mut count = VerdictCount::default();
    let Some((of, to)) = measures else { return count };
    for (id, indicator) in catalogue.iter().filter(|(_, indicator)| indicator.section.is_some()) {
        match verdict::of(indicator, dataset.whole(id, of), dataset.whole(id, to)) {
            Some(Verdict::Exceeded) => count.exceeded += 1,
            Some(Verdict::Met) => count.met += 1,
            Some(Verdict::Missed) => count.missed += 1,
            None => {}
        }
    }
    count.met_or_exceeded = count.exceeded + count.met;
    count
}

fn status(submission: &Submission) -> Status {
    if submission.files.iter().all(|f| f.status == FileStatus::Unreadable) {
        Status::Unreadable
    } else if submission.worst() >= Some(Severity::Warning) {
        Status::Findings
    } else {
        Status::Clean
    }
}

/// A submission that no mapping fits.
pub fn unmapped(path: &Arc<str>, files: Vec<ReadFile>, mut findings: Vec<Finding>, language: Language) -> Submission {
    let mut reports = Vec::new();
    for mut file in files {
        let error = file.error(language);
        let status = if file.workbook.is_some() { FileStatus::Unmapped } else { file.unread() };
        reports.push(FileReport { path: file.path, status, error, second_reader: None });
        findings.append(&mut file.findings);
    }
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    let unreadable = !reports.is_empty() && reports.iter().all(|f| f.status == FileStatus::Unreadable);
    Submission {
        path: path.clone(),
        mapping: None,
        catalogue: None,
        period: None,
        status: if unreadable { Status::Unreadable } else { Status::Unmapped },
        files: reports,
        readings: 0,
        checks: CheckCount::default(),
        not_evaluated: Vec::new(),
        verdicts: VerdictCount::default(),
        form_rules: Vec::new(),
        findings: findings.into_iter().map(|finding| ReportEntry::new(finding, language)).collect(),
    }
}
