//! Reports on submissions, and their figures as one table.

use std::{borrow::Cow, io};

use super::{Error, Submission};
use crate::{
    line::{
        codes::{self, Stage},
        submission::Outcome,
    },
    model::report::{self, Excerpt, Overview, Report, Submissions},
    values::language::Language,
    write::{self, ReportFormat, ReportInput, excerpts, tidy},
};

impl Submissions for &[Submission] {
    fn count(&self) -> usize {
        self.len()
    }

    fn get(&self, at: usize) -> io::Result<Cow<'_, report::Submission>> {
        let submission = <[Submission]>::get(self, at).ok_or(io::ErrorKind::NotFound)?;
        Ok(Cow::Borrowed(submission.shown()))
    }

    fn excerpts(&self, at: usize) -> io::Result<Vec<Excerpt>> {
        Ok(match <[Submission]>::get(self, at).map(|submission| &submission.outcome) {
            Some(Outcome::Judged(judged, _)) => excerpts(&judged.workbooks, &judged.submission.findings),
            Some(Outcome::Unmapped(..)) | None => Vec::new(),
        })
    }
}

/// Writes a report on submissions, as `bieu validate` does: docs/report.md describes each format.
///
/// `language` is that of headings; messages are in the language that each submission was judged in. `base` is
/// where relative paths of files begin as seen from the folder of the report, for links: empty, or ending with `/`.
///
/// ```
/// # use bieu::{Catalogue, Language, Limits, Mapping, Options, ReportFormat};
/// # let text = |name: &str| std::fs::read_to_string(format!("examples/xa-mau/{name}"));
/// # let catalogue = Catalogue::parse("catalogue.toml", &text("catalogue.toml")?, &[])?;
/// # let mapping = Mapping::parse("mapping.toml", &text("mapping.toml")?, &[], &catalogue)?;
/// # let file = bieu::read("trong-trot.csv", text("trong-trot.csv")?.as_bytes(), &Limits::default());
/// # let submission = bieu::judge("xã Mẫu", vec![file], &[mapping], &Options::new(Language::En));
/// let json = bieu::report(&[submission], ReportFormat::Json, Language::En, "")?;
/// assert!(String::from_utf8(json)?.contains("\"schema\": \"bieu.report/1\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Output`](crate::ErrorKind::Output): a workbook of more rows than a sheet has.
pub fn report(
    submissions: &[Submission],
    format: ReportFormat,
    language: Language,
    base: &str,
) -> Result<Vec<u8>, Error> {
    let mut overview = Overview::default();
    for (at, submission) in submissions.iter().enumerate() {
        overview.add(at, submission.shown());
    }
    let (codes, checks): (Vec<_>, _) = (codes::all().collect(), Stage::Checks.codes());
    let report = Report { overview: &overview, submissions: &submissions };
    let input = ReportInput { report, language, codes: &codes, checks: &checks, base };
    let mut bytes = Vec::new();
    write::report(format, input, &mut bytes).map_err(Error::report)?;
    Ok(bytes)
}

/// Writes all figures as one table in CSV for analysis: UTF-8 with a byte order mark, a header, one row a reading
/// but for blank ones. Numbers are plain decimals with a point, in the unit of their indicator. docs/report.md
/// describes the columns; later releases only add to the right.
///
/// ```
/// # use bieu::{Catalogue, Language, Limits, Mapping, Options};
/// # let text = |name: &str| std::fs::read_to_string(format!("examples/xa-mau/{name}"));
/// # let catalogue = Catalogue::parse("catalogue.toml", &text("catalogue.toml")?, &[])?;
/// # let mapping = Mapping::parse("mapping.toml", &text("mapping.toml")?, &[], &catalogue)?;
/// # let file = bieu::read("trong-trot.csv", text("trong-trot.csv")?.as_bytes(), &Limits::default());
/// # let submission = bieu::judge("xã Mẫu", vec![file], &[mapping], &Options::new(Language::En));
/// let table = String::from_utf8(bieu::table(&[submission])?)?;
/// assert_eq!(table.lines().count(), 1 + 9);
/// assert!(table.contains(",lua.dien-tich,Diện tích lúa,plan,,200,,ha,trong-trot.csv,"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// None today.
pub fn table(submissions: &[Submission]) -> Result<Vec<u8>, Error> {
    let mut bytes = tidy::header();
    for submission in submissions {
        if let Outcome::Judged(judged, bundle) = &submission.outcome {
            tidy::tidy(&bundle.catalogue, &judged.dataset, submission.path(), submission.language, &mut bytes)
                .map_err(Error::report)?;
        }
    }
    Ok(bytes)
}
