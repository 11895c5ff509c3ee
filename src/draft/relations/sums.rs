//! Totals and their parts: neighbours first, then again without the parts that were found, so that
//! grand totals are seen over their subtotals.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use super::{
    RelationKind, choose,
    evidence::{self, BELIEVED},
    trial::{self, Reach, Shape, TrialResult},
    view::View,
};

/// Lines beyond which only neighbours are tried: pairs and strides of thousands of rows are chance.
const FEW: usize = 320;
/// Lines up to which any three are tried.
const VERY_FEW: usize = 26;
/// The longest step between parts: blocks side by side have so many columns.
const STRIDE: usize = 16;
/// Parts beyond which none is looked for that does not belong to them.
const SHORT: usize = 40;
/// Positions at which a candidate is tried before it is tried everywhere, and those at which it is looked up.
const PROBES: usize = 10;
const LOOKED_UP: usize = 2;
/// Rounds of looking again without the parts found: deeper than any hierarchy of an office.
const ROUNDS: usize = 6;
/// Additions of one figure that one table may cost; beyond, only neighbours are tried.
const BUDGET: usize = 30_000_000;

/// The figures of a view, close together.
struct Grid {
    positions: usize,
    value: Vec<i128>,
    unit: Vec<i128>,
    known: Vec<bool>,
    /// A line with figures below zero: a sum over it can come down again.
    negative: Vec<bool>,
}

impl Grid {
    fn of(view: &View<'_>) -> Self {
        let all = || (0..view.lines).flat_map(|line| view.line(line).iter());
        Self {
            positions: view.positions,
            value: all().map(|number| number.map_or(0, |number| number.value)).collect(),
            unit: all().map(|number| number.map_or(0, |number| number.unit)).collect(),
            known: all().map(Option::is_some).collect(),
            negative: (0..view.lines).map(|line| view.line(line).iter().flatten().any(|n| n.value < 0)).collect(),
        }
    }

    fn index(&self, line: usize, position: usize) -> usize {
        line * self.positions + position
    }
}

/// A running sum of lines, held against a total.
struct Running {
    sum: Vec<i128>,
    units: Vec<i128>,
    known: Vec<bool>,
    lines: Vec<usize>,
}

/// How a running sum stands to a total.
struct Standing {
    hits: usize,
    compared: usize,
    /// Positions where more could still make it the total.
    open: usize,
}

impl Running {
    fn new(positions: usize) -> Self {
        Self { sum: vec![0; positions], units: vec![0; positions], known: vec![false; positions], lines: Vec::new() }
    }

    /// Adds a line; whether it holds anything but zeros.
    fn push(&mut self, grid: &Grid, line: usize) -> bool {
        let mut says = false;
        for position in 0..grid.positions {
            let at = grid.index(line, position);
            self.sum[position] += grid.value[at];
            self.units[position] += grid.unit[at];
            self.known[position] |= grid.known[at];
            says |= grid.value[at] != 0;
        }
        self.lines.push(line);
        says
    }

    fn against(&self, grid: &Grid, total: usize) -> Standing {
        let mut standing = Standing { hits: 0, compared: 0, open: 0 };
        for position in 0..grid.positions {
            let at = grid.index(total, position);
            if !grid.known[at] || grid.value[at] == 0 {
                continue;
            }
            if !self.known[position] {
                standing.open += 1;
                continue;
            }
            standing.compared += 1;
            let miss = self.sum[position] - grid.value[at];
            if 2 * miss.abs() <= grid.unit[at] + self.units[position] {
                standing.hits += 1;
                standing.open += 1;
            } else if (grid.value[at] > 0) == (miss < 0) {
                standing.open += 1;
            }
        }
        standing
    }
}

/// What is looked for in one view.
pub(super) struct Search<'a> {
    view: &'a View<'a>,
    grid: Grid,
    /// Positions where nothing needs to add up: ratios, means.
    soft: &'a [bool],
    tried: HashMap<(usize, Vec<usize>), Reach>,
    spent: usize,
}

impl<'a> Search<'a> {
    pub(super) fn new(view: &'a View<'a>, soft: &'a [bool]) -> Self {
        Self { view, grid: Grid::of(view), soft, tried: HashMap::new(), spent: 0 }
    }

    /// The sums of a view, the best first.
    pub(super) fn run(mut self) -> Vec<TrialResult> {
        let mut active: Vec<usize> = (0..self.view.lines)
            .filter(|line| self.view.line(*line).iter().any(Option::is_some))
            .filter(|line| !self.view.labels.get(*line).is_some_and(|line| line.partial))
            .collect();
        let mut taken: Vec<TrialResult> = Vec::new();
        for _ in 0..ROUNDS {
            let mut candidates = self.candidates(&active);
            choose::without_crowds(&mut candidates);
            choose::by_rank(&mut candidates);
            let before = taken.len();
            for candidate in candidates {
                let candidate = choose::collapsed(self.view, &taken, candidate, self.soft);
                if choose::fits(&taken, &candidate) {
                    taken.push(candidate);
                }
            }
            let parts: HashSet<usize> = taken[before..]
                .iter()
                .filter(|found| found.keeps(60))
                .flat_map(|found| found.shape.parts.iter().copied())
                .collect();
            active.retain(|line| !parts.contains(line));
            if parts.is_empty() || active.len() < 3 {
                break;
            }
        }
        choose::settled(self.view, taken, self.soft)
    }

    fn candidates(&mut self, active: &[usize]) -> Vec<TrialResult> {
        let mut found = Vec::new();
        self.children(&mut found);
        for total in 0..active.len() {
            for forward in [true, false] {
                self.neighbours(active, total, (forward, 1), &mut found);
            }
        }
        if active.len() <= FEW {
            for stride in 2..=STRIDE.min(active.len() / 2) {
                for total in 0..active.len() {
                    for forward in [true, false] {
                        self.neighbours(active, total, (forward, stride), &mut found);
                    }
                }
            }
            let mut far = Vec::new();
            for stride in 1..=STRIDE.min(active.len() / 2) {
                self.blocks(active, stride, &mut far);
            }
            self.pairs(active, &mut far);
            self.triples(active, &mut far);
            for found in &mut far {
                choose::discount(self.view, found);
            }
            far.retain(|found| found.score >= BELIEVED);
            found.extend(far);
        }
        found
    }

    fn try_out(
        &mut self,
        total: usize,
        mut parts: Vec<usize>,
        (cost, reach): (i64, Reach),
        found: &mut Vec<TrialResult>,
    ) {
        parts.sort_unstable();
        self.spent += parts.len() * self.grid.positions;
        // What was seen from afar is seen again once all that stood between is told.
        match self.tried.entry((total, parts.clone())) {
            Entry::Occupied(mut known) if *known.get() > reach => {
                known.insert(reach);
            }
            Entry::Occupied(_) => return,
            Entry::Vacant(free) => {
                free.insert(reach);
            }
        }
        let shape = Shape { kind: RelationKind::Sum, total, parts, whole: None, power: 0 };
        let candidate = TrialResult { reach, ..trial::everywhere(self.view, shape, cost, self.soft) };
        if candidate.score >= BELIEVED {
            found.push(candidate);
        }
    }

    /// The lines one level below a line.
    fn children(&mut self, found: &mut Vec<TrialResult>) {
        let levels: Vec<Option<u8>> = self.view.labels.iter().map(|line| line.level).collect();
        let mut above: Vec<(u8, usize)> = Vec::new();
        let mut children: Vec<Vec<usize>> = vec![Vec::new(); levels.len()];
        for (line, level) in levels.iter().enumerate() {
            let Some(level) = level else { continue };
            while above.last().is_some_and(|(over, _)| over >= level) {
                above.pop();
            }
            if let Some((_, parent)) = above.last() {
                children[*parent].push(line);
            }
            above.push((*level, line));
        }
        for (total, parts) in children.into_iter().enumerate() {
            if parts.len() >= 2 {
                self.try_out(total, parts, (1, Reach::Beside), found);
            }
        }
    }

    /// Lines beside a line, one after another or in steps.
    fn neighbours(&mut self, active: &[usize], at: usize, way: (bool, usize), found: &mut Vec<TrialResult>) {
        let (forward, stride) = way;
        let total = active[at];
        let mut running = Running::new(self.grid.positions);
        let mut pending: Option<Vec<usize>> = None;
        let mut next = at;
        let reach = if stride == 1 { Reach::Beside } else { Reach::Steps };
        let mut is_monotone = true;
        let costs = evidence::cost(2 * active.len() * if stride == 1 { 1 } else { STRIDE });
        loop {
            let step = if forward { next.checked_add(stride) } else { next.checked_sub(stride) };
            let Some(line) = step.and_then(|step| active.get(step).copied()) else { break };
            next = step.unwrap_or(next);
            is_monotone &= !self.grid.negative[line];
            self.spent += self.grid.positions;
            let says = running.push(&self.grid, line);
            if !says
                && pending.is_some()
                && self.is_filled_like(line, total)
                && line.abs_diff(active[at]) <= running.lines.len() * stride
            {
                pending = Some(running.lines.clone());
                continue;
            }
            if let Some(parts) = pending.take() {
                self.try_out(total, parts, (costs, reach), found);
            }
            let standing = running.against(&self.grid, total);
            if running.lines.len() >= 2 && standing.hits > 0 && standing.hits * 5 >= standing.compared {
                pending = Some(running.lines.clone());
            } else if stride == 1 && running.lines.len() > 2 && running.lines.len() <= SHORT && active.len() <= FEW {
                self.but_one(total, &running, costs + evidence::cost(running.lines.len()), found);
            }
            let hopeless =
                if active.len() <= FEW { standing.open == 0 } else { standing.open * 3 <= standing.compared };
            if (is_monotone && hopeless) || self.spent > BUDGET {
                break;
            }
        }
        if let Some(parts) = pending {
            self.try_out(total, parts, (costs, reach), found);
        }
    }

    /// Whether a line of zeros stands where most figures of another line do: it is a part that is zero, not a
    /// row that separates.
    fn is_filled_like(&self, line: usize, total: usize) -> bool {
        let at = |line: usize, position: usize| self.grid.known[self.grid.index(line, position)];
        let wanted = (0..self.grid.positions).filter(|position| at(total, *position));
        let both = wanted.clone().filter(|position| at(line, *position)).count();
        both * 5 >= wanted.count() * 4
    }

    /// A run of lines of which one does not belong to the total.
    fn but_one(&mut self, total: usize, running: &Running, cost: i64, found: &mut Vec<TrialResult>) {
        let grid = &self.grid;
        // The position where most is at stake tells which one it may be.
        let over = |position: usize| running.sum[position] - grid.value[grid.index(total, position)];
        let probe = (0..grid.positions)
            .filter(|position| grid.known[grid.index(total, *position)] && over(*position) != 0)
            .max_by_key(|position| {
                (over(*position).abs() / grid.unit[grid.index(total, *position)].max(1), usize::MAX - position)
            });
        let Some(probe) = probe else { return };
        let slack = |at: usize| grid.unit[grid.index(total, probe)].max(grid.unit[at]);
        let odd: Vec<usize> = running.lines[..running.lines.len() - 1]
            .iter()
            .copied()
            .filter(|line| {
                let at = grid.index(*line, probe);
                grid.known[at] && (grid.value[at] - over(probe)).abs() <= slack(at)
            })
            .collect();
        for odd in odd {
            let parts = running.lines.iter().copied().filter(|line| *line != odd).collect();
            self.try_out(total, parts, (cost, Reach::Steps), found);
        }
    }

    /// Positions at which totals are looked up: those that most lines fill with figures that say something.
    fn probes(&self, active: &[usize]) -> Vec<usize> {
        let said = |position: &usize| -> u64 {
            active
                .iter()
                .map(|line| {
                    let at = self.grid.index(*line, *position);
                    u64::from((self.grid.value[at].abs() / self.grid.unit[at].max(1)).checked_ilog2().unwrap_or(0))
                })
                .sum()
        };
        let mut positions: Vec<usize> =
            (0..self.grid.positions).filter(|position| !self.soft.get(*position).copied().unwrap_or(false)).collect();
        positions.sort_by_cached_key(|position| (std::cmp::Reverse(said(position)), *position));
        positions.truncate(PROBES);
        positions
    }

    /// Whether a sum is worth trying everywhere: at half of the probes it is met.
    fn is_met(&self, total: usize, parts: &[usize], probes: &[usize]) -> bool {
        let (mut compared, mut hits) = (0, 0);
        for probe in probes {
            let at = self.grid.index(total, *probe);
            if !self.grid.known[at] {
                continue;
            }
            let (mut sum, mut units) = (0, self.grid.unit[at]);
            for part in parts {
                let at = self.grid.index(*part, *probe);
                sum += self.grid.value[at];
                units += self.grid.unit[at];
            }
            if sum == 0 && self.grid.value[at] == 0 {
                continue;
            }
            compared += 1;
            hits += usize::from(2 * (sum - self.grid.value[at]).abs() <= units);
        }
        hits * 2 >= compared
    }

    /// What stands at a position in each line, sorted.
    fn sorted(&self, active: &[usize], position: usize) -> Vec<(i128, usize)> {
        let mut values: Vec<(i128, usize)> = active
            .iter()
            .filter(|line| self.grid.known[self.grid.index(**line, position)])
            .map(|line| (self.grid.value[self.grid.index(*line, position)], *line))
            .filter(|(value, _)| *value != 0)
            .collect();
        values.sort_unstable();
        values
    }

    /// Lines that stand together anywhere, or at equal steps.
    fn blocks(&mut self, active: &[usize], stride: usize, found: &mut Vec<TrialResult>) {
        let cost = 3 * evidence::cost(active.len()) + evidence::cost(if stride == 1 { 1 } else { STRIDE });
        let probes = self.probes(active);
        for probe in probes.iter().copied().take(LOOKED_UP) {
            let totals = self.sorted(active, probe);
            let mut hits = Vec::new();
            for from in 0..active.len() {
                let (mut sum, mut units) = (0, 0);
                for to in (from..active.len()).step_by(stride) {
                    let at = self.grid.index(active[to], probe);
                    sum += self.grid.value[at];
                    units += self.grid.unit[at];
                    if to > from && self.grid.value[at] != 0 {
                        for total in within(&totals, sum, (units / 2).min(2 * self.grid.unit[at])) {
                            hits.push((total, active[from..=to].iter().step_by(stride).copied().collect()));
                        }
                    }
                }
            }
            self.hits(hits, &probes, cost, found);
        }
    }

    /// Any two lines.
    fn pairs(&mut self, active: &[usize], found: &mut Vec<TrialResult>) {
        let cost = 3 * evidence::cost(active.len());
        let probes = self.probes(active);
        for probe in probes.iter().copied().take(LOOKED_UP) {
            let totals = self.sorted(active, probe);
            let mut hits = Vec::new();
            for (i, (a, first)) in totals.iter().enumerate() {
                for (b, second) in &totals[i + 1..] {
                    let unit = self.grid.unit[self.grid.index(*first, probe)];
                    for total in within(&totals, a + b, unit) {
                        hits.push((total, vec![*first, *second]));
                    }
                }
            }
            self.hits(hits, &probes, cost, found);
        }
    }

    /// Any three lines of a few.
    fn triples(&mut self, active: &[usize], found: &mut Vec<TrialResult>) {
        if active.len() > VERY_FEW {
            return;
        }
        let cost = 4 * evidence::cost(active.len());
        let probes = self.probes(active);
        for probe in probes.iter().copied().take(LOOKED_UP) {
            let totals = self.sorted(active, probe);
            let mut hits = Vec::new();
            for (i, (a, first)) in totals.iter().enumerate() {
                for (j, (b, second)) in totals.iter().enumerate().skip(i + 1) {
                    for (c, third) in &totals[j + 1..] {
                        let unit = self.grid.unit[self.grid.index(*first, probe)];
                        for total in within(&totals, a + b + c, unit) {
                            hits.push((total, vec![*first, *second, *third]));
                        }
                    }
                }
            }
            self.hits(hits, &probes, cost, found);
        }
    }

    fn hits(&mut self, hits: Vec<(usize, Vec<usize>)>, probes: &[usize], cost: i64, found: &mut Vec<TrialResult>) {
        for (total, parts) in hits {
            if !parts.contains(&total) && self.spent <= BUDGET && self.is_met(total, &parts, probes) {
                self.try_out(total, parts, (cost, Reach::Far), found);
            }
        }
    }
}

/// Lines whose figure is a sum, to within a slack.
fn within(sorted: &[(i128, usize)], sum: i128, slack: i128) -> impl Iterator<Item = usize> {
    let from = sorted.partition_point(|(value, _)| *value < sum - slack);
    sorted[from..].iter().take_while(move |(value, _)| *value <= sum + slack).map(|(_, line)| *line)
}
