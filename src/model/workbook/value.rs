//! What a cell holds.

use crate::values::number::StoredNumber;

/// What one cell holds.
///
/// ```
/// use bieu::{Decimal, Limits, Position, Value};
///
/// let html = b"<html><table><tr><td>12.5</td><td>=1+1</td></tr></table></html>";
/// let file = bieu::read("lua.html", html, &Limits::default());
/// let cell = file.workbook()?.sheets[0].get(Position::new(0, 0)).unwrap();
/// match cell.value {
///     Value::Number(number) => assert_eq!(number.exact(), Ok(Decimal::new(125, 1))),
///     // A page has texts only; a number in a text is read where a mapping says how numbers are written.
///     Value::Text(text) => assert_eq!(text, "12.5"),
///     _ => unreachable!(),
/// }
/// # Ok::<(), bieu::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// A number as stored.
    Number(StoredNumber),
    /// Text in Unicode, NFC, spaces as they stand.
    Text(&'a str),
    /// True or false.
    Bool(bool),
    /// A number that the file shows as a date or time: the serial, and the day it stands for
    /// (`2023-06-04`), or the text of a duration.
    Date {
        /// The stored serial number, where the file has one.
        serial: Option<StoredNumber>,
        /// ISO date or duration.
        iso: &'a str,
    },
    /// An error such as `#REF!`.
    Error(&'a str),
    /// A formula whose result the file does not hold.
    NoResult,
}
