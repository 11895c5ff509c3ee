//! The rows of a list, written into the package as they come.
//!
//! Nothing of a row is kept once it is written, so a list of 200,000 readings needs no more memory
//! than one of ten, but for what the package itself takes. Texts stand in their cells (`inlineStr`)
//! and not in a table of shared ones, which would grow with the rows. Links to one file share its
//! relation and differ in their `location`, as `EPPlus` writes them too.
#![allow(clippy::float_arithmetic, reason = "lengths on paper are no figures of the office")]

use std::{
    borrow::Cow,
    collections::HashMap,
    fmt::Write as _,
    io::{self, Write},
};

use foldhash::fast::RandomState;

use super::{
    entry::{Entry, LONGEST, LOOKS, List, MOST_LINKS, PLAIN, SIZE, Target, push_number},
    link, paper,
    style::{cut, fits},
};
use crate::{model::workbook::column_name, values::number, write::escape::push_escaped};

const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
/// Bytes that go to the package at once.
const PORTION: usize = 1 << 16;

/// A list whose rows are still to be written.
pub(super) struct Stream<'a> {
    pub list: List<'a>,
    /// Its first row.
    pub first: u32,
    pub rows: u32,
    /// Widths of the columns in pixels.
    pub widths: Vec<u32>,
    /// Formats of each column, which stand in the first row one after another.
    pub looks: Vec<[bool; LOOKS]>,
}

impl Stream<'_> {
    /// Writes a sheet with the rows in the place of its first one, and gives the part with its
    /// relations, if it has any. `None` where the sheet is not as it was made.
    pub(super) fn write(&self, sheet: &str, out: &mut dyn Write) -> Option<io::Result<Option<String>>> {
        let pattern = format!("<row r=\"{}\"", self.first + 1);
        let start = sheet.find(&pattern)?;
        let end = start + sheet[start..].find("</row>")? + "</row>".len();
        let styles = self.styles(&sheet[start..end])?;
        let (head, tail) = (self.with_dimension(&sheet[..start])?, &sheet[end..]);
        let print = tail.find("<printOptions").or_else(|| tail.find("<pageMargins"))?;
        let mut rows = RowWriter::new(self, &styles);
        let mut outcome = out.write_all(head.as_bytes());
        (self.list.rows)(&mut |entries| {
            if outcome.is_ok() {
                rows.row(entries);
                if rows.xml.len() >= PORTION {
                    outcome = out.write_all(rows.xml.as_bytes());
                    rows.xml.clear();
                }
            }
        });
        let mut end = || {
            out.write_all(rows.xml.as_bytes())?;
            out.write_all(&tail.as_bytes()[..print])?;
            if !rows.links.is_empty() {
                out.write_all(b"<hyperlinks>")?;
                out.write_all(rows.links.as_bytes())?;
                out.write_all(b"</hyperlinks>")?;
            }
            out.write_all(&tail.as_bytes()[print..])
        };
        Some(outcome.and_then(|()| end()).map(|()| rows.relations()))
    }

    /// Numbers of the formats of each column.
    fn styles(&self, pattern: &str) -> Option<Vec<[u32; LOOKS]>> {
        let mut numbers = pattern.split(" s=\"").skip(1).map(|rest| rest.split('"').next()?.parse().ok());
        let of = |looks: &[bool; LOOKS]| {
            let mut styles = [0; LOOKS];
            for (style, _) in styles.iter_mut().zip(looks).filter(|(_, is_used)| **is_used) {
                *style = numbers.next()??;
            }
            Some(styles)
        };
        self.looks.iter().map(of).collect()
    }

    /// The head of the sheet with the area that the rows will fill.
    fn with_dimension(&self, head: &str) -> Option<String> {
        const BEFORE: &str = "<dimension ref=\"";
        let start = head.find(BEFORE)? + BEFORE.len();
        let end = start + head[start..].find('"')?;
        let last = column_name(u32::try_from(self.list.columns.len()).ok()?.max(1) - 1);
        Some(format!("{}A1:{last}{}{}", &head[..start], self.first + self.rows, &head[end..]))
    }
}

/// What a column holds in the row above: most texts repeat from row to row.
#[derive(Default)]
struct Above {
    text: String,
    /// The cell behind its style, as XML.
    xml: String,
    lines: u32,
}

struct RowWriter<'a, 's> {
    stream: &'a Stream<'s>,
    columns: Vec<(String, [u32; LOOKS], f64)>,
    above: Vec<Above>,
    /// Number of the next row, from one.
    row: u32,
    /// Heights by lines.
    heights: Vec<String>,
    xml: String,
    links: String,
    linked: u32,
    /// Numbers of the relations of the files that links lead to.
    files: HashMap<String, Option<usize>, RandomState>,
    targets: Vec<String>,
}

impl<'a, 's> RowWriter<'a, 's> {
    fn new(stream: &'a Stream<'s>, styles: &[[u32; LOOKS]]) -> Self {
        let columns: Vec<_> = (0u32..)
            .zip(styles)
            .zip(&stream.widths)
            .map(|((at, styles), width)| (column_name(at), *styles, f64::from(*width)))
            .collect();
        Self {
            stream,
            above: columns.iter().map(|_| Above::default()).collect(),
            columns,
            row: stream.first + 1,
            heights: Vec::new(),
            xml: String::with_capacity(PORTION + PORTION / 4),
            links: String::new(),
            linked: 0,
            files: HashMap::default(),
            targets: Vec::new(),
        }
    }

    fn row(&mut self, entries: &[Entry<'_>]) {
        let list = &self.stream.list;
        let mut lines = 1;
        let row = self.row.to_string();
        let start = self.xml.len();
        for (at, entry) in entries.iter().enumerate() {
            let mut look = entry.look();
            if let Entry::Link(target, text) = entry
                && !self.link(*target, text, at)
            {
                look = PLAIN;
            }
            let (name, styles, width) = &self.columns[at];
            for piece in ["<c r=\"", name, &row, "\" s=\""] {
                self.xml.push_str(piece);
            }
            push_whole(&mut self.xml, styles[look]);
            match entry {
                Entry::Blank => self.xml.push_str("\"/>"),
                Entry::Number(value, _) if fits(*value) => {
                    self.xml.push_str("\"><v>");
                    number::push_plain(&mut self.xml, *value);
                    self.xml.push_str("</v></c>");
                }
                Entry::Number(value, decimals) => {
                    let mut text = String::new();
                    push_number(&mut text, *value, *decimals, list.language);
                    lines = lines.max(push_cell(&mut self.xml, &mut self.above[at], &text, *width));
                }
                Entry::Name(text) => {
                    push_cell(&mut self.xml, &mut self.above[at], text, *width);
                }
                Entry::Text(text) | Entry::Strong(text) | Entry::Link(_, text) => {
                    lines = lines.max(push_cell(&mut self.xml, &mut self.above[at], text, *width));
                }
            }
        }
        self.xml.push_str("</row>");
        let height = self.height(lines);
        // How high the row is comes out of its cells.
        let tag = format!("<row r=\"{row}\" ht=\"{height}\" customHeight=\"1\">");
        self.xml.insert_str(start, &tag);
        self.row += 1;
    }

    /// Notes the link of a cell; false where it cannot be one.
    fn link(&mut self, target: Target<'_>, text: &str, column: usize) -> bool {
        if self.linked >= MOST_LINKS {
            return false;
        }
        let start = self.links.len();
        let row = self.row;
        let cell = &self.columns[column].0;
        let _ = write!(self.links, "<hyperlink ref=\"{cell}{row}\"");
        match target {
            Target::Form(at) => {
                let location = link::location(self.stream.list.form, at);
                push_attribute(&mut self.links, "location", &location);
                push_attribute(&mut self.links, "display", &cut(text, LONGEST));
            }
            Target::Source { file, sheet, cell } => {
                let location = link::place(file, sheet, cell);
                let Some(number) = self.file(file, location.as_deref()) else {
                    self.links.truncate(start);
                    return false;
                };
                let _ = write!(self.links, " r:id=\"rId{number}\"");
                if let Some(location) = location {
                    push_attribute(&mut self.links, "location", &location);
                }
                push_attribute(&mut self.links, "tooltip", &cut(file, link::LONGEST_HINT));
            }
        }
        self.links.push_str("/>");
        self.linked += 1;
        true
    }

    /// The number of the relation of a file. `None` where the link would be too long.
    fn file(&mut self, file: &str, location: Option<&str>) -> Option<usize> {
        let number = if let Some(number) = self.files.get(file) {
            (*number)?
        } else {
            let target = link::target(self.stream.list.sources, file);
            let number = link::fits(&target, None).then_some(self.targets.len() + 1);
            self.targets.extend(number.map(|_| target));
            self.files.insert(file.to_owned(), number);
            number?
        };
        link::fits(self.targets.get(number - 1)?, location).then_some(number)
    }

    /// The part with the relations of the files.
    fn relations(&self) -> Option<String> {
        if self.targets.is_empty() {
            return None;
        }
        let mut part = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"{RELATIONS}\">"
        );
        for (number, target) in (1..).zip(&self.targets) {
            let _ = write!(part, "<Relationship Id=\"rId{number}\" Type=\"{KIND}\"");
            push_attribute(&mut part, "Target", target);
            part.push_str(" TargetMode=\"External\"/>");
        }
        part.push_str("</Relationships>");
        Some(part)
    }

    fn height(&mut self, lines: u32) -> &str {
        let at = lines as usize;
        while self.heights.len() <= at {
            let lines = u32::try_from(self.heights.len()).unwrap_or(u32::MAX);
            self.heights.push(paper::row_points(lines, SIZE, 2.5).to_string());
        }
        &self.heights[at]
    }
}

/// Writes the rest of a cell with a text, and gives its lines.
fn push_cell(xml: &mut String, above: &mut Above, text: &str, width: f64) -> u32 {
    if above.xml.is_empty() || above.text != text {
        above.text.clear();
        above.text.push_str(text);
        let shown = cut(text, LONGEST);
        above.lines = paper::lines(&shown, width, SIZE, false);
        above.xml.clear();
        // Spaces at the ends and line breaks would be lost else.
        let keeps = shown.starts_with([' ', '\n', '\t']) || shown.ends_with([' ', '\n', '\t']);
        above.xml.push_str("\" t=\"inlineStr\"><is><t");
        above.xml.push_str(if keeps { " xml:space=\"preserve\">" } else { ">" });
        push_escaped(&mut above.xml, &literal(&shown));
        above.xml.push_str("</t></is></c>");
    }
    xml.push_str(&above.xml);
    above.lines
}

fn push_attribute(xml: &mut String, name: &str, value: &str) {
    for piece in [" ", name, "=\""] {
        xml.push_str(piece);
    }
    push_escaped(xml, value);
    xml.push('"');
}

/// A text in which nothing stands for another letter: `_x0041_` would be read as `A`.
fn literal(text: &str) -> Cow<'_, str> {
    let is_code = |at: usize| {
        let code = text.as_bytes().get(at + 2..at + 7);
        code.is_some_and(|code| code[4] == b'_' && code[..4].iter().all(u8::is_ascii_hexdigit))
    };
    let mut literal = Cow::Borrowed(text);
    let codes: Vec<usize> = text.match_indices("_x").map(|(at, _)| at).filter(|at| is_code(*at)).collect();
    for at in codes.into_iter().rev() {
        literal.to_mut().insert_str(at, "_x005F");
    }
    literal
}

fn push_whole(out: &mut String, number: u32) {
    let _ = write!(out, "{number}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_in_a_text_stand_for_themselves() {
        assert_eq!(literal("a_x0041_b_x00"), "a_x005F_x0041_b_x00");
        assert_eq!(literal("_x0041_x0042_"), "_x005F_x0041_x005F_x0042_");
        assert_eq!(literal("_xđđ_"), "_xđđ_");
    }

    #[test]
    fn a_text_that_repeats_is_the_same_cell() {
        let (mut xml, mut above) = (String::new(), Above::default());
        for text in ["a < b ", "a < b ", ""] {
            push_cell(&mut xml, &mut above, text, 100.0);
        }
        let cell = "\" t=\"inlineStr\"><is><t xml:space=\"preserve\">a &lt; b </t></is></c>";
        assert_eq!(xml, format!("{cell}{cell}\" t=\"inlineStr\"><is><t></t></is></c>"));
    }
}
