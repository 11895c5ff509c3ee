//! The whole stage: published examples, and random tables with one damaged cell.

mod published;
mod random;

use super::*;
use crate::{
    constraint::Relation,
    number::{Decimal, Rational},
};

fn exact(value: i64) -> Variable {
    Variable::exact(Decimal::from(value))
}

fn printed(text: &str) -> Variable {
    Variable::printed(text.parse().expect("a decimal"))
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

fn sum(terms: &[(usize, i64)], relation: Relation) -> Constraint {
    let terms = terms.iter().map(|(variable, by)| (*variable, Rational::from(*by))).collect();
    Constraint::sum(terms, relation, Rational::ZERO)
}

fn run(block: &Block) -> Localisation {
    localise(block, Budget::default())
}

fn sets(found: &Localisation) -> Vec<Vec<usize>> {
    found.minimal_sets.iter().map(|set| set.variables.clone()).collect()
}

fn certain(found: &Localisation) -> Vec<(usize, Decimal)> {
    let mut certain: Vec<_> = found.certain.iter().map(|change| (change.variable, change.to)).collect();
    certain.sort_unstable();
    certain
}
