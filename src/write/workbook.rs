//! The appendix as a workbook: the form itself, what was found, where every number came from, and
//! a summary with charts.
//!
//! These files alone know `rust_xlsxwriter`. The same input gives the same bytes: no clock is
//! read, and the creation date is the last day of the period. Formulas carry the exact results as
//! cached values, in functions that Excel 2010, `LibreOffice` and WPS know.
//!
//! Numbers are numbers; their separators follow the settings of whoever opens the workbook.
//! Excel knows no number format that overrides them; `LibreOffice` takes the Vietnamese ones from
//! the `[$-42A]` in front of each format.

mod consolidated;
mod entry;
mod findings;
mod form;
mod formula;
mod layout;
mod link;
mod list;
mod names;
mod origins;
mod package;
mod paper;
mod places;
pub(super) mod report;
mod stream;
mod style;
mod summary;
#[cfg(test)]
mod tests;

pub use consolidated::consolidated;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use super::error::{WriteError, WriteErrorKind};
use crate::{
    compose::appendix::Appendix,
    model::{
        catalogue::Catalogue,
        reading::{Dataset, Key},
        report::Submission,
    },
    values::{
        language::{Language, Words},
        number::Decimal,
        period::Period,
    },
};

const FINDINGS: Words = Words { vi: "Kiểm tra", en: "Checks" };
const ORIGINS: Words = Words { vi: "Nguồn", en: "Sources" };
const SUMMARY: Words = Words { vi: "Tổng hợp", en: "Summary" };

/// What a workbook is made of.
#[derive(Debug)]
pub struct WorkbookInput<'a> {
    /// The composed form.
    pub appendix: &'a Appendix,
    /// Its catalogue.
    pub catalogue: &'a Catalogue,
    /// The readings behind it.
    pub dataset: &'a Dataset,
    /// Results of the period before, where it was given.
    pub before: &'a [(Key, Decimal)],
    /// Findings and counts.
    pub submission: &'a Submission,
    /// Texts of the mapping; `office` goes into the document properties.
    pub fields: &'a [(String, String)],
    /// Folder of the source files as seen from the folder of the workbook, for links: empty when
    /// they lie side by side, else like `samples/luc-binh-2023`.
    pub sources: &'a str,
    /// Language of the companion sheets. The form is in the language of its catalogue.
    pub language: Language,
}

/// Writes the workbook.
///
/// # Errors
/// More rows than a sheet has, or a text that the format does not take.
pub fn workbook(input: &WorkbookInput<'_>) -> Result<Vec<u8>, WriteError> {
    let names = sheet_names(input);
    let style = style::Style::new(input.appendix.profile.clone());
    let layout = layout::Layout::of(input.appendix);
    let mut workbook = Workbook::new();
    let (bytes, lists) = (|| {
        workbook.set_default_format(&style.base(), style::DEFAULT_ROW_PIXELS, style::DEFAULT_COLUMN_PIXELS)?;
        workbook.set_properties(&properties(input)?);
        form::write(workbook.add_worksheet(), &names[0], &style, &layout, input)?;
        names::define(&mut workbook, &names[0], &layout, input)?;
        let findings = findings::write(workbook.add_worksheet(), &names, &style, &layout, input)?;
        let origins = origins::write(workbook.add_worksheet(), &names, &style, &layout, input)?;
        if summary::is_wanted(input) {
            summary::write(workbook.add_worksheet(), &names, &style, &layout, input)?;
        }
        Ok((workbook.save_to_buffer()?, [(2, findings), (3, origins)]))
    })()
    .map_err(refused)?;
    package::finish(&bytes, &input.appendix.profile, &lists)
}

/// Writes a form that is still to be filled in: the form, and where the figures came from that it
/// holds already. What was found in the period before is no business of it.
///
/// # Errors
/// More rows than a sheet has, or a text that the format does not take.
pub fn prefilled(input: &WorkbookInput<'_>) -> Result<Vec<u8>, WriteError> {
    let names = sheet_names(input);
    let style = style::Style::new(input.appendix.profile.clone());
    let layout = layout::Layout::of(input.appendix);
    let mut workbook = Workbook::new();
    let (bytes, origins) = (|| {
        workbook.set_default_format(&style.base(), style::DEFAULT_ROW_PIXELS, style::DEFAULT_COLUMN_PIXELS)?;
        workbook.set_properties(&properties(input)?);
        form::write(workbook.add_worksheet(), &names[0], &style, &layout, input)?;
        names::define(&mut workbook, &names[0], &layout, input)?;
        let origins = origins::write(workbook.add_worksheet(), &names, &style, &layout, input)?;
        Ok((workbook.save_to_buffer()?, origins))
    })()
    .map_err(refused)?;
    package::finish(&bytes, &input.appendix.profile, &[(2, origins)])
}

fn refused(error: XlsxError) -> WriteError {
    let kind = match error {
        XlsxError::RowColumnLimitError | XlsxError::RowColumnOrderError => WriteErrorKind::TooLarge,
        XlsxError::IoError(_) | XlsxError::ZipError(_) => WriteErrorKind::Packaging,
        // An enum of another crate that grows; the rest is about texts, names and settings.
        _ => WriteErrorKind::NotAllowed,
    };
    WriteError::new(kind, error)
}

fn properties(input: &WorkbookInput<'_>) -> Result<DocProperties, XlsxError> {
    let office = input.fields.iter().find(|(name, _)| name == "office").map_or("", |(_, office)| office);
    let title = input.appendix.title.join(" ");
    Ok(DocProperties::new()
        .set_title(style::cut(&title, 255))
        .set_subject(style::cut(&input.catalogue.title, 255))
        .set_author(style::cut(office, 255))
        .set_company(style::cut(office, 255))
        .set_category(input.catalogue.period.to_string())
        .set_creation_datetime(&last_day(&input.catalogue.period)?))
}

/// The last day of a period: the same for every run, unlike the clock.
fn last_day(period: &Period) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(period.year).unwrap_or(2000).clamp(1900, 9999);
    let (month, day) = match period.months {
        2 => (2, 28),
        month @ (4 | 6 | 9 | 11) => (month, 30),
        month => (month.clamp(1, 12), 31),
    };
    ExcelDateTime::from_ymd(year, month, day)
}

/// Names of the four sheets: without the signs that a tab cannot hold, cut to 31 characters, and
/// all different.
fn sheet_names(input: &WorkbookInput<'_>) -> [String; 4] {
    let companions = [FINDINGS, ORIGINS, SUMMARY].map(|words| words.get(input.language));
    let clean: String =
        input.appendix.sheet.chars().map(|c| if c.is_control() || "[]:*?/\\".contains(c) { ' ' } else { c }).collect();
    let clean = clean.trim().trim_matches('\'');
    let mut first = style::cut(clean, 31).into_owned();
    let taken = |name: &str| {
        // "History" is kept by Excel for itself.
        name.to_lowercase() == "history" || companions.iter().any(|c| c.to_lowercase() == name.to_lowercase())
    };
    if first.is_empty() || taken(&first) {
        "Biểu".clone_into(&mut first);
    }
    let [findings, origins, summary] = companions.map(str::to_owned);
    [first, findings, origins, summary]
}
