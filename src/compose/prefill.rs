//! The form of the period after, with what is known of it already: this year's result stands as
//! last year's, next year's plan as the plan. Which measure becomes which says the catalogue
//! (`carried`).

use crate::model::{
    catalogue::{Catalogue, MeasureId},
    reading::{Dataset, Key, Reading, Step, Value},
};

/// Whether the catalogue says what is carried from one period to the next.
pub fn is_possible(catalogue: &Catalogue) -> bool {
    catalogue.measures.iter().any(|measure| !measure.carried.is_empty())
}

/// The figures of the form of `next`, the same catalogue for the period after, and that form, whose
/// totals wait for their parts.
pub fn prefill(catalogue: &Catalogue, next: Catalogue, dataset: &Dataset) -> (Catalogue, Dataset) {
    let mut readings = Vec::new();
    for (target, measure) in catalogue.iter_measures() {
        if measure.carried.is_empty() {
            continue;
        }
        let Some(target) = next.find_measure(&catalogue.measure(target).id) else { continue };
        for (id, indicator) in catalogue.iter() {
            let Some(at) = next.find(&indicator.id) else { continue };
            let own: Vec<&Reading> =
                dataset.of(id).filter(|reading| measure.carried.contains(&reading.key.measure)).collect();
            let mut members: Vec<_> = own.iter().map(|reading| &reading.key.member).collect();
            members.sort_unstable();
            members.dedup();
            for member in members {
                let stated = |from: &MeasureId| {
                    own.iter().find(|r| r.key.measure == *from && r.key.member == *member && is_figure(&r.value))
                };
                let Some(reading) = measure.carried.iter().find_map(stated) else { continue };
                let mut reading = (*reading).clone();
                let measure = catalogue.measure(reading.key.measure).label.clone();
                reading.origin.steps.push(Step::Carried { measure, period: catalogue.period.to_string() });
                reading.key = Key { indicator: at, measure: target, member: member.clone() };
                reading.forecast = false;
                readings.push(reading);
            }
        }
    }
    let mut next = next;
    next.form.open_totals = true;
    (next, Dataset::new(readings))
}

/// A number, a bound or a range; what is not known is not carried.
const fn is_figure(value: &Value) -> bool {
    match value {
        Value::Number(_) | Value::Bound(..) | Value::Range(..) => true,
        Value::Nothing(_) | Value::Text(_) | Value::Partial { .. } | Value::Unusable => false,
    }
}
