//! Hashes and ciphers by the names that files have for them.

use aes::{
    Aes128, Aes192, Aes256,
    cipher::{Array, BlockCipherDecrypt, BlockModeDecrypt, KeyInit, KeyIvInit},
};
use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};

#[derive(Clone, Copy, Debug)]
pub(super) enum Hash {
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "MD5" => Self::Md5,
            "SHA1" | "SHA-1" => Self::Sha1,
            "SHA256" | "SHA-256" => Self::Sha256,
            "SHA384" | "SHA-384" => Self::Sha384,
            "SHA512" | "SHA-512" => Self::Sha512,
            _ => return None,
        })
    }

    /// The hash of two pieces one behind the other.
    pub(super) fn of(self, first: &[u8], second: &[u8]) -> Vec<u8> {
        fn run<D: Digest>(first: &[u8], second: &[u8]) -> Vec<u8> {
            D::new().chain_update(first).chain_update(second).finalize().to_vec()
        }
        match self {
            Self::Md5 => run::<Md5>(first, second),
            Self::Sha1 => run::<Sha1>(first, second),
            Self::Sha256 => run::<Sha256>(first, second),
            Self::Sha384 => run::<Sha384>(first, second),
            Self::Sha512 => run::<Sha512>(first, second),
        }
    }

    /// Hashes a hash again and again, the number of the round before it.
    pub(super) fn spin(self, mut hash: Vec<u8>, rounds: u32) -> Vec<u8> {
        for round in 0..rounds {
            hash = self.of(&round.to_le_bytes(), &hash);
        }
        hash
    }
}

/// Bytes of a block of AES.
pub(super) const BLOCK: usize = 16;

/// Decrypts in place, each block by itself. Half a block at the end is left as it is.
pub(super) fn aes(key: &[u8], data: &mut [u8]) -> Option<()> {
    fn run<C: BlockCipherDecrypt + KeyInit>(key: &[u8], data: &mut [u8]) -> Option<()> {
        C::new_from_slice(key).ok()?.decrypt_blocks(Array::slice_as_chunks_mut(data).0);
        Some(())
    }
    match key.len() {
        16 => run::<Aes128>(key, data),
        24 => run::<Aes192>(key, data),
        32 => run::<Aes256>(key, data),
        _ => None,
    }
}

/// Decrypts in place, each block with what stands before it. Half a block at the end is left as it
/// is.
pub(super) fn aes_cbc(key: &[u8], start: &[u8], data: &mut [u8]) -> Option<()> {
    fn run<C: BlockModeDecrypt + KeyIvInit>(key: &[u8], start: &[u8], data: &mut [u8]) -> Option<()> {
        C::new_from_slices(key, start).ok()?.decrypt_blocks(Array::slice_as_chunks_mut(data).0);
        Some(())
    }
    match key.len() {
        16 => run::<cbc::Decryptor<Aes128>>(key, start, data),
        24 => run::<cbc::Decryptor<Aes192>>(key, start, data),
        32 => run::<cbc::Decryptor<Aes256>>(key, start, data),
        _ => None,
    }
}
