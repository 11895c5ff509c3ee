//! The report as one page for a browser: no network, no other file. It is usable without its
//! script, which only filters, folds and pages. Whatever comes from files is escaped.

mod sheet;

use std::io::{self, Write};

use askama::Template;

use self::sheet::SheetFindings;
use super::{escape::Drawn, input::ReportInput};
use crate::{
    model::{
        finding::{Place, Severity},
        report::{Counts, FileStatus, Group, Rank, ReportEntry, Status, Submission, Summary},
        workbook,
    },
    values::language::{self, Language, counted, say},
};

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/script.js");
/// Submissions that are listed.
const MOST_LISTED: usize = 20_000;
/// Findings that are shown in full, of all submissions together and of one.
const MOST_FINDINGS: usize = 10_000;
const MOST_OF_ONE: usize = 300;
/// Cells of sheets that are shown: some 60 bytes each.
const MOST_CELLS: usize = 60_000;
/// Indicators named for a code.
const MOST_INDICATORS: usize = 3;
/// Characters of a line on what was not evaluated.
const LONGEST_LIST: usize = 1_000;

/// Writes the page, the worst submissions first. All its blocks stand in one template, which is read as the page is.
pub(super) fn html(input: ReportInput<'_>, out: &mut dyn Write) -> io::Result<()> {
    let language = input.language;
    let ranks = input.report.overview.worst_first();
    Top::new(input, ranks.len()).write_into(out)?;
    let mut room = MOST_FINDINGS;
    for rank in ranks.iter().take(MOST_LISTED) {
        let submission = input.report.submissions.get(rank.at)?;
        let has_details = shown(&submission, &mut room) > 0;
        let entry = Entry { language, rank, path: &submission.path, readings: submission.readings, has_details };
        entry.write_into(out)?;
    }
    Middle { language }.write_into(out)?;
    let (mut room, mut cells, mut left_out) = (MOST_FINDINGS, MOST_CELLS, 0u64);
    for rank in &ranks {
        let submission = input.report.submissions.get(rank.at)?;
        let most = shown(&submission, &mut room);
        left_out += u64::try_from(submission.findings.len() - most).unwrap_or(u64::MAX);
        if most > 0 {
            let findings = worst(&submission.findings, most);
            let excerpts = input.report.submissions.excerpts(rank.at)?;
            let sheets = sheet::sheets(&findings, &excerpts, &mut cells, language);
            Details::new(rank, &submission, sheets, ranks.len() == 1, language).write_into(out)?;
        }
    }
    let left_out_en = counted(left_out, "finding");
    let left_out_words = say!(
        language,
        "{left_out} vấn đề nữa không có trong trang này; đầy đủ ở --report .csv, .xlsx hoặc .json.",
        "This page leaves out {left_out_en}; --report .csv, .xlsx or .json has all."
    );
    Bottom { left_out, left_out_words }.write_into(out)
}

/// What stands before the entries of the list.
#[derive(Template)]
#[template(path = "report.html", block = "top", escape = "drawn")]
struct Top<'a> {
    language: Language,
    lang: &'static str,
    version: &'static str,
    summary: Summary,
    parts: [(Status, u64); 4],
    codes: Vec<CodeRow<'a>>,
    caption: String,
}

/// Findings of one code, with a bar.
struct CodeRow<'a> {
    severity: Severity,
    name: &'a str,
    what: &'static str,
    group: &'a Group,
    indicators: String,
    percent: u64,
}

impl<'a> Top<'a> {
    fn new(input: ReportInput<'a>, all: usize) -> Self {
        let language = input.language;
        let summary = input.report.overview.summary;
        let groups = input.report.overview.groups();
        let most = groups.iter().map(|(_, _, group)| group.findings).max().unwrap_or(0).max(1);
        let row = |(severity, name, group): (Severity, &'a str, &'a Group)| {
            let known = input.codes.iter().find(|known| known.name == name);
            let frequent = group.most_frequent(MOST_INDICATORS);
            let named: Vec<String> = frequent.iter().map(|(id, count)| format!("{id} ({count})")).collect();
            CodeRow {
                severity,
                name,
                what: known.map(|code| code.explain.what.get(language)).unwrap_or_default(),
                group,
                indicators: named.join(", "),
                percent: group.findings * 100 / most,
            }
        };
        let caption = if all > MOST_LISTED {
            say!(
                language,
                "{MOST_LISTED} bộ số liệu nhiều lỗi nhất trong {all}; đầy đủ ở --report .csv hoặc .xlsx",
                "The worst {MOST_LISTED} of {all} submissions; --report .csv or .xlsx has all"
            )
        } else {
            say!(language, "Mọi bộ số liệu, nhiều lỗi nhất trước", "All submissions, the worst first")
        };
        Self {
            language,
            lang: match language {
                Language::Vi => "vi",
                Language::En => "en",
            },
            version: env!("CARGO_PKG_VERSION"),
            summary,
            parts: [
                (Status::Clean, summary.clean),
                (Status::Findings, summary.with_findings),
                (Status::Unreadable, summary.unreadable),
                (Status::Unmapped, summary.unmapped),
            ],
            codes: groups.into_iter().map(row).collect(),
            caption,
        }
    }
}

/// A row of the list: one submission.
#[derive(Template)]
#[template(path = "report.html", block = "entry", escape = "drawn")]
struct Entry<'a> {
    language: Language,
    rank: &'a Rank,
    path: &'a str,
    readings: u64,
    has_details: bool,
}

/// What stands between the list and the details.
#[derive(Template)]
#[template(path = "report.html", block = "middle", escape = "drawn")]
struct Middle {
    language: Language,
}

/// A submission with its findings.
#[derive(Template)]
#[template(path = "report.html", block = "submission", escape = "drawn")]
struct Details<'a> {
    language: Language,
    rank: &'a Rank,
    submission: &'a Submission,
    is_open: bool,
    found: String,
    about: String,
    sheets: Vec<SheetFindings<'a>>,
    more: usize,
    more_words: String,
}

impl<'a> Details<'a> {
    fn new(
        rank: &'a Rank,
        submission: &'a Submission,
        sheets: Vec<SheetFindings<'a>>,
        is_open: bool,
        language: Language,
    ) -> Self {
        let Counts { errors, warnings, infos } = rank.counts;
        let (readings, files) = (submission.readings, submission.files.len());
        let (files_en, readings_en) = (counted(files, "file"), counted(readings, "reading"));
        let checks = submission.checks;
        let (passed, failed, skipped) = (checks.passed, checks.failed, checks.not_evaluated);
        let mapping = submission.mapping.as_deref().unwrap_or("-");
        let period = submission.period.as_deref().unwrap_or("-");
        let about = say!(
            language,
            "Bảng ánh xạ {mapping}, kỳ {period}; {files} tệp, {readings} số liệu; phép kiểm tra: {passed} khớp, {failed} không khớp, {skipped} chưa kiểm tra được vì thiếu số.",
            "Mapping {mapping}, period {period}; {files_en}, {readings_en}; checks: {passed} passed, {failed} failed, {skipped} not evaluated."
        );
        let more = submission.findings.len() - sheets.iter().map(|sheet| sheet.findings.len()).sum::<usize>();
        let more_en = counted(more, "more finding");
        let more_words = say!(
            language,
            "và {more} vấn đề nữa, xem --report .csv hoặc .xlsx",
            "and {more_en}, see --report .csv or .xlsx"
        );
        let found = super::text::count_findings(errors, warnings, infos, language);
        Self { language, rank, submission, is_open, found, about, sheets, more, more_words }
    }
}

/// What stands behind the details.
#[derive(Template)]
#[template(path = "report.html", block = "bottom", escape = "drawn")]
struct Bottom {
    left_out: u64,
    left_out_words: String,
}

/// How many findings of a submission are shown; takes them off the room that is left.
fn shown(submission: &Submission, room: &mut usize) -> usize {
    let most = submission.findings.len().min(MOST_OF_ONE).min(*room);
    *room -= most;
    most
}

/// The worst findings, in the order of the report.
fn worst(findings: &[ReportEntry], most: usize) -> Vec<&ReportEntry> {
    let mut worst: Vec<(usize, &ReportEntry)> = findings.iter().enumerate().collect();
    worst.sort_by_key(|(_, finding)| (finding.suppressed.is_some(), std::cmp::Reverse(finding.severity)));
    worst.truncate(most);
    worst.sort_by_key(|(at, _)| *at);
    worst.into_iter().map(|(_, finding)| finding).collect()
}
