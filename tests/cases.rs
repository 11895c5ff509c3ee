//! Case folders: `tests/cases/CODE/NAME/` holds input, mapping and catalogue, and the findings that
//! are expected, as text. `fires*` must raise the code, `clean*` must not. A case without a mapping is
//! drafted; its findings are what `bieu draft` shows.
//!
//! How many checks passed is in one file for all of them, `checks.txt`: a new check changes that file
//! and not every case.
//!
//! Here too is what every code must have: explanations in both languages, a case that fires and a near miss,
//! and its line in docs/report.md.
//!
//! `cargo xtask bless cases` (`BIEU_BLESS=1 cargo test --test cases`) writes what is found; read every line
//! before committing.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

use bieu::internals::{
    draft::exceptions,
    driver::{Job, Library, Poison, Settings, discover, judge_job, plan, second_reader::FirstReading},
    extract::Texts,
    line::{codes, pipeline::read_file, submission::Outcome},
    model::{
        bundle::Bundle,
        finding::{Code, Place},
        report::{CheckCount, ReportEntry, Status, Submission, VerdictCount},
    },
    read::{Limits, Step},
    values::language::Language,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn cases() -> PathBuf {
    root().join("tests/cases")
}

fn folders(path: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found: Vec<_> = fs::read_dir(path)?
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    Ok(found)
}

fn name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Judges a case as `bieu validate input -m mapping.toml` would, with `--previous previous` where there
/// is such a folder; that is read with its own `mapping.toml` if it has one. Cases of
/// `readers-disagree` are read a second time, as with `--second-reader on`.
fn judge(case: &Path) -> Vec<Submission> {
    let library =
        |folder: &Path| Library::given(&[folder.join("mapping.toml")]).expect("the mapping of a case is right");
    let bundles = library(case).bundles;
    let input = if case.join("input").is_dir() { case.join("input") } else { case.to_path_buf() };
    let previous = Some(case.join("previous")).filter(|folder| folder.is_dir());
    let own = previous.as_ref().filter(|folder| folder.join("mapping.toml").is_file());
    let before = own.map_or_else(|| bundles.clone(), |folder| library(folder).bundles);
    let (settings, texts) = (Settings::default(), Texts::default());
    let jobs = |folder: &Path, bundles: &[Bundle]| -> Vec<Job> {
        discover(&[folder.to_path_buf()]).groups.iter().flat_map(|group| plan(group, bundles, true)).collect()
    };
    let broken = broken_down(case);
    let mut submissions = Vec::new();
    for mut job in jobs(&input, &bundles) {
        let is_broken = |(_, file): &(usize, &PathBuf)| broken.contains_key(&name(file));
        let files = job.files.iter().enumerate().filter(is_broken);
        job.poisoned = files.map(|(at, file)| (at, broken[&name(file)].clone())).collect();
        job.previous = previous.as_ref().and_then(|folder| jobs(folder, &before).into_iter().next()).map(Box::new);
        let outcome = judge_job(&job, &bundles, &before, &settings, &texts, |_| ());
        submissions.push(match outcome {
            Outcome::Judged(judged, _) if name(case.parent().expect("a code")) == "readers-disagree" => {
                let first = FirstReading::new(&job, &judged.dataset, judged.workbooks);
                job.opinion = first.read_again(1 << 30).differences;
                judge_job(&job, &bundles, &before, &settings, &texts, |_| ()).submission().clone()
            }
            outcome => outcome.submission().clone(),
        });
    }
    submissions
}

/// The first findings of a draft of a case, as of a submission of which nothing was read.
fn drafted(case: &Path) -> Submission {
    let files = fs::read_dir(case.join("input")).expect("an input");
    let mut files: Vec<PathBuf> = files.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let read = |path: &PathBuf| {
        let bytes = fs::read(path).expect("a file");
        read_file(&name(path).into(), &bytes, &Limits::default()).workbook.expect("a workbook")
    };
    let workbooks: Vec<_> = files.iter().map(read).collect();
    Submission {
        path: "input".into(),
        mapping: None,
        catalogue: None,
        period: None,
        status: Status::Findings,
        files: Vec::new(),
        readings: 0,
        checks: CheckCount::default(),
        not_evaluated: Vec::new(),
        verdicts: VerdictCount::default(),
        form_rules: Vec::new(),
        findings: exceptions::formulas(&workbooks.iter().collect::<Vec<_>>())
            .into_iter()
            .map(|finding| ReportEntry::new(finding, Language::Vi))
            .collect(),
    }
}

/// The files on which the program breaks down, as the pool of workers would find out: in
/// `broken-down.txt`, a line a file, `name: what the program said last`.
fn broken_down(case: &Path) -> BTreeMap<String, Poison> {
    let lines = fs::read_to_string(case.join("broken-down.txt")).unwrap_or_default();
    let lines = lines.lines().filter_map(|line| line.split_once(": "));
    lines.map(|(name, said)| (name.to_owned(), Poison::Crashed(Step::Reading, said.to_owned()))).collect()
}

fn short(place: &Place) -> String {
    let file = place.file.rsplit('/').next().unwrap_or_default();
    let sheet = place.sheet.as_deref().map(|s| format!(" [{s}]")).unwrap_or_default();
    let cell = place.cell.map(|c| format!(" {c}")).unwrap_or_default();
    format!("{file}{sheet}{cell}")
}

fn line(finding: &ReportEntry) -> String {
    let mut text = format!("{}[{}]", finding.severity.name(), finding.code);
    if let Some(target) = &finding.target {
        let _ = write!(text, " {}", short(target));
    }
    let _ = write!(text, "\n    {}", finding.message);
    if let Some(diagnosis) = &finding.diagnosis {
        let _ = write!(text, "\n    chẩn đoán: {diagnosis}");
    }
    if let Some(certainty) = finding.certainty {
        let _ = write!(text, "\n    cách sửa ({}): {}", certainty.name(), finding.action);
    }
    if let Some(reason) = &finding.suppressed {
        let _ = write!(text, "\n    bỏ qua: {reason}");
    }
    for guess in &finding.hypotheses {
        let _ = write!(text, "\n    giả thuyết: {} {} -> {}", guess.kind, short(&guess.target), guess.to);
        for other in &guess.together {
            let _ = write!(text, " + {} -> {}", short(&other.target), other.to);
        }
    }
    for other in &finding.consequences {
        let _ = write!(text, "\n    kéo theo: {}[{}]", other.severity.name(), other.code);
        if let Some(target) = &other.target {
            let _ = write!(text, " {}", short(target));
        }
        let _ = write!(text, ": {}", other.message);
    }
    text.push('\n');
    text
}

fn transcript(submissions: &[Submission]) -> String {
    let mut text = String::new();
    for submission in submissions {
        let _ = writeln!(text, "# {} số liệu", submission.readings);
        for finding in &submission.findings {
            text.push_str(&line(finding));
        }
    }
    text
}

/// What a file should hold and does not. With `bless` it is written first.
fn differs(title: &str, path: &Path, found: &str, bless: bool) -> Option<String> {
    if bless {
        fs::write(path, found).expect("what is expected can be written");
    }
    let wanted = fs::read_to_string(path).unwrap_or_default();
    (found != wanted.replace("\r\n", "\n")).then(|| format!("== {title}\n-- expected\n{wanted}-- found\n{found}"))
}

#[test]
fn every_case_finds_what_it_expects() {
    let bless = std::env::var_os("BIEU_BLESS").is_some();
    let mut wrong = Vec::new();
    let mut checks = String::new();
    for code in folders(&cases()).expect("tests/cases") {
        let mut count = CheckCount::default();
        for case in folders(&code).expect("case folders") {
            let has_mapping = case.join("mapping.toml").is_file();
            let submissions = if has_mapping { judge(&case) } else { vec![drafted(&case)] };
            for own in submissions.iter().map(|submission| submission.checks) {
                count.passed += own.passed;
                count.failed += own.failed;
                count.not_evaluated += own.not_evaluated;
            }
            let title = format!("{}/{}", name(&code), name(&case));
            for own in &submissions {
                let told: u64 = own.not_evaluated.iter().map(|open| open.checks).sum();
                if told != own.checks.not_evaluated {
                    wrong.push(format!("== {title}: {told} of {} open checks have a reason", own.checks.not_evaluated));
                }
            }
            wrong.extend(differs(&title, &case.join("expected.txt"), &transcript(&submissions), bless));
            let findings = submissions.iter().flat_map(|s| &s.findings).flat_map(ReportEntry::with_consequences);
            let raises = findings.into_iter().any(|finding| finding.code == name(&code));
            let should = name(&case).starts_with("fires");
            if codes::find(&name(&code)).is_some() && raises != should {
                wrong.push(format!("== {title}: raises the code: {raises}, should: {should}"));
            }
            // The rule types of official statistics have a good and a bad table each.
            let good = name(&code) == "ess" && name(&case).ends_with("-good");
            let bad = name(&code) == "ess" && name(&case).ends_with("-bad");
            let clean = submissions.iter().all(|s| s.findings.is_empty());
            if good && !clean || bad && clean {
                wrong.push(format!("== {title}: is clean: {clean}"));
            }
        }
        let CheckCount { passed, failed, not_evaluated } = count;
        let _ = writeln!(checks, "{}: {passed} đạt, {failed} hỏng, {not_evaluated} không xét", name(&code));
    }
    wrong.extend(differs("checks.txt", &cases().join("checks.txt"), &checks, bless));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is not evaluated has a reason, and a file that could not be read is named.
#[test]
fn what_is_not_evaluated_says_why() {
    let told = |case: &str| {
        let open = judge(&cases().join(case)).into_iter().flat_map(|submission| submission.not_evaluated);
        open.map(|open| (open.cause, open.indicators, open.checks, open.names.join(", "))).collect::<Vec<_>>()
    };
    let one = |cause: &str, indicators, checks, names: &str| (cause.to_owned(), indicators, checks, names.to_owned());
    assert_eq!(told("internal-error/clean-tep-hong"), [one("unreadable-file", 1, 0, "\"Diện tích lúa\"")]);
    assert_eq!(told("missing-reading/fires-khong-tep-nao"), [one("no-figure", 1, 0, "\"Đàn bò\"")]);
    assert_eq!(told("ratio-mismatch/clean-hai-chu-so"), []);
    let lacking: Vec<_> =
        told("rule-violated/clean-thieu-toan-hang").into_iter().filter(|open| open.0 == "rule-operand").collect();
    assert_eq!(lacking, [one("rule-operand", 0, 1, "\"Hộ cận nghèo\" – Nà Nghịu (Thực hiện)")]);
}

/// Folders that are no code: rule types of official statistics, and what several stages share.
const NO_CODES: [&str; 5] = ["ess", "localise", "number-format", "reading", "table"];

#[test]
fn every_code_has_a_firing_case_a_near_miss_and_an_explanation() {
    let mut lacking = Vec::new();
    for code in codes::all() {
        let kinds: Vec<String> =
            folders(&cases().join(code.name)).unwrap_or_default().iter().map(|case| name(case)).collect();
        for kind in ["fires", "clean"] {
            if !kinds.iter().any(|k| k.starts_with(kind)) {
                lacking.push(format!("{}: no case that starts with `{kind}`", code.name));
            }
        }
        for words in [code.explain.what, code.explain.why, code.explain.fix, code.explain.example] {
            if words.vi.trim().len() < 10 || words.en.trim().len() < 10 || words.vi == words.en {
                lacking.push(format!("{}: an explanation is missing in one language", code.name));
            }
            if words.vi.contains("TODO") || words.en.contains("TODO") {
                lacking.push(format!("{}: an explanation is still to be written", code.name));
            }
        }
    }
    assert!(lacking.is_empty(), "{}", lacking.join("\n"));
}

/// A folder that no code has is a slip of the pen; a case that does not say what it is about cannot be reviewed.
#[test]
fn every_case_is_of_a_code_and_says_what_it_is_about() {
    let mut wrong = Vec::new();
    for folder in folders(&cases()).expect("tests/cases") {
        let is_code = codes::find(&name(&folder)).is_some();
        if !is_code && !NO_CODES.contains(&&*name(&folder)) {
            wrong.push(format!("{}: no code of this name", name(&folder)));
        }
        for case in folders(&folder).expect("case folders").iter().filter(|_| is_code) {
            let title = format!("{}/{}", name(&folder), name(case));
            if !["fires-", "clean-"].iter().any(|kind| name(case).starts_with(kind)) {
                wrong.push(format!("{title}: neither `fires-` nor `clean-`"));
            }
            let Ok(mapping) = fs::read_to_string(case.join("mapping.toml")) else { continue };
            let about = mapping.lines().next().and_then(|line| line.strip_prefix("# ")).unwrap_or("TODO");
            if about.contains("TODO") {
                wrong.push(format!("{title}: the first line of mapping.toml does not say what the case is about"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A file that nobody lists would not even be compiled.
#[test]
fn a_check_is_a_file_named_for_its_code_and_a_line() {
    let files = fs::read_dir(root().join("src/judge/checks")).expect("src/judge/checks");
    let files = files.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file());
    let checks = files.filter(|path| fs::read_to_string(path).expect("UTF-8").contains("const CHECK: Check"));
    let mut found: BTreeSet<String> =
        checks.map(|path| name(&path).trim_end_matches(".rs").replace('_', "-")).collect();
    assert!(found.remove("template"), "what a check begins with is a check of its own");
    let listed: BTreeSet<String> = codes::Stage::Checks.codes().iter().map(|code| code.name.to_owned()).collect();
    assert_eq!(found, listed, "files of src/judge/checks with a check, and checks listed in src/judge/checks.rs");
}

#[test]
fn a_code_is_of_one_stage_and_says_one_line_of_itself() {
    let names: BTreeSet<&str> = codes::all().map(|code| code.name).collect();
    assert_eq!(names.len(), codes::all().count());
    for code in codes::all() {
        assert!((10..=160).contains(&meaning(code).len()), "{}: {}", code.name, meaning(code));
    }
}

/// The first sentence of what a code means, without the examples behind a colon or in brackets at its end.
fn meaning(code: &Code) -> &'static str {
    let what = code.explain.what.en;
    let sentence = what.split_once(". ").map_or(what, |(first, _)| first).trim_end_matches('.');
    let sentence = sentence.split_once(": ").map_or(sentence, |(first, _)| first);
    if sentence.ends_with(')') { sentence.rsplit_once(" (").map_or(sentence, |(first, _)| first) } else { sentence }
}

/// The table of codes in docs/report.md.
fn table_of_codes() -> String {
    let mut text = String::new();
    for stage in codes::Stage::ALL {
        let title = match stage {
            codes::Stage::Reading => "Reading files",
            codes::Stage::Extraction => "Finding tables and reading their cells",
            codes::Stage::Checks => "Checks",
            codes::Stage::Suppressions => "Suppressions",
            codes::Stage::Drafting => "`bieu draft`, beside some of those above",
        };
        let mut codes = stage.codes();
        codes.sort_by_key(|code| (Reverse(code.severity), code.name));
        let _ = write!(text, "\n{title}:\n\n| code | severity | meaning |\n| --- | --- | --- |\n");
        for code in codes {
            let meaning = meaning(code).replace('|', "\\|");
            let _ = writeln!(text, "| `{}` | {} | {meaning} |", code.name, code.severity.name());
        }
    }
    text + "\n"
}

#[test]
fn the_docs_show_every_code_as_the_program_knows_it() {
    let path = root().join("docs/report.md");
    let docs = fs::read_to_string(&path).expect("the docs").replace("\r\n", "\n");
    let (before, rest) = docs.split_once("<!-- codes -->\n").expect("where the table begins");
    let (shown, after) = rest.split_once("<!-- /codes -->").expect("where the table ends");
    let table = table_of_codes();
    if std::env::var_os("BIEU_BLESS").is_some() {
        fs::write(&path, format!("{before}<!-- codes -->\n{table}<!-- /codes -->{after}"))
            .expect("the docs are written");
        return;
    }
    assert_eq!(shown, table, "`cargo xtask bless cases` writes the table anew");
}
