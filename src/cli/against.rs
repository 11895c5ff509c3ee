//! `bieu mapping check --against`: what each entry of a mapping finds in files, and what nothing takes.

use std::{collections::BTreeMap, path::PathBuf};

use crate::{
    driver::{
        Held, Library, Spool, is_mapping_file,
        worker::{Orders, Task},
    },
    model::{
        finding::{FileLine, Place},
        mapping::{ColumnPlace, ColumnRole, Mapping, RowPlace, RowRole, Source},
        report::{FormRule, ReportEntry, Submission},
        workbook::{Position, column_name},
    },
    values::language::{Language, say},
    write::printable,
};
use serde_json::{Value, json};

use super::{
    Exit, Failure, Run,
    args::{CheckFormat, Effort},
    colour::{self, Mark},
    find_inputs, library_failure,
    picture::Picture,
    plan_tasks, print, print_tame, spool_failure,
};

/// Terminals are at least so wide.
const WIDTH: usize = 80;
/// So many cells of an entry are named in text; a village's row is one of hundreds.
const MOST_CELLS: usize = 24;

/// A row, column or cell of a mapping, and what was found for it.
struct Entry {
    line: FileLine,
    source: String,
    /// As the mapping writes it.
    written: String,
    /// Whether figures name this line; those of a table of rows do not name the column.
    takes: bool,
    /// By file and sheet.
    cells: BTreeMap<(String, String), Vec<String>>,
    /// Why nothing, or not all, was found.
    told: Vec<String>,
}

pub(super) fn run(
    mappings: &[PathBuf],
    inputs: &[PathBuf],
    format: CheckFormat,
    effort: &Effort,
    language: Language,
) -> Result<Exit, Failure> {
    // The catalogues beside them have been checked.
    let mappings: Vec<PathBuf> =
        mappings.iter().filter(|path| path.is_dir() || is_mapping_file(path)).cloned().collect();
    let mappings = mappings.as_slice();
    let library = Library::given(mappings).map_err(|error| library_failure(error, language))?;
    let gathered = find_inputs(inputs, &[], language)?;
    let tasks: Vec<Task> = plan_tasks(&gathered, mappings, &mut Held::default(), language)?;
    let orders = Orders {
        language,
        mappings: mappings.to_vec(),
        workbook: None,
        table: true,
        part: false,
        excerpts: false,
        second_reader: false,
        memory: effort.max_memory,
        timeout: effort.timeout,
    };
    let mut tables = Spool::new().map_err(|error| spool_failure(&error, language))?;
    let run = Run { orders: &orders, effort, state: None, language };
    let judgement = run.judge(&tasks, |at, answer| answer.table.map_or(Ok(()), |table| tables.put_lines(at, table)))?;
    let mut entries: Vec<Entry> = library.bundles.iter().flat_map(|bundle| entries(&bundle.mapping)).collect();
    let places: BTreeMap<(String, u32), usize> =
        entries.iter().enumerate().map(|(at, entry)| ((entry.line.file.to_string(), entry.line.line), at)).collect();
    let mut untaken: Vec<ReportEntry> = Vec::new();
    let mut form_rules: Vec<FormRule> = Vec::new();
    for (at, submission) in judgement.judged.report().iter().enumerate() {
        let submission = submission.map_err(|error| spool_failure(&error, language))?;
        sort(&submission, &places, &mut entries, &mut untaken);
        form_rules.extend(submission.form_rules.iter().cloned());
        let place = judgement.judged.task(at).unwrap_or(at);
        let rows = tables.get(place).map_err(|error| spool_failure(&error, language))?.unwrap_or_default();
        for row in records(&String::from_utf8_lossy(&rows)) {
            let [file, sheet, cell, _, _, mapping, line, ..] = row.get(10..).unwrap_or_default() else { continue };
            // A sum of members stands in no cell.
            if cell.is_empty() {
                continue;
            }
            let found = line.parse().ok().and_then(|line| places.get(&(mapping.clone(), line)));
            if let Some(at) = found {
                entries[*at].cells.entry((file.clone(), sheet.clone())).or_default().push(cell.clone());
            }
        }
    }
    match format {
        CheckFormat::Text => {
            print_tame(drawn(&entries, &untaken, colour::is_shown(), language).as_bytes())?;
            print(printable(&text(&entries, &form_rules, &untaken, language)).as_bytes())?;
        }
        CheckFormat::Json => print(format!("{:#}\n", as_json(&entries, &form_rules, &untaken)).as_bytes())?,
    }
    if judgement.judged.overview().summary.partial {
        return Ok(Exit::Interrupted);
    }
    let unreadable = judgement.judged.overview().has_unreadable_files() || !gathered.failed.is_empty();
    Ok(if unreadable { Exit::Unreadable } else { Exit::Ok })
}

/// Findings about entries go to them; those about what nothing takes stand by themselves.
fn sort(
    submission: &Submission,
    places: &BTreeMap<(String, u32), usize>,
    entries: &mut [Entry],
    untaken: &mut Vec<ReportEntry>,
) {
    for finding in &submission.findings {
        match &*finding.code {
            "unmapped-number" | "unmapped-sheet" | "unmapped-file" | "unreadable-file" | "encrypted-file" => {
                untaken.push(finding.clone());
            }
            "missing-label" | "suggested-label" | "ambiguous-label" | "missing-sheet" | "unused-mapping-entry" => {
                let line = finding.mapping.as_ref().map(|line| (line.file.to_string(), line.line));
                match line.and_then(|line| places.get(&line)) {
                    Some(at) => entries[*at].told.push(finding.message.clone()),
                    None => untaken.push(finding.clone()),
                }
            }
            _ => {}
        }
    }
}

/// The entries of a mapping that take figures, in the order of the file; those of one line are one.
fn entries(mapping: &Mapping) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    for source in &mapping.sources {
        for (line, written, takes) in written(source) {
            if let Some(known) = all.iter_mut().find(|known| known.line == line) {
                // A column that stands in several blocks.
                if known.written != written && !known.written.ends_with('…') {
                    known.written.push_str(", …");
                }
            } else {
                let source = source.name.clone();
                all.push(Entry { line, source, written, takes, cells: BTreeMap::new(), told: Vec::new() });
            }
        }
    }
    all
}

fn written(source: &Source) -> Vec<(FileLine, String, bool)> {
    let head = (source.line.clone(), format!("[[source]] {}", source.pattern()), false);
    let rows = source.rows.iter().map(|row| {
        let written = match &row.place {
            RowPlace::Label(path) => format!("\"{}\"", path.written),
            RowPlace::Number(row) => format!("\"@{}\"", row + 1),
        };
        (row.line.clone(), written, matches!(row.role, RowRole::Indicator(_) | RowRole::Blocks(_)))
    });
    let columns = source.columns.iter().filter(|column| column.role != ColumnRole::Ignored).map(|column| {
        let written = match &column.place {
            ColumnPlace::Header(path) => format!("\"{}\"", path.written),
            ColumnPlace::Letters(column) => format!("\"@{}\"", column_name(*column)),
        };
        (column.line.clone(), written, matches!(column.role, ColumnRole::Values { indicator: Some(_), .. }))
    });
    let cells = source.cells.iter().map(|cell| (cell.line.clone(), format!("\"{}\"", cell.at), true));
    std::iter::once(head).chain(columns).chain(rows.filter(|(line, ..)| *line != source.line)).chain(cells).collect()
}

/// The lines of a table of ours: commas, and quotes around texts that hold some.
fn records(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            _ => field.push(c),
        }
    }
    rows
}

/// Each sheet that an entry or a finding is about.
fn pictures(entries: &[Entry], untaken: &[ReportEntry]) -> BTreeMap<(String, String), Picture> {
    let mut pictures: BTreeMap<(String, String), Picture> = BTreeMap::new();
    // Where an entry of a column and one of a row take a cell, the row is named.
    for takes in [false, true] {
        for entry in entries.iter().filter(|entry| entry.takes == takes) {
            let name = format!("{} {}", entry.line.line, entry.written);
            for (place, cells) in &entry.cells {
                let picture = pictures.entry(place.clone()).or_default();
                let mark = if takes { Mark::Figure } else { Mark::Member };
                for cell in cells {
                    picture.take(cell, mark, &name);
                }
            }
        }
    }
    for place in untaken.iter().flat_map(|finding| finding.target.iter().chain(&finding.sources)) {
        if let (Some(sheet), Some(cell)) = (&place.sheet, place.cell) {
            pictures.entry((place.file.to_string(), sheet.to_string())).or_default().leave(cell);
        }
    }
    pictures
}

/// The sheets as they are read. Tame by itself: what of it steers the terminal is ours.
fn drawn(entries: &[Entry], untaken: &[ReportEntry], is_coloured: bool, language: Language) -> String {
    let mut out = String::new();
    let pictures = pictures(entries, untaken);
    if !pictures.is_empty() {
        out += &say!(
            language,
            "● có mục lấy, tên mục ở bên phải; ! không mục nào lấy; · ô khác\n",
            "● an entry takes it, named on the right; ! nothing takes it; · any other cell\n"
        );
    }
    for ((file, sheet), picture) in &pictures {
        out += &printable(&format!("{file} [{sheet}]\n"));
        picture.draw(&mut out, is_coloured, language);
        out.push('\n');
    }
    out
}

fn text(entries: &[Entry], form_rules: &[FormRule], untaken: &[ReportEntry], language: Language) -> String {
    let mut out = String::new();
    let mut heading = None;
    for entry in entries {
        if heading != Some((&entry.line.file, &entry.source)) {
            heading = Some((&entry.line.file, &entry.source));
            out += &format!("{} · {}\n", entry.line.file, entry.source);
        }
        wrap(&mut out, &format!("{:>6}  ", entry.line.line), &entry.written);
        for ((file, sheet), cells) in &entry.cells {
            let mut shown: Vec<&str> = cells.iter().take(MOST_CELLS).map(String::as_str).collect();
            if cells.len() > MOST_CELLS {
                shown.push("…");
            }
            let (count, shown) = (cells.len(), shown.join(" "));
            wrap(&mut out, "          ", &format!("{file} [{sheet}] ({count}): {shown}"));
        }
        for told in &entry.told {
            wrap(&mut out, "        ! ", told);
        }
        if entry.takes && entry.cells.is_empty() && entry.told.is_empty() {
            wrap(&mut out, "          ", &say!(language, "không lấy số nào", "takes no figure"));
        }
    }
    if !form_rules.is_empty() {
        out += &say!(language, "Công thức in trên biểu:\n", "Formulas printed on the forms:\n");
    }
    for rule in form_rules {
        wrap(&mut out, "          ", &rule.line(language));
        wrap(&mut out, "          ", &format!("{} [{}] {}", rule.file, rule.sheet, rule.cell));
    }
    if !untaken.is_empty() {
        out += &say!(language, "Không mục nào lấy:\n", "What nothing takes:\n");
    }
    for finding in untaken {
        wrap(&mut out, "        ! ", &finding.message);
        if let Some(place) = &finding.target {
            wrap(&mut out, "          ", &place_text(place));
        }
    }
    out
}

fn place_text(place: &Place) -> String {
    let sheet = place.sheet.as_ref().map(|sheet| format!(" [{sheet}]")).unwrap_or_default();
    let cell = place.cell.map(|cell: Position| format!(" {cell}")).unwrap_or_default();
    format!("{}{sheet}{cell}", place.file)
}

/// Words in lines of the terminal's width; those after the first begin where the words of the first do.
fn wrap(out: &mut String, begin: &str, words: &str) {
    let indent = begin.chars().count();
    let mut width = indent;
    out.push_str(begin);
    for (at, word) in words.split_whitespace().enumerate() {
        let length = word.chars().count();
        if at > 0 && width + 1 + length > WIDTH {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            width = indent;
        } else if at > 0 {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += length;
    }
    out.push('\n');
}

fn as_json(entries: &[Entry], form_rules: &[FormRule], untaken: &[ReportEntry]) -> Value {
    let entry = |entry: &Entry| {
        let cells: Vec<Value> = entry
            .cells
            .iter()
            .flat_map(|((file, sheet), cells)| {
                cells.iter().map(move |cell| json!({"file": file, "sheet": sheet, "cell": cell}))
            })
            .collect();
        json!({
            "file": &*entry.line.file, "line": entry.line.line, "source": entry.source, "entry": entry.written,
            "cells": cells, "told": entry.told,
        })
    };
    let left =
        |finding: &ReportEntry| json!({"code": finding.code, "message": finding.message, "target": finding.target});
    json!({
        "schema": "bieu.entries/1",
        "entries": entries.iter().map(entry).collect::<Vec<_>>(),
        "form_rules": form_rules,
        "untaken": untaken.iter().map(left).collect::<Vec<_>>(),
    })
}
