//! Annotated copies: what changes in a workbook, and that nothing else does.

mod program;

use std::{
    collections::BTreeMap,
    fs,
    io::{Cursor, Read, Write},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use bieu::internals::{
    model::{finding::Severity, workbook::Position},
    write::annotate::{Mark, Refusal, Tone, annotate},
};
use calamine::{Data, Reader, Xlsx};

type Parts = BTreeMap<String, Vec<u8>>;

/// The parts of a package, as they are compressed or as they read.
fn parts(bytes: &[u8], raw: bool) -> Parts {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    (0..archive.len())
        .map(|at| {
            let mut part = if raw { archive.by_index_raw(at) } else { archive.by_index(at) }.expect("a part");
            let name = part.name().expect("a name").into_owned();
            let mut content = Vec::new();
            part.read_to_end(&mut content).expect("a part");
            (name, content)
        })
        .collect()
}

fn text(parts: &Parts, name: &str) -> String {
    String::from_utf8(parts.get(name).expect(name).clone()).expect("UTF-8")
}

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a part");
        out.write_all(content.as_bytes()).expect("a part");
    }
    out.finish().expect("a zip").into_inner()
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A workbook with one sheet, `S`, and what else is given.
fn workbook(sheet: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/></Types>";
    let rels = |targets: &[(&str, &str)]| {
        let mut list = String::new();
        for (id, (kind, target)) in (1..).zip(targets) {
            list += &format!("<Relationship Id=\"rId{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>");
        }
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{list}</Relationships>"
        )
    };
    let root = rels(&[("officeDocument", "xl/workbook.xml")]);
    let book = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let book_rels = rels(&[("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")]);
    let styles = format!(
        "<styleSheet xmlns=\"{MAIN}\"><fonts count=\"1\"><font/></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"2\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/><xf numFmtId=\"4\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"><alignment horizontal=\"right\"/></xf></cellXfs></styleSheet>"
    );
    let mut all = vec![
        ("[Content_Types].xml", types),
        ("_rels/.rels", &root),
        ("xl/workbook.xml", &book),
        ("xl/_rels/workbook.xml.rels", &book_rels),
        ("xl/styles.xml", &styles),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    all.extend(more);
    package(&all)
}

fn sheet(inside: &str) -> String {
    format!(
        "<worksheet xmlns=\"{MAIN}\">{inside}<pageMargins left=\"1\" right=\"1\" top=\"1\" bottom=\"1\" header=\"0\" footer=\"0\"/><tableParts count=\"0\"/></worksheet>"
    )
}

fn mark(cell: &str, severity: Severity, text: &str) -> Mark {
    Mark {
        sheet: "S".to_owned(),
        cell: Position::parse(cell).expect("an address"),
        tone: Tone::Flagged(severity),
        text: text.to_owned(),
    }
}

const SHEET: &str = "xl/worksheets/sheet1.xml";

#[test]
fn only_the_flagged_cell_gets_another_style() {
    let inside = "<sheetData><row r=\"1\" spans=\"1:2\"><c r=\"A1\"><v>1</v></c><c r=\"B1\" s=\"1\"><v>2.50</v></c></row>\r\n<row r=\"3\"><c r=\"A3\" s=\"1\"/></row></sheetData>";
    let copy =
        annotate(&workbook(&sheet(inside), &[]), &[mark("B1", Severity::Warning, "xem lại <B1>")]).expect("a copy");
    let new = parts(&copy, false);
    let expected = sheet(&inside.replace("r=\"B1\" s=\"1\"", "r=\"B1\" s=\"2\""))
        .replace("<tableParts", &format!("<legacyDrawing xmlns:r=\"{OFFICE}\" r:id=\"rIdBieu2\"/><tableParts"));
    assert_eq!(text(&new, SHEET), expected);
    let styles = text(&new, "xl/styles.xml");
    // The format of the cell with the fill of a warning, which is the fourth.
    assert!(
        styles.contains("<cellXfs count=\"3\">")
            && styles.contains("<fills count=\"5\">")
            && styles.ends_with("<xf numFmtId=\"4\" fontId=\"0\" fillId=\"3\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\" applyFill=\"1\"><alignment horizontal=\"right\"/></xf></cellXfs></styleSheet>"),
        "{styles}"
    );
    let comments = text(&new, "xl/comments1.xml");
    assert!(
        comments.contains("<comment ref=\"B1\" authorId=\"0\">") && comments.contains(">xem lại &lt;B1&gt;</t>"),
        "{comments}"
    );
    assert!(text(&new, "xl/drawings/vmlDrawing1.vml").contains("<x:Row>0</x:Row><x:Column>1</x:Column>"));
    let rels = text(&new, "xl/worksheets/_rels/sheet1.xml.rels");
    assert!(
        rels.contains("Target=\"/xl/comments1.xml\"") && rels.contains("Target=\"/xl/drawings/vmlDrawing1.vml\""),
        "{rels}"
    );
    let types = text(&new, "[Content_Types].xml");
    assert!(types.contains("PartName=\"/xl/comments1.xml\"") && types.contains("Extension=\"vml\""), "{types}");
}

#[test]
fn absent_cells_and_rows_are_added_in_order() {
    let marks = ["A1", "C2", "A2", "B5", "D2"].map(|cell| mark(cell, Severity::Error, cell));
    for (inside, expected) in [
        (
            "<cols><col min=\"2\" max=\"2\" style=\"1\"/></cols><sheetData><row r=\"2\" spans=\"2:2\"><c r=\"B2\"/><c r=\"D2\" s=\"1\"><v>4</v></c></row><row r=\"9\"/></sheetData>",
            "<cols><col min=\"2\" max=\"2\" style=\"1\"/></cols><sheetData><row r=\"1\"><c r=\"A1\" s=\"2\"/></row><row r=\"2\" spans=\"1:3\"><c r=\"A2\" s=\"2\"/><c r=\"B2\"/><c r=\"C2\" s=\"2\"/><c r=\"D2\" s=\"3\"><v>4</v></c></row><row r=\"5\"><c r=\"B5\" s=\"3\"/></row><row r=\"9\"/></sheetData>",
        ),
        (
            "<sheetData><row r=\"2\" s=\"1\" customFormat=\"1\"/></sheetData>",
            "<sheetData><row r=\"1\"><c r=\"A1\" s=\"2\"/></row><row r=\"2\" s=\"1\" customFormat=\"1\"><c r=\"A2\" s=\"3\"/><c r=\"C2\" s=\"3\"/><c r=\"D2\" s=\"3\"/></row><row r=\"5\"><c r=\"B5\" s=\"2\"/></row></sheetData>",
        ),
        // Places that follow from the order alone.
        (
            "<sheetData><row><c><v>1</v></c></row><row><c/><c/></row></sheetData>",
            "<sheetData><row><c s=\"2\"><v>1</v></c></row><row><c s=\"2\"/><c/><c r=\"C2\" s=\"2\"/><c r=\"D2\" s=\"2\"/></row><row r=\"5\"><c r=\"B5\" s=\"2\"/></row></sheetData>",
        ),
        (
            "<sheetData/>",
            "<sheetData><row r=\"1\"><c r=\"A1\" s=\"2\"/></row><row r=\"2\"><c r=\"A2\" s=\"2\"/><c r=\"C2\" s=\"2\"/><c r=\"D2\" s=\"2\"/></row><row r=\"5\"><c r=\"B5\" s=\"2\"/></row></sheetData>",
        ),
    ] {
        let copy = annotate(&workbook(&sheet(inside), &[]), &marks).expect("a copy");
        let new = text(&parts(&copy, false), SHEET);
        assert!(new.contains(expected), "{new}");
    }
}

#[test]
fn comments_that_are_there_stay_and_ours_follow() {
    let with_drawing = sheet("<sheetData><row r=\"1\"><c r=\"A1\"/><c r=\"B1\"/></row></sheetData>")
        .replace("<tableParts", &format!("<legacyDrawing xmlns:q=\"{OFFICE}\" q:id=\"r2\"/><tableParts"));
    let rels = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{OFFICE}/comments\" Target=\"../ghi chu.xml\"/><Relationship Id=\"r2\" Type=\"{OFFICE}/vmlDrawing\" Target=\"/xl/v.vml\"/></Relationships>"
    );
    let comments = format!(
        "<comments xmlns=\"{MAIN}\"><authors><author>Kế toán</author></authors><commentList><comment ref=\"A1\" authorId=\"0\"><text><t>cũ</t></text></comment></commentList></comments>"
    );
    // As Excel writes it: no well-formed XML.
    let vml = "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><v:shapetype id=\"_x0000_t202\"/><v:shape id=\"_x0000_s1030\"><br></v:shape></xml>";
    let more = [("xl/worksheets/_rels/sheet1.xml.rels", &*rels), ("xl/ghi chu.xml", &comments), ("xl/v.vml", vml)];
    let marks =
        [mark("A1", Severity::Warning, "một"), mark("B1", Severity::Warning, "hai"), mark("A1", Severity::Error, "ba")];
    let source = workbook(&with_drawing, &more);
    let new = parts(&annotate(&source, &marks).expect("a copy"), false);
    let merged = text(&new, "xl/ghi chu.xml");
    assert!(merged.contains("<author>Kế toán</author><author>bieu</author>"), "{merged}");
    assert!(
        merged.contains("<text><r><t>cũ</t></r><r>") && merged.contains(">\n\nmột\n\nba</t></r></text>"),
        "{merged}"
    );
    assert!(
        merged.contains("<comment ref=\"B1\" authorId=\"1\">") && merged.matches("<comment ").count() == 2,
        "{merged}"
    );
    let drawn = text(&new, "xl/v.vml");
    assert!(drawn.starts_with(&vml[..vml.len() - 6]) && drawn.contains("id=\"_x0000_s1031\""), "{drawn}");
    assert_eq!(drawn.matches("<v:shape ").count(), 2, "A1 has a box already");
    // No part is new, and the relations stay as they were.
    let old = parts(&source, false);
    assert!(new.keys().eq(old.keys()));
    assert_eq!(text(&new, "xl/worksheets/_rels/sheet1.xml.rels"), rels);
    assert!(
        text(&new, SHEET).contains("<c r=\"A1\" s=\"2\"/><c r=\"B1\" s=\"3\"/>"),
        "red for the error, yellow beside it"
    );
}

/// Newer programs show the conversation and not this text, so nothing of it may get lost.
#[test]
fn a_conversation_stays_as_it_is() {
    let drawn = sheet("<sheetData><row r=\"1\"><c r=\"A1\"/></row></sheetData>")
        .replace("<tableParts", &format!("<legacyDrawing xmlns:q=\"{OFFICE}\" q:id=\"r2\"/><tableParts"));
    let thread = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment";
    let rels = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{OFFICE}/comments\" Target=\"../comments1.xml\"/><Relationship Id=\"r2\" Type=\"{OFFICE}/vmlDrawing\" Target=\"../v.vml\"/><Relationship Id=\"r3\" Type=\"{thread}\" Target=\"../threadedComments/threadedComment1.xml\"/></Relationships>"
    );
    let comments = format!(
        "<comments xmlns=\"{MAIN}\"><authors><author>tc={{1}}</author></authors><commentList><comment ref=\"A1\" authorId=\"0\"><text><t>[Threaded comment]</t></text></comment></commentList></comments>"
    );
    let talk = "<ThreadedComments><threadedComment ref=\"A1\" id=\"{1}\"><text>hỏi lại</text></threadedComment></ThreadedComments>";
    let more = [
        ("xl/worksheets/_rels/sheet1.xml.rels", &*rels),
        ("xl/comments1.xml", &comments),
        ("xl/v.vml", "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\"></xml>"),
        ("xl/threadedComments/threadedComment1.xml", talk),
    ];
    let source = workbook(&drawn, &more);
    let new = annotate(&source, &[mark("A1", Severity::Error, "sai")]).expect("a copy");
    for name in ["xl/threadedComments/threadedComment1.xml", "xl/worksheets/_rels/sheet1.xml.rels"] {
        assert_eq!(parts(&new, true).get(name), parts(&source, true).get(name), "{name}");
    }
    let new = parts(&new, false);
    let merged = text(&new, "xl/comments1.xml");
    assert!(merged.contains("<author>tc={1}</author><author>bieu</author>"), "{merged}");
    assert!(
        merged.contains("<comment ref=\"A1\" authorId=\"0\"><text><r><t>[Threaded comment]</t></r><r>"),
        "{merged}"
    );
    assert!(text(&new, SHEET).contains("<c r=\"A1\" s=\""), "{}", text(&new, SHEET));
}

#[test]
fn what_must_not_or_cannot_be_changed_is_refused() {
    let plain = sheet("<sheetData/>");
    let marks = [mark("A1", Severity::Error, "x")];
    let signed = workbook(&plain, &[("_xmlsignatures/sig1.xml", "<Signature/>")]);
    assert_eq!(annotate(&signed, &marks), Err(Refusal::Signed));
    let strict = workbook(&plain.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"), &[]);
    assert_eq!(annotate(&strict, &marks), Err(Refusal::Unclear("worksheet")));
    let torn = workbook("<worksheet><sheetData>", &[]);
    assert!(matches!(annotate(&torn, &marks), Err(Refusal::Unclear(_))));
    assert_eq!(annotate(b"TT;a\n1;2\n", &marks), Err(Refusal::NotXlsx));
    assert_eq!(annotate(&package(&[("content.xml", "<a/>")]), &marks), Err(Refusal::NotXlsx));
    let mut encrypted = vec![0xD0, 0xCF, 0x11, 0xE0, 0, 0];
    assert_eq!(annotate(&encrypted, &marks), Err(Refusal::NotXlsx), "an .xls");
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(annotate(&encrypted, &marks), Err(Refusal::Encrypted));
    let other = [Mark { sheet: "Không có".to_owned(), ..marks[0].clone() }];
    assert_eq!(annotate(&workbook(&plain, &[]), &other), Err(Refusal::Unclear("sheets")));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn bieu(arguments: &[&Path], folder: &Path) -> Output {
    Command::new(program::path())
        .args(arguments)
        .current_dir(folder)
        .env_remove("BIEU_LANG")
        .output()
        .expect("bieu runs")
}

/// Filled cells of a sheet with their places.
type Cells = Vec<(u32, u32, Data)>;

fn values(bytes: &[u8]) -> Vec<(String, Cells)> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let ranges = book.worksheets().into_iter();
    ranges
        .map(|(name, range)| {
            let (row, column) = range.start().unwrap_or_default();
            let filled = range.used_cells().map(|(r, c, value)| {
                let at = |start: u32, more: usize| start + u32::try_from(more).expect("a cell");
                (at(row, r), at(column, c), value.clone())
            });
            (name, filled.collect())
        })
        .collect()
}

/// Every xlsx of the sample with a finding, and the appendix of it, which has comments of its own.
#[test]
fn copies_of_the_sample_are_the_sample_but_for_the_marks() {
    let here = tempfile::tempdir().expect("a folder");
    let sample = root().join("samples/luc-binh-2023");
    let ran = bieu(
        &["convert".as_ref(), &sample, "-o".as_ref(), "bieu.xlsx".as_ref(), "--annotate".as_ref(), "copies".as_ref()],
        here.path(),
    );
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(ran.status.success(), "{said}");
    // A file of another kind is named with the reason.
    assert!(said.contains("không đánh dấu được") && said.contains("quoc-phong.csv: không phải tệp .xlsx"), "{said}");
    let again = bieu(
        &[
            "convert".as_ref(),
            "bieu.xlsx".as_ref(),
            "-o".as_ref(),
            "b2.xlsx".as_ref(),
            "--annotate".as_ref(),
            "copies".as_ref(),
        ],
        here.path(),
    );
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
    let mut compared = 0;
    for entry in fs::read_dir(here.path().join("copies")).expect("copies") {
        let copy = entry.expect("a copy").path();
        let name = copy.file_name().expect("a name");
        let source = [sample.join(name), here.path().join(name)].into_iter().find(|path| path.is_file());
        let (source, copy) = (fs::read(source.expect("a source")).expect("bytes"), fs::read(&copy).expect("bytes"));
        assert_eq!(values(&source), values(&copy), "{}", name.display());
        let (old, new) = (parts(&source, true), parts(&copy, true));
        let changed: Vec<&String> =
            old.iter().filter(|(part, bytes)| new.get(*part) != Some(bytes)).map(|(part, _)| part).collect();
        for part in &changed {
            let expected = *part == "[Content_Types].xml"
                || *part == "xl/styles.xml"
                || part.starts_with("xl/worksheets/")
                || part.contains("comments")
                || part.contains("vmlDrawing");
            assert!(expected, "{}: {part} has changed", name.display());
        }
        // In a sheet nothing but styles and added cells is other than before.
        let (old, new) = (parts(&source, false), parts(&copy, false));
        for part in changed.iter().filter(|part| part.starts_with("xl/worksheets/sheet")) {
            assert_eq!(bare(&text(&old, part)), bare(&text(&new, part)), "{}: {part}", name.display());
        }
        compared += 1;
    }
    assert!(compared >= 4, "{compared} copies: {said}");
}

/// A sheet without styles, empty cells and the link to a drawing.
fn bare(sheet: &str) -> String {
    let mut out = String::new();
    for piece in sheet.split_inclusive('>') {
        if piece.starts_with("<legacyDrawing") {
            continue;
        }
        match piece.find(" s=\"").filter(|_| piece.starts_with("<c ")) {
            Some(start) if piece.ends_with("/>") && start > 0 => {}
            Some(start) => {
                let end = start + 4 + piece[start + 4..].find('"').expect("a quote") + 1;
                out.push_str(&piece[..start]);
                out.push_str(&piece[end..]);
            }
            None => out.push_str(piece),
        }
    }
    out
}

#[test]
fn originals_and_files_that_are_there_are_not_replaced() {
    let here = tempfile::tempdir().expect("a folder");
    let source: PathBuf = here.path().join("trong-trot-2023.xlsx");
    fs::copy(root().join("samples/luc-binh-2023/trong-trot-2023.xlsx"), &source).expect("a copy");
    let before = fs::read(&source).expect("bytes");
    let run = |folder: &str, force: &str| {
        let mapping = root().join("mappings/luc-binh-2023.toml");
        bieu(
            &[
                "convert".as_ref(),
                ".".as_ref(),
                "-m".as_ref(),
                &mapping,
                "-o".as_ref(),
                "out.xlsx".as_ref(),
                "--annotate".as_ref(),
                folder.as_ref(),
                force.as_ref(),
            ],
            here.path(),
        )
    };
    let ran = run(".", "--force");
    assert_eq!(ran.status.code(), Some(2), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("tệp nguồn"));
    fs::create_dir(here.path().join("khac")).expect("a folder");
    fs::write(here.path().join("khac/trong-trot-2023.xlsx"), "cũ").expect("a file");
    let ran = run("khac", "--lang=vi");
    assert_eq!(ran.status.code(), Some(2), "{}", String::from_utf8_lossy(&ran.stderr));
    assert_eq!(fs::read(here.path().join("khac/trong-trot-2023.xlsx")).expect("bytes"), "cũ".as_bytes());
    assert_eq!(fs::read(&source).expect("bytes"), before);
}
