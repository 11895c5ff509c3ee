//! The `bieu` command.

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
    bieu::cli::run(std::env::args_os().collect(), limit_memory)
}
