//! The comments of a sheet.

use quick_xml::escape::escape;

use super::{
    Flags, Refusal,
    tag::{Edits, TagKind, split_mark, tags},
};
use crate::{
    model::workbook::Position,
    write::escape::{printed, visible},
};

pub(super) const CONTENT_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml";
const PART: &str = "comments";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const AUTHOR: &str = "bieu";

/// The comments with those of the flags, and the cells that had none: these need a shape. A comment
/// that is there already keeps its text, and gets ours behind it. Of a conversation, whose text newer
/// programs take from another part, that is the text for older ones; the cell is coloured for all.
pub(super) fn add(old: Option<&str>, flags: &Flags) -> Result<(String, Vec<Position>), Refusal> {
    let empty = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<comments xmlns=\"{MAIN}\"><authors></authors><commentList></commentList></comments>"
    );
    let (mark, body) = split_mark(old.unwrap_or(&empty));
    let mut edits = Edits::default();
    let mut authors = 0_usize;
    let mut left: Vec<Position> = flags.keys().copied().collect();
    let mut at = None;
    // Where the text of a flagged comment ends.
    let mut end = 0;
    let mut list = None;
    for tag in tags(body, PART) {
        let tag = tag?;
        let p = tag.prefix();
        match (tag.depth, tag.name(), tag.kind) {
            (1, "authors", TagKind::Close) => edits.insert(tag.range.start, format!("<{p}author>{AUTHOR}</{p}author>")),
            (1, "authors", TagKind::Empty) => {
                edits.replace(tag.range, format!("<{p}authors><{p}author>{AUTHOR}</{p}author></{p}authors>"));
            }
            (2, "author", TagKind::Open | TagKind::Empty) => authors += 1,
            (1, "commentList", TagKind::Close) => list = Some((tag.range, false, p.to_owned())),
            (1, "commentList", TagKind::Empty) => list = Some((tag.range, true, p.to_owned())),
            (2, "comment", TagKind::Open) => {
                let cell = tag.get("ref").and_then(|cell| Position::parse(cell.split(':').next()?));
                at = cell.filter(|cell| flags.contains_key(cell));
            }
            // A plain text becomes a run, since runs cannot follow one.
            (4, "t", TagKind::Open) if at.is_some() => edits.insert(tag.range.start, format!("<{p}r>")),
            (4, "t", TagKind::Close) if at.is_some() => {
                edits.insert(tag.range.end, format!("</{p}r>"));
                end = tag.range.end;
            }
            (3, "text", TagKind::Open) | (4, "r", TagKind::Close) => end = tag.range.end,
            (3, "text", TagKind::Close) => {
                if let Some(flag) = at.and_then(|at| flags.get(&at)) {
                    edits.insert(end, run(p, &format!("\n\n{}", flag.text)));
                    left.retain(|cell| Some(*cell) != at);
                    at = None;
                }
            }
            (3, "text", TagKind::Empty) => {
                if let Some(flag) = at.and_then(|at| flags.get(&at)) {
                    edits.replace(tag.range, format!("<{p}text>{}</{p}text>", run(p, &flag.text)));
                    left.retain(|cell| Some(*cell) != at);
                    at = None;
                }
            }
            _ => {}
        }
    }
    let (range, is_empty, p) = list.ok_or(Refusal::Unclear(PART))?;
    let author = authors;
    let mut new = String::new();
    for cell in &left {
        let Some(flag) = flags.get(cell) else { continue };
        let run = run(&p, &flag.text);
        new.push_str(&format!(
            "<{p}comment ref=\"{cell}\" authorId=\"{author}\"><{p}text>{run}</{p}text></{p}comment>"
        ));
    }
    if is_empty {
        edits.replace(range, format!("<{p}commentList>{new}</{p}commentList>"));
    } else {
        edits.insert(range.start, new);
    }
    Ok((format!("{mark}{}", edits.apply(body)), left))
}

/// A run of text. `_x0041_` would be read as a letter, so its first sign is written that way.
fn run(prefix: &str, text: &str) -> String {
    let p = prefix;
    let text = text.replace("_x", "_x005F_x");
    let text = escape(printed(&visible(&text))).into_owned();
    format!(
        "<{p}r><{p}rPr><{p}sz val=\"9\"/><{p}color indexed=\"81\"/><{p}rFont val=\"Tahoma\"/><{p}family val=\"2\"/></{p}rPr><{p}t xml:space=\"preserve\">{text}</{p}t></{p}r>"
    )
}
