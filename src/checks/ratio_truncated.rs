//! `ratio-truncated`: the ratio was cut off where the form rounds.

use super::{
    Check, Context, Tally,
    context::plain,
    quotient::{Judgement, Mode},
};
use crate::{
    finding::{Code, Explain, Finding, Severity},
    language::Words,
    say,
};

pub(super) const CHECK: Check = Check { code: &CODE, run };

static CODE: Code = Code {
    name: "ratio-truncated",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Tỷ lệ bị cắt bớt chữ số thay vì làm tròn.",
            en: "The ratio was cut off instead of rounded.",
        },
        why: Words {
            vi: "Số in ra thấp hơn số đúng; gần mốc 100 % có thể làm sai đánh giá.",
            en: "What is printed is too low; near 100 % it can change the verdict.",
        },
        fix: Words {
            vi: "Ghi tỷ lệ làm tròn, hoặc để công thức tự tính.",
            en: "Write the rounded ratio, or leave it to a formula.",
        },
        example: Words {
            vi: "31,7 / 30 = 105,666…: ghi 105,66 thay vì 105,67.",
            en: "31.7 / 30 = 105.666…: 105.66 instead of 105.67.",
        },
    },
};

/// One finding per ratio that only cutting off explains.
fn run(cx: &Context<'_>, tally: &mut Tally) {
    for judgement in &cx.ratios {
        if matches!(judgement.result, Some((_, Mode::Truncated)))
            && let Some(finding) = finding(cx, judgement)
        {
            tally.fail(finding);
        }
    }
}

fn finding(cx: &Context<'_>, judgement: &Judgement<'_>) -> Option<Finding> {
    let (of, to) = (judgement.of?, judgement.to?);
    let expected = judgement.expected()?;
    let what = cx.name(&judgement.ratio.key);
    let (printed, wanted) = (cx.show(judgement.printed), cx.show(expected));
    let (above, below) = (cx.show(of.number()?), cx.show(to.number()?));
    let mut finding = cx.finding(
        &CODE,
        judgement.ratio,
        say!(
            cx.language,
            "{what} ghi {printed}, bị cắt bớt; {above} / {below} làm tròn là {wanted}",
            "{what} says {printed}, cut off; {above} / {below} rounds to {wanted}"
        ),
        say!(cx.language, "ghi {wanted}", "write {wanted}"),
    );
    finding.found = Some(plain(judgement.printed));
    finding.expected = Some(plain(expected));
    finding.sources = vec![of.place(), to.place()];
    finding.diagnosis = Some(say!(cx.language, "cắt bớt", "truncated"));
    Some(finding)
}
