//! `verdict-mismatch`: the stated verdict does not follow from plan and result.

use super::{Check, Context, Kind, Tally, unevaluated::Cause};
use crate::{
    catalogue::MeasureKind,
    finding::{Code, Explain, Severity},
    language::Words,
    say, verdict,
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: Kind::Law, run };

static CODE: Code = Code {
    name: "verdict-mismatch",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Đánh giá vượt, đạt, không đạt không đúng với kế hoạch và thực hiện.",
            en: "The stated verdict does not follow from plan and result.",
        },
        why: Words {
            vi: "Tổng hợp vượt, đạt, không đạt của cả biểu sẽ sai theo.",
            en: "The summary of the whole form is wrong with it.",
        },
        fix: Words {
            vi: "Sửa đánh giá theo số, hoặc kiểm tra lại kế hoạch và thực hiện.",
            en: "Change the verdict, or check plan and result.",
        },
        example: Words {
            vi: "Kế hoạch 370, thực hiện 368,77, ghi \"Đạt\".",
            en: "Plan 370, result 368.77, stated \"Đạt\".",
        },
    },
};

/// One finding per verdict that contradicts the exact comparison.
fn run(cx: &Context<'_>, tally: &mut Tally) {
    for reading in cx.dataset.odd() {
        let MeasureKind::Verdict { of, to } = cx.catalogue.measure(reading.key.measure).kind else { continue };
        let Some(stated) = verdict::stated(reading, &cx.catalogue.verdicts) else { continue };
        let actual = cx.dataset.beside(reading, reading.key.indicator, of);
        let plan = cx.dataset.beside(reading, reading.key.indicator, to);
        let Some(due) = verdict::of(cx.indicator(reading), actual, plan) else {
            let of_actual = Cause::of(cx, reading.key.indicator, of, actual);
            let cause = of_actual.or_else(|| Cause::of(cx, reading.key.indicator, to, plan));
            tally.skip(cause.unwrap_or(Cause::NoNumber(of)), || cx.name(&reading.key));
            continue;
        };
        if stated.admits(due) {
            tally.pass();
            continue;
        }
        let what = cx.name(&reading.key);
        let words = &cx.catalogue.verdicts;
        let (raw, right) = (reading.origin.raw.text(), due.word(words));
        let raw = raw.trim();
        let side =
            |r: Option<&crate::reading::Reading>| r.map(|r| r.origin.raw.text().trim().to_owned()).unwrap_or_default();
        let (result, target) = (side(actual), side(plan));
        let mut finding = cx.finding(
            &CODE,
            reading,
            say!(
                cx.language,
                "{what} ghi \"{raw}\"; thực hiện {result} so với kế hoạch {target} là \"{right}\"",
                "{what} says \"{raw}\"; {result} against the plan of {target} is \"{right}\""
            ),
            say!(
                cx.language,
                "sửa thành \"{right}\", hoặc kiểm tra lại kế hoạch và thực hiện",
                "change it to \"{right}\", or check plan and result"
            ),
        );
        finding.found = Some(raw.to_owned());
        finding.expected = Some(right.to_owned());
        finding.sources = [actual, plan].into_iter().flatten().flat_map(crate::reading::Reading::places).collect();
        tally.fail(finding);
    }
}
