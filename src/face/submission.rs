//! Files that are judged as one.

use super::{Error, Finding, Mapping, Reading, SourceFile, basis::document};
use crate::{
    extract::Texts,
    judge::suppression::{self, Suppressions},
    line::{
        codes,
        submission::{self, Given, Outcome},
    },
    model::{
        reading::Previous,
        report::{self, CheckCount, FileStatus, Status, VerdictCount},
    },
    values::language::Language,
};

/// How a submission is judged, beside its files and mappings.
///
/// ```
/// use bieu::{Language, Options};
///
/// let accepted = "[severity]\nratio-mismatch = \"warning\"\n";
/// let options = Options::new(Language::Vi).suppressing("bieu.toml", accepted)?;
/// # let _ = options;
/// # Ok::<(), bieu::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Options<'a> {
    language: Language,
    previous: Option<&'a Submission>,
    suppressions: Option<Suppressions>,
}

impl<'a> Options<'a> {
    /// Nothing but the language of messages.
    pub fn new(language: Language) -> Self {
        Self { language, previous: None, suppressions: None }
    }

    /// With what the same office reported for the period before; a submission that no mapping fitted says nothing.
    #[must_use]
    pub fn after(mut self, previous: &'a Submission) -> Self {
        self.previous = Some(previous);
        self
    }

    /// With what somebody answers for: the text of a `bieu.toml`, which docs/report.md describes.
    ///
    /// # Errors
    /// Every mistake of the text.
    pub fn suppressing(mut self, file: &str, text: &str) -> Result<Self, Error> {
        let known: Vec<&str> = codes::all().map(|code| code.name).collect();
        let decoded = suppression::decode(&document(file, text), &known);
        self.suppressions = Some(decoded.map_err(Error::documents)?);
        Ok(self)
    }
}

/// Files that were judged as one: how it came out, what was found, what was read.
///
/// ```
/// # use bieu::{Catalogue, FileStatus, Language, Limits, Mapping, Options, Status};
/// # let text = |name: &str| std::fs::read_to_string(format!("examples/xa-mau/{name}"));
/// # let catalogue = Catalogue::parse("catalogue.toml", &text("catalogue.toml")?, &[])?;
/// # let mapping = Mapping::parse("mapping.toml", &text("mapping.toml")?, &[], &catalogue)?;
/// # let file = bieu::read("trong-trot.csv", text("trong-trot.csv")?.as_bytes(), &Limits::default());
/// let submission = bieu::judge("xã Mẫu", vec![file], &[mapping], &Options::new(Language::En));
/// assert_eq!((submission.path(), submission.status()), ("xã Mẫu", Status::Findings));
/// assert_eq!(submission.mapping(), Some("xa-mau"));
/// assert_eq!(submission.files().next(), Some(("trong-trot.csv", FileStatus::Read)));
/// assert_eq!((submission.readings(), submission.findings().count()), (9, 1));
/// assert_eq!((submission.verdicts().exceeded, submission.verdicts().missed), (1, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Submission {
    pub(super) outcome: Outcome,
    pub(super) language: Language,
}

impl Submission {
    pub(super) fn shown(&self) -> &report::Submission {
        self.outcome.submission()
    }

    /// What it is called, as [`judge`] was given it.
    pub fn path(&self) -> &str {
        &self.shown().path
    }

    /// How it came out.
    pub fn status(&self) -> Status {
        self.shown().status
    }

    /// Id of the mapping that was chosen; none where none fits.
    pub fn mapping(&self) -> Option<&str> {
        self.shown().mapping.as_deref()
    }

    /// Id of its catalogue.
    pub fn catalogue(&self) -> Option<&str> {
        self.shown().catalogue.as_deref()
    }

    /// The period that its figures are of, as in [`Catalogue::period`](crate::Catalogue::period).
    pub fn period(&self) -> Option<&str> {
        self.shown().period.as_deref()
    }

    /// Path of each file, and how that came out.
    pub fn files(&self) -> impl Iterator<Item = (&str, FileStatus)> {
        self.shown().files.iter().map(|file| (&*file.path, file.status))
    }

    /// What a person should look at, by file, sheet, cell and code. What somebody answers for is there too, with
    /// its reason.
    pub fn findings(&self) -> impl Iterator<Item = Finding<'_>> {
        self.shown().findings.iter().map(Finding::of)
    }

    /// How many judgements the checks made, and how they came out.
    pub fn checks(&self) -> CheckCount {
        self.shown().checks
    }

    /// How many indicators exceeded, met and missed their plan, by the exact figures.
    pub fn verdicts(&self) -> VerdictCount {
        self.shown().verdicts
    }

    /// How many values were taken; blank cells do not count.
    pub fn readings(&self) -> u64 {
        self.shown().readings
    }

    /// Every value that was taken, blank cells too, in the order of the mapping; each is lent until the next one,
    /// since there may be millions.
    pub fn each_reading(&self, mut look: impl FnMut(Reading<'_>)) {
        if let Outcome::Judged(judged, bundle) = &self.outcome {
            judged.dataset.each(|reading| look(Reading::new(&bundle.catalogue, reading)));
        }
    }

    /// Its figures, for the period after it.
    fn figures(&self) -> Option<Previous<'_>> {
        match &self.outcome {
            Outcome::Judged(judged, bundle) => {
                Some(Previous { catalogue: &bundle.catalogue, dataset: &judged.dataset })
            }
            Outcome::Unmapped(..) => None,
        }
    }
}

/// Judges files as one submission. `path` is its name in reports.
///
/// Of several mappings the one is taken that takes most figures; one alone is taken whatever it finds. Where none
/// fits, or two fit equally well, the status is [`Status::Unmapped`]. Files that could not
/// be read are part of the submission all the same, and what is expected in them accuses nobody.
///
/// ```
/// use bieu::{Catalogue, Language, Limits, Mapping, Options, Status};
///
/// let text = |name: &str| std::fs::read_to_string(format!("examples/xa-mau/{name}"));
/// let catalogue = Catalogue::parse("catalogue.toml", &text("catalogue.toml")?, &[])?;
/// let mapping = Mapping::parse("mapping.toml", &text("mapping.toml")?, &[], &catalogue)?;
/// let file = bieu::read("trong-trot.csv", text("trong-trot.csv")?.as_bytes(), &Limits::default());
///
/// let submission = bieu::judge("xã Mẫu", vec![file], &[mapping], &Options::new(Language::Vi));
/// assert_eq!(submission.status(), Status::Findings);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn judge(path: &str, files: Vec<SourceFile>, mappings: &[Mapping], options: &Options<'_>) -> Submission {
    let files = files.into_iter().map(|file| file.0).collect();
    let candidates: Vec<_> = mappings.iter().map(|mapping| &mapping.0).collect();
    let given = Given {
        named: true,
        previous: options.previous.and_then(Submission::figures),
        suppressions: options.suppressions.as_ref(),
        beside: Vec::new(),
    };
    let outcome = submission::judge(&path.into(), files, &candidates, given, options.language, &Texts::default());
    Submission { outcome, language: options.language }
}
