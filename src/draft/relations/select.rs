//! All relations of a table, and what each is worth.

use super::{
    Certainty, Doubt, Exception, Figures, Relation, RelationKind, averages, cut, products, shares,
    sums::Search,
    suspects,
    trial::{self, TrialResult},
    view::View,
};

/// Support in a hundred below which a relation is for a remark only.
const SUPPORT: usize = 70;
/// Support in a hundred from which it is certain.
const SURE: usize = 90;
/// Trials with two parts that are not zero below which it is for a remark only.
const TRIALS: usize = 4;

pub(super) fn relations(figures: &Figures) -> Vec<Relation> {
    let (columns, rows) = View::both(figures);
    let views = [&columns, &rows];
    let made = views.map(products::find);
    let shared = views.map(shares::shares);
    // Nothing needs to add up in a column of ratios.
    let soft = |across: usize| -> Vec<bool> {
        let view = views[1 - across];
        let is_ratio = |line: usize| {
            made[1 - across]
                .iter()
                .any(|made| made.found.shape.kind != RelationKind::Product && made.found.shape.total == line)
                || view.said(line).ratio
        };
        (0..view.lines).map(is_ratio).collect()
    };
    let mut all = Vec::new();
    for (at, view) in views.into_iter().enumerate() {
        let mut soft = soft(at);
        let mut sums = Search::new(view, &soft).run();
        if harden(view, &sums, &mut soft) {
            for found in &mut sums {
                *found = TrialResult {
                    reach: found.reach,
                    ..trial::everywhere(view, found.shape.clone(), found.cost, &soft)
                };
            }
        }
        for found in averages::find(view, &sums) {
            all.push(relation(view, found, false));
        }
        for found in sums {
            all.push(relation(view, as_difference(view, found), false));
        }
    }
    for (at, view) in views.into_iter().enumerate() {
        for made in &made[at] {
            all.push(relation(view, made.found.clone(), made.has_rival));
        }
        for found in shared[at].iter().cloned().chain(shares::equals(view)) {
            all.push(relation(view, found, false));
        }
    }
    all.sort_by(|a, b| (a.along, a.total, a.kind, &a.parts).cmp(&(b.along, b.total, b.kind, &b.parts)));
    suspects::name(&views, &mut all);
    all
}

/// Finds positions where hardly any sum holds: a column of yields or prices. Whether there are any.
fn harden(view: &View<'_>, sums: &[TrialResult], soft: &mut [bool]) -> bool {
    let mut any = false;
    for (position, soft) in soft.iter_mut().enumerate() {
        let failed = sums.iter().filter(|found| found.failed.binary_search(&position).is_ok()).count();
        let held = sums.iter().filter(|found| found.held.binary_search(&position).is_ok()).count();
        if failed >= 3 && failed >= 4 * held && !*soft && view.positions > 2 {
            *soft = true;
            any = true;
        }
    }
    any
}

/// A sum of two told as a difference, where one of the parts is what remains: it goes below zero, or its
/// label says so.
fn as_difference(view: &View<'_>, mut found: TrialResult) -> TrialResult {
    let shape = &found.shape;
    let [a, b] = shape.parts[..] else { return found };
    let is_negative = |line: usize| view.line(line).iter().flatten().any(|number| number.value < 0);
    let says_so = |line: usize| view.said(line).difference && !view.said(line).total;
    let rest = match (says_so(a), says_so(b)) {
        (true, false) => a,
        (false, true) => b,
        _ => match (is_negative(a), is_negative(b)) {
            (true, false) if !is_negative(shape.total) => a,
            (false, true) if !is_negative(shape.total) => b,
            _ => return found,
        },
    };
    let other = if rest == a { b } else { a };
    found.shape.parts = vec![shape.total, other];
    found.shape.kind = RelationKind::Difference;
    found.shape.total = rest;
    found
}

fn relation(view: &View<'_>, mut found: TrialResult, has_rival: bool) -> Relation {
    let recorded = cut::recorded(view, &mut found);
    let mut doubts = Vec::new();
    if !found.keeps(SUPPORT) {
        doubts.push(Doubt::Support);
    }
    if found.strong < TRIALS {
        doubts.push(Doubt::Trials);
    }
    if has_rival {
        doubts.push(Doubt::Rival);
    }
    if matches!(found.shape.kind, RelationKind::Ratio | RelationKind::Growth | RelationKind::Share) {
        let label = view.label(found.shape.total);
        if !label.is_empty() && !view.said(found.shape.total).ratio {
            doubts.push(Doubt::Header);
        }
    }
    let certainty = match &doubts[..] {
        [] if found.keeps(SURE) => Certainty::Certain,
        [] => Certainty::Likely,
        _ => Certainty::Open,
    };
    let support = (found.kept, found.kept + found.failed.len());
    let exceptions = found
        .failed
        .iter()
        .map(|position| Exception {
            position: *position,
            rounding: found.loose.contains(position),
            expected: suspects::expected(view, &found.shape, *position),
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
        recorded,
    }
}
