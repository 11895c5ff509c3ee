//! Keys for matching: what makes two spellings of one label equal, and nothing more.

use unicode_normalization::UnicodeNormalization;

use super::letter::{Tone, join, lower, plain, split};

/// The key under which labels match.
///
/// NFC and lower case; any run of white space, NBSP, tabs and newlines as one space, none at
/// the ends; zero-width characters and quotation marks of all shapes gone; ð, Ð and Đ as đ;
/// dashes as `-`; no space around `/`, `-` and parentheses; tones where the old spelling puts
/// them (hoà as hòa, uỷ as ủy); the word tỉ as tỷ. Folding a key gives the same key.
///
/// Never for output, and never across meanings: đợt 1 and đợt 2, xuân and mùa, bò and bỏ
/// stay different.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = Spacing::with_capacity(text.len());
    if text.is_ascii() {
        for byte in text.bytes() {
            if !matches!(byte, b'"' | b'\'' | b'`') {
                out.push(char::from(byte).to_ascii_lowercase());
            }
        }
        return out.key;
    }
    if text.chars().all(is_simple) {
        for c in text.chars() {
            if is_common(c) {
                out.push(lower(c));
            } else if !is_ignorable(c) && !is_quote(c) {
                out.push(unify(lower(c)));
            }
        }
    } else {
        let kept = text.chars().filter(|&c| !is_ignorable(c) && !is_quote(c));
        // Lowered before composing: lowering can decompose (İ), and what is dropped can stand
        // between a letter and its mark.
        let lowered = kept.flat_map(char::to_lowercase).map(unify);
        lowered.nfc().for_each(|c| out.push(unify(c)));
    }
    if may_respell(&out.key) { respell(out.key) } else { out.key }
}

/// The key without tones and marks (Tổng số: tong so, đ: d). For suggestions only: bò and bỏ
/// meet here, and so do dại and đại.
#[must_use]
pub fn skeleton(text: &str) -> String {
    fold(text).nfd().filter(|&c| !is_mark(c)).map(plain).collect()
}

/// Builds a key while collapsing white space, and dropping it around tight punctuation.
struct Spacing {
    key: String,
    space: bool,
    tight: bool,
}

impl Spacing {
    fn with_capacity(capacity: usize) -> Self {
        Self { key: String::with_capacity(capacity), space: false, tight: true }
    }

    fn push(&mut self, c: char) {
        if c.is_whitespace() {
            self.space = true;
            return;
        }
        let tight = matches!(c, '/' | '-' | '(' | ')' | '%');
        if self.space && !self.tight && !tight {
            self.key.push(' ');
        }
        self.key.push(c);
        self.space = false;
        self.tight = tight;
    }
}

/// What nearly all text is made of, with nothing to unify.
fn is_common(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | ' ' | '0'..='9' | '\u{1EA0}'..='\u{1EF9}'
        | 'À'..='Ï' | 'Ñ'..='ï' | 'ñ'..='ÿ' | 'ă' | 'đ' | 'ĩ' | 'ũ' | 'ơ' | 'ư')
}

/// Characters that are NFC whatever stands beside them, and in lower case too (İ is not).
pub(super) fn is_simple(c: char) -> bool {
    matches!(c, '\0'..='\u{12F}' | '\u{131}'..='\u{24F}' | '\u{1EA0}'..='\u{1EF9}' | '\u{2010}'..='\u{203A}')
}

/// Invisible: zero-width and direction marks, the soft hyphen (the ư of TCVN3 is one, but text
/// is decoded before it is folded), variation selectors.
pub(crate) fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// White space, or what nobody sees.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_ignorable(c)
}

/// Without the blanks at both ends, zero-width ones too.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

pub(super) fn trim_start(text: &str) -> &str {
    text.trim_start_matches(is_blank)
}

pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '´' | '«' | '»' | '\u{2B9}'..='\u{2BC}' | '\u{2018}'..='\u{201F}'
        | '\u{2032}'..='\u{2037}' | '\u{2039}' | '\u{203A}' | '\u{275B}'..='\u{275E}'
        // These compose to `, ´ and ʹ.
        | '\u{1FEF}' | '\u{1FFD}' | '\u{374}'
        | '\u{300C}'..='\u{300F}' | '\u{301D}'..='\u{301F}' | '\u{FF02}' | '\u{FF07}')
}

pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}')
}

fn unify(c: char) -> char {
    match c {
        // What Ð (U+00D0) and Ɖ (U+0189) lower to; typed for Đ, and drawn like it.
        'ð' | '\u{256}' => 'đ',
        '\u{2044}' | '\u{2215}' | '\u{FF0F}' => '/',
        '\u{FF08}' => '(',
        '\u{FF09}' => ')',
        '\u{B}' | '\u{C}' | '\u{85}' => ' ',
        _ if !c.is_ascii() && is_dash(c) => '-',
        _ => c,
    }
}

/// Whether a word may be spelled in another way: oa, oe, uy with a tone, the tone on the u of
/// qu or the i of gi, or ỉ. Most labels have none, and are done.
fn may_respell(key: &str) -> bool {
    let mut chars = key.chars();
    let (mut earlier, mut before) = (' ', ' ');
    chars.any(|c| {
        let candidate = match (split(before), split(c)) {
            (Some((first, own)), Some((second, tone))) => {
                let misplaced = own != Tone::Level && matches!((earlier, first), ('q', 'u') | ('g', 'i'));
                let movable = matches!((first, second), ('o', 'a' | 'e') | ('u', 'y'));
                misplaced || (movable && (own, tone) != (Tone::Level, Tone::Level))
            }
            _ => c == 'ỉ',
        };
        (earlier, before) = (before, c);
        candidate
    })
}

/// Puts tones in their place, word by word.
fn respell(key: String) -> String {
    let mut out: Option<String> = None;
    let mut start = 0;
    while start < key.len() {
        let rest = &key[start..];
        let end = rest.find(|c| !is_letter(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let moved = replaced(word);
        if let Some(moved) = &moved {
            out.get_or_insert_with(|| key[..start].to_owned()).push_str(moved);
        } else if let Some(out) = &mut out {
            out.push_str(word);
        }
        let gap = after.find(is_letter).unwrap_or(after.len());
        if let Some(out) = &mut out {
            out.push_str(&after[..gap]);
        }
        start += end + gap;
    }
    out.unwrap_or(key)
}

/// A loose combining mark belongs to its word, which is then none of ours: moving a letter
/// beside it could make the two compose.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() || is_mark(c)
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// The word as it is written elsewhere, where that is another way.
fn replaced(word: &str) -> Option<String> {
    const LONGEST: usize = 8;
    if word == "tỉ" {
        return Some("tỷ".to_owned());
    }
    if word.is_ascii() {
        return None;
    }
    let mut letters = ['\0'; LONGEST];
    let mut count = 0;
    for c in word.chars() {
        if is_mark(c) {
            return None;
        }
        *letters.get_mut(count)? = c;
        count += 1;
    }
    let letters = &mut letters[..count];
    let (from, tone) = only_tone(letters)?;
    let to = tone_place(letters, from)?;
    if from == to {
        return None;
    }
    letters[from] = join(letters[from], Tone::Level);
    letters[to] = join(letters[to], tone);
    Some(letters.iter().collect())
}

/// The one letter with a tone, and its tone.
fn only_tone(letters: &[char]) -> Option<(usize, Tone)> {
    let mut toned = letters.iter().enumerate().filter_map(|(at, &c)| {
        let (_, tone) = split(c)?;
        (tone != Tone::Level).then_some((at, tone))
    });
    let first = toned.next()?;
    toned.next().is_none().then_some(first)
}

/// Where the tone goes: on the first of oa, oe, uy at the end of a word, on the second where
/// more follows. The u of qu and the i of gi are no vowels (quý, giá); where they are the only
/// one (gì) they are.
fn tone_place(letters: &[char], toned: usize) -> Option<usize> {
    let bare = |at: usize| letters.get(at).and_then(|&c| split(c)).map(|(vowel, _)| vowel);
    let mut start = toned;
    while start > 0 && bare(start - 1).is_some() {
        start -= 1;
    }
    let mut end = toned;
    while bare(end).is_some() {
        end += 1;
    }
    let before = start.checked_sub(1).map(|at| letters[at]);
    let glide = end - start > 1 && matches!((before, bare(start)), (Some('q'), Some('u')) | (Some('g'), Some('i')));
    start += usize::from(glide);
    match (bare(start)?, (end - start > 1).then(|| bare(start + 1)).flatten()) {
        (_, None) => Some(start),
        ('o', Some('a' | 'e')) | ('u', Some('y')) => {
            let closed = start + 2 < letters.len();
            Some(start + usize::from(closed))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spaces_case_and_composition() {
        for (text, key) in [
            ("  Tổng\u{A0}\u{A0}số \n", "tổng số"),
            ("Đơn vị\ntính", "đơn vị tính"),
            ("To\u{302}\u{309}ng so\u{302}\u{301}", "tổng số"),
            ("DIỆN TÍCH\tGIEO\u{200B} TRỒNG", "diện tích gieo trồng"),
            ("Ðàn bò", "đàn bò"),
            ("ðàn bò", "đàn bò"),
            ("Nam\u{AD}", "nam"),
            ("UBND  xã", "ubnd xã"),
            ("TT", "tt"),
            ("  A\t\tB ", "a b"),
            ("", ""),
            (" \u{A0} ", ""),
            ("\"", ""),
        ] {
            assert_eq!(fold(text), key, "{text:?}");
        }
    }

    #[test]
    fn tones_move_to_one_place() {
        for (new, old) in [
            ("hoà", "hòa"),
            ("uỷ ban", "ủy ban"),
            ("thuỷ sản", "thủy sản"),
            ("khoẻ", "khỏe"),
            ("xoá đói", "xóa đói"),
            ("HOÁ", "HÓA"),
            ("hoạ", "họa"),
            ("luỹ kế", "lũy kế"),
            ("văn hoá,", "văn hóa,"),
            ("hoàn", "hòan"),
            ("thuỷnh", "thủynh"),
            ("khuỷu", "khủyu"),
            ("quý", "qúy"),
            ("quả", "qủa"),
            ("giá", "gía"),
            ("loại", "lọai"),
            ("tỉ lệ", "tỷ lệ"),
        ] {
            assert_eq!(fold(new), fold(old), "{new} {old}");
        }
        for kept in
            ["quý", "quả", "quỳ", "hòa", "toàn", "huỳnh", "tỉnh", "gì", "mía", "múa", "của", "quyền", "hoặc", "quốc"]
        {
            assert_eq!(fold(kept), kept);
        }
    }

    #[test]
    fn punctuation() {
        for (text, key) in [
            ("tạ/ ha", "tạ/ha"),
            ("tạ / ha", "tạ/ha"),
            ("QP – AN", "qp-an"),
            ("QP−AN", "qp-an"),
            ("Tiêm phòng THT ( đợt 1 )", "tiêm phòng tht(đợt 1)"),
            ("Tiêm phòng THT (đợt 1)", "tiêm phòng tht(đợt 1)"),
            ("đạt “Khu dân cư văn hóa”", "đạt khu dân cư văn hóa"),
            ("đạt \"Khu dân cư văn hóa\"", "đạt khu dân cư văn hóa"),
            ("M'Drắk", "mdrắk"),
        ] {
            assert_eq!(fold(text), key, "{text:?}");
        }
    }

    #[test]
    fn meanings_stay_apart() {
        for (a, b) in [
            ("đợt 1", "đợt 2"),
            ("lúa xuân", "lúa mùa"),
            ("hộ nghèo", "hộ cận nghèo"),
            ("I.11", "I.1l"),
            ("bò", "bỏ"),
            ("dại", "đại"),
            ("tỉnh", "tỷnh"),
            ("đợt I", "đợt II"),
        ] {
            assert_ne!(fold(a), fold(b));
        }
        assert_eq!(skeleton("Dại chó"), skeleton("Đại chó"));
        assert_eq!(skeleton("TỔNG SỐ NƯỚC đã dùng"), "tong so nuoc da dung");
    }

    #[test]
    fn marks_that_nothing_composes_with() {
        for text in ["OAò\u{300} õe", "\u{374}", "hoà\u{323}\u{300}", "\u{1FEF}a"] {
            let once = fold(text);
            assert_eq!(fold(&once), once, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn folding_is_idempotent(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn folding_vietnamese_is_idempotent(
            text in "[hqgtuoaeyiHOAUY àáảãạòóỏõọỳýỷỹỵùúủũụỉìđÐĐ/()'\u{300}\u{301}\u{303}\u{309}\u{323}\u{302}\u{31B}\u{200B}\u{AD}\u{1FEF}\u{A0}–-]{0,24}"
        ) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn composition_does_not_matter(text in "[a-zA-ZàáảãạăắằặâấầậđĐƠợởỮựỷỳ ]{0,30}") {
            prop_assert_eq!(fold(&text.nfd().collect::<String>()), fold(&text));
        }
    }
}
