//! Codes that one room reports and another one looks at or reports too.

use super::{Code, Explain, Severity};
use crate::values::language::Words;

/// The same member twice.
pub static DUPLICATE_MEMBER: Code = Code {
    name: "duplicate-member",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Một tên thôn, tháng hoặc trường đứng ở hai dòng của cùng một bảng, hoặc cùng một bộ số đứng dưới hai tên, hai tệp.",
            en: "The name of one village, month or school stands in two rows of one table, or the same figures stand under two names or in two files.",
        },
        why: Words {
            vi: "Có thể một dòng bị chép đôi, có thể là hai thôn trùng tên; tổng sẽ thừa hoặc thiếu.",
            en: "A row may have been copied, or two villages may share a name; the sum is too high or too low.",
        },
        fix: Words {
            vi: "Xóa dòng hoặc tệp thừa, hoặc ghi tên đầy đủ cho từng thôn, hoặc thêm dòng tên cụm phía trên.",
            en: "Delete the duplicate row or file, or write the full name of each village, or put a heading above them.",
        },
        example: Words {
            vi: "\"Thôn Đông\" ở B4 ghi 19 và ở B9 cũng ghi 19.",
            en: "\"Thôn Đông\" says 19 in B4 and 19 again in B9.",
        },
    },
};

/// A member that has no figures.
pub static MISSING_MEMBER: Code = Code {
    name: "missing-member",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Một thôn, tháng hoặc trường không có số: [members] nêu tên mà không bảng nào có, hoặc các bảng khác có mà bảng này thiếu.",
            en: "One village, month or school has no figures: [members] names it and no table has it, or other tables have it and this one has not.",
        },
        why: Words {
            vi: "Tổng cộng từ các nơi còn lại sẽ thiếu, dù từng ô đều đúng; vì vậy không ô nào bị nghi sai.",
            en: "The sum of the others is too low although every cell is right, so that no cell is suspected.",
        },
        fix: Words {
            vi: "Tìm tệp hoặc dòng còn thiếu và bổ sung; nếu nơi đó không còn, sửa [members]. Không có [members] thì đây chỉ là cảnh báo.",
            en: "Find the missing file or row and add it; if it is no member any more, correct [members]. Without [members] this is a warning only.",
        },
        example: Words {
            vi: "Tổng ghi 353,79; 7 thôn cộng được 310,54; bảng khác có cả \"Thôn Đông\", bảng này không.",
            en: "The total says 353.79, 7 villages come to 310.54; another table has \"Thôn Đông\" too, this one has not.",
        },
    },
};

/// A member that no list names.
pub static UNKNOWN_MEMBER: Code = Code {
    name: "unknown-member",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Một dòng, cột, sheet hoặc tệp mang tên không có trong danh sách [members].",
            en: "A row, column, sheet or file has a name that is not among the [members].",
        },
        why: Words {
            vi: "Có thể là tên ghi khác đi, dòng cộng, hoặc số của nơi khác; tổng cộng cả dòng đó có thể thừa.",
            en: "It may be another spelling, a total, or figures of another place; a sum that counts it may be too high.",
        },
        fix: Words {
            vi: "Sửa tên trong sheet, bỏ dòng thừa, hoặc thêm tên vào [members] hay [members.synonyms].",
            en: "Correct the name in the sheet, leave the row out, or add the name to [members] or [members.synonyms].",
        },
        example: Words {
            vi: "[members] có \"Nà Sòm\"; một tệp tên \"Na Som\".",
            en: "[members] has \"Nà Sòm\"; one file is called \"Na Som\".",
        },
    },
};

/// A result that a formula does not give for the cells as they stand.
pub static STALE_FORMULA: Code = Code {
    name: "stale-formula",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Kết quả lưu trong ô khác với kết quả của công thức tính từ các ô hiện có. Là cảnh báo khi chính tệp ghi rằng \
                 sheet được lưu mà chưa tính lại công thức.",
            en: "The result that a cell holds is not what its formula gives for the cells as they are now. A warning where \
                 the file itself says that the sheet was saved without computing its formulas anew.",
        },
        why: Words {
            vi: "Tệp chưa được tính lại sau khi sửa số; mở bằng Excel sẽ hiện con số khác.",
            en: "The file was not recalculated after a figure changed; Excel will show another number.",
        },
        fix: Words {
            vi: "Mở bằng Excel, bấm Ctrl+Alt+F9, kiểm tra và lưu lại.",
            en: "Open it in Excel, press Ctrl+Alt+F9, check it and save.",
        },
        example: Words {
            vi: "D13 là SUM(D9:D12) = 566 nhưng ô lưu 540.",
            en: "D13 is SUM(D9:D12) = 566, but the cell holds 540.",
        },
    },
};

/// A sheet that the mapping names and the file lacks.
pub static MISSING_SHEET: Code = Code {
    name: "missing-sheet",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Tệp không có sheet mà bảng ánh xạ nêu.",
            en: "The file lacks the sheet that the mapping names.",
        },
        why: Words { vi: "Mọi số của sheet đó đều thiếu.", en: "Every figure of that sheet is missing." },
        fix: Words {
            vi: "Đặt lại tên sheet, hoặc sửa `sheet` trong bảng ánh xạ.",
            en: "Rename the sheet, or correct `sheet` in the mapping.",
        },
        example: Words {
            vi: "Bảng ánh xạ cần \"Vụ xuân\", tệp có \"Sheet1\".",
            en: "The mapping wants \"Vụ xuân\", the file has \"Sheet1\".",
        },
    },
};

/// A row or column that the mapping names and the sheet lacks.
pub static MISSING_LABEL: Code = Code {
    name: "missing-label",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Không có dòng hoặc cột mang tên mà bảng ánh xạ nêu.",
            en: "No row or column has the label that the mapping names.",
        },
        why: Words {
            vi: "Số của dòng hoặc cột đó không được lấy.",
            en: "The figures of that row or column are not taken.",
        },
        fix: Words {
            vi: "Sửa tên dòng, tiêu đề cột trong sheet hoặc trong bảng ánh xạ; nếu dòng có thể vắng, ghi `optional = true`.",
            en: "Correct the label in the sheet or in the mapping; if the row may be absent, write `optional = true`.",
        },
        example: Words {
            vi: "Cần \"Đàn trâu\", sheet chỉ có \"Đàn bò\".",
            en: "\"Đàn trâu\" is wanted, the sheet has \"Đàn bò\" only.",
        },
    },
};

/// A label that several rows or columns have.
pub static AMBIGUOUS_LABEL: Code = Code {
    name: "ambiguous-label",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Một tên khớp nhiều dòng hoặc cột, nên không lấy dòng nào.",
            en: "One label fits several rows or columns, so none is taken.",
        },
        why: Words {
            vi: "Nếu tự chọn một dòng, chương trình có thể lấy nhầm số.",
            en: "Choosing one might take the wrong figure.",
        },
        fix: Words {
            vi: "Ghi thêm mục cấp trên: \"Lúa > Diện tích\" thay cho \"Diện tích\".",
            en: "Add the heading: \"Lúa > Diện tích\" instead of \"Diện tích\".",
        },
        example: Words {
            vi: "\"Diện tích\" đứng dưới cả \"Lúa\" (C8) và \"Ngô\" (C12).",
            en: "\"Diện tích\" stands under both \"Lúa\" (C8) and \"Ngô\" (C12).",
        },
    },
};

/// A label that is only like the one that the mapping names.
pub static SUGGESTED_LABEL: Code = Code {
    name: "suggested-label",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Không có đúng tên dòng, tên cột, nhưng có một tên gần giống; số của nó chưa được lấy.",
            en: "The label is not there but a similar one is; its figures were not taken.",
        },
        why: Words {
            vi: "Nhãn khác một dấu có thể là chỉ tiêu khác: \"bò\" và \"bỏ\".",
            en: "A label that differs by one mark can be another indicator.",
        },
        fix: Words {
            vi: "Nếu đúng là dòng này, thêm tên dòng vào bảng ánh xạ: \"Dại chó | Đại chó\"; nếu gõ sai, sửa trong sheet.",
            en: "If it is the row, add the label to the mapping: \"Dại chó | Đại chó\"; if it is a slip, correct the sheet.",
        },
        example: Words {
            vi: "Cần \"Tiêm phòng dại chó\", sheet ghi \"Tiêm phòng đại chó\".",
            en: "\"Tiêm phòng dại chó\" is wanted, the sheet says \"Tiêm phòng đại chó\".",
        },
    },
};

/// A number in a table that the mapping neither takes nor ignores.
pub static UNMAPPED_NUMBER: Code = Code {
    name: "unmapped-number",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Một số nằm trong bảng nhưng bảng ánh xạ không lấy và cũng không bỏ qua.",
            en: "A number lies inside the table but the mapping neither takes nor ignores it.",
        },
        why: Words { vi: "Không số nào bị bỏ mà không báo.", en: "No number is dropped silently." },
        fix: Words {
            vi: "Thêm dòng hoặc cột vào bảng ánh xạ, hoặc ghi `= \"ignore\"`.",
            en: "Add the row or column to the mapping, or write `= \"ignore\"`.",
        },
        example: Words {
            vi: "Dòng \"Cây chè\" có diện tích 0,2 nhưng không có trong `[source.rows]`.",
            en: "The row \"Cây chè\" has an area of 0.2 but is not in `[source.rows]`.",
        },
    },
};

/// A source of the mapping that no file fits.
pub static UNUSED_MAPPING_ENTRY: Code = Code {
    name: "unused-mapping-entry",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Một nguồn của bảng ánh xạ không có tệp nào khớp.",
            en: "A source of the mapping matches no file.",
        },
        why: Words {
            vi: "Có thể một cán bộ chưa nộp tệp của mình.",
            en: "Perhaps an officer has not handed in a file.",
        },
        fix: Words {
            vi: "Đặt tệp vào thư mục, sửa `file`, hoặc ghi `optional = true`.",
            en: "Put the file into the folder, correct `file`, or write `optional = true`.",
        },
        example: Words {
            vi: "Nguồn \"lam-nghiep*\" không có tệp trong thư mục.",
            en: "The source \"lam-nghiep*\" has no file in the folder.",
        },
    },
};

/// A date where a figure belongs.
pub static DATE_FOR_NUMBER: Code = Code {
    name: "date-for-number",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Ô cần số lại chứa ngày tháng.", en: "A cell that should hold a number holds a date."
        },
        why: Words {
            vi: "Bảng tính tự đổi \"04/06\" (4 trên 6) thành ngày 4 tháng 6; số gốc đã mất.",
            en: "A spreadsheet turns \"04/06\" (4 of 6) into the 4th of June; the number is lost.",
        },
        fix: Words {
            vi: "Định dạng ô là số rồi nhập lại.", en: "Format the cell as a number and type it again."
        },
        example: Words { vi: "\"04/06\" thành 2023-06-04.", en: "\"04/06\" became 2023-06-04." },
    },
};

/// A file that cannot be read.
pub static UNREADABLE_FILE: Code = Code {
    name: "unreadable-file",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Tệp không phải bảng tính (PDF, Word, ảnh, trang đăng nhập tải nhầm), hoặc bị hỏng, tải về chưa hết. \
                 Nếu thông báo nêu tên một sheet thì chỉ sheet đó (hoặc phần cuối của nó) không đọc được, các sheet \
                 khác vẫn dùng được.",
            en: "The file is no spreadsheet (a PDF, a Word document, a picture, a login page saved by mistake), or it \
                 is damaged or was not downloaded completely. Where the message names a sheet, only that sheet (or \
                 its last part) cannot be read; the others can be used.",
        },
        why: Words {
            vi: "Số liệu của tệp này không có trong kết quả và không được kiểm tra; các chỉ tiêu lấy từ đó sẽ báo thiếu.",
            en: "The figures of this file are neither in the result nor checked; the indicators that come from it are \
                 reported as missing.",
        },
        fix: Words {
            vi: "Mở tệp bằng Excel hoặc LibreOffice. Nếu mở được: lưu lại thành .xlsx. Nếu Excel đề nghị sửa chữa: đồng \
                 ý, so lại số liệu rồi lưu. Nếu không mở được: xin bản khác hoặc tải lại. Văn bản PDF, Word phải nhập \
                 lại vào bảng tính.",
            en: "Open the file in Excel or LibreOffice. If it opens, save it as .xlsx. If Excel offers to repair it, \
                 accept, compare the figures and save. If it does not open, ask for another copy or download it again. \
                 Tables in PDF or Word have to be typed into a spreadsheet.",
        },
        example: Words {
            vi: "chan-nuoi.xlsx: đây là tài liệu PDF; cần bảng tính (.xlsx, .xls, .ods, .csv)",
            en: "chan-nuoi.xlsx: this is a PDF document; a spreadsheet (.xlsx, .xls, .ods, .csv) is expected",
        },
    },
};

/// A fault of the program itself.
pub static INTERNAL_ERROR: Code = Code {
    name: "internal-error",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Chương trình gặp lỗi của chính mình khi xử lý tệp này. Không phải lỗi của người lập biểu; tệp không bị \
                 thay đổi gì. Các tệp khác vẫn được đọc và kiểm tra.",
            en: "The program itself failed while processing this file. It is no fault of whoever made the file, and the \
                 file has not been changed. All other files are read and checked as usual.",
        },
        why: Words {
            vi: "Số liệu của tệp này không có trong kết quả và không được kiểm tra, nên không được coi là đúng hay sai.",
            en: "The figures of this file are neither in the result nor checked, so nothing is said about them.",
        },
        fix: Words {
            vi: "Gửi cho người phụ trách chương trình dòng thông báo (có tên chương trình, phiên bản, bước đang làm và chỗ \
                 hỏng) cùng tệp, nếu được phép gửi. Trong khi chờ: mở tệp bằng Excel, chép bảng số liệu sang một tệp mới \
                 (dán giá trị) rồi chạy lại.",
            en: "Send the message (it has the version, the step and the place of the failure) and, if that is allowed, the \
                 file to whoever maintains the program. Meanwhile copy the table into a new file (paste values) and run \
                 again.",
        },
        example: Words {
            vi: "trong-trot.xlsx: chương trình gặp lỗi của chính mình ở bước đọc tệp (index out of bounds, header.rs:207)",
            en: "trong-trot.xlsx: the program itself failed while reading the file (index out of bounds, header.rs:207)",
        },
    },
};

/// A file that has a password.
pub static ENCRYPTED_FILE: Code = Code {
    name: "encrypted-file",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Tệp có mật khẩu mở. Nội dung đã mã hóa nên chương trình không đọc được gì. (Mật khẩu khóa sheet chống sửa thì \
                 không sao, vẫn đọc được.)",
            en: "The file has a password to open. Its content is encrypted, so nothing of it can be read. (A password that \
                 only protects sheets against changes does no harm.)",
        },
        why: Words {
            vi: "Số liệu của tệp này không có trong kết quả và không được kiểm tra. Công cụ không \
                 bao giờ hỏi mật khẩu; chỉ mở được tệp mà Excel cũng tự mở không cần hỏi (mật khẩu mặc định của Excel).",
            en: "The figures of this file are neither in the result nor checked. Passwords \
                 are never asked for; only what Excel opens without asking (by its own default password) is opened here too.",
        },
        fix: Words {
            vi: "Mở tệp bằng mật khẩu; Excel: Tệp > Thông tin > Bảo vệ sổ làm việc > Mã hóa bằng mật khẩu, xóa trống ô mật \
                 khẩu, lưu lại. LibreOffice: Lưu dưới dạng, bỏ chọn \"Lưu với mật khẩu\". Không có mật khẩu thì hỏi người lập.",
            en: "Open the file with its password. Excel: File > Info > Protect Workbook > Encrypt with Password, clear the \
                 field and save. LibreOffice: Save As without \"Save with password\". Ask its author if you do not have it.",
        },
        example: Words {
            vi: "quoc-phong.xlsx: tệp có mật khẩu mở nên không đọc được nội dung",
            en: "quoc-phong.xlsx: the file is protected by a password, so its content cannot be read",
        },
    },
};
