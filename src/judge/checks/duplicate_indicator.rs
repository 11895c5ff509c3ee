//! `duplicate-indicator`: one sheet gives the same thing twice.

use super::{Check, CheckKind, CheckResults, Context};
use crate::{
    model::{
        finding::{Code, Explain, Facts, Severity},
        reading::{Key, Reading, Value},
        workbook::Position,
    },
    values::language::{Language, Words, say},
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Other, run };

static CODE: Code = Code {
    name: "duplicate-indicator",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Một chỉ tiêu được lấy hai lần từ cùng một sheet.",
            en: "One indicator is taken twice from the same sheet.",
        },
        why: Words {
            vi: "Có thể một dòng bị chép đôi, hoặc bảng ánh xạ nêu nhầm chỉ tiêu.",
            en: "A row may have been copied, or the mapping names the wrong indicator.",
        },
        fix: Words {
            vi: "Xóa dòng thừa trong sheet, hoặc sửa chỉ tiêu trong bảng ánh xạ.",
            en: "Delete the duplicate row, or correct the indicator in the mapping.",
        },
        example: Words {
            vi: "\"Đàn bò\" và \"Bò\" đều được gán cho `dan-bo`, cùng ghi 66.",
            en: "\"Đàn bò\" and \"Bò\" are both mapped to `dan-bo`, both say 66.",
        },
    },
};

/// One finding per row that repeats another row of its sheet: every number of the one stands in the
/// other too. Rows that share a plan and go on with different results are no copies, and different
/// values are `conflicting-sources`.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    let stated = |reading: &&Reading| {
        cx.catalogue.measure(reading.key.measure).is_base() && !matches!(reading.value, Value::Nothing(_))
    };
    // The readings of a row follow each other.
    for row in cx.dataset.irregular_records().filter(|row| row.iter().any(|reading| reading.key.member.is_none())) {
        let twin = |reading: &Reading| {
            let Key { indicator, measure, member } = &reading.key;
            let is_repeated = match member {
                Some(_) => cx.dataset.repeats_members(*indicator, *measure),
                None => cx.dataset.repeats_whole(*indicator, *measure),
            };
            if !is_repeated {
                return None;
            }
            cx.dataset.all(&reading.key).take_while(|other| other.record < reading.record).find(|other| {
                other.value == reading.value
                    && other.origin.file == reading.origin.file
                    && other.origin.sheet == reading.origin.sheet
            })
        };
        let mut first = None;
        let twins = row.iter().filter(stated).map(|reading| {
            let twin = twin(reading)?;
            first.get_or_insert((reading, twin));
            Some(())
        });
        let all = twins.collect::<Option<()>>();
        if let (Some(()), Some((reading, twin))) = (all, first) {
            report(cx, results, reading, twin);
        }
    }
}

fn report(cx: &Context<'_>, results: &mut CheckResults, reading: &Reading, twin: &Reading) {
    let (what, first, second) = (cx.name(&reading.key), twin.origin.cell, reading.origin.cell);
    let mut finding = cx.finding(&CODE, reading, DuplicateIndicator { what, first, second });
    finding.sources = vec![twin.place()];
    results.fail(finding);
}

/// Two cells of one sheet that give the same thing.
#[derive(Debug)]
struct DuplicateIndicator {
    what: String,
    first: Position,
    second: Position,
}

impl Facts for DuplicateIndicator {
    fn message(&self, language: Language) -> String {
        let Self { what, first, second } = self;
        say!(
            language,
            "{what} được lấy hai lần từ sheet này: {first} và {second}",
            "{what} is taken twice from this sheet: {first} and {second}"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "xóa dòng thừa, hoặc sửa chỉ tiêu của một trong hai dòng trong bảng ánh xạ",
            "delete the duplicate row, or correct the indicator of one of them in the mapping"
        )
    }
}
