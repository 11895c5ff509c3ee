//! One finding a cause: what goes when the cause goes is folded into it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{Constraints, at, at_place, group::Group};
use crate::{
    judge::{
        checks::{self, CheckKind},
        localise::{Localisation, Proposal},
    },
    model::{
        finding::{Certainty, Finding, Severity, SlipKind},
        workbook::Position,
    },
};

/// Which findings follow from which.
#[derive(Debug, Default)]
pub(super) struct Causes {
    /// The cause of each finding that has one.
    of: BTreeMap<usize, usize>,
    /// Cells that are wrong, surely or likely, with the finding that says so.
    wrong: BTreeMap<(String, String, Position), usize>,
}

impl Causes {
    /// A cause of its own, and what follows from it.
    pub(super) fn add(&mut self, cause: Finding, following: BTreeSet<usize>, findings: &mut Vec<Finding>) {
        // A check may have told of the same unit already.
        let cells: Vec<_> = cause.sources.iter().filter_map(at_place).collect();
        let is_known = |finding: &Finding| {
            let own = finding.target.iter().chain(&finding.sources).filter_map(at_place);
            finding.code == cause.code
                && matches!(checks::kind(cause.code), Some(CheckKind::Remark))
                && own.into_iter().any(|at| cells.contains(&at))
        };
        let known = findings.iter().position(is_known);
        let place = known.unwrap_or(findings.len());
        if cause.certainty.is_some() {
            let cells = cause.target.iter().chain(&cause.sources).filter_map(at_place);
            for (file, sheet, cell) in cells {
                self.wrong.entry((file.to_owned(), sheet.to_owned(), cell)).or_insert(place);
            }
        }
        match known {
            // What the check says of it is said better.
            Some(known) if findings[known].hypotheses.is_empty() => {
                findings[known].hypotheses = cause.hypotheses;
                findings[known].certainty = cause.certainty;
            }
            Some(_) => {}
            None => findings.push(cause),
        }
        for other in following {
            self.of.entry(other).or_insert(place);
        }
    }

    /// What follows from a finding that is there.
    pub(super) fn follow(&mut self, cause: usize, following: &[usize]) {
        for other in following.iter().filter(|other| **other != cause) {
            self.of.entry(*other).or_insert(cause);
        }
    }

    /// The causes in one group of broken constraints.
    pub(super) fn of_group(
        &mut self,
        constraints: &Constraints<'_>,
        group: &Group<'_>,
        localisation: &Localisation,
        findings: &[Finding],
    ) {
        for (proposal, rules) in causes(localisation) {
            let telling = |rule: &usize| constraints.findings[group.constraints[*rule]].iter().copied();
            let told: BTreeSet<usize> = rules.iter().flat_map(telling).filter(|at| !self.of.contains_key(at)).collect();
            let suspects: HashSet<_> = proposal.changes.iter().map(|c| at(group.figures[c.variable].reading)).collect();
            let is_at_suspect = |finding: &Finding| {
                finding.target.as_ref().and_then(at_place).is_some_and(|place| suspects.contains(&place))
            };
            let rank = |place: &usize| {
                let finding = &findings[*place];
                (!is_at_suspect(finding), std::cmp::Reverse(finding.severity), finding.order())
            };
            let Some(cause) = told.iter().copied().min_by(|a, b| rank(a).cmp(&rank(b))) else { continue };
            for other in told.into_iter().filter(|other| *other != cause) {
                self.of.insert(other, cause);
            }
            if proposal.certainty > Certainty::Open {
                for (file, sheet, cell) in suspects {
                    self.wrong.entry((file.to_owned(), sheet.to_owned(), cell)).or_insert(cause);
                }
            }
        }
    }

    /// A formula that leaves out rows and the total that is wrong for it are one.
    pub(super) fn formulas(&mut self, findings: &[Finding]) {
        let is_cause =
            |finding: &Finding| finding.hypotheses.first().is_some_and(|first| first.kind == SlipKind::Formula);
        for (place, cause) in findings.iter().enumerate().filter(|(_, finding)| is_cause(finding)) {
            let own = cause.target.as_ref().and_then(at_place);
            let is_same = |other: &Finding| {
                other.code == checks::formula_range() && other.target.as_ref().and_then(at_place) == own
            };
            for (other, _) in findings.iter().enumerate().filter(|(_, other)| own.is_some() && is_same(other)) {
                if other != place {
                    self.of.entry(other).or_insert(place);
                }
            }
        }
    }

    /// Folds what follows into its cause.
    pub(super) fn fold(mut self, findings: &mut Vec<Finding>) {
        self.remarks(findings);
        // A cause may follow from another one.
        let root = |mut place: usize| {
            for _ in 0..findings.len() {
                match self.of.get(&place) {
                    Some(next) => place = *next,
                    None => break,
                }
            }
            place
        };
        let roots: BTreeMap<usize, usize> = self.of.keys().map(|place| (*place, root(*place))).collect();
        let mut following: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
        let mut kept: Vec<(usize, Finding)> = Vec::new();
        for (place, finding) in std::mem::take(findings).into_iter().enumerate() {
            match roots.get(&place).filter(|root| **root != place) {
                Some(root) => following.entry(*root).or_default().push(finding),
                None => kept.push((place, finding)),
            }
        }
        findings.extend(kept.into_iter().map(|(place, mut finding)| {
            if let Some(following) = following.remove(&place) {
                finding.fold(following);
            }
            finding
        }));
    }

    fn remarks(&mut self, findings: &[Finding]) {
        for (place, finding) in findings.iter().enumerate() {
            if !is_remark(finding) || self.of.contains_key(&place) {
                continue;
            }
            let cells = finding.target.iter().chain(finding.hypotheses.first().map(|first| &first.target));
            let known = cells
                .filter_map(at_place)
                .find_map(|(file, sheet, cell)| self.wrong.get(&(file.to_owned(), sheet.to_owned(), cell)).copied());
            if let Some(cause) = known.filter(|cause| *cause != place) {
                self.of.insert(place, cause);
            }
        }
    }
}

/// Whether a finding remarks on a figure and says nothing beside one that it is wrong. So does the warning
/// about a minus sign, which holds the figure to no limit.
pub(super) fn is_remark(finding: &Finding) -> bool {
    let is_sign = || finding.code == checks::out_of_range() && finding.severity == Severity::Warning;
    matches!(checks::kind(finding.code), Some(CheckKind::Remark)) || is_sign()
}

/// The changes of one cause each, with the broken rules that go with it. Where one explains all of a
/// group there is no other; else every sure one and every slip of the best choice has its own.
fn causes(localisation: &Localisation) -> Vec<(&Proposal, Vec<usize>)> {
    let proposals = &localisation.proposals;
    if let Some(best) = proposals.iter().find(|p| p.complete && p.slips == 1) {
        return vec![(best, best.rules.clone())];
    }
    let sure = localisation.joint.iter().chain(proposals).filter(|p| p.certainty > Certainty::Open);
    let chosen = proposals.iter().find(|p| p.complete).into_iter().flat_map(|best| {
        let alone = |p: &&Proposal| {
            p.slips == 1
                && p.changes.iter().all(|c| best.changes.iter().any(|b| (b.variable, b.to) == (c.variable, c.to)))
        };
        proposals.iter().filter(alone)
    });
    let mut found: Vec<(&Proposal, Vec<usize>)> = Vec::new();
    for proposal in sure.chain(chosen) {
        let taken = |rule: &usize| found.iter().any(|(_, rules)| rules.contains(rule));
        let own: Vec<usize> = proposal.rules.iter().copied().filter(|rule| !taken(rule)).collect();
        if !own.is_empty() {
            found.push((proposal, own));
        }
    }
    found
}
