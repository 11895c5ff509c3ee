//! Bytes as the choices of which a whole submission is made: sheets, mapping and catalogue, through
//! reading, extraction, checks and writers. The seeded runs of `tests/fuzz_submissions.rs` share both
//! files.

#![no_main]

#[path = "../../tests/fuzz_submissions/promises.rs"]
mod promises;
#[path = "../../tests/fuzz_submissions/submission.rs"]
mod submission;

use bieu::internals::values::language::Language;
use bieu_fuzz::tolerating_foreign_panics;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    tolerating_foreign_panics(data, || {
        let handed = submission::submission(&mut submission::Choices::of_bytes(data));
        let language = if data.len() % 2 == 0 { Language::En } else { Language::Vi };
        if let Err(reason) = promises::try_all(&handed, language) {
            panic!("{reason}\n{}", handed.mapping);
        }
    });
});
