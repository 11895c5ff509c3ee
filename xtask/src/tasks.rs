//! Tasks that call what is there: golden files, formatting, fuzzing, measuring, pictures.

use std::{fs, path::PathBuf};

use crate::{Outcome, cargo, has, python, root, run};

/// Test programs that hold golden files. They share no golden file, so that their order does not matter but for
/// documents: those show what the program prints, and come last.
const GOLDEN: [&str; 7] = ["cases", "draft", "face", "forms", "metamorphic", "reports", "docs"];
/// What a new or changed check touches: its cases with the table of codes, and pairs of its cases.
const OF_A_CHECK: [&str; 2] = ["cases", "metamorphic"];

/// The test programs that a list of names asks for, and the code whose inputs alone are changed by `metamorphic`.
fn steps<'a>(what: &[&'a str], is_code: impl Fn(&str) -> bool) -> Result<(Vec<&'a str>, Option<&'a str>), String> {
    let (mut wanted, mut code) = (Vec::new(), None);
    for name in what {
        if GOLDEN.contains(name) {
            wanted.push(*name);
        } else if is_code(name) && code.is_none() {
            wanted.extend(OF_A_CHECK);
            code = Some(*name);
        } else {
            return Err(format!("bless {name}: {}, or one folder of tests/cases", GOLDEN.join(", ")));
        }
    }
    let is_wanted = |name: &&str| what.is_empty() || wanted.contains(name);
    Ok((GOLDEN.into_iter().filter(is_wanted).collect(), code))
}

pub(crate) fn bless(what: &[&str]) -> Outcome {
    let is_code = |name: &str| root().join("tests/cases").join(name).is_dir();
    let (wanted, code) = steps(what, is_code)?;
    let mut command = cargo();
    command.args(["test", "--locked", "--no-fail-fast"]).env("BIEU_BLESS", "1");
    for name in wanted {
        command.args(["--test", name]);
    }
    if let Some(code) = code {
        command.env("BIEU_METAMORPHIC", format!("{code}/"));
    }
    let outcome = run(&mut command);
    // What was not added yet is shown with the rest.
    let mut status = std::process::Command::new("git");
    let _ = run(status.args(["status", "--short"]).current_dir(root()));
    println!("read every line of it (git diff) before committing");
    outcome.map_err(|_| "some tests fail beside the golden files: see above".to_owned())
}

pub(crate) fn fmt(arguments: &[&str]) -> Outcome {
    // `cargo fmt` does not find files that the macro `checks!` declares.
    let mut files: Vec<PathBuf> = fs::read_dir(root().join("src/judge/checks"))
        .map_err(|error| format!("src/judge/checks: {error}"))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect();
    files.sort();
    run(cargo().args(["fmt", "--"]).args(arguments).args(files))?;
    run(cargo().args(["fmt", "--manifest-path", "xtask/Cargo.toml", "--"]).args(arguments))
}

pub(crate) fn fuzz(arguments: &[&str]) -> Outcome {
    let is_seconds = |text: &&str| text.parse::<u32>().is_ok();
    let seconds = arguments.iter().copied().find(is_seconds).unwrap_or("60");
    let target = arguments.iter().copied().find(|text| !is_seconds(text)).unwrap_or("submission");
    if target == "submission" {
        let mut command = cargo();
        command.args(["test", "--locked", "--test", "fuzz_submissions", "--", "--ignored", "--nocapture"]);
        return run(command.env("BIEU_FUZZ_SECONDS", seconds));
    }
    // Longest inputs that are worth their time.
    let longest = match target {
        "number_text" => "256",
        "csv" | "mapping_toml" => "4096",
        "cell_xml" => "8192",
        "zip_preflight" => "16384",
        other => return Err(format!("no target is called \"{other}\": see fuzz/README.md")),
    };
    if !has("cargo-fuzz") {
        return Err("cargo-fuzz is not there: cargo install cargo-fuzz --locked; it needs a C++ compiler".to_owned());
    }
    let corpus = format!("fuzz/corpus/{target}");
    fs::create_dir_all(root().join(&corpus)).map_err(|error| format!("{corpus}: {error}"))?;
    let mut command = cargo();
    command.args(["fuzz", "run", "--sanitizer", "none", target, &corpus, &format!("fuzz/seeds/{target}"), "--"]);
    command.arg(format!("-dict=fuzz/seeds/{target}.dict")).arg(format!("-max_len={longest}"));
    command.args(["-rss_limit_mb=1024", "-timeout=10"]).arg(format!("-max_total_time={seconds}"));
    // Lets a stable toolchain take the flags that cargo-fuzz needs.
    run(command.env("RUSTC_BOOTSTRAP", "1"))
}

pub(crate) fn bench(arguments: &[&str]) -> Outcome {
    run(cargo().args(["build", "--release", "--locked"]))?;
    let floor = "target/floor-write";
    let mut build = cargo();
    build.args([
        "build",
        "--release",
        "--locked",
        "--manifest-path",
        "benches/floor-write/Cargo.toml",
        "--target-dir",
        floor,
    ]);
    run(&mut build)?;
    let data = "target/bench";
    if !root().join(data).join("trong-trot.toml").is_file() {
        run(python().args(["benches/generate.py", data]))?;
    }
    let mut command = python();
    command.args(["benches/run.py", data, "--bieu", "target/release/bieu"]);
    command.arg("--floor-write").arg(format!("{floor}/release/floor-write")).args(arguments);
    let says = |name: &str| arguments.iter().any(|argument| argument.starts_with(name));
    if !says("--only") && !says("--floor") && std::env::var_os("FLOOR").is_none() {
        println!("only what needs no program that merely reads: name one with --floor for all cases");
        command.args(["--only", "write", "--only", "twice", "--only", "small"]);
    }
    run(&mut command)
}

/// What is handed out to the offices; the programs are those of a release build.
pub(crate) fn package(arguments: &[&str]) -> Outcome {
    let mut command = python();
    command.arg("xtask/package.py");
    if arguments.is_empty() {
        run(cargo().args(["build", "--release", "--locked"]))?;
        let host = std::process::Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
            .arg("-vV")
            .output()
            .map_err(|error| format!("rustc: {error}"))?;
        let told = String::from_utf8_lossy(&host.stdout).into_owned();
        let host = told.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc names no host")?;
        command.args(["--programs", "target/release", "--target", host]);
    }
    run(command.args(arguments))
}

pub(crate) fn pictures(names: &[&str]) -> Outcome {
    for (program, package) in [("chromium", "chromium"), ("soffice", "libreoffice-calc"), ("pdftoppm", "poppler-utils")]
    {
        if !has(program) {
            return Err(format!("{program} is not there (Debian: {package})"));
        }
    }
    run(cargo().args(["build", "--locked"]))?;
    run(python().arg("docs/pictures/make.py").args(names))?;
    println!("look at each picture before committing");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_blessed() {
        let is_code = |name: &str| name == "total-mismatch" || name == "out-of-range";
        assert_eq!(steps(&[], is_code), Ok((GOLDEN.to_vec(), None)));
        assert_eq!(steps(&["reports", "cases"], is_code), Ok((vec!["cases", "reports"], None)));
        let of_a_check = vec!["cases", "metamorphic"];
        assert_eq!(steps(&["total-mismatch"], is_code), Ok((of_a_check, Some("total-mismatch"))));
        assert!(steps(&["total-mismatch", "out-of-range"], is_code).is_err());
        assert!(steps(&["no-such-code"], is_code).is_err());
    }

    /// Each is a test of the project that knows how to write its golden files.
    #[test]
    fn golden_tests_are_there() {
        for name in GOLDEN {
            let text = fs::read_to_string(root().join(format!("tests/{name}.rs"))).expect(name);
            assert!(text.contains("BIEU_BLESS"), "{name}");
        }
        let tests = fs::read_dir(root().join("tests")).expect("tests").map(|entry| entry.expect("an entry").path());
        for path in tests.filter(|path| path.extension().is_some_and(|ending| ending == "rs")) {
            let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
            // Real files lie outside of the project.
            let blesses = stem != "real" && fs::read_to_string(&path).expect("UTF-8").contains("BIEU_BLESS");
            assert_eq!(blesses, GOLDEN.contains(&&*stem), "{stem}");
        }
    }
}
