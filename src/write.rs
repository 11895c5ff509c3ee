//! Writers: reports and datasets to bytes. One file knows `rust_xlsxwriter`, one knows `csv`.

mod delimited;
mod error;
pub mod inspect;
pub mod json;
pub mod text;
pub mod tidy;
pub mod workbook;

pub use error::WriteError;
