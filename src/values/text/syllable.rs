//! Whether a word could be a Vietnamese syllable: what tells "Tæng" (nonsense as Latin-1,
//! "Tổng" as TCVN3) from "Köln" (a name, and nonsense as TCVN3).

use super::letter::{Tone, lower, split};

/// Rhymes without tone, in byte order. Those in -k are of place names (Đắk Lắk).
static RHYMES: [&str; 169] = [
    "a", "ac", "ach", "ai", "ak", "am", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "e", "ec", "em", "en", "eng",
    "eo", "ep", "et", "i", "ia", "ich", "im", "in", "inh", "ip", "it", "iu", "iêc", "iêm", "iên", "iêng", "iêp", "iêt",
    "iêu", "o", "oa", "oac", "oach", "oai", "oam", "oan", "oang", "oanh", "oao", "oap", "oat", "oay", "oc", "oe",
    "oen", "oeo", "oet", "oi", "ok", "om", "on", "ong", "ooc", "oong", "op", "ot", "oăc", "oăm", "oăn", "oăng", "oăt",
    "u", "ua", "uc", "ui", "um", "un", "ung", "up", "ut", "uy", "uya", "uych", "uyn", "uynh", "uyp", "uyt", "uyu",
    "uyên", "uyêt", "uân", "uâng", "uât", "uây", "uê", "uêch", "uênh", "uôc", "uôi", "uôm", "uôn", "uông", "uôt", "uơ",
    "y", "ych", "ynh", "yt", "yêm", "yên", "yêng", "yêt", "yêu", "âc", "âk", "âm", "ân", "âng", "âp", "ât", "âu", "ây",
    "ê", "êch", "êm", "ên", "êng", "ênh", "êp", "êt", "êu", "ô", "ôc", "ôi", "ôk", "ôm", "ôn", "ông", "ôp", "ôt", "ăc",
    "ăk", "ăm", "ăn", "ăng", "ăp", "ăt", "ơ", "ơi", "ơm", "ơn", "ơp", "ơt", "ư", "ưa", "ưc", "ưi", "ưm", "ưn", "ưng",
    "ưt", "ưu", "ươc", "ươi", "ươm", "ươn", "ương", "ươp", "ươt", "ươu",
];

/// "nghiêng" has seven letters; nothing has eight.
const LONGEST: usize = 7;

/// Whether the letters spell a Vietnamese syllable, in any case: onset, rhyme, at most one
/// tone, and a tone that the ending allows. Precomposed letters only.
pub(crate) fn is_syllable(letters: impl Iterator<Item = char>) -> bool {
    let mut buffer = [0; LONGEST * 4];
    let mut length = 0;
    let mut tone = Tone::Level;
    for (count, c) in letters.enumerate() {
        if count == LONGEST {
            return false;
        }
        let c = lower(c);
        let bare = match split(c) {
            Some((vowel, own)) => {
                if own != Tone::Level {
                    if tone != Tone::Level {
                        return false;
                    }
                    tone = own;
                }
                vowel
            }
            None if c.is_ascii_lowercase() || c == 'đ' => c,
            None => return false,
        };
        length += bare.encode_utf8(&mut buffer[length..]).len();
    }
    let Ok(bare) = str::from_utf8(&buffer[..length]) else {
        return false;
    };
    let (onset, rhyme) = bare.split_at(bare.find(is_vowel).unwrap_or(bare.len()));
    // The u of qu is never a vowel; the i of gi is one in "gì", but none in "già".
    match (onset, rhyme.split_at_checked(1)) {
        ("q", Some(("u", rhyme))) => agrees("qu", rhyme, tone),
        ("g", Some(("i", after))) => agrees("gi", after, tone) || agrees("g", rhyme, tone),
        _ => agrees(onset, rhyme, tone),
    }
}

fn is_vowel(bare: char) -> bool {
    split(bare).is_some()
}

fn agrees(onset: &str, rhyme: &str, tone: Tone) -> bool {
    let front = rhyme.starts_with(['e', 'ê', 'i', 'y']);
    let spelled = match onset {
        "" | "b" | "ch" | "d" | "đ" | "gi" | "h" | "kh" | "l" | "m" | "n" | "nh" | "p" | "ph" | "qu" | "r" | "s"
        | "t" | "th" | "tr" | "v" | "x" => true,
        "c" | "ng" => !front,
        "k" | "gh" | "ngh" => front,
        "g" => !front || rhyme.starts_with('i'),
        _ => return false,
    };
    // "kỹ", "lý", "quý", "y tế", "quỳnh", "yên": elsewhere the sound is written i.
    let y = match rhyme {
        "y" => matches!(onset, "" | "h" | "k" | "l" | "m" | "qu" | "s" | "t" | "th" | "v"),
        _ => !rhyme.starts_with('y') || matches!(onset, "" | "qu"),
    };
    let stopped = rhyme.ends_with(['c', 'p', 't']) || rhyme.ends_with("ch");
    let toned = !stopped || matches!(tone, Tone::Acute | Tone::Dot);
    spelled && y && toned && RHYMES.binary_search(&rhyme).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rhymes_are_sorted() {
        assert!(RHYMES.is_sorted(), "{:?}", {
            let mut sorted = RHYMES;
            sorted.sort_unstable();
            sorted
        });
    }

    #[test]
    fn syllables() {
        let yes = "Tổng số diện tích gieo trồng lúa cả năm huyện quý gì già giếng nghiêng khuỷu \
                   thuỷ thủy hoà hòa ngoằn khoẻ quả quốc quyết xã ấp ở ý yên Đắk THÀNH UỶ thứ \
                   Nghĩa ngoài rượu thuở xoong";
        for word in yes.split_whitespace() {
            assert!(is_syllable(word.chars()), "{word}");
        }
        let no = "Köln café Tæng cafộ Mỹller Colađ tieán khoâng thùc cềt kă ngê cê dỷ fồ what \
                  Krông nghiêngg ôô Nvụ";
        for word in no.split_whitespace() {
            assert!(!is_syllable(word.chars()), "{word}");
        }
    }
}
