//! `bieu consolidate`: many submissions as one workbook.

mod program;

use std::{fs, path::Path};

use program::{Ran, bieu};

const CATALOGUE: &str = r#"
[catalogue]
id = "mau-{year}"
period = "2030"

[[section]]
id = "nn"
title = "NÔNG NGHIỆP"

[[indicator]]
id = "dt"
label = "Diện tích"
unit = "ha"
section = "nn"

[[indicator]]
id = "ns"
label = "Năng suất"
unit = "tạ/ha"
section = "nn"
decimals = 1

[[indicator]]
id = "sl"
label = "Sản lượng"
unit = "tấn"
section = "nn"
product = { of = ["dt", "ns"], divide-by = 10 }

[form]
sheet = "Biểu"
title = "KẾT QUẢ NĂM {year}"
profile = "hd36"

[form.consolidated]
title = "TỔNG HỢP {submissions} XÃ NĂM {year}"
whole = "Toàn huyện"

[[form.column]]
header = "Chỉ tiêu"
shows = "label"

[[form.column]]
header = "Kế hoạch"
shows = "plan"

[[form.column]]
header = "Thực hiện"
shows = "actual"

[[form.column]]
header = "Tỷ lệ %"
shows = "ratio"
"#;

const MAPPING: &str = r#"
[mapping]
id = "mau"
catalogue = "mau.toml"

[[source]]
file = "*.csv"
label = "Chỉ tiêu"
rows-from-catalogue = true

[source.columns]
"Kế hoạch" = "plan"
"Thực hiện" = "actual"
"#;

fn submissions() -> tempfile::TempDir {
    let here = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = here.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    write("mau.toml", CATALOGUE);
    write("bang.toml", MAPPING);
    write("nop/xa-a.csv", "Chỉ tiêu;Kế hoạch;Thực hiện\nDiện tích;90;100\nNăng suất;50;50\nSản lượng;450;500\n");
    write("nop/xa-b.csv", "Chỉ tiêu;Kế hoạch;Thực hiện\nDiện tích;310;300\nNăng suất;60;60\nSản lượng;1860;1800\n");
    // The plan of the area is missing, and the output is not area times yield.
    write("nop/xa-c.csv", "Chỉ tiêu;Kế hoạch;Thực hiện\nDiện tích;;50\nNăng suất;40;40\nSản lượng;200;290\n");
    here
}

/// The cells of the first sheet that are filled, a line a row.
fn table(folder: &Path, file: &str) -> String {
    let Ran { exit, out, err } = bieu(&["inspect", file, "--format", "csv"], folder);
    assert_eq!(exit, 0, "{err}");
    let mut reader = csv::Reader::from_reader(out.trim_start_matches('\u{feff}').as_bytes());
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    for record in reader.records().map(|record| record.expect("a row")).filter(|record| &record[1] == "Biểu") {
        let row = record[2].trim_start_matches(char::is_alphabetic).to_owned();
        let text = if record[6].is_empty() { &record[5] } else { &record[6] };
        // A formula that has nothing to compute.
        if text.is_empty() {
            continue;
        }
        match rows.last_mut() {
            Some((last, cells)) if *last == row => cells.push(text.to_owned()),
            _ => rows.push((row, vec![text.to_owned()])),
        }
    }
    rows.into_iter().map(|(_, cells)| cells.join("|") + "\n").collect()
}

#[test]
fn submissions_stand_side_by_side_and_rates_are_never_added() {
    let here = submissions();
    let arguments = ["consolidate", "nop", "-m", "bang.toml", "-o", "huyen.xlsx", "--table", "bang.csv"];
    let Ran { exit, err, .. } = bieu(&arguments, here.path());
    assert_eq!(exit, 0, "{err}");
    assert!(err.contains("3 bộ số liệu"), "{err}");
    // 2590 t on 450 ha are 57.6 tạ/ha. The plan of the area lacks one, so no yield follows from it.
    let expected = "\
TỔNG HỢP 3 XÃ NĂM 2030
-----
Chỉ tiêu|Toàn huyện|xa-a|xa-b|xa-c
Kế hoạch|Thực hiện|Tỷ lệ %|Kế hoạch|Thực hiện|Tỷ lệ %|Kế hoạch|Thực hiện|Tỷ lệ %|Kế hoạch|Thực hiện|Tỷ lệ %
NÔNG NGHIỆP
Diện tích|400|450|112.5|90|100|111.11|310|300|96.77|thiếu|50
Năng suất|57.6|50|50|100|60|60|100|40|40|100
Sản lượng|2510|2590|103.19|450|500|111.11|1860|1800|96.77|200|290|145
Thiếu 1/3: Diện tích (Kế hoạch): xa-c
";
    assert_eq!(table(here.path(), "huyen.xlsx"), expected);
    let rows = fs::read_to_string(here.path().join("bang.csv")).expect("the table");
    assert_eq!(rows.lines().filter(|line| line.contains("nop/xa-b.csv")).count(), 6);
    let first = fs::read(here.path().join("huyen.xlsx")).expect("the workbook");
    let Ran { exit, err, .. } = bieu(&arguments, here.path());
    assert_eq!(exit, 2, "nothing is overwritten: {err}");
    let again = ["consolidate", "nop", "-m", "bang.toml", "-o", "huyen.xlsx", "--force", "--jobs", "4"];
    assert_eq!(bieu(&again, here.path()).exit, 0);
    assert!(fs::read(here.path().join("huyen.xlsx")).expect("the workbook") == first, "the same bytes");
}

#[test]
fn findings_of_every_submission_are_in_the_workbook() {
    let here = submissions();
    let arguments = ["consolidate", "nop", "-m", "bang.toml", "-o", "huyen.xlsx", "--fail-on", "error"];
    assert_eq!(bieu(&arguments, here.path()).exit, 1);
    let Ran { out, .. } = bieu(&["inspect", "huyen.xlsx", "--format", "csv"], here.path());
    assert!(out.contains("product-mismatch") && out.contains("missing-reading"), "{out}");
    assert!(out.contains("nop/xa-a.csv"), "the list has the clean one too: {out}");
}

#[test]
fn a_submission_that_cannot_be_read_is_seen() {
    let here = submissions();
    fs::write(here.path().join("nop/xa-d.csv"), [0u8; 64]).expect("a file");
    let Ran { exit, err, .. } = bieu(&["consolidate", "nop", "-m", "bang.toml", "-o", "huyen.xlsx"], here.path());
    assert_eq!(exit, 3, "{err}");
    let table = table(here.path(), "huyen.xlsx");
    assert!(table.contains("Chỉ tiêu|Toàn huyện|xa-a|xa-b|xa-c|xa-d\n"), "{table}");
    assert!(table.contains("Thiếu 2/4: Diện tích (Kế hoạch): xa-c, xa-d\n"), "{table}");
}

#[test]
fn two_catalogues_are_not_mixed() {
    let here = submissions();
    fs::write(here.path().join("khac.toml"), CATALOGUE.replace("mau-{year}", "khac")).expect("a file");
    fs::write(
        here.path().join("bang-khac.toml"),
        MAPPING.replace("mau.toml", "khac.toml").replace("\"mau\"", "\"khac\"").replace("*.csv", "xa-c.csv"),
    )
    .expect("a file");
    fs::write(here.path().join("bang.toml"), MAPPING.replace("*.csv", "xa-a.csv")).expect("a file");
    let mappings = ["consolidate", "nop", "-m", "bang.toml", "-m", "bang-khac.toml", "-o", "huyen.xlsx"];
    let Ran { exit, err, .. } = bieu(&mappings, here.path());
    assert_eq!(exit, 2, "{err}");
    assert!(err.contains("khac, mau-2030"), "{err}");
    assert!(!here.path().join("huyen.xlsx").exists());
}
