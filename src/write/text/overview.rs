//! Many submissions on a page: which are the worst, and what is found most.

use std::io::{self, Write};

use super::{count_findings, submission_text, write_wrapped};
use crate::{
    model::report::{Counts, Group, Rank, Report, Status},
    values::language::{Language, counted, say},
};

/// From more submissions than this on, only the worst are told in full.
const MOST_IN_FULL: usize = 20;
/// The worst submissions that are listed.
const MOST_LISTED: usize = 10;
/// Indicators named for a code.
const MOST_INDICATORS: usize = 3;

/// An overview, then the findings.
pub(super) fn many(report: Report<'_>, language: Language, out: &mut dyn Write) -> io::Result<()> {
    let ranks = report.overview.worst_first();
    let bad: Vec<Rank> = ranks.iter().copied().filter(|rank| rank.status != Status::Clean).collect();
    worst(report, &bad, language, out)?;
    groups(report, language, out)?;
    if ranks.len() <= MOST_IN_FULL {
        for submission in report.iter() {
            submission_text(&*submission?, language, &mut &mut *out)?;
        }
        return Ok(());
    }
    for rank in bad.iter().take(MOST_LISTED) {
        submission_text(&*report.submissions.get(rank.at)?, language, &mut &mut *out)?;
    }
    let more = bad.len().saturating_sub(MOST_LISTED);
    if more > 0 {
        let submissions = counted(more, "submission");
        let line = say!(
            language,
            "Còn {more} bộ số liệu nữa cần xem lại. Ghi đầy đủ ra tệp: --report bao-cao.html (hoặc .xlsx, .csv, .json)",
            "Not clean either: {submissions}. For all of it: --report report.html (or .xlsx, .csv, .json)"
        );
        write_wrapped(&line, "", "  ", &mut &mut *out)?;
        writeln!(out)?;
    }
    Ok(())
}

fn worst(report: Report<'_>, bad: &[Rank], language: Language, out: &mut dyn Write) -> io::Result<()> {
    if bad.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", say!(language, "Bộ số liệu có nhiều lỗi nhất:", "Worst submissions:"))?;
    for rank in bad.iter().take(MOST_LISTED) {
        let submission = report.submissions.get(rank.at)?;
        let Counts { errors, warnings, infos } = rank.counts;
        let path = &submission.path;
        let found = match rank.status {
            Status::Clean | Status::Findings => count_findings(errors, warnings, infos, language),
            Status::Unreadable | Status::Unmapped => rank.status.words().get(language).to_owned(),
        };
        write_wrapped(&format!("{path}: {found}"), "  ", "    ", &mut &mut *out)?;
    }
    writeln!(out)
}

fn groups(report: Report<'_>, language: Language, out: &mut dyn Write) -> io::Result<()> {
    let groups = report.overview.groups();
    if groups.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", say!(language, "Phát hiện theo mã:", "Findings by code:"))?;
    for (severity, code, group) in groups {
        let Group { findings, suppressed, submissions, .. } = group;
        let level = severity.words().get(language);
        let in_submissions = counted(*submissions, "submission");
        let mut line = say!(
            language,
            "{findings:>6}  {level:<9} {code}, ở {submissions} bộ số liệu",
            "{findings:>6}  {level:<9} {code}, in {in_submissions}"
        );
        if *suppressed > 0 {
            line += &say!(language, "; {suppressed} đã bỏ qua", "; {suppressed} suppressed");
        }
        writeln!(out, "{line}")?;
        let indicators: Vec<String> =
            group.most_frequent(MOST_INDICATORS).iter().map(|(id, count)| format!("{id} ({count})")).collect();
        let more = group.indicators.len().saturating_sub(MOST_INDICATORS);
        let more = match more {
            0 => String::new(),
            more => {
                let others = counted(more, "more indicator");
                say!(language, ", và {more} chỉ tiêu nữa", ", and {others}")
            }
        };
        if !indicators.is_empty() {
            let indent = " ".repeat(18);
            write_wrapped(&format!("{}{more}", indicators.join(", ")), &indent, &indent, &mut &mut *out)?;
        }
    }
    writeln!(out)
}
