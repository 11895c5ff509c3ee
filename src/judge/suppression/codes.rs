//! Codes of the findings about suppressions.

use crate::{
    model::finding::{Code, Explain, Severity},
    values::language::Words,
};

/// All of them.
pub static CODES: &[&Code] = &[&UNUSED_SUPPRESSION, &LAPSED_SUPPRESSION];

pub(super) static UNUSED_SUPPRESSION: Code = Code {
    name: "unused-suppression",
    severity: Severity::Info,
    explain: Explain {
        what: Words {
            vi: "bieu.toml giải trình một vấn đề mà bộ số liệu này không còn.",
            en: "bieu.toml suppresses a finding that this submission does not have.",
        },
        why: Words {
            vi: "Mục bỏ qua thừa có thể che một lỗi sau này mà không ai biết.",
            en: "An entry left behind could hide a later mistake unnoticed.",
        },
        fix: Words {
            vi: "Xóa mục đó khỏi bieu.toml; nếu nó dành cho tệp khác, ghi thêm `file`.",
            en: "Delete the entry from bieu.toml; if it is meant for another file, add `file`.",
        },
        example: Words {
            vi: "bieu.toml bỏ qua ratio-mismatch của ho-ngheo.ty-le, nhưng tỷ lệ đã được sửa đúng.",
            en: "bieu.toml suppresses ratio-mismatch of ho-ngheo.ty-le, but the ratio has been corrected.",
        },
    },
};

pub(super) static LAPSED_SUPPRESSION: Code = Code {
    name: "lapsed-suppression",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "bieu.toml giải trình một vấn đề, nhưng số trong ô đã khác lúc được giải trình.",
            en: "bieu.toml suppresses a finding, but the figure is not the one that was accepted.",
        },
        why: Words {
            vi: "Lý do đã ghi là cho số cũ; số mới phải được xem lại, nên vấn đề được nêu trở lại.",
            en: "The reason was given for the old figure; the new one has to be looked at, so the finding is back.",
        },
        fix: Words {
            vi: "Kiểm tra số mới; nếu vẫn đúng, sửa `value` trong bieu.toml và ghi lại lý do, người và ngày.",
            en: "Check the new figure; if it is right, change `value` in bieu.toml and renew reason, name and date.",
        },
        example: Words {
            vi: "Mục bỏ qua ghi value = \"8,7\", ô E10 nay ghi 8,9.",
            en: "The entry says value = \"8,7\", cell E10 now says 8,9.",
        },
    },
};
