//! What a rule is judged for: the whole, each measure, and each
//! member that has the first of its figures.

use std::collections::BTreeSet;

use super::Subject;
use crate::{
    judge::checks::Context,
    model::catalogue::{
        IndicatorId, MeasureId,
        rule::{Operand, Rule},
    },
};

/// The measures that a rule is judged for, and whether that is so where no cell of the whole is there.
fn measures(cx: &Context<'_>, rule: &Rule, operands: &[Operand]) -> (Vec<Option<MeasureId>>, bool) {
    let free = operands.iter().any(|operand| operand.measure.is_none());
    let measures = if !free {
        vec![None]
    } else if rule.measures.is_empty() {
        cx.catalogue.iter_measures().filter(|(_, m)| m.is_base()).map(|(id, _)| Some(id)).collect()
    } else {
        rule.measures.iter().copied().map(Some).collect()
    };
    (measures, !free || !rule.measures.is_empty())
}

/// Whether an operand says itself which members it means.
const fn is_named(operand: &Operand) -> bool {
    operand.members || operand.member.is_some()
}

/// What a rule is judged for, but for members with a plain row.
fn irregular_subjects<'a>(cx: &'a Context<'a>, rule: &'a Rule, operands: &[Operand]) -> Vec<Subject<'a>> {
    let members = cx.members();
    let (measures, always) = measures(cx, rule, operands);
    let mut subjects = Vec::new();
    for measure in measures {
        let whole = Subject { cx, rule, measure, member: None, members, row: None, row_before: None };
        if (always && !rule.of_row)
            || operands.iter().any(|o| (o.measure.is_none() || rule.of_row) && whole.has_cell(o))
        {
            subjects.push(whole);
        }
        if operands.iter().any(is_named) {
            continue;
        }
        let Some(first) = operands.first() else { continue };
        let mut seen = BTreeSet::new();
        for operand in operands {
            let Some(measure) = operand.measure.or(measure) else { continue };
            for member in members.now.get(&(operand.indicator, measure)).into_iter().flatten() {
                let (measure, member) = (Some(measure), Some(member.clone()));
                let subject = Subject { cx, rule, measure, member, members, row: None, row_before: None };
                if seen.insert(subject.member.clone()) && subject.has_cell(first) {
                    subjects.push(subject);
                }
            }
        }
    }
    subjects
}

/// Looks at all that a rule is judged for; members with a plain row come last, each for as long as it
/// is looked at.
pub(in crate::judge::checks) fn each_subject(cx: &Context<'_>, rule: &Rule, mut look: impl FnMut(&Subject<'_>)) {
    let operands = rule.that.operands();
    irregular_subjects(cx, rule, &operands).iter().for_each(&mut look);
    each_plain_subject(cx, rule, &operands, look);
}

fn each_plain_subject(cx: &Context<'_>, rule: &Rule, operands: &[Operand], mut look: impl FnMut(&Subject<'_>)) {
    let Some(first) = operands.first() else { return };
    if cx.dataset.plain_rows() == 0 || operands.iter().any(is_named) {
        return;
    }
    let members = cx.members();
    for measure in measures(cx, rule, operands).0 {
        let keys: Vec<_> = operands.iter().filter_map(|o| Some((o.indicator, o.measure.or(measure)?))).collect();
        let before = cx.previous.filter(|_| operands.iter().any(|operand| operand.previous));
        let mut before = before.map(|previous| previous.dataset.lookup());
        let _ = cx.dataset.each_plain_row(&keys, |row| {
            let is_there = |key: &&(IndicatorId, MeasureId)| {
                row.readings.iter().any(|reading| (reading.key.indicator, reading.key.measure) == **key)
            };
            let member = row.readings.first().and_then(|reading| reading.key.member.clone());
            let (Some((_, measure)), Some(member)) = (keys.iter().find(is_there), member) else { return Some(()) };
            let row_before = before.as_mut().and_then(|before| before.row(&member));
            let (measure, row) = (Some(*measure), Some(row));
            let subject = Subject { cx, rule, measure, member: Some(member), members, row, row_before };
            if subject.has_cell(first) {
                look(&subject);
            }
            Some(())
        });
    }
}

/// What a rule is judged for, as far as it is of use to those who search for wrong cells: of members
/// with a plain row only these. Their rows are held.
pub(in crate::judge::checks) fn subjects<'a>(
    cx: &'a Context<'a>,
    rule: &'a Rule,
    is_wanted: impl Fn(&str) -> bool,
) -> Vec<Subject<'a>> {
    let operands = rule.that.operands();
    let members = cx.members();
    let mut subjects = irregular_subjects(cx, rule, &operands);
    each_plain_subject(cx, rule, &operands, |subject| {
        if let Some(member) = subject.member.clone().filter(|member| is_wanted(member)) {
            let (measure, member) = (subject.measure, Some(member));
            subjects.push(Subject { cx, rule, measure, member, members, row: None, row_before: None });
        }
    });
    subjects
}
