//! From workbooks to readings: finds the tables that a mapping describes and takes their numbers.

mod absent;
mod blank_rows;
mod codes;
mod derived;
mod duplicates;
mod footnotes;
mod header;
mod locate;
mod members;
mod membership;
mod numbering;
mod outline;
mod pages;
mod period;
mod rows;
mod settle;
mod spellings;
mod stated;
mod subtotals;
pub mod survey;
mod table;
mod texts;
mod uncalculated;
mod unclaimed;
mod unmapped_sheet;
mod unseen;
mod value;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

pub(crate) use codes::UNMAPPED_FILE;
pub use texts::Texts;
pub(crate) use unmapped_sheet::UNMAPPED_SHEET;

use crate::{
    model::{
        catalogue::{Catalogue, IndicatorId, MeasureId},
        finding::{self, Code, Facts, Finding, Place},
        mapping::{Mapping, Pattern, Source},
        reading::{Dataset, FormStatement, PlainTable, Previous, Raw, Reading},
        workbook::{Position, Sheet, Workbook, file_name},
    },
    values::language::{Language, say},
};

/// Codes of the findings of this stage.
pub static CODES: &[&Code] = &[
    &UNMAPPED_FILE,
    &codes::MISSING_SHEET,
    &codes::MISSING_LABEL,
    &codes::AMBIGUOUS_LABEL,
    &codes::SUGGESTED_LABEL,
    &codes::UNMAPPED_NUMBER,
    &codes::UNUSED_MAPPING_ENTRY,
    &codes::HIDDEN_DATA,
    &codes::ERROR_CELL,
    &finding::STALE_FORMULA,
    &codes::MISSING_CACHED_VALUE,
    &codes::AMBIGUOUS_NUMBER,
    &codes::TEXT_NUMBER,
    &codes::UNIT_IN_CELL,
    &codes::DATE_FOR_NUMBER,
    &codes::NOT_A_NUMBER,
    &codes::UNREADABLE_NUMBER,
    &codes::UNIT_MISMATCH,
    &period::WRONG_PERIOD,
    &UNMAPPED_SHEET,
    &codes::TOTAL_AS_MEMBER,
    &finding::DUPLICATE_MEMBER,
    &finding::MISSING_MEMBER,
    &finding::UNKNOWN_MEMBER,
];

/// What was taken from the workbooks of one submission.
#[derive(Debug, Default)]
pub struct Extract {
    /// Readings in the order of the mapping.
    pub dataset: Dataset,
    /// What a person should look at.
    pub findings: Vec<Finding>,
    /// For each workbook whether a table of the mapping was found in it.
    pub claimed: Vec<bool>,
    /// Entries of the mapping that were found, and all of them: how well the mapping fits.
    pub fit: (u32, u32),
}

/// What all parts of the stage share.
struct Context<'a> {
    catalogue: &'a Catalogue,
    previous: Option<Previous<'a>>,
    texts: &'a Texts,
    findings: Vec<Finding>,
    readings: Vec<Reading>,
    /// Rows of large tables that need no readings of their own.
    tables: Vec<PlainTable>,
    /// Whether there may be such rows.
    may_be_plain: bool,
    doubts: Vec<settle::Doubt>,
    /// What the cells of the row say of other measures.
    beside: Vec<value::beside::Stated>,
    /// Members that were named so far.
    members: spellings::Spellings<'a>,
    /// Figures whose members may hold one twice, so that their sum says nothing.
    doubtful: BTreeSet<(IndicatorId, MeasureId)>,
    /// How many members a figure lacks, and how many of them may not belong to it.
    lacking: BTreeMap<(IndicatorId, MeasureId), u32>,
    spare: BTreeMap<(IndicatorId, MeasureId), u32>,
    /// Names that were given to tell rows of one name apart.
    renamed: BTreeSet<String>,
    records: u32,
    found: u32,
    /// Cells that formulas may still be held against.
    steps: u32,
    /// What the forms say of their own columns and rows.
    statements: Vec<FormStatement>,
}

/// A sum over a whole column in each cell of another takes as many looks as the square of its rows.
const STEPS: u32 = 5_000_000;

/// A place in the sheets of a submission.
type SheetAt = (usize, usize);

/// Takes every reading that the mapping describes. One workbook may serve several sources. `unread`
/// names files that are there but could not be read: their sources are not reported as absent. `texts`
/// remembers what the labels of earlier submissions mean.
pub fn extract(
    workbooks: &[&Workbook],
    unread: &[&str],
    mapping: &Mapping,
    catalogue: &Catalogue,
    previous: Option<Previous<'_>>,
    texts: &Texts,
) -> Extract {
    // To add members up, or to know who they are, all of them are needed.
    let may_be_plain = catalogue.members.is_none() && !mapping.sources.iter().any(|source| source.sum);
    extract_with(workbooks, unread, mapping, catalogue, previous, texts, may_be_plain)
}

/// [`extract`], with or without leaving plain rows in their sheet.
fn extract_with(
    workbooks: &[&Workbook],
    unread: &[&str],
    mapping: &Mapping,
    catalogue: &Catalogue,
    previous: Option<Previous<'_>>,
    texts: &Texts,
    may_be_plain: bool,
) -> Extract {
    let mut cx = Context {
        catalogue,
        previous,
        texts,
        findings: Vec::new(),
        readings: Vec::new(),
        tables: Vec::new(),
        may_be_plain,
        doubts: Vec::new(),
        beside: Vec::new(),
        members: spellings::Spellings::of(catalogue.members.as_ref()),
        doubtful: BTreeSet::new(),
        lacking: BTreeMap::new(),
        spare: BTreeMap::new(),
        renamed: BTreeSet::new(),
        records: 0,
        found: 0,
        steps: STEPS,
        statements: Vec::new(),
    };
    let mut claims = unclaimed::Claims::default();
    let mut claimed = vec![false; workbooks.len()];
    let mut periods: Vec<Vec<period::Claim>> = workbooks.iter().map(|_| Vec::new()).collect();
    let mut entries = 0;
    for source in &mapping.sources {
        entries += u32::try_from(source.rows.len() + source.columns.len() + source.cells.len()).unwrap_or(u32::MAX);
        let matching: Vec<_> =
            workbooks.iter().enumerate().filter(|(_, workbook)| source.takes_file(file_name(&workbook.file))).collect();
        let is_there = unread.iter().any(|file| source.takes_file(file_name(file)));
        if matching.is_empty() && !is_there && !source.optional {
            cx.findings.push(unused_source(source));
        }
        for (at, workbook) in matching {
            let before = cx.readings.len();
            claimed[at] |= read_source(&mut cx, workbook, at, source, &mut claims, &mut periods[at]);
            claimed[at] |= cx.readings.len() > before;
        }
    }
    for ((workbook, claims), _) in workbooks.iter().zip(periods).zip(&claimed).filter(|(_, claimed)| **claimed) {
        let is_of = |source: &&Source| source.takes_file(file_name(&workbook.file));
        period::report(&mut cx, workbook, &mapping.sources.iter().filter(is_of).collect::<Vec<_>>(), claims);
    }
    uncalculated::report(&mut cx, workbooks, mapping);
    settle::settle(&mut cx);
    let dataset = duplicates::keep_apart(&mut cx);
    membership::report(&mut cx, mapping, (workbooks, unread), &dataset);
    let dataset = members::add_up(&mut cx, mapping, dataset);
    let unread = unread_files(unread, mapping);
    let expected: Vec<IndicatorId> = unread.iter().flat_map(|(_, of)| of).copied().collect();
    let dataset = derived::derive(&mut cx, &expected, dataset);
    unmapped_sheet::report(&mut cx, workbooks, mapping, &claims);
    claims.report(&mut cx, workbooks, mapping);
    for (workbook, _) in workbooks.iter().zip(&claimed).filter(|(_, claimed)| !**claimed) {
        cx.findings.push(unmapped_file(workbook, mapping));
    }
    let fit = (cx.found, entries);
    let dataset = dataset.with_doubtful(cx.doubtful.into_iter().collect()).with_unread(unread);
    let dataset = dataset.with_statements(cx.statements);
    Extract { dataset, findings: cx.findings, claimed, fit }
}

/// The files that could not be read, each with the indicators that its sources expect there.
fn unread_files(unread: &[&str], mapping: &Mapping) -> Vec<(Arc<str>, Vec<IndicatorId>)> {
    let expected = |file: &&str| {
        let sources = mapping.sources.iter().filter(|source| source.takes_file(file_name(file)));
        let mut indicators: Vec<IndicatorId> = sources.flat_map(Source::indicators).collect();
        indicators.sort_unstable();
        indicators.dedup();
        (Arc::from(*file), indicators)
    };
    unread.iter().map(expected).collect()
}

/// Reads every sheet of a workbook that has the table of a source. Tells whether one had.
fn read_source(
    cx: &mut Context<'_>,
    workbook: &Workbook,
    workbook_at: usize,
    source: &Source,
    claims: &mut unclaimed::Claims,
    periods: &mut Vec<period::Claim>,
) -> bool {
    let wanted = |sheet: &&(usize, &Sheet)| {
        source.sheets.is_empty() || source.sheets.iter().any(|pattern| pattern.matches(&sheet.1.name))
    };
    let sheets: Vec<(usize, &Sheet)> = workbook.sheets.iter().map(|sheet| &**sheet).enumerate().collect();
    let named: Vec<_> = sheets.iter().filter(wanted).copied().collect();
    if named.is_empty() {
        cx.findings.push(missing_sheet(workbook, source));
        return false;
    }
    if !source.cells.is_empty() {
        if let Some((sheet_at, sheet)) = named.first() {
            table::read_cells(cx, workbook, sheet, source, (workbook_at, *sheet_at), claims);
        }
        if source.rows.is_empty() {
            return true;
        }
    }
    // A table may stand in several sheets only where the mapping names several.
    let several = !source.sheets.is_empty();
    let mut best_miss = None;
    let mut found = false;
    let visible_first = named.iter().filter(|(_, s)| !s.hidden).chain(named.iter().filter(|(_, s)| s.hidden));
    for (sheet_at, sheet) in visible_first {
        match locate::locate(sheet, source, cx.texts, |header| rows::count_matches(sheet, source, header, cx.texts)) {
            Ok(header) => {
                periods.extend(period::of_table(cx, workbook, sheet, source, &header));
                table::read_table(cx, workbook, sheet, source, &header, (workbook_at, *sheet_at), claims);
                found = true;
                if !several {
                    break;
                }
            }
            Err(miss) => {
                if best_miss.as_ref().is_none_or(|(_, old): &(&Sheet, locate::Miss)| miss.matched > old.matched) {
                    best_miss = Some((*sheet, miss));
                }
            }
        }
    }
    if let (false, Some((sheet, miss))) = (found, best_miss) {
        cx.findings.push(absent::missing(workbook, sheet, source, &miss));
    }
    found
}

/// `unused-mapping-entry`: a source that no file matches.
#[derive(Debug)]
struct UnusedSource {
    name: String,
    pattern: String,
}

impl Facts for UnusedSource {
    fn message(&self, language: Language) -> String {
        let Self { name, pattern } = self;
        say!(
            language,
            "không có tệp nào khớp nguồn \"{name}\" ({pattern})",
            "no file matches the source \"{name}\" ({pattern})"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "đặt tệp vào thư mục, hoặc đặt lại tên tệp; nếu kỳ này không có tệp đó, người quản lý bảng ánh xạ ghi `optional = true`, nếu tệp đổi tên thì sửa `file`",
            "put the file into the folder, or rename it; if this period has none, whoever keeps the mapping writes `optional = true`, or corrects `file` for the new name"
        )
    }
}

fn unused_source(source: &Source) -> Finding {
    let facts = UnusedSource { name: source.name.clone(), pattern: source.files.join(", ") };
    Finding::new(&codes::UNUSED_MAPPING_ENTRY, facts)
        .stated_at(source.line.clone())
        .fingerprinted(&["source", &source.name])
}

/// `unmapped-file`: no source takes anything from a file.
#[derive(Debug)]
struct UnmappedFile {
    mapping: Arc<str>,
}

impl Facts for UnmappedFile {
    fn message(&self, language: Language) -> String {
        let id = &self.mapping;
        say!(
            language,
            "bảng ánh xạ \"{id}\" không lấy số nào từ tệp này",
            "the mapping \"{id}\" takes nothing from this file"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "nếu tệp không có số liệu của biểu, chuyển tệp ra khỏi thư mục; nếu có, xem lại tên tệp và sheet, hoặc người quản lý bảng ánh xạ thêm một `[[source]]` cho tệp",
            "if the file holds no figures of the form, move it out of the folder; if it does, check the names of file and sheets, or whoever keeps the mapping adds a `[[source]]` for it"
        )
    }
}

fn unmapped_file(workbook: &Workbook, mapping: &Mapping) -> Finding {
    // No source says what the file is, and its name may change: it is known by its sheets and by
    // what stands first in each.
    let sheets: Vec<String> = workbook.sheets.iter().map(|sheet| format!("{}\t{}", sheet.name, title(sheet))).collect();
    let sheets: Vec<&str> = std::iter::once("file").chain(sheets.iter().map(String::as_str)).collect();
    Finding::new(&UNMAPPED_FILE, UnmappedFile { mapping: mapping.id.clone() })
        .at(Place::file(&workbook.file))
        .fingerprinted(&sheets)
        .formerly(&["file", file_name(&workbook.file)])
}

/// `unmapped-file`: a file of a format that is not read.
#[derive(Debug)]
struct UnsupportedFile {
    format: &'static str,
}

impl Facts for UnsupportedFile {
    fn message(&self, language: Language) -> String {
        let format = self.format;
        say!(
            language,
            "tệp dạng {format}, chương trình không đọc được dạng này; số liệu trong tệp chưa được lấy",
            "a file of the format {format}, which is not read; its figures were not taken"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "mở bằng chương trình đã tạo ra tệp, lưu thành .xlsx (Lưu dưới dạng), rồi để tệp mới vào thư mục",
            "open it in its own program, save it as .xlsx and put the new file into the folder"
        )
    }
}

/// The finding for a file of a format that is not read.
pub fn unsupported_file(file: &Arc<str>, format: &'static str) -> Finding {
    Finding::new(&UNMAPPED_FILE, UnsupportedFile { format }).at(Place::file(file)).fingerprinted(&["format", format])
}

/// The first text of a sheet.
fn title(sheet: &Sheet) -> &str {
    sheet.rows().find_map(|row| row.texts().next().map(|(_, text)| text)).unwrap_or_default()
}

/// `missing-sheet`: the sheets of a source, and those that there are.
#[derive(Debug)]
struct MissingSheet {
    wanted: String,
    there: Vec<Arc<str>>,
}

impl Facts for MissingSheet {
    fn message(&self, language: Language) -> String {
        let wanted = &self.wanted;
        let there = self.there.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        say!(
            language,
            "không có sheet \"{wanted}\"; tệp có: {there}",
            "there is no sheet \"{wanted}\"; the file has: {there}"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "đặt lại tên sheet; nếu cơ quan vẫn ghi như vậy, người quản lý bảng ánh xạ sửa `sheet`",
            "rename the sheet; if the office names it so, whoever keeps the mapping corrects `sheet`"
        )
    }
}

fn missing_sheet(workbook: &Workbook, source: &Source) -> Finding {
    let wanted = source.sheets.iter().map(Pattern::written).collect::<Vec<_>>().join(", ");
    let there = workbook.sheets.iter().map(|sheet| sheet.name.clone()).collect();
    Finding::new(&codes::MISSING_SHEET, MissingSheet { wanted: wanted.clone(), there })
        .at(Place::file(&workbook.file))
        .stated_at(source.line.clone())
        .fingerprinted(&["sheet", &source.name, &wanted])
}

/// A cell as a place of a finding, with what it holds.
fn cell_place(workbook: &Workbook, sheet: &Sheet, at: Position) -> Place {
    place(workbook, sheet, at, Raw::of(sheet.get(at).map(|cell| cell.value)).text())
}

/// A cell as a place of a finding, with what is to be shown of it.
fn place(workbook: &Workbook, sheet: &Sheet, at: Position, raw: impl Into<Arc<str>>) -> Place {
    Place { file: workbook.file.clone(), sheet: Some(sheet.name.clone()), cell: Some(at), raw: Some(raw.into()) }
}
