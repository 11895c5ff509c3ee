//! Parts of a zip file, within limits.
//!
//! What breaks if this is changed: a zip bomb is a few hundred KiB that unpack to gigabytes. A
//! part is unpacked up to the size that its header declares and no further, the declared sizes
//! are held against the limits before anything is unpacked, and every unpacked byte counts, also
//! where several entries share their bytes. A part that is gone through piece by piece may be
//! larger than one that has to lie in memory as a whole.

use std::{
    borrow::Cow,
    cell::OnceCell,
    collections::HashMap,
    io::{Cursor, ErrorKind, Read},
};

use zip::{ZipArchive, read::ZipFile};

use super::context::{FileError, ReadContext};
use crate::read::error::{Loss, TooMuch, Unreadable};

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
pub(super) enum PartError {
    /// The whole file is refused.
    Refused(FileError),
    /// This part is damaged.
    Damaged(Loss),
}

impl From<FileError> for PartError {
    fn from(error: FileError) -> Self {
        Self::Refused(error)
    }
}

impl PartError {
    /// The error of a file that cannot do without this part.
    pub(super) fn fatal(self, cx: &ReadContext<'_>) -> FileError {
        match self {
            Self::Refused(error) => error,
            Self::Damaged(why) => cx.unreadable(Unreadable::Damaged(why)),
        }
    }
}

impl<'a> Archive<'a> {
    pub(super) fn open(bytes: &'a [u8], cx: &ReadContext<'_>) -> Result<Self, FileError> {
        let most = cx.limits.entries;
        let entries = declared_entries(bytes);
        if entries.is_some_and(|entries| entries > u64::from(most)) {
            return Err(too_many_entries(cx, most));
        }
        let Ok(zip) = ZipArchive::new(Cursor::new(bytes)) else {
            return Err(cx.unreadable(Unreadable::NoDirectory));
        };
        if zip.len() as u64 > u64::from(most) {
            return Err(too_many_entries(cx, most));
        }
        Ok(Self { zip, size: bytes.len() as u64, left: cx.limits.inflated_bytes, folded: OnceCell::new() })
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
    pub(super) fn part(&mut self, path: &str, cx: &ReadContext<'_>) -> Result<Option<Vec<u8>>, PartError> {
        let Some(mut stream) = self.open_part(path, cx.limits.held_bytes, cx)? else { return Ok(None) };
        let mut bytes = Vec::with_capacity(usize::try_from(stream.declared).unwrap_or(0) + 1);
        let most = usize::try_from(stream.declared).unwrap_or(usize::MAX).saturating_add(1);
        let read = stream.file.by_ref().take(most as u64).read_to_end(&mut bytes);
        stream.count(bytes.len(), read.is_ok(), cx)?;
        Ok(Some(bytes))
    }

    /// Begins to unpack one part, to be gone through piece by piece; `None` when there is none of
    /// that name.
    pub(super) fn stream(&mut self, path: &str, cx: &ReadContext<'_>) -> Result<Option<Stream<'_, 'a>>, PartError> {
        self.open_part(path, u64::MAX, cx)
    }

    fn open_part(&mut self, path: &str, most: u64, cx: &ReadContext<'_>) -> Result<Option<Stream<'_, 'a>>, PartError> {
        let Some(index) = self.find(path) else { return Ok(None) };
        if self.zip.by_index_data(index).is_ok_and(|entry| entry.encrypted()) {
            return Err(cx.encrypted().into());
        }
        let damaged = || Loss::Packed { path: path.to_owned() };
        let Ok(file) = self.zip.by_index(index) else { return Err(PartError::Damaged(damaged())) };
        let (declared, packed) = (file.size(), file.compressed_size().min(self.size));
        if declared > self.left.min(most) || (declared > SMALL && declared / RATIO > packed) {
            return Err(bomb(cx, path, declared, packed).into());
        }
        self.left -= declared;
        Ok(Some(Stream { file, declared, read: 0, path: path.to_owned() }))
    }
}

/// A part that is being unpacked.
pub(super) struct Stream<'z, 'a> {
    file: ZipFile<'z, Cursor<&'a [u8]>>,
    declared: u64,
    read: u64,
    path: String,
}

impl Stream<'_, '_> {
    /// Puts the next bytes into `out`, which is filled unless the part ends before; gives their number.
    pub(super) fn fill(&mut self, out: &mut [u8], cx: &ReadContext<'_>) -> Result<usize, PartError> {
        let (mut filled, mut is_whole) = (0, true);
        while filled < out.len() {
            match self.file.read(&mut out[filled..]) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => {
                    is_whole = false;
                    break;
                }
            }
        }
        self.count(filled, is_whole, cx)?;
        Ok(filled)
    }

    /// Counts bytes that were unpacked; an error where there are too many, or where they are damaged.
    fn count(&mut self, read: usize, is_whole: bool, cx: &ReadContext<'_>) -> Result<(), PartError> {
        self.read += read as u64;
        let path = &self.path;
        if self.read > self.declared {
            return Err(lie(cx, path, self.declared).into());
        }
        if is_whole { Ok(()) } else { Err(PartError::Damaged(Loss::Packed { path: path.clone() })) }
    }
}

/// A name as programs compare it that write it in different ways.
fn fold(name: &str) -> String {
    name.replace('\\', "/").to_ascii_lowercase()
}

/// Begins the record that ends a zip file, and that of large ones (APPNOTE 4.3.16, 4.3.14).
const END: &[u8; 4] = b"PK\x05\x06";
const END_64: &[u8; 4] = b"PK\x06\x06";
/// Stands for a number of entries that only the record of large files holds (APPNOTE 4.4.1.4).
const IN_END_64: u64 = 0xFFFF;

/// Number of entries by the record that ends a zip file, before anything is allocated for them.
fn declared_entries(bytes: &[u8]) -> Option<u64> {
    let tail = bytes.len().saturating_sub(22 + 65_535);
    let at = tail + bytes[tail..].windows(4).rposition(|window| window == END)?;
    let count = u64::from(u16::from_le_bytes(bytes.get(at + 10..at + 12)?.try_into().ok()?));
    if count < IN_END_64 {
        return Some(count);
    }
    let at = tail + bytes[tail..].windows(4).rposition(|window| window == END_64)?;
    Some(u64::from_le_bytes(bytes.get(at + 32..at + 40)?.try_into().ok()?))
}

fn too_many_entries(cx: &ReadContext<'_>, most: u32) -> FileError {
    cx.too_much(TooMuch::Parts { most })
}

fn bomb(cx: &ReadContext<'_>, path: &str, declared: u64, packed: u64) -> FileError {
    cx.too_much(TooMuch::Unpacked { path: path.to_owned(), declared, packed })
}

fn lie(cx: &ReadContext<'_>, path: &str, declared: u64) -> FileError {
    cx.too_much(TooMuch::UnpackedPastClaim { path: path.to_owned(), declared })
}
