//! VIQR: Vietnamese typed with ASCII marks after the letters (`Ti'nh to^?ng so^'`).
//!
//! Its marks are ordinary punctuation, so a text is read as VIQR only as a whole: every word
//! with a mark inside must come out as a syllable, and some mark must be one that prose never
//! puts after a vowel.

use super::letter::{Tone, join, lower, split, upper};
use super::syllable::is_syllable;

/// The text that VIQR stands for, or `None` where `raw` is not clearly VIQR. `expected` says
/// that the workbook holds VIQR elsewhere; then one good word is enough.
pub(super) fn viqr(raw: &str, expected: bool) -> Option<String> {
    if !raw.is_ascii() || !(expected || has_shape(raw.as_bytes())) {
        return None;
    }
    let mut text = Words { rest: raw, closes: raw.contains(')'), tally: Tally::default() };
    let mut out = String::with_capacity(raw.len());
    while let Some(c) = text.rest.chars().next() {
        if c.is_ascii_alphabetic() {
            text.word(&mut out);
        } else {
            text.rest = &text.rest[1..];
            // A backslash keeps the next mark as punctuation.
            if c != '\\' {
                out.push(c);
            }
        }
    }
    let Tally { good, bad, shapes, pairs } = text.tally;
    let clear = pairs > 0 || (shapes > 0 && good > 1) || expected;
    (bad == 0 && good > 0 && clear).then_some(out)
}

/// A shape mark after a vowel that takes it: rare enough in prose to be worth a second look.
fn has_shape(bytes: &[u8]) -> bool {
    bytes.array_windows().any(|&[vowel, mark]| shape(vowel.into(), mark.into()).is_some())
}

fn shape(vowel: char, mark: char) -> Option<char> {
    match (vowel.to_ascii_lowercase(), mark) {
        ('a', '^') => Some('â'),
        ('e', '^') => Some('ê'),
        ('o', '^') => Some('ô'),
        ('a', '(') => Some('ă'),
        ('o', '+' | '*') => Some('ơ'),
        ('u', '+' | '*') => Some('ư'),
        _ => None,
    }
}

fn tone(mark: char) -> Option<Tone> {
    match mark {
        '`' => Some(Tone::Grave),
        '?' => Some(Tone::Hook),
        '~' => Some(Tone::Tilde),
        '\'' => Some(Tone::Acute),
        '.' => Some(Tone::Dot),
        _ => None,
    }
}

#[derive(Default)]
struct Tally {
    /// Words with a mark that are syllables, and those that are not.
    good: usize,
    bad: usize,
    /// Shape marks, and those followed by a tone mark at once.
    shapes: usize,
    pairs: usize,
}

struct Words<'a> {
    rest: &'a str,
    /// A closing parenthesis somewhere: then an opening one is no breve.
    closes: bool,
    tally: Tally,
}

impl Words<'_> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// Takes one word off the rest and puts what it stands for on `out`.
    fn word(&mut self, out: &mut String) {
        let start = out.len();
        let mut toned = false;
        let mut marked = false;
        while let Some(c) = self.peek().filter(char::is_ascii_alphabetic) {
            self.rest = &self.rest[1..];
            let lowered = lower(c);
            if lowered == 'd' && out.len() == start && matches!(self.peek(), Some('d' | 'D')) {
                self.rest = &self.rest[1..];
                marked = true;
                out.push(if c == 'd' { 'đ' } else { 'Đ' });
                continue;
            }
            let mut letter = lowered;
            let mut shaped = false;
            if let Some(vowel) = self.peek().and_then(|mark| shape(c, mark))
                && self.breve_is_open(vowel)
            {
                self.rest = &self.rest[1..];
                letter = vowel;
                shaped = true;
                self.tally.shapes += 1;
            }
            if let Some(own) = self.peek().and_then(tone)
                && !toned
                && split(letter).is_some()
                && (shaped || self.mark_belongs())
            {
                self.rest = &self.rest[1..];
                letter = join(letter, own);
                toned = true;
                self.tally.pairs += usize::from(shaped);
            }
            marked |= shaped || letter != lowered;
            out.push(if c == lowered { letter } else { upper(letter) });
        }
        if marked {
            if is_syllable(out[start..].chars()) {
                self.tally.good += 1;
            } else {
                self.tally.bad += 1;
            }
        }
    }

    /// "ha(1)" and "(ha)" hold parentheses, "na(m" a breve.
    fn breve_is_open(&self, vowel: char) -> bool {
        vowel != 'ă' || (!self.closes && !self.rest[1..].starts_with(|c: char| c.is_ascii_digit()))
    }

    /// Whether the mark at the front is a tone and not the end of a sentence: another letter
    /// or a comma follows, or the sentence goes on in lower case.
    fn mark_belongs(&self) -> bool {
        let mark = self.peek();
        let after = &self.rest[1..];
        if matches!(mark, Some('\'' | '`' | '~')) || after.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return true;
        }
        if after.starts_with([',', ';', ':', ')', '/']) {
            return true;
        }
        after.starts_with(' ') && after.trim_start().starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn viqr_is_read() {
        for (raw, text) in [
            ("Ti'nh to^?ng so^'", "Tính tổng số"),
            ("Die^.n ti'ch gieo tro^`ng lu'a ca? na(m", "Diện tích gieo trồng lúa cả năm"),
            ("DDa`n bo`, ddo+n vi.: trie^.u con.", "Đàn bò, đơn vị: triệu con."),
            ("Tu+o+'i nu+o+'c.", "Tưới nước."),
            ("NA(M 2005 - KE^' HOA.CH", "NĂM 2005 - KẾ HOẠCH"),
        ] {
            let found = viqr(raw, false);
            assert_eq!(found.as_deref(), Some(text), "{raw}");
        }
        assert_eq!(viqr("DDa`n bo`", true).as_deref(), Some("Đàn bò"));
        assert_eq!(viqr("DDa`n bo`", false), None);
    }

    #[test]
    fn plain_text_stays() {
        for raw in [
            "What's up? It's (a+b)^2.",
            "Lua (ha), ngo(ha)",
            "dien tich lua(ha)",
            "a^2 + b^2 = c^2",
            "C++, Foo+ bar",
            "Tong so: 15. Trong do: 3?",
            "o+o, u+v",
            "http://example.com/?a=1&b=2",
            "e.g. v.v. ...",
            "Thu + chi",
            "",
        ] {
            assert_eq!(viqr(raw, false), None, "{raw}");
        }
    }
}
