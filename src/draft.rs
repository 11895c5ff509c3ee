//! From workbooks that nobody has described to a mapping, and to a catalogue where there is none.

pub mod grid;
pub mod relations;
pub mod shapes;
