//! The smallest sets of figures that could be wrong (Fellegi and Holt 1976).

use std::collections::BTreeSet;

use super::{
    budget::Meter,
    feasible::{is_feasible, point},
    judge::{Band, Judged, Span},
    proposal::{Change, Kind, MinimalSet, Proposal},
    single,
};
use crate::number::{Decimal, Rational, trim};

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
        if let Some(band) = judged.band(rule, free) {
            bands.push(band);
            continue;
        }
        match alone(judged, rule, free) {
            Alone::Band(band) => bands.push(band),
            Alone::Never => return Some((false, true)),
            Alone::Several => proven = false,
        }
    }
    Some((is_feasible(&bands, free.len())?, proven))
}

/// What a ratio or product asks of the only free variable in it.
enum Alone {
    Band(Band),
    /// No value would let it hold.
    Never,
    /// More than one variable is free.
    Several,
}

fn alone(judged: &Judged<'_>, rule: usize, free: &[usize]) -> Alone {
    let own: Vec<usize> = free.iter().copied().filter(|at| judged.variables(rule).contains(at)).collect();
    let [only] = own.as_slice() else { return Alone::Several };
    // A rule that cannot be solved for the variable forbids nothing while it holds.
    let within = match judged.span(rule, *only) {
        Some(within) => within,
        None if judged.is_violated(rule) => return Alone::Never,
        None => Span::ALL,
    };
    Alone::Band(Band { coefficients: free.iter().map(|at| i64::from(at == only).into()).collect(), within })
}

/// Values of the variables of a set with which every rule holds, each as near as can be to what is
/// printed. `None` where none were found.
pub(super) fn mended(judged: &Judged<'_>, set: &MinimalSet) -> Option<Proposal> {
    let free = &set.variables;
    let mut bands = Vec::new();
    for rule in judged.touched(free.iter().copied()) {
        match judged.band(rule, free) {
            Some(band) => bands.push(band),
            None => match alone(judged, rule, free) {
                Alone::Band(band) => bands.push(band),
                Alone::Never => return None,
                Alone::Several => bands.push(judged.near_band(rule, free)?),
            },
        }
    }
    let mut values: Vec<Option<Decimal>> = vec![None; free.len()];
    point(&bands, free.len(), |unknown, span| {
        let to = single::near(judged, free[unknown], span)?;
        values[unknown] = Some(to);
        Some(Rational::from(to))
    })?;
    let changes = free
        .iter()
        .zip(values)
        .map(|(variable, to)| Some(Change { variable: *variable, kind: Kind::Value, to: trim(to?), within: None }));
    let slips = u32::try_from(free.len()).unwrap_or(u32::MAX);
    Proposal::judged(judged, changes.collect::<Option<_>>()?, slips).filter(|proposal| proposal.complete)
}
