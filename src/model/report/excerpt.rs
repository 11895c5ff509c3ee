//! Parts of sheets as the office knows them: what a page shows around the cells that findings speak
//! of. Not in the JSON report; the sheets themselves are at hand where that is read.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Part of one sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// Path as the user named it.
    pub file: Arc<str>,
    /// Name of the sheet.
    pub sheet: Arc<str>,
    /// Whether it is all that the sheet holds.
    pub whole: bool,
    /// Filled rows, in order.
    pub lines: Vec<Line>,
}

/// One row of an excerpt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Row from zero.
    pub row: u32,
    /// Why it is there.
    pub kind: LineKind,
    /// Filled cells: column from zero, and what the cell shows.
    pub cells: Vec<(u32, Arc<str>)>,
}

/// Why a row is part of an excerpt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LineKind {
    /// It names the columns.
    Head,
    /// It has a cell that a finding speaks of.
    Concerned,
    /// It lies around the others.
    Near,
}
