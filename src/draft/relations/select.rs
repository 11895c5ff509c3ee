//! All relations of a table, and what each is worth.

use super::{Certainty, Doubt, Exception, Figures, Relation, sums::Search, trial::Found, view::View};

/// Support in a hundred below which a relation is for a remark only.
const SUPPORT: usize = 70;
/// Trials with two parts that are not zero below which it is.
const TRIALS: usize = 4;

pub(super) fn relations(figures: &Figures) -> Vec<Relation> {
    let (columns, rows) = View::both(figures);
    let mut all = Vec::new();
    for view in [&columns, &rows] {
        for found in Search::new(view, &[]).run() {
            all.push(relation(view, found));
        }
    }
    all
}

fn relation(view: &View<'_>, found: Found) -> Relation {
    let mut doubts = Vec::new();
    if !found.keeps(SUPPORT) {
        doubts.push(Doubt::Support);
    }
    if found.strong < TRIALS {
        doubts.push(Doubt::Trials);
    }
    let certainty = if doubts.is_empty() { Certainty::Certain } else { Certainty::Open };
    let support = (found.kept, found.kept + found.failed.len());
    let exceptions = found
        .failed
        .iter()
        .map(|position| Exception {
            position: *position,
            rounding: found.loose.contains(position),
            expected: None,
            suspect: None,
        })
        .collect();
    let shape = found.shape;
    Relation {
        kind: shape.kind,
        along: view.along,
        total: shape.total,
        parts: shape.parts,
        whole: shape.whole,
        power: shape.power,
        held: found.held,
        support,
        exceptions,
        certainty,
        doubts,
    }
}
