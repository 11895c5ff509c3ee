//! `bieu convert`.

use std::{
    collections::HashSet,
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{
    driver::{
        shown,
        worker::{Orders, Task, WorkbookKind},
        written,
    },
    model::report::{Overview, Status},
    values::language::{Language, counted, say},
    write,
};

use super::{
    Exit, Failure, Run,
    annotate::Copies,
    args::{Convert, Switch},
    exit_code, keep_shard, no_mapping, note, note_passed_over,
    outputs::{self, Reads},
    plan_tasks, previous,
    reports::{self, check_output, check_reports, kept_at, named_twice, save, write_reports},
    spool_failure,
    table::{check_table, spool, write_table},
};

pub(super) fn run(args: &Convert, language: Language) -> Result<Exit, Failure> {
    let mappings: Vec<PathBuf> = args.mapping.iter().cloned().collect();
    let named = outputs::named(&args.report, [args.table.as_ref(), args.output.as_ref()], None);
    let mut reads = Reads::new(&args.inputs, args.previous.as_ref(), &mappings, named, language)?;
    check_reports(&args.report, args.force, language)?;
    check_table(args.table.as_deref(), &args.report, args.force, language)?;
    let gathered = reads.find(&args.inputs, language)?;
    let mut tasks = plan_tasks(&gathered, &mappings, &mut reads.held, language)?;
    if let Some(previous) = &args.previous {
        previous::attach(&mut tasks, previous, &mappings, &mut reads, language)?;
    }
    reads.keep(language)?;
    if let Some(only) = &args.only {
        tasks.retain(|task| *task.job.path == **only);
    }
    let keep = |output: &Path| reads.keep_from(&gathered, output, language);
    let mut outputs = workbooks(&tasks, args, &keep, language)?;
    if let Some(shard) = args.shard {
        let mut takes = tasks.iter().map(|task| shard.takes(&task.below));
        outputs.retain(|_| takes.next().unwrap_or(false));
    }
    keep_shard(&mut tasks, args.shard, args.effort.quiet, language);
    for (task, output) in tasks.iter_mut().zip(&outputs) {
        if let (Some(output), Some(source)) = (output, task.job.files.first()) {
            task.sources = seen_from(&kept_at(output), source);
        }
    }
    let copies = match &args.annotate {
        Some(folder) => {
            let mut others: Vec<PathBuf> = outputs.iter().flatten().chain(&args.report).cloned().collect();
            others.extend(args.table.clone());
            Some(Copies::plan(folder, &args.inputs, &tasks, &others, &keep, args.force, language)?)
        }
        None => None,
    };
    let orders = Orders {
        language,
        mappings,
        workbook: Some(if args.prefill { WorkbookKind::NextForm } else { WorkbookKind::Appendix }),
        table: args.table.is_some(),
        part: false,
        excerpts: reports::has_page(&args.report),
        second_reader: args.second_reader == Switch::On,
        memory: args.effort.max_memory,
        timeout: args.effort.timeout,
    };
    // Written as they come, so that a thousand workbooks are never held at once.
    let mut trouble = None;
    let mut tables = spool(language)?;
    let run = Run { orders: &orders, effort: &args.effort, state: None, language };
    let judgement = run.judge(&tasks, |at, answer| {
        if let (Some(bytes), Some(output)) = (answer.workbook, &outputs[at])
            && let Err(failure) = save(output, &bytes, args.force, language)
        {
            trouble.get_or_insert(failure);
        }
        if let Some(failure) = answer.failure {
            let path = &answer.submission.path;
            trouble.get_or_insert(Failure::usage(say!(
                language,
                "không lập được biểu của {path}: {failure}",
                "the workbook of {path} cannot be made: {failure}"
            )));
        }
        answer.table.map_or(Ok(()), |table| tables.put_lines(at, table))
    })?;
    if let Some(failure) = no_mapping(&judgement, language).or(trouble) {
        return Err(failure);
    }
    let report = judgement.judged.report();
    for (at, submission) in report.iter().enumerate().filter(|_| !args.effort.quiet) {
        let submission = submission.map_err(|error| spool_failure(&error, language))?;
        let output = judgement.judged.task(at).and_then(|at| outputs[at].as_ref());
        let (Some(output), Status::Clean | Status::Findings) = (output, submission.status) else { continue };
        if args.prefill {
            let path = shown(output);
            note(&say!(
                language,
                "đã ghi {path}: mẫu của kỳ sau, có sẵn số liệu kỳ này",
                "wrote {path}: the form of the next period, with what is known already"
            ));
            continue;
        }
        let counts = submission.counts();
        let (path, readings) = (shown(output), submission.readings);
        let found = write::text::count_findings(counts.errors, counts.warnings, counts.infos, language);
        let readings_en = counted(readings, "reading");
        note(&say!(language, "đã ghi {path}: {readings} số liệu; {found}", "wrote {path}: {readings_en}; {found}"));
    }
    if let Some(copies) = &copies {
        for submission in report.iter() {
            let submission = submission.map_err(|error| spool_failure(&error, language))?;
            copies.write(&submission, args.force, language)?;
        }
    }
    if let Some(path) = &args.table {
        write_table(path, &tables, report.overview.summary.partial, args.force, language)?;
    }
    if !args.effort.quiet && !args.prefill {
        summarise(report.overview, language);
        note_passed_over(&gathered, language);
    }
    write_reports(&args.report, report, args.force, language)?;
    Ok(exit_code(report.overview, args.fail_on))
}

/// Where each submission's workbook goes. One submission: a file. Several: files in a folder.
fn workbooks(
    tasks: &[Task],
    args: &Convert,
    keep: &dyn Fn(&Path) -> Result<(), Failure>,
    language: Language,
) -> Result<Vec<Option<PathBuf>>, Failure> {
    let wanted = tasks.iter().filter(|task| !task.job.candidates.is_empty()).count();
    let folder = args.output.as_deref().filter(|output| output.is_dir());
    if wanted > 1 && folder.is_none() {
        return Err(Failure::usage(say!(
            language,
            "có {wanted} bộ số liệu; `-o` phải là một thư mục có sẵn để ghi mỗi bộ một tệp",
            "there are {wanted} submissions; `-o` must be an existing folder, to hold a file each"
        )));
    }
    // Named as in a run without shards, so that shards may write into one folder.
    let mut taken: HashSet<PathBuf> = HashSet::new();
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
            if args.shard.is_none_or(|shard| shard.takes(&task.below)) {
                keep(&path)?;
                check_output(&path, args.force, language)?;
            }
            if args.report.contains(&path) {
                return Err(named_twice(&path, language));
            }
            taken.insert(path.clone());
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
    difference.map(|path| written(&path)).unwrap_or_default()
}

/// The submission's own name in the folder; a number where two have the same.
fn unused(folder: &Path, submission: &str, taken: &HashSet<PathBuf>) -> PathBuf {
    let name = Path::new(submission).file_name().map_or_else(|| "bieu".into(), |n| n.to_string_lossy().into_owned());
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let first = folder.join(format!("{stem}.xlsx"));
    let numbered = (2..).map(|n| folder.join(format!("{stem}-{n}.xlsx")));
    std::iter::once(first).chain(numbered).find(|path| !taken.contains(path)).unwrap_or_default()
}

/// The findings by code, on standard error: the workbook holds them all.
fn summarise(overview: &Overview, language: Language) {
    let groups = overview.groups();
    for (severity, code, group) in &groups {
        let count = group.findings + group.suppressed;
        let _ = writeln!(io::stderr(), "  {count:>4}  {}[{code}]", severity.words().get(language));
    }
    if !groups.is_empty() {
        note(&say!(
            language,
            "xem sheet \"Kiểm tra\" trong tệp, hoặc chạy `bieu validate`; `bieu explain MÃ` giải thích từng mã",
            "see the sheet of findings in the file, or run `bieu validate`; `bieu explain CODE` explains a code"
        ));
    }
}
