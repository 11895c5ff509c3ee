//! `bieu convert`.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use bieu::{
    driver::worker::{Orders, Task},
    language::Language,
    report::{Report, Status},
    say,
    write::{self, tidy},
};

use super::{
    Exit, Failure,
    args::Convert,
    exit_code, find_inputs, judge, no_mapping, note, plan_tasks, previous,
    validate::{check_output, check_reports, save, write_reports},
};

pub(super) fn run(args: &Convert, language: Language) -> Result<Exit, Failure> {
    check_reports(&args.report, args.force, language)?;
    if let Some(table) = &args.table {
        check_output(table, args.force, language)?;
    }
    let gathered = find_inputs(&args.inputs, language)?;
    let mappings: Vec<PathBuf> = args.mapping.iter().cloned().collect();
    let mut tasks = plan_tasks(&gathered, &mappings, language)?;
    if let Some(previous) = &args.previous {
        previous::attach(&mut tasks, previous, &mappings, language)?;
    }
    let outputs = outputs(&tasks, args, language)?;
    for (task, output) in tasks.iter_mut().zip(&outputs) {
        if let (Some(output), Some(source)) = (output, task.job.files.first()) {
            task.sources = seen_from(output, source);
        }
    }
    let orders = Orders {
        language,
        mappings,
        workbook: true,
        table: args.table.is_some(),
        memory: args.effort.max_memory,
        timeout: args.effort.timeout,
    };
    // Written as they come, so that a thousand workbooks are never held at once.
    let mut trouble = None;
    let mut tables = vec![None; tasks.len()];
    let answers = judge(&tasks, &orders, args.effort.jobs.map(usize::from), |at, answer| {
        tables[at] = answer.table.take();
        if let (Some(bytes), Some(output)) = (answer.workbook.take(), &outputs[at])
            && let Err(failure) = save(output, &bytes, args.force, language)
        {
            trouble.get_or_insert(failure);
        }
        if let Some(failure) = answer.failure.take() {
            let path = &answer.submission.path;
            trouble.get_or_insert(Failure::usage(say!(
                language,
                "không lập được biểu của {path}: {failure}",
                "the workbook of {path} cannot be made: {failure}"
            )));
        }
    })?;
    if let Some(failure) = no_mapping(&answers, language).or(trouble) {
        return Err(failure);
    }
    for (answer, output) in answers.iter().zip(&outputs) {
        let (None, Some(output)) = (&answer.unmapped, output) else { continue };
        if answer.submission.status == Status::Unreadable {
            continue;
        }
        let counts = answer.submission.counts();
        let (path, readings) = (output.display(), answer.submission.readings);
        let found = write::text::count_findings(counts.errors, counts.warnings, counts.infos, language);
        note(&say!(
            language,
            "đã ghi {path}: {readings} số liệu; {found}",
            "wrote {path}: {readings} readings; {found}"
        ));
    }
    if let Some(path) = &args.table {
        let mut bytes = tidy::header();
        bytes.extend(tables.into_iter().flatten().flatten());
        save(path, &bytes, args.force, language)?;
    }
    let report = Report { submissions: answers.into_iter().map(|answer| answer.submission).collect() };
    summarise(&report, language);
    write_reports(&args.report, &report, args.force, language)?;
    Ok(exit_code(&report, &gathered, args.fail_on))
}

/// Where each submission's workbook goes. One submission: a file. Several: files in a folder.
fn outputs(tasks: &[Task], args: &Convert, language: Language) -> Result<Vec<Option<PathBuf>>, Failure> {
    let wanted = tasks.iter().filter(|task| !task.job.candidates.is_empty()).count();
    let folder = args.output.as_deref().filter(|output| output.is_dir());
    if wanted > 1 && folder.is_none() {
        return Err(Failure::usage(say!(
            language,
            "có {wanted} bộ hồ sơ; `-o` phải là một thư mục có sẵn để ghi mỗi bộ một tệp",
            "there are {wanted} submissions; `-o` must be an existing folder, to hold a file each"
        )));
    }
    let mut taken: Vec<PathBuf> = Vec::new();
    tasks
        .iter()
        .map(|task| {
            if task.job.candidates.is_empty() {
                return Ok(None);
            }
            let path = match (&args.output, folder) {
                (_, Some(folder)) => unused(folder, &task.job.path, &taken),
                (Some(output), None) => output.clone(),
                (None, None) => PathBuf::from("bieu-ket-qua.xlsx"),
            };
            check_output(&path, args.force, language)?;
            taken.push(path.clone());
            Ok(Some(path))
        })
        .collect()
}

/// The folder of a source as a link in the workbook names it. Empty where that cannot be told: the
/// links then work when the workbook lies beside the sources.
fn seen_from(output: &Path, source: &Path) -> String {
    let folder = |path: &Path| {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::canonicalize(folder).ok()
    };
    let difference = folder(source).zip(folder(output)).and_then(|(to, from)| pathdiff::diff_paths(to, from));
    difference.map(|path| path.to_string_lossy().replace('\\', "/")).unwrap_or_default()
}

/// The submission's own name in the folder; a number where two have the same.
fn unused(folder: &Path, submission: &str, taken: &[PathBuf]) -> PathBuf {
    let name = Path::new(submission).file_name().map_or_else(|| "bieu".into(), |n| n.to_string_lossy().into_owned());
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let first = folder.join(format!("{stem}.xlsx"));
    let numbered = (2..).map(|n| folder.join(format!("{stem}-{n}.xlsx")));
    std::iter::once(first).chain(numbered).find(|path| !taken.contains(path)).unwrap_or_default()
}

/// The findings by code, on standard error: the workbook holds them all.
fn summarise(report: &Report, language: Language) {
    let mut counts: Vec<((bieu::finding::Severity, &str), usize)> = Vec::new();
    for finding in report.submissions.iter().flat_map(|s| &s.findings) {
        let key = (finding.severity, finding.code.as_ref());
        match counts.iter_mut().find(|(known, _)| *known == key) {
            Some((_, count)) => *count += 1,
            None => counts.push((key, 1)),
        }
    }
    counts.sort_by(|a, b| b.0.0.cmp(&a.0.0).then(b.1.cmp(&a.1)).then(a.0.1.cmp(b.0.1)));
    for ((severity, code), count) in &counts {
        let _ = writeln!(io::stderr(), "  {count:>4}  {}[{code}]", severity.words().get(language));
    }
    if !counts.is_empty() {
        note(&say!(
            language,
            "xem sheet \"Kiểm tra\" trong tệp, hoặc chạy `bieu validate`; `bieu explain MÃ` giải thích từng mã",
            "see the sheet of findings in the file, or run `bieu validate`; `bieu explain CODE` explains a code"
        ));
    }
}
