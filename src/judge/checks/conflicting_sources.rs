//! `conflicting-sources`: two places give different values of the same thing.

use super::{Check, CheckConstraint, CheckKind, CheckResults, Context, Families, Figure, Form};
use crate::{
    judge::constraint::Sum,
    model::{
        finding::{Code, Explain, Facts, Severity},
        reading::{Key, Raw, Reading},
        workbook::file_name,
    },
    values::{
        language::{Language, Words, say},
        number::Decimal,
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Constraint(constraints), run };

static CODE: Code = Code {
    name: "conflicting-sources",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Hai nơi ghi hai số khác nhau cho cùng một chỉ tiêu, cùng một cột.",
            en: "Two places give different numbers for the same measure of the same indicator.",
        },
        why: Words {
            vi: "Chỉ một số có thể đúng; chương trình không tự chọn thay.",
            en: "Only one can be right, and the program must not choose.",
        },
        fix: Words {
            vi: "Đối chiếu hai ô, sửa ô sai; nếu là hai chỉ tiêu khác nhau, tách thành hai chỉ tiêu trong bảng ánh xạ.",
            en: "Compare the two cells and correct the wrong one; if they are two indicators, map them separately.",
        },
        example: Words {
            vi: "Kế hoạch chi ngân sách: 10.842.647.794 ở D9, 10.557.110.040 ở D10.",
            en: "Planned expenditure: 10,842,647,794 in D9, 10,557,110,040 in D10.",
        },
    },
};

/// One finding per key with numbers that no common value prints as.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    for key in cx.dataset.repeated() {
        if !cx.catalogue.measure(key.measure).is_base() {
            continue;
        }
        let readings: Vec<&Reading> = cx.dataset.all(key).filter(|r| r.number().is_some()).collect();
        let [first, others @ ..] = readings.as_slice() else { continue };
        if others.is_empty() {
            continue;
        }
        let indicator = cx.catalogue.indicator(key.indicator);
        // A number is one of those that print as it does.
        let is_same = |other: &Reading| other.number() == first.number();
        let agree = |other: &&Reading| {
            is_same(other)
                || match (first.interval(indicator), other.interval(indicator)) {
                    (Some(a), Some(b)) => a.meets(&b),
                    (None, _) | (_, None) => true,
                }
        };
        if others.iter().all(agree) {
            results.pass();
            continue;
        }
        report(cx, results, key, first, others);
    }
}

fn report(cx: &Context<'_>, results: &mut CheckResults, key: &Key, first: &Reading, others: &[&Reading]) {
    let what = cx.name(key);
    let everything = || std::iter::once(&first).chain(others);
    let several = |of: fn(&Reading) -> &str| everything().any(|r| of(r) != of(first));
    let unit = cx.indicator(first).unit.as_ref().filter(|_| cx.catalogue.measure(key.measure).is_base());
    let unit = unit.map(|u| format!(" {}", u.name)).unwrap_or_default();
    let (files, sheets) = (several(|r| &r.origin.file), several(|r| &r.origin.sheet));
    // A cell is named as far as it takes to tell the cells apart.
    let stated = |r: &Reading| {
        let file = if files { format!("{} ", file_name(&r.origin.file)) } else { String::new() };
        let sheet = if sheets { format!("'{}'!", r.origin.sheet) } else { String::new() };
        // Figures beside each other have one unit; what the cell says is named where it is another.
        let written = match (&r.origin.raw, &r.origin.unit) {
            (Raw::Number(stored), Some((unit, _))) => {
                stored.exact().ok().filter(|n| r.number() != Some(*n)).map(|n| (n, unit.name.clone()))
            }
            _ => None,
        };
        let place = format!("{file}{sheet}{}", r.origin.cell);
        Stated { value: r.number().unwrap_or_default(), place, written }
    };
    let facts = ConflictingSources { what, unit, values: everything().map(|r| stated(r)).collect() };
    let mut finding = cx.finding(&CODE, first, facts);
    finding.found = first.number().map(super::context::plain);
    // Which of them is right is not known, but a report should be able to name both.
    finding.expected = others.first().and_then(|r| r.number()).map(super::context::plain);
    finding.sources = others.iter().flat_map(|r| r.places()).collect();
    results.fail(finding);
}

/// What one thing is by each of its places.
#[derive(Debug)]
struct ConflictingSources {
    what: String,
    unit: String,
    values: Vec<Stated>,
}

/// A value, where it stands, and what its cell says where that is in another unit.
#[derive(Debug)]
struct Stated {
    value: Decimal,
    place: String,
    written: Option<(Decimal, String)>,
}

impl Facts for ConflictingSources {
    fn message(&self, language: Language) -> String {
        let Self { what, unit, values } = self;
        let show = |Stated { value, place, written }: &Stated| {
            let written = written.as_ref().map(|(number, unit)| {
                let number = language.number(*number);
                say!(language, ", ô ghi {number} {unit}", ", which says {number} {unit}")
            });
            format!("{}{unit} ({place}{})", language.number(*value), written.unwrap_or_default())
        };
        let values = values.iter().map(show).collect::<Vec<_>>().join(&say!(language, " và ", " and "));
        say!(language, "{what} có các số khác nhau: {values}", "{what} has different numbers: {values}")
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "đối chiếu các ô và sửa ô sai; biểu tạm lấy số đầu tiên",
            "compare the cells and correct the wrong one; the form takes the first for now"
        )
    }
}

/// Figures that stand in several places, each beside the first.
fn constraints<'a>(cx: &'a Context<'a>, wanted: &Families, constraints: &mut Vec<CheckConstraint<'a>>) {
    for key in cx.dataset.repeated() {
        if !wanted.contains(key.indicator) || !cx.catalogue.measure(key.measure).is_base() {
            continue;
        }
        let mut readings = cx.dataset.all(key).filter(|r| r.number().is_some());
        let Some(first) = readings.next() else { continue };
        for other in readings {
            let form = Form::Sum(Sum::total(Figure::now(other), [Figure::now(first)]));
            constraints.push(CheckConstraint { states_result: true, ..CheckConstraint::new(&CODE, form) });
        }
    }
}
