//! `power-of-ten`: a figure is about ten, a hundred, a thousand times what it was.

use super::{
    Check, CheckKind, CheckResults, Context,
    comparison::{self, Comparison, Than},
    context::plain,
    unevaluated::Cause,
};
use crate::{
    model::finding::{Code, Explain, Facts, Finding, Hypothesis, Remark, Severity, SlipKind},
    values::{
        language::{Language, Words, say},
        number::{Decimal, Rational},
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Remark, run };

static CODE: Code = Code {
    name: "power-of-ten",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Số ghi gấp khoảng 10, 100, 1000… lần hoặc chỉ bằng 1/10, 1/100, 1/1.000 so với kỳ trước hoặc số cùng dòng.",
            en: "A number is about 10, 100, 1000… times (or such a part of) that of the previous period or of its row.",
        },
        why: Words {
            vi: "Thường do thừa hay thiếu một chữ số, nhầm đơn vị, hoặc gõ dấu chấm thay dấu phẩy.",
            en: "Mostly a digit too many or too few, another unit, or a point typed for a comma.",
        },
        fix: Words {
            vi: "Kiểm tra lại số, đơn vị và dấu thập phân; nếu đúng, ghi lý do vào bieu.toml.",
            en: "Check the number, the unit and the decimal mark; if it is right, say why in bieu.toml.",
        },
        example: Words {
            vi: "Đàn trâu ghi 22.072, kỳ trước 21,9.",
            en: "Buffaloes: 22,072 stated, 21.9 in the previous period.",
        },
    },
};

/// One finding per figure within a factor of 10^0.2 of a power of ten times what it is held against.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    comparison::each(cx, |comparison| match comparison.power() {
        Some(power) => results.fail(finding(cx, comparison, power)),
        None if comparison.is_possible() => results.pass(),
        None => results.skip(Cause::Comparison, || cx.name(&comparison.reading.key)),
    });
}

fn finding(cx: &Context<'_>, comparison: &Comparison<'_>, power: i32) -> Finding {
    let reading = comparison.reading;
    let value = reading.number().unwrap_or_default();
    let mended = (&Rational::from(value) * &Rational::power_of_ten(-power)).to_exact_decimal();
    let facts = PowerOfTen { what: cx.name(&reading.key), value, power, than: comparison.than(cx) };
    let mut finding = cx.finding(&CODE, reading, facts);
    finding.found = Some(plain(value));
    finding.sources = comparison.reference.iter().flat_map(|reference| reference.reading.places()).collect();
    // "22,072" typed into a program set to English is stored as 22072.
    if power == 3 && value.is_integer() {
        finding.diagnose(MarkOfThousands);
    }
    if let Some(mended) = mended {
        finding.expected = Some(plain(mended.normalize()));
        finding.hypotheses.push(Hypothesis {
            kind: SlipKind::PowerOfTen,
            target: reading.place(),
            to: plain(mended.normalize()),
            resolves: 1,
            together: Vec::new(),
        });
    }
    finding
}

/// A figure and the power of ten between it and what it is held against.
#[derive(Debug)]
struct PowerOfTen {
    what: String,
    value: Decimal,
    power: i32,
    than: Option<Than>,
}

impl Facts for PowerOfTen {
    fn message(&self, language: Language) -> String {
        let (what, value) = (&self.what, language.number(self.value));
        let than = self.than.as_ref().map(|than| than.words(language)).unwrap_or_default();
        let size = 10u32.pow(self.power.unsigned_abs());
        if self.power > 0 {
            say!(
                language,
                "{what} ghi {value}, gấp khoảng {size} lần {than}",
                "{what} says {value}, about {size} times {than}"
            )
        } else {
            say!(
                language,
                "{what} ghi {value}, chỉ bằng khoảng 1/{size} {than}",
                "{what} says {value}, about 1/{size} of {than}"
            )
        }
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "kiểm tra lại số, đơn vị và dấu thập phân của ô",
            "check the number, the unit and the decimal mark of the cell"
        )
    }
}

/// Why it is a thousand times too large.
#[derive(Debug)]
struct MarkOfThousands;

impl Remark for MarkOfThousands {
    fn words(&self, language: Language) -> String {
        say!(
            language,
            "có lẽ dấu thập phân bị hiểu là dấu ngăn hàng nghìn",
            "a decimal mark may have been taken for a mark of thousands"
        )
    }
}
