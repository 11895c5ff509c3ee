//! XOR obfuscation, method 1: Excel 95 and before, and Excel 97 where nothing better was allowed.

use super::biff::open_parts;

/// What a password is filled up with.
const FILL: [u8; 15] = [0xBB, 0xFF, 0xFF, 0xBA, 0xFF, 0xFF, 0xB9, 0x80, 0x00, 0xBE, 0x0F, 0x00, 0xBF, 0x0F, 0x00];

/// The shift register behind the key ([MS-OFFCRYPTO] 2.3.7.2, whose tables `InitialCode` and `XorMatrix` it makes).
const HIGHEST: u16 = 0x8000;
const FEEDBACK: u16 = 0x1020;
/// The bit of a character that takes no part.
const EIGHTH: u8 = 0x80;
/// The bit that comes round in the verifier, and what it ends with ([MS-OFFCRYPTO] 2.3.7.1).
const CARRY: u16 = 0x4000;
const VERIFIER_END: u16 = 0xCE4B;

/// Decrypts a stream where key and verifier are those of the password.
pub(super) fn open(stream: &[u8], key: u16, verifier: u16, password: &str) -> Option<Vec<u8>> {
    if password.len() > FILL.len() || (key, verifier) != (self::key(password), self::verifier(password)) {
        return None;
    }
    let mask = mask(password);
    let mut plain = stream.to_vec();
    let parts = open_parts(stream);
    for (part, next) in parts.iter().zip(parts.iter().skip(1)) {
        // Where a record begins decides with its length where the mask does.
        let (body, end) = (part.0 + 4, next.0);
        for at in part.1..end {
            // end = body + length, and the byte stands (at - body) behind the beginning.
            plain[at] = (stream[at] ^ mask[(end + at - body) % 16]).rotate_right(5);
        }
    }
    Some(plain)
}

/// Bits of the password, each with a number of a shift register.
pub(super) fn key(password: &str) -> u16 {
    let step = |word: u16| if word & HIGHEST == 0 { word << 1 } else { word.rotate_left(1) ^ FEEDBACK };
    let (mut key, mut base, mut end) = (0u16, HIGHEST, u16::MAX);
    for character in password.bytes().rev() {
        for bit in 0..8 {
            (base, end) = (step(base), step(end));
            if character & !EIGHTH & (1 << bit) != 0 {
                key ^= base;
            }
        }
    }
    key ^ end
}

pub(super) fn verifier(password: &str) -> u16 {
    let length = u8::try_from(password.len()).unwrap_or(u8::MAX);
    let verifier = password.bytes().rev().chain([length]).fold(0u16, |verifier, byte| {
        let carry = u16::from(verifier & CARRY != 0);
        (carry | (verifier << 1 & !HIGHEST)) ^ u16::from(byte)
    });
    verifier ^ VERIFIER_END
}

/// The bytes that a stream is covered with, over and over.
pub(super) fn mask(password: &str) -> [u8; 16] {
    let key = key(password).to_le_bytes();
    let mut mask = [0; 16];
    for (at, (byte, filled)) in mask.iter_mut().zip(password.bytes().chain(FILL)).enumerate() {
        *byte = (filled ^ key[at % 2]).rotate_right(1);
    }
    mask
}
