//! `rule-violated`: figures break a rule of the catalogue.

use std::{collections::HashSet, sync::Arc};

use super::{
    Check, CheckConstraint, CheckKind, CheckResults, Context, Families,
    context::plain,
    rules::{Broken, OperandCell, Subject, each_subject, subjects},
    unevaluated::Cause,
};
use crate::{
    model::{
        catalogue::rule::{Operand, Relation, Rule, Value},
        finding::{Code, Explain, Facts, Finding, Place, Severity},
        reading,
        workbook::Position,
    },
    values::{
        language::{Language, Words, say},
        number::{Decimal, Rational},
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Constraint(constraints), run };

static CODE: Code = Code {
    name: "rule-violated",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Các số không thỏa một quy tắc mà danh mục khai báo bằng `[[rule]]`, kể cả khi các số đã làm tròn.",
            en: "Figures break a rule that the catalogue states with `[[rule]]`, even if they were rounded.",
        },
        why: Words {
            vi: "Quy tắc nói điều luôn đúng giữa các chỉ tiêu, hoặc giữa năm nay và năm trước; một trong các ô có thể sai.",
            en: "A rule says what is always true between indicators, or this year and the last; one of the cells may be wrong.",
        },
        fix: Words {
            vi: "Kiểm tra lại các ô được nêu; nếu quy tắc sai hoặc quá chặt, người quản lý danh mục sửa `that` hoặc `tolerance`.",
            en: "Check the cells that are named; if the rule is wrong or too strict, whoever keeps the catalogue corrects its `that` or `tolerance`.",
        },
        example: Words {
            vi: "Quy tắc \"ho-ngheo <= ho-tong\": hộ nghèo ghi 767, tổng số hộ 676.",
            en: "Rule \"ho-ngheo <= ho-tong\": 767 poor households of 676 in all.",
        },
    },
};

/// One finding per rule, measure and member that the intervals of the cells exclude.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    for rule in &cx.catalogue.rules {
        each_subject(cx, rule, |subject| match subject.is_kept() {
            None => {
                results.skip(Cause::Rule(rule.id.clone()), || lacking(subject));
            }
            Some(true) => results.pass(),
            Some(false) if rule.severity == Severity::Info => {
                results.pass();
                results.remark(finding(subject));
            }
            Some(false) => results.fail(finding(subject)),
        });
    }
}

/// The first figure that a rule lacks, by its name; that of the rule where nothing can be told.
fn lacking(subject: &Subject<'_>) -> String {
    let (cx, rule) = (subject.cx, subject.rule);
    let operands = rule.that.operands();
    let of_one = operands.iter().filter(|operand| !operand.members);
    let first = of_one.filter_map(|operand| subject.first_cell(operand)).find(|cell| {
        let figure = cell.reading.is_some_and(|reading| reading.number().is_some());
        !figure && !cell.previous
    });
    let named = first.map(|cell| format!("{} ({})", cx.name(&cell.key), cx.catalogue.measure(cell.key.measure).label));
    named.or_else(|| rule.name.clone()).unwrap_or_else(|| rule.id.to_string())
}

/// File, sheet and cell of a source that is told already.
type Seen = (Arc<str>, Option<Arc<str>>, Option<Position>);

fn finding(subject: &Subject<'_>) -> Finding {
    let (cx, rule) = (subject.cx, subject.rule);
    let broken = subject.broken();
    let operands = rule.that.operands();
    let judged = judged_operand(&broken).or_else(|| operands.iter().find(|o| !o.previous)).or(operands.first());
    let key = judged.and_then(|operand| subject.first_cell(operand)).map(|cell| cell.key);
    let mut more = 0;
    let mut cells: Vec<OperandCell<'_>> = Vec::new();
    for operand in &operands {
        let (named, others) = subject.named_cells(operand);
        cells.extend(named);
        more += others;
    }
    // The judged cell may be absent: then another one says where to look.
    let of = |wanted: &dyn Fn(&OperandCell<'_>) -> bool| {
        cells.iter().filter(|cell| wanted(cell)).find_map(|cell| Some(cell.reading?.place()))
    };
    let target = of(&|cell| !cell.previous && Some(&cell.key) == key.as_ref()).or_else(|| of(&|cell| !cell.previous));
    let mut sources: Vec<Place> = Vec::new();
    let mut seen: HashSet<Seen> = HashSet::new();
    for place in cells.iter().filter_map(|cell| Some(cell.reading?.place())) {
        if Some(&place) != target.as_ref() && seen.insert((place.file.clone(), place.sheet.clone(), place.cell)) {
            sources.push(place);
        }
    }
    let headline = rule.says.as_deref().or(rule.name.as_deref()).unwrap_or(&rule.text);
    let facts = RuleViolated {
        headline: headline.trim_end_matches(['.', ' ']).to_owned(),
        breach: breach(subject, &broken),
        action: rule.action.clone(),
    };
    let mut finding = Finding::new(&CODE, facts).stated_at(rule.line.clone());
    finding.severity = rule.severity;
    finding.target = target;
    finding.sources = sources;
    finding.more_sources = more;
    finding.rule = Some(rule.id.to_string());
    if let Broken::Compare(left, relation, right) = broken {
        let (left, relation, right) = ordered(left, relation, right);
        finding.found = plain_point(subject, left);
        if relation == Relation::Equals {
            finding.expected = plain_point(subject, right);
        }
    }
    let period = cx.catalogue.period.to_string();
    let prefix = rule.prefix.as_deref().unwrap_or("");
    let (indicator, measure) = match &key {
        Some(key) => (&*cx.catalogue.indicator(key.indicator).id, &*cx.catalogue.measure(key.measure).id),
        None => ("", ""),
    };
    let member = subject.member.as_deref().unwrap_or("");
    let finding = finding.fingerprinted(&[&rule.id, prefix, indicator, measure, member, &period]);
    match &key {
        Some(key) => finding.about(&cx.catalogue.indicator(key.indicator).id),
        None => finding,
    }
}

/// The single cell on a side comes first, else what is no fixed number: `0 <= a` speaks of a.
fn ordered<'v>(left: &'v Value, relation: Relation, right: &'v Value) -> (&'v Value, Relation, &'v Value) {
    let fixed = |value: &Value| {
        let mut fixed = true;
        value.each_operand(&mut |_| fixed = false);
        fixed
    };
    if single(left).is_none() && (single(right).is_some() || (fixed(left) && !fixed(right))) {
        (right, relation.mirrored(), left)
    } else {
        (left, relation, right)
    }
}

/// The operand that a value is, when it is one cell.
fn single(value: &Value) -> Option<&Operand> {
    if let Value::Reading(operand) = value { Some(operand).filter(|operand| !operand.members) } else { None }
}

fn judged_operand<'v>(broken: &Broken<'v>) -> Option<&'v Operand> {
    let first = |value: &'v Value| {
        let mut found = None;
        value.each_operand(&mut |operand| found = found.or(Some(operand)));
        found
    };
    match broken {
        Broken::Compare(left, relation, right) => {
            let (left, _, right) = ordered(left, *relation, right);
            first(left).filter(|operand| !operand.previous).or_else(|| first(right)).or_else(|| first(left))
        }
        Broken::OneOf(value, _) => first(value),
        Broken::Missing(operand) | Broken::Present(operand) | Broken::Numeric(operand) => Some(operand),
        Broken::Whole => None,
    }
}

fn plain_point(subject: &Subject<'_>, value: &Value) -> Option<String> {
    if let Some(text) = value.text() {
        return Some(text.to_string());
    }
    let point = subject.point(value)?;
    let short = point.to_exact_decimal().or_else(|| point.to_decimal(6, crate::values::number::Rounding::HalfUp));
    short.map(plain)
}

/// What the cells say of the piece of the rule that is broken.
fn breach(subject: &Subject<'_>, broken: &Broken<'_>) -> Breach {
    match broken {
        Broken::Compare(left, relation, right) => {
            let (left, relation, right) = ordered(left, *relation, right);
            let off = match (relation, subject.point(left), subject.point(right)) {
                (Relation::Equals, Some(left), Some(right)) => Some((&left - &right).abs()),
                _ => None,
            };
            Breach::Compare {
                of: single(left).map(|operand| named(subject, operand)),
                found: shown(subject, left),
                relation,
                expected: shown(subject, right),
                expected_of: single(right).map(|operand| named(subject, operand)),
                off,
            }
        }
        Broken::OneOf(value, items) => Breach::OneOf {
            of: single(value).map(|operand| named(subject, operand)),
            found: shown(subject, value),
            allowed: items.iter().map(|item| shown(subject, item)).collect(),
        },
        Broken::Missing(operand) => Breach::Missing(named(subject, operand), cell_shown(subject, operand)),
        Broken::Present(operand) => Breach::Present(named(subject, operand)),
        Broken::Numeric(operand) => {
            // As it stands: of "15x" the reading is 15.
            let raw = subject.first_cell(operand).and_then(|cell| Some(cell.reading?.origin.raw.text()));
            Breach::Numeric(named(subject, operand), raw.unwrap_or_default().trim().to_owned())
        }
        Broken::Whole => {
            let mut seen: Vec<(Name, Content)> = Vec::new();
            for cell in subject.rule.that.operands().iter().flat_map(|operand| subject.named_cells(operand).0) {
                let one = (name_of(subject.cx, &cell), content(&cell));
                if !seen.contains(&one) {
                    seen.push(one);
                }
            }
            Breach::Whole(seen)
        }
    }
}

/// A rule and how it is broken, with what the catalogue has to say of either.
#[derive(Debug)]
struct RuleViolated {
    headline: String,
    breach: Breach,
    action: Option<String>,
}

impl Facts for RuleViolated {
    fn message(&self, language: Language) -> String {
        format!("{}: {}", self.headline, self.breach.words(language))
    }

    fn action(&self, language: Language) -> String {
        self.action.clone().unwrap_or_else(|| {
            say!(
                language,
                "kiểm tra lại các ô này; nếu quy tắc sai, báo người quản lý danh mục",
                "check these cells; if the rule is wrong, correct it in the catalogue"
            )
        })
    }
}

/// The piece of a rule that is broken, with what the cells say.
#[derive(Debug)]
enum Breach {
    /// A side without a name was computed.
    Compare {
        of: Option<Name>,
        found: Content,
        relation: Relation,
        expected: Content,
        expected_of: Option<Name>,
        off: Option<Rational>,
    },
    OneOf {
        of: Option<Name>,
        found: Content,
        allowed: Vec<Content>,
    },
    Missing(Name, Content),
    Present(Name),
    Numeric(Name, String),
    Whole(Vec<(Name, Content)>),
}

impl Breach {
    /// What is there, then what was expected.
    fn words(&self, language: Language) -> String {
        match self {
            Self::Compare { of, found, relation, expected, expected_of, off } => {
                let (what, found, must) = (says(of.as_ref(), language), found.words(language), must(*relation));
                let (must, expected) = (must.get(language), expected.words(language));
                let of = expected_of.as_ref().map(|of| format!(" ({})", of.words(language))).unwrap_or_default();
                let off = off.as_ref().map_or_else(String::new, |off| {
                    let off = language.rational(off);
                    say!(language, " (lệch {off})", " (off by {off})")
                });
                format!("{what} {found}, {must} {expected}{of}{off}")
            }
            Self::OneOf { of, found, allowed } => {
                let (what, found) = (says(of.as_ref(), language), found.words(language));
                let list = allowed.iter().map(|item| item.words(language)).collect::<Vec<_>>().join("; ");
                say!(language, "{what} {found}; chỉ được ghi: {list}", "{what} {found}; allowed values: {list}")
            }
            Self::Missing(name, found) => {
                let (what, found) = (name.words(language), found.words(language));
                say!(language, "{what} ghi {found}, ở đây phải để trống", "{what} says {found}, it must be blank here")
            }
            Self::Present(name) => {
                let what = name.words(language);
                say!(language, "{what} để trống hoặc không có", "{what} is blank or absent")
            }
            Self::Numeric(name, raw) => {
                let what = name.words(language);
                say!(language, "{what} ghi \"{raw}\", phải là một số", "{what} says \"{raw}\", it must be a number")
            }
            Self::Whole(cells) => {
                let show = |(name, content): &(Name, Content)| {
                    format!("{} = {}", name.words(language), content.words(language))
                };
                cells.iter().map(show).collect::<Vec<_>>().join("; ")
            }
        }
    }
}

const fn must(relation: Relation) -> Words {
    match relation {
        Relation::Equals => Words { vi: "phải bằng", en: "must be" },
        Relation::Differs => Words { vi: "phải khác", en: "must not be" },
        Relation::Less => Words { vi: "phải nhỏ hơn", en: "must be less than" },
        Relation::AtMost => Words { vi: "không được lớn hơn", en: "must be at most" },
        Relation::Greater => Words { vi: "phải lớn hơn", en: "must be more than" },
        Relation::AtLeast => Words { vi: "không được nhỏ hơn", en: "must be at least" },
    }
}

/// What a side says: its cell, or what was computed.
fn says(of: Option<&Name>, language: Language) -> String {
    match of {
        Some(name) => {
            let name = name.words(language);
            say!(language, "{name} ghi", "{name} says")
        }
        None => say!(language, "tính được", "computed:"),
    }
}

/// What a cell is called; nothing where there is no cell.
#[derive(Debug, Default, PartialEq)]
struct Name {
    name: String,
    previous: bool,
}

impl Name {
    fn words(&self, language: Language) -> String {
        let name = &self.name;
        if self.previous {
            say!(language, "{name} kỳ trước", "{name} of the previous period")
        } else {
            name.clone()
        }
    }
}

fn named(subject: &Subject<'_>, operand: &Operand) -> Name {
    subject.first_cell(operand).as_ref().map_or_else(Name::default, |cell| name_of(subject.cx, cell))
}

fn name_of(cx: &Context<'_>, cell: &OperandCell<'_>) -> Name {
    Name { name: cx.name(&cell.key), previous: cell.previous }
}

/// What a cell or a side says.
#[derive(Debug, PartialEq)]
enum Content {
    /// There is no cell.
    Nothing,
    Blank,
    Quoted(String),
    Number(Decimal),
    Computed(Rational),
    /// More than one value.
    Range,
}

impl Content {
    /// For a person.
    fn words(&self, language: Language) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Blank => say!(language, "(trống)", "(blank)"),
            Self::Quoted(text) => format!("\"{text}\""),
            Self::Number(number) => language.number(*number),
            Self::Computed(point) => language.rational(point),
            Self::Range => say!(language, "một khoảng", "a range"),
        }
    }
}

/// What a side says.
fn shown(subject: &Subject<'_>, value: &Value) -> Content {
    if let Value::Text(text) = value {
        return Content::Quoted(text.to_string());
    }
    match (single(value), subject.point(value)) {
        // The previous period may count in another unit: the value that was compared is shown.
        (Some(operand), None) => cell_shown(subject, operand),
        (_, Some(point)) => Content::Computed(point),
        (None, None) => Content::Range,
    }
}

fn cell_shown(subject: &Subject<'_>, operand: &Operand) -> Content {
    subject.first_cell(operand).as_ref().map_or(Content::Nothing, content)
}

/// What a cell says.
fn content(cell: &OperandCell<'_>) -> Content {
    use reading::Value::{Bound, Nothing, Number, Partial, Range, Text, Unusable};
    let Some(reading) = cell.reading else { return Content::Blank };
    match &reading.value {
        Number(number) => Content::Number(*number),
        Bound(..) | Range(..) | Text(_) | Unusable | Nothing(_) if !reading.origin.raw.text().trim().is_empty() => {
            Content::Quoted(reading.origin.raw.text().trim().to_owned())
        }
        Bound(..) | Range(..) | Text(_) | Unusable | Nothing(_) | Partial { .. } => Content::Blank,
    }
}

/// What the rules say of the families. A rule of severity info is no constraint.
fn constraints<'a>(cx: &'a Context<'a>, wanted: &Families, constraints: &mut Vec<CheckConstraint<'a>>) {
    let is_wanted = |rule: &&Rule| rule.that.operands().iter().any(|operand| wanted.contains(operand.indicator));
    for rule in cx.catalogue.rules.iter().filter(|rule| rule.severity > Severity::Info).filter(is_wanted) {
        for subject in subjects(cx, rule, |member| wanted.contains_member(member)) {
            constraints.extend(subject.constraints(&CODE));
        }
    }
}
