//! Whether linear bands have a common point: Fourier-Motzkin elimination on exact fractions.

use std::collections::BTreeMap;

use super::judge::{Band, Span};
use crate::values::number::Rational;

/// More inequalities than this are not eliminated.
const MOST: usize = 2_000;

/// `coefficients . x <= bound`; the tightest bound for each direction.
type Inequalities = BTreeMap<Vec<Rational>, Rational>;

/// Whether some point lies in all bands; `None` when that takes too much work.
pub(super) fn is_feasible(bands: &[Band], unknowns: usize) -> Option<bool> {
    Some(shadows(bands, unknowns)?.last().is_some_and(is_kept))
}

/// A point in all bands: `choose` is given the place of an unknown and the values that are left to
/// it. `None` where there is no point, or it takes too much work, or nothing is chosen.
pub(super) fn point(
    bands: &[Band],
    unknowns: usize,
    mut choose: impl FnMut(usize, &Span) -> Option<Rational>,
) -> Option<Vec<Rational>> {
    let shadows = shadows(bands, unknowns)?;
    if !shadows.last().is_some_and(is_kept) {
        return None;
    }
    let mut chosen = vec![Rational::ZERO; unknowns];
    for unknown in (0..unknowns).rev() {
        let mut left = Span::ALL;
        for (row, bound) in &shadows[unknown] {
            let by = &row[unknown];
            let known: Rational =
                row.iter().zip(&chosen).skip(unknown + 1).map(|(coefficient, value)| coefficient * value).sum();
            let Some(end) = (bound - &known).checked_div(by) else { continue };
            let own = if by.is_negative() {
                Span { low: Some(end), high: None }
            } else {
                Span { low: None, high: Some(end) }
            };
            left = left.meet(&own)?;
        }
        chosen[unknown] = choose(unknown, &left)?;
    }
    Some(chosen)
}

/// The bands, and what is left of them after each unknown is eliminated.
fn shadows(bands: &[Band], unknowns: usize) -> Option<Vec<Inequalities>> {
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
    let mut all = vec![rows];
    for unknown in 0..unknowns {
        all.push(eliminate(all.last()?, unknown)?);
    }
    Some(all)
}

/// Whether what is left without unknowns, `0 <= bound`, is true.
fn is_kept(rows: &Inequalities) -> bool {
    rows.values().all(|bound| !bound.is_negative())
}

/// The shadow of the solutions on the other unknowns.
fn eliminate(rows: &Inequalities, unknown: usize) -> Option<Inequalities> {
    let (mut left, mut above, mut below) = (Inequalities::new(), Vec::new(), Vec::new());
    for (row, bound) in rows {
        match row.get(unknown) {
            Some(by) if by.is_negative() => below.push((row, bound)),
            Some(by) if !by.is_zero() => above.push((row, bound)),
            Some(_) | None => add(&mut left, row.clone(), bound.clone()),
        }
    }
    if above.len().saturating_mul(below.len()) > MOST {
        return None;
    }
    for (upper, high) in &above {
        for (lower, low) in &below {
            let (up, down) = (upper[unknown].clone(), lower[unknown].abs());
            let row = upper.iter().zip(*lower).map(|(a, b)| &(a * &down) + &(b * &up)).collect();
            add(&mut left, row, &(*high * &down) + &(*low * &up));
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

    #[test]
    fn a_point_lies_in_all_bands() {
        let low = |_: usize, span: &Span| span.low.clone().or_else(|| span.high.clone());
        let bands = [band(&[1, 1], Some(10), Some(10)), band(&[1, -1], Some(4), Some(4))];
        assert_eq!(point(&bands, 2, low), Some(vec![7.into(), 3.into()]));
        let bands = [band(&[2, 1], Some(10), None), band(&[1, 0], None, Some(3)), band(&[0, 1], Some(1), Some(9))];
        assert_eq!(point(&bands, 2, low), Some(vec![3.into(), 4.into()]), "y from 4 on, since x is 3 at most");
        assert_eq!(point(&[band(&[1, 0], Some(1), None), band(&[1, 0], None, Some(0))], 2, low), None);
    }
}
