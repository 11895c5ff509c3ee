//! What files are judged by.

use std::sync::Arc;

use super::Error;
use crate::model::{
    bundle::Bundle,
    catalogue,
    document::{self, Bases, Document, DocumentKind},
    mapping,
    workbook::file_name,
};

/// A catalogue: the ordered list of indicators of a form for a period, with their units, the rules between them
/// and the layout of the form. The file is described in docs/catalogue.md.
///
/// ```
/// use bieu::Catalogue;
///
/// let text = std::fs::read_to_string("examples/xa-mau/catalogue.toml")?;
/// let catalogue = Catalogue::parse("catalogue.toml", &text, &[])?;
/// assert_eq!((catalogue.id(), catalogue.period().as_str()), ("bieu-mau", "2024"));
/// assert_eq!(catalogue.indicators().next(), Some(("lua.dien-tich", "Diện tích lúa")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Catalogue {
    text: Document,
    catalogue: Arc<catalogue::Catalogue>,
}

impl Catalogue {
    /// Reads a catalogue. `file` is its name for people. `bases` are the files that it extends, each by its name
    /// and text; files that it does not extend do no harm among them.
    ///
    /// # Errors
    /// Every mistake of the file and its bases, and a base that is not among `bases`.
    pub fn parse(file: &str, text: &str, bases: &[(&str, &str)]) -> Result<Self, Error> {
        let text = stacked(file, text, bases, DocumentKind::Catalogue)?;
        let catalogue = catalogue::decode(&text).map_err(Error::documents)?;
        Ok(Self { text, catalogue: Arc::new(catalogue) })
    }

    /// Its id, as in reports.
    pub fn id(&self) -> &str {
        &self.catalogue.id
    }

    /// Its title; empty where it has none.
    pub fn title(&self) -> &str {
        &self.catalogue.title
    }

    /// The period that its figures are of: `2024`, `2024-H1`, `2021-2025`.
    pub fn period(&self) -> String {
        self.catalogue.period.to_string()
    }

    /// Id and label of every indicator, in order.
    pub fn indicators(&self) -> impl Iterator<Item = (&str, &str)> {
        self.catalogue.iter().map(|(_, indicator)| (&*indicator.id, &*indicator.label))
    }
}

/// A mapping with its catalogue: where in the files of one office the figures of the indicators stand. The file is
/// described in docs/mapping.md.
///
/// ```
/// use bieu::{Catalogue, Mapping};
///
/// let text = |name: &str| std::fs::read_to_string(format!("examples/xa-mau/{name}"));
/// assert_eq!(Mapping::catalogue_of("mapping.toml", &text("mapping.toml")?, &[])?, "catalogue.toml");
///
/// let catalogue = Catalogue::parse("catalogue.toml", &text("catalogue.toml")?, &[])?;
/// let mapping = Mapping::parse("mapping.toml", &text("mapping.toml")?, &[], &catalogue)?;
/// assert_eq!((mapping.id(), mapping.catalogue_id()), ("xa-mau", "bieu-mau"));
/// assert!(mapping.takes_file("Trong-trot (1).csv") && !mapping.takes_file("thu-chi.xlsx"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Mapping(pub(super) Bundle);

impl Mapping {
    /// Reads a mapping against the catalogue that it names. `file` is its name for people; `bases` as for
    /// [`Catalogue::parse`].
    ///
    /// # Errors
    /// Every mistake of the file and its bases; also those that the catalogue gets where the mapping changes it.
    pub fn parse(file: &str, text: &str, bases: &[(&str, &str)], catalogue: &Catalogue) -> Result<Self, Error> {
        let document = stacked(file, text, bases, DocumentKind::Mapping)?;
        let bundle = Bundle::new(&document, catalogue.text.clone(), catalogue.catalogue.clone());
        bundle.map(Self).map_err(Error::documents)
    }

    /// What a mapping calls its catalogue: an id, or a path from the file that says so.
    ///
    /// # Errors
    /// The text is no mapping, or names no catalogue.
    pub fn catalogue_of(file: &str, text: &str, bases: &[(&str, &str)]) -> Result<String, Error> {
        let document = stacked(file, text, bases, DocumentKind::Mapping)?;
        mapping::catalogue_reference(&document).map(|name| name.value).map_err(Error::documents)
    }

    /// Its id, as in reports.
    pub fn id(&self) -> &str {
        &self.0.mapping.id
    }

    /// The id of its catalogue.
    pub fn catalogue_id(&self) -> &str {
        &self.0.catalogue.id
    }

    /// Whether it takes figures from a file of this name; case, marks and dates in the name do not matter.
    pub fn takes_file(&self, name: &str) -> bool {
        self.0.mapping.sources.iter().any(|source| source.takes_file(file_name(name)))
    }
}

/// The files that a document may extend, in memory.
struct InMemory<'a>(&'a [(&'a str, &'a str)]);

impl Bases for InMemory<'_> {
    type Place = ();

    fn find(&self, name: &str, (): &(), _: &str) -> Option<(Document, ())> {
        let stem = |path| file_name(path).trim_end_matches(".toml").to_owned();
        let (file, text) = self.0.iter().find(|(file, _)| *file == name || stem(file) == stem(name))?;
        Some((document(file, text), ()))
    }

    fn is_same(&self, (a, ()): (&Document, &()), (b, ()): (&Document, &())) -> bool {
        a.file == b.file
    }
}

/// A text of a file, of which editors on Windows may have left a byte order mark.
pub(super) fn document(file: &str, text: &str) -> Document {
    Document::new(file, text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn stacked(file: &str, text: &str, bases: &[(&str, &str)], kind: DocumentKind) -> Result<Document, Error> {
    let stacked = document::stack(&document(file, text), (), kind, &InMemory(bases)).map_err(Error::documents)?;
    Ok(stacked.document)
}
