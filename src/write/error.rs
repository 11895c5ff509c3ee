//! Why an output could not be made.

use std::fmt;

/// What kind of limit or fault stood in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WriteErrorKind {
    /// More rows or columns than a sheet has.
    TooLarge,
    /// A text, name or setting that the format does not take.
    NotAllowed,
    /// The file could not be put together.
    Packaging,
}

/// An output that could not be made. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteError {
    kind: WriteErrorKind,
    message: String,
}

impl WriteError {
    /// An error with a message in English, for the cause behind a translated sentence.
    pub(crate) fn new(kind: WriteErrorKind, message: impl fmt::Display) -> Self {
        Self { kind, message: message.to_string() }
    }

    /// What kind it is.
    pub fn kind(&self) -> WriteErrorKind {
        self.kind
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for WriteError {}
