//! Readings: values of indicators with all that is known of where they came from.

use std::{collections::HashMap, sync::Arc};

use crate::{
    catalogue::{Catalogue, Indicator, IndicatorId, MeasureId},
    finding::{FileLine, Place},
    number::{BoundOp, Decimal, Interval, Nothing, Printed, Rational},
    unit::Unit,
    workbook::Position,
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

/// Where a reading stands.
#[derive(Clone, Debug)]
pub struct Origin {
    /// File as the user named it.
    pub file: Arc<str>,
    /// Sheet.
    pub sheet: Arc<str>,
    /// Cell.
    pub cell: Position,
    /// What the cell shows.
    pub raw: Arc<str>,
    /// Line of the mapping.
    pub mapping: FileLine,
    /// Typed or computed.
    pub made: Made,
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
    /// Unit as the sheet states it, where it does.
    pub unit: Option<Unit>,
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
            raw: Some(self.origin.raw.clone()),
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
    index: HashMap<Key, Vec<u32>>,
}

impl Dataset {
    /// Indexes readings.
    pub fn new(readings: Vec<Reading>) -> Self {
        let mut index: HashMap<Key, Vec<u32>> = HashMap::new();
        for (at, reading) in (0u32..).zip(&readings) {
            index.entry(reading.key.clone()).or_default().push(at);
        }
        Self { readings, index }
    }

    /// Every reading of a key.
    pub fn all(&self, key: &Key) -> impl Iterator<Item = &Reading> {
        self.index.get(key).into_iter().flatten().map(|at| &self.readings[*at as usize])
    }

    /// The reading that stands for a key: the first that holds a value. Others of the same key are
    /// the business of `conflicting-sources`.
    pub fn get(&self, key: &Key) -> Option<&Reading> {
        self.all(key).find(|r| !matches!(r.value, Value::Nothing(_))).or_else(|| self.all(key).next())
    }

    /// The reading of the whole, not of a member.
    pub fn whole(&self, indicator: IndicatorId, measure: MeasureId) -> Option<&Reading> {
        self.get(&Key { indicator, measure, member: None })
    }

    /// A reading from the same row as another, or the one that stands for the key.
    pub fn beside(&self, reading: &Reading, indicator: IndicatorId, measure: MeasureId) -> Option<&Reading> {
        let key = Key { indicator, measure, member: reading.key.member.clone() };
        self.all(&key).find(|r| r.record == reading.record).or_else(|| self.get(&key))
    }

    /// Keys in a fixed order.
    pub fn keys(&self) -> Vec<&Key> {
        let mut keys: Vec<_> = self.index.keys().collect();
        keys.sort_unstable();
        keys
    }

    /// Readings of one measure in one column of one sheet: the neighbours above and below.
    pub fn same_column<'a>(&'a self, reading: &'a Reading) -> impl Iterator<Item = &'a Reading> {
        self.readings.iter().filter(move |r| {
            r.origin.cell.column == reading.origin.cell.column
                && r.origin.sheet == reading.origin.sheet
                && r.origin.file == reading.origin.file
                && r.origin.cell != reading.origin.cell
        })
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
