//! Agile encryption, Excel 2010 and later: an XML description, AES in segments of 4 KiB.

use super::{
    primitives::{self, BLOCK, Hash},
    utf16,
};
use crate::read::xml::{self, Attributes, Token, Tokens};

/// Excel writes 100,000. More than these would be a way to hold a computer up.
const MOST_ROUNDS: u32 = 1_000_000;
const SEGMENT: usize = 4096;

/// What keys are made for, each with a mark of its own.
const VERIFIER: [u8; 8] = [0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79];
const VERIFIER_HASH: [u8; 8] = [0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E];
const KEY: [u8; 8] = [0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6];

/// How one thing is encrypted: the content, or the key of the content.
struct Cipher {
    hash: Hash,
    key_length: usize,
    salt: Vec<u8>,
}

impl Cipher {
    fn read(attributes: Attributes<'_>) -> Option<Self> {
        let text = |name| attributes.get(name);
        let is_known = text("cipherAlgorithm") == Some("AES")
            && text("cipherChaining") == Some("ChainingModeCBC")
            && text("blockSize") == Some("16");
        let key_bits: usize = text("keyBits")?.parse().ok()?;
        (is_known && matches!(key_bits, 128 | 192 | 256)).then_some(Self {
            hash: Hash::named(text("hashAlgorithm")?)?,
            key_length: key_bits / 8,
            salt: base64(text("saltValue")?)?,
        })
    }
}

/// The key of the content, behind the password.
struct Encryptor {
    cipher: Cipher,
    rounds: u32,
    verifier: Vec<u8>,
    verifier_hash: Vec<u8>,
    key: Vec<u8>,
}

impl Encryptor {
    fn read(attributes: Attributes<'_>) -> Option<Self> {
        let bytes = |name| base64(attributes.get(name)?);
        Some(Self {
            cipher: Cipher::read(attributes)?,
            rounds: attributes.get("spinCount")?.parse().ok().filter(|rounds| *rounds <= MOST_ROUNDS)?,
            verifier: bytes("encryptedVerifierHashInput")?,
            verifier_hash: bytes("encryptedVerifierHashValue")?,
            key: bytes("encryptedKeyValue")?,
        })
    }

    /// The key of the content, where the password is the right one.
    fn unlock(&self, password: &str) -> Option<Vec<u8>> {
        let Cipher { hash, key_length, salt } = &self.cipher;
        let base = hash.spin(hash.of(salt, &utf16(password)), self.rounds);
        let start = fitted(salt.clone(), BLOCK);
        let decrypt = |mark: &[u8], data: &[u8]| {
            let mut data = data.to_vec();
            primitives::aes_cbc(&fitted(hash.of(&base, mark), *key_length), &start, &mut data)?;
            Some(data)
        };
        let verifier = decrypt(&VERIFIER, &self.verifier)?;
        let expected = decrypt(&VERIFIER_HASH, &self.verifier_hash)?;
        if verifier.is_empty() || !expected.starts_with(&hash.of(&verifier, &[])) {
            return None;
        }
        decrypt(&KEY, &self.key)
    }
}

/// Decrypts the content in place by the description of how.
pub(super) fn open(description: &[u8], content: &mut [u8], password: &str) -> Option<()> {
    let text = xml::text(description.to_vec());
    let (mut cipher, mut encryptor) = (None, None);
    for token in Tokens::new(&text) {
        match token {
            Token::Open("keyData", attributes) | Token::Empty("keyData", attributes) => {
                cipher = Cipher::read(attributes);
            }
            // Certificates have encryptors of their own, without rounds.
            Token::Open("encryptedKey", attributes) | Token::Empty("encryptedKey", attributes) => {
                encryptor = encryptor.or_else(|| Encryptor::read(attributes));
            }
            _ => {}
        }
    }
    let cipher = cipher?;
    let key = encryptor?.unlock(password)?;
    let key = key.get(..cipher.key_length)?;
    for (number, segment) in (0u32..).zip(content.chunks_mut(SEGMENT)) {
        let start = fitted(cipher.hash.of(&cipher.salt, &number.to_le_bytes()), BLOCK);
        primitives::aes_cbc(key, &start, segment)?;
    }
    Some(())
}

/// Fills up what is too short ([MS-OFFCRYPTO] 2.3.4.12).
const FILL: u8 = 0x36;

/// Bytes cut or filled up to a length.
fn fitted(mut bytes: Vec<u8>, length: usize) -> Vec<u8> {
    bytes.resize(length, FILL);
    bytes
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0u32);
    for character in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        (bits, count) = (bits << 6 | u32::from(value), count + 6);
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count).to_le_bytes()[0]);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_texts() {
        for (text, bytes) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9v\nYmFy", "foobar")] {
            assert_eq!(base64(text).as_deref(), Some(bytes.as_bytes()), "{text}");
        }
        assert_eq!(base64("+/A="), Some(vec![0xFB, 0xF0]));
        assert_eq!(base64("Zm9v*"), None);
    }
}
