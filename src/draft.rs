//! From workbooks that nobody has described to a mapping.

pub mod formulas;
pub mod relations;
