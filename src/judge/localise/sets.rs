//! The smallest sets of figures that could be wrong (Fellegi and Holt 1976).

use std::collections::BTreeSet;

use super::{
    budget::Meter,
    feasible::{is_feasible, point},
    judge::{Band, JudgedBlock, PreparedConstraint},
    proposal::{Change, ChangeKind, MinimalSet, Proposal},
    single,
};
use crate::values::number::{Decimal, Rational, trim};

/// Sets of more figures accuse everybody.
pub(super) const LARGEST: usize = 4;
/// Rules with cases can be kept in so many ways together.
const MOST_WAYS: usize = 128;

/// All sets of least size whose values could be chosen so that every rule holds, the lightest
/// first. Empty when there is none, or when the bound on work was reached first.
pub(super) fn minimal(judged: &JudgedBlock<'_>, largest: usize, meter: &mut Meter) -> Vec<MinimalSet> {
    if judged.violated().is_empty() {
        return Vec::new();
    }
    for size in 1..=largest.min(LARGEST) {
        let mut search = Search { judged, size, seen: BTreeSet::new(), found: Vec::new() };
        search.grow(&[], meter);
        let mut found = search.found;
        if !found.is_empty() || meter.exhausted() {
            found.sort_by_key(|set| (set.weight, set.variables.clone()));
            return found;
        }
    }
    if largest >= LARGEST {
        meter.give_up();
    }
    Vec::new()
}

struct Search<'s, 'b> {
    judged: &'s JudgedBlock<'b>,
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
                self.try_set(set, meter);
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

    fn try_set(&mut self, set: &[usize], meter: &mut Meter) {
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

/// Whether all rules can hold when these variables are free. `None` when it takes too much work.
pub(super) fn can_mend(judged: &JudgedBlock<'_>, free: &[usize]) -> Option<bool> {
    let touches = |rule: &usize| judged.variables(*rule).iter().any(|variable| free.contains(variable));
    if !judged.violated().iter().all(touches) {
        return Some(false);
    }
    can_hold(judged, free).map(|(can, _)| can)
}

/// Whether the rules can hold when these variables are free, and whether that is proven. `None`
/// when it takes too much work.
fn can_hold(judged: &JudgedBlock<'_>, free: &[usize]) -> Option<(bool, bool)> {
    let mut can = (false, true);
    for way in ways(judged, free)? {
        let mut proven = true;
        let mut bands = Vec::new();
        for constraint in way {
            match asked(judged, constraint, free) {
                Asked::Band(band) => bands.push(band),
                Asked::Nothing => {}
                Asked::Several => proven = false,
            }
        }
        match (is_feasible(&bands, free.len())?, proven) {
            (true, true) => return Some((true, true)),
            (true, false) => can = (true, false),
            (false, _) => {}
        }
    }
    Some(can)
}

/// Values of the variables of a set with which every rule holds, each as near as can be to what is
/// printed. `None` where none were found.
pub(super) fn mended(judged: &JudgedBlock<'_>, set: &MinimalSet) -> Option<Proposal> {
    let free = &set.variables;
    ways(judged, free)?.into_iter().find_map(|way| {
        let mut bands = Vec::new();
        for constraint in way {
            match asked(judged, constraint, free) {
                Asked::Band(band) => bands.push(band),
                Asked::Nothing => {}
                Asked::Several => bands.push(judged.near_band(constraint, free)?),
            }
        }
        let mut values: Vec<Option<Decimal>> = vec![None; free.len()];
        point(&bands, free.len(), |unknown, span| {
            let to = single::near(judged, free[unknown], span)?;
            values[unknown] = Some(to);
            Some(Rational::from(to))
        })?;
        let changes = free.iter().zip(values).map(|(variable, to)| {
            Some(Change { variable: *variable, kind: ChangeKind::Value, to: trim(to?), within: None })
        });
        let slips = u32::try_from(free.len()).unwrap_or(u32::MAX);
        Proposal::judged(judged, changes.collect::<Option<_>>()?, slips).filter(|proposal| proposal.complete)
    })
}

/// The ways to keep all rules that the free variables are in. Constraints that speak of none of them are
/// not listed; where one of those is broken there is no such way. `None` where there are too many.
fn ways<'j>(judged: &'j JudgedBlock<'_>, free: &[usize]) -> Option<Vec<Vec<PreparedConstraint<'j>>>> {
    let mut all: Vec<Vec<PreparedConstraint<'_>>> = vec![Vec::new()];
    for rule in judged.touched(free.iter().copied()) {
        let own: Vec<Vec<PreparedConstraint<'_>>> = judged
            .constraint(rule)
            .ways()
            .into_iter()
            .filter(|way| way.iter().all(|constraint| constraint.names(free) || judged.is_kept(*constraint, &[])))
            .filter(|way| {
                way.iter().all(|constraint| !judged.is_violated(rule) || can_be_mended(judged, *constraint, free))
            })
            .map(|way| way.into_iter().filter(|constraint| constraint.names(free)).collect())
            .collect();
        all = all.iter().flat_map(|way| own.iter().map(|more| [way.as_slice(), more].concat())).collect();
        if all.len() > MOST_WAYS {
            return None;
        }
    }
    Some(all)
}

/// Whether a broken ratio or product can be solved for the only free variable in it.
fn can_be_mended(judged: &JudgedBlock<'_>, constraint: PreparedConstraint<'_>, free: &[usize]) -> bool {
    let own = own(constraint, free);
    judged.is_kept(constraint, &[]) || own.len() != 1 || judged.span(constraint, own[0]).is_some()
}

fn own(constraint: PreparedConstraint<'_>, free: &[usize]) -> Vec<usize> {
    free.iter().copied().filter(|variable| constraint.names(&[*variable])).collect()
}

/// What a constraint asks of the free variables.
enum Asked {
    Band(Band),
    /// It cannot be solved for the variable, and forbids nothing while it holds.
    Nothing,
    /// It multiplies two of them.
    Several,
}

fn asked(judged: &JudgedBlock<'_>, constraint: PreparedConstraint<'_>, free: &[usize]) -> Asked {
    if let Some(band) = judged.band(constraint, free) {
        return Asked::Band(band);
    }
    let own = own(constraint, free);
    let [only] = own.as_slice() else { return Asked::Several };
    let Some(within) = judged.span(constraint, *only) else { return Asked::Nothing };
    Asked::Band(Band { coefficients: free.iter().map(|at| i64::from(at == only).into()).collect(), within })
}
