//! The command as a person calls it: exit codes, messages, and files written whole or not at all.

mod program;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use program::bieu;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_missing_input_is_exit_3() {
    let here = folder();
    for command in [["validate", "khong-co"], ["convert", "khong-co"]] {
        let ran = bieu(&command, here.path());
        assert_eq!(ran.exit, 3, "{}", ran.err);
        let told = "không mở được khong-co: không có tệp hoặc thư mục này";
        assert!(ran.err.contains(told) && ran.out.is_empty(), "{}", ran.err);
    }
    assert!(names(here.path()).is_empty(), "nothing is written");
}

#[test]
fn an_empty_folder_is_exit_3_and_says_what_is_looked_for() {
    let here = folder();
    fs::write(here.path().join("ghi-chu.docx"), "").expect("a file");
    let ran = bieu(&["validate", "."], here.path());
    assert_eq!(ran.exit, 3);
    assert!(ran.err.contains(".xlsx") && ran.err.contains(".csv"), "{}", ran.err);
}

#[test]
fn a_bad_file_is_named_and_the_others_are_judged() {
    let here = folder();
    for entry in fs::read_dir(sample("luc-binh-2023")).expect("samples") {
        let path = entry.expect("a sample").path();
        fs::copy(&path, here.path().join(path.file_name().expect("a name"))).expect("a copy");
    }
    // Cut short, not a workbook at all, and encrypted (a compound file with an EncryptedPackage).
    let whole = fs::read(here.path().join("trong-trot-2023.xlsx")).expect("the sample");
    fs::write(here.path().join("trong-trot-2023.xlsx"), &whole[..whole.len() / 2]).expect("a cut file");
    fs::write(here.path().join("giao-duc.xlsx"), [0, 1, 2, 3, 0, 0, 255, 254]).expect("no workbook");
    let ran = bieu(&["validate", "."], here.path());
    assert_eq!(ran.exit, 3, "{}{}", ran.out, ran.err);
    for file in ["trong-trot-2023.xlsx", "giao-duc.xlsx"] {
        assert!(ran.out.contains(file), "{file} is named:\n{}", ran.out);
    }
    assert_eq!(ran.out.matches("[unreadable-file]").count(), 2, "{}", ran.out);
    assert!(ran.out.contains("conflicting-sources"), "the budget file is judged all the same:\n{}", ran.out);
}

#[test]
fn an_existing_output_is_kept() {
    let here = folder();
    fs::write(here.path().join("bieu.xlsx"), "cũ").expect("a file");
    let source = sample("luc-binh-2023-da-sua");
    let source = source.to_string_lossy();
    let ran = bieu(&["convert", &source, "-o", "bieu.xlsx"], here.path());
    assert_eq!(ran.exit, 2);
    assert!(ran.err.contains("--force"), "{}", ran.err);
    assert_eq!(fs::read_to_string(here.path().join("bieu.xlsx")).ok().as_deref(), Some("cũ"));
    let ran = bieu(&["convert", &source, "-o", "bieu.xlsx", "--force"], here.path());
    assert_eq!(ran.exit, 0, "{}", ran.err);
    assert!(fs::read(here.path().join("bieu.xlsx")).is_ok_and(|bytes| bytes.starts_with(b"PK")));
    assert_eq!(names(here.path()), ["bieu.xlsx"]);
}

#[test]
fn an_output_that_cannot_be_written_is_exit_2_and_leaves_nothing() {
    let here = folder();
    let source = sample("luc-binh-2023-da-sua");
    let source = source.to_string_lossy();
    let ran = bieu(&["convert", &source, "-o", "khong-co/bieu.xlsx"], here.path());
    assert_eq!(ran.exit, 2);
    assert!(ran.err.contains("khong-co"), "{}", ran.err);
    let ran = bieu(&["convert", &source, "-o", "b.xlsx", "--table", "khong-co/b.csv"], here.path());
    assert_eq!(ran.exit, 2, "{}", ran.err);
    let ran = bieu(&["validate", &source, "--report", "bao-cao.doc"], here.path());
    assert_eq!(ran.exit, 2, "{}", ran.err);
    assert!(names(here.path()).is_empty());
}

#[test]
fn every_mistake_in_the_toml_is_shown_before_any_workbook_is_opened() {
    let here = folder();
    let catalogue =
        "[catalogue]\nid = \"c\"\nperiod = \"năm 2023\"\n[[indicator]]\nid = \"a\"\nunti = \"ha\"\nparts = [\"b\"]\n";
    let mapping = "[mapping]\nid = \"m\"\ncatalogue = \"c.toml\"\n";
    fs::write(here.path().join("c.toml"), catalogue).expect("a file");
    fs::write(here.path().join("m.toml"), mapping).expect("a file");
    fs::write(here.path().join("a.csv"), "x").expect("a file");
    let ran = bieu(&["validate", ".", "-m", "m.toml"], here.path());
    assert_eq!(ran.exit, 2);
    for place in ["c.toml:3:10", "c.toml:6:1", "c.toml:7:10"] {
        assert!(ran.err.contains(place), "{place} in\n{}", ran.err);
    }
    assert!(ran.err.contains("`unit`") && ran.err.contains("^^^^"), "{}", ran.err);
    assert!(ran.out.is_empty());
    let checked = bieu(&["mapping", "check", "c.toml"], here.path());
    assert_eq!(checked.exit, 2);
    let english = bieu(&["--lang", "en", "mapping", "check", "c.toml"], here.path());
    assert!(english.err.contains("did you mean `unit`?"), "{}", english.err);
}

#[test]
fn no_fitting_mapping_lists_the_candidates() {
    let here = folder();
    fs::write(here.path().join("bieu.xlsx"), "").expect("a file");
    fs::copy(sample("luc-binh-2023").join("lam-nghiep.ods"), here.path().join("la.ods")).expect("a copy");
    let ran = bieu(&["validate", "la.ods"], here.path());
    assert_eq!(ran.exit, 2, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("-m"), "{}", ran.err);
    let ran = bieu(&["validate", "la.ods", "-m", "khong-co"], here.path());
    assert_eq!(ran.exit, 2);
    assert!(ran.err.contains("luc-binh-2023"), "bundled mappings are listed: {}", ran.err);
}

#[test]
fn fail_on_sets_the_exit_code_of_convert() {
    let here = folder();
    let source = sample("luc-binh-2023");
    let source = source.to_string_lossy();
    for (level, exit) in [("never", 0), ("error", 1)] {
        let out = format!("{level}.xlsx");
        let ran = bieu(&["convert", &source, "-o", &out, "--fail-on", level], here.path());
        assert_eq!(ran.exit, exit, "{}", ran.err);
        assert!(here.path().join(out).is_file(), "the workbook is written all the same");
    }
}

#[test]
fn every_code_is_explained_in_both_languages() {
    let here = folder();
    let list = bieu(&["explain"], here.path());
    assert_eq!(list.exit, 0);
    for code in bieu::internals::line::codes::all() {
        assert!(list.out.contains(code.name), "{} is listed", code.name);
        let vi = bieu(&["explain", code.name], here.path());
        let en = bieu(&["explain", code.name, "--lang", "en"], here.path());
        assert_eq!((vi.exit, en.exit), (0, 0));
        assert!(vi.out.contains("Cách sửa:") && en.out.contains("How to fix it:"), "{}", code.name);
    }
    let wrong = bieu(&["explain", "ratio-mismatc"], here.path());
    assert_eq!(wrong.exit, 2);
    assert!(wrong.err.contains("ratio-mismatch"));
}

#[test]
fn text_reports_keep_to_80_columns() {
    let ran = bieu(&["validate", "samples/luc-binh-2023"], Path::new(env!("CARGO_MANIFEST_DIR")));
    let long: Vec<_> = ran.out.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn inspect_shows_every_filled_cell() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let party = "samples/luc-binh-2023/xay-dung-dang.xlsx";
    let csv = bieu(&["inspect", party, "--format", "csv"], here);
    assert_eq!(csv.exit, 0, "{}", csv.err);
    let mut lines = csv.out.lines();
    assert_eq!(lines.next(), Some("file,sheet,cell,kind,raw,text,number,hidden"));
    let lines: Vec<_> = lines.collect();
    for line in ["Đảng viên,E9,date,45081,2023-06-04,45081,false", "Đảng viên,E13,text,>90,>90,,false"] {
        assert!(lines.iter().any(|l| *l == format!("{party},{line}")), "{line} in\n{}", csv.out);
    }
    let json = bieu(&["inspect", party, "--format", "json"], here);
    let cells: serde_json::Value = serde_json::from_str(&json.out).expect("one JSON document");
    assert_eq!(cells.as_array().map(Vec::len), Some(lines.len()));
    let old = bieu(&["inspect", "samples/luc-binh-2023/chan-nuoi-thuy-san.xls", "--format", "csv"], here);
    assert!(old.out.contains("§µn tr©u,Đàn trâu"), "stored and decoded text:\n{}", old.out);
    let broken = folder();
    fs::write(broken.path().join("a.xlsx"), b"PK\x03\x04 not a workbook").expect("a file");
    fs::write(broken.path().join("b.csv"), "a;1,5").expect("a file");
    // A cell beyond the last column: a finding about it has to come back from the worker all the same.
    let outside = "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" \
        xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet ss:Name=\"S\"><Table><Row>\
        <Cell><Data ss:Type=\"Number\">7</Data></Cell><Cell ss:Index=\"20000\"><Data ss:Type=\"Number\">8</Data></Cell>\
        </Row></Table></Worksheet></Workbook>";
    fs::write(broken.path().join("c.xml"), outside).expect("a file");
    let ran = bieu(&["inspect", ".", "--format", "csv"], broken.path());
    assert!(
        ran.out.contains("c.xml,S,A1,number,7,7,7,false"),
        "the rest of the sheet is shown:\n{}{}",
        ran.out,
        ran.err
    );
    assert_eq!(ran.exit, 3);
    assert!(ran.out.contains("CSV,B1,text,\"1,5\",\"1,5\",1.5,false"), "the other file is shown:\n{}", ran.out);
}

#[test]
fn the_period_before_is_found_by_name_and_its_trouble_is_told() {
    let here = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = here.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    write(
        "dm.toml",
        "[catalogue]\nid = \"dm\"\nperiod = \"2023\"\n[[indicator]]\nid = \"trau\"\nlabel = \"Trâu\"\nunit = \"con\"\n",
    );
    write(
        "ax.toml",
        "[mapping]\nid = \"ax\"\ncatalogue = \"dm.toml\"\n[[source]]\nfile = \"*.csv\"\nlabel = \"Chỉ tiêu\"\n\
         columns = { \"Thực hiện\" = \"actual\" }\nrows = { \"Trâu\" = \"trau\" }\n",
    );
    for (name, value) in [
        ("nay/xa-1-2023.csv", "9000"),
        ("nay/xa-2-2023.csv", "905"),
        ("nay/xa-3-2023.csv", "905"),
        ("truoc/xa-1-2022.csv", "900"),
        ("truoc/xa-2-2022.csv", "900"),
    ] {
        write(name, &format!("Chỉ tiêu;Thực hiện\nTrâu;{value}\n"));
    }
    write("truoc/xa-3-2022.csv", "");
    let run = |previous: &str| {
        let arguments =
            ["validate", "nay", "-m", "ax.toml", "--previous", previous, "--format", "json", "--lang", "en"];
        Command::new(program::path())
            .args(arguments)
            .current_dir(here.path())
            .env_remove("BIEU_LANG")
            .output()
            .expect("bieu runs")
    };
    let output = run("truoc");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a report");
    let codes: Vec<Vec<&str>> = report["submissions"]
        .as_array()
        .expect("submissions")
        .iter()
        .map(|s| s["findings"].as_array().expect("findings").iter().filter_map(|f| f["code"].as_str()).collect())
        .collect();
    assert_eq!(codes, [vec!["power-of-ten"], vec![], vec!["unreadable-file"]], "{report:#}");
    assert_eq!(run("khong-co").status.code(), Some(3), "a period before that is not there");
}

/// A folder of one-file submissions, some clean and one that cannot be read.
fn several() -> tempfile::TempDir {
    let here = folder();
    for (at, sample_of) in ["luc-binh-2023-da-nop", "luc-binh-2023-da-nop", "luc-binh-2023-da-nop"].iter().enumerate() {
        let to = here.path().join(format!("xa-{at}"));
        fs::create_dir(&to).expect("a folder");
        fs::copy(sample(sample_of).join("bieu-ket-qua-2023.xlsx"), to.join("bieu-ket-qua-2023.xlsx")).expect("a copy");
    }
    fs::create_dir(here.path().join("xa-3")).expect("a folder");
    fs::write(here.path().join("xa-3/bieu-ket-qua-2023.xlsx"), b"PK\x03\x04 no").expect("a file");
    here
}

#[test]
fn the_ending_of_a_report_is_its_format() {
    let here = several();
    let out = folder();
    let path = |name: &str| out.path().join(name).to_string_lossy().into_owned();
    let endings = ["html", "xlsx", "csv", "json", "sarif", "xml", "txt"];
    let files: Vec<String> = endings.iter().map(|ending| path(&format!("r.{ending}"))).collect();
    let mut arguments = vec!["validate", "."];
    for file in &files {
        arguments.extend(["--report", file]);
    }
    let ran = bieu(&arguments, here.path());
    assert_eq!(ran.exit, 3, "{}", ran.err);
    for (ending, start) in endings.iter().zip(["<!DOCTYPE html>", "PK", "\u{feff}submission,", "{", "{", "<?xml", ""]) {
        let bytes = fs::read(out.path().join(format!("r.{ending}"))).expect("the report");
        assert!(bytes.starts_with(start.as_bytes()), "{ending}");
    }
    assert_eq!(fs::read_to_string(path("r.txt")).expect("text"), ran.out, "--format text prints the same");
    for (format, ending) in [("json", "json"), ("csv", "csv"), ("html", "html"), ("sarif", "sarif"), ("junit", "xml")] {
        let printed = bieu(&["validate", ".", "--format", format], here.path());
        assert_eq!(fs::read_to_string(path(&format!("r.{ending}"))).expect("UTF-8"), printed.out, "{format}");
    }
    let twice = bieu(&["validate", ".", "--report", "a.csv", "--report", "a.csv"], here.path());
    assert_eq!(twice.exit, 2, "{}", twice.err);
    assert_eq!(names(here.path()), ["xa-0", "xa-1", "xa-2", "xa-3"], "nothing else is left");
}

#[test]
fn reports_are_the_same_whatever_the_number_of_jobs() {
    let here = several();
    for format in ["json", "text", "csv", "html", "sarif", "junit"] {
        let one = bieu(&["validate", ".", "--format", format, "--jobs", "1"], here.path());
        let four = bieu(&["validate", ".", "--format", format, "--jobs", "4"], here.path());
        assert_eq!((one.exit, one.out), (four.exit, four.out), "{format}");
    }
}

#[test]
fn convert_writes_the_same_reports() {
    let source = sample("luc-binh-2023");
    let source = source.to_string_lossy();
    let here = folder();
    let ran = bieu(&["convert", &source, "-o", "b.xlsx", "--report", "r.html", "--report", "r.csv"], here.path());
    assert_eq!(ran.exit, 0, "{}", ran.err);
    let validated = bieu(&["validate", &source, "--format", "csv"], here.path());
    assert_eq!(fs::read_to_string(here.path().join("r.csv")).expect("UTF-8"), validated.out);
    let clash = bieu(&["convert", &source, "-o", "c.xlsx", "--report", "c.xlsx"], here.path());
    assert_eq!(clash.exit, 2, "{}", clash.err);
    assert_eq!(names(here.path()), ["b.xlsx", "r.csv", "r.html"]);
}

#[test]
fn convert_reads_twice_and_says_where_the_two_differ() {
    let here = folder();
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/readers-disagree/fires-mot-o-ghi-hai-lan");
    for (name, from) in [
        ("mapping.toml", "mapping.toml"),
        ("catalogue.toml", "catalogue.toml"),
        ("chan-nuoi.xlsx", "input/chan-nuoi.xlsx"),
    ] {
        fs::copy(case.join(from), here.path().join(name)).expect("a copy");
    }
    let said = |arguments: &[&str]| -> (serde_json::Value, i32) {
        let ran = bieu(arguments, here.path());
        let report = fs::read_to_string(here.path().join("r.json")).expect("a report");
        fs::remove_file(here.path().join("r.json")).expect("it is there");
        (serde_json::from_str(&report).expect("JSON"), ran.exit)
    };
    let common = ["chan-nuoi.xlsx", "-m", "mapping.toml", "--report", "r.json"];
    let twice = said(&[&["convert"], &common[..], &["-o", "hai.xlsx"]].concat());
    let submission = &twice.0["submissions"][0];
    assert_eq!(submission["findings"][0]["code"], "readers-disagree");
    assert_eq!(submission["findings"][0]["target"]["cell"], "C2");
    assert_eq!(
        (&submission["findings"][0]["found"], &submission["findings"][0]["expected"]),
        (&"125".into(), &"12".into())
    );
    assert_eq!(submission["files"][0]["second_reader"], "differs");
    assert_eq!(submission["status"], "findings");
    // The finding stands in the workbook too.
    let inside = bieu(&["inspect", "hai.xlsx", "--format", "csv"], here.path());
    assert!(inside.out.contains("readers-disagree"), "{}", inside.err);
    for (arguments, state) in [
        (&["convert", "-o", "mot.xlsx", "--second-reader", "off"][..], serde_json::Value::Null),
        (&["validate"][..], serde_json::Value::Null),
        (&["validate", "--second-reader", "on"][..], "differs".into()),
    ] {
        let (report, _) = said(&[arguments, &common[..]].concat());
        let submission = &report["submissions"][0];
        assert_eq!(submission["files"][0]["second_reader"], state, "{arguments:?}");
        assert_eq!(submission["findings"].as_array().map(Vec::len), Some(usize::from(!state.is_null())));
    }
    // Delimited text is read once, and that is said once.
    fs::write(here.path().join("chan-nuoi.csv"), "Chỉ tiêu;Kế hoạch;Thực hiện\nĐàn trâu;370;369\n").expect("a file");
    let ran = bieu(&["validate", "chan-nuoi.csv", "-m", "mapping.toml", "--second-reader", "on"], here.path());
    assert_eq!(ran.out.matches("chỉ được đọc một lần").count(), 1, "{}", ran.out);
}

#[test]
fn a_computed_figure_keeps_its_mark_in_the_form() {
    let here = folder();
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/missing-figure/fires-tinh-tu-tich");
    let (input, mapping) = (case.join("input").display().to_string(), case.join("mapping.toml").display().to_string());
    let ran = bieu(&["convert", &input, "-m", &mapping, "-o", "bieu.xlsx", "--table", "bang.csv"], here.path());
    assert_eq!(ran.exit, 0, "{}", ran.err);
    let file = fs::File::open(here.path().join("bieu.xlsx")).expect("a workbook");
    let mut package = zip::ZipArchive::new(file).expect("a package");
    let mut part = |name: &str| {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut package.by_name(name).expect("a part"), &mut text).expect("a text");
        text
    };
    let sheet = part("xl/worksheets/sheet1.xml");
    // The rules that trim decimals would take the mark away: that of the cell comes before them.
    let rule = sheet.split("<conditionalFormatting sqref=\"E7\">").nth(1).expect("a rule of its own");
    assert!(rule.contains("priority=\"1\" stopIfTrue=\"1\""), "{rule}");
    assert_eq!(part("xl/styles.xml").matches("&quot; (*)&quot;").count(), 2, "of the cell and of its rule");
    let table = fs::read_to_string(here.path().join("bang.csv")).expect("a table");
    assert!(table.lines().any(|line| line.contains(",1006.25,") && line.ends_with(",product")), "{table}");
}

#[test]
fn the_examples_of_the_help_run_on_the_samples() {
    let here = folder();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let help = bieu(&["--help"], here.path()).out;
    let commands = help.lines().skip_while(|line| *line != "Các lệnh:").skip(1).take_while(|line| !line.is_empty());
    let commands = commands.filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    let mut tried = 0;
    // It serves until its page is closed; tests/app.rs starts it.
    for command in commands.filter(|command| *command != "app") {
        let help = bieu(&[command, "--help"], here.path()).out;
        let example = help.lines().skip_while(|line| *line != "Ví dụ:").nth(1).expect("an example");
        let of_project = |word: &str| {
            let is_ours = word.starts_with("samples/") || word == "mappings";
            if is_ours { root.join(word).to_string_lossy().into_owned() } else { word.to_owned() }
        };
        let words: Vec<String> = example.split_whitespace().skip(1).map(of_project).collect();
        let ran = bieu(&words.iter().map(String::as_str).collect::<Vec<_>>(), here.path());
        assert!([0, 1].contains(&ran.exit), "{example}: {} {}", ran.exit, ran.err);
        tried += 1;
    }
    assert!(tried >= 7, "{tried} examples in\n{help}");
}

#[test]
fn what_is_no_command_is_a_path_or_a_mistake() {
    let here = folder();
    let ran = bieu(&[&sample("bieu-5-nam-2025").to_string_lossy(), "--format", "json"], here.path());
    assert!(ran.out.contains("bieu.report/1"), "{}", ran.err);
    let ran = bieu(&["valdate"], here.path());
    assert_eq!((ran.exit, ran.out.as_str()), (2, ""));
    assert!(
        ran.err.contains("không có lệnh, tệp hay thư mục \"valdate\"") && ran.err.contains("validate"),
        "{}",
        ran.err
    );
    let ran = bieu(&[], here.path());
    assert_eq!((ran.exit, ran.err.lines().count()), (2, 5));
    let ran = bieu(&["validate", "--lang", "en", "--format", "x", "y"], here.path());
    assert!(ran.exit == 2 && ran.err.contains("possible values"), "{}", ran.err);
}
