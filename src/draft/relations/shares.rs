//! Shares of a whole that stands in the same column or row, and lines that are equal.

use super::{
    RelationKind,
    evidence::{self, BELIEVED},
    trial::{self, Shape, TrialResult},
    view::View,
};

/// Lines up to which any two are compared.
const FEW: usize = 64;
/// Wholes that are tried for one line of shares.
const WHOLES: usize = 4;
/// Support in a hundred that a share, and that an equal line needs.
const SHARES: usize = 70;
const EQUAL: usize = 95;

/// The shares of a view: lines of parts of 100 or of 1 of the figures of another line.
pub(super) fn shares(view: &View<'_>) -> Vec<TrialResult> {
    let mut found: Vec<TrialResult> = Vec::new();
    if view.lines > FEW {
        return found;
    }
    for line in 0..view.lines {
        let mut best: Option<TrialResult> = None;
        for power in [2, 0] {
            let one = u32::try_from(power).ok().and_then(|power| 10_i128.checked_pow(power + view.scale));
            let is_whole = |position: &usize| view.get(line, *position).is_some_and(|number| Some(number.value) == one);
            for whole in (0..view.positions).filter(is_whole).take(WHOLES) {
                for base in (0..view.lines).filter(|base| *base != line) {
                    // A line that is equal to its shares is no whole of them.
                    if trial::spread(view, base) == 0
                        || view.get(base, whole).map(|n| n.value) == view.get(line, whole).map(|n| n.value)
                    {
                        continue;
                    }
                    let shape =
                        Shape { kind: RelationKind::Share, total: line, parts: vec![base], whole: Some(whole), power };
                    let cost = evidence::cost(view.lines * WHOLES) + 4;
                    let mut candidate = trial::everywhere(view, shape, cost, &[]);
                    // The whole is its own share: that says nothing.
                    candidate.held.retain(|position| *position != whole);
                    candidate.kept = candidate.kept.saturating_sub(1);
                    candidate.strong = candidate.strong.saturating_sub(1);
                    let is_better = best.as_ref().is_none_or(|best| candidate.score > best.score);
                    if candidate.score >= BELIEVED && candidate.keeps(SHARES) && candidate.strong >= 3 && is_better {
                        best = Some(candidate);
                    }
                }
            }
        }
        found.extend(best);
    }
    found
}

/// Lines that hold the same figures.
pub(super) fn equals(view: &View<'_>) -> Vec<TrialResult> {
    let mut found = Vec::new();
    if view.lines > FEW {
        return found;
    }
    for line in 0..view.lines {
        for other in 0..line {
            let shape = Shape { kind: RelationKind::Equal, total: line, parts: vec![other], whole: None, power: 0 };
            let cost = evidence::cost(view.lines) * 2;
            let candidate = trial::everywhere(view, shape, cost, &[]);
            if candidate.score >= BELIEVED && candidate.keeps(EQUAL) {
                found.push(candidate);
                break;
            }
        }
    }
    found
}
