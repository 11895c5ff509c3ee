//! `bieu validate`.

use std::path::Path;

use bieu::{
    driver::{Overwrite, worker::Orders, write_file},
    language::Language,
    report::Report,
    say, write,
};

use super::{
    Exit, Failure,
    args::{Format, Validate},
    exit_code, find_inputs, judge, no_mapping, note, plan_tasks, previous, print,
};

pub(super) fn run(args: &Validate, language: Language) -> Result<Exit, Failure> {
    check_reports(&args.report, args.force, language)?;
    let gathered = find_inputs(&args.inputs, language)?;
    let mut tasks = plan_tasks(&gathered, &args.mapping, language)?;
    if let Some(previous) = &args.previous {
        previous::attach(&mut tasks, previous, &args.mapping, language)?;
    }
    let orders = Orders {
        language,
        mappings: args.mapping.clone(),
        workbook: false,
        table: false,
        memory: args.effort.max_memory,
        timeout: args.effort.timeout,
    };
    let answers = judge(&tasks, &orders, args.effort.jobs.map(usize::from), |_, _| ())?;
    let failure = no_mapping(&answers, language);
    let report = Report { submissions: answers.into_iter().map(|answer| answer.submission).collect() };
    print(&match args.format {
        Format::Text => text(&report, language)?,
        Format::Json => json(&report)?,
    })?;
    write_reports(&args.report, &report, args.force, language)?;
    if gathered.skipped > 0 {
        let skipped = gathered.skipped;
        note(&say!(
            language,
            "bỏ qua {skipped} tệp không phải bảng tính hoặc đang mở",
            "passed over {skipped} files that are no spreadsheets or are locks"
        ));
    }
    match failure {
        Some(failure) => Err(failure),
        None => Ok(exit_code(&report, &gathered, args.fail_on)),
    }
}

pub(super) fn text(report: &Report, language: Language) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    write::text::text(report, language, &mut bytes).map_err(|e| Failure::usage(e.to_string()))?;
    Ok(bytes)
}

fn json(report: &Report) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    write::json::json(report, &mut bytes).map_err(|e| Failure::usage(e.to_string()))?;
    Ok(bytes)
}

/// Says before anything is read that a report cannot be written.
pub(super) fn check_reports(reports: &[std::path::PathBuf], force: bool, language: Language) -> Result<(), Failure> {
    for path in reports {
        report_format(path, language)?;
        check_output(path, force, language)?;
    }
    Ok(())
}

fn report_format(path: &Path, language: Language) -> Result<Format, Failure> {
    match path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).as_deref() {
        Some("json") => Ok(Format::Json),
        Some("txt") => Ok(Format::Text),
        Some(_) | None => {
            let path = path.display();
            Err(Failure::usage(say!(
                language,
                "không biết định dạng báo cáo của {path}: dùng đuôi .json hoặc .txt",
                "cannot tell the report format of {path}: use .json or .txt"
            )))
        }
    }
}

/// An output that is there already, or whose folder is not.
pub(super) fn check_output(path: &Path, force: bool, language: Language) -> Result<(), Failure> {
    let shown = path.display();
    if path.is_dir() {
        return Err(Failure::usage(say!(
            language,
            "{shown} là thư mục, không phải tệp",
            "{shown} is a folder, not a file"
        )));
    }
    if path.exists() && !force {
        return Err(Failure::usage(say!(
            language,
            "{shown} đã có; thêm --force để ghi đè",
            "{shown} is already there; add --force to replace it"
        )));
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        let folder = folder.display();
        return Err(Failure::usage(say!(
            language,
            "không có thư mục {folder} để ghi {shown}",
            "there is no folder {folder} to write {shown} into"
        )));
    }
    Ok(())
}

pub(super) fn write_reports(
    paths: &[std::path::PathBuf],
    report: &Report,
    force: bool,
    language: Language,
) -> Result<(), Failure> {
    for path in paths {
        let bytes = match report_format(path, language)? {
            Format::Json => json(report)?,
            Format::Text => text(report, language)?,
        };
        save(path, &bytes, force, language)?;
    }
    Ok(())
}

/// Writes a file, or says why it cannot be written.
pub(super) fn save(path: &Path, bytes: &[u8], force: bool, language: Language) -> Result<(), Failure> {
    let overwrite = if force { Overwrite::Yes } else { Overwrite::No };
    write_file(path, bytes, overwrite).map_err(|error| {
        let path = path.display();
        Failure::usage(say!(language, "không ghi được {path}: {error}", "cannot write {path}: {error}"))
    })
}
