//! `bieu consolidate`.

use std::{
    collections::{BTreeSet, HashSet},
    path::Path,
    sync::Arc,
};

use crate::{
    compose::consolidation::{Consolidation, SubmissionPart},
    driver::{
        shown,
        worker::{self, Orders, Task},
    },
    model::{
        bundle::Bundle,
        catalogue::{Catalogue, Indicator},
        workbook::file_name,
    },
    values::language::{Language, counted, say},
    write,
};

use super::{
    Exit, Failure, Run,
    args::Consolidate,
    exit_code, library_failure, no_mapping, note, note_passed_over,
    outputs::{self, Reads},
    plan_tasks,
    reports::{check_output, check_reports, has_page, named_twice, save, seen_from, write_reports},
    table::{check_table, spool, write_table},
};

pub(super) fn run(args: &Consolidate, language: Language) -> Result<Exit, Failure> {
    let outputs = outputs::named(&args.report, [args.table.as_ref(), Some(&args.output)], None);
    let mut reads = Reads::new(&args.inputs, None, &args.mapping, outputs, language)?;
    check_output(&args.output, args.force, language)?;
    check_reports(&args.report, args.force, language)?;
    check_table(args.table.as_deref(), &args.report, args.force, language)?;
    if args.report.contains(&args.output) || args.table.as_ref() == Some(&args.output) {
        return Err(named_twice(&args.output, language));
    }
    let gathered = reads.find(&args.inputs, language)?;
    let tasks = plan_tasks(&gathered, &args.mapping, &mut reads.held, language)?;
    reads.keep(language)?;
    let orders = Orders {
        language,
        mappings: args.mapping.clone(),
        workbook: None,
        table: args.table.is_some(),
        part: true,
        excerpts: has_page(&args.report),
        second_reader: false,
        memory: args.effort.max_memory,
        timeout: args.effort.timeout,
    };
    let mut tables = spool(language)?;
    let mut parts: Vec<Option<SubmissionPart>> = tasks.iter().map(|_| None).collect();
    let mut texts = HashSet::new();
    let run = Run { orders: &orders, effort: &args.effort, state: None, language };
    let judgement = run.judge(&tasks, |at, answer| {
        parts[at] = answer.part.map(|mut part| {
            part.share(&mut texts);
            part
        });
        answer.table.map_or(Ok(()), |table| tables.put_lines(at, table))
    })?;
    if let Some(failure) = no_mapping(&judgement, language) {
        return Err(failure);
    }
    let report = judgement.judged.report();
    if report.overview.summary.partial {
        let path = shown(&args.output);
        note(&say!(
            language,
            "không ghi {path}: lần chạy bị dừng giữa chừng",
            "{path} was not written: the run was stopped"
        ));
        return Ok(Exit::Interrupted);
    }
    let catalogue = catalogue(&tasks, &parts, &args.mapping, language)?;
    let mut table = Consolidation::new(&catalogue, language);
    // What no mapping fits is no submission of this catalogue, and is in the report.
    let own: Vec<(&Task, Option<SubmissionPart>)> =
        tasks.iter().zip(parts).filter(|(task, part)| part.is_some() || !task.job.candidates.is_empty()).collect();
    let names = names(&own.iter().map(|(task, _)| &*task.job.path).collect::<Vec<_>>());
    // Each is dropped once it is in the table.
    for (name, (_, part)) in names.iter().zip(own) {
        table.add(name, part.as_ref());
    }
    let table = table.finish();
    let base = seen_from(&args.output);
    let bytes = write::workbook::consolidated(&table, report, language, &base).map_err(|error| {
        let path = shown(&args.output);
        Failure::usage(say!(language, "không lập được {path}: {error}", "{path} cannot be made: {error}"))
    })?;
    save(&args.output, &bytes, args.force, language)?;
    if let Some(path) = &args.table {
        write_table(path, &tables, false, args.force, language)?;
    }
    write_reports(&args.report, report, args.force, language)?;
    if !args.effort.quiet {
        let (path, count) = (shown(&args.output), table.members.len());
        let all = report.overview.summary.findings;
        let found = write::text::count_findings(all.errors, all.warnings, all.infos, language);
        let submissions = counted(count, "submission");
        note(&say!(language, "đã ghi {path}: {count} bộ số liệu; {found}", "wrote {path}: {submissions}; {found}"));
        note_passed_over(&gathered, language);
    }
    Ok(exit_code(report.overview, args.fail_on))
}

/// The one catalogue of all submissions: where those of several extend one base, all together.
fn catalogue(
    tasks: &[Task],
    parts: &[Option<SubmissionPart>],
    mappings: &[std::path::PathBuf],
    language: Language,
) -> Result<Catalogue, Failure> {
    let bases: BTreeSet<&str> = parts.iter().flatten().map(|part| &*part.base).collect();
    if bases.len() > 1 {
        let ids: BTreeSet<&str> = parts.iter().flatten().map(|part| &*part.catalogue).collect();
        let list = ids.into_iter().collect::<Vec<_>>().join(", ");
        return Err(Failure::usage(say!(
            language,
            "các bộ số liệu thuộc nhiều danh mục: {list}; chỉ rõ một bảng ánh xạ bằng `-m`",
            "the submissions are of several catalogues: {list}; name one mapping with `-m`"
        )));
    }
    let periods: BTreeSet<&str> = parts.iter().flatten().map(|part| &*part.period).collect();
    if periods.len() > 1 {
        let list = periods.into_iter().collect::<Vec<_>>().join(", ");
        return Err(Failure::usage(say!(
            language,
            "các bộ số liệu thuộc nhiều kỳ: {list}; mỗi lần chỉ gộp một kỳ",
            "the submissions are of several periods: {list}; put together one period at a time"
        )));
    }
    let mut bundles: Vec<(Arc<str>, Bundle)> = Vec::new();
    for (task, part) in tasks.iter().zip(parts) {
        let Some(part) = part.as_ref().filter(|part| bundles.iter().all(|(form, _)| *form != part.form)) else {
            continue;
        };
        let library =
            worker::load(mappings, task.own_mapping.as_ref()).map_err(|error| library_failure(error, language))?;
        let Some(bundle) = library.bundles.into_iter().find(|bundle| bundle.form() == part.form) else {
            let id = &part.catalogue;
            return Err(Failure::usage(say!(
                language,
                "không tìm thấy danh mục chỉ tiêu {id}",
                "catalogue {id} not found"
            )));
        };
        bundles.push((part.form.clone(), bundle));
    }
    match bundles.as_slice() {
        [] => Err(Failure::unreadable(say!(
            language,
            "không đọc được số liệu của bộ nào",
            "no submission has figures that could be read"
        ))),
        [(_, bundle)] => Ok((*bundle.catalogue).clone()),
        several => joined(several, language),
    }
}

/// Catalogues of one base as one, if they mean the same by each indicator.
fn joined(bundles: &[(Arc<str>, Bundle)], language: Language) -> Result<Catalogue, Failure> {
    let bundles = bundles.iter().map(|(_, bundle)| bundle);
    let joined = Bundle::joined_catalogue(bundles.clone()).map_err(|error| library_failure(error, language))?;
    for bundle in bundles {
        for indicator in &bundle.catalogue.indicators {
            let of_all = joined.find(&indicator.id).map(|id| joined.indicator(id));
            let unit = |of: &Indicator| of.unit.clone();
            if of_all.is_none_or(|of_all| unit(of_all) == unit(indicator)) {
                continue;
            }
            let (label, file, line) = (&indicator.label, &indicator.line.file, indicator.line.line);
            return Err(Failure::usage(say!(
                language,
                "các danh mục khai báo khác đơn vị cho \"{label}\" ({file}:{line}); không cộng được",
                "the catalogues declare different units of \"{label}\" ({file}:{line}), which cannot be added up"
            )));
        }
    }
    Ok(joined)
}

/// What submissions are called in the table: their folder or file without the ending. Where several
/// files have one name, the folder tells them apart, else the path.
fn names(paths: &[&str]) -> Vec<String> {
    let plain = |path: &&str| path.trim_end_matches(['/', '\\']).to_owned();
    let last = |path: &&str| {
        let name = file_name(path.trim_end_matches(['/', '\\'])).to_owned();
        let is_file = Path::new(path).is_file();
        name.rsplit_once('.')
            .filter(|(stem, _)| is_file && !stem.is_empty())
            .map_or(name.clone(), |(stem, _)| stem.into())
    };
    let folder = |path: &&str| {
        let parent = Path::new(path).parent().map(|parent| parent.to_string_lossy().into_owned()).unwrap_or_default();
        file_name(&parent).to_owned()
    };
    let lasts: Vec<String> = paths.iter().map(last).collect();
    let folders: Vec<String> = paths.iter().map(folder).collect();
    let only = |names: &[String], name: &str| !name.is_empty() && names.iter().filter(|n| *n == name).count() == 1;
    let taken = |name: &str| only(&folders, name) && !lasts.iter().any(|last| last == name);
    (0..paths.len())
        .map(|at| match (&lasts[at], &folders[at]) {
            (last, _) if only(&lasts, last) => last.clone(),
            (_, folder) if taken(folder) => folder.clone(),
            _ => plain(&paths[at]),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn names_tell_submissions_apart() {
        assert_eq!(names(&["nop/xa-a", "nop/xa-b/"]), ["xa-a", "xa-b"]);
        assert_eq!(names(&["nop/a/bieu.xlsx", "nop/b/bieu.xlsx", "c"]), ["a", "b", "c"]);
        assert_eq!(names(&["x/a/bieu", "y/a/bieu", "z/xa-c"]), ["x/a/bieu", "y/a/bieu", "xa-c"]);
    }
}
