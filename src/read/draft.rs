//! A sheet while it is being read: cells in the order of the file, texts still as stored.

use std::sync::Arc;

use super::format::{self, Kind};
use crate::{
    text::font_draws_capitals,
    workbook::{Area, Cell, GRID_COLUMNS, GRID_ROWS, Position, Row, Sheet, Value},
};

/// Merged areas kept of one sheet. More than these are no table, and every look-up walks them.
const MERGES: usize = 100_000;

/// Number of a font in [`Drafts::fonts`]; 0 is the unknown font.
pub(super) type FontId = u16;

/// Where a text stands, and in which font: what decoding needs beside the text itself.
#[derive(Clone, Copy)]
pub(super) struct TextAt {
    pub(super) at: Position,
    pub(super) font: FontId,
}

/// A stored text and what a look at its letters says.
#[derive(Clone)]
pub(super) struct Text {
    pub(super) stored: Arc<str>,
    script: Script,
    /// The font of most of its letters, where that is not the font of the cell.
    font: Option<FontId>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    /// ASCII that means itself in every encoding.
    Ascii,
    /// Vietnamese that only Unicode explains, composed.
    Unicode,
    /// Anything that [`text::decode`](crate::text::decode) should see.
    Open,
}

impl Text {
    pub(super) fn new(text: &str) -> Self {
        Self { stored: Arc::from(text), script: script(text), font: None }
    }

    /// A text whose parts have fonts of their own: characters in each, as far as known.
    pub(super) fn with_runs(text: &str, runs: &[(FontId, usize)]) -> Self {
        let length = text.chars().count();
        let in_font = |font| runs.iter().filter(|run| run.0 == font).map(|run| run.1).sum::<usize>();
        let font = runs.iter().map(|run| run.0).find(|&font| in_font(font) * 2 > length);
        Self { font, ..Self::new(text) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.stored.is_empty()
    }
}

fn script(text: &str) -> Script {
    let (mut beyond, mut open) = (false, false);
    for c in text.chars() {
        match c {
            // Marks of VIQR, and letters of all encodings: nothing once a letter is seen that only
            // Unicode has.
            '^' | '`' | '~' | '\'' | '?' | '.' | '+' | '*' | '(' | '\\' | 'à' | 'á' | 'â' | 'ã' | 'è' | 'é' | 'ê'
            | 'ì' | 'í' | 'ò' | 'ó' | 'ô' | 'õ' | 'ù' | 'ú' | 'ý' | 'À' | 'Á' | 'Â' | 'Ã' | 'È' | 'É' | 'Ê' | 'Ì'
            | 'Í' | 'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ù' | 'Ú' | 'Ý' => open = true,
            '\0'..='\u{7F}' | '–' | '—' | '‘' | '’' | '“' | '”' | '…' => {}
            'Ă' | 'ă' | 'Đ' | 'đ' | 'Ĩ' | 'ĩ' | 'Ũ' | 'ũ' | 'Ơ' | 'ơ' | 'Ư' | 'ư' | '\u{1EA0}'..='\u{1EF9}' =>
            {
                beyond = true;
            }
            _ => return Script::Open,
        }
    }
    match (beyond, open) {
        (true, _) => Script::Unicode,
        (false, true) => Script::Open,
        (false, false) => Script::Ascii,
    }
}

/// What is kept of a cell format.
#[derive(Clone, Default)]
pub(super) struct Style {
    pub(super) kind: Kind,
    pub(super) format: Option<Arc<str>>,
    pub(super) font: FontId,
}

impl Style {
    /// A style with this format code; the general format is none.
    pub(super) fn with_code(code: Option<&str>, font: FontId) -> Self {
        let code = code.filter(|code| !code.is_empty() && !code.eq_ignore_ascii_case("general"));
        Self { kind: code.map_or(Kind::Number, format::kind), format: code.map(Arc::from), font }
    }
}

/// What a cell has beside its value.
#[derive(Default)]
pub(super) struct Dress {
    pub(super) formula: Option<Arc<str>>,
    pub(super) format: Option<Arc<str>>,
}

/// One sheet in the making.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) sheet: Sheet,
    /// The text cells that have to be decoded, sorted by place once [`Draft::finish`] has run.
    pub(super) texts: Vec<TextAt>,
    /// Cells of each font that surely are Unicode, and so need no decoding.
    pub(super) unicode: Vec<u32>,
    unsorted: bool,
    hidden_rows: Vec<Span>,
    hidden_columns: Vec<Span>,
}

/// First and last of some rows or columns.
type Span = (u32, u32);

/// Every sheet of a workbook in the making.
#[derive(Default)]
pub(super) struct Drafts {
    pub(super) sheets: Vec<Draft>,
    pub(super) fonts: Fonts,
}

/// Names of the fonts, by [`FontId`].
pub(super) struct Fonts(Vec<Font>);

struct Font {
    name: String,
    draws_capitals: bool,
}

impl Default for Fonts {
    fn default() -> Self {
        Self(vec![Font { name: String::new(), draws_capitals: false }])
    }
}

impl Fonts {
    /// The number of a font; fonts of one name have one number.
    pub(super) fn id(&mut self, name: &str) -> FontId {
        let known = self.0.iter().position(|font| font.name == name);
        let at = known.unwrap_or_else(|| {
            self.0.push(Font { name: name.to_owned(), draws_capitals: font_draws_capitals(name) });
            self.0.len() - 1
        });
        // A workbook of 65,536 fonts loses its hints, not its text.
        FontId::try_from(at).unwrap_or(0)
    }

    /// The name, unless the font is unknown.
    pub(super) fn name(&self, id: FontId) -> Option<&str> {
        self.0.get(usize::from(id)).map(|font| &*font.name).filter(|name| !name.is_empty())
    }

    fn draws_capitals(&self, id: FontId) -> bool {
        self.0.get(usize::from(id)).is_some_and(|font| font.draws_capitals)
    }
}

impl Draft {
    pub(super) fn new(name: &str, hidden: bool) -> Self {
        Self { sheet: Sheet { name: Arc::from(name), hidden, ..Sheet::default() }, ..Self::default() }
    }

    /// Adds a cell that holds text.
    ///
    /// The text is noted for decoding where that could change it.
    pub(super) fn push_text(&mut self, at: Position, text: &Text, font: FontId, fonts: &Fonts, dress: Dress) {
        let font = text.font.unwrap_or(font);
        match text.script {
            Script::Ascii if !fonts.draws_capitals(font) => {}
            Script::Unicode => {
                let id = usize::from(font);
                if self.unicode.len() <= id {
                    self.unicode.resize(id + 1, 0);
                }
                self.unicode[id] += 1;
            }
            Script::Ascii | Script::Open => self.texts.push(TextAt { at, font }),
        }
        let Dress { formula, format } = dress;
        self.push(at.row, Cell { column: at.column, value: Value::Text(text.stored.clone()), formula, format });
    }

    /// Adds a cell. Order does not matter; in order is fastest.
    pub(super) fn push(&mut self, row: u32, cell: Cell) {
        match self.sheet.rows.last_mut() {
            Some(last) if last.row == row => {
                self.unsorted |= last.cells.last().is_some_and(|before| before.column >= cell.column);
                last.cells.push(cell);
            }
            last => {
                self.unsorted |= last.as_ref().is_some_and(|last| last.row > row);
                // Rows of one table are alike.
                let mut cells = Vec::with_capacity(last.map_or(4, |last| last.cells.len()));
                cells.push(cell);
                self.sheet.rows.push(Row { row, cells });
            }
        }
    }

    /// Adds a merged area as far as it lies inside the grid, unless it is a single cell, turned round,
    /// or one too many.
    pub(super) fn merge(&mut self, area: Area) {
        let Area { first, last } = area;
        let last = Position::new(last.row.min(GRID_ROWS - 1), last.column.min(GRID_COLUMNS - 1));
        if first != last && first.row <= last.row && first.column <= last.column && self.sheet.merges.len() < MERGES {
            self.sheet.merges.push(Area { first, last });
        }
    }

    /// Hides rows `first..=last`.
    pub(super) fn hide_rows(&mut self, first: u32, last: u32) {
        extend(&mut self.hidden_rows, first, last);
    }

    /// Hides columns `first..=last`.
    pub(super) fn hide_columns(&mut self, first: u32, last: u32) {
        extend(&mut self.hidden_columns, first, last);
    }

    /// Brings everything into the order that [`Sheet`] promises. Of two cells at one address
    /// the last one in the file stays, as in a spreadsheet program.
    pub(super) fn finish(&mut self) {
        if self.unsorted {
            self.sort();
        }
        if let Some(Area { last, .. }) = self.sheet.used_area() {
            self.sheet.hidden_rows = numbers(std::mem::take(&mut self.hidden_rows), last.row);
            self.sheet.hidden_columns = numbers(std::mem::take(&mut self.hidden_columns), last.column);
        }
    }

    fn sort(&mut self) {
        let rows = &mut self.sheet.rows;
        rows.sort_by_key(|row| row.row);
        rows.dedup_by(|later, kept| {
            let same = later.row == kept.row;
            if same {
                kept.cells.append(&mut later.cells);
            }
            same
        });
        for row in rows {
            row.cells.sort_by_key(|cell| cell.column);
            row.cells.dedup_by(|later, kept| {
                let same = later.column == kept.column;
                if same {
                    std::mem::swap(later, kept);
                }
                same
            });
        }
        // Stable, so that of two fonts at one address the later one comes last and is kept.
        self.texts.sort_by_key(|text| text.at);
        self.texts.dedup_by(|later, kept| {
            let same = later.at == kept.at;
            if same {
                kept.font = later.font;
            }
            same
        });
        self.unsorted = false;
    }
}

/// Adds a span, to the one before where it follows on it.
fn extend(spans: &mut Vec<Span>, first: u32, last: u32) {
    match spans.last_mut() {
        Some(before) if before.0 <= first && first <= before.1.saturating_add(1) => before.1 = before.1.max(last),
        _ => spans.push((first, last)),
    }
}

/// The numbers in spans, sorted, up to `last`: behind it nothing is filled, and a program may hide
/// a million rows there.
fn numbers(mut spans: Vec<Span>, last: u32) -> Vec<u32> {
    spans.sort_unstable();
    let mut numbers = Vec::new();
    let mut next = 0;
    for (from, to) in spans {
        numbers.extend(from.max(next)..=to.min(last));
        next = next.max(to.saturating_add(1));
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_spans() {
        assert_eq!(numbers(vec![(5, 6), (0, 1), (1, 2), (6, u32::MAX)], 8), [0, 1, 2, 5, 6, 7, 8]);
        assert_eq!(numbers(vec![(9, 20)], 8), [0; 0]);
        let mut spans = Vec::new();
        for row in 0..100 {
            extend(&mut spans, row, row);
        }
        assert_eq!(spans, [(0, 99)]);
    }

    #[test]
    fn cells_out_of_order() {
        let number =
            |column, value: &str| Cell { column, value: Value::Error(value.into()), formula: None, format: None };
        let mut draft = Draft::new("x", false);
        for (row, column, value) in [(5, 1, "a"), (5, 0, "b"), (2, 3, "c"), (5, 1, "d"), (2, 3, "e")] {
            draft.push(row, number(column, value));
        }
        draft.finish();
        let rows = &draft.sheet.rows;
        assert_eq!(rows.iter().map(|row| row.row).collect::<Vec<_>>(), [2, 5]);
        assert_eq!(rows[0].cells, [number(3, "e")]);
        assert_eq!(rows[1].cells, [number(0, "b"), number(1, "d")]);
    }

    #[test]
    fn scripts() {
        for (text, expected) in [
            ("Ha", Script::Ascii),
            ("", Script::Ascii),
            ("1 - 2", Script::Ascii),
            ("Diện tích", Script::Unicode),
            ("Lúa", Script::Open),
            ("DiÖn tÝch", Script::Open),
            ("Die^.n", Script::Open),
            ("m²", Script::Open),
            ("Die\u{323}n", Script::Open),
            ("Diện tích \u{201C}x\u{201D}", Script::Unicode),
            ("Diện m²", Script::Open),
        ] {
            assert!(script(text) == expected, "{text}");
        }
    }
}
