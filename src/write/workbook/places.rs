//! Where in the form a finding is seen.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::WorkbookInput;
use crate::{
    compose::appendix::Operand,
    model::{reading::Key, report::ReportEntry, workbook::Position},
};

/// A cell of the form that a finding is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown {
    /// The cell.
    pub at: Operand,
    /// Whether the finding is about what the cell shows, and not about a village that it counts in.
    pub whole: bool,
}

/// Looks up the cells of the form that findings are about.
pub(super) struct Places<'a> {
    input: &'a WorkbookInput<'a>,
    /// The cells that findings are about, with their places in `keys`.
    cells: HashMap<(&'a str, &'a str, Position), usize, RandomState>,
    keys: Vec<Option<Key>>,
}

impl<'a> Places<'a> {
    pub(super) fn new(input: &'a WorkbookInput<'a>) -> Self {
        let targets = input.submission.findings.iter().filter_map(|finding| finding.target.as_ref());
        let wanted = targets.filter_map(|t| Some((&*t.file, t.sheet.as_deref()?, t.cell?)));
        let cells: HashMap<_, usize, RandomState> = wanted.zip(0..).collect();
        let mut keys = vec![None; input.submission.findings.len()];
        input.dataset.each(|reading| {
            let origin = &reading.origin;
            // Where a cell is taken twice, the last one stands, as it always has.
            if let Some(at) = cells.get(&(&*origin.file, &*origin.sheet, origin.cell)) {
                keys[*at] = Some(reading.key.clone());
            }
        });
        Self { input, cells, keys }
    }

    /// The cell that shows the judged value; else the label of the indicator.
    pub(super) fn of(&self, finding: &ReportEntry) -> Option<Shown> {
        let target = finding.target.as_ref();
        let cell = target.and_then(|t| self.cells.get(&(&*t.file, t.sheet.as_deref()?, t.cell?)));
        let key = cell.and_then(|at| self.keys.get(*at)?.as_ref());
        let whole = key.is_none_or(|key| key.member.is_none());
        if let Some((key, at)) = key.and_then(|key| Some((key, self.input.appendix.find(key)?))) {
            let shown = self.input.appendix.cell(at).and_then(|cell| cell.key.as_ref());
            return Some(Shown { at, whole: whole || shown == Some(key) });
        }
        let id = key.map(|key| key.indicator).or_else(|| self.input.catalogue.find(finding.indicator.as_deref()?))?;
        self.input.appendix.find_label(id).map(|at| Shown { at, whole })
    }
}
