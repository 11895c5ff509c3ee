//! Encodings of text from before Unicode, by the numbers that files have for them.

use std::borrow::Cow;

use encoding_rs::Encoding;

/// Excel of the Macintosh has two numbers for its first encoding: that of Windows, and this one.
const MAC_ROMAN_OF_EXCEL: u16 = 0x8000;

/// An encoding of bytes.
#[derive(Clone, Copy, Debug)]
pub(super) enum CodePage {
    Known(&'static Encoding),
    /// ASCII below, and these 128 characters above.
    Table(&'static str),
}

impl CodePage {
    /// As windows-1252 where the number is unknown.
    pub(super) fn numbered(number: u16) -> Self {
        Self::Known(match number {
            866 => encoding_rs::IBM866,
            874 => encoding_rs::WINDOWS_874,
            932 => encoding_rs::SHIFT_JIS,
            936 => encoding_rs::GBK,
            949 => encoding_rs::EUC_KR,
            950 => encoding_rs::BIG5,
            1250 => encoding_rs::WINDOWS_1250,
            1251 => encoding_rs::WINDOWS_1251,
            1253 => encoding_rs::WINDOWS_1253,
            1254 => encoding_rs::WINDOWS_1254,
            1255 => encoding_rs::WINDOWS_1255,
            1256 => encoding_rs::WINDOWS_1256,
            1257 => encoding_rs::WINDOWS_1257,
            1258 => encoding_rs::WINDOWS_1258,
            10_000 | MAC_ROMAN_OF_EXCEL => encoding_rs::MACINTOSH,
            10_007 => encoding_rs::X_MAC_CYRILLIC,
            10_006 => return Self::Table(MAC_GREEK),
            10_029 => return Self::Table(MAC_CENTRAL_EUROPE),
            _ => encoding_rs::WINDOWS_1252,
        })
    }

    pub(super) fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Known(encoding) => encoding.decode_without_bom_handling(bytes).0,
            Self::Table(table) => {
                let character = |byte: &u8| match byte.checked_sub(0x80) {
                    Some(upper) => table.chars().nth(upper.into()).unwrap_or(char::REPLACEMENT_CHARACTER),
                    None => char::from(*byte),
                };
                bytes.iter().map(character).collect::<String>().into()
            }
        }
    }
}

const MAC_GREEK: &str = "Ä¹²É³ÖÜ΅àâä΄¨çéèêë£™îï•½‰ôö¦€ùûü†ΓΔΘΛΞΠß®©ΣΪ§≠°·Α±≤≥¥ΒΕΖΗΙΚΜΦΫΨΩάΝ¬ΟΡ≈Τ«»…\u{A0}ΥΧΆΈœ–―“”‘’÷ΉΊΌΎέήίόΏύαβψδεφγηιξκλμνοπώρστθωςχυζϊϋΐΰ\u{AD}";
const MAC_CENTRAL_EUROPE: &str = "ÄĀāÉĄÖÜáąČäčĆćéŹźĎíďĒēĖóėôöõúĚěü†°Ę£§•¶ß®©™ę¨≠ģĮįĪ≤≥īĶ∂∑łĻļĽľĹĺŅņŃ¬√ńŇ∆«»…\u{A0}ňŐÕőŌ–—“”‘’÷◊ōŔŕŘ‹›řŖŗŠ‚„šŚśÁŤťÍŽžŪÓÔūŮÚůŰűŲųÝýķŻŁżĢˇ";

#[cfg(test)]
mod tests {
    use super::CodePage;

    #[test]
    fn numbers_of_encodings() {
        for (number, bytes, text) in [
            (1253, &b"\xC1\xE8\xDE\xED\xE1"[..], "Αθήνα"),
            (1254, b"\xDD\xFEl\xE7e", "İşlçe"),
            (1255, b"\xF9\xEC\xE5\xED", "שלום"),
            (1256, b"\xD3\xE1\xC7\xE3", "سلام"),
            (1257, b"\xD0iauliai", "Šiauliai"),
            (10_000, b"caf\x8E", "café"),
            (10_006, b"\xB0\xFF", "Α\u{AD}"),
            (10_007, b"\x8C\xEE\xF1", "Мос"),
            (10_029, b"\x84rkusz \xFCadowno\xE6\x8D", "Ąrkusz Ładowność"),
            (1258, b"\xD0\xE0n tr\xE2u", "Đàn trâu"),
            (4711, b"\xE9", "é"),
        ] {
            assert_eq!(CodePage::numbered(number).decode(bytes), text, "{number}");
        }
        for table in [super::MAC_GREEK, super::MAC_CENTRAL_EUROPE] {
            assert_eq!(table.chars().count(), 128);
        }
    }
}
