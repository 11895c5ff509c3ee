//! `period-outlier`: a figure lies outside its band around what it was.

use super::{
    Check, CheckKind, CheckResults, Context,
    comparison::{self, Comparison, Than},
    context::plain,
    unevaluated::Cause,
};
use crate::{
    model::{
        catalogue::Band,
        finding::{Code, Explain, Facts, Finding, Severity},
    },
    values::{
        language::{Language, Words, say},
        number::{Decimal, Rounding},
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Remark, run };

static CODE: Code = Code {
    name: "period-outlier",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "So với kỳ trước, hoặc với số cùng dòng, số này thay đổi nhiều hơn mức danh mục cho là bình thường.",
            en: "Against the previous period, or its row, a number has changed by more than the catalogue calls usual.",
        },
        why: Words {
            vi: "Có thể có thật, nhưng cũng hay do gõ sai hoặc lấy nhầm dòng; người thẩm tra sẽ hỏi.",
            en: "It may be so, but it is often a slip or a figure of another row; the reviewer will ask.",
        },
        fix: Words {
            vi: "Kiểm tra lại số; nếu đúng, ghi lý do vào ghi chú và vào bieu.toml.",
            en: "Check the number; if it is right, give the reason in the note and in bieu.toml.",
        },
        example: Words {
            vi: "Diện tích lúa 174 ha, kỳ trước 68 ha, danh mục cho phép từ 0,8 đến 1,25 lần.",
            en: "Rice area 174 ha, 68 ha before; the catalogue allows 0.8 to 1.25 times.",
        },
    },
};

/// One finding per figure outside the band of its indicator. What is off by a power of ten is
/// `power-of-ten`, said once.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    if cx.catalogue.iter().all(|(_, indicator)| indicator.band.is_none()) {
        return;
    }
    comparison::each(cx, |comparison| {
        if comparison.band.is_none() {
            return;
        }
        match comparison.is_outside() {
            None => results.skip(Cause::Comparison, || cx.name(&comparison.reading.key)),
            Some(true) if comparison.power().is_none() => results.fail(finding(cx, comparison)),
            Some(true | false) => results.pass(),
        }
    });
}

fn finding(cx: &Context<'_>, comparison: &Comparison<'_>) -> Finding {
    let reading = comparison.reading;
    let value = reading.number().unwrap_or_default();
    // Two decimals, and more where those would say "0 times".
    let ratio = comparison.ratio();
    let rounded = |decimals| ratio.as_ref().and_then(|ratio| ratio.to_decimal(decimals, Rounding::HalfUp));
    let times = (2..=10).filter_map(rounded).find(|times| *times != Decimal::ZERO).unwrap_or_default();
    let (what, than) = (cx.name(&reading.key), comparison.than(cx));
    let facts = PeriodOutlier { what, value, times, than, band: comparison.band };
    let mut finding = cx.finding(&CODE, reading, facts);
    finding.found = Some(plain(value));
    finding.sources = comparison.reference.iter().flat_map(|reference| reference.reading.places()).collect();
    finding
}

/// A figure, how many times what it is held against it is, and what is usual.
#[derive(Debug)]
struct PeriodOutlier {
    what: String,
    value: Decimal,
    times: Decimal,
    than: Option<Than>,
    band: Option<Band>,
}

impl Facts for PeriodOutlier {
    fn message(&self, language: Language) -> String {
        let (what, value, times) = (&self.what, language.number(self.value), language.number(self.times));
        let than = self.than.as_ref().map(|than| than.words(language)).unwrap_or_default();
        let band = self.band.map(|band| (language.number(band.low), language.number(band.high)));
        let (low, high) = band.unwrap_or_default();
        say!(
            language,
            "{what} ghi {value}, bằng {times} lần {than}; mức bình thường từ {low} đến {high} lần",
            "{what} says {value}, {times} times {than}; {low} to {high} times is usual"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "kiểm tra lại ô; nếu đúng, ghi lý do vào ghi chú và vào bieu.toml",
            "check the cell; if it is right, give the reason in the note and in bieu.toml"
        )
    }
}
