//! What the bytes hold: the parts of one small workbook, read without a spreadsheet program.

use std::io::{Cursor, Read};

use super::{WorkbookInput, workbook};
use crate::{
    compose::appendix::{compose, sample},
    model::{
        catalogue::Catalogue,
        finding::{Code, Explain, Facts, Finding, Hypothesis, Place, Severity, SlipKind},
        reading::{Dataset, Key, Reading},
        report::{CheckCount, ReportEntry, Status, Submission, VerdictCount},
    },
    values::{
        language::{Language, Words},
        number::Decimal,
    },
};

const NOTHING: Words = Words { vi: "", en: "" };
static CODE: Code = Code {
    name: "mau",
    severity: Severity::Error,
    explain: Explain { what: NOTHING, why: NOTHING, fix: NOTHING, example: NOTHING },
};

fn submission(findings: Vec<ReportEntry>) -> Submission {
    Submission {
        path: "du-lieu".into(),
        mapping: None,
        catalogue: None,
        period: None,
        status: Status::Findings,
        files: Vec::new(),
        readings: 3,
        checks: CheckCount::default(),
        not_evaluated: Vec::new(),
        verdicts: VerdictCount::default(),
        form_rules: Vec::new(),
        findings,
    }
}

#[derive(Debug)]
struct Said(String);

impl Facts for Said {
    fn message(&self, _: Language) -> String {
        self.0.clone()
    }

    fn action(&self, _: Language) -> String {
        "sửa".to_owned()
    }
}

/// A finding about the reading of a place.
fn finding(dataset: &Dataset, at: usize, message: &str) -> ReportEntry {
    let place: Option<Place> = dataset.irregular().get(at).map(Reading::place);
    let mut finding = Finding::new(&CODE, Said(message.to_owned()));
    finding.target = place;
    ReportEntry::new(finding, Language::Vi)
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
        before: &[],
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
    assert!(notes.contains("ref=\"F9\"") && notes.contains("lỗi[mau]: Tỷ lệ sai"), "{notes}");
    let links = part(&bytes, "xl/worksheets/_rels/sheet2.xml.rels");
    assert!(links.contains("Target=\"../nguồn%20số/nguon.xlsx\""), "{links}");
    let list = part(&bytes, "xl/worksheets/sheet2.xml");
    assert!(list.contains("location=\"'Biểu  2030'!F9\"") && list.contains("location=\"'S'!D4\""), "{list}");
    assert!(list.contains("<autoFilter "));
}

#[test]
fn origins_lead_to_their_cells_through_one_relation_a_file() {
    let bytes = written(&[], "../nguồn số");
    let sheet = part(&bytes, "xl/worksheets/sheet3.xml");
    let links = part(&bytes, "xl/worksheets/_rels/sheet3.xml.rels");
    assert_eq!(links.matches("<Relationship ").count(), 1, "{links}");
    assert!(links.contains("Target=\"../nguồn%20số/nguon.xlsx\" TargetMode=\"External\""), "{links}");
    // Every reading but the blank ones leads to its cell, and to that of the form that shows it.
    assert!(sheet.matches(" r:id=\"rId1\" location=\"'S'!D").count() >= 14, "{sheet}");
    assert!(sheet.contains("location=\"'Biểu  2030'!E9\" display=\"E9\""), "{sheet}");
    // The area is what the rows fill, and the row that stood for them is gone.
    let rows = sheet.matches("<row r=").count();
    assert!(sheet.contains(&format!("<dimension ref=\"A1:M{rows}\"/>")), "{rows} in {sheet}");
    assert!(sheet.contains("<c r=\"E6\"") && !sheet.contains("<c r=\"N"));
    // In the default print there is only what the sheet is for.
    let book = part(&bytes, "xl/workbook.xml");
    assert!(book.contains(">Nguồn!$A$1:$M$3<"), "{book}");
}

#[test]
fn ratios_among_the_origins_have_the_decimals_of_the_form() {
    let bytes = with_years(
        &sample::catalogue(),
        &[("lua", "actual", "368.7701"), ("lua", "ratio", "99.6676"), ("thu", "ratio", "100")],
        &[],
        Language::Vi,
    );
    let (sheet, styles) = (part(&bytes, "xl/worksheets/sheet3.xml"), part(&bytes, "xl/styles.xml"));
    let format = |value: &str| -> String {
        let cell = sheet.split("<c ").find(|cell| cell.contains(&format!("<v>{value}</v>"))).expect("a cell");
        let style: usize = cell.split("s=\"").nth(1).and_then(|s| s.split('"').next()?.parse().ok()).expect("a style");
        let record =
            styles.split("<cellXfs").nth(1).and_then(|all| all.split("<xf ").nth(style + 1)).expect("a record");
        let id = record.split("numFmtId=\"").nth(1).and_then(|s| s.split('"').next()).expect("a number format");
        let code = styles.split(&format!("<numFmt numFmtId=\"{id}\" formatCode=\"")).nth(1).expect("a code");
        code.split('"').next().expect("a code").to_owned()
    };
    // Rounded to two decimals by its format only.
    assert_eq!(format("99.6676"), "[$-42A]#,##0.00");
    assert_eq!(format("368.7701"), "[$-42A]#,##0.0000");
    assert_eq!(format("100"), "[$-42A]#,##0");
}

#[test]
fn the_directory_tells_no_system() {
    let bytes = written(&[(0, "a")], "");
    let mut entries = 0;
    for at in (0..bytes.len() - 46).filter(|at| bytes[*at..].starts_with(b"PK\x01\x02")) {
        entries += 1;
        assert_eq!((bytes[at + 5], &bytes[at + 38..at + 42]), (0, [0; 4].as_slice()));
    }
    let archive = zip::ZipArchive::new(Cursor::new(&bytes)).expect("a zip");
    assert_eq!(entries, archive.len());
}

#[test]
fn the_likely_cause_stands_beside_the_finding() {
    let catalogue = sample::catalogue();
    let dataset = sample::dataset(&catalogue, &sample::readings());
    let appendix = compose(&catalogue, &sample::fields(), &dataset);
    let mut finding = finding(&dataset, 2, "tỷ lệ sai");
    finding.diagnosis = Some("chép nhầm".to_owned());
    finding.certainty = Some(crate::model::finding::Certainty::Likely);
    let target = finding.target.clone().expect("a place");
    finding.hypotheses.push(Hypothesis {
        kind: SlipKind::Typo,
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
        before: &[],
        submission: &submission,
        fields: &[],
        sources: "",
        language: Language::Vi,
    };
    let bytes = workbook(&input).expect("a workbook");
    let list = part(&bytes, "xl/worksheets/sheet2.xml");
    assert!(list.contains("Chép nhầm&#10;Ô nghi sai: D4, có lẽ là 1.099,67"), "{list}");
    // Header repeated and frozen, filter, across the paper, all columns on one page.
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

/// The workbook of a catalogue with some readings, and with what is known of the period before.
fn with_years(
    catalogue: &Catalogue,
    readings: &[(&str, &str, &str)],
    before: &[(&str, &str, Decimal)],
    language: Language,
) -> Vec<u8> {
    let readings: Vec<_> = readings.iter().map(|(id, of, raw)| (*id, *of, sample::number(raw), *raw)).collect();
    let dataset = sample::dataset(catalogue, &readings);
    let before: Vec<(Key, Decimal)> = before
        .iter()
        .map(|(id, measure, value)| {
            let indicator = catalogue.find(id).expect("an indicator");
            let measure = catalogue.find_measure(measure).expect("a measure");
            (Key { indicator, measure, member: None }, *value)
        })
        .collect();
    let appendix = compose(catalogue, &sample::fields(), &dataset);
    let input = WorkbookInput {
        appendix: &appendix,
        catalogue,
        dataset: &dataset,
        before: &before,
        submission: &submission(Vec::new()),
        fields: &[],
        sources: "",
        language,
    };
    workbook(&input).expect("a workbook")
}

/// The chart of both years, if there is one.
fn chart_of_years(bytes: &[u8], title: &str) -> Option<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let charts = (1..).map_while(|number| {
        let mut text = String::new();
        archive.by_name(&format!("xl/charts/chart{number}.xml")).ok()?.read_to_string(&mut text).ok()?;
        Some(text)
    });
    charts.collect::<Vec<_>>().into_iter().find(|chart| chart.contains(title))
}

const YEARS: &str = "Kết quả năm nay so với năm trước (năm trước = 100)";
/// The results of this year: area of rice, money, poor households.
const RESULTS: [(&str, &str, &str); 3] =
    [("lua", "actual", "368.77"), ("thu", "actual", "150000000"), ("ngheo", "actual", "8")];

#[test]
fn last_year_stands_beside_this_year_where_it_is_given() {
    let before = [("lua", "actual", 400.into()), ("ngheo", "actual", 10.into()), ("thu", "actual", 0.into())];
    let bytes = with_years(&sample::catalogue(), &RESULTS, &before, Language::Vi);
    let chart = chart_of_years(&bytes, YEARS).expect("a chart of both years");
    // Two bars an indicator, from zero on; a result of zero the year before has no percentage.
    assert_eq!(chart.matches("<c:ser>").count(), 2);
    assert!(chart.contains("<c:min val=\"0\"/>") && chart.contains("<c:crossesAt val=\"0\"/>"), "{chart}");
    let sheet = part(&bytes, "xl/worksheets/sheet4.xml");
    let row = |index: &str| -> String {
        let end = format!("*100,2)</f><v>{index}</v>");
        sheet.split("<row ").find(|line| line.contains(&end)).expect("a row").to_owned()
    };
    // 368,77 / 400; what the form shows of this year is followed.
    let rice = row("92.19");
    assert!(rice.contains("<v>400</v>") && rice.contains("<f>'Biểu  2030'!E9</f><v>368.77</v>"), "{rice}");
    assert!(rice.contains("<f>ROUND(F") && rice.contains("*100,2)</f><v>92.19</v>"), "{rice}");
    assert!(row("80").contains("<v>10</v>"));
    assert!(part(&bytes, "xl/sharedStrings.xml").contains("Hộ nghèo (↓)"));
    let points: Vec<&str> =
        chart.split("<c:ptCount val=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(!points.is_empty() && points.iter().all(|count| *count == "2"), "{points:?}");
    let english = with_years(&sample::catalogue(), &RESULTS, &before, Language::En);
    assert!(chart_of_years(&english, "This year beside last year (last year = 100)").is_some());
}

#[test]
fn last_year_is_taken_from_the_form_where_a_result_is_carried_to_it() {
    let measure = |carried: &str| {
        format!(
            "[[measure]]\nid = \"last\"\nlabel = \"Năm trước\"\ncarried = [{carried}]\n[[measure]]\nid = \"next\"\nkind = \"plan\"\n"
        )
    };
    let readings: Vec<_> = RESULTS.into_iter().chain([("lua", "last", "350"), ("ngheo", "last", "16")]).collect();
    let catalogue = sample::catalogue_with(&measure("\"next\", \"actual\""));
    let bytes = with_years(&catalogue, &readings, &[], Language::Vi);
    assert!(chart_of_years(&bytes, YEARS).is_some());
    let sheet = part(&bytes, "xl/worksheets/sheet4.xml");
    // 368,77 / 350 and 8 / 16.
    assert!(sheet.contains("<v>105.36</v>") && sheet.contains("<v>50</v>"), "{sheet}");
    // The period before itself goes before what the form says of it.
    let bytes = with_years(&catalogue, &readings, &[("lua", "actual", 400.into())], Language::Vi);
    let sheet = part(&bytes, "xl/worksheets/sheet4.xml");
    assert!(sheet.contains("<v>92.19</v>") && !sheet.contains("<v>105.36</v>"), "{sheet}");
    // A plan that is carried to the plan is no result, and no last year.
    let readings = [("lua", "last", "350"), ("lua", "next", "500"), ("lua", "actual", "368.77")];
    let bytes = with_years(&sample::catalogue_with(&measure("\"next\"")), &readings, &[], Language::Vi);
    assert_eq!(chart_of_years(&bytes, "năm trước"), None);
}

#[test]
fn without_last_year_there_is_no_chart_of_it() {
    let bytes = with_years(&sample::catalogue(), &RESULTS, &[], Language::Vi);
    assert_eq!(chart_of_years(&bytes, "năm trước"), None);
    assert_eq!(chart_of_years(&written(&[], ""), "năm trước"), None);
    // Nor where only what has no result is known.
    let bytes = with_years(&sample::catalogue(), &RESULTS, &[("ket-nap", "actual", 5.into())], Language::Vi);
    assert_eq!(chart_of_years(&bytes, "năm trước"), None);
}

/// The heights of the rows between two page breaks stay below the height of the paper.
#[test]
fn charts_and_tables_of_the_summary_keep_to_their_pages() {
    let more: Vec<String> = (0..45)
        .map(|at| format!("[[indicator]]\nid = \"x{at}\"\nlabel = \"Chỉ tiêu thứ {at} của biểu có tên khá dài\"\nunit = \"ha\"\nsection = \"kt\"\n"))
        .collect();
    let catalogue = sample::catalogue_with(&more.concat());
    let ids: Vec<String> = (0..45).map(|at| format!("x{at}")).collect();
    let readings: Vec<_> =
        ids.iter().flat_map(|id| [(id.as_str(), "plan", "10"), (id.as_str(), "actual", "9")]).collect();
    let before: Vec<_> = ids.iter().map(|id| (id.as_str(), "actual", 8.into())).collect();
    let sheet = part(&with_years(&catalogue, &readings, &before, Language::Vi), "xl/worksheets/sheet4.xml");
    let breaks: Vec<usize> = sheet
        .split("<brk id=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().expect("a row").parse().expect("a row"))
        .collect();
    let mut pages = vec![0.0; breaks.len() + 1];
    let mut drawn = 0;
    for row in sheet.split("<row r=\"").skip(1) {
        let number: usize = row.split('"').next().expect("a row").parse().expect("a number");
        let tag = row.split('>').next().expect("a tag");
        // Where none is written it is that of every empty row, 21 pixels.
        let height = tag.split(" ht=\"").nth(1).map_or("15.75", |rest| rest.split('"').next().expect("a height"));
        let page = breaks.iter().filter(|before| **before < number).count();
        pages[page] += height.parse::<f64>().expect("points");
        drawn += 1;
    }
    // 45 ratios and 45 years, each in a chart and a row.
    assert!(drawn > 90 && pages.len() > 4, "{pages:?}");
    // A4 has 842 points, 85 of them margins.
    assert!(pages.iter().all(|points| *points <= 757.0), "{pages:?}");
}
