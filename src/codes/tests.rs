//! The table of codes in the docs is what the program says of them. `BIEU_BLESS=1 cargo test --lib codes`
//! writes it anew; read it before committing.

use std::{cmp::Reverse, collections::BTreeSet, fmt::Write as _, fs, path::Path};

use super::*;

/// What the table stands between.
const MARKS: (&str, &str) = ("<!-- codes -->\n", "<!-- /codes -->");

/// The first sentence of what a code means, without the examples behind a colon or in brackets at its end.
fn line(code: &Code) -> &'static str {
    let what = code.explain.what.en;
    let sentence = what.split_once(". ").map_or(what, |(first, _)| first).trim_end_matches('.');
    let sentence = sentence.split_once(": ").map_or(sentence, |(first, _)| first);
    if sentence.ends_with(')') { sentence.rsplit_once(" (").map_or(sentence, |(first, _)| first) } else { sentence }
}

fn table() -> String {
    let mut text = String::new();
    for stage in Stage::ALL {
        let title = match stage {
            Stage::Reading => "Reading files",
            Stage::Extraction => "Finding tables and reading their cells",
            Stage::Checks => "Checks",
            Stage::Suppressions => "Suppressions",
            Stage::Drafting => "`bieu draft`, beside some of those above",
        };
        let mut codes = stage.codes();
        codes.sort_by_key(|code| (Reverse(code.severity), code.name));
        let _ = write!(text, "\n{title}:\n\n| code | severity | meaning |\n| --- | --- | --- |\n");
        for code in codes {
            let _ =
                writeln!(text, "| `{}` | {} | {} |", code.name, code.severity.name(), line(code).replace('|', "\\|"));
        }
    }
    text + "\n"
}

#[test]
fn the_docs_show_every_code_as_the_program_knows_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/report.md");
    let docs = fs::read_to_string(&path).expect("the docs");
    let (before, rest) = docs.split_once(MARKS.0).expect("where the table begins");
    let (shown, after) = rest.split_once(MARKS.1).expect("where the table ends");
    if std::env::var_os("BIEU_BLESS").is_some() {
        fs::write(&path, [before, MARKS.0, &table(), MARKS.1, after].concat()).expect("the docs are written");
        return;
    }
    assert_eq!(shown, table(), "BIEU_BLESS=1 cargo test --lib codes writes the table anew");
}

#[test]
fn a_code_is_of_one_stage_and_says_one_line_of_itself() {
    let names: BTreeSet<&str> = all().map(|code| code.name).collect();
    assert_eq!(names.len(), all().count());
    for code in all() {
        assert!((10..=160).contains(&line(code).len()), "{}: {}", code.name, line(code));
    }
}
