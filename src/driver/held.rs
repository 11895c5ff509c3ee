//! What a run must never write to: the files that its inputs hold.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::discover::Discovered;

/// Files and folders that a run reads from.
#[derive(Debug, Default)]
pub struct Held {
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

/// Whether something may be written to a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// No input has a file there.
    Free,
    /// It is this file, which the run reads.
    File(PathBuf),
    /// There is a file, and it lies in this folder of the inputs. Whether it is a source nobody can
    /// tell by its name, for mappings take what files they like.
    Inside(PathBuf),
}

impl Held {
    /// What is read where these are named, with the `mapping.toml` and the `bieu.toml` beside files.
    pub fn inputs<'a>(inputs: impl IntoIterator<Item = &'a Path>) -> Self {
        let mut held = Self::default();
        for input in inputs {
            if input.is_dir() {
                held.folders.push(input.to_path_buf());
            } else {
                held.files.extend(["mapping.toml", "bieu.toml"].map(|name| input.with_file_name(name)));
                held.files.push(input.to_path_buf());
            }
        }
        held
    }

    /// A mapping, or a folder of mappings, of which only these files are read.
    pub fn add_mapping(&mut self, path: &Path) {
        if !path.is_dir() {
            self.files.push(path.to_path_buf());
        } else if let Ok(entries) = fs::read_dir(path) {
            let paths = entries.flatten().map(|entry| entry.path());
            self.files.extend(paths.filter(|path| path.extension().is_some_and(|ending| ending == "toml")));
        }
    }

    /// A file that is read, too.
    pub fn add_file(&mut self, path: &Path) {
        self.files.push(path.to_path_buf());
    }

    /// Whether something may be written to a path: by where it is, what it leads to, and which file it
    /// is, whatever it is called.
    pub fn claim(&self, output: &Path) -> Claim {
        let is_there = fs::symlink_metadata(output).is_ok();
        let own = identity(output);
        let is_own = |file: &Path| same_place(file, output) || (own.is_some() && identity(file) == own);
        if let Some(file) = self.files.iter().find(|file| is_own(file)) {
            return Claim::File(file.clone());
        }
        if !is_there {
            return Claim::Free;
        }
        let target = fs::canonicalize(output).ok();
        let places = [folder_of(output), target.as_deref().and_then(folder_of)];
        let above: Vec<_> = places.iter().flatten().flat_map(|place| place.ancestors()).filter_map(identity).collect();
        let around = self.folders.iter().find(|folder| identity(folder).is_some_and(|folder| above.contains(&folder)));
        around.map_or(Claim::Free, |folder| Claim::Inside(folder.clone()))
    }

    /// The input that a path is another name of (a hard link), wherever it lies.
    pub fn linked<'a>(gathered: &'a Discovered, output: &Path) -> Option<&'a Path> {
        if !has_other_names(output) {
            return None;
        }
        let own = identity(output)?;
        let mut files = gathered.groups.iter().flat_map(|group| &group.files);
        files.find(|file| identity(file).as_ref() == Some(&own)).map(PathBuf::as_path)
    }
}

/// Whether two paths name one place, at which there need not be a file yet.
pub fn same_place(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| Some((folder_of(path)?, path.file_name()?.to_os_string()));
    one == other || place(one).is_some_and(|here| place(other) == Some(here))
}

/// The real folder that a path is in.
fn folder_of(path: &Path) -> Option<PathBuf> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::canonicalize(folder).ok()
}

/// Tells a file or folder from all others, whatever it is called and in whatever case.
#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|meta| (meta.dev(), meta.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<PathBuf> {
    fs::canonicalize(path).ok()
}

#[cfg(unix)]
fn has_other_names(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.nlink() > 1)
}

/// The standard library does not tell.
#[cfg(not(unix))]
fn has_other_names(_path: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn what_the_inputs_hold_is_told_by_place_and_identity() -> io::Result<()> {
        let root = tempfile::tempdir()?;
        let at = |name: &str| root.path().join(name);
        for folder in ["vao", "vao/b", "vao-khac", "ax"] {
            fs::create_dir(at(folder))?;
        }
        for file in ["vao/a.csv", "vao/b/c.docx", "vao-khac/d.csv", "e.csv", "ax/m.toml", "ax/k.csv", "mapping.toml"] {
            fs::write(at(file), "")?;
        }
        let (folder, named) = (at("vao"), at("e.csv"));
        let mut held = Held::inputs([folder.as_path(), named.as_path()]);
        held.add_mapping(&at("ax"));
        let inside = Claim::Inside(folder);
        for (output, claim) in [
            ("vao/a.csv", inside.clone()),
            ("vao/b/../a.csv", inside.clone()),
            ("vao-khac/../vao/b/c.docx", inside.clone()),
            ("vao/moi.csv", Claim::Free),
            ("vao-khac/d.csv", Claim::Free),
            ("e.csv", Claim::File(named.clone())),
            ("vao/../e.csv", Claim::File(named)),
            ("ax/m.toml", Claim::File(at("ax/m.toml"))),
            ("ax/k.csv", Claim::Free),
            ("mapping.toml", Claim::File(at("mapping.toml"))),
            // Not there, and read by the next run.
            ("bieu.toml", Claim::File(at("bieu.toml"))),
        ] {
            assert_eq!(held.claim(&at(output)), claim, "{output}");
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::symlink;
            symlink("vao/a.csv", at("lien-ket.csv"))?;
            symlink("../vao-khac/d.csv", at("vao/ra.csv"))?;
            symlink("khong-co", at("vao/hong.csv"))?;
            symlink("vao", at("thu-muc"))?;
            fs::hard_link(at("e.csv"), at("cung.csv"))?;
            for output in ["lien-ket.csv", "vao/ra.csv", "vao/hong.csv", "thu-muc/a.csv"] {
                assert_eq!(held.claim(&at(output)), inside, "{output}");
            }
            assert_eq!(held.claim(&at("cung.csv")), Claim::File(at("e.csv")));
            fs::hard_link(at("vao/a.csv"), at("cung-a.csv"))?;
            let gathered = super::super::discover(&[at("vao")]);
            assert_eq!(Held::linked(&gathered, &at("cung-a.csv")), Some(at("vao/a.csv").as_path()));
            assert_eq!(Held::linked(&gathered, &at("vao-khac/d.csv")), None);
        }
        Ok(())
    }
}
