//! `[[rule]]` tables of a catalogue.

use std::{collections::HashMap, sync::Arc};

use super::{Indicator, IndicatorId, Measure, MeasureId, MemberList};
use crate::{
    model::{
        catalogue::rule::{self, Absent, Fault, Rule, Scope},
        document::{At, Fields, Problems, both},
        finding::Severity,
    },
    values::{number::Rational, text},
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
    members: Option<&MemberList>,
    problems: &mut Problems,
) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for table in tables {
        let scope = Scope { indicators, index, measures, members, prefix: None, row: None };
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
        let is_wanted =
            |id: &str| prefixes.is_empty() || prefixes.iter().any(|prefix| is_at_or_below(id, &prefix.value));
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
        let mut found: Vec<Fault> = Vec::new();
        let mut is_resolved = false;
        let meant = prefixes_of(&prefix.value, &scope);
        for own in &meant {
            match rule::resolve(&node, Scope { prefix: Some(own), ..scope }) {
                Ok(condition) => {
                    is_resolved = true;
                    let is_new = rules.iter().all(|known: &Rule| known.prefix.as_deref() != Some(own));
                    rules.extend(is_new.then(|| rule(condition, Some(own.as_str().into()), false)));
                }
                Err(new) => found.extend(new.into_iter().filter(|fault| !found.contains(fault)).collect::<Vec<_>>()),
            }
        }
        // Of all that a pattern takes, the rule is for those that have what it speaks of.
        if !is_resolved {
            faults.extend(found.into_iter().filter(|fault| !faults.contains(fault)).collect::<Vec<_>>());
        }
    }
    for prefix in &prefixes {
        let is_below = |own: &String| scope.index.keys().any(|id| id.starts_with(&format!("{own}.")));
        let is_row = of_row && scope.indicators.iter().any(|indicator| is_at_or_below(&indicator.id, &prefix.value));
        if !is_row && !prefixes_of(&prefix.value, &scope).iter().any(is_below) {
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

/// Whether an id is what an entry of `for` says, or below it.
fn is_at_or_below(id: &str, written: &str) -> bool {
    let steps: Vec<&str> = id.split('.').collect();
    let wanted: Vec<&str> = written.split('.').collect();
    wanted.len() <= steps.len() && wanted.iter().zip(&steps).all(|(pattern, step)| text::matches_folded(pattern, step))
}

/// The beginnings of ids that an entry of `for` means: itself, or all that a pattern fits, in the order of the
/// catalogue. `*` stands for any text between two points.
fn prefixes_of(written: &str, scope: &Scope<'_>) -> Vec<String> {
    if !written.contains('*') {
        return vec![written.to_owned()];
    }
    let wanted: Vec<&str> = written.split('.').collect();
    let mut found: Vec<String> = Vec::new();
    for indicator in scope.indicators {
        let steps: Vec<&str> = indicator.id.split('.').collect();
        let Some(own) = steps.get(..wanted.len()).filter(|own| own.len() < steps.len()) else { continue };
        let fits = wanted.iter().zip(own).all(|(pattern, step)| text::matches_folded(pattern, step));
        let own = own.join(".");
        if fits && !found.contains(&own) {
            found.push(own);
        }
    }
    found
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
                both!("không có loại số liệu `{written}`", "no measure `{written}`"),
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

#[cfg(test)]
mod tests {
    use crate::model::{catalogue, document::Document};

    #[test]
    fn a_pattern_takes_what_has_all_that_the_rule_speaks_of() {
        let mut text = String::from("[catalogue]\nid = \"c\"\nperiod = \"2024\"\n[[measure]]\nid = \"actual\"\n");
        for id in ["lua.xuan.dt", "lua.xuan.sl", "lua.mua.dt", "lua.mua.sl", "lua.dt", "ngo.xuan.dt", "ngo.xuan.sl"] {
            text += &format!("[[indicator]]\nid = \"{id}\"\n");
        }
        let rules = |of: &str| {
            let rule = format!("[[rule]]\nid = \"r\"\nthat = \"sl <= dt * 10\"\nfor = {of}\n");
            let found = catalogue::decode(&Document::new("c.toml", text.clone() + &rule));
            found.map(|catalogue| {
                catalogue.rules.iter().filter_map(|rule| rule.prefix.as_deref().map(str::to_owned)).collect::<Vec<_>>()
            })
        };
        assert_eq!(rules("\"lua.*\"").ok(), Some(vec!["lua.xuan".to_owned(), "lua.mua".to_owned()]));
        assert_eq!(rules("[\"*.x*\", \"lua.xuan\"]").ok(), Some(vec!["lua.xuan".to_owned(), "ngo.xuan".to_owned()]));
        // Nothing below "lua" alone has an output of its own.
        assert!(rules("\"l*\"").is_err());
        assert!(rules("\"dau.*\"").is_err());
    }
}
