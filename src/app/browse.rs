//! The chooser: which folders the page may show and open.
//!
//! Only what lies below the person's own folders and disks, by its real path: a link does not lead out, and
//! a name on another machine is never looked up, since that alone would hand it the person's credentials.

use std::{
    env, fs,
    path::{Component, Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
    time::UNIX_EPOCH,
};

use serde_json::{Value, json};

use super::{fault::Fault, home::Home, lock};
use crate::{
    driver::{is_hidden, may_hold_a_table, shown},
    values::language::{Language, say},
};

/// Entries that are shown of one folder.
const MOST_ENTRIES: usize = 2000;

/// What may be chosen from.
pub(super) struct Chooser {
    roots: Arc<Mutex<Vec<(PlaceKind, PathBuf)>>>,
    /// What a start was given, and what was opened before: chosen once, it may be chosen again.
    chosen: Arc<Mutex<Vec<PathBuf>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PlaceKind {
    Documents,
    Desktop,
    Downloads,
    Home,
    Here,
    Disk,
}

impl PlaceKind {
    fn name(self, path: &Path, language: Language) -> String {
        let own = || path.file_name().map_or_else(|| shown(path), |name| shown(Path::new(name)));
        match self {
            Self::Documents => say!(language, "Tài liệu", "Documents"),
            Self::Desktop => say!(language, "Màn hình nền", "Desktop"),
            Self::Downloads => say!(language, "Tải xuống", "Downloads"),
            Self::Home => say!(language, "Thư mục cá nhân", "Home folder"),
            Self::Here | Self::Disk => own(),
        }
    }
}

/// The real path of what is there, without the prefix that Windows puts before it.
pub(super) fn real(path: &Path) -> std::io::Result<PathBuf> {
    let real = fs::canonicalize(path)?;
    let is_plain = !cfg!(windows) || real.to_str().is_none();
    // Children are started there, and Windows starts none where such a prefix stands.
    Ok(if is_plain { real } else { PathBuf::from(shown(&real).replace('/', "\\")) })
}

/// The person's folders by their names on Linux: `XDG_DOCUMENTS_DIR="$HOME/Tài liệu"`.
fn user_folder(home: &Path, key: &str, usual: &str) -> PathBuf {
    let config = env::var_os("XDG_CONFIG_HOME").map_or_else(|| home.join(".config"), PathBuf::from);
    let text = fs::read_to_string(config.join("user-dirs.dirs")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.trim().strip_prefix(key)?.strip_prefix('='));
    let named = line.map(|value| value.trim().trim_matches('"')).and_then(|value| {
        value
            .strip_prefix("$HOME/")
            .map_or_else(|| value.starts_with('/').then(|| value.into()), |rest| Some(home.join(rest)))
    });
    named.unwrap_or_else(|| home.join(usual))
}

/// The person's own folders.
fn own_roots() -> Vec<(PlaceKind, PathBuf)> {
    let mut roots = Vec::new();
    let home = env::var_os(if cfg!(windows) { "USERPROFILE" } else { "HOME" }).map(PathBuf::from);
    if let Some(home) = &home {
        if let Some(cloud) = env::var_os("OneDrive").map(PathBuf::from).filter(|_| cfg!(windows)) {
            roots.push((PlaceKind::Documents, cloud.join("Documents")));
            roots.push((PlaceKind::Desktop, cloud.join("Desktop")));
        }
        roots.push((PlaceKind::Documents, user_folder(home, "XDG_DOCUMENTS_DIR", "Documents")));
        roots.push((PlaceKind::Desktop, user_folder(home, "XDG_DESKTOP_DIR", "Desktop")));
        roots.push((PlaceKind::Downloads, user_folder(home, "XDG_DOWNLOAD_DIR", "Downloads")));
        roots.push((PlaceKind::Home, home.clone()));
    }
    if let Ok(here) = env::current_dir()
        && here.parent().is_some()
    {
        roots.push((PlaceKind::Here, here));
    }
    roots
}

/// The disks of the machine.
fn disks() -> Vec<(PlaceKind, PathBuf)> {
    let mut roots = Vec::new();
    if cfg!(windows) {
        roots.extend(('A'..='Z').map(|letter| (PlaceKind::Disk, PathBuf::from(format!("{letter}:\\")))));
    } else {
        let below = |folder: PathBuf| {
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            entries.map(|entry| (PlaceKind::Disk, entry.path())).filter(|(_, path)| path.is_dir())
        };
        let user = env::var_os("USER").unwrap_or_default();
        roots.extend(below(Path::new("/media").join(&user)));
        roots.extend(below(Path::new("/run/media").join(&user)));
        roots.extend(below("/mnt".into()));
        roots.extend(below("/Volumes".into()).filter(|_| cfg!(target_os = "macos")));
    }
    roots
}

/// Those that are there, each once.
fn there(roots: Vec<(PlaceKind, PathBuf)>) -> Vec<(PlaceKind, PathBuf)> {
    let mut known: Vec<(PlaceKind, PathBuf)> =
        roots.into_iter().filter_map(|(kind, path)| Some((kind, real(&path).ok()?))).collect();
    // A documents folder that is not there is said to be the home folder itself.
    let is_double = |at: usize| {
        known.iter().enumerate().any(|(other, (kind, path))| {
            *path == known[at].1
                && other != at
                && (other < at || *kind == PlaceKind::Home && known[at].0 != PlaceKind::Here)
        })
    };
    let mut kept = (0..known.len()).map(|at| !is_double(at) && known[at].1.is_dir()).collect::<Vec<_>>().into_iter();
    known.retain(|_| kept.next().unwrap_or(false));
    known
}

impl Chooser {
    pub(super) fn new(home: &Home) -> Self {
        let chooser = Self { roots: Arc::new(Mutex::new(there(own_roots()))), chosen: Arc::default() };
        let (roots, chosen, recent) = (Arc::clone(&chooser.roots), Arc::clone(&chooser.chosen), home.settings().recent);
        // A disk of another machine that does not answer must not hold up the start.
        thread::spawn(move || {
            for known in recent {
                if let Ok(real) = real(Path::new(&known.path)) {
                    lock(&chosen).push(real);
                }
            }
            for disk in there(disks()) {
                let mut roots = lock(&roots);
                if roots.iter().all(|(_, known)| *known != disk.1) {
                    roots.push(disk);
                }
            }
        });
        chooser
    }

    /// Lets a path be opened that the person named to the program itself.
    pub(super) fn permit(&self, path: &Path) -> Result<PathBuf, Fault> {
        let real = real(path).map_err(|error| Fault::disk(path, &error))?;
        lock(&self.chosen).push(real.clone());
        Ok(real)
    }

    /// The real path of what a request names, where the chooser shows it.
    pub(super) fn allow(&self, path: &str) -> Result<PathBuf, Fault> {
        let is_remote = path.starts_with("//") || path.starts_with(r"\\") || path.starts_with(r"/\");
        if is_remote || path.contains('\0') || !Path::new(path).is_absolute() {
            return Err(Fault::Outside);
        }
        let path = Path::new(path);
        if path.components().any(|part| part == Component::ParentDir) {
            return Err(Fault::Outside);
        }
        let is_chosen = |real: &Path| lock(&self.chosen).iter().any(|chosen| real.starts_with(chosen));
        let is_shown = |real: &Path| {
            lock(&self.roots).iter().any(|(_, root)| {
                real.strip_prefix(root)
                    .is_ok_and(|below| !below.components().any(|part| is_hidden(Path::new(part.as_os_str()))))
            })
        };
        // Whether something is there is nobody's business where it may not be opened.
        if let Ok(real) = real(path) {
            if is_chosen(&real) || is_shown(&real) { Ok(real) } else { Err(Fault::Outside) }
        } else if is_chosen(path) || is_shown(path) {
            Err(Fault::disk(path, &std::io::ErrorKind::NotFound.into()))
        } else {
            Err(Fault::Outside)
        }
    }

    /// What a folder holds, for the page; without a path the first root.
    pub(super) fn list(&self, path: Option<&str>, language: Language) -> Result<Value, Fault> {
        let folder = match path {
            Some(path) => self.allow(path)?,
            None => lock(&self.roots).first().map(|(_, path)| path.clone()).ok_or(Fault::Outside)?,
        };
        let entries = fs::read_dir(&folder).map_err(|error| Fault::disk(&folder, &error))?;
        let mut found: Vec<(bool, String, Value)> = Vec::new();
        let (mut workbooks, mut truncated) = (0usize, false);
        for entry in entries.flatten() {
            let path = entry.path();
            // A name that is no text cannot be named by the page.
            let (Some(name), Ok(meta)) = (entry.file_name().to_str().map(str::to_owned), fs::metadata(&path)) else {
                continue;
            };
            if is_hidden(&path) {
                continue;
            }
            let kind = if meta.is_dir() {
                "folder"
            } else if meta.is_file() && may_hold_a_table(&path) {
                workbooks += 1;
                "workbook"
            } else if meta.is_file() && path.extension().is_some_and(|ending| ending == "toml") {
                "mapping"
            } else {
                continue;
            };
            if found.len() >= MOST_ENTRIES {
                truncated = true;
                continue;
            }
            let modified = meta.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
            let value = json!({
                "name": name, "path": shown(&path), "kind": kind, "size": meta.len(),
                "modified": modified.map(|since| since.as_secs()),
            });
            found.push((kind != "folder", crate::values::text::fold(&name), value));
        }
        found.sort_by(|(a, a_name, _), (b, b_name, _)| (a, a_name).cmp(&(b, b_name)));
        let parent = folder.parent().filter(|parent| parent.to_str().is_some_and(|text| self.allow(text).is_ok()));
        let roots: Vec<Value> = lock(&self.roots)
            .iter()
            .filter(|(_, path)| path.to_str().is_some())
            .map(|(kind, path)| json!({ "name": kind.name(path, language), "path": shown(path) }))
            .collect();
        Ok(json!({
            "path": shown(&folder),
            "parent": parent.map(shown),
            "roots": roots,
            "entries": found.into_iter().map(|(.., value)| value).collect::<Vec<_>>(),
            "workbooks": workbooks,
            "truncated": truncated,
        }))
    }
}
