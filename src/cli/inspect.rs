//! `bieu inspect`.

use std::sync::Arc;

use bieu::{
    driver::{
        Job,
        worker::{Orders, Task},
    },
    language::Language,
    report::FileStatus,
    say,
    write::{inspect, text},
};

use super::{
    Exit, Failure,
    args::{Inspect, InspectFormat},
    find_inputs, judge, note, print,
};

pub(super) fn run(args: &Inspect, language: Language) -> Result<Exit, Failure> {
    let gathered = find_inputs(&args.inputs, language)?;
    let format = match args.format {
        InspectFormat::Text => inspect::Format::Text,
        InspectFormat::Csv => inspect::Format::Csv,
        InspectFormat::Json => inspect::Format::Json,
    };
    let tasks: Vec<Task> = gathered
        .groups
        .iter()
        .flat_map(|group| &group.files)
        .map(|file| Task {
            job: Job {
                path: Arc::from(file.to_string_lossy()),
                files: vec![file.clone()],
                candidates: Vec::new(),
                named: false,
                poisoned: Vec::new(),
                suppressions: None,
                previous: None,
            },
            own_mapping: None,
            previous_mapping: None,
            sources: String::new(),
            inspect: Some(format),
        })
        .collect();
    let orders = Orders {
        language,
        mappings: Vec::new(),
        workbook: false,
        table: false,
        memory: args.effort.max_memory,
        timeout: args.effort.timeout,
    };
    let answers = judge(&tasks, &orders, args.effort.jobs.map(usize::from), |_, _| ())?;
    if format == inspect::Format::Csv {
        print(inspect::header().as_bytes())?;
    }
    let mut objects = Vec::new();
    let mut unreadable = !gathered.failed.is_empty();
    for answer in &answers {
        unreadable |= answer.submission.files.iter().any(|file| file.status == FileStatus::Unreadable);
        for finding in &answer.submission.findings {
            let mut bytes = Vec::new();
            text::finding_text(finding, language, &mut bytes).map_err(|error| Failure::usage(error.to_string()))?;
            note(&String::from_utf8_lossy(&bytes));
        }
        if let Some(failure) = &answer.failure {
            return Err(Failure::usage(say!(language, "không hiển thị được: {failure}", "cannot be shown: {failure}")));
        }
        let rows = answer.table.as_deref().unwrap_or_default();
        if format == inspect::Format::Json {
            objects.extend(rows.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()));
        } else {
            print(rows)?;
        }
    }
    if format == inspect::Format::Json {
        // One array, a line a cell: both a JSON parser and `grep` can work with it.
        print(b"[\n")?;
        print(&objects.join(&b",\n"[..]))?;
        print(b"\n]\n")?;
    }
    Ok(if unreadable { Exit::Unreadable } else { Exit::Ok })
}
