//! `[[rule]]` tables of a catalogue.

use std::{collections::HashMap, sync::Arc};

use super::{Indicator, IndicatorId, Measure, MeasureId};
use crate::{
    both,
    document::{At, Fields, Problems},
    finding::Severity,
    number::Rational,
    rule::{self, Absent, Fault, Rule, Scope},
};

const SEVERITIES: &[(&str, Severity)] =
    &[("error", Severity::Error), ("warning", Severity::Warning), ("info", Severity::Info)];
const ABSENT: &[(&str, Absent)] = &[("skip", Absent::Skip), ("zero", Absent::Zero)];

/// Every rule, once for each prefix of its `for`.
pub(super) fn decode_rules(
    tables: Vec<Fields<'_, '_>>,
    measures: &[Measure],
    indicators: &[Indicator],
    index: &HashMap<Arc<str>, IndicatorId>,
    problems: &mut Problems,
) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for table in tables {
        let scope = Scope { indicators, index, measures, prefix: None, row: None };
        let Some((id, found)) = decode_rule(table, scope, problems) else { continue };
        if rules.iter().any(|rule| *rule.id == *id.value) {
            let name = &id.value;
            problems.add(id.span, both!("quy tắc `{name}` đã khai báo", "rule `{name}` is declared twice"));
        }
        rules.extend(found);
    }
    rules
}

fn decode_rule(
    mut table: Fields<'_, '_>,
    scope: Scope<'_>,
    problems: &mut Problems,
) -> Option<(At<String>, Vec<Rule>)> {
    let id = table.required_text("id", problems);
    let that = table.required_text("that", problems);
    let name = table.text("name", problems).map(|t| t.value);
    let says = table.text("says", problems).map(|t| t.value);
    let action = table.text("action", problems).map(|t| t.value);
    let severity = table.choice("severity", SEVERITIES, problems).unwrap_or(Severity::Error);
    let tolerance = table.decimal("tolerance", problems);
    if let Some(tolerance) = tolerance.as_ref().filter(|t| t.value.is_sign_negative()) {
        problems.add(tolerance.span.clone(), both!("`tolerance` không được âm", "`tolerance` cannot be below 0"));
    }
    let absent = table.choice("absent", ABSENT, problems).unwrap_or_default();
    let prefixes = table.texts("for", problems);
    let wanted = table.texts("measure", problems);
    table.finish(problems);
    let measures = decode_measures(&wanted, scope.measures, problems);
    let (id, that) = (id?, that?);
    let rule = |condition, prefix, of_row| Rule {
        id: id.value.as_str().into(),
        name: name.clone(),
        text: that.value.as_str().into(),
        that: condition,
        prefix,
        says: says.clone(),
        action: action.clone(),
        severity,
        tolerance: tolerance.as_ref().map(|t| Rational::from(t.value)),
        absent,
        of_row,
        measures: measures.clone(),
        line: problems.document.line(id.span.start),
    };
    let node = match rule::parse(&that.value) {
        Ok(node) => node,
        Err(fault) => {
            report(vec![fault], &that, problems);
            return None;
        }
    };
    let mut rules = Vec::new();
    let mut faults: Vec<Fault> = Vec::new();
    // With an indicator of this id, that one is meant.
    let of_row = !scope.index.contains_key(rule::ROW) && node.names(rule::ROW);
    if of_row {
        let is_wanted = |id: &str| {
            let is_below =
                |prefix: &str| id.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
            prefixes.is_empty() || prefixes.iter().any(|prefix| is_below(&prefix.value))
        };
        let rows = (0u32..).zip(scope.indicators).filter(|(_, indicator)| is_wanted(&indicator.id));
        for (at, indicator) in rows {
            match rule::resolve(&node, Scope { row: Some(IndicatorId(at)), ..scope }) {
                Ok(condition) => rules.push(rule(condition, Some(indicator.id.clone()), true)),
                // The same mistake in every row is told once.
                Err(found) => {
                    faults.extend(found.into_iter().filter(|fault| !faults.contains(fault)).collect::<Vec<_>>());
                }
            }
        }
    } else if prefixes.is_empty() {
        match rule::resolve(&node, scope) {
            Ok(condition) => rules.push(rule(condition, None, false)),
            Err(found) => faults = found,
        }
    }
    for prefix in prefixes.iter().filter(|_| !of_row) {
        match rule::resolve(&node, Scope { prefix: Some(&prefix.value), ..scope }) {
            Ok(condition) => rules.push(rule(condition, Some(prefix.value.as_str().into()), false)),
            Err(found) => faults.extend(found.into_iter().filter(|fault| !faults.contains(fault)).collect::<Vec<_>>()),
        }
    }
    for prefix in &prefixes {
        let below = format!("{}.", prefix.value);
        let is_row = of_row && scope.index.contains_key(prefix.value.as_str());
        if !is_row && !scope.index.keys().any(|id| id.starts_with(&below)) {
            let written = &prefix.value;
            problems.add(
                prefix.span.clone(),
                both!("không có chỉ tiêu nào dưới `{written}.`", "no indicator below `{written}.`"),
            );
        }
    }
    report(faults, &that, problems);
    Some((id, rules))
}

fn decode_measures(wanted: &[At<String>], measures: &[Measure], problems: &mut Problems) -> Vec<MeasureId> {
    let mut found = Vec::new();
    for name in wanted {
        let place = measures.iter().position(|m| *m.id == *name.value).and_then(|at| u16::try_from(at).ok());
        if place.is_none() {
            let written = &name.value;
            let list = measures.iter().map(|m| format!("`{}`", m.id)).collect::<Vec<_>>().join(", ");
            problems.add_with_help(
                name.span.clone(),
                both!("không có số đo `{written}`", "no measure `{written}`"),
                both!("chọn một trong {list}", "choose one of {list}"),
            );
        }
        found.extend(place.map(MeasureId));
    }
    found
}

/// Mistakes in the text of a rule, at their place in the file.
fn report(faults: Vec<Fault>, that: &At<String>, problems: &mut Problems) {
    for fault in faults {
        let span = problems.document.within(that, &fault.span);
        match fault.help {
            Some(help) => problems.add_with_help(span, fault.message, help),
            None => problems.add(span, fault.message),
        }
    }
}
