//! Names that are one, however each file spells them, without a key for each: of a million names in a
//! table nearly all are looked at once.

use std::hash::{BuildHasher, Hasher};

use super::fold::{fold, is_simple};

/// A number that names of the same [key](fold()) share: of their consonants and digits, which no spelling
/// of a name changes.
pub(crate) fn name_hash(name: &str, build: &impl BuildHasher) -> u64 {
    let mut hasher = build.build_hasher();
    if name.is_ascii() || name.chars().all(is_simple) {
        hash_kept(name, &mut hasher);
    } else {
        hash_kept(&fold(name), &mut hasher);
    }
    hasher.finish()
}

fn hash_kept(name: &str, hasher: &mut impl Hasher) {
    let (mut kept, mut count) = ([0u8; 8], 0);
    let is_kept = |byte: &u8| {
        byte.is_ascii_alphanumeric() && !matches!(byte.to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
    };
    for byte in name.bytes().filter(is_kept) {
        kept[count] = byte.to_ascii_lowercase();
        count += 1;
        if count == kept.len() {
            hasher.write_u64(u64::from_le_bytes(kept));
            (kept, count) = ([0; 8], 0);
        }
    }
    hasher.write_u64(u64::from_le_bytes(kept));
}

/// Whether two names are spellings of one.
pub(crate) fn is_same_name(one: &str, other: &str) -> bool {
    one == other || fold(one) == fold(other)
}
