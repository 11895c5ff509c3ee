//! The form of a submission.

use super::{Error, Submission};
use crate::{
    compose::appendix::{self, Appendix, FilledCell, FormRow},
    line::{pipeline::Judged, submission::Outcome},
    model::bundle::Bundle,
    values::language::Language,
    write::workbook::{WorkbookInput, workbook},
};

/// A filled form: the appendix "Biểu kết quả các chỉ tiêu chủ yếu" as the catalogue lays it out.
///
/// Stated figures stand as they were stated, wrong or not. Ratios and verdicts are computed anew from them and
/// never copied; what cannot be computed is empty.
///
/// ```
/// # use bieu::{Catalogue, Language, Limits, Mapping, Options};
/// # let text = |name: &str| std::fs::read_to_string(format!("examples/xa-mau/{name}"));
/// # let catalogue = Catalogue::parse("catalogue.toml", &text("catalogue.toml")?, &[])?;
/// # let mapping = Mapping::parse("mapping.toml", &text("mapping.toml")?, &[], &catalogue)?;
/// # let file = bieu::read("trong-trot.csv", text("trong-trot.csv")?.as_bytes(), &Limits::default());
/// # let submission = bieu::judge("xã Mẫu", vec![file], &[mapping], &Options::new(Language::Vi));
/// let form = bieu::compose(&submission)?;
/// let row = form.rows().find(|row| row.iter().any(|text| text == "Sản lượng thóc")).unwrap();
/// assert!(row.iter().any(|text| text == "98")); // the sheet says 99
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Form<'a> {
    pub(crate) appendix: Appendix,
    judged: &'a Judged,
    bundle: &'a Bundle,
    language: Language,
}

impl<'a> Form<'a> {
    pub(crate) fn of(judged: &'a Judged, bundle: &'a Bundle, language: Language) -> Self {
        let appendix = appendix::compose(&bundle.catalogue, &bundle.mapping.fields, &judged.dataset);
        Self { appendix, judged, bundle, language }
    }

    /// Title, a line each.
    pub fn title(&self) -> &[String] {
        &self.appendix.title
    }

    /// The header text over each column.
    pub fn columns(&self) -> impl Iterator<Item = String> {
        (0..self.appendix.columns.len()).map(|column| self.appendix.header.over(column))
    }

    /// The texts of each row, without number formats and with a decimal comma: of an indicator one a column, of a
    /// heading its number and title.
    pub fn rows(&self) -> impl Iterator<Item = Vec<String>> {
        self.appendix.rows.iter().map(|row| match row {
            FormRow::Section { number, title, .. } => vec![number.clone(), title.clone()],
            FormRow::Indicator { cells, .. } => cells.iter().map(FilledCell::text).collect(),
        })
    }

    /// Placeholders of the form that `[fields]` of the mapping does not fill; dotted lines stand in their place.
    pub fn unfilled(&self) -> &[String] {
        &self.appendix.unfilled
    }
}

/// Composes the form of a submission.
///
/// ```
/// # use bieu::{Catalogue, Language, Limits, Mapping, Options};
/// # let text = |name: &str| std::fs::read_to_string(format!("examples/xa-mau/{name}"));
/// # let catalogue = Catalogue::parse("catalogue.toml", &text("catalogue.toml")?, &[])?;
/// # let mapping = Mapping::parse("mapping.toml", &text("mapping.toml")?, &[], &catalogue)?;
/// # let file = bieu::read("trong-trot.csv", text("trong-trot.csv")?.as_bytes(), &Limits::default());
/// let submission = bieu::judge("xã Mẫu", vec![file], &[mapping], &Options::new(Language::Vi));
/// assert_eq!(bieu::compose(&submission)?.rows().next().unwrap(), ["I", "KINH TẾ"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`ErrorKind::NoMapping`](crate::ErrorKind::NoMapping): nobody knows what its figures are.
pub fn compose(submission: &Submission) -> Result<Form<'_>, Error> {
    match &submission.outcome {
        Outcome::Judged(judged, bundle) => Ok(Form::of(judged, bundle, submission.language)),
        Outcome::Unmapped(shown, _) => Err(Error::no_mapping(&shown.path)),
    }
}

/// Writes a form as the bytes of an .xlsx: the form, what was found, where every figure comes from, and a summary.
///
/// `sources` is the folder of the source files as seen from that of the workbook, for links: empty when they lie
/// side by side, else like `nguon/2024`. Ratios are formulas with their exact results. The same form gives the same
/// bytes.
///
/// ```
/// # use bieu::{Catalogue, Language, Limits, Mapping, Options};
/// # let text = |name: &str| std::fs::read_to_string(format!("examples/xa-mau/{name}"));
/// # let catalogue = Catalogue::parse("catalogue.toml", &text("catalogue.toml")?, &[])?;
/// # let mapping = Mapping::parse("mapping.toml", &text("mapping.toml")?, &[], &catalogue)?;
/// # let file = bieu::read("trong-trot.csv", text("trong-trot.csv")?.as_bytes(), &Limits::default());
/// # let submission = bieu::judge("xã Mẫu", vec![file], &[mapping], &Options::new(Language::Vi));
/// let bytes = bieu::write(&bieu::compose(&submission)?, "")?;
/// let written = bieu::read("bieu.xlsx", &bytes, &Limits::default());
/// let names: Vec<&str> = written.workbook()?.sheets.iter().map(|sheet| &*sheet.name).collect();
/// assert_eq!(names[1..], ["Kiểm tra", "Nguồn", "Tổng hợp"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Output`](crate::ErrorKind::Output): more rows than a sheet has, or a text that the format does not
/// take.
pub fn write(form: &Form<'_>, sources: &str) -> Result<Vec<u8>, Error> {
    let Form { appendix, judged, bundle, language } = form;
    workbook(&WorkbookInput {
        appendix,
        catalogue: &bundle.catalogue,
        fields: &bundle.mapping.fields,
        dataset: &judged.dataset,
        before: &judged.before,
        submission: &judged.submission,
        sources,
        language: *language,
    })
    .map_err(Error::form)
}
