//! A group of broken constraints as a block: figures become variables.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{ByReading, Constraints};
use crate::{
    judge::{
        checks::{self, CheckConstraint, Context, Figure, Form},
        constraint::Sum,
        localise::{self, Block, Budget, ChangeKind, Constraint, Localisation, Trust, Variable},
    },
    model::reading::{Made, Reading},
    values::number::{Decimal, Rational},
};

/// Formulas over formulas are followed so far.
const DEEPEST: u32 = 8;
/// So many broken constraints at least make a slide of rows.
const SHORTEST_SLIDE: usize = 3;
/// Slides are not looked for among more broken constraints.
const MOST_SLID: usize = 120;
/// Groups with more broken constraints are not taken together because of a kept one.
const MOST_CONNECTED: usize = 8;
/// Rows between two figures that still stand under each other: a heading may be between them.
const GAP: u32 = 3;

/// What was searched.
#[derive(Debug)]
pub(super) struct Group<'a> {
    /// The figures, as the variables of the block.
    pub figures: Vec<Figure<'a>>,
    /// The constraints, as the constraints of the block.
    pub constraints: Vec<usize>,
    /// Which of the constraints are broken.
    pub broken: Vec<bool>,
    /// The block.
    pub block: Block,
}

/// Broken constraints that have to do with each other, and what may be wrong.
#[derive(Debug)]
pub(super) struct GroupResult<'a> {
    /// The broken constraints.
    pub constraints: Vec<usize>,
    /// With the kept ones around them.
    pub group: Group<'a>,
    /// What was found.
    pub localisation: Localisation,
}

impl<'a> Constraints<'a> {
    /// Searches one group. Where nothing explains all of it, once more without the ratios that are
    /// kept: a ratio may have been computed from the wrong figure, and then follows it.
    pub(super) fn search(&self, cx: &Context<'_>, broken: &[usize], budget: Budget) -> (Group<'a>, Localisation) {
        let mut group = self.group(cx, broken, None, budget);
        let mut localisation = localise::propose(&group.block, budget);
        let best = |found: &Localisation| found.proposals.iter().map(|p| (p.complete, p.resolves)).max();
        let strict = best(&localisation);
        let follows = |constraint: &usize| !self.is_broken(*constraint) && self.all[*constraint].follows;
        if strict.is_none_or(|(complete, _)| !complete) && group.constraints.iter().any(follows) {
            let free = localise::propose(&self.loosened(&group), budget);
            localisation.proposals_exhausted |= free.proposals_exhausted;
            if best(&free) > strict {
                let more = free.proposals.into_iter().filter(|p| Some((p.complete, p.resolves)) > strict);
                localisation.proposals.splice(0..0, more);
            }
        }
        if !explained(&localisation) {
            self.factors(cx, broken, budget, &mut group, &mut localisation);
        }
        localisation.proposals_exhausted |= broken.iter().any(|constraint| self.shortened.contains(constraint));
        // Sets of cells are told where nothing else mends everything.
        if !localisation.proposals.iter().any(|proposal| proposal.complete) {
            localise::add_sets(&group.block, budget, &mut localisation);
        }
        self.sift(cx, &group, &mut localisation);
        // Nobody mistypes a formula: another value is all that can be said of it.
        for change in localisation.proposals.iter_mut().flat_map(|proposal| &mut proposal.changes) {
            if group.block.variables[change.variable].trust == Trust::Formula {
                change.kind = ChangeKind::Value;
            }
        }
        localisation.proposals.sort_by_key(|p| (!p.complete, p.slips, std::cmp::Reverse(p.resolves), !p.is_slip()));
        self.weigh(&group, budget, &mut localisation);
        (group, localisation)
    }

    /// The block without what follows a wrong figure by itself: ratios and verdicts that are kept.
    pub(super) fn loosened(&self, group: &Group<'a>) -> Block {
        let mut block = group.block.clone();
        for (in_block, constraint) in block.constraints.iter_mut().zip(&group.constraints) {
            if !self.is_broken(*constraint) && self.all[*constraint].follows {
                in_block.form = localise::Rule::Cases(vec![Vec::new()]);
            }
        }
        block
    }

    /// Looks behind formulas that multiply, at one factor after the other: with the other factors as
    /// they stand, such a formula is a multiple of this one.
    fn factors(
        &self,
        cx: &Context<'_>,
        broken: &[usize],
        budget: Budget,
        group: &mut Group<'a>,
        localisation: &mut Localisation,
    ) {
        let constraints = broken.iter().flat_map(|constraint| self.leaves(*constraint));
        let products = constraints
            .filter_map(|leaf| self.multiplied_by.get(&leaf))
            .map(|constraint| self.all[*constraint].figures().len());
        for factor in 0..products.max().map_or(0, |figures| figures - 1) {
            let behind = self.group(cx, broken, Some(factor), budget);
            let mut found = localise::propose(&behind.block, budget);
            let is_new = |change: &localise::Change| {
                let reading = behind.figures[change.variable].reading;
                group.figures.iter().all(|known| !std::ptr::eq(known.reading, reading)) || self.is_factor(reading)
            };
            found.proposals.retain(|proposal| proposal.slips == 1 && proposal.changes.iter().all(is_new));
            let is_of_formula = |proposal: &localise::Proposal| {
                proposal.changes.iter().any(|change| group.block.variables[change.variable].trust == Trust::Formula)
            };
            let place = localisation.proposals.iter().position(is_of_formula);
            let later = localisation.proposals.split_off(place.unwrap_or(localisation.proposals.len()));
            let mut adopted = Localisation::default();
            found.proposals.reverse();
            group.adopt(&behind, &found, &mut adopted);
            localisation.proposals.append(&mut adopted.proposals);
            localisation.proposals.extend(later);
        }
    }

    /// Whether a formula multiplies it.
    fn is_factor(&self, reading: &Reading) -> bool {
        let constraints = self.of.get(&std::ptr::from_ref(reading)).into_iter().flatten();
        constraints
            .filter_map(|constraint| super::multiplied(&self.all[*constraint]))
            .any(|made| !std::ptr::eq(made, reading))
    }

    /// Figures exchanged between two groups that nothing else explains: these become one.
    pub(super) fn exchanges(&self, cx: &Context<'_>, found: &mut Vec<GroupResult<'a>>, budget: Budget) {
        if found.len() > super::MOST_PAIRED {
            return;
        }
        let mut first = 0;
        while first < found.len() {
            let mut second = first + 1;
            while second < found.len() {
                if explained(&found[first].localisation) || explained(&found[second].localisation) {
                    second += 1;
                    continue;
                }
                let constraints: Vec<usize> =
                    found[first].constraints.iter().chain(&found[second].constraints).copied().collect();
                let is_swap = |localisation: &Localisation| {
                    localisation.proposals.first().is_some_and(|proposal| {
                        let is_swap = |change: &localise::Change| matches!(change.kind, ChangeKind::Swap(_));
                        proposal.complete && proposal.slips == 1 && proposal.changes.iter().all(is_swap)
                    })
                };
                let may_be =
                    localise::may_be_exchanged(&self.of_constraints(cx, constraints.iter().copied(), None).block);
                let joined =
                    may_be.then(|| self.found(cx, constraints, budget)).filter(|all| is_swap(&all.localisation));
                match joined {
                    Some(joined) => {
                        found[first] = joined;
                        found.remove(second);
                    }
                    None => second += 1,
                }
            }
            first += 1;
        }
    }

    /// Groups of which no figure alone explains one, and that kept constraints connect: a + b = t is kept, and
    /// a and b are wrong. Together they may have one explanation.
    pub(super) fn connected(&self, cx: &Context<'_>, found: &mut Vec<GroupResult<'a>>, budget: Budget) {
        let is_open = |found: &GroupResult<'a>| !found.localisation.proposals.iter().any(|proposal| proposal.complete);
        let mut first = 0;
        while first < found.len() {
            let mut second = first + 1;
            while second < found.len() {
                let (one, other) = (&found[first], &found[second]);
                let kept = |of: &GroupResult<'a>| -> BTreeSet<usize> {
                    of.group.constraints.iter().copied().filter(|constraint| !self.is_broken(*constraint)).collect()
                };
                let is_near = is_open(one) && is_open(other) && !kept(one).is_disjoint(&kept(other));
                let few = one.constraints.len() + other.constraints.len() <= MOST_CONNECTED;
                let constraints = || one.constraints.iter().chain(&other.constraints).copied().collect();
                let joined = (is_near && few).then(|| self.found(cx, constraints(), budget));
                let has_answer = |of: &Localisation| of.proposals.iter().any(|p| p.complete) || !of.common.is_empty();
                match joined.filter(|joined| has_answer(&joined.localisation)) {
                    Some(joined) => {
                        found[first] = joined;
                        found.remove(second);
                    }
                    None => second += 1,
                }
            }
            first += 1;
        }
    }

    /// Columns that slid by a row: the groups that nothing else explains are taken together where
    /// they have figures under each other.
    pub(super) fn shifts(&self, cx: &Context<'_>, found: &mut Vec<GroupResult<'a>>, budget: Budget) {
        let mut columns: BTreeMap<(&str, &str, u32), BTreeSet<usize>> = BTreeMap::new();
        for (at, of) in found.iter().enumerate().filter(|(_, of)| !explained(&of.localisation)) {
            for figure in of.constraints.iter().flat_map(|constraint| self.all[*constraint].figures()) {
                let origin = &figure.reading.origin;
                columns.entry((&origin.file, &origin.sheet, origin.cell.column)).or_default().insert(at);
            }
        }
        // Columns of the same rows are tried together: a ratio may have slid with its operands.
        let sets: BTreeSet<BTreeSet<usize>> = columns.into_values().collect();
        let mut taken: BTreeSet<usize> = BTreeSet::new();
        for of in sets {
            let broken: Vec<usize> = of.iter().flat_map(|at| found[*at].constraints.iter().copied()).collect();
            let is_fit = (SHORTEST_SLIDE..=MOST_SLID).contains(&broken.len());
            if !is_fit || of.iter().any(|at| taken.contains(at) || explained(&found[*at].localisation)) {
                continue;
            }
            let group = self.group(cx, &broken, None, budget);
            let mut proposals = localise::shifts(&group.block, &group.columns(), budget);
            proposals.truncate(1);
            let (Some(first), Some(shift)) = (of.first().copied(), proposals.pop()) else { continue };
            taken.extend(of.iter().skip(1).copied());
            let (group, mut localisation) = self.search(cx, &broken, budget);
            localisation.proposals.insert(0, shift);
            self.weigh(&group, budget, &mut localisation);
            found[first] = GroupResult { constraints: broken, group, localisation };
        }
        for at in taken.into_iter().rev() {
            found.remove(at);
        }
    }

    /// A group with what was found.
    pub(super) fn found(&self, cx: &Context<'_>, mut constraints: Vec<usize>, budget: Budget) -> GroupResult<'a> {
        constraints.sort_unstable();
        let (group, localisation) = self.search(cx, &constraints, budget);
        GroupResult { constraints, group, localisation }
    }

    /// What belongs to some broken constraints. With a `factor`, formulas that multiply are replaced by that of
    /// their factors.
    fn group(&self, cx: &Context<'_>, broken: &[usize], factor: Option<usize>, budget: Budget) -> Group<'a> {
        let leaves = |constraint: &usize| -> Vec<*const Reading> {
            checks::figures(&self.expanded(*constraint, factor))
                .iter()
                .map(|figure| std::ptr::from_ref(figure.reading))
                .collect()
        };
        let own: BTreeSet<*const Reading> = broken.iter().flat_map(leaves).collect();
        let mut constraints: BTreeSet<usize> = broken.iter().copied().collect();
        for reading in &own {
            constraints.extend(self.touching(*reading, factor.is_some()));
        }
        // A figure of a broken constraint may have been exchanged with one that only kept constraints see: where the
        // work allows it, those are judged by all of their constraints too.
        let mut free = own.clone();
        let near: BTreeSet<*const Reading> = constraints.iter().flat_map(leaves).collect();
        if own.len().saturating_mul(near.len()) * 2 <= budget.steps as usize {
            for reading in near {
                let all = self.touching(reading, factor.is_some());
                // What another group sees is that group's business.
                if all.iter().all(|constraint| !self.is_broken(*constraint) || broken.contains(constraint)) {
                    constraints.extend(all);
                    free.insert(reading);
                }
            }
        }
        let mut group = self.of_constraints(cx, constraints, factor);
        for (variable, figure) in group.block.variables.iter_mut().zip(&group.figures) {
            // What only kept constraints see is there to keep proposals honest.
            variable.protected |= !free.contains(&std::ptr::from_ref(figure.reading));
        }
        group
    }

    pub(super) fn of_constraints(
        &self,
        cx: &Context<'_>,
        constraints: impl IntoIterator<Item = usize>,
        factor: Option<usize>,
    ) -> Group<'a> {
        let mut numbering = Numbering { figures: Vec::new(), place: HashMap::default() };
        let mut kept = Vec::new();
        let mut in_block = Vec::new();
        for constraint in constraints.into_iter().filter(|constraint| !self.excused.contains(constraint)) {
            let form = self.expanded(constraint, factor);
            // What holds with a total that is wrong for its formula goes the way of that total.
            let is_corrected = |figure: &Figure<'_>| self.correct_value(figure.reading).is_some();
            if !self.is_broken(constraint) && checks::figures(&form).iter().any(is_corrected) {
                continue;
            }
            let tolerance = self.tolerance(cx, constraint, &form);
            in_block.push(Constraint { form: form.map(&mut |figure| numbering.of(*figure)), tolerance });
            kept.push(constraint);
        }
        let variables = numbering.figures.iter().map(|figure| {
            let mut variable = variable(cx, *figure);
            if let Some(value) = self.correct_value(figure.reading) {
                (variable.value, variable.exact, variable.protected) = (value, true, true);
            }
            if variable.trust == Trust::Typed && self.is_confirmed(figure.reading) {
                variable.trust = Trust::Confirmed;
            }
            variable
        });
        let block = Block { variables: variables.collect(), constraints: in_block };
        let broken = kept.iter().map(|constraint| self.is_broken(*constraint)).collect();
        Group { figures: numbering.figures, constraints: kept, broken, block }
    }

    /// What a total comes to whose formula is wrong.
    fn correct_value(&self, reading: &Reading) -> Option<Decimal> {
        self.corrected.get(&std::ptr::from_ref(reading)).copied()
    }

    /// A constraint with the parts of what formulas added up in their place, and with this factor of what they
    /// multiplied.
    pub(super) fn expanded(&self, constraint: usize, factor: Option<usize>) -> Form<'a> {
        self.with_parts(constraint, self.all[constraint].form.clone(), factor)
    }

    fn with_parts(&self, constraint: usize, form: Form<'a>, factor: Option<usize>) -> Form<'a> {
        match form {
            Form::Sum(Sum { terms, relation, bound }) => {
                let mut sum = Expansion { terms: Vec::new(), bound, factor };
                for (figure, factor) in terms {
                    self.expand(constraint, figure, &factor, &mut sum, DEEPEST);
                }
                sum.terms.retain(|(_, factor)| !factor.is_zero());
                Form::Sum(Sum { terms: sum.terms, relation, bound: sum.bound })
            }
            Form::Cases(cases) => {
                let case = |forms: Vec<Form<'a>>| {
                    forms.into_iter().map(|form| self.with_parts(constraint, form, factor)).collect()
                };
                Form::Cases(cases.into_iter().map(case).collect())
            }
            form @ (Form::Ratio { .. } | Form::Product { .. } | Form::Among { .. }) => form,
        }
    }

    fn expand(&self, constraint: usize, figure: Figure<'a>, factor: &Rational, sum: &mut Expansion<'a>, depth: u32) {
        let maker =
            self.made_by.get(&std::ptr::from_ref(figure.reading)).filter(|maker| **maker != constraint && depth > 0);
        let form = maker.map(|maker| (*maker, &self.all[*maker].form));
        if let Some((maker, Form::Sum(Sum { terms, bound, .. }))) = form
            && let Some(share) = terms.first().and_then(|(_, own)| factor.checked_div(own))
        {
            sum.bound = &sum.bound - &(&share * bound);
            for (part, by) in terms.iter().skip(1) {
                self.expand(maker, *part, &-&(&share * by), sum, depth - 1);
            }
            return;
        }
        if let Some((of, by)) = sum.factor.filter(|_| depth > 0).and_then(|at| self.multiple(figure.reading, at)) {
            return self.expand(constraint, of, &(factor * &by), sum, depth - 1);
        }
        match sum.terms.iter_mut().find(|(known, _)| std::ptr::eq(known.reading, figure.reading)) {
            Some((_, total)) => *total = &*total + factor,
            None => sum.terms.push((figure, factor.clone())),
        }
    }

    /// A factor of what a formula multiplied, and how many times it is that, the others as they stand.
    fn multiple(&self, reading: &'a Reading, at: usize) -> Option<(Figure<'a>, Rational)> {
        let constraint = self.multiplied_by.get(&std::ptr::from_ref(reading))?;
        let Form::Product { product, factor, of } = &self.all[*constraint].form else { return None };
        // One with fewer factors has had its turn.
        let own = *of.get(at)?;
        let mut others = of.iter().enumerate().filter(|(other, _)| *other != at);
        let by = others.try_fold(factor.clone(), |all, (_, other)| Some(&all * &other.reading.number()?.into()))?;
        // Only where nothing is rounded on the way.
        let made: Rational = product.reading.number()?.into();
        (&by * &own.reading.number()?.into() == made).then_some((own, by))
    }

    /// A formula adds up what is printed: putting its parts in its place widens nothing.
    fn tolerance(&self, cx: &Context<'_>, constraint: usize, form: &Form<'a>) -> Option<Rational> {
        let own: &CheckConstraint<'a> = &self.all[constraint];
        if own.tolerance.is_some() {
            return own.tolerance.clone();
        }
        let (Form::Sum(Sum { terms, .. }), Form::Sum(Sum { terms: expanded, .. })) = (&own.form, form) else {
            return None;
        };
        let same = terms.len() == expanded.len()
            && terms.iter().zip(expanded).all(|((a, _), (b, _))| std::ptr::eq(a.reading, b.reading));
        (!same).then(|| terms.iter().map(|(figure, by)| &half(&variable(cx, *figure)) * &by.abs()).sum())
    }

    /// Whether another cell, typed too, says the same of the same thing.
    fn is_confirmed(&self, reading: &Reading) -> bool {
        self.of.get(&std::ptr::from_ref(reading)).into_iter().flatten().any(|constraint| {
            let own = &self.all[*constraint];
            let is_typed = |figure: &Figure<'_>| figure.reading.origin.made == Made::Typed;
            own.code == checks::conflicting_sources()
                && !self.is_broken(*constraint)
                && own.figures().iter().all(is_typed)
        })
    }
}

/// Whether one cause is known for the whole group.
fn explained(localisation: &Localisation) -> bool {
    localisation.proposals.iter().any(|proposal| proposal.complete && proposal.resolves > 1 && proposal.is_slip())
}

impl Group<'_> {
    /// The figures that stand under each other.
    fn columns(&self) -> Vec<Vec<usize>> {
        let mut places: Vec<_> = (self.figures.iter().enumerate())
            .filter(|(_, figure)| !figure.previous)
            .map(|(at, figure)| {
                let origin = &figure.reading.origin;
                (&origin.file, &origin.sheet, origin.cell.column, origin.cell.row, at)
            })
            .collect();
        places.sort_unstable();
        let is_near = |a: &(_, _, u32, u32, usize), b: &(_, _, u32, u32, usize)| {
            (a.0, a.1, a.2) == (b.0, b.1, b.2) && b.3.saturating_sub(a.3) <= GAP
        };
        places.chunk_by(is_near).map(|run| run.iter().map(|(.., at)| *at).collect()).collect()
    }

    /// Puts a proposal of a larger group before the own ones.
    fn adopt(&mut self, larger: &Self, proposals: &Localisation, own: &mut Localisation) {
        let mut place = |variable: usize| {
            let figure = larger.figures[variable];
            let known = self.figures.iter().position(|own| std::ptr::eq(own.reading, figure.reading));
            known.unwrap_or_else(|| {
                self.figures.push(figure);
                self.block.variables.push(larger.block.variables[variable].clone());
                self.figures.len() - 1
            })
        };
        for proposal in &proposals.proposals {
            let mut proposal = proposal.clone();
            for change in &mut proposal.changes {
                change.variable = place(change.variable);
                change.kind = match change.kind {
                    ChangeKind::Swap(other) => ChangeKind::Swap(place(other)),
                    ChangeKind::Shift(other) => ChangeKind::Shift(place(other)),
                    kind @ (ChangeKind::Sign | ChangeKind::PowerOfTen(_) | ChangeKind::Typo(_) | ChangeKind::Value) => {
                        kind
                    }
                };
            }
            let constraints: Vec<usize> =
                proposal.rules.iter().filter_map(|rule| larger.constraints.get(*rule)).copied().collect();
            proposal.rules =
                (0..self.constraints.len()).filter(|at| constraints.contains(&self.constraints[*at])).collect();
            own.proposals.insert(0, proposal);
        }
    }
}

struct Expansion<'a> {
    terms: Vec<(Figure<'a>, Rational)>,
    bound: Rational,
    /// Which factor stands for what a formula multiplied.
    factor: Option<usize>,
}

struct Numbering<'a> {
    figures: Vec<Figure<'a>>,
    place: ByReading<usize>,
}

impl<'a> Numbering<'a> {
    fn of(&mut self, figure: Figure<'a>) -> usize {
        *self.place.entry(std::ptr::from_ref(figure.reading)).or_insert_with(|| {
            self.figures.push(figure);
            self.figures.len() - 1
        })
    }
}

fn variable(cx: &Context<'_>, figure: Figure<'_>) -> Variable {
    let reading = figure.reading;
    let catalogue = match (figure.previous, &cx.previous) {
        (true, Some(previous)) => previous.catalogue,
        (true, None) | (false, _) => cx.catalogue,
    };
    let indicator = catalogue.indicator(reading.key.indicator);
    let base = catalogue.measure(reading.key.measure).is_base();
    let recorded = indicator.decimals.filter(|_| base).and_then(|decimals| i32::try_from(decimals).ok());
    let counts = indicator.unit.as_ref().is_some_and(crate::values::unit::Unit::is_count);
    let exact = if base {
        let computed = reading.is_computed() && reading.drawn().is_none() && indicator.exact != Some(false);
        computed || reading.interval(indicator).is_some_and(|interval| interval.width().is_zero())
    } else {
        reading.origin.made == Made::Formula
    };
    let own = reading.shown.map_or(reading.decimals, |shown| match reading.drawn() {
        Some(_) => shown.decimals,
        None => reading.decimals.max(shown.decimals),
    });
    Variable {
        value: cx.code(reading).unwrap_or(Decimal::ZERO),
        decimals: recorded.map_or(own, |recorded| own.max(recorded)),
        exact: exact || reading.number().is_none(),
        cut: base && indicator.cut && reading.drawn().is_none() && reading.derived_by().is_none(),
        trust: if reading.origin.made == Made::Typed { Trust::Typed } else { Trust::Formula },
        protected: figure.previous,
        given: figure.previous,
        coded: reading.number().is_none(),
        non_negative: match indicator.min {
            Some(min) => base && !min.is_sign_negative(),
            None => base && counts && !indicator.signed && !has_negative(cx, reading),
        },
    }
}

/// Whether another figure of the same column is below 0.
pub(super) fn has_negative(cx: &Context<'_>, reading: &Reading) -> bool {
    let own = usize::from(reading.number().is_some_and(|number| number < Decimal::ZERO));
    cx.negatives_beside(reading) > own
}

/// Leaves a longer sum its first figure, the others as they stand.
pub(super) fn shorten(cx: &Context<'_>, constraint: &mut CheckConstraint<'_>, longest: usize) -> bool {
    let Form::Sum(Sum { terms, bound, .. }) = &mut constraint.form else { return false };
    if terms.len() <= longest {
        return false;
    }
    let room = || terms.iter().map(|(figure, by)| &half(&variable(cx, *figure)) * &by.abs()).sum();
    constraint.tolerance.get_or_insert_with(room);
    for (figure, by) in terms.drain(1..) {
        *bound = &*bound - &(&Rational::from(variable(cx, figure).value) * &by);
    }
    true
}

/// Half of the last digit; 0 for a point.
fn half(variable: &Variable) -> Rational {
    if variable.exact {
        return Rational::ZERO;
    }
    // Cut off, it may be a whole digit more.
    let share = if variable.cut { Decimal::ONE } else { Decimal::new(5, 1) };
    &Rational::power_of_ten(variable.decimals.saturating_neg()) * &Rational::from(share)
}
