//! Slips that came together: the choice that resolves most rules (Scholtus 2009).

use super::{
    budget::Meter,
    judge::JudgedBlock,
    proposal::{Change, Proposal},
};

/// So many best choices are reported.
const SHOWN: usize = 16;

/// The best choices and what belongs to all of them.
#[derive(Debug, Default)]
pub(super) struct Choices {
    /// Choices of several slips; a single slip is a proposal already.
    pub several: Vec<Proposal>,
    /// Changes in every best choice; none if the search was cut short.
    pub certain: Vec<Change>,
}

/// A slip as the search sees it.
struct Item<'p> {
    proposal: &'p Proposal,
    /// Violated rules that it touches: at most one slip for each.
    touches: Vec<usize>,
    resolves: Vec<usize>,
}

/// Branch and bound over the violated rules: each takes one of the slips that mend it, or none.
struct Search<'s> {
    rules: &'s [usize],
    items: &'s [Item<'s>],
    /// An item that may not be taken.
    without: Option<usize>,
    best: (usize, std::cmp::Reverse<usize>),
    optima: Vec<Vec<usize>>,
}

pub(super) fn choose(judged: &JudgedBlock<'_>, slips: &[Proposal], meter: &mut Meter) -> Choices {
    let items: Vec<Item<'_>> = slips.iter().map(|proposal| item(judged, proposal)).collect();
    let mut search = Search::new(judged.violated(), &items, None);
    search.descend(0, &mut Vec::new(), meter);
    let (best, optima) = (search.best, search.optima);
    let Some(first) = optima.first() else { return Choices::default() };
    let mut certain = Vec::new();
    for at in first {
        let mut other = Search::new(judged.violated(), &items, Some(*at));
        other.descend(0, &mut Vec::new(), meter);
        if other.best < best {
            certain.extend(items[*at].proposal.changes.iter().cloned());
        }
    }
    if meter.exhausted() {
        certain.clear();
    }
    let several = optima.iter().filter(|choice| choice.len() > 1).take(SHOWN).filter_map(|choice| {
        let changes = choice.iter().flat_map(|at| items[*at].proposal.changes.iter().cloned());
        let changes = changes.map(|change| Change { within: None, ..change }).collect();
        Proposal::judged(judged, changes, u32::try_from(choice.len()).unwrap_or(u32::MAX))
    });
    Choices { several: several.collect(), certain }
}

fn item<'p>(judged: &JudgedBlock<'_>, proposal: &'p Proposal) -> Item<'p> {
    let mut touches = judged.touched(proposal.changes.iter().map(|change| change.variable));
    touches.retain(|rule| judged.is_violated(*rule));
    Item { proposal, touches, resolves: proposal.resolved.clone() }
}

impl<'s> Search<'s> {
    const fn new(rules: &'s [usize], items: &'s [Item<'s>], without: Option<usize>) -> Self {
        Self { rules, items, without, best: (0, std::cmp::Reverse(usize::MAX)), optima: Vec::new() }
    }

    /// Decides the rules from `at` on, given the slips taken so far.
    fn descend(&mut self, at: usize, taken: &mut Vec<usize>, meter: &mut Meter) {
        if !meter.step() {
            return;
        }
        let items = self.items;
        let covered: usize = taken.iter().map(|item| items[*item].resolves.len()).sum();
        let open = self.rules[at.min(self.rules.len())..]
            .iter()
            .filter(|rule| !taken.iter().any(|item| items[*item].touches.contains(rule)))
            .count();
        if covered + open < self.best.0 {
            return;
        }
        let Some(rule) = self.rules.get(at) else {
            return self.keep(covered, taken);
        };
        let is_taken = |rule: &usize| taken.iter().any(|item| items[*item].touches.contains(rule));
        if !is_taken(rule) {
            let fits: Vec<usize> = (0..items.len())
                .filter(|item| Some(*item) != self.without && items[*item].resolves.contains(rule))
                .filter(|item| !items[*item].touches.iter().any(is_taken))
                .collect();
            for item in fits {
                taken.push(item);
                self.descend(at + 1, taken, meter);
                taken.pop();
            }
        }
        self.descend(at + 1, taken, meter);
    }

    fn keep(&mut self, covered: usize, taken: &[usize]) {
        let score = (covered, std::cmp::Reverse(taken.len()));
        if covered == 0 || score < self.best {
            return;
        }
        if score > self.best {
            self.best = score;
            self.optima.clear();
        }
        if self.optima.len() < SHOWN {
            self.optima.push(taken.to_vec());
        }
    }
}
