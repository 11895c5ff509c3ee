//! Files that are not read for what they hold: the system refuses, a limit of the worker is met, or the
//! program itself breaks down.

use super::Step;
use crate::{
    model::finding::Facts,
    values::language::{Language, counted, say},
};

/// A file that the system does not hand over, and what it says.
#[derive(Debug)]
pub(super) struct NotOpened {
    pub(super) reason: String,
}

impl Facts for NotOpened {
    fn message(&self, language: Language) -> String {
        let reason = &self.reason;
        say!(language, "không mở được tệp: {reason}", "the file cannot be opened: {reason}")
    }

    fn action(&self, language: Language) -> String {
        say!(language, "kiểm tra quyền đọc và đường dẫn của tệp", "check the path and whether it may be read")
    }
}

/// The program broke down on a file: what it was at, and what it said last.
#[derive(Debug)]
pub(super) struct Internal {
    pub(super) step: Step,
    pub(super) reason: String,
}

impl Facts for Internal {
    fn message(&self, language: Language) -> String {
        let (at, reason) = (self.step.words().get(language), &self.reason);
        say!(
            language,
            "chương trình gặp lỗi của chính mình ở bước {at}: {reason}; lỗi này không phải của tệp, tệp không bị thay đổi",
            "the program itself failed while {at}: {reason}; this is no fault of the file, which is unchanged"
        )
    }

    fn action(&self, language: Language) -> String {
        let version = env!("CARGO_PKG_VERSION");
        say!(
            language,
            "gửi thông báo này (bieu {version}) cho người phụ trách chương trình, kèm tệp nếu được phép; số liệu của tệp chưa được kiểm tra",
            "send this message (bieu {version}) to whoever maintains the program, with the file if that is allowed; its figures were not checked"
        )
    }
}

/// What of a worker a file asks for more than it may have.
#[derive(Clone, Copy, Debug)]
pub enum Exceeded {
    /// Not read within so many seconds.
    Seconds(u64),
    /// Needs more than so many MiB to be read.
    Memory(u64),
    /// Has so many MiB itself, more than the memory that may be used.
    Size(u64),
}

impl Facts for Exceeded {
    fn message(&self, language: Language) -> String {
        let reason = match self {
            Self::Seconds(seconds) => {
                let within = counted(*seconds, "second");
                say!(language, "không đọc xong trong {seconds} giây", "was not read within {within}")
            }
            Self::Memory(mebibytes) => say!(
                language,
                "cần hơn {mebibytes} MB bộ nhớ để đọc",
                "needs more than {mebibytes} MiB of memory to be read"
            ),
            Self::Size(size) => say!(
                language,
                "tệp {size} MB, lớn hơn bộ nhớ cho phép",
                "the file of {size} MiB is larger than the memory it may use"
            ),
        };
        say!(language, "tệp vượt giới hạn: {reason}", "the file exceeds a limit: {reason}")
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "mở tệp bằng Excel, chép riêng bảng số liệu sang tệp mới; nếu tệp thật sự lớn, nâng --timeout hoặc --max-memory",
            "copy the table into a new file; if the file really is that large, raise --timeout or --max-memory"
        )
    }
}
