//! The cells of one sheet part.

use std::{collections::HashMap, sync::Arc};

use super::{
    Book,
    head::{Head, Type, address},
    pieces::Pieces,
    strings,
};
use crate::read::error::{CellError, Loss, TooMuch};
use crate::{
    model::workbook::{Area, GRID_COLUMNS, GRID_ROWS, Position, Value, formula_text},
    read::{
        archive::{PartError, Stream},
        builder::{CellStyle, SheetBuilder, Style, Text},
        context::{FileError, ReadContext},
        format::{self, FormatKind},
        rich::{self, Run},
        xml::{self, Attributes, Token, Tokens},
    },
    values::number::StoredNumber,
};

/// Error texts that every reader knows. Newer ones (`#SPILL!`) stand for results that the file
/// does not hold.
const ERRORS: [&str; 8] = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"];

/// Begins the tag of a row.
const ROW: &[u8] = b"<row r=\"";

/// Reads a sheet part into `draft`. What breaks off keeps the cells before the break, with a
/// finding.
pub(super) fn read_sheet(
    stream: Stream<'_, '_>,
    book: &Book,
    draft: &mut SheetBuilder,
    cx: &mut ReadContext<'_>,
) -> Result<(), PartError> {
    let sheet = draft.sheet.name.clone();
    let mut part = SheetPart {
        book,
        sheet,
        draft,
        cx,
        shared: HashMap::new(),
        buffer: String::new(),
        next: Position::new(0, 0),
        row_before: String::new(),
    };
    let mut pieces = Pieces::new(stream, std::mem::take(&mut part.cx.room));
    let is_whole = part.pieces(&mut pieces)?;
    part.cx.room = pieces.into_room();
    if !is_whole {
        let last = part.next.row.saturating_add(1);
        part.cx.lost_sheet(&part.sheet, Loss::BreaksOffNear { row: last });
    }
    Ok(())
}

/// A sheet part being read.
struct SheetPart<'b, 'c> {
    book: &'b Book,
    sheet: Arc<str>,
    draft: &'b mut SheetBuilder,
    cx: &'b mut ReadContext<'c>,
    /// Shared formulas by their number: the text, and the cell it was written for.
    shared: HashMap<u64, (String, Position)>,
    buffer: String,
    /// Where a cell without an address stands.
    next: Position,
    /// What stood behind the number in the tag of a row that is not hidden. Rows of a table are written
    /// alike, and to take the same attributes apart again costs as much as some cells.
    row_before: String,
}

/// How far a piece of the part was read.
enum Read {
    /// To the end of the sheet.
    Ended,
    /// To the beginning of what goes on in the next piece.
    To(usize),
}

/// What stands inside a `<c>`.
#[derive(Default)]
struct Body {
    /// `<v>` or `<is>` was there; its text is in the buffer.
    value: bool,
    formula: Option<Arc<str>>,
    has_formula: bool,
    extension: bool,
    /// The parts of an inline text that have fonts of their own.
    runs: Vec<Run>,
}

impl SheetPart<'_, '_> {
    /// Goes through the part; whether it has an end.
    fn pieces(&mut self, pieces: &mut Pieces<'_, '_>) -> Result<bool, PartError> {
        let mut read = 0;
        while pieces.advance(read, self.cx)? {
            if pieces.text().is_none() {
                pieces.mend();
            }
            let text = pieces.text().unwrap_or_default();
            match self.run(&mut Tokens::new(text))? {
                Read::Ended => {
                    pieces.finish(self.cx)?;
                    return Ok(true);
                }
                Read::To(at) => read = at,
            }
        }
        Ok(false)
    }

    /// Goes through a piece. What is not whole in it is left for the next one, with nothing taken
    /// from it.
    fn run(&mut self, tokens: &mut Tokens<'_>) -> Result<Read, FileError> {
        loop {
            let (start, next) = (tokens.at(), self.next);
            if let Some((head, is_empty, length)) = Head::plain(tokens.rest()) {
                tokens.skip(length);
                self.pass(head);
                if !is_empty && !self.cell(tokens, head)? {
                    self.next = next;
                    return Ok(Read::To(start));
                }
                continue;
            }
            if self.is_row_as_before(tokens) {
                continue;
            }
            match tokens.next() {
                Some(Token::Open("c", attributes)) => {
                    let head = self.head(attributes);
                    if !self.cell(tokens, head)? {
                        self.next = next;
                        return Ok(Read::To(start));
                    }
                }
                Some(Token::Empty("c", attributes)) => {
                    self.head(attributes);
                }
                Some(Token::Open("row", attributes)) => self.row(attributes),
                Some(Token::Empty("row", attributes)) => {
                    self.row(attributes);
                    self.next_row();
                }
                Some(Token::Close("row")) => self.next_row(),
                Some(Token::Close("worksheet")) => return Ok(Read::Ended),
                Some(Token::Open(name, attributes) | Token::Empty(name, attributes)) => self.other(name, attributes),
                Some(Token::Close(_) | Token::Text(_) | Token::Data(_)) => {}
                None => return Ok(Read::To(start)),
            }
        }
    }

    fn next_row(&mut self) {
        self.next = Position::new(self.next.row.saturating_add(1), 0);
    }

    /// Moves behind the tag of a row that says what the one before said, but for its number.
    fn is_row_as_before(&mut self, tokens: &mut Tokens<'_>) -> bool {
        let number = || -> Option<(u32, usize)> {
            if self.row_before.is_empty() {
                return None;
            }
            let rest = tokens.rest().strip_prefix(ROW)?;
            let length = rest.iter().take(9).take_while(|byte| byte.is_ascii_digit()).count();
            rest[length..].strip_prefix(self.row_before.as_bytes())?.strip_prefix(b">")?;
            let row = rest[..length].iter().fold(0, |row, digit| row * 10 + u32::from(digit - b'0')).checked_sub(1)?;
            Some((row, ROW.len() + length + self.row_before.len() + 1))
        };
        let Some((row, length)) = number() else { return false };
        tokens.skip(length);
        self.next = Position::new(row, 0);
        true
    }

    /// Remembers how the tag of a row goes on behind its number.
    fn remember_row(&mut self, attributes: Attributes<'_>) {
        self.row_before.clear();
        let number = attributes.written().strip_prefix(" r=\"");
        let behind = number.map(|number| number.trim_start_matches(|c: char| c.is_ascii_digit()));
        let is_number = |(name, _): &(&str, &str)| *name == "r";
        let is_alone = || attributes.into_iter().filter(is_number).count() == 1;
        if let Some(behind) = behind.filter(|behind| behind.starts_with('"') && is_alone()) {
            self.row_before.push_str(behind);
        }
    }

    fn row(&mut self, attributes: Attributes<'_>) {
        let mut hidden = false;
        for (name, value) in attributes {
            match name {
                "r" => {
                    if let Some(row) = value.parse::<u32>().ok().and_then(|row| row.checked_sub(1)) {
                        self.next.row = row;
                    }
                }
                "hidden" => hidden |= xml::is_true(value),
                "ht" => hidden |= is_nothing(value),
                _ => {}
            }
        }
        self.next.column = 0;
        if hidden {
            self.draft.hide_rows(self.next.row, self.next.row);
        } else {
            self.remember_row(attributes);
        }
    }

    /// Elements beside rows and cells.
    fn other(&mut self, name: &str, attributes: Attributes<'_>) {
        match name {
            "col" => self.columns(attributes),
            "mergeCell" => {
                if let Some(area) = attributes.get("ref").and_then(area) {
                    self.draft.merge(area);
                }
            }
            _ => {}
        }
    }

    /// How wide some columns are, or that they are hidden.
    fn columns(&mut self, attributes: Attributes<'_>) {
        let (mut first, mut last, mut width, mut hidden) = (None, None, None, None);
        for (name, value) in attributes {
            let attribute = match xml::local(name) {
                "min" => &mut first,
                "max" => &mut last,
                "width" => &mut width,
                "hidden" => &mut hidden,
                _ => continue,
            };
            attribute.get_or_insert(value);
        }
        let number = |value: Option<&str>| value.and_then(|value| value.parse::<u32>().ok());
        let (Some(first @ 1..), Some(last @ 1..)) = (number(first), number(last)) else { return };
        if hidden.is_some_and(xml::is_true) || width.is_some_and(is_nothing) {
            self.draft.hide_columns(first - 1, last - 1);
        } else if let Some(width) = width.and_then(hundredths) {
            self.draft.widen(first - 1, last - 1, width);
        }
    }

    /// What the attributes of a cell say.
    fn head(&mut self, attributes: Attributes<'_>) -> Head {
        let head = Head::of(attributes, self.next);
        self.pass(head);
        head
    }

    /// The next cell without an address stands behind this one.
    fn pass(&mut self, head: Head) {
        self.next = Position::new(head.at.row, head.at.column.saturating_add(1));
    }

    /// Takes a cell; false where it is not whole.
    fn cell(&mut self, tokens: &mut Tokens<'_>, head: Head) -> Result<bool, FileError> {
        let mut body = Body::default();
        // LibreOffice says of each formula that it need not always be calculated anew.
        let formula = tokens.plain(b"<f>", b"</f>").or_else(|| tokens.plain(b"<f aca=\"false\">", b"</f>"));
        if let Some(formula) = formula {
            body.has_formula = true;
            body.formula = self.keep(formula)?;
        }
        if let Some(text) = tokens.plain(b"<v>", b"</v></c>") {
            body.value = true;
            self.place(head, text, body)?;
            return Ok(true);
        }
        let Some(body) = self.body(tokens, head.at, body)? else { return Ok(false) };
        let text = std::mem::take(&mut self.buffer);
        let outcome = self.place(head, &text, body);
        self.buffer = text;
        outcome.map(|()| true)
    }

    /// Puts a cell where it stands.
    fn place(&mut self, head: Head, text: &str, body: Body) -> Result<(), FileError> {
        let Head { at, style, kind } = head;
        if at.row >= GRID_ROWS || at.column >= GRID_COLUMNS {
            self.cx.outside_grid(&self.sheet, at);
            return Ok(());
        }
        if body.extension {
            self.cx.bad_cell(&self.sheet, at, None, CellError::Extension);
        }
        let book = self.book;
        self.fill(at, book.styles.get(style), kind, text, body)
    }

    /// Reads to the end of the cell, if it has one. A value stays in the buffer.
    fn body(&mut self, tokens: &mut Tokens<'_>, at: Position, mut body: Body) -> Result<Option<Body>, FileError> {
        self.buffer.clear();
        while let Some(token) = tokens.next() {
            match token {
                Token::Open("v", _) => {
                    body.value = true;
                    self.buffer.clear();
                    tokens.text_to("v", &mut self.buffer);
                }
                Token::Open("is", _) => {
                    body.value = true;
                    self.buffer.clear();
                    let (fonts, runs) = (&self.book.fonts, &mut body.runs);
                    strings::rich(tokens, "is", &mut self.buffer, |font, length, raised| {
                        runs.push(Run { font: fonts.known(font), length, raised });
                    });
                }
                Token::Empty("v" | "is", _) => body.value = true,
                Token::Open("f", attributes) => {
                    let mut text = String::new();
                    tokens.text_to("f", &mut text);
                    body.has_formula = true;
                    body.formula = self.formula(attributes, text, at)?;
                }
                Token::Empty("f", attributes) => {
                    body.has_formula = true;
                    body.formula = self.formula(attributes, String::new(), at)?;
                }
                Token::Open(name, _) => {
                    body.extension |= name == "extLst";
                    tokens.skip_element(name);
                }
                Token::Close("c") => return Ok(Some(body)),
                Token::Empty(..) | Token::Close(_) | Token::Text(_) | Token::Data(_) => {}
            }
        }
        Ok(None)
    }

    /// The formula of a cell; that of a shared formula's other cells is moved to where they are.
    fn formula(
        &mut self,
        attributes: Attributes<'_>,
        text: String,
        at: Position,
    ) -> Result<Option<Arc<str>>, FileError> {
        let (mut is_shared, mut number) = (false, None);
        for (name, value) in attributes {
            match name {
                "t" => is_shared = value == "shared",
                "si" => number = Some(value),
                _ => {}
            }
        }
        let Some(number) = number.filter(|_| is_shared) else {
            return self.keep(&text);
        };
        let number = match number.parse::<u64>() {
            Ok(number) if number <= self.cx.limits.cells => number,
            Ok(_) | Err(_) => return Err(self.absurd_formula(number, at)),
        };
        if !text.is_empty() {
            let kept = self.keep(&text)?;
            self.shared.insert(number, (text, at));
            return Ok(kept);
        }
        let Some((template, home)) = self.shared.get(&number) else { return Ok(None) };
        let moved = formula_text::moved(template, *home, at);
        self.keep(&moved)
    }

    fn keep(&mut self, formula: &str) -> Result<Option<Arc<str>>, FileError> {
        if formula.is_empty() {
            return Ok(None);
        }
        self.cx.take_text(formula.len())?;
        Ok(Some(Arc::from(formula)))
    }

    fn absurd_formula(&self, number: &str, at: Position) -> FileError {
        self.cx.too_much(TooMuch::FormulaNumber { number: number.to_owned(), at })
    }

    /// Adds a cell whose value is written so.
    fn fill(&mut self, at: Position, style: &Style, kind: Type, raw: &str, body: Body) -> Result<(), FileError> {
        let Body { value: has_value, formula, has_formula, runs, .. } = body;
        let dress = CellStyle { formula, format: style.format.as_ref(), mark: style.mark, letters: style.letters };
        let missing = !has_value || (raw.is_empty() && !matches!(kind, Type::Text | Type::Inline));
        if missing {
            if has_formula {
                self.push(at, Value::NoResult, dress)?;
            }
            return Ok(());
        }
        match kind {
            Type::Number => {
                let short = StoredNumber::short_of(raw.as_bytes()).filter(|_| style.kind == FormatKind::Number);
                if let Some(short) = short {
                    self.cx.take_cell()?;
                    self.draft.push_short(at, short, dress);
                } else {
                    let number = raw.trim().parse::<f64>().ok();
                    match number.and_then(|n| format::value(n, style.kind, self.book.epoch_1904)) {
                        Some(shown) => self.push(at, shown.value(), dress)?,
                        None => self.cx.bad_cell(&self.sheet, at, Some(raw), CellError::NoNumber(raw.to_owned())),
                    }
                }
            }
            Type::Shared => match raw.trim().parse::<usize>().ok().and_then(|index| self.book.strings.get(index)) {
                Some(text) if text.is_empty && !has_formula => {}
                Some(text) => {
                    self.cx.take_cell()?;
                    self.draft.push_shared(at, text, style.font, &self.book.fonts, dress);
                }
                None => {
                    self.cx.bad_cell(&self.sheet, at, Some(raw), CellError::NotInStrings(raw.to_owned()));
                }
            },
            Type::Bool => match raw.trim() {
                "1" | "true" | "TRUE" => self.push(at, Value::Bool(true), dress)?,
                "0" | "false" | "FALSE" => self.push(at, Value::Bool(false), dress)?,
                _ => self.cx.bad_cell(&self.sheet, at, Some(raw), CellError::NotBoolean(raw.to_owned())),
            },
            Type::Error => {
                if !ERRORS.contains(&raw) {
                    self.cx.bad_cell(&self.sheet, at, Some(raw), CellError::UnknownError(raw.to_owned()));
                }
                self.push(at, Value::Error(raw), dress)?;
            }
            Type::Text | Type::Inline => {
                self.cx.take_text(raw.len())?;
                let text = xml::unescape_office(raw);
                // Empty text is no cell, unless a formula gave it.
                if !text.is_empty() || has_formula {
                    self.cx.take_cell()?;
                    let read = rich::told_apart(&text, &runs, &self.book.fonts);
                    let text = read.as_deref().map_or_else(|| Text::with_runs(&text, &runs), Text::decoded);
                    self.draft.push_text(at, text, style.font, &self.book.fonts, dress);
                }
            }
            Type::Date => {
                self.push(at, Value::Date { serial: None, iso: raw }, dress)?;
            }
            Type::Unknown => self.cx.bad_cell(&self.sheet, at, Some(raw), CellError::UnknownType(raw.to_owned())),
        }
        Ok(())
    }

    fn push(&mut self, at: Position, value: Value<'_>, dress: CellStyle<'_>) -> Result<(), FileError> {
        self.cx.take_cell()?;
        self.draft.push(at, value, dress);
        Ok(())
    }
}

/// A width such as `12.7109375` in hundredths.
fn hundredths(width: &str) -> Option<u32> {
    let (whole, fraction) = width.split_once('.').unwrap_or((width, ""));
    let mut digits = fraction.bytes().chain(*b"00").take(2);
    let fraction = digits.try_fold(0, |n, digit| digit.is_ascii_digit().then(|| n * 10 + u32::from(digit - b'0')))?;
    whole.parse::<u32>().ok()?.checked_mul(100)?.checked_add(fraction)
}

/// Whether a height or a width is none.
fn is_nothing(size: &str) -> bool {
    size.parse() == Ok(0.0)
}

fn area(text: &str) -> Option<Area> {
    let (first, last) = text.split_once(':')?;
    Some(Area { first: address(first.as_bytes())?, last: address(last.as_bytes())? })
}
