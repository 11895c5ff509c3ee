//! Paper and the room that text takes on it.
//!
//! A spreadsheet program sets row heights by itself only for cells that are neither merged nor
//! given a height, and not every program does it when it opens a file. So the widths of Times New
//! Roman are kept here, and lines are counted before anything is written. Where that font is not
//! installed, its usual substitute has none of the letters that only Vietnamese has, and they come
//! from a wider font; lines are counted for that one, so that no row is cut off there, while columns
//! are as wide as Times New Roman needs.
#![allow(clippy::float_arithmetic, reason = "lengths on paper are no figures of the office")]

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use crate::model::catalogue::{Orientation, Paper, Profile};

/// Number of A4 in the format.
pub(super) const A4: u8 = 9;
const MILLIMETRES: f64 = 25.4;
const PIXELS_PER_INCH: f64 = 96.0;
const POINTS_PER_INCH: f64 = 72.0;
/// What a program leaves free at both sides of a cell, in pixels, when a column is made to fit.
const PADDING: f64 = 7.0;
/// The same where lines are counted: Excel leaves 5, `LibreOffice` less.
const TIGHT: f64 = 5.0;
/// Height of a line over the size of its letters.
const LINE: f64 = 1.2;
/// Excel's highest row, in points.
const HIGHEST: f64 = 409.0;

/// Widths of the ASCII letters of Times New Roman, from the space on, in thousandths of its size.
const WIDTHS: [u16; 95] = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500,
    500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889,
    722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500,
    444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480,
    200, 480, 541,
];
/// Bold letters are wider; which ones and by how much matters little for counting lines.
const BOLD: f64 = 1.07;

/// Inches of millimetres.
pub(super) fn inches(millimetres: f64) -> f64 {
    millimetres / MILLIMETRES
}

/// Number of a size in the format.
pub(super) fn number(paper: Paper) -> u8 {
    match paper {
        Paper::A4 => A4,
        Paper::A3 => 8,
    }
}

/// Width and height of upright paper in millimetres.
fn size(paper: Paper) -> (f64, f64) {
    match paper {
        Paper::A4 => (210.0, 297.0),
        Paper::A3 => (297.0, 420.0),
    }
}

/// Pixels between the margins.
pub(super) fn printable_pixels(profile: &Profile, orientation: Orientation) -> f64 {
    let (_, _, left, right) = profile.margins;
    let width = match orientation {
        Orientation::Portrait => size(profile.paper).0,
        Orientation::Landscape => size(profile.paper).1,
    };
    inches(width - left - right) * PIXELS_PER_INCH
}

/// Points between the upper and the lower margin.
pub(super) fn printable_points(profile: &Profile, orientation: Orientation) -> f64 {
    let (top, bottom, _, _) = profile.margins;
    let height = match orientation {
        Orientation::Portrait => size(profile.paper).1,
        Orientation::Landscape => size(profile.paper).0,
    };
    inches(height - top - bottom) * POINTS_PER_INCH
}

/// Pixels of characters of the default font, as widths of columns are given.
pub(super) fn column_pixels(characters: f64) -> f64 {
    characters * 8.0 + 5.0
}

/// A letter's width in thousandths of the font's size, in Times New Roman and in the wider of the two
/// fonts that it may come from.
#[derive(Clone, Copy)]
struct Letter {
    own: u16,
    widest: u16,
}

/// The letters of nearly every text, taken apart once: normalising each cell of a long sheet took more
/// time than writing it.
static LETTERS: LazyLock<Vec<Letter>> = LazyLock::new(|| {
    let known = ('\0'..LATIN_END).chain(VIETNAMESE..VIETNAMESE_END);
    known.map(|letter| Letter { own: own(letter), widest: widest(letter) }).collect()
});
/// First letter behind ASCII, Latin-1 and Latin Extended-A and -B.
const LATIN_END: char = '\u{250}';
/// Latin Extended Additional.
const VIETNAMESE: char = '\u{1e00}';
const VIETNAMESE_END: char = '\u{1f00}';

/// A letter of the table. None of them joins the letter before it.
fn known(table: &[Letter], letter: char) -> Option<Letter> {
    let at = match letter {
        ..LATIN_END => u32::from(letter),
        VIETNAMESE..VIETNAMESE_END => u32::from(letter) - u32::from(VIETNAMESE) + u32::from(LATIN_END),
        _ => return None,
    };
    table.get(usize::try_from(at).ok()?).copied()
}

/// A letter's width in thousandths of the font's size, in Times New Roman.
fn own(letter: char) -> u16 {
    std::iter::once(letter).nfd().map(plain).sum()
}

/// The same in the wider of the two fonts that it may come from.
fn widest(letter: char) -> u16 {
    match letter {
        // The letters of Vietnamese that Latin-1 and the alphabets of its neighbours lack.
        '\u{1a0}'..='\u{1b0}' | '\u{1ea0}'..='\u{1ef9}' => {
            let base = std::iter::once(letter).nfd().next().unwrap_or(letter);
            plain(base).max(borrowed(base))
        }
        '²' | '³' => 401,
        '≥' | '≤' | '×' | '↓' => 838,
        other => own(other),
    }
}

/// Width of a letter with marks where it comes from `DejaVu Serif`.
fn borrowed(base: char) -> u16 {
    match base {
        'a' => 596,
        'e' => 592,
        'i' => 320,
        'o' => 602,
        'u' => 644,
        'y' => 565,
        'A' => 722,
        'E' => 730,
        'I' => 395,
        'O' => 820,
        'U' => 843,
        'Y' => 660,
        _ => 0,
    }
}

/// Width of a letter without marks, and of a mark behind its letter.
fn plain(letter: char) -> u16 {
    let ascii = |c: char| {
        usize::try_from(u32::from(c)).ok().and_then(|at| at.checked_sub(32)).and_then(|at| WIDTHS.get(at)).copied()
    };
    match letter {
        'Đ' => 722,
        '\u{301}' | '\u{300}' | '\u{303}' | '\u{309}' | '\u{323}' | '\u{302}' | '\u{306}' => 0,
        // The horn of ơ and ư sticks out.
        '\u{31b}' => 40,
        '\u{a0}' => 250,
        '“' | '”' => 444,
        'đ' | '–' => 500,
        '—' | '…' => 1000,
        '²' | '³' => 300,
        '≥' | '≤' | '×' => 560,
        other => ascii(other).unwrap_or(600),
    }
}

/// Width of a text in pixels.
pub(super) fn text_pixels(text: &str, size: f64, bold: bool) -> f64 {
    pixels(units(&LETTERS, text), size, bold)
}

/// Width of a text in thousandths of its size. Marks behind their letters count for themselves.
fn units(table: &[Letter], text: &str) -> u32 {
    text.chars().map(|letter| u32::from(known(table, letter).map_or_else(|| own(letter), |known| known.own))).sum()
}

/// The same in the wider of the two fonts. A mark may make another letter of the one before it, with
/// another width, so only texts without any are looked up letter by letter.
fn widest_units(table: &[Letter], text: &str) -> u32 {
    let mut sum = 0;
    for letter in text.chars() {
        match known(table, letter) {
            Some(known) => sum += u32::from(known.widest),
            None => return text.nfc().map(|letter| u32::from(widest(letter))).sum(),
        }
    }
    sum
}

fn pixels(units: u32, size: f64, bold: bool) -> f64 {
    let width = f64::from(units) / 1000.0 * size * PIXELS_PER_INCH / POINTS_PER_INCH;
    if bold { width * BOLD } else { width }
}

/// Width of a cell that shows a text on one line.
pub(super) fn cell_pixels(text: &str, size: f64, bold: bool) -> f64 {
    let table = &LETTERS;
    pixels(text.lines().map(|line| units(table, line)).max().unwrap_or(0), size, bold) + PADDING
}

/// Width of a cell that breaks no word of a text.
pub(super) fn word_pixels(text: &str, size: f64, bold: bool) -> f64 {
    let table = &LETTERS;
    pixels(text.lines().flat_map(words).map(|word| units(table, word)).max().unwrap_or(0), size, bold) + PADDING
}

/// What [`cell_pixels`] and [`word_pixels`] give for plain letters.
pub(super) fn extents(text: &str, size: f64) -> (f64, f64) {
    (cell_pixels(text, size, false), word_pixels(text, size, false))
}

/// Pieces between which a line can be broken: at spaces, and behind a hyphen inside a word.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(' ').filter(|word| !word.is_empty()).flat_map(|word| word.split_inclusive('-'))
}

/// Lines that a text takes in a cell, words kept whole where they fit; in the wider font, so that
/// none is cut off.
pub(super) fn lines(text: &str, pixels: f64, size: f64, bold: bool) -> u32 {
    let table = &LETTERS;
    let room = (pixels - TIGHT).max(1.0);
    let space = text_pixels(" ", size, bold);
    let mut lines = 0;
    for line in text.split('\n') {
        lines += 1;
        let mut used = 0.0;
        for word in words(line) {
            let mut width = self::pixels(widest_units(table, word), size, bold);
            if used > 0.0 && used + width > room {
                lines += 1;
                used = 0.0;
            }
            while width > room {
                lines += 1;
                width -= room;
            }
            // A space at the end of a line takes no room.
            used += if word.ends_with('-') { width } else { width + space };
        }
    }
    lines
}

/// Height in points of a row with so many lines and some air, rounded up to whole pixels.
pub(super) fn row_points(lines: u32, size: f64, air: f64) -> f64 {
    let points = f64::from(lines.max(1)) * size * LINE + air;
    ((points / 0.75).ceil() * 0.75).min(HIGHEST)
}

/// Brings the widths that a catalogue wishes to the width of the paper. No column gets narrower
/// than its content needs; if that is more than the paper has, the print is scaled down.
pub(super) fn share_out(wished: &[f64], needed: &[f64], available: f64) -> Vec<u32> {
    let mut fixed: Vec<bool> = vec![false; wished.len()];
    loop {
        let taken: f64 = needed.iter().zip(&fixed).filter(|(_, fixed)| **fixed).map(|(need, _)| need).sum();
        let open: f64 = wished.iter().zip(&fixed).filter(|(_, fixed)| !**fixed).map(|(wish, _)| wish).sum();
        let factor = if open > 0.0 { ((available - taken) / open).max(0.0) } else { 0.0 };
        let tight: Vec<usize> =
            (0..wished.len()).filter(|at| !fixed[*at] && wished[*at] * factor < needed[*at]).collect();
        if tight.is_empty() {
            return (0..wished.len())
                .map(|at| whole(if fixed[at] { needed[at].ceil() } else { (wished[at] * factor).floor() }))
                .collect();
        }
        for at in tight {
            fixed[at] = true;
        }
    }
}

/// A length in whole pixels.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what a column can be")]
pub(super) fn whole(pixels: f64) -> u32 {
    pixels.clamp(1.0, 2000.0).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vietnamese_letters_are_as_wide_as_in_the_wider_of_two_fonts() {
        // In Latin-1, and so in every font.
        assert_eq!((own('à'), own('â'), own('ý')), (own('a'), own('a'), own('y')));
        assert_eq!((own('đ'), own('ă'), own('ĩ')), (own('d'), own('a'), own('i')));
        // Only Vietnamese has these: 596 and 843 in DejaVu Serif, 444 and 722 in Times New Roman.
        assert_eq!((widest('ậ'), widest('Ử'), own('ậ'), own('Ử')), (596, 843, 444, 762));
        let text = "Sản lượng lương thực có hạt";
        assert_eq!((lines(text, 180.0, 12.0, false), lines(text, 210.0, 12.0, false)), (2, 1));
        assert!((text_pixels("ậ", 12.0, false) - text_pixels("a\u{323}\u{302}", 12.0, false)).abs() < 1e-9);
        assert!(text_pixels("ự", 12.0, false) > text_pixels("u", 12.0, false));
        // Marks typed apart take the room of the letter that they make.
        for text in ["Sa\u{309}n lu\u{31b}o\u{31b}\u{323}ng", "≥ 50 %", "Ấ½ﬁ"] {
            let composed: String = text.nfc().collect();
            assert_eq!(widest_units(&LETTERS, text), widest_units(&LETTERS, &composed));
            assert_eq!(units(&LETTERS, text), text.nfc().map(|letter| u32::from(own(letter))).sum::<u32>());
        }
        // 16 pixels at 12 points, half of it a digit.
        assert!((text_pixels("0000", 12.0, false) - 32.0).abs() < 1e-9);
    }

    #[test]
    fn words_wrap_whole_and_long_ones_break() {
        assert_eq!(lines("Tỷ lệ số hộ", 500.0, 12.0, false), 1);
        assert_eq!(lines("Tỷ lệ số hộ", 45.0, 12.0, false), 2);
        assert_eq!(lines("a\nb\n", 500.0, 12.0, false), 3);
        assert!(lines("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 60.0, 12.0, false) >= 4);
        assert_eq!(lines("", 60.0, 12.0, false), 1);
        assert_eq!(lines("trong-trot-2023.xlsx", 110.0, 12.0, false), 2);
        assert!(word_pixels("trong-trot", 12.0, false) < cell_pixels("trong-trot", 12.0, false));
    }

    #[test]
    fn columns_fill_the_paper_and_keep_what_they_need() {
        let widths = share_out(&[50.0, 300.0, 100.0], &[40.0, 100.0, 150.0], 600.0);
        assert_eq!(widths, [64, 385, 150]);
        let narrow = share_out(&[50.0, 300.0], &[100.0, 200.0], 250.0);
        assert_eq!(narrow, [100, 200]);
    }
}
