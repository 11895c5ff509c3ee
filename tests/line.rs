//! The one-way line: reads the `use` lines and paths of the sources and fails on an arrow that runs
//! back. Vocabulary imports vocabulary; a stage never imports another stage; only the line, the
//! driver and the list of codes import stages.

use std::{fs, path::Path};

/// Data and what belongs to it.
const VOCABULARY: &[&str] = &[
    "appendix",
    "catalogue",
    "consolidation",
    "document",
    "finding",
    "language",
    "constraint",
    "mapping",
    "number",
    "period",
    "prefill",
    "ratio",
    "reading",
    "report",
    "rule",
    "suppression",
    "text",
    "unit",
    "verdict",
    "workbook",
];
/// Functions from data to data and findings.
const STAGES: &[&str] = &["read", "extract", "checks", "localise", "write"];
/// What ties stages together.
const DRIVERS: &[&str] = &["pipeline", "suspects", "driver", "codes", "draft"];
/// What a person meets: it may use all that is above, and nothing above may use it.
const FACES: &[&str] = &["app", "bin", "cli", "main"];
fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    let entries = fs::read_dir(folder).expect("src can be read");
    for entry in entries.map(|e| e.expect("src can be read").path()) {
        if entry.is_dir() {
            sources(&entry, found);
        } else if entry.extension().is_some_and(|e| e == "rs") {
            let text = fs::read_to_string(&entry).expect("sources are UTF-8");
            found.push((entry.to_string_lossy().replace('\\', "/"), text));
        }
    }
}

fn all_sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    let prefix = format!("{}/", root.to_string_lossy().replace('\\', "/"));
    for (path, _) in &mut found {
        *path = path.trim_start_matches(&prefix).to_owned();
    }
    found.sort();
    // Modules for tests only are no part of the line.
    let test_only: Vec<String> = found
        .iter()
        .flat_map(|(_, text)| text.split("#[cfg(test)]").skip(1))
        .filter_map(|rest| {
            rest.trim_start()
                .trim_start_matches("pub(crate) ")
                .strip_prefix("mod ")?
                .split_once(';')
                .map(|(name, _)| format!("/{name}.rs"))
        })
        .collect();
    found.retain(|(path, _)| !path.contains("/tests/"));
    found.retain(|(path, _)| !test_only.iter().any(|name| path.ends_with(name)));
    found
}

fn module(path: &str) -> &str {
    path.split(['/', '.']).next().unwrap_or_default()
}

/// Code without comments and without its unit tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Every `crate::NAME` of a text, those in `use crate::{...}` too.
fn imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("crate::") {
        rest = &rest[at + "crate::".len()..];
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut item = String::new();
            for c in list.chars() {
                match c {
                    '}' if depth == 0 => break,
                    ',' if depth == 0 => found.push(std::mem::take(&mut item)),
                    _ => {
                        depth += i32::from(c == '{') - i32::from(c == '}');
                        item.push(c);
                    }
                }
            }
            found.push(item);
        } else {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
            found.push(rest[..end].to_owned());
        }
    }
    found.iter().map(|item| item.split_whitespace().collect()).filter(|item: &String| !item.is_empty()).collect()
}

#[test]
fn no_arrow_runs_back() {
    let mut wrong = Vec::new();
    for (path, text) in all_sources() {
        let own = module(&path);
        let (vocabulary, stage) = (VOCABULARY.contains(&own), STAGES.contains(&own));
        assert!(
            vocabulary || stage || DRIVERS.contains(&own) || FACES.contains(&own) || own == "lib",
            "{path}: say in tests/line.rs what kind of module `{own}` is"
        );
        for import in imports(&code(&text)) {
            let to = import.split("::").next().unwrap_or_default();
            let is_face = FACES.contains(&own) || own == "lib";
            let back = (!is_face && FACES.contains(&to))
                || (own == "app" && to == "cli")
                || (vocabulary && (STAGES.contains(&to) || DRIVERS.contains(&to)))
                || (stage && ((STAGES.contains(&to) && to != own) || DRIVERS.contains(&to)));
            if back {
                wrong.push(format!("{path}: `{own}` must not import `crate::{import}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn one_file_names_each_spreadsheet_crate() {
    for (name, places) in [
        // The yardstick of the readers must not be one of them: it is asked behind them.
        ("calamine::", &["driver/second_reader"][..]),
        ("rust_xlsxwriter::", &["write/workbook"][..]),
        ("csv::", &["write/delimited", "read/delimited"][..]),
    ] {
        for (path, text) in all_sources() {
            let names = code(&text).split([' ', '(', '<', '&', ';', '\n', '{']).any(|word| word.starts_with(name));
            assert!(!names || places.iter().any(|place| path.starts_with(place)), "{path} names {name}");
        }
    }
}

/// Lists of indicators, offices and years belong into catalogues and mappings.
#[test]
fn code_knows_no_commune_and_no_year() {
    for (path, text) in all_sources() {
        for word in ["Lục Bình", "luc-binh", "Lanh Chang", "2023", "2024"] {
            let code = code(&text);
            let used =
                code.lines().find(|line| line.contains(word) && !line.contains("vi: \"") && !line.contains("en: \""));
            // Explanations may give a date or a file as an example; they are texts, not code.
            assert!(used.is_none(), "{path} knows {word}: {used:?}");
        }
    }
}
