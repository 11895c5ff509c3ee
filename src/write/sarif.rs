//! The report in SARIF 2.1.0, which code hosts and editors show. A cell is a logical location: a
//! spreadsheet has no lines.

use std::io::{self, Write};

use serde::{
    Serialize, Serializer,
    ser::{Error, SerializeSeq},
};
use serde_json::{Value, json};

use super::{escape::address, input::ReportInput};
use crate::{
    model::{
        finding::{Code, Place, Severity},
        report::{NotEvaluated, ReportEntry, Submission},
        workbook::file_name,
    },
    values::language::Language,
};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Value,
    language: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    invocations: Vec<Value>,
    properties: Value,
    results: Results<'a>,
}

/// One finding after the other, a submission at a time.
struct Results<'a>(ReportInput<'a>);

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for submission in self.0.report.iter() {
            let submission = submission.map_err(S::Error::custom)?;
            for finding in &submission.findings {
                list.serialize_element(&result(&submission, finding, self.0.codes))?;
            }
            for open in &submission.not_evaluated {
                list.serialize_element(&not_evaluated(&submission, open, self.0.language))?;
            }
        }
        list.end()
    }
}

/// Writes the log.
pub(super) fn sarif(input: ReportInput<'_>, out: &mut dyn Write) -> io::Result<()> {
    let language = input.language;
    let rules: Vec<Value> = input.codes.iter().map(|code| rule(code, language)).collect();
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: json!({"driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }}),
            language: match language {
                Language::Vi => "vi",
                Language::En => "en",
            },
            invocations: input.report.overview.summary.remark(language).iter().map(|text| stopped(text)).collect(),
            properties: json!({"summary": input.report.overview.summary}),
            results: Results(input),
        }],
    };
    // Without indents: on thousands of submissions they would be half of the file.
    serde_json::to_writer(&mut *out, &log).map_err(io::Error::from)?;
    writeln!(out)
}

/// A run that ended before it was done.
fn stopped(remark: &str) -> Value {
    json!({
        "executionSuccessful": false,
        "toolExecutionNotifications": [{"level": "error", "message": {"text": remark}}],
    })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn rule(code: &Code, language: Language) -> Value {
    let text = |words: crate::values::language::Words| json!({"text": words.get(language)});
    let (fix, example) = (code.explain.fix.get(language), code.explain.example.get(language));
    json!({
        "id": code.name,
        "shortDescription": text(code.explain.what),
        "fullDescription": text(code.explain.why),
        "help": {"text": format!("{fix}\n\n{example}")},
        "defaultConfiguration": {"level": level(code.severity)},
    })
}

fn result(submission: &Submission, finding: &ReportEntry, codes: &[&'static Code]) -> Value {
    let mut result = json!({
        "ruleId": finding.code,
        "level": level(finding.severity),
        "message": {"text": format!("{}\n{}", finding.message, finding.action)},
        "locations": finding.target.iter().map(location).collect::<Vec<_>>(),
        "relatedLocations": finding.sources.iter().map(location).chain(following(finding)).collect::<Vec<_>>(),
        "partialFingerprints": {"bieuFinding/v1": finding.fingerprint},
        // Where one result says whether it is suppressed, all have to.
        "suppressions": finding
            .suppressed
            .iter()
            .map(|reason| json!({"kind": "external", "status": "accepted", "justification": reason}))
            .collect::<Vec<_>>(),
        "properties": {
            "submission": submission.path,
            "indicator": finding.indicator,
            "rule": finding.rule,
            "raw": finding.target.as_ref().and_then(|target| target.raw.as_ref()),
            "found": finding.found,
            "expected": finding.expected,
            "diagnosis": finding.diagnosis,
            "certainty": finding.certainty,
            "consequences": (!finding.consequences.is_empty()).then_some(finding.consequences.len()),
            "mapping": finding.mapping,
        },
    });
    if let Some(properties) = result["properties"].as_object_mut() {
        properties.retain(|_, value| !value.is_null());
    }
    if let (Some(at), Some(keys)) = (codes.iter().position(|code| code.name == finding.code), result.as_object_mut()) {
        keys.insert("ruleIndex".to_owned(), at.into());
    }
    result
}

/// What follows from a finding, each where it stands and with what it says.
fn following(finding: &ReportEntry) -> impl Iterator<Item = Value> {
    finding.consequences.iter().filter_map(|other| {
        let mut location = location(other.target.as_ref()?);
        let text = format!("{}: {}", other.code, other.message);
        location.as_object_mut()?.insert("message".to_owned(), json!({"text": text}));
        Some(location)
    })
}

/// `open` is the format's word for what could not be decided for want of information.
fn not_evaluated(submission: &Submission, open: &NotEvaluated, language: Language) -> Value {
    let file = open.file.iter().map(|file| location(&Place::file(file))).collect::<Vec<_>>();
    json!({
        "ruleId": "not-evaluated",
        "kind": "open",
        "level": "none",
        "message": {"text": open.line(language, LONGEST_LIST)},
        "locations": file,
        "suppressions": [],
        "properties": {
            "submission": submission.path,
            "cause": open.cause,
            "indicators": open.indicators,
            "checks": open.checks,
        },
    })
}

/// Characters of a line on what was not evaluated.
const LONGEST_LIST: usize = 1_000;

fn location(place: &Place) -> Value {
    let mut location = json!({"physicalLocation": {"artifactLocation": {"uri": address(&place.file)}}});
    let Some(sheet) = &place.sheet else { return location };
    let cell = place.cell.map(|cell| cell.to_string());
    let qualified = match &cell {
        Some(cell) => format!("[{}]{sheet}!{cell}", file_name(&place.file)),
        None => format!("[{}]{sheet}", file_name(&place.file)),
    };
    let logical = json!([{
        "name": cell.as_deref().unwrap_or(sheet),
        "fullyQualifiedName": qualified,
        "kind": if cell.is_some() { "cell" } else { "sheet" },
    }]);
    if let Some(keys) = location.as_object_mut() {
        keys.insert("logicalLocations".to_owned(), logical);
    }
    location
}
