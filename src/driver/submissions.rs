//! From the files of a folder to judged submissions.

use std::{fs, path::Path, path::PathBuf, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{discover::Group, library, path, reason::reason};
use crate::{
    extract::Texts,
    line::{
        pipeline::{self, ReadFile},
        submission::{self, Before, Given, Outcome},
    },
    model::bundle::Bundle,
    read::{self, Disagreement, Exceeded, Limits, Step},
    values::language::Language,
};

/// What a run is to do.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Language of the findings.
    pub language: Language,
    /// What a file may ask for.
    pub limits: Limits,
}

/// Why a file is not to be read again: it took a worker down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Poison {
    /// It was not read within this many seconds.
    TimedOut(u64),
    /// It needed more than this many MiB.
    OutOfMemory(u64),
    /// The worker broke down on it: at which step, and its last words.
    Crashed(Step, String),
    /// It could not be opened in the first place; with the reason.
    Refused(String),
}

/// One submission to be judged: files that are judged as one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Folder or file, as the user named it.
    pub path: Arc<str>,
    /// Its files.
    #[serde(with = "path::list")]
    pub files: Vec<PathBuf>,
    /// Ids of the mappings to choose from.
    pub candidates: Vec<Arc<str>>,
    /// Whether the user named the mappings: a single one is then taken whatever it finds.
    pub named: bool,
    /// Files that must not be read, by place in `files`.
    pub poisoned: Vec<(usize, Poison)>,
    /// `bieu.toml` of its folder.
    #[serde(with = "path::option")]
    pub suppressions: Option<PathBuf>,
    /// What was reported for the period before.
    pub previous: Option<Box<Job>>,
    /// What the second reader said of it.
    pub opinion: Vec<Disagreement>,
}

impl Job {
    /// A file by itself, with no mapping to choose from.
    pub fn alone(file: &Path) -> Self {
        Self {
            path: shown(file),
            files: vec![file.to_path_buf()],
            candidates: Vec::new(),
            named: false,
            poisoned: Vec::new(),
            suppressions: None,
            previous: None,
            opinion: Vec::new(),
        }
    }

    /// What could not be opened: a job all the same, for none may be lost, but never opened again.
    pub fn refused(file: &Path, reason: String) -> Self {
        Self { poisoned: vec![(0, Poison::Refused(reason))], ..Self::alone(file) }
    }

    /// How many files are read for it, those of the period before too.
    pub(super) fn reads(&self) -> usize {
        self.files.len() + self.previous.as_ref().map_or(0, |previous| previous.files.len())
    }
}

/// Parts the files of a folder into submissions: the whole folder where a mapping of several
/// sources takes a file of it, else file by file.
pub fn plan(group: &Group, bundles: &[Bundle], named: bool) -> Vec<Job> {
    // A pipe or a device of that name is no reason to judge as if there were none.
    let is_there = |path: &PathBuf| fs::metadata(path).is_ok_and(|meta| !meta.is_dir());
    let suppressions = Some(group.folder.join("bieu.toml")).filter(is_there);
    let takes = |bundle: &Bundle, name: &str| bundle.mapping.sources.iter().any(|source| source.takes_file(name));
    let names: Vec<String> = group.files.iter().map(|file| name_of(file)).collect();
    let for_folder = bundles.iter().filter(|b| !b.mapping.is_one_file() && names.iter().any(|name| takes(b, name)));
    let mut candidates: Vec<Arc<str>> = for_folder.map(|b| b.mapping.id.clone()).collect();
    let for_file = |name: &str| {
        let taking = bundles.iter().filter(|b| b.mapping.is_one_file() && takes(b, name));
        taking.map(|b| b.mapping.id.clone()).collect::<Vec<_>>()
    };
    if candidates.is_empty() {
        return group
            .files
            .iter()
            .zip(&names)
            .map(|(file, name)| Job {
                path: shown(file),
                files: vec![file.clone()],
                candidates: for_file(name),
                named,
                poisoned: Vec::new(),
                suppressions: suppressions.clone(),
                previous: None,
                opinion: Vec::new(),
            })
            .collect();
    }
    // One finished appendix in a folder is a candidate beside the mapping of the folder.
    if let [name] = names.as_slice() {
        candidates.extend(for_file(name));
    }
    let path = match (group.whole, group.files.as_slice()) {
        (false, [only]) => shown(only),
        (true | false, _) => shown(&group.folder),
    };
    vec![Job {
        path,
        files: group.files.clone(),
        candidates,
        named,
        poisoned: Vec::new(),
        suppressions,
        previous: None,
        opinion: Vec::new(),
    }]
}

/// Judges one submission. `progress` is told the place of each file before it is read; files of the
/// period before come after the submission's own, and the place behind all of them says that the
/// reading is done. `before` are the mappings to choose from for those of the period before.
pub fn judge_job(
    job: &Job,
    bundles: &[Bundle],
    before: &[Bundle],
    settings: &Settings,
    texts: &Texts,
    mut progress: impl FnMut(usize),
) -> Outcome {
    let files = read_files(job, settings, &mut progress);
    let (before, mut beside) = match job.previous.as_deref() {
        None => (None, Vec::new()),
        Some(previous) => {
            let files = read_files(previous, settings, &mut |at| progress(job.files.len() + at));
            submission::before(&previous.path, files, &candidates(previous, before), previous.named, texts)
        }
    };
    progress(job.reads());
    beside.extend(job.opinion.iter().filter_map(read::readers_disagree));
    // The program has read them before without a mistake.
    let suppressions = job.suppressions.as_ref().and_then(|path| library::suppressions(path).ok());
    let given = Given {
        named: job.named,
        previous: before.as_ref().map(Before::figures),
        suppressions: suppressions.as_ref(),
        beside,
    };
    submission::judge(&job.path, files, &candidates(job, bundles), given, settings.language, texts)
}

pub(super) fn read_files(job: &Job, settings: &Settings, progress: &mut impl FnMut(usize)) -> Vec<ReadFile> {
    let read = |(at, file): (usize, &PathBuf)| {
        if let Some((_, poison)) = job.poisoned.iter().find(|(poisoned, _)| *poisoned == at) {
            return poisoned(&shown(file), poison);
        }
        progress(at);
        read_file(file, settings)
    };
    job.files.iter().enumerate().map(read).collect()
}

fn candidates<'b>(job: &Job, bundles: &'b [Bundle]) -> Vec<&'b Bundle> {
    bundles.iter().filter(|bundle| job.candidates.contains(&bundle.mapping.id)).collect()
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

fn shown(path: &Path) -> Arc<str> {
    path::shown(path).into()
}

/// Reads one file from the disk. Whatever is wrong with it becomes findings.
pub fn read_file(path: &Path, settings: &Settings) -> ReadFile {
    let name = shown(path);
    if let Some(file) = pipeline::unsupported_file(&name) {
        return file;
    }
    match fs::read(path) {
        Ok(bytes) => pipeline::read_file(&name, &bytes, &settings.limits),
        // Asking for the whole file at once is refused, where a reader that grows is ended.
        Err(error) if error.kind() == std::io::ErrorKind::OutOfMemory => {
            let size = fs::metadata(path).map_or(0, |meta| meta.len() >> 20);
            let finding = read::over_limit(&name, Exceeded::Size(size));
            ReadFile { path: name, workbook: None, findings: vec![finding] }
        }
        Err(error) => {
            let finding = read::unreadable(&name, &reason(&error, settings.language));
            ReadFile { path: name, workbook: None, findings: vec![finding] }
        }
    }
}

/// A file that is not read because it took a worker down.
pub(super) fn poisoned(path: &Arc<str>, poison: &Poison) -> ReadFile {
    let finding = match poison {
        Poison::TimedOut(seconds) => read::over_limit(path, Exceeded::Seconds(*seconds)),
        Poison::OutOfMemory(mebibytes) => read::over_limit(path, Exceeded::Memory(*mebibytes)),
        Poison::Crashed(step, reason) => read::internal_error(path, *step, reason),
        Poison::Refused(reason) => read::unreadable(path, reason),
    };
    ReadFile { path: path.clone(), workbook: None, findings: vec![finding] }
}
