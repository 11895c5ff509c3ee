//! Figures that no cell states but that follow from others: a total from its parts, an output from area
//! and yield, a number from its share. They are marked, and what made them proves nothing of them.

use super::{Context, codes};
use crate::{
    model::{
        catalogue::{FormCell, Indicator, IndicatorId, MeasureId, MeasureKind, RatioPolicy, Scale},
        finding::Severity,
        reading::{Dataset, Disagreement, Key, Made, Origin, Raw, Reading, Relation, Step, Value},
    },
    values::number::{Decimal, Interval, Nothing, Printed, Rational, Rounding},
};

/// One way to a figure that is absent.
struct Way<'a> {
    relation: Relation,
    value: Decimal,
    /// All that the figure can be, by what its operands print as.
    band: Interval,
    operands: Vec<&'a Reading>,
}

/// Adds the wholes of the form that are absent and follow from what is stated, one step and no further: a
/// figure that was made is no operand. Where two relations contradict each other none of them is believed.
pub(super) fn derive(cx: &mut Context<'_>, unread: &[IndicatorId], dataset: Dataset) -> Dataset {
    let catalogue = cx.catalogue;
    let is_shown =
        |measure: MeasureId| catalogue.form.columns.iter().any(|column| column.cell == FormCell::Measure(measure));
    let measures: Vec<MeasureId> = catalogue
        .iter_measures()
        .filter(|(id, measure)| measure.is_base() && is_shown(*id))
        .map(|(id, _)| id)
        .collect();
    let (mut made, mut disagreements) = (Vec::new(), Vec::new());
    for (id, indicator) in catalogue.iter().filter(|(_, indicator)| indicator.section.is_some()) {
        // What is in a file that could not be read is not absent.
        if unread.contains(&id) {
            continue;
        }
        for measure in &measures {
            let key = Key { indicator: id, measure: *measure, member: None };
            if dataset.all(&key).any(|reading| reading.value != Value::Nothing(Nothing::Blank)) {
                continue;
            }
            let ways = ways(cx, &dataset, indicator, &key);
            let Some(first) = ways.first() else { continue };
            if ways.iter().enumerate().any(|(at, way)| ways[..at].iter().any(|other| !other.band.meets(&way.band))) {
                let places = ways.iter().flat_map(|way| &way.operands).flat_map(|reading| reading.places()).collect();
                let ways = ways.iter().map(|way| (way.relation, way.value)).collect();
                disagreements.push(Disagreement { indicator: id, measure: *measure, ways, places });
                continue;
            }
            // What a product alone gives is told as an error, so a second witness counts.
            made.push(reading(key, first, ways.len()));
        }
    }
    if made.is_empty() {
        return dataset.with_disagreements(disagreements);
    }
    let (mut readings, tables) = dataset.into_parts();
    for mut reading in made {
        reading.record = cx.records;
        cx.records += 1;
        readings.push(reading);
    }
    Dataset::with_tables(readings, tables).with_disagreements(disagreements)
}

/// All ways to a figure, the surest first: sums, then a product, then a share.
fn ways<'a>(cx: &Context<'_>, dataset: &'a Dataset, indicator: &Indicator, key: &Key) -> Vec<Way<'a>> {
    let operand = |indicator: IndicatorId| operand(cx, dataset, indicator, key.measure);
    let sums = (0u16..).zip(&indicator.parts).filter_map(|(at, parts)| {
        let operands: Vec<&Reading> = parts.of.iter().map(|part| operand(*part)).collect::<Option<_>>()?;
        let value = Rational::sum_of(operands.iter().filter_map(|r| r.number())).to_exact_decimal()?;
        let nothing = Interval::exact(Rational::ZERO);
        let band = operands.iter().try_fold(nothing, |band, r| Some(band.add(&interval(cx, r)?)))?;
        (!operands.is_empty()).then_some(Way { relation: Relation::Parts(at), value, band, operands })
    });
    let product = indicator.product.iter().filter_map(|product| {
        let operands: Vec<&Reading> = product.factors.iter().map(|of| operand(*of)).collect::<Option<_>>()?;
        let share = Rational::from(product.divisor).recip()?;
        let numbers = operands.iter().filter_map(|r| r.number());
        let value = numbers.fold(share.clone(), |all, number| &all * &Rational::from(number)).to_exact_decimal()?;
        let band = operands.iter().try_fold(Interval::exact(share), |band, r| Some(band.mul(&interval(cx, r)?)))?;
        (!operands.is_empty()).then_some(Way { relation: Relation::Product, value, band, operands })
    });
    // A catalogue may have several measures of shares: each is a way of its own.
    let shares = cx.catalogue.iter_measures().filter_map(|(id, measure)| match measure.kind {
        MeasureKind::Share { of, policy } if of == key.measure => Some((id, policy)),
        MeasureKind::Share { .. }
        | MeasureKind::Plan
        | MeasureKind::Actual
        | MeasureKind::Estimate
        | MeasureKind::Other
        | MeasureKind::Ratio { .. }
        | MeasureKind::Verdict { .. }
        | MeasureKind::Note => None,
    });
    let share = shares.filter_map(|(measure, policy)| {
        let share = self::operand(cx, dataset, key.indicator, measure)?;
        of_share(cx, indicator, policy, share, operand(indicator.whole?)?)
    });
    sums.chain(product).chain(share).collect()
}

/// A share is rounded, so a figure follows from it only where one value alone prints as that share: 12,5 % of
/// 800 households are 100 of them, and 47,46 % of 368,77 ha may be many areas.
fn of_share<'a>(
    cx: &Context<'_>,
    indicator: &Indicator,
    policy: RatioPolicy,
    share: &'a Reading,
    whole: &'a Reading,
) -> Option<Way<'a>> {
    let is_count = || indicator.unit.as_ref().is_some_and(crate::values::unit::Unit::is_count);
    let decimals = indicator.decimals.or_else(|| is_count().then_some(0))?;
    let digit = Rational::power_of_ten(-i32::try_from(share.printed_decimals()).ok()?);
    let stated = share.number()?;
    let printed = match policy.rounding {
        Rounding::HalfUp => Interval::of(stated, share.printed_decimals(), Printed::HalfUp),
        Rounding::Truncate | Rounding::Ceiling | Rounding::HalfEven => {
            Interval::new(&Rational::from(stated) - &digit, &Rational::from(stated) + &digit, false, false)?
        }
    };
    let hundred = match policy.scale {
        Scale::Percent => Rational::from(100),
        Scale::Fraction => Rational::ONE,
    };
    let band = printed.mul(&interval(cx, whole)?).scale(&hundred.recip()?);
    let middle = (&(band.low() + band.high()) * &Rational::from(2).recip()?).to_decimal(decimals, Rounding::HalfUp)?;
    let step = Rational::power_of_ten(-i32::try_from(decimals).ok()?);
    let value = Rational::from(middle);
    let is_only = band.contains(&value) && !band.contains(&(&value + &step)) && !band.contains(&(&value - &step));
    let band = Interval::exact(value);
    is_only.then(|| Way { relation: Relation::Share, value: middle, band, operands: vec![share, whole] })
}

fn interval(cx: &Context<'_>, reading: &Reading) -> Option<Interval> {
    reading.interval(cx.catalogue.indicator(reading.key.indicator))
}

/// A figure that others may be made of: one number, however often it is stated, in cells that nothing was
/// found at.
fn operand<'a>(
    cx: &Context<'_>,
    dataset: &'a Dataset,
    indicator: IndicatorId,
    measure: MeasureId,
) -> Option<&'a Reading> {
    let key = Key { indicator, measure, member: None };
    let reading = dataset.get(&key)?;
    let number = reading.number()?;
    let stated = || dataset.all(&key).filter(|other| other.value != Value::Nothing(Nothing::Blank));
    (stated().all(|other| other.number() == Some(number)) && stated().all(|other| !is_doubted(cx, other)))
        .then_some(reading)
}

/// Whether something was found at the cells of a figure, or at the unit that it has.
fn is_doubted(cx: &Context<'_>, reading: &Reading) -> bool {
    let places = reading.places();
    let sheet = (Some(&reading.origin.file), Some(&reading.origin.sheet));
    let unit = reading.origin.unit.as_ref().map(|(_, at)| *at);
    cx.findings.iter().filter(|finding| finding.severity >= Severity::Warning).any(|finding| {
        let target = finding.target.as_ref();
        let same_sheet = || target.is_some_and(|at| (Some(&at.file), at.sheet.as_ref()) == sheet);
        let is_here = finding.target.iter().chain(&finding.sources).filter(|place| place.cell.is_some()).any(|place| {
            let is_cell = |own: &&crate::model::finding::Place| {
                (&own.file, &own.sheet, own.cell) == (&place.file, &place.sheet, place.cell)
            };
            places.iter().any(|own| is_cell(&own))
        });
        let of_unit = || {
            let cell = target.and_then(|at| at.cell);
            let is_of_all = finding.code == &codes::UNIT_MISMATCH && finding.indicator.is_none();
            same_sheet() && (is_of_all || (cell.is_some() && cell == unit))
        };
        is_here || of_unit()
    })
}

fn reading(key: Key, way: &Way<'_>, ways: usize) -> Reading {
    let off = |end: &Rational| (end - &Rational::from(way.value)).abs();
    let off = off(way.band.low()).max(off(way.band.high()));
    // It is known to no more than its operands are.
    let finest = i32::try_from(way.value.normalize().scale()).unwrap_or(0);
    let half = |decimals: i32| &Rational::power_of_ten(-decimals) * &Rational::from(5);
    let decimals = (-28..=finest).rev().find(|decimals| half(*decimals + 1) >= off).unwrap_or(-28);
    Reading {
        key,
        value: Value::Number(way.value),
        decimals,
        shown: None,
        record: 0,
        forecast: way.operands.iter().any(|r| r.forecast),
        origin: Origin {
            raw: Raw::Blank,
            made: Made::Derived { by: way.relation, alone: ways == 1 },
            formula: None,
            computation: None,
            unit: None,
            steps: vec![Step::Derived(way.relation)],
            addends: way.operands.iter().flat_map(|r| r.places()).collect(),
            ..way.operands[0].origin.clone()
        },
    }
}
