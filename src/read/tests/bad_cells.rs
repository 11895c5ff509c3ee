//! One bad cell costs that cell.

use super::{
    cells, codes,
    files::{ods, words, xls, xlsx, xlsx_with},
    readable,
};

#[test]
fn in_xlsx() {
    for (bad, value, raw) in [
        ("<c r=\"B1\" t=\"e\"><v>#SPILL!</v></c>", "B1 #SPILL! ", Some("#SPILL!")),
        ("<c r=\"B1\" t=\"s\"><v>99</v></c>", "", Some("99")),
        ("<c r=\"B1\" t=\"s\"><v>-1</v></c>", "", Some("-1")),
        ("<c r=\"B1\" t=\"n\"><v>1.006,3</v></c>", "", Some("1.006,3")),
        ("<c r=\"B1\"><v>NaN</v></c>", "", Some("NaN")),
        ("<c r=\"B1\"><v>1e999</v></c>", "", Some("1e999")),
        ("<c r=\"B1\" t=\"b\"><v>2</v></c>", "", Some("2")),
        ("<c r=\"B1\" t=\"zz\"><v>2</v></c>", "", Some("2")),
        ("<c r=\"B1\"><v>7</v><extLst><ext><c r=\"Z9\"><v>8</v></c></ext></extLst></c>", "B1 7 ", None),
    ] {
        let bytes = xlsx(&format!(
            "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c>{bad}<c r=\"C1\"><v>3</v></c></row><row r=\"2\"><c r=\"A2\"><v>4</v></c></row>"
        ));
        let (book, findings) = readable("cell.xlsx", &bytes);
        assert_eq!(cells(&book.sheets[0]), format!("A1 'một' {value}C1 3 A2 4"), "{bad}");
        assert_eq!(codes(&findings), ["unreadable-cell B1"], "{bad}");
        assert_eq!(findings[0].target.as_ref().and_then(|place| place.raw.as_deref()), raw, "{bad}");
    }
}

#[test]
fn many_are_counted() {
    let bytes = xlsx(&"<row><c t=\"s\"><v>99</v></c></row>".repeat(1_000));
    let (_, findings) = readable("cells.xlsx", &bytes);
    assert_eq!(findings.len(), 101);
    assert!(
        findings[100].facts.message(super::Language::En).contains("900"),
        "{}",
        findings[100].facts.message(super::Language::En)
    );
}

#[test]
fn without_strings_only_texts_are_lost() {
    let bytes = xlsx_with("<sheetData><row><c t=\"s\"><v>0</v></c><c><v>2</v></c></row></sheetData>", "<si><t>cut", "");
    let (book, _) = readable("strings.xlsx", &bytes);
    assert!(cells(&book.sheets[0]).ends_with("B1 2"));
}

#[test]
fn in_xls() {
    let label = |column, index| (0x00FD, words(&[0, column, 0, index, 0]));
    let strings = (0x00FC, [&words(&[1, 0, 1, 0])[..], &[2, 0, 0, b'a', b'b']].concat());
    let (book, findings) = readable("cell.xls", &xls(&[strings], &[label(0, 0), label(1, 7), label(2, 0)]));
    assert_eq!(cells(&book.sheets[0]), "A1 'ab' C1 'ab'");
    assert_eq!(codes(&findings), ["unreadable-cell B1"]);
}

#[test]
fn in_ods() {
    let bytes = ods("<table:table table:name=\"S\"><table:table-row>\
         <table:table-cell office:value-type=\"float\" office:value=\"1,5\"/>\
         <table:table-cell office:value-type=\"float\" office:value=\"2\"/></table:table-row></table:table>");
    let (book, findings) = readable("cell.ods", &bytes);
    assert_eq!(cells(&book.sheets[0]), "B1 2");
    assert_eq!(codes(&findings), ["unreadable-cell A1"]);
}
