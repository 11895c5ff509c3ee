//! Links to cells of this workbook and to the source files.

use rust_xlsxwriter::Url;

use super::style::{cut, cut_raw};
use crate::model::workbook::{Position, file_name};

/// Longest link that a workbook holds.
const LONGEST: usize = 2_080;
/// Longest hint of a link.
pub(super) const LONGEST_HINT: usize = 255;

/// The beginning of a path on another machine; Excel knows it only in this form.
const SHARE: &str = r"\\";

/// A link to a cell of a sheet of this workbook.
pub(super) fn inside(sheet: &str, at: Position) -> String {
    format!("internal:{}", location(sheet, at))
}

/// A cell of a sheet, as links name it.
pub(super) fn location(sheet: &str, at: Position) -> String {
    format!("{}!{at}", quoted(sheet))
}

/// A cell in a source file, as links name it. A delimited text has no sheets to point into.
pub(super) fn place(file: &str, sheet: Option<&str>, at: Option<Position>) -> Option<String> {
    let name = file_name(file).as_bytes();
    let ends = |ending: &str| name.len() >= 4 && name[name.len() - 4..].eq_ignore_ascii_case(ending.as_bytes());
    if [".csv", ".tsv", ".txt"].into_iter().any(ends) {
        return None;
    }
    sheet.zip(at).map(|(sheet, at)| location(sheet, at))
}

/// The address of a source file that lies in `folder`, as relations name it: relative, with its drive, or on a
/// share of another machine.
pub(super) fn target(folder: &str, file: &str) -> String {
    let path = path(folder, file);
    let has_drive = path.as_bytes().get(1) == Some(&b':');
    if has_drive || path.starts_with(SHARE) { format!("file:///{path}") } else { path }
}

fn path(folder: &str, file: &str) -> String {
    let name = file_name(file);
    let folder = folder.trim_end_matches(['/', '\\']);
    let path = if folder.is_empty() { escaped(name) } else { escaped(&format!("{folder}/{name}")) };
    if path.starts_with("//") { path.replace('/', "\\") } else { path }
}

/// Whether a link to a place in a file is no longer than a workbook holds.
pub(super) fn fits(target: &str, place: Option<&str>) -> bool {
    let length = |text: &str| text.encode_utf16().count();
    length(target) + place.map_or(0, |place| length(place) + 1) + "file:///".len() <= LONGEST
}

/// A link to a cell of a source file that lies in `folder`; `None` when it would be too long.
pub(super) fn outside(folder: &str, file: &str, sheet: Option<&str>, at: Option<Position>) -> Option<String> {
    let path = path(folder, file);
    let place = place(file, sheet, at);
    fits(&path, place.as_deref()).then(|| match place {
        Some(place) => format!("file:///{path}#{place}"),
        None => format!("file:///{path}"),
    })
}

/// A link with its text and a hint.
pub(super) fn url(link: &str, text: &str, hint: &str) -> Url {
    Url::new(link).set_text(text).set_tip(cut(hint, LONGEST_HINT))
}

fn quoted(sheet: &str) -> String {
    format!("'{}'", cut_raw(&sheet.replace('\'', "''"), LONGEST))
}

/// Signs that mean something else in a link.
fn escaped(path: &str) -> String {
    let mut link = String::with_capacity(path.len());
    for letter in path.chars() {
        match letter {
            '\\' => link.push('/'),
            ' ' | '#' | '%' | '?' | '"' | '<' | '>' | '[' | ']' | '^' | '`' | '{' | '}' => {
                let hex = format!("%{:02X}", u32::from(letter));
                link.push_str(&hex);
            }
            control if control.is_control() || matches!(control, '\u{fffe}' | '\u{ffff}') => {
                let mut bytes = [0; 4];
                control.encode_utf8(&mut bytes).bytes().for_each(|byte| link.push_str(&format!("%{byte:02X}")));
            }
            other => link.push(other),
        }
    }
    link
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links() {
        let at = Some(Position::new(18, 4));
        assert_eq!(inside("Biểu '23", Position::new(7, 4)), "internal:'Biểu ''23'!E8");
        assert_eq!(
            outside("", "samples/a/trong trot #1.xlsx", Some("Cả năm"), at).as_deref(),
            Some("file:///trong%20trot%20%231.xlsx#'Cả năm'!E19")
        );
        assert_eq!(outside("../nguồn/", "x/q.csv", Some("q"), at).as_deref(), Some("file:///../nguồn/q.csv"));
        assert_eq!(
            outside("", "Nguồn '23 50% [mới].xlsx", Some("Quý I's"), at).as_deref(),
            Some("file:///Nguồn%20'23%2050%25%20%5Bmới%5D.xlsx#'Quý I''s'!E19")
        );
        assert_eq!(
            outside("", "a\u{1b}[1m\u{9b}.xlsx", Some("S\u{7}"), at).as_deref(),
            Some("file:///a%1B%5B1m%C2%9B.xlsx#'S'!E19")
        );
        let share = target("//may-chu/chung/xã", "x.xlsx");
        assert_eq!(share, r"file:///\\may-chu\chung\xã\x.xlsx");
        assert_eq!(outside("//may-chu/chung/xã/", "x.xlsx", None, None), Some(share));
        assert_eq!(
            (&*target("D:/a b", "x.xlsx"), &*target("../a", "x.xlsx")),
            ("file:///D:/a%20b/x.xlsx", "../a/x.xlsx")
        );
        assert_eq!(outside(&"a".repeat(3000), "x.xlsx", None, None), None);
    }
}
