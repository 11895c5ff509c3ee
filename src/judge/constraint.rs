//! What figures are held to: one model of a constraint for checks, rules and the stage that names
//! the wrong cell.
//!
//! A [`ConstraintForm`] speaks of variables and does not know what they are: readings where checks make it,
//! places in a block where a cell is looked for. [`ConstraintForm::judge`] says whether it holds; which values
//! would mend it is computed in `localise`, for whatever the variables were.

use std::borrow::Cow;

pub use crate::model::catalogue::rule::Relation;
use crate::values::number::{Decimal, Interval, Rational};

/// `sum of factor x variable  R  bound`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum<V> {
    /// Variables with their factors.
    pub terms: Vec<(V, Rational)>,
    /// R.
    pub relation: Relation,
    /// The bound.
    pub bound: Rational,
}

/// What has to hold between variables. `S` is the sum: plain, or with what a search notes beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstraintForm<V, S = Sum<V>> {
    /// A sum and its bound.
    Sum(S),
    /// `ratio = scale x of / to`.
    Ratio {
        /// The stated ratio.
        ratio: V,
        /// Numerator.
        of: V,
        /// Denominator.
        to: V,
        /// 100 for percent.
        scale: Rational,
    },
    /// `product = factor x first x second x ...`.
    Product {
        /// The stated product.
        product: V,
        /// A factor between units, not 0.
        factor: Rational,
        /// The operands.
        of: Vec<V>,
    },
    /// A word is one of these, each by its number.
    Among {
        /// The cell that says it.
        variable: V,
        /// The numbers of the words.
        words: Vec<Decimal>,
    },
    /// All forms of at least one case: `or`, `if ... then`, `abs`, `max`.
    Cases(Vec<Vec<ConstraintForm<V, S>>>),
}

/// A form and how exactly it has to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint<V> {
    /// What has to hold.
    pub form: ConstraintForm<V>,
    /// Allowed difference between the printed figures, in place of the interval rule. For a ratio
    /// or product it counts in the unit of the ratio or product.
    pub tolerance: Option<Rational>,
}

/// What a constraint is seen to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// Values behind the printed figures satisfy it.
    Holds,
    /// None do.
    Fails,
    /// A variable has no value.
    Open,
}

/// A printed value and what it stands for.
#[derive(Clone, Debug)]
pub struct Known<'k> {
    /// What is printed.
    pub value: Cow<'k, Rational>,
    /// Everything that is printed so.
    pub band: Cow<'k, Interval>,
}

impl<V> Sum<V> {
    /// `total = sum of parts`.
    pub fn total(total: V, parts: impl IntoIterator<Item = V>) -> Self {
        let parts = parts.into_iter().map(|part| (part, -&Rational::ONE));
        let terms = std::iter::once((total, Rational::ONE)).chain(parts).collect();
        Self { terms, relation: Relation::Equals, bound: Rational::ZERO }
    }

    /// `variable  R  bound`.
    pub fn of(variable: V, relation: Relation, bound: Rational) -> Self {
        Self { terms: vec![(variable, Rational::ONE)], relation, bound }
    }
}

impl<V> ConstraintForm<V> {
    /// Every variable in it; one of several cases may come more than once.
    pub fn each_variable<'f>(&'f self, found: &mut impl FnMut(&'f V)) {
        match self {
            Self::Sum(Sum { terms, .. }) => terms.iter().for_each(|(variable, _)| found(variable)),
            Self::Ratio { ratio, of, to, .. } => [ratio, of, to].into_iter().for_each(found),
            Self::Product { product, of, .. } => std::iter::once(product).chain(of).for_each(found),
            Self::Among { variable, .. } => found(variable),
            Self::Cases(cases) => cases.iter().flatten().for_each(|form| form.each_variable(found)),
        }
    }

    /// The same of other variables.
    pub fn map<W>(&self, to: &mut impl FnMut(&V) -> W) -> ConstraintForm<W> {
        match self {
            Self::Sum(Sum { terms, relation, bound }) => {
                let terms = terms.iter().map(|(variable, by)| (to(variable), by.clone())).collect();
                ConstraintForm::Sum(Sum { terms, relation: *relation, bound: bound.clone() })
            }
            Self::Ratio { ratio, of, to: divisor, scale } => {
                ConstraintForm::Ratio { ratio: to(ratio), of: to(of), to: to(divisor), scale: scale.clone() }
            }
            Self::Product { product, factor, of } => ConstraintForm::Product {
                product: to(product),
                factor: factor.clone(),
                of: of.iter().map(to).collect(),
            },
            Self::Among { variable, words } => ConstraintForm::Among { variable: to(variable), words: words.clone() },
            Self::Cases(cases) => {
                let case = |forms: &Vec<Self>| forms.iter().map(|form| form.map(to)).collect();
                ConstraintForm::Cases(cases.iter().map(case).collect())
            }
        }
    }

    /// Whether it holds: whether the intervals of both its sides meet (XBRL Calculations 1.1), or,
    /// with a tolerance, the printed values are no further apart.
    pub fn judge<'k>(&self, tolerance: Option<&Rational>, at: &impl Fn(&V) -> Option<Known<'k>>) -> Judgement {
        match self.holds(tolerance, at) {
            Some(true) => Judgement::Holds,
            Some(false) => Judgement::Fails,
            None => Judgement::Open,
        }
    }

    fn holds<'k>(&self, tolerance: Option<&Rational>, at: &impl Fn(&V) -> Option<Known<'k>>) -> Option<bool> {
        match self {
            Self::Sum(Sum { terms, relation, bound }) => {
                let terms = terms.iter().map(|(variable, by)| Some((at(variable)?, by)));
                let terms = terms.collect::<Option<Vec<_>>>()?;
                if let Some(tolerance) = tolerance {
                    let sum: Rational = terms.iter().map(|(known, by)| &*known.value * *by).sum();
                    return Some(relation.admits(&(&sum - bound), tolerance));
                }
                let nothing = Interval::exact(Rational::ZERO);
                let band = terms.iter().fold(nothing, |sum, (known, by)| sum.add(&known.band.scale(by)));
                Some(relation.meets(&band, bound))
            }
            Self::Ratio { ratio, of, to, scale } => {
                Some(ratio_holds(tolerance, &at(ratio)?, (&at(of)?, &at(to)?), scale))
            }
            Self::Product { product, factor, of } => {
                let of = of.iter().map(at).collect::<Option<Vec<_>>>()?;
                Some(multiplied(tolerance, factor, &of).meets(&at(product)?.stated(tolerance)))
            }
            Self::Among { variable, words } => Some(is_among(words, &at(variable)?)),
            Self::Cases(cases) => {
                let mut is_open = false;
                for case in cases {
                    let judged: Vec<Option<bool>> = case.iter().map(|form| form.holds(tolerance, at)).collect();
                    match judged.iter().try_fold(true, |all, one| Some(all && (*one)?)) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => is_open |= !judged.contains(&Some(false)),
                    }
                }
                (!is_open).then_some(false)
            }
        }
    }
}

impl<V, S> ConstraintForm<V, S> {
    /// The ways to keep it: every form of one of them. A form without cases is its own only way.
    pub fn ways(&self) -> Vec<Vec<&Self>> {
        let Self::Cases(cases) = self else { return vec![vec![self]] };
        let mut all = Vec::new();
        for case in cases {
            let mut ways: Vec<Vec<&Self>> = vec![Vec::new()];
            for form in case {
                let own = form.ways();
                ways = ways.iter().flat_map(|way| own.iter().map(|more| [way.as_slice(), more].concat())).collect();
            }
            all.append(&mut ways);
        }
        all
    }
}

impl Known<'_> {
    /// A point.
    pub fn exact(value: Rational) -> Self {
        Self { value: Cow::Owned(value.clone()), band: Cow::Owned(Interval::exact(value)) }
    }

    /// The interval of a figure that a constraint states: a tolerance takes the place of its rounding.
    pub fn stated(&self, tolerance: Option<&Rational>) -> Cow<'_, Interval> {
        let Some(tolerance) = tolerance else { return Cow::Borrowed(&self.band) };
        let (low, high) = (&*self.value - tolerance, &*self.value + tolerance);
        Cow::Owned(
            Interval::new(low, high, false, false).unwrap_or_else(|| Interval::exact(self.value.clone().into_owned())),
        )
    }

    /// The interval of a figure that something is computed from: with a tolerance it is a point.
    pub fn operand(&self, tolerance: Option<&Rational>) -> Cow<'_, Interval> {
        match tolerance {
            Some(_) => Cow::Owned(Interval::exact(self.value.clone().into_owned())),
            None => Cow::Borrowed(&self.band),
        }
    }
}

/// What operands of a product may come to.
pub fn multiplied(tolerance: Option<&Rational>, factor: &Rational, operands: &[Known<'_>]) -> Interval {
    operands.iter().fold(Interval::exact(factor.clone()), |all, next| all.mul(&next.operand(tolerance)))
}

/// Whether `ratio = scale x of / to` holds.
pub fn ratio_holds(
    tolerance: Option<&Rational>,
    ratio: &Known<'_>,
    (of, to): (&Known<'_>, &Known<'_>),
    scale: &Rational,
) -> bool {
    let stated = ratio.stated(tolerance).mul(&to.operand(tolerance));
    of.operand(tolerance).scale(scale).meets(&stated)
}

/// Whether a word is one of those with these numbers.
pub fn is_among(words: &[Decimal], said: &Known<'_>) -> bool {
    words.iter().any(|word| *said.value == Rational::from(*word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Rational {
        Rational::from(text.parse::<Decimal>().expect("a decimal"))
    }

    /// A figure for each variable, printed with as many decimals as it is written with; "?" is none.
    fn judge(form: &ConstraintForm<usize>, tolerance: Option<&str>, figures: &[&str]) -> Judgement {
        let known = |at: &usize| {
            let value: Decimal = figures[*at].parse().ok()?;
            let band = Interval::of(value, value.scale(), crate::values::number::Printed::HalfUp);
            Some(Known { value: Cow::Owned(value.into()), band: Cow::Owned(band) })
        };
        form.judge(tolerance.map(number).as_ref(), &known)
    }

    #[test]
    fn sums_products_and_ratios_hold_where_printed_figures_can() {
        use Judgement::{Fails, Holds, Open};
        let total = ConstraintForm::Sum(Sum::total(0, [1, 2]));
        for (figures, tolerance, expected) in [
            (["30.1", "10.0", "20.0"], None, Holds),
            (["30.3", "10.0", "20.0"], None, Fails),
            (["30.1", "10.0", "20.0"], Some("0"), Fails),
            (["30.5", "10.0", "20.0"], Some("0.5"), Holds),
            (["30.1", "?", "20.0"], None, Open),
        ] {
            assert_eq!(judge(&total, tolerance, &figures), expected, "{figures:?} {tolerance:?}");
        }
        let product = ConstraintForm::Product { product: 0, factor: number("0.1"), of: vec![1, 2] };
        assert_eq!(judge(&product, None, &["1006.25", "175", "57.5"]), Holds);
        assert_eq!(judge(&product, None, &["1060.3", "175", "57.5"]), Fails);
        assert_eq!(judge(&product, Some("0"), &["1006.3", "175", "57.5"]), Fails);
        let ratio = ConstraintForm::Ratio { ratio: 0, of: 1, to: 2, scale: number("100") };
        assert_eq!(judge(&ratio, None, &["99.7", "368.77", "370"]), Holds);
        assert_eq!(judge(&ratio, None, &["101.1", "368.77", "370"]), Fails);
        assert_eq!(judge(&ratio, None, &["99.7", "?", "370"]), Open);
    }

    #[test]
    fn bounds_know_what_is_printed_and_words_what_is_said() {
        use Judgement::{Fails, Holds, Open};
        for (relation, bound, expected) in [
            (Relation::AtMost, "9.95", Holds),
            (Relation::Less, "9.95", Fails),
            (Relation::AtLeast, "10.05", Holds),
            (Relation::Greater, "10.05", Fails),
            (Relation::Greater, "10", Holds),
            (Relation::Equals, "10.05", Holds),
            (Relation::Equals, "10.06", Fails),
            (Relation::Differs, "10", Holds),
        ] {
            let form = ConstraintForm::Sum(Sum::of(0, relation, number(bound)));
            assert_eq!(judge(&form, None, &["10.0"]), expected, "{relation:?} {bound}");
        }
        let among = ConstraintForm::Among { variable: 0, words: vec![Decimal::ONE, Decimal::from(3)] };
        assert_eq!(judge(&among, None, &["3"]), Holds);
        assert_eq!(judge(&among, None, &["2"]), Fails);
        assert_eq!(judge(&among, None, &["?"]), Open);
    }

    #[test]
    fn one_case_that_holds_is_enough_and_one_that_may_hold_leaves_it_open() {
        use Judgement::{Fails, Holds, Open};
        let is = |variable, value: &str| ConstraintForm::Sum(Sum::of(variable, Relation::Equals, number(value)));
        let cases = ConstraintForm::Cases(vec![vec![is(0, "1"), is(1, "2")], vec![is(0, "5")]]);
        assert_eq!(judge(&cases, Some("0"), &["1", "2"]), Holds);
        assert_eq!(judge(&cases, Some("0"), &["5", "?"]), Holds);
        assert_eq!(judge(&cases, Some("0"), &["1", "?"]), Open);
        assert_eq!(judge(&cases, Some("0"), &["3", "?"]), Fails, "no case is left, whatever is there");
        let ways: Vec<usize> = cases.ways().iter().map(Vec::len).collect();
        assert_eq!(ways, [2, 1]);
        let mut seen = Vec::new();
        cases.map(&mut |variable| variable + 10).each_variable(&mut |variable| seen.push(*variable));
        assert_eq!(seen, [10, 11, 10]);
    }
}
