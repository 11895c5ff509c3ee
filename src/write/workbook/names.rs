//! Named ranges: each indicator's row, from its first figure to its last.
//!
//! `lua.dien-tich` becomes `lua_dien_tich`. Where that would be an address (`dt1`), a number or a
//! word that formulas keep for themselves, a line stands before it; where two ids give one name,
//! the later one is counted: `lua_2`.

use std::collections::HashSet;

use rust_xlsxwriter::{Workbook, XlsxError};

use super::{WorkbookInput, layout::Layout};
use crate::{
    compose::appendix::{FormRow, Operand},
    model::{catalogue::FormCell, workbook::Position},
};

/// Longest name of the format is 255 characters; a number may be added.
const LONGEST: usize = 240;

/// Defines a name for every row of the form that has columns of figures.
pub(super) fn define(
    workbook: &mut Workbook,
    sheet: &str,
    layout: &Layout,
    input: &WorkbookInput<'_>,
) -> Result<(), XlsxError> {
    let appendix = input.appendix;
    let is_figure = |column: &&crate::compose::appendix::Column| matches!(column.shows, FormCell::Measure(_));
    let Some(first) = appendix.columns.iter().position(|column| is_figure(&column)) else { return Ok(()) };
    let last = appendix.columns.iter().rposition(|column| is_figure(&column)).unwrap_or(first);
    let sheet = sheet.replace('\'', "''");
    let mut taken = HashSet::new();
    for (row, shown) in appendix.rows.iter().enumerate() {
        let FormRow::Indicator { indicator, .. } = shown else { continue };
        let name = unused(&name(&input.catalogue.indicator(*indicator).id), &mut taken);
        let address = |column| absolute(layout.position(Operand { row, column }));
        workbook.define_name(name, &format!("='{sheet}'!{}:{}", address(first), address(last)))?;
    }
    Ok(())
}

fn absolute(at: Position) -> String {
    format!("${}${}", crate::model::workbook::column_name(at.column), u64::from(at.row) + 1)
}

/// The name that an id gives.
fn name(id: &str) -> String {
    let name: String = id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(LONGEST).collect();
    if name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && !is_kept(&name) {
        name
    } else {
        format!("_{name}")
    }
}

/// Whether a name means something else in a formula: `AB12`, `R1C1`, `RC`, `TRUE`.
fn is_kept(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let letters = upper.bytes().take_while(u8::is_ascii_alphabetic).count();
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let cell = (1..=3).contains(&letters) && upper.len() > letters && is_digits(&upper[letters..]);
    let row_column = upper.strip_prefix('R').is_some_and(|rest| {
        let (row, column) = rest.split_once('C').unwrap_or((rest, ""));
        is_digits(row) && is_digits(column)
    }) || upper.strip_prefix('C').is_some_and(is_digits);
    cell || row_column || upper == "TRUE" || upper == "FALSE"
}

/// The name, or the first one with a number that no other row has. Case makes no difference.
fn unused(name: &str, taken: &mut HashSet<String>) -> String {
    let numbered = (2u32..).map(|n| format!("{name}_{n}"));
    let free = std::iter::once(name.to_owned()).chain(numbered).find(|n| taken.insert(n.to_ascii_lowercase()));
    free.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_become_names_that_mean_nothing_else() {
        for (id, expected) in [
            ("lua.dien-tich", "lua_dien_tich"),
            ("dt1", "_dt1"),
            ("rc", "_rc"),
            ("r1c1", "_r1c1"),
            ("c", "_c"),
            ("true", "_true"),
            ("2g", "_2g"),
            ("đàn", "__n"),
            ("vvvv2023", "vvvv2023"),
            ("lua1a", "lua1a"),
        ] {
            assert_eq!(name(id), expected);
        }
    }

    #[test]
    fn names_are_different_in_any_case() {
        let mut taken = HashSet::new();
        let found: Vec<String> = ["a.b", "a-b", "A_B", "a_b_2"].map(|id| unused(&name(id), &mut taken)).into();
        assert_eq!(found, ["a_b", "a_b_2", "A_B_3", "a_b_2_2"]);
    }
}
