//! The findings of one submission, sheet by sheet: the cells as the officer knows them, with the
//! flagged ones marked, then what is said of each. The template draws them.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use crate::{
    model::{
        finding::{Place, Severity},
        report::{Excerpt, Line, LineKind, ReportEntry},
        workbook::Position,
    },
    values::{
        language::{Language, counted, say},
        number,
    },
    write::{html::MOST_CELLS, text::place},
};

/// Without the sheet at hand, a picture of more cells than this would be none.
const MOST_ROWS: usize = 60;
const MOST_COLUMNS: usize = 16;

/// The findings of a sheet, of a file as a whole, or of neither.
pub(super) struct SheetFindings<'a> {
    pub(super) place: Option<&'a Place>,
    pub(super) picture: Option<Picture<'a>>,
    pub(super) findings: Vec<&'a ReportEntry>,
}

/// Parts findings, which are sorted by file and sheet. `room` is how many cells of sheets the page has
/// room for.
pub(super) fn sheets<'a>(
    findings: &[&'a ReportEntry],
    excerpts: &'a [Excerpt],
    room: &mut usize,
    language: Language,
) -> Vec<SheetFindings<'a>> {
    let sheet =
        |finding: &ReportEntry| finding.target.as_ref().map(|target| (target.file.clone(), target.sheet.clone()));
    let of_group = |group: &[&'a ReportEntry]| {
        let place = group.first().and_then(|finding| finding.target.as_ref());
        let picture = place.filter(|place| place.sheet.is_some()).and_then(|place| {
            let own = |excerpt: &&Excerpt| excerpt.file == place.file && Some(&excerpt.sheet) == place.sheet.as_ref();
            picture(place, group, excerpts.iter().find(own), room, language)
        });
        SheetFindings { place, picture, findings: group.to_vec() }
    };
    findings.chunk_by(|a, b| sheet(a) == sheet(b)).map(of_group).collect()
}

/// What is said of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Flag {
    /// A finding is about it, and another cell is the wrong one.
    Symptom(Severity),
    /// A finding is about it.
    Told(Severity),
    /// It is the wrong one.
    Suspect(Severity),
}

impl Flag {
    pub(super) fn words(self, language: Language) -> String {
        match self {
            Self::Suspect(_) => say!(language, "ô nghi sai", "suspected"),
            Self::Symptom(severity) | Self::Told(severity) => severity.words().get(language).to_owned(),
        }
    }
}

/// A part of a sheet.
pub(super) struct Picture<'a> {
    pub(super) caption: String,
    pub(super) columns: Vec<u32>,
    pub(super) rows: Vec<PictureRow<'a>>,
}

/// A row of a picture.
pub(super) struct PictureRow<'a> {
    /// As the sheet counts.
    pub(super) number: u64,
    /// Whether it names the columns.
    pub(super) is_head: bool,
    /// Whether rows are left out before it.
    pub(super) is_after_gap: bool,
    pub(super) cells: Vec<PictureCell<'a>>,
}

/// A cell of a picture.
pub(super) struct PictureCell<'a> {
    pub(super) text: &'a str,
    pub(super) flag: Option<Flag>,
    /// Columns that it runs over.
    pub(super) span: usize,
    look: Look,
}

/// How a cell looks that nothing is said of.
#[derive(Clone, Copy)]
enum Look {
    Plain,
    Words,
    /// It may hold anything.
    Unknown,
}

impl PictureCell<'_> {
    pub(super) fn class(&self) -> Option<Cow<'static, str>> {
        match (self.flag, self.look) {
            (Some(Flag::Suspect(severity)), _) => Some(format!("flag suspect {}", severity.name()).into()),
            (Some(Flag::Symptom(severity)), _) => Some(format!("flag symptom {}", severity.name()).into()),
            (Some(Flag::Told(severity)), _) => Some(format!("flag {}", severity.name()).into()),
            (None, Look::Plain) => None,
            (None, Look::Words) => Some("words".into()),
            (None, Look::Unknown) => Some("unknown".into()),
        }
    }
}

/// A cell of the picture: what it shows, and the worst that is said of it.
type Shown<'a> = (&'a str, Option<Flag>);

/// The sheet around its findings: all of it where there is room, else the rows concerned and those
/// that name the columns, and at the least the cells that findings speak of.
fn picture<'a>(
    sheet: &Place,
    findings: &[&'a ReportEntry],
    excerpt: Option<&'a Excerpt>,
    room: &mut usize,
    language: Language,
) -> Option<Picture<'a>> {
    let mut cells = concerned(sheet, findings);
    if cells.is_empty() {
        return None;
    }
    let lines = excerpt.map(|excerpt| excerpt.lines.as_slice()).unwrap_or_default();
    let size = |lines: &[&Line]| lines.iter().map(|line| line.cells.len()).sum::<usize>();
    let all: Vec<&Line> = lines.iter().collect();
    let near: Vec<&Line> = lines.iter().filter(|line| line.kind != LineKind::Near).collect();
    // Half of the room is kept for those that come later.
    let chosen = if size(&all) <= room.saturating_sub(MOST_CELLS / 2) {
        all
    } else if size(&near) <= *room {
        near
    } else {
        Vec::new()
    };
    *room -= size(&chosen);
    let heads: BTreeSet<u32> = chosen.iter().filter(|line| line.kind == LineKind::Head).map(|line| line.row).collect();
    for line in &chosen {
        for (column, text) in &line.cells {
            cells.entry(Position::new(line.row, *column)).or_insert((text, None));
        }
    }
    let rows: BTreeSet<u32> = cells.keys().map(|at| at.row).collect();
    let columns: Vec<u32> = cells.keys().map(|at| at.column).collect::<BTreeSet<u32>>().into_iter().collect();
    if chosen.is_empty() && (rows.len() > MOST_ROWS || columns.len() > MOST_COLUMNS) {
        return None;
    }
    let caption = match (chosen.is_empty(), excerpt.is_some_and(|excerpt| excerpt.whole && chosen.len() == lines.len()))
    {
        (true, _) => say!(
            language,
            "Các ô có liên quan, như trên sheet; ô có vấn đề được tô màu",
            "The cells concerned, as in the sheet; cells with findings are highlighted"
        ),
        (false, true) => say!(
            language,
            "Sheet như trong tệp; ô có vấn đề được tô màu",
            "The sheet as in the file; cells with findings are highlighted"
        ),
        (false, false) => say!(
            language,
            "Các dòng có liên quan, như trên sheet; ô có vấn đề được tô màu",
            "The rows concerned, as in the sheet; cells with findings are highlighted"
        ),
    };
    let whole = excerpt.is_some_and(|excerpt| excerpt.whole) && chosen.len() == lines.len();
    let mut before = None;
    let rows = rows.into_iter().map(|row| {
        let is_after_gap = !whole && before.is_some_and(|before: u32| before + 1 < row);
        before = Some(row);
        let is_head = heads.contains(&row);
        let cells = row_of(row, &columns, &cells, is_head, !chosen.is_empty());
        PictureRow { number: u64::from(row) + 1, is_head, is_after_gap, cells }
    });
    let rows = rows.collect();
    Some(Picture { caption, columns, rows })
}

/// The cells that findings speak of.
fn concerned<'a>(sheet: &Place, findings: &[&'a ReportEntry]) -> BTreeMap<Position, Shown<'a>> {
    let mut cells: BTreeMap<Position, Shown<'a>> = BTreeMap::new();
    let here = |place: &&Place| place.file == sheet.file && place.sheet == sheet.sheet;
    for finding in findings {
        for source in finding.sources.iter().filter(here) {
            if let Some(at) = source.cell {
                cells.entry(at).or_insert((source.raw.as_deref().unwrap_or_default(), None));
            }
        }
        let Some((at, target)) = finding.target.as_ref().and_then(|target| Some((target.cell?, target))) else {
            continue;
        };
        let cell = cells.entry(at).or_insert(("", None));
        cell.0 = target.raw.as_deref().unwrap_or(cell.0);
        if finding.suppressed.is_none() {
            let told = if finding.suspects().next().is_some() { Flag::Symptom } else { Flag::Told };
            cell.1 = cell.1.max(Some(told(finding.severity)));
        }
    }
    for (finding, suspect) in findings.iter().flat_map(|f| f.suspects().filter(here).map(move |place| (f, place))) {
        let Some(at) = suspect.cell else { continue };
        let cell = cells.entry(at).or_insert((suspect.raw.as_deref().unwrap_or_default(), None));
        cell.1 = cell.1.max(Some(Flag::Suspect(finding.severity)));
    }
    cells
}

/// The cells of a row of the picture. `known`: what is not there is blank, and not merely unknown.
fn row_of<'a>(
    row: u32,
    columns: &[u32],
    cells: &BTreeMap<Position, Shown<'a>>,
    is_head: bool,
    known: bool,
) -> Vec<PictureCell<'a>> {
    let filled = |column: &u32| cells.get(&Position::new(row, *column)).is_some_and(|(text, _)| !text.is_empty());
    // A title runs over the blank cells beside it, as it does in the sheet.
    let is_title = known && !is_head && columns.iter().filter(|column| filled(column)).count() <= 2;
    let mut shown = Vec::with_capacity(columns.len());
    let mut at = 0;
    while let Some(column) = columns.get(at) {
        at += 1;
        let words = |text: &str| text.chars().any(char::is_alphabetic);
        let (text, flag) = cells.get(&Position::new(row, *column)).copied().unwrap_or_default();
        let look = match cells.get(&Position::new(row, *column)) {
            Some(_) if words(text) => Look::Words,
            None if !known => Look::Unknown,
            Some(_) | None => Look::Plain,
        };
        let mut span = 1;
        if flag.is_none() && matches!(look, Look::Words) && is_title {
            while columns.get(at).is_some_and(|next| !cells.contains_key(&Position::new(row, *next))) {
                (span, at) = (span + 1, at + 1);
            }
        }
        shown.push(PictureCell { text, flag, span, look });
    }
    shown
}

/// The cell that a finding is about.
pub(super) fn cell_of(finding: &ReportEntry) -> Option<Position> {
    finding.target.as_ref().and_then(|target| target.cell)
}

/// What stands in it.
pub(super) fn raw_of(finding: &ReportEntry) -> &str {
    finding.target.as_ref().and_then(|target| target.raw.as_deref()).unwrap_or_default().trim()
}

/// What should stand there, as people write it beside what stands in the cell.
pub(super) fn expected(finding: &ReportEntry, language: Language) -> Cow<'_, str> {
    let expected = finding.expected.as_deref().unwrap_or_default();
    number::parse_plain(expected).map_or_else(|| expected.into(), |value| language.number(value).into())
}

/// How many others follow from a finding.
pub(super) fn followers(finding: &ReportEntry, language: Language) -> String {
    let count = finding.consequences.len();
    let count_en = counted(count, "finding");
    say!(language, "Kéo theo {count} vấn đề, sẽ hết khi sửa xong", "{count_en} more follow from it")
}

/// Where a finding is.
pub(super) fn place_of(finding: &ReportEntry) -> String {
    finding.target.as_ref().map(place).unwrap_or_default()
}
