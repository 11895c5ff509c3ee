//! Comparisons whose two sides are sums of figures times fixed numbers.

use super::{Condition, Operand, Relation, Value};
use crate::number::Rational;

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
                None => self.terms.push((*operand, factor.clone())),
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

impl Condition {
    /// The linear comparisons that hold together exactly when the condition does: one for `a = b +
    /// c`, two for `0 <= a <= b`, all of them for `... and ...`. `None` where a part is not linear
    /// or may be broken (`or`, `not`, `if`, lists).
    pub fn linear_forms(&self) -> Option<Vec<Linear>> {
        match self {
            Self::Compare(first, rest) => {
                let mut left = first;
                let mut forms = Vec::new();
                for (relation, right) in rest {
                    forms.push(Linear::of(left, *relation, right)?);
                    left = right;
                }
                Some(forms)
            }
            Self::All(inner) => {
                let forms: Option<Vec<_>> = inner.iter().map(Self::linear_forms).collect();
                forms.map(|forms| forms.into_iter().flatten().collect())
            }
            Self::OneOf(..)
            | Self::Not(_)
            | Self::Any(_)
            | Self::If(..)
            | Self::Missing(_)
            | Self::Present(_)
            | Self::Numeric(_)
            | Self::Unique(_) => None,
        }
    }
}
