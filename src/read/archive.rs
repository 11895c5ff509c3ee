//! Parts of a zip file, within limits.
//!
//! What breaks if this is changed: a zip bomb is a few hundred KiB that unpack to gigabytes. A
//! part is unpacked up to the size that its header declares and not a byte further, the
//! declared sizes are held against the limits before anything is unpacked, and every unpacked
//! byte counts, also where several entries share their bytes.

use std::{
    borrow::Cow,
    cell::OnceCell,
    collections::HashMap,
    io::{Cursor, Read},
};

use zip::ZipArchive;

use super::intake::{Intake, Refusal};
use crate::say;

/// Text of spreadsheets packs 5 to 30 times; 100 times is seen where styled empty cells go on
/// for thousands of rows. A bomb packs 1,000 times.
const RATIO: u64 = 200;
/// Parts up to this size may pack as well as they like.
const SMALL: u64 = 8 << 20;

/// A zip file and what may still be unpacked of it.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    size: u64,
    left: u64,
    /// Parts by their folded names, once a name was not found as it stands.
    folded: OnceCell<HashMap<String, usize>>,
}

/// Why a part cannot be had.
pub(super) enum Trouble {
    /// The whole file is refused.
    Refused(Refusal),
    /// This part is damaged.
    Damaged(String),
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Trouble {
    /// The refusal of a file that cannot do without this part.
    pub(super) fn fatal(self, intake: &Intake<'_>) -> Refusal {
        match self {
            Self::Refused(refusal) => refusal,
            Self::Damaged(why) => {
                intake.unreadable(say!(intake.language, "tệp bị hỏng: {why}", "the file is damaged: {why}"))
            }
        }
    }
}

impl<'a> Archive<'a> {
    pub(super) fn open(bytes: &'a [u8], intake: &Intake<'_>) -> Result<Self, Refusal> {
        let most = intake.limits.entries;
        let entries = declared_entries(bytes);
        if entries.is_some_and(|entries| entries > u64::from(most)) {
            return Err(too_many_entries(intake, most));
        }
        let Ok(zip) = ZipArchive::new(Cursor::new(bytes)) else {
            return Err(intake.unreadable(say!(
                intake.language,
                "tệp bị hỏng hoặc tải về chưa hết (không đọc được mục lục của tệp nén)",
                "the file is damaged or was not downloaded completely (its zip directory cannot be read)"
            )));
        };
        if zip.len() as u64 > u64::from(most) {
            return Err(too_many_entries(intake, most));
        }
        Ok(Self { zip, size: bytes.len() as u64, left: intake.limits.inflated_bytes, folded: OnceCell::new() })
    }

    /// Names of all parts.
    pub(super) fn names(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.zip.file_names_raw().map(String::from_utf8_lossy)
    }

    /// Whether there is a part of this name, in whatever case.
    pub(super) fn has(&self, path: &str) -> bool {
        self.find(path).is_some()
    }

    fn find(&self, path: &str) -> Option<usize> {
        let folded = || self.names().zip(0..).map(|(name, at)| (fold(&name), at)).collect::<HashMap<_, _>>();
        let exact = self.zip.index_for_name_raw(path.as_bytes());
        exact.or_else(|| self.folded.get_or_init(folded).get(&fold(path)).copied())
    }

    /// Unpacks one part; `None` when there is none of that name.
    pub(super) fn part(&mut self, path: &str, intake: &Intake<'_>) -> Result<Option<Vec<u8>>, Trouble> {
        let Some(index) = self.find(path) else { return Ok(None) };
        if self.zip.by_index_data(index).is_ok_and(|entry| entry.encrypted()) {
            return Err(intake.encrypted().into());
        }
        let damaged = || say!(intake.language, "không giải nén được phần {path}", "part {path} cannot be unpacked");
        let Ok(mut file) = self.zip.by_index(index) else { return Err(Trouble::Damaged(damaged())) };
        let (declared, packed) = (file.size(), file.compressed_size().min(self.size));
        if declared > self.left || (declared > SMALL && declared / RATIO > packed) {
            return Err(bomb(intake, path, declared, packed).into());
        }
        let mut bytes = Vec::with_capacity(usize::try_from(declared).unwrap_or(0) + 1);
        let outcome = file.by_ref().take(declared + 1).read_to_end(&mut bytes);
        let read = bytes.len() as u64;
        if read > declared {
            return Err(lie(intake, path, declared).into());
        }
        self.left -= read;
        if outcome.is_ok() { Ok(Some(bytes)) } else { Err(Trouble::Damaged(damaged())) }
    }
}

/// A name as programs compare it that write it in different ways.
fn fold(name: &str) -> String {
    name.replace('\\', "/").to_ascii_lowercase()
}

/// Number of entries by the record that ends a zip file, before anything is allocated for them.
fn declared_entries(bytes: &[u8]) -> Option<u64> {
    let tail = bytes.len().saturating_sub(22 + 65_535);
    let at = tail + bytes[tail..].windows(4).rposition(|window| window == b"PK\x05\x06")?;
    let count = u64::from(u16::from_le_bytes(bytes.get(at + 10..at + 12)?.try_into().ok()?));
    if count < 0xFFFF {
        return Some(count);
    }
    let at = tail + bytes[tail..].windows(4).rposition(|window| window == b"PK\x06\x06")?;
    Some(u64::from_le_bytes(bytes.get(at + 32..at + 40)?.try_into().ok()?))
}

fn too_many_entries(intake: &Intake<'_>, most: u32) -> Refusal {
    intake.too_much(say!(
        intake.language,
        "tệp nén chứa hơn {most} tệp con, nhiều hơn mức cho phép",
        "the zip file holds more than {most} parts, which is the limit"
    ))
}

fn bomb(intake: &Intake<'_>, path: &str, declared: u64, packed: u64) -> Refusal {
    let (size, packed) = (mebibytes(declared), packed / 1024);
    intake.too_much(say!(
        intake.language,
        "phần {path} giải nén ra {size} MiB từ {packed} KiB, vượt mức cho phép",
        "part {path} unpacks to {size} MiB from {packed} KiB, which is beyond the limit"
    ))
}

fn lie(intake: &Intake<'_>, path: &str, declared: u64) -> Refusal {
    intake.too_much(say!(
        intake.language,
        "phần {path} ghi là {declared} byte nhưng giải nén ra nhiều hơn; tệp hỏng hoặc cố ý gây hại",
        "part {path} claims {declared} bytes but unpacks to more; the file is damaged or meant to do harm"
    ))
}

fn mebibytes(bytes: u64) -> u64 {
    bytes.div_ceil(1 << 20)
}
