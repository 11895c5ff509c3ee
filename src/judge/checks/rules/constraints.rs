//! The sums, products and ratios that a rule asks for.

use super::{OperandCell, Subject};
use crate::{
    judge::{
        checks::constraints::{CheckConstraint, Figure, Form, LONGEST, interval},
        constraint::Sum,
    },
    model::{
        catalogue::rule::{Absent, Condition, Linear, Operand, Relation, Value},
        finding::Code,
        reading::Value as Content,
    },
    values::number::{Decimal, Nothing, Rational},
};

/// All forms of one of these.
type Cases<'a> = Vec<Vec<Form<'a>>>;

/// A rule with more cases is judged and not solved.
const MOST_CASES: usize = 32;

fn fixed<'a>(holds: bool) -> Cases<'a> {
    if holds { vec![Vec::new()] } else { Vec::new() }
}

/// The cases in which each of the pieces holds.
fn all(pieces: Vec<Option<Cases<'_>>>) -> Option<Cases<'_>> {
    let mut cases = fixed(true);
    for piece in pieces {
        let piece = piece?;
        cases = cases.iter().flat_map(|one| piece.iter().filter_map(|more| both(one, more))).collect();
        if cases.len() > MOST_CASES {
            return None;
        }
    }
    Some(cases)
}

/// All forms of two cases; `None` where a cell would have to say two words.
fn both<'a>(one: &[Form<'a>], more: &[Form<'a>]) -> Option<Vec<Form<'a>>> {
    let mut all = one.to_vec();
    for form in more {
        let Form::Among { variable, words } = form else {
            all.push(form.clone());
            continue;
        };
        let is_same = |known: &&mut Form<'a>| matches!(known, Form::Among { variable: own, .. } if own.is(*variable));
        match all.iter_mut().find(is_same) {
            Some(Form::Among { words: known, .. }) => {
                known.retain(|word| words.contains(word));
                if known.is_empty() {
                    return None;
                }
            }
            Some(_) | None => all.push(form.clone()),
        }
    }
    Some(all)
}

/// The words of two cases that ask nothing but what one and the same cell says.
fn same_word<'a>(one: &[Form<'a>], other: &[Form<'a>]) -> Option<Form<'a>> {
    let ([Form::Among { variable, words }], [Form::Among { variable: same, words: more }]) = (one, other) else {
        return None;
    };
    let mut words = words.clone();
    words.extend(more.iter().filter(|word| !words.contains(word)).copied().collect::<Vec<_>>());
    variable.is(*same).then_some(Form::Among { variable: *variable, words })
}

/// The cases in which at least one of the pieces holds.
fn any(pieces: Vec<Option<Cases<'_>>>) -> Option<Cases<'_>> {
    let mut cases: Cases<'_> = Vec::new();
    for case in pieces.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten() {
        // "Says I or II" is one case of one cell.
        let known = cases.iter_mut().find_map(|known| Some((same_word(known, &case)?, known)));
        match known {
            Some((words, known)) => *known = vec![words],
            None => cases.push(case),
        }
    }
    (cases.len() <= MOST_CASES).then_some(cases)
}

impl<'a> Subject<'a> {
    /// What has to hold for the rule to be kept, as far as it can be solved for a figure.
    pub(in crate::judge::checks) fn constraints(&self, code: &'static Code) -> Vec<CheckConstraint<'a>> {
        let mut constraints = Vec::new();
        if self.is_kept().is_some() {
            self.collect(&self.rule.that, code, &mut constraints);
        }
        constraints
    }

    fn collect(&self, condition: &'a Condition, code: &'static Code, constraints: &mut Vec<CheckConstraint<'a>>) {
        match condition {
            Condition::Compare(first, rest) => {
                let mut left = first;
                for (relation, right) in rest {
                    self.push(self.comparison(left, *relation, right), code, constraints);
                    left = right;
                }
            }
            Condition::All(inner) => inner.iter().for_each(|condition| self.collect(condition, code, constraints)),
            Condition::If(..)
            | Condition::Any(_)
            | Condition::Not(_)
            | Condition::OneOf(..)
            | Condition::Missing(_)
            | Condition::Present(_)
            | Condition::Numeric(_)
            | Condition::Unique(_) => self.push(self.cases(condition, true), code, constraints),
        }
    }

    fn push(&self, cases: Option<Cases<'a>>, code: &'static Code, constraints: &mut Vec<CheckConstraint<'a>>) {
        let Some(mut cases) = cases else { return };
        // What one case asks holds beside the others; with a case that asks nothing, nothing is asked.
        let forms = match cases.as_slice() {
            [] => return,
            [_] => cases.remove(0),
            _ if cases.iter().any(Vec::is_empty) => return,
            _ => vec![Form::Cases(cases)],
        };
        let tolerance = &self.rule.tolerance;
        let constraint = |form| {
            let tolerance = tolerance.clone();
            CheckConstraint {
                tolerance,
                follows: matches!(form, Form::Ratio { .. }),
                ..CheckConstraint::new(code, form)
            }
        };
        constraints.extend(forms.into_iter().map(constraint));
    }

    /// The cases in which a condition holds, or in which it does not. `None` where a piece of it
    /// cannot be solved.
    fn cases(&self, condition: &'a Condition, holds: bool) -> Option<Cases<'a>> {
        match condition {
            Condition::Compare(first, rest) => {
                let mut left = first;
                let mut pieces = Vec::new();
                for (relation, right) in rest {
                    let relation = if holds { *relation } else { relation.opposite() };
                    pieces.push(self.comparison(left, relation, right));
                    left = right;
                }
                if holds { all(pieces) } else { any(pieces) }
            }
            Condition::OneOf(value, items) => {
                let relation = if holds { Relation::Equals } else { Relation::Differs };
                let pieces = items.iter().map(|item| self.comparison(value, relation, item)).collect();
                if holds { any(pieces) } else { all(pieces) }
            }
            Condition::Not(inner) => self.cases(inner, !holds),
            Condition::All(inner) | Condition::Any(inner) => {
                let together = matches!(condition, Condition::All(_)) == holds;
                let pieces = inner.iter().map(|condition| self.cases(condition, holds)).collect();
                if together { all(pieces) } else { any(pieces) }
            }
            Condition::If(when, then, otherwise) => {
                let (is, is_not) = (self.cases(when, true), self.cases(when, false));
                let then = self.cases(then, holds);
                match (otherwise, holds) {
                    (None, true) => any(vec![is_not, then]),
                    (None, false) => all(vec![is, then]),
                    (Some(otherwise), _) => {
                        any(vec![all(vec![is, then]), all(vec![is_not, self.cases(otherwise, holds)])])
                    }
                }
            }
            // What a cell is, and not how much: no value of another cell changes it.
            Condition::Missing(_) | Condition::Present(_) | Condition::Numeric(_) | Condition::Unique(_) => {
                let truth = self.truth(condition);
                truth.known.then(|| fixed(truth.can_hold == holds))
            }
        }
    }

    /// The cases in which a comparison holds.
    fn comparison(&self, left: &Value, relation: Relation, right: &Value) -> Option<Cases<'a>> {
        if let Some(cases) = self.worded(left, relation, right) {
            return Some(cases);
        }
        if relation == Relation::Differs {
            let sides = [Relation::Less, Relation::Greater].map(|relation| self.comparison(left, relation, right));
            return match self.settled(left, relation, right) {
                Some(holds) => Some(fixed(holds)),
                None => any(sides.into()),
            };
        }
        if let Some(cases) = Linear::cases(left, relation, right)
            && let Some(cases) = cases
                .iter()
                .map(|case| case.iter().map(|linear| self.sum(linear)).collect::<Option<Vec<_>>>())
                .collect::<Option<Vec<_>>>()
        {
            return Some(cases);
        }
        let product = || self.product(left, right).or_else(|| self.product(right, left));
        if relation == Relation::Equals
            && let Some(form) = product()
        {
            return Some(vec![vec![form]]);
        }
        self.settled(left, relation, right).map(fixed)
    }

    /// The cases in which a cell says a word, or another one.
    fn worded(&self, left: &Value, relation: Relation, right: &Value) -> Option<Cases<'a>> {
        let ((Value::Reading(operand), Value::Text(word)) | (Value::Text(word), Value::Reading(operand))) =
            (left, right)
        else {
            return None;
        };
        if operand.members {
            return None;
        }
        let cells = self.cells(operand);
        let [OperandCell { reading: Some(reading), previous: false, .. }] = cells.as_slice() else { return None };
        if reading.number().is_some() {
            let truth = self.compare(left, relation, right);
            return truth.known.then(|| fixed(truth.can_hold));
        }
        // A tolerance would make neighbours of words.
        if !matches!(reading.value, Content::Text(_)) || self.rule.tolerance.is_some() {
            return None;
        }
        let codes = self.cx.codes();
        let among = |words: Vec<i64>| {
            let words = words.into_iter().map(Decimal::from).collect();
            vec![vec![Form::Among { variable: Figure::now(reading), words }]]
        };
        match relation {
            Relation::Equals => Some(among(vec![codes.of(word)])),
            Relation::Differs => Some(among(codes.others(operand.indicator, word))),
            Relation::Less | Relation::AtMost | Relation::Greater | Relation::AtLeast => None,
        }
    }

    /// Whether a comparison holds in which no figure could be another number: words, counts of
    /// cells, bounds such as ">90".
    fn settled(&self, left: &Value, relation: Relation, right: &Value) -> Option<bool> {
        let mut can_change = false;
        for value in [left, right] {
            let counts = |value: &Value| {
                matches!(value, Value::Count(_) | Value::Length(_) | Value::Digits(_) | Value::Decimals(_))
            };
            value.each_operand(&mut |operand| {
                can_change = can_change || (!counts(value) && self.has_number(operand));
            });
        }
        let truth = self.compare(left, relation, right);
        (!can_change && truth.known).then_some(truth.can_hold)
    }

    fn sum(&self, linear: &Linear) -> Option<Form<'a>> {
        let mut terms: Vec<(Figure<'a>, Rational)> = Vec::new();
        for (operand, factor) in &linear.terms {
            if self.has_more_cells(operand, LONGEST) {
                return None;
            }
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
                    | Content::Partial { .. }
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
            // What counts whole things is less by one at least.
            Relation::Less if self.whole(&terms, &bound) => {
                bound = &bound - &Rational::ONE;
                Relation::AtMost
            }
            Relation::Greater if self.whole(&terms, &bound) => {
                bound = &bound + &Rational::ONE;
                Relation::AtLeast
            }
            relation @ (Relation::Less
            | Relation::AtMost
            | Relation::Greater
            | Relation::AtLeast
            | Relation::Equals
            | Relation::Differs) => relation,
        };
        Some(Form::Sum(Sum { terms, relation, bound }))
    }

    /// From the unit of a reading to that of the indicator in this period's catalogue.
    fn unit_factor(
        &self,
        reading: &'a crate::model::reading::Reading,
        key: &super::Key,
        previous: bool,
    ) -> Option<Rational> {
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
            if let Value::Number(number) = piece {
                factor = if *divides { factor.checked_div(number)? } else { &factor * number };
            } else if let Value::Reading(operand) = piece {
                let figure = self.single(operand)?;
                if *divides { under.push(figure) } else { over.push(figure) }
            } else {
                return None;
            }
        }
        let stated = self.single(stated)?;
        match (over.as_slice(), under.as_slice()) {
            _ if factor.is_zero() => None,
            ([_, _, ..], []) => Some(Form::Product { product: stated, factor, of: over }),
            ([of], [to]) => Some(Form::Ratio { ratio: stated, of: *of, to: *to, scale: factor }),
            _ => None,
        }
    }

    /// The figure of an operand of this period that is one number.
    fn single(&self, operand: &Operand) -> Option<Figure<'a>> {
        if operand.members {
            return None;
        }
        let cells = self.cells(operand);
        let [cell] = cells.as_slice() else { return None };
        let reading = cell.reading.filter(|r| r.number().is_some() && !cell.previous)?;
        Some(Figure { reading, previous: false })
    }
}
