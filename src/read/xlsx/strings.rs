//! The shared strings, and rich text as it stands in cells.

use crate::read::error::TooMuch;
use crate::read::{
    builder::{Fonts, Strings, Text},
    context::{FileError, ReadContext},
    rich::Run,
    xml::{self, Attributes, Token, Tokens},
};

/// `<si/>`, the shortest entry there is.
const SHORTEST: u64 = 5;

/// Reads the part. A list that breaks off keeps what it has: each cell that points past its end
/// is reported by itself.
pub(super) fn read(text: &str, fonts: &mut Fonts, cx: &ReadContext<'_>) -> Result<Strings, FileError> {
    let mut strings = Strings::default();
    let (mut buffer, mut runs) = (String::new(), Vec::new());
    let mut tokens = Tokens::new(text);
    while let Some(token) = tokens.next() {
        match token {
            Token::Open("sst", attributes) => check_count(attributes, text, cx)?,
            Token::Open("si", _) => {
                buffer.clear();
                runs.clear();
                rich(&mut tokens, "si", &mut buffer, |font, length, raised| {
                    runs.push(Run { font: if font.is_empty() { 0 } else { fonts.id(font) }, length, raised });
                });
                let whole = strings.push_rich(&xml::unescape_office(&buffer), &runs, fonts);
                check_number(whole, strings.len(), cx)?;
            }
            Token::Empty("si", _) => {
                let whole = strings.push(Text::new(""));
                check_number(whole, strings.len(), cx)?;
            }
            _ => {}
        }
    }
    Ok(strings)
}

/// Empty strings take five bytes in the file and more in memory.
fn check_number(whole: bool, strings: usize, cx: &ReadContext<'_>) -> Result<(), FileError> {
    if !whole || strings as u64 > cx.limits.cells { Err(cx.too_many_strings()) } else { Ok(()) }
}

/// A count that the part cannot hold makes other programs ask for all the memory there is.
fn check_count(attributes: Attributes<'_>, text: &str, cx: &ReadContext<'_>) -> Result<(), FileError> {
    let Some(claimed) = attributes.get("uniqueCount") else { return Ok(()) };
    let most = text.len() as u64 / SHORTEST + 1;
    // Counts that are a little off are common and harmless; nothing here relies on them.
    if claimed.parse().map_or(claimed.bytes().all(|b| b.is_ascii_digit()), |claimed: u64| claimed > most.max(1 << 20)) {
        return Err(cx.too_much(TooMuch::ClaimedStrings { claimed: claimed.to_owned(), most }));
    }
    Ok(())
}

/// Appends the text inside an element, runs joined, phonetic hints left out. `run` is told the
/// font of each run, if it has one, its length, and whether it stands above the line.
pub(super) fn rich(tokens: &mut Tokens<'_>, element: &str, out: &mut String, mut run: impl FnMut(&str, usize, bool)) {
    let (mut in_text, mut phonetic) = (false, false);
    let (mut font, mut start, mut raised) = ("", 0, false);
    for token in tokens {
        match token {
            Token::Open("t", _) => in_text = true,
            Token::Close("t") => in_text = false,
            Token::Open("r", _) => (font, start, raised) = ("", out.len(), false),
            Token::Empty("rFont", attributes) | Token::Open("rFont", attributes) => {
                font = attributes.get("val").unwrap_or_default();
            }
            Token::Empty("vertAlign", attributes) | Token::Open("vertAlign", attributes) => {
                raised = attributes.get("val") == Some("superscript");
            }
            Token::Close("r") => run(&xml::unescape(font), out[start..].chars().count(), raised),
            Token::Open("rPh", _) => phonetic = true,
            Token::Close("rPh") => phonetic = false,
            Token::Close(name) if name == element => return,
            token if in_text && !phonetic => token.push_text(out),
            _ => {}
        }
    }
}
