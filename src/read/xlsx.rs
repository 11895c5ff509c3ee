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
    archive::{Archive, Trouble},
    draft::{Draft, Drafts, Fonts, Strings},
    intake::{Intake, Refusal},
    package::{main_part, relations_of, resolve, text_of},
    xml::{self, Token, Tokens},
};
use crate::values::language::say;

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

pub(super) fn read(mut archive: Archive<'_>, intake: &mut Intake<'_>) -> Result<Drafts, Refusal> {
    let main = main_part(&mut archive, intake)?;
    let Some(workbook) = text_of(&mut archive, &main, intake)? else {
        return Err(intake.unreadable(say!(
            intake.language,
            "tệp .xlsx thiếu phần chính ({main}); có thể tải về chưa hết",
            "the .xlsx file has no main part ({main}); it may not have been downloaded completely"
        )));
    };
    let (listed, epoch_1904) = list_sheets(&workbook);
    if listed.len() > intake.limits.entries as usize {
        return Err(intake.too_many_sheets());
    }
    let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
    let relations = relations_of(&mut archive, &main, intake)?;
    let related = |kind: &str, fallback: &str| {
        let found = relations.iter().find(|relation| relation.kind == kind);
        found.map_or_else(|| resolve(folder, fallback), |relation| relation.path.clone())
    };

    let mut fonts = Fonts::default();
    let styles = match archive.part(&related("styles", "styles.xml"), intake) {
        Ok(part) => Styles::read(&xml::text(part.unwrap_or_default()), &mut fonts),
        // Formats and fonts are hints; the values are there without them.
        Err(Trouble::Damaged(_)) => Styles::default(),
        Err(Trouble::Refused(refusal)) => return Err(refusal),
    };
    let strings = match archive.part(&related("sharedStrings", "sharedStrings.xml"), intake) {
        Ok(Some(part)) => strings::read(&xml::text(part), &mut fonts, intake)?,
        // Without it every text cell is a bad cell, and is reported as one.
        Ok(None) | Err(Trouble::Damaged(_)) => Strings::default(),
        Err(Trouble::Refused(refusal)) => return Err(refusal),
    };
    let book = Book { strings, styles, fonts, epoch_1904 };

    let mut sheets = Vec::with_capacity(listed.len());
    for Listed { name, hidden, relation } in listed {
        let mut draft = Draft::new(&name, hidden);
        let name = draft.sheet.name.clone();
        let Some(target) = relations.iter().find(|known| Some(&known.id) == relation.as_ref()) else {
            if relation.as_deref() == Some("") {
                intake.no_sheet(&name);
            } else {
                intake.lost_sheet(&name, &intake.no_part());
            }
            sheets.push(draft);
            continue;
        };
        match archive.stream(&target.path, intake) {
            // Charts and dialogs stand in the list of sheets and have no cells.
            _ if matches!(&*target.kind, "chartsheet" | "dialogsheet" | "xlMacrosheet" | "xlIntlMacrosheet") => {
                continue;
            }
            Ok(Some(stream)) => {
                let before = intake.findings.len();
                match sheet::read(stream, &book, &mut draft, intake) {
                    Ok(()) => {}
                    Err(Trouble::Refused(refusal)) => return Err(refusal),
                    // What was read before the damage cannot be relied on.
                    Err(Trouble::Damaged(why)) => {
                        draft = Draft::new(&name, hidden);
                        intake.findings.truncate(before);
                        intake.lost_sheet(&name, &why);
                    }
                }
            }
            Ok(None) => intake.lost_sheet(&name, &intake.no_part()),
            Err(Trouble::Damaged(why)) => intake.lost_sheet(&name, &why),
            Err(Trouble::Refused(refusal)) => return Err(refusal),
        }
        sheets.push(draft);
    }
    Ok(Drafts { sheets, fonts: book.fonts, shared: book.strings.into_texts() })
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
