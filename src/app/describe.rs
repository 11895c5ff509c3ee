//! Files that nobody has described yet: the draft of a child, with what the officer chose.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    sync::MutexGuard,
};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    App,
    child::Job,
    fault::Fault,
    folders::Folder,
    forms,
    journal::{Journal, Step},
    judge, lock,
};
use crate::{
    draft::{
        NO_PERIOD,
        choices::{Choice, Chosen},
    },
    driver::{Overwrite, bundled_catalogues, shown, write_file},
    values::period::Period,
};

const MAPPING: &str = "mapping.toml";
const CATALOGUE: &str = "danh-muc.toml";

/// What is asked about a draft.
#[allow(clippy::option_option, reason = "absent, null and a value are three things")]
#[derive(Deserialize)]
pub(super) struct Asked {
    folder: String,
    #[serde(default)]
    submission: Option<String>,
    /// Absent: as it is; null: one that is drafted too.
    #[serde(default, deserialize_with = "given")]
    catalogue: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    period: Option<Option<String>>,
    #[serde(default)]
    choice: Option<Choice>,
    #[serde(default)]
    force: bool,
}

/// Tells null from nothing.
#[allow(clippy::option_option, reason = "absent, null and a value are three things")]
fn given<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(from).map(Some)
}

/// A folder that is being described.
struct Desk<'a> {
    app: &'a App,
    folder: std::sync::Arc<Folder>,
    /// What the draft reads, as seen from the folder's place.
    input: PathBuf,
    /// Where the mapping goes.
    home: PathBuf,
    journal: Journal,
    /// One step after the other.
    _alone: MutexGuard<'a, ()>,
}

impl<'a> Desk<'a> {
    fn new(app: &'a App, asked: &Asked) -> Result<Self, Fault> {
        let folder = app.folders.get(&asked.folder)?;
        let named = match &asked.submission {
            Some(id) => Some(folder.submission(Some(id))?),
            None => folder.submission(None).ok(),
        };
        let input = named.as_ref().map_or_else(|| folder.input(), PathBuf::from);
        let home = named.as_ref().map_or_else(|| folder.home(), |named| forms::home_of(&folder, named));
        let work = app.home.work("journals").map_err(|error| Fault::Internal(error.to_string()))?;
        let alone = lock(&app.describing);
        let journal = Journal::open(Journal::place(&work, &folder.place().join(&input)));
        Ok(Self { app, folder, input, home, journal, _alone: alone })
    }

    fn put(&mut self, step: Step) -> Result<(), Fault> {
        self.journal.put(step).map_err(|error| Fault::Internal(error.to_string()))
    }

    /// Catalogues to draft by: those of the program, and those that lie in the folder.
    fn catalogues(&self) -> Vec<(String, String, PathBuf)> {
        let mut all: Vec<(String, String, PathBuf)> =
            bundled_catalogues().into_iter().map(|(name, title)| (name.clone(), open(&title), name.into())).collect();
        let entries = fs::read_dir(&self.home).into_iter().flatten().flatten().map(|entry| entry.path());
        let mut own: Vec<PathBuf> = entries
            .filter(|path| path.extension().is_some_and(|ending| ending == "toml") && path.is_file())
            .filter(|path| {
                fs::read_to_string(path).is_ok_and(|text| text.lines().any(|line| line.trim() == "[catalogue]"))
            })
            .collect();
        own.sort();
        all.extend(own.into_iter().filter_map(|path| {
            let name = path.file_name()?.to_str()?.to_owned();
            Some((name.clone(), name, path))
        }));
        all
    }

    /// What the child drafts with what is chosen.
    fn drafted(&self) -> Result<Value, Fault> {
        // A catalogue has a period of its own, which need not be that of the files.
        let own = match (self.journal.catalogue(), self.journal.period()) {
            (Some(_), None) => {
                let fresh = self.drafted_by(None, None)?;
                fresh["period"].as_str().filter(|period| *period != NO_PERIOD).map(str::to_owned)
            }
            (_, period) => period.map(str::to_owned),
        };
        self.drafted_by(self.journal.catalogue(), own.as_deref())
    }

    fn drafted_by(&self, catalogue: Option<&str>, period: Option<&str>) -> Result<Value, Fault> {
        let scratch = tempfile::tempdir().map_err(|error| Fault::Internal(error.to_string()))?;
        let choices = scratch.path().join("choices.json");
        let text = serde_json::to_vec(&self.journal.choices()).map_err(|error| Fault::Internal(error.to_string()))?;
        fs::write(&choices, text).map_err(|error| Fault::disk(&choices, &error))?;
        let mut job = Job::new(self.folder.place(), ["draft", "--quiet", "--format", "json"])
            .and([OsString::from("--choices"), choices.into()]);
        if let Some(name) = catalogue {
            let known = self.catalogues().into_iter().find(|(own, ..)| own == name);
            if let Some((.., path)) = known {
                job = job.and([OsString::from("--catalogue"), path.into()]);
            }
        }
        if let Some(period) = period {
            job = job.and(["--period", period]);
        }
        let done = job.and([OsString::from("--"), self.input.clone().into()]).run(self.app, |_, _| {})?;
        let said = done.said.clone();
        let out = done.answer()?;
        serde_json::from_slice(&out).map_err(|_| Fault::Failed(said))
    }

    /// The texts on the disk by their hashes: of the mapping, and of the catalogue.
    fn there(&self) -> (Option<String>, Option<String>) {
        let hash = |name: &str| fs::read(self.home.join(name)).ok().map(|bytes| hash(&bytes));
        (hash(MAPPING), hash(CATALOGUE))
    }

    /// Whether a mapping stands there that this page did not write.
    fn is_edited(&self) -> bool {
        let (mapping, catalogue) = self.there();
        let written = self.journal.written.as_ref();
        let is_other = |there: Option<String>, own: Option<&String>| there.is_some() && there.as_ref() != own;
        is_other(mapping, written.map(|(mapping, _)| mapping))
            || is_other(catalogue, written.and_then(|(_, catalogue)| catalogue.as_ref()))
    }

    fn answer(&self, mut drafted: Value) -> Value {
        let page = drafted["page"].take();
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        {
            let mut state = self.folder.state();
            for file in drafted["files"].as_array_mut().into_iter().flatten() {
                let Some(path) = file["path"].as_str().map(str::to_owned) else { continue };
                let id = state.file_id(&self.folder.id, &path);
                file["fileId"] = json!(id);
                files.insert(path, id);
            }
        }
        judge::place_ids(&mut drafted["findings"], &files);
        let findings = drafted["findings"].clone();
        let (undo, redo) = self.journal.counts();
        let revision = self.folder.state().revision;
        let catalogues: Vec<Value> =
            self.catalogues().into_iter().map(|(name, title, _)| json!({ "name": name, "title": title })).collect();
        json!({
            "revision": revision,
            "period": drafted["period"],
            "draft": drafted,
            "indicators": page["indicators"],
            "measures": page["measures"],
            "catalogues": catalogues,
            "catalogue": self.journal.catalogue(),
            "choices": self.journal.choices(),
            "undo": undo,
            "redo": redo,
            "readings": page["readings"],
            "left": page["left"],
            "findings": findings,
            "saved": self.journal.is_saved,
            "edited": self.is_edited(),
        })
    }
}

/// A title of every year, with its placeholders left open.
fn open(title: &str) -> String {
    let mut out = String::new();
    let mut rest = title;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        out.push('…');
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    out + rest
}

fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// The draft as it stands; a step before, where one is named.
pub(super) fn draft(app: &App, question: &str, asked: &Asked) -> Result<Value, Fault> {
    let mut desk = Desk::new(app, asked)?;
    let before = desk.journal.counts();
    match question {
        "draft/choose" => {
            let choice = asked.choice.clone().ok_or_else(|| Fault::Malformed("choice".to_owned()))?;
            // A sheet as a whole is left out, or not.
            if choice.is_about_sheet() && !matches!(choice.is, Chosen::Ignore(_) | Chosen::Auto(_)) {
                return Err(Fault::Malformed("row, column".to_owned()));
            }
            desk.put(Step::Choose(choice))?;
        }
        "draft/undo" => desk.put(Step::Undo)?,
        "draft/redo" => desk.put(Step::Redo)?,
        "draft/save" => return save(&mut desk, asked.force),
        _ => {
            if let Some(name) = &asked.catalogue
                && name.as_deref() != desk.journal.catalogue()
            {
                let is_known = name.as_ref().is_none_or(|name| desk.catalogues().iter().any(|(own, ..)| own == name));
                if !is_known {
                    return Err(Fault::NoSuchThing);
                }
                desk.put(Step::Catalogue(name.clone()))?;
            }
            if let Some(period) = &asked.period {
                let period = period.as_deref().map(str::trim).filter(|period| !period.is_empty());
                if period.is_some_and(|period| Period::parse(period).is_none()) {
                    return Err(Fault::Malformed("period".to_owned()));
                }
                if period != desk.journal.period() {
                    desk.put(Step::Period(period.map(str::to_owned)))?;
                }
            }
        }
    }
    match desk.drafted() {
        Ok(drafted) => Ok(desk.answer(drafted)),
        Err(fault) => {
            // A step that leads to no draft is none.
            if desk.journal.counts().0 > before.0 && !matches!(fault, Fault::Ending) {
                desk.put(Step::Undo)?;
            }
            Err(fault)
        }
    }
}

/// Writes mapping and catalogue, unless somebody else has written there.
fn save(desk: &mut Desk<'_>, force: bool) -> Result<Value, Fault> {
    let drafted = desk.drafted()?;
    let Some(mapping) = drafted["mapping"].as_str() else {
        return Err(Fault::Failed(
            desk.app.language_of("chưa có bảng số liệu nào để lưu", "there is no table of figures to save"),
        ));
    };
    if desk.is_edited() && !force {
        return Err(Fault::Edited(shown(&desk.home.join(MAPPING))));
    }
    let catalogue = drafted["catalogue"].as_str();
    let mut saved = Vec::new();
    for (name, text) in [(CATALOGUE, catalogue), (MAPPING, Some(mapping))] {
        let Some(text) = text else { continue };
        let path = desk.home.join(name);
        keep_out_of_links(&path)?;
        write_file(&path, text.as_bytes(), Overwrite::Yes).map_err(|error| Fault::disk(&path, &error))?;
        saved.push(shown(&path));
    }
    desk.put(Step::Saved(hash(mapping.as_bytes()), catalogue.map(|text| hash(text.as_bytes()))))?;
    desk.folder.look();
    Ok(json!({ "saved": saved }))
}

/// A link would have something else replaced than what is shown.
fn keep_out_of_links(path: &Path) -> Result<(), Fault> {
    match fs::symlink_metadata(path) {
        Ok(meta) if !meta.is_file() => Err(Fault::Outside),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Fault::disk(path, &error)),
        Ok(_) | Err(_) => Ok(()),
    }
}
