//! Mappings and catalogues that extend others, and bundled ones written as files.

mod program;

use std::{fs, path::Path};

use program::{Ran, bieu};

const CATALOGUE: &str = r#"[catalogue]
id = "mau-{year}"
period = "2030"

[[section]]
id = "s"
title = "CHĂN NUÔI"

[[indicator]]
id = "dan"
label = "Tổng đàn"
unit = "con"
section = "s"
parts = ["trau", "bo"]

[[indicator]]
id = "trau"
label = "Đàn trâu"
unit = "con"
section = "s"

[[indicator]]
id = "bo"
label = "Đàn bò"
unit = "con"
section = "s"
"#;

const MAPPING: &str = r#"[mapping]
id = "chung"
catalogue = "danh-muc"

[[source]]
name = "đàn"
file = "*.csv"
label = "Chỉ tiêu"
columns-from = "chung"

[source.rows]
"Tổng đàn" = "dan"
"Đàn trâu" = "trau"
"Đàn bò" = "bo"

[columns.chung]
"Kế hoạch {year}" = "plan"
"Thực hiện {year}" = "actual"
"#;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let here = tempfile::tempdir().expect("a folder");
    for (name, text) in [("goc/danh-muc.toml", CATALOGUE), ("goc/bang.toml", MAPPING)].iter().chain(files) {
        let path = here.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    here
}

fn findings(json: &str) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_str(json).expect("JSON");
    let submissions = report["submissions"].as_array().expect("submissions").iter();
    let all = submissions.flat_map(|submission| submission["findings"].as_array().expect("findings").iter());
    let text = |finding: &serde_json::Value| {
        let (file, line) = (&finding["mapping"]["file"], &finding["mapping"]["line"]);
        format!("{} {} {}:{line}", finding["code"], finding["indicator"], file).replace('"', "")
    };
    all.map(text).collect()
}

#[test]
fn next_year_is_one_line() {
    let here = folder(&[
        ("nam-sau.toml", "[mapping]\nextends = \"goc/bang\"\nperiod = \"2031\"\n"),
        ("n/a.csv", "Chỉ tiêu;Kế hoạch 2031;Thực hiện 2031\nTổng đàn;10;13\nĐàn trâu;4;5\nĐàn bò;6;7\n"),
    ]);
    let Ran { exit, out, err } = bieu(&["validate", "n", "-m", "nam-sau.toml", "--format", "json"], here.path());
    assert_eq!(exit, 1, "{err}");
    let report: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let submission = &report["submissions"][0];
    assert_eq!((&submission["mapping"], &submission["period"]), (&"chung".into(), &"2031".into()));
    assert_eq!((&submission["catalogue"], &submission["readings"]), (&"mau-2031".into(), &6.into()));
    assert_eq!(findings(&out), ["total-mismatch dan goc/danh-muc.toml:14"], "places are those of the base");
}

#[test]
fn a_mapping_has_indicators_of_its_own_and_changes_rows_and_columns() {
    let own = r#"[mapping]
extends = "goc/bang.toml"
id = "rieng"

[[indicator]]
id = "ngua"
label = "Đàn ngựa"
unit = "con"
section = "s"
after = "trau"

[[indicator]]
id = "dan"
parts = ["trau", "bo", "ngua"]

[[source]]
name = "đàn"

[source.columns]
"Kết quả {year}" = "actual"

[source.rows]
"Đàn ngựa" = "ngua"
"Đàn bò" = "remove"
"Bò" = "bo"

[columns.chung]
"Thực hiện {year}" = "remove"
"#;
    let csv = "Chỉ tiêu;Kế hoạch 2030;Kết quả 2030\nTổng đàn;12;13\nĐàn trâu;4;5\nĐàn ngựa;2;1\nBò;6;7\n";
    let here = folder(&[("rieng.toml", own), ("n/a.csv", csv)]);
    let Ran { exit, out, err } = bieu(&["validate", "n", "-m", "rieng.toml", "--format", "json"], here.path());
    assert_eq!((exit, findings(&out)), (0, Vec::new()), "{err}");
    assert!(out.contains("\"readings\": 8") || out.contains("\"readings\":8"), "{out}");
}

#[test]
fn a_mistake_of_the_base_is_shown_in_the_base_and_once() {
    let wrong = MAPPING.replace("\"bo\"\n", "\"bof\"\n");
    let here = folder(&[
        ("goc/bang.toml", &wrong),
        ("ax/mot.toml", "[mapping]\nextends = \"../goc/bang\"\n"),
        ("ax/hai.toml", "[mapping]\nextends = \"../goc/bang\"\nperiod = \"x\"\n"),
        ("n/a.csv", "x"),
    ]);
    let Ran { exit, out, err } = bieu(&["validate", "n", "-m", "ax", "--lang", "en"], here.path());
    assert_eq!((exit, &*out), (2, ""));
    assert_eq!(err.matches("bang.toml:14:12").count(), 1, "{err}");
    assert!(err.contains("hai.toml:3:10") && err.contains("2 mistakes"), "{err}");
}

#[test]
fn a_circle_is_refused_in_the_file_that_closes_it() {
    let here = folder(&[
        ("a.toml", "[catalogue]\nextends = \"b\"\n"),
        ("b.toml", "[catalogue]\nid = \"b\"\nextends = \"./a.toml\"\n"),
        ("c.toml", "[mapping]\nextends = \"c\"\n"),
        ("d.toml", "[mapping]\nextends = \"khong-co\"\n"),
    ]);
    let check = |file: &str| bieu(&["mapping", "check", file, "--lang", "en"], here.path()).err;
    let circle = check("a.toml");
    assert!(circle.contains("b.toml:3:11") && circle.contains("in a circle"), "{circle}");
    assert!(check("c.toml").contains("c.toml:2:11"), "{}", check("c.toml"));
    fs::write(here.path().join("e.toml"), "indicator = [\"x\"]\n[mapping]\nextends = \"goc/bang\"\n").expect("a file");
    assert!(check("e.toml").contains("e.toml:1:14"), "{}", check("e.toml"));
    fs::write(here.path().join("f.toml"), CATALOGUE.replace("period", "extends = 3\nperiod")).expect("a file");
    assert!(check("f.toml").contains("f.toml:3:11"), "{}", check("f.toml"));
    assert!(check("d.toml").contains("no mapping \"khong-co\""), "{}", check("d.toml"));
}

#[test]
fn what_is_judged_is_judged_again_when_the_base_changes() {
    let here = folder(&[
        ("bang.toml", "[mapping]\nextends = \"goc/bang\"\n"),
        ("n/a.csv", "Chỉ tiêu;Kế hoạch 2030;Thực hiện 2030\nTổng đàn;10;13\nĐàn trâu;4;5\nĐàn bò;6;7\n"),
    ]);
    let arguments = ["validate", "n", "-m", "bang.toml", "--resume", "state", "--format", "json"];
    assert_eq!(bieu(&arguments, here.path()).exit, 1);
    let without = CATALOGUE.replace("parts = [\"trau\", \"bo\"]\n", "");
    fs::write(here.path().join("goc/danh-muc.toml"), without).expect("a file");
    assert_eq!(bieu(&arguments, here.path()).exit, 0, "the catalogue of the base");
    let other = MAPPING.replace("\"Thực hiện {year}\"", "\"Làm được\"");
    fs::write(here.path().join("goc/bang.toml"), other).expect("a file");
    assert_ne!(bieu(&arguments, here.path()).exit, 0, "the base of the mapping");
}

#[test]
fn submissions_of_one_base_are_put_together() {
    let own = |id: &str, label: &str| {
        format!(
            "[mapping]\nextends = \"../goc/bang\"\nid = \"{id}\"\n[[indicator]]\nid = \"{id}\"\nlabel = \"{label}\"\n\
             unit = \"con\"\nsection = \"s\"\n[[source]]\nname = \"đàn\"\n[source.rows]\n\"{label}\" = \"{id}\"\n"
        )
    };
    let csv = |label: &str| {
        format!("Chỉ tiêu;Kế hoạch 2030;Thực hiện 2030\nTổng đàn;10;12\nĐàn trâu;4;5\nĐàn bò;6;7\n{label};3;2\n")
    };
    let here = folder(&[
        ("a/mapping.toml", &own("ngua", "Đàn ngựa")),
        ("b/mapping.toml", &own("de", "Đàn dê")),
        ("a/so-lieu-a.csv", &csv("Đàn ngựa")),
        ("b/so-lieu-b.csv", &csv("Đàn dê")),
    ]);
    let Ran { exit, err, .. } = bieu(&["consolidate", "a", "b", "-o", "gop.xlsx"], here.path());
    assert_eq!(exit, 0, "{err}");
    let Ran { out, .. } = bieu(&["inspect", "gop.xlsx", "--format", "csv"], here.path());
    for label in ["Tổng đàn", "Đàn ngựa", "Đàn dê"] {
        assert!(out.contains(label), "{label} in {out}");
    }
    assert!(out.contains(",24,"), "12 and 12: {out}");
    // Another year is another form, and another unit nothing to add.
    let period = own("de", "Đàn dê").replace("id = \"de\"\n[[", "period = \"2031\"\nid = \"de\"\n[[");
    fs::write(here.path().join("b/mapping.toml"), period).expect("a file");
    fs::write(here.path().join("b/so-lieu-b.csv"), csv("Đàn dê").replace("2030", "2031")).expect("a file");
    let Ran { exit, err, .. } = bieu(&["consolidate", "a", "b", "-o", "hai.xlsx", "--lang", "en"], here.path());
    assert_eq!((exit, err.contains("several periods: 2030, 2031")), (2, true), "{err}");
    let unit = own("de", "Đàn dê") + "[[indicator]]\nid = \"bo\"\nunit = \"nghìn con\"\n";
    fs::write(here.path().join("b/mapping.toml"), unit).expect("a file");
    fs::write(here.path().join("b/so-lieu-b.csv"), csv("Đàn dê")).expect("a file");
    let Ran { exit, err, .. } = bieu(&["consolidate", "a", "b", "-o", "ba.xlsx", "--lang", "en"], here.path());
    assert_eq!((exit, err.contains("different units of \"Đàn bò\"")), (2, true), "{err}");
}

#[test]
fn bundled_files_are_written_with_what_they_need() {
    let here = tempfile::tempdir().expect("a folder");
    let Ran { exit, out, err } = bieu(&["mapping", "export", "luc-binh-2023"], here.path());
    assert_eq!((exit, &*out), (0, ""), "{err}");
    for name in ["luc-binh-2023.toml", "chi-tieu.toml"] {
        let bundled = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("mappings").join(name)).expect("bundled");
        assert!(fs::read(here.path().join(name)).expect("written") == bundled, "{name}");
    }
    fs::write(here.path().join("luc-binh-2023.toml"), "# sửa").expect("a file");
    fs::remove_file(here.path().join("chi-tieu.toml")).expect("removed");
    let Ran { exit, err, .. } = bieu(&["mapping", "export", "luc-binh-2023.toml", "-o", "."], here.path());
    assert_eq!((exit, err.contains("--force")), (2, true), "{err}");
    assert!(!here.path().join("chi-tieu.toml").exists(), "all or none");
    assert_eq!(bieu(&["mapping", "export", "luc-binh-2023", "--force"], here.path()).exit, 0);
    let Ran { exit, err, .. } = bieu(&["mapping", "check", "."], here.path());
    assert_eq!(exit, 0, "{err}");
    // A file of the same name may extend the bundled one.
    fs::write(here.path().join("chi-tieu.toml"), "[catalogue]\nextends = \"chi-tieu\"\nperiod = \"2024\"\n")
        .expect("a file");
    let Ran { exit, err, .. } = bieu(&["mapping", "check", "chi-tieu.toml"], here.path());
    assert_eq!(exit, 0, "{err}");
    let Ran { exit, err, .. } = bieu(&["mapping", "export", "khong-co"], here.path());
    assert_eq!((exit, err.contains("chi-tieu")), (2, true), "{err}");
}
