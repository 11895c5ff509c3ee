//! The text of formulas: compiled ones of binary workbooks written out.
//!
//! Formulas are for people and for checks that look at ranges. What is not known here (add-ins,
//! constants in braces, references to other files) gives no text, and the cell keeps its value.

mod token;

use std::fmt::{Display, Write as _};

use super::bytes::{byte, double, error, long, wide, word};
use crate::model::workbook::{Position, push_column};

/// The longest compiled formula there is.
const LONGEST: usize = 16_384;

/// Which binary format a formula is compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Excel 5 and 95.
    Biff5,
    /// Excel 97 to 2003.
    Biff8,
    /// `.xlsb`
    Biff12,
}

/// What a formula may refer to.
pub(super) struct Scope<'a> {
    pub(super) layout: Layout,
    /// Names of the sheets that references to other sheets go to, by their number, as [`quoted`].
    pub(super) sheets: &'a [Option<String>],
    /// Defined names, the first one being number 1.
    pub(super) names: &'a [String],
}

impl Scope<'_> {
    /// Writes out a compiled formula as it reads in the cell `at`.
    pub(super) fn text(&self, compiled: &[u8], at: Position) -> Option<String> {
        if compiled.len() > LONGEST {
            return None;
        }
        let mut machine = Machine { scope: self, rest: compiled, at, text: String::new(), stack: Vec::new() };
        while !machine.rest.is_empty() {
            machine.step()?;
        }
        (machine.stack.len() == 1).then_some(machine.text)
    }

    /// The cell that a formula refers to when it is part of a shared one: row and column.
    pub(super) fn shared(&self, compiled: &[u8]) -> Option<(u32, u32)> {
        if byte(compiled, 0)? != token::EXP {
            return None;
        }
        match self.layout {
            Layout::Biff12 => Some((long(compiled, 1)?, 0)),
            Layout::Biff5 | Layout::Biff8 => Some((word(compiled, 1)?.into(), word(compiled, 3)?.into())),
        }
    }
}

struct Machine<'a, 'b> {
    scope: &'a Scope<'a>,
    rest: &'b [u8],
    at: Position,
    /// The operands one after another: so a formula is written without a text for each of its pieces.
    text: String,
    /// Where each of them begins.
    stack: Vec<usize>,
}

/// Operators between two operands, by number from 3 on.
const BETWEEN: [&str; 15] = ["+", "-", "*", "/", "^", "&", "<", "<=", "=", ">=", ">", "<>", " ", ",", ":"];

impl<'b> Machine<'_, 'b> {
    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn step(&mut self) -> Option<()> {
        let number = byte(self.take(1)?, 0)?;
        // Operands come in three classes that read alike.
        let is_plain = number & token::CLASS == 0;
        let kind = if is_plain { number } else { number & token::WITHIN_CLASS | token::FIRST_CLASS };
        let start = self.text.len();
        match kind {
            token::ADD..=token::RANGE => {
                let right = self.stack.pop()?;
                self.stack.last()?;
                self.text.insert_str(right, BETWEEN[usize::from(kind - token::ADD)]);
                return Some(());
            }
            token::UNARY_PLUS | token::UNARY_MINUS => {
                self.text.insert(*self.stack.last()?, if kind == token::UNARY_PLUS { '+' } else { '-' });
                return Some(());
            }
            token::PERCENT => {
                self.stack.last()?;
                self.text.push('%');
                return Some(());
            }
            token::PAREN => return self.enclose("("),
            token::MISSING_ARGUMENT => {}
            token::STRING => self.string()?,
            token::ATTRIBUTE => return self.attribute(),
            token::ERROR => {
                let error = error(byte(self.take(1)?, 0)?);
                self.text.push_str(error);
            }
            token::BOOL => {
                let truth = if byte(self.take(1)?, 0)? == 0 { "FALSE" } else { "TRUE" };
                self.text.push_str(truth);
            }
            token::INTEGER => {
                let number = word(self.take(2)?, 0)?;
                self.show(number);
            }
            token::NUMBER => {
                let number = double(self.take(8)?, 0)?;
                self.show(number);
            }
            token::FUNCTION => {
                let function = word(self.take(2)?, 0)?;
                let (_, _, count) = FUNCTIONS.iter().find(|known| known.0 == function)?;
                return self.call(function, (*count)?.into());
            }
            token::FUNCTION_VARIABLE => {
                let data = self.take(3)?;
                return self.call(
                    word(data, 1)? & token::FUNCTION_NUMBER,
                    usize::from(byte(data, 0)? & token::ARGUMENT_COUNT),
                );
            }
            token::NAME => {
                let (number, skipped) = match self.scope.layout {
                    Layout::Biff12 => (long(self.take(4)?, 0)?, 0),
                    Layout::Biff8 => (word(self.take(2)?, 0)?.into(), 2),
                    Layout::Biff5 => (word(self.take(2)?, 0)?.into(), 12),
                };
                self.take(skipped)?;
                let name = usize::try_from(number).ok()?.checked_sub(1).and_then(|at| self.scope.names.get(at))?;
                self.text.push_str(name);
            }
            token::REFERENCE | token::REFERENCE_OFFSET => self.cell(kind == token::REFERENCE_OFFSET)?,
            token::AREA | token::AREA_OFFSET => self.area(kind == token::AREA_OFFSET)?,
            // Their content follows as an ordinary operand.
            token::MEMORY_AREA..=token::MEMORY_NO_MEMORY => {
                self.take(6)?;
                return Some(());
            }
            token::MEMORY_FUNCTION => {
                self.take(2)?;
                return Some(());
            }
            token::REFERENCE_ERROR | token::AREA_ERROR => self.lost(kind == token::AREA_ERROR)?,
            token::REFERENCE_3D..=token::AREA_ERROR_3D if self.scope.layout != Layout::Biff5 => {
                let sheet = usize::from(word(self.take(2)?, 0)?);
                self.text.push_str(self.scope.sheets.get(sheet)?.as_deref()?);
                self.text.push('!');
                match kind {
                    token::REFERENCE_3D => self.cell(false)?,
                    token::AREA_3D => self.area(false)?,
                    _ => self.lost(kind == token::AREA_ERROR_3D)?,
                }
            }
            _ => return None,
        }
        self.stack.push(start);
        Some(())
    }

    /// Puts a name and brackets round the last operand.
    fn enclose(&mut self, before: &str) -> Option<()> {
        self.text.insert_str(*self.stack.last()?, before);
        self.text.push(')');
        Some(())
    }

    fn show(&mut self, number: impl Display) {
        // Writing to a String cannot fail.
        let _ = write!(self.text, "{number}");
    }

    /// Marks for evaluation and for spaces, of which only the sum is text.
    fn attribute(&mut self) -> Option<()> {
        let data = self.take(3)?;
        match byte(data, 0)? {
            token::ATTRIBUTE_CHOOSE => {
                self.take((usize::from(word(data, 1)?) + 1) * 2)?;
            }
            token::ATTRIBUTE_SUM => self.enclose("SUM(")?,
            _ => {}
        }
        Some(())
    }

    fn string(&mut self) -> Option<()> {
        let text = match self.scope.layout {
            Layout::Biff5 => {
                let length = byte(self.take(1)?, 0)?.into();
                let bytes = self.take(length)?;
                encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()
            }
            Layout::Biff8 => {
                let head = self.take(2)?;
                let length = usize::from(byte(head, 0)?);
                if byte(head, 1)? & 1 == 0 {
                    self.take(length)?.iter().map(|&byte| char::from(byte)).collect()
                } else {
                    wide(self.take(length * 2)?)
                }
            }
            Layout::Biff12 => {
                let length = usize::from(word(self.take(2)?, 0)?);
                wide(self.take(length * 2)?)
            }
        };
        self.text.push('"');
        self.text.push_str(&text.replace('"', "\"\""));
        self.text.push('"');
        Some(())
    }

    fn call(&mut self, function: u16, count: usize) -> Option<()> {
        let first = self.stack.len().checked_sub(count)?;
        // A function that the user defined stands before its arguments.
        let is_own = function == token::USER_FUNCTION;
        let name = if is_own { "" } else { FUNCTIONS.iter().find(|known| known.0 == function)?.1 };
        let end = self.text.len();
        let start = self.stack.get(first).copied().unwrap_or(end);
        if is_own && count == 0 {
            return None;
        }
        let arguments = &self.stack[first + usize::from(is_own)..];
        let open = arguments.first().copied().unwrap_or(end);
        // From the last to the first, so that the places before stay right.
        for comma in arguments.iter().skip(1).rev() {
            self.text.insert(*comma, ',');
        }
        self.text.insert(open, '(');
        self.text.insert_str(start, name);
        self.text.push(')');
        self.stack.truncate(first);
        self.stack.push(start);
        Some(())
    }

    /// Bytes of a reference.
    fn size(&self, is_area: bool) -> usize {
        match (self.scope.layout, is_area) {
            (Layout::Biff5, false) => 3,
            (Layout::Biff8, false) => 4,
            (Layout::Biff5, true) | (Layout::Biff12, false) => 6,
            (Layout::Biff8, true) => 8,
            (Layout::Biff12, true) => 12,
        }
    }

    /// A reference to what is gone.
    fn lost(&mut self, is_area: bool) -> Option<()> {
        self.take(self.size(is_area))?;
        self.text.push_str("#REF!");
        Some(())
    }

    fn cell(&mut self, is_offset: bool) -> Option<()> {
        let data = self.take(self.size(false))?;
        let (row, column, flags) = match self.scope.layout {
            Layout::Biff5 => (u32::from(word(data, 0)? & token::ROW_BIFF5), u16::from(byte(data, 2)?), word(data, 0)?),
            Layout::Biff8 => (word(data, 0)?.into(), word(data, 2)?, word(data, 2)?),
            Layout::Biff12 => (long(data, 0)?, word(data, 4)?, word(data, 4)?),
        };
        self.place(row, column, flags, is_offset)
    }

    fn area(&mut self, is_offset: bool) -> Option<()> {
        let data = self.take(self.size(true))?;
        let corner = |first: bool| {
            let (row, column) = if first { (0, 0) } else { (1, 1) };
            Some(match self.scope.layout {
                Layout::Biff5 => {
                    let row = word(data, row * 2)?;
                    (u32::from(row & token::ROW_BIFF5), u16::from(byte(data, 4 + column)?), row)
                }
                Layout::Biff8 => {
                    (word(data, row * 2)?.into(), word(data, 4 + column * 2)?, word(data, 4 + column * 2)?)
                }
                Layout::Biff12 => (long(data, row * 4)?, word(data, 8 + column * 2)?, word(data, 8 + column * 2)?),
            })
        };
        let (first, last) = (corner(true)?, corner(false)?);
        self.place(first.0, first.1, first.2, is_offset)?;
        self.text.push(':');
        self.place(last.0, last.1, last.2, is_offset)
    }

    /// An address. In shared
    /// formulas what is relative is an offset from the cell, round the edge of the grid.
    fn place(&mut self, row: u32, column: u16, flags: u16, is_offset: bool) -> Option<()> {
        let (relative_column, relative_row) = (flags & token::RELATIVE_COLUMN != 0, flags & token::RELATIVE_ROW != 0);
        let (rows, columns, column_bits) = match self.scope.layout {
            Layout::Biff5 => token::GRID_BIFF5,
            Layout::Biff8 => token::GRID_BIFF8,
            Layout::Biff12 => token::GRID_BIFF12,
        };
        let mut at = Position::new(row, u32::from(column & column_bits));
        if is_offset && relative_row {
            at.row = self.at.row.checked_add(row)? % rows;
        }
        if is_offset && relative_column {
            at.column = (self.at.column + at.column) % columns;
        }
        if at.row >= rows {
            return None;
        }
        if !relative_column {
            self.text.push('$');
        }
        push_column(&mut self.text, at.column);
        if !relative_row {
            self.text.push('$');
        }
        self.show(u64::from(at.row) + 1);
        Some(())
    }
}

/// A sheet's name as it stands in a formula.
pub(super) fn quoted(sheet: &str) -> String {
    let plain = sheet.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
        && !sheet.starts_with(|c: char| c.is_ascii_digit());
    if plain { sheet.to_owned() } else { format!("'{}'", sheet.replace('\'', "''")) }
}

/// Functions by their number, and how many arguments those have that say it nowhere else. What
/// offices use of [MS-XLS] 2.5.198.17.
const FUNCTIONS: [(u16, &str, Option<u8>); FUNCTION_COUNT] = [
    (0, "COUNT", None),
    (1, "IF", Some(3)),
    (2, "ISNA", Some(1)),
    (3, "ISERROR", Some(1)),
    (4, "SUM", None),
    (5, "AVERAGE", None),
    (6, "MIN", None),
    (7, "MAX", None),
    (8, "ROW", Some(1)),
    (9, "COLUMN", Some(1)),
    (10, "NA", Some(0)),
    (12, "STDEV", None),
    (14, "FIXED", Some(3)),
    (15, "SIN", Some(1)),
    (16, "COS", Some(1)),
    (17, "TAN", Some(1)),
    (19, "PI", Some(0)),
    (20, "SQRT", Some(1)),
    (21, "EXP", Some(1)),
    (22, "LN", Some(1)),
    (23, "LOG10", Some(1)),
    (24, "ABS", Some(1)),
    (25, "INT", Some(1)),
    (26, "SIGN", Some(1)),
    (27, "ROUND", Some(2)),
    (28, "LOOKUP", Some(3)),
    (29, "INDEX", Some(4)),
    (30, "REPT", Some(2)),
    (31, "MID", Some(3)),
    (32, "LEN", Some(1)),
    (33, "VALUE", Some(1)),
    (34, "TRUE", Some(0)),
    (35, "FALSE", Some(0)),
    (36, "AND", None),
    (37, "OR", None),
    (38, "NOT", Some(1)),
    (39, "MOD", Some(2)),
    (41, "DSUM", Some(3)),
    (46, "VAR", None),
    (48, "TEXT", Some(2)),
    (50, "TREND", Some(4)),
    (63, "RAND", Some(0)),
    (64, "MATCH", Some(3)),
    (65, "DATE", Some(3)),
    (66, "TIME", Some(3)),
    (67, "DAY", Some(1)),
    (68, "MONTH", Some(1)),
    (69, "YEAR", Some(1)),
    (70, "WEEKDAY", Some(2)),
    (71, "HOUR", Some(1)),
    (72, "MINUTE", Some(1)),
    (73, "SECOND", Some(1)),
    (74, "NOW", Some(0)),
    (76, "ROWS", Some(1)),
    (77, "COLUMNS", Some(1)),
    (78, "OFFSET", Some(5)),
    (82, "SEARCH", Some(3)),
    (83, "TRANSPOSE", Some(1)),
    (100, "CHOOSE", None),
    (101, "HLOOKUP", Some(4)),
    (102, "VLOOKUP", Some(4)),
    (105, "ISREF", Some(1)),
    (109, "LOG", Some(2)),
    (111, "CHAR", Some(1)),
    (112, "LOWER", Some(1)),
    (113, "UPPER", Some(1)),
    (114, "PROPER", Some(1)),
    (115, "LEFT", Some(2)),
    (116, "RIGHT", Some(2)),
    (117, "EXACT", Some(2)),
    (118, "TRIM", Some(1)),
    (119, "REPLACE", Some(4)),
    (120, "SUBSTITUTE", Some(4)),
    (121, "CODE", Some(1)),
    (124, "FIND", Some(3)),
    (125, "CELL", Some(2)),
    (126, "ISERR", Some(1)),
    (127, "ISTEXT", Some(1)),
    (128, "ISNUMBER", Some(1)),
    (129, "ISBLANK", Some(1)),
    (130, "T", Some(1)),
    (131, "N", Some(1)),
    (140, "DATEVALUE", Some(1)),
    (148, "INDIRECT", Some(2)),
    (162, "CLEAN", Some(1)),
    (169, "COUNTA", None),
    (183, "PRODUCT", None),
    (184, "FACT", Some(1)),
    (190, "ISNONTEXT", Some(1)),
    (193, "STDEVP", None),
    (194, "VARP", None),
    (197, "TRUNC", Some(2)),
    (198, "ISLOGICAL", Some(1)),
    (212, "ROUNDUP", Some(2)),
    (213, "ROUNDDOWN", Some(2)),
    (216, "RANK", Some(3)),
    (219, "ADDRESS", Some(5)),
    (221, "TODAY", Some(0)),
    (227, "MEDIAN", None),
    (228, "SUMPRODUCT", None),
    (279, "EVEN", Some(1)),
    (285, "FLOOR", Some(2)),
    (288, "CEILING", Some(2)),
    (298, "ODD", Some(1)),
    (309, "FORECAST", Some(3)),
    (325, "LARGE", Some(2)),
    (326, "SMALL", Some(2)),
    (327, "QUARTILE", Some(2)),
    (328, "PERCENTILE", Some(2)),
    (330, "MODE", None),
    (336, "CONCATENATE", None),
    (337, "POWER", Some(2)),
    (344, "SUBTOTAL", None),
    (345, "SUMIF", Some(3)),
    (346, "COUNTIF", Some(2)),
    (347, "COUNTBLANK", Some(1)),
    (354, "ROMAN", Some(2)),
    (359, "HYPERLINK", Some(2)),
    (361, "AVERAGEA", None),
    (362, "MAXA", None),
    (363, "MINA", None),
    (480, "IFERROR", Some(2)),
    (481, "COUNTIFS", None),
    (482, "SUMIFS", None),
    (483, "AVERAGEIF", None),
    (484, "AVERAGEIFS", None),
];
const FUNCTION_COUNT: usize = 126;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compiled() {
        let sheets = [Some(quoted("Vụ xuân")), None];
        let names = ["TONG".to_owned()];
        let scope = Scope { layout: Layout::Biff8, sheets: &sheets, names: &names };
        let text = |compiled: &[u8]| scope.text(compiled, Position::new(9, 2));
        // SUM(C3:C9) with the range relative, as Excel writes the sum of one argument.
        let sum = [0x25, 2, 0, 8, 0, 2, 0xC0, 2, 0xC0, 0x19, 0x10, 0, 0];
        assert_eq!(text(&sum).as_deref(), Some("SUM(C3:C9)"));
        // ROUND(A1/$B$2*100,2)
        let round = [0x44, 0, 0, 0, 0xC0, 0x44, 1, 0, 1, 0, 0x06, 0x1E, 100, 0, 0x05, 0x1E, 2, 0, 0x41, 27, 0];
        assert_eq!(text(&round).as_deref(), Some("ROUND(A1/$B$2*100,2)"));
        // IF(TONG>0,"c""ó",'Vụ xuân'!A1)
        let choice = [
            0x23, 1, 0, 0, 0, 0x1E, 0, 0, 0x0D, 0x19, 2, 0, 0, 0x17, 3, 0, b'c', b'"', 0xF3, 0x3A, 0, 0, 0, 0, 0, 0xC0,
            0x42, 3, 1, 0,
        ];
        assert_eq!(text(&choice).as_deref(), Some("IF(TONG>0,\"c\"\"ó\",'Vụ xuân'!A1)"));
        // One cell up and one to the left, in a shared formula.
        assert_eq!(text(&[0x2C, 0xFF, 0xFF, 0xFF, 0xC0]).as_deref(), Some("B9"));
        for wrong in
            [&[][..], &[0x03], &[0x1E, 1], &[0x3A, 1, 0, 0, 0, 0, 0], &[0x23, 0, 0, 0, 0], &[0x42, 9, 4, 0], &[0x99]]
        {
            assert_eq!(text(wrong), None, "{wrong:?}");
        }
        assert_eq!(scope.shared(&[1, 4, 0, 2, 0]), Some((4, 2)));
    }
}
