//! Ctrl-C, and the same wish from other programs (`SIGTERM`, `SIGHUP`).

use std::{
    process,
    sync::atomic::{AtomicBool, Ordering},
};

use crate::{
    driver::discard_unfinished,
    values::language::{Language, say},
};

use super::{Exit, note};

static STOP: AtomicBool = AtomicBool::new(false);

/// The first Ctrl-C sets the flag that is given back, and the run ends with what is done; the second
/// ends the program at once.
pub(super) fn listen(language: Language, quiet: bool) -> &'static AtomicBool {
    // Where no handler can be set, Ctrl-C does what it does to every program.
    let _ = ctrlc::set_handler(move || {
        if STOP.swap(true, Ordering::Relaxed) {
            discard_unfinished();
            process::exit(Exit::Interrupted as i32);
        }
        if !quiet {
            note(&say!(
                language,
                "\nđang dừng, sẽ báo cáo phần đã làm; nhấn Ctrl-C lần nữa để thoát ngay",
                "\nstopping, with a report on what is done; press Ctrl-C again to end at once"
            ));
        }
    });
    &STOP
}
