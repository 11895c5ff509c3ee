//! RC4 of BIFF streams: keys of 40 bits by MD5, Excel 97, and those of `CryptoAPI`, Excel 2002.

use rc4::{KeyInit, Rc4, StreamCipher};

use super::{primitives::Hash, standard::Header, utf16};
use crate::read::{biff_records as kind, bytes::word};

/// The number of RC4 among algorithms ([MS-OFFCRYPTO] 2.3.2).
const ALGORITHM_RC4: u32 = 0x6801;
/// Bytes of the stream that share a key.
const BLOCK: usize = 1024;

/// Decrypts a stream by what stands in its record behind the kind.
pub(super) fn open(stream: &[u8], pass: &[u8], password: &str) -> Option<Vec<u8>> {
    match (word(pass, 0)?, word(pass, 2)?) {
        (1, 1) => {
            let salt = pass.get(4..20)?;
            let first = Hash::Md5.of(&utf16(password), &[]);
            let mut salted = first.get(..5)?.to_vec();
            salted.extend_from_slice(salt);
            let base = Hash::Md5.of(&salted.repeat(16), &[]);
            let base = base.get(..5)?;
            let key = |block: u32| Hash::Md5.of(base, &block.to_le_bytes());
            decrypt(stream, &key, Hash::Md5, pass.get(20..36)?, pass.get(36..52)?)
        }
        (2..=4, 2) => {
            // The flags before the header are in the header too.
            let header = Header::read(pass.get(4..)?, 20)?;
            let bits = if header.key_bits == 0 { 40 } else { header.key_bits };
            if header.algorithm != ALGORITHM_RC4 || !(40..=128).contains(&bits) || bits % 8 != 0 {
                return None;
            }
            let base = Hash::Sha1.of(header.salt, &utf16(password));
            let key = |block: u32| {
                let mut key = Hash::Sha1.of(&base, &block.to_le_bytes());
                key.truncate((bits / 8) as usize);
                // 40 bits are written as a key of 128 whose rest is zero.
                if bits == 40 {
                    key.resize(16, 0);
                }
                key
            };
            decrypt(stream, &key, Hash::Sha1, header.verifier, header.verifier_hash)
        }
        _ => None,
    }
}

fn decrypt(
    stream: &[u8],
    key: &dyn Fn(u32) -> Vec<u8>,
    hash: Hash,
    verifier: &[u8],
    verifier_hash: &[u8],
) -> Option<Vec<u8>> {
    // Both in one go: the cipher goes on from one to the other.
    let mut both = [verifier, verifier_hash].concat();
    Rc4::new_from_slice(&key(0)).ok()?.apply_keystream(&mut both);
    let (verifier, expected) = both.split_at(verifier.len());
    if hash.of(verifier, &[]) != expected {
        return None;
    }
    let mut plain = stream.to_vec();
    for (number, block) in (0u32..).zip(plain.chunks_mut(BLOCK)) {
        Rc4::new_from_slice(&key(number)).ok()?.apply_keystream(block);
    }
    for (from, to) in open_parts(stream) {
        plain[from..to].copy_from_slice(&stream[from..to]);
    }
    Some(plain)
}

/// Where a stream stands unencrypted: heads of records, some whole records, and the places of
/// sheets.
pub(super) fn open_parts(stream: &[u8]) -> Vec<(usize, usize)> {
    let mut parts = Vec::new();
    let mut at = 0usize;
    while let (Some(record), Some(length)) = (word(stream, at), word(stream, at + 2)) {
        let body = at + 4;
        let end = (body + usize::from(length)).min(stream.len());
        let open = match record {
            kind::BOF_2
            | kind::BOF_3
            | kind::BOF_4
            | kind::BOF
            | kind::FILE_PASS
            | kind::RRD_HEAD
            | kind::USR_EXCL
            | kind::FILE_LOCK
            | kind::RRD_INFO
            | kind::INTERFACE_HDR => end,
            kind::BOUND_SHEET => (body + 4).min(end),
            _ => body,
        };
        parts.push((at, open));
        at = end;
    }
    // Not even a head is left.
    parts.push((at.min(stream.len()), stream.len()));
    parts
}
