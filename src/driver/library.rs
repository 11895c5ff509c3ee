//! Mappings and catalogues: bundled with the program, or given by the user.

use std::{
    collections::{BTreeMap, HashSet},
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use include_dir::{Dir, include_dir};

use super::{path::shown, reason::special};
use crate::{
    judge::suppression::{self, Suppressions},
    line::codes,
    model::{
        bundle::Bundle,
        catalogue::{self, Catalogue},
        document::{self, Bases, Document, DocumentKind, Problem, Problems, Stacked, both},
        mapping::{self, Lint},
    },
};

/// The mapping files of this release; adding one is adding a file.
static BUNDLED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/mappings");

impl Bundle {
    /// Tells the text of the catalogue, with all that it extends, from any other.
    pub fn form(&self) -> Arc<str> {
        blake3::hash(self.text.text.as_bytes()).to_hex().as_str().into()
    }

    /// The catalogues of several bundles, which extend one base, as one.
    ///
    /// # Errors
    /// Mistakes that they have together only.
    pub fn joined_catalogue<'a>(bundles: impl IntoIterator<Item = &'a Self>) -> Result<Catalogue, LibraryError> {
        let document = Document::joined(bundles.into_iter().map(|bundle| &*bundle.text));
        let decoded = document.as_ref().map_or_else(|| Err(Vec::new()), catalogue::decode);
        decoded.map_err(LibraryError::Problems)
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
                let Some(document) = bundled.clone().find(|d| is_called(d, &stem)) else {
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
        match bundled().find(|document| is_called(document, &stem)) {
            Some(document) => document.clone(),
            None => return Err(LibraryError::Unknown(stem, bundled().map(|d| stem_of(d).to_owned()).collect())),
        }
    };
    let mut loader = Loader::default();
    let Some(found) = loader.stack(&document, Some(name).filter(|name| name.is_file()), DocumentKind::Catalogue) else {
        return Err(LibraryError::Problems(loader.problems));
    };
    let catalogue = catalogue::decode(&found.document).map_err(LibraryError::Problems)?;
    Ok((catalogue, found.document))
}

/// The catalogue that a mapping file names, and the text of the mapping.
///
/// # Errors
/// As for [`Library::given`].
pub fn catalogue_beside(mapping: &Path) -> Result<(Catalogue, String, Document), LibraryError> {
    let document = read_document(mapping)?;
    let mut loader = Loader::default();
    let Some(own) = loader.stack(&document, Some(mapping), DocumentKind::Mapping) else {
        return Err(LibraryError::Problems(loader.problems));
    };
    let reference = mapping::catalogue_reference(&own.document).map_err(LibraryError::Problems)?;
    let place = own.places[own.document.layer_at(reference.span.start)].as_deref();
    let Some((found, place)) = find_document(&reference.value, place, DocumentKind::Catalogue, None) else {
        return Err(LibraryError::Unknown(reference.value, Vec::new()));
    };
    let Some(found) = loader.stack(&found, place.as_deref(), DocumentKind::Catalogue) else {
        return Err(LibraryError::Problems(loader.problems));
    };
    let changed = own.document.changes_catalogue().then(|| found.document.changed_by(&own.document));
    let catalogue = catalogue::decode(&changed.unwrap_or(found.document)).map_err(LibraryError::Problems)?;
    Ok((catalogue, reference.value, own.document))
}

/// A bundled mapping or catalogue, by name, with all that it needs: file names and their texts.
///
/// # Errors
/// No bundled file has this name; all of them are listed.
pub fn bundled_files(name: &str) -> Result<Vec<(String, String)>, LibraryError> {
    let stem = name.strip_suffix(".toml").unwrap_or(name);
    let all = bundled_documents();
    let Some(first) = all.iter().find(|document| is_called(document, stem)) else {
        return Err(LibraryError::Unknown(stem.to_owned(), all.iter().map(|d| stem_of(d).to_owned()).collect()));
    };
    let mut files = vec![first];
    let mut at = 0;
    while let Some(document) = files.get(at) {
        let keys = [("mapping", "catalogue"), ("mapping", "extends"), ("catalogue", "extends")];
        let names: Vec<_> = keys.iter().filter_map(|(table, key)| document.own_text(table, key)).collect();
        for name in names {
            let stem = name.value.strip_suffix(".toml").unwrap_or(&name.value);
            let needed = all.iter().find(|document| is_called(document, stem));
            files.extend(needed.filter(|needed| files.iter().all(|file| file.file != needed.file)));
        }
        at += 1;
    }
    let named = |document: &&Document| (format!("{}.toml", stem_of(document)), document.text.to_string());
    Ok(files.iter().map(named).collect())
}

/// The catalogues that come with the program: name and title.
pub fn bundled_catalogues() -> Vec<(String, String)> {
    let documents = bundled_documents();
    let catalogues = documents.iter().filter(|document| !is_mapping(document));
    let named = catalogues.map(|document| {
        let title = document.own_text("catalogue", "title").map(|title| title.value.clone());
        (stem_of(document).to_owned(), title.unwrap_or_else(|| stem_of(document).to_owned()))
    });
    named.collect()
}

/// Whether a file is a mapping, and not a catalogue or a `bieu.toml`.
pub fn is_mapping_file(path: &Path) -> bool {
    path.file_name().is_none_or(|name| name != "bieu.toml")
        && read_document(path).is_ok_and(|document| is_mapping(&document))
}

/// Checks one mapping or catalogue file, or a `bieu.toml`: what is odd about a mapping, though no mistake.
///
/// # Errors
/// As for [`Library::given`].
pub fn check_file(path: &Path) -> Result<Vec<Lint>, LibraryError> {
    if path.file_name().is_some_and(|name| name == "bieu.toml") {
        return suppressions(path).map(|_| Vec::new());
    }
    let document = read_document(path)?;
    let mut loader = Loader::default();
    if is_mapping(&document) {
        loader.mapping(&document, Some(path));
    } else {
        let found = loader.stack(&document, Some(path), DocumentKind::Catalogue);
        found.and_then(|found| loader.catalogue(&found));
    }
    let library = loader.finish()?;
    let lints = library.bundles.iter().flat_map(|bundle| mapping::lint(&bundle.mapping, &bundle.catalogue, &document));
    Ok(lints.collect())
}

/// The files of a folder that `mapping check` reads, those of the folders below it too. Of those below only
/// what is plainly ours: a folder may hold the settings of other programs.
///
/// # Errors
/// A folder cannot be read.
pub fn files_to_check(folder: &Path) -> Result<Vec<PathBuf>, LibraryError> {
    let mut files = toml_files(folder)?;
    let mut folders = vec![folder.to_path_buf()];
    while let Some(above) = folders.pop() {
        let failed = |error| LibraryError::Io(above.clone(), error);
        for entry in fs::read_dir(&above).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
            // No link is followed: it may lead back.
            if !is_hidden && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                let below = entry.path();
                files.extend(toml_files(&below)?.into_iter().filter(|path| is_ours(path)));
                folders.push(below);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn is_ours(path: &Path) -> bool {
    let says_so =
        |document: &Document| document.text.lines().any(|line| matches!(line.trim(), "[mapping]" | "[catalogue]"));
    path.file_name().is_some_and(|name| name == "bieu.toml") || read_document(path).is_ok_and(|d| says_so(&d))
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
    Ok(Document::new(shown(path).as_str(), text))
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
    bundled(|_| true)
}

/// The bundled files with such names, without the ending; the others are not looked at.
fn bundled(is_wanted: impl Fn(&str) -> bool) -> Vec<Document> {
    let is_toml = |path: &Path| path.extension().is_some_and(|e| e == "toml");
    let stem = |path: &Path| path.file_stem().is_some_and(|stem| is_wanted(&stem.to_string_lossy()));
    let mut documents: Vec<_> = BUNDLED
        .files()
        .filter(|file| is_toml(file.path()) && stem(file.path()))
        .filter_map(|file| Some(Document::new(format!("mappings/{}", shown(file.path())), file.contents_utf8()?)))
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

/// Whether a bundled document has this name.
fn is_called(document: &Document, wanted: &str) -> bool {
    is_name(stem_of(document), wanted)
}

/// A form has no year in its name; the names that had one, of releases before, are still understood.
fn is_name(stem: &str, wanted: &str) -> bool {
    let is_year = |end: &str| end.len() == 4 && end.bytes().all(|byte| byte.is_ascii_digit());
    let plain = wanted.rsplit_once('-').filter(|(_, end)| is_year(end)).map(|(plain, _)| plain);
    stem == wanted || plain == Some(stem)
}

fn stem_of(document: &Document) -> &str {
    let name = crate::model::workbook::file_name(&document.file);
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
    fn catalogue(&mut self, found: &Stacked<Place>) -> Option<Arc<Catalogue>> {
        let document = &found.document;
        if let Some(known) = self.catalogues.get(&document.file) {
            return known.clone();
        }
        let catalogue = self.decode_catalogue(document);
        self.catalogues.insert(document.file.clone(), catalogue.clone());
        catalogue
    }

    fn decode_catalogue(&mut self, document: &Document) -> Option<Arc<Catalogue>> {
        self.note_text(document);
        match catalogue::decode(document) {
            Ok(catalogue) => Some(Arc::new(catalogue)),
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        }
    }

    /// The whole text, that of every base too: with another base the judgement is another.
    fn note_text(&mut self, document: &Document) {
        for part in [&*document.file, &*document.text] {
            self.texts.update(&part.len().to_le_bytes()).update(part.as_bytes());
        }
    }

    fn mapping(&mut self, document: &Document, path: Option<&Path>) {
        let Some(own) = self.stack(document, path, DocumentKind::Mapping) else { return };
        self.note_text(&own.document);
        let reference = match mapping::catalogue_reference(&own.document) {
            Ok(reference) => reference,
            Err(problems) => {
                self.problems.extend(problems);
                return;
            }
        };
        // A path is one from the file that it is written in, which may be a base.
        let place = &own.places[own.document.layer_at(reference.span.start)];
        let found = find_document(&reference.value, place.as_deref(), DocumentKind::Catalogue, None);
        let Some((found, place)) = found else {
            let mut problems = Problems::new(own.document);
            let name = &reference.value;
            problems.add_with_help(
                reference.span,
                both!("không tìm thấy danh mục \"{name}\"", "no catalogue \"{name}\""),
                both!(
                    "ghi đường dẫn tính từ tệp này, hoặc tên một danh mục có sẵn",
                    "write a path from this file, or the name of a bundled catalogue"
                ),
            );
            self.problems.extend(problems.into_sorted());
            return;
        };
        let Some(found) = self.stack(&found, place.as_deref(), DocumentKind::Catalogue) else { return };
        let Some(catalogue) = self.catalogue(&found) else { return };
        match Bundle::new(&own.document, found.document, catalogue) {
            Ok(bundle) => {
                if own.document.changes_catalogue() {
                    self.note_text(&bundle.text);
                }
                self.bundles.push(bundle);
            }
            Err(problems) => self.problems.extend(problems),
        }
    }

    /// A file on top of all that it extends. `None` where that cannot be, which is told.
    fn stack(&mut self, document: &Document, path: Option<&Path>, kind: DocumentKind) -> Option<Stacked<Place>> {
        match document::stack(document, path.map(Path::to_path_buf), kind, &OnDisk { kind }) {
            Ok(stacked) => {
                self.files.extend(stacked.places.iter().flatten().cloned());
                Some(stacked)
            }
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        }
    }

    fn finish(mut self) -> Result<Library, LibraryError> {
        // A base that several files extend is wrong once.
        let mut told = HashSet::new();
        self.problems.retain(|problem| {
            let (file, _, begin) = problem.document.part_at(problem.span.start);
            told.insert((file.clone(), problem.span.start.saturating_sub(begin), problem.message.clone()))
        });
        if self.problems.is_empty() {
            Ok(Library { bundles: self.bundles, digest: self.texts.finalize().into(), files: self.files })
        } else {
            Err(LibraryError::Problems(self.problems))
        }
    }
}

/// Where a file stands on the disk; nowhere for a bundled one.
type Place = Option<PathBuf>;
type Found = (Document, Place);

/// Files of one kind, beside those that name them and among the bundled ones.
struct OnDisk {
    kind: DocumentKind,
}

impl Bases for OnDisk {
    type Place = Place;

    fn find(&self, name: &str, from: &Place, file: &str) -> Option<Found> {
        find_document(name, from.as_deref(), self.kind, Some(file))
    }

    fn is_same(&self, a: (&Document, &Place), b: (&Document, &Place)) -> bool {
        is_same(a, b)
    }
}

/// Beside the file on disk that names it, else among the bundled ones by file name. `unless` is the
/// file that asks: a copy of a bundled file may have its name and extend it.
fn find_document(reference: &str, from: Option<&Path>, kind: DocumentKind, unless: Option<&str>) -> Option<Found> {
    let beside = from.and_then(Path::parent).into_iter().flat_map(|folder| {
        [folder.join(reference), folder.join(format!("{reference}.toml"))].into_iter().filter(|path| path.is_file())
    });
    let beside = beside.filter_map(|path| Some((read_document(&path).ok()?, Some(path))));
    let stem = reference.strip_suffix(".toml").unwrap_or(reference);
    let candidates = beside.chain(bundled(|name| is_name(name, stem)).into_iter().map(|document| (document, None)));
    // A catalogue need not be one at first sight: its own mistakes say what it lacks.
    let is_kind = |document: &Document| is_mapping(document) == (kind == DocumentKind::Mapping);
    let fits = |(document, place): &Found| is_kind(document) || (place.is_some() && unless.is_none());
    let found: Vec<Found> = candidates.filter(fits).collect();
    let asks = unless.zip(from).map(|(file, from)| (file, Some(from.to_path_buf())));
    let is_asking = |found: &Found| match &asks {
        Some((file, from)) => is_same((&Document::new(*file, ""), from), (&found.0, &found.1)),
        None => false,
    };
    let at = found.iter().position(|candidate| !is_asking(candidate)).unwrap_or(0);
    found.into_iter().nth(at)
}

/// Whether two are one file, however its path is written.
fn is_same(a: (&Document, &Place), b: (&Document, &Place)) -> bool {
    match (a.1, b.1) {
        (Some(a), Some(b)) => a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b),
        (None, None) => a.0.file == b.0.file,
        _ => false,
    }
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
