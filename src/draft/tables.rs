//! Tables with their headers, labels and figures, as extraction will find them again.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    blocks,
    grid::Grid,
    meaning::{self, Meaning},
    model::{Certainty, DraftColumn, DraftRow, DraftTable, Role},
    relations::{Figure, Figures, Line},
    shapes::{self, Shape},
    words::one_line,
};
use crate::{
    extract::{
        Texts,
        survey::{self, Gap, Survey, SurveyLine},
    },
    model::{
        finding::FileLine,
        mapping::{Column, ColumnPlace, ColumnRole, LabelPath, RowIndex, Source},
        workbook::{Position, Sheet, Value, Workbook, column_name},
    },
    values::{
        number::{self, Amount, Convention, Decimal},
        period::Period,
        text,
    },
};

/// Most lines that have one label and are told apart by headings.
const MOST_ALIKE: usize = 60;
/// Rows above a header in which titles stand.
const TITLE_ROWS: u32 = 8;

/// The tables of a workbook.
pub fn find(file: usize, workbook: &Workbook, known: &Texts) -> Vec<(usize, Vec<Shape>, Vec<RawTable>)> {
    let mut all = Vec::new();
    for (at, sheet) in workbook.sheets.iter().enumerate() {
        let shapes = shapes::find(sheet, &Grid::of(sheet));
        let mut raw = Vec::new();
        for (place, shape) in shapes.iter().enumerate() {
            if shape.is_blank {
                continue;
            }
            let next = shapes[place + 1..].iter().map(top).find(|next| *next > shape.last_row);
            raw.extend(raw_table(file, at, sheet, shape, next, known));
        }
        all.push((at, shapes, raw));
    }
    all
}

fn top(shape: &Shape) -> u32 {
    shape.header.map_or(shape.data_row, |(first, _)| first)
}

/// A table as extraction sees it, before anything is decided.
#[derive(Debug)]
pub struct RawTable {
    /// Its file.
    pub file: usize,
    /// Its sheet.
    pub sheet: usize,
    /// Where it lies.
    pub shape: Shape,
    /// As extraction sees it.
    pub survey: Survey,
    /// Whether the labels are found by their header.
    pub label_by_header: bool,
    /// Whether all is found by place.
    pub by_place: bool,
    /// Texts above it, nearest first.
    pub titles: Vec<String>,
}

fn raw_table(
    file: usize,
    at: usize,
    sheet: &Sheet,
    shape: &Shape,
    next: Option<u32>,
    known: &Texts,
) -> Option<RawTable> {
    let mut gaps: Vec<Gap> = shape.gaps.clone();
    // What stands below the last figures is no row of it.
    gaps.push(Gap { first: next.unwrap_or(shape.last_row + 1).min(shape.last_row + 1), next: u32::MAX, is_end: true });
    let anchor = shape.anchor.or_else(|| {
        let (first, last) = shape.header?;
        let rows = (first..=last).rev();
        let mut cells = rows.flat_map(|row| shape.values.iter().map(move |column| Position::new(row, *column)));
        cells.find(|at| sheet.get(*at).is_some_and(|cell| cell.text().is_some()))
    });
    let by_header = anchor.and_then(|anchor| {
        let survey = survey::survey(sheet, &source(shape, None), known, Some(anchor), &gaps)?;
        let headed = shape.values.iter().filter(|column| survey.texts.contains_key(column)).count();
        (headed * 2 >= shape.values.len() && survey.header_rows.1 <= shape.last_row).then_some(survey)
    });
    let by_place = by_header.is_none();
    let mut survey = match by_header {
        Some(survey) => survey,
        None => survey::survey(sheet, &source(shape, Some(shape.data_row)), known, None, &gaps)?,
    };
    keep_header(sheet, shape, &mut survey);
    let first = top(shape);
    let above = sheet.rows().filter(|row| row.row < first && row.row + TITLE_ROWS >= first);
    let mut titles: Vec<String> =
        above.flat_map(|row| row.texts().map(|(_, text)| one_line(text)).collect::<Vec<_>>()).collect();
    titles.retain(|title| !title.is_empty() && survey::unit_line(title, known).is_none());
    titles.reverse();
    let label_by_header = !by_place && shape.anchor.is_some();
    Some(RawTable { file, sheet: at, shape: shape.clone(), survey, label_by_header, by_place, titles })
}

/// Extraction looks a few rows above the name of the labels, where titles may stand: what is no text of
/// the header is none of a column.
fn keep_header(sheet: &Sheet, shape: &Shape, survey: &mut Survey) {
    let Some((first, last)) = shape.header else { return };
    let rows = sheet.rows().filter(|row| (first..=last).contains(&row.row));
    let mut own: BTreeSet<String> = rows
        .flat_map(|row| row.cells().map(|cell| text::fold_label(&survey::shown(cell.value))).collect::<Vec<_>>())
        .collect();
    for area in sheet.merges.iter().filter(|area| area.first.row < first && area.last.row >= first) {
        own.extend(sheet.get(area.first).and_then(|cell| cell.text()).map(text::fold_label));
    }
    for texts in survey.texts.values_mut() {
        texts.retain(|text| own.contains(&text::fold_label(text)) || super::grid::is_year(text::trim(text)));
    }
    survey.texts.retain(|_, texts| !texts.is_empty());
}

/// A source that finds a table by its columns' letters.
fn source(shape: &Shape, first_row: Option<u32>) -> Source {
    let line = FileLine { file: "".into(), line: 0 };
    let columns = shape.values.iter().map(|at| Column {
        place: ColumnPlace::Letters(*at),
        role: ColumnRole::Ignored,
        unit: None,
        each_member: false,
        block: None,
        optional: true,
        line: line.clone(),
    });
    Source {
        name: String::new(),
        files: Vec::new(),
        sheets: Vec::new(),
        label: shape.label.iter().map(|at| ColumnPlace::Letters(*at)).collect(),
        unit_column: shape.unit.map(ColumnPlace::Letters),
        unit: None,
        numbers: Convention::Unknown,
        first_row,
        columns: columns.collect(),
        index: RowIndex::new(&[]),
        rows: Vec::new(),
        cells: Vec::new(),
        member: None,
        sum: false,
        optional: false,
        line,
    }
}

/// Gives a table the keys that a mapping finds its columns and rows by. `is_fresh`: there is no catalogue yet.
pub fn draft_table(raw: RawTable, sheet: &Sheet, period: &Period, is_fresh: bool) -> DraftTable {
    let RawTable { file, sheet: at, shape, survey, label_by_header, by_place, titles } = raw;
    let letters = |column: u32| format!("@{}", column_name(column));
    let folded: BTreeMap<u32, Vec<String>> = survey
        .texts
        .iter()
        .map(|(column, texts)| (*column, texts.iter().map(|text| text::fold_label(text)).collect()))
        .collect();
    // Years far apart are written as they are: a table of many years is no table of one period.
    let all_years: BTreeSet<i32> = survey.texts.values().flatten().flat_map(|text| meaning::years(text)).collect();
    let is_series = all_years.len() > 5 && period.first_year == period.year;
    let written =
        |text: &str| if is_series { one_line(text) } else { meaning::with_placeholders(&one_line(text), period) };
    let column_key = |column: u32, taken: &[u32]| -> String {
        if by_place {
            return letters(column);
        }
        let (Some(own), Some(texts)) = (folded.get(&column), survey.texts.get(&column)) else { return letters(column) };
        let steps: Vec<String> = texts.iter().map(|text| written(text)).collect();
        let is_only = |path: &str| {
            let path = LabelPath::new(&period.expand(path, &[]).0);
            path.matches(own)
                && folded.iter().all(|(other, texts)| *other == column || taken.contains(other) || !path.matches(texts))
        };
        let whole = steps.len().saturating_sub(3);
        let mut paths = Vec::new();
        if steps.len() > 1 && steps[whole..].iter().map(|step| step.chars().count()).sum::<usize>() <= 90 {
            paths.push(whole);
        }
        paths.extend((0..steps.len()).rev());
        let is_plain = |from: &usize| steps[*from..].iter().all(|step| is_plain_step(step));
        let found = paths.into_iter().filter(is_plain).map(|from| steps[from..].join(" > ")).find(|path| is_only(path));
        found.unwrap_or_else(|| letters(column))
    };
    let label = shape.label.iter().map(|column| {
        let by_header = (label_by_header && !by_place).then(|| {
            let texts = survey.texts.get(column)?;
            let own = folded.get(column)?;
            let key = written(texts.last()?);
            // The leftmost column of that name is taken.
            let path = LabelPath::new(&period.expand(&key, &[]).0);
            let first = folded.iter().find(|(_, texts)| path.matches(texts)).map(|(at, _)| *at);
            (is_plain_step(&key) && path.matches(own) && first == Some(*column)).then_some(key)
        });
        by_header.flatten()
    });
    let label: Option<Vec<String>> = label.collect();
    let label = label.unwrap_or_else(|| shape.label.iter().map(|column| letters(*column)).collect());
    let mut taken = shape.label.clone();
    taken.extend(shape.unit);
    let unit_column = shape.unit.map(|column| {
        if by_place {
            return letters(column);
        }
        let text = survey.texts.get(&column).and_then(|texts| texts.last()).map(|text| one_line(text));
        text.filter(|text| is_plain_step(text)).unwrap_or_else(|| letters(column))
    });
    let mut columns = Vec::new();
    let held: BTreeSet<u32> = shape.values.iter().chain(&shape.words).copied().collect();
    let with_text = survey.texts.keys().copied().filter(|column| {
        let first = shape.label.first().copied().unwrap_or(0);
        let last = held.iter().max().copied().unwrap_or(0);
        *column > first && *column <= last + 1
    });
    let mut all: Vec<u32> = held.iter().copied().chain(with_text).filter(|column| !taken.contains(column)).collect();
    all.retain(|column| Some(*column) != shape.ordinal);
    all.sort_unstable();
    all.dedup();
    for column in all {
        let header: Vec<String> =
            survey.texts.get(&column).map_or_else(Vec::new, |texts| texts.iter().map(|text| one_line(text)).collect());
        let own = folded.get(&column).cloned().unwrap_or_default();
        columns.push(DraftColumn {
            at: column,
            key: column_key(column, &taken),
            meaning: meaning::meaning(&own),
            folded: own,
            header,
            has_figures: shape.values.contains(&column),
            unit: survey.header_units.get(&column).cloned(),
            measure: None,
            indicator: None,
            certainty: Certainty::Open,
            evidence: String::new(),
            alternatives: Vec::new(),
            place: None,
            chosen: false,
            block: None,
            part: None,
            each_member: false,
            twin: None,
        });
    }
    let rows = rows(&survey.lines, period);
    let mut table = DraftTable {
        file,
        sheet: at,
        first_row: by_place.then_some(shape.data_row + 1),
        shape,
        label,
        unit_column,
        titles,
        year: period.year.to_string(),
        unit: survey.unit_line.map(|(unit, _)| unit),
        columns,
        rows,
        figures: Figures::default(),
        relations: Vec::new(),
        by_column: false,
        member: None,
        members_under: None,
        blocks: None,
        parts: Vec::new(),
        adds_up: false,
        stands_alone: false,
        part: None,
        left_out: None,
    };
    table.figures = figures(&mut table, sheet);
    if !by_place {
        let is_found = |key: &str, at: u32| {
            key.split(" > ").skip(1).flat_map(|step| step.split(" | ")).all(is_plain_step)
                // A key alone is asked for without a column.
                && (at == u32::MAX || folded.get(&at).is_some_and(|own| LabelPath::new(&period.expand(key, &[]).0).matches(own)))
        };
        blocks::find(&mut table, is_fresh, &written, &is_found);
    }
    table
}

/// Whether a text can be a step of a path as it is.
fn is_plain_step(step: &str) -> bool {
    let folded = text::fold_label(step);
    let braces = step.replace("{year", "").replace("{first-year", "");
    !folded.is_empty()
        && !step.contains(" > ")
        && !step.contains(" | ")
        && !step.contains('*')
        && !braces.contains('{')
        && !step.starts_with('@')
}

fn rows(lines: &[SurveyLine], period: &Period) -> Vec<DraftRow> {
    let mut alike: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        if let Some(own) = line.path.last() {
            alike.entry(own).or_default().push(at);
        }
    }
    let years: BTreeSet<i32> = lines.iter().flat_map(|line| meaning::years(&line.label)).collect();
    let is_series = years.len() > 5;
    let mut rows = Vec::with_capacity(lines.len());
    for line in lines {
        let key = row_key(line, lines, &alike, period, is_series);
        rows.push(DraftRow {
            key: key.unwrap_or_else(|| format!("@{}", line.row + 1)),
            line: line.clone(),
            role: if line.has_values { Role::Open } else { Role::Heading },
            indicator: None,
            measures: Vec::new(),
            certainty: Certainty::Open,
            evidence: String::new(),
            alternatives: Vec::new(),
            place: None,
            chosen: false,
        });
    }
    rows
}

/// The shortest path that finds a line and no other; none where only its number does.
fn row_key(
    line: &SurveyLine,
    lines: &[SurveyLine],
    alike: &BTreeMap<&str, Vec<usize>>,
    period: &Period,
    is_series: bool,
) -> Option<String> {
    let own = line.path.last()?;
    let same = &alike[&**own];
    if same.len() > MOST_ALIKE {
        return None;
    }
    let written = |text: &str| {
        let bare = one_line(text::without_numbering(text));
        if is_series { bare } else { meaning::with_placeholders(&bare, period) }
    };
    let label = written(&line.label);
    if !is_plain_step(&label) {
        return None;
    }
    let is_only = |path: &str| {
        let path = LabelPath::new(&period.expand(path, &[]).0);
        let others = same.iter().map(|at| &lines[*at]).filter(|other| other.row != line.row);
        // Of several with one path, those with values are meant.
        let mut others = others.filter(|other| other.has_values || !line.has_values);
        path.matches(&line.path) && others.all(|other| !path.matches(&other.path))
    };
    if is_only(&label) {
        return Some(label);
    }
    let headings: Vec<String> =
        line.headings.iter().map(|heading| written(heading)).filter(|step| is_plain_step(step)).collect();
    let with_one = headings.iter().rev().map(|heading| format!("{heading} > {label}"));
    let with_more =
        (0..headings.len().saturating_sub(1)).rev().map(|from| format!("{} > {label}", headings[from..].join(" > ")));
    with_one.chain(with_more).find(|path| is_only(path))
}

/// The figures of a table, for the search of relations.
fn figures(table: &mut DraftTable, sheet: &Sheet) -> Figures {
    let mut figures = Figures::default();
    let columns: Vec<u32> = table
        .columns
        .iter_mut()
        .filter(|column| column.has_figures && column.meaning != Meaning::Code && column.meaning != Meaning::Note)
        .enumerate()
        .map(|(place, column)| {
            column.place = Some(place);
            column.at
        })
        .collect();
    let conventions: Vec<Convention> = columns
        .iter()
        .map(|column| {
            let texts = table.rows.iter().filter_map(|row| sheet.get(Position::new(row.line.row, *column))?.text());
            number::decide(texts).convention()
        })
        .collect();
    for column in table.columns.iter().filter(|column| column.place.is_some()) {
        figures.columns.push(Line { at: column.at, label: column.header.join(" > "), level: None, partial: false });
    }
    let mut place = 0;
    for row in &mut table.rows {
        if !row.line.has_values {
            continue;
        }
        row.place = Some(place);
        place += 1;
        let folded = row.line.path.last().map(ToString::to_string).unwrap_or_default();
        let is_partial =
            |text: &str| text.starts_with("trong đó") || text.starts_with("tr.đó") || text.starts_with("tđ:");
        figures.rows.push(Line {
            at: row.line.row,
            label: row.line.label.clone(),
            level: u8::try_from(row.line.path.len().saturating_sub(1)).ok(),
            partial: is_partial(&folded) || row.line.path.iter().any(|step| is_partial(step)),
        });
        for (column, convention) in columns.iter().zip(&conventions) {
            figures.cells.push(figure(sheet, Position::new(row.line.row, *column), *convention));
        }
    }
    figures
}

/// The figure in a cell.
pub fn figure(sheet: &Sheet, at: Position, convention: Convention) -> Option<Figure> {
    let cell = sheet.get(at)?;
    match cell.value {
        Value::Number(stored) => {
            let value: Decimal = stored.exact().ok()?.normalize();
            Some(Figure { value, decimals: value.scale(), computed: cell.formula().is_some() })
        }
        Value::Text(text) => match number::parse(text, convention) {
            Amount::Number(figure) => Some(Figure { value: figure.value, decimals: figure.decimals, computed: false }),
            _ => None,
        },
        _ => None,
    }
}
