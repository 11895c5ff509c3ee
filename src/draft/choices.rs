//! What a person says of rows, columns and whole sheets of a draft. It goes in before anything is written, so that what
//! comes out is a draft like any other.

use serde::{Deserialize, Serialize};

use super::{
    Files,
    model::{Certainty, DraftColumn, DraftRow, DraftTable, Role},
    verify,
    write::Ignored,
};
use crate::{
    model::workbook::{Position, column_name, file_name},
    values::language::{Language, say},
};

/// What one row or one column is, or why a whole sheet is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The file, by its path or its name.
    pub file: String,
    /// The sheet.
    pub sheet: String,
    /// The area of the table, where several of a sheet have the row or the column.
    #[serde(default)]
    pub table: Option<String>,
    /// The row, from one; or else the column; without either the whole sheet.
    #[serde(default)]
    pub row: Option<u32>,
    /// The column by its letters.
    #[serde(default)]
    pub column: Option<String>,
    /// What it is.
    #[serde(rename = "as")]
    pub is: Chosen,
}

/// What a person says that a row or a column is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Chosen {
    /// An indicator of the catalogue.
    Indicator(String),
    /// Left out, with a reason.
    Ignore(String),
    /// One village, month or school.
    Member(bool),
    /// The total of the members.
    Total(bool),
    /// No figures of its own.
    Heading(bool),
    /// Which measure a column holds.
    Measure(String),
    /// Whatever the draft makes of it.
    Auto(bool),
    /// Both of a column that names its indicator.
    #[serde(untagged)]
    Column {
        /// The indicator.
        indicator: String,
        /// The measure of it.
        measure: String,
    },
}

impl Choice {
    /// Whether it is about a sheet as a whole.
    pub const fn is_about_sheet(&self) -> bool {
        self.row.is_none() && self.column.is_none()
    }

    /// Whether two are about the same row, column or sheet.
    pub fn is_about_same(&self, other: &Self) -> bool {
        let place = |choice: &Self| (choice.sheet.clone(), choice.row, choice.column.clone());
        file_name(&self.file) == file_name(&other.file) && place(self) == place(other)
    }

    /// Whether it gives something of a sheet a meaning, so that the sheet as a whole is not left out any more.
    fn takes_from(&self, sheet: &Self) -> bool {
        let is_meaning = match &self.is {
            Chosen::Ignore(_) | Chosen::Auto(_) => false,
            Chosen::Indicator(_)
            | Chosen::Member(_)
            | Chosen::Total(_)
            | Chosen::Heading(_)
            | Chosen::Measure(_)
            | Chosen::Column { .. } => true,
        };
        is_meaning
            && sheet.is_about_sheet()
            && file_name(&self.file) == file_name(&sheet.file)
            && self.sheet == sheet.sheet
    }
}

/// Leaves of several choices for one row, column or sheet the last, and none where that is the draft's own. What is
/// taken from a sheet that was left out as a whole brings the sheet back.
pub fn effective(choices: &[Choice]) -> Vec<Choice> {
    let mut kept: Vec<Choice> = Vec::new();
    for choice in choices {
        kept.retain(|known| !choice.takes_from(known));
        let before = kept.iter().position(|known| known.is_about_same(choice)).map(|at| kept.remove(at));
        let is = match (&choice.is, before.map(|before| before.is)) {
            (Chosen::Auto(_), _) => continue,
            // Indicator and measure of a column are chosen one after the other.
            (Chosen::Measure(measure), Some(Chosen::Indicator(indicator) | Chosen::Column { indicator, .. })) => {
                Chosen::Column { indicator, measure: measure.clone() }
            }
            (Chosen::Indicator(indicator), Some(Chosen::Measure(measure) | Chosen::Column { measure, .. })) => {
                Chosen::Column { indicator: indicator.clone(), measure }
            }
            (is, _) => is.clone(),
        };
        kept.push(Choice { is, ..choice.clone() });
    }
    kept
}

/// What there is to choose from.
pub(super) struct Known<'a> {
    pub(super) has_indicator: &'a dyn Fn(&str) -> bool,
    pub(super) has_measure: &'a dyn Fn(&str) -> bool,
}

/// The area of a table, as the draft names it.
pub(super) fn area(table: &DraftTable) -> String {
    let shape = &table.shape;
    let first = shape.header.map_or(shape.data_row, |(first, _)| first);
    let columns = shape.ordinal.iter().chain(&shape.label).chain(&shape.values).chain(&shape.words);
    let (left, right) = (columns.clone().min().copied().unwrap_or(0), columns.max().copied().unwrap_or(0));
    format!("{}:{}", Position::new(first, left), Position::new(shape.last_row, right))
}

/// Why a person leaves a sheet out.
pub(super) fn reason_of_sheet<'c>(choices: &'c [Choice], file: &str, sheet: &str) -> Option<&'c str> {
    let is_about = |choice: &&Choice| {
        choice.is_about_sheet() && file_name(&choice.file) == file_name(file) && choice.sheet == *sheet
    };
    match &choices.iter().rev().find(is_about)?.is {
        Chosen::Ignore(reason) => Some(reason),
        Chosen::Indicator(_)
        | Chosen::Member(_)
        | Chosen::Total(_)
        | Chosen::Heading(_)
        | Chosen::Measure(_)
        | Chosen::Auto(_)
        | Chosen::Column { .. } => None,
    }
}

/// Takes out the tables of sheets that a person leaves out as a whole, and notes these sheets.
pub(super) fn leave_out_sheets(
    choices: &[Choice],
    tables: &mut Vec<DraftTable>,
    files: &Files<'_>,
    ignored: &mut Vec<Ignored>,
) -> Vec<DraftTable> {
    for workbook in files.workbooks {
        for sheet in &workbook.sheets {
            if let Some(reason) = reason_of_sheet(choices, &workbook.file, &sheet.name) {
                verify::ignore_sheet(&sheet.name, one_line(reason), ignored);
            }
        }
    }
    let reason = |table: &DraftTable| {
        reason_of_sheet(choices, &files.workbooks[table.file].file, &files.sheet(table).name).map(one_line)
    };
    let (out, kept): (Vec<_>, Vec<_>) = std::mem::take(tables).into_iter().partition(|table| reason(table).is_some());
    *tables = kept;
    let say_why = |mut table: DraftTable| {
        let reason = reason(&table).unwrap_or_default();
        for row in table.rows.iter_mut().filter(|row| row.role != Role::Heading) {
            (row.role, row.certainty) = (Role::Ignore, Certainty::Certain);
            row.evidence.clone_from(&reason);
        }
        for column in &mut table.columns {
            (column.measure, column.certainty) = (Some("ignore".to_owned()), Certainty::Certain);
            column.evidence.clone_from(&reason);
        }
        table.left_out = Some(reason);
        table
    };
    out.into_iter().map(say_why).collect()
}

/// The tables that a choice is about.
pub(super) fn tables_of<'t>(
    choice: &Choice,
    tables: &'t mut [DraftTable],
    files: &Files<'_>,
) -> Vec<&'t mut DraftTable> {
    let holds = |table: &DraftTable| {
        let is_row = choice.row.is_none_or(|row| table.rows.iter().any(|own| own.line.row + 1 == row));
        let is_column =
            choice.column.as_ref().is_none_or(|at| table.columns.iter().any(|own| column_name(own.at) == *at));
        files.name(table.file) == file_name(&choice.file)
            && *files.sheet(table).name == *choice.sheet
            && is_row
            && is_column
    };
    let mut found: Vec<&mut DraftTable> = tables.iter_mut().filter(|table| holds(table)).collect();
    if found.len() > 1
        && let Some(wanted) = &choice.table
        && found.iter().any(|table| area(table) == *wanted)
    {
        found.retain(|table| area(table) == *wanted);
    }
    found
}

/// Rows and columns that get no id of their own where a catalogue is drafted too.
pub(super) fn leave_out(choices: &[Choice], tables: &mut [DraftTable], files: &Files<'_>) {
    for choice in choices {
        let reason = match &choice.is {
            Chosen::Ignore(reason) => reason.as_str(),
            Chosen::Heading(true) => "",
            _ => continue,
        };
        for table in tables_of(choice, tables, files) {
            for row in rows_of(choice, table) {
                set_row(row, if choice.is == Chosen::Heading(true) { Role::Heading } else { Role::Ignore }, reason);
            }
            for column in columns_of(choice, table) {
                set_column(column, "ignore", reason);
            }
        }
    }
}

fn rows_of<'t>(choice: &Choice, table: &'t mut DraftTable) -> impl Iterator<Item = &'t mut DraftRow> {
    let wanted = choice.row;
    table.rows.iter_mut().filter(move |row| Some(row.line.row + 1) == wanted)
}

fn columns_of<'t>(choice: &Choice, table: &'t mut DraftTable) -> impl Iterator<Item = &'t mut DraftColumn> {
    let wanted = choice.column.clone().filter(|_| choice.row.is_none());
    table.columns.iter_mut().filter(move |column| Some(column_name(column.at)) == wanted)
}

fn set_row(row: &mut DraftRow, role: Role, reason: &str) {
    row.chosen = true;
    row.role = role;
    row.indicator = None;
    row.measures.clear();
    row.alternatives.clear();
    row.certainty = Certainty::Certain;
    row.evidence = one_line(reason);
}

fn set_column(column: &mut DraftColumn, measure: &str, reason: &str) {
    column.chosen = true;
    column.measure = Some(measure.to_owned());
    column.indicator = None;
    column.alternatives.clear();
    column.certainty = Certainty::Certain;
    column.evidence = one_line(reason);
}

/// A reason as a remark: it must not end the line.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lets what a person said hold in place of what was found. What cannot be meant, such as an indicator that
/// the catalogue does not have, is left as it was.
pub(super) fn apply(
    choices: &[Choice],
    tables: &mut [DraftTable],
    files: &Files<'_>,
    known: &Known<'_>,
    language: Language,
) {
    for choice in choices {
        for table in tables_of(choice, tables, files) {
            if choice.row.is_some() {
                apply_to_row(choice, table, known, language);
            } else if choice.column.is_some() {
                apply_to_column(choice, table, known);
            }
        }
    }
}

fn apply_to_row(choice: &Choice, table: &mut DraftTable, known: &Known<'_>, language: Language) {
    let by_column = table.by_column;
    let role = match &choice.is {
        Chosen::Indicator(id) if !by_column && (known.has_indicator)(id) => Role::Indicator,
        Chosen::Ignore(_) => Role::Ignore,
        Chosen::Member(true) if by_column => Role::Member,
        Chosen::Total(true) if by_column => Role::Total,
        Chosen::Heading(true) => Role::Heading,
        _ => return,
    };
    let reason = if let Chosen::Ignore(reason) = &choice.is { reason } else { "" };
    for row in rows_of(choice, table) {
        set_row(row, role.clone(), reason);
    }
    let Chosen::Indicator(id) = &choice.is else { return };
    for row in rows_of(choice, table) {
        row.indicator = Some(id.clone());
    }
    // One that was only guessed gives way.
    let chosen = choice.row.unwrap_or(0);
    for row in table.rows.iter_mut().filter(|row| !row.chosen && row.indicator.as_deref() == Some(id)) {
        if row.measures.is_empty() {
            row.role = Role::Open;
            row.indicator = None;
            row.certainty = Certainty::Open;
            row.alternatives = vec![id.clone()];
            row.evidence =
                say!(language, "chỉ tiêu đã chọn cho dòng {chosen}", "its indicator was given to row {chosen}");
        }
    }
}

fn apply_to_column(choice: &Choice, table: &mut DraftTable, known: &Known<'_>) {
    let by_column = table.by_column;
    for column in columns_of(choice, table) {
        match &choice.is {
            Chosen::Ignore(reason) => set_column(column, "ignore", reason),
            Chosen::Measure(measure) if (known.has_measure)(measure) => {
                let indicator = column.indicator.take();
                set_column(column, measure, "");
                column.indicator = indicator.filter(|_| by_column);
            }
            Chosen::Indicator(id) if by_column && (known.has_indicator)(id) => {
                let measure = column.measure.clone().filter(|measure| measure != "ignore");
                let measure = measure.unwrap_or_else(|| "actual".to_owned());
                set_column(column, &measure, "");
                column.indicator = Some(id.clone());
            }
            Chosen::Column { indicator, measure } if (known.has_measure)(measure) => {
                set_column(column, measure, "");
                column.indicator = by_column.then(|| indicator.clone()).filter(|id| (known.has_indicator)(id));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(text: &str) -> Choice {
        serde_json::from_str(text).expect("a choice")
    }

    #[test]
    fn the_last_choice_holds() {
        let first = choice(r#"{"file":"a/b.xlsx","sheet":"S","table":"A1:B9","row":7,"as":{"indicator":"lua"}}"#);
        let second = choice(r#"{"file":"b.xlsx","sheet":"S","row":7,"as":{"ignore":"cộng"}}"#);
        let third = choice(r#"{"file":"b.xlsx","sheet":"S","column":"D","as":{"measure":"plan"}}"#);
        let back = choice(r#"{"file":"b.xlsx","sheet":"S","row":7,"as":{"auto":true}}"#);
        assert_eq!(effective(&[first.clone(), third.clone(), second.clone()]), [third.clone(), second]);
        assert_eq!(effective(&[first, third.clone(), back]), [third]);
        let indicator = choice(r#"{"file":"b.xlsx","sheet":"S","column":"D","as":{"indicator":"lua"}}"#);
        let both = choice(r#"{"file":"b.xlsx","sheet":"S","column":"D","as":{"indicator":"lua","measure":"plan"}}"#);
        let third = choice(r#"{"file":"b.xlsx","sheet":"S","column":"D","as":{"measure":"plan"}}"#);
        assert_eq!(effective(&[third.clone(), indicator.clone()]), std::slice::from_ref(&both));
        assert_eq!(effective(&[indicator, third]), std::slice::from_ref(&both));
        // A sheet as a whole, until something is taken from it.
        let sheet = choice(r#"{"file":"b.xlsx","sheet":"S","as":{"ignore":"nộp riêng"}}"#);
        let other = choice(r#"{"file":"b.xlsx","sheet":"T","as":{"ignore":"nháp"}}"#);
        let row = choice(r#"{"file":"b.xlsx","sheet":"S","row":7,"as":{"indicator":"lua"}}"#);
        assert_eq!(effective(&[row.clone(), sheet.clone()]), [row.clone(), sheet.clone()]);
        assert_eq!(reason_of_sheet(std::slice::from_ref(&sheet), "a/b.xlsx", "S"), Some("nộp riêng"));
        assert_eq!(effective(&[sheet, other.clone(), row.clone()]), [other, row]);
        let again: Choice = serde_json::from_str(&serde_json::to_string(&both).expect("JSON")).expect("a choice");
        assert_eq!(again, both);
        assert_eq!(one_line(" a\n# b "), "a # b");
    }
}
