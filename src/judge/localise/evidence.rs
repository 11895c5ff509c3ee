//! How much speaks for a proposal: how many broken rules say something that no other one says.
//!
//! What breaks if this is changed: a SUM and the total that a rule adds up once more are one
//! disagreement read twice, and must never make anybody sure. That somebody carried a wrong figure on is
//! looked for elsewhere: see `can_mend`.

use std::collections::{BTreeMap, BTreeSet};

use super::block::{Block, Rule};
use crate::{
    judge::constraint::{ConstraintForm, Relation, Sum},
    values::number::Rational,
};

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

/// What `rules`, which the change of `changed` mends, say. Rules that lean on a figure which is taken as it stands say nothing for sure, and do not count.
pub fn evidence(block: &Block, rules: &[usize], changed: &[usize]) -> Evidence {
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
        match &block.constraints[rule].form {
            ConstraintForm::Sum(Sum { relation: Relation::Equals, .. }) => sums.push(rule),
            other => {
                // The same figures in another rule of the kind are the same rule.
                if others.insert(block.constraints[rule].variables()) && is_balance(other) {
                    balances += 1;
                }
            }
        }
    }
    let different = different(block, &sums);
    Evidence { rules: different + others.len(), balances: different + balances, is_direct }
}

fn is_balance(rule: &Rule) -> bool {
    matches!(
        rule,
        ConstraintForm::Ratio { .. }
            | ConstraintForm::Product { .. }
            | ConstraintForm::Sum(Sum { relation: Relation::Equals, .. })
    )
}

/// How many of some sums say different things: not the same figures in the same proportion.
fn different(block: &Block, sums: &[usize]) -> usize {
    let row = |rule: &usize| -> Option<BTreeMap<usize, Rational>> {
        let ConstraintForm::Sum(Sum { terms, relation: Relation::Equals, .. }) = &block.constraints[*rule].form else {
            return None;
        };
        let mut row = BTreeMap::new();
        for (variable, by) in terms {
            let old = row.remove(variable).unwrap_or(Rational::ZERO);
            row.insert(*variable, &old + by);
        }
        row.retain(|_, by| !by.is_zero());
        let first = row.first_key_value()?.1.clone();
        for by in row.values_mut() {
            *by = by.checked_div(&first)?;
        }
        Some(row)
    };
    sums.iter().filter_map(row).collect::<BTreeSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::localise::{Constraint, Variable};

    fn block(figures: usize, constraints: Vec<Constraint>) -> Block {
        Block { variables: (0..figures).map(|_| Variable::exact(0.into())).collect(), constraints }
    }

    #[test]
    fn one_disagreement_read_twice_is_one() {
        // t = a + b, stated by a SUM and by a rule.
        let twice = block(3, vec![Constraint::total(2, &[0, 1]), Constraint::total(2, &[1, 0])]);
        assert_eq!(evidence(&twice, &[0, 1], &[0]).rules, 1);
        let apart = block(4, vec![Constraint::total(2, &[0, 1]), Constraint::total(3, &[0, 1])]);
        assert_eq!(evidence(&apart, &[0, 1], &[0]).rules, 2);
    }

    #[test]
    fn what_leans_on_a_given_figure_does_not_count() {
        let mut of = block(3, vec![Constraint::total(1, &[0]), Constraint::total(2, &[0])]);
        of.variables[2].given = true;
        assert_eq!(evidence(&of, &[0, 1], &[0]), Evidence { rules: 1, balances: 1, is_direct: false });
    }
}
