//! Sheets as they are drawn: a child reads a file once, the page asks for a piece of it at a time.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};

use super::{App, child::Job, fault::Fault, folders::Folder, lock, watch::Stamp};

/// Rows of one answer.
const MOST_ROWS: u32 = 500;
/// Files that are kept as drawn, and bytes of all of them.
const MOST_KEPT: usize = 12;
const MOST_BYTES: usize = 192 << 20;

/// What was drawn lately, the last one last.
#[derive(Default)]
pub(super) struct Sheets {
    kept: Mutex<Vec<Arc<Drawn>>>,
    /// One is drawn at a time: two questions for one file are one job.
    drawing: Mutex<()>,
}

/// A file as drawn.
struct Drawn {
    path: PathBuf,
    /// What it was drawn of.
    stamp: Option<Stamp>,
    bytes: usize,
    sheets: Vec<DrawnSheet>,
}

struct DrawnSheet {
    about: Value,
    /// Filled rows by number, each an array in JSON.
    rows: Vec<(u32, String)>,
}

/// The lines that a child prints, by sheet; what it says where the file cannot be read.
fn parse(text: &str) -> Result<Vec<DrawnSheet>, Fault> {
    let mut sheets: Vec<DrawnSheet> = Vec::new();
    for line in text.lines() {
        if let Some((row, cells)) = line.split_once('\t').filter(|_| !line.starts_with('{')) {
            if let (Some(sheet), Ok(row)) = (sheets.last_mut(), row.parse()) {
                sheet.rows.push((row, cells.to_owned()));
            }
            continue;
        }
        let about: Value = serde_json::from_str(line).map_err(|error| Fault::Internal(error.to_string()))?;
        if about.get("sheet").is_some() {
            sheets.push(DrawnSheet { about, rows: Vec::new() });
        } else if let Some(error) = about["error"].as_str() {
            return Err(Fault::Failed(error.to_owned()));
        }
    }
    Ok(sheets)
}

impl Sheets {
    fn find(&self, path: &PathBuf, stamp: Option<&Stamp>) -> Option<Arc<Drawn>> {
        let mut kept = lock(&self.kept);
        let at = kept.iter().position(|drawn| drawn.path == *path && drawn.stamp.as_ref() == stamp)?;
        let drawn = kept.remove(at);
        kept.push(Arc::clone(&drawn));
        Some(drawn)
    }

    fn keep(&self, drawn: &Arc<Drawn>) {
        let mut kept = lock(&self.kept);
        kept.retain(|known| known.path != drawn.path);
        kept.push(Arc::clone(drawn));
        while kept.len() > 1
            && (kept.len() > MOST_KEPT || kept.iter().map(|known| known.bytes).sum::<usize>() > MOST_BYTES)
        {
            kept.remove(0);
        }
    }
}

/// Has a file drawn, unless somebody else just did.
fn draw(app: &App, folder: &Folder, named: &str, stamp: Option<Stamp>) -> Result<Arc<Drawn>, Fault> {
    let _alone = lock(&app.sheets.drawing);
    let path = folder.place().join(named);
    if let Some(drawn) = app.sheets.find(&path, stamp.as_ref()) {
        return Ok(drawn);
    }
    let done = Job::new(folder.place(), ["page", "sheets", "--quiet", "--"]).and([named]).run(app, |_, _| {})?;
    let text = String::from_utf8(done.answer()?).map_err(|error| Fault::Internal(error.to_string()))?;
    let drawn = Arc::new(Drawn { path, stamp, bytes: text.len(), sheets: parse(&text)? });
    app.sheets.keep(&drawn);
    Ok(drawn)
}

/// A piece of a sheet.
pub(super) fn piece(
    app: &App,
    folder: &Folder,
    file: &str,
    sheet: Option<&str>,
    from: u32,
    count: u32,
) -> Result<Value, Fault> {
    let named = folder.file(file)?;
    let path = folder.place().join(&named);
    let (stamp, revision) = {
        let state = folder.state();
        (state.stamps.get(&path).cloned(), state.revision)
    };
    let drawn = match app.sheets.find(&path, stamp.as_ref()) {
        Some(drawn) => drawn,
        None => draw(app, folder, &named, stamp)?,
    };
    let found = match sheet {
        None => drawn.sheets.iter().find(|own| own.about["hidden"] == false).or(drawn.sheets.first()),
        Some(name) => drawn.sheets.iter().find(|own| own.about["sheet"] == name),
    };
    let sheet = found.ok_or(Fault::NoSuchThing)?;
    let rows = sheet.about["rows"].as_u64().and_then(|rows| u32::try_from(rows).ok()).unwrap_or(0);
    let end = from.saturating_add(count.min(MOST_ROWS)).min(rows);
    let mut cells = Vec::new();
    let mut next = sheet.rows.partition_point(|(row, _)| *row < from);
    for row in from..end {
        match sheet.rows.get(next).filter(|(own, _)| *own == row) {
            Some((_, text)) => {
                next += 1;
                cells.push(serde_json::from_str(text).map_err(|error| Fault::Internal(error.to_string()))?);
            }
            None => cells.push(json!([])),
        }
    }
    let mut answer = sheet.about.clone();
    answer["name"] = answer["sheet"].take();
    answer["revision"] = json!(revision);
    answer["from"] = json!(from);
    answer["cells"] = Value::Array(cells);
    Ok(answer)
}

/// Names and sizes of the sheets of files, by their paths in reports.
pub(super) fn names(app: &App, folder: &Folder, files: &[String]) -> Result<BTreeMap<String, Value>, Fault> {
    if files.is_empty() {
        return Ok(BTreeMap::new());
    }
    let job = Job::new(folder.place(), ["page", "sheets", "--names", "--quiet", "--"]).and(files);
    let text = job.run(app, |_, _| {})?.answer()?;
    let mut names = BTreeMap::new();
    for line in String::from_utf8_lossy(&text).lines() {
        let mut own: Value = serde_json::from_str(line).map_err(|error| Fault::Internal(error.to_string()))?;
        if let (Some(file), true) = (own["file"].as_str().map(str::to_owned), own["sheets"].is_array()) {
            names.insert(file, own["sheets"].take());
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_sheets_and_rows() {
        let text = "{\"path\":\"a\",\"error\":null}\n{\"sheet\":\"S\",\"rows\":3}\n0\t[null]\n2\t[{\"t\":\"a\\tb\"}]\n{\"sheet\":\"T\"}\n";
        let sheets = parse(text).expect("sheets");
        assert_eq!((sheets.len(), sheets[0].rows.len(), sheets[1].rows.len()), (2, 2, 0));
        assert_eq!(sheets[0].rows[1].0, 2);
        assert!(parse("{\"path\":\"a\",\"error\":\"x\"}\n").is_err());
    }
}
