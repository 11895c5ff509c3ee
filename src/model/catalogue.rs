//! The catalogue: the ordered list of indicators of a form for a period, and all that is true of
//! them whoever reports them: units, precision, direction, parts, and the layout of the appendix.

mod band;
mod calendar;
mod decode;
mod form;
mod measure;
mod members;
pub mod rule;
mod rules;

use std::{collections::HashMap, sync::Arc};

pub use band::Band;
pub(crate) use decode::resolve_indicator;
pub use decode::{decode, decode_for};
pub use form::{
    Align, Consolidated, Form, FormCell, FormColumn, Heading, Members, Orientation, PageNumber, Paper, Profile,
    Signature,
};
pub use members::{Grouping, ListedMember, MemberList};

use crate::{
    model::{catalogue::rule::Rule, finding::FileLine},
    values::{
        number::{Decimal, Rounding},
        period::Period,
        unit::Unit,
    },
};

/// Place of an indicator in its catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndicatorId(pub u32);

/// Place of a measure in its catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MeasureId(pub u16);

/// Which side of the plan is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Direction {
    /// More is better.
    #[default]
    Higher,
    /// Less is better: poor households, accidents.
    Lower,
}

/// How the last digit of a figure came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// Half-up.
    Rounded,
    /// What follows it was left out.
    Cut,
}

/// How the figures of several submissions come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Across {
    /// They add up: areas, outputs, people, money.
    Sum,
    /// Their mean, weighted by another indicator.
    Weighted(IndicatorId),
    /// Not at all, but as the factor of a product whose other figures add up.
    Never,
    /// Neither the catalogue nor a unit says so: those of villages are taken to add up, those of
    /// submissions are left out.
    Unsaid,
}

/// How a ratio is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// 99.67 stands for 99.67 %.
    Percent,
    /// 0.9967 stands for 99.67 %.
    Fraction,
}

/// How the form wants its ratios printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RatioPolicy {
    /// Decimals, of the printed figure.
    pub decimals: u32,
    /// How the exact quotient is brought to them.
    pub rounding: Rounding,
    /// Percent or fraction.
    pub scale: Scale,
}

/// What a measure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeasureKind {
    /// What was to be reached.
    Plan,
    /// What was reached.
    Actual,
    /// What is expected by the end of the period.
    Estimate,
    /// Another number: last year's result, a mid-term figure.
    Other,
    /// A number made from two others of the same indicator.
    Ratio {
        /// Numerator.
        of: MeasureId,
        /// Denominator.
        to: MeasureId,
        /// How it is printed.
        policy: RatioPolicy,
    },
    /// A number's part in the same number of the indicator's `whole`.
    Share {
        /// The number.
        of: MeasureId,
        /// How it is printed.
        policy: RatioPolicy,
    },
    /// Exceeded, met or missed.
    Verdict {
        /// What was reached.
        of: MeasureId,
        /// What was to be reached.
        to: MeasureId,
    },
    /// Free text.
    Note,
}

impl MeasureKind {
    /// Result and plan, where it is a verdict on them.
    pub const fn verdict_of(self) -> Option<(MeasureId, MeasureId)> {
        match self {
            Self::Verdict { of, to } => Some((of, to)),
            Self::Plan
            | Self::Actual
            | Self::Estimate
            | Self::Other
            | Self::Ratio { .. }
            | Self::Share { .. }
            | Self::Note => None,
        }
    }
}

/// A kind of column: plan, actual, ratio and so on.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Id in files and reports.
    pub id: Arc<str>,
    /// What it is.
    pub kind: MeasureKind,
    /// Name for people.
    pub label: String,
    /// Another measure of the same indicator that it should not be far from.
    pub against: Option<MeasureId>,
    /// In the form of the period after, the first of these measures that has a figure in this period
    /// stands here.
    pub carried: Vec<MeasureId>,
}

impl Measure {
    /// Whether it is a number of its own, not made from others: what sums and products are about.
    pub fn is_base(&self) -> bool {
        matches!(self.kind, MeasureKind::Plan | MeasureKind::Actual | MeasureKind::Estimate | MeasureKind::Other)
    }
}

/// A heading of the form.
#[derive(Clone, Debug)]
pub struct Section {
    /// Id in the catalogue.
    pub id: String,
    /// As printed: `I`.
    pub number: String,
    /// As printed.
    pub title: String,
    /// The section that it is part of.
    pub parent: Option<usize>,
    /// How many sections it lies in.
    pub level: u8,
}

/// A line of the form's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormLine {
    /// A heading, by its place in the sections.
    Section(usize),
    /// An indicator.
    Indicator(IndicatorId),
}

/// An indicator as product or quotient of others: output = area × yield / 10.
#[derive(Clone, Debug)]
pub struct Product {
    /// The factors.
    pub factors: Vec<IndicatorId>,
    /// What the product is divided by, 10 for ha × tạ/ha → tấn.
    pub divisor: Decimal,
    /// Where it is stated.
    pub line: FileLine,
}

/// Parts that make up a total.
#[derive(Clone, Debug)]
pub struct Parts {
    /// The parts.
    pub of: Vec<IndicatorId>,
    /// Whether an absent part counts as zero; otherwise the total is not evaluated.
    pub absent_is_zero: bool,
    /// Where it is stated.
    pub line: FileLine,
}

/// One indicator.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// Id in files and reports.
    pub id: Arc<str>,
    /// As the form prints it.
    pub label: String,
    /// Other labels that mean the same.
    pub synonyms: Vec<String>,
    /// Unit of every number of it.
    pub unit: Option<Unit>,
    /// Units that may stand instead, one for one: a dose for an animal.
    pub accepts: Vec<Unit>,
    /// Section of the form; `None` for an indicator that only other checks need.
    pub section: Option<usize>,
    /// The row that it is a sub-row of, declared before it.
    pub parent: Option<IndicatorId>,
    /// Number before the label, when it is not the place in the section.
    pub number: Option<String>,
    /// Depth below its section, for indentation.
    pub level: u8,
    /// A remark under the table, with a mark at the label.
    pub footnote: Option<String>,
    /// Decimals the figures are recorded to, even where fewer are printed.
    pub decimals: Option<u32>,
    /// Whether its numbers are exact, whatever the unit says.
    pub exact: Option<bool>,
    /// How its last digit came about, where it says so itself.
    pub recorded: Option<Recorded>,
    /// Whether its figures are cut off at their last digit instead of rounded: 10,3 stands for 10,3 to
    /// below 10,4.
    pub cut: bool,
    /// Whether its figures may be below 0 without a word: balances, changes.
    pub signed: bool,
    /// The indicators that its figures may be exchanged with by mistake; `None` for any.
    pub exchanges: Option<Vec<IndicatorId>>,
    /// Which side of the plan is good.
    pub direction: Direction,
    /// What adds up to it. More than one list is possible.
    pub parts: Vec<Parts>,
    /// What multiplies to it.
    pub product: Option<Product>,
    /// What its shares are of.
    pub whole: Option<IndicatorId>,
    /// How its figures in several submissions come together.
    pub across: Across,
    /// Smallest possible value.
    pub min: Option<Decimal>,
    /// Largest possible value.
    pub max: Option<Decimal>,
    /// How far it may lie from what it was in the period before.
    pub band: Option<Band>,
    /// Whether a missing plan or actual is a finding.
    pub required: bool,
    /// Where it is declared.
    pub line: FileLine,
}

/// Verdict words of the form.
#[derive(Clone, Debug)]
pub struct VerdictWords {
    /// More than the plan.
    pub exceeded: String,
    /// Just the plan.
    pub met: String,
    /// Less than the plan.
    pub missed: String,
}

/// Everything about one form.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// File it came from.
    pub file: Arc<str>,
    /// Id that mappings name.
    pub id: Arc<str>,
    /// Id, as written, of the outermost catalogue that it extends; its own if it extends none.
    /// Submissions of one base are of one form.
    pub base: Arc<str>,
    /// Name for people.
    pub title: String,
    /// What it reports on.
    pub period: Period,
    /// Measures, standard ones first.
    pub measures: Vec<Measure>,
    /// Sections in the order of the form.
    pub sections: Vec<Section>,
    /// Indicators in the order of the file.
    pub indicators: Vec<Indicator>,
    /// What has to be true of them, in the order of the file.
    pub rules: Vec<Rule>,
    /// Who the members are, where it is known.
    pub members: Option<MemberList>,
    /// Words for the verdict column.
    pub verdicts: VerdictWords,
    /// Layout of the appendix.
    pub form: Form,
    index: HashMap<Arc<str>, IndicatorId>,
}

impl Indicator {
    /// Whether the figure of the whole is the sum of those of its villages or months: not for what is
    /// per something, nor for a percentage. Without a unit it is taken to be one.
    pub fn adds_up(&self) -> bool {
        match self.across {
            Across::Sum | Across::Unsaid => true,
            Across::Weighted(_) | Across::Never => false,
        }
    }
}

impl Catalogue {
    /// The indicator at a place.
    pub fn indicator(&self, id: IndicatorId) -> &Indicator {
        &self.indicators[id.0 as usize]
    }

    /// The measure at a place.
    pub fn measure(&self, id: MeasureId) -> &Measure {
        &self.measures[usize::from(id.0)]
    }

    /// Indicators by id.
    pub(crate) fn index(&self) -> &HashMap<Arc<str>, IndicatorId> {
        &self.index
    }

    /// Finds an indicator by its id.
    pub fn find(&self, id: &str) -> Option<IndicatorId> {
        self.index.get(id).copied()
    }

    /// Finds a measure by its id.
    pub fn find_measure(&self, id: &str) -> Option<MeasureId> {
        self.measures.iter().position(|m| &*m.id == id).and_then(|at| u16::try_from(at).ok()).map(MeasureId)
    }

    /// The first measure of a kind.
    pub fn measure_where(&self, is: impl Fn(MeasureKind) -> bool) -> Option<MeasureId> {
        self.measures.iter().position(|m| is(m.kind)).and_then(|at| u16::try_from(at).ok()).map(MeasureId)
    }

    /// All indicators with their places.
    pub fn iter(&self) -> impl Iterator<Item = (IndicatorId, &Indicator)> {
        (0u32..).map(IndicatorId).zip(&self.indicators)
    }

    /// All measures with their places.
    pub fn iter_measures(&self) -> impl Iterator<Item = (MeasureId, &Measure)> {
        (0u16..).map(MeasureId).zip(&self.measures)
    }

    /// The lines of the form from top to bottom: each section with its rows, sub-rows below the row
    /// they belong to, then the sections within it.
    pub fn lines(&self) -> Vec<FormLine> {
        let mut lines = Vec::new();
        for top in (0..self.sections.len()).filter(|at| self.sections[*at].parent.is_none()) {
            self.add_section(top, &mut lines);
        }
        lines
    }

    fn add_section(&self, section: usize, lines: &mut Vec<FormLine>) {
        lines.push(FormLine::Section(section));
        self.add_rows(Some(section), None, lines);
        for inner in (0..self.sections.len()).filter(|at| self.sections[*at].parent == Some(section)) {
            self.add_section(inner, lines);
        }
    }

    fn add_rows(&self, section: Option<usize>, parent: Option<IndicatorId>, lines: &mut Vec<FormLine>) {
        for (id, _) in self.iter().filter(|(_, row)| row.section == section && row.parent == parent) {
            lines.push(FormLine::Indicator(id));
            self.add_rows(section, Some(id), lines);
        }
    }

    /// The number printed before an indicator: its own, or its place among its section's rows. In a
    /// section within another the number of the section stands before it; sub-rows have a dash or,
    /// deeper, a plus.
    pub fn printed_number(&self, id: IndicatorId) -> String {
        let indicator = self.indicator(id);
        if let Some(number) = &indicator.number {
            return number.clone();
        }
        if indicator.parent.is_some() {
            return if indicator.level < 2 { "-" } else { "+" }.to_owned();
        }
        if indicator.level > 0 {
            return String::new();
        }
        let before = self.indicators[..id.0 as usize]
            .iter()
            .filter(|i| i.section.is_some() && i.section == indicator.section && i.level == 0)
            .count();
        let place = before + 1;
        let within = indicator.section.map(|at| &self.sections[at]).filter(|section| section.parent.is_some());
        match within.filter(|section| section.number.ends_with(|c: char| c.is_ascii_digit())) {
            Some(section) => format!("{}.{place}", section.number),
            None => place.to_string(),
        }
    }

    /// The footnotes of the form in its order, with the indicators that they are about.
    pub fn footnotes(&self) -> Vec<(IndicatorId, &str)> {
        let rows = self.lines().into_iter().filter_map(|line| match line {
            FormLine::Indicator(id) => Some(id),
            FormLine::Section(_) => None,
        });
        rows.filter_map(|id| Some((id, self.indicator(id).footnote.as_deref()?))).collect()
    }

    /// The label of an indicator with the mark of its footnote.
    pub fn printed_label(&self, id: IndicatorId) -> String {
        let indicator = self.indicator(id);
        let mark =
            indicator.footnote.as_ref().and_then(|_| self.footnotes().iter().position(|(noted, _)| *noted == id));
        match mark {
            Some(at) => format!("{} ({})", indicator.label, at + 1),
            None => indicator.label.clone(),
        }
    }

    /// What an indicator of the form stands under, from the outermost section to its parent row.
    pub fn headings(&self, id: IndicatorId) -> Vec<&str> {
        let mut headings = Vec::new();
        let mut row = self.indicator(id);
        while let Some(parent) = row.parent {
            row = self.indicator(parent);
            headings.push(row.label.as_str());
        }
        let mut section = row.section;
        while let Some(at) = section {
            headings.push(&self.sections[at].title);
            section = self.sections[at].parent;
        }
        headings.reverse();
        headings
    }
}
