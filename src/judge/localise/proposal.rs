//! What is said of a block: changes, proposals, minimal sets.

use std::cmp::Reverse;

use super::{
    block::{Block, Trust},
    judge::{BlockCell, JudgedBlock},
    slip::Edit,
};
use crate::{
    judge::constraint::{ConstraintForm, Relation, Sum},
    model::finding::Certainty,
    values::number::{Decimal, Interval, Rational},
};

/// How a wrong value came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// The sign was lost or added.
    Sign,
    /// Off by this power of ten: what should stand is the printed value times 10^k.
    PowerOfTen(i32),
    /// One slip of the keyboard.
    Typo(Edit),
    /// Exchanged with this other variable.
    Swap(usize),
    /// Slid by a row: the figure of this other variable belongs here.
    Shift(usize),
    /// No slip recognised: the value that the rules ask for.
    Value,
}

/// A change of one variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The variable.
    pub variable: usize,
    /// How the printed value came about.
    pub kind: ChangeKind,
    /// What should stand there.
    pub to: Decimal,
    /// The printed values that would mend the same rules; `None` without a bound on one side, and
    /// where several variables change.
    pub within: Option<Interval>,
}

/// Changes that together resolve violated rules and break none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// One change; two for a swap; more where several slips came together.
    pub changes: Vec<Change>,
    /// The constraints that would hold again, by their place in the block.
    pub rules: Vec<usize>,
    /// How many rules would hold again, those among them that a variable is not negative.
    pub resolves: u32,
    /// How many slips explain it: 1 for a swap.
    pub slips: u32,
    /// Whether nothing in the block would be violated any more.
    pub complete: bool,
    /// How sure it is that these cells are wrong: said by who knows all of the block.
    pub certainty: Certainty,
    /// Distance from what the printed figures ask for, intervals left aside.
    pub(super) off: Rational,
    /// `rules`, and those that a variable is not negative.
    pub(super) resolved: Vec<usize>,
}

impl Proposal {
    /// Whether every change is a recognised slip.
    pub fn is_slip(&self) -> bool {
        self.changes.iter().all(|change| change.kind != ChangeKind::Value)
    }

    /// Builds a proposal, if the changes resolve something and break nothing.
    pub(super) fn judged(judged: &JudgedBlock<'_>, changes: Vec<Change>, slips: u32) -> Option<Self> {
        let cells: Vec<(usize, BlockCell)> =
            changes.iter().map(|change| (change.variable, cell(judged, change))).collect();
        Some(Self::resolving(judged, changes, slips, judged.resolved(&cells)?))
    }

    /// The same of one or two changes: most of those that are tried mend nothing, and make no lists.
    pub(super) fn of_few<const N: usize>(judged: &JudgedBlock<'_>, changes: [Change; N], slips: u32) -> Option<Self> {
        let cells = changes.each_ref().map(|change| (change.variable, cell(judged, change)));
        let resolved = judged.resolved(&cells)?;
        Some(Self::resolving(judged, changes.into(), slips, resolved))
    }

    fn resolving(judged: &JudgedBlock<'_>, changes: Vec<Change>, slips: u32, resolved: Vec<usize>) -> Self {
        Self {
            certainty: Certainty::Open,
            complete: resolved.len() == judged.violated().len(),
            resolves: u32::try_from(resolved.len()).unwrap_or(u32::MAX),
            rules: resolved.iter().copied().filter(|rule| *rule < judged.block.constraints.len()).collect(),
            resolved,
            changes,
            slips,
            off: Rational::ZERO,
        }
    }

    /// Whether it resolves a rule that asks for one value.
    pub(super) fn mends_a_balance(&self, judged: &JudgedBlock<'_>) -> bool {
        self.rules.iter().any(|rule| judged.is_balance(*rule))
    }

    /// The highest trust among the changed variables.
    pub(super) fn trust(&self, block: &Block) -> Trust {
        self.changes.iter().map(|change| block.variables[change.variable].trust).max().unwrap_or(Trust::Typed)
    }

    /// Order of proposals: all rules before some; one cause before several; more rules before
    /// fewer; a recognised slip before a mere value; the less trusted cell first; then the more
    /// telling slip and the value nearest to what the figures ask for.
    pub(super) fn rank(&self, block: &Block) -> impl Ord + use<> {
        let kinds: Vec<(ChangeKind, usize)> =
            self.changes.iter().map(|change| (change.kind, change.variable)).collect();
        (
            !self.complete,
            self.slips,
            Reverse(self.resolves),
            !self.is_slip(),
            self.trust(block),
            !self.off.is_zero(),
            kinds.iter().map(|(kind, variable)| kind_rank(block, *kind, *variable)).collect::<Vec<_>>(),
            self.changes.len(),
            self.off.clone(),
            kinds,
        )
    }
}

fn kind_rank(block: &Block, kind: ChangeKind, variable: usize) -> (u8, u32) {
    let power = if let ChangeKind::PowerOfTen(power) = kind { power.unsigned_abs() } else { 0 };
    let rank = match kind {
        ChangeKind::Sign => 0,
        ChangeKind::PowerOfTen(_) => 1,
        ChangeKind::Typo(Edit::Swapped) => 2,
        ChangeKind::Swap(other) if are_opposed(block, variable, other) => 3,
        ChangeKind::Typo(Edit::Added | Edit::Dropped) => 4,
        ChangeKind::Typo(Edit::Changed) => 5,
        ChangeKind::Swap(_) => 6,
        ChangeKind::Shift(_) => 7,
        ChangeKind::Value => 8,
    };
    (rank, power)
}

/// Whether a balance takes one from the other, as costs from income: such a pair is easily exchanged
/// (Scholtus 2008), and fits by chance less often than a digit does.
fn are_opposed(block: &Block, one: usize, other: usize) -> bool {
    block.constraints.iter().any(|constraint| match &constraint.form {
        ConstraintForm::Sum(Sum { terms, relation: Relation::Equals, .. }) if terms.len() > 2 => {
            let factor = |variable| terms.iter().find(|(at, _)| *at == variable).map(|(_, factor)| factor);
            factor(one).zip(factor(other)).is_some_and(|(one, other)| *one == -other)
        }
        ConstraintForm::Sum(_)
        | ConstraintForm::Ratio { .. }
        | ConstraintForm::Product { .. }
        | ConstraintForm::Among { .. }
        | ConstraintForm::Cases(_) => false,
    })
}

/// The changed cell. A shifted figure keeps the coarser of its digits: 12.3 for 12345 says nothing
/// of the last two.
pub(super) fn cell(judged: &JudgedBlock<'_>, change: &Change) -> BlockCell {
    let variable = &judged.block.variables[change.variable];
    let own = judged.cell(change.variable);
    let half = match change.kind {
        ChangeKind::Swap(other) | ChangeKind::Shift(other) => judged.cell(other).half.clone(),
        ChangeKind::PowerOfTen(by) if !variable.exact => {
            let printed = variable.decimals.max(variable.value.scale().cast_signed());
            super::block::half_unit(printed.saturating_sub(by)).max(own.half.clone())
        }
        ChangeKind::PowerOfTen(_) | ChangeKind::Sign | ChangeKind::Typo(_) | ChangeKind::Value => own.half.clone(),
    };
    BlockCell { value: Rational::from(change.to), half, cut: own.cut }
}

/// Variables of which a change could mend everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MinimalSet {
    /// The variables, ascending.
    pub variables: Vec<usize>,
    /// Sum of the weights of their trust: the least is the likeliest.
    pub weight: u32,
    /// Whether values were proven to exist. Not where a ratio or product has two of its variables
    /// in the set: such a rule is then taken for one that can hold.
    pub proven: bool,
}

/// Which figures of a block may be wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Localisation {
    /// The violated constraints, by their place in the block.
    pub violated: Vec<usize>,
    /// All smallest sets of variables that could be changed so that all rules hold, the lightest
    /// first.
    pub minimal_sets: Vec<MinimalSet>,
    /// Values for the minimal sets of several variables, in their order, so far as some were found:
    /// with all of them every rule holds.
    pub joint: Vec<Proposal>,
    /// Variables in every minimal set; none while the search was cut short.
    pub common: Vec<usize>,
    /// Proposals, the likeliest first.
    pub proposals: Vec<Proposal>,
    /// Slips that belong to every best explanation by slips (Scholtus 2009).
    pub certain: Vec<Change>,
    /// Whether the bound on work was reached, so that there may be more than is said here.
    pub exhausted: bool,
    /// Whether it was reached while proposals were searched for, not only smallest sets.
    pub proposals_exhausted: bool,
}
