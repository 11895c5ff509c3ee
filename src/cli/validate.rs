//! `bieu validate`.

use bieu::{driver::worker::Orders, language::Language, say};

use super::{
    Exit, Failure,
    args::Validate,
    exit_code, find_inputs, judge, no_mapping, note, plan_tasks, previous,
    reports::{check_reports, print_report, write_reports},
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
    let judgement = judge(&tasks, &orders, args.effort.jobs.map(usize::from), language, |_, _| Ok(()))?;
    let report = judgement.judged.report();
    print_report(args.format, report, language)?;
    write_reports(&args.report, report, args.force, language)?;
    if gathered.skipped > 0 {
        let skipped = gathered.skipped;
        note(&say!(
            language,
            "bỏ qua {skipped} tệp không phải bảng tính hoặc đang mở",
            "passed over {skipped} files that are no spreadsheets or are locks"
        ));
    }
    match no_mapping(&judgement, language) {
        Some(failure) => Err(failure),
        None => Ok(exit_code(report.overview, &gathered, args.fail_on)),
    }
}
