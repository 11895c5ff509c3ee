//! Long runs: stopped, killed, gone on with, parted among machines, on a disk that is full.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;

mod herd;
#[cfg(target_os = "linux")]
mod processes;
mod program;

use herd::{CATALOGUE, MAPPING};

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// Every third does not add up.
fn table(at: usize) -> String {
    let total = if at.is_multiple_of(3) { 31 } else { 30 };
    format!("Chỉ tiêu;Thực hiện\nTổng đàn;{total}\nĐàn trâu;10\nĐàn bò;20\n")
}

/// `vao/huyen-*/xa-*.csv`, each a submission, beside their mapping.
fn folder(files: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(&folder.path().join("dan.toml"), CATALOGUE);
    write(&folder.path().join("anh-xa.toml"), MAPPING);
    for at in 0..files {
        write(&folder.path().join(format!("vao/huyen-{}/xa-{at:04}.csv", at % 5)), &table(at));
    }
    folder
}

fn bieu(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program::path());
    command.args(arguments).current_dir(folder).env_remove("BIEU_LANG");
    command
}

fn validate(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = bieu(folder, &["validate", "vao", "-m", "anh-xa.toml", "--lang", "en", "--format", "json"]);
    command.args(arguments);
    command
}

fn output(command: &mut Command) -> Output {
    command.output().expect("bieu runs")
}

fn json(output: &Output) -> Value {
    let report = serde_json::from_slice(&output.stdout);
    assert!(report.is_ok(), "{}", err(output));
    report.unwrap_or_default()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn paths(report: &Value) -> Vec<&str> {
    report["submissions"].as_array().expect("submissions").iter().filter_map(|s| s["path"].as_str()).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The sum of the statuses is the number of submissions, and each is there once.
fn assert_complete(report: &Value, expected: usize) {
    let summary = &report["summary"];
    let count = |name: &str| summary[name].as_u64().expect("a count");
    let sum: u64 = ["clean", "with_findings", "unreadable", "unmapped"].map(count).iter().sum();
    assert_eq!((count("submissions"), sum), (expected as u64, expected as u64), "{summary}");
    let mut once = paths(report);
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), expected);
}

const FORMATS: [&str; 7] = ["json", "txt", "csv", "html", "sarif", "xml", "xlsx"];

/// The reports of one run in every format, by ending.
fn reports(folder: &Path, name: &str, arguments: &[&str]) -> BTreeMap<&'static str, Vec<u8>> {
    let files: Vec<String> = FORMATS.iter().map(|ending| format!("{name}.{ending}")).collect();
    let mut command = validate(folder, arguments);
    for file in &files {
        command.args(["--report", file]);
    }
    let ran = output(&mut command);
    assert!(ran.status.code().is_some_and(|code| code < 2), "{}", err(&ran));
    FORMATS.iter().zip(files).map(|(ending, file)| (*ending, fs::read(folder.join(file)).expect("a report"))).collect()
}

#[test]
fn the_number_of_jobs_changes_no_byte_of_any_report() {
    let here = folder(60);
    let one = reports(here.path(), "mot", &["--jobs", "1"]);
    let four = reports(here.path(), "bon", &["--jobs", "4"]);
    for ending in FORMATS {
        assert!(one[ending] == four[ending], "{ending}");
    }
    let report: Value = serde_json::from_slice(&one["json"]).expect("JSON");
    assert_complete(&report, 60);
    assert_eq!(report["summary"]["partial"], false);
    let paths = paths(&report);
    assert!(paths.is_sorted(), "{paths:?}");
}

#[test]
fn what_is_passed_over_is_counted_and_quiet_is_quiet() {
    let here = folder(3);
    for name in ["~$xa-0000.csv", ".~lock.xa-0000.csv#", ".an/xa.csv", "ghi-chu.txt"] {
        write(&here.path().join("vao").join(name), "x");
    }
    let ran = output(&mut validate(here.path(), &[]));
    assert_complete(&json(&ran), 3);
    assert!(err(&ran).contains("skipped 3 files (hidden"), "{}", err(&ran));
    assert!(err(&ran).contains("skipped 1 file (not spreadsheets)"), "{}", err(&ran));
    let quiet = output(&mut validate(here.path(), &["--quiet"]));
    assert_eq!((err(&quiet), quiet.stdout), (String::new(), ran.stdout));
}

#[cfg(unix)]
#[test]
fn what_cannot_be_opened_is_a_submission_too() {
    let here = folder(3);
    std::os::unix::fs::symlink("khong-co.csv", here.path().join("vao/xa-lien-ket.csv")).expect("a link");
    std::os::unix::fs::symlink("..", here.path().join("vao/huyen-0/vong")).expect("a loop");
    let ran = output(&mut validate(here.path(), &["khong-co"]));
    assert_eq!(ran.status.code(), Some(3));
    let report = json(&ran);
    assert_complete(&report, 5);
    assert_eq!(report["summary"]["unreadable"], 2);
    let last = &report["submissions"][4];
    assert_eq!((&last["path"], &last["status"]), (&"vao/xa-lien-ket.csv".into(), &"unreadable".into()));
    assert!(last["files"][0]["error"].is_string());
}

/// A file that is there while inputs are found, and hangs whoever reads it: a worker has another
/// standard input, from which nothing comes. Such a link is followed where it is named.
#[cfg(unix)]
fn hanging(at: &Path) {
    fs::create_dir_all(at.parent().expect("a folder")).expect("a folder");
    if !at.is_symlink() {
        std::os::unix::fs::symlink("/dev/stdin", at).expect("a link");
    }
}

#[cfg(unix)]
fn with_input(mut command: Command) -> Command {
    let file = fs::File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).expect("a file");
    command.stdin(file).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Gone between the walk and the reading: the first file keeps the only worker busy meanwhile.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_vanishes_during_the_run_is_told() {
    let here = folder(3);
    hanging(&here.path().join("vao/aa/cho.csv"));
    let child = with_input(validate(here.path(), &["vao/aa/cho.csv", "--jobs", "1", "--timeout", "2"])).spawn();
    let child = child.expect("bieu runs");
    // A worker is there when all inputs have been found, and then waits for the first file.
    while processes::workers(child.id()).is_empty() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    fs::remove_file(here.path().join("vao/huyen-1/xa-0001.csv")).expect("the file goes");
    let ran = child.wait_with_output().expect("bieu ends");
    assert_eq!(ran.status.code(), Some(3), "{}", err(&ran));
    let report = json(&ran);
    assert_complete(&report, 4);
    let all = report["submissions"].as_array().expect("submissions");
    let gone = all.iter().filter(|s| s["status"] == "unreadable").nth(1).expect("one beside that which hangs");
    assert_eq!(gone["path"], "vao/huyen-1/xa-0001.csv");
    let told = gone["files"][0]["error"].as_str().unwrap_or_default();
    assert!(told.contains("there is no such file or folder"), "{told}");
}

#[test]
fn shards_part_the_whole() {
    let here = folder(80);
    let whole = json(&output(&mut validate(here.path(), &[])));
    let mut together: Vec<String> = Vec::new();
    for shard in ["1/4", "2/4", "3/4", "4/4"] {
        let part = json(&output(&mut validate(here.path(), &["--shard", shard])));
        let paths: Vec<String> = paths(&part).into_iter().map(str::to_owned).collect();
        assert!((10..=30).contains(&paths.len()), "{shard} has {}", paths.len());
        together.extend(paths);
    }
    together.sort();
    assert_eq!(together, paths(&whole), "each is in exactly one");

    // A path is seen from its input, wherever that lies.
    let elsewhere = tempfile::tempdir().expect("a folder");
    let input = fs::canonicalize(here.path().join("vao")).expect("a path");
    let arguments = ["-m", "anh-xa.toml", "--format", "json", "--shard", "2/4"];
    for name in ["dan.toml", "anh-xa.toml"] {
        fs::copy(here.path().join(name), elsewhere.path().join(name)).expect("a copy");
    }
    let from_afar = output(bieu(elsewhere.path(), &["validate"]).arg(&input).args(arguments));
    let near = json(&output(&mut validate(here.path(), &["--shard", "2/4"])));
    let (from_afar, near) = (json(&from_afar)["summary"].clone(), near["summary"].clone());
    assert_eq!(from_afar, near);
    assert_eq!(output(&mut validate(here.path(), &["--shard", "5/4"])).status.code(), Some(2));
}

#[test]
fn an_input_that_is_not_there_costs_one_shard_only() {
    let here = folder(8);
    let codes: Vec<_> = ["1/4", "2/4", "3/4", "4/4"]
        .map(|shard| output(&mut validate(here.path(), &["khong-co", "--fail-on", "never", "--shard", shard])))
        .map(|ran| ran.status.code())
        .into();
    let count = |code: i32| codes.iter().filter(|found| **found == Some(code)).count();
    assert_eq!((count(0), count(3)), (3, 1), "{codes:?}");
}

#[test]
fn shards_of_convert_write_into_one_folder() {
    let here = folder(12);
    // The same name in two folders.
    write(&here.path().join("vao/huyen-9/xa-0000.csv"), &table(1));
    let convert = |out: &str, shard: &[&str]| {
        fs::create_dir_all(here.path().join(out)).expect("a folder");
        let ran = output(bieu(here.path(), &["convert", "vao", "-m", "anh-xa.toml", "-o", out]).args(shard));
        assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    };
    convert("ca", &[]);
    for shard in ["1/3", "2/3", "3/3"] {
        convert("phan", &["--shard", shard]);
    }
    assert_eq!(names(&here.path().join("ca")), names(&here.path().join("phan")));
    for name in names(&here.path().join("ca")) {
        let read = |folder: &str| fs::read(here.path().join(folder).join(&name)).expect("a workbook");
        assert!(read("ca") == read("phan"), "{name}");
    }
}

#[test]
fn the_table_of_validate_is_that_of_convert() {
    let here = folder(9);
    fs::create_dir(here.path().join("ra")).expect("a folder");
    let converted =
        output(&mut bieu(here.path(), &["convert", "vao", "-m", "anh-xa.toml", "-o", "ra", "--table", "a.csv"]));
    assert_eq!(converted.status.code(), Some(0), "{}", err(&converted));
    output(&mut validate(here.path(), &["--table", "b.csv", "--jobs", "3"]));
    let read = |name: &str| fs::read_to_string(here.path().join(name)).expect("a table");
    assert_eq!(read("a.csv"), read("b.csv"));
    assert_eq!(read("b.csv").lines().count(), 1 + 9 * 3);
    let clash = output(&mut validate(here.path(), &["--table", "c.csv", "--report", "c.csv"]));
    assert_eq!(clash.status.code(), Some(2));
}

/// How many results the state of a run holds.
fn kept(folder: &Path) -> usize {
    fs::read_to_string(folder.join("trang-thai")).map_or(0, |text| text.lines().count().saturating_sub(1))
}

#[test]
fn what_was_judged_is_not_judged_again() {
    let here = folder(30);
    let arguments = ["--table", "bang.csv", "--force"];
    let whole = output(&mut validate(here.path(), &arguments));
    let table = || fs::read(here.path().join("bang.csv")).expect("a table");
    let expected = table();
    let resumed = || {
        let ran = output(validate(here.path(), &arguments).args(["--resume", "trang-thai"]));
        assert_eq!(ran.stdout, whole.stdout, "{}", err(&ran));
        assert!(table() == expected, "the rows of what is not judged again are there");
        (kept(here.path()), err(&ran))
    };
    assert_eq!(resumed().0, 30);
    let (lines, said) = resumed();
    assert!(lines == 30 && said.contains("holds 30 results"), "nothing is judged again: {lines}, {said}");

    // Other bytes of one file, then the same mapping in other words.
    let changed = here.path().join("vao/huyen-1/xa-0001.csv");
    write(&changed, &(table_text(&changed) + "Ngựa;\n"));
    output(validate(here.path(), &arguments).args(["--resume", "trang-thai"]));
    assert_eq!(kept(here.path()), 31);
    write(&changed, &crate::table(1));
    write(&here.path().join("anh-xa.toml"), &format!("{MAPPING}\n# khác\n"));
    assert_eq!(resumed().0, 61);

    // What may be read depends on the memory.
    let ran = output(validate(here.path(), &arguments).args(["--resume", "trang-thai", "--max-memory", "512"]));
    assert_eq!((ran.stdout, kept(here.path())), (whole.stdout.clone(), 91));

    // A file that is damaged in the middle and at the end is of use still.
    let mut text = fs::read(here.path().join("trang-thai")).expect("a state");
    let middle = text.len() / 2;
    text[middle] = b'\0';
    text.truncate(text.len() - 10);
    fs::write(here.path().join("trang-thai"), text).expect("a state");
    let (_, said) = resumed();
    assert!(said.contains("left out 2 damaged lines"), "{said}");

    // What is no state is never written to.
    fs::write(here.path().join("anh.txt"), "not a state\n").expect("a file");
    let ran = output(&mut validate(here.path(), &["--resume", "anh.txt"]));
    assert_eq!(ran.status.code(), Some(2));
    assert!(err(&ran).contains("anh.txt is no state file"), "{}", err(&ran));
    assert_eq!(fs::read(here.path().join("anh.txt")).expect("a file"), b"not a state\n");
}

fn table_text(path: &Path) -> String {
    fs::read_to_string(path).expect("a table")
}

/// A run whose last file never comes, with the state it leaves while it goes on.
#[cfg(unix)]
fn endless(folder: &Path, arguments: &[&str], done: usize) -> Child {
    hanging(&folder.join("vao/zz/cuoi.csv"));
    let mut command = validate(folder, arguments);
    command.args(["vao/zz/cuoi.csv", "--resume", "trang-thai", "--timeout", "600", "--jobs", "2"]);
    let child = with_input(command).spawn().expect("bieu runs");
    for _ in 0..600 {
        if kept(folder) >= done {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(kept(folder) >= done, "bieu judges {done} files: {}", kept(folder));
    child
}

#[cfg(unix)]
fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()), "a signal is sent");
}

/// Without the link, what is left to do can be done.
#[cfg(unix)]
fn unblock(folder: &Path) {
    fs::remove_dir_all(folder.join("vao/zz")).expect("the link is removed");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_with_what_is_done_and_the_run_goes_on_later() {
    let here = folder(40);
    let whole = reports(here.path(), "ca", &[]);
    let files: Vec<String> = FORMATS.iter().map(|ending| format!("phan.{ending}")).collect();
    let mut arguments = vec!["--table", "bang.csv"];
    for file in &files {
        arguments.extend(["--report", file]);
    }
    let child = endless(here.path(), &arguments, 40);
    let started = std::time::Instant::now();
    signal(&child, "-INT");
    let ran = child.wait_with_output().expect("bieu ends");
    assert!(started.elapsed() < std::time::Duration::from_secs(20), "{:?}", started.elapsed());
    assert_eq!(ran.status.code(), Some(130), "{}", err(&ran));
    assert!(err(&ran).contains("stopping") && err(&ran).contains("bang.csv was not written"), "{}", err(&ran));
    let report = json(&ran);
    assert_complete(&report, 40);
    assert_eq!((&report["summary"]["partial"], &report["summary"]["not_judged"]), (&true.into(), &1.into()));
    for (ending, file) in FORMATS.iter().zip(&files) {
        let bytes = fs::read(here.path().join(file)).expect("a report");
        let says = |text: &str| String::from_utf8_lossy(&bytes).contains(text);
        match *ending {
            "json" => assert!(says("\"partial\": true")),
            // Packed; what it says is tested with the other formats of reports.
            "xlsx" => assert!(bytes != whole["xlsx"]),
            _ => assert!(says("Partial report: the run was stopped, 1 submission not judged."), "{ending}"),
        }
    }
    assert!(!here.path().join("bang.csv").exists());
    assert!(names(here.path()).iter().all(|name| !name.starts_with(".bieu-")), "{:?}", names(here.path()));

    unblock(here.path());
    let again = reports(here.path(), "tiep", &["--resume", "trang-thai", "--table", "bang.csv"]);
    for ending in FORMATS {
        assert!(again[ending] == whole[ending], "{ending}");
    }
    assert_eq!(kept(here.path()), 40, "nothing was judged twice");
}

#[cfg(unix)]
#[test]
fn a_run_that_is_killed_goes_on_later() {
    let here = folder(40);
    let whole = output(&mut validate(here.path(), &[]));
    let mut child = endless(here.path(), &[], 10);
    child.kill().expect("bieu is killed");
    child.wait().expect("bieu ends");
    unblock(here.path());
    let before = kept(here.path());
    let ran = output(&mut validate(here.path(), &["--resume", "trang-thai"]));
    assert_eq!(ran.stdout, whole.stdout, "{}", err(&ran));
    assert!((10..=40).contains(&before));
    assert!(kept(here.path()) >= 40, "{}", kept(here.path()));
}

#[cfg(unix)]
#[test]
fn the_second_ctrl_c_ends_at_once() {
    let here = folder(5);
    // A report that nobody reads: the first Ctrl-C gets as far as writing it.
    let report = here.path().join("bao-cao.json");
    assert!(Command::new("mkfifo").arg(&report).status().is_ok_and(|status| status.success()), "a pipe");
    let child = endless(here.path(), &["--report", "bao-cao.json"], 5);
    signal(&child, "-INT");
    std::thread::sleep(std::time::Duration::from_millis(500));
    signal(&child, "-INT");
    let ran = child.wait_with_output().expect("bieu ends");
    assert_eq!(ran.status.code(), Some(130), "{}", err(&ran));
    assert!(names(here.path()).iter().all(|name| !name.starts_with(".bieu-")));
}

#[cfg(unix)]
#[test]
fn two_runs_may_share_a_folder_but_not_a_state() {
    let here = folder(20);
    let alone = output(&mut validate(here.path(), &[]));
    let spawn = |report: &str| {
        let mut command = validate(here.path(), &["--report", report, "--force"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("bieu runs")
    };
    for child in [spawn("a.json"), spawn("b.json"), spawn("a.json")] {
        let ran = child.wait_with_output().expect("bieu ends");
        assert_eq!(ran.stdout, alone.stdout, "{}", err(&ran));
    }
    for name in ["a.json", "b.json"] {
        assert!(fs::read(here.path().join(name)).expect("a report") == alone.stdout, "{name}");
    }
    let mut first = endless(here.path(), &[], 20);
    let second = output(&mut validate(here.path(), &["--resume", "trang-thai"]));
    assert_eq!(second.status.code(), Some(2));
    assert!(err(&second).contains("in use by another run"), "{}", err(&second));
    first.kill().expect("bieu is killed");
    first.wait().expect("bieu ends");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_leaves_no_half_file() {
    let here = folder(30);
    std::os::unix::fs::symlink("/dev/full", here.path().join("day.json")).expect("a link");
    let ran = output(&mut validate(here.path(), &["--report", "day.json"]));
    assert_eq!(ran.status.code(), Some(2));
    assert!(err(&ran).contains("cannot write day.json: the disk is full\n"), "{}", err(&ran));
    assert!(fs::symlink_metadata(here.path().join("day.json")).is_ok_and(|meta| meta.is_symlink()), "left as it was");

    // The same for standard output.
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("a device");
    let ran = output(validate(here.path(), &[]).stdout(full));
    assert_eq!(ran.status.code(), Some(2));
    assert!(err(&ran).contains("cannot write to standard output"), "{}", err(&ran));

    // No file may grow beyond 8 KiB: neither the report nor what is kept meanwhile.
    for (most, told) in [("16", "cannot write bao-cao.html"), ("1", "cannot keep results")] {
        let command = format!("trap '' XFSZ; ulimit -f {most}; exec \"$0\" \"$@\"");
        let ran = Command::new("sh")
            .args(["-c", &command])
            .arg(program::path())
            .args(["validate", "vao/huyen-0", "-m", "anh-xa.toml"])
            .args(["--lang", "en", "--report", "bao-cao.html"])
            .current_dir(here.path())
            .output()
            .expect("bieu runs");
        assert_eq!(ran.status.code(), Some(2), "{}", err(&ran));
        assert!(err(&ran).contains(told), "{}", err(&ran));
    }
    let ran = output(validate(here.path(), &[]).env("TMPDIR", here.path().join("khong-co")));
    assert_eq!(ran.status.code(), Some(2));
    assert!(err(&ran).contains("cannot keep results") && err(&ran).contains("khong-co"), "{}", err(&ran));
    assert_eq!(names(here.path()), ["anh-xa.toml", "dan.toml", "day.json", "vao"], "no half file is left");
}

/// Names as other systems give them: no Unicode, and what would steer a terminal.
#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_unicode_are_opened_and_told_apart() {
    use std::os::unix::ffi::OsStrExt;
    let here = folder(1);
    for (name, at) in [(&b"m\xF4t.csv"[..], 0), (b"m\xF5t.csv", 1), (b"th\xFF/xa.csv", 1)] {
        write(&here.path().join("vao").join(std::ffi::OsStr::from_bytes(name)), &table(at));
    }
    for jobs in ["1", "3"] {
        let ran = output(&mut validate(here.path(), &["--jobs", jobs, "--resume", "trang-thai"]));
        let report = json(&ran);
        assert_complete(&report, 4);
        assert_eq!((ran.status.code(), &report["summary"]["clean"]), (Some(1), &2.into()), "{report:#}");
        let paths = paths(&report);
        for path in ["vao/m\\xF4t.csv", "vao/m\\xF5t.csv", "vao/th\\xFF/xa.csv"] {
            assert!(paths.contains(&path), "{paths:?}");
        }
    }
    assert_eq!(kept(here.path()), 4);
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_on_standard_error_or_in_the_text_steers_the_terminal() {
    let here = folder(0);
    let name = "xa\u{1b}[31m-\u{9b}2J\u{7}\u{202e}.csv";
    write(&here.path().join("vao").join(name), &table(0));
    write(&here.path().join("vao").join(format!("hong{name}.xlsx")), "\0\u{1}");
    let steers = |text: &str| text.chars().find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
    for arguments in [
        vec!["validate", "vao", "-m", "anh-xa.toml"],
        vec!["validate", "vao", name, "-m", "anh-xa.toml"],
        vec!["validate", name],
        vec!["validate", "vao", "-m", name],
        vec!["validate", "vao", "-m", "anh-xa.toml", "--report", name],
        vec!["validate", "vao", "-m", "anh-xa.toml", "--resume", "vao", "--report", "\u{1b}[1m.csv/a.csv"],
        vec!["inspect", "vao"],
        vec!["mapping", "check", name],
        vec!["explain", name],
    ] {
        let ran = output(&mut bieu(here.path(), &arguments));
        let said = err(&ran) + &String::from_utf8_lossy(&ran.stdout);
        assert_eq!(steers(&said), None, "{arguments:?}: {said:?}");
    }
}

#[test]
fn what_a_run_writes_is_no_input_and_an_input_is_never_written() {
    let here = folder(2);
    let arguments = ["--report", "vao/bao-cao.html", "--report", "vao/huyen-0/bao-cao.xml", "--report", "vao/r.json"];
    let first = output(validate(here.path(), &arguments).arg("--force"));
    let again = output(validate(here.path(), &arguments).arg("--force"));
    assert_complete(&json(&again), 2);
    assert_eq!(first.stdout, again.stdout);
    assert!(err(&again).contains("skipped 2 files that this run writes"), "{}", err(&again));

    let source = here.path().join("vao/huyen-0/xa-0000.csv");
    let before = fs::read(&source).expect("a source");
    for arguments in [
        ["validate", "vao/huyen-0/xa-0000.csv", "--report", "vao/huyen-0/../huyen-0/xa-0000.csv"],
        ["convert", "vao/huyen-0/xa-0000.csv", "-o", "vao/huyen-0/xa-0000.csv"],
        ["consolidate", "vao/huyen-0/xa-0000.csv", "-o", "vao/huyen-0/xa-0000.csv"],
    ] {
        let ran = output(bieu(here.path(), &arguments).args(["-m", "anh-xa.toml", "--force", "--lang", "en"]));
        assert_eq!(ran.status.code(), Some(2), "{arguments:?}");
        assert!(err(&ran).contains("is an input and is not replaced"), "{}", err(&ran));
        assert_eq!(fs::read(&source).expect("a source"), before);
    }

    // One file under two names, of which the second run would destroy the first.
    for (one, other) in [("--report", "--report"), ("--report", "--table"), ("--resume", "--table")] {
        let ran = output(&mut validate(here.path(), &[one, "hai.csv", other, "./hai.csv", "--force"]));
        assert_eq!(ran.status.code(), Some(2), "{one} {other}");
        assert!(err(&ran).contains("is named twice"), "{}", err(&ran));
    }
}

/// "1 files" is no English.
#[test]
fn one_of_a_thing_is_singular() {
    let here = folder(1);
    write(&here.path().join("vao/ghi-chu.txt"), "x");
    write(&here.path().join("vao/.an.csv"), "x");
    for (inputs, format) in [(["vao", "vao"], "text"), (["vao", "khong-co.csv"], "text"), (["vao", "vao"], "html")] {
        let ran = output(
            bieu(here.path(), &["validate", "-m", "anh-xa.toml", "--lang", "en", "--shard", "1/1", "--format", format])
                .args(inputs),
        );
        let said = String::from_utf8_lossy(&ran.stdout).into_owned() + &err(&ran);
        let words: Vec<&str> = said.split([' ', '\n', '<', '>']).filter(|word| !word.is_empty()).collect();
        for pair in words.windows(2).filter(|pair| pair[0] == "1") {
            let noun = pair[1].trim_end_matches([',', ';', '.', ':', ')']);
            assert!(!noun.ends_with('s'), "\"1 {noun}\" in\n{said}");
        }
    }
}

#[test]
fn a_part_without_submissions_says_so() {
    let here = folder(1);
    let parts: Vec<String> = ["1/2", "2/2"]
        .map(|shard| {
            let ran = output(
                bieu(here.path(), &["validate", "vao", "-m", "anh-xa.toml", "--lang", "en"]).args(["--shard", shard]),
            );
            String::from_utf8_lossy(&ran.stdout).into_owned()
        })
        .into();
    assert!(parts.iter().any(|text| text.starts_with("0 submissions;")), "{parts:?}");
}

/// Kills a worker now and then, as a system without memory does. `BIEU_KILLS=150` takes so many
/// files.
#[cfg(target_os = "linux")]
#[test]
fn workers_that_are_killed_at_random_lose_no_file() {
    let files = std::env::var("BIEU_KILLS").ok().and_then(|count| count.parse().ok()).unwrap_or(2_000);
    let here = folder(files);
    let whole = output(&mut validate(here.path(), &[]));
    let mut child = validate(here.path(), &["--jobs", "3", "--report", "bao-cao.json"])
        .stdout(Stdio::null())
        .spawn()
        .expect("bieu runs");
    let (mut state, mut kills) = (0x9E37_79B9_7F4A_7C15_u64, 0);
    while child.try_wait().expect("bieu runs").is_none() {
        let workers = processes::workers(child.id());
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let drawn = usize::try_from(state >> 33).unwrap_or(0);
        if let Some(worker) = workers.get(drawn % workers.len().max(1)) {
            // It may be gone already.
            kills += usize::from(processes::kill(worker));
        }
        // The first one soon: a small run is over in the blink of an eye.
        std::thread::sleep(std::time::Duration::from_millis(if kills == 0 { 1 } else { 5 + state % 20 }));
    }
    let report = fs::read(here.path().join("bao-cao.json")).expect("a report");
    let report: Value = serde_json::from_slice(&report).expect("JSON");
    assert_complete(&report, files);
    assert!(kills > 0, "a worker was killed");
    // One that is killed twice on the same file costs it; all else is as it was.
    let (judged, expected) = (&report["submissions"], &json(&whole)["submissions"]);
    let lists = (judged.as_array().expect("a list"), expected.as_array().expect("a list"));
    for (judged, expected) in lists.0.iter().zip(lists.1) {
        if judged != expected {
            assert_eq!(judged["status"], "unreadable", "{judged:#}");
            assert!(judged["files"][0]["error"].as_str().is_some_and(|error| error.contains("signal")), "{judged:#}");
        }
    }
}
