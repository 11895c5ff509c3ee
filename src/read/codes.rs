//! What reading can find fault with, and what `bieu explain` says of it.

use crate::{
    model::finding::{Code, Explain, Severity},
    values::language::Words,
};

pub(super) use crate::model::finding::{ENCRYPTED_FILE, INTERNAL_ERROR, UNREADABLE_FILE};

/// Every code of this stage.
pub static CODES: &[&Code] = &[
    &UNREADABLE_FILE,
    &INTERNAL_ERROR,
    &ENCRYPTED_FILE,
    &WRONG_EXTENSION,
    &LIMIT_EXCEEDED,
    &UNREADABLE_CELL,
    &LEGACY_ENCODING,
    &READERS_DISAGREE,
];

pub(super) static WRONG_EXTENSION: Code = Code {
    name: "wrong-extension",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Đuôi tên tệp không đúng với nội dung, ví dụ tệp .xls do phần mềm trên web xuất ra thật ra là trang HTML. \
                 Công cụ đọc theo nội dung, không theo tên.",
            en: "The ending of the name does not fit the content: an .xls that a web system sends out is often an HTML \
                 page. The content decides how a file is read, not its name.",
        },
        why: Words {
            vi: "Excel và phần mềm khác có thể từ chối mở hoặc cảnh báo, và dạng HTML, CSV làm mất định dạng số: mọi ô đều \
                 là chữ nên \"1.250\" có thể là 1250 hoặc 1,25.",
            en: "Excel and other programs may refuse the file or warn. HTML and CSV also lose number formats: every cell is \
                 text, so \"1.250\" can be 1250 or 1.25.",
        },
        fix: Words {
            vi: "Mở bằng Excel và lưu thành .xlsx (Lưu dưới dạng > Sổ làm việc Excel). Chỉ đổi đuôi tên tệp là không đủ.",
            en: "Open it in Excel and save it as .xlsx (Save As > Excel Workbook). Renaming the file is not enough.",
        },
        example: Words {
            vi: "bao-cao.xls: tên tệp cho biết là xls nhưng nội dung là html; đã đọc theo nội dung",
            en: "bao-cao.xls: the name says xls, but the content is html; it was read according to its content",
        },
    },
};

pub(super) static LIMIT_EXCEEDED: Code = Code {
    name: "limit-exceeded",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Tệp đòi nhiều bộ nhớ hơn mức cho phép: quá nhiều ô, giải nén ra quá lớn, hoặc khai báo những kích thước \
                 vô lý (hàng tỷ chuỗi chữ, bảng rộng hàng triệu ô mà chỉ có vài ô). Cũng dùng cho ô nằm ngoài bảng tính.",
            en: "The file asks for more memory than is allowed: too many cells, too much once unpacked, or absurd claims \
                 about itself (billions of strings, a table of millions of cells with a handful filled). Also used for \
                 cells that lie outside the grid.",
        },
        why: Words {
            vi: "Một tệp như vậy có thể làm treo máy và kéo theo mọi tệp khác. Chương trình dừng đọc tệp này, các tệp còn lại vẫn được đọc.",
            en: "Such a file can bring the machine down and all other files with it. It is stopped early; the others are \
                 read as usual.",
        },
        fix: Words {
            vi: "Mở tệp, chép riêng vùng có số liệu sang một tệp mới (dán giá trị), lưu thành .xlsx. Xóa các dòng, cột trống \
                 bị tô định dạng đến cuối bảng. Nếu không rõ tệp từ đâu đến, đừng mở.",
            en: "Open the file, copy the area with figures into a new one (paste values) and save it as .xlsx. Delete empty \
                 rows and columns that carry formats down to the end of the grid. Do not open a file of unknown origin.",
        },
        example: Words {
            vi: "so-lieu.xlsx: phần xl/worksheets/sheet1.xml giải nén ra 1.850 MB từ 613 KB, vượt mức cho phép",
            en: "so-lieu.xlsx: part xl/worksheets/sheet1.xml unpacks to 1,850 MiB from 613 KiB, which is beyond the limit",
        },
    },
};

pub(crate) static UNREADABLE_CELL: Code = Code {
    name: "unreadable-cell",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Một ô có nội dung không đọc được: mã lỗi mới như #SPILL!, số ghi sai, chữ trỏ tới chuỗi không tồn tại, ký \
                 tự hỏng, hoặc phần mở rộng mà chương trình không hiểu. Mọi ô khác của sheet vẫn được đọc.",
            en: "The content of one cell cannot be read: a new error such as #SPILL!, a malformed number, a reference to a \
                 string that is not there, damaged characters, or an extension. All other cells of the sheet were read.",
        },
        why: Words {
            vi: "Nếu chỉ tiêu lấy số từ ô này thì số đó thiếu hoặc chưa chắc đúng; chương trình không bao giờ tự điền 0.",
            en: "Where an indicator takes its figure from this cell, the figure is missing or uncertain; it is never filled \
                 in as 0.",
        },
        fix: Words {
            vi: "Mở tệp, tới ô được nêu, gõ lại giá trị hoặc sửa công thức, lưu lại.",
            en: "Open the file, go to the cell, type the value again or correct the formula, and save.",
        },
        example: Words {
            vi: "ô D12 không đọc được: \"#SPILL!\" là mã lỗi lạ, ô không có kết quả",
            en: "cell D12 cannot be read: \"#SPILL!\" is an unknown error, the cell has no result",
        },
    },
};

pub(super) static LEGACY_ENCODING: Code = Code {
    name: "legacy-encoding",
    severity: Severity::Info,
    explain: Explain {
        what: Words {
            vi: "Chữ trong tệp gõ bằng bảng mã có trước Unicode (TCVN3 với phông .VnTime, VNI với phông VNI-Times, VIQR, \
                 hoặc windows-1258). Công cụ nhận ra theo từng ô, từ chữ và phông, và đọc thành Unicode.",
            en: "Text of the file is typed in an encoding from before Unicode (TCVN3 with .VnTime fonts, VNI with VNI-Times \
                 fonts, VIQR, or windows-1258). It is recognised cell by cell, from letters and font, and read as Unicode.",
        },
        why: Words {
            vi: "Tên chỉ tiêu, tên thôn phải là Unicode mới khớp được. Một chữ đứng một mình đôi khi đọc được theo hai bảng \
                 mã, nên xem qua kết quả một lần.",
            en: "Labels can only be matched in Unicode. A lone word can sometimes be read in two encodings, so look over the \
                 result once.",
        },
        fix: Words {
            vi: "Không bắt buộc. Nghị định 30/2020/NĐ-CP yêu cầu Unicode; có thể chuyển cả tệp bằng Unikey (Công cụ chuyển mã) \
                 rồi đổi phông sang Times New Roman.",
            en: "Nothing is required. Decree 30/2020/NĐ-CP asks for Unicode; Unikey (its conversion tool) converts a whole \
                 file, whose font is then changed to Times New Roman.",
        },
        example: Words {
            vi: "442 ô chữ gõ bằng bảng mã cũ TCVN3 (ABC, .VnTime), đã đọc sang Unicode: \"DiÖn tÝch\" là \"Diện tích\"",
            en: "442 text cells are in the old encoding TCVN3 (ABC, .VnTime) and were read as Unicode: \"DiÖn tÝch\" is \
                 \"Diện tích\"",
        },
    },
};

pub(super) static READERS_DISAGREE: Code = Code {
    name: "readers-disagree",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Tệp được đọc hai lần bằng hai bộ đọc độc lập, và ở các ô này hai bộ đọc ra khác nhau.",
            en: "The file was read twice, by two independent readers, and in these cells they read something else.",
        },
        why: Words {
            vi: "Một trong hai bộ đọc sai, hoặc tệp được ghi theo cách mà mỗi phần mềm hiểu một kiểu; số trong biểu có thể không phải là số người lập nhìn thấy.",
            en: "One of the readers is wrong, or the file is written in a way that programs understand differently; the figure of the form may not be what its author sees.",
        },
        fix: Words {
            vi: "Mở tệp bằng Excel, so ô được nêu với cả hai giá trị; lưu lại thành .xlsx mới rồi chạy lại. Nếu vẫn khác, gửi tệp cho người phụ trách chương trình.",
            en: "Open the file in Excel and compare the cell with both values; save it as a new .xlsx and run again. If they still differ, send the file to whoever maintains the program.",
        },
        example: Words {
            vi: "Ô C5 có hai lần trong tệp: bộ đọc thứ nhất lấy 120, bộ đọc thứ hai lấy 12.",
            en: "Cell C5 stands twice in the file: the first reader takes 120, the second 12.",
        },
    },
};
