//! Reports of `validate` and `convert`: checked before anything is read, written at the end.

use std::{
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use crate::{
    driver::{Overwrite, is_device, reason, same_place, shown, write_file, write_with, written},
    judge::checks,
    line::codes,
    model::{finding::Code, report::Report},
    values::language::{Language, say},
    write::{ReportFormat, ReportInput, report},
};

use super::{Failure, args::Format, terminal};

/// Prints a report; a reader that has gone away (`| head`) ends it quietly.
pub(super) fn print_report(format: Format, judged: Report<'_>, language: Language) -> Result<(), Failure> {
    let format = match format {
        Format::Text => ReportFormat::Text,
        Format::Json => ReportFormat::Json,
        Format::Csv => ReportFormat::Csv,
        Format::Html => ReportFormat::Html,
        Format::Sarif => ReportFormat::Sarif,
        Format::Junit => ReportFormat::Junit,
    };
    let mut out = BufWriter::new(terminal::stdout());
    match write_report(format, judged, language, "", &mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let error = reason(&error, language);
            Err(Failure::usage(say!(
                language,
                "không ghi được ra đầu ra chuẩn: {error}",
                "cannot write to standard output: {error}"
            )))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes reports to their files.
pub(super) fn write_reports(
    paths: &[PathBuf],
    judged: Report<'_>,
    force: bool,
    language: Language,
) -> Result<(), Failure> {
    for path in paths {
        let format = report_format(path, language)?;
        let base = seen_from(path);
        save_with(path, force, language, |out| write_report(format, judged, language, &base, out))?;
    }
    Ok(())
}

fn write_report(
    format: ReportFormat,
    judged: Report<'_>,
    language: Language,
    base: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let codes: Vec<&'static Code> = codes::all().collect();
    let checks: Vec<&'static Code> = checks::CHECKS.iter().map(|check| check.code).collect();
    report(format, ReportInput { report: judged, language, codes: &codes, checks: &checks, base }, out)
}

/// Where something will be kept once it is written: its links lead from there. The page in the browser has
/// it written to a folder of its own, and the officer takes it from there.
pub(super) fn kept_at(output: &Path) -> PathBuf {
    match (std::env::var_os("BIEU_LINKED_FROM"), output.file_name()) {
        (Some(folder), Some(name)) => Path::new(&folder).join(name),
        _ => output.to_path_buf(),
    }
}

/// The working folder as seen from that of a report; empty where that cannot be told.
pub(super) fn seen_from(report: &Path) -> String {
    let report = kept_at(report);
    let folder = report.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let here = std::fs::canonicalize(".").ok();
    let difference = here.zip(std::fs::canonicalize(folder).ok()).and_then(|(to, from)| pathdiff::diff_paths(to, from));
    let base = difference.map(|path| written(&path)).unwrap_or_default();
    if base.is_empty() { base } else { format!("{base}/") }
}

/// Says before anything is read that a report cannot be written.
pub(super) fn check_reports(reports: &[PathBuf], force: bool, language: Language) -> Result<(), Failure> {
    for (at, path) in reports.iter().enumerate() {
        report_format(path, language)?;
        check_output(path, force, language)?;
        if reports[..at].iter().any(|other| same_place(other, path)) {
            return Err(named_twice(path, language));
        }
    }
    Ok(())
}

/// Whether a page is among the reports, which shows the sheets beside their findings.
pub(super) fn has_page(reports: &[PathBuf]) -> bool {
    let format = |path: &PathBuf| ReportFormat::of_ending(&path.extension()?.to_string_lossy());
    reports.iter().any(|path| format(path) == Some(ReportFormat::Html))
}

/// Two outputs cannot be one file.
pub(super) fn named_twice(path: &Path, language: Language) -> Failure {
    let path = shown(path);
    Failure::usage(say!(language, "{path} được nêu hai lần", "{path} is named twice"))
}

fn report_format(path: &Path, language: Language) -> Result<ReportFormat, Failure> {
    let ending = path.extension().map(|ending| ending.to_string_lossy());
    ending.and_then(|ending| ReportFormat::of_ending(&ending)).ok_or_else(|| {
        let path = shown(path);
        let endings = ReportFormat::ALL.map(|format| format!(".{}", format.ending())).join(" ");
        Failure::usage(say!(
            language,
            "không biết định dạng báo cáo của {path}: dùng một trong các đuôi {endings}",
            "cannot tell the report format of {path}: use one of {endings}"
        ))
    })
}

/// An output that is there already, or whose folder is not.
pub(super) fn check_output(path: &Path, force: bool, language: Language) -> Result<(), Failure> {
    let place = shown(path);
    if path.is_dir() {
        return Err(Failure::usage(say!(
            language,
            "{place} là thư mục, không phải tệp",
            "{place} is a folder, not a file"
        )));
    }
    if path.exists() && !force && !is_device(path) {
        return Err(Failure::usage(say!(
            language,
            "{place} đã có; thêm --force để ghi đè",
            "{place} is already there; add --force to replace it"
        )));
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        let folder = shown(folder);
        return Err(Failure::usage(say!(
            language,
            "không có thư mục {folder} để ghi {place}",
            "there is no folder {folder} to write {place} into"
        )));
    }
    Ok(())
}

/// Writes a file, or says why it cannot be written.
pub(super) fn save(path: &Path, bytes: &[u8], force: bool, language: Language) -> Result<(), Failure> {
    write_file(path, bytes, overwrite(force)).map_err(|error| not_written(path, &error, language))
}

/// Writes a file bit by bit, or says why it cannot be written.
pub(super) fn save_with(
    path: &Path,
    force: bool,
    language: Language,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    write_with(path, overwrite(force), write).map_err(|error| not_written(path, &error, language))
}

fn overwrite(force: bool) -> Overwrite {
    if force { Overwrite::Yes } else { Overwrite::No }
}

fn not_written(path: &Path, error: &io::Error, language: Language) -> Failure {
    let (path, error) = (shown(path), reason(error, language));
    Failure::usage(say!(language, "không ghi được {path}: {error}", "cannot write {path}: {error}"))
}
