//! Findings: what a person should look at, as data.

mod shared_codes;
mod slip_kind;

use std::{borrow::Cow, fmt, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use shared_codes::{
    AMBIGUOUS_LABEL, DATE_FOR_NUMBER, DUPLICATE_MEMBER, ENCRYPTED_FILE, INTERNAL_ERROR, MISSING_LABEL, MISSING_MEMBER,
    MISSING_SHEET, STALE_FORMULA, SUGGESTED_LABEL, UNKNOWN_MEMBER, UNMAPPED_NUMBER, UNREADABLE_FILE,
    UNUSED_MAPPING_ENTRY,
};

pub use slip_kind::SlipKind;

use crate::{
    model::workbook::Position,
    values::language::{Language, Words},
};

/// How bad a finding is. The scale is the European Statistical System's: an error is logically
/// impossible, a warning needs an explanation, an information needs no comment.
///
/// ```
/// use bieu::{Language, Severity};
///
/// assert!(Severity::Error > Severity::Warning);
/// assert_eq!(Severity::Warning.name(), "warning");
/// assert_eq!(Severity::Warning.words().get(Language::Vi), "cảnh báo");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing to do.
    Info,
    /// Suspicious; right only with an explanation.
    Warning,
    /// Cannot be right.
    Error,
}

impl Severity {
    /// Name in JSON, in `--fail-on` and in mapping files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// Name for people.
    pub const fn words(self) -> Words {
        match self {
            Self::Info => Words { vi: "lưu ý", en: "info" },
            Self::Warning => Words { vi: "cảnh báo", en: "warning" },
            Self::Error => Words { vi: "lỗi", en: "error" },
        }
    }
}

/// What `bieu explain` says of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explain {
    /// What the finding means.
    pub what: Words,
    /// Why it matters.
    pub why: Words,
    /// How to mend it.
    pub fix: Words,
    /// A small example.
    pub example: Words,
}

/// How sure it is which cell is wrong. A statement is as strong as its evidence: an officer who is led
/// once into a wrong correction trusts no other one.
///
/// ```
/// use bieu::Certainty;
///
/// assert!(Certainty::Certain > Certainty::Likely && Certainty::Likely > Certainty::Open);
/// assert_eq!(Certainty::Open.name(), "open");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// Several changes would explain it, or too little speaks for the only one.
    Open,
    /// One change explains it clearly better than any other.
    Likely,
    /// The cell is wrong under every explanation.
    Certain,
}

impl Certainty {
    /// Name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }

    /// Name for people.
    pub const fn words(self) -> Words {
        match self {
            Self::Open => {
                Words { vi: "chưa nói chắc được ô nào sai", en: "it cannot be told which cell is wrong" }
            }
            Self::Likely => Words { vi: "nhiều khả năng", en: "likely" },
            Self::Certain => Words { vi: "chắc chắn", en: "certain" },
        }
    }
}

/// One kind of finding. The name never changes once released.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Kebab-case, named for the fault.
    pub name: &'static str,
    /// Severity unless the user says otherwise.
    pub severity: Severity,
    /// Text of `bieu explain`.
    pub explain: Explain,
}

/// Where something stands.
///
/// ```
/// let place = bieu::Place::file(&"lua.xlsx".into());
/// assert_eq!((&*place.file, place.sheet, place.cell), ("lua.xlsx", None, None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// File as the user named it.
    pub file: Arc<str>,
    /// Sheet, where it matters.
    pub sheet: Option<Arc<str>>,
    /// Cell, where it matters.
    #[serde(serialize_with = "position_as_text", deserialize_with = "position_from_text")]
    pub cell: Option<Position>,
    /// What stands in the cell, as a person sees it.
    pub raw: Option<Arc<str>>,
}

impl Place {
    /// A whole file.
    pub fn file(file: &Arc<str>) -> Self {
        Self { file: file.clone(), sheet: None, cell: None, raw: None }
    }

    /// A whole sheet.
    pub fn sheet(file: &Arc<str>, sheet: &Arc<str>) -> Self {
        Self { sheet: Some(sheet.clone()), ..Self::file(file) }
    }
}

// serde hands over a reference to the field.
#[expect(clippy::ref_option, reason = "the signature is serde's")]
fn position_as_text<S: Serializer>(at: &Option<Position>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => serializer.collect_str(at),
        None => serializer.serialize_none(),
    }
}

fn position_from_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Position>, D::Error> {
    let Some(text) = Option::<Cow<'de, str>>::deserialize(deserializer)? else { return Ok(None) };
    Position::parse(&text).map(Some).ok_or_else(|| de::Error::custom("not a cell address"))
}

/// A line of a mapping or catalogue file, from one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FileLine {
    /// The file as the user named it, or its bundled name.
    pub file: Arc<str>,
    /// Line from one.
    pub line: u32,
}

/// A change to one cell that would explain the finding. A proposal, never carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hypothesis {
    /// Kind of slip.
    pub kind: SlipKind,
    /// The cell that may be wrong.
    pub target: Place,
    /// What would stand there, as a plain decimal.
    pub to: String,
    /// How many violated rules this would resolve.
    pub resolves: u32,
    /// Other cells that would have to change with it, each with what would stand there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub together: Vec<Companion>,
}

/// A cell that would have to change together with another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Companion {
    /// The cell.
    pub target: Place,
    /// What would stand there, as a plain decimal.
    pub to: String,
}

/// What a finding says, as facts: a small struct beside the code of whoever reports it. Its words are asked
/// for where findings become entries of a report, in the language of whoever reads it.
pub trait Facts: fmt::Debug + Send + Sync {
    /// What is there, then what was expected.
    fn message(&self, language: Language) -> String;
    /// What to do.
    fn action(&self, language: Language) -> String;
}

/// One thing that is said beside a finding, as facts: a likely cause, another thing to do, why it is accepted.
pub trait Remark: fmt::Debug + Send + Sync {
    /// In words.
    fn words(&self, language: Language) -> String;
}

/// One thing a person should look at.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The kind.
    pub code: &'static Code,
    /// Default of the code, or what the user made of it.
    pub severity: Severity,
    /// What it says.
    pub facts: Arc<dyn Facts>,
    /// What to do, where more is known than the facts say.
    pub advice: Option<Arc<dyn Remark>>,
    /// Indicator id.
    pub indicator: Option<Arc<str>>,
    /// Name of the rule that was broken.
    pub rule: Option<String>,
    /// Where the mapping or catalogue says so.
    pub mapping: Option<FileLine>,
    /// The judged cell.
    pub target: Option<Place>,
    /// The cells it was judged from, of very many the first [`MOST_SOURCES`].
    pub sources: Vec<Place>,
    /// How many more cells it was judged from.
    pub more_sources: u64,
    /// What was found, as a plain decimal or text.
    pub found: Option<String>,
    /// What was expected, as a plain decimal or text.
    pub expected: Option<String>,
    /// The likely cause.
    pub diagnosis: Option<Arc<dyn Remark>>,
    /// How sure the first of the hypotheses is; absent where there is none.
    pub certainty: Option<Certainty>,
    /// Changes that would explain it.
    pub hypotheses: Vec<Hypothesis>,
    /// Findings that follow from the same cause, and go when it goes. None of them has consequences.
    pub consequences: Vec<Finding>,
    /// Stays the same when rows move: of code, rule, indicator, measure, member and period.
    pub fingerprint: String,
    /// What earlier versions gave as its fingerprint, where that was another one: `bieu.toml` files of
    /// that time still hold.
    pub former: Vec<String>,
    /// Why it was suppressed, if it was.
    pub suppressed: Option<Arc<dyn Remark>>,
}

/// So many of the cells that a finding was judged from are named.
pub const MOST_SOURCES: usize = 10_000;

impl Finding {
    /// A finding with the default severity of its code and nothing but its facts.
    pub fn new(code: &'static Code, facts: impl Facts + 'static) -> Self {
        Self {
            code,
            severity: code.severity,
            facts: Arc::new(facts),
            advice: None,
            indicator: None,
            rule: None,
            mapping: None,
            target: None,
            sources: Vec::new(),
            more_sources: 0,
            found: None,
            expected: None,
            diagnosis: None,
            certainty: None,
            hypotheses: Vec::new(),
            consequences: Vec::new(),
            fingerprint: String::new(),
            former: Vec::new(),
            suppressed: None,
        }
    }

    /// Sets the likely cause.
    pub fn diagnose(&mut self, cause: impl Remark + 'static) {
        self.diagnosis = Some(Arc::new(cause));
    }

    /// Sets what to do, in place of what the facts say.
    pub fn advise(&mut self, advice: impl Remark + 'static) {
        self.advice = Some(Arc::new(advice));
    }

    /// Sets the judged cell.
    #[must_use]
    pub fn at(mut self, target: Place) -> Self {
        self.target = Some(target);
        self
    }

    /// Adds a cell it was judged from. That of a million rows takes no memory: nobody looks at all of them.
    pub fn judge_from(&mut self, source: Place) {
        if self.sources.len() < MOST_SOURCES { self.sources.push(source) } else { self.more_sources += 1 }
    }

    /// Sets the line of the mapping or catalogue.
    #[must_use]
    pub fn stated_at(mut self, line: FileLine) -> Self {
        self.mapping = Some(line);
        self
    }

    /// Sets the indicator.
    #[must_use]
    pub fn about(mut self, indicator: &Arc<str>) -> Self {
        self.indicator = Some(indicator.clone());
        self
    }

    /// Sets the fingerprint from the parts that do not move when rows are inserted, and hold no name
    /// of a file: a renamed file is the same file.
    #[must_use]
    pub fn fingerprinted(mut self, parts: &[&str]) -> Self {
        self.fingerprint = fingerprint(self.code.name, parts);
        self
    }

    /// Adds the parts of the fingerprint that an earlier version made.
    #[must_use]
    pub fn formerly(mut self, parts: &[&str]) -> Self {
        self.former.push(fingerprint(self.code.name, parts));
        self
    }

    /// The finding and what is folded into it.
    pub fn with_consequences(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.consequences)
    }

    /// Takes in findings that have the same cause.
    pub fn fold(&mut self, mut following: Vec<Self>) {
        for finding in &mut following {
            self.consequences.append(&mut finding.consequences);
        }
        self.consequences.append(&mut following);
        self.consequences.sort_by(|a, b| a.order().cmp(&b.order()));
    }

    /// Makes it at least as grave as what follows from it, once an office has said how grave that is.
    pub fn raise(&mut self) {
        let worst = self.consequences.iter().filter(|f| f.suppressed.is_none()).map(|f| f.severity).max();
        self.severity = worst.map_or(self.severity, |worst| worst.max(self.severity));
    }

    /// File, sheet, cell, code: the order of every report.
    pub fn order(&self) -> (&str, &str, Option<Position>, &str) {
        let target = self.target.as_ref();
        (
            target.map_or("", |t| &t.file),
            target.and_then(|t| t.sheet.as_deref()).unwrap_or(""),
            target.and_then(|t| t.cell),
            self.code.name,
        )
    }
}

/// 64 bits of FNV-1a over code and parts, in hexadecimal. Not a secret and not a checksum: it only
/// has to stay the same over releases, so it is written out here and not left to a hasher that
/// may change.
fn fingerprint(code: &str, parts: &[&str]) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for text in std::iter::once(&code).chain(parts) {
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}
