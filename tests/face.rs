//! The public face: no item joins or leaves it unseen, each has an example, and `examples/` uses nothing else.
//!
//! `BIEU_BLESS=1 cargo test --test face` writes `tests/face.txt`; read it before committing: what is listed there
//! is what other programs may rely on.

use std::{
    collections::BTreeMap,
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
    process,
};

#[path = "../examples/judge_folder.rs"]
mod judge_folder;
#[path = "../examples/judge_in_memory.rs"]
mod judge_in_memory;
#[path = "../examples/read_workbook.rs"]
mod read_workbook;
#[path = "../examples/write_form.rs"]
mod write_form;

/// Items that a reader still takes in at a sitting.
const MOST_ITEMS: usize = 45;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What `lib.rs` hands on with `pub use`, outside the door for tests, and the modules that it opens.
fn names() -> Vec<String> {
    let text = fs::read_to_string(root().join("src/lib.rs")).expect("the crate");
    let before = text.split("#[doc(hidden)]").next().expect("its face");
    let mut found = Vec::new();
    for statement in before.split("\npub use ").skip(1) {
        let statement = statement.split(';').next().expect("an end");
        let words = statement.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        // Rooms and modules stand before `::`, what is handed on does not.
        let modules: Vec<&str> = statement
            .match_indices("::")
            .filter_map(|(at, _)| statement[..at].rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next())
            .collect();
        let mut modules = modules.into_iter().peekable();
        for word in words.filter(|word| !word.is_empty()) {
            if modules.next_if_eq(&word).is_none() {
                found.push(word.to_owned());
            }
        }
    }
    found.extend(
        before.lines().filter_map(|line| Some(format!("mod {}", line.strip_prefix("pub mod ")?.strip_suffix(';')?))),
    );
    found
}

/// Every file of `src`, by its path.
fn sources(folder: &Path, found: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.insert(path.clone(), fs::read_to_string(&path).expect("UTF-8"));
        }
    }
}

/// One public item as the sources declare it.
struct Item {
    /// `struct Form: title, columns, rows`.
    line: String,
    documentation: String,
}

/// The name behind a prefix, where the line begins with it.
fn after<'a>(line: &'a str, prefix: &str) -> Option<&'a str> {
    line.strip_prefix(prefix)?.split(|c: char| !(c.is_alphanumeric() || c == '_')).next()
}

/// Kind and name of the item that a line declares.
fn begins(line: &str) -> Option<(&'static str, &str)> {
    ["pub struct ", "pub enum ", "pub fn "].into_iter().find_map(|kind| Some((kind, after(line, kind)?)))
}

/// Where an item is declared: in the room that `lib.rs` names for it, where several have one of the name.
fn item(name: &str, room: &[&str], sources: &BTreeMap<PathBuf, String>) -> Option<Item> {
    let (text, at, kind) = sources.iter().find_map(|(path, text)| {
        let own = path.strip_prefix(root().join("src")).expect("below src").with_extension("");
        let own = own.to_string_lossy().replace('\\', "/");
        let is_there = room.iter().any(|room| own == *room || own.starts_with(&format!("{room}/")));
        let mut at = 0;
        for line in text.lines() {
            match begins(line) {
                Some((kind, found)) if found == name && is_there => return Some((text, at, kind)),
                _ => at += line.len() + 1,
            }
        }
        None
    })?;
    let documented = text[..at].lines().rev().take_while(|line| line.starts_with("///") || line.starts_with("#["));
    let documentation = documented.collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n");
    let mut parts = Vec::new();
    let mut body = |text: &str, is_enum: bool| {
        for line in text.lines().skip(1).take_while(|line| *line != "}") {
            let Some(line) = line.strip_prefix("    ").filter(|line| !line.starts_with(' ')) else { continue };
            let part = match line.strip_prefix("pub ") {
                Some(rest) => after(rest.trim_start_matches("const "), "fn ")
                    .or_else(|| rest.split_once(':').map(|(field, _)| field)),
                None if is_enum && line.starts_with(char::is_uppercase) => after(line, ""),
                None => None,
            };
            parts.extend(part.map(str::to_owned));
        }
    };
    if kind != "pub fn " {
        let has_body = text[at..].lines().next().is_some_and(|line| line.ends_with('{'));
        if has_body {
            body(&text[at..], kind == "pub enum ");
        }
        // Its own functions stand beside it.
        let mut at = 0;
        for line in text.lines() {
            let subject = line.strip_prefix("impl").map(|rest| match rest.strip_prefix('<') {
                Some(generic) => generic.split_once("> ").map_or("", |(_, rest)| rest),
                None => rest.trim_start(),
            });
            if subject.is_some_and(|subject| after(subject, "") == Some(name) && !line.contains(" for ")) {
                body(&text[at..], false);
            }
            at += line.len() + 1;
        }
    }
    let kind = kind.trim_start_matches("pub ").trim_end();
    let parts = if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
    Some(Item { line: format!("{kind} {name}{parts}"), documentation })
}

#[test]
fn the_face_is_what_is_listed() {
    let mut all = BTreeMap::new();
    sources(&root().join("src"), &mut all);
    let mut lines = Vec::new();
    let names = names();
    for name in &names {
        if name == "Decimal" {
            // Those of `rust_decimal`.
            lines.push(name.clone());
            continue;
        }
        if let Some(module) = name.strip_prefix("mod ") {
            let text = &all[&root().join(format!("src/{module}.rs"))];
            let own: Vec<String> = text.lines().filter_map(|line| Some(begins(line)?.1.to_owned())).collect();
            lines.push(format!("{name}: {}", own.join(", ")));
            continue;
        }
        let rooms = ["face", "model/workbook", "model/finding", "model/report", "values", "write/report", "read"];
        let found = rooms.iter().find_map(|room| item(name, &[room], &all));
        let item = found.unwrap_or_else(|| panic!("{name} is declared in none of {rooms:?}"));
        assert!(item.documentation.contains("/// ```"), "{name} has no example");
        lines.push(item.line);
    }
    assert!((30..=MOST_ITEMS).contains(&names.len()), "{} items", names.len());
    lines.sort();
    let text = lines.join("\n") + "\n";
    let path = root().join("tests/face.txt");
    if env::var_os("BIEU_BLESS").is_some() {
        fs::write(&path, &text).expect("written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(text == expected, "the public face is another one; BIEU_BLESS=1 writes tests/face.txt:\n{text}");
}

#[test]
fn examples_use_the_face_only() {
    for entry in fs::read_dir(root().join("examples")).expect("examples") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("UTF-8");
            assert!(!text.contains("internals"), "{} is no example of the face", path.display());
        }
    }
}

fn printed(run: impl FnOnce(&mut Vec<u8>) -> Result<(), Box<dyn Error>>) -> String {
    let mut out = Vec::new();
    run(&mut out).expect("it runs");
    String::from_utf8(out).expect("UTF-8")
}

fn sample(path: &str) -> String {
    root().join(path).to_string_lossy().into_owned()
}

#[test]
fn a_workbook_is_read() {
    let text = printed(|out| read_workbook::run(&sample("examples/xa-mau/trong-trot.csv"), out));
    assert!(text.contains("CSV A1:E4\n") && text.contains("  E3 \"99\"\n"), "{text}");
    let text = printed(|out| read_workbook::run(&sample("samples/luc-binh-2023/trong-trot-2023.xlsx"), out));
    assert!(text.contains("\n  E20 874"), "{text}");
}

#[test]
fn a_folder_is_judged() {
    let mapping = sample("mappings/luc-binh-2023.toml");
    let text = printed(|out| judge_folder::run(&sample("samples/luc-binh-2023"), &mapping, out));
    assert!(text.contains("error[ratio-mismatch]: ") && text.ends_with("10 exceeded, 5 met, 11 missed\n"), "{text}");
    let text = printed(|out| judge_folder::run(&sample("samples/luc-binh-2023-da-sua"), &mapping, out));
    assert!(!text.contains("error["), "{text}");
}

#[test]
fn figures_are_judged_in_memory() {
    let text = printed(|out| judge_in_memory::run(out));
    let expected = "\
findings: Tổng số 320 ha, Lúa 210 ha, Ngô 90 ha
  total-mismatch: \"Tổng số\" says 320 ha, its 2 parts add up to 300 (the total is 20 more)
    B2 may have to be 300
    B3 may have to be 230
    B4 may have to be 110
clean: Tổng số 300 ha, Lúa 210 ha, Ngô 90 ha
";
    assert_eq!(text, expected);
}

#[test]
fn a_form_is_written() {
    let folder = env::temp_dir().join(format!("bieu-face-{}", process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let (form, report) = (folder.join("form.xlsx"), folder.join("report.json"));
    let text = printed(|out| write_form::run(&sample("examples/xa-mau"), &form, &report, out));
    let table = "\
TT | Chỉ tiêu | Đơn vị | Kế hoạch | Thực hiện | Tỷ lệ % | Đánh giá
I | KINH TẾ
1 | Diện tích lúa | ha | 200 | 210 | 105 | Vượt
2 | Sản lượng thóc | tấn | 500 | 490 | 98 | Không đạt
3 | Sản lượng thóc bình quân một ha | tấn/ha | 2,5 | 2,33 | 93,2 | Không đạt
";
    assert!(text.ends_with(table), "{text}");
    let written = fs::read(&form).expect("a workbook");
    let read_back = bieu::read("form.xlsx", &written, &bieu::Limits::default());
    let workbook = read_back.workbook().expect("a workbook");
    let has = |text: &str| workbook.sheets[0].rows().any(|row| row.cells().any(|cell| cell.text() == Some(text)));
    assert!(has("Sản lượng thóc") && has("Không đạt"));
    let report = fs::read_to_string(&report).expect("a report");
    assert!(report.contains("\"ratio-mismatch\""), "{report}");
    fs::remove_dir_all(&folder).expect("removed");
}

/// What the page shows comes from the commands, and both from this: a form that other programs compose is the
/// form that `bieu convert` writes, byte for byte.
#[test]
fn the_face_writes_what_the_command_writes() {
    let folder = env::temp_dir().join(format!("bieu-face-same-{}", process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    for name in ["catalogue.toml", "mapping.toml", "trong-trot.csv"] {
        fs::copy(root().join("examples/xa-mau").join(name), folder.join(name)).expect("copied");
    }
    let status = process::Command::new(env!("CARGO_BIN_EXE_bieu"))
        .args(["convert", "trong-trot.csv", "-m", "mapping.toml", "-o", "command.xlsx"])
        .args(["--report", "command.json", "--table", "command.csv", "--second-reader", "off"])
        .current_dir(&folder)
        .env_remove("BIEU_LANG")
        .status();
    assert!(status.expect("the program").success());
    let text = |name: &str| fs::read_to_string(folder.join(name)).expect("UTF-8");
    let catalogue = bieu::Catalogue::parse("catalogue.toml", &text("catalogue.toml"), &[]).expect("a catalogue");
    let mapping = bieu::Mapping::parse("mapping.toml", &text("mapping.toml"), &[], &catalogue).expect("a mapping");
    let file = bieu::read("trong-trot.csv", text("trong-trot.csv").as_bytes(), &bieu::Limits::default());
    let options = bieu::Options::new(bieu::Language::Vi);
    let submission = bieu::judge("trong-trot.csv", vec![file], &[mapping], &options);
    let form = bieu::write(&bieu::compose(&submission).expect("a form"), "").expect("a workbook");
    assert!(form == fs::read(folder.join("command.xlsx")).expect("a workbook"), "the forms differ");
    let submissions = [submission];
    let report = bieu::report(&submissions, bieu::ReportFormat::Json, bieu::Language::Vi, "").expect("a report");
    assert_eq!(String::from_utf8(report).expect("UTF-8"), text("command.json"));
    assert_eq!(String::from_utf8(bieu::table(&submissions).expect("a table")).expect("UTF-8"), text("command.csv"));
    fs::remove_dir_all(&folder).expect("removed");
}

fn xa_mau() -> (bieu::Catalogue, bieu::Mapping) {
    let text = |name: &str| fs::read_to_string(root().join("examples/xa-mau").join(name)).expect("UTF-8");
    let catalogue = bieu::Catalogue::parse("catalogue.toml", &text("catalogue.toml"), &[]).expect("a catalogue");
    let mapping = bieu::Mapping::parse("mapping.toml", &text("mapping.toml"), &[], &catalogue).expect("a mapping");
    (catalogue, mapping)
}

fn table(rows: &str) -> Vec<bieu::SourceFile> {
    let text = format!("Chỉ tiêu;Đơn vị tính;Kế hoạch;Thực hiện;Tỷ lệ %\n{rows}");
    vec![bieu::read("trong-trot.csv", text.as_bytes(), &bieu::Limits::default())]
}

const RIGHT: &str = "Diện tích lúa;ha;200;210;105\nSản lượng thóc;tấn;500;490;98\n\
                     Sản lượng thóc bình quân một ha;tấn/ha;2,5;2,33;93,2\n";

#[test]
fn what_cannot_be_done_has_a_kind_and_words() {
    let locked = fs::read_dir(root().join("tests/cases/encrypted-file"))
        .expect("cases")
        .map(|case| case.expect("a case").path().join("input"))
        .filter(|input| input.parent().is_some_and(|case| case.to_string_lossy().contains("fires-")))
        .flat_map(|input| fs::read_dir(input).expect("files"))
        .map(|file| file.expect("a file").path())
        .next()
        .expect("a locked file");
    let file = bieu::read("khoa.xlsx", &fs::read(locked).expect("bytes"), &bieu::Limits::default());
    let error = file.workbook().expect_err("locked");
    assert_eq!(error.kind(), bieu::ErrorKind::Encrypted);
    assert_eq!(error.to_string(), error.message(bieu::Language::Vi));
    assert_ne!(error.message(bieu::Language::Vi), error.message(bieu::Language::En));
    // A program that is given a file of no use goes on, and the submission says so.
    let (_, mapping) = xa_mau();
    let options = bieu::Options::new(bieu::Language::En);
    let submission = bieu::judge("xã", vec![file], &[mapping], &options);
    assert_eq!(submission.status(), bieu::Status::Unreadable);
    let file = bieu::read("so-lieu.numbers", b"PK", &bieu::Limits::default());
    assert_eq!(file.workbook().expect_err("not read").kind(), bieu::ErrorKind::Unreadable);

    let submission = bieu::judge("xã", table(RIGHT), &[], &options);
    assert_eq!((submission.status(), submission.mapping()), (bieu::Status::Unmapped, None));
    let error = bieu::compose(&submission).expect_err("nobody knows what it is");
    assert_eq!((error.kind(), error.mistakes().count()), (bieu::ErrorKind::NoMapping, 0));
    let table = String::from_utf8(bieu::table(&[submission]).expect("a table")).expect("UTF-8");
    assert_eq!(table.lines().count(), 1, "{table}");
}

#[test]
fn files_extend_others_that_are_given_with_them() {
    let base = fs::read_to_string(root().join("examples/xa-mau/catalogue.toml")).expect("UTF-8");
    let own = "[catalogue]\nextends = \"goc/catalogue.toml\"\nid = \"huyen\"\n";
    let catalogue = bieu::Catalogue::parse("huyen.toml", own, &[("catalogue.toml", &base)]).expect("a catalogue");
    assert_eq!((catalogue.id(), catalogue.indicators().count()), ("huyen", 3));
    // Editors on Windows leave a byte order mark.
    let marked = |text: &str| format!("\u{feff}{text}");
    let again = bieu::Catalogue::parse("huyen.toml", &marked(own), &[("catalogue.toml", &marked(&base))]);
    assert_eq!(again.expect("a catalogue").indicators().count(), 3);
    let accepted = marked("[severity]\nratio-mismatch = \"warning\"\n");
    bieu::Options::new(bieu::Language::En).suppressing("bieu.toml", &accepted).expect("it is right");
    // A base that is not there is told, and nothing is judged by half a catalogue.
    let error = bieu::Catalogue::parse("huyen.toml", own, &[]).expect_err("no base");
    let mistake = error.mistakes().next().expect("a mistake");
    assert_eq!((mistake.file(), mistake.line()), ("huyen.toml", 2));
    assert!(mistake.help(bieu::Language::En).is_some());
    let round = "[catalogue]\nextends = \"huyen\"\nid = \"goc\"\n";
    let error = bieu::Catalogue::parse("huyen.toml", own, &[("catalogue.toml", round), ("huyen.toml", own)]);
    assert!(error.expect_err("a circle").message(bieu::Language::En).contains("circle"));
}

#[test]
fn options_give_the_period_before_and_what_is_accepted() {
    let (_, mapping) = xa_mau();
    let mappings = [mapping];
    let vi = bieu::Options::new(bieu::Language::Vi);
    let before = bieu::judge("2023", table(RIGHT), &mappings, &vi);
    assert_eq!(before.status(), bieu::Status::Clean);
    let tenfold = RIGHT.replace("200;210;105", "2000;2100;105");
    let codes = |options: &bieu::Options<'_>| -> Vec<String> {
        let submission = bieu::judge("2024", table(&tenfold), &mappings, options);
        submission.findings().map(|finding| format!("{} {}", finding.code(), finding.severity().name())).collect()
    };
    assert_eq!(codes(&vi), Vec::<String>::new());
    let after = vi.clone().after(&before);
    let found = codes(&after);
    assert!(
        found.iter().any(|code| code.starts_with("power-of-ten") || code.starts_with("period-outlier")),
        "{found:?}"
    );
    let kind = found[0].split(' ').next().expect("a code");
    let accepted = after.suppressing("bieu.toml", &format!("[severity]\n{kind} = \"info\"\n")).expect("it is right");
    assert!(codes(&accepted).contains(&format!("{kind} info")));
    let error = vi.suppressing("bieu.toml", "[severity]\nno-such-code = \"info\"\n").expect_err("no code");
    assert_eq!(error.kind(), bieu::ErrorKind::Document);
}
