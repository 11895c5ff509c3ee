//! `verdict-mismatch`: the stated verdict does not follow from plan and result.

use super::{Check, CheckConstraint, CheckKind, CheckResults, Context, Families, Figure, Form, unevaluated::Cause};
use crate::{
    judge::{
        constraint::{Relation, Sum},
        verdict,
    },
    model::{
        catalogue::Direction,
        finding::{Code, Explain, Facts, Severity},
    },
    values::{
        language::{Language, Words, say},
        number::{Decimal, Rational},
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Constraint(constraints), run };

static CODE: Code = Code {
    name: "verdict-mismatch",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Đánh giá vượt, đạt, không đạt không đúng với kế hoạch và thực hiện.",
            en: "The stated verdict does not follow from plan and result.",
        },
        why: Words {
            vi: "Tổng hợp vượt, đạt, không đạt của cả biểu sẽ sai theo.",
            en: "The summary of the whole form is wrong with it.",
        },
        fix: Words {
            vi: "Sửa đánh giá theo số, hoặc kiểm tra lại kế hoạch và thực hiện.",
            en: "Change the verdict, or check plan and result.",
        },
        example: Words {
            vi: "Kế hoạch 370, thực hiện 368,77, ghi \"Đạt\".",
            en: "Plan 370, result 368.77, stated \"Đạt\".",
        },
    },
};

/// One finding per verdict that contradicts the exact comparison.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    for (reading, [of, to]) in cx.verdicts.iter().copied() {
        let Some(stated) = verdict::stated(reading, &cx.catalogue.verdicts) else { continue };
        let actual = cx.dataset.beside(reading, reading.key.indicator, of);
        let plan = cx.dataset.beside(reading, reading.key.indicator, to);
        let Some(due) = verdict::of(cx.indicator(reading), actual, plan) else {
            let of_actual = Cause::of(cx.dataset, reading.key.indicator, of, actual);
            let cause = of_actual.or_else(|| Cause::of(cx.dataset, reading.key.indicator, to, plan));
            results.skip(cause.unwrap_or(Cause::NoNumber(of)), || cx.name(&reading.key));
            continue;
        };
        if stated.admits(due) {
            results.pass();
            continue;
        }
        let side = |r: Option<&crate::model::reading::Reading>| {
            r.map(|r| r.origin.raw.text().trim().to_owned()).unwrap_or_default()
        };
        let (raw, right) = (reading.origin.raw.text().trim().to_owned(), due.word(&cx.catalogue.verdicts).to_owned());
        let facts = VerdictMismatch {
            what: cx.name(&reading.key),
            raw: raw.clone(),
            right: right.clone(),
            result: side(actual),
            plan: side(plan),
        };
        let mut finding = cx.finding(&CODE, reading, facts);
        finding.found = Some(raw);
        finding.expected = Some(right);
        finding.sources =
            [actual, plan].into_iter().flatten().flat_map(crate::model::reading::Reading::places).collect();
        results.fail(finding);
    }
}

/// A verdict, what it should be, and what it is about.
#[derive(Debug)]
struct VerdictMismatch {
    what: String,
    raw: String,
    right: String,
    result: String,
    plan: String,
}

impl Facts for VerdictMismatch {
    fn message(&self, language: Language) -> String {
        let Self { what, raw, right, result, plan } = self;
        say!(
            language,
            "{what} ghi \"{raw}\"; thực hiện {result} so với kế hoạch {plan} là \"{right}\"",
            "{what} says \"{raw}\"; {result} against the plan of {plan} is \"{right}\""
        )
    }

    fn action(&self, language: Language) -> String {
        let right = &self.right;
        say!(
            language,
            "sửa thành \"{right}\", hoặc kiểm tra lại kế hoạch và thực hiện",
            "change it to \"{right}\", or check plan and result"
        )
    }
}

/// A verdict with the result and the plan that it is about: the word may be the wrong one too.
fn constraints<'a>(cx: &'a Context<'a>, wanted: &Families, constraints: &mut Vec<CheckConstraint<'a>>) {
    for (reading, [of, to]) in cx.verdicts.iter().copied() {
        if !wanted.contains(reading.key.indicator) {
            continue;
        }
        let Some(stated) = verdict::stated(reading, &cx.catalogue.verdicts) else { continue };
        // A word that a rule compares has a number of its own.
        if cx.code(reading) != Some(stated.code()) {
            continue;
        }
        let number = |measure| {
            let reading = cx.dataset.beside(reading, reading.key.indicator, measure);
            reading.filter(|reading| reading.number().is_some()).map(Figure::now)
        };
        let (Some(of), Some(to)) = (number(of), number(to)) else { continue };
        let lower = cx.indicator(reading).direction == Direction::Lower;
        let case = |(code, relation): (Decimal, Relation)| {
            let relation = if lower { relation.mirrored() } else { relation };
            let says = Form::Sum(Sum::of(Figure::now(reading), Relation::Equals, code.into()));
            vec![says, Form::Sum(Sum { relation, ..Sum::total(of, [to]) })]
        };
        // "Đạt và vượt" is no word that anybody would write in place of another.
        let words = verdict::codes().into_iter().filter(|(code, _)| *code == stated.code() || verdict::is_plain(*code));
        let form = Form::Cases(words.map(case).collect());
        constraints.push(CheckConstraint {
            tolerance: Some(Rational::ZERO),
            follows: true,
            ..CheckConstraint::new(&CODE, form)
        });
    }
}
