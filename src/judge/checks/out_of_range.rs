//! `out-of-range`: a number outside what the catalogue says is possible.

mod negatives;

use super::{Check, CheckConstraint, CheckKind, CheckResults, Context, Families, Figure, Form};
use crate::{
    judge::constraint::{Relation, Sum},
    model::finding::{Code, Explain, Facts, Severity},
    values::{
        language::{Language, Words, say},
        number::{Decimal, Rational},
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Constraint(constraints), run };

static CODE: Code = Code {
    name: "out-of-range",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Số nằm ngoài khoảng mà danh mục cho phép. Cảnh báo: danh mục không ghi `min`, nhưng số âm này đứng giữa các số cùng loại đều dương.",
            en: "A number lies outside the range that the catalogue allows. As a warning: the catalogue states no `min`, but a negative number stands among its kind that are all positive.",
        },
        why: Words {
            vi: "Diện tích âm hay tỷ lệ hộ trên 100 % là không thể.",
            en: "A negative area or a share of households above 100 % cannot be.",
        },
        fix: Words {
            vi: "Kiểm tra lại ô; nếu khoảng sai, sửa `min`, `max` trong danh mục; nếu số được phép âm, ghi `signed = true`.",
            en: "Check the cell; if the range is wrong, correct `min` and `max` in the catalogue; if the figure may be negative, write `signed = true`.",
        },
        example: Words {
            vi: "Tỷ lệ hộ nghèo 887 (quên dấu phẩy: 8,87).",
            en: "Share of poor households 887 (a comma forgotten: 8.87).",
        },
    },
};

/// One finding per base number outside `min` and `max` of its indicator.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    negatives::run(cx, results, &CODE);
    if cx.catalogue.iter().all(|(_, indicator)| indicator.min.is_none() && indicator.max.is_none()) {
        return;
    }
    cx.dataset.each(|reading| {
        let indicator = cx.indicator(reading);
        if indicator.min.is_none() && indicator.max.is_none() {
            return;
        }
        let Some(value) = reading.number().filter(|_| cx.catalogue.measure(reading.key.measure).is_base()) else {
            return;
        };
        let low = indicator.min.is_some_and(|min| value < min);
        let high = indicator.max.is_some_and(|max| value > max);
        if !low && !high {
            results.pass();
            return;
        }
        let bound = if low { indicator.min } else { indicator.max }.unwrap_or_default();
        let facts = OutOfRange { what: cx.name(&reading.key), value, bound, is_low: low };
        let mut finding = cx.finding(&CODE, reading, facts);
        finding.found = Some(super::context::plain(value));
        finding.expected = Some(super::context::plain(bound));
        results.fail(finding);
    });
}

/// A figure and the end of its range that it is beyond.
#[derive(Debug)]
struct OutOfRange {
    what: String,
    value: Decimal,
    bound: Decimal,
    is_low: bool,
}

impl Facts for OutOfRange {
    fn message(&self, language: Language) -> String {
        let (what, value, bound) = (&self.what, language.number(self.value), language.number(self.bound));
        if self.is_low {
            say!(
                language,
                "{what} ghi {value}, nhỏ hơn mức thấp nhất {bound}",
                "{what} says {value}, below the minimum {bound}"
            )
        } else {
            say!(
                language,
                "{what} ghi {value}, lớn hơn mức cao nhất {bound}",
                "{what} says {value}, above the maximum {bound}"
            )
        }
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "kiểm tra lại ô, nhất là dấu phẩy và đơn vị",
            "check the cell, the decimal comma and the unit above all"
        )
    }
}

/// The least and the greatest possible of the figures that are beyond it; all others keep it.
fn constraints<'a>(cx: &'a Context<'a>, wanted: &Families, constraints: &mut Vec<CheckConstraint<'a>>) {
    for (id, indicator) in cx.catalogue.iter().filter(|(id, _)| wanted.contains(*id)) {
        let ends = [(indicator.min, Relation::AtLeast), (indicator.max, Relation::AtMost)];
        if indicator.min.is_none() && indicator.max.is_none() {
            continue;
        }
        let irregular = cx.dataset.irregular_of(id).collect::<Vec<_>>();
        let plain = cx.dataset.plain_of(id, |member| wanted.contains_member(member));
        let base = irregular.into_iter().chain(plain).filter(|r| cx.catalogue.measure(r.key.measure).is_base());
        for (reading, value) in base.filter_map(|reading| Some((reading, reading.number()?))) {
            for (end, relation) in ends.into_iter().filter_map(|(end, relation)| Some((end?, relation))) {
                let is_beyond = if relation == Relation::AtLeast { value < end } else { value > end };
                if is_beyond {
                    let form = Form::Sum(Sum::of(Figure::now(reading), relation, end.into()));
                    constraints
                        .push(CheckConstraint { tolerance: Some(Rational::ZERO), ..CheckConstraint::new(&CODE, form) });
                }
            }
        }
    }
}
