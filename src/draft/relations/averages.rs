//! Means of the lines beside them.

use super::{
    RelationKind,
    evidence::{self, BELIEVED},
    trial::{self, Shape, TrialResult},
    view::View,
};

/// Lines beyond which only those whose label says so are tried for means.
const FEW: usize = 400;
/// The most lines that a mean without such a label is taken of.
const LONG: usize = 120;
/// Support in a hundred that a mean needs to be spoken of at all.
const NEEDED: usize = 85;

/// The means of a view, one a line at most, unless two hold at different positions.
pub(super) fn find(view: &View<'_>, sums: &[TrialResult]) -> Vec<TrialResult> {
    let active: Vec<usize> = (0..view.lines).filter(|line| view.line(*line).iter().any(Option::is_some)).collect();
    let mut found = Vec::new();
    for at in 0..active.len() {
        let says_so = view.said(active[at]).average;
        if active.len() > FEW && !says_so {
            continue;
        }
        for forward in [true, false] {
            beside(view, &active, at, (forward, says_so), &mut found);
        }
    }
    found.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.shape.total.cmp(&b.shape.total)));
    let mut taken: Vec<TrialResult> = Vec::new();
    for candidate in found {
        let meets = |known: &TrialResult| {
            known.shape.total == candidate.shape.total
                && known.held.iter().any(|position| candidate.held.binary_search(position).is_ok())
        };
        // A column of shares adds up to 100 and has a mean as well; two parts that are equal as well.
        if !taken.iter().any(meets) && !sums.iter().any(meets) {
            taken.push(candidate);
        }
    }
    taken
}

fn beside(
    view: &View<'_>,
    active: &[usize],
    at: usize,
    (forward, says_so): (bool, bool),
    found: &mut Vec<TrialResult>,
) {
    let total = active[at];
    let cost = evidence::cost(2 * active.len()) + 3;
    let mut sums = vec![0_i128; view.positions];
    let mut counts = vec![0_i128; view.positions];
    let mut parts = Vec::new();
    let mut best: Option<TrialResult> = None;
    let mut next = at;
    loop {
        let step = if forward { next.checked_add(1) } else { next.checked_sub(1) };
        let Some(line) = step.and_then(|step| active.get(step).copied()) else { break };
        next = step.unwrap_or(next);
        parts.push(line);
        if parts.len() > LONG && !says_so {
            break;
        }
        let (mut compared, mut hits) = (0, 0);
        for (position, number) in view.line(line).iter().enumerate() {
            if let Some(number) = number {
                sums[position] += number.value;
                counts[position] += 1;
            }
            let Some(total) = view.get(total, position) else { continue };
            if counts[position] == 0 || (total.value == 0 && sums[position] == 0) {
                continue;
            }
            compared += 1;
            let miss = (total.value * counts[position] - sums[position]).abs();
            hits += usize::from(2 * miss <= total.unit * counts[position]);
        }
        if parts.len() >= 2 && hits > 0 && hits * 2 >= compared {
            let mut sorted = parts.clone();
            sorted.sort_unstable();
            let shape = Shape { kind: RelationKind::Average, total, parts: sorted, whole: None, power: 0 };
            let candidate = trial::everywhere(view, shape, cost, &[]);
            let is_better = best.as_ref().is_none_or(|best| candidate.score >= best.score);
            if candidate.score >= BELIEVED && candidate.keeps(NEEDED) && is_better {
                best = Some(candidate);
            }
        }
    }
    found.extend(best);
}
