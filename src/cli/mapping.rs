//! `bieu mapping`.

use std::path::{Path, PathBuf};

use crate::{
    driver::{LibraryError, bundled_files, check_file, files_to_check, shown},
    values::language::{Language, say},
};

use super::{
    Exit, Failure, against,
    args::{Mapping, MappingCommand},
    library_failure, note, print, problems,
    reports::{check_output, save},
};

/// What the three kinds of TOML file and the JSON report may hold. Written by hand, as the decoders know more than a schema
/// can say; a test holds every TOML file of the project against it.
const SCHEMA: &str = include_str!("schema.json");

pub(super) fn run(args: &Mapping, language: Language) -> Result<Exit, Failure> {
    match &args.command {
        MappingCommand::Check { paths, against, format, effort } => {
            let files = files_of(paths, language)?;
            let checked = check(&files, !against.is_empty(), language)?;
            if against.is_empty() { Ok(checked) } else { against::run(&files, against, *format, effort, language) }
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
        let path = shown(path);
        note(&say!(language, "đã ghi {path}", "wrote {path}"));
    }
    Ok(Exit::Ok)
}

/// All files that are meant, those of folders too.
fn files_of(paths: &[PathBuf], language: Language) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(files_to_check(path).map_err(|error| library_failure(error, language))?);
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
    Ok(files)
}

/// Mistakes first fail the run; what is only odd does not.
fn check(files: &[PathBuf], quiet: bool, language: Language) -> Result<Exit, Failure> {
    let mut wrong = 0;
    // A base that several files extend is wrong once.
    let mut told: Vec<String> = Vec::new();
    for file in files {
        match check_file(file) {
            Ok(lints) => {
                if !quiet {
                    print(format!("{}: {}\n", shown(file), say!(language, "hợp lệ", "valid")).as_bytes())?;
                }
                for lint in lints {
                    let (place, line) = (&lint.line.file, lint.line.line);
                    let message = match language {
                        Language::Vi => &lint.message.0,
                        Language::En => &lint.message.1,
                    };
                    let warning = say!(language, "cảnh báo", "warning");
                    let text = format!("{warning}: {place}:{line}: {message}");
                    if !told.contains(&text) {
                        note(&text);
                        told.push(text);
                    }
                }
            }
            Err(LibraryError::Problems(found)) => {
                wrong += 1;
                for problem in &found {
                    let text = format!("{}\n", problems::render(problem, language));
                    if !told.contains(&text) {
                        note(&text);
                        told.push(text);
                    }
                }
            }
            Err(error) => return Err(library_failure(error, language)),
        }
    }
    if wrong == 0 {
        return Ok(Exit::Ok);
    }
    let all = files.len();
    Err(Failure::usage(say!(language, "{wrong}/{all} tệp có lỗi", "{wrong} of {all} files have errors")))
}
