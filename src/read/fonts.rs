//! The fonts of a workbook, whose names are hints at old encodings.

use super::colour::Colour;
use crate::values::text::font_draws_capitals;

/// Number of a font in [`Fonts`]; 0 is the unknown font.
pub(super) type FontId = u16;

/// A font of the list of a binary workbook.
#[derive(Clone, Copy, Default)]
pub(super) struct ListedFont {
    pub(super) id: FontId,
    pub(super) struck: bool,
    pub(super) raised: bool,
    pub(super) colour: Option<Colour>,
}

/// Names of the fonts, by [`FontId`].
pub(super) struct Fonts(Vec<Font>);

struct Font {
    name: String,
    draws_capitals: bool,
}

impl Default for Fonts {
    fn default() -> Self {
        Self(vec![Font { name: String::new(), draws_capitals: false }])
    }
}

impl Fonts {
    /// The number of a font; fonts of one name have one number.
    pub(super) fn id(&mut self, name: &str) -> FontId {
        let known = self.0.iter().position(|font| font.name == name);
        let at = known.unwrap_or_else(|| {
            self.0.push(Font { name: name.to_owned(), draws_capitals: font_draws_capitals(name) });
            self.0.len() - 1
        });
        // A workbook of 65,536 fonts loses its hints, not its text.
        FontId::try_from(at).unwrap_or(0)
    }

    /// The number of a font that was met before; the unknown font otherwise.
    pub(super) fn known(&self, name: &str) -> FontId {
        let known = self.0.iter().position(|font| font.name == name);
        known.and_then(|at| FontId::try_from(at).ok()).unwrap_or(0)
    }

    /// The name, unless the font is unknown.
    pub(super) fn name(&self, id: FontId) -> Option<&str> {
        self.0.get(usize::from(id)).map(|font| &*font.name).filter(|name| !name.is_empty())
    }

    pub(super) fn draws_capitals(&self, id: FontId) -> bool {
        self.0.get(usize::from(id)).is_some_and(|font| font.draws_capitals)
    }
}
