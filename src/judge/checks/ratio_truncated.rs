//! `ratio-truncated`: the ratio was cut off where the form rounds.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    Check, CheckKind, CheckResults, Context,
    context::plain,
    quotient::{Division, Judgement, Mode},
};
use crate::{
    model::finding::{Code, Explain, Facts, Finding, Place, Severity},
    values::{
        language::{Language, Words, counted, say},
        number::{Decimal, Rounding},
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Remark, run };

static CODE: Code = Code {
    name: "ratio-truncated",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Tỷ lệ bị bỏ bớt chữ số thập phân, không làm tròn.",
            en: "The ratio was truncated instead of rounded.",
        },
        why: Words {
            vi: "Số in ra thấp hơn số đúng; gần mốc 100 % có thể làm sai đánh giá.",
            en: "What is printed is too low; near 100 % it can change the verdict.",
        },
        fix: Words {
            vi: "Ghi tỷ lệ làm tròn, hoặc để công thức tự tính.",
            en: "Write the rounded ratio, or leave it to a formula.",
        },
        example: Words {
            vi: "31,7 / 30 × 100 = 105,666…: ghi 105,66 thay vì 105,67.",
            en: "31.7 / 30 × 100 = 105.666…: 105.66 instead of 105.67.",
        },
    },
};

/// Fewest cut-off ratios that are told as one.
const HABIT: usize = 3;

/// One finding per ratio that only cutting off explains; one for a whole file where all its ratios
/// were cut off: that is one habit, not thirty slips.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    let mut files: BTreeMap<&str, Vec<&Judgement<'_>>> = BTreeMap::new();
    let judged: Vec<&Judgement<'_>> = cx.ratios.iter().filter(|judgement| judgement.result.is_some()).collect();
    // Those of a file mostly follow each other.
    let is_same = |a: &&Judgement<'_>, b: &&Judgement<'_>| Arc::ptr_eq(&a.ratio.origin.file, &b.ratio.origin.file);
    for together in judged.chunk_by(is_same) {
        files.entry(&together[0].ratio.origin.file).or_default().extend(together);
    }
    for judgements in files.values() {
        let cut = judgements.iter().filter(|j| matches!(j.result, Some((_, Mode::Truncated))));
        let mut findings: Vec<Finding> = cut.filter_map(|judgement| finding(cx, judgement)).collect();
        if findings.len() >= HABIT && judgements.iter().all(|judgement| may_be_cut(judgement)) {
            results.failed += findings.len() as u64;
            results.findings.extend(together(&mut findings, judgements.len()));
        } else {
            for finding in findings {
                results.fail(finding);
            }
        }
    }
}

/// Whether a ratio can have been cut off where it ends.
fn may_be_cut(judgement: &Judgement<'_>) -> bool {
    let decimals = judgement.ratio.printed_decimals();
    let Some((exact, _)) = &judgement.result else { return true };
    (decimals..=judgement.policy.decimals.max(decimals))
        .any(|decimals| exact.to_decimal(decimals, Rounding::Truncate) == Some(judgement.printed))
}

/// The first finding, made to speak for all.
fn together(findings: &mut Vec<Finding>, all: usize) -> Option<Finding> {
    let places: Vec<Place> = findings.iter().filter_map(|finding| finding.target.clone()).collect();
    let count = findings.len();
    let first = findings.drain(..).next()?;
    Some(Finding { facts: Arc::new(RatiosTruncated { all, count }), sources: places[1..].to_vec(), ..first })
}

fn finding(cx: &Context<'_>, judgement: &Judgement<'_>) -> Option<Finding> {
    let (of, to) = (judgement.of?, judgement.to?);
    let expected = judgement.expected()?;
    let facts = RatioTruncated {
        what: cx.name(&judgement.ratio.key),
        printed: judgement.printed,
        wanted: expected,
        division: judgement.division()?,
    };
    let mut finding = cx.finding(&CODE, judgement.ratio, facts);
    finding.found = Some(plain(judgement.printed));
    finding.expected = Some(plain(expected));
    finding.sources = [of.places(), to.places()].concat();
    Some(finding)
}

/// A ratio as it is printed and as it would be rounded.
#[derive(Debug)]
struct RatioTruncated {
    what: String,
    printed: Decimal,
    wanted: Decimal,
    division: Division,
}

impl Facts for RatioTruncated {
    fn message(&self, language: Language) -> String {
        let (what, division) = (&self.what, self.division.words(language));
        let (printed, wanted) = (language.number(self.printed), language.number(self.wanted));
        say!(
            language,
            "{what} ghi {printed}, bị bỏ bớt chữ số thập phân; {division} làm tròn là {wanted}",
            "{what} says {printed}, truncated; {division} rounds to {wanted}"
        )
    }

    fn action(&self, language: Language) -> String {
        let wanted = language.number(self.wanted);
        say!(language, "ghi {wanted}", "write {wanted}")
    }
}

/// The ratios of a file, and how many of them differ.
#[derive(Debug)]
struct RatiosTruncated {
    all: usize,
    count: usize,
}

impl Facts for RatiosTruncated {
    fn message(&self, language: Language) -> String {
        let Self { all, count } = self;
        let cells = counted(*count, "cell");
        say!(
            language,
            "cả {all} tỷ lệ của tệp đều bỏ bớt chữ số thập phân, không làm tròn; {count} ô vì thế khác",
            "all {all} ratios of the file are truncated, not rounded, which makes {cells} differ"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "tính lại các tỷ lệ bằng ROUND, hoặc khai báo `rounding = \"truncate\"` trong `[ratio]` của danh mục",
            "compute the ratios with ROUND, or declare `rounding = \"truncate\"` in `[ratio]` of the catalogue"
        )
    }
}
