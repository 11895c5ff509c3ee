//! Codes of the findings that arise while tables are found and their cells read.

use crate::{
    model::finding::{Code, Explain, Severity},
    values::language::Words,
};

pub(super) use crate::model::finding::{
    AMBIGUOUS_LABEL, DATE_FOR_NUMBER, MISSING_LABEL, MISSING_SHEET, SUGGESTED_LABEL, UNMAPPED_NUMBER,
    UNUSED_MAPPING_ENTRY,
};

pub(crate) static UNMAPPED_FILE: Code = Code {
    name: "unmapped-file",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Không nguồn nào của bảng ánh xạ lấy số từ tệp này.",
            en: "No source of the mapping takes a number from this file.",
        },
        why: Words {
            vi: "Số liệu của tệp bị bỏ sót khỏi biểu mà không ai biết.",
            en: "The figures of the file would be left out of the form unnoticed.",
        },
        fix: Words {
            vi: "Thêm một `[[source]]` cho tệp, sửa `file` cho khớp tên tệp, hoặc chuyển tệp ra khỏi thư mục.",
            en: "Add a `[[source]]` for the file, correct `file` so that it matches, or move the file out of the folder.",
        },
        example: Words {
            vi: "Thư mục có giao-thong.xlsx nhưng bảng ánh xạ chỉ nêu trong-trot*.xlsx.",
            en: "The folder holds giao-thong.xlsx but the mapping names trong-trot*.xlsx only.",
        },
    },
};

pub(super) static HIDDEN_DATA: Code = Code {
    name: "hidden-data",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Số được lấy không nhìn thấy được (sheet, dòng, cột bị ẩn, chữ trùng màu nền, ô gộp che mất) hoặc đã bị gạch ngang.",
            en: "Numbers that are taken cannot be seen (a hidden sheet, row or column, text in the colour of its ground, a merged cell over them) or are crossed out.",
        },
        why: Words {
            vi: "Người ký không nhìn thấy số mình ký.", en: "Whoever signs does not see what is signed."
        },
        fix: Words {
            vi: "Bỏ ẩn và kiểm tra, hoặc bỏ khỏi bảng ánh xạ.",
            en: "Unhide and check them, or take them out of the mapping.",
        },
        example: Words {
            vi: "Dòng 14 bị ẩn nhưng có sản lượng ngô 66,64.",
            en: "Row 14 is hidden but holds the maize output 66.64.",
        },
    },
};

pub(super) static ERROR_CELL: Code = Code {
    name: "error-cell",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Ô cần lấy cho lỗi công thức như #REF! hay #DIV/0!.",
            en: "The cell gives a formula error such as #REF! or #DIV/0!.",
        },
        why: Words { vi: "Số bị thiếu; không coi là 0.", en: "The figure is missing; it is not taken for 0." },
        fix: Words { vi: "Sửa công thức rồi lưu lại tệp.", en: "Correct the formula and save the file." },
        example: Words { vi: "E12 = #REF! sau khi xóa một sheet.", en: "E12 = #REF! after a sheet was deleted." },
    },
};

pub(super) static MISSING_CACHED_VALUE: Code = Code {
    name: "missing-cached-value",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Ô có công thức nhưng tệp không lưu kết quả.",
            en: "The cell has a formula but the file holds no result.",
        },
        why: Words {
            vi: "Tệp do phần mềm tạo ra mà chưa mở bằng Excel; kết quả không biết, không coi là 0.",
            en: "The file was made by a program and never opened in Excel; the result is unknown and not taken for 0.",
        },
        fix: Words {
            vi: "Mở tệp bằng Excel hoặc LibreOffice, lưu lại.",
            en: "Open the file in Excel or LibreOffice and save it.",
        },
        example: Words {
            vi: "D9 chứa =SUM(D5:D8) không kèm giá trị.", en: "D9 holds =SUM(D5:D8) without a value."
        },
    },
};

pub(super) static AMBIGUOUS_NUMBER: Code = Code {
    name: "ambiguous-number",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Số gõ dạng chữ có thể đọc theo hai cách.",
            en: "A number typed as text can be read in two ways.",
        },
        why: Words {
            vi: "\"1.250\" là 1250 hay 1,25: sai một nghìn lần.",
            en: "\"1.250\" is 1250 or 1.25: a factor of a thousand.",
        },
        fix: Words {
            vi: "Nhập lại dưới dạng số, hoặc khai báo `numbers` trong bảng ánh xạ.",
            en: "Type it as a number, or declare `numbers` in the mapping.",
        },
        example: Words {
            vi: "Cột chỉ có \"1.250\" và \"2.400\".",
            en: "The column holds \"1.250\" and \"2.400\" only.",
        },
    },
};

pub(super) static TEXT_NUMBER: Code = Code {
    name: "text-number",
    severity: Severity::Info,
    explain: Explain {
        what: Words { vi: "Số được lưu dưới dạng chữ.", en: "A number is stored as text." },
        why: Words { vi: "Excel bỏ qua ô chữ khi cộng tổng.", en: "Excel leaves text out of its sums." },
        fix: Words { vi: "Nhập lại ô dưới dạng số.", en: "Type the cell again as a number." },
        example: Words {
            vi: "\"35, 27\" có dấu cách thừa nên thành chữ.",
            en: "\"35, 27\" has a stray space and so became text.",
        },
    },
};

pub(super) static UNIT_IN_CELL: Code = Code {
    name: "unit-in-cell",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Đơn vị gõ liền số trong ô.", en: "The unit is typed into the cell with the number."
        },
        why: Words {
            vi: "Ô thành chữ: không cộng được, dễ sai khi sao chép.",
            en: "The cell becomes text: it does not add up and is easily miscopied.",
        },
        fix: Words {
            vi: "Chỉ để con số; đơn vị để ở cột đơn vị.",
            en: "Leave only the number; the unit belongs in the unit column.",
        },
        example: Words { vi: "\"18,6 ha\" thay cho 18,6.", en: "\"18,6 ha\" instead of 18.6." },
    },
};

pub(super) static NOT_A_NUMBER: Code = Code {
    name: "not-a-number",
    severity: Severity::Warning,
    explain: Explain {
        what: Words { vi: "Ô cần số lại chứa chữ.", en: "A cell that should hold a number holds words." },
        why: Words {
            vi: "Không tính được tỷ lệ và tổng từ chữ.", en: "No ratio and no total can be made of words."
        },
        fix: Words {
            vi: "Ghi một con số; lời giải thích để ở cột ghi chú.",
            en: "Write a number; words belong in the note column.",
        },
        example: Words {
            vi: "\"Hoàn thành\" ở cột Thực hiện.", en: "\"Hoàn thành\" in the column of results."
        },
    },
};

pub(super) static UNREADABLE_NUMBER: Code = Code {
    name: "unreadable-number",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Số có quá nhiều chữ số, không đọc chính xác được.",
            en: "The number has too many digits to be read exactly.",
        },
        why: Words {
            vi: "Làm tròn mà không báo sẽ ra số khác.",
            en: "To round it silently would give another number.",
        },
        fix: Words {
            vi: "Ghi lại số, hoặc dùng đơn vị lớn hơn.", en: "Write the number again, or use a larger unit."
        },
        example: Words { vi: "Một ô chứa 1E+300.", en: "A cell holds 1E+300." },
    },
};

pub(super) static UNIT_MISMATCH: Code = Code {
    name: "unit-mismatch",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Đơn vị ghi trong sheet trái với đơn vị của chỉ tiêu.",
            en: "The unit in the sheet contradicts the unit of the indicator.",
        },
        why: Words {
            vi: "Số có thể đúng với đơn vị sai, hoặc sai hàng nghìn lần; không tự quy đổi.",
            en: "The number may be right with a wrong unit, or wrong by a factor of thousands; nothing is rescaled.",
        },
        fix: Words {
            vi: "Sửa đơn vị trong sheet và kiểm tra lại số.",
            en: "Correct the unit in the sheet and check the number.",
        },
        example: Words {
            vi: "Sản lượng lương thực ghi đơn vị \"Ha\".",
            en: "The grain output states the unit \"Ha\".",
        },
    },
};

pub(super) static TOTAL_AS_MEMBER: Code = Code {
    name: "total-as-member",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Một dòng tổng nằm giữa các dòng thành phần mà bảng ánh xạ lấy bằng dấu `*`, hoặc một dòng trông như vậy.",
            en: "A total stands among the rows that the mapping takes for members by `*`, or a row that looks like one.",
        },
        why: Words {
            vi: "Nếu cộng cả dòng tổng, mỗi số được tính hai lần; nếu bỏ một thôn có tên giống dòng tổng, số của thôn bị mất.",
            en: "To add it up counts every figure twice; to leave out a village with such a name loses its figures.",
        },
        fix: Words {
            vi: "Ghi rõ trong `rows`: dòng tổng là \"ignore\" hoặc \"total\", thôn là \"member\".",
            en: "Say it in `rows`: a total is \"ignore\" or \"total\", a village \"member\".",
        },
        example: Words {
            vi: "\"Cộng cụm 1\" ghi 200 ngay dưới hai thôn 120 và 80; \"Tổng Chạp\" lại là tên một thôn.",
            en: "\"Cộng cụm 1\" says 200 below two villages of 120 and 80; but \"Tổng Chạp\" is the name of a village.",
        },
    },
};
