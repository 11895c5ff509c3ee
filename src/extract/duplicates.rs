//! The same member twice in one table: two villages of one name, or a row that was copied.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use foldhash::fast::RandomState;

use super::Context;
use crate::{
    model::{
        catalogue::{IndicatorId, MeasureId},
        finding::{DUPLICATE_MEMBER, Facts, Finding},
        reading::{Dataset, Key, Reading},
    },
    values::{
        language::{Language, say},
        number::Rational,
        text,
    },
};

/// Rows of one table that name the same member: each by its record and the places of its readings.
type Rows = BTreeMap<u32, Vec<usize>>;

/// What rows of the same name are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Repetition {
    /// Members of their own.
    Apart,
    /// Copies of the first.
    Copies,
    /// Nobody knows.
    Open,
}

/// Keeps rows of the same name in one table apart. The stated total tells whether both count; where it
/// does not, no total of the members is judged or made.
pub(super) fn keep_apart(cx: &mut Context<'_>) -> Dataset {
    let dataset = Dataset::with_tables(std::mem::take(&mut cx.readings), std::mem::take(&mut cx.tables));
    let groups = if may_repeat(dataset.irregular()) { groups(dataset.irregular()) } else { Vec::new() };
    if groups.is_empty() {
        return dataset;
    }
    let kind = repetition(cx, &dataset, &groups);
    let (mut readings, tables) = dataset.into_parts();
    let mut spare = BTreeSet::new();
    for rows in &groups {
        if kind != Repetition::Apart {
            cx.findings.push(finding(&readings, rows, kind));
        }
        for (number, places) in (1..).zip(rows.values()).skip(1) {
            if kind == Repetition::Copies {
                spare.extend(places.iter().copied());
                continue;
            }
            if kind == Repetition::Open {
                cx.doubtful.extend(places.iter().map(|at| (readings[*at].key.indicator, readings[*at].key.measure)));
            }
            for at in places {
                let reading = &mut readings[*at];
                let name = reading.key.member.as_deref().unwrap_or_default();
                let name = format!("{name} ({number})");
                cx.renamed.insert(name.clone());
                reading.key.member = Some(name.into());
            }
        }
    }
    let mut at = 0;
    readings.retain(|_| {
        at += 1;
        !spare.contains(&(at - 1))
    });
    Dataset::with_tables(readings, tables)
}

/// Whether a name stands in two rows of one sheet: where none does, there is nothing to look for.
fn may_repeat(readings: &[Reading]) -> bool {
    let member = |reading: &Reading| reading.key.member.as_ref().map(Arc::as_ptr);
    let mut rows: HashMap<(&str, &str, String), u32, RandomState> = HashMap::default();
    // A name stands in every column of its row.
    let of_rows = readings.chunk_by(|a, b| a.record == b.record && member(a) == member(b));
    let mut names = of_rows.filter_map(|row| Some((&row[0], row[0].key.member.as_deref()?)));
    names.any(|(reading, name)| {
        let place = (&*reading.origin.file, &*reading.origin.sheet, text::fold_label(name));
        *rows.entry(place).or_insert(reading.record) != reading.record
    })
}

/// Rows of one table, that is with the same figures in the same columns of one sheet, with one name.
fn groups(readings: &[Reading]) -> Vec<Rows> {
    type Name<'r> = (&'r str, &'r str, &'r str, u32);
    type Counts<'r> = HashMap<&'r str, usize, RandomState>;
    let of_members = || readings.iter().enumerate().filter_map(|(at, r)| Some((at, r, r.key.member.as_deref()?)));
    // A name stands in every column of its row: it is folded once.
    let mut folded: HashMap<&str, String, RandomState> = HashMap::default();
    for (_, _, member) in of_members() {
        folded.entry(member).or_insert_with(|| text::fold_label(member));
    }
    let key = |reading: &Reading| (reading.key.indicator, reading.key.measure, reading.origin.cell.column);
    let mut keys: HashMap<(IndicatorId, MeasureId, u32), Counts<'_>, RandomState> = HashMap::default();
    for (_, reading, member) in of_members() {
        *keys.entry(key(reading)).or_default().entry(&folded[member]).or_default() += 1;
    }
    let mut names: BTreeMap<Name<'_>, Rows> = BTreeMap::new();
    for (at, reading, member) in of_members() {
        let folded = folded[member].as_str();
        if keys[&key(reading)][folded] < 2 {
            continue;
        }
        // Two sources that read the same rows give the same cells.
        let name = (&*reading.origin.file, &*reading.origin.sheet, folded, reading.origin.mapping.line);
        names.entry(name).or_default().entry(reading.record).or_default().push(at);
    }
    // The columns of a row are lines of the mapping of their own; the row is what counts.
    let mut groups: BTreeMap<Vec<u32>, Rows> = BTreeMap::new();
    for rows in names.into_values().filter(|rows| is_of_rows(readings, rows)) {
        let group = groups.entry(rows.keys().copied().collect()).or_default();
        for (record, places) in rows {
            group.entry(record).or_default().extend(places);
        }
    }
    // All readings of a row go with it.
    let mut groups: Vec<Rows> = groups.into_values().collect();
    for (record, places) in groups.iter_mut().flatten() {
        let member = places.first().and_then(|at| readings[*at].key.member.clone());
        let start = readings.partition_point(|r| r.record < *record);
        let of_row = readings[start..].iter().take_while(|r| r.record == *record);
        let own = (start..).zip(of_row).filter(|(_, r)| r.key.member == member);
        *places = own.map(|(at, _)| at).collect();
    }
    groups
}

/// Whether the readings stand in different rows.
fn is_of_rows(readings: &[Reading], rows: &Rows) -> bool {
    let cells = rows.values().flatten().map(|at| readings[*at].origin.cell.row);
    rows.len() > 1 && cells.collect::<BTreeSet<_>>().len() == rows.len()
}

/// All groups together, as one total speaks of them all.
fn repetition(cx: &Context<'_>, dataset: &Dataset, groups: &[Rows]) -> Repetition {
    let readings = dataset.irregular();
    let again: BTreeSet<usize> = groups.iter().flat_map(|rows| rows.values().skip(1)).flatten().copied().collect();
    let is_copy = groups.iter().all(|rows| {
        let values = |places: &[usize]| -> Vec<_> { places.iter().map(|at| readings[*at].number()).collect() };
        let mut rows = rows.values();
        let first = rows.next().map(|places| values(places));
        rows.all(|places| Some(values(places)) == first)
    });
    let keys: BTreeSet<(IndicatorId, MeasureId)> =
        again.iter().map(|at| (readings[*at].key.indicator, readings[*at].key.measure)).collect();
    let mut kinds = BTreeSet::new();
    for (indicator, measure) in keys.into_iter().filter(|(_, measure)| cx.catalogue.measure(*measure).is_base()) {
        let Some(total) = dataset.whole(indicator, measure).and_then(Reading::number).map(Rational::from) else {
            continue;
        };
        let of_key = |at: &usize| readings[*at].key.indicator == indicator && readings[*at].key.measure == measure;
        let number = |at: usize| readings[at].number().map(Rational::from);
        let spare: Rational = again.iter().filter(|at| of_key(at)).filter_map(|at| number(*at)).sum();
        if spare.is_zero() {
            continue;
        }
        let mut known: BTreeSet<&Key> = BTreeSet::new();
        let members = (0..readings.len()).filter(|at| of_key(at) && readings[*at].key.member.is_some());
        let once = members.filter(|at| !again.contains(at) && known.insert(&readings[*at].key));
        let once: Rational =
            &once.filter_map(number).sum::<Rational>() + &dataset.plain_total(indicator, measure).sum();
        kinds.insert(if &once + &spare == total {
            0
        } else if once == total && is_copy {
            1
        } else {
            2
        });
    }
    match kinds.into_iter().collect::<Vec<_>>().as_slice() {
        [0] => Repetition::Apart,
        [1] => Repetition::Copies,
        _ => Repetition::Open,
    }
}

/// `duplicate-member`: rows of one table that name the same member.
#[derive(Debug)]
struct SameName {
    name: Arc<str>,
    /// From one.
    rows: Vec<u32>,
    are_copies: bool,
}

impl Facts for SameName {
    fn message(&self, language: Language) -> String {
        let name = &self.name;
        let rows = self.rows.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
        if self.are_copies {
            say!(
                language,
                "\"{name}\" đứng ở các dòng {rows} với cùng số liệu; theo tổng ghi trong bảng, chỉ tính một lần",
                "\"{name}\" stands in the rows {rows} with the same figures; by the stated total it counts once"
            )
        } else {
            say!(
                language,
                "\"{name}\" đứng ở các dòng {rows} của cùng một bảng; chưa rõ là hai nơi trùng tên hay một dòng chép đôi, nên không xét tổng",
                "\"{name}\" stands in the rows {rows} of one table; whether two places share a name or a row was copied cannot be told, so no total is judged"
            )
        }
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "xóa dòng thừa, hoặc ghi tên đầy đủ để phân biệt các dòng",
            "delete the duplicate row, or write full names that tell the rows apart"
        )
    }
}

fn finding(readings: &[Reading], rows: &Rows, kind: Repetition) -> Finding {
    let first = |places: &Vec<usize>| places.first().map(|at| &readings[*at]);
    let places: Vec<_> = rows.values().filter_map(first).map(Reading::place).collect();
    let name = rows.values().find_map(first).and_then(|reading| reading.key.member.clone()).unwrap_or_default();
    let rows = places.iter().filter_map(|place| place.cell).map(|cell| cell.row + 1).collect();
    let facts = SameName { name: name.clone(), rows, are_copies: kind == Repetition::Copies };
    let mut finding = Finding::new(&DUPLICATE_MEMBER, facts).fingerprinted(&["member", &name]);
    let mut places = places.into_iter();
    let source = places.next();
    finding.target = places.next();
    finding.sources = source.into_iter().chain(places).collect();
    finding
}
