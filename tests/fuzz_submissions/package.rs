//! Sheets as the files that offices hand in: the smallest packages that are read as such.

use std::fmt::Write as _;

/// Number formats; the style 0 of a cell has none, 1 is the first of these.
pub(super) const FORMATS: [&str; 12] = [
    "0.0%",
    "#,##0",
    "#,##0.0",
    "#,##0.0,,",
    "0.00",
    "0\" tạ\"",
    "dd/mm/yyyy",
    ";;;",
    "#,##0\" nghìn\"",
    "@",
    "#,##0.00_);[Red](#,##0.00)",
    "# ?/?",
];

#[derive(Clone, Default)]
pub(super) enum Content {
    #[default]
    Blank,
    Text(String),
    /// As a file stores it.
    Number(String),
    /// With the result that the file holds, if it does.
    Formula(String, Option<String>),
    Error(&'static str),
}

#[derive(Clone, Default)]
pub(super) struct Cell {
    pub(super) content: Content,
    pub(super) style: usize,
}

impl Cell {
    pub(super) fn text(text: &str) -> Self {
        Self { content: Content::Text(text.to_owned()), style: 0 }
    }

    pub(super) fn number(stored: String) -> Self {
        Self { content: Content::Number(stored), style: 0 }
    }

    /// As a file without types shows it.
    pub(super) fn plain(&self) -> &str {
        match &self.content {
            Content::Blank => "",
            Content::Text(text) | Content::Number(text) => text,
            Content::Formula(_, result) => result.as_deref().unwrap_or_default(),
            Content::Error(error) => error,
        }
    }
}

#[derive(Clone, Default)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) rows: Vec<Vec<Cell>>,
    /// First row and column, last row and column.
    pub(super) merges: Vec<[usize; 4]>,
    pub(super) hidden_rows: Vec<usize>,
    pub(super) hidden: bool,
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

pub(super) fn letters(column: usize) -> String {
    let letter = |at: usize| char::from(b'A' + u8::try_from(at % 26).unwrap_or(0));
    if column < 26 { letter(column).to_string() } else { format!("{}{}", letter(column / 26 - 1), letter(column)) }
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}

/// A zip file of stored parts.
fn zip(parts: &[(String, String)]) -> Vec<u8> {
    let le = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in parts {
        let mut head = vec![20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0x54];
        head.extend(crc32(data.as_bytes()).to_le_bytes());
        head.extend(le(data.len()));
        head.extend(le(data.len()));
        head.extend(&le(name.len())[..2]);
        head.extend([0, 0]);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&head);
        directory.extend([0; 10]);
        directory.extend(le(file.len()));
        directory.extend(name.as_bytes());
        file.extend(b"PK\x03\x04");
        file.extend(&head);
        file.extend(name.as_bytes());
        file.extend(data.as_bytes());
    }
    let (at, count) = (file.len(), le(parts.len()));
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend([count[0], count[1], count[0], count[1]]);
    file.extend(le(directory.len()));
    file.extend(le(at));
    file.extend([0, 0]);
    file
}

const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

pub(super) fn xlsx(sheets: &[Sheet], shared: bool) -> Vec<u8> {
    let mut strings: Vec<&str> = Vec::new();
    let (mut listed, mut relations) = (String::new(), String::new());
    let mut parts = Vec::new();
    for (number, sheet) in sheets.iter().enumerate() {
        let state = if sheet.hidden { " state=\"hidden\"" } else { "" };
        let name = escaped(&sheet.name);
        let _ = write!(listed, "<sheet name=\"{name}\" sheetId=\"{}\"{state} r:id=\"rId{number}\"/>", number + 1);
        let _ = write!(
            relations,
            "<Relationship Id=\"rId{number}\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
        );
        let mut xml = String::from("<worksheet><sheetData>");
        for (at, row) in sheet.rows.iter().enumerate() {
            let hidden = if sheet.hidden_rows.contains(&at) { " hidden=\"1\"" } else { "" };
            let _ = write!(xml, "<row r=\"{}\"{hidden}>", at + 1);
            for (column, cell) in row.iter().enumerate() {
                let place = format!("r=\"{}{}\" s=\"{}\"", letters(column), at + 1, cell.style);
                match &cell.content {
                    Content::Blank => {}
                    Content::Text(text) if shared => {
                        let place_of = strings.iter().position(|known| known == text).unwrap_or_else(|| {
                            strings.push(text);
                            strings.len() - 1
                        });
                        let _ = write!(xml, "<c {place} t=\"s\"><v>{place_of}</v></c>");
                    }
                    Content::Text(text) => {
                        let _ = write!(
                            xml,
                            "<c {place} t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                            escaped(text)
                        );
                    }
                    Content::Number(number) => {
                        let _ = write!(xml, "<c {place}><v>{number}</v></c>");
                    }
                    Content::Formula(formula, result) => {
                        let result = result.as_ref().map(|result| format!("<v>{result}</v>")).unwrap_or_default();
                        let _ = write!(xml, "<c {place}><f>{formula}</f>{result}</c>");
                    }
                    Content::Error(error) => {
                        let _ = write!(xml, "<c {place} t=\"e\"><v>{error}</v></c>");
                    }
                }
            }
            xml.push_str("</row>");
        }
        xml.push_str("</sheetData>");
        if !sheet.merges.is_empty() {
            xml.push_str("<mergeCells>");
            for [top, left, bottom, right] in &sheet.merges {
                let _ =
                    write!(xml, "<mergeCell ref=\"{}{}:{}{}\"/>", letters(*left), top + 1, letters(*right), bottom + 1);
            }
            xml.push_str("</mergeCells>");
        }
        xml.push_str("</worksheet>");
        parts.push((format!("xl/worksheets/sheet{number}.xml"), xml));
    }
    let strings: String =
        strings.iter().map(|text| format!("<si><t xml:space=\"preserve\">{}</t></si>", escaped(text))).collect();
    let formats: String = FORMATS
        .iter()
        .enumerate()
        .map(|(at, code)| format!("<numFmt numFmtId=\"{}\" formatCode=\"{}\"/>", 170 + at, escaped(code)))
        .collect();
    let styles: String =
        (0..FORMATS.len()).map(|at| format!("<xf numFmtId=\"{}\" applyNumberFormat=\"1\"/>", 170 + at)).collect();
    parts.extend(
        [
            ("[Content_Types].xml", "<Types/>".to_owned()),
            ("_rels/.rels", format!("<Relationships><Relationship Id=\"r\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>")),
            ("xl/workbook.xml", format!("<workbook><sheets>{listed}</sheets></workbook>")),
            (
                "xl/_rels/workbook.xml.rels",
                format!("<Relationships>{relations}<Relationship Id=\"t\" Type=\"{RELATIONS}/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"u\" Type=\"{RELATIONS}/styles\" Target=\"styles.xml\"/></Relationships>"),
            ),
            ("xl/sharedStrings.xml", format!("<sst>{strings}</sst>")),
            ("xl/styles.xml", format!("<styleSheet><numFmts>{formats}</numFmts><cellXfs><xf numFmtId=\"0\"/>{styles}</cellXfs></styleSheet>")),
        ]
        .map(|(name, content)| (name.to_owned(), content)),
    );
    zip(&parts)
}

pub(super) fn csv(sheet: &Sheet, mark: char) -> Vec<u8> {
    let mut out = String::new();
    for row in &sheet.rows {
        let fields: Vec<String> = row.iter().map(|cell| format!("\"{}\"", cell.plain().replace('"', "\"\""))).collect();
        out.push_str(&fields.join(&mark.to_string()));
        out.push_str("\r\n");
    }
    out.into_bytes()
}

/// An `OpenDocument` file.
pub(super) fn ods(sheets: &[Sheet]) -> Vec<u8> {
    let mut out = String::from("<office:document-content><office:body><office:spreadsheet>");
    for sheet in sheets {
        let _ = write!(out, "<table:table table:name=\"{}\">", escaped(&sheet.name));
        for (at, row) in sheet.rows.iter().enumerate() {
            let hidden = if sheet.hidden_rows.contains(&at) { " table:visibility=\"collapse\"" } else { "" };
            let _ = write!(out, "<table:table-row{hidden}>");
            for cell in row {
                let text = escaped(cell.plain());
                let _ = match &cell.content {
                    Content::Blank => write!(out, "<table:table-cell/>"),
                    Content::Number(number) => write!(
                        out,
                        "<table:table-cell office:value-type=\"float\" office:value=\"{number}\"><text:p>{text}</text:p></table:table-cell>"
                    ),
                    Content::Text(_) | Content::Formula(..) | Content::Error(_) => write!(
                        out,
                        "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
                    ),
                };
            }
            out.push_str("</table:table-row>");
        }
        out.push_str("</table:table>");
    }
    out.push_str("</office:spreadsheet></office:body></office:document-content>");
    let parts = [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", &*out),
        ("META-INF/manifest.xml", "<manifest:manifest/>"),
    ];
    zip(&parts.map(|(name, content)| (name.to_owned(), content.to_owned())))
}

pub(super) fn html(sheet: &Sheet) -> Vec<u8> {
    let mut out = String::from("<html><head><meta charset=\"utf-8\"></head><body><table>");
    for row in &sheet.rows {
        out.push_str("<tr>");
        row.iter().for_each(|cell| out.push_str(&format!("<td>{}</td>", escaped(cell.plain()))));
        out.push_str("</tr>");
    }
    out.push_str("</table></body></html>");
    out.into_bytes()
}

pub(super) fn spreadsheetml(sheets: &[Sheet]) -> Vec<u8> {
    let mut out = String::from(
        "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">",
    );
    for sheet in sheets {
        let _ = write!(out, "<Worksheet ss:Name=\"{}\"><Table>", escaped(&sheet.name));
        for row in &sheet.rows {
            out.push_str("<Row>");
            for cell in row {
                let kind = if matches!(cell.content, Content::Number(_)) { "Number" } else { "String" };
                let _ = write!(out, "<Cell><Data ss:Type=\"{kind}\">{}</Data></Cell>", escaped(cell.plain()));
            }
            out.push_str("</Row>");
        }
        out.push_str("</Table></Worksheet>");
    }
    out.push_str("</Workbook>");
    out.into_bytes()
}
