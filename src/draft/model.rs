//! Tables of a draft: what their rows and columns are taken for.

use std::sync::Arc;

use super::{
    meaning::Meaning,
    relations::{Figures, Relation},
    shapes::Shape,
};
use crate::{extract::survey::SurveyLine, values::unit::Unit};

/// How far an entry can be trusted: as in reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Holds under every explanation.
    Certain,
    /// One clear winner.
    Likely,
    /// It cannot be told.
    Open,
}

impl Certainty {
    /// Name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Open => "open",
        }
    }
}

/// What a row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Figures of an indicator.
    Indicator,
    /// One village, month or school.
    Member,
    /// The total of the members.
    Total,
    /// No figures of its own.
    Heading,
    /// Left out on purpose.
    Ignore,
    /// It cannot be told.
    Open,
}

impl Role {
    /// Name in JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Indicator => "indicator",
            Self::Member => "member",
            Self::Total => "total",
            Self::Heading => "heading",
            Self::Ignore => "ignore",
            Self::Open => "open",
        }
    }
}

/// A row of a table.
#[derive(Clone, Debug)]
pub struct DraftRow {
    /// As extraction sees it.
    pub line: SurveyLine,
    /// The key of the mapping.
    pub key: String,
    /// What it is.
    pub role: Role,
    /// Indicator id.
    pub indicator: Option<String>,
    /// Measures that mean another one in this row; none for `ignore`.
    pub measures: Vec<(String, String)>,
    /// How far that can be trusted.
    pub certainty: Certainty,
    /// Why, in words.
    pub evidence: String,
    /// Other indicators that it may be.
    pub alternatives: Vec<String>,
    /// Place in [`DraftTable::figures`].
    pub place: Option<usize>,
    /// Whether a person said so.
    pub chosen: bool,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct DraftColumn {
    /// Its column.
    pub at: u32,
    /// The texts above it.
    pub header: Vec<String>,
    /// The same, folded.
    pub folded: Vec<String>,
    /// The key of the mapping.
    pub key: String,
    /// What its header says.
    pub meaning: Meaning,
    /// Whether it holds figures.
    pub has_figures: bool,
    /// The unit that is stated for it.
    pub unit: Option<Arc<Unit>>,
    /// Measure id, or `ignore`.
    pub measure: Option<String>,
    /// Indicator id, where columns name them.
    pub indicator: Option<String>,
    /// How far that can be trusted.
    pub certainty: Certainty,
    /// Why, in words.
    pub evidence: String,
    /// Other indicators that it may be.
    pub alternatives: Vec<String>,
    /// Place in [`DraftTable::figures`].
    pub place: Option<usize>,
    /// Whether a person said so.
    pub chosen: bool,
    /// The block that it stands in, one of several with the same columns.
    pub block: Option<String>,
    /// What the block adds to the ids of the rows.
    pub part: Option<String>,
    /// Whether that is the block of a member.
    pub each_member: bool,
    /// The column that says what it holds: that of another block.
    pub twin: Option<usize>,
}

/// What names the member that a table is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberOf {
    /// The sheets that a pattern takes.
    Sheets(String),
    /// The files.
    Files,
}

/// A block as the mapping writes it: its header, and the part of an id that it stands for.
#[derive(Clone, Debug)]
pub struct IdPart {
    /// The header.
    pub key: String,
    /// The part of an id.
    pub slug: String,
}

/// A table of a sheet.
#[derive(Clone, Debug)]
pub struct DraftTable {
    /// Its file.
    pub file: usize,
    /// Its sheet.
    pub sheet: usize,
    /// Where it lies.
    pub shape: Shape,
    /// `label` of the mapping.
    pub label: Vec<String>,
    /// `unit-column` of the mapping.
    pub unit_column: Option<String>,
    /// `first-row` of the mapping, where there is no header.
    pub first_row: Option<u32>,
    /// Texts above the header, nearest first.
    pub titles: Vec<String>,
    /// The year of the draft.
    pub year: String,
    /// The unit that is stated for it.
    pub unit: Option<Arc<Unit>>,
    /// Its columns.
    pub columns: Vec<DraftColumn>,
    /// Its rows.
    pub rows: Vec<DraftRow>,
    /// Its figures, for the search of relations.
    pub figures: Figures,
    /// What is true between them.
    pub relations: Vec<Relation>,
    /// Whether the columns name the indicators.
    pub by_column: bool,
    /// Other sheets or files with the same table, each about a member of its own.
    pub member: Option<MemberOf>,
    /// The heading that its members stand under, where the sheet has several lists.
    pub members_under: Option<String>,
    /// Where members have blocks of columns, whether one more is that of the whole.
    pub blocks: Option<bool>,
    /// Blocks of columns that each stand for a part of the ids.
    pub parts: Vec<IdPart>,
    /// Whether no whole is stated, so that it is the sum of the members.
    pub adds_up: bool,
    /// Whether its rows are wholes and no members.
    pub stands_alone: bool,
    /// What tells it from other parts of one table.
    pub part: Option<String>,
    /// Why nothing of it is taken.
    pub left_out: Option<String>,
}

impl DraftTable {
    /// Whether nothing of it is taken.
    pub fn is_left_out(&self) -> bool {
        self.left_out.is_some()
    }
}
