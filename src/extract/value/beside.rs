//! What the cell of a result says of other measures: "368,77ha/370ha đạt 99,67%" is a result, its plan
//! and the ratio of the two.

use super::{Context, Key, Reading, SourceCell, stated};
use crate::{
    model::{
        catalogue::{MeasureId, MeasureKind, RatioPolicy, Scale},
        ratio::exact_ratio,
    },
    values::number::{Figure, Rounding},
};

/// The readings of one cell, until its row is read.
#[derive(Debug)]
pub(in crate::extract) struct Stated {
    plan: Reading,
    ratio: Option<Reading>,
}

/// Keeps what a result says of its plan and ratio, until the columns of its row are known.
pub(super) fn keep(
    cx: &mut Context<'_>,
    cell: &SourceCell<'_>,
    result: &Reading,
    (whole, percent): (Figure, Option<Figure>),
) {
    let Some((ratio, plan, _)) = ratio_of(cx, cell.key.measure) else { return };
    let mut own = |measure: MeasureId, figure: &Figure| {
        let cell = SourceCell { key: Key { measure, ..cell.key.clone() }, ..cell.clone() };
        stated(cx, &cell, figure, result)
    };
    let plan = own(plan, &whole);
    let ratio = percent.map(|percent| own(ratio, &percent));
    cx.beside.push(Stated { plan, ratio });
}

/// Joins what the cells of a row state to its readings, which begin at `start`. Where the columns of
/// plan, result and ratio agree with each other and not with it, it speaks of something else, as
/// "442/475 hộ" does of all households.
pub(in crate::extract) fn join(cx: &mut Context<'_>, start: usize) {
    for Stated { plan, ratio } in std::mem::take(&mut cx.beside) {
        if !is_of_something_else(cx, &plan, start) {
            cx.readings.push(plan);
            cx.readings.extend(ratio);
        }
    }
}

fn is_of_something_else(cx: &Context<'_>, stated: &Reading, start: usize) -> bool {
    let row = &cx.readings[start..];
    let agree = |result: &Reading| {
        let (ratio, plan, policy) = ratio_of(cx, result.key.measure)?;
        let in_column = |measure| {
            let key = Key { measure, ..result.key.clone() };
            row.iter().find(|reading| reading.key == key && reading.origin.cell != stated.origin.cell)
        };
        let (planned, printed) = (in_column(plan)?.number()?, in_column(ratio)?);
        let exact = exact_ratio(result.number()?, planned, policy.scale)?;
        let modes = [Rounding::HalfUp, Rounding::Truncate];
        let fits = modes.map(|mode| exact.to_decimal(printed.printed_decimals(), mode)).contains(&printed.number());
        Some(fits && Some(planned) != stated.number())
    };
    let results = row.iter().filter(|reading| reading.origin.cell == stated.origin.cell);
    results.filter_map(agree).any(|agree| agree)
}

/// The ratio that a measure is the result of, its plan, and how it is printed.
fn ratio_of(cx: &Context<'_>, of: MeasureId) -> Option<(MeasureId, MeasureId, RatioPolicy)> {
    cx.catalogue.iter_measures().find_map(|(id, measure)| match measure.kind {
        MeasureKind::Ratio { of: own, to, policy } if own == of && policy.scale == Scale::Percent => {
            Some((id, to, policy))
        }
        MeasureKind::Ratio { .. }
        | MeasureKind::Share { .. }
        | MeasureKind::Plan
        | MeasureKind::Actual
        | MeasureKind::Estimate
        | MeasureKind::Other
        | MeasureKind::Verdict { .. }
        | MeasureKind::Note => None,
    })
}
