//! Which figures of a table follow from which others: sums, differences, products, ratios, growth,
//! averages, shares and equal lines, found by the figures alone.
//!
//! How to use it: fill [`Figures`] with what stands in one table (no header row of years, no
//! running numbers, no code column), call [`relations`], and write only what is
//! [`Relation::written`]; the rest is for remarks. Labels are only asked before a column is called a
//! ratio; a table without labels is judged by its figures.
//!
//! Everything is judged on exact integers. A relation is believed by its *evidence*: a hit of a
//! seven-digit figure says more than a hit of a one-digit one, zeros and constants say nothing, and
//! the more candidates were tried the more has to be shown. Figures are known to half a unit of their
//! last digit; a total may be off by what its rounded parts allow, and is believed less the more it is.

mod averages;
mod choose;
mod cut;
mod evidence;
mod products;
mod select;
mod shares;
mod sums;
mod suspects;
#[cfg(test)]
mod tests;
mod trial;
mod view;
mod words;

pub(super) use words::never_adds;

use crate::values::number::Decimal;

/// The figures of one table: rows by columns.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Its rows.
    pub rows: Vec<Line>,
    /// Its columns.
    pub columns: Vec<Line>,
    /// Row after row; `None` where no number stands.
    pub cells: Vec<Option<Figure>>,
}

/// One figure.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// What stands there, exactly.
    pub value: Decimal,
    /// Digits after the point that it is known to.
    pub decimals: u32,
    /// A formula made it: its last digits may come from binary arithmetic.
    pub computed: bool,
}

/// A row or a column.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Row or column of the sheet, for whoever reads the relations; not used here.
    pub at: u32,
    /// Label of the row, or header of the column with all its levels; empty where there is none.
    pub label: String,
    /// Depth in the hierarchy, where numbering, indents or bullets tell it; the top is 0.
    pub level: Option<u8>,
    /// The label lists some parts only ("Trong đó"), so no total follows from this line and its like.
    pub partial: bool,
}

/// How a figure follows from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RelationKind {
    /// `total = parts[0] + parts[1] + ...`
    Sum,
    /// `total = parts[0] - parts[1]`
    Difference,
    /// `total = parts[0] × parts[1] × 10^power`
    Product,
    /// `total = parts[0] / parts[1] × 10^power`; a percentage has power 2.
    Ratio,
    /// `total = (parts[0] - parts[1]) / parts[1] × 10^power`
    Growth,
    /// `total = (parts[0] + parts[1] + ...) / how many of them hold a figure`
    Average,
    /// `total = parts[0]`
    Equal,
    /// `total = parts[0]` / `parts[0]` in the line [`Relation::whole`] × `10^power`
    Share,
}

/// Whether the lines of a relation are rows or columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Along {
    /// Total and parts are columns; every row is a trial.
    Columns,
    /// Total and parts are rows; every column is a trial.
    Rows,
}

/// How far a relation can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// It cannot well be chance, and nothing else would explain the figures.
    Certain,
    /// One clear winner, with gaps.
    Likely,
    /// One of several readings, or too little to judge by: for a remark only.
    Open,
}

/// Why a relation is for a remark only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// Fewer than 70 % of the trials keep it.
    Support,
    /// Fewer than four trials with two parts that are not zero.
    Trials,
    /// Another relation explains the same figures as well.
    Rival,
    /// The label of the total speaks of something else.
    Header,
}

/// A trial that breaks a relation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Row, where the lines of the relation are columns; else column. An index into [`Figures`].
    pub position: usize,
    /// Off by no more than the rounding of its parts allows, where all other trials are exact.
    pub rounding: bool,
    /// What would stand in the total if its parts were right, where it can be written as a decimal.
    pub expected: Option<Decimal>,
    /// Row and column of the one cell that other relations accuse too, and what would stand there.
    pub suspect: Option<((usize, usize), Decimal)>,
}

/// How the last digits of a relation's figures came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Recorded {
    /// Nothing says so; rounded, as figures are.
    Unsaid,
    /// All that are off are off to the side that cutting leaves them on.
    PerhapsCut,
    /// Rounding does not explain several of them, cutting explains nearly all.
    Cut,
}

/// A relation between lines of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// How the total follows.
    pub kind: RelationKind,
    /// What the indexes of lines mean.
    pub along: Along,
    /// The line that follows from the others: an index into [`Figures::rows`] or [`Figures::columns`].
    pub total: usize,
    /// What it follows from, in the order of [`RelationKind`]; ascending in sums and averages.
    pub parts: Vec<usize>,
    /// Of shares: the position of the whole (a row, where the lines are columns).
    pub whole: Option<usize>,
    /// The power of ten of products, ratios, growth and shares; 0 in other kinds.
    pub power: i32,
    /// Trials that keep it, in order (positions: rows where the lines are columns).
    pub held: Vec<usize>,
    /// Trials that say something: those that keep it and those that break it, without `0 = 0 + 0`.
    pub support: (usize, usize),
    /// Trials that break it.
    pub exceptions: Vec<Exception>,
    /// How far it can be trusted.
    pub certainty: Certainty,
    /// Why it is for a remark only; empty where it can be written.
    pub doubts: Vec<Doubt>,
    /// Whether its figures were rounded, as sums and products show.
    pub recorded: Recorded,
}

impl Relation {
    /// Whether a draft may state it; else it is for a remark.
    pub fn written(&self) -> bool {
        self.doubts.is_empty()
    }

    /// Row and column of a line at a position.
    pub fn cell(&self, line: usize, position: usize) -> (usize, usize) {
        match self.along {
            Along::Columns => (position, line),
            Along::Rows => (line, position),
        }
    }
}

/// The relations of a table: those along columns first, each by its total, then its parts.
pub fn relations(figures: &Figures) -> Vec<Relation> {
    select::relations(figures)
}
