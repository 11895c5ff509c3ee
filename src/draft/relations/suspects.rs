//! The one cell that several broken relations accuse.
