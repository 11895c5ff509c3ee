//! Workbooks of Excel 97-2003, of Excel 5 and 95, and bare BIFF streams from before.
//!
//! Written here and not left to calamine because fonts (without which TCVN3 text is guesswork),
//! number formats and hidden rows are needed, and because a record that lies about its sheet's
//! size must cost nothing.

mod codepage;
mod globals;
pub(super) mod kind;
mod records;
mod sheet;

use self::globals::{Globals, Listed, Version};
use super::{
    crypt,
    draft::{Draft, Drafts},
    intake::{Intake, Refusal},
};
use crate::values::language::say;

/// Reads a workbook stream.
pub(super) fn read(stream: &[u8], intake: &mut Intake<'_>) -> Result<Drafts, Refusal> {
    let opened = match globals::password(stream) {
        Some(pass) => Some(crypt::workbook(stream, pass).ok_or_else(|| intake.encrypted())?),
        None => None,
    };
    let stream = opened.as_deref().unwrap_or(stream);
    let mut globals = Globals::read(stream);
    if globals.listed.len() > intake.limits.entries as usize {
        return Err(intake.too_many_sheets());
    }
    if globals.listed.is_empty() {
        if !globals.sheets.is_empty() {
            return Err(intake.unreadable(say!(
                intake.language,
                "tệp .xls chỉ có biểu đồ hoặc macro (như biểu đồ của Microsoft Graph), không có bảng tính nào",
                "the .xls file holds charts or macros only (as those of Microsoft Graph), and no worksheet"
            )));
        }
        if globals.version >= Version::Five {
            return Err(intake.unreadable(say!(
                intake.language,
                "tệp .xls không có bảng tính nào hoặc bị hỏng",
                "the .xls file holds no worksheet or is damaged"
            )));
        }
        globals.listed.push(Listed { name: "Sheet1".to_owned(), hidden: false, at: 0 });
    }
    let mut sheets = Vec::with_capacity(globals.listed.len());
    for Listed { name, hidden, at } in &globals.listed {
        let mut draft = Draft::new(name, *hidden);
        sheet::read(stream, *at, &globals, &mut draft, intake)?;
        sheets.push(draft);
    }
    Ok(Drafts { sheets, fonts: globals.fonts, shared: globals.strings.into_texts() })
}
