//! What the checks hold figures to, as data: sums, ratios and products between readings. Naming the
//! guilty cell needs all of it, what is kept as well as what is broken.

use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

use super::{
    Context,
    quotient::{Judgement, Mode},
    rules::subjects,
    sums::Sum,
};
use crate::{
    catalogue::{Catalogue, Direction, IndicatorId, MeasureKind, Scale},
    finding::Severity,
    number::{Decimal, Rational, Rounding},
    reading::{self, Reading},
    rule::{Relation, Rule},
    verdict,
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
    /// How many figures of a sum are in its bound, as they stand: all but the first one, which alone
    /// is suspected.
    pub folded: usize,
    /// Whether it states what somebody computed from the other figures: it follows them when they are
    /// wrong, and then is kept all the same.
    pub follows: bool,
}

/// In a longer sum only the stated figure is suspected: any of the others might be the one, and to try
/// them takes time that grows with the square of their number.
pub const LONGEST: usize = 2_000;

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

/// Indicators that no law ties to any other: what is wrong in one family is no matter of the others.
#[derive(Debug)]
pub struct Families {
    /// By indicator; the same for all of a family.
    root: Vec<usize>,
    wanted: Vec<bool>,
    /// Of members with a plain row only these; all where there are none.
    members: Option<HashSet<Arc<str>>>,
}

impl Families {
    /// The families of some indicators.
    pub fn of(catalogue: &Catalogue, indicators: impl IntoIterator<Item = IndicatorId>) -> Self {
        let mut root: Vec<usize> = (0..catalogue.iter().count()).collect();
        let mut join = |first: IndicatorId, other: IndicatorId| {
            let (a, b) = (find(&mut root, first.0 as usize), find(&mut root, other.0 as usize));
            root[a.max(b)] = a.min(b);
        };
        for (id, indicator) in catalogue.iter() {
            let parts = indicator.parts.iter().flat_map(|parts| &parts.of);
            let factors = indicator.product.iter().flat_map(|product| &product.factors);
            parts.chain(factors).chain(&indicator.whole).for_each(|other| join(id, *other));
        }
        for rule in &catalogue.rules {
            let operands = rule.that.operands();
            operands.iter().skip(1).for_each(|other| join(operands[0].indicator, other.indicator));
        }
        for at in 0..root.len() {
            root[at] = find(&mut root, at);
        }
        let mut wanted = vec![false; root.len()];
        for indicator in indicators {
            wanted[root[indicator.0 as usize]] = true;
        }
        Self { root, wanted, members: None }
    }

    /// The same, with only these of the members that have a plain row.
    #[must_use]
    pub fn with_members(mut self, members: Option<HashSet<Arc<str>>>) -> Self {
        self.members = members;
        self
    }

    fn contains_member(&self, member: &str) -> bool {
        self.members.as_ref().is_none_or(|members| members.contains(member))
    }

    /// Whether an indicator belongs to one of them.
    pub fn contains(&self, indicator: IndicatorId) -> bool {
        self.wanted[self.root[indicator.0 as usize]]
    }
}

/// The representative of a family; shortens the way to it.
fn find(root: &mut [usize], mut at: usize) -> usize {
    while root[at] != at {
        root[at] = root[root[at]];
        at = root[at];
    }
    at
}

const fn now(reading: &Reading) -> Figure<'_> {
    Figure { reading, previous: false }
}

/// Everything that the figures of some families are held to and that can be solved for one of them.
/// Rules of severity info are no laws.
pub fn laws<'a>(cx: &'a Context<'a>, wanted: &Families) -> Vec<Law<'a>> {
    let is_wanted = |reading: &Reading| wanted.contains(reading.key.indicator);
    let mut laws: Vec<Law<'a>> =
        cx.sums.iter().filter(|sum| is_wanted(sum.total)).filter_map(|sum| total(cx, sum)).collect();
    products(cx, wanted, &mut laws);
    ratios(cx, wanted, &mut laws);
    equalities(cx, wanted, &mut laws);
    verdicts(cx, wanted, &mut laws);
    bounds(cx, wanted, &mut laws);
    let is_wanted = |rule: &&Rule| rule.that.operands().iter().any(|operand| wanted.contains(operand.indicator));
    for rule in cx.catalogue.rules.iter().filter(|rule| rule.severity > Severity::Info).filter(is_wanted) {
        for subject in subjects(cx, rule, |member| wanted.contains_member(member)) {
            laws.extend(subject.laws());
        }
    }
    laws
}

fn total<'a>(cx: &Context<'a>, sum: &Sum<'a>) -> Option<Law<'a>> {
    let (_, added, _) = sum.result.as_ref()?;
    let (mut terms, mut bound, mut tolerance, mut folded) =
        (vec![(now(sum.total), Rational::ONE)], Rational::ZERO, None, 0);
    // Of very many addends nothing but what they come to is needed.
    if sum.plain.is_some() && sum.count() >= LONGEST {
        let stated = sum.total.interval(cx.indicator(sum.total))?;
        let room = &sum.band(cx.catalogue)?.width() + &stated.width();
        tolerance = room.checked_div(&Rational::from(2));
        (bound, folded) = (added.clone(), sum.count());
    } else {
        terms.extend(sum.held().into_iter().map(|addend| (now(addend), -&Rational::ONE)));
    }
    let form = Form::Sum { terms, relation: Relation::Equals, bound, stated: true };
    Some(Law { code: super::total_mismatch::CHECK.code.name, form, tolerance, folded, follows: false })
}

fn products<'a>(cx: &'a Context<'a>, wanted: &Families, laws: &mut Vec<Law<'a>>) {
    for (id, indicator) in cx.catalogue.iter().filter(|(id, _)| wanted.contains(*id)) {
        let Some(product) = &indicator.product else { continue };
        let Some(factor) = Rational::from(product.divisor).recip() else { continue };
        let odd = cx.dataset.odd_of(id).collect::<Vec<_>>();
        let plain = cx.dataset.plain_of(id, |member| wanted.contains_member(member));
        for reading in odd.into_iter().chain(plain) {
            let measure = reading.key.measure;
            let is_made = reading.derived_by() == Some(reading::Relation::Product);
            if is_made || !cx.catalogue.measure(measure).is_base() || reading.number().is_none() {
                continue;
            }
            let of = |id| cx.dataset.like(reading, id, measure);
            let of: Vec<_> = product.factors.iter().filter_map(|id| of(*id).filter(|r| r.number().is_some())).collect();
            if of.is_empty() || of.len() < product.factors.len() {
                continue;
            }
            let of = of.into_iter().map(now).collect();
            let form = Form::Product { product: now(reading), factor: factor.clone(), of };
            laws.push(Law {
                code: super::product_mismatch::CHECK.code.name,
                form,
                tolerance: None,
                folded: 0,
                follows: false,
            });
        }
    }
}

fn ratios<'a>(cx: &'a Context<'a>, wanted: &Families, laws: &mut Vec<Law<'a>>) {
    let column = |judgement: &Judgement<'a>| {
        let ratio = judgement.ratio;
        (ratio.origin.file.clone(), ratio.origin.sheet.clone(), ratio.key.measure)
    };
    let is_cut = |judgement: &&Judgement<'a>| matches!(judgement.result, Some((_, Mode::Truncated)));
    let cut: BTreeSet<_> = cx.ratios.iter().filter(is_cut).map(column).collect();
    for judgement in cx.ratios.iter().filter(|judgement| wanted.contains(judgement.ratio.key.indicator)) {
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
        laws.push(Law { code: super::ratio_mismatch::CHECK.code.name, form, tolerance, folded: 0, follows: true });
    }
}

fn equalities<'a>(cx: &'a Context<'a>, wanted: &Families, laws: &mut Vec<Law<'a>>) {
    for key in cx.dataset.repeated() {
        if !wanted.contains(key.indicator) || !cx.catalogue.measure(key.measure).is_base() {
            continue;
        }
        let mut readings = cx.dataset.all(key).filter(|r| r.number().is_some());
        let Some(first) = readings.next() else { continue };
        for other in readings {
            let terms = vec![(now(other), Rational::ONE), (now(first), -&Rational::ONE)];
            let form = Form::Sum { terms, relation: Relation::Equals, bound: Rational::ZERO, stated: true };
            laws.push(Law {
                code: super::conflicting_sources::CHECK.code.name,
                form,
                tolerance: None,
                folded: 0,
                follows: false,
            });
        }
    }
}

/// A verdict with the result and the plan that it is about: the word may be the wrong one too.
fn verdicts<'a>(cx: &'a Context<'a>, wanted: &Families, laws: &mut Vec<Law<'a>>) {
    for reading in cx.dataset.odd().iter().filter(|reading| wanted.contains(reading.key.indicator)) {
        let MeasureKind::Verdict { of, to } = cx.catalogue.measure(reading.key.measure).kind else { continue };
        let Some(stated) = verdict::stated(reading, &cx.catalogue.verdicts) else { continue };
        // A word that a rule compares has a number of its own.
        if cx.code(reading) != Some(stated.code()) {
            continue;
        }
        let number = |measure| {
            let reading = cx.dataset.beside(reading, reading.key.indicator, measure);
            reading.filter(|reading| reading.number().is_some()).map(now)
        };
        let (Some(of), Some(to)) = (number(of), number(to)) else { continue };
        let lower = cx.indicator(reading).direction == Direction::Lower;
        let case = |(code, relation): (Decimal, Relation)| {
            let relation = if lower { relation.mirrored() } else { relation };
            let says = Form::Sum {
                terms: vec![(now(reading), Rational::ONE)],
                relation: Relation::Equals,
                bound: code.into(),
                stated: false,
            };
            let terms = vec![(of, Rational::ONE), (to, -&Rational::ONE)];
            vec![says, Form::Sum { terms, relation, bound: Rational::ZERO, stated: false }]
        };
        // "Đạt và vượt" is no word that anybody would write in place of another.
        let words = verdict::codes().into_iter().filter(|(code, _)| *code == stated.code() || verdict::is_plain(*code));
        let form = Form::Cases(words.map(case).collect());
        let code = super::verdict_mismatch::CHECK.code.name;
        laws.push(Law { code, form, tolerance: Some(Rational::ZERO), folded: 0, follows: true });
    }
}

/// The least and the greatest possible of the figures that are beyond it; all others keep it.
fn bounds<'a>(cx: &'a Context<'a>, wanted: &Families, laws: &mut Vec<Law<'a>>) {
    for (id, indicator) in cx.catalogue.iter().filter(|(id, _)| wanted.contains(*id)) {
        let ends = [(indicator.min, Relation::AtLeast), (indicator.max, Relation::AtMost)];
        if indicator.min.is_none() && indicator.max.is_none() {
            continue;
        }
        let odd = cx.dataset.odd_of(id).collect::<Vec<_>>();
        let plain = cx.dataset.plain_of(id, |member| wanted.contains_member(member));
        let base = odd.into_iter().chain(plain).filter(|r| cx.catalogue.measure(r.key.measure).is_base());
        for (reading, value) in base.filter_map(|reading| Some((reading, reading.number()?))) {
            for (end, relation) in ends.into_iter().filter_map(|(end, relation)| Some((end?, relation))) {
                let is_beyond = if relation == Relation::AtLeast { value < end } else { value > end };
                if is_beyond {
                    let terms = vec![(now(reading), Rational::ONE)];
                    let form = Form::Sum { terms, relation, bound: end.into(), stated: false };
                    let code = super::out_of_range::CHECK.code.name;
                    laws.push(Law { code, form, tolerance: Some(Rational::ZERO), folded: 0, follows: false });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{catalogue, document::Document};

    #[test]
    fn a_family_is_what_parts_products_wholes_and_rules_tie_together() {
        let text = "[catalogue]\nid = \"x\"\nperiod = \"2023\"\n\
            [[indicator]]\nid = \"all\"\nlabel = \"All\"\nparts = [\"a\", \"b\"]\n\
            [[indicator]]\nid = \"a\"\nlabel = \"A\"\nproduct = { of = [\"area\", \"yield\"] }\n\
            [[indicator]]\nid = \"b\"\nlabel = \"B\"\n\
            [[indicator]]\nid = \"area\"\nlabel = \"Area\"\n\
            [[indicator]]\nid = \"yield\"\nlabel = \"Yield\"\n\
            [[indicator]]\nid = \"other\"\nlabel = \"Other\"\nwhole = \"limit\"\n\
            [[indicator]]\nid = \"limit\"\nlabel = \"Limit\"\n\
            [[indicator]]\nid = \"tied\"\nlabel = \"Tied\"\n\
            [[indicator]]\nid = \"alone\"\nlabel = \"Alone\"\n\
            [[rule]]\nid = \"r\"\nthat = \"other <= tied\"\n";
        let catalogue = catalogue::decode(&Document::new("x.toml", text)).expect("a catalogue");
        let find = |id: &str| catalogue.find(id).expect("an indicator");
        let families = |wanted: &[&str]| -> Vec<&str> {
            let families = Families::of(&catalogue, wanted.iter().map(|id| find(id)));
            let of = catalogue.iter().filter(|(id, _)| families.contains(*id));
            of.map(|(_, indicator)| &*indicator.id).collect()
        };
        assert_eq!(families(&["yield"]), ["all", "a", "b", "area", "yield"]);
        assert_eq!(families(&["tied"]), ["other", "limit", "tied"]);
        assert_eq!(families(&["alone", "limit"]), ["other", "limit", "tied", "alone"]);
        assert!(families(&[]).is_empty());
    }
}
