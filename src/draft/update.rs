//! An existing mapping meets new files: what fits stays byte for byte, what is new is added with
//! remarks, what is gone is commented out with the reason.

use std::collections::{BTreeMap, BTreeSet};

use super::{Draft, Files, model::DraftTable, verify::LABELS, write};
use crate::{
    extract::{self, Texts, UNMAPPED_FILE, UNMAPPED_SHEET},
    model::{
        catalogue::Catalogue,
        document::Document,
        finding::{FileLine, UNMAPPED_NUMBER},
        mapping::{self, Mapping, Source},
        workbook::{Position, Workbook},
    },
    values::language::{Language, say},
};

/// A mapping that was brought up to date.
#[derive(Clone, Debug)]
pub struct Updated {
    /// Its text.
    pub text: String,
    /// Lines added.
    pub added: usize,
    /// Lines commented out.
    pub gone: usize,
}

/// Brings a mapping up to date with what was drafted from new files.
pub fn update(
    document: &Document,
    catalogue: &Catalogue,
    draft: &Draft,
    workbooks: &[&Workbook],
    known: &Texts,
    language: Language,
) -> Updated {
    let mut lines: Vec<String> = document.own().split_inclusive('\n').map(str::to_owned).collect();
    let unchanged = Updated { text: document.own().to_owned(), added: 0, gone: 0 };
    let Ok(mapping) = mapping::decode(document, catalogue) else { return unchanged };
    let files = Files { workbooks, period: draft.period.clone() };
    let extract = extract::extract(workbooks, &[], &mapping, catalogue, None, known);
    // What is gone.
    let mut gone: BTreeMap<usize, String> = BTreeMap::new();
    // What this file says of sources of its base.
    let mut changes: BTreeMap<usize, Changes> = BTreeMap::new();
    let mut count = Updated { text: String::new(), added: 0, gone: 0 };
    let mut left: BTreeMap<(usize, usize), BTreeSet<Position>> = BTreeMap::new();
    let mut whole: BTreeSet<(usize, usize)> = BTreeSet::new();
    for finding in &extract.findings {
        if LABELS.contains(&finding.code) {
            let Some(line) = &finding.mapping else { continue };
            if line.file == document.file {
                gone.insert(line.line as usize - 1, finding.facts.message(language));
            } else if let Some((source, is_row, key)) = inherited(document, &mapping, line) {
                let head = say!(language, "không còn", "gone");
                let line = format!(
                    "{key} = \"remove\"  # {head}: {}",
                    finding.facts.message(language).replace(['\n', '\r'], " ")
                );
                count.gone += usize::from(changes.entry(source).or_default().put(is_row, line));
            }
        } else if finding.code == &UNMAPPED_NUMBER {
            let Some(target) = &finding.target else { continue };
            let Some(place) = files.find(&target.file, target.sheet.as_deref()) else { continue };
            let cells = finding.target.iter().chain(&finding.sources).filter_map(|place| place.cell);
            left.entry(place).or_default().extend(cells);
        } else if [&UNMAPPED_SHEET, &UNMAPPED_FILE].contains(&finding.code) {
            let Some(target) = &finding.target else { continue };
            if let Some(sheet) = &target.sheet {
                whole.extend(files.find(&target.file, Some(sheet)));
            } else {
                let file = workbooks.iter().position(|workbook| workbook.file == target.file);
                let sheets = |file: usize| (0..workbooks[file].sheets.len()).map(move |sheet| (file, sheet));
                whole.extend(file.into_iter().flat_map(sheets));
            }
        }
    }
    for (at, reason) in &gone {
        let Some(line) = lines.get_mut(*at) else { continue };
        let body = line.trim_end_matches(['\n', '\r']).to_owned();
        // A table that begins here is not one line.
        if body.trim_start().starts_with('[') || body.trim_start().starts_with('#') || !body.contains('=') {
            continue;
        }
        let ending = &line[body.len()..];
        let head = say!(language, "không còn", "gone");
        *line = format!("# {body}  # {head}: {}{ending}", reason.replace(['\n', '\r'], " "));
        count.gone += 1;
    }
    // What is new in sheets that are read.
    let mut insertions: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (place, cells) in &left {
        let Some(source) = source_of(&mapping, &files, *place) else { continue };
        for table in draft.tables.iter().filter(|table| (table.file, table.sheet) == *place) {
            let new = new_lines(table, cells, language);
            if mapping.sources[source].line.file != document.file {
                for (is_row, line) in new {
                    count.added += usize::from(changes.entry(source).or_default().put(is_row, line));
                }
                continue;
            }
            let start = mapping.sources[source].line.line as usize - 1;
            for (is_row, line) in new {
                let section = if is_row { "[source.rows]" } else { "[source.columns]" };
                let end = end_of_section(&lines, start, section);
                if end.is_none() {
                    // This file changes other things of the source.
                    count.added += usize::from(changes.entry(source).or_default().put(is_row, line));
                    continue;
                }
                let all = insertions.entry(end.unwrap_or(0)).or_default();
                if !all.contains(&line) {
                    all.push(line);
                    count.added += 1;
                }
            }
        }
    }
    let mut tail = String::new();
    for (source, changes) in &changes {
        let source = &mapping.sources[*source];
        if source.line.file == document.file {
            let end = end_of_source(&lines, source.line.line as usize - 1);
            insertions.entry(end).or_default().extend(changes.sections().lines().map(str::to_owned));
            continue;
        }
        let Some(name) = name_line(document, source) else { continue };
        let head = say!(
            language,
            "# sửa bảng gốc, do `bieu draft --update` thêm",
            "# changes the base, added by `bieu draft --update`"
        );
        tail.push_str(&format!("\n{head}\n[[source]]\n{name}\n{}", changes.sections()));
    }
    // Sheets that nothing reads: the sources as they were drafted.
    let new: Vec<DraftTable> =
        draft.tables.iter().filter(|table| whole.contains(&(table.file, table.sheet))).cloned().collect();
    if !new.is_empty() {
        let input = write::MappingText {
            id: "",
            catalogue: "",
            files: &files,
            tables: &new,
            ignored: &[],
            extra: &BTreeMap::new(),
            language,
        };
        let (text, _) = write::mapping(&input);
        let start = text.find("[[source]]").unwrap_or(0);
        tail.push('\n');
        tail.push_str(&say!(language, "# mới, do `bieu draft --update` thêm", "# new, added by `bieu draft --update`"));
        tail.push('\n');
        tail.push_str(&text[start..]);
        count.added += text[start..].lines().filter(|line| !line.is_empty()).count();
    }
    for (at, line) in lines.iter().enumerate() {
        count.text.push_str(line);
        if let Some(new) = insertions.get(&at) {
            if !count.text.ends_with('\n') {
                count.text.push('\n');
            }
            for line in new {
                count.text.push_str(line);
                count.text.push('\n');
            }
        }
    }
    if !tail.is_empty() && !count.text.ends_with('\n') {
        count.text.push('\n');
    }
    count.text.push_str(&tail);
    // What was made must be read again; else nothing is changed.
    match mapping::decode(&document.with_own(&count.text), catalogue) {
        Ok(_) => count,
        Err(_) => unchanged,
    }
}

/// Lines that a file adds to a source of its base.
#[derive(Default)]
struct Changes {
    columns: Vec<String>,
    rows: Vec<String>,
}

impl Changes {
    /// Adds a line; whether it was not there yet.
    fn put(&mut self, is_row: bool, line: String) -> bool {
        let lines = if is_row { &mut self.rows } else { &mut self.columns };
        let is_new = !lines.contains(&line);
        if is_new {
            lines.push(line);
        }
        is_new
    }

    /// The sections of the source, each behind a blank line.
    fn sections(&self) -> String {
        let section = |(name, lines): (&str, &Vec<String>)| {
            if lines.is_empty() { String::new() } else { format!("\n[source.{name}]\n{}\n", lines.join("\n")) }
        };
        [("columns", &self.columns), ("rows", &self.rows)].map(section).concat()
    }
}

/// A row or column that the base declares, with its key as it is written there; none where it stands in columns
/// that several sources share, or among others in one line.
fn inherited(document: &Document, mapping: &Mapping, line: &FileLine) -> Option<(usize, bool, String)> {
    let has = |source: &Source| {
        let of_row = source.rows.iter().any(|row| row.line == *line);
        let of_column = source.columns.iter().any(|column| column.line == *line);
        (of_row || of_column).then_some(of_row)
    };
    let (source, is_row) = mapping.sources.iter().enumerate().find_map(|(at, source)| Some((at, has(source)?)))?;
    let lines: Vec<&str> = document.lines_of(line).take(line.line as usize).collect();
    let (own, above) = lines.split_last()?;
    let section = above.iter().rev().find(|line| line.trim_start().starts_with('['))?.trim();
    let own = own.trim_start();
    let quote = own.chars().next().filter(|c| ['"', '\''].contains(c))?;
    let end = own[1..].find(quote)? + 2;
    (section == if is_row { "[source.rows]" } else { "[source.columns]" })
        .then(|| (source, is_row, own[..end].to_owned()))
}

/// The line that says which source of the base is meant: its name, else its files.
fn name_line<'d>(document: &'d Document, source: &Source) -> Option<&'d str> {
    let own = document.lines_of(&source.line).skip(source.line.line as usize);
    let own = own.take_while(|line| !line.trim_start().starts_with('['));
    let of_key = |key: &str| {
        own.clone()
            .find(|line| line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')))
    };
    of_key("name").or_else(|| of_key("file"))
}

/// The last line of a source that says something.
fn end_of_source(lines: &[String], start: usize) -> usize {
    let behind = lines.iter().enumerate().skip(start + 1).find(|(_, line)| {
        let line = line.trim_start();
        line.starts_with('[') && !line.starts_with("[source.")
    });
    let behind = behind.map_or(lines.len(), |(at, _)| at);
    (start..behind).rev().find(|at| !lines[*at].trim().is_empty()).unwrap_or(start)
}

/// The source that reads a sheet.
fn source_of(mapping: &Mapping, files: &Files<'_>, (file, sheet): (usize, usize)) -> Option<usize> {
    let name = &files.workbooks[file].sheets[sheet].name;
    mapping.sources.iter().position(|source| {
        source.takes_file(files.name(file))
            && (source.sheets.is_empty() || source.sheets.iter().any(|pattern| pattern.matches(name)))
    })
}

/// The last line of a section of a source.
fn end_of_section(lines: &[String], start: usize, section: &str) -> Option<usize> {
    let head = lines
        .iter()
        .enumerate()
        .skip(start + 1)
        .take_while(|(_, line)| line.trim() != "[[source]]")
        .find(|(_, line)| line.trim() == section)?
        .0;
    let is_end = |line: &String| line.trim_start().starts_with('[');
    let behind =
        lines.iter().enumerate().skip(head + 1).find(|(_, line)| is_end(line)).map_or(lines.len(), |(at, _)| at);
    (head..behind).rev().find(|at| {
        let line = lines[*at].trim();
        !line.is_empty() && (*at == head || !line.starts_with('#') || lines[*at].contains('='))
    })
}

/// The drafted lines for figures that the mapping does not take.
fn new_lines(table: &DraftTable, cells: &BTreeSet<Position>, language: Language) -> Vec<(bool, String)> {
    let mut lines = Vec::new();
    let head = say!(language, "mới", "new");
    let with_remark = |line: String| match line.split_once("  # ") {
        Some((entry, remark)) => format!("{}  # {head}; {remark}", entry.trim_end()),
        None => format!("{line}  # {head}"),
    };
    for row in &table.rows {
        if cells.iter().any(|cell| cell.row == row.line.row)
            && (table
                .shape
                .values
                .iter()
                .filter(|column| cells.contains(&Position::new(row.line.row, **column)))
                .count()
                * 2
                > cells.iter().filter(|cell| cell.row == row.line.row).count()
                || cells.len() == 1)
        {
            lines.extend(write::row_text(table, row, language).into_iter().map(|line| (true, with_remark(line))));
        }
    }
    for column in &table.columns {
        let own = cells.iter().filter(|cell| cell.column == column.at).count();
        let is_whole = own > 1 && own * 2 > table.rows.iter().filter(|row| row.line.has_values).count();
        if is_whole {
            lines.extend(write::column_text(table, column, language).map(|line| (false, with_remark(line))));
        }
    }
    // A column that is new as a whole makes no row new.
    if lines.iter().any(|(is_row, _)| !is_row) {
        let columns: Vec<u32> = table
            .columns
            .iter()
            .filter(|column| {
                let own = cells.iter().filter(|cell| cell.column == column.at).count();
                own > 1 && own * 2 > table.rows.iter().filter(|row| row.line.has_values).count()
            })
            .map(|column| column.at)
            .collect();
        if cells.iter().all(|cell| columns.contains(&cell.column)) {
            lines.retain(|(is_row, _)| !is_row);
        }
    }
    lines
}
