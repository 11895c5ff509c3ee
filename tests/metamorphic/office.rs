//! The same files saved by `LibreOffice`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::model::{Book, Written, bytes};

/// What it can save as.
pub(crate) const ENDINGS: [&str; 3] = ["xlsx", "xls", "ods"];

/// Saves workbooks, all in one call; none where it is not installed.
pub(crate) fn saved(books: &mut [&mut Book], ending: &str) -> Option<()> {
    let folder = tempfile::tempdir().ok()?;
    let out = folder.path().join("out");
    let mut inputs: Vec<PathBuf> = Vec::new();
    for (at, book) in books.iter().enumerate() {
        let path = folder.path().join(format!("{at}.xlsx"));
        fs::write(&path, bytes(book)?).ok()?;
        inputs.push(path);
    }
    for some in inputs.chunks(100) {
        convert(some, ending, &out, folder.path())?;
    }
    for (at, book) in books.iter_mut().enumerate() {
        book.bytes = fs::read(out.join(format!("{at}.{ending}"))).ok();
        assert!(book.bytes.is_some(), "LibreOffice wrote nothing for {}", book.was.display());
        book.written = Written::Xlsx;
    }
    Some(())
}

/// The sheets of a workbook as delimited text, each with its name.
pub(crate) type Exported = Vec<(String, Vec<u8>)>;

/// Saves each sheet of workbooks as delimited text, what the cells show or what was typed; none where it
/// is not installed.
pub(crate) fn exported(books: &[Book], as_shown: bool) -> Option<Vec<Exported>> {
    // Comma, quotes, UTF-8, from the first line; the ninth says whether as shown; all sheets.
    let filter = format!("csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,{as_shown},false,false,-1");
    let folder = tempfile::tempdir().ok()?;
    let out = folder.path().join("out");
    let mut inputs: Vec<PathBuf> = Vec::new();
    for (at, book) in books.iter().enumerate() {
        let path = folder.path().join(format!("{at}.xlsx"));
        fs::write(&path, bytes(book)?).ok()?;
        inputs.push(path);
    }
    for some in inputs.chunks(100) {
        convert(some, &filter, &out, folder.path())?;
    }
    let of = |(at, book): (usize, &Book)| -> Exported {
        let sheet = |name: &str| {
            let text = fs::read(out.join(format!("{at}-{name}.csv"))).ok();
            text.map(|text| (name.to_owned(), text))
        };
        let sheets: Exported = book.sheets.iter().filter_map(|own| sheet(&own.name)).collect();
        assert!(!sheets.is_empty(), "LibreOffice wrote nothing for {}", book.was.display());
        sheets
    };
    out.is_dir().then(|| books.iter().enumerate().map(of).collect())
}

fn convert(inputs: &[PathBuf], ending: &str, out: &Path, folder: &Path) -> Option<()> {
    // A profile of its own: a running LibreOffice would take the call over and ignore it.
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let run = Command::new("soffice")
        .args([profile.as_str(), "--headless", "--convert-to", ending, "--outdir"])
        .arg(out)
        .args(inputs)
        .output();
    run.ok().map(|_| ())
}
