//! Copies of source workbooks with the flagged cells coloured and commented.
//!
//! The package is patched, not written anew: a part that need not change keeps its compressed
//! bytes, and in a part that must change every other byte stays. A workbook saved by a library
//! would lose what the library does not know: charts, form controls, macros, printer settings.

mod comments;
mod package;
mod sheet;
mod styles;
mod tag;
mod vml;

use std::collections::BTreeMap;

use package::{Package, Relation};
use unicode_normalization::UnicodeNormalization;

use crate::{
    model::{finding::Severity, workbook::Position},
    values::language::{Language, say},
};

/// Longest comment, in characters: more is not read on a screen.
const LONGEST: usize = 2_000;

/// A cell that a person should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Name of its sheet.
    pub sheet: String,
    /// The cell.
    pub cell: Position,
    /// Decides the colour; the worst counts where a cell has several marks.
    pub tone: Tone,
    /// What the comment says. Several marks of a cell make one comment.
    pub text: String,
}

/// The colour of a mark, the faintest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Something shows here, and another cell is the one that is wrong.
    Symptom,
    /// Wrong, or where nobody knows which cell is: by how bad it is.
    Flagged(Severity),
}

/// Why a file gets no annotated copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// Not a zip package with a workbook of Office Open XML.
    NotXlsx,
    /// Behind a password.
    Encrypted,
    /// Any change would break its digital signature.
    Signed,
    /// A part is larger than what is taken into memory.
    TooLarge,
    /// A structure that cannot be changed safely; says which part.
    Unclear(&'static str),
}

impl Refusal {
    /// The reason for people.
    pub fn reason(self, language: Language) -> String {
        match self {
            Self::NotXlsx => say!(language, "không phải tệp .xlsx hay .xlsm", "it is no .xlsx or .xlsm file"),
            Self::Encrypted => {
                say!(language, "tệp đặt mật khẩu (mã hóa)", "the file is encrypted with a password")
            }
            Self::Signed => say!(
                language,
                "tệp có chữ ký số; sửa bất cứ chỗ nào cũng làm mất hiệu lực chữ ký",
                "the file is digitally signed; any change would break the signature"
            ),
            Self::TooLarge => say!(language, "tệp quá lớn", "the file is too large"),
            Self::Unclear(part) => say!(
                language,
                "cấu trúc bên trong lạ ({part}), không sửa để khỏi làm hỏng",
                "its structure is unusual ({part}); it is left alone so that nothing breaks"
            ),
        }
    }
}

/// What stands on one cell.
#[derive(Clone, Debug)]
struct Flag {
    tone: Tone,
    text: String,
}

/// Flags of a sheet, by row and column.
type Flags = BTreeMap<Position, Flag>;

/// A copy of a workbook in which the marked cells are coloured and commented.
///
/// # Errors
/// The file is not of the kind, is signed or encrypted, or has a structure that is not understood.
pub fn annotate(bytes: &[u8], marks: &[Mark]) -> Result<Vec<u8>, Refusal> {
    let mut package = Package::open(bytes)?;
    let book = package.workbook()?;
    let relations = package.relations(&book)?;
    let sheets = package.sheets(&book, &relations)?;
    let styles_path = Relation::only(&relations, "styles").ok_or(Refusal::Unclear("styles"))?.path.clone();
    let styles_text = package.text(&styles_path)?.ok_or(Refusal::Unclear("styles"))?;
    let mut styles = styles::Styles::parse(&styles_text)?;

    for (path, flags) in by_sheet(marks, &sheets)? {
        let text = package.text(&path)?.ok_or(Refusal::Unclear("sheet"))?;
        let own = package.relations(&path)?;
        let found = sheet::survey(&text)?;
        let (comments, old_comments) = match Relation::only(&own, "comments") {
            Some(relation) => {
                let old = package.text(&relation.path)?.ok_or(Refusal::Unclear("comments"))?;
                (relation.path.clone(), Some(old))
            }
            None => (package.unused("xl/comments", ".xml"), None),
        };
        let (written, shapes) = comments::add(old_comments.as_deref(), &flags)?;
        package.put(&comments, written);
        if old_comments.is_none() {
            package.relate(&path, "comments", &comments)?;
            package.declare_part(&comments, comments::CONTENT_TYPE)?;
        }
        let drawing = if let Some(id) = &found.drawing {
            let relation = own.iter().find(|r| r.id == *id).ok_or(Refusal::Unclear("legacyDrawing"))?;
            let old = package.text(&relation.path)?.ok_or(Refusal::Unclear("vmlDrawing"))?;
            package.put(&relation.path, vml::add(&old, &flags, &shapes)?);
            None
        } else {
            let (number, drawing) = (package.count(".vml") + 1, package.unused("xl/drawings/vmlDrawing", ".vml"));
            package.put(&drawing, vml::create(number, &flags, &shapes));
            package.declare_ending("vml", vml::CONTENT_TYPE)?;
            Some(package.relate(&path, "vmlDrawing", &drawing)?)
        };
        package.put(&path, sheet::patch(&text, &flags, &mut styles, drawing.as_deref())?);
    }
    package.put(&styles_path, styles.finish());
    package.finish()
}

/// The flags of each marked sheet, by the path of its part. One flag a cell.
fn by_sheet(marks: &[Mark], sheets: &[(String, String)]) -> Result<BTreeMap<String, Flags>, Refusal> {
    let mut found: BTreeMap<String, Flags> = BTreeMap::new();
    for mark in marks {
        // The reader composes what it decodes.
        let name: String = mark.sheet.nfc().collect();
        let (_, path) = sheets
            .iter()
            .find(|(other, _)| *other == mark.sheet || other.nfc().eq(name.chars()))
            .ok_or(Refusal::Unclear("sheets"))?;
        let flags = found.entry(path.clone()).or_default();
        let flag = flags.entry(mark.cell).or_insert_with(|| Flag { tone: mark.tone, text: String::new() });
        flag.tone = flag.tone.max(mark.tone);
        if !flag.text.is_empty() {
            flag.text.push_str("\n\n");
        }
        flag.text.push_str(&mark.text);
    }
    for flag in found.values_mut().flat_map(BTreeMap::values_mut) {
        if let Some((end, _)) = flag.text.char_indices().nth(LONGEST) {
            flag.text.truncate(end);
            flag.text.push('…');
        }
    }
    Ok(found)
}
