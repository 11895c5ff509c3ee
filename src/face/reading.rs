//! Values with their origin.

use std::sync::Arc;

use crate::{
    model::{catalogue::Catalogue, finding::Place, reading},
    values::number::Decimal,
};

/// One value of one indicator (SDMX: an observation), with the cell that it comes from.
///
/// ```
/// # use bieu::{Catalogue, Language, Limits, Mapping, Options};
/// # let text = |name: &str| std::fs::read_to_string(format!("examples/xa-mau/{name}"));
/// # let catalogue = Catalogue::parse("catalogue.toml", &text("catalogue.toml")?, &[])?;
/// # let mapping = Mapping::parse("mapping.toml", &text("mapping.toml")?, &[], &catalogue)?;
/// # let file = bieu::read("trong-trot.csv", text("trong-trot.csv")?.as_bytes(), &Limits::default());
/// let submission = bieu::judge("xã Mẫu", vec![file], &[mapping], &Options::new(Language::En));
/// let mut plans = Vec::new();
/// submission.each_reading(|reading| {
///     if reading.measure() == "plan" {
///         plans.push((reading.indicator().to_owned(), reading.number(), reading.unit().map(str::to_owned)));
///     }
/// });
/// assert_eq!(plans[1], ("lua.san-luong".to_owned(), Some(500.into()), Some("tấn".to_owned())));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    catalogue: &'a Catalogue,
    reading: &'a reading::Reading,
}

impl<'a> Reading<'a> {
    pub(super) fn new(catalogue: &'a Catalogue, reading: &'a reading::Reading) -> Self {
        Self { catalogue, reading }
    }

    /// Id of its indicator.
    pub fn indicator(&self) -> &'a str {
        &self.catalogue.indicator(self.reading.key.indicator).id
    }

    /// Label of its indicator.
    pub fn label(&self) -> &'a str {
        &self.catalogue.indicator(self.reading.key.indicator).label
    }

    /// Id of its measure: `plan`, `actual`, `ratio` or another one of the catalogue.
    pub fn measure(&self) -> &'a str {
        &self.catalogue.measure(self.reading.key.measure).id
    }

    /// Village, month or other member that it is about; none for the whole.
    pub fn member(&self) -> Option<&'a str> {
        self.reading.key.member.as_deref()
    }

    /// The value, in its [`unit`](Self::unit) and exact; none for what is no single number: `>90`, a blank, words.
    pub fn number(&self) -> Option<Decimal> {
        self.reading.number()
    }

    /// What the cell holds, as a person sees it.
    pub fn raw(&self) -> Arc<str> {
        self.reading.origin.raw.text()
    }

    /// The unit of its indicator, whatever the sheet is in; none for ratios, verdicts and notes.
    pub fn unit(&self) -> Option<&'a str> {
        let is_base = self.catalogue.measure(self.reading.key.measure).is_base();
        let unit = self.catalogue.indicator(self.reading.key.indicator).unit.as_ref();
        unit.filter(|_| is_base).map(|unit| &*unit.name)
    }

    /// The cells that it comes from: one, or all those that were added up.
    pub fn places(&self) -> Vec<Place> {
        self.reading.places()
    }

    /// The line of the mapping that takes it: file, and line from one.
    pub fn taken_by(&self) -> (&'a str, u32) {
        let line = &self.reading.origin.mapping;
        (&line.file, line.line)
    }
}
