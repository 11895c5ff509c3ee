//! The sums, products and ratios that a rule asks for.

use super::{Subject, interval};
use crate::{
    checks::{
        laws::{Figure, Form, Law},
        rule_violated,
    },
    number::{Nothing, Rational},
    reading::Value as Content,
    rule::{Absent, Condition, Linear, Operand, Relation, Value},
};

impl<'a> Subject<'a> {
    /// What has to hold for the rule to be kept, as far as it can be solved for a figure.
    pub(in crate::checks) fn laws(&self) -> Vec<Law<'a>> {
        let mut laws = Vec::new();
        if self.judge().is_some() {
            self.collect(&self.rule.that, &mut laws);
        }
        laws
    }

    fn collect(&self, condition: &'a Condition, laws: &mut Vec<Law<'a>>) {
        match condition {
            Condition::Compare(first, rest) => {
                let mut left = first;
                for (relation, right) in rest {
                    laws.extend(self.law(left, *relation, right));
                    left = right;
                }
            }
            Condition::All(inner) => inner.iter().for_each(|condition| self.collect(condition, laws)),
            Condition::If(when, then, otherwise) => {
                let when = self.truth(when);
                match otherwise {
                    _ if !when.known => {}
                    _ if !when.can_fail => self.collect(then, laws),
                    Some(otherwise) if !when.can_hold => self.collect(otherwise, laws),
                    Some(_) | None => {}
                }
            }
            Condition::OneOf(..)
            | Condition::Not(_)
            | Condition::Any(_)
            | Condition::Missing(_)
            | Condition::Present(_)
            | Condition::Numeric(_)
            | Condition::Unique(_) => {}
        }
    }

    fn law(&self, left: &Value, relation: Relation, right: &Value) -> Option<Law<'a>> {
        let form = match Linear::of(left, relation, right) {
            Some(linear) => self.sum(&linear)?,
            None if relation == Relation::Equals => self.product(left, right).or_else(|| self.product(right, left))?,
            None => return None,
        };
        Some(Law { code: rule_violated::CHECK.code.name, form, tolerance: self.rule.tolerance.clone() })
    }

    fn sum(&self, linear: &Linear) -> Option<Form<'a>> {
        let mut terms: Vec<(Figure<'a>, Rational)> = Vec::new();
        for (operand, factor) in &linear.terms {
            for cell in self.cells(operand) {
                let absent = || self.rule.absent == Absent::Zero;
                let Some(reading) = cell.reading else {
                    if absent() && (!cell.previous || self.cx.previous.is_some()) {
                        continue;
                    }
                    return None;
                };
                match &reading.value {
                    Content::Number(_) => {}
                    Content::Nothing(Nothing::Blank | Nothing::Dash) if absent() => continue,
                    Content::Nothing(_)
                    | Content::Bound(..)
                    | Content::Range(..)
                    | Content::Text(_)
                    | Content::Unusable => return None,
                }
                let factor = factor * &self.unit_factor(reading, &cell.key, cell.previous)?;
                match terms.iter_mut().find(|(known, _)| std::ptr::eq(known.reading, reading)) {
                    Some((_, sum)) => *sum = &*sum + &factor,
                    None => terms.push((Figure { reading, previous: cell.previous }, factor)),
                }
            }
        }
        terms.retain(|(_, factor)| !factor.is_zero());
        if terms.is_empty() {
            return None;
        }
        let mut bound = -&linear.constant;
        let relation = match linear.relation {
            Relation::Differs => return None,
            // What counts whole things is less by one at least.
            Relation::Less if self.whole(&terms, &bound) => {
                bound = &bound - &Rational::ONE;
                Relation::AtMost
            }
            Relation::Greater if self.whole(&terms, &bound) => {
                bound = &bound + &Rational::ONE;
                Relation::AtLeast
            }
            Relation::Less | Relation::AtMost => Relation::AtMost,
            Relation::Greater | Relation::AtLeast => Relation::AtLeast,
            Relation::Equals => Relation::Equals,
        };
        Some(Form::Sum { terms, relation, bound, stated: false })
    }

    /// From the unit of a reading to that of the indicator in this period's catalogue.
    fn unit_factor(&self, reading: &'a crate::reading::Reading, key: &super::Key, previous: bool) -> Option<Rational> {
        if !previous {
            return Some(Rational::ONE);
        }
        let before = self.cx.previous.as_ref()?.catalogue.indicator(reading.key.indicator);
        match (&before.unit, &self.cx.catalogue.indicator(key.indicator).unit) {
            (Some(from), Some(to)) => from.factor_to(to),
            (Some(_), None) | (None, Some(_) | None) => Some(Rational::ONE),
        }
    }

    /// Whether such a sum counts whole things.
    fn whole(&self, terms: &[(Figure<'a>, Rational)], bound: &Rational) -> bool {
        let counts = |figure: &Figure<'a>| {
            let of = if figure.previous { self.cx.previous.as_ref()?.catalogue } else { self.cx.catalogue };
            let interval = interval(of, figure.reading)?;
            Some(interval.width().is_zero() && interval.low().is_integer())
        };
        bound.is_integer() && terms.iter().all(|(figure, by)| by.is_integer() && counts(figure) == Some(true))
    }

    /// `stated = figure x figure x number` or `stated = figure / figure x number`.
    fn product(&self, stated: &Value, value: &Value) -> Option<Form<'a>> {
        let (Value::Reading(stated), Value::Product(pieces)) = (stated, value) else { return None };
        let mut factor = Rational::ONE;
        let (mut over, mut under) = (Vec::new(), Vec::new());
        for (divides, piece) in pieces {
            match piece {
                Value::Number(number) if *divides => factor = factor.checked_div(number)?,
                Value::Number(number) => factor = &factor * number,
                Value::Reading(operand) => {
                    let figure = self.single(operand)?;
                    if *divides { under.push(figure) } else { over.push(figure) }
                }
                Value::Text(_)
                | Value::Negative(_)
                | Value::Sum(_)
                | Value::Product(_)
                | Value::Absolute(_)
                | Value::Least(_)
                | Value::Greatest(_)
                | Value::Count(_)
                | Value::Digits(_)
                | Value::Decimals(_) => return None,
            }
        }
        let stated = self.single(stated)?;
        match (over.as_slice(), under.as_slice()) {
            _ if factor.is_zero() => None,
            ([first, second], []) => Some(Form::Product { product: stated, factor, of: [*first, *second] }),
            ([of], [to]) => Some(Form::Ratio { ratio: stated, of: *of, to: *to, scale: factor }),
            _ => None,
        }
    }

    /// The figure of an operand of this period that is one number.
    fn single(&self, operand: &Operand) -> Option<Figure<'a>> {
        let cells = self.cells(operand);
        let [cell] = cells.as_slice() else { return None };
        let reading = cell.reading.filter(|r| r.number().is_some() && !operand.members && !cell.previous)?;
        Some(Figure { reading, previous: false })
    }
}
