//! Whole files of binary formats. The first byte says how the rest is taken: as it stands under
//! one of four names, or as the parts of a sound zip file, with a byte FF FE FF between them, so
//! that a changed part does not fail for its checksum alone.

#![no_main]

use bieu_fuzz::{read_and_check, tolerating_foreign_panics, zip};
use libfuzzer_sys::fuzz_target;

const KIND: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
const ROOT: &[u8] = br#"<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>"#;
const RELATIONS: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.bin"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.bin"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.bin"/></Relationships>"#;
const XLSX_RELATIONS: &[u8] = br#"<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

fn parts(data: &[u8]) -> [&[u8]; 4] {
    let mut parts = [&data[..0]; 4];
    let mut rest = data;
    for part in &mut parts {
        let end = rest.windows(3).position(|window| window == b"\xFF\xFE\xFF");
        *part = &rest[..end.unwrap_or(rest.len())];
        rest = end.map_or(&[], |end| &rest[end + 3..]);
    }
    parts
}

fuzz_target!(|data: &[u8]| {
    let Some((&selector, data)) = data.split_first() else { return };
    let [a, b, c, d] = parts(data);
    let (name, file) = match selector % 8 {
        0 => ("a.xlsx", data.to_vec()),
        1 => ("a.ods", data.to_vec()),
        2 => ("a.xls", data.to_vec()),
        3 => ("a.xlsb", data.to_vec()),
        4 => ("a.ods", zip(&[("mimetype", KIND), ("content.xml", a), ("META-INF/manifest.xml", b), ("styles.xml", c)])),
        5 => (
            "a.xlsb",
            zip(&[
                ("_rels/.rels", ROOT),
                ("xl/_rels/workbook.bin.rels", RELATIONS),
                ("xl/workbook.bin", a),
                ("xl/worksheets/sheet1.bin", b),
                ("xl/sharedStrings.bin", c),
                ("xl/styles.bin", d),
            ]),
        ),
        6 => (
            "a.xlsx",
            zip(&[
                ("xl/workbook.xml", a),
                ("xl/_rels/workbook.xml.rels", if b.is_empty() { XLSX_RELATIONS } else { b }),
                ("xl/worksheets/sheet1.xml", c),
                ("_rels/.rels", d),
            ]),
        ),
        // A bare stream of BIFF8 records.
        _ => ("a.xls", [b"\x09\x08\x10\0\0\x06\x05\0\0\0\0\0\0\0\0\0\0\0\0\0", data].concat()),
    };
    tolerating_foreign_panics(&file, || read_and_check(name, &file));
});
