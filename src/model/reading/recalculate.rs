//! What a formula gives for the cells as they stand, where that is sure: sums, subtotals, the four
//! operations and ROUND over cells of its own workbook. All else is left alone.
//!
//! What breaks if this is changed: a result that is called stale sends an officer to a cell that is
//! right. So what is not fully understood gives no result at all.

mod number;

use std::{borrow::Cow, marker::PhantomData, sync::Arc};

use number::{Number, Quick};

use crate::{
    model::{
        reading::{Computation, computed_slack},
        workbook::{Area, Cell, Position, Sheet, Value},
    },
    values::number::{Amount, Convention, Decimal, Rational, Rounding, StoredNumber, digits, parse},
};

/// Brackets within brackets are followed so far.
const DEEPEST: u32 = 32;
/// Longer formulas are left alone.
const LONGEST: usize = 1_000;

/// What the formula of a cell gives, held against the `stored` result; `None` where that cannot be
/// told, and where it is just what is stored. `sheets` are those of its workbook, and `steps` the cells
/// that may still be looked at.
pub(crate) fn recalculate(
    (sheets, sheet): (&[Arc<Sheet>], &Sheet),
    formula: &str,
    stored: Decimal,
    steps: &mut u32,
) -> Option<Computation> {
    // Nearly all give what is stored, and small numbers show that at a tenth of the cost.
    let mut left = *steps;
    if let Some((result, _, found)) = evaluate::<Quick>((sheets, sheet), formula, &mut left)
        && result.is(stored)
        && found.skipped.is_empty()
        && found.subtotals.is_empty()
    {
        *steps = left;
        return None;
    }
    let (result, largest, found) = evaluate::<Rational>((sheets, sheet), formula, steps)?;
    let digit = Rational::power_of_ten(-i32::try_from(stored.normalize().scale()).ok()?);
    let half = digit.checked_div(&Rational::from(2))?;
    let off = (&result - &Rational::from(stored)).abs();
    // Numbers of this many digits are stored rounded.
    let slack = if digits(stored) >= 12 { computed_slack(&largest).max(half) } else { computed_slack(&largest) };
    let is_stale = off > slack && !found.near_tie;
    if !is_stale && found.skipped.is_empty() && found.subtotals.is_empty() {
        return None;
    }
    let exact = exact(&result)?;
    Some(Computation { result: exact, is_stale, skipped: found.skipped, subtotals: found.subtotals })
}

/// What a formula gives, the largest of what it is made of, and what was noticed on the way.
fn evaluate<N: Number>(
    (sheets, sheet): (&[Arc<Sheet>], &Sheet),
    formula: &str,
    steps: &mut u32,
) -> Option<(N, Rational, Noticed)> {
    if formula.len() > LONGEST {
        return None;
    }
    let (names_sheets, largest, found) = (formula.contains('!'), Rational::ZERO, Noticed::default());
    let mut machine =
        Machine { sheets, sheet, rest: formula, names_sheets, depth: 0, steps, largest, found, kind: PhantomData };
    let result = machine.sum()?;
    machine.rest.trim().is_empty().then_some((result, machine.largest, machine.found))
}

/// A result as a decimal, rounded where it never ends.
fn exact(result: &Rational) -> Option<Decimal> {
    Some(result.to_exact_decimal().or_else(|| result.to_decimal(6, Rounding::HalfUp))?.normalize())
}

#[derive(Default)]
struct Noticed {
    /// Numbers typed as text, in the sheet of the formula, that a sum leaves out.
    skipped: Vec<(Position, Decimal)>,
    /// Cells within a summed area of that sheet that sum others up themselves.
    subtotals: Vec<(Position, Decimal)>,
    /// Whether ROUND had to decide about what lies between two numbers.
    near_tie: bool,
}

struct Machine<'a, 's, N> {
    sheets: &'a [Arc<Sheet>],
    sheet: &'a Sheet,
    rest: &'a str,
    /// Whether the formula may name another sheet at all.
    names_sheets: bool,
    depth: u32,
    steps: &'s mut u32,
    /// The largest of the numbers that went in, where the kind of number keeps it.
    largest: Rational,
    found: Noticed,
    kind: PhantomData<N>,
}

impl<'a, N: Number> Machine<'a, '_, N> {
    /// The first byte of what comes next, behind blanks; 0 at the end.
    fn peek(&mut self) -> u8 {
        let first = |rest: &str| rest.as_bytes().first().copied().unwrap_or(0);
        let byte = first(self.rest);
        // Nearly every formula has no blanks; those of a font or a language are no ASCII.
        if byte > b' ' && byte.is_ascii() {
            return byte;
        }
        self.rest = self.rest.trim_start();
        first(self.rest)
    }

    /// Takes an ASCII sign, and blanks before it.
    fn take(&mut self, sign: u8) -> bool {
        let is_there = self.peek() == sign;
        self.rest = &self.rest[usize::from(is_there)..];
        is_there
    }

    /// Moves behind the ASCII sign that comes next.
    fn skip(&mut self) {
        self.rest = &self.rest[1..];
    }

    /// The next letters and digits, and what follows them.
    fn word(&self, others: &[u8]) -> (&'a str, &'a str) {
        let length = self.rest.bytes().position(|byte| !(byte.is_ascii_alphanumeric() || others.contains(&byte)));
        self.rest.split_at(length.unwrap_or(self.rest.len()))
    }

    /// Terms with plus and minus between them.
    fn sum(&mut self) -> Option<N> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut sum = self.product()?;
        loop {
            let sign = self.peek();
            if !matches!(sign, b'+' | b'-') {
                self.depth -= 1;
                return Some(sum);
            }
            self.skip();
            let other = self.product()?;
            sum = sum.plus(&if sign == b'-' { other.negated()? } else { other })?;
        }
    }

    fn product(&mut self) -> Option<N> {
        let mut product = self.signed()?;
        loop {
            let sign = self.peek();
            if !matches!(sign, b'*' | b'/') {
                return Some(product);
            }
            self.skip();
            let other = self.signed()?;
            product = if sign == b'*' { product.times(&other)? } else { product.over(&other)? };
        }
    }

    fn signed(&mut self) -> Option<N> {
        let (mut negative, mut signs) = (false, 0);
        loop {
            let sign = self.peek();
            if !matches!(sign, b'+' | b'-') {
                break;
            }
            self.skip();
            negative ^= sign == b'-';
            signs += 1;
            if signs > DEEPEST {
                return None;
            }
        }
        let mut value = self.operand()?;
        while self.take(b'%') {
            value = value.over(&N::of(Decimal::ONE_HUNDRED)?)?;
        }
        if negative { value.negated() } else { Some(value) }
    }

    fn operand(&mut self) -> Option<N> {
        if self.take(b'(') {
            let value = self.sum()?;
            return self.take(b')').then_some(value);
        }
        let other = self.other_sheet()?;
        let (word, after) = self.word(b".$_");
        // What follows would make something else of it: another workbook, a range.
        if word.is_empty() || after.starts_with(['!', ':', '\'', '[']) {
            return None;
        }
        self.rest = after;
        if let Some(other) = other {
            return self.cell(other, position(word)?);
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) || word.starts_with('.') {
            return N::of(word.parse().ok()?);
        }
        if self.take(b'(') {
            return self.call(word);
        }
        self.cell(self.sheet, position(word)?)
    }

    fn cell(&mut self, sheet: &Sheet, at: Position) -> Option<N> {
        let value = match sheet.row(at.row).and_then(|row| Some((row, row.place_of(at.column)?))) {
            None => N::ZERO,
            Some((row, place)) => match row.short(place) {
                Some((mantissa, decimals)) => N::of_short(mantissa, decimals)?,
                None => N::of_stored(number_of(&row.cell(place))?)?,
            },
        };
        self.spend(1)?;
        value.weigh(&mut self.largest);
        Some(value)
    }

    /// The sheet that is named before a cell: `Sheet2!`, `'Vụ xuân'!`. `None` where one is named that is
    /// not in the workbook.
    #[allow(clippy::option_option)]
    fn other_sheet(&mut self) -> Option<Option<&'a Sheet>> {
        self.peek();
        if !self.names_sheets {
            return Some(None);
        }
        let (name, after): (Cow<'_, str>, _) = if let Some(quoted) = self.rest.strip_prefix('\'') {
            let mut from = 0;
            // A quote within the name is doubled.
            let end = loop {
                let end = from + quoted[from..].find('\'')?;
                if !quoted[end + 1..].starts_with('\'') {
                    break end;
                }
                from = end + 2;
            };
            let name = &quoted[..end];
            let is_plain = from == 0;
            (
                if is_plain { name.into() } else { Cow::from(name.replace("''", "'")) },
                quoted[end + 1..].strip_prefix('!')?,
            )
        } else {
            let length = self.rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_')));
            let (name, after) = self.rest.split_at(length.unwrap_or(self.rest.len()));
            let Some(after) = after.strip_prefix('!') else { return Some(None) };
            (name.into(), after)
        };
        let is_it = |sheet: &&Arc<Sheet>| sheet.name.to_lowercase() == name.to_lowercase();
        let sheet = self.sheets.iter().find(|sheet| *sheet.name == *name).or_else(|| self.sheets.iter().find(is_it))?;
        self.rest = after;
        Some(Some(sheet))
    }

    fn call(&mut self, name: &str) -> Option<N> {
        let is = |function: &str| name.eq_ignore_ascii_case(function);
        if is("SUM") {
            return self.areas(false);
        }
        if is("SUBTOTAL") {
            let is_sum = matches!(self.sum()?.whole(), Some(9 | 109));
            return (is_sum && (self.take(b',') || self.take(b';'))).then(|| self.areas(true))?;
        }
        if !is("ROUND") {
            return None;
        }
        let value = self.sum()?;
        let digits = (self.take(b',') || self.take(b';')).then(|| self.sum())??;
        if !self.take(b')') {
            return None;
        }
        let digits = i32::try_from(digits.whole()?).ok().filter(|digits| (-15..=15).contains(digits))?;
        let (rounded, is_near_tie) = value.rounded(digits, &self.largest)?;
        self.found.near_tie |= is_near_tie;
        Some(rounded)
    }

    /// The arguments of a sum, to the closing bracket.
    fn areas(&mut self, is_subtotal: bool) -> Option<N> {
        let mut sum = N::ZERO;
        loop {
            let start = self.rest;
            let other = self.other_sheet()?;
            let (written, after) = self.word(b"$:");
            let next = after.trim_start();
            let area = area(written).filter(|_| next.starts_with([',', ';', ')']));
            if let Some(area) = area {
                self.rest = after;
                sum = sum.plus(&self.area(other.unwrap_or(self.sheet), area, is_subtotal)?)?;
            } else if is_subtotal {
                return None;
            } else {
                self.rest = start;
                sum = sum.plus(&self.sum()?)?;
            }
            if self.take(b')') {
                return Some(sum);
            }
            if !(self.take(b',') || self.take(b';')) {
                return None;
            }
        }
    }

    fn area(&mut self, sheet: &Sheet, area: Area, is_subtotal: bool) -> Option<N> {
        let mut sum = N::ZERO;
        let is_own = std::ptr::eq(sheet, self.sheet);
        for row in sheet.rows_from(area.first.row).take_while(|row| row.row <= area.last.row) {
            self.spend(1)?;
            if is_subtotal && sheet.hidden_rows.binary_search(&row.row).is_ok() {
                return None;
            }
            let formulas = if is_own || is_subtotal { Some(row.formulas()) } else { None };
            for cell in row.cells_in(area.first.column..=area.last.column) {
                self.spend(1)?;
                let at = Position::new(row.row, cell.column);
                let formula = formulas.and_then(|formulas| cell.formula_in(formulas));
                if is_subtotal && formula.is_some_and(|formula| calls(formula, "SUBTOTAL(")) {
                    continue;
                }
                match cell.value {
                    Value::Text(_) if !is_own => {}
                    Value::Text(text) => {
                        if let Amount::Number(figure) = parse(text, Convention::Vietnamese) {
                            self.found.skipped.push((at, figure.value));
                        }
                    }
                    // A sum passes over what is true or false.
                    Value::Bool(_) => {}
                    Value::Number(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => {
                        let value = number_of(&cell)?;
                        let adds = |formula: &str| calls(formula, "SUM(") || calls(formula, "SUBTOTAL(");
                        if is_own && formula.is_some_and(|formula| adds(formula)) {
                            self.found.subtotals.push((at, value.exact().ok()?));
                        }
                        let value = match cell.short() {
                            Some((mantissa, decimals)) => N::of_short(mantissa, decimals)?,
                            None => N::of_stored(value)?,
                        };
                        value.weigh(&mut self.largest);
                        sum = sum.plus(&value)?;
                    }
                }
            }
        }
        sum.weigh(&mut self.largest);
        Some(sum)
    }

    fn spend(&mut self, steps: u32) -> Option<()> {
        *self.steps = self.steps.checked_sub(steps)?;
        Some(())
    }
}

/// Whether a formula begins with the call of a function.
fn calls(formula: &str, function: &str) -> bool {
    formula.trim_start().get(..function.len()).is_some_and(|start| start.eq_ignore_ascii_case(function))
}

/// The number that a cell gives to a formula.
fn number_of(cell: &Cell<'_>) -> Option<StoredNumber> {
    match cell.value {
        Value::Number(number) => Some(number),
        Value::Date { serial, .. } => serial,
        Value::Text(_) | Value::Bool(_) | Value::Error(_) | Value::NoResult => None,
    }
}

/// `$D$12`
fn position(written: &str) -> Option<Position> {
    if written.contains('$') { Position::parse(&written.replace('$', "")) } else { Position::parse(written) }
}

/// `D9:D12`, or one cell.
fn area(written: &str) -> Option<Area> {
    let (first, last) = written.split_once(':').unwrap_or((written, written));
    let (first, last) = (position(first)?, position(last)?);
    (first.row <= last.row && first.column <= last.column).then_some(Area { first, last })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, *};

    use super::*;

    fn sheet() -> Sheet {
        let number = |value| Value::Number(StoredNumber::from_f64(value).expect("finite"));
        Sheet::of_cells(
            "x",
            [
                (0, 0, number(369.0), None),
                (1, 0, number(66.0), None),
                (2, 0, Value::Text("131"), None),
                (3, 0, number(435.0), Some("SUM(A1:A3)")),
                (4, 0, number(0.1), None),
                (5, 0, number(1700.0), None),
                (6, 0, number(84.0), None),
                (7, 0, Value::Error("#REF!"), None),
                (8, 0, number(435.0), Some("SUBTOTAL(9,A1:A2)")),
            ],
        )
    }

    fn of(formula: &str, stored: &str) -> Option<String> {
        let stored = stored.parse().expect("a decimal");
        let number = |value| Value::Number(StoredNumber::from_f64(value).expect("finite"));
        let cells = [(0, 0, number(7.0), None), (1, 0, number(8.0), None), (2, 0, Value::Text("9"), None)];
        let sheets = ["Sheet2", "Vụ xuân", "Nhà 'B'"].map(|name| Arc::new(Sheet::of_cells(name, cells)));
        let (result, _, found) = evaluate::<Rational>((&sheets, &sheet()), formula, &mut 1_000)?;
        let told = recalculate((&sheets, &sheet()), formula, stored, &mut 1_000);
        let is_stale = told.as_ref().is_some_and(|told| told.is_stale);
        assert_eq!(told.is_some(), is_stale || !found.skipped.is_empty() || !found.subtotals.is_empty(), "{formula}");
        let list = |cells: &[(Position, Decimal)]| {
            cells.iter().map(|(at, value)| format!(" {at}={value}")).collect::<Vec<_>>().concat()
        };
        let (skipped, subtotals) = (list(&found.skipped), list(&found.subtotals));
        Some(format!("{}{}{skipped}|{subtotals}", exact(&result)?, if is_stale { " stale" } else { "" }))
    }

    #[test]
    fn formulas() {
        for (formula, stored, expected) in [
            ("SUM(A1:A3)", "435", Some("435 A3=131|")),
            ("SUM(A1:A2)", "430", Some("435 stale|")),
            ("sum($A$1, A2)", "435", Some("435|")),
            ("SUM(A1, A2:A2)", "435", Some("435|")),
            ("SUM( A1:A2 )", "430", Some("435 stale|")),
            ("SUM(A1:A2; A3)", "435", Some("435 A3=131|")),
            ("SUM(A1:A2,\u{a0}A3:A4)", "870", Some("870 A3=131| A4=435")),
            ("SUBTOTAL(9, A1:A2, A9)", "435", Some("435|")),
            ("SUM(A1:A4)", "870", Some("870 A3=131| A4=435")),
            ("SUBTOTAL(9,A1:A9)", "2654.1", None),
            ("SUBTOTAL(9,A1:A2)", "435", Some("435|")),
            ("SUBTOTAL(9,A1:A2,A9)", "435", Some("435|")),
            ("SUBTOTAL(1,A1:A2)", "435", None),
            ("A7/A6*100", "4.94117647058824", Some("4.941176|")),
            ("A7/A6*100", "4.94", Some("4.941176 stale|")),
            ("ROUND(A7/A6*100,2)", "4.94", Some("4.94|")),
            ("ROUND(A7/A6*100,2)", "4.95", Some("4.94 stale|")),
            ("ROUND(A5*5,0)", "0", Some("1|")),
            ("-(A1-A2)*2", "-606", Some("-606|")),
            ("A1+A10", "369", Some("369|")),
            ("A1*50%", "184.5", Some("184.5|")),
            ("A1+A3", "500", None),
            ("A1+A8", "1", None),
            ("SUM(A1:A8)", "1", None),
            ("A1/A10", "0", None),
            ("Sheet2!A1+1", "8", Some("8|")),
            ("SHEET2!$A$1+A2", "1", Some("73 stale|")),
            ("SUM(Sheet2!A1:A3)", "15", Some("15|")),
            ("SUM('Vụ xuân'!A1:A2,'Nhà ''B'''!A1,A1)", "391", Some("391|")),
            ("SUM('Vụ xuân'!A1+1, 2)", "10", Some("10|")),
            ("'Vụ xuân'!A2*2", "15", Some("16 stale|")),
            ("Sheet2!A3+1", "1", None),
            ("Sheet3!A1+1", "1", None),
            ("[1]Sheet2!A1+1", "1", None),
            ("'[khác.xlsx]Sheet2'!A1+1", "1", None),
            ("SUM(Sheet2:Sheet3!A1)", "1", None),
            ("SUM('Vụ xuân:Sheet2'!A1)", "1", None),
            ("SUM('Vụ xuân", "1", None),
            ("'Vụ xuân'", "1", None),
            ("Sheet2!A1:A2", "1", None),
            ("Sheet2!SUM(A1)", "1", None),
            ("IF(A1>0,1,2)", "1", None),
            ("A1&A2", "1", None),
            ("SUM(A:A)", "1", None),
            ("", "1", None),
            ("((((", "1", None),
        ] {
            assert_eq!(of(formula, stored).as_deref(), expected, "{formula}");
        }
        let mut steps = 2;
        assert!(recalculate((&[], &sheet()), "SUM(A1:A2)", Decimal::ONE, &mut steps).is_none(), "no steps are left");
        assert_eq!(of(&"(".repeat(900), "1"), None);
        assert_eq!(of(&"-".repeat(900), "1"), None);
    }

    /// Formulas of cells, numbers, operations, sums and roundings.
    fn formula() -> impl Strategy<Value = String> {
        let cell = (0..12u32).prop_map(|row| format!("A{}", row + 1));
        let number = (0..100_000u32, 0..4u32).prop_map(|(n, scale)| Decimal::new(n.into(), scale).to_string());
        let area = (1..10u32, 0..4u32).prop_map(|(from, rows)| format!("SUM(A{from}:A{})", from + rows));
        let subtotal = (1..10u32, 0..4u32).prop_map(|(from, rows)| format!("SUBTOTAL(9,A{from}:A{})", from + rows));
        let other = (1..5u32).prop_map(|row| format!("'Nhà ''B'''!A{row}"));
        prop_oneof![8 => cell, 3 => number, 2 => area, 1 => subtotal, 2 => other].prop_recursive(4, 24, 3, |inner| {
            let sign = prop_oneof![Just('+'), Just('-'), Just('*'), Just('/')];
            let two = (inner.clone(), sign, inner.clone());
            prop_oneof![
                4 => two.prop_map(|(one, sign, other)| format!("{one}{sign}{other}")),
                1 => inner.clone().prop_map(|value| format!("-({value})%")),
                1 => (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("SUM({one},{other})")),
                2 => (inner, -2..5i32).prop_map(|(value, digits)| format!("ROUND({value},{digits})")),
            ]
        })
    }

    proptest! {
        #[test]
        fn small_numbers_give_what_exact_ones_give(
            formula in formula(),
            values in proptest::collection::vec((-1_000_000i64..1_000_000, 0..5u32, 0..20u32), 10),
        ) {
            let number = |(n, scale, kind): (i64, u32, u32)| match kind {
                0 => Value::Text("7,5"),
                1 => Value::Bool(true),
                2 => Value::Number(StoredNumber::from_f64(1e17).expect("finite")),
                // A five in the last place makes ties.
                3 => Value::Number(StoredNumber::from_short(n * 100_000_000 + 5, scale)),
                _ => Value::Number(StoredNumber::from_short(n, scale)),
            };
            let cells = || (0..).zip(&values).map(|(row, value)| {
                (row, 0, number(*value), (row == 3).then_some("SUM(A1:A2)"))
            });
            let (sheets, sheet) = ([Arc::new(Sheet::of_cells("Nhà 'B'", cells()))], Sheet::of_cells("x", cells()));
            let (mut quick_steps, mut steps) = (1_000, 1_000);
            let quick = evaluate::<Quick>((&sheets, &sheet), &formula, &mut quick_steps);
            let exact = evaluate::<Rational>((&sheets, &sheet), &formula, &mut steps);
            let Some((quick, _, quick_found)) = quick else { return Ok(()) };
            let Some((exact, _, found)) = exact else { return Err(TestCaseError::fail("only small numbers give it")) };
            let decimal = exact.to_exact_decimal();
            prop_assert!(decimal.is_none_or(|decimal| quick.is(decimal)), "{quick:?} {exact:?}");
            prop_assert!(decimal.is_some() || !quick.is(exact.to_decimal(6, Rounding::HalfUp).unwrap_or_default()));
            prop_assert_eq!(quick.whole(), exact.whole());
            prop_assert_eq!(
                (quick_found.skipped, quick_found.subtotals, quick_steps),
                (found.skipped, found.subtotals, steps)
            );
        }
    }
}
