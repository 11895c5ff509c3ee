//! The line as a whole, in memory: its stages one after the other, and every code that they report.

pub mod codes;
pub mod pipeline;
pub mod submission;
