//! `--table`: the readings of all submissions as one table.

use std::path::Path;

use crate::{
    driver::{Spool, same_place, shown},
    values::language::{Language, say},
    write::tidy,
};

use super::{
    Failure, note,
    reports::{check_output, named_twice, save_with},
    spool_failure,
};

/// Says before anything is read that the table cannot be written.
pub(super) fn check_table(
    table: Option<&Path>,
    reports: &[std::path::PathBuf],
    force: bool,
    language: Language,
) -> Result<(), Failure> {
    let Some(table) = table else { return Ok(()) };
    check_output(table, force, language)?;
    if reports.iter().any(|report| same_place(report, table)) { Err(named_twice(table, language)) } else { Ok(()) }
}

/// Writes the rows of all submissions in the order of their tasks. A table cannot say that it lacks
/// rows, so none is written of a run that was stopped.
pub(super) fn write_table(
    path: &Path,
    tables: &Spool,
    partial: bool,
    force: bool,
    language: Language,
) -> Result<(), Failure> {
    if partial {
        let path = shown(path);
        note(&say!(
            language,
            "không ghi {path}: lần chạy bị dừng giữa chừng",
            "{path} was not written: the run was stopped"
        ));
        return Ok(());
    }
    save_with(path, force, language, |out| {
        out.write_all(&tidy::header())?;
        for at in 0..tables.places() {
            tables.copy(at, out)?;
        }
        Ok(())
    })
}

/// Where rows are kept until all are there.
pub(super) fn spool(language: Language) -> Result<Spool, Failure> {
    Spool::new().map_err(|error| spool_failure(&error, language))
}
