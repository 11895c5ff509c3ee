//! The documents are true: every command in a `sh` block of *.md and docs/*.md (but CHANGELOG.md) runs as it
//! stands, what is shown as output is what the program prints, every TOML block is a mapping, a catalogue or a
//! `bieu.toml` that passes, and links lead somewhere. So do the files, tests and identifiers that the documents
//! for whoever works on the program name. Each document has a folder of its own, in which its blocks run one after
//! the other. HTML comments before a block say what no reader has to see:
//!
//! | comment | meaning |
//! | --- | --- |
//! | `setup: A -> B` | A of the project is copied over B |
//! | `file: P` | the block is the file P |
//! | `exit: 1` | exit code of its commands, or one for each: `exit: 0 1` |
//! | `output: COMMAND` | the block is a finding that the command prints |
//! | `fragment: mapping` | or `catalogue`: the rest of the file goes without saying; lines below are put before it |
//! | `not run: WHY` | |
//!
//! `cargo xtask bless docs` (`BIEU_BLESS=1 cargo test --test docs`) writes shown output and the index of the
//! decisions anew; read it before committing.
#![cfg(unix)]

mod program;

use std::{
    collections::BTreeSet,
    env, fmt,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn documents() -> Vec<PathBuf> {
    let folders = [root(), root().join("docs")];
    let mut found: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).expect("a folder"))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    // What changed is told as it was then.
    found.retain(|path| path.extension().is_some_and(|ending| ending == "md") && !path.ends_with("CHANGELOG.md"));
    found.sort();
    found
}

/// A fenced block with the comments before it.
#[derive(Default)]
struct Block {
    /// Line of the opening fence, counted from 1.
    line: usize,
    kind: String,
    indent: usize,
    lines: Vec<String>,
    comments: Vec<(String, String)>,
}

impl Block {
    fn comment(&self, key: &str) -> Option<&str> {
        self.comments.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    fn text(&self) -> String {
        self.lines.join("\n") + "\n"
    }

    /// The exit code that the command of this number has to have.
    fn exit(&self, at: usize) -> i32 {
        let codes: Vec<i32> =
            self.comment("exit").unwrap_or("0").split(' ').map(|code| code.parse().expect("an exit code")).collect();
        *codes.get(at).or(codes.last()).expect("a code")
    }
}

const KEYS: [&str; 6] = ["setup", "file", "exit", "output", "fragment", "not run"];

/// The blocks of a document in order; a comment holds for the next one.
fn blocks(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut comments = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let content = line.trim_start();
        if let Some(begun) = content.strip_prefix("<!-- ") {
            let mut comment = begun.to_owned();
            while !comment.contains("-->") {
                let (_, more) = lines.next().expect("the end of a comment");
                comment = format!("{comment}\n{more}");
            }
            let comment = comment.split("-->").next().unwrap_or_default();
            if let Some((key, value)) = comment.split_once(':').filter(|(key, _)| KEYS.contains(key)) {
                comments.push((key.to_owned(), value.trim().to_owned()));
            }
        } else if let Some(kind) = content.strip_prefix("```") {
            let indent = line.len() - content.len();
            let mut block = Block { line: at + 1, kind: kind.to_owned(), indent, ..Block::default() };
            block.comments = std::mem::take(&mut comments);
            for (_, line) in lines.by_ref() {
                if line.trim() == "```" {
                    break;
                }
                block.lines.push(line.get(indent..).unwrap_or_default().to_owned());
            }
            found.push(block);
        }
    }
    // A comment behind the last block belongs to none.
    assert!(comments.is_empty(), "{comments:?}");
    found
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        for entry in fs::read_dir(from).expect("a folder") {
            let entry = entry.expect("an entry");
            copy(&entry.path(), &to.join(entry.file_name()));
        }
        return;
    }
    fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
    assert!(fs::copy(from, to).is_ok(), "{} cannot be copied", from.display());
}

struct Ran {
    exit: i32,
    out: String,
    all: String,
}

/// Runs a line in the shell, with the program that is built in front of the path.
fn run(line: &str, folder: &Path) -> Ran {
    let program = program::path();
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = [program.parent().expect("its folder").to_owned()].into_iter().chain(env::split_paths(&path));
    let output = Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .env("PATH", env::join_paths(folders).expect("a path"))
        .env_remove("BIEU_LANG")
        .stdin(Stdio::from(File::open("/dev/null").expect("nothing")))
        .output()
        .expect("a shell");
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    Ran {
        exit: output.status.code().unwrap_or(-1),
        all: format!("{out}{}", String::from_utf8_lossy(&output.stderr)),
        out,
    }
}

/// The commands of a `sh` block, without remarks; the first line that is none is the error.
fn commands(block: &Block) -> Result<Vec<String>, String> {
    let mut found: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in &block.lines {
        let (text, goes_on) = line.strip_suffix('\\').map_or((line.as_str(), false), |text| (text, true));
        if is_open {
            found.last_mut().expect("a line before").push_str(text);
        } else if let Some(rest) = text.strip_prefix("cargo run --release -- ") {
            found.push(format!("bieu {rest}"));
        } else if text.starts_with("bieu ") {
            found.push(text.to_owned());
        } else if !text.trim().is_empty() && !text.starts_with('#') {
            return Err(text.to_owned());
        }
        is_open = goes_on;
    }
    Ok(found)
}

/// What a document says wrongly, and the document as it should be.
struct Checked {
    document: String,
    folder: tempfile::TempDir,
    mistakes: Vec<String>,
}

impl Checked {
    fn wrong(&mut self, block: &Block, what: impl fmt::Display) {
        self.mistakes.push(format!("{}:{}: {what}", self.document, block.line));
    }

    fn prepare(&mut self, block: &Block) {
        for (key, value) in &block.comments {
            if key == "setup" {
                let (from, to) = value.split_once(" -> ").expect("from -> to");
                copy(&root().join(from), &self.folder.path().join(to));
            }
        }
        if let Some(file) = block.comment("file") {
            let path = self.folder.path().join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, block.text()).expect("a file");
        }
    }

    fn shell(&mut self, block: &Block) {
        let commands = match commands(block) {
            Ok(commands) => commands,
            Err(line) => return self.wrong(block, format_args!("\"{line}\" is no command of bieu: \"not run: WHY\"")),
        };
        for (at, line) in commands.iter().enumerate() {
            let (ran, exit) = (run(line, self.folder.path()), block.exit(at));
            if ran.exit != exit {
                self.wrong(block, format_args!("`{line}` exits with {}, not {exit}:\n{}", ran.exit, ran.all));
            }
        }
    }

    /// A block with `$ COMMAND` and what it prints: what the block should say.
    fn transcript(&mut self, block: &Block) -> Vec<String> {
        let mut shown = Vec::new();
        for (at, line) in block.lines.iter().filter_map(|line| line.strip_prefix("$ ")).enumerate() {
            let (ran, exit) = (run(line, self.folder.path()), block.exit(at));
            if ran.exit != exit {
                self.wrong(block, format_args!("`{line}` exits with {}, not {exit}:\n{}", ran.exit, ran.all));
            }
            shown.extend((at > 0).then(String::new));
            shown.push(format!("$ {line}"));
            shown.extend(ran.out.trim_end().lines().map(str::to_owned));
        }
        shown
    }

    /// A finding that is part of what a command prints: the finding of the same code at the same place.
    fn excerpt(&mut self, block: &Block, command: &str) -> Vec<String> {
        let ran = run(command, self.folder.path());
        let place = block.lines.iter().find(|line| line.contains("--> ")).cloned().unwrap_or_default();
        let code = block.lines[0].split(']').next().unwrap_or_default().to_owned();
        let of_finding = |paragraph: &&str| paragraph.starts_with(&code) && paragraph.contains(place.trim());
        let Some(paragraph) = ran.out.split("\n\n").find(of_finding) else {
            self.wrong(block, format_args!("`{command}` prints no such finding"));
            return block.lines.clone();
        };
        paragraph.lines().map(str::to_owned).collect()
    }

    fn toml(&mut self, block: &Block) {
        let fragment = block.comment("fragment").map(|of| of.split_once('\n').unwrap_or((of, "")));
        let text = match fragment {
            Some(("mapping", before)) => {
                let source = "[[source]]\nfile = \"*\"\nlabel = \"A\"\ncolumns = { B = \"actual\" }\nrows = { C = \"ignore\" }\n";
                let after =
                    if before.contains("[[source]]") || block.text().contains("[[source]]") { "" } else { source };
                format!("[mapping]\nid = \"thu\"\ncatalogue = \"chi-tieu\"\n{before}\n{}{after}", block.text())
            }
            Some(("catalogue", before)) => {
                let after = if block.text().contains("[[indicator]]") { "" } else { "[[indicator]]\nid = \"thu\"\n" };
                format!("[catalogue]\nid = \"thu\"\nperiod = \"2024\"\n{before}\n{}{after}", block.text())
            }
            Some((other, _)) => return self.wrong(block, format_args!("a fragment of \"{other}\"")),
            None => block.text(),
        };
        let is_settings = block.lines.iter().any(|line| ["[severity]", "[[suppress]]"].contains(&line.as_str()));
        let folder = tempfile::tempdir().expect("a folder");
        let name = block.comment("file").unwrap_or(if is_settings { "bieu.toml" } else { "thu.toml" });
        // A file of the document stands beside those that it names.
        let (folder, name) =
            if block.comment("file").is_some() { (self.folder.path(), name) } else { (folder.path(), name) };
        fs::write(folder.join(name), text).expect("a file");
        let ran = run(&format!("bieu mapping check {name}"), folder);
        if ran.exit != 0 {
            self.wrong(block, ran.all);
        }
    }
}

/// A document with other lines in one of its blocks.
fn with_lines(text: &str, block: &Block, lines: &[String]) -> String {
    let all: Vec<&str> = text.lines().collect();
    let indent = " ".repeat(block.indent);
    let new = lines.iter().map(|line| format!("{indent}{line}").trim_end().to_owned());
    let old = |range: &[&str]| range.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    let lines: Vec<String> =
        old(&all[..block.line]).into_iter().chain(new).chain(old(&all[block.line + block.lines.len()..])).collect();
    lines.join("\n") + "\n"
}

#[test]
fn every_example_of_every_document_works() {
    let mut mistakes = Vec::new();
    for path in documents() {
        let text = fs::read_to_string(&path).expect("a document");
        let document = path.strip_prefix(root()).expect("a path").display().to_string();
        let mut checked = Checked { document, folder: tempfile::tempdir().expect("a folder"), mistakes: Vec::new() };
        let mut changes = Vec::new();
        // Files of a document may name each other, so all are there first.
        let blocks = blocks(&text);
        blocks.iter().filter(|block| block.comment("file").is_some()).for_each(|block| checked.prepare(block));
        for block in &blocks {
            checked.prepare(block);
            let shown = match (block.kind.as_str(), block.comment("output")) {
                _ if block.comment("not run").is_some() => continue,
                ("sh", _) => {
                    checked.shell(block);
                    continue;
                }
                ("toml", _) => {
                    checked.toml(block);
                    continue;
                }
                (_, Some(command)) => checked.excerpt(block, command),
                ("text", None) if block.lines[0].starts_with("$ ") => checked.transcript(block),
                _ => continue,
            };
            if shown != block.lines {
                if env::var_os("BIEU_BLESS").is_some() {
                    changes.push((block, shown));
                } else {
                    let shown = shown.join("\n");
                    checked.wrong(block, format_args!("the program prints (BIEU_BLESS=1 writes it):\n{shown}"));
                }
            }
        }
        if !changes.is_empty() {
            // From the end, so that the lines of those before stay where they are.
            let better =
                changes.iter().rev().fold(text.clone(), |text, (block, lines)| with_lines(&text, block, lines));
            fs::write(&path, better).expect("a document");
        }
        mistakes.extend(checked.mistakes);
    }
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n\n"));
}

/// The anchors of a document, as code hosts make them of its headings.
fn anchors(text: &str) -> BTreeSet<String> {
    text.lines().filter(|line| line.starts_with('#')).map(slug).collect()
}

fn slug(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
    kept.chars().filter(|sign| sign.is_alphanumeric() || "-_".contains(*sign)).collect()
}

#[test]
fn links_lead_somewhere() {
    let mut broken = Vec::new();
    for path in documents() {
        let text = fs::read_to_string(&path).expect("a document");
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.contains("://") && !link.contains(char::is_whitespace)) {
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { path.clone() } else { path.parent().expect("a folder").join(file) };
            let is_there = target.exists()
                && (anchor.is_empty() || anchors(&fs::read_to_string(&target).unwrap_or_default()).contains(anchor));
            if !is_there {
                broken.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Subjects of decisions, in the order of the index.
const SUBJECTS: [&str; 12] = [
    "The program as a whole",
    "Reading files",
    "Numbers, dates, units",
    "Tables, rows, members",
    "Mappings, catalogues, rules",
    "Naming the wrong cell",
    "Drafting",
    "The form",
    "Reports",
    "Runs and commands",
    "Size and speed",
    "Tests and documents",
];

/// The headings of the decisions by subject. One without a known subject is listed too.
fn index_of_decisions(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut of_subject: Vec<(&str, Vec<&str>)> = SUBJECTS.iter().map(|subject| (*subject, Vec::new())).collect();
    for (at, line) in lines.iter().enumerate() {
        let Some(heading) = line.strip_prefix("## ") else { continue };
        let comment = lines.get(at + 1).and_then(|next| next.strip_prefix("<!-- subject: ")?.strip_suffix(" -->"));
        let subject = comment.unwrap_or("Other");
        match of_subject.iter_mut().find(|(known, _)| *known == subject) {
            Some((_, headings)) => headings.push(heading),
            None => of_subject.push((subject, vec![heading])),
        }
    }
    let link = |heading: &&str| {
        let title = heading.split_once(' ').map_or(*heading, |(_, title)| title);
        format!("[{title}](#{})", slug(heading))
    };
    let row = |(subject, headings): &(&str, Vec<&str>)| {
        let links: Vec<String> = headings.iter().map(link).collect();
        (!links.is_empty()).then(|| format!("| {subject} | {} |\n", links.join(" · ")))
    };
    let rows: String = of_subject.iter().filter_map(row).collect();
    format!("\n| subject | decisions, oldest first |\n| --- | --- |\n{rows}\n")
}

#[test]
fn the_index_of_decisions_names_every_one() {
    let path = root().join("docs/decisions.md");
    let text = fs::read_to_string(&path).expect("the decisions");
    for heading in text.lines().filter_map(|line| line.strip_prefix("## ")) {
        let date = heading.split(' ').next().unwrap_or_default();
        let is_date = date.len() == 10 && date.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        assert!(is_date, "\"{heading}\" does not begin with its date");
    }
    let (before, rest) = text.split_once("<!-- index -->\n").expect("where the index begins");
    let (shown, after) = rest.split_once("<!-- /index -->").expect("where it ends");
    let index = index_of_decisions(&text);
    if env::var_os("BIEU_BLESS").is_some() {
        fs::write(&path, format!("{before}<!-- index -->\n{index}<!-- /index -->{after}")).expect("the decisions");
        return;
    }
    assert!(shown == index, "`cargo xtask bless docs` writes the index anew:\n{index}");
}

/// What stands between backticks in a line, outside of blocks.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// Text without its fenced blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut is_inside = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_inside ^= is_fence;
        !is_inside && !is_fence
    })
}

/// A document that leads a stranger to a file that has moved leads nowhere.
#[test]
fn files_and_tests_that_documents_name_are_there() {
    let roots =
        ["src/", "tests/", "docs/", "xtask/", "benches/", "fuzz/", "samples/", "mappings/", "examples/", ".ci/"];
    let mut wrong = Vec::new();
    let mut known = 0;
    for document in ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "docs/glossary.md"] {
        let text = fs::read_to_string(root().join(document)).expect(document);
        for name in prose(&text).flat_map(quoted).filter(|name| roots.iter().any(|root| name.starts_with(root))) {
            // A word in capitals stands for any name.
            let is_pattern =
                |part: &str| part.contains('*') || part.len() > 2 && part.chars().all(|c| c.is_ascii_uppercase());
            if name.split(['/', '.', ' ']).any(is_pattern) {
                continue;
            }
            known += 1;
            let (path, function) = name.split_once("::").unwrap_or((name, ""));
            let is_there = root().join(path).exists();
            let has = |function: &str| {
                fs::read_to_string(root().join(path)).is_ok_and(|text| text.contains(&format!("fn {function}(")))
            };
            if !is_there || !function.is_empty() && !has(function) {
                wrong.push(format!("{document}: {name}"));
            }
        }
    }
    assert!(wrong.is_empty() && known > 50, "{known} names; not there:\n{}", wrong.join("\n"));
}

fn sources(folder: &Path) -> String {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let text =
        |path: PathBuf| if path.is_dir() { sources(&path) } else { fs::read_to_string(&path).unwrap_or_default() };
    entries.map(text).collect()
}

/// The last column of the glossary is what a term is called in the code: words that stand there.
#[test]
fn the_glossary_uses_the_words_of_the_code() {
    let glossary = fs::read_to_string(root().join("docs/glossary.md")).expect("the glossary");
    let source = sources(&root().join("src"));
    let words: BTreeSet<&str> = source.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
    let mut terms = BTreeSet::new();
    let mut wrong = Vec::new();
    for row in glossary.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---")) {
        let columns: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        if columns.len() != 5 {
            wrong.push(format!("not five columns: {row}"));
            continue;
        }
        if columns[0] != "term" && !terms.insert(columns[0]) {
            wrong.push(format!("twice: {}", columns[0]));
        }
        for name in quoted(columns[4]).filter(|name| !name.contains('/')) {
            if !name.split("::").all(|part| words.contains(part)) {
                wrong.push(format!("{}: the code has no `{name}`", columns[0]));
            }
        }
    }
    assert!(wrong.is_empty() && terms.len() > 40, "{} terms\n{}", terms.len(), wrong.join("\n"));
}

#[test]
fn codes_that_the_guide_explains_are_codes() {
    let guide = fs::read_to_string(root().join("docs/huong-dan.md")).expect("the guide");
    let rows = guide.lines().skip_while(|line| !line.starts_with("| mã | là gì")).skip(2);
    let codes: Vec<_> = rows.map_while(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert!(codes.len() > 10, "{codes:?}");
    let known = run("bieu explain", &root()).out;
    let known: BTreeSet<&str> = known.lines().filter_map(|line| line.split(' ').next()).collect();
    for code in codes {
        assert!(known.contains(code), "{code}");
    }
}
