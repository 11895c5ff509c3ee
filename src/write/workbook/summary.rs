//! The fourth sheet: how many indicators were exceeded, met and missed, and the ratios as charts.
//!
//! Counts and ratios are formulas over the form, so that they follow what a clerk mends there. Only
//! the order of the bars stays as it was when the workbook was made.
#![allow(clippy::float_arithmetic, reason = "lengths on paper are no figures of the office")]

mod chart;
mod years;

use rust_xlsxwriter::{Format, FormatAlign, Formula, Worksheet, XlsxError};

use super::{
    WorkbookInput,
    layout::{Layout, count},
    link, paper,
    style::{self, DEFAULT_ROW_PIXELS, Style, cut, fits, linked},
};
use crate::{
    compose::appendix::{ComputedVerdict, Content, FormRow, Operand},
    judge::verdict::Verdict,
    model::{
        catalogue::{
            Align, Direction, FormCell, Indicator, MeasureId, MeasureKind, Orientation, Paper, Profile, Scale,
        },
        ratio::exact_ratio,
    },
    values::{
        language::{Words, say},
        number::{self, Decimal, Rounding},
    },
};

const TITLE_SIZE: f64 = 14.0;
const SIZE: f64 = 11.0;
const MARGINS: (f64, f64, f64, f64) = (15.0, 15.0, 12.0, 12.0);
/// Pixels: number, text, and the columns of figures.
const WIDTHS: [u32; 9] = [40, 236, 62, 62, 62, 66, 66, 62, 62];
/// More bars are not read on one page.
const MOST_BARS: usize = 36;
const BAR_PIXELS: u32 = 18;
/// Title and axis of a chart.
const FRAME_PIXELS: u32 = 84;
/// Longest label beside a bar, in characters.
const LONGEST_LABEL: usize = 60;
/// Marks indicators that are the better the lower they are.
const LOWER: &str = " (↓)";
const PAGE: Words = Words { vi: "Trang", en: "Page" };

/// Header of the counts, behind the section.
const COUNTS: [Words; 7] = [
    Words { vi: "Số chỉ tiêu", en: "Indicators" },
    Words { vi: "Vượt", en: "Exceeded" },
    Words { vi: "Đạt", en: "Met" },
    Words { vi: "Không đạt", en: "Missed" },
    Words { vi: "Chưa đánh giá", en: "Not judged" },
    Words { vi: "Đạt và vượt", en: "Met or exceeded" },
    Words { vi: "Tỷ lệ (%)", en: "Share (%)" },
];

/// A section of the form and its rows.
struct FormSection {
    name: String,
    rows: std::ops::Range<usize>,
}

/// A bar: the cell of the form with the ratio, and what stands beside it.
struct Bar {
    label: String,
    at: Operand,
    value: Decimal,
}

/// Whether there is anything to sum up: a verdict or a ratio in the form.
pub(super) fn is_wanted(input: &WorkbookInput<'_>) -> bool {
    let appendix = input.appendix;
    (0..appendix.columns.len()).any(|column| has_verdicts(input, column) || !bars(input, column).is_empty())
        || !years::find(input).is_empty()
}

/// Writes the sheet.
pub(super) fn write(
    sheet: &mut Worksheet,
    names: &[String; 4],
    style: &Style,
    layout: &Layout,
    input: &WorkbookInput<'_>,
) -> Result<(), XlsxError> {
    sheet.set_name(&names[3])?;
    for (column, width) in (0u16..).zip(WIDTHS) {
        sheet.set_column_width_pixels(column, width)?;
    }
    let mut summary = Summary { sheet, names, style, layout, input, row: 0, used: 0.0, breaks: Vec::new() };
    let language = input.language;
    summary.line(&say!(language, "TỔNG HỢP KẾT QUẢ", "SUMMARY"), TITLE_SIZE, true)?;
    let title = input.appendix.title.join(" ");
    summary.line(&title, SIZE, false)?;
    let columns = 0..input.appendix.columns.len();
    for column in columns.clone().filter(|column| has_verdicts(input, *column)) {
        summary.counts(column)?;
    }
    for column in columns {
        let bars = bars(input, column);
        for part in bars.chunks(MOST_BARS) {
            summary.ratios(column, part)?;
        }
    }
    for part in years::find(input).chunks(years::MOST) {
        summary.years(part)?;
    }
    summary.end()
}

fn measure_of(input: &WorkbookInput<'_>, column: usize) -> Option<MeasureId> {
    let column = input.appendix.columns.get(column)?;
    match column.shows {
        // Of a form by village, the whole.
        FormCell::Measure(measure) => Some(measure).filter(|_| column.member.is_none()),
        FormCell::Number | FormCell::Label | FormCell::Unit | FormCell::Blank => None,
    }
}

fn has_verdicts(input: &WorkbookInput<'_>, column: usize) -> bool {
    measure_of(input, column).is_some() && judged(input, column, &(0..input.appendix.rows.len())).next().is_some()
}

/// The verdicts of some rows, those that cannot be given too.
fn judged<'a>(
    input: &'a WorkbookInput<'_>,
    column: usize,
    rows: &std::ops::Range<usize>,
) -> impl Iterator<Item = &'a ComputedVerdict> + use<'a> {
    input.appendix.rows[rows.clone()].iter().filter_map(move |row| match row {
        FormRow::Indicator { cells, .. } => match &cells.get(column)?.content {
            Content::Verdict(judged) => Some(judged),
            Content::Blank | Content::Text(_) | Content::Number(_) | Content::Ratio(_) => None,
        },
        FormRow::Section { .. } => None,
    })
}

/// What stands beside the bar of an indicator: the rows it is a part of, and its own label.
fn label(above: &[(u8, &str)], indicator: &Indicator) -> String {
    let own = indicator.label.as_str();
    let path = above.iter().map(|(_, label)| *label).chain([own]).collect::<Vec<_>>().join(" – ");
    // Of what is too long, the beginning is what its neighbours begin with too.
    let shown = if path.chars().count() <= LONGEST_LABEL { path } else { cut(own, LONGEST_LABEL).into_owned() };
    let lower = if indicator.direction == Direction::Lower { LOWER } else { "" };
    format!("{shown}{lower}")
}

/// The ratios of a column from the highest on; shares of a whole are no degree of success.
fn bars(input: &WorkbookInput<'_>, column: usize) -> Vec<Bar> {
    let kind = measure_of(input, column).map(|measure| input.catalogue.measure(measure).kind);
    if !matches!(kind, Some(MeasureKind::Ratio { .. })) {
        return Vec::new();
    }
    let mut above: Vec<(u8, &str)> = Vec::new();
    let mut bars = Vec::new();
    for (row, shown) in input.appendix.rows.iter().enumerate() {
        let FormRow::Indicator { indicator, level, cells } = shown else { continue };
        let indicator = input.catalogue.indicator(*indicator);
        above.retain(|(other, _)| other < level);
        if let Some(Content::Ratio(ratio)) = cells.get(column).map(|cell| &cell.content)
            && let Some(value) = ratio.shown.filter(|value| fits(*value))
        {
            let label = label(&above, indicator);
            bars.push(Bar { label, at: Operand { row, column }, value });
        }
        above.push((*level, &indicator.label));
    }
    bars.sort_by_key(|bar| std::cmp::Reverse(bar.value));
    bars
}

/// Width of neighbouring columns in pixels.
fn width(first: u16, columns: u16) -> f64 {
    let last = first + columns;
    (0u16..).zip(WIDTHS).filter(|(at, _)| (first..last).contains(at)).map(|(_, width)| f64::from(width)).sum()
}

/// Height of a row of a table behind a chart, in points.
fn row_height(label: &str) -> f64 {
    paper::row_points(paper::lines(label, width(1, 1), SIZE, false), SIZE, 3.0)
}

struct Summary<'a> {
    sheet: &'a mut Worksheet,
    names: &'a [String; 4],
    style: &'a Style,
    layout: &'a Layout,
    input: &'a WorkbookInput<'a>,
    row: u32,
    /// Points used of the page.
    used: f64,
    breaks: Vec<u32>,
}

impl Summary<'_> {
    fn height(&mut self, points: f64) -> Result<(), XlsxError> {
        self.sheet.set_row_height(self.row, points)?;
        self.used += points;
        self.row += 1;
        Ok(())
    }

    fn line(&mut self, text: &str, size: f64, bold: bool) -> Result<(), XlsxError> {
        let format = self.style.text(size).set_text_wrap().set_align(FormatAlign::Center);
        let format = if bold { format.set_bold() } else { format };
        let last = u16::try_from(WIDTHS.len() - 1).unwrap_or(0);
        self.sheet.merge_range(self.row, 0, self.row, last, &cut(text, 2_000), &format)?;
        let width = WIDTHS.iter().sum::<u32>();
        self.height(paper::row_points(paper::lines(text, f64::from(width), size, bold), size, 4.0))
    }

    fn gap(&mut self) -> Result<(), XlsxError> {
        self.height(12.0)
    }

    /// Begins a new page where the next rows would not stay together on this one.
    fn keep(&mut self, points: f64) {
        if self.used > 0.0 && self.used + points > self.page() {
            self.breaks.push(self.row);
            self.used = 0.0;
        }
    }

    /// Height of a page in points: a little less than programs and printers have.
    fn page(&self) -> f64 {
        let profile = Profile { margins: MARGINS, paper: Paper::A4, ..self.style.profile.clone() };
        paper::printable_points(&profile, Orientation::Portrait) * 0.95
    }

    /// Makes room for a chart and gives its first row. The table behind it, with these labels, stays
    /// on its page where both fit and not more than half a page is left empty for it, else on one
    /// page where that is enough.
    fn room<'l>(&mut self, pixels: u32, labels: impl Iterator<Item = &'l str>) -> Result<u32, XlsxError> {
        let chart = f64::from(pixels + DEFAULT_ROW_PIXELS) * 0.75 + 24.0;
        let table = labels.map(row_height).sum::<f64>() + paper::row_points(4, SIZE, 6.0) + 24.0;
        let page = self.page();
        let together = chart + table <= page && self.used > page / 2.0;
        self.keep(if together { chart + table } else { chart });
        self.gap()?;
        let at = self.row;
        for _ in 0..=pixels / DEFAULT_ROW_PIXELS {
            self.height(f64::from(DEFAULT_ROW_PIXELS) * 0.75)?;
        }
        self.keep(if table <= page { table } else { 90.0 });
        self.gap()?;
        Ok(at)
    }

    /// A cell of the form as a formula names it.
    fn address(&self, at: Operand) -> String {
        let sheet = self.names[0].replace('\'', "''");
        format!("'{sheet}'!{}", self.layout.position(at))
    }

    /// Counts of verdicts by section, and of the whole form.
    fn counts(&mut self, column: usize) -> Result<(), XlsxError> {
        let (language, input) = (self.input.language, self.input);
        let parts = self.parts();
        self.keep(24.0 * f64::from(count(parts.len() + 5)));
        self.gap()?;
        let label = measure_of(input, column).map_or("", |measure| &input.catalogue.measure(measure).label);
        let heading = say!(language, "Kết quả thực hiện các chỉ tiêu ({label})", "Results by section ({label})");
        self.line(&heading, SIZE + 1.0, true)?;
        let header = self.style.header(SIZE);
        let section = say!(language, "Phần", "Section");
        self.sheet.merge_range(self.row, 0, self.row, 1, &section, &header)?;
        let mut lines = 1;
        for (at, words) in (2u16..).zip(COUNTS) {
            let head = words.get(language);
            self.sheet.write_string_with_format(self.row, at, head, &header)?;
            lines = lines.max(paper::lines(head, width(at, 1), SIZE, true));
        }
        self.height(paper::row_points(lines, SIZE, 6.0))?;
        let first = self.row;
        for part in &parts {
            self.count_row(column, part, None)?;
        }
        let all =
            FormSection { name: say!(language, "Toàn biểu", "The whole form"), rows: 0..input.appendix.rows.len() };
        self.count_row(column, &all, Some(first))?;
        style::trim_decimals(self.sheet, (first, 8, self.row - 1, 8), 0)
    }

    /// The sections that hold indicators.
    fn parts(&self) -> Vec<FormSection> {
        let rows = &self.input.appendix.rows;
        let mut parts: Vec<FormSection> = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            match row {
                FormRow::Section { number, title, .. } => {
                    let name = if number.is_empty() { title.clone() } else { format!("{number}. {title}") };
                    parts.push(FormSection { name, rows: at + 1..at + 1 });
                }
                FormRow::Indicator { .. } => match parts.last_mut() {
                    Some(part) => part.rows.end = at + 1,
                    None => parts.push(FormSection { name: String::new(), rows: at..at + 1 }),
                },
            }
        }
        parts.retain(|part| !part.rows.is_empty());
        parts
    }

    /// One row of counts; `first` is the first one where this is their sum.
    fn count_row(&mut self, column: usize, part: &FormSection, first: Option<u32>) -> Result<(), XlsxError> {
        let input = self.input;
        let verdicts: Vec<&ComputedVerdict> = judged(input, column, &part.rows).collect();
        let number = |verdict| count(verdicts.iter().filter(|j| j.verdict == Some(verdict)).count());
        let (exceeded, met, missed) = (number(Verdict::Exceeded), number(Verdict::Met), number(Verdict::Missed));
        let (all, open) = (count(verdicts.len()), count(verdicts.iter().filter(|j| j.verdict.is_none()).count()));
        let good = exceeded + met;
        let cell = |letter: char, row: u32| format!("{letter}{}", row + 1);
        let here = self.row;
        let bold = |format: Format| if first.is_some() { format.set_bold() } else { format };
        let name = bold(self.style.cell(SIZE, Align::Left));
        self.sheet.merge_range(here, 0, here, 1, &part.name, &name)?;
        let figure = bold(self.style.cell(SIZE, Align::Right));
        let sum = |letter| first.map(|first| format!("=SUM({}:{})", cell(letter, first), cell(letter, here - 1)));
        match sum('C') {
            Some(formula) => self.formula(2, formula, all.to_string(), &figure)?,
            None => {
                self.sheet.write_number_with_format(here, 2, all, &figure)?;
            }
        }
        let found = [(Verdict::Exceeded, exceeded), (Verdict::Met, met), (Verdict::Missed, missed)];
        for ((at, letter), (verdict, result)) in [(3, 'D'), (4, 'E'), (5, 'F')].into_iter().zip(found) {
            match sum(letter).or_else(|| self.counted(column, part, verdict)) {
                Some(formula) => self.formula(at, formula, result.to_string(), &figure)?,
                None => {
                    self.sheet.write_number_with_format(here, at, result, &figure)?;
                }
            }
        }
        let [wanted, above, just, below, without, reached] =
            ['C', 'D', 'E', 'F', 'G', 'H'].map(|letter| cell(letter, here));
        self.formula(6, format!("={wanted}-{above}-{just}-{below}"), open.to_string(), &figure)?;
        self.formula(7, format!("={above}+{just}"), good.to_string(), &figure)?;
        let share = exact_ratio(good.into(), (all - open).into(), Scale::Percent)
            .and_then(|share| share.to_decimal(2, Rounding::HalfUp))
            .map(number::trim);
        let percent = figure.set_num_format(style::number_format(share.unwrap_or_default(), input.language));
        let formula = format!("=IF({wanted}-{without}>0,ROUND({reached}/({wanted}-{without})*100,2),\"\")");
        self.formula(8, formula, share.map(number::plain).unwrap_or_default(), &percent)?;
        self.height(paper::row_points(paper::lines(&part.name, width(0, 2), SIZE, first.is_some()), SIZE, 5.0))
    }

    /// Counts the words of a verdict in the form. `None` where a word stands for two verdicts, and a
    /// formula could not tell them apart.
    fn counted(&self, column: usize, part: &FormSection, verdict: Verdict) -> Option<String> {
        let mut words: Vec<(Verdict, &str)> = Vec::new();
        for judged in judged(self.input, column, &part.rows) {
            for verdict in [Verdict::Exceeded, Verdict::Met, Verdict::Missed] {
                words.push((verdict, judged.word_for(verdict)));
            }
        }
        words.sort_unstable();
        words.dedup();
        let own: Vec<&str> = words.iter().filter(|(of, _)| *of == verdict).map(|(_, word)| *word).collect();
        let is_shared = |word: &str| words.iter().any(|(of, other)| *of != verdict && *other == word);
        if own.is_empty() || own.iter().any(|word| word.is_empty() || is_shared(word)) {
            return None;
        }
        let first = self.address(Operand { row: part.rows.start, column });
        let last = self.layout.position(Operand { row: part.rows.end - 1, column });
        // COUNTIF would take signs in a word for wildcards.
        let tests: Vec<String> =
            own.iter().map(|word| format!("({first}:{last}=\"{}\")", word.replace('"', "\"\""))).collect();
        Some(format!("=SUMPRODUCT(0+({}))", tests.join("+")))
    }

    fn formula(&mut self, column: u16, formula: String, result: String, format: &Format) -> Result<(), XlsxError> {
        let formula = Formula::new(formula).set_result(result);
        self.sheet.write_formula_with_format(self.row, column, formula, format)?;
        Ok(())
    }

    /// A chart and the table behind it.
    fn ratios(&mut self, column: usize, bars: &[Bar]) -> Result<(), XlsxError> {
        let (language, input) = (self.input.language, self.input);
        let Some(measure) = measure_of(input, column).map(|measure| input.catalogue.measure(measure)) else {
            return Ok(());
        };
        let MeasureKind::Ratio { of, to, policy } = measure.kind else { return Ok(()) };
        let label = |id| &input.catalogue.measure(id).label;
        let (of, to) = (label(of), label(to));
        let title = say!(language, "{of} so với {to}, theo từng chỉ tiêu", "{of} against {to}, by indicator");
        let (whole, unit) = match policy.scale {
            Scale::Percent => (Decimal::ONE_HUNDRED, " (%)"),
            Scale::Fraction => (Decimal::ONE, ""),
        };
        let height = FRAME_PIXELS + BAR_PIXELS * count(bars.len());
        let at = self.room(height, bars.iter().map(|bar| bar.label.as_str()))?;
        let mark = language.number(whole);
        self.head(&[
            (0, 1, say!(language, "STT", "No.")),
            (1, 1, say!(language, "Chỉ tiêu", "Indicator")),
            (2, 2, format!("{}{unit}", measure.label.trim_end_matches([' ', '%']))),
            (4, 1, say!(language, "Mốc {mark}", "Mark {mark}")),
            (5, 2, say!(language, "Trong biểu", "In the form")),
        ])?;
        let first = self.row;
        for (number, bar) in (1u32..).zip(bars) {
            self.bar(number, bar, whole)?;
        }
        style::trim_decimals(self.sheet, (first, 2, self.row - 1, 2), 0)?;
        let title = format!("{title}{unit}");
        let bars_from = chart::Axis { mark: whole, from_zero: false };
        let series = [chart::Series { name: &title, column: 2, is_mark: false }];
        let chart = self.chart(&title, (first, self.row - 1), &series, bars_from, height);
        self.sheet.insert_chart(at, 0, &chart)?;
        self.explain_lower(bars.iter().map(|bar| bar.label.as_str()))
    }

    /// The header of a table: first column, number of columns and text of each cell.
    fn head(&mut self, cells: &[(u16, u16, String)]) -> Result<(), XlsxError> {
        let header = self.style.header(SIZE);
        let mut lines = 1;
        for (first, columns, text) in cells {
            self.wide(*first, *columns, &header)?;
            self.sheet.write_string_with_format(self.row, *first, text, &header)?;
            lines = lines.max(paper::lines(text, width(*first, *columns), SIZE, true));
        }
        self.height(paper::row_points(lines, SIZE, 6.0))
    }

    /// Makes one cell of several; its content is written afterwards.
    fn wide(&mut self, first: u16, columns: u16, format: &Format) -> Result<(), XlsxError> {
        if columns > 1 {
            self.sheet.merge_range(self.row, first, self.row, first + columns - 1, "", format)?;
        }
        Ok(())
    }

    fn explain_lower<'l>(&mut self, mut labels: impl Iterator<Item = &'l str>) -> Result<(), XlsxError> {
        if labels.any(|label| label.ends_with(LOWER)) {
            let note = say!(self.input.language, "(↓): chỉ tiêu càng thấp càng tốt.", "(↓): the lower the better.");
            let italic = self.style.text(SIZE - 1.0).set_italic();
            self.sheet.write_string_with_format(self.row, 0, note, &italic)?;
            self.height(paper::row_points(1, SIZE, 3.0))?;
        }
        Ok(())
    }

    fn bar(&mut self, number: u32, bar: &Bar, whole: Decimal) -> Result<(), XlsxError> {
        self.keep(row_height(&bar.label));
        let (row, address) = (self.row, self.address(bar.at));
        let centred = self.style.cell(SIZE, Align::Centre);
        self.sheet.write_number_with_format(row, 0, number, &centred)?;
        self.sheet.write_string_with_format(row, 1, &bar.label, &self.style.cell(SIZE, Align::Left))?;
        let value = self.style.number(SIZE, Align::Right, bar.value, 0);
        self.wide(2, 2, &value)?;
        self.formula(2, format!("={address}"), number::plain(bar.value), &value)?;
        let mark = self.style.number(SIZE, Align::Right, whole, 0);
        self.sheet.write_number_with_format(row, 4, number::to_f64_for_display(whole), &mark)?;
        let at = self.layout.position(bar.at);
        let link = link::inside(&self.names[0], at);
        self.wide(5, 2, &centred)?;
        self.sheet.write_url_with_format(row, 5, link::url(&link, &at.to_string(), ""), &linked(centred))?;
        self.height(row_height(&bar.label))
    }

    fn end(self) -> Result<(), XlsxError> {
        let (top, bottom, left, right) = MARGINS;
        let inches = paper::inches;
        let last = u16::try_from(WIDTHS.len() - 1).unwrap_or(0);
        let page = PAGE.get(self.input.language);
        self.sheet
            .set_portrait()
            .set_paper_size(paper::A4)
            .set_margins(inches(left), inches(right), inches(top), inches(bottom), inches(7.0), inches(7.0))
            .set_print_fit_to_pages(1, 0)
            .set_footer(format!("&C&\"{},Regular\"&10{page} &P/&N", self.style.profile.font))
            .set_page_breaks(&self.breaks)?
            .set_print_area(0, 0, self.row.max(1) - 1, last)?;
        Ok(())
    }
}
