//! Texts whose parts have fonts of their own.
//!
//! What breaks if this is changed: a raised 1 behind 369 is the mark of a footnote, and read as a
//! digit it makes 3691 of it; and letters of a font from before Unicode mean something else than the
//! same letters in the font beside it.

use std::borrow::Cow;

use super::fonts::{FontId, Fonts};
use crate::values::text::{self, Evidence, font_hint};

/// A part of a text in one font.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Run {
    /// 0 where the part has no font of its own.
    pub(super) font: FontId,
    /// Characters.
    pub(super) length: usize,
    /// Whether it stands above the line.
    pub(super) raised: bool,
}

/// The text as it reads, where its parts must be looked at by themselves; `None` where the whole can
/// be read at once. Raised digits become the digits that Unicode has for them.
pub(super) fn told_apart(text: &str, runs: &[Run], fonts: &Fonts) -> Option<String> {
    let hint = |font: FontId| fonts.name(font).and_then(font_hint);
    let raised = runs.iter().any(|run| run.raised && run.length > 0);
    // Part of the text may stand before the first run, in the font of the cell.
    let covered: usize = runs.iter().map(|run| run.length).sum();
    let with_font = || runs.iter().filter(|run| run.font != 0);
    let mixed = with_font().any(|run| hint(run.font).is_some())
        && with_font().any(|run| hint(run.font) != with_font().next().and_then(|first| hint(first.font)));
    if !raised && !mixed {
        return None;
    }
    let first = text.chars().count().saturating_sub(covered);
    // What has no font of its own has that of the cell, which is that of its neighbours.
    let fallback = with_font().next().map_or(0, |run| run.font);
    let fallback = if mixed { 0 } else { fallback };
    let before = Run { length: first, ..Run::default() };
    let mut rest = text;
    let mut out = String::with_capacity(text.len());
    for run in std::iter::once(&before).chain(runs) {
        let end = rest.char_indices().nth(run.length).map_or(rest.len(), |(at, _)| at);
        let (part, behind) = rest.split_at(end);
        rest = behind;
        let font = if run.font == 0 { fallback } else { run.font };
        let read = match hint(font) {
            Some(_) => text::decode(part, fonts.name(font), Evidence::default()).text,
            None => Cow::Borrowed(part),
        };
        if run.raised {
            out.extend(read.chars().map(raise));
        } else {
            out.push_str(&read);
        }
    }
    out.push_str(rest);
    Some(out)
}

/// A character as it stands above the line.
pub(super) fn raise(c: char) -> char {
    match c {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        '(' => '⁽',
        ')' => '⁾',
        '+' => '⁺',
        '-' => '⁻',
        'a' => 'ᵃ',
        'b' => 'ᵇ',
        'c' => 'ᶜ',
        'd' => 'ᵈ',
        'e' => 'ᵉ',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_text() {
        let mut fonts = Fonts::default();
        let (times, old) = (fonts.id("Times New Roman"), fonts.id(".VnTime"));
        let run = |font, length, raised| Run { font, length, raised };
        let read = |text: &str, runs: &[Run]| told_apart(text, runs, &fonts);
        assert_eq!(read("3691", &[run(times, 3, false), run(times, 1, true)]).as_deref(), Some("369¹"));
        assert_eq!(read("3691", &[run(times, 1, true)]).as_deref(), Some("369¹"), "the first part has no run");
        assert_eq!(read("m2", &[run(0, 1, false), run(times, 1, true)]).as_deref(), Some("m²"));
        assert_eq!(read("ĐÇu t\u{AD}", &[run(times, 1, false), run(old, 5, false)]).as_deref(), Some("Đầu tư"));
        assert_eq!(read("DiÖn tÝch m2", &[run(old, 11, false), run(old, 1, true)]).as_deref(), Some("Diện tích m²"));
        assert_eq!(read("DiÖn tÝch", &[run(old, 4, false), run(old, 5, false)]), None, "decoded as a whole");
        assert_eq!(read("Đàn", &[run(times, 9, false)]), None);
        assert_eq!(read("ab", &[run(times, 9, true)]).as_deref(), Some("ᵃᵇ"));
    }
}
