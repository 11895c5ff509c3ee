//! Bytes of any file in, a workbook and findings out.
//!
//! The bytes alone say what a file is; its name is only held against it. Whatever the file
//! claims about its own size is checked before memory is asked for, and what cannot be read
//! costs as little as possible: a cell, then a sheet, then the file.
//!
//! Pure: no files, processes, threads or clock. A panic in a crate that reads a damaged file is
//! not caught here; the driver reads in processes of its own.

mod archive;
mod biff_records;
mod builder;
mod bytes;
mod codes;
mod colour;
mod compound;
mod context;
mod crypt;
mod delimited;
mod error;
mod failure;
mod fonts;
mod format;
mod formula;
mod html;
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
pub(crate) use codes::UNREADABLE_CELL;

use self::error::WrongExtension;
pub use self::failure::Exceeded;
use self::{context::ReadContext, sniff::Source};
use crate::{
    model::{
        finding::{Facts, Finding, Place},
        workbook::{Format, Position, Workbook},
    },
    values::language::{Language, Words, say},
};
use serde::{Deserialize, Serialize};

/// How much one file may ask for. The defaults are those of a worker with 1 GiB, and are far above
/// what an office fills by hand.
///
/// ```
/// use bieu::{ErrorKind, Limits};
///
/// let limits = Limits { cells: 3, ..Limits::within(64 << 20) };
/// let file = bieu::read("lua.csv", b"a;b\n1;2\n", &limits);
/// assert_eq!(file.workbook().unwrap_err().kind(), ErrorKind::OverLimit);
/// ```
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
/// `wrong-extension`.
///
/// # Errors
/// One finding, `unreadable-file`, `encrypted-file` or `limit-exceeded`, when nothing of the
/// file can be used. Findings of the same codes beside a workbook are about a part of it.
pub fn read(file: &Arc<str>, bytes: &[u8], limits: &Limits) -> Result<(Workbook, Vec<Finding>), Box<Finding>> {
    let mut cx = ReadContext::new(file, limits);
    let cx_ref = &mut cx;
    let opened = sniff::opened(bytes, cx_ref)?;
    let bytes = opened.as_deref().unwrap_or(bytes);
    let (format, drafts) = match sniff::sniff(bytes, cx_ref)? {
        Source::Xlsx(archive) => (Format::Xlsx, xlsx::read(archive, cx_ref)?),
        Source::Xlsb(archive) => (Format::Xlsb, xlsb::read(archive, cx_ref)?),
        Source::Ods(archive) => (Format::Ods, ods::read(archive, cx_ref)?),
        Source::FlatOds(text) => (Format::Ods, ods::flat(&text, cx_ref)?),
        Source::Xls(stream) => (Format::Xls, xls::read(&stream, cx_ref)?),
        Source::SpreadsheetMl(text) => (Format::SpreadsheetMl, spreadsheetml::read(&text, cx_ref)?),
        Source::Html(text) => (Format::Html, html::read(&text, cx_ref)?),
        Source::Delimited(plain) => (Format::Csv, delimited::read(&plain, cx_ref)?),
    };
    if let Some(promised) = sniff::promised(file).filter(|&promised| promised != format) {
        let finding = wrong_extension(&cx, promised, format);
        cx.findings.push(finding);
    }
    let sheets = legacy::decode(drafts, &mut cx).into_iter().map(Arc::new).collect();
    Ok((Workbook { file: file.clone(), format, sheets }, cx.finish()))
}

fn wrong_extension(cx: &ReadContext<'_>, promised: Format, format: Format) -> Finding {
    let (promised, format) = (promised.name(), format.name());
    let finding = cx.finding(&codes::WRONG_EXTENSION, WrongExtension { promised, format });
    finding.fingerprinted(&[promised, format])
}

/// The finding for a file that the system does not hand over.
pub fn unreadable(file: &Arc<str>, reason: &str) -> Finding {
    let facts = failure::NotOpened { reason: reason.to_owned() };
    Finding::new(&codes::UNREADABLE_FILE, facts).at(Place::file(file)).fingerprinted(&[]).formerly(&[file])
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
pub fn internal_error(file: &Arc<str>, step: Step, reason: &str) -> Finding {
    let facts = failure::Internal { step, reason: reason.to_owned() };
    Finding::new(&codes::INTERNAL_ERROR, facts).at(Place::file(file)).fingerprinted(&[])
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
pub fn over_limit(file: &Arc<str>, exceeded: Exceeded) -> Finding {
    Finding::new(&codes::LIMIT_EXCEEDED, exceeded).at(Place::file(file)).fingerprinted(&[]).formerly(&[file])
}
