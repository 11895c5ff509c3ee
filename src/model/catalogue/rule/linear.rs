//! Comparisons whose two sides are sums of figures times fixed numbers.

use super::{Operand, Relation, Value};
use crate::values::number::Rational;

/// A comparison as `factor × figure + ... + constant RELATION 0`: the left side less the right.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// Figures with their factors, each figure once, in the order of the rule; no factor is 0. A
    /// figure with `members` stands for each village or month with that factor.
    pub terms: Vec<(Operand, Rational)>,
    /// What stands alone.
    pub constant: Rational,
    /// How the sum stands to 0.
    pub relation: Relation,
}

impl Linear {
    /// `left RELATION right`; `None` where a side is not linear: figures multiplied or divided by
    /// figures, texts, `abs`, `min`, `max`, `count` and digits.
    pub fn of(left: &Value, relation: Relation, right: &Value) -> Option<Self> {
        let mut linear = Self { terms: Vec::new(), constant: Rational::ZERO, relation };
        linear.collect(left, &Rational::ONE)?;
        linear.collect(right, &-&Rational::ONE)?;
        linear.terms.retain(|(_, factor)| !factor.is_zero());
        Some(linear)
    }

    /// Adds a value times a factor.
    fn collect(&mut self, value: &Value, factor: &Rational) -> Option<()> {
        match value {
            Value::Number(number) => self.constant = &self.constant + &(number * factor),
            Value::Reading(operand) => match self.terms.iter_mut().find(|(known, _)| known == operand) {
                Some((_, sum)) => *sum = &*sum + factor,
                None => self.terms.push((operand.clone(), factor.clone())),
            },
            Value::Negative(inner) => self.collect(inner, &-factor)?,
            Value::Sum(pieces) => {
                for (minus, piece) in pieces {
                    self.collect(piece, &if *minus { -factor } else { factor.clone() })?;
                }
            }
            Value::Product(pieces) => {
                let mut scale = factor.clone();
                let mut figure = None;
                for (divides, piece) in pieces {
                    match (constant(piece), divides) {
                        (Some(number), false) => scale = &scale * &number,
                        (Some(number), true) => scale = scale.checked_div(&number)?,
                        (None, false) if figure.is_none() => figure = Some(piece),
                        (None, _) => return None,
                    }
                }
                match figure {
                    Some(figure) => self.collect(figure, &scale)?,
                    None => self.constant = &self.constant + &scale,
                }
            }
            Value::Text(_)
            | Value::Absolute(_)
            | Value::Least(_)
            | Value::Greatest(_)
            | Value::Count(_)
            | Value::Digits(_)
            | Value::CountWhere { .. }
            | Value::Median(_)
            | Value::Length(_)
            | Value::Decimals(_) => return None,
        }
        Some(())
    }
}

/// The number that a value without figures is.
pub(super) fn constant(value: &Value) -> Option<Rational> {
    let mut figures = false;
    value.each_operand(&mut |_| figures = true);
    if figures {
        return None;
    }
    let mut linear = Linear { terms: Vec::new(), constant: Rational::ZERO, relation: Relation::Equals };
    linear.collect(value, &Rational::ONE)?;
    Some(linear.constant)
}

/// A value as sums, one for each of its cases.
struct Piece {
    /// What has to hold for this case, each to be at least 0.
    when: Vec<Linear>,
    sum: Linear,
}

/// Values with more cases are not solved.
const MOST_CASES: usize = 24;

impl Linear {
    /// `left RELATION right`, where `abs`, `min` and `max` stand among linear pieces: all of the
    /// comparisons of at least one case. `None` where something else is not linear, or there are
    /// too many cases. A comparison without them is one case of one comparison.
    pub fn cases(left: &Value, relation: Relation, right: &Value) -> Option<Vec<Vec<Self>>> {
        let difference = Value::Sum(vec![(false, left.clone()), (true, right.clone())]);
        let pieces = pieces(&difference)?;
        let case = |Piece { mut when, mut sum }: Piece| {
            sum.relation = relation;
            when.push(sum);
            when
        };
        Some(pieces.into_iter().map(case).collect())
    }

    fn plus(&self, other: &Self, by: &Rational) -> Self {
        let mut sum = self.clone();
        sum.constant = &sum.constant + &(&other.constant * by);
        for (operand, factor) in &other.terms {
            let factor = factor * by;
            match sum.terms.iter_mut().find(|(known, _)| known == operand) {
                Some((_, all)) => *all = &*all + &factor,
                None => sum.terms.push((operand.clone(), factor)),
            }
        }
        sum.terms.retain(|(_, factor)| !factor.is_zero());
        sum
    }
}

fn pieces(value: &Value) -> Option<Vec<Piece>> {
    let mut plain = Linear { terms: Vec::new(), constant: Rational::ZERO, relation: Relation::AtLeast };
    let minus = -&Rational::ONE;
    match value {
        Value::Negative(inner) => Some(scaled(pieces(inner)?, &minus)),
        Value::Sum(values) => {
            let mut all = vec![Piece { when: Vec::new(), sum: plain }];
            for (is_less, value) in values {
                let by = if *is_less { minus.clone() } else { Rational::ONE };
                let own = pieces(value)?;
                let both = |one: &Piece, more: &Piece| Piece {
                    when: [one.when.as_slice(), &more.when].concat(),
                    sum: one.sum.plus(&more.sum, &by),
                };
                all = all.iter().flat_map(|one| own.iter().map(move |more| both(one, more))).collect();
                if all.len() > MOST_CASES {
                    return None;
                }
            }
            Some(all)
        }
        Value::Product(values) => {
            let mut by = Rational::ONE;
            let mut inner = None;
            for (divides, value) in values {
                match (constant(value), divides) {
                    (Some(number), false) => by = &by * &number,
                    (Some(number), true) => by = by.checked_div(&number)?,
                    (None, false) if inner.is_none() => inner = Some(value),
                    (None, _) => return None,
                }
            }
            let Some(inner) = inner else {
                plain.constant = by;
                return Some(vec![Piece { when: Vec::new(), sum: plain }]);
            };
            Some(scaled(pieces(inner)?, &by))
        }
        Value::Absolute(inner) => {
            let mut all = Vec::new();
            for piece in pieces(inner)? {
                for by in [&Rational::ONE, &minus] {
                    let sum = Linear { relation: Relation::AtLeast, ..plain.plus(&piece.sum, by) };
                    let when = piece.when.iter().cloned().chain([sum.clone()]).collect();
                    all.push(Piece { when, sum });
                }
            }
            (all.len() <= MOST_CASES).then_some(all)
        }
        Value::Least(values) => extreme(values, &minus),
        Value::Greatest(values) => extreme(values, &Rational::ONE),
        Value::Number(_) | Value::Reading(_) => {
            plain.collect(value, &Rational::ONE)?;
            Some(vec![Piece { when: Vec::new(), sum: plain }])
        }
        Value::Text(_)
        | Value::Count(_)
        | Value::CountWhere { .. }
        | Value::Median(_)
        | Value::Length(_)
        | Value::Digits(_)
        | Value::Decimals(_) => None,
    }
}

fn scaled(pieces: Vec<Piece>, by: &Rational) -> Vec<Piece> {
    let nothing = Linear { terms: Vec::new(), constant: Rational::ZERO, relation: Relation::AtLeast };
    pieces.into_iter().map(|piece| Piece { sum: nothing.plus(&piece.sum, by), ..piece }).collect()
}

/// The greatest of the values, or the least with `by` -1: one case for each of them.
fn extreme(values: &[Value], by: &Rational) -> Option<Vec<Piece>> {
    let mut each = Vec::new();
    for value in values {
        if matches!(value, Value::Reading(operand) if operand.members) {
            return None;
        }
        each.push(pieces(value)?);
    }
    let mut found = Vec::new();
    for (at, own) in each.iter().enumerate() {
        for piece in own {
            let mut cases = vec![piece.when.clone()];
            for (_, others) in each.iter().enumerate().filter(|(other, _)| *other != at) {
                let above = |other: &Piece| {
                    let difference = piece.sum.plus(&other.sum, &-&Rational::ONE);
                    let nothing = Linear { terms: Vec::new(), constant: Rational::ZERO, relation: Relation::AtLeast };
                    let difference = Linear { relation: Relation::AtLeast, ..nothing.plus(&difference, by) };
                    other.when.iter().cloned().chain([difference]).collect::<Vec<_>>()
                };
                let more: Vec<Vec<Linear>> = others.iter().map(above).collect();
                cases = cases.iter().flat_map(|one| more.iter().map(|two| [one.as_slice(), two].concat())).collect();
                if cases.len() > MOST_CASES {
                    return None;
                }
            }
            found.extend(cases.into_iter().map(|when| Piece { when, sum: piece.sum.clone() }));
        }
    }
    (found.len() <= MOST_CASES).then_some(found)
}
