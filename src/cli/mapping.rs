//! `bieu mapping`.

use std::{io, path::Path};

use bieu::{
    driver::{LibraryError, bundled_files, check_file},
    language::Language,
    say,
};

use super::{
    Exit, Failure, against,
    args::{Mapping, MappingCommand},
    library_failure, note, print, problems,
    reports::{check_output, save},
};

/// What the three kinds of TOML file may hold. Written by hand, as the decoders know more than a schema
/// can say; a test holds every TOML file of the project against it.
const SCHEMA: &str = include_str!("schema.json");

pub(super) fn run(args: &Mapping, language: Language) -> Result<Exit, Failure> {
    match &args.command {
        MappingCommand::Check { paths, against, format, effort } => {
            let checked = check(paths, !against.is_empty(), language)?;
            if against.is_empty() { Ok(checked) } else { against::run(paths, against, *format, effort, language) }
        }
        MappingCommand::Schema => print(SCHEMA.as_bytes()).map(|()| Exit::Ok),
        MappingCommand::Export { name, output, force } => export(name, output, *force, language),
    }
}

/// Writes bundled files, all of them or none.
fn export(name: &str, folder: &Path, force: bool, language: Language) -> Result<Exit, Failure> {
    let files = bundled_files(name).map_err(|error| library_failure(error, language))?;
    let paths: Vec<_> = files.iter().map(|(name, _)| folder.join(name)).collect();
    for path in &paths {
        check_output(path, force, language)?;
    }
    for (path, (_, text)) in paths.iter().zip(&files) {
        save(path, text.as_bytes(), force, language)?;
        let path = path.display();
        note(&say!(language, "đã ghi {path}", "wrote {path}"));
    }
    Ok(Exit::Ok)
}

fn check(paths: &[std::path::PathBuf], quiet: bool, language: Language) -> Result<Exit, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let entries = std::fs::read_dir(path)
                .and_then(|entries| entries.map(|e| e.map(|e| e.path())).collect::<io::Result<Vec<_>>>())
                .map_err(|error| library_failure(LibraryError::Io(path.clone(), error), language))?;
            let mut found: Vec<_> =
                entries.into_iter().filter(|p| p.extension().is_some_and(|e| e == "toml")).collect();
            found.sort();
            files.extend(found);
        } else {
            files.push(path.clone());
        }
    }
    if files.is_empty() {
        return Err(Failure::usage(say!(
            language,
            "không có tệp .toml nào để kiểm tra",
            "there is no .toml file to check"
        )));
    }
    let mut wrong = 0;
    for file in &files {
        match check_file(file) {
            Ok(()) if quiet => {}
            Ok(()) => print(format!("{}: {}\n", file.display(), say!(language, "đúng", "correct")).as_bytes())?,
            Err(LibraryError::Problems(found)) => {
                wrong += 1;
                for problem in &found {
                    note(&format!("{}\n", problems::render(problem, language)));
                }
            }
            Err(error) => return Err(library_failure(error, language)),
        }
    }
    if wrong == 0 {
        return Ok(Exit::Ok);
    }
    let all = files.len();
    Err(Failure::usage(say!(language, "{wrong} trên {all} tệp có lỗi", "{wrong} of {all} files have mistakes")))
}
