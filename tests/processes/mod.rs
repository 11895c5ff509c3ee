//! Workers of a run, seen from outside.
#![allow(dead_code, unreachable_pub, reason = "not every test asks for everything")]

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

/// Children of every thread of a process, as far as they can be seen.
pub fn workers(parent: u32) -> Vec<String> {
    let Ok(threads) = fs::read_dir(format!("/proc/{parent}/task")) else { return Vec::new() };
    let children = threads.filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("children")).ok());
    children.flat_map(|list| list.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// Whether a process has a file open; one that is ending has none.
pub fn has_open(process: &str, file: &Path) -> bool {
    let Ok(open) = fs::read_dir(format!("/proc/{process}/fd")) else { return false };
    open.flatten().any(|open| fs::read_link(open.path()).is_ok_and(|open| open == file))
}

/// Whether a process was there to be ended.
pub fn kill(process: &str) -> bool {
    Command::new("kill").args(["-9", process]).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
