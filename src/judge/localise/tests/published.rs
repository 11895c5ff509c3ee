//! Examples with known answers.

use super::*;

/// The rules of the example in section 4 of Scholtus 2009: x1 + x2 = x3; x2 = x4;
/// x5 + x6 + x7 = x8; x3 + x8 = x9; x9 - x10 = x11.
fn record(values: [i64; 11], decimals: u32) -> Block {
    let variable = |value| {
        let value = Decimal::new(value, decimals);
        if decimals == 0 { Variable::exact(value) } else { Variable::printed(value) }
    };
    Block {
        variables: values.into_iter().map(variable).collect(),
        constraints: vec![
            sum(&[(0, 1), (1, 1), (2, -1)], Relation::Equals),
            sum(&[(1, 1), (3, -1)], Relation::Equals),
            sum(&[(4, 1), (5, 1), (6, 1), (7, -1)], Relation::Equals),
            sum(&[(2, 1), (7, 1), (8, -1)], Relation::Equals),
            sum(&[(8, 1), (9, -1), (10, -1)], Relation::Equals),
        ],
    }
}

#[test]
fn typing_errors_of_scholtus() {
    let rest = [323, 76, 12, 411];
    let of = |x4: i64, [x5, x6, x7, x8]: [i64; 4], x9: i64| [1452, 116, 1568, x4, x5, x6, x7, x8, x9, 1842, 137];
    for decimals in [0, 2] {
        let to = |value| Decimal::new(value, decimals);
        for (name, values, want, complete) in [
            ("right", of(116, rest, 1979), vec![], false),
            ("x4", of(161, rest, 1979), vec![(3, to(116))], true),
            ("x4 and x9", of(161, rest, 19979), vec![(3, to(116)), (8, to(1979))], true),
            ("and three figures absent", of(161, [0, 0, 0, 411], 19979), vec![(3, to(116)), (8, to(1979))], false),
            // x9 = 1979 and x10 = 19842 explain the last rule equally well.
            ("a total absent", of(161, [323, 76, 12, 0], 19979), vec![(3, to(116))], false),
        ] {
            let found = run(&record(values, decimals));
            assert_eq!(certain(&found), want, "{name} at {decimals} decimals: {found:#?}");
            assert_eq!(found.proposals.first().is_some_and(|p| p.complete), complete, "{name} at {decimals} decimals");
            assert!(!found.exhausted, "{name}");
        }
    }
}

#[test]
fn the_first_proposal_of_scholtus_mends_all() {
    let found = run(&record([1452, 116, 1568, 161, 323, 76, 12, 411, 19979, 1842, 137], 0));
    assert_eq!(sets(&found), [vec![3, 8]]);
    let first = found.proposals.first().expect("a proposal");
    assert_eq!((first.resolves, first.slips, first.complete), (3, 2, true));
    let kinds: Vec<ChangeKind> = first.changes.iter().map(|change| change.kind).collect();
    assert_eq!(kinds, [ChangeKind::Typo(Edit::Swapped), ChangeKind::Typo(Edit::Added)]);
}

/// z = x - y, the records of the R package `deducorrect`.
#[test]
fn signs_and_exchanges_of_deducorrect() {
    let difference = |values: [&str; 3], free: &[usize]| {
        let mut variables: Vec<Variable> = values.iter().map(|value| Variable::exact(decimal(value))).collect();
        for (at, variable) in variables.iter_mut().enumerate() {
            variable.protected = !free.contains(&at);
        }
        Block { variables, constraints: vec![sum(&[(0, 1), (1, -1), (2, -1)], Relation::Equals)] }
    };
    let has = |found: &Localisation, kind: ChangeKind, variable: usize| {
        found.proposals.iter().any(|p| p.complete && p.changes.iter().any(|c| c.kind == kind && c.variable == variable))
    };
    // 3 - 13 = 10: the sign of z, or x and y exchanged.
    let found = run(&difference(["3", "13", "10"], &[0, 1, 2]));
    assert!(has(&found, ChangeKind::Sign, 2) && has(&found, ChangeKind::Swap(1), 0), "{found:#?}");
    // 14 - -4 = 10: the sign of y.
    let found = run(&difference(["14", "-4", "10"], &[0, 1, 2]));
    assert_eq!(found.proposals[0].changes[0].kind, ChangeKind::Sign);
    assert_eq!((found.proposals[0].changes[0].variable, found.proposals[0].changes[0].to), (1, decimal("4")));
    // 15 - 5 = -10: the sign of z.
    let found = run(&difference(["15", "5", "-10"], &[0, 1, 2]));
    assert!(has(&found, ChangeKind::Sign, 2), "{found:#?}");
    // With z fixed: x and y exchanged. One step is enough, so two signs are not tried.
    let found = run(&difference(["15", "5", "-10"], &[0, 1]));
    assert!(has(&found, ChangeKind::Swap(1), 0), "{found:#?}");
    assert!(found.proposals.iter().all(|p| p.slips == 1), "{found:#?}");
    // 17 - 7 = 10 is right.
    assert_eq!(run(&difference(["17", "7", "10"], &[0, 1, 2])), Localisation::default());
}

#[test]
fn two_lost_signs() {
    let mut variables: Vec<Variable> = [-15, -5, 20].map(exact).to_vec();
    variables[2].protected = true;
    let found = run(&Block { variables, constraints: vec![Constraint::total(2, &[0, 1])] });
    let both = found.proposals.iter().find(|p| p.complete && p.changes.iter().all(|c| c.kind == ChangeKind::Sign));
    assert_eq!(both.map(|p| p.slips), Some(2), "{found:#?}");
}

/// Revenue less cost is the balance, in two accounts and in sum: one account has both exchanged.
#[test]
fn revenue_and_cost_exchanged() {
    let block = Block {
        variables: [3250, 2100, -1150, 1200, 900, 300, 3300, 4150, -850].map(exact).to_vec(),
        constraints: vec![
            sum(&[(0, 1), (1, -1), (2, -1)], Relation::Equals),
            sum(&[(3, 1), (4, -1), (5, -1)], Relation::Equals),
            sum(&[(6, 1), (7, -1), (8, -1)], Relation::Equals),
            sum(&[(0, 1), (3, 1), (6, -1)], Relation::Equals),
            sum(&[(1, 1), (4, 1), (7, -1)], Relation::Equals),
            sum(&[(2, 1), (5, 1), (8, -1)], Relation::Equals),
        ],
    };
    let found = run(&block);
    let first = &found.proposals[0];
    assert!(first.complete, "{found:#?}");
    assert_eq!((first.changes[0].variable, first.changes[0].kind), (0, ChangeKind::Swap(1)));
    assert_eq!(sets(&found), [vec![0, 1]]);
}

#[test]
fn fellegi_holt_localises_the_profit() {
    let (p, c, t) = (0, 1, 2);
    let mut variables: Vec<Variable> = [755, 125, 200].map(exact).to_vec();
    variables[p].non_negative = true;
    variables[c].non_negative = true;
    let block = Block {
        variables,
        constraints: vec![
            sum(&[(p, 1), (c, 1), (t, -1)], Relation::Equals),
            sum(&[(c, 5), (t, -3)], Relation::AtLeast),
        ],
    };
    let found = run(&block);
    assert_eq!(sets(&found), [vec![p]]);
    assert_eq!(found.common, [p]);
    assert_eq!(found.proposals[0].changes[0].variable, p);
    assert_eq!(found.proposals[0].changes[0].to, decimal("75"));
}

#[test]
fn a_formula_is_believed_over_a_typed_figure() {
    let mut variables: Vec<Variable> = [100, 20, 70].map(exact).to_vec();
    variables[0].trust = Trust::Formula;
    variables[1].trust = Trust::Confirmed;
    let found = run(&Block { variables, constraints: vec![Constraint::total(0, &[1, 2])] });
    assert_eq!(sets(&found), [vec![2], vec![1], vec![0]]);
    assert!(found.common.is_empty());
    assert_eq!((found.proposals[0].changes[0].variable, found.proposals[0].changes[0].to), (2, decimal("80")));
}

#[test]
fn amounts_of_ten_thousand_milliards() {
    let values = [9_876_543_210_987_i64, 1_234_567_890_123, 8_641_975_320_846, 9_876_543_210_969];
    let mut variables: Vec<Variable> = values.map(exact).to_vec();
    variables[3].trust = Trust::Formula;
    let block = Block {
        variables,
        constraints: vec![Constraint::total(3, &[1, 2]), sum(&[(0, 1), (3, -1)], Relation::Equals)],
    };
    let found = run(&block);
    assert_eq!(sets(&found), [vec![0]]);
    assert_eq!(found.proposals[0].changes[0].to, decimal("9876543210969"));
}

#[test]
fn rounding_is_no_error() {
    let parts = ["33.3", "33.3", "33.3"];
    for (total, violated) in [("100.0", false), ("99.7", false), ("99.6", true)] {
        let variables = parts.iter().chain([&total]).map(|text| printed(text)).collect();
        let found = run(&Block { variables, constraints: vec![Constraint::total(3, &[0, 1, 2])] });
        assert_eq!(!found.violated.is_empty(), violated, "{total}");
    }
}

#[test]
fn ratios_and_products() {
    // 2321.53 of 2225.40 is 104.32 %; 401.7 ha at 57.8 quintals is 2321.8 t.
    let block = |ratio: &str, of: &str, to: &str, area: &str| Block {
        variables: [ratio, of, to, area, "57.8", "2225.4"].map(printed).to_vec(),
        constraints: vec![
            Constraint::ratio(0, 1, 2, Rational::from(100)),
            Constraint::product(1, Rational::power_of_ten(-1), &[3, 4]),
            sum(&[(2, 1), (5, -1)], Relation::Equals),
        ],
    };
    assert_eq!(run(&block("104.32", "2321.53", "2225.40", "401.7")), Localisation::default());
    for (damaged, variable, kind, to) in [
        (block("140.32", "2321.53", "2225.40", "401.7"), 0, ChangeKind::Typo(Edit::Swapped), "104.32"),
        (block("104.32", "2231.53", "2225.40", "401.7"), 1, ChangeKind::Typo(Edit::Swapped), "2321.53"),
        (block("104.32", "2321530", "2225.40", "401.7"), 1, ChangeKind::PowerOfTen(-3), "2321.53"),
        (block("104.32", "2321.53", "2252.40", "401.7"), 2, ChangeKind::Typo(Edit::Swapped), "2225.4"),
    ] {
        let found = run(&damaged);
        let first = &found.proposals[0].changes[0];
        assert_eq!((first.variable, first.kind, first.to), (variable, kind, decimal(to)), "{found:#?}");
        assert_eq!(found.common, [variable]);
    }
    let found = run(&block("104.32", "2321.53", "2225.40", "410.7"));
    assert!(found.proposals.iter().any(|p| p.complete && p.changes[0].to == decimal("401.7")), "{found:#?}");
}

#[test]
fn a_tolerance_overrides_the_interval() {
    let mut rule = Constraint::total(0, &[1, 2]);
    rule.tolerance = Some(Rational::from(5));
    let block = |total| Block { variables: [total, 20, 70].map(exact).to_vec(), constraints: vec![rule.clone()] };
    assert_eq!(run(&block(95)), Localisation::default());
    assert_eq!(run(&block(96)).violated, [0]);
}

#[test]
fn parts_hold_a_violated_rule_each() {
    let whole = Block {
        variables: [5, 2, 3, 9, 4, 4, 7, 3, 5, 1].map(exact).to_vec(),
        constraints: vec![
            Constraint::total(0, &[1, 2]),
            Constraint::total(3, &[4, 5]),
            Constraint::total(6, &[7, 8]),
            sum(&[(99, 1)], Relation::Equals),
        ],
    };
    let parts = blocks(&whole);
    let places: Vec<_> = parts.iter().map(|part| (part.variables.clone(), part.constraints.clone())).collect();
    assert_eq!(places, [(vec![3, 4, 5], vec![1]), (vec![6, 7, 8], vec![2])]);
    assert_eq!(parts[0].block.constraints[0], Constraint::total(0, &[1, 2]));
}

#[test]
fn nothing_to_change_gives_nothing() {
    let mut variables: Vec<Variable> = [9, 4, 4].map(exact).to_vec();
    for variable in &mut variables {
        variable.protected = true;
    }
    let found = run(&Block { variables, constraints: vec![Constraint::total(0, &[1, 2])] });
    assert_eq!((found.violated, found.minimal_sets, found.proposals), (vec![0], vec![], vec![]));
}
