//! The report: what was judged, and how it came out. One model for every writer.

mod entry;
mod excerpt;
mod overview;

use std::{borrow::Cow, io, sync::Arc};

pub use entry::ReportEntry;
pub use excerpt::{Excerpt, Line, LineKind};
pub use overview::{Group, Overview, Rank};
use serde::{Deserialize, Serialize};

use crate::{
    model::finding::Severity,
    values::language::{Language, Words, counted, say},
};

/// How one submission came out.
///
/// ```
/// use bieu::{Language, Status};
///
/// assert_eq!(Status::Unmapped.name(), "unmapped");
/// assert_eq!(Status::Clean.words().get(Language::En), "no findings");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// No finding of severity warning or error.
    Clean,
    /// At least one warning or error.
    Findings,
    /// No file of it could be read.
    Unreadable,
    /// No mapping fits.
    Unmapped,
}

impl Status {
    /// Name in JSON and tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Findings => "findings",
            Self::Unreadable => "unreadable",
            Self::Unmapped => "unmapped",
        }
    }

    /// Name for people.
    pub const fn words(self) -> Words {
        match self {
            Self::Clean => Words { vi: "không có vấn đề", en: "no findings" },
            Self::Findings => Words { vi: "cần xem lại", en: "with findings" },
            Self::Unreadable => Words { vi: "không đọc được", en: "unreadable" },
            Self::Unmapped => Words { vi: "chưa có bảng ánh xạ phù hợp", en: "no matching mapping" },
        }
    }
}

/// How one file came out.
///
/// ```
/// use bieu::FileStatus;
///
/// // What is not to be relied on in full.
/// let is_doubtful = |status| matches!(status, FileStatus::PartlyRead | FileStatus::Unreadable);
/// assert!(is_doubtful(FileStatus::Unreadable) && !is_doubtful(FileStatus::Read));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileStatus {
    /// Read in full.
    Read,
    /// Read but for some cells or sheets.
    PartlyRead,
    /// Not read.
    Unreadable,
    /// Read, but the mapping takes nothing from it.
    Unmapped,
}

/// One file of a submission.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FileReport {
    /// As the user named it.
    pub path: Arc<str>,
    /// How it came out.
    pub status: FileStatus,
    /// Why it could not be read.
    pub error: Option<String>,
    /// What came of reading it a second time, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_reader: Option<SecondReader>,
}

/// What came of reading a file once more with a reader that shares no code with the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecondReader {
    /// Every cell that a figure was taken from holds the same.
    Agrees,
    /// Some hold something else: `readers-disagree`.
    Differs,
    /// It does not read such files, or not this one.
    ReadOnce,
}

/// How many judgements the checks made.
///
/// ```
/// let checks = bieu::CheckCount { passed: 12, failed: 1, not_evaluated: 2 };
/// assert_eq!(checks.passed + checks.failed, 13); // judgements that were made
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckCount {
    /// Found nothing.
    pub passed: u64,
    /// Found something.
    pub failed: u64,
    /// Lacked an operand.
    pub not_evaluated: u64,
}

/// What could not be judged for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotEvaluated {
    /// Name of the reason.
    pub cause: String,
    /// The reason for people.
    pub message: String,
    /// The file that could not be read, where that is the reason.
    pub file: Option<Arc<str>>,
    /// Indicators of the form that have no verdict.
    pub indicators: u64,
    /// Checks that were not made.
    pub checks: u64,
    /// What was not judged, each once; of a table of many rows the first 10,000.
    pub names: Vec<String>,
}

impl NotEvaluated {
    /// How much of what is open and why: `12 chỉ tiêu chưa đánh giá: chưa có số Thực hiện`.
    pub fn head(&self, language: Language) -> String {
        let (indicators, checks, message) = (self.indicators, self.checks, &self.message);
        let (indicators_en, checks_en) = (counted(indicators, "indicator"), counted(checks, "check"));
        match (indicators, checks) {
            (0, _) => say!(
                language,
                "{checks} phép kiểm tra chưa thực hiện được: {message}",
                "{checks_en} not evaluated: {message}"
            ),
            (_, 0) => say!(
                language,
                "{indicators} chỉ tiêu chưa đánh giá: {message}",
                "{indicators_en} not assessed: {message}"
            ),
            _ => say!(
                language,
                "{indicators} chỉ tiêu, {checks} phép kiểm tra chưa đánh giá: {message}",
                "{indicators_en}, {checks_en} not evaluated: {message}"
            ),
        }
    }

    /// The reason and as many names as a line has room for, in characters.
    pub fn line(&self, language: Language, width: usize) -> String {
        let mut line = self.head(language);
        for (at, name) in self.names.iter().enumerate() {
            let (left, mark) = (self.names.len() - at, if at == 0 { ": " } else { ", " });
            let rest = |left: usize| match left {
                0 => String::new(),
                _ => say!(language, " và {left} mục nữa", " and {left} more"),
            };
            let longer = format!("{line}{mark}{name}");
            if longer.chars().count() + rest(left - 1).chars().count() > width {
                if at > 0 {
                    line.push_str(&rest(left));
                }
                break;
            }
            line = longer;
        }
        line
    }
}

/// How the indicators of the form came out, by the exact figures.
///
/// ```
/// let verdicts = bieu::VerdictCount { exceeded: 4, met: 2, missed: 1, met_or_exceeded: 6 };
/// assert_eq!(verdicts.exceeded + verdicts.met, verdicts.met_or_exceeded);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictCount {
    /// Above the plan.
    pub exceeded: u64,
    /// Just the plan.
    pub met: u64,
    /// Below the plan.
    pub missed: u64,
    /// The other way of counting: exceeded or met.
    pub met_or_exceeded: u64,
}

/// What a form says of its own columns or rows: `(5)=(3)-(4)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormRule {
    /// File as the user named it.
    pub file: Arc<str>,
    /// Sheet.
    pub sheet: Arc<str>,
    /// The cell that says it.
    pub cell: String,
    /// As written.
    pub written: String,
    /// With letters of columns or numbers of rows: `E = C - D`.
    pub means: String,
    /// Places that keep it.
    pub kept: u64,
    /// Places that could be judged.
    pub judged: u64,
    /// `rule`, `open` or `refused`.
    pub outcome: Cow<'static, str>,
}

impl FormRule {
    /// For people, in one line.
    pub fn line(&self, language: Language) -> String {
        let Self { written, means, kept, judged, .. } = self;
        let said = match &*self.outcome {
            "rule" => say!(language, "được dùng làm quy tắc kiểm tra", "used as a rule"),
            "refused" => say!(language, "số liệu không theo, không dùng", "the figures refuse it, not used"),
            _ => say!(language, "chưa đủ căn cứ, không dùng", "too little evidence, not used"),
        };
        say!(
            language,
            "{written}: {means} ({kept}/{judged} chỗ theo đúng; {said})",
            "{written}: {means} (kept in {kept} of {judged} places; {said})"
        )
    }
}

/// One submission, judged.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Submission {
    /// The folder or file, as the user named it.
    pub path: Arc<str>,
    /// Id of the mapping.
    pub mapping: Option<Arc<str>>,
    /// Id of the catalogue.
    pub catalogue: Option<Arc<str>>,
    /// Period of the catalogue.
    pub period: Option<String>,
    /// How it came out.
    pub status: Status,
    /// Its files.
    pub files: Vec<FileReport>,
    /// Values taken; blank cells do not count.
    pub readings: u64,
    /// Judgements.
    pub checks: CheckCount,
    /// What could not be judged, a reason each, and what most is left open by first.
    #[serde(default)]
    pub not_evaluated: Vec<NotEvaluated>,
    /// Verdicts on the indicators of the form.
    #[serde(default)]
    pub verdicts: VerdictCount,
    /// What its forms say of their own columns and rows, and how the figures keep it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub form_rules: Vec<FormRule>,
    /// Findings, sorted by file, sheet, cell and code.
    pub findings: Vec<ReportEntry>,
}

impl Submission {
    /// How many findings of each severity there are that nothing suppresses: errors, warnings, infos.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for finding in self.findings.iter().filter(|f| f.suppressed.is_none()) {
            counts.add(finding.severity);
        }
        counts
    }

    /// The worst severity that nothing suppresses.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().filter(|f| f.suppressed.is_none()).map(|f| f.severity).max()
    }
}

/// Findings by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Errors.
    pub errors: u64,
    /// Warnings.
    pub warnings: u64,
    /// Infos.
    pub infos: u64,
}

impl Counts {
    fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Info => self.infos += 1,
        }
    }
}

/// Numbers over all submissions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// All of them.
    pub submissions: u64,
    /// Without warnings or errors.
    pub clean: u64,
    /// With warnings or errors.
    pub with_findings: u64,
    /// Not readable.
    pub unreadable: u64,
    /// Without a mapping.
    pub unmapped: u64,
    /// Findings by severity.
    #[serde(flatten)]
    pub findings: Counts,
    /// Whether the run was stopped before its end.
    pub partial: bool,
    /// Submissions that were not judged, because the run was stopped.
    pub not_judged: u64,
    /// Files that the second reader was asked for and did not read.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub read_once: u64,
}

// serde hands over a reference to the field.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Summary {
    /// How many submissions there are of each status: `5 bộ số liệu: 4 không có vấn đề, 1 cần xem lại`.
    pub fn line(&self, language: Language) -> String {
        let each = [
            (self.clean, Status::Clean),
            (self.with_findings, Status::Findings),
            (self.unreadable, Status::Unreadable),
            (self.unmapped, Status::Unmapped),
        ];
        let some = each.into_iter().filter(|(count, _)| *count > 0);
        let some: Vec<String> = some.map(|(count, of)| format!("{count} {}", of.words().get(language))).collect();
        let (all, all_en, list) = (self.submissions, counted(self.submissions, "submission"), some.join(", "));
        if list.is_empty() {
            return say!(language, "{all} bộ số liệu", "{all_en}");
        }
        say!(language, "{all} bộ số liệu: {list}", "{all_en}: {list}")
    }

    /// What is to be said of files that the second reader was asked for and did not read.
    pub fn read_once_remark(&self, language: Language) -> Option<String> {
        let files = self.read_once;
        let files_en = counted(files, "file");
        (files > 0).then(|| {
            say!(
                language,
                "{files} tệp chỉ được đọc một lần: bộ đọc thứ hai không đọc loại tệp này.",
                "{files_en} read once only: the second reader does not read such files."
            )
        })
    }

    /// What is to be said of a report on less than was asked for.
    pub fn remark(&self, language: Language) -> Option<String> {
        let left = self.not_judged;
        let submissions = counted(left, "submission");
        let text = say!(
            language,
            "Báo cáo chưa đầy đủ: lần chạy bị dừng, còn {left} bộ số liệu chưa kiểm tra.",
            "Partial report: the run was stopped, {submissions} not judged."
        );
        self.partial.then_some(text)
    }
}

/// Submissions in the order of their tasks. Where they are kept is up to the implementor: a report
/// on thousands of them must not need them all in memory.
pub trait Submissions {
    /// How many there are.
    fn count(&self) -> usize;

    /// One of them, by its place from zero.
    ///
    /// # Errors
    /// Those of the place where it is kept.
    fn get(&self, at: usize) -> io::Result<Cow<'_, Submission>>;

    /// What of its sheets is shown beside its findings; nothing where that was not asked for.
    ///
    /// # Errors
    /// Those of the place where it is kept.
    fn excerpts(&self, _at: usize) -> io::Result<Vec<Excerpt>> {
        Ok(Vec::new())
    }
}

impl Submissions for &[Submission] {
    fn count(&self) -> usize {
        self.len()
    }

    fn get(&self, at: usize) -> io::Result<Cow<'_, Submission>> {
        <[Submission]>::get(self, at).map(Cow::Borrowed).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// Everything that one run judged.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    /// Numbers over all of it.
    pub overview: &'a Overview,
    /// In the order of their tasks.
    pub submissions: &'a dyn Submissions,
}

impl<'a> Report<'a> {
    /// Every submission, one after the other.
    pub fn iter(&self) -> impl Iterator<Item = io::Result<Cow<'a, Submission>>> + use<'a> {
        let submissions = self.submissions;
        (0..submissions.count()).map(move |at| submissions.get(at))
    }
}
