//! Products, ratios and growth: three lines of which one is made of the other two.
//!
//! Where `r = a / b` holds, `a = r × b` and `b = a / r` nearly hold too. The one that was computed is the
//! one whose printed digits follow exactly from the other two; labels decide where all do.

use std::cmp::Reverse;

use super::{
    RelationKind,
    evidence::{self, BELIEVED},
    trial::{self, Shape, Trial, TrialResult},
    view::{Number, View},
};

/// Lines up to which any three are tried.
const FEW: usize = 64;
/// How far apart the lines of a ratio stand in a longer table.
const WINDOW: usize = 6;
/// Positions at which three lines are tried first.
const PROBES: usize = 8;
/// Support in a hundred that a ratio needs to be spoken of at all.
const NEEDED: usize = 75;
/// What a header that speaks of a ratio is worth as evidence.
const NAMED: i64 = 10;
/// Powers of ten between a ratio and its parts.
const POWERS: std::ops::RangeInclusive<i32> = -4..=5;

/// A ratio or product, and whether another explains the same line as well.
pub(super) struct Made {
    pub(super) found: TrialResult,
    pub(super) has_rival: bool,
}

/// The products, ratios and growth of a view, one a line.
pub(super) fn find(view: &View<'_>) -> Vec<Made> {
    let spreads: Vec<i128> = (0..view.lines).map(|line| trial::spread(view, line)).collect();
    let active: Vec<usize> = (0..view.lines)
        .filter(|line| spreads[*line] > 0 && view.line(*line).iter().flatten().any(|number| number.value != 0))
        .collect();
    let probes = probes(view, &active);
    let leads: Vec<Vec<Option<Lead>>> = (0..view.lines)
        .map(|line| probes.iter().map(|probe| view.get(line, *probe).and_then(lead)).collect())
        .collect();
    // What a line of growth makes of the old figure: 5,2 % more is 105,2 % of it.
    let grown = |power: i32| -> Vec<Vec<Option<Lead>>> {
        let one = |number: Number| {
            let one = 10_i128.checked_pow(u32::try_from(i64::from(view.scale) + i64::from(power)).ok()?)?;
            let mantissa = number.value.checked_add(one)?;
            lead(Number { value: mantissa, mantissa, decimals: view.scale, worth: 1, unit: number.unit })
        };
        (0..view.lines).map(|line| probes.iter().map(|probe| view.get(line, *probe).and_then(one)).collect()).collect()
    };
    let (percent, fraction) = (grown(2), grown(0));
    let mut all: Vec<TrialResult> = Vec::new();
    let reach = if active.len() <= FEW { active.len() } else { WINDOW };
    for at in 0..active.len() {
        let near = active.get(at.saturating_sub(reach)..(at + reach + 1).min(active.len())).unwrap_or_default();
        let cost = 3 * evidence::cost(near.len());
        for (i, first) in near.iter().enumerate() {
            for second in &near[i + 1..] {
                let a = active[at];
                if *first != a && *second != a {
                    all.extend(triple(view, (&probes, &leads), (a, *first, *second), cost));
                    for (b, r) in [(*first, *second), (*second, *first)] {
                        for (power, grown) in [(2, &percent), (0, &fraction)] {
                            if likely_power([&leads[a], &leads[b], &grown[r]]) == Some(-power) {
                                all.extend(growth(view, &probes, (a, b, r), power, cost));
                            }
                        }
                    }
                }
            }
        }
    }
    one_a_line(view, all)
}

/// Positions that most lines fill, apart from each other.
fn probes(view: &View<'_>, active: &[usize]) -> Vec<usize> {
    let filled = |position: &usize| {
        active.iter().filter(|line| view.get(**line, *position).is_some_and(|n| n.value != 0)).count()
    };
    // Of a long table so many rows are counted.
    let step = (view.positions / 400).max(1);
    let mut positions: Vec<usize> = (0..view.positions).step_by(step).collect();
    positions.sort_by_cached_key(|position| (Reverse(filled(position)), *position));
    positions.truncate(PROBES);
    positions
}

/// The leading digits of a figure, and where its point is: enough to see that a product is another one.
#[derive(Clone, Copy)]
struct Lead {
    /// From 1000 to 9999.
    digits: u32,
    exponent: i32,
    /// How much the last digit is of the digits, in ten thousandths.
    slack: u32,
}

fn lead(number: Number) -> Option<Lead> {
    let size = number.mantissa.unsigned_abs();
    let length = i32::try_from(size.checked_ilog10()?).ok()?;
    let digits = match u32::try_from(length - 3) {
        Ok(more) => size / 10_u128.pow(more),
        Err(_) => size * 10_u128.pow(u32::try_from(3 - length).ok()?),
    };
    let unit = number.unit.unsigned_abs();
    let slack = u32::try_from((unit * 10_000 / number.value.unsigned_abs().max(1)).min(10_000)).ok()?;
    Some(Lead { digits: u32::try_from(digits).ok()?, exponent: length - i32::try_from(number.decimals).ok()?, slack })
}

/// The power of ten with which `a = first × second × 10^power`, where it can be so.
fn power(a: Lead, first: Lead, second: Lead) -> Option<i32> {
    let (product, exponent) = (first.digits * second.digits / 1000, first.exponent + second.exponent);
    // From 1000 to 99 980; the other within its tenfold.
    let (product, shift) = [(a.digits, 0), (a.digits * 10, 1), (a.digits * 100, 2)]
        .into_iter()
        .min_by_key(|(digits, _)| digits.abs_diff(product))
        .map(|(digits, shift)| (digits.abs_diff(product) * 100 / product.max(1) * 100, shift))?;
    // In ten thousandths: what the digits cut off and the last digits allow.
    let power = a.exponent - shift - exponent;
    (product <= 100 + a.slack + first.slack + second.slack && POWERS.contains(&-power)).then_some(power)
}

/// The power of ten that most probes agree on.
fn likely_power([a, first, second]: [&[Option<Lead>]; 3]) -> Option<i32> {
    let (mut tried, mut powers) = (0, [None; PROBES]);
    for ((a, first), second) in a.iter().zip(first).zip(second) {
        let (Some(a), Some(first), Some(second)) = (a, first, second) else { continue };
        powers[tried] = power(*a, *first, *second);
        tried += 1;
        if tried == 3 && powers.iter().all(Option::is_none) {
            return None;
        }
    }
    let (power, times) = powers
        .iter()
        .flatten()
        .map(|power| (*power, powers.iter().filter(|other| **other == Some(*power)).count()))
        .max_by_key(|(power, times)| (*times, -power.abs()))?;
    (times * 2 >= tried).then_some(power)
}

/// Whether a relation is met at half of the probes at least.
fn is_met(view: &View<'_>, shape: &Shape, probes: &[usize]) -> bool {
    let (mut held, mut tried) = (0, 0);
    for probe in probes {
        match trial::at(view, shape, i128::MAX, *probe, None) {
            Trial::Held { .. } => {
                held += 1;
                tried += 1;
            }
            Trial::Failed => tried += 1,
            _ => {}
        }
        if tried >= 3 && held == 0 {
            return false;
        }
    }
    held > 0 && held * 2 >= tried
}

/// The best reading of three lines of which `a` is the product, up to a power of ten.
fn triple(
    view: &View<'_>,
    (probes, leads): (&[usize], &[Vec<Option<Lead>>]),
    (a, first, second): (usize, usize, usize),
    cost: i64,
) -> Option<TrialResult> {
    let power = likely_power([&leads[a], &leads[first], &leads[second]])?;
    let ratio = |total: usize, other: usize| Shape {
        kind: RelationKind::Ratio,
        total,
        parts: vec![a, other],
        whole: None,
        power: -power,
    };
    let product = Shape { kind: RelationKind::Product, total: a, parts: vec![first, second], whole: None, power };
    if !is_met(view, &ratio(first, second), probes) && !is_met(view, &product, probes) {
        return None;
    }
    let cost = cost + if [0, -2].contains(&power) { 0 } else { 3 };
    let readings =
        [ratio(first, second), ratio(second, first), product].map(|shape| trial::everywhere(view, shape, 0, &[]));
    // One equation, one evidence: that of the figure which says least, for it could be told from the others anyhow.
    let evidence = readings.iter().map(|found| found.score).min()?;
    let readings: Vec<TrialResult> = readings
        .into_iter()
        .map(|found| {
            let cost = if is_named(view, &found.shape) { 2 * (cost / 3) - NAMED } else { cost };
            TrialResult { score: evidence - cost, cost, ..found }
        })
        .filter(is_believed)
        .collect();
    let best = readings.iter().map(|found| found.exact).max()?;
    // Those that follow exactly nearly as often as the best one; words and digits tell them apart.
    readings.into_iter().filter(|found| found.exact * 10 >= best * 9).max_by_key(|found| {
        (is_named(view, &found.shape), fineness(view, found.shape.total), Reverse(found.shape.total))
    })
}

fn growth(
    view: &View<'_>,
    probes: &[usize],
    (a, b, r): (usize, usize, usize),
    power: i32,
    cost: i64,
) -> Option<TrialResult> {
    let shape = Shape { kind: RelationKind::Growth, total: r, parts: vec![a, b], whole: None, power };
    if !is_met(view, &shape, probes) {
        return None;
    }
    let cost = if is_named(view, &shape) { cost - 2 } else { cost + 1 };
    Some(trial::everywhere(view, shape, cost, &[])).filter(is_believed)
}

fn is_believed(found: &TrialResult) -> bool {
    found.score >= BELIEVED && found.keeps(NEEDED) && found.strong > 0
}

/// Whether the labels agree with what a reading makes of its lines.
fn is_named(view: &View<'_>, shape: &Shape) -> bool {
    let is_ratio = |line: usize| view.said(line).ratio;
    let is_rate = |line: usize| view.said(line).rate;
    match shape.kind {
        RelationKind::Product => {
            shape.power != -2 && !is_ratio(shape.total) && shape.parts.iter().any(|part| is_rate(*part))
        }
        _ => is_ratio(shape.total) && !shape.parts.iter().any(|part| is_ratio(*part)) && !is_rate(shape.total),
    }
}

/// Digits after the point that a line is written to: what was divided has most of them.
fn fineness(view: &View<'_>, line: usize) -> u32 {
    view.line(line).iter().flatten().map(|number| number.decimals).max().unwrap_or(0)
}

/// The best reading of each line, and whether another one is as good.
fn one_a_line(view: &View<'_>, mut all: Vec<TrialResult>) -> Vec<Made> {
    let far =
        |found: &TrialResult| found.shape.parts.iter().map(|part| part.abs_diff(found.shape.total)).max().unwrap_or(0);
    let rank = |found: &TrialResult| {
        (
            Reverse(is_named(view, &found.shape)),
            Reverse(found.exact * 20 / (found.kept + found.failed.len()).max(1)),
            Reverse(found.kept),
            far(found),
        )
    };
    all.sort_by(|a, b| {
        (a.shape.total, rank(a)).cmp(&(b.shape.total, rank(b))).then_with(|| a.shape.parts.cmp(&b.shape.parts))
    });
    let mut made: Vec<Made> = Vec::new();
    for found in all {
        match made.last_mut().filter(|made| made.found.shape.total == found.shape.total) {
            Some(made) => {
                let (first, second) = (&made.found.shape, &found.shape);
                // Growth is told as such, not as the ratio of a difference that stands beside it.
                let of_one_base = first.kind != second.kind && first.parts.get(1) == second.parts.get(1);
                let is_as_good = found.kept >= made.found.kept && found.exact >= made.found.exact;
                if of_one_base && second.kind == RelationKind::Growth && is_as_good {
                    made.found = found;
                } else {
                    made.has_rival |=
                        first != second && is_as_good && !(of_one_base && first.kind == RelationKind::Growth);
                }
            }
            None => made.push(Made { found, has_rival: false }),
        }
    }
    // One fact is told once: of r = a / b and a = r × b the better one.
    let lines = |found: &TrialResult| {
        let mut lines: Vec<usize> = found.shape.parts.iter().copied().chain([found.shape.total]).collect();
        lines.sort_unstable();
        lines
    };
    made.sort_by_cached_key(|made| {
        (Reverse(is_named(view, &made.found.shape)), Reverse(made.found.exact), made.found.shape.total)
    });
    let mut told: Vec<Vec<usize>> = Vec::new();
    made.retain(|made| {
        let lines = lines(&made.found);
        let is_new = !told.contains(&lines);
        told.push(lines);
        is_new
    });
    made
}
