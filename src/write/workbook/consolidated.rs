//! Many submissions as one workbook: the form with a block a submission, the list of submissions,
//! what was found in them.

use std::io;

use rust_xlsxwriter::Workbook;

use super::{
    WorkbookInput, form, layout, names, package, properties, refused,
    report::{self, Trouble},
    sheet_names, style,
};
use crate::{
    compose::{appendix, consolidation::Consolidated},
    model::report::{CheckCount, Report, Status, Submission, VerdictCount},
    values::language::Language,
};

/// Writes the workbook. `base` is the folder in which paths begin, as seen from that of the
/// workbook.
///
/// # Errors
/// Where the submissions are kept cannot be read; more columns than a sheet has.
pub fn consolidated(table: &Consolidated, report: Report<'_>, language: Language, base: &str) -> io::Result<Vec<u8>> {
    let appendix = appendix::compose(&table.catalogue, &[], &table.dataset);
    // The findings of each stand in the list, by their own cells.
    let submission = Submission {
        path: table.catalogue.id.clone(),
        mapping: None,
        catalogue: Some(table.catalogue.id.clone()),
        period: Some(table.catalogue.period.to_string()),
        status: Status::Clean,
        files: Vec::new(),
        readings: 0,
        checks: CheckCount::default(),
        not_evaluated: Vec::new(),
        verdicts: VerdictCount::default(),
        form_rules: Vec::new(),
        findings: Vec::new(),
    };
    let input = WorkbookInput {
        appendix: &appendix,
        catalogue: &table.catalogue,
        dataset: &table.dataset,
        before: &[],
        submission: &submission,
        fields: &[],
        sources: base,
        language,
    };
    let bytes = written(&input, report, base).map_err(|trouble| match trouble {
        Trouble::Kept(error) => error,
        Trouble::Refused(error) => io::Error::other(error),
    })?;
    package::finish(&bytes, &appendix.profile, &[]).map_err(io::Error::other)
}

fn written(input: &WorkbookInput<'_>, report: Report<'_>, base: &str) -> Result<Vec<u8>, Trouble> {
    let profile = input.appendix.profile.clone();
    let style = style::Style::new(profile);
    let layout = layout::Layout::of(input.appendix);
    let name = &sheet_names(input)[0];
    let mut workbook = Workbook::new();
    workbook.set_default_format(&style.base(), style::DEFAULT_ROW_PIXELS, style::DEFAULT_COLUMN_PIXELS)?;
    workbook.set_properties(&properties(input)?);
    form::write(workbook.add_worksheet(), name, &style, &layout, input)?;
    names::define(&mut workbook, name, &layout, input)?;
    report::sheets(&mut workbook, &style, report, input.language, base)?;
    workbook.save_to_buffer().map_err(|error| Trouble::Refused(refused(error)))
}
