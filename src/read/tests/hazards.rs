//! Files that bring other programs down. Each must end in a finding, or simply be read, without
//! more memory than its size explains: nothing here may take long even unoptimised.

use super::{
    cells, codes,
    files::{
        claim_size, compound, dimensions, number, ods, ods_of, words, xls, xls_stream, xlsx, xlsx_of, xlsx_with, zipped,
    },
    readable, refused,
};
use crate::{
    model::workbook::Position,
    values::language::{Language, counted},
};

#[test]
fn sparse_sheets_are_simply_read() {
    let bytes =
        xlsx("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row>");
    let (book, findings) = readable("sparse.xlsx", &bytes);
    assert_eq!((cells(&book.sheets[0]), findings.len()), ("A1 1 XFD1048576 2".to_owned(), 0));

    let bytes = xls(&[], &[dimensions(65_536, 256), number(0, 0, 1.0), number(65_535, 255, 2.0)]);
    let (book, findings) = readable("sparse.xls", &bytes);
    assert_eq!((cells(&book.sheets[0]), findings.len()), ("A1 1 IV65536 2".to_owned(), 0));

    let cell = |number: u32| format!("<table:table-cell office:value-type=\"float\" office:value=\"{number}\"/>");
    let bytes = ods(&format!(
        "<table:table table:name=\"S\"><table:table-row>{}</table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048574\"><table:table-cell/></table:table-row>\
         <table:table-row><table:table-cell table:number-columns-repeated=\"16383\"/>{}</table:table-row></table:table>",
        cell(1),
        cell(2)
    ));
    let (book, findings) = readable("sparse.ods", &bytes);
    assert_eq!((cells(&book.sheets[0]), findings.len()), ("A1 1 XFD1048576 2".to_owned(), 0));
}

#[test]
fn absurd_count_of_shared_strings() {
    for count in ["99999999999", "4294967296", "99999999999999999999999999"] {
        let strings = format!("<sst count=\"1\" uniqueCount=\"{count}\"><si><t>a</t></si></sst>");
        let bytes = xlsx_of("<worksheet><sheetData/></worksheet>", &strings, "");
        assert_eq!(refused("strings.xlsx", &bytes), "limit-exceeded", "{count}");
    }
}

#[test]
fn absurd_number_of_a_shared_formula() {
    let bytes = xlsx("<row><c r=\"A1\"><f t=\"shared\" ref=\"A1:A2\" si=\"999999999999\">B1</f><v>1</v></c></row>");
    assert_eq!(refused("shared-formula.xlsx", &bytes), "limit-exceeded");
}

#[test]
fn formulas_that_multiply() {
    let long = "B1+".repeat(20_000);
    let more = "<c><f t=\"shared\" si=\"0\"/><v>1</v></c>".repeat(10_000);
    let bytes = xlsx(&format!("<row><c r=\"A1\"><f t=\"shared\" si=\"0\">{long}1</f><v>1</v></c>{more}</row>"));
    let limits = super::Limits { text_bytes: 4 << 20, ..super::Limits::default() };
    let outcome = super::read(&"x.xlsx".into(), &bytes, &limits);
    assert_eq!(outcome.expect_err("too much").code.name, "limit-exceeded");
}

#[test]
fn zip_bombs() {
    let name = "xl/worksheets/sheet1.xml";
    let sheet = format!("<worksheet><sheetData>{}</sheetData></worksheet>", " ".repeat(32 << 20));
    let mut bytes = xlsx_of(&sheet, "<sst/>", "");
    assert!(bytes.len() < 60_000, "{}", bytes.len());
    assert_eq!(refused("bomb.xlsx", &bytes), "limit-exceeded");
    claim_size(&mut bytes, name, 1_000);
    // No more than the claimed size is unpacked, and the part counts as damaged.
    assert_eq!(codes(&readable("bomb-that-lies.xlsx", &bytes).1), ["unreadable-file"]);
    claim_size(&mut bytes, name, 1_850_000_000);
    assert_eq!(refused("bomb-of-gigabytes.xlsx", &bytes), "limit-exceeded");

    let content = format!("<office:document-content>{}", " ".repeat(32 << 20));
    assert_eq!(refused("bomb.ods", &ods_of(&content)), "limit-exceeded");
    let parts: &[(&str, &[u8])] = &[("xl/workbook.bin", &vec![0; 32 << 20])];
    assert_eq!(refused("bomb.xlsb", &zipped(parts)), "limit-exceeded");
}

#[test]
fn parts_together_count() {
    let rows = "<row><c><v>1</v></c></row>".repeat(1_000);
    let limits = super::Limits { inflated_bytes: 20_000, ..super::Limits::default() };
    let outcome = super::read(&"x.xlsx".into(), &xlsx(&rows), &limits);
    assert_eq!(outcome.expect_err("too much").code.name, "limit-exceeded");
}

#[test]
fn too_many_parts() {
    let names: Vec<String> = (0..20_000).map(|number| format!("xl/media/{number}")).collect();
    let mut parts: Vec<(&str, &[u8])> = names.iter().map(|name| (&**name, &b""[..])).collect();
    parts.push(("xl/workbook.xml", b"<workbook/>"));
    assert_eq!(refused("parts.xlsx", &zipped(&parts)), "limit-exceeded");
}

#[test]
fn cells_outside_the_grid() {
    let bytes = xlsx(
        "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"XFE1\"><v>2</v></c></row>\
         <row r=\"1048577\"><c r=\"A1048577\"><v>3</v></c></row><row r=\"4294967295\"><c><v>4</v></c></row>\
         <row r=\"2\"><c r=\"A2\"><v>5</v></c></row>",
    );
    let (book, findings) = readable("grid.xlsx", &bytes);
    assert_eq!(cells(&book.sheets[0]), "A1 1 A2 5");
    assert_eq!(codes(&findings), ["limit-exceeded"]);
    assert!(findings[0].facts.message(Language::En).contains("XFE1"), "{}", findings[0].facts.message(Language::En));
}

#[test]
fn ods_that_breaks_off() {
    let whole = "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"S\"><table:table-row>\
                 <table:table-cell office:value-type=\"float\" office:value=\"1\"><text:p>1</text:p></table:table-cell>\
                 </table:table-row></table:table></office:spreadsheet>";
    readable("whole.ods", &ods_of(whole));
    for end in 1..whole.len() {
        assert_eq!(refused("broken.ods", &ods_of(&whole[..end])), "unreadable-file", "{}", &whole[..end]);
    }
}

#[test]
fn ods_that_repeats() {
    let cell =
        "<table:table-cell table:number-columns-repeated=\"16384\" office:value-type=\"float\" office:value=\"1\"/>";
    for row in [
        format!("<table:table-row table:number-rows-repeated=\"1048576\">{cell}</table:table-row>"),
        format!("<table:table-row>{cell}</table:table-row>").repeat(20),
        "<table:table-row table:number-rows-repeated=\"4294967295\"><table:table-cell office:value-type=\"float\" office:value=\"1\"/></table:table-row>".to_owned(),
    ] {
        let bytes = ods(&format!("<table:table table:name=\"S\">{row}</table:table>"));
        assert_eq!(refused("repeats.ods", &bytes), "limit-exceeded");
    }
}

#[test]
fn xls_that_lies_about_its_size() {
    // The whole grid is what some programs claim for want of something better.
    let (book, findings) = readable("grid.xls", &xls(&[], &[dimensions(65_536, 256), number(0, 0, 1.0)]));
    assert_eq!((cells(&book.sheets[0]), findings.len()), ("A1 1".to_owned(), 0));
    for (rows, columns) in [(1_000_000, 16_384), (u32::MAX, u16::MAX)] {
        let bytes = xls(&[], &[dimensions(rows, columns), number(0, 0, 1.0)]);
        assert_eq!(refused("dimensions.xls", &bytes), "limit-exceeded", "{rows} x {columns}");
    }
    // Records have room for 65,536 columns, sheets have not.
    let (book, findings) =
        readable("wide.xls", &xls(&[], &[number(0, 0, 1.0), number(0, 20_000, 2.0), number(1, 0, 3.0)]));
    assert_eq!(cells(&book.sheets[0]), "A1 1 A2 3");
    assert_eq!(codes(&findings), ["limit-exceeded"]);
    let (book, findings) = readable("honest.xls", &xls(&[], &[dimensions(1, 1), number(4, 3, 1.5)]));
    assert_eq!((cells(&book.sheets[0]), findings.len()), ("D5 1.5".to_owned(), 0));
}

#[test]
fn xls_whose_sectors_run_in_a_circle() {
    let stream = xls_stream(&[], &[number(0, 0, 1.0)]);
    let circle = |table: &mut Vec<u32>| table[4] = 3;
    assert_eq!(refused("circle.xls", &compound("Workbook", &stream, circle)), "unreadable-file");
    let mut bytes = compound("Workbook", &stream, |_| {});
    // The list of the table's sectors goes on in a sector that points to itself.
    let at = bytes.len();
    bytes[68..72].copy_from_slice(&u32::try_from(at / 512 - 1).expect("small").to_le_bytes());
    bytes.extend(std::iter::repeat_n(u32::try_from(at / 512 - 1).expect("small").to_le_bytes(), 128).flatten());
    assert_eq!(refused("circle-of-lists.xls", &bytes), "unreadable-file");
}

#[test]
fn xls_that_breaks_off_anywhere() {
    let strings = (0x00FC, [&words(&[2, 0, 2, 0])[..], &[2, 0, 0, b'a', b'b', 1, 0, 1, 0xA1, 0x1E]].concat());
    let label = (0x00FD, words(&[0, 1, 0, 1, 0]));
    let stream = xls_stream(&[strings], &[number(0, 0, 1.5), label, (0x00BD, words(&[1, 0, 0, 2, 0, 0, 6, 0, 1]))]);
    let (book, _) = readable("whole.xls", &compound("Workbook", &stream, |_| {}));
    assert_eq!(cells(&book.sheets[0]), "A1 1.5 B1 'ạ' A2 0 B2 1");
    for end in 0..stream.len() {
        // Bare streams, so that nothing is padded; whatever comes out, it comes out.
        let outcome = super::read_as("cut.xls", &stream[..end]);
        let flagged = outcome.map_or(true, |(_, findings)| !findings.is_empty());
        assert!(flagged, "cut at {end}");
    }
}

#[test]
fn protected_files() {
    assert_eq!(refused("filepass.xls", &xls(&[(0x002F, words(&[1, 1, 1]))], &[])), "encrypted-file");
    assert_eq!(refused("encrypted.xlsx", &compound("EncryptedPackage", &[0; 64], |_| {})), "encrypted-file");
    let manifest: &[u8] = b"<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    let parts: &[(&str, &[u8])] = &[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", b"\x12\x34"),
        ("META-INF/manifest.xml", manifest),
    ];
    assert_eq!(refused("encrypted.ods", &zipped(parts)), "encrypted-file");
}

#[test]
fn sheets_that_cannot_be_read_are_named() {
    let rows = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><v>1234</v></c></row>";
    let whole = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    let cut = whole.find("34</v>").expect("there");
    let (book, findings) = readable("cut.xlsx", &xlsx_of(&whole[..cut], "<sst/>", ""));
    assert_eq!(cells(&book.sheets[0]), "A1 1", "never the half of a number");
    assert_eq!(codes(&findings), ["unreadable-file"]);
    assert_eq!(findings[0].target.as_ref().and_then(|place| place.sheet.as_deref()), Some("S"));

    let mut bytes = xlsx(rows);
    let at = bytes.windows(24).position(|name| name == b"xl/worksheets/sheet1.xml").expect("there");
    bytes[at + 40] ^= 0xFF;
    let (book, findings) = readable("damaged.xlsx", &bytes);
    assert!(book.sheets[0].get(Position::new(0, 0)).is_none());
    assert_eq!(codes(&findings), ["unreadable-file"]);

    let gone = |bytes: &mut Vec<u8>| {
        for at in 0..bytes.len() {
            if bytes[at..].starts_with(b"sheet1.xml") {
                bytes[at] = b'Z';
            }
        }
    };
    let mut bytes = xlsx_with("", "", "");
    gone(&mut bytes);
    let (_, findings) = readable("gone.xlsx", &bytes);
    assert_eq!(codes(&findings), ["unreadable-file"]);
}

#[test]
fn cells_before_a_damage_are_told_of_piece_by_piece() {
    let cell = "<c r=\"A1\" t=\"x\"><v>1234567</v></c>";
    let sheet = format!("<worksheet><sheetData><row r=\"1\">{}</row></sheetData></worksheet>", cell.repeat(4_000));
    let mut bytes = xlsx_of(&sheet, "<sst/>", "");
    let name = b"xl/worksheets/sheet1.xml";
    let at = bytes.windows(name.len()).rposition(|found| found == name).expect("there");
    // The checksum in the list of parts: that it is wrong is seen at the end.
    bytes[at - 30] ^= 0xFF;
    let (_, findings) = readable("damaged.xlsx", &bytes);
    // Two pieces are whole, whatever is left of a cell at the end of the first. A hundred are told one by one.
    let told = u32::try_from(sheet[..2 * (64 << 10)].matches("</c>").count()).expect("few");
    let more = counted(told - 100, "more cell");
    let said: Vec<String> = findings.iter().map(|finding| finding.facts.message(Language::En)).collect();
    assert!(said.iter().any(|said| said.starts_with(&more)), "{more}: {said:?}");
}

#[test]
fn xlsx_that_breaks_off_anywhere() {
    let whole = xlsx("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c></row>");
    for end in 4..whole.len() {
        // The list of parts stands at the end of a zip file.
        assert_eq!(refused("cut.xlsx", &whole[..end]), "unreadable-file", "{end}");
    }
}
