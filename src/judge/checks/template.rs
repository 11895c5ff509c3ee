//! `code-name`: TODO: what is wrong, in one line.

use super::{Check, CheckKind, CheckResults, Context};
use crate::{
    model::finding::{Code, Explain, Facts, Severity},
    values::{
        language::{Language, Words, say},
        number::Decimal,
    },
};

// `CheckKind::Constraint(constraints)` where figures break a constraint that others may keep;
// `CheckKind::Remark` where a figure is only unlikely by its size, its digits or the period before.
pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Other, run };

static CODE: Code = Code {
    name: "code-name",
    // An error cannot be right; a warning is right only with an explanation; an info is worth knowing.
    severity: Severity::Warning,
    explain: Explain {
        // The first English sentence becomes the line of docs/report.md.
        what: Words { vi: "TODO: là gì.", en: "TODO: what it is." },
        why: Words { vi: "TODO: vì sao quan trọng.", en: "TODO: why it matters." },
        fix: Words { vi: "TODO: cách sửa.", en: "TODO: how to fix it." },
        example: Words { vi: "TODO: một ví dụ.", en: "TODO: an example." },
    },
};

/// TODO: one finding for each what?
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    cx.dataset.each(|reading| {
        // A missing input accuses nobody. Numbers are exact decimals in the unit of the indicator.
        let Some(value) = reading.number() else { return };
        // TODO: what is held against what.
        let is_wrong = false;
        if !is_wrong {
            results.pass();
            return;
        }
        let what = cx.name(&reading.key);
        results.fail(cx.finding(&CODE, reading, FaultName { what, value }));
    });
}

/// TODO: what is wrong, as data: names, numbers, cells. The words come where a report is made.
#[derive(Debug)]
struct FaultName {
    what: String,
    value: Decimal,
}

impl Facts for FaultName {
    fn message(&self, language: Language) -> String {
        let (what, value) = (&self.what, language.number(self.value));
        say!(language, "{what} ghi {value}, TODO", "{what} says {value}, TODO")
    }

    fn action(&self, language: Language) -> String {
        say!(language, "TODO", "TODO")
    }
}
