//! The little of XML that spreadsheets use: attributes, text with references, parts in any
//! of the encodings that XML allows.

use std::borrow::Cow;

use encoding_rs::Encoding;

/// One piece of a document. Names come without their prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `<name attributes>`
    Open(&'a str, Attributes<'a>),
    /// `<name attributes/>`
    Empty(&'a str, Attributes<'a>),
    /// `</name>`
    Close(&'a str),
    /// Text between tags, its references unresolved.
    Text(&'a str),
    /// What stands in a CDATA section.
    Data(&'a str),
}

/// The pieces of a document in memory, borrowed from it.
///
/// What breaks if this is changed: it sees every byte of every workbook. A general XML reader
/// spends a fifth of the whole reading on checks that nothing here relies on: names and nesting
/// are not checked, comments, processing instructions and the document type are skipped and
/// entities are never defined, so nothing in a document can make it grow.
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    broken: bool,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, broken: false }
    }

    /// Where the next piece begins.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// What comes next.
    pub(super) fn rest(&self) -> &'a [u8] {
        &self.text.as_bytes()[self.at..]
    }

    /// Moves on by this many bytes, behind something that was read without help.
    pub(super) fn skip(&mut self, length: usize) {
        self.at += length;
    }

    /// Whether the document ended inside a tag, a comment or the like.
    pub(super) fn is_broken(&self) -> bool {
        self.broken
    }

    /// Skips to behind the end of the element that was just opened, whatever it holds.
    pub(super) fn skip_element(&mut self, name: &str) {
        let mut depth = 1u32;
        for token in self {
            match token {
                Token::Open(inner, _) if inner == name => depth += 1,
                Token::Close(inner) if inner == name => {
                    depth -= 1;
                    if depth == 0 {
                        return;
                    }
                }
                _ => {}
            }
        }
    }

    /// Appends all text up to the end of the element that was just opened.
    pub(super) fn text_to(&mut self, name: &str, out: &mut String) {
        for token in self {
            match token {
                Token::Close(inner) if inner == name => return,
                token => token.push_text(out),
            }
        }
    }

    /// The text between `before` and `after`, where they come next with nothing but plain text between
    /// them, and moves behind it. Nearly all cells hold no more than that, and as single pieces it costs
    /// several times as much. Text with references is left to the pieces.
    pub(super) fn plain<const B: usize, const A: usize>(
        &mut self,
        before: &[u8; B],
        after: &[u8; A],
    ) -> Option<&'a str> {
        let (begins, rest) = self.rest().split_first_chunk()?;
        if begins != before {
            return None;
        }
        let length = rest.iter().position(|byte| matches!(byte, b'<' | b'&' | b'\r'))?;
        if rest[length..].first_chunk() != Some(after) {
            return None;
        }
        let start = self.at + B;
        self.at = start + length + A;
        Some(&self.text[start..start + length])
    }

    /// Moves behind the next `end` from `from`; false, and at the end, when there is none.
    fn past(&mut self, from: usize, end: &str) -> bool {
        let found = self.text.get(from..).and_then(|rest| rest.find(end));
        self.broken |= found.is_none();
        self.at = found.map_or(self.text.len(), |at| from + at + end.len());
        found.is_some()
    }

    /// `<!...`: a comment, a CDATA section or a document type.
    fn declaration(&mut self) -> Option<Token<'a>> {
        let start = self.at;
        let rest = &self.text[start..];
        if rest.starts_with("<!--") {
            self.past(start + 4, "-->");
        } else if rest.starts_with("<![CDATA[") {
            let whole = self.past(start + 9, "]]>");
            return Some(Token::Data(&self.text[start + 9..self.at - if whole { 3 } else { 0 }]));
        } else {
            // A document type may hold declarations in brackets.
            let head = rest.find('>').unwrap_or(rest.len());
            let brackets = rest[..head].contains('[');
            self.past(start, if brackets { "]>" } else { ">" });
        }
        None
    }

    fn tag(&mut self) -> Option<Token<'a>> {
        let bytes = self.text.as_bytes();
        let start = self.at + 1;
        let (mut at, mut name_start) = (start, start);
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n' => break,
                b':' => name_start = at + 1,
                _ => {}
            }
            at += 1;
        }
        let name_end = at;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'>' => {
                    self.at = at + 1;
                    let empty = bytes[at - 1] == b'/' && at > name_end;
                    let name = &self.text[name_start..name_end];
                    let attributes = Attributes(&self.text[name_end..at - usize::from(empty)]);
                    return Some(if empty { Token::Empty(name, attributes) } else { Token::Open(name, attributes) });
                }
                b'"' | b'\'' => {
                    at += 1;
                    while bytes.get(at).is_some_and(|&inner| inner != byte) {
                        at += 1;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        self.at = bytes.len();
        self.broken = true;
        None
    }

    fn closing(&mut self) -> Option<Token<'a>> {
        let bytes = self.text.as_bytes();
        let mut start = self.at + 2;
        let mut at = start;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'>' => {
                    self.at = at + 1;
                    return Some(Token::Close(self.text[start..at].trim_ascii_end()));
                }
                b':' => start = at + 1,
                _ => {}
            }
            at += 1;
        }
        self.at = bytes.len();
        self.broken = true;
        None
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let bytes = self.text.as_bytes();
        while self.at < bytes.len() {
            if bytes[self.at] != b'<' {
                let start = self.at;
                let length = bytes[start..].iter().position(|&byte| byte == b'<');
                self.at = length.map_or(bytes.len(), |length| start + length);
                return Some(Token::Text(&self.text[start..self.at]));
            }
            match bytes.get(self.at + 1) {
                Some(b'/') => return self.closing(),
                Some(b'?') => {
                    self.past(self.at, "?>");
                }
                Some(b'!') => {
                    if let Some(token) = self.declaration() {
                        return Some(token);
                    }
                }
                Some(_) => return self.tag(),
                None => {
                    self.at = bytes.len();
                    self.broken = true;
                }
            }
        }
        None
    }
}

impl Token<'_> {
    /// Appends the text of this piece, if it has any.
    pub(super) fn push_text(self, out: &mut String) {
        match self {
            Token::Text(text) if text.bytes().any(|byte| byte == b'&' || byte == b'\r') => {
                out.push_str(&unescape(&text.replace("\r\n", "\n")));
            }
            Token::Text(text) | Token::Data(text) => out.push_str(text),
            Token::Open(..) | Token::Empty(..) | Token::Close(_) => {}
        }
    }
}

/// The attributes of a tag: names with their prefix, values with their references.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attributes<'a>(&'a str);

impl<'a> Attributes<'a> {
    /// As they stand.
    pub(super) fn written(self) -> &'a str {
        self.0
    }

    /// The value of an attribute by its local name.
    pub(super) fn get(self, name: &str) -> Option<&'a str> {
        let is_it = |key: &str| key.strip_suffix(name).is_some_and(|prefix| prefix.is_empty() || prefix.ends_with(':'));
        self.into_iter().find(|(key, _)| is_it(key)).map(|(_, value)| value)
    }
}

impl<'a> IntoIterator for Attributes<'a> {
    type Item = (&'a str, &'a str);
    type IntoIter = AttributeIter<'a>;

    fn into_iter(self) -> AttributeIter<'a> {
        AttributeIter { text: self.0, at: 0 }
    }
}

/// Goes through [`Attributes`].
pub(super) struct AttributeIter<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for AttributeIter<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        let bytes = self.text.as_bytes();
        let past_space = |mut at: usize| {
            while bytes.get(at)?.is_ascii_whitespace() {
                at += 1;
            }
            Some(at)
        };
        let to = |mut at: usize, end: u8| {
            while *bytes.get(at)? != end {
                at += 1;
            }
            Some(at)
        };
        let start = past_space(self.at)?;
        let equals = to(start, b'=')?;
        let open = past_space(equals + 1)?;
        let quote = bytes[open];
        if quote != b'"' && quote != b'\'' {
            return None;
        }
        let close = to(open + 1, quote)?;
        self.at = close + 1;
        Some((self.text[start..equals].trim_ascii_end(), &self.text[open + 1..close]))
    }
}

/// A name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// A true attribute: `1`, `true` or `on`.
pub(super) fn is_true(value: &str) -> bool {
    matches!(value, "1" | "true" | "on")
}

/// Resolves references to characters, the five named ones of XML and `&nbsp;`; others stay as
/// they are.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte == b'&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        // The longest that means anything: `&#1114111;`, leading zeros aside.
        let end = rest.bytes().take(16).position(|byte| byte == b';');
        match end.and_then(|end| Some((referred(&rest[..end])?, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => out.push('&'),
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn referred(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{A0}',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    })
}

/// Turns the `_x000D_` of Office Open XML into the characters they stand for.
pub(super) fn unescape_office(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        let code = rest.get(at + 2..at + 6).filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let code = code.filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        if let Some(c) = code.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32) {
            out.push(c);
            rest = &rest[at + 7..];
        } else {
            out.push_str("_x");
            rest = &rest[at + 2..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// How a part that begins with these bytes is written: UTF-8, which can be read piece by piece, or
/// some other encoding.
pub(super) fn is_utf8(start: &[u8]) -> bool {
    let wide = matches!(start, [b'<', 0, ..] | [0, b'<', ..]);
    match Encoding::for_bom(start) {
        Some((encoding, _)) => encoding == encoding_rs::UTF_8,
        None => !wide && declared(start).is_none_or(|encoding| encoding == encoding_rs::UTF_8),
    }
}

/// A part as text: UTF-8, or what its byte order mark or its declaration says.
pub(super) fn text(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.starts_with('\u{FEFF}') {
                text.drain(..'\u{FEFF}'.len_utf8());
            }
            text
        }
        Err(error) => decode(error.as_bytes()).into_owned(),
    }
}

fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, bom)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[bom..]).0;
    }
    let encoding = match bytes {
        [b'<', 0, ..] => encoding_rs::UTF_16LE,
        [0, b'<', ..] => encoding_rs::UTF_16BE,
        _ => declared(bytes).unwrap_or(encoding_rs::UTF_8),
    };
    encoding.decode_without_bom_handling(bytes).0
}

/// What `<?xml encoding="..."?>` says.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    let (declaration, _) = head.split_once("?>")?;
    let (_, after) = declaration.split_once("encoding")?;
    let name = after.trim_start_matches(['=', ' ', '"', '\'']);
    Encoding::for_label(name.split(['"', '\'']).next()?.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_of_any_shape() {
        let text = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e \"<y>\">]><!-- <c> --><x:a b='>' c=\"/\">t&amp;\
                    <![CDATA[<&]]><d/><e f='1' /></x:a >";
        let tokens: Vec<_> = Tokens::new(text).collect();
        assert_eq!(
            tokens,
            [
                Token::Open("a", Attributes(" b='>' c=\"/\"")),
                Token::Text("t&amp;"),
                Token::Data("<&"),
                Token::Empty("d", Attributes("")),
                Token::Empty("e", Attributes(" f='1' ")),
                Token::Close("a"),
            ]
        );
        for broken in ["<", "<a", "<a b='", "<a b='>", "</a", "<!-- ", "<![CDATA[x", "<?xml", "<!DOCTYPE [", "a<"] {
            let mut tokens = Tokens::new(broken);
            assert!(tokens.by_ref().all(|token| matches!(token, Token::Text(_) | Token::Data(_))), "{broken}");
            assert!(tokens.is_broken(), "{broken}");
        }
    }

    #[test]
    fn plain_text_and_nothing_else() {
        for (text, plain) in [
            ("<v>1.5</v></c><c>", Some("1.5")),
            ("<v></v></c>", Some("")),
            ("<v>ạ</v></c>ạ", Some("ạ")),
            ("<v>a&amp;b</v></c>", None),
            ("<v>a\r\n</v></c>", None),
            ("<v>1</v><extLst/></c>", None),
            ("<v>1</v ></c>", None),
            ("<v>1<!-- --></v></c>", None),
            ("<v>1</v></", None),
            ("<v>1", None),
            ("<v", None),
            ("<f>1</f><v>1</v></c>", None),
            ("", None),
        ] {
            let mut tokens = Tokens::new(text);
            assert_eq!(tokens.plain(b"<v>", b"</v></c>"), plain, "{text}");
            assert_eq!(tokens.at, plain.map_or(0, |plain| "<v></v></c>".len() + plain.len()), "{text}");
        }
        assert_eq!(Tokens::new("<f>A1+B1</f><v>1</v>").plain(b"<f>", b"</f>"), Some("A1+B1"));
        assert_eq!(Tokens::new("<f t=\"shared\" si=\"0\">A1</f>").plain(b"<f>", b"</f>"), None);
    }

    #[test]
    fn attributes_of_any_shape() {
        let all: Vec<_> = Attributes(r#" r="A1"  s = '5' x:t="a&amp;b" broken"#).into_iter().collect();
        assert_eq!(all, [("r", "A1"), ("s", "5"), ("x:t", "a&amp;b")]);
        assert_eq!(Attributes(r#"r:id="rId1" sheetId="2""#).get("id"), Some("rId1"));
        for broken in ["r=", "r", "", " = ", "r=x", "r='"] {
            assert_eq!(Attributes(broken).into_iter().count(), 0, "{broken}");
        }
    }

    #[test]
    fn references() {
        assert_eq!(unescape("a&amp;b &lt;&#x1EA1;&#7841;&nbsp;"), "a&b <ạạ\u{A0}");
        for kept in ["a&b", "&", "&;", "&x;", "&#;", "&#xD800;", "&#99999999999;", "&ạạạạạạạạạạạạ;"]
        {
            assert_eq!(unescape(kept), kept);
        }
    }

    #[test]
    fn office_escapes() {
        assert_eq!(unescape_office("a_x000D_b_x005F_x0041_"), "a\rb_x0041_");
        assert_eq!(unescape_office("_xyz_x12"), "_xyz_x12");
        assert_eq!(unescape_office("_xạạạạ_"), "_xạạạạ_");
    }

    #[test]
    fn encodings() {
        assert_eq!(text(b"\xEF\xBB\xBF<a/>".to_vec()), "<a/>");
        assert_eq!(text(vec![0xFF, 0xFE, b'<', 0, b'a', 0]), "<a");
        assert_eq!(text(vec![b'<', 0, 0xE1, 0x1E]), "<ạ".replace('ạ', "\u{1EE1}"));
        let latin = b"<?xml version=\"1.0\" encoding=\"windows-1252\"?><a>\xE9</a>".to_vec();
        assert!(text(latin).ends_with("<a>é</a>"));
    }
}
