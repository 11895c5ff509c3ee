//! `form-rule`: what a form says of its own columns or rows (`(5)=(3)-(4)`) holds in nearly all lines,
//! and not in this one; or the figures refuse it, and it is told once, as the form's.

use std::collections::{HashMap, HashSet};

use super::{
    CHECKS, Check, CheckKind, CheckResults, Context,
    constraints::{CheckConstraint, Families, Figure, Form},
    context::{list_places, plain},
};
use crate::{
    judge::constraint::{Relation, Sum},
    model::{
        catalogue::{IndicatorId, rule::stated::Outcome},
        finding::{Code, Explain, Facts, Finding, Place, Severity},
        reading::{FormLine, FormShape, FormStatement, Reading},
        workbook::Position,
    },
    values::{
        language::{Language, Words, say},
        number::{Decimal, Rational, Rounding},
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Constraint(constraints), run };

static CODE: Code = Code {
    name: "form-rule",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Biểu ghi cách tính ngay ở tiêu đề cột hoặc mã số của dòng, ví dụ \"(5)=(3)-(4)\". Gần như mọi dòng đều theo cách tính đó, riêng chỗ này thì không. Nếu phần lớn số liệu không theo, biểu ghi công thức chưa đúng: chỉ lưu ý một lần, không ô nào bị coi là sai.",
            en: "A form says in its headers or row codes how a figure comes about, such as \"(5)=(3)-(4)\". Nearly all lines keep it and this one does not. Where most figures refuse it, the form is wrong about itself: that is said once, and no cell is blamed.",
        },
        why: Words {
            vi: "Một trong các ô của dòng có thể bị gõ nhầm. Công thức in trên biểu chỉ là gợi ý: có biểu ghi 3=4+5+6 mà cột 6 là tỷ lệ, có biểu ghi 8=3:1 cho 100 × 3 / 1.",
            en: "One of the cells of the line may be mistyped. A formula printed on a form is only a hint: some print 3=4+5+6 where 6 is a ratio, and 8=3:1 for 100 × 3 / 1.",
        },
        fix: Words {
            vi: "Kiểm tra lại ô này và các ô được nêu. Nếu công thức của biểu sai, báo nơi ban hành biểu; số liệu để nguyên.",
            en: "Check this cell and those named. If the formula of the form is wrong, report it to whoever issues the form and leave the figures.",
        },
        example: Words {
            vi: "Cột ghi \"1=2+3\"; 11 dòng đúng, một dòng ghi 125 trong khi 70 + 45 = 115.",
            en: "A column says \"1=2+3\"; 11 rows keep it, one says 125 while 70 + 45 = 115.",
        },
    },
};

/// One finding per line that breaks a rule, and one per statement that the figures refuse.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    for statement in cx.dataset.statements() {
        match statement.outcome {
            Outcome::Rule => {
                results.passed += u64::try_from(statement.kept).unwrap_or(0);
                for at in 0..statement.exceptions.len() {
                    if is_notified(results, statement, at) {
                        continue;
                    }
                    let finding = exception(cx, statement, at);
                    results.fail(finding);
                }
            }
            Outcome::Refused => results.remark(refused(statement)),
            Outcome::Open => {}
        }
    }
}

/// Whether another check has told that this cell does not follow from these: the form then says nothing
/// new.
fn is_notified(results: &CheckResults, statement: &FormStatement, at: usize) -> bool {
    let exception = &statement.exceptions[at];
    let is_same = |a: &Place, b: &Place| (&a.file, &a.sheet, a.cell) == (&b.file, &b.sheet, b.cell);
    let is_constraint = |finding: &Finding| {
        CHECKS.iter().any(|check| matches!(check.kind, CheckKind::Constraint(_)) && check.code == finding.code)
    };
    results.findings.iter().any(|finding| {
        is_constraint(finding)
            && finding.target.as_ref().is_some_and(|target| is_same(target, &exception.target))
            && exception.sources.iter().all(|source| finding.sources.iter().any(|other| is_same(other, source)))
    })
}

fn exception(cx: &Context<'_>, statement: &FormStatement, at: usize) -> Finding {
    let exception = &statement.exceptions[at];
    let FormStatement { written, means, support: (kept, judged), .. } = statement;
    let (label, column) = (&exception.label, &exception.column);
    let facts = FormRuleBroken {
        what: format!("\"{label}\" ({column})"),
        written: written.clone(),
        means: means.clone(),
        stated: exception.stated,
        computed: exception.computed.clone(),
        support: (*kept, *judged),
        cell: exception.target.cell.map(|cell| cell.to_string()).unwrap_or_default(),
        sources: list_places(&exception.sources),
    };
    let finding = Finding::new(&CODE, facts).at(exception.target.clone()).stated_at(statement.line.clone());
    let period = cx.catalogue.period.to_string();
    let mut finding = match &exception.key {
        Some(key) => {
            let (indicator, measure) = (cx.catalogue.indicator(key.indicator), cx.catalogue.measure(key.measure));
            let member = key.member.as_deref().unwrap_or("");
            finding.about(&indicator.id).fingerprinted(&[written, &indicator.id, &measure.id, member, &period])
        }
        None => finding.fingerprinted(&[written, column, label, "", &period]),
    };
    finding.found = Some(plain(exception.stated));
    finding.expected = exception.computed.to_decimal(6, Rounding::HalfUp).map(plain);
    finding.sources.clone_from(&exception.sources);
    finding.rule = Some(format!("{written} ({means})"));
    finding
}

fn refused(statement: &FormStatement) -> Finding {
    let FormStatement { written, means, about, judged, kept, .. } = statement;
    let facts = FormRuleRefused {
        written: written.clone(),
        means: means.clone(),
        about: about.clone(),
        support: (*kept, *judged),
    };
    let mut finding = Finding::new(&CODE, facts)
        .at(statement.place.clone())
        .stated_at(statement.line.clone())
        .fingerprinted(&["refused", written, about]);
    finding.severity = Severity::Info;
    finding.rule = Some(format!("{written} ({means})"));
    finding
}

/// A figure that breaks a rule of its form: what the rule is, what it gives, in how many places of how many it
/// holds, and the cells.
#[derive(Debug)]
struct FormRuleBroken {
    what: String,
    written: String,
    means: String,
    stated: Decimal,
    computed: Rational,
    support: (usize, usize),
    cell: String,
    sources: String,
}

impl Facts for FormRuleBroken {
    fn message(&self, language: Language) -> String {
        let Self { what, written, means, support: (kept, judged), .. } = self;
        let (stated, computed) = (language.number(self.stated), language.rational(&self.computed));
        say!(
            language,
            "{what} ghi {stated}; theo công thức in trên biểu {written} thì được {computed} ({means}; {kept}/{judged} chỗ theo đúng)",
            "{what} says {stated}; by the formula printed on the form, {written}, it is {computed} ({means}; kept in {kept} of {judged} places)"
        )
    }

    fn action(&self, language: Language) -> String {
        let Self { cell, sources, .. } = self;
        say!(
            language,
            "kiểm tra lại {cell} và {sources}; chưa nói được ô nào sai",
            "check {cell} and {sources}; which of them is wrong cannot be told"
        )
    }
}

/// A rule of a form that most figures break.
#[derive(Debug)]
struct FormRuleRefused {
    written: String,
    means: String,
    about: String,
    support: (usize, usize),
}

impl Facts for FormRuleRefused {
    fn message(&self, language: Language) -> String {
        let Self { written, means, about, support: (kept, judged) } = self;
        say!(
            language,
            "biểu in công thức {written} ({means}) cho \"{about}\", nhưng chỉ {kept}/{judged} chỗ theo đúng; không ô nào bị coi là sai vì công thức này",
            "the form prints the formula {written} ({means}) for \"{about}\", but only {kept} of {judged} places keep it; no cell is held to be wrong by it"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "xem lại công thức in trên biểu; số liệu để nguyên",
            "check the formula printed on the form; leave the figures"
        )
    }
}

/// Indicators whose figures a rule of a form holds to each other.
pub(super) fn ties(cx: &Context<'_>) -> Vec<(IndicatorId, IndicatorId)> {
    let mut ties = Vec::new();
    let at_place = readings_at(cx, &|_| true);
    for statement in rules(cx) {
        for line in statement.exceptions.iter().map(|exception| &exception.line).chain(&statement.keeping) {
            let find = |at: &Position| Some(at_place.get(&at_of(statement, *at))?.key.indicator);
            let Some(target) = find(&line.target) else { continue };
            ties.extend(
                line.sources.iter().filter_map(find).filter(|other| *other != target).map(|other| (target, other)),
            );
        }
    }
    ties.sort_unstable();
    ties.dedup();
    ties
}

type At<'a> = (&'a str, Option<&'a str>, Position);

fn at_of(statement: &FormStatement, at: Position) -> At<'_> {
    (&statement.place.file, statement.place.sheet.as_deref(), at)
}

fn rules<'a>(cx: &Context<'a>) -> impl Iterator<Item = &'a FormStatement> + use<'a> {
    cx.dataset.statements().iter().filter(|statement| statement.outcome == Outcome::Rule)
}

/// Numbers by their cells, where a rule of a form may speak of some.
fn readings_at<'a>(cx: &Context<'a>, is_wanted: &dyn Fn(&Reading) -> bool) -> HashMap<At<'a>, &'a Reading> {
    if rules(cx).next().is_none() {
        return HashMap::new();
    }
    let numbers = cx.dataset.irregular().iter().filter(|reading| reading.number().is_some() && is_wanted(reading));
    numbers.map(|r| ((&*r.origin.file, Some(&*r.origin.sheet), r.origin.cell), r)).collect()
}

/// What the rules of forms hold figures to that the mapping takes, where nothing else holds them to the
/// same.
fn constraints<'a>(cx: &'a Context<'a>, wanted: &Families, known: &mut Vec<CheckConstraint<'a>>) {
    let at_place = readings_at(cx, &|reading| wanted.contains(reading.key.indicator));
    if at_place.is_empty() {
        return;
    }
    let set = |figures: &[Figure<'a>]| {
        let mut set: Vec<*const Reading> = figures.iter().map(|figure| std::ptr::from_ref(figure.reading)).collect();
        set.sort_unstable();
        set.dedup();
        set
    };
    let mut told: HashSet<Vec<*const Reading>> = known.iter().map(|constraint| set(&constraint.figures())).collect();
    for statement in rules(cx) {
        let find = |at: Position| at_place.get(&at_of(statement, at)).copied();
        let lines = statement.exceptions.iter().map(|exception| &exception.line).chain(&statement.keeping);
        for line in lines {
            let Some(constraint) = constraint(cx, &statement.shape, line, &find) else { continue };
            if told.insert(set(&constraint.figures())) {
                known.push(constraint);
            }
        }
    }
}

fn constraint<'a>(
    cx: &Context<'a>,
    shape: &FormShape,
    line: &FormLine,
    find: &dyn Fn(Position) -> Option<&'a Reading>,
) -> Option<CheckConstraint<'a>> {
    let now = Figure::now;
    let target = find(line.target)?;
    let sources: Vec<&Reading> = line.sources.iter().map(|at| find(*at)).collect::<Option<_>>()?;
    // A statement is about what the cells say; a figure that was converted says something else.
    let converts = |reading: &&Reading| !reading.origin.steps.is_empty();
    let is_base = |reading: &Reading| cx.catalogue.measure(reading.key.measure).is_base();
    let distinct = sources.iter().enumerate().all(|(at, source)| {
        !std::ptr::eq(*source, target) && !sources[..at].iter().any(|other| std::ptr::eq(*other, *source))
    });
    let any_converts = sources.iter().chain([&target]).any(converts);
    if !distinct || !sources.iter().all(|source| is_base(source)) || any_converts {
        return None;
    }
    let (form, tolerance, follows) = match shape {
        FormShape::Sum(minus) if is_base(target) => {
            let mut terms = vec![(now(target), Rational::ONE)];
            for (source, minus) in sources.iter().zip(minus) {
                terms.push((now(source), if *minus { Rational::ONE } else { -&Rational::ONE }));
            }
            (Form::Sum(Sum { terms, relation: Relation::Equals, bound: Rational::ZERO }), None, false)
        }
        FormShape::Ratio(scale) => {
            let [of, to] = sources.as_slice() else { return None };
            let digit = i32::try_from(target.printed_decimals()).ok().map(|digits| Rational::power_of_ten(-digits));
            (Form::Ratio { ratio: now(target), of: now(of), to: now(to), scale: scale.clone() }, digit, true)
        }
        FormShape::Sum(_) | FormShape::Other => return None,
    };
    Some(CheckConstraint { tolerance, follows, states_result: !follows, ..CheckConstraint::new(&CODE, form) })
}
