//! Bytes of any file in, a workbook and findings out.
//!
//! The bytes alone say what a file is; its name is only held against it. Whatever the file
//! claims about its own size is checked before memory is asked for, and what cannot be read
//! costs as little as possible: a cell, then a sheet, then the file.
//!
//! Pure: no files, processes, threads or clock. A panic in a crate that reads a damaged file is
//! not caught here; the driver reads in processes of its own.

mod archive;
mod bytes;
mod codes;
mod colour;
mod compound;
mod crypt;
mod delimited;
mod draft;
mod format;
mod formula;
mod html;
mod intake;
mod legacy;
mod ods;
mod package;
mod plain;
mod rich;
mod sniff;
mod spreadsheetml;
#[cfg(test)]
mod tests;
mod xls;
mod xlsb;
mod xlsx;
mod xml;

use std::sync::Arc;

pub use codes::CODES;

use self::{intake::Intake, sniff::Source};
use crate::{
    model::{
        finding::{Facts, Finding, Place, Worded},
        workbook::{Format, Position, Workbook},
    },
    values::language::{Language, Words, say},
};
use serde::{Deserialize, Serialize};

/// How much one file may ask for. The defaults are those of a worker with 1 GiB, and are far above
/// what an office fills by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Filled cells of all sheets together. A number of few digits costs 4 bytes and a date or a
    /// formula that shares nothing with its neighbours 40, beside its text.
    pub cells: u64,
    /// Bytes of the file itself, and of all parts of a zip file that are unpacked: what they cost is
    /// time.
    pub inflated_bytes: u64,
    /// Bytes of a part that has to lie in memory as a whole.
    pub held_bytes: u64,
    /// Parts in a zip file.
    pub entries: u32,
    /// Bytes of text and formulas that cells hold of their own.
    pub text_bytes: u64,
}

impl Limits {
    /// Limits for a process that may use so many bytes of memory: none of them lets a file ask for
    /// more than that.
    pub const fn within(memory: u64) -> Self {
        // More than these no sheet in memory has room for, whatever it may cost.
        let (cells, text_bytes) = (memory / 40, memory / 5);
        Self {
            cells: if cells < 100_000_000 { cells } else { 100_000_000 },
            inflated_bytes: memory.saturating_mul(4),
            held_bytes: memory / 4,
            entries: 10_000,
            text_bytes: if text_bytes < 1 << 31 { text_bytes } else { 1 << 31 },
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::within(1 << 30)
    }
}

/// Reads one file. `file` is its path as the user named it, for findings and for
/// `wrong-extension`; `language` is that of the sentences in findings.
///
/// # Errors
/// One finding, `unreadable-file`, `encrypted-file` or `limit-exceeded`, when nothing of the
/// file can be used. Findings of the same codes beside a workbook are about a part of it.
pub fn read(
    file: &Arc<str>,
    bytes: &[u8],
    limits: &Limits,
    language: Language,
) -> Result<(Workbook, Vec<Finding>), Box<Finding>> {
    let mut intake = Intake::new(file, limits, language);
    let intake_ref = &mut intake;
    let opened = sniff::opened(bytes, intake_ref)?;
    let bytes = opened.as_deref().unwrap_or(bytes);
    let (format, drafts) = match sniff::sniff(bytes, intake_ref)? {
        Source::Xlsx(archive) => (Format::Xlsx, xlsx::read(archive, intake_ref)?),
        Source::Xlsb(archive) => (Format::Xlsb, xlsb::read(archive, intake_ref)?),
        Source::Ods(archive) => (Format::Ods, ods::read(archive, intake_ref)?),
        Source::FlatOds(text) => (Format::Ods, ods::flat(&text, intake_ref)?),
        Source::Xls(stream) => (Format::Xls, xls::read(&stream, intake_ref)?),
        Source::SpreadsheetMl(text) => (Format::SpreadsheetMl, spreadsheetml::read(&text, intake_ref)?),
        Source::Html(text) => (Format::Html, html::read(&text, intake_ref)?),
        Source::Delimited(plain) => (Format::Csv, delimited::read(&plain, intake_ref)?),
    };
    if let Some(promised) = sniff::promised(file).filter(|&promised| promised != format) {
        let finding = wrong_extension(&intake, promised, format);
        intake.findings.push(finding);
    }
    let sheets = legacy::decode(drafts, &mut intake).into_iter().map(Arc::new).collect();
    Ok((Workbook { file: file.clone(), format, sheets }, intake.finish()))
}

fn wrong_extension(intake: &Intake<'_>, promised: Format, format: Format) -> Finding {
    let (promised, name) = (promised.name(), format.name());
    let message = say!(
        intake.language,
        "tên tệp cho biết là {promised} nhưng nội dung là {name}; đã đọc theo nội dung",
        "the name says {promised}, but the content is {name}; it was read according to its content"
    );
    let action = say!(
        intake.language,
        "mở tệp bằng Excel, lưu lại thành .xlsx (Lưu dưới dạng); đổi tên đuôi tệp là không đủ",
        "open the file in Excel and save it as .xlsx; renaming it is not enough"
    );
    intake.finding(&codes::WRONG_EXTENSION, message, action).fingerprinted(&[promised, name])
}

/// The finding for a file that the system does not hand over.
pub fn unreadable(file: &Arc<str>, reason: &str, language: Language) -> Finding {
    Finding::new(
        &codes::UNREADABLE_FILE,
        Worded(
            crate::values::language::say!(
                language,
                "không mở được tệp: {reason}",
                "the file cannot be opened: {reason}"
            ),
            crate::values::language::say!(
                language,
                "kiểm tra quyền đọc và đường dẫn của tệp",
                "check the path and whether it may be read"
            ),
        ),
    )
    .at(Place::file(file))
    .fingerprinted(&[])
    .formerly(&[file])
}

/// What the program was at when it broke down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// Reading the file.
    Reading,
    /// Judging what was read.
    Judging,
    /// Writing what was judged.
    Writing,
}

impl Step {
    /// For sentences.
    pub const fn words(self) -> Words {
        match self {
            Self::Reading => Words { vi: "đọc tệp", en: "reading the file" },
            Self::Judging => Words { vi: "kiểm tra số liệu", en: "checking its figures" },
            Self::Writing => Words { vi: "ghi kết quả", en: "writing the result" },
        }
    }
}

/// The program whose tables a file holds, where that is one whose files are not read here; told by the
/// ending of its name.
pub fn unsupported(file: &str) -> Option<&'static str> {
    sniff::unsupported(file)
}

/// Whether a finding is about a fault of this program.
pub fn is_internal(finding: &Finding) -> bool {
    finding.code == &codes::INTERNAL_ERROR
}

/// The finding for a file on which this program broke down: a fault of the program, not of the file.
/// `reason` is what it said last.
pub fn internal_error(file: &Arc<str>, step: Step, reason: &str, language: Language) -> Finding {
    let (at, version) = (step.words().get(language), env!("CARGO_PKG_VERSION"));
    Finding::new(&codes::INTERNAL_ERROR, Worded(say!(
            language,
            "chương trình gặp lỗi của chính mình ở bước {at}: {reason}; lỗi này không phải của tệp, tệp không bị thay đổi",
            "the program itself failed while {at}: {reason}; this is no fault of the file, which is unchanged"
        ), say!(
            language,
            "gửi thông báo này (bieu {version}) cho người phụ trách chương trình, kèm tệp nếu được phép; số liệu của tệp chưa được kiểm tra",
            "send this message (bieu {version}) to whoever maintains the program, with the file if that is allowed; its figures were not checked"
        )))
    .at(Place::file(file))
    .fingerprinted(&[])
}

/// Cells of a sheet that a second reader reads differently: where, what was read here, and what there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disagreement {
    /// File as the user named it.
    pub file: Arc<str>,
    /// Its sheet.
    pub sheet: Arc<str>,
    /// At least one cell.
    pub cells: Vec<(Position, String, String)>,
}

/// `readers-disagree`: the first cell that is read differently, and how many others are.
#[derive(Debug)]
struct ReadersDisagree {
    at: Position,
    ours: String,
    theirs: String,
    others: usize,
}

impl Facts for ReadersDisagree {
    fn message(&self, language: Language) -> String {
        let Self { ours, theirs, others, .. } = self;
        let more = match others {
            0 => String::new(),
            _ => say!(language, " (và {others} ô khác)", " (and {others} more)"),
        };
        say!(
            language,
            "đọc hai lần ra khác nhau: ở đây đọc \"{ours}\", bộ đọc thứ hai đọc \"{theirs}\"{more}",
            "read twice and not the same: \"{ours}\" here, \"{theirs}\" by the second reader{more}"
        )
    }

    fn action(&self, language: Language) -> String {
        let at = self.at;
        say!(
            language,
            "mở tệp bằng Excel, so ô {at} với hai giá trị này; lưu lại thành .xlsx mới rồi chạy lại",
            "open the file in Excel and compare {at} with both values; save it as a new .xlsx and run again"
        )
    }
}

/// The finding for cells that a second reader reads differently; nothing for none.
pub fn readers_disagree(disagreement: &Disagreement) -> Option<Finding> {
    let Disagreement { file, sheet, cells } = disagreement;
    let (at, ours, theirs) = cells.first()?;
    let place = |at: Position, raw: &str| Place {
        file: file.clone(),
        sheet: Some(sheet.clone()),
        cell: Some(at),
        raw: Some(raw.into()),
    };
    let facts = ReadersDisagree { at: *at, ours: ours.clone(), theirs: theirs.clone(), others: cells.len() - 1 };
    let mut finding = Finding::new(&codes::READERS_DISAGREE, facts).at(place(*at, ours)).fingerprinted(&[
        "second-reader",
        sheet,
        &at.to_string(),
    ]);
    (finding.found, finding.expected) = (Some(ours.clone()), Some(theirs.clone()));
    for (at, ours, _) in &cells[1..] {
        finding.judge_from(place(*at, ours));
    }
    Some(finding)
}

/// The finding for a file that asks for more time or memory than it may have.
pub fn over_limit(file: &Arc<str>, reason: &str, language: Language) -> Finding {
    Finding::new(&codes::LIMIT_EXCEEDED, Worded(crate::values::language::say!(language, "tệp vượt giới hạn: {reason}", "the file exceeds a limit: {reason}"), crate::values::language::say!(
            language,
            "mở tệp bằng Excel, chép riêng bảng số liệu sang tệp mới; nếu tệp thật sự lớn, nâng --timeout hoặc --max-memory",
            "copy the table into a new file; if the file really is that large, raise --timeout or --max-memory"
        )))
    .at(Place::file(file))
    .fingerprinted(&[])
    .formerly(&[file])
}
