//! Files that are encrypted with the password that Excel tries by itself.
//!
//! Excel opens such a file without asking, so whoever sends it does not know that it is encrypted:
//! a workbook that was only protected against changes is stored this way. No other password is ever
//! tried. By [MS-OFFCRYPTO] 2.3; pure functions over bytes.
//!
//! What breaks if this is changed: everything that says how to decrypt stands in the file and may
//! be wrong or meant to do harm. No field is taken for a size without a check, rounds of hashing
//! are capped, and what cannot be opened is `None`, whatever the reason: the file is told as
//! encrypted then.

mod agile;
mod biff;
mod primitives;
mod standard;
#[cfg(test)]
mod tests;
mod xor;

use super::bytes::word;

/// The password that Excel tries before it asks for one.
const DEFAULT: &str = "VelvetSweatshop";

/// The package of Office Open XML inside a compound file: its stream `EncryptionInfo`, and that of
/// its content.
pub(super) fn package(info: &[u8], content: Vec<u8>) -> Option<Vec<u8>> {
    package_with(info, content, DEFAULT)
}

fn package_with(info: &[u8], mut content: Vec<u8>, password: &str) -> Option<Vec<u8>> {
    let size = u64::from_le_bytes(*content.first_chunk::<8>()?);
    content.drain(..8);
    match (word(info, 0)?, word(info, 2)?) {
        (4, 4) => agile::open(info.get(8..)?, &mut content, password)?,
        (2..=4, 2) => standard::open(info, &mut content, password)?,
        _ => return None,
    }
    // The last block is filled up; a size beyond the content says nothing.
    content.truncate(usize::try_from(size).unwrap_or(usize::MAX));
    Some(content)
}

/// A workbook stream of BIFF records whose record `FILEPASS` was found, with the body of that
/// record; the records that are never encrypted stay as they are.
pub(super) fn workbook(stream: &[u8], pass: &[u8]) -> Option<Vec<u8>> {
    workbook_with(stream, pass, DEFAULT)
}

fn workbook_with(stream: &[u8], pass: &[u8], password: &str) -> Option<Vec<u8>> {
    match (pass.len(), word(pass, 0)?) {
        // Before Excel 97 there was one way, and the record does not name it.
        (4, key) => xor::open(stream, key, word(pass, 2)?, password),
        (_, 0) => xor::open(stream, word(pass, 2)?, word(pass, 4)?, password),
        (_, 1) => biff::open(stream, pass.get(2..)?, password),
        _ => None,
    }
}

/// A password as it is hashed.
fn utf16(password: &str) -> Vec<u8> {
    password.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
