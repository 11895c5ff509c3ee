//! Numbers over all submissions, gathered as they are judged, in whatever order that happens.

use std::{borrow::Cow, cmp::Reverse, collections::BTreeMap, sync::Arc};

use super::{Counts, FileReport, FileStatus, SecondReader, Status, Submission, Summary};
use crate::model::finding::Severity;

/// Findings of one code and severity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Those that nothing suppresses.
    pub findings: u64,
    /// Those that are suppressed.
    pub suppressed: u64,
    /// Submissions with at least one that is not suppressed.
    pub submissions: u64,
    /// Those not suppressed, by indicator.
    pub indicators: BTreeMap<Arc<str>, u64>,
}

/// How bad one submission is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rank {
    /// Its place.
    pub at: usize,
    /// How it came out.
    pub status: Status,
    /// Its findings that nothing suppresses.
    pub counts: Counts,
}

impl Rank {
    /// What could not be judged at all is the worst; then errors, warnings and infos count. Of
    /// equals the one that comes first.
    fn badness(&self) -> impl Ord + use<> {
        let judged = matches!(self.status, Status::Clean | Status::Findings);
        (judged, Reverse(self.counts.errors), Reverse(self.counts.warnings), Reverse(self.counts.infos), self.at)
    }
}

/// Numbers over all submissions. Needs some 50 bytes a submission; the rest grows with the
/// catalogue only.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// The summary of the JSON report.
    pub summary: Summary,
    groups: BTreeMap<(Reverse<Severity>, Cow<'static, str>), Group>,
    ranks: Vec<Rank>,
    unreadable_files: bool,
}

impl Overview {
    /// Of submissions in their order.
    pub fn of(submissions: &[Submission]) -> Self {
        let mut overview = Self::default();
        for (at, submission) in submissions.iter().enumerate() {
            overview.add(at, submission);
        }
        overview
    }

    /// Counts a submission; `at` is its place. Places may come in any order, also with gaps that
    /// [`Overview::renumber`] closes.
    pub fn add(&mut self, at: usize, submission: &Submission) {
        let Summary { submissions, clean, with_findings, unreadable, unmapped, findings, .. } = &mut self.summary;
        *submissions += 1;
        match submission.status {
            Status::Clean => *clean += 1,
            Status::Findings => *with_findings += 1,
            Status::Unreadable => *unreadable += 1,
            Status::Unmapped => *unmapped += 1,
        }
        let counts = submission.counts();
        findings.errors += counts.errors;
        findings.warnings += counts.warnings;
        findings.infos += counts.infos;
        let is_read_once = |file: &&FileReport| file.second_reader == Some(SecondReader::ReadOnce);
        self.summary.read_once += submission.files.iter().filter(is_read_once).count() as u64;
        self.unreadable_files |= submission.files.iter().any(|file| file.status == FileStatus::Unreadable);
        self.ranks.push(Rank { at, status: submission.status, counts });
        let mut seen: Vec<(Severity, &str)> = Vec::new();
        for finding in &submission.findings {
            let group = self.groups.entry((Reverse(finding.severity), finding.code.clone())).or_default();
            if finding.suppressed.is_some() {
                group.suppressed += 1;
                continue;
            }
            group.findings += 1;
            if !seen.contains(&(finding.severity, &*finding.code)) {
                seen.push((finding.severity, &*finding.code));
                group.submissions += 1;
            }
            if let Some(indicator) = &finding.indicator {
                match group.indicators.get_mut(indicator) {
                    Some(count) => *count += 1,
                    None => {
                        group.indicators.insert(indicator.clone(), 1);
                    }
                }
            }
        }
    }

    /// Brings ranks into the order of places and numbers them from zero, after the last was added.
    pub fn renumber(&mut self) {
        self.ranks.sort_by_key(|rank| rank.at);
        for (at, rank) in self.ranks.iter_mut().enumerate() {
            rank.at = at;
        }
    }

    /// The worst severity that nothing suppresses.
    pub fn worst_severity(&self) -> Option<Severity> {
        let Counts { errors, warnings, infos } = self.summary.findings;
        [(errors, Severity::Error), (warnings, Severity::Warning), (infos, Severity::Info)]
            .into_iter()
            .find_map(|(count, severity)| (count > 0).then_some(severity))
    }

    /// Whether a file of any submission could not be read.
    pub fn has_unreadable_files(&self) -> bool {
        self.unreadable_files
    }

    /// All submissions, the worst first.
    pub fn worst_first(&self) -> Vec<Rank> {
        let mut ranks = self.ranks.clone();
        ranks.sort_by_cached_key(Rank::badness);
        ranks
    }

    /// Findings by code: errors before warnings before infos, the most frequent first.
    pub fn groups(&self) -> Vec<(Severity, &str, &Group)> {
        let mut groups: Vec<_> =
            self.groups.iter().map(|((severity, code), group)| (severity.0, &**code, group)).collect();
        groups.sort_by_key(|(severity, code, group)| (Reverse(*severity), Reverse(group.findings), *code));
        groups
    }
}

impl Group {
    /// The indicators with most findings, at most `most` of them.
    pub fn most_frequent(&self, most: usize) -> Vec<(&str, u64)> {
        let mut indicators: Vec<_> = self.indicators.iter().map(|(id, count)| (&**id, *count)).collect();
        indicators.sort_by_key(|(id, count)| (Reverse(*count), *id));
        indicators.truncate(most);
        indicators
    }
}
