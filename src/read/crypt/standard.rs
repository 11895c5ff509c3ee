//! Standard encryption, Excel 2007: AES of single blocks, the key by 50,000 rounds of SHA-1.

use super::{
    primitives::{self, Hash},
    utf16,
};
use crate::read::bytes::long;

const ROUNDS: u32 = 50_000;
/// What the two halves of a key are filled with ([MS-OFFCRYPTO] 2.3.4.7, as in HMAC).
const INNER: u8 = 0x36;
const OUTER: u8 = 0x5C;
/// The numbers of algorithms ([MS-OFFCRYPTO] 2.3.2).
const ALGORITHM_AES_128: u32 = 0x660E;
const ALGORITHM_AES_192: u32 = 0x660F;
const ALGORITHM_AES_256: u32 = 0x6610;

/// What the header and the verifier behind it say; also of `CryptoAPI` in BIFF streams.
pub(super) struct Header<'a> {
    pub(super) algorithm: u32,
    pub(super) key_bits: u32,
    pub(super) salt: &'a [u8],
    pub(super) verifier: &'a [u8],
    pub(super) verifier_hash: &'a [u8],
}

impl<'a> Header<'a> {
    /// From behind the version. The hash is as long as what is encrypted of it.
    pub(super) fn read(info: &'a [u8], hash_length: usize) -> Option<Self> {
        let size = usize::try_from(long(info, 4)?).ok()?;
        let header = info.get(8..8usize.checked_add(size)?)?;
        let verifier = info.get(8 + size..)?;
        if long(verifier, 0)? != 16 {
            return None;
        }
        Some(Self {
            algorithm: long(header, 8)?,
            key_bits: long(header, 16)?,
            salt: verifier.get(4..20)?,
            verifier: verifier.get(20..36)?,
            verifier_hash: verifier.get(40..40 + hash_length)?,
        })
    }
}

pub(super) fn open(info: &[u8], content: &mut [u8], password: &str) -> Option<()> {
    let header = Header::read(info.get(4..)?, 32)?;
    let key_length = match header.algorithm {
        ALGORITHM_AES_128 => 16,
        ALGORITHM_AES_192 => 24,
        ALGORITHM_AES_256 => 32,
        _ => return None,
    };
    let hash = Hash::Sha1.spin(Hash::Sha1.of(header.salt, &utf16(password)), ROUNDS);
    let hash = Hash::Sha1.of(&hash, &0u32.to_le_bytes());
    let half = |fill: u8| {
        let mut block = [fill; 64];
        block.iter_mut().zip(&hash).for_each(|(byte, hash)| *byte ^= hash);
        Hash::Sha1.of(&block, &[])
    };
    let key = [half(INNER), half(OUTER)].concat();
    let key = key.get(..key_length)?;

    let (mut verifier, mut expected) = (header.verifier.to_vec(), header.verifier_hash.to_vec());
    primitives::aes(key, &mut verifier)?;
    primitives::aes(key, &mut expected)?;
    if Hash::Sha1.of(&verifier, &[]) != expected[..20] {
        return None;
    }
    primitives::aes(key, content)
}
