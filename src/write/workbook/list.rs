//! The companion sheets: long tables to filter, follow and print.
//!
//! `rust_xlsxwriter` makes the sheet and all around its rows. The rows themselves are many, and go
//! into the package one after another ([`super::stream`]); here they are only looked at for the widths of
//! the columns and the formats that they need.
#![allow(clippy::float_arithmetic, reason = "lengths on paper are no figures of the office")]

use rust_xlsxwriter::{Format, FormatAlign, IgnoreError, Worksheet, XlsxError};

use super::{
    entry::{Entry, LINK, LONGEST, LOOKS, List, Measured, NAME, NUMBERS, PLAIN, SIZE, STRONG, push_number},
    paper,
    stream::Stream,
    style::{self, Style, cut, linked},
};
use crate::{
    model::catalogue::{Align, Orientation, Paper, Profile},
    values::{
        language::{Language, Words},
        number::Decimal,
    },
};

const PAGE: Words = Words { vi: "Trang", en: "Page" };
const TITLE_SIZE: f64 = 14.0;
/// Lists are wider than the paper by so much, which is printed at 8 points and saves many lines.
const WIDER: f64 = 1.2;
/// Rows of a sheet.
const MOST_ROWS: u32 = 1_048_576;
/// Margins of the companion sheets in millimetres: top, bottom, left, right. They are no
/// documents, so the decree on paper does not bind them.
const MARGINS: (f64, f64, f64, f64) = (15.0, 15.0, 12.0, 12.0);

/// Writes all of a list to an empty sheet but its rows, which are still to come.
pub(super) fn write<'a>(sheet: &mut Worksheet, style: &Style, list: List<'a>) -> Result<Option<Stream<'a>>, XlsxError> {
    let measured = measure(&list);
    // Whatever the form is printed on.
    let profile = Profile { margins: MARGINS, paper: Paper::A4, ..style.profile.clone() };
    let available = paper::printable_pixels(&profile, Orientation::Landscape) * WIDER;
    let widths = paper::share_out(&measured.wished, &measured.needed, available);
    for (column, width) in (0u16..).zip(&widths) {
        sheet.set_column_width_pixels(column, *width)?;
    }
    let last_column = u16::try_from(list.columns.len()).unwrap_or(u16::MAX).saturating_sub(1);

    let title = style.text(TITLE_SIZE).set_bold();
    sheet.write_string_with_format(0, 0, cut(&list.title, LONGEST), &title)?;
    sheet.set_row_height(0, paper::row_points(1, TITLE_SIZE, 3.0))?;
    let mut row = 1;
    for line in (list.summary)(&measured) {
        sheet.write_string_with_format(row, 0, cut(&line, LONGEST), &style.text(SIZE + 1.0))?;
        sheet.set_row_height(row, paper::row_points(1, SIZE + 1.0, 3.0))?;
        row += 1;
    }
    sheet.set_row_height(row, 6.0)?;
    let above = row - 1;
    let header_row = row + 1;
    let header = style.header(SIZE);
    let mut lines = 1;
    for ((at, column), width) in (0u16..).zip(&list.columns).zip(&widths) {
        sheet.write_string_with_format(header_row, at, &column.header, &header)?;
        lines = lines.max(paper::lines(&column.header, f64::from(*width), SIZE, true));
    }
    sheet.set_row_height(header_row, paper::row_points(lines, SIZE, 6.0))?;

    let first = header_row + 1;
    let end = first.saturating_add(measured.rows.max(1));
    if end > MOST_ROWS {
        return Err(XlsxError::RowColumnLimitError);
    }
    if measured.rows == 0 {
        let format = style.cell(SIZE, Align::Left).set_italic();
        if last_column > 0 {
            sheet.merge_range(first, 0, first, last_column, &list.empty, &format)?;
        } else {
            sheet.write_string_with_format(first, 0, &list.empty, &format)?;
        }
    } else {
        sheet.autofilter(header_row, 0, end - 1, last_column)?;
    }
    sheet.ignore_error_range(header_row, 0, end - 1, last_column, IgnoreError::NumberStoredAsText)?;

    let (top, bottom, left, right) = MARGINS;
    let inches = paper::inches;
    sheet
        .set_landscape()
        .set_paper_size(paper::A4)
        .set_margins(inches(left), inches(right), inches(top), inches(bottom), inches(7.0), inches(7.0))
        .set_print_fit_to_pages(1, 0)
        .set_footer(format!("&C&\"{},Regular\"&10{} &P/&N", style.profile.font, PAGE.get(list.language)))
        .set_repeat_rows(header_row, header_row)?
        .set_freeze_panes(first, 0)?
        .set_print_area(0, 0, if list.printed { end - 1 } else { above }, last_column)?;
    if measured.rows == 0 {
        return Ok(None);
    }
    // One cell of each format, so that the formats are in the package and the cells tell their
    // numbers. The first row of the list takes the place of this one.
    let mut formats: u16 = 0;
    for (column, looks) in list.columns.iter().zip(&measured.looks) {
        for (look, _) in looks.iter().enumerate().filter(|(_, is_used)| **is_used) {
            sheet.write_blank(first, formats, &format(style, column.align, look, list.language))?;
            formats += 1;
        }
    }
    Ok(Some(Stream { list, first, rows: measured.rows, widths, looks: measured.looks }))
}

/// Columns are as wide as their content, up to what each may have; numbers are never broken.
fn measure(list: &List<'_>) -> Measured {
    let columns = list.columns.len();
    let mut measured =
        Measured { rows: 0, links: 0, wished: Vec::new(), needed: Vec::new(), looks: vec![[false; LOOKS]; columns] };
    for column in &list.columns {
        // The button of the filter takes its part of the header.
        let header = paper::word_pixels(&column.header, SIZE, true) + 4.0;
        measured.wished.push(header);
        measured.needed.push(header);
    }
    let most: Vec<f64> = list.columns.iter().map(|column| paper::column_pixels(column.width)).collect();
    // What repeats from row to row is measured once.
    let mut last = vec![String::new(); columns];
    let mut figure = String::new();
    (list.rows)(&mut |entries| {
        measured.rows = measured.rows.saturating_add(1);
        for (at, entry) in entries.iter().enumerate() {
            measured.looks[at][entry.look()] = true;
            match entry {
                Entry::Blank => {}
                Entry::Number(value, decimals) => {
                    figure.clear();
                    push_number(&mut figure, *value, *decimals, list.language);
                    measured.needed[at] = measured.needed[at].max(paper::cell_pixels(&figure, SIZE, false));
                }
                Entry::Text(text) | Entry::Strong(text) | Entry::Name(text) | Entry::Link(_, text) => {
                    measured.links += u32::from(matches!(entry, Entry::Link(..)));
                    if last[at] != **text {
                        last[at].clear();
                        last[at].push_str(text);
                        let (whole, word) = paper::extents(text, SIZE);
                        measured.wished[at] = measured.wished[at].max(whole);
                        measured.needed[at] = measured.needed[at].max(word.min(most[at]));
                    }
                }
            }
        }
    });
    for ((wish, need), most) in measured.wished.iter_mut().zip(&measured.needed).zip(&most) {
        *wish = wish.min(*most).max(*need);
    }
    // Blank cells have borders too, and links beyond the last one are plain.
    measured.looks.iter_mut().for_each(|looks| looks[PLAIN] = true);
    measured
}

fn format(style: &Style, align: Align, look: usize, language: Language) -> Format {
    // Long rows are read from the top.
    let cell = style.cell(SIZE, align).set_align(FormatAlign::Top);
    match look {
        PLAIN => cell,
        STRONG => cell.set_bold(),
        LINK => linked(cell),
        NAME => cell.unset_text_wrap(),
        number => style
            .number(SIZE, align, Decimal::ZERO, 0)
            .set_num_format(style::decimals_format(number - NUMBERS, language))
            .set_align(FormatAlign::Top),
    }
}
