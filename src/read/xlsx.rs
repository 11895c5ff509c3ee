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
    archive::{Archive, PartError},
    builder::{Fonts, SheetBuilder, Strings, WorkbookBuilder},
    context::{FileError, ReadContext},
    package::{main_part, relations_of, resolve, text_of},
    xml::{self, Token, Tokens},
};
use crate::read::error::{Loss, Unreadable};

/// What the sheets of a workbook share.
struct Book {
    strings: Strings,
    styles: Styles,
    fonts: Fonts,
    epoch_1904: bool,
}

/// One line of the workbook's list of sheets.
struct Listed {
    name: String,
    hidden: bool,
    /// Empty where it says that it has no part.
    relation: Option<String>,
}

pub(super) fn read(mut archive: Archive<'_>, cx: &mut ReadContext<'_>) -> Result<WorkbookBuilder, FileError> {
    let main = main_part(&mut archive, cx)?;
    let Some(workbook) = text_of(&mut archive, &main, cx)? else {
        return Err(cx.unreadable(Unreadable::NoMainPart(main)));
    };
    let (listed, epoch_1904) = list_sheets(&workbook);
    if listed.len() > cx.limits.entries as usize {
        return Err(cx.too_many_sheets());
    }
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    let relations = relations_of(&mut archive, &main, cx)?;
    let related = |kind: &str, fallback: &str| {
        let found = relations.iter().find(|relation| relation.kind == kind);
        found.map_or_else(|| resolve(folder, fallback), |relation| relation.path.clone())
    };

    let mut fonts = Fonts::default();
    let styles = match archive.part(&related("styles", "styles.xml"), cx) {
        Ok(part) => Styles::read(&xml::text(part.unwrap_or_default()), &mut fonts),
        // Formats and fonts are hints; the values are there without them.
        Err(PartError::Damaged(_)) => Styles::default(),
        Err(PartError::Refused(error)) => return Err(error),
    };
    let strings = match archive.part(&related("sharedStrings", "sharedStrings.xml"), cx) {
        Ok(Some(part)) => strings::read(&xml::text(part), &mut fonts, cx)?,
        // Without it every text cell is a bad cell, and is reported as one.
        Ok(None) | Err(PartError::Damaged(_)) => Strings::default(),
        Err(PartError::Refused(error)) => return Err(error),
    };
    let book = Book { strings, styles, fonts, epoch_1904 };

    let mut sheets = Vec::with_capacity(listed.len());
    for Listed { name, hidden, relation } in listed {
        let mut draft = SheetBuilder::new(&name, hidden);
        let name = draft.sheet.name.clone();
        let Some(target) = relations.iter().find(|known| Some(&known.id) == relation.as_ref()) else {
            if relation.as_deref() == Some("") {
                cx.no_sheet(&name);
            } else {
                cx.lost_sheet(&name, Loss::NoPart);
            }
            sheets.push(draft);
            continue;
        };
        match archive.stream(&target.path, cx) {
            // Charts and dialogs stand in the list of sheets and have no cells.
            _ if matches!(&*target.kind, "chartsheet" | "dialogsheet" | "xlMacrosheet" | "xlIntlMacrosheet") => {
                continue;
            }
            Ok(Some(stream)) => {
                let before = cx.findings.len();
                match sheet::read(stream, &book, &mut draft, cx) {
                    Ok(()) => {}
                    Err(PartError::Refused(error)) => return Err(error),
                    // What was read before the damage cannot be relied on.
                    Err(PartError::Damaged(why)) => {
                        draft = SheetBuilder::new(&name, hidden);
                        cx.findings.truncate(before);
                        cx.lost_sheet(&name, why);
                    }
                }
            }
            Ok(None) => cx.lost_sheet(&name, Loss::NoPart),
            Err(PartError::Damaged(why)) => cx.lost_sheet(&name, why),
            Err(PartError::Refused(error)) => return Err(error),
        }
        sheets.push(draft);
    }
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
