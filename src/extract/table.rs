//! Takes the cells of a table: a row says what, a column says which measure of it, or the other
//! way round.

mod form_rules;
mod plain;

use std::{borrow::Cow, sync::Arc};

use plain::PlainRows;

use super::{
    Context, SheetAt, absent,
    header::{BreakKind, Header},
    outline,
    rows::{self, Rows},
    stated::{self, Stated, StatedUnits},
    subtotals,
    texts::Texts,
    unclaimed::{Claims, TableArea},
    unseen::{self, Covered},
    value::{self, ColumnNumbers, SourceCell, beside},
};
use crate::{
    model::{
        catalogue::{IndicatorId, MeasureId, MeasureKind},
        finding::FileLine,
        mapping::{Column, ColumnRole, MemberName, RowRole, RowRule, Source},
        reading::Key,
        workbook::{Position, Row, Sheet, Workbook, file_name},
    },
    values::number::Convention,
};

/// Readings for which there is room from the start.
const MOST_EXPECTED: usize = 10_000;

/// Reads a table whose header was found.
pub(super) fn read_table(
    cx: &mut Context<'_>,
    workbook: &Workbook,
    sheet: &Sheet,
    source: &Source,
    header: &Header<'_>,
    at: SheetAt,
    claims: &mut Claims,
) {
    cx.found += u32::try_from(header.columns.len()).unwrap_or(u32::MAX);
    absent::report(cx, workbook, sheet, source, header);
    let Rows { labelled, mut matched, names, carried, parents } = rows::match_rows(cx, workbook, sheet, source, header);
    let totals = subtotals::set_apart(cx, (workbook, sheet), source, header, (&matched, &carried, &parents));
    matched.retain(|(place, _)| !totals.contains(place));
    let rule_of = |number: u32| &source.rows[number as usize];
    for (place, rule) in &matched {
        if rule_of(*rule).role == RowRole::Ignored
            && let Some(row) = sheet.row_in_place(*place)
        {
            for column in header.columns.iter().map(|(column, _)| *column).chain(row.columns()) {
                claims.take(at, Position::new(row.row, column));
            }
        }
    }
    for row in carried.iter().chain(&totals).filter_map(|place| sheet.row_in_place(*place)) {
        claims.taken_of(at).extend(row.columns().map(|column| Position::new(row.row, column)));
    }
    for (column, named) in &header.columns {
        if named.role == ColumnRole::Ignored {
            for row in labelled.iter().flatten().filter_map(|place| sheet.row_in_place(*place)) {
                claims.take(at, Position::new(row.row, *column));
            }
        }
    }
    let whole = table_member(cx, workbook, sheet, source).map(|name| cx.members.member(&name));
    let units = stated::stated_units(sheet, header, cx.texts);
    if let (Some(near), Some(other)) = (&units.line, &units.other_line) {
        cx.findings.push(stated::two_unit_lines(workbook, sheet, source, near, other));
    }
    let all_rows: Vec<u32> = labelled.iter().flatten().copied().collect();
    let mut columns = table_columns(sheet, source, header, &all_rows, &units, cx.texts);
    for column in &mut columns {
        column.member = column.member.as_deref().map(|name| cx.members.member(name));
    }
    let remarks = remark_columns(cx, header);
    let (mut unseen, covered) = (Vec::new(), Covered::of(sheet));
    let expected = (matched.len() * columns.len()).min(MOST_EXPECTED);
    cx.readings.reserve(expected);
    let first_reading = cx.readings.len();
    let mut plain = PlainRows::of(cx, (workbook, sheet), source, header, &columns, (&matched, at));
    let taken = claims.taken_of(at);
    taken.reserve(expected);
    for (place, rule) in &matched {
        let rule = rule_of(*rule);
        let Some(row) = sheet.row_in_place(*place) else { continue };
        let record = cx.records;
        cx.records += 1;
        let forecast = is_forecast_row(cx, &row, &remarks);
        let name = names.get(place);
        let may_be_plain = !forecast && name.is_none();
        if may_be_plain && plain.as_mut().is_some_and(|plain| plain.take(&row, rule, record, &covered)) {
            continue;
        }
        let (label_cell, label) = outline::label_of(sheet, &row, header).unwrap_or_else(|| {
            // A row without a label that the mapping takes by its number.
            (Position::new(row.row, header.label.last().copied().unwrap_or(0)), "".into())
        });
        let row_unit = stated::row_unit(sheet, header, row.row, (label_cell, &label), cx.texts);
        let formulas = row.formulas();
        let before = cx.readings.len();
        let mut unit_reported = false;
        let is_member = rule.role == RowRole::Member;
        let own = || name.map_or_else(|| member_name(&label, row.row), |name| name.to_string().into());
        let row_member = is_member.then(|| cx.members.member(&own())).or_else(|| whole.clone());
        for column in &columns {
            let position = Position::new(row.row, column.at);
            let Some((indicator, measure)) = target(rule, column.named) else {
                if row_takes(rule, column.named) {
                    taken.push(position);
                }
                continue;
            };
            taken.push(position);
            let member = match rule.role {
                RowRole::Member => row_member.clone(),
                RowRole::Indicator(_) | RowRole::Blocks(_) | RowRole::Total | RowRole::Ignored => {
                    column.member.clone().or_else(|| row_member.clone())
                }
            };
            let found = row.get(column.at);
            let cell = SourceCell {
                workbook,
                sheet,
                found,
                formula: found.and_then(|cell| cell.formula_in(formulas)),
                at: position,
                key: Key { indicator, measure, member },
                record,
                line: line_of(rule, &column.named.line),
                declared_unit: rule.unit.as_ref().or(column.named.unit.as_ref()).or(source.unit.as_ref()),
                stated_unit: row_unit.as_ref().or(column.unit.as_ref()).or(column.table_unit.as_ref()),
                numbers: &column.numbers,
                forecast,
            };
            unit_reported |= value::read_cell(cx, &cell, !unit_reported);
        }
        beside::join(cx, before);
        let read = cx.readings[before..].iter().filter(|r| !value::is_blank(r)).map(|r| r.origin.cell);
        let covered = covered.row(sheet, row.row);
        unseen.extend(read.filter_map(|at| Some((unseen::why(&covered, at, row.get(at.column))?, at))));
    }
    if let Some(plain) = plain {
        plain.finish(cx, at, claims);
    }
    let table = form_rules::Table {
        workbook,
        sheet,
        source,
        header,
        columns: &columns,
        matched: &matched,
        all_rows: &all_rows,
        first_reading,
    };
    form_rules::of_table(cx, &table);
    claim_tables(claims, at, header, labelled);
    unseen::report(cx, workbook, sheet, source, &mut unseen);
}

/// A column of the mapping and what is true of all its cells.
struct TableColumn<'a> {
    at: u32,
    named: &'a Column,
    /// The member that its header names.
    member: Option<Arc<str>>,
    /// The unit that its header states.
    unit: Option<Stated>,
    /// The unit that the unit line of the table states.
    table_unit: Option<Stated>,
    numbers: ColumnNumbers<'a>,
}

impl TableColumn<'_> {
    /// How its numbers are written.
    fn convention(&self) -> Convention {
        self.numbers.convention()
    }
}

fn table_columns<'a>(
    sheet: &'a Sheet,
    source: &Source,
    header: &Header<'a>,
    rows: &'a [u32],
    units: &StatedUnits,
    known: &Texts,
) -> Vec<TableColumn<'a>> {
    let columns: Vec<u32> = header.columns.iter().map(|(at, _)| *at).collect();
    let numbers = ColumnNumbers::of(sheet, &columns, rows, source.numbers);
    let named = header.columns.iter().zip(numbers);
    named
        .map(|((at, named), numbers)| {
            let (member, unit) = (header.member_of(*at, named, known), units.headers.get(at).cloned());
            TableColumn { at: *at, named, member, unit, table_unit: units.line.clone(), numbers }
        })
        .collect()
}

/// Reads cells that the mapping names by address.
pub(super) fn read_cells(
    cx: &mut Context<'_>,
    workbook: &Workbook,
    sheet: &Sheet,
    source: &Source,
    at: SheetAt,
    claims: &mut Claims,
) {
    let (mut unseen, covered) = (Vec::new(), Covered::of(sheet));
    for rule in &source.cells {
        cx.found += 1;
        claims.take(at, rule.at);
        let record = cx.records;
        cx.records += 1;
        let numbers = ColumnNumbers::declared(source.numbers);
        let found = sheet.get(rule.at);
        let cell = SourceCell {
            workbook,
            sheet,
            found,
            formula: found.and_then(|cell| cell.formula()),
            at: rule.at,
            key: Key { indicator: rule.indicator, measure: rule.measure, member: None },
            record,
            line: &rule.line,
            declared_unit: rule.unit.as_ref().or(source.unit.as_ref()),
            stated_unit: None,
            numbers: &numbers,
            forecast: false,
        };
        value::read_cell(cx, &cell, true);
        if cx.readings.last().is_some_and(|reading| !value::is_blank(reading)) {
            let row = covered.row(sheet, rule.at.row);
            unseen.extend(unseen::why(&row, rule.at, found).map(|why| (why, rule.at)));
        }
        let last = cx.readings.len().saturating_sub(1);
        beside::join(cx, last);
    }
    unseen::report(cx, workbook, sheet, source, &mut unseen);
}

/// Whether a figure that is of no indicator is left out on purpose.
fn row_takes(rule: &RowRule, column: &Column) -> bool {
    match rule.role {
        RowRole::Member => false,
        // The catalogue does not have this row in this block: nobody has left it out.
        RowRole::Blocks(_) => column.role == ColumnRole::Ignored || rule.role.indicator(column.block).is_some(),
        RowRole::Indicator(_) | RowRole::Total | RowRole::Ignored => true,
    }
}

/// The mapping line that a person would look at first: the row's, and the column's where the row
/// is one of many.
fn line_of<'a>(rule: &'a RowRule, column: &'a FileLine) -> &'a FileLine {
    match rule.role {
        RowRole::Indicator(_) | RowRole::Blocks(_) => &rule.line,
        RowRole::Total | RowRole::Member | RowRole::Ignored => column,
    }
}

/// The name of the member that a row is about: its label, or its number where it has none.
fn member_name(label: &str, row: u32) -> Cow<'_, str> {
    let is_blank = crate::values::text::trim(label).is_empty();
    if is_blank { format!("(@{})", u64::from(row) + 1).into() } else { label.into() }
}

/// The member that a whole table is about.
fn table_member<'a>(
    cx: &mut Context<'_>,
    workbook: &'a Workbook,
    sheet: &'a Sheet,
    source: &Source,
) -> Option<Cow<'a, str>> {
    let of_file = || crate::values::text::file_stem(file_name(&workbook.file));
    Some(match source.member.as_ref()? {
        MemberName::Sheet => (&*sheet.name).into(),
        MemberName::File => of_file().into(),
        MemberName::Cell { at, strip } => {
            let name = sheet.text_through_merges(*at).and_then(|text| named_in(text, strip));
            if let Some(name) = name {
                name.into()
            } else {
                cx.findings.push(absent::unnamed(workbook, sheet, source, *at));
                // Not the whole: its figures are those of one member, whoever that is.
                format!("({} {})", of_file(), sheet.name).into()
            }
        }
    })
}

/// The name in a text such as "THÔN NÀ SÒM", without the words before it that are no part of it: the
/// longest of them that is there. A name that is nothing else stays whole.
fn named_in<'t>(text: &'t str, strip: &[String]) -> Option<&'t str> {
    let text = crate::values::text::trim(text);
    if text.is_empty() {
        return None;
    }
    let mut best = text;
    for (at, _) in text.char_indices().skip(1).filter(|(_, c)| c.is_whitespace() || *c == ':') {
        if strip.contains(&crate::values::text::fold(text[..at].trim_end_matches(':'))) {
            let rest = text[at..].trim_start_matches(|c: char| c == ':' || c.is_whitespace());
            best = if rest.is_empty() { best } else { rest };
        }
    }
    Some(best)
}

/// Which indicator and measure the cell of a row and a column is a value of.
fn target(rule: &RowRule, column: &Column) -> Option<(IndicatorId, MeasureId)> {
    let ColumnRole::Values { indicator, measure } = &column.role else { return None };
    let indicator = match (&rule.role, indicator) {
        (RowRole::Indicator(_) | RowRole::Blocks(_), None) => rule.role.indicator(column.block)?,
        (RowRole::Total | RowRole::Member, Some(id)) => *id,
        (RowRole::Ignored, _)
        | (RowRole::Indicator(_) | RowRole::Blocks(_), Some(_))
        | (RowRole::Total | RowRole::Member, None) => return None,
    };
    let measure = match rule.measures.iter().find(|(from, _)| from == measure) {
        Some((_, renamed)) => (*renamed)?,
        None => *measure,
    };
    Some((indicator, measure))
}

/// Tells where figures are expected: in the table, in those that follow it with the same header, and
/// in those that the source does not read.
fn claim_tables(claims: &mut Claims, at: SheetAt, header: &Header<'_>, labelled: Vec<Vec<u32>>) {
    let (columns, label_columns) = (header.figure_columns(), header.label_columns());
    let second = header.breaks.iter().filter_map(|broken| match broken.kind {
        BreakKind::Table(_, anchor) => Some(anchor),
        BreakKind::Page | BreakKind::End => None,
    });
    let anchors = std::iter::once(None).chain(second.map(Some));
    for (rows, anchor) in labelled.into_iter().zip(anchors) {
        claims.table(at, TableArea { columns: columns.clone(), labels: label_columns.clone(), rows, anchor });
    }
    for other in &header.others {
        claims.other_table(at, other.clone());
    }
}

/// Columns with remarks about a whole row: those of verdicts and notes, and those that nothing takes.
/// Words beside a number ("ước 505") are about that number alone.
fn remark_columns(cx: &Context<'_>, header: &Header<'_>) -> Vec<u32> {
    let takes_numbers = |role: &ColumnRole| match role {
        ColumnRole::Values { measure, .. } => {
            let kind = cx.catalogue.measure(*measure).kind;
            !matches!(kind, MeasureKind::Verdict { .. } | MeasureKind::Note)
        }
        ColumnRole::Ignored => false,
    };
    let with_text = header.texts.iter().map(|(column, _)| *column);
    let numbers = |column: &u32| header.columns.iter().any(|(at, named)| at == column && takes_numbers(&named.role));
    let mut columns: Vec<u32> = with_text
        .chain(header.columns.iter().map(|(column, _)| *column))
        .filter(|column| !header.label.contains(column) && !numbers(column))
        .collect();
    columns.sort_unstable();
    columns.dedup();
    columns
}

/// Whether a remark marks a whole row as not yet a result.
fn is_forecast_row(cx: &Context<'_>, row: &Row<'_>, remarks: &[u32]) -> bool {
    let mut texts = remarks.iter().filter_map(|column| row.get(*column)?.text());
    texts.any(|text| cx.texts.is_forecast(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_cell_is_told_from_the_words_before_it() {
        let strip = ["thôn".to_owned(), "thôn bản".to_owned()];
        for (text, name) in [
            ("THÔN NÀ SÒM", Some("NÀ SÒM")),
            ("Thôn: Nà Sòm", Some("Nà Sòm")),
            (" thôn  bản Khuổi ", Some("Khuổi")),
            ("Thôn", Some("Thôn")),
            ("Bản Khuổi", Some("Bản Khuổi")),
            ("  ", None),
        ] {
            assert_eq!(named_in(text, &strip), name, "{text:?}");
        }
    }
}
