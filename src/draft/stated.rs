//! What a form says of its own columns (`3=1+2`) lets a relation pass that the figures keep and for which
//! they say too little, or as much for another one. It never makes one.

use super::{
    model::DraftTable,
    relations::{Along, Certainty, Doubt, Relation, RelationKind},
};
use crate::model::{
    catalogue::rule::stated::{Expression, of_header},
    workbook::Sheet,
};

/// Clears the doubts of relations between columns that the form states itself and no row breaks.
pub(super) fn believe(table: &mut DraftTable, sheet: &Sheet) {
    let Some(first) = table.figures.rows.iter().map(|row| row.at).min() else { return };
    let (names, statements) = of_header(sheet, None, first);
    let columns: Vec<usize> = table.figures.columns.iter().map(|column| column.at as usize).collect();
    let place = |column: usize| columns.iter().position(|own| *own == column);
    let mut stated: Vec<(usize, Vec<usize>, bool)> = Vec::new();
    for (_, statement) in &statements {
        for expression in statement.expressions(&names) {
            let Some(total) = statement.place(&names).and_then(place) else { continue };
            let Some(mut parts) = expression.figures().into_iter().map(place).collect::<Option<Vec<_>>>() else {
                continue;
            };
            parts.sort_unstable();
            stated.push((total, parts, !matches!(expression, Expression::Product(_))));
        }
    }
    for relation in table.relations.iter_mut().filter(|relation| relation.along == Along::Columns) {
        let mut parts = relation.parts.clone();
        parts.sort_unstable();
        let is_sum = matches!(relation.kind, RelationKind::Sum | RelationKind::Difference);
        let says = |(total, own, additive): &(usize, Vec<usize>, bool)| {
            *total == relation.total && *own == parts && *additive == is_sum
        };
        if relation.exceptions.is_empty() && relation.kind != RelationKind::Growth && stated.iter().any(says) {
            clear(relation);
        }
    }
}

fn clear(relation: &mut Relation) {
    relation.doubts.retain(|doubt| *doubt == Doubt::Support);
    if relation.doubts.is_empty() {
        relation.certainty = Certainty::Certain;
    }
}
