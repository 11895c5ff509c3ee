//! A large table, end to end: what is odd in it is found as in a small one.

use std::{collections::BTreeMap, fmt::Write as _, fs, io::Read as _, process::Command};

use serde_json::Value;

#[path = "../src/read/tests/files.rs"]
#[allow(dead_code, reason = "only some of what the tests of the reader make is needed")]
mod files;
mod program;

const CATALOGUE: &str = r#"
[catalogue]
id = "to"
period = "2023"
[[indicator]]
id = "lua"
label = "Lúa"
unit = "ha"
[[indicator]]
id = "ngo"
label = "Ngô"
unit = "ha"
max = 200000
"#;
const MAPPING: &str = r#"
[mapping]
id = "to"
catalogue = "to.toml"
[[source]]
file = "to.xlsx"
label = "Thôn"
[source.columns]
"Lúa" = { indicator = "lua", measure = "actual" }
"Ngô" = { indicator = "ngo", measure = "actual" }
[source.rows]
"Tổng cộng" = "total"
"Thôn *" = "member"
"#;

/// More than a sum may have for each of its figures to be suspected.
const VILLAGES: u32 = 2_400;

/// Rice in hundredths and maize in whole hectares of a village.
fn figures(village: u32) -> (u32, u32) {
    (village * 37 % 9_973, village % 101)
}

/// A workbook of villages and their total. `change` may put other cells in the place of the figures.
fn workbook(change: impl Fn(u32) -> Option<String>) -> Vec<u8> {
    workbook_of(VILLAGES, change)
}

fn workbook_of(villages: u32, change: impl Fn(u32) -> Option<String>) -> Vec<u8> {
    let text = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let mut rows = format!("<row>{}{}{}</row>", text("Thôn"), text("Lúa"), text("Ngô"));
    let (mut rice, mut maize) = (0, 0);
    for village in 1..=villages {
        let own = figures(village);
        (rice, maize) = (rice + own.0, maize + own.1);
        let cells = change(village).unwrap_or_else(|| {
            let (whole, hundredths) = (own.0 / 100, own.0 % 100);
            format!("<c><v>{whole}.{hundredths:02}</v></c><c><v>{}</v></c>", own.1)
        });
        let _ = write!(rows, "<row>{}{cells}</row>", text(&format!("Thôn {village}")));
    }
    let total = change(0).unwrap_or_else(|| {
        let (whole, hundredths) = (rice / 100, rice % 100);
        format!("<c><v>{whole}.{hundredths:02}</v></c><c><v>{maize}</v></c>")
    });
    let _ = write!(rows, "<row>{}{total}</row>", text("Tổng cộng"));
    files::xlsx(&rows)
}

/// The submission, and its findings as code and cell.
fn judged(workbook: &[u8]) -> (Value, Vec<(String, String)>) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [("to.toml", CATALOGUE), ("anh-xa.toml", MAPPING)] {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    fs::write(folder.path().join("to.xlsx"), workbook).expect("a file");
    let output = Command::new(program::path())
        .args(["validate", "to.xlsx", "-m", "anh-xa.toml", "--format", "json", "--lang", "en"])
        .current_dir(folder.path())
        .env_remove("BIEU_LANG")
        .output()
        .expect("bieu runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    let submission = report["submissions"][0].clone();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = submission["findings"].as_array().cloned().unwrap_or_default();
    let findings = findings.iter().map(|f| (text(&f["code"]), text(&f["target"]["cell"]))).collect();
    (submission, findings)
}

/// A sheet takes 65,530 links, and one of so many is slow to open.
#[test]
fn a_long_list_of_origins_has_links_as_far_as_they_go() {
    const LONG: u32 = 17_000;
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [("to.toml", CATALOGUE), ("anh-xa.toml", MAPPING)] {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    fs::write(folder.path().join("to.xlsx"), workbook_of(LONG, |_| None)).expect("a file");
    let output = Command::new(program::path())
        .args(["convert", "to.xlsx", "-m", "anh-xa.toml", "-o", "ra.xlsx", "--second-reader", "off"])
        .current_dir(folder.path())
        .env_remove("BIEU_LANG")
        .output()
        .expect("bieu runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let written = fs::File::open(folder.path().join("ra.xlsx")).expect("a workbook");
    let mut archive = zip::ZipArchive::new(written).expect("a zip");
    let mut sheet = String::new();
    let mut origins = archive.by_name("xl/worksheets/sheet3.xml").expect("a sheet");
    origins.read_to_string(&mut sheet).expect("text");
    assert_eq!(sheet.matches("<hyperlink ").count(), 30_000);
    // Title, three lines, air and header; every reading of the villages and of the total.
    let rows = 6 + 2 * (LONG + 1);
    assert!(sheet.contains(&format!("<dimension ref=\"A1:M{rows}\"/>")), "{}", &sheet[..600]);
    assert!(sheet.contains(&format!("<t>Thôn {LONG}</t>")));
    drop(origins);
    let mut texts = String::new();
    archive.by_name("xl/sharedStrings.xml").expect("a part").read_to_string(&mut texts).expect("text");
    assert!(texts.contains("chỉ 30.000 ô đầu có liên kết"), "{texts}");
}

#[test]
fn a_right_table_is_clean() {
    let (submission, findings) = judged(&workbook(|_| None));
    assert_eq!(findings, []);
    assert_eq!(submission["status"], "clean");
    assert_eq!(submission["readings"], (VILLAGES + 1) * 2);
    // Two totals, and every figure of maize against its most.
    assert_eq!(submission["checks"]["passed"], 2 + VILLAGES + 1);
}

#[test]
fn one_wrong_figure_makes_its_total_wrong_and_nothing_else() {
    let wrong = |village| (village == 1_134).then(|| "<c><v>999.5</v></c><c><v>0</v></c>".to_owned());
    let (submission, findings) = judged(&workbook(wrong));
    let found: Vec<_> = findings.iter().map(|(code, cell)| (&**code, &**cell)).collect();
    // Maize is 23 ha off, which rounding can make of 2,400 whole numbers.
    assert_eq!(found, [("total-mismatch", "B2402"), ("rounding-difference", "C2402")]);
    let total = submission["findings"]
        .as_array()
        .and_then(|list| list.iter().find(|f| f["code"] == "total-mismatch" && f["target"]["cell"] == "B2402"));
    let total = total.expect("a wrong total");
    assert_eq!(total["sources"].as_array().map(Vec::len), Some(VILLAGES as usize), "every village is named");
    let right: u32 = (1..=VILLAGES).map(|village| figures(village).0).sum();
    let read = right - figures(1_134).0 + 99_950;
    let shown = |hundredths: u32| {
        format!("{}.{:02}", hundredths / 100, hundredths % 100).trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    assert_eq!((&total["found"], &total["expected"]), (&shown(right).into(), &shown(read).into()));
}

#[test]
fn the_wrong_total_of_very_many_is_named() {
    let (rice, maize) = (1..=VILLAGES).map(figures).fold((0, 0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
    let total = format!("<c><v>{}.{:02}</v></c><c><v>{}</v></c>", rice / 100, rice % 100, maize * 10);
    let (submission, findings) = judged(&workbook(|village| (village == 0).then(|| total.clone())));
    let cell = format!("C{}", VILLAGES + 2);
    // It is above the most that a figure may be too: one cause, with what follows from it.
    assert_eq!(findings, [("out-of-range".to_owned(), cell.clone())]);
    let finding = &submission["findings"][0];
    let total = &finding["consequences"][0];
    assert_eq!((&total["code"], &total["target"]["cell"]), (&"total-mismatch".into(), &cell.clone().into()));
    assert_eq!(finding["hypotheses"][0]["kind"], "power-of-ten");
    assert_eq!(finding["hypotheses"][0]["target"]["cell"], *cell);
    assert_eq!(finding["hypotheses"][0]["to"], maize.to_string());
    assert!(finding["diagnosis"].as_str().is_some_and(|text| text.contains("not every possibility was tried")));
    assert_eq!(total["sources"].as_array().map(Vec::len), Some(VILLAGES as usize), "every village is named");
}

#[test]
fn what_is_odd_is_reported_where_it_stands() {
    let odd = |village| {
        Some(match village {
            // A row without figures, words, a number typed as text, an error, a date-like remark.
            500 => String::new(),
            600 => "<c t=\"inlineStr\"><is><t>chưa có</t></is></c><c><v>1</v></c>".to_owned(),
            700 => "<c t=\"inlineStr\"><is><t>12,5</t></is></c><c><v>1</v></c>".to_owned(),
            800 => "<c t=\"e\"><v>#REF!</v></c><c><v>1</v></c>".to_owned(),
            900 => "<c><f>1+</f></c><c><v>1</v></c>".to_owned(),
            1_000 => "<c><v>1</v></c><c><v>200001</v></c>".to_owned(),
            1_100 => "<c><v>x</v></c><c><v>1</v></c>".to_owned(),
            _ => return None,
        })
    };
    let (submission, findings) = judged(&workbook(odd));
    let mut by_code: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (code, cell) in &findings {
        by_code.entry(code).or_default().push(cell);
    }
    assert_eq!(by_code["error-cell"], ["B801"], "{findings:?}");
    assert_eq!(by_code["missing-cached-value"], ["B901"]);
    assert_eq!(by_code["text-number"], ["B701"]);
    assert_eq!(by_code["unreadable-cell"], ["B1101"]);
    assert!(by_code["out-of-range"].contains(&"C1001"), "{findings:?}");
    assert!(by_code.values().flatten().any(|cell| *cell == "B601"), "the words are reported: {findings:?}");
    // All but the cells that are blank or that no number could be made of.
    assert_eq!(submission["readings"], (VILLAGES + 1) * 2 - 2 - 1);
}

/// What a run finds, and its tidy table. Where the mapping states a unit no row is plain: every reading
/// is made and kept, so that both ways of reading can be held against each other.
fn told(catalogue: &str, is_plain: bool, workbook: &[u8], before: Option<&[u8]>) -> (Value, String) {
    told_within("1024", catalogue, is_plain, workbook, before)
}

fn told_within(
    memory: &str,
    catalogue: &str,
    is_plain: bool,
    workbook: &[u8],
    before: Option<&[u8]>,
) -> (Value, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let unit = if is_plain { "" } else { ", unit = \"ha\"" };
    let mapping = MAPPING.replace("\"actual\" }", &format!("\"actual\"{unit} }}"));
    for (name, text) in [("to.toml", catalogue), ("anh-xa.toml", &mapping)] {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    fs::write(folder.path().join("to.xlsx"), workbook).expect("a file");
    let mut command = Command::new(program::path());
    command.args(["validate", "to.xlsx", "-m", "anh-xa.toml", "--format", "json", "--lang", "en", "--table", "to.csv"]);
    command.args(["--max-memory", memory]);
    if let Some(before) = before {
        fs::create_dir(folder.path().join("truoc")).expect("a folder");
        fs::write(folder.path().join("truoc/to.xlsx"), before).expect("a file");
        command.args(["--previous", "truoc"]);
    }
    let output = command.current_dir(folder.path()).env_remove("BIEU_LANG").output().expect("bieu runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    let table = fs::read_to_string(folder.path().join("to.csv")).expect("a table");
    (report["submissions"][0].clone(), table)
}

/// The codes that are found, which are the same whether rows are plain or not, and with all that is
/// told of them.
fn same_either_way(catalogue: &str, workbook: &[u8], before: Option<&[u8]>) -> Vec<String> {
    let (lent, made) = (told(catalogue, true, workbook, before), told(catalogue, false, workbook, before));
    assert_eq!(lent.0["findings"], made.0["findings"]);
    assert_eq!(lent.0["checks"], made.0["checks"]);
    assert_eq!(lent.1, made.1);
    assert_eq!(lent.1.lines().count() as u64, 1 + lent.0["readings"].as_u64().expect("a number"));
    let findings = lent.0["findings"].as_array().cloned().unwrap_or_default();
    findings.iter().map(|finding| finding["code"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The cells of some villages instead of their figures.
fn instead(cells: &[(u32, &str)]) -> Vec<u8> {
    workbook(|village| cells.iter().find(|(own, _)| *own == village).map(|(_, cells)| (*cells).to_owned()))
}

#[test]
fn bounds_rules_and_the_period_before_judge_rows_that_are_lent_as_those_that_are_kept() {
    let bounded = CATALOGUE.replace("max = 200000", "min = 0\nmax = 99");
    let negative = instead(&[(7, "<c><v>1</v></c><c><v>-3</v></c>"), (9, "<c><v>0.5</v></c><c><v>100</v></c>")]);
    let codes = same_either_way(&bounded, &negative, None);
    assert!(codes.iter().any(|code| code == "out-of-range"), "{codes:?}");

    let rules = "[[rule]]\nid = \"it\"\nthat = \"ngo <= 99\"\n\
        [[rule]]\nid = \"tong\"\nthat = \"lua = sum(members(lua))\"\n";
    let ruled = CATALOGUE.to_owned() + rules;
    let codes = same_either_way(&ruled, &workbook(|_| None), None);
    assert!(codes.iter().any(|code| code == "rule-violated"), "{codes:?}");

    let before = instead(&[(11, "<c><v>0.04</v></c><c><v>1</v></c>"), (13, "<c/><c><v>900</v></c>")]);
    let codes = same_either_way(CATALOGUE, &workbook(|_| None), Some(&before));
    assert!(codes.iter().any(|code| code == "power-of-ten"), "{codes:?}");
}

#[test]
fn a_total_that_blank_rows_may_fill_is_open_in_rows_that_are_lent_too() {
    let codes = same_either_way(CATALOGUE, &workbook_with_a_blank(), None);
    assert!(codes.iter().all(|code| code != "total-mismatch"), "{codes:?}");
}

/// One village's rice is blank, while the total holds it.
fn workbook_with_a_blank() -> Vec<u8> {
    let (rice, maize) = (1..=VILLAGES).map(figures).fold((0, 0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
    let total = format!("<c><v>{}.{:02}</v></c><c><v>{maize}</v></c>", rice / 100, rice % 100);
    instead(&[(20, &format!("<c/><c><v>{}</v></c>", figures(20).1)), (0, &total)])
}

/// Kept, the readings of so many villages and the lines of their table take more than the limit.
#[test]
fn rows_that_are_lent_take_no_more_room_than_their_workbook() {
    let many = workbook_of(120_000, |_| None);
    let rule = "[[rule]]\nid = \"it\"\nthat = \"ngo <= 1000\"\n\
        [[rule]]\nid = \"sai\"\nthat = \"2 * lua = sum(members(lua))\"\n";
    let catalogue = CATALOGUE.replace("max = 200000", "min = 0\nmax = 200000") + rule;
    let (submission, table) = told_within("80", &catalogue, true, &many, Some(&many));
    assert_eq!(submission["files"][0]["status"], "read", "{submission}");
    let findings = submission["findings"].as_array().expect("a list");
    let broken = findings.iter().find(|finding| finding["rule"] == "sai").expect("a rule over all of them is judged");
    // Each of them, the total and all villages, is there or counted.
    let named = broken["sources"].as_array().map_or(0, Vec::len) as u64;
    assert_eq!(named + broken["more_sources"].as_u64().expect("not all are named"), 120_000);
    assert_eq!(table.lines().count(), 1 + 2 * 120_001);
}

/// A ratio column makes no row plain, so that a blank beside a stated ratio is told however many rows
/// there are.
#[test]
fn a_blank_beside_a_ratio_is_told_in_a_large_table() {
    let catalogue =
        "[catalogue]\nid = \"to\"\nperiod = \"2023\"\n[[indicator]]\nid = \"lua\"\nlabel = \"Lúa\"\nunit = \"ha\"\n";
    let mapping = "[mapping]\nid = \"to\"\ncatalogue = \"to.toml\"\n[[source]]\nfile = \"to.csv\"\nlabel = \"Thôn\"\n\
        [source.columns]\n\"Kế hoạch\" = { indicator = \"lua\", measure = \"plan\" }\n\
        \"Thực hiện\" = { indicator = \"lua\", measure = \"actual\" }\n\
        \"Tỷ lệ\" = { indicator = \"lua\", measure = \"ratio\" }\n[source.rows]\n\"Thôn *\" = \"member\"\n";
    let mut table = String::from("Thôn;Kế hoạch;Thực hiện;Tỷ lệ\n");
    for village in 1..=1_500 {
        let (plan, actual) = (if village == 700 { "" } else { "200" }, if village == 900 { "" } else { "100" });
        let _ = writeln!(table, "Thôn {village};{plan};{actual};50");
    }
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [("to.toml", catalogue), ("anh-xa.toml", mapping), ("to.csv", &table)] {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    let output = Command::new(program::path())
        .args(["validate", "to.csv", "-m", "anh-xa.toml", "--format", "json", "--lang", "en"])
        .current_dir(folder.path())
        .env_remove("BIEU_LANG")
        .output()
        .expect("bieu runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    let findings = report["submissions"][0]["findings"].as_array().cloned().unwrap_or_default();
    let missing = findings.iter().filter(|finding| finding["code"] == "missing-figure");
    let cells: Vec<_> = missing.map(|finding| finding["target"]["cell"].as_str().unwrap_or_default()).collect();
    assert_eq!(cells, ["B701", "C901"], "{findings:?}");
}
