//! `rounding-difference`: a total that is off, but by no more than rounding explains.

use super::{Check, CheckKind, CheckResults, Context, context::plain, sums::Sum};
use crate::{
    model::finding::{Code, Explain, Facts, Finding, Severity},
    values::{
        language::{Language, Words, say},
        number::{Decimal, Rational},
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Remark, run };

static CODE: Code = Code {
    name: "rounding-difference",
    severity: Severity::Info,
    explain: Explain {
        what: Words {
            vi: "Tổng lệch với các thành phần, nhưng không quá mức làm tròn.",
            en: "A total differs from its parts by no more than rounding explains.",
        },
        why: Words {
            vi: "Không sai; chỉ để người ký biết vì sao cộng tay không khớp.",
            en: "Nothing is wrong; it tells whoever signs why adding up by hand gives another figure.",
        },
        fix: Words { vi: "Không phải sửa.", en: "Nothing has to be done." },
        example: Words {
            vi: "33,3 + 33,3 + 33,3 = 99,9 nhưng tổng ghi 100.",
            en: "33.3 + 33.3 + 33.3 = 99.9 but the total says 100.",
        },
    },
};

/// One finding per total that differs within the interval rule. It fails nothing.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    for sum in &cx.sums {
        if let Some((stated, added, true)) = &sum.result
            && sum.is_off(*stated, added)
        {
            results.remark(finding(cx, sum, *stated, added));
        }
    }
}

fn finding(cx: &Context<'_>, sum: &Sum<'_>, stated: Decimal, added: &Rational) -> Finding {
    let facts = RoundingDifference { what: cx.name(&sum.total.key), stated, added: added.clone() };
    let mut finding = cx.finding(&CODE, sum.total, facts);
    finding.found = Some(plain(stated));
    finding.expected = added.to_exact_decimal().map(plain);
    sum.each_addend(|addend| addend.places().into_iter().for_each(|place| finding.judge_from(place)));
    finding.mapping = Some(sum.line.clone());
    finding
}

/// A total and what its addends come to.
#[derive(Debug)]
struct RoundingDifference {
    what: String,
    stated: Decimal,
    added: Rational,
}

impl Facts for RoundingDifference {
    fn message(&self, language: Language) -> String {
        let (what, stated, added) = (&self.what, language.number(self.stated), language.rational(&self.added));
        let off = language.rational(&(&Rational::from(self.stated) - &self.added).abs());
        say!(
            language,
            "{what} ghi {stated}, cộng lại được {added}; lệch {off} do làm tròn",
            "{what} says {stated}, the sum is {added}; off by {off} through rounding"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(language, "không phải sửa", "nothing has to be done")
    }
}
