//! `product-mismatch`: output is not area times yield.

use super::{
    Check, CheckConstraint, CheckKind, CheckResults, Context, Families, Figure, Form,
    context::{list_places, plain},
    unevaluated::Cause,
};
use crate::{
    model::{
        catalogue::{Indicator, Product},
        finding::{Code, Explain, Facts, Finding, Severity},
        reading::{Key, Reading, Record, Relation},
    },
    values::{
        language::{Language, Words, say},
        number::{Decimal, Interval, Rational, Rounding},
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Constraint(constraints), run };

static CODE: Code = Code {
    name: "product-mismatch",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Số ghi không thể là tích của các thừa số, kể cả khi các số đã làm tròn.",
            en: "A number cannot be the product of its factors, even if all of them were rounded.",
        },
        why: Words {
            vi: "Sản lượng, diện tích hoặc năng suất có một số sai.",
            en: "One of output, area and yield is wrong.",
        },
        fix: Words {
            vi: "Kiểm tra lại các ô; sản lượng (tấn) = diện tích (ha) × năng suất (tạ/ha) / 10.",
            en: "Check the cells; output (tấn) = area (ha) × yield (tạ/ha) / 10.",
        },
        example: Words {
            vi: "175 × 57,5 / 10 = 1.006,25 nhưng ghi 1.060,3.",
            en: "175 × 57.5 / 10 = 1,006.25 but 1,060.3 is stated.",
        },
    },
};

/// One finding per number that the intervals of its factors exclude, for every base measure and
/// every member. A missing factor leaves it not evaluated.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    for (id, indicator) in cx.catalogue.iter() {
        let Some(product) = &indicator.product else { continue };
        let judged = |reading: &&Reading| {
            let Key { indicator, measure, .. } = reading.key;
            indicator == id && cx.catalogue.measure(measure).is_base() && reading.number().is_some()
        };
        cx.dataset.each_record_of(id, |record| {
            for reading in record.readings.iter().filter(judged) {
                judge_product(cx, results, (record, reading), indicator, product);
            }
        });
    }
}

fn judge_product(
    cx: &Context<'_>,
    results: &mut CheckResults,
    (record, reading): (Record<'_>, &Reading),
    indicator: &Indicator,
    product: &Product,
) {
    let measure = reading.key.measure;
    if reading.derived_by() == Some(Relation::Product) {
        results.skip(Cause::Derived(measure), || cx.name(&reading.key));
        return;
    }
    let factors = || product.factors.iter().filter_map(|id| record.like(reading, *id, measure));
    let numbers = || factors().filter_map(Reading::number);
    let Some(stated) = reading.number() else { return };
    if is_just(stated, numbers(), product) {
        results.pass();
        return;
    }
    if numbers().count() < product.factors.len() {
        let lacks = |id| Cause::of(cx.dataset, id, measure, record.like(reading, id, measure));
        let cause = product.factors.iter().find_map(|id| lacks(*id));
        results.skip(cause.unwrap_or(Cause::NoNumber(measure)), || cx.name(&reading.key));
        return;
    }
    let Some(share) = Rational::ONE.checked_div(&Rational::from(product.divisor)) else { return };
    let exact = numbers().fold(share.clone(), |product, number| &product * &Rational::from(number));
    if exact == Rational::from(stated) {
        results.pass();
        return;
    }
    let mut band = Interval::exact(share);
    for factor in factors() {
        let Some(interval) = factor.interval(cx.indicator(factor)) else { return };
        band = band.mul(&interval);
    }
    let Some(interval) = reading.interval(indicator) else { return };
    if band.meets(&interval) {
        results.pass();
        return;
    }
    let places: Vec<_> = factors().flat_map(Reading::places).collect();
    let facts = ProductMismatch {
        what: cx.name(&reading.key),
        stated,
        factors: numbers().collect(),
        divisor: Some(product.divisor).filter(|divisor| *divisor != 1.into()),
        exact: exact.clone(),
        cells: list_places(&places),
    };
    let divisor = facts.divisor.map(|divisor| format!(" / {}", plain(divisor))).unwrap_or_default();
    let mut finding: Finding = cx.finding(&CODE, reading, facts);
    finding.found = Some(plain(stated));
    finding.expected = exact.to_decimal(6, Rounding::HalfUp).map(plain);
    finding.sources = places;
    finding.mapping = Some(product.line.clone());
    let ids: Vec<&str> = product.factors.iter().map(|id| &*cx.catalogue.indicator(*id).id).collect();
    finding.rule = Some(format!("{} = {}{divisor}", indicator.id, ids.join(" * ")));
    results.fail(finding);
}

/// Whether a figure is just what all its factors come to, as it nearly always is. False where the numbers are
/// too long to tell.
fn is_just(stated: Decimal, factors: impl Iterator<Item = Decimal>, product: &Product) -> bool {
    let digits = |number: Decimal| i64::try_from(number.mantissa()).ok();
    let sides = || {
        let (mut known, mut scale) = (0, 0);
        let mut multiplied = 10i64.checked_pow(stated.scale() + product.divisor.scale())?;
        for factor in factors {
            multiplied = multiplied.checked_mul(digits(factor)?)?;
            (known, scale) = (known + 1, scale + factor.scale());
        }
        let wanted = digits(stated)?.checked_mul(digits(product.divisor)?)?.checked_mul(10i64.checked_pow(scale)?)?;
        Some(known == product.factors.len() && !product.divisor.is_zero() && multiplied == wanted)
    };
    sides().unwrap_or(false)
}

/// A figure, its factors and what they come to.
#[derive(Debug)]
struct ProductMismatch {
    what: String,
    stated: Decimal,
    factors: Vec<Decimal>,
    divisor: Option<Decimal>,
    exact: Rational,
    cells: String,
}

impl Facts for ProductMismatch {
    fn message(&self, language: Language) -> String {
        let (what, stated, exact) = (&self.what, language.number(self.stated), language.rational(&self.exact));
        let factors = self.factors.iter().map(|factor| language.number(*factor)).collect::<Vec<_>>().join(" × ");
        let divisor = self.divisor.map(|divisor| format!(" / {}", language.number(divisor))).unwrap_or_default();
        say!(
            language,
            "{what} ghi {stated}; {factors}{divisor} = {exact}",
            "{what} says {stated}; {factors}{divisor} = {exact}"
        )
    }

    fn action(&self, language: Language) -> String {
        let cells = &self.cells;
        say!(language, "kiểm tra lại ô này và {cells}", "check this cell and {cells}")
    }
}

/// Products of the families.
fn constraints<'a>(cx: &'a Context<'a>, wanted: &Families, constraints: &mut Vec<CheckConstraint<'a>>) {
    for (id, indicator) in cx.catalogue.iter().filter(|(id, _)| wanted.contains(*id)) {
        let Some(product) = &indicator.product else { continue };
        let Some(factor) = Rational::from(product.divisor).recip() else { continue };
        let irregular = cx.dataset.irregular_of(id).collect::<Vec<_>>();
        let plain = cx.dataset.plain_of(id, |member| wanted.contains_member(member));
        for reading in irregular.into_iter().chain(plain) {
            let measure = reading.key.measure;
            let is_made = reading.derived_by() == Some(Relation::Product);
            if is_made || !cx.catalogue.measure(measure).is_base() || reading.number().is_none() {
                continue;
            }
            let of = |id| cx.dataset.like(reading, id, measure);
            let of: Vec<_> = product.factors.iter().filter_map(|id| of(*id).filter(|r| r.number().is_some())).collect();
            if of.is_empty() || of.len() < product.factors.len() {
                continue;
            }
            let of = of.into_iter().map(Figure::now).collect();
            let form = Form::Product { product: Figure::now(reading), factor: factor.clone(), of };
            constraints.push(CheckConstraint::new(&CODE, form));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{catalogue::IndicatorId, finding::FileLine};

    fn decimal() -> impl Strategy<Value = Decimal> {
        let mantissa = prop_oneof![-200i64..200, -100_000i64..100_000, any::<i64>()];
        (mantissa, 0u32..=4).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale))
    }

    proptest! {
        /// What is said to be just the product is; of numbers of a form nothing else is.
        #[test]
        fn whole_numbers_tell_a_product(
            factors in prop::collection::vec(decimal(), 1..4),
            divisor in decimal().prop_filter("no 0", |divisor| !divisor.is_zero()),
            other in decimal(),
        ) {
            let all = factors.iter().map(|factor| Rational::from(*factor));
            let exact = all.fold(Rational::ONE, |product, factor| &product * &factor);
            let exact = exact.checked_div(&Rational::from(divisor)).expect("no 0");
            for stated in exact.to_exact_decimal().into_iter().chain([other]) {
                let is_it = exact == Rational::from(stated);
                let is_short = factors.iter().chain([&divisor, &stated]).all(|one| one.mantissa().abs() < 1_000 && one.scale() <= 2);
                let line = FileLine { file: "a".into(), line: 1 };
                let product = Product { factors: vec![IndicatorId(0); factors.len()], divisor, line };
                let said = is_just(stated, factors.iter().copied(), &product);
                prop_assert!(!is_just(stated, factors.iter().copied().skip(1), &product), "one lacks");
                prop_assert!(if is_short { said == is_it } else { !said || is_it }, "{stated} {factors:?} {divisor}");
            }
        }
    }
}
