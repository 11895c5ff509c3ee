//! The smallest sets of figures that could be wrong (Fellegi and Holt 1976).

use std::collections::BTreeSet;

use super::{
    budget::Meter,
    feasible::{Band, is_feasible},
    judge::{Judged, Span},
    proposal::MinimalSet,
};

/// Sets of more figures accuse everybody.
const LARGEST: usize = 4;

/// All sets of least size whose values could be chosen so that every rule holds, the lightest
/// first. Empty when there is none, or when the bound on work was reached first.
pub(super) fn minimal(judged: &Judged<'_>, meter: &mut Meter) -> Vec<MinimalSet> {
    if judged.violated().is_empty() {
        return Vec::new();
    }
    for size in 1..=LARGEST {
        let mut search = Search { judged, size, seen: BTreeSet::new(), found: Vec::new() };
        search.grow(&[], meter);
        let mut found = search.found;
        if !found.is_empty() || meter.exhausted() {
            found.sort_by_key(|set| (set.weight, set.variables.clone()));
            return found;
        }
    }
    meter.give_up();
    Vec::new()
}

struct Search<'s, 'b> {
    judged: &'s Judged<'b>,
    size: usize,
    seen: BTreeSet<Vec<usize>>,
    found: Vec<MinimalSet>,
}

impl Search<'_, '_> {
    /// Grows a set by a variable of the first violated rule that it does not touch; when it touches
    /// all, by a neighbour. A smallest set is connected to the violated rules, so none is missed.
    fn grow(&mut self, set: &[usize], meter: &mut Meter) {
        if !self.seen.insert(set.to_vec()) || !meter.step() {
            return;
        }
        let judged = self.judged;
        let touches = |rule: &usize| judged.variables(*rule).iter().any(|variable| set.contains(variable));
        let open = judged.violated().iter().find(|rule| !touches(rule));
        if set.len() == self.size {
            if open.is_none() {
                self.judge(set, meter);
            }
            return;
        }
        let mut next: Vec<usize> = match open {
            Some(rule) => judged.variables(*rule).to_vec(),
            None => {
                judged.touched(set.iter().copied()).iter().flat_map(|rule| judged.variables(*rule)).copied().collect()
            }
        };
        next.sort_unstable();
        next.dedup();
        next.retain(|variable| !set.contains(variable) && !judged.block.variables[*variable].protected);
        for variable in next {
            let mut larger = set.to_vec();
            larger.push(variable);
            larger.sort_unstable();
            self.grow(&larger, meter);
        }
    }

    fn judge(&mut self, set: &[usize], meter: &mut Meter) {
        match can_hold(self.judged, set) {
            Some((true, proven)) => self.found.push(MinimalSet {
                weight: set.iter().map(|variable| self.judged.block.variables[*variable].trust.weight()).sum(),
                variables: set.to_vec(),
                proven,
            }),
            Some((false, _)) => {}
            None => meter.give_up(),
        }
    }
}

/// Whether the rules can hold when these variables are free, and whether that is proven. `None`
/// when it takes too much work.
fn can_hold(judged: &Judged<'_>, free: &[usize]) -> Option<(bool, bool)> {
    let mut bands = Vec::new();
    let mut proven = true;
    for rule in judged.touched(free.iter().copied()) {
        if let Some(within) = judged.band(rule, free) {
            let coefficients =
                free.iter().map(|at| judged.coefficient(rule, *at).cloned().unwrap_or(crate::number::Rational::ZERO));
            bands.push(Band { coefficients: coefficients.collect(), within });
            continue;
        }
        let own: Vec<usize> = free.iter().copied().filter(|at| judged.variables(rule).contains(at)).collect();
        let [only] = own.as_slice() else {
            proven = false;
            continue;
        };
        // A rule that cannot be solved for the variable forbids nothing while it holds.
        let within = match judged.span(rule, *only) {
            Some(within) => within,
            None if judged.is_violated(rule) => return Some((false, true)),
            None => Span::ALL,
        };
        let coefficients = free.iter().map(|at| i64::from(at == only).into()).collect();
        bands.push(Band { coefficients, within });
    }
    Some((is_feasible(&bands, free.len())?, proven))
}
