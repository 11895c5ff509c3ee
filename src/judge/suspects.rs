//! Names the suspects: lays the constraints of the checks before the stage that names the cell, and writes
//! what it says into the findings.
//!
//! Nothing is done for a submission without a broken constraint. Broken constraints that share a figure have, most
//! likely, one cause: each such group is searched for itself, with the kept constraints that its figures are
//! in, so that a proposal breaks nothing that holds but, where nothing else explains the group, ratios.

mod action;
mod causes;
mod cells;
mod dates;
mod group;
mod headers;
mod missing;
mod plausible;
mod scopes;
mod strength;
mod words;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use crate::{
    judge::{
        checks::{self, CheckConstraint, CheckKind, Context, Families, Figure, Form, LONGEST},
        constraint::{Judgement, Sum},
        localise::{Budget, Proposal},
    },
    model::{
        finding::{Certainty, Finding, Hypothesis, Place, STALE_FORMULA, Severity},
        reading::{Made, Reading},
        workbook::Position,
    },
    values::number::Decimal,
};

pub(crate) use dates::settle as settle_dates;
pub(crate) use headers::fold as fold_headers;

use causes::Causes;
use group::GroupResult;

/// Steps for all groups of a submission, so that one with thousands of breaches is judged in time.
const STEPS: u32 = 400_000;
/// Steps that every group may take.
const FEWEST: u32 = 500;
/// Two groups are tried together, for figures exchanged between them, when there are so few.
const MOST_PAIRED: usize = 12;

/// A cell, as reports name it.
type At<'a> = (&'a str, &'a str, Position);

fn at(reading: &Reading) -> At<'_> {
    (&reading.origin.file, &reading.origin.sheet, reading.origin.cell)
}

fn at_place(place: &Place) -> Option<At<'_>> {
    Some((&place.file, place.sheet.as_deref()?, place.cell?))
}

const fn row_of((file, sheet, cell): At<'_>) -> (&str, &str, u32) {
    (file, sheet, cell.row)
}

type ByReading<V> = HashMap<*const Reading, V, foldhash::fast::RandomState>;

/// All constraints of the families with a broken one, and which of them are broken.
#[derive(Debug)]
struct Constraints<'a> {
    all: Vec<CheckConstraint<'a>>,
    /// The findings that tell of each, by their place; none for a constraint that is kept.
    findings: Vec<Vec<usize>>,
    /// The constraints that each reading is in.
    of: ByReading<Vec<usize>>,
    /// The kept constraint by which a formula computed a reading.
    made_by: ByReading<usize>,
    /// The kept product by which a formula computed a reading.
    multiplied_by: ByReading<usize>,
    /// Sums of which only the first figure is left.
    shortened: BTreeSet<usize>,
    /// Broken constraints whose cause is known and is no cell.
    excused: BTreeSet<usize>,
    /// What totals come to whose formula is wrong.
    corrected: ByReading<Decimal>,
}

/// The totals that their formula explains: the place of the finding, and what the total comes to.
type Explained = HashMap<(String, String, Position), (usize, Decimal)>;

/// The results that were not recalculated: the place of the finding.
type Stale = HashMap<(String, String, Position), usize>;

fn stale(findings: &[Finding]) -> Stale {
    let is_stale = |(_, finding): &(usize, &Finding)| finding.code == &STALE_FORMULA;
    let of = findings.iter().enumerate().filter(is_stale);
    of.filter_map(|(place, finding)| {
        let (file, sheet, cell) = at_place(finding.target.as_ref()?)?;
        Some(((file.to_owned(), sheet.to_owned(), cell), place))
    })
    .collect()
}

/// Writes into the findings which cells may be wrong, and what may have stood there.
pub(crate) fn name(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    suspect(cx, findings);
    for finding in findings.iter_mut().filter(|finding| !finding.hypotheses.is_empty()) {
        finding.certainty.get_or_insert(Certainty::Open);
    }
}

fn suspect(cx: &Context<'_>, findings: &mut Vec<Finding>) {
    // What the formula of a total explains needs no other suspect: no part is wrong then.
    let is_explained = |finding: &Finding| finding.code == checks::total_mismatch() && !finding.hypotheses.is_empty();
    let explained: Explained = findings
        .iter()
        .enumerate()
        .filter(|(_, finding)| is_explained(finding))
        .filter_map(|(place, finding)| {
            let (file, sheet, cell) = at_place(finding.target.as_ref()?)?;
            let value = finding.hypotheses.first()?.to.parse().ok()?;
            Some(((file.to_owned(), sheet.to_owned(), cell), (place, value)))
        })
        .collect();
    let stale = stale(findings);
    let is_breach = |finding: &Finding| {
        matches!(checks::kind(finding.code), Some(CheckKind::Constraint(_)))
            && finding.severity > Severity::Info
            && !is_explained(finding)
    };
    if !findings.iter().any(is_breach) {
        let mut causes = Causes::default();
        causes.formulas(findings);
        causes.fold(findings);
        return;
    }
    let breaches = || findings.iter().filter(|finding| is_breach(finding));
    let told: Option<Vec<_>> = breaches().map(|f| cx.catalogue.find(f.indicator.as_deref()?)).collect();
    // A finding that names no indicator may be of any family.
    let told = told.unwrap_or_else(|| cx.catalogue.iter().map(|(id, _)| id).collect());
    let families = Families::of(cx.catalogue, &checks::form_ties(cx), told).with_members(members(cx, breaches()));
    let mut all = checks::constraints(cx, &families);
    all.retain(|constraint| {
        let stated = || constraint.figures().first().map(|figure| at(figure.reading));
        let is_it = |(file, sheet, cell): At<'_>| explained.contains_key(&(file.to_owned(), sheet.to_owned(), cell));
        explained.is_empty() || constraint.code != checks::total_mismatch() || !stated().is_some_and(is_it)
    });
    let mut constraints = Constraints::new(cx, all, findings, is_breach);
    let mut causes = Causes::default();
    constraints.correct(cx, &explained, &stale, &mut causes);
    for (cause, following) in constraints.excuse(cx, findings) {
        causes.add(cause, following, findings);
    }
    let groups = constraints.groups();
    let share = STEPS / u32::try_from(groups.len().max(1)).unwrap_or(u32::MAX);
    let budget = Budget { steps: share.clamp(FEWEST, Budget::default().steps) };
    let mut found: Vec<GroupResult<'_>> =
        groups.into_iter().map(|broken| constraints.found(cx, broken, budget)).collect();
    constraints.exchanges(cx, &mut found, budget);
    constraints.connected(cx, &mut found, budget);
    constraints.shifts(cx, &mut found, budget);
    let remarks: Vec<&Finding> =
        findings.iter().filter(|finding| causes::is_remark(finding) && !finding.hypotheses.is_empty()).collect();
    for found in found.iter_mut().filter(|_| !remarks.is_empty()) {
        confirm(cx, found, &remarks);
    }
    let is_unsure = |of: &&GroupResult<'_>| of.localisation.proposals.iter().all(|p| p.certainty == Certainty::Open);
    let unsure: BTreeSet<usize> =
        found.iter().filter(is_unsure).flat_map(|of| of.constraints.iter().copied()).collect();
    for GroupResult { group, localisation, .. } in &found {
        words::write(cx, &constraints, group, localisation, findings);
        causes.of_group(&constraints, group, localisation, findings);
    }
    // A column that is wrong as a whole keeps what is said of its cells, folded under it.
    for (cause, following) in constraints.columns(cx, &unsure, findings) {
        causes.add(cause, following, findings);
    }
    causes.formulas(findings);
    causes.fold(findings);
}

/// A remark on a figure by itself (its sign, its size, the period before) says the same as one slip that mends
/// all of a group: these are two witnesses that know nothing of each other.
fn confirm(cx: &Context<'_>, GroupResult { group, localisation, .. }: &mut GroupResult<'_>, remarks: &[&Finding]) {
    if localisation.proposals_exhausted || localisation.proposals.iter().any(|p| p.certainty > Certainty::Open) {
        return;
    }
    // What holds two figures of the group against each other is the disagreement itself, read twice. A minus
    // sign stands by itself.
    let places: HashSet<At<'_>> = group.figures.iter().map(|figure| at(figure.reading)).collect();
    let is_own = |finding: &Finding| {
        let mut beside = finding.sources.iter().filter_map(at_place);
        finding.code == checks::out_of_range() || !beside.any(|at| places.contains(&at))
    };
    let own: Vec<&Hypothesis> =
        remarks.iter().filter(|finding| is_own(finding)).filter_map(|finding| finding.hypotheses.first()).collect();
    let says_so = |proposal: &Proposal| {
        let [change] = proposal.changes.as_slice() else { return false };
        let reading = group.figures[change.variable].reading;
        let to = cells::stated(cx, reading, change.to);
        let is_it = |guess: &&Hypothesis| at_place(&guess.target) == Some(at(reading)) && guess.to == to;
        proposal.complete && proposal.slips == 1 && own.iter().any(is_it)
    };
    let confirmed: Vec<usize> =
        (0..localisation.proposals.len()).filter(|place| says_so(&localisation.proposals[*place])).collect();
    if let [only] = confirmed.as_slice() {
        localisation.proposals[*only].certainty = Certainty::Likely;
    }
}

/// The members with a plain row that findings speak of; `None` for all of them, where there are few.
/// Of more than [`LONGEST`] rows no sum over them is taken apart, so that nothing ties one member to
/// another, and a member without a finding explains nothing.
fn members<'f>(cx: &Context<'_>, findings: impl Iterator<Item = &'f Finding>) -> Option<HashSet<Arc<str>>> {
    if cx.dataset.plain_rows() <= LONGEST {
        return None;
    }
    let spoken_of = findings.filter(|finding| finding.sources.len() <= LONGEST);
    let places = spoken_of.flat_map(|finding| finding.target.iter().chain(&finding.sources));
    let rows: HashSet<(&str, &str, u32)> = places.filter_map(at_place).map(row_of).collect();
    let mut members = HashSet::new();
    cx.dataset.each_record(|record| {
        let Some(first) = record.readings.first().filter(|_| record.is_plain) else { return };
        if rows.contains(&row_of(at(first))) {
            members.extend(first.key.member.clone());
        }
    });
    Some(members)
}

impl<'a> Constraints<'a> {
    fn new(
        cx: &Context<'_>,
        all: Vec<CheckConstraint<'a>>,
        findings: &[Finding],
        is_breach: impl Fn(&Finding) -> bool,
    ) -> Self {
        let mut telling: HashMap<At<'_>, Vec<usize>> = HashMap::new();
        let mut cells: BTreeMap<usize, HashSet<At<'_>>> = BTreeMap::new();
        for (place, finding) in findings.iter().enumerate().filter(|(_, finding)| is_breach(finding)) {
            let own: HashSet<At<'_>> = finding.target.iter().chain(&finding.sources).filter_map(at_place).collect();
            for cell in &own {
                telling.entry(*cell).or_default().push(place);
            }
            cells.insert(place, own);
        }
        let mut constraints = Self {
            findings: Vec::with_capacity(all.len()),
            of: HashMap::with_capacity_and_hasher(all.len(), foldhash::fast::RandomState::default()),
            made_by: HashMap::default(),
            multiplied_by: HashMap::default(),
            shortened: BTreeSet::new(),
            excused: BTreeSet::new(),
            corrected: HashMap::default(),
            all,
        };
        for (index, constraint) in constraints.all.iter_mut().enumerate() {
            let figures = constraint.figures();
            let tells = |finding: &usize| {
                let told = &findings[*finding];
                told.code == constraint.code
                    && told.sources.len() >= constraint.folded
                    && figures.iter().all(|figure| cells[finding].contains(&at(figure.reading)))
            };
            let first = figures.first().and_then(|figure| telling.get(&at(figure.reading)));
            let mut telling: Vec<usize> = first.into_iter().flatten().copied().filter(tells).collect();
            // A rule is broken as a whole; of the constraints that it asks for some may be kept.
            if constraint.code == checks::rule_violated() && constraint.judgement(cx) == Judgement::Holds {
                telling.clear();
            }
            constraints.findings.push(telling);
            let left = if constraint.folded > 0 || group::shorten(cx, constraint, LONGEST) {
                constraints.shortened.insert(index);
                1
            } else {
                figures.len()
            };
            for figure in &figures[..left] {
                constraints.of.entry(std::ptr::from_ref(figure.reading)).or_default().push(index);
            }
        }
        let is_kept = |index: &usize| constraints.findings[*index].is_empty() && !constraints.shortened.contains(index);
        for (index, constraint) in constraints.all.iter().enumerate().filter(|(index, _)| is_kept(index)) {
            if let Some(made) = made(constraint) {
                constraints.made_by.entry(std::ptr::from_ref(made)).or_insert(index);
            } else if let Some(made) = multiplied(constraint) {
                constraints.multiplied_by.entry(std::ptr::from_ref(made)).or_insert(index);
            }
        }
        constraints
    }

    /// Puts right totals in the place of those whose formula leaves something out, and results in the place
    /// of those that were not recalculated. What they break then
    /// has another cause; what they mend follows from them.
    fn correct(&mut self, cx: &Context<'_>, explained: &Explained, stale: &Stale, causes: &mut Causes) {
        if explained.is_empty() && stale.is_empty() {
            return;
        }
        let of_reading = |reading: &Reading| {
            let (file, sheet, cell) = at(reading);
            let place = (file.to_owned(), sheet.to_owned(), cell);
            let result = || {
                let computed = reading.origin.computation.as_ref().filter(|computed| computed.is_stale)?;
                Some((*stale.get(&place)?, computed.result))
            };
            explained.get(&place).copied().or_else(result)
        };
        for constraint in 0..self.all.len() {
            let figures = self.all[constraint].figures();
            let known = figures.iter().filter_map(|figure| Some((figure.reading, of_reading(figure.reading)?)));
            let known: Vec<(&Reading, (usize, Decimal))> = known.collect();
            let Some((_, (cause, _))) = known.first() else { continue };
            self.corrected.extend(known.iter().map(|(reading, (_, value))| (std::ptr::from_ref(*reading), *value)));
            if self.is_broken(constraint) && self.all[constraint].judge_with(cx, &self.corrected) == Judgement::Holds {
                causes.follow(*cause, &self.findings[constraint]);
                self.excused.insert(constraint);
            }
        }
    }

    fn is_broken(&self, constraint: usize) -> bool {
        !self.findings[constraint].is_empty() && !self.excused.contains(&constraint)
    }

    /// Broken constraints that share a figure, in the order of the constraints.
    fn groups(&self) -> Vec<Vec<usize>> {
        let broken: Vec<usize> = (0..self.all.len()).filter(|constraint| self.is_broken(*constraint)).collect();
        let mut group_of: HashMap<usize, usize> = HashMap::new();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut seen: ByReading<usize> = HashMap::default();
        for constraint in &broken {
            let figures: Vec<*const Reading> = self.leaves(*constraint);
            let mut met: Vec<usize> = figures
                .iter()
                .filter_map(|figure| seen.get(figure))
                .filter_map(|constraint| group_of.get(constraint))
                .copied()
                .collect();
            met.sort_unstable();
            met.dedup();
            let target = met.first().copied().unwrap_or_else(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[target].push(*constraint);
            for other in met.iter().skip(1) {
                let moved = std::mem::take(&mut groups[*other]);
                groups[target].extend(moved);
            }
            for member in &groups[target] {
                group_of.insert(*member, target);
            }
            for figure in figures {
                seen.insert(figure, *constraint);
            }
        }
        groups.retain(|group| !group.is_empty());
        for group in &mut groups {
            group.sort_unstable();
        }
        groups.sort_unstable();
        groups
    }

    /// The figures of a constraint; for what a formula added up, its parts.
    fn leaves(&self, constraint: usize) -> Vec<*const Reading> {
        let mut leaves: Vec<_> = checks::figures(&self.expanded(constraint, None))
            .iter()
            .map(|figure| std::ptr::from_ref(figure.reading))
            .collect();
        leaves.sort_unstable();
        leaves.dedup();
        leaves
    }

    /// Constraints that a change of a reading touches: those it is in, and those of what formulas make of it;
    /// with `multiplied` also of what they multiply it to.
    fn touching(&self, reading: *const Reading, multiplied: bool) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut seen: HashSet<_, foldhash::fast::RandomState> = HashSet::from_iter([reading]);
        let mut open = vec![reading];
        while let Some(reading) = open.pop() {
            for constraint in self.of.get(&reading).into_iter().flatten() {
                match self.made(*constraint).or_else(|| self.product(*constraint).filter(|_| multiplied)) {
                    Some(made) if made == reading => {}
                    Some(made) => {
                        if seen.insert(made) {
                            open.push(made);
                        }
                    }
                    None => {
                        found.insert(*constraint);
                    }
                }
            }
        }
        found
    }

    /// What a formula multiplied by this constraint.
    fn product(&self, constraint: usize) -> Option<*const Reading> {
        let made = std::ptr::from_ref(multiplied(&self.all[constraint])?);
        (self.multiplied_by.get(&made) == Some(&constraint)).then_some(made)
    }

    /// What a formula made by this constraint.
    fn made(&self, constraint: usize) -> Option<*const Reading> {
        let made = std::ptr::from_ref(made(&self.all[constraint])?);
        (self.made_by.get(&made) == Some(&constraint)).then_some(made)
    }
}

/// The formula cell that a product states the result of.
fn multiplied<'a>(constraint: &CheckConstraint<'a>) -> Option<&'a Reading> {
    let Form::Product { product, .. } = &constraint.form else { return None };
    (product.reading.origin.made == Made::Formula && !product.previous).then_some(product.reading)
}

/// The formula cell that a constraint states the result of.
fn made<'a>(constraint: &CheckConstraint<'a>) -> Option<&'a Reading> {
    let stated: Figure<'a> = match &constraint.form {
        Form::Sum(Sum { terms, .. }) if constraint.states_result => terms.first()?.0,
        Form::Ratio { ratio, .. } => *ratio,
        Form::Sum(_) | Form::Product { .. } | Form::Among { .. } | Form::Cases(_) => return None,
    };
    (stated.reading.origin.made != Made::Typed).then_some(stated.reading)
}
