//! Which rules hold, which values of one variable would let a rule hold.
//!
//! What breaks if this is changed: a rule is violated exactly when the intervals of both its sides
//! do not meet (XBRL Calculations 1.1). Whatever is proposed is judged by the same test.

use super::block::{Block, Constraint, Relation, Rule};
use crate::number::{Interval, Rational};

/// `sum of coefficient x unknown` lies in `within`.
#[derive(Clone, Debug)]
pub(super) struct Band {
    pub coefficients: Vec<Rational>,
    pub within: Span,
}

/// A value and half of its last digit.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub value: Rational,
    pub half: Rational,
}

impl Cell {
    fn band(&self) -> Interval {
        around(&self.value, &self.half)
    }
}

/// The values from `low` to `high`, both included; an absent end is no bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub low: Option<Rational>,
    pub high: Option<Rational>,
}

impl Span {
    pub(super) const ALL: Self = Self { low: None, high: None };

    pub(super) fn contains(&self, value: &Rational) -> bool {
        self.low.as_ref().is_none_or(|low| low <= value) && self.high.as_ref().is_none_or(|high| value <= high)
    }

    /// What belongs to both; `None` when nothing does.
    pub(super) fn meet(&self, other: &Self) -> Option<Self> {
        let low = self.low.as_ref().max(other.low.as_ref()).cloned();
        let high = match (&self.high, &other.high) {
            (Some(a), Some(b)) => Some(a.min(b).clone()),
            (one, None) | (None, one) => one.clone(),
        };
        let empty = matches!((&low, &high), (Some(low), Some(high)) if low > high);
        (!empty).then_some(Self { low, high })
    }
}

/// `[value - half, value + half]`.
fn around(value: &Rational, half: &Rational) -> Interval {
    Interval::new(value - half, value + half, false, false).unwrap_or_else(|| Interval::exact(value.clone()))
}

/// A rule with what does not change while single cells are tried.
#[derive(Debug)]
enum Law {
    /// `sum` is of the printed values; `slack` of the half digits, or the tolerance.
    Sum {
        terms: Vec<(usize, Rational)>,
        relation: Relation,
        bound: Rational,
        sum: Rational,
        slack: Slack,
    },
    Ratio {
        ratio: usize,
        of: usize,
        to: usize,
        scale: Rational,
        tolerance: Option<Rational>,
    },
    Product {
        product: usize,
        factor: Rational,
        of: [usize; 2],
        tolerance: Option<Rational>,
    },
}

#[derive(Debug)]
enum Slack {
    Halves(Rational),
    Tolerance(Rational),
}

/// A block, judged. Rules past those of the block say that a variable is not negative.
#[derive(Debug)]
pub(super) struct Judged<'a> {
    pub block: &'a Block,
    cells: Vec<Cell>,
    laws: Vec<Law>,
    variables: Vec<Vec<usize>>,
    rules_of: Vec<Vec<usize>>,
    violated: Vec<usize>,
    is_violated: Vec<bool>,
}

impl<'a> Judged<'a> {
    pub(super) fn new(block: &'a Block) -> Self {
        let cells: Vec<Cell> =
            block.variables.iter().map(|v| Cell { value: Rational::from(v.value), half: v.half() }).collect();
        let signs = block.variables.iter().enumerate().filter(|(_, v)| v.non_negative).map(|(at, _)| Constraint {
            rule: Rule::Sum { terms: vec![(at, Rational::ONE)], relation: Relation::AtLeast, bound: Rational::ZERO },
            tolerance: Some(Rational::ZERO),
        });
        let mut laws = Vec::new();
        let mut variables = Vec::new();
        let mut rules_of = vec![Vec::new(); cells.len()];
        for constraint in block.constraints.iter().cloned().chain(signs) {
            let mut own = constraint.variables();
            if own.iter().any(|variable| *variable >= cells.len()) {
                own.clear();
            }
            for variable in &own {
                rules_of[*variable].push(laws.len());
            }
            laws.push(law(constraint, &cells, own.is_empty()));
            variables.push(own);
        }
        let mut judged =
            Self { block, cells, laws, variables, rules_of, violated: Vec::new(), is_violated: Vec::new() };
        judged.is_violated = (0..judged.laws.len()).map(|rule| !judged.holds(rule, &[])).collect();
        judged.violated = (0..judged.laws.len()).filter(|rule| judged.is_violated[*rule]).collect();
        judged
    }

    pub(super) fn cell(&self, variable: usize) -> &Cell {
        &self.cells[variable]
    }

    /// The rules that do not hold.
    pub(super) fn violated(&self) -> &[usize] {
        &self.violated
    }

    pub(super) fn is_violated(&self, rule: usize) -> bool {
        self.is_violated[rule]
    }

    /// The variables of a rule.
    pub(super) fn variables(&self, rule: usize) -> &[usize] {
        &self.variables[rule]
    }

    /// The rules that speak of a variable.
    pub(super) fn rules_of(&self, variable: usize) -> &[usize] {
        &self.rules_of[variable]
    }

    /// Whether a rule asks for one value and not only for a bound.
    pub(super) fn is_balance(&self, rule: usize) -> bool {
        match &self.laws[rule] {
            Law::Sum { relation: Relation::Equal, .. } | Law::Ratio { .. } | Law::Product { .. } => true,
            Law::Sum { relation: Relation::AtMost | Relation::AtLeast, .. } => false,
        }
    }

    /// The unprotected variables of the violated rules, ascending.
    pub(super) fn suspects(&self) -> Vec<usize> {
        let mut found: Vec<usize> =
            self.violated.iter().flat_map(|rule| self.variables[*rule].iter().copied()).collect();
        found.sort_unstable();
        found.dedup();
        found.retain(|variable| !self.block.variables[*variable].protected);
        found
    }

    /// The rules that the changes touch, ascending.
    pub(super) fn touched(&self, variables: impl Iterator<Item = usize>) -> Vec<usize> {
        let mut found: Vec<usize> = variables.flat_map(|variable| self.rules_of[variable].iter().copied()).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The violated rules that hold with the changes; `None` when a rule breaks that holds now.
    pub(super) fn resolved(&self, changes: &[(usize, Cell)]) -> Option<Vec<usize>> {
        let mut resolved = Vec::new();
        for rule in self.touched(changes.iter().map(|(variable, _)| *variable)) {
            match (self.is_violated[rule], self.holds(rule, changes)) {
                (true, true) => resolved.push(rule),
                (false, false) => return None,
                (true, false) | (false, true) => {}
            }
        }
        Some(resolved)
    }

    /// Whether a rule holds with the changes.
    pub(super) fn holds(&self, rule: usize, changes: &[(usize, Cell)]) -> bool {
        let at = |variable: usize| {
            changes.iter().find(|(changed, _)| *changed == variable).map_or(&self.cells[variable], |(_, cell)| cell)
        };
        match &self.laws[rule] {
            Law::Sum { terms, relation, bound, sum, slack } => {
                let mut sum = sum - bound;
                let mut room = slack.size().clone();
                for (variable, new) in changes {
                    let Some(by) = coefficient(terms, *variable) else { continue };
                    let old = &self.cells[*variable];
                    sum = &sum + &(&(&new.value - &old.value) * by);
                    if matches!(slack, Slack::Halves(_)) {
                        room = &room + &(&(&new.half - &old.half) * &by.abs());
                    }
                }
                match relation {
                    Relation::Equal => sum.abs() <= room,
                    Relation::AtMost => sum <= room,
                    Relation::AtLeast => -&sum <= room,
                }
            }
            Law::Ratio { ratio, of, to, scale, tolerance } => {
                let [ratio, of, to] = bands(tolerance.as_ref(), [at(*ratio), at(*of), at(*to)]);
                of.scale(scale).meets(&ratio.mul(&to))
            }
            Law::Product { product, factor, of: [first, second], tolerance } => {
                let [product, first, second] = bands(tolerance.as_ref(), [at(*product), at(*first), at(*second)]);
                first.mul(&second).scale(factor).meets(&product)
            }
        }
    }

    /// The printed values of one variable with which a rule holds, the others as they are. `None`
    /// when there are none, or when the rule cannot be solved for it (a division by 0).
    pub(super) fn span(&self, rule: usize, variable: usize) -> Option<Span> {
        let at = |variable: usize| &self.cells[variable];
        match &self.laws[rule] {
            Law::Sum { terms, .. } => {
                let by = coefficient(terms, variable)?;
                let band = self.band(rule, &[variable])?.within;
                let divide = |end: Option<Rational>| end.and_then(|end| end.checked_div(by));
                let (low, high) = (divide(band.low), divide(band.high));
                Some(if by.is_negative() { Span { low: high, high: low } } else { Span { low, high } })
            }
            Law::Ratio { ratio, of, to, scale, tolerance } => {
                let [q, a, p] = bands(tolerance.as_ref(), [at(*ratio), at(*of), at(*to)]);
                let own = |end: Interval| self.widened(&end, variable, tolerance.as_ref(), *ratio);
                if variable == *ratio {
                    return a.scale(scale).div(&p).map(own);
                }
                if variable == *of {
                    return scale.recip().map(|inverse| own(q.mul(&p).scale(&inverse)));
                }
                (variable == *to).then(|| a.scale(scale).div(&q).map(own))?
            }
            Law::Product { product, factor, of: [first, second], tolerance } => {
                let [y, a, b] = bands(tolerance.as_ref(), [at(*product), at(*first), at(*second)]);
                let own = |end: Interval| self.widened(&end, variable, tolerance.as_ref(), *product);
                if variable == *product {
                    return Some(own(a.mul(&b).scale(factor)));
                }
                let other = if variable == *first { b } else { a };
                y.div(&other.scale(factor)).map(own)
            }
        }
    }

    /// What a sum asks of the free variables together, the others as they are. `None` for a rule
    /// that is no sum.
    pub(super) fn band(&self, rule: usize, free: &[usize]) -> Option<Band> {
        let Law::Sum { terms, relation, bound, sum, slack } = &self.laws[rule] else { return None };
        let mut rest = bound - sum;
        for (variable, by) in terms.iter().filter(|(variable, _)| free.contains(variable)) {
            rest = &rest + &(&self.cells[*variable].value * by);
        }
        let low = (*relation != Relation::AtMost).then(|| &rest - slack.size());
        let high = (*relation != Relation::AtLeast).then(|| &rest + slack.size());
        let coefficients =
            free.iter().map(|variable| coefficient(terms, *variable).cloned().unwrap_or(Rational::ZERO)).collect();
        Some(Band { coefficients, within: Span { low, high } })
    }

    /// The same for a ratio or product, as if the figures were as wide as they are now: near enough
    /// to look for values, which are then judged. `None` where two free variables are multiplied.
    pub(super) fn near_band(&self, rule: usize, free: &[usize]) -> Option<Band> {
        let value = |variable: usize| &self.cells[variable].value;
        let half = |variable: usize| &self.cells[variable].half;
        let pick = |first: usize, second: usize| match (free.contains(&first), free.contains(&second)) {
            (true, true) => None,
            (true, false) => Some((first, second)),
            (false, _) => Some((second, first)),
        };
        let (terms, slack) = match &self.laws[rule] {
            Law::Sum { .. } => return self.band(rule, free),
            Law::Ratio { ratio, of, to, scale, tolerance } => {
                let (moving, fixed) = pick(*ratio, *to)?;
                let slack = if let Some(tolerance) = tolerance {
                    tolerance * &value(*to).abs()
                } else {
                    let sides = &(half(*ratio) * &value(*to).abs()) + &(half(*to) * &value(*ratio).abs());
                    &sides + &(&scale.abs() * half(*of))
                };
                ([(moving, value(fixed).clone()), (*of, -scale)], slack)
            }
            Law::Product { product, factor, of: [first, second], tolerance } => {
                let (moving, fixed) = pick(*first, *second)?;
                let slack = if let Some(tolerance) = tolerance {
                    tolerance.clone()
                } else {
                    let sides = &(half(*first) * &value(*second).abs()) + &(half(*second) * &value(*first).abs());
                    &(&factor.abs() * &sides) + half(*product)
                };
                ([(*product, Rational::ONE), (moving, -&(factor * value(fixed)))], slack)
            }
        };
        let of = |variable: usize| terms.iter().filter(|(own, _)| *own == variable).map(|(_, by)| by.clone()).sum();
        let known: Rational =
            terms.iter().filter(|(own, _)| !free.contains(own)).map(|(own, by)| by * value(*own)).sum();
        let within = Span { low: Some(-&(&known + &slack)), high: Some(&slack - &known) };
        Some(Band { coefficients: free.iter().map(|variable| of(*variable)).collect(), within })
    }

    /// The one value that the printed figures of a rule ask for, intervals left aside.
    pub(super) fn centre(&self, rule: usize, variable: usize) -> Option<Rational> {
        let span = self.span(rule, variable)?;
        Some(&(&span.low? + &span.high?) * &Rational::from(2).recip()?)
    }

    /// The printed values whose interval meets another.
    fn widened(&self, found: &Interval, variable: usize, tolerance: Option<&Rational>, stated: usize) -> Span {
        let half = match tolerance {
            None => &self.cells[variable].half,
            Some(tolerance) if variable == stated => tolerance,
            Some(_) => &Rational::ZERO,
        };
        Span { low: Some(found.low() - half), high: Some(found.high() + half) }
    }
}

impl Slack {
    const fn size(&self) -> &Rational {
        match self {
            Self::Halves(size) | Self::Tolerance(size) => size,
        }
    }
}

/// What three figures stand for. Under a tolerance only the first has a width.
fn bands(tolerance: Option<&Rational>, [stated, first, second]: [&Cell; 3]) -> [Interval; 3] {
    match tolerance {
        None => [stated.band(), first.band(), second.band()],
        Some(tolerance) => [
            around(&stated.value, tolerance),
            Interval::exact(first.value.clone()),
            Interval::exact(second.value.clone()),
        ],
    }
}

fn coefficient(terms: &[(usize, Rational)], variable: usize) -> Option<&Rational> {
    let at = terms.binary_search_by_key(&variable, |(variable, _)| *variable).ok()?;
    terms.get(at).map(|(_, by)| by)
}

/// Prepares a rule; one that names unknown variables always holds.
fn law(constraint: Constraint, cells: &[Cell], unknown: bool) -> Law {
    let tolerance = constraint.tolerance.map(|tolerance| tolerance.abs());
    match constraint.rule {
        Rule::Sum { relation, bound, .. } if unknown => {
            let slack = Slack::Tolerance(bound.abs());
            Law::Sum { terms: Vec::new(), relation, bound, sum: Rational::ZERO, slack }
        }
        Rule::Ratio { .. } | Rule::Product { .. } if unknown => Law::Sum {
            terms: Vec::new(),
            relation: Relation::Equal,
            bound: Rational::ZERO,
            sum: Rational::ZERO,
            slack: Slack::Tolerance(Rational::ZERO),
        },
        Rule::Sum { terms, relation, bound } => {
            let terms = merged(terms);
            let sum = terms.iter().map(|(variable, by)| &cells[*variable].value * by).sum();
            let slack = match tolerance {
                Some(tolerance) => Slack::Tolerance(tolerance),
                None => Slack::Halves(terms.iter().map(|(variable, by)| &cells[*variable].half * &by.abs()).sum()),
            };
            Law::Sum { terms, relation, bound, sum, slack }
        }
        Rule::Ratio { ratio, of, to, scale } => Law::Ratio { ratio, of, to, scale, tolerance },
        Rule::Product { product, factor, of } => Law::Product { product, factor, of, tolerance },
    }
}

/// One term a variable, by variable; none with coefficient 0.
fn merged(mut terms: Vec<(usize, Rational)>) -> Vec<(usize, Rational)> {
    terms.sort_by_key(|(variable, _)| *variable);
    let mut kept: Vec<(usize, Rational)> = Vec::with_capacity(terms.len());
    for (variable, by) in terms {
        match kept.last_mut() {
            Some((last, total)) if *last == variable => *total = &*total + &by,
            Some(_) | None => kept.push((variable, by)),
        }
    }
    kept.retain(|(_, by)| !by.is_zero());
    kept
}
