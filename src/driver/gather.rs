//! Finds the files of submissions below the inputs.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

/// Endings of files that may hold a table. What they really are is told by their content.
const ENDINGS: &[&str] = &["xlsx", "xlsm", "xlsb", "xls", "ods", "csv", "tsv", "htm", "html", "xml"];

/// Files of one folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The folder.
    pub folder: PathBuf,
    /// Its files, by name.
    pub files: Vec<PathBuf>,
    /// Whether the whole folder was asked for, and not single files.
    pub whole: bool,
}

/// What was found below the inputs.
#[derive(Debug, Default)]
pub struct Gathered {
    /// Groups by folder.
    pub groups: Vec<Group>,
    /// Lock files, hidden files and files of other kinds that were passed over.
    pub skipped: u64,
    /// Inputs and folders that could not be read.
    pub failed: Vec<(PathBuf, io::Error)>,
}

/// Walks the inputs. A file that is named is always taken; below a folder only files that may hold
/// a table are. Links are followed, but no folder is entered twice.
pub fn gather(inputs: &[PathBuf]) -> Gathered {
    let mut gathered = Gathered::default();
    let mut groups: BTreeMap<PathBuf, (BTreeSet<PathBuf>, bool)> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for input in inputs {
        match fs::metadata(input) {
            Ok(meta) if meta.is_dir() => walk(input, &mut groups, &mut seen, &mut gathered),
            Ok(_) => {
                let folder = input.parent().map(Path::to_path_buf).unwrap_or_default();
                groups.entry(folder).or_default().0.insert(input.clone());
            }
            Err(error) => gathered.failed.push((input.clone(), error)),
        }
    }
    gathered.groups = groups
        .into_iter()
        .filter(|(_, (files, _))| !files.is_empty())
        .map(|(folder, (files, whole))| Group { folder, files: files.into_iter().collect(), whole })
        .collect();
    gathered
}

fn walk(
    folder: &Path,
    groups: &mut BTreeMap<PathBuf, (BTreeSet<PathBuf>, bool)>,
    seen: &mut BTreeSet<PathBuf>,
    gathered: &mut Gathered,
) {
    // The real path tells a loop of links.
    let real = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf());
    if !seen.insert(real) {
        return;
    }
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            gathered.failed.push((folder.to_path_buf(), error));
            return;
        }
    };
    let mut folders = Vec::new();
    for entry in entries {
        let path = match entry {
            Ok(entry) => entry.path(),
            Err(error) => {
                gathered.failed.push((folder.to_path_buf(), error));
                continue;
            }
        };
        if is_hidden(&path) {
            gathered.skipped += 1;
            continue;
        }
        match fs::metadata(&path) {
            Ok(meta) if meta.is_dir() => folders.push(path),
            Ok(_) if may_hold_a_table(&path) => {
                let group = groups.entry(folder.to_path_buf()).or_default();
                group.0.insert(path);
                group.1 = true;
            }
            Ok(_) => gathered.skipped += 1,
            Err(error) => gathered.failed.push((path, error)),
        }
    }
    folders.sort();
    for folder in folders {
        walk(&folder, groups, seen, gathered);
    }
}

/// `~$name.xlsx` and `.~lock.name.xlsx#` are made by office programs while a file is open.
fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().map(OsStr::to_string_lossy).unwrap_or_default();
    name.starts_with('.') || name.starts_with("~$")
}

fn may_hold_a_table(path: &Path) -> bool {
    let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_and_other_kinds_are_passed_over_and_folders_are_grouped() -> io::Result<()> {
        let root = tempfile::tempdir()?;
        let at = |name: &str| root.path().join(name);
        fs::create_dir(at("b"))?;
        for name in ["a.xlsx", "~$a.xlsx", ".~lock.a.xlsx#", "ghi-chu.docx", "mapping.toml", "b/c.CSV"] {
            fs::write(at(name), "")?;
        }
        let gathered = gather(&[root.path().to_path_buf()]);
        assert_eq!(gathered.skipped, 4);
        assert!(gathered.failed.is_empty());
        let names: Vec<_> = gathered.groups.iter().flat_map(|g| &g.files).collect();
        assert_eq!(names, [&at("a.xlsx"), &at("b/c.CSV")]);
        assert_eq!(gathered.groups.len(), 2);
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_loop_of_links_ends() -> io::Result<()> {
        let root = tempfile::tempdir()?;
        fs::write(root.path().join("a.csv"), "")?;
        std::os::unix::fs::symlink(root.path(), root.path().join("again"))?;
        let gathered = gather(&[root.path().to_path_buf()]);
        assert_eq!(gathered.groups.iter().map(|g| g.files.len()).sum::<usize>(), 1);
        Ok(())
    }

    #[test]
    fn a_missing_input_is_reported() {
        let gathered = gather(&[PathBuf::from("no/such/folder")]);
        assert_eq!(gathered.failed.len(), 1);
    }
}
