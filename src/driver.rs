//! Everything that touches the disk: finds submissions, chooses mappings, runs the line, writes
//! files whole or not at all.

mod gather;
mod library;
mod output;
mod spool;
mod submissions;
mod wire;
pub mod worker;

pub use gather::{Gathered, Group, gather};
pub use library::{Bundle, Library, LibraryError, check_file, suppressions};
pub use output::{Overwrite, write_file, write_with};
pub use spool::{Judged, Judgements, Spool};
pub use submissions::{Job, Outcome, Settings, judge_group, judge_job, plan, read_file};
