//! `bieu validate`.

use std::path::Path;

use bieu::{
    driver::{Found, State, StateError, worker::Orders},
    language::Language,
    say,
};

use super::{
    Exit, Failure, Run,
    args::Validate,
    exit_code, find_inputs, keep_shard, no_mapping, note, note_passed_over, plan_tasks, previous,
    reports::{check_reports, print_report, write_reports},
    table::{check_table, spool, write_table},
};

pub(super) fn run(args: &Validate, language: Language) -> Result<Exit, Failure> {
    check_reports(&args.report, args.force, language)?;
    check_table(args.table.as_deref(), &args.report, args.force, language)?;
    let gathered = find_inputs(&args.inputs, language)?;
    let mut tasks = plan_tasks(&gathered, &args.mapping, language)?;
    if let Some(previous) = &args.previous {
        previous::attach(&mut tasks, previous, &args.mapping, language)?;
    }
    keep_shard(&mut tasks, args.shard, args.effort.quiet, language);
    let state = args.resume.as_deref().map(|path| open_state(path, args.effort.quiet, language)).transpose()?;
    let orders = Orders {
        language,
        mappings: args.mapping.clone(),
        workbook: None,
        table: args.table.is_some(),
        part: false,
        memory: args.effort.max_memory,
        timeout: args.effort.timeout,
    };
    let mut tables = spool(language)?;
    let run = Run { orders: &orders, effort: &args.effort, state: state.as_ref(), language };
    let judgement = run.judge(&tasks, |at, answer| answer.table.map_or(Ok(()), |table| tables.put(at, &table)))?;
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
        None => Ok(exit_code(report.overview, &gathered, args.fail_on)),
    }
}

fn open_state(path: &Path, quiet: bool, language: Language) -> Result<State, Failure> {
    let shown = path.display();
    let (state, found) = State::open(path).map_err(|error| {
        Failure::usage(match error {
            StateError::InUse => say!(
                language,
                "tệp trạng thái {shown} đang được một lượt chạy khác dùng",
                "the state file {shown} is in use by another run"
            ),
            StateError::Foreign => say!(
                language,
                "{shown} không phải tệp trạng thái của bieu; hãy chọn tên khác cho --resume",
                "{shown} is no state file of bieu; give --resume another name"
            ),
            StateError::Io(error) => say!(
                language,
                "không mở được tệp trạng thái {shown}: {error}",
                "cannot open the state file {shown}: {error}"
            ),
            other => format!("{other:?}"),
        })
    })?;
    if quiet {
        return Ok(state);
    }
    let Found { kept, broken, other_release } = found;
    if other_release {
        note(&say!(
            language,
            "{shown} là của phiên bản khác: kiểm tra lại từ đầu",
            "{shown} is of another release: everything is judged again"
        ));
    }
    if broken > 0 {
        note(&say!(
            language,
            "{shown}: bỏ qua {broken} dòng hỏng, các bộ hồ sơ đó được kiểm tra lại",
            "{shown}: {broken} damaged lines are left out, those submissions are judged again"
        ));
    }
    if kept > 0 {
        note(&say!(
            language,
            "{shown} có {kept} kết quả; bộ hồ sơ nào không đổi thì không kiểm tra lại",
            "{shown} holds {kept} results; what has not changed is not judged again"
        ));
    }
    Ok(state)
}
