//! Checks: what the readings of a submission say about each other.
//!
//! A check is one file. It reports all it finds, never just the first, and counts what it judged,
//! also what it could not.

mod comparison;
mod conflicting_sources;
mod context;
mod duplicate_indicator;
mod forecast_as_actual;
mod form_rule;
mod formula_range;
mod inequality_as_actual;
mod laws;
mod member_outlier;
mod missing_figure;
mod missing_reading;
mod not_a_verdict;
mod out_of_range;
mod period_outlier;
mod power_of_ten;
mod product_mismatch;
mod quotient;
mod ratio_mismatch;
mod ratio_off_policy;
mod ratio_truncated;
mod rounding_difference;
mod rule_violated;
mod rules;
mod shares_not_whole;
mod siblings;
mod sums;
mod total_mismatch;
mod unevaluated;
mod unlikely_scale;
mod verdict_mismatch;
mod verdict_on_edge;

pub use context::{Context, Tally};
pub use laws::{Families, Figure, Form, LONGEST, Law, figures, laws};
pub use quotient::{Judgement, Mode, Slip};

use crate::finding::Code;

/// Adds what a check holds the figures of some families to.
type AddLaws = for<'a> fn(&'a Context<'a>, &Families, &mut Vec<Law<'a>>);

/// What the findings of a check are to the stage that names the wrong cell.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// They tell of figures that break a law; this adds the laws, kept and broken.
    Law(AddLaws),
    /// They remark on a figure by its size, its digits or the period before, and say nothing beside a
    /// finding that the figure is wrong.
    Remark,
    /// Neither.
    Other,
}

/// What the findings of a code are; none for codes of no check.
pub fn kind(code: &str) -> Option<Kind> {
    CHECKS.iter().find(|check| check.code.name == code).map(|check| check.kind)
}

/// One check.
#[derive(Debug)]
pub struct Check {
    /// What it reports.
    pub code: &'static Code,
    /// What a finding of it is.
    pub kind: Kind,
    run: fn(&Context<'_>, &mut Tally),
}

/// All checks, in the order in which they run.
pub static CHECKS: &[Check] = &[
    missing_reading::CHECK,
    missing_figure::CHECK,
    conflicting_sources::CHECK,
    duplicate_indicator::CHECK,
    inequality_as_actual::CHECK,
    forecast_as_actual::CHECK,
    out_of_range::CHECK,
    ratio_mismatch::CHECK,
    ratio_truncated::CHECK,
    ratio_off_policy::CHECK,
    verdict_mismatch::CHECK,
    not_a_verdict::CHECK,
    verdict_on_edge::CHECK,
    total_mismatch::CHECK,
    product_mismatch::CHECK,
    rule_violated::CHECK,
    rounding_difference::CHECK,
    form_rule::CHECK,
    shares_not_whole::CHECK,
    formula_range::CHECK,
    power_of_ten::CHECK,
    period_outlier::CHECK,
    unlikely_scale::CHECK,
    member_outlier::CHECK,
];

/// The code of figures that a unit or a separator makes 10, 100, 1000 times too large or too small.
pub fn unlikely_scale() -> &'static Code {
    unlikely_scale::CHECK.code
}

/// The code of figures beyond what is possible, or of a minus sign among positive figures.
pub fn out_of_range() -> &'static Code {
    out_of_range::CHECK.code
}

/// The code of totals that are not the sum of their parts.
pub fn total_mismatch() -> &'static Code {
    total_mismatch::CHECK.code
}

/// The code of one thing that two places give different values of.
pub fn conflicting_sources() -> &'static Code {
    conflicting_sources::CHECK.code
}

/// The code of figures that break a rule of the catalogue.
pub fn rule_violated() -> &'static Code {
    rule_violated::CHECK.code
}

/// The code of formulas that leave out rows of their table, or count them twice.
pub fn formula_range() -> &'static Code {
    formula_range::CHECK.code
}

/// Indicators that rules of forms tie together.
pub fn form_ties(cx: &Context<'_>) -> Vec<(crate::catalogue::IndicatorId, crate::catalogue::IndicatorId)> {
    form_rule::ties(cx)
}

/// The fingerprint of the finding about a figure that has no cell.
pub fn missing_print(
    catalogue: &crate::catalogue::Catalogue,
    indicator: crate::catalogue::IndicatorId,
    measure: crate::catalogue::MeasureId,
) -> String {
    missing_reading::absent(catalogue, indicator, measure, String::new(), String::new()).fingerprint
}

/// Runs every check.
pub fn check(cx: &Context<'_>) -> Tally {
    let mut tally = Tally::default();
    tally.unevaluated.verdicts(cx);
    for check in CHECKS {
        (check.run)(cx, &mut tally);
    }
    tally
}
