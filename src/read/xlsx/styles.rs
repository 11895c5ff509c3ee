//! The styles part: the number format, the font and the colours behind each style number.

use std::collections::HashMap;

use crate::{
    model::workbook::{Letters, Stands},
    read::{
        builder::{FontId, Fonts, Style},
        colour::{self, Colour},
        format,
        xml::{self, Attributes, Token, Tokens},
    },
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
        let mut known: Vec<Font> = Vec::new();
        let mut fills: Vec<Ground> = Vec::new();
        let mut styles = Vec::new();
        let mut inside = "";
        for token in Tokens::new(text) {
            match token {
                Token::Open("numFmt", attributes) | Token::Empty("numFmt", attributes) => {
                    if let Some((id, code)) = custom(attributes) {
                        codes.insert(id, Style::with_code(Some(&code), 0));
                    }
                }
                Token::Open(name @ ("fonts" | "fills" | "cellXfs"), _) => inside = name,
                Token::Close("fonts" | "fills") => inside = "",
                // Nothing after it matters here.
                Token::Close("cellXfs") => break,
                Token::Open("font", _) | Token::Empty("font", _) if inside == "fonts" => known.push(Font::default()),
                Token::Open("fill", _) | Token::Empty("fill", _) if inside == "fills" => fills.push(Ground::PAPER),
                Token::Open(name, attributes) | Token::Empty(name, attributes) => match (inside, name) {
                    ("fonts", _) => {
                        if let Some(last) = known.last_mut() {
                            last.say(name, attributes, fonts);
                        }
                    }
                    ("fills", _) => {
                        if let Some(last) = fills.last_mut() {
                            last.say(name, attributes);
                        }
                    }
                    ("cellXfs", "xf") => styles.push(cell(attributes, &mut codes, &known, &fills)),
                    ("cellXfs", "alignment") => {
                        if let Some(style) = styles.last_mut() {
                            style.letters = style.letters.standing(stands(attributes));
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        Self(styles)
    }
}

/// A font of the list.
#[derive(Clone, Copy, Default)]
struct Font {
    id: FontId,
    struck: bool,
    bold: bool,
    italic: bool,
    colour: Option<Colour>,
}

impl Font {
    fn say(&mut self, name: &str, attributes: Attributes<'_>, fonts: &mut Fonts) {
        match name {
            "name" => self.id = fonts.id(&xml::unescape(attributes.get("val").unwrap_or_default())),
            "strike" => self.struck = attributes.get("val").is_none_or(xml::is_true),
            "b" => self.bold = attributes.get("val").is_none_or(xml::is_true),
            "i" => self.italic = attributes.get("val").is_none_or(xml::is_true),
            "color" => self.colour = colour(attributes),
            _ => {}
        }
    }
}

/// What lies behind the text of a cell.
#[derive(Clone, Copy)]
struct Ground {
    pattern: Pattern,
    colour: Option<Colour>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Pattern {
    None,
    Solid,
    Other,
}

impl Ground {
    /// A cell without a fill.
    const PAPER: Self = Self { pattern: Pattern::None, colour: None };

    fn say(&mut self, name: &str, attributes: Attributes<'_>) {
        match name {
            "patternFill" => {
                self.pattern = match attributes.get("patternType") {
                    None | Some("none") => Pattern::None,
                    Some("solid") => Pattern::Solid,
                    Some(_) => Pattern::Other,
                };
            }
            "gradientFill" => self.pattern = Pattern::Other,
            "fgColor" => self.colour = colour(attributes),
            _ => {}
        }
    }

    /// Its one colour, where it has one that is known.
    fn colour(self) -> Option<Colour> {
        match self.pattern {
            Pattern::None => Some(Colour::WHITE),
            Pattern::Solid => self.colour,
            Pattern::Other => None,
        }
    }
}

fn colour(attributes: Attributes<'_>) -> Option<Colour> {
    let mut found = None;
    for (name, value) in attributes {
        match name {
            "rgb" => found = Colour::hex(value),
            "indexed" => found = value.parse().ok().and_then(Colour::indexed),
            "theme" => found = value.parse().ok().and_then(Colour::of_theme),
            // Another shade, which nothing here works out.
            "tint" if value.parse() != Ok(0.0) => return None,
            _ => {}
        }
    }
    found
}

fn custom(attributes: Attributes<'_>) -> Option<(u32, String)> {
    let id = attributes.get("numFmtId")?.parse().ok()?;
    Some((id, xml::unescape(attributes.get("formatCode")?).into_owned()))
}

fn cell(attributes: Attributes<'_>, codes: &mut HashMap<u32, Style>, fonts: &[Font], fills: &[Ground]) -> Style {
    let (mut format_id, mut font, mut ground) = (0, Font::default(), Ground::PAPER);
    for (name, value) in attributes {
        match name {
            "numFmtId" => format_id = value.parse().unwrap_or(0),
            "fontId" => font = value.parse().ok().and_then(|at: usize| fonts.get(at)).copied().unwrap_or_default(),
            "fillId" => ground = value.parse().ok().and_then(|at: usize| fills.get(at)).copied().unwrap_or(ground),
            _ => {}
        }
    }
    let style = codes.entry(format_id).or_insert_with(|| Style::with_code(format::builtin(format_id), 0));
    let mark = colour::mark(font.struck, font.colour, ground.colour());
    let letters = Letters::new(font.bold, font.italic, None);
    Style { font: font.id, mark, letters, ..style.clone() }
}

fn stands(attributes: Attributes<'_>) -> Option<Stands> {
    match attributes.get("horizontal")? {
        "left" => Some(Stands::Left),
        "center" | "centerContinuous" => Some(Stands::Centre),
        "right" => Some(Stands::Right),
        _ => None,
    }
}
