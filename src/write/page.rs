//! What the page for the browser shows of a workbook and of a form: as JSON, for that page alone.

mod form;
mod sheet;

pub use form::form;
pub use sheet::{names, sheets};
