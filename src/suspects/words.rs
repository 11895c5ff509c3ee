//! Proposals as hypotheses and a diagnosis of findings.

use std::{borrow::Cow, collections::BTreeSet};

use super::{Laws, group::Group};
use crate::{
    checks::{Context, Slip},
    finding::{Companion, Finding, Hypothesis, Place},
    language::{Words, counted},
    localise::{Change, Edit, Kind, Localisation, Proposal, Trust},
    number::{Decimal, Rational, plain, trim},
    reading::{Raw, Reading},
    say,
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

const fn words(kind: Kind) -> Words {
    match kind {
        Kind::Sign => Words { vi: "sai dấu", en: "a sign was lost" },
        Kind::PowerOfTen(_) => Words { vi: "sai dấu phẩy hoặc đơn vị", en: "a comma or unit is off" },
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
    let mut proposals: Vec<Proposal> = localisation.proposals.clone();
    for proposal in &mut proposals {
        for change in &mut proposal.changes {
            // Nobody mistypes a formula: another value is all that can be said of it.
            if group.block.variables[change.variable].trust == Trust::Formula {
                change.kind = Kind::Value;
            }
        }
    }
    proposals.sort_by_key(|p| (!p.complete, p.slips, std::cmp::Reverse(p.resolves), !p.is_slip()));
    let diagnosis = diagnosis(cx, group, &proposals);
    let told: BTreeSet<usize> = group.laws.iter().flat_map(|law| laws.findings[*law].iter().copied()).collect();
    for place in told {
        let own: Vec<usize> =
            (0..group.laws.len()).filter(|law| laws.findings[group.laws[*law]].contains(&place)).collect();
        let finding = &mut findings[place];
        let mut found = hypotheses(cx, group, &proposals, &own);
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
        // What a ratio alone says of its operands yields to what several rules say.
        let outweighed = finding.hypotheses.first().is_some_and(|first| first.resolves > 1);
        let of_operand = operand_slip(cx, finding).is_some();
        if finding.diagnosis.is_none() || (of_operand && outweighed && diagnosis.is_some()) {
            finding.diagnosis.clone_from(&diagnosis);
        }
        if finding.diagnosis.is_none() && alone {
            finding.diagnosis = several(cx, group, localisation);
        }
        if localisation.proposals_exhausted {
            let note = say!(
                cx.language,
                "chưa thử hết các khả năng: quá nhiều ô liên quan",
                "not every possibility was tried: too many cells are involved"
            );
            finding.diagnosis = Some(match finding.diagnosis.take() {
                Some(said) => format!("{said}; {note}"),
                None => note,
            });
        }
    }
}

/// The changes that mend one of these laws, each cell and value once, the likeliest first.
fn hypotheses(cx: &Context<'_>, group: &Group<'_>, proposals: &[Proposal], own: &[usize]) -> Vec<Hypothesis> {
    let mut found: Vec<Hypothesis> = Vec::new();
    let relevant = proposals.iter().filter(|proposal| proposal.rules.iter().any(|rule| own.contains(rule)));
    let is_near =
        |change: &Change| own.iter().any(|law| group.block.constraints[*law].variables().contains(&change.variable));
    for proposal in relevant {
        let mut changes: Vec<&Change> = proposal.changes.iter().collect();
        if proposal.slips == 1 {
            changes.sort_by_key(|change| !is_near(change));
        }
        for change in changes {
            let alone = proposals.iter().find(|p| is_alone(p, change));
            // Of several slips, those that mend these laws; the others stand with theirs.
            if proposal.slips > 1 && alone.is_some_and(|p| !p.rules.iter().any(|rule| own.contains(rule))) {
                continue;
            }
            let hypothesis = hypothesis(cx, group, change, alone.unwrap_or(proposal).resolves);
            if !found.iter().any(|known| known.target == hypothesis.target && known.to == hypothesis.to) {
                found.push(hypothesis);
            }
        }
    }
    found
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

fn hypothesis(cx: &Context<'_>, group: &Group<'_>, change: &Change, resolves: u32) -> Hypothesis {
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
            "không sửa riêng một ô nào mà khớp: ít nhất {count} ô sai",
            "no single cell explains this: at least {count} cells are wrong"
        )
    } else {
        let common = common.join(", ");
        say!(
            cx.language,
            "không sửa riêng một ô nào mà khớp: ít nhất {count} ô sai, trong đó chắc chắn có {common}",
            "no single cell explains this: at least {count} cells are wrong, {common} among them"
        )
    })
}

/// Whether another word is asked for, and several would do.
fn is_any_word(change: &Change, reading: &Reading) -> bool {
    reading.number().is_none() && change.within.is_none()
}

fn other_word(reading: &Reading) -> String {
    format!("≠ {}", reading.origin.raw.text().trim())
}

/// A value as reports state it: what its cell would hold, or the word that it stands for.
fn stated(cx: &Context<'_>, reading: &Reading, value: Decimal) -> String {
    match reading.number() {
        Some(_) => plain(in_cell(reading, value)),
        None => cx.word(value).map_or_else(|| other_word(reading), str::to_owned),
    }
}

/// The same for people.
fn shown(cx: &Context<'_>, reading: &Reading, value: Decimal) -> String {
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

/// Adds to what the check itself proposed. A wrong ratio that has its own explanation stays first
/// unless another cell mends more; what the check computed for it is better than a value that fits.
fn merge(cx: &Context<'_>, finding: &mut Finding, found: Vec<Hypothesis>) {
    let mut own = std::mem::take(&mut finding.hypotheses);
    let mut all: Vec<Hypothesis> = Vec::new();
    if let Some(ratio) = own.first().filter(|first| first.kind == "ratio").cloned() {
        own.remove(0);
        let of_ratio = |guess: &&Hypothesis| guess.target == ratio.target;
        let resolves = found.iter().filter(of_ratio).map(|guess| guess.resolves).fold(ratio.resolves, u32::max);
        let first = found.first().is_none_or(|best| best.resolves <= resolves) && explained(cx, finding);
        let place = if first { Some(0) } else { found.iter().position(|guess| guess.target == ratio.target) };
        let others: Vec<Hypothesis> = found.iter().filter(|guess| guess.target != ratio.target).cloned().collect();
        let before = place.map_or(others.len(), |place| found[..place].iter().filter(|guess| !of_ratio(guess)).count());
        all.extend_from_slice(&others[..before]);
        all.push(Hypothesis { resolves, ..ratio });
        all.extend_from_slice(&others[before..]);
    } else {
        all = found;
    }
    for next in own {
        match all.iter_mut().find(|known| known.target == next.target && known.to == next.to) {
            Some(known) => known.resolves = known.resolves.max(next.resolves),
            None => all.push(next),
        }
    }
    // The diagnosis of the check speaks of this one.
    if let Some((target, to)) = operand_slip(cx, finding)
        && let Some(at) = all.iter().position(|guess| guess.target == target && guess.to == to)
        && all[at].resolves >= all[0].resolves
    {
        all[..=at].rotate_right(1);
    }
    finding.hypotheses = cell_by_cell(all);
}

/// The operand that the check itself suspects first, and its value.
fn operand_slip(cx: &Context<'_>, finding: &Finding) -> Option<(Place, String)> {
    let target = super::at_place(finding.target.as_ref()?)?;
    let is_target = |reading: &Reading| reading.origin.cell == target.2 && super::at(reading) == target;
    let ratio = cx.ratios.iter().find(|judgement| is_target(judgement.ratio))?;
    match ratio.slips.first()? {
        Slip::TypoInOperand(reading, to) | Slip::OperandPower(reading, to) => Some((reading.place(), plain(*to))),
        Slip::Inverse
        | Slip::Growth
        | Slip::Fraction
        | Slip::PowerOfTen(_)
        | Slip::Copied(_)
        | Slip::TypoInRatio(_) => None,
    }
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

/// Whether the check knows how the ratio itself came to be wrong, or has nobody else to accuse.
fn explained(cx: &Context<'_>, finding: &Finding) -> bool {
    operand_slip(cx, finding).is_none()
}

/// The one change that explains everything broken, where one stands out.
fn diagnosis(cx: &Context<'_>, group: &Group<'_>, proposals: &[Proposal]) -> Option<String> {
    let explains = |p: &&Proposal| p.complete && p.slips == 1;
    let mut complete = proposals.iter().filter(explains);
    let best = complete.next()?;
    let cells = |proposal: &Proposal| -> BTreeSet<usize> { proposal.changes.iter().map(|c| c.variable).collect() };
    // One value that satisfies one rule is no news.
    if !best.is_slip() && best.resolves < 2 {
        return None;
    }
    let same_kind = |other: &&Proposal| other.is_slip() == best.is_slip();
    if complete.filter(same_kind).any(|other| cells(other) != cells(best)) {
        return None;
    }
    let change = best.changes.first()?;
    let reading = group.figures[change.variable].reading;
    let (cell, to) = (cell(group, reading), shown(cx, reading, change.to));
    let now = match reading.number() {
        Some(now) => cx.show(in_cell(reading, now)),
        None => format!("\"{}\"", reading.origin.raw.text().trim()),
    };
    let (why, count) = (words(change.kind).get(cx.language), best.resolves);
    let rules = counted(count, "rule");
    if let Kind::Swap(other) = change.kind {
        let other = self::cell(group, group.figures[other].reading);
        return Some(say!(
            cx.language,
            "{cell} và {other} có lẽ đã đổi chỗ cho nhau; đổi lại thì khớp {count} quy tắc",
            "{cell} and {other} were probably exchanged; to exchange them back mends {rules}"
        ));
    }
    if let Some(span) = slid(group, best) {
        return Some(say!(
            cx.language,
            "các ô {span} có lẽ lệch một dòng; dời lại thì khớp {count} quy tắc",
            "{span} probably slid by a row; to move it back mends {rules}"
        ));
    }
    if is_any_word(change, reading) {
        return Some(say!(
            cx.language,
            "có lẽ {cell} ghi sai: không thể là {now}; sửa một ô này thì khớp {count} quy tắc",
            "{cell} is probably wrong: it cannot be {now}; this one change mends {count} rules"
        ));
    }
    Some(say!(
        cx.language,
        "có lẽ {cell} ghi sai: {now} thay vì {to} ({why}); sửa một ô này thì khớp {count} quy tắc",
        "{cell} is probably wrong: {now} instead of {to} ({why}); this one change mends {rules}"
    ))
}

/// The first and last cell of a column that slid.
fn slid(group: &Group<'_>, proposal: &Proposal) -> Option<String> {
    proposal.changes.iter().find(|change| matches!(change.kind, Kind::Shift(_)))?;
    let readings = || proposal.changes.iter().map(|change| group.figures[change.variable].reading);
    let (first, last) = (readings().min_by_key(|r| r.origin.cell.row)?, readings().max_by_key(|r| r.origin.cell.row)?);
    Some(format!("{}:{}", cell(group, first), last.origin.cell))
}

/// A cell, with its sheet where the group spans several.
fn cell(group: &Group<'_>, reading: &Reading) -> String {
    let several = |of: fn(&Reading) -> &str| {
        group.figures.iter().any(|figure| !figure.previous && of(figure.reading) != of(reading))
    };
    let file = if several(|r| &r.origin.file) {
        format!("{} ", crate::workbook::file_name(&reading.origin.file))
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
