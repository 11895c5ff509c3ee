//! `SpreadsheetML` 2003, the XML that web systems and Excel 2003 write as `.xls` or `.xml`.

use std::{collections::HashMap, sync::Arc};

use super::{
    builder::{CellStyle, FontId, SheetBuilder, Style, Text, WorkbookBuilder},
    colour::{self, Colour},
    context::{FileError, ReadContext},
    format,
    rich::{self, Run},
    xml::{self, Attributes, Token, Tokens},
};
use crate::model::workbook::{Area, GRID_COLUMNS, GRID_ROWS, Position, Value};
use crate::read::error::{CellError, Unreadable};

struct Book<'a, 'b, 'c> {
    tokens: Tokens<'a>,
    cx: &'b mut ReadContext<'c>,
    drafts: WorkbookBuilder,
    styles: HashMap<String, Style>,
}

/// A cell's head: where it stands and what it is dressed in.
struct Head<'a> {
    at: Position,
    formula: Option<&'a str>,
    style: Style,
}

/// Reads the document.
pub(super) fn read(text: &str, cx: &mut ReadContext<'_>) -> Result<WorkbookBuilder, FileError> {
    let mut book = Book { tokens: Tokens::new(text), cx, drafts: WorkbookBuilder::default(), styles: HashMap::new() };
    book.run()?;
    Ok(book.drafts)
}

impl<'a> Book<'a, '_, '_> {
    fn run(&mut self) -> Result<(), FileError> {
        let (mut id, mut style) = (String::new(), Style::default());
        let (mut struck, mut ink, mut paper) = (false, None, Some(Colour::WHITE));
        while let Some(token) = self.tokens.next() {
            match token {
                Token::Open("Style", attributes) | Token::Empty("Style", attributes) => {
                    attributes.get("ID").unwrap_or_default().clone_into(&mut id);
                    let parent = attributes.get("Parent").unwrap_or("Default");
                    style = self.styles.get(parent).cloned().unwrap_or_default();
                    (struck, ink, paper) = (false, None, Some(Colour::WHITE));
                    self.styles.insert(id.clone(), style.clone());
                }
                Token::Open("Font", attributes) | Token::Empty("Font", attributes) => {
                    if let Some(name) = attributes.get("FontName") {
                        style.font = self.drafts.fonts.id(&xml::unescape(name));
                    }
                    (struck, ink) =
                        (attributes.get("StrikeThrough").is_some_and(xml::is_true), attributes.get("Color"));
                }
                Token::Open("Interior", attributes) | Token::Empty("Interior", attributes) => {
                    paper = match attributes.get("Pattern") {
                        None | Some("None") => Some(Colour::WHITE),
                        Some("Solid") => attributes.get("Color").and_then(Colour::hex),
                        Some(_) => None,
                    };
                }
                Token::Open("NumberFormat", attributes) | Token::Empty("NumberFormat", attributes) => {
                    if let Some(code) = attributes.get("Format") {
                        style = Style {
                            mark: style.mark,
                            ..Style::with_code(Some(named(&xml::unescape(code))), style.font)
                        };
                    }
                }
                Token::Close("Style") => {
                    if struck || ink.is_some() {
                        style.mark = colour::mark(struck, ink.and_then(Colour::hex), paper);
                    }
                    self.styles.insert(id.clone(), style.clone());
                }
                Token::Open("Worksheet", attributes) => self.sheet(attributes)?,
                Token::Close("Workbook") => return Ok(()),
                _ => {}
            }
        }
        Err(self.broken())
    }

    fn broken(&self) -> FileError {
        self.cx.unreadable(Unreadable::XmlBreaksOff)
    }

    fn sheet(&mut self, attributes: Attributes<'a>) -> Result<(), FileError> {
        let mut draft = SheetBuilder::new(&xml::unescape(attributes.get("Name").unwrap_or_default()), false);
        let (mut row, mut column) = (0u32, 0u32);
        let mut in_visible = false;
        while let Some(token) = self.tokens.next() {
            match token {
                Token::Open("Column", attributes) | Token::Empty("Column", attributes) => {
                    column = index(attributes, column);
                    let next = column.saturating_add(number(attributes, "Span") + 1);
                    if is_hidden(attributes, "Width") {
                        draft.hide_columns(column, next - 1);
                    }
                    column = next;
                }
                Token::Open("Row", attributes) => {
                    row = index(attributes, row);
                    self.row(&mut draft, row)?;
                    row = after_row(&mut draft, row, attributes);
                }
                Token::Empty("Row", attributes) => {
                    row = index(attributes, row);
                    row = after_row(&mut draft, row, attributes);
                }
                Token::Open("Visible", _) => in_visible = true,
                Token::Text(text) if in_visible => {
                    draft.sheet.hidden = text.starts_with("SheetHidden") || text.starts_with("SheetVeryHidden");
                }
                Token::Close("Visible") => in_visible = false,
                Token::Close("Worksheet") => {
                    self.drafts.sheets.push(draft);
                    return Ok(());
                }
                _ => {}
            }
        }
        Err(self.broken())
    }

    fn row(&mut self, draft: &mut SheetBuilder, row: u32) -> Result<(), FileError> {
        let mut column = 0;
        loop {
            match self.tokens.next() {
                Some(Token::Open("Cell", attributes)) => {
                    let head = self.head(draft, row, &mut column, attributes);
                    self.cell(draft, &head)?;
                }
                Some(Token::Empty("Cell", attributes)) => {
                    let head = self.head(draft, row, &mut column, attributes);
                    if head.formula.is_some() {
                        self.push(draft, &head, Value::NoResult)?;
                    }
                }
                Some(Token::Close("Row")) => return Ok(()),
                Some(_) => {}
                None => return Err(self.broken()),
            }
        }
    }

    fn head(&mut self, draft: &mut SheetBuilder, row: u32, column: &mut u32, attributes: Attributes<'a>) -> Head<'a> {
        let at = Position::new(row, index(attributes, *column));
        let (across, down) = (number(attributes, "MergeAcross"), number(attributes, "MergeDown"));
        let last = Position::new(row.saturating_add(down), at.column.saturating_add(across));
        draft.merge(Area { first: at, last });
        *column = last.column.saturating_add(1);
        let style = attributes.get("StyleID").unwrap_or("Default");
        Head { at, formula: attributes.get("Formula"), style: self.styles.get(style).cloned().unwrap_or_default() }
    }

    fn cell(&mut self, draft: &mut SheetBuilder, head: &Head<'a>) -> Result<(), FileError> {
        let (mut data, mut runs) = (None, Vec::new());
        loop {
            match self.tokens.next() {
                Some(Token::Open("Data", attributes)) => {
                    let mut text = String::new();
                    runs = self.rich(&mut text, head.style.font);
                    data = Some((attributes.get("Type").unwrap_or("String"), text));
                }
                Some(Token::Empty("Data", attributes)) => {
                    data = Some((attributes.get("Type").unwrap_or("String"), String::new()));
                }
                // A comment holds data of its own.
                Some(Token::Open(name @ "Comment", _)) => self.tokens.skip_element(name),
                Some(Token::Close("Cell")) => break,
                Some(_) => {}
                None => return Err(self.broken()),
            }
        }
        let Some((kind, raw)) = data else {
            return if head.formula.is_some() { self.push(draft, head, Value::NoResult) } else { Ok(()) };
        };
        let number = raw.trim().parse().ok().filter(|_| kind == "Number");
        let shown = number.and_then(|n| format::value(n, head.style.kind, false));
        let value = match kind {
            "Number" => shown.as_ref().map(format::Shown::value),
            "Boolean" => match raw.trim() {
                "1" => Some(Value::Bool(true)),
                "0" => Some(Value::Bool(false)),
                _ => None,
            },
            "DateTime" => {
                let iso = raw.trim().trim_end_matches(".000").trim_end_matches("T00:00:00");
                Some(Value::Date { serial: None, iso })
            }
            "Error" => Some(Value::Error(raw.trim())),
            _ => return self.text(draft, head, &raw, &runs),
        };
        if let Some(value) = value {
            return self.push(draft, head, value);
        }
        if !raw.trim().is_empty() {
            let at = head.at;
            let sheet = draft.sheet.name.clone();
            let error = CellError::NotOfType { raw: raw.clone(), kind: kind.to_owned() };
            self.cx.bad_cell(&sheet, at, Some(&raw), error);
        }
        Ok(())
    }

    /// Appends the text up to the end of the data, and gives its parts where they differ: it is marked up
    /// as HTML is.
    fn rich(&mut self, out: &mut String, font: FontId) -> Vec<Run> {
        let (mut runs, mut around) = (Vec::new(), Vec::new());
        let (mut now, mut differs) = (Run { font, ..Run::default() }, false);
        for token in self.tokens.by_ref() {
            match token {
                Token::Close("Data") => break,
                Token::Open(name, attributes) => {
                    around.push((name, now));
                    now.raised |= name.eq_ignore_ascii_case("Sup");
                    if let Some(face) = attributes.get("Face") {
                        now.font = self.drafts.fonts.id(&xml::unescape(face));
                    }
                    differs |= now.raised || now.font != font;
                }
                Token::Close(name) => {
                    if let Some(at) = around.iter().rposition(|(open, _)| *open == name) {
                        now = around[at].1;
                        around.truncate(at);
                    }
                }
                token => {
                    let start = out.len();
                    token.push_text(out);
                    runs.push(Run { length: out[start..].chars().count(), ..now });
                }
            }
        }
        if differs { runs } else { Vec::new() }
    }

    /// Whether the cell lies in the grid and the limits.
    fn take(&mut self, draft: &SheetBuilder, at: Position) -> Result<bool, FileError> {
        if at.row >= GRID_ROWS || at.column >= GRID_COLUMNS {
            let sheet = draft.sheet.name.clone();
            self.cx.outside_grid(&sheet, at);
            return Ok(false);
        }
        self.cx.take_cell()?;
        Ok(true)
    }

    fn push(&mut self, draft: &mut SheetBuilder, head: &Head<'_>, value: Value<'_>) -> Result<(), FileError> {
        if self.take(draft, head.at)? {
            draft.push(head.at, value, head.dress());
        }
        Ok(())
    }

    fn text(&mut self, draft: &mut SheetBuilder, head: &Head<'_>, raw: &str, runs: &[Run]) -> Result<(), FileError> {
        let read = rich::told_apart(raw, runs, &self.drafts.fonts);
        let text = read.as_deref().map_or_else(|| Text::with_runs(raw, runs), Text::decoded);
        if (!text.is_empty() || head.formula.is_some()) && self.take(draft, head.at)? {
            self.cx.take_text(raw.len())?;
            draft.push_text(head.at, text, head.style.font, &self.drafts.fonts, head.dress());
        }
        Ok(())
    }
}

impl Head<'_> {
    fn dress(&self) -> CellStyle<'_> {
        let formula = self.formula.map(|formula| Arc::from(in_a1(&xml::unescape(formula), self.at)));
        CellStyle { formula, format: self.style.format.as_ref(), mark: self.style.mark, letters: self.style.letters }
    }
}

/// The format code behind a name; others are codes already.
fn named(code: &str) -> &str {
    match code {
        "General Number" => "General",
        "Fixed" => "0.00",
        "Standard" => "#,##0.00",
        "Percent" => "0.00%",
        "Scientific" => "0.00E+00",
        "General Date" => "m/d/yy h:mm",
        "Short Date" => "mm-dd-yy",
        "Medium Date" | "Long Date" => "d-mmm-yy",
        "Short Time" => "h:mm",
        "Medium Time" | "Long Time" => "h:mm:ss AM/PM",
        code => code,
    }
}

/// `ss:Index`, counted from one, or the place that comes next.
fn index(attributes: Attributes<'_>, next: u32) -> u32 {
    attributes.get("Index").and_then(|value| value.parse::<u32>().ok()).and_then(|at| at.checked_sub(1)).unwrap_or(next)
}

fn number(attributes: Attributes<'_>, name: &str) -> u32 {
    attributes.get(name).and_then(|value| value.parse().ok()).unwrap_or(0).min(GRID_ROWS)
}

/// Whether a row or a column is hidden, or has no `size`.
fn is_hidden(attributes: Attributes<'_>, size: &str) -> bool {
    attributes.get("Hidden").is_some_and(xml::is_true)
        || attributes.get(size).is_some_and(|size| size.parse() == Ok(0.0))
}

/// Hides the row where it says so, and gives the number of the next one.
fn after_row(draft: &mut SheetBuilder, row: u32, attributes: Attributes<'_>) -> u32 {
    let next = row.saturating_add(number(attributes, "Span") + 1);
    if is_hidden(attributes, "Height") {
        draft.hide_rows(row, next - 1);
    }
    next
}

/// A formula in R1C1 notation as it reads in A1 notation at `at`: `=SUM(R[-2]C:R[-1]C)` in C4 is
/// `SUM(C2:C3)`.
fn in_a1(formula: &str, at: Position) -> String {
    let body = formula.strip_prefix('=').unwrap_or(formula);
    let mut out = String::with_capacity(body.len());
    let (mut rest, mut quoted, mut before) = (body, None, ' ');
    while let Some(c) = rest.chars().next() {
        if quoted.is_none()
            && !before.is_alphanumeric()
            && before != '_'
            && let Some((reference, after)) = reference(rest, at)
        {
            out.push_str(&reference);
            rest = after;
            before = 'A';
            continue;
        }
        match quoted {
            Some(quote) if quote == c => quoted = None,
            None if c == '"' || c == '\'' => quoted = Some(c),
            Some(_) | None => {}
        }
        out.push(c);
        before = c;
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// One `RC` reference at the start of `text`, and what follows it.
fn reference(text: &str, at: Position) -> Option<(String, &str)> {
    let (row, fixed_row, rest) = step(text.strip_prefix('R')?, at.row)?;
    let (column, fixed_column, rest) = step(rest.strip_prefix('C')?, at.column)?;
    if rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '(') {
        return None;
    }
    let mark = |fixed| if fixed { "$" } else { "" };
    let column = crate::model::workbook::column_name(column);
    let row = u64::from(row) + 1;
    Some((format!("{}{column}{}{row}", mark(fixed_column), mark(fixed_row)), rest))
}

/// `[-2]`, `5` or nothing.
fn step(text: &str, from: u32) -> Option<(u32, bool, &str)> {
    if let Some(text) = text.strip_prefix('[') {
        let (offset, rest) = text.split_once(']')?;
        return Some((from.checked_add_signed(offset.parse().ok()?)?, false, rest));
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return Some((from, false, text));
    }
    let fixed: u32 = text[..digits].parse().ok()?;
    Some((fixed.checked_sub(1)?, true, &text[digits..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas() {
        for (stored, read) in [
            ("=SUM(R[-2]C:R[-1]C)", "SUM(C2:C3)"),
            ("=RC[-1]*R1C1", "B4*$A$1"),
            ("=IF(RC[-2]=\"RC\",ROUND(R[1]C,1),'R C'!RC)", "IF(A4=\"RC\",ROUND(C5,1),'R C'!C4)"),
            ("=R[-9]C", "R[-9]C"),
        ] {
            assert_eq!(in_a1(stored, Position::new(3, 2)), read);
        }
    }
}
