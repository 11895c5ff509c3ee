//! Figures held against what they should not be far from: the same figure of the period before, and
//! another measure of the same row (next year's plan against this year's result).

use std::collections::HashMap;

use super::Context;
use crate::{
    model::{
        catalogue::{Band, Catalogue, IndicatorId, MeasureId, MeasureKind},
        reading::{Key, Previous, Reading},
    },
    values::{
        language::{Language, say},
        number::{Decimal, Rational},
    },
};

/// What a figure is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Against {
    /// The same figure of the period before.
    Previous,
    /// Another measure of the same indicator.
    Measure(MeasureId),
}

/// A figure and what it is held against, for as long as both are looked at.
#[derive(Debug)]
pub(super) struct Comparison<'a> {
    pub reading: &'a Reading,
    pub against: Against,
    /// The figure to hold it against; `None` where the period before has none.
    pub reference: Option<Reference<'a>>,
    /// What the catalogue allows.
    pub band: Option<Band>,
}

/// A number to hold another against.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reference<'a> {
    pub reading: &'a Reading,
    number: Decimal,
    /// What makes it one in the unit of the indicator, where it is in another.
    factor: Option<&'a Rational>,
}

impl<'a> Reference<'a> {
    fn of(reading: &'a Reading, factor: Option<&'a Rational>) -> Option<Self> {
        Some(Self { reading, number: reading.number()?, factor })
    }

    /// Its value in the unit of the indicator.
    pub(super) fn value(&self) -> Rational {
        let value = Rational::from(self.number);
        self.factor.map_or_else(|| value.clone(), |factor| &value * factor)
    }
}

/// Powers of ten that people are off by: a digit more or less, a unit, a separator.
const POWERS: [i32; 12] = [1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6];

/// What a figure was held against.
#[derive(Debug)]
pub(super) enum Than {
    /// The same figure of the period before, with the name of that where it is not the one of this period.
    Previous(Option<String>, Rational),
    /// Another measure of its row, by its label.
    Measure(String, Rational),
}

impl Than {
    pub(super) fn words(&self, language: Language) -> String {
        match self {
            Self::Previous(Some(period), value) => {
                let value = language.rational(value);
                say!(language, "kỳ {period} ({value})", "that of {period} ({value})")
            }
            Self::Previous(None, value) => {
                let value = language.rational(value);
                say!(language, "kỳ trước ({value})", "that of the previous period ({value})")
            }
            Self::Measure(name, value) => format!("{name} ({})", language.rational(value)),
        }
    }
}

impl Comparison<'_> {
    /// What the figure is held against.
    pub(super) fn than(&self, cx: &Context<'_>) -> Option<Than> {
        let reference = self.reference.as_ref()?;
        let value = reference.value();
        Some(match self.against {
            Against::Previous => {
                // One catalogue may serve both periods; then its year is not that of the period before.
                let period = cx.previous.map(|previous| previous.catalogue.period.to_string());
                Than::Previous(period.filter(|period| *period != cx.catalogue.period.to_string()), value)
            }
            Against::Measure(_) => {
                Than::Measure(cx.catalogue.measure(reference.reading.key.measure).label.clone(), value)
            }
        })
    }

    /// The two figures, where both are above 0. No unit is a negative part of another.
    fn both(&self) -> Option<(Decimal, Reference<'_>)> {
        let above_zero = |value: &Decimal| !value.is_zero() && value.is_sign_positive();
        let reference = self.reference.filter(|reference| above_zero(&reference.number))?;
        Some((self.reading.number().filter(above_zero)?, reference))
    }

    /// Whether both figures are there and above 0.
    pub(super) fn is_possible(&self) -> bool {
        self.both().is_some()
    }

    /// The ratio of the two.
    pub(super) fn ratio(&self) -> Option<Rational> {
        let (value, reference) = self.both()?;
        Rational::from(value).checked_div(&reference.value())
    }

    /// The power of ten that lies between the two figures: within a factor of 10^0.2 of it.
    pub(super) fn power(&self) -> Option<i32> {
        if self.is_near() {
            return None;
        }
        let ratio = self.ratio()?;
        let (low, high) = (Rational::from(Decimal::new(631, 3)), Rational::from(Decimal::new(1585, 3)));
        POWERS.into_iter().find(|power| {
            let rest = &ratio * &Rational::power_of_ten(-power);
            low <= rest && rest <= high
        })
    }

    /// Whether the ratio is plainly between the powers next to 1, as nearly all are: above 0.1585 and
    /// below 6.31. Told from the digits alone, since there may be millions.
    fn is_near(&self) -> bool {
        let Some((value, reference)) = self.both() else { return false };
        let digits = |number: Decimal, scale: u32| {
            let more = 10i128.checked_pow(scale - number.scale())?;
            number.mantissa().checked_mul(more)
        };
        let scale = value.scale().max(reference.number.scale());
        let near = || {
            let (value, reference) = (digits(value, scale)?, digits(reference.number, scale)?);
            let is_above = value.checked_mul(10_000)? > reference.checked_mul(1_585)?;
            Some(is_above && value.checked_mul(100)? < reference.checked_mul(631)?)
        };
        reference.factor.is_none() && near() == Some(true)
    }

    /// Whether the ratio lies outside the band.
    pub(super) fn is_outside(&self) -> Option<bool> {
        let (ratio, band) = (self.ratio()?, self.band?);
        Some(ratio < Rational::from(band.low) || ratio > Rational::from(band.high))
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

/// Where the figures of an indicator and measure stand in the period before, and what makes them ones
/// in the unit of this period.
type Before = Option<(IndicatorId, MeasureId, Option<Rational>)>;

fn before(catalogue: &Catalogue, previous: Previous<'_>, indicator: IndicatorId, measure: MeasureId) -> Before {
    let own = catalogue.indicator(indicator);
    let there = previous.catalogue.find(&own.id)?;
    let measure = previous.catalogue.find_measure(&catalogue.measure(measure).id)?;
    let factor = match (&previous.catalogue.indicator(there).unit, &own.unit) {
        (Some(from), Some(to)) => Some(from.factor_to(to)?).filter(|factor| *factor != Rational::ONE),
        (None, _) | (_, None) => None,
    };
    Some((there, measure, factor))
}

/// Looks at every base figure with something to hold it against.
pub(super) fn each(cx: &Context<'_>, mut look: impl FnMut(&Comparison<'_>)) {
    let (catalogue, previous) = (cx.catalogue, cx.previous);
    // Mostly there is nothing to hold anything against.
    if previous.is_none() && catalogue.iter_measures().all(|(_, measure)| measure.against.is_none()) {
        return;
    }
    let mut places: HashMap<(IndicatorId, MeasureId), Before, foldhash::fast::RandomState> = HashMap::default();
    let mut lookup = previous.map(|previous| previous.dataset.lookup());
    cx.dataset.each_record(|record| {
        // All of a plain row are of one member; of others each may be of its own.
        for readings in record.readings.chunk_by(|a, b| a.key.member == b.key.member) {
            let member = readings[0].key.member.as_deref();
            let row = member.and_then(|member| lookup.as_mut()?.row(member));
            for reading in readings {
                let Key { indicator: id, measure: of, .. } = reading.key;
                let (indicator, measure) = (catalogue.indicator(id), catalogue.measure(of));
                if !measure.is_base() || reading.number().is_none() {
                    continue;
                }
                let mut add =
                    |against, reference| look(&Comparison { reading, against, reference, band: indicator.band });
                if let Some(previous) = previous {
                    let place = places.entry((id, of)).or_insert_with(|| before(catalogue, previous, id, of));
                    let reference = place.as_ref().and_then(|(indicator, measure, factor)| {
                        let key = Key { indicator: *indicator, measure: *measure, member: reading.key.member.clone() };
                        Reference::of(previous.dataset.get_in(row, &key)?, factor.as_ref())
                    });
                    add(Against::Previous, reference);
                }
                if let Some(other) = measure.against {
                    let beside = record.beside(reading, id, other).and_then(|beside| Reference::of(beside, None));
                    if beside.is_some() {
                        add(Against::Measure(other), beside);
                    }
                }
            }
        }
    });
}
