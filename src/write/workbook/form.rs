//! The first sheet: the form, as it is signed.
#![allow(clippy::float_arithmetic, reason = "lengths on paper are no figures of the office")]

mod heading;

use std::collections::{BTreeMap, BTreeSet};

use rust_xlsxwriter::{
    Color, Format, FormatAlign, Formula, IgnoreError, Note, ProtectionOptions, Worksheet, XlsxError,
};

use super::{
    WorkbookInput,
    formula::{self, Operands},
    layout::{Layout, count, steps},
    paper,
    places::{Places, Shown},
    style::{self, Style, cut, fits},
};
use crate::{
    compose::appendix::{Appendix, Content, FilledCell, FormRow, Operand},
    model::{
        catalogue::{Align, FormCell, Orientation},
        finding::Severity,
        workbook::Position,
    },
    values::{
        language::sentence,
        number::{self, Decimal},
    },
};

/// Longest text of a cell.
const LONGEST: usize = 32_767;
/// A note is read on a screen.
const LONGEST_NOTE: usize = 2_000;
const NOTE_WIDTH: u32 = 340;
const NOTE_SIZE: f64 = 10.0;
/// The colours of marks, the same as in annotated copies.
const ERROR_COLOUR: Color = Color::RGB(0xFF_B3_A7);
const WARNING_COLOUR: Color = Color::RGB(0xFF_E6_99);

fn column_number(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

/// Writes the sheet.
pub(super) fn write(
    sheet: &mut Worksheet,
    name: &str,
    style: &Style,
    layout: &Layout,
    input: &WorkbookInput<'_>,
) -> Result<(), XlsxError> {
    let appendix = input.appendix;
    sheet.set_name(name)?;
    if appendix.columns.is_empty() {
        return Ok(());
    }
    let mut form = FormSheet { sheet, style, appendix, layout };
    form.set_up()?;
    form.heading()?;
    form.header()?;
    form.body()?;
    form.trimmed_decimals()?;
    form.closing_lines()?;
    form.notes(input)
}

pub(super) struct FormSheet<'a> {
    pub sheet: &'a mut Worksheet,
    pub style: &'a Style,
    pub appendix: &'a Appendix,
    pub layout: &'a Layout,
}

impl FormSheet<'_> {
    fn last_column(&self) -> u16 {
        column_number(self.appendix.columns.len() - 1)
    }

    fn size(&self) -> f64 {
        self.layout.size
    }

    fn set_up(&mut self) -> Result<(), XlsxError> {
        let (top, bottom, left, right) = self.appendix.profile.margins;
        let (inches, last_column) = (paper::inches, column_number(self.appendix.columns.len() - 1));
        for (column, width) in self.layout.widths.iter().enumerate() {
            self.sheet.set_column_width_pixels(column_number(column), *width)?;
        }
        for (row, height) in (0u32..).zip(&self.layout.heights) {
            self.sheet.set_row_height(row, *height)?;
        }
        match self.layout.orientation {
            Orientation::Portrait => self.sheet.set_portrait(),
            Orientation::Landscape => self.sheet.set_landscape(),
        };
        self.sheet
            .set_paper_size(paper::number(self.appendix.profile.paper))
            .set_margins(
                inches(left),
                inches(right),
                inches(top),
                inches(bottom),
                inches(top / 2.0),
                inches(bottom / 2.0),
            )
            .set_print_center_horizontally(true)
            .set_repeat_rows(self.layout.header, self.layout.body - 1)?
            .set_freeze_panes(
                self.layout.body,
                self.layout.side_by_side.as_ref().map_or(0, |p| column_number(p.repeated)),
            )?
            .set_print_area(0, 0, self.layout.last, last_column)?
            // A formula that has nothing to compute yet shows nothing, and not the 0 that the
            // crate would put there.
            .set_formula_result_default("");
        if let Some(pages) = &self.layout.side_by_side {
            let breaks: Vec<u32> = pages.breaks.iter().map(|at| count(*at)).collect();
            self.sheet
                .set_print_scale(pages.scale)
                .set_repeat_columns(0, column_number(pages.repeated.max(1) - 1))?
                .set_vertical_page_breaks(&breaks)?;
        } else if self.layout.breaks.is_empty() {
            self.sheet.set_print_fit_to_pages(1, 0);
        } else {
            // Excel forgets breaks where it fits the print to pages by itself.
            self.sheet.set_print_scale(self.layout.scale(self.appendix));
        }
        self.sheet.set_page_breaks(&self.layout.breaks)?;
        heading::page_number(self.sheet, &self.appendix.profile);
        if self.appendix.protect {
            // Against slips and not against people: no password, and rows and columns can be made
            // to fit.
            self.sheet.protect_with_options(&ProtectionOptions {
                format_rows: true,
                format_columns: true,
                ..ProtectionOptions::default()
            });
        }
        // Row numbers such as 1.1 and figures too long for a number are text on purpose, and
        // neighbours may well be judged by different formulas. One rule a cell is allowed.
        let (first, last) = (self.layout.body, self.layout.end.max(self.layout.body + 1) - 1);
        for (column, shape) in self.appendix.columns.iter().enumerate() {
            let computed = self.appendix.rows.iter().any(|row| match row {
                FormRow::Indicator { cells, .. } => {
                    matches!(cells[column].content, Content::Ratio(_) | Content::Verdict(_))
                }
                FormRow::Section { .. } => false,
            });
            let rule = if computed { IgnoreError::FormulaDiffers } else { IgnoreError::NumberStoredAsText };
            if shape.shows != FormCell::Blank {
                let column = column_number(column);
                self.sheet.ignore_error_range(first, column, last, column, rule)?;
            }
        }
        Ok(())
    }

    /// A text over all columns, without borders.
    fn across(&mut self, row: u32, text: &str, format: &Format) -> Result<(), XlsxError> {
        let (first, last) = (self.layout.span_start(), self.layout.span() - 1);
        self.merged(row, column_number(first), row, column_number(last), text, format)
    }

    /// A text in an area, which may be a single cell.
    pub(super) fn merged(
        &mut self,
        r1: u32,
        c1: u16,
        r2: u32,
        c2: u16,
        text: &str,
        format: &Format,
    ) -> Result<(), XlsxError> {
        let text = cut(text, LONGEST);
        if (r1, c1) == (r2, c2) {
            self.sheet.write_string_with_format(r1, c1, text, format)?;
        } else {
            self.sheet.merge_range(r1, c1, r2, c2, &text, format)?;
        }
        Ok(())
    }

    fn heading(&mut self) -> Result<(), XlsxError> {
        let (title, table) = (self.layout.title_size, self.size());
        let centred = |size| self.style.text(size).set_align(FormatAlign::Center).set_text_wrap();
        let (bold, italic, plain) = (centred(title).set_bold(), centred(title - 1.0).set_italic(), centred(table));
        let appendix = self.appendix;
        self.office_and_motto()?;
        for (row, line) in (self.layout.title..).zip(&appendix.title) {
            self.across(row, line, &bold)?;
        }
        if let (Some(row), Some(line)) = (self.layout.attachment, &appendix.attachment) {
            self.across(row, line, &self.typed(FormCell::Blank, italic))?;
        }
        if let (Some(row), Some(line)) = (self.layout.closing, &appendix.profile.closing_line) {
            self.across(row, line, &plain)?;
        }
        if let (Some(row), Some(line)) = (self.layout.unit_line, &appendix.unit_line) {
            let right = self.style.text(table).set_italic().set_align(FormatAlign::Right);
            self.across(row, line, &right)?;
        }
        Ok(())
    }

    fn header(&mut self) -> Result<(), XlsxError> {
        let format = self.style.header(self.size());
        let appendix = self.appendix;
        for cell in &appendix.header.cells {
            let (row, column) = (self.layout.header + count(cell.row), column_number(cell.column));
            let (last_row, last_column) = (row + count(cell.rows) - 1, column_number(cell.column + cell.columns - 1));
            self.merged(row, column, last_row, last_column, &cell.text, &format)?;
        }
        Ok(())
    }

    fn body(&mut self) -> Result<(), XlsxError> {
        let appendix = self.appendix;
        for (at, row) in appendix.rows.iter().enumerate() {
            match row {
                FormRow::Section { number, title, level } => self.section(at, number, title, *level)?,
                FormRow::Indicator { level, cells, .. } => self.indicator(at, *level, cells)?,
            }
        }
        Ok(())
    }

    /// Each cell has the format that shows its value in full. Once another number is typed in, or
    /// a ratio follows from one, these rules take over, so that 121 never shows as 121,00 nor
    /// 99,67 as 100.
    fn trimmed_decimals(&mut self) -> Result<(), XlsxError> {
        let (first, end) = (self.layout.body, self.layout.end);
        let has_numbers = |column: usize| {
            matches!(self.appendix.columns[column].shows, FormCell::Measure(_))
                && self.appendix.rows.iter().any(|row| match row {
                    FormRow::Indicator { cells, .. } => {
                        matches!(cells[column].content, Content::Number(_) | Content::Ratio(_))
                    }
                    FormRow::Section { .. } => false,
                })
        };
        let columns: Vec<usize> = (0..self.appendix.columns.len()).filter(|at| has_numbers(*at)).collect();
        // Neighbours share their rules: a form may have a thousand columns.
        let least = |column: usize| self.appendix.columns[column].decimals;
        for run in columns.chunk_by(|a, b| a + 1 == *b && least(*a) == least(*b)).filter(|_| end > first) {
            let (left, right) = (column_number(run[0]), column_number(run[run.len() - 1]));
            style::trim_decimals(self.sheet, (first, left, end - 1, right), least(run[0]) as usize)?;
        }
        Ok(())
    }

    /// A heading: its number in the column of numbers, its title over the rest.
    fn section(&mut self, at: usize, number: &str, title: &str, level: u8) -> Result<(), XlsxError> {
        let size = self.size();
        let row = self.layout.body + count(at);
        let last = column_number(self.layout.heading_columns() - 1);
        let bold = |align| {
            let bold = self.style.cell(size, align).set_bold();
            // A heading within a heading must not look like one of its own.
            if level > 1 { bold.set_italic() } else { bold }
        };
        let (centred, left) = (bold(Align::Centre), bold(Align::Left).set_indent(1));
        for column in last + 1..=self.last_column() {
            self.sheet.write_blank(row, column, &left)?;
        }
        let numbered = self.appendix.columns[0].shows == FormCell::Number && last > 0;
        if numbered {
            self.merged(row, 0, row, 0, number, &centred)?;
            self.merged(row, 1, row, last, title, &left)
        } else {
            let text = if number.is_empty() { title.to_owned() } else { format!("{number}. {title}") };
            self.merged(row, 0, row, last, &text, &left)
        }
    }

    fn indicator(&mut self, at: usize, level: u8, cells: &[FilledCell]) -> Result<(), XlsxError> {
        let size = self.size();
        let row = self.layout.body + count(at);
        for (column, cell) in cells.iter().enumerate() {
            let shape = &self.appendix.columns[column];
            let (indent, least) = (steps(self.appendix, column, level), shape.decimals);
            let is_figure = matches!(shape.shows, FormCell::Measure(_));
            let beside = || {
                let align = shape.align;
                if is_figure { self.style.beside_figures(size, align) } else { self.style.cell(size, align) }
            };
            let place = (row, column_number(column));
            match &cell.content {
                Content::Blank => {
                    if let Some(cells) = self.addends(cell) {
                        let format = beside();
                        self.formula(place, formula::open_sum(&cells), String::new(), &format)?;
                    } else {
                        let format = self.typed(shape.shows, beside());
                        self.sheet.write_blank(place.0, place.1, &format)?;
                    }
                }
                Content::Text(text) => {
                    let format = self.typed(shape.shows, beside().set_indent(indent));
                    let text = cut(text, LONGEST);
                    match row_number(shape.shows, &text) {
                        Some(number) => self.sheet.write_number_with_format(place.0, place.1, number, &format)?,
                        None => self.sheet.write_string_with_format(place.0, place.1, text, &format)?,
                    };
                }
                Content::Number(value) => match self.addends(cell).filter(|_| fits(*value)) {
                    Some(cells) => {
                        let format = self.style.figure(size, shape.align, (*value, least), cell.computed);
                        self.formula(place, formula::sum(&cells), number::plain(*value), &format)?;
                        style::keep_mark(self.sheet, place, (*value, least), cell.computed)?;
                    }
                    None if cell.computed.is_some() && fits(*value) => {
                        let format = self.style.figure(size, shape.align, (*value, least), cell.computed);
                        let format = self.typed(FormCell::Blank, format);
                        let stored = number::to_f64_for_display(*value);
                        self.sheet.write_number_with_format(place.0, place.1, stored, &format)?;
                        style::keep_mark(self.sheet, place, (*value, least), cell.computed)?;
                    }
                    None if cell.computed.is_some() => {
                        let format = self.typed(FormCell::Blank, beside());
                        self.sheet.write_string_with_format(place.0, place.1, cell.text(), &format)?;
                    }
                    None => self.number(place, (*value, least), shape.align)?,
                },
                Content::Ratio(ratio) => {
                    let formula = self
                        .operands(ratio.operands, cell)
                        .and_then(|at| formula::ratio(&at.borrowed(), ratio.policy))
                        .filter(|_| ratio.shown.is_none_or(fits));
                    match (formula, ratio.shown) {
                        (Some(formula), shown) => {
                            let format = match shown {
                                Some(value) => self.style.number(size, shape.align, value, least),
                                None => beside(),
                            };
                            let result = shown.map(number::plain).unwrap_or_default();
                            self.formula(place, formula, result, &format)?;
                        }
                        (None, Some(value)) => self.number(place, (value, least), shape.align)?,
                        (None, None) => {
                            self.sheet.write_blank(place.0, place.1, &beside())?;
                        }
                    }
                }
                Content::Verdict(judged) => {
                    let format = self.style.cell(size, shape.align);
                    let word = judged.word().unwrap_or_default();
                    if let Some(at) = self.operands(judged.operands, cell) {
                        self.formula(place, formula::verdict(&at.borrowed(), judged), word.to_owned(), &format)?;
                    } else if word.is_empty() {
                        self.sheet.write_blank(place.0, place.1, &format)?;
                    } else {
                        self.sheet.write_string_with_format(place.0, place.1, word, &format)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn formula(
        &mut self,
        (row, column): (u32, u16),
        formula: String,
        result: String,
        format: &Format,
    ) -> Result<(), XlsxError> {
        self.sheet.write_formula_with_format(row, column, Formula::new(formula).set_result(result), format)?;
        Ok(())
    }

    fn number(
        &mut self,
        (row, column): (u32, u16),
        (value, least): (Decimal, u32),
        align: Align,
    ) -> Result<(), XlsxError> {
        let typed = |format| self.typed(FormCell::Blank, format);
        if fits(value) {
            let format = typed(self.style.number(self.size(), align, value, least));
            self.sheet.write_number_with_format(row, column, number::to_f64_for_display(value), &format)?;
        } else {
            // As a number the last digits would be lost.
            let format = typed(self.style.beside_figures(self.size(), align));
            self.sheet.write_string_with_format(row, column, number::vietnamese(value), &format)?;
        }
        Ok(())
    }

    /// A cell that somebody fills in: open where the rest of the form is locked.
    fn typed(&self, shows: FormCell, format: Format) -> Format {
        match shows {
            FormCell::Measure(_) | FormCell::Blank if self.appendix.protect => format.set_unlocked(),
            FormCell::Measure(_) | FormCell::Blank | FormCell::Number | FormCell::Label | FormCell::Unit => format,
        }
    }

    /// The cells that add up to a number. `None` where one of them stands there as text.
    fn addends(&self, cell: &FilledCell) -> Option<Vec<Position>> {
        let is_usable = |at: &Operand| match self.appendix.cell(*at).map(|c| &c.content) {
            Some(Content::Number(value)) => fits(*value),
            Some(Content::Blank | Content::Text(_)) => true,
            Some(Content::Ratio(_) | Content::Verdict(_)) | None => false,
        };
        let all = !cell.sum.is_empty() && cell.sum.iter().all(is_usable);
        all.then(|| cell.sum.iter().map(|at| self.layout.position(*at)).collect())
    }

    /// Addresses of two operands. `None` where one is not in the form, or is a number that stands
    /// there as text: a formula could not compute with it, and would not give what is due.
    fn operands(&self, operands: Option<(Operand, Operand)>, cell: &FilledCell) -> Option<Addresses> {
        let (of, to) = operands?;
        let is_usable = |at| match self.appendix.cell(at).map(|c| &c.content) {
            Some(Content::Number(value)) => fits(*value),
            Some(Content::Blank | Content::Text(_)) => true,
            Some(Content::Ratio(_) | Content::Verdict(_)) | None => false,
        };
        if !is_usable(of) || !is_usable(to) || cell.key.is_none() {
            return None;
        }
        let address = |at| self.layout.position(at).to_string();
        Some(Addresses { of: address(of), to: address(to), to_text: self.appendix.cell(to)?.text() })
    }

    /// Footnotes, place and date, signatures.
    fn closing_lines(&mut self) -> Result<(), XlsxError> {
        let (appendix, size) = (self.appendix, self.size());
        let italic = self.style.text(size).set_italic().set_text_wrap();
        for (row, note) in (self.layout.end..).zip(&appendix.notes) {
            self.across(row, note, &italic)?;
        }
        let blocks = self.blocks(appendix.signatures.len().max(2));
        if let (Some(row), Some(line)) = (self.layout.place_and_date, &appendix.place_and_date) {
            let (first, last) = blocks.last().copied().unwrap_or((0, 0));
            let centred = self.style.text(size).set_italic().set_align(FormatAlign::Center);
            self.merged(row, first, row, last, line, &self.typed(FormCell::Blank, centred))?;
        }
        let bold = self.style.text(size).set_bold().set_align(FormatAlign::Center);
        // A single block stands on the right.
        let skipped = blocks.len() - appendix.signatures.len().min(blocks.len());
        if let Some(row) = self.layout.signatures {
            for (lines, (first, last)) in appendix.signatures.iter().zip(&blocks[skipped..]) {
                for (at, line) in (row..).zip(lines) {
                    self.merged(at, *first, at, *last, line, &bold)?;
                }
            }
        }
        if let Some(row) = self.layout.signers {
            let bold = self.typed(FormCell::Blank, bold);
            for (name, (first, last)) in appendix.signers.iter().zip(&blocks[skipped..]) {
                self.merged(row, *first, row, *last, name, &bold)?;
            }
        }
        Ok(())
    }

    /// Cuts the columns into blocks of about equal width.
    fn blocks(&self, wanted: usize) -> Vec<(u16, u16)> {
        let columns = self.layout.span();
        let wanted = wanted.clamp(1, columns - self.layout.span_start());
        let share =
            self.layout.width(self.layout.span_start(), columns - self.layout.span_start()) / f64::from(count(wanted));
        let mut blocks = Vec::new();
        let start = self.layout.span_start();
        let mut first = start;
        for block in 1..=wanted {
            let end = f64::from(count(block)) * share;
            // Every block keeps a column, and enough are left for the rest.
            let most = columns - (wanted - block);
            let last =
                (first + 1..most).find(|at| self.layout.width(start, *at - start) >= end - share / 4.0).unwrap_or(most);
            let last = if block == wanted { columns } else { last };
            blocks.push((column_number(first), column_number(last - 1)));
            first = last;
        }
        blocks
    }

    /// Notes on the cells that errors and warnings are about, and a coloured mark beside their rows. A
    /// fill of the cell itself would be printed by `LibreOffice` whatever the page setup says; right of
    /// the print area nothing is.
    fn notes(&mut self, input: &WorkbookInput<'_>) -> Result<(), XlsxError> {
        let places = Places::new(input);
        let mut texts: BTreeMap<(u32, u16), Vec<String>> = BTreeMap::new();
        let mut marks: BTreeMap<u32, (Severity, BTreeSet<u16>)> = BTreeMap::new();
        for finding in
            input.submission.findings.iter().filter(|f| f.suppressed.is_none() && f.severity > Severity::Info)
        {
            let Some(Shown { at, whole: true }) = places.of(finding) else { continue };
            let at = self.layout.position(at);
            let severity = finding.severity.words().get(input.language);
            let (message, action) = (sentence(&finding.message), sentence(&finding.action));
            let text = format!("{severity}[{}]: {message}\n→ {action}", finding.code);
            let column = u16::try_from(at.column).unwrap_or(u16::MAX);
            texts.entry((at.row, column)).or_default().push(text);
            let (worst, columns) = marks.entry(at.row).or_insert((finding.severity, BTreeSet::new()));
            *worst = finding.severity.max(*worst);
            columns.insert(column);
        }
        for ((row, column), texts) in texts {
            let text = texts.join("\n\n");
            let text = cut(&text, LONGEST_NOTE);
            let lines = paper::lines(&text, f64::from(NOTE_WIDTH) - 8.0, NOTE_SIZE, false);
            let height = paper::whole(f64::from(lines) * NOTE_SIZE * 1.62 + 14.0);
            let note = Note::new(text)
                .add_author_prefix(false)
                .set_author("bieu")
                .set_width(NOTE_WIDTH)
                .set_height(height)
                .set_font_name(&*self.appendix.profile.font)
                .set_font_size(NOTE_SIZE);
            self.sheet.insert_note(row, column, &note)?;
        }
        let beside = self.last_column() + 1;
        for (row, (severity, columns)) in &marks {
            let cells: Vec<String> =
                columns.iter().map(|column| Position::new(*row, u32::from(*column)).to_string()).collect();
            let format = self.style.text(NOTE_SIZE).set_background_color(match severity {
                Severity::Error => ERROR_COLOUR,
                Severity::Warning | Severity::Info => WARNING_COLOUR,
            });
            self.sheet.write_string_with_format(*row, beside, format!("◄ {}", cells.join(", ")), &format)?;
        }
        Ok(())
    }
}

struct Addresses {
    of: String,
    to: String,
    to_text: String,
}

impl Addresses {
    fn borrowed(&self) -> Operands<'_> {
        Operands { of: &self.of, to: &self.to, to_text: &self.to_text }
    }
}

/// A row number that is a number: text would bear a green corner in every row.
fn row_number(shows: FormCell, text: &str) -> Option<f64> {
    let plain = shows == FormCell::Number && text.len() <= 4 && !text.starts_with('0');
    (plain && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}
