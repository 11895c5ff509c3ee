//! Mistakes that must be told.

use bieu::internals::values::text::fold;

use crate::{
    judged::Figure,
    model::{Book, Cell, Content, Folder, Inserted, insert},
    rng::Rng,
    shape::{Change, Facts},
};

pub(crate) const FAULTS: [(&str, Change); 10] = [
    ("a file is missing", |folder, facts, rng| {
        let at = a_book(folder, facts, rng).filter(|_| facts.is_one && folder.books.len() > 1);
        at.map(|at| folder.books.remove(at)).is_some()
    }),
    ("a file is doubled", |folder, facts, rng| {
        let Some(at) = a_book(folder, facts, rng).filter(|_| facts.is_whole) else { return false };
        let mut copy = folder.books[at].clone();
        let (Some(stem), Some(ending)) = (copy.was.file_stem(), copy.was.extension()) else { return false };
        let name = format!("{} - Copy.{}", stem.to_string_lossy(), ending.to_string_lossy());
        copy.path = copy.was.with_file_name(name);
        folder.books.push(copy);
        true
    }),
    ("a file is of the year before", year_before),
    ("a row is missing", |folder, facts, rng| cut(folder, facts, |rows| rng.below(rows))),
    ("the last row is cut", |folder, facts, _| cut(folder, facts, |rows| rows - 1)),
    ("a row is doubled", doubled),
    ("two cells are exchanged", exchanged),
    ("a column slid", slid),
    ("a figure is blank beside its ratio", |folder, facts, rng| {
        let Some((of, to)) = beside_a_ratio(facts, rng) else { return false };
        let figure = if rng.below(2) == 0 { of } else { to };
        with_cells(folder, figure, |cells| cells.remove(&(figure.cell.row, figure.cell.column)).is_some())
    }),
    ("a unit line is changed", unit_line),
];

/// A file with figures.
fn a_book(folder: &Folder, facts: &Facts<'_>, rng: &mut Rng) -> Option<usize> {
    let has_figures = |book: &Book| facts.figures.iter().any(|figure| figure.file == book.was && figure.has_number);
    let with: Vec<usize> = (0..folder.books.len()).filter(|at| has_figures(&folder.books[*at])).collect();
    (!with.is_empty()).then(|| with[rng.below(with.len())])
}

/// One with a sheet and its rows with figures.
fn a_sheet(folder: &Folder, facts: &Facts<'_>, rng: &mut Rng) -> Option<(usize, usize, Vec<u32>)> {
    let book = a_book(folder, facts, rng)?;
    let sheets = folder.books[book].sheets.iter().enumerate();
    let with: Vec<(usize, Vec<u32>)> = sheets
        .map(|(at, sheet)| {
            let with_numbers = |row: &u32| {
                let own = facts.figures.iter().filter(|f| f.file == folder.books[book].was && f.sheet == sheet.name);
                own.filter(|figure| figure.cell.row == *row).any(|figure| figure.has_number)
            };
            (at, facts.rows(&folder.books[book], sheet).into_iter().filter(with_numbers).collect::<Vec<u32>>())
        })
        .filter(|(_, rows)| !rows.is_empty())
        .collect();
    let (sheet, rows) = with.get(rng.below(with.len()))?.clone();
    Some((book, sheet, rows))
}

type Cells = std::collections::BTreeMap<(u32, u32), Cell>;

fn with_cells(folder: &mut Folder, figure: &Figure, act: impl FnOnce(&mut Cells) -> bool) -> bool {
    let book = folder.books.iter_mut().find(|book| book.was == figure.file);
    let sheet = book.and_then(|book| book.sheets.iter_mut().find(|sheet| sheet.name == figure.sheet));
    sheet.is_some_and(|sheet| act(&mut sheet.cells))
}

/// Two figures that a ratio of the same row is made of.
fn beside_a_ratio<'f>(facts: &Facts<'f>, rng: &mut Rng) -> Option<(&'f Figure, &'f Figure)> {
    let mut found = Vec::new();
    for ratio in facts.figures.iter().filter(|figure| figure.has_number) {
        let Some((of, to)) = &ratio.ratio else { continue };
        let beside = |measure: &String| {
            facts.figures.iter().find(|figure| {
                let same_place =
                    (&figure.file, &figure.sheet, figure.cell.row) == (&ratio.file, &ratio.sheet, ratio.cell.row);
                let same_key = figure.indicator == ratio.indicator && figure.member == ratio.member;
                same_place && same_key && figure.measure == *measure && figure.has_number
            })
        };
        if let (Some(of), Some(to)) = (beside(of), beside(to)) {
            found.push((of, to));
        }
    }
    (!found.is_empty()).then(|| found[rng.below(found.len())])
}

fn year_before(folder: &mut Folder, facts: &Facts<'_>, rng: &mut Rng) -> bool {
    let Some(at) = a_book(folder, facts, rng).filter(|_| facts.is_one && folder.books.len() > 1) else { return false };
    let mut changed = false;
    for cell in folder.books[at].sheets.iter_mut().flat_map(|sheet| sheet.cells.values_mut()) {
        let Content::Text(text) = &mut cell.content else { continue };
        // From the earliest on, so that no year is put back twice.
        let before = text.clone();
        for year in facts.years.iter().flat_map(|year| year - 2..=year + 2) {
            *text = text.replace(&year.to_string(), &(year - 1).to_string());
        }
        changed |= before != *text;
    }
    changed
}

fn cut(folder: &mut Folder, facts: &Facts<'_>, choose: impl FnOnce(usize) -> usize) -> bool {
    let mut rng = Rng::new("cut");
    let Some((book, sheet, rows)) = a_sheet(folder, facts, &mut rng) else { return false };
    let row = rows[choose(rows.len())];
    folder.books[book].sheets[sheet].cells.retain(|(at, _), _| *at != row);
    true
}

fn doubled(folder: &mut Folder, facts: &Facts<'_>, rng: &mut Rng) -> bool {
    let Some((book, sheet, rows)) = a_sheet(folder, facts, rng).filter(|_| facts.may_move) else { return false };
    let row = rows[rng.below(rows.len())];
    let name = folder.books[book].sheets[sheet].name.clone();
    insert(&mut folder.books[book], |sheet| {
        let rows = if sheet.name == name { vec![row + 1] } else { vec![] };
        Inserted { rows, columns: vec![] }
    });
    let cells = &mut folder.books[book].sheets[sheet].cells;
    let copies: Vec<_> = cells.range((row, 0)..(row + 1, 0)).map(|(at, cell)| (*at, cell.clone())).collect();
    for ((_, column), cell) in copies {
        cells.insert((row + 1, column), Cell { formula: None, ..cell });
    }
    true
}

fn exchanged(folder: &mut Folder, facts: &Facts<'_>, rng: &mut Rng) -> bool {
    let Some((of, to)) = beside_a_ratio(facts, rng) else { return false };
    with_cells(folder, of, |cells| {
        let (a, b) = ((of.cell.row, of.cell.column), (to.cell.row, to.cell.column));
        let (Some(first), Some(second)) = (cells.get(&a).cloned(), cells.get(&b).cloned()) else { return false };
        if first.content == second.content {
            return false;
        }
        let plain = |cell: Cell| Cell { formula: None, ..cell };
        cells.insert(a, plain(second));
        cells.insert(b, plain(first));
        true
    })
}

/// The figures of a column stand one row too low; the last one is lost.
fn slid(folder: &mut Folder, facts: &Facts<'_>, rng: &mut Rng) -> bool {
    let Some((of, _)) = beside_a_ratio(facts, rng) else { return false };
    let column = of.cell.column;
    let own = facts.figures.iter().filter(|figure| (&figure.file, &figure.sheet) == (&of.file, &of.sheet));
    let mut rows: Vec<u32> = own.filter(|figure| figure.cell.column == column).map(|figure| figure.cell.row).collect();
    rows.sort_unstable();
    rows.dedup();
    with_cells(folder, of, |cells| {
        let before: Vec<Option<Cell>> = rows.iter().map(|row| cells.remove(&(*row, column))).collect();
        for (row, cell) in rows.iter().skip(1).zip(&before) {
            if let Some(cell) = cell {
                cells.insert((*row, column), Cell { formula: None, ..cell.clone() });
            }
        }
        rows.len() > 1
            && before
                .windows(2)
                .any(|pair| pair[0].as_ref().map(|c| &c.content) != pair[1].as_ref().map(|c| &c.content))
    })
}

fn unit_line(folder: &mut Folder, facts: &Facts<'_>, _: &mut Rng) -> bool {
    const CHANGES: [(&str, &str); 5] =
        [("triệu đồng", "đồng"), ("nghìn đồng", "triệu đồng"), ("đồng", "triệu đồng"), ("tấn", "kg"), ("ha", "m2")];
    for book in &mut folder.books {
        if !facts.figures.iter().any(|figure| figure.file == book.was && figure.has_number) {
            continue;
        }
        for cell in book.sheets.iter_mut().flat_map(|sheet| sheet.cells.values_mut()) {
            let Content::Text(text) = &mut cell.content else { continue };
            let key = fold(text);
            let Some((head, unit)) = key.split_once(':') else { continue };
            if !matches!(head.trim(), "đơn vị tính" | "đvt" | "đơn vị") {
                continue;
            }
            if let Some((_, other)) = CHANGES.iter().find(|(from, _)| unit.trim() == *from) {
                *text = format!("Đơn vị tính: {other}");
                return true;
            }
        }
    }
    false
}
