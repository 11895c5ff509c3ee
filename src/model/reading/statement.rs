//! What forms say of their own columns and rows, held against the figures while their tables are read.

use std::sync::Arc;

use super::Key;
use crate::{
    model::{
        catalogue::rule::stated::Outcome,
        finding::{FileLine, Place},
        workbook::Position,
    },
    values::number::{Decimal, Rational},
};

/// A statement such as `(5)=(3)-(4)`, and how its table keeps it.
#[derive(Clone, Debug)]
pub struct FormStatement {
    /// The cell that says it.
    pub place: Place,
    /// The source of the mapping that reads the table.
    pub line: FileLine,
    /// As the form writes it.
    pub written: String,
    /// With the letters of columns or the numbers of rows: `E = C - D`.
    pub means: String,
    /// What it tells: the header of the column, or the label of the row.
    pub about: String,
    /// Lines that could be judged, and those that keep it.
    pub judged: usize,
    /// Lines that keep it.
    pub kept: usize,
    /// The same of all statements that are judged together with it.
    pub support: (usize, usize),
    /// What that says.
    pub outcome: Outcome,
    /// What the figures do, as constraints.
    pub shape: FormShape,
    /// Lines that keep a rule, of long tables some of them.
    pub keeping: Vec<FormLine>,
    /// Lines that break a rule.
    pub exceptions: Vec<FormException>,
}

/// How the figures of a line make the stated one.
#[derive(Clone, Debug, PartialEq)]
pub enum FormShape {
    /// Added up; true where one is taken away.
    Sum(Vec<bool>),
    /// So many times the first through the second.
    Ratio(Rational),
    /// Any other way.
    Other,
}

/// The cells of one line of a statement: a row where it speaks of columns.
#[derive(Clone, Debug, PartialEq)]
pub struct FormLine {
    /// What is told.
    pub target: Position,
    /// What it is told from, in the order of the statement.
    pub sources: Vec<Position>,
}

/// A line that breaks a rule.
#[derive(Clone, Debug)]
pub struct FormException {
    /// Its cells.
    pub line: FormLine,
    /// The cell that says otherwise.
    pub target: Place,
    /// The cells that it should follow from.
    pub sources: Vec<Place>,
    /// The label of its row.
    pub label: Arc<str>,
    /// The header of its column.
    pub column: String,
    /// What it says.
    pub stated: Decimal,
    /// What it would have to be.
    pub computed: Rational,
    /// What the mapping takes it for, where it does.
    pub key: Option<Key>,
}
