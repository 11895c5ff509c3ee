//! `bieu.toml` beside a submission: findings that somebody has looked at and answers for, and the
//! severities that an office gives to codes. "Comply or explain" (ESS): what is suppressed stays in
//! every report, with its reason, and the suppression lapses when the figure changes.

mod codes;
mod decode;

use std::sync::Arc;

pub use codes::CODES;
pub use decode::decode;

use crate::{
    model::{
        document::plain_decimal,
        finding::{Certainty, Facts, FileLine, Finding, Place, Remark, Severity},
        workbook::file_name,
    },
    values::language::{Language, say},
};

/// What `bieu.toml` says.
#[derive(Clone, Debug, Default)]
pub struct Suppressions {
    /// File it came from.
    pub file: Arc<str>,
    /// Severities that replace those of the codes.
    pub severities: Vec<(String, Severity)>,
    /// Findings that are accepted.
    pub entries: Vec<Suppression>,
}

/// Findings that are accepted, and why.
#[derive(Clone, Debug)]
pub struct Suppression {
    /// Which findings.
    pub target: Target,
    /// Files whose findings are meant; all where it is absent. Folded, with `*`.
    pub files: Option<String>,
    /// What was found when somebody accepted it; another value is not accepted.
    pub value: String,
    /// Why it is right as it is.
    pub reason: String,
    /// Who answers for it.
    pub by: String,
    /// When, as written.
    pub on: String,
    /// Line in the file.
    pub line: FileLine,
}

/// What a suppression names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A finding by its fingerprint.
    Fingerprint(String),
    /// Findings of a code about an indicator.
    Indicator {
        /// The code.
        code: String,
        /// Id of the indicator.
        indicator: String,
    },
}

impl Suppression {
    fn names(&self, finding: &Finding) -> bool {
        let in_file = self
            .files
            .as_ref()
            .is_none_or(|pattern| finding.target.as_ref().is_some_and(|target| takes(pattern, &target.file)));
        in_file
            && match &self.target {
                Target::Fingerprint(fingerprint) => finding.fingerprint == *fingerprint || self.is_former(finding),
                Target::Indicator { code, indicator } => {
                    finding.code.name == *code && finding.indicator.as_deref() == Some(indicator)
                }
            }
    }

    /// Whether the fingerprint is the one that the release before gave to a finding.
    fn is_former(&self, finding: &Finding) -> bool {
        matches!(&self.target, Target::Fingerprint(fingerprint) if finding.former.contains(fingerprint))
    }

    /// Whether a finding still shows what was accepted: by what it found or by what its cell shows.
    fn accepts(&self, finding: &Finding) -> bool {
        let wanted = self.value.trim();
        let same = |there: &str| {
            let there: String = there.trim().chars().filter(|c| !crate::values::text::is_ignorable(*c)).collect();
            let there = there.as_str();
            there == wanted || plain_decimal(there).is_some_and(|value| plain_decimal(wanted) == Some(value))
        };
        let raw = finding.target.as_ref().and_then(|target| target.raw.as_deref());
        let shown = [finding.found.as_deref(), raw];
        shown.iter().flatten().any(|there| same(there)) || (wanted.is_empty() && shown.iter().all(Option::is_none))
    }

    fn subject(&self) -> String {
        match &self.target {
            Target::Fingerprint(fingerprint) => fingerprint.clone(),
            Target::Indicator { code, indicator } => format!("{code}, {indicator}"),
        }
    }
}

fn takes(pattern: &str, file: &str) -> bool {
    crate::values::text::matches_pattern(pattern, file_name(file))
}

/// Lays what is folded behind the findings, and says which of them each belongs to.
fn unfold(findings: &mut Vec<Finding>) -> Vec<usize> {
    let mut causes = Vec::new();
    for at in 0..findings.len() {
        let following = std::mem::take(&mut findings[at].consequences);
        causes.extend(following.iter().map(|_| at));
        findings.extend(following);
    }
    causes
}

/// Folds again. What is accepted stays with its cause and never hides that. A cause that is accepted
/// hides what follows from it where it is known that nothing else breaks it; else that stands for itself.
fn fold(findings: &mut Vec<Finding>, own: usize, causes: &[usize]) {
    let following: Vec<Finding> = findings.drain(own..own + causes.len()).collect();
    for (cause, mut finding) in causes.iter().zip(following) {
        let cause = &mut findings[*cause];
        match (&cause.suppressed, cause.certainty) {
            (Some(reason), Some(Certainty::Likely | Certainty::Certain)) => {
                finding.suppressed.get_or_insert_with(|| reason.clone());
            }
            (Some(_), Some(Certainty::Open) | None) => {
                findings.push(finding);
                continue;
            }
            (None, _) => {}
        }
        cause.consequences.push(finding);
    }
}

impl Suppressions {
    /// Gives findings the severities of the office and marks those that are accepted. `files` are
    /// those of the submission; `complete` says whether all of them were read: what was not read
    /// cannot show that a suppression is no longer needed.
    pub fn apply(&self, findings: &mut Vec<Finding>, files: &[Arc<str>], complete: bool) {
        // What follows from another finding is accepted like any other one.
        let own = findings.len();
        let causes = unfold(findings);
        self.mark(findings, files, complete);
        fold(findings, own, &causes);
    }

    fn mark(&self, findings: &mut Vec<Finding>, files: &[Arc<str>], complete: bool) {
        for finding in findings.iter_mut() {
            if let Some((_, severity)) = self.severities.iter().find(|(code, _)| finding.code.name == *code) {
                finding.severity = *severity;
            }
        }
        let mut remarks = Vec::new();
        for entry in &self.entries {
            // One file may serve several submissions of a folder.
            if entry.files.as_ref().is_some_and(|pattern| !files.iter().any(|file| takes(pattern, file))) {
                continue;
            }
            let named: Vec<usize> = (0..findings.len()).filter(|at| entry.names(&findings[*at])).collect();
            let accepted: Vec<usize> = named.iter().copied().filter(|at| entry.accepts(&findings[*at])).collect();
            for at in &accepted {
                let Suppression { reason, by, on, .. } = entry;
                let renew = entry.is_former(&findings[*at]).then(|| findings[*at].fingerprint.clone());
                findings[*at].suppressed = Some(Arc::new(Accepted { why: format!("{reason} ({by}, {on})"), renew }));
            }
            match (named.first(), accepted.first()) {
                (Some(at), None) => remarks.push(self.lapsed(entry, &findings[*at])),
                (None, _) if complete => remarks.push(self.unused(entry)),
                (None | Some(_), _) => {}
            }
        }
        findings.append(&mut remarks);
    }

    fn lapsed(&self, entry: &Suppression, finding: &Finding) -> Finding {
        let (subject, old) = (entry.subject(), entry.value.trim());
        let raw = finding.target.as_ref().and_then(|target| target.raw.as_deref());
        let now = raw.or(finding.found.as_deref()).unwrap_or("").trim();
        let facts = LapsedSuppression { subject: subject.clone(), old: old.to_owned(), now: now.to_owned() };
        let mut lapsed = Finding::new(&codes::LAPSED_SUPPRESSION, facts)
            .at(Place::file(&self.file))
            .stated_at(entry.line.clone())
            .fingerprinted(&[&subject]);
        lapsed.indicator.clone_from(&finding.indicator);
        lapsed.found = Some(now.to_owned());
        lapsed.expected = Some(old.to_owned());
        lapsed.sources = finding.target.iter().cloned().collect();
        lapsed
    }

    fn unused(&self, entry: &Suppression) -> Finding {
        let subject = entry.subject();
        Finding::new(&codes::UNUSED_SUPPRESSION, UnusedSuppression { subject: subject.clone() })
            .at(Place::file(&self.file))
            .stated_at(entry.line.clone())
            .fingerprinted(&[&subject])
    }
}

/// Why a finding is accepted, and its fingerprint where the entry names it by a former one.
#[derive(Debug)]
struct Accepted {
    why: String,
    renew: Option<String>,
}

impl Remark for Accepted {
    fn words(&self, language: Language) -> String {
        let Self { why, renew } = self;
        match renew {
            None => why.clone(),
            Some(new) => say!(
                language,
                "{why}; số hiệu cũ, hãy đổi thành {new} trong bieu.toml",
                "{why}; the fingerprint is an old one, change it to {new} in bieu.toml"
            ),
        }
    }
}

/// What was accepted shows another value now.
#[derive(Debug)]
struct LapsedSuppression {
    subject: String,
    old: String,
    now: String,
}

impl Facts for LapsedSuppression {
    fn message(&self, language: Language) -> String {
        let Self { subject, old, now } = self;
        say!(
            language,
            "bỏ qua \"{subject}\" không còn hiệu lực: khi đó ghi \"{old}\", nay là \"{now}\"",
            "the suppression of \"{subject}\" has lapsed: it was for \"{old}\", now it is \"{now}\""
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "kiểm tra lại số mới; nếu vẫn đúng, sửa `value` và ghi lại lý do, người và ngày",
            "check the new figure; if it is right too, change `value` and give reason, name and date anew"
        )
    }
}

/// No finding is named by an entry.
#[derive(Debug)]
struct UnusedSuppression {
    subject: String,
}

impl Facts for UnusedSuppression {
    fn message(&self, language: Language) -> String {
        let subject = &self.subject;
        say!(
            language,
            "không có vấn đề nào ứng với giải trình \"{subject}\"",
            "no finding answers to the suppression \"{subject}\""
        )
    }

    fn action(&self, language: Language) -> String {
        say!(language, "xóa mục này khỏi tệp", "delete the entry from the file")
    }
}
