//! The JSON report, `bieu.report/1`.

use std::io::{self, Write};

use serde::Serialize;

use crate::report::{Report, Submission, Summary};

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    tool: Tool,
    submissions: &'a [Submission],
    summary: Summary,
}

/// Writes the report.
///
/// # Errors
/// Those of `out`.
pub fn json(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let document = Document {
        schema: "bieu.report/1",
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        submissions: &report.submissions,
        summary: report.summary(),
    };
    serde_json::to_writer_pretty(&mut *out, &document).map_err(io::Error::from)?;
    writeln!(out)
}
