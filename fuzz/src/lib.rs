//! What the targets share: small limits, the promises of a reading, a zip file of stored parts,
//! and panics of other crates told from our own.

use std::{
    collections::HashSet,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, Once},
};

use bieu::internals::{model::{finding::Finding, report::ReportEntry, workbook::{Area, GRID_COLUMNS, GRID_ROWS, Position, Sheet, Value, Workbook}}, read::{Limits, read}, values::{language::Language, number::{english, plain, vietnamese}}};
use unicode_normalization::is_nfc;

/// Limits that keep one run within a few MiB.
pub const LIMITS: Limits = Limits { cells: 20_000, inflated_bytes: 1 << 20, held_bytes: 1 << 20, entries: 64, text_bytes: 1 << 20 };

/// Reads bytes as a file of this name, and holds the outcome against what is promised.
pub fn read_and_check(name: &str, bytes: &[u8]) {
    let file: Arc<str> = Arc::from(name);
    let language = if bytes.len() % 2 == 0 { Language::En } else { Language::Vi };
    match read(&file, bytes, &LIMITS) {
        Ok((workbook, findings)) => {
            check_workbook(&workbook);
            findings.iter().for_each(|finding| check_finding(finding, language));
        }
        Err(finding) => {
            let known = ["unreadable-file", "encrypted-file", "limit-exceeded"];
            assert!(known.contains(&finding.code.name), "refused with {}", finding.code.name);
            check_finding(&finding, language);
        }
    }
}

/// A finding says something, and a worker can hand it on.
fn check_finding(finding: &Finding, language: Language) {
    let entry = ReportEntry::new(finding.clone(), language);
    assert!(!entry.message.is_empty() && !entry.action.is_empty() && !entry.fingerprint.is_empty());
    let json = serde_json::to_string(&entry).expect("a finding is written as JSON");
    let back: Result<ReportEntry, _> = serde_json::from_str(&json);
    assert!(back.is_ok(), "a worker's finding does not read back ({back:?}): {json}");
}

fn check_workbook(workbook: &Workbook) {
    for sheet in &workbook.sheets {
        check_sheet(sheet);
    }
}

fn inside(at: Position) -> bool {
    at.row < GRID_ROWS && at.column < GRID_COLUMNS
}

fn check_sheet(sheet: &Sheet) {
    assert!(sheet.rows().is_sorted_by(|a, b| a.row < b.row), "rows not in order");
    for row in sheet.rows() {
        assert!(row.len() > 0, "a row without cells");
        assert!(row.cells().is_sorted_by(|a, b| a.column < b.column), "cells not in order");
        for cell in row.cells() {
            let at = Position::new(row.row, cell.column);
            assert!(inside(at), "{at} is outside the grid");
            assert_eq!(Position::parse(&at.to_string()), Some(at));
            match cell.value {
                Value::Text(text) => assert!(is_nfc(text), "{at} holds text that is not NFC: {text:?}"),
                Value::Number(number) => {
                    for value in [number.exact(), number.shortest()].into_iter().flatten() {
                        let _ = (vietnamese(value), english(value), plain(value));
                    }
                    let _ = number.scientific();
                }
                Value::Date { iso, .. } => assert!(!iso.is_empty(), "{at} holds a date that says nothing"),
                Value::Error(error) => assert!(!error.is_empty(), "{at} holds an error that says nothing"),
                Value::Bool(_) | Value::NoResult => {}
            }
        }
    }
    for &Area { first, last } in &sheet.merges {
        assert!(inside(first) && inside(last), "merged area {first}:{last} is outside the grid");
        assert!(first.row <= last.row && first.column <= last.column, "merged area {first}:{last} is turned round");
    }
    assert!(sheet.decoded().is_sorted_by(|a, b| a < b), "stored texts not in order");
    for at in sheet.decoded() {
        let decoded = sheet.get(at).map(|cell| cell.value);
        assert!(matches!(decoded, Some(Value::Text(_))), "{at} has a stored text but holds {decoded:?}");
    }
    for hidden in [&sheet.hidden_rows, &sheet.hidden_columns] {
        assert!(hidden.windows(2).all(|pair| pair[0] < pair[1]), "hidden rows or columns not in order");
    }
}

/// A zip file whose parts are not compressed.
pub fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in parts {
        let mut head = Vec::new();
        head.extend([20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x54]); // version, flags, method, time, date
        head.extend(crc32fast::hash(data).to_le_bytes());
        head.extend(le4(data.len()));
        head.extend(le4(data.len()));
        head.extend(&le4(name.len())[..2]);
        head.extend([0, 0]);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&head);
        directory.extend([0; 10]); // comment, disk, attributes
        directory.extend(le4(file.len()));
        directory.extend(name.as_bytes());
        file.extend(b"PK\x03\x04");
        file.extend(&head);
        file.extend(name.as_bytes());
        file.extend(*data);
    }
    let (at, count) = (file.len(), le4(parts.len()));
    file.extend(&directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend([count[0], count[1], count[0], count[1]]);
    file.extend(le4(directory.len()));
    file.extend(le4(at));
    file.extend([0, 0]);
    file
}

fn le4(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes()
}

/// Runs `body`. A panic in a crate from the registry is known to happen on damaged files and costs
/// that file only (the driver reads in processes of its own): it is noted once a place, and kept
/// in the folder that `BIEU_FUZZ_FOREIGN` names. Every other panic ends the run.
pub fn tolerating_foreign_panics(input: &[u8], body: impl FnOnce()) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let ours = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let Some(place) = info.location().filter(|place| place.file().contains("/registry/src/")) else {
                ours(info);
                std::process::abort();
            };
            if let Ok(mut last) = LAST.lock() {
                *last = Some((format!("{place}"), info.to_string()));
            }
        }));
    });
    if catch_unwind(AssertUnwindSafe(body)).is_ok() {
        return;
    }
    let Some((place, message)) = LAST.lock().ok().and_then(|mut last| last.take()) else { return };
    let known = SEEN.lock().map(|mut seen| !seen.get_or_insert_default().insert(place.clone()));
    if known.unwrap_or(true) {
        return;
    }
    eprintln!("FOREIGN PANIC {message}");
    if let Some(folder) = std::env::var_os("BIEU_FUZZ_FOREIGN") {
        let name: String = place.rsplit("/src/").next().unwrap_or(&place).replace(['/', ':', '.'], "-");
        let _ = std::fs::write(std::path::Path::new(&folder).join(name), input);
    }
}

static LAST: Mutex<Option<(String, String)>> = Mutex::new(None);
static SEEN: Mutex<Option<HashSet<String>>> = Mutex::new(None);
