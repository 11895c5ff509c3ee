//! From the files of a folder to judged submissions.

use std::{fs, path::Path, path::PathBuf, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    discover::Group,
    library::{self, Bundle},
    path,
    reason::reason,
};
use crate::{
    extract::{self, Extract, Texts},
    line::pipeline::{self, Basis, Fit, Judged, ReadFile},
    model::{
        finding::{Facts, Finding, Place, Severity},
        reading::Previous,
        report::Submission,
    },
    read::{self, Disagreement, Exceeded, Limits, Step},
    values::language::{Language, say},
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

/// One submission, judged, with what is needed to write it.
#[derive(Debug)]
pub enum Outcome {
    /// A mapping was found.
    Judged(Box<Judged>, Bundle),
    /// None fits, or several fit equally well; the candidates are named.
    Unmapped(Box<Submission>, Vec<String>),
}

impl Outcome {
    /// What reports show.
    pub fn submission(&self) -> &Submission {
        match self {
            Self::Judged(judged, _) => &judged.submission,
            Self::Unmapped(submission, _) => submission,
        }
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

/// Judges every submission of a folder in this process.
pub fn judge_group(group: &Group, bundles: &[Bundle], settings: &Settings) -> Vec<Outcome> {
    let texts = Texts::default();
    plan(group, bundles, true).iter().map(|job| judge_job(job, bundles, &[], settings, &texts, |_| ())).collect()
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
    let previous = job.previous.as_deref().map(|previous| {
        let files = read_files(previous, settings, &mut |at| progress(job.files.len() + at));
        let candidates = candidates(previous, before);
        let chosen = choose(&files, &candidates, previous.named, None, texts);
        let mut findings: Vec<Finding> =
            files.into_iter().filter(|file| file.workbook.is_none()).flat_map(|file| file.findings).collect();
        let chosen = chosen.map_err(|names| findings.push(no_mapping(&previous.path, &names)));
        (chosen.ok(), findings)
    });
    progress(job.reads());
    judge_files(job, files, &candidates(job, bundles), previous, settings, texts)
}

/// What was reported for the period before, where it could be read; else what was wrong with it.
type Before = (Option<(Extract, Bundle)>, Vec<Finding>);

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
    if let Some(format) = read::unsupported(&name) {
        return ReadFile { findings: vec![extract::unsupported_file(&name, format)], path: name, workbook: None };
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

fn judge_files(
    job: &Job,
    files: Vec<ReadFile>,
    candidates: &[&Bundle],
    previous: Option<Before>,
    settings: &Settings,
    texts: &Texts,
) -> Outcome {
    let path = &job.path;
    let (before, mut findings) = previous.unwrap_or_default();
    let previous =
        before.as_ref().map(|(extract, bundle)| Previous { catalogue: &bundle.catalogue, dataset: &extract.dataset });
    match choose(&files, candidates, job.named, previous, texts) {
        Ok((mut extract, bundle)) => {
            extract.findings.append(&mut findings);
            extract.findings.extend(job.opinion.iter().filter_map(read::readers_disagree));
            let (mapping, catalogue) = (&bundle.mapping, &bundle.catalogue);
            // The program has read them before without a mistake.
            let suppressions = job.suppressions.as_ref().and_then(|path| library::suppressions(path).ok());
            let suppressions = suppressions.as_ref();
            let basis = Basis { mapping, catalogue, previous, suppressions };
            let judged = pipeline::judge(path, files, extract, basis, settings.language);
            Outcome::Judged(Box::new(judged), bundle)
        }
        Err(names) => {
            let findings =
                if files.iter().any(|f| f.workbook.is_some()) { vec![no_mapping(path, &names)] } else { Vec::new() };
            Outcome::Unmapped(Box::new(pipeline::unmapped(path, files, findings, settings.language)), names)
        }
    }
}

/// The mapping that takes most; the candidates when none takes anything or two take the same.
fn choose(
    files: &[ReadFile],
    candidates: &[&Bundle],
    named: bool,
    previous: Option<Previous<'_>>,
    texts: &Texts,
) -> Result<(Extract, Bundle), Vec<String>> {
    let mut tried: Vec<(Fit, Extract, &Bundle)> = candidates
        .iter()
        .map(|bundle| {
            let (mapping, catalogue) = (&bundle.mapping, &bundle.catalogue);
            let (extract, fit) = pipeline::try_mapping(files, mapping, catalogue, previous, texts);
            (fit, extract, *bundle)
        })
        .collect();
    tried.sort_by_key(|(fit, ..)| std::cmp::Reverse(*fit));
    let names = |fits: &[(Fit, Extract, &Bundle)]| fits.iter().map(|(_, _, b)| b.mapping.id.to_string()).collect();
    let readable = files.iter().any(|f| f.workbook.is_some());
    match tried.as_slice() {
        [] => return Err(Vec::new()),
        // With one candidate and nothing readable, what is wrong is the files.
        [_] if named || !readable => {}
        [(fit, ..), ..] if fit.readings == 0 => return Err(names(&tried)),
        [(best, ..), (second, ..), ..] if best == second => {
            let tied = tried.iter().take_while(|(fit, ..)| fit == best).count();
            return Err(names(&tried[..tied]));
        }
        [..] => {}
    }
    tried.into_iter().next().map(|(_, extract, bundle)| (extract, bundle.clone())).ok_or_else(Vec::new)
}

/// No mapping could be chosen among those that were considered.
#[derive(Debug)]
struct NoMapping {
    candidates: Vec<String>,
}

impl Facts for NoMapping {
    fn message(&self, language: Language) -> String {
        let list = if self.candidates.is_empty() { "-".to_owned() } else { self.candidates.join(", ") };
        say!(
            language,
            "chưa có bảng ánh xạ phù hợp với bộ số liệu này (đã thử: {list})",
            "no mapping could be chosen for this submission (considered: {list})"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "tạo bảng ánh xạ cho thư mục bằng lệnh bieu draft; nếu đã có, chỉ rõ bằng -m hoặc đặt mapping.toml vào thư mục",
            "make a mapping for the folder with bieu draft; if there is one, name it with -m or put it into the folder as mapping.toml"
        )
    }
}

fn no_mapping(path: &Arc<str>, candidates: &[String]) -> Finding {
    let mut finding = Finding::new(extract::unmapped_file_code(), NoMapping { candidates: candidates.to_vec() })
        .at(Place::file(path))
        .fingerprinted(&["no-mapping"])
        .formerly(&["no-mapping", path]);
    // Where no mapping even looks at files of this name, the file is merely not of the form.
    if !candidates.is_empty() {
        finding.severity = Severity::Error;
    }
    finding
}
