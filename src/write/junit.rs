//! The report in the XML of JUnit, which build servers show: a suite a submission, a case a check.

use std::io::{self, Write};

use super::{escape::escaped, input::ReportInput, text::place};
use crate::{
    model::{
        finding::Severity,
        report::{ReportEntry, Status, Submission},
    },
    values::language::say,
};

/// Findings of one code that are written out for a submission.
const MOST_LISTED: usize = 100;

/// Characters of a line on what was not evaluated.
const LONGEST_LIST: usize = 1_000;

/// Writes the suites.
pub(super) fn junit(input: ReportInput<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"{}\">", env!("CARGO_PKG_NAME"))?;
    for submission in input.report.iter() {
        suite(&*submission?, input, out)?;
    }
    if let Some(remark) = input.report.overview.summary.remark(input.language) {
        let (name, remark) = (env!("CARGO_PKG_NAME"), escaped(&remark));
        writeln!(out, "  <testsuite name=\"{name}\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">")?;
        writeln!(out, "    <testcase classname=\"{name}\" name=\"partial-report\">")?;
        writeln!(out, "      <error message=\"{remark}\" type=\"partial-report\"/>")?;
        writeln!(out, "    </testcase>\n  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// A finding, and what it follows from.
type Told<'a> = (&'a ReportEntry, Option<&'a ReportEntry>);

/// A case: a code and what was found of it.
struct Case<'a> {
    name: &'a str,
    loud: Vec<Told<'a>>,
    quiet: Vec<Told<'a>>,
}

fn suite(submission: &Submission, input: ReportInput<'_>, out: &mut dyn Write) -> io::Result<()> {
    let judged = match submission.status {
        Status::Clean | Status::Findings => true,
        Status::Unreadable | Status::Unmapped => false,
    };
    // Only what was judged can have passed.
    let checks = input.checks.iter().filter(|_| judged).map(|check| check.name);
    let mut cases: Vec<Case<'_>> = checks.map(|name| Case { name, loud: Vec::new(), quiet: Vec::new() }).collect();
    let all = submission.findings.iter().flat_map(|cause| {
        let following = cause.consequences.iter().map(move |finding| (finding, Some(cause)));
        std::iter::once((cause, None)).chain(following)
    });
    for (finding, cause) in all {
        let at = cases.iter().position(|case| case.name == finding.code).unwrap_or_else(|| {
            cases.push(Case { name: &finding.code, loud: Vec::new(), quiet: Vec::new() });
            cases.len() - 1
        });
        let loud = finding.suppressed.is_none() && finding.severity > Severity::Info;
        let case = &mut cases[at];
        if loud { case.loud.push((finding, cause)) } else { case.quiet.push((finding, cause)) }
    }
    let failures = cases.iter().filter(|case| !case.loud.is_empty()).count();
    let unjudged = !judged && failures == 0;
    let skipped = submission.not_evaluated.len();
    let (tests, failures) = (cases.len() + usize::from(unjudged) + skipped, failures + usize::from(unjudged));
    let path = escaped(&submission.path);
    writeln!(
        out,
        "  <testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">"
    )?;
    if unjudged {
        let status = escaped(submission.status.words().get(input.language));
        let name = submission.status.name();
        writeln!(out, "    <testcase classname=\"{path}\" name=\"{name}\">")?;
        writeln!(out, "      <failure message=\"{status}\" type=\"error\"/>")?;
        writeln!(out, "    </testcase>")?;
    }
    for case in &cases {
        write_case(case, &path, input, out)?;
    }
    for open in &submission.not_evaluated {
        let (name, why) = (escaped(&open.message), escaped(&open.line(input.language, LONGEST_LIST)));
        writeln!(out, "    <testcase classname=\"{path}\" name=\"not-evaluated: {name}\">")?;
        writeln!(out, "      <skipped message=\"{why}\"/>")?;
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>")
}

fn write_case(case: &Case<'_>, path: &str, input: ReportInput<'_>, out: &mut dyn Write) -> io::Result<()> {
    let name = escaped(case.name);
    write!(out, "    <testcase classname=\"{path}\" name=\"{name}\"")?;
    if case.loud.is_empty() && case.quiet.is_empty() {
        return writeln!(out, "/>");
    }
    writeln!(out, ">")?;
    if let Some((first, _)) = case.loud.first() {
        let (count, message) = (case.loud.len(), &first.message);
        let message = match count {
            1 => message.clone(),
            _ => say!(input.language, "{count} vấn đề; {message}", "{count} findings; {message}"),
        };
        let level = case.loud.iter().map(|(finding, _)| finding.severity).max().unwrap_or(first.severity).name();
        writeln!(out, "      <failure message=\"{}\" type=\"{level}\">", escaped(&message))?;
        list(&case.loud, input, out)?;
        writeln!(out, "</failure>")?;
    }
    if !case.quiet.is_empty() {
        writeln!(out, "      <system-out>")?;
        list(&case.quiet, input, out)?;
        writeln!(out, "</system-out>")?;
    }
    writeln!(out, "    </testcase>")
}

fn list(findings: &[Told<'_>], input: ReportInput<'_>, out: &mut dyn Write) -> io::Result<()> {
    for (finding, cause) in findings.iter().take(MOST_LISTED) {
        let level = finding.severity.words().get(input.language);
        let place = finding.target.as_ref().map(place).unwrap_or_default();
        let suppressed = match &finding.suppressed {
            Some(reason) => say!(input.language, " (đã bỏ qua: {reason})", " (suppressed: {reason})"),
            None => String::new(),
        };
        let cause = cause.map(|cause| {
            let (code, at) = (&cause.code, cause.target.as_ref().map(super::text::place).unwrap_or_default());
            say!(input.language, "nguyên nhân: {code} {at}", "cause: {code} {at}")
        });
        let message = format!("{level}: {}{suppressed}", finding.message);
        for part in [message, place, cause.unwrap_or_default(), finding.action.clone()] {
            if !part.is_empty() {
                writeln!(out, "{}", escaped(part.trim()))?;
            }
        }
        writeln!(out)?;
    }
    match findings.len().saturating_sub(MOST_LISTED) {
        0 => Ok(()),
        more => writeln!(out, "{}", say!(input.language, "và {more} vấn đề nữa", "and {more} more")),
    }
}
