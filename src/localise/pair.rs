//! Two figures at a time: exchanged, or with both signs lost (van der Loo, de Jonge, Scholtus 2011).

use super::{
    budget::Meter,
    judge::Judged,
    proposal::{Change, Kind, Proposal},
};
use crate::number::trim;

/// Exchanges of two figures, at least one of which a violated rule sees.
pub(super) fn swaps(judged: &Judged<'_>, meter: &mut Meter) -> Vec<Proposal> {
    let suspects = judged.suspects();
    let mut found = Vec::new();
    for first in &suspects {
        for (second, other) in judged.block.variables.iter().enumerate() {
            let seen_twice = second <= *first && suspects.binary_search(&second).is_ok();
            let own = &judged.block.variables[*first];
            if seen_twice || second == *first || other.protected || own.value == other.value {
                continue;
            }
            if !meter.step() {
                return found;
            }
            let change = |variable: usize, from: usize| Change {
                variable,
                kind: Kind::Swap(from),
                to: trim(judged.block.variables[from].value),
                within: None,
            };
            let proposal = Proposal::judged(judged, vec![change(*first, second), change(second, *first)], 1);
            found.extend(proposal.filter(|p| p.mends_a_balance(judged)));
        }
    }
    found
}

/// Two lost signs; for blocks that one lost sign does not mend.
pub(super) fn signs(judged: &Judged<'_>, meter: &mut Meter) -> Vec<Proposal> {
    let suspects: Vec<usize> =
        judged.suspects().into_iter().filter(|at| !judged.block.variables[*at].value.is_zero()).collect();
    let mut found = Vec::new();
    for (at, first) in suspects.iter().enumerate() {
        for second in &suspects[at + 1..] {
            if !meter.step() {
                return found;
            }
            let change = |variable: usize| Change {
                variable,
                kind: Kind::Sign,
                to: trim(-judged.block.variables[variable].value),
                within: None,
            };
            found.extend(Proposal::judged(judged, vec![change(*first), change(*second)], 2).filter(|p| p.complete));
        }
    }
    found
}
