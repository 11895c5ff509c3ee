//! How sure a proposal is. Certain is what every explanation of a whole group has in common, likely is
//! one clear winner, and all else is open.

use super::{Laws, group::Group};
use crate::{
    finding::Certainty,
    localise::{self, Budget, Change, Evidence, Kind, Localisation, Proposal, Sure},
};

/// So many rules that say different things make one sure: one alone fits any of its figures.
const ENOUGH: usize = 2;

impl<'a> Laws<'a> {
    /// Says of every proposal how sure it is.
    pub(super) fn weigh(&self, group: &Group<'a>, budget: Budget, localisation: &mut Localisation) {
        // When a search was cut short there may be other explanations.
        if localisation.proposals_exhausted || (localisation.proposals.is_empty() && localisation.joint.is_empty()) {
            return;
        }
        let strict = localise::sure(&group.block, budget);
        let has_followers = group.laws.iter().any(|law| self.all[*law].follows && !self.is_broken(*law));
        let loose = if has_followers { localise::sure(&self.loosened(group), budget) } else { strict.clone() };
        let (Some(strict), Some(loose)) = (strict, loose) else { return };
        let weight = Weight { group, strict, loose, proposals: &localisation.proposals };
        let certainties: Vec<Certainty> = weight.proposals.iter().map(|p| weight.certainty(p)).collect();
        let joint: Vec<Certainty> = localisation.joint.iter().map(|set| weight.of_set(set)).collect();
        let all = localisation.proposals.iter_mut().chain(&mut localisation.joint);
        for (proposal, certainty) in all.zip(certainties.into_iter().chain(joint)) {
            proposal.certainty = certainty;
        }
    }
}

struct Weight<'g, 'a> {
    group: &'g Group<'a>,
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
        let block = &self.group.block;
        let broken: Vec<usize> = (0..block.constraints.len()).filter(|at| self.group.broken[*at]).collect();
        localise::evidence(block, &broken, rules, changed)
    }

    fn of_one(&self, proposal: &Proposal, variable: usize, evidence: Evidence) -> Certainty {
        let is_enough = evidence.rules >= ENOUGH && evidence.balances > 0;
        if !is_enough && !evidence.is_direct {
            return Certainty::Open;
        }
        if self.strict.common.contains(&variable) && self.loose.common.contains(&variable) {
            return Certainty::Certain;
        }
        if is_enough && proposal.complete && self.is_clear_winner(proposal, variable) {
            return Certainty::Likely;
        }
        Certainty::Open
    }

    /// A set of cells is certain where there is no other, and enough speaks for each of its cells.
    fn of_set(&self, set: &Proposal) -> Certainty {
        let is_sure = |change: &Change| {
            let names = |rule: &usize| {
                self.group.broken[*rule] && self.group.block.constraints[*rule].variables().contains(&change.variable)
            };
            let rules: Vec<usize> = (0..self.group.broken.len()).filter(names).collect();
            let evidence = self.evidence(&rules, &[change.variable]);
            let is_common = |sure: &Sure| sure.common.contains(&change.variable);
            (evidence.is_direct || (evidence.rules >= ENOUGH && evidence.balances > 0))
                && is_common(&self.strict)
                && is_common(&self.loose)
        };
        if set.complete && set.changes.iter().all(is_sure) { Certainty::Certain } else { Certainty::Open }
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
        let is_moved = proposal.changes.iter().all(|c| matches!(c.kind, Kind::Swap(_) | Kind::Shift(_) | Kind::Value));
        proposal.complete
            && is_moved
            && evidence.rules >= proposal.changes.len().max(ENOUGH)
            && evidence.balances >= ENOUGH
            && self.strict.singles.is_empty()
            && others.next().is_none()
    }
}
