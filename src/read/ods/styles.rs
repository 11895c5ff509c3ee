//! Styles of an `OpenDocument`: fonts, colours, sizes of rows and columns, and number formats, which are
//! written out as format codes.

use std::{collections::HashMap, sync::Arc};

use crate::{
    model::workbook::Mark,
    read::{
        builder::{FontId, Fonts},
        colour::{self, Colour},
        xml::{self, Attributes, Token, Tokens},
    },
};

type ByName<V> = HashMap<String, V, foldhash::fast::RandomState>;

/// What a cell style says.
#[derive(Clone, Default)]
pub(super) struct CellStyle {
    pub(super) font: FontId,
    pub(super) format: Option<Arc<str>>,
    struck: bool,
    ink: Option<Colour>,
    paper: Option<Colour>,
}

impl CellStyle {
    pub(super) fn mark(&self) -> Mark {
        colour::mark(self.struck, self.ink, Some(self.paper.unwrap_or(Colour::WHITE)))
    }
}

/// The styles that were met.
#[derive(Default)]
pub(super) struct Styles {
    /// Names of font faces to font families.
    faces: HashMap<String, String>,
    cells: ByName<CellStyle>,
    /// Number formats, as codes.
    codes: ByName<Arc<str>>,
    /// Styles of rows and columns without any height or width, and of tables that are not shown.
    unseen: Vec<String>,
    /// Styles of parts of a text that stand above the line.
    raised: Vec<String>,
    /// The style that is being read, and whether it is one of parts of a text.
    open: String,
    open_is_text: bool,
}

impl Styles {
    /// The styles that have names of their own, which stand in a part of their own. Those of the document
    /// come later, and go before them.
    pub(super) fn named(part: &str, fonts: &mut Fonts) -> Self {
        let mut styles = Self::default();
        let mut tokens = Tokens::new(part);
        while let Some(token) = tokens.next() {
            match token {
                // Headers and footers of pages.
                Token::Open(name @ "master-styles", _) => tokens.skip_element(name),
                Token::Open(name, attributes) | Token::Empty(name, attributes) => {
                    styles.take(&mut tokens, name, attributes, fonts);
                }
                _ => {}
            }
        }
        // Rows and columns have no named styles.
        styles.unseen.clear();
        styles
    }

    /// Takes an element that says something about styles.
    pub(super) fn take<'a>(
        &mut self,
        tokens: &mut Tokens<'a>,
        name: &'a str,
        attributes: Attributes<'a>,
        fonts: &mut Fonts,
    ) {
        match name {
            "font-face" => {
                if let (Some(name), Some(family)) = (attributes.get("name"), attributes.get("font-family")) {
                    let family = xml::unescape(family);
                    self.faces.insert(name.to_owned(), family.trim_matches('\'').to_owned());
                }
            }
            "style" => {
                attributes.get("name").unwrap_or_default().clone_into(&mut self.open);
                let parent = attributes.get("parent-style-name").and_then(|parent| self.cells.get(parent));
                let mut style = parent.cloned().unwrap_or_default();
                if let Some(code) = attributes.get("data-style-name") {
                    style.format = self.codes.get(code).cloned();
                }
                self.cells.insert(self.open.clone(), style);
                self.open_text(attributes);
            }
            "text-properties" => {
                self.take_position(attributes);
                let Some(style) = self.cells.get_mut(&self.open) else { return };
                if let Some(face) = attributes.get("font-name").or_else(|| attributes.get("font-family")) {
                    let face = xml::unescape(face);
                    style.font = fonts.id(self.faces.get(&*face).map_or(&*face, |family| &**family));
                }
                for (name, value) in attributes {
                    match xml::local(name) {
                        "text-line-through-style" | "text-line-through-type" => style.struck = value != "none",
                        "color" => style.ink = Colour::hex(value),
                        _ => {}
                    }
                }
            }
            "table-cell-properties" => {
                if let (Some(style), Some(paper)) =
                    (self.cells.get_mut(&self.open), attributes.get("background-color").filter(|c| *c != "transparent"))
                {
                    style.paper = Colour::hex(paper);
                }
            }
            "table-properties" if attributes.get("display") == Some("false") => self.unseen.push(self.open.clone()),
            "table-row-properties" if attributes.get("row-height").is_some_and(is_nothing) => {
                self.unseen.push(self.open.clone());
            }
            "table-column-properties" if attributes.get("column-width").is_some_and(is_nothing) => {
                self.unseen.push(self.open.clone());
            }
            "number-style" | "percentage-style" | "currency-style" => {
                let id = attributes.get("name").unwrap_or_default().to_owned();
                let code = self.code(tokens, name);
                self.codes.insert(id, code.into());
            }
            _ => {}
        }
    }

    fn open_text(&mut self, attributes: Attributes<'_>) {
        self.open_is_text = attributes.get("family") == Some("text");
        let parent = attributes.get("parent-style-name");
        if self.open_is_text && parent.is_some_and(|parent| self.is_raised(parent)) {
            self.raised.push(self.open.clone());
        }
    }

    fn take_position(&mut self, attributes: Attributes<'_>) {
        let Some(place) = attributes.get("text-position").filter(|_| self.open_is_text) else { return };
        // "super 58%" or how far above the line; below it is less than nothing.
        let percent = place.split('%').next().and_then(|number| number.parse().ok()).unwrap_or(0i32);
        let open = std::mem::take(&mut self.open);
        self.raised.retain(|raised| *raised != open);
        if place.starts_with("super") || percent > 0 {
            self.raised.push(open.clone());
        }
        self.open = open;
    }

    /// Whether a part of a text with this style stands above the line.
    pub(super) fn is_raised(&self, name: &str) -> bool {
        self.raised.iter().any(|raised| raised == name)
    }

    pub(super) fn cell(&self, name: &str) -> Option<&CellStyle> {
        self.cells.get(name)
    }

    /// Whether a table, a row or a column with this style is not seen.
    pub(super) fn is_unseen(&self, name: &str) -> bool {
        self.unseen.iter().any(|unseen| unseen == name)
    }

    /// The code of the number style that is being read, up to its end.
    fn code(&self, tokens: &mut Tokens<'_>, kind: &str) -> String {
        let (mut own, mut others) = (String::new(), String::new());
        let mut text = false;
        for token in tokens.by_ref() {
            match token {
                Token::Open("number", attributes) | Token::Empty("number", attributes) => {
                    own.push_str(&digits(attributes));
                }
                Token::Open("scientific-number", _) | Token::Empty("scientific-number", _) => own.push_str("0.00E+00"),
                Token::Open("fraction", _) | Token::Empty("fraction", _) => own.push_str("# ?/?"),
                Token::Open("text" | "currency-symbol", _) => text = true,
                Token::Close("text" | "currency-symbol") => text = false,
                Token::Text(words) if text => {
                    let words = xml::unescape(words);
                    let is_sign = kind == "percentage-style" && words.trim() == "%";
                    own.push_str(&if is_sign { "%".to_owned() } else { quoted(&words) });
                }
                Token::Open("map", attributes) | Token::Empty("map", attributes) => {
                    let condition = attributes.get("condition").map(xml::unescape).unwrap_or_default();
                    let other = attributes.get("apply-style-name").and_then(|name| self.codes.get(name));
                    if let (Some(condition), Some(other)) = (condition.strip_prefix("value()"), other) {
                        let condition = condition.replace("!=", "<>");
                        others.push_str(&format!("[{condition}]{other};"));
                    }
                }
                Token::Close(name) if name == kind => break,
                _ => {}
            }
        }
        // An empty section shows nothing, and so does an empty style.
        others + &own
    }
}

/// Digits and decimals of a number.
fn digits(attributes: Attributes<'_>) -> String {
    let number = |name| attributes.get(name).and_then(|value| value.parse::<usize>().ok());
    let (least, most) = (number("min-decimal-places"), number("decimal-places"));
    let Some(most) = most.map(|most| most.min(30)) else { return "General".to_owned() };
    let least = least.unwrap_or(most).min(most);
    let mut code = String::from("0");
    if most > 0 {
        code.push('.');
        code.push_str(&"0".repeat(least));
        code.push_str(&"#".repeat(most - least));
    }
    let factor = attributes.get("display-factor").and_then(|factor| factor.parse::<f64>().ok());
    let commas = [1e3, 1e6, 1e9, 1e12].iter().position(|known| factor == Some(*known)).map_or(0, |at| at + 1);
    code.push_str(&",".repeat(commas));
    code
}

/// Words as they stand in a format code.
fn quoted(words: &str) -> String {
    words.split('"').map(|words| format!("\"{words}\"")).collect::<Vec<_>>().join("\\\"")
}

/// `0cm`
fn is_nothing(size: &str) -> bool {
    let number = size.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    number.parse() == Ok(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_styles_as_codes() {
        let text = r##"<a>
            <number:number-style style:name="N1"><number:number number:decimal-places="1" number:min-decimal-places="1" number:min-integer-digits="1" number:display-factor="1000000"/></number:number-style>
            <number:percentage-style style:name="N2"><number:number number:decimal-places="2" number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>
            <number:number-style style:name="N3"><number:number number:decimal-places="2" number:min-decimal-places="0"/><number:text> tạ</number:text></number:number-style>
            <number:number-style style:name="N4P0"><number:number number:decimal-places="0"/></number:number-style>
            <number:number-style style:name="N4"><number:text>-</number:text><number:number number:decimal-places="0"/><style:map style:condition="value()&gt;=0" style:apply-style-name="N4P0"/></number:number-style>
            <number:number-style style:name="N5"><number:number/></number:number-style>
            <style:style style:name="ce1" style:data-style-name="N2"><style:text-properties style:text-line-through-style="solid" fo:color="#FFFFFF"/></style:style>
            <style:style style:name="ro1"><style:table-row-properties style:row-height="0cm"/></style:style>
            </a>"##;
        let (mut tokens, mut styles, mut fonts) = (Tokens::new(text), Styles::default(), Fonts::default());
        while let Some(token) = tokens.next() {
            if let Token::Open(name, attributes) | Token::Empty(name, attributes) = token {
                styles.take(&mut tokens, name, attributes, &mut fonts);
            }
        }
        for (name, code) in
            [("N1", "0.0,,"), ("N2", "0.00%"), ("N3", "0.##\" tạ\""), ("N4", "[>=0]0;\"-\"0"), ("N5", "General")]
        {
            assert_eq!(styles.codes.get(name).map(|code| &**code), Some(code), "{name}");
        }
        let style = styles.cell("ce1").expect("there");
        assert_eq!((style.format.as_deref(), style.mark()), (Some("0.00%"), Mark::Unseen));
        assert!(styles.is_unseen("ro1") && !styles.is_unseen("ce1"));
    }
}
