//! Everything that touches the disk: finds submissions, chooses mappings, runs the line, writes
//! files whole or not at all.

mod discover;
mod held;
mod library;
mod output;
mod path;
mod pool;
mod reason;
mod rows;
pub mod second_reader;
mod shard;
mod spool;
mod state;
mod submissions;
mod wire;
pub mod worker;

pub use discover::{Discovered, Group, discover, is_hidden, may_hold_a_table};
pub use held::{Claim, Held, same_place};
pub use library::{
    Library, LibraryError, bundled_catalogues, bundled_files, catalogue_beside, catalogue_of, check_file,
    files_to_check, is_mapping_file, suppressions,
};
pub use output::{Overwrite, discard_unfinished, is_device, write_file, write_with};
pub use path::{shown, written};
pub use pool::WorkerPool;
pub use reason::reason;
pub use rows::Lines;
pub use shard::Shard;
pub use spool::{JudgedRun, Judgements, Spool};
pub use state::{Key, State, StateContent, StateError};
pub use submissions::{Job, Poison, Settings, judge_job, plan, read_file};
