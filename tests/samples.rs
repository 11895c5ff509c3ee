//! The three sample folders: what must be found in them, and what must not.

#![expect(clippy::panic, reason = "a test says what went wrong")]

mod program;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use program::in_project;

use serde_json::Value;

fn validate(folder: &str) -> (i32, Value) {
    let output = in_project(&["validate", folder, "--format", "json"]);
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    });
    (output.status.code().unwrap_or(-1), report)
}

/// `code file cell -> finding` of the only submission.
fn findings(report: &Value) -> Vec<(String, Value)> {
    let submissions = report["submissions"].as_array().expect("submissions");
    assert_eq!(submissions.len(), 1, "one submission");
    let list = submissions[0]["findings"].as_array().expect("findings");
    list.iter()
        .map(|finding| {
            let file = finding["target"]["file"].as_str().unwrap_or("").rsplit('/').next().unwrap_or("").to_owned();
            let sheet = finding["target"]["sheet"].as_str().unwrap_or("");
            let cell = finding["target"]["cell"].as_str().unwrap_or("");
            (format!("{} {file} [{sheet}] {cell}", finding["code"].as_str().unwrap_or("")), finding.clone())
        })
        .collect()
}

fn of_severity<'a>(found: &'a [(String, Value)], severity: &str) -> Vec<&'a str> {
    found.iter().filter(|(_, f)| f["severity"] == severity).map(|(key, _)| key.as_str()).collect()
}

fn one<'a>(found: &'a [(String, Value)], key: &str) -> &'a Value {
    let mut hits = found.iter().filter(|(k, _)| k == key);
    let hit = hits.next().unwrap_or_else(|| {
        panic!("no {key} in\n{}", found.iter().map(|(k, _)| k.as_str()).collect::<Vec<_>>().join("\n"))
    });
    assert!(hits.next().is_none(), "{key} is reported once");
    &hit.1
}

#[test]
fn the_office_files_raise_what_the_recomputation_of_the_report_says() {
    let (exit, report) = validate("samples/luc-binh-2023");
    assert_eq!(exit, 1);
    let found = findings(&report);
    for (key, stated, right) in [
        ("total-mismatch trong-trot-2023.xlsx [Cả năm] E19", "2352.97", "2321.53"),
        ("total-mismatch trong-trot-2023.xlsx [Cả năm] G19", "2201.75", "2201.65"),
        ("ratio-mismatch trong-trot-2023.xlsx [Cả năm] F20", "101.1", "108.84"),
        ("ratio-mismatch trong-trot-2023.xlsx [Vụ xuân] F14", "120.57", "120.67"),
        ("ratio-mismatch ra-soat-ho-ngheo.xlsx [Hộ nghèo] E10", "8.7", "8.88"),
        ("ratio-mismatch ra-soat-ho-ngheo.xlsx [Hộ nghèo] E12", "17.72", "17.46"),
        ("total-mismatch giao-duc.xlsx [Mầm non 2022-2023] D9", "136", "137"),
        ("conflicting-sources thu-chi-ngan-sach.xlsx [Thu chi] C12", "10842647794", "10557110040"),
    ] {
        let finding = one(&found, key);
        assert_eq!((finding["found"].as_str(), finding["expected"].as_str()), (Some(stated), Some(right)), "{key}");
        assert_eq!(finding["severity"], "error", "{key}");
    }
    let copied = one(&found, "ratio-mismatch trong-trot-2023.xlsx [Vụ xuân] F14");
    assert!(
        copied["diagnosis"].as_str().is_some_and(|d| d.contains("F16")),
        "copied from the output's ratio: {copied}"
    );
    one(&found, "date-for-number xay-dung-dang.xlsx [Đảng viên] E9");
    one(&found, "inequality-as-actual xay-dung-dang.xlsx [Đảng viên] E13");
    let legacy = one(&found, "legacy-encoding chan-nuoi-thuy-san.xls [] ");
    assert_eq!(legacy["severity"], "info");

    let truncated: Vec<&str> =
        found.iter().map(|(key, _)| key.as_str()).filter(|key| key.starts_with("ratio-truncated ")).collect();
    assert_eq!(
        truncated,
        [
            "ratio-truncated tiem-phong.xlsx [Tiêm phòng] J19",
            "ratio-truncated tiem-phong.xlsx [Tiêm phòng] L19",
            "ratio-truncated trong-trot-2023.xlsx [Cả năm] F17",
            "ratio-truncated trong-trot-2023.xlsx [Vụ mùa] F17",
            "ratio-truncated trong-trot-2023.xlsx [Vụ mùa] F27",
            "ratio-truncated trong-trot-2023.xlsx [Vụ xuân] F16",
            "ratio-truncated trong-trot-2023.xlsx [Vụ xuân] F20",
            "ratio-truncated van-hoa-xa-hoi.xlsx [Văn hóa] F12",
            "ratio-truncated xay-dung-dang.xlsx [Đảng viên] F11",
        ]
    );
    // Every error is a mistake that samples/README.md names with its claim.
    let errors = of_severity(&found, "error");
    one(&found, "ratio-mismatch quoc-phong.csv [CSV] F8");
    assert_eq!(errors.len(), 11, "{errors:#?}");
    // Nothing is left out in silence, and nothing is taken twice.
    for code in ["unmapped-number", "missing-label", "unused-mapping-entry", "unmapped-file", "duplicate-indicator"] {
        assert!(!found.iter().any(|(key, _)| key.starts_with(code)), "{code}");
    }
}

#[test]
fn the_submitted_appendix_raises_its_known_mistakes_and_no_others() {
    let (exit, report) = validate("samples/luc-binh-2023-da-nop");
    assert_eq!(exit, 1);
    let found = findings(&report);
    let rows = |code: &str| -> Vec<u32> {
        let keys = found.iter().map(|(key, _)| key).filter(|key| key.starts_with(&format!("{code} ")));
        keys.filter_map(|key| key.rsplit(' ').next()?.get(1..)?.parse().ok()).collect()
    };
    // Row n + 7 of the sheet is I.n; 36 to 38 are IV.1 to IV.3.
    assert_eq!(rows("ratio-truncated"), [9, 24, 25]);
    assert_eq!(rows("ratio-off-policy"), [16, 18, 19, 20]);
    assert_eq!(rows("unit-mismatch"), [10]);
    assert_eq!(rows("unit-in-cell"), [26]);
    assert_eq!(rows("inequality-as-actual"), [38]);
    assert_eq!(rows("forecast-as-actual"), [36, 37, 38]);
    let loud = found.iter().filter(|(_, f)| f["severity"] != "info").count();
    assert_eq!(loud, 3 + 1 + 1 + 1 + 3, "{:#?}", found.iter().map(|(k, _)| k).collect::<Vec<_>>());
    assert_eq!(one(&found, "unit-in-cell bieu-ket-qua-2023.xlsx [Biểu] E26")["found"], "18.6");
}

#[test]
fn the_mended_files_are_clean_and_what_is_written_reads_back_clean() {
    let (exit, report) = validate("samples/luc-binh-2023-da-sua");
    let found = findings(&report);
    assert!(of_severity(&found, "error").is_empty() && of_severity(&found, "warning").is_empty(), "{found:#?}");
    assert_eq!(exit, 0);

    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("bieu.xlsx");
    let out = out.to_str().expect("a path in UTF-8");
    let written = in_project(&["convert", "samples/luc-binh-2023-da-sua", "-o", out]);
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let (exit, report) = validate(out);
    assert_eq!(exit, 0, "{report:#}");
    assert_eq!(report["submissions"][0]["status"], "clean", "{report:#}");
    assert_eq!(report["submissions"][0]["mapping"], "bieu-ket-qua-2023");
}

#[test]
fn converting_is_repeatable_and_the_json_has_the_promised_keys() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut bytes = Vec::new();
    for name in ["one.xlsx", "two.xlsx"] {
        let out = folder.path().join(name);
        let written = in_project(&["convert", "samples/luc-binh-2023", "-o", out.to_str().expect("UTF-8")]);
        assert_eq!(written.status.code(), Some(0), "{}", String::from_utf8_lossy(&written.stderr));
        bytes.push(std::fs::read(&out).expect("the workbook"));
    }
    assert_eq!(bytes[0], bytes[1], "same input, same bytes");

    let (_, report) = validate("samples/luc-binh-2023");
    assert_eq!(report["schema"], "bieu.report/1");
    let submission = &report["submissions"][0];
    for key in ["path", "mapping", "catalogue", "period", "status", "files", "readings", "checks", "findings"] {
        assert!(submission.get(key).is_some(), "{key}");
    }
    let keys = [
        "code",
        "severity",
        "message",
        "action",
        "indicator",
        "rule",
        "mapping",
        "target",
        "sources",
        "found",
        "expected",
        "diagnosis",
        "hypotheses",
        "fingerprint",
        "suppressed",
    ];
    for finding in submission["findings"].as_array().expect("findings") {
        for key in keys {
            assert!(finding.get(key).is_some(), "{key} in {finding}");
        }
    }
    let summary: BTreeMap<String, Value> = serde_json::from_value(report["summary"].clone()).expect("a summary");
    for key in ["submissions", "clean", "with_findings", "unreadable", "unmapped", "errors", "warnings", "infos"] {
        assert!(summary.contains_key(key), "{key}");
    }
}

/// The texts of the samples are as dirty as those of real files, and nobody may tidy them: what stands
/// above is said of dirty texts. `samples/dirt.py` lists them.
#[test]
fn the_samples_are_as_dirty_as_offices() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let kinds = ["blank behind", "blanks behind", "NBSP behind", "NBSP within", "two blanks", "mark", "note", "unit"];
    let mut found: BTreeMap<&str, usize> = kinds.iter().map(|kind| (*kind, 0)).collect();
    let (mut formats, mut dirty, mut sheets) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let folders = std::fs::read_dir(root.join("samples")).expect("the samples");
    let folders = folders.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir());
    for path in folders.flat_map(|folder| std::fs::read_dir(folder).expect("a sample")) {
        let path = path.expect("an entry").path();
        let format = path.extension().map(|ending| ending.to_string_lossy().into_owned()).unwrap_or_default();
        if !["xlsx", "xls", "ods", "csv"].contains(&format.as_str()) {
            continue;
        }
        let run = in_project(&["inspect", path.to_str().expect("UTF-8"), "--format", "json"]);
        let cells: Value = serde_json::from_slice(&run.stdout).expect("JSON");
        for cell in cells.as_array().expect("cells") {
            let text = cell["text"].as_str().expect("a text");
            let bare = text.trim_end();
            let marks = ["(1)", "(*)", "¹"];
            let is_marked = |mark: &&str| bare.len() > mark.len() && bare.ends_with(*mark) && !bare.contains('=');
            let is_unit = ["ha", "tấn", "con", "lượt", "triệu đồng"].contains(&bare) && text.len() > bare.len();
            let is = [
                text.ends_with(' ') && !text.ends_with("  "),
                text.ends_with("  "),
                text.ends_with('\u{A0}'),
                bare.contains('\u{A0}'),
                bare.trim_start().contains("  ")
                    && !bare.contains("/BC")
                    && !bare.contains("-BC")
                    && !bare.contains("ngày"),
                marks.iter().any(is_marked),
                marks.iter().any(|mark| bare.starts_with(mark) && bare.len() > mark.len()),
                is_unit,
            ];
            let sheet = (path.clone(), cell["sheet"].to_string());
            if is.contains(&true) {
                dirty.insert(sheet.clone());
                formats.insert(format.clone());
            }
            sheets.insert(sheet);
            for (kind, is) in kinds.iter().zip(is) {
                *found.entry(kind).or_default() += usize::from(is);
            }
        }
    }
    let least = [55, 14, 12, 12, 20, 8, 8, 8];
    for (kind, least) in kinds.iter().zip(least) {
        assert!(found[kind] >= least, "{kind}: at least {least} of {found:?}");
    }
    assert_eq!(formats.len(), 4, "in every format: {formats:?}");
    assert!(dirty.len() * 3 >= sheets.len(), "{} of {} sheets", dirty.len(), sheets.len());
    println!("{found:?}; {} of {} sheets", dirty.len(), sheets.len());
}

#[test]
fn samples_name_no_machine() {
    let script = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/make.py"));
    assert!(!script.expect("the script is there").contains("/home/"));
}
