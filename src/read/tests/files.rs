//! Makes small files, sound and unsound.

use std::io::{Cursor, Write as _};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

pub(super) fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in parts {
        zip.start_file(*name, options).expect("a new part");
        zip.write_all(content).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A workbook of one sheet, `S`, around the content of its `sheetData`, with what may follow it.
pub(super) fn xlsx(rows: &str) -> Vec<u8> {
    xlsx_with(&format!("<sheetData>{rows}</sheetData>"), "<si><t>một</t></si><si><t>hai</t></si>", "")
}

/// A workbook of one sheet, its strings and its styles.
pub(super) fn xlsx_with(sheet: &str, strings: &str, styles: &str) -> Vec<u8> {
    let strings = format!("<sst uniqueCount=\"2\">{strings}</sst>");
    xlsx_of(&format!("<worksheet>{sheet}</worksheet>"), &strings, styles)
}

/// A workbook of one sheet, its parts as they stand in the file.
pub(super) fn xlsx_of(sheet: &str, strings: &str, styles: &str) -> Vec<u8> {
    let package = format!(
        "<Relationships><Relationship Id=\"rId1\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let book = format!(
        "<Relationships><Relationship Id=\"rId1\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
         <Relationship Id=\"rId2\" Type=\"{RELATIONS}/sharedStrings\" Target=\"sharedStrings.xml\"/>\
         <Relationship Id=\"rId3\" Type=\"{RELATIONS}/styles\" Target=\"/xl/styles.xml\"/></Relationships>"
    );
    zipped(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", package.as_bytes()),
        ("xl/workbook.xml", b"<workbook><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", book.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
    ])
}

/// An `OpenDocument` file around its `office:spreadsheet`.
pub(super) fn ods(body: &str) -> Vec<u8> {
    ods_of(&format!(
        "<office:document-content><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    ))
}

/// An `OpenDocument` file, its content as it stands in the file.
pub(super) fn ods_of(content: &str) -> Vec<u8> {
    zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
    ])
}

/// Overwrites the unpacked size that both headers of a part claim.
pub(super) fn claim_size(zip: &mut [u8], name: &str, size: u32) {
    for (magic, name_at, size_at) in [(b"PK\x03\x04", 30, 22), (b"PK\x01\x02", 46, 24)] {
        let found =
            (0..zip.len()).find(|&at| zip[at..].starts_with(magic) && zip[at + name_at..].starts_with(name.as_bytes()));
        let at = found.expect("the part is there") + size_at;
        zip[at..at + 4].copy_from_slice(&size.to_le_bytes());
    }
}

/// BIFF records one after the other.
pub(super) fn biff(records: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let mut stream = Vec::new();
    for (kind, data) in records {
        stream.extend(kind.to_le_bytes());
        stream.extend(u16::try_from(data.len()).expect("a short record").to_le_bytes());
        stream.extend(data);
    }
    stream
}

/// Little-endian words one after the other.
pub(super) fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// A workbook stream of one sheet, `S`: the records of its first part beside those that every
/// workbook has, and those of the sheet.
pub(super) fn xls_stream(globals: &[(u16, Vec<u8>)], sheet: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let bof = |kind| (0x0809, words(&[0x0600, kind, 0, 0, 0, 0, 0, 0]));
    let end = (0x000A, Vec::new());
    let first = |place: u32| {
        let listed = [place.to_le_bytes().as_slice(), &[0, 0, 1, 0, b'S']].concat();
        biff(&[&[bof(5)], globals, &[(0x0085, listed), end.clone()]].concat())
    };
    let place = u32::try_from(first(0).len()).expect("a small file");
    [first(place), biff(&[&[bof(16)], sheet, std::slice::from_ref(&end)].concat())].concat()
}

/// A compound file of one stream, at least a sector long. `table` may spoil its allocation table.
pub(super) fn compound(name: &str, content: &[u8], table: impl Fn(&mut Vec<u32>)) -> Vec<u8> {
    const SECTOR: usize = 512;
    // Short streams would belong into the mini stream; padded, they do not.
    let size = content.len().max(4096);
    let sectors = size.div_ceil(SECTOR);
    let tables = (sectors + 2).div_ceil(SECTOR / 4 - 1);
    let (directory, start) = (tables, tables + 1);
    let mut fat: Vec<u32> = vec![0xFFFF_FFFD; tables];
    fat.push(0xFFFF_FFFE);
    let number = |at: usize| u32::try_from(at).expect("a small file");
    fat.extend((start + 1..start + sectors).map(number));
    fat.push(0xFFFF_FFFE);
    fat.resize(tables * SECTOR / 4, 0xFFFF_FFFF);
    table(&mut fat);

    let mut file = vec![0u8; SECTOR * (1 + tables + 1 + sectors)];
    file[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    file[24..34].copy_from_slice(&words(&[0x3E, 3, 0xFFFE, 9, 6]));
    for (at, value) in [(44, tables), (48, directory), (56, 4096)] {
        file[at..at + 4].copy_from_slice(&number(value).to_le_bytes());
    }
    for at in [60, 68] {
        file[at..at + 4].copy_from_slice(&0xFFFF_FFFEu32.to_le_bytes());
    }
    for list in 0..109 {
        let sector = if list < tables { number(list) } else { u32::MAX };
        file[76 + list * 4..80 + list * 4].copy_from_slice(&sector.to_le_bytes());
    }
    for (at, next) in fat.iter().enumerate() {
        file[SECTOR + at * 4..SECTOR + at * 4 + 4].copy_from_slice(&next.to_le_bytes());
    }
    let mut entry = |slot: usize, name: &str, kind: u8, start: u32, size: usize| {
        let at = SECTOR * (1 + directory) + slot * 128;
        let units: Vec<u16> = name.encode_utf16().chain([0]).collect();
        file[at..at + units.len() * 2].copy_from_slice(&words(&units));
        file[at + 64] = u8::try_from(units.len() * 2).expect("a short name");
        file[at + 66] = kind;
        file[at + 116..at + 120].copy_from_slice(&start.to_le_bytes());
        file[at + 120..at + 124].copy_from_slice(&number(size).to_le_bytes());
        file[at + 68..at + 80].fill(0xFF);
    };
    entry(0, "Root Entry", 5, 0xFFFF_FFFE, 0);
    entry(1, name, 2, number(start), size);
    let at = SECTOR * (1 + directory);
    file[at + 76..at + 80].copy_from_slice(&1u32.to_le_bytes());
    let at = SECTOR * (1 + start);
    file[at..at + content.len()].copy_from_slice(content);
    file
}

/// An `.xls` file of one sheet.
pub(super) fn xls(globals: &[(u16, Vec<u8>)], sheet: &[(u16, Vec<u8>)]) -> Vec<u8> {
    compound("Workbook", &xls_stream(globals, sheet), |_| {})
}

/// A cell that holds a number.
pub(super) fn number(row: u16, column: u16, value: f64) -> (u16, Vec<u8>) {
    (0x0203, [words(&[row, column, 0]), value.to_le_bytes().to_vec()].concat())
}

/// The size that a sheet claims: rows and columns.
pub(super) fn dimensions(rows: u32, columns: u16) -> (u16, Vec<u8>) {
    (0x0200, [&0u32.to_le_bytes()[..], &rows.to_le_bytes(), &words(&[0, columns, 0])].concat())
}

/// A binary workbook of one sheet, `S`, with a cell of every kind, whole or without its end.
pub(super) fn xlsb(whole: bool) -> Vec<u8> {
    let record = |kind: u16, parts: &[&[u8]]| {
        let content = parts.concat();
        let mut out = vec![kind.to_le_bytes()[0]];
        if kind >= 0x80 {
            out[0] |= 0x80;
            out.push(u8::try_from(kind >> 7).expect("two bytes"));
        }
        out.push(u8::try_from(content.len()).expect("a short record") & 0x7F);
        out.extend(content);
        out
    };
    let longs = |values: &[u32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let text = |text: &str| {
        let units: Vec<u16> = text.encode_utf16().collect();
        [longs(&[u32::try_from(units.len()).expect("short")]), words(&units)].concat()
    };
    let workbook =
        [record(0x9C, &[&longs(&[0, 1]), &text("rId1"), &text("S")]), record(0x016A, &[&longs(&[1, 0, 0, 0])])]
            .concat();
    let styles = [
        record(0x0269, &[&longs(&[2])]),
        record(0x2F, &[&words(&[0, 0, 0, 0])]),
        record(0x2F, &[&words(&[0, 14, 0, 0])]),
        record(0x026A, &[]),
    ]
    .concat();
    let strings = record(0x13, &[&[0], &text("một")]);
    let formula = |compiled: &[u8]| {
        [words(&[0]), longs(&[u32::try_from(compiled.len()).expect("short")]), compiled.to_vec()].concat()
    };
    let sum = [0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xC0, 1, 0xC0, 0x19, 0x10, 0, 0];
    let shared = [0x4C, 0, 0, 0, 0, 0xFE, 0xFF, 0x1E, 2, 0, 0x05];
    let mut sheet = [
        record(0x3C, &[&longs(&[2, 3, 0, 0]), &words(&[1])]),
        record(0x00, &[&longs(&[0, 0]), &[0; 9]]),
        record(0x07, &[&longs(&[0, 0, 0])]),
        record(0x05, &[&longs(&[1, 0]), &1.5f64.to_le_bytes()]),
        // The cells that follow do not say their column.
        record(0x0E, &[&longs(&[0]), &[0x2A]]),
        record(0x0F, &[&longs(&[0]), &[1]]),
        record(0x0D, &[&longs(&[1, (45_081 << 2) | 2])]),
        record(0x11, &[&longs(&[0]), &text("chữ")]),
        record(0x07, &[&longs(&[6, 0, 99])]),
        record(0x00, &[&longs(&[1, 0]), &[0, 0, 0, 0x10, 0, 0, 0, 0, 0]]),
        record(0x09, &[&longs(&[0, 0]), &3f64.to_le_bytes(), &formula(&sum)]),
        record(0x08, &[&longs(&[1, 0]), &text("x"), &formula(&[0x3A, 0, 0, 0, 0, 0, 0, 0, 0])]),
        record(0x09, &[&longs(&[2, 0]), &6f64.to_le_bytes(), &formula(&[0x01, 1, 0, 0, 0])]),
        record(0x01AB, &[&longs(&[1, 1, 2, 3, u32::try_from(shared.len()).expect("short")]), &shared]),
        record(0x09, &[&longs(&[3, 0]), &8f64.to_le_bytes(), &formula(&[0x01, 1, 0, 0, 0])]),
        record(0xB0, &[&longs(&[0, 0, 0, 1])]),
    ]
    .concat();
    if whole {
        sheet.extend(record(0x82, &[]));
    }
    let relations = format!(
        "<Relationships><Relationship Id=\"rId1\" Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet1.bin\"/></Relationships>"
    );
    zipped(&[
        ("xl/workbook.bin", &workbook),
        ("xl/_rels/workbook.bin.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.bin", &sheet),
        ("xl/styles.bin", &styles),
        ("xl/sharedStrings.bin", &strings),
    ])
}
