//! The form of a submission, and the fields that are typed into it.

use std::{collections::BTreeMap, path::PathBuf};

use serde_json::{Value, json};

use super::{App, child::Job, fault::Fault, folders::Folder, judge, texts};

/// The appendix as it will be printed, with the ids of its files, and a mark where findings stand.
pub(super) fn form(app: &App, folder: &Folder, submission: Option<&str>) -> Result<Value, Fault> {
    let path = folder.submission(submission)?;
    let job = Job::new(folder.place(), ["page", "form", "--quiet", "--only", &path, "--"]).and([folder.input()]);
    let done = job.run(app, |_, _| {})?;
    if done.exit != Some(0) {
        return Err(done.failed());
    }
    let mut form: Value = serde_json::from_slice(&done.out).map_err(|error| Fault::Internal(error.to_string()))?;
    let (files, flagged) = {
        let mut state = folder.state();
        let judgement = state.now.clone();
        let own = judgement.as_ref().and_then(|judgement| judgement.submission(&path));
        let files: BTreeMap<String, String> = own
            .and_then(|own| own["files"].as_array())
            .into_iter()
            .flatten()
            .filter_map(|file| file["path"].as_str())
            .map(|path| (path.to_owned(), state.file_id(&folder.id, path)))
            .collect();
        (files, own.map(flagged).unwrap_or_default())
    };
    judge::place_ids(&mut form["rows"], &files);
    for row in form["rows"].as_array_mut().into_iter().flatten() {
        let mut marks: Vec<String> = Vec::new();
        for origin in row["cells"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|cell| cell["origins"].as_array().into_iter().flatten())
        {
            let place = |key: &str| origin[key].as_str().unwrap_or_default().to_owned();
            let cell = place("cell");
            if flagged.contains(&(place("file"), place("sheet"), cell.clone())) && !marks.contains(&cell) {
                marks.push(cell);
            }
        }
        row["mark"] = if marks.is_empty() { Value::Null } else { json!(marks.join(", ")) };
    }
    Ok(form)
}

/// The cells that errors and warnings are about.
fn flagged(submission: &Value) -> std::collections::BTreeSet<(String, String, String)> {
    let mut flagged = std::collections::BTreeSet::new();
    for finding in submission["findings"].as_array().into_iter().flatten() {
        if finding["suppressed"].is_null() && finding["severity"] != "info" {
            let place = |key: &str| finding["target"][key].as_str().unwrap_or_default().to_owned();
            flagged.insert((place("file"), place("sheet"), place("cell")));
        }
    }
    flagged
}

/// The folder of a submission: where its `mapping.toml` and `bieu.toml` stand.
pub(super) fn home_of(folder: &Folder, submission: &str) -> PathBuf {
    let path = folder.place().join(submission);
    if path.is_dir() { path } else { path.parent().map(PathBuf::from).unwrap_or(path) }
}

/// Keeps fields in the mapping of the folder; where there is none, one is made that extends what was used.
pub(super) fn set_fields(
    folder: &Folder,
    submission: Option<&str>,
    values: &BTreeMap<String, String>,
    force: bool,
) -> Result<Value, Fault> {
    let named = folder.submission(submission)?;
    let path = home_of(folder, &named).join("mapping.toml");
    let mapping = {
        let state = folder.state();
        let judgement = state.now.clone().ok_or(Fault::NoSuchThing)?;
        let own = judgement.submission(&named).ok_or(Fault::NoSuchThing)?;
        own["mapping"].as_str().map(str::to_owned).ok_or(Fault::NoSuchThing)?
    };
    texts::change(&path, folder, force, |text| match text {
        Some(text) => texts::with_fields(text, values),
        None => texts::with_fields(&texts::extending(&mapping), values),
    })?;
    folder.look();
    Ok(json!({ "saved": true }))
}

/// Says in `bieu.toml` why a finding is right as it is.
pub(super) fn suppress(
    app: &App,
    folder: &Folder,
    submission: Option<&str>,
    fingerprint: &str,
    (reason, by): (&str, &str),
    force: bool,
) -> Result<Value, Fault> {
    let named = folder.submission(submission)?;
    let (reason, by) = (reason.trim(), by.trim());
    if reason.is_empty() || by.is_empty() {
        return Err(Fault::Malformed("reason, by".to_owned()));
    }
    let (value, file) = {
        let state = folder.state();
        let judgement = state.now.clone().ok_or(Fault::NoSuchThing)?;
        let own = judgement.submission(&named).ok_or(Fault::NoSuchThing)?;
        let finding = find(&own["findings"], fingerprint).ok_or(Fault::NoSuchThing)?;
        let found = finding["found"].as_str().or_else(|| finding["target"]["raw"].as_str());
        // Several submissions in one folder share its `bieu.toml`.
        let shares = folder.place().join(&named).is_file() && judgement.submissions().len() > 1;
        let file = finding["target"]["file"].as_str().map(|file| crate::model::workbook::file_name(file).to_owned());
        (found.unwrap_or_default().to_owned(), file.filter(|_| shares))
    };
    let entry = texts::suppression(fingerprint, &value, file.as_deref(), reason, by);
    let path = home_of(folder, &named).join("bieu.toml");
    texts::change(&path, folder, force, |text| texts::with_suppression(text.unwrap_or_default(), &entry))?;
    app.home.change(|settings| by.clone_into(&mut settings.name));
    folder.look();
    Ok(json!({ "saved": true }))
}

/// Takes a suppression back.
pub(super) fn unsuppress(
    folder: &Folder,
    submission: Option<&str>,
    fingerprint: &str,
    force: bool,
) -> Result<Value, Fault> {
    let named = folder.submission(submission)?;
    let path = home_of(folder, &named).join("bieu.toml");
    texts::change(&path, folder, force, |text| {
        texts::without_suppression(text.unwrap_or_default(), fingerprint).ok_or(Fault::NoSuchThing)
    })?;
    folder.look();
    Ok(json!({ "saved": true }))
}

/// A finding, or one that follows from another.
fn find<'a>(findings: &'a Value, fingerprint: &str) -> Option<&'a Value> {
    findings.as_array()?.iter().find_map(|finding| {
        if finding["fingerprint"] == fingerprint { Some(finding) } else { find(&finding["consequences"], fingerprint) }
    })
}
