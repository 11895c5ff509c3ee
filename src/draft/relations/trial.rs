//! One trial of a relation: does it hold at one position, how nearly, and what does that say?

use std::collections::HashMap;

use super::{
    RelationKind,
    evidence::{self, bits, quotient_bits},
    view::{Number, View},
};

/// What is claimed of some lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) kind: RelationKind,
    pub(super) total: usize,
    pub(super) parts: Vec<usize>,
    pub(super) whole: Option<usize>,
    pub(super) power: i32,
}

/// What one position says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trial {
    /// Figures are missing, or too large to compute with.
    Nothing,
    /// `0 = 0 + 0`: holds and says nothing.
    Trivial,
    /// It holds.
    Held {
        /// To the last digit of what the total shows.
        exact: bool,
        /// With two parts that are not zero.
        strong: bool,
        /// How unlikely that is by chance.
        bits: i64,
        /// The one part that is not zero, where there is but one: the total may only be equal to it.
        only: Option<usize>,
    },
    /// It does not hold.
    Failed,
}

/// A cell that is taken to hold another figure than it does.
#[derive(Clone, Copy)]
pub(super) struct Instead {
    pub(super) line: usize,
    pub(super) position: usize,
    pub(super) number: Number,
}

/// How far the figures of a line lie apart: a line of constants supports nothing.
pub(super) fn spread(view: &View<'_>, line: usize) -> i128 {
    let known = || view.line(line).iter().flatten().map(|number| number.value);
    if known().count() < 4 {
        return i128::MAX;
    }
    known().max().unwrap_or(0) - known().min().unwrap_or(0)
}

/// How far the figures apart lie that a relation hits. Parts that change and always make up 100 say as much
/// as a total that changes with them.
pub(super) fn spread_of(view: &View<'_>, shape: &Shape, hit: usize) -> i128 {
    let own = spread(view, hit);
    if shape.kind != RelationKind::Sum || own == i128::MAX {
        return own;
    }
    let mut parts: Vec<i128> = shape.parts.iter().map(|part| spread(view, *part)).filter(|s| *s != i128::MAX).collect();
    parts.sort_unstable();
    // One part cannot change alone.
    parts.iter().rev().nth(1).map_or(own, |second| own.max(*second))
}

/// Tries a relation at a position, in the figures as they stand or with one replaced.
pub(super) fn at(view: &View<'_>, shape: &Shape, spread: i128, position: usize, instead: Option<Instead>) -> Trial {
    let get = |line: usize, position: usize| match instead {
        Some(cell) if (cell.line, cell.position) == (line, position) => Some(cell.number),
        _ => view.get(line, position),
    };
    let Some(total) = get(shape.total, position) else { return Trial::Nothing };
    match shape.kind {
        RelationKind::Sum | RelationKind::Average => linear(shape, total, spread, |line| get(line, position)),
        RelationKind::Difference => {
            let (Some(whole), Some(part)) = (get(shape.parts[0], position), get(shape.parts[1], position)) else {
                return Trial::Nothing;
            };
            let sum = added(&[total, part]);
            judged_sum(whole, spread, sum, None)
        }
        RelationKind::Equal => match get(shape.parts[0], position) {
            Some(other) if other.value == 0 && total.value == 0 => Trial::Trivial,
            Some(other) if other.value == total.value => Trial::Held {
                exact: true,
                strong: true,
                bits: bits(total.value.abs().min(spread), 0, total.unit),
                only: None,
            },
            Some(_) => Trial::Failed,
            None => Trial::Nothing,
        },
        RelationKind::Product => match (get(shape.parts[0], position), get(shape.parts[1], position)) {
            (Some(a), Some(b)) => product(total, a, b, shape.power, spread).unwrap_or(Trial::Nothing),
            _ => Trial::Nothing,
        },
        RelationKind::Ratio | RelationKind::Growth => {
            match (get(shape.parts[0], position), get(shape.parts[1], position)) {
                (Some(a), Some(b)) => ratio(total, a, b, (shape.power, shape.kind == RelationKind::Growth), spread)
                    .unwrap_or(Trial::Nothing),
                _ => Trial::Nothing,
            }
        }
        RelationKind::Share => {
            match (get(shape.parts[0], position), shape.whole.and_then(|whole| get(shape.parts[0], whole))) {
                (Some(a), Some(b)) => ratio(total, a, b, (shape.power, false), spread).unwrap_or(Trial::Nothing),
                _ => Trial::Nothing,
            }
        }
    }
}

/// A sum as far as it is known.
#[derive(Clone, Copy, Default)]
struct Added {
    sum: i128,
    /// Units of the parts, added: twice what rounding may make of it.
    units: i128,
    largest: i128,
    magnitude: i128,
    present: usize,
    filled: usize,
    low: i128,
    high: i128,
}

fn added(parts: &[Number]) -> Added {
    let mut all = Added { low: i128::MAX, high: i128::MIN, ..Added::default() };
    for part in parts {
        all.push(*part);
    }
    all
}

impl Added {
    fn push(&mut self, part: Number) {
        let size = part.value.abs();
        self.sum += part.value;
        self.units += part.unit;
        self.largest = self.largest.max(size);
        self.magnitude += size;
        self.present += 1;
        self.filled += usize::from(size != 0);
        self.low = self.low.min(part.value);
        self.high = self.high.max(part.value);
    }
}

fn linear(shape: &Shape, total: Number, spread: i128, get: impl Fn(usize) -> Option<Number>) -> Trial {
    let mut all = added(&[]);
    let mut only = None;
    for line in &shape.parts {
        if let Some(part) = get(*line) {
            all.push(part);
            if part.value != 0 {
                only = Some(*line);
            }
        }
    }
    if all.present == 0 {
        return Trial::Nothing;
    }
    if shape.kind == RelationKind::Sum {
        return judged_sum(total, spread, all, only);
    }
    // Times the count instead of divided by it: exact.
    let count = i128::try_from(all.present).unwrap_or(1);
    let miss = (total.value * count - all.sum).abs();
    if all.high == all.low {
        return if miss == 0 { Trial::Trivial } else { Trial::Failed };
    }
    // Parts are taken as they are printed: their own rounding would let any middling figure pass for a mean.
    if 2 * miss > total.unit * count {
        return Trial::Failed;
    }
    Trial::Held {
        exact: true,
        strong: all.present >= 2,
        // Most figures lie in the middle of their range.
        bits: bits((all.high - all.low) / 4, miss / count, total.unit),
        only: None,
    }
}

fn judged_sum(total: Number, spread: i128, all: Added, only: Option<usize>) -> Trial {
    let miss = (total.value - all.sum).abs();
    if total.value == 0 && all.filled == 0 {
        return Trial::Trivial;
    }
    if 2 * miss > total.unit + all.units {
        return Trial::Failed;
    }
    // A total of one part is that part again; what the smaller parts add is what is hit.
    let strong = all.filled >= 2;
    let rest = if strong { all.magnitude - all.largest } else { all.largest };
    let bits = bits(rest.min(total.value.abs()).min(spread), miss, total.unit.max(1));
    Trial::Held { exact: miss == 0, strong, bits, only: only.filter(|_| !strong) }
}

/// `total = a × b × 10^power`.
fn product(total: Number, a: Number, b: Number, power: i32, spread: i128) -> Option<Trial> {
    if total.value == 0 && (a.value == 0 || b.value == 0) {
        return Some(Trial::Trivial);
    }
    // All in units of 10^-(a.decimals + b.decimals) / 10^power or of the total, whichever is finer.
    let own = i64::from(a.decimals) + i64::from(b.decimals) - i64::from(power);
    let fine = own.max(i64::from(total.decimals));
    let up = |value: i128, decimals: i64| value.checked_mul(10_i128.checked_pow(u32::try_from(fine - decimals).ok()?)?);
    let made = up(a.mantissa.checked_mul(b.mantissa)?, own)?;
    let stated = up(total.mantissa, i64::from(total.decimals))?;
    let unit = unit_at(total, fine)?;
    let miss = (made - stated).abs();
    if miss.checked_mul(2)? <= unit.checked_mul(2)? {
        let bits = quotient_bits(stated.abs().min(scaled_spread(spread, stated, total)), miss, unit);
        return Some(Trial::Held { exact: miss.checked_mul(2)? <= unit, strong: true, bits, only: None });
    }
    // The factors may be rounded: then the product lies within what their last digits allow.
    let slack_a = unit_mantissa(a).checked_mul(b.mantissa.abs())?;
    let slack_b = unit_mantissa(b).checked_mul(a.mantissa.abs())?;
    let slack = up(slack_a.checked_add(slack_b)?, own)?;
    if miss.checked_mul(2)? > slack.checked_add(unit)? {
        return Some(Trial::Failed);
    }
    let bits = quotient_bits(stated.abs().min(scaled_spread(spread, stated, total)), miss, unit);
    Some(Trial::Held { exact: false, strong: true, bits, only: None })
}

/// The unit of a number in units of its own mantissa. A typed 13 among figures of two decimals is 13,00:
/// less than one of its mantissa, and taken for one.
fn unit_mantissa(number: Number) -> i128 {
    (number.unit / number.worth).max(1)
}

/// The unit of a number in units of `10^-fine`.
pub(super) fn unit_at(number: Number, fine: i64) -> Option<i128> {
    let one = 10_i128.checked_pow(u32::try_from(fine - i64::from(number.decimals)).ok()?)?;
    Some((one.checked_mul(number.unit)? / number.worth).max(1))
}

/// The spread of a line, which is in units of the table, in the units that `stated` is in.
fn scaled_spread(spread: i128, stated: i128, total: Number) -> i128 {
    if spread >= total.value.abs() || total.value == 0 {
        return i128::MAX;
    }
    // spread < |value|, so the quotient is below |stated|.
    match spread.checked_mul(stated.abs()) {
        Some(product) => product / total.value.abs(),
        None => stated.abs() / (total.value.abs() / spread.max(1)).max(1),
    }
}

/// `total = a / b × 10^power`, or `(a - b) / b × 10^power` where it is growth.
fn ratio(total: Number, a: Number, b: Number, form: (i32, bool), spread: i128) -> Option<Trial> {
    let (power, is_growth) = form;
    if b.value == 0 || (a.value == 0 && total.value == 0) {
        return Some(if a.value == 0 && total.value == 0 { Trial::Trivial } else { Trial::Nothing });
    }
    // total × b = a × 10^power (for growth (total + 10^power) × b), all in the finer of the two scales.
    let left = i64::from(total.decimals) + i64::from(b.decimals);
    let right = i64::from(a.decimals) - i64::from(power);
    let fine = left.max(right);
    let up = |value: i128, decimals: i64| value.checked_mul(10_i128.checked_pow(u32::try_from(fine - decimals).ok()?)?);
    let mut stated = up(total.mantissa.checked_mul(b.mantissa)?, left)?;
    if is_growth {
        let whole = up(b.mantissa, i64::from(b.decimals) - i64::from(power))?;
        stated = stated.checked_add(whole)?;
    }
    let made = up(a.mantissa, right)?;
    let miss = (made - stated).abs();
    // What one unit of the total is worth on this scale: unit × b.
    let one = up(b.mantissa.abs(), i64::from(b.decimals) + i64::from(total.decimals))?;
    let unit = (one.checked_mul(total.unit)? / total.worth).max(1);
    let range = up(total.mantissa.checked_mul(b.mantissa)?, left)?.abs();
    let said = |miss: i128| quotient_bits(range.min(scaled_spread(spread, range, total)), miss, unit);
    // Cut off instead of rounded is still this ratio.
    if miss <= unit {
        return Some(Trial::Held {
            exact: miss.checked_mul(2)? <= unit,
            strong: a.value != 0,
            bits: said(miss),
            only: None,
        });
    }
    let slack_a = up(unit_mantissa(a), right)?;
    let slack_b = up(unit_mantissa(b).checked_mul(total.mantissa.abs())?, left)?;
    if miss.checked_mul(2)? > unit.checked_add(slack_a)?.checked_add(slack_b)? {
        return Some(Trial::Failed);
    }
    Some(Trial::Held { exact: false, strong: a.value != 0, bits: said(miss), only: None })
}

/// What all trials of a relation say together.
#[derive(Clone, Debug)]
pub(super) struct TrialResult {
    pub(super) shape: Shape,
    /// Positions that keep it, trivial ones too.
    pub(super) held: Vec<usize>,
    /// Those of them that say something.
    pub(super) kept: usize,
    /// Those with two parts that are not zero.
    pub(super) strong: usize,
    /// Kept to the last digit.
    pub(super) exact: usize,
    pub(super) failed: Vec<usize>,
    /// Those of the failed that rounding would allow.
    pub(super) loose: Vec<usize>,
    pub(super) score: i64,
    /// What the score has made up for.
    pub(super) cost: i64,
    pub(super) reach: Reach,
}

/// How the lines of a relation stand to each other, the likeliest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// One after another.
    Beside,
    /// At equal steps, or with one between that does not belong to them.
    Steps,
    /// Anywhere.
    Far,
}

impl TrialResult {
    /// At least so many of a hundred trials keep it.
    pub(super) fn keeps(&self, percent: usize) -> bool {
        self.kept * 100 >= (self.kept + self.failed.len()) * percent
    }
}

/// Tries a relation at all positions. Those that are `soft` need not keep it: nothing adds up in a column of
/// ratios. `cost` is what the relation has to make up for.
pub(super) fn everywhere(view: &View<'_>, shape: Shape, cost: i64, soft: &[bool]) -> TrialResult {
    let hit = match shape.kind {
        RelationKind::Difference => shape.parts[0],
        _ => shape.total,
    };
    let spread = spread_of(view, &shape, hit);
    let mut trials: Vec<(usize, Trial)> = (0..view.positions)
        .map(|position| (position, at(view, &shape, spread, position, None)))
        .filter(|(_, trial)| *trial != Trial::Nothing)
        .filter(|(position, trial)| *trial != Trial::Failed || !soft.get(*position).copied().unwrap_or(false))
        .collect();
    let strong = |trial: &Trial| matches!(trial, Trial::Held { strong: true, .. });
    let is_exact = |trial: &Trial| matches!(trial, Trial::Held { strong: true, exact: true, .. });
    let (strongs, exact) =
        (trials.iter().filter(|(_, t)| strong(t)).count(), trials.iter().filter(|(_, t)| is_exact(t)).count());
    // Where nearly all trials are exact, nothing was rounded, and the one that is nearly right is wrong.
    let rounds = exact < 6 || exact * 10 < strongs * 9;
    // Two tables on one sheet: a relation of one of them is not broken by the rows of the other.
    let (first, last) = (
        trials.iter().position(|(_, trial)| strong(trial)).unwrap_or(0),
        trials.iter().rposition(|(_, trial)| strong(trial)).map_or(0, |at| at + 1),
    );
    // What one part alone always makes up is equal to it; where it is now this part, now that, they add up.
    let mut alone: HashMap<usize, usize> = HashMap::new();
    for (_, trial) in &trials {
        if let Trial::Held { only: Some(part), .. } = trial {
            *alone.entry(*part).or_default() += 1;
        }
    }
    let dominant = alone.iter().max_by_key(|(part, times)| (**times, **part)).map(|(part, _)| *part);
    let outside = trials[..first].iter().chain(&trials[last.max(first)..]).filter(|(_, t)| *t == Trial::Failed).count();
    let mut score = -cost;
    if outside > 2 && last > first {
        trials.truncate(last);
        trials.drain(..first);
        score -= 2 * evidence::cost(view.positions);
    }
    let mut found = TrialResult {
        shape,
        held: Vec::new(),
        kept: 0,
        strong: 0,
        exact,
        failed: Vec::new(),
        loose: Vec::new(),
        score,
        cost,
        reach: Reach::Beside,
    };
    for (position, trial) in trials {
        match trial {
            Trial::Nothing => {}
            Trial::Trivial => found.held.push(position),
            Trial::Held { exact: false, strong: true, .. } if !rounds => {
                found.failed.push(position);
                found.loose.push(position);
            }
            Trial::Held { strong, bits, only, .. } => {
                found.held.push(position);
                found.kept += 1;
                found.strong += usize::from(strong);
                match only {
                    None => found.score += bits,
                    Some(_) if only != dominant => found.score += (bits - 1).max(0),
                    Some(_) => {}
                }
            }
            Trial::Failed => found.failed.push(position),
        }
    }
    found.score -= evidence::misses(found.failed.len(), found.kept + found.failed.len());
    found
}
