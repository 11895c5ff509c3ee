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
    if numbers().count() < product.factors.len() {
        let lacks = |id| Cause::of(cx.dataset, id, measure, record.like(reading, id, measure));
        let cause = product.factors.iter().find_map(|id| lacks(*id));
        results.skip(cause.unwrap_or(Cause::NoNumber(measure)), || cx.name(&reading.key));
        return;
    }
    let Some(share) = Rational::ONE.checked_div(&Rational::from(product.divisor)) else { return };
    let exact = numbers().fold(share.clone(), |product, number| &product * &Rational::from(number));
    let Some(stated) = reading.number() else { return };
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
