//! The documents are true: every command in a `sh` block of README.md and docs/*.md runs as it stands, what is
//! shown as output is what the program prints, every TOML block is a mapping, a catalogue or a `bieu.toml` that
//! passes, and links lead somewhere. Each document has a folder of its own, in which its blocks run one after
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
//! `BIEU_BLESS=1 cargo test --test docs` writes shown output anew; read it before committing.
#![cfg(unix)]

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
    let docs = fs::read_dir(root().join("docs")).expect("docs");
    let mut found: Vec<_> = docs.map(|entry| entry.expect("an entry").path()).collect();
    found.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    found.push(root().join("README.md"));
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
    let program = Path::new(env!("CARGO_BIN_EXE_bieu"));
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
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let slug = |heading: &str| {
        let kept = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        kept.chars().filter(|sign| sign.is_alphanumeric() || "-_".contains(*sign)).collect()
    };
    headings.map(slug).collect()
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
