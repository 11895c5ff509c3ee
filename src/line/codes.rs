//! Every finding code, from the stages that report them.

use crate::{
    draft, extract,
    judge::{checks, suppression},
    model::finding::Code,
    read,
    values::language::{Language, say},
    write,
};

/// What finds fault: a group of codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading files.
    Reading,
    /// Finding tables by a mapping, and reading their cells.
    Extraction,
    /// Judging what was read.
    Checks,
    /// Matching findings with what somebody answers for.
    Suppressions,
    /// Looking at files that no mapping describes yet.
    Drafting,
}

impl Stage {
    /// In the order in which a submission goes through them, then drafting.
    pub const ALL: [Self; 5] = [Self::Reading, Self::Extraction, Self::Checks, Self::Suppressions, Self::Drafting];

    /// The codes that a stage reports.
    pub fn codes(self) -> Vec<&'static Code> {
        match self {
            Self::Reading => read::CODES.to_vec(),
            Self::Extraction => extract::CODES.to_vec(),
            Self::Checks => checks::CHECKS.iter().map(|check| check.code).collect(),
            Self::Suppressions => suppression::CODES.to_vec(),
            Self::Drafting => draft::formulas::CODES.to_vec(),
        }
    }
}

/// All codes, stage by stage.
pub fn all() -> impl Iterator<Item = &'static Code> {
    Stage::ALL.into_iter().flat_map(Stage::codes)
}

/// The code of a name.
pub fn find(name: &str) -> Option<&'static Code> {
    all().find(|code| code.name == name)
}

/// What `bieu explain` prints and the docs show.
pub fn explain(code: &Code, language: Language) -> String {
    let level = code.severity.words().get(language);
    let Code { name, explain, .. } = code;
    let part = |head: String, body: &str| {
        let options = write::text::wrapping(80).initial_indent("  ").subsequent_indent("  ");
        format!("{head}\n{}\n", textwrap::fill(body, options))
    };
    let mut text = format!("{name} ({level})\n\n");
    text += &part(say!(language, "Là gì:", "What it is:"), explain.what.get(language));
    text += &part(say!(language, "Vì sao quan trọng:", "Why it matters:"), explain.why.get(language));
    text += &part(say!(language, "Cách sửa:", "How to fix it:"), explain.fix.get(language));
    text += &part(say!(language, "Ví dụ:", "Example:"), explain.example.get(language));
    text
}
