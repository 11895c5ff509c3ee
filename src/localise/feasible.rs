//! Whether linear bands have a common point: Fourier-Motzkin elimination on exact fractions.

use std::collections::BTreeMap;

use super::judge::Span;
use crate::number::Rational;

/// More inequalities than this are not eliminated.
const MOST: usize = 2_000;

/// `sum of coefficient x unknown` lies in `within`.
#[derive(Clone, Debug)]
pub(super) struct Band {
    pub coefficients: Vec<Rational>,
    pub within: Span,
}

/// `coefficients . x <= bound`; the tightest bound for each direction.
type Inequalities = BTreeMap<Vec<Rational>, Rational>;

/// Whether some point lies in all bands; `None` when that takes too much work.
pub(super) fn is_feasible(bands: &[Band], unknowns: usize) -> Option<bool> {
    let mut rows = Inequalities::new();
    for band in bands {
        let negative = band.coefficients.iter().map(|by| -by).collect();
        if let Some(high) = &band.within.high {
            add(&mut rows, band.coefficients.clone(), high.clone());
        }
        if let Some(low) = &band.within.low {
            add(&mut rows, negative, -low);
        }
    }
    for unknown in 0..unknowns {
        rows = eliminate(rows, unknown)?;
    }
    Some(rows.values().all(|bound| !bound.is_negative()))
}

/// The shadow of the solutions on the other unknowns.
fn eliminate(rows: Inequalities, unknown: usize) -> Option<Inequalities> {
    let (mut left, mut above, mut below) = (Inequalities::new(), Vec::new(), Vec::new());
    for (row, bound) in rows {
        match row.get(unknown) {
            Some(by) if by.is_negative() => below.push((row, bound)),
            Some(by) if !by.is_zero() => above.push((row, bound)),
            Some(_) | None => add(&mut left, row, bound),
        }
    }
    if above.len().saturating_mul(below.len()) > MOST {
        return None;
    }
    for (upper, high) in &above {
        for (lower, low) in &below {
            let (up, down) = (upper[unknown].clone(), lower[unknown].abs());
            let row = upper.iter().zip(lower).map(|(a, b)| &(a * &down) + &(b * &up)).collect();
            add(&mut left, row, &(high * &down) + &(low * &up));
        }
    }
    Some(left)
}

/// Adds a row, divided by the size of its first coefficient so that parallel rows are one.
fn add(rows: &mut Inequalities, mut row: Vec<Rational>, mut bound: Rational) {
    if let Some(by) = row.iter().find(|by| !by.is_zero()).and_then(|by| by.abs().recip()) {
        for coefficient in &mut row {
            *coefficient = &*coefficient * &by;
        }
        bound = &bound * &by;
    }
    let tightest = rows.entry(row).or_insert_with(|| bound.clone());
    if bound < *tightest {
        *tightest = bound;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn band(coefficients: &[i64], low: Option<i64>, high: Option<i64>) -> Band {
        Band {
            coefficients: coefficients.iter().map(|by| Rational::from(*by)).collect(),
            within: Span { low: low.map(Rational::from), high: high.map(Rational::from) },
        }
    }

    #[test]
    fn bands_meet_or_not() {
        let sum = band(&[1, 1], Some(10), Some(10));
        let difference = band(&[1, -1], Some(4), Some(4));
        let three = |low, high| band(&[3, 0], low, high);
        assert_eq!(is_feasible(&[sum.clone(), difference.clone()], 2), Some(true), "7 and 3");
        assert_eq!(is_feasible(&[sum.clone(), difference.clone(), three(Some(21), Some(21))], 2), Some(true));
        assert_eq!(is_feasible(&[sum.clone(), difference, three(Some(22), None)], 2), Some(false));
        assert_eq!(
            is_feasible(&[sum.clone(), band(&[1, 0], None, Some(-1)), band(&[0, 1], Some(0), None)], 2),
            Some(true)
        );
        assert_eq!(is_feasible(&[sum, band(&[1, 0], None, Some(4)), band(&[0, 1], None, Some(5))], 2), Some(false));
        assert_eq!(is_feasible(&[band(&[0], Some(1), None)], 1), Some(false), "0 is not 1");
        assert_eq!(is_feasible(&[], 3), Some(true));
    }
}
