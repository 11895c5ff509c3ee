//! Proposals as hypotheses and a diagnosis of findings.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    Constraints,
    action::{self, Values},
    cells::{Content, cell, is_any_word, now, other_word, slid, stated},
    group::Group,
    missing,
};
use crate::{
    judge::{
        checks::{Context, Judgement, Slip},
        localise::{Change, ChangeKind, Edit, Localisation, Proposal},
    },
    model::{
        finding::{Certainty, Companion, Finding, Hypothesis, Remark, SlipKind},
        reading::Reading,
    },
    values::language::{Language, counted, say},
};

/// So many hypotheses of one finding are worth reading.
const MOST: usize = 8;
/// So many of them may be sets of cells.
const MOST_JOINT: usize = 3;
/// Slips that are likelier than a wrong digit in a ratio.
const IN_ONE_STROKE: [SlipKind; 5] =
    [SlipKind::Sign, SlipKind::PowerOfTen, SlipKind::SwappedDigits, SlipKind::Swap, SlipKind::Shift];

/// Kind of a change in reports.
const fn slip_kind(kind: ChangeKind) -> SlipKind {
    match kind {
        ChangeKind::Sign => SlipKind::Sign,
        ChangeKind::PowerOfTen(_) => SlipKind::PowerOfTen,
        ChangeKind::Typo(Edit::Swapped) => SlipKind::SwappedDigits,
        ChangeKind::Typo(Edit::Changed) => SlipKind::Typo,
        ChangeKind::Typo(Edit::Added) => SlipKind::AddedDigit,
        ChangeKind::Typo(Edit::Dropped) => SlipKind::DroppedDigit,
        ChangeKind::Swap(_) => SlipKind::Swap,
        ChangeKind::Shift(_) => SlipKind::Shift,
        ChangeKind::Value => SlipKind::Value,
    }
}

/// Writes what was found for a group into the findings of its broken constraints.
pub(super) fn write(
    cx: &Context<'_>,
    constraints: &Constraints<'_>,
    group: &Group<'_>,
    localisation: &Localisation,
    findings: &mut [Finding],
) {
    let proposals = &localisation.proposals;
    let diagnosis = diagnosis(cx, group, proposals).map(remark);
    let told: BTreeSet<usize> =
        group.constraints.iter().flat_map(|constraint| constraints.findings[*constraint].iter().copied()).collect();
    for place in told {
        let own: Vec<usize> = (0..group.constraints.len())
            .filter(|constraint| constraints.findings[group.constraints[*constraint]].contains(&place))
            .collect();
        let finding = &mut findings[place];
        if missing::write(cx, constraints, group, &own, finding) {
            continue;
        }
        let mut found = hypotheses(cx, group, proposals, &own);
        // That the only cell should say something else is what the finding says.
        found.retain(|guess| !finding.sources.is_empty() || !guess.to.starts_with('≠'));
        merge(cx, finding, found);
        let joint = jointly(cx, group, localisation, &own);
        finding.hypotheses.truncate(MOST - joint.len());
        let alone = finding.hypotheses.is_empty();
        // Cells that mend everything together come before a mere value that mends less.
        let place =
            |guess: &Hypothesis| guess.kind == SlipKind::Value && joint.iter().any(|set| set.resolves > guess.resolves);
        let place = finding.hypotheses.iter().position(place).unwrap_or(finding.hypotheses.len());
        finding.hypotheses.splice(place..place, joint);
        // The surest comes first, and what is said speaks of it.
        let sure = surest(group, proposals.iter().chain(&localisation.joint), &own);
        if let Some(first) = sure.and_then(|(proposal, _)| hypothesis(cx, group, proposal, &own, proposal.resolves)) {
            let same = |guess: &Hypothesis| guess.target == first.target && guess.to == first.to;
            finding.hypotheses.retain(|guess| !same(guess));
            finding.hypotheses.insert(0, first);
            finding.hypotheses.truncate(MOST);
        }
        finding.certainty = Some(sure.map_or(Certainty::Open, |(_, certainty)| certainty));
        // What a check says of a figure holds only where that figure comes first.
        if sure.is_some() || !is_of_ratio(finding) {
            finding.diagnosis = None;
        }
        if let (None, Some((proposal, _))) = (&finding.diagnosis, sure) {
            let own = || said(cx, group, proposals, proposal).map(remark);
            finding.diagnosis = diagnosis.clone().or_else(own);
        }
        if finding.diagnosis.is_none() && alone {
            finding.diagnosis = several(group, localisation).map(remark);
        }
        if localisation.proposals_exhausted {
            let cause = finding.diagnosis.take();
            finding.diagnose(NotAllTried(cause));
        }
        action::write(cx, group, proposals, sure, finding);
    }
}

/// The surest proposal that mends one of these constraints, where one is sure at all.
fn surest<'p>(
    group: &Group<'_>,
    proposals: impl Iterator<Item = &'p Proposal>,
    own: &[usize],
) -> Option<(&'p Proposal, Certainty)> {
    let is_own = |proposal: &&Proposal| {
        let is_near = |change: &Change| {
            own.iter().any(|constraint| group.block.constraints[*constraint].variables().contains(&change.variable))
        };
        proposal.rules.iter().any(|rule| own.contains(rule)) && proposal.changes.iter().any(is_near)
    };
    let sure = proposals.filter(is_own).filter(|proposal| proposal.certainty > Certainty::Open);
    // Of equals the first, which is the likeliest.
    let best = sure.fold(None, |best: Option<&Proposal>, next| match best {
        Some(best) if best.certainty >= next.certainty => Some(best),
        Some(_) | None => Some(next),
    });
    best.map(|proposal| (proposal, proposal.certainty))
}

/// Whether the check itself says how a ratio came to be wrong, and nothing else is suspected first.
fn is_of_ratio(finding: &Finding) -> bool {
    finding.hypotheses.first().is_some_and(|first| first.kind == SlipKind::Ratio)
}

/// The changes that mend one of these constraints, each cell and value once, the likeliest first. The halves of
/// an exchange and the cells of a slide stay together.
fn hypotheses(cx: &Context<'_>, group: &Group<'_>, proposals: &[Proposal], own: &[usize]) -> Vec<Hypothesis> {
    let mut found: Vec<Hypothesis> = Vec::new();
    let relevant = proposals.iter().filter(|proposal| proposal.rules.iter().any(|rule| own.contains(rule)));
    let mut add = |next: Hypothesis| {
        if !found.iter().any(|known| known.target == next.target && known.to == next.to) {
            found.push(next);
        }
    };
    for proposal in relevant {
        if proposal.slips == 1 {
            hypothesis(cx, group, proposal, own, proposal.resolves).into_iter().for_each(&mut add);
            continue;
        }
        for change in &proposal.changes {
            let alone = proposals.iter().find(|p| is_alone(p, change));
            // Of several slips, those that mend these constraints; the others stand with theirs.
            match alone {
                Some(alone) if alone.rules.iter().any(|rule| own.contains(rule)) => {
                    hypothesis(cx, group, alone, own, alone.resolves).into_iter().for_each(&mut add);
                }
                Some(_) => {}
                None => add(of_change(cx, group, change, proposal.resolves)),
            }
        }
    }
    found
}

/// A proposal of one cause as a hypothesis. Of several cells that change together, one of these constraints
/// comes first.
fn hypothesis(
    cx: &Context<'_>,
    group: &Group<'_>,
    proposal: &Proposal,
    own: &[usize],
    resolves: u32,
) -> Option<Hypothesis> {
    let is_near = |change: &Change| {
        own.iter().any(|constraint| group.block.constraints[*constraint].variables().contains(&change.variable))
    };
    let mut changes: Vec<&Change> = proposal.changes.iter().collect();
    changes.sort_by_key(|change| !is_near(change));
    let mut all = changes.into_iter().map(|change| of_change(cx, group, change, resolves));
    let mut first = all.next()?;
    first.together = all.map(|other| Companion { target: other.target, to: other.to }).collect();
    Some(first)
}

/// Whether a proposal is this change, with the other half of an exchange.
fn is_alone(proposal: &Proposal, change: &Change) -> bool {
    let is_one = match change.kind {
        ChangeKind::Swap(_) => proposal.changes.len() == 2,
        ChangeKind::Sign
        | ChangeKind::PowerOfTen(_)
        | ChangeKind::Typo(_)
        | ChangeKind::Shift(_)
        | ChangeKind::Value => proposal.changes.len() == 1,
    };
    let is_same = |other: &Change| other.variable == change.variable && other.to == change.to;
    proposal.slips == 1 && is_one && proposal.changes.iter().any(is_same)
}

fn of_change(cx: &Context<'_>, group: &Group<'_>, change: &Change, resolves: u32) -> Hypothesis {
    let reading = group.figures[change.variable].reading;
    let to = if is_any_word(change, reading) { other_word(reading) } else { stated(cx, reading, change.to) };
    Hypothesis { kind: slip_kind(change.kind), target: reading.place(), to, resolves, together: Vec::new() }
}

/// Cells that have to change together, for findings of a group that no single cell explains. What
/// the proposals for single cells come to together is not said again.
fn jointly(cx: &Context<'_>, group: &Group<'_>, localisation: &Localisation, own: &[usize]) -> Vec<Hypothesis> {
    let proposals = &localisation.proposals;
    if proposals.iter().any(|proposal| proposal.complete) {
        return Vec::new();
    }
    let told = |change: &Change| {
        let mut alone = proposals.iter().filter(|p| is_alone(p, change));
        alone.next().map(|p| p.rules.iter().any(|rule| own.contains(rule)))
    };
    let is_told = |set: &&Proposal| {
        let told: Option<Vec<bool>> = set.changes.iter().map(told).collect();
        told.is_some_and(|told| told.contains(&true))
    };
    let sets = localisation.joint.iter().filter(|set| !is_told(set));
    let place = |change: &Change| {
        let reading = group.figures[change.variable].reading;
        (reading.place(), stated(cx, reading, change.to))
    };
    sets.filter_map(|set| {
        let is_own = |change: &&Change| {
            own.iter().any(|constraint| group.block.constraints[*constraint].variables().contains(&change.variable))
        };
        let first = set.changes.iter().find(is_own)?;
        let (target, to) = place(first);
        let others = set.changes.iter().filter(|change| change.variable != first.variable).map(place);
        let together = others.map(|(target, to)| Companion { target, to }).collect();
        Some(Hypothesis { kind: SlipKind::Jointly, target, to, resolves: set.resolves, together })
    })
    .take(MOST_JOINT)
    .collect()
}

/// How many cells are wrong at least where no single one explains a group, and which of them every
/// explanation has.
#[derive(Debug)]
struct Several {
    count: usize,
    common: Vec<String>,
}

impl Remark for Several {
    fn words(&self, language: Language) -> String {
        let (count, common) = (self.count, self.common.join(", "));
        if common.is_empty() {
            say!(
                language,
                "chỉ sửa một ô thì không khớp: ít nhất {count} ô sai",
                "no single cell explains this: at least {count} cells are wrong"
            )
        } else {
            say!(
                language,
                "chỉ sửa một ô thì không khớp: ít nhất {count} ô sai; cách sửa ít ô nhất nào cũng có {common}",
                "no single cell explains this: at least {count} cells are wrong; every smallest change has {common}"
            )
        }
    }
}

fn several(group: &Group<'_>, localisation: &Localisation) -> Option<Several> {
    let count = localisation.minimal_sets.first().map(|set| set.variables.len()).filter(|count| *count > 1)?;
    let common = localisation.common.iter().map(|variable| cell(group, group.figures[*variable].reading));
    Some(Several { count, common: common.collect() })
}

/// A likely cause, if there is one, where the search was cut short.
#[derive(Debug)]
struct NotAllTried(Option<Arc<dyn Remark>>);

impl Remark for NotAllTried {
    fn words(&self, language: Language) -> String {
        let note = say!(
            language,
            "chưa thử hết các khả năng: quá nhiều ô liên quan",
            "not every possibility was tried: too many cells are involved"
        );
        match &self.0 {
            Some(cause) => format!("{}; {note}", cause.words(language)),
            None => note,
        }
    }
}

/// Adds to what the check itself proposed. A ratio of which the check knows how it came to be wrong comes
/// first, unless another cell mends more; else it comes after the slips that explain it.
fn merge(cx: &Context<'_>, finding: &mut Finding, found: Vec<Hypothesis>) {
    let mut own = std::mem::take(&mut finding.hypotheses);
    let mut all: Vec<Hypothesis> = found;
    if let Some(mut ratio) = own.first().filter(|first| first.kind == SlipKind::Ratio).cloned() {
        own.remove(0);
        let of_ratio = |guess: &Hypothesis| guess.target == ratio.target;
        let resolves = all.iter().filter(|guess| of_ratio(guess)).map(|guess| guess.resolves).max();
        ratio.resolves = resolves.map_or(ratio.resolves, |resolves| resolves.max(ratio.resolves));
        all.retain(|guess| !of_ratio(guess));
        let is_better = |guess: &Hypothesis| match slip_of_ratio(cx, finding) {
            _ if guess.resolves != ratio.resolves => guess.resolves > ratio.resolves,
            Telling::Plainly => false,
            Telling::Slip => IN_ONE_STROKE.contains(&guess.kind),
            Telling::Nothing => guess.kind != SlipKind::Value,
        };
        let place = all.iter().position(|guess| !is_better(guess)).unwrap_or(all.len());
        all.insert(place, ratio);
    }
    for next in own {
        match all.iter_mut().find(|known| known.target == next.target && known.to == next.to) {
            Some(known) => known.resolves = known.resolves.max(next.resolves),
            None => all.push(next),
        }
    }
    finding.hypotheses = cell_by_cell(all);
}

/// What a check knows of a wrong ratio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Telling {
    /// Another formula gives just what is printed.
    Plainly,
    /// One slip of the keyboard.
    Slip,
    /// Nothing.
    Nothing,
}

fn slip_of_ratio(cx: &Context<'_>, finding: &Finding) -> Telling {
    let Some(ratio) = judged_ratio(cx, finding) else { return Telling::Nothing };
    let told = ratio.slips.iter().map(|slip| match slip {
        Slip::Inverse | Slip::Growth | Slip::Fraction | Slip::PowerOfTen(_) | Slip::Copied(_) => Telling::Plainly,
        Slip::TypoInRatio(_) => Telling::Slip,
        Slip::TypoInOperand(..) | Slip::OperandPower(..) => Telling::Nothing,
    });
    told.into_iter().find(|told| *told != Telling::Nothing).unwrap_or(Telling::Nothing)
}

fn judged_ratio<'c>(cx: &'c Context<'_>, finding: &Finding) -> Option<&'c Judgement<'c>> {
    let target = super::at_place(finding.target.as_ref()?)?;
    let is_target = |reading: &Reading| reading.origin.cell == target.2 && super::at(reading) == target;
    cx.ratios.iter().find(|judgement| is_target(judgement.ratio))
}

/// Other cells before other values of the same cell.
fn cell_by_cell(all: Vec<Hypothesis>) -> Vec<Hypothesis> {
    let mut first: Vec<Hypothesis> = Vec::new();
    let mut more: Vec<Hypothesis> = Vec::new();
    for guess in all {
        let known = first.iter().any(|known| known.target == guess.target);
        let told = more.iter().any(|known| known.target == guess.target);
        match (known, told) {
            (false, _) => first.push(guess),
            (true, false) => more.push(guess),
            (true, true) => {}
        }
    }
    first.extend(more);
    first.truncate(MOST);
    first
}

/// The one change that explains everything broken, where it is sure.
fn diagnosis(cx: &Context<'_>, group: &Group<'_>, proposals: &[Proposal]) -> Option<Said> {
    let best = proposals.iter().find(|p| p.complete && p.slips == 1 && p.certainty > Certainty::Open)?;
    said(cx, group, proposals, best)
}

fn remark(said: impl Remark + 'static) -> Arc<dyn Remark> {
    Arc::new(said)
}

/// What a change says of its cells, and how many rules it satisfies.
#[derive(Debug)]
struct Said {
    fault: Fault,
    is_certain: bool,
    rules: u32,
}

#[derive(Debug)]
enum Fault {
    /// Two cells were exchanged.
    Exchanged(String, String),
    /// Cells slid by a row.
    Slid(String),
    /// Cells are wrong together.
    Together(Vec<String>),
    /// A cell may hold anything but what stands in it.
    Other(String, Content),
    /// A cell is wrong, what stands in it, and what would by which slip.
    Wrong(String, Content, Option<(Values, SlipKind)>),
}

impl Remark for Said {
    fn words(&self, language: Language) -> String {
        let (count, rules) = (self.rules, counted(self.rules, "rule"));
        let maybe = if self.is_certain { "" } else { "có lẽ " };
        let perhaps = if self.is_certain { "is" } else { "is probably" };
        match &self.fault {
            Fault::Exchanged(cell, other) => say!(
                language,
                "{cell} và {other} có lẽ đã đổi chỗ cho nhau; đổi lại thì khớp {count} quy tắc",
                "{cell} and {other} were probably exchanged; swapping them back satisfies {rules}"
            ),
            Fault::Slid(span) => say!(
                language,
                "các ô {span} có lẽ lệch một dòng; dời lại thì khớp {count} quy tắc",
                "{span} probably slid by a row; moving it back satisfies {rules}"
            ),
            Fault::Together(cells) => {
                let cells = cells.join(", ");
                say!(
                    language,
                    "{maybe}{cells} cùng sai; sửa cả các ô này thì khớp {count} quy tắc",
                    "{cells} are wrong together; these changes satisfy {rules}"
                )
            }
            Fault::Other(cell, now) => {
                let now = now.words(language);
                say!(
                    language,
                    "{maybe}{cell} ghi sai: không thể là {now}; sửa một ô này thì khớp {count} quy tắc",
                    "{cell} {perhaps} wrong: it cannot be {now}; this one change satisfies {rules}"
                )
            }
            Fault::Wrong(cell, now, None) => {
                let now = now.words(language);
                say!(
                    language,
                    "{maybe}{cell} ghi sai ({now}); sửa một ô này thì khớp {count} quy tắc",
                    "{cell} {perhaps} wrong ({now}); this one change satisfies {rules}"
                )
            }
            Fault::Wrong(cell, now, Some((to, kind))) => {
                let (now, to) = (now.words(language), to.words(language));
                let why = match kind {
                    // How many rules it satisfies is said anyway.
                    SlipKind::Value => say!(language, "theo các quy tắc", "by the rules"),
                    kind => kind.words().get(language).to_owned(),
                };
                say!(
                    language,
                    "{maybe}{cell} ghi sai: {now} thay vì {to} ({why}); sửa một ô này thì khớp {count} quy tắc",
                    "{cell} {perhaps} wrong: {now} instead of {to} ({why}); this one change satisfies {rules}"
                )
            }
        }
    }
}

fn said(cx: &Context<'_>, group: &Group<'_>, proposals: &[Proposal], proposal: &Proposal) -> Option<Said> {
    let change = proposal.changes.first()?;
    let cell = |variable: usize| cell(group, group.figures[variable].reading);
    let reading = group.figures[change.variable].reading;
    let fault = if let ChangeKind::Swap(other) = change.kind {
        Fault::Exchanged(cell(change.variable), cell(other))
    } else if let Some(span) = slid(group, proposal) {
        Fault::Slid(span)
    } else if proposal.changes.len() > 1 {
        Fault::Together(proposal.changes.iter().map(|change| cell(change.variable)).collect())
    } else if is_any_word(change, reading) {
        Fault::Other(cell(change.variable), now(reading))
    } else {
        let to = action::values(cx, group, proposals, proposal, change);
        Fault::Wrong(cell(change.variable), now(reading), to.map(|to| (to, slip_kind(change.kind))))
    };
    Some(Said { fault, is_certain: proposal.certainty == Certainty::Certain, rules: proposal.resolves })
}
