//! "1.250" is 1250 or 1,25. Where the column does not say, the things that the number has to agree
//! with may: its unit, the ratio beside it, the total it is part of. What decided is recorded with
//! the reading; where nothing decides, a person has to.

use std::collections::HashMap;

use super::Context;
use crate::{
    model::{
        catalogue::{IndicatorId, MeasureKind},
        finding::Finding,
        ratio::exact_ratio,
        reading::{Evidence, Names, Reading, Step, Value},
    },
    values::number::{Decimal, Rational, Rounding},
};

/// A reading with a second possible value.
#[derive(Debug)]
pub(super) struct Doubt {
    /// Place of the reading.
    pub reading: usize,
    /// The other value.
    pub alternative: Decimal,
    /// What to report if nothing decides.
    pub finding: Finding,
}

/// The other values of the readings that are in doubt, by their places. Such a reading is a witness only
/// for what is true of both: 14.011 of 26.000 is 53,89 %, and so is 14011 of 26000.
type Open = HashMap<usize, Decimal>;

/// How often what is settled may settle more.
const MOST_ROUNDS: usize = 4;

/// Settles every doubt that can be settled, and reports the rest.
pub(super) fn settle(cx: &mut Context<'_>) {
    // What speaks for a number may stand in a row of the same member.
    let mut members = Names::default();
    let doubted = cx.doubts.iter().filter_map(|doubt| cx.readings[doubt.reading].key.member.as_deref());
    doubted.for_each(|member| members.add(member));
    let tables = cx.tables.iter_mut().filter(|_| !members.is_empty());
    let taken: Vec<Reading> = tables.flat_map(|table| table.take_out(|member| members.holds(member))).collect();
    if !taken.is_empty() {
        cx.readings.extend(taken);
        members.unify(&mut cx.readings);
    }
    let mut open = std::mem::take(&mut cx.doubts);
    // What is settled speaks for the others.
    for _ in 0..MOST_ROUNDS {
        let before = open.len();
        let mut others: Open = open.iter().map(|doubt| (doubt.reading, doubt.alternative)).collect();
        open.retain(|doubt| {
            let is_settled = settle_one(cx, doubt, &others);
            if is_settled {
                others.remove(&doubt.reading);
            }
            !is_settled
        });
        if open.len() == before {
            break;
        }
    }
    cx.findings.extend(open.into_iter().map(|doubt| doubt.finding));
}

/// Settles a doubt if it can be.
fn settle_one(cx: &mut Context<'_>, doubt: &Doubt, open: &Open) -> bool {
    let Value::Number(first) = cx.readings[doubt.reading].value else { return true };
    let decided = decide(cx, open, doubt.reading, first, doubt.alternative);
    if let Some((value, because)) = decided {
        let reading = &mut cx.readings[doubt.reading];
        reading.value = Value::Number(value);
        reading.shown = None;
        reading.decimals = if value == first { reading.decimals } else { i32::try_from(value.scale()).unwrap_or(0) };
        let raw = reading.origin.raw.text();
        reading.origin.steps.push(Step::Settled { raw, value, because });
    }
    decided.is_some()
}

fn decide(cx: &Context<'_>, open: &Open, at: usize, first: Decimal, second: Decimal) -> Option<(Decimal, Evidence)> {
    let only = |fits: &dyn Fn(Decimal) -> Option<bool>| match (fits(first)?, fits(second)?) {
        (true, false) => Some(first),
        (false, true) => Some(second),
        (true, true) | (false, false) => None,
    };
    let reading = &cx.readings[at];
    let ratio = only(&|value| ratio_fits(cx, open, reading, value)).map(|value| (value, Evidence::Ratio));
    let total = || only(&|value| total_fits(cx, open, reading, value)).map(|value| (value, Evidence::Total));
    let unit = || {
        let counts = cx
            .catalogue
            .indicator(reading.key.indicator)
            .unit
            .as_ref()
            .is_some_and(crate::values::unit::Unit::is_count);
        counts.then(|| only(&|value: Decimal| Some(value.scale() == 0)))?.map(|value| (value, Evidence::Unit))
    };
    let previous = || only(&|value| previous_fits(cx, reading, value)).map(|value| (value, Evidence::Previous));
    ratio.or_else(total).or_else(unit).or_else(previous)
}

/// Whether the value lies within a factor of ten of what was reported for the period before; the two
/// readings lie a thousandfold apart.
fn previous_fits(cx: &Context<'_>, reading: &Reading, value: Decimal) -> Option<bool> {
    let (_, then) = cx.previous?.figure(cx.catalogue, &reading.key)?;
    let (value, ten) = (Rational::from(value), Rational::from(10));
    let above_zero = then > Rational::ZERO && value > Rational::ZERO;
    above_zero.then(|| &value * &ten >= then && value <= &then * &ten)
}

/// Whether a printed ratio of the same row can come from this value.
fn ratio_fits(cx: &Context<'_>, open: &Open, reading: &Reading, value: Decimal) -> Option<bool> {
    let beside = |measure| {
        cx.readings.iter().enumerate().find(|(_, r)| {
            r.record == reading.record && r.key.measure == measure && r.key.indicator == reading.key.indicator
        })
    };
    cx.catalogue.iter_measures().find_map(|(id, measure)| {
        let MeasureKind::Ratio { of, to, policy } = measure.kind else { return None };
        let (_, printed) = beside(id).filter(|(at, _)| !open.contains_key(at))?;
        let operands = |measure| -> Option<Vec<Decimal>> {
            if measure == reading.key.measure {
                return Some(vec![value]);
            }
            let (at, operand) = beside(measure)?;
            Some(std::iter::once(operand.number()?).chain(open.get(&at).copied()).collect())
        };
        if of != reading.key.measure && to != reading.key.measure {
            return None;
        }
        let shown = printed.number()?;
        let modes = [Rounding::HalfUp, Rounding::Truncate];
        let fits = |of: Decimal, to: Decimal| {
            let exact = exact_ratio(of, to, policy.scale)?;
            Some(modes.into_iter().any(|mode| exact.to_decimal(printed.printed_decimals(), mode) == Some(shown)))
        };
        let (of, to) = (operands(of)?, operands(to)?);
        let mut pairs = of.iter().flat_map(|of| to.iter().filter_map(|to| fits(*of, *to))).peekable();
        pairs.peek()?;
        Some(pairs.any(|fits| fits))
    })
}

/// Whether a total that this value is part of, or is, adds up with it.
fn total_fits(cx: &Context<'_>, open: &Open, reading: &Reading, value: Decimal) -> Option<bool> {
    // Whoever types one figure of a sum with marks between thousands types them all so.
    let as_first = adds_up(cx, None, reading, value);
    let as_second = adds_up(cx, Some(open), reading, value);
    Some(as_first? || as_second.unwrap_or(false))
}

/// Whether they add up, where those in doubt are what they are taken for, or their other values.
fn adds_up(cx: &Context<'_>, others: Option<&Open>, reading: &Reading, value: Decimal) -> Option<bool> {
    cx.catalogue.iter().find_map(|(id, indicator)| {
        let parts =
            indicator.parts.iter().find(|p| id == reading.key.indicator || p.of.contains(&reading.key.indicator))?;
        let number = |indicator: IndicatorId| {
            if indicator == reading.key.indicator {
                return Some(value);
            }
            let (at, number) = number_of(&cx.readings, indicator, reading)?;
            Some(others.and_then(|others| others.get(&at)).copied().unwrap_or(number))
        };
        let total = Rational::from(number(id)?);
        let sum = parts.of.iter().map(|part| number(*part).map(Rational::from)).sum::<Option<Rational>>()?;
        // Parts and totals may be rounded; the two readings lie a thousandfold apart.
        let off = (&total - &sum).abs();
        Some(&off * &Rational::from(100) <= total.abs())
    })
}

fn number_of(readings: &[Reading], indicator: IndicatorId, like: &Reading) -> Option<(usize, Decimal)> {
    let same = |r: &Reading| {
        r.key.indicator == indicator && r.key.measure == like.key.measure && r.key.member == like.key.member
    };
    let (at, reading) = readings.iter().enumerate().find(|(_, r)| same(r))?;
    Some((at, reading.number()?))
}
