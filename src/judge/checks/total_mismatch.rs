//! `total-mismatch`: a stated total cannot come from its parts.

use super::{
    Check, CheckConstraint, CheckKind, CheckResults, Context, Families, Figure, Form, LONGEST,
    context::{list_places, plain},
    formula_range::{self, Range},
    sums::{Addends, Sum},
    unevaluated::Cause,
};
use crate::{
    judge::constraint::{self, Relation},
    model::{
        finding::{Certainty, Code, Explain, Facts, Finding, Hypothesis, Remark, Severity, SlipKind},
        reading::Key,
        workbook::Position,
    },
    values::{
        language::{Language, Words, counted, say},
        number::{Decimal, Rational},
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Constraint(constraints), run };

static CODE: Code = Code {
    name: "total-mismatch",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Tổng ghi trong sheet không thể bằng tổng các thành phần, kể cả khi các số đã làm tròn.",
            en: "A stated total cannot be the sum of its parts, even if all of them were rounded.",
        },
        why: Words {
            vi: "Hoặc tổng sai, hoặc một thành phần sai hay còn thiếu.",
            en: "Either the total is wrong, or a part is wrong or missing.",
        },
        fix: Words {
            vi: "Kiểm tra tổng và từng thành phần; nếu còn thành phần khác, thêm vào `parts` trong danh mục.",
            en: "Check the total and every part; if there are more parts, add them to `parts` in the catalogue.",
        },
        example: Words {
            vi: "Sản lượng lương thực ghi 2.352,97; cộng 4 thành phần được 2.321,53.",
            en: "Grain output says 2,352.97; its 4 parts add up to 2,321.53.",
        },
    },
};

/// One finding per wrong total, in catalogue order. A total with an absent part is not evaluated:
/// `missing-reading` reports that, once. Nor is one whose formula, computed anew, gives the sum:
/// `stale-formula` says so.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    // Another total of the same that says what a stale formula still holds was taken from it.
    let stale = |sum: &&Sum<'_>| matches!(&sum.result, Some((_, added, false)) if is_stale(sum, added));
    let stale: Vec<&Sum<'_>> = cx.sums.iter().filter(stale).collect();
    let is_taken = |sum: &Sum<'_>| {
        stale.iter().any(|old| old.total.key == sum.total.key && old.total.number() == sum.total.number())
    };
    for sum in &cx.sums {
        match &sum.result {
            None => results.skip(open(cx, sum), || cx.name(&sum.total.key)),
            Some((_, _, true)) => results.pass(),
            Some((_, added, false)) if is_stale(sum, added) || is_taken(sum) => {
                results.skip(Cause::Stale, || cx.name(&sum.total.key));
            }
            Some((stated, added, false)) => results.fail(finding(cx, sum, *stated, added)),
        }
    }
}

/// Which addend a total lacks.
fn open(cx: &Context<'_>, sum: &Sum<'_>) -> Cause {
    let Key { indicator, measure, .. } = sum.total.key;
    if sum.made_total(cx.catalogue) {
        return Cause::Derived(measure);
    }
    if !sum.blanks.is_empty() {
        return Cause::Blank(measure);
    }
    let cause = match sum.kind {
        Addends::Parts => {
            let stated = cx
                .catalogue
                .indicator(indicator)
                .parts
                .iter()
                .find(|parts| std::ptr::eq(&raw const parts.line, sum.line));
            let mut parts = stated.iter().flat_map(|parts| &parts.of);
            parts.find_map(|part| Cause::of(cx.dataset, *part, measure, cx.dataset.like(sum.total, *part, measure)))
        }
        Addends::Members => {
            let mut members =
                cx.dataset.irregular_of(indicator).filter(|r| r.key.measure == measure && r.key.member.is_some());
            members.find_map(|member| Cause::of(cx.dataset, indicator, measure, Some(member)))
        }
    };
    cause.unwrap_or(Cause::Members(measure))
}

/// Whether all that is wrong with a total is that its formula was not computed anew.
fn is_stale(sum: &Sum<'_>, added: &Rational) -> bool {
    let computation = sum.total.origin.computation.as_ref();
    computation.is_some_and(|computation| computation.is_stale && Rational::from(computation.result) == *added)
}

fn finding(cx: &Context<'_>, sum: &Sum<'_>, stated: Decimal, added: &Rational) -> Finding {
    let what = cx.name(&sum.total.key);
    let unit = cx.indicator(sum.total).unit.as_ref().map(|u| format!(" {}", u.name)).unwrap_or_default();
    let blank = sum.blanks.first().filter(|_| sum.is_short_of_blanks(cx.catalogue)).map(|blank| blank.origin.cell);
    let facts = TotalMismatch {
        what,
        unit,
        stated,
        added: added.clone(),
        kind: sum.kind,
        count: sum.count(),
        cell: sum.total.origin.cell,
        blank,
    };
    let mut finding = cx.finding(&CODE, sum.total, facts);
    finding.found = Some(plain(stated));
    finding.expected = added.to_exact_decimal().filter(|_| blank.is_none()).map(plain);
    sum.each_addend(|addend| addend.places().into_iter().for_each(|place| finding.judge_from(place)));
    finding.rule = Some(rule(sum, cx, &finding));
    finding.mapping = Some(sum.line.clone());
    if let Some(fault) = by_formula(cx, sum, stated, added) {
        let to = added.to_exact_decimal().map(plain);
        let target = finding.target.clone();
        let cell = sum.total.origin.cell;
        finding.advise(MendFormula { cell, fault: fault.clone(), right: added.clone() });
        finding.diagnose(ByFormula { cell, fault });
        // What a formula leaves out can be seen in it, whatever else may be wrong.
        finding.certainty = Some(Certainty::Certain);
        finding.hypotheses.extend(to.zip(target).map(|(to, target)| Hypothesis {
            kind: SlipKind::Formula,
            target,
            to,
            resolves: 1,
            together: Vec::new(),
        }));
    }
    finding
}

/// What is wrong with the formula of a total, where that is all that is wrong with the total.
fn by_formula(cx: &Context<'_>, sum: &Sum<'_>, stated: Decimal, added: &Rational) -> Option<FormulaFault> {
    if let Some(computation) = &sum.total.origin.computation {
        let mut skipped = computation.skipped.clone();
        skipped.dedup();
        let lacking: Rational = computation.skipped.iter().map(|(_, value)| Rational::from(*value)).sum();
        if !skipped.is_empty() && &Rational::from(computation.result) + &lacking == *added {
            return Some(FormulaFault::Text(skipped));
        }
        if computation.is_stale && Rational::from(computation.result) != Rational::from(stated) {
            return None;
        }
    }
    Some(match formula_range::explains(cx, sum)? {
        Range::Short(missed) => FormulaFault::Short(list_places(&missed)),
        Range::Twice(twice) => FormulaFault::Twice(list_places(&twice)),
    })
}

/// A total, what its addends come to, and the first that is blank where the others come to more already.
#[derive(Debug)]
struct TotalMismatch {
    what: String,
    unit: String,
    stated: Decimal,
    added: Rational,
    kind: Addends,
    count: usize,
    cell: Position,
    blank: Option<Position>,
}

impl Facts for TotalMismatch {
    fn message(&self, language: Language) -> String {
        let Self { what, unit, count, .. } = self;
        let difference = &Rational::from(self.stated) - &self.added;
        let less = if difference.is_negative() {
            say!(language, "ít hơn", "less")
        } else {
            say!(language, "nhiều hơn", "more")
        };
        let (stated, added) = (language.number(self.stated), language.rational(&self.added));
        let off = language.rational(&difference.abs());
        match self.kind {
            _ if let Some(blank) = self.blank => say!(
                language,
                "{what} ghi {stated}{unit}, nhưng các ô đã có số cộng lại được {added}, dù {blank} còn trống (tổng ghi ít hơn {off})",
                "{what} says {stated}{unit}, but the cells that are filled add up to {added} while {blank} is blank (the total is {off} less)"
            ),
            Addends::Parts => {
                let parts = counted(*count, "part");
                say!(
                    language,
                    "{what} ghi {stated}{unit}, cộng {count} thành phần được {added} (tổng ghi {less} {off})",
                    "{what} says {stated}{unit}, its {parts} add up to {added} (the total is {off} {less})"
                )
            }
            Addends::Members => {
                let rows = counted(*count, "row");
                say!(
                    language,
                    "{what} ghi {stated}{unit}, cộng {count} dòng được {added} (tổng ghi {less} {off})",
                    "{what} says {stated}{unit}, its {rows} add up to {added} (the total is {off} {less})"
                )
            }
        }
    }

    fn action(&self, language: Language) -> String {
        let cell = self.cell;
        match self.kind {
            _ if let Some(blank) = self.blank => say!(
                language,
                "kiểm tra lại {cell} và các ô đã có số: ít nhất một ô sai, điền {blank} không làm cho khớp",
                "check {cell} and the filled cells: one of them at least is wrong, and no number in {blank} makes it right"
            ),
            Addends::Parts => say!(
                language,
                "kiểm tra lại {cell} và các ô thành phần; nếu các ô đều đúng, danh mục chỉ tiêu có thể thiếu thành phần: báo người quản lý danh mục",
                "check {cell} and the cells of the parts; if all are right, the catalogue may lack a part: tell whoever keeps it"
            ),
            Addends::Members => say!(
                language,
                "kiểm tra lại {cell} và từng dòng; có thể sót hoặc thừa một dòng",
                "check {cell} and every row; one may be missing or counted twice"
            ),
        }
    }
}

/// What a formula does with cells.
#[derive(Clone, Debug)]
enum FormulaFault {
    /// It leaves out these numbers, which are typed as text.
    Text(Vec<(Position, Decimal)>),
    /// It leaves out these cells.
    Short(String),
    /// It adds these cells to what makes them up.
    Twice(String),
}

impl FormulaFault {
    /// The cells, with what they say.
    fn cells(&self, language: Language) -> String {
        match self {
            Self::Text(skipped) => {
                let show = |(at, value): &(Position, Decimal)| format!("{at} = {}", language.number(*value));
                skipped.iter().map(show).collect::<Vec<_>>().join(" · ")
            }
            Self::Short(cells) | Self::Twice(cells) => cells.clone(),
        }
    }
}

/// Why a total is wrong: the formula of its cell.
#[derive(Debug)]
struct ByFormula {
    cell: Position,
    fault: FormulaFault,
}

impl Remark for ByFormula {
    fn words(&self, language: Language) -> String {
        let (cell, list) = (self.cell, self.fault.cells(language));
        match self.fault {
            FormulaFault::Text(_) => say!(
                language,
                "công thức ở {cell} bỏ qua số gõ dạng chữ: {list}",
                "the formula in {cell} leaves out numbers typed as text: {list}"
            ),
            FormulaFault::Short(_) => {
                say!(language, "công thức ở {cell} bỏ sót {list}", "the formula in {cell} leaves out {list}")
            }
            FormulaFault::Twice(_) => {
                say!(language, "công thức ở {cell} cộng thừa {list}", "the formula in {cell} adds {list} too many")
            }
        }
    }
}

/// How that formula is mended, and what it gives then.
#[derive(Debug)]
struct MendFormula {
    cell: Position,
    fault: FormulaFault,
    right: Rational,
}

impl Remark for MendFormula {
    fn words(&self, language: Language) -> String {
        let (cell, right) = (self.cell, language.rational(&self.right));
        match self.fault {
            FormulaFault::Text(_) => {
                let list = self.fault.cells(language);
                say!(
                    language,
                    "nhập lại {list} dưới dạng số, khi đó {cell} thành {right}",
                    "type {list} again as numbers; then {cell} becomes {right}"
                )
            }
            FormulaFault::Short(_) => say!(
                language,
                "sửa vùng của công thức ở {cell} cho đủ các dòng, khi đó ô có giá trị {right}",
                "stretch the formula in {cell} over all rows; then it gives {right}"
            ),
            FormulaFault::Twice(_) => say!(
                language,
                "sửa công thức ở {cell} để mỗi số chỉ được cộng một lần, khi đó ô có giá trị {right}",
                "change the formula in {cell} so that every figure is added once; then it gives {right}"
            ),
        }
    }
}

fn rule(sum: &Sum<'_>, cx: &Context<'_>, finding: &Finding) -> String {
    let id = &cx.indicator(sum.total).id;
    match sum.kind {
        Addends::Parts => {
            let parts: Vec<&str> = sum.irregular.iter().map(|r| &*cx.indicator(r).id).collect();
            format!("{id} = {}", parts.join(" + "))
        }
        Addends::Members => {
            let more = if finding.more_sources > 0 { ", …" } else { "" };
            format!("{id} = sum({}{more})", list_places(&finding.sources).replace(" · ", ", "))
        }
    }
}

/// The stated totals of the families, each with what it is the sum of.
fn constraints<'a>(cx: &'a Context<'a>, wanted: &Families, constraints: &mut Vec<CheckConstraint<'a>>) {
    let sums = cx.sums.iter().filter(|sum| wanted.contains(sum.total.key.indicator));
    constraints.extend(sums.filter_map(|sum| constraint(cx, sum)));
}

fn constraint<'a>(cx: &Context<'a>, sum: &Sum<'a>) -> Option<CheckConstraint<'a>> {
    let (_, added, _) = sum.result.as_ref()?;
    let (mut terms, mut bound, mut tolerance, mut folded) =
        (vec![(Figure::now(sum.total), Rational::ONE)], Rational::ZERO, None, 0);
    // Of very many addends nothing but what they come to is needed.
    if sum.plain.is_some() && sum.count() >= LONGEST {
        let stated = sum.total.interval(cx.indicator(sum.total))?;
        let room = &sum.band(cx.catalogue)?.width() + &stated.width();
        tolerance = room.checked_div(&Rational::from(2));
        (bound, folded) = (added.clone(), sum.count());
    } else {
        terms.extend(sum.held().into_iter().map(|addend| (Figure::now(addend), -&Rational::ONE)));
    }
    // A blank addend may be anything from 0 on: a total that is less than the others is wrong, or one of
    // them is, and what it would have to be is not known.
    let is_open = sum.is_short_of_blanks(cx.catalogue);
    let relation = if is_open { Relation::AtLeast } else { Relation::Equals };
    let form = Form::Sum(constraint::Sum { terms, relation, bound });
    Some(CheckConstraint { tolerance, folded, states_result: !is_open, ..CheckConstraint::new(&CODE, form) })
}
