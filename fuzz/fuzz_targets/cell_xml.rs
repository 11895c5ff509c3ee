//! A small workbook around a sheet, shared strings and styles. The input is the three parts with
//! a byte FF between them; a part that is missing is an ordinary one.

#![no_main]

use bieu_fuzz::{read_and_check, tolerating_foreign_panics, zip};
use libfuzzer_sys::fuzz_target;

const TYPES: &[u8] = br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
const ROOT: &[u8] = br#"<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &[u8] = br#"<workbook xmlns:r="x"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const RELATIONS: &[u8] = br#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="x/styles" Target="styles.xml"/></Relationships>"#;
const STRINGS: &[u8] = b"<sst><si><t>Di\xE1\xBB\x87n t\xC3\xADch</t></si><si><t>Di\xC3\x96n t\xC3\x9Dch</t></si></sst>";
const STYLES: &[u8] = br#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><fonts><font><name val="Arial"/></font><font><name val=".VnTimeH"/></font></fonts><cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="164" fontId="1"/></cellXfs></styleSheet>"#;

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(3, |&byte| byte == 0xFF);
    let sheet = parts.next().unwrap_or_default();
    let strings = parts.next().unwrap_or(STRINGS);
    let styles = parts.next().unwrap_or(STYLES);
    let file = zip(&[
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", ROOT),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/sharedStrings.xml", strings),
        ("xl/styles.xml", styles),
        ("xl/worksheets/sheet1.xml", sheet),
    ]);
    tolerating_foreign_panics(&file, || read_and_check("a.xlsx", &file));
});
