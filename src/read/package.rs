//! Packages of Office Open XML: parts, and the relationships that lead from one to the next. Workbooks of XML (.xlsx)
//! and of records (.xlsb) are such packages, and differ in what their parts hold.

use std::sync::Arc;

use super::{
    archive::{Archive, PartError},
    builder::SheetBuilder,
    context::{FileError, ReadContext},
    xml::{self, Token, Tokens},
};
use crate::read::error::Loss;

/// One line of the workbook's list of sheets.
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) hidden: bool,
    /// Empty where it says that it has no part.
    pub(super) relation: Option<String>,
}

/// A workbook as a package: its archive, and what its main part is related to.
pub(super) struct Package<'a> {
    archive: Archive<'a>,
    folder: String,
    relations: Vec<Relation>,
}

impl<'a> Package<'a> {
    /// Opens the package of a workbook whose main part stands at this path.
    pub(super) fn open(mut archive: Archive<'a>, main: &str, cx: &ReadContext<'_>) -> Result<Self, FileError> {
        let relations = relations_of(&mut archive, main, cx)?;
        let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        Ok(Self { archive, folder, relations })
    }

    /// The part of a kind, such as the styles; `fallback` is where it stands if nothing says where. None where it is
    /// not there or damaged: each cell that misses it is reported.
    pub(super) fn related(
        &mut self,
        kind: &str,
        fallback: &str,
        cx: &ReadContext<'_>,
    ) -> Result<Option<Vec<u8>>, FileError> {
        let found = self.relations.iter().find(|relation| relation.kind == kind);
        let path = found.map_or_else(|| resolve(&self.folder, fallback), |relation| relation.path.clone());
        match self.archive.part(&path, cx) {
            Ok(part) => Ok(part),
            Err(PartError::Damaged(_)) => Ok(None),
            Err(PartError::Refused(error)) => Err(error),
        }
    }

    /// Reads the sheets in tab order. `read` takes the part at a path into a sheet and says whether it is there.
    pub(super) fn sheets<'c>(
        mut self,
        listed: Vec<Listed>,
        cx: &mut ReadContext<'c>,
        mut read: impl FnMut(&mut Archive<'a>, &str, &mut SheetBuilder, &mut ReadContext<'c>) -> Result<bool, PartError>,
    ) -> Result<Vec<SheetBuilder>, FileError> {
        if listed.len() > cx.limits.entries as usize {
            return Err(cx.too_many_sheets());
        }
        let mut sheets = Vec::with_capacity(listed.len());
        for Listed { name, hidden, relation } in listed {
            let mut draft = SheetBuilder::new(&name, hidden);
            let name: Arc<str> = draft.sheet.name.clone();
            let Some(target) = self.relations.iter().find(|known| Some(&known.id) == relation.as_ref()) else {
                if relation.as_deref() == Some("") {
                    cx.no_sheet(&name);
                } else {
                    cx.lost_sheet(&name, Loss::NoPart);
                }
                sheets.push(draft);
                continue;
            };
            // Charts and dialogs stand in the list of sheets and have no cells.
            if matches!(&*target.kind, "chartsheet" | "dialogsheet" | "xlMacrosheet" | "xlIntlMacrosheet") {
                continue;
            }
            let before = cx.findings.len();
            match read(&mut self.archive, &target.path, &mut draft, cx) {
                Ok(true) => {}
                Ok(false) => cx.lost_sheet(&name, Loss::NoPart),
                Err(PartError::Refused(error)) => return Err(error),
                // What was read before the damage cannot be relied on.
                Err(PartError::Damaged(why)) => {
                    draft = SheetBuilder::new(&name, hidden);
                    cx.findings.truncate(before);
                    cx.lost_sheet(&name, why);
                }
            }
            sheets.push(draft);
        }
        Ok(sheets)
    }
}

/// One relationship: id, last part of its type, path of the part.
struct Relation {
    id: String,
    kind: String,
    path: String,
}

/// Path of the part that lists the sheets.
pub(super) fn main_part(archive: &mut Archive<'_>, cx: &ReadContext<'_>) -> Result<String, FileError> {
    let relations = relations_of(archive, "", cx)?;
    let main = relations.into_iter().find(|relation| relation.kind == "officeDocument");
    Ok(main.map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.path))
}

/// The relationships of a part; those of the whole package for an empty path.
fn relations_of(archive: &mut Archive<'_>, path: &str, cx: &ReadContext<'_>) -> Result<Vec<Relation>, FileError> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let own = resolve(folder, &format!("_rels/{name}.rels"));
    let text = text_of(archive, &own, cx)?.unwrap_or_default();
    let mut relations = Vec::new();
    for token in Tokens::new(&text) {
        let (Token::Open("Relationship", attributes) | Token::Empty("Relationship", attributes)) = token else {
            continue;
        };
        let (mut id, mut kind, mut target) = ("", "", "");
        for (name, value) in attributes {
            match name {
                "Id" => id = value,
                "Type" => kind = value.rsplit('/').next().unwrap_or_default(),
                "Target" => target = value,
                _ => {}
            }
        }
        relations.push(Relation {
            id: xml::unescape(id).into_owned(),
            kind: kind.to_owned(),
            path: resolve(folder, &xml::unescape(target)),
        });
    }
    Ok(relations)
}

/// A target as seen from a folder, without `.` and `..`.
fn resolve(folder: &str, target: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    let start = if target.starts_with(['/', '\\']) { "" } else { folder };
    for step in start.split('/').chain(target.split(['/', '\\'])) {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

pub(super) fn text_of(
    archive: &mut Archive<'_>,
    path: &str,
    cx: &ReadContext<'_>,
) -> Result<Option<String>, FileError> {
    let part = archive.part(path, cx).map_err(|error| error.fatal(cx))?;
    Ok(part.map(xml::text))
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn targets() {
        for (folder, target, path) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/styles.xml", "xl/styles.xml"),
            ("xl", "../docProps/app.xml", "docProps/app.xml"),
            ("xl", "../../../etc/x", "etc/x"),
            ("", "_rels/.rels", "_rels/.rels"),
            ("xl", "worksheets\\sheet1.xml", "xl/worksheets/sheet1.xml"),
        ] {
            assert_eq!(resolve(folder, target), path);
        }
    }
}
