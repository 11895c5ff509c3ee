//! Checks: what the readings of a submission say about each other.
//!
//! A check is one file and one line in the list below. It reports all it finds, never just the first, and
//! counts what it judged, also what it could not. The files that are declared one by one hold what several
//! checks share.

mod comparison;
mod constraints;
mod context;
mod members;
mod quotient;
mod rules;
mod siblings;
mod sums;
// What `cargo xtask new-check` begins with; compiled so that it keeps up with what a check is.
#[expect(dead_code, reason = "it is in no list")]
#[cfg(test)]
mod template;
mod unevaluated;
mod ways;
mod words;

pub use constraints::{CheckConstraint, Families, Figure, Form, LONGEST, constraints, figures};
pub use context::{CheckResults, Context};
pub use quotient::{Judgement, Mode, Slip};

use crate::model::finding::Code;

/// Adds what a check holds the figures of some families to.
type AddConstraints = for<'a> fn(&'a Context<'a>, &Families, &mut Vec<CheckConstraint<'a>>);

/// What the findings of a check are to the stage that names the wrong cell.
#[derive(Clone, Copy, Debug)]
pub enum CheckKind {
    /// They tell of figures that break a constraint; this adds the constraints, kept and broken.
    Constraint(AddConstraints),
    /// They remark on a figure by its size, its digits or the period before, and say nothing beside a
    /// finding that the figure is wrong.
    Remark,
    /// Neither.
    Other,
}

/// What the findings of a code are; none for codes of no check.
pub fn kind(code: &Code) -> Option<CheckKind> {
    CHECKS.iter().find(|check| check.code == code).map(|check| check.kind)
}

/// One check.
#[derive(Debug)]
pub struct Check {
    /// What it reports.
    pub code: &'static Code,
    /// What a finding of it is.
    pub kind: CheckKind,
    run: fn(&Context<'_>, &mut CheckResults),
}

/// Declares the file of each check and lists the check.
macro_rules! checks {
    ($($file:ident)*) => {
        $(mod $file;)*

        /// All checks, in the order in which they run.
        pub static CHECKS: &[Check] = &[$($file::CHECK),*];
    };
}

// In the order in which they run: one line a check. `cargo fmt` does not find files that a macro declares;
// `cargo xtask fmt` and `.ci/run` do.
checks! {
    missing_reading
    missing_figure
    conflicting_sources
    duplicate_indicator
    inequality_as_actual
    forecast_as_actual
    out_of_range
    ratio_mismatch
    ratio_truncated
    ratio_off_policy
    verdict_mismatch
    not_a_verdict
    verdict_on_edge
    total_mismatch
    product_mismatch
    rule_violated
    rounding_difference
    form_rule
    shares_not_whole
    formula_range
    power_of_ten
    period_outlier
    unlikely_scale
    member_outlier
}

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

/// The code of products that their factors do not give.
pub fn product_mismatch() -> &'static Code {
    product_mismatch::CHECK.code
}

/// The code of ratios that no way of printing gives.
pub fn ratio_mismatch() -> &'static Code {
    ratio_mismatch::CHECK.code
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
pub fn form_ties(
    cx: &Context<'_>,
) -> Vec<(crate::model::catalogue::IndicatorId, crate::model::catalogue::IndicatorId)> {
    form_rule::ties(cx)
}

/// The code of plans and results that are not there.
pub fn missing_reading() -> &'static Code {
    missing_reading::CHECK.code
}

/// The fingerprint of the finding about a figure that has no cell.
pub fn missing_print(
    catalogue: &crate::model::catalogue::Catalogue,
    indicator: crate::model::catalogue::IndicatorId,
    measure: crate::model::catalogue::MeasureId,
) -> String {
    missing_reading::absent(catalogue, indicator, measure, None, None).fingerprint
}

/// Runs every check.
pub fn check(cx: &Context<'_>) -> CheckResults {
    let mut results = CheckResults::default();
    results.unevaluated.verdicts(cx.catalogue, cx.dataset);
    for check in CHECKS {
        (check.run)(cx, &mut results);
    }
    results
}
