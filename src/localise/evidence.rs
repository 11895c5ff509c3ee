//! How much speaks for a proposal: how many broken rules say something that no other one says.
//!
//! What breaks if this is changed: a SUM and the total that a rule adds up once more are one
//! disagreement read twice, and must never make anybody sure.

use std::collections::{BTreeMap, BTreeSet};

use super::block::{Block, Relation, Rule};
use crate::number::Rational;

/// Larger systems are not reduced; then a rule counts only where it shares no figure with another.
const MOST_ROWS: usize = 160;
const MOST_TERMS: usize = 4_000;

/// What the broken rules of a block say about one change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Rules that say different things.
    pub rules: usize,
    /// How many of them ask for one value and not only for a bound.
    pub balances: usize,
    /// Whether one of them speaks of nothing but the changed figures: then one of these is wrong.
    pub is_direct: bool,
}

/// What `rules`, which the change of `changed` mends, say beside `broken`, all that is broken. Rules
/// that lean on a figure which is taken as it stands say nothing for sure, and do not count.
pub fn evidence(block: &Block, broken: &[usize], rules: &[usize], changed: &[usize]) -> Evidence {
    let leans = |rule: &usize| {
        let is_fixed = |at: &usize| block.variables.get(*at).is_none_or(|variable| variable.given);
        block.constraints[*rule].variables().iter().any(is_fixed)
    };
    let own: Vec<usize> = rules.iter().copied().filter(|rule| !leans(rule)).collect();
    let is_direct = own.iter().any(|rule| {
        let variables = block.constraints[*rule].variables();
        !variables.is_empty() && variables.iter().all(|at| changed.contains(at))
    });
    let (mut sums, mut others): (Vec<usize>, BTreeSet<Vec<usize>>) = (Vec::new(), BTreeSet::new());
    let mut balances = 0;
    for rule in own {
        match &block.constraints[rule].rule {
            Rule::Sum { relation: Relation::Equal, .. } => sums.push(rule),
            other => {
                // The same figures in another rule of the kind are the same rule.
                if others.insert(block.constraints[rule].variables()) && is_balance(other) {
                    balances += 1;
                }
            }
        }
    }
    let independent = independent(block, broken, &sums);
    Evidence { rules: independent + others.len(), balances: independent + balances, is_direct }
}

fn is_balance(rule: &Rule) -> bool {
    matches!(rule, Rule::Ratio { .. } | Rule::Product { .. } | Rule::Sum { relation: Relation::Equal, .. })
}

/// How many of some broken sums do not follow from each other with the help of the kept ones.
fn independent(block: &Block, broken: &[usize], sums: &[usize]) -> usize {
    if sums.len() < 2 {
        return sums.len();
    }
    let near: BTreeSet<usize> = sums.iter().flat_map(|rule| block.constraints[*rule].variables()).collect();
    let row = |rule: usize| -> Option<BTreeMap<usize, Rational>> {
        let Rule::Sum { terms, relation: Relation::Equal, .. } = &block.constraints[rule].rule else { return None };
        let mut row = BTreeMap::new();
        for (variable, by) in terms {
            let old = row.remove(variable).unwrap_or(Rational::ZERO);
            row.insert(*variable, &old + by);
        }
        row.retain(|_, by| !by.is_zero());
        Some(row)
    };
    let kept = (0..block.constraints.len()).filter(|rule| !broken.contains(rule));
    let mut kept: Vec<_> = kept.filter_map(row).collect();
    let mut own: Vec<_> = sums.iter().filter_map(|rule| row(*rule)).collect();
    let is_large = |kept: &[BTreeMap<usize, Rational>]| {
        let terms: usize = kept.iter().chain(&own).map(BTreeMap::len).sum();
        kept.len() + own.len() > MOST_ROWS || terms > MOST_TERMS
    };
    if is_large(&kept) {
        kept.retain(|row| row.keys().any(|at| near.contains(at)));
    }
    if is_large(&kept) {
        own.truncate(1);
        return own.len();
    }
    let mut reduced: BTreeMap<usize, BTreeMap<usize, Rational>> = BTreeMap::new();
    for row in kept {
        add(&mut reduced, row);
    }
    own.into_iter().filter(|row| add(&mut reduced, row.clone())).count()
}

/// Adds a row to a system in row echelon form; `false` where it followed from the others.
fn add(reduced: &mut BTreeMap<usize, BTreeMap<usize, Rational>>, mut row: BTreeMap<usize, Rational>) -> bool {
    loop {
        let Some((first, by)) = row.first_key_value().map(|(at, by)| (*at, by.clone())) else { return false };
        let Some(known) = reduced.get(&first) else {
            reduced.insert(first, row);
            return true;
        };
        let Some(share) = known.get(&first).and_then(|own| by.checked_div(own)) else { return false };
        for (at, own) in known {
            let old = row.remove(at).unwrap_or(Rational::ZERO);
            let new = &old - &(&share * own);
            if !new.is_zero() {
                row.insert(*at, new);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::localise::{Constraint, Variable};

    fn block(figures: usize, constraints: Vec<Constraint>) -> Block {
        Block { variables: (0..figures).map(|_| Variable::exact(0.into())).collect(), constraints }
    }

    #[test]
    fn one_disagreement_read_twice_is_one() {
        // t = a + b, and u = a + b where u = t is kept.
        let equal = Constraint::total(3, &[2]);
        let twice = block(4, vec![Constraint::total(2, &[0, 1]), Constraint::total(3, &[0, 1]), equal]);
        assert_eq!(evidence(&twice, &[0, 1], &[0, 1], &[0]).rules, 1);
        let apart = block(4, vec![Constraint::total(2, &[0, 1]), Constraint::total(3, &[0, 1])]);
        assert_eq!(evidence(&apart, &[0, 1], &[0, 1], &[0]).rules, 2);
    }

    #[test]
    fn what_leans_on_a_given_figure_does_not_count() {
        let mut of = block(3, vec![Constraint::total(1, &[0]), Constraint::total(2, &[0])]);
        of.variables[2].given = true;
        assert_eq!(evidence(&of, &[0, 1], &[0, 1], &[0]), Evidence { rules: 1, balances: 1, is_direct: false });
    }
}
