//! Readings: values of indicators with all that is known of where they came from.

mod dataset;
mod recalculate;
mod rows;
mod shown;
mod statement;
mod step;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use dataset::{Dataset, Disagreement};
pub(crate) use dataset::{Names, Record};
pub(crate) use recalculate::recalculate;
pub(crate) use rows::{ColumnTotal, PlainColumn, PlainTable};
pub use shown::Shown;
pub use statement::{FormException, FormLine, FormShape, FormStatement};
pub use step::{Evidence, Step};

use crate::{
    model::{
        catalogue::{Catalogue, Indicator, IndicatorId, MeasureId},
        finding::{FileLine, Place},
        workbook::{self, Position},
    },
    values::{
        number::{self, BoundOp, Decimal, Interval, Nothing, Printed, Rational, StoredNumber},
        unit::Unit,
    },
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
    /// What the members that state a number add up to, where others do not: no whole, so nothing is
    /// judged by it.
    Partial {
        /// The sum of those that are there.
        sum: Decimal,
        /// How many lack.
        lacking: u32,
        /// How many of them may not belong to it: one stands there twice, or nobody knows it.
        spare: u32,
        /// Of how many.
        of: u32,
    },
    /// Something that is no number and was reported where it was read: an error, a date.
    Unusable,
}

/// What a form says beside a sum of which members lack, or that others may not belong to.
pub fn shortfall(lacking: u32, spare: u32, of: u32) -> String {
    let lacks = (lacking > 0).then(|| format!("thiếu {lacking}/{of}"));
    let doubts = (spare > 0).then(|| format!("chưa rõ {spare}/{of}"));
    lacks.into_iter().chain(doubts).collect::<Vec<_>>().join(", ")
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
    /// By this program: no cell states it.
    Derived {
        /// From what.
        by: Relation,
        /// Whether nothing else gives it too.
        alone: bool,
    },
}

/// What ties an indicator to others, as its catalogue declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Relation {
    /// It is the sum of its parts, by the place of their list.
    Parts(u16),
    /// It is the product of its factors.
    Product,
    /// It is a share of its whole.
    Share,
}

impl Relation {
    /// Name in the tidy table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parts(_) => "parts",
            Self::Product => "product",
            Self::Share => "share",
        }
    }
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

    /// Appends what [`text`](Self::text) gives.
    pub(crate) fn push_to(&self, out: &mut String) {
        match self {
            Self::Blank => {}
            Self::Number(number) => match number.exact() {
                Ok(value) => number::push_vietnamese(out, value),
                Err(_) => out.push_str(&number.scientific()),
            },
            Self::Text(text) => out.push_str(text),
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
    /// The unit that the sheet states for it outside its cell, and where.
    pub unit: Option<(Arc<Unit>, Position)>,
    /// Typed or computed.
    pub made: Made,
    /// The formula, where there is one.
    pub formula: Option<Arc<str>>,
    /// What the formula gives for the cells as they stand, where that is known.
    pub computation: Option<Box<Computation>>,
    /// What was done to the cell's content to get the value; empty when nothing was.
    pub steps: Vec<Step>,
    /// The cells of a figure that no cell states: it was added up from these. `cell` is then the
    /// first of them, and `raw` nothing.
    pub addends: Vec<Place>,
}

impl Origin {
    /// A cell of a sheet of a file, with nothing to it but what it holds.
    pub fn plain((file, sheet, cell): (Arc<str>, Arc<str>, Position), raw: Raw, mapping: FileLine, made: Made) -> Self {
        Self {
            file,
            sheet,
            cell,
            raw,
            mapping,
            unit: None,
            made,
            formula: None,
            computation: None,
            steps: Vec::new(),
            addends: Vec::new(),
        }
    }
}

/// What a formula gives for the cells as they stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Computation {
    /// Its result, in full or with six decimals.
    pub result: Decimal,
    /// Whether the file stores another one.
    pub is_stale: bool,
    /// Numbers typed as text that its sums leave out.
    pub skipped: Vec<(Position, Decimal)>,
    /// Cells within its sums that sum others up themselves.
    pub subtotals: Vec<(Position, Decimal)>,
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
    /// What its cell draws, where that is more or less than what it stores.
    pub shown: Option<Shown>,
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
            Value::Bound(..)
            | Value::Range(..)
            | Value::Nothing(_)
            | Value::Text(_)
            | Value::Partial { .. }
            | Value::Unusable => None,
        }
    }

    /// What it was made by, where it follows from other indicators and no cell states it. That relation
    /// cannot speak for it.
    pub fn derived_by(&self) -> Option<Relation> {
        match self.origin.made {
            Made::Derived { by, .. } => Some(by),
            Made::Typed | Made::Formula | Made::RoundingFormula => None,
        }
    }

    /// The cells it comes from: its own, or those that were added up.
    pub fn places(&self) -> Vec<Place> {
        if self.origin.addends.is_empty() { vec![self.place()] } else { self.origin.addends.clone() }
    }

    /// The cells it comes from as one text: `lua.xlsx [Vụ xuân] E5, E7; lua-b.xlsx [Vụ xuân] E5`. The
    /// name of a file, or its whole path.
    pub fn origins(&self, whole_path: bool) -> String {
        let mut text = String::new();
        let mut last = None;
        for place in self.places() {
            let cell = place.cell.map(|cell| cell.to_string()).unwrap_or_default();
            let at = (place.file.clone(), place.sheet.clone());
            if last.as_ref() == Some(&at) {
                text.push_str(", ");
            } else {
                let file = if whole_path { &*place.file } else { workbook::file_name(&place.file) };
                let sheet = place.sheet.as_deref().map(|sheet| format!(" [{sheet}]")).unwrap_or_default();
                let between = if text.is_empty() { "" } else { "; " };
                text.push_str(&format!("{between}{file}{sheet} "));
                last = Some(at);
            }
            text.push_str(&cell);
        }
        text
    }

    /// Where it stands, for a finding: a cell, or the sheet or file of what was added up.
    pub fn place(&self) -> Place {
        if let Some(first) = self.origin.addends.first() {
            let in_sheet =
                self.origin.addends.iter().all(|place| (&place.file, &place.sheet) == (&first.file, &first.sheet));
            return Place {
                file: first.file.clone(),
                sheet: first.sheet.clone().filter(|_| in_sheet),
                cell: None,
                raw: None,
            };
        }
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
    ///
    /// A figure is known to the finer of what it stores and what its cell draws. Where that is fewer
    /// digits than are stored, it may stand for either: what is drawn is what was signed. What the
    /// catalogue says outranks both.
    pub fn interval(&self, indicator: &Indicator) -> Option<Interval> {
        let value = self.number()?;
        if self.derived_by().is_some() {
            // It was made from figures that may be rounded, whatever it is recorded to.
            let is_whole = self.decimals >= 0 && is_point(indicator, value, self.decimals);
            return if is_whole { Some(Interval::exact(value.into())) } else { around(value, self.decimals, false) };
        }
        let declared = indicator.decimals.is_some() || indicator.exact.is_some();
        let shown = self.shown.filter(|_| !declared);
        let decimals = match shown {
            Some(shown) if shown.value == value => self.decimals.max(shown.decimals),
            Some(_) | None => self.decimals,
        };
        let stored = self.interval_of(indicator, value, decimals)?;
        let Some(shown) = shown.filter(|shown| shown.value != value) else { return Some(stored) };
        let drawn = if is_point(indicator, shown.value, shown.decimals) {
            Interval::exact(shown.value.into())
        } else {
            // What a cell draws is rounded by the program, whatever the office does.
            around(shown.value, shown.decimals, false)?
        };
        let low = stored.low().min(drawn.low()).clone();
        Interval::new(low, stored.high().max(drawn.high()).clone(), false, false)
    }

    fn interval_of(&self, indicator: &Indicator, value: Decimal, decimals: i32) -> Option<Interval> {
        let exact = indicator.exact.unwrap_or_else(|| {
            (self.origin.made == Made::Formula && value.is_integer()) || is_point(indicator, value, decimals)
        });
        if exact {
            return Some(Interval::exact(value.into()));
        }
        if self.is_computed() {
            return self.computed_interval();
        }
        let recorded = indicator.decimals.and_then(|d| i32::try_from(d).ok());
        around(value, recorded.map_or(decimals, |recorded| decimals.max(recorded)), indicator.cut)
    }

    /// Whether it comes from a computation and not from a keyboard: by a formula that keeps every
    /// digit, or with more digits than anybody types.
    pub fn is_computed(&self) -> bool {
        let digits = || self.number().is_some_and(|value| number::digits(value) >= COMPUTED_DIGITS);
        self.origin.made == Made::Formula || digits()
    }

    /// What a computed figure stands for: a program computes in binary, and what it stores is off by
    /// half its last digit, or by a billionth of what went into it.
    pub fn computed_interval(&self) -> Option<Interval> {
        let value = self.number()?;
        let slack = computed_slack(&value.into()).max(half_digit(i32::try_from(value.normalize().scale()).ok()?)?);
        let value = Rational::from(value);
        Interval::new(&value - &slack, &value + &slack, false, false)
    }

    /// Decimals as printed, for figures that were not converted.
    pub fn printed_decimals(&self) -> u32 {
        let decimals = match self.shown {
            Some(shown) if self.number() == Some(shown.value) => self.decimals.max(shown.decimals),
            Some(_) | None => self.decimals,
        };
        u32::try_from(decimals).unwrap_or(0).min(20)
    }

    /// What its cell draws, where digits are left away.
    pub fn drawn(&self) -> Option<Shown> {
        self.shown.filter(|shown| self.number().is_some_and(|value| value != shown.value))
    }
}

/// Fewest significant digits of a number that nobody typed.
const COMPUTED_DIGITS: u32 = 12;

/// How far off a computation may be whose largest operand this is.
pub fn computed_slack(largest: &Rational) -> Rational {
    &largest.abs() * &Rational::power_of_ten(-9)
}

fn half_digit(decimals: i32) -> Option<Rational> {
    Rational::power_of_ten(-decimals).checked_div(&Rational::from(2))
}

/// Every value that prints as this one with so many decimals, rounded or cut off.
fn around(value: Decimal, decimals: i32, cut: bool) -> Option<Interval> {
    if let Ok(decimals) = u32::try_from(decimals) {
        return Some(Interval::of(value, decimals, if cut { Printed::Truncated } else { Printed::HalfUp }));
    }
    if cut {
        // Thousands that were converted to units.
        let unit = Rational::power_of_ten(-decimals);
        return Interval::cut(&value.into(), &unit);
    }
    let half = half_digit(decimals)?;
    let value = Rational::from(value);
    Interval::new(&value - &half, &value + &half, false, false)
}

/// What a cell stands for that no reading tells of: a column that no mapping takes, or a plain row. Of an
/// indicator that is not known nothing is exact.
pub(crate) fn stands_for(indicator: Option<&Indicator>, value: Decimal, is_formula: bool) -> Option<Interval> {
    let decimals = i32::try_from(value.scale()).unwrap_or(0);
    let of_indicator = indicator.is_some_and(|own| own.exact.unwrap_or_else(|| is_point(own, value, decimals)));
    if of_indicator || (is_formula && value.is_integer()) {
        return Some(Interval::exact(value.into()));
    }
    if is_formula || number::digits(value) >= COMPUTED_DIGITS {
        let exact = Rational::from(value);
        let slack = computed_slack(&exact).max(half_digit(decimals)?);
        return Interval::new(&exact - &slack, &exact + &slack, false, false);
    }
    let recorded = indicator.and_then(|own| own.decimals).and_then(|d| i32::try_from(d).ok());
    around(value, recorded.map_or(decimals, |recorded| decimals.max(recorded)), indicator.is_some_and(|own| own.cut))
}

/// Whether a number of this indicator stands for itself alone: a count, or money in whole đồng.
fn is_point(indicator: &Indicator, value: Decimal, decimals: i32) -> bool {
    let unit = indicator.unit.as_ref();
    unit.is_some_and(|unit| (unit.is_count() && value.is_integer()) || unit.is_money_to_the_last(decimals))
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
    /// The figure of a key of this period's catalogue, and its value in the unit that has there. It is
    /// held: many are compared by `Lookup`.
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
