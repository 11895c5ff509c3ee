//! What of the sheets belongs beside their findings: the table as the office knows it, as far as it
//! fits on a page.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    reading::Raw,
    report::{Excerpt, Line, LineKind, ReportEntry},
    workbook::{Position, Row, Sheet, Workbook},
};

/// A sheet with more rows is shown around its findings only.
const MOST_ROWS: usize = 60;
const MOST_COLUMNS: usize = 16;
/// Columns on the left that name the rows.
const NAMING_COLUMNS: u32 = 3;
/// Rows that name the columns.
const MOST_HEAD_ROWS: usize = 3;
const LONGEST: usize = 160;

/// An excerpt of each sheet with a finding at one of its cells.
pub fn excerpts(workbooks: &[Workbook], findings: &[ReportEntry]) -> Vec<Excerpt> {
    let mut sheets: BTreeMap<(&str, &str), BTreeSet<Position>> = BTreeMap::new();
    for target in findings.iter().filter_map(|finding| finding.target.as_ref()) {
        if let (Some(sheet), Some(cell)) = (&target.sheet, target.cell) {
            sheets.entry((&target.file, sheet)).or_default().insert(cell);
        }
    }
    let named = findings.iter().flat_map(|finding| finding.sources.iter().chain(finding.suspects()));
    for source in named {
        if let (Some(sheet), Some(cell)) = (&source.sheet, source.cell)
            && let Some(cells) = sheets.get_mut(&(&*source.file, &**sheet))
        {
            cells.insert(cell);
        }
    }
    let excerpt = |((file, name), cells): ((&str, &str), BTreeSet<Position>)| {
        let workbook = workbooks.iter().find(|workbook| &*workbook.file == file)?;
        let sheet = workbook.sheets.iter().find(|sheet| &*sheet.name == name)?;
        let (whole, lines) = lines(sheet, &cells);
        Some(Excerpt { file: file.into(), sheet: name.into(), whole, lines })
    };
    sheets.into_iter().filter_map(excerpt).collect()
}

fn lines(sheet: &Sheet, cells: &BTreeSet<Position>) -> (bool, Vec<Line>) {
    let concerned: BTreeSet<u32> = cells.iter().map(|cell| cell.row).take(MOST_ROWS).collect();
    let heads = heads(sheet, cells);
    let is_whole = sheet.rows().len() <= MOST_ROWS;
    let mut chosen: BTreeSet<u32> = concerned.union(&heads).copied().collect();
    if is_whole {
        chosen.extend(sheet.rows().map(|row| row.row));
    } else {
        for row in concerned.iter().flat_map(|row| [row.saturating_sub(1), row + 1]) {
            if chosen.len() < MOST_ROWS {
                chosen.insert(row);
            }
        }
    }
    let rows: Vec<Row<'_>> = chosen.iter().filter_map(|row| sheet.row(*row)).collect();
    let used: BTreeSet<u32> = rows.iter().flat_map(Row::columns).collect();
    let is_wide = used.len() > MOST_COLUMNS;
    let columns: BTreeSet<u32> = if is_wide {
        let naming = used.iter().copied().filter(|column| *column < NAMING_COLUMNS);
        naming.chain(cells.iter().map(|cell| cell.column)).take(MOST_COLUMNS).collect()
    } else {
        used
    };
    let line = |row: Row<'_>| {
        let cells = row.cells().filter(|cell| columns.contains(&cell.column));
        Line {
            row: row.row,
            kind: if concerned.contains(&row.row) {
                LineKind::Concerned
            } else if heads.contains(&row.row) {
                LineKind::Head
            } else {
                LineKind::Near
            },
            cells: cells.map(|cell| (cell.column, cut(&Raw::of(Some(cell.value)).text()).into())).collect(),
        }
    };
    (is_whole && !is_wide, rows.into_iter().map(line).collect())
}

/// Rows that name the columns of the cells: from each cell upwards the first with words in its
/// column, and the rows of words right above it.
fn heads(sheet: &Sheet, cells: &BTreeSet<Position>) -> BTreeSet<u32> {
    let mut heads = BTreeSet::new();
    // The first concerned row of each column is below the header, as all others are.
    let mut columns: BTreeMap<u32, u32> = BTreeMap::new();
    for cell in cells {
        columns.entry(cell.column).or_insert(cell.row);
    }
    for (column, first) in columns.into_iter().take(MOST_COLUMNS) {
        let names = |row: &Row<'_>| is_words(sheet, Position::new(row.row, column));
        let mut next = None;
        for row in
            sheet.rows().rev().skip_while(|row| row.row >= first).skip_while(|row| !names(row)).take(MOST_HEAD_ROWS)
        {
            let texts = row.texts().count();
            if next.is_some_and(|next: u32| next != row.row + 1 || texts < 2) {
                break;
            }
            heads.insert(row.row);
            next = Some(row.row);
        }
    }
    heads
}

fn is_words(sheet: &Sheet, at: Position) -> bool {
    sheet.text_through_merges(at).is_some_and(|text| text.chars().filter(|letter| letter.is_alphabetic()).count() > 1)
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        model::{
            finding::{Facts, Finding, Place, Severity, UNKNOWN_MEMBER},
            workbook::{Format, Value},
        },
        values::{language::Language, number::StoredNumber},
    };

    #[derive(Debug)]
    struct NoWords;

    impl Facts for NoWords {
        fn message(&self, _: Language) -> String {
            String::new()
        }

        fn action(&self, _: Language) -> String {
            String::new()
        }
    }

    /// A title, a header of two rows, rows with a label and three numbers.
    fn sheet(rows: u32) -> Sheet {
        wide_sheet(rows, 0)
    }

    /// The same with more columns, which repeat the first.
    fn wide_sheet(rows: u32, more: u16) -> Sheet {
        let number = |value: u32| Value::Number(StoredNumber::from_short(value.into(), 0));
        let mut cells = vec![(0, 0, "BẢNG TỔNG HỢP".to_owned())];
        for (row, column, text) in
            [(2, 0, "Chỉ tiêu"), (2, 1, "Năm nay"), (3, 1, "Kế hoạch"), (3, 2, "Thực hiện"), (3, 3, "Tỷ lệ")]
        {
            cells.push((row, column, text.to_owned()));
        }
        cells.extend((4..4 + rows).map(|row| (row, 0, format!("Dòng {row}"))));
        let texts = cells.clone().into_iter();
        for (row, _, text) in texts.filter(|(row, column, _)| *row > 0 && *column == u16::from(*row == 3)) {
            cells.extend((4..4 + more).map(|column| (row, column, text.clone())));
        }
        let texts = cells.iter().map(|(row, column, text)| (*row, *column, Value::Text(text), None));
        let numbers = (4..4 + rows)
            .flat_map(|row| [(1, row), (2, row), (3, 100)].map(|(column, value)| (row, column, number(value), None)));
        Sheet::of_cells("S", texts.chain(numbers))
    }

    fn excerpt(sheet: Sheet, at: Position) -> Excerpt {
        let file: Arc<str> = "a.xlsx".into();
        let place = Place { file: file.clone(), sheet: Some("S".into()), cell: Some(at), raw: None };
        let entry = |at: Place| ReportEntry::new(Finding::new(&UNKNOWN_MEMBER, NoWords).at(at), Language::Vi);
        let mut finding = entry(place.clone());
        finding.severity = Severity::Error;
        finding.sources = vec![Place { cell: Some(Position::new(at.row, 1)), ..place }];
        let elsewhere = entry(Place::file(&"b.xlsx".into()));
        let mut found =
            excerpts(&[Workbook { file, format: Format::Xlsx, sheets: vec![Arc::new(sheet)] }], &[finding, elsewhere]);
        assert_eq!(found.len(), 1);
        found.remove(0)
    }

    #[test]
    fn a_small_sheet_is_shown_whole() {
        let excerpt = excerpt(sheet(10), Position::new(7, 3));
        assert!(excerpt.whole);
        assert_eq!(excerpt.lines.len(), 13);
        let kind = |row: u32| excerpt.lines.iter().find(|line| line.row == row).map(|line| line.kind);
        assert_eq!(
            [0, 2, 3, 6, 7].map(kind),
            [LineKind::Near, LineKind::Head, LineKind::Head, LineKind::Near, LineKind::Concerned].map(Some)
        );
        let words: Vec<&str> = excerpt.lines[7].cells.iter().map(|(_, text)| &**text).collect();
        assert_eq!(words, ["Dòng 8", "8", "8", "100"]);
    }

    #[test]
    fn a_long_sheet_is_shown_around_its_findings() {
        let excerpt = excerpt(sheet(500), Position::new(307, 3));
        assert!(!excerpt.whole);
        let rows: Vec<u32> = excerpt.lines.iter().map(|line| line.row).collect();
        assert_eq!(rows, [2, 3, 306, 307, 308]);
    }

    #[test]
    fn a_wide_sheet_keeps_its_labels_and_the_columns_concerned() {
        let excerpt = excerpt(wide_sheet(5, 396), Position::new(7, 300));
        let columns: BTreeSet<u32> =
            excerpt.lines.iter().flat_map(|line| line.cells.iter().map(|(column, _)| *column)).collect();
        assert_eq!((excerpt.whole, columns.into_iter().collect::<Vec<_>>()), (false, vec![0, 1, 2, 300]));
    }
}
