//! Rows that number the columns of a table: `(1) (2) (3)=(2)/(1)`, `A B 1 2`.

use crate::{
    model::workbook::{Row, Value},
    values::{number::Decimal, text},
};

/// Fewest numbers that make a row of columns numbered from another number than its place, as on the
/// second sheet of a wide form.
const FEWEST: usize = 3;

/// Whether a row numbers the columns of a table, of which these hold labels and those values.
/// `x | 15` and `A | 7 | 3` are data.
pub(super) fn numbers_columns(row: &Row<'_>, labels: &[u32], values: impl Fn(u32) -> bool) -> bool {
    // Cheap: nearly every row below a header is asked.
    let is_first_an_index = row.cells().next().is_some_and(|cell| is_index(cell.value));
    is_first_an_index
        && row.cells().all(|cell| is_index(cell.value))
        && labels.iter().all(|column| row.get(*column).is_none_or(|cell| is_index(cell.value)))
        && row.cells().any(|cell| values(cell.column))
        && count_columns(row)
}

/// Whether the numbers of a row count columns: two of them at least, each a little more than the one
/// before, and none higher than its place or all of them in one run.
fn count_columns(row: &Row<'_>) -> bool {
    let numbers: Vec<(u64, u64)> =
        row.cells().filter_map(|cell| Some((u64::from(cell.column) + 1, counted(cell.value)?))).collect();
    let in_order = numbers.windows(2).all(|pair| pair[0].1 < pair[1].1 && pair[1].1 - pair[0].1 <= 3);
    let in_place = numbers.iter().all(|(place, number)| (1..=*place).contains(number));
    let in_one_run = numbers.len() >= FEWEST && numbers.windows(2).all(|pair| pair[0].1 + 1 == pair[1].1);
    // "(7)", and -7, which is what a spreadsheet makes of it, are no figures of a table.
    let in_brackets = numbers.len() > 1
        && row.cells().all(|cell| match cell.value {
            Value::Number(number) => number.exact().is_ok_and(|number| number.is_sign_negative()),
            Value::Text(text) => !text::trim(text).starts_with(|c: char| c.is_ascii_digit()),
            Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => false,
        });
    numbers.len() > 1 && in_order && (in_place || in_one_run || in_brackets)
}

/// The number that a cell of such a row gives its column: 4 for `(4)=(5)+(18)`, and for -4, which is
/// what a program makes of a typed `(4)`.
fn counted(value: Value<'_>) -> Option<u64> {
    match value {
        Value::Number(number) => {
            number.exact().ok().filter(Decimal::is_integer).and_then(|number| number.abs().try_into().ok())
        }
        Value::Text(text) => {
            let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
            digits.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse().ok())
        }
        Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => None,
    }
}

fn is_index(value: Value<'_>) -> bool {
    match value {
        Value::Number(number) => number.exact().is_ok_and(|n| n.is_integer() && n.abs() < 1000.into()),
        Value::Text(text) => {
            let short: String = text.chars().filter(|c| !c.is_whitespace() && !text::is_ignorable(*c)).collect();
            let bare = short.trim_start_matches(['(', '[']).trim_end_matches([')', ']']);
            let letters = bare.chars().count() == 1 && bare.chars().all(char::is_alphabetic);
            let formula = short.starts_with(|c: char| c.is_ascii_digit() || c == '(' || c == '[')
                && short.chars().any(|c| c.is_ascii_digit())
                && short.chars().all(|c| c.is_ascii_digit() || "()[]=+-*/:x×%…,.;".contains(c));
            // -7 as delimited text.
            let negative = bare
                .strip_prefix('-')
                .is_some_and(|digits| (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()));
            letters || formula || negative
        }
        Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::workbook::Sheet, values::number::StoredNumber};

    fn is_numbering(cells: &[&str]) -> bool {
        let cells = (0u16..).zip(cells).filter(|(_, text)| !text.is_empty()).map(|(column, text)| {
            let value = match text.parse::<i64>() {
                Ok(number) => Value::Number(StoredNumber::from_short(number, 0)),
                Err(_) => Value::Text(text),
            };
            (0, column, value, None)
        });
        let sheet = Sheet::of_cells("S", cells);
        sheet.row(0).is_some_and(|row| numbers_columns(&row, &[1], |column| column > 1))
    }

    #[test]
    fn columns_are_numbered_in_many_ways() {
        for row in [
            &["(1)", "(2)", "(3)", "(4)=(3)/(2)"] as &[&str],
            &["A", "B", "1", "2", "3=2/1x100"],
            &["(A)", "(B)", "(1)", "(2)"],
            &["-1", "-2", "-3", "-4"],
            &["A", "B", "-1", "-2"],
            &["", "(1)", "(4)=(5)+(6)+…+(9)", "(5)"],
            // The second sheet of a wide form.
            &["A", "B", "15", "16", "17"],
            &["", "B", "(15)", "(16)"],
            &["-15", "-16", "-17"],
        ] {
            assert!(is_numbering(row), "{row:?}");
        }
        // As delimited text, where nothing is a number.
        let cells = (0u16..).zip(["-5", "-6", "-7"]).map(|(column, text)| (0, column, Value::Text(text), None));
        let sheet = Sheet::of_cells("S", cells);
        assert!(sheet.row(0).is_some_and(|row| numbers_columns(&row, &[0], |column| column > 0)));
    }

    #[test]
    fn data_is_no_numbering() {
        for row in [
            &["1", "x", "15", "16"] as &[&str],
            &["", "A", "7", "3"],
            &["", "A", "15", "16"],
            &["1", "Thôn Đông", "2", "3"],
            &["", "", "1", "1"],
            &["", "", "12", "40"],
        ] {
            assert!(!is_numbering(row), "{row:?}");
        }
    }
}
