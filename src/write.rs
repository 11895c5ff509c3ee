//! Writers: reports and datasets to bytes. One file knows `rust_xlsxwriter`, one knows `csv`.

mod error;
pub mod json;
pub mod text;
pub mod tidy;
pub mod workbook;

pub use error::WriteError;
