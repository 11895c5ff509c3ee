//! Another build of the program, that for Windows above all, gives the same as this one: to the byte, on all
//! samples and all inputs of the cases. `cargo xtask windows --test` names it; without one nothing is compared.
#![cfg(unix)]

mod program;

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::Instant,
};

const SAMPLES: [&str; 7] = [
    "bieu-3-nam-2024",
    "bieu-5-nam-2025",
    "bieu-6-thang-2024",
    "bieu-thon-2024",
    "luc-binh-2023",
    "luc-binh-2023-da-nop",
    "luc-binh-2023-da-sua",
];

/// The other program, where there is one.
fn other() -> Option<PathBuf> {
    if env::var_os("BIEU_PROGRAM").is_none() {
        eprintln!("skipped: no other build of the program; `cargo xtask windows --test` makes one");
        return None;
    }
    Some(program::path())
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run(program: &Path, arguments: &[&str], folder: &Path) -> Output {
    Command::new(program).args(arguments).current_dir(folder).env_remove("BIEU_LANG").output().expect("bieu runs")
}

fn name_of(path: &Path) -> String {
    path.file_name().and_then(|name| name.to_str()).expect("a text").to_owned()
}

/// All files below a folder.
fn files(folder: &Path, below: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = format!("{below}{}", entry.file_name().to_str().expect("a text"));
        if entry.path().is_dir() {
            files(&entry.path(), &format!("{name}/"), found);
        } else {
            found.insert(name, fs::read(entry.path()).expect("a file"));
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("a copy");
        }
    }
}

/// What differs between two runs of the same command line: exit code, both outputs, every file that is left.
#[derive(Default)]
struct Comparison {
    runs: usize,
    files: usize,
    bytes: usize,
    differences: Vec<String>,
}

impl Comparison {
    /// Runs the command lines one after the other, in a folder of each program that `prepare` fills.
    fn runs(&mut self, other: &Path, prepare: &dyn Fn(&Path), lines: &[Vec<&str>]) {
        let own = Path::new(env!("CARGO_BIN_EXE_bieu"));
        let folders = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
        for folder in &folders {
            prepare(folder.path());
        }
        for line in lines {
            let [here, there] =
                [(own, &folders[0]), (other, &folders[1])].map(|(program, folder)| run(program, line, folder.path()));
            self.runs += 1;
            self.bytes += here.stdout.len() + here.stderr.len();
            let name = line.join(" ");
            if here.status.code() != there.status.code() {
                self.differences.push(format!("{name}: exit {:?} and {:?}", here.status.code(), there.status.code()));
            }
            self.texts(&format!("{name}: standard output"), &here.stdout, &there.stdout);
            self.texts(&format!("{name}: standard error"), &here.stderr, &there.stderr);
        }
        let [here, there] = folders.map(|folder| {
            let mut found = BTreeMap::new();
            files(folder.path(), "", &mut found);
            found
        });
        let names = |found: &BTreeMap<String, Vec<u8>>| found.keys().cloned().collect::<Vec<_>>().join("\n");
        self.texts("the names of files", names(&here).as_bytes(), names(&there).as_bytes());
        for (name, bytes) in &here {
            self.files += 1;
            self.bytes += bytes.len();
            if let Some(others) = there.get(name) {
                self.texts(&format!("{}: {name}", lines[0].join(" ")), bytes, others);
            }
        }
    }

    fn texts(&mut self, what: &str, here: &[u8], there: &[u8]) {
        if here == there {
            return;
        }
        let at = here.iter().zip(there).position(|(here, there)| here != there);
        let at = at.unwrap_or(here.len().min(there.len()));
        let around = |bytes: &[u8]| {
            let part = bytes.get(at.saturating_sub(60)..(at + 60).min(bytes.len())).unwrap_or_default();
            String::from_utf8_lossy(part).into_owned()
        };
        let (lengths, here, there) = ((here.len(), there.len()), around(here), around(there));
        self.differences.push(format!("{what}: byte {at} of {lengths:?}:\n  {here:?}\n  {there:?}"));
    }

    fn finish(self, since: Instant) {
        let Self { runs, files, bytes, differences } = self;
        println!("{runs} runs of both, {files} files, {bytes} bytes compared in {:?}", since.elapsed());
        assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
    }
}

#[test]
fn all_commands_on_all_samples() {
    let Some(other) = other() else { return };
    let (since, mut compared) = (Instant::now(), Comparison::default());
    for sample in SAMPLES {
        let input = format!("so liệu/{sample}");
        let input = input.as_str();
        let from = root().join("samples").join(sample);
        let prepare = |folder: &Path| copy(&from, &folder.join(input));
        let mapping = format!("{input}/mapping.toml");
        let has_mapping = from.join("mapping.toml").is_file();
        let mut lines: Vec<Vec<&str>> = vec![
            vec!["convert", input, "-o", "bieu.xlsx", "--table", "bang.csv", "--annotate", "ban sao"],
            vec!["convert", input, "-o", "bieu-en.xlsx", "--lang", "en", "--report", "en.html", "--report", "en.xlsx"],
            vec!["convert", input, "-o", "ky-sau.xlsx", "--prefill"],
            vec!["validate", input, "--format", "json"],
            vec!["validate", input, "--format", "text"],
            vec!["validate", input, "--format", "csv", "--lang", "en"],
            vec!["validate", input, "--format", "html", "--second-reader", "on"],
            vec!["validate", input, "--format", "sarif"],
            vec!["validate", input, "--format", "junit"],
            vec!["validate", input, "--quiet", "--report", "r.json", "--report", "r.csv", "--report", "r.txt"],
            vec!["validate", input, "--quiet", "--report", "r.html", "--report", "r.xlsx", "--report", "r.sarif"],
            vec!["draft", input, "--format", "json"],
            vec!["draft", input, "-o", "nhap"],
            vec!["consolidate", input, "-o", "tong-hop.xlsx", "--table", "tong-hop.csv"],
        ];
        if has_mapping {
            lines.push(vec!["mapping", "check", &mapping]);
            lines.push(vec!["mapping", "check", &mapping, "--against", input]);
        }
        let files: Vec<String> = fs::read_dir(&from)
            .expect("a folder")
            .map(|entry| format!("{input}/{}", entry.expect("an entry").file_name().to_str().expect("a text")))
            .filter(|name| Path::new(name).extension().is_none_or(|ending| ending != "toml"))
            .collect();
        for file in &files {
            lines.extend(["text", "csv", "json"].map(|format| vec!["inspect", file.as_str(), "--format", format]));
        }
        // Names that are not there, and what is there already.
        lines.push(vec!["validate", "khong-co/tep.xlsx"]);
        lines.push(vec!["convert", input, "-o", "bieu.xlsx"]);
        lines.push(vec!["convert", input, "-o", "khong-co/bieu.xlsx"]);
        compared.runs(&other, &prepare, &lines);
    }
    compared.finish(since);
}

#[test]
fn many_submissions_at_once() {
    let Some(other) = other() else { return };
    let (since, mut compared) = (Instant::now(), Comparison::default());
    let prepare = |folder: &Path| {
        for sample in SAMPLES {
            copy(&root().join("samples").join(sample), &folder.join("nộp về").join(sample));
        }
        fs::create_dir(folder.join("biểu")).expect("a folder");
    };
    let lines = [
        vec!["validate", "nộp về", "--format", "json", "--table", "bang.csv", "--report", "b.html"],
        vec!["validate", "nộp về", "--format", "json", "--shard", "1/2"],
        vec!["validate", "nộp về", "--format", "json", "--shard", "2/2"],
        vec!["convert", "nộp về", "-o", "biểu", "--annotate", "đánh dấu"],
        vec!["consolidate", "nộp về/luc-binh-2023", "nộp về/luc-binh-2023-da-sua", "-o", "th.xlsx"],
        vec!["validate", "nộp về/luc-binh-2023-da-sua", "--previous", "nộp về/luc-binh-2023"],
        vec!["mapping", "check", "nộp về"],
        vec!["mapping", "export", "luc-binh-2023", "-o", "biểu"],
        vec!["mapping", "schema"],
        vec!["explain"],
        vec!["explain", "total-mismatch", "--lang", "en"],
        vec!["--help"],
        vec!["convert", "--help", "--lang", "en"],
        vec!["convert", "--no-such-option"],
        vec!["man"],
        vec!["completions", "powershell"],
    ];
    compared.runs(&other, &prepare, &lines);
    compared.finish(since);
}

/// Every input of `tests/cases`, as its own mapping has it.
#[test]
fn all_inputs_of_the_cases() {
    let Some(other) = other() else { return };
    let (since, mut compared) = (Instant::now(), Comparison::default());
    let folders = |folder: &Path| {
        let mut found: Vec<PathBuf> =
            fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
        found.retain(|path| path.is_dir());
        found.sort();
        found
    };
    for code in folders(&root().join("tests/cases")) {
        let prepare = |folder: &Path| copy(&code, &folder.join("ca"));
        let names = folders(&code).into_iter().filter(|path| path.join("mapping.toml").is_file());
        let cases: Vec<[String; 3]> = names
            .map(|path| ["input", "mapping.toml", "previous"].map(|part| format!("ca/{}/{part}", name_of(&path))))
            .collect();
        let line = |[input, mapping, previous]: &[String; 3]| {
            let mut line: Vec<String> =
                ["validate", "--format", "json", "--jobs", "1", "-m", mapping, input].map(str::to_owned).into();
            if code.join(previous.trim_start_matches("ca/")).exists() {
                line.extend(["--previous".to_owned(), previous.clone()]);
            }
            line
        };
        let lines: Vec<Vec<String>> = cases.iter().map(line).collect();
        let lines: Vec<Vec<&str>> = lines.iter().map(|line| line.iter().map(String::as_str).collect()).collect();
        if !lines.is_empty() {
            compared.runs(&other, &prepare, &lines);
        }
    }
    compared.finish(since);
}
