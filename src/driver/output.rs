//! Files are written whole or not at all.

use std::{
    fs,
    io::{self, BufWriter, IntoInnerError, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// Whether a file that is there may be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwrite {
    /// Never.
    No,
    /// Yes, the user said so.
    Yes,
}

/// Files that are being written.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Removes what is only half written, for a program that ends at once.
pub fn discard_unfinished() {
    for path in UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        // There is nobody left to tell.
        let _ = fs::remove_file(path);
    }
}

/// Notes a file as unfinished for as long as it lives.
struct Unfinished(PathBuf);

impl Unfinished {
    fn note(path: &Path) -> Self {
        UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).push(path.to_path_buf());
        Self(path.to_path_buf())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).retain(|path| *path != self.0);
    }
}

/// Whether a path is a device or a pipe: it is written to, and not replaced by a file.
pub fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| !meta.is_file() && !meta.is_dir())
}

/// Writes to a temporary file in the same folder and renames it, so that a reader sees the old file
/// or the new one and never half of it. A device or a pipe is written to as it is.
///
/// # Errors
/// `AlreadyExists` when the file is there and may not be replaced; else those of the disk.
pub fn write_file(path: &Path, bytes: &[u8], overwrite: Overwrite) -> io::Result<()> {
    write_with(path, overwrite, |out| out.write_all(bytes))
}

/// Like [`write_file`], for what is written bit by bit.
///
/// # Errors
/// Also those of `write`; nothing is left behind then.
pub fn write_with(
    path: &Path,
    overwrite: Overwrite,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    if is_device(path) {
        let mut out = BufWriter::new(fs::OpenOptions::new().write(true).open(path)?);
        write(&mut out)?;
        return out.flush();
    }
    if overwrite == Overwrite::No && fs::symlink_metadata(path).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let file = tempfile::Builder::new().prefix(".bieu-").suffix(".tmp").tempfile_in(folder)?;
    let _unfinished = Unfinished::note(file.path());
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    let file = out.into_inner().map_err(IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    readable_by_others(file.as_file())?;
    match overwrite {
        Overwrite::Yes => file.persist(path).map_err(|e| e.error)?,
        Overwrite::No => file.persist_noclobber(path).map_err(|e| e.error)?,
    };
    Ok(())
}

/// Temporary files are for their owner only; the result is an ordinary file.
#[cfg(unix)]
fn readable_by_others(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_others(_file: &fs::File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_existing_file_is_kept_unless_told_otherwise() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("a.txt");
        write_file(&path, b"one", Overwrite::No)?;
        let again = write_file(&path, b"two", Overwrite::No).map_err(|e| e.kind());
        assert_eq!(again, Err(io::ErrorKind::AlreadyExists));
        assert_eq!(fs::read(&path)?, b"one");
        write_file(&path, b"two", Overwrite::Yes)?;
        assert_eq!(fs::read(&path)?, b"two");
        assert_eq!(fs::read_dir(folder.path())?.count(), 1, "no temporary file is left");
        Ok(())
    }

    #[test]
    fn a_missing_folder_is_an_error() {
        let missing = Path::new("no/such/folder/a.txt");
        assert!(write_file(missing, b"", Overwrite::No).is_err());
    }
}
