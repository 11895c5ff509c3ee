//! Rules between figures, as catalogues state them: `san-luong = dien-tich * nang-suat / 10`.
//!
//! [`parse()`] reads the text, [`resolve()`] looks its names up; both say where in the text a mistake
//! is. What comes out is a [`Condition`] over [`Operand`]s, which the check `rule-violated` judges
//! and whose linear parts ([`Linear::cases`]) can be solved for a cell.

mod linear;
mod parse;
mod relation;
mod resolve;
pub mod stated;
mod syntax;

use std::{ops::Range, sync::Arc};

pub use linear::Linear;
pub use parse::parse;
pub use relation::Relation;
pub use resolve::{Scope, resolve};
pub use syntax::{ExpressionKind, Node};

use crate::{
    model::{
        catalogue::{IndicatorId, MeasureId},
        finding::{FileLine, Severity},
    },
    values::number::Rational,
};

/// The indicator of whatever row a rule is judged for: `2 * total(row) = first(row) + second(row)`.
pub const ROW: &str = "row";

/// Bytes of a rule's text.
pub type Span = Range<usize>;

/// A mistake in the text of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where it is.
    pub span: Span,
    /// What is wrong, in both languages.
    pub message: (String, String),
    /// A proposal, in both languages.
    pub help: Option<(String, String)>,
}

impl Fault {
    fn new(span: Span, message: (String, String)) -> Self {
        Self { span, message, help: None }
    }

    fn with_help(mut self, help: (String, String)) -> Self {
        self.help = Some(help);
        self
    }
}

/// A figure that a rule speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Operand {
    /// Whose.
    pub indicator: IndicatorId,
    /// Which of its measures; `None` for the one that the rule is judged for.
    pub measure: Option<MeasureId>,
    /// Whether that of the previous period is meant.
    pub previous: bool,
    /// Whether every village or month is meant, one by one; only within a list.
    pub members: bool,
    /// The one village or month that is meant, by name.
    pub member: Option<Arc<str>>,
}

/// A number or text that a rule speaks of.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number.
    Number(Rational),
    /// A text; only equality is asked of it.
    Text(Arc<str>),
    /// What a cell holds.
    Reading(Operand),
    /// The value times -1.
    Negative(Box<Value>),
    /// All of them added; true where one is taken away.
    Sum(Vec<(bool, Value)>),
    /// All of them multiplied; true where one divides.
    Product(Vec<(bool, Value)>),
    /// The distance from 0.
    Absolute(Box<Value>),
    /// The least of a list.
    Least(Vec<Value>),
    /// The greatest of a list.
    Greatest(Vec<Value>),
    /// How many of a list are there.
    Count(Vec<Operand>),
    /// How many of the villages or months that have such a figure keep a condition of their own.
    CountWhere {
        /// The list, which has `members`.
        of: Operand,
        /// Judged for each of them: a figure in it is that of the village or month.
        when: Box<Condition>,
        /// The figures of the condition, of every village or month.
        reads: Vec<Operand>,
    },
    /// The one in the middle of a list, or the mean of the two there.
    Median(Vec<Value>),
    /// How many characters a cell shows.
    Length(Operand),
    /// Digits before the decimal mark.
    Digits(Operand),
    /// Digits behind the decimal mark, as printed.
    Decimals(Operand),
}

impl Value {
    /// The text that it is, where it is one.
    pub fn text(&self) -> Option<&Arc<str>> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(_)
            | Self::Reading(_)
            | Self::Negative(_)
            | Self::Sum(_)
            | Self::Product(_)
            | Self::Absolute(_)
            | Self::Least(_)
            | Self::Greatest(_)
            | Self::Count(_)
            | Self::Digits(_)
            | Self::CountWhere { .. }
            | Self::Median(_)
            | Self::Length(_)
            | Self::Decimals(_) => None,
        }
    }
}

/// What has to be true.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Each value stands so to the one before it.
    Compare(Value, Vec<(Relation, Value)>),
    /// The value is one of these.
    OneOf(Value, Vec<Value>),
    /// The other way round.
    Not(Box<Condition>),
    /// Each of them.
    All(Vec<Condition>),
    /// At least one of them.
    Any(Vec<Condition>),
    /// The second where the first is true, the third where it is not.
    If(Box<Condition>, Box<Condition>, Option<Box<Condition>>),
    /// The cell is blank, or there is none.
    Missing(Operand),
    /// The cell says something.
    Present(Operand),
    /// The cell holds a number: no words, bound or range.
    Numeric(Operand),
    /// No two of the list are the same.
    Unique(Vec<Operand>),
}

/// What a figure that is not there does to a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Absent {
    /// The rule is not evaluated.
    #[default]
    Skip,
    /// It counts as 0.
    Zero,
}

/// A rule of a catalogue, for one of its prefixes.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Id in reports.
    pub id: Arc<str>,
    /// Name for people.
    pub name: Option<String>,
    /// As written.
    pub text: Arc<str>,
    /// What has to be true.
    pub that: Condition,
    /// The prefix of `for` that this is the rule for.
    pub prefix: Option<Arc<str>>,
    /// A sentence for people: what has to be true.
    pub says: Option<String>,
    /// What to do about it.
    pub action: Option<String>,
    /// How bad it is.
    pub severity: Severity,
    /// How far the two sides may be apart; `None` for the interval rule.
    pub tolerance: Option<Rational>,
    /// What absent figures do.
    pub absent: Absent,
    /// Whether it was stated of `row`, and so is judged only for indicators that have figures of it.
    pub of_row: bool,
    /// Measures that it is judged for; empty for every base measure that has a figure.
    pub measures: Vec<MeasureId>,
    /// Where it is stated.
    pub line: FileLine,
}

impl Value {
    /// Every figure in it, from left to right.
    pub fn each_operand<'v>(&'v self, found: &mut impl FnMut(&'v Operand)) {
        match self {
            Self::Number(_) | Self::Text(_) => {}
            Self::Reading(operand) | Self::Digits(operand) | Self::Decimals(operand) | Self::Length(operand) => {
                found(operand);
            }
            Self::Negative(value) | Self::Absolute(value) => value.each_operand(found),
            Self::Sum(values) | Self::Product(values) => {
                for (_, value) in values {
                    value.each_operand(found);
                }
            }
            Self::Least(values) | Self::Greatest(values) | Self::Median(values) => {
                for value in values {
                    value.each_operand(found);
                }
            }
            Self::Count(operands) => operands.iter().for_each(found),
            Self::CountWhere { of, reads, .. } => std::iter::once(of).chain(reads).for_each(found),
        }
    }
}

impl Condition {
    /// Every figure in it, from left to right.
    pub fn operands(&self) -> Vec<Operand> {
        let mut operands = Vec::new();
        self.each_operand(&mut |operand| operands.push(operand.clone()));
        operands
    }

    fn each_operand<'c>(&'c self, found: &mut impl FnMut(&'c Operand)) {
        match self {
            Self::Compare(first, rest) => {
                first.each_operand(found);
                for (_, value) in rest {
                    value.each_operand(found);
                }
            }
            Self::OneOf(value, items) => {
                value.each_operand(found);
                for value in items {
                    value.each_operand(found);
                }
            }
            Self::Not(inner) => inner.each_operand(found),
            Self::All(inner) | Self::Any(inner) => {
                for condition in inner {
                    condition.each_operand(found);
                }
            }
            Self::If(when, then, otherwise) => {
                when.each_operand(found);
                then.each_operand(found);
                if let Some(otherwise) = otherwise {
                    otherwise.each_operand(found);
                }
            }
            Self::Missing(operand) | Self::Present(operand) | Self::Numeric(operand) => found(operand),
            Self::Unique(operands) => operands.iter().for_each(found),
        }
    }
}

#[cfg(test)]
mod tests;
