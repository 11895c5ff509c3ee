//! What the bytes hold: the parts of one small workbook, read without a spreadsheet program.

use std::io::{Cursor, Read};

use super::{WorkbookInput, workbook};
use crate::{
    appendix::{compose, sample},
    finding::{Code, Explain, Finding, Hypothesis, Place, Severity},
    language::{Language, Words},
    reading::{Dataset, Reading},
    report::{CheckCount, Status, Submission, VerdictCount},
};

const NOTHING: Words = Words { vi: "", en: "" };
static CODE: Code = Code {
    name: "mau",
    severity: Severity::Error,
    explain: Explain { what: NOTHING, why: NOTHING, fix: NOTHING, example: NOTHING },
};

fn submission(findings: Vec<Finding>) -> Submission {
    Submission {
        path: "du-lieu".into(),
        mapping: None,
        catalogue: None,
        period: None,
        status: Status::Findings,
        files: Vec::new(),
        readings: 3,
        checks: CheckCount::default(),
        verdicts: VerdictCount::default(),
        findings,
    }
}

/// A finding about the reading of a place.
fn finding(dataset: &Dataset, at: usize, message: &str) -> Finding {
    let place: Option<Place> = dataset.iter().nth(at).map(Reading::place);
    let mut finding = Finding::new(&CODE, message.to_owned(), "sửa".to_owned());
    finding.target = place;
    finding
}

fn written(findings: &[(usize, &str)], sources: &str) -> Vec<u8> {
    let catalogue = sample::catalogue();
    let dataset = sample::dataset(&catalogue, &sample::readings());
    let fields = sample::fields();
    let appendix = compose(&catalogue, &fields, &dataset);
    let submission = submission(findings.iter().map(|(at, text)| finding(&dataset, *at, text)).collect());
    let input = WorkbookInput {
        appendix: &appendix,
        catalogue: &catalogue,
        dataset: &dataset,
        submission: &submission,
        fields: &fields,
        sources,
        language: Language::Vi,
    };
    workbook(&input).expect("a workbook")
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut text = String::new();
    archive.by_name(name).expect("a part").read_to_string(&mut text).expect("text");
    text
}

/// The cell of the form at an address, with its style left out.
fn cell(form: &str, address: &str) -> String {
    let start = form.find(&format!("<c r=\"{address}\"")).expect("a cell");
    let length =
        form[start..].find("</c>").map_or(0, |at| at + 4).min(form[start..].find("/>").map_or(usize::MAX, |at| at + 2));
    let text = &form[start..start + length];
    let style = text.find(" s=\"").expect("a style");
    let end = style + 4 + text[style + 4..].find('"').expect("a quote") + 1;
    format!("{}{}", &text[..style], &text[end..])
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let once = written(&[(0, "a")], "");
    assert!(once == written(&[(0, "a")], ""));
    let properties = part(&once, "docProps/core.xml");
    assert!(properties.contains("2030-12-31T00:00:00Z"), "{properties}");
    assert!(properties.contains("<dc:creator>Xã Mẫu</dc:creator>"), "{properties}");
}

#[test]
fn computed_cells_are_formulas_with_the_exact_result() {
    let form = part(&written(&[], ""), "xl/worksheets/sheet1.xml");
    // Two lines of title, the attachment, the closing line, air, two rows of header, a section.
    assert_eq!(cell(&form, "E9"), "<c r=\"E9\"><v>368.77</v></c>");
    assert_eq!(
        cell(&form, "F9"),
        "<c r=\"F9\"><f>IF(AND(ISNUMBER(E9),ISNUMBER(D9)),IF(D9&gt;0,ROUND(E9/D9*100,2),\"\"),\"\")</f><v>99.67</v></c>"
    );
    assert_eq!(
        cell(&form, "H9"),
        "<c r=\"H9\" t=\"str\"><f>IF(AND(ISNUMBER(E9),ISNUMBER(D9)),IF(E9&gt;D9,\"Vượt\",IF(E9=D9,\"Đạt\",\"Không đạt\")),\"\")</f><v>Không đạt</v></c>"
    );
    // A share is a part of another row.
    assert!(cell(&form, "G10").contains("ROUND(E10/E9*100,2)"));
    // Lower is better.
    assert!(cell(&form, "H13").contains("IF(E13&lt;D13,\"Vượt\""));
    // A bound is decided by its number, and only while it stands there.
    assert!(cell(&form, "H14").contains("D14=\"&gt; 90\"),IF(E14&gt;90,\"Đạt\",\"Không đạt\")"));
    assert!(cell(&form, "H15").contains("AND(E15&gt;=2,E15&lt;=5),\"(Dự kiến Đạt)\""));
    // Nothing to compute yet: empty and not 0.
    assert!(cell(&form, "F10").ends_with("<v></v></c>"), "{}", cell(&form, "F10"));
}

#[test]
fn what_a_sheet_cannot_compute_with_is_text_and_has_no_formula() {
    let bytes = written(&[], "");
    let form = part(&bytes, "xl/worksheets/sheet1.xml");
    let texts = part(&bytes, "xl/sharedStrings.xml");
    // 17 digits.
    assert!(cell(&form, "E11").contains("t=\"s\""));
    assert!(texts.contains("<t>1.234.567.890.123.456,5</t>"));
    assert_eq!(cell(&form, "F11"), "<c r=\"F11\"><v>100</v></c>");
    assert!(!cell(&form, "H11").contains("<f>"));
    // A text that looks like a formula.
    assert!(cell(&form, "E16").contains("t=\"s\"") && texts.contains("<t>=1+1</t>"));
    assert_eq!(form.matches("<f>").count(), form.matches("<f>IF(").count());
}

#[test]
fn the_form_is_ready_to_print() {
    let bytes = written(&[], "");
    let form = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(form.contains("<headerFooter differentFirst=\"1\"><oddHeader>&amp;C"));
    assert!(form.contains("<pane ySplit=\"7\" topLeftCell=\"A8\""));
    assert!(form.contains("paperSize=\"9\"") && form.contains("fitToHeight=\"0\""));
    let book = part(&bytes, "xl/workbook.xml");
    for expected in
        ["<sheet name=\"Biểu  2030\"", "<sheet name=\"Kiểm tra\"", "<sheet name=\"Nguồn\"", "'Biểu  2030'!$6:$7"]
    {
        assert!(book.contains(expected), "{expected} in {book}");
    }
    // Sub-rows are indented, headers merged.
    assert!(form.contains("<mergeCell ref=\"E6:F6\"/>") && form.contains("<mergeCell ref=\"A6:A7\"/>"));
    assert!(part(&bytes, "xl/styles.xml").contains("indent=\"1\""));
}

#[test]
fn findings_are_listed_linked_and_noted() {
    let bytes = written(&[(2, "tỷ lệ sai")], "../nguồn số");
    let notes = part(&bytes, "xl/comments1.xml");
    assert!(notes.contains("ref=\"F9\"") && notes.contains("lỗi[mau]: tỷ lệ sai"), "{notes}");
    let links = part(&bytes, "xl/worksheets/_rels/sheet2.xml.rels");
    assert!(links.contains("Target=\"../nguồn%20số/nguon.xlsx\""), "{links}");
    let list = part(&bytes, "xl/worksheets/sheet2.xml");
    assert!(list.contains("location=\"'Biểu  2030'!F9\"") && list.contains("location=\"'S'!D4\""), "{list}");
    assert!(list.contains("<autoFilter "));
}

#[test]
fn the_likely_cause_stands_beside_the_finding() {
    let catalogue = sample::catalogue();
    let dataset = sample::dataset(&catalogue, &sample::readings());
    let appendix = compose(&catalogue, &sample::fields(), &dataset);
    let mut finding = finding(&dataset, 2, "tỷ lệ sai");
    finding.diagnosis = Some("chép nhầm".to_owned());
    let target = finding.target.clone().expect("a place");
    finding.hypotheses.push(Hypothesis {
        kind: "typo".into(),
        target,
        to: "1099.67".into(),
        resolves: 1,
        together: Vec::new(),
    });
    let submission = submission(vec![finding]);
    let input = WorkbookInput {
        appendix: &appendix,
        catalogue: &catalogue,
        dataset: &dataset,
        submission: &submission,
        fields: &[],
        sources: "",
        language: Language::Vi,
    };
    let bytes = workbook(&input).expect("a workbook");
    let texts = part(&bytes, "xl/sharedStrings.xml");
    assert!(texts.contains("chép nhầm\nNghi D4: lẽ ra là 1.099,67"), "{texts}");
    // Header repeated and frozen, filter, across the paper, all columns on one page.
    let list = part(&bytes, "xl/worksheets/sheet2.xml");
    for expected in ["<autoFilter ", "state=\"frozen\"", "orientation=\"landscape\"", "fitToHeight=\"0\""] {
        assert!(list.contains(expected), "{expected}");
    }
    assert!(part(&bytes, "xl/workbook.xml").contains("'Kiểm tra'!$5:$5"));
}

#[test]
fn no_findings_are_said() {
    let bytes = written(&[], "");
    assert!(part(&bytes, "xl/sharedStrings.xml").contains("Không phát hiện lỗi"));
    assert!(!part(&bytes, "xl/worksheets/sheet2.xml").contains("<autoFilter "));
}

#[test]
fn long_and_odd_texts_do_not_stop_the_workbook() {
    let long = "dài ".repeat(20_000);
    let bytes = written(&[(0, &long), (4, "\u{1}\u{b}=@"), (99, "không có chỗ")], &"a/".repeat(2_000));
    assert!(part(&bytes, "xl/sharedStrings.xml").contains('…'));
}

#[test]
fn flagged_rows_are_marked_where_nothing_is_printed() {
    let bytes = written(&[(2, "tỷ lệ sai")], "");
    let form = part(&bytes, "xl/worksheets/sheet1.xml");
    // The form has the columns A to H.
    assert!(part(&bytes, "xl/workbook.xml").contains("'Biểu  2030'!$A$1:$H$"));
    assert!(cell(&form, "I9").contains("t=\"s\""), "{}", cell(&form, "I9"));
    assert!(part(&bytes, "xl/sharedStrings.xml").contains("<t>◄ F9</t>"));
    assert!(part(&bytes, "xl/styles.xml").contains("FFFFB3A7"));
    assert!(!part(&written(&[], ""), "xl/sharedStrings.xml").contains('◄'));
}

#[test]
fn verdicts_are_counted_by_formulas_over_the_form() {
    let bytes = written(&[], "");
    let sheet = part(&bytes, "xl/worksheets/sheet4.xml");
    // Three indicators in the first section: 368,77 of 370, 175 of 0, and 17 digits that are equal.
    let counts = ["C6", "D6", "E6", "F6", "G6", "H6"].map(|address| cell(&sheet, address));
    assert_eq!(counts[0], "<c r=\"C6\"><v>3</v></c>");
    assert_eq!(counts[1], "<c r=\"D6\"><f>SUMPRODUCT(0+(('Biểu  2030'!H9:H11=\"Vượt\")))</f><v>1</v></c>");
    assert!(counts[3].contains("=\"Không đạt\"") && counts[3].ends_with("<v>1</v></c>"), "{}", counts[3]);
    assert_eq!(counts[4], "<c r=\"G6\"><f>C6-D6-E6-F6</f><v>0</v></c>");
    assert_eq!(counts[5], "<c r=\"H6\"><f>D6+E6</f><v>2</v></c>");
    assert!(cell(&sheet, "D8").contains("<f>SUM(D6:D7)</f>"), "{}", cell(&sheet, "D8"));
    // A word for what is expected counts as well.
    assert!(cell(&sheet, "E7").contains("=\"(Dự kiến Đạt)\""), "{}", cell(&sheet, "E7"));
}

#[test]
fn ratios_are_charted_from_the_highest_on_around_the_mark() {
    let bytes = written(&[], "");
    let chart = part(&bytes, "xl/charts/chart1.xml");
    assert!(chart.contains("<c:crossesAt val=\"100\"/>") && chart.contains("<c:barDir val=\"bar\"/>"), "{chart}");
    assert!(
        chart.contains("<c:orientation val=\"maxMin\"/>") && chart.contains("Thực hiện so với Kế hoạch"),
        "{chart}"
    );
    let sheet = part(&bytes, "xl/worksheets/sheet4.xml");
    let range = chart.split("<c:val>").nth(1).and_then(|rest| rest.split("$C$").nth(1)).expect("values");
    let first: u32 = range.split(':').next().and_then(|row| row.parse().ok()).expect("a row");
    let values: Vec<f64> = (first..)
        .map_while(|row| {
            let address = format!("<c r=\"C{row}\"");
            let rest = &sheet[sheet.find(&address)?..];
            rest.split("<v>").nth(1)?.split('<').next()?.parse().ok()
        })
        .collect();
    assert!(values.len() > 1 && values.is_sorted_by(|a, b| a >= b), "{values:?}");
}
