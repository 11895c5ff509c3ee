//! `shares-not-whole`: the shares of all parts of a whole do not add up to 100 %.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    Check, CheckKind, CheckResults, Context,
    context::{list_places, plain},
    unevaluated::Cause,
};
use crate::{
    model::{
        catalogue::{IndicatorId, MeasureId, MeasureKind, Parts, RatioPolicy, Scale},
        finding::{Code, Explain, Facts, Finding, Severity},
        reading::{Key, Reading},
    },
    values::{
        language::{Language, Words, say},
        number::{Interval, Printed, Rational},
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Other, run };

static CODE: Code = Code {
    name: "shares-not-whole",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Cơ cấu (%) của tất cả các thành phần cộng lại không thể bằng 100, kể cả khi đã làm tròn.",
            en: "The shares of all parts cannot add up to 100 %, even if all of them were rounded.",
        },
        why: Words {
            vi: "Có một tỷ trọng sai, hoặc lấy nhầm mẫu số.",
            en: "One of the shares is wrong, or was taken of something else.",
        },
        fix: Words {
            vi: "Tính lại từng tỷ trọng trên cùng một tổng.",
            en: "Compute every share of the same whole again.",
        },
        example: Words { vi: "33,3 + 33,3 + 32,3 = 98,9.", en: "33.3 + 33.3 + 32.3 = 98.9." },
    },
};

/// One finding per list of parts whose shares are all stated and whose intervals exclude the whole,
/// rounded or cut off.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    for (whole, indicator) in cx.catalogue.iter() {
        for (measure, m) in cx.catalogue.iter_measures() {
            let MeasureKind::Share { policy, .. } = m.kind else { continue };
            let of_whole = |id: &IndicatorId| cx.catalogue.indicator(*id).whole == Some(whole);
            for parts in indicator.parts.iter().filter(|parts| parts.of.iter().all(of_whole)) {
                judge_shares(cx, results, (whole, None), (measure, policy), parts);
                // A village or a month has the same parts as the whole.
                let readings = parts.of.iter().flat_map(|part| cx.dataset.irregular_of(*part));
                let members: BTreeSet<&Arc<str>> = readings
                    .filter(|reading| reading.key.measure == measure)
                    .filter_map(|reading| reading.key.member.as_ref())
                    .collect();
                for member in members {
                    judge_shares(cx, results, (whole, Some(member)), (measure, policy), parts);
                }
            }
        }
    }
}

fn judge_shares(
    cx: &Context<'_>,
    results: &mut CheckResults,
    (whole, member): (IndicatorId, Option<&Arc<str>>),
    (measure, policy): (MeasureId, RatioPolicy),
    parts: &Parts,
) {
    let key = |indicator| Key { indicator, measure, member: member.cloned() };
    let share = |id: &IndicatorId| cx.dataset.get(&key(*id));
    let shares: Vec<Option<&Reading>> = parts.of.iter().map(share).collect();
    if shares.iter().all(Option::is_none) {
        return;
    }
    let shares: Vec<&Reading> = shares.into_iter().flatten().filter(|r| r.number().is_some()).collect();
    if shares.len() < parts.of.len() {
        let lacks = |id: &IndicatorId| Cause::of(cx.dataset, *id, measure, share(id));
        let cause = parts.of.iter().find_map(lacks).unwrap_or(Cause::NoNumber(measure));
        results.skip(cause, || cx.name(&key(whole)));
        return;
    }
    let full = match policy.scale {
        Scale::Percent => Rational::from(100),
        Scale::Fraction => Rational::ONE,
    };
    let band = |printed| {
        let interval = |r: &&Reading| Some(Interval::of(r.number()?, r.printed_decimals(), printed));
        shares.iter().filter_map(interval).fold(Interval::exact(Rational::ZERO), |sum, share| sum.add(&share))
    };
    if [Printed::HalfUp, Printed::Truncated].into_iter().any(|printed| band(printed).contains(&full)) {
        results.pass();
        return;
    }
    if let Some(first) = shares.first() {
        results.fail(finding(cx, (whole, member), &shares, first, &full, parts));
    }
}

fn finding(
    cx: &Context<'_>,
    (whole, member): (IndicatorId, Option<&Arc<str>>),
    shares: &[&Reading],
    first: &Reading,
    full: &Rational,
    parts: &Parts,
) -> Finding {
    let sum: Rational = shares.iter().filter_map(|r| r.number()).map(Rational::from).sum();
    let label = &cx.catalogue.indicator(whole).label;
    let of = member.map(|member| format!(" – {member}")).unwrap_or_default();
    let places: Vec<_> = shares.iter().flat_map(|r| r.places()).collect();
    let facts = SharesNotWhole {
        of: format!("\"{label}\"{of}"),
        added: sum.clone(),
        full: full.clone(),
        shares: list_places(&places),
    };
    let mut finding = cx.finding(&CODE, first, facts);
    finding.found = sum.to_exact_decimal().map(plain);
    finding.expected = full.to_exact_decimal().map(plain);
    finding.sources = places;
    finding.mapping = Some(parts.line.clone());
    finding
}

/// The shares of a whole and what they come to.
#[derive(Debug)]
struct SharesNotWhole {
    of: String,
    added: Rational,
    full: Rational,
    shares: String,
}

impl Facts for SharesNotWhole {
    fn message(&self, language: Language) -> String {
        let (of, added, full) = (&self.of, language.rational(&self.added), language.rational(&self.full));
        say!(
            language,
            "tỷ trọng các thành phần của {of} cộng được {added}, không phải {full}",
            "the shares of the parts of {of} add up to {added}, not {full}"
        )
    }

    fn action(&self, language: Language) -> String {
        let shares = &self.shares;
        say!(language, "tính lại các tỷ trọng: {shares}", "compute the shares again: {shares}")
    }
}
