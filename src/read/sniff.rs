//! What a file is, by its content. Its name is not asked.

use std::borrow::Cow;

use super::{
    archive::Archive,
    biff_records,
    compound::Compound,
    context::{FileError, ReadContext},
    crypt, package, plain,
    xml::{Token, Tokens},
};
use crate::read::error::{TooMuch, Unreadable};
use crate::{model::workbook::Format, values::language::Words};

/// A file whose kind is known, opened as far as it took to find out.
pub(super) enum Source<'a> {
    Xlsx(Archive<'a>),
    Xlsb(Archive<'a>),
    Ods(Archive<'a>),
    /// BIFF records, out of their compound file or bare.
    Xls(Cow<'a, [u8]>),
    FlatOds(String),
    SpreadsheetMl(String),
    Html(String),
    Delimited(plain::Plain),
}

/// How compound files begin.
const COMPOUND: [u8; 4] = [0xD0, 0xCF, 0x11, 0xE0];

/// The records that a bare stream of BIFF begins with.
const BOFS: [u16; 4] = [biff_records::BOF_2, biff_records::BOF_3, biff_records::BOF_4, biff_records::BOF];

/// Beginnings that no spreadsheet has, and what they are the beginning of.
const OTHERS: [(&[u8], Words); 16] = [
    (b"%PDF", Words { vi: "tài liệu PDF", en: "a PDF document" }),
    (b"\x89PNG", Words { vi: "ảnh PNG", en: "a PNG picture" }),
    (b"\xFF\xD8\xFF", Words { vi: "ảnh JPEG", en: "a JPEG picture" }),
    (b"GIF8", Words { vi: "ảnh GIF", en: "a GIF picture" }),
    (b"{\\rtf", Words { vi: "văn bản RTF (Word)", en: "an RTF (Word) document" }),
    (b"Rar!", Words { vi: "tệp nén RAR; hãy giải nén trước", en: "a RAR archive; unpack it first" }),
    (b"7z\xBC\xAF", Words { vi: "tệp nén 7-Zip; hãy giải nén trước", en: "a 7-Zip archive; unpack it first" }),
    (b"\x1F\x8B", Words { vi: "tệp nén gzip; hãy giải nén trước", en: "a gzip archive; unpack it first" }),
    (b"MZ", Words { vi: "chương trình Windows", en: "a Windows program" }),
    (b"\x7FELF", Words { vi: "chương trình Linux", en: "a Linux program" }),
    (b"SQLite format 3", Words { vi: "cơ sở dữ liệu SQLite", en: "an SQLite database" }),
    (b"\x00\x01\x00\x00Standard", Words { vi: "cơ sở dữ liệu Access", en: "an Access database" }),
    (b"MIME-Version:", Words { vi: "trang web một tệp (MHTML)", en: "a single-file web page (MHTML)" }),
    (b"ID3", Words { vi: "tệp âm thanh", en: "an audio file" }),
    (b"II*\x00", Words { vi: "ảnh TIFF", en: "a TIFF picture" }),
    (b"BM", Words { vi: "ảnh BMP", en: "a BMP picture" }),
];

/// The file inside an encrypted one that opens without asking; `None` for all that is not encrypted.
pub(super) fn opened(bytes: &[u8], cx: &ReadContext<'_>) -> Result<Option<Vec<u8>>, FileError> {
    if !bytes.starts_with(&COMPOUND) || bytes.len() as u64 > cx.limits.inflated_bytes {
        return Ok(None);
    }
    // A damaged file is told as such where it is sniffed.
    let Ok(compound) = Compound::open(bytes) else { return Ok(None) };
    if !compound.has("EncryptedPackage") {
        return Ok(None);
    }
    let opened = compound.stream("EncryptionInfo").ok().zip(compound.stream("EncryptedPackage").ok());
    let opened = opened.and_then(|(info, content)| crypt::package(&info, content));
    // What is inside is no compound file, or files in files would go on and on.
    opened.filter(|inside| !inside.starts_with(&COMPOUND)).map(Some).ok_or_else(|| cx.encrypted())
}

/// Finds out what the bytes are.
pub(super) fn sniff<'a>(bytes: &'a [u8], cx: &mut ReadContext<'_>) -> Result<Source<'a>, FileError> {
    if bytes.is_empty() {
        return Err(cx.unreadable(Unreadable::Empty));
    }
    if bytes.len() as u64 > cx.limits.inflated_bytes {
        let (size, most) = (bytes.len() as u64, cx.limits.inflated_bytes);
        return Err(cx.too_much(TooMuch::Bytes { size, most }));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return zipped(bytes, cx);
    }
    if bytes.starts_with(&COMPOUND) {
        return compound(bytes, cx);
    }
    if let [number_low, number_high, 4..=16, 0, ..] = *bytes
        && BOFS.contains(&u16::from_le_bytes([number_low, number_high]))
    {
        return Ok(Source::Xls(bytes.into()));
    }
    for (start, what) in OTHERS {
        // Two letters also begin a text.
        let sure = start.len() > 2 || bytes.iter().take(512).any(|&byte| byte == 0);
        if bytes.starts_with(start) && sure {
            return Err(other(cx, what));
        }
    }
    let unreadable = Words { vi: "tệp nhị phân không rõ loại", en: "a binary file of unknown kind" };
    let plain = plain::decode(bytes).ok_or_else(|| other(cx, unreadable))?;
    text(bytes, plain, cx)
}

fn zipped<'a>(bytes: &'a [u8], cx: &mut ReadContext<'_>) -> Result<Source<'a>, FileError> {
    let mut archive = Archive::open(bytes, cx)?;
    if archive.has("xl/workbook.xml") {
        return Ok(Source::Xlsx(archive));
    }
    if archive.has("xl/workbook.bin") {
        return Ok(Source::Xlsb(archive));
    }
    if let Some(kind) = by_relation(&mut archive, cx) {
        return Ok(if kind == Format::Xlsb { Source::Xlsb(archive) } else { Source::Xlsx(archive) });
    }
    let kind = archive.part("mimetype", cx).ok().flatten().unwrap_or_default();
    let kind = String::from_utf8_lossy(&kind).into_owned();
    if kind.contains("opendocument.spreadsheet") || (kind.is_empty() && archive.has("content.xml")) {
        return Ok(Source::Ods(archive));
    }
    let names: Vec<_> = archive.names().map(|name| name.to_ascii_lowercase()).collect();
    let has = |start: &str| names.iter().any(|name| name.starts_with(start));
    let what = if has("word/") || kind.contains("opendocument.text") {
        Words { vi: "văn bản Word (.docx/.odt)", en: "a text document (.docx or .odt)" }
    } else if has("ppt/") || kind.contains("opendocument.presentation") {
        Words { vi: "bài trình chiếu", en: "a presentation" }
    } else if has("index/") && names.iter().any(|name| name.ends_with("document.iwa")) {
        Words {
            vi: "tệp Numbers của Apple; hãy xuất ra Excel trước",
            en: "an Apple Numbers file; export it to Excel first",
        }
    } else if names.iter().any(|name| name.ends_with("workbook.xml")) {
        return Ok(Source::Xlsx(archive));
    } else if names.iter().any(|name| [".xls", ".xlsx", ".ods", ".csv"].iter().any(|end| name.ends_with(end))) {
        Words {
            vi: "tệp nén có bảng tính bên trong; hãy giải nén trước",
            en: "a zip archive with spreadsheets inside; unpack it first",
        }
    } else {
        Words { vi: "tệp nén (zip), không phải bảng tính", en: "a zip archive and no spreadsheet" }
    };
    Err(other(cx, what))
}

/// The kind of a workbook whose parts have names of their own: what the package says is its main part.
fn by_relation(archive: &mut Archive<'_>, cx: &ReadContext<'_>) -> Option<Format> {
    let main = package::main_part(archive, cx).ok().filter(|main| archive.has(main))?;
    if main.to_ascii_lowercase().ends_with(".bin") {
        return Some(Format::Xlsb);
    }
    let text = package::text_of(archive, &main, cx).ok()??;
    let root = Tokens::new(&text).find_map(|token| match token {
        Token::Open(name, _) | Token::Empty(name, _) => Some(name == "workbook"),
        _ => None,
    })?;
    root.then_some(Format::Xlsx)
}

fn compound<'a>(bytes: &'a [u8], cx: &ReadContext<'_>) -> Result<Source<'a>, FileError> {
    let broken = |why: Words| cx.unreadable(Unreadable::Compound(why));
    let compound = Compound::open(bytes).map_err(broken)?;
    for stream in ["Workbook", "Book"] {
        if compound.has(stream) {
            return Ok(Source::Xls(compound.stream(stream).map_err(broken)?.into()));
        }
    }
    let what = if compound.has("WordDocument") {
        Words { vi: "văn bản Word (.doc)", en: "a Word document (.doc)" }
    } else if compound.has("PowerPoint Document") {
        Words { vi: "bài trình chiếu PowerPoint (.ppt)", en: "a PowerPoint presentation (.ppt)" }
    } else {
        Words {
            vi: "tệp kiểu Office 97-2003 nhưng không có bảng tính bên trong",
            en: "an Office 97-2003 file without a workbook inside",
        }
    };
    Err(other(cx, what))
}

fn text<'a>(bytes: &[u8], plain: plain::Plain, cx: &ReadContext<'_>) -> Result<Source<'a>, FileError> {
    let body = plain.text.trim_start();
    if body.is_empty() {
        let nothing = Words { vi: "tệp không có nội dung", en: "a file without content" };
        return Err(other(cx, nothing));
    }
    let head: String = body.chars().take(4096).flat_map(char::to_lowercase).collect();
    if head.starts_with('<') {
        let markup = || super::xml::text(bytes.to_vec());
        if head.contains("urn:schemas-microsoft-com:office:spreadsheet") && !head.contains("<html") {
            return Ok(Source::SpreadsheetMl(markup()));
        }
        if head.contains("<office:document") {
            return Ok(Source::FlatOds(markup()));
        }
        if ["<html", "<table", "<!doctype html", "<meta", "<head", "<body", "<tr"].iter().any(|tag| head.contains(tag))
        {
            return Ok(Source::Html(super::html::decode(bytes, plain)));
        }
        if head.starts_with("<?xml") {
            let xml = Words { vi: "tệp XML, không phải bảng tính", en: "an XML file and no spreadsheet" };
            return Err(other(cx, xml));
        }
    }
    if is_sylk(body) {
        let sylk = Words {
            vi: "tệp SYLK (dạng trao đổi cũ của Excel); hãy mở bằng Excel và lưu thành .xlsx trước",
            en: "a SYLK file (an old exchange format of Excel); open it in Excel and save it as .xlsx first",
        };
        return Err(other(cx, sylk));
    }
    if head.starts_with("{\"") || head.starts_with("[{") || head.starts_with("{\n") || head.starts_with("{\r") {
        return Err(other(cx, Words { vi: "dữ liệu JSON", en: "JSON data" }));
    }
    Ok(Source::Delimited(plain))
}

/// Whether a text is SYLK: its first line alone could also be the header of a CSV ("ID;Phường;...").
fn is_sylk(body: &str) -> bool {
    // Old programs end lines with a carriage return alone.
    let mut lines = body.split(['\r', '\n']).filter(|line| !line.is_empty());
    let record =
        |line: &str| line == "E" || matches!(line.split(';').next(), Some("B" | "C" | "F" | "O" | "P" | "NN" | "NU"));
    lines.next().is_some_and(|line| line.starts_with("ID;P"))
        && lines.next().is_some_and(record)
        && lines.take(20).all(record)
}

fn other(cx: &ReadContext<'_>, what: Words) -> FileError {
    cx.unreadable(Unreadable::Other(what))
}

/// What a spreadsheet program keeps tables in that is not read here, by the ending of its name. Such
/// a file holds figures, so it is told and not passed over.
pub(super) fn unsupported(file: &str) -> Option<&'static str> {
    let name = file.rsplit(['/', '\\']).next()?;
    let (_, extension) = name.rsplit_once('.')?;
    Some(match &*extension.to_ascii_lowercase() {
        "numbers" => "Apple Numbers",
        "slk" | "sylk" => "SYLK",
        "dif" => "DIF",
        "wk1" | "wk3" | "wk4" | "wks" | "123" => "Lotus 1-2-3",
        "wq1" | "wq2" | "wb1" | "wb2" | "wb3" | "qpw" => "Quattro Pro",
        "sxc" | "stc" => "OpenOffice.org 1",
        "gsheet" => "Google Sheets",
        "xlr" => "Microsoft Works",
        _ => return None,
    })
}

/// The format that a file's name promises; `None` where it promises none.
pub(super) fn promised(file: &str) -> Option<Format> {
    let name = file.rsplit(['/', '\\']).next()?;
    let (_, extension) = name.rsplit_once('.')?;
    Some(match &*extension.to_ascii_lowercase() {
        "xlsx" | "xlsm" | "xltx" | "xltm" | "xlam" => Format::Xlsx,
        "xlsb" => Format::Xlsb,
        "xls" | "xlt" | "xla" => Format::Xls,
        "ods" | "ots" | "fods" => Format::Ods,
        "csv" | "tsv" | "tab" | "txt" => Format::Csv,
        "html" | "htm" => Format::Html,
        "xml" => Format::SpreadsheetMl,
        _ => return None,
    })
}
