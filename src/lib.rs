//! `bieu` reads the Excel files of a Vietnamese commune office through mapping files, checks and
//! recomputes them exactly, and writes the appendix "Biểu kết quả các chỉ tiêu chủ yếu".
//!
//! The line is `path -> read -> Workbook -> extract(Mapping, Catalogue) -> Dataset -> checks ->
//! Report -> write`. Each stage is a function from data to data and findings; nothing flows back.
//! The core works on bytes in memory; files, processes and the terminal live in [`driver`].

// The commands are written as users of the library, which they are.
#[cfg(feature = "cli")]
extern crate self as bieu;

#[cfg(feature = "app")]
pub mod app;
pub mod appendix;
pub mod catalogue;
pub mod checks;
#[cfg(feature = "cli")]
pub mod cli;
pub mod codes;
pub mod consolidation;
pub mod constraint;
pub mod document;
pub mod draft;
#[cfg(feature = "cli")]
pub mod driver;
pub mod extract;
pub mod finding;
pub mod language;
pub mod localise;
pub mod mapping;
pub mod number;
pub mod period;
pub mod pipeline;
pub mod prefill;
pub mod ratio;
pub mod read;
pub mod reading;
pub mod report;
pub mod rule;
pub mod suppression;
mod suspects;
pub mod text;
pub mod unit;
pub mod verdict;
pub mod workbook;
pub mod write;
