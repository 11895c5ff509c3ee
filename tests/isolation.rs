//! One file never takes the others down, nor the program: end to end, with files made here.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;

#[path = "../src/read/tests/files.rs"]
#[allow(dead_code, reason = "only some of what the tests of the reader make is needed")]
mod files;

mod herd;
#[cfg(target_os = "linux")]
mod processes;
mod program;

use files::{claim_size, dimensions, number, ods, ods_of, xls, xlsx, xlsx_of, zipped};
use herd::{CATALOGUE, MAPPING};

/// A temporary folder with a mapping for which every file is a submission.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("dan.toml"), CATALOGUE).expect("a catalogue");
    fs::write(folder.path().join("anh-xa.toml"), MAPPING).expect("a mapping");
    folder
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program::path());
    command
        .args(["validate", "-m", "anh-xa.toml", "--format", "json", "--lang", "en"])
        .args(arguments)
        .current_dir(folder)
        .env_remove("BIEU_LANG");
    command
}

/// Exit code and report.
fn report(output: &Output) -> (Option<i32>, Value) {
    let report = serde_json::from_slice(&output.stdout);
    (output.status.code(), report.unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&output.stderr))))
}

fn validate(folder: &Path, arguments: &[&str]) -> (Option<i32>, Value) {
    report(&command(folder, arguments).output().expect("bieu runs"))
}

/// Submissions by the name of their file.
fn submissions(report: &Value) -> BTreeMap<&str, &Value> {
    let list = report["submissions"].as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|s| Some((s["path"].as_str()?.rsplit(['/', '\\']).next()?, s))).collect()
}

/// The codes and messages of the findings of a submission.
fn findings(submission: &Value) -> Vec<(&str, &str)> {
    let list = submission["findings"].as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|f| Some((f["code"].as_str()?, f["message"].as_str()?))).collect()
}

/// A table that adds up, or not.
fn table(total: u32) -> String {
    format!("Chỉ tiêu;Thực hiện\nTổng đàn;{total}\nĐàn trâu;10\nĐàn bò;20\n")
}

fn workbook(total: u32) -> Vec<u8> {
    let text = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let rows = table(total)
        .lines()
        .enumerate()
        .filter_map(|(at, line)| {
            let (label, value) = line.split_once(';')?;
            let value = if at == 0 { text(value) } else { format!("<c><v>{value}</v></c>") };
            Some(format!("<row>{}{value}</row>", text(label)))
        })
        .collect::<String>();
    xlsx(&rows)
}

/// Submissions that are as they should be, with and without mistakes in their figures.
fn good_files() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("a-dau.csv", table(30).into_bytes()),
        ("g-giua.xlsx", workbook(30)),
        ("m-sai.xlsx", workbook(31)),
        ("s-sai.csv", table(29).into_bytes()),
        ("z-cuoi.xlsx", workbook(30)),
    ]
}

/// Files that bring other programs down, and the code that each must end in.
fn hazards() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let bomb = format!("<worksheet><sheetData>{}</sheetData></worksheet>", " ".repeat(32 << 20));
    let bomb = xlsx_of(&bomb, "<sst/>", "");
    let mut giant = bomb.clone();
    claim_size(&mut giant, "xl/worksheets/sheet1.xml", 1_850_000_000);
    let strings = "<sst count=\"1\" uniqueCount=\"99999999999\"><si><t>a</t></si></sst>";
    let shared = "<row><c r=\"A1\"><f t=\"shared\" ref=\"A1:A2\" si=\"999999999999\">B1</f><v>1</v></c></row>";
    let repeats = "<table:table table:name=\"S\"><table:table-row table:number-rows-repeated=\"1048576\">\
         <table:table-cell table:number-columns-repeated=\"16384\" office:value-type=\"float\" office:value=\"1\"/>\
         </table:table-row></table:table>";
    let whole = workbook(30);
    // No text, no container: bytes of a generator with a fixed seed.
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let noise = (0..4096).map(|_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[0]
    });
    vec![
        ("b-bom.xlsx", "limit-exceeded", bomb),
        ("c-bom-gigabyte.xlsx", "limit-exceeded", giant),
        ("d-bom.xlsb", "limit-exceeded", zipped(&[("xl/workbook.bin", &vec![0; 32 << 20])])),
        ("e-kich-thuoc.xls", "limit-exceeded", xls(&[], &[dimensions(u32::MAX, u16::MAX), number(0, 0, 1.0)])),
        ("f-cat-ngang.ods", "unreadable-file", ods_of("<office:document-content><office:body><office:spreadsheet>")),
        ("h-lap-lai.ods", "limit-exceeded", ods(repeats)),
        ("i-chuoi.xlsx", "limit-exceeded", xlsx_of("<worksheet><sheetData/></worksheet>", strings, "")),
        ("k-cong-thuc.xlsx", "limit-exceeded", xlsx(shared)),
        ("n-ngau-nhien.xlsx", "unreadable-file", noise.collect()),
        ("o-cat-ngang.xlsx", "unreadable-file", whole[..whole.len() / 2].to_vec()),
        ("p-rong.xls", "unreadable-file", Vec::new()),
    ]
}

#[test]
fn hazards_cost_themselves_only() {
    let alone = folder();
    let together = folder();
    for (name, bytes) in good_files() {
        fs::write(alone.path().join(name), &bytes).expect("a file");
        fs::write(together.path().join(name), &bytes).expect("a file");
    }
    let hazards = hazards();
    for (name, _, bytes) in &hazards {
        fs::write(together.path().join(name), bytes).expect("a file");
        // To measure them one by one.
        if let Some(folder) = std::env::var_os("BIEU_HAZARDS") {
            fs::write(Path::new(&folder).join(name), bytes).expect("a file");
        }
    }
    // Sparse, and no hazard: its two cells are read, and it holds no table.
    let sparse = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row>";
    fs::write(together.path().join("r-thua.xlsx"), xlsx(sparse)).expect("a file");

    let (exit, expected) = validate(alone.path(), &["."]);
    assert_eq!(exit, Some(1), "{expected:#}");
    let expected = submissions(&expected);
    assert_eq!(expected.len(), good_files().len());
    assert!(findings(expected["g-giua.xlsx"]).is_empty());
    assert_eq!(findings(expected["m-sai.xlsx"]).first().map(|f| f.0), Some("total-mismatch"));

    let limits = ["--max-memory", "128", "--timeout", "10"];
    let first = command(together.path(), &[&limits[..], &[".", "--jobs", "1"]].concat()).output().expect("bieu runs");
    let (exit, judged) = report(&first);
    assert_eq!(exit, Some(3), "{judged:#}");
    let judged = submissions(&judged);
    assert_eq!(judged.len(), good_files().len() + hazards.len() + 1, "{:?}", judged.keys());
    for (name, submission) in &expected {
        assert_eq!(judged[name], *submission, "{name}");
    }
    for (name, code, _) in &hazards {
        let found = findings(judged[name]);
        assert_eq!(found.first().map(|f| f.0), Some(*code), "{name}: {found:?}");
        // The checks come before the memory is asked for.
        assert!(!found[0].1.contains("needs more than") && !found[0].1.contains("seconds"), "{name}: {found:?}");
        assert_eq!(judged[name]["files"][0]["status"], "unreadable", "{name}");
    }
    let sparse = judged["r-thua.xlsx"];
    assert_ne!(sparse["files"][0]["status"], "unreadable", "{sparse:#}");

    for jobs in ["2", "5"] {
        let again = command(together.path(), &[&limits[..], &[".", "--jobs", jobs]].concat()).output();
        assert!(again.is_ok_and(|output| output.stdout == first.stdout), "the report does not depend on --jobs {jobs}");
    }
}

#[test]
fn a_file_that_needs_too_much_memory_is_reported_and_the_others_are_judged() {
    let here = folder();
    for (name, bytes) in good_files() {
        fs::write(here.path().join(name), &bytes).expect("a file");
    }
    // One that does not fit as it stands, and one that does not when it is unfolded into cells.
    for (name, size) in [("b-lon.csv", 40 << 20), ("t-lon.csv", 8 << 20)] {
        let row = "Đàn ngựa;12345;678\n";
        fs::write(here.path().join(name), table(30) + &row.repeat(size / row.len())).expect("a file");
    }
    for jobs in ["1", "3"] {
        let (exit, judged) = validate(here.path(), &[".", "--max-memory", "16", "--jobs", jobs]);
        assert_eq!(exit, Some(3), "{judged:#}");
        let judged = submissions(&judged);
        assert_eq!(judged.len(), good_files().len() + 2);
        for name in ["b-lon.csv", "t-lon.csv"] {
            let found = findings(judged[name]);
            assert_eq!(found.first().map(|f| f.0), Some("limit-exceeded"), "{name}: {found:?}");
        }
        for (name, _) in good_files() {
            assert_eq!(judged[name]["files"][0]["status"], "read", "{name}");
            assert_eq!(judged[name]["readings"], 3, "{name}");
        }
    }
}

/// As many as a country hands in, with every hazard among them, and a pipe that would hang the run.
#[cfg(unix)]
#[test]
fn ten_thousand_files_with_all_hazards_end_in_one_status_each() {
    let here = folder();
    let input = here.path().join("vao");
    let hazards = hazards();
    let many = 10_000 - hazards.len() - 1;
    for at in 0..many {
        let (name, bytes) = &good_files()[at % 5];
        let folder = input.join(format!("huyen-{:02}", at % 40));
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join(format!("{at:05}-{name}")), bytes).expect("a file");
    }
    for (at, (name, _, bytes)) in hazards.iter().enumerate() {
        fs::write(input.join(format!("huyen-{:02}", at * 3)).join(name), bytes).expect("a file");
    }
    pipe(&input.join("huyen-07/treo.csv"));
    let (exit, judged) = validate(here.path(), &["vao", "--timeout", "600", "--max-memory", "128"]);
    assert_eq!(exit, Some(3));
    let summary = &judged["summary"];
    let count = |name: &str| summary[name].as_u64().expect("a count");
    assert_eq!(count("submissions"), 10_000);
    assert_eq!(count("unreadable"), hazards.len() as u64 + 1, "{summary}");
    // Three of the five good ones add up.
    assert_eq!(count("with_findings"), (0..many).filter(|at| [2, 3].contains(&(at % 5))).count() as u64);
    assert_eq!(count("clean") + count("with_findings") + count("unreadable") + count("unmapped"), 10_000);
    assert_eq!(submissions(&judged).len(), 10_000, "each is there once");
}

/// A pipe that nobody writes to hangs whoever reads it.
#[cfg(unix)]
fn pipe(at: &Path) {
    assert!(Command::new("mkfifo").arg(at).status().is_ok_and(|status| status.success()), "a pipe is made");
}

/// A file that is there while inputs are found, and hangs whoever reads it: a worker has another
/// standard input, from which nothing comes. Such a link is followed since it is named.
#[cfg(unix)]
fn hanging(at: &Path) {
    std::os::unix::fs::symlink("/dev/stdin", at).expect("a link");
}

#[cfg(unix)]
fn with_input(mut command: Command) -> Command {
    let file = fs::File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).expect("a file");
    command.stdin(file);
    command
}

#[cfg(unix)]
#[test]
fn a_file_that_hangs_is_given_up_and_the_others_are_judged() {
    let here = folder();
    let mut names: Vec<&str> = Vec::new();
    for (name, bytes) in good_files() {
        fs::write(here.path().join(name), &bytes).expect("a file");
        names.push(name);
    }
    hanging(&here.path().join("c-treo.csv"));
    let started = std::time::Instant::now();
    let arguments = [&names[..], &["c-treo.csv", "--timeout", "1", "--jobs", "1"]].concat();
    let (exit, judged) = report(&with_input(command(here.path(), &arguments)).output().expect("bieu runs"));
    assert!(started.elapsed() < std::time::Duration::from_secs(20), "{:?}", started.elapsed());
    assert_eq!(exit, Some(3), "{judged:#}");
    let judged = submissions(&judged);
    let found = findings(judged["c-treo.csv"]);
    assert!(found.first().is_some_and(|f| f.0 == "limit-exceeded" && f.1.contains("1 second")), "{found:?}");
    for name in names {
        assert_eq!(judged[name]["files"][0]["status"], "read", "{name}");
    }
}

fn inspect(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program::path());
    command.args(["inspect", "--lang", "en"]).args(arguments).current_dir(folder).env_remove("BIEU_LANG");
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Nothing but the file is read for it, and a worker that is asked for it again fares no better.
#[cfg(unix)]
#[test]
fn inspect_ends_when_a_file_hangs_or_swells() {
    let here = folder();
    fs::write(here.path().join("a.csv"), table(30)).expect("a file");
    hanging(&here.path().join("c-treo.csv"));
    fs::write(here.path().join("d-lon.csv"), table(30) + &"Đàn ngựa;12345;678\n".repeat(400_000)).expect("a file");
    let started = std::time::Instant::now();
    for format in ["text", "csv", "json"] {
        let arguments = ["a.csv", "c-treo.csv", "d-lon.csv", "--format", format, "--timeout", "1"];
        let ran = with_input(inspect(here.path(), &[&arguments[..], &["--max-memory", "16"]].concat())).output();
        let ran = ran.expect("bieu runs");
        let said = said(&ran);
        assert_eq!(ran.status.code(), Some(3), "{said}");
        assert!(said.contains("was not read within 1 second") && said.contains("MiB"), "{said}");
        assert!(said.contains("Tổng đàn") || format == "text", "the other file is shown: {said}");
    }
    assert!(started.elapsed() < std::time::Duration::from_secs(30), "{:?}", started.elapsed());
}

#[cfg(unix)]
#[test]
fn a_draft_is_made_of_the_files_that_can_be_read() {
    let here = folder();
    fs::write(here.path().join("a.csv"), table(30)).expect("a file");
    fs::write(here.path().join("b.xlsx"), b"PK\x03\x04 no package").expect("a file");
    hanging(&here.path().join("c-treo.csv"));
    let started = std::time::Instant::now();
    let mut command = Command::new(program::path());
    command.args(["draft", "--lang", "en", "a.csv", "b.xlsx", "c-treo.csv", "--timeout", "1", "-o", "ra"]);
    command.current_dir(here.path()).env_remove("BIEU_LANG");
    let ran = with_input(command).output().expect("bieu runs");
    let said = said(&ran);
    assert_eq!(ran.status.code(), Some(3), "{said}");
    assert!(said.contains("was not read within 1 second") && said.contains("b.xlsx"), "{said}");
    let mapping = fs::read_to_string(here.path().join("ra/mapping.toml")).expect("the draft");
    assert!(mapping.contains("a*.csv") || mapping.contains("a.csv"), "{mapping}");
    assert!(started.elapsed() < std::time::Duration::from_secs(20), "{:?}", started.elapsed());
}

#[cfg(unix)]
#[test]
fn pipes_sockets_and_devices_are_refused_at_once() {
    let here = folder();
    let at = |name: &str| here.path().join(name);
    fs::create_dir(at("vao")).expect("a folder");
    fs::write(at("vao/a.csv"), table(30)).expect("a file");
    pipe(&at("vao/b.csv"));
    let _socket = std::os::unix::net::UnixListener::bind(at("vao/c.csv")).expect("a socket");
    let started = std::time::Instant::now();
    let (exit, judged) = validate(here.path(), &["vao", "/dev/zero", "--timeout", "600"]);
    assert_eq!((exit, &judged["summary"]["unreadable"]), (Some(3), &3.into()), "{judged:#}");
    let judged = submissions(&judged);
    for (name, what) in [("b.csv", "a pipe (FIFO)"), ("c.csv", "a socket"), ("zero", "a device")] {
        let found = findings(judged[name]);
        assert!(found.len() == 1 && found[0].0 == "unreadable-file" && found[0].1.contains(what), "{found:?}");
    }
    assert_eq!(judged["a.csv"]["status"], "clean");

    // Every other place that a file is read from, alone and with others.
    fs::create_dir(at("ong")).expect("a folder");
    fs::write(at("ong/a.csv"), table(30)).expect("a file");
    pipe(&at("ong/bieu.toml"));
    fs::create_dir(at("khai")).expect("a folder");
    fs::write(at("khai/a.csv"), table(30)).expect("a file");
    pipe(&at("khai/mapping.toml"));
    let mapping = ["-m", "anh-xa.toml"];
    for (arguments, exit, what) in [
        (&["inspect", "vao/b.csv"][..], 3, "a pipe"),
        (&["inspect", "vao", "--format", "json"], 3, "a socket"),
        (&["convert", "vao/b.csv", mapping[0], mapping[1], "-o", "x.xlsx"], 3, "a pipe"),
        (&["consolidate", "vao", "/dev/zero", mapping[0], mapping[1], "-o", "y.xlsx"], 3, "a device"),
        (&["validate", "vao/a.csv", mapping[0], mapping[1], "--previous", "vao/b.csv"], 3, "a pipe"),
        (&["validate", "vao/a.csv", "-m", "vao/b.csv"], 2, "a pipe"),
        (&["validate", "vao/a.csv", "-m", "khai"], 2, "a pipe"),
        (&["validate", "ong", mapping[0], mapping[1]], 2, "a pipe"),
        (&["validate", "khai"], 2, "a pipe"),
        (&["mapping", "check", "khai"], 2, "a pipe"),
    ] {
        let mut command = Command::new(program::path());
        let ran = command.args(arguments).args(["--lang", "en"]).current_dir(here.path()).output().expect("bieu runs");
        assert_eq!(ran.status.code(), Some(exit), "{arguments:?}: {}", said(&ran));
        assert!(said(&ran).contains(what), "{arguments:?}: {}", said(&ran));
    }
    assert!(started.elapsed() < std::time::Duration::from_secs(30), "{:?}", started.elapsed());
}

#[cfg(unix)]
#[test]
fn links_out_of_the_inputs_are_not_followed_and_told() {
    use std::os::unix::fs::symlink;
    let here = folder();
    let at = |name: &str| here.path().join(name);
    fs::create_dir(at("vao")).expect("a folder");
    fs::create_dir(at("mat")).expect("a folder");
    fs::write(at("vao/a.csv"), table(30)).expect("a file");
    fs::write(at("mat/luong.csv"), table(31)).expect("a file");
    symlink("../mat/luong.csv", at("vao/b.csv")).expect("a link");
    symlink("../mat", at("vao/c")).expect("a link");
    for quiet in [&["vao"][..], &["vao", "--quiet"]] {
        let ran = command(here.path(), quiet).output().expect("bieu runs");
        let (exit, judged) = report(&ran);
        assert_eq!((exit, submissions(&judged).len()), (Some(0), 1), "{judged:#}");
        let told = said(&ran);
        assert!(told.contains("did not follow 2 links out of the inputs: vao/b.csv, vao/c;"), "{told}");
    }
    let (exit, judged) = validate(here.path(), &["vao", "vao/b.csv"]);
    assert_eq!((exit, submissions(&judged).len()), (Some(1), 2), "a link that is named is followed: {judged:#}");

    // Its lines would be shown as mistakes.
    symlink("../mat/luong.csv", at("vao/bieu.toml")).expect("a link");
    let ran = command(here.path(), &["vao"]).output().expect("bieu runs");
    assert_eq!(ran.status.code(), Some(2));
    assert!(said(&ran).contains("is a link out of the inputs") && !said(&ran).contains("Tổng đàn"), "{}", said(&ran));
}

/// The worker is killed while it reads, as the system does when memory runs out; and so is the one
/// that tries again.
#[cfg(target_os = "linux")]
#[test]
fn a_worker_that_is_killed_twice_costs_its_file() {
    let here = folder();
    let mut names: Vec<&str> = Vec::new();
    for (name, bytes) in good_files() {
        fs::write(here.path().join(name), &bytes).expect("a file");
        names.push(name);
    }
    // The first of all, so that whoever works is at it.
    hanging(&here.path().join("0-treo.csv"));
    let running = with_input(command(here.path(), &[&names[..], &["0-treo.csv", "--jobs", "1"]].concat()))
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("bieu runs");
    let mut killed: Vec<String> = Vec::new();
    while killed.len() < 2 {
        let mut workers = processes::workers(running.id());
        workers.retain(|worker| !killed.contains(worker));
        let Some(worker) = workers.pop() else {
            std::thread::sleep(std::time::Duration::from_millis(1));
            continue;
        };
        // Long enough to get to the file, which it does not get past.
        std::thread::sleep(std::time::Duration::from_millis(200));
        assert!(processes::kill(&worker));
        killed.push(worker);
    }
    let (exit, judged) = report(&running.wait_with_output().expect("bieu ends"));
    assert_eq!(exit, Some(3), "{judged:#}");
    let judged = submissions(&judged);
    let found = findings(judged["0-treo.csv"]);
    assert!(found.first().is_some_and(|f| f.0 == "internal-error" && f.1.contains("signal: 9")), "{found:?}");
    for name in names {
        assert_eq!(judged[name]["files"][0]["status"], "read", "{name}");
    }
}
