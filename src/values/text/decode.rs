//! From the raw text of a cell to the text that its author saw.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::legacy::{tcvn3_letter, vni, windows_1252};
use super::letter::upper;
use super::reading::{
    Assessment, Encoding, Evidence, Grade, as_tcvn3, as_unicode, assess, drawn, font_draws_capitals, in_token, is_byte,
    is_sign, stray,
};
use super::syllable::is_syllable;
use super::viqr::viqr;

/// A cell's text in Unicode, and what it was typed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// NFC; borrowed where nothing had to change.
    pub text: Cow<'a, str>,
    /// The encoding found; the legacy one where a cell mixes it with Unicode.
    pub encoding: Encoding,
}

/// Reads a cell's raw text, whose legacy bytes came through as U+0080 to U+00FF (or as
/// windows-1252 punctuation), in the encoding it was typed in.
///
/// The words decide: a cell in which Unicode, TCVN3 or VNI alone gives Vietnamese is in that
/// encoding. A cell that reads well in several ("Bò" is also Bị in VNI, "Hé" also Hộ in
/// TCVN3) follows its neighbours, and the font among them. Without neighbours it is Unicode.
/// Text with a letter that only Unicode has is left alone, but for words that provably are
/// something else.
///
/// Where `font` draws lower case as capitals (`.VnTimeH`), TCVN3 text is given in capitals, as
/// it looks.
#[must_use]
pub fn decode<'a>(raw: &'a str, font: Option<&str>, neighbours: Evidence) -> Decoded<'a> {
    decode_rich(raw, font, &[], neighbours)
}

/// [`decode`] for rich text: `runs` are the places where another font begins, in UTF-16 units
/// of `raw` and in order, with its name; `font` holds before the first of them. The cell is
/// read in one encoding, and each run is drawn in capitals or not by its own font.
#[must_use]
pub fn decode_rich<'a>(raw: &'a str, font: Option<&str>, runs: &[(usize, &str)], neighbours: Evidence) -> Decoded<'a> {
    decode_as(raw, assess(raw), font, runs, neighbours)
}

/// [`decode`] of a text that was assessed before.
pub(crate) fn decode_assessed<'a>(
    raw: &'a str,
    assessment: Assessment,
    font: Option<&str>,
    neighbours: Evidence,
) -> Decoded<'a> {
    decode_as(raw, assessment, font, &[], neighbours)
}

fn decode_as<'a>(
    raw: &'a str,
    assessment: Assessment,
    font: Option<&str>,
    runs: &[(usize, &str)],
    neighbours: Evidence,
) -> Decoded<'a> {
    let decoded = spelled(raw, assessment, font, neighbours);
    let enlarges = |font: &str| {
        font_draws_capitals(font)
            && match decoded.encoding {
                Encoding::Tcvn3 => true,
                // ASCII among TCVN3; Unicode text in such a font is drawn in another one.
                Encoding::Unicode => raw.is_ascii() && neighbours.tcvn3 > neighbours.unicode,
                Encoding::Vni | Encoding::Viqr => false,
            }
    };
    if !font.is_some_and(enlarges) && !runs.iter().any(|&(_, font)| enlarges(font)) {
        return decoded;
    }
    // TCVN3 is read letter by letter, so places in `raw` are places in the text.
    let mut at = 0;
    let mut runs = runs.iter().peekable();
    let mut capitals = font.is_some_and(enlarges);
    let mut text = String::with_capacity(decoded.text.len());
    for (c, from) in decoded.text.chars().zip(raw.chars().chain(std::iter::repeat('\0'))) {
        while let Some((_, font)) = runs.next_if(|(start, _)| *start <= at) {
            capitals = enlarges(font);
        }
        text.push(if capitals { upper(c) } else { c });
        at += from.len_utf16();
    }
    // A mark that no small letter takes may suit the capital.
    Decoded { text: Cow::Owned(composed(text)), encoding: decoded.encoding }
}

fn spelled<'a>(raw: &'a str, assessment: Assessment, font: Option<&str>, neighbours: Evidence) -> Decoded<'a> {
    let encoding = match assessment {
        Assessment::Plain | Assessment::Sure(Encoding::Unicode) => Encoding::Unicode,
        Assessment::Sure(encoding) => encoding,
        Assessment::Foreign => drawn(font, neighbours),
        Assessment::Open(open) => neighbours.choose(open, font),
    };
    match encoding {
        Encoding::Unicode => unicode(raw, neighbours),
        Encoding::Viqr => from_viqr(raw, true),
        Encoding::Tcvn3 | Encoding::Vni => {
            let text = respell(raw, |token| {
                let better = as_unicode(token) == Grade::Good;
                let own = encoding != Encoding::Tcvn3 || as_tcvn3(token) != Grade::Bad;
                (own || !better).then_some(encoding)
            });
            if text == raw {
                return unicode(raw, neighbours);
            }
            Decoded { text: Cow::Owned(composed(text)), encoding }
        }
    }
}

fn unicode(raw: &str, neighbours: Evidence) -> Decoded<'_> {
    if raw.is_ascii() {
        return from_viqr(raw, neighbours.viqr > 0);
    }
    let mut encoding = Encoding::Unicode;
    if may_hold_strays(raw) {
        let text = respell(raw, |token| {
            let found = stray(token, neighbours);
            encoding = found.unwrap_or(encoding);
            found
        });
        if encoding != Encoding::Unicode {
            return Decoded { text: Cow::Owned(text.nfc().collect()), encoding };
        }
    }
    let text = if is_composed(raw) { Cow::Borrowed(raw) } else { Cow::Owned(raw.nfc().collect()) };
    Decoded { text, encoding }
}

fn from_viqr(raw: &str, expected: bool) -> Decoded<'_> {
    match viqr(raw, expected) {
        Some(text) => Decoded { text: Cow::Owned(text), encoding: Encoding::Viqr },
        None => Decoded { text: Cow::Borrowed(raw), encoding: Encoding::Unicode },
    }
}

/// Only words with a byte that Vietnamese in Unicode never has can be strays.
fn may_hold_strays(raw: &str) -> bool {
    raw.chars().any(|c| is_byte(c) && !"àáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ".contains(c))
}

fn composed(text: String) -> String {
    if is_composed(&text) { text } else { text.nfc().collect() }
}

/// NFC for sure, by the ranges that Vietnamese text keeps to; the tables of Unicode otherwise.
fn is_composed(raw: &str) -> bool {
    raw.chars().all(|c| matches!(c, '\0'..'\u{300}' | '\u{1EA0}'..='\u{1EF9}' | '\u{2010}'..='\u{2027}')) || is_nfc(raw)
}

/// Rewrites the words for which `encoding` names a legacy encoding, and keeps the others.
fn respell(raw: &str, mut encoding: impl FnMut(&str) -> Option<Encoding>) -> String {
    let mut out = String::with_capacity(raw.len() + raw.len() / 2);
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        if !in_token(c) {
            out.push(windows_1252(c));
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let end = rest.find(|c| !in_token(c)).unwrap_or(rest.len());
        let (token, after) = rest.split_at(end);
        rest = after;
        match encoding(token) {
            Some(Encoding::Tcvn3) => push_tcvn3(token, &mut out),
            Some(Encoding::Vni) => out.extend(vni(token).map(|(c, _)| c)),
            Some(Encoding::Unicode | Encoding::Viqr) | None => out.push_str(token),
        }
    }
    out
}

fn push_tcvn3(token: &str, out: &mut String) {
    let mut chars = token.chars();
    if let (Some(only), None) = (chars.next(), chars.next())
        && is_sign(only)
        && !"§®µ«ª¸¬¤¦\u{AD}".contains(only)
    {
        // "10 × 20", "5 ÷ 6", "1½", "· Lúa": signs also where the text is TCVN3. Those left
        // out are letters that stand alone in Vietnamese: "ô tô", "á", "à", "Đ".
        out.push(only);
        return;
    }
    let start = out.len();
    out.extend(token.chars().map(|c| tcvn3_letter(c).unwrap_or(c)));
    // TCVN3 has no toned capitals. Where the H font that drew them is not known, a syllable
    // like "HUYệN" tells by its other letters.
    let ascii = || token.chars().filter(char::is_ascii);
    if ascii().nth(1).is_some() && ascii().all(|c| c.is_ascii_uppercase()) && is_syllable(out[start..].chars()) {
        let capitals: String = out[start..].chars().map(upper).collect();
        out.truncate(start);
        out.push_str(&capitals);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::legacy::tests::{to_tcvn3, to_vni};
    use super::*;

    const ALONE: Evidence = Evidence { unicode: 0, tcvn3: 0, vni: 0, viqr: 0 };
    const AMONG_TCVN3: Evidence = Evidence { tcvn3: 40, ..ALONE };
    const AMONG_VNI: Evidence = Evidence { vni: 40, ..ALONE };
    const AMONG_UNICODE: Evidence = Evidence { unicode: 40, ..ALONE };

    fn text(raw: &str, font: Option<&str>, neighbours: Evidence) -> (String, Encoding) {
        let Decoded { text, encoding } = decode(raw, font, neighbours);
        (text.into_owned(), encoding)
    }

    #[test]
    fn cells_that_speak_for_themselves() {
        for (raw, expected, encoding) in [
            ("Tæng sè n\u{AD}íc", "Tổng số nước", Encoding::Tcvn3),
            ("§¬n vÞ \ntÝnh", "Đơn vị \ntính", Encoding::Tcvn3),
            ("N÷", "Nữ", Encoding::Tcvn3),
            ("T¹/ha", "Tạ/ha", Encoding::Tcvn3),
            ("Céng hoµ x· héi chñ nghÜa viÖt Nam\u{AD}", "Cộng hoà xã hội chủ nghĩa việt Namư", Encoding::Tcvn3),
            ("§Çu t\u{AD} \u{93}C«ng ty\u{94}", "Đầu tư “Công ty”", Encoding::Tcvn3),
            ("THAØNH PHOÁ HOÀ CHÍ MINH", "THÀNH PHỐ HỒ CHÍ MINH", Encoding::Vni),
            ("cuûa Uûy ban nhaân daân huyeän Caàn Giôø )", "của Ủy ban nhân dân huyện Cần Giờ )", Encoding::Vni),
            ("Chi thuoäc Nvuï cuûa NS", "Chi thuộc Nvụ của NS", Encoding::Vni),
            ("Ti'nh to^?ng so^'", "Tính tổng số", Encoding::Viqr),
            ("Tổng số", "Tổng số", Encoding::Unicode),
            ("To\u{302}\u{309}ng", "Tổng", Encoding::Unicode),
            ("Trâu, bò, dê", "Trâu, bò, dê", Encoding::Unicode),
            ("", "", Encoding::Unicode),
        ] {
            assert_eq!(text(raw, None, ALONE), (expected.to_owned(), encoding), "{raw}");
        }
    }

    #[test]
    fn other_languages_and_signs_stay() {
        for raw in [
            "café",
            "m²",
            "25°C",
            "± 5%",
            "Müller & Söhne",
            "Köln",
            "naïve",
            "10 ÷ 20",
            "5 × 3",
            "1½ ha",
            "«Total»",
            "Kodak®",
            "© 2005",
            "§ 12",
            "µm",
            "Citroën Vietnam",
            "El Niño",
            "señor",
            "Forêt",
            "São Paulo",
            "pâté",
            "Thaï Airways",
            "été",
            "£ 5",
            "ª º ¹ ³",
            "·",
            "coût élevé",
            "kilô",
            "Krông Nô",
        ] {
            assert_eq!(text(raw, None, ALONE), (raw.to_owned(), Encoding::Unicode), "{raw}");
            assert_eq!(text(raw, Some("Arial"), AMONG_UNICODE).0, raw);
        }
        for raw in ["m²", "25°C", "± 5%", "10 ÷ 20", "5 × 3", "1½ ha", "· a", "café", "Müller", "Citroën Vietnam"]
        {
            assert_eq!(text(raw, None, AMONG_TCVN3).0, raw, "{raw} among TCVN3");
        }
        assert_eq!(text("DiÖn tÝch 5 × 3 m² ÷ 2", None, ALONE).0, "Diện tích 5 × 3 m² ÷ 2");
    }

    #[test]
    fn short_cells_follow_their_neighbours() {
        for (raw, alone, tcvn3, vni) in [
            ("Sè TT", "Sè TT", "Số TT", "Sè TT"),
            ("Bò", "Bò", "Bũ", "Bị"),
            ("HOÀ", "HOÀ", "HOÀ", "HỒ"),
            ("§", "§", "Đ", "§"),
            ("§V", "§V", "ĐV", "§V"),
            ("ÑVT", "ÑVT", "ÑVT", "ĐVT"),
            ("tr.®", "tr.®", "tr.đ", "tr.®"),
            ("Nv¸", "Nv¸", "Nvá", "Nv¸"),
            ("Chí Minh", "Chí Minh", "Chớ Minh", "Chí Minh"),
        ] {
            assert_eq!(text(raw, None, ALONE).0, alone);
            assert_eq!(text(raw, None, AMONG_UNICODE).0, alone);
            assert_eq!(text(raw, None, AMONG_TCVN3).0, tcvn3, "{raw}");
            assert_eq!(text(raw, None, AMONG_VNI).0, vni, "{raw}");
        }
    }

    #[test]
    fn fonts_tip_the_scales_but_do_not_tell() {
        let mixed = Evidence { unicode: 20, tcvn3: 10, ..ALONE };
        assert_eq!(text("Sè", Some(".VnTime"), mixed).0, "Số");
        assert_eq!(text("Sè", Some("Arial"), mixed).0, "Sè");
        assert_eq!(text("Bò", Some(".VnTime"), AMONG_UNICODE).0, "Bò");
        assert_eq!(text("Bò", Some(".VnTime"), ALONE).0, "Bò");
        assert_eq!(text("Sè", Some("Arial"), AMONG_TCVN3).0, "Số");
        assert_eq!(text("§V", Some(".VnTime"), ALONE).0, "ĐV");
        assert_eq!(text("Tổng số", Some(".VnTime"), AMONG_TCVN3), ("Tổng số".to_owned(), Encoding::Unicode));
        assert_eq!(text("Tæng sè", Some("Arial"), AMONG_UNICODE).0, "Tổng số");
        assert_eq!(text("Nvô", Some(".VnTime"), AMONG_TCVN3).0, "Nvụ");
        assert_eq!(text("Nvô", Some("Arial"), AMONG_TCVN3).0, "Nvô");
        assert_eq!(text("Nvuï", Some("VNI-Times"), AMONG_VNI).0, "Nvụ");
        assert_eq!(text("café", Some(".VnTime"), mixed).0, "café");
    }

    #[test]
    fn capitals_of_h_fonts() {
        let h = Some(".VnTimeH");
        assert_eq!(text("chñ ®Ò: ch¨n nu«i", h, ALONE).0, "CHỦ ĐỀ: CHĂN NUÔI");
        assert_eq!(text("stt", h, AMONG_TCVN3).0, "STT");
        assert_eq!(text("stt", h, ALONE).0, "stt");
        assert_eq!(text("Tổng số", h, AMONG_TCVN3).0, "Tổng số");
        assert_eq!(text("chñ ®Ò", Some(".VnTime"), ALONE).0, "chủ đề");
        let drawn = decode_rich("MÉu sè 10: Ban hµnh", h, &[(10, ".VnTime")], ALONE);
        assert_eq!(drawn.text, "MẪU SỐ 10: Ban hành");
        let drawn = decode_rich("n¨m 2003", None, &[(0, ".VnTimeH"), (1, ".VnTime")], ALONE);
        assert_eq!(drawn.text, "Năm 2003");
        assert_eq!(text("HUYÖN C¸T H¶I", None, ALONE).0, "HUYỆN CÁT HẢI");
    }

    #[test]
    fn mixed_cells() {
        assert_eq!(text("Tổng s¶n l\u{AD}îng", None, ALONE), ("Tổng sản lượng".to_owned(), Encoding::Tcvn3));
        assert_eq!(text("Tổng sản lượng thñy s¶n", None, AMONG_TCVN3).0, "Tổng sản lượng thủy sản");
        assert_eq!(text("Đơn vị Müller", None, AMONG_TCVN3).0, "Đơn vị Müller");
        assert_eq!(text("Diện tích (m²) «xã»", None, AMONG_TCVN3).0, "Diện tích (m²) «xã»");
        assert_eq!(text("Cây ®Ëu, n¨m", None, AMONG_TCVN3).0, "Cây đậu, năm");
        assert_eq!(text("Đơn vị: trieäu", None, AMONG_VNI).0, "Đơn vị: triệu");
    }

    #[test]
    fn nothing_is_copied_without_need() {
        for raw in ["Tổng số", "abc", "25°C", "Trâu"] {
            assert!(matches!(decode(raw, Some("Arial"), AMONG_TCVN3).text, Cow::Borrowed(_)), "{raw}");
        }
    }

    /// Words of the field, all in lower case, with every letter of the alphabet.
    fn sentence() -> impl Strategy<Value = String> {
        let words: Vec<&str> = "diện tích gieo trồng lúa cả năm sản lượng lương thực có hạt đàn trâu bò \
            lợn gia cầm tiêm phòng dại chó đợt nuôi thủy rừng thu ngân sách nhà nước tỷ lệ hộ nghèo gia đình \
            văn hóa tuyển quân kết nạp đảng viên hoàn thành tốt nhiệm vụ ở ý kỹ mỹ ỷ kỵ nghĩa thuở giữ dẫn \
            bữa cỗ hẵng ẵm lẳng khẩn dễ để ngõ đỗ mỡ hở mũi chữ ngủ khẽ rẻ ghế mạ bằng khuya"
            .split_whitespace()
            .collect();
        prop::collection::vec(prop::sample::select(words), 4..14).prop_map(|words| words.join(" "))
    }

    proptest! {
        #[test]
        fn unicode_is_left_alone(
            words in sentence(),
            font in prop::sample::select(vec![None, Some(".VnTimeH"), Some("VNI-Times"), Some("Arial")]),
            tcvn3 in 0u32..50, vni in 0u32..50,
        ) {
            let words = format!("{words} được");
            let neighbours = Evidence { tcvn3, vni, ..ALONE };
            for raw in [words.clone(), words.to_uppercase()] {
                prop_assert_eq!(text(&raw, font, neighbours), (raw.clone(), Encoding::Unicode));
                let decomposed: String = raw.nfd().collect();
                prop_assert_eq!(text(&decomposed, font, neighbours), (raw, Encoding::Unicode));
            }
        }

        #[test]
        fn tcvn3_comes_back(words in sentence()) {
            let words = format!("{words} năm");
            let raw = to_tcvn3(&words);
            prop_assert_eq!(text(&raw, None, AMONG_TCVN3), (words, Encoding::Tcvn3));
        }

        #[test]
        fn vni_comes_back(words in sentence()) {
            for words in [words.to_uppercase(), words] {
                prop_assert_eq!(text(&to_vni(&words), None, AMONG_VNI).0, words);
            }
        }

        #[test]
        fn long_text_needs_no_neighbours(words in sentence()) {
            let words = format!("{words} số lượng được nước");
            prop_assert_eq!(text(&to_tcvn3(&words), None, ALONE).0, words.clone());
            prop_assert_eq!(text(&to_vni(&words), None, ALONE).0, words);
        }

        #[test]
        fn anything_is_survived(raw in "\\PC{0,30}", bytes in prop::collection::vec(any::<u8>(), 0..30)) {
            let latin: String = bytes.iter().map(|&b| char::from(b)).collect();
            for raw in [raw, latin] {
                for neighbours in [ALONE, AMONG_TCVN3, AMONG_VNI, AMONG_UNICODE] {
                    let _ = decode(&raw, Some(".VnTimeH"), neighbours);
                }
            }
        }
    }

    #[test]
    fn what_is_decoded_is_composed() {
        // The Greek middle dot is another one in NFC, whatever stands around it.
        let decoded = decode("DiÖn tÝch lóa \u{387}", Some(".VnTime"), Evidence::default());
        assert_eq!((&*decoded.text, decoded.encoding), ("Diện tích lúa \u{B7}", Encoding::Tcvn3));
    }
}
