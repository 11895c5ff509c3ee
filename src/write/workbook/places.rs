//! Where in the form a finding is seen.

use std::collections::BTreeMap;

use super::WorkbookInput;
use crate::{appendix::Operand, finding::Finding, reading::Key, workbook::Position};

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
    keys: BTreeMap<(&'a str, &'a str, Position), &'a Key>,
}

impl<'a> Places<'a> {
    pub(super) fn new(input: &'a WorkbookInput<'a>) -> Self {
        let keys = input
            .dataset
            .iter()
            .map(|reading| {
                let origin = &reading.origin;
                ((&*origin.file, &*origin.sheet, origin.cell), &reading.key)
            })
            .collect();
        Self { input, keys }
    }

    /// The cell that shows the judged value; else the label of the indicator.
    pub(super) fn of(&self, finding: &Finding) -> Option<Shown> {
        let target = finding.target.as_ref();
        let key = target.and_then(|t| self.keys.get(&(&*t.file, t.sheet.as_deref()?, t.cell?)).copied());
        let whole = key.is_none_or(|key| key.member.is_none());
        if let Some((key, at)) = key.and_then(|key| Some((key, self.input.appendix.find(key)?))) {
            let shown = self.input.appendix.cell(at).and_then(|cell| cell.key.as_ref());
            return Some(Shown { at, whole: whole || shown == Some(key) });
        }
        let id = key.map(|key| key.indicator).or_else(|| self.input.catalogue.find(finding.indicator.as_deref()?))?;
        self.input.appendix.find_label(id).map(|at| Shown { at, whole })
    }
}
