//! Folders that were opened, and what is known of each.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Condvar, Mutex, MutexGuard,
        atomic::{AtomicU64, Ordering},
        mpsc::{self, Receiver, Sender},
    },
    time::Duration,
};

use serde_json::{Value, json};

use super::{
    fault::Fault,
    judgement::{self, Judgement},
    lock,
    watch::{Stamps, Wake},
};
use crate::{driver::shown, model::workbook::file_name, values::language::Language};

/// How long the first answer waits for the first judgement.
const FIRST: Duration = Duration::from_millis(700);

/// The open folders.
#[derive(Default)]
pub(super) struct Folders {
    all: Mutex<Vec<Arc<Folder>>>,
    next: AtomicU64,
}

/// A folder, or a single file.
pub(super) struct Folder {
    pub(super) id: String,
    /// Its real path.
    pub(super) path: PathBuf,
    /// Whether it holds copies of what was dropped on the page.
    pub(super) copy: bool,
    pub(super) wake: Sender<Wake>,
    state: Mutex<State>,
    judged: Condvar,
}

/// What is known of a folder.
#[derive(Default)]
pub(super) struct State {
    pub(super) busy: bool,
    pub(super) polling: bool,
    pub(super) revision: u64,
    pub(super) now: Option<Arc<Judgement>>,
    pub(super) before: Option<Arc<Judgement>>,
    pub(super) error: Option<Fault>,
    /// As of the judgement.
    pub(super) stamps: Stamps,
    /// Ids of files by their paths in reports; a path keeps its id.
    files: BTreeMap<String, usize>,
    submissions: BTreeMap<String, usize>,
}

impl State {
    fn number(known: &mut BTreeMap<String, usize>, path: &str) -> usize {
        let next = known.len();
        *known.entry(path.to_owned()).or_insert(next)
    }

    pub(super) fn file_id(&mut self, folder: &str, path: &str) -> String {
        format!("{folder}/{}", Self::number(&mut self.files, path))
    }

    pub(super) fn submission_id(&mut self, folder: &str, path: &str) -> String {
        format!("{folder}/s{}", Self::number(&mut self.submissions, path))
    }
}

impl Folder {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Where its jobs run: paths in reports are as seen from here.
    pub(super) fn place(&self) -> PathBuf {
        self.path.parent().unwrap_or(&self.path).to_path_buf()
    }

    /// What its jobs are given as input.
    pub(super) fn input(&self) -> PathBuf {
        match (self.path.parent(), self.path.file_name()) {
            (Some(_), Some(name)) => name.into(),
            _ => ".".into(),
        }
    }

    pub(super) fn name(&self) -> String {
        self.path.file_name().map_or_else(|| shown(&self.path), |name| shown(Path::new(name)))
    }

    /// The folder that mappings and suppressions stand in.
    pub(super) fn home(&self) -> PathBuf {
        if self.path.is_dir() { self.path.clone() } else { self.place() }
    }

    /// Has it looked at, for something was written.
    pub(super) fn look(&self) {
        let _ = self.wake.send(Wake::Look);
    }

    /// Says that a judgement is done.
    pub(super) fn settled(&self) {
        self.judged.notify_all();
    }

    fn wait_for_first(&self) {
        let state = self.state();
        let _ = self.judged.wait_timeout_while(state, FIRST, |state| state.busy && state.revision == 0);
    }

    /// The path of a file by its id, as it stands in reports.
    pub(super) fn file(&self, id: &str) -> Result<String, Fault> {
        let number = id.strip_prefix(&self.id).and_then(|rest| rest.strip_prefix('/')?.parse::<usize>().ok());
        let state = self.state();
        let found = state.files.iter().find(|(_, own)| Some(**own) == number);
        found.map(|(path, _)| path.clone()).ok_or(Fault::NoSuchThing)
    }

    /// The path of a submission by its id, as it stands in reports; the only one where none is named.
    pub(super) fn submission(&self, id: Option<&str>) -> Result<String, Fault> {
        let state = self.state();
        let judgement = state.now.as_ref().ok_or(Fault::NoSuchThing)?;
        let Some(id) = id else {
            return match judgement.submissions() {
                [only] => only["path"].as_str().map(str::to_owned).ok_or(Fault::NoSuchThing),
                _ => Err(Fault::NoSuchThing),
            };
        };
        let number = id.strip_prefix(&self.id).and_then(|rest| rest.strip_prefix("/s")?.parse::<usize>().ok());
        let found = state.submissions.iter().find(|(_, own)| Some(**own) == number);
        found.map(|(path, _)| path.clone()).ok_or(Fault::NoSuchThing)
    }

    /// What the page shows of the folder.
    pub(super) fn json(&self, language: Language) -> Value {
        self.wait_for_first();
        let mut state = self.state();
        let judgement = state.now.clone();
        let own: &[Value] = judgement.as_ref().map_or(&[], |judgement| judgement.submissions());
        let mapped = own.iter().filter(|one| one["status"] != "unmapped").count();
        let kind = match (own.len(), mapped) {
            (0, _) => "empty",
            (_, 0) => "undescribed",
            (1, _) => "one",
            _ => "many",
        };
        let mut files = Vec::new();
        let mut submissions = Vec::new();
        for one in own {
            let path = one["path"].as_str().unwrap_or_default();
            let counts = judgement::counts(one);
            submissions.push(json!({
                "id": state.submission_id(&self.id, path),
                "path": path,
                "name": file_name(path),
                "status": one["status"],
                "errors": counts[0],
                "warnings": counts[1],
                "infos": counts[2],
                "readings": one["readings"],
                "files": one["files"].as_array().map_or(0, Vec::len),
            }));
            for file in one["files"].as_array().into_iter().flatten() {
                let path = file["path"].as_str().unwrap_or_default();
                let sheets = judgement.as_ref().and_then(|judgement| judgement.sheets(path));
                files.push(json!({
                    "id": state.file_id(&self.id, path),
                    "submission": state.submission_id(&self.id, one["path"].as_str().unwrap_or_default()),
                    "name": file_name(path),
                    "path": path,
                    "size": std::fs::metadata(self.place().join(path)).map(|meta| meta.len()).ok(),
                    "sheets": sheets,
                    "status": file["status"],
                    "error": file["error"],
                }));
            }
        }
        submissions.sort_by_key(|one| {
            let count = |key: &str| one[key].as_u64().unwrap_or(0);
            let unread = u8::from(one["status"] != "unreadable");
            std::cmp::Reverse((255 - unread, count("errors"), count("warnings"), count("infos")))
        });
        let first = own.iter().find(|one| one["mapping"].is_string());
        let beside = self.home().join("mapping.toml");
        let is_own = beside.is_file();
        let mapping = first
            .map(|one| json!({ "name": one["mapping"], "bundled": !is_own, "path": is_own.then(|| shown(&beside)) }));
        json!({
            "id": self.id,
            "path": shown(&self.path),
            "name": self.name(),
            "copy": self.copy,
            "revision": state.revision,
            "kind": kind,
            "watching": if state.polling { "polling" } else { "events" },
            "mapping": mapping,
            "catalogue": first.map(|one| one["catalogue"].clone()),
            "period": first.map(|one| one["period"].clone()),
            "files": files,
            "submissions": submissions,
            "busy": state.busy,
            "error": state.error.as_ref().map(|fault| fault.message(language)),
        })
    }
}

impl Folders {
    /// A folder by its id.
    pub(super) fn get(&self, id: &str) -> Result<Arc<Folder>, Fault> {
        lock(&self.all).iter().find(|folder| folder.id == id).cloned().ok_or(Fault::NoSuchThing)
    }

    /// The folder that a file or a submission belongs to.
    pub(super) fn of(&self, id: &str) -> Result<Arc<Folder>, Fault> {
        self.get(id.split_once('/').map_or(id, |(folder, _)| folder))
    }

    /// The folder at a path, and the wakes of one that was not open yet.
    pub(super) fn add(&self, path: &Path, copy: bool) -> (Arc<Folder>, Option<Receiver<Wake>>) {
        let mut all = lock(&self.all);
        if let Some(known) = all.iter().find(|folder| folder.path == path) {
            return (Arc::clone(known), None);
        }
        let (wake, woken) = mpsc::channel();
        let folder = Arc::new(Folder {
            id: format!("f{}", self.next.fetch_add(1, Ordering::Relaxed) + 1),
            path: path.to_path_buf(),
            copy,
            wake,
            state: Mutex::new(State { busy: true, ..State::default() }),
            judged: Condvar::new(),
        });
        all.push(Arc::clone(&folder));
        (folder, Some(woken))
    }

    /// All of them.
    pub(super) fn all(&self) -> Vec<Arc<Folder>> {
        lock(&self.all).clone()
    }
}
