//! Units that the figures below them contradict.

use super::{Suspicion, Why, grouped, unit_cause};
use crate::{
    judge::checks::{
        Context,
        siblings::{is_positive, positive, power},
    },
    model::reading::Reading,
    values::{
        number::{Decimal, Rational},
        unit::Unit,
    },
};

/// Suspected units, the surest evidence first.
pub(super) fn suspicions<'a>(cx: &'a Context<'_>) -> Vec<Suspicion<'a>> {
    let readings = || cx.dataset.irregular().iter().filter(|r| cx.catalogue.measure(r.key.measure).is_base());
    // Nothing that was not converted can be converted wrongly.
    let converted: Vec<&Reading> = readings().filter(|reading| factor(cx, reading).is_some()).collect();
    let mut found = if converted.is_empty() { Vec::new() } else { products(cx) };
    let is_money = |unit: &Option<Unit>| unit.as_ref().is_some_and(Unit::is_money);
    if cx.catalogue.iter().any(|(_, indicator)| is_money(&indicator.unit)) {
        let money = readings().filter(|reading| is_money(&cx.indicator(reading).unit) && is_positive(reading));
        let groups = grouped(money.collect(), |reading| (unit_cause(reading), stated_size(cx, reading)));
        found.extend(groups.into_iter().filter_map(|group| too_much_money(cx, group)));
    }
    let converted = converted.into_iter().filter(|reading| is_positive(reading)).collect();
    let groups = grouped(converted, |reading: &&Reading| {
        (unit_cause(reading), cx.indicator(reading).unit.as_ref().map(|unit| &unit.name))
    });
    found.extend(groups.into_iter().filter_map(|group| next_to_nothing(cx, group)));
    found
}

/// The factor from the stated unit to that of the indicator, where the reading was converted.
fn factor(cx: &Context<'_>, reading: &Reading) -> Option<Rational> {
    let (stated, _) = reading.origin.unit.as_ref()?;
    let wanted = cx.indicator(reading).unit.as_ref()?;
    if stated.name == wanted.name {
        return None;
    }
    stated.factor_to(wanted).filter(|factor| *factor != Rational::ONE)
}

/// The figure as it stands in the sheet.
fn as_written(cx: &Context<'_>, reading: &Reading) -> Option<Rational> {
    let value = positive(reading)?;
    factor(cx, reading).map_or(Some(value.clone()), |factor| value.checked_div(&factor))
}

/// What one of the unit that the sheet states, or the catalogue, is in đồng.
fn stated_size(cx: &Context<'_>, reading: &Reading) -> Option<Rational> {
    let unit = reading.origin.unit.as_ref().map(|(unit, _)| &**unit).or(cx.indicator(reading).unit.as_ref())?;
    unit.factor_to(&Unit::parse("đồng")?)
}

fn median(mut values: Vec<Rational>) -> Option<Rational> {
    values.sort();
    values.get(values.len() / 2).cloned()
}

/// Whole numbers in thousands, millions or billions of đồng that are as large as others are in đồng.
/// The limits are what the largest provinces have in an item of their budget.
fn too_much_money<'a>(cx: &Context<'_>, group: Vec<&'a Reading>) -> Option<Suspicion<'a>> {
    let size = stated_size(cx, group.first()?)?;
    let (power, limit) = [(3, 9), (6, 7), (9, 5)]
        .into_iter()
        .find(|(power, _)| Rational::power_of_ten(*power) == size)
        .map(|(power, limit)| (power, Rational::power_of_ten(limit)))?;
    let written: Vec<Rational> = group.iter().filter_map(|reading| as_written(cx, reading)).collect();
    let whole = |value: &Rational| value.to_exact_decimal().is_some_and(|value| value.is_integer());
    if !written.iter().all(whole) {
        return None;
    }
    // Amounts in đồng end in thousands, those in millions hardly ever: five and more say it.
    let thousand = Rational::from(1000);
    let rounded = |value: &Rational| {
        *value >= Rational::from(100_000) && value.checked_div(&thousand).is_some_and(|rest| whole(&rest))
    };
    let all_rounded = power >= 6 && written.len() >= 5 && written.iter().all(rounded);
    (all_rounded || median(written)? >= limit).then_some(Suspicion { readings: group, power, why: Why::Money })
}

/// Figures that a unit far smaller than the indicator's leaves below a fiftieth of it; or far below
/// every other figure of the sheet in that unit, among which they would stand without the conversion.
fn next_to_nothing<'a>(cx: &Context<'_>, group: Vec<&'a Reading>) -> Option<Suspicion<'a>> {
    let factor = factor(cx, group.first()?)?;
    let power = (3..=12).find(|power| Rational::power_of_ten(-power) == factor)?;
    let values: Vec<Rational> = group.iter().filter_map(|reading| positive(reading)).collect();
    let fiftieth = Rational::from(Decimal::new(2, 2));
    let tiny = values.iter().all(|value| *value < fiftieth);
    (tiny || among_others(cx, &group, &values, power)).then_some(Suspicion {
        readings: group,
        power: -power,
        why: Why::Tiny,
    })
}

/// Fewest other figures that say what is usual.
const FEWEST: usize = 3;

fn among_others(cx: &Context<'_>, group: &[&Reading], values: &[Rational], power: i32) -> bool {
    // Kilograms of one crop stand beside tons of another; square metres beside hectares need four
    // digits to be anything.
    if power < 4 {
        return false;
    }
    let first = group[0];
    let wanted = cx.indicator(first).unit.as_ref();
    let is_other = |other: &&Reading| {
        other.origin.sheet == first.origin.sheet
            && other.origin.file == first.origin.file
            && cx.catalogue.measure(other.key.measure).is_base()
            && cx.indicator(other).unit.as_ref() == wanted
            && factor(cx, other).is_none()
    };
    let mut others: Vec<Rational> = cx.dataset.irregular().iter().filter(is_other).filter_map(positive).collect();
    others.sort();
    let (Some(low), Some(high), Some(middle)) = (others.first(), others.last(), others.get(others.len() / 2)) else {
        return false;
    };
    let rows: std::collections::BTreeSet<u32> =
        cx.dataset.irregular().iter().filter(is_other).map(|other| other.record).collect();
    let three = Rational::from(3);
    let fits = |value: &Rational| {
        let written = value * &Rational::power_of_ten(power);
        written < Rational::from(1000)
            && &written * &three >= *low
            && written <= high * &three
            && value * &Rational::from(100) < *middle
    };
    rows.len() >= FEWEST && *middle >= Rational::from(5) && values.iter().all(fits)
}

/// Products that hold with a factor or the product as written, and not as converted.
fn products<'a>(cx: &'a Context<'_>) -> Vec<Suspicion<'a>> {
    let mut found: Vec<(&Reading, &Reading, i32)> = Vec::new();
    for (id, indicator) in cx.catalogue.iter() {
        let Some(product) = &indicator.product else { continue };
        for stated in cx.dataset.irregular_of(id).filter(|r| cx.catalogue.measure(r.key.measure).is_base()) {
            let factors: Vec<&Reading> =
                product.factors.iter().filter_map(|id| cx.dataset.like(stated, *id, stated.key.measure)).collect();
            if factor(cx, stated).is_none() && factors.iter().all(|reading| factor(cx, reading).is_none()) {
                continue;
            }
            let computed = factors
                .iter()
                .map(|reading| positive(reading))
                .try_fold(Rational::ONE, |product, factor| Some(&product * &factor?));
            let computed = computed.and_then(|computed| computed.checked_div(&Rational::from(product.divisor)));
            let ratio = computed.zip(positive(stated)).and_then(|(computed, stated)| stated.checked_div(&computed));
            let Some(off) = ratio.and_then(|ratio| power(&ratio, (9, 1), (11, 1))) else { continue };
            if factors.len() < product.factors.len() {
                continue;
            }
            let is = |reading: &Reading, power: i32| factor(cx, reading) == Some(Rational::power_of_ten(power));
            if is(stated, off) {
                found.push((stated, stated, off));
            } else if let Some(wrong) = factors.iter().find(|reading| is(reading, -off)) {
                found.push((wrong, stated, -off));
            }
        }
    }
    let groups = grouped(found, |(wrong, _, power)| (unit_cause(wrong), *power));
    let one = |group: Vec<(&'a Reading, &'a Reading, i32)>| Suspicion {
        power: group[0].2,
        why: Why::Product(group[0].1),
        readings: group.into_iter().map(|(wrong, ..)| wrong).collect(),
    };
    groups.into_iter().map(one).collect()
}
