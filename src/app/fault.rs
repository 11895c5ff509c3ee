//! Why a request is refused, in the words of an officer.

use crate::values::language::{Language, say};

/// A refusal.
#[derive(Clone, Debug)]
pub(super) enum Fault {
    /// The request does not come from the page: which rule it broke.
    Foreign(&'static str),
    /// No cookie, or that of another run.
    Unknown,
    /// The launch token was used before, or never given out.
    UsedToken,
    /// There is no such address.
    NoSuchPage,
    /// The address is asked for in another way than it answers to.
    Method,
    /// The body is larger than allowed.
    TooLarge,
    /// The body took too long to come.
    TooSlow,
    /// The body is not what was asked for.
    Malformed(String),
    /// A folder or file outside of what the chooser shows.
    Outside,
    /// It cannot be read or written: its path and the system's reason in both languages.
    Disk(String, [String; 2]),
    /// No folder, file or submission goes by this id.
    NoSuchThing,
    /// A name that no file can have, or of a kind that holds no table.
    Name(String),
    /// Somebody changed the file meanwhile: its text now.
    Edited(String),
    /// The file is there already.
    Exists(String),
    /// It would replace a file that is read.
    OverInput(String),
    /// The child ended without an answer: what it said.
    Failed(String),
    /// The child took longer than it may.
    TimedOut,
    /// The program is ending.
    Ending,
    /// The program itself could not do it.
    Internal(String),
}

impl Fault {
    /// What the system says of a path.
    pub(super) fn disk(path: &std::path::Path, error: &std::io::Error) -> Self {
        use crate::driver::{reason, shown};
        Self::Disk(shown(path), [reason(error, Language::Vi), reason(error, Language::En)])
    }

    /// The code in the answer.
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Foreign(_) => "foreign-request",
            Self::Unknown => "not-signed-in",
            Self::UsedToken => "used-token",
            Self::NoSuchPage => "no-such-page",
            Self::Method => "wrong-method",
            Self::TooLarge => "too-large",
            Self::TooSlow => "too-slow",
            Self::Malformed(_) => "malformed",
            Self::Outside => "outside",
            Self::Disk(..) => "disk",
            Self::NoSuchThing => "no-such-thing",
            Self::Name(_) => "bad-name",
            Self::Edited(_) => "edited-meanwhile",
            Self::Exists(_) => "exists",
            Self::OverInput(_) => "over-input",
            Self::Failed(_) => "failed",
            Self::TimedOut => "timed-out",
            Self::Ending => "ending",
            Self::Internal(_) => "internal",
        }
    }

    /// The status of the answer.
    pub(super) const fn status(&self) -> u16 {
        match self {
            Self::Foreign(_) | Self::Unknown | Self::UsedToken | Self::Outside => 403,
            Self::NoSuchPage | Self::NoSuchThing => 404,
            Self::Method => 405,
            Self::TooSlow => 408,
            Self::TooLarge => 413,
            Self::Malformed(_) | Self::Name(_) => 400,
            Self::Edited(_) | Self::Exists(_) | Self::OverInput(_) => 409,
            Self::Disk(..) | Self::Failed(_) => 422,
            Self::Ending => 503,
            Self::TimedOut => 504,
            Self::Internal(_) => 500,
        }
    }

    /// What the officer reads.
    pub(super) fn message(&self, language: Language) -> String {
        match self {
            Self::Foreign(rule) => say!(
                language,
                "yêu cầu không đến từ trang của chương trình ({rule}); đã từ chối",
                "the request does not come from the page of the program ({rule}) and was refused"
            ),
            Self::Unknown => say!(
                language,
                "trang này thuộc một lần chạy khác; hãy mở lại từ chương trình bieu",
                "this page belongs to another run; open it again from the program bieu"
            ),
            Self::UsedToken => say!(
                language,
                "địa chỉ này chỉ mở được một lần và đã dùng; hãy mở lại từ chương trình bieu",
                "this address can be opened once and was used; open the page again from the program bieu"
            ),
            Self::NoSuchPage => say!(language, "không có địa chỉ này", "there is no such address"),
            Self::Method => {
                say!(language, "không gọi được địa chỉ này theo cách đó", "this address cannot be called in that way")
            }
            Self::TooLarge => say!(language, "dữ liệu gửi lên quá lớn", "what was sent is too large"),
            Self::TooSlow => say!(language, "dữ liệu gửi lên quá chậm", "what was sent came too slowly"),
            Self::Malformed(what) => {
                say!(language, "yêu cầu không đúng dạng: {what}", "the request is not well formed: {what}")
            }
            Self::Outside => say!(
                language,
                "chỉ mở được thư mục và tệp trong danh sách chọn",
                "only folders and files that the chooser shows can be opened"
            ),
            Self::Disk(path, [vi, en]) => say!(language, "{path}: {vi}", "{path}: {en}"),
            Self::NoSuchThing => say!(
                language,
                "không còn thư mục, tệp hoặc bộ số liệu này; hãy chọn lại",
                "this folder, file or submission is no longer there; choose again"
            ),
            Self::Name(name) => say!(
                language,
                "không nhận tệp tên \"{name}\": chỉ nhận bảng tính (.xlsx .xlsm .xlsb .xls .ods .csv .tsv .html .xml)",
                "a file called \"{name}\" is not taken: only spreadsheets are (.xlsx .xlsm .xlsb .xls .ods .csv .tsv .html .xml)"
            ),
            Self::Edited(path) => say!(
                language,
                "{path} đã được người khác sửa sau khi trang đọc; chưa ghi gì. Ghi đè hay giữ bản của họ?",
                "somebody changed {path} after the page read it; nothing was written. Replace it or keep theirs?"
            ),
            Self::Exists(path) => say!(
                language,
                "{path} đã có; chọn tên khác hoặc đồng ý ghi đè",
                "{path} is there already; choose another name or agree to replace it"
            ),
            Self::OverInput(path) => say!(
                language,
                "{path} là tệp nguồn, chương trình không ghi đè; hãy chọn thư mục hoặc tên khác",
                "{path} is a source file and is never replaced; choose another folder or name"
            ),
            Self::Failed(said) => said.clone(),
            Self::TimedOut => say!(
                language,
                "việc này lâu quá mức cho phép nên đã dừng; tệp nguồn không bị thay đổi",
                "this took longer than allowed and was stopped; no source was changed"
            ),
            Self::Ending => say!(language, "chương trình đang kết thúc", "the program is ending"),
            Self::Internal(what) => say!(
                language,
                "chương trình gặp lỗi của chính mình: {what}; tệp nguồn không bị thay đổi",
                "the program itself failed: {what}; no source was changed"
            ),
        }
    }
}
