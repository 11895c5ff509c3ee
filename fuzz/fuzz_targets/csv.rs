//! Bytes named `a.csv`. The content decides, so HTML, SpreadsheetML and flat ods are reached too.

#![no_main]

use bieu_fuzz::{read_and_check, tolerating_foreign_panics};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| tolerating_foreign_panics(data, || read_and_check("a.csv", data)));
