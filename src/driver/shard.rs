//! Parts of a run, for several machines.

use std::str::FromStr;

/// One of several parts that together are the whole. Which part takes a submission is told by its
/// path alone, so that no machine has to know of another: the first eight bytes of the BLAKE3 hash
/// of the path as UTF-8, little end first, modulo the number of parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// From zero.
    at: u64,
    of: u64,
}

impl Shard {
    /// Whether this part takes the submission of a path: as seen from its input, parts joined by `/`.
    #[must_use]
    pub fn takes(&self, path: &str) -> bool {
        let hash = blake3::hash(path.as_bytes());
        let first = hash.as_bytes().first_chunk().copied().map_or(0, u64::from_le_bytes);
        first % self.of == self.at
    }
}

impl FromStr for Shard {
    type Err = String;

    /// `1/8` to `8/8`.
    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| text.parse::<u64>().ok().filter(|_| text.starts_with(|c: char| c.is_ascii_digit()));
        let parts = text.split_once('/').and_then(|(at, of)| Some((number(at)?, number(of)?)));
        match parts {
            Some((at @ 1.., of)) if at <= of => Ok(Self { at: at - 1, of }),
            Some(_) | None => {
                Err("phần thứ mấy trên tổng số phần / which part of how many: 1/8, 2/8 ... 8/8".to_owned())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_path_is_in_exactly_one_part(path in "\\PC{0,40}", of in 1_u64..50) {
            let taking = (1..=of)
                .filter(|at| format!("{at}/{of}").parse::<Shard>().is_ok_and(|shard| shard.takes(&path)))
                .count();
            prop_assert_eq!(taking, 1);
        }
    }

    /// Machines of different releases must agree.
    #[test]
    fn the_part_of_a_path_never_changes() -> Result<(), String> {
        let part = |path: &str| (1..=1000).find(|at| format!("{at}/1000").parse().is_ok_and(|s: Shard| s.takes(path)));
        assert_eq!([part("xa-0001.xlsx"), part("tỉnh/xã Một"), part("")], PARTS.map(Some));
        let shard: Shard = "1/1".parse()?;
        assert!(shard.takes("anything"));
        Ok(())
    }

    /// Computed by another implementation of BLAKE3.
    const PARTS: [u32; 3] = [358, 127, 864];

    #[test]
    fn only_parts_that_exist_are_taken() {
        for text in ["0/4", "5/4", "1", "a/4", "1/0", "-1/4", "+1/4", " 1/4", "1/4/2", "/", ""] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
