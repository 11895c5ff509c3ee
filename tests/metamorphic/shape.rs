//! Changes to the shape of a workbook that mean nothing.

use std::{collections::BTreeMap, path::PathBuf};

use bieu::internals::{model::workbook::Position, values::text::fold};
use unicode_normalization::UnicodeNormalization;

use crate::{
    judged::Figure,
    model::{Book, Cell, Content, Extra, Folder, Inserted, Sheet, Written, insert},
    rng::Rng,
};

/// What was found in a folder before it was changed.
pub(crate) struct Facts<'a> {
    pub(crate) figures: &'a [Figure],
    /// Whether rows and columns may move.
    pub(crate) may_move: bool,
    /// Whether all files are one submission.
    pub(crate) is_one: bool,
    /// Whether a mapping takes them as parts of a whole, however many there are.
    pub(crate) is_whole: bool,
    /// Years of the catalogues, as their texts write them.
    pub(crate) years: Vec<i32>,
}

impl Facts<'_> {
    /// The rows with figures of a sheet.
    pub(crate) fn rows(&self, book: &Book, sheet: &Sheet) -> Vec<u32> {
        let own = self.figures.iter().filter(|figure| figure.file == book.was && figure.sheet == sheet.name);
        let mut rows: Vec<u32> = own.map(|figure| figure.cell.row).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    fn first_row(&self, book: &Book, sheet: &Sheet) -> Option<u32> {
        self.rows(book, sheet).first().copied()
    }
}

pub(crate) type Change = fn(&mut Folder, &Facts<'_>, &mut Rng) -> bool;

pub(crate) const SHAPES: [(&str, Change); 32] = [
    ("written again", |_, _, _| true),
    ("empty column at the left", |folder, facts, _| inserting(folder, facts, |_, _| Some((vec![], vec![0])))),
    ("two empty columns at the left", |folder, facts, _| inserting(folder, facts, |_, _| Some((vec![], vec![0, 0])))),
    ("empty row on top", |folder, facts, _| inserting(folder, facts, |_, _| Some((vec![0], vec![])))),
    ("five empty rows on top", |folder, facts, _| inserting(folder, facts, |_, _| Some((vec![0; 5], vec![])))),
    ("empty row between header and data", |folder, facts, _| {
        inserting(folder, facts, |rows, _| Some((vec![*rows.first()?], vec![])))
    }),
    ("empty rows among the data", |folder, facts, rng| {
        let seed = rng.below(3) + 2;
        inserting(folder, facts, |rows, _| Some((rows.iter().skip(1).step_by(seed).copied().collect(), vec![])))
    }),
    ("hidden empty rows", hidden_rows),
    ("text column at the right", text_column_right),
    ("text column at the left", text_column_left),
    ("remark rows on top", remark_on_top),
    ("remark rows below", remark_below),
    ("other sheets before", |folder, facts, _| facts.may_move && other_sheet(folder, true)),
    ("other sheets behind", |folder, _, _| other_sheet(folder, false)),
    ("sheets in other order", reversed),
    ("other fonts", |folder, _, _| extra(folder, Extra::Fonts)),
    ("comments", |folder, _, _| extra(folder, Extra::Comments)),
    ("filter", |folder, _, _| extra(folder, Extra::Filter)),
    ("frozen panes", |folder, _, _| extra(folder, Extra::FrozenPanes)),
    ("protection", |folder, _, _| extra(folder, Extra::Protection)),
    ("data validation", |folder, _, _| extra(folder, Extra::Validation)),
    ("defined names", |folder, _, _| extra(folder, Extra::DefinedNames)),
    ("titles unmerged", |folder, facts, _| unmerged(folder, facts, false)),
    ("group headers unmerged", |folder, facts, _| unmerged(folder, facts, true)),
    ("STT as text", |folder, _, _| numbering(folder, true)),
    ("STT as number", |folder, _, _| numbering(folder, false)),
    ("years in headers as numbers", |folder, facts, _| year_headers(folder, facts, false)),
    ("years in headers as text", |folder, facts, _| year_headers(folder, facts, true)),
    ("blank behind sheet names", |folder, _, _| sheet_names(folder, |name| format!("{name} "))),
    ("double blanks in sheet names", |folder, _, _| sheet_names(folder, |name| name.replace(' ', "  "))),
    ("sheet names in NFD", |folder, _, _| sheet_names(folder, |name| name.nfd().collect())),
    ("sheet names in capitals", |folder, _, _| sheet_names(folder, str::to_uppercase)),
];

/// One way to call a file differently.
pub(crate) type Renaming = fn(&str) -> String;

/// Changes to the names of files.
pub(crate) const NAMES: [(&str, Renaming); 8] = [
    ("files in NFD", |stem| stem.nfd().collect()),
    ("files in capitals", str::to_uppercase),
    ("files ending in (1)", |stem| format!("{stem} (1)")),
    ("files ending in - Copy", |stem| format!("{stem} - Copy")),
    ("files ending in - Copy (2)", |stem| format!("{stem} - Copy (2)")),
    ("files beginning with Copy of", |stem| format!("Copy of {stem}")),
    ("files with a blank behind", |stem| format!("{stem} ")),
    ("files with double blanks", |stem| stem.replace(' ', "  ")),
];

pub(crate) fn rename(folder: &mut Folder, change: Renaming) -> bool {
    let mut changed = false;
    for book in &mut folder.books {
        let Some(stem) = book.was.file_stem().map(|stem| stem.to_string_lossy().into_owned()) else { continue };
        let mut name = change(&stem);
        if let Some(ending) = book.was.extension() {
            name.push('.');
            name.push_str(&ending.to_string_lossy());
        }
        let renamed: PathBuf = book.was.with_file_name(name);
        changed |= renamed != book.was;
        book.path = renamed;
    }
    changed
}

fn inserting(
    folder: &mut Folder,
    facts: &Facts<'_>,
    places: impl Fn(&[u32], &Sheet) -> Option<(Vec<u32>, Vec<u32>)>,
) -> bool {
    let mut changed = false;
    if facts.may_move {
        for book in &mut folder.books {
            let found: BTreeMap<String, Inserted> = book
                .sheets
                .iter()
                .filter_map(|sheet| {
                    let (rows, columns) = places(&facts.rows(book, sheet), sheet)?;
                    Some((sheet.name.clone(), Inserted { rows, columns }))
                })
                .collect();
            changed |= found.values().any(|found| !found.rows.is_empty() || !found.columns.is_empty());
            insert(book, |sheet| found.get(&sheet.name).cloned().unwrap_or_default());
        }
    }
    changed
}

fn is_sheeted(book: &Book) -> bool {
    book.written == Written::Xlsx
}

fn hidden_rows(folder: &mut Folder, facts: &Facts<'_>, _: &mut Rng) -> bool {
    let mut changed = false;
    for book in folder.books.iter_mut().filter(|book| is_sheeted(book) && facts.may_move) {
        let first: BTreeMap<String, u32> =
            book.sheets.iter().filter_map(|sheet| Some((sheet.name.clone(), facts.first_row(book, sheet)?))).collect();
        insert(book, |sheet| Inserted { rows: first.get(&sheet.name).copied().into_iter().collect(), columns: vec![] });
        for sheet in &mut book.sheets {
            let Some(first) = first.get(&sheet.name) else { continue };
            let last = sheet.last_row();
            sheet.hidden_rows.extend([*first, last + 2, last + 3]);
            changed = true;
        }
    }
    changed
}

/// The rows of the header: the one above the first figures with most texts, and those directly above it
/// with more than one.
fn header_rows(facts: &Facts<'_>, book: &Book, sheet: &Sheet) -> Option<(u32, u32)> {
    let first = facts.first_row(book, sheet)?;
    // A row that numbers the columns ("A", "(1)") is none.
    let is_word =
        |cell: &Cell| cell.as_text().is_some_and(|text| text.chars().filter(|c| c.is_alphabetic()).count() > 1);
    let texts = |row: u32| sheet.cells.range((row, 0)..(row + 1, 0)).filter(|(_, cell)| is_word(cell)).count();
    let main = (0..first).max_by_key(|row| (texts(*row), *row))?;
    let top = (0..main).rev().take_while(|row| texts(*row) > 1).last().unwrap_or(main);
    Some((top, main))
}

fn text_column_right(folder: &mut Folder, facts: &Facts<'_>, _: &mut Rng) -> bool {
    text_column(folder, facts, false)
}

fn text_column_left(folder: &mut Folder, facts: &Facts<'_>, _: &mut Rng) -> bool {
    facts.may_move && text_column(folder, facts, true)
}

fn text_column(folder: &mut Folder, facts: &Facts<'_>, at_left: bool) -> bool {
    let mut changed = false;
    for book in &mut folder.books {
        let heads: Vec<_> = book.sheets.iter().map(|sheet| header_rows(facts, book, sheet)).collect();
        let rows: Vec<_> = book.sheets.iter().map(|sheet| facts.rows(book, sheet)).collect();
        if at_left {
            insert(book, |_| Inserted { rows: vec![], columns: vec![0] });
        }
        for ((sheet, head), rows) in book.sheets.iter_mut().zip(heads).zip(rows) {
            let Some((_, head)) = head else { continue };
            let column = if at_left { 0 } else { sheet.last_column() + 1 };
            sheet.cells.insert((head, column), Cell::text("Người theo dõi"));
            for row in rows {
                sheet.cells.insert((row, column), Cell::text("văn phòng"));
            }
            changed = true;
        }
    }
    changed
}

fn remark_on_top(folder: &mut Folder, facts: &Facts<'_>, _: &mut Rng) -> bool {
    let changed = inserting(folder, facts, |_, _| Some((vec![0; 3], vec![])));
    if changed {
        for sheet in folder.books.iter_mut().flat_map(|book| &mut book.sheets) {
            sheet.cells.insert((0, 0), Cell::text("Tài liệu kèm theo công văn của văn phòng"));
            sheet.cells.insert((1, 1), Cell::text("(gửi kèm bản giấy)"));
        }
    }
    changed
}

fn remark_below(folder: &mut Folder, _: &Facts<'_>, _: &mut Rng) -> bool {
    for sheet in folder.books.iter_mut().flat_map(|book| &mut book.sheets) {
        let last = sheet.last_row();
        sheet.cells.insert((last + 1, 0), Cell::text("Ghi chú: số liệu do cơ quan chuyên môn cung cấp"));
        sheet.cells.insert((last + 3, 1), Cell::text("NGƯỜI KIỂM TRA"));
    }
    true
}

fn other_sheet(folder: &mut Folder, before: bool) -> bool {
    let mut changed = false;
    for book in folder.books.iter_mut().filter(|book| is_sheeted(book)) {
        let mut sheet = Sheet { name: "Hướng dẫn".to_owned(), ..Sheet::default() };
        sheet.cells.insert((0, 0), Cell::text("Cách nhập số liệu"));
        sheet.cells.insert((2, 1), Cell::text("Chỉ nhập vào các ô để trống"));
        let at = if before { 0 } else { book.sheets.len() };
        book.sheets.insert(at, sheet);
        changed = true;
    }
    changed
}

fn reversed(folder: &mut Folder, _: &Facts<'_>, _: &mut Rng) -> bool {
    for book in &mut folder.books {
        book.sheets.reverse();
    }
    folder.books.iter().any(|book| book.sheets.len() > 1)
}

fn extra(folder: &mut Folder, extra: Extra) -> bool {
    for book in folder.books.iter_mut().filter(|book| is_sheeted(book)) {
        book.extras.insert(extra);
    }
    folder.books.iter().any(is_sheeted)
}

fn unmerged(folder: &mut Folder, facts: &Facts<'_>, of_header: bool) -> bool {
    let mut changed = false;
    for book in &mut folder.books {
        let heads: Vec<_> = book.sheets.iter().map(|sheet| header_rows(facts, book, sheet)).collect();
        for (sheet, head) in book.sheets.iter_mut().zip(heads) {
            let Some((top, main)) = head else { continue };
            let before = sheet.merges.len();
            sheet.merges.retain(|area| {
                let is_title = area.last.row < top;
                let is_group = (top..=main).contains(&area.first.row) && area.first.column < area.last.column;
                if of_header { !is_group } else { !is_title }
            });
            changed |= sheet.merges.len() < before;
        }
    }
    changed
}

fn numbering(folder: &mut Folder, as_text: bool) -> bool {
    let mut changed = false;
    for sheet in folder.books.iter_mut().filter(|book| is_sheeted(book)).flat_map(|book| &mut book.sheets) {
        let Some((head, column)) = number_column(sheet) else { continue };
        for ((row, at), cell) in &mut sheet.cells {
            if *at != column || *row <= head || cell.formula.is_some() {
                continue;
            }
            match &cell.content {
                // A number under a format such as (0) is no STT.
                Content::Number(number) if as_text && cell.format.is_none() && *number > 0.0 => {
                    cell.content = Content::Text(number.to_string());
                }
                Content::Text(text) if !as_text => match text.trim().parse::<u32>() {
                    Ok(number) => cell.content = Content::Number(f64::from(number)),
                    Err(_) => continue,
                },
                _ => continue,
            }
            changed = true;
        }
    }
    changed
}

fn is_year(number: f64) -> bool {
    (1990.0..2100.0).contains(&number) && number.fract() == 0.0
}

fn year_headers(folder: &mut Folder, facts: &Facts<'_>, as_text: bool) -> bool {
    let mut changed = false;
    for book in folder.books.iter_mut().filter(|book| is_sheeted(book)) {
        let first: Vec<_> = book.sheets.iter().map(|sheet| facts.first_row(book, sheet)).collect();
        for (sheet, first) in book.sheets.iter_mut().zip(first) {
            let Some(first) = first else { continue };
            for (_, cell) in sheet.cells.range_mut(..(first, 0)) {
                let content = match &cell.content {
                    Content::Text(text) if !as_text && cell.formula.is_none() => {
                        text.trim().parse().ok().filter(|year| is_year(*year)).map(Content::Number)
                    }
                    Content::Number(year) if as_text && cell.formula.is_none() && is_year(*year) => {
                        Some(Content::Text(year.to_string()))
                    }
                    _ => None,
                };
                changed |= content.is_some();
                cell.content = content.unwrap_or_else(|| cell.content.clone());
            }
        }
    }
    changed
}

fn sheet_names(folder: &mut Folder, change: impl Fn(&str) -> String) -> bool {
    let mut changed = false;
    for book in folder.books.iter_mut().filter(|book| is_sheeted(book)) {
        let names: Vec<(String, String)> =
            book.sheets.iter().map(|sheet| (sheet.name.clone(), change(&sheet.name))).collect();
        for sheet in &mut book.sheets {
            sheet.name = change(&sheet.name);
            for formula in sheet.cells.values_mut().filter_map(|cell| cell.formula.as_mut()) {
                for (was, now) in &names {
                    *formula = formula.replace(&format!("'{was}'!"), &format!("'{now}'!"));
                }
            }
        }
        changed |= names.iter().any(|(was, now)| was != now);
    }
    changed
}

/// The column below "STT".
fn number_column(sheet: &Sheet) -> Option<(u32, u32)> {
    let is_head = |cell: &Cell| {
        cell.as_text().is_some_and(|text| matches!(fold(text).as_str(), "tt" | "stt" | "số tt" | "số thứ tự"))
    };
    sheet.cells.iter().find(|(_, cell)| is_head(cell)).map(|(at, _)| *at)
}

/// The files with delimited text as workbooks, whole numbers as numbers. Row numbers, and years above
/// the first other number, stay texts: the changes that make numbers of them have them from here.
pub(crate) fn as_workbooks(folder: &mut Folder) -> bool {
    let mut changed = false;
    for book in folder.books.iter_mut().filter(|book| !is_sheeted(book)) {
        book.written = Written::Xlsx;
        changed = true;
        for sheet in &mut book.sheets {
            let numbering = number_column(sheet);
            let is_numbering = |row: u32, column: u32| numbering.is_some_and(|(head, own)| own == column && row > head);
            let mut is_head = true;
            for ((row, column), cell) in &mut sheet.cells {
                if is_numbering(*row, *column) {
                    is_head = false;
                    continue;
                }
                let number = cell.as_text().filter(|text| *text == "0" || !text.starts_with(['0', '+', '-']));
                if let Some(number) = number.and_then(|text| text.parse::<u32>().ok()).map(f64::from) {
                    is_head &= is_year(number);
                    if !is_head {
                        cell.content = Content::Number(number);
                    }
                }
            }
        }
    }
    changed
}

#[test]
fn what_is_inserted_pushes_on_what_comes_after() {
    let inserted = Inserted { rows: vec![3, 3], columns: vec![0] };
    assert_eq!(inserted.moved(Position::new(2, 0)), Position::new(2, 1));
    assert_eq!(inserted.moved(Position::new(3, 4)), Position::new(5, 5));
}
