//! Every finding code, from the stages that report them.

use crate::{checks, extract, finding::Code, language::Language, read, say, suppression, write};

/// All codes, stage by stage.
pub fn all() -> impl Iterator<Item = &'static Code> {
    let checks = checks::CHECKS.iter().map(|check| check.code);
    let stages = read::CODES.iter().chain(extract::CODES).copied().chain(checks);
    stages.chain(suppression::CODES.iter().copied())
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
    text += &part(say!(language, "Cách sửa:", "How to mend it:"), explain.fix.get(language));
    text += &part(say!(language, "Ví dụ:", "Example:"), explain.example.get(language));
    text
}
