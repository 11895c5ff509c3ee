//! The mapping: how one office's workbooks correspond to the indicators of a catalogue.

mod decode;
mod index;
mod lint;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use decode::{catalogue_reference, decode};
pub use index::RowIndex;
pub use lint::{Lint, lint};

use crate::{
    model::{
        catalogue::{IndicatorId, MeasureId},
        finding::FileLine,
        workbook::Position,
    },
    values::{number::Convention, text, unit::Unit},
};

/// Texts that match a cell, one of them is enough. `*` stands for any text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    written: String,
    alternatives: Vec<String>,
    /// Whether one of the alternatives has a `*`.
    is_wild: bool,
}

impl Pattern {
    /// Alternatives are separated by ` | `.
    pub fn new(written: &str) -> Self {
        // "*" at the front is a pattern here and not the bullet that fold_label would take off.
        let folded = |a: &str| if a.contains('*') { text::fold(a) } else { text::fold_label(a) };
        let alternatives = written.split(" | ").map(folded).collect();
        Self { written: written.to_owned(), alternatives, is_wild: written.contains('*') }
    }

    /// Whether a text, folded by [`text::fold_label`], matches.
    pub fn matches_folded(&self, folded: &str) -> bool {
        let fits = |a: &String| if self.is_wild { text::matches_folded(a, folded) } else { a == folded };
        self.alternatives.iter().any(fits)
    }

    /// Whether a text as it stands in a file may match; cheap, as there are a million texts that do
    /// not. A digit at the end of a text stays there when it is folded.
    pub fn may_match(&self, written: &str) -> bool {
        match written.as_bytes().last() {
            Some(digit) if digit.is_ascii_digit() && !self.is_wild => {
                self.alternatives.iter().any(|a| a.as_bytes().last() == Some(digit))
            }
            Some(_) | None => true,
        }
    }

    /// Whether a text as it stands in a file matches.
    pub fn matches(&self, written: &str) -> bool {
        self.matches_folded(&text::fold_label(written))
    }

    /// Whether one of the alternatives has a `*`.
    pub fn is_wild(&self) -> bool {
        self.is_wild
    }

    /// Whether it matches whatever stands there.
    pub fn is_any(&self) -> bool {
        self.alternatives.iter().any(|a| a == "*")
    }

    /// As the mapping writes it.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The alternatives, folded.
    pub fn alternatives(&self) -> &[String] {
        &self.alternatives
    }
}

/// A label with the headings above it: `Lúa > Diện tích`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelPath {
    /// As written in the mapping.
    pub written: String,
    /// From the outermost heading to the label itself; never empty.
    pub steps: Vec<Pattern>,
}

impl LabelPath {
    /// Reads a path; steps are separated by ` > `.
    pub fn new(written: &str) -> Self {
        Self { written: written.to_owned(), steps: written.split(" > ").map(Pattern::new).collect() }
    }

    /// The place of the innermost heading that the step before the label means.
    pub fn heading(&self, path: &[impl AsRef<str>]) -> Option<usize> {
        let [.., above, _] = self.steps.as_slice() else { return None };
        path[..path.len().saturating_sub(1)].iter().rposition(|heading| above.matches_folded(heading.as_ref()))
    }

    /// Whether folded texts from the outermost heading to the label match: the label by the last
    /// step, and the steps before it in order, headings between them allowed.
    pub fn matches(&self, path: &[impl AsRef<str>]) -> bool {
        let (Some(own), Some(label)) = (self.steps.last(), path.last()) else { return false };
        if !own.matches_folded(label.as_ref()) {
            return false;
        }
        let mut headings = path[..path.len() - 1].iter();
        self.steps[..self.steps.len() - 1].iter().all(|step| headings.any(|h| step.matches_folded(h.as_ref())))
    }
}

/// How a column is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnPlace {
    /// By the texts of its header, outermost first.
    Header(LabelPath),
    /// By its letters, as a last resort: `@E`.
    Letters(u32),
}

/// How a row is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowPlace {
    /// By its label and the headings above.
    Label(LabelPath),
    /// By its number, as a last resort: `@12`. From zero.
    Number(u32),
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnRole {
    /// Numbers of a measure, and of an indicator where the rows do not say which.
    Values {
        /// Indicator, for tables whose rows are villages or months.
        indicator: Option<IndicatorId>,
        /// Measure.
        measure: MeasureId,
    },
    /// Nothing the mapping wants: numbers here are left alone on purpose.
    Ignored,
}

/// A block of columns, by its place in what the rows of its source say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockId(u16);

/// One column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// How it is found.
    pub place: ColumnPlace,
    /// What it holds.
    pub role: ColumnRole,
    /// Unit of its numbers, where the mapping says so.
    pub unit: Option<Unit>,
    /// Whether it stands once in the block of each member, whose name is the header above: the
    /// outermost step of its path.
    pub each_member: bool,
    /// The block that it stands in, which says with the row which indicator it is of.
    pub block: Option<BlockId>,
    /// Whether it may be absent.
    pub optional: bool,
    /// Line in the mapping.
    pub line: FileLine,
}

/// What a row holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowRole {
    /// Numbers of an indicator.
    Indicator(IndicatorId),
    /// Numbers of an indicator in each block of columns; none where the catalogue has none.
    Blocks(Vec<Option<IndicatorId>>),
    /// The total over the members; the columns say of which indicators.
    Total,
    /// One member, a village or a month, named by its label.
    Member,
    /// Nothing the mapping wants.
    Ignored,
}

impl RowRole {
    /// The indicator of a row in a column of a block, or of none.
    pub fn indicator(&self, block: Option<BlockId>) -> Option<IndicatorId> {
        match self {
            Self::Indicator(id) => Some(*id),
            Self::Blocks(of) => of.get(usize::from(block?.0)).copied().flatten(),
            Self::Total | Self::Member | Self::Ignored => None,
        }
    }

    /// All indicators of a row.
    pub fn indicators(&self) -> Vec<IndicatorId> {
        match self {
            Self::Indicator(id) => vec![*id],
            Self::Blocks(of) => of.iter().copied().flatten().collect(),
            Self::Total | Self::Member | Self::Ignored => Vec::new(),
        }
    }
}

/// One row of a table.
#[derive(Clone, Debug)]
pub struct RowRule {
    /// How it is found.
    pub place: RowPlace,
    /// What it holds.
    pub role: RowRole,
    /// Unit of its numbers, where the mapping says so.
    pub unit: Option<Unit>,
    /// Measures that mean another one in this row; `None` ignores the column here.
    pub measures: Vec<(MeasureId, Option<MeasureId>)>,
    /// Whether it may be absent.
    pub optional: bool,
    /// Line in the mapping.
    pub line: FileLine,
}

/// One cell by its address, the last resort.
#[derive(Clone, Debug)]
pub struct CellRule {
    /// The cell.
    pub at: Position,
    /// Indicator.
    pub indicator: IndicatorId,
    /// Measure.
    pub measure: MeasureId,
    /// Unit.
    pub unit: Option<Unit>,
    /// Line in the mapping.
    pub line: FileLine,
}

/// What names the member that a whole table is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemberName {
    /// The name of the sheet: one sheet per village.
    Sheet,
    /// The name of the file: one file per village or month.
    File,
    /// A cell of the sheet: "THÔN NÀ SÒM" above the table.
    Cell {
        /// The cell.
        at: Position,
        /// Words before the name that are no part of it, folded.
        strip: Vec<String>,
    },
}

/// Where members are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MemberWay {
    Rows,
    Columns,
    Sheet,
    File,
    Cell,
}

/// One table in one kind of file.
#[derive(Clone, Debug)]
pub struct Source {
    /// Name for messages.
    pub name: String,
    /// File names that match, folded, with `*`.
    pub files: Vec<String>,
    /// Sheets that match; empty for whichever sheet has the table.
    pub sheets: Vec<Pattern>,
    /// Column of the labels; several where the headings have columns of their own.
    pub label: Vec<ColumnPlace>,
    /// Column of the units.
    pub unit_column: Option<ColumnPlace>,
    /// Unit of every number, where the mapping says so.
    pub unit: Option<Unit>,
    /// How numbers typed as text are to be read.
    pub numbers: Convention,
    /// First row of the data, from zero, where no header can be found.
    pub first_row: Option<u32>,
    /// Columns with numbers.
    pub columns: Vec<Column>,
    /// Rows, in the order of the mapping.
    pub rows: Vec<RowRule>,
    /// Where to look among them.
    pub index: RowIndex,
    /// Cells by address.
    pub cells: Vec<CellRule>,
    /// What names the member that the whole table is about.
    pub member: Option<MemberName>,
    /// Whether the members add up to the whole where no whole is stated.
    pub sum: bool,
    /// Whether the file may be absent.
    pub optional: bool,
    /// Line in the mapping.
    pub line: FileLine,
}

impl Source {
    /// The patterns of its files, which stay when a file is renamed.
    pub fn pattern(&self) -> String {
        self.files.join(", ")
    }

    /// The indicators that its rows, columns and cells are of; some may come more than once.
    pub fn indicators(&self) -> impl Iterator<Item = IndicatorId> {
        let of_rows = self.rows.iter().flat_map(|row| row.role.indicators());
        let of_columns = self.columns.iter().filter_map(|column| match column.role {
            ColumnRole::Values { indicator, .. } => indicator,
            ColumnRole::Ignored => None,
        });
        of_rows.chain(of_columns).chain(self.cells.iter().map(|cell| cell.indicator))
    }

    /// Where its members are named: in rows, in columns, or once for the whole table. None where it has
    /// no members.
    fn member_way(&self) -> Option<MemberWay> {
        if let Some(name) = &self.member {
            return Some(match name {
                MemberName::Sheet => MemberWay::Sheet,
                MemberName::File => MemberWay::File,
                MemberName::Cell { .. } => MemberWay::Cell,
            });
        }
        if self.columns.iter().any(|column| column.each_member) {
            return Some(MemberWay::Columns);
        }
        self.rows.iter().any(|row| row.role == RowRole::Member).then_some(MemberWay::Rows)
    }

    /// What its members state.
    fn member_figures(&self) -> Vec<(IndicatorId, MeasureId)> {
        let way = self.member_way();
        let is_theirs = |column: &&Column| way != Some(MemberWay::Columns) || column.each_member;
        let mut figures = Vec::new();
        for column in self.columns.iter().filter(is_theirs) {
            match column.role {
                ColumnRole::Values { indicator: Some(indicator), measure } => figures.push((indicator, measure)),
                ColumnRole::Values { indicator: None, measure } => {
                    let of_rows = self.rows.iter().filter_map(|row| row.role.indicator(column.block));
                    figures.extend(of_rows.map(|indicator| (indicator, measure)));
                }
                ColumnRole::Ignored => {}
            }
        }
        figures
    }

    /// Whether a file of this name can hold the table. Names are compared without regard to case
    /// and Unicode form, and the mark of a copy ("x (1)", "x - Copy") makes no difference.
    pub fn takes_file(&self, name: &str) -> bool {
        let takes = |name: &str| {
            let name = text::fold(name);
            self.files.iter().any(|pattern| text::matches_folded(pattern, &name))
        };
        takes(name) || takes(&text::plain_file_name(name))
    }
}

/// A mapping, checked against its catalogue.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// File it came from.
    pub file: Arc<str>,
    /// Id in reports.
    pub id: Arc<str>,
    /// Texts for the placeholders of the form.
    pub fields: Vec<(String, String)>,
    /// Tables, in the order of the file.
    pub sources: Vec<Source>,
    /// Sheets that nobody has to read, whatever they hold.
    pub ignored_sheets: Vec<Pattern>,
}

impl Mapping {
    /// Whether each matching file is a submission of its own: all tables stand in one file, and that
    /// is not one of many members of a whole.
    pub fn is_one_file(&self) -> bool {
        let is_part = |source: &Source| match source.member {
            Some(MemberName::File) => true,
            // One cell in each of several sheets of a file, or in each of several files.
            Some(MemberName::Cell { .. }) => source.sheets.is_empty(),
            Some(MemberName::Sheet) | None => false,
        };
        let parts = self.sources.iter().any(is_part);
        !parts && self.sources.windows(2).all(|pair| pair[0].files == pair[1].files)
    }
}
