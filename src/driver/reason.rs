//! Why the system refuses, in words of a person who has never heard of error numbers.

use std::{
    fmt, fs,
    io::{self, ErrorKind},
};

use crate::values::language::{Language, Words};

/// The reason of an error; what is not foreseen is told in the words of the system.
pub fn reason(error: &io::Error, language: Language) -> String {
    if let Some(special) = error.get_ref().and_then(|inner| inner.downcast_ref::<Special>()) {
        return special.words().get(language).to_owned();
    }
    let words = match error.kind() {
        ErrorKind::NotFound => {
            Words { vi: "không có tệp hoặc thư mục này", en: "there is no such file or folder" }
        }
        ErrorKind::PermissionDenied => Words { vi: "không có quyền đọc hoặc ghi", en: "permission denied" },
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
        ErrorKind::AddrInUse => {
            Words { vi: "đang có chương trình khác dùng", en: "another program is using it" }
        }
        ErrorKind::InvalidFilename => Words { vi: "tên không hợp lệ", en: "the name is not allowed" },
        _ => return error.to_string(),
    };
    words.get(language).to_owned()
}

/// Something that has the name of a file and is none: reading it may wait for ever, or never end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(unix), allow(dead_code, reason = "only devices are told apart elsewhere"))]
enum Special {
    Pipe,
    Socket,
    Device,
}

impl Special {
    const fn words(self) -> Words {
        match self {
            Self::Pipe => Words {
                vi: "đây là ống dẫn (FIFO), không phải tệp; chương trình không đọc",
                en: "it is a pipe (FIFO) and no file, and is not read",
            },
            Self::Socket => Words {
                vi: "đây là socket, không phải tệp; chương trình không đọc",
                en: "it is a socket and no file, and is not read",
            },
            Self::Device => Words {
                vi: "đây là thiết bị, không phải tệp; chương trình không đọc",
                en: "it is a device and no file, and is not read",
            },
        }
    }
}

impl fmt::Display for Special {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words().get(Language::En))
    }
}

impl std::error::Error for Special {}

/// The error of what is neither a file nor a folder.
pub(super) fn special(meta: &fs::Metadata) -> Option<io::Error> {
    let special = if meta.is_file() || meta.is_dir() { None } else { Some(kind(meta)) };
    special.map(|special| io::Error::new(ErrorKind::InvalidInput, special))
}

#[cfg(unix)]
fn kind(meta: &fs::Metadata) -> Special {
    use std::os::unix::fs::FileTypeExt;
    let kind = meta.file_type();
    if kind.is_fifo() {
        Special::Pipe
    } else if kind.is_socket() {
        Special::Socket
    } else {
        Special::Device
    }
}

#[cfg(not(unix))]
fn kind(_meta: &fs::Metadata) -> Special {
    Special::Device
}
