//! The fourth sheet: how many indicators were exceeded, met and missed, and the ratios as charts.
//!
//! Counts and ratios are formulas over the form, so that they follow what a clerk mends there. Only
//! the order of the bars stays as it was when the workbook was made.
#![allow(clippy::float_arithmetic, reason = "lengths on paper are no figures of the office")]

use rust_xlsxwriter::{
    Chart, ChartAxisCrossing, ChartAxisLabelPosition, ChartFont, ChartFormat, ChartLine, ChartLineDashType,
    ChartSolidFill, ChartType, Color, Format, FormatAlign, Formula, Worksheet, XlsxError,
};

use super::{
    WorkbookInput,
    layout::{Layout, count},
    link, paper,
    style::{self, DEFAULT_ROW_PIXELS, Style, cut, fits, linked},
};
use crate::{
    appendix::{Content, Judged, Operand, Row},
    catalogue::{Align, Direction, FormCell, MeasureId, MeasureKind, Orientation, Profile, Scale},
    language::Words,
    number::{self, Decimal, Rounding},
    ratio::exact_ratio,
    say,
    verdict::Verdict,
};

const TITLE_SIZE: f64 = 14.0;
const SIZE: f64 = 11.0;
const MARGINS: (f64, f64, f64, f64) = (15.0, 15.0, 12.0, 12.0);
/// Pixels: number, text, and the columns of figures.
const WIDTHS: [u32; 9] = [40, 236, 62, 62, 62, 66, 66, 62, 62];
/// More bars are not read on one page.
const MOST_BARS: usize = 36;
const BAR_PIXELS: u32 = 21;
/// Title and axis of a chart.
const FRAME_PIXELS: u32 = 84;
/// Longest label beside a bar, in characters.
const LONGEST_LABEL: usize = 60;
const FILL: Color = Color::RGB(0x7F_9D_B9);
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
struct Part {
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
) -> impl Iterator<Item = &'a Judged> + use<'a> {
    input.appendix.rows[rows.clone()].iter().filter_map(move |row| match row {
        Row::Indicator { cells, .. } => match &cells.get(column)?.content {
            Content::Verdict(judged) => Some(judged),
            Content::Blank | Content::Text(_) | Content::Number(_) | Content::Ratio(_) => None,
        },
        Row::Section { .. } => None,
    })
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
        let Row::Indicator { indicator, level, cells } = shown else { continue };
        let indicator = input.catalogue.indicator(*indicator);
        above.retain(|(other, _)| other < level);
        if let Some(Content::Ratio(ratio)) = cells.get(column).map(|cell| &cell.content)
            && let Some(value) = ratio.shown.filter(|value| fits(*value))
        {
            let path: Vec<&str> = above.iter().map(|(_, label)| *label).chain([indicator.label.as_str()]).collect();
            let lower = if indicator.direction == Direction::Lower { " (↓)" } else { "" };
            let label = format!("{}{lower}", cut(&path.join(" – "), LONGEST_LABEL));
            bars.push(Bar { label, at: Operand { row, column }, value });
        }
        above.push((*level, &indicator.label));
    }
    bars.sort_by_key(|bar| std::cmp::Reverse(bar.value));
    bars
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
        let profile = Profile { margins: MARGINS, ..self.style.profile.clone() };
        if self.used > 0.0 && self.used + points > paper::printable_points(&profile, Orientation::Portrait) * 0.95 {
            self.breaks.push(self.row);
            self.used = 0.0;
        }
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
        let heading =
            say!(language, "Kết quả thực hiện các chỉ tiêu ({label})", "How the indicators came out ({label})");
        self.line(&heading, SIZE + 1.0, true)?;
        let header = self.style.header(SIZE);
        let section = say!(language, "Phần", "Section");
        self.sheet.merge_range(self.row, 0, self.row, 1, &section, &header)?;
        for (at, words) in (2u16..).zip(COUNTS) {
            self.sheet.write_string_with_format(self.row, at, words.get(language), &header)?;
        }
        self.height(paper::row_points(2, SIZE, 6.0))?;
        let first = self.row;
        for part in &parts {
            self.count_row(column, part, None)?;
        }
        let all = Part { name: say!(language, "Toàn biểu", "The whole form"), rows: 0..input.appendix.rows.len() };
        self.count_row(column, &all, Some(first))
    }

    /// The sections that hold indicators.
    fn parts(&self) -> Vec<Part> {
        let rows = &self.input.appendix.rows;
        let mut parts: Vec<Part> = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            match row {
                Row::Section { number, title, .. } => {
                    let name = if number.is_empty() { title.clone() } else { format!("{number}. {title}") };
                    parts.push(Part { name, rows: at + 1..at + 1 });
                }
                Row::Indicator { .. } => match parts.last_mut() {
                    Some(part) => part.rows.end = at + 1,
                    None => parts.push(Part { name: String::new(), rows: at..at + 1 }),
                },
            }
        }
        parts.retain(|part| !part.rows.is_empty());
        parts
    }

    /// One row of counts; `first` is the first one where this is their sum.
    fn count_row(&mut self, column: usize, part: &Part, first: Option<u32>) -> Result<(), XlsxError> {
        let input = self.input;
        let verdicts: Vec<&Judged> = judged(input, column, &part.rows).collect();
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
        let percent = figure.set_num_format(style::decimals_format(2, input.language));
        let formula = format!("=IF({wanted}-{without}>0,ROUND({reached}/({wanted}-{without})*100,2),\"\")");
        self.formula(8, formula, share.map(number::plain).unwrap_or_default(), &percent)?;
        let width = f64::from(WIDTHS[0] + WIDTHS[1]);
        self.height(paper::row_points(paper::lines(&part.name, width, SIZE, first.is_some()), SIZE, 5.0))
    }

    /// Counts the words of a verdict in the form. `None` where a word stands for two verdicts, and a
    /// formula could not tell them apart.
    fn counted(&self, column: usize, part: &Part, verdict: Verdict) -> Option<String> {
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
        let pixels = f64::from(height);
        self.keep(pixels * 0.75 + 24.0);
        self.gap()?;
        let at = self.row;
        for _ in 0..=height / DEFAULT_ROW_PIXELS {
            self.height(f64::from(DEFAULT_ROW_PIXELS) * 0.75)?;
        }
        self.keep(90.0);
        self.gap()?;
        let header = self.style.header(SIZE);
        let mark = language.number(whole);
        let heads = [
            say!(language, "STT", "No."),
            say!(language, "Chỉ tiêu", "Indicator"),
            format!("{}{unit}", measure.label.trim_end_matches([' ', '%'])),
            say!(language, "Mốc {mark}", "Mark {mark}"),
            say!(language, "Trong biểu", "In the form"),
        ];
        for (column, head) in (0u16..).zip(&heads) {
            self.sheet.write_string_with_format(self.row, column, head, &header)?;
        }
        self.height(paper::row_points(2, SIZE, 6.0))?;
        let first = self.row;
        for (number, bar) in (1u32..).zip(bars) {
            self.bar(number, bar, whole)?;
        }
        let chart = self.chart(&format!("{title}{unit}"), (first, self.row - 1), whole, height);
        self.sheet.insert_chart(at, 0, &chart)?;
        if bars.iter().any(|bar| bar.label.ends_with("(↓)")) {
            let note = say!(language, "(↓): chỉ tiêu càng thấp càng tốt.", "(↓): the lower the better.");
            let italic = self.style.text(SIZE - 1.0).set_italic();
            self.sheet.write_string_with_format(self.row, 0, note, &italic)?;
            self.height(paper::row_points(1, SIZE, 3.0))?;
        }
        Ok(())
    }

    fn bar(&mut self, number: u32, bar: &Bar, whole: Decimal) -> Result<(), XlsxError> {
        let (row, address) = (self.row, self.address(bar.at));
        let centred = self.style.cell(SIZE, Align::Centre);
        self.sheet.write_number_with_format(row, 0, number, &centred)?;
        self.sheet.write_string_with_format(row, 1, &bar.label, &self.style.cell(SIZE, Align::Left))?;
        let value = self.style.number(SIZE, Align::Right, bar.value);
        self.formula(2, format!("={address}"), number::plain(bar.value), &value)?;
        let mark = self.style.number(SIZE, Align::Right, whole);
        self.sheet.write_number_with_format(row, 3, number::to_f64_for_display(whole), &mark)?;
        let at = self.layout.position(bar.at);
        let link = link::inside(&self.names[0], at);
        self.sheet.write_url_with_format(row, 4, link::url(&link, &at.to_string(), ""), &linked(centred))?;
        let lines = paper::lines(&bar.label, f64::from(WIDTHS[1]), SIZE, false);
        self.height(paper::row_points(lines, SIZE, 3.0))
    }

    /// Bars to both sides of the mark: who is above and who below is seen without colours.
    fn chart(&self, title: &str, (first, last): (u32, u32), whole: Decimal, height: u32) -> Chart {
        let name = self.names[3].as_str();
        let font = |size: f64| {
            let mut font = ChartFont::new();
            font.set_name(&*self.style.profile.font).set_size(size);
            font
        };
        let mut title_font = font(12.0);
        title_font.set_bold();
        let mut chart = Chart::new(ChartType::Bar);
        chart
            .add_series()
            .set_name(title)
            .set_categories((name, first, 1, last, 1))
            .set_values((name, first, 2, last, 2))
            .set_format(
                ChartFormat::new()
                    .set_solid_fill(ChartSolidFill::new().set_color(FILL))
                    .set_border(ChartLine::new().set_color(Color::Black).set_width(0.5)),
            )
            .set_data_label(rust_xlsxwriter::ChartDataLabel::new().show_value().set_font(&font(9.0)))
            .set_gap(45);
        chart.title().set_name(title).set_font(&title_font);
        chart.legend().set_hidden();
        // The crate calls the upright axis of bars `y`, though it holds the categories.
        chart
            .y_axis()
            .set_reverse()
            .set_label_position(ChartAxisLabelPosition::Low)
            .set_font(&font(9.0))
            // The axis is the mark.
            .set_format(ChartFormat::new().set_line(ChartLine::new().set_color(Color::Black).set_width(2.0)));
        chart
            .x_axis()
            .set_crossing(ChartAxisCrossing::AxisValue(number::to_f64_for_display(whole)))
            .set_font(&font(9.0))
            .set_num_format("General")
            .set_major_gridlines(true)
            .set_major_gridlines_line(
                ChartLine::new()
                    .set_color(Color::RGB(0xD0_D0_D0))
                    .set_width(0.5)
                    .set_dash_type(ChartLineDashType::Dash),
            );
        chart.set_width(WIDTHS.iter().sum::<u32>() - 2).set_height(height);
        chart.set_alt_text(title);
        chart
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
