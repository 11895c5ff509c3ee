//! What each format can say, said and read back.

use super::{
    cells, codes,
    files::{biff, number, ods, words, xls, xls_stream, xlsb, xlsx, xlsx_with, zipped},
    read_as, readable, refused,
};
use crate::model::workbook::{Format, Position, Sheet};

fn format_of<'a>(sheet: &'a Sheet, cell: &str) -> Option<&'a str> {
    sheet.get(Position::parse(cell)?)?.format().map(|code| &**code)
}

#[test]
fn xlsx_values() {
    let styles = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"&quot;(&quot;0&quot;)&quot;\"/></numFmts>\
        <fonts><font><name val=\"Arial\"/></font></fonts><cellStyleXfs><xf numFmtId=\"9\"/></cellStyleXfs>\
        <cellXfs><xf numFmtId=\"0\" fontId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"14\"/><xf numFmtId=\"46\"/></cellXfs></styleSheet>";
    let sheet = "<cols><col min=\"2\" max=\"3\" hidden=\"1\"/><col min=\"4\" max=\"4\" hidden=\"0\"/></cols><sheetData>\
        <row r=\"2\" hidden=\"1\"><c r=\"A2\" s=\"1\"><v>-3</v></c><c r=\"B2\" s=\"2\"><v>45081</v></c><c r=\"C2\" s=\"3\"><v>1.5</v></c>\
        <c t=\"b\"><v>1</v></c><c t=\"e\"><v>#REF!</v></c><c t=\"d\"><v>2023-06-04</v></c></row>\
        <row><c t=\"inlineStr\"><is><r><t>a </t></r><r><t xml:space=\"preserve\"> b</t></r><rPh><t>x</t></rPh></is></c>\
        <c t=\"str\"><f>A1&amp;\"&lt;\"</f><v>x_x000D_\ny</v></c><c><f>SUM(A1:B2)</f></c><c><f>1</f><v/></c><c s=\"1\"/><c t=\"s\"><v>2</v></c>\
        <c t=\"str\"><f>\"\"</f><v></v></c><c><v> 12.50 </v></c></row>\
        <row><c><f t=\"shared\" ref=\"A4:C4\" si=\"0\">A1+$A$1</f><v>1</v></c><c><f t=\"shared\" si=\"0\"/><v>2</v></c></row></sheetData>\
        <mergeCells><mergeCell ref=\"A1:C1\"/><mergeCell ref=\"B2:B2\"/></mergeCells>";
    let (book, findings) = readable("values.xlsx", &xlsx_with(sheet, "<si/><si><t>x</t></si><si><t/></si>", styles));
    assert_eq!(codes(&findings), [""; 0]);
    let sheet = &book.sheets[0];
    assert_eq!(
        cells(sheet),
        "A2 -3 B2 2023-06-04 C2 PT36H0M0S D2 true E2 #REF! F2 2023-06-04 A3 'a  b' B3 =A1&\"<\">'x\r\ny' \
         C3 =SUM(A1:B2)>? D3 =1>? G3 =\"\">'' H3 12.5 A4 =A1+$A$1>1 B4 =B1+$A$1>2"
    );
    assert_eq!(format_of(sheet, "A2"), Some("\"(\"0\")\""));
    assert_eq!((&*sheet.hidden_rows, &*sheet.hidden_columns), (&[1][..], &[1, 2][..]));
    assert_eq!(sheet.merges.iter().map(ToString::to_string).collect::<Vec<_>>(), ["A1:C1"]);
}

#[test]
fn rows_written_alike_say_what_they_say_alone() {
    let rows = [
        r#" r="2" ht="0""#,
        r#" r="3" ht="15""#,
        r#" r="4" ht="15""#,
        r#" r="5" ht="0""#,
        r#" r="6" ht="15" hidden="1""#,
        r#" r="7" ht="15""#,
        r#" r="7x" ht="15""#,
        r#" r="" ht="15""#,
        r#" r="0" ht="15""#,
        r#" ht="15""#,
        r#" r="20""#,
        r#" r="21""#,
        r#" r="30" ht="15" r="31""#,
        r#" r="32" ht="15" r="31""#,
        r#" r="40" ht="15"/><row r="41" ht="15""#,
        r#" r="42" ht="15""#,
        r#" r="999999999999" ht="15""#,
        r#" r="1048577" ht="15""#,
    ];
    let read = |space: &str| {
        let rows = rows.map(|row| format!("<row{}><c><v>1</v></c></row>", row.replace(" r=", &format!("{space}r="))));
        let (book, findings) = readable("rows.xlsx", &xlsx(&rows.concat()));
        (cells(&book.sheets[0]), book.sheets[0].hidden_rows.clone(), codes(&findings))
    };
    // Two blanks, and no row is held against the one before.
    assert_eq!(read(" "), read("  "));
    let (cells, hidden, _) = read(" ");
    assert!(cells.starts_with("A2 1 A3 1 A4 1 A5 1 A6 1 A7 1 A8 1"), "{cells}");
    assert_eq!(hidden, [1, 4, 5]);
}

#[test]
fn legacy_text_by_font() {
    let styles = "<styleSheet><fonts><font><name val=\".VnTime\"/></font><font><name val=\".VnTimeH\"/></font></fonts>\
        <cellXfs><xf fontId=\"0\"/><xf fontId=\"1\"/></cellXfs></styleSheet>";
    let strings = "<si><t>DiÖn tÝch</t></si><si><t>S¶n l\u{AD}îng</t></si>";
    let rows = "<sheetData><row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c><c s=\"1\" t=\"s\"><v>0</v></c></row></sheetData>";
    let (book, findings) = readable("tcvn3.xlsx", &xlsx_with(rows, strings, styles));
    assert_eq!(cells(&book.sheets[0]), "A1 'Diện tích' B1 'Sản lượng' C1 'DIỆN TÍCH'");
    assert_eq!(codes(&findings), ["legacy-encoding"]);
    assert!(
        findings[0].facts.message(super::Language::En).starts_with("3 "),
        "{}",
        findings[0].facts.message(super::Language::En)
    );
}

#[test]
fn ods_values() {
    let bytes = ods("<table:table table:name=\"Vụ xuân\"><table:table-column table:number-columns-repeated=\"2\"/>\
         <table:table-column table:visibility=\"collapse\"/>\
         <table:table-row><table:table-cell table:number-columns-spanned=\"2\" table:number-rows-spanned=\"2\" office:value-type=\"string\">\
         <text:p>Lúa<text:s text:c=\"2\"/>xuân</text:p><text:p>(ha)</text:p><office:annotation><text:p>no</text:p></office:annotation>\
         </table:table-cell><table:covered-table-cell/>\
         <table:table-cell office:value-type=\"percentage\" office:value=\"0.94\"><text:p>94%</text:p></table:table-cell></table:table-row>\
         <table:table-row table:visibility=\"filter\" table:number-rows-repeated=\"2\"><table:table-cell table:number-columns-repeated=\"2\" \
         office:value-type=\"date\" office:date-value=\"2023-06-04T00:00:00\"/></table:table-row>\
         <table:table-row><table:table-cell table:formula=\"of:=SUM([.A1:.B1];1)\" office:value-type=\"float\" office:value=\"5\"/>\
         <table:table-cell table:formula=\"of:=1/0\" office:value-type=\"string\" calcext:value-type=\"error\"><text:p>#DIV/0!</text:p></table:table-cell>\
         <table:table-cell table:formula=\"of:=1\"/><table:table-cell office:value-type=\"boolean\" office:boolean-value=\"true\"/></table:table-row>\
         </table:table>");
    let (book, findings) = readable("values.ods", &bytes);
    assert_eq!(codes(&findings), [""; 0]);
    let sheet = &book.sheets[0];
    assert_eq!(
        cells(sheet),
        "A1 'Lúa  xuân\n(ha)' C1 0.94 A2 2023-06-04 B2 2023-06-04 A3 2023-06-04 B3 2023-06-04 \
         A4 =SUM(A1:B1,1)>5 B4 =1/0>#DIV/0! C4 =1>? D4 true"
    );
    assert_eq!((&*sheet.hidden_rows, &*sheet.hidden_columns), (&[1, 2][..], &[2][..]));
    assert_eq!(sheet.merges.iter().map(ToString::to_string).collect::<Vec<_>>(), ["A1:B2"]);
}

#[test]
fn xls_values() {
    let font = |name: &str| {
        let mut data = vec![0; 14];
        data.extend([u8::try_from(name.len()).expect("short"), 0]);
        data.extend(name.bytes());
        (0x0031, data)
    };
    let xf = |font, code| (0x00E0, words(&[font, code, 0, 0, 0, 0, 0, 0, 0, 0]));
    let globals = [font("Arial"), font(".VnTime"), xf(0, 0), xf(1, 0), xf(0, 14)];
    let label = |column, style, text: &[u8]| {
        (
            0x0204,
            [words(&[0, column, style, u16::try_from(text.len()).expect("short")]), vec![0], text.to_vec()].concat(),
        )
    };
    let formula = |column, value: [u8; 8]| (0x0006, [words(&[1, column, 0]), value.to_vec(), vec![0; 8]].concat());
    let sheet = [
        (0x007D, words(&[2, 3, 0, 0, 1, 0])),
        (0x0208, words(&[1, 0, 4, 0, 0, 0, 0x20, 0])),
        label(0, 1, b"Di\xD6n t\xDDch"),
        (0x027E, [words(&[0, 1, 2]), ((45_081u32 << 2) | 2).to_le_bytes().to_vec()].concat()),
        (0x0205, words(&[0, 2, 0, 0x0117])),
        (0x0205, words(&[0, 3, 0, 0x0001])),
        formula(0, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        (0x0207, [&words(&[2])[..], &[0, b'o', b'k']].concat()),
        formula(1, [0, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        formula(2, [3, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
        formula(3, 2.5f64.to_le_bytes()),
        (0x00E5, words(&[1, 0, 0, 0, 3])),
    ];
    let (book, findings) = readable("values.xls", &xls(&globals, &sheet));
    let sheet = &book.sheets[0];
    assert_eq!(cells(sheet), "A1 'Diện tích' B1 2023-06-04 C1 #REF! D1 true A2 'ok' B2 ? C2 '' D2 2.5");
    assert_eq!((&*sheet.hidden_rows, &*sheet.hidden_columns), (&[1][..], &[2, 3][..]));
    assert_eq!(sheet.merges.iter().map(ToString::to_string).collect::<Vec<_>>(), ["A1:D1"]);
    assert_eq!(codes(&findings), ["legacy-encoding"]);
}

#[test]
fn xls_formulas() {
    let formula = |row, column, value: f64, compiled: &[u8]| {
        let length = u16::try_from(compiled.len()).expect("short");
        let head = [words(&[row, column, 0]), value.to_le_bytes().to_vec(), vec![0; 6]].concat();
        (0x0006, [head, words(&[length]), compiled.to_vec()].concat())
    };
    let text = [0, 0, 0, 0, 0, 0, 0xFF, 0xFF];
    // C1 and C2 share: the cell two to the left, times two.
    let shared = [0x4C, 0, 0, 0xFE, 0xC0, 0x1E, 2, 0, 0x05];
    let sheet = [
        formula(0, 0, 3.0, &[0x25, 1, 0, 4, 0, 1, 0xC0, 1, 0xC0, 0x19, 0x10, 0, 0]),
        formula(0, 2, f64::from_le_bytes(text), &[0x01, 0, 0, 2, 0]),
        (0x04BC, [words(&[0, 1]), vec![2, 2, 0, 2], words(&[9]), shared.to_vec()].concat()),
        (0x0207, [&words(&[2])[..], &[0, b'o', b'k']].concat()),
        formula(1, 2, 8.0, &[0x01, 0, 0, 2, 0]),
        formula(2, 2, 8.0, &[0x39, 0, 0]),
    ];
    let (book, findings) = readable("formulas.xls", &xls(&[], &sheet));
    assert_eq!(cells(&book.sheets[0]), "A1 =SUM(B2:B5)>3 C1 =A1*2>'ok' C2 =A2*2>8 C3 8");
    assert_eq!(codes(&findings), [""; 0]);
}

#[test]
fn xlsb_values() {
    let (book, findings) = readable("values.xlsb", &xlsb(true));
    assert_eq!((book.format, codes(&findings)), (Format::Xlsb, vec!["unreadable-cell G1".to_owned()]));
    let sheet = &book.sheets[0];
    assert_eq!(
        cells(sheet),
        "A1 'một' B1 1.5 C1 #N/A D1 true E1 2023-06-04 F1 'chữ' A2 =SUM(A1:B1)>3 B2 =S!$A$1>'x' C2 =A2*2>6 D2 =B2*2>8"
    );
    assert_eq!((&*sheet.hidden_rows, &*sheet.hidden_columns), (&[1][..], &[2, 3][..]));
    assert_eq!(sheet.merges.iter().map(ToString::to_string).collect::<Vec<_>>(), ["A1:B1"]);
    let (book, findings) = readable("cut.xlsb", &xlsb(false));
    assert_eq!(cells(&book.sheets[0]).len(), cells(sheet).len());
    assert_eq!(codes(&findings), ["unreadable-cell G1", "unreadable-file"]);
}

#[test]
fn bare_biff() {
    let (book, _) = readable("bare.xls", &xls_stream(&[], &[number(2, 1, 1.5)]));
    assert_eq!((book.format, cells(&book.sheets[0])), (Format::Xls, "B3 1.5".to_owned()));
    let bytes = biff(&[
        (0x0009, words(&[2, 16])),
        (0x0003, [words(&[0, 0]), vec![0; 3], 2.5f64.to_le_bytes().to_vec()].concat()),
        (0x0004, [words(&[0, 1]), vec![0; 3], vec![2, b'h', b'a']].concat()),
        (0x0002, [words(&[0, 2]), vec![0; 3], words(&[7])].concat()),
        (0x000A, Vec::new()),
    ]);
    let (book, _) = readable("excel-2.xls", &bytes);
    assert_eq!(cells(&book.sheets[0]), "A1 2.5 B1 'ha' C1 7");
}

#[test]
fn csv_as_the_statistics_office_sends_it() {
    let text = "\u{FEFF}Sản lượng, theo huyện\r\n\r\nTT;Huyện;Sản lượng\r\n1;\"Chợ; Mới\";1.006,3\r\n2;\"hai\r\ndòng\";..\r\n\r\n3;;5\r\n";
    let (book, findings) = readable("so-lieu.csv", text.as_bytes());
    assert_eq!(
        cells(&book.sheets[0]),
        "A1 'Sản lượng, theo huyện' A3 'TT' B3 'Huyện' C3 'Sản lượng' A4 '1' B4 'Chợ; Mới' C4 '1.006,3' \
         A5 '2' B5 'hai\r\ndòng' C5 '..' A7 '3' C7 '5'"
    );
    assert_eq!((book.format, codes(&findings)), (Format::Csv, Vec::new()));
}

#[test]
fn csv_in_tcvn3() {
    let (book, findings) =
        readable("tcvn3.csv", b"TT;Ch\xD8 ti\xAAu\r\n1;Di\xD6n t\xDDch l\xF3a\r\n2;S\xB6n l\xAD\xEEng\r\n");
    assert_eq!(cells(&book.sheets[0]), "A1 'TT' B1 'Chỉ tiêu' A2 '1' B2 'Diện tích lúa' A3 '2' B3 'Sản lượng'");
    assert_eq!(codes(&findings), ["legacy-encoding"]);
}

#[test]
fn html_called_xls() {
    let text = "<html><head><meta charset=utf-8><style>td {x}</style></head><body><table><caption>x</caption>\
        <tr><th rowspan=2>TT<th colspan=2>Diện&nbsp;tích<br>\n (ha)<tr><td>KH</td><td>TH\n  2023</td></tr>\
        <tr style='display: none'><td>1</td><td x:num=\"1006.3\" x:fmla=\"=B1\">1.006,3</td><td><table><tr><td>trong</td></tr></table>ngoài</td></tr>\
        </table><script>if (a<b) c()</script><table><tr><td>hai<td sdval=\"0.94\" sdnum=\"1033;0;0%\">94%<td sdval=45081 sdnum=\"1033;0;DD/MM/YYYY\">04/06/2023\
         <td x:num=45081>04/06/2023<td data-t=n data-v=1.5>1,50</table>";
    let (book, findings) = readable("bao-cao.xls", text.as_bytes());
    assert_eq!(
        cells(&book.sheets[0]),
        "A1 'TT' B1 'Diện\u{A0}tích\n(ha)' B2 'KH' C2 'TH 2023' A3 '1' B3 =B1>1006.3 C3 'ngoài'"
    );
    assert_eq!(book.sheets[0].merges.iter().map(ToString::to_string).collect::<Vec<_>>(), ["A1:A2", "B1:C1"]);
    assert_eq!(book.sheets[0].hidden_rows, [2]);
    assert_eq!(cells(&book.sheets[1]), "A1 'trong'");
    assert_eq!(cells(&book.sheets[2]), "A1 'hai' B1 0.94 C1 2023-06-04 D1 '04/06/2023' E1 1.5");
    assert_eq!((book.format, codes(&findings)), (Format::Html, vec!["wrong-extension".to_owned()]));
}

#[test]
fn spreadsheetml_called_xls() {
    let text = "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>\
        <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">\
        <Styles><Style ss:ID=\"s1\"><NumberFormat ss:Format=\"Percent\"/></Style></Styles>\
        <Worksheet ss:Name=\"Biểu 1\"><Table><Column ss:Index=\"3\" ss:Hidden=\"1\"/>\
        <Row ss:Index=\"2\"><Cell ss:MergeAcross=\"1\"><Data ss:Type=\"String\">a &amp; b</Data><Comment><ss:Data>no</ss:Data></Comment></Cell>\
        <Cell ss:StyleID=\"s1\"><Data ss:Type=\"Number\">0.94</Data></Cell></Row>\
        <Row ss:Hidden=\"1\"><Cell ss:Index=\"2\" ss:Formula=\"=SUM(R[-1]C:R[-1]C[1])\"><Data ss:Type=\"Number\">1</Data></Cell>\
        <Cell><Data ss:Type=\"DateTime\">2023-06-04T00:00:00.000</Data></Cell><Cell ss:Formula=\"=1\"/>\
        <Cell><Data ss:Type=\"Number\">x</Data></Cell></Row></Table>\
        <WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet></Workbook>";
    let (book, findings) = readable("bao-cao.xls", text.as_bytes());
    let sheet = &book.sheets[0];
    assert_eq!(cells(sheet), "A2 'a & b' C2 0.94 B3 =SUM(B2:C2)>1 C3 2023-06-04 D3 =1>?");
    assert_eq!(format_of(sheet, "C2"), Some("0.00%"));
    assert!(sheet.hidden);
    assert_eq!((&*sheet.hidden_rows, &*sheet.hidden_columns), (&[2][..], &[2][..]));
    assert_eq!(codes(&findings), ["unreadable-cell E3", "wrong-extension"]);
    let cut = &text[..text.find("</Table>").expect("there")];
    assert_eq!(refused("cut.xls", cut.as_bytes()), "unreadable-file");
}

#[test]
fn names_do_not_matter() {
    for (name, wrong) in
        [("a.xlsx", 0), ("a.XLSM", 0), ("a.xls", 1), ("a.csv", 1), ("a.dat", 0), ("a", 0), ("d.xls/a.xlsx", 0)]
    {
        let (book, findings) =
            super::read(&name.into(), &xlsx("<row><c><v>1</v></c></row>"), &super::Limits::default())
                .expect("readable");
        assert_eq!((book.format, findings.len()), (Format::Xlsx, wrong), "{name}");
    }
}

#[test]
fn everything_else_is_named() {
    let docx: &[(&str, &[u8])] = &[("[Content_Types].xml", b""), ("word/document.xml", b"")];
    let folder: &[(&str, &[u8])] = &[("a/b.xlsx", b""), ("c.xls", b"")];
    for (bytes, word) in [
        (b"%PDF-1.7 ...".to_vec(), "PDF"),
        (b"\x89PNG\r\n".to_vec(), "PNG"),
        (b"{\\rtf1 x}".to_vec(), "RTF"),
        (Vec::new(), "empty"),
        (b" \r\n\t".to_vec(), "without content"),
        (b"\xEF\xBB\xBF".to_vec(), "without content"),
        (vec![1, 2, 3, 0, 0, 0, 200, 201], "binary"),
        (zipped(docx), "text document"),
        (zipped(folder), "unpack it first"),
        (zipped(&[("x", b"y")]), "zip archive"),
        (b"PK\x03\x04 but no more".to_vec(), "damaged"),
        (b"\xD0\xCF\x11\xE0".to_vec(), "damaged"),
        (super::files::compound("WordDocument", b"x", |_| {}), "Word document"),
        (b"<?xml version=\"1.0\"?><a/>".to_vec(), "XML"),
        (b"{\"a\": 1}".to_vec(), "JSON"),
        (b"<html><body>Login</body></html>".to_vec(), "web page"),
    ] {
        let finding = read_as("x.bin", &bytes).expect_err(word);
        assert_eq!(finding.code.name, "unreadable-file", "{word}");
        assert!(
            finding.facts.message(super::Language::En).contains(word),
            "{word}: {}",
            finding.facts.message(super::Language::En)
        );
    }
}
