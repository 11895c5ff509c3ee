//! The report: what was judged, and how it came out. One model for every writer.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Severity};

/// How one submission came out.
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

/// How one file came out.
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
}

/// How many judgements the checks made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckCount {
    /// Found nothing.
    pub passed: u64,
    /// Found something.
    pub failed: u64,
    /// Lacked an operand.
    pub not_evaluated: u64,
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
    /// Findings, sorted by file, sheet, cell and code.
    pub findings: Vec<Finding>,
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
}

/// Everything that one run judged.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// In the order of their paths.
    pub submissions: Vec<Submission>,
}

impl Report {
    /// Counts everything.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for submission in &self.submissions {
            summary.submissions += 1;
            match submission.status {
                Status::Clean => summary.clean += 1,
                Status::Findings => summary.with_findings += 1,
                Status::Unreadable => summary.unreadable += 1,
                Status::Unmapped => summary.unmapped += 1,
            }
            let counts = submission.counts();
            summary.findings.errors += counts.errors;
            summary.findings.warnings += counts.warnings;
            summary.findings.infos += counts.infos;
        }
        summary
    }

    /// The worst severity in it that nothing suppresses.
    pub fn worst(&self) -> Option<Severity> {
        self.submissions.iter().filter_map(Submission::worst).max()
    }
}
