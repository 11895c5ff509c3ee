//! `bieu` reads the Excel files of a Vietnamese commune office through mapping files, checks and
//! recomputes them exactly, and writes the appendix "Biểu kết quả các chỉ tiêu chủ yếu".
//!
//! Four steps, each a function on bytes in memory; no file, process, thread, clock or terminal is touched:
//!
//! | step | from | to |
//! | --- | --- | --- |
//! | [`read`](read()) | bytes of one file | a [`SourceFile`], which holds a [`Workbook`] |
//! | [`judge`](judge()) | files, and the [`Mapping`] that says what their figures are | a [`Submission`] with its [`Finding`]s |
//! | [`compose`](compose()) | a submission | the filled [`Form`] |
//! | [`write`](write()), [`report`], [`table`] | a form, or submissions | bytes of a file |
//!
//! ```
//! use bieu::{Catalogue, Language, Limits, Mapping, Options};
//!
//! let text = |name: &str| std::fs::read_to_string(format!("examples/xa-mau/{name}"));
//! let catalogue = Catalogue::parse("catalogue.toml", &text("catalogue.toml")?, &[])?;
//! let mapping = Mapping::parse("mapping.toml", &text("mapping.toml")?, &[], &catalogue)?;
//!
//! let bytes = std::fs::read("examples/xa-mau/trong-trot.csv")?;
//! let file = bieu::read("trong-trot.csv", &bytes, &Limits::default());
//! let submission = bieu::judge("xã Mẫu", vec![file], &[mapping], &Options::new(Language::En));
//! for finding in submission.findings() {
//!     println!("{}[{}]: {}", finding.severity().name(), finding.code(), finding.message());
//! }
//! let workbook: Vec<u8> = bieu::write(&bieu::compose(&submission)?, "")?;
//! # assert_eq!(submission.findings().count(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Whole programs that use nothing else are in `examples/`. Figures are exact decimals, and nothing is judged as a
//! binary float. What is wrong in a sheet is a finding and never an error; damaged input never panics, but a hostile
//! file may take memory and time within its [`Limits`], so that the commands read in processes of their own.
//!
//! Finding codes, status names and file formats are documented in docs/report.md, docs/mapping.md and
//! docs/catalogue.md, and keep their names.

mod values;

mod model;

mod read;

mod extract;

mod judge;

mod draft;

mod compose;

mod write;

mod line;

mod face;

#[cfg(feature = "cli")]
mod driver;

#[cfg(feature = "cli")]
pub mod cli;

#[cfg(feature = "app")]
mod app;

pub use face::{
    Catalogue, Error, ErrorKind, Finding, Form, Mapping, Mistake, Options, Reading, SourceFile, Submission, compose,
    explain, judge, read, report, table, write,
};
pub use model::{
    finding::{Certainty, Place, Severity},
    report::{CheckCount, FileStatus, Status, VerdictCount},
    workbook::{Area, Cell, Format, Position, Row, Sheet, Value, Workbook},
};
pub use read::Limits;
pub use values::{
    language::{Language, Words},
    number::{Decimal, OutOfReach, StoredNumber},
};
pub use write::ReportFormat;

/// Every room, for the tests, the examples and the fuzzers of this project. It may change with any commit.
#[doc(hidden)]
pub mod internals {
    #[cfg(feature = "cli")]
    pub mod driver {
        pub use crate::driver::*;
    }
    pub mod compose {
        pub use crate::compose::*;
    }
    pub mod draft {
        pub use crate::draft::*;
    }
    pub mod extract {
        pub use crate::extract::*;
    }
    pub mod judge {
        pub use crate::judge::*;
    }
    pub mod line {
        pub use crate::line::*;
    }
    pub mod model {
        pub use crate::model::*;
    }
    pub mod read {
        pub use crate::read::*;
    }
    pub mod values {
        pub use crate::values::*;
    }
    pub mod write {
        pub use crate::write::*;
    }
}
