//! The headings above each row: `I` over `1` over `a`, a crop over its area and yield.

use std::{borrow::Cow, sync::Arc};

use super::{
    header::Header,
    texts::{Label, Texts},
};
use crate::{
    number::{self, Amount, Convention, Nothing},
    text::{self, Kind, Ordinal},
    workbook::{Cell, Position, Row, Sheet, Value},
};

/// A row of a table with its label and the labels above it, folded, outermost first.
#[derive(Clone, Debug)]
pub(super) struct Line<'s> {
    /// Row from zero.
    pub row: u32,
    /// Its place among the rows of the sheet.
    pub place: u32,
    /// Cell of the label.
    pub cell: Position,
    /// As it stands.
    pub label: Cow<'s, str>,
    /// Headings and the label itself, folded.
    pub path: Vec<Arc<str>>,
    /// Whether the row has a value in a mapped column.
    pub has_values: bool,
}

/// What tells the depth of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rank {
    /// `A`
    Letter,
    /// `I`
    Roman,
    /// `1`
    Number,
    /// `1.1` and deeper
    Dotted(u8),
    /// `a`
    Small,
    /// `-`, `+`, `*`
    Bullet(char),
    /// No number, all capitals, no values: a heading that stands above the numbered ones.
    Capitals,
    /// No number, no values: a heading.
    Heading,
    /// No number, with values. Leading spaces make it deeper.
    Plain(u8),
}

/// A line that those below it stand under.
struct Level {
    rank: Rank,
    /// Place in its list, where it is numbered.
    place: u32,
    /// Spaces before the label.
    indent: usize,
    label: Arc<str>,
    has_values: bool,
}

/// Goes through the lines below a header until the sheet ends or the same header comes again. There
/// may be a million of them, so that none is kept here.
pub(super) fn for_each_line<'s>(sheet: &'s Sheet, header: &Header<'_>, texts: &Texts, mut act: impl FnMut(&Line<'s>)) {
    let mut stack: Vec<Level> = Vec::new();
    let mut path: Vec<Arc<str>> = Vec::new();
    let mut outer: Vec<Option<Arc<str>>> = vec![None; header.label.len().saturating_sub(1)];
    for row in sheet.rows_from(header.data_row) {
        let row = &row;
        let Some((cell, label)) = label_of(sheet, row, header) else { continue };
        let known = texts.label(&label);
        if is_same_header(row, header, &known, texts) {
            break;
        }
        let folded = &known.key;
        if folded.is_empty() {
            continue;
        }
        let has_values =
            header.columns.iter().any(|(column, _)| row.get(*column).is_some_and(|cell| holds_a_figure(&cell)));
        let indent = label.chars().take_while(|c| c.is_whitespace()).count();
        let (rank, place) = rank(row, header, (&label, &known), indent, has_values, &stack);
        // A heading goes back to its own rank; the rest of the stack below it is over.
        match stack.iter().position(|level| level.rank == rank) {
            Some(at) => stack.truncate(at),
            None => close_deeper(&mut stack, rank),
        }
        outer_labels(sheet, row.row, header, &mut outer, texts);
        path.clear();
        path.extend(stack.iter().map(|level| level.label.clone()).chain(outer.iter().flatten().cloned()));
        path.push(folded.clone());
        stack.push(Level { rank, place, indent, label: folded.clone(), has_values });
        let line = Line { row: row.row, place: row.place(), cell, label, path, has_values };
        act(&line);
        path = line.path;
    }
}

/// Whether a cell can be the value of a row. Words in a column of numbers do not make a row: they
/// are a heading's remark, or the signature below the table.
fn holds_a_figure(cell: &Cell<'_>) -> bool {
    match cell.value {
        Value::Number(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => true,
        Value::Text(text) => {
            let amount = number::parse(text, Convention::Unknown);
            !matches!(amount, Amount::NotANumber | Amount::Nothing(Nothing::Blank))
        }
        Value::Bool(_) => false,
    }
}

/// Labels of the columns left of the innermost label column, kept on until the next one.
fn outer_labels(sheet: &Sheet, row: u32, header: &Header<'_>, outer: &mut [Option<Arc<str>>], texts: &Texts) {
    for (depth, column) in header.label[..header.label.len() - 1].iter().enumerate() {
        if let Some(text) = sheet.text_through_merges(Position::new(row, *column)) {
            outer[depth] = Some(texts.label(text).key);
            outer[depth + 1..].fill(None);
        }
    }
}

/// The label of a row: in its column, or, for headings merged over more columns, the first text
/// left of the values.
pub(super) fn label_of<'s>(sheet: &'s Sheet, row: &Row<'s>, header: &Header<'_>) -> Option<(Position, Cow<'s, str>)> {
    let column = *header.label.last()?;
    let own = Position::new(row.row, column);
    if let Some(text) = cell_text(row, column) {
        return Some((own, text));
    }
    if let Some(text) = sheet.text_through_merges(own) {
        // Merged down over several rows, it is the heading of them all, said once.
        let first = sheet.merge_at(own).map_or(own, |area| area.first);
        return (first.row == row.row).then(|| (first, text.into()));
    }
    row.cells().filter(|c| c.column < column).find_map(|c| {
        let text = cell_text(row, c.column)?;
        let bare = text::ordinal(&text).is_some();
        (!bare).then_some((Position::new(row.row, c.column), text))
    })
}

fn cell_text<'s>(row: &Row<'s>, column: u32) -> Option<Cow<'s, str>> {
    match row.get(column)?.value {
        Value::Text(text) if !text::trim(text).is_empty() => Some(text.into()),
        // Years and codes stand as labels too.
        Value::Number(number) => number.exact().ok().map(|n| n.to_string().into()),
        Value::Text(_) | Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => None,
    }
}

/// Whether the row repeats the texts of the header: the table ends where the next one begins.
fn is_same_header(row: &Row<'_>, header: &Header<'_>, label: &Label, texts: &Texts) -> bool {
    let same =
        |column: u32, key: &str| header.texts_of(column).last().is_some_and(|last| *texts.label(last).key == *key);
    let Some(own) = header.label.last().copied().filter(|own| same(*own, &label.key)) else { return false };
    let mut columns = header.columns.iter().map(|(column, _)| *column).chain(header.label.iter().copied());
    columns.any(|column| match row.get(column).map(|cell| cell.value) {
        Some(Value::Text(text)) => column != own && same(column, &texts.label(text).key),
        Some(Value::Number(_) | Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult) | None => {
            false
        }
    })
}

/// The rank of a row, and its place in its list where it is numbered.
fn rank(
    row: &Row<'_>,
    header: &Header<'_>,
    (label, known): (&str, &Label),
    indent: usize,
    has_values: bool,
    stack: &[Level],
) -> (Rank, u32) {
    let own_column = header.ordinal.and_then(|column| match row.get(column)?.value {
        Value::Text(text) => text::ordinal(text),
        Value::Number(number) => text::ordinal(&number.exact().ok()?.to_string()),
        Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => None,
    });
    let ordinal = own_column.or(known.ordinal);
    if let Some(ordinal) = ordinal {
        return rank_of(ordinal, stack);
    }
    // A row further in than its heading is a row of it, even where its cell is still blank.
    let below_heading = stack.iter().any(|level| !level.has_values && level.indent < indent);
    if has_values || below_heading {
        return (Rank::Plain(u8::try_from(indent.min(200)).unwrap_or(u8::MAX)), 0);
    }
    let letters = || label.chars().filter(|c| c.is_alphabetic());
    let capitals = letters().count() > 3 && letters().all(|c| !c.is_lowercase());
    (if capitals { Rank::Capitals } else { Rank::Heading }, 0)
}

/// "C" or "I" can be a letter or a Roman numeral: the one that goes on with a list above it, or
/// else begins one, or else is in use at all.
fn rank_of(ordinal: Ordinal, stack: &[Level]) -> (Rank, u32) {
    let readings = || ordinal.kinds().map(|kind| (rank_of_kind(kind), ordinal.place(kind).unwrap_or(0)));
    let used = |rank: Rank| stack.iter().find(|level| level.rank == rank);
    let goes_on = readings().find(|(rank, place)| used(*rank).is_some_and(|level| *place == level.place + 1));
    goes_on
        .or_else(|| readings().find(|(_, place)| *place == 1))
        .or_else(|| readings().find(|(rank, _)| used(*rank).is_some()))
        .or_else(|| readings().next())
        .unwrap_or((Rank::Number, 0))
}

fn rank_of_kind(kind: Kind) -> Rank {
    match kind {
        Kind::UpperLetter => Rank::Letter,
        Kind::Roman => Rank::Roman,
        Kind::Arabic => Rank::Number,
        Kind::Dotted(parts) => Rank::Dotted(parts),
        Kind::LowerLetter | Kind::LowerRoman => Rank::Small,
        Kind::Bullet(bullet) => Rank::Bullet(bullet),
    }
}

/// How deep a rank usually lies; used when it comes up for the first time under what stands.
fn depth(rank: Rank) -> u16 {
    match rank {
        Rank::Letter => 1,
        Rank::Roman => 2,
        Rank::Capitals => 3,
        Rank::Number => 4,
        Rank::Dotted(dots) => 4 + u16::from(dots),
        Rank::Small => 300,
        Rank::Heading => 301,
        Rank::Plain(indent) => 302 + u16::from(indent),
        Rank::Bullet('-') => 600,
        Rank::Bullet(_) => 601,
    }
}

/// A rank that comes up for the first time ends everything that usually lies deeper. A heading
/// without values keeps what follows it directly, unless that is numbered.
fn close_deeper(stack: &mut Vec<Level>, rank: Rank) {
    while let Some(above) = stack.last() {
        let keeps = !above.has_values && depth(above.rank) >= depth(Rank::Small) && depth(rank) >= depth(Rank::Small);
        if keeps || depth(above.rank) < depth(rank) {
            break;
        }
        stack.pop();
    }
}
