//! Packages of Office Open XML: parts, and the relationships that lead from one to the next.

use super::{
    archive::Archive,
    context::{FileError, ReadContext},
    xml::{self, Token, Tokens},
};

/// One relationship: id, last part of its type, path of the part.
pub(super) struct Relation {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) path: String,
}

/// Path of the part that lists the sheets.
pub(super) fn main_part(archive: &mut Archive<'_>, cx: &ReadContext<'_>) -> Result<String, FileError> {
    let relations = relations_of(archive, "", cx)?;
    let main = relations.into_iter().find(|relation| relation.kind == "officeDocument");
    Ok(main.map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.path))
}

/// The relationships of a part; those of the whole package for an empty path.
pub(super) fn relations_of(
    archive: &mut Archive<'_>,
    path: &str,
    cx: &ReadContext<'_>,
) -> Result<Vec<Relation>, FileError> {
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
pub(super) fn resolve(folder: &str, target: &str) -> String {
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
