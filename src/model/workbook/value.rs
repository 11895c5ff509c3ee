//! What a cell holds.

use crate::values::number::StoredNumber;

/// What one cell holds.
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
