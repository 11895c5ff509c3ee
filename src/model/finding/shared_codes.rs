//! Codes that the stage that reads tables reports and the one that judges looks at or reports too.

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
