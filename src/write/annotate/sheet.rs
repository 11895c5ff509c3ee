//! The sheet: the formats of the flagged cells, and the link to the drawing of the comments.

use std::collections::BTreeMap;

use super::{
    Flags, Refusal, Tone,
    styles::Styles,
    tag::{Edits, Tag, TagKind, split_mark, tags, with_attribute},
};
use crate::model::workbook::Position;

const PART: &str = "sheet";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/// What stands before `legacyDrawing` in a sheet (ECMA-376, `CT_Worksheet`).
const BEFORE: &[&str] = &[
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
];

/// What a sheet has already.
pub(super) struct Survey {
    /// Relation to the drawing of its comments and controls.
    pub drawing: Option<String>,
}

/// Looks at a sheet before it is changed.
pub(super) fn survey(text: &str) -> Result<Survey, Refusal> {
    let mut drawing = None;
    for tag in tags(split_mark(text).1, PART) {
        let tag = tag?;
        if tag.depth == 0 && tag.kind != TagKind::Close {
            let prefix = tag.prefix().trim_end_matches(':');
            let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
            if tag.name() != "worksheet" || !tag.raw.contains(&format!("{name}=\"{MAIN}\"")) {
                return Err(Refusal::Unclear("worksheet"));
            }
        }
        if tag.depth == 1 && tag.name() == "legacyDrawing" && tag.kind != TagKind::Close {
            drawing = Some(tag.get("id").ok_or(Refusal::Unclear("legacyDrawing"))?);
        }
    }
    Ok(Survey { drawing })
}

/// The sheet with its flagged cells coloured, and linked to a new drawing where `drawing` names its
/// relation.
pub(super) fn patch(
    text: &str,
    flags: &Flags,
    styles: &mut Styles<'_>,
    drawing: Option<&str>,
) -> Result<String, Refusal> {
    let (mark, body) = split_mark(text);
    let mut rows: BTreeMap<u32, BTreeMap<u32, Tone>> = BTreeMap::new();
    for (at, flag) in flags {
        rows.entry(at.row).or_default().insert(at.column, flag.tone);
    }
    let mut patch = Patch { styles, rows, edits: Edits::default(), columns: Vec::new(), prefix: String::new() };
    patch.cells(body)?;
    if let Some(id) = drawing {
        patch.link(body, id)?;
    }
    Ok(format!("{mark}{}", patch.edits.apply(body)))
}

struct Patch<'a, 'b> {
    styles: &'a mut Styles<'b>,
    /// Flagged cells that were not met yet.
    rows: BTreeMap<u32, BTreeMap<u32, Tone>>,
    edits: Edits,
    /// First and last column from one, and the format of their empty cells.
    columns: Vec<(u32, u32, u32)>,
    prefix: String,
}

/// The row that is being gone through.
struct Row<'a> {
    at: u32,
    tag: Tag<'a>,
    style: Option<u32>,
    left: BTreeMap<u32, Tone>,
    /// Columns of cells that had to be added.
    added: Vec<u32>,
}

impl Patch<'_, '_> {
    fn cells(&mut self, body: &str) -> Result<(), Refusal> {
        let mut inside = false;
        let mut row: Option<Row<'_>> = None;
        let (mut next_row, mut next_column) = (0, 0);
        for tag in tags(body, PART) {
            let tag = tag?;
            match (tag.depth, tag.name(), tag.kind) {
                (1, "sheetData", TagKind::Open) => {
                    inside = true;
                    tag.prefix().clone_into(&mut self.prefix);
                }
                (1, "sheetData", TagKind::Empty) => {
                    tag.prefix().clone_into(&mut self.prefix);
                    let rows = self.rows_before(u32::MAX)?;
                    let open = tag.raw.trim_end_matches("/>").trim_end();
                    self.edits.replace(tag.range, format!("{open}>{rows}</{}sheetData>", self.prefix));
                }
                (1, "sheetData", TagKind::Close) => {
                    inside = false;
                    let rows = self.rows_before(u32::MAX)?;
                    self.edits.insert(tag.range.start, rows);
                }
                (2, "col", TagKind::Open | TagKind::Empty) if !inside => {
                    if let (Some(min), Some(max), Some(style)) =
                        (tag.number("min"), tag.number("max"), tag.number("style"))
                    {
                        self.columns.push((min, max, style));
                    }
                }
                (2, "row", TagKind::Open | TagKind::Empty) if inside => {
                    let at = match tag.get("r") {
                        Some(number) => number
                            .trim()
                            .parse::<u32>()
                            .ok()
                            .and_then(|n| n.checked_sub(1))
                            .ok_or(Refusal::Unclear("row"))?,
                        None => next_row,
                    };
                    (next_row, next_column) = (at.saturating_add(1), 0);
                    let rows = self.rows_before(at)?;
                    self.edits.insert(tag.range.start, rows);
                    let has_style = tag.get("customFormat").is_some_and(|value| matches!(&*value, "1" | "true"));
                    let style = tag.number("s").filter(|_| has_style);
                    let left = self.rows.remove(&at).unwrap_or_default();
                    let kind = tag.kind;
                    let mut open = Row { at, tag, style, left, added: Vec::new() };
                    if kind == TagKind::Open {
                        row = Some(open);
                    } else if !open.left.is_empty() {
                        let cells = self.cells_before(&mut open, u32::MAX)?;
                        let tag = widened(open.tag.raw, &open);
                        let start = tag.trim_end_matches("/>").trim_end();
                        self.edits.replace(open.tag.range, format!("{start}>{cells}</{}row>", self.prefix));
                    }
                }
                (2, "row", TagKind::Close) if inside => {
                    let Some(mut open) = row.take() else { continue };
                    let cells = self.cells_before(&mut open, u32::MAX)?;
                    self.edits.insert(tag.range.start, cells);
                    let new = widened(open.tag.raw, &open);
                    if new != open.tag.raw {
                        self.edits.replace(open.tag.range, new);
                    }
                }
                (3, "c", TagKind::Open | TagKind::Empty) if inside => {
                    let Some(open) = &mut row else { return Err(Refusal::Unclear("row")) };
                    let column = match tag.get("r") {
                        Some(address) => {
                            let at = Position::parse(&address).filter(|at| at.row == open.at);
                            at.ok_or(Refusal::Unclear("c"))?.column
                        }
                        None => next_column,
                    };
                    next_column = column + 1;
                    if open.left.is_empty() {
                        continue;
                    }
                    let cells = self.cells_before(open, column)?;
                    self.edits.insert(tag.range.start, cells);
                    if let Some(tone) = open.left.remove(&column) {
                        let new = self.styles.coloured(tag.number("s").unwrap_or(0), tone)?;
                        self.edits.replace(tag.range, with_attribute(tag.raw, "s", &new.to_string()));
                    }
                }
                _ => {}
            }
        }
        // A sheet without a grid, such as a chart.
        if self.rows.is_empty() { Ok(()) } else { Err(Refusal::Unclear("sheetData")) }
    }

    /// Flagged cells of rows above `end` that the sheet does not have.
    fn rows_before(&mut self, end: u32) -> Result<String, Refusal> {
        let mut text = String::new();
        while let Some(entry) = self.rows.first_entry()
            && *entry.key() < end
        {
            let (at, cells) = entry.remove_entry();
            text.push_str(&format!("<{}row r=\"{}\">", self.prefix, at + 1));
            for (column, tone) in cells {
                text.push_str(&self.cell(Position::new(at, column), None, tone)?);
            }
            text.push_str(&format!("</{}row>", self.prefix));
        }
        Ok(text)
    }

    /// Flagged cells of a row left of `end` that the sheet does not have.
    fn cells_before(&mut self, row: &mut Row<'_>, end: u32) -> Result<String, Refusal> {
        let mut text = String::new();
        while let Some(entry) = row.left.first_entry()
            && *entry.key() < end
        {
            let (column, tone) = entry.remove_entry();
            text.push_str(&self.cell(Position::new(row.at, column), row.style, tone)?);
            row.added.push(column);
        }
        Ok(text)
    }

    /// An empty cell that looks as the row or the column makes it look, but for its fill.
    fn cell(&mut self, at: Position, row_style: Option<u32>, tone: Tone) -> Result<String, Refusal> {
        let number = at.column + 1;
        let column = self.columns.iter().find(|(min, max, _)| (*min..=*max).contains(&number));
        let old = row_style.or(column.map(|(_, _, style)| *style)).unwrap_or(0);
        let style = self.styles.coloured(old, tone)?;
        Ok(format!("<{}c r=\"{at}\" s=\"{style}\"/>", self.prefix))
    }

    /// Links the drawing of the comments, at the only place where the schema lets it stand.
    fn link(&mut self, body: &str, id: &str) -> Result<(), Refusal> {
        let (mut root, mut place) = (None, None);
        for tag in tags(body, PART) {
            let tag = tag?;
            if tag.depth == 0 && tag.kind == TagKind::Open {
                let bound = tag.bound(RELATIONS);
                let declared = if bound.is_some() { String::new() } else { format!(" xmlns:r=\"{RELATIONS}\"") };
                root = Some((tag.prefix().to_owned(), bound.unwrap_or_else(|| "r:".to_owned()), declared));
            }
            if tag.depth == 1 && tag.kind != TagKind::Open && BEFORE.contains(&tag.name()) {
                place = Some(tag.range.end);
            }
        }
        let (Some((own, relations, declared)), Some(place)) = (root, place) else {
            return Err(Refusal::Unclear(PART));
        };
        self.edits.insert(place, format!("<{own}legacyDrawing{declared} {relations}id=\"{id}\"/>"));
        Ok(())
    }
}

/// The tag of a row whose `spans` hold the cells that were added.
fn widened(raw: &str, row: &Row<'_>) -> String {
    let spans = row.tag.get("spans").and_then(|spans| {
        let (first, last) = spans.split_once(':')?;
        Some((first.trim().parse::<u32>().ok()?, last.trim().parse::<u32>().ok()?))
    });
    let (Some((first, last)), Some(low), Some(high)) = (spans, row.added.first(), row.added.last()) else {
        return raw.to_owned();
    };
    let (low, high) = (first.min(low + 1), last.max(high + 1));
    if (low, high) == (first, last) { raw.to_owned() } else { with_attribute(raw, "spans", &format!("{low}:{high}")) }
}
