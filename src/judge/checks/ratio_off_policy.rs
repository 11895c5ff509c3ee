//! `ratio-off-policy`: a right ratio, printed otherwise than the form says.

use super::{
    Check, CheckKind, CheckResults, Context,
    context::plain,
    quotient::{Judgement, Mode},
};
use crate::{
    model::finding::{Code, Explain, Facts, Finding, Remark, Severity},
    values::{
        language::{Language, Words, counted, say},
        number::Decimal,
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Remark, run };

static CODE: Code = Code {
    name: "ratio-off-policy",
    severity: Severity::Info,
    explain: Explain {
        what: Words {
            vi: "Tỷ lệ đúng nhưng không theo số chữ số thập phân hoặc cách làm tròn của biểu.",
            en: "The ratio is right but not printed with the decimals or the rounding of the form.",
        },
        why: Words {
            vi: "Cùng một biểu mà chỗ ghi 93,1 chỗ ghi 99,67 thì khó so sánh.",
            en: "A form that says 93.1 here and 99.67 there is hard to compare.",
        },
        fix: Words {
            vi: "Không bắt buộc sửa: `bieu convert` luôn ghi lại theo quy định của biểu.",
            en: "Nothing has to be done: `bieu convert` always prints as the form requires.",
        },
        example: Words {
            vi: "442 / 475 × 100 = 93,05 nhưng ghi 93,1.",
            en: "442 / 475 × 100 = 93.05 but 93.1 is stated.",
        },
    },
};

/// One finding per ratio that another number of decimals, or rounding upwards, explains. A formula
/// keeps all its digits and shows what its format says, so it follows every policy.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    for judgement in &cx.ratios {
        let Some((_, mode @ (Mode::HalfUp | Mode::Ceiling))) = judgement.result else { continue };
        let computed = judgement.ratio.origin.made == crate::model::reading::Made::Formula;
        if mode == Mode::HalfUp && computed {
            results.pass();
            continue;
        }
        if let Some(finding) = finding(cx, judgement, mode) {
            results.remark(finding);
            results.pass();
        }
    }
}

fn finding(cx: &Context<'_>, judgement: &Judgement<'_>, mode: Mode) -> Option<Finding> {
    let (of, to) = (judgement.of?, judgement.to?);
    let expected = judgement.expected()?;
    let upwards = mode == Mode::Ceiling;
    let facts = RatioOffPolicy {
        what: cx.name(&judgement.ratio.key),
        printed: judgement.printed,
        wanted: expected,
        decimals: judgement.policy.decimals,
        upwards,
    };
    let mut finding = cx.finding(&CODE, judgement.ratio, facts);
    finding.found = Some(plain(judgement.printed));
    finding.expected = Some(plain(expected));
    finding.sources = [of.places(), to.places()].concat();
    // That it was rounded upwards says the message.
    if !upwards {
        finding.diagnose(RoundedTo(judgement.ratio.decimals));
    }
    Some(finding)
}

/// A ratio as it is printed and as the form wants it.
#[derive(Debug)]
struct RatioOffPolicy {
    what: String,
    printed: Decimal,
    wanted: Decimal,
    decimals: u32,
    upwards: bool,
}

impl Facts for RatioOffPolicy {
    fn message(&self, language: Language) -> String {
        let (what, decimals, places) = (&self.what, self.decimals, counted(self.decimals, "decimal"));
        let (printed, wanted) = (language.number(self.printed), language.number(self.wanted));
        if self.upwards {
            say!(
                language,
                "{what} ghi {printed}, đã làm tròn lên; theo biểu là {wanted}",
                "{what} says {printed}, rounded upwards; the form requires {wanted}"
            )
        } else {
            say!(
                language,
                "{what} ghi {printed}; biểu quy định {decimals} chữ số thập phân: {wanted}",
                "{what} says {printed}; the form wants {places}: {wanted}"
            )
        }
    }

    fn action(&self, language: Language) -> String {
        let wanted = language.number(self.wanted);
        say!(
            language,
            "không bắt buộc; khi lập biểu sẽ ghi {wanted}",
            "nothing has to be done; the form will say {wanted}"
        )
    }
}

/// So many decimals are printed.
#[derive(Debug)]
struct RoundedTo(i32);

impl Remark for RoundedTo {
    fn words(&self, language: Language) -> String {
        let (decimals, places) = (self.0, counted(self.0, "decimal"));
        match decimals {
            0 => say!(language, "làm tròn đến hàng đơn vị", "rounded to a whole number"),
            _ => say!(language, "làm tròn đến {decimals} chữ số thập phân", "rounded to {places}"),
        }
    }
}
