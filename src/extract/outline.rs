//! The headings above each row: `I` over `1` over `a`, a crop over its area and yield.

use std::{borrow::Cow, sync::Arc};

use super::{
    header::{BreakKind, Header},
    texts::{Label, Texts},
};
use crate::{
    model::workbook::{Cell, Position, Row, Sheet, Value},
    values::{
        number::{self, Amount, Convention, Nothing},
        text::{self, Ordinal, OrdinalKind},
    },
};

/// Rows that are looked at to tell whether row numbers run through.
const FIRST_ROWS: usize = 500;
/// Fewest row numbers that run, and fewest labels with a number of their own beside them.
const RUN: usize = 4;
const SELF_NUMBERED: usize = 2;

/// A row of a table with its label and the labels above it, folded, outermost first. A row of figures
/// without a label has no path.
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
    /// Its place in its list, where it has an Arabic number.
    pub number: Option<u32>,
    /// Which of the tables with the same header it is of: 0 for that which was found.
    pub table: usize,
}

/// The headings above a line.
pub(super) struct Above<'a, 's> {
    levels: &'a [Level<'s>],
    outer: &'a [Option<(Arc<str>, &'s str)>],
}

impl Above<'_, '_> {
    /// The place of the row with figures of its own that a line stands directly below.
    pub(super) fn parent(&self) -> Option<u32> {
        self.levels.last().filter(|level| level.has_values).map(|level| level.row)
    }

    /// As they stand, outermost first, without their numbering.
    pub(super) fn names(&self) -> Vec<String> {
        let levels = self.levels.iter().map(|level| &*level.written);
        let outer = self.outer.iter().flatten().map(|(_, written)| *written);
        levels.chain(outer).map(|name| text::without_numbering(name).to_owned()).collect()
    }
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
struct Level<'s> {
    rank: Rank,
    /// Its place among the rows of the sheet.
    row: u32,
    /// Place in its list, where it is numbered.
    place: u32,
    /// Spaces before the label.
    indent: usize,
    label: Arc<str>,
    written: Cow<'s, str>,
    /// The parts of its own number, where the labels alone are numbered.
    parts: Vec<u32>,
    has_values: bool,
}

/// Goes through the lines below a header until the table ends, over its pages and on to the tables
/// with the same header. There may be a million of them, so that none is kept here.
pub(super) fn for_each_line<'s>(
    sheet: &'s Sheet,
    header: &Header<'_>,
    texts: &Texts,
    mut act: impl FnMut(&Line<'s>, &Above<'_, 's>),
) {
    let mut stack: Vec<Level<'s>> = Vec::new();
    let mut path: Vec<Arc<str>> = Vec::new();
    let mut outer: Vec<Option<(Arc<str>, &str)>> = vec![None; header.label.len().saturating_sub(1)];
    let mut title = header.title.clone();
    let mut breaks = header.breaks.iter().peekable();
    let (mut table, mut skip, mut is_first) = (0, 0, true);
    for row in sheet.rows_from(header.data_row) {
        let row = &row;
        while let Some(broken) = breaks.next_if(|broken| broken.first_row <= row.row) {
            skip = broken.data_row;
            is_first = true;
            match &broken.kind {
                BreakKind::Page => {}
                BreakKind::Table(name, _) => {
                    title = name.as_deref().map(|name| texts.label(name).key);
                    stack.clear();
                    outer.fill(None);
                    table += 1;
                }
                BreakKind::End => return,
            }
        }
        // Columns are numbered before the first figures, if at all.
        if row.row < skip || is_first && header.numbers_columns(row) {
            continue;
        }
        let mut mapped = header.columns.iter().filter_map(|(column, _)| row.get(*column));
        // A label of marks alone, such as a ditto mark, names nothing.
        let labelled = label_of(sheet, row, header).map(|(cell, label)| (cell, texts.label(&label), label));
        let Some((cell, known, label)) = labelled.filter(|(_, known, _)| !known.key.is_empty()) else {
            if mapped.any(|cell| is_number(&cell)) {
                is_first = false;
                let cell = Position::new(row.row, header.label.last().copied().unwrap_or(0));
                let (label, path) = (Cow::Borrowed(""), Vec::new());
                let line =
                    Line { row: row.row, place: row.place(), cell, label, path, has_values: true, number: None, table };
                act(&line, &Above { levels: &stack, outer: &outer });
            }
            continue;
        };
        let folded = &known.key;
        let has_values = mapped.any(|cell| holds_a_figure(&cell));
        is_first &= !has_values;
        // What has no width indents nothing, and hides no indent.
        let blanks = label.chars().take_while(|c| c.is_whitespace() || text::is_ignorable(*c));
        let indent = blanks.filter(|c| c.is_whitespace()).count();
        let (rank, place) = rank(row, header, (&label, &known), indent, has_values, &stack);
        let parts = if header.has_running_numbers { parts_of(&label) } else { Vec::new() };
        // 1.1.2 stands below 1.1 only, wherever it comes: such labels are not always in order.
        let stranger =
            |level: &Level<'_>| (2..parts.len()).contains(&level.parts.len()) && !parts.starts_with(&level.parts);
        if let Some(at) = stack.iter().position(stranger) {
            stack.truncate(at);
        }
        // A heading goes back to its own rank; the rest of the stack below it is over.
        match stack.iter().position(|level| level.rank == rank) {
            Some(at) => stack.truncate(at),
            None => close_deeper(&mut stack, rank),
        }
        outer_labels(sheet, row.row, header, &mut outer, texts);
        path.clear();
        path.extend(title.iter().cloned());
        path.extend(stack.iter().map(|level| level.label.clone()));
        path.extend(outer.iter().flatten().map(|(label, _)| label.clone()));
        path.push(folded.clone());
        let number = (rank == Rank::Number).then_some(place);
        let line = Line { row: row.row, place: row.place(), cell, label, path, has_values, number, table };
        act(&line, &Above { levels: &stack, outer: &outer });
        let written = line.label;
        stack.push(Level { rank, row: row.place(), place, indent, label: folded.clone(), written, parts, has_values });
        path = line.path;
    }
}

/// The parts of the number before a label: 1, 1 and 2 of "1.1.2. Lúa hè thu".
fn parts_of(label: &str) -> Vec<u32> {
    let label = label.trim_start();
    let end = label.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(label.len());
    label[..end].split('.').filter(|part| !part.is_empty()).map_while(|part| part.parse().ok()).collect()
}

/// Whether the row numbers of a table run through all its rows while the labels number themselves:
/// then they say nothing about which row stands below which.
pub(super) fn has_running_numbers(sheet: &Sheet, header: &Header<'_>, texts: &Texts) -> bool {
    if header.ordinal.is_none() {
        return false;
    }
    let (mut last, mut numbered, mut labels) = (0, 0, 0);
    for row in sheet.rows_from(header.data_row).take(FIRST_ROWS) {
        let Some((_, label)) = label_of(sheet, &row, header) else { continue };
        let number = own_number(&row, header).and_then(|number| number.place(OrdinalKind::Arabic));
        match number {
            Some(number) if number == last + 1 => (last, numbered) = (number, numbered + 1),
            None if !header.columns.iter().any(|(column, _)| row.get(*column).is_some()) => {}
            Some(_) | None => return false,
        }
        labels += usize::from(
            texts.label(&label).ordinal.is_some_and(|own| !matches!(own.kinds().next(), Some(OrdinalKind::Bullet(_)))),
        );
    }
    numbered >= RUN && labels >= SELF_NUMBERED
}

fn is_number(cell: &Cell<'_>) -> bool {
    match cell.value {
        Value::Number(_) => true,
        Value::Text(text) => number::parse(text, Convention::Unknown).is_stated(),
        Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => false,
    }
}

/// Whether a cell can be the value of a row. Words in a column of numbers do not make a row: they
/// are a heading's remark, or the signature below the table.
pub(super) fn holds_a_figure(cell: &Cell<'_>) -> bool {
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
fn outer_labels<'s>(
    sheet: &'s Sheet,
    row: u32,
    header: &Header<'_>,
    outer: &mut [Option<(Arc<str>, &'s str)>],
    texts: &Texts,
) {
    for (depth, column) in header.label[..header.label.len() - 1].iter().enumerate() {
        if let Some(text) = sheet.text_through_merges(Position::new(row, *column)) {
            let text = header.footnotes.bare(text);
            outer[depth] = Some((texts.label(text).key, text));
            outer[depth + 1..].fill(None);
        }
    }
}

/// The label of a row: in its column, or, for headings merged over more columns, the first text
/// left of the values. Without the mark of a footnote.
pub(super) fn label_of<'s>(sheet: &'s Sheet, row: &Row<'s>, header: &Header<'_>) -> Option<(Position, Cow<'s, str>)> {
    let (at, label) = written_label(sheet, row, header)?;
    Some((at, header.footnotes.bare_cow(label)))
}

fn written_label<'s>(sheet: &'s Sheet, row: &Row<'s>, header: &Header<'_>) -> Option<(Position, Cow<'s, str>)> {
    let column = *header.label.last()?;
    let own = Position::new(row.row, column);
    if let Some(text) = cell_text(row, column) {
        return Some((own, text));
    }
    if let Some(text) = sheet.text_through_merges(own).filter(|text| !text::trim(text).is_empty()) {
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

/// The number of a row, in the column of row numbers.
pub(super) fn own_number(row: &Row<'_>, header: &Header<'_>) -> Option<Ordinal> {
    let place = row.place_of(header.ordinal?)?;
    if let Some((number, 0)) = row.short(place) {
        return Ordinal::of_number(number);
    }
    match row.cell(place).value {
        Value::Text(text) => text::ordinal(text),
        Value::Number(number) => text::ordinal(&number.exact().ok()?.to_string()),
        Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => None,
    }
}

/// The rank of a row, and its place in its list where it is numbered.
fn rank(
    row: &Row<'_>,
    header: &Header<'_>,
    (label, known): (&str, &Label),
    indent: usize,
    has_values: bool,
    stack: &[Level<'_>],
) -> (Rank, u32) {
    let own = if header.has_running_numbers { None } else { own_number(row, header) };
    let ordinal = own.or(known.ordinal);
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
fn rank_of(ordinal: Ordinal, stack: &[Level<'_>]) -> (Rank, u32) {
    if let Some((kind, place)) = ordinal.only() {
        return (rank_of_kind(kind), place);
    }
    let readings = || ordinal.kinds().map(|kind| (rank_of_kind(kind), ordinal.place(kind).unwrap_or(0)));
    let used = |rank: Rank| stack.iter().find(|level| level.rank == rank);
    let goes_on = readings().find(|(rank, place)| used(*rank).is_some_and(|level| *place == level.place + 1));
    goes_on
        .or_else(|| readings().find(|(_, place)| *place == 1))
        .or_else(|| readings().find(|(rank, _)| used(*rank).is_some()))
        .or_else(|| readings().next())
        .unwrap_or((Rank::Number, 0))
}

fn rank_of_kind(kind: OrdinalKind) -> Rank {
    match kind {
        OrdinalKind::UpperLetter => Rank::Letter,
        OrdinalKind::Roman => Rank::Roman,
        OrdinalKind::Arabic => Rank::Number,
        OrdinalKind::Dotted(parts) => Rank::Dotted(parts),
        OrdinalKind::LowerLetter | OrdinalKind::LowerRoman => Rank::Small,
        OrdinalKind::Bullet(bullet) => Rank::Bullet(bullet),
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
fn close_deeper(stack: &mut Vec<Level<'_>>, rank: Rank) {
    while let Some(above) = stack.last() {
        let keeps = !above.has_values && depth(above.rank) >= depth(Rank::Small) && depth(rank) >= depth(Rank::Small);
        if keeps || depth(above.rank) < depth(rank) {
            break;
        }
        stack.pop();
    }
}
