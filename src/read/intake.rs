//! What every reader shares while one file is being read.

use std::sync::Arc;

use super::{Limits, codes};
use crate::{
    model::{
        finding::{Code, Finding, Place, Severity, Worded},
        workbook::Position,
    },
    values::language::{Language, counted, say},
};

/// Bad cells reported one by one in each sheet; the rest are counted in one finding.
const BAD_CELLS: u32 = 100;

/// The file, the reader's language, the limits and what was found so far.
pub(super) struct Intake<'a> {
    pub(super) file: &'a Arc<str>,
    pub(super) language: Language,
    pub(super) limits: &'a Limits,
    pub(super) findings: Vec<Finding>,
    cells: u64,
    bad_cells: u32,
    text_bytes: u64,
    outside: u32,
    repeated: u64,
}

/// Why the file cannot be read at all.
pub(super) type Refusal = Box<Finding>;

impl<'a> Intake<'a> {
    pub(super) fn new(file: &'a Arc<str>, limits: &'a Limits, language: Language) -> Self {
        Self {
            file,
            language,
            limits,
            findings: Vec::new(),
            cells: 0,
            bad_cells: 0,
            text_bytes: 0,
            outside: 0,
            repeated: 0,
        }
    }

    pub(super) fn finding(&self, code: &'static Code, message: String, action: String) -> Finding {
        Finding::new(code, Worded(message, action)).at(Place::file(self.file))
    }

    /// The file is no spreadsheet, or a broken one.
    pub(super) fn unreadable(&self, message: String) -> Refusal {
        let action = say!(
            self.language,
            "mở tệp bằng Excel hoặc LibreOffice, lưu lại thành .xlsx rồi đọc lại; nếu không mở được, xin bản khác",
            "open the file in Excel or LibreOffice and save it as .xlsx; if it does not open, ask for another copy"
        );
        Box::new(self.finding(&codes::UNREADABLE_FILE, message, action).fingerprinted(&[]))
    }

    /// The file asks for more than [`Limits`] allow.
    pub(super) fn too_much(&self, message: String) -> Refusal {
        let action = say!(
            self.language,
            "mở tệp, chép riêng vùng có số liệu sang tệp mới rồi đọc lại; nếu tệp không do cơ quan mình lập, đừng mở",
            "open the file and copy the area that holds data into a new one; do not open it if you do not know where it comes from"
        );
        Box::new(self.finding(&codes::LIMIT_EXCEEDED, message, action).fingerprinted(&[]))
    }

    /// Counts one cell against the limit.
    pub(super) fn take_cell(&mut self) -> Result<(), Refusal> {
        self.cells += 1;
        if self.cells > self.limits.cells {
            let most = self.limits.cells;
            return Err(self.too_much(say!(
                self.language,
                "tệp có hơn {most} ô có dữ liệu, nhiều hơn mức cho phép",
                "the file has more than {most} filled cells, which is the limit"
            )));
        }
        Ok(())
    }

    /// Counts cells that stand in the file once and are read many times.
    pub(super) fn take_repeated(&mut self, cells: u64, most: u64) -> Result<(), Refusal> {
        self.repeated = self.repeated.saturating_add(cells);
        if self.repeated > most {
            return Err(self.too_much(say!(
                self.language,
                "tệp lặp lại các ô có dữ liệu hơn {most} lần (cả cột hoặc cả dòng điền cùng một giá trị)",
                "the file repeats filled cells more than {most} times (whole columns or rows hold one value)"
            )));
        }
        Ok(())
    }

    /// The list of sheets is longer than any file needs.
    pub(super) fn too_many_sheets(&self) -> Refusal {
        let most = self.limits.entries;
        self.too_much(say!(
            self.language,
            "tệp có hơn {most} sheet, nhiều hơn mức cho phép",
            "the file has more than {most} sheets, which is the limit"
        ))
    }

    /// The table of shared strings is longer than any file needs.
    pub(super) fn too_many_strings(&self) -> Refusal {
        let most = self.limits.cells;
        self.too_much(say!(
            self.language,
            "bảng chuỗi dùng chung có hơn {most} chuỗi, nhiều hơn mức cho phép",
            "the table of shared strings has more than {most} entries, which is the limit"
        ))
    }

    /// Why a sheet is lost whose part is not there.
    pub(super) fn no_part(&self) -> String {
        say!(self.language, "phần chứa sheet không có trong tệp", "its part is missing from the file")
    }

    /// The file asks for a password.
    pub(super) fn encrypted(&self) -> Refusal {
        let message = say!(
            self.language,
            "tệp có mật khẩu mở nên không đọc được nội dung",
            "the file is protected by a password, so its content cannot be read"
        );
        let action = say!(
            self.language,
            "mở tệp bằng mật khẩu, bỏ mật khẩu (Excel: Tệp > Thông tin > Bảo vệ sổ làm việc > Mã hóa bằng mật khẩu, xóa trống), lưu lại rồi đọc lại",
            "open the file with its password, remove it (Excel: File > Info > Protect Workbook > Encrypt with Password, leave empty), save and read again"
        );
        Box::new(self.finding(&codes::ENCRYPTED_FILE, message, action).fingerprinted(&[]))
    }

    /// Counts bytes of text against the limit: formulas of a shared formula's cells, and texts
    /// that stand in cells, can be many times the size of the file.
    pub(super) fn take_text(&mut self, bytes: usize) -> Result<(), Refusal> {
        self.text_bytes += bytes as u64;
        if self.text_bytes > self.limits.text_bytes {
            let most = self.limits.text_bytes >> 20;
            return Err(self.too_much(say!(
                self.language,
                "chữ và công thức trong tệp vượt {most} MB, mức cho phép",
                "text and formulas of the file exceed {most} MiB, which is the limit"
            )));
        }
        Ok(())
    }

    /// Reports a cell that no grid has room for; it is left out.
    pub(super) fn outside_grid(&mut self, sheet: &Arc<str>, at: Position) {
        self.outside += 1;
        if self.outside > 1 {
            return;
        }
        let message = say!(
            self.language,
            "ô {at} nằm ngoài bảng tính (nhiều nhất 1.048.576 dòng, 16.384 cột), đã bỏ qua",
            "cell {at} lies outside the grid (at most 1,048,576 rows and 16,384 columns) and was left out"
        );
        let action = say!(
            self.language,
            "mở tệp bằng Excel, lưu lại rồi đọc lại; nếu Excel báo tệp hỏng, xin bản khác",
            "open the file in Excel, save and read it again; if Excel calls it damaged, ask for another copy"
        );
        // No such cell can be an address of a finding; the message names it.
        let finding = self.finding(&codes::LIMIT_EXCEEDED, message, action).at(Place::sheet(self.file, sheet));
        self.findings.push(finding.fingerprinted(&[sheet, "grid"]));
    }

    /// Reports one cell that cannot be read, or cannot be read wholly.
    pub(super) fn bad_cell(&mut self, sheet: &Arc<str>, at: Position, raw: Option<&str>, message: String) {
        self.bad_cells += 1;
        if self.bad_cells > BAD_CELLS {
            return;
        }
        let action = say!(
            self.language,
            "mở tệp và xem ô {at} của sheet \"{sheet}\"; gõ lại giá trị nếu cần",
            "open the file, look at cell {at} of sheet \"{sheet}\" and type the value again where needed"
        );
        let place = Place { cell: Some(at), raw: raw.map(Arc::from), ..Place::sheet(self.file, sheet) };
        let finding = self.finding(&codes::UNREADABLE_CELL, message, action).at(place);
        self.findings.push(finding.fingerprinted(&[sheet, &at.to_string()]));
    }

    /// Reports a sheet that is in the workbook's list and could not be read.
    pub(super) fn lost_sheet(&mut self, sheet: &Arc<str>, reason: &str) {
        let message = say!(
            self.language,
            "không đọc được sheet \"{sheet}\": {reason}; các sheet khác vẫn được đọc",
            "sheet \"{sheet}\" cannot be read: {reason}; the other sheets were read"
        );
        let action = say!(
            self.language,
            "mở tệp bằng Excel hoặc LibreOffice, kiểm tra sheet này, lưu lại rồi đọc lại",
            "open the file in Excel or LibreOffice, look at this sheet, save and read it again"
        );
        let place = Place::sheet(self.file, sheet);
        let finding = self.finding(&codes::UNREADABLE_FILE, message, action).at(place);
        self.findings.push(finding.fingerprinted(&[sheet]));
    }

    /// Notes a sheet that the list names without a part of its own: a macro sheet of old, which other
    /// programs left out when they saved the file. Nothing can be read, and nothing is missing.
    pub(super) fn no_sheet(&mut self, sheet: &Arc<str>) {
        let message = say!(
            self.language,
            "sheet \"{sheet}\" chỉ có tên, không có nội dung trong tệp (thường là sheet macro đời cũ); không có gì để đọc",
            "sheet \"{sheet}\" is a name without content (mostly a macro sheet of old); there is nothing to read"
        );
        let action = say!(
            self.language,
            "không phải làm gì; nếu sheet này phải có số liệu, xin bản khác",
            "nothing is required; ask for another copy if this sheet should hold figures"
        );
        let place = Place::sheet(self.file, sheet);
        let mut finding = self.finding(&codes::UNREADABLE_FILE, message, action).at(place);
        finding.severity = Severity::Info;
        self.findings.push(finding.fingerprinted(&[sheet]));
    }

    /// Ends the reading: counts what was left unsaid.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        if self.bad_cells > BAD_CELLS {
            let more = self.bad_cells - BAD_CELLS;
            let cells = counted(more, "more cell");
            let message = say!(
                self.language,
                "còn {more} ô nữa không đọc được, không kể ra từng ô",
                "{cells} that cannot be read and are not listed"
            );
            let action = say!(
                self.language,
                "mở tệp bằng Excel, sửa các ô báo lỗi rồi lưu lại",
                "open the file in Excel, correct the cells that show errors and save it"
            );
            let finding = self.finding(&codes::UNREADABLE_CELL, message, action);
            self.findings.push(finding.fingerprinted(&["more"]));
        }
        self.findings
    }
}
