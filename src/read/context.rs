//! What every reader shares while one file is being read.

use std::sync::Arc;

use super::{Limits, codes};
use crate::{
    model::{
        finding::{Code, Facts, Finding, Place, Severity},
        workbook::Position,
    },
    read::error::{
        CellError, Encrypted, Loss, LostSheet, MoreUnreadableCells, NameOnly, OutsideGrid, TooMuch, Unreadable,
        UnreadableCell,
    },
};

/// Bad cells reported one by one in each sheet; the rest are counted in one finding.
const BAD_CELLS: u32 = 100;

/// The file, the reader's language, the limits and what was found so far.
pub(super) struct ReadContext<'a> {
    pub(super) file: &'a Arc<str>,
    pub(super) limits: &'a Limits,
    pub(super) findings: Vec<Finding>,
    cells: u64,
    bad_cells: u32,
    text_bytes: u64,
    outside: u32,
    repeated: u64,
    /// Room that parts are unpacked into, one after the other.
    pub(super) room: Vec<u8>,
}

/// Why the file cannot be read at all.
pub(super) type FileError = Box<Finding>;

impl<'a> ReadContext<'a> {
    pub(super) fn new(file: &'a Arc<str>, limits: &'a Limits) -> Self {
        Self {
            file,
            limits,
            findings: Vec::new(),
            cells: 0,
            bad_cells: 0,
            text_bytes: 0,
            outside: 0,
            repeated: 0,
            room: Vec::new(),
        }
    }

    pub(super) fn finding(&self, code: &'static Code, facts: impl Facts + 'static) -> Finding {
        Finding::new(code, facts).at(Place::file(self.file))
    }

    /// The file is no spreadsheet, or a broken one.
    pub(super) fn unreadable(&self, error: Unreadable) -> FileError {
        Box::new(self.finding(&codes::UNREADABLE_FILE, error).fingerprinted(&[]))
    }

    /// The file asks for more than [`Limits`] allow.
    pub(super) fn too_much(&self, error: TooMuch) -> FileError {
        Box::new(self.finding(&codes::LIMIT_EXCEEDED, error).fingerprinted(&[]))
    }

    /// Counts one cell against the limit.
    pub(super) fn take_cell(&mut self) -> Result<(), FileError> {
        self.cells += 1;
        if self.cells > self.limits.cells {
            let most = self.limits.cells;
            return Err(self.too_much(TooMuch::Cells { most }));
        }
        Ok(())
    }

    /// Counts cells that stand in the file once and are read many times.
    pub(super) fn take_repeated(&mut self, cells: u64, most: u64) -> Result<(), FileError> {
        self.repeated = self.repeated.saturating_add(cells);
        if self.repeated > most {
            return Err(self.too_much(TooMuch::Repeated { most }));
        }
        Ok(())
    }

    /// The list of sheets is longer than any file needs.
    pub(super) fn too_many_sheets(&self) -> FileError {
        let most = self.limits.entries;
        self.too_much(TooMuch::Sheets { most })
    }

    /// The table of shared strings is longer than any file needs.
    pub(super) fn too_many_strings(&self) -> FileError {
        let most = self.limits.cells;
        self.too_much(TooMuch::SharedStrings { most })
    }

    /// The file asks for a password.
    pub(super) fn encrypted(&self) -> FileError {
        Box::new(self.finding(&codes::ENCRYPTED_FILE, Encrypted).fingerprinted(&[]))
    }

    /// Counts bytes of text against the limit: formulas of a shared formula's cells, and texts
    /// that stand in cells, can be many times the size of the file.
    pub(super) fn take_text(&mut self, bytes: usize) -> Result<(), FileError> {
        self.text_bytes += bytes as u64;
        if self.text_bytes > self.limits.text_bytes {
            let most = self.limits.text_bytes;
            return Err(self.too_much(TooMuch::Text { most }));
        }
        Ok(())
    }

    /// Reports a cell that no grid has room for; it is left out.
    pub(super) fn outside_grid(&mut self, sheet: &Arc<str>, at: Position) {
        self.outside += 1;
        if self.outside > 1 {
            return;
        }
        // No such cell can be an address of a finding; the message names it.
        let finding = self.finding(&codes::LIMIT_EXCEEDED, OutsideGrid { at }).at(Place::sheet(self.file, sheet));
        self.findings.push(finding.fingerprinted(&[sheet, "grid"]));
    }

    /// Reports one cell that cannot be read, or cannot be read wholly.
    pub(super) fn bad_cell(&mut self, sheet: &Arc<str>, at: Position, raw: Option<&str>, error: CellError) {
        self.bad_cells += 1;
        if self.bad_cells > BAD_CELLS {
            return;
        }
        let place = Place { cell: Some(at), raw: raw.map(Arc::from), ..Place::sheet(self.file, sheet) };
        let facts = UnreadableCell { sheet: sheet.clone(), at, error };
        let finding = self.finding(&codes::UNREADABLE_CELL, facts).at(place);
        self.findings.push(finding.fingerprinted(&[sheet, &at.to_string()]));
    }

    /// Reports a sheet that is in the workbook's list and could not be read.
    pub(super) fn lost_sheet(&mut self, sheet: &Arc<str>, why: Loss) {
        let place = Place::sheet(self.file, sheet);
        let finding = self.finding(&codes::UNREADABLE_FILE, LostSheet { sheet: sheet.clone(), why }).at(place);
        self.findings.push(finding.fingerprinted(&[sheet]));
    }

    /// Notes a sheet that the list names without a part of its own: a macro sheet of old, which other
    /// programs left out when they saved the file. Nothing can be read, and nothing is missing.
    pub(super) fn no_sheet(&mut self, sheet: &Arc<str>) {
        let place = Place::sheet(self.file, sheet);
        let mut finding = self.finding(&codes::UNREADABLE_FILE, NameOnly { sheet: sheet.clone() }).at(place);
        finding.severity = Severity::Info;
        self.findings.push(finding.fingerprinted(&[sheet]));
    }

    /// Ends the reading: counts what was left unsaid.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        if self.bad_cells > BAD_CELLS {
            let more = self.bad_cells - BAD_CELLS;
            let finding = self.finding(&codes::UNREADABLE_CELL, MoreUnreadableCells { more });
            self.findings.push(finding.fingerprinted(&["more"]));
        }
        self.findings
    }
}
