//! `windows`: bieu.exe on a Debian machine, and its command tests under Wine.
//!
//! A toolchain that has the library of the target builds with it; else the one of Debian builds the library too,
//! from its sources: 6 to 16 minutes. The tests take a stand-in for a library that Wine 8 lacks.

use std::{env, fs, path::Path, process::Command};

use crate::{Outcome, cargo, has, root, run};

const TARGET: &str = "x86_64-pc-windows-gnu";
const LINKER: &str = "x86_64-w64-mingw32-gcc";
/// Beside the builds for this machine, so that neither throws away what the other made.
const FOLDER: &str = "target/windows";
const PACKAGES: &str = "apt-get install g++-mingw-w64-x86-64, and either `rustup target add x86_64-pc-windows-gnu` or \
                        apt-get install rustc-web cargo-web rust-web-src";
const DEBIAN_SOURCES: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";

/// Whether the toolchain at hand has the library of the target.
fn has_target() -> bool {
    let asked = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--print", "target-libdir", "--target", TARGET])
        .output();
    let folder = asked.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    !folder.is_empty() && Path::new(&folder).is_dir()
}

/// Cargo for the target; with the toolchain of Debian it builds the library too.
fn for_windows(task: &str) -> Result<Command, String> {
    if !has(LINKER) {
        return Err(format!("no linker for Windows: {PACKAGES}"));
    }
    let mut command = if has_target() {
        let mut command = cargo();
        command.arg(task);
        command
    } else if Path::new(DEBIAN_SOURCES).is_file() && Path::new("/usr/bin/cargo").is_file() {
        let mut command = Command::new("/usr/bin/cargo");
        command.current_dir(root()).args([task, "-Zbuild-std=std,panic_unwind"]);
        command.env("RUSTC_BOOTSTRAP", "1").env("RUSTC", "/usr/bin/rustc").env("RUSTDOC", "/usr/bin/rustdoc");
        command
    } else {
        return Err(format!("no toolchain for Windows: {PACKAGES}"));
    };
    command.args(["--release", "--locked", "--target", TARGET, "--target-dir", FOLDER]);
    command.env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", LINKER);
    Ok(command)
}

/// A path as Wine knows it: its drive Z is the root of this machine.
fn as_wine_knows(path: &Path) -> String {
    format!("Z:{}", path.to_string_lossy().replace('/', "\\"))
}

fn test() -> Outcome {
    let wine = ["wine64", "wine"].into_iter().find(|program| has(program));
    let other = "/usr/lib/wine/wine64";
    let Some(wine) = wine.or_else(|| Path::new(other).is_file().then_some(other)) else {
        return Err("Wine is not there (Debian: wine64)".to_owned());
    };
    let folder = root().join(FOLDER).join("wine");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut library = Command::new(LINKER);
    library.current_dir(root()).args(["-shared", "-o"]).arg(folder.join("bcryptprimitives.dll"));
    run(library.args(["xtask/wine/bcryptprimitives.c", "-ladvapi32"]))?;
    let mut tests = for_windows("test")?;
    tests.args(["--no-fail-fast", "--test", "cli", "--test", "cases", "--test", "reports"]);
    tests.env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", wine);
    tests.env("WINEPATH", as_wine_knows(&folder)).env("WINEPREFIX", folder.join("prefix")).env("WINEDEBUG", "-all");
    run(&mut tests)
}

pub(crate) fn run_task(arguments: &[&str]) -> Outcome {
    let is_tested = match arguments {
        [] => false,
        ["--test"] => true,
        _ => return Err("cargo xtask windows [--test]".to_owned()),
    };
    run(&mut for_windows("build")?)?;
    println!("{FOLDER}/{TARGET}/release/bieu.exe and bieu-app.exe");
    if is_tested { test() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wine_has_this_machine_as_a_drive() {
        assert_eq!(as_wine_knows(Path::new("/home/an/bieu")), "Z:\\home\\an\\bieu");
    }
}
