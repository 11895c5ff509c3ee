//! Forms as data: the appendix of a submission, the form of the next period, one form of many submissions.

pub mod appendix;
pub mod consolidation;
pub mod prefill;
