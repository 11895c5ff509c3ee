//! The report as a workbook: a sheet of submissions, a sheet of findings. Rows are written as they
//! come, so widths are fixed and no row is looked at twice.
#![allow(clippy::float_arithmetic, reason = "lengths on paper are no figures of the office")]

use std::io::{self, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, IgnoreError, Workbook, Worksheet, XlsxError};

use super::{
    link, paper, refused,
    style::{DEFAULT_COLUMN_PIXELS, DEFAULT_ROW_PIXELS, Style, cut, linked},
};
use crate::{
    model::{
        catalogue::{Align, Profile},
        report::{Counts, Report, ReportEntry, Submission},
        workbook::{Position, file_name},
    },
    values::{
        language::{Language, Words, counted, say, sentence},
        number,
    },
    write::{WriteError, packed::forget_system},
};

const SIZE: f64 = 10.0;
const LONGEST: usize = 4_000;
/// Findings beyond are left to the csv: a sheet has 1,048,576 rows, and one of so many is of no use.
const MOST_FINDINGS: u32 = 200_000;
/// A sheet takes 65,530 links.
const MOST_LINKS: u32 = 60_000;
/// Rows above the first row of the table: title, remark, header.
const HEADER: u32 = 2;

const SUBMISSIONS: Words = Words { vi: "Bộ số liệu", en: "Submissions" };
const FINDINGS: Words = Words { vi: "Kiểm tra", en: "Findings" };
const PAGE: Words = Words { vi: "Trang", en: "Page" };

/// Header, width in characters, alignment.
type Column = (Words, f64, Align);

const OF_SUBMISSIONS: &[Column] = &[
    (Words { vi: "STT", en: "No." }, 6.0, Align::Centre),
    (Words { vi: "Bộ số liệu", en: "Submission" }, 46.0, Align::Left),
    (Words { vi: "Tình trạng", en: "Status" }, 20.0, Align::Left),
    (Words { vi: "Lỗi", en: "Errors" }, 9.0, Align::Right),
    (Words { vi: "Cảnh báo", en: "Warnings" }, 11.0, Align::Right),
    (Words { vi: "Lưu ý", en: "Information" }, 9.0, Align::Right),
    (Words { vi: "Số liệu", en: "Readings" }, 10.0, Align::Right),
    (Words { vi: "Bảng ánh xạ", en: "Mapping" }, 20.0, Align::Left),
    (Words { vi: "Kỳ", en: "Period" }, 10.0, Align::Left),
    (Words { vi: "Chưa đánh giá", en: "Not evaluated" }, 60.0, Align::Left),
];

/// All of them together are printed at 8 points on A4.
const OF_FINDINGS: &[Column] = &[
    (Words { vi: "Bộ số liệu", en: "Submission" }, 14.0, Align::Left),
    (Words { vi: "Mức độ", en: "Level" }, 8.0, Align::Left),
    (Words { vi: "Mã", en: "Code" }, 11.5, Align::Left),
    (Words { vi: "Tệp", en: "File" }, 13.0, Align::Left),
    (Words { vi: "Sheet", en: "Sheet" }, 9.0, Align::Left),
    (Words { vi: "Ô", en: "Cell" }, 5.5, Align::Centre),
    (Words { vi: "Ghi trong ô", en: "In the cell" }, 9.0, Align::Right),
    (Words { vi: "Đúng ra là", en: "Expected" }, 9.0, Align::Right),
    (Words { vi: "Nội dung", en: "Message" }, 28.0, Align::Left),
    (Words { vi: "Cách sửa", en: "What to do" }, 20.0, Align::Left),
    (Words { vi: "Nguyên nhân có thể", en: "Likely cause" }, 13.0, Align::Left),
    (Words { vi: "Chỉ tiêu", en: "Indicator" }, 10.0, Align::Left),
    (Words { vi: "Đã giải trình", en: "Suppressed" }, 8.5, Align::Left),
];

/// A cell of the report.
enum Entry {
    Text(String),
    Count(u64),
    Link(String, String),
}

/// A sheet that grows row by row.
struct Table<'a> {
    sheet: &'a mut Worksheet,
    columns: &'static [Column],
    formats: Vec<Format>,
    row: u32,
    links: u32,
}

/// Writes the report. `base` is the folder in which paths begin, as seen from that of the report.
///
/// # Errors
/// Those of `out` and of where the submissions are kept; a text that the format does not take.
pub(in crate::write) fn report(
    report: Report<'_>,
    language: Language,
    base: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let bytes = bytes(report, language, base).map_err(|error| match error {
        Trouble::Kept(error) => error,
        Trouble::Refused(error) => io::Error::other(error),
    })?;
    out.write_all(&bytes)
}

pub(super) enum Trouble {
    Kept(io::Error),
    Refused(WriteError),
}

impl From<XlsxError> for Trouble {
    fn from(error: XlsxError) -> Self {
        Self::Refused(refused(error))
    }
}

fn bytes(report: Report<'_>, language: Language, base: &str) -> Result<Vec<u8>, Trouble> {
    let style = Style::new(Profile::ND30);
    let mut workbook = Workbook::new();
    workbook.set_default_format(&style.base(), DEFAULT_ROW_PIXELS, DEFAULT_COLUMN_PIXELS)?;
    // No clock is read; the same report gives the same bytes.
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    sheets(&mut workbook, &style, report, language, base)?;
    let mut bytes = workbook.save_to_buffer()?;
    forget_system(&mut bytes);
    Ok(bytes)
}

/// Adds both sheets to a workbook.
pub(super) fn sheets(
    workbook: &mut Workbook,
    style: &Style,
    report: Report<'_>,
    language: Language,
    base: &str,
) -> Result<(), Trouble> {
    for _ in 0..2 {
        add_sheet(workbook)?;
    }
    let summary = report.overview.summary;
    let Counts { errors, warnings, infos } = summary.findings;
    let (errors_en, warnings_en, infos_en) =
        (counted(errors, "error"), counted(warnings, "warning"), counted(infos, "info"));
    let [.., first, second] = workbook.worksheets_mut().as_mut_slice() else { return Ok(()) };
    let mut title = summary.line(language);
    for remark in summary.remark(language).into_iter().chain(summary.read_once_remark(language)) {
        title = format!("{title}. {remark}");
    }
    let mut submissions = Table::start(first, SUBMISSIONS, OF_SUBMISSIONS, style, &title, language)?;
    let mut title =
        say!(language, "{errors} lỗi, {warnings} cảnh báo, {infos} lưu ý", "{errors_en}, {warnings_en}, {infos_en}");
    if errors + warnings + infos > u64::from(MOST_FINDINGS) {
        title += &say!(
            language,
            "; ở đây chỉ có {MOST_FINDINGS} vấn đề đầu, đầy đủ ở --report .csv",
            "; only the first {MOST_FINDINGS} are here, --report .csv has all"
        );
    }
    let mut findings = Table::start(second, FINDINGS, OF_FINDINGS, style, &title, language)?;
    for submission in report.iter() {
        let submission = submission.map_err(Trouble::Kept)?;
        submissions.submission(&submission, findings.row, language)?;
        for cause in &submission.findings {
            for finding in cause.with_consequences() {
                if findings.row < HEADER + MOST_FINDINGS {
                    let cause = (!std::ptr::eq(cause, finding)).then_some(cause);
                    findings.finding(&submission, finding, cause, base, language)?;
                }
            }
        }
    }
    submissions.end(language)?;
    findings.end(language)?;
    Ok(())
}

/// With files at hand, rows go to one; without, the sheet stays in memory.
#[cfg(feature = "cli")]
fn add_sheet(workbook: &mut Workbook) -> Result<(), XlsxError> {
    workbook.add_worksheet_with_constant_memory()?;
    Ok(())
}

#[cfg(not(feature = "cli"))]
fn add_sheet(workbook: &mut Workbook) -> Result<(), XlsxError> {
    workbook.add_worksheet();
    Ok(())
}

impl<'a> Table<'a> {
    fn start(
        sheet: &'a mut Worksheet,
        name: Words,
        columns: &'static [Column],
        style: &Style,
        title: &str,
        language: Language,
    ) -> Result<Self, XlsxError> {
        sheet.set_name(name.get(language))?;
        for (at, (_, width, _)) in (0u16..).zip(columns) {
            sheet.set_column_width_pixels(at, paper::whole(paper::column_pixels(*width)))?;
        }
        sheet.write_string_with_format(0, 0, cut(title, LONGEST), &style.text(SIZE + 2.0).set_bold())?;
        sheet.set_row_height(1, 6.0)?;
        let mut lines = 1;
        for (at, (header, width, _)) in (0u16..).zip(columns) {
            let header = header.get(language);
            sheet.write_string_with_format(HEADER, at, header, &style.header(SIZE))?;
            // The button of the filter takes its part.
            lines = lines.max(paper::lines(header, paper::column_pixels(*width) - 4.0, SIZE, true));
        }
        sheet.set_row_height(HEADER, paper::row_points(lines, SIZE, 6.0))?;
        let formats =
            columns.iter().map(|(_, _, align)| style.cell(SIZE, *align).set_align(FormatAlign::Top)).collect();
        Ok(Self { sheet, columns, formats, row: HEADER, links: 0 })
    }

    fn submission(&mut self, submission: &Submission, before: u32, language: Language) -> Result<(), XlsxError> {
        let path = submission.path.to_string();
        // The row of its first finding on the other sheet, if it has one there.
        let path = if submission.findings.is_empty() || before >= HEADER + MOST_FINDINGS {
            Entry::Text(path)
        } else {
            Entry::Link(link::inside(FINDINGS.get(language), Position::new(before + 1, 0)), path)
        };
        let Counts { errors, warnings, infos } = submission.counts();
        self.write(vec![
            Entry::Count(u64::from(self.row - HEADER) + 1),
            path,
            Entry::Text(submission.status.words().get(language).to_owned()),
            Entry::Count(errors),
            Entry::Count(warnings),
            Entry::Count(infos),
            Entry::Count(submission.readings),
            Entry::Text(submission.mapping.as_deref().unwrap_or_default().to_owned()),
            Entry::Text(submission.period.clone().unwrap_or_default()),
            Entry::Text(
                submission.not_evaluated.iter().map(|open| open.line(language, 500)).collect::<Vec<_>>().join("\n"),
            ),
        ])
    }

    fn finding(
        &mut self,
        submission: &Submission,
        finding: &ReportEntry,
        cause: Option<&ReportEntry>,
        base: &str,
        language: Language,
    ) -> Result<(), XlsxError> {
        let target = finding.target.as_ref();
        let file = target.map(|t| file_name(&t.file)).unwrap_or_default().to_owned();
        let cell = target.and_then(|t| t.cell).map(|cell| cell.to_string()).unwrap_or_default();
        let source = target.and_then(|t| {
            let name = file_name(&t.file);
            let folder = t.file.strip_suffix(name).unwrap_or_default();
            // Only a relative path begins in the working folder.
            let base = if folder.starts_with(['/', '\\']) || folder.contains(':') { "" } else { base };
            link::outside(&format!("{base}{folder}"), &t.file, t.sheet.as_deref(), t.cell)
        });
        let text = |text: Option<&str>| Entry::Text(text.unwrap_or_default().trim().to_owned());
        let expected = finding.expected.as_deref().unwrap_or_default();
        let expected =
            number::parse_plain(expected).map_or_else(|| expected.to_owned(), |value| language.number(value));
        let (file, cell) = match source {
            Some(source) if cell.is_empty() => (Entry::Link(source, file), Entry::Text(cell)),
            Some(source) => (Entry::Text(file), Entry::Link(source, cell)),
            None => (Entry::Text(file), Entry::Text(cell)),
        };
        self.write(vec![
            Entry::Text(submission.path.to_string()),
            Entry::Text(finding.severity.words().get(language).to_owned()),
            Entry::Text(finding.code.to_string()),
            file,
            text(target.and_then(|t| t.sheet.as_deref())),
            cell,
            text(target.and_then(|t| t.raw.as_deref())),
            Entry::Text(expected),
            Entry::Text(sentence(&finding.message).into_owned()),
            Entry::Text(sentence(&finding.action).into_owned()),
            Entry::Text(cause.map_or_else(
                || finding.diagnosis.as_deref().map(|words| sentence(words).into_owned()).unwrap_or_default(),
                |cause| {
                    let cell = cause.target.as_ref().and_then(|t| t.cell).map(|cell| cell.to_string());
                    let (code, cell) = (&cause.code, cell.unwrap_or_default());
                    say!(language, "Kéo theo từ {code} {cell}", "Follows from {code} {cell}")
                },
            )),
            text(finding.indicator.as_deref()),
            text(finding.suppressed.as_deref()),
        ])
    }

    fn write(&mut self, entries: Vec<Entry>) -> Result<(), XlsxError> {
        self.row += 1;
        let mut lines = 1;
        let cells = (0u16..).zip(entries).zip(self.columns).zip(&self.formats);
        for (((at, entry), (_, width, _)), format) in cells {
            let text = match entry {
                Entry::Count(count) => {
                    let count = u32::try_from(count).unwrap_or(u32::MAX);
                    self.sheet.write_number_with_format(self.row, at, count, format)?;
                    continue;
                }
                Entry::Link(link, text) if self.links < MOST_LINKS && !text.is_empty() => {
                    self.links += 1;
                    let (text, format) = (cut(&text, LONGEST).into_owned(), linked(format.clone()));
                    self.sheet.write_url_with_format(self.row, at, link::url(&link, &text, ""), &format)?;
                    text
                }
                Entry::Text(text) | Entry::Link(_, text) => {
                    let text = cut(&text, LONGEST).into_owned();
                    self.sheet.write_string_with_format(self.row, at, &text, format)?;
                    text
                }
            };
            lines = lines.max(paper::lines(&text, paper::column_pixels(*width), SIZE, false));
        }
        self.sheet.set_row_height(self.row, paper::row_points(lines, SIZE, 2.5))?;
        Ok(())
    }

    /// Filter, frozen header, print setup.
    fn end(self, language: Language) -> Result<(), XlsxError> {
        let last = u16::try_from(self.columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
        let inches = paper::inches;
        self.sheet.ignore_error_range(HEADER, 0, self.row.max(HEADER + 1), last, IgnoreError::NumberStoredAsText)?;
        self.sheet.autofilter(HEADER, 0, self.row.max(HEADER + 1), last)?;
        self.sheet
            .set_landscape()
            .set_paper_size(paper::A4)
            .set_margins(inches(12.0), inches(12.0), inches(15.0), inches(15.0), inches(7.0), inches(7.0))
            .set_print_fit_to_pages(1, 0)
            .set_footer(format!("&C&10{} &P/&N", PAGE.get(language)))
            .set_repeat_rows(HEADER, HEADER)?
            .set_freeze_panes(HEADER + 1, 0)?;
        Ok(())
    }
}
