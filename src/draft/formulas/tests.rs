//! Patterns of formulas, and two hundred edits of them.

use super::*;
use crate::draft::dice::Dice;
use crate::values::number::StoredNumber;

#[test]
fn forms() {
    for (formula, written_in, read_in, expected) in [
        ("A2+B2", "C2", "C9", "A9+B9"),
        ("sum( $A2 : A$9 )", "B2", "C3", "SUM($A3:B$9)"),
        ("Sheet2!A1+'Năm trước'!B2:B4*A1", "C1", "D1", "Sheet2!B1+'Năm trước'!C2:C4*B1"),
        ("IF(A1=\"a1\";LOG10(B1);1)", "C1", "C2", "IF(A2=\"a1\",LOG10(B2),1)"),
    ] {
        let at = |cell: &str| Position::parse(cell).expect("an address");
        let form = relative::RelativeFormula::of(formula, at(written_in));
        assert_eq!(form.text(at(read_in)).as_deref(), Some(expected), "{formula}");
    }
}

/// A cell of a workbook that is made up: what it shows, its formula, its text.
#[derive(Clone, Debug)]
enum Made {
    Text(String),
    Number(i64),
    Formula(String, f64),
}

type Table = std::collections::BTreeMap<(u32, u32), Made>;

fn put(table: &mut Table, row: u32, column: u32, made: Made) {
    table.insert((row, column), made);
}

fn at(row: u32, column: u32) -> String {
    Position::new(row, column).to_string()
}

fn value(table: &Table, row: u32, column: u32) -> f64 {
    match table.get(&(row, column)) {
        #[expect(clippy::cast_precision_loss, reason = "small numbers of a test")]
        Some(Made::Number(value)) => *value as f64,
        Some(Made::Formula(_, value)) => *value,
        _ => 0.0,
    }
}

fn sum(table: &mut Table, row: u32, column: u32, rows: (u32, u32), columns: (u32, u32)) {
    let total = (rows.0..=rows.1)
        .flat_map(|row| (columns.0..=columns.1).map(move |column| (row, column)))
        .map(|(r, c)| value(table, r, c))
        .sum();
    let formula = format!("SUM({}:{})", at(rows.0, columns.0), at(rows.1, columns.1));
    put(table, row, column, Made::Formula(formula, total));
}

/// Villages by crops: a sum and a share in each row, groups with subtotals, a total below or above.
#[expect(clippy::float_arithmetic, reason = "the figures of a made workbook")]
fn workbook(dice: &mut Dice) -> Table {
    let mut table = Table::new();
    let inputs = 2 + u32::try_from(dice.below(4)).expect("small");
    let groups = 1 + u32::try_from(dice.below(3)).expect("small");
    let each = 4 + u32::try_from(dice.below(5)).expect("small");
    let total_above = dice.below(2) == 0;
    put(&mut table, 0, 0, Made::Text("STT".into()));
    put(&mut table, 0, 1, Made::Text("Thôn".into()));
    for column in 0..inputs + 3 {
        put(&mut table, 0, 2 + column, Made::Text(format!("Cột {column}")));
        // The line of numbers of columns that many forms have.
        put(&mut table, 1, 2 + column, Made::Number(i64::from(column) + 1));
    }
    let mut row = 2;
    let mut heads = Vec::new();
    for group in 0..groups {
        let head = if total_above { row } else { row + each };
        let first = if total_above { row + 1 } else { row };
        for member in first..first + each {
            put(&mut table, member, 0, Made::Number(i64::from(member - first) + 1));
            put(&mut table, member, 1, Made::Text(format!("Thôn {group}.{member}")));
            for column in 0..inputs {
                put(&mut table, member, 2 + column, Made::Number(10 + i64::try_from(dice.below(900)).expect("small")));
            }
        }
        put(&mut table, head, 1, Made::Text(format!("Cộng {group}")));
        for column in 0..inputs {
            sum(&mut table, head, 2 + column, (first, first + each - 1), (2 + column, 2 + column));
        }
        heads.push(head);
        row += each + 1;
    }
    if groups > 1 {
        put(&mut table, row, 1, Made::Text("Tổng số".into()));
        for column in 0..inputs {
            let formula = heads.iter().map(|head| at(*head, 2 + column)).collect::<Vec<_>>().join("+");
            let total = heads.iter().map(|head| value(&table, *head, 2 + column)).sum();
            put(&mut table, row, 2 + column, Made::Formula(formula, total));
        }
        row += 1;
    }
    let last = 2 + inputs;
    for row in 2..row {
        sum(&mut table, row, last, (row, row), (2, last - 1));
        let share = value(&table, row, 2) / value(&table, row, last) * 100.0;
        put(&mut table, row, last + 1, Made::Formula(format!("{}/{}*100", at(row, 2), at(row, last)), share));
        let rest = value(&table, row, last) - value(&table, row, 2);
        put(&mut table, row, last + 2, Made::Formula(format!("{}-{}", at(row, last), at(row, 2)), rest));
    }
    // A running balance beside it, which begins with a typed figure.
    put(&mut table, 0, last + 4, Made::Text("Tồn".into()));
    put(&mut table, 2, last + 4, Made::Number(5));
    for row in 3..row {
        let carried = value(&table, row - 1, last + 4) + value(&table, row, last + 2);
        put(
            &mut table,
            row,
            last + 4,
            Made::Formula(format!("{}+{}", at(row - 1, last + 4), at(row, last + 2)), carried),
        );
    }
    table
}

fn sheet(table: &Table) -> Sheet {
    let cells = table.iter().map(|((row, column), made)| {
        let column = u16::try_from(*column).expect("small");
        let number = |value: f64| Value::Number(StoredNumber::from_f64(value).expect("finite"));
        match made {
            Made::Text(text) => (*row, column, Value::Text(text), None),
            #[expect(clippy::cast_precision_loss, reason = "small numbers of a test")]
            Made::Number(value) => (*row, column, number(*value as f64), None),
            Made::Formula(formula, value) => (*row, column, number(*value), Some(formula.as_str())),
        }
    });
    Sheet::of_cells("x", cells)
}

/// Breaks one formula as people do; `None` where this edit does not fit it.
#[expect(clippy::float_arithmetic, reason = "the figures of a made workbook")]
fn edited(dice: &mut Dice, formula: &str, value: f64) -> Option<Made> {
    let shorter = |formula: &str| {
        let (head, tail) = formula.split_once(':')?;
        let last = Position::parse(tail.trim_end_matches(')'))?;
        let first = Position::parse(head.trim_start_matches("SUM("))?;
        let last = if first.row < last.row { at(last.row - 1, last.column) } else { at(last.row, last.column - 1) };
        Some(format!("{head}:{last})"))
    };
    let shifted = |formula: &str| {
        let cell = formula.split(|c: char| !c.is_ascii_alphanumeric()).find(|word| Position::parse(word).is_some())?;
        let place = Position::parse(cell)?;
        Some(formula.replacen(cell, &at(place.row + 1, place.column), 1))
    };
    match dice.below(5) {
        #[expect(clippy::cast_possible_truncation, reason = "small numbers of a test")]
        0 => Some(Made::Number(value as i64)),
        1 => shorter(formula).map(|formula| Made::Formula(formula, value)),
        2 if !formula.contains(':') => shifted(formula).map(|formula| Made::Formula(formula, value)),
        3 if formula.contains('-') => Some(Made::Formula(formula.replacen('-', "+", 1), value)),
        3 if formula.contains("*100") => Some(Made::Formula(formula.replace("*100", "*1000"), value * 10.0)),
        4 => Some(Made::Formula(formula.to_owned(), value + 7.0)),
        _ => None,
    }
}

#[test]
fn a_workbook_that_is_right_has_no_odd_cell() {
    let mut dice = Dice(20_240_229);
    for _ in 0..60 {
        let table = workbook(&mut dice);
        let found = faults(&[], &sheet(&table));
        assert!(found.is_empty(), "{found:?}\n{table:?}");
    }
}

/// Damages one formula in each of two hundred tables. At least so many of a hundred edits are found, and so many
/// of a hundred cells that are named are edits.
fn edits_are_found(
    dice: &mut Dice,
    made: fn(&mut Dice) -> Table,
    damaged: fn(&mut Dice, &str, f64) -> Option<Made>,
    is_told: fn(&FormulaFault) -> bool,
    (least_right, least_found): (usize, usize),
) {
    let (mut found, mut right, mut edits) = (0, 0, 0);
    let mut missed = Vec::new();
    while edits < 200 {
        let mut table = made(dice);
        let formulas: Vec<((u32, u32), String, f64)> = table
            .iter()
            .filter_map(|(cell, made)| match made {
                Made::Formula(formula, value) => Some((*cell, formula.clone(), *value)),
                Made::Text(_) | Made::Number(_) => None,
            })
            .collect();
        let (cell, formula, value) = dice.pick(&formulas).clone();
        let Some(made) = damaged(dice, &formula, value) else { continue };
        let edit = format!("{cell:?} {formula} {made:?}");
        table.insert(cell, made);
        edits += 1;
        let mut faults = faults(&[], &sheet(&table));
        faults.retain(|fault| is_told(&fault.fault));
        found += faults.len();
        let hit = faults.iter().any(|fault| (fault.cell.row, fault.cell.column) == cell);
        right += usize::from(hit);
        if !hit || faults.len() > 1 {
            let named: Vec<_> = faults.iter().map(|fault| (fault.cell.to_string(), fault.fault.clone())).collect();
            missed.push(format!("{edit} {named:?}"));
        }
    }
    println!("{right} of {edits} edits found, {found} cells named");
    let missed = missed.join("\n");
    assert!(right * 100 >= found * least_right, "{right} of {found} are edits\n{missed}");
    assert!(right * 100 >= edits * least_found, "{right} of {edits} edits found\n{missed}");
}

#[test]
fn two_hundred_edits_are_found() {
    edits_are_found(&mut Dice(1_618_033_988), workbook, edited, |_| true, (85, 90));
}

#[test]
fn a_column_of_typed_ratios_between_formulas_is_data() {
    // Totals from other sheets in some rows, a ratio typed between them, headings with nothing.
    let mut table = Table::new();
    for (at_row, row) in [2, 3, 6, 7, 8].into_iter().enumerate() {
        for column in [2, 3, 5] {
            let formula = format!("Xuân!{}+Mùa!{}", at(row, column), at(row + 1, column));
            put(&mut table, row, column, Made::Formula(formula, 7.0));
        }
        // A few rows have the ratio, none of them beside another.
        if at_row % 2 == 0 {
            put(&mut table, row, 4, Made::Number(99 + i64::from(row)));
        }
    }
    let found = faults(&[], &sheet(&table));
    assert!(found.is_empty(), "{found:?}");
}

/// Tables of the other kinds that offices make: quarters and their year, plan, actual and ratio, prices of
/// other sheets, a share of the total, a list that counts up.
#[expect(clippy::float_arithmetic, reason = "the figures of a made workbook")]
fn varied(dice: &mut Dice) -> Table {
    let mut table = Table::new();
    let rows = 5 + u32::try_from(dice.below(16)).expect("small");
    let top = u32::try_from(dice.below(6)).expect("small");
    let left = u32::try_from(dice.below(3)).expect("small");
    let kind = dice.below(5);
    let total_row = top + rows + 1;
    let last = total_row - 1;
    for row in top + 1..=last {
        put(&mut table, row, left, Made::Text(format!("Chỉ tiêu {row}")));
    }
    let typed = |table: &mut Table, dice: &mut Dice, row: u32, column: u32| {
        put(table, row, column, Made::Number(20 + i64::try_from(dice.below(5000)).expect("small")));
    };
    let inputs = if kind == 0 { 4 } else { 2 };
    for column in 0..=inputs + 1 {
        put(&mut table, top, left + 1 + column, Made::Text(format!("Cột {column}")));
    }
    for row in top + 1..=last {
        for column in 0..inputs {
            typed(&mut table, dice, row, left + 1 + column);
        }
    }
    for column in 0..inputs {
        sum(&mut table, total_row, left + 1 + column, (top + 1, last), (left + 1 + column, left + 1 + column));
    }
    let made = left + 1 + inputs;
    let (first, second) = (left + 1, left + 2);
    for row in top + 1..=total_row {
        let (a, b) = (value(&table, row, first), value(&table, row, second));
        let (formula, result) = match kind {
            0 => (
                (first..made).map(|column| at(row, column)).collect::<Vec<_>>().join("+"),
                (first..made).map(|column| value(&table, row, column)).sum(),
            ),
            1 => (format!("IF({}=0,0,ROUND({}/{}*100,2))", at(row, first), at(row, second), at(row, first)), b / a),
            2 => (format!("{}*'Đơn giá'!$B$3", at(row, first)), a * 3.0),
            3 => (
                format!("{}/{}${}*100", at(row, first), crate::model::workbook::column_name(first), total_row + 1),
                a / value(&table, total_row, first) * 100.0,
            ),
            _ => (format!("({}-{})/{}", at(row, second), at(row, first), at(row, first)), (b - a) / a),
        };
        put(&mut table, row, made, Made::Formula(formula, result));
    }
    table
}

/// Breaks a formula in ways that fit any.
#[expect(clippy::float_arithmetic, reason = "the figures of a made workbook")]
fn broken(dice: &mut Dice, formula: &str, value: f64) -> Option<Made> {
    match dice.below(4) {
        #[expect(clippy::cast_possible_truncation, reason = "small numbers of a test")]
        0 => Some(Made::Number(value as i64 + 1)),
        1 => Some(Made::Formula(format!("{formula}+5"), value + 5.0)),
        2 if formula.contains('/') => Some(Made::Formula(formula.replacen('/', "*", 1), value)),
        3 if formula.contains("*100") => Some(Made::Formula(formula.replacen("*100", "", 1), value / 100.0)),
        _ => {
            let cell =
                formula.split(|c: char| !c.is_ascii_alphanumeric()).find(|word| Position::parse(word).is_some())?;
            let place = Position::parse(cell)?;
            let moved = at(place.row.checked_sub(1)?, place.column);
            Some(Made::Formula(formula.replacen(cell, &moved, 1), value))
        }
    }
}

#[test]
fn edits_of_tables_of_other_kinds_are_found() {
    let mut dice = Dice(2_718_281_828_459);
    for _ in 0..60 {
        let table = varied(&mut dice);
        let found = faults(&[], &sheet(&table));
        assert!(found.is_empty(), "{found:?}\n{table:?}");
    }
    // What follows from the edit keeps its old result here; a spreadsheet would compute it anew.
    let is_told = |fault: &FormulaFault| !matches!(fault, FormulaFault::Stale { .. });
    edits_are_found(&mut dice, varied, broken, is_told, (80, 85));
}
