//! `bieu explain`.

use crate::{
    face,
    line::codes,
    model::finding::Code,
    values::language::{Language, say},
};

use super::{Exit, Failure, print};

pub(super) fn run(code: Option<&str>, language: Language) -> Result<Exit, Failure> {
    let text = match code {
        None => list(language),
        Some(name) => {
            let Some(text) = face::explain(name, language) else {
                let near =
                    codes::all().min_by_key(|c| crate::values::text::distance(c.name, name)).map_or("", |c| c.name);
                return Err(Failure::usage(say!(
                    language,
                    "không có mã \"{name}\"; có phải \"{near}\"? `bieu explain` liệt kê mọi mã",
                    "no code \"{name}\"; did you mean \"{near}\"? `bieu explain` lists them all"
                )));
            };
            text
        }
    };
    print(text.as_bytes())?;
    Ok(Exit::Ok)
}

fn list(language: Language) -> String {
    let mut codes: Vec<&Code> = codes::all().collect();
    codes.sort_by_key(|code| code.name);
    let line = |code: &&Code| {
        let level = code.severity.words().get(language);
        let head = format!("{:<22} {level:<9} ", code.name);
        let indent = " ".repeat(33);
        let options = crate::write::text::wrapping(80).initial_indent(&head).subsequent_indent(&indent);
        textwrap::fill(code.explain.what.get(language), options) + "\n"
    };
    codes.iter().map(line).collect()
}
