//! The appendix as data: the form of a catalogue, filled with the readings of a submission.
//!
//! Nothing here knows a file format. Stated numbers are shown as they stand, flagged or not.
//! Ratios and verdicts are recomputed from the exact numbers and never copied: what a sheet
//! states of them is the business of the checks. What cannot be computed stays empty, since an
//! empty cell is seen and an invented number is believed.

mod blocks;
mod compose;
mod header;
#[cfg(test)]
pub(crate) mod sample;
mod text;

pub use compose::compose;
pub use header::{Header, HeaderCell};

use std::sync::Arc;

use crate::{
    judge::verdict::Verdict,
    model::{
        catalogue::{Align, Direction, FormCell, Heading, IndicatorId, Orientation, Profile, RatioPolicy},
        reading::Key,
    },
    values::number::{self, BoundOp, Decimal, Rational},
};

/// The mark behind a number that was computed from others.
pub(crate) const COMPUTED: &str = " (*)";

/// A cell of the appendix that another one is computed from, by its place in
/// [`Appendix::rows`] and [`Appendix::columns`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operand {
    /// Row.
    pub row: usize,
    /// Column.
    pub column: usize,
}

/// A ratio, recomputed.
#[derive(Clone, Debug, PartialEq)]
pub struct Ratio {
    /// The exact quotient in the scale of the policy; `None` where an operand is no number or the
    /// denominator is not positive.
    pub exact: Option<Rational>,
    /// As the form prints it, without trailing zeros.
    pub shown: Option<Decimal>,
    /// Decimals, rounding and scale.
    pub policy: RatioPolicy,
    /// Numerator and denominator, where both are columns of the form: what a formula refers to.
    pub operands: Option<(Operand, Operand)>,
}

/// How a verdict follows from result and plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The result against a number.
    Compare(Direction),
    /// The result against a bound, met inside it and missed outside.
    Bound(BoundOp, Decimal),
    /// The result against a range, both ends included.
    Range(Decimal, Decimal),
}

/// A verdict, recomputed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComputedVerdict {
    /// The verdict; `None` where result or plan do not allow one.
    pub verdict: Option<Verdict>,
    /// How it follows.
    pub rule: Rule,
    /// Words for exceeded, met and missed, already those of a forecast where the result is one.
    pub words: [String; 3],
    /// Result and plan, where both are columns of the form.
    pub operands: Option<(Operand, Operand)>,
}

impl ComputedVerdict {
    /// The word that is due.
    pub fn word(&self) -> Option<&str> {
        self.verdict.map(|verdict| self.word_for(verdict))
    }

    /// The word for a verdict.
    pub fn word_for(&self, verdict: Verdict) -> &str {
        let [exceeded, met, missed] = &self.words;
        match verdict {
            Verdict::Exceeded => exceeded,
            Verdict::Met => met,
            Verdict::Missed => missed,
        }
    }
}

/// What a cell shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Nothing.
    Blank,
    /// Words, a bound such as `>90`, `-` or `…`.
    Text(String),
    /// A stated number.
    Number(Decimal),
    /// A computed ratio.
    Ratio(Ratio),
    /// A computed verdict.
    Verdict(ComputedVerdict),
}

/// A cell with where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct FilledCell {
    /// What it shows.
    pub content: Content,
    /// What it is a value of; `None` for numbers of rows, labels and units.
    pub key: Option<Key>,
    /// The reading that states it, by its place in [`Dataset::irregular`](crate::model::reading::Dataset::irregular).
    /// For a ratio or verdict, the stated one that the computed one stands in for.
    pub reading: Option<usize>,
    /// For a number that no sheet states and that was computed from others, how it is printed: with the
    /// decimals of its indicator and a mark. The content is exact.
    pub computed: Option<Decimal>,
    /// For a stated number, the cells that add up to it exactly; empty where the form does not show
    /// all of them or they make another sum. The stated number is shown either way.
    pub sum: Vec<Operand>,
}

impl FilledCell {
    fn plain(content: Content) -> Self {
        Self { content, key: None, reading: None, computed: None, sum: Vec::new() }
    }

    /// The text without any number format: numbers with a decimal comma.
    pub fn text(&self) -> String {
        match self.computed {
            Some(shown) => format!("{}{COMPUTED}", number::vietnamese(shown)),
            None => text::content(&self.content),
        }
    }
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq)]
pub enum FormRow {
    /// A heading.
    Section {
        /// As printed: `I`.
        number: String,
        /// As printed.
        title: String,
        /// How many headings it lies in.
        level: u8,
    },
    /// An indicator.
    Indicator {
        /// Which.
        indicator: IndicatorId,
        /// Depth below its section.
        level: u8,
        /// One cell a column.
        cells: Vec<FilledCell>,
    },
}

/// A column of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// What it shows.
    pub shows: FormCell,
    /// The village or commune that it is about; `None` for the whole.
    pub member: Option<Arc<str>>,
    /// Width in characters, as the catalogue wishes.
    pub width: f64,
    /// How its text lies.
    pub align: Align,
    /// Decimals that all its figures show, beside those that they need.
    pub decimals: u32,
}

/// A composed appendix.
#[derive(Clone, Debug, PartialEq)]
pub struct Appendix {
    /// Tab name.
    pub sheet: String,
    /// Lines above the title.
    pub heading: Heading,
    /// Title, a line each.
    pub title: Vec<String>,
    /// The line under the title: `(Kèm theo Báo cáo số ...)`.
    pub attachment: Option<String>,
    /// Unit line above the table.
    pub unit_line: Option<String>,
    /// Columns from left to right.
    pub columns: Vec<Column>,
    /// The header over them.
    pub header: Header,
    /// Rows from top to bottom.
    pub rows: Vec<FormRow>,
    /// Lines under the table.
    pub notes: Vec<String>,
    /// Line above the signatures.
    pub place_and_date: Option<String>,
    /// Lines of each signature block, from left to right.
    pub signatures: Vec<Vec<String>>,
    /// The name below each of them; empty where nobody is named.
    pub signers: Vec<String>,
    /// Paper rules.
    pub profile: Profile,
    /// Which way the paper lies; `None` for upright where the columns fit.
    pub orientation: Option<Orientation>,
    /// Whether only figures can be typed in.
    pub protect: bool,
    /// Placeholders that no field fills; dotted lines stand in their place.
    pub unfilled: Vec<String>,
}

impl Appendix {
    /// The cell that shows a key; for a village without columns of its own, that of the whole.
    pub fn find(&self, key: &Key) -> Option<Operand> {
        self.rows.iter().enumerate().find_map(|(row, shown)| match shown {
            FormRow::Indicator { indicator, cells, .. } if *indicator == key.indicator => {
                let about = |member: Option<&Arc<str>>| {
                    cells.iter().position(|cell| {
                        cell.key.as_ref().is_some_and(|k| k.measure == key.measure && k.member.as_ref() == member)
                    })
                };
                about(key.member.as_ref()).or_else(|| about(None)).map(|column| Operand { row, column })
            }
            FormRow::Indicator { .. } | FormRow::Section { .. } => None,
        })
    }

    /// The cell with the label of an indicator, or the first cell of its row.
    pub fn find_label(&self, indicator: IndicatorId) -> Option<Operand> {
        let row = self
            .rows
            .iter()
            .position(|row| matches!(row, FormRow::Indicator { indicator: shown, .. } if *shown == indicator))?;
        let column = self.columns.iter().position(|c| c.shows == FormCell::Label).unwrap_or(0);
        Some(Operand { row, column })
    }

    /// A cell by its place.
    pub fn cell(&self, at: Operand) -> Option<&FilledCell> {
        match self.rows.get(at.row)? {
            FormRow::Indicator { cells, .. } => cells.get(at.column),
            FormRow::Section { .. } => None,
        }
    }

    /// Title, table and closing lines as text, cells separated by tabs: for golden files.
    pub fn to_text(&self) -> String {
        text::render(self)
    }
}
