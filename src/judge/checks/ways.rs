//! How a figure that no cell states follows from others, in the names of the form.

use crate::{
    model::{
        catalogue::{Catalogue, IndicatorId},
        reading::{Disagreement, Relation},
    },
    values::{
        language::{Language, say},
        number::Decimal,
    },
};

/// One way to a figure.
#[derive(Debug)]
pub(super) enum Way {
    /// The names of its parts, added up.
    Sum(String),
    /// The names of its factors, and what their product is divided by.
    Product(String, Option<Decimal>),
    /// The name of its whole.
    Share(String),
}

impl Way {
    pub(super) fn of(catalogue: &Catalogue, indicator: IndicatorId, by: Relation) -> Self {
        let indicator = catalogue.indicator(indicator);
        let label = |id: &IndicatorId| format!("\"{}\"", catalogue.indicator(*id).label);
        let joined = |of: &[IndicatorId], between: &str| of.iter().map(label).collect::<Vec<_>>().join(between);
        match by {
            Relation::Parts(at) => {
                let parts = indicator.parts.get(usize::from(at));
                Self::Sum(parts.map(|parts| joined(&parts.of, " + ")).unwrap_or_default())
            }
            Relation::Product => {
                let product = indicator.product.as_ref();
                let factors = product.map(|of| joined(&of.factors, " × ")).unwrap_or_default();
                Self::Product(factors, product.map(|of| of.divisor).filter(|divisor| *divisor != 1.into()))
            }
            Relation::Share => Self::Share(indicator.whole.as_ref().map(label).unwrap_or_default()),
        }
    }

    pub(super) fn words(&self, language: Language) -> String {
        match self {
            Self::Sum(names) | Self::Product(names, None) => names.clone(),
            Self::Product(names, Some(divisor)) => format!("{names} / {}", language.number(*divisor)),
            Self::Share(whole) => say!(language, "tỷ trọng × {whole}", "share × {whole}"),
        }
    }
}

/// Ways to a figure that contradict each other, with what each gives.
#[derive(Debug)]
pub(super) struct Ways(Vec<(Way, Decimal)>);

impl Ways {
    pub(super) fn of(catalogue: &Catalogue, disagreement: &Disagreement) -> Self {
        let way = |by| Way::of(catalogue, disagreement.indicator, by);
        Self(disagreement.ways.iter().map(|(by, value)| (way(*by), *value)).collect())
    }

    pub(super) fn words(&self, language: Language) -> String {
        let show = |(way, value): &(Way, Decimal)| format!("{} = {}", way.words(language), language.number(*value));
        let ways = self.0.iter().map(show).collect::<Vec<_>>().join("; ");
        say!(
            language,
            "không tính thay vì các cách tính cho số khác nhau: {ways}",
            "none is computed, since the ways to it differ: {ways}"
        )
    }
}
