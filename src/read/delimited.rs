//! Delimited text. The separator is the one that gives most lines the same number of fields.

use super::{
    builder::{CellStyle, SheetBuilder, Text, WorkbookBuilder},
    context::{FileError, ReadContext},
    plain::Plain,
};
use crate::model::workbook::{GRID_COLUMNS, GRID_ROWS, Position};
use crate::read::error::{CellError, Unreadable};

/// Name of the only sheet.
const SHEET: &str = "CSV";
/// Separators, the likelier first.
const DELIMITERS: [u8; 3] = [b';', b'\t', b','];
/// Records looked at to find the separator.
const SAMPLE: usize = 500;

/// Reads the text. Every field is text; empty ones are no cells. Rows are numbered as a
/// spreadsheet program numbers them: blank lines count, line breaks in quotes do not.
pub(super) fn read(plain: &Plain, cx: &mut ReadContext<'_>) -> Result<WorkbookBuilder, FileError> {
    let (declared, text) = declaration(&plain.text);
    let delimiter = declared.unwrap_or_else(|| delimiter(text));
    let mut drafts = WorkbookBuilder::default();
    let mut draft = SheetBuilder::new(SHEET, false);
    let sheet = draft.sheet.name.clone();
    let mut reader = reader(text, delimiter);
    let mut record = csv::StringRecord::new();
    let mut row = 0;
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            // Reading from memory, flexible, and the text is UTF-8: nothing is left to fail.
            Err(error) => return Err(cx.unreadable(Unreadable::Csv(error.to_string()))),
        }
        row += blank_lines(text, record.position());
        for (column, field) in (0..).zip(&record) {
            if field.is_empty() {
                continue;
            }
            let at = Position::new(row, column);
            if row >= GRID_ROWS || column >= GRID_COLUMNS {
                cx.outside_grid(&sheet, at);
                break;
            }
            cx.take_cell()?;
            cx.take_text(field.len())?;
            if field.contains('\u{FFFD}') {
                cx.bad_cell(&sheet, at, Some(field), CellError::DamagedText(field.to_owned()));
            }
            draft.push_text(at, Text::new(field), 0, &drafts.fonts, CellStyle::default());
        }
        row = row.saturating_add(1);
    }
    if let Some(encoding) = plain.legacy {
        let cells = draft.sheet.rows().flat_map(|row| row.cells()).filter(|cell| !is_ascii(cell.value)).count();
        super::legacy::report(cx, encoding, cells as u64);
    }
    drafts.sheets.push(draft);
    Ok(drafts)
}

fn is_ascii(value: crate::model::workbook::Value<'_>) -> bool {
    !matches!(value, crate::model::workbook::Value::Text(text) if !text.is_ascii())
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes())
}

/// Blank lines before a record: the reader skips them, but its position is before them.
fn blank_lines(text: &str, position: Option<&csv::Position>) -> u32 {
    let start = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0);
    let mut rest = text.get(start..).unwrap_or_default();
    // Between the two bytes of a line end the reader is done with the record but not with the line.
    if text[..start].ends_with('\r') {
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    let mut lines = 0;
    while let Some(after) = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r'])) {
        rest = after;
        lines += 1;
    }
    lines
}

/// `sep=;` on a line of its own, as Excel writes and reads it.
fn declaration(text: &str) -> (Option<u8>, &str) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    match line.trim_end().as_bytes() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] if delimiter.is_ascii() => (Some(*delimiter), rest),
        _ => (None, text),
    }
}

/// The separator by which most lines have the same number of fields, more than one. Commas that
/// are decimals can be as regular as separators, so a comma has to be clearly better.
fn delimiter(text: &str) -> u8 {
    let mut best = (0, b',');
    // One that is nowhere sets nothing apart, and a reader costs as much as a hundred records.
    for delimiter in DELIMITERS.into_iter().filter(|delimiter| text.as_bytes().contains(delimiter)) {
        let mut widths: Vec<usize> = Vec::new();
        let mut records = reader(text, delimiter);
        let mut record = csv::StringRecord::new();
        while widths.len() < SAMPLE && records.read_record(&mut record).unwrap_or(false) {
            // Titles fill the first field alone, padded or not.
            if record.iter().skip(1).any(|field| !field.trim().is_empty()) && !ends_in_others(&record, delimiter) {
                widths.push(record.len());
            }
        }
        widths.sort_unstable();
        let regular = widths.chunk_by(|a, b| a == b).map(<[usize]>::len).max().unwrap_or(0);
        if regular * 4 > best.0 * 5 {
            best = (regular, delimiter);
        }
    }
    best.1
}

/// Whether the fields of a line, split by tabs, begin or end with other separators: then the tabs are
/// blanks that stand beside those. No field of a table is `,370`.
fn ends_in_others(record: &csv::StringRecord, delimiter: u8) -> bool {
    let is_other = |c: char| matches!(c, ';' | ',');
    let begins = |field: &str| field.starts_with(is_other);
    let ends = |field: &str| field.ends_with(is_other);
    let split = || record.iter().skip(1).any(begins) || record.iter().take(record.len() - 1).any(ends);
    // One tab, before everything: a blank before the label.
    let indent = || record.len() == 2 && record[0].trim().is_empty() && record[1].contains(is_other);
    delimiter == b'\t' && (split() || indent())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_count_whatever_ends_a_line() {
        for end in ["\n", "\r\n"] {
            let text = ["Biểu 1", "", "TT;Tên", "1;Lúa", "", "", "2;Ngô", ""].join(end);
            let mut reader = reader(&text, b';');
            let mut record = csv::StringRecord::new();
            let mut rows = Vec::new();
            let mut row = 0;
            while reader.read_record(&mut record).unwrap_or(false) {
                row += blank_lines(&text, record.position());
                rows.push(row);
                row += 1;
            }
            assert_eq!(rows, [0, 2, 3, 6], "{end:?}");
        }
    }

    #[test]
    fn separators() {
        for (text, expected) in [
            ("a;b;c\n1;2;3\n", b';'),
            ("Biểu 1, năm 2023\n\nTT;Tên;Số\n1;Lúa, ngô;1,5\n2;Sắn;2,5\n", b';'),
            ("TT;Số;Số\n1,5;2,5;1\n2,5;3,5;2\n", b';'),
            ("1,5;2,5\n2,5;3,5\n", b';'),
            ("a,b,c\n1,\"x;y;z\",3\n4,5,6\n", b','),
            ("a\tb\n1,5\t2\n", b'\t'),
            // Tabs as blanks behind and before the fields.
            ("a\t,b\t,c\t\n1\t,2\t,3\t\n", b','),
            ("\ta;\tb\n\t1;\t2,5\n", b';'),
            ("a,b,c\n\tx,1,2\n\ty,3,4\n\tz,5,6\nu,7,8\n", b','),
            ("một cột\nhai\n", b','),
            ("", b','),
        ] {
            assert_eq!(char::from(delimiter(text)), char::from(expected), "{text}");
        }
        assert_eq!(declaration("sep=|\r\na|b"), (Some(b'|'), "a|b"));
        assert_eq!(declaration("september"), (None, "september"));
    }
}
