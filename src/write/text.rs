//! The report for people, at 80 columns.

mod overview;

use std::io::{self, Write};

use textwrap::{Options, WordSeparator, WordSplitter};

use crate::{
    model::{
        finding::{Hypothesis, Place, Severity},
        report::{FileStatus, Report, ReportEntry, Status, Submission, VerdictCount},
        workbook::file_name,
    },
    values::{
        language::{Language, counted, say},
        number,
    },
    write::escape::printable,
};

const WIDTH: usize = 80;
/// What fits on two lines behind their indents: the reason and the first names.
const TWO_LINES: usize = 2 * WIDTH - 20;
/// Operands listed for one finding.
const MOST_SOURCES: usize = 12;
/// Suspects listed for one finding.
const MOST_SUSPECTS: usize = 3;

/// Wraps at spaces only: names of files and labels must stay whole, to be copied.
pub fn wrapping(width: usize) -> Options<'static> {
    Options::new(width)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
}

/// Writes the findings of one submission; of several an overview, the findings (of many, only those
/// of the worst) and a line on all of them.
///
/// # Errors
/// Those of `out`, and of where the submissions are kept.
pub fn text(report: Report<'_>, language: Language, out: &mut dyn Write) -> io::Result<()> {
    if report.submissions.count() != 1 {
        overview::many(report, language, out)?;
        return summary(report, language, &mut &mut *out);
    }
    for submission in report.iter() {
        submission_text(&*submission?, language, &mut &mut *out)?;
    }
    remark(report, language, &mut &mut *out)
}

/// That less was judged than was asked for.
fn remark(report: Report<'_>, language: Language, out: &mut impl Write) -> io::Result<()> {
    let summary = &report.overview.summary;
    for remark in summary.remark(language).into_iter().chain(summary.read_once_remark(language)) {
        write_wrapped(&remark, "", "  ", out)?;
    }
    Ok(())
}

fn submission_text(submission: &Submission, language: Language, out: &mut impl Write) -> io::Result<()> {
    for group in alike(&submission.findings) {
        match group.as_slice() {
            [first, ..] if group.len() >= LEAST_GROUPED => group_text(first, &group, language, out)?,
            few => {
                for finding in few {
                    finding_text(finding, language, out)?;
                    writeln!(out)?;
                }
                continue;
            }
        }
        writeln!(out)?;
    }
    write_wrapped(&headline(submission, language), "", "  ", out)?;
    let VerdictCount { exceeded, met, missed, met_or_exceeded } = submission.verdicts;
    if met_or_exceeded + missed > 0 {
        let verdicts = say!(
            language,
            "chỉ tiêu của biểu: {exceeded} vượt, {met} đạt, {missed} không đạt (đạt và vượt: {met_or_exceeded})",
            "indicators of the form: {exceeded} exceeded, {met} met, {missed} missed (met or exceeded: {met_or_exceeded})"
        );
        write_wrapped(&verdicts, "  ", "    ", out)?;
    }
    for open in &submission.not_evaluated {
        write_wrapped(&open.line(language, TWO_LINES), "  ", "    ", out)?;
    }
    for file in submission.files.iter().filter(|f| f.status == FileStatus::Unreadable) {
        let (path, error) = (&file.path, file.error.as_deref().unwrap_or(""));
        write_wrapped(
            &say!(language, "không đọc được {path}: {error}", "could not read {path}: {error}"),
            "  ",
            "    ",
            out,
        )?;
    }
    writeln!(out)
}

/// Remarks of one kind about one sheet, from this many on, are told once.
const LEAST_GROUPED: usize = 3;

/// Findings in their order; those that say the same of one sheet stand together with the first of
/// them. Errors stand alone: each is a figure that somebody has to mend.
fn alike(findings: &[ReportEntry]) -> Vec<Vec<&ReportEntry>> {
    let cause = |finding: &ReportEntry| {
        let target = finding.target.as_ref().filter(|_| finding.severity < Severity::Error)?;
        let sheet = target.sheet.clone().filter(|_| target.cell.is_some())?;
        Some((finding.code.clone(), finding.severity, target.file.clone(), sheet, finding.suppressed.clone()))
    };
    let mut groups: Vec<(_, Vec<&ReportEntry>)> = Vec::new();
    for finding in findings {
        let cause = cause(finding);
        match groups.iter_mut().find(|(known, _)| cause.is_some() && *known == cause) {
            Some((_, group)) => group.push(finding),
            None => groups.push((cause, vec![finding])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// Many remarks of one kind: how many, where, and the first of them in full.
fn group_text(first: &ReportEntry, group: &[&ReportEntry], language: Language, out: &mut impl Write) -> io::Result<()> {
    let (level, code, count) = (first.severity.words().get(language), &first.code, group.len());
    let head = say!(language, "{count} vấn đề cùng loại", "{count} findings of this kind");
    write_wrapped(&format!("{level}[{code}]: {head}"), "", "  ", out)?;
    if let Some(target) = &first.target {
        let sheet = Place { cell: None, raw: None, ..target.clone() };
        write_wrapped(&place(&sheet), "  --> ", "      ", out)?;
        let cells = group.iter().filter_map(|finding| finding.target.clone()).collect();
        let cells = ReportEntry { sources: cells, ..first.clone() };
        write_wrapped(&sources(&cells, target, language), "      ", "      ", out)?;
    }
    let (message, action) = (&first.message, &first.action);
    write_wrapped(&say!(language, "ví dụ: {message}", "for example: {message}"), "  ", "    ", out)?;
    write_wrapped(&say!(language, "cách sửa: {action}", "to do: {action}"), "  ", "    ", out)
}

/// One line on a submission: what it is and how it came out.
pub fn headline(submission: &Submission, language: Language) -> String {
    let path = &submission.path;
    let counts = submission.counts();
    let found = count_findings(counts.errors, counts.warnings, counts.infos, language);
    let (readings, files) = (submission.readings, submission.files.len());
    let (files_en, readings_en) = (counted(files, "file"), counted(readings, "reading"));
    let mapping = submission.mapping.as_deref().unwrap_or("");
    match submission.status {
        Status::Clean | Status::Findings => say!(
            language,
            "{path}: {files} tệp, {readings} số liệu (bảng ánh xạ {mapping}): {found}",
            "{path}: {files_en}, {readings_en} (mapping {mapping}): {found}"
        ),
        Status::Unreadable => say!(language, "{path}: không đọc được", "{path}: could not be read"),
        Status::Unmapped => say!(language, "{path}: không có bảng ánh xạ phù hợp", "{path}: no mapping fits"),
    }
}

/// `2 lỗi, 1 cảnh báo`, or that there are none.
pub fn count_findings(errors: u64, warnings: u64, infos: u64, language: Language) -> String {
    let mut parts = Vec::new();
    for (count, severity) in [(errors, Severity::Error), (warnings, Severity::Warning), (infos, Severity::Info)] {
        if count > 0 {
            let noun = severity.words().get(language);
            parts.push(match language {
                Language::Vi => format!("{count} {noun}"),
                Language::En => counted(count, noun),
            });
        }
    }
    if parts.is_empty() { say!(language, "không có vấn đề nào", "no findings") } else { parts.join(", ") }
}

fn summary(report: Report<'_>, language: Language, out: &mut impl Write) -> io::Result<()> {
    let summary = report.overview.summary;
    let counts = count_findings(summary.findings.errors, summary.findings.warnings, summary.findings.infos, language);
    write_wrapped(&format!("{}; {counts}", summary.line(language)), "", "  ", out)?;
    remark(report, language, out)
}

/// One finding: what is there, where, by which rule, what to do.
///
/// # Errors
/// Those of `out`.
pub fn finding_text(finding: &ReportEntry, language: Language, out: &mut impl Write) -> io::Result<()> {
    let level = finding.severity.words().get(language);
    let head = format!("{level}[{}]: {}", finding.code, finding.message);
    write_wrapped(&head, "", "  ", out)?;
    if let Some(target) = &finding.target {
        write_wrapped(&place(target), "  --> ", "      ", out)?;
        let sources = sources(finding, target, language);
        if !sources.is_empty() {
            write_wrapped(&sources, "      ", "      ", out)?;
        }
    }
    if let Some(reason) = &finding.suppressed {
        write_wrapped(&say!(language, "đã giải trình: {reason}", "suppressed: {reason}"), "  ", "    ", out)?;
    }
    if let Some(diagnosis) = &finding.diagnosis {
        write_wrapped(
            &say!(language, "nguyên nhân có thể: {diagnosis}", "likely cause: {diagnosis}"),
            "  ",
            "    ",
            out,
        )?;
    }
    for (at, guess) in finding.hypotheses.iter().take(MOST_SUSPECTS).enumerate() {
        let guess = suspect(guess, finding.target.as_ref(), language);
        let first =
            if at == 0 { say!(language, "ô nghi sai: ", "suspected: ") } else { say!(language, "hoặc: ", "or: ") };
        write_wrapped(&format!("{first}{guess}"), "  ", "    ", out)?;
    }
    if let Some(line) = &finding.mapping {
        let (file, line, id) = (&line.file, line.line, &finding.fingerprint);
        let by = say!(language, "căn cứ: {file}:{line} · số hiệu {id}", "rule: {file}:{line} · id {id}");
        write_wrapped(&by, "  ", "    ", out)?;
    }
    let action = &finding.action;
    write_wrapped(&say!(language, "cách sửa: {action}", "to do: {action}"), "  ", "    ", out)?;
    match finding.consequences.len() {
        0 => Ok(()),
        count => {
            let list = following(finding, language);
            let line = say!(
                language,
                "kéo theo {count} vấn đề khác, sẽ hết khi sửa xong: {list}",
                "{count} more findings follow from it: {list}"
            );
            write_wrapped(&line, "  ", "    ", out)
        }
    }
}

/// Consequences listed for one finding.
const MOST_FOLLOWING: usize = 6;

/// What follows from a finding: code and cell of each.
fn following(finding: &ReportEntry, language: Language) -> String {
    let mut shown: Vec<String> = (finding.consequences.iter().take(MOST_FOLLOWING))
        .map(|other| {
            let at = other.target.as_ref().map(|target| short(target, finding.target.as_ref())).unwrap_or_default();
            format!("{} {at}", other.code).trim_end().to_owned()
        })
        .collect();
    match finding.consequences.len().saturating_sub(MOST_FOLLOWING) {
        0 => {}
        more => shown.push(say!(language, "và {more} vấn đề nữa", "and {more} more")),
    }
    shown.join(" · ")
}

/// `file.xlsx, sheet "Cả năm", F31 = "101,1"`.
pub fn place(place: &Place) -> String {
    let mut text = place.file.to_string();
    if let Some(sheet) = &place.sheet {
        text.push_str(&format!(", sheet \"{sheet}\""));
    }
    if let Some(cell) = place.cell {
        text.push_str(&format!(", {cell}"));
        if let Some(raw) = place.raw.as_deref().map(str::trim).filter(|raw| !raw.is_empty()) {
            text.push_str(&format!(" = \"{raw}\""));
        }
    }
    text
}

/// The cells that a finding was judged from, named as briefly as the target allows.
fn sources(finding: &ReportEntry, target: &Place, language: Language) -> String {
    let mut shown: Vec<String> = finding
        .sources
        .iter()
        .take(MOST_SOURCES)
        .map(|source| {
            let text = short(source, Some(target));
            match source.raw.as_deref().map(str::trim).filter(|raw| !raw.is_empty()) {
                Some(raw) => format!("{text} = {raw}"),
                None => text,
            }
        })
        .collect();
    let more = finding.sources.len().saturating_sub(MOST_SOURCES) as u64 + finding.more_sources;
    if more > 0 {
        shown.push(say!(language, "và {more} ô nữa", "and {more} more"));
    }
    shown.join(" · ")
}

/// A cell, named as briefly as another one allows.
fn short(place: &Place, near: Option<&Place>) -> String {
    let mut text = String::new();
    let other_file = near.is_none_or(|near| near.file != place.file);
    if other_file {
        let name = file_name(&place.file);
        // The period before may have a file of the same name.
        let is_double = near.is_some_and(|near| file_name(&near.file) == name);
        text.push_str(if is_double { &place.file } else { name });
        text.push(' ');
    }
    if let Some(sheet) = place.sheet.as_ref().filter(|s| other_file || near.and_then(|n| n.sheet.as_ref()) != Some(*s))
    {
        text.push_str(&format!("'{sheet}'!"));
    }
    if let Some(cell) = place.cell {
        text.push_str(&cell.to_string());
    }
    text
}

/// `F12 = 2.352,97 → 2.325,97 (đảo hai chữ số; khớp 3 quy tắc)`.
fn suspect(guess: &Hypothesis, near: Option<&Place>, language: Language) -> String {
    let place = short(&guess.target, near);
    let raw = guess.target.raw.as_deref().map_or("", str::trim);
    let to = number::parse_plain(&guess.to).map_or_else(|| guess.to.clone(), |to| language.number(to));
    let others: Vec<String> = guess
        .together
        .iter()
        .map(|other| {
            let to = number::parse_plain(&other.to).map_or_else(|| other.to.clone(), |to| language.number(to));
            let raw = other.target.raw.as_deref().map_or("", str::trim);
            format!(" + {} = {raw} → {to}", short(&other.target, Some(&guess.target)))
        })
        .collect();
    let others = others.concat();
    let mends = match guess.resolves {
        0 | 1 => String::new(),
        count => say!(language, "; {count} phép kiểm tra khớp", "; satisfies {count} rules"),
    };
    format!("{place} = {raw} → {to}{others} ({}{mends})", guess.kind.words().get(language))
}

fn write_wrapped(line: &str, first: &str, rest: &str, out: &mut impl Write) -> io::Result<()> {
    let options = wrapping(WIDTH).initial_indent(first).subsequent_indent(rest);
    // A cell may hold line breaks; a finding stays one paragraph.
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    // Nor may it steer the terminal.
    let line = printable(&line);
    for line in textwrap::wrap(&line, options) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}
