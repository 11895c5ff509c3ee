//! `member-outlier`: a village's figure is out of proportion to all its other figures, as those of the
//! other villages are to each other.

use super::{Check, CheckKind, CheckResults, Context, context::plain, siblings};
use crate::{
    model::finding::{Code, Explain, Facts, Finding, Severity},
    values::{
        language::{Language, Words, say},
        number::{Decimal, Rational, Rounding},
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Remark, run };

static CODE: Code = Code {
    name: "member-outlier",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Số của một thôn (hoặc phân tổ khác) không cân đối với các số khác của chính thôn đó, trong khi các thôn còn lại có tỷ lệ gần như nhau.",
            en: "The figure of one village (or other member) is out of proportion to the village's other figures, while all others keep nearly the same proportion.",
        },
        why: Words {
            vi: "Có thể có thật, nhưng cũng hay do chép nhầm dòng hoặc gõ sai một chữ số; tổng cũng sai theo nên không phép tính nào báo lỗi.",
            en: "It may be so, but it is often a row copied wrongly or a wrong digit; where the total was added up from it, no arithmetic check sees it.",
        },
        fix: Words {
            vi: "Kiểm tra lại số; nếu đúng, ghi lý do vào ghi chú và vào bieu.toml.",
            en: "Check the number; if it is right, give the reason in the note and in bieu.toml.",
        },
        example: Words {
            vi: "Một thôn ghi 128 hộ, 2.950 nhân khẩu (23 người một hộ); chín thôn khác từ 3,9 đến 4,6 người một hộ.",
            en: "One village has 128 households and 2,950 people (23 each); nine others have 3.9 to 4.6.",
        },
    },
};

/// One finding per figure that every other figure of its member speaks against. What a power of ten brings
/// among the others is `unlikely-scale`.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    for outlier in cx.outliers.iter().filter(|outlier| outlier.power.is_none()) {
        results.fail(finding(cx, outlier));
    }
}

fn finding(cx: &Context<'_>, outlier: &siblings::Outlier<'_>) -> Finding {
    let (reading, beside) = (outlier.reading, outlier.beside);
    let facts = MemberOutlier {
        what: cx.name(&reading.key),
        value: reading.number().unwrap_or_default(),
        other: cx.name(&beside.key),
        other_value: beside.number().unwrap_or_default(),
        ratio: times(&outlier.ratio),
        usual: (times(&outlier.usual.0), times(&outlier.usual.1)),
    };
    let mut finding = cx.finding(&CODE, reading, facts);
    finding.found = reading.number().map(plain);
    finding.sources = beside.places();
    finding
}

/// A ratio with two decimals, and more where those would say "0 times".
fn times(ratio: &Rational) -> Decimal {
    let rounded = |decimals| ratio.to_decimal(decimals, Rounding::HalfUp);
    (2..=10).filter_map(rounded).find(|times| *times != Decimal::ZERO).unwrap_or_default()
}

/// A figure, another one of the same member, and their ratio here and elsewhere.
#[derive(Debug)]
struct MemberOutlier {
    what: String,
    value: Decimal,
    other: String,
    other_value: Decimal,
    ratio: Decimal,
    usual: (Decimal, Decimal),
}

impl Facts for MemberOutlier {
    fn message(&self, language: Language) -> String {
        let Self { what, other, .. } = self;
        let (value, other_value) = (language.number(self.value), language.number(self.other_value));
        let ratio = language.number(self.ratio);
        let (low, high) = (language.number(self.usual.0), language.number(self.usual.1));
        say!(
            language,
            "{what} ghi {value}, bằng {ratio} lần {other} ({other_value}); ở các phân tổ khác từ {low} đến {high} lần",
            "{what} says {value}, {ratio} times {other} ({other_value}); {low} to {high} times elsewhere"
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
