//! The JSON report, `bieu.report/1`.

use std::io::{self, Write};

use serde::{
    Serialize, Serializer,
    ser::{Error, SerializeSeq},
};

use crate::model::report::{Report, Summary};

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    tool: Tool,
    submissions: List<'a>,
    summary: Summary,
}

/// One submission after the other, never all at once.
struct List<'a>(Report<'a>);

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.submissions.count()))?;
        for submission in self.0.iter() {
            list.serialize_element(&*submission.map_err(S::Error::custom)?)?;
        }
        list.end()
    }
}

/// Writes the report.
///
/// # Errors
/// Those of `out`, and of where the submissions are kept.
pub fn json(report: Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        schema: "bieu.report/1",
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        submissions: List(report),
        summary: report.overview.summary,
    };
    serde_json::to_writer_pretty(&mut *out, &document).map_err(io::Error::from)?;
    writeln!(out)
}
