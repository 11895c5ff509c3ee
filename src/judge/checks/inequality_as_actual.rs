//! `inequality-as-actual`: a result given as ">90" or "20 - 25" is no result.

use super::{Check, CheckKind, CheckResults, Context};
use crate::{
    model::{
        catalogue::MeasureKind,
        finding::{Code, Explain, Facts, Severity},
        reading::Value,
    },
    values::language::{Language, Words, say},
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Other, run };

static CODE: Code = Code {
    name: "inequality-as-actual",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Kết quả thực hiện ghi bằng bất đẳng thức hoặc khoảng số.",
            en: "A result is given as an inequality or a range.",
        },
        why: Words {
            vi: "Kế hoạch có thể là \">90\", kết quả thì phải là một con số; không tính được tỷ lệ.",
            en: "A plan may be \">90\", a result must be a number; no ratio can be made of it.",
        },
        fix: Words { vi: "Ghi con số thực tế, ví dụ 92,5.", en: "Write the real number, say 92.5." },
        example: Words {
            vi: "Tỷ lệ đảng viên hoàn thành tốt nhiệm vụ: Thực hiện \">90\".",
            en: "Party members who fulfilled their tasks: result \">90\".",
        },
    },
};

/// One finding per result that is a bound or a range.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    for reading in cx.dataset.irregular() {
        if !matches!(reading.value, Value::Bound(..) | Value::Range(..)) {
            continue;
        }
        if !matches!(cx.catalogue.measure(reading.key.measure).kind, MeasureKind::Actual | MeasureKind::Estimate) {
            continue;
        }
        results.fail(cx.finding_of_words(&CODE, reading, |what, raw| InequalityAsActual { what, raw }));
    }
}

/// What is given as a result.
#[derive(Debug)]
struct InequalityAsActual {
    what: String,
    raw: String,
}

impl Facts for InequalityAsActual {
    fn message(&self, language: Language) -> String {
        let Self { what, raw } = self;
        say!(
            language,
            "{what}: kết quả ghi \"{raw}\", không phải một con số",
            "{what}: the result is given as \"{raw}\", which is not a number"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(language, "ghi con số thực tế đạt được", "write the number that was really reached")
    }
}
