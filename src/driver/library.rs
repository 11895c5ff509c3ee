//! Mappings and catalogues: bundled with the program, or given by the user.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use include_dir::{Dir, include_dir};

use super::reason::special;
use crate::{
    catalogue::{self, Catalogue},
    codes,
    document::{Document, Problem, Problems},
    mapping::{self, Mapping},
    suppression::{self, Suppressions},
};

/// The mapping files of this release; adding one is adding a file.
static BUNDLED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/mappings");

/// A mapping with its catalogue.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The mapping.
    pub mapping: Arc<Mapping>,
    /// Its catalogue.
    pub catalogue: Arc<Catalogue>,
    /// The text of the catalogue, from which that of the next period is read.
    pub text: Arc<Document>,
}

impl Bundle {
    /// The catalogue of the next period: the same text with another `period`.
    ///
    /// # Errors
    /// What is wrong with it for that period.
    pub fn next_catalogue(&self) -> Result<Catalogue, Vec<Problem>> {
        catalogue::decode_for(&self.text, Some(self.catalogue.period.next()))
    }
}

/// Why mappings could not be loaded.
#[derive(Debug)]
#[non_exhaustive]
pub enum LibraryError {
    /// A file could not be read.
    Io(PathBuf, io::Error),
    /// No file and no bundled mapping has this name; the bundled ones are listed.
    Unknown(String, Vec<String>),
    /// Mistakes in the files, all of them.
    Problems(Vec<Problem>),
}

/// Mappings to choose from.
#[derive(Clone, Debug, Default)]
pub struct Library {
    /// In the order given; bundled ones by name.
    pub bundles: Vec<Bundle>,
    /// Tells the texts of the mappings and catalogues from any others.
    pub digest: [u8; 32],
    /// The files on the disk that they were read from.
    pub files: Vec<PathBuf>,
}

impl Library {
    /// The mappings that come with the program.
    ///
    /// # Errors
    /// Mistakes in them, which a test rules out.
    pub fn bundled() -> Result<Self, LibraryError> {
        let mut loader = Loader::default();
        for document in bundled_documents() {
            if is_mapping(&document) {
                loader.mapping(&document, None);
            }
        }
        loader.finish()
    }

    /// Mappings by path, by folder, or by the id of a bundled one.
    ///
    /// # Errors
    /// Files that cannot be read, and every mistake in those that can.
    pub fn given(names: &[PathBuf]) -> Result<Self, LibraryError> {
        let mut loader = Loader::default();
        for name in names {
            if name.is_dir() {
                for path in toml_files(name)? {
                    let document = read_document(&path)?;
                    if is_mapping(&document) {
                        loader.mapping(&document, Some(&path));
                    }
                }
            } else if name.exists() {
                loader.mapping(&read_document(name)?, Some(name));
            } else {
                let wanted = name.to_string_lossy();
                let stem = wanted.strip_suffix(".toml").unwrap_or(&wanted).to_owned();
                let documents = bundled_documents();
                let bundled = documents.iter().filter(|d| is_mapping(d));
                let Some(document) = bundled.clone().find(|d| stem_of(d) == stem) else {
                    return Err(LibraryError::Unknown(stem, bundled.map(|d| stem_of(d).to_owned()).collect()));
                };
                loader.mapping(document, None);
            }
        }
        loader.finish()
    }
}

/// A catalogue by path or by the name of a bundled one, and its text.
///
/// # Errors
/// As for [`Library::given`].
pub fn catalogue_of(name: &Path) -> Result<(Catalogue, Document), LibraryError> {
    let document = if name.is_file() {
        read_document(name)?
    } else {
        let wanted = name.to_string_lossy();
        let stem = wanted.strip_suffix(".toml").unwrap_or(&wanted).to_owned();
        let documents = bundled_documents();
        let bundled = || documents.iter().filter(|document| !is_mapping(document));
        match bundled().find(|document| stem_of(document) == stem) {
            Some(document) => document.clone(),
            None => return Err(LibraryError::Unknown(stem, bundled().map(|d| stem_of(d).to_owned()).collect())),
        }
    };
    let catalogue = catalogue::decode(&document).map_err(LibraryError::Problems)?;
    Ok((catalogue, document))
}

/// The catalogue that a mapping file names, and the text of the mapping.
///
/// # Errors
/// As for [`Library::given`].
pub fn catalogue_beside(mapping: &Path) -> Result<(Catalogue, String, Document), LibraryError> {
    let document = read_document(mapping)?;
    let reference = mapping::catalogue_reference(&document).map_err(LibraryError::Problems)?;
    let Some((found, _)) = find_catalogue(&reference.value, Some(mapping)) else {
        return Err(LibraryError::Unknown(reference.value, Vec::new()));
    };
    let catalogue = catalogue::decode(&found).map_err(LibraryError::Problems)?;
    Ok((catalogue, reference.value, document))
}

/// Checks one mapping or catalogue file, or a `bieu.toml`.
///
/// # Errors
/// As for [`Library::given`].
pub fn check_file(path: &Path) -> Result<(), LibraryError> {
    if path.file_name().is_some_and(|name| name == "bieu.toml") {
        return suppressions(path).map(|_| ());
    }
    let document = read_document(path)?;
    let mut loader = Loader::default();
    if is_mapping(&document) {
        loader.mapping(&document, Some(path));
    } else {
        loader.catalogue(&document);
    }
    loader.finish().map(|_| ())
}

/// Reads a `bieu.toml`.
///
/// # Errors
/// As for [`Library::given`].
pub fn suppressions(path: &Path) -> Result<Suppressions, LibraryError> {
    let codes: Vec<&str> = codes::all().map(|code| code.name).collect();
    suppression::decode(&read_document(path)?, &codes).map_err(LibraryError::Problems)
}

fn read_document(path: &Path) -> Result<Document, LibraryError> {
    let is_special = |meta: fs::Metadata| special(&meta).map_or(Ok(()), Err);
    let text = fs::metadata(path).and_then(is_special).and_then(|()| fs::read_to_string(path));
    let text = text.map_err(|error| LibraryError::Io(path.to_path_buf(), error))?;
    // Editors on Windows like to put a mark at the front.
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    Ok(Document::new(path.to_string_lossy().as_ref(), text))
}

fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, LibraryError> {
    let failed = |error| LibraryError::Io(folder.to_path_buf(), error);
    let entries = fs::read_dir(folder).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let mut files: Vec<_> =
        entries.into_iter().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "toml")).collect();
    files.sort();
    Ok(files)
}

fn bundled_documents() -> Vec<Document> {
    let mut documents: Vec<_> = BUNDLED
        .files()
        .filter(|file| file.path().extension().is_some_and(|e| e == "toml"))
        .filter_map(|file| Some(Document::new(format!("mappings/{}", file.path().display()), file.contents_utf8()?)))
        .collect();
    documents.sort_by(|a, b| a.file.cmp(&b.file));
    documents
}

/// A file is a catalogue when it says so; everything else is meant to be a mapping.
fn is_mapping(document: &Document) -> bool {
    !document.text.lines().any(|line| {
        let line = line.split('#').next().unwrap_or_default();
        line.split_whitespace().collect::<String>() == "[catalogue]"
    })
}

fn stem_of(document: &Document) -> &str {
    let name = crate::workbook::file_name(&document.file);
    name.strip_suffix(".toml").unwrap_or(name)
}

/// Loads mappings, each catalogue once, and keeps every mistake.
#[derive(Default)]
struct Loader {
    catalogues: BTreeMap<Arc<str>, Option<Arc<Catalogue>>>,
    bundles: Vec<Bundle>,
    problems: Vec<Problem>,
    texts: blake3::Hasher,
    files: Vec<PathBuf>,
}

impl Loader {
    fn catalogue(&mut self, document: &Document) -> Option<Arc<Catalogue>> {
        if let Some(known) = self.catalogues.get(&document.file) {
            return known.clone();
        }
        self.note_text(document);
        let catalogue = match catalogue::decode(document) {
            Ok(catalogue) => Some(Arc::new(catalogue)),
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        };
        self.catalogues.insert(document.file.clone(), catalogue.clone());
        catalogue
    }

    fn note_text(&mut self, document: &Document) {
        for part in [&*document.file, &*document.text] {
            self.texts.update(&part.len().to_le_bytes()).update(part.as_bytes());
        }
    }

    fn mapping(&mut self, document: &Document, path: Option<&Path>) {
        self.note_text(document);
        self.files.extend(path.map(Path::to_path_buf));
        let reference = match mapping::catalogue_reference(document) {
            Ok(reference) => reference,
            Err(problems) => {
                self.problems.extend(problems);
                return;
            }
        };
        let Some((found, place)) = find_catalogue(&reference.value, path) else {
            let mut problems = Problems::new(document.clone());
            let name = &reference.value;
            problems.add_with_help(
                reference.span,
                crate::both!("không tìm thấy danh mục \"{name}\"", "no catalogue \"{name}\""),
                crate::both!(
                    "ghi đường dẫn tính từ tệp này, hoặc tên một danh mục có sẵn",
                    "write a path from this file, or the name of a bundled catalogue"
                ),
            );
            self.problems.extend(problems.into_sorted());
            return;
        };
        self.files.extend(place);
        let Some(catalogue) = self.catalogue(&found) else { return };
        match mapping::decode(document, &catalogue) {
            Ok(mapping) => self.bundles.push(Bundle { mapping: Arc::new(mapping), catalogue, text: Arc::new(found) }),
            Err(problems) => self.problems.extend(problems),
        }
    }

    fn finish(self) -> Result<Library, LibraryError> {
        if self.problems.is_empty() {
            Ok(Library { bundles: self.bundles, digest: self.texts.finalize().into(), files: self.files })
        } else {
            Err(LibraryError::Problems(self.problems))
        }
    }
}

/// Beside the mapping on disk, else among the bundled ones by file name or id.
fn find_catalogue(reference: &str, mapping: Option<&Path>) -> Option<(Document, Option<PathBuf>)> {
    let beside = mapping.and_then(|path| {
        let folder = path.parent()?;
        [folder.join(reference), folder.join(format!("{reference}.toml"))].into_iter().find(|p| p.is_file())
    });
    if let Some(path) = beside {
        return read_document(&path).ok().map(|document| (document, Some(path)));
    }
    let stem = reference.strip_suffix(".toml").unwrap_or(reference);
    bundled_documents().into_iter().find(|d| !is_mapping(d) && stem_of(d) == stem).map(|document| (document, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundled_files_have_no_mistakes() {
        let library = Library::bundled();
        assert!(library.is_ok(), "{library:#?}");
        assert!(!library.is_ok_and(|l| l.bundles.is_empty()));
    }
}
