//! The program that tests start.
#![allow(dead_code, reason = "each test needs some of it")]

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The program that was built with the tests, or another build of it: that for Windows under Wine, which
/// `cargo xtask windows --test` names.
pub(crate) fn path() -> PathBuf {
    env::var_os("BIEU_PROGRAM").map_or_else(|| env!("CARGO_BIN_EXE_bieu").into(), PathBuf::from)
}

/// What a run of the program came to.
pub(crate) struct Ran {
    pub(crate) exit: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs the program in a folder, in Vietnamese where the arguments do not say otherwise.
pub(crate) fn bieu(arguments: &[&str], folder: &Path) -> Ran {
    let output = output(arguments, folder);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran { exit: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
}

/// The same in the folder of the project, with what it printed as bytes.
pub(crate) fn in_project(arguments: &[&str]) -> Output {
    output(arguments, Path::new(env!("CARGO_MANIFEST_DIR")))
}

fn output(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(path());
    command.args(arguments).current_dir(folder).env_remove("BIEU_LANG").output().expect("bieu runs")
}
