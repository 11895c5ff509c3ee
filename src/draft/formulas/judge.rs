//! Which cells fall out of the pattern of their row or column.
//!
//! A cell is only called odd where nothing explains it: a total differs from the column above it and is like
//! the totals beside it; a row of typed figures in a block of formulas is a row of data; a running balance
//! begins with a figure. What a formula computes decides, not how it is written: the same cells added up in
//! another order are the same.

use std::collections::{BTreeMap, HashMap};

use crate::{model::workbook::Position, values::number::Decimal};

use super::{
    Fault, FormulaFault,
    grid::{Grid, Held, Way},
    relative::{Axis, Reference, RelativeFormula, Token},
};

/// Fewest formulas of one pattern beside which another one is odd.
const PATTERN: usize = 3;
/// How many of a hundred formulas of a run are of its pattern.
const SHARE: usize = 60;
/// Lines to each side that tell what the line of a cell is.
const SIGHT: u32 = 60;
/// Cells of a total that are looked at, each way.
const MOST_ADDED: u32 = 500;
/// Cells of the pattern that are named as examples.
const EXAMPLES: usize = 4;

/// All odd cells of a sheet, by place.
pub(super) fn odd_cells(grid: &Grid) -> Vec<Fault> {
    let mut found: BTreeMap<Position, Fault> = BTreeMap::new();
    for way in [Way::Down, Way::Across] {
        for (line, run) in grid.runs(way) {
            for fault in of_run(grid, way, line, &run) {
                // Of two patterns the one that more cells follow is told.
                let is_better = found.get(&fault.cell).is_none_or(|known| known.followers < fault.followers);
                if is_better {
                    found.insert(fault.cell, fault);
                }
            }
        }
    }
    for fault in short_totals(grid) {
        found.entry(fault.cell).or_insert(fault);
    }
    found.into_values().collect()
}

fn of_run(grid: &Grid, way: Way, line: u32, run: &[u32]) -> Vec<Fault> {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for form in run.iter().filter_map(|place| grid.form(way.cell(line, *place))) {
        *counts.entry(form).or_default() += 1;
    }
    let is_total = |form: usize| {
        let first = run.iter().map(|place| way.cell(line, *place)).find(|cell| grid.form(*cell) == Some(form));
        first.is_some_and(|cell| grid.forms[form].summed(cell).is_some())
    };
    let mut patterns: Vec<usize> = counts.keys().copied().filter(|form| counts[form] >= 2 || is_total(*form)).collect();
    patterns.sort_unstable();
    let mut all: Vec<Fault> = Vec::new();
    for pattern in patterns {
        for fault in of_pattern(grid, (way, line), run, pattern, &counts) {
            if all.iter().all(|known| known.cell != fault.cell) {
                all.push(fault);
            }
        }
    }
    all
}

/// Cells of a run that fall out of one of its patterns.
fn of_pattern(
    grid: &Grid,
    (way, line): (Way, u32),
    run: &[u32],
    pattern: usize,
    counts: &HashMap<usize, usize>,
) -> Vec<Fault> {
    let form = |place: u32| grid.form(way.cell(line, place));
    let followers = counts[&pattern];
    let is_follower = |index: usize| form(run[index]) == Some(pattern);
    let of_pattern = || (0..run.len()).filter(|index| is_follower(*index));
    let (Some(first), Some(last)) = (of_pattern().next(), of_pattern().next_back()) else { return Vec::new() };
    // A run may hold two tables: the pattern has to fill the stretch that it reaches over.
    let formulas = (first..=last).filter(|index| form(run[*index]).is_some()).count();
    if followers * 100 < formulas * SHARE {
        return Vec::new();
    }
    // Totals of one table are few, and say more than other formulas.
    let is_sum = grid.forms[pattern].summed(way.cell(line, run[first])).is_some();
    if followers < PATTERN && !is_sum {
        return Vec::new();
    }
    let examples = |place: u32| {
        let mut near: Vec<u32> = of_pattern().map(|index| run[index]).collect();
        near.sort_by_key(|other| (other.abs_diff(place), *other));
        near.truncate(EXAMPLES);
        near.sort_unstable();
        near.into_iter().map(|place| way.cell(line, place)).collect::<Vec<_>>()
    };
    let typed = (first..=last).filter(|index| form(run[*index]).is_none()).count();
    let mut faults = Vec::new();
    for index in first.saturating_sub(1)..=(last + 1).min(run.len() - 1) {
        let place = run[index];
        let cell = way.cell(line, place);
        let Some(held) = grid.get(cell) else { continue };
        let neighbours = [index.checked_sub(1), Some(index + 1).filter(|next| *next < run.len())];
        let alike: Vec<usize> = neighbours.into_iter().flatten().filter(|index| is_follower(*index)).collect();
        let is_plain = if is_sum {
            is_total_gone_wrong(grid, pattern, cell, held)
        } else {
            matches!(held, Held::Formula(own) if own != pattern
                && take_the_same(&grid.forms[own], &grid.forms[pattern], cell))
        };
        // Beside one cell of the pattern only, where it begins or ends, the line across has to look like its
        // own, unless the cell itself says enough.
        let fits = match alike[..] {
            [_, _] => followers >= PATTERN || is_plain || grid.are_alike(way, line, place, run[alike[0]]),
            [only] => {
                let other = neighbours.into_iter().flatten().find(|index| *index != only);
                let is_end = other.is_none_or(|other| {
                    !matches!(grid.get(way.cell(line, run[other])), Some(Held::Formula(_))) || is_sum
                });
                let is_typed_end =
                    !is_sum && matches!(held, Held::Number(_)) && other.is_none() && grid.computes(way, line, place);
                is_end && (is_plain || is_typed_end || grid.are_alike(way, line, place, run[only]))
            }
            _ => false,
        };
        if !fits || (followers < 2 && !is_plain) {
            continue;
        }
        let fault = match held {
            Held::Number(value) => {
                let is_lone = typed * 4 <= followers.max(4);
                let after = run.get(index + 1).copied();
                (is_lone
                    && !starts_a_balance(grid, pattern, way, line, (place, after))
                    && !is_of_typed_line(grid, way, cell))
                .then_some(FormulaFault::Typed { value })
            }
            Held::Formula(own) if own != pattern => {
                let times = counts[&own];
                let is_rare = times == 1 || (times == 2 && followers >= 8);
                let differs = is_rare
                    && !is_explained(grid, way, cell, own)
                    && !is_total_of_run(grid, own, cell, way, line, run)
                    && !are_equivalent(&grid.forms[own], &grid.forms[pattern], cell);
                differs.then(|| difference(grid, own, pattern, cell))
            }
            _ => None,
        };
        let Some(fault) = fault else { continue };
        let Some(expected) = grid.forms[pattern].text(cell) else { continue };
        // A pattern that leaves the table here, or that would add a cell to itself, does not go on.
        if reaches_figures(grid, pattern, cell) {
            faults.push(Fault { cell, fault, expected: Some(expected), followers, examples: examples(place) });
        }
    }
    // Many odd ones are a second pattern.
    if faults.len() > 1 && faults.len() * 4 > followers { Vec::new() } else { faults }
}

/// Whether two forms take the same cells, so that only what they make of them differs.
fn take_the_same(a: &RelativeFormula, b: &RelativeFormula, cell: Position) -> bool {
    let cells = |form: &RelativeFormula| -> Vec<Token> {
        let taken = form.0.iter().filter(|token| !matches!(token, Token::Text(_)));
        taken.cloned().map(|token| unfixed(token, cell)).collect()
    };
    !cells(a).is_empty() && cells(a) == cells(b)
}

/// Whether a cell is plainly the total that its neighbour is, and went wrong: with something added by hand,
/// reaching into the header, or typed as what the sum comes to, about.
fn is_total_gone_wrong(grid: &Grid, pattern: usize, cell: Position, held: Held) -> bool {
    let Some(wanted) = grid.forms[pattern].summed(cell) else { return false };
    let cells = |area: &Reference| {
        let (first, last) = (area.first, area.last);
        (first.row..=last.row.min(first.row + MOST_ADDED))
            .flat_map(move |row| {
                (first.column..=last.column.min(first.column + MOST_ADDED))
                    .map(move |column| Position::new(row, column))
            })
            .collect::<Vec<_>>()
    };
    match held {
        Held::Other => false,
        Held::Number(value) => {
            let figures: Option<Vec<Decimal>> = cells(&wanted)
                .into_iter()
                .filter_map(|at| match grid.get(at) {
                    Some(Held::Number(number)) => Some(Some(number)),
                    Some(Held::Formula(_)) => Some(None),
                    Some(Held::Other) | None => None,
                })
                .collect();
            let figures = figures.unwrap_or_default();
            let sum = figures.iter().try_fold(Decimal::ZERO, |sum, figure| sum.checked_add(*figure));
            let miss = sum.and_then(|sum| (sum - value).abs().checked_mul(Decimal::ONE_HUNDRED));
            figures.len() > 2 && sum.zip(miss).is_some_and(|(sum, miss)| !sum.is_zero() && miss <= sum.abs())
        }
        Held::Formula(own) if own == pattern => false,
        Held::Formula(own) => {
            let own = &grid.forms[own];
            let only_adds = own.0.iter().all(|token| match token {
                Token::Text(text) => {
                    matches!(text.as_str(), "SUM" | "(" | ")" | ":" | "+" | "-" | "$")
                        || text.chars().all(|c| c.is_ascii_digit() || c == '.')
                }
                Token::Cell { .. } | Token::Elsewhere { .. } => true,
            });
            let with_more = only_adds && take_the_same(own, &grid.forms[pattern], cell);
            let is_overlong = own.summed(cell).is_some_and(|area| {
                area != wanted
                    && area.contains(wanted.first)
                    && area.contains(wanted.last)
                    && cells(&area)
                        .into_iter()
                        .filter(|at| !wanted.contains(*at))
                        .all(|at| matches!(grid.get(at), Some(Held::Other)))
            });
            with_more || is_overlong
        }
    }
}

/// Whether all cells that a pattern refers to from a cell hold figures or nothing, none of them itself.
fn reaches_figures(grid: &Grid, pattern: usize, cell: Position) -> bool {
    let references = grid.forms[pattern].references(cell);
    let mut is_filled = references.is_empty();
    for reference in &references {
        if reference.contains(cell) {
            return false;
        }
        if reference.first == reference.last {
            match grid.get(reference.first) {
                Some(Held::Other) => return false,
                Some(_) => is_filled = true,
                None => {}
            }
        } else {
            is_filled = true;
        }
    }
    is_filled
}

/// A running balance goes on from the figure before it; that one is typed.
fn starts_a_balance(grid: &Grid, pattern: usize, way: Way, line: u32, (place, after): (u32, Option<u32>)) -> bool {
    let Some(after) = after else { return false };
    let cell = way.cell(line, place);
    grid.forms[pattern]
        .references(way.cell(line, after))
        .iter()
        .any(|reference| reference.first == cell && reference.last == cell)
        && grid.form(way.cell(line, place.wrapping_sub(1))) != Some(pattern)
}

/// Whether the line across holds typed figures where its neighbours compute as well: a line of data. Beside
/// the cell one such place will do; further off no place of the line may compute.
fn is_of_typed_line(grid: &Grid, way: Way, cell: Position) -> bool {
    let (line, place) = way.place(cell);
    let is_between_formulas = |beside: u32| {
        let around = [place.checked_sub(1), Some(place + 1)].into_iter().flatten();
        around.filter_map(|place| grid.form(way.cell(beside, place))).count() == 2
    };
    let is_typed = |beside: u32| matches!(grid.get(way.cell(beside, place)), Some(Held::Number(_)));
    let near = |distance: u32| [line.checked_sub(distance), line.checked_add(distance)].into_iter().flatten();
    if near(1).any(|beside| is_typed(beside) && is_between_formulas(beside)) {
        return true;
    }
    let all = || (1..=SIGHT).flat_map(near).filter(|beside| is_between_formulas(*beside));
    all().any(is_typed) && all().all(|beside| grid.form(way.cell(beside, place)).is_none())
}

/// Whether the line across is full of the same form: totals beside a total.
fn is_explained(grid: &Grid, way: Way, cell: Position, own: usize) -> bool {
    let (line, place) = way.place(cell);
    let near = |distance: u32| [line.checked_sub(distance), line.checked_add(distance)].into_iter().flatten();
    (1..=12).flat_map(near).any(|beside| grid.form(way.cell(beside, place)) == Some(own))
}

/// A total at an end of the run, or of a group within it, adds up cells of the run itself.
fn is_total_of_run(grid: &Grid, own: usize, cell: Position, way: Way, line: u32, run: &[u32]) -> bool {
    let reaches = |reference: &Reference| {
        let (first, last) = (way.place(reference.first), way.place(reference.last));
        first.0 == line && last.0 == line && run.iter().any(|place| (first.1..=last.1).contains(place))
    };
    let adds_up = grid.forms[own].summed(cell).is_some_and(|area| reaches(&area));
    let references = grid.forms[own].references(cell);
    let is_of_cells = references.len() >= 2 && references.iter().all(reaches);
    adds_up || is_of_cells
}

/// Whether two forms compute the same of the same cells: added up in another order, or with brackets that
/// change nothing.
fn are_equivalent(a: &RelativeFormula, b: &RelativeFormula, cell: Position) -> bool {
    let plain = |form: &RelativeFormula| {
        let is_sum = form.0.iter().all(|token| match token {
            Token::Text(text) => matches!(text.as_str(), "+" | "SUM" | "(" | ")" | ":" | ","),
            Token::Cell { .. } => true,
            Token::Elsewhere { .. } => false,
        });
        is_sum.then(|| {
            let mut cells: Vec<(u32, u32)> = form
                .references(cell)
                .iter()
                .flat_map(|area| {
                    (area.first.row..=area.last.row.min(area.first.row + 500)).flat_map(move |row| {
                        (area.first.column..=area.last.column.min(area.first.column + 500))
                            .map(move |column| (row, column))
                    })
                })
                .collect();
            cells.sort_unstable();
            cells
        })
    };
    let bare = |form: &RelativeFormula| {
        form.0
            .iter()
            .filter(
                |token| !matches!(token, Token::Text(text) if text == "(" || text == ")" || text == "$" || text == "+"),
            )
            .cloned()
            .map(|token| unfixed(token, cell))
            .collect::<Vec<_>>()
    };
    plain(a).is_some_and(|cells| Some(cells) == plain(b)) || bare(a) == bare(b)
}

/// A reference without its `$`.
fn unfixed(token: Token, cell: Position) -> Token {
    let free = |axis: Axis, at: u32| match axis {
        Axis::Fixed(line) => Axis::Off(line - i64::from(at)),
        off @ Axis::Off(_) => off,
    };
    match token {
        Token::Cell { row, column } => Token::Cell { row: free(row, cell.row), column: free(column, cell.column) },
        other => other,
    }
}

/// How a formula differs from the pattern: a shorter range is told as such.
fn difference(grid: &Grid, own: usize, pattern: usize, cell: Position) -> FormulaFault {
    let (own, pattern) = (&grid.forms[own], &grid.forms[pattern]);
    let written = own.text(cell).unwrap_or_default();
    let (areas, wanted) = (own.references(cell), pattern.references(cell));
    let misses = |area: &Reference, full: &Reference| {
        area != full
            && full.contains(area.first)
            && full.contains(area.last)
            && area.first.column == full.first.column
            && area.last.column == full.last.column
            || area != full
                && full.contains(area.first)
                && full.contains(area.last)
                && area.first.row == full.first.row
                && area.last.row == full.last.row
    };
    if areas.len() == wanted.len() {
        let odd: Vec<usize> = (0..areas.len()).filter(|at| areas[*at] != wanted[*at]).collect();
        if let [at] = odd[..]
            && misses(&areas[at], &wanted[at])
        {
            let (area, full) = (areas[at], wanted[at]);
            let missed = (full.first.row..=full.last.row)
                .flat_map(|row| (full.first.column..=full.last.column).map(move |column| Position::new(row, column)))
                .filter(|at| !area.contains(*at))
                .take(EXAMPLES * 4)
                .collect();
            return FormulaFault::Short { written, missed };
        }
    }
    FormulaFault::Differs { written }
}

/// Totals that leave out figures between themselves and what they add up, where nothing beside them tells
/// the pattern.
fn short_totals(grid: &Grid) -> Vec<Fault> {
    let mut faults = Vec::new();
    for way in [Way::Down, Way::Across] {
        for (line, run) in grid.runs(way) {
            for (index, place) in run.iter().enumerate() {
                let cell = way.cell(line, *place);
                let Some(form) = grid.form(cell) else { continue };
                let Some(area) = grid.forms[form].summed(cell) else { continue };
                let (first, last) = (way.place(area.first), way.place(area.last));
                // Only a sum of its own line that ends one or two cells before it, all of them figures.
                if first.0 != line
                    || last.0 != line
                    || first.1 == last.1
                    || last.1 >= *place
                    || *place - last.1 > 3
                    || *place - last.1 < 2
                {
                    continue;
                }
                let missed: Vec<Position> = (last.1 + 1..*place).map(|place| way.cell(line, place)).collect();
                let kind = |at: Position| match grid.get(at) {
                    Some(Held::Number(_)) => 1,
                    Some(Held::Formula(form)) if grid.forms[form].summed(at).is_none() => 2,
                    _ => 0,
                };
                let is_like = missed.iter().all(|at| kind(*at) != 0 && kind(*at) == kind(area.last));
                if index == 0
                    || !is_like
                    || is_explained(grid, way, cell, form)
                    || !grid.are_alike(way, line, last.1, last.1 + 1)
                {
                    continue;
                }
                let written = grid.forms[form].text(cell).unwrap_or_default();
                faults.push(Fault {
                    cell,
                    fault: FormulaFault::Short { written, missed },
                    expected: None,
                    followers: 0,
                    examples: Vec::new(),
                });
            }
        }
    }
    faults
}
