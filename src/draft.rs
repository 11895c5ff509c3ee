//! From workbooks that nobody has described to a mapping, and to a catalogue where there is none.
//!
//! Tables are found by what their columns hold ([`shapes`]), seen through the eyes of extraction
//! ([`model`]), given their meaning with a catalogue (`decide`) or without one (`fresh`), written
//! (`write`), and read once with what was written (`verify`): what does not find its place is written
//! by its place, and what nothing takes is left out with a reason.

mod assign;
mod blocks;
pub mod choices;
mod decide;
#[cfg(test)]
mod dice;
pub mod exceptions;
pub mod formulas;
mod fresh;
pub mod grid;
pub mod groups;
pub mod json;
mod matching;
pub mod meaning;
mod members;
pub mod model;
pub mod outline;
pub mod relations;
pub mod shapes;
pub mod sheets;
mod stated;
pub mod summary;
pub mod tables;
mod turn;
pub mod update;
mod verify;
mod words;
mod write;

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    extract::{self, Extract, Texts},
    model::{
        catalogue::{self, Catalogue},
        document::{Document, Problem},
        mapping,
        workbook::{Sheet, Workbook, file_name},
    },
    values::{
        language::{Language, say},
        period::Period,
        text,
    },
};

use model::DraftTable;
use write::{Extra, Ignored, MappingText};

/// Rounds of reading and repair.
const ROUNDS: usize = 4;
/// Tables with more figures are not searched for relations along their rows.
const MOST_FIGURES: usize = 60_000;

/// The period of a draft whose files and titles name none.
pub const NO_PERIOD: &str = "2000";

/// The files of a draft.
pub struct Files<'a> {
    /// As they were read.
    pub workbooks: &'a [&'a Workbook],
    /// What they are about.
    pub period: Period,
}

impl Files<'_> {
    /// The name of a file without its folder.
    pub fn name(&self, file: usize) -> &str {
        file_name(&self.workbooks[file].file)
    }

    /// The sheet of a table.
    pub fn sheet(&self, table: &DraftTable) -> &Sheet {
        &self.workbooks[table.file].sheets[table.sheet]
    }

    /// The place of a sheet, by the names that a finding gives.
    fn find(&self, file: &Arc<str>, sheet: Option<&str>) -> Option<(usize, usize)> {
        let at = self.workbooks.iter().position(|workbook| workbook.file == *file)?;
        let sheet = self.workbooks[at].sheets.iter().position(|own| sheet.is_none_or(|sheet| *own.name == *sheet))?;
        Some((at, sheet))
    }

    /// A pattern for the name of a file that takes none of the others.
    pub fn pattern(&self, file: usize) -> String {
        let name = self.name(file);
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let bare = stem.trim_end_matches(|c: char| c.is_ascii_digit() || "-_ .()".contains(c));
        let ending = match ending.to_lowercase().as_str() {
            "xls" | "xlsx" | "xlsm" | "xlsb" => "xls*".to_owned(),
            _ => ending.to_owned(),
        };
        let pattern = format!("{bare}*.{ending}");
        let folded = text::fold(&pattern);
        let takes = |other: usize| text::matches_folded(&folded, &text::fold(self.name(other)));
        let is_own = bare.chars().count() >= 3
            && (0..self.workbooks.len()).all(|other| other == file || self.name(other) == name || !takes(other));
        if is_own && takes(file) { pattern } else { name.to_owned() }
    }

    /// A pattern for all files.
    pub fn common_pattern(&self) -> String {
        let names: Vec<&str> = (0..self.workbooks.len()).map(|file| self.name(file)).collect();
        let Some((first, rest)) = names.split_first() else { return "*".to_owned() };
        let mut prefix = first.chars().count();
        for name in rest {
            let same = first.chars().zip(name.chars()).take_while(|(a, b)| a == b).count();
            prefix = prefix.min(same);
        }
        let prefix: String = first.chars().take(prefix).collect();
        let prefix = prefix.trim_end_matches(|c: char| c.is_alphanumeric()).to_owned();
        let endings: std::collections::BTreeSet<&str> =
            names.iter().filter_map(|name| name.rsplit_once('.').map(|(_, ending)| ending)).collect();
        match endings.iter().collect::<Vec<_>>().as_slice() {
            [only] => format!("{prefix}*.{only}"),
            _ => format!("{prefix}*"),
        }
    }
}

/// What is to be drafted.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The files, in order.
    pub workbooks: &'a [&'a Workbook],
    /// The catalogue, and how the mapping names it.
    pub catalogue: Option<(&'a Catalogue, &'a str)>,
    /// The period, where the user gives it.
    pub period: Option<&'a Period>,
    /// Name of the folder or file, for the id.
    pub name: &'a str,
    /// What a person said of rows and columns.
    pub choices: &'a [choices::Choice],
    /// Language of remarks.
    pub language: Language,
}

/// A form without figures.
#[derive(Clone, Debug)]
pub struct Blank {
    /// Its file.
    pub file: usize,
    /// Its sheet.
    pub sheet: usize,
}

/// A draft.
pub struct Draft {
    /// What was found.
    pub tables: Vec<DraftTable>,
    /// Tables that the mapping does not read: the catalogue knows nothing of them, or a person left their sheet out.
    pub unmatched: Vec<DraftTable>,
    /// What becomes of the sheets of each file.
    pub sheets: Vec<Vec<sheets::SheetStatus>>,
    /// Sheets that the mapping says are not read.
    ignored: Vec<Ignored>,
    /// Forms without figures, from which nothing is drafted.
    pub blank: Vec<Blank>,
    /// What the files are about.
    pub period: Period,
    /// Whether anything says so; else it stands for one that the user has to write.
    pub is_period_known: bool,
    /// None where there is no table with figures.
    pub mapping: Option<String>,
    /// The catalogue, where none was given.
    pub catalogue: Option<String>,
    /// What the mapping reads.
    pub extract: Option<Extract>,
    /// What is wrong with what was written; a fault of this program.
    pub problems: Vec<Problem>,
    /// Numbers that nothing takes.
    pub left: usize,
}

/// Drafts a mapping.
pub fn draft(request: Request<'_>, known: &Texts) -> Draft {
    let mut draft = draft_mapping(request, known);
    draft.sheets = sheets::statuses(&draft, &request);
    draft
}

fn draft_mapping(request: Request<'_>, known: &Texts) -> Draft {
    let language = request.language;
    let mut raw = Vec::new();
    let mut blank = Vec::new();
    for (at, workbook) in request.workbooks.iter().enumerate() {
        for (sheet, shapes, tables) in tables::find(at, workbook, known) {
            if !shapes.is_empty() && shapes.iter().all(|shape| shape.is_blank) {
                blank.push(Blank { file: at, sheet });
            }
            raw.extend(tables);
        }
    }
    let (period, is_period_known) = period(&request, &raw);
    let files = Files { workbooks: request.workbooks, period: period.clone() };
    let mut tables: Vec<DraftTable> = raw
        .into_iter()
        .map(|raw| {
            let sheet = &request.workbooks[raw.file].sheets[raw.sheet];
            tables::draft_table(raw, sheet, &period, request.catalogue.is_none())
        })
        .collect();
    for table in &mut tables {
        if table.figures.cells.len() <= MOST_FIGURES {
            table.relations = relations::relations(&table.figures);
            let sheet = &request.workbooks[table.file].sheets[table.sheet];
            stated::believe(table, sheet);
        }
    }
    let mut draft = Draft {
        tables: Vec::new(),
        unmatched: Vec::new(),
        sheets: Vec::new(),
        ignored: Vec::new(),
        blank,
        period: period.clone(),
        is_period_known,
        mapping: None,
        catalogue: None,
        extract: None,
        problems: Vec::new(),
        left: 0,
    };
    draft.unmatched = choices::leave_out_sheets(request.choices, &mut tables, &files, &mut draft.ignored);
    if tables.is_empty() {
        return draft;
    }
    groups::discover(&mut tables, &files);
    let id = words::slug_of(request.name, 8);
    let id = if id.is_empty() { "ban-nhap".to_owned() } else { id };
    let (owned, reference);
    let catalogue: &Catalogue = if let Some((catalogue, name)) = request.catalogue {
        let decider =
            decide::Decider { files: &files, catalogue, matcher: matching::Matcher::new(catalogue), language };
        tables = tables.into_iter().flat_map(|table| decider.decide(table)).collect();
        decider.turn(request.choices, &mut tables);
        let known = choices::Known {
            has_indicator: &|id| catalogue.find(id).is_some(),
            has_measure: &|id| catalogue.find_measure(id).is_some(),
        };
        choices::apply(request.choices, &mut tables, &files, &known, language);
        let of_form = |id: &str| catalogue.find(id).is_some_and(|id| catalogue.indicator(id).section.is_some());
        members::add_up(&mut tables, &of_form);
        draft.unmatched.extend(leave_out_unmatched(&mut tables, &files, &mut draft.ignored, language));
        reference = name.to_owned();
        catalogue
    } else {
        tables = tables.into_iter().flat_map(fresh::split).collect();
        choices::leave_out(request.choices, &mut tables, &files);
        let mut new = fresh::decide(&mut tables, &files, &period, language);
        let known = choices::Known {
            has_indicator: &|id| new.indicators.iter().any(|indicator| indicator.id == id),
            has_measure: &|id| new.columns.iter().any(|own| own == id) || new.measures.iter().any(|own| own.id == id),
        };
        choices::apply(request.choices, &mut tables, &files, &known, language);
        members::add_up(&mut tables, &|_| true);
        new.repeats = members::repeat(&tables, new.columns.len());
        let title = new.sections.first().map_or_else(|| request.name.to_owned(), |(_, title)| title.clone());
        let written = write::catalogue(&id, &title, (&period, is_period_known), &new, language);
        reference = "danh-muc.toml".to_owned();
        let document = Document::new("danh-muc.toml", written.clone());
        draft.catalogue = Some(written);
        match catalogue::decode(&document) {
            Ok(catalogue) => {
                owned = catalogue;
                &owned
            }
            Err(problems) => {
                draft.problems = problems;
                draft.tables = tables;
                return draft;
            }
        }
    };
    if tables.is_empty() {
        return draft;
    }
    let mut extra: BTreeMap<usize, Extra> = BTreeMap::new();
    for round in 0..ROUNDS {
        let input = MappingText {
            id: &id,
            catalogue: &reference,
            files: &files,
            tables: &tables,
            ignored: &draft.ignored,
            extra: &extra,
            language,
        };
        let (written, entries) = write::mapping(&input);
        let document = Document::new("mapping.toml", written.clone());
        draft.mapping = Some(written);
        let mapping = match mapping::decode(&document, catalogue) {
            Ok(mapping) => mapping,
            Err(problems) => {
                draft.problems = problems;
                break;
            }
        };
        let extract = extract::extract(request.workbooks, &[], &mapping, catalogue, None, known);
        let mut state = verify::State { tables: &mut tables, ignored: &mut draft.ignored, extra: &mut extra };
        let repair = verify::repair(&extract, &files, &entries, &mut state, language);
        draft.left = repair.left;
        draft.extract = Some(extract);
        if !repair.is_changed || round + 1 == ROUNDS {
            break;
        }
    }
    draft.tables = tables;
    draft
}

/// What the files are about, and whether anything says so: the user, the catalogue, titles, headers and names of
/// files, rows that are years, else any text.
fn period(request: &Request<'_>, raw: &[tables::RawTable]) -> (Period, bool) {
    let given = request.period.cloned().or_else(|| request.catalogue.map(|(catalogue, _)| catalogue.period.clone()));
    let of_titles = || {
        let titles = raw.iter().flat_map(|table| table.titles.iter().map(String::as_str));
        let names = request.workbooks.iter().map(|workbook| file_name(&workbook.file));
        let headers = raw.iter().flat_map(|table| table.survey.texts.values().flatten().map(|text| &**text));
        meaning::period_of(titles, headers.chain(names))
    };
    let of_rows =
        || meaning::last_year(raw.iter().flat_map(|table| table.survey.lines.iter().map(|line| line.label.as_str())));
    let of_texts = || {
        let sheets = request.workbooks.iter().flat_map(|workbook| &workbook.sheets);
        let mut texts = Vec::new();
        for row in sheets.flat_map(|sheet| sheet.rows()) {
            // A bare number may be anything.
            texts.extend(row.texts().map(|(_, text)| text).filter(|text| text.chars().any(char::is_alphabetic)));
        }
        meaning::period_of(std::iter::empty(), texts.into_iter())
    };
    match given.or_else(of_titles).or_else(of_rows).or_else(of_texts) {
        Some(period) => (period, true),
        None => (Period::parse("2000").expect("a year is a period"), false),
    }
}

/// Tables of which the catalogue knows nothing: their sheets need not be read, and where others of the
/// sheet are read they are left out. Gives back those that are not read at all.
fn leave_out_unmatched(
    tables: &mut Vec<DraftTable>,
    files: &Files<'_>,
    ignored: &mut Vec<Ignored>,
    language: Language,
) -> Vec<DraftTable> {
    let is_taken = |table: &DraftTable| {
        let by_row = table.rows.iter().any(|row| row.indicator.is_some())
            && table.columns.iter().any(|column| column.measure.as_deref().is_some_and(|measure| measure != "ignore"));
        let by_column = table.columns.iter().any(|column| column.indicator.is_some());
        if table.by_column { by_column } else { by_row }
    };
    let reason = |table: &DraftTable| {
        if turn::is_undecided(table) {
            say!(
                language,
                "danh mục không có chỉ tiêu nào của bảng này",
                "the catalogue has no indicator of this table"
            )
        } else {
            say!(
                language,
                "chưa rõ cột nào của bảng này là số liệu",
                "which column of this table holds figures cannot be told"
            )
        }
    };
    let taken: Vec<(usize, usize)> =
        tables.iter().filter(|table| is_taken(table)).map(|table| (table.file, table.sheet)).collect();
    let mut unmatched = Vec::new();
    for mut table in std::mem::take(tables) {
        if is_taken(&table) {
            tables.push(table);
            continue;
        }
        let reason = reason(&table);
        table.left_out = Some(reason.clone());
        let sheet = files.sheet(&table).name.to_string();
        let is_shared = files.workbooks.iter().enumerate().any(|(file, workbook)| {
            workbook.sheets.iter().enumerate().any(|(at, own)| *own.name == *sheet && taken.contains(&(file, at)))
        });
        if !is_shared {
            verify::ignore_sheet(&sheet, reason, ignored);
            unmatched.push(table);
            continue;
        }
        for column in &mut table.columns {
            column.measure = Some("ignore".to_owned());
            column.indicator = None;
        }
        table.by_column = false;
        tables.push(table);
    }
    unmatched
}
