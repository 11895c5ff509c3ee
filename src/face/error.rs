//! Why something could not be done.

use std::{error, fmt, io};

use crate::{
    model::{
        document::Problem,
        finding::{ENCRYPTED_FILE, Finding, INTERNAL_ERROR, UNREADABLE_FILE},
    },
    values::language::{Language, say},
    write::WriteError,
};

/// Why something could not be done: its kind, and words for people.
///
/// What can be mended in a sheet while the work goes on is no error but a [`Finding`](crate::Finding). `Display`
/// is Vietnamese, as all that this crate says unless asked otherwise; [`message`](Self::message) has both
/// languages.
///
/// ```
/// use bieu::{ErrorKind, Language, Limits};
///
/// let file = bieu::read("so-lieu.xlsx", b"PK\x03\x04 and then nothing", &Limits::default());
/// let error = file.workbook().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Unreadable);
/// assert!(error.message(Language::En).starts_with("so-lieu.xlsx: "));
/// ```
#[derive(Debug)]
pub struct Error(Cause);

#[derive(Debug)]
enum Cause {
    File(Box<Finding>),
    Documents(Vec<Problem>),
    NoMapping(String),
    Form(WriteError),
    Report(io::Error),
}

/// What kind of [`Error`] it is. More may come.
///
/// ```
/// use bieu::{Catalogue, ErrorKind};
///
/// let error = Catalogue::parse("catalogue.toml", "[catalogue]\nid = 1", &[]).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Document);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Nothing of a file can be read: it is damaged, or of a format that is not read.
    Unreadable,
    /// A file is locked by a password.
    Encrypted,
    /// A file asks for more than its [`Limits`](crate::Limits) allow.
    OverLimit,
    /// A mapping, a catalogue or a `bieu.toml` has mistakes: [`Error::mistakes`].
    Document,
    /// No mapping was found for a submission, so that there is no form of it.
    NoMapping,
    /// An output cannot be made: it has more rows than a sheet, or a text that the format does not take.
    Output,
    /// This program is at fault, not what it was given.
    Internal,
}

impl Error {
    pub(super) fn file(finding: Box<Finding>) -> Self {
        Self(Cause::File(finding))
    }

    pub(super) fn documents(problems: Vec<Problem>) -> Self {
        Self(Cause::Documents(problems))
    }

    pub(super) fn no_mapping(submission: &str) -> Self {
        Self(Cause::NoMapping(submission.to_owned()))
    }

    pub(super) fn form(error: WriteError) -> Self {
        Self(Cause::Form(error))
    }

    pub(super) fn report(error: io::Error) -> Self {
        Self(Cause::Report(error))
    }

    /// What kind it is.
    pub fn kind(&self) -> ErrorKind {
        match &self.0 {
            Cause::File(finding) if finding.code == &ENCRYPTED_FILE => ErrorKind::Encrypted,
            Cause::File(finding) if finding.code == &INTERNAL_ERROR => ErrorKind::Internal,
            Cause::File(finding) if finding.code == &UNREADABLE_FILE || is_of_no_format(finding) => {
                ErrorKind::Unreadable
            }
            Cause::File(_) => ErrorKind::OverLimit,
            Cause::Documents(_) => ErrorKind::Document,
            Cause::NoMapping(_) => ErrorKind::NoMapping,
            Cause::Form(_) | Cause::Report(_) => ErrorKind::Output,
        }
    }

    /// What is wrong, in one language; for documents a line for each mistake.
    pub fn message(&self, language: Language) -> String {
        match &self.0 {
            Cause::File(finding) => {
                let file = finding.target.as_ref().map_or("", |place| &place.file);
                format!("{file}: {}", finding.facts.message(language))
            }
            Cause::Documents(problems) => {
                let line = |mistake: Mistake<'_>| {
                    let (line, column) = (mistake.line(), mistake.column());
                    format!("{}:{line}:{column}: {}", mistake.file(), mistake.message(language))
                };
                problems.iter().map(|problem| line(Mistake(problem))).collect::<Vec<_>>().join("\n")
            }
            Cause::NoMapping(submission) => say!(
                language,
                "{submission}: không lập được biểu vì chưa có bảng ánh xạ phù hợp",
                "{submission}: there is no form, since no mapping fits"
            ),
            Cause::Form(error) => {
                say!(language, "không lập được biểu: {error}", "the form cannot be made: {error}")
            }
            Cause::Report(error) => {
                say!(language, "không lập được báo cáo: {error}", "the report cannot be made: {error}")
            }
        }
    }

    /// Every mistake of the documents, in their order; none for an error of another kind.
    pub fn mistakes(&self) -> impl Iterator<Item = Mistake<'_>> {
        let problems = match &self.0 {
            Cause::Documents(problems) => &problems[..],
            Cause::File(_) | Cause::NoMapping(_) | Cause::Form(_) | Cause::Report(_) => &[],
        };
        problems.iter().map(Mistake)
    }
}

fn is_of_no_format(finding: &Finding) -> bool {
    finding.code == &crate::extract::UNMAPPED_FILE
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Language::Vi))
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match &self.0 {
            Cause::Form(error) => Some(error),
            Cause::Report(error) => Some(error),
            Cause::File(_) | Cause::Documents(_) | Cause::NoMapping(_) => None,
        }
    }
}

/// One mistake in a mapping, a catalogue or a `bieu.toml`, with its place.
///
/// ```
/// use bieu::{Catalogue, Language};
///
/// let text = "[catalogue]\nid = \"mau\"\nperiod = \"2024\"\nperoid = \"2025\"\n";
/// let error = Catalogue::parse("catalogue.toml", text, &[]).unwrap_err();
/// let mistake = error.mistakes().last().unwrap();
/// assert_eq!((mistake.file(), mistake.line(), mistake.column()), ("catalogue.toml", 4, 1));
/// assert!(mistake.message(Language::En).contains("peroid"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Mistake<'a>(&'a Problem);

impl<'a> Mistake<'a> {
    /// The file that it stands in: one that is extended may be another than the one that was read.
    pub fn file(self) -> &'a str {
        self.0.document.part_at(self.0.span.start).0
    }

    /// Line from one.
    pub fn line(self) -> u32 {
        self.0.document.line_column(self.0.span.start).0
    }

    /// Column from one, in characters.
    pub fn column(self) -> u32 {
        self.0.document.line_column(self.0.span.start).1
    }

    /// What is wrong.
    pub fn message(self, language: Language) -> &'a str {
        in_language(&self.0.message, language)
    }

    /// What could stand there instead, where that can be told.
    pub fn help(self, language: Language) -> Option<&'a str> {
        self.0.help.as_ref().map(|help| in_language(help, language))
    }
}

fn in_language((vi, en): &(String, String), language: Language) -> &str {
    match language {
        Language::Vi => vi,
        Language::En => en,
    }
}
