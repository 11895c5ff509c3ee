//! Keeps a folder judged: looks, judges in a child, tells the pages.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    path::PathBuf,
    sync::{
        Arc,
        atomic::Ordering,
        mpsc::{Receiver, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{
    App,
    child::Job,
    fault::Fault,
    figures::{self, Figures},
    folders::{Folder, State},
    judgement::Judgement,
    sheets,
    watch::{self, Changes, Looker, Stamp, Stamps, Wake},
};

/// How often is looked where nothing says that anything has changed.
const TICK: Duration = Duration::from_millis(900);
/// How often where something is being saved.
const SOON: Duration = Duration::from_millis(120);
/// How long nothing may happen before what was saved is judged, and how long is waited for that.
const QUIET: Duration = Duration::from_millis(120);
const MOST_QUIET: Duration = Duration::from_millis(700);
/// Every so often each file is read again, whatever its size and time say.
const THOROUGH: Duration = Duration::from_secs(30);
/// Files whose sheets are named beforehand, and whose figures are kept for comparison.
const MOST_NAMED: usize = 60;
const MOST_COMPARED: usize = 400;
/// Files that are drawn before anybody asks, and bytes of all of them.
const MOST_DRAWN: usize = 12;
const MOST_DRAWN_BYTES: u64 = 8 << 20;
/// How often a judgement is thrown away since something changed meanwhile.
const MOST_ROUNDS: usize = 4;

/// What the children say of a folder.
struct JudgedFolder {
    report: Value,
    sheets: BTreeMap<String, Value>,
    figures: Figures,
}

/// Starts the thread that keeps a folder judged for as long as the program runs.
pub(super) fn keep_judged(app: &Arc<App>, folder: &Arc<Folder>, woken: Receiver<Wake>) {
    let (app, folder) = (Arc::clone(app), Arc::clone(folder));
    thread::spawn(move || {
        let watcher = watch::listen(&folder.path, folder.wake.clone());
        folder.state().polling = watcher.is_none();
        let mut keeper =
            Keeper { looker: Looker::default(), took: Duration::ZERO, thorough: Instant::now(), first: true };
        let mut is_due = true;
        while !app.stop.load(Ordering::Relaxed) {
            let pending = keeper.round(&app, &folder, is_due, &woken);
            // A folder that takes long to look at is looked at less often.
            let pause = if pending { SOON } else { TICK.max(keeper.took * 20) };
            is_due = match woken.recv_timeout(pause) {
                Ok(Wake::Judge) => true,
                Ok(Wake::Look) => drain(&woken),
                Err(RecvTimeoutError::Timeout) => false,
                Err(RecvTimeoutError::Disconnected) => return,
            };
        }
    });
}

/// Waits until nothing happens for a moment, and says whether a judgement was asked for.
fn drain(woken: &Receiver<Wake>) -> bool {
    let since = Instant::now();
    let mut is_due = false;
    while since.elapsed() < MOST_QUIET {
        match woken.recv_timeout(QUIET) {
            Ok(wake) => is_due |= wake == Wake::Judge,
            Err(_) => break,
        }
    }
    is_due
}

struct Keeper {
    looker: Looker,
    /// How long the last look took.
    took: Duration,
    thorough: Instant,
    first: bool,
}

impl Keeper {
    /// Looks, and judges where that is due. Says whether something is being saved just now.
    fn round(&mut self, app: &Arc<App>, folder: &Arc<Folder>, is_due: bool, woken: &Receiver<Wake>) -> bool {
        let known = folder.state().stamps.clone();
        let is_thorough = self.thorough.elapsed() > THOROUGH;
        if is_thorough {
            self.thorough = Instant::now();
        }
        let since = Instant::now();
        let look = self.looker.look(&folder.path, &known, is_thorough);
        self.took = since.elapsed();
        if look.pending && !is_due {
            return true;
        }
        let changes = Changes::between(&folder.path, &known, &look.stamps);
        if changes.is_empty() && !is_due {
            // Times may have changed, and nothing else.
            folder.state().stamps = look.stamps;
            return look.pending;
        }
        folder.state().busy = true;
        app.events.send("reading", &json!({ "folder": folder.id }));
        let mut stamps = look.stamps;
        let mut judged = Err(Fault::Ending);
        for round in 0..MOST_ROUNDS {
            judged = judge_once(app, folder, &stamps);
            if let Err(Fault::Ending) = judged {
                return false;
            }
            // Whatever was saved meanwhile may have been read half.
            let mut again = self.looker.look(&folder.path, &stamps, false);
            let since = Instant::now();
            while again.pending && since.elapsed() < watch::GONE_AFTER * 2 {
                thread::sleep(SOON);
                again = self.looker.look(&folder.path, &stamps, false);
            }
            let is_same = Changes::between(&folder.path, &stamps, &again.stamps).is_empty();
            stamps = again.stamps;
            if is_same || round + 1 == MOST_ROUNDS {
                break;
            }
            drain(woken);
        }
        let changes = Changes::between(&folder.path, &known, &stamps);
        let is_first = self.first;
        self.publish(app, folder, judged, stamps, &changes);
        draw_ahead(app, folder, (!is_first).then_some(&changes));
        false
    }

    fn publish(
        &mut self,
        app: &App,
        folder: &Folder,
        judged: Result<JudgedFolder, Fault>,
        stamps: Stamps,
        changes: &Changes,
    ) {
        let revision = {
            let mut state = folder.state();
            state.busy = false;
            state.stamps = stamps;
            state.revision += 1;
            let revision = state.revision;
            match judged {
                Ok(JudgedFolder { mut report, sheets, figures }) => {
                    with_ids(&mut report, &mut state, &folder.id);
                    state.before = state.now.take();
                    state.now = Some(Arc::new(Judgement { revision, report, sheets, figures }));
                    state.error = None;
                }
                Err(fault) => state.error = Some(fault),
            }
            revision
        };
        folder.settled();
        let none = Changes::default();
        let changes = if std::mem::take(&mut self.first) { &none } else { changes };
        let Changes { changed, added, removed } = changes;
        app.events.send(
            "folder",
            &json!({
                "folder": folder.id, "revision": revision,
                "changed": changed, "added": added, "removed": removed,
            }),
        );
    }
}

/// Draws what the page will want to see next, while the officer reads the findings.
fn draw_ahead(app: &Arc<App>, folder: &Arc<Folder>, changes: Option<&Changes>) {
    let mut files: Vec<(String, String)> = Vec::new();
    {
        let mut state = folder.state();
        let Some(judgement) = state.now.clone() else { return };
        let all = judgement.submissions().iter().flat_map(|one| {
            // The first finding is what is shown first.
            let first = one["findings"][0]["target"]["file"].as_str().into_iter();
            first.chain(one["files"].as_array().into_iter().flatten().filter_map(|file| file["path"].as_str()))
        });
        for path in all {
            let is_wanted =
                changes.is_none_or(|changes| changes.changed.iter().any(|name| path.ends_with(name.as_str())));
            if is_wanted && !files.iter().any(|(known, _)| known == path) {
                files.push((path.to_owned(), state.file_id(&folder.id, path)));
            }
        }
    }
    let length = |(path, _): &(String, String)| std::fs::metadata(path_of(folder, path)).map_or(0, |meta| meta.len());
    if files.len() > MOST_DRAWN || files.iter().map(length).sum::<u64>() > MOST_DRAWN_BYTES {
        return;
    }
    let (app, folder) = (Arc::clone(app), Arc::clone(folder));
    thread::spawn(move || {
        for (_, id) in files {
            // Whoever asks for it will be told what is wrong.
            let _ = sheets::piece(&app, &folder, &id, None, 0, 0);
        }
    });
}

/// The report of a child on the whole folder.
fn judge_once(app: &App, folder: &Folder, stamps: &Stamps) -> Result<JudgedFolder, Fault> {
    let mut job = Job::new(folder.place(), ["validate", "--format", "json", "--quiet", "--fail-on", "never"]);
    let scratch = tempfile::tempdir().map_err(|error| Fault::Internal(error.to_string()))?;
    let table = scratch.path().join("so-lieu.csv");
    let has_table = stamps.len() <= MOST_COMPARED;
    if has_table {
        job = job.and([OsString::from("--table"), table.clone().into()]);
    }
    let done = job.and([OsString::from("--"), folder.input().into()]).run(app, |done, total| {
        app.events.send("progress", &json!({ "folder": folder.id, "done": done, "total": total }));
    })?;
    if done.out.is_empty() {
        // No spreadsheet is there; anything else is said.
        let has_files =
            folder.path.is_dir() && !crate::driver::discover(std::slice::from_ref(&folder.path)).groups.is_empty();
        let report = json!({ "submissions": [], "summary": {} });
        let is_empty = done.exit == Some(3) && !has_files;
        let empty = JudgedFolder { report, sheets: BTreeMap::new(), figures: Figures::new() };
        return if is_empty { Ok(empty) } else { Err(done.failed()) };
    }
    let report: Value = serde_json::from_slice(&done.out).map_err(|error| Fault::Internal(error.to_string()))?;
    let figures = std::fs::read_to_string(&table).map(|table| figures::figures(&table)).unwrap_or_default();
    let sheets = names(app, folder, &report, stamps);
    Ok(JudgedFolder { report, sheets, figures })
}

/// Names of sheets: of files that did not change they are known.
fn names(app: &App, folder: &Folder, report: &Value, stamps: &Stamps) -> BTreeMap<String, Value> {
    let files: Vec<String> = report["submissions"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|one| one["files"].as_array().into_iter().flatten())
        .filter_map(|file| file["path"].as_str().map(str::to_owned))
        .collect();
    if files.len() > MOST_NAMED {
        return BTreeMap::new();
    }
    let (mut known, old) = {
        let state = folder.state();
        (state.now.as_ref().map(|now| now.sheets.clone()).unwrap_or_default(), state.stamps.clone())
    };
    let is_same = |file: &String| {
        let path = path_of(folder, file);
        let digest = |stamps: &Stamps| stamps.get(&path).and_then(Stamp::digest);
        digest(stamps).is_some() && digest(stamps) == digest(&old)
    };
    known.retain(|file, _| files.contains(file) && is_same(file));
    let new: Vec<String> = files.into_iter().filter(|file| !known.contains_key(file)).collect();
    // Without them the page asks for the first sheet.
    known.extend(sheets::names(app, folder, &new).unwrap_or_default());
    known
}

/// Gives findings and places the ids that the page asks by.
fn with_ids(value: &mut Value, state: &mut State, folder: &str) {
    let files: BTreeMap<String, String> = value["submissions"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|one| one["files"].as_array().into_iter().flatten())
        .filter_map(|file| file["path"].as_str())
        .map(|path| (path.to_owned(), state.file_id(folder, path)))
        .collect();
    for one in value["submissions"].as_array_mut().into_iter().flatten() {
        for file in one["files"].as_array_mut().into_iter().flatten() {
            let id = file["path"].as_str().and_then(|path| files.get(path)).cloned();
            file["id"] = json!(id);
        }
        let id = one["path"].as_str().map(|path| state.submission_id(folder, path));
        one["id"] = json!(id);
        place_ids(&mut one["findings"], &files);
    }
}

/// Adds `fileId` to all that names a file and a sheet, and `id` to all that has a fingerprint.
pub(super) fn place_ids(value: &mut Value, files: &BTreeMap<String, String>) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| place_ids(value, files)),
        Value::Object(object) => {
            object.values_mut().for_each(|value| place_ids(value, files));
            if object.contains_key("sheet") && object.contains_key("file") {
                let id = object["file"].as_str().and_then(|path| files.get(path)).cloned();
                object.insert("fileId".to_owned(), json!(id));
            }
            if let Some(fingerprint) = object.get("fingerprint").cloned() {
                object.insert("id".to_owned(), fingerprint);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Where a file of a report lies.
pub(super) fn path_of(folder: &Folder, path: &str) -> PathBuf {
    folder.place().join(path)
}
