//! What the page may ask: one arm a question, JSON in and JSON out.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{App, compare, describe, downloads, explain, fault::Fault, folders::Folder, forms, open, sheets, upload};
use crate::{driver::may_hold_a_table, values::language::Language};

#[derive(Deserialize)]
struct OfFolder {
    folder: String,
    #[serde(default)]
    submission: Option<String>,
}

#[derive(Deserialize)]
struct Suppress {
    folder: String,
    #[serde(default)]
    submission: Option<String>,
    fingerprint: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    force: bool,
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(body).map_err(|error| Fault::Malformed(error.to_string()))
}

/// Answers a question of the page.
pub(super) fn answer(app: &Arc<App>, question: &str, body: &[u8]) -> Result<Value, Fault> {
    match question {
        "state" => Ok(state(app)),
        "settings" => settings(app, body),
        "browse" => {
            #[derive(Deserialize)]
            struct Browse {
                #[serde(default)]
                path: Option<String>,
            }
            let Browse { path } = read(body)?;
            app.chooser.list(path.as_deref(), app.language())
        }
        "open" => {
            #[derive(Deserialize)]
            struct Open {
                path: String,
            }
            let Open { path } = read(body)?;
            let path = app.chooser.allow(&path)?;
            if path.is_file() && !may_hold_a_table(&path) {
                return Err(Fault::Name(path.file_name().unwrap_or_default().to_string_lossy().into_owned()));
            }
            Ok(json!({ "folder": open::open(app, &path)? }))
        }
        "folder" => {
            let asked: OfFolder = read(body)?;
            Ok(app.folders.get(&asked.folder)?.json(app.language()))
        }
        "report" => {
            let asked: OfFolder = read(body)?;
            report(&*app.folders.get(&asked.folder)?, asked.submission.as_deref())
        }
        "sheet" => {
            #[derive(Deserialize)]
            struct Piece {
                file: String,
                #[serde(default)]
                sheet: Option<String>,
                #[serde(default)]
                from: u32,
                count: u32,
            }
            let Piece { file, sheet, from, count } = read(body)?;
            sheets::piece(app, &*app.folders.of(&file)?, &file, sheet.as_deref(), from, count)
        }
        "form" => {
            let asked: OfFolder = read(body)?;
            forms::form(app, &*app.folders.get(&asked.folder)?, asked.submission.as_deref())
        }
        "fields" => {
            #[derive(Deserialize)]
            struct Fields {
                folder: String,
                #[serde(default)]
                submission: Option<String>,
                values: BTreeMap<String, String>,
                #[serde(default)]
                force: bool,
            }
            let Fields { folder, submission, values, force } = read(body)?;
            forms::set_fields(&*app.folders.get(&folder)?, submission.as_deref(), &values, force)
        }
        "suppress" => {
            let Suppress { folder, submission, fingerprint, reason, by, force } = read(body)?;
            let folder = app.folders.get(&folder)?;
            forms::suppress(app, &folder, submission.as_deref(), &fingerprint, (&reason, &by), force)
        }
        "unsuppress" => {
            let Suppress { folder, submission, fingerprint, force, .. } = read(body)?;
            forms::unsuppress(&*app.folders.get(&folder)?, submission.as_deref(), &fingerprint, force)
        }
        "compare" => {
            #[derive(Deserialize)]
            struct Compare {
                folder: String,
                #[serde(default)]
                submission: Option<String>,
                #[serde(default)]
                with: Option<OfFolder>,
            }
            let Compare { folder, submission, with } = read(body)?;
            let other = with.as_ref().map(|with| app.folders.get(&with.folder)).transpose()?;
            let other = other.as_deref().zip(with.as_ref()).map(|(folder, with)| (folder, with.submission.as_deref()));
            compare::compare(app, &*app.folders.get(&folder)?, submission.as_deref(), other)
        }
        "explain" => {
            #[derive(Deserialize)]
            struct Explain {
                code: String,
            }
            let Explain { code } = read(body)?;
            explain::explain(app, &code)
        }
        "upload" => {
            #[derive(Deserialize)]
            struct Upload {
                files: Vec<upload::Sent>,
            }
            let Upload { files } = read(body)?;
            let path = upload::keep(app, &files)?;
            Ok(json!({ "folder": open::open_copy(app, &path)?, "copy": true }))
        }
        "convert" | "save" => {
            #[derive(Deserialize)]
            struct Convert {
                folder: String,
                #[serde(default)]
                submission: Option<String>,
                kinds: Vec<String>,
                #[serde(default)]
                to: Option<String>,
                #[serde(default)]
                force: bool,
            }
            let Convert { folder, submission, kinds, to, force } = read(body)?;
            let folder = app.folders.get(&folder)?;
            let submission = submission.as_deref();
            match to {
                Some(to) if question == "save" => downloads::save(app, &folder, submission, &kinds, (&to, force)),
                None if question == "save" => Err(Fault::Malformed("to".to_owned())),
                Some(_) | None => downloads::convert(app, &folder, submission, &kinds),
            }
        }
        "draft" | "draft/choose" | "draft/undo" | "draft/redo" | "draft/save" => {
            describe::draft(app, question, &read(body)?)
        }
        "consolidate" => {
            let asked: OfFolder = read(body)?;
            downloads::consolidate(app, &*app.folders.get(&asked.folder)?)
        }
        "feedback" => {
            let asked: OfFolder = read(body)?;
            downloads::feedback(app, &*app.folders.get(&asked.folder)?)
        }
        "quit" => {
            app.quit.notify_one();
            Ok(json!({ "ending": true }))
        }
        _ => Err(Fault::NoSuchPage),
    }
}

/// A second start of the program, which is known by the secret.
pub(super) fn launch(app: &Arc<App>, body: &[u8]) -> Result<Value, Fault> {
    #[derive(Deserialize)]
    struct Launch {
        #[serde(default)]
        folder: Option<String>,
    }
    let Launch { folder } = read(body)?;
    if let Some(folder) = folder {
        app.open_first(Path::new(&folder));
    }
    let address = app.auth.launch().map_err(|error| Fault::Internal(error.to_string()))?;
    Ok(json!({ "address": address }))
}

pub(super) fn hello(app: &App) -> Value {
    let settings = app.home.settings();
    let theme = if settings.theme.is_empty() { "auto" } else { &settings.theme };
    json!({
        "instance": app.auth.instance, "version": env!("CARGO_PKG_VERSION"),
        "lang": super::assets::name(app.language()), "theme": theme,
    })
}

fn state(app: &App) -> Value {
    let settings = app.home.settings();
    let start = app.start().clone();
    let mut state = hello(app);
    state["name"] = json!(settings.name);
    state["recent"] = json!(settings.recent);
    state["folder"] = json!(start.folder);
    state["startError"] = json!(start.error.map(|fault| fault.message(app.language())));
    state["limits"] = json!({ "uploadBytes": upload::MOST_UPLOADED });
    state
}

fn settings(app: &App, body: &[u8]) -> Result<Value, Fault> {
    #[derive(Deserialize)]
    struct Change {
        #[serde(default)]
        lang: Option<Language>,
        #[serde(default)]
        name: Option<String>,
        #[serde(default)]
        theme: Option<String>,
    }
    let change: Change = read(body)?;
    let is_other = change.lang.is_some_and(|lang| lang != app.language());
    let known = |theme: &String| ["auto", "light", "dark"].contains(&theme.as_str());
    app.home.change(|settings| {
        settings.lang = change.lang.or(settings.lang);
        if let Some(name) = change.name {
            settings.name = name.chars().filter(|c| !c.is_control()).take(200).collect();
        }
        if let Some(theme) = change.theme.filter(known) {
            settings.theme = theme;
        }
    });
    if is_other {
        // Findings are worded by the children.
        for folder in app.folders.all() {
            let _ = folder.wake.send(super::watch::Wake::Judge);
        }
    }
    Ok(state(app))
}

fn report(folder: &Folder, submission: Option<&str>) -> Result<Value, Fault> {
    let path = folder.submission(submission)?;
    let (now, before) = {
        let state = folder.state();
        (state.now.clone(), state.before.clone())
    };
    let now = now.ok_or(Fault::NoSuchThing)?;
    let report = now.only(&path).ok_or(Fault::NoSuchThing)?;
    Ok(json!({
        "revision": now.revision,
        "previous": before.filter(|before| before.submission(&path).is_some()).map(|before| before.revision),
        "report": report,
    }))
}
