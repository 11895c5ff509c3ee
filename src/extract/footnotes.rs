//! Marks of footnotes: "Lúa cả năm (1)", where a line below the table begins with "(1)".
//!
//! A number in parentheses is part of many names ("Mẫu (2)"), so that it is a mark only where the sheet
//! has the note, and where the mapping does not write it. Raised marks ("¹") need no note: see
//! [`crate::values::text::without_mark`].

use std::{borrow::Cow, sync::Arc};

use crate::{
    model::{
        mapping::{ColumnPlace, Pattern, RowPlace, Source},
        workbook::{Row, Sheet, Value},
    },
    values::text,
};

/// Rows below a table that are looked at: notes and signatures.
const MOST_ROWS: usize = 60;
/// Longest mark: `(***)`.
const LONGEST: usize = 5;

/// The marks that the notes of a sheet explain.
#[derive(Clone, Debug, Default)]
pub(super) struct Footnotes {
    marks: Vec<Box<str>>,
}

impl Footnotes {
    /// The marks below the last figures of a sheet.
    pub(super) fn of(sheet: &Sheet, source: &Source) -> Self {
        let mut marks: Vec<Box<str>> = Vec::new();
        for row in sheet.rows().rev().take(MOST_ROWS).take_while(|row| !has_figures(row)) {
            for (_, text) in row.texts() {
                marks.extend(text.lines().filter_map(mark_before).map(Box::from));
            }
        }
        marks.sort_unstable();
        marks.dedup();
        if !marks.is_empty() {
            let written: Vec<&str> = endings(source).collect();
            marks.retain(|mark| !written.iter().any(|ending| may_mean(ending, mark)));
        }
        Self { marks }
    }

    /// A text without the marks at its end. Blanks before it are an indent, and stay.
    pub(super) fn bare<'t>(&self, text: &'t str) -> &'t str {
        let whole = |text: &'t str| text.trim_end_matches(|c: char| c.is_whitespace() || text::is_ignorable(c));
        let mut rest = text;
        while let Some(shorter) = self.marks.iter().find_map(|mark| whole(rest).strip_suffix(&**mark)) {
            // What is left is a name; a row that numbers the columns has none: "(6)=(5)/(4)".
            if shorter.chars().filter(|c| c.is_alphabetic()).nth(1).is_none() {
                break;
            }
            rest = shorter;
        }
        rest
    }

    pub(super) fn bare_cow<'t>(&self, text: Cow<'t, str>) -> Cow<'t, str> {
        match text {
            // As it nearly always is.
            text if self.marks.is_empty() => text,
            Cow::Borrowed(text) => Cow::Borrowed(self.bare(text)),
            Cow::Owned(text) => Cow::Owned(self.bare(&text).to_owned()),
        }
    }

    /// Takes the marks off the texts of headers.
    pub(super) fn strip(&self, texts: &mut [(u32, Vec<Arc<str>>)]) {
        if self.marks.is_empty() {
            return;
        }
        for text in texts.iter_mut().flat_map(|(_, texts)| texts) {
            let bare = self.bare(text);
            if bare.len() < text.len() {
                *text = bare.into();
            }
        }
    }
}

fn has_figures(row: &Row<'_>) -> bool {
    row.cells().any(|cell| match cell.value {
        Value::Number(_) | Value::Error(_) | Value::NoResult => true,
        Value::Text(text) => {
            let text = text::trim(text);
            mark_of(text).is_none()
                && !text.contains(char::is_alphabetic)
                && text.contains(|c: char| c.is_ascii_digit())
        }
        Value::Bool(_) | Value::Date { .. } => false,
    })
}

/// The mark that a note begins with, also behind "Ghi chú:".
fn mark_before(line: &str) -> Option<&str> {
    let line = text::trim(line);
    let line = match line.split_once(':') {
        Some((head, rest)) if text::fold(head) == "ghi chú" => text::trim(rest),
        Some(_) | None => line,
    };
    let mark = mark_of(line)?;
    let is_signed = |rest: &str| rest.is_empty() || rest.contains(char::is_alphabetic);
    is_signed(&line[mark.len()..]).then_some(mark)
}

/// `(1)`, `(12)`, `[1]`, `(a)`, `(*)`, `(**)`, `*`, `**` at the beginning of a text.
fn mark_of(text: &str) -> Option<&str> {
    let stars = |text: &str| text.len() - text.trim_start_matches('*').len();
    let (open, close) = match text.chars().next()? {
        '(' => ('(', ')'),
        '[' => ('[', ']'),
        '*' => return text.get(..stars(text)).filter(|mark| mark.len() <= 3),
        _ => return None,
    };
    let (inner, _) = text.strip_prefix(open)?.split_once(close)?;
    let is_number = inner.len() <= 2 && inner.bytes().all(|b| b.is_ascii_digit());
    let is_letter = inner.len() == 1 && inner.bytes().all(|b| b.is_ascii_lowercase());
    let is_mark = !inner.is_empty() && (is_number || is_letter || stars(inner) == inner.len());
    text.get(..inner.len() + 2).filter(|mark| is_mark && mark.len() <= LONGEST)
}

/// What the names in a source end in, folded.
fn endings(source: &Source) -> impl Iterator<Item = &str> {
    let of_columns = source.columns.iter().map(|column| &column.place).chain(&source.label);
    let columns = of_columns.filter_map(|place| match place {
        ColumnPlace::Header(path) => Some(path),
        ColumnPlace::Letters(_) => None,
    });
    let rows = source.rows.iter().filter_map(|row| match &row.place {
        RowPlace::Label(path) => Some(path),
        RowPlace::Number(_) => None,
    });
    columns.chain(rows).flat_map(|path| &path.steps).flat_map(Pattern::alternatives).map(String::as_str)
}

/// Whether a name of the mapping means texts that end in a mark: it writes the mark, or `*` in the
/// same parentheses.
fn may_mean(name: &str, mark: &str) -> bool {
    let mut wild = mark.to_owned();
    if let (Some(open), Some(close)) = (mark.chars().next(), mark.chars().last())
        && open != '*'
    {
        wild = format!("{open}*{close}");
    }
    mark.starts_with(['(', '[']) && (name.ends_with(mark) || name.ends_with(&wild))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_notes() {
        for (line, mark) in [
            ("(1) Gồm cả diện tích trồng xen.", Some("(1)")),
            ("  (*): số ước", Some("(*)")),
            ("Ghi chú: (**) theo giá hiện hành", Some("(**)")),
            ("* Số liệu ước", Some("*")),
            ("[2] Theo báo cáo", Some("[2]")),
            ("(a) Không tính chợ", Some("(a)")),
            // The text of the note stands in the next cell.
            ("(1)", Some("(1)")),
            ("(1) (2)", None),
            ("(2023) năm trước", None),
            ("(Dự kiến đạt)", None),
            ("Ghi chú: số ước", None),
            ("()", None),
            ("", None),
        ] {
            assert_eq!(mark_before(line), mark, "{line:?}");
        }
    }

    #[test]
    fn only_what_a_note_explains_is_a_mark() {
        let notes = Footnotes { marks: vec!["(*)".into(), "(1)".into(), "(4)".into()] };
        for (text, bare) in [
            ("Lúa cả năm (1)", "Lúa cả năm "),
            ("Lúa cả năm(1)\u{A0}", "Lúa cả năm"),
            ("Lúa (1)(*)", "Lúa "),
            ("  Lúa (1)\u{FEFF} ", "  Lúa "),
            ("Lúa (2)", "Lúa (2)"),
            ("(1)", "(1)"),
            ("(6)=(5)/(4)", "(6)=(5)/(4)"),
            ("", ""),
        ] {
            assert_eq!(notes.bare(text), bare, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(line in "(\\PC|[()*\\[\\] 0-9\u{A0}])*") {
            if let Some(mark) = mark_before(&line) {
                let notes = Footnotes { marks: vec![mark.into()] };
                let named = format!("Đàn bò {mark} ");
                proptest::prop_assert_eq!(text::trim(notes.bare(&named)), "Đàn bò");
            }
            Footnotes { marks: vec!["(1)".into(), "*".into()] }.bare(&line);
        }
    }
}
