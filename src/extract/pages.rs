//! Where a table is broken: by the header of the next printed page, or where another table begins.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    header::{Break, BreakKind, Header, OtherTable},
    outline::{self, holds_a_figure},
    texts::Texts,
};
use crate::{
    model::{
        mapping::{ColumnRole, RowPlace, Source},
        workbook::{Position, Row, Sheet},
    },
    values::text,
};

/// Rows above a header in which its title may stand.
const MOST_TITLE_ROWS: u32 = 4;
/// Rows of labels that are looked at to tell whether a list begins anew.
const MOST_LABELS: usize = 2_000;

/// Whether a label says that figures are carried from page to page: they are there already.
pub(super) fn is_carried(label: &str) -> bool {
    const BEGINNINGS: [&str; 12] = [
        "mang sang",
        "chuyển trang",
        "chuyển sang",
        "cộng trang",
        "cộng chuyển",
        "cộng mang sang",
        "tổng trang",
        "tổng cộng trang",
        "trang trước",
        "trang sau",
        "số trang trước",
        "lũy kế trang",
    ];
    // Cheap: every member is asked.
    if label.len() > 80 || !label.chars().any(|c| matches!(c, 'g' | 'G')) {
        return false;
    }
    let key = text::fold_label(label);
    BEGINNINGS.iter().any(|start| key.strip_prefix(start).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
}

/// The breaks of a table whose header is one of several in its sheet, and what lies behind its end.
pub(super) fn find(sheet: &Sheet, source: &Source, known: &Texts, (headers, at): (&[Header<'_>], usize)) -> Broken {
    let own = &headers[at];
    let mut broken = Broken::default();
    let (mut current, mut above) = (own.data_row, own);
    let end = end_at_gap(sheet, source, known, own);
    let later = || headers[at + 1..].iter().filter(|other| other.anchor.row > own.anchor.row);
    for other in later() {
        if end.as_ref().is_some_and(|end| end.first_row <= other.anchor.row) {
            break;
        }
        if other.label != own.label {
            continue;
        }
        if !has_same_columns(own, other) {
            broken.behind = behind(sheet, own, other.anchor.row);
            broken.breaks.push(Break { first_row: other.anchor.row, data_row: other.data_row, kind: BreakKind::End });
            return broken;
        }
        let next = later().find(|next| next.anchor.row > other.anchor.row).map_or(u32::MAX, |next| next.anchor.row);
        let page = Page { sheet, known, first: above, other };
        let (first_row, above_it) = page.top();
        let is_anew = || page.begins_anew((current, first_row), next);
        let above_it = if above_it == Above::Same && is_anew() { Above::Title(None) } else { above_it };
        let kind = match above_it {
            Above::Title(title) => {
                if broken.title.is_none() {
                    broken.title = page.first_title().map(|title| known.label(&title).key);
                }
                (current, above) = (other.data_row, other);
                BreakKind::Table(title, other.anchor)
            }
            Above::Same => BreakKind::Page,
        };
        broken.breaks.push(Break { first_row, data_row: other.data_row, kind });
    }
    if let Some(end) = end {
        broken.behind = behind(sheet, own, end.first_row);
        broken.breaks.push(end);
    }
    broken
}

/// What [`find`] found.
#[derive(Debug, Default)]
pub(super) struct Broken {
    pub breaks: Vec<Break>,
    /// The title of the first table, folded, where another one follows.
    pub title: Option<Arc<str>>,
    /// Tables of other kinds behind its end.
    pub behind: Vec<OtherTable>,
}

fn has_same_columns(a: &Header<'_>, b: &Header<'_>) -> bool {
    let places = |header: &Header<'_>| -> Vec<(u32, u32)> {
        header.columns.iter().map(|(at, column)| (*at, column.line.line)).collect()
    };
    !a.columns.is_empty() && places(a) == places(b)
}

/// What stands above a header that comes again.
#[derive(Debug, PartialEq, Eq)]
enum Above {
    /// What stood above the first one, or the table itself.
    Same,
    /// Another title, if there is one; or labels begin anew.
    Title(Option<Arc<str>>),
}

/// A label, folded, and the number of its row.
type Numbered = (Arc<str>, Option<(text::OrdinalKind, u32)>);

/// A header that comes again.
struct Page<'a> {
    sheet: &'a Sheet,
    known: &'a Texts,
    /// The header of the table before it.
    first: &'a Header<'a>,
    other: &'a Header<'a>,
}

impl Page<'_> {
    /// How many rows above both headers are the same: further rows of the header, and its title.
    fn same_above(&self) -> u32 {
        let most = self.first.anchor.row.min(self.other.anchor.row.saturating_sub(self.first.data_row));
        let row = |header: &Header<'_>, up: u32| self.sheet.row(header.anchor.row - up);
        let mut same = 0;
        for up in 1..=most {
            match (row(self.first, up), row(self.other, up)) {
                (Some(a), Some(b)) if self.is_same(&a, &b) => same = up,
                (None, None) if up == same + 1 => {}
                (None | Some(_), _) => break,
            }
        }
        same
    }

    fn is_same(&self, a: &Row<'_>, b: &Row<'_>) -> bool {
        a.len() == b.len()
            && a.cells().zip(b.cells()).all(|(a, b)| match (a.text(), b.text()) {
                (Some(x), Some(y)) => a.column == b.column && self.known.label(x).key == self.known.label(y).key,
                (None, None) => a.column == b.column && a.value == b.value,
                (Some(_), None) | (None, Some(_)) => false,
            })
    }

    /// The first row of the header, titles that came before included; and the title, where another
    /// one stands directly above it.
    fn top(&self) -> (u32, Above) {
        let top = self.other.anchor.row - self.same_above();
        // One blank row may stand between.
        let above = (1..=2).filter_map(|up| top.checked_sub(up)).find(|row| self.sheet.row(*row).is_some());
        let Some(row) = above.filter(|row| *row >= self.first.data_row) else { return (top, Above::Same) };
        let mut first_row = top;
        let mut title = None;
        let mut differs = false;
        let above = (self.first.data_row..=row).rev().take(MOST_TITLE_ROWS as usize);
        for texts in above.map_while(|row| self.sheet.row(row)).take_while(is_text_row) {
            first_row = texts.row;
            let texts: Vec<&str> = texts.texts().map(|(_, text)| text).collect();
            let is_new = |text: &&&str| !self.is_of_a_page(text);
            differs |= texts.iter().any(|text| is_new(&text));
            title = title.or_else(|| {
                let named = texts.iter().filter(is_new).find(|text| self.known.unit_line(text).is_none());
                named.map(|text| Arc::from(text::trim(text)))
            });
        }
        (first_row, if differs { Above::Title(title) } else { Above::Same })
    }

    /// The title of the first table, in the same place.
    fn first_title(&self) -> Option<Arc<str>> {
        let top = self.first.anchor.row.checked_sub(self.same_above())?;
        let rows = (1..=MOST_TITLE_ROWS).filter_map(|up| self.sheet.row(top.checked_sub(up)?));
        let mut texts = rows.take_while(is_text_row).flat_map(|row| row.texts());
        texts.find(|(_, text)| self.known.unit_line(text).is_none()).map(|(_, text)| text::trim(text).into())
    }

    /// Whether a text above a header comes from printing, or stands above the first header too.
    fn is_of_a_page(&self, written: &str) -> bool {
        let key = self.known.label(written).key;
        let short = key.trim_end_matches(['.', ' ', ')', '(']);
        let plain = ["(tiếp theo)", "(tiếp)", "tiếp theo", "tiếp"]
            .iter()
            .find_map(|ending| key.strip_suffix(ending))
            .map_or(short, |rest| rest.trim_end_matches(['-', ' ', '(']));
        let is_page_number = key.strip_prefix("trang").or_else(|| key.strip_prefix("tờ")).is_some_and(|rest| {
            rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '/' | '.' | ':' | '-' | '('))
        });
        let above = (0..=MOST_TITLE_ROWS + 2).filter_map(|up| self.sheet.row(self.first.anchor.row.checked_sub(up)?));
        let stands_above = || {
            above.flat_map(|row| row.texts()).any(|(_, text)| {
                let first = self.known.label(text).key;
                first == key || *first == *plain
            })
        };
        plain.is_empty() || is_page_number || is_carried(written) || stands_above()
    }

    /// Whether labels or row numbers begin anew behind the header.
    fn begins_anew(&self, (from, to): (u32, u32), end: u32) -> bool {
        let before = self.labels(from, to);
        let behind = self.labels(self.other.data_row, end);
        let (Some(first), Some(again)) = (before.first(), behind.first()) else { return false };
        if first.0 == again.0 {
            return true;
        }
        // A list that begins again on every heading says nothing by it.
        let is_start =
            |own: &Option<(text::OrdinalKind, u32)>| own.is_some_and(|(_, place)| place == 1) && *own == first.1;
        if is_start(&again.1) && before.iter().filter(|(_, own)| is_start(own)).count() == 1 {
            return true;
        }
        let known: BTreeSet<&Arc<str>> = before.iter().map(|(key, _)| key).collect();
        let again = behind.iter().filter(|(key, _)| known.contains(key)).count();
        known.len() == before.len() && again * 2 > behind.len()
    }

    /// Labels of rows with figures, each with its row number.
    fn labels(&self, from: u32, to: u32) -> Vec<Numbered> {
        let rows = self.sheet.rows_from(from).take_while(|row| row.row < to);
        let labels = rows.filter_map(|row| {
            let (_, label) = outline::label_of(self.sheet, &row, self.first)?;
            let mut figures = self.first.columns.iter().filter_map(|(column, _)| row.get(*column));
            if is_carried(&label) || !figures.any(|cell| holds_a_figure(&cell)) {
                return None;
            }
            let label = self.known.label(&label);
            let number = outline::own_number(&row, self.first).or(label.ordinal);
            let place = number.and_then(|number| {
                let kind = number.kinds().next()?;
                Some((kind, number.place(kind)?))
            });
            Some((label.key, place))
        });
        labels.take(MOST_LABELS).collect()
    }
}

/// Whether a row holds words and nothing else.
fn is_text_row(row: &Row<'_>) -> bool {
    row.cells().all(|cell| cell.text().is_some() && !holds_a_figure(&cell))
}

/// Where a blank row is followed by a header, perhaps below titles. Rows that the mapping names below
/// it and not above are of the table all the same.
fn end_at_gap(sheet: &Sheet, source: &Source, known: &Texts, header: &Header<'_>) -> Option<Break> {
    let label = *header.label.last()?;
    let values: Vec<u32> = header
        .columns
        .iter()
        .filter(|(_, column)| column.role != ColumnRole::Ignored)
        .map(|(column, _)| *column)
        .collect();
    let is_header = |row: &Row<'_>| {
        let words = values.iter().filter_map(|column| row.get(*column)).filter(|cell| cell.text().is_some()).count();
        let same = values.iter().filter_map(|column| Some((*column, row.get(*column)?.text()?)));
        // The header itself is a page or a table of its own; that is told elsewhere.
        let is_own =
            same.clone().count() > 0 && same.clone().all(|(column, text)| is_above(header, column, text, known));
        row.get(label).is_some_and(|cell| cell.text().is_some())
            && words >= values.len().min(2)
            && is_text_row(row)
            && !is_own
    };
    let mut before = header.data_row;
    // The row behind the last blank one, as long as only titles follow it.
    let mut gap = None;
    for row in sheet.rows_from(header.data_row) {
        if row.row > before && row.row > header.data_row {
            gap = Some(row.row);
        }
        before = row.row + 1;
        let Some(first_row) = gap else { continue };
        if is_header(&row) && !names_more_below(sheet, source, known, (header, row.row)) {
            return Some(Break { first_row, data_row: row.row + 1, kind: BreakKind::End });
        }
        if !is_text_row(&row) || row.row - first_row >= MOST_TITLE_ROWS {
            gap = None;
        }
    }
    None
}

fn is_above(header: &Header<'_>, column: u32, text: &str, known: &Texts) -> bool {
    header.texts_of(column).last().is_some_and(|last| known.label(last).key == known.label(text).key)
}

/// Whether rows that the mapping names by their label stand below a row and nowhere above it.
fn names_more_below(sheet: &Sheet, source: &Source, known: &Texts, (header, border): (&Header<'_>, u32)) -> bool {
    let (mut above, mut below) = (BTreeSet::new(), BTreeSet::new());
    for row in sheet.rows_from(header.data_row) {
        let Some((_, label)) = outline::label_of(sheet, &row, header) else { continue };
        let key = known.label(&label).key;
        let names = |place: &RowPlace| match place {
            RowPlace::Label(path) => path.steps.last().is_some_and(|own| !own.is_wild() && own.matches_folded(&key)),
            RowPlace::Number(number) => *number == row.row,
        };
        let rules = source.rows.iter().enumerate().filter(|(_, rule)| names(&rule.place)).map(|(at, _)| at);
        if row.row < border { &mut above } else { &mut below }.extend(rules);
    }
    !below.is_subset(&above)
}

/// The tables behind the end of another: each from a header to the next.
fn behind(sheet: &Sheet, header: &Header<'_>, from: u32) -> Vec<OtherTable> {
    let mut tables: Vec<OtherTable> = Vec::new();
    let mut before = from;
    for row in sheet.rows_from(from) {
        let begins = row.row == from || (row.row > before && is_text_row(&row));
        before = row.row + 1;
        match tables.last_mut() {
            Some(table) if !begins => table.rows.1 = row.row + 1,
            Some(_) | None => {
                let first = row.cells().next().map_or(0, |cell| cell.column);
                tables.push(OtherTable {
                    at: Position::new(row.row, first),
                    rows: (row.row, row.row + 1),
                    columns: Vec::new(),
                    labels: header.label_columns(),
                    is_of_this_kind: false,
                });
            }
        }
    }
    for table in &mut tables {
        let rows = sheet.rows_from(table.rows.0).take_while(|row| row.row < table.rows.1);
        let columns: BTreeSet<u32> = rows.flat_map(|row| row.columns().collect::<Vec<_>>()).collect();
        table.columns =
            columns.into_iter().filter(|c| !header.label.contains(c) && header.ordinal != Some(*c)).collect();
    }
    tables
}
