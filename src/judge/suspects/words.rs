//! Proposals as hypotheses and a diagnosis of findings.

use std::{borrow::Cow, collections::BTreeSet};

use super::{Laws, action, group::Group, missing};
use crate::{
    judge::{
        checks::{Context, Judgement, Slip},
        localise::{Change, Edit, Kind, Localisation, Proposal},
    },
    model::{
        finding::{Certainty, Companion, Finding, Hypothesis},
        reading::{Raw, Reading},
    },
    values::{
        language::{Words, counted, say},
        number::{Decimal, Rational, plain, trim},
    },
};

/// So many hypotheses of one finding are worth reading.
const MOST: usize = 8;
/// So many of them may be sets of cells.
const MOST_JOINT: usize = 3;

/// Name of a hypothesis in reports.
const fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Sign => "sign",
        Kind::PowerOfTen(_) => "power-of-ten",
        Kind::Typo(Edit::Swapped) => "swapped-digits",
        Kind::Typo(Edit::Changed) => "typo",
        Kind::Typo(Edit::Added) => "added-digit",
        Kind::Typo(Edit::Dropped) => "dropped-digit",
        Kind::Swap(_) => "swap",
        Kind::Shift(_) => "shift",
        Kind::Value => "value",
    }
}

pub(super) const fn words(kind: Kind) -> Words {
    match kind {
        Kind::Sign => Words { vi: "sai dấu âm, dương", en: "wrong sign" },
        Kind::PowerOfTen(_) => Words {
            vi: "sai dấu phẩy thập phân hoặc đơn vị tính",
            en: "the decimal comma or the unit is wrong",
        },
        Kind::Typo(Edit::Swapped) => Words { vi: "đảo hai chữ số", en: "two digits are swapped" },
        Kind::Typo(Edit::Changed) => Words { vi: "gõ sai một chữ số", en: "one digit is wrong" },
        Kind::Typo(Edit::Added) => Words { vi: "thừa một chữ số", en: "one digit too many" },
        Kind::Typo(Edit::Dropped) => Words { vi: "thiếu một chữ số", en: "one digit is missing" },
        Kind::Swap(_) => Words { vi: "hai ô đổi chỗ cho nhau", en: "two cells were exchanged" },
        Kind::Shift(_) => Words { vi: "cột bị lệch một dòng", en: "the column slid by a row" },
        Kind::Value => Words { vi: "theo các quy tắc", en: "by the rules" },
    }
}

/// Writes what was found for a group into the findings of its broken laws.
pub(super) fn write(
    cx: &Context<'_>,
    laws: &Laws<'_>,
    group: &Group<'_>,
    localisation: &Localisation,
    findings: &mut [Finding],
) {
    let proposals = &localisation.proposals;
    let diagnosis = diagnosis(cx, group, proposals);
    let told: BTreeSet<usize> = group.laws.iter().flat_map(|law| laws.findings[*law].iter().copied()).collect();
    for place in told {
        let own: Vec<usize> =
            (0..group.laws.len()).filter(|law| laws.findings[group.laws[*law]].contains(&place)).collect();
        let finding = &mut findings[place];
        if missing::write(cx, laws, group, &own, finding) {
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
        let place = |guess: &Hypothesis| guess.kind == "value" && joint.iter().any(|set| set.resolves > guess.resolves);
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
        if finding.diagnosis.is_none() && sure.is_some() {
            finding.diagnosis = diagnosis.clone().map(|said| std::sync::Arc::new(said) as _);
        }
        if let Some((proposal, _)) = sure.filter(|_| finding.diagnosis.is_none()) {
            finding.diagnose(said(cx, group, proposals, proposal));
        }
        if finding.diagnosis.is_none() && alone {
            finding.diagnosis = several(cx, group, localisation).map(|said| std::sync::Arc::new(said) as _);
        }
        if localisation.proposals_exhausted {
            let note = say!(
                cx.language,
                "chưa thử hết các khả năng: quá nhiều ô liên quan",
                "not every possibility was tried: too many cells are involved"
            );
            let said = match finding.diagnosis.take() {
                Some(said) => format!("{}; {note}", said.words(cx.language)),
                None => note,
            };
            finding.diagnose(said);
        }
        action::write(cx, group, proposals, sure, finding);
    }
}

/// The surest proposal that mends one of these laws, where one is sure at all.
fn surest<'p>(
    group: &Group<'_>,
    proposals: impl Iterator<Item = &'p Proposal>,
    own: &[usize],
) -> Option<(&'p Proposal, Certainty)> {
    let is_own = |proposal: &&Proposal| {
        let is_near = |change: &Change| {
            own.iter().any(|law| group.block.constraints[*law].variables().contains(&change.variable))
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
    finding.hypotheses.first().is_some_and(|first| first.kind == "ratio")
}

/// The changes that mend one of these laws, each cell and value once, the likeliest first. The halves of
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
            // Of several slips, those that mend these laws; the others stand with theirs.
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

/// A proposal of one cause as a hypothesis. Of several cells that change together, one of these laws
/// comes first.
fn hypothesis(
    cx: &Context<'_>,
    group: &Group<'_>,
    proposal: &Proposal,
    own: &[usize],
    resolves: u32,
) -> Option<Hypothesis> {
    let is_near =
        |change: &Change| own.iter().any(|law| group.block.constraints[*law].variables().contains(&change.variable));
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
        Kind::Swap(_) => proposal.changes.len() == 2,
        Kind::Sign | Kind::PowerOfTen(_) | Kind::Typo(_) | Kind::Shift(_) | Kind::Value => proposal.changes.len() == 1,
    };
    let is_same = |other: &Change| other.variable == change.variable && other.to == change.to;
    proposal.slips == 1 && is_one && proposal.changes.iter().any(is_same)
}

fn of_change(cx: &Context<'_>, group: &Group<'_>, change: &Change, resolves: u32) -> Hypothesis {
    let reading = group.figures[change.variable].reading;
    let to = if is_any_word(change, reading) { other_word(reading) } else { stated(cx, reading, change.to) };
    let kind = Cow::Borrowed(name(change.kind));
    Hypothesis { kind, target: reading.place(), to, resolves, together: Vec::new() }
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
            own.iter().any(|law| group.block.constraints[*law].variables().contains(&change.variable))
        };
        let first = set.changes.iter().find(is_own)?;
        let (target, to) = place(first);
        let others = set.changes.iter().filter(|change| change.variable != first.variable).map(place);
        let together = others.map(|(target, to)| Companion { target, to }).collect();
        Some(Hypothesis { kind: Cow::Borrowed("jointly"), target, to, resolves: set.resolves, together })
    })
    .take(MOST_JOINT)
    .collect()
}

/// What is sure where no single cell explains a group: how many cells are wrong, and which of them
/// is in every explanation.
fn several(cx: &Context<'_>, group: &Group<'_>, localisation: &Localisation) -> Option<String> {
    let count = localisation.minimal_sets.first().map(|set| set.variables.len()).filter(|count| *count > 1)?;
    let common: Vec<String> =
        localisation.common.iter().map(|variable| cell(group, group.figures[*variable].reading)).collect();
    Some(if common.is_empty() {
        say!(
            cx.language,
            "chỉ sửa một ô thì không khớp: ít nhất {count} ô sai",
            "no single cell explains this: at least {count} cells are wrong"
        )
    } else {
        let common = common.join(", ");
        say!(
            cx.language,
            "chỉ sửa một ô thì không khớp: ít nhất {count} ô sai; cách sửa ít ô nhất nào cũng có {common}",
            "no single cell explains this: at least {count} cells are wrong; every smallest change has {common}"
        )
    })
}

/// Whether another word is asked for, and several would do.
pub(super) fn is_any_word(change: &Change, reading: &Reading) -> bool {
    reading.number().is_none() && change.within.is_none()
}

fn other_word(reading: &Reading) -> String {
    format!("≠ {}", reading.origin.raw.text().trim())
}

/// A value as reports state it: what its cell would hold, or the word that it stands for.
pub(super) fn stated(cx: &Context<'_>, reading: &Reading, value: Decimal) -> String {
    match reading.number() {
        Some(_) => plain(in_cell(reading, value)),
        None => cx.word(value).map_or_else(|| other_word(reading), str::to_owned),
    }
}

/// The same for people.
pub(super) fn shown(cx: &Context<'_>, reading: &Reading, value: Decimal) -> String {
    match reading.number() {
        Some(_) => cx.show(in_cell(reading, value)),
        None => format!("\"{}\"", stated(cx, reading, value)),
    }
}

/// A value as its cell would hold it: in the unit of the cell, where that is known.
fn in_cell(reading: &Reading, value: Decimal) -> Decimal {
    let converted = || {
        let Raw::Number(stored) = &reading.origin.raw else { return None };
        let (held, read) = (Rational::from(stored.exact().ok()?), Rational::from(reading.number()?));
        (&Rational::from(value) * &held.checked_div(&read)?).to_exact_decimal()
    };
    trim(converted().unwrap_or(value))
}

/// Adds to what the check itself proposed. A ratio of which the check knows how it came to be wrong comes
/// first, unless another cell mends more; else it comes after the slips that explain it.
fn merge(cx: &Context<'_>, finding: &mut Finding, found: Vec<Hypothesis>) {
    let mut own = std::mem::take(&mut finding.hypotheses);
    let mut all: Vec<Hypothesis> = found;
    if let Some(mut ratio) = own.first().filter(|first| first.kind == "ratio").cloned() {
        own.remove(0);
        let of_ratio = |guess: &Hypothesis| guess.target == ratio.target;
        let resolves = all.iter().filter(|guess| of_ratio(guess)).map(|guess| guess.resolves).max();
        ratio.resolves = resolves.map_or(ratio.resolves, |resolves| resolves.max(ratio.resolves));
        all.retain(|guess| !of_ratio(guess));
        let is_better = |guess: &Hypothesis| match slip_of_ratio(cx, finding) {
            _ if guess.resolves != ratio.resolves => guess.resolves > ratio.resolves,
            Telling::Plainly => false,
            Telling::Slip => matches!(&*guess.kind, "sign" | "power-of-ten" | "swapped-digits" | "swap" | "shift"),
            Telling::Nothing => guess.kind != "value",
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
fn diagnosis(cx: &Context<'_>, group: &Group<'_>, proposals: &[Proposal]) -> Option<String> {
    let best = proposals.iter().find(|p| p.complete && p.slips == 1 && p.certainty > Certainty::Open)?;
    Some(said(cx, group, proposals, best))
}

/// What a change says of its cells.
fn said(cx: &Context<'_>, group: &Group<'_>, proposals: &[Proposal], proposal: &Proposal) -> String {
    let Some(change) = proposal.changes.first() else { return String::new() };
    let reading = group.figures[change.variable].reading;
    let (cell, now) = (cell(group, reading), now(cx, reading));
    let is_certain = proposal.certainty == Certainty::Certain;
    let (why, count) = (words(change.kind).get(cx.language), proposal.resolves);
    let rules = counted(count, "rule");
    let maybe = if is_certain { "" } else { "có lẽ " };
    let perhaps = if is_certain { "is" } else { "is probably" };
    if let Kind::Swap(other) = change.kind {
        let other = self::cell(group, group.figures[other].reading);
        return say!(
            cx.language,
            "{cell} và {other} có lẽ đã đổi chỗ cho nhau; đổi lại thì khớp {count} quy tắc",
            "{cell} and {other} were probably exchanged; swapping them back satisfies {rules}"
        );
    }
    if let Some(span) = slid(group, proposal) {
        return say!(
            cx.language,
            "các ô {span} có lẽ lệch một dòng; dời lại thì khớp {count} quy tắc",
            "{span} probably slid by a row; moving it back satisfies {rules}"
        );
    }
    if proposal.changes.len() > 1 {
        let cells: Vec<String> =
            (proposal.changes.iter()).map(|change| self::cell(group, group.figures[change.variable].reading)).collect();
        let cells = cells.join(", ");
        return say!(
            cx.language,
            "{maybe}{cells} cùng sai; sửa cả các ô này thì khớp {count} quy tắc",
            "{cells} are wrong together; these changes satisfy {rules}"
        );
    }
    if is_any_word(change, reading) {
        return say!(
            cx.language,
            "{maybe}{cell} ghi sai: không thể là {now}; sửa một ô này thì khớp {count} quy tắc",
            "{cell} {perhaps} wrong: it cannot be {now}; this one change satisfies {rules}"
        );
    }
    let Some(to) = action::values(cx, group, proposals, proposal, change) else {
        return say!(
            cx.language,
            "{maybe}{cell} ghi sai ({now}); sửa một ô này thì khớp {count} quy tắc",
            "{cell} {perhaps} wrong ({now}); this one change satisfies {rules}"
        );
    };
    say!(
        cx.language,
        "{maybe}{cell} ghi sai: {now} thay vì {to} ({why}); sửa một ô này thì khớp {count} quy tắc",
        "{cell} {perhaps} wrong: {now} instead of {to} ({why}); this one change satisfies {rules}"
    )
}

/// What a cell says now.
pub(super) fn now(cx: &Context<'_>, reading: &Reading) -> String {
    match reading.number() {
        Some(now) => cx.show(in_cell(reading, now)),
        None => format!("\"{}\"", reading.origin.raw.text().trim()),
    }
}

/// The first and last cell of a column that slid.
pub(super) fn slid(group: &Group<'_>, proposal: &Proposal) -> Option<String> {
    proposal.changes.iter().find(|change| matches!(change.kind, Kind::Shift(_)))?;
    let readings = || proposal.changes.iter().map(|change| group.figures[change.variable].reading);
    let (first, last) = (readings().min_by_key(|r| r.origin.cell.row)?, readings().max_by_key(|r| r.origin.cell.row)?);
    Some(format!("{}:{}", cell(group, first), last.origin.cell))
}

/// A cell, with its sheet where the group spans several.
pub(super) fn cell(group: &Group<'_>, reading: &Reading) -> String {
    let several = |of: fn(&Reading) -> &str| {
        group.figures.iter().any(|figure| !figure.previous && of(figure.reading) != of(reading))
    };
    let file = if several(|r| &r.origin.file) {
        format!("{} ", crate::model::workbook::file_name(&reading.origin.file))
    } else {
        String::new()
    };
    let sheet = if several(|r| &r.origin.sheet) || !file.is_empty() {
        format!("'{}'!", reading.origin.sheet)
    } else {
        String::new()
    };
    format!("{file}{sheet}{}", reading.origin.cell)
}
