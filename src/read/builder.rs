//! A sheet while it is being read: cells in the order of the file, texts still as stored.

use std::sync::Arc;

pub(super) use super::fonts::{FontId, Fonts};
use super::{
    format::{self, FormatKind},
    rich::{self, Run},
};
use crate::{
    model::workbook::{
        Area, Filler, GRID_COLUMNS, GRID_ROWS, Letters, Mark, NewCell, Packed, Position, Sheet, Slot, TextTable, Value,
    },
    values::number::StoredNumber,
};

/// Merged areas kept of one sheet. More than these are no table, and every look-up walks them.
const MERGES: usize = 100_000;

/// A text as it stands in the file, and what a look at its letters says.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    pub(super) stored: &'a str,
    look: Look,
}

#[derive(Clone, Copy)]
struct Look {
    script: Script,
    /// The font of most of its letters, where that is not the font of the cell.
    font: Option<FontId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    /// ASCII that means itself in every encoding.
    Ascii,
    /// Vietnamese that only Unicode explains, composed.
    Unicode,
    /// Anything that [`text::decode`](crate::values::text::decode) should see.
    Open,
}

impl<'a> Text<'a> {
    pub(super) fn new(stored: &'a str) -> Self {
        Self { stored, look: Look { script: script(stored), font: None } }
    }

    /// A text whose parts have fonts of their own: characters in each, as far as known.
    pub(super) fn with_runs(stored: &'a str, runs: &[Run]) -> Self {
        let mut text = Self::new(stored);
        if !runs.is_empty() {
            let length = stored.chars().count();
            let in_font = |font| runs.iter().filter(|run| run.font == font).map(|run| run.length).sum::<usize>();
            text.look.font = runs.iter().map(|run| run.font).find(|&font| font != 0 && in_font(font) * 2 > length);
        }
        text
    }

    /// A text that was read part by part and needs no decoding.
    pub(super) fn decoded(text: &'a str) -> Self {
        Self { stored: text, look: Look { script: Script::Unicode, font: None } }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.stored.is_empty()
    }

    /// Bytes that it takes.
    pub(super) fn length(&self) -> usize {
        self.stored.len()
    }
}

/// Texts that the cells of a workbook share.
#[derive(Default)]
pub(super) struct Strings {
    texts: TextTable,
    looks: Vec<Look>,
}

impl Strings {
    /// Adds a text whose parts have fonts of their own; false once there is no room for more.
    pub(super) fn push_rich(&mut self, text: &str, runs: &[Run], fonts: &Fonts) -> bool {
        match rich::told_apart(text, runs, fonts) {
            Some(read) => self.push(Text::decoded(&read)),
            None => self.push(Text::with_runs(text, runs)),
        }
    }

    /// Adds a text; false once there is no room for more.
    pub(super) fn push(&mut self, text: Text<'_>) -> bool {
        let added = self.texts.push(text.stored).is_some();
        if added {
            self.looks.push(text.look);
        }
        added
    }

    pub(super) fn len(&self) -> usize {
        self.looks.len()
    }

    /// What is needed of them once all cells are read.
    pub(super) fn into_texts(self) -> TextTable {
        self.texts
    }

    /// The text with this number.
    pub(super) fn get(&self, number: usize) -> Option<SharedText> {
        let look = *self.looks.get(number)?;
        let index = u32::try_from(number).ok()?;
        Some(SharedText { number, is_empty: self.texts.get(index).is_empty(), look })
    }
}

/// A text of [`Strings`].
#[derive(Clone, Copy)]
pub(super) struct SharedText {
    number: usize,
    pub(super) is_empty: bool,
    look: Look,
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

/// Widths of columns that are kept.
const MOST_WIDTHS: usize = 1024;

/// What is kept of a cell format.
#[derive(Clone, Default)]
pub(super) struct Style {
    pub(super) kind: FormatKind,
    pub(super) format: Option<Arc<str>>,
    pub(super) font: FontId,
    pub(super) mark: Mark,
    pub(super) letters: Letters,
}

impl Style {
    /// The general format in an unknown font.
    pub(super) const fn plain() -> Self {
        Self {
            kind: FormatKind::Number,
            format: None,
            font: 0,
            mark: Mark::None,
            letters: Letters::new(false, false, None),
        }
    }

    /// A style with this format code; the general format is none.
    pub(super) fn with_code(code: Option<&str>, font: FontId) -> Self {
        let code = code.filter(|code| !code.is_empty() && !code.eq_ignore_ascii_case("general"));
        Self { kind: code.map_or(FormatKind::Number, format::kind), format: code.map(Arc::from), font, ..Self::plain() }
    }
}

/// What a cell has beside its value.
#[derive(Clone, Default)]
pub(super) struct CellStyle<'a> {
    pub(super) formula: Option<Arc<str>>,
    pub(super) format: Option<&'a Arc<str>>,
    pub(super) mark: Mark,
    pub(super) letters: Letters,
}

/// One sheet in the making.
#[derive(Default)]
pub(super) struct SheetBuilder {
    pub(super) sheet: Sheet,
    /// Cells of each font that surely are Unicode, and so need no decoding.
    pub(super) unicode: Vec<u32>,
    filler: Filler,
    hidden_rows: Vec<Span>,
    hidden_columns: Vec<Span>,
}

/// First and last of some rows or columns.
type Span = (u32, u32);

/// Every sheet of a workbook in the making.
#[derive(Default)]
pub(super) struct WorkbookBuilder {
    pub(super) sheets: Vec<SheetBuilder>,
    pub(super) fonts: Fonts,
    /// Texts that cells share, where the format has such.
    pub(super) shared: TextTable,
}

impl SheetBuilder {
    pub(super) fn new(name: &str, hidden: bool) -> Self {
        Self { sheet: Sheet { name: Arc::from(name), hidden, ..Sheet::default() }, ..Self::default() }
    }

    /// Whether there is no cell yet.
    pub(super) fn is_empty(&mut self) -> bool {
        self.sheet.is_empty() && self.filler.last().is_none()
    }

    /// Adds a cell that holds text.
    ///
    /// The text is marked for decoding where that could change it.
    pub(super) fn push_text(
        &mut self,
        at: Position,
        text: Text<'_>,
        font: FontId,
        fonts: &Fonts,
        dress: CellStyle<'_>,
    ) {
        let content = Filler::pack(&mut self.sheet.store, Value::Text(text.stored));
        self.push_looked(at, content, text.look, font, fonts, dress);
    }

    /// Adds a cell that holds a shared text.
    pub(super) fn push_shared(
        &mut self,
        at: Position,
        text: SharedText,
        font: FontId,
        fonts: &Fonts,
        dress: CellStyle<'_>,
    ) {
        self.push_looked(at, Filler::shared(text.number), text.look, font, fonts, dress);
    }

    fn push_looked(
        &mut self,
        at: Position,
        content: Option<Packed>,
        look: Look,
        font: FontId,
        fonts: &Fonts,
        dress: CellStyle<'_>,
    ) {
        let font = look.font.unwrap_or(font);
        match look.script {
            Script::Ascii if !fonts.draws_capitals(font) => self.push_packed(at, content, 0, dress),
            Script::Unicode => {
                let id = usize::from(font);
                if self.unicode.len() <= id {
                    self.unicode.resize(id + 1, 0);
                }
                self.unicode[id] += 1;
                self.push_packed(at, content, 0, dress);
            }
            Script::Ascii | Script::Open => self.push_packed(at, content.map(Packed::opened), font, dress),
        }
    }

    /// Adds a cell. Order does not matter; in order is fastest.
    pub(super) fn push(&mut self, at: Position, value: Value<'_>, dress: CellStyle<'_>) {
        let content = Filler::pack(&mut self.sheet.store, value);
        self.push_packed(at, content, 0, dress);
    }

    /// Adds a number of few digits: `mantissa` without its point, and its decimals.
    pub(super) fn push_short(&mut self, at: Position, (mantissa, decimals): (i64, u32), dress: CellStyle<'_>) {
        match Filler::short(mantissa, decimals) {
            Some(content) => self.push_packed(at, Some(content), 0, dress),
            None => self.push(at, Value::Number(StoredNumber::from_short(mantissa, decimals)), dress),
        }
    }

    /// The tables have room for more than the limits let in.
    fn push_packed(&mut self, at: Position, content: Option<Packed>, font: FontId, dress: CellStyle<'_>) {
        let (Some(content), Ok(column)) = (content, u16::try_from(at.column)) else { return };
        let store = &mut self.sheet.store;
        let slot = Slot {
            column,
            format: self.filler.format(store, dress.format),
            font,
            mark: dress.mark,
            letters: dress.letters,
        };
        self.filler.push(store, at.row, NewCell { slot, content, formula: dress.formula });
    }

    /// Gives columns a width, in hundredths; more of them than a sheet has are not kept.
    pub(super) fn widen(&mut self, first: u32, last: u32, width: u32) {
        if self.sheet.widths.len() < MOST_WIDTHS {
            self.sheet.widths.push((first, last, width));
        }
    }

    /// The last cell that was added.
    pub(super) fn last(&mut self) -> Option<Position> {
        self.filler.last().map(|(row, column, _)| Position::new(row, column))
    }

    /// Gives the last cell that was added a formula.
    pub(super) fn set_formula(&mut self, formula: Option<Arc<str>>) {
        if let Some((_, _, place)) = self.filler.last() {
            *place = formula;
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
        self.filler.finish(&mut self.sheet.store);
        if let Some(Area { last, .. }) = self.sheet.used_area() {
            self.sheet.hidden_rows.extend(numbers(std::mem::take(&mut self.hidden_rows), last.row));
            self.sheet.hidden_columns.extend(numbers(std::mem::take(&mut self.hidden_columns), last.column));
        }
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
        let mut draft = SheetBuilder::new("x", false);
        for (row, column, value) in [(5, 1, "a"), (5, 0, "b"), (2, 3, "c"), (5, 1, "d"), (2, 3, "e")] {
            let dress = CellStyle { formula: Some(value.into()), ..CellStyle::default() };
            draft.push(Position::new(row, column), Value::Error(value), dress);
        }
        draft.finish();
        let cells: Vec<_> = draft
            .sheet
            .rows()
            .flat_map(|row| row.cells().map(move |cell| (row.row, cell.column, cell.value, cell.formula().cloned())))
            .collect();
        let cell = |row, column, value| (row, column, Value::Error(value), Some(Arc::from(value)));
        assert_eq!(cells, [cell(2, 3, "e"), cell(5, 0, "b"), cell(5, 1, "d")]);
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
