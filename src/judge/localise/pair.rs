//! Two figures at a time: exchanged, or with both signs lost (van der Loo, de Jonge, Scholtus 2011).

use super::{
    block::Block,
    budget::Meter,
    judge::JudgedBlock,
    proposal::{self, Change, ChangeKind, Proposal},
    single::Wanted,
};
use crate::values::number::trim;

/// Exchanges of two figures, at least one of which a violated rule sees. `wanted` names those.
pub(super) fn swaps(judged: &JudgedBlock<'_>, wanted: &[(usize, Option<Wanted>)], meter: &mut Meter) -> Vec<Proposal> {
    let of = |variable: usize| {
        let at = wanted.binary_search_by_key(&variable, |(variable, _)| *variable).ok()?;
        Some(&wanted[at].1)
    };
    let mut found = Vec::new();
    for (first, own_wanted) in wanted {
        for (second, other) in judged.block.variables.iter().enumerate() {
            let other_wanted = of(second);
            let seen_twice = second <= *first && other_wanted.is_some();
            let own = &judged.block.variables[*first];
            if seen_twice || second == *first || other.protected || own.value == other.value || own.coded || other.coded
            {
                continue;
            }
            if judged.cell(*first).half == judged.cell(second).half && !judged.is_rule_shared(*first, second) {
                // Each of them then moves as if it were alone.
                let (own, other) = (&judged.cell(*first).value, &judged.cell(second).value);
                let Some(own_wanted) = own_wanted else { continue };
                let mends = match other_wanted {
                    Some(None) => false,
                    Some(Some(wanted)) => {
                        own_wanted.keeps(other) && wanted.keeps(own) && (own_wanted.mends(other) || wanted.mends(own))
                    }
                    None => own_wanted.mends(other),
                };
                if !mends {
                    continue;
                }
            }
            if !meter.step() {
                return found;
            }
            found.extend(exchanged(judged, *first, second).filter(|p| p.mends_a_balance(judged)));
        }
    }
    found
}

/// Whether an exchange of two figures mends every violated rule. Far cheaper than to search for all
/// that may.
pub fn may_be_exchanged(block: &Block) -> bool {
    let judged = JudgedBlock::new(block);
    let Some(first_rule) = judged.violated().first() else { return false };
    let mends = |first: usize, second: usize| {
        let names_one = |rule: &usize| judged.variables(*rule).iter().any(|at| [first, second].contains(at));
        let cell = |of: usize, from: usize| (of, proposal::cell(&judged, &change(&judged, of, from)));
        let mends_all = || {
            let changes = [cell(first, second), cell(second, first)];
            judged.violated().iter().all(|rule| judged.holds(*rule, &changes))
        };
        first != second && judged.violated().iter().all(names_one) && mends_all()
    };
    let all = 0..block.variables.len();
    judged.variables(*first_rule).iter().any(|first| all.clone().any(|second| mends(*first, second)))
}

fn exchanged(judged: &JudgedBlock<'_>, first: usize, second: usize) -> Option<Proposal> {
    Proposal::of_few(judged, [change(judged, first, second), change(judged, second, first)], 1)
}

fn change(judged: &JudgedBlock<'_>, variable: usize, from: usize) -> Change {
    Change { variable, kind: ChangeKind::Swap(from), to: trim(judged.block.variables[from].value), within: None }
}

/// Two lost signs; for blocks that one lost sign does not mend.
pub(super) fn signs(judged: &JudgedBlock<'_>, meter: &mut Meter) -> Vec<Proposal> {
    let suspects: Vec<usize> = judged
        .suspects()
        .into_iter()
        .filter(|at| !judged.block.variables[*at].value.is_zero() && !judged.block.variables[*at].coded)
        .collect();
    let mut found = Vec::new();
    for (at, first) in suspects.iter().enumerate() {
        for second in &suspects[at + 1..] {
            if !meter.step() {
                return found;
            }
            let change = |variable: usize| Change {
                variable,
                kind: ChangeKind::Sign,
                to: trim(-judged.block.variables[variable].value),
                within: None,
            };
            found.extend(Proposal::of_few(judged, [change(*first), change(*second)], 2).filter(|p| p.complete));
        }
    }
    found
}
