//! Naming the cell: which figures of a block of rules may be wrong, and what may have stood there.
//!
//! The stage knows figures and rules between them, no catalogue, mapping or reading. It proposes
//! and changes nothing. Six searches, each with a bound on its work ([`Budget`]):
//! - one figure at a time: typo, lost sign, power of ten, or just the value that would mend it;
//! - two figures exchanged, or two signs lost;
//! - the figures of a column that slid by a row ([`shifts`]);
//! - several slips together, the choice that resolves most rules;
//! - the smallest sets of figures that could be changed so that every rule holds.
//!
//! Sources: Scholtus 2009 (typing errors); van der Loo, de Jonge and Scholtus 2011 (signs and
//! exchanges); Fellegi and Holt 1976 (smallest sets); XBRL Calculations 1.1 (the interval rule).

mod block;
mod budget;
mod evidence;
mod feasible;
mod judge;
mod pair;
mod parts;
mod proposal;
mod sets;
mod shift;
mod single;
mod slip;
mod together;

pub use block::{Block, Constraint, Rule, Trust, Variable};
pub use budget::Budget;
pub use evidence::{Evidence, evidence};
pub use pair::may_be_exchanged;
pub use parts::{BlockPart, blocks};
pub use proposal::{Change, ChangeKind, Localisation, MinimalSet, Proposal};
pub use shift::shifts;
pub use slip::Edit;

use budget::Meter;
use judge::JudgedBlock;

use crate::values::number::Rational;

/// Names the figures of a block that may be wrong, and what may have stood there.
///
/// Every proposal resolves at least one violated rule and breaks none. Best used on a connected
/// part ([`blocks`]): minimal sets of unconnected parts multiply.
pub fn localise(block: &Block, budget: Budget) -> Localisation {
    let judged = JudgedBlock::new(block);
    let mut found = proposed(&judged, budget);
    find_sets(&judged, budget, &mut found);
    found
}

/// The same without the smallest sets, which take longest.
pub fn propose(block: &Block, budget: Budget) -> Localisation {
    proposed(&JudgedBlock::new(block), budget)
}

/// Adds the smallest sets to what was proposed.
pub fn add_sets(block: &Block, budget: Budget, found: &mut Localisation) {
    find_sets(&JudgedBlock::new(block), budget, found);
}

/// What of a block is wrong under every explanation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sure {
    /// The single figures of which another value would mend everything.
    pub singles: Vec<usize>,
    /// What belongs to every smallest set.
    pub common: Vec<usize>,
}

/// The figures that are wrong under every explanation, and those that explain everything alone;
/// `None` where the bound on work was reached.
pub fn sure(block: &Block, budget: Budget) -> Option<Sure> {
    let mut meter = Meter::new(budget);
    let sets = sets::minimal(&JudgedBlock::new(block), sets::LARGEST, &mut meter);
    let alone = sets.iter().filter(|set| set.variables.len() == 1);
    let singles = alone.flat_map(|set| set.variables.iter().copied()).collect();
    (!meter.exhausted()).then(|| Sure { singles, common: common(&sets) })
}

/// Whether some figures together could be given values with which every rule holds. `None` where it
/// takes too much work.
pub fn can_mend(block: &Block, free: &[usize]) -> Option<bool> {
    sets::can_mend(&JudgedBlock::new(block), free)
}

/// What comes of it, for each of some powers, when some figures are 10^power times as large, their last digits
/// too: the violated rules that hold then, and the others that do not any more.
pub fn scaled(block: &Block, variables: &[usize], powers: &[i32]) -> Vec<(Vec<usize>, Vec<usize>)> {
    let judged = JudgedBlock::new(block);
    let touched = judged.touched(variables.iter().copied());
    let own = touched.into_iter().filter(|rule| *rule < block.constraints.len());
    let (was_broken, was_kept): (Vec<usize>, Vec<usize>) = own.partition(|rule| judged.is_violated(*rule));
    let of_power = |power: &i32| {
        let by = Rational::power_of_ten(*power);
        let cell = |at: &usize| {
            let cell = judged.cell(*at);
            (*at, judge::BlockCell { value: &cell.value * &by, half: &cell.half * &by, cut: cell.cut })
        };
        let cells: Vec<_> = variables.iter().map(cell).collect();
        let mended = was_broken.iter().copied().filter(|rule| judged.holds(*rule, &cells)).collect();
        (mended, was_kept.iter().copied().filter(|rule| !judged.holds(*rule, &cells)).collect())
    };
    powers.iter().map(of_power).collect()
}

fn proposed(judged: &JudgedBlock<'_>, budget: Budget) -> Localisation {
    if judged.violated().is_empty() {
        return Localisation::default();
    }
    let block = judged.block;
    let (mut singles, mut pairs, mut several) = (Meter::new(budget), Meter::new(budget), Meter::new(budget));
    let wanted: Vec<_> = judged.suspects().into_iter().map(|at| (at, single::wanted(judged, at))).collect();
    let mut proposals = single::search(judged, &wanted, &mut singles);
    proposals.extend(pair::swaps(judged, &wanted, &mut pairs));
    let slips: Vec<Proposal> = proposals.iter().filter(|proposal| proposal.is_slip()).cloned().collect();
    let choices = together::choose(judged, &slips, &mut several);
    let is_step =
        |slip: &Proposal| slip.changes.iter().all(|c| matches!(c.kind, ChangeKind::Sign | ChangeKind::Swap(_)));
    if !slips.iter().any(|slip| slip.complete && is_step(slip)) {
        proposals.extend(pair::signs(judged, &mut pairs).into_iter().filter(|p| !choices.several.contains(p)));
    }
    proposals.extend(choices.several);
    proposals.sort_by_cached_key(|proposal| proposal.rank(block));
    let exhausted = [&singles, &pairs, &several].into_iter().any(Meter::exhausted);
    Localisation {
        violated: judged.violated().iter().copied().filter(|rule| *rule < block.constraints.len()).collect(),
        proposals,
        certain: choices.certain,
        exhausted,
        proposals_exhausted: exhausted,
        ..Localisation::default()
    }
}

fn find_sets(judged: &JudgedBlock<'_>, budget: Budget, found: &mut Localisation) {
    let mut meter = Meter::new(budget);
    let minimal_sets = sets::minimal(judged, sets::LARGEST, &mut meter);
    // Where one change mends everything, it is among the proposals.
    let of_several = minimal_sets.iter().filter(|set| set.variables.len() > 1);
    found.joint = of_several.filter_map(|set| sets::mended(judged, set)).collect();
    found.exhausted |= meter.exhausted();
    found.common = if meter.exhausted() { Vec::new() } else { common(&minimal_sets) };
    found.minimal_sets = minimal_sets;
}

/// The variables in every set.
fn common(sets: &[MinimalSet]) -> Vec<usize> {
    let Some((first, rest)) = sets.split_first() else { return Vec::new() };
    first.variables.iter().copied().filter(|at| rest.iter().all(|set| set.variables.contains(at))).collect()
}

#[cfg(test)]
mod tests;
