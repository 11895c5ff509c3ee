//! The folder in which the program keeps what it has to remember: settings, copies, steps of work.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    sync::Mutex,
    time::{SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};

use super::lock;
use crate::{
    driver::{Overwrite, shown, write_file},
    values::language::Language,
};

/// Folders that are remembered.
const MOST_RECENT: usize = 12;
/// Seconds for which copies of dropped files are kept.
const COPIES_LAST: u64 = 30 * 86_400;
const SETTINGS: &str = "app-settings.json";

/// What is remembered between runs. What cannot be read is as if it had never been set.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Settings {
    pub(super) lang: Option<Language>,
    /// Who signs suppressions.
    pub(super) name: String,
    pub(super) theme: String,
    pub(super) recent: Vec<Recent>,
}

/// A folder that was opened.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Recent {
    pub(super) path: String,
    pub(super) name: String,
    /// Seconds since 1970.
    pub(super) when: u64,
}

/// The folder, and the settings in it.
pub(super) struct Home {
    pub(super) path: PathBuf,
    settings: Mutex<Settings>,
}

/// Seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Where it is; none where the system names no place for it.
pub(super) fn place() -> Option<PathBuf> {
    let named = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let own = named("BIEU_HOME");
    let system = || {
        if cfg!(windows) {
            named("LOCALAPPDATA").map(|path| path.join("bieu"))
        } else if cfg!(target_os = "macos") {
            named("HOME").map(|path| path.join("Library/Application Support/bieu"))
        } else {
            named("XDG_STATE_HOME")
                .or_else(|| named("HOME").map(|path| path.join(".local/state")))
                .map(|path| path.join("bieu"))
        }
    };
    own.or_else(system)
}

/// Makes a folder that only its owner may look into.
pub(super) fn private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

impl Home {
    pub(super) fn open() -> io::Result<Self> {
        let path = place().ok_or(io::ErrorKind::NotFound)?;
        private_folder(&path)?;
        let text = fs::read_to_string(path.join(SETTINGS)).unwrap_or_default();
        let settings = serde_json::from_str(&text).unwrap_or_default();
        Ok(Self { path, settings: Mutex::new(settings) })
    }

    pub(super) fn settings(&self) -> Settings {
        lock(&self.settings).clone()
    }

    pub(super) fn language(&self) -> Option<Language> {
        lock(&self.settings).lang
    }

    pub(super) fn set_language(&self, language: Language) {
        self.change(|settings| settings.lang = Some(language));
    }

    /// Changes the settings. Where they cannot be kept they hold for this run.
    pub(super) fn change(&self, change: impl FnOnce(&mut Settings)) {
        let mut settings = lock(&self.settings);
        change(&mut settings);
        let text = serde_json::to_string_pretty(&*settings).unwrap_or_default();
        let _ = write_file(&self.path.join(SETTINGS), text.as_bytes(), Overwrite::Yes);
    }

    pub(super) fn remember(&self, path: &Path) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let own = Recent { path: shown(path), name, when: now() };
        self.change(|settings| {
            settings.recent.retain(|known| known.path != own.path);
            settings.recent.insert(0, own);
            settings.recent.truncate(MOST_RECENT);
        });
    }

    /// Removes what another run made for its page, and copies that nobody came back to.
    pub(super) fn clear(&self) {
        let _ = fs::remove_dir_all(self.path.join("downloads"));
        for entry in fs::read_dir(self.path.join("copies")).into_iter().flatten().flatten() {
            // A copy is named for when it was made.
            let name = entry.file_name();
            let made = name.to_str().and_then(|name| name.split_once('-')?.0.parse::<u64>().ok());
            if made.is_some_and(|made| made + COPIES_LAST < now()) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }

    /// A folder for work of one kind, made where it is not there.
    pub(super) fn work(&self, kind: &str) -> io::Result<PathBuf> {
        let path = self.path.join(kind);
        private_folder(&path)?;
        Ok(path)
    }
}
