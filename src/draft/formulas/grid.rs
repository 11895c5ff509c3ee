//! What stands in the cells of a sheet, as far as formulas go by it.

use std::collections::HashMap;

use crate::{
    model::workbook::{Position, Sheet, Value},
    values::number::Decimal,
};

use super::relative::RelativeFormula;

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// A formula, by the number of its relative form.
    Formula(usize),
    /// A typed number.
    Number(Decimal),
    /// A text, an error, a date.
    Other,
}

/// The cells of a sheet.
#[derive(Default)]
pub(super) struct Grid {
    cells: HashMap<Position, Held>,
    /// Relative forms, by number.
    pub(super) forms: Vec<RelativeFormula>,
    /// Filled rows of each column and filled columns of each row, ascending.
    lines: [HashMap<u32, Vec<u32>>; 2],
}

/// The way a run of cells goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// Down a column.
    Down,
    /// Along a row.
    Across,
}

impl Way {
    pub(super) fn cell(self, line: u32, at: u32) -> Position {
        match self {
            Self::Down => Position::new(at, line),
            Self::Across => Position::new(line, at),
        }
    }

    /// The line and the place on it of a cell.
    pub(super) fn place(self, cell: Position) -> (u32, u32) {
        match self {
            Self::Down => (cell.column, cell.row),
            Self::Across => (cell.row, cell.column),
        }
    }
}

impl Grid {
    pub(super) fn of(sheet: &Sheet) -> Self {
        let mut grid = Self::default();
        let mut known: HashMap<RelativeFormula, usize> = HashMap::new();
        for row in sheet.rows() {
            for cell in row.cells() {
                let at = Position::new(row.row, cell.column);
                let held = match (cell.formula(), cell.value) {
                    (Some(formula), _) => {
                        let form = RelativeFormula::of(formula, at);
                        let next = known.len();
                        Held::Formula(*known.entry(form).or_insert(next))
                    }
                    (None, Value::Number(number)) => number.exact().map_or(Held::Other, Held::Number),
                    (None, Value::Text(text)) if text.trim().is_empty() => continue,
                    (None, _) => Held::Other,
                };
                grid.cells.insert(at, held);
                grid.lines[0].entry(at.column).or_default().push(at.row);
                grid.lines[1].entry(at.row).or_default().push(at.column);
            }
        }
        let mut forms: Vec<(RelativeFormula, usize)> = known.into_iter().collect();
        forms.sort_unstable_by_key(|(_, number)| *number);
        grid.forms = forms.into_iter().map(|(form, _)| form).collect();
        for line in grid.lines.iter_mut().flat_map(HashMap::values_mut) {
            line.sort_unstable();
        }
        grid
    }

    pub(super) fn get(&self, at: Position) -> Option<Held> {
        self.cells.get(&at).copied()
    }

    pub(super) fn form(&self, at: Position) -> Option<usize> {
        match self.get(at) {
            Some(Held::Formula(form)) => Some(form),
            _ => None,
        }
    }

    fn is_figure(&self, at: Position) -> bool {
        matches!(self.get(at), Some(Held::Formula(_) | Held::Number(_)))
    }

    /// Runs of figures that stand one after another, each as its line and its places on it.
    pub(super) fn runs(&self, way: Way) -> Vec<(u32, Vec<u32>)> {
        let mut lines: Vec<(&u32, &Vec<u32>)> = self.lines[usize::from(way == Way::Across)].iter().collect();
        lines.sort_unstable();
        let mut runs = Vec::new();
        for (line, places) in lines {
            let mut run: Vec<u32> = Vec::new();
            for place in places.iter().copied().filter(|place| self.is_figure(way.cell(*line, *place))) {
                if run.last().is_some_and(|last| last + 1 != place) {
                    runs.push((*line, std::mem::take(&mut run)));
                }
                run.push(place);
            }
            runs.push((*line, run));
        }
        runs.retain(|(_, run)| run.len() >= 3);
        runs
    }

    /// Whether the line across computes all its other figures: a line of totals.
    pub(super) fn computes(&self, way: Way, line: u32, place: u32) -> bool {
        let (formulas, numbers) = (1..=8)
            .flat_map(|distance: u32| [line.checked_sub(distance), line.checked_add(distance)])
            .flatten()
            .fold((0, 0), |(formulas, numbers), beside| match self.get(way.cell(beside, place)) {
                Some(Held::Formula(_)) => (formulas + 1, numbers),
                Some(Held::Number(_)) => (formulas, numbers + 1),
                Some(Held::Other) | None => (formulas, numbers),
            });
        formulas >= 2 && numbers == 0
    }

    /// Whether two lines across a way hold the same kinds of cells but in one line: a row that looks like its
    /// neighbour and is no heading, total or row of numbers of columns.
    pub(super) fn are_alike(&self, way: Way, line: u32, a: u32, b: u32) -> bool {
        let across = match way {
            Way::Down => Way::Across,
            Way::Across => Way::Down,
        };
        let lines = &self.lines[usize::from(across == Way::Across)];
        let (Some(first), Some(second)) = (lines.get(&a), lines.get(&b)) else { return false };
        let kind = |place: u32, at: u32| match self.get(across.cell(place, at)) {
            None => 0,
            Some(Held::Other) => 1,
            Some(Held::Number(_)) => 2,
            Some(Held::Formula(_)) => 3,
        };
        let near = |at: &&u32| at.abs_diff(line) <= 8 && **at != line;
        let all = || first.iter().filter(near).chain(second.iter().filter(near));
        all().count() > 0 && all().all(|at| kind(a, *at) == kind(b, *at))
    }
}
