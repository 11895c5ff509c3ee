//! What a draft found, for people: a line a file, then what to look at.

use super::{
    Draft, Files,
    model::{Certainty, DraftTable, MemberOf, Role},
    sheets::SheetStatus,
};
use crate::{
    model::workbook::Workbook,
    values::language::{Language, counted, say},
};

/// Rows and columns of a table by their certainty.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    /// Tables.
    pub tables: usize,
    /// Rows that are certain.
    pub sure: usize,
    /// Rows that are likely.
    pub guessed: usize,
    /// Rows that are open.
    pub open: usize,
    /// Relations that are written.
    pub relations: usize,
}

/// Counts the entries of tables.
pub fn count<'t>(tables: impl Iterator<Item = &'t DraftTable>) -> Count {
    let mut count = Count::default();
    let mut seen: Vec<(usize, usize, u32)> = Vec::new();
    for table in tables {
        count.tables += 1;
        let place = (table.file, table.sheet, table.shape.data_row);
        if !seen.contains(&place) {
            seen.push(place);
            count.relations += table.relations.iter().filter(|relation| relation.written()).count();
        }
        for row in table.rows.iter().filter(|row| !matches!(row.role, Role::Heading)) {
            match (row.certainty, &row.role) {
                (_, Role::Open) | (Certainty::Open, _) => count.open += 1,
                (Certainty::Certain, _) => count.sure += 1,
                (Certainty::Likely, _) => count.guessed += 1,
            }
        }
    }
    count
}

/// The lines of the terminal.
pub fn summary(draft: &Draft, workbooks: &[&Workbook], language: Language) -> String {
    let files = Files { workbooks, period: draft.period.clone() };
    let mut out = String::new();
    for (file, workbook) in workbooks.iter().enumerate() {
        let name = files.name(file);
        let own = count(draft.tables.iter().filter(|table| table.file == file));
        let Count { tables, sure, guessed, open, relations } = own;
        let blank: Vec<String> = draft
            .blank
            .iter()
            .filter(|blank| blank.file == file)
            .map(|blank| format!("\"{}\"", workbook.sheets[blank.sheet].name))
            .collect();
        if tables > 0 {
            let (tables_en, relations_en) = (counted(tables, "table"), counted(relations, "relation"));
            out.push_str(&say!(
                language,
                "{name}: {tables} bảng; dòng: {sure} chắc chắn, {guessed} đoán, {open} chưa rõ; {relations} quan hệ giữa các số",
                "{name}: {tables_en}; rows: {sure} certain, {guessed} likely, {open} open; {relations_en} between figures"
            ));
            out.push('\n');
        }
        if !blank.is_empty() {
            let sheets = blank.join(", ");
            out.push_str(&say!(
                language,
                "{name}: biểu chưa có số liệu, không lập bảng ánh xạ cho sheet {sheets}",
                "{name}: a form without figures; nothing is drafted for the sheet {sheets}"
            ));
            out.push('\n');
        }
        let has_unmatched = draft.unmatched.iter().any(|table| table.file == file);
        let named = |(at, _): (usize, &SheetStatus)| format!("\"{}\"", workbook.sheets[at].name);
        let is_open = |(_, status): &(usize, &SheetStatus)| matches!(status, SheetStatus::Open { .. });
        let sheets: Vec<String> = draft.sheets[file].iter().enumerate().filter(is_open).map(named).collect();
        if !sheets.is_empty() && (tables > 0 || has_unmatched) {
            let sheets = sheets.join(", ");
            out.push_str(&say!(
                language,
                "{name}: chưa lấy số liệu nào của sheet {sheets}",
                "{name}: no figure is taken from the sheet {sheets}"
            ));
            out.push('\n');
        }
        let is_other = tables == 0
            && blank.is_empty()
            && !has_unmatched
            && !draft.tables.iter().any(|table| matches!(table.member, Some(MemberOf::Files)));
        if is_other {
            out.push_str(&say!(language, "{name}: không thấy bảng số liệu nào", "{name}: no table of figures"));
            out.push('\n');
        }
    }
    if draft.left > 0 {
        let left = draft.left;
        let numbers = counted(left, "number");
        out.push_str(&say!(language, "còn {left} số chưa được lấy", "{numbers} not taken yet"));
        out.push('\n');
    }
    out
}
