//! Office Open XML workbooks (.xlsx, .xlsm), in one pass over each part.
//!
//! Written here and not left to calamine because one pass must give value, formula, number
//! format, font and hidden rows together, and because a cell that cannot be read must cost that
//! cell and not its sheet. Nothing that a file claims about its own size is believed.

mod head;
mod pieces;
mod sheet;
mod strings;
mod styles;

use self::styles::Styles;
use super::{
    archive::Archive,
    builder::{Fonts, Strings, WorkbookBuilder},
    context::{FileError, ReadContext},
    package::{Listed, Package, main_part, text_of},
    xml::{self, Token, Tokens},
};
use crate::read::error::Unreadable;

/// What the sheets of a workbook share.
struct Book {
    strings: Strings,
    styles: Styles,
    fonts: Fonts,
    epoch_1904: bool,
}

pub(super) fn read(mut archive: Archive<'_>, cx: &mut ReadContext<'_>) -> Result<WorkbookBuilder, FileError> {
    let main = main_part(&mut archive, cx)?;
    let Some(workbook) = text_of(&mut archive, &main, cx)? else {
        return Err(cx.unreadable(Unreadable::NoMainPart(main)));
    };
    let (listed, epoch_1904) = list_sheets(&workbook);
    let mut package = Package::open(archive, &main, cx)?;
    let mut fonts = Fonts::default();
    // Formats and fonts are hints; the values are there without them.
    let styles = package.related("styles", "styles.xml", cx)?;
    let styles = styles.map(|part| Styles::read(&xml::text(part), &mut fonts)).unwrap_or_default();
    // Without them every text cell is a bad cell, and is reported as one.
    let strings = match package.related("sharedStrings", "sharedStrings.xml", cx)? {
        Some(part) => strings::read(&xml::text(part), &mut fonts, cx)?,
        None => Strings::default(),
    };
    let book = Book { strings, styles, fonts, epoch_1904 };
    let sheets = package.sheets(listed, cx, |archive, path, draft, cx| {
        let Some(stream) = archive.stream(path, cx)? else { return Ok(false) };
        sheet::read_sheet(stream, &book, draft, cx).map(|()| true)
    })?;
    Ok(WorkbookBuilder { sheets, fonts: book.fonts, shared: book.strings.into_texts() })
}

/// The sheets in tab order, and whether days are counted from 1904.
fn list_sheets(workbook: &str) -> (Vec<Listed>, bool) {
    let mut listed = Vec::new();
    let mut epoch_1904 = false;
    for token in Tokens::new(workbook) {
        match token {
            Token::Open("sheet", attributes) | Token::Empty("sheet", attributes) => {
                let (mut name, mut hidden, mut relation) = (String::new(), false, None);
                for (key, value) in attributes {
                    match xml::local(key) {
                        "name" => name = xml::unescape(value).into_owned(),
                        "state" => hidden = value != "visible",
                        "id" => relation = Some(xml::unescape(value).into_owned()),
                        _ => {}
                    }
                }
                listed.push(Listed { name, hidden, relation });
            }
            Token::Open("workbookPr", attributes) | Token::Empty("workbookPr", attributes) => {
                epoch_1904 |= attributes.get("date1904").is_some_and(xml::is_true);
            }
            _ => {}
        }
    }
    (listed, epoch_1904)
}
