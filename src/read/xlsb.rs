//! Binary workbooks (.xlsb): packages whose parts are records in place of XML.

mod kind;

use std::{collections::HashMap, sync::Arc};

use super::{
    archive::Archive,
    builder::{CellStyle, FontId, Fonts, SharedText, SheetBuilder, Strings, Style, Text, WorkbookBuilder},
    bytes::{Fields, RecordError, byte, error, long, rk, skip_short, wide, word},
    colour::{self, Colour},
    context::{FileError, ReadContext},
    fonts::ListedFont,
    format,
    formula::{Layout, Scope, quoted},
    package::{Listed, Package, main_part},
    rich::Run,
};
use crate::model::workbook::{Area, GRID_COLUMNS, GRID_ROWS, Position, Value};
use crate::read::error::{CellError, Loss, Unreadable};

/// Where the main part stands if nothing says where.
const WORKBOOK: &str = "xl/workbook.bin";

/// The records of a part: number and content. Ends where a record claims more than there is.
struct Records<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<(u16, &'a [u8])> {
        let (kind, rest) = number(self.rest, 2)?;
        let (length, rest) = number(rest, 4)?;
        let (content, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
        self.rest = rest;
        Some((u16::try_from(kind).ok()?, content))
    }
}

/// Bit of a byte behind which the number or the length of a record goes on ([MS-XLSB], `Record`).
const GOES_ON: u8 = 0x80;

/// Seven bits a byte, the lowest first, for as long as the eighth is set.
fn number(bytes: &[u8], most: usize) -> Option<(u32, &[u8])> {
    let mut value = 0;
    for (at, &byte) in bytes.iter().take(most).enumerate() {
        value |= u32::from(byte & !GOES_ON) << (7 * at);
        if byte & GOES_ON == 0 || at + 1 == most {
            return Some((value, &bytes[at + 1..]));
        }
    }
    None
}

/// A string with its length before it, and where it ends.
fn string(data: &[u8], at: usize) -> Option<(String, usize)> {
    let length = usize::try_from(long(data, at)?).ok()?;
    let end = length.checked_mul(2)?.checked_add(at + 4)?;
    Some((wide(data.get(at + 4..end)?), end))
}

/// What the sheets of a workbook share.
#[derive(Default)]
struct Book {
    epoch_1904: bool,
    listed: Vec<Listed>,
    /// The sheet behind each number that references to sheets use, as formulas write it.
    references: Vec<Option<String>>,
    names: Vec<String>,
    styles: Vec<Style>,
    strings: Strings,
    fonts: Fonts,
}

/// Reads the workbook.
pub(super) fn read(mut archive: Archive<'_>, cx: &mut ReadContext<'_>) -> Result<WorkbookBuilder, FileError> {
    let path = main_part(&mut archive, cx).ok().filter(|path| archive.has(path)).unwrap_or_else(|| WORKBOOK.to_owned());
    let main = archive.part(&path, cx).map_err(|error| error.fatal(cx))?.unwrap_or_default();
    let mut package = Package::open(archive, &path, cx)?;
    let mut book = Book::default();
    book.read_workbook(&main);
    let fonts = book.read_styles(&package.related("styles", "styles.bin", cx)?.unwrap_or_default());
    book.read_strings(&package.related("sharedStrings", "sharedStrings.bin", cx)?.unwrap_or_default(), &fonts);
    if book.strings.len() as u64 > cx.limits.cells {
        return Err(cx.too_many_strings());
    }
    let listed = std::mem::take(&mut book.listed);
    let sheets = package.sheets(listed, cx, |archive, path, draft, cx| {
        let Some(part) = archive.part(path, cx)? else { return Ok(false) };
        SheetReader::new(&book, draft, cx).read_part(&part)?;
        Ok(true)
    })?;
    if sheets.is_empty() {
        return Err(cx.unreadable(Unreadable::NoWorksheet("xlsb")));
    }
    Ok(WorkbookBuilder { sheets, fonts: book.fonts, shared: book.strings.into_texts() })
}

impl Book {
    fn read_workbook(&mut self, part: &[u8]) {
        for (number, data) in (Records { rest: part }) {
            match number {
                kind::WB_PROP => self.epoch_1904 = byte(data, 0).is_some_and(|flags| flags & 1 != 0),
                kind::BUNDLE_SH => self.listed.extend(listed(data)),
                kind::EXTERN_SHEET => {
                    let sheets = data.get(4..).unwrap_or_default().as_chunks::<12>().0;
                    let name = |at: u32| self.listed.get(usize::try_from(at).ok()?).map(|sheet| quoted(&sheet.name));
                    self.references.extend(sheets.iter().map(|sheet| long(sheet, 4).and_then(name)));
                }
                kind::NAME => self.names.push(string(data, 9).map(|(name, _)| name).unwrap_or_default()),
                _ => {}
            }
        }
    }

    /// Reads fonts and formats, and gives the fonts by their number.
    fn read_styles(&mut self, part: &[u8]) -> Vec<ListedFont> {
        let mut codes: HashMap<u16, String> = HashMap::new();
        let (mut fonts, mut grounds) = (Vec::new(), Vec::new());
        let mut in_cells = false;
        for (number, data) in (Records { rest: part }) {
            match number {
                kind::FMT => {
                    if let (Some(id), Some((code, _))) = (word(data, 0), string(data, 2)) {
                        codes.insert(id, code);
                    }
                }
                kind::FONT => {
                    let name = string(data, 21).map(|(name, _)| name).unwrap_or_default();
                    fonts.push(listed_font(self.fonts.id(&name), data));
                }
                kind::FILL => grounds.push(ground(data)),
                kind::BEGIN_CELL_XFS => in_cells = true,
                kind::END_CELL_XFS => break,
                kind::XF if in_cells => {
                    let (code, font) = (word(data, 2).unwrap_or(0), word(data, 4).unwrap_or(0));
                    let code = codes.get(&code).map(|code| &**code).or_else(|| format::builtin(code.into()));
                    let font = fonts.get(usize::from(font)).copied().unwrap_or_default();
                    let ground = word(data, 6).and_then(|at| grounds.get(usize::from(at)).copied().flatten());
                    let mark = colour::mark(font.struck, font.colour, ground);
                    self.styles.push(Style { mark, ..Style::with_code(code, font.id) });
                }
                _ => {}
            }
        }
        fonts
    }

    fn read_strings(&mut self, part: &[u8], fonts: &[ListedFont]) {
        for (number, data) in (Records { rest: part }) {
            if number != kind::SST_ITEM {
                continue;
            }
            let Some((text, end)) = string(data, 1) else {
                self.strings.push(Text::new(""));
                continue;
            };
            let runs = data.get(end + 4..).filter(|_| data[0] & 1 != 0).unwrap_or_default().as_chunks::<4>().0;
            let start = |run: &[u8; 4]| usize::from(u16::from_le_bytes([run[0], run[1]]));
            let ends = runs.iter().skip(1).map(start).chain([text.chars().count()]);
            let lengths: Vec<_> = runs
                .iter()
                .zip(ends)
                .map(|(run, end)| {
                    let font = usize::from(u16::from_le_bytes([run[2], run[3]]));
                    let font = fonts.get(font).copied().unwrap_or_default();
                    Run { font: font.id, length: end.saturating_sub(start(run)), raised: font.raised }
                })
                .collect();
            self.strings.push_rich(&text, &lengths, &self.fonts);
        }
    }

    fn style(&self, number: u32) -> Style {
        usize::try_from(number).ok().and_then(|number| self.styles.get(number)).cloned().unwrap_or_default()
    }
}

/// A font as its record tells it.
fn listed_font(id: FontId, data: &[u8]) -> ListedFont {
    let struck = word(data, 2).is_some_and(|flags| flags & STRUCK != 0);
    ListedFont { id, struck, raised: word(data, 6) == Some(1), colour: colour_at(data, 12) }
}

/// The colour behind text, where it is one that is known.
fn ground(data: &[u8]) -> Option<Colour> {
    match long(data, 0)? {
        0 => Some(Colour::WHITE),
        1 => colour_at(data, 4),
        _ => None,
    }
}

/// A colour of eight bytes: its kind, its number, its tint, and red, green, blue and alpha.
fn colour_at(data: &[u8], at: usize) -> Option<Colour> {
    let number = u32::from(byte(data, at + 1)?);
    if word(data, at + 2)? != 0 {
        return None;
    }
    match byte(data, at)? >> 1 {
        1 => Colour::indexed(number),
        2 => Some(Colour::rgb([byte(data, at + 4)?, byte(data, at + 5)?, byte(data, at + 6)?])),
        3 => Colour::of_theme(number),
        _ => None,
    }
}

fn listed(data: &[u8]) -> Option<Listed> {
    let hidden = long(data, 0)? != 0;
    let (relation, end) = string(data, 8)?;
    let (name, _) = string(data, end)?;
    Some(Listed { name, hidden, relation: Some(relation) })
}

/// Bits of `BrtRowHdr`, `BrtColInfo`, `BrtFont` and `Cell`. [MS-XLSB] numbers its sections anew with each
/// revision, so that names are what lasts.
const ROW_HIDDEN: u8 = 0x10;
const ROW_OWN_HEIGHT: u8 = 0x20;
const COLUMN_HIDDEN: u16 = 0x0001;
const STRUCK: u16 = 0x0008;
const STYLE: u32 = 0x00FF_FFFF;

struct SheetReader<'b, 'c> {
    book: &'b Book,
    draft: &'b mut SheetBuilder,
    cx: &'b mut ReadContext<'c>,
    sheet: Arc<str>,
    row: u32,
    /// Column of a cell that says none.
    column: u32,
    /// Shared formulas by the row that their parts name, compiled, and their columns.
    shared: HashMap<u32, Vec<(u32, u32, Vec<u8>)>>,
    /// The row that the last cell's shared formula names, while that is still to come.
    open: Option<u32>,
}

impl<'b, 'c> SheetReader<'b, 'c> {
    fn new(book: &'b Book, draft: &'b mut SheetBuilder, cx: &'b mut ReadContext<'c>) -> Self {
        let sheet = draft.sheet.name.clone();
        Self { book, draft, cx, sheet, row: 0, column: 0, shared: HashMap::new(), open: None }
    }

    fn read_part(&mut self, part: &[u8]) -> Result<(), FileError> {
        let mut ended = false;
        // Blocks for programs of another age repeat what stands outside them.
        let mut other = 0u32;
        for (number, data) in (Records { rest: part }) {
            match number {
                kind::AC_BEGIN => other += 1,
                kind::AC_END => other = other.saturating_sub(1),
                _ if other > 0 => {}
                kind::END_SHEET => {
                    ended = true;
                    break;
                }
                _ => skip_short(self.record(number, Fields(data)))?,
            }
        }
        if !ended {
            self.cx.lost_sheet(&self.sheet, Loss::BreaksOff);
        }
        Ok(())
    }

    fn record(&mut self, number: u16, data: Fields<'_>) -> Result<(), RecordError> {
        match number {
            kind::ROW_HDR => {
                (self.row, self.column) = (data.long(0)?, 0);
                let flags = data.byte(11)?;
                if flags & ROW_HIDDEN != 0 || (flags & ROW_OWN_HEIGHT != 0 && data.word(8)? == 0) {
                    self.draft.hide_rows(self.row, self.row);
                }
            }
            kind::CELL_BLANK..=kind::FMLA_ERROR | kind::CELL_R_STRING => {
                self.cell(number, data.long(0)?, data.from(4)?)?;
            }
            // Cells that follow on the one before do not say their column.
            kind::SHORT_BLANK..=kind::SHORT_ISST => {
                self.cell(number - kind::SHORT_BLANK + kind::CELL_BLANK, self.column, data)?;
            }
            kind::COL_INFO if data.word(16)? & COLUMN_HIDDEN != 0 || data.long(8)? == 0 => {
                self.draft.hide_columns(data.long(0)?, data.long(4)?);
            }
            kind::MERGE_CELL => {
                let first = Position::new(data.long(0)?, data.long(8)?);
                self.draft.merge(Area { first, last: Position::new(data.long(4)?, data.long(12)?) });
            }
            kind::SHR_FMLA => self.shared_formula(data)?,
            _ => {}
        }
        Ok(())
    }

    /// Takes a cell: the number of its record, its column, and its format and content.
    fn cell(&mut self, number: u16, column: u32, data: Fields<'_>) -> Result<(), RecordError> {
        let at = Position::new(self.row, column);
        self.column = column.saturating_add(1);
        let style = self.book.style(data.long(0)? & STYLE);
        let body = data.from(4)?;
        self.open = None;
        if number == kind::CELL_BLANK {
            return Ok(());
        }
        if at.row >= GRID_ROWS || at.column >= GRID_COLUMNS {
            self.cx.outside_grid(&self.sheet, at);
            return Ok(());
        }
        let formula = self.formula(number, body.0, at)?;
        let is_formula = matches!(number, kind::FMLA_STRING..=kind::FMLA_ERROR);
        let dress = CellStyle { formula, format: style.format.as_ref(), mark: style.mark, letters: style.letters };
        let value = match number {
            kind::CELL_RK => rk(body.long(0)?),
            kind::CELL_REAL | kind::FMLA_NUM => body.double(0)?,
            kind::CELL_ERROR | kind::FMLA_ERROR => {
                return Ok(self.push(at, Value::Error(error(body.byte(0)?)), dress)?);
            }
            kind::CELL_BOOL | kind::FMLA_BOOL => return Ok(self.push(at, Value::Bool(body.byte(0)? != 0), dress)?),
            kind::CELL_ISST => {
                let (book, index) = (self.book, body.long(0)?);
                match usize::try_from(index).ok().and_then(|index| book.strings.get(index)) {
                    Some(text) => self.shared_text(at, text, style.font, dress)?,
                    None => self.bad(at, &index.to_string()),
                }
                return Ok(());
            }
            _ => {
                // Before a text with runs stands a byte of flags.
                let start = usize::from(number == kind::CELL_R_STRING);
                let (text, _) = string(body.0, start).ok_or(RecordError::TooShort)?;
                self.cx.take_text(text.len())?;
                return Ok(self.text(at, Text::new(&text), style.font, is_formula, dress)?);
            }
        };
        match format::value(value, style.kind, self.book.epoch_1904) {
            Some(shown) => self.push(at, shown.value(), dress)?,
            None if is_formula => self.push(at, Value::NoResult, dress)?,
            None => self.bad(at, &value.to_string()),
        }
        Ok(())
    }

    /// The text of a cell's formula, where it has one and it is known by now.
    fn formula(&mut self, number: u16, body: &[u8], at: Position) -> Result<Option<Arc<str>>, FileError> {
        let start = match number {
            kind::FMLA_STRING => string(body, 0).map(|(_, end)| end),
            kind::FMLA_NUM => Some(8),
            kind::FMLA_BOOL | kind::FMLA_ERROR => Some(1),
            _ => None,
        };
        let Some(compiled) = start.and_then(|start| compiled(body, start + 2)) else { return Ok(None) };
        let scope = self.scope();
        let Some((row, _)) = scope.shared(compiled) else { return self.keep(scope.text(compiled, at)) };
        let known = self.shared.get(&row).into_iter().flatten();
        let Some((_, _, template)) = known.rev().find(|(first, last, _)| (*first..=*last).contains(&at.column)) else {
            self.open = Some(row);
            return Ok(None);
        };
        self.keep(scope.text(template, at))
    }

    fn scope(&self) -> Scope<'b> {
        Scope { layout: Layout::Biff12, sheets: &self.book.references, names: &self.book.names }
    }

    fn keep(&mut self, formula: Option<String>) -> Result<Option<Arc<str>>, FileError> {
        let Some(formula) = formula else { return Ok(None) };
        self.cx.take_text(formula.len())?;
        Ok(Some(Arc::from(formula)))
    }

    /// A formula that the cell before is the first to share.
    fn shared_formula(&mut self, data: Fields<'_>) -> Result<(), RecordError> {
        let Some(row) = self.open.take() else { return Ok(()) };
        let template = compiled(data.0, 16).ok_or(RecordError::TooShort)?.to_vec();
        let Some(cell) = self.draft.last().filter(|last| last.row == self.row) else { return Ok(()) };
        let formula = self.keep(self.scope().text(&template, cell))?;
        self.draft.set_formula(formula);
        self.shared.entry(row).or_default().push((data.long(8)?, data.long(12)?, template));
        Ok(())
    }

    /// Empty text is no cell, unless a formula gave it.
    fn text(
        &mut self,
        at: Position,
        text: Text<'_>,
        font: FontId,
        is_formula: bool,
        dress: CellStyle<'_>,
    ) -> Result<(), FileError> {
        if text.is_empty() && !is_formula {
            return Ok(());
        }
        self.cx.take_cell()?;
        self.draft.push_text(at, text, font, &self.book.fonts, dress);
        Ok(())
    }

    fn shared_text(
        &mut self,
        at: Position,
        text: SharedText,
        font: FontId,
        dress: CellStyle<'_>,
    ) -> Result<(), FileError> {
        if text.is_empty {
            return Ok(());
        }
        self.cx.take_cell()?;
        self.draft.push_shared(at, text, font, &self.book.fonts, dress);
        Ok(())
    }

    fn push(&mut self, at: Position, value: Value<'_>, dress: CellStyle<'_>) -> Result<(), FileError> {
        self.cx.take_cell()?;
        self.draft.push(at, value, dress);
        Ok(())
    }

    fn bad(&mut self, at: Position, raw: &str) {
        self.cx.bad_cell(&self.sheet, at, Some(raw), CellError::NoValue(raw.to_owned()));
    }
}

/// A compiled formula with its length before it.
fn compiled(data: &[u8], at: usize) -> Option<&[u8]> {
    let length = usize::try_from(long(data, at)?).ok()?;
    data.get(at + 4..(at + 4).checked_add(length)?)
}
