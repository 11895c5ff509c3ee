//! Where the readings of a dataset stand, by their keys.

use std::{hash::BuildHasher, sync::Arc};

use foldhash::fast::RandomState;

use super::NONE;
use crate::model::{
    catalogue::{IndicatorId, MeasureId},
    reading::Reading,
};

/// Places of readings by indicator and by key. A figure is what an indicator and a measure name together.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// Every figure, by number: so nearly all readings are found, or known not to be there, without hashing.
    figures: Vec<FigureIndex>,
    measures: usize,
    /// A hash table of the first reading of each key of a member, [`NONE`] where there is none. A power of
    /// two long, and never full.
    slots: Vec<u32>,
    hasher: RandomState,
    /// The next reading of the same key, [`NONE`] after the last.
    next: Vec<u32>,
    /// Readings that another one of the same key follows.
    repeats: Vec<u32>,
    /// Readings by indicator, and where those of each begin.
    by_indicator: Vec<u32>,
    starts: Vec<u32>,
}

/// What there is of a figure.
#[derive(Clone, Copy, Debug)]
struct FigureIndex {
    /// Its first reading of the whole, or [`NONE`].
    whole: u32,
    has_members: bool,
    /// Whether a member has more than one reading of it.
    repeats_members: bool,
}

const NOTHING: FigureIndex = FigureIndex { whole: NONE, has_members: false, repeats_members: false };

impl Index {
    pub(super) fn new(readings: &[Reading]) -> Self {
        let (mut measures, mut indicators, mut members) = (0, 0, 0);
        for Reading { key, .. } in readings {
            measures = measures.max(usize::from(key.measure.0) + 1);
            indicators = indicators.max(key.indicator.0 as usize + 1);
            members += usize::from(key.member.is_some());
        }
        let mut index = Self {
            figures: vec![NOTHING; measures * indicators],
            measures,
            slots: vec![NONE; if members == 0 { 0 } else { (members * 3 / 2 + 1).next_power_of_two() }],
            hasher: RandomState::default(),
            next: vec![NONE; readings.len()],
            repeats: Vec::new(),
            by_indicator: vec![0; readings.len()],
            starts: vec![0; indicators + 1],
        };
        // The readings of a member follow each other, and nearly always share its name.
        let mut last: Option<(&Arc<str>, u64)> = None;
        // From the last to the first, so that each one finds the one after it.
        for (at, Reading { key, .. }) in readings.iter().enumerate().rev() {
            let place = key.indicator.0 as usize * measures + usize::from(key.measure.0);
            let slot = key.member.as_ref().map(|member| {
                let known = last.filter(|(known, _)| Arc::ptr_eq(known, member));
                let (_, hash) = *last.insert(known.unwrap_or_else(|| (member, index.hasher.hash_one(&**member))));
                index.slot(readings, place, (key.indicator, key.measure), (member, hash))
            });
            let figure = &mut index.figures[place];
            let first = match slot {
                Some(slot) => &mut index.slots[slot],
                None => &mut figure.whole,
            };
            let own = u32::try_from(at).unwrap_or(NONE);
            index.next[at] = std::mem::replace(first, own);
            figure.has_members |= slot.is_some();
            if index.next[at] != NONE {
                figure.repeats_members |= slot.is_some();
                index.repeats.push(own);
            }
            index.starts[key.indicator.0 as usize + 1] += 1;
        }
        for indicator in 1..index.starts.len() {
            index.starts[indicator] += index.starts[indicator - 1];
        }
        let mut ends = index.starts.clone();
        for (at, reading) in (0u32..).zip(readings) {
            let end = &mut ends[reading.key.indicator.0 as usize];
            index.by_indicator[*end as usize] = at;
            *end += 1;
        }
        index
    }

    /// Where a key of a member stands in the hash table, or would stand. Asked only where the table has slots.
    fn slot(
        &self,
        readings: &[Reading],
        place: usize,
        (indicator, measure): (IndicatorId, MeasureId),
        (member, hash): (&Arc<str>, u64),
    ) -> usize {
        let most = self.slots.len() - 1;
        // Figures are numbered without gaps: this puts those of a member far from each other.
        let of_figure = (place as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        // Only the lower half is needed, and all of it is as good.
        #[allow(clippy::cast_possible_truncation)]
        let mut slot = (hash ^ (of_figure >> 32)) as usize & most;
        let is_it = |Reading { key, .. }: &Reading| {
            key.indicator == indicator && key.measure == measure && key.member.as_ref() == Some(member)
        };
        while readings.get(self.slots[slot] as usize).is_some_and(|first| !is_it(first)) {
            slot = (slot + 1) & most;
        }
        slot
    }

    fn figure(&self, indicator: IndicatorId, measure: MeasureId) -> FigureIndex {
        let (place, measure) = (indicator.0 as usize * self.measures, usize::from(measure.0));
        if measure < self.measures { self.figures.get(place + measure).copied().unwrap_or(NOTHING) } else { NOTHING }
    }

    /// The first reading of an indicator and measure for a member or for the whole, or [`NONE`].
    pub(super) fn first(
        &self,
        readings: &[Reading],
        indicator: IndicatorId,
        measure: MeasureId,
        member: Option<&Arc<str>>,
    ) -> u32 {
        let figure = self.figure(indicator, measure);
        match member {
            None => figure.whole,
            Some(member) if figure.has_members => {
                let place = indicator.0 as usize * self.measures + usize::from(measure.0);
                let hash = self.hasher.hash_one(&**member);
                self.slots[self.slot(readings, place, (indicator, measure), (member, hash))]
            }
            Some(_) => NONE,
        }
    }

    /// Whether a member has more than one reading of an indicator and measure.
    pub(super) fn repeats_members(&self, indicator: IndicatorId, measure: MeasureId) -> bool {
        self.figure(indicator, measure).repeats_members
    }

    /// Whether there is more than one reading of the whole.
    pub(super) fn repeats_whole(&self, indicator: IndicatorId, measure: MeasureId) -> bool {
        self.next.get(self.figure(indicator, measure).whole as usize).is_some_and(|next| *next != NONE)
    }

    /// The next reading of the same key, or [`NONE`].
    pub(super) fn next(&self, at: u32) -> u32 {
        self.next[at as usize]
    }

    /// Readings of an indicator.
    pub(super) fn of(&self, indicator: IndicatorId) -> &[u32] {
        let at = indicator.0 as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(start), Some(end)) => &self.by_indicator[*start as usize..*end as usize],
            _ => &[],
        }
    }

    /// Readings that another one of the same key follows, in no order.
    pub(super) fn repeats(&self) -> &[u32] {
        &self.repeats
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        model::{
            finding::FileLine,
            reading::{Dataset, Key, Made, Origin, Raw, Value},
            workbook::Position,
        },
        values::number::{Decimal, Nothing},
    };

    /// A reading of few indicators, measures and members, which stands in a row: a number, a blank or a dash.
    fn reading((indicator, measure, member, record, value): (u32, u16, u8, u32, i64)) -> Reading {
        let member = (member > 0).then(|| format!("Thôn {member}").into());
        Reading {
            key: Key { indicator: IndicatorId(indicator), measure: MeasureId(measure), member },
            value: match value {
                0 => Value::Nothing(Nothing::Blank),
                1 => Value::Nothing(Nothing::Dash),
                number => Value::Number(Decimal::from(number)),
            },
            decimals: 0,
            shown: None,
            record,
            forecast: false,
            origin: Origin::plain(
                ("a".into(), "b".into(), Position::new(0, 0)),
                Raw::Blank,
                FileLine { file: "c".into(), line: 1 },
                Made::Typed,
            ),
        }
    }

    proptest! {
        /// Every look-up says what looking at one reading after the other says.
        #[test]
        fn look_ups_find_what_there_is(
            of in prop::collection::vec((0u32..4, 0u16..3, 0u8..4, 0u32..3, 0i64..4), 0..40),
            (indicator, measure, member) in (0u32..5, 0u16..4, 0u8..5),
        ) {
            let dataset = Dataset::new(of.into_iter().map(reading).collect());
            let all = dataset.irregular();
            let asked = reading((indicator, measure, member, 1, 2));
            let own: Vec<&Reading> = all.iter().filter(|own| own.key == asked.key).collect();
            let is = |found: Option<&Reading>, wanted: Option<&Reading>| {
                found.map(std::ptr::from_ref) == wanted.map(std::ptr::from_ref)
            };
            let same = |found: Vec<&Reading>, wanted: &[&Reading]| {
                found.len() == wanted.len() && found.iter().zip(wanted).all(|(a, b)| std::ptr::eq(*a, *b))
            };
            prop_assert!(same(dataset.all(&asked.key).collect(), &own));
            let of_indicator: Vec<&Reading> = all.iter().filter(|own| own.key.indicator == asked.key.indicator).collect();
            prop_assert!(same(dataset.irregular_of(asked.key.indicator).collect(), &of_indicator));

            let value = own.iter().copied().find(|own| !matches!(own.value, Value::Nothing(_)));
            let standing = value.or(own.first().copied());
            let (indicator, measure) = (asked.key.indicator, asked.key.measure);
            prop_assert!(is(dataset.get(&asked.key), standing));
            prop_assert!(is(dataset.like(&asked, indicator, measure), standing));
            prop_assert!(asked.key.member.is_some() || is(dataset.whole(indicator, measure), standing));
            let is_beside = |own: &&Reading| own.record == 1 && own.value != Value::Nothing(Nothing::Blank);
            let beside = own.iter().copied().find(is_beside).or(standing);
            prop_assert!(is(dataset.beside(&asked, indicator, measure), beside));

            let count = |key: &Key| all.iter().filter(|own| own.key == *key).count();
            let mut repeated: Vec<&Key> = all.iter().map(|own| &own.key).filter(|key| count(key) > 1).collect();
            repeated.sort_unstable();
            repeated.dedup();
            prop_assert_eq!(dataset.repeated(), repeated.clone());
            let is_repeated = |of_members: bool| {
                let own = |key: &&Key| key.member.is_some() == of_members && key.indicator == indicator;
                repeated.iter().copied().filter(own).any(|key| key.measure == measure)
            };
            prop_assert_eq!(dataset.repeats_members(indicator, measure), is_repeated(true));
            prop_assert_eq!(dataset.repeats_whole(indicator, measure), is_repeated(false));
        }
    }
}
