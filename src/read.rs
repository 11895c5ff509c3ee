//! Bytes of any file in, a workbook and findings out.

mod binary;
mod codes;
mod delimited;
mod draft;
mod intake;
mod legacy;

use std::sync::Arc;

pub use codes::CODES;
use intake::Intake;

use crate::{
    finding::Finding,
    language::Language,
    workbook::{Format, Workbook},
};

/// How much one file may ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Filled cells of all sheets together.
    pub cells: u64,
    /// Bytes of all parts of a zip file together once unpacked.
    pub inflated_bytes: u64,
    /// Parts in a zip file.
    pub entries: u32,
    /// Bytes of text in all cells together.
    pub text_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { cells: 4_000_000, inflated_bytes: 512 << 20, entries: 10_000, text_bytes: 256 << 20 }
    }
}

/// Reads one file.
pub fn read(
    file: &Arc<str>,
    bytes: &[u8],
    limits: &Limits,
    language: Language,
) -> Result<(Workbook, Vec<Finding>), Box<Finding>> {
    let mut intake = Intake::new(file, limits, language);
    let (format, drafts) = if bytes.starts_with(b"PK") || bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        binary::read(bytes, &mut intake)?
    } else {
        let text = String::from_utf8_lossy(bytes);
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
        (Format::Csv, delimited::read(text, &mut intake)?)
    };
    let sheets = legacy::decode(drafts, &mut intake);
    Ok((Workbook { file: file.clone(), format, sheets }, intake.finish()))
}

/// The finding for a file that the system does not hand over.
pub fn unreadable(file: &Arc<str>, reason: &str, language: Language) -> Finding {
    Finding::new(
        &codes::UNREADABLE_FILE,
        crate::say!(language, "không mở được tệp: {reason}", "the file cannot be opened: {reason}"),
        crate::say!(language, "kiểm tra quyền đọc và đường dẫn của tệp", "check the path and whether it may be read"),
    )
    .at(crate::finding::Place::file(file))
    .fingerprinted(&[file])
}

/// The finding for a file that asks for more time or memory than it may have.
pub fn over_limit(file: &Arc<str>, reason: &str, language: Language) -> Finding {
    Finding::new(
        &codes::LIMIT_EXCEEDED,
        crate::say!(language, "tệp vượt giới hạn: {reason}", "the file exceeds a limit: {reason}"),
        crate::say!(
            language,
            "mở tệp bằng Excel, chép riêng bảng số liệu sang tệp mới; nếu tệp thật sự lớn, nâng --timeout hoặc --max-memory",
            "copy the table into a new file; if the file really is that large, raise --timeout or --max-memory"
        ),
    )
    .at(crate::finding::Place::file(file))
    .fingerprinted(&[file])
}
