//! What the checks hold figures to, as data: sums, ratios and products between readings. Naming the
//! guilty cell needs all of it, what is kept as well as what is broken.

use std::collections::BTreeSet;

use super::{
    Context,
    quotient::{Judgement, Mode},
    rules::subjects,
    sums::Sum,
};
use crate::{
    catalogue::Scale,
    finding::Severity,
    number::{Rational, Rounding},
    reading::{Key, Reading},
    rule::Relation,
};

/// A reading of this period or the one before.
#[derive(Clone, Copy, Debug)]
pub struct Figure<'a> {
    /// The reading: a number, or words that a rule compares.
    pub reading: &'a Reading,
    /// Whether it is one of the period before.
    pub previous: bool,
}

/// Something that figures are held to.
#[derive(Clone, Debug)]
pub struct Law<'a> {
    /// The code of the finding that tells of a breach.
    pub code: &'static str,
    /// What has to hold.
    pub form: Form<'a>,
    /// How far both sides may be apart; `None` for the interval rule.
    pub tolerance: Option<Rational>,
}

/// What has to hold.
#[derive(Clone, Debug)]
pub enum Form<'a> {
    /// `sum of factor x figure  R  bound`.
    Sum {
        /// Figures with their factors, none twice.
        terms: Vec<(Figure<'a>, Rational)>,
        /// R.
        relation: Relation,
        /// The bound.
        bound: Rational,
        /// Whether the first figure is the stated result of the others.
        stated: bool,
    },
    /// `ratio = scale x of / to`.
    Ratio {
        /// The stated ratio.
        ratio: Figure<'a>,
        /// Numerator.
        of: Figure<'a>,
        /// Denominator.
        to: Figure<'a>,
        /// 100 for percent.
        scale: Rational,
    },
    /// `product = factor x first x second x ...`.
    Product {
        /// The stated product.
        product: Figure<'a>,
        /// A factor between units.
        factor: Rational,
        /// The operands.
        of: Vec<Figure<'a>>,
    },
    /// All forms of at least one case: `or`, `if ... then`, `abs`, `max`.
    Cases(Vec<Vec<Form<'a>>>),
}

impl<'a> Form<'a> {
    fn collect(&self, found: &mut Vec<Figure<'a>>) {
        match self {
            Self::Sum { terms, .. } => found.extend(terms.iter().map(|(figure, _)| *figure)),
            Self::Ratio { ratio, of, to, .. } => found.extend([*ratio, *of, *to]),
            Self::Product { product, of, .. } => {
                found.push(*product);
                found.extend(of);
            }
            Self::Cases(cases) => cases.iter().flatten().for_each(|form| form.collect(found)),
        }
    }

    /// The figures it speaks of; one of several cases may come more than once.
    pub fn figures(&self) -> Vec<Figure<'a>> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }
}

impl<'a> Law<'a> {
    /// The figures it speaks of.
    pub fn figures(&self) -> Vec<Figure<'a>> {
        self.form.figures()
    }
}

const fn now(reading: &Reading) -> Figure<'_> {
    Figure { reading, previous: false }
}

/// Everything that the figures of a submission are held to and that can be solved for one of them.
/// Rules of severity info are no laws.
pub fn laws<'a>(cx: &'a Context<'a>) -> Vec<Law<'a>> {
    let mut laws: Vec<Law<'a>> = cx.sums.iter().filter_map(total).collect();
    products(cx, &mut laws);
    ratios(cx, &mut laws);
    equalities(cx, &mut laws);
    for rule in cx.catalogue.rules.iter().filter(|rule| rule.severity > Severity::Info) {
        for subject in subjects(cx, rule, cx.members()) {
            laws.extend(subject.laws());
        }
    }
    laws
}

fn total<'a>(sum: &Sum<'a>) -> Option<Law<'a>> {
    sum.result.as_ref()?;
    let minus = -&Rational::ONE;
    let addends = sum.addends.iter().map(|addend| (now(addend), minus.clone()));
    let terms = std::iter::once((now(sum.total), Rational::ONE)).chain(addends).collect();
    let form = Form::Sum { terms, relation: Relation::Equals, bound: Rational::ZERO, stated: true };
    Some(Law { code: super::total_mismatch::CHECK.code.name, form, tolerance: None })
}

fn products<'a>(cx: &'a Context<'a>, laws: &mut Vec<Law<'a>>) {
    for (id, indicator) in cx.catalogue.iter() {
        let Some(product) = &indicator.product else { continue };
        let Some(factor) = Rational::from(product.divisor).recip() else { continue };
        for reading in cx.dataset.of(id) {
            let measure = reading.key.measure;
            if !cx.catalogue.measure(measure).is_base() || reading.number().is_none() {
                continue;
            }
            let of = |id| cx.dataset.get(&Key { indicator: id, measure, member: reading.key.member.clone() });
            let of: Vec<_> = product.factors.iter().filter_map(|id| of(*id).filter(|r| r.number().is_some())).collect();
            if of.is_empty() || of.len() < product.factors.len() {
                continue;
            }
            let of = of.into_iter().map(now).collect();
            let form = Form::Product { product: now(reading), factor: factor.clone(), of };
            laws.push(Law { code: super::product_mismatch::CHECK.code.name, form, tolerance: None });
        }
    }
}

fn ratios<'a>(cx: &'a Context<'a>, laws: &mut Vec<Law<'a>>) {
    let column = |judgement: &Judgement<'a>| {
        let ratio = judgement.ratio;
        (ratio.origin.file.clone(), ratio.origin.sheet.clone(), ratio.key.measure)
    };
    let is_cut = |judgement: &&Judgement<'a>| matches!(judgement.result, Some((_, Mode::Truncated)));
    let cut: BTreeSet<_> = cx.ratios.iter().filter(is_cut).map(column).collect();
    for judgement in &cx.ratios {
        let (Some((_, mode)), Some(of), Some(to)) = (&judgement.result, judgement.of, judgement.to) else { continue };
        let scale = match judgement.policy.scale {
            Scale::Percent => Rational::from(100),
            Scale::Fraction => Rational::ONE,
        };
        let digit = || i32::try_from(judgement.ratio.printed_decimals()).map(|d| Rational::power_of_ten(-d)).ok();
        let tolerance = match mode {
            Mode::Truncated | Mode::Ceiling => digit(),
            // A column with ratios that are cut off may hold more of them.
            Mode::AsDeclared | Mode::Unexplained
                if judgement.policy.rounding != Rounding::HalfUp || cut.contains(&column(judgement)) =>
            {
                digit()
            }
            Mode::AsDeclared | Mode::HalfUp | Mode::WithinOperands | Mode::Unexplained => None,
        };
        let form = Form::Ratio { ratio: now(judgement.ratio), of: now(of), to: now(to), scale };
        laws.push(Law { code: super::ratio_mismatch::CHECK.code.name, form, tolerance });
    }
}

fn equalities<'a>(cx: &'a Context<'a>, laws: &mut Vec<Law<'a>>) {
    for key in cx.dataset.repeated() {
        if !cx.catalogue.measure(key.measure).is_base() {
            continue;
        }
        let mut readings = cx.dataset.all(key).filter(|r| r.number().is_some());
        let Some(first) = readings.next() else { continue };
        for other in readings {
            let terms = vec![(now(other), Rational::ONE), (now(first), -&Rational::ONE)];
            let form = Form::Sum { terms, relation: Relation::Equals, bound: Rational::ZERO, stated: true };
            laws.push(Law { code: super::conflicting_sources::CHECK.code.name, form, tolerance: None });
        }
    }
}
