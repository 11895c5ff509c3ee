//! `bieu` reads the Excel files of a Vietnamese commune office through mapping files, checks and
//! recomputes them exactly, and writes the appendix "Biểu kết quả các chỉ tiêu chủ yếu".
//!
//! The line is `read -> Workbook -> extract(Mapping, Catalogue) -> Dataset -> judge -> Report ->
//! compose -> write`: the rooms below, in this order. Each is a function from data to data and findings,
//! and imports only what stands above it. The core works on bytes in memory; files, processes and the
//! terminal are the driver's.

mod values;

mod model;

mod read;

mod extract;

mod judge;

mod draft;

mod compose;

mod write;

mod line;

#[cfg(feature = "cli")]
mod driver;

#[cfg(feature = "cli")]
pub mod cli;

#[cfg(feature = "app")]
pub mod app;

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
