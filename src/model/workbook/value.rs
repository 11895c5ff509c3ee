//! What a cell holds.

use crate::values::number::StoredNumber;

/// What one cell holds.
///
/// ```
/// use bieu::{Decimal, Limits, Position, Value};
///
/// let xml = br#"<?xml version="1.0"?>
/// <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
/// <Worksheet ss:Name="A"><Table><Row><Cell><Data ss:Type="Number">12.5</Data></Cell></Row></Table></Worksheet>
/// </Workbook>"#;
/// let file = bieu::read("lua.xml", xml, &Limits::default());
/// let cell = file.workbook()?.sheets[0].get(Position::new(0, 0)).unwrap();
/// let Value::Number(number) = cell.value else { unreachable!("it is typed as a number") };
/// assert_eq!(number.exact(), Ok(Decimal::new(125, 1)));
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
