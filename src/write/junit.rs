//! The report in the XML of JUnit, which build servers show: a suite a submission, a case a check.

use std::io::{self, Write};

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::{escape::printed, input::ReportInput, text::place};
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

type Xml<'a> = Writer<&'a mut dyn Write>;

/// Writes the suites.
pub(super) fn junit(input: ReportInput<'_>, out: &mut dyn Write) -> io::Result<()> {
    let name = env!("CARGO_PKG_NAME");
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("testsuites").with_attribute(("name", name)).write_inner_content(|xml| {
        for submission in input.report.iter() {
            suite(&*submission?, input, xml)?;
        }
        let Some(remark) = input.report.overview.summary.remark(input.language) else { return Ok(()) };
        let counts = Counts { tests: 1, failures: 0, errors: 1, skipped: 0 };
        element_of_suite(xml, name, counts, |xml| {
            element_of_case(xml, name, "partial-report", |xml| {
                let of_error = [("message", &*printed(&remark)), ("type", "partial-report")];
                xml.create_element("error").with_attributes(of_error).write_empty().map(|_| ())
            })
        })
    })?;
    writeln!(xml.into_inner())
}

/// Cases of a suite, by how they came out.
#[derive(Clone, Copy)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

fn element_of_suite<'a>(
    xml: &mut Xml<'a>,
    name: &str,
    counts: Counts,
    content: impl FnOnce(&mut Xml<'a>) -> io::Result<()>,
) -> io::Result<()> {
    let Counts { tests, failures, errors, skipped } = counts;
    let (tests, failures) = (tests.to_string(), failures.to_string());
    let (errors, skipped) = (errors.to_string(), skipped.to_string());
    let suite = xml.create_element("testsuite").with_attributes([
        ("name", name),
        ("tests", &tests),
        ("failures", &failures),
        ("errors", &errors),
        ("skipped", &skipped),
    ]);
    suite.write_inner_content(content).map(|_| ())
}

fn element_of_case<'a>(
    xml: &mut Xml<'a>,
    suite: &str,
    name: &str,
    content: impl FnOnce(&mut Xml<'a>) -> io::Result<()>,
) -> io::Result<()> {
    let case = xml.create_element("testcase").with_attributes([("classname", suite), ("name", name)]);
    case.write_inner_content(content).map(|_| ())
}

/// A finding, and what it follows from.
type Told<'a> = (&'a ReportEntry, Option<&'a ReportEntry>);

/// A case: a code and what was found of it.
struct Case<'a> {
    name: &'a str,
    loud: Vec<Told<'a>>,
    quiet: Vec<Told<'a>>,
}

fn suite(submission: &Submission, input: ReportInput<'_>, xml: &mut Xml<'_>) -> io::Result<()> {
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
    let path = printed(&submission.path);
    element_of_suite(xml, &path, Counts { tests, failures, errors: 0, skipped }, |xml| {
        if unjudged {
            let status = submission.status.words().get(input.language);
            element_of_case(xml, &path, submission.status.name(), |xml| {
                let of_failure = [("message", status), ("type", "error")];
                xml.create_element("failure").with_attributes(of_failure).write_empty().map(|_| ())
            })?;
        }
        for case in &cases {
            write_case(case, &path, input, xml)?;
        }
        for open in &submission.not_evaluated {
            let (name, why) = (format!("not-evaluated: {}", open.message), open.line(input.language, LONGEST_LIST));
            element_of_case(xml, &path, &printed(&name), |xml| {
                let of_skipped = ("message", &*printed(&why));
                xml.create_element("skipped").with_attribute(of_skipped).write_empty().map(|_| ())
            })?;
        }
        Ok(())
    })
}

fn write_case(case: &Case<'_>, path: &str, input: ReportInput<'_>, xml: &mut Xml<'_>) -> io::Result<()> {
    let name = printed(case.name);
    if case.loud.is_empty() && case.quiet.is_empty() {
        let passed = [("classname", path), ("name", &name)];
        return xml.create_element("testcase").with_attributes(passed).write_empty().map(|_| ());
    }
    element_of_case(xml, path, &name, |xml| {
        if let Some((first, _)) = case.loud.first() {
            let (count, message) = (case.loud.len(), &first.message);
            let message = match count {
                1 => message.clone(),
                _ => say!(input.language, "{count} vấn đề; {message}", "{count} findings; {message}"),
            };
            let level = case.loud.iter().map(|(finding, _)| finding.severity).max().unwrap_or(first.severity).name();
            let of_failure = [("message", &*printed(&message)), ("type", level)];
            let text = list(&case.loud, input);
            xml.create_element("failure").with_attributes(of_failure).write_text_content(BytesText::new(&text))?;
        }
        if !case.quiet.is_empty() {
            xml.create_element("system-out").write_text_content(BytesText::new(&list(&case.quiet, input)))?;
        }
        Ok(())
    })
}

/// A paragraph a finding, each part of it in a line of its own.
fn list(findings: &[Told<'_>], input: ReportInput<'_>) -> String {
    let mut text = String::from("\n");
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
                text.push_str(&printed(part.trim()));
                text.push('\n');
            }
        }
        text.push('\n');
    }
    let more = findings.len().saturating_sub(MOST_LISTED);
    if more > 0 {
        text.push_str(&say!(input.language, "và {more} vấn đề nữa\n", "and {more} more\n"));
    }
    text
}
