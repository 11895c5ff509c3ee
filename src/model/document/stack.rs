//! A file on top of all that it extends, wherever those files are looked up.

use super::{Document, Problem, Problems, both};

/// Which of the two kinds of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentKind {
    /// How one office's workbooks correspond to a catalogue.
    Mapping,
    /// The list of indicators of a form.
    Catalogue,
}

impl DocumentKind {
    /// The table that says what the file is, and what it extends.
    pub const fn table(self) -> &'static str {
        match self {
            Self::Mapping => "mapping",
            Self::Catalogue => "catalogue",
        }
    }
}

/// Where files that others extend are looked up.
pub trait Bases {
    /// Where a file stands: what tells it from another one of the same name.
    type Place: Clone;

    /// The file that another one names, and where that stands. `from` is where the one stands that names it,
    /// `file` its name.
    fn find(&self, name: &str, from: &Self::Place, file: &str) -> Option<(Document, Self::Place)>;

    /// Whether two are one file.
    fn is_same(&self, a: (&Document, &Self::Place), b: (&Document, &Self::Place)) -> bool;
}

/// A file with all that it extends.
#[derive(Debug)]
pub struct Stacked<P> {
    /// All of them.
    pub document: Document,
    /// Where each of its files stands, its own first.
    pub places: Vec<P>,
}

/// A file on top of all that it extends.
///
/// # Errors
/// A base is not there, or a file extends itself in the end.
pub fn stack<B: Bases>(
    document: &Document,
    place: B::Place,
    kind: DocumentKind,
    bases: &B,
) -> Result<Stacked<B::Place>, Vec<Problem>> {
    let mut files = vec![(document.clone(), place)];
    while let Some((current, place)) = files.last()
        && let Some(reference) = current.own_text(kind.table(), "extends")
    {
        let name = &reference.value;
        let message = match bases.find(name, place, &current.file) {
            None => match kind {
                DocumentKind::Mapping => {
                    both!("không tìm thấy bảng ánh xạ \"{name}\"", "no mapping \"{name}\"")
                }
                DocumentKind::Catalogue => {
                    both!("không tìm thấy danh mục \"{name}\"", "no catalogue \"{name}\"")
                }
            },
            Some((base, at)) if files.iter().any(|(file, place)| bases.is_same((file, place), (&base, &at))) => both!(
                "\"{name}\" kế thừa vòng quanh trở lại chính tệp này",
                "\"{name}\" extends in a circle back to this file"
            ),
            Some(base) => {
                files.push(base);
                continue;
            }
        };
        let mut problems = Problems::new(current.clone());
        problems.add_with_help(
            reference.span,
            message,
            both!(
                "ghi đường dẫn tính từ tệp này, hoặc tên một tệp có sẵn; tệp không được kế thừa chính nó",
                "write a path from this file, or the name of a bundled one; no file can extend itself"
            ),
        );
        return Err(problems.into_sorted());
    }
    let (documents, places): (Vec<_>, Vec<_>) = files.into_iter().unzip();
    let own = document.clone();
    let document = documents.into_iter().rev().reduce(|base, own| own.extending(&base)).unwrap_or(own);
    Ok(Stacked { document, places })
}
