//! Values, which know no sheet and no indicator: exact numbers, units, periods, texts, and the two
//! languages that a person is spoken to in.

pub mod language;
pub mod number;
pub mod period;
pub mod text;
pub mod unit;
