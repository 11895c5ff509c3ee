//! What is wrong with a set of readings: constraints, the checks that hold them against the figures, verdicts,
//! which cell may be the wrong one, and what somebody answers for.

pub mod checks;
pub mod constraint;
pub mod localise;
pub mod suppression;
pub mod suspects;
pub mod verdict;
