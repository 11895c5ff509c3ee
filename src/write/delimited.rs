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

/// A text that no spreadsheet runs.
pub(super) fn harmless(text: &str) -> String {
    let mut letters = text.chars();
    let dangerous = match letters.next() {
        Some('\t' | '\r') => true,
        Some('=' | '@') => !letters.as_str().is_empty(),
        // "-12,5" is a number in every locale, and "-" a sign.
        Some('+' | '-') => !letters.all(|c| c.is_ascii_digit() || c == '.' || c == ','),
        Some(_) | None => false,
    };
    if dangerous { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_could_run_is_made_harmless() {
        for text in ["=1+1", "@SUM(A1)", "+cmd", "-2+3", "- xã", "\t=1"] {
            assert_eq!(harmless(text), format!("'{text}"), "{text:?}");
        }
        for text in ["", "-", "+", "=", "-12,5", "+5", "1.006,3", ">90", "Đàn trâu", "…"] {
            assert_eq!(harmless(text), text);
        }
    }
}
