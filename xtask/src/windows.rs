//! `windows`: bieu.exe on a Debian machine, and the tests that start a program with it under Wine.
//!
//! A toolchain that has the library of the target builds with it; else the one of Debian builds the library too,
//! from its sources: 6 to 16 minutes. The tests are those of this machine: they start a script that has Wine start
//! the program. It takes a stand-in for a library that Wine 8 lacks.

use std::{env, fs, path::Path, process::Command};

use crate::{Outcome, cargo, has, root, run};

/// Tests that start the program.
const STARTING: [&str; 3] = ["cli", "draft", "same_everywhere"];
/// Tests of what only this system has.
const NOT_THERE: [&str; 0] = [];

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
fn for_windows(is_release: bool) -> Result<Command, String> {
    if !has(LINKER) {
        return Err(format!("no linker for Windows: {PACKAGES}"));
    }
    let mut command = if has_target() {
        let mut command = cargo();
        command.arg("build");
        command
    } else if Path::new(DEBIAN_SOURCES).is_file() && Path::new("/usr/bin/cargo").is_file() {
        let mut command = Command::new("/usr/bin/cargo");
        command.current_dir(root()).args(["build", "-Zbuild-std=std,panic_unwind"]);
        command.env("RUSTC_BOOTSTRAP", "1").env("RUSTC", "/usr/bin/rustc").env("RUSTDOC", "/usr/bin/rustdoc");
        command
    } else {
        return Err(format!("no toolchain for Windows: {PACKAGES}"));
    };
    command.args(["--locked", "--bins", "--target", TARGET, "--target-dir", FOLDER]);
    if is_release {
        command.arg("--release");
    }
    command.env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", LINKER);
    Ok(command)
}

/// A path as Wine knows it: its drive Z is the root of this machine.
fn as_wine_knows(path: &Path) -> String {
    format!("Z:{}", path.to_string_lossy().replace('/', "\\"))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A program of this machine that is the one for Windows. A folder that a test names in the environment is one of
/// this machine.
fn script(wine: &str, program: &Path, folder: &Path) -> String {
    let program = quoted(&program.to_string_lossy());
    let (libraries, prefix) = (quoted(&as_wine_knows(folder)), quoted(&folder.join("prefix").to_string_lossy()));
    format!(
        "#!/bin/sh\n\
         if [ -n \"$BIEU_HOME\" ]; then BIEU_HOME=\"Z:$BIEU_HOME\"; export BIEU_HOME; fi\n\
         WINEPATH={libraries} WINEPREFIX={prefix} WINEDEBUG=-all\n\
         export WINEPATH WINEPREFIX WINEDEBUG\n\
         exec {wine} {program} \"$@\"\n"
    )
}

/// Runs the tests that start the program, with the one for Windows in its place.
fn test(profile: &str, names: &[&str]) -> Outcome {
    let wine = ["wine64", "wine"].into_iter().find(|program| has(program));
    let other = "/usr/lib/wine/wine64";
    let Some(wine) = wine.or_else(|| Path::new(other).is_file().then_some(other)) else {
        return Err("Wine is not there (Debian: wine64)".to_owned());
    };
    let folder = root().join(FOLDER).join("wine");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(failed)?;
    let mut library = Command::new(LINKER);
    library.current_dir(root()).args(["-shared", "-o"]).arg(folder.join("bcryptprimitives.dll"));
    run(library.args(["xtask/wine/bcryptprimitives.c", "-ladvapi32"]))?;
    for name in ["bieu", "bieu-app"] {
        let program = root().join(FOLDER).join(TARGET).join(profile).join(format!("{name}.exe"));
        let path = folder.join(name);
        fs::write(&path, script(wine, &program, &folder)).map_err(failed)?;
        run(Command::new("chmod").arg("755").arg(&path))?;
    }
    let program = folder.join("bieu");
    // The first start makes what Wine takes for a disk, which several must not do at once.
    run(Command::new(&program).arg("--version"))?;
    let mut tests = cargo();
    tests.args(["test", "--locked", "--no-fail-fast"]);
    for name in if names.is_empty() { &STARTING[..] } else { names } {
        tests.args(["--test", name]);
    }
    tests.args(["--", "--nocapture", "--test-threads", "2"]);
    for name in NOT_THERE {
        tests.args(["--skip", name]);
    }
    run(tests.env("BIEU_PROGRAM", program))
}

pub(crate) fn run_task(arguments: &[&str]) -> Outcome {
    let (options, names): (Vec<&str>, Vec<&str>) = arguments.iter().partition(|word| word.starts_with("--"));
    let is = |name: &str| options.contains(&name);
    let is_known = options.iter().all(|word| ["--test", "--release"].contains(word));
    if !is_known || !(is("--test") || (names.is_empty() && options.is_empty())) {
        return Err("cargo xtask windows [--test [--release] [NAME]...]".to_owned());
    }
    // Tests are told more by a build that is there in half the time.
    let is_release = !is("--test") || is("--release");
    run(&mut for_windows(is_release)?)?;
    let profile = if is_release { "release" } else { "debug" };
    println!("{FOLDER}/{TARGET}/{profile}/bieu.exe and bieu-app.exe");
    if is("--test") { test(profile, &names) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wine_has_this_machine_as_a_drive() {
        assert_eq!(as_wine_knows(Path::new("/home/an/bieu")), "Z:\\home\\an\\bieu");
    }

    #[test]
    fn a_script_starts_the_program_for_windows() {
        let text = script("wine64", Path::new("/nhà an/bieu.exe"), Path::new("/nhà an/wine"));
        assert!(text.ends_with("\nexec wine64 '/nhà an/bieu.exe' \"$@\"\n"), "{text}");
        assert!(text.contains("WINEPATH='Z:\\nhà an\\wine' WINEPREFIX='/nhà an/wine/prefix'"), "{text}");
        assert_eq!(quoted("a'b"), r"'a'\''b'");
    }
}
