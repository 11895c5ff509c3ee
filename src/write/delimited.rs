//! Comma-separated lines; the only writer that names `csv`.
//!
//! UTF-8 with a byte order mark, since Excel takes a CSV without one for the old code page and
//! shows broken Vietnamese; `DuckDB`, pandas and `LibreOffice` skip it. A text that a spreadsheet
//! would run as a formula (it begins with `=`, `+`, `-`, `@`, a tab or a return, and is neither a
//! number nor a single sign) gets an apostrophe in front, which spreadsheets take for "this is
//! text".

use super::error::{WriteError, WriteErrorKind};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The byte order mark and the line with the names of the columns: what a table begins with.
pub(super) fn header(columns: &[&str]) -> Vec<u8> {
    let mut line = BYTE_ORDER_MARK.to_vec();
    line.extend_from_slice(columns.join(",").as_bytes());
    line.push(b'\n');
    line
}

/// Rows of fields as lines, quoted where they have to be.
///
/// # Errors
/// Those of the writer; none that a text can cause.
pub(super) fn lines<const N: usize>(rows: impl Iterator<Item = [String; N]>) -> Result<Vec<u8>, WriteError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(|error| WriteError::new(WriteErrorKind::Packaging, error))?;
    }
    writer.into_inner().map_err(|error| WriteError::new(WriteErrorKind::Packaging, error))
}

/// Appends a field of a line, made harmless and quoted where it has to be.
pub(super) fn push(out: &mut String, text: &str) {
    let special = |byte: &u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    if !text.as_bytes().iter().any(special) {
        out.push_str(if is_dangerous(text) { "'" } else { "" });
        out.push_str(text);
        return;
    }
    out.push('"');
    out.push_str(if is_dangerous(text) { "'" } else { "" });
    let mut pieces = text.split('"');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        out.push_str("\"\"");
        out.push_str(piece);
    }
    out.push('"');
}

/// A text that no spreadsheet runs.
pub(super) fn harmless(text: &str) -> String {
    if is_dangerous(text) { format!("'{text}") } else { text.to_owned() }
}

/// Whether a spreadsheet would run a text.
fn is_dangerous(text: &str) -> bool {
    let mut letters = text.chars();
    match letters.next() {
        Some('\t' | '\r') => true,
        Some('=' | '@') => !letters.as_str().is_empty(),
        // "-12,5" is a number in every locale, and "-" a sign.
        Some('+' | '-') => !letters.all(|c| c.is_ascii_digit() || c == '.' || c == ','),
        Some(_) | None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_could_run_is_made_harmless() {
        for text in ["=1+1", "@SUM(A1)", "+cmd", "-2+3", "- xã", "\t=1"] {
            assert_eq!(harmless(text), format!("'{text}"), "{text:?}");
        }
        for text in ["a", "a,b", "say \"x\"", "\"", "two\nlines", "=1,2", "\r", "-2+3", " a ", "#"] {
            let mut line = String::new();
            push(&mut line, text);
            let expected = lines([[harmless(text), "x".to_owned()]].into_iter()).expect("a line");
            assert_eq!(line + ",x\n", String::from_utf8_lossy(&expected), "{text:?}");
        }
        for text in ["", "-", "+", "=", "-12,5", "+5", "1.006,3", ">90", "Đàn trâu", "…"] {
            assert_eq!(harmless(text), text);
        }
    }
}
