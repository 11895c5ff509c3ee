//! The page of `bieu app` in a browser: headless Chromium, driven by playwright-core, goes through the
//! five steps on the samples as an officer does. The scripts are `tests/browser/*.mjs`. Skipped, and
//! said so, where there is no node, no Chromium, or no playwright-core and axe-core in `target/browser`
//! (`.ci/run` installs them); `BIEU_BROWSER_TOOLS` and `BIEU_CHROMIUM` name others.
#![cfg(unix)]

mod program;

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
};

fn chromium() -> Option<String> {
    let named = std::env::var("BIEU_CHROMIUM").ok();
    let known = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].map(str::to_owned);
    named.into_iter().chain(known).find(|name| Path::new(name).is_file())
}

fn tools() -> PathBuf {
    let named = std::env::var_os("BIEU_BROWSER_TOOLS").map(PathBuf::from);
    named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/browser"))
}

fn has_node() -> bool {
    Command::new("node").arg("--version").output().is_ok_and(|ran| ran.status.success())
}

fn script(name: &str) {
    let modules = tools().join("node_modules");
    let is_whole = ["playwright-core", "axe-core"].iter().all(|name| modules.join(name).is_dir());
    let Some(chromium) = chromium().filter(|_| has_node() && is_whole) else {
        eprintln!(
            "skipped: {name} needs node, Chromium, and playwright-core and axe-core; `.ci/run` installs them where it can"
        );
        return;
    };
    run(name, &chromium);
}

/// One after the other: they measure how soon something shows.
static ALONE: Mutex<()> = Mutex::new(());

fn run(name: &str, chromium: &str) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let ran = Command::new("node")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser").join(name))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("BIEU", program::path())
        .env("BIEU_BROWSER_TOOLS", tools())
        .env("BIEU_CHROMIUM", chromium)
        .output()
        .expect("node runs");
    let (told, trouble) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    println!("{told}");
    assert!(ran.status.success(), "{name}:\n{told}\n{trouble}");
}

#[test]
fn texts_are_whole_and_nothing_of_the_page_makes_elements_of_them() {
    if has_node() {
        run("words.mjs", "");
    } else {
        eprintln!("skipped: the texts of the page are read by node, which is not installed");
    }
}

#[test]
fn the_five_steps_say_what_the_commands_say() {
    script("steps.mjs");
}

#[test]
fn the_five_steps_need_no_mouse() {
    script("keyboard.mjs");
}

/// Measures, and so asks for a quiet machine and a release build:
/// `cargo test --release --test browser -- --ignored --nocapture`.
#[test]
#[ignore = "measures"]
fn a_large_sheet_stays_quick() {
    script("measure.mjs");
}
