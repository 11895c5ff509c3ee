//! Which rules hold, which values of one variable would let a rule hold.
//!
//! What breaks if this is changed: a rule is violated exactly when the intervals of both its sides
//! do not meet (XBRL Calculations 1.1). Whatever is proposed is judged by the same test.

use std::{borrow::Cow, cell::OnceCell};

use super::block::{Block, Constraint, Rule};
use crate::{
    judge::constraint::{ConstraintForm, Known, Relation, Sum, is_among, multiplied, ratio_holds},
    values::number::{Decimal, Interval, Rational},
};

/// `sum of coefficient x unknown` lies in `within`.
#[derive(Clone, Debug)]
pub(super) struct Band {
    pub coefficients: Vec<Rational>,
    pub within: Span,
}

/// A value and half of its last digit.
#[derive(Clone, Debug)]
pub(super) struct BlockCell {
    pub value: Rational,
    pub half: Rational,
    /// Whether it was cut off: it stands for what lies between it and a digit further from 0.
    pub cut: bool,
}

impl BlockCell {
    /// What it stands for.
    fn band(&self) -> Interval {
        let cut = self.cut.then(|| Interval::cut(&self.value, &(&self.half + &self.half))).flatten();
        cut.unwrap_or_else(|| around(&self.value, &self.half))
    }

    /// From what is printed to the middle of what it stands for.
    fn shift(&self) -> Rational {
        match (self.cut, self.value.is_negative()) {
            (false, _) => Rational::ZERO,
            (true, false) if self.value.is_zero() => Rational::ZERO,
            (true, false) => self.half.clone(),
            (true, true) => -&self.half,
        }
    }

    /// Half of the width of what it stands for.
    fn room(&self) -> Rational {
        if self.cut && self.value.is_zero() { &self.half + &self.half } else { self.half.clone() }
    }

    /// A changed cell.
    fn known(&self) -> Known<'_> {
        Known { value: Cow::Borrowed(&self.value), band: Cow::Owned(self.band()) }
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

/// A sum with what does not change while single cells are tried.
#[derive(Debug)]
pub(super) struct Standing {
    terms: Vec<(usize, Rational)>,
    relation: Relation,
    bound: Rational,
    /// Of the printed values.
    sum: Rational,
    /// Of the half digits, or the tolerance.
    slack: Slack,
    /// The least step that makes a difference: how far below a bound is less than it.
    step: Rational,
}

#[derive(Debug)]
enum Slack {
    Halves(Rational),
    Tolerance(Rational),
}

type Prepared = ConstraintForm<usize, Standing>;

/// A rule, or a piece of one, prepared.
#[derive(Clone, Copy, Debug)]
pub(super) struct PreparedConstraint<'j> {
    form: &'j Prepared,
    tolerance: Option<&'j Rational>,
}

impl<'j> PreparedConstraint<'j> {
    /// Whether it speaks of one of these variables.
    pub(super) fn names(self, variables: &[usize]) -> bool {
        names(self.form, variables)
    }

    /// The ways to keep it: all constraints of one of them. A plain constraint is its own only way.
    pub(super) fn ways(self) -> Vec<Vec<Self>> {
        let constraint = |form: &'j Prepared| Self { form, ..self };
        self.form.ways().into_iter().map(|way| way.into_iter().map(constraint).collect()).collect()
    }
}

fn names(form: &Prepared, variables: &[usize]) -> bool {
    let is_one = |variable: &usize| variables.contains(variable);
    match form {
        ConstraintForm::Sum(Standing { terms, .. }) => terms.iter().any(|(variable, _)| is_one(variable)),
        ConstraintForm::Ratio { ratio, of, to, .. } => [ratio, of, to].into_iter().any(is_one),
        ConstraintForm::Product { product, of, .. } => is_one(product) || of.iter().any(is_one),
        ConstraintForm::Among { variable, .. } => is_one(variable),
        ConstraintForm::Cases(cases) => cases.iter().flatten().any(|form| names(form, variables)),
    }
}

fn is_balance(form: &Prepared) -> bool {
    match form {
        ConstraintForm::Sum(Standing { relation, .. }) => *relation == Relation::Equals,
        ConstraintForm::Ratio { .. } | ConstraintForm::Product { .. } => true,
        ConstraintForm::Among { .. } => false,
        ConstraintForm::Cases(cases) => cases.iter().all(|case| case.iter().any(is_balance)),
    }
}

/// A block, judged. Rules past those of the block say that a variable is not negative.
#[derive(Debug)]
pub(super) struct JudgedBlock<'a> {
    pub block: &'a Block,
    cells: Vec<BlockCell>,
    /// What the cells stand for, made once where it is asked for: most cells of a constraint stay as they are.
    bands: Vec<OnceCell<Interval>>,
    constraints: Vec<Prepared>,
    tolerances: Vec<Option<Rational>>,
    variables: Vec<Vec<usize>>,
    rules_of: Vec<Vec<usize>>,
    violated: Vec<usize>,
    is_violated: Vec<bool>,
    /// Whether any figure was cut off instead of rounded.
    is_cut: bool,
}

impl<'a> JudgedBlock<'a> {
    pub(super) fn new(block: &'a Block) -> Self {
        let cells: Vec<BlockCell> = block
            .variables
            .iter()
            .map(|v| BlockCell { value: Rational::from(v.value), half: v.half(), cut: v.cut })
            .collect();
        let bands = vec![OnceCell::new(); cells.len()];
        let signs = block.variables.iter().enumerate().filter(|(_, v)| v.non_negative).map(|(at, _)| Constraint {
            form: ConstraintForm::Sum(Sum::of(at, Relation::AtLeast, Rational::ZERO)),
            tolerance: Some(Rational::ZERO),
        });
        let mut constraints = Vec::new();
        let mut tolerances = Vec::new();
        let mut variables = Vec::new();
        let mut rules_of = vec![Vec::new(); cells.len()];
        for constraint in block.constraints.iter().cloned().chain(signs) {
            let mut own = constraint.variables();
            if own.iter().any(|variable| *variable >= cells.len()) {
                own.clear();
            }
            for variable in &own {
                rules_of[*variable].push(constraints.len());
            }
            let tolerance = constraint.tolerance.map(|tolerance| tolerance.abs());
            // One that names unknown variables always holds.
            let form = if own.is_empty() { ConstraintForm::Cases(vec![Vec::new()]) } else { constraint.form };
            constraints.push(prepared(form, tolerance.as_ref(), block, &cells));
            tolerances.push(tolerance);
            variables.push(own);
        }
        let mut judged = Self {
            is_cut: block.variables.iter().any(|variable| variable.cut),
            block,
            cells,
            bands,
            constraints,
            tolerances,
            variables,
            rules_of,
            violated: Vec::new(),
            is_violated: Vec::new(),
        };
        judged.is_violated = (0..judged.constraints.len()).map(|rule| !judged.holds(rule, &[])).collect();
        judged.violated = (0..judged.constraints.len()).filter(|rule| judged.is_violated[*rule]).collect();
        judged
    }

    fn known(&self, variable: usize) -> Known<'_> {
        let cell = &self.cells[variable];
        let band = self.bands[variable].get_or_init(|| cell.band());
        Known { value: Cow::Borrowed(&cell.value), band: Cow::Borrowed(band) }
    }

    pub(super) fn cell(&self, variable: usize) -> &BlockCell {
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

    /// The rule, prepared.
    pub(super) fn constraint(&self, rule: usize) -> PreparedConstraint<'_> {
        PreparedConstraint { form: &self.constraints[rule], tolerance: self.tolerances[rule].as_ref() }
    }

    /// Whether some rule speaks of both variables.
    pub(super) fn is_rule_shared(&self, first: usize, second: usize) -> bool {
        self.rules_of[first].iter().any(|rule| self.rules_of[second].contains(rule))
    }

    /// Whether a rule asks for one value and not only for a bound.
    pub(super) fn is_balance(&self, rule: usize) -> bool {
        // A word goes with many values.
        let is_word = |variable: &usize| self.block.variables[*variable].coded;
        is_balance(&self.constraints[rule]) && !self.variables[rule].iter().any(is_word)
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

    /// The violated rules that hold with the changes; `None` where there are none, or a rule breaks
    /// that holds now.
    pub(super) fn resolved(&self, changes: &[(usize, BlockCell)]) -> Option<Vec<usize>> {
        let touched = match changes {
            [(only, _)] => Cow::Borrowed(self.rules_of(*only)),
            _ => Cow::Owned(self.touched(changes.iter().map(|(variable, _)| *variable))),
        };
        let mends = |rule: &usize| self.is_violated[*rule] && self.holds(*rule, changes);
        let resolved: Vec<usize> = touched.iter().copied().filter(mends).collect();
        // Most changes resolve nothing; what they would break is then no matter.
        let breaks_nothing = || touched.iter().all(|rule| self.is_violated[*rule] || self.holds(*rule, changes));
        (!resolved.is_empty() && breaks_nothing()).then_some(resolved)
    }

    /// Whether a rule holds with the changes.
    pub(super) fn holds(&self, rule: usize, changes: &[(usize, BlockCell)]) -> bool {
        self.is_kept(self.constraint(rule), changes)
    }

    /// Whether a constraint is kept with the changes.
    pub(super) fn is_kept(&self, constraint: PreparedConstraint<'_>, changes: &[(usize, BlockCell)]) -> bool {
        let tolerance = constraint.tolerance;
        let at = |variable: usize| match changes.iter().find(|(changed, _)| *changed == variable) {
            Some((_, cell)) => cell.known(),
            None => self.known(variable),
        };
        match constraint.form {
            ConstraintForm::Sum(Standing { terms, relation, bound, sum, slack, .. }) => {
                let mut sum = sum - bound;
                let mut room = slack.size().clone();
                let is_interval = matches!(slack, Slack::Halves(_));
                for (variable, new) in changes {
                    let Some(by) = coefficient(terms, *variable) else { continue };
                    let old = &self.cells[*variable];
                    sum = &sum + &(&(&new.value - &old.value) * by);
                    if is_interval {
                        room = &room + &(&(&new.room() - &old.room()) * &by.abs());
                        // The bound was moved by what the old one is cut off by.
                        sum = &sum + &(&(&new.shift() - &old.shift()) * by);
                    }
                }
                // Whether 0 may lie at the very end of what the sum stands for.
                let (mut low_open, mut high_open) = (false, false);
                if is_interval && self.is_cut {
                    for (variable, by) in terms {
                        let known = at(*variable);
                        let (low, high) = (known.band.low_open(), known.band.high_open());
                        let (low, high) = if by.is_negative() { (high, low) } else { (low, high) };
                        (low_open, high_open) = (low_open || low, high_open || high);
                    }
                }
                let (at_low, at_high) = (low_open && sum == room, high_open && -&sum == room);
                let is_past_end = match relation {
                    Relation::Equals => at_low || at_high,
                    Relation::AtMost => at_low,
                    Relation::AtLeast => at_high,
                    Relation::Less | Relation::Greater | Relation::Differs => false,
                };
                relation.admits(&sum, &room) && !is_past_end
            }
            ConstraintForm::Ratio { ratio, of, to, scale } => {
                ratio_holds(tolerance, &at(*ratio), (&at(*of), &at(*to)), scale)
            }
            ConstraintForm::Product { product, factor, of } => {
                let operands: Vec<_> = of.iter().map(|operand| at(*operand)).collect();
                multiplied(tolerance, factor, &operands).meets(&at(*product).stated(tolerance))
            }
            ConstraintForm::Among { variable, words } => is_among(words, &at(*variable)),
            ConstraintForm::Cases(cases) => cases
                .iter()
                .any(|case| case.iter().all(|form| self.is_kept(PreparedConstraint { form, ..constraint }, changes))),
        }
    }

    /// The printed values of one variable with which a rule holds, the others as they are: a span
    /// for each way to keep it. None when there are no such values, or when the rule cannot be
    /// solved for it (a division by 0).
    pub(super) fn spans(&self, rule: usize, variable: usize) -> Vec<Span> {
        let of_way = |way: Vec<PreparedConstraint<'_>>| {
            way.into_iter().try_fold(Span::ALL, |all, constraint| {
                if constraint.names(&[variable]) {
                    all.meet(&self.span(constraint, variable)?)
                } else {
                    self.is_kept(constraint, &[]).then_some(all)
                }
            })
        };
        let constraint = self.constraint(rule);
        if matches!(constraint.form, ConstraintForm::Cases(_)) {
            return constraint.ways().into_iter().filter_map(of_way).collect();
        }
        self.span(constraint, variable).into_iter().collect()
    }

    /// The same for a constraint that has one way.
    pub(super) fn span(&self, constraint: PreparedConstraint<'_>, variable: usize) -> Option<Span> {
        let at = |variable: usize| self.known(variable);
        let tolerance = constraint.tolerance;
        match constraint.form {
            ConstraintForm::Sum(Standing { terms, .. }) => {
                let by = coefficient(terms, variable)?;
                let band = self.band(constraint, &[variable])?.within;
                let divide = |end: Option<Rational>| end.and_then(|end| end.checked_div(by));
                let (low, high) = (divide(band.low), divide(band.high));
                Some(if by.is_negative() { Span { low: high, high: low } } else { Span { low, high } })
            }
            ConstraintForm::Ratio { ratio, of, to, scale } => {
                let (q, a, p) = (at(*ratio), at(*of), at(*to));
                let (q, a, p) = (q.stated(tolerance), a.operand(tolerance), p.operand(tolerance));
                let own = |end: Interval| self.widened(&end, variable, tolerance, *ratio);
                if variable == *ratio {
                    return a.scale(scale).div(&p).map(own);
                }
                if variable == *of {
                    return scale.recip().map(|inverse| own(q.mul(&p).scale(&inverse)));
                }
                (variable == *to).then(|| a.scale(scale).div(&q).map(own))?
            }
            ConstraintForm::Product { product, factor, of } => {
                let stated = at(*product);
                let own = |end: Interval| self.widened(&end, variable, tolerance, *product);
                let others = of.iter().filter(|operand| **operand != variable);
                let others: Vec<_> = others.map(|operand| at(*operand)).collect();
                let others = multiplied(tolerance, factor, &others);
                match of.iter().filter(|operand| **operand == variable).count() {
                    0 if variable == *product => Some(own(others)),
                    1 => stated.stated(tolerance).div(&others).map(own),
                    _ => None,
                }
            }
            ConstraintForm::Among { .. } | ConstraintForm::Cases(_) => None,
        }
    }

    /// What a sum asks of the free variables together, the others as they are. `None` for a constraint
    /// that is no sum.
    pub(super) fn band(&self, constraint: PreparedConstraint<'_>, free: &[usize]) -> Option<Band> {
        let ConstraintForm::Sum(Standing { terms, relation, bound, sum, slack, step }) = constraint.form else {
            return None;
        };
        let mut rest = bound - sum;
        for (variable, by) in terms.iter().filter(|(variable, _)| free.contains(variable)) {
            rest = &rest + &(&self.cells[*variable].value * by);
        }
        let (low, high) = match relation {
            Relation::Equals => (Some(&rest - slack.size()), Some(&rest + slack.size())),
            Relation::Differs => (None, None),
            Relation::Less => (None, Some(&(&rest + slack.size()) - step)),
            Relation::AtMost => (None, Some(&rest + slack.size())),
            Relation::Greater => (Some(&(&rest - slack.size()) + step), None),
            Relation::AtLeast => (Some(&rest - slack.size()), None),
        };
        let coefficients =
            free.iter().map(|variable| coefficient(terms, *variable).cloned().unwrap_or(Rational::ZERO)).collect();
        Some(Band { coefficients, within: Span { low, high } })
    }

    /// The same for a ratio or product, as if the figures were as wide as they are now: near enough
    /// to look for values, which are then judged. `None` where two free variables are multiplied.
    pub(super) fn near_band(&self, constraint: PreparedConstraint<'_>, free: &[usize]) -> Option<Band> {
        let value = |variable: usize| &self.cells[variable].value;
        let half = |variable: usize| &self.cells[variable].half;
        let (terms, slack) = match constraint.form {
            ConstraintForm::Sum(_) => return self.band(constraint, free),
            ConstraintForm::Among { .. } | ConstraintForm::Cases(_) => return None,
            ConstraintForm::Ratio { ratio, of, to, scale } => {
                let (moving, fixed) = match (free.contains(ratio), free.contains(to)) {
                    (true, true) => return None,
                    (true, false) => (*ratio, *to),
                    (false, _) => (*to, *ratio),
                };
                let slack = if let Some(tolerance) = constraint.tolerance {
                    tolerance * &value(*to).abs()
                } else {
                    let sides = &(half(*ratio) * &value(*to).abs()) + &(half(*to) * &value(*ratio).abs());
                    &sides + &(&scale.abs() * half(*of))
                };
                (vec![(moving, value(fixed).clone()), (*of, -scale)], slack)
            }
            ConstraintForm::Product { product, factor, of } => {
                let mut moving = of.iter().filter(|operand| free.contains(operand));
                let (moving, None) = (moving.next(), moving.next()) else { return None };
                let fixed = of.iter().filter(|operand| Some(*operand) != moving).map(|operand| value(*operand));
                let by = fixed.fold(factor.clone(), |all, next| &all * next);
                let slack = match constraint.tolerance {
                    Some(tolerance) => tolerance.clone(),
                    None => &(&moving.map_or(Rational::ZERO, |at| half(*at).clone()) * &by.abs()) + half(*product),
                };
                let mut terms = vec![(*product, Rational::ONE)];
                terms.extend(moving.map(|moving| (*moving, -&by)));
                (terms, slack)
            }
        };
        let of = |variable: usize| terms.iter().filter(|(own, _)| *own == variable).map(|(_, by)| by.clone()).sum();
        let known: Rational =
            terms.iter().filter(|(own, _)| !free.contains(own)).map(|(own, by)| by * value(*own)).sum();
        let within = Span { low: Some(-&(&known + &slack)), high: Some(&slack - &known) };
        Some(Band { coefficients: free.iter().map(|variable| of(*variable)).collect(), within })
    }

    /// The value that the printed figures of a rule ask for, intervals left aside, for each way to
    /// keep it.
    pub(super) fn centres(&self, rule: usize, variable: usize) -> Vec<Rational> {
        let half = Rational::from(2).recip();
        let middle = |span: Span| Some(&(&span.low? + &span.high?) * half.as_ref()?);
        self.spans(rule, variable).into_iter().filter_map(middle).collect()
    }

    /// The printed values whose interval meets another.
    fn widened(&self, found: &Interval, variable: usize, tolerance: Option<&Rational>, stated: usize) -> Span {
        let half = match tolerance {
            None => &self.cells[variable].half,
            Some(tolerance) if variable == stated => tolerance,
            Some(_) => &Rational::ZERO,
        };
        let own = &self.cells[variable];
        // Cut off, a figure stands for nothing below it and for a whole digit above.
        let (below, above) = if tolerance.is_none() && own.cut {
            let whole = half + half;
            if own.value.is_negative() { (Rational::ZERO, whole) } else { (whole, Rational::ZERO) }
        } else {
            (half.clone(), half.clone())
        };
        Span { low: Some(found.low() - &below), high: Some(found.high() + &above) }
    }
}

impl Slack {
    const fn size(&self) -> &Rational {
        match self {
            Self::Halves(size) | Self::Tolerance(size) => size,
        }
    }
}

fn coefficient(terms: &[(usize, Rational)], variable: usize) -> Option<&Rational> {
    let at = terms.binary_search_by_key(&variable, |(variable, _)| *variable).ok()?;
    terms.get(at).map(|(_, by)| by)
}

/// Notes beside each sum of a rule what a search asks again and again. A word, and what must only
/// differ, become cases: each of them is a plain sum.
fn prepared(rule: Rule, tolerance: Option<&Rational>, block: &Block, cells: &[BlockCell]) -> Prepared {
    match rule {
        ConstraintForm::Sum(Sum { terms, relation: Relation::Differs, bound }) => {
            let case =
                |relation| vec![ConstraintForm::Sum(Sum { terms: terms.clone(), relation, bound: bound.clone() })];
            prepared(
                ConstraintForm::Cases([Relation::Less, Relation::Greater].map(case).into()),
                tolerance,
                block,
                cells,
            )
        }
        ConstraintForm::Sum(Sum { terms, relation, bound }) => {
            let terms = merged(terms);
            let sum = terms.iter().map(|(variable, by)| &cells[*variable].value * by).sum();
            let slack = match tolerance {
                Some(tolerance) => Slack::Tolerance(tolerance.clone()),
                None => Slack::Halves(terms.iter().map(|(variable, by)| &cells[*variable].room() * &by.abs()).sum()),
            };
            // Figures that were cut off lie above what is printed.
            let is_cut = terms.iter().any(|(variable, _)| cells[*variable].cut);
            let shift = || terms.iter().map(|(variable, by)| &cells[*variable].shift() * by).sum::<Rational>();
            let bound = if tolerance.is_none() && is_cut { &bound - &shift() } else { bound };
            let digit = |(variable, by): &(usize, Rational)| {
                &Rational::power_of_ten(block.variables[*variable].decimals.saturating_neg()) * &by.abs()
            };
            let step = terms.iter().map(digit).min().unwrap_or(Rational::ONE);
            ConstraintForm::Sum(Standing { terms, relation, bound, sum, slack, step })
        }
        ConstraintForm::Ratio { ratio, of, to, scale } => ConstraintForm::Ratio { ratio, of, to, scale },
        ConstraintForm::Product { product, factor, of } => ConstraintForm::Product { product, factor, of },
        ConstraintForm::Among { variable, words } => {
            let says = |word: &Decimal| vec![ConstraintForm::Sum(Sum::of(variable, Relation::Equals, (*word).into()))];
            prepared(ConstraintForm::Cases(words.iter().map(says).collect()), tolerance, block, cells)
        }
        ConstraintForm::Cases(cases) => {
            let case =
                |forms: Vec<Rule>| forms.into_iter().map(|form| prepared(form, tolerance, block, cells)).collect();
            ConstraintForm::Cases(cases.into_iter().map(case).collect())
        }
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
