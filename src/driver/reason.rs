//! Why the system refuses, in words of a person who has never heard of error numbers.

use std::io::{self, ErrorKind};

use crate::language::{Language, Words};

/// The reason of an error; what is not foreseen is told in the words of the system.
pub fn reason(error: &io::Error, language: Language) -> String {
    let words = match error.kind() {
        ErrorKind::NotFound => {
            Words { vi: "không có tệp hoặc thư mục này", en: "there is no such file or folder" }
        }
        ErrorKind::PermissionDenied => Words { vi: "không có quyền", en: "no permission" },
        ErrorKind::AlreadyExists => Words { vi: "đã có tệp này", en: "it is already there" },
        ErrorKind::IsADirectory => Words { vi: "đây là thư mục", en: "it is a folder" },
        ErrorKind::NotADirectory => {
            Words { vi: "đường dẫn đi qua một tệp", en: "the path leads through a file" }
        }
        ErrorKind::StorageFull => Words { vi: "đĩa đã đầy", en: "the disk is full" },
        ErrorKind::QuotaExceeded => {
            Words { vi: "đã hết dung lượng được cấp", en: "the quota of the disk is used up" }
        }
        ErrorKind::FileTooLarge => {
            Words { vi: "tệp lớn hơn mức cho phép", en: "the file would be larger than allowed" }
        }
        ErrorKind::ReadOnlyFilesystem => Words { vi: "đĩa chỉ cho đọc", en: "the disk is read-only" },
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => {
            Words { vi: "tệp đang được chương trình khác dùng", en: "another program is using it" }
        }
        ErrorKind::InvalidFilename => Words { vi: "tên không hợp lệ", en: "the name is not allowed" },
        _ => return error.to_string(),
    };
    words.get(language).to_owned()
}
