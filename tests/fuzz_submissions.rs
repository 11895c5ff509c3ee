//! Whole submissions, made at random of what offices write, through the whole line: read, taken, judged,
//! written.
//!
//! ```text
//! BIEU_FUZZ_SEED=7 BIEU_FUZZ_COUNT=1 cargo test --test fuzz_submissions        # one of them again
//! BIEU_FUZZ_SECONDS=1800 cargo test --test fuzz_submissions -- --ignored --nocapture
//! ```
//!
//! Each submission has the seed that a failure names. With `BIEU_FUZZ_KEEP=folder` what failed is
//! written there.

#![expect(clippy::panic, reason = "a test says what went wrong")]
#![allow(clippy::format_collect, clippy::needless_for_each, reason = "small files are made piece by piece")]

#[path = "fuzz_submissions/promises.rs"]
mod promises;
#[path = "fuzz_submissions/submission.rs"]
mod submission;

use std::{
    collections::BTreeMap,
    env, fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::{Duration, Instant},
};

use bieu::internals::values::language::Language;
use promises::{Tried, try_all};
use submission::{Choices, Submission, submission};

fn number(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number, not {text:?}")))
}

fn keep(seed: u64, handed: &Submission, reason: &str) {
    let Some(folder) = env::var_os("BIEU_FUZZ_KEEP") else { return };
    let folder = Path::new(&folder).join(seed.to_string());
    fs::create_dir_all(folder.join("nop")).expect("a folder");
    for file in &handed.files {
        fs::write(folder.join("nop").join(&file.name), &file.bytes).expect("a file");
    }
    for (name, text) in
        [("mapping.toml", &*handed.mapping), ("danh-muc.toml", &handed.catalogue), ("reason.txt", reason)]
    {
        fs::write(folder.join(name), text).expect("a file");
    }
    if let Some(file) = &handed.previous {
        fs::create_dir_all(folder.join("truoc")).expect("a folder");
        fs::write(folder.join("truoc").join(&file.name), &file.bytes).expect("a file");
    }
}

fn try_one(seed: u64) -> Result<Tried, String> {
    let handed = submission(&mut Choices::of_seed(seed));
    let language = if seed.is_multiple_of(2) { Language::Vi } else { Language::En };
    let outcome = catch_unwind(AssertUnwindSafe(|| try_all(&handed, language))).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref().copied());
        Err(format!("panic: {}", said.unwrap_or_default()))
    });
    if let Err(reason) = &outcome {
        keep(seed, &handed, reason);
    }
    outcome
}

/// Tries one seed after the other while `go_on`.
fn try_many(start: u64, mut go_on: impl FnMut(u64) -> bool) {
    let (mut count, mut refused, mut readings, mut findings) = (0_u64, 0_u64, 0_u64, 0_usize);
    let mut failed: BTreeMap<u64, String> = BTreeMap::new();
    while go_on(count) {
        let seed = start.wrapping_add(count);
        match try_one(seed) {
            Ok(tried) => {
                refused += u64::from(tried.is_refused);
                readings += tried.readings;
                findings += tried.findings;
            }
            Err(reason) => {
                eprintln!("seed {seed}: {reason}");
                failed.insert(seed, reason);
            }
        }
        count += 1;
    }
    println!(
        "{count} submissions from seed {start}: {refused} refused, {readings} readings, {findings} findings, {} failed",
        failed.len()
    );
    assert!(failed.is_empty(), "{failed:#?}");
    // A generator that makes nothing that can be read tests nothing.
    assert!(count < 100 || (refused < count / 4 && readings > count && findings > 0), "too little was made");
}

#[test]
fn whole_submissions_keep_what_is_promised() {
    let count = number("BIEU_FUZZ_COUNT").unwrap_or(200);
    try_many(number("BIEU_FUZZ_SEED").unwrap_or(1), |done| done < count);
}

#[test]
#[ignore = "runs as long as BIEU_FUZZ_SECONDS says"]
fn whole_submissions_for_a_time() {
    let end = Instant::now() + Duration::from_secs(number("BIEU_FUZZ_SECONDS").unwrap_or(60));
    try_many(number("BIEU_FUZZ_SEED").unwrap_or(1_000_000), |_| Instant::now() < end);
}
