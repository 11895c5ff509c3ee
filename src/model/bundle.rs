//! A mapping with its catalogue.

use std::sync::Arc;

use super::{
    catalogue::{self, Catalogue},
    document::{Document, Problem},
    mapping::{self, Mapping},
};

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
    /// A mapping and the catalogue that it names, as the mapping changes it.
    ///
    /// # Errors
    /// Every mistake of the mapping, or of the catalogue as it is changed.
    pub fn new(mapping: &Document, text: Document, catalogue: Arc<Catalogue>) -> Result<Self, Vec<Problem>> {
        let (text, catalogue) = if mapping.changes_catalogue() {
            let text = text.changed_by(mapping);
            let catalogue = Arc::new(catalogue::decode(&text)?);
            (text, catalogue)
        } else {
            (text, catalogue)
        };
        let mapping = Arc::new(mapping::decode(mapping, &catalogue)?);
        Ok(Self { mapping, catalogue, text: Arc::new(text) })
    }

    /// The catalogue of the next period: the same text with another `period`.
    ///
    /// # Errors
    /// What is wrong with it for that period.
    pub fn next_catalogue(&self) -> Result<Catalogue, Vec<Problem>> {
        catalogue::decode_for(&self.text, Some(self.catalogue.period.next()))
    }
}
