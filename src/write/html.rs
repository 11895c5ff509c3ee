//! The report as one page for a browser: no network, no other file. It is usable without its
//! script, which only filters, folds and pages. Whatever comes from files is escaped.

mod sheet;

use std::io::{self, Write};

use super::{escape::drawn, input::ReportInput};
use crate::{
    model::{
        finding::Severity,
        report::{Counts, FileStatus, Rank, ReportEntry, Status, Submission},
    },
    values::language::{Language, counted, say},
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

/// What of a page is the same everywhere.
#[derive(Clone, Copy)]
struct Page<'a> {
    input: ReportInput<'a>,
    language: Language,
}

/// Writes the page, the worst submissions first.
pub(super) fn html(input: ReportInput<'_>, out: &mut dyn Write) -> io::Result<()> {
    let page = Page { input, language: input.language };
    let ranks = input.report.overview.worst_first();
    page.head(out)?;
    page.overview(out)?;
    page.codes(out)?;
    page.list(&ranks, out)?;
    page.details(&ranks, out)?;
    writeln!(out, "</main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>")
}

impl Page<'_> {
    fn head(&self, out: &mut dyn Write) -> io::Result<()> {
        let lang = match self.language {
            Language::Vi => "vi",
            Language::En => "en",
        };
        let title = say!(self.language, "Kết quả kiểm tra số liệu", "Results of the checks");
        let skip = say!(self.language, "Tới danh sách bộ số liệu", "Skip to the submissions");
        let version = env!("CARGO_PKG_VERSION");
        writeln!(
            out,
            "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"generator\" content=\"bieu {version}\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
             style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
             <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
             <a class=\"skip\" href=\"#list\">{skip}</a>\n<header><h1>{title}</h1></header>\n<main>"
        )
    }

    /// Counts, and how many submissions came out how.
    fn overview(&self, out: &mut dyn Write) -> io::Result<()> {
        let summary = self.input.report.overview.summary;
        let Counts { errors, warnings, infos } = summary.findings;
        let heading = say!(self.language, "Tổng quan", "Overview");
        writeln!(
            out,
            "<section aria-labelledby=\"overview\">\n<h2 id=\"overview\">{heading}</h2>\n<dl class=\"tiles\">"
        )?;
        for (class, label, count) in [
            ("", say!(self.language, "Bộ số liệu", "Submissions"), summary.submissions),
            ("error", say!(self.language, "Lỗi", "Errors"), errors),
            ("warning", say!(self.language, "Cảnh báo", "Warnings"), warnings),
            ("info", say!(self.language, "Lưu ý", "Infos"), infos),
        ] {
            writeln!(out, "<div class=\"{class}\"><dt>{label}</dt><dd>{count}</dd></div>")?;
        }
        writeln!(out, "</dl>")?;
        if let Some(remark) = summary.remark(self.language) {
            writeln!(out, "<p class=\"partial\" role=\"alert\">{}</p>", drawn(&remark))?;
        }
        if let Some(remark) = summary.read_once_remark(self.language) {
            writeln!(out, "<p class=\"note\">{}</p>", drawn(&remark))?;
        }
        let parts = [
            (Status::Clean, summary.clean),
            (Status::Findings, summary.with_findings),
            (Status::Unreadable, summary.unreadable),
            (Status::Unmapped, summary.unmapped),
        ];
        write!(out, "<div class=\"stack\" aria-hidden=\"true\">")?;
        for (status, count) in parts.iter().filter(|(_, count)| *count > 0) {
            write!(out, "<span class=\"{}\" style=\"flex-grow:{count}\"></span>", status.name())?;
        }
        writeln!(out, "</div>\n<ul class=\"legend\">")?;
        for (status, count) in parts {
            let (name, words) = (status.name(), status.words().get(self.language));
            writeln!(out, "<li><span class=\"key {name}\" aria-hidden=\"true\"></span>{words}: <b>{count}</b></li>")?;
        }
        writeln!(out, "</ul>\n</section>")
    }

    /// Findings by code, with bars.
    fn codes(&self, out: &mut dyn Write) -> io::Result<()> {
        let groups = self.input.report.overview.groups();
        if groups.is_empty() {
            return Ok(());
        }
        let heading = say!(self.language, "Phát hiện theo mã", "Findings by code");
        let caption = say!(
            self.language,
            "Mã vấn đề: số vấn đề, số bộ số liệu và chỉ tiêu hay gặp nhất",
            "Finding codes: how many findings, in how many submissions, and the most frequent indicators"
        );
        writeln!(
            out,
            "<section aria-labelledby=\"codes\">\n<h2 id=\"codes\">{heading}</h2>\n<div class=\"wide\"><table>\n\
             <caption>{caption}</caption>\n<thead><tr>"
        )?;
        for (class, header) in [
            ("", say!(self.language, "Mức độ", "Level")),
            ("", say!(self.language, "Mã", "Code")),
            ("number", say!(self.language, "Phát hiện", "Findings")),
            ("bar", String::new()),
            ("number", say!(self.language, "Bộ số liệu", "Submissions")),
            ("frequent", say!(self.language, "Chỉ tiêu hay gặp", "Frequent indicators")),
        ] {
            let tag = if header.is_empty() { "td" } else { "th scope=\"col\"" };
            let end = if header.is_empty() { "td" } else { "th" };
            write!(out, "<{tag} class=\"{class}\">{header}</{end}>")?;
        }
        writeln!(out, "</tr></thead>\n<tbody>")?;
        let most = groups.iter().map(|(_, _, group)| group.findings).max().unwrap_or(0).max(1);
        for (severity, code, group) in groups {
            let (class, level) = (severity.name(), severity.words().get(self.language));
            let what = self.input.codes.iter().find(|known| known.name == code);
            let what = what.map(|code| drawn(code.explain.what.get(self.language))).unwrap_or_default();
            let indicators: Vec<String> = group
                .most_frequent(MOST_INDICATORS)
                .iter()
                .map(|(id, count)| format!("{} ({count})", drawn(id)))
                .collect();
            let percent = group.findings * 100 / most;
            let suppressed = match group.suppressed {
                0 => String::new(),
                count => say!(self.language, " (+{count} đã bỏ qua)", " (+{count} suppressed)"),
            };
            writeln!(
                out,
                "<tr><td class=\"level {class}\">{level}</td><th scope=\"row\">{}<small>{what}</small></th>\
                 <td class=\"number\">{}{suppressed}</td><td class=\"bar\" aria-hidden=\"true\">\
                 <span class=\"{class}\" style=\"width:{percent}%\"></span></td><td class=\"number\">{}</td><td>{}</td></tr>",
                drawn(code),
                group.findings,
                group.submissions,
                indicators.join(", ")
            )?;
        }
        writeln!(out, "</tbody>\n</table></div>\n</section>")
    }

    /// Filters, and a row a submission.
    fn list(&self, ranks: &[Rank], out: &mut dyn Write) -> io::Result<()> {
        let language = self.language;
        let heading = say!(language, "Bộ số liệu", "Submissions");
        writeln!(out, "<section aria-labelledby=\"list\">\n<h2 id=\"list\" tabindex=\"-1\">{heading}</h2>")?;
        self.filters(out)?;
        let all = ranks.len();
        let caption = if all > MOST_LISTED {
            say!(
                language,
                "{MOST_LISTED} bộ số liệu nhiều lỗi nhất trong {all}; đầy đủ ở --report .csv hoặc .xlsx",
                "The worst {MOST_LISTED} of {all} submissions; --report .csv or .xlsx has all"
            )
        } else {
            say!(language, "Mọi bộ số liệu, nhiều lỗi nhất trước", "All submissions, the worst first")
        };
        writeln!(out, "<div class=\"wide\"><table id=\"submissions\">\n<caption>{caption}</caption>\n<thead><tr>")?;
        for (class, header) in [
            ("", say!(language, "Bộ số liệu", "Submission")),
            ("", say!(language, "Tình trạng", "Status")),
            ("number", say!(language, "Lỗi", "Errors")),
            ("number", say!(language, "Cảnh báo", "Warnings")),
            ("number", say!(language, "Lưu ý", "Infos")),
            ("number", say!(language, "Số liệu", "Readings")),
        ] {
            write!(out, "<th scope=\"col\" class=\"{class}\">{header}</th>")?;
        }
        writeln!(out, "</tr></thead>\n<tbody>")?;
        let mut room = MOST_FINDINGS;
        for rank in ranks.iter().take(MOST_LISTED) {
            let submission = self.input.report.submissions.get(rank.at)?;
            let path = drawn(&submission.path);
            let path = match shown(&submission, &mut room) {
                0 => format!("<bdi>{path}</bdi>"),
                _ => format!("<a href=\"#s{}\"><bdi>{path}</bdi></a>", rank.at),
            };
            let (status, words) = (rank.status.name(), rank.status.words().get(language));
            let Counts { errors, warnings, infos } = rank.counts;
            writeln!(
                out,
                "<tr data-status=\"{status}\"><th scope=\"row\">{path}</th><td><span class=\"key {status}\" \
                 aria-hidden=\"true\"></span>{words}</td><td class=\"number\">{errors}</td>\
                 <td class=\"number\">{warnings}</td><td class=\"number\">{infos}</td><td class=\"number\">{}</td></tr>",
                submission.readings
            )?;
        }
        let more = say!(language, "Xem thêm", "Show more");
        writeln!(
            out,
            "</tbody>\n</table></div>\n<p><button type=\"button\" id=\"more\" hidden>{more}</button></p>\n</section>"
        )
    }

    fn filters(&self, out: &mut dyn Write) -> io::Result<()> {
        let language = self.language;
        let search = say!(language, "Tìm trong tên, mã, nội dung", "Search names, codes and messages");
        let status = say!(language, "Tình trạng", "Status");
        let all = say!(language, "tất cả", "all");
        let levels = say!(language, "Mức độ", "Levels");
        let found = say!(language, "bộ số liệu khớp", "submissions match");
        writeln!(
            out,
            "<form id=\"filter\" role=\"search\" hidden>\n<label>{search} <input type=\"search\" id=\"query\"></label>\n\
             <label>{status} <select id=\"status\"><option value=\"\">{all}</option>"
        )?;
        for status in [Status::Findings, Status::Unreadable, Status::Unmapped, Status::Clean] {
            writeln!(out, "<option value=\"{}\">{}</option>", status.name(), status.words().get(language))?;
        }
        writeln!(out, "</select></label>\n<fieldset><legend>{levels}</legend>")?;
        for severity in [Severity::Error, Severity::Warning, Severity::Info] {
            let (name, words) = (severity.name(), severity.words().get(language));
            writeln!(out, "<label><input type=\"checkbox\" value=\"{name}\" checked> {words}</label>")?;
        }
        writeln!(out, "</fieldset>\n<p aria-live=\"polite\"><output id=\"hits\"></output> {found}</p>\n</form>")
    }

    /// A section for each submission with findings, the worst first, as long as there is room.
    fn details(&self, ranks: &[Rank], out: &mut dyn Write) -> io::Result<()> {
        let heading = say!(self.language, "Từng bộ số liệu", "Each submission");
        writeln!(out, "<section aria-labelledby=\"each\">\n<h2 id=\"each\">{heading}</h2>")?;
        let (mut room, mut cells, mut left_out) = (MOST_FINDINGS, MOST_CELLS, 0u64);
        let only = ranks.len() == 1;
        for rank in ranks {
            let submission = self.input.report.submissions.get(rank.at)?;
            let most = shown(&submission, &mut room);
            left_out += u64::try_from(submission.findings.len() - most).unwrap_or(u64::MAX);
            if most > 0 {
                self.submission(*rank, &submission, most, only, &mut cells, out)?;
            }
        }
        if left_out > 0 {
            let left_out_en = counted(left_out, "finding");
            let line = say!(
                self.language,
                "{left_out} vấn đề nữa không có trong trang này; đầy đủ ở --report .csv, .xlsx hoặc .json.",
                "This page leaves out {left_out_en}; --report .csv, .xlsx or .json has all."
            );
            writeln!(out, "<p class=\"more\">{line}</p>")?;
        }
        writeln!(out, "</section>")
    }

    fn submission(
        &self,
        rank: Rank,
        submission: &Submission,
        most: usize,
        open: bool,
        room: &mut usize,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let language = self.language;
        let (at, path, open) = (rank.at, drawn(&submission.path), if open { " open" } else { "" });
        let Counts { errors, warnings, infos } = rank.counts;
        let found = super::text::count_findings(errors, warnings, infos, language);
        writeln!(
            out,
            "<details id=\"s{at}\" class=\"submission\"{open}>\n<summary><h3><bdi>{path}</bdi></h3> <span>{found}</span></summary>"
        )?;
        let (readings, files) = (submission.readings, submission.files.len());
        let (files_en, readings_en) = (counted(files, "file"), counted(readings, "reading"));
        let checks = submission.checks;
        let (passed, failed, skipped) = (checks.passed, checks.failed, checks.not_evaluated);
        let mapping = drawn(submission.mapping.as_deref().unwrap_or("-"));
        let period = drawn(submission.period.as_deref().unwrap_or("-"));
        let line = say!(
            language,
            "Bảng ánh xạ {mapping}, kỳ {period}; {files} tệp, {readings} số liệu; phép kiểm tra: {passed} khớp, {failed} không khớp, {skipped} chưa kiểm tra được vì thiếu số.",
            "Mapping {mapping}, period {period}; {files_en}, {readings_en}; checks: {passed} passed, {failed} failed, {skipped} not evaluated."
        );
        writeln!(out, "<p>{line}</p>")?;
        for open in &submission.not_evaluated {
            writeln!(out, "<p class=\"open\">{}</p>", drawn(&open.line(language, LONGEST_LIST)))?;
        }
        for file in submission.files.iter().filter(|file| file.status == FileStatus::Unreadable) {
            let (path, error) = (drawn(&file.path), drawn(file.error.as_deref().unwrap_or_default()));
            let line = say!(
                language,
                "Không đọc được <bdi>{path}</bdi>: {error}",
                "Could not read <bdi>{path}</bdi>: {error}"
            );
            writeln!(out, "<p class=\"unread\">{line}</p>")?;
        }
        let excerpts = self.input.report.submissions.excerpts(at)?;
        sheet::sheets(&worst(&submission.findings, most), &excerpts, room, language, out)?;
        match submission.findings.len() - most {
            0 => {}
            more => {
                let more_en = counted(more, "more finding");
                let line = say!(
                    language,
                    "và {more} vấn đề nữa, xem --report .csv hoặc .xlsx",
                    "and {more_en}, see --report .csv or .xlsx"
                );
                writeln!(out, "<p class=\"more\">{line}</p>")?;
            }
        }
        writeln!(out, "</details>")
    }
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
