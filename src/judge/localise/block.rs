//! A block: printed figures and the rules between them, without a word of where they stand.

use crate::{
    judge::constraint::{self, ConstraintForm, Relation, Sum},
    values::number::{Decimal, Rational},
};

/// How far a figure may be believed, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trust {
    /// Typed by hand and seen once.
    Typed,
    /// The same value stands in another place too.
    Confirmed,
    /// A formula of the sheet computed it.
    Formula,
}

impl Trust {
    /// Weight in a minimal set. One change of the most trusted figure weighs less than two of the
    /// least trusted, so that a lightest set of up to two cells is also a smallest one.
    pub(super) const fn weight(self) -> u32 {
        match self {
            Self::Typed => 4,
            Self::Confirmed => 5,
            Self::Formula => 6,
        }
    }
}

/// A printed figure.
#[allow(clippy::struct_excessive_bools, reason = "facts that do not hang together")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// What is printed.
    pub value: Decimal,
    /// The last printed digit counts 10^-decimals; -3 is thousands.
    pub decimals: i32,
    /// Whether it is a point; else it stands for everything that rounds half-up to it.
    pub exact: bool,
    /// Whether it was cut off at its last digit instead of rounded.
    pub cut: bool,
    /// How far it may be believed.
    pub trust: Trust,
    /// Whether it must stay as it is.
    pub protected: bool,
    /// Whether it must stay because nobody here can tell whether it is right: one of the period before.
    pub given: bool,
    /// Whether it cannot be below 0.
    pub non_negative: bool,
    /// Whether it is no figure but stands for a word: nobody mistypes a digit of it.
    pub coded: bool,
}

impl Variable {
    /// A typed count or amount of money: a point.
    pub fn exact(value: Decimal) -> Self {
        Self { exact: true, ..Self::printed(value) }
    }

    /// A typed figure, rounded half-up at its last digit.
    pub fn printed(value: Decimal) -> Self {
        Self {
            value,
            decimals: value.scale().cast_signed(),
            exact: false,
            cut: false,
            trust: Trust::Typed,
            protected: false,
            given: false,
            non_negative: false,
            coded: false,
        }
    }

    /// A typed figure, cut off at its last digit.
    pub fn cut(value: Decimal) -> Self {
        Self { cut: true, ..Self::printed(value) }
    }

    /// Half of the last digit; 0 for a point.
    pub(super) fn half(&self) -> Rational {
        if self.exact { Rational::ZERO } else { half_unit(self.decimals) }
    }
}

/// Half of 10^-decimals.
pub(super) fn half_unit(decimals: i32) -> Rational {
    match u32::try_from(decimals) {
        Ok(decimals @ 0..Decimal::MAX_SCALE) => Rational::from(Decimal::new(5, decimals + 1)),
        _ => &Rational::power_of_ten(decimals.saturating_neg()) * &Rational::from(Decimal::new(5, 1)),
    }
}

/// A rule between variables, each named by its place in [`Block::variables`].
pub type Rule = ConstraintForm<usize>;

/// A rule and how exactly it holds.
pub type Constraint = constraint::Constraint<usize>;

impl Constraint {
    /// `total = sum of parts`, judged by the interval rule.
    pub fn total(total: usize, parts: &[usize]) -> Self {
        Self { form: ConstraintForm::Sum(Sum::total(total, parts.iter().copied())), tolerance: None }
    }

    /// A sum, judged by the interval rule.
    pub fn sum(terms: Vec<(usize, Rational)>, relation: Relation, bound: Rational) -> Self {
        Self { form: ConstraintForm::Sum(Sum { terms, relation, bound }), tolerance: None }
    }

    /// `ratio = scale x of / to`, judged by the interval rule.
    pub fn ratio(ratio: usize, of: usize, to: usize, scale: Rational) -> Self {
        Self { form: ConstraintForm::Ratio { ratio, of, to, scale }, tolerance: None }
    }

    /// `product = factor x first x second x ...`, judged by the interval rule.
    pub fn product(product: usize, factor: Rational, of: &[usize]) -> Self {
        Self { form: ConstraintForm::Product { product, factor, of: of.to_vec() }, tolerance: None }
    }

    /// The variables it speaks of, each once, ascending.
    pub fn variables(&self) -> Vec<usize> {
        let mut found = Vec::new();
        self.form.each_variable(&mut |variable| found.push(*variable));
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Figures and the rules between them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// The figures.
    pub variables: Vec<Variable>,
    /// The rules. One that names a figure outside `variables` is passed over.
    pub constraints: Vec<Constraint>,
}
