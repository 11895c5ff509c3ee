//! Text files: Unicode in its forms, and the single-byte encodings from before it.

use unicode_normalization::UnicodeNormalization;

use crate::values::text::{self, Evidence};

/// A text file as characters.
pub(super) struct Plain {
    pub(super) text: String,
    /// The encoding, where it is one that was guessed and that [`crate::values::text::decode`]
    /// does not tell of later.
    pub(super) legacy: Option<&'static str>,
}

/// Decodes a text file; `None` when it is no text.
///
/// Bytes that are no Unicode are read in the encoding that makes Vietnamese of them: "H\xF2a" is
/// "Hòa" in windows-1252 and no word in windows-1258. They stay as U+0080 to U+00FF where TCVN3 or
/// VNI explains them better than both: those are decoded cell by cell later.
pub(super) fn decode(bytes: &[u8]) -> Option<Plain> {
    let unicode = |text: String| Plain { text, legacy: None };
    if let Some((encoding, bom)) = encoding_rs::Encoding::for_bom(bytes) {
        return Some(unicode(encoding.decode_without_bom_handling(&bytes[bom..]).0.into_owned()));
    }
    if let Some(encoding) = utf_16(bytes) {
        let text = encoding.decode_without_bom_handling(bytes).0;
        let strange = |c: &char| (c.is_control() && !c.is_whitespace()) || *c == char::REPLACEMENT_CHARACTER;
        if text.chars().filter(strange).count() * 100 <= text.len() {
            return Some(unicode(text.into_owned()));
        }
    }
    if is_binary(bytes) {
        return None;
    }
    if let Some(text) = utf_8(bytes) {
        return Some(unicode(text));
    }
    let stored: String = bytes.iter().map(|&byte| char::from(byte)).collect();
    let vietnamese: String = encoding_rs::WINDOWS_1258.decode_without_bom_handling(bytes).0.nfc().collect();
    let western = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0;
    let before = evidence(&stored);
    let legacy = i64::from(before.tcvn3 + before.vni);
    let (as_western, as_vietnamese) = (plausibility(&western), plausibility(&vietnamese));
    Some(if as_vietnamese > as_western.max(legacy) {
        Plain { text: vietnamese, legacy: Some("windows-1258") }
    } else if legacy > as_western.max(i64::from(before.unicode)) {
        unicode(stored)
    } else {
        Plain { text: western.into_owned(), legacy: Some("windows-1252") }
    })
}

/// Lines looked at to find the encoding.
const LINES: usize = 2_000;

/// How many fields are Vietnamese in every word that has a letter beyond ASCII, less those with a
/// mark that stands on no vowel.
fn plausibility(text: &str) -> i64 {
    let is_mark = |c: char| matches!(c, '\u{300}'..='\u{36F}');
    let mut score = 0;
    for field in text.lines().take(LINES).flat_map(|line| line.split([';', ',', '\t'])) {
        let words = field.split(|c: char| !c.is_alphabetic() && !is_mark(c)).filter(|word| !word.is_ascii());
        let (mut good, mut bad) = (false, false);
        for word in words {
            let is_syllable = text::is_syllable(word.chars());
            good |= is_syllable;
            bad |= !is_syllable;
            score -= i64::from(word.contains(is_mark));
        }
        score += i64::from(good && !bad);
    }
    score
}

/// What the fields of the first lines are surely written in.
fn evidence(text: &str) -> Evidence {
    let mut evidence = Evidence::default();
    for line in text.lines().take(LINES) {
        for field in line.split([';', ',', '\t']) {
            evidence.observe(field);
        }
    }
    evidence
}

/// UTF-16 without a byte order mark: every other byte of the ASCII in it is zero.
fn utf_16(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = &bytes[..bytes.len().min(2_048) & !1];
    let pairs = head.len() / 2;
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let (high, low) = (zeros(0), zeros(1));
    if pairs < 2 || (high + low) * 4 < pairs {
        return None;
    }
    // A line of CJK-like noise and a binary file have zeros on both sides.
    if low > 0 && high * 20 < low {
        Some(encoding_rs::UTF_16LE)
    } else if high > 0 && low * 20 < high {
        Some(encoding_rs::UTF_16BE)
    } else {
        None
    }
}

fn is_binary(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(65_536)];
    let strange = |byte: &&u8| matches!(byte, 0..=8 | 14..=25 | 27..=31);
    head.contains(&0) || head.iter().filter(strange).count() * 100 > head.len()
}

/// UTF-8, also where a few bytes of it are damaged: other encodings hardly ever make a sequence of
/// UTF-8 by chance.
fn utf_8(bytes: &[u8]) -> Option<String> {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().bytes().filter(|&byte| byte >= 0xC2).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    (bad == 0 || bad * 8 < good).then(|| String::from_utf8_lossy(bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "TT;Chỉ tiêu;Đơn vị\r\n1;Diện tích lúa;ha\r\n2;Sản lượng;tấn\r\n";

    #[test]
    fn unicode_in_all_its_forms() {
        let le: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            TEXT.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", TEXT.as_bytes()].concat(),
            [b"\xFF\xFE", &*le].concat(),
            [b"\xFE\xFF", &*be].concat(),
            le,
            be,
        ] {
            assert_eq!(decode(&bytes).map(|plain| plain.text).as_deref(), Some(TEXT));
        }
    }

    #[test]
    fn single_bytes() {
        let decomposed: String = TEXT
            .chars()
            .map(|c| match c {
                'ỉ' => "i\u{309}".to_owned(),
                'ệ' => "ê\u{323}".to_owned(),
                'ị' => "i\u{323}".to_owned(),
                'ả' => "a\u{309}".to_owned(),
                'ợ' => "ơ\u{323}".to_owned(),
                'ấ' => "â\u{301}".to_owned(),
                c => c.to_string(),
            })
            .collect();
        let (bytes, _, failed) = encoding_rs::WINDOWS_1258.encode(&decomposed);
        assert!(!failed, "{decomposed}");
        let plain = decode(&bytes).expect("text");
        assert_eq!((&*plain.text, plain.legacy), (TEXT, Some("windows-1258")));

        let plain = decode(b"TT;Ch\xD8 ti\xAAu;\xA7\xACn v\xDE\r\n1;Di\xD6n t\xDDch;ha\r\n").expect("text");
        assert_eq!(plain.legacy, None);
        assert!(plain.text.contains("Di\u{D6}n"), "left for the cells: {}", plain.text);

        for (bytes, text, encoding) in [
            (&b"Ha Noi;1\nHoa B\xECnh;2"[..], "Ha Noi;1\nHoa Bình;2", "windows-1252"),
            (b"H\xF2a B\xECnh;1\nC\xE0 Mau;2", "Hòa Bình;1\nCà Mau;2", "windows-1252"),
            (b"C\xE2y c\xF3 m\xFAi;1\nChi ti\xEAu;2", "Cây có múi;1\nChi tiêu;2", "windows-1252"),
            (b"B\xD2nh;1", "BÒnh;1", "windows-1252"),
            (b"\xD0a\xF2t;1", "Đạt;1", "windows-1258"),
            (b"H\xE0 N\xF4\xF2i;1", "Hà Nội;1", "windows-1258"),
        ] {
            let plain = decode(bytes).expect("text");
            assert_eq!((&*plain.text, plain.legacy), (text, Some(encoding)));
        }

        assert_eq!(decode(b"caf\xE9;1").map(|plain| plain.text).as_deref(), Some("café;1"));
    }

    #[test]
    fn not_text() {
        for bytes in [&[0u8, 1, 2, 3, 0, 0, 9, 9][..], b"ab\0\x01\x02cd", &[1, 2, 3, 4, 5]] {
            assert!(decode(bytes).is_none(), "{bytes:?}");
        }
    }
}
