//! `[ratio]` and `[[measure]]` tables.

use super::{
    Measure, MeasureId, MeasureKind, RatioPolicy, Scale,
    calendar::{Calendar, yearly},
};
use crate::{
    model::document::{At, Fields, Problems, both},
    values::number::Rounding,
};

const ROUNDINGS: &[(&str, Rounding)] = &[("half-up", Rounding::HalfUp), ("truncate", Rounding::Truncate)];
const SCALES: &[(&str, Scale)] = &[("percent", Scale::Percent), ("fraction", Scale::Fraction)];

#[derive(Clone, Copy)]
enum KindWord {
    Plan,
    Actual,
    Estimate,
    Value,
    Ratio,
    Share,
    Verdict,
    Note,
}

const KINDS: &[(&str, KindWord)] = &[
    ("plan", KindWord::Plan),
    ("actual", KindWord::Actual),
    ("estimate", KindWord::Estimate),
    ("value", KindWord::Value),
    ("ratio", KindWord::Ratio),
    ("share", KindWord::Share),
    ("verdict", KindWord::Verdict),
    ("note", KindWord::Note),
];

pub(super) const STANDARD_POLICY: RatioPolicy =
    RatioPolicy { decimals: 2, rounding: Rounding::HalfUp, scale: Scale::Percent };

/// Reads how ratios are printed.
pub(super) fn decode_policy(table: &mut Fields<'_, '_>, standard: RatioPolicy, problems: &mut Problems) -> RatioPolicy {
    RatioPolicy {
        decimals: table
            .whole("decimals", 0..11, problems)
            .and_then(|d| u32::try_from(d).ok())
            .unwrap_or(standard.decimals),
        rounding: table.choice("rounding", ROUNDINGS, problems).unwrap_or(standard.rounding),
        scale: table.choice("scale", SCALES, problems).unwrap_or(standard.scale),
    }
}

/// The measures that every catalogue has. Declaring one of them again replaces it.
fn standard_measures(policy: RatioPolicy) -> Vec<Measure> {
    let (plan, actual) = (MeasureId(0), MeasureId(1));
    [
        ("plan", MeasureKind::Plan, "Kế hoạch"),
        ("actual", MeasureKind::Actual, "Thực hiện"),
        ("estimate", MeasureKind::Estimate, "Ước thực hiện"),
        ("ratio", MeasureKind::Ratio { of: actual, to: plan, policy }, "Tỷ lệ %"),
        ("share", MeasureKind::Share { of: actual, policy }, "Tỷ lệ %"),
        ("verdict", MeasureKind::Verdict { of: actual, to: plan }, "Đánh giá"),
        ("note", MeasureKind::Note, "Ghi chú"),
    ]
    .into_iter()
    .map(|(id, kind, label)| Measure {
        id: id.into(),
        kind,
        label: label.to_owned(),
        against: None,
        carried: Vec::new(),
    })
    .collect()
}

/// Reads the measures: the standard ones first, then those of the file. One that repeats over the
/// years of the period becomes as many.
pub(super) fn decode_measures(
    tables: Vec<Fields<'_, '_>>,
    policy: RatioPolicy,
    calendar: &Calendar,
    problems: &mut Problems,
) -> Vec<Measure> {
    let mut measures = standard_measures(policy);
    let mut carried: Vec<(String, Vec<At<String>>)> = Vec::new();
    for mut table in tables {
        let id = table.required_text("id", problems);
        let kind = table.choice("kind", KINDS, problems).unwrap_or(KindWord::Value);
        let label = table.text("label", problems);
        let of = table.text("of", problems);
        let to = table.text("to", problems);
        let against = table.text("against", problems);
        let from = table.texts("carried", problems);
        let policy = decode_policy(&mut table, policy, problems);
        let repeat = table.choice("repeat", &[("years", ())], problems);
        let span = table.span.clone();
        table.finish(problems);
        let Some(id) = id else { continue };
        carried.push((id.value.clone(), from));
        let mut operand = |name: Option<At<String>>, standard: &str| -> Option<MeasureId> {
            let (name, span) = name.map_or((standard.to_owned(), span.clone()), |n| (n.value, n.span));
            let found = measures.iter().position(|m| *m.id == *name && m.is_base());
            if found.is_none() {
                problems.add_with_help(
                    span,
                    both!("không có loại số liệu `{name}`", "no measure `{name}`"),
                    both!("khai báo nó bằng `[[measure]]` ở phía trên", "declare it with `[[measure]]` above"),
                );
            }
            found.and_then(|at| u16::try_from(at).ok()).map(MeasureId)
        };
        let kind = match kind {
            KindWord::Plan => Some(MeasureKind::Plan),
            KindWord::Actual => Some(MeasureKind::Actual),
            KindWord::Estimate => Some(MeasureKind::Estimate),
            KindWord::Value => Some(MeasureKind::Other),
            KindWord::Note => Some(MeasureKind::Note),
            KindWord::Ratio => match (operand(of, "actual"), operand(to, "plan")) {
                (Some(of), Some(to)) => Some(MeasureKind::Ratio { of, to, policy }),
                _ => None,
            },
            KindWord::Verdict => match (operand(of, "actual"), operand(to, "plan")) {
                (Some(of), Some(to)) => Some(MeasureKind::Verdict { of, to }),
                _ => None,
            },
            KindWord::Share => operand(of, "actual").map(|of| MeasureKind::Share { of, policy }),
        };
        let against = against.and_then(|name| operand(Some(name), ""));
        let Some(kind) = kind else { continue };
        let label = label.unwrap_or_else(|| At { value: id.value.clone(), span: id.span.clone() });
        let made = |id: &str, label: String| Measure { id: id.into(), kind, label, against, carried: Vec::new() };
        if repeat.is_some() {
            for at in 0..calendar.years() {
                let label = At { value: calendar.of_year(&label.value, at), span: label.span.clone() };
                declare(&mut measures, made(&yearly(&id.value, at), calendar.fill(label, problems)));
            }
        } else {
            let label = calendar.fill(label, problems);
            declare(&mut measures, made(&id.value, label));
        }
    }
    carry(&mut measures, carried, problems);
    measures
}

/// Resolves what is carried from period to period, once all measures are known.
fn carry(measures: &mut [Measure], carried: Vec<(String, Vec<At<String>>)>, problems: &mut Problems) {
    for (id, names) in carried {
        let mut from = Vec::new();
        for name in names {
            let found = measures.iter().position(|m| *m.id == *name.value && m.is_base());
            if let Some(at) = found.and_then(|at| u16::try_from(at).ok()) {
                from.push(MeasureId(at));
            } else {
                let unknown = &name.value;
                problems.add(name.span, both!("không có loại số liệu `{unknown}`", "no measure `{unknown}`"));
            }
        }
        if let Some(measure) = measures.iter_mut().find(|m| *m.id == *id) {
            measure.carried = from;
        }
    }
}

/// Adds a measure, or puts it in the place of the one with its id.
fn declare(measures: &mut Vec<Measure>, measure: Measure) {
    match measures.iter_mut().find(|m| m.id == measure.id) {
        Some(old) => *old = measure,
        None => measures.push(measure),
    }
}
