//! Numbers that are taken from where nobody sees them, or that somebody crossed out.

use super::{Context, cell_place, codes};
use crate::{
    model::{
        finding::{Facts, Finding, Place},
        mapping::Source,
        workbook::{self, Area, Mark, Position, Sheet, Workbook, file_name},
    },
    values::{
        language::{Language, counted, say},
        number::Decimal,
    },
};

/// Why a number is not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unseen {
    /// Its sheet, row or column is hidden, or has no size.
    Hidden,
    /// It is struck through.
    Struck,
    /// It has the colour of its ground.
    Colour,
    /// Its number format shows nothing, as `;;;`.
    Format,
    /// It lies under a merged area.
    Covered,
}

/// Merged areas of a sheet, for the rows that they touch.
pub(super) struct Covered<'a> {
    areas: &'a [Area],
    /// First and last of the rows that any of them touches, in order, apart from each other.
    rows: Vec<(u32, u32)>,
}

impl<'a> Covered<'a> {
    pub(super) fn of(sheet: &'a Sheet) -> Self {
        let mut spans: Vec<(u32, u32)> = sheet.merges.iter().map(|area| (area.first.row, area.last.row)).collect();
        spans.sort_unstable();
        let mut rows: Vec<(u32, u32)> = Vec::new();
        for (first, last) in spans {
            match rows.last_mut() {
                Some(before) if first <= before.1 => before.1 = before.1.max(last),
                _ => rows.push((first, last)),
            }
        }
        Self { areas: &sheet.merges, rows }
    }

    /// Whether any area touches a row.
    pub(super) fn touches(&self, row: u32) -> bool {
        let next = self.rows.partition_point(|(_, last)| *last < row);
        self.rows.get(next).is_some_and(|(first, _)| *first <= row)
    }

    /// A row of the sheet, to ask of its cells.
    pub(super) fn row<'c>(&'c self, sheet: &'a Sheet, row: u32) -> CoveredRow<'c> {
        let is_hidden = sheet.hidden || sheet.hidden_rows.binary_search(&row).is_ok();
        let areas = if self.touches(row) { self.areas } else { &[] };
        CoveredRow { is_hidden, hidden_columns: &sheet.hidden_columns, areas }
    }
}

/// What hides the cells of one row.
pub(super) struct CoveredRow<'c> {
    is_hidden: bool,
    hidden_columns: &'c [u32],
    /// Those that may touch it.
    areas: &'c [Area],
}

impl CoveredRow<'_> {
    /// Whether a cell lies under an area, of which only the first cell is drawn.
    fn covers(&self, at: Position) -> bool {
        self.areas.iter().any(|area| area.contains(at) && area.first != at)
    }
}

/// Why the cell at this place is not seen.
pub(super) fn why(row: &CoveredRow<'_>, at: Position, cell: Option<workbook::Cell<'_>>) -> Option<Unseen> {
    if row.is_hidden || row.hidden_columns.binary_search(&at.column).is_ok() {
        return Some(Unseen::Hidden);
    }
    let cell = cell?;
    let number = || cell.number();
    // A 0 that is not drawn is how many sheets show that there is nothing.
    let counts = || number() != Some(Decimal::ZERO);
    let hides = || Some(cell.number_format().filter(|format| format.may_hide())?.section(number()?)?.hides());
    match cell.mark() {
        Mark::Struck => Some(Unseen::Struck),
        Mark::Unseen if counts() => Some(Unseen::Colour),
        Mark::None | Mark::Unseen if row.covers(at) => Some(Unseen::Covered),
        Mark::None | Mark::Unseen if hides() == Some(true) && counts() => Some(Unseen::Format),
        Mark::None | Mark::Unseen => None,
    }
}

/// `hidden-data`: numbers that are taken and not seen, for one reason.
#[derive(Debug)]
struct UnseenNumbers {
    why: Unseen,
    count: usize,
    whole_sheet: bool,
}

impl Facts for UnseenNumbers {
    fn message(&self, language: Language) -> String {
        let Self { why, count, whole_sheet } = self;
        let numbers = counted(*count, "number");
        match why {
            Unseen::Hidden if *whole_sheet => say!(
                language,
                "sheet bị ẩn nhưng có {count} số được lấy vào biểu",
                "the sheet is hidden but {numbers} from it went into the form"
            ),
            Unseen::Hidden => say!(
                language,
                "{count} số được lấy nằm ở dòng hoặc cột bị ẩn",
                "{numbers} taken into the form from hidden rows or columns"
            ),
            Unseen::Struck => say!(
                language,
                "{count} số bị gạch ngang nhưng vẫn được lấy vào biểu",
                "{numbers} crossed out and still taken into the form"
            ),
            Unseen::Colour => say!(
                language,
                "{count} số được lấy có chữ trùng màu nền, không nhìn thấy",
                "{numbers} taken into the form with text in the colour of the ground, which nobody sees"
            ),
            Unseen::Format => say!(
                language,
                "{count} số được lấy không hiện ra vì định dạng số của ô",
                "{numbers} taken into the form from cells whose number format shows nothing"
            ),
            Unseen::Covered => say!(
                language,
                "{count} số được lấy bị ô gộp che mất",
                "{numbers} taken into the form from under a merged cell"
            ),
        }
    }

    fn action(&self, language: Language) -> String {
        match self.why {
            Unseen::Hidden => say!(
                language,
                "bỏ ẩn và kiểm tra các ô này, hoặc bỏ chúng khỏi bảng ánh xạ",
                "unhide and check these cells, or take them out of the mapping"
            ),
            Unseen::Struck => say!(
                language,
                "nếu số đã bỏ: xóa số khỏi ô; nếu vẫn dùng: bỏ gạch ngang",
                "if the figures no longer count, delete them; if they do, take the line off"
            ),
            Unseen::Colour | Unseen::Format => say!(
                language,
                "cho hiện các ô này và kiểm tra, hoặc xóa số nếu không dùng",
                "make these cells visible and check them, or delete the figures if they are not meant"
            ),
            Unseen::Covered => say!(
                language,
                "bỏ gộp ô, kiểm tra và xóa số thừa",
                "unmerge the cells, check them and delete the spare figures"
            ),
        }
    }
}

/// One finding for each reason.
pub(super) fn report(
    cx: &mut Context<'_>,
    workbook: &Workbook,
    sheet: &Sheet,
    source: &Source,
    unseen: &mut [(Unseen, Position)],
) {
    unseen.sort_unstable();
    for together in unseen.chunk_by(|a, b| a.0 == b.0) {
        let places: Vec<Place> = together.iter().map(|(_, at)| cell_place(workbook, sheet, *at)).collect();
        let why = together[0].0;
        let facts = UnseenNumbers { why, count: places.len(), whole_sheet: sheet.hidden };
        let mut finding = Finding::new(&codes::HIDDEN_DATA, facts).at(places[0].clone()).stated_at(source.line.clone());
        let (pattern, name) = (source.pattern(), &*sheet.name);
        finding = match why {
            Unseen::Hidden => finding.fingerprinted(&[&pattern, name]).formerly(&[file_name(&workbook.file), name]),
            Unseen::Struck => finding.fingerprinted(&[&pattern, name, "struck"]),
            Unseen::Colour => finding.fingerprinted(&[&pattern, name, "colour"]),
            Unseen::Format => finding.fingerprinted(&[&pattern, name, "format"]),
            Unseen::Covered => finding.fingerprinted(&[&pattern, name, "merged"]),
        };
        finding.sources = places.into_iter().skip(1).take(12).collect();
        cx.findings.push(finding);
    }
}
