//! Tags of a part with their place in it, so that only some bytes need to be changed.

use std::ops::Range;

use quick_xml::{Reader, events::Event};

use super::Refusal;

/// Kinds of tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TagKind {
    Open,
    Empty,
    Close,
}

/// A tag.
#[derive(Clone, Debug)]
pub(super) struct Tag<'a> {
    pub kind: TagKind,
    /// The whole of it, from `<` to `>`.
    pub raw: &'a str,
    /// Where it stands.
    pub range: Range<usize>,
    /// Elements around it: 0 for the root, for its closing tag too.
    pub depth: usize,
}

impl<'a> Tag<'a> {
    /// The name with its prefix.
    fn full_name(&self) -> &'a str {
        let inner = self.raw.trim_start_matches(['<', '/']).trim_end_matches(['>', '/']);
        inner.split(|c: char| c.is_ascii_whitespace()).next().unwrap_or(inner)
    }

    /// The name without its prefix.
    pub(super) fn name(&self) -> &'a str {
        local(self.full_name())
    }

    /// The prefix with its colon; empty where there is none.
    pub(super) fn prefix(&self) -> &'a str {
        let name = self.full_name();
        name.find(':').map_or("", |at| &name[..=at])
    }

    /// The value of an attribute by its local name, references resolved.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let (_, value) = attributes(self.raw).find(|(key, _)| local(&self.raw[key.clone()]) == name)?;
        quick_xml::escape::unescape(&self.raw[value]).ok().map(std::borrow::Cow::into_owned)
    }

    /// A numeric attribute.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.get(name)?.trim().parse().ok()
    }

    /// The prefix that is bound to a namespace here, with its colon.
    pub(super) fn bound(&self, namespace: &str) -> Option<String> {
        attributes(self.raw).find_map(|(key, value)| {
            let prefix = self.raw[key].strip_prefix("xmlns:")?;
            (&self.raw[value] == namespace).then(|| format!("{prefix}:"))
        })
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Names and values of the attributes of a tag that is well formed, as ranges of it.
fn attributes(raw: &str) -> impl Iterator<Item = (Range<usize>, Range<usize>)> + '_ {
    let bytes = raw.as_bytes();
    let mut at = bytes.iter().position(u8::is_ascii_whitespace).unwrap_or(bytes.len());
    std::iter::from_fn(move || {
        let start = at + bytes.get(at..)?.iter().position(|b| !b.is_ascii_whitespace())?;
        let equals = start + bytes.get(start..)?.iter().position(|b| *b == b'=')?;
        let open = equals + bytes.get(equals..)?.iter().position(|b| matches!(b, b'"' | b'\''))?;
        let close = open + 1 + bytes.get(open + 1..)?.iter().position(|b| *b == bytes[open])?;
        at = close + 1;
        Some((start..start + raw[start..equals].trim_ascii_end().len(), open + 1..close))
    })
}

/// The tag with an attribute set; the others stay as they are.
pub(super) fn with_attribute(raw: &str, name: &str, value: &str) -> String {
    if let Some((_, old)) = attributes(raw).find(|(key, _)| &raw[key.clone()] == name) {
        return format!("{}{value}{}", &raw[..old.start], &raw[old.end..]);
    }
    let end = raw.len() - if raw.ends_with("/>") { 2 } else { 1 };
    format!("{} {name}=\"{value}\"{}", raw[..end].trim_ascii_end(), &raw[end..])
}

/// The tags of a part, in order. `Err` where it is not well formed.
pub(super) fn tags<'a>(text: &'a str, part: &'static str) -> impl Iterator<Item = Result<Tag<'a>, Refusal>> {
    let mut reader = Reader::from_str(text);
    let mut depth = 0usize;
    let mut ended = false;
    std::iter::from_fn(move || {
        loop {
            if ended {
                return None;
            }
            let start = reader.buffer_position();
            let event = reader.read_event();
            let range = usize::try_from(start).ok()?..usize::try_from(reader.buffer_position()).ok()?;
            let (kind, at) = match event {
                Ok(Event::Start(_)) => {
                    depth += 1;
                    (TagKind::Open, depth - 1)
                }
                Ok(Event::Empty(_)) => (TagKind::Empty, depth),
                Ok(Event::End(_)) => {
                    depth = depth.saturating_sub(1);
                    (TagKind::Close, depth)
                }
                Ok(Event::Eof) => {
                    ended = true;
                    return (depth > 0).then_some(Err(Refusal::Unclear(part)));
                }
                Ok(_) => continue,
                Err(_) => {
                    ended = true;
                    return Some(Err(Refusal::Unclear(part)));
                }
            };
            let raw = text.get(range.clone()).filter(|raw| raw.starts_with('<') && raw.ends_with('>'));
            ended = raw.is_none();
            return Some(raw.map(|raw| Tag { kind, raw, range, depth: at }).ok_or(Refusal::Unclear(part)));
        }
    })
}

/// The content without a byte order mark, and the mark.
pub(super) fn split_mark(text: &str) -> (&str, &str) {
    let length = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    text.split_at(length)
}

/// Changes that do not overlap, each in place of a range.
#[derive(Debug, Default)]
pub(super) struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    pub(super) fn insert(&mut self, at: usize, text: String) {
        self.0.push((at..at, text));
    }

    pub(super) fn replace(&mut self, range: Range<usize>, text: String) {
        self.0.push((range, text));
    }

    /// The text with all changes made; those at one place in the order they were asked for.
    pub(super) fn apply(mut self, text: &str) -> String {
        self.0.sort_by_key(|(range, _)| range.start);
        let mut out = String::with_capacity(text.len() + self.0.iter().map(|(_, new)| new.len()).sum::<usize>());
        let mut at = 0;
        for (range, new) in self.0 {
            out.push_str(&text[at..range.start]);
            out.push_str(&new);
            at = range.end;
        }
        out.push_str(&text[at..]);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_know_their_place() {
        let text = "<?xml version='1.0'?>\r\n<x:a b='>'><!-- <c> --><c r=\"A&amp;1\" /><![CDATA[<d>]]></x:a>";
        let found: Vec<_> = tags(text, "x").collect::<Result<_, _>>().expect("well formed");
        let shown: Vec<_> = found.iter().map(|tag| (tag.kind, tag.prefix(), tag.name(), tag.depth)).collect();
        assert_eq!(
            shown,
            [(TagKind::Open, "x:", "a", 0), (TagKind::Empty, "", "c", 1), (TagKind::Close, "x:", "a", 0)]
        );
        assert_eq!(found[0].raw, "<x:a b='>'>");
        assert_eq!(found[1].get("r").as_deref(), Some("A&1"));
        for broken in ["<a>", "<a></b>", "<a", "<a><b></a>"] {
            assert!(tags(broken, "x").any(|tag| tag.is_err()), "{broken}");
        }
    }

    #[test]
    fn an_attribute_is_set_and_nothing_else() {
        for (raw, with) in [
            ("<c r=\"A1\" s='5' t=\"s\">", "<c r=\"A1\" s='9' t=\"s\">"),
            ("<c  r = \"A1\" />", "<c  r = \"A1\" s=\"9\"/>"),
            ("<c/>", "<c s=\"9\"/>"),
            ("<c x:s=\"1\">", "<c x:s=\"1\" s=\"9\">"),
        ] {
            assert_eq!(with_attribute(raw, "s", "9"), with);
        }
    }
}
