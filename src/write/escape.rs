//! Texts of strangers in XML, HTML, addresses and terminals.

use std::borrow::Cow;

/// A text as content or attribute of XML and HTML. Control characters, which neither takes, are
/// dropped; line breaks survive in attributes too.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + text.len() / 8);
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' => safe.push_str("&#10;"),
            '\t' => safe.push_str("&#9;"),
            '\u{fffe}' | '\u{ffff}' => {}
            control if control.is_control() => {}
            other => safe.push(other),
        }
    }
    safe
}

/// A text for a terminal: without the control characters that would steer it, and those that would
/// turn the direction of what follows. Line breaks and tabs stay.
pub fn printable(text: &str) -> Cow<'_, str> {
    let steers = |letter: char| {
        let turns =
            matches!(letter, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        turns || (letter.is_control() && letter != '\n' && letter != '\t')
    };
    if text.contains(steers) { text.replace(steers, "").into() } else { text.into() }
}

/// The path of a file as an address (RFC 3986): relative where the path is.
pub(super) fn address(path: &str) -> String {
    let mut address = String::with_capacity(path.len());
    let absolute = path.starts_with(['/', '\\']) || path.get(1..3).is_some_and(|drive| drive == ":\\" || drive == ":/");
    if absolute {
        address.push_str("file://");
        if !path.starts_with(['/', '\\']) {
            address.push('/');
        }
    }
    for byte in path.bytes() {
        match byte {
            b'\\' => address.push('/'),
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
    fn nothing_breaks_out() {
        assert_eq!(escaped("<b a=\"x\" c='y'>&\u{0}\u{1b}\nĐ"), "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;&#10;Đ");
    }

    #[test]
    fn addresses() {
        assert_eq!(address("hồ sơ/a&b #1.xlsx"), "h%E1%BB%93%20s%C6%A1/a%26b%20%231.xlsx");
        assert_eq!(address("/x/a.xlsx"), "file:///x/a.xlsx");
        assert_eq!(address("C:\\x\\a.xlsx"), "file:///C%3A/x/a.xlsx");
    }
}
