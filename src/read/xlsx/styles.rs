//! The styles part: the number format and the font behind each style number.

use std::collections::HashMap;

use crate::read::{
    draft::{FontId, Fonts, Style},
    format,
    xml::{self, Attributes, Token, Tokens},
};

/// Cell formats by style number.
#[derive(Default)]
pub(super) struct Styles(Vec<Style>);

impl Styles {
    /// The style of a cell; a number outside the list is the default style.
    pub(super) fn get(&self, number: usize) -> &Style {
        const PLAIN: &Style = &Style::plain();
        self.0.get(number).or(self.0.first()).unwrap_or(PLAIN)
    }

    /// Reads the part. What cannot be understood keeps the default style.
    pub(super) fn read(text: &str, fonts: &mut Fonts) -> Self {
        let mut codes: HashMap<u32, Style> = HashMap::new();
        let mut font_ids: Vec<FontId> = Vec::new();
        let mut styles = Vec::new();
        let (mut in_fonts, mut in_cells) = (false, false);
        for token in Tokens::new(text) {
            match token {
                Token::Open("numFmt", attributes) | Token::Empty("numFmt", attributes) => {
                    if let Some((id, code)) = custom(attributes) {
                        codes.insert(id, Style::with_code(Some(&code), 0));
                    }
                }
                Token::Open("fonts", _) => in_fonts = true,
                Token::Close("fonts") => in_fonts = false,
                Token::Open("font", _) | Token::Empty("font", _) if in_fonts => font_ids.push(0),
                Token::Open("name", attributes) | Token::Empty("name", attributes) if in_fonts => {
                    let name = attributes.get("val").unwrap_or_default();
                    if let Some(last) = font_ids.last_mut() {
                        *last = fonts.id(&xml::unescape(name));
                    }
                }
                Token::Open("cellXfs", _) => in_cells = true,
                // Nothing after it matters here.
                Token::Close("cellXfs") => break,
                Token::Open("xf", attributes) | Token::Empty("xf", attributes) if in_cells => {
                    styles.push(cell(attributes, &mut codes, &font_ids));
                }
                _ => {}
            }
        }
        Self(styles)
    }
}

fn custom(attributes: Attributes<'_>) -> Option<(u32, String)> {
    let id = attributes.get("numFmtId")?.parse().ok()?;
    Some((id, xml::unescape(attributes.get("formatCode")?).into_owned()))
}

fn cell(attributes: Attributes<'_>, codes: &mut HashMap<u32, Style>, fonts: &[FontId]) -> Style {
    let (mut format_id, mut font) = (0, 0);
    for (name, value) in attributes {
        match name {
            "numFmtId" => format_id = value.parse().unwrap_or(0),
            "fontId" => font = value.parse().ok().and_then(|at: usize| fonts.get(at)).copied().unwrap_or(0),
            _ => {}
        }
    }
    let style = codes.entry(format_id).or_insert_with(|| Style::with_code(format::builtin(format_id), 0));
    Style { font, ..style.clone() }
}
