//! Where the parts of the form stand on the sheet, and how large everything is.
//!
//! A clerk would make the letters a little smaller to keep a form on one page, would not leave a
//! heading alone at the foot of a page, and would not send a signature alone to the next one. So
//! sizes are tried until the pages come out like that.
#![allow(clippy::float_arithmetic, reason = "lengths on paper are no figures of the office")]

use super::{paper, style};
use crate::{
    compose::appendix::{Appendix, Content, FilledCell, FormRow, Operand},
    model::{
        catalogue::{Align, FormCell, Orientation},
        workbook::Position,
    },
    values::number,
};

/// Letters of a table are 10 to 12 points in practice.
const SMALLEST: f64 = 10.0;
/// Room above and below the text of a row, in points, from the nicest on.
const AIR_ON_ONE_PAGE: [f64; 3] = [5.0, 4.0, 3.0];
const AIR_ON_SEVERAL: [f64; 7] = [4.0, 5.0, 3.0, 6.0, 7.0, 8.0, 2.5];
/// Programs and printers differ by so much in the height of a page.
const TOLERANCE: f64 = 0.975;
/// Rows left free for signature and seal.
const SIGNATURE_ROWS: u32 = 4;
/// An empty row that only keeps things apart.
const GAP: f64 = 9.0;
/// Part of the wished widths that still looks well.
const ENOUGH: f64 = 0.7;
/// Part of the wished width that a label keeps however many columns there are.
const READABLE: f64 = 0.6;
/// A table that would have to be printed smaller than this goes over several pages side by side.
const SMALLEST_SCALE: f64 = 0.6;
/// Such pages are printed at this scale.
const SIDE_BY_SIDE_SCALE: f64 = 0.75;
/// Pixels that one step of indentation takes.
const INDENT: f64 = 9.0;
/// Fewer rows of figures would look lost on the last page, above the signature.
const FEWEST_ROWS: u32 = 4;

/// The arrangement of a form.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub orientation: Orientation,
    /// Lines of office and motto begin in the first row; this many.
    pub heading: u32,
    /// First line of the title.
    pub title: u32,
    pub attachment: Option<u32>,
    pub closing: Option<u32>,
    pub unit_line: Option<u32>,
    pub header: u32,
    pub body: u32,
    /// First row under the table.
    pub end: u32,
    pub place_and_date: Option<u32>,
    /// First line of the signatures.
    pub signatures: Option<u32>,
    /// The names below them.
    pub signers: Option<u32>,
    /// Last row of the form.
    pub last: u32,
    /// Letters of the table in points.
    pub size: f64,
    /// Letters of the title in points.
    pub title_size: f64,
    /// Columns in pixels.
    pub widths: Vec<u32>,
    /// Rows in points, from the first to the last.
    pub heights: Vec<f64>,
    /// Where the table is too wide for one page.
    pub side_by_side: Option<SideBySide>,
    /// First rows of the pages after the first, where the program that prints would cut badly.
    pub breaks: Vec<u32>,
}

/// Pages that lie side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SideBySide {
    /// Columns from the left that every page repeats.
    pub repeated: usize,
    /// First columns of the second page and those after it.
    pub breaks: Vec<usize>,
    /// Scale of the print in percent.
    pub scale: u16,
}

impl Layout {
    /// Finds the sizes that suit a form.
    pub(super) fn of(appendix: &Appendix) -> Self {
        let full = appendix.profile.table_size;
        let orientation = appendix.orientation.unwrap_or_else(|| suitable(appendix, full));
        let mut size = full;
        while size >= SMALLEST.min(full) {
            for air in AIR_ON_ONE_PAGE {
                let layout = Self::arrange(appendix, orientation, size, air);
                if layout.pages(appendix, TOLERANCE).len() == 1 {
                    return layout;
                }
            }
            size -= 0.5;
        }
        AIR_ON_SEVERAL
            .into_iter()
            .map(|air| Self::arrange(appendix, orientation, full, air))
            .find(|layout| layout.breaks_well(appendix))
            .unwrap_or_else(|| {
                let mut layout = Self::arrange(appendix, orientation, full, AIR_ON_SEVERAL[0]);
                layout.breaks = layout.good_breaks(appendix);
                layout
            })
    }

    /// Scale of the print in percent that brings the table to the width of the paper.
    pub(super) fn scale(&self, appendix: &Appendix) -> u16 {
        let available = paper::printable_pixels(&appendix.profile, self.orientation);
        let percent = (available / self.total_width() * 100.0).floor().clamp(10.0, 100.0);
        u16::try_from(paper::whole(percent)).unwrap_or(100)
    }

    /// The cell of the sheet that shows a cell of the appendix.
    pub(super) fn position(&self, at: Operand) -> Position {
        Position::new(self.body + count(at.row), count(at.column))
    }

    /// Width of neighbouring columns in pixels.
    pub(super) fn width(&self, first: usize, columns: usize) -> f64 {
        self.widths[first..first + columns].iter().map(|width| f64::from(*width)).sum()
    }

    /// Width of the table in pixels.
    pub(super) fn total_width(&self) -> f64 {
        self.width(0, self.widths.len())
    }

    fn arrange(appendix: &Appendix, orientation: Orientation, size: f64, air: f64) -> Self {
        let heading = count(appendix.heading.left.len().max(appendix.heading.right.len()));
        // Air below the heading.
        let title = heading + u32::from(heading > 0);
        let mut next = title + count(appendix.title.len());
        let mut take = |rows: u32| {
            let at = next;
            next += rows;
            (rows > 0).then_some(at)
        };
        let attachment = take(appendix.attachment.is_some().into());
        let closing = take(appendix.profile.closing_line.is_some().into());
        // Between title and table there is air, or the unit line.
        let before_table = take(1);
        let header = take(count(appendix.header.depth)).unwrap_or(0);
        let body = header + count(appendix.header.depth);
        take(count(appendix.rows.len()));
        let end = body + count(appendix.rows.len());
        take(count(appendix.notes.len()));
        let is_signed = appendix.place_and_date.is_some() || !appendix.signatures.is_empty();
        take(is_signed.into());
        let place_and_date = take(appendix.place_and_date.is_some().into());
        let signatures = take(count(appendix.signatures.iter().map(Vec::len).max().unwrap_or(0)));
        if is_signed {
            take(SIGNATURE_ROWS);
        }
        let signers = take(appendix.signers.iter().any(|name| !name.is_empty()).into());
        let mut layout = Self {
            orientation,
            heading,
            title,
            attachment,
            closing,
            unit_line: before_table.filter(|_| appendix.unit_line.is_some()),
            header,
            body,
            end,
            place_and_date,
            signatures,
            signers,
            last: next.max(1) - 1,
            size,
            // The title keeps its distance from the table.
            title_size: appendix.profile.title_size - (appendix.profile.table_size - size) / 2.0,
            widths: widths(appendix, orientation, size),
            heights: Vec::new(),
            side_by_side: None,
            breaks: Vec::new(),
        };
        layout.side_by_side = layout.pages_across(appendix);
        layout.heights = layout.all_heights(appendix, air);
        layout
    }

    /// Columns that the title and what else stands over the whole table may take: those of the
    /// first page.
    pub(super) fn span(&self) -> usize {
        self.side_by_side.as_ref().and_then(|pages| pages.breaks.first().copied()).unwrap_or(self.widths.len())
    }

    /// The first of those columns: what every page repeats would be repeated in part.
    pub(super) fn span_start(&self) -> usize {
        self.side_by_side.as_ref().map_or(0, |pages| pages.repeated)
    }

    /// Width of those columns in pixels.
    fn span_width(&self) -> f64 {
        self.width(self.span_start(), self.span() - self.span_start())
    }

    /// Columns that a heading among the rows may take.
    pub(super) fn heading_columns(&self) -> usize {
        self.side_by_side.as_ref().map_or(self.widths.len(), |pages| pages.repeated.max(1))
    }

    /// Cuts a table that is much too wide between its blocks.
    fn pages_across(&self, appendix: &Appendix) -> Option<SideBySide> {
        let available = paper::printable_pixels(&appendix.profile, self.orientation);
        if available / self.total_width() >= SMALLEST_SCALE {
            return None;
        }
        let page = available / SIDE_BY_SIDE_SCALE - 4.0;
        let repeated = appendix.columns.iter().position(|c| matches!(c.shows, FormCell::Measure(_)))?;
        let left = self.width(0, repeated);
        let mut breaks = Vec::new();
        let mut used = left;
        let mut at = repeated;
        for block in appendix.columns[repeated..].chunk_by(|a, b| a.member == b.member) {
            let width = self.width(at, block.len()).min(page - left).max(0.0);
            if used + width > page && used > left {
                breaks.push(at);
                used = left;
            }
            used += width;
            at += block.len();
        }
        let scale = u16::try_from(paper::whole(SIDE_BY_SIDE_SCALE * 100.0)).unwrap_or(100);
        // Without blocks there is no good place to cut.
        (!breaks.is_empty()).then_some(SideBySide { repeated, breaks, scale })
    }

    fn all_heights(&self, appendix: &Appendix, air: f64) -> Vec<f64> {
        let (size, title) = (self.size, self.title_size);
        let across =
            |text: &str, size, bold| paper::row_points(paper::lines(text, self.span_width(), size, bold), size, 4.0);
        let mut heights: Vec<f64> = self.heading_lines(appendix);
        if self.heading > 0 {
            heights.push(GAP);
        }
        heights.extend(appendix.title.iter().map(|line| across(line, title, true)));
        heights.extend(appendix.attachment.as_deref().map(|line| across(line, title - 1.0, false)));
        heights.extend(self.closing.map(|_| paper::row_points(1, size, 0.0)));
        heights.push(appendix.unit_line.as_deref().map_or(GAP, |line| across(line, size, false)));
        heights.extend(self.header_lines(appendix).into_iter().map(|lines| paper::row_points(lines, size, air + 3.0)));
        heights.extend(appendix.rows.iter().map(|row| paper::row_points(self.row_lines(appendix, row), size, air)));
        heights.extend(appendix.notes.iter().map(|line| across(line, size, false)));
        if appendix.place_and_date.is_some() || !appendix.signatures.is_empty() {
            heights.push(GAP);
        }
        heights.resize(self.last as usize + 1, paper::row_points(1, size, 3.0));
        heights
    }

    /// Heights of the lines of office and motto, each in its half of the width.
    fn heading_lines(&self, appendix: &Appendix) -> Vec<f64> {
        let [left, right] = self.halves().map(|(first, last)| self.width(first, last + 1 - first));
        let lines = |texts: &[String], at: usize, room: f64| {
            texts.get(at).map_or(1, |text| paper::lines(text, room, self.size, true))
        };
        let heading = &appendix.heading;
        (0..self.heading as usize)
            .map(|at| lines(&heading.left, at, left).max(lines(&heading.right, at, right)))
            .map(|lines| paper::row_points(lines, self.size, 2.0))
            .collect()
    }

    /// First and last columns of the left and the right half of the sheet.
    pub(super) fn halves(&self) -> [(usize, usize); 2] {
        let last = self.span().saturating_sub(1);
        let first = self.span_start().min(last);
        let half = self.span_width() / 2.0;
        let off = |at: &usize| paper::whole((self.width(first, *at - first) - half).abs());
        let middle = (first + 1..=last).min_by_key(off).unwrap_or(first + 1).min(last.max(first + 1));
        [(first, middle - 1), (middle.min(last), last)]
    }

    /// Lines of each row of the header. A text over several rows needs them together.
    fn header_lines(&self, appendix: &Appendix) -> Vec<u32> {
        let mut lines = vec![1; appendix.header.depth];
        let mut cells: Vec<_> = appendix.header.cells.iter().collect();
        cells.sort_by_key(|cell| cell.rows);
        for cell in cells {
            let needed = paper::lines(&cell.text, self.width(cell.column, cell.columns), self.size, true);
            let over = &mut lines[cell.row..cell.row + cell.rows];
            let missing = needed.saturating_sub(over.iter().sum());
            if let Some(last) = over.last_mut() {
                *last += missing;
            }
        }
        lines
    }

    fn row_lines(&self, appendix: &Appendix, row: &FormRow) -> u32 {
        let size = self.size;
        match row {
            FormRow::Section { title, .. } => {
                let columns = self.heading_columns();
                let numbers = if columns > 1 { self.width(0, 1) } else { 0.0 };
                paper::lines(title, self.width(0, columns) - numbers - INDENT, size, true)
            }
            FormRow::Indicator { level, cells, .. } => {
                let mut lines = 1;
                for (at, cell) in cells.iter().enumerate() {
                    let room = self.width(at, 1) - indent(appendix, at, *level, size);
                    lines = lines.max(match &cell.content {
                        Content::Text(_) | Content::Verdict(_) => paper::lines(&cell.text(), room, size, false),
                        Content::Blank | Content::Number(_) | Content::Ratio(_) => 1,
                    });
                }
                lines
            }
        }
    }

    /// First rows of the pages of the print.
    fn pages(&self, appendix: &Appendix, tolerance: f64) -> Vec<u32> {
        self.pages_from(appendix, tolerance, |row| row)
    }

    /// The same, with a page begun at the row that `moved` gives for the first one that does not fit.
    fn pages_from(&self, appendix: &Appendix, tolerance: f64, moved: impl Fn(u32) -> u32) -> Vec<u32> {
        let available = paper::printable_pixels(&appendix.profile, self.orientation);
        // A table wider than the paper is scaled down, and a page holds more of it.
        let scale = match &self.side_by_side {
            Some(_) => SIDE_BY_SIDE_SCALE,
            None => (available / self.total_width()).min(1.0),
        };
        let page = paper::printable_points(&appendix.profile, self.orientation) / scale * tolerance;
        let header: f64 = self.heights[self.header as usize..self.body as usize].iter().sum();
        let mut starts = vec![0];
        let mut used = 0.0;
        for (row, height) in (0u32..).zip(&self.heights) {
            if used + height > page && row > self.body {
                let start = moved(row);
                starts.push(start);
                used = header + self.heights[start as usize..row as usize].iter().sum::<f64>();
            }
            used += height;
        }
        starts
    }

    /// Where pages begin so that none ends with a heading and the last one holds some rows.
    fn good_breaks(&self, appendix: &Appendix) -> Vec<u32> {
        let is_heading = |row: u32| {
            let above = row.checked_sub(self.body).and_then(|at| appendix.rows.get(at as usize));
            matches!(above, Some(FormRow::Section { .. }))
        };
        // At least one row stays above.
        let before_headings = |mut row: u32| {
            let wanted = row;
            while row > self.body + 1 && is_heading(row - 1) {
                row -= 1;
            }
            if is_heading(row - 1) { wanted } else { row }
        };
        let mut starts = self.pages_from(appendix, TOLERANCE, before_headings);
        starts.remove(0);
        if let Some((last, others)) = starts.split_last_mut() {
            let above = others.last().copied().unwrap_or(self.body);
            let enough = (self.body..self.end).rev().find(|row| self.figures_from(appendix, *row) >= FEWEST_ROWS);
            let fewest = enough.map(before_headings).filter(|row| *row < *last);
            // Not for a page that would be as short itself.
            if let Some(fewest) = fewest.filter(|row| *row >= above + FEWEST_ROWS) {
                *last = fewest;
            }
        }
        starts
    }

    /// Rows of figures from a row of the sheet on.
    fn figures_from(&self, appendix: &Appendix, row: u32) -> u32 {
        let rows = appendix.rows.iter().skip(row.saturating_sub(self.body) as usize);
        count(rows.filter(|row| matches!(row, FormRow::Indicator { .. })).count())
    }

    /// Whether no page ends with a heading, and the last one holds some rows of figures.
    fn breaks_well(&self, appendix: &Appendix) -> bool {
        [1.0, TOLERANCE].into_iter().all(|tolerance| {
            self.pages(appendix, tolerance).iter().skip(1).all(|start| {
                let above = start.checked_sub(self.body + 1).and_then(|at| appendix.rows.get(at as usize));
                let after_heading = matches!(above, Some(FormRow::Section { .. }));
                !after_heading && self.figures_from(appendix, *start) >= FEWEST_ROWS
            })
        })
    }
}

/// A length as the format counts rows and columns.
pub(super) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX / 2)
}

/// Pixels that the text of a column is moved away from its border.
fn indent(appendix: &Appendix, column: usize, level: u8, size: f64) -> f64 {
    match appendix.columns[column].align {
        Align::Left => f64::from(steps(appendix, column, level)) * INDENT,
        Align::Centre => 0.0,
        Align::Right => style::padding(size),
    }
}

/// Steps of indentation: one, and sub-rows by their level. What is on the right keeps its distance
/// by its number format.
pub(super) fn steps(appendix: &Appendix, column: usize, level: u8) -> u8 {
    let shape = &appendix.columns[column];
    let own = if shape.shows == FormCell::Label { level } else { 0 };
    if shape.align == Align::Left { own.saturating_add(1) } else { own }
}

/// Upright where the columns keep most of the width that the catalogue wishes, else on its side.
fn suitable(appendix: &Appendix, size: f64) -> Orientation {
    let enough = wished(appendix).into_iter().zip(needed(appendix, size)).map(|(wish, need)| need.max(wish * ENOUGH));
    if enough.sum::<f64>() <= paper::printable_pixels(&appendix.profile, Orientation::Portrait) {
        Orientation::Portrait
    } else {
        Orientation::Landscape
    }
}

/// Widths of the columns: what the catalogue wishes, brought to the paper.
fn widths(appendix: &Appendix, orientation: Orientation, size: f64) -> Vec<u32> {
    // A few pixels less, so that rounding never starts a second page to the right.
    let available = paper::printable_pixels(&appendix.profile, orientation) - 4.0;
    paper::share_out(&wished(appendix), &needed(appendix, size), available)
}

fn wished(appendix: &Appendix) -> Vec<f64> {
    appendix.columns.iter().map(|column| paper::column_pixels(column.width)).collect()
}

/// The text of a cell with the decimals that all figures of its column have.
fn shown(cell: &FilledCell, least: u32) -> String {
    let text = cell.text();
    let figure = match (&cell.content, cell.computed) {
        (_, Some(value)) => Some(number::trim(value)),
        (Content::Number(value), None) => Some(number::trim(*value)),
        (Content::Ratio(ratio), None) => ratio.shown.map(number::trim),
        (Content::Blank | Content::Text(_) | Content::Verdict(_), None) => None,
    };
    match figure {
        Some(value) if value.scale() < least => text + &"0".repeat((least - value.scale()) as usize + 1),
        Some(_) | None => text,
    }
}

/// Widths that the contents of the columns need.
fn needed(appendix: &Appendix, size: f64) -> Vec<f64> {
    let mut needed = vec![0.0_f64; appendix.columns.len()];
    for cell in appendix.header.cells.iter().filter(|cell| cell.columns == 1) {
        needed[cell.column] = needed[cell.column].max(paper::word_pixels(&cell.text, size, true));
    }
    for row in &appendix.rows {
        match row {
            FormRow::Section { number, .. } => {
                if appendix.columns[0].shows == FormCell::Number {
                    needed[0] = needed[0].max(paper::cell_pixels(number, size, true));
                }
            }
            FormRow::Indicator { level, cells, .. } => {
                for (at, cell) in cells.iter().enumerate() {
                    let text = shown(cell, appendix.columns[at].decimals);
                    let width = match &cell.content {
                        Content::Blank => 0.0,
                        // A number cannot be broken, and a verdict is read at one glance.
                        Content::Number(_) | Content::Ratio(_) | Content::Verdict(_) => {
                            paper::cell_pixels(&text, size, false)
                        }
                        Content::Text(_) => paper::word_pixels(&text, size, false),
                    };
                    // Beside many columns of figures a label would be broken at every word.
                    let readable = if appendix.columns[at].shows == FormCell::Label {
                        paper::cell_pixels(&text, size, false)
                            .min(paper::column_pixels(appendix.columns[at].width) * READABLE)
                    } else {
                        0.0
                    };
                    let width = width.max(readable);
                    needed[at] = needed[at].max(width + indent(appendix, at, *level, size));
                }
            }
        }
    }
    needed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        compose::appendix::{compose, sample},
        model::reading::Dataset,
    };

    /// However long a form is, its pages begin well, and where breaks are set for it they are kept.
    #[test]
    fn pages_end_with_rows_and_the_last_one_is_not_left_alone() {
        let mut set = 0;
        for rows in (10..130).step_by(3) {
            let row =
                |at| format!("[[indicator]]\nid = \"x{at}\"\nlabel = \"Chỉ tiêu {at}\"\nsection = \"s{}\"\n", at / 5);
            let section = |at| format!("[[section]]\nid = \"s{at}\"\ntitle = \"PHẦN {at}\"\n");
            let more: String = (0..=rows / 5).map(section).chain((0..rows).map(row)).collect();
            let appendix = compose(&sample::catalogue_with(&more), &[], &Dataset::default());
            let layout = Layout::of(&appendix);
            let starts = if layout.breaks.is_empty() {
                layout.pages(&appendix, 1.0)[1..].to_vec()
            } else {
                layout.breaks.clone()
            };
            set += usize::from(!layout.breaks.is_empty());
            assert!(starts.is_sorted_by(|a, b| a + FEWEST_ROWS <= *b), "{rows}: {starts:?}");
            for start in &starts {
                let above = &appendix.rows[(start - layout.body - 1) as usize];
                assert!(matches!(above, FormRow::Indicator { .. }), "{rows}: a heading ends a page before {start}");
                assert!(layout.figures_from(&appendix, *start) >= FEWEST_ROWS, "{rows}: {starts:?}");
            }
        }
        println!("breaks were set for {set} lengths");
    }
}
