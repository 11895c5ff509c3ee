//! What becomes of each sheet. One that the mapping does not read is never passed over in silence: its figures
//! are open until somebody says what they are, or why they are left out.

use std::sync::Arc;

use super::{
    Draft, Request, choices, grid,
    model::{DraftTable, MemberOf},
};
use crate::{
    model::workbook::{Sheet, Workbook},
    values::{language::say, text},
};

/// What becomes of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetStatus {
    /// A table of it is read.
    Read,
    /// It has the table of another sheet, and is read as that one.
    Member {
        /// The sheet that the rows and columns were described in.
        like: String,
    },
    /// A person left it out.
    LeftOut {
        /// Why.
        reason: String,
    },
    /// It has figures, and none is read.
    Open {
        /// Why.
        reason: String,
    },
    /// A form without figures.
    Blank,
    /// Words only.
    Words,
    /// Nothing at all.
    Empty,
}

impl SheetStatus {
    /// Name in JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Member { .. } => "member",
            Self::LeftOut { .. } => "left-out",
            Self::Open { .. } => "open",
            Self::Blank => "blank",
            Self::Words => "words",
            Self::Empty => "empty",
        }
    }

    /// Why nothing of it is read.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::LeftOut { reason } | Self::Open { reason } => Some(reason),
            Self::Read | Self::Member { .. } | Self::Blank | Self::Words | Self::Empty => None,
        }
    }
}

/// What becomes of the sheets of each file.
pub(super) fn statuses(draft: &Draft, request: &Request<'_>) -> Vec<Vec<SheetStatus>> {
    let of_file = |(file, workbook): (usize, &&Workbook)| {
        let of_sheet = |(at, sheet): (usize, &Arc<Sheet>)| status(draft, request, (file, at), sheet);
        workbook.sheets.iter().enumerate().map(of_sheet).collect()
    };
    request.workbooks.iter().enumerate().map(of_file).collect()
}

fn status(draft: &Draft, request: &Request<'_>, place: (usize, usize), sheet: &Sheet) -> SheetStatus {
    let file = &request.workbooks[place.0].file;
    if let Some(reason) = choices::reason_of_sheet(request.choices, file, &sheet.name) {
        return SheetStatus::LeftOut { reason: choices::one_line(reason) };
    }
    let is_here = |table: &&DraftTable| (table.file, table.sheet) == place;
    if draft.tables.iter().any(|table| is_here(&table) && !table.is_left_out()) {
        return SheetStatus::Read;
    }
    let described = |table: &&DraftTable| is_described_by(table, request, place, sheet);
    if let Some(table) = draft.tables.iter().find(|table| described(table) && !table.is_left_out()) {
        let like = request.workbooks[table.file].sheets[table.sheet].name.to_string();
        return SheetStatus::Member { like };
    }
    if draft.blank.iter().any(|blank| (blank.file, blank.sheet) == place) {
        return SheetStatus::Blank;
    }
    let classes = || sheet.rows().flat_map(|row| row.cells().filter_map(|cell| grid::class(&cell)).collect::<Vec<_>>());
    if !classes().any(|class| class == grid::Class::Figure) {
        return if classes().next().is_some() { SheetStatus::Words } else { SheetStatus::Empty };
    }
    let tables = || draft.tables.iter().chain(&draft.unmatched);
    let of_table = tables().filter(|table| is_here(table) || described(table)).find_map(|table| table.left_out.clone());
    // What the mapping says of sheets of this name may be about that of another file.
    let reason = of_table.unwrap_or_else(|| {
        say!(request.language, "chưa rõ bảng trong sheet này", "no table could be made out in this sheet")
    });
    SheetStatus::Open { reason }
}

/// Whether a table stands for that of another sheet too, one of a member.
fn is_described_by(table: &DraftTable, request: &Request<'_>, place: (usize, usize), sheet: &Sheet) -> bool {
    let own = &request.workbooks[table.file].sheets[table.sheet];
    match &table.member {
        Some(MemberOf::Sheets(pattern)) => {
            table.file == place.0 && text::matches_folded(&text::fold(pattern), &text::fold(&sheet.name))
        }
        Some(MemberOf::Files) => {
            let is_only = |file: usize| request.workbooks[file].sheets.len() == 1;
            own.name == sheet.name || is_only(table.file) && is_only(place.0)
        }
        None => false,
    }
}
