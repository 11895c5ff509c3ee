//! What the page of `bieu app` asks its children for: JSON on standard output, a line each.

use crate::{
    driver::{
        Held, Job, Spool,
        worker::{Orders, Task, WorkbookKind},
    },
    values::language::{Language, say},
    write::inspect,
};
use serde_json::json;

use super::{
    Exit, Failure, Run,
    args::{Effort, PageCommand},
    find_inputs, plan_tasks, print, spool_failure,
};

pub(super) fn run(command: &PageCommand, language: Language) -> Result<Exit, Failure> {
    match command {
        PageCommand::Sheets { names, inputs, effort } => {
            let format = if *names { inspect::Format::Names } else { inspect::Format::Drawn };
            let tasks: Vec<Task> =
                inputs.iter().map(|file| Task { inspect: Some(format), ..Task::new(Job::alone(file)) }).collect();
            sheets(&tasks, effort, language)
        }
        PageCommand::Form { only, inputs, effort } => {
            let gathered = find_inputs(inputs, &[], language)?;
            let mut held = Held::inputs(inputs.iter().map(std::path::PathBuf::as_path));
            let mut tasks = plan_tasks(&gathered, &[], &mut held, language)?;
            tasks.retain(|task| *task.job.path == **only);
            form(&tasks, effort, language)
        }
    }
}

/// Each file, and what can be read of it.
fn sheets(tasks: &[Task], effort: &Effort, language: Language) -> Result<Exit, Failure> {
    let orders = Orders::to_read(language, effort.max_memory, effort.timeout);
    let mut tables = Spool::new().map_err(|error| spool_failure(&error, language))?;
    let run = Run { orders: &orders, effort, state: None, language };
    let judgement = run.judge(tasks, |at, answer| answer.table.map_or(Ok(()), |table| tables.put_lines(at, table)))?;
    for (at, submission) in judgement.judged.report().iter().enumerate() {
        let submission = submission.map_err(|error| spool_failure(&error, language))?;
        let place = judgement.judged.task(at).unwrap_or(at);
        let rows = tables.get(place).map_err(|error| spool_failure(&error, language))?.unwrap_or_default();
        for file in &submission.files {
            print(format!("{}\n", json!({ "path": &*file.path, "error": file.error })).as_bytes())?;
        }
        print(&rows)?;
    }
    Ok(Exit::Ok)
}

fn form(tasks: &[Task], effort: &Effort, language: Language) -> Result<Exit, Failure> {
    let mut orders = Orders::to_read(language, effort.max_memory, effort.timeout);
    orders.workbook = Some(WorkbookKind::Page);
    let mut shown = None;
    let mut failure = None;
    let run = Run { orders: &orders, effort, state: None, language };
    run.judge(tasks, |_, answer| {
        failure = answer.failure.or(failure.take());
        shown = answer.workbook.or(shown.take());
        Ok(())
    })?;
    match (shown, failure) {
        (Some(bytes), _) => print(&bytes).map(|()| Exit::Ok),
        (None, Some(failure)) => Err(Failure::usage(failure)),
        (None, None) => Err(Failure::usage(say!(
            language,
            "chưa lập được biểu: bộ số liệu này chưa có bảng ánh xạ phù hợp hoặc không đọc được",
            "no form can be made: no mapping fits this submission, or it cannot be read"
        ))),
    }
}
