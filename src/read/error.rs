//! Why a file, a sheet or a cell cannot be read: what each finding of this stage says.

use std::sync::Arc;

use crate::{
    model::{finding::Facts, workbook::Position},
    values::language::{Language, Words, counted, say},
};

/// What is wrong with a file that is no spreadsheet, or a broken one.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// No byte.
    Empty,
    /// A file of another kind.
    Other(Words),
    /// The directory of the zip file cannot be read.
    NoDirectory,
    /// A part that everything hangs on is damaged.
    Damaged(Loss),
    /// A compound file whose structure is wrong.
    Compound(Words),
    /// A text whose lines cannot be told apart, and why.
    Csv(String),
    /// A web page without a table.
    NoTable,
    /// The main part of an .xlsx file is not there.
    NoMainPart(String),
    /// An .ods file without content.
    NoContent,
    /// The content of an .ods file breaks off.
    ContentBreaksOff,
    /// A spreadsheet XML that breaks off.
    XmlBreaksOff,
    /// An `OpenDocument` file without a spreadsheet.
    NoSpreadsheet,
    /// An .xls file of charts and macros only.
    ChartsOnly,
    /// A workbook of this ending that lists no worksheet.
    NoWorksheet(&'static str),
}

impl Facts for Unreadable {
    fn message(&self, language: Language) -> String {
        match self {
            Self::Empty => say!(
                language,
                "tệp rỗng (0 byte); có thể tải về hoặc chép chưa xong",
                "the file is empty (0 bytes); it may not have been downloaded or copied completely"
            ),
            Self::Other(what) => {
                let what = what.get(language);
                say!(
                    language,
                    "đây là {what}; cần bảng tính (.xlsx, .xls, .ods, .csv)",
                    "this is {what}; a spreadsheet (.xlsx, .xls, .ods, .csv) is expected"
                )
            }
            Self::NoDirectory => say!(
                language,
                "tệp bị hỏng hoặc tải về chưa hết (không đọc được mục lục của tệp nén)",
                "the file is damaged or was not downloaded completely (its zip directory cannot be read)"
            ),
            Self::Damaged(why) => {
                let why = why.words(language);
                say!(language, "tệp bị hỏng: {why}", "the file is damaged: {why}")
            }
            Self::Compound(why) => {
                let why = why.get(language);
                say!(language, "tệp kiểu Office 97-2003 bị hỏng: {why}", "the Office 97-2003 file is damaged: {why}")
            }
            Self::Csv(why) => why.clone(),
            Self::NoTable => say!(
                language,
                "đây là trang web (HTML) không có bảng nào có dữ liệu; có thể là trang đăng nhập hoặc trang báo lỗi",
                "this is a web page (HTML) without a table that holds data; it may be a login or error page"
            ),
            Self::NoMainPart(main) => say!(
                language,
                "tệp .xlsx thiếu phần chính ({main}); có thể tải về chưa hết",
                "the .xlsx file has no main part ({main}); it may not have been downloaded completely"
            ),
            Self::NoContent => say!(
                language,
                "tệp .ods thiếu phần nội dung (content.xml); có thể tải về chưa hết",
                "the .ods file has no content part (content.xml); it may not have been downloaded completely"
            ),
            Self::ContentBreaksOff => say!(
                language,
                "nội dung tệp .ods bị đứt giữa chừng; có thể tải về chưa hết",
                "the content of the .ods file breaks off; it may not have been downloaded completely"
            ),
            Self::XmlBreaksOff => say!(
                language,
                "tệp XML bảng tính bị đứt giữa chừng; có thể tải về chưa hết",
                "the spreadsheet XML breaks off; it may not have been downloaded completely"
            ),
            Self::NoSpreadsheet => say!(
                language,
                "tệp OpenDocument này không có bảng tính nào",
                "this OpenDocument file holds no spreadsheet"
            ),
            Self::ChartsOnly => say!(
                language,
                "tệp .xls chỉ có biểu đồ hoặc macro (như biểu đồ của Microsoft Graph), không có bảng tính nào",
                "the .xls file holds charts or macros only (as those of Microsoft Graph), and no worksheet"
            ),
            Self::NoWorksheet(ending) => say!(
                language,
                "tệp .{ending} không có bảng tính nào hoặc bị hỏng",
                "the .{ending} file holds no worksheet or is damaged"
            ),
        }
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "mở tệp bằng Excel hoặc LibreOffice, lưu lại thành .xlsx rồi đọc lại; nếu không mở được, xin bản khác",
            "open the file in Excel or LibreOffice and save it as .xlsx; if it does not open, ask for another copy"
        )
    }
}

/// What a file asks for more of than [`Limits`](super::Limits) allow; sizes in bytes.
#[derive(Debug)]
pub(super) enum TooMuch {
    Bytes { size: u64, most: u64 },
    Cells { most: u64 },
    Repeated { most: u64 },
    Sheets { most: u32 },
    SharedStrings { most: u64 },
    ClaimedStrings { claimed: String, most: u64 },
    Text { most: u64 },
    Parts { most: u32 },
    Unpacked { path: String, declared: u64, packed: u64 },
    UnpackedPastClaim { path: String, declared: u64 },
    ClaimedGrid { sheet: Arc<str>, claimed: (u32, u32), used: (u32, u32) },
    FormulaNumber { number: String, at: Position },
}

impl Facts for TooMuch {
    fn message(&self, language: Language) -> String {
        match self {
            Self::Bytes { size, most } => {
                let number = |bytes: u64| language.number((bytes >> 20).into());
                let (size, most) = (number(*size), number(*most));
                say!(
                    language,
                    "tệp lớn {size} MB, quá mức cho phép ({most} MB)",
                    "the file has {size} MiB, the limit is {most} MiB"
                )
            }
            Self::Cells { most } => say!(
                language,
                "tệp có hơn {most} ô có dữ liệu, nhiều hơn mức cho phép",
                "the file has more than {most} filled cells, which is the limit"
            ),
            Self::Repeated { most } => say!(
                language,
                "tệp lặp lại các ô có dữ liệu hơn {most} lần (cả cột hoặc cả dòng điền cùng một giá trị)",
                "the file repeats filled cells more than {most} times (whole columns or rows hold one value)"
            ),
            Self::Sheets { most } => say!(
                language,
                "tệp có hơn {most} sheet, nhiều hơn mức cho phép",
                "the file has more than {most} sheets, which is the limit"
            ),
            Self::SharedStrings { most } => say!(
                language,
                "bảng chuỗi dùng chung có hơn {most} chuỗi, nhiều hơn mức cho phép",
                "the table of shared strings has more than {most} entries, which is the limit"
            ),
            Self::ClaimedStrings { claimed, most } => say!(
                language,
                "bảng chuỗi dùng chung ghi là có {claimed} chuỗi nhưng chỉ đủ chỗ cho {most}; tệp hỏng hoặc cố ý gây hại",
                "the table of shared strings claims {claimed} entries and has room for {most}; the file is damaged or meant to do harm"
            ),
            Self::Text { most } => {
                let most = most >> 20;
                say!(
                    language,
                    "chữ và công thức trong tệp vượt {most} MB, mức cho phép",
                    "text and formulas of the file exceed {most} MiB, which is the limit"
                )
            }
            Self::Parts { most } => say!(
                language,
                "tệp nén chứa hơn {most} tệp con, nhiều hơn mức cho phép",
                "the zip file holds more than {most} parts, which is the limit"
            ),
            Self::Unpacked { path, declared, packed } => {
                let number = |size: u64| language.number(size.into());
                let (size, packed) = (number(declared.div_ceil(1 << 20)), number(packed / 1024));
                say!(
                    language,
                    "phần {path} giải nén ra {size} MB từ {packed} KB, vượt mức cho phép",
                    "part {path} unpacks to {size} MiB from {packed} KiB, which is beyond the limit"
                )
            }
            Self::UnpackedPastClaim { path, declared } => say!(
                language,
                "phần {path} ghi là {declared} byte nhưng giải nén ra nhiều hơn; tệp hỏng hoặc cố ý gây hại",
                "part {path} claims {declared} bytes but unpacks to more; the file is damaged or meant to do harm"
            ),
            Self::ClaimedGrid { sheet, claimed: (rows, columns), used: (used_rows, used_columns) } => say!(
                language,
                "sheet \"{sheet}\" ghi là rộng {rows} dòng x {columns} cột nhưng chỉ có {used_rows} dòng x {used_columns} cột; tệp hỏng hoặc cố ý gây hại",
                "sheet \"{sheet}\" claims {rows} rows x {columns} columns and has {used_rows} x {used_columns}; the file is damaged or meant to do harm"
            ),
            Self::FormulaNumber { number, at } => say!(
                language,
                "công thức dùng chung ở ô {at} mang số {number}, không tệp nào cần số lớn như vậy; tệp hỏng hoặc cố ý gây hại",
                "the shared formula in cell {at} has number {number}, which no workbook needs; the file is damaged or meant to do harm"
            ),
        }
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "mở tệp, chép riêng vùng có số liệu sang tệp mới rồi đọc lại; nếu tệp không do cơ quan mình lập, đừng mở",
            "open the file and copy the area that holds data into a new one; do not open it if you do not know where it comes from"
        )
    }
}

/// The file asks for a password.
#[derive(Debug)]
pub(super) struct Encrypted;

impl Facts for Encrypted {
    fn message(&self, language: Language) -> String {
        say!(
            language,
            "tệp có mật khẩu mở nên không đọc được nội dung",
            "the file is protected by a password, so its content cannot be read"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "mở tệp bằng mật khẩu, bỏ mật khẩu (Excel: Tệp > Thông tin > Bảo vệ sổ làm việc > Mã hóa bằng mật khẩu, xóa trống), lưu lại rồi đọc lại",
            "open the file with its password, remove it (Excel: File > Info > Protect Workbook > Encrypt with Password, leave empty), save and read again"
        )
    }
}

/// Why a sheet, or a part of the file, is lost.
#[derive(Debug)]
pub(super) enum Loss {
    /// Its part is not in the file.
    NoPart,
    /// A part that cannot be unpacked.
    Packed { path: String },
    /// The data breaks off.
    BreaksOff,
    /// The data breaks off near a row, from one.
    BreaksOffNear { row: u32 },
}

impl Loss {
    fn words(&self, language: Language) -> String {
        match self {
            Self::NoPart => {
                say!(language, "phần chứa sheet không có trong tệp", "its part is missing from the file")
            }
            Self::Packed { path } => {
                say!(language, "không giải nén được phần {path}", "part {path} cannot be unpacked")
            }
            Self::BreaksOff => say!(
                language,
                "dữ liệu bị đứt giữa chừng, phần trước đó đã đọc",
                "its data breaks off; what comes before was read"
            ),
            Self::BreaksOffNear { row } => say!(
                language,
                "dữ liệu bị đứt ở quanh dòng {row}, phần trước đó đã đọc",
                "its data breaks off near row {row}; what comes before was read"
            ),
        }
    }
}

/// A sheet that is in the list of the workbook and could not be read.
#[derive(Debug)]
pub(super) struct LostSheet {
    pub(super) sheet: Arc<str>,
    pub(super) why: Loss,
}

impl Facts for LostSheet {
    fn message(&self, language: Language) -> String {
        let (sheet, reason) = (&self.sheet, self.why.words(language));
        say!(
            language,
            "không đọc được sheet \"{sheet}\": {reason}; các sheet khác vẫn được đọc",
            "sheet \"{sheet}\" cannot be read: {reason}; the other sheets were read"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "mở tệp bằng Excel hoặc LibreOffice, kiểm tra sheet này, lưu lại rồi đọc lại",
            "open the file in Excel or LibreOffice, look at this sheet, save and read it again"
        )
    }
}

/// A sheet that the list names without a part of its own.
#[derive(Debug)]
pub(super) struct NameOnly {
    pub(super) sheet: Arc<str>,
}

impl Facts for NameOnly {
    fn message(&self, language: Language) -> String {
        let sheet = &self.sheet;
        say!(
            language,
            "sheet \"{sheet}\" chỉ có tên, không có nội dung trong tệp (thường là sheet macro đời cũ); không có gì để đọc",
            "sheet \"{sheet}\" is a name without content (mostly a macro sheet of old); there is nothing to read"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "không phải làm gì; nếu sheet này phải có số liệu, xin bản khác",
            "nothing is required; ask for another copy if this sheet should hold figures"
        )
    }
}

/// What is wrong with a cell.
#[derive(Debug)]
pub(super) enum CellError {
    /// Its text holds U+FFFD.
    DamagedText(String),
    /// No number, where one is said to stand.
    NoNumber(String),
    /// Neither a number nor a string of the file.
    NoValue(String),
    /// Not of the type that the cell names.
    NotOfType { raw: String, kind: String },
    /// No entry of the table of shared strings.
    NotInStrings(String),
    /// Neither true nor false.
    NotBoolean(String),
    /// An error value that no program knows.
    UnknownError(String),
    /// A type of cell that is not known.
    UnknownType(String),
    /// An extension beside its plain value.
    Extension,
}

/// A cell that cannot be read, or not wholly.
#[derive(Debug)]
pub(super) struct UnreadableCell {
    pub(super) sheet: Arc<str>,
    pub(super) at: Position,
    pub(super) error: CellError,
}

impl Facts for UnreadableCell {
    fn message(&self, language: Language) -> String {
        let at = self.at;
        match &self.error {
            CellError::DamagedText(raw) => {
                say!(language, "ô {at} có ký tự hỏng: \"{raw}\"", "cell {at} holds damaged characters: \"{raw}\"")
            }
            CellError::NoNumber(raw) => say!(
                language,
                "ô {at} không đọc được: \"{raw}\" không phải là số",
                "cell {at} cannot be read: \"{raw}\" is no number"
            ),
            CellError::NoValue(raw) => say!(
                language,
                "ô {at} không đọc được: \"{raw}\" không phải là số hoặc chuỗi có trong tệp",
                "cell {at} cannot be read: \"{raw}\" is neither a number nor a string of the file"
            ),
            CellError::NotOfType { raw, kind } => say!(
                language,
                "ô {at} không đọc được: \"{raw}\" không đúng kiểu {kind}",
                "cell {at} cannot be read: \"{raw}\" is not of type {kind}"
            ),
            CellError::NotInStrings(raw) => say!(
                language,
                "ô {at} không đọc được: \"{raw}\" không có trong bảng chuỗi của tệp",
                "cell {at} cannot be read: \"{raw}\" is not in the file's table of strings"
            ),
            CellError::NotBoolean(raw) => say!(
                language,
                "ô {at} không đọc được: \"{raw}\" không phải là đúng/sai",
                "cell {at} cannot be read: \"{raw}\" is neither true nor false"
            ),
            CellError::UnknownError(raw) => say!(
                language,
                "ô {at} không đọc được: \"{raw}\" là mã lỗi lạ, ô không có kết quả",
                "cell {at} cannot be read: \"{raw}\" is an unknown error, the cell has no result"
            ),
            CellError::UnknownType(raw) => say!(
                language,
                "ô {at} không đọc được: \"{raw}\" thuộc kiểu ô không biết",
                "cell {at} cannot be read: \"{raw}\" is of an unknown type"
            ),
            CellError::Extension => say!(
                language,
                "ô {at} có phần mở rộng mà chương trình không đọc; chỉ lấy giá trị thường của ô",
                "cell {at} holds an extension that is not read; its plain value was taken"
            ),
        }
    }

    fn action(&self, language: Language) -> String {
        let Self { sheet, at, .. } = self;
        say!(
            language,
            "mở tệp và xem ô {at} của sheet \"{sheet}\"; gõ lại giá trị nếu cần",
            "open the file, look at cell {at} of sheet \"{sheet}\" and type the value again where needed"
        )
    }
}

/// Cells that cannot be read beyond those that are listed.
#[derive(Debug)]
pub(super) struct MoreUnreadableCells {
    pub(super) more: u32,
}

impl Facts for MoreUnreadableCells {
    fn message(&self, language: Language) -> String {
        let more = self.more;
        let cells = counted(more, "more cell");
        say!(
            language,
            "còn {more} ô nữa không đọc được, không kể ra từng ô",
            "{cells} that cannot be read and are not listed"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "mở tệp bằng Excel, sửa các ô báo lỗi rồi lưu lại",
            "open the file in Excel, correct the cells that show errors and save it"
        )
    }
}

/// A cell that no grid has room for.
#[derive(Debug)]
pub(super) struct OutsideGrid {
    pub(super) at: Position,
}

impl Facts for OutsideGrid {
    fn message(&self, language: Language) -> String {
        let at = self.at;
        say!(
            language,
            "ô {at} nằm ngoài bảng tính (nhiều nhất 1.048.576 dòng, 16.384 cột), đã bỏ qua",
            "cell {at} lies outside the grid (at most 1,048,576 rows and 16,384 columns) and was left out"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "mở tệp bằng Excel, lưu lại rồi đọc lại; nếu Excel báo tệp hỏng, xin bản khác",
            "open the file in Excel, save and read it again; if Excel calls it damaged, ask for another copy"
        )
    }
}

/// A name that promises another format than the content has.
#[derive(Debug)]
pub(super) struct WrongExtension {
    pub(super) promised: &'static str,
    pub(super) format: &'static str,
}

impl Facts for WrongExtension {
    fn message(&self, language: Language) -> String {
        let Self { promised, format } = self;
        say!(
            language,
            "tên tệp cho biết là {promised} nhưng nội dung là {format}; đã đọc theo nội dung",
            "the name says {promised}, but the content is {format}; it was read according to its content"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "mở tệp bằng Excel, lưu lại thành .xlsx (Lưu dưới dạng); đổi tên đuôi tệp là không đủ",
            "open the file in Excel and save it as .xlsx; renaming it is not enough"
        )
    }
}

/// Texts in an encoding from before Unicode.
#[derive(Debug)]
pub(super) struct OldEncoding {
    pub(super) encoding: String,
    pub(super) cells: u64,
}

impl Facts for OldEncoding {
    fn message(&self, language: Language) -> String {
        let Self { encoding, cells } = self;
        let text_cells = counted(*cells, "text cell");
        say!(
            language,
            "{cells} ô chữ gõ bằng bảng mã cũ {encoding}, đã đọc sang Unicode",
            "{text_cells} in the old encoding {encoding}, read as Unicode"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "không bắt buộc; nếu chữ trong kết quả bị sai, chuyển tệp sang Unicode (Unikey, Công cụ) rồi đọc lại",
            "nothing is required; where text came out wrong, convert the file to Unicode and read it again"
        )
    }
}
