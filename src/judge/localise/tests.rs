//! The whole stage: published examples, and random tables with one damaged cell.

mod published;
mod random;

use super::*;
use crate::{
    judge::constraint::{ConstraintForm, Relation},
    values::number::{Decimal, Rational},
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

/// A figure that was cut off stands for itself and what lies above it, below the next digit.
#[test]
fn cut_off_figures_stand_for_what_lies_above_them() {
    let cut = |text: &str| Variable::cut(text.parse().expect("a decimal"));
    let total = sum(&[(0, 1), (1, -1), (2, -1)], Relation::Equals);
    let broken = |variables: [Variable; 3]| {
        let block = Block { variables: variables.into(), constraints: vec![total.clone()] };
        !run(&block).violated.is_empty()
    };
    // 5,1 + 5,1 is from 10,2 to below 10,4.
    for (stated, is_broken) in [("10.1", true), ("10.2", false), ("10.3", false), ("10.4", true)] {
        assert_eq!(broken([cut(stated), cut("5.1"), cut("5.1")]), is_broken, "{stated}");
        // Below 0 it is the other way round.
        let minus = |text: &str| cut(&format!("-{text}"));
        assert_eq!(broken([minus(stated), minus("5.1"), minus("5.1")]), is_broken, "-{stated}");
    }
    // Parts that are points leave the total its own digit only, and its lower end.
    for (stated, is_broken) in [("10.2", false), ("10.1", true), ("10.3", true)] {
        assert_eq!(broken([cut(stated), exact(5), Variable::exact(decimal("5.2"))]), is_broken, "{stated}");
    }
    let product = Constraint {
        form: ConstraintForm::Product { product: 0, factor: Rational::ONE, of: vec![1, 2] },
        tolerance: None,
    };
    let block =
        |stated: &str| Block { variables: vec![cut(stated), exact(3), cut("1.5")], constraints: vec![product.clone()] };
    assert!(run(&block("4.7")).violated.is_empty(), "1,5 may be 1,59");
    assert_eq!(run(&block("4.8")).violated, [0], "3 x 1,6 is not reached");
    assert_eq!(run(&block("4.4")).violated, [0]);
}
