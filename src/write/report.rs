//! One report, many formats.

use std::io::{self, Write};

pub use super::input::ReportInput;
use super::{html, json, junit, listing, sarif, text, workbook};

/// A format of reports.
///
/// ```
/// use bieu::ReportFormat;
///
/// assert_eq!(ReportFormat::of_ending("XLSX"), Some(ReportFormat::Xlsx));
/// assert_eq!(ReportFormat::Junit.ending(), "xml");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReportFormat {
    /// For people in a terminal.
    Text,
    /// `bieu.report/1`.
    Json,
    /// A row a finding.
    Csv,
    /// One page for a browser.
    Html,
    /// SARIF 2.1.0.
    Sarif,
    /// The XML of JUnit.
    Junit,
    /// A workbook.
    Xlsx,
}

impl ReportFormat {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Html, Self::Xlsx, Self::Csv, Self::Json, Self::Sarif, Self::Junit, Self::Text];

    /// The ending of its files.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Html => "html",
            Self::Sarif => "sarif",
            Self::Junit => "xml",
            Self::Xlsx => "xlsx",
        }
    }

    /// The format of an ending, in whatever case.
    pub fn of_ending(ending: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.ending().eq_ignore_ascii_case(ending))
    }

    /// Whether a file that begins like this can only be a report of this program in this format. Of
    /// texts, tables and workbooks nobody can tell: somebody may have gone on working in them.
    pub fn wrote(self, head: &[u8]) -> bool {
        let head = String::from_utf8_lossy(head);
        // Others space JSON as they like, but then they wrote it.
        let words = |start: &str| head.split_whitespace().collect::<String>().starts_with(start);
        match self {
            Self::Html => {
                head.starts_with("<!DOCTYPE html>\n") && head.contains("\n<meta name=\"generator\" content=\"bieu ")
            }
            Self::Json => words("{\"schema\":\"bieu.report/1\","),
            Self::Sarif => {
                head.starts_with("{\"$schema\":")
                    && head.contains("\"runs\":[{\"tool\":{\"driver\":{\"name\":\"bieu\",")
            }
            Self::Junit => head.starts_with("<?xml ") && head.contains("?>\n<testsuites name=\"bieu\""),
            Self::Csv | Self::Xlsx | Self::Text => false,
        }
    }
}

/// Writes a report, a submission at a time.
///
/// # Errors
/// Those of `out`, and of where the submissions are kept.
pub fn report(format: ReportFormat, input: ReportInput<'_>, out: &mut dyn Write) -> io::Result<()> {
    match format {
        ReportFormat::Text => text::text(input.report, input.language, out),
        ReportFormat::Json => json::json(input.report, out),
        ReportFormat::Csv => listing::listing(input.report, input.language, out),
        ReportFormat::Html => html::html(input, out),
        ReportFormat::Sarif => sarif::sarif(input, out),
        ReportFormat::Junit => junit::junit(input, out),
        ReportFormat::Xlsx => workbook::report::report(input.report, input.language, input.base, out),
    }
}
