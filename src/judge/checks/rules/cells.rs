//! The cells that a rule speaks of: found by member, lent where they stand in plain rows.

use std::{collections::HashSet, sync::Arc};

use super::{OperandCell, Subject};
use crate::{
    model::{
        catalogue::{IndicatorId, MeasureId, rule::Operand},
        finding::MOST_SOURCES,
        reading::{Dataset, Key, Reading, Record},
    },
    values::text,
};

impl<'a> Subject<'a> {
    /// The cells of an operand: one, or one a member, in the order of the sheets. Those of plain rows
    /// that are not at hand are held.
    pub(super) fn cells(&self, operand: &Operand) -> Vec<OperandCell<'a>> {
        let Some(measure) = operand.measure.or(self.measure) else { return Vec::new() };
        let key = |member| Key { indicator: operand.indicator, measure, member };
        if !operand.members {
            let member = operand.member.as_ref().map(|name| self.spelled(name, operand, measure));
            return vec![self.cell(key(member.or_else(|| self.member.clone())), operand.previous)];
        }
        let Some((dataset, indicator, at)) = self.dataset_of(operand, measure) else { return Vec::new() };
        let mut seen: HashSet<&Arc<str>> = HashSet::new();
        let readings = dataset.of(indicator).filter(|reading| reading.key.measure == at);
        let members = readings.filter_map(|reading| reading.key.member.as_ref()).filter(|member| seen.insert(member));
        members.map(|member| self.cell(key(Some(member.clone())), operand.previous)).collect()
    }

    /// A member that a rule names, as the sheets spell it.
    fn spelled(&self, name: &Arc<str>, operand: &Operand, measure: MeasureId) -> Arc<str> {
        let known = if operand.previous { &self.members.before } else { &self.members.now };
        let at = if operand.previous { self.previous_ids(operand.indicator, measure) } else { None };
        let mut members = known.get(&at.unwrap_or((operand.indicator, measure))).into_iter().flatten();
        members.find(|member| text::is_same_name(member, name)).unwrap_or(name).clone()
    }

    /// The first cell of an operand.
    pub(in crate::judge::checks) fn first_cell(&self, operand: &Operand) -> Option<OperandCell<'a>> {
        if !operand.members {
            return self.cells(operand).into_iter().next();
        }
        let mut first = None;
        self.each_cell(operand, |cell| {
            first = Some(cell.key.clone());
            None
        });
        first.map(|key| self.cell(key, operand.previous))
    }

    /// The cells of an operand that can be named, and how many more it has: of very many the first in
    /// any order, since each of plain rows is held.
    pub(in crate::judge::checks) fn named_cells(&self, operand: &Operand) -> (Vec<OperandCell<'a>>, u64) {
        let mut keys = Vec::new();
        let all = self.each_cell(operand, |cell| {
            keys.push(cell.key.clone());
            (keys.len() <= MOST_SOURCES).then_some(())
        });
        if all.is_some() {
            return (self.cells(operand), 0);
        }
        keys.truncate(MOST_SOURCES);
        let more = self.count_cells(operand).saturating_sub(keys.len()) as u64;
        (keys.into_iter().map(|key| self.cell(key, operand.previous)).collect(), more)
    }

    /// How many cells an operand has.
    pub(super) fn count_cells(&self, operand: &Operand) -> usize {
        let Some(measure) = operand.measure.or(self.measure) else { return 0 };
        let plain = self.dataset_of(operand, measure).map_or(0, |(dataset, indicator, at)| {
            let total = dataset.plain_total(indicator, at);
            total.filled() + total.blank
        });
        self.irregular_cells(operand, measure).len() + plain
    }

    /// Looks at the cells of an operand, in any order, until it has seen enough. Nothing is held.
    pub(super) fn each_cell(
        &self,
        operand: &Operand,
        mut look: impl FnMut(&OperandCell<'_>) -> Option<()>,
    ) -> Option<()> {
        if !operand.members {
            return self.cells(operand).iter().try_for_each(look);
        }
        let Some(measure) = operand.measure.or(self.measure) else { return Some(()) };
        self.irregular_cells(operand, measure).iter().try_for_each(&mut look)?;
        let Some((dataset, indicator, at)) = self.dataset_of(operand, measure) else { return Some(()) };
        dataset.each_plain_row(&[(indicator, at)], |row| {
            let mut readings = row.readings.iter();
            let reading = readings.find(|r| r.key.indicator == indicator && r.key.measure == at);
            let Some(reading) = reading else { return Some(()) };
            let key = Key { indicator: operand.indicator, measure, member: reading.key.member.clone() };
            look(&OperandCell { key, previous: operand.previous, reading: Some(reading) })
        })
    }

    /// The cells of an operand with members that stand in no plain row.
    pub(super) fn irregular_cells(&self, operand: &Operand, measure: MeasureId) -> Vec<OperandCell<'a>> {
        let known = if operand.previous { &self.members.before } else { &self.members.now };
        let at = if operand.previous { self.previous_ids(operand.indicator, measure) } else { None };
        let members = known.get(&at.unwrap_or((operand.indicator, measure))).into_iter().flatten();
        let key = |member: &Arc<str>| Key { indicator: operand.indicator, measure, member: Some(member.clone()) };
        members.map(|member| self.cell(key(member), operand.previous)).collect()
    }

    /// The readings that an operand means, and what it is called there.
    pub(super) fn dataset_of(
        &self,
        operand: &Operand,
        measure: MeasureId,
    ) -> Option<(&'a Dataset, IndicatorId, MeasureId)> {
        if !operand.previous {
            return Some((self.cx.dataset, operand.indicator, measure));
        }
        let (indicator, measure) = self.previous_ids(operand.indicator, measure)?;
        Some((self.cx.previous?.dataset, indicator, measure))
    }

    pub(super) fn has_number(&self, operand: &Operand) -> bool {
        let is_number = |cell: &OperandCell<'_>| cell.reading.is_some_and(|r| r.number().is_some());
        self.each_cell(operand, |cell| (!is_number(cell)).then_some(())).is_none()
    }

    /// Whether an operand has more cells than so many.
    pub(super) fn has_more_cells(&self, operand: &Operand, most: usize) -> bool {
        let mut count = 0;
        let more = self.each_cell(operand, |_| {
            count += 1;
            (count <= most).then_some(())
        });
        more.is_none()
    }

    pub(super) fn has_cell(&self, operand: &Operand) -> bool {
        self.each_cell(operand, |cell| if cell.is_there() { None } else { Some(()) }).is_none()
    }

    pub(super) fn cell(&self, key: Key, previous: bool) -> OperandCell<'a> {
        // The whole stands in no plain row.
        let of_row = |row: Option<Record<'a>>| row.filter(|_| key.member.is_some() && key.member == self.member);
        let reading = match (previous, of_row(self.row), of_row(self.row_before)) {
            (false, Some(row), _) => row.standing(&key),
            (false, None, _) => self.cx.dataset.get(&key),
            (true, _, row) => self.previous(&key, row),
        };
        OperandCell { key, previous, reading }
    }

    pub(super) fn previous_ids(&self, indicator: IndicatorId, measure: MeasureId) -> Option<(IndicatorId, MeasureId)> {
        let catalogue = self.cx.previous.as_ref()?.catalogue;
        let (indicator, measure) = (self.cx.catalogue.indicator(indicator), self.cx.catalogue.measure(measure));
        Some((catalogue.find(&indicator.id)?, catalogue.find_measure(&measure.id)?))
    }

    pub(super) fn previous(&self, key: &Key, row: Option<Record<'a>>) -> Option<&'a Reading> {
        let (indicator, measure) = self.previous_ids(key.indicator, key.measure)?;
        let key = Key { indicator, measure, member: key.member.clone() };
        match row {
            Some(row) => row.standing(&key),
            None => self.cx.previous.as_ref()?.dataset.get(&key),
        }
    }
}
