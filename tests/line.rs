//! The one-way line: reads the `use` lines and paths of the sources and fails on an arrow that is not
//! allowed, and on modules of one folder that import each other in a circle.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// The rooms of `src` in the order of the line, each with those that it may import.
const ROOMS: &[(&str, &[&str])] = &[
    ("values", &[]),
    ("model", &["values"]),
    ("read", &["values", "model"]),
    ("extract", &["values", "model"]),
    ("judge", &["values", "model"]),
    // A draft is tried on its own files, and says what the checks will say.
    ("draft", &["values", "model", "extract", "judge"]),
    // Forms print verdicts.
    ("compose", &["values", "model", "judge"]),
    ("write", &["values", "model", "judge", "compose"]),
    ("line", &["values", "model", "read", "extract", "judge", "draft", "compose", "write"]),
    // What other programs use, and the commands too.
    ("face", &["values", "model", "read", "extract", "judge", "draft", "compose", "write", "line"]),
    ("driver", &["values", "model", "read", "extract", "judge", "draft", "compose", "write", "line", "face"]),
    ("app", &["values", "model", "read", "extract", "judge", "draft", "compose", "write", "line", "face", "driver"]),
    (
        "cli",
        &["values", "model", "read", "extract", "judge", "draft", "compose", "write", "line", "face", "driver", "app"],
    ),
    // Programs, and the crate itself.
    ("bin", &["cli"]),
    ("main", &["cli"]),
    (
        "lib",
        &[
            "values", "model", "read", "extract", "judge", "draft", "compose", "write", "line", "face", "driver",
            "app", "cli",
        ],
    ),
];

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
        let allowed = ROOMS.iter().find(|(room, _)| *room == own).map(|(_, allowed)| *allowed);
        let allowed =
            allowed.unwrap_or_else(|| panic!("{path}: `{own}` is no room: say in tests/line.rs where it stands"));
        for import in imports(&code(&text)) {
            let to = import.split("::").next().unwrap_or_default();
            if to != own && !allowed.contains(&to) {
                wrong.push(format!("{path}: `{own}` must not import `crate::{import}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A module by the names of its folders and file; `a/b.rs` is `["a", "b"]`.
type Module = Vec<String>;

/// Every path of a text that begins with `crate`, `self` or `super`, with the braces of `use` lines resolved.
fn paths(text: &str) -> Vec<Vec<String>> {
    /// The paths of a tree of imports, and what follows it.
    fn tree<'a>(mut rest: &'a str, before: &[String], found: &mut Vec<Vec<String>>) -> &'a str {
        let mut path = before.to_vec();
        loop {
            rest = rest.trim_start();
            if let Some(mut list) = rest.strip_prefix('{') {
                while !list.trim_start().is_empty() && !list.trim_start().starts_with('}') {
                    let left = tree(list, &path, found);
                    list = left.trim_start().trim_start_matches(',');
                    if list.len() == left.len() && !list.trim_start().starts_with('}') {
                        break;
                    }
                }
                return list.trim_start().strip_prefix('}').unwrap_or(list);
            }
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            path.push(name.to_owned());
            match after.strip_prefix("::") {
                Some(more) if !name.is_empty() => rest = more,
                _ => {
                    found.push(path);
                    let alias = after
                        .trim_start()
                        .strip_prefix("as ")
                        .map(|alias| alias.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_'));
                    return alias.unwrap_or(after);
                }
            }
        }
    }
    let mut found = Vec::new();
    for (at, _) in text.match_indices("::") {
        let head = text[..at].rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
        let start = at - head.len();
        if matches!(head, "crate" | "self" | "super") && !text[..start].ends_with("::") {
            tree(&text[start..], &[], &mut found);
        }
    }
    found
}

/// The modules that each module names: by paths, through what another module hands on with `pub use`, and by
/// the name of its own children.
fn arrows() -> BTreeMap<Module, BTreeSet<Module>> {
    let sources: BTreeMap<Module, String> = all_sources()
        .into_iter()
        .filter(|(path, _)| !matches!(path.as_str(), "lib.rs" | "main.rs") && !path.starts_with("bin/"))
        .map(|(path, text)| (path.trim_end_matches(".rs").split('/').map(str::to_owned).collect(), code(&text)))
        .collect();
    let full = |own: &Module, path: &[String]| -> Vec<String> {
        let mut base = own.clone();
        let mut rest = path;
        match rest[0].as_str() {
            "crate" => base.clear(),
            "self" => {}
            _ => {
                while rest[0] == "super" {
                    base.pop();
                    rest = &rest[1..];
                }
                return [base.as_slice(), rest].concat();
            }
        }
        [base.as_slice(), &rest[1..]].concat()
    };
    let holder = |path: &[String]| (1..=path.len()).rev().find(|end| sources.contains_key(&path[..*end]));
    let mut handed_on: BTreeMap<(Module, String), Module> = BTreeMap::new();
    for (own, text) in &sources {
        for (at, _) in text.match_indices("use ") {
            let line_start = text[..at].rfind('\n').map_or(0, |at| at + 1);
            let statement = text[at + "use ".len()..].split(';').next().unwrap_or_default();
            if !text[line_start..at].trim_start().starts_with("pub") {
                continue;
            }
            let rooted = ["crate::", "self::", "super::"].iter().any(|root| statement.starts_with(root));
            let statement = if rooted { statement.to_owned() } else { format!("self::{statement}") };
            for path in paths(&statement) {
                let path = full(own, &path);
                if let (Some(end), Some(name)) = (holder(&path), path.last())
                    && end < path.len()
                {
                    handed_on.insert((own.clone(), name.clone()), path[..end].to_vec());
                }
            }
        }
    }
    let mut found: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
    for (own, text) in &sources {
        let arrows = found.entry(own.clone()).or_default();
        for path in paths(text) {
            let path = full(own, &path);
            let Some(end) = holder(&path) else { continue };
            let mut to = path[..end].to_vec();
            while let Some(name) = path.get(end)
                && let Some(next) = handed_on.get(&(to.clone(), name.clone()))
                && *next != to
            {
                to.clone_from(next);
            }
            arrows.insert(to);
        }
        for child in sources.keys().filter(|child| child.len() == own.len() + 1 && child.starts_with(own)) {
            let name = format!("{}::", child[own.len()]);
            let is_named = text
                .match_indices(&name)
                .any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'));
            if is_named {
                arrows.insert(child.clone());
            }
        }
    }
    found
}

/// The modules that can be reached from a module and from which it can be reached.
fn circles(arrows: &BTreeMap<&str, BTreeSet<&str>>) -> BTreeSet<Vec<String>> {
    let reached = |from: &str| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from.to_owned()]);
        while let Some(at) = open.pop() {
            for next in arrows.get(at.as_str()).into_iter().flatten() {
                if seen.insert((*next).to_owned()) {
                    open.push((*next).to_owned());
                }
            }
        }
        seen
    };
    let all: BTreeMap<&str, BTreeSet<String>> = arrows.keys().map(|from| (*from, reached(from))).collect();
    let mut found = BTreeSet::new();
    for (from, there) in &all {
        let circle: Vec<String> = all
            .iter()
            .filter(|(other, back)| there.contains(**other) && back.contains(*from))
            .map(|(other, _)| (*other).to_owned())
            .collect();
        if circle.len() > 1 {
            found.insert(circle);
        }
    }
    found
}

/// A folder is read from its face down: what stands in `a/b` may use `a`, which declares it, but two modules
/// of one folder, with all below them, never use each other.
#[test]
fn no_modules_of_one_folder_run_in_a_circle() {
    let arrows = arrows();
    let mut folders: BTreeSet<&[String]> = arrows.keys().map(|module| &module[..module.len() - 1]).collect();
    folders.insert(&[]);
    let mut wrong = Vec::new();
    for folder in folders {
        let mut between: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (from, all) in arrows.iter().filter(|(from, _)| from.starts_with(folder) && from.len() > folder.len()) {
            let own = between.entry(&from[folder.len()]).or_default();
            for to in all.iter().filter(|to| to.starts_with(folder) && to.len() > folder.len()) {
                if to[folder.len()] != from[folder.len()] {
                    own.insert(&to[folder.len()]);
                }
            }
        }
        let folder = folder.join("/");
        wrong.extend(circles(&between).into_iter().map(|circle| format!("src/{folder}: {}", circle.join(", "))));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn circles_are_found() {
    let arrows = BTreeMap::from([
        ("a", BTreeSet::from(["b", "c"])),
        ("b", BTreeSet::from(["c"])),
        ("c", BTreeSet::from(["b", "d"])),
        ("d", BTreeSet::new()),
    ]);
    assert_eq!(circles(&arrows), BTreeSet::from([vec!["b".to_owned(), "c".to_owned()]]));
    let text = "use super::{self, one::{A, B as C}, two};\nlet x = crate::three::four();";
    let shown: Vec<String> = paths(text).iter().map(|path| path.join("::")).collect();
    let expected = ["super::self", "super::one::A", "super::one::B", "super::two", "crate::three::four"];
    assert_eq!(shown, expected);
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

/// Reports and messages have paths alike on every system, so that what they say can be compared.
#[test]
fn one_rule_writes_paths() {
    for (path, text) in all_sources() {
        let is_rule = path.starts_with("driver/path");
        let shows = code(&text).lines().find(|line| line.contains(".display()")).map(str::to_owned);
        assert!(is_rule || shows.is_none(), "{path}: driver::shown shows paths: {shows:?}");
    }
}
