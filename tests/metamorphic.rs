//! Tables as offices send them: changes that must change no reading and no finding, and mistakes that
//! must be told.
//!
//! Every sample and every case folder with a table is read into a small model, changed and written
//! again, and what the program says of it is held against what it says of the same model unchanged. A
//! part of all pairs is tried by default, chosen by their names; all of them with
//!
//! ```text
//! BIEU_METAMORPHIC=all cargo test --test metamorphic -- --nocapture
//! ```
//!
//! and all pairs of the inputs whose names begin with a text, such as a code, with that text in place of `all`.
//!
//! Pairs that are known to fail are in `metamorphic/expected.txt`, each with what mends it. One that
//! passes must be taken out. `*` with a number stands for so many inputs; that number is held against
//! what is found where everything is tried. `cargo xtask bless metamorphic` takes out what passes and adds what
//! fails with TODO in place of the reason; a test fails until somebody has written it.

#![expect(clippy::panic, reason = "a test says what went wrong")]
#![allow(clippy::float_arithmetic, reason = "cells are written as spreadsheets store them")]

#[path = "metamorphic/faults.rs"]
mod faults;
#[path = "metamorphic/formula.rs"]
mod formula;
#[path = "metamorphic/judged.rs"]
mod judged;
#[path = "metamorphic/model.rs"]
mod model;
#[path = "metamorphic/office.rs"]
mod office;
#[path = "metamorphic/rng.rs"]
mod rng;
#[path = "metamorphic/shape.rs"]
mod shape;
#[path = "metamorphic/texts.rs"]
mod texts;

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use bieu::internals::{driver::Library, model::bundle::Bundle, values::text::fold};
use judged::{Judgement, Seen, Subject, judge};
use model::{Book, Folder};
use rng::Rng;
use shape::Facts;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut found: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

fn name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

fn given(mapping: PathBuf) -> Vec<Bundle> {
    Library::given(&[mapping]).expect("the mapping is right").bundles
}

fn samples() -> Vec<Subject> {
    let bundled = Library::bundled().expect("the bundled mappings are right").bundles;
    let subject = |input: PathBuf| {
        let mapping = input.join("mapping.toml");
        let named = mapping.is_file();
        let bundles = if named { given(mapping) } else { bundled.clone() };
        Subject { name: name(&input), input, previous: None, bundles, named }
    };
    folders(&root().join("samples")).into_iter().filter(|folder| !name(folder).starts_with('_')).map(subject).collect()
}

fn cases() -> Vec<Subject> {
    let codes = folders(&root().join("tests/cases"));
    let cases = codes.iter().flat_map(|code| folders(code).into_iter().map(move |case| (name(code), case)));
    let subject = |(code, case): (String, PathBuf)| {
        let bundles = given(case.join("mapping.toml"));
        let input = if case.join("input").is_dir() { case.join("input") } else { case.clone() };
        let previous = Some(case.join("previous")).filter(|folder| folder.is_dir()).map(|folder| {
            let own = folder.join("mapping.toml");
            let bundles = if own.is_file() { given(own) } else { bundles.clone() };
            (folder, bundles)
        });
        Subject { name: format!("{code}/{}", name(&case)), input, previous, bundles, named: true }
    };
    // One without a mapping is drafted, and what a draft says is another matter.
    cases.filter(|(_, case)| case.join("mapping.toml").is_file()).map(subject).collect()
}

/// A subject as the model holds it, and what the program says of it unchanged.
struct Ready {
    subject: Subject,
    name: String,
    folder: Folder,
    before: Judgement,
}

impl Ready {
    fn facts(&self) -> Facts<'_> {
        let periods = self.subject.bundles.iter().map(|bundle| bundle.catalogue.period.to_string());
        let year = |period: String| period.split(|c: char| !c.is_ascii_digit()).find(|p| p.len() == 4)?.parse().ok();
        let mut years: Vec<i32> = periods.filter_map(year).collect();
        years.sort_unstable();
        years.dedup();
        Facts {
            figures: &self.before.figures,
            may_move: !self.subject.is_by_address(),
            is_one: self.before.seen.checks.len() == 1,
            is_whole: self.before.seen.checks.len() == 1
                && self.subject.bundles.iter().all(|bundle| self.subject.named && !bundle.mapping.is_one_file()),
            years,
        }
    }
}

/// The subjects that have a table in a form that can be written back, and how many files have none.
fn ready(subjects: Vec<Subject>) -> (Vec<Ready>, usize) {
    let mut all = Vec::new();
    let mut unfaithful = 0;
    for subject in subjects {
        let folder = model::read(&subject.input);
        unfaithful += folder.unfaithful;
        if folder.books.is_empty() {
            continue;
        }
        let mut as_workbooks = folder.clone();
        if shape::as_workbooks(&mut as_workbooks)
            && let Some(before) = judge(&subject, &as_workbooks, "input")
        {
            let name = format!("{} as .xlsx", subject.name);
            let own =
                Subject { bundles: subject.bundles.clone(), previous: subject.previous.clone(), ..named(&subject) };
            all.push(Ready { subject: own, name, folder: as_workbooks, before });
        }
        if let Some(before) = judge(&subject, &folder, "input") {
            all.push(Ready { name: subject.name.clone(), subject, folder, before });
        }
    }
    all.retain(|ready| !ready.before.figures.is_empty());
    (all, unfaithful)
}

fn named(subject: &Subject) -> Subject {
    Subject {
        name: subject.name.clone(),
        input: subject.input.clone(),
        previous: None,
        bundles: Vec::new(),
        named: subject.named,
    }
}

/// What came of a pair.
enum Came {
    NotTried,
    Right,
    Wrong(String),
}

#[derive(Default)]
struct Line {
    tried: usize,
    right: usize,
    wrong: usize,
    expected: usize,
}

fn is_everything() -> bool {
    std::env::var("BIEU_METAMORPHIC").is_ok_and(|value| value == "all")
}

/// How the names of the only inputs to be tried begin.
fn only() -> Option<String> {
    std::env::var("BIEU_METAMORPHIC").ok().filter(|value| value != "all")
}

fn is_blessing() -> bool {
    std::env::var_os("BIEU_BLESS").is_some()
}

/// Writes what came out otherwise than expected into `expected.txt`: a pair that fails, a pair that does not,
/// or how many fail of all.
fn bless(differences: &[(String, String, bool)]) {
    // Tests of one program run side by side.
    static FILE: Mutex<()> = Mutex::new(());
    let _turn = FILE.lock().expect("no panic");
    let path = root().join("tests/metamorphic/expected.txt");
    let text = fs::read_to_string(&path).expect("expected.txt");
    let (head, pairs): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.is_empty() || line.starts_with('#'));
    let mut pairs: Vec<String> = pairs.into_iter().map(str::to_owned).collect();
    for (change, subject, fails) in differences {
        let key = |subject: &str| format!("{change} | {subject} | ");
        if let Some(count) = subject.strip_prefix("* ") {
            let line = pairs.iter_mut().find(|line| line.starts_with(&format!("{change} | * ")));
            let line = line.expect("the line that counts");
            let why = line.rsplit_once(" | ").expect("a reason").1.to_owned();
            *line = key(&format!("* {count}")) + &why;
            continue;
        }
        pairs.retain(|line| !line.starts_with(&key(subject)));
        pairs.extend(fails.then(|| key(subject) + "TODO: what mends it, or why it may fail"));
    }
    pairs.sort();
    fs::write(&path, [head.join("\n"), pairs.join("\n")].join("\n") + "\n").expect("expected.txt is written");
}

#[test]
fn every_pair_that_may_fail_says_why() {
    let text = fs::read_to_string(root().join("tests/metamorphic/expected.txt")).expect("expected.txt");
    let open: Vec<&str> = text.lines().filter(|line| line.contains("| TODO")).collect();
    assert!(is_blessing() || open.is_empty(), "{}", open.join("\n"));
}

/// `change` and `subject` of each pair that is known to fail, and why.
fn expected() -> BTreeMap<(String, String), String> {
    let text = include_str!("metamorphic/expected.txt");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let parts = |line: &str| {
        let parts: Vec<&str> = line.split(" | ").collect();
        let [change, subject, why] = parts.as_slice() else { panic!("expected.txt: {line}") };
        ((change.to_string(), subject.to_string()), why.to_string())
    };
    lines.map(parts).collect()
}

/// Tries every change on every subject, or a part of the pairs; prints a table and fails where the
/// outcome is not what is expected.
fn try_all(
    title: &str,
    changes: &[String],
    subjects: &[Ready],
    one_in: usize,
    judge: impl Fn(usize, &Ready) -> Came + Sync,
) {
    let expected = expected();
    let mut pairs = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        for subject in subjects {
            if is_everything() || only().is_some() || Rng::new(&format!("{change}|{}", subject.name)).below(one_in) == 0
            {
                pairs.push((at, subject));
            }
        }
    }
    let table: Mutex<BTreeMap<usize, Line>> = Mutex::default();
    let failures: Mutex<Vec<String>> = Mutex::default();
    let differences: Mutex<Vec<(String, String, bool)>> = Mutex::default();
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((at, subject)) = pairs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let came = judge(*at, subject);
            let any = || {
                let mut all = expected.iter().filter(|((change, _), _)| *change == changes[*at]);
                all.find(|((_, subject), _)| subject.starts_with("* "))
            };
            let of_all = any().is_some();
            let why = expected.get(&(changes[*at].clone(), subject.name.clone()));
            let why = why.or_else(|| any().map(|(_, why)| why));
            let mut table = table.lock().expect("no panic");
            let line = table.entry(*at).or_default();
            let failure = match (came, why) {
                (Came::NotTried, why) if why.is_none() || of_all => continue,
                (Came::NotTried, _) => Some("cannot be tried, and is expected to fail".to_owned()),
                (Came::Right, why) if why.is_none() || of_all => {
                    (line.tried, line.right) = (line.tried + 1, line.right + 1);
                    None
                }
                (Came::Right, why) => {
                    (line.tried, line.right) = (line.tried + 1, line.right + 1);
                    Some(format!("passes; take it out of expected.txt: {}", why.map_or("", String::as_str)))
                }
                (Came::Wrong(how), why) => {
                    (line.tried, line.wrong) = (line.tried + 1, line.wrong + 1);
                    line.expected += usize::from(why.is_some());
                    why.is_none().then_some(how)
                }
            };
            let told = |how| format!("== {} | {}\n{how}", changes[*at], subject.name);
            if failure.is_some() && is_blessing() {
                let difference = (changes[*at].clone(), subject.name.clone(), why.is_none());
                differences.lock().expect("no panic").push(difference);
            } else {
                failures.lock().expect("no panic").extend(failure.map(told));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    let table = table.into_inner().expect("no panic");
    let mut failures = failures.into_inner().expect("no panic");
    let mut differences = differences.into_inner().expect("no panic");
    for ((change, all), why) in expected.iter().filter(|_| is_everything()) {
        let Some(count) = all.strip_prefix("* ").and_then(|count| count.parse::<usize>().ok()) else { continue };
        let line = changes.iter().position(|own| own == change).map(|at| table.get(&at).map_or(0, |line| line.wrong));
        if let Some(wrong) = line.filter(|wrong| *wrong != count) {
            if is_blessing() {
                differences.push((change.clone(), format!("* {wrong}"), true));
                continue;
            }
            failures.push(format!("== {change} | {wrong} fail, and {count} are expected to: {why}"));
        }
    }
    let mut text = format!("{title}\n{:<40} {:>6} {:>6} {:>9} {:>9}\n", "", "tried", "right", "different", "expected");
    for (at, line) in table {
        let Line { tried, right, wrong, expected } = line;
        let _ = writeln!(text, "{:<40} {tried:>6} {right:>6} {wrong:>9} {expected:>9}", changes[at]);
    }
    println!("{text}");
    if !differences.is_empty() {
        bless(&differences);
    }
    failures.sort();
    assert!(failures.is_empty(), "{} pairs\n{}", failures.len(), failures.join("\n"));
}

/// How two judgements differ.
fn difference(before: &Seen, after: &Seen) -> Option<String> {
    let mut text = String::new();
    for (was, now, mark) in [(before, after, '-'), (after, before, '+')] {
        for (own, other) in [(&was.readings, &now.readings), (&was.findings, &now.findings)] {
            for (line, count) in own {
                let there = other.get(line).copied().unwrap_or(0);
                if there < *count {
                    let _ = writeln!(text, "{mark} {line}");
                }
            }
        }
    }
    if text.is_empty() && before.checks != after.checks {
        let _ = writeln!(text, "- {:?}\n+ {:?}", before.checks, after.checks);
    }
    (!text.is_empty()).then_some(text)
}

fn compared(subject: &Ready, folder: &Folder, folder_name: &str) -> Came {
    match judge(&subject.subject, folder, folder_name) {
        None => Came::NotTried,
        Some(after) => difference(&subject.before.seen, &after.seen).map_or(Came::Right, Came::Wrong),
    }
}

fn all_subjects() -> Vec<Ready> {
    let only = only().unwrap_or_default();
    let wanted = samples().into_iter().chain(cases()).filter(|subject| subject.name.starts_with(&only));
    let (subjects, unfaithful) = ready(wanted.collect());
    println!("{} inputs; {unfaithful} files skipped: written again they would not read the same", subjects.len());
    subjects
}

#[test]
fn what_means_nothing_changes_nothing() {
    let subjects = all_subjects();
    let mut changes = Vec::new();
    for (change, _) in texts::DIRT {
        changes.extend([change.to_owned(), format!("{change}, a half of them")]);
    }
    // A heading in capitals stands above one in small letters.
    let of_halves = |change: &str| change != "capitals, a half of them";
    let shapes = changes.len();
    changes.extend(shape::SHAPES.iter().map(|(change, _)| (*change).to_owned()));
    let names = changes.len();
    changes.extend(shape::NAMES.iter().map(|(change, _)| (*change).to_owned()));
    changes.push("folder renamed".to_owned());
    try_all("must change nothing", &changes, &subjects, 20, |at, subject| {
        let mut folder = subject.folder.clone();
        let mut rng = Rng::new(&format!("{}|{}", changes[at], subject.name));
        let changed = if at < shapes {
            of_halves(&changes[at]) && texts::apply(&mut folder, texts::DIRT[at / 2].1, at % 2 == 1, &mut rng)
        } else if at < names {
            shape::SHAPES[at - shapes].1(&mut folder, &subject.facts(), &mut rng)
        } else if at + 1 < changes.len() {
            shape::rename(&mut folder, shape::NAMES[at - names].1)
        } else {
            return compared(subject, &folder, "Số liệu 2019 - Copy (1)");
        };
        if changed { compared(subject, &folder, "input") } else { Came::NotTried }
    });
}

#[test]
fn mistakes_are_told() {
    let subjects = all_subjects();
    let changes: Vec<String> = faults::FAULTS.iter().map(|(change, _)| (*change).to_owned()).collect();
    try_all("must be told", &changes, &subjects, 6, |at, subject| {
        let mut folder = subject.folder.clone();
        let mut rng = Rng::new(&format!("{}|{}", changes[at], subject.name));
        if !faults::FAULTS[at].1(&mut folder, &subject.facts(), &mut rng) {
            return Came::NotTried;
        }
        let Some(after) = judge(&subject.subject, &folder, "input") else { return Came::NotTried };
        let before = &subject.before.seen;
        let raised = after.seen.loud.iter().any(|(line, count)| before.loud.get(line).is_none_or(|was| was < count));
        let lost = after.seen.filled < before.filled;
        if raised {
            Came::Right
        } else {
            let quietly = if lost { "readings are lost and nobody is told" } else { "nobody is told" };
            Came::Wrong(format!("{quietly}\n{}", difference(before, &after.seen).unwrap_or_default()))
        }
    });
}

/// A mapping for the sheets of a workbook as files of their own: each pattern of a file without its
/// ending and with the sheet behind it, as `LibreOffice` calls them. None where a sheet or a file names
/// a member: the name is gone.
fn for_exported(bundle: &Bundle) -> Option<Bundle> {
    let mut mapping = (*bundle.mapping).clone();
    for source in &mut mapping.sources {
        if source.member.is_some() {
            return None;
        }
        let sheets: Vec<String> =
            source.sheets.iter().flat_map(|sheet| sheet.written().split(" | ").map(fold)).collect();
        let stems: Vec<String> = source
            .files
            .iter()
            .map(|file| file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem).to_owned())
            .collect();
        source.files = stems
            .iter()
            .flat_map(|stem| {
                let with = |sheet: &String| format!("{stem}-*{sheet}.csv");
                if sheets.is_empty() { vec![format!("{stem}*")] } else { sheets.iter().map(with).collect() }
            })
            .collect();
        source.sheets.clear();
    }
    Some(Bundle { mapping: Arc::new(mapping), ..bundle.clone() })
}

/// A reading without the decimals that it is shown with: 2.00 is 2.
fn by_value(reading: &str) -> String {
    let Some((key, rest)) = reading.split_once("Number(") else { return reading.to_owned() };
    let (number, rest) = rest.split_once(')').unwrap_or((rest, ""));
    let number = if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number };
    let forecast = rest.rsplit(' ').next().unwrap_or_default();
    format!("{key}Number({number}) {forecast}")
}

/// Saved as delimited text by another office program: figures are what the cells show, so that the
/// readings are the same. Of findings nothing is asked: formulas and hidden cells are gone.
#[test]
fn exported_by_libreoffice() {
    if !is_everything() {
        println!("skipped: BIEU_METAMORPHIC is not `all`");
        return;
    }
    let subjects = all_subjects();
    let is_sheeted = |subject: &&Ready| {
        subject.folder.books.iter().all(|book| book.written == model::Written::Xlsx)
            && subject.before.seen.checks.len() == 1
    };
    let wanted: Vec<&Ready> = subjects.iter().filter(is_sheeted).collect();
    let books: Vec<Book> = wanted.iter().flat_map(|subject| subject.folder.books.clone()).collect();
    let mut folders: BTreeMap<(usize, String), Folder> = BTreeMap::new();
    for (way, as_shown) in [true, false].into_iter().enumerate() {
        let Some(exported) = office::exported(&books, as_shown) else {
            println!("skipped: LibreOffice is not installed");
            return;
        };
        let mut exported = books.iter().zip(exported);
        for subject in &wanted {
            let mut folder = Folder { books: Vec::new(), ..subject.folder.clone() };
            for (book, sheets) in exported.by_ref().take(subject.folder.books.len()) {
                let stem = book.was.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
                folder.books.extend(sheets.into_iter().map(|(sheet, bytes)| {
                    let path = book.was.with_file_name(format!("{stem}-{sheet}.csv"));
                    Book { path: path.clone(), was: path, sheets: Vec::new(), bytes: Some(bytes), ..book.clone() }
                }));
            }
            folders.insert((way, subject.name.clone()), folder);
        }
    }
    let changes = ["shown", "typed"].map(|way| format!("exported by LibreOffice as .csv, as {way}"));
    try_all("must change no reading", &changes, &subjects, 1, |way, subject| {
        let Some(folder) = folders.get(&(way, subject.name.clone())) else { return Came::NotTried };
        let bundles: Option<Vec<Bundle>> = subject.subject.bundles.iter().map(for_exported).collect();
        let Some(bundles) = bundles else { return Came::NotTried };
        let own = Subject { bundles, previous: subject.subject.previous.clone(), ..named(&subject.subject) };
        let Some(after) = judge(&own, folder, "input") else { return Came::NotTried };
        let only = |seen: &Seen| {
            let mut readings = BTreeMap::new();
            for (reading, count) in &seen.readings {
                *readings.entry(by_value(reading)).or_default() += count;
            }
            Seen { readings, ..Seen::default() }
        };
        difference(&only(&subject.before.seen), &only(&after.seen)).map_or(Came::Right, Came::Wrong)
    });
}

/// Saved by another office program. Takes minutes, so that it is tried only with everything.
#[test]
fn saved_by_libreoffice() {
    if !is_everything() {
        println!("skipped: BIEU_METAMORPHIC is not `all`");
        return;
    }
    let subjects = all_subjects();
    let is_sheeted = |subject: &&Ready| subject.folder.books.iter().all(|book| book.written == model::Written::Xlsx);
    let mut saved: BTreeMap<(usize, String), Folder> = BTreeMap::new();
    for (at, ending) in office::ENDINGS.iter().enumerate() {
        let mut folders: Vec<(String, Folder)> =
            subjects.iter().filter(is_sheeted).map(|subject| (subject.name.clone(), subject.folder.clone())).collect();
        let mut books: Vec<_> = folders.iter_mut().flat_map(|(_, folder)| &mut folder.books).collect();
        if office::saved(&mut books, ending).is_none() {
            println!("skipped: LibreOffice is not installed");
            return;
        }
        saved.extend(folders.into_iter().map(|(name, folder)| ((at, name), folder)));
    }
    let changes = office::ENDINGS.map(|ending| format!("saved by LibreOffice as .{ending}"));
    try_all("must change nothing", &changes, &subjects, 1, |at, subject| {
        let Some(folder) = saved.get(&(at, subject.name.clone())) else { return Came::NotTried };
        let Some(mut after) = judge(&subject.subject, folder, "input") else { return Came::NotTried };
        let mut before = subject.before.seen.clone();
        // The name says one thing and the content another, before and after.
        for seen in [&mut before, &mut after.seen] {
            seen.findings.retain(|line, _| !line.starts_with("wrong-extension"));
            // The status counts them as well.
            let counts =
                |checks: &String| checks.split_once(' ').map_or(String::new(), |(_, counts)| counts.to_owned());
            seen.checks = seen.checks.iter().map(counts).collect();
        }
        difference(&before, &after.seen).map_or(Came::Right, Came::Wrong)
    });
}
