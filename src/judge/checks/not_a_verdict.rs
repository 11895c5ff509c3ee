//! `not-a-verdict`: something else than a verdict stands in the column of verdicts.

use super::{Check, CheckKind, CheckResults, Context};
use crate::{
    judge::verdict,
    model::{
        finding::{Code, Explain, Facts, Severity},
        reading::Value,
    },
    values::{
        language::{Language, Words, say},
        number::{self, Amount, Convention},
        text,
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Other, run };

static CODE: Code = Code {
    name: "not-a-verdict",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Cột đánh giá có một số hoặc lời khác, không phải vượt, đạt, không đạt.",
            en: "The column of verdicts holds a number or other words than exceeded, met, missed.",
        },
        why: Words {
            vi: "Một số trong cột này thường là số của cột bên cạnh bị gõ lệch; lời khác thì không so được với kế hoạch và thực hiện.",
            en: "A number there usually slipped from the column beside it; other words cannot be held against plan and result.",
        },
        fix: Words {
            vi: "Ghi một trong ba đánh giá của biểu; chuyển lời giải thích sang cột ghi chú, số sang đúng cột.",
            en: "Write one of the three verdicts of the form; move remarks to the column of notes and numbers to their column.",
        },
        example: Words {
            vi: "Cột Đánh giá của \"Đàn trâu\" ghi 99,73; ô Tỷ lệ bên cạnh để trống.",
            en: "The verdict of \"Đàn trâu\" says 99.73; the ratio beside it is blank.",
        },
    },
};

/// One finding per cell. Signs without a letter or digit ("-", "…") say that there is no verdict.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    for (reading, _) in &cx.verdicts {
        let Value::Text(written) = &reading.value else { continue };
        if !written.contains(char::is_alphanumeric) || verdict::stated(reading, &cx.catalogue.verdicts).is_some() {
            continue;
        }
        let words = &cx.catalogue.verdicts;
        let (what, raw) = (cx.name(&reading.key), text::trim(written));
        let allowed = format!("\"{}\", \"{}\", \"{}\"", words.exceeded, words.met, words.missed);
        let is_number = matches!(number::parse(raw, Convention::Unknown), Amount::Number(_));
        let facts = NotAVerdict { what, raw: raw.to_owned(), allowed, is_number };
        let mut finding = cx.finding(&CODE, reading, facts);
        finding.found = Some(raw.to_owned());
        results.fail(finding);
    }
}

/// What stands where a verdict should, and what may stand there.
#[derive(Debug)]
struct NotAVerdict {
    what: String,
    raw: String,
    allowed: String,
    is_number: bool,
}

impl Facts for NotAVerdict {
    fn message(&self, language: Language) -> String {
        let Self { what, raw, allowed, is_number } = self;
        if *is_number {
            say!(
                language,
                "{what} ghi số {raw} ở cột đánh giá; chỉ được ghi {allowed}",
                "{what} has the number {raw} in the column of verdicts; allowed values: {allowed}"
            )
        } else {
            say!(
                language,
                "{what} ghi \"{raw}\", không phải một đánh giá; chỉ được ghi {allowed}",
                "{what} says \"{raw}\", which is no verdict; allowed values: {allowed}"
            )
        }
    }

    fn action(&self, language: Language) -> String {
        if self.is_number {
            say!(
                language,
                "chuyển số sang đúng cột và ghi đánh giá vào ô này",
                "move the number to its column and write the verdict"
            )
        } else {
            say!(
                language,
                "ghi đánh giá; chuyển lời giải thích sang cột ghi chú",
                "write the verdict; move remarks to the column of notes"
            )
        }
    }
}
