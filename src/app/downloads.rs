//! What is made of a folder: workbooks and reports, to be downloaded or written where the officer says.
//!
//! All of it is written by the commands, which never write into what they read.

use std::{
    ffi::OsString,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Mutex,
};

use serde_json::{Value, json};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{App, auth, child::Job, fault::Fault, folders::Folder, forms, lock};
use crate::{
    driver::{Overwrite, write_file},
    model::workbook::file_name,
    values::language::Language,
    write::packed::forget_system,
};

/// Downloads that are kept.
const MOST_KEPT: usize = 40;
/// The names of what is written, as the commands have them.
const FORM: &str = "bieu-ket-qua.xlsx";
const PREFILL: &str = "mau-ky-sau.xlsx";
const TABLE: &str = "so-lieu.csv";
const MAPPINGS: [&str; 3] = ["mapping.toml", "danh-muc.toml", "bieu.toml"];
const CONSOLIDATED: &str = "tong-hop.xlsx";

/// Folders with what was made, by a name that nobody guesses.
#[derive(Default)]
pub(super) struct Downloads {
    kept: Mutex<Vec<(String, PathBuf)>>,
}

/// One thing to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Download {
    Form,
    Annotated,
    ReportHtml,
    ReportXlsx,
    Prefill,
    Table,
    /// What was described and answered for: the only copy of it, where the folder is one of copies.
    Mapping,
}

impl Download {
    fn named(name: &str) -> Result<Self, Fault> {
        Ok(match name {
            "form" => Self::Form,
            "annotated" => Self::Annotated,
            "report-html" => Self::ReportHtml,
            "report-xlsx" => Self::ReportXlsx,
            "prefill" => Self::Prefill,
            "table" => Self::Table,
            "mapping" => Self::Mapping,
            other => return Err(Fault::Malformed(other.to_owned())),
        })
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Annotated => "annotated",
            Self::ReportHtml => "report-html",
            Self::ReportXlsx => "report-xlsx",
            Self::Prefill => "prefill",
            Self::Table => "table",
            Self::Mapping => "mapping",
        }
    }

    fn file(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Form, _) => FORM,
            (Self::Prefill, _) => PREFILL,
            (Self::Table, _) => TABLE,
            (Self::Mapping, _) => MAPPINGS[0],
            (Self::ReportHtml, Language::Vi) => "bao-cao-kiem-tra.html",
            (Self::ReportHtml, Language::En) => "report.html",
            (Self::ReportXlsx, Language::Vi) => "bao-cao-kiem-tra.xlsx",
            (Self::ReportXlsx, Language::En) => "report.xlsx",
            (Self::Annotated, Language::Vi) => "ghi-chu",
            (Self::Annotated, Language::En) => "annotated",
        }
    }
}

impl Downloads {
    fn folder(&self, app: &App) -> Result<(String, PathBuf), Fault> {
        let failed = |error: io::Error| Fault::Internal(error.to_string());
        let id = auth::random(16).map_err(failed)?;
        let path = app.home.work("downloads").map_err(failed)?.join(&id);
        fs::create_dir(&path).map_err(|error| Fault::disk(&path, &error))?;
        let mut kept = lock(&self.kept);
        kept.push((id.clone(), path.clone()));
        if kept.len() > MOST_KEPT {
            let (_, oldest) = kept.remove(0);
            let _ = fs::remove_dir_all(oldest);
        }
        Ok((id, path))
    }

    /// A file by the two parts of its address.
    pub(super) fn read(&self, id: &str, name: &str) -> Result<Vec<u8>, Fault> {
        let folder = lock(&self.kept).iter().find(|(own, _)| own == id).map(|(_, path)| path.clone());
        let folder = folder.ok_or(Fault::NoSuchPage)?;
        // Only what lies there, by the name that it has there.
        let entries = fs::read_dir(&folder).map_err(|error| Fault::disk(&folder, &error))?;
        let found = entries.flatten().find(|entry| entry.file_name().to_str() == Some(name));
        let path =
            found.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file())).ok_or(Fault::NoSuchPage)?.path();
        fs::read(&path).map_err(|error| Fault::disk(&path, &error))
    }
}

/// The name of a file in an address: everything but plain letters and digits in percent.
pub(super) fn in_address(name: &str) -> String {
    name.bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

/// The other way round; none where it is no text.
pub(super) fn from_address(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            digit(rest.next()?)? * 16 + digit(rest.next()?)?
        } else {
            byte
        });
    }
    String::from_utf8(bytes).ok()
}

fn listed(id: &str, folder: &Path, kind_of: impl Fn(&str) -> &'static str) -> Result<Value, Fault> {
    let entries = fs::read_dir(folder).map_err(|error| Fault::disk(folder, &error))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.path().is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    let downloads: Vec<Value> = names
        .iter()
        .map(|name| json!({ "kind": kind_of(name), "name": name, "url": format!("/download/{id}/{}", in_address(name)) }))
        .collect();
    Ok(json!({ "downloads": downloads }))
}

/// Has the commands write what is wanted into a folder. `beside`: where the officer will keep the workbook,
/// for its links, where that is another folder.
fn make(
    app: &App,
    folder: &Folder,
    submission: &str,
    kinds: &[Download],
    to: &Path,
    (beside, force): (Option<PathBuf>, bool),
) -> Result<Vec<PathBuf>, Fault> {
    let language = app.language();
    let mut written = Vec::new();
    let run = |job: Job| -> Result<(), Fault> {
        let job = Job { kept_at: beside.clone(), ..job };
        let done = job.run(app, |done, total| {
            app.events.send("progress", &json!({ "folder": folder.id, "done": done, "total": total }));
        })?;
        done.answer().map(drop)
    };
    let base = |command: &str| {
        let mut words: Vec<OsString> = vec![command.into(), "--quiet".into(), "--fail-on".into(), "never".into()];
        words.extend(["--only".into(), submission.into()]);
        if force {
            words.push("--force".into());
        }
        Job::new(folder.place(), words)
    };
    let input = || [OsString::from("--"), folder.input().into_os_string()];
    let has = |kind: Download| kinds.contains(&kind);
    for kind in [Download::Form, Download::Prefill] {
        // The copies are written along with the form.
        let annotates = kind == Download::Form && has(Download::Annotated);
        if !has(kind) && !annotates {
            continue;
        }
        let scratch;
        let output = if has(kind) {
            to.join(kind.file(language))
        } else {
            scratch = tempfile::tempdir().map_err(|error| Fault::Internal(error.to_string()))?;
            scratch.path().join(FORM)
        };
        let mut job = base("convert").and([OsString::from("-o"), output.clone().into()]);
        if kind == Download::Prefill {
            job = job.and(["--prefill"]);
        }
        if annotates {
            let copies = to.join(Download::Annotated.file(language));
            fs::create_dir_all(&copies).map_err(|error| Fault::disk(&copies, &error))?;
            job = job.and([OsString::from("--annotate"), copies.into()]);
        }
        run(job.and(input()))?;
        if has(kind) {
            written.push(output);
        }
    }
    let reports: Vec<Download> =
        [Download::ReportHtml, Download::ReportXlsx].into_iter().filter(|kind| has(*kind)).collect();
    if !reports.is_empty() || has(Download::Table) {
        let mut job = base("validate").and(["--format", "csv"]);
        for kind in reports {
            let path = to.join(kind.file(language));
            job = job.and([OsString::from("--report"), path.clone().into()]);
            written.push(path);
        }
        if has(Download::Table) {
            let path = to.join(TABLE);
            job = job.and([OsString::from("--table"), path.clone().into()]);
            written.push(path);
        }
        run(job.and(input()))?;
    }
    if has(Download::Mapping) {
        let home = forms::home_of(folder, submission);
        for name in MAPPINGS {
            let (from, path) = (home.join(name), to.join(name));
            let Ok(bytes) = fs::read(&from) else { continue };
            let overwrite = if force { Overwrite::Yes } else { Overwrite::No };
            write_file(&path, &bytes, overwrite).map_err(|error| Fault::disk(&path, &error))?;
            written.push(path);
        }
    }
    if has(Download::Annotated) {
        written.push(to.join(Download::Annotated.file(language)));
    }
    Ok(written)
}

fn kinds_of(names: &[String]) -> Result<Vec<Download>, Fault> {
    names.iter().map(|name| Download::named(name)).collect()
}

/// Makes files to be downloaded.
pub(super) fn convert(app: &App, folder: &Folder, submission: Option<&str>, kinds: &[String]) -> Result<Value, Fault> {
    let path = folder.submission(submission)?;
    let kinds = kinds_of(kinds)?;
    let (id, to) = app.downloads.folder(app)?;
    // As written beside the folder, which is where its paths lead from.
    make(app, folder, &path, &kinds, &to, (Some(folder.place()), false))?;
    let copies = to.join(Download::Annotated.file(app.language()));
    if copies.is_dir() {
        // One file to download where there are several.
        let names: Vec<PathBuf> = fs::read_dir(&copies).into_iter().flatten().flatten().map(|own| own.path()).collect();
        match names.as_slice() {
            [] => {}
            [only] => {
                let place = to.join(only.file_name().unwrap_or_default());
                fs::rename(only, &place).map_err(|error| Fault::disk(&place, &error))?;
            }
            several => {
                let mut several = several.to_vec();
                several.sort();
                zip_files(&several, &to.join(format!("{}.zip", Download::Annotated.file(app.language()))))?;
            }
        }
        let _ = fs::remove_dir_all(&copies);
    }
    let language = app.language();
    listed(&id, &to, |name| {
        if MAPPINGS.contains(&name) {
            return Download::Mapping.name();
        }
        let known = kinds.iter().find(|kind| **kind != Download::Annotated && kind.file(language) == name);
        known.map_or(Download::Annotated.name(), |kind| kind.name())
    })
}

/// Writes files into a folder that the officer chose.
pub(super) fn save(
    app: &App,
    folder: &Folder,
    submission: Option<&str>,
    kinds: &[String],
    (to, force): (&str, bool),
) -> Result<Value, Fault> {
    let path = folder.submission(submission)?;
    let kinds = kinds_of(kinds)?;
    let to = app.chooser.allow(to)?;
    if !to.is_dir() {
        return Err(Fault::disk(&to, &io::ErrorKind::NotADirectory.into()));
    }
    if !folder.copy && folder.path.is_dir() && to.starts_with(&folder.path) {
        return Err(Fault::OverInput(crate::driver::shown(&to)));
    }
    let language = app.language();
    let names = kinds.iter().flat_map(|kind| if *kind == Download::Mapping { &MAPPINGS[..] } else { &[] }).copied();
    let names = names.chain(kinds.iter().map(|kind| kind.file(language)));
    let there = names.map(|name| to.join(name)).find(|path| path.exists());
    if let Some(there) = there.filter(|_| !force) {
        return Err(Fault::Exists(crate::driver::shown(&there)));
    }
    let written = make(app, folder, &path, &kinds, &to, (None, force))?;
    Ok(json!({ "saved": written.iter().map(|path| crate::driver::shown(path)).collect::<Vec<_>>() }))
}

/// Puts all submissions of a folder into one workbook.
pub(super) fn consolidate(app: &App, folder: &Folder) -> Result<Value, Fault> {
    let (id, to) = app.downloads.folder(app)?;
    let output = to.join(CONSOLIDATED);
    let job = Job::new(folder.place(), ["consolidate", "--quiet", "--fail-on", "never"]).and([
        OsString::from("-o"),
        output.into(),
        "--".into(),
        folder.input().into_os_string(),
    ]);
    let job = Job { kept_at: Some(folder.place()), ..job };
    let done = job.run(app, |done, total| {
        app.events.send("progress", &json!({ "folder": folder.id, "done": done, "total": total }));
    })?;
    done.answer()?;
    listed(&id, &to, |_| "consolidated")
}

/// A sheet of findings for each submission, to send back, all in one file.
pub(super) fn feedback(app: &App, folder: &Folder) -> Result<Value, Fault> {
    let judgement = folder.state().now.clone().ok_or(Fault::NoSuchThing)?;
    let wanted: Vec<String> = judgement
        .submissions()
        .iter()
        .filter(|one| one["findings"].as_array().is_some_and(|findings| !findings.is_empty()))
        .filter_map(|one| one["path"].as_str().map(str::to_owned))
        .collect();
    let (id, to) = app.downloads.folder(app)?;
    let scratch = tempfile::tempdir().map_err(|error| Fault::Internal(error.to_string()))?;
    let mut files: Vec<PathBuf> = Vec::new();
    for (at, path) in wanted.iter().enumerate() {
        let name = file_name(path);
        let stem = if folder.place().join(path).is_dir() {
            name
        } else {
            name.rsplit_once('.').map_or(name, |(stem, _)| stem)
        };
        let mut output = scratch.path().join(format!("{stem}.xlsx"));
        if files.contains(&output) {
            output = scratch.path().join(format!("{stem}-{}.xlsx", at + 1));
        }
        let job =
            Job::new(folder.place(), ["validate", "--quiet", "--format", "csv", "--fail-on", "never", "--only", path])
                .and([OsString::from("--report"), output.clone().into(), "--".into(), folder.input().into_os_string()]);
        Job { kept_at: Some(folder.place()), ..job }.run(app, |_, _| {})?.answer()?;
        files.push(output);
        app.events.send("progress", &json!({ "folder": folder.id, "done": at + 1, "total": wanted.len() }));
    }
    let name = crate::values::language::say!(app.language(), "gop-y", "feedback");
    zip_files(&files, &to.join(format!("{name}.zip")))?;
    listed(&id, &to, |_| "feedback")
}

fn zip_files(files: &[PathBuf], to: &Path) -> Result<(), Fault> {
    let failed = |error: &dyn std::fmt::Display| Fault::Internal(error.to_string());
    let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        zip.start_file(name, SimpleFileOptions::default()).map_err(|error| failed(&error))?;
        let bytes = fs::read(path).map_err(|error| Fault::disk(path, &error))?;
        zip.write_all(&bytes).map_err(|error| failed(&error))?;
    }
    let mut bytes = zip.finish().map_err(|error| failed(&error))?.into_inner();
    forget_system(&mut bytes);
    fs::write(to, bytes).map_err(|error| Fault::disk(to, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_from_addresses() {
        for name in ["a.xlsx", "Biểu kết quả (1).xlsx", "50%.csv", "../x"] {
            assert_eq!(from_address(&in_address(name)).as_deref(), Some(name));
        }
        assert!(from_address("%").is_none() && from_address("%f").is_none() && from_address("%ff").is_none());
    }
}
