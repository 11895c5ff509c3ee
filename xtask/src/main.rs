//! `cargo xtask`: the tasks of whoever works on `bieu`, one command each.

mod new_check;
mod tasks;
mod windows;

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

const HELP: &str = "\
cargo xtask TASK, in the folder of the project:

  new-check NAME      a check: its file, its line in src/judge/checks.rs, a case that fires, a near miss
  bless [WHAT]...     writes golden files anew; read `git diff` before committing. WHAT: cases, draft, face, forms,
                      metamorphic, reports, docs (all of them by default), or a code: what a check changes
  fmt [--check]       cargo fmt, the files of checks and the tasks included
  fuzz [TARGET] [SECONDS]
                      whole submissions at random, or one of the parsers (fuzz/README.md)
  bench [ARGUMENT]... benches/run.py on generated files; ARGUMENTs are its own
  windows             bieu.exe and bieu-app.exe on a Debian machine
  windows --test [--release] [NAME]...
                      the tests that start the program, with bieu.exe under Wine
  package [--programs FOLDER --target TARGET]
                      what is handed out, with licences and sums: target/package/*.zip; without options it builds
                      the programs for this machine
  pictures [NAME]...  the pictures of the documents (docs/pictures/make.py)
";

/// What a task could not do, in one line.
type Outcome = Result<(), String>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the project")
}

fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    // Those that `cargo run` sets for the tasks are not for the program.
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&*name);
        }
    }
    command
}

fn python() -> Command {
    let mut command = Command::new(if cfg!(windows) { "python" } else { "python3" });
    command.current_dir(root());
    command
}

/// Shows a command and runs it.
fn run(command: &mut Command) -> Outcome {
    let program = PathBuf::from(command.get_program());
    let name = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let set = command.get_envs().filter_map(|(name, value)| Some((name.to_string_lossy(), value?.to_string_lossy())));
    let set: Vec<String> = set.map(|(name, value)| format!("{name}={value}")).collect();
    let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
    let shown = [&set.join(" "), &name, &arguments.join(" ")].map(String::as_str).join(" ");
    let short: String = shown.trim().chars().take(200).collect();
    eprintln!("$ {short}{}", if shown.trim().len() > short.len() { " ..." } else { "" });
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{name}: {status}")),
        Err(error) => Err(format!("{name} cannot be run: {error}")),
    }
}

/// Whether a program is on the path.
fn has(program: &str) -> bool {
    let folders = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&folders)
        .any(|folder| folder.join(program).is_file() || folder.join(program).with_extension("exe").is_file())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let rest: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
    let outcome = match arguments.first().map(String::as_str) {
        Some("new-check") => new_check::run(root(), &rest),
        Some("bless") => tasks::bless(&rest),
        Some("fmt") => tasks::fmt(&rest),
        Some("fuzz") => tasks::fuzz(&rest),
        Some("bench") => tasks::bench(&rest),
        Some("windows") => windows::run_task(&rest),
        Some("package") => tasks::package(&rest),
        Some("pictures") => tasks::pictures(&rest),
        None | Some("help" | "--help" | "-h") => {
            print!("{HELP}");
            Ok(())
        }
        Some(other) => Err(format!("no task is called \"{other}\"\n\n{HELP}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
