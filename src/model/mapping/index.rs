//! Finds the rule of a row among hundreds, most of which need not be looked at.

use std::{collections::HashMap, sync::Arc};

use super::{LabelPath, RowPlace, RowRule};

type ByText<V> = HashMap<String, V, foldhash::fast::RandomState>;

/// Rules by the folded texts of their last two steps, so that a row meets few of them. Each is named
/// by its place in the mapping.
#[derive(Clone, Debug, Default)]
pub struct RowIndex {
    exact: ByText<Named>,
    /// Rules whose last step is a pattern; those that take whatever stands there.
    patterns: Vec<usize>,
    any: Vec<usize>,
    numbers: HashMap<u32, usize>,
}

/// Rules with the same last step.
#[derive(Clone, Debug, Default)]
struct Named {
    /// With no step before it, or one that is a pattern.
    anywhere: Vec<usize>,
    /// By the step before it.
    under: ByText<Vec<usize>>,
}

impl RowIndex {
    /// The index of all rules of a source.
    pub fn new(rules: &[RowRule]) -> Self {
        let mut index = Self::default();
        for (at, rule) in rules.iter().enumerate() {
            match &rule.place {
                RowPlace::Number(row) => {
                    index.numbers.insert(*row, at);
                }
                RowPlace::Label(path) => index.add(at, path),
            }
        }
        index
    }

    fn add(&mut self, at: usize, path: &LabelPath) {
        let [.., own] = path.steps.as_slice() else { return };
        let above = path.steps.len().checked_sub(2).map(|above| &path.steps[above]);
        let above = above.filter(|above| !above.is_wild());
        for alternative in own.alternatives() {
            if alternative.contains('*') {
                if own.is_any() { &mut self.any } else { &mut self.patterns }.push(at);
                continue;
            }
            let named = self.exact.entry(alternative.clone()).or_default();
            match above {
                None => named.anywhere.push(at),
                Some(above) => {
                    for heading in above.alternatives() {
                        named.under.entry(heading.clone()).or_default().push(at);
                    }
                }
            }
        }
    }

    /// The rule that says most about a row with these folded labels: by number, then by the longest
    /// path without `*`, then by pattern; the first one of the mapping among equals. `rules` are
    /// those of the index.
    pub fn best(&self, rules: &[RowRule], row: u32, path: &[Arc<str>], has_values: bool) -> Option<usize> {
        if let Some(rule) = self.numbers.get(&row) {
            return Some(*rule);
        }
        let (label, headings) = path.split_last()?;
        let longest = |candidates: &mut dyn Iterator<Item = &usize>| longest(rules, candidates, path);
        let by_name = self.exact.get(&**label).and_then(|named| {
            let under = headings.iter().filter_map(|heading| named.under.get(&**heading)).flatten();
            longest(&mut named.anywhere.iter().chain(under))
        });
        by_name.or_else(|| {
            let any = || longest(&mut self.any.iter());
            // "*" takes rows with values only: a heading is no village.
            longest(&mut self.patterns.iter()).or_else(|| any().filter(|_| has_values))
        })
    }
}

fn longest(rules: &[RowRule], candidates: &mut dyn Iterator<Item = &usize>, path: &[Arc<str>]) -> Option<usize> {
    let steps = |at: usize| match &rules[at].place {
        RowPlace::Label(own) => own.steps.len(),
        RowPlace::Number(_) => 0,
    };
    let fits = |at: &usize| match &rules[*at].place {
        RowPlace::Label(own) => own.matches(path),
        RowPlace::Number(_) => false,
    };
    // "Ngô > Diện tích" and "Lúa > Diện tích" both fit an area under rice under maize.
    let nearest = |at: usize| match &rules[at].place {
        RowPlace::Label(own) => own.heading(path),
        RowPlace::Number(_) => None,
    };
    candidates.copied().filter(fits).max_by_key(|at| (steps(*at), nearest(*at), usize::MAX - *at))
}
