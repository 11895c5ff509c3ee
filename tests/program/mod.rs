//! The program that tests start.

use std::{env, path::PathBuf};

/// The program that was built with the tests, or another build of it: that for Windows under Wine, which
/// `cargo xtask windows --test` names.
pub(crate) fn path() -> PathBuf {
    env::var_os("BIEU_PROGRAM").map_or_else(|| env!("CARGO_BIN_EXE_bieu").into(), PathBuf::from)
}
