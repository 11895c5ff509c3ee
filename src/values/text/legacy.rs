//! The letters of the encodings that Vietnamese offices used before Unicode.
//!
//! The text is taken as a spreadsheet reader gives it: each byte of the legacy text as the
//! character of the same number (U+00A1 to U+00FF). Sources: TCVN 5712:1993 (VN3) as drawn by
//! the ABC fonts (`.VnTime` and kin), compared with iconv's TCVN5712-1; VNI for Windows.

use super::letter::{Tone, join, lower, upper};

/// 0xA1 to 0xFE of TCVN3; `_` where the ABC fonts have no letter. The full standard puts
/// toned capitals there (VN2); the fonts draw capitals through their H twins instead, and
/// taking the VN2 codes for letters would turn Latin-1 text into Vietnamese.
/// 0xAD, the soft hyphen of Latin-1, is ư: any step that strips soft hyphens first destroys it.
const TCVN3: &str = "ĂÂÊÔƠƯĐăâêôơưđ\
    ______àảãáạ_ằẳẵắ_______ặầẩẫấậè_ẻẽéẹềểễếệìỉ___ĩíịò_ỏõóọồổỗốộờởỡớợù_ủũúụừửữứựỳỷỹýỵ";

const FIRST: usize = 0xA1;
static TCVN3_LETTERS: [Option<char>; 0xFF - FIRST] = tcvn3_letters();

const fn tcvn3_letters() -> [Option<char>; 0xFF - FIRST] {
    let mut table = [None; 0xFF - FIRST];
    let bytes = TCVN3.as_bytes();
    let (mut at, mut slot) = (0, 0);
    while at < bytes.len() {
        // One UTF-8 sequence of one to three bytes; no letter here needs four.
        let (code, length) = match bytes[at] {
            b @ 0..0x80 => (b as u32, 1),
            b @ 0x80..0xE0 => (((b as u32 & 0x1F) << 6) | (bytes[at + 1] as u32 & 0x3F), 2),
            b => (((b as u32 & 0x0F) << 12) | ((bytes[at + 1] as u32 & 0x3F) << 6) | (bytes[at + 2] as u32 & 0x3F), 3),
        };
        if code != b'_' as u32 {
            table[slot] = char::from_u32(code);
        }
        slot += 1;
        at += length;
    }
    assert!(slot == table.len(), "TCVN3 has a slot for each of 0xA1 to 0xFE");
    table
}

/// The letter that TCVN3 puts at the code of `c` (U+00A1 to U+00FE), if it puts one there.
#[must_use]
pub fn tcvn3_letter(c: char) -> Option<char> {
    let slot = (c as usize).checked_sub(FIRST)?;
    TCVN3_LETTERS.get(slot).copied().flatten()
}

/// TCVN3 bytes as NFC Unicode. ASCII stays; bytes without a letter in TCVN3 become what they
/// are in windows-1252 (0x93 a quotation mark, 0xB2 a superscript two).
#[must_use]
pub fn tcvn3_from_bytes(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for &byte in bytes {
        let c = char::from(byte);
        text.push(tcvn3_letter(c).unwrap_or_else(|| windows_1252(c)));
    }
    text
}

/// VNI bytes as NFC Unicode; bytes that are no VNI letter become what they are in
/// windows-1252.
#[must_use]
pub fn vni_from_bytes(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    let raw: String = bytes.iter().map(|&byte| char::from(byte)).collect();
    for (c, _) in vni(&raw) {
        text.push(windows_1252(c));
    }
    text
}

/// The punctuation that a C1 control stands for when it came through as a bare byte.
pub(super) fn windows_1252(c: char) -> char {
    const PUNCTUATION: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    (c as usize).checked_sub(0x80).and_then(|at| PUNCTUATION.get(at).copied()).unwrap_or(c)
}

/// What a VNI mark does to the vowel before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A tone alone: on a, e, i, o, u, y, ơ (written ô) and ư (written ö).
    Bare,
    /// â, ê, ô, with their tone: on a, e, o.
    Circumflex,
    /// ă with its tone: on a.
    Breve,
}

fn vni_mark(c: char) -> Option<(Shape, Tone)> {
    let mark = match lower(c) {
        'ø' => (Shape::Bare, Tone::Grave),
        'û' => (Shape::Bare, Tone::Hook),
        'õ' => (Shape::Bare, Tone::Tilde),
        'ù' => (Shape::Bare, Tone::Acute),
        'ï' => (Shape::Bare, Tone::Dot),
        'â' => (Shape::Circumflex, Tone::Level),
        'à' => (Shape::Circumflex, Tone::Grave),
        'å' => (Shape::Circumflex, Tone::Hook),
        'ã' => (Shape::Circumflex, Tone::Tilde),
        'á' => (Shape::Circumflex, Tone::Acute),
        'ä' => (Shape::Circumflex, Tone::Dot),
        'ê' => (Shape::Breve, Tone::Level),
        'è' => (Shape::Breve, Tone::Grave),
        'ú' => (Shape::Breve, Tone::Hook),
        'ü' => (Shape::Breve, Tone::Tilde),
        'é' => (Shape::Breve, Tone::Acute),
        'ë' => (Shape::Breve, Tone::Dot),
        _ => return None,
    };
    Some(mark)
}

/// The lower case letter that one VNI character is by itself.
fn vni_single(c: char) -> Option<char> {
    let letter = match c {
        'ô' => 'ơ',
        'ö' => 'ư',
        'ñ' => 'đ',
        'í' => 'í',
        'ì' => 'ì',
        'æ' => 'ỉ',
        'ó' => 'ĩ',
        'ò' => 'ị',
        'î' => 'ỵ',
        _ => return None,
    };
    Some(letter)
}

/// The letter of a vowel and the mark after it. Marks on i and y are not in every table of
/// VNI (ì, ỷ, ỹ, ỵ differ between sources): the union is read.
fn vni_pair(base: char, mark: char) -> Option<char> {
    let (shape, tone) = vni_mark(mark)?;
    let lowered = lower(base);
    let vowel = match (shape, lowered) {
        (Shape::Bare, 'a' | 'e' | 'i' | 'o' | 'u' | 'y') => lowered,
        (Shape::Bare, 'ô') => 'ơ',
        (Shape::Bare, 'ö') => 'ư',
        (Shape::Circumflex, 'a') => 'â',
        (Shape::Circumflex, 'e') => 'ê',
        (Shape::Circumflex, 'o') => 'ô',
        (Shape::Breve, 'a') => 'ă',
        _ => return None,
    };
    let letter = join(vowel, tone);
    Some(if lowered == base { letter } else { upper(letter) })
}

/// VNI text, letter by letter, and whether each is one of VNI: characters that are none (a
/// mark without its vowel, a sign) stay as they are.
pub(super) fn vni(raw: &str) -> impl Iterator<Item = (char, bool)> + '_ {
    let mut chars = raw.chars().peekable();
    std::iter::from_fn(move || {
        let c = chars.next()?;
        if let Some(letter) = chars.peek().and_then(|&mark| vni_pair(c, mark)) {
            chars.next();
            return Some((letter, true));
        }
        let lowered = lower(c);
        Some(match vni_single(lowered) {
            Some(letter) if lowered == c => (letter, true),
            Some(letter) => (upper(letter), true),
            None => (c, c.is_ascii()),
        })
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The TCVN3 text, as a reader would give it; capitals with tones have no code.
    pub(in crate::values::text) fn to_tcvn3(text: &str) -> String {
        text.chars().map(|c| ('\u{A1}'..='\u{FE}').find(|&code| tcvn3_letter(code) == Some(c)).unwrap_or(c)).collect()
    }

    /// The VNI text, as a reader would give it.
    pub(in crate::values::text) fn to_vni(text: &str) -> String {
        let mut out = String::new();
        for c in text.chars() {
            if c.is_ascii() {
                out.push(c);
                continue;
            }
            let codes = || ('\u{C0}'..='\u{FF}').filter(|c| lower(*c) == *c);
            let single = codes().find(|&code| vni_single(code) == Some(lower(c)));
            let cased = |code: char| if lower(c) == c { code } else { upper(code) };
            if let Some(code) = single {
                out.push(cased(code));
                continue;
            }
            let pair = "aeouyôö"
                .chars()
                .flat_map(|base| codes().map(move |mark| (base, mark)))
                .find(|&(base, mark)| vni_pair(base, mark) == Some(lower(c)));
            match pair {
                Some((base, mark)) => out.extend([cased(base), cased(mark)]),
                None => out.push(c),
            }
        }
        out
    }

    /// `for h in $(seq 161 254)`: `printf '\xHH' | iconv -f TCVN5712-1 -t UTF-8` gives the
    /// same letter for each of these 74 bytes.
    #[test]
    fn tcvn3_is_the_table_of_iconv() {
        let iconv: [(u8, &str); 17] = [
            (0xA1, "ĂÂÊÔƠƯĐăâêôơưđ"),
            (0xB5, "àảãáạ"),
            (0xBB, "ằẳẵắ"),
            (0xC6, "ặầẩẫấậè"),
            (0xCE, "ẻẽéẹ"),
            (0xD2, "ềểễếệ"),
            (0xD7, "ìỉ"),
            (0xDC, "ĩíịò"),
            (0xE1, "ỏõóọ"),
            (0xE5, "ồổỗốộ"),
            (0xEA, "ờởỡớợ"),
            (0xEF, "ù"),
            (0xF1, "ủũúụ"),
            (0xF5, "ừửữứự"),
            (0xFA, "ỳỷ"),
            (0xFC, "ỹý"),
            (0xFE, "ỵ"),
        ];
        let mut seen = 0;
        for (start, letters) in iconv {
            for (byte, letter) in (start..=0xFE).zip(letters.chars()) {
                assert_eq!(tcvn3_letter(char::from(byte)), Some(letter), "{byte:02x}");
                seen += 1;
            }
        }
        assert_eq!(seen, 74);
        let tabled = (0..=255).filter(|&b| tcvn3_letter(char::from(b)).is_some());
        assert_eq!(tabled.count(), 74);
    }

    #[test]
    fn bytes() {
        assert_eq!(tcvn3_from_bytes(b"T\xe6ng s\xe8 n\xad\xedc, m\xb2 \x93"), "Tổng số nước, m² “");
        assert_eq!(vni_from_bytes(b"THA\xd8NH PHO\xc1 HO\xc0 CH\xcd MINH"), "THÀNH PHỐ HỒ CHÍ MINH");
    }

    #[test]
    fn vni_round_trip() {
        let read = |raw: &str| -> String { vni(raw).map(|(c, _)| c).collect() };
        let text = "ỷ ỹ ỵ ì Ỷ Ỹ Ỵ Ì Tỷ lệ người được hưởng Quyết định, nghĩa vụ; ẳ ẵ ặ Ậ Ữ Ợ";
        assert_eq!(read(&to_vni(text)), text);
        assert_eq!(read("kyï iø iû iõ iù iï"), "kỵ ì ỉ ĩ í ị");
        assert_eq!(vni("xâ").last(), Some(('â', false)));
    }
}
