//! The forms that come with the program: each sample is converted, and the form is compared as a
//! table of what stands in its cells; it reads back without a finding; next year's form is the same
//! file with another period.
//!
//! `BIEU_BLESS=1 cargo test --test forms` writes the tables anew; read every line before committing.

mod program;

use std::{
    fmt::Write as _,
    fs,
    io::{Cursor, Read},
    path::{Path, PathBuf},
};

use program::in_project;

use bieu::internals::{
    compose::appendix,
    model::{catalogue, document::Document, reading::Dataset},
};
use serde_json::Value;

const FORMS: [&str; 4] = ["bieu-thon-2024", "bieu-3-nam-2024", "bieu-5-nam-2025", "bieu-6-thang-2024"];

fn convert(form: &str, folder: &Path) -> PathBuf {
    let out = folder.join(format!("{form}.xlsx"));
    let run = in_project(&["convert", &format!("samples/{form}"), "--force", "-o", out.to_str().expect("UTF-8")]);
    assert!(run.status.success(), "{form}: {}", String::from_utf8_lossy(&run.stderr));
    out
}

fn matches(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/forms").join(name);
    if std::env::var_os("BIEU_BLESS").is_some() {
        fs::write(&path, found).expect("a golden file can be written");
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{name} differs");
}

/// Row and column of an address, from one.
fn place(address: &str) -> (usize, usize) {
    let digits = address.find(|c: char| c.is_ascii_digit()).expect("a row");
    let column = address[..digits].bytes().fold(0, |column, letter| column * 26 + usize::from(letter - b'A') + 1);
    (address[digits..].parse().expect("a row"), column)
}

/// What stands in the cells of the first sheet, a line a row.
fn table(workbook: &Path) -> String {
    let run = in_project(&["inspect", workbook.to_str().expect("UTF-8"), "--format", "json"]);
    let cells: Value = serde_json::from_slice(&run.stdout).expect("JSON");
    let cells = cells.as_array().expect("cells");
    let first = &cells[0]["sheet"];
    let mut rows: Vec<Vec<String>> = Vec::new();
    for cell in cells.iter().filter(|cell| cell["sheet"] == *first) {
        let (row, column) = place(cell["cell"].as_str().expect("an address"));
        rows.resize(rows.len().max(row), Vec::new());
        let texts = &mut rows[row - 1];
        texts.resize(texts.len().max(column), String::new());
        cell["text"].as_str().expect("a text").clone_into(&mut texts[column - 1]);
    }
    let lines: Vec<String> = rows.iter().map(|texts| texts.join(" | ")).collect();
    format!("{}\n", lines.join("\n"))
}

#[test]
fn each_form_shows_what_its_catalogue_says() {
    let folder = tempfile::tempdir().expect("a folder");
    for form in FORMS {
        matches(&format!("{form}.txt"), &table(&convert(form, folder.path())));
    }
}

#[test]
fn each_form_reads_back_without_a_finding() {
    let folder = tempfile::tempdir().expect("a folder");
    for form in FORMS {
        let out = convert(form, folder.path());
        let run = in_project(&["validate", out.to_str().expect("UTF-8"), "--format", "json"]);
        let report: Value = serde_json::from_slice(&run.stdout).expect("JSON");
        let submission = &report["submissions"][0];
        // Without a mapping named, the one that reads this form is found.
        assert_eq!(submission["mapping"], format!("doc-{form}"));
        assert_eq!(submission["findings"], Value::Array(Vec::new()), "{form}");
        assert!(submission["readings"].as_u64() > Some(70), "{form}: {}", submission["readings"]);
        // Whatever somebody calls it.
        let renamed = folder.path().join("Biểu cuối năm (bản cuối).xlsx");
        fs::copy(&out, &renamed).expect("a copy");
        let run = in_project(&["validate", renamed.to_str().expect("UTF-8"), "--format", "json", "--fail-on", "info"]);
        let report: Value = serde_json::from_slice(&run.stdout).expect("JSON");
        assert_eq!(report["submissions"][0]["mapping"], format!("doc-{form}"));
        assert!(run.status.success(), "{form}: {report}");
    }
}

#[test]
fn the_same_form_is_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let written = || fs::read(convert("bieu-thon-2024", folder.path())).expect("the workbook");
    assert_eq!(written(), written());
}

fn parts(workbook: &[u8], names: &[&str]) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).expect("a workbook");
    let mut text = String::new();
    for name in names {
        let mut part = String::new();
        archive.by_name(name).expect("a part").read_to_string(&mut part).expect("XML in UTF-8");
        // A line an element, so that a difference is seen where it is.
        let _ = writeln!(text, "== {name}\n{}", part.replace("><", ">\n<"));
    }
    text
}

#[test]
fn the_parts_of_a_form_as_xml() {
    let folder = tempfile::tempdir().expect("a folder");
    let workbook = fs::read(convert("bieu-thon-2024", folder.path())).expect("the workbook");
    matches("bieu-thon-2024.form.xml", &parts(&workbook, &["xl/worksheets/sheet1.xml"]));
    let book = parts(&workbook, &["xl/workbook.xml", "docProps/core.xml"]);
    // The other sheets are no matter of the form.
    let own = |line: &&str| !line.starts_with("<definedName ") || line.contains("Biểu theo thôn");
    let book: Vec<&str> = book.lines().filter(own).filter(|line| !line.starts_with("<sheet ")).collect();
    matches("bieu-thon-2024.book.xml", &format!("{}\n", book.join("\n")));
}

#[test]
fn the_paper_lies_as_the_columns_need_it() {
    let folder = tempfile::tempdir().expect("a folder");
    // A3, wide, wide, and narrow enough for upright paper.
    for (form, (paper, orientation)) in
        FORMS.iter().zip([("8", "landscape"), ("9", "landscape"), ("9", "landscape"), ("9", "portrait")])
    {
        let workbook = fs::read(convert(form, folder.path())).expect("the workbook");
        let sheet = parts(&workbook, &["xl/worksheets/sheet1.xml"]);
        let setup = sheet.lines().find(|line| line.starts_with("<pageSetup ")).expect("a page setup");
        let expected = [format!("paperSize=\"{paper}\""), format!("orientation=\"{orientation}\"")];
        assert!(expected.iter().all(|text| setup.contains(text)), "{form}: {setup}");
    }
}

#[test]
fn in_a_protected_form_figures_can_be_typed_and_formulas_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let workbook = fs::read(convert("bieu-thon-2024", folder.path())).expect("the workbook");
    let form = parts(&workbook, &["xl/worksheets/sheet1.xml"]);
    let styles = parts(&workbook, &["xl/styles.xml"]);
    let formats: Vec<&str> = styles.split("<cellXfs").nth(1).expect("formats").split("<xf ").skip(1).collect();
    let is_open = |address: &str| {
        let cell = form.split(&format!("<c r=\"{address}\" s=\"")).nth(1).expect("a cell");
        let format: usize = cell.split('"').next().and_then(|number| number.parse().ok()).expect("a format");
        formats[format].contains("locked=\"0\"")
    };
    // The line of the report, a village's figure; the total of two parts, of three villages, a ratio, a label.
    let cells = ["A5", "I12", "D11", "D14", "G12", "B12"];
    assert_eq!(cells.map(is_open), [true, true, false, false, false, false]);
}

/// Forms have no year in their names; samples have.
fn without_year(sample: &str) -> &str {
    sample.rsplit_once('-').map_or(sample, |(form, _)| form)
}

/// The form of a catalogue with another period, without figures.
fn next(form: &str, from: &str, to: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("mappings/{}.toml", without_year(form)));
    let text = fs::read_to_string(path).expect("the catalogue");
    let (from, to) = (format!("period = \"{from}\""), format!("period = \"{to}\""));
    assert_eq!(text.matches(&from).count(), 1, "{form}");
    let document = Document::new("next.toml", text.replace(&from, &to));
    let catalogue = catalogue::decode(&document).expect("a catalogue without mistakes");
    let form = appendix::compose(&catalogue, &[], &Dataset::default());
    let labels: Vec<&str> = catalogue.measures.iter().skip(7).map(|m| m.label.as_str()).collect();
    let mut text = format!("# {}: {}\n# {}\n", catalogue.id, catalogue.title, labels.join(" | "));
    for line in form.to_text().lines().take_while(|line| !line.starts_with("I\t") && !line.starts_with("A\t")) {
        let _ = writeln!(text, "{}", line.replace('\t', " | "));
    }
    text
}

#[test]
fn the_form_of_another_period_is_the_same_file() {
    let forms = [
        next("bieu-thon-2024", "2024", "2025"),
        next("bieu-3-nam-2024", "2024", "2027"),
        next("bieu-5-nam-2025", "2021-2025", "2026-2030"),
        next("bieu-6-thang-2024", "2024-6T", "2024-9T"),
    ];
    matches("next.txt", &forms.join("\n"));
}

/// The form of the next period, with what is known already, is read by the mapping of this one with
/// a catalogue that differs in its period only.
#[test]
fn the_prefilled_form_reads_back_for_the_next_period() {
    let here = tempfile::tempdir().expect("a folder");
    let mappings = Path::new(env!("CARGO_MANIFEST_DIR")).join("mappings");
    for (form, from, to) in [
        ("bieu-thon-2024", "period = \"2024\"", "period = \"2025\""),
        ("bieu-3-nam-2024", "period = \"2024\"", "period = \"2025\""),
        ("bieu-6-thang-2024", "\nperiod = \"2024-6T\"", "\nperiod = \"2025-6T\""),
    ] {
        let out = here.path().join(format!("{form}.xlsx"));
        let out = out.to_str().expect("UTF-8");
        let run = in_project(&["convert", &format!("samples/{form}"), "--prefill", "-o", out]);
        assert!(run.status.success(), "{form}: {}", String::from_utf8_lossy(&run.stderr));
        matches(&format!("{form}.prefilled.txt"), &table(Path::new(out)));

        let text = fs::read_to_string(mappings.join(format!("{}.toml", without_year(form)))).expect("the catalogue");
        assert!(text.contains(from), "{form}");
        fs::write(here.path().join(format!("{}.toml", without_year(form))), text.replace(from, to))
            .expect("a catalogue");
        let mapping = here.path().join(format!("doc-{form}.toml"));
        fs::copy(mappings.join(format!("doc-{}.toml", without_year(form))), &mapping).expect("a mapping");
        let run = in_project(&["validate", out, "-m", mapping.to_str().expect("UTF-8"), "--format", "json"]);
        let report: Value = serde_json::from_slice(&run.stdout).expect("JSON");
        let submission = &report["submissions"][0];
        assert!(submission["readings"].as_u64().is_some_and(|count| count > 5), "{form}: {submission}");
        let codes: Vec<&str> = submission["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .map(|finding| finding["code"].as_str().expect("a code"))
            .filter(|code| *code != "missing-reading")
            .collect();
        assert_eq!(codes, Vec::<&str>::new(), "{form}: what is still to be filled in is missing, and nothing else");
    }
}

/// The page lies beside the sources: the next run knows its own work again, must not take it for a
/// source, and may replace it. A workbook or a table in CSV cannot be told from a source, so they lie
/// elsewhere.
#[test]
fn a_form_beside_its_sources_is_not_read_as_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let sources = folder.path().join("nguồn");
    fs::create_dir(&sources).expect("a folder");
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/bieu-3-nam-2024")).expect("a sample")
    {
        let from = entry.expect("a file").path();
        fs::copy(&from, sources.join(from.file_name().expect("a name"))).expect("a copy");
    }
    let path = |name: &str| sources.join(name).to_str().expect("UTF-8").to_owned();
    let page = path("kiem-tra.html");
    let [form, table] =
        ["bieu.xlsx", "bang.csv"].map(|name| folder.path().join(name).to_str().expect("UTF-8").to_owned());
    let run = || {
        let from = sources.to_str().expect("UTF-8");
        let run = in_project(&["convert", from, "-o", &form, "--table", &table, "--report", &page, "--force"]);
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        [&form, &table, &page].map(|file| fs::read(file).expect("an output"))
    };
    let first = run();
    assert!(first == run(), "the second run writes the same bytes");
}
