//! What the checks hold figures to, as data: sums, ratios and products between readings. Naming the
//! guilty cell needs all of it, what is kept as well as what is broken.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    hash::BuildHasher,
    sync::Arc,
};

use super::CheckKind;
use crate::{
    judge::{
        checks::Context,
        constraint::{self, Judgement, Known},
    },
    model::{
        catalogue::{Catalogue, IndicatorId},
        finding::Code,
        reading::{Made, Reading},
    },
    values::number::{Decimal, Interval, Printed, Rational},
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
pub struct CheckConstraint<'a> {
    /// The code of the finding that tells of a breach.
    pub code: &'static Code,
    /// What has to hold.
    pub form: Form<'a>,
    /// How far both sides may be apart; `None` for the interval rule.
    pub tolerance: Option<Rational>,
    /// How many figures of a sum are in its bound, as they stand: all but the first one, which alone
    /// is suspected.
    pub folded: usize,
    /// Whether the first figure of a sum is the stated result of the others.
    pub states_result: bool,
    /// Whether it states what somebody computed from the other figures: it follows them when they are
    /// wrong, and then is kept all the same.
    pub follows: bool,
}

/// In a longer sum only the stated figure is suspected: any of the others might be the one, and to try
/// them takes time that grows with the square of their number.
pub const LONGEST: usize = 2_000;

/// What has to hold between readings.
pub type Form<'a> = constraint::ConstraintForm<Figure<'a>>;

impl<'a> Figure<'a> {
    /// One of this period.
    pub const fn now(reading: &'a Reading) -> Self {
        Self { reading, previous: false }
    }

    /// What it says; `None` where it holds no number and no word that a rule compares.
    fn known(self, cx: &Context<'_>) -> Option<Known<'static>> {
        let value = Rational::from(cx.code(self.reading)?);
        let catalogue = match (self.previous, &cx.previous) {
            (true, Some(previous)) => previous.catalogue,
            (true, None) | (false, _) => cx.catalogue,
        };
        let band = interval(catalogue, self.reading).unwrap_or_else(|| Interval::exact(value.clone()));
        Some(Known { value: Cow::Owned(value), band: Cow::Owned(band) })
    }

    /// Whether both are the same reading.
    pub fn is(self, other: Figure<'_>) -> bool {
        std::ptr::eq(self.reading, other.reading)
    }
}

impl<'a> CheckConstraint<'a> {
    /// What has to hold by the interval rule.
    pub const fn new(code: &'static Code, form: Form<'a>) -> Self {
        Self { code, form, tolerance: None, folded: 0, states_result: false, follows: false }
    }

    /// Whether it holds.
    pub fn judgement(&self, cx: &Context<'_>) -> Judgement {
        self.judge_with(cx, &HashMap::new())
    }

    /// Whether it holds with other values for some readings.
    pub fn judge_with<S: BuildHasher>(
        &self,
        cx: &Context<'_>,
        others: &HashMap<*const Reading, Decimal, S>,
    ) -> Judgement {
        let at = |figure: &Figure<'_>| match others.get(&std::ptr::from_ref(figure.reading)) {
            Some(value) => Some(Known::exact(Rational::from(*value))),
            None => figure.known(cx),
        };
        self.form.judge(self.tolerance.as_ref(), &at)
    }

    /// The figures it speaks of.
    pub fn figures(&self) -> Vec<Figure<'a>> {
        figures(&self.form)
    }
}

/// The figures that a form speaks of; one of several cases may come more than once.
pub fn figures<'a>(form: &Form<'a>) -> Vec<Figure<'a>> {
    let mut found = Vec::new();
    form.each_variable(&mut |figure| found.push(*figure));
    found
}

/// What a printed number stands for. Ratios and shares have no unit of their own.
pub(super) fn interval(catalogue: &Catalogue, reading: &Reading) -> Option<Interval> {
    let value = reading.number()?;
    if catalogue.measure(reading.key.measure).is_base() {
        return reading.interval(catalogue.indicator(reading.key.indicator));
    }
    Some(match reading.origin.made {
        Made::Formula => reading.computed_interval()?,
        Made::Typed | Made::RoundingFormula | Made::Derived { .. } => {
            Interval::of(value, reading.printed_decimals(), Printed::HalfUp)
        }
    })
}

/// Indicators that no constraint ties to any other: what is wrong in one family is no matter of the others.
#[derive(Debug)]
pub struct Families {
    /// By indicator; the same for all of a family.
    root: Vec<usize>,
    wanted: Vec<bool>,
    /// Of members with a plain row only these; all where there are none.
    members: Option<HashSet<Arc<str>>>,
}

impl Families {
    /// The families of some indicators, of which the forms of the submission tie others together than
    /// the catalogue does.
    pub fn of(
        catalogue: &Catalogue,
        tied: &[(IndicatorId, IndicatorId)],
        indicators: impl IntoIterator<Item = IndicatorId>,
    ) -> Self {
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
        for (first, other) in tied {
            join(*first, *other);
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

    /// Whether a member with a plain row is one of those asked for.
    pub fn contains_member(&self, member: &str) -> bool {
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

/// Everything that the figures of some families are held to and that can be solved for one of them, as
/// each check states it.
pub fn constraints<'a>(cx: &'a Context<'a>, wanted: &Families) -> Vec<CheckConstraint<'a>> {
    let mut constraints = Vec::new();
    for check in super::CHECKS {
        if let CheckKind::Constraint(add_constraints) = check.kind {
            add_constraints(cx, wanted, &mut constraints);
        }
    }
    constraints
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{catalogue, document::Document};

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
            let families = Families::of(&catalogue, &[], wanted.iter().map(|id| find(id)));
            let of = catalogue.iter().filter(|(id, _)| families.contains(*id));
            of.map(|(_, indicator)| &*indicator.id).collect()
        };
        assert_eq!(families(&["yield"]), ["all", "a", "b", "area", "yield"]);
        assert_eq!(families(&["tied"]), ["other", "limit", "tied"]);
        assert_eq!(families(&["alone", "limit"]), ["other", "limit", "tied", "alone"]);
        assert!(families(&[]).is_empty());
    }
}
