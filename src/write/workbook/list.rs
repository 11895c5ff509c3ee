//! The companion sheets: long tables to filter, follow and print.
#![allow(clippy::float_arithmetic, reason = "lengths on paper are no figures of the office")]

use rust_xlsxwriter::{FormatAlign, IgnoreError, Worksheet, XlsxError};

use super::{
    link, paper,
    style::{self, Style, cut, fits, linked},
};
use crate::{
    catalogue::{Align, Orientation, Paper, Profile},
    language::{Language, Words},
    number::{self, Decimal},
};

const PAGE: Words = Words { vi: "Trang", en: "Page" };
const SIZE: f64 = 10.0;
const TITLE_SIZE: f64 = 14.0;
/// Lists are wider than the paper by so much, which is printed at 8 points and saves many lines.
const WIDER: f64 = 1.2;
/// Longest text of a cell that is still read. The format takes 32,767.
const LONGEST: usize = 4_000;
/// A sheet holds 65,530 links; whole ranges of them make it slow long before.
const MOST_LINKS: u32 = 30_000;
/// Margins of the companion sheets in millimetres: top, bottom, left, right. They are no
/// documents, so the decree on paper does not bind them.
const MARGINS: (f64, f64, f64, f64) = (15.0, 15.0, 12.0, 12.0);

/// A column of a list.
pub(super) struct Column {
    pub header: String,
    /// Most characters on a line; narrower where the content is, and all together are brought to
    /// the width of the paper.
    pub width: f64,
    pub align: Align,
}

/// A cell of a list.
pub(super) enum Entry {
    Blank,
    Text(String),
    Strong(String),
    Number(Decimal),
    Link { link: String, text: String, hint: String },
}

impl Entry {
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Blank } else { Self::Text(text) }
    }
}

/// A list with its title.
pub(super) struct List {
    pub title: String,
    /// Lines under the title.
    pub summary: Vec<String>,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Entry>>,
    /// What stands there when there are no rows.
    pub empty: String,
    /// Language of the list; decides its separators too, where a program takes them from a format.
    pub language: Language,
}

/// Writes a list to an empty sheet.
pub(super) fn write(sheet: &mut Worksheet, style: &Style, list: &List) -> Result<(), XlsxError> {
    // Whatever the form is printed on.
    let profile = Profile { margins: MARGINS, paper: Paper::A4, ..style.profile.clone() };
    let available = paper::printable_pixels(&profile, Orientation::Landscape) * WIDER;
    let widths = widths(list, available);
    for (column, width) in (0u16..).zip(&widths) {
        sheet.set_column_width_pixels(column, *width)?;
    }
    let last_column = u16::try_from(list.columns.len()).unwrap_or(u16::MAX).saturating_sub(1);

    let title = style.text(TITLE_SIZE).set_bold();
    sheet.write_string_with_format(0, 0, cut(&list.title, LONGEST), &title)?;
    sheet.set_row_height(0, paper::row_points(1, TITLE_SIZE, 3.0))?;
    let mut row = 1;
    for line in &list.summary {
        sheet.write_string_with_format(row, 0, cut(line, LONGEST), &style.text(SIZE + 1.0))?;
        sheet.set_row_height(row, paper::row_points(1, SIZE + 1.0, 3.0))?;
        row += 1;
    }
    sheet.set_row_height(row, 6.0)?;
    let header_row = row + 1;
    let header = style.header(SIZE);
    let mut lines = 1;
    for ((at, column), width) in (0u16..).zip(&list.columns).zip(&widths) {
        sheet.write_string_with_format(header_row, at, &column.header, &header)?;
        lines = lines.max(paper::lines(&column.header, f64::from(*width), SIZE, true));
    }
    sheet.set_row_height(header_row, paper::row_points(lines, SIZE, 6.0))?;

    let mut linked_cells = 0;
    let mut row = header_row;
    for entries in &list.rows {
        row += 1;
        let mut lines = 1;
        for (((at, entry), column), width) in (0u16..).zip(entries).zip(&list.columns).zip(&widths) {
            let text = write_entry(sheet, style, (row, at), (entry, column.align), list.language, &mut linked_cells)?;
            lines = lines.max(paper::lines(&text, f64::from(*width), SIZE, false));
        }
        sheet.set_row_height(row, paper::row_points(lines, SIZE, 2.5))?;
    }
    if list.rows.is_empty() {
        row += 1;
        let format = style.cell(SIZE, Align::Left).set_italic();
        if last_column > 0 {
            sheet.merge_range(row, 0, row, last_column, &list.empty, &format)?;
        } else {
            sheet.write_string_with_format(row, 0, &list.empty, &format)?;
        }
    } else {
        sheet.autofilter(header_row, 0, row, last_column)?;
    }
    sheet.ignore_error_range(header_row, 0, row, last_column, IgnoreError::NumberStoredAsText)?;

    let (top, bottom, left, right) = MARGINS;
    let inches = paper::inches;
    sheet
        .set_landscape()
        .set_paper_size(paper::A4)
        .set_margins(inches(left), inches(right), inches(top), inches(bottom), inches(7.0), inches(7.0))
        .set_print_fit_to_pages(1, 0)
        .set_footer(format!("&C&\"{},Regular\"&10{} &P/&N", style.profile.font, PAGE.get(list.language)))
        .set_repeat_rows(header_row, header_row)?
        .set_freeze_panes(header_row + 1, 0)?
        .set_print_area(0, 0, row, last_column)?;
    Ok(())
}

/// As wide as the content, up to what each column may have; numbers are never broken.
fn widths(list: &List, available: f64) -> Vec<u32> {
    let mut wished = Vec::new();
    let mut needed = Vec::new();
    for (at, column) in list.columns.iter().enumerate() {
        // The button of the filter takes its part of the header.
        let header = paper::word_pixels(&column.header, SIZE, true) + 4.0;
        let (mut wish, mut need) = (header, header);
        let most = paper::column_pixels(column.width);
        for entry in list.rows.iter().filter_map(|row| row.get(at)) {
            match entry {
                Entry::Blank => {}
                Entry::Number(value) => {
                    need = need.max(paper::cell_pixels(&number::vietnamese(*value), SIZE, false));
                }
                Entry::Text(text) | Entry::Strong(text) | Entry::Link { text, .. } => {
                    wish = wish.max(paper::cell_pixels(text, SIZE, false));
                    need = need.max(paper::word_pixels(text, SIZE, false).min(most));
                }
            }
        }
        wished.push(wish.min(most).max(need));
        needed.push(need);
    }
    paper::share_out(&wished, &needed, available)
}

/// Writes one cell and gives the text it shows.
fn write_entry(
    sheet: &mut Worksheet,
    style: &Style,
    (row, column): (u32, u16),
    (entry, align): (&Entry, Align),
    language: Language,
    linked_cells: &mut u32,
) -> Result<String, XlsxError> {
    // Long rows are read from the top.
    let cell = style.cell(SIZE, align).set_align(FormatAlign::Top);
    Ok(match entry {
        Entry::Blank => {
            sheet.write_blank(row, column, &cell)?;
            String::new()
        }
        Entry::Text(text) => {
            let text = cut(text, LONGEST);
            sheet.write_string_with_format(row, column, &text, &cell)?;
            text
        }
        Entry::Strong(text) => {
            let text = cut(text, LONGEST);
            sheet.write_string_with_format(row, column, &text, &cell.set_bold())?;
            text
        }
        Entry::Number(value) => {
            let text = language.number(*value);
            if fits(*value) {
                let format = style
                    .number(SIZE, align, *value)
                    .set_num_format(style::number_format(*value, language))
                    .set_align(FormatAlign::Top);
                sheet.write_number_with_format(row, column, number::to_f64_for_display(*value), &format)?;
            } else {
                sheet.write_string_with_format(row, column, &text, &cell)?;
            }
            text
        }
        Entry::Link { link, text, hint } => {
            let text = cut(text, LONGEST);
            *linked_cells += 1;
            if *linked_cells > MOST_LINKS {
                sheet.write_string_with_format(row, column, &text, &cell)?;
            } else {
                sheet.write_url_with_format(row, column, link::url(link, &text, hint), &linked(cell))?;
            }
            text
        }
    })
}
