//! The second sheet: what a person should look at.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::{
    WorkbookInput,
    entry::{Column, Entry, List, Target},
    layout::Layout,
    list,
    places::Places,
    stream::Stream,
    style::Style,
};
use crate::{
    model::{
        catalogue::Align,
        finding::{Certainty, Severity},
        report::ReportEntry,
        workbook::{Position, file_name},
    },
    values::{
        language::{Language, Words, counted, say, sentence},
        number,
    },
};

/// Header, width and alignment of the columns.
const COLUMNS: &[(Words, f64, Align)] = &[
    (Words { vi: "STT", en: "No." }, 4.5, Align::Centre),
    (Words { vi: "Mức độ", en: "Level" }, 8.5, Align::Centre),
    (Words { vi: "Mã", en: "Code" }, 14.0, Align::Left),
    (Words { vi: "Nội dung", en: "Message" }, 40.0, Align::Left),
    (Words { vi: "Trong biểu", en: "In the form" }, 6.5, Align::Centre),
    (Words { vi: "Tệp", en: "File" }, 17.0, Align::Left),
    (Words { vi: "Sheet", en: "Sheet" }, 10.0, Align::Left),
    (Words { vi: "Ô", en: "Cell" }, 6.0, Align::Centre),
    (Words { vi: "Ghi trong ô", en: "In the cell" }, 12.0, Align::Right),
    (Words { vi: "Đúng ra là", en: "Expected" }, 12.0, Align::Right),
    (Words { vi: "Nguyên nhân có thể", en: "Likely cause" }, 22.0, Align::Left),
    (Words { vi: "Cách sửa", en: "What to do" }, 28.0, Align::Left),
];

/// Writes the sheet. Errors come first: they are what has to be mended. The rows are still to come.
pub(super) fn write<'a>(
    sheet: &mut Worksheet,
    names: &'a [String; 4],
    style: &Style,
    layout: &Layout,
    input: &'a WorkbookInput<'a>,
) -> Result<Option<Stream<'a>>, XlsxError> {
    sheet.set_name(&names[1])?;
    let language = input.language;
    let places = Places::new(input);
    let mut findings: Vec<&ReportEntry> = input.submission.findings.iter().collect();
    findings.sort_by_key(|f| (f.suppressed.is_some(), std::cmp::Reverse(f.severity)));
    let findings: Vec<(&ReportEntry, Option<Position>)> = findings
        .into_iter()
        .map(|finding| (finding, places.of(finding).map(|shown| layout.position(shown.at))))
        .collect();
    let list = List {
        title: say!(language, "KIỂM TRA SỐ LIỆU", "CHECKS"),
        summary: Box::new(|_| summary(input)),
        columns: Column::all(COLUMNS, language),
        rows: Box::new(move |look| {
            for (number, (finding, shown)) in (1u32..).zip(&findings) {
                look(&row(number, finding, *shown, input));
            }
        }),
        empty: say!(language, "Không phát hiện lỗi, cảnh báo hay lưu ý nào.", "Nothing was found."),
        language,
        form: &names[0],
        sources: input.sources,
        printed: true,
    };
    list::write(sheet, style, list)
}

/// Characters of a line above the list, over the width of the sheet.
const LONGEST_LINE: usize = 160;

fn summary(input: &WorkbookInput<'_>) -> Vec<String> {
    let submission = input.submission;
    let counts = submission.counts();
    let (errors, warnings, infos) = (counts.errors, counts.warnings, counts.infos);
    let (passed, failed, skipped) =
        (submission.checks.passed, submission.checks.failed, submission.checks.not_evaluated);
    let (path, readings) = (file_name(submission.path.trim_end_matches(['/', '\\'])), submission.readings);
    let period = &input.catalogue.period;
    let (errors_en, warnings_en) = (counted(errors, "error"), counted(warnings, "warning"));
    let (infos_en, readings_en) = (counted(infos, "info"), counted(readings, "reading"));
    let mut lines = vec![
        say!(
            input.language,
            "{path}, kỳ {period}: {errors} lỗi, {warnings} cảnh báo, {infos} lưu ý.",
            "{path}, period {period}: {errors_en}, {warnings_en}, {infos_en}."
        ),
        say!(
            input.language,
            "Đã đọc {readings} số liệu; phép kiểm tra: {passed} khớp, {failed} không khớp, {skipped} chưa kiểm tra được vì thiếu số.",
            "{readings_en}; checks: {passed} passed, {failed} failed, {skipped} not evaluated."
        ),
    ];
    lines.extend(submission.not_evaluated.iter().map(|open| open.line(input.language, LONGEST_LINE)));
    lines
}

fn row<'a>(
    number: u32,
    finding: &'a ReportEntry,
    shown: Option<Position>,
    input: &WorkbookInput<'_>,
) -> [Entry<'a>; 12] {
    let language = input.language;
    let target = finding.target.as_ref();
    let severity = finding.severity.words().get(language);
    let message = match &finding.suppressed {
        Some(reason) => {
            let message = sentence(&finding.message);
            say!(language, "{message} (bỏ qua: {reason})", "{message} (suppressed: {reason})").into()
        }
        None => sentence(&finding.message),
    };
    let cell = target.and_then(|t| t.cell);
    let file = target.map(|t| file_name(&t.file)).unwrap_or_default();
    let source = target.map(|t| Target::Source { file: &t.file, sheet: t.sheet.as_deref(), cell });
    [
        Entry::number(number),
        match finding.severity {
            Severity::Error => Entry::Strong(severity.into()),
            Severity::Warning | Severity::Info => Entry::Text(severity.into()),
        },
        Entry::text(&*finding.code),
        Entry::text(message),
        shown.map_or(Entry::Blank, |at| Entry::Link(Target::Form(at), at.to_string().into())),
        // Without a cell, the file itself is what can be opened.
        Entry::followed(file, source.filter(|_| cell.is_none())),
        Entry::text(target.and_then(|t| t.sheet.as_deref()).unwrap_or_default()),
        Entry::followed(cell.map(|cell| cell.to_string()).unwrap_or_default(), source),
        Entry::text(target.and_then(|t| t.raw.as_deref()).unwrap_or_default().trim()),
        value(finding.expected.as_deref().unwrap_or_default()),
        Entry::text(cause(finding, language)),
        Entry::text(sentence(&finding.action)),
    ]
}

/// The diagnosis, and under it the cell that is the likeliest to be wrong.
fn cause(finding: &ReportEntry, language: Language) -> String {
    let mut lines: Vec<String> = finding.diagnosis.iter().map(|words| sentence(words).into_owned()).collect();
    // Where it cannot be told which cell is wrong, what to do names them all.
    let sure = finding.certainty.is_some_and(|certainty| certainty > Certainty::Open);
    if let Some(suspect) = finding.hypotheses.first().filter(|_| sure) {
        let cell = suspect.target.cell.map(|cell| cell.to_string()).unwrap_or_default();
        let to = number::parse_plain(&suspect.to).map_or_else(|| suspect.to.clone(), |to| language.number(to));
        lines.push(say!(language, "Ô nghi sai: {cell}, có lẽ là {to}", "Suspected: {cell}, perhaps {to}"));
    }
    if !finding.consequences.is_empty() {
        let count = finding.consequences.len();
        let list: Vec<String> = (finding.consequences.iter().take(MOST_FOLLOWING))
            .map(|other| {
                let cell = other.target.as_ref().and_then(|target| target.cell);
                format!("{} {}", other.code, cell.map(|cell| cell.to_string()).unwrap_or_default())
                    .trim_end()
                    .to_owned()
            })
            .collect();
        let (list, count_en) = (list.join(", "), counted(count, "finding"));
        lines.push(say!(language, "Kéo theo {count} vấn đề: {list}", "{count_en} more follow: {list}"));
    }
    lines.join("\n")
}

/// Consequences named beside their cause.
const MOST_FOLLOWING: usize = 8;

/// A plain decimal as a number, anything else as it is.
fn value(plain: &str) -> Entry<'_> {
    number::parse_plain(plain).map_or_else(|| Entry::text(plain), Entry::number)
}
