//! HTML tables, which web systems send out as `.xls`. Each table is a sheet.

use std::{collections::BTreeMap, sync::Arc};

use html5gum::{DefaultEmitter, HtmlString, Spanned, StartTag, Token, Tokenizer};

use super::{
    builder::{CellStyle, SheetBuilder, Text, WorkbookBuilder},
    context::{FileError, ReadContext},
    format::FormatKind,
    plain::Plain,
};
use crate::model::workbook::{Area, GRID_COLUMNS, GRID_ROWS, Position};
use crate::read::error::Unreadable;

/// Columns that one cell may span, as browsers have it.
const SPAN: u32 = 1_000;
/// Tables within tables.
const DEPTH: usize = 50;

/// The text of a page: Unicode where it is, else what the page says of itself.
pub(super) fn decode(bytes: &[u8], plain: Plain) -> String {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4_096)]).to_ascii_lowercase();
    let declared = head.split_once("charset").and_then(|(_, after)| {
        let label = after.trim_start_matches(['=', ' ', '"', '\'']);
        let end = label.find(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c)).unwrap_or(label.len());
        encoding_rs::Encoding::for_label(&label.as_bytes()[..end])
    });
    match declared {
        // Unicode shows by itself, and TCVN3 is declared as windows-1252 or not at all.
        Some(encoding) if plain.legacy.is_some() && encoding != encoding_rs::UTF_8 => {
            encoding.decode_without_bom_handling(bytes).0.into_owned()
        }
        _ => plain.text,
    }
}

/// Reads all tables. Cells are text, but for those whose exact number the page gives beside it.
pub(super) fn read(text: &str, cx: &mut ReadContext<'_>) -> Result<WorkbookBuilder, FileError> {
    let mut page = Page { cx, drafts: WorkbookBuilder::default(), tables: Vec::new(), started: 0, skipping: None };
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(text, emitter) {
        match token {
            Ok(Token::StartTag(tag)) => page.start(&tag)?,
            Ok(Token::EndTag(tag)) => page.end(&tag.name)?,
            Ok(Token::String(text)) => page.text(&text),
            Ok(Token::Comment(_) | Token::Doctype(_) | Token::Error(_)) => {}
            Err(never) => match never {},
        }
    }
    while !page.tables.is_empty() {
        page.end_table()?;
    }
    let mut drafts = page.drafts;
    drafts.sheets.sort_by_key(|draft| number(&draft.sheet.name));
    if drafts.sheets.is_empty() {
        return Err(cx.unreadable(Unreadable::NoTable));
    }
    Ok(drafts)
}

/// Tables are named in the order in which they begin.
fn number(name: &str) -> u32 {
    name.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0)
}

struct Page<'b, 'c> {
    cx: &'b mut ReadContext<'c>,
    drafts: WorkbookBuilder,
    /// Open tables, the innermost last.
    tables: Vec<Table>,
    started: u32,
    /// The element whose content is no text: `style`, `script`.
    skipping: Option<Vec<u8>>,
}

struct Table {
    draft: SheetBuilder,
    row: u32,
    in_row: bool,
    columns: u32,
    /// The row from which each column is free again of the cells above.
    covered: Vec<u32>,
    cell: Option<OpenCell>,
}

struct OpenCell {
    at: Position,
    text: String,
    /// The number that the page gives beside the text it shows.
    number: Option<f64>,
    format: Option<Arc<str>>,
    formula: Option<Arc<str>>,
}

type Attributes = BTreeMap<HtmlString, Spanned<HtmlString, ()>>;

fn attribute<'a>(attributes: &'a Attributes, name: &str) -> Option<std::borrow::Cow<'a, str>> {
    attributes.get(name.as_bytes()).map(|value| String::from_utf8_lossy(value))
}

/// The exact number of a cell, as Excel (`x:num`), `LibreOffice` (`sdval`) and `SheetJS` (`data-v`)
/// write it into their pages.
fn exact(attributes: &Attributes) -> Option<f64> {
    let is_number = || attribute(attributes, "data-t").is_some_and(|kind| kind == "n");
    let number = attribute(attributes, "x:num").or_else(|| attribute(attributes, "sdval"));
    let number = number.or_else(|| attribute(attributes, "data-v").filter(|_| is_number()));
    number.and_then(|number| number.trim().parse().ok())
}

fn span(attributes: &Attributes, name: &str, most: u32) -> u32 {
    let value = attribute(attributes, name).and_then(|value| value.trim().parse::<u32>().ok());
    value.unwrap_or(1).clamp(1, most)
}

fn is_invisible(attributes: &Attributes) -> bool {
    attribute(attributes, "style")
        .is_some_and(|style| style.replace(' ', "").to_ascii_lowercase().contains("display:none"))
}

impl Page<'_, '_> {
    fn start(&mut self, tag: &StartTag<()>) -> Result<(), FileError> {
        match &**tag.name {
            b"table" => {
                if self.tables.len() >= DEPTH {
                    return Ok(());
                }
                self.started += 1;
                let draft = SheetBuilder::new(&format!("Table {}", self.started), false);
                self.tables.push(Table { draft, row: 0, in_row: false, columns: 0, covered: Vec::new(), cell: None });
            }
            b"col" => {
                if let Some(table) = self.tables.last_mut() {
                    let next = table.columns.saturating_add(span(&tag.attributes, "span", SPAN));
                    if is_invisible(&tag.attributes) {
                        table.draft.hide_columns(table.columns, next - 1);
                    }
                    table.columns = next;
                }
            }
            b"tr" => {
                self.end_row()?;
                if let Some(table) = self.tables.last_mut() {
                    table.in_row = true;
                    table.columns = 0;
                    if is_invisible(&tag.attributes) {
                        table.draft.hide_rows(table.row, table.row);
                    }
                }
            }
            b"td" | b"th" => {
                self.end_cell()?;
                if let Some(table) = self.tables.last_mut() {
                    table.start_cell(&tag.attributes);
                }
            }
            b"br" => self.new_line(),
            b"p" | b"div" | b"li" if self.is_in_text() => self.new_line(),
            b"style" | b"script" | b"title" => self.skipping = Some(tag.name.to_vec()),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8]) -> Result<(), FileError> {
        if self.skipping.as_deref() == Some(name) {
            self.skipping = None;
        }
        match name {
            b"table" => self.end_table(),
            b"tr" => self.end_row(),
            b"td" | b"th" => self.end_cell(),
            _ => Ok(()),
        }
    }

    fn text(&mut self, text: &[u8]) {
        if self.skipping.is_some() {
            return;
        }
        if let Some(cell) = self.tables.last_mut().and_then(|table| table.cell.as_mut()) {
            push_folded(&String::from_utf8_lossy(text), &mut cell.text);
        }
    }

    /// Whether the open cell holds text already.
    fn is_in_text(&self) -> bool {
        let cell = self.tables.last().and_then(|table| table.cell.as_ref());
        cell.is_some_and(|cell| !cell.text.trim().is_empty())
    }

    fn new_line(&mut self) {
        if let Some(cell) = self.tables.last_mut().and_then(|table| table.cell.as_mut()) {
            cell.text.truncate(cell.text.trim_end_matches(' ').len());
            cell.text.push('\n');
        }
    }

    fn end_cell(&mut self) -> Result<(), FileError> {
        let Some(table) = self.tables.last_mut() else { return Ok(()) };
        let Some(OpenCell { at, text, number, format, formula }) = table.cell.take() else { return Ok(()) };
        let text = text.trim_matches([' ', '\n']);
        if at.row >= GRID_ROWS || at.column >= GRID_COLUMNS {
            if !text.is_empty() {
                let sheet = table.draft.sheet.name.clone();
                self.cx.outside_grid(&sheet, at);
            }
            return Ok(());
        }
        let kind = format.as_deref().map_or(FormatKind::Number, super::format::kind);
        // A day is a number too, but without its format it would be read as one.
        let number = number.filter(|_| kind != FormatKind::Number || !text.contains(['/', ':']));
        if let Some(shown) = number.and_then(|number| super::format::value(number, kind, false)) {
            self.cx.take_cell()?;
            table.draft.push(at, shown.value(), CellStyle { formula, format: format.as_ref(), ..CellStyle::default() });
        } else if !text.is_empty() {
            self.cx.take_cell()?;
            self.cx.take_text(text.len())?;
            let dress = CellStyle { formula, ..CellStyle::default() };
            table.draft.push_text(at, Text::new(text), 0, &self.drafts.fonts, dress);
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), FileError> {
        self.end_cell()?;
        if let Some(table) = self.tables.last_mut()
            && table.in_row
        {
            table.in_row = false;
            table.row = table.row.saturating_add(1);
        }
        Ok(())
    }

    fn end_table(&mut self) -> Result<(), FileError> {
        self.end_row()?;
        if let Some(mut table) = self.tables.pop()
            && !table.draft.is_empty()
        {
            self.drafts.sheets.push(table.draft);
        }
        Ok(())
    }
}

impl Table {
    fn start_cell(&mut self, attributes: &Attributes) {
        self.in_row = true;
        let mut column = self.columns;
        while self.covered.get(column as usize).is_some_and(|&free| free > self.row) {
            column += 1;
        }
        let (columns, rows) = (span(attributes, "colspan", SPAN), span(attributes, "rowspan", 65_534));
        let next = column.saturating_add(columns);
        if next <= GRID_COLUMNS {
            if self.covered.len() < next as usize {
                self.covered.resize(next as usize, 0);
            }
            self.covered[column as usize..next as usize].fill(self.row.saturating_add(rows));
        }
        let at = Position::new(self.row, column);
        let last = Position::new(self.row.saturating_add(rows - 1), next - 1);
        self.draft.merge(Area { first: at, last });
        self.columns = next;
        self.cell = Some(OpenCell {
            at,
            text: String::new(),
            number: exact(attributes),
            format: attribute(attributes, "sdnum").and_then(|sdnum| Some(Arc::from(sdnum.splitn(3, ';').nth(2)?))),
            formula: attribute(attributes, "x:fmla").map(|formula| Arc::from(formula.trim_start_matches('='))),
        });
    }
}

/// Appends text with its white space folded, as a browser shows it. NBSP stays.
fn push_folded(text: &str, out: &mut String) {
    for c in text.chars() {
        if !matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{C}') {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with([' ', '\n']) {
            out.push(' ');
        }
    }
}
