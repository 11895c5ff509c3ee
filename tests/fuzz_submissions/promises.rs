//! Reads, takes, judges and writes a submission, and holds what comes out against what is promised.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use bieu::internals::{
    compose::appendix,
    extract::Texts,
    judge::checks,
    line::{
        codes,
        pipeline::{Basis, Judged, ReadFile, judge, read_file, try_mapping},
    },
    model::{
        catalogue,
        document::{Document, Problem},
        finding::{Place, Severity},
        mapping,
        reading::{Previous, Raw, Reading},
        report::{FileStatus, Overview, Report, ReportEntry, Status, Submission},
        workbook::{Position, Sheet, Value, Workbook},
    },
    read::{Limits, read},
    values::{
        language::Language,
        number::{Amount, Convention, parse},
        text::fold,
    },
    write::{ReportFormat, ReportInput, excerpts, report, tidy, workbook},
};

use crate::submission::{File, Submission as Handed};

const LIMITS: Limits =
    Limits { cells: 20_000, inflated_bytes: 4 << 20, held_bytes: 4 << 20, entries: 64, text_bytes: 1 << 20 };

/// What one run gives.
struct Outcome {
    judged: Judged,
    written: BTreeMap<&'static str, Vec<u8>>,
}

/// What was tried, for counts over many submissions.
#[allow(dead_code, reason = "the fuzz target counts nothing")]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tried {
    /// The mapping or the catalogue was refused, with reasons.
    pub(crate) is_refused: bool,
    pub(crate) readings: u64,
    pub(crate) findings: usize,
}

/// Runs a submission, and says what does not hold. A panic is the caller's to catch.
pub(crate) fn try_all(handed: &Handed, language: Language) -> Result<Tried, String> {
    let document = Document::new("danh-muc.toml", &*handed.catalogue);
    let catalogue = match catalogue::decode(&document) {
        Ok(catalogue) => catalogue,
        Err(problems) => return refused(&problems),
    };
    let document = Document::new("mapping.toml", &*handed.mapping);
    let mapping = match mapping::decode(&document, &catalogue) {
        Ok(mapping) => mapping,
        Err(problems) => return refused(&problems),
    };
    let run = |language| {
        let texts = Texts::default();
        let before = handed.previous.as_ref().map(|file| {
            let files = [read_one("truoc", file)];
            try_mapping(&files, &mapping, &catalogue, None, &texts).0.dataset
        });
        let previous = before.as_ref().map(|dataset| Previous { catalogue: &catalogue, dataset });
        let files: Vec<ReadFile> = handed.files.iter().map(|file| read_one("nop", file)).collect();
        let (extract, _) = try_mapping(&files, &mapping, &catalogue, previous, &texts);
        let basis = Basis { mapping: &mapping, catalogue: &catalogue, previous, suppressions: None };
        let judged = judge(&Arc::from("nop"), files, extract, basis, language);
        let written = write_all(&judged, &catalogue, &mapping, language)?;
        Ok::<_, String>(Outcome { judged, written })
    };
    let first = run(language)?;
    let second = run(language)?;
    for (name, bytes) in &first.written {
        if second.written.get(name) != Some(bytes) {
            return Err(format!("{name} differs on the second run"));
        }
    }
    let other = run(if language == Language::Vi { Language::En } else { Language::Vi })?;
    let of = |outcome: &Outcome| -> Vec<(String, Severity, String)> {
        let findings = &outcome.judged.submission.findings;
        let mut all: Vec<_> =
            findings.iter().map(|f| (f.code.to_string(), f.severity, f.fingerprint.clone())).collect();
        all.sort();
        all
    };
    if of(&first) != of(&other) {
        return Err("the findings depend on the language".to_owned());
    }
    let judged = &first.judged;
    adds_up(&judged.submission)?;
    for finding in &judged.submission.findings {
        stands(judged, finding).map_err(|reason| format!("{}: {reason}: {}", finding.code, finding.message))?;
    }
    let mut readings = Ok(());
    judged.dataset.each(|reading| {
        if readings.is_ok() {
            readings = is_there(judged, reading);
        }
    });
    readings?;
    if !handed.is_broken {
        nothing_vanishes(judged, &handed.ignored)?;
    }
    written_well(&first)?;
    Ok(Tried { is_refused: false, readings: judged.submission.readings, findings: judged.submission.findings.len() })
}

fn refused(problems: &[Problem]) -> Result<Tried, String> {
    if problems.is_empty() || problems.iter().any(|problem| problem.document.text.get(problem.span.clone()).is_none()) {
        return Err(format!("refused without a reason that stands in the text: {problems:?}"));
    }
    Ok(Tried { is_refused: true, ..Tried::default() })
}

fn read_one(folder: &str, file: &File) -> ReadFile {
    read_file(&Arc::from(format!("{folder}/{}", file.name)), &file.bytes, &LIMITS)
}

fn write_all(
    judged: &Judged,
    catalogue: &catalogue::Catalogue,
    mapping: &mapping::Mapping,
    language: Language,
) -> Result<BTreeMap<&'static str, Vec<u8>>, String> {
    let mut written = BTreeMap::new();
    let form = appendix::compose(catalogue, &mapping.fields, &judged.dataset);
    let input = workbook::WorkbookInput {
        appendix: &form,
        catalogue,
        dataset: &judged.dataset,
        before: &judged.before,
        submission: &judged.submission,
        fields: &mapping.fields,
        sources: "nop",
        language,
    };
    written.insert("appendix", workbook::workbook(&input).map_err(|error| format!("the appendix: {error}"))?);
    let mut table = tidy::header();
    tidy::tidy(catalogue, &judged.dataset, "nop", language, &mut table)
        .map_err(|error| format!("the table: {error}"))?;
    written.insert("table", table);
    let _ = excerpts(&judged.workbooks, &judged.submission.findings);
    let submissions = std::slice::from_ref(&judged.submission);
    let overview = Overview::of(submissions);
    let codes: Vec<_> = codes::all().collect();
    let checks: Vec<_> = checks::CHECKS.iter().map(|check| check.code).collect();
    for format in ReportFormat::ALL {
        let judged = Report { overview: &overview, submissions: &submissions };
        let mut out = Vec::new();
        let input = ReportInput { report: judged, language, codes: &codes, checks: &checks, base: "" };
        report(format, input, &mut out).map_err(|error| format!("{format:?}: {error}"))?;
        written.insert(format.ending(), out);
    }
    Ok(written)
}

/// Counts and states say the same.
fn adds_up(submission: &Submission) -> Result<(), String> {
    let counts = submission.counts();
    let of = |severity| submission.findings.iter().filter(|f| f.severity == severity && f.suppressed.is_none()).count();
    let counted = [Severity::Error, Severity::Warning, Severity::Info].map(|severity| of(severity) as u64);
    if counted != [counts.errors, counts.warnings, counts.infos] {
        return Err(format!("counted {counts:?}, there are {counted:?}"));
    }
    let unread = submission.files.iter().all(|file| file.status == FileStatus::Unreadable);
    let expected = match (unread, counts.errors + counts.warnings > 0) {
        (true, _) => Status::Unreadable,
        (false, true) => Status::Findings,
        (false, false) => Status::Clean,
    };
    if submission.status != expected {
        return Err(format!("the status is {:?}, not {expected:?}", submission.status));
    }
    if submission.checks.failed > 0 && submission.findings.is_empty() {
        return Err("a check failed and nobody is told".to_owned());
    }
    let summary = Overview::of(std::slice::from_ref(submission)).summary;
    if summary.clean + summary.with_findings + summary.unreadable + summary.unmapped != summary.submissions
        || summary.findings != counts
    {
        return Err(format!("the summary does not add up: {summary:?}"));
    }
    for file in &submission.files {
        if (file.status == FileStatus::Unreadable) != file.error.is_some() {
            return Err(format!("{} is {:?} with the error {:?}", file.path, file.status, file.error));
        }
    }
    Ok(())
}

fn sheet_of<'a>(judged: &'a Judged, file: &str, sheet: &str) -> Option<&'a Sheet> {
    let workbook: &Workbook = judged.workbooks.iter().find(|workbook| &*workbook.file == file)?;
    workbook.sheets.iter().find(|known| &*known.name == sheet).map(|sheet| &**sheet)
}

/// What a finding says stands where it says, and it says something.
fn stands(judged: &Judged, finding: &ReportEntry) -> Result<(), String> {
    if finding.message.is_empty() || finding.action.is_empty() || finding.fingerprint.is_empty() {
        return Err("says nothing".to_owned());
    }
    let json = serde_json::to_string(finding).map_err(|error| error.to_string())?;
    let _: ReportEntry = serde_json::from_str(&json).map_err(|error| format!("does not read back: {error}"))?;
    let guesses = finding.hypotheses.iter();
    let guessed =
        guesses.flat_map(|guess| std::iter::once(&guess.target).chain(guess.together.iter().map(|c| &c.target)));
    for place in finding.target.iter().chain(&finding.sources).chain(guessed) {
        let Some(name) = &place.sheet else { continue };
        let Some(sheet) = sheet_of(judged, &place.file, name) else {
            // That of the period before.
            if place.file.starts_with("truoc/") || judged.workbooks.iter().all(|book| book.file != place.file) {
                continue;
            }
            return Err(format!("there is no sheet {name}"));
        };
        let Some(at) = place.cell else { continue };
        // A column that the mapping names by letters may have no cell at all.
        let is_blank = place.raw.as_deref().is_none_or(str::is_empty) && sheet.row(at.row).is_some();
        let merged = sheet.merges.iter().any(|area| area.contains(at));
        let inside = sheet.used_area().is_some_and(|area| area.contains(at)) || merged || is_blank;
        // What could not be read is no cell of the sheet.
        if finding.code == "unreadable-cell" {
            continue;
        }
        if !inside {
            return Err(format!("{at} is outside the sheet {name}"));
        }
        says_what_is_there(sheet, place, at)?;
    }
    Ok(())
}

fn says_what_is_there(sheet: &Sheet, place: &Place, at: Position) -> Result<(), String> {
    let Some(raw) = place.raw.as_deref().filter(|raw| !raw.is_empty()) else { return Ok(()) };
    let there = Raw::of(sheet.get(at).map(|cell| cell.value)).text();
    // A label or a unit is a part of a text, without the blanks around it, and stands in
    // all of a merged area.
    let own = sheet.get(at).and_then(|cell| cell.text());
    let texts = own.into_iter().chain(sheet.text_through_merges(at));
    let is_part = texts.map(fold).any(|text| text.contains(&*fold(raw)));
    if *there != *raw && !is_part && sheet.stored_text(at) != Some(raw) {
        return Err(format!("{at} is said to hold {raw:?}, it holds {there:?}"));
    }
    Ok(())
}

/// A reading says what its cell holds.
fn is_there(judged: &Judged, reading: &Reading) -> Result<(), String> {
    for place in &reading.origin.addends {
        let at = place.cell.ok_or("an addend without a cell")?;
        let sheet = place.sheet.as_deref().and_then(|sheet| sheet_of(judged, &place.file, sheet));
        says_what_is_there(sheet.ok_or("an addend without a sheet")?, place, at)?;
    }
    if !reading.origin.addends.is_empty() {
        return Ok(());
    }
    let origin = &reading.origin;
    let sheet = sheet_of(judged, &origin.file, &origin.sheet).ok_or("a reading without a sheet")?;
    let there = Raw::of(sheet.get(origin.cell).map(|cell| cell.value));
    if there != origin.raw && !origin.raw.text().is_empty() {
        return Err(format!("{} holds {there:?}, the reading says {:?}", origin.cell, origin.raw));
    }
    if there.text().is_empty() && reading.number().is_some() {
        return Err(format!("{} is blank, the reading says {:?}", origin.cell, reading.value));
    }
    Ok(())
}

fn holds_number(value: Value<'_>) -> bool {
    match value {
        Value::Number(_) => true,
        Value::Text(text) => !matches!(parse(text, Convention::Unknown), Amount::Nothing(_) | Amount::NotANumber),
        _ => false,
    }
}

/// Between the first and the last row that was read, each number in a column that was read is taken,
/// left out on purpose, or told.
fn nothing_vanishes(judged: &Judged, ignored: &[String]) -> Result<(), String> {
    let mut taken: BTreeMap<(Arc<str>, Arc<str>), BTreeSet<Position>> = BTreeMap::new();
    judged.dataset.each(|reading| {
        if reading.origin.addends.is_empty() {
            let of = (reading.origin.file.clone(), reading.origin.sheet.clone());
            taken.entry(of).or_default().insert(reading.origin.cell);
        }
    });
    let ignored: Vec<String> = ignored.iter().map(|label| fold(label)).collect();
    for ((file, name), cells) in taken {
        let Some(sheet) = sheet_of(judged, &file, &name) else { continue };
        // Numbers in the column of the labels are labels, also where a mapping takes figures from it.
        let is_label = |text: &str| ["chỉ tiêu", "nội dung", "thôn"].contains(&&*fold(text));
        let holds_labels =
            |column: u32| sheet.rows().any(|row| row.get(column).and_then(|cell| cell.text()).is_some_and(is_label));
        let columns: BTreeSet<u32> = cells.iter().map(|at| at.column).filter(|at| !holds_labels(*at)).collect();
        let rows = cells.iter().map(|at| at.row);
        let (Some(first), Some(last)) = (rows.clone().min(), rows.max()) else { continue };
        let findings = &judged.submission.findings;
        let of_sheet = |place: &&Place| place.file == file && place.sheet.as_ref() == Some(&name);
        let told = |at: Position| {
            findings.iter().any(|finding| {
                let named = finding.target.iter().chain(&finding.sources).filter(of_sheet);
                let (code, most) = (&*finding.code, finding.sources.len() >= 12);
                named.clone().any(|place| place.cell == Some(at))
                    // Of many cells of a row, a column or a table only the first are named.
                    || (code == "unmapped-number" && most)
                    // A row is named by its label or its first figure.
                    || (["total-as-member", "ambiguous-label", "duplicate-member", "duplicate-indicator", "suggested-label"]
                        .contains(&code)
                        && named.clone().any(|place| place.cell.is_some_and(|cell| cell.row == at.row)))
            })
        };
        for row in sheet.rows_from(first).take_while(|row| row.row <= last) {
            let is_left_out = row
                .cells()
                .filter_map(|cell| cell.text())
                .any(|text| ignored.iter().any(|label| fold(text).contains(label.as_str())));
            // A row that numbers the columns has no figures.
            let is_number = |text: &str| text.strip_prefix('(').is_some_and(|text| text.ends_with(')'));
            let numbers_columns = row.cells().all(|cell| cell.text().is_some_and(is_number));
            if is_left_out || numbers_columns {
                continue;
            }
            for cell in row.cells().filter(|cell| columns.contains(&cell.column) && holds_number(cell.value)) {
                let at = Position::new(row.row, cell.column);
                if !cells.contains(&at) && !told(at) {
                    let raw = Raw::of(Some(cell.value)).text();
                    return Err(format!("{file} [{name}] {at} ({raw:?}) vanished: nothing takes or tells it"));
                }
            }
        }
    }
    Ok(())
}

/// What is written is what it is called.
fn written_well(outcome: &Outcome) -> Result<(), String> {
    let bytes = |name: &str| outcome.written.get(name).map(Vec::as_slice).unwrap_or_default();
    for name in ["json", "sarif"] {
        let parsed: Result<serde_json::Value, _> = serde_json::from_slice(bytes(name));
        parsed.map_err(|error| format!("{name}: {error}"))?;
    }
    let json: serde_json::Value = serde_json::from_slice(bytes("json")).map_err(|error| error.to_string())?;
    let listed = json["submissions"][0]["findings"].as_array().map_or(0, Vec::len);
    let consequences: usize = json["submissions"][0]["findings"]
        .as_array()
        .map_or(0, |all| all.iter().filter_map(|f| f["consequences"].as_array()).map(Vec::len).sum());
    let findings = &outcome.judged.submission.findings;
    let folded: usize = findings.iter().map(|finding| finding.consequences.len()).sum();
    if (listed, consequences) != (findings.len(), folded) {
        return Err(format!(
            "the JSON lists {listed} findings and {consequences} consequences of {} and {folded}",
            findings.len()
        ));
    }
    for name in ["appendix", "xlsx"] {
        let limits =
            Limits { cells: 1 << 20, inflated_bytes: 1 << 28, held_bytes: 1 << 28, entries: 1000, text_bytes: 1 << 28 };
        let file: Arc<str> = Arc::from(format!("{name}.xlsx"));
        let (book, findings) = read(&file, bytes(name), &limits)
            .map_err(|finding| format!("{name} does not read back: {}", finding.facts.message(Language::Vi)))?;
        let odd = findings.iter().find(|finding| !matches!(finding.code.name, "missing-cached-value" | "error-cell"));
        if let Some(odd) = odd {
            return Err(format!("{name} reads back with {}: {}", odd.code.name, odd.facts.message(Language::Vi)));
        }
        if book.sheets.is_empty() {
            return Err(format!("{name} has no sheet"));
        }
    }
    for name in ["html", "txt", "csv", "xml", "table"] {
        if std::str::from_utf8(bytes(name)).map_or(true, str::is_empty) {
            return Err(format!("{name} is no text"));
        }
    }
    Ok(())
}
