//! Sees what changes in a folder.
//!
//! Programs save by overwriting, by renaming a new file over the old one, or by deleting and creating, and
//! what the system tells of it differs and gets lost. So events only say that it is time to look; what has
//! changed is told by the files' hashes. A file is read whole and closed at once, with all sharing allowed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::mpsc::Sender,
    time::{Duration, Instant, SystemTime},
};

use notify::{
    EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode},
};

use crate::driver::{discover, written};

/// A file that is gone may be in the middle of being saved.
pub(super) const GONE_AFTER: Duration = Duration::from_millis(1200);
/// A file that another program keeps to itself is waited for this long.
const LOCKED_FOR: Duration = Duration::from_secs(30);
/// Largest files by whose bytes changes are told; larger ones by size and time.
const MOST_HASHED: u64 = 512 << 20;

/// A file as it was read last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
    digest: Option<[u8; 32]>,
}

impl Stamp {
    /// The hash of its bytes, where it could be read.
    pub(super) const fn digest(&self) -> Option<[u8; 32]> {
        self.digest
    }
}

/// The files of a folder.
pub(super) type Stamps = BTreeMap<PathBuf, Stamp>;

/// What a look at a folder shows.
#[derive(Debug, Default)]
pub(super) struct Look {
    pub(super) stamps: Stamps,
    /// Files that are, or may be, in the middle of being saved.
    pub(super) pending: bool,
}

/// What differs between two looks, by name as seen from the folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    pub(super) changed: Vec<String>,
    pub(super) added: Vec<String>,
    pub(super) removed: Vec<String>,
}

impl Changes {
    pub(super) fn is_empty(&self) -> bool {
        self.changed.is_empty() && self.added.is_empty() && self.removed.is_empty()
    }

    pub(super) fn between(folder: &Path, old: &Stamps, new: &Stamps) -> Self {
        let name = |path: &PathBuf| {
            let below = path.strip_prefix(folder).ok().filter(|below| !below.as_os_str().is_empty());
            let name = below.map_or_else(|| path.file_name().unwrap_or_default().into(), Path::to_path_buf);
            written(&name)
        };
        let differs = |path: &PathBuf, stamp: &Stamp| old.get(path).is_some_and(|known| known.digest != stamp.digest);
        Self {
            changed: new.iter().filter(|(path, stamp)| differs(path, stamp)).map(|(path, _)| name(path)).collect(),
            added: new.keys().filter(|path| !old.contains_key(*path)).map(name).collect(),
            removed: old.keys().filter(|path| !new.contains_key(*path)).map(name).collect(),
        }
    }
}

/// Looks at a folder, or a single file, again and again.
#[derive(Debug, Default)]
pub(super) struct Looker {
    gone: BTreeMap<PathBuf, Instant>,
    locked: BTreeMap<PathBuf, Instant>,
}

impl Looker {
    /// Files with their hashes. Where `thorough`, every file is read again; else those whose size or time
    /// differ from what is known.
    pub(super) fn look(&mut self, folder: &Path, known: &Stamps, thorough: bool) -> Look {
        let mut look = Look::default();
        for path in files(folder) {
            let old = known.get(&path);
            let meta = fs::metadata(&path);
            let stamp = match meta {
                Ok(meta) if !thorough && old.is_some_and(|old| is_same(old, &meta)) => old.cloned(),
                Ok(_) => match read(&path) {
                    Ok(stamp) => {
                        self.locked.remove(&path);
                        Some(stamp)
                    }
                    Err(error) if is_locked(&error) => {
                        let since = *self.locked.entry(path.clone()).or_insert_with(Instant::now);
                        look.pending |= since.elapsed() < LOCKED_FOR;
                        old.cloned().or(Some(Stamp { length: 0, modified: None, digest: None }))
                    }
                    Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                    Err(_) => Some(Stamp { length: 0, modified: None, digest: None }),
                },
                Err(_) => None,
            };
            let Some(stamp) = stamp else { continue };
            // Emptied, and not yet written.
            if stamp.length == 0 && stamp.digest.is_some() && old.is_some_and(|old| old.length > 0) {
                continue;
            }
            look.stamps.insert(path, stamp);
        }
        self.gone.retain(|path, _| !look.stamps.contains_key(path));
        for (path, stamp) in known {
            if look.stamps.contains_key(path) {
                continue;
            }
            let since = *self.gone.entry(path.clone()).or_insert_with(Instant::now);
            if since.elapsed() < GONE_AFTER {
                look.pending = true;
                look.stamps.insert(path.clone(), stamp.clone());
            } else if let Ok(empty) = read(path) {
                // It is there, and empty for good.
                look.stamps.insert(path.clone(), empty);
            }
        }
        look
    }
}

/// What decides a judgement: the tables below a folder, and the mappings and suppressions beside them.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let gathered = discover(&[folder.to_path_buf()]);
    let mut beside: BTreeSet<PathBuf> = gathered.groups.iter().map(|group| group.folder.clone()).collect();
    if folder.is_dir() {
        beside.insert(folder.to_path_buf());
    }
    let mut files: BTreeSet<PathBuf> = gathered.groups.into_iter().flat_map(|group| group.files).collect();
    for folder in beside {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        files.extend(entries.filter(|path| path.extension().is_some_and(|ending| ending == "toml")));
    }
    files
}

fn is_same(old: &Stamp, meta: &fs::Metadata) -> bool {
    old.digest.is_some() && old.length == meta.len() && old.modified == meta.modified().ok()
}

/// Windows says so where Excel, or a scanner of viruses, holds a file.
fn is_locked(error: &io::Error) -> bool {
    cfg!(windows) && matches!(error.raw_os_error(), Some(5 | 32 | 33))
        || matches!(error.kind(), io::ErrorKind::ResourceBusy | io::ErrorKind::Interrupted)
}

fn read(path: &Path) -> io::Result<Stamp> {
    // Opened with all sharing allowed, which is how the standard library opens on Windows.
    let mut file = fs::File::open(path)?;
    let meta = file.metadata()?;
    if !meta.is_file() {
        return Ok(Stamp { length: meta.len(), modified: meta.modified().ok(), digest: None });
    }
    let mut hasher = blake3::Hasher::new();
    if meta.len() > MOST_HASHED {
        hasher.update(format!("{} {:?}", meta.len(), meta.modified().ok()).as_bytes());
    } else {
        let mut buffer = vec![0; 1 << 16];
        let mut left = MOST_HASHED;
        loop {
            let count = file.read(&mut buffer)?;
            hasher.update(&buffer[..count]);
            left = left.saturating_sub(count as u64);
            if count == 0 || left == 0 {
                break;
            }
        }
    }
    Ok(Stamp { length: meta.len(), modified: meta.modified().ok(), digest: Some(*hasher.finalize().as_bytes()) })
}

/// Something to do for whoever keeps a folder judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wake {
    /// Something may have changed.
    Look,
    /// Judge again, whether or not anything has.
    Judge,
}

/// Wakes whoever keeps a folder judged. None on a disk of another machine, whose changes this one is not
/// told: there the looks alone have to do.
pub(super) fn listen(folder: &Path, wake: Sender<Wake>) -> Option<RecommendedWatcher> {
    if is_remote(folder) {
        return None;
    }
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // Reading, the program's own too, changes nothing; the end of writing is told as an access.
        let is_reading = event.is_ok_and(|event| {
            event.kind.is_access() && event.kind != EventKind::Access(AccessKind::Close(AccessMode::Write))
        });
        if !is_reading {
            let _ = wake.send(Wake::Look);
        }
    })
    .ok()?;
    // Of a single file its folder: what is renamed over it is another file.
    let (place, mode) = if folder.is_dir() {
        (folder, RecursiveMode::Recursive)
    } else {
        (folder.parent()?, RecursiveMode::NonRecursive)
    };
    watcher.watch(place, mode).ok()?;
    Some(watcher)
}

/// File systems of other machines.
const REMOTE: [&str; 10] = ["nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "vboxsf", "afs", "ceph", "davfs"];

/// Whether a folder lies on another machine.
fn is_remote(folder: &Path) -> bool {
    let real = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf());
    if cfg!(windows) {
        return real.to_string_lossy().starts_with(r"\\?\UNC\") || folder.to_string_lossy().starts_with(r"\\");
    }
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    let mount = mounts
        .lines()
        .filter_map(|line| {
            let mut parts = line.split(' ').skip(1);
            Some((parts.next()?.replace("\\040", " "), parts.next()?))
        })
        .filter(|(place, _)| real.starts_with(place))
        .max_by_key(|(place, _)| place.len());
    mount.is_some_and(|(_, kind)| REMOTE.contains(&kind) || kind.starts_with("fuse."))
}
