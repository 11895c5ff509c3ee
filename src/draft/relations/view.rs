//! The figures of a table along one of its axes, as integers.

use crate::values::number::Decimal;

use super::{
    Along, Figure, Figures, Line,
    words::{self, Said},
};

/// Digits after the point that sums are computed with; what lies behind is binary dust or too fine to
/// matter, and adds to the tolerance.
const FINEST: u32 = 9;
/// Significant digits that products are computed with: a spreadsheet stores no more.
const SIGNIFICANT: u32 = 15;
/// A figure with more digits after the point was divided somewhere and says nothing of how its
/// neighbours are written.
const TYPED: u32 = 6;

/// One figure: `value` and `unit` in units of the finest digit of the table, `mantissa` in units of its own.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Number {
    pub(super) value: i128,
    /// What its last digit is worth; half of it is what it may be off by.
    pub(super) unit: i128,
    pub(super) mantissa: i128,
    pub(super) decimals: u32,
    /// What one of `mantissa` is in units of the table.
    pub(super) worth: i128,
}

/// Lines of a table by positions in them: columns by rows, or rows by columns.
pub(super) struct View<'a> {
    pub(super) along: Along,
    pub(super) lines: usize,
    pub(super) positions: usize,
    pub(super) labels: &'a [Line],
    /// Digits after the point of `value` and `unit`.
    pub(super) scale: u32,
    numbers: Vec<Option<Number>>,
    said: Vec<Said>,
}

impl<'a> View<'a> {
    /// The two views of a table: lines that are columns, lines that are rows.
    pub(super) fn both(figures: &'a Figures) -> (Self, Self) {
        let (rows, columns) = (figures.rows.len(), figures.columns.len());
        let at = |row: usize, column: usize| figures.cells.get(row * columns + column).copied().flatten();
        let fine = |figure: Figure| Some(figure.value.normalize().scale()).filter(|decimals| *decimals <= TYPED);
        let finest = |figure: Option<Figure>| figure.and_then(fine).unwrap_or(0);
        // What stands as 13 among 12,75 and 14,5 is 13,00: the coarser of what its row and its column are
        // written to tells how finely a figure is known.
        let of_row: Vec<u32> =
            (0..rows).map(|row| (0..columns).map(|column| finest(at(row, column))).max().unwrap_or(0)).collect();
        let of_column: Vec<u32> =
            (0..columns).map(|column| (0..rows).map(|row| finest(at(row, column))).max().unwrap_or(0)).collect();
        let mut scale = 0;
        let mut known = Vec::with_capacity(rows * columns);
        for (row, of_row) in of_row.iter().enumerate() {
            for (column, of_column) in of_column.iter().enumerate() {
                let figure = at(row, column).map(|figure| {
                    let own = figure.decimals.max(figure.value.normalize().scale());
                    let decimals = own.max(*of_row.min(of_column)).min(reach(figure, own));
                    scale = scale.max(decimals);
                    (figure.value, decimals)
                });
                known.push(figure);
            }
        }
        let number = |(value, decimals): (Decimal, u32)| {
            let (value, unit) = (rescaled(value, scale)?, 10_i128.checked_pow(scale - decimals)?);
            let (mantissa, decimals) = shortened(value, scale);
            Some(Number { value, unit, mantissa, decimals, worth: 10_i128.checked_pow(scale - decimals)? })
        };
        let numbers: Vec<Option<Number>> = known.into_iter().map(|figure| figure.and_then(number)).collect();
        let turned = (0..columns)
            .flat_map(|column| (0..rows).map(move |row| (row, column)))
            .map(|(row, column)| numbers[row * columns + column]);
        let by_columns = Self {
            along: Along::Columns,
            lines: columns,
            positions: rows,
            labels: &figures.columns,
            scale,
            numbers: turned.collect(),
            said: figures.columns.iter().map(|line| words::said(&line.label)).collect(),
        };
        let by_rows = Self {
            along: Along::Rows,
            lines: rows,
            positions: columns,
            labels: &figures.rows,
            scale,
            numbers,
            said: figures.rows.iter().map(|line| words::said(&line.label)).collect(),
        };
        (by_columns, by_rows)
    }

    /// What stands in a line at a position.
    pub(super) fn get(&self, line: usize, position: usize) -> Option<Number> {
        self.numbers[line * self.positions + position]
    }

    /// A whole line.
    pub(super) fn line(&self, line: usize) -> &[Option<Number>] {
        &self.numbers[line * self.positions..(line + 1) * self.positions]
    }

    /// What the label of a line speaks of.
    pub(super) fn said(&self, line: usize) -> Said {
        self.said.get(line).copied().unwrap_or_default()
    }

    /// The label of a line.
    pub(super) fn label(&self, line: usize) -> &str {
        self.labels.get(line).map_or("", |line| &line.label)
    }

    /// The figures of the same table with one cell replaced.
    pub(super) fn number_of(&self, value: Decimal, like: Number) -> Option<Number> {
        let value = rescaled(value, self.scale)?;
        let (mantissa, decimals) = shortened(value, self.scale);
        Some(Number { value, unit: like.unit, mantissa, decimals, worth: 10_i128.checked_pow(self.scale - decimals)? })
    }

    /// A value in units of the table as a decimal.
    pub(super) fn decimal(&self, value: i128) -> Option<Decimal> {
        Decimal::try_from_i128_with_scale(value, self.scale).ok().map(|decimal| decimal.normalize())
    }
}

/// How finely a figure can be known: one that was divided carries the dust of binary arithmetic in its
/// last significant digits.
fn reach(figure: Figure, decimals: u32) -> u32 {
    if decimals <= TYPED {
        return FINEST;
    }
    let whole = figure.value.trunc().mantissa().unsigned_abs().checked_ilog10().map_or(0, |digits| digits + 1);
    FINEST.min((SIGNIFICANT - 1).saturating_sub(whole))
}

/// A decimal in units of `10^-scale`, rounded where it is finer; `None` out of reach.
fn rescaled(value: Decimal, scale: u32) -> Option<i128> {
    let (mantissa, own) = (value.mantissa(), value.scale());
    let result = if own <= scale {
        mantissa.checked_mul(10_i128.checked_pow(scale - own)?)?
    } else {
        let divisor = 10_i128.checked_pow(own - scale)?;
        (mantissa + mantissa.signum() * divisor / 2) / divisor
    };
    // Sums of a million of them must not overflow.
    (result.abs() < 10_i128.pow(30)).then_some(result)
}

/// A value without its trailing zeros, of at most so many significant digits.
fn shortened(value: i128, scale: u32) -> (i128, u32) {
    let (mut mantissa, mut decimals) = (value, scale);
    while decimals > 0 && (mantissa % 10 == 0 || mantissa.abs() >= 10_i128.pow(SIGNIFICANT)) {
        mantissa = if mantissa % 10 == 0 { mantissa / 10 } else { (mantissa + mantissa.signum() * 5) / 10 };
        decimals -= 1;
    }
    (mantissa, decimals)
}
