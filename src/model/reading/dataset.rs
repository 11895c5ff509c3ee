//! All readings of a submission, by what they are values of.

mod index;
mod lent;

use std::{collections::HashMap, sync::Arc};

use foldhash::fast::RandomState;

use index::Index;
pub(crate) use lent::{Lookup, Record};

use super::{ColumnTotal, FormStatement, Key, PlainTable, Reading, Relation, Value};
use crate::{
    model::{
        catalogue::{IndicatorId, MeasureId},
        finding::Place,
        workbook::Position,
    },
    values::{
        number::{Decimal, Nothing},
        text,
    },
};

/// All readings of one submission.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    /// In the order of the mapping, by record; all but those of the tables.
    readings: Vec<Reading>,
    /// Rows of plain numbers. No member of theirs has a reading anywhere else.
    tables: Vec<PlainTable>,
    /// The tables' rows by their member.
    members: Members,
    /// Where they stand, by their keys.
    index: Index,
    /// Figures whose members may hold one twice.
    doubtful: Vec<(IndicatorId, MeasureId)>,
    /// Files that could not be read, each with the indicators that a mapping expects there, in order.
    unread: Vec<(Arc<str>, Vec<IndicatorId>)>,
    disagreements: Vec<Disagreement>,
    statements: Vec<FormStatement>,
}

/// A figure that is absent and that would come out differently by what it follows from: nothing is made.
#[derive(Clone, Debug)]
pub struct Disagreement {
    /// Indicator.
    pub indicator: IndicatorId,
    /// Measure.
    pub measure: MeasureId,
    /// What each relation gives.
    pub ways: Vec<(Relation, Decimal)>,
    /// The cells that they were computed from.
    pub places: Vec<Place>,
}

/// No reading.
const NONE: u32 = u32::MAX;

impl Dataset {
    /// Indexes readings.
    pub fn new(readings: Vec<Reading>) -> Self {
        Self { index: Index::new(&readings), readings, ..Self::default() }
    }

    /// Indexes readings and tables of plain rows. A member that has more than one row, or a reading
    /// beside its row, is taken out of the tables, and goes by the spelling that comes first.
    pub(crate) fn with_tables(mut readings: Vec<Reading>, mut tables: Vec<PlainTable>) -> Self {
        if tables.is_empty() {
            return Self::new(readings);
        }
        // Rows may have been taken out of the tables before.
        readings.sort_by_key(|reading| reading.record);
        let mut members = Members::new(&tables);
        let mut shared = std::mem::take(&mut members.shared);
        for member in readings.iter().filter_map(|reading| reading.key.member.as_deref()) {
            shared.extend(members.find(&tables, member));
        }
        shared.sort_unstable();
        shared.dedup();
        if !shared.is_empty() {
            let mut names = Names::default();
            for (table, row) in shared {
                names.add(tables[table].member(row));
            }
            for table in &mut tables {
                readings.extend(table.take_out(|member| names.holds(member)));
            }
            readings.sort_by_key(|reading| reading.record);
            names.unify(&mut readings);
            members = Members::new(&tables);
        }
        Self { tables, members, ..Self::new(readings) }
    }

    /// The same, with figures whose members may hold one twice, or a total: in order.
    #[must_use]
    pub(crate) fn with_doubtful(mut self, doubtful: Vec<(IndicatorId, MeasureId)>) -> Self {
        self.doubtful = doubtful;
        self
    }

    /// Whether nobody knows which members there are, so that their sum says nothing.
    pub(crate) fn is_doubtful(&self, indicator: IndicatorId, measure: MeasureId) -> bool {
        self.doubtful.binary_search(&(indicator, measure)).is_ok()
    }

    /// The same, with the files that could not be read and the indicators expected in each, in order.
    #[must_use]
    pub(crate) fn with_unread(mut self, unread: Vec<(Arc<str>, Vec<IndicatorId>)>) -> Self {
        self.unread = unread;
        self
    }

    /// The file that an indicator is expected in but that could not be read.
    pub fn unread_file(&self, indicator: IndicatorId) -> Option<&Arc<str>> {
        let holds = |(_, indicators): &&(_, Vec<IndicatorId>)| indicators.binary_search(&indicator).is_ok();
        self.unread.iter().find(holds).map(|(file, _)| file)
    }

    /// The same, with the figures that follow from others in two ways that contradict each other.
    #[must_use]
    pub(crate) fn with_disagreements(mut self, disagreements: Vec<Disagreement>) -> Self {
        self.disagreements = disagreements;
        self
    }

    /// Absent figures that follow from others in two ways that contradict each other.
    pub fn disagreements(&self) -> &[Disagreement] {
        &self.disagreements
    }

    /// The same, with what the forms say of their own columns and rows.
    #[must_use]
    pub(crate) fn with_statements(mut self, statements: Vec<FormStatement>) -> Self {
        self.statements = statements;
        self
    }

    /// What the forms say of their own columns and rows, and how the figures keep it.
    pub fn statements(&self) -> &[FormStatement] {
        &self.statements
    }

    /// What it was made of.
    pub(crate) fn into_parts(self) -> (Vec<Reading>, Vec<PlainTable>) {
        (self.readings, self.tables)
    }

    /// Every reading, in the order of the mapping, lent until the next one.
    pub fn each(&self, mut look: impl FnMut(&Reading)) {
        if self.tables.is_empty() {
            return self.readings.iter().for_each(look);
        }
        self.each_record(|record| record.readings.iter().for_each(&mut look));
    }

    /// The readings of one record after another, lent until the next one.
    pub(crate) fn each_record(&self, mut look: impl FnMut(Record<'_>)) {
        let mut irregular = self.irregular_records().peekable();
        for table in &self.tables {
            let mut lender = table.lender();
            for row in 0..table.len() {
                while let Some(readings) = irregular.next_if(|irregular| irregular[0].record < table.record(row)) {
                    look(Record { dataset: self, readings, is_plain: false });
                }
                look(Record { dataset: self, readings: lender.row(row), is_plain: true });
            }
        }
        irregular.for_each(|readings| look(Record { dataset: self, readings, is_plain: false }));
    }

    /// The records that hold a reading of an indicator, irregular ones one reading at a time.
    pub(crate) fn each_record_of(&self, indicator: IndicatorId, mut look: impl FnMut(Record<'_>)) {
        let irregular = self.irregular_of(indicator).map(std::slice::from_ref);
        irregular.for_each(|readings| look(Record { dataset: self, readings, is_plain: false }));
        for table in self.tables.iter().filter(|table| table.columns().iter().any(|c| c.indicator == indicator)) {
            let mut lender = table.lender();
            (0..table.len()).for_each(|row| {
                look(Record { dataset: self, readings: lender.row(row), is_plain: true });
            });
        }
    }

    /// The plain rows whose tables hold any of these, until `look` has seen enough.
    pub(crate) fn each_plain_row(
        &self,
        of: &[(IndicatorId, MeasureId)],
        mut look: impl FnMut(Record<'_>) -> Option<()>,
    ) -> Option<()> {
        let wanted =
            |table: &&PlainTable| table.columns().iter().any(|column| of.contains(&(column.indicator, column.measure)));
        for table in self.tables.iter().filter(wanted) {
            let mut lender = table.lender();
            (0..table.len())
                .try_for_each(|row| look(Record { dataset: self, readings: lender.row(row), is_plain: true }))?;
        }
        Some(())
    }

    /// A reading like those of a plain column, with another number in it and no member.
    pub(crate) fn plain_sample(&self, indicator: IndicatorId, measure: MeasureId, number: Decimal) -> Option<Reading> {
        self.tables.iter().find_map(|table| table.sample(indicator, measure, number))
    }

    /// Looks up the plain rows of members.
    pub(crate) fn lookup(&self) -> Lookup<'_> {
        Lookup::new(self, self.tables.iter().map(PlainTable::lender).collect())
    }

    /// The table and the row of a member.
    pub(super) fn place_of(&self, member: &str) -> Option<(usize, usize)> {
        self.members.find(&self.tables, member)
    }

    /// How many rows are [plain](Self::irregular).
    pub(crate) fn plain_rows(&self) -> usize {
        self.tables.iter().map(PlainTable::len).sum()
    }

    /// Every reading but plain numbers and blanks of the members of a large table: those are typed,
    /// of a base measure and no forecasts, and none of them shares its key with another reading.
    pub fn irregular(&self) -> &[Reading] {
        &self.readings
    }

    /// [`irregular`](Self::irregular) by record.
    pub fn irregular_records(&self) -> impl Iterator<Item = &[Reading]> {
        self.readings.chunk_by(|a, b| a.record == b.record)
    }

    /// All readings by themselves.
    pub fn into_readings(self) -> Vec<Reading> {
        if self.tables.is_empty() {
            return self.readings;
        }
        let mut readings = Vec::new();
        self.each(|reading| readings.push(reading.clone()));
        readings
    }

    /// How many readings are no blanks.
    pub fn filled(&self) -> usize {
        let irregular = self.readings.iter().filter(|r| !matches!(r.value, Value::Nothing(Nothing::Blank))).count();
        irregular + self.tables.iter().flat_map(PlainTable::totals).map(ColumnTotal::filled).sum::<usize>()
    }

    /// What the plain numbers of members come to that [`irregular`](Self::irregular) leaves out.
    pub(crate) fn plain_total(&self, indicator: IndicatorId, measure: MeasureId) -> ColumnTotal {
        let columns = self.tables.iter().flat_map(|table| table.columns().iter().zip(table.totals()));
        let of = columns.filter(|(column, _)| column.indicator == indicator && column.measure == measure);
        let mut total = ColumnTotal::default();
        of.for_each(|(_, column)| total.add(column));
        total
    }

    /// What the columns of the tables are values of.
    pub(crate) fn plain_keys(&self) -> Vec<(IndicatorId, MeasureId)> {
        let columns = self.tables.iter().flat_map(PlainTable::columns);
        let mut keys: Vec<_> = columns.map(|column| (column.indicator, column.measure)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Every reading of a key. Those of a plain row are held from then on.
    pub fn all(&self, key: &Key) -> impl Iterator<Item = &Reading> {
        let Key { indicator, measure, member } = key;
        let first = self.index.first(&self.readings, *indicator, *measure, member.as_ref());
        self.from(first).chain(self.in_tables(*indicator, *measure, member.as_deref()))
    }

    /// Whether a member has more than one reading of an indicator and measure. If not, a reading is all that
    /// there is of its key.
    pub(crate) fn repeats_members(&self, indicator: IndicatorId, measure: MeasureId) -> bool {
        self.index.repeats_members(indicator, measure)
    }

    /// The same of the whole.
    pub(crate) fn repeats_whole(&self, indicator: IndicatorId, measure: MeasureId) -> bool {
        self.index.repeats_whole(indicator, measure)
    }

    /// The reading of a key that stands in a table.
    fn in_tables(
        &self,
        indicator: IndicatorId,
        measure: MeasureId,
        member: Option<&str>,
    ) -> impl Iterator<Item = &Reading> {
        let member = member.filter(|_| !self.tables.is_empty());
        let row = member.and_then(|member| self.members.find(&self.tables, member));
        let row = row.map_or(&[][..], |(table, row)| self.tables[table].held(row));
        row.iter().filter(move |r| r.key.indicator == indicator && r.key.measure == measure)
    }

    /// A reading and those of the same key after it.
    fn from(&self, at: u32) -> impl Iterator<Item = &Reading> {
        let known = |at: u32| (at != NONE).then_some(at);
        std::iter::successors(known(at), move |at| known(self.index.next(*at))).map(|at| &self.readings[at as usize])
    }

    /// Every reading of an indicator. Plain rows are held from then on: where there may be many, see
    /// `each_record`.
    pub fn of(&self, indicator: IndicatorId) -> impl Iterator<Item = &Reading> {
        let in_tables = self.tables.iter().flat_map(PlainTable::columns).any(|column| column.indicator == indicator);
        let is_of = |reading: &&Reading| reading.key.indicator == indicator;
        let all: Vec<_> = if in_tables { self.held().filter(is_of).collect() } else { Vec::new() };
        self.irregular_of(indicator).filter(move |_| !in_tables).chain(all)
    }

    /// Those of an indicator that stand in the plain rows of some members; their rows are held.
    pub(crate) fn plain_of(&self, indicator: IndicatorId, is_wanted: impl Fn(&str) -> bool) -> Vec<&Reading> {
        let mut found = Vec::new();
        for table in self.tables.iter().filter(|table| table.columns().iter().any(|c| c.indicator == indicator)) {
            for row in (0..table.len()).filter(|row| is_wanted(table.member(*row))) {
                found.extend(table.held(row).iter().filter(|reading| reading.key.indicator == indicator));
            }
        }
        found
    }

    /// Readings of a column of plain numbers: those that hold one, or those that are blank, of the cells
    /// that are wanted by file, sheet and place. Only their rows are held from then on.
    pub(crate) fn plain_where(
        &self,
        indicator: IndicatorId,
        measure: MeasureId,
        filled: bool,
        mut is_wanted: impl FnMut(&Arc<str>, &Arc<str>, Position) -> bool,
    ) -> Vec<&Reading> {
        let mut found = Vec::new();
        for table in &self.tables {
            for row in table.rows_where(indicator, measure, filled, &mut is_wanted) {
                let own = |r: &&Reading| r.key.indicator == indicator && r.key.measure == measure;
                found.extend(table.held(row).iter().filter(own).filter(|r| r.number().is_some() == filled));
            }
        }
        found
    }

    /// Every reading, in the order of the mapping; all of them are held from then on.
    fn held(&self) -> impl Iterator<Item = &Reading> {
        let mut single = self.irregular_records().peekable();
        let mut rows = self.tables.iter().flat_map(|table| (0..table.len()).map(move |row| (table, row))).peekable();
        let records = std::iter::from_fn(move || {
            let single_first = match (single.peek(), rows.peek()) {
                (Some(single), Some((table, row))) => single[0].record < table.record(*row),
                (Some(_), None) => true,
                (None, _) => false,
            };
            if single_first { single.next() } else { rows.next().map(|(table, row)| table.held(row)) }
        });
        records.flatten()
    }

    /// Those of an indicator that are [`irregular`](Self::irregular).
    pub(crate) fn irregular_of(&self, indicator: IndicatorId) -> impl Iterator<Item = &Reading> {
        self.index.of(indicator).iter().map(|at| &self.readings[*at as usize])
    }

    /// Keys with more than one reading, in a fixed order.
    pub fn repeated(&self) -> Vec<&Key> {
        let mut keys: Vec<_> = self.index.repeats().iter().map(|at| &self.readings[*at as usize].key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The reading that stands for a key: the first that holds a value. Others of the same key are
    /// the business of `conflicting-sources`. A plain row that it stands in is held from then on.
    pub fn get(&self, key: &Key) -> Option<&Reading> {
        self.standing(key.indicator, key.measure, key.member.as_ref())
    }

    /// The same, but not from plain rows.
    pub(super) fn get_irregular(&self, key: &Key) -> Option<&Reading> {
        self.standing_from(self.index.first(&self.readings, key.indicator, key.measure, key.member.as_ref()))
    }

    /// The same of another indicator or measure, for the same member as a reading.
    pub fn like(&self, reading: &Reading, indicator: IndicatorId, measure: MeasureId) -> Option<&Reading> {
        self.standing(indicator, measure, reading.key.member.as_ref())
    }

    /// The reading of the whole, not of a member.
    pub fn whole(&self, indicator: IndicatorId, measure: MeasureId) -> Option<&Reading> {
        self.standing_from(self.index.first(&self.readings, indicator, measure, None))
    }

    fn standing(&self, indicator: IndicatorId, measure: MeasureId, member: Option<&Arc<str>>) -> Option<&Reading> {
        let first = self.index.first(&self.readings, indicator, measure, member);
        let in_tables = || standing(|| self.in_tables(indicator, measure, member.map(|member| &**member)));
        // What is in a table is nowhere else.
        self.standing_from(first).or_else(|| if self.tables.is_empty() { None } else { in_tables() })
    }

    /// The one that stands for a key, of a reading and those of the same key after it.
    fn standing_from(&self, first: u32) -> Option<&Reading> {
        let own = self.readings.get(first as usize)?;
        let is_it = !matches!(own.value, Value::Nothing(_)) || self.index.next(first) == NONE;
        if is_it { Some(own) } else { standing(|| self.from(first)) }
    }

    /// A reading from the same row as another, or the one that stands for the key: a blank cell in the
    /// row hides no figure that stands elsewhere.
    pub fn beside(&self, reading: &Reading, indicator: IndicatorId, measure: MeasureId) -> Option<&Reading> {
        let is_blank = |r: &Reading| matches!(r.value, Value::Nothing(Nothing::Blank));
        let is_beside = |r: &&Reading| r.record == reading.record && !is_blank(r);
        let member = reading.key.member.as_ref();
        let first = self.index.first(&self.readings, indicator, measure, member);
        let Some(own) = self.readings.get(first as usize) else {
            if self.tables.is_empty() {
                return None;
            }
            let in_tables = || self.in_tables(indicator, measure, member.map(|member| &**member));
            return in_tables().find(is_beside).or_else(|| standing(in_tables));
        };
        if is_beside(&own) {
            return Some(own);
        }
        self.from(self.index.next(first)).find(is_beside).or_else(|| self.standing_from(first))
    }
}

/// The first of the readings of a key that holds a value, else the first.
fn standing<'a, I: Iterator<Item = &'a Reading>>(readings: impl Fn() -> I) -> Option<&'a Reading> {
    readings().find(|r| !matches!(r.value, Value::Nothing(_))).or_else(|| readings().next())
}

/// Some members, by all spellings of their names.
#[derive(Debug, Default)]
pub(crate) struct Names {
    by_hash: HashMap<u64, Vec<Arc<str>>, RandomState>,
    hasher: RandomState,
}

impl Names {
    pub(crate) fn add(&mut self, name: &str) {
        let hash = text::name_hash(name, &self.hasher);
        let alike = self.by_hash.entry(hash).or_default();
        if !alike.iter().any(|own| text::is_same_name(own, name)) {
            alike.push(name.into());
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_hash.is_empty()
    }

    pub(crate) fn holds(&self, name: &str) -> bool {
        let alike = self.by_hash.get(&text::name_hash(name, &self.hasher));
        alike.is_some_and(|alike| alike.iter().any(|own| text::is_same_name(own, name)))
    }

    /// Gives readings of the same member one name, that of the first.
    pub(crate) fn unify(&self, readings: &mut [Reading]) {
        let mut first: HashMap<String, Arc<str>, RandomState> = HashMap::default();
        let members = readings.iter_mut().filter_map(|reading| reading.key.member.as_mut());
        for member in members.filter(|member| self.holds(member)) {
            let first = first.entry(text::fold(member)).or_insert_with(|| member.clone());
            member.clone_from(first);
        }
    }
}

/// The rows of tables by the member they are about: a hash table of row numbers, since the texts are
/// in the sheets. A member is found by any spelling of its name.
#[derive(Clone, Debug, Default)]
struct Members {
    /// Number of a row among those of all tables, [`NONE`] where there is none. A power of two long.
    slots: Vec<u32>,
    /// The number of the first row of each table.
    starts: Vec<u32>,
    /// Rows whose member had a row before.
    shared: Vec<(usize, usize)>,
    hasher: RandomState,
}

impl Members {
    fn new(tables: &[PlainTable]) -> Self {
        let rows: usize = tables.iter().map(PlainTable::len).sum();
        let mut members = Self { slots: vec![NONE; (rows * 3 / 2).next_power_of_two()], ..Self::default() };
        let mut number = 0;
        for (table_at, table) in tables.iter().enumerate() {
            members.starts.push(number);
            for row in 0..table.len() {
                match members.slot(tables, table.member(row)) {
                    (_, Some(_)) => members.shared.push((table_at, row)),
                    (slot, None) => members.slots[slot] = number,
                }
                number += 1;
            }
        }
        members
    }

    /// Where a member stands, or would stand.
    fn slot(&self, tables: &[PlainTable], member: &str) -> (usize, Option<(usize, usize)>) {
        let most = self.slots.len() - 1;
        let hash = text::name_hash(member, &self.hasher);
        let is_same = |own: &str| {
            own == member || (text::name_hash(own, &self.hasher) == hash && text::is_same_name(own, member))
        };
        // Only the lower half is needed, and all of it is as good.
        #[allow(clippy::cast_possible_truncation)]
        let mut slot = hash as usize & most;
        loop {
            let number = self.slots[slot];
            if number == NONE {
                return (slot, None);
            }
            let table = self.starts.partition_point(|start| *start <= number) - 1;
            let row = (number - self.starts[table]) as usize;
            if is_same(tables[table].member(row)) {
                return (slot, Some((table, row)));
            }
            slot = (slot + 1) & most;
        }
    }

    fn find(&self, tables: &[PlainTable], member: &str) -> Option<(usize, usize)> {
        if self.slots.is_empty() { None } else { self.slot(tables, member).1 }
    }
}
