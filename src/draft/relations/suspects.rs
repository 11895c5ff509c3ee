//! The one cell that several broken relations accuse.
//!
//! A cell is named where another figure in it mends every relation that it breaks and breaks none that
//! holds, and no other cell does as much.

use std::collections::BTreeSet;

use crate::values::number::Decimal;

use super::{
    Along, Relation, RelationKind,
    trial::{self, Instead, Shape, Trial},
    view::{Number, View},
};

/// Exceptions beyond which a table is not one with a slip in it.
const MANY: usize = 400;

/// What would stand in the total at a position if the parts were right, rounded as the total is.
pub(super) fn expected(view: &View<'_>, shape: &Shape, position: usize) -> Option<Decimal> {
    let total = view.get(shape.total, position)?;
    let value = |line: usize| view.get(line, position);
    match shape.kind {
        RelationKind::Sum => {
            view.decimal(shape.parts.iter().filter_map(|part| value(*part)).map(|part| part.value).sum())
        }
        RelationKind::Difference => view.decimal(value(shape.parts[0])?.value - value(shape.parts[1])?.value),
        RelationKind::Average => {
            let parts: Vec<Number> = shape.parts.iter().filter_map(|part| value(*part)).collect();
            let count = i128::try_from(parts.len()).ok().filter(|count| *count > 0)?;
            let sum: i128 = parts.iter().map(|part| part.value).sum();
            view.decimal(rounded(sum, count, total.unit)?)
        }
        RelationKind::Equal => view.decimal(value(shape.parts[0])?.value),
        RelationKind::Product => {
            let (a, b) = (value(shape.parts[0])?, value(shape.parts[1])?);
            let made = a.mantissa.checked_mul(b.mantissa)?;
            let places = i64::from(a.decimals) + i64::from(b.decimals) - i64::from(shape.power);
            let (up, down) = shifts(i64::from(view.scale) - places)?;
            view.decimal(rounded(made.checked_mul(up)?, down, total.unit)?)
        }
        RelationKind::Ratio | RelationKind::Growth | RelationKind::Share => {
            let a = value(shape.parts[0])?;
            let b = match shape.kind {
                RelationKind::Share => view.get(shape.parts[0], shape.whole?)?,
                _ => value(shape.parts[1])?,
            };
            let numerator = if shape.kind == RelationKind::Growth { a.value - b.value } else { a.value };
            let (up, down) = shifts(i64::from(view.scale) + i64::from(shape.power))?;
            let (up, down) = if b.value < 0 { (-up, down) } else { (up, down) };
            view.decimal(rounded(numerator.checked_mul(up)?, b.value.abs().checked_mul(down)?, total.unit)?)
        }
    }
}

/// A power of ten as what to multiply by and what to divide by.
fn shifts(power: i64) -> Option<(i128, i128)> {
    let size = 10_i128.checked_pow(u32::try_from(power.unsigned_abs()).ok()?)?;
    Some(if power >= 0 { (size, 1) } else { (1, size) })
}

/// A quotient, rounded half up to a multiple of a unit.
fn rounded(value: i128, divisor: i128, unit: i128) -> Option<i128> {
    let grid = divisor.checked_mul(unit)?;
    let size = value.checked_abs()?.checked_mul(2)?.checked_add(grid)?.checked_div(grid.checked_mul(2)?)?;
    Some(size * unit * value.signum())
}

struct Judge<'a> {
    views: &'a [&'a View<'a>; 2],
    /// Of each relation its shape, its view and its position of failure.
    relations: Vec<(usize, Shape)>,
    spreads: Vec<i128>,
}

impl Judge<'_> {
    fn line_and_position(&self, view: usize, (row, column): (usize, usize)) -> (usize, usize) {
        match self.views[view].along {
            Along::Columns => (column, row),
            Along::Rows => (row, column),
        }
    }

    /// Whether a relation holds where a cell takes part in it, with another figure in that cell; `None` where it
    /// takes no part.
    fn holds(&self, relation: usize, cell: (usize, usize), number: Number) -> Option<bool> {
        let (at, shape) = &self.relations[relation];
        let (line, position) = self.line_and_position(*at, cell);
        if line != shape.total && !shape.parts.contains(&line) {
            return None;
        }
        let instead = Instead { line, position, number };
        match trial::at(self.views[*at], shape, self.spreads[relation], position, Some(instead)) {
            Trial::Held { .. } | Trial::Trivial => Some(true),
            Trial::Failed => Some(false),
            Trial::Nothing => None,
        }
    }
}

/// Names the guilty cell of each exception where it can be told.
pub(super) fn name(views: &[&View<'_>; 2], relations: &mut [Relation]) {
    let total: usize = relations.iter().map(|relation| relation.exceptions.len()).sum();
    if total == 0 || total > MANY {
        return;
    }
    let view_of = |relation: &Relation| usize::from(relation.along == Along::Rows);
    let shape_of = |relation: &Relation| Shape {
        kind: relation.kind,
        total: relation.total,
        parts: relation.parts.clone(),
        whole: relation.whole,
        power: relation.power,
    };
    // What few trials support accuses nobody.
    let judged: Vec<usize> = (0..relations.len()).filter(|at| relations[*at].support.0 >= 2).collect();
    let judge = Judge {
        views,
        relations: judged.iter().map(|at| (view_of(&relations[*at]), shape_of(&relations[*at]))).collect(),
        spreads: judged.iter().map(|_| i128::MAX).collect(),
    };
    let mut named = Vec::new();
    for (at, relation) in relations.iter().enumerate() {
        for (which, exception) in relation.exceptions.iter().enumerate() {
            if let Some(suspect) = suspect(&judge, relations, &judged, (at, exception.position)) {
                named.push((at, which, suspect));
            }
        }
    }
    for (at, which, suspect) in named {
        relations[at].exceptions[which].suspect = Some(suspect);
    }
}

/// The one cell of an exception that would mend most and break nothing.
fn suspect(
    judge: &Judge<'_>,
    relations: &[Relation],
    judged: &[usize],
    (at, position): (usize, usize),
) -> Option<((usize, usize), Decimal)> {
    let relation = &relations[at];
    let view = judge.views[usize::from(relation.along == Along::Rows)];
    let lines = relation.parts.iter().copied().chain([relation.total]);
    let mut best: Option<(usize, (usize, usize), Decimal)> = None;
    let mut is_tied = false;
    for line in lines {
        let cell = relation.cell(line, position);
        let Some(number) = view.get(line, position) else { continue };
        let mended = proposals(judge, relations, judged, cell)
            .into_iter()
            .filter_map(|to| {
                let instead = view.number_of(to, number)?;
                let mut resolved = 0;
                for (index, known) in judged.iter().enumerate() {
                    let Some(holds) = judge.holds(index, cell, instead) else { continue };
                    let held = judge.holds(index, cell, number)?;
                    match (held, holds) {
                        (true, false) => return None,
                        (false, true) => resolved += 1,
                        _ => {}
                    }
                    let _ = known;
                }
                (resolved > 0).then_some((resolved, to))
            })
            .max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(&a.1)));
        let Some((resolved, to)) = mended else { continue };
        match &best {
            Some((most, ..)) if *most > resolved => {}
            Some((most, ..)) if *most == resolved => is_tied = true,
            _ => {
                best = Some((resolved, cell, to));
                is_tied = false;
            }
        }
    }
    let (_, cell, to) = best?;
    (!is_tied).then_some((cell, to))
}

/// What the broken relations would have in a cell.
fn proposals(judge: &Judge<'_>, relations: &[Relation], judged: &[usize], cell: (usize, usize)) -> BTreeSet<Decimal> {
    let mut all = BTreeSet::new();
    for (index, known) in judged.iter().enumerate() {
        let (at, shape) = &judge.relations[index];
        let view = judge.views[*at];
        let (line, position) = judge.line_and_position(*at, cell);
        if relations[*known].exceptions.iter().all(|exception| exception.position != position) {
            continue;
        }
        if line == shape.total {
            all.extend(expected(view, shape, position));
        } else if shape.parts.contains(&line) {
            all.extend(wanted_of_part(view, shape, line, position));
        }
    }
    all
}

/// What a part would have to be for the total to be right, where that is one figure.
fn wanted_of_part(view: &View<'_>, shape: &Shape, line: usize, position: usize) -> Option<Decimal> {
    let (part, total) = (view.get(line, position)?, view.get(shape.total, position)?);
    match shape.kind {
        RelationKind::Sum => {
            let sum: i128 =
                shape.parts.iter().filter_map(|part| view.get(*part, position)).map(|part| part.value).sum();
            view.decimal(part.value + total.value - sum)
        }
        RelationKind::Difference => {
            let (a, b) = (view.get(shape.parts[0], position)?, view.get(shape.parts[1], position)?);
            view.decimal(if line == shape.parts[0] { total.value + b.value } else { a.value - total.value })
        }
        RelationKind::Equal => view.decimal(total.value),
        _ => None,
    }
}
