//! Colours of text and of the ground behind it, as far as it takes to tell that nothing can be seen.

use crate::model::workbook::Mark;

/// A colour as red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colour(u32);

impl Colour {
    pub(super) const WHITE: Self = Self(0xFF_FFFF);
    const BLACK: Self = Self(0);

    /// `FFRRGGBB`, `RRGGBB` or `#rrggbb`.
    pub(super) fn hex(text: &str) -> Option<Self> {
        let digits = text.trim().trim_start_matches('#');
        let colour = digits.get(digits.len().checked_sub(6)?..)?;
        u32::from_str_radix(colour, 16).ok().map(Self)
    }

    pub(super) fn rgb([red, green, blue]: [u8; 3]) -> Self {
        Self(u32::from_be_bytes([0, red, green, blue]))
    }

    /// A colour of the palette that binary workbooks have; their own palettes leave the first eight as
    /// they are.
    pub(super) fn indexed(number: u32) -> Option<Self> {
        const FIRST: [u32; 8] = [0, 0xFF_FFFF, 0xFF_0000, 0x00_FF00, 0x00_00FF, 0xFF_FF00, 0xFF_00FF, 0x00_FFFF];
        match number {
            0..=7 => Some(Self(FIRST[number as usize])),
            8..=15 => Some(Self(FIRST[number as usize - 8])),
            // The colours of windows and their text.
            65 => Some(Self::WHITE),
            64 => Some(Self::BLACK),
            _ => None,
        }
    }

    /// The paper and the ink of a theme; its other colours differ from theme to theme.
    pub(super) fn of_theme(number: u32) -> Option<Self> {
        match number {
            0 => Some(Self::WHITE),
            1 => Some(Self::BLACK),
            _ => None,
        }
    }
}

/// How a cell with such a font on such a ground is drawn. White on a coloured ground is read well.
pub(super) fn mark(struck: bool, text: Option<Colour>, ground: Option<Colour>) -> Mark {
    match (text, ground) {
        (Some(text), Some(ground)) if text == ground => Mark::Unseen,
        _ if struck => Mark::Struck,
        _ => Mark::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen() {
        let white = Colour::hex("FFFFFFFF");
        assert_eq!(mark(false, white, Some(Colour::WHITE)), Mark::Unseen);
        assert_eq!(mark(true, Colour::of_theme(0), Colour::indexed(9)), Mark::Unseen);
        assert_eq!(mark(false, white, Colour::hex("#1f4e79")), Mark::None);
        assert_eq!(mark(false, white, None), Mark::None, "a pattern, or a shade of the theme");
        assert_eq!(mark(true, None, Some(Colour::WHITE)), Mark::Struck);
        assert_eq!(mark(false, Colour::of_theme(4), Colour::of_theme(4)), Mark::None);
        for wrong in ["", "12345", "ÿÿÿÿÿÿ", "GGGGGG"] {
            assert_eq!(Colour::hex(wrong), None, "{wrong}");
        }
    }
}
