//! Readings of plain rows for as long as they are looked at.

use super::{Dataset, standing};
use crate::model::{
    catalogue::{IndicatorId, MeasureId},
    reading::{Key, Reading, rows::Lender},
};

/// The readings of one record, lent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'r> {
    pub(super) dataset: &'r Dataset,
    pub(crate) readings: &'r [Reading],
    /// Whether it is a row of plain numbers: all that there is of its member stands in it.
    pub(crate) is_plain: bool,
}

impl<'r> Record<'r> {
    /// As [`Dataset::like`], of a reading of this record.
    pub(crate) fn like(&self, reading: &Reading, indicator: IndicatorId, measure: MeasureId) -> Option<&'r Reading> {
        if self.is_plain { self.find(indicator, measure) } else { self.dataset.like(reading, indicator, measure) }
    }

    /// As [`Dataset::beside`], of a reading of this record.
    pub(crate) fn beside(&self, reading: &Reading, indicator: IndicatorId, measure: MeasureId) -> Option<&'r Reading> {
        if self.is_plain { self.find(indicator, measure) } else { self.dataset.beside(reading, indicator, measure) }
    }

    /// As [`Dataset::get`], of a key of this record.
    pub(crate) fn standing(&self, key: &Key) -> Option<&'r Reading> {
        self.dataset.get_in(self.is_plain.then_some(*self), key)
    }

    /// The reading of an indicator and measure that stands for all of a plain row.
    fn find(&self, indicator: IndicatorId, measure: MeasureId) -> Option<&'r Reading> {
        standing(|| self.readings.iter().filter(|r| r.key.indicator == indicator && r.key.measure == measure))
    }
}

/// Looks up the readings of members, of which the last one's are lent.
#[derive(Debug)]
pub(crate) struct Lookup<'a> {
    dataset: &'a Dataset,
    lenders: Vec<Lender<'a>>,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(dataset: &'a Dataset, lenders: Vec<Lender<'a>>) -> Self {
        Self { dataset, lenders }
    }

    /// The plain row of a member, if it has one.
    pub(crate) fn row(&mut self, member: &str) -> Option<Record<'_>> {
        let (table, row) = self.dataset.place_of(member)?;
        Some(Record { dataset: self.dataset, readings: self.lenders[table].row(row), is_plain: true })
    }
}

impl Dataset {
    /// As [`Dataset::get`], with what is known to be the row of the member.
    pub(crate) fn get_in<'r>(&'r self, row: Option<Record<'r>>, key: &Key) -> Option<&'r Reading> {
        match row {
            Some(row) => row.find(key.indicator, key.measure),
            None => self.get_irregular(key),
        }
    }
}
