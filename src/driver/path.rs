//! Paths as they go to the workers and as people see them. A name that is no Unicode (a disk from
//! another system, an old archive) is a name all the same: its file has to be opened by it.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

/// A path for people: as it is written, but never nothing.
pub fn shown(path: &Path) -> String {
    let text = written(path);
    if text.is_empty() { ".".to_owned() } else { text }
}

/// A path as reports, files and messages have it, the same on every system: parted by `/`. Bytes that are no
/// Unicode stand there as `\xFF`, so that two of them stay two. What is compared with a path of a report has to
/// be written by this too.
pub fn written(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        // Elsewhere `\` is a letter like any other.
        if cfg!(windows) {
            text.push_str(&chunk.valid().replace('\\', "/"));
        } else {
            text.push_str(chunk.valid());
        }
        chunk.invalid().iter().for_each(|byte| text.push_str(&format!("\\x{byte:02X}")));
    }
    if cfg!(windows) { without_mark(text) } else { text }
}

/// A path parted by `/` without the `//?/` that Windows puts before real and before long paths. What nothing
/// else names, such as a disk without a letter, keeps it.
fn without_mark(path: String) -> String {
    let Some(rest) = path.strip_prefix("//?/") else { return path };
    if let Some(share) = rest.strip_prefix("UNC/") {
        return format!("//{share}");
    }
    let mut letters = rest.chars();
    let has_drive = letters.next().is_some_and(|letter| letter.is_ascii_alphabetic()) && letters.next() == Some(':');
    if has_drive { rest.to_owned() } else { path }
}

/// As text where it is one, else as the units that the system has names in.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Sent {
    Text(String),
    Units(Vec<Unit>),
}

#[cfg(windows)]
type Unit = u16;
#[cfg(not(windows))]
type Unit = u8;

#[cfg(unix)]
fn units(path: &Path) -> Vec<Unit> {
    std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()).to_vec()
}

#[cfg(unix)]
fn name(units: Vec<Unit>) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(units)
}

#[cfg(windows)]
fn units(path: &Path) -> Vec<Unit> {
    std::os::windows::ffi::OsStrExt::encode_wide(path.as_os_str()).collect()
}

#[cfg(windows)]
fn name(units: Vec<Unit>) -> OsString {
    std::os::windows::ffi::OsStringExt::from_wide(&units)
}

#[cfg(not(any(unix, windows)))]
fn units(path: &Path) -> Vec<Unit> {
    path.to_string_lossy().into_owned().into_bytes()
}

#[cfg(not(any(unix, windows)))]
fn name(units: Vec<Unit>) -> OsString {
    String::from_utf8_lossy(&units).into_owned().into()
}

impl From<&PathBuf> for Sent {
    fn from(path: &PathBuf) -> Self {
        path.to_str().map_or_else(|| Self::Units(units(path)), |text| Self::Text(text.to_owned()))
    }
}

impl From<Sent> for PathBuf {
    fn from(sent: Sent) -> Self {
        match sent {
            Sent::Text(text) => text.into(),
            Sent::Units(units) => name(units).into(),
        }
    }
}

/// For fields that are a list of paths.
pub(super) mod list {
    use std::path::PathBuf;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Sent;

    pub(in crate::driver) fn serialize<S: Serializer>(paths: &[PathBuf], serializer: S) -> Result<S::Ok, S::Error> {
        paths.iter().map(Sent::from).collect::<Vec<_>>().serialize(serializer)
    }

    pub(in crate::driver) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PathBuf>, D::Error> {
        Ok(Vec::<Sent>::deserialize(deserializer)?.into_iter().map(PathBuf::from).collect())
    }
}

/// For fields that are a path or none.
pub(super) mod option {
    use std::path::PathBuf;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Sent;

    #[allow(clippy::ref_option, reason = "serde gives the field as it is")]
    pub(in crate::driver) fn serialize<S: Serializer>(
        path: &Option<PathBuf>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        path.as_ref().map(Sent::from).serialize(serializer)
    }

    pub(in crate::driver) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<PathBuf>, D::Error> {
        Ok(Option::<Sent>::deserialize(deserializer)?.map(PathBuf::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_of_windows_is_not_shown() {
        for (path, is) in [
            ("//?/C:/so lieu/a.xlsx", "C:/so lieu/a.xlsx"),
            ("//?/UNC/may-chu/chung/a.xlsx", "//may-chu/chung/a.xlsx"),
            ("//?/Volume{1}/a.xlsx", "//?/Volume{1}/a.xlsx"),
            ("//./PIPE/a", "//./PIPE/a"),
            ("//may-chu/chung", "//may-chu/chung"),
            ("C:/a", "C:/a"),
            ("//?/", "//?/"),
        ] {
            assert_eq!(without_mark(path.to_owned()), is);
        }
    }

    #[test]
    fn paths_are_parted_alike_on_every_system() {
        let path = Path::new("nop").join("xã").join("a.xlsx");
        assert_eq!(shown(&path), "nop/xã/a.xlsx");
        let backwards = shown(Path::new("nop\\xa.xlsx"));
        assert_eq!(backwards, if cfg!(windows) { "nop/xa.xlsx" } else { "nop\\xa.xlsx" });
        assert_eq!((&*shown(Path::new("")), &*written(Path::new(""))), (".", ""));
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_no_unicode_comes_back_and_is_shown() -> Result<(), serde_json::Error> {
        for (bytes, text) in
            [(&b"xa-\xFF\xFE/m\xF4t.csv"[..], "xa-\\xFF\\xFE/m\\xF4t.csv"), ("xã.csv".as_bytes(), "xã.csv")]
        {
            let path = PathBuf::from(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes));
            let sent = serde_json::to_string(&Sent::from(&path))?;
            assert_eq!(PathBuf::from(serde_json::from_str::<Sent>(&sent)?), path);
            assert_eq!(shown(&path), text);
        }
        Ok(())
    }
}
