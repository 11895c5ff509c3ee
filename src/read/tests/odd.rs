//! Files that programs really write, against the book: each is read as Excel reads it, or told for
//! what it is.

use super::{
    cells, codes,
    files::{biff, compound, number, words, xls, xlsb, xlsx_of, zipped},
    read_as, readable, refused,
};
use crate::model::finding::Severity;

fn message(name: &str, bytes: &[u8]) -> String {
    read_as(name, bytes).expect_err(name).facts.message(super::Language::En)
}

/// A workbook stream of one sheet whose list points `skipped` bytes behind the sheet's beginning; with
/// that beginning or without it.
fn pointing_inside(first: (u16, Vec<u8>), has_beginning: bool) -> Vec<u8> {
    let bof = |kind| (0x0809, words(&[0x0600, kind, 0, 0, 0, 0, 0, 0]));
    let head = |place: u32| {
        let listed = [place.to_le_bytes().as_slice(), &[0, 0, 1, 0, b'S']].concat();
        biff(&[bof(5), (0x0085, listed), (0x000A, Vec::new())])
    };
    let start = if has_beginning { biff(&[bof(16)]) } else { Vec::new() };
    let place = u32::try_from(head(0).len() + start.len()).expect("a small file");
    let sheet = biff(&[first, number(0, 0, 1.5), number(1, 2, 2.0), (0x000A, Vec::new())]);
    compound("Workbook", &[head(place), start, sheet].concat(), |_| {})
}

#[test]
fn sheets_without_a_beginning() {
    for first in [(0x000D, words(&[1])), (0x020B, vec![0; 16]), (0x0200, vec![0; 14])] {
        for has_beginning in [true, false] {
            let (book, findings) = readable("inside.xls", &pointing_inside(first.clone(), has_beginning));
            assert_eq!((cells(&book.sheets[0]), findings.len()), ("A1 1.5 C2 2".to_owned(), 0), "{first:?}");
        }
    }
    // A place in the middle of nowhere is still no sheet.
    let (book, findings) = readable("nowhere.xls", &pointing_inside((0x1234, words(&[1])), false));
    assert_eq!((cells(&book.sheets[0]), codes(&findings)), (String::new(), vec!["unreadable-file".to_owned()]));
}

#[test]
fn sheets_alone_of_no_version() {
    let attributes = [0, 0, 0];
    let old_text = (0x0004, [&words(&[0, 0])[..], &attributes, &[5], b"BIFF2"].concat());
    let old_number = (0x0003, [&words(&[0, 1])[..], &attributes, &1234.5f64.to_le_bytes()].concat());
    let old_integer = (0x0002, [&words(&[0, 2])[..], &attributes, &words(&[1234])].concat());
    let text = (0x0204, [&words(&[1, 0, 0, 5])[..], b"BIFF3"].concat());
    let stream = biff(&[
        (0x0809, words(&[0, 0x10, 0])),
        (0x0200, words(&[0, 0x1000, 0, 0x1000, 0])),
        old_text,
        old_number,
        old_integer,
        text,
        number(1, 1, 8765.5),
        (0x000A, Vec::new()),
    ]);
    let (book, findings) = readable("alone.xls", &stream);
    assert_eq!(cells(&book.sheets[0]), "A1 'BIFF2' B1 1234.5 C1 1234 A2 'BIFF3' B2 8765.5");
    assert_eq!(codes(&findings), [""; 0]);
    // Without its end, the last record cut in two.
    let (book, findings) = readable("cut.xls", &stream[..stream.len() - 8]);
    assert_eq!(cells(&book.sheets[0]), "A1 'BIFF2' B1 1234.5 C1 1234 A2 'BIFF3'");
    assert_eq!(codes(&findings), ["unreadable-file"]);
}

#[test]
fn old_code_pages() {
    for (number, bytes, text) in [
        (10_029, &b"\xFCadowno\xE6\x8D"[..], "Ładowność"),
        (1257, b"\xD0iauliai", "Šiauliai"),
        (1253, b"\xC1\xE8\xDE\xED\xE1", "Αθήνα"),
    ] {
        let length = u16::try_from(bytes.len()).expect("short");
        let stream = biff(&[
            (0x0409, words(&[0, 0x10, 0])),
            (0x0042, words(&[number])),
            (0x0204, [&words(&[0, 0, 0, length])[..], bytes].concat()),
            (0x000A, Vec::new()),
        ]);
        assert_eq!(cells(&readable("page.xls", &stream).0.sheets[0]), format!("A1 '{text}'"));
    }
}

#[test]
fn charts_alone() {
    let chart = (0x0085, [&[0u8; 4][..], &[0, 2, 0]].concat());
    let stream = biff(&[(0x0809, words(&[0x0500, 5, 0, 0])), chart, (0x000A, Vec::new())]);
    assert!(message("graph.xls", &compound("Book", &stream, |_| {})).contains("Microsoft Graph"));
    let empty = biff(&[(0x0809, words(&[0x0500, 5, 0, 0])), (0x000A, Vec::new())]);
    assert!(message("empty.xls", &compound("Book", &empty, |_| {})).contains("holds no worksheet or is damaged"));
    assert_eq!(codes(&readable("one.xls", &xls(&[], &[number(0, 0, 1.0)])).1), [""; 0]);
}

/// Moves all parts of a package from `xl/` to another folder, and says so where `says` is set.
fn moved(package: &[u8], main: &str, says: bool) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(package)).expect("a package");
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).expect("a part");
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut content).expect("memory");
        if let Some(name) = part.name().expect("a name").strip_prefix("xl/") {
            let name = name.replace("workbook.", "book.");
            parts.push((format!("wtf/{name}"), content));
        }
    }
    let relations = format!(
        "<Relationships><Relationship Id=\"rId1\" Type=\"http://x/officeDocument\" Target=\"/{main}\"/></Relationships>"
    );
    if says {
        parts.push(("_rels/.rels".to_owned(), relations.into_bytes()));
    }
    zipped(&parts.iter().map(|(name, content)| (&**name, &**content)).collect::<Vec<_>>())
}

#[test]
fn parts_in_folders_of_their_own() {
    let binary = xlsb(true);
    let whole = cells(&readable("whole.xlsb", &binary).0.sheets[0]);
    let (book, _) = readable("moved.xlsb", &moved(&binary, "wtf/book.bin", true));
    assert_eq!(cells(&book.sheets[0]), whole);
    assert_eq!(refused("lost.xlsb", &moved(&binary, "wtf/book.bin", false)), "unreadable-file");
    let sheet = "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>";
    // Its relationships name /xl/styles.xml, which is gone; that costs formats only.
    let (book, _) = readable("moved.xlsx", &moved(&xlsx_of(sheet, "<sst/>", ""), "wtf/book.xml", true));
    assert_eq!(cells(&book.sheets[0]), "A1 1");
    let other: &[(&str, &[u8])] = &[
        ("_rels/.rels", b"<Relationships><Relationship Id=\"r\" Type=\"http://x/officeDocument\" Target=\"a/b.xml\"/></Relationships>"),
        ("a/b.xml", b"<w:document/>"),
    ];
    assert_eq!(refused("other.xlsx", &zipped(other)), "unreadable-file");
}

#[test]
fn sylk_is_no_csv() {
    for end in ["\r\n", "\n", "\r"] {
        let text = ["ID;PWXL;N;E", "P;PGeneral", "F;P0;DG0G10", "C;Y1;X1;K1", "C;X2;K\"a\"", "E", ""].join(end);
        assert!(message("bang.csv", text.as_bytes()).contains("SYLK"), "{end:?}");
    }
    let (book, _) = readable("ma.csv", "ID;Phường;Số hộ\n1;Đông;20\n2;Tây;30\n".as_bytes());
    assert_eq!(cells(&book.sheets[0]).split(' ').next(), Some("A1"));
    let (book, _) = readable("ma.csv", "ID;P;Q\nC;1;2\nx;3;4\n".as_bytes());
    assert!(cells(&book.sheets[0]).contains("A3 'x'"), "one line of it is no proof");
}

#[test]
fn sheets_that_are_names_alone() {
    let book = |relation: &str| {
        let list = format!(
            "<workbook><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/><sheet name=\"Macro1\" sheetId=\"2\" {relation}/></sheets></workbook>"
        );
        let relations = "<Relationships><Relationship Id=\"rId1\" Type=\"http://x/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
        zipped(&[
            ("xl/workbook.xml", list.as_bytes()),
            ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
            ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>"),
        ])
    };
    for (relation, severity) in
        [("r:id=\"\" state=\"veryHidden\"", Severity::Info), ("r:id=\"rId9\"", Severity::Error), ("", Severity::Error)]
    {
        let (book, findings) = readable("macro.xlsm", &book(relation));
        assert_eq!(cells(&book.sheets[0]), "A1 1");
        assert_eq!(
            (codes(&findings), findings[0].severity),
            (vec!["unreadable-file".to_owned()], severity),
            "{relation}"
        );
    }
}

#[test]
fn texts_of_several_fonts_in_xls() {
    let font = |name: &str, raised: u16, wide: bool| {
        let mut data = [words(&[200, 0, 0, 400, raised]), vec![0; 4]].concat();
        data.push(u8::try_from(name.len()).expect("short"));
        if wide {
            data.push(0);
        }
        data.extend(name.bytes());
        (0x0031, data)
    };
    let xf = |font| (0x00E0, words(&[font, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    let fonts = |wide| [font("Times", 0, wide), font(".VnTime", 0, wide), font("Times", 1, wide), xf(0), xf(1)];
    let head = |column, style, text: &[u8]| words(&[0, column, style, u16::try_from(text.len()).expect("short")]);
    // Excel 97: flags before the text, and runs of two words behind it.
    let rich = |column, style, text: &[u8], runs: &[u16]| {
        let count = u16::try_from(runs.len() / 2).expect("few");
        (0x00D6, [head(column, style, text), vec![0], text.to_vec(), words(&[count]), words(runs)].concat())
    };
    let sheet = [
        rich(0, 0, b"3691", &[3, 2]),
        rich(1, 1, b"Di\xD6n t\xDDch m2", &[11, 2]),
        rich(2, 0, b"x Di\xD6n", &[2, 1]),
        rich(3, 0, b"plain", &[]),
        // Runs that lie, and one that is cut off.
        rich(4, 0, b"lies", &[9, 2, 1, 77]),
        (0x00D6, [head(5, 0, b"cut"), vec![0], b"cut".to_vec(), vec![9, 0, 1]].concat()),
    ];
    let (book, _) = readable("rich.xls", &xls(&fonts(true), &sheet));
    assert_eq!(cells(&book.sheets[0]), "A1 '369¹' B1 'Diện tích m²' C1 'x Diện' D1 'plain' E1 'lies' F1 'cut'");

    // Excel 95: bytes, runs of two bytes, and a code page that TCVN3 must not go through.
    let rich = |column, style, text: &[u8], runs: &[u8]| {
        let count = u8::try_from(runs.len() / 2).expect("few");
        (0x00D6, [head(column, style, text), text.to_vec(), vec![count], runs.to_vec()].concat())
    };
    let bof = |kind| (0x0809, words(&[0x0500, kind, 0, 0]));
    let first = |place: u32| {
        let listed = (0x0085, [place.to_le_bytes().as_slice(), &[0, 0, 1, b'S']].concat());
        let page = (0x0042, words(&[1258]));
        biff(&[&[bof(5), page][..], &fonts(false), &[listed, (0x000A, Vec::new())]].concat())
    };
    let place = u32::try_from(first(0).len()).expect("a small file");
    let sheet = [
        bof(16),
        rich(0, 0, b"\xD0\xE0n 3691", &[7, 2]),
        rich(1, 0, b"\xD0\xE0n Di\xD6n", &[4, 1]),
        rich(2, 0, b"cut", &[200, 2]),
        (0x000A, Vec::new()),
    ];
    let (book, _) = readable("rich95.xls", &compound("Book", &[first(place), biff(&sheet)].concat(), |_| {}));
    assert_eq!(cells(&book.sheets[0]), "A1 'Đàn 369¹' B1 'Đàn Diện' C1 'cut'");
}

#[test]
fn texts_of_several_fonts_in_spreadsheetml() {
    let data = |text: &str| {
        format!("<Cell><ss:Data ss:Type=\"String\" xmlns=\"http://www.w3.org/TR/REC-html40\">{text}</ss:Data></Cell>")
    };
    let cells_of = [
        "369<Sup>1</Sup>",
        "<B>m<Sup><Font html:Size=\"8\">2</Font></Sup></B> đất",
        "x <Font html:Face=\".VnTime\">Di\u{D6}n t\u{DD}ch</Font> <Font html:Face=\"Arial\">y</Font>",
        "H<Sub>2</Sub>O",
        "<I>thường</I>",
        "",
    ];
    let text = format!(
        "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet ss:Name=\"S\"><Table><Row>{}</Row></Table></Worksheet></Workbook>",
        cells_of.map(data).concat()
    );
    let (book, _) = readable("rich.xml", text.as_bytes());
    assert_eq!(cells(&book.sheets[0]), "A1 '369¹' B1 'm² đất' C1 'x Diện tích y' D1 'H2O' E1 'thường'");
}

#[test]
fn raised_parts_of_ods() {
    let style = |name: &str, position: &str, more: &str| {
        format!(
            "<style:style style:name=\"{name}\" style:family=\"text\" {more}><style:text-properties style:text-position=\"{position}\"/></style:style>"
        )
    };
    let cell = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let span = |style: &str, text: &str| format!("<text:span text:style-name=\"{style}\">{text}</text:span>");
    let content = format!(
        "<office:document-content><office:automatic-styles>{}{}{}<style:style style:name=\"T4\" style:family=\"text\" style:parent-style-name=\"Trên\"/></office:automatic-styles>\
         <office:body><office:spreadsheet><table:table table:name=\"S\"><table:table-row>{}{}{}{}{}{}</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>",
        style("T1", "super 58%", ""),
        style("T2", "33% 58%", ""),
        style("T3", "sub 58%", ""),
        cell(&format!("369{}", span("T1", "1"))),
        cell(&format!("m{} đất", span("T2", "2"))),
        cell(&format!("H{}O", span("T3", "2"))),
        cell(&format!("369{}", span("T4", "3"))),
        cell(&format!("{}5", span("Trên", &format!("1{}", span("khác", "2"))))),
        cell(&span("khác", "9")),
    );
    let styles = format!(
        "<office:document-styles><office:styles>{}</office:styles></office:document-styles>",
        style("Trên", "super 58%", "")
    );
    let parts: &[(&str, &[u8])] = &[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
        ("styles.xml", styles.as_bytes()),
    ];
    let (book, _) = readable("raised.ods", &zipped(parts));
    assert_eq!(cells(&book.sheets[0]), "A1 '369¹' B1 'm² đất' C1 'H2O' D1 '369³' E1 '¹²5' F1 '9'");
}
