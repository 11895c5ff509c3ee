//! What a person should look at.

use std::borrow::Cow;

use crate::{
    line::codes,
    model::{
        finding::{self, Certainty, Place, Severity},
        report::ReportEntry,
    },
    values::language::Language,
};

/// One thing a person should look at, in the words of one language: what is there, what was expected, what to do.
///
/// The order of [`Submission::findings`](crate::Submission::findings) is file, sheet, cell, code. A finding that
/// follows from another one is folded into it.
///
/// ```
/// # use bieu::{Catalogue, Language, Limits, Mapping, Options, Severity};
/// # let text = |name: &str| std::fs::read_to_string(format!("examples/xa-mau/{name}"));
/// # let catalogue = Catalogue::parse("catalogue.toml", &text("catalogue.toml")?, &[])?;
/// # let mapping = Mapping::parse("mapping.toml", &text("mapping.toml")?, &[], &catalogue)?;
/// # let file = bieu::read("trong-trot.csv", text("trong-trot.csv")?.as_bytes(), &Limits::default());
/// let submission = bieu::judge("xã Mẫu", vec![file], &[mapping], &Options::new(Language::En));
/// let finding = submission.findings().next().unwrap();
/// assert_eq!((finding.code(), finding.severity()), ("ratio-mismatch", Severity::Error));
/// assert_eq!(finding.place().unwrap().cell.unwrap().to_string(), "E3");
/// assert_eq!((finding.found(), finding.expected()), (Some("99"), Some("98")));
/// println!("{}: {}", finding.code(), finding.message());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Finding<'a>(Cow<'a, ReportEntry>);

impl<'a> Finding<'a> {
    pub(super) fn worded(finding: finding::Finding, language: Language) -> Self {
        Self(Cow::Owned(ReportEntry::new(finding, language)))
    }

    pub(super) fn of(entry: &'a ReportEntry) -> Self {
        Self(Cow::Borrowed(entry))
    }

    /// What kind it is: a name in kebab-case that never changes once released. [`explain`] says what it means.
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// How bad it is: that of its code, or what the office made of it.
    pub fn severity(&self) -> Severity {
        self.0.severity
    }

    /// What is there, then what was expected.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do.
    pub fn action(&self) -> &str {
        &self.0.action
    }

    /// The judged cell, sheet or file; absent for what is nowhere.
    pub fn place(&self) -> Option<&Place> {
        self.0.target.as_ref()
    }

    /// The cells it was judged from, of very many the first 10,000.
    pub fn sources(&self) -> &[Place] {
        &self.0.sources
    }

    /// Id of the indicator it is about.
    pub fn indicator(&self) -> Option<&str> {
        self.0.indicator.as_deref()
    }

    /// What was found, as a plain decimal with a point or as text.
    pub fn found(&self) -> Option<&str> {
        self.0.found.as_deref()
    }

    /// What was expected, likewise.
    pub fn expected(&self) -> Option<&str> {
        self.0.expected.as_deref()
    }

    /// Cells that may be the wrong ones, the likeliest first, each with what may have to stand there as a plain
    /// decimal. They are proposals; nothing is ever changed.
    pub fn suspects(&self) -> impl Iterator<Item = (&Place, &str)> {
        self.0.hypotheses.iter().map(|guess| (&guess.target, &*guess.to))
    }

    /// How sure the first of the [`suspects`](Self::suspects) is; absent where there is none.
    pub fn certainty(&self) -> Option<Certainty> {
        self.0.certainty
    }

    /// Findings that follow from the same cause, and go when it goes.
    pub fn consequences(&self) -> impl Iterator<Item = Finding<'_>> {
        self.0.consequences.iter().map(Finding::of)
    }

    /// Stays the same when rows move or the file is renamed: 16 hexadecimal digits of code, rule, indicator,
    /// measure, member and period.
    pub fn fingerprint(&self) -> &str {
        &self.0.fingerprint
    }

    /// Why it is accepted, where somebody answers for it.
    pub fn suppressed(&self) -> Option<&str> {
        self.0.suppressed.as_deref()
    }
}

/// What a finding code means, why it matters and how to mend it, with an example: some paragraphs, 80 columns
/// wide. `None` for what is no code.
///
/// ```
/// let text = bieu::explain("ratio-mismatch", bieu::Language::En).unwrap();
/// assert!(text.starts_with("ratio-mismatch (error)"));
/// assert!(bieu::explain("no-such-code", bieu::Language::En).is_none());
/// ```
pub fn explain(code: &str, language: Language) -> Option<String> {
    codes::find(code).map(|code| codes::explain(code, language))
}
