//! Texts of strangers in XML, HTML, addresses and terminals.

use std::{borrow::Cow, fmt};

use askama::filters::{Escaper, Html};

/// A text without the characters that neither XML nor HTML holds, escaped or not: controls other than line breaks
/// and tabs. What writes the text escapes it.
pub(super) fn printed(text: &str) -> Cow<'_, str> {
    let is_unfit = |letter: char| {
        letter.is_control() && letter != '\n' && letter != '\t' || matches!(letter, '\u{fffe}' | '\u{ffff}')
    };
    if text.contains(is_unfit) { text.replace(is_unfit, "").into() } else { text.into() }
}

/// Appends a text as content or attribute in double quotes of XML. What XML does not take is left out
/// of it already. By hand since it sees every cell of a workbook that is written, and `quick-xml` gives a text back
/// and has line breaks of attributes for itself alone.
pub(super) fn push_escaped(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\n', '\t']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\n' => "&#10;",
            _ => "&#9;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// A text as it is shown to people: marks that turn the direction of what follows, and make a cell or
/// a name look other than it is, stand there by their number. Data for programs keep them.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    let turns = |letter: char| matches!(letter, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !text.contains(turns) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if turns(letter) {
            shown.push_str(&format!("⟨U+{:04X}⟩", u32::from(letter)));
        } else {
            shown.push(letter);
        }
    }
    shown.into()
}

/// How the templates of pages escape: what turns the direction of a text is made visible, what no page holds left out.
#[derive(Clone, Copy)]
pub(super) struct Drawn;

impl Escaper for Drawn {
    fn write_escaped_str<W: fmt::Write>(&self, dest: W, text: &str) -> fmt::Result {
        Html.write_escaped_str(dest, &printed(&visible(text)))
    }
}

/// A text for a terminal: without the control characters that would steer it, and with those that
/// would turn the direction of what follows made visible. Line breaks and tabs stay.
pub fn printable(text: &str) -> Cow<'_, str> {
    let steers = |letter: char| letter.is_control() && letter != '\n' && letter != '\t';
    let shown = visible(text);
    if shown.contains(steers) { shown.replace(steers, "").into() } else { shown }
}

/// The path of a file as an address (RFC 3986): relative where the path is.
pub(crate) fn address(path: &str) -> String {
    let mut address = String::with_capacity(path.len());
    let absolute = path.starts_with(['/', '\\']) || path.get(1..3).is_some_and(|drive| drive == ":\\" || drive == ":/");
    if absolute {
        address.push_str("file://");
        if !path.starts_with(['/', '\\']) {
            address.push('/');
        }
    }
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            b'\\' => address.push('/'),
            // A drive is known by its colon.
            b':' if absolute && at == 1 => address.push(':'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => address.push(byte.into()),
            other => address.push_str(&format!("%{other:02X}")),
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out() -> fmt::Result {
        let mut page = String::new();
        Drawn.write_escaped_str(&mut page, "<b a=\"x\" c='y'>&\u{0}\u{1b}\nĐ\u{202e}")?;
        assert_eq!(page, "&#60;b a=&#34;x&#34; c=&#39;y&#39;&#62;&#38;\nĐ⟨U+202E⟩");
        Ok(())
    }

    #[test]
    fn marks_that_turn_the_direction_are_seen() {
        let name = "a\u{202e}xslx.b\u{2069}\u{200f}\u{61c}";
        let seen = "a⟨U+202E⟩xslx.b⟨U+2069⟩⟨U+200F⟩⟨U+061C⟩";
        assert_eq!((&*visible(name), &*printable(name)), (seen, seen));
        assert_eq!(printed(name), name, "programs get what is there");
        assert!(matches!(visible("Đàn trâu"), Cow::Borrowed(_)));
    }

    #[test]
    fn addresses() {
        assert_eq!(address("hồ sơ/a&b #1.xlsx"), "h%E1%BB%93%20s%C6%A1/a%26b%20%231.xlsx");
        assert_eq!(address("/x/a.xlsx"), "file:///x/a.xlsx");
        assert_eq!(address("C:\\x\\a.xlsx"), "file:///C:/x/a.xlsx");
    }
}
