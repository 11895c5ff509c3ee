//! Workbooks of Excel 97-2003, of Excel 5 and 95, and bare BIFF streams from before.
//!
//! Written here and not left to calamine because fonts (without which TCVN3 text is guesswork),
//! number formats and hidden rows are needed, and because a record that lies about its sheet's
//! size must cost nothing.

mod codepage;
mod globals;
mod records;
mod sheet;

use self::globals::{Globals, Listed, Version};
use super::biff_records as kind;
use super::{
    builder::{SheetBuilder, WorkbookBuilder},
    context::{FileError, ReadContext},
    crypt,
};
use crate::read::error::Unreadable;

/// Reads a workbook stream.
pub(super) fn read(stream: &[u8], cx: &mut ReadContext<'_>) -> Result<WorkbookBuilder, FileError> {
    let opened = match globals::password(stream) {
        Some(pass) => Some(crypt::workbook(stream, pass).ok_or_else(|| cx.encrypted())?),
        None => None,
    };
    let stream = opened.as_deref().unwrap_or(stream);
    let mut globals = Globals::read(stream);
    if globals.listed.len() > cx.limits.entries as usize {
        return Err(cx.too_many_sheets());
    }
    if globals.listed.is_empty() {
        if !globals.sheets.is_empty() {
            return Err(cx.unreadable(Unreadable::ChartsOnly));
        }
        if globals.version >= Version::Five {
            return Err(cx.unreadable(Unreadable::NoWorksheet("xls")));
        }
        globals.listed.push(Listed { name: "Sheet1".to_owned(), hidden: false, at: 0 });
    }
    let mut sheets = Vec::with_capacity(globals.listed.len());
    for Listed { name, hidden, at } in &globals.listed {
        let mut draft = SheetBuilder::new(name, *hidden);
        sheet::read_sheet(stream, *at, &globals, &mut draft, cx)?;
        sheets.push(draft);
    }
    Ok(WorkbookBuilder { sheets, fonts: globals.fonts, shared: globals.strings.into_texts() })
}
