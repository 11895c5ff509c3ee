//! Finds the files of submissions below the inputs.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::{OsStr, OsString},
    fs, io,
    path::{Path, PathBuf},
};

use super::reason::special;
use crate::read;

/// Endings of files that may hold a table. What they really are is told by their content.
const ENDINGS: &[&str] = &[
    "xlsx", "xlsm", "xltx", "xltm", "xlsb", "xls", "xlt", "et", "ods", "ots", "fods", "csv", "tsv", "htm", "html",
    "xml",
];

/// Files of one folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The folder, as it was first reached.
    pub folder: PathBuf,
    /// The folder as seen from the input it was found below, its parts joined by `/`; empty for
    /// the input itself.
    pub below: String,
    /// Its files, by name.
    pub files: Vec<PathBuf>,
    /// Whether the whole folder was asked for, and not single files.
    pub whole: bool,
}

/// What was found below the inputs.
#[derive(Debug, Default)]
pub struct Discovered {
    /// Groups by folder.
    pub groups: Vec<Group>,
    /// Hidden files and folders, and the locks of office programs, that were passed over.
    pub hidden: u64,
    /// Files of other kinds that were passed over; not the mappings, catalogues and `bieu.toml`,
    /// which are read for what they are.
    pub others: u64,
    /// Links that were passed over, since what they lead to is there already.
    pub links: u64,
    /// Links below the inputs that lead out of all of them, and were not followed: whoever hands in a
    /// folder must not decide what else of this machine is read.
    pub outside: Vec<PathBuf>,
    /// Files that were passed over because this run writes them.
    pub outputs: u64,
    /// Inputs and folders that could not be read, and what is neither a file nor a folder.
    pub failed: Vec<(PathBuf, io::Error)>,
    /// The inputs by their real paths.
    roots: Vec<PathBuf>,
}

impl Discovered {
    /// Whether a real path is an input or below one.
    pub fn holds(&self, real: &Path) -> bool {
        self.roots.iter().any(|root| real.starts_with(root))
    }

    /// Takes out files that a run is about to replace: a report that it wrote before is no submission.
    /// The caller has made sure that they are that.
    pub fn pass_over(&mut self, outputs: &[PathBuf]) {
        let outputs: BTreeSet<PathBuf> = outputs.iter().filter_map(|path| fs::canonicalize(path).ok()).collect();
        let names: BTreeSet<&OsStr> = outputs.iter().filter_map(|path| path.file_name()).collect();
        for group in &mut self.groups {
            group.files.retain(|file| {
                let known = file.file_name().is_some_and(|name| names.contains(name));
                let written = known && fs::canonicalize(file).is_ok_and(|file| outputs.contains(&file));
                self.outputs += u64::from(written);
                !written
            });
        }
        self.groups.retain(|group| !group.files.is_empty());
    }
}

/// Walks the inputs. A file that is named is always taken; below a folder only files that may hold
/// a table are. Links that are named are followed, those below a folder where they lead to an input or
/// into one; no folder is entered twice, and a file that is reached by several inputs or links is
/// taken once. Pipes, sockets and devices are never opened.
pub fn discover(inputs: &[PathBuf]) -> Discovered {
    let mut walk = Walk::default();
    walk.gathered.roots = inputs.iter().filter_map(|input| fs::canonicalize(input).ok()).collect();
    for input in inputs {
        match fs::metadata(input).and_then(|meta| special(&meta).map_or(Ok(meta), Err)) {
            Ok(meta) if meta.is_dir() => walk.enter(input, ""),
            Ok(_) => {
                let folder = input.parent().map(Path::to_path_buf).unwrap_or_default();
                if fs::symlink_metadata(input).is_ok_and(|meta| meta.is_symlink()) {
                    walk.links.push(input.clone());
                }
                walk.take(&folder, "", input.clone());
            }
            Err(error) => walk.gathered.failed.push((input.clone(), error)),
        }
    }
    walk.drop_links();
    let Walk { found, mut gathered, .. } = walk;
    gathered.groups = found
        .into_values()
        .map(|FoundGroup { folder, below, files, whole }| Group {
            folder,
            below,
            files: files.into_values().collect(),
            whole,
        })
        .collect();
    gathered.failed.sort_by(|(a, _), (b, _)| a.cmp(b));
    gathered.outside.sort();
    gathered.groups.sort_by(|a, b| a.folder.cmp(&b.folder));
    gathered
}

#[derive(Default)]
struct Walk {
    /// By the real path of the folder, which tells a loop of links and an input within another.
    found: BTreeMap<PathBuf, FoundGroup>,
    entered: BTreeSet<PathBuf>,
    /// Files that are links.
    links: Vec<PathBuf>,
    gathered: Discovered,
}

struct FoundGroup {
    folder: PathBuf,
    below: String,
    files: BTreeMap<OsString, PathBuf>,
    whole: bool,
}

impl Walk {
    fn take(&mut self, folder: &Path, below: &str, file: PathBuf) -> &mut FoundGroup {
        let group = self.found.entry(real(folder)).or_insert_with(|| FoundGroup {
            folder: folder.to_path_buf(),
            below: below.to_owned(),
            files: BTreeMap::new(),
            whole: false,
        });
        let name = file.file_name().map(OsStr::to_os_string).unwrap_or_default();
        group.files.entry(name).or_insert(file);
        group
    }

    /// Leaves of each file that links lead to one path: its own, else that of the first link.
    fn drop_links(&mut self) {
        self.links.sort();
        self.links.dedup();
        let place = |path: &Path| Some((real(path.parent()?), path.file_name()?.to_os_string()));
        let links: BTreeSet<_> = self.links.iter().filter_map(|link| place(link)).collect();
        let mut reached = BTreeSet::new();
        for link in &self.links {
            let (Some((folder, name)), Ok(file)) = (place(link), fs::canonicalize(link)) else { continue };
            let own = place(&file).is_some_and(|(folder, name)| {
                let taken = self.found.get(&folder).is_some_and(|found| found.files.contains_key(&name));
                taken && !links.contains(&(folder, name))
            });
            let Some(found) = self.found.get_mut(&folder).filter(|_| own || !reached.insert(file)) else { continue };
            if found.files.remove(&name).is_some() {
                self.gathered.links += 1;
            }
        }
        self.found.retain(|_, found| !found.files.is_empty());
    }

    fn enter(&mut self, folder: &Path, below: &str) {
        if !self.entered.insert(real(folder)) {
            return;
        }
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                self.gathered.failed.push((folder.to_path_buf(), error));
                return;
            }
        };
        let mut folders = Vec::new();
        for entry in entries {
            let (path, link) = match entry {
                Ok(entry) => (entry.path(), entry.file_type().is_ok_and(|kind| kind.is_symlink())),
                Err(error) => {
                    self.gathered.failed.push((folder.to_path_buf(), error));
                    continue;
                }
            };
            if is_hidden(&path) {
                self.gathered.hidden += 1;
                continue;
            }
            let meta = fs::metadata(&path);
            let leads_out = link && fs::canonicalize(&path).is_ok_and(|target| !self.gathered.holds(&target));
            match meta {
                Ok(meta) if leads_out && (meta.is_dir() || may_hold_a_table(&path)) => {
                    self.gathered.outside.push(path);
                }
                Ok(meta) if meta.is_dir() => folders.push(path),
                Ok(meta) if may_hold_a_table(&path) => {
                    if let Some(error) = special(&meta) {
                        self.gathered.failed.push((path, error));
                        continue;
                    }
                    if link {
                        self.links.push(path.clone());
                    }
                    self.take(folder, below, path).whole = true;
                }
                // A link to nothing is told only where its name promises a table.
                Err(error) if may_hold_a_table(&path) => self.gathered.failed.push((path, error)),
                Ok(_) if has_ending(&path, &["toml"]) => {}
                Ok(_) | Err(_) => self.gathered.others += 1,
            }
        }
        folders.sort();
        for folder in folders {
            let name = folder.file_name().map(OsStr::to_string_lossy).unwrap_or_default();
            let below = if below.is_empty() { name.into_owned() } else { format!("{below}/{name}") };
            self.enter(&folder, &below);
        }
    }
}

fn real(folder: &Path) -> PathBuf {
    let named = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    fs::canonicalize(named).unwrap_or_else(|_| folder.to_path_buf())
}

/// `~$name.xlsx` and `.~lock.name.xlsx#` are made by office programs while a file is open.
pub fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().map(OsStr::to_string_lossy).unwrap_or_default();
    name.starts_with('.') || name.starts_with("~$")
}

/// Whether the name of a file promises a table.
pub fn may_hold_a_table(path: &Path) -> bool {
    has_ending(path, ENDINGS) || read::unsupported(&path.to_string_lossy()).is_some()
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_and_other_kinds_are_passed_over_and_folders_are_grouped() -> io::Result<()> {
        let root = tempfile::tempdir()?;
        let at = |name: &str| root.path().join(name);
        fs::create_dir(at("b"))?;
        let passed = ["~$a.xlsx", ".~lock.a.xlsx#", "ghi-chu.docx", "mapping.toml", "bieu.toml"];
        for name in passed.into_iter().chain(["a.xlsx", "b/c.CSV"]) {
            fs::write(at(name), "")?;
        }
        let gathered = discover(&[root.path().to_path_buf()]);
        assert_eq!((gathered.hidden, gathered.others), (2, 1));
        assert!(gathered.failed.is_empty());
        let names: Vec<_> = gathered.groups.iter().flat_map(|g| &g.files).collect();
        let below: Vec<_> = gathered.groups.iter().map(|g| g.below.as_str()).collect();
        assert_eq!(below, ["", "b"]);
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
        let gathered = discover(&[root.path().to_path_buf()]);
        assert_eq!(gathered.groups.iter().map(|g| g.files.len()).sum::<usize>(), 1);
        Ok(())
    }

    #[test]
    fn what_several_inputs_reach_is_taken_once() -> io::Result<()> {
        let root = tempfile::tempdir()?;
        let at = |name: &str| root.path().join(name);
        fs::create_dir(at("b"))?;
        fs::write(at("a.csv"), "")?;
        fs::write(at("b/c.csv"), "")?;
        // The same folder and the same file under several names.
        let roundabout = at("b").join("..");
        let gathered = discover(&[roundabout.join("a.csv"), root.path().into(), at("b"), at("b/c.csv"), roundabout]);
        assert_eq!(gathered.groups.iter().map(|g| g.files.len()).sum::<usize>(), 2, "{gathered:?}");
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_file_and_its_links_are_one() -> io::Result<()> {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir()?;
        let at = |name: &str| root.path().join(name);
        fs::create_dir(at("vao"))?;
        fs::create_dir(at("vao/b"))?;
        fs::write(at("vao/b/xa.csv"), "")?;
        fs::write(at("ngoai.csv"), "")?;
        // To a file that is there, to the link to it, and twice to one outside that is named.
        symlink("b/xa.csv", at("vao/a-xa.csv"))?;
        symlink("../a-xa.csv", at("vao/b/xa-lai.csv"))?;
        symlink("../ngoai.csv", at("vao/x.csv"))?;
        symlink("../ngoai.csv", at("vao/y.csv"))?;
        let gathered = discover(&[at("vao/a-xa.csv"), at("vao/x.csv"), at("vao")]);
        let files: Vec<_> = gathered.groups.iter().flat_map(|group| &group.files).collect();
        assert_eq!(files, [&at("vao/x.csv"), &at("vao/b/xa.csv")]);
        assert_eq!((gathered.links, gathered.outside.len()), (3, 0));
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_only_inside_the_inputs() -> io::Result<()> {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir()?;
        let at = |name: &str| root.path().join(name);
        for folder in ["vao", "vao/b", "ngoai", "vao-khac"] {
            fs::create_dir(at(folder))?;
        }
        fs::write(at("vao/b/xa.csv"), "")?;
        fs::write(at("ngoai/mat.csv"), "")?;
        // The name of the other folder begins like that of the input, and is another all the same.
        fs::write(at("vao-khac/xa.csv"), "")?;
        symlink("../ngoai", at("vao/c"))?;
        symlink("../ngoai/mat.csv", at("vao/d.csv"))?;
        symlink("../vao-khac/xa.csv", at("vao/e.csv"))?;
        symlink("../../ngoai/mat.csv", at("vao/b/ghi-chu.txt"))?;
        let outside = [at("vao/c"), at("vao/d.csv"), at("vao/e.csv")];
        let files = |gathered: &Discovered| gathered.groups.iter().flat_map(|g| g.files.clone()).collect::<Vec<_>>();
        let gathered = discover(&[at("vao")]);
        assert_eq!(
            (files(&gathered), &*gathered.outside, gathered.others),
            (vec![at("vao/b/xa.csv")], &outside[..], 1)
        );

        // Where what they lead to is an input as well, or the link itself, they are followed.
        let gathered = discover(&[at("vao"), at("ngoai"), at("vao/e.csv")]);
        assert_eq!((files(&gathered).len(), gathered.outside.len()), (3, 0), "{gathered:?}");
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_file_is_never_opened() -> io::Result<()> {
        use crate::values::language::Language;
        let root = tempfile::tempdir()?;
        let at = |name: &str| root.path().join(name);
        let _socket = std::os::unix::net::UnixListener::bind(at("o-cam.csv"))?;
        std::os::unix::fs::symlink("/dev/zero", at("khong.csv"))?;
        let gathered = discover(&[root.path().to_path_buf(), at("khong.csv")]);
        let told: Vec<_> = gathered.failed.iter().map(|(_, error)| super::super::reason(error, Language::En)).collect();
        assert!(gathered.groups.is_empty(), "{gathered:?}");
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told[0].contains("device") && told[2].contains("socket"), "{told:?}");
        Ok(())
    }

    #[test]
    fn what_a_run_replaces_it_does_not_read() -> io::Result<()> {
        let root = tempfile::tempdir()?;
        let at = |name: &str| root.path().join(name);
        fs::create_dir(at("b"))?;
        for name in ["a.csv", "bao-cao.html", "b/bao-cao.html"] {
            fs::write(at(name), "")?;
        }
        let mut gathered = discover(&[root.path().into()]);
        gathered.pass_over(&[at("b").join("../bao-cao.html"), at("khong-co.csv")]);
        let files: Vec<_> = gathered.groups.iter().flat_map(|group| &group.files).collect();
        assert_eq!((files, gathered.outputs), (vec![&at("a.csv"), &at("b/bao-cao.html")], 1));
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_nothing_is_told_where_it_promises_a_table() -> io::Result<()> {
        let root = tempfile::tempdir()?;
        for name in ["a.csv", "ghi-chu.txt"] {
            std::os::unix::fs::symlink("khong-co", root.path().join(name))?;
        }
        let gathered = discover(&[root.path().to_path_buf()]);
        assert_eq!((gathered.failed.len(), gathered.others), (1, 1));
        Ok(())
    }

    #[test]
    fn a_missing_input_is_reported() {
        let gathered = discover(&[PathBuf::from("no/such/folder")]);
        assert_eq!(gathered.failed.len(), 1);
    }
}
