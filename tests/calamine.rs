//! The readers against calamine, which shares no code with them: both must see the same sheets,
//! cells and values. On every sample, and on every workbook below the folder that the environment
//! variable `BIEU_CORPUS` names.

use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::Arc,
};

use bieu::internals::{
    model::workbook::{Position, Sheet, Value, Workbook},
    read::{Limits, read},
    values::language::Language,
};
use calamine::{Data, Reader as _, Sheets, open_workbook_auto_from_rs};

#[test]
fn samples_read_as_calamine_reads_them() {
    let files = collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples"));
    assert!(files.len() > 10, "samples are there: {files:?}");
    for file in files {
        let bytes = std::fs::read(&file).expect("a readable sample");
        let (ours, _) = read_ours(&file, &bytes).expect("a sound sample");
        let theirs = open_workbook_auto_from_rs(Cursor::new(bytes)).expect("a sound sample");
        let (_, differences) = compare(&ours, theirs);
        assert!(differences.is_empty(), "{file}: {}", differences.join("\n"));
    }
}

/// Files that calamine refuses, or on which it panics, show nothing; those that only we refuse do.
#[test]
fn a_corpus_reads_as_calamine_reads_it() {
    let Some(corpus) = std::env::var_os("BIEU_CORPUS") else {
        println!("skipped: BIEU_CORPUS names no folder of workbooks");
        return;
    };
    let (mut books, mut cells, mut unread, mut wrong) = (0, 0, 0, Vec::new());
    for file in collect(Path::new(&corpus)) {
        let bytes = std::fs::read(&file).expect("a readable file");
        let theirs = catch_unwind(AssertUnwindSafe(|| open_workbook_auto_from_rs(Cursor::new(bytes.clone()))));
        let Ok(Ok(theirs)) = theirs else {
            unread += 1;
            continue;
        };
        match read_ours(&file, &bytes) {
            Ok((ours, _)) => {
                let Ok((count, differences)) = catch_unwind(AssertUnwindSafe(|| compare(&ours, theirs))) else {
                    unread += 1;
                    continue;
                };
                (books, cells) = (books + 1, cells + count);
                wrong.extend(differences.into_iter().map(|difference| format!("{file}, {difference}")));
            }
            Err(why) => wrong.push(format!("{file}: only we refuse it: {why}")),
        }
    }
    println!("{books} workbooks, {cells} cells, {} differences, {unread} not read by calamine", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn read_ours(file: &str, bytes: &[u8]) -> Result<(Workbook, usize), String> {
    let name: Arc<str> = Arc::from(file);
    let read = read(&name, bytes, &Limits::default());
    read.map(|(book, findings)| (book, findings.len())).map_err(|finding| finding.facts.message(Language::En))
}

/// How many cells calamine sees, and where we see another value, or none, or one more.
fn compare(ours: &Workbook, mut theirs: Sheets<Cursor<Vec<u8>>>) -> (usize, Vec<String>) {
    let (mut seen, mut wrong) = (0, Vec::new());
    for sheet in &ours.sheets {
        let Ok(range) = theirs.worksheet_range(&sheet.name) else { continue };
        let corner = range.start().unwrap_or_default();
        let mut cells = 0;
        for (row, column, value) in range.used_cells() {
            let step = |from: u32, by: usize| from + u32::try_from(by).expect("inside the grid");
            let at = Position::new(step(corner.0, row), step(corner.1, column));
            if matches!(value, Data::Empty) || matches!(value, Data::String(text) if text.is_empty()) {
                continue;
            }
            cells += 1;
            if !is_same(sheet, at, value) {
                wrong.push(format!("{} {at}: calamine {value:?}, we {:?}", sheet.name, sheet.get(at)));
            }
        }
        let empty = |value: Value<'_>| match value {
            Value::NoResult => true,
            Value::Text(text) => text.is_empty(),
            _ => false,
        };
        let ours = sheet.rows().flat_map(|row| row.cells()).filter(|cell| !empty(cell.value)).count();
        if ours != cells {
            wrong.push(format!("{}: calamine has {cells} cells, we {ours}", sheet.name));
        }
        seen += cells;
    }
    let names: Vec<_> = ours.sheets.iter().map(|sheet| sheet.name.to_string()).collect();
    let listed = theirs.sheets_metadata().iter().filter(|sheet| sheet.typ == calamine::SheetType::WorkSheet);
    let listed: Vec<_> = listed.map(|sheet| sheet.name.clone()).collect();
    if names != listed {
        wrong.push(format!("sheets: calamine {listed:?}, we {names:?}"));
    }
    (seen, wrong)
}

fn is_same(sheet: &Sheet, at: Position, theirs: &Data) -> bool {
    let Some(cell) = sheet.get(at) else { return false };
    match (cell.value, theirs) {
        (Value::Number(ours), Data::Float(theirs)) => ours.shortest() == Ok(decimal(&theirs.to_string())),
        (Value::Number(ours), Data::Int(theirs)) => ours.shortest() == Ok(decimal(&theirs.to_string())),
        (Value::Text(ours), Data::String(theirs)) => {
            let stored = sheet.stored_text(at).unwrap_or(ours);
            stored.trim() == theirs.trim()
        }
        (Value::Bool(ours), Data::Bool(theirs)) => ours == *theirs,
        (Value::Error(ours), Data::Error(theirs)) => ours == theirs.to_string(),
        (Value::Date { serial: Some(ours), .. }, Data::DateTime(theirs)) => {
            ours.shortest() == Ok(decimal(&theirs.as_f64().to_string()))
        }
        (Value::Date { iso, .. }, Data::DateTimeIso(theirs) | Data::DurationIso(theirs)) => theirs.starts_with(iso),
        _ => false,
    }
}

fn decimal(text: &str) -> bieu::internals::values::number::Decimal {
    text.parse().expect("a number")
}

/// Workbooks in a folder and below, in a fixed order.
fn collect(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    for path in entries.map(|entry| entry.path()) {
        let ends = |known: &str| path.extension().is_some_and(|end| end.eq_ignore_ascii_case(known));
        if path.is_dir() {
            files.extend(collect(&path));
        } else if ["xlsx", "xlsm", "xls", "xlsb", "ods"].into_iter().any(ends) {
            files.push(path.display().to_string());
        }
    }
    files.sort();
    files
}
