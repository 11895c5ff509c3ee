//! Random tables with one damaged cell: who is named, and how often it is the right one.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// A generator that gives the same numbers for ever (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).expect("below sides")
    }
}

/// Figures and totals as whole numbers of 10^-decimals.
struct Table {
    values: Vec<i64>,
    totals: Vec<(usize, Vec<usize>)>,
    decimals: u32,
}

fn leaf(dice: &mut Dice) -> i64 {
    let size = [999, 9_999, 99_999, 9_999_999][dice.roll(4)];
    i64::try_from(dice.roll(size)).expect("small") + 11
}

/// Totals of totals, two or three levels.
fn tree(dice: &mut Dice) -> Table {
    let mut table = Table { values: vec![0], totals: Vec::new(), decimals: [0, 1, 2][dice.roll(3)] };
    let levels = 2 + dice.roll(2);
    grow(&mut table, 0, levels, dice);
    table
}

fn grow(table: &mut Table, at: usize, levels: usize, dice: &mut Dice) -> i64 {
    let value = if levels == 0 || (at > 0 && dice.roll(4) == 0) {
        leaf(dice)
    } else {
        let parts: Vec<usize> = (0..2 + dice.roll(3))
            .map(|_| {
                table.values.push(0);
                table.values.len() - 1
            })
            .collect();
        let value = parts.iter().map(|part| grow(table, *part, levels - 1, dice)).sum();
        table.totals.push((at, parts));
        value
    };
    table.values[at] = value;
    value
}

/// Totals of rows and of columns, in the last row and column.
fn two_way(dice: &mut Dice) -> Table {
    let (rows, columns) = (2 + dice.roll(4), 2 + dice.roll(4));
    let at = |row: usize, column: usize| row * (columns + 1) + column;
    let mut table =
        Table { values: vec![0; (rows + 1) * (columns + 1)], totals: Vec::new(), decimals: [0, 1, 2][dice.roll(3)] };
    for row in 0..=rows {
        table.totals.push((at(row, columns), (0..columns).map(|column| at(row, column)).collect()));
    }
    for column in 0..=columns {
        table.totals.push((at(rows, column), (0..rows).map(|row| at(row, column)).collect()));
    }
    for row in 0..rows {
        for column in 0..columns {
            let value = leaf(dice);
            for (r, c) in [(row, column), (rows, column), (row, columns), (rows, columns)] {
                table.values[at(r, c)] += value;
            }
        }
    }
    table
}

fn block(table: &Table) -> Block {
    let variable = |value: &i64| {
        let value = Decimal::new(*value, table.decimals);
        if table.decimals == 0 { Variable::exact(value) } else { Variable::printed(value) }
    };
    Block {
        variables: table.values.iter().map(variable).collect(),
        constraints: table.totals.iter().map(|(total, parts)| Constraint::total(*total, parts)).collect(),
    }
}

const DAMAGES: [&str; 9] =
    ["transposed", "changed", "added", "dropped", "times 10", "times 100", "times 1000", "sign", "exchanged"];

/// Damages a cell; `None` when the damage leaves the value as it was. The second cell is that of
/// an exchange.
fn damage(values: &mut [i64], cell: usize, kind: &str, dice: &mut Dice) -> Option<usize> {
    let before = values[cell];
    let mut digits = before.to_string().into_bytes();
    let at = dice.roll(digits.len());
    let digit = b'0' + u8::try_from(dice.roll(10)).expect("a digit");
    let mut other = cell;
    match kind {
        "transposed" if at > 0 => digits.swap(at - 1, at),
        "changed" => digits[at] = digit,
        "added" => digits.insert(at, digit),
        "dropped" if digits.len() > 1 => drop(digits.remove(at)),
        "times 10" => digits.extend(*b"0"),
        "times 100" => digits.extend(*b"00"),
        "times 1000" => digits.extend(*b"000"),
        "sign" => digits.insert(0, b'-'),
        "exchanged" => other = dice.roll(values.len()),
        _ => return None,
    }
    // What starts with a zero would have been seen.
    if digits.first() == Some(&b'0') {
        return None;
    }
    values[cell] = String::from_utf8(digits).expect("digits").parse().expect("a number");
    if kind == "exchanged" {
        values.swap(cell, other);
    }
    (values[cell] != before).then_some(other)
}

#[derive(Default)]
struct CheckResults {
    damaged: usize,
    detected: usize,
    seen_twice: usize,
    first: usize,
    value: usize,
}

/// A damaged block, what was done to it and the values before.
struct Case {
    block: Block,
    cell: usize,
    other: usize,
    before: Vec<Decimal>,
}

fn case(seed: u64, kind: &str) -> Option<Case> {
    let mut dice = Dice(seed);
    let mut table = if dice.roll(2) == 0 { tree(&mut dice) } else { two_way(&mut dice) };
    let before = block(&table).variables.iter().map(|variable| variable.value).collect();
    let cell = dice.roll(table.values.len());
    let other = damage(&mut table.values, cell, kind, &mut dice)?;
    Some(Case { block: block(&table), cell, other, before })
}

/// Everything that must hold of any answer.
fn check(block: &Block, found: &Localisation) {
    // A shifted figure has fewer or more decimals than the block says.
    let shifted = |change: &Change| matches!(change.kind, ChangeKind::PowerOfTen(_));
    for proposal in found.proposals.iter().filter(|proposal| !proposal.changes.iter().any(shifted)) {
        let mut mended = block.clone();
        for change in &proposal.changes {
            mended.variables[change.variable].value = change.to;
        }
        let left = run(&mended).violated;
        let still: Vec<usize> = found.violated.iter().copied().filter(|rule| !proposal.rules.contains(rule)).collect();
        assert_eq!(left, still, "{proposal:#?}");
        assert_eq!(proposal.complete, left.is_empty());
    }
}

#[test]
fn the_damaged_cell_is_named_first() {
    let mut tallies: BTreeMap<&str, CheckResults> = BTreeMap::new();
    for (number, kind) in DAMAGES.into_iter().enumerate() {
        for seed in 0..60 {
            let Some(case) = case(seed * 97 + number as u64, kind) else { continue };
            let tally = tallies.entry(kind).or_default();
            tally.damaged += 1;
            let found = run(&case.block);
            if found.violated.is_empty() {
                continue;
            }
            tally.detected += 1;
            assert!(!found.exhausted, "{kind} {seed}");
            if case.other == case.cell {
                let named = sets(&found).contains(&vec![case.cell]);
                assert!(named, "{kind} {seed}: {} is not among {:?}", case.cell, sets(&found));
            }
            let rules = |cell: usize| case.block.constraints.iter().filter(|c| c.variables().contains(&cell)).count();
            if rules(case.cell).min(rules(case.other)) < 2 {
                continue;
            }
            tally.seen_twice += 1;
            let Some(change) = found.proposals.first().and_then(|p| p.changes.first()) else { continue };
            tally.first += usize::from(change.variable == case.cell || change.variable == case.other);
            tally.value += usize::from(change.to == case.before[change.variable]);
        }
    }
    let mut total = CheckResults::default();
    for (kind, tally) in &tallies {
        println!(
            "{kind}: damaged {}, detected {}, seen by two rules {}, named first {}, true value {}",
            tally.damaged, tally.detected, tally.seen_twice, tally.first, tally.value
        );
        total.seen_twice += tally.seen_twice;
        total.first += tally.first;
        total.value += tally.value;
    }
    println!("all: {} of {} named first, {} true values", total.first, total.seen_twice, total.value);
    assert!(total.seen_twice > 100);
    assert!(total.first * 100 >= total.seen_twice * 90, "{} of {}", total.first, total.seen_twice);
}

#[test]
fn a_large_block_returns() {
    let mut dice = Dice(7);
    let rows = 10;
    let columns = 18;
    let mut block = Block {
        variables: (0..(rows + 1) * (columns + 1)).map(|_| exact(leaf(&mut dice))).collect(),
        constraints: Vec::new(),
    };
    let at = |row: usize, column: usize| row * (columns + 1) + column;
    for row in 0..=rows {
        let parts: Vec<usize> = (0..columns).map(|column| at(row, column)).collect();
        block.constraints.push(Constraint::total(at(row, columns), &parts));
    }
    for column in 0..=columns {
        let parts: Vec<usize> = (0..rows).map(|row| at(row, column)).collect();
        block.constraints.push(Constraint::total(at(rows, column), &parts));
    }
    localise(&block, Budget::default());
    let found = localise(&block, Budget { steps: 3_000 });
    assert!(found.exhausted);
    assert!(found.common.is_empty() && found.certain.is_empty(), "nothing is certain when the search was cut short");
    for steps in [0, 1, 10] {
        assert!(localise(&block, Budget { steps }).exhausted);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn proposals_break_nothing(seed in any::<u64>(), kind in 0..DAMAGES.len()) {
        if let Some(case) = case(seed, DAMAGES[kind]) {
            check(&case.block, &run(&case.block));
        }
    }

    /// Any figures and rules, sensible or not: an answer comes, and nothing panics.
    #[test]
    fn never_panics(
        values in prop::collection::vec((any::<i64>(), 0u32..12, -30i32..40, any::<[bool; 3]>()), 1..8),
        rules in prop::collection::vec((prop::collection::vec((0usize..9, -3i64..4), 0..5), 0u8..5, any::<Option<i8>>()), 0..6),
    ) {
        let variables = values
            .into_iter()
            .map(|(value, scale, decimals, [exact, protected, non_negative])| Variable {
                decimals,
                exact,
                protected,
                given: false,
                coded: false,
                non_negative,
                ..Variable::printed(Decimal::new(value, scale))
            })
            .collect();
        let constraints = rules
            .into_iter()
            .map(|(terms, kind, tolerance)| {
                let at = |place: usize| terms.get(place).map_or(0, |(variable, _)| *variable);
                let by = terms.first().map_or(0, |(_, by)| *by).into();
                let mut rule = match kind {
                    0 => sum(&terms, Relation::Equals),
                    1 => sum(&terms, Relation::AtMost),
                    2 => sum(&terms, Relation::AtLeast),
                    3 => Constraint::ratio(at(0), at(1), at(2), by),
                    _ => Constraint::product(at(0), by, &[at(1), at(2)]),
                };
                rule.tolerance = tolerance.map(|t| Rational::from(i64::from(t)));
                rule
            })
            .collect();
        let block = Block { variables, constraints };
        let found = localise(&block, Budget { steps: 300 });
        prop_assert!(found.proposals.iter().all(|p| !p.changes.iter().any(|c| block.variables[c.variable].protected)));
        for part in blocks(&block) {
            localise(&part.block, Budget { steps: 50 });
        }
    }
}
