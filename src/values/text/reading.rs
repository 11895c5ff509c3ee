//! In which encoding a cell was typed: each word is read as Unicode, TCVN3 and VNI, and the
//! reading that gives Vietnamese syllables wins.
//!
//! What breaks if this is changed: a threshold that lets one lone word decide turns "Thaï" or
//! "café" into nonsense; one that asks for more leaves "Sè TT" as it is.

use std::fmt;

use super::legacy::{tcvn3_letter, vni};
use super::letter::lower;
use super::syllable::is_syllable;
use super::viqr::viqr;

/// How the author's keyboard and font wrote Vietnamese.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Encoding {
    /// Unicode, composed or decomposed; also plain ASCII and other languages.
    Unicode,
    /// TCVN 5712 VN3 ("ABC"), the fonts `.VnTime` and kin.
    Tcvn3,
    /// VNI for Windows, the fonts `VNI-Times` and kin.
    Vni,
    /// ASCII with marks after the letters (RFC 1456).
    Viqr,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Unicode => "unicode",
            Self::Tcvn3 => "tcvn3",
            Self::Vni => "vni",
            Self::Viqr => "viqr",
        })
    }
}

/// How many cells around a cell are surely in each encoding.
///
/// Filled in a first pass with [`Evidence::observe`], handed to
/// [`decode`](fn@super::decode) in a second. The narrower the neighbourhood, the better: a
/// reader that knows fonts keeps one for each font of a sheet, one that does not keeps one a
/// sheet; where it [`is_empty`](Evidence::is_empty), that of the whole workbook stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Cells that only Unicode explains.
    pub unicode: u32,
    /// Cells that only TCVN3 explains.
    pub tcvn3: u32,
    /// Cells that only VNI explains.
    pub vni: u32,
    /// Cells that only VIQR explains.
    pub viqr: u32,
}

impl Evidence {
    /// Counts a cell's raw text, if it leaves no doubt.
    pub fn observe(&mut self, raw: &str) {
        self.count(assess(raw));
    }

    /// Counts a cell that was assessed, if it leaves no doubt.
    pub(crate) fn count(&mut self, assessment: Assessment) {
        if let Assessment::Sure(encoding) = assessment {
            let count = match encoding {
                Encoding::Unicode => &mut self.unicode,
                Encoding::Tcvn3 => &mut self.tcvn3,
                Encoding::Vni => &mut self.vni,
                Encoding::Viqr => &mut self.viqr,
            };
            *count = count.saturating_add(1);
        }
    }

    /// Adds another neighbourhood's counts: sheets to a workbook.
    pub fn merge(&mut self, other: Self) {
        self.unicode = self.unicode.saturating_add(other.unicode);
        self.tcvn3 = self.tcvn3.saturating_add(other.tcvn3);
        self.vni = self.vni.saturating_add(other.vni);
        self.viqr = self.viqr.saturating_add(other.viqr);
    }

    /// No cell was sure of anything.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    fn of(self, encoding: Encoding) -> u32 {
        match encoding {
            Encoding::Unicode => self.unicode,
            Encoding::Tcvn3 => self.tcvn3,
            Encoding::Vni => self.vni,
            Encoding::Viqr => self.viqr,
        }
    }

    /// The candidate that the neighbours use; a font that speaks for one counts fourfold, but
    /// never against neighbours that are unanimous: Arial is seen over TCVN3 text and `.VnTime`
    /// over Unicode.
    pub(super) fn choose(self, open: Open, font: Option<&str>) -> Encoding {
        let hint = font.map(|font| font_hint(font).unwrap_or(Encoding::Unicode));
        let weight = |encoding| {
            let factor = if hint == Some(encoding) { 4 } else { 1 };
            u64::from(self.of(encoding)) * factor
        };
        let mut best = if open.unicode { Encoding::Unicode } else { open.legacy() };
        for (possible, encoding) in [(open.tcvn3, Encoding::Tcvn3), (open.vni, Encoding::Vni)] {
            let hinted = open.leans && self.is_empty() && hint == Some(encoding);
            if possible && (weight(encoding) > weight(best) || hinted) {
                best = encoding;
            }
        }
        best
    }
}

/// What to make of a word that is Vietnamese in no encoding: what the font draws, where all
/// neighbours agree with it. "Nvô" is the Nvụ of a TCVN3 workbook, "café" stays one elsewhere.
pub(super) fn drawn(font: Option<&str>, neighbours: Evidence) -> Encoding {
    font.and_then(font_hint)
        .filter(|&hint| neighbours.unicode == 0 && neighbours.of(hint) > 0)
        .unwrap_or(Encoding::Unicode)
}

/// The encoding that text in this font is usually typed in; `None` for a Unicode font or an
/// unknown one. A hint, no proof.
#[must_use]
pub fn font_hint(font: &str) -> Option<Encoding> {
    let starts = |prefix: &str| font.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    if starts(".Vn") {
        Some(Encoding::Tcvn3)
    } else if starts("VNI-") || starts("VNI ") {
        Some(Encoding::Vni)
    } else {
        None
    }
}

/// Whether a font draws the bytes of lower case letters as capitals: `.VnTimeH`, `.VnArialH`
/// (also written `.VnTimeh`; no ABC font without capitals has a name that ends so).
#[must_use]
pub fn font_draws_capitals(font: &str) -> bool {
    font_hint(font) == Some(Encoding::Tcvn3) && font.trim_end().ends_with(['H', 'h'])
}

/// What a cell says by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Assessment {
    /// Nothing that would read differently in another encoding.
    Plain,
    /// No Vietnamese in any encoding, but not nonsense as Unicode: "café", a name, a slip.
    Foreign,
    Sure(Encoding),
    Open(Open),
}

/// Which encodings remain possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a set of three encodings and a remark")]
pub(crate) struct Open {
    unicode: bool,
    tcvn3: bool,
    vni: bool,
    /// A legacy reading is better than the Unicode one, but not by a word that proves it.
    leans: bool,
}

impl Open {
    fn legacy(self) -> Encoding {
        if self.tcvn3 { Encoding::Tcvn3 } else { Encoding::Vni }
    }
}

/// The ư of TCVN3, and a mark that nobody sees in Unicode text copied from a page or a document:
/// alone it proves nothing.
const SOFT_HYPHEN: char = '\u{AD}';

/// How well a word reads in one encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grade {
    /// A Vietnamese syllable.
    Good,
    /// Capitals that can be an abbreviation: TGĐ, ƯTH.
    Weak,
    Neutral,
    /// Cannot have been meant.
    Bad,
}

#[derive(Default)]
struct Score {
    points: i32,
    /// Syllables that Unicode does not explain.
    proofs: u32,
}

impl Score {
    fn add(&mut self, grade: Grade, unicode: Grade, token: &str) {
        self.points += match grade {
            Grade::Good => 2,
            Grade::Weak => 1,
            Grade::Neutral => 0,
            Grade::Bad => -2,
        };
        let proves = token.chars().any(|c| !c.is_ascii() && c != SOFT_HYPHEN);
        self.proofs += u32::from(grade == Grade::Good && unicode != Grade::Good && proves);
    }
}

/// Judges a cell by itself.
pub(crate) fn assess(raw: &str) -> Assessment {
    if raw.is_ascii() {
        return match viqr(raw, false) {
            Some(_) => Assessment::Sure(Encoding::Viqr),
            None => Assessment::Plain,
        };
    }
    let mut bytes = false;
    for c in raw.chars() {
        if is_beyond_legacy(c) {
            return Assessment::Sure(Encoding::Unicode);
        }
        bytes |= is_byte(c);
    }
    if !bytes {
        return Assessment::Plain;
    }
    let (mut unicode, mut tcvn3, mut vni) = (Score::default(), Score::default(), Score::default());
    let mut foreign = 0;
    let mut broken = false;
    for token in tokens(raw) {
        if token.is_ascii() {
            foreign += u32::from(is_foreign(token));
            continue;
        }
        let plain = as_unicode(token);
        broken |= plain == Grade::Bad;
        unicode.add(plain, plain, token);
        tcvn3.add(as_tcvn3(token), plain, token);
        vni.add(as_vni(token, plain), plain, token);
    }
    weigh(&unicode, &tcvn3, &vni, !broken && foreign > 0, foreign)
}

fn weigh(unicode: &Score, tcvn3: &Score, vni: &Score, doubtful: bool, foreign: u32) -> Assessment {
    let best = tcvn3.points.max(vni.points);
    let (is_tcvn3, is_vni) = (tcvn3.points == best, vni.points == best);
    if unicode.points > best {
        return if unicode.points > 0 { Assessment::Sure(Encoding::Unicode) } else { Assessment::Foreign };
    }
    let leans = best > unicode.points;
    let proofs = if is_tcvn3 { tcvn3.proofs } else { vni.proofs };
    let proven = leans && proofs > 0 && !(doubtful && foreign >= proofs);
    let open = Open { unicode: !proven, tcvn3: is_tcvn3, vni: is_vni, leans };
    if proven && is_tcvn3 != is_vni { Assessment::Sure(open.legacy()) } else { Assessment::Open(open) }
}

/// Letters that neither TCVN3 nor VNI text can hold: Vietnamese beyond Latin-1, and combining
/// marks.
pub(super) fn is_beyond_legacy(c: char) -> bool {
    matches!(c, 'Ă' | 'ă' | 'Đ' | 'đ' | 'Ĩ' | 'ĩ' | 'Ũ' | 'ũ' | 'Ơ' | 'ơ' | 'Ư' | 'ư'
        | '\u{300}'..='\u{36F}' | '\u{1EA0}'..='\u{1EF9}')
}

/// A byte of legacy text above ASCII, as a reader gives it.
pub(super) fn is_byte(c: char) -> bool {
    matches!(c, '\u{A1}'..='\u{FF}')
}

/// A sign, and no letter, when it is read as Latin-1.
pub(super) fn is_sign(c: char) -> bool {
    matches!(c, '\u{A1}'..='\u{BF}' | '×' | '÷')
}

/// Whether `c` can be part of a word in some encoding. Quotes, digits and spaces cannot.
pub(super) fn in_token(c: char) -> bool {
    c.is_ascii_alphabetic() || is_byte(c) || (c > '\u{FF}' && c.is_alphabetic()) || is_beyond_legacy(c)
}

fn tokens(raw: &str) -> impl Iterator<Item = &str> {
    raw.split(|c| !in_token(c)).filter(|token| !token.is_empty())
}

/// An ASCII word that is no Vietnamese: "Airbus", "Total"; abbreviations do not count.
fn is_foreign(token: &str) -> bool {
    token.len() > 2
        && token.bytes().any(|b| b.is_ascii_lowercase())
        && token.bytes().any(|b| b"aeiouy".contains(&b.to_ascii_lowercase()))
        && !is_syllable(token.chars())
}

/// The word as Unicode. Signs inside a word, or at its edge where they have no business there
/// ("n¨m", "Nv¸", "§iÖn"), were never meant; "Kodak®", "m²", "«xã»" were.
pub(super) fn as_unicode(token: &str) -> Grade {
    const AT_START: &str = "«©°±´µ¿¡·×÷½¼¾";
    const AT_END: &str = "»®©°±²³´¹º·×÷½¼¾";
    if token.contains(SOFT_HYPHEN) {
        return as_unicode(&token.replace(SOFT_HYPHEN, ""));
    }
    let word = token.trim_matches(is_sign);
    if word.is_empty() {
        return Grade::Neutral;
    }
    if is_micro(token) {
        return Grade::Good;
    }
    if word.chars().any(is_sign)
        || token.chars().take_while(|c| is_sign(*c)).any(|c| !AT_START.contains(c))
        || token.chars().rev().take_while(|c| is_sign(*c)).any(|c| !AT_END.contains(c))
    {
        Grade::Bad
    } else if !word.is_ascii() && is_syllable(word.chars()) {
        Grade::Good
    } else {
        Grade::Neutral
    }
}

/// µm and its kin, of which TCVN3 would make "àm".
fn is_micro(token: &str) -> bool {
    matches!(token, "µm" | "µg" | "µl" | "µL" | "µs" | "µF" | "µV" | "µA")
}

/// The word as TCVN3; signs at its edge that are no letters there ("m²") stay signs.
pub(super) fn as_tcvn3(token: &str) -> Grade {
    let word = token.trim_matches(|c| is_sign(c) && tcvn3_letter(c).is_none());
    if word.is_ascii() {
        return Grade::Neutral;
    }
    let letters = || word.chars().map(|c| if c.is_ascii() { Some(c) } else { tcvn3_letter(c) });
    if is_micro(token) || letters().any(|letter| letter.is_none()) {
        return Grade::Bad;
    }
    grade(|| letters().flatten())
}

/// The word as VNI, which has no signs for letters: a word without other bytes reads as it
/// does in Unicode, `plain`.
fn as_vni(token: &str, plain: Grade) -> Grade {
    let word = token.trim_matches(is_sign);
    if word.is_ascii() {
        return plain;
    }
    if vni(word).any(|(_, known)| !known) {
        return Grade::Bad;
    }
    grade(|| vni(word).map(|(c, _)| c))
}

fn grade<I: Iterator<Item = char>>(letters: impl Fn() -> I) -> Grade {
    if letters().nth(1).is_none() {
        // "ë" is ở, and a single letter proves nothing.
        Grade::Neutral
    } else if is_syllable(letters()) {
        Grade::Good
    } else if letters().count() <= 8
        && letters().all(|c| c.is_ascii_uppercase() || "ĐĂÂÊÔƠƯ".contains(c))
        && letters().any(|c| !"AEIOUYĂÂÊÔƠƯ".contains(c))
    {
        Grade::Weak
    } else {
        Grade::Bad
    }
}

/// The encoding of a word inside a Unicode cell, where it provably is another: as Unicode it
/// has signs inside; or it is no Vietnamese, would be in an encoding that the neighbours use,
/// and has a letter that Vietnamese does not know.
pub(super) fn stray(token: &str, neighbours: Evidence) -> Option<Encoding> {
    let bytes = token.chars().filter(|c| !c.is_ascii());
    if token.len() < 3 || !bytes.clone().all(is_byte) {
        return None;
    }
    let plain = as_unicode(token);
    let unknown = bytes.clone().any(|c| "äåæçëîïðñöøûüþÿß".contains(lower(c)));
    if plain == Grade::Bad || unknown && token.contains(SOFT_HYPHEN) {
        return (as_tcvn3(token) == Grade::Good).then_some(Encoding::Tcvn3);
    }
    if plain == Grade::Good || !unknown {
        return None;
    }
    if neighbours.tcvn3 > 0 && as_tcvn3(token) == Grade::Good {
        Some(Encoding::Tcvn3)
    } else if neighbours.vni > 0 && as_vni(token, plain) == Grade::Good {
        Some(Encoding::Vni)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fonts() {
        assert_eq!(font_hint(".VnTime"), Some(Encoding::Tcvn3));
        assert_eq!(font_hint(".vnarial narrow"), Some(Encoding::Tcvn3));
        assert_eq!(font_hint("VNI-Times"), Some(Encoding::Vni));
        assert_eq!(font_hint("Times New Roman"), None);
        assert_eq!(font_hint("…"), None);
        assert!(font_draws_capitals(".VnTimeH") && font_draws_capitals(".VnTimeh"));
        assert!(!font_draws_capitals(".VnTime"));
        assert!(!font_draws_capitals("VNI-AptimaH"));
    }

    #[test]
    fn evidence_counts_only_what_is_sure() {
        let mut seen = Evidence::default();
        for raw in ["Tæng sè", "n¨m", "Thu ngaân saùch", "Tổng số", "Trâu", "So^' ho^."] {
            seen.observe(raw);
        }
        for doubtful in ["", "12,5", "Bò", "Hé", "Sè", "x", "m²", "café", "§"] {
            seen.observe(doubtful);
        }
        let sure = Evidence { unicode: 2, tcvn3: 2, vni: 1, viqr: 1 };
        assert_eq!(seen, sure);
        seen.merge(sure);
        assert_eq!(seen.tcvn3, 4);
        assert!(Evidence::default().is_empty() && !seen.is_empty());
    }

    #[test]
    fn names() {
        let names = [Encoding::Unicode, Encoding::Tcvn3, Encoding::Vni, Encoding::Viqr];
        assert_eq!(names.map(|e| e.to_string()), ["unicode", "tcvn3", "vni", "viqr"]);
    }
}
