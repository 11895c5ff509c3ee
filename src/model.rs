//! The data that goes along the line, and how its documents are read: workbooks, catalogues with their
//! rules, mappings, readings, findings and reports. No stage, and no file, process or terminal.

pub mod bundle;
pub mod catalogue;
pub mod document;
pub mod finding;
pub mod mapping;
pub mod ratio;
pub mod reading;
pub mod report;
pub mod workbook;
