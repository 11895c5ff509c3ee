//! Real files with real errors, which do not belong to this project: run where the variable
//! `BIEU_REAL` names their folder. `known-errors.tsv` there lists cells that are wrong, one a line; a
//! folder of `tests/real/` holds the mapping and the catalogue of one or several of the files.
//!
//! - `tests/real/record.tsv`: what was found of the known errors, and how many findings of each code
//!   are false. A known error that was found must be found again, and no code may grow more false
//!   findings. `BIEU_BLESS=1` writes it anew; read every line before committing.
//! - `tests/real/units.tsv`: where a known error is a unit, the figures that it stands for; a finding at
//!   one of them names it as well.
//! - `tests/real/explained.tsv`: known errors that cannot be found, or not yet, and why.
//! - `tests/real/accepted.tsv`: findings outside the list of known errors that are right all the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use bieu::internals::{
    driver::{Library, Settings, discover, judge_job, plan},
    extract::Texts,
    model::{
        finding::{Certainty, Place, Severity},
        report::{ReportEntry, Status, Submission},
    },
};

/// File, sheet and address.
type Cell = (String, String, String);

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real")
}

fn name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}

/// The lines of a tab-separated file below its header.
fn lines(path: &Path) -> Vec<Vec<String>> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let lines = text.lines().skip(1).filter(|line| !line.is_empty());
    lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn column(letters: &str) -> u32 {
    letters.bytes().fold(0, |column, letter| column * 26 + u32::from(letter - b'A') + 1)
}

fn letters(mut column: u32) -> String {
    let mut letters = String::new();
    while column > 0 {
        column -= 1;
        letters.insert(0, char::from(b'A' + u8::try_from(column % 26).expect("a letter")));
        column /= 26;
    }
    letters
}

/// The addresses of "B7" or "D26:F26".
fn addresses(range: &str) -> Vec<String> {
    let split = |cell: &str| -> (u32, u32) {
        let digits = cell.find(|c: char| c.is_ascii_digit()).expect("a row");
        (column(&cell[..digits]), cell[digits..].parse().expect("a row"))
    };
    let (first, last) = range.split_once(':').unwrap_or((range, range));
    let ((left, top), (right, bottom)) = (split(first), split(last));
    (left..=right).flat_map(|at| (top..=bottom).map(move |row| format!("{}{row}", letters(at)))).collect()
}

/// A known error: its line in the list, and the cells that it names.
struct Known {
    key: Cell,
    cells: BTreeSet<Cell>,
}

fn known(real: &Path) -> Vec<Known> {
    let rows = lines(&real.join("known-errors.tsv"));
    assert!(!rows.is_empty(), "BIEU_REAL holds no known-errors.tsv");
    let units = lines(&folder().join("units.tsv"));
    rows.into_iter()
        .map(|row| {
            let sheet = if row[1].is_empty() { "CSV".to_owned() } else { row[1].clone() };
            let figures = units.iter().filter(|unit| unit[..3] == [row[0].clone(), sheet.clone(), row[2].clone()]);
            let ranges = std::iter::once(&row[2]).chain(figures.map(|unit| &unit[3]));
            let cells =
                ranges.flat_map(|range| addresses(range)).map(|at| (row[0].clone(), sheet.clone(), at)).collect();
            Known { key: (row[0].clone(), sheet, row[2].clone()), cells }
        })
        .collect()
}

/// Judges the files that a mapping of `tests/real/` is about, in a folder of their own.
fn judge(case: &Path, real: &Path) -> Vec<Submission> {
    let bundles = Library::given(&[case.join("mapping.toml")]).expect("the mapping is right").bundles;
    let input = tempfile::tempdir().expect("a folder");
    let takes = |file: &str| bundles.iter().any(|b| b.mapping.sources.iter().any(|source| source.takes_file(file)));
    for entry in fs::read_dir(real).expect("BIEU_REAL names a folder") {
        let path = entry.expect("an entry").path();
        let file = name(&path.to_string_lossy());
        // Beside an .xls stands its transcript.
        if takes(&file) && path.extension().is_some_and(|ending| ending != "txt") {
            fs::copy(&path, input.path().join(&file)).expect("a copy");
        }
    }
    let (settings, texts) = (Settings::default(), Texts::default());
    let groups = discover(&[input.path().to_path_buf()]).groups;
    let jobs = groups.iter().flat_map(|group| plan(group, &bundles, true));
    jobs.map(|job| judge_job(&job, &bundles, &bundles, &settings, &texts, |_| ()).submission().clone()).collect()
}

fn cell(place: &Place) -> Option<Cell> {
    let sheet = place.sheet.as_deref().unwrap_or_default().to_owned();
    Some((name(&place.file), sheet, place.cell?.to_string()))
}

/// The cells that a finding accuses, and those that it was judged from.
fn cells(finding: &ReportEntry) -> (BTreeSet<Cell>, BTreeSet<Cell>) {
    let guesses = finding.hypotheses.iter();
    let guessed = guesses.flat_map(|guess| {
        std::iter::once(&guess.target).chain(guess.together.iter().map(|companion| &companion.target))
    });
    let accused = finding.target.iter().chain(guessed).filter_map(cell).collect();
    (accused, finding.sources.iter().filter_map(cell).collect())
}

/// How well a known error is found, the best first.
const STATES: [&str; 3] = ["found", "found only as a source", "not found"];

fn rank(state: &str) -> usize {
    STATES.iter().position(|known| *known == state).unwrap_or(STATES.len())
}

#[derive(Default)]
struct Outcome {
    states: BTreeMap<Cell, &'static str>,
    /// Folder and code, of findings that are neither known nor accepted.
    wrong: BTreeMap<(String, String), Vec<String>>,
    files: BTreeSet<String>,
    accepted: BTreeSet<(String, String, String)>,
    /// The known errors that no finding names first.
    not_first: BTreeSet<Cell>,
    /// The cells that findings name first.
    named_first: BTreeSet<Cell>,
    /// The cells that are said to be wrong, certainly or likely, and are no known errors.
    innocent: BTreeSet<Cell>,
}

/// The cell that a finding sends its reader to first.
fn first(finding: &ReportEntry) -> Option<Cell> {
    let guess = finding.hypotheses.first().map(|guess| &guess.target);
    guess.or(finding.target.as_ref()).and_then(cell)
}

fn run(real: &Path, known: &[Known]) -> Outcome {
    let mut outcome = Outcome::default();
    let all: BTreeSet<&Cell> = known.iter().flat_map(|error| &error.cells).collect();
    let accepted: BTreeSet<(String, String, String)> = lines(&folder().join("accepted.tsv"))
        .into_iter()
        .map(|row| (row[0].clone(), row[1].clone(), row[2].clone()))
        .collect();
    let (mut accused, mut judged_from) = (BTreeSet::new(), BTreeSet::new());
    let mut cases: Vec<PathBuf> =
        fs::read_dir(folder()).expect("tests/real").map(|entry| entry.expect("an entry").path()).collect();
    cases.sort();
    for case in cases.iter().filter(|path| path.is_dir()) {
        let title = name(&case.to_string_lossy());
        let submissions = judge(case, real);
        assert!(!submissions.is_empty(), "{title}: no file of it in BIEU_REAL");
        for submission in submissions {
            let judged = !matches!(submission.status, Status::Unreadable | Status::Unmapped);
            assert!(judged && submission.readings > 0, "{title}: {} is not judged", submission.path);
            outcome.files.extend(submission.files.iter().map(|file| name(&file.path)));
            for finding in submission.findings.iter().flat_map(ReportEntry::with_consequences) {
                let (own, sources) = cells(finding);
                outcome.named_first.extend(first(finding));
                let is_sure = matches!(finding.certainty, Some(Certainty::Certain | Certainty::Likely));
                let innocent = first(finding).filter(|cell| is_sure && !all.contains(cell));
                outcome.innocent.extend(innocent);
                let target = finding.target.as_ref().and_then(cell);
                let follows = target.iter().chain(&sources).any(|cell| all.contains(cell));
                accused.extend(own);
                judged_from.extend(sources);
                if follows || finding.severity == Severity::Info {
                    continue;
                }
                let place = target.map_or_else(
                    || finding.target.as_ref().map(|place| name(&place.file)).unwrap_or_default(),
                    |(file, sheet, at)| format!("{file} {sheet}!{at}"),
                );
                let key = (title.clone(), finding.code.to_string(), place.clone());
                if accepted.contains(&key) {
                    outcome.accepted.insert(key);
                } else {
                    let told = format!("{place}: {}", finding.message);
                    outcome.wrong.entry((title.clone(), finding.code.to_string())).or_default().push(told);
                }
            }
        }
    }
    for error in known {
        let is_first = error.cells.iter().any(|cell| outcome.named_first.contains(cell));
        if !is_first {
            outcome.not_first.insert(error.key.clone());
        }
        let among = |cells: &BTreeSet<Cell>| error.cells.iter().any(|cell| cells.contains(cell));
        let state = usize::from(!among(&accused)) + usize::from(!among(&accused) && !among(&judged_from));
        outcome.states.insert(error.key.clone(), STATES[state]);
    }
    let unused = accepted.difference(&outcome.accepted);
    for (title, code, place) in unused {
        println!("accepted, but not found any more: {title} {code} {place}");
    }
    outcome
}

/// The record: known errors with their state, then false findings with their number.
fn record(outcome: &Outcome) -> String {
    let mut text = String::from("what\twhere\tcell or code\tstate or number\n");
    for ((file, sheet, at), state) in &outcome.states {
        let _ = writeln!(text, "known\t{file} {sheet}\t{at}\t{state}");
    }
    for ((title, code), found) in &outcome.wrong {
        let _ = writeln!(text, "false\t{title}\t{code}\t{}", found.len());
    }
    text
}

#[test]
fn real_files_give_their_known_errors_and_few_others() {
    let Some(real) = std::env::var_os("BIEU_REAL").map(PathBuf::from) else {
        println!("skipped: BIEU_REAL is not set");
        return;
    };
    let known = known(&real);
    let outcome = run(&real, &known);
    let path = folder().join("record.tsv");
    if std::env::var_os("BIEU_BLESS").is_some() {
        fs::write(&path, record(&outcome)).expect("the record can be written");
    }
    let mut before: BTreeMap<(String, String, String), String> = lines(&path)
        .into_iter()
        .map(|row| ((row[0].clone(), row[1].clone(), row[2].clone()), row[3].clone()))
        .collect();
    let explained: BTreeSet<Cell> = lines(&folder().join("explained.tsv"))
        .into_iter()
        .map(|row| (row[0].clone(), row[1].clone(), row[2].clone()))
        .collect();

    let mut wrong = Vec::new();
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (key, state) in &outcome.states {
        let (file, sheet, at) = key;
        let state = if *state == STATES[2] && explained.contains(key) { "explained" } else { state };
        *counts.entry((file, state)).or_default() += 1;
        if state == STATES[2] {
            wrong.push(format!("neither found nor explained: {file} {sheet}!{at}"));
        }
        if state == STATES[0] && explained.contains(key) {
            println!("found by now, and can leave explained.tsv: {file} {sheet}!{at}");
        }
        let old = before.remove(&("known".into(), format!("{file} {sheet}"), at.clone()));
        if old.is_some_and(|old| rank(&old) < rank(outcome.states[key])) {
            wrong.push(format!("was found before, and now is only \"{state}\": {file} {sheet}!{at}"));
        }
    }
    for ((title, code), found) in &outcome.wrong {
        let old = before.remove(&("false".into(), title.clone(), code.clone()));
        let allowed: usize = old.and_then(|number| number.parse().ok()).unwrap_or_default();
        println!("false: {title}: {code}: {} (recorded: {allowed})", found.len());
        if found.len() > allowed {
            wrong.push(format!("more false findings {code} in {title} than {allowed}:\n  {}", found.join("\n  ")));
        }
    }
    let all = outcome.states.len();
    println!("named first by a finding: {} of {all}; not: {:?}", all - outcome.not_first.len(), outcome.not_first);
    println!("said to be wrong, and not known: {:?}", outcome.innocent);
    for ((file, state), number) in counts {
        println!("{file}: {state}: {number}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn addresses_of_a_range() {
    assert_eq!(addresses("AZ9:BA10"), ["AZ9", "AZ10", "BA9", "BA10"]);
    assert_eq!(addresses("B7"), ["B7"]);
}
