//! Who is missing among the members of a whole, who stands there twice, and who does not belong to it.
//!
//! `[members]` says who they are. Without it they are learnt from the other tables of the submission, and
//! a learnt list is never sure: it gives no errors, and nothing where a stated total holds as it is.
//!
//! What breaks if this is changed: a member that is missing or doubled makes every sum over members
//! wrong, and none of the cells is. So it is told once, by its name, and the sums that depend on it
//! accuse nobody and are marked where the form shows them.

mod learnt;
mod one_name;
mod twins;
mod words;

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use foldhash::fast::RandomState;

use super::Context;
use crate::{
    model::{
        catalogue::{Catalogue, IndicatorId, MeasureId, MemberList},
        finding::Severity,
        mapping::Mapping,
        reading::{Dataset, Reading},
        workbook::{Workbook, file_name},
    },
    values::{
        number::{Decimal, Interval, Rational},
        text,
    },
};

/// What members state: an indicator and a measure.
pub(super) type Figure = (IndicatorId, MeasureId);

/// The members of one figure, each with its first reading that holds a number, else its first.
struct Members<'r>(Vec<(&'r str, &'r Reading)>);

impl<'r> Members<'r> {
    fn len(&self) -> usize {
        self.0.len()
    }

    /// In order of their names.
    fn iter(&self) -> impl Iterator<Item = (&'r str, &'r Reading)> + Clone {
        self.0.iter().copied()
    }

    /// In order.
    fn names(&self) -> impl Iterator<Item = &'r str> {
        self.iter().map(|(name, _)| name)
    }

    fn readings(&self) -> impl Iterator<Item = &'r Reading> {
        self.iter().map(|(_, reading)| reading)
    }

    fn get(&self, name: &str) -> Option<&'r Reading> {
        self.0.binary_search_by_key(&name, |(own, _)| own).ok().map(|at| self.0[at].1)
    }

    fn holds(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// Members that a commune usually has.
const USUAL: usize = 16;

/// Everything that members state, and what their whole says.
struct Stated<'r> {
    catalogue: &'r Catalogue,
    dataset: &'r Dataset,
    members: BTreeMap<Figure, Members<'r>>,
    /// Indicators of which the whole is made by adding members up.
    summed: BTreeSet<IndicatorId>,
}

/// Who is wrong in some figures.
struct Affected<'r> {
    name: &'r str,
    figures: Vec<Figure>,
}

impl<'r> Stated<'r> {
    fn of(catalogue: &'r Catalogue, dataset: &'r Dataset, mapping: &Mapping, renamed: &BTreeSet<String>) -> Self {
        let mut places: HashMap<Figure, usize, RandomState> = HashMap::default();
        let mut of_figures: Vec<(Figure, Members<'r>)> = Vec::new();
        let mut next = 0;
        for reading in dataset.irregular() {
            let key = &reading.key;
            let Some(member) = key.member.as_deref().filter(|member| !renamed.contains(*member)) else { continue };
            if !catalogue.measure(key.measure).is_base() {
                continue;
            }
            let figure = (key.indicator, key.measure);
            // Row after row states the same figures.
            if of_figures.get(next).is_none_or(|(own, _)| *own != figure) {
                next = *places.entry(figure).or_insert(of_figures.len());
                if next == of_figures.len() {
                    of_figures.push((figure, Members(Vec::with_capacity(USUAL))));
                }
            }
            of_figures[next].1.0.push((member, reading));
            next += 1;
        }
        for (_, Members(members)) in &mut of_figures {
            members.sort_by(|(a, one), (b, other)| {
                a.cmp(b).then_with(|| one.number().is_none().cmp(&other.number().is_none()))
            });
            members.dedup_by_key(|(name, _)| *name);
        }
        let members = of_figures.into_iter().collect();
        let summed = mapping.sources.iter().filter(|source| source.sum);
        let summed = summed.flat_map(crate::model::mapping::Source::indicators).collect();
        Self { catalogue, dataset, members, summed }
    }

    fn whole(&self, (indicator, measure): Figure) -> Option<&'r Reading> {
        self.dataset.whole(indicator, measure).filter(|whole| whole.number().is_some())
    }

    /// Whether a sum over the members is judged or made.
    fn depends(&self, figure: Figure) -> bool {
        let adds_up = self.catalogue.indicator(figure.0).adds_up();
        adds_up && (self.whole(figure).is_some() || self.summed.contains(&figure.0))
    }

    /// How the sum of some members stands to the stated whole: equal where both can be one number.
    fn against_whole(&self, figure: Figure, is_counted: impl Fn(&str) -> bool) -> Option<Ordering> {
        let whole = self.whole(figure).filter(|_| self.catalogue.indicator(figure.0).adds_up())?;
        let counted =
            self.members[&figure].iter().filter(|(name, reading)| is_counted(name) && reading.number().is_some());
        let sum = Rational::sum_of(counted.clone().filter_map(|(_, reading)| reading.number()));
        let stated = Rational::from(whole.number()?);
        if sum == stated {
            return Some(Ordering::Equal);
        }
        let indicator = self.catalogue.indicator(figure.0);
        let zero = Interval::exact(Rational::ZERO);
        let band =
            counted.clone().try_fold(zero, |band, (_, reading)| Some(band.add(&reading.interval(indicator)?)))?;
        if band.meets(&whole.interval(indicator)?) {
            return Some(Ordering::Equal);
        }
        Some(sum.cmp(&stated))
    }

    /// What the members lack of the stated whole.
    fn gap(&self, figure: Figure) -> Option<Rational> {
        let members = &self.members[&figure];
        let numbers = members.iter().filter_map(|(_, reading)| reading.number());
        Some(&Rational::from(self.whole(figure)?.number()?) - &Rational::sum_of(numbers))
    }

    /// How many files the members stand in.
    fn files(&self) -> usize {
        let mut files: BTreeSet<&str> = BTreeSet::new();
        let mut last = None;
        for file in self.members.values().flat_map(Members::readings).map(|reading| &reading.origin.file) {
            // The readings of a file share its name.
            if !last.is_some_and(|last| Arc::ptr_eq(last, file)) {
                files.insert(file);
                last = Some(file);
            }
        }
        files.len()
    }

    /// The figures in which a member stands.
    fn figures_of(&self, name: &str) -> Vec<Figure> {
        self.members.iter().filter(|(_, members)| members.holds(name)).map(|(figure, _)| *figure).collect()
    }
}

/// Tells of members that are missing, doubled or unknown, and marks the figures whose sums depend on them.
pub(super) fn report(
    cx: &mut Context<'_>,
    mapping: &Mapping,
    (workbooks, unread): (&[&Workbook], &[&str]),
    dataset: &Dataset,
) {
    let renamed = std::mem::take(&mut cx.renamed);
    let stated = Stated::of(cx.catalogue, dataset, mapping, &renamed);
    one_name::report(cx, mapping, workbooks, &stated);
    if stated.members.is_empty() {
        return;
    }
    let copies = twins::report(cx, mapping, workbooks, &stated);
    unread_members(cx, mapping, unread, &stated);
    match &cx.catalogue.members {
        Some(list) => {
            // The name of a file that could not be read: that is told of the file.
            let stems = unread.iter().map(|file| text::file_stem(file_name(file)));
            let unread: Vec<&str> = stems.filter_map(|stem| Some(&**list.find(stem)?.0)).collect();
            declared(cx, list, (&unread, &copies), &stated);
        }
        None => learnt::report(cx, mapping, &stated),
    }
}

/// A file of one member that could not be read: that is told of the file, and the sums lack it.
fn unread_members(cx: &mut Context<'_>, mapping: &Mapping, unread: &[&str], stated: &Stated<'_>) {
    for file in unread.iter().map(|file| file_name(file)) {
        let is_listed = cx.catalogue.members.as_ref().is_some_and(|list| list.find(text::file_stem(file)).is_some());
        let sources = mapping.sources.iter().filter(|source| source.member.is_some() && source.takes_file(file));
        let indicators: BTreeSet<IndicatorId> = sources.flat_map(crate::model::mapping::Source::indicators).collect();
        for figure in stated.members.keys().filter(|(indicator, _)| !is_listed && indicators.contains(indicator)) {
            cx.doubtful.insert(*figure);
            *cx.lacking.entry(*figure).or_default() += 1;
        }
    }
}

/// Holds what is there against the list.
fn declared(
    cx: &mut Context<'_>,
    list: &MemberList,
    (unread, copies): (&[&str], &BTreeSet<&str>),
    stated: &Stated<'_>,
) {
    let mut missing: BTreeMap<(usize, usize), Vec<Figure>> = BTreeMap::new();
    let mut unknown: BTreeMap<&str, Vec<Figure>> = BTreeMap::new();
    // How many there are instead of how many there should be.
    let mut counts: BTreeMap<(usize, usize), Vec<Figure>> = BTreeMap::new();
    for (figure, members) in &stated.members {
        let others: Vec<&str> = members.names().filter(|name| list.find(name).is_none()).collect();
        for (at, grouping) in list.groupings.iter().enumerate() {
            let named = members.names().filter(|name| list.find(name).is_some_and(|(_, own)| own == at)).count();
            let more = if at == 0 { others.len() } else { 0 };
            if named == 0 && (at > 0 || grouping.is_complete() || more == 0) {
                continue;
            }
            if grouping.is_complete() {
                let is_absent = |name: &str| !members.holds(name);
                let absent = grouping.members.iter().enumerate().filter(|(_, listed)| is_absent(&listed.name));
                let absent: Vec<usize> = absent.map(|(place, _)| place).collect();
                let lacking = u32::try_from(absent.len()).unwrap_or(u32::MAX);
                if lacking > 0 {
                    cx.doubtful.insert(*figure);
                    *cx.lacking.entry(*figure).or_default() += lacking;
                }
                // The villages of one cluster alone: somebody reports for that cluster.
                if !is_whole_of_parts(list, at, members) {
                    for place in absent {
                        missing.entry((at, place)).or_default().push(*figure);
                    }
                }
            } else if named + more != grouping.count {
                counts.entry((at, named + more)).or_default().push(*figure);
                cx.doubtful.insert(*figure);
                let (there, due) = (named + more, grouping.count);
                let (lacking, spare) = (due.saturating_sub(there), there.saturating_sub(due));
                *cx.lacking.entry(*figure).or_default() += u32::try_from(lacking).unwrap_or(u32::MAX);
                *cx.spare.entry(*figure).or_default() += u32::try_from(spare).unwrap_or(u32::MAX);
            }
        }
        if list.groupings[0].is_complete() {
            // A copy under another name is told as that.
            for name in others.into_iter().filter(|name| !copies.contains(name)) {
                unknown.entry(name).or_default().push(*figure);
                cx.doubtful.insert(*figure);
                *cx.spare.entry(*figure).or_default() += 1;
            }
        }
    }
    for ((at, there), figures) in counts {
        let severity = severity(stated, &figures);
        cx.findings.push(words::count(stated, (&list.groupings[at], there), &figures, severity));
    }
    // One that is unknown where one is missing: two spellings of one member are one cause.
    for (name, figures) in unknown {
        let same = missing.iter().filter(|(_, own)| **own == figures).map(|(place, _)| *place);
        let name_of = |(at, place): (usize, usize)| &list.groupings[at].members[place].name;
        let same: Vec<_> = same.collect();
        let near = same.iter().copied().find(|place| text::similar(&text::fold(name_of(*place)), &text::fold(name)));
        let near = near.or(if same.len() == 1 { same.first().copied() } else { None });
        let meant = near.map(|place| {
            missing.remove(&place);
            // It is there once, whatever it is called.
            for figure in &figures {
                cx.lacking.entry(*figure).and_modify(|lacking| *lacking = lacking.saturating_sub(1));
            }
            name_of(place).clone()
        });
        let holds = |figure: &&Figure| stated.against_whole(**figure, |_| true) != Some(Ordering::Equal);
        let open: Vec<Figure> = figures.iter().filter(holds).copied().collect();
        let severity = severity(stated, &open);
        let affected = Affected { name, figures };
        cx.findings.push(words::unknown(stated, &affected, (list, meant.as_deref()), severity));
    }
    for ((at, place), figures) in missing {
        let grouping = &list.groupings[at];
        let name = &*grouping.members[place].name;
        if unread.contains(&name) {
            continue;
        }
        // A member that reports elsewhere may have none of this: then the total holds without it.
        let is_elsewhere = !stated.figures_of(name).is_empty();
        let holds = |figure: &Figure| {
            let is_of = |member: &str| list.grouping_of(member) == at;
            is_elsewhere && stated.against_whole(*figure, is_of) == Some(Ordering::Equal)
        };
        let open: Vec<Figure> = figures.iter().copied().filter(|figure| !holds(figure)).collect();
        let severity = severity(stated, &open);
        let affected = Affected { name, figures: if open.is_empty() { figures } else { open } };
        cx.findings.push(words::missing(stated, &[affected], Some(grouping), severity));
    }
}

/// Whether the members of a figure are those that others of the list are the sums of.
fn is_whole_of_parts(list: &MemberList, grouping: usize, members: &Members<'_>) -> bool {
    let own = |name: &&str| list.find(name).is_some_and(|(_, own)| own == grouping);
    let there: BTreeSet<&str> = members.names().filter(own).collect();
    let mut covered: BTreeSet<&str> = BTreeSet::new();
    for listed in list.groupings.iter().flat_map(|other| &other.members) {
        let parts: Vec<&str> = listed.parts.iter().map(|part| &**part).collect();
        if !parts.is_empty() && parts.iter().all(|part| there.contains(part)) {
            covered.extend(parts);
        }
    }
    covered == there
}

/// An error where a sum depends on any of some figures.
fn severity(stated: &Stated<'_>, figures: &[Figure]) -> Severity {
    let depends = figures.iter().any(|figure| stated.depends(*figure));
    if depends { Severity::Error } else { Severity::Warning }
}

/// Whether a number may be that of so many more of some members: neither far below the smallest of them nor
/// far above the largest.
fn is_plausible(gap: &Rational, members: &Members<'_>, more: usize) -> bool {
    let numbers = || members.readings().filter_map(Reading::number);
    let (Some(smallest), Some(largest)) = (numbers().min(), numbers().max()) else { return false };
    let (more, three) = (Rational::from(i64::try_from(more).unwrap_or(i64::MAX)), Rational::from(3));
    let (least, most) = (&Rational::from(smallest) * &more, &(&Rational::from(largest) * &more) * &three);
    smallest >= Decimal::ZERO && !gap.is_negative() && !gap.is_zero() && gap * &three >= least && *gap <= most
}
