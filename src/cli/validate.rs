//! `bieu validate`.

use std::path::Path;

use crate::{
    driver::{State, StateContent, StateError, reason, same_place, shown, worker::Orders},
    values::language::{Language, counted, say},
};

use super::{
    Exit, Failure, Run,
    args::{Format, Switch, Validate},
    exit_code, keep_shard, no_mapping, note, note_passed_over,
    outputs::{self, Reads},
    plan_tasks, previous,
    reports::{check_reports, has_page, named_twice, print_report, write_reports},
    table::{check_table, spool, write_table},
};

pub(super) fn run(args: &Validate, language: Language) -> Result<Exit, Failure> {
    let outputs = outputs::named(&args.report, [args.table.as_ref(), None], args.resume.as_ref());
    let mut reads = Reads::new(&args.inputs, args.previous.as_ref(), &args.mapping, outputs, language)?;
    check_reports(&args.report, args.force, language)?;
    check_table(args.table.as_deref(), &args.report, args.force, language)?;
    if let Some(state) = &args.resume
        && args.report.iter().chain(&args.table).any(|other| same_place(other, state))
    {
        return Err(named_twice(state, language));
    }
    let gathered = reads.find(&args.inputs, language)?;
    let mut tasks = plan_tasks(&gathered, &args.mapping, &mut reads.held, language)?;
    if let Some(previous) = &args.previous {
        previous::attach(&mut tasks, previous, &args.mapping, &mut reads, language)?;
    }
    reads.keep(language)?;
    if let Some(only) = &args.only {
        tasks.retain(|task| *task.job.path == **only);
    }
    keep_shard(&mut tasks, args.shard, args.effort.quiet, language);
    let state = args.resume.as_deref().map(|path| open_state(path, args.effort.quiet, language)).transpose()?;
    let orders = Orders {
        language,
        mappings: args.mapping.clone(),
        workbook: None,
        table: args.table.is_some(),
        part: false,
        // A state has them whether or not this run writes a page: the next one may.
        excerpts: args.format == Format::Html || state.is_some() || has_page(&args.report),
        second_reader: args.second_reader == Switch::On,
        memory: args.effort.max_memory,
        timeout: args.effort.timeout,
    };
    let mut tables = spool(language)?;
    let run = Run { orders: &orders, effort: &args.effort, state: state.as_ref(), language };
    let judgement = run.judge(&tasks, |at, answer| answer.table.map_or(Ok(()), |table| tables.put_lines(at, table)))?;
    let report = judgement.judged.report();
    print_report(args.format, report, language)?;
    write_reports(&args.report, report, args.force, language)?;
    if let Some(path) = &args.table {
        write_table(path, &tables, report.overview.summary.partial, args.force, language)?;
    }
    if !args.effort.quiet {
        note_passed_over(&gathered, language);
    }
    match no_mapping(&judgement, language) {
        Some(failure) => Err(failure),
        None => Ok(exit_code(report.overview, args.fail_on)),
    }
}

fn open_state(path: &Path, quiet: bool, language: Language) -> Result<State, Failure> {
    let place = shown(path);
    let (state, found) = State::open(path).map_err(|error| {
        Failure::usage(match error {
            StateError::InUse => say!(
                language,
                "tệp trạng thái {place} đang được một lần chạy khác dùng",
                "the state file {place} is in use by another run"
            ),
            StateError::Foreign => say!(
                language,
                "{place} không phải tệp trạng thái của bieu; hãy chọn tên khác cho --resume",
                "{place} is no state file of bieu; give --resume another name"
            ),
            StateError::Io(error) => {
                let error = reason(&error, language);
                say!(
                    language,
                    "không mở được tệp trạng thái {place}: {error}",
                    "cannot open the state file {place}: {error}"
                )
            }
        })
    })?;
    if quiet {
        return Ok(state);
    }
    let StateContent { kept, broken, other_release } = found;
    if other_release {
        note(&say!(
            language,
            "{place} là của phiên bản khác: kiểm tra lại từ đầu",
            "{place} is of another release: everything is judged again"
        ));
    }
    if broken > 0 {
        let lines = counted(broken, "damaged line");
        note(&say!(
            language,
            "{place}: bỏ qua {broken} dòng hỏng, các bộ số liệu đó được kiểm tra lại",
            "{place}: left out {lines}; what is lost is judged again"
        ));
    }
    if kept > 0 {
        let results = counted(kept, "result");
        note(&say!(
            language,
            "{place} có {kept} kết quả; bộ số liệu nào không đổi thì không kiểm tra lại",
            "{place} holds {results}; what has not changed is not judged again"
        ));
    }
    Ok(state)
}
