//! `forecast-as-actual`: a result that the sheet itself calls expected.

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
    name: "forecast-as-actual",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Cột kết quả chứa số mà chính sheet ghi là dự kiến hoặc ước.",
            en: "The column of results holds a figure that the sheet itself calls expected or estimated.",
        },
        why: Words {
            vi: "Số dự kiến không phải kết quả; \"Dự kiến Đạt\" không phải đánh giá.",
            en: "A forecast is no result, and \"Dự kiến Đạt\" is no verdict.",
        },
        fix: Words {
            vi: "Thay bằng số thực tế, hoặc chuyển sang cột ước thực hiện.",
            en: "Put in the real figure, or move it to the column of estimates.",
        },
        example: Words {
            vi: "Kết nạp đảng viên: 6, ghi chú \"(Dự kiến Đạt)\".",
            en: "Party members admitted: 6, note \"(Dự kiến Đạt)\".",
        },
    },
};

/// One finding per result in a row that speaks of a forecast.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    for reading in cx.dataset.irregular() {
        let actual = || matches!(cx.catalogue.measure(reading.key.measure).kind, MeasureKind::Actual);
        if !(reading.forecast && actual()) || matches!(reading.value, Value::Nothing(_) | Value::Unusable) {
            continue;
        }
        results.fail(cx.finding_of_words(&CODE, reading, |what, raw| ForecastAsActual { what, raw }));
    }
}

/// What stands in the column of results.
#[derive(Debug)]
struct ForecastAsActual {
    what: String,
    raw: String,
}

impl Facts for ForecastAsActual {
    fn message(&self, language: Language) -> String {
        let Self { what, raw } = self;
        say!(
            language,
            "{what}: \"{raw}\" nằm ở cột kết quả nhưng dòng ghi là dự kiến hoặc ước",
            "{what}: \"{raw}\" stands in the column of results but the row calls it expected or estimated"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "thay bằng số thực tế và bỏ chữ dự kiến; chưa có số thì ghi \"…\"",
            "put in the real figure and drop the word; write \"…\" if there is none yet"
        )
    }
}
