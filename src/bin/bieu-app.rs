//! The same program without a console window: by a double click, or with a folder dropped on it, it opens
//! the page in the browser. Given a command it is `bieu`, which its own children are started as.
#![cfg_attr(windows, windows_subsystem = "windows")]

use std::{alloc::System, process::ExitCode};

use cap::Cap;

/// Counts what is allocated, so that a worker can be held to a limit on every system alike.
#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

/// Most bytes that this process may allocate from now on; it aborts beyond.
fn limit_memory(bytes: usize) {
    // Only fails where more is allocated already; the next allocation then ends the worker.
    let _ = ALLOCATOR.set_limit(bytes);
}

fn main() -> ExitCode {
    bieu::cli::run(bieu::cli::with_app(std::env::args_os().collect()), limit_memory)
}
