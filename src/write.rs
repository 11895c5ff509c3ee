//! Writers: reports and datasets to bytes. One file knows `rust_xlsxwriter`, one knows `csv`.

pub mod annotate;
mod delimited;
mod error;
mod escape;
mod excerpt;
mod html;
mod input;
pub mod inspect;
pub mod json;
mod junit;
mod listing;
pub(crate) mod packed;
pub mod page;
mod report;
mod sarif;
pub mod text;
pub mod tidy;
pub mod workbook;

pub use error::WriteError;
#[cfg(feature = "app")]
pub(crate) use escape::address;
pub use escape::printable;
pub use excerpt::excerpts;
pub use report::{ReportFormat, ReportInput, report};
