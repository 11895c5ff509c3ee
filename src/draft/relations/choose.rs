//! Which of the sums that the figures allow are meant: one way to tell each figure, no circles, no part
//! beside its own total, and subtotals instead of what they are made of.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

use super::{
    evidence::BELIEVED,
    trial::{self, Reach, Shape, TrialResult},
    view::View,
};

/// Support in a hundred that a sum of lines beside it needs to be spoken of at all, and one of lines far away.
const NEAR: usize = 60;
const STEPS: usize = 95;
const FAR: usize = 95;
/// Totals of lines far away that a line may have; more of them are chance.
const RIVALS: usize = 2;

fn needed(reach: Reach) -> usize {
    match reach {
        Reach::Beside => NEAR,
        Reach::Steps => STEPS,
        Reach::Far => FAR,
    }
}

/// Candidates, the best first; of equals the one whose parts are nearest.
pub(super) fn by_rank(candidates: &mut [TrialResult]) {
    let reach =
        |found: &TrialResult| found.shape.parts.iter().map(|part| part.abs_diff(found.shape.total)).max().unwrap_or(0);
    candidates.sort_by(|a, b| {
        (a.reach, Reverse(a.score))
            .cmp(&(b.reach, Reverse(b.score)))
            .then_with(|| reach(a).cmp(&reach(b)))
            .then_with(|| a.shape.total.cmp(&b.shape.total))
            .then_with(|| a.shape.parts.cmp(&b.shape.parts))
    });
}

/// Drops lines that would be the total of too many pairs: small figures meet often.
pub(super) fn without_crowds(candidates: &mut Vec<TrialResult>) {
    let mut times: HashMap<usize, usize> = HashMap::new();
    for found in candidates.iter().filter(|found| found.reach == Reach::Far) {
        *times.entry(found.shape.total).or_default() += 1;
    }
    candidates.retain(|found| found.reach != Reach::Far || times[&found.shape.total] <= RIVALS);
}

/// Where total and parts stay in one proportion at all positions, one position says all that they say
/// together: any figures of a scale of wages add up to others.
pub(super) fn discount(view: &View<'_>, found: &mut TrialResult) {
    let strong: Vec<usize> = found
        .held
        .iter()
        .copied()
        .filter(|at| view.get(found.shape.total, *at).is_some_and(|n| n.value != 0))
        .collect();
    let in_proportion = |part: &usize| {
        let mut pairs =
            strong.iter().filter_map(|at| Some((view.get(*part, *at)?.value, view.get(found.shape.total, *at)?.value)));
        let Some((a, b)) = pairs.next() else { return true };
        pairs.all(|(c, d)| match (a.checked_mul(d), b.checked_mul(c)) {
            (Some(left), Some(right)) => (left - right).abs() * 16 <= left.abs(),
            _ => true,
        })
    };
    if strong.len() > 2 && found.shape.parts.iter().all(in_proportion) {
        found.score = (found.score + found.cost) / i64::try_from(strong.len()).unwrap_or(i64::MAX) - found.cost;
    }
}

/// A candidate with the subtotals that were found in place of what they are made of.
pub(super) fn collapsed(view: &View<'_>, taken: &[TrialResult], candidate: TrialResult, soft: &[bool]) -> TrialResult {
    let mut best = candidate;
    loop {
        let shape = &best.shape;
        let mut inner: Vec<&TrialResult> = taken
            .iter()
            .filter(|found| found.shape.total != shape.total && found.shape.parts.len() < shape.parts.len())
            .filter(|found| found.reach == Reach::Beside || found.failed.is_empty())
            .filter(|found| {
                found.shape.parts.iter().all(|part| shape.parts.contains(part))
                    && !shape.parts.contains(&found.shape.total)
            })
            .collect();
        inner.sort_by_key(|found| (Reverse(found.shape.parts.len()), found.shape.total.abs_diff(found.shape.parts[0])));
        let told = inner.into_iter().find_map(|inner| {
            let mut parts = shape.parts.clone();
            parts.retain(|part| !inner.shape.parts.contains(part));
            parts.push(inner.shape.total);
            parts.sort_unstable();
            let again = trial::everywhere(view, Shape { parts, ..shape.clone() }, 0, soft);
            let is_as_good =
                again.kept * 10 >= best.kept * 9 && again.strong > 0 && again.failed.len() <= best.failed.len();
            is_as_good.then_some(TrialResult { score: best.score, reach: best.reach, ..again })
        });
        match told {
            Some(told) if told.shape.parts.len() >= 2 => best = told,
            _ => return best,
        }
    }
}

/// All that was taken, told with subtotals: those that were found last too.
pub(super) fn settled(view: &View<'_>, mut taken: Vec<TrialResult>, soft: &[bool]) -> Vec<TrialResult> {
    for _ in 0..3 {
        let others = taken.clone();
        let mut again: Vec<TrialResult> = Vec::new();
        for found in taken {
            let found = collapsed(view, &others, found, soft);
            let is_told = |known: &TrialResult| {
                known.shape.total == found.shape.total
                    && known.shape.parts.iter().any(|part| found.shape.parts.contains(part))
                    && known.held.iter().any(|position| found.held.binary_search(position).is_ok())
            };
            if !again.iter().any(is_told) {
                again.push(found);
            }
        }
        taken = again;
    }
    taken
}

/// Every line that a line is made of, by the relations taken so far.
fn made_of(taken: &[TrialResult], line: usize) -> HashSet<usize> {
    let mut all = HashSet::new();
    let mut left = vec![line];
    while let Some(line) = left.pop() {
        for part in taken.iter().filter(|found| found.shape.total == line).flat_map(|found| &found.shape.parts) {
            if all.insert(*part) {
                left.push(*part);
            }
        }
    }
    all
}

/// Whether a candidate can stand beside what was taken: it neither tells the same figures in another way
/// nor runs in a circle nor counts a part beside its total.
pub(super) fn fits(taken: &[TrialResult], candidate: &TrialResult) -> bool {
    let shape = &candidate.shape;
    if candidate.score < BELIEVED || candidate.strong == 0 || !candidate.keeps(needed(candidate.reach)) {
        return false;
    }
    let overlaps =
        |found: &TrialResult| found.held.iter().any(|position| candidate.held.binary_search(position).is_ok());
    let mut lines: Vec<usize> = shape.parts.iter().copied().chain([shape.total]).collect();
    lines.sort_unstable();
    for found in taken.iter().filter(|found| overlaps(found)) {
        let shares = || found.shape.parts.iter().any(|part| shape.parts.contains(part));
        // Two lines that are equal have the same parts: the nearer one has them.
        let is_beside = candidate.reach != Reach::Far
            && shape.parts.iter().all(|part| part.abs_diff(shape.total) <= shape.parts.len() + 1);
        if (found.shape.parts == shape.parts && !is_beside) || (found.shape.total == shape.total && shares()) {
            return false;
        }
        let mut others: Vec<usize> = found.shape.parts.iter().copied().chain([found.shape.total]).collect();
        others.sort_unstable();
        if others == lines {
            return false;
        }
    }
    for part in &shape.parts {
        let below = made_of(taken, *part);
        if below.contains(&shape.total) || shape.parts.iter().any(|other| below.contains(other)) {
            return false;
        }
    }
    true
}
