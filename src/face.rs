//! The public face: what other programs use of this one, on bytes in memory.
//!
//! Nothing is decided here. Each item hands on to the room that does the work and shows what came of it by
//! named accessors, so that the rooms behind can change. `tests/face.txt` lists every item.

mod basis;
mod error;
mod finding;
mod form;
mod reading;
mod report;
mod source;
mod submission;

pub use basis::{Catalogue, Mapping};
pub use error::{Error, ErrorKind, Mistake};
pub use finding::{Finding, explain};
pub use form::{Form, compose, write};
pub use reading::Reading;
pub use report::{report, table};
pub use source::{SourceFile, read};
pub use submission::{Options, Submission, judge};
