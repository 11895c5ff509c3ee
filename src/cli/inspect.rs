//! `bieu inspect`.

use crate::{
    driver::{
        Job, Spool,
        worker::{Orders, Task},
    },
    values::language::{Language, say},
    write::{inspect, printable, text},
};

use super::{
    Exit, Failure, Run,
    args::{Inspect, InspectFormat},
    find_inputs, note, print, spool_failure,
};

pub(super) fn run(args: &Inspect, language: Language) -> Result<Exit, Failure> {
    let gathered = find_inputs(&args.inputs, &[], language)?;
    let format = args.format;
    let shown = match format {
        InspectFormat::Text => inspect::Format::Text,
        InspectFormat::Csv => inspect::Format::Csv,
        InspectFormat::Json => inspect::Format::Json,
    };
    let tasks: Vec<Task> = gathered
        .groups
        .iter()
        .flat_map(|group| &group.files)
        .map(|file| Task { inspect: Some(shown), ..Task::new(Job::alone(file)) })
        .collect();
    let orders = Orders::to_read(language, args.effort.max_memory, args.effort.timeout);
    let mut tables = Spool::new().map_err(|error| spool_failure(&error, language))?;
    let mut failure = None;
    let run = Run { orders: &orders, effort: &args.effort, state: None, language };
    let judgement = run.judge(&tasks, |at, answer| {
        if let Some(reason) = answer.failure {
            failure.get_or_insert(reason);
        }
        answer.table.map_or(Ok(()), |table| tables.put_lines(at, table))
    })?;
    if let Some(failure) = failure {
        return Err(Failure::usage(say!(language, "không hiển thị được: {failure}", "cannot be shown: {failure}")));
    }
    match format {
        InspectFormat::Text => {}
        InspectFormat::Csv => print(inspect::header().as_bytes())?,
        // One array, a line a cell: both a JSON parser and `grep` can work with it.
        InspectFormat::Json => print(b"[\n")?,
    }
    let mut first = true;
    for (at, submission) in judgement.judged.report().iter().enumerate() {
        let submission = submission.map_err(|error| spool_failure(&error, language))?;
        for finding in &submission.findings {
            let mut bytes = Vec::new();
            text::finding_text(finding, language, &mut bytes).map_err(|error| Failure::usage(error.to_string()))?;
            note(&String::from_utf8_lossy(&bytes));
        }
        let place = judgement.judged.task(at).unwrap_or(at);
        let rows = tables.get(place).map_err(|error| spool_failure(&error, language))?.unwrap_or_default();
        match format {
            InspectFormat::Text => print(printable(&String::from_utf8_lossy(&rows)).as_bytes())?,
            InspectFormat::Csv => print(&rows)?,
            InspectFormat::Json => {
                let objects: Vec<&[u8]> = rows.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
                if !objects.is_empty() {
                    print(if first { b"" } else { b",\n" })?;
                    print(&objects.join(&b",\n"[..]))?;
                    first = false;
                }
            }
        }
    }
    if format == InspectFormat::Json {
        print(b"\n]\n")?;
    }
    if judgement.judged.overview().summary.partial {
        return Ok(Exit::Interrupted);
    }
    let unreadable = judgement.judged.overview().has_unreadable_files() || !gathered.failed.is_empty();
    Ok(if unreadable { Exit::Unreadable } else { Exit::Ok })
}
