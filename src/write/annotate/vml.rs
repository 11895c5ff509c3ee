//! The boxes that comments are shown in, in the drawing language of Office 2000, which is what the
//! format still wants for them.

use super::{Flags, Refusal};
use crate::model::workbook::Position;

pub(super) const CONTENT_TYPE: &str = "application/vnd.openxmlformats-officedocument.vmlDrawing";
const SPACES: [(&str, &str); 3] = [
    ("v", "urn:schemas-microsoft-com:vml"),
    ("o", "urn:schemas-microsoft-com:office:office"),
    ("x", "urn:schemas-microsoft-com:office:excel"),
];
const KIND: &str = "_x0000_t202";
/// Columns of a box, and letters on a line of it.
const COLUMNS: u32 = 5;
const LETTERS: usize = 44;
const LAST_COLUMN: u32 = 16_383;
const LAST_ROW: u32 = 1_048_575;
/// Rows of a box.
const ROWS: std::ops::RangeInclusive<usize> = 4..=40;

/// A drawing with the boxes of some cells; `number` tells it from the others of the workbook.
pub(super) fn create(number: usize, flags: &Flags, cells: &[Position]) -> String {
    let spaces = SPACES.map(declaration).concat();
    let boxes = boxes(number * 1024 + 1, flags, cells, "");
    format!(
        "<xml{spaces}><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"{number}\"/></o:shapelayout>{}{boxes}</xml>",
        kind("")
    )
}

/// A drawing with boxes added. It may be no well-formed XML, since Excel does not mind, so it is only
/// looked through.
pub(super) fn add(old: &str, flags: &Flags, cells: &[Position]) -> Result<String, Refusal> {
    let refused = || Refusal::Unclear("vmlDrawing");
    let end = old.rfind("</xml>").ok_or_else(refused)?;
    let root = old.find("<xml").and_then(|start| old[start..].split('>').next()).ok_or_else(refused)?;
    let mut missing = SPACES.map(declaration).to_vec();
    missing.retain(|declaration| !root.contains(declaration.as_str()));
    let missing = missing.concat();
    let ids = old.split("_x0000_s").skip(1).filter_map(|rest| {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).map_or(rest, |end| &rest[..end]);
        digits.parse::<usize>().ok()
    });
    let first = ids.max().unwrap_or(1024).checked_add(1).ok_or_else(refused)?;
    let kind = if old.contains(KIND) { String::new() } else { kind(&missing) };
    let boxes = boxes(first, flags, cells, &missing);
    Ok(format!("{}{kind}{boxes}{}", &old[..end], &old[end..]))
}

fn declaration((prefix, space): (&str, &str)) -> String {
    format!(" xmlns:{prefix}=\"{space}\"")
}

fn kind(spaces: &str) -> String {
    format!(
        "<v:shapetype{spaces} id=\"{KIND}\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>"
    )
}

fn boxes(first: usize, flags: &Flags, cells: &[Position], spaces: &str) -> String {
    let mut text = String::new();
    for (id, cell) in (first..).zip(cells) {
        let Position { row, column } = *cell;
        let lines = flags
            .get(cell)
            .map_or(0, |flag| flag.text.split('\n').map(|line| 1 + line.chars().count() / LETTERS).sum::<usize>());
        let rows = u32::try_from(lines.clamp(*ROWS.start(), *ROWS.end())).unwrap_or(4);
        let left = (column + 1).min(LAST_COLUMN - COLUMNS);
        let top = row.saturating_sub(1).min(LAST_ROW - rows);
        let (right, bottom) = (left + COLUMNS, top + rows);
        text.push_str(&format!(
            "<v:shape{spaces} id=\"_x0000_s{id}\" type=\"#{KIND}\" style=\"position:absolute;visibility:hidden\" fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/><v:textbox style=\"mso-direction-alt:auto\"><div style=\"text-align:left\"></div></v:textbox><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{left}, 15, {top}, 10, {right}, 15, {bottom}, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
        ));
    }
    text
}
