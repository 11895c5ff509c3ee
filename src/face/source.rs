//! Files that were read.

use super::{Error, Finding};
use crate::{
    line::pipeline::{self, ReadFile},
    model::workbook::Workbook,
    read::Limits,
    values::language::Language,
};

/// One file that was read, or why it was not; what a [`judge`](crate::judge()) is given.
///
/// ```
/// use bieu::{Language, Limits};
///
/// let bytes = "Chỉ tiêu;Thực hiện\nDiện tích lúa;210\n".as_bytes();
/// let file = bieu::read("trong-trot.csv", bytes, &Limits::default());
/// assert_eq!(file.path(), "trong-trot.csv");
/// assert_eq!(file.workbook()?.sheets[0].len(), 4);
/// assert!(file.findings(Language::En).is_empty());
/// # Ok::<(), bieu::Error>(())
/// ```
#[derive(Debug)]
pub struct SourceFile(pub(super) ReadFile);

impl SourceFile {
    /// Its path, as [`read`] was given it.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// What it holds.
    ///
    /// # Errors
    /// Nothing of it can be read.
    pub fn workbook(&self) -> Result<&Workbook, Error> {
        self.0.opened().map_err(Error::file)
    }

    /// What a person should look at, in words: cells and sheets that were lost, an ending that does not fit. They
    /// go into the [`Submission`](crate::Submission) that the file becomes a part of.
    pub fn findings(&self, language: Language) -> Vec<Finding<'static>> {
        self.0.findings.iter().map(|finding| Finding::worded(finding.clone(), language)).collect()
    }
}

/// Reads one file: .xlsx, .xlsm, .xlsb, .xls, .ods, .csv, .tsv, and the HTML and XML tables that web systems call
/// .xls.
///
/// `path` is for people, and is never opened. The bytes alone say what the file is. Whatever it claims of its own
/// size is held against `limits` before memory is asked for. What cannot be read costs as little as possible: a
/// cell, then a sheet, then the file; each loss is a finding.
///
/// ```
/// use bieu::{Limits, Position, Value};
///
/// let bytes = "Chỉ tiêu;Thực hiện\nDiện tích lúa;210\n".as_bytes();
/// let file = bieu::read("trong-trot.csv", bytes, &Limits::default());
/// let sheet = &file.workbook()?.sheets[0];
/// let cell = sheet.get(Position::new(1, 0)).unwrap();
/// assert_eq!(cell.value, Value::Text("Diện tích lúa"));
/// # Ok::<(), bieu::Error>(())
/// ```
pub fn read(path: &str, bytes: &[u8], limits: &Limits) -> SourceFile {
    let path = path.into();
    SourceFile(pipeline::unsupported_file(&path).unwrap_or_else(|| pipeline::read_file(&path, bytes, limits)))
}
