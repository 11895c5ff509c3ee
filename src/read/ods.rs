//! `OpenDocument` spreadsheets, packed (.ods) and flat (.fods), in one pass over `styles.xml`, where the
//! packed form keeps named styles and most number formats, and `content.xml`.
//!
//! What breaks if this is changed: empty rows and cells are written once with the number of
//! times they repeat, up to a million; a filled cell with such a number is a file that unpacks
//! to more than memory holds. A document that breaks off inside a table must end in a finding.

mod styles;

use std::sync::Arc;

use self::styles::Styles;
use super::{
    archive::{Archive, PartError},
    builder::{CellStyle, FontId, SheetBuilder, Text, WorkbookBuilder},
    context::{FileError, ReadContext},
    rich,
    xml::{self, Attributes, Token, Tokens},
};
use crate::read::error::{CellError, Unreadable};
use crate::{
    model::workbook::{Area, GRID_COLUMNS, GRID_ROWS, Mark, Position, Value},
    values::number::StoredNumber,
};

/// Filled cells that may stand in a file once and be repeated. Whole columns filled with one
/// value are a slip, not a table.
const REPEATED: u64 = 200_000;

/// Reads the packed form.
pub(super) fn read(mut archive: Archive<'_>, cx: &mut ReadContext<'_>) -> Result<WorkbookBuilder, FileError> {
    let mut part = |path: &str, cx: &ReadContext<'_>| {
        let part = archive.part(path, cx).map_err(|error| error.fatal(cx))?;
        Ok::<_, FileError>(part.map(xml::text))
    };
    let manifest = part("META-INF/manifest.xml", cx)?.unwrap_or_default();
    if manifest.contains("encryption-data") {
        return Err(cx.encrypted());
    }
    let Some(content) = part("content.xml", cx)? else {
        return Err(cx.unreadable(Unreadable::NoContent));
    };
    // Only hints stand there.
    let styles = match archive.part("styles.xml", cx) {
        Ok(part) => part.map(xml::text).unwrap_or_default(),
        Err(PartError::Damaged(_)) => String::new(),
        Err(PartError::Refused(error)) => return Err(error),
    };
    document(&[&styles, &content], cx)
}

/// Reads the form without parts.
pub(super) fn flat(content: &str, cx: &mut ReadContext<'_>) -> Result<WorkbookBuilder, FileError> {
    document(&["", content], cx)
}

fn document([named, content]: &[&str; 2], cx: &mut ReadContext<'_>) -> Result<WorkbookBuilder, FileError> {
    let mut drafts = WorkbookBuilder::default();
    let styles = Styles::named(named, &mut drafts.fonts);
    let mut reader = Content { tokens: Tokens::new(content), cx, drafts, styles, buffer: String::new() };
    reader.run()?;
    if reader.drafts.sheets.is_empty() {
        return Err(cx.unreadable(Unreadable::NoSpreadsheet));
    }
    Ok(reader.drafts)
}

struct Content<'a, 'b, 'c> {
    tokens: Tokens<'a>,
    cx: &'b mut ReadContext<'c>,
    drafts: WorkbookBuilder,
    styles: Styles,
    buffer: String,
}

/// One row in the making: its cells stand here once, however often the row repeats.
struct RowParts {
    cells: Vec<OdsCell>,
    column: u32,
}

/// A cell in the making.
#[derive(Clone)]
struct OdsCell {
    column: u32,
    held: Held,
    font: FontId,
    formula: Option<Arc<str>>,
    format: Option<Arc<str>>,
    mark: Mark,
}

/// What it holds.
#[derive(Clone)]
enum Held {
    Number(StoredNumber),
    Text(Arc<str>),
    Bool(bool),
    Date(Arc<str>),
    Error(Arc<str>),
    NoResult,
}

impl<'a> Content<'a, '_, '_> {
    fn run(&mut self) -> Result<(), FileError> {
        while let Some(token) = self.tokens.next() {
            match token {
                Token::Open("table", attributes) => self.table(attributes)?,
                // Tracked changes hold tables of what was deleted.
                Token::Open(name @ "tracked-changes", _) => self.tokens.skip_element(name),
                Token::Close("spreadsheet") => return Ok(()),
                Token::Open(name, attributes) | Token::Empty(name, attributes) => {
                    self.styles.take(&mut self.tokens, name, attributes, &mut self.drafts.fonts);
                }
                _ => {}
            }
        }
        if self.drafts.sheets.is_empty() && !self.tokens.is_broken() {
            return Ok(());
        }
        Err(self.broken())
    }

    fn broken(&self) -> FileError {
        self.cx.unreadable(Unreadable::ContentBreaksOff)
    }

    fn table(&mut self, attributes: Attributes<'a>) -> Result<(), FileError> {
        let name = xml::unescape(attributes.get("name").unwrap_or_default());
        let hidden = attributes.get("style-name").is_some_and(|style| self.styles.is_unseen(style));
        let mut draft = SheetBuilder::new(&name, hidden);
        let mut at = Position::new(0, 0);
        while let Some(token) = self.tokens.next() {
            match token {
                Token::Open("table-row", attributes) => at.row = self.row(&mut draft, at.row, attributes)?,
                Token::Empty("table-row", attributes) => at.row = self.skip_rows(&mut draft, at.row, attributes),
                Token::Open("table-column", attributes) | Token::Empty("table-column", attributes) => {
                    let next = at.column.saturating_add(count(attributes, "number-columns-repeated"));
                    if self.is_hidden(attributes) {
                        draft.hide_columns(at.column, next - 1);
                    }
                    at.column = next;
                }
                // Drawings and forms of the sheet may hold tables of their own.
                Token::Open(name @ ("shapes" | "forms"), _) => self.tokens.skip_element(name),
                Token::Close("table") => {
                    self.drafts.sheets.push(draft);
                    return Ok(());
                }
                _ => {}
            }
        }
        Err(self.broken())
    }

    /// Reads one row, and gives the number of the next one.
    fn row(&mut self, draft: &mut SheetBuilder, row: u32, attributes: Attributes<'a>) -> Result<u32, FileError> {
        let mut parts = RowParts { cells: Vec::new(), column: 0 };
        loop {
            match self.tokens.next() {
                Some(Token::Open(name @ ("table-cell" | "covered-table-cell"), attributes)) => {
                    let paragraphs = self.paragraphs(name)?;
                    self.cell(draft, row, &mut parts, attributes, paragraphs)?;
                }
                Some(Token::Empty("table-cell" | "covered-table-cell", attributes)) => {
                    self.buffer.clear();
                    self.cell(draft, row, &mut parts, attributes, false)?;
                }
                Some(Token::Close("table-row")) => break,
                Some(_) => {}
                None => return Err(self.broken()),
            }
        }
        let next = self.skip_rows(draft, row, attributes);
        if parts.cells.is_empty() {
            return Ok(next);
        }
        if row >= GRID_ROWS {
            let sheet = draft.sheet.name.clone();
            self.cx.outside_grid(&sheet, Position::new(row, 0));
            return Ok(next);
        }
        self.cx.take_repeated(parts.cells.len() as u64 * u64::from(next - row - 1), REPEATED)?;
        for row in row..next.min(GRID_ROWS) {
            for cell in &parts.cells {
                self.cx.take_cell()?;
                let at = Position::new(row, cell.column);
                let dress = CellStyle {
                    formula: cell.formula.clone(),
                    format: cell.format.as_ref(),
                    mark: cell.mark,
                    ..CellStyle::default()
                };
                match &cell.held {
                    Held::Text(text) => draft.push_text(at, Text::new(text), cell.font, &self.drafts.fonts, dress),
                    Held::Number(number) => draft.push(at, Value::Number(*number), dress),
                    Held::Bool(value) => draft.push(at, Value::Bool(*value), dress),
                    Held::Date(iso) => draft.push(at, Value::Date { serial: None, iso }, dress),
                    Held::Error(error) => draft.push(at, Value::Error(error), dress),
                    Held::NoResult => draft.push(at, Value::NoResult, dress),
                }
            }
        }
        Ok(next)
    }

    /// Collects the paragraphs of a cell in the buffer, joined by line breaks; whether there are
    /// any.
    fn paragraphs(&mut self, cell: &str) -> Result<bool, FileError> {
        self.buffer.clear();
        if cell == "table-cell"
            && let Some(text) = self.tokens.plain(b"<text:p>", b"</text:p></table:table-cell>")
        {
            self.buffer.push_str(text);
            return Ok(true);
        }
        let (mut inside, mut any) = (false, false);
        // Whether each part of the text that is open stands above the line.
        let mut spans: Vec<bool> = Vec::new();
        loop {
            match self.tokens.next() {
                Some(Token::Open("p" | "h", _)) => {
                    if any {
                        self.buffer.push('\n');
                    }
                    (inside, any) = (true, true);
                }
                Some(Token::Empty("p" | "h", _)) => {
                    if any {
                        self.buffer.push('\n');
                    }
                    any = true;
                }
                Some(Token::Close("p" | "h")) => inside = false,
                Some(Token::Open("span", attributes)) => {
                    let own = attributes.get("style-name").is_some_and(|style| self.styles.is_raised(style));
                    spans.push(own || spans.last() == Some(&true));
                }
                Some(Token::Close("span")) => {
                    spans.pop();
                }
                Some(Token::Empty("s", attributes)) => {
                    for _ in 0..count(attributes, "c").min(1_000) {
                        self.buffer.push(' ');
                    }
                }
                Some(Token::Empty("tab", _)) => self.buffer.push('\t'),
                Some(Token::Empty("line-break", _)) => self.buffer.push('\n'),
                // Comments, pictures and text boxes are no content of the cell.
                Some(Token::Open(name @ ("annotation" | "frame" | "custom-shape" | "g" | "object"), _)) => {
                    self.tokens.skip_element(name);
                }
                Some(Token::Close(name)) if name == cell => return Ok(any),
                Some(token) if inside => {
                    let start = self.buffer.len();
                    token.push_text(&mut self.buffer);
                    if spans.last() == Some(&true) {
                        let raised: String = self.buffer[start..].chars().map(rich::raise).collect();
                        self.buffer.replace_range(start.., &raised);
                    }
                }
                Some(_) => {}
                None => return Err(self.broken()),
            }
        }
    }

    /// Adds the cell whose text stands in the buffer, as often as it repeats.
    fn cell(
        &mut self,
        draft: &mut SheetBuilder,
        row: u32,
        parts: &mut RowParts,
        attributes: Attributes<'a>,
        has_text: bool,
    ) -> Result<(), FileError> {
        let mut found = CellAttributes { repeat: 1, rows: 1, columns: 1, ..CellAttributes::default() };
        for (name, value) in attributes {
            match name {
                "table:number-columns-repeated" => found.repeat = value.parse().unwrap_or(1).max(1),
                "table:number-columns-spanned" => found.columns = value.parse().unwrap_or(1).max(1),
                "table:number-rows-spanned" => found.rows = value.parse().unwrap_or(1).max(1),
                "table:formula" => found.formula = Some(value),
                "table:style-name" => found.style = value,
                "office:value-type" => found.kind = value,
                "calcext:value-type" => found.error = value == "error",
                "office:value"
                | "office:boolean-value"
                | "office:date-value"
                | "office:time-value"
                | "office:string-value" => found.value = Some(value),
                _ => {}
            }
        }
        let column = parts.column;
        parts.column = column.saturating_add(found.repeat);
        let at = Position::new(row, column);
        if found.rows > 1 || found.columns > 1 {
            let last = Position::new(row.saturating_add(found.rows - 1), column.saturating_add(found.columns - 1));
            draft.merge(Area { first: at, last });
        }
        let Some(held) = self.held(draft, at, &found, has_text) else { return Ok(()) };
        if column >= GRID_COLUMNS {
            let sheet = draft.sheet.name.clone();
            self.cx.outside_grid(&sheet, at);
            return Ok(());
        }
        self.cx.take_repeated(u64::from(found.repeat - 1), REPEATED)?;
        self.cx.take_text(self.buffer.len())?;
        let style = self.styles.cell(found.style);
        let (font, mark) = style.map_or((0, Mark::None), |style| (style.font, style.mark()));
        let formula = found.formula.map(|formula| Arc::from(formula_text(&xml::unescape(formula))));
        let code = style.and_then(|style| style.format.clone());
        // The style may stand where nothing here looks; that it is a percentage the cell says itself.
        let format = if found.kind == "percentage" && !code.as_ref().is_some_and(|code| code.contains('%')) {
            Some(Arc::from("General%"))
        } else {
            code.filter(|code| matches!(held, Held::Number(_)) && **code != *"General")
        };
        for column in column..parts.column.min(GRID_COLUMNS) {
            let (held, formula, format) = (held.clone(), formula.clone(), format.clone());
            parts.cells.push(OdsCell { column, held, font, formula, format, mark });
        }
        Ok(())
    }

    /// Whether a row or a column is hidden, or has no height or width.
    fn is_hidden(&self, attributes: Attributes<'_>) -> bool {
        matches!(attributes.get("visibility"), Some("collapse" | "filter"))
            || attributes.get("style-name").is_some_and(|style| self.styles.is_unseen(style))
    }

    /// Hides the row where it says so, and gives the number of the next one.
    fn skip_rows(&self, draft: &mut SheetBuilder, row: u32, attributes: Attributes<'_>) -> u32 {
        let next = row.saturating_add(count(attributes, "number-rows-repeated"));
        if self.is_hidden(attributes) {
            draft.hide_rows(row, next - 1);
        }
        next
    }

    fn held(&mut self, draft: &SheetBuilder, at: Position, found: &CellAttributes<'_>, has_text: bool) -> Option<Held> {
        if found.error {
            return Some(Held::Error(Arc::from(&*self.buffer)));
        }
        let stored = found.value.unwrap_or_default();
        let value = match found.kind {
            "float" | "percentage" | "currency" => {
                stored.parse().ok().and_then(StoredNumber::from_f64).map(Held::Number)
            }
            "boolean" => Some(Held::Bool(stored == "true")),
            "date" | "time" if !stored.is_empty() => Some(Held::Date(Arc::from(date(stored)))),
            "" if found.formula.is_some() && !has_text => Some(Held::NoResult),
            _ => {
                let attribute = found.value.filter(|_| found.kind == "string").map(xml::unescape);
                let text = attribute.as_deref().unwrap_or(&self.buffer);
                return (!text.is_empty() || found.formula.is_some()).then(|| Held::Text(Arc::from(text)));
            }
        };
        if value.is_none() {
            let sheet = draft.sheet.name.clone();
            self.cx.bad_cell(&sheet, at, Some(stored), CellError::NoNumber(stored.to_owned()));
        }
        value
    }
}

/// The attributes of a cell.
#[derive(Default)]
struct CellAttributes<'a> {
    repeat: u32,
    rows: u32,
    columns: u32,
    formula: Option<&'a str>,
    style: &'a str,
    kind: &'a str,
    error: bool,
    value: Option<&'a str>,
}

/// A repeat count; 1 where there is none, or none that makes sense.
fn count(attributes: Attributes<'_>, name: &str) -> u32 {
    attributes.get(name).and_then(|value| value.parse().ok()).unwrap_or(1).max(1)
}

/// A day without its midnight.
fn date(stored: &str) -> &str {
    stored.strip_suffix("T00:00:00").unwrap_or(stored)
}

/// `of:=SUM([.B2:.B3];1)` as `SUM(B2:B3,1)`.
fn formula_text(formula: &str) -> String {
    let body = formula.split_once('=').map_or(formula, |(_, body)| body);
    let mut out = String::with_capacity(body.len());
    let (mut quoted, mut reference, mut before) = (None, false, ' ');
    for c in body.chars() {
        match (quoted, c) {
            (Some(quote), _) => {
                if c == quote {
                    quoted = None;
                }
                out.push(c);
            }
            (None, '"' | '\'') => {
                quoted = Some(c);
                out.push(c);
            }
            (None, '[') => reference = true,
            // The sheet of a reference may be fixed; in A1 notation it always is.
            (None, '$') if reference && before == '[' => {}
            (None, ']') => reference = false,
            (None, '.') if reference && matches!(before, '[' | ':') => {}
            (None, '.') if reference => out.push('!'),
            (None, ';') if !reference => out.push(','),
            (None, _) => out.push(c),
        }
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::formula_text;

    #[test]
    fn formulas() {
        for (stored, read) in [
            ("of:=SUM([.B2:.B3])", "SUM(B2:B3)"),
            ("of:=IF([.A1]=\"a;b.c\";1.5;[.$B$2])", "IF(A1=\"a;b.c\",1.5,$B$2)"),
            ("of:=['Vụ xuân'.A1]+[Sheet2.B2:.B3]", "'Vụ xuân'!A1+Sheet2!B2:B3"),
            ("of:=[$'Vụ xuân'.$D$10]", "'Vụ xuân'!$D$10"),
            ("msoxl:=A1", "A1"),
        ] {
            assert_eq!(formula_text(stored), read);
        }
    }
}
