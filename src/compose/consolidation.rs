//! Many submissions of one catalogue as one table: a block of columns a submission, and one for
//! all of them together.
//!
//! Amounts add up, rates never do: a rate of all is computed again from the totals that it is made
//! of, weighted by what the catalogue says, or left out. Ratios, shares and verdicts of all follow
//! from the totals like those of anyone else. What a submission lacks is shown as missing, and
//! named below the table.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use crate::{
    model::{
        catalogue::{Across, Catalogue, FormCell, FormLine, IndicatorId, MeasureId, MeasureKind},
        finding::{FileLine, Place},
        reading::{Dataset, Key, Made, Origin, Raw, Reading, Step, Value, shortfall},
        workbook::Position,
    },
    values::{
        language::Language,
        number::{BoundOp, Decimal, Nothing, Rational, Rounding},
    },
};

/// So many remarks on missing figures stand below the table.
const MOST_REMARKS: usize = 30;
/// So many submissions are named in one of them.
const MOST_NAMED: usize = 6;
/// The cell of what no cell states.
const FIRST: Position = Position::new(0, 0);
/// What stands in the cell of a figure that a submission lacks.
const MISSING: &str = "thiếu";

/// What the table takes of a submission. It is small, and can be sent from a process to another.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SubmissionPart {
    /// Id of its catalogue.
    pub catalogue: Arc<str>,
    /// Id of the outermost catalogue that this extends: what submissions must have in common.
    pub base: Arc<str>,
    /// The period of its catalogue.
    pub period: String,
    /// Tells the text of its catalogue, and of what that extends, from any other.
    pub form: Arc<str>,
    /// Ids that the figures name by their places here; catalogues of one base number them differently.
    indicators: Vec<Arc<str>>,
    measures: Vec<Arc<str>>,
    figures: Vec<Figure>,
}

/// A figure of the whole submission.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Figure {
    indicator: u32,
    measure: u16,
    value: Said,
    decimals: i32,
    forecast: bool,
    typed: bool,
    place: Place,
    mapping: FileLine,
    steps: Vec<Step>,
}

/// A value, with decimals as text.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Said {
    Number(String),
    Less(String),
    AtMost(String),
    More(String),
    AtLeast(String),
    Range(String, String),
    Dash,
    Dots,
    Cross,
    Text(String),
}

impl Said {
    fn of(value: &Value) -> Option<Self> {
        let text = |number: &Decimal| number.to_string();
        Some(match value {
            Value::Number(number) => Self::Number(text(number)),
            Value::Bound(BoundOp::Lt, at) => Self::Less(text(at)),
            Value::Bound(BoundOp::Le, at) => Self::AtMost(text(at)),
            Value::Bound(BoundOp::Gt, at) => Self::More(text(at)),
            Value::Bound(BoundOp::Ge, at) => Self::AtLeast(text(at)),
            Value::Range(low, high) => Self::Range(text(low), text(high)),
            Value::Nothing(Nothing::Dash) => Self::Dash,
            Value::Nothing(Nothing::Dots) => Self::Dots,
            Value::Nothing(Nothing::Cross) => Self::Cross,
            Value::Text(words) => Self::Text(words.clone()),
            Value::Partial { sum, lacking, spare, of } => Self::Text(format!(
                "{} ({})",
                crate::values::number::vietnamese(*sum),
                shortfall(*lacking, *spare, *of)
            )),
            Value::Nothing(Nothing::Blank | Nothing::Ditto) | Value::Unusable => return None,
        })
    }

    fn value(&self) -> Option<Value> {
        let number = |text: &String| text.parse::<Decimal>().ok();
        Some(match self {
            Self::Number(text) => Value::Number(number(text)?),
            Self::Less(text) => Value::Bound(BoundOp::Lt, number(text)?),
            Self::AtMost(text) => Value::Bound(BoundOp::Le, number(text)?),
            Self::More(text) => Value::Bound(BoundOp::Gt, number(text)?),
            Self::AtLeast(text) => Value::Bound(BoundOp::Ge, number(text)?),
            Self::Range(low, high) => Value::Range(number(low)?, number(high)?),
            Self::Dash => Value::Nothing(Nothing::Dash),
            Self::Dots => Value::Nothing(Nothing::Dots),
            Self::Cross => Value::Nothing(Nothing::Cross),
            Self::Text(words) => Value::Text(words.clone()),
        })
    }
}

impl SubmissionPart {
    /// Takes what the form of the catalogue shows of a submission.
    pub fn of(catalogue: &Catalogue, dataset: &Dataset) -> Self {
        let (stated, needed) = (stated(catalogue), needed(catalogue));
        let mut figures = Vec::new();
        for (id, _) in catalogue.iter().filter(|(id, _)| needed.contains(id)) {
            for measure in &stated {
                // What no office states is missing, and not to be signed by another one unmarked.
                let stated = dataset.whole(id, *measure).filter(|reading| reading.derived_by().is_none());
                let Some(reading) = stated else { continue };
                let Some(value) = Said::of(&reading.value) else { continue };
                figures.push(Figure {
                    indicator: id.0,
                    measure: measure.0,
                    value,
                    decimals: reading.decimals,
                    forecast: reading.forecast,
                    typed: reading.origin.made == Made::Typed,
                    place: reading.place(),
                    mapping: reading.origin.mapping.clone(),
                    steps: reading.origin.steps.clone(),
                });
            }
        }
        Self {
            catalogue: catalogue.id.clone(),
            base: catalogue.base.clone(),
            period: catalogue.period.to_string(),
            form: Arc::default(),
            indicators: catalogue.indicators.iter().map(|indicator| indicator.id.clone()).collect(),
            measures: catalogue.measures.iter().map(|measure| measure.id.clone()).collect(),
            figures,
        }
    }

    /// Says of which text the catalogue is.
    #[must_use]
    pub fn of_form(self, form: Arc<str>) -> Self {
        Self { form, ..self }
    }

    /// Keeps texts once that many figures have in common: from another process each came with its
    /// own.
    pub fn share(&mut self, texts: &mut HashSet<Arc<str>>) {
        let mut share = |text: &mut Arc<str>| match texts.get(&**text) {
            Some(known) => text.clone_from(known),
            None => {
                texts.insert(text.clone());
            }
        };
        self.indicators.iter_mut().chain(&mut self.measures).for_each(&mut share);
        for text in [&mut self.catalogue, &mut self.base, &mut self.form] {
            share(text);
        }
        for figure in &mut self.figures {
            share(&mut figure.place.file);
            share(&mut figure.mapping.file);
            figure.place.sheet.as_mut().map(&mut share);
            figure.place.raw.as_mut().map(&mut share);
        }
        self.figures.shrink_to_fit();
    }
}

/// The indicators that the table shows or asks for, and those that its totals are made of, which may
/// stand in no row of the form.
fn needed(catalogue: &Catalogue) -> HashSet<IndicatorId> {
    let shown = catalogue.lines().into_iter().filter_map(|line| match line {
        FormLine::Indicator(id) => Some(id),
        FormLine::Section(_) => None,
    });
    let asked = catalogue.iter().filter(|(_, indicator)| indicator.required).map(|(id, _)| id);
    let mut needed: HashSet<IndicatorId> = shown.chain(asked).collect();
    loop {
        let before = needed.len();
        for (id, indicator) in catalogue.iter() {
            if let Some(product) = &indicator.product
                && (needed.contains(&id) || product.factors.iter().any(|factor| needed.contains(factor)))
            {
                needed.insert(id);
                needed.extend(&product.factors);
            }
            if needed.contains(&id) {
                needed.extend(indicator.whole);
                if let Across::Weighted(weight) = indicator.across {
                    needed.insert(weight);
                }
            }
        }
        if needed.len() == before {
            return needed;
        }
    }
}

/// The measures that are stated and not computed.
fn stated(catalogue: &Catalogue) -> Vec<MeasureId> {
    catalogue.iter_measures().filter(|(_, measure)| measure.is_base()).map(|(id, _)| id).collect()
}

/// A table that grows submission by submission.
#[derive(Debug)]
pub struct Consolidation {
    catalogue: Catalogue,
    language: Language,
    readings: Vec<Reading>,
    members: Vec<Arc<str>>,
    taken: HashSet<Arc<str>>,
}

/// The table, ready to be composed like any other form.
#[derive(Debug)]
pub struct Consolidated {
    /// The catalogue, with the form that repeats its columns over the submissions.
    pub catalogue: Catalogue,
    /// Figures of the submissions as those of members, and the totals.
    pub dataset: Dataset,
    /// Names of the submissions, as the form shows them.
    pub members: Vec<Arc<str>>,
}

impl Consolidation {
    /// An empty table.
    pub fn new(catalogue: &Catalogue, language: Language) -> Self {
        Self {
            catalogue: catalogue.clone(),
            language,
            readings: Vec::new(),
            members: Vec::new(),
            taken: HashSet::new(),
        }
    }

    /// Adds a submission under a name, which is numbered where it is taken; `None` for one of which
    /// nothing could be read.
    pub fn add(&mut self, name: &str, part: Option<&SubmissionPart>) {
        // Braces mark placeholders in the texts of a form.
        let name = name.replace(['{', '}'], "").trim().to_owned();
        let numbered = (2..).map(|number| format!("{name} ({number})"));
        let Some(member) = std::iter::once(name.clone()).chain(numbered).find(|name| !self.taken.contains(&**name))
        else {
            return;
        };
        let member: Arc<str> = member.into();
        self.taken.insert(member.clone());
        self.members.push(member.clone());
        let Some(part) = part else { return };
        let indicators: Vec<_> = part.indicators.iter().map(|id| self.catalogue.find(id)).collect();
        let measures: Vec<_> = part.measures.iter().map(|id| self.catalogue.find_measure(id)).collect();
        for figure in &part.figures {
            let indicator = indicators.get(figure.indicator as usize).copied().flatten();
            let measure = measures.get(usize::from(figure.measure)).copied().flatten();
            let (Some(value), Some(indicator), Some(measure)) = (figure.value.value(), indicator, measure) else {
                continue;
            };
            let place = &figure.place;
            let key = Key { indicator, measure, member: Some(member.clone()) };
            let at = (place.file.clone(), place.sheet.clone().unwrap_or_default(), place.cell.unwrap_or(FIRST));
            let raw = Raw::Text(place.raw.clone().unwrap_or_default());
            let made = if figure.typed { Made::Typed } else { Made::RoundingFormula };
            let origin = Origin { steps: figure.steps.clone(), ..Origin::plain(at, raw, figure.mapping.clone(), made) };
            let (decimals, forecast) = (figure.decimals, figure.forecast);
            self.readings.push(Reading { key, value, decimals, shown: None, record: indicator.0, forecast, origin });
        }
    }

    /// Computes the totals, and shows what is missing.
    pub fn finish(mut self) -> Consolidated {
        let measures = stated(&self.catalogue);
        let totals = Totals::of(&self, &measures);
        let mut wholes: Vec<Reading> = Vec::new();
        for (id, _) in self.catalogue.iter() {
            for measure in &measures {
                wholes.extend(totals.whole(&self, id, *measure));
            }
        }
        let missing = self.missing();
        self.readings.extend(wholes);
        self.readings.extend(missing);
        self.lay_out();
        Consolidated { dataset: Dataset::new(self.readings), catalogue: self.catalogue, members: self.members }
    }

    /// What the form asks of every submission and one of them lacks, as words in its cell; remarks
    /// below the table name them.
    fn missing(&mut self) -> Vec<Reading> {
        let there: HashMap<&Key, &Value> = self.readings.iter().map(|reading| (&reading.key, &reading.value)).collect();
        let shown: Vec<MeasureId> = self.shown();
        let (mut found, mut remarks, mut more) = (Vec::new(), Vec::new(), 0);
        let mut remark = |what: &str, of: &[&Arc<str>], label: &str, measure: &str| {
            if of.is_empty() {
                return;
            }
            if remarks.len() == MOST_REMARKS {
                more += 1;
                return;
            }
            let named: Vec<&str> = of.iter().take(MOST_NAMED).map(|name| &***name).collect();
            let (count, all, named) = (of.len(), self.members.len(), named.join(", "));
            let rest = if count > MOST_NAMED { ", …" } else { "" };
            remarks.push(format!("{what} {count}/{all}: {label} ({measure}): {named}{rest}"));
        };
        for (id, indicator) in self.catalogue.iter() {
            for measure in &shown {
                let of = self.catalogue.measure(*measure);
                let key = |member: &Arc<str>| Key { indicator: id, measure: *measure, member: Some(member.clone()) };
                if indicator.required && matches!(of.kind, MeasureKind::Plan | MeasureKind::Actual) {
                    let without: Vec<&Arc<str>> =
                        self.members.iter().filter(|member| !there.contains_key(&key(member))).collect();
                    let made = |member: &&Arc<str>| self.made(key(member), Value::Text(MISSING.to_owned()), 0);
                    found.extend(without.iter().map(made));
                    remark("Thiếu", &without, &indicator.label, &of.label);
                }
                if of.is_base() && indicator.across == Across::Sum {
                    let is_open = |member: &&Arc<str>| there.get(&key(member)).is_some_and(|value| !adds_up(value));
                    let open: Vec<&Arc<str>> = self.members.iter().filter(is_open).collect();
                    remark("Chưa cộng được", &open, &indicator.label, &of.label);
                }
            }
        }
        if more > 0 {
            remarks.push(format!("Và {more} trường hợp khác."));
        }
        let remarks = remarks.into_iter().map(|remark| remark.replace(['{', '}'], ""));
        self.catalogue.form.notes.extend(remarks);
        found
    }

    /// The measures that are columns of the form.
    fn shown(&self) -> Vec<MeasureId> {
        let measure = |cell: FormCell| match cell {
            FormCell::Measure(measure) => Some(measure),
            FormCell::Number | FormCell::Label | FormCell::Unit | FormCell::Blank => None,
        };
        let mut shown: Vec<_> = self.catalogue.form.columns.iter().filter_map(|c| measure(c.cell)).collect();
        shown.sort_unstable();
        shown.dedup();
        shown
    }

    /// A reading that no cell states.
    fn made(&self, key: Key, value: Value, decimals: i32) -> Reading {
        let line = self.catalogue.indicator(key.indicator).line.clone();
        let raw = match &value {
            Value::Number(number) => Raw::Text(self.language.number(*number).into()),
            Value::Text(words) => Raw::Text(words.as_str().into()),
            Value::Bound(..) | Value::Range(..) | Value::Nothing(_) | Value::Partial { .. } | Value::Unusable => {
                Raw::Blank
            }
        };
        let origin = Origin::plain((Arc::default(), Arc::default(), FIRST), raw, line, Made::RoundingFormula);
        Reading { record: key.indicator.0, key, value, decimals, shown: None, forecast: false, origin }
    }

    /// Repeats the columns of figures over the submissions; what is of one office only is left out.
    fn lay_out(&mut self) {
        let form = &mut self.catalogue.form;
        let catalogue_measures = &self.catalogue.measures;
        form.columns.retain(|column| match column.cell {
            FormCell::Number | FormCell::Label | FormCell::Unit => true,
            FormCell::Measure(measure) => {
                let kind = catalogue_measures.get(usize::from(measure.0)).map(|measure| &measure.kind);
                !matches!(kind, Some(MeasureKind::Note))
            }
            FormCell::Blank => false,
        });
        for column in &mut form.columns {
            column.each_member = matches!(column.cell, FormCell::Measure(_));
            if column.each_member && !column.header.iter().any(|text| text.contains("{member}")) {
                column.header.insert(0, "{member}".to_owned());
            }
        }
        // The members are the submissions, and no villages.
        self.catalogue.members = None;
        let all = self.members.len();
        form.members.names = self.members.iter().map(ToString::to_string).collect();
        form.members.absent_is_zero = true;
        form.members.whole.clone_from(&form.consolidated.whole);
        form.title = match form.consolidated.title.take() {
            Some(title) => title.replace("{submissions}", &all.to_string()),
            None => format!("{}\n(Tổng hợp {all} bộ số liệu)", form.title),
        };
        // Nobody signs it: it is neither the office's form nor under its motto.
        form.heading.left.clear();
        form.heading.right.clear();
        form.attachment = None;
        form.orientation = None;
        form.place_and_date = None;
        form.signatures.clear();
    }
}

/// Whether a value is no gap in a sum: a number, or "-" for what did not occur.
const fn adds_up(value: &Value) -> bool {
    match value {
        Value::Number(_) | Value::Nothing(Nothing::Dash) => true,
        Value::Bound(..)
        | Value::Range(..)
        | Value::Nothing(_)
        | Value::Text(_)
        | Value::Partial { .. }
        | Value::Unusable => false,
    }
}

/// Sums over the submissions.
struct Totals {
    sums: HashMap<(IndicatorId, MeasureId), Sum>,
}

struct Sum {
    total: Rational,
    /// Who states a number.
    members: HashSet<Arc<str>>,
    decimals: i32,
    forecast: bool,
}

impl Totals {
    fn of(table: &Consolidation, measures: &[MeasureId]) -> Self {
        let mut sums: HashMap<(IndicatorId, MeasureId), Sum> = HashMap::new();
        for reading in &table.readings {
            let Key { indicator, measure, .. } = reading.key;
            let Some(number) = reading.number().filter(|_| measures.contains(&measure)) else { continue };
            let sum = sums.entry((indicator, measure)).or_insert_with(|| Sum {
                total: Rational::ZERO,
                members: HashSet::new(),
                decimals: reading.decimals,
                forecast: false,
            });
            sum.total = &sum.total + &Rational::from(number);
            sum.members.extend(reading.key.member.clone());
            sum.decimals = sum.decimals.max(reading.decimals);
            sum.forecast |= reading.forecast;
        }
        Self { sums }
    }

    /// The figure of all submissions, where the catalogue says how it comes about.
    fn whole(&self, table: &Consolidation, id: IndicatorId, measure: MeasureId) -> Option<Reading> {
        let sum = self.sums.get(&(id, measure))?;
        let indicator = table.catalogue.indicator(id);
        let (count, all) = (sum.members.len(), table.members.len());
        let key = Key { indicator: id, measure, member: None };
        let (value, step) = match &indicator.across {
            Across::Sum => (sum.total.to_exact_decimal()?, Step::SubmissionsAdded { count, all }),
            Across::Weighted(weight) => {
                let by = table.catalogue.indicator(*weight).label.clone();
                let mean = weighted(table, id, *weight, measure)?;
                (rounded(&mean, sum, indicator.decimals)?, Step::Weighted { by })
            }
            Across::Never | Across::Unsaid => {
                let quotient = self.quotient(table, id, measure)?;
                (rounded(&quotient, sum, indicator.decimals)?, Step::FromTotals)
            }
        };
        let mut reading = table.made(key, Value::Number(value), sum.decimals);
        reading.forecast = sum.forecast;
        reading.origin.steps.push(step);
        Some(reading)
    }

    /// A factor of a product, from the totals: the yield of all is the output of all over the area
    /// of all. `None` where the other figures are rates themselves, or not the same submissions
    /// state all of them.
    fn quotient(&self, table: &Consolidation, id: IndicatorId, measure: MeasureId) -> Option<Rational> {
        let adds = |id: IndicatorId| table.catalogue.indicator(id).across == Across::Sum;
        let own = &self.sums.get(&(id, measure))?.members;
        table.catalogue.iter().find_map(|(result, indicator)| {
            let product = indicator.product.as_ref().filter(|product| product.factors.contains(&id))?;
            let others: Vec<IndicatorId> = product.factors.iter().copied().filter(|factor| *factor != id).collect();
            if !adds(result) || others.len() + 1 != product.factors.len() || !others.iter().all(|other| adds(*other)) {
                return None;
            }
            let total = |id: IndicatorId| self.sums.get(&(id, measure)).filter(|sum| sum.members == *own);
            let [other] = others.as_slice() else { return None };
            (&total(result)?.total * &Rational::from(product.divisor)).checked_div(&total(*other)?.total)
        })
    }
}

fn rounded(exact: &Rational, sum: &Sum, decimals: Option<u32>) -> Option<Decimal> {
    let printed = u32::try_from(sum.decimals).unwrap_or(0);
    exact.to_decimal(printed.max(decimals.unwrap_or(0)), Rounding::HalfUp)
}

/// The mean of a rate; `None` unless every submission that states it states the weight too.
fn weighted(table: &Consolidation, id: IndicatorId, weight: IndicatorId, measure: MeasureId) -> Option<Rational> {
    let of = |wanted: IndicatorId| -> HashMap<&Arc<str>, Rational> {
        let of = table.readings.iter().filter(|r| r.key.indicator == wanted && r.key.measure == measure);
        of.filter_map(|r| Some((r.key.member.as_ref()?, Rational::from(r.number()?)))).collect()
    };
    let (rates, weights) = (of(id), of(weight));
    let (mut sum, mut all) = (Rational::ZERO, Rational::ZERO);
    for (member, rate) in rates {
        let weight = weights.get(member)?;
        sum = &sum + &(&rate * weight);
        all = &all + weight;
    }
    sum.checked_div(&all)
}

#[cfg(test)]
mod tests;
