//! Judges the rules of a catalogue. Every comparison is decided on intervals: it is broken only
//! where no values that print as the cells do could keep it.

mod cells;
mod constraints;
mod quantity;
mod subjects;

use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

use quantity::{Band, Quantity, within};
pub(super) use subjects::{each_subject, subjects};

use super::{Context, constraints::interval, members::Members};
use crate::{
    model::{
        catalogue::{
            Catalogue, MeasureId,
            rule::{Absent, Condition, Linear, Operand, Relation, Rule, Value},
        },
        reading::{Key, Raw, Reading, Record, Value as Content},
    },
    values::{
        number::{Decimal, Interval, Nothing, Rational},
        text,
        unit::Unit,
    },
};

/// Whether a condition is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Truth {
    /// Some values that print as the cells do keep it.
    can_hold: bool,
    /// Some do not.
    can_fail: bool,
    /// Whether all that was needed was there.
    known: bool,
}

impl Truth {
    const UNKNOWN: Self = Self { can_hold: true, can_fail: true, known: false };

    const fn of(holds: bool) -> Self {
        Self { can_hold: holds, can_fail: !holds, known: true }
    }

    const fn not(self) -> Self {
        Self { can_hold: self.can_fail, can_fail: self.can_hold, known: self.known }
    }

    fn and(self, other: Self) -> Self {
        let (can_hold, can_fail) = (self.can_hold && other.can_hold, self.can_fail || other.can_fail);
        // One that cannot hold decides it, whatever the other would have been.
        Self { can_hold, can_fail, known: !can_hold || (self.known && other.known) }
    }

    fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }
}

/// A rule, for one measure and the whole or one member.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    pub cx: &'a Context<'a>,
    pub rule: &'a Rule,
    /// Measure of operands that name none.
    pub measure: Option<MeasureId>,
    pub member: Option<Arc<str>>,
    members: &'a Members,
    /// The plain row of the member, where it is at hand, and that in the period before.
    row: Option<Record<'a>>,
    row_before: Option<Record<'a>>,
}

/// A cell that an operand means.
#[derive(Clone, Debug)]
pub(super) struct OperandCell<'a> {
    /// What it is a value of, in the catalogue of this period.
    pub key: Key,
    pub previous: bool,
    pub reading: Option<&'a Reading>,
}

/// The piece of a rule that makes it broken.
#[derive(Debug)]
pub(super) enum Broken<'a> {
    Compare(&'a Value, Relation, &'a Value),
    OneOf(&'a Value, &'a [Value]),
    Missing(&'a Operand),
    Present(&'a Operand),
    Numeric(&'a Operand),
    /// Several pieces together.
    Whole,
}

impl OperandCell<'_> {
    /// Whether it says something; "-" and "…" do.
    pub(super) fn is_there(&self) -> bool {
        self.reading.is_some_and(|r| r.value != Content::Nothing(Nothing::Blank))
    }

    /// The text it shows, folded.
    fn text(&self) -> Option<String> {
        self.reading.filter(|_| self.is_there()).map(|r| text::fold(r.origin.raw.text().trim()))
    }
}

impl<'a> Subject<'a> {
    /// Whether the rule is kept; `None` where it cannot be evaluated.
    pub(super) fn is_kept(&self) -> Option<bool> {
        // Where all but one figure are absent there is nothing to compare.
        if self.rule.absent == Absent::Zero && !asks_presence(&self.rule.that) {
            let operands: BTreeSet<Operand> = self.rule.that.operands().into_iter().collect();
            let several = operands.len() > 1 || operands.iter().any(|operand| operand.members);
            let mut there = 0;
            for operand in operands.iter().filter(|_| several) {
                self.each_cell(operand, |cell| {
                    there += usize::from(cell.is_there());
                    (there < 2).then_some(())
                });
            }
            if several && there < 2 {
                return None;
            }
        }
        let truth = self.truth(&self.rule.that);
        truth.known.then_some(truth.can_hold)
    }

    /// What the cells of an operand come to; `None` where one is missing or there are none. Of plain rows
    /// only how many numbers there are of so many decimals matters, and their sum.
    fn sum_of(&self, operand: &Operand) -> Option<Quantity> {
        if !operand.members {
            return Self::total(self.cells(operand).iter().map(|cell| self.quantity(cell)));
        }
        let measure = operand.measure.or(self.measure)?;
        // Where it is open which members there are, their sum says nothing.
        if !operand.previous && self.cx.dataset.is_doubtful(operand.indicator, measure) {
            return None;
        }
        let irregular: Vec<OperandCell<'_>> = self.irregular_cells(operand, measure);
        let mut pieces: Vec<Option<Quantity>> = irregular.iter().map(|cell| self.quantity(cell)).collect();
        let (dataset, indicator, at) = match self.dataset_of(operand, measure) {
            Some(found) if found.0.plain_rows() > 0 => found,
            Some(_) | None => return Self::total(pieces.into_iter()),
        };
        let total = dataset.plain_total(indicator, at);
        if total.blank > 0 {
            pieces.push((self.rule.absent == Absent::Zero).then(|| Quantity::exact(Rational::ZERO)));
        }
        pieces.extend(total.by_decimals.iter().map(|(decimals, (count, sum))| {
            let last = Decimal::new(1, *decimals);
            let sample = dataset.plain_sample(indicator, at, last)?;
            let key = Key { indicator: operand.indicator, measure, member: None };
            let one = self.quantity(&OperandCell { key, previous: operand.previous, reading: Some(&sample) })?;
            let count = Rational::from(i64::try_from(*count).ok()?);
            let factor = one.point.as_ref()?.checked_div(&Rational::from(last))?;
            let rest = sum - &(&count * &Rational::from(last));
            Some(one.scale(&count).add(&Quantity::exact(&rest * &factor)))
        }));
        Self::total(pieces.into_iter())
    }

    /// What a cell is worth, in the unit of the indicator in this period's catalogue.
    fn quantity(&self, cell: &OperandCell<'_>) -> Option<Quantity> {
        let zero = || (self.rule.absent == Absent::Zero).then(|| Quantity::exact(Rational::ZERO));
        let Some(reading) = cell.reading else {
            // Without a previous period nothing of it is absent: nobody looked.
            return if cell.previous && self.cx.previous.is_none() { None } else { zero() };
        };
        let catalogue: &Catalogue =
            if cell.previous { self.cx.previous.as_ref()?.catalogue } else { self.cx.catalogue };
        let quantity = match &reading.value {
            Content::Number(number) => {
                Quantity { point: Some(Rational::from(*number)), band: interval(catalogue, reading)?.into() }
            }
            Content::Bound(op, at) => Quantity { point: None, band: Band::bound(*op, *at)? },
            Content::Range(low, high) => {
                let band = Interval::new((*low).into(), (*high).into(), false, false)?;
                Quantity { point: None, band: band.into() }
            }
            Content::Nothing(Nothing::Blank | Nothing::Dash) => return zero(),
            Content::Nothing(Nothing::Dots | Nothing::Cross | Nothing::Ditto)
            | Content::Text(_)
            | Content::Partial { .. }
            | Content::Unusable => return None,
        };
        let (from, to) =
            (&catalogue.indicator(reading.key.indicator).unit, &self.cx.catalogue.indicator(cell.key.indicator).unit);
        match (cell.previous, from, to) {
            (true, Some(from), Some(to)) => Some(quantity.scale(&from.factor_to(to)?)),
            _ => Some(quantity),
        }
    }

    /// What a value is worth; `None` where something is missing.
    pub(super) fn point(&self, value: &Value) -> Option<Rational> {
        self.value(value)?.point
    }

    fn value(&self, value: &Value) -> Option<Quantity> {
        match value {
            Value::Number(number) => Some(Quantity::exact(number.clone())),
            Value::Text(_) => None,
            Value::Reading(operand) => self.sum_of(operand),
            Value::Negative(inner) => Some(self.value(inner)?.scale(&-&Rational::ONE)),
            Value::Sum(pieces) => Self::total(pieces.iter().map(|(minus, piece)| {
                let piece = self.value(piece)?;
                Some(if *minus { piece.scale(&-&Rational::ONE) } else { piece })
            })),
            Value::Product(pieces) => {
                let mut product = Quantity::exact(Rational::ONE);
                for (divides, piece) in pieces {
                    let piece = self.value(piece)?;
                    product = if *divides { product.over(&piece)? } else { product.times(&piece)? };
                }
                Some(product)
            }
            Value::Absolute(inner) => self.value(inner)?.abs(),
            Value::Least(values) => self.fold(values, Quantity::min),
            Value::Greatest(values) => self.fold(values, Quantity::max),
            Value::Count(operands) => {
                if operands.iter().any(|o| o.previous) && self.cx.previous.is_none() {
                    return None;
                }
                let mut there = 0;
                for operand in operands {
                    self.each_cell(operand, |cell| {
                        there += usize::from(cell.is_there());
                        Some(())
                    });
                }
                Some(Quantity::exact(i64::try_from(there).ok()?.into()))
            }
            Value::CountWhere { of, when, .. } => self.count_where(of, when),
            Value::Median(values) => Quantity::median(&self.listed(values)?),
            Value::Length(operand) => {
                let cell = self.first_cell(operand)?;
                let reading = cell.reading.filter(|_| cell.is_there())?;
                let shown = match reading.origin.raw {
                    Raw::Number(number) => number.exact().ok()?.normalize().to_string(),
                    Raw::Blank | Raw::Text(_) => reading.origin.raw.text().trim().to_owned(),
                };
                let count = shown.chars().filter(|c| !text::is_ignorable(*c)).count();
                Some(Quantity::exact(i64::try_from(count).ok()?.into()))
            }
            Value::Digits(operand) => {
                let number = self.first_cell(operand).as_ref()?.reading?.number()?;
                let digits = number.trunc().abs().normalize().to_string().len();
                Some(Quantity::exact(i64::try_from(digits).ok()?.into()))
            }
            Value::Decimals(operand) => {
                let reading = self.first_cell(operand).as_ref()?.reading?;
                reading.number()?;
                Some(Quantity::exact(i64::from(reading.decimals.max(0)).into()))
            }
        }
    }

    /// How many members keep a condition: of those that some values behind the printed ones keep it and
    /// others do not, none or all may.
    fn count_where(&self, of: &Operand, when: &Condition) -> Option<Quantity> {
        if of.previous && self.cx.previous.is_none() {
            return None;
        }
        let (mut sure, mut possible) = (0i64, 0i64);
        self.each_cell(of, |cell| {
            if cell.is_there() {
                let member = cell.key.member.clone();
                let own =
                    Subject { member, measure: of.measure.or(self.measure), row: None, row_before: None, ..*self };
                let truth = own.truth(when);
                sure += i64::from(truth.known && !truth.can_fail);
                possible += i64::from(truth.can_hold);
            }
            Some(())
        });
        let band = Interval::new(sure.into(), possible.into(), false, false)?.into();
        Some(Quantity { point: (sure == possible).then(|| sure.into()), band })
    }

    /// Every figure of a list; `None` where one is missing or there are none.
    fn listed(&self, values: &[Value]) -> Option<Vec<Quantity>> {
        let mut found = Vec::new();
        for value in values {
            if let Value::Reading(operand) = value {
                self.each_cell(operand, |cell| {
                    found.push(self.quantity(cell)?);
                    Some(())
                })?;
            } else {
                found.push(self.value(value)?);
            }
        }
        (!found.is_empty()).then_some(found)
    }

    /// All of them added; `None` where one is missing or there are none.
    fn total(pieces: impl Iterator<Item = Option<Quantity>>) -> Option<Quantity> {
        let pieces: Vec<Quantity> = pieces.collect::<Option<_>>()?;
        pieces.into_iter().reduce(|sum, piece| sum.add(&piece))
    }

    fn fold(&self, values: &[Value], pick: fn(&Quantity, &Quantity) -> Option<Quantity>) -> Option<Quantity> {
        let mut best: Option<Quantity> = None;
        let mut take = |next: Quantity| {
            best = Some(match &best {
                Some(best) => pick(best, &next)?,
                None => next,
            });
            Some(())
        };
        for value in values {
            if let Value::Reading(operand) = value {
                self.each_cell(operand, |cell| take(self.quantity(cell)?))?;
            } else {
                take(self.value(value)?)?;
            }
        }
        best
    }

    fn truth(&self, condition: &Condition) -> Truth {
        match condition {
            Condition::Compare(first, rest) => {
                let mut left = first;
                let mut truth = Truth::of(true);
                for (relation, right) in rest {
                    truth = truth.and(self.compare(left, *relation, right));
                    left = right;
                }
                truth
            }
            Condition::OneOf(value, items) => {
                items.iter().map(|item| self.equals_item(value, item)).fold(Truth::of(false), Truth::or)
            }
            Condition::Not(inner) => self.truth(inner).not(),
            Condition::All(inner) => inner.iter().fold(Truth::of(true), |truth, c| truth.and(self.truth(c))),
            Condition::Any(inner) => inner.iter().fold(Truth::of(false), |truth, c| truth.or(self.truth(c))),
            Condition::If(when, then, otherwise) => {
                let when = self.truth(when);
                let kept = when.not().or(self.truth(then));
                otherwise.as_ref().map_or(kept, |otherwise| kept.and(when.or(self.truth(otherwise))))
            }
            Condition::Missing(operand) => self.presence(operand).not(),
            Condition::Present(operand) => self.presence(operand),
            Condition::Numeric(operand) => match self.first_cell(operand).as_ref() {
                Some(cell) if cell.is_there() => Truth::of(cell.reading.is_some_and(|r| self.is_bare_number(r))),
                Some(_) | None => Truth::UNKNOWN,
            },
            Condition::Unique(operands) => {
                let mut seen = HashSet::new();
                let different = operands.iter().try_for_each(|operand| {
                    self.each_cell(operand, |cell| match Self::identity(cell) {
                        Some(identity) => seen.insert(identity).then_some(()),
                        None => Some(()),
                    })
                });
                if seen.is_empty() { Truth::UNKNOWN } else { Truth::of(different.is_some()) }
            }
        }
    }

    /// Whether a cell holds a number and no words, but for the unit of its indicator: "15x" is none.
    fn is_bare_number(&self, reading: &Reading) -> bool {
        let Raw::Text(text) = &reading.origin.raw else { return reading.number().is_some() };
        let words = text.trim().trim_start_matches(|c: char| !c.is_alphabetic());
        let is_unit = || {
            let own = self.cx.catalogue.indicator(reading.key.indicator).unit.as_ref();
            own.zip(Unit::parse(words)).is_some_and(|(own, written)| own.measures_same(&written))
        };
        reading.number().is_some() && (words.is_empty() || is_unit())
    }

    /// What makes two cells the same: their number, else their text.
    fn identity(cell: &OperandCell<'_>) -> Option<String> {
        match cell.reading.and_then(Reading::number) {
            Some(number) => Some(number.normalize().to_string()),
            None => cell.text(),
        }
    }

    fn presence(&self, operand: &Operand) -> Truth {
        if operand.previous && self.cx.previous.is_none() {
            return Truth::UNKNOWN;
        }
        Truth::of(self.has_cell(operand))
    }

    fn compare(&self, left: &Value, relation: Relation, right: &Value) -> Truth {
        if matches!(relation, Relation::Equals | Relation::Differs) && (self.is_text(left) || self.is_text(right)) {
            let (Some(left), Some(right)) = (self.text(left), self.text(right)) else { return Truth::UNKNOWN };
            return Truth::of((left == right) == (relation == Relation::Equals));
        }
        let Some(difference) = self.difference(left, right) else { return Truth::UNKNOWN };
        match &self.rule.tolerance {
            None => Truth {
                can_hold: difference.band.admits(relation),
                can_fail: difference.band.admits(relation.opposite()),
                known: true,
            },
            Some(tolerance) => match difference.point {
                Some(off) => Truth::of(within(&off, relation, tolerance)),
                None => Truth::UNKNOWN,
            },
        }
    }

    /// The left side less the right one. Where both are linear, each cell is counted once.
    fn difference(&self, left: &Value, right: &Value) -> Option<Quantity> {
        let Some(linear) = Linear::of(left, Relation::Equals, right) else {
            return Some(self.value(left)?.add(&self.value(right)?.scale(&-&Rational::ONE)));
        };
        // An operand that names the measure and one that does not may mean the same cells.
        let mut factors: Vec<(Operand, Rational)> = Vec::new();
        for (operand, factor) in &linear.terms {
            let operand = Operand { measure: operand.measure.or(self.measure), ..operand.clone() };
            let mut is_empty = true;
            self.each_cell(&operand, |_| {
                is_empty = false;
                None
            });
            if is_empty {
                return None;
            }
            match factors.iter_mut().find(|(known, _)| *known == operand) {
                Some((_, sum)) => *sum = &*sum + factor,
                None => factors.push((operand, factor.clone())),
            }
        }
        let mut sum = Quantity::exact(linear.constant);
        for (operand, factor) in factors.iter().filter(|(_, factor)| !factor.is_zero()) {
            sum = sum.add(&self.sum_of(operand)?.scale(factor));
        }
        Some(sum)
    }

    fn equals_item(&self, value: &Value, item: &Value) -> Truth {
        // A cell with words in it is none of the numbers of a list.
        if self.is_text(value) && matches!(item, Value::Number(_)) {
            return Truth::of(false);
        }
        self.compare(value, Relation::Equals, item)
    }

    fn is_text(&self, value: &Value) -> bool {
        let Value::Reading(operand) = value else { return matches!(value, Value::Text(_)) };
        let (mut cells, mut texts) = (0, 0);
        self.each_cell(operand, |cell| {
            cells += 1;
            texts += usize::from(cell.reading.is_some_and(|r| matches!(r.value, Content::Text(_))));
            (cells < 2).then_some(())
        });
        (cells, texts) == (1, 1)
    }

    fn text(&self, value: &Value) -> Option<String> {
        if let Value::Reading(operand) = value {
            let mut text = None;
            self.each_cell(operand, |cell| {
                text = cell.text();
                None
            });
            return text;
        }
        value.text().map(|text| text::fold(text.trim()))
    }

    /// The first piece that makes the rule broken.
    pub(super) fn broken(&self) -> Broken<'a> {
        self.broken_in(&self.rule.that)
    }

    fn broken_in(&self, condition: &'a Condition) -> Broken<'a> {
        match condition {
            Condition::Compare(first, rest) => {
                let mut left = first;
                for (relation, right) in rest {
                    if !self.compare(left, *relation, right).can_hold {
                        return Broken::Compare(left, *relation, right);
                    }
                    left = right;
                }
                Broken::Whole
            }
            Condition::OneOf(value, items) => Broken::OneOf(value, items),
            Condition::All(inner) => inner
                .iter()
                .find(|condition| !self.truth(condition).can_hold)
                .map_or(Broken::Whole, |condition| self.broken_in(condition)),
            Condition::If(when, then, otherwise) => match otherwise {
                Some(otherwise) if !self.truth(when).can_hold => self.broken_in(otherwise),
                Some(_) | None => self.broken_in(then),
            },
            Condition::Missing(operand) => Broken::Missing(operand),
            Condition::Present(operand) => Broken::Present(operand),
            Condition::Numeric(operand) => Broken::Numeric(operand),
            Condition::Not(_) | Condition::Any(_) | Condition::Unique(_) => Broken::Whole,
        }
    }
}

fn asks_presence(condition: &Condition) -> bool {
    match condition {
        Condition::Missing(_) | Condition::Present(_) => true,
        Condition::Compare(..) | Condition::OneOf(..) | Condition::Numeric(_) | Condition::Unique(_) => false,
        Condition::Not(inner) => asks_presence(inner),
        Condition::All(inner) | Condition::Any(inner) => inner.iter().any(asks_presence),
        Condition::If(when, then, otherwise) => {
            asks_presence(when) || asks_presence(then) || otherwise.as_deref().is_some_and(asks_presence)
        }
    }
}

#[cfg(test)]
mod tests;
