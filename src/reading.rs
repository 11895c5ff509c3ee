//! Readings: values of indicators with all that is known of where they came from.

use std::{collections::HashMap, sync::Arc};

use crate::{
    catalogue::{Catalogue, Indicator, IndicatorId, MeasureId},
    finding::{FileLine, Place},
    number::{self, BoundOp, Decimal, Interval, Nothing, Printed, Rational, StoredNumber},
    workbook::{self, Position},
};

/// What a reading is a value of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Indicator.
    pub indicator: IndicatorId,
    /// Measure.
    pub measure: MeasureId,
    /// Village, month or other member; `None` for the whole.
    pub member: Option<Arc<str>>,
}

/// The sign of a bound.
pub const fn sign(op: BoundOp) -> &'static str {
    match op {
        BoundOp::Lt => "<",
        BoundOp::Le => "≤",
        BoundOp::Gt => ">",
        BoundOp::Ge => "≥",
    }
}

/// Whether a value lies on the right side of a bound.
pub fn admits(op: BoundOp, value: &Rational, bound: &Rational) -> bool {
    match op {
        BoundOp::Lt => value < bound,
        BoundOp::Le => value <= bound,
        BoundOp::Gt => value > bound,
        BoundOp::Ge => value >= bound,
    }
}

/// A value, in the unit of its indicator.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number.
    Number(Decimal),
    /// An inequality: `>90`.
    Bound(BoundOp, Decimal),
    /// From one number to another, both included.
    Range(Decimal, Decimal),
    /// One of the four kinds of nothing, or a ditto mark.
    Nothing(Nothing),
    /// Words.
    Text(String),
    /// Something that is no number and was reported where it was read: an error, a date.
    Unusable,
}

/// How a number came to be what the sheet shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// Typed in.
    Typed,
    /// By a formula that keeps every digit.
    Formula,
    /// By a formula that rounds.
    RoundingFormula,
}

/// What a cell holds. Most cells are never shown to anyone, so a number becomes text when it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Raw {
    /// Nothing.
    Blank,
    /// A number.
    Number(StoredNumber),
    /// Anything else, as text.
    Text(Arc<str>),
}

impl Raw {
    /// What a cell of a workbook holds.
    pub fn of(value: Option<workbook::Value<'_>>) -> Self {
        match value {
            None => Self::Blank,
            Some(workbook::Value::Number(number)) => Self::Number(number),
            Some(workbook::Value::Text(text)) => Self::Text(text.into()),
            Some(workbook::Value::Bool(true)) => Self::Text("TRUE".into()),
            Some(workbook::Value::Bool(false)) => Self::Text("FALSE".into()),
            Some(workbook::Value::Date { iso, .. }) => Self::Text(iso.into()),
            Some(workbook::Value::Error(error)) => Self::Text(error.into()),
            Some(workbook::Value::NoResult) => Self::Text("=?".into()),
        }
    }

    /// As a person sees it.
    pub fn text(&self) -> Arc<str> {
        match self {
            Self::Blank => Arc::default(),
            Self::Number(number) => match number.exact() {
                Ok(value) => number::vietnamese(value).into(),
                Err(_) => number.scientific().into(),
            },
            Self::Text(text) => text.clone(),
        }
    }
}

/// Where a reading stands.
#[derive(Clone, Debug)]
pub struct Origin {
    /// File as the user named it.
    pub file: Arc<str>,
    /// Sheet.
    pub sheet: Arc<str>,
    /// Cell.
    pub cell: Position,
    /// What the cell holds.
    pub raw: Raw,
    /// Line of the mapping.
    pub mapping: FileLine,
    /// Typed or computed.
    pub made: Made,
    /// The formula, where there is one.
    pub formula: Option<Arc<str>>,
    /// What was done to the cell's content to get the value, in words; empty when nothing was.
    pub steps: Vec<String>,
}

/// One value of one indicator.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What it is a value of.
    pub key: Key,
    /// The value, in the unit of the indicator.
    pub value: Value,
    /// Size of the last printed digit is 10 to the minus this, in the unit of the indicator. Below 0
    /// for a figure that was converted from a larger unit: 163 triệu is known to 10^6 đồng.
    pub decimals: i32,
    /// Row it shares with other readings: what stands side by side in one sheet.
    pub record: u32,
    /// Whether the sheet marks it as an estimate or a forecast.
    pub forecast: bool,
    /// Where it stands.
    pub origin: Origin,
}

impl Reading {
    /// The number, when it is one.
    pub fn number(&self) -> Option<Decimal> {
        match self.value {
            Value::Number(number) => Some(number),
            Value::Bound(..) | Value::Range(..) | Value::Nothing(_) | Value::Text(_) | Value::Unusable => None,
        }
    }

    /// Where it stands, for a finding.
    pub fn place(&self) -> Place {
        Place {
            file: self.origin.file.clone(),
            sheet: Some(self.origin.sheet.clone()),
            cell: Some(self.origin.cell),
            raw: Some(self.origin.raw.text()),
        }
    }

    /// Every value that prints as this number does (XBRL Calculations 1.1). Counts, money in whole
    /// đồng and numbers that a formula keeps in full are exact; others are rounded at the last
    /// printed digit, or at the digit the catalogue says they are recorded to, if that is finer.
    pub fn interval(&self, indicator: &Indicator) -> Option<Interval> {
        let value = self.number()?;
        if self.is_exact(indicator, value) {
            return Some(Interval::exact(value.into()));
        }
        let recorded = indicator.decimals.and_then(|d| i32::try_from(d).ok());
        let decimals = recorded.map_or(self.decimals, |recorded| self.decimals.max(recorded));
        if let Ok(decimals) = u32::try_from(decimals) {
            return Some(Interval::of(value, decimals, Printed::HalfUp));
        }
        let half = Rational::power_of_ten(-decimals).checked_div(&Rational::from(2))?;
        let value = Rational::from(value);
        Interval::new(&value - &half, &value + &half, false, false)
    }

    /// Decimals as printed, for figures that were not converted.
    pub fn printed_decimals(&self) -> u32 {
        u32::try_from(self.decimals).unwrap_or(0).min(20)
    }

    fn is_exact(&self, indicator: &Indicator, value: Decimal) -> bool {
        indicator.exact.unwrap_or_else(|| {
            self.origin.made == Made::Formula
                || indicator.unit.as_ref().is_some_and(|unit| {
                    (unit.is_count() && value.is_integer()) || unit.is_money_to_the_last(self.decimals)
                })
        })
    }
}

/// All readings of one submission.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    /// In the order of the mapping.
    pub readings: Vec<Reading>,
    /// The first reading of each key of a whole, by number: see [`Dataset::at`]. So nearly all are
    /// found without hashing.
    wholes: Vec<u32>,
    measures: usize,
    /// The first reading of each key of a member.
    members: HashMap<Key, u32, foldhash::fast::RandomState>,
    /// The next reading of the same key, [`NONE`] after the last.
    next: Vec<u32>,
    /// Readings by indicator, and where those of each begin.
    by_indicator: Vec<u32>,
    starts: Vec<u32>,
}

/// No reading.
const NONE: u32 = u32::MAX;

impl Dataset {
    /// Indexes readings.
    pub fn new(readings: Vec<Reading>) -> Self {
        let keys = || readings.iter().map(|reading| &reading.key);
        let measures = keys().map(|key| usize::from(key.measure.0) + 1).max().unwrap_or(0);
        let indicators = keys().map(|key| key.indicator.0 as usize + 1).max().unwrap_or(0);
        let mut wholes = vec![NONE; measures * indicators];
        let of_members = keys().filter(|key| key.member.is_some()).count();
        let mut members = HashMap::with_capacity_and_hasher(of_members, foldhash::fast::RandomState::default());
        let mut next = vec![NONE; readings.len()];
        let mut starts: Vec<u32> = Vec::new();
        // From the last to the first, so that each one finds the one after it.
        for (at, reading) in readings.iter().enumerate().rev() {
            let at = u32::try_from(at).unwrap_or(NONE);
            let first = match &reading.key.member {
                None => {
                    let place = reading.key.indicator.0 as usize * measures + usize::from(reading.key.measure.0);
                    &mut wholes[place]
                }
                Some(_) => members.entry(reading.key.clone()).or_insert(NONE),
            };
            next[at as usize] = std::mem::replace(first, at);
            let indicator = reading.key.indicator.0 as usize;
            if starts.len() < indicator + 2 {
                starts.resize(indicator + 2, 0);
            }
            starts[indicator + 1] += 1;
        }
        for indicator in 1..starts.len() {
            starts[indicator] += starts[indicator - 1];
        }
        let mut ends = starts.clone();
        let mut by_indicator = vec![0; readings.len()];
        for (at, reading) in (0u32..).zip(&readings) {
            let end = &mut ends[reading.key.indicator.0 as usize];
            by_indicator[*end as usize] = at;
            *end += 1;
        }
        Self { readings, wholes, measures, members, next, by_indicator, starts }
    }

    /// The first reading of the whole of an indicator.
    fn at(&self, indicator: IndicatorId, measure: MeasureId) -> u32 {
        let measure = usize::from(measure.0);
        let place = indicator.0 as usize * self.measures + measure;
        if measure < self.measures { self.wholes.get(place).copied().unwrap_or(NONE) } else { NONE }
    }

    /// Every reading of a key.
    pub fn all(&self, key: &Key) -> impl Iterator<Item = &Reading> {
        self.from(match key.member {
            None => self.at(key.indicator, key.measure),
            Some(_) => self.members.get(key).copied().unwrap_or(NONE),
        })
    }

    /// Every reading of an indicator and measure for the same member as a reading.
    fn all_like(
        &self,
        reading: &Reading,
        indicator: IndicatorId,
        measure: MeasureId,
    ) -> impl Iterator<Item = &Reading> {
        self.from(match &reading.key.member {
            None => self.at(indicator, measure),
            member @ Some(_) => {
                self.members.get(&Key { indicator, measure, member: member.clone() }).copied().unwrap_or(NONE)
            }
        })
    }

    /// A reading and those of the same key after it.
    fn from(&self, at: u32) -> impl Iterator<Item = &Reading> {
        let known = |at: u32| (at != NONE).then_some(at);
        std::iter::successors(known(at), move |at| known(self.next[*at as usize])).map(|at| &self.readings[at as usize])
    }

    /// Every reading of an indicator.
    pub fn of(&self, indicator: IndicatorId) -> impl Iterator<Item = &Reading> {
        let end = |at: usize| self.starts.get(at).copied().unwrap_or(*self.starts.last().unwrap_or(&0)) as usize;
        let at = indicator.0 as usize;
        self.by_indicator[end(at)..end(at + 1)].iter().map(|at| &self.readings[*at as usize])
    }

    /// Keys with more than one reading, in a fixed order.
    pub fn repeated(&self) -> Vec<&Key> {
        let repeats = self.readings.iter().zip(&self.next).filter(|(_, next)| **next != NONE);
        let mut keys: Vec<_> = repeats.map(|(reading, _)| &reading.key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The reading that stands for a key: the first that holds a value. Others of the same key are
    /// the business of `conflicting-sources`.
    pub fn get(&self, key: &Key) -> Option<&Reading> {
        standing(|| self.all(key))
    }

    /// The same of another indicator or measure, for the same member as a reading.
    pub fn like(&self, reading: &Reading, indicator: IndicatorId, measure: MeasureId) -> Option<&Reading> {
        standing(|| self.all_like(reading, indicator, measure))
    }

    /// The reading of the whole, not of a member.
    pub fn whole(&self, indicator: IndicatorId, measure: MeasureId) -> Option<&Reading> {
        standing(|| self.from(self.at(indicator, measure)))
    }

    /// A reading from the same row as another, or the one that stands for the key.
    pub fn beside(&self, reading: &Reading, indicator: IndicatorId, measure: MeasureId) -> Option<&Reading> {
        let beside = self.all_like(reading, indicator, measure).find(|r| r.record == reading.record);
        beside.or_else(|| self.like(reading, indicator, measure))
    }
}

/// The first of the readings of a key that holds a value, else the first.
fn standing<'a, I: Iterator<Item = &'a Reading>>(readings: impl Fn() -> I) -> Option<&'a Reading> {
    readings().find(|r| !matches!(r.value, Value::Nothing(_))).or_else(|| readings().next())
}

/// What the same office reported for the period before: figures are looked up by the ids of their
/// indicator and measure.
#[derive(Clone, Copy, Debug)]
pub struct Previous<'a> {
    /// The catalogue of that period.
    pub catalogue: &'a Catalogue,
    /// Its readings.
    pub dataset: &'a Dataset,
}

impl<'a> Previous<'a> {
    /// The figure of a key of this period's catalogue, and its value in the unit that has there.
    pub fn figure(self, catalogue: &Catalogue, key: &Key) -> Option<(&'a Reading, Rational)> {
        let own = catalogue.indicator(key.indicator);
        let indicator = self.catalogue.find(&own.id)?;
        let measure = self.catalogue.find_measure(&catalogue.measure(key.measure).id)?;
        let then = self.dataset.get(&Key { indicator, measure, member: key.member.clone() })?;
        let value = Rational::from(then.number()?);
        match (&self.catalogue.indicator(indicator).unit, &own.unit) {
            (Some(from), Some(to)) => Some((then, &value * &from.factor_to(to)?)),
            (None, _) | (_, None) => Some((then, value)),
        }
    }
}

/// The name of a measure of an indicator, for messages: `"Đàn trâu" (Kế hoạch)`.
pub fn describe(catalogue: &Catalogue, key: &Key) -> String {
    let label = &catalogue.indicator(key.indicator).label;
    match &key.member {
        Some(member) => format!("\"{label}\" – {member}"),
        None => format!("\"{label}\""),
    }
}
