//! How sure a proposal is. Certain is what every explanation of a whole group has in common, likely is
//! one clear winner, and all else is open.

use std::collections::{BTreeMap, BTreeSet};

use super::{Constraints, group::Group};
use crate::{
    judge::{
        constraint::{ConstraintForm, Relation, Sum},
        localise::{self, Block, Budget, Change, ChangeKind, Evidence, Localisation, Proposal, Rule, Sure},
    },
    model::finding::Certainty,
};

/// So many rules that say different things make one sure: one alone fits any of its figures.
const ENOUGH: usize = 2;

impl<'a> Constraints<'a> {
    /// Says of every proposal how sure it is.
    pub(super) fn weigh(&self, group: &Group<'a>, budget: Budget, localisation: &mut Localisation) {
        // When a search was cut short there may be other explanations.
        if localisation.proposals_exhausted || (localisation.proposals.is_empty() && localisation.joint.is_empty()) {
            return;
        }
        // The smallest sets take long; most groups have too little evidence for anything.
        let is_promising = |proposal: &Proposal| {
            let changed: Vec<usize> = proposal.changes.iter().map(|change| change.variable).collect();
            is_enough(localise::evidence(&group.block, &proposal.rules, &changed))
        };
        if localisation.joint.is_empty() && !localisation.proposals.iter().any(is_promising) {
            return;
        }
        let strict = if localisation.minimal_sets.is_empty() {
            localise::sure(&group.block, budget)
        } else {
            let alone = localisation.minimal_sets.iter().filter(|set| set.variables.len() == 1);
            let singles = alone.flat_map(|set| set.variables.iter().copied()).collect();
            Some(Sure { singles, common: localisation.common.clone() })
        };
        let has_followers =
            group.constraints.iter().any(|constraint| self.all[*constraint].follows && !self.is_broken(*constraint));
        let loosened = self.loosened(group);
        let loose = if has_followers { localise::sure(&loosened, budget) } else { strict.clone() };
        let (Some(strict), Some(loose)) = (strict, loose) else { return };
        let weight = Weight { group, loosened, strict, loose, proposals: &localisation.proposals };
        let certainties: Vec<Certainty> = weight.proposals.iter().map(|p| weight.certainty(p)).collect();
        let joint: Vec<Certainty> = localisation.joint.iter().map(|set| weight.of_set(set)).collect();
        let all = localisation.proposals.iter_mut().chain(&mut localisation.joint);
        for (proposal, certainty) in all.zip(certainties.into_iter().chain(joint)) {
            proposal.certainty = certainty;
        }
    }
}

/// Whether so much speaks for a change that it can be more than open.
const fn is_enough(evidence: Evidence) -> bool {
    evidence.is_direct || (evidence.rules >= ENOUGH && evidence.balances > 0)
}

/// A figure that was carried on to more others than this is not followed.
const MOST_CARRIED: usize = 7;

/// What a kept sum states as the result of others, `from` among them; of two figures that are the same,
/// the other one.
fn results(rule: &Rule, from: usize) -> Vec<usize> {
    let ConstraintForm::Sum(Sum { terms, relation: Relation::Equals, .. }) = rule else { return Vec::new() };
    if !terms.iter().any(|(at, _)| *at == from) {
        return Vec::new();
    }
    let others = |sign: bool| -> Vec<usize> {
        terms.iter().filter(|(_, by)| by.is_negative() == sign).map(|(at, _)| *at).collect()
    };
    let (plus, minus) = (others(false), others(true));
    [plus, minus].into_iter().filter(|side| side.len() == 1 && side[0] != from).flatten().collect()
}

struct Weight<'g, 'a> {
    group: &'g Group<'a>,
    /// Its block without what follows a wrong figure by itself.
    loosened: Block,
    /// With all that is kept.
    strict: Sure,
    /// Without what would follow a wrong figure.
    loose: Sure,
    proposals: &'g [Proposal],
}

impl Weight<'_, '_> {
    fn certainty(&self, proposal: &Proposal) -> Certainty {
        let changed: Vec<usize> = proposal.changes.iter().map(|change| change.variable).collect();
        let evidence = self.evidence(&proposal.rules, &changed);
        match changed.as_slice() {
            [variable] => self.of_one(proposal, *variable, evidence),
            _ if proposal.slips == 1 && self.is_only_exchange(proposal, evidence) => Certainty::Likely,
            _ => Certainty::Open,
        }
    }

    fn evidence(&self, rules: &[usize], changed: &[usize]) -> Evidence {
        localise::evidence(&self.group.block, rules, changed)
    }

    fn of_one(&self, proposal: &Proposal, variable: usize, evidence: Evidence) -> Certainty {
        if !is_enough(evidence) {
            return Certainty::Open;
        }
        if !evidence.is_direct && (self.is_carried_on(variable) || self.is_one_other_cell(variable)) {
            return Certainty::Open;
        }
        if self.strict.common.contains(&variable) && self.loose.common.contains(&variable) {
            return Certainty::Certain;
        }
        if evidence.rules >= ENOUGH && proposal.complete && self.is_clear_winner(proposal, variable) {
            return Certainty::Likely;
        }
        Certainty::Open
    }

    /// Whether what speaks against a figure may be one other cell that states several: a result with its
    /// plan and its ratio is typed at once, and is wrong at once.
    fn is_one_other_cell(&self, variable: usize) -> bool {
        let mut cells: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (at, figure) in self.group.figures.iter().enumerate().filter(|(at, _)| *at != variable) {
            cells.entry((figure.previous, super::at(figure.reading))).or_default().push(at);
        }
        let several = cells.into_values().filter(|own| own.len() > 1);
        several.into_iter().any(|own| localise::can_mend(&self.loosened, &own) != Some(false))
    }

    /// Whether another figure may be the wrong one, and was carried on into the totals and the copies that
    /// hold with it: T is copied to T', and both are not x + y.
    fn is_carried_on(&self, variable: usize) -> bool {
        let block = &self.loosened;
        let broken = |at: &usize| self.group.broken[*at];
        let kept: Vec<usize> = (0..block.constraints.len()).filter(|at| !broken(at)).collect();
        let own: BTreeSet<usize> =
            (0..block.constraints.len()).filter(broken).flat_map(|at| block.constraints[at].variables()).collect();
        let is_free = |at: &usize| block.variables.get(*at).is_some_and(|v| !v.protected && !v.coded);
        own.into_iter().filter(|at| *at != variable).filter(is_free).any(|rival| {
            let mut carried = vec![rival];
            let mut at = 0;
            while let Some(from) = carried.get(at).copied() {
                for to in kept.iter().flat_map(|rule| results(&block.constraints[*rule].form, from)) {
                    if to != variable && is_free(&to) && !carried.contains(&to) {
                        carried.push(to);
                    }
                }
                at += 1;
                if carried.len() > MOST_CARRIED {
                    return true;
                }
            }
            carried.len() > 1 && localise::can_mend(block, &carried) != Some(false)
        })
    }

    /// A set of cells is likely where there is no other, and enough speaks for each of its cells. Never
    /// certain: several cells that are wrong at once may be what a slide over a blank left behind.
    fn of_set(&self, set: &Proposal) -> Certainty {
        let is_sure = |change: &Change| {
            let names = |rule: &usize| {
                self.group.broken[*rule] && self.group.block.constraints[*rule].variables().contains(&change.variable)
            };
            let rules: Vec<usize> = (0..self.group.broken.len()).filter(names).collect();
            let evidence = self.evidence(&rules, &[change.variable]);
            let is_common = |sure: &Sure| sure.common.contains(&change.variable);
            is_enough(evidence) && is_common(&self.strict) && is_common(&self.loose)
        };
        if set.complete && set.changes.iter().all(is_sure) { Certainty::Likely } else { Certainty::Open }
    }

    /// Whether a slip stands against mere values.
    fn is_clear_winner(&self, proposal: &Proposal, variable: usize) -> bool {
        let rivals = || self.strict.singles.iter().chain(&self.loose.singles).filter(|other| **other != variable);
        let is_slip = |other: &usize| {
            let of = |p: &&Proposal| p.slips == 1 && p.changes.iter().any(|change| change.variable == *other);
            self.proposals.iter().filter(of).any(|p| p.complete && p.is_slip())
        };
        let exchanged = self.proposals.iter().any(|p| p.complete && p.slips == 1 && p.changes.len() > 1);
        !exchanged && (rivals().next().is_none() || (proposal.is_slip() && !rivals().any(is_slip)))
    }

    /// Whether an exchange or a slide explains everything, and nothing else of one cause does.
    fn is_only_exchange(&self, proposal: &Proposal, evidence: Evidence) -> bool {
        let cells = |p: &Proposal| {
            let mut cells: Vec<usize> = p.changes.iter().map(|change| change.variable).collect();
            cells.sort_unstable();
            cells
        };
        let mut others = self.proposals.iter().filter(|p| p.complete && p.slips == 1 && cells(p) != cells(proposal));
        let is_moved = proposal
            .changes
            .iter()
            .all(|c| matches!(c.kind, ChangeKind::Swap(_) | ChangeKind::Shift(_) | ChangeKind::Value));
        proposal.complete
            && is_moved
            && evidence.rules >= proposal.changes.len().max(ENOUGH)
            && evidence.balances >= ENOUGH
            && self.strict.singles.is_empty()
            && others.next().is_none()
    }
}
