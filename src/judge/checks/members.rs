//! Who the members of a table are, for the rules.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use crate::model::{
    catalogue::{Catalogue, IndicatorId, MeasureId},
    reading::{Dataset, Previous},
};

/// Members of every indicator and measure that stand in no plain row, in the order of the sheets.
#[derive(Debug, Default)]
pub(super) struct Members {
    pub now: HashMap<(IndicatorId, MeasureId), Vec<Arc<str>>>,
    pub before: HashMap<(IndicatorId, MeasureId), Vec<Arc<str>>>,
}

impl Members {
    pub(super) fn new(catalogue: &Catalogue, dataset: &Dataset, previous: Option<Previous<'_>>) -> Self {
        let mut members = Self::default();
        if catalogue.rules.is_empty() {
            return members;
        }
        let collect = |dataset: &Dataset, found: &mut HashMap<_, Vec<Arc<str>>>| {
            let mut seen = BTreeSet::new();
            for key in dataset.irregular().iter().map(|r| &r.key) {
                if let Some(member) = &key.member
                    && seen.insert(key.clone())
                {
                    found.entry((key.indicator, key.measure)).or_default().push(member.clone());
                }
            }
        };
        collect(dataset, &mut members.now);
        if let Some(previous) = previous {
            collect(previous.dataset, &mut members.before);
        }
        members
    }
}
