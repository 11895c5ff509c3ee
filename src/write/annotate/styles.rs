//! Cell formats: a copy of the own format of each flagged cell, with another fill and nothing else.

use std::{collections::BTreeMap, ops::Range};

use super::{
    Refusal, Tone,
    tag::{Edits, TagKind, split_mark, tags, with_attribute},
};
use crate::model::finding::Severity;

const PART: &str = "styles";
/// Light red, light yellow and the faint blue of what only shows that another cell is wrong. Black letters
/// are read well on them, also in print without colour.
const COLOURS: [(Tone, &str); 3] = [
    (Tone::Flagged(Severity::Error), "FFFFB3A7"),
    (Tone::Flagged(Severity::Warning), "FFFFE699"),
    (Tone::Symptom, "FFDCE6F1"),
];
/// What is neither gets the colour of a warning.
const OTHER: usize = 1;

/// The formats of a workbook, and those to be added.
pub(super) struct Styles<'a> {
    text: &'a str,
    fills: List,
    formats: List,
    /// Each format from its opening tag to its end.
    known: Vec<(Range<usize>, Range<usize>)>,
    wanted: Vec<(u32, Tone)>,
    numbers: BTreeMap<(u32, Tone), u32>,
}

/// A list of elements in the part.
#[derive(Clone, Debug, Default)]
struct List {
    open: Range<usize>,
    close: usize,
    prefix: String,
    count: u32,
}

impl<'a> Styles<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, Refusal> {
        let (mark, body) = split_mark(text);
        let shift = mark.len();
        let (mut fills, mut formats) = (List::default(), List::default());
        let mut known: Vec<(Range<usize>, Range<usize>)> = Vec::new();
        let mut inside = None;
        for tag in tags(body, PART) {
            let tag = tag?;
            let range = tag.range.start + shift..tag.range.end + shift;
            if tag.depth == 1 {
                let list = match tag.name() {
                    "fills" => &mut fills,
                    "cellXfs" => &mut formats,
                    _ => {
                        inside = None;
                        continue;
                    }
                };
                match tag.kind {
                    TagKind::Open => {
                        (list.open, list.prefix) = (range, tag.prefix().to_owned());
                        inside = Some(tag.name());
                    }
                    TagKind::Close => list.close = range.start,
                    TagKind::Empty => return Err(Refusal::Unclear(PART)),
                }
            } else if tag.depth == 2 {
                match (inside, tag.name(), tag.kind) {
                    (Some("fills"), "fill", TagKind::Open | TagKind::Empty) => fills.count += 1,
                    (Some("cellXfs"), "xf", TagKind::Open | TagKind::Empty) => {
                        formats.count += 1;
                        known.push((range.clone(), range));
                    }
                    (Some("cellXfs"), "xf", TagKind::Close) => {
                        if let Some((_, whole)) = known.last_mut() {
                            whole.end = range.end;
                        }
                    }
                    (None, _, _) | (_, "fill" | "extLst", _) => {}
                    (Some(_), _, _) => return Err(Refusal::Unclear(PART)),
                }
            }
        }
        if fills.close == 0 || formats.close == 0 || known.is_empty() {
            return Err(Refusal::Unclear(PART));
        }
        Ok(Self { text, fills, formats, known, wanted: Vec::new(), numbers: BTreeMap::new() })
    }

    /// The number of the format that is `old` with the colour of a severity.
    pub(super) fn coloured(&mut self, old: u32, tone: Tone) -> Result<u32, Refusal> {
        if let Some(number) = self.numbers.get(&(old, tone)) {
            return Ok(*number);
        }
        if old as usize >= self.known.len() {
            return Err(Refusal::Unclear(PART));
        }
        let number = self.formats.count + u32::try_from(self.wanted.len()).map_err(|_| Refusal::TooLarge)?;
        self.wanted.push((old, tone));
        self.numbers.insert((old, tone), number);
        Ok(number)
    }

    /// The part with what was asked for.
    pub(super) fn finish(self) -> String {
        let mut edits = Edits::default();
        let p = &self.fills.prefix;
        let fills = COLOURS.map(|(_, colour)| {
            format!(
                "<{p}fill><{p}patternFill patternType=\"solid\"><{p}fgColor rgb=\"{colour}\"/><{p}bgColor indexed=\"64\"/></{p}patternFill></{p}fill>"
            )
        });
        let mut formats = String::new();
        for (old, tone) in &self.wanted {
            let (open, whole) = &self.known[*old as usize];
            let colour = COLOURS.iter().position(|(known, _)| known == tone).unwrap_or(OTHER);
            let fill = self.fills.count as usize + colour;
            let tag = with_attribute(&self.text[open.clone()], "fillId", &fill.to_string());
            formats.push_str(&with_attribute(&tag, "applyFill", "1"));
            formats.push_str(&self.text[open.end..whole.end]);
        }
        let lists = [(&self.fills, fills.concat(), COLOURS.len()), (&self.formats, formats, self.wanted.len())];
        for (list, new, more) in lists {
            let count = (list.count as usize + more).to_string();
            edits.replace(list.open.clone(), with_attribute(&self.text[list.open.clone()], "count", &count));
            edits.insert(list.close, new);
        }
        edits.apply(self.text)
    }
}
