//! Figures of one column that slid by a row: pasted one row too low or too high, or sorted by hand.

use super::{
    block::{Block, Trust},
    budget::{Budget, Meter},
    judge::{BlockCell, JudgedBlock},
    proposal::{Change, ChangeKind, Proposal},
    single,
};
use crate::values::number::{Decimal, trim};

/// Two figures are an exchange.
const SHORTEST: usize = 3;
/// Longer slides are not looked for.
const LONGEST: usize = 40;

/// Slides that mend every violated rule, the shortest first. `columns` names the figures that stand
/// under each other, from top to bottom.
///
/// Either the figure that fell off at one end stands at the other, or it is lost; then it is what
/// the rules ask for.
pub fn shifts(block: &Block, columns: &[Vec<usize>], budget: Budget) -> Vec<Proposal> {
    let judged = JudgedBlock::new(block);
    let suspects = judged.suspects();
    let mut meter = Meter::new(budget);
    let mut found = Vec::new();
    for length in SHORTEST..=LONGEST {
        for column in columns {
            let is_free = |at: &usize| {
                block.variables.get(*at).is_some_and(|v| !v.protected && !v.coded && v.trust != Trust::Formula)
            };
            for run in column.windows(length).filter(|run| run.iter().all(is_free)) {
                // What slid broke something at both ends, else a shorter slide explains as much.
                let is_suspect = |at: &usize| suspects.binary_search(at).is_ok();
                if !run.first().is_some_and(is_suspect) || !run.last().is_some_and(is_suspect) {
                    continue;
                }
                let reversed: Vec<usize> = run.iter().rev().copied().collect();
                for run in [run, &reversed] {
                    if !meter.step() {
                        return found;
                    }
                    found.extend(round(&judged, run).or_else(|| lost(&judged, run, &mut meter)));
                }
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}

/// What stands in each place of the run belongs into the place before it.
fn moved(block: &Block, run: &[usize]) -> Vec<Change> {
    let pairs = run.iter().zip(run.iter().skip(1));
    pairs
        .filter(|(to, from)| block.variables[**to].value != block.variables[**from].value)
        .map(|(to, from)| shifted(*to, *from, block.variables[*from].value))
        .collect()
}

fn shifted(variable: usize, from: usize, value: Decimal) -> Change {
    Change { variable, kind: ChangeKind::Shift(from), to: trim(value), within: None }
}

/// The first figure of the run belongs to its end.
fn round(judged: &JudgedBlock<'_>, run: &[usize]) -> Option<Proposal> {
    let (first, last) = (*run.first()?, *run.last()?);
    let mut changes = moved(judged.block, run);
    changes.push(shifted(last, first, judged.block.variables[first].value));
    accepted(judged, changes)
}

/// The figure of the last place is lost, and the first was overwritten.
fn lost(judged: &JudgedBlock<'_>, run: &[usize], meter: &mut Meter) -> Option<Proposal> {
    let last = *run.last()?;
    let mut changes = moved(judged.block, run);
    // To judge a whole block anew is dear: most runs leave some rule broken that the last figure has
    // no part in.
    let cell = |change: &Change| {
        let own = judged.cell(change.variable);
        (change.variable, BlockCell { value: change.to.into(), half: own.half.clone(), cut: own.cut })
    };
    let cells: Vec<(usize, BlockCell)> = changes.iter().map(cell).collect();
    let may_hold = |rule: &usize| judged.variables(*rule).contains(&last) || judged.holds(*rule, &cells);
    if !judged.violated().iter().all(may_hold) {
        return None;
    }
    let mut after = judged.block.clone();
    for change in &changes {
        after.variables[change.variable].value = change.to;
    }
    let after = JudgedBlock::new(&after);
    let of_last = |rule: &usize| after.variables(*rule).contains(&last);
    if after.violated().is_empty() || !after.violated().iter().all(of_last) || !meter.step() {
        return None;
    }
    let to = single::value(&after, last)?;
    changes.push(Change { variable: last, kind: ChangeKind::Value, to, within: None });
    accepted(judged, changes)
}

fn accepted(judged: &JudgedBlock<'_>, changes: Vec<Change>) -> Option<Proposal> {
    let wanted = changes.len();
    if wanted < SHORTEST {
        return None;
    }
    // As many rules as figures say so, else a value for each would do as well.
    Proposal::judged(judged, changes, 1).filter(|p| p.complete && p.resolved.len() >= wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        judge::localise::{Constraint, Variable},
        values::number::Rational,
    };

    /// Figures with a printed ratio each, all of them in percent of 200.
    fn block(figures: &[i64], ratios: &[i64]) -> Block {
        let mut block = Block::default();
        for (at, (figure, ratio)) in figures.iter().zip(ratios).enumerate() {
            block.variables.extend([*figure, 200, *ratio].map(|value| Variable::exact(value.into())));
            block.constraints.push(Constraint::ratio(3 * at + 2, 3 * at, 3 * at + 1, Rational::from(100)));
        }
        block
    }

    fn values(found: &[Proposal]) -> Vec<Vec<(usize, i64)>> {
        let to = |change: &Change| (change.variable / 3, change.to.to_string().parse().expect("a whole number"));
        found.iter().map(|p| p.changes.iter().map(to).collect()).collect()
    }

    #[test]
    fn figures_that_went_round_are_put_back() {
        let column = [(0..5).map(|at| 3 * at).collect()];
        let down = block(&[10, 44, 22, 36, 48], &[5, 11, 18, 22, 24]);
        assert_eq!(values(&shifts(&down, &column, Budget::default())), [[(1, 22), (2, 36), (3, 44)]]);
        let up = block(&[10, 36, 44, 22, 48], &[5, 11, 18, 22, 24]);
        assert_eq!(values(&shifts(&up, &column, Budget::default())), [[(3, 44), (2, 36), (1, 22)]]);
    }

    #[test]
    fn a_figure_that_fell_off_is_what_the_rules_ask_for() {
        let column = [(0..5).map(|at| 3 * at).collect()];
        let down = block(&[10, 10, 22, 36, 48], &[5, 11, 18, 22, 24]);
        assert_eq!(values(&shifts(&down, &column, Budget::default())), [[(1, 22), (2, 36), (3, 44)]]);
    }

    #[test]
    fn an_exchange_and_a_single_wrong_figure_are_no_slide() {
        let column = [(0..5).map(|at| 3 * at).collect()];
        let exchanged = block(&[10, 36, 22, 44, 48], &[5, 11, 18, 22, 24]);
        assert_eq!(values(&shifts(&exchanged, &column, Budget::default())), Vec::<Vec<_>>::new());
        let wrong = block(&[10, 22, 37, 44, 48], &[5, 11, 18, 22, 24]);
        assert_eq!(values(&shifts(&wrong, &column, Budget::default())), Vec::<Vec<_>>::new());
    }
}
