//! `verdict-on-edge`: rounding alone would turn the verdict.

use super::{Check, CheckKind, CheckResults, Context};
use crate::{
    judge::verdict::{self, Verdict},
    model::{
        catalogue::{MeasureId, MeasureKind, RatioPolicy, Scale},
        finding::{Code, Explain, Facts, Severity},
        ratio::{exact_ratio, in_units},
    },
    values::{
        language::{Language, Words, say},
        number::{Decimal, Rational},
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Remark, run };

static CODE: Code = Code {
    name: "verdict-on-edge",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Tỷ lệ in ra là 100 nhưng tỷ lệ đúng chưa đến hoặc hơn 100.",
            en: "The printed ratio is 100 but the exact one is a little less or more.",
        },
        why: Words {
            vi: "Nhìn số in thì \"Đạt\", tính chính xác thì \"Không đạt\" hoặc \"Vượt\".",
            en: "By the printed figure it is met, by the exact one it is not.",
        },
        fix: Words {
            vi: "Giữ đánh giá theo số chính xác và ghi rõ trong ghi chú.",
            en: "Keep the verdict of the exact figure and say so in the note.",
        },
        example: Words {
            vi: "Kế hoạch 50.000, thực hiện 49.998: 99,996 % in thành 100.",
            en: "Plan 50,000, result 49,998: 99.996 % prints as 100.",
        },
    },
};

/// One finding per indicator whose ratio prints as 100 without being 100.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    let is_judged = |of, to| cx.catalogue.iter_measures().any(|(_, m)| m.kind == MeasureKind::Verdict { of, to });
    let ratios: Vec<(MeasureId, MeasureId, RatioPolicy)> = (cx.catalogue.iter_measures())
        .filter_map(|(_, measure)| match measure.kind {
            MeasureKind::Ratio { of, to, policy } => is_judged(of, to).then_some((of, to, policy)),
            MeasureKind::Plan
            | MeasureKind::Actual
            | MeasureKind::Estimate
            | MeasureKind::Other
            | MeasureKind::Share { .. }
            | MeasureKind::Verdict { .. }
            | MeasureKind::Note => None,
        })
        .collect();
    for (id, indicator) in cx.catalogue.iter() {
        for (of, to, policy) in ratios.iter().copied() {
            let (Some(actual), Some(plan)) = (cx.dataset.whole(id, of), cx.dataset.whole(id, to)) else { continue };
            let (Some(a), Some(p)) = (actual.number(), plan.number()) else { continue };
            if is_off(a, p) || a == p {
                continue;
            }
            let Some(exact) = exact_ratio(a, p, Scale::Percent) else { continue };
            let decimals = match policy.scale {
                Scale::Percent => policy.decimals,
                Scale::Fraction => policy.decimals.saturating_sub(2),
            };
            let printed = exact.to_decimal(decimals, policy.rounding);
            if exact == Rational::from(100) || printed != Some(Decimal::ONE_HUNDRED) {
                continue;
            }
            let Some(due) = verdict::of(indicator, Some(actual), Some(plan)) else { continue };
            let (what, right) = (cx.name(&actual.key), due.word(&cx.catalogue.verdicts).to_owned());
            let facts = VerdictOnEdge { what, exact: exact.clone(), right };
            let mut finding = cx.finding(&CODE, actual, facts);
            finding.found = Some(super::context::plain(Decimal::ONE_HUNDRED));
            finding.expected = exact.to_decimal(6, crate::values::number::Rounding::HalfUp).map(super::context::plain);
            finding.sources = plan.places();
            if due != Verdict::Met {
                results.remark(finding);
            }
        }
    }
}

/// Whether a result is off its plan by more than one hundredth, as nearly all are: whatever the decimals, that
/// does not print as 100.
fn is_off(actual: Decimal, plan: Decimal) -> bool {
    in_units(actual, plan).is_some_and(|(actual, plan)| {
        (i128::from(actual) - i128::from(plan)).unsigned_abs() * 100 > u128::from(plan.unsigned_abs())
    })
}

/// An exact ratio and the verdict that it gives.
#[derive(Debug)]
struct VerdictOnEdge {
    what: String,
    exact: Rational,
    right: String,
}

impl Facts for VerdictOnEdge {
    fn message(&self, language: Language) -> String {
        let (what, exact, right) = (&self.what, language.rational(&self.exact), &self.right);
        say!(
            language,
            "{what}: tỷ lệ chính xác {exact} in thành 100; đánh giá theo số chính xác là \"{right}\"",
            "{what}: the exact ratio {exact} prints as 100; by the exact figure the verdict is \"{right}\""
        )
    }

    fn action(&self, language: Language) -> String {
        let right = &self.right;
        say!(language, "ghi rõ trong ghi chú vì sao 100 mà \"{right}\"", "say in the note why 100 is \"{right}\"")
    }
}
