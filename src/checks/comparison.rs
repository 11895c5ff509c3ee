//! Figures held against what they should not be far from: the same figure of the period before, and
//! another measure of the same row (next year's plan against this year's result).

use crate::{
    catalogue::{Band, Catalogue, MeasureId, MeasureKind},
    number::{Decimal, Rational},
    reading::{Dataset, Previous, Reading},
};

/// What a figure is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Against {
    /// The same figure of the period before.
    Previous,
    /// Another measure of the same indicator.
    Measure(MeasureId),
}

/// A figure and what it is held against.
#[derive(Debug)]
pub(super) struct Comparison<'a> {
    pub reading: &'a Reading,
    pub against: Against,
    /// The figure to hold it against, and its value in the unit of the indicator; `None` where the
    /// period before has none.
    pub reference: Option<(&'a Reading, Rational)>,
    /// The ratio of the two, where both are above 0.
    pub ratio: Option<Rational>,
    /// What the catalogue allows.
    pub band: Option<Band>,
}

/// Powers of ten that people are off by: a digit more or less, a unit, a separator.
const POWERS: [i32; 12] = [1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6];

impl Comparison<'_> {
    /// The power of ten that lies between the two figures: within a factor of 10^0.2 of it.
    pub(super) fn power(&self) -> Option<i32> {
        let ratio = self.ratio.as_ref()?;
        let (low, high) = (Rational::from(Decimal::new(631, 3)), Rational::from(Decimal::new(1585, 3)));
        POWERS.into_iter().find(|power| {
            let rest = ratio * &Rational::power_of_ten(-power);
            low <= rest && rest <= high
        })
    }

    /// Whether the ratio lies outside the band.
    pub(super) fn is_outside(&self) -> Option<bool> {
        let (ratio, band) = (self.ratio.as_ref()?, self.band?);
        Some(*ratio < Rational::from(band.low) || *ratio > Rational::from(band.high))
    }
}

/// Measures that a plan is held against, each with the plan: those of the ratios and verdicts, and
/// the result where the catalogue has neither.
pub(super) fn plan_pairs(catalogue: &Catalogue) -> Vec<(MeasureId, MeasureId)> {
    let is_plan = |measure: MeasureId| matches!(catalogue.measure(measure).kind, MeasureKind::Plan);
    let mut pairs: Vec<_> = catalogue
        .iter_measures()
        .filter_map(|(_, measure)| match measure.kind {
            MeasureKind::Ratio { of, to, .. } | MeasureKind::Verdict { of, to } => Some((of, to)),
            MeasureKind::Plan
            | MeasureKind::Actual
            | MeasureKind::Estimate
            | MeasureKind::Other
            | MeasureKind::Share { .. }
            | MeasureKind::Note => None,
        })
        .filter(|(of, to)| is_plan(*to) && catalogue.measure(*of).is_base())
        .collect();
    if pairs.is_empty() {
        let of_kind = |wanted: fn(&MeasureKind) -> bool| {
            catalogue.iter_measures().find(|(_, measure)| wanted(&measure.kind)).map(|(id, _)| id)
        };
        let actual = of_kind(|kind| matches!(kind, MeasureKind::Actual));
        pairs.extend(actual.zip(of_kind(|kind| matches!(kind, MeasureKind::Plan))));
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Every base figure with something to hold it against.
pub(super) fn judge_all<'a>(
    catalogue: &'a Catalogue,
    dataset: &'a Dataset,
    previous: Option<Previous<'a>>,
) -> Vec<Comparison<'a>> {
    let mut comparisons = Vec::new();
    // Mostly there is nothing to hold anything against.
    if previous.is_none() && catalogue.iter_measures().all(|(_, measure)| measure.against.is_none()) {
        return comparisons;
    }
    for reading in dataset.iter() {
        let (indicator, measure) = (catalogue.indicator(reading.key.indicator), catalogue.measure(reading.key.measure));
        let Some(value) = reading.number().filter(|_| measure.is_base()) else { continue };
        let mut add = |against, reference: Option<(&'a Reading, Rational)>| {
            let above_zero = |value: &Rational| *value > Rational::ZERO;
            let value = Rational::from(value);
            let of = reference.as_ref().filter(|(_, of)| above_zero(of) && above_zero(&value));
            let ratio = of.and_then(|(_, of)| value.checked_div(of));
            comparisons.push(Comparison { reading, against, reference, ratio, band: indicator.band });
        };
        if let Some(previous) = previous {
            add(Against::Previous, previous.figure(catalogue, &reading.key));
        }
        if let Some(other) = measure.against {
            let beside = dataset.beside(reading, reading.key.indicator, other);
            let beside = beside.and_then(|beside| Some((beside, Rational::from(beside.number()?))));
            if beside.is_some() {
                add(Against::Measure(other), beside);
            }
        }
    }
    comparisons
}
