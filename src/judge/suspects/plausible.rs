//! What nobody would write: half a household, an area below 0, a share above the whole. Such a value mends
//! rules and is proposed all the same by arithmetic; it is left out.

use super::{
    Constraints,
    group::{Group, has_negative},
};
use crate::{
    judge::{
        checks::{self, Context},
        localise::{Change, ChangeKind, Localisation, Proposal},
    },
    model::catalogue::{Indicator, MeasureKind},
    values::number::Decimal,
};

impl<'a> Constraints<'a> {
    /// Leaves out proposals with a value that cannot be.
    pub(super) fn sift(&self, cx: &Context<'_>, group: &Group<'a>, localisation: &mut Localisation) {
        // A total with a blank part asks for no value: any that is large enough would do.
        let is_open = |rule: &usize| {
            let constraint = group.constraints.get(*rule).map(|constraint| &self.all[*constraint]);
            constraint
                .is_some_and(|constraint| constraint.code == checks::total_mismatch() && !constraint.states_result)
        };
        let names_nothing = |proposal: &Proposal| {
            proposal.changes.iter().all(|change| change.kind == ChangeKind::Value) && proposal.rules.iter().all(is_open)
        };
        let can_be = |proposal: &Proposal| {
            !names_nothing(proposal) && proposal.changes.iter().all(|change| can_be(cx, group, change))
        };
        localisation.proposals.retain(can_be);
        localisation.joint.retain(can_be);
    }
}

fn can_be(cx: &Context<'_>, group: &Group<'_>, change: &Change) -> bool {
    let (figure, variable) = (group.figures[change.variable], &group.block.variables[change.variable]);
    if variable.coded || figure.previous {
        return true;
    }
    let reading = figure.reading;
    let indicator = cx.indicator(reading);
    let measure = cx.catalogue.measure(reading.key.measure);
    if !measure.is_base() {
        let is_share = matches!(measure.kind, MeasureKind::Share { .. });
        return !is_share || (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&change.to);
    }
    let counts = indicator.unit.as_ref().is_some_and(crate::values::unit::Unit::is_count);
    // An office that never exchanges two figures says so.
    if let ChangeKind::Swap(other) = change.kind {
        let other = group.figures[other].reading.key.indicator;
        let may = |from: &Indicator, to| from.exchanges.as_ref().is_none_or(|with| with.contains(&to));
        let both = || may(indicator, other) && may(cx.catalogue.indicator(other), reading.key.indicator);
        if other != reading.key.indicator && !both() {
            return false;
        }
    }
    let is_whole = !counts || !variable.value.is_integer() || change.to.is_integer();
    let is_below = change.to < Decimal::ZERO && variable.value >= Decimal::ZERO;
    let may_fall_below = || !is_quantity(indicator) || indicator.signed || has_negative(cx, reading);
    is_whole && (!is_below || may_fall_below())
}

/// Whether it has a unit that is no rate of change.
fn is_quantity(indicator: &Indicator) -> bool {
    indicator.unit.as_ref().is_some_and(|unit| !unit.name.contains(['%', '‰']))
}
