//! Results of formulas as `LibreOffice` computes them.

use std::{ffi::OsStr, fs, path::PathBuf, process::Command};

use crate::form::{Form, Submission};

/// So many workbooks are converted by one process.
const BATCH: usize = 100;
/// By itself it believes the results that stand in a file.
const RECALCULATE: &str = "<?xml version=\"1.0\"?>\n\
    <oor:items xmlns:oor=\"http://openoffice.org/2001/registry\">\
    <item oor:path=\"/org.openoffice.Office.Calc/Formula/Load\">\
    <prop oor:name=\"OOXMLRecalcMode\" oor:op=\"fuse\"><value>0</value></prop></item></oor:items>\n";
/// So many times it is asked for what it did not write.
const ATTEMPTS: usize = 3;

/// Puts the files of the submissions as `LibreOffice` saves them in the place of the computed ones.
pub(crate) fn all<'s>(soffice: &OsStr, form: &Form, submissions: impl Iterator<Item = &'s mut Submission>) {
    let folder = tempfile::tempdir().expect("a folder");
    let (before, after) = (folder.path().join("before"), folder.path().join("after"));
    fs::create_dir(&before).expect("a folder");
    let mut waiting: Vec<&mut Submission> = submissions.collect();
    let mut written = Vec::new();
    for (number, s) in waiting.iter().enumerate() {
        for (name, bytes) in form.bytes_without_results(s) {
            let path = before.join(format!("{number}-{name}"));
            fs::write(&path, bytes).expect("a workbook is written");
            written.push(path);
        }
    }
    let settings = folder.path().join("profile/user");
    fs::create_dir_all(&settings).expect("a folder");
    fs::write(settings.join("registrymodifications.xcu"), RECALCULATE).expect("settings are written");
    let saved = |path: &PathBuf| after.join(path.file_name().unwrap_or_default());
    // A batch may end early; what is missing then goes into the next one.
    for _ in 0..ATTEMPTS {
        for batch in written.chunks(BATCH) {
            let profile = format!("-env:UserInstallation=file://{}", folder.path().join("profile").display());
            let mut command = Command::new(soffice);
            command.args([&*profile, "--headless", "--convert-to", "xlsx", "--outdir"]).arg(&after).args(batch);
            command.output().expect("LibreOffice starts");
        }
        written.retain(|path| !saved(path).exists());
    }
    assert!(written.is_empty(), "LibreOffice did not convert {written:?}");
    for (number, s) in waiting.iter_mut().enumerate() {
        let names = form.bytes(s).into_iter().map(|(name, _)| name);
        let read = |name: String| {
            let bytes = fs::read(after.join(format!("{number}-{name}"))).expect("LibreOffice wrote it");
            (name, bytes)
        };
        s.files = Some(names.map(read).collect());
    }
}
