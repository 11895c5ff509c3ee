//! The report as a table: one row a finding, also of those that follow from another one, for filtering in a spreadsheet or a database.

use std::io::{self, Write};

use super::delimited::{self, harmless};
use crate::{
    model::{
        finding::Severity,
        report::{Report, ReportEntry, Submission},
    },
    values::language::Language,
};

/// Names of the columns. Later releases only add to the right.
const COLUMNS: [&str; 20] = [
    "submission",
    "status",
    "severity",
    "code",
    "file",
    "sheet",
    "cell",
    "raw",
    "indicator",
    "message",
    "action",
    "found",
    "expected",
    "diagnosis",
    "rule",
    "mapping",
    "fingerprint",
    "suppressed",
    "certainty",
    "cause",
];

/// Writes the table: UTF-8 with a byte order mark, texts that a spreadsheet would run made harmless.
pub(super) fn listing(report: Report<'_>, language: Language, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(&delimited::header(&COLUMNS))?;
    for submission in report.iter() {
        let submission = submission?;
        let rows = submission.findings.iter().flat_map(|cause| {
            let following = cause.consequences.iter().map(|finding| (finding, &*cause.fingerprint));
            std::iter::once((cause, "")).chain(following)
        });
        let rows = rows.map(|(finding, cause)| record(&submission, finding, cause));
        out.write_all(&delimited::lines(rows).map_err(io::Error::other)?)?;
    }
    let Some(remark) = report.overview.summary.remark(language) else { return Ok(()) };
    out.write_all(&delimited::lines(std::iter::once(partial(&remark))).map_err(io::Error::other)?)
}

/// The last row of a table that lacks submissions: no finding, but nobody who adds up the rows may
/// miss it.
fn partial(remark: &str) -> [String; COLUMNS.len()] {
    COLUMNS.map(|column| match column {
        "severity" => Severity::Error.name().to_owned(),
        "code" => "partial-report".to_owned(),
        "message" => harmless(remark),
        _ => String::new(),
    })
}

fn record(submission: &Submission, finding: &ReportEntry, cause: &str) -> [String; COLUMNS.len()] {
    let target = finding.target.as_ref();
    let text = |text: Option<&str>| harmless(text.unwrap_or_default());
    [
        harmless(&submission.path),
        submission.status.name().to_owned(),
        finding.severity.name().to_owned(),
        harmless(&finding.code),
        text(target.map(|t| &*t.file)),
        text(target.and_then(|t| t.sheet.as_deref())),
        target.and_then(|t| t.cell).map(|cell| cell.to_string()).unwrap_or_default(),
        text(target.and_then(|t| t.raw.as_deref())),
        text(finding.indicator.as_deref()),
        harmless(&finding.message),
        harmless(&finding.action),
        text(finding.found.as_deref()),
        text(finding.expected.as_deref()),
        text(finding.diagnosis.as_deref()),
        text(finding.rule.as_deref()),
        finding.mapping.as_ref().map(|line| harmless(&format!("{}:{}", line.file, line.line))).unwrap_or_default(),
        harmless(&finding.fingerprint),
        text(finding.suppressed.as_deref()),
        finding.certainty.map(|certainty| certainty.name().to_owned()).unwrap_or_default(),
        harmless(cause),
    ]
}
