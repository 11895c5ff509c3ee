//! Measures the relation finder on annotated tables, on figures drawn at random and on broken ones.
//!
//! ```text
//! zcat TABLES.jl.gz | cargo run --release --example relations [-- --list KIND]
//! cargo run --release --example relations -- random | broken | large
//! ```
//!
//! A line of standard input is one table: `cells`, and either `relations` (operator, `aggregator_index`,
//! `aggregatee_indices`, zero-based rows and columns) or `cell_classes` with the class `derived`. Relations
//! are compared cell by cell: one hit is a total whose set of parts is the annotated one. Cells
//! without a figure are no parts. A difference `a - b = c` is annotated as `a = b + c`.

#![expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "numbers that are drawn are small")]

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    io::{self, BufRead},
    time::Instant,
};

use bieu::internals::{
    draft::relations::{Along, Figure, Figures, Line, Relation, RelationKind, relations},
    values::number::Decimal,
};
use serde_json::Value;

type Cell = (usize, usize);
/// Operator, total, parts; of divisions the parts in order.
type Flat = (&'static str, Cell, Vec<Cell>);

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("random") => random(),
        Some("broken") => broken(),
        Some("large") => large(),
        _ => annotated(arguments.get(1).map(String::as_str)),
    }
}

/// Found, annotated, both.
#[derive(Default, Clone, Copy)]
struct Score {
    found: usize,
    wanted: usize,
    right: usize,
}

impl Score {
    fn add(&mut self, found: usize, wanted: usize, right: usize) {
        self.found += found;
        self.wanted += wanted;
        self.right += right;
    }

    fn line(&self) -> String {
        let part = |of: usize| (self.right * 10_000).checked_div(of).unwrap_or(0);
        let (p, r) = (part(self.found), part(self.wanted));
        let f1 = (2 * p * r).checked_div(p + r).unwrap_or(0);
        let show = |x: usize| format!("{}.{:03}", x / 10_000, x % 10_000 / 10);
        format!(
            "precision {} recall {} F1 {} ({} found, {} annotated)",
            show(p),
            show(r),
            show(f1),
            self.found,
            self.wanted
        )
    }
}

fn annotated(list: Option<&str>) {
    let mut scores: BTreeMap<&str, Score> = BTreeMap::new();
    let mut by_table = Vec::new();
    let begun = Instant::now();
    let mut slowest = (0, 0);
    for line in io::stdin().lock().lines() {
        let line = line.expect("standard input is text");
        let table: Value = serde_json::from_str(&line).expect("a line is one table");
        let figures = figures(&table);
        let start = Instant::now();
        let found = relations(&figures);
        slowest = slowest.max((start.elapsed().as_millis(), table["id"].as_u64().unwrap_or(0)));
        if table.get("relations").is_some() {
            let wanted = wanted(&table, &figures);
            if list == Some(&table["id"].to_string()) {
                show(&found, &wanted, &figures);
            }
            let flat: BTreeSet<Flat> = found.iter().flat_map(|relation| flatten(relation, &figures)).collect();
            let written: BTreeSet<Flat> =
                found.iter().filter(|r| r.written()).flat_map(|relation| flatten(relation, &figures)).collect();
            for kind in ["Sum", "Division", "RelativeChange", "Average"] {
                let of = |set: &BTreeSet<Flat>| {
                    set.iter().filter(|flat| flat.0 == kind).cloned().collect::<BTreeSet<Flat>>()
                };
                let (f, w) = (of(&flat), of(&wanted));
                let right = f.intersection(&w).count();
                scores.entry(kind).or_default().add(f.len(), w.len(), right);
                let (sure, total_cells) =
                    (of(&written), |set: &BTreeSet<Flat>| set.iter().map(|flat| flat.1).collect::<BTreeSet<Cell>>());
                scores
                    .entry(match kind {
                        "Sum" => "Sum (written)",
                        "Division" => "Division (written)",
                        "Average" => "Average (written)",
                        _ => "RelativeChange (written)",
                    })
                    .or_default()
                    .add(sure.len(), w.len(), sure.intersection(&w).count());
                if kind == "Sum" {
                    let (a, b) = (total_cells(&f), total_cells(&w));
                    scores.entry("Sum (total cell)").or_default().add(a.len(), b.len(), a.intersection(&b).count());
                }
                if list == Some(kind) {
                    by_table.push((table["id"].clone(), f.len() - right, w.len() - right, f, w));
                }
            }
        }
        if let Some(classes) = table["cell_classes"].as_array().filter(|_| table.get("line_classes").is_some()) {
            let wanted: BTreeSet<Cell> = (0..classes.len())
                .flat_map(|row| (0..classes[row].as_array().map_or(0, Vec::len)).map(move |column| (row, column)))
                .filter(|(row, column)| classes[*row][*column] == "derived" && figure_at(&figures, (*row, *column)))
                .collect();
            for relation in &found {
                let cells: Vec<Cell> =
                    relation.held.iter().map(|position| relation.cell(relation.total, *position)).collect();
                let right = cells.iter().filter(|cell| wanted.contains(cell)).count();
                let kind = match (relation.kind, relation.along, relation.written()) {
                    (RelationKind::Sum, Along::Columns, true) => "derived by sums of columns",
                    (RelationKind::Sum, Along::Rows, true) => "derived by sums of rows",
                    (RelationKind::Sum, _, false) => "derived by sums (not written)",
                    (RelationKind::Difference, ..) => "derived by differences",
                    (RelationKind::Average, ..) => "derived by averages",
                    (RelationKind::Ratio, ..) => "derived by ratios",
                    (RelationKind::Growth, ..) => "derived by growth",
                    (RelationKind::Product, ..) => "derived by products",
                    (RelationKind::Share, ..) => "derived by shares",
                    (RelationKind::Equal, ..) => "derived by equals",
                };
                scores.entry(kind).or_default().add(cells.len(), 0, right);
            }
            if list == Some("cells") {
                for relation in &found {
                    let held: Vec<Cell> =
                        relation.held.iter().map(|position| relation.cell(relation.total, *position)).collect();
                    println!(
                        "{}\t{:?}\t{:?}\t{}\t{}\t{:?}\t{:?}",
                        table["id"],
                        relation.kind,
                        relation.along,
                        relation.written(),
                        relation.total,
                        relation.parts,
                        held
                    );
                }
            }
            let found = derived(&table, &figures, &found);
            let right = found.intersection(&wanted).count();
            scores.entry("derived cells").or_default().add(found.len(), wanted.len(), right);
            if list == Some("derived") {
                let flat = |set: &BTreeSet<Cell>| {
                    set.iter().map(|cell| ("derived", *cell, Vec::new())).collect::<BTreeSet<Flat>>()
                };
                by_table.push((
                    table["id"].clone(),
                    found.len() - right,
                    wanted.len() - right,
                    flat(&found),
                    flat(&wanted),
                ));
            }
        }
    }
    by_table.sort_by_key(|table| std::cmp::Reverse(table.1 + table.2));
    for (id, wrong, missed, found, wanted) in by_table.iter().take(30) {
        println!("table {id}: {wrong} wrong, {missed} missed");
        let show = |(kind, total, parts): &Flat| format!("{kind} {total:?} = {parts:?}");
        for flat in found.difference(wanted).take(4) {
            println!("    wrong  {}", show(flat));
        }
        for flat in wanted.difference(found).take(4) {
            println!("    missed {}", show(flat));
        }
    }
    for (kind, score) in scores.iter().filter(|(_, score)| score.found + score.wanted > 0) {
        println!("{kind}: {}", score.line());
    }
    println!("{} ms; the slowest table took {} ms (id {})", begun.elapsed().as_millis(), slowest.0, slowest.1);
}

/// Cells that hold totals or means of others: those of the relations; and where such were found along rows or
/// along columns, what else stands in a line there that is called a total.
fn derived(table: &Value, figures: &Figures, found: &[Relation]) -> BTreeSet<Cell> {
    let (rows, width) = (figures.rows.len(), figures.columns.len());
    let mut cells = BTreeSet::new();
    for relation in found.iter().filter(|relation| matches!(relation.kind, RelationKind::Sum | RelationKind::Average)) {
        cells.extend(relation.held.iter().map(|position| relation.cell(relation.total, *position)));
        if relation.written() {
            let along = if relation.along == Along::Columns { rows } else { width };
            cells.extend((0..along).map(|position| relation.cell(relation.total, position)));
        }
    }
    let sums =
        |along: Along| found.iter().any(|relation| relation.kind == RelationKind::Sum && relation.along == along);
    let text = |row: usize, column: usize| plain_label(table["cells"][row][column].as_str().unwrap_or(""));
    let is_total = |text: &str| {
        let is_share = text.contains("of total") || text.contains("percent");
        !is_share && (text.split(' ').next() == Some("total") || text.ends_with(" total"))
    };
    if sums(Along::Rows) {
        for row in 0..rows {
            let label = (0..width).map(|column| text(row, column)).find(|text| !text.is_empty());
            if label.is_some_and(|label| is_total(&label)) {
                cells.extend((1..width).map(|column| (row, column)));
            }
        }
    }
    if sums(Along::Columns) {
        for column in 1..width {
            let first = (0..rows).find(|row| figure_at(figures, (*row, column))).unwrap_or(0);
            let head = (0..first).rev().map(|row| text(row, column)).find(|text| !text.is_empty());
            if head.is_some_and(|head| head == "total") {
                cells.extend((first..rows).map(|row| (row, column)));
            }
        }
    }
    cells.retain(|cell| figure_at(figures, *cell));
    cells
}

/// A label in small letters, without the mark of a note behind it.
fn plain_label(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let bare = text.trim_end_matches(|c: char| c.is_ascii_digit() || c == ')' || c == '*');
    bare.trim_end_matches(['\\', ' ', ':', '.', '/']).replace(',', "")
}

/// The relations of one table and how much of each is annotated.
fn show(found: &[Relation], wanted: &BTreeSet<Flat>, figures: &Figures) {
    let mut all = BTreeSet::new();
    for relation in found {
        let flat: BTreeSet<Flat> = flatten(relation, figures).into_iter().collect();
        let right = flat.intersection(wanted).count();
        all.extend(flat.iter().cloned());
        println!(
            "{:?} along {:?}: {} = {:?} support {:?} {:?}: {right} of {} cells annotated",
            relation.kind,
            relation.along,
            relation.total,
            relation.parts,
            relation.support,
            relation.doubts,
            flat.len()
        );
    }
    let mut missed: BTreeMap<String, usize> = BTreeMap::new();
    for (kind, total, parts) in wanted.difference(&all) {
        let in_row = parts.iter().all(|part| part.0 == total.0);
        let line = |cell: &Cell| if in_row { cell.1 } else { cell.0 };
        let parts: Vec<usize> = parts.iter().map(line).collect();
        *missed
            .entry(format!("{kind} of {}: {} = {parts:?}", if in_row { "columns" } else { "rows" }, line(total)))
            .or_default() += 1;
    }
    for (what, times) in missed {
        println!("missed {times} x {what}");
    }
}

fn figure_at(figures: &Figures, (row, column): Cell) -> bool {
    figures.cells.get(row * figures.columns.len() + column).is_some_and(Option::is_some)
}

fn figures(table: &Value) -> Figures {
    let rows = table["cells"].as_array().expect("cells");
    let width = rows.iter().filter_map(|row| row.as_array()).map(Vec::len).max().unwrap_or(0);
    let format = table["number_format"].as_str().unwrap_or("Comma Point");
    let mut figures = Figures {
        rows: vec![Line::default(); rows.len()],
        columns: vec![Line::default(); width],
        cells: Vec::with_capacity(rows.len() * width),
    };
    for (at, row) in rows.iter().enumerate() {
        for column in 0..width {
            let text = row[column].as_str().unwrap_or("");
            let figure = figure(text, format);
            if figure.is_none() && !text.is_empty() {
                let (row, column) = (&mut figures.rows[at].label, &mut figures.columns[column].label);
                for label in [row, column] {
                    if label.len() < 200 {
                        label.push(' ');
                        label.push_str(text);
                    }
                }
            }
            figures.cells.push(figure);
        }
    }
    figures
}

/// A figure as its corpus writes it.
fn figure(text: &str, format: &str) -> Option<Figure> {
    let mut plain = text.trim().replace(['\u{a0}', '$', '%'], " ").trim().to_owned();
    let (thousands, point) = format.split_once(' ')?;
    match thousands {
        "Comma" => plain = plain.replace(',', ""),
        "Space" => plain = plain.replace(' ', ""),
        "Point" => plain = plain.replace('.', ""),
        _ => {}
    }
    if point == "Comma" {
        plain = plain.replace(',', ".");
    }
    let value: Decimal = plain.parse().ok()?;
    let value = value.normalize();
    Some(Figure { value, decimals: value.scale(), computed: false })
}

fn wanted(table: &Value, figures: &Figures) -> BTreeSet<Flat> {
    let cell = |at: &Value| (index(&at[0]), index(&at[1]));
    let one = |relation: &Value| {
        let kind = match relation["operator"].as_str()? {
            "Sum" | "Subtract" => "Sum",
            "Division" => "Division",
            "RelativeChange" => "RelativeChange",
            "Average" => "Average",
            _ => return None,
        };
        let total = cell(&relation["aggregator_index"]);
        let mut parts: Vec<Cell> = relation["aggregatee_indices"].as_array()?.iter().map(cell).collect();
        if matches!(kind, "Sum" | "Average") {
            parts.retain(|part| figure_at(figures, *part));
            parts.sort_unstable();
        }
        (!parts.is_empty() && figure_at(figures, total)).then_some((kind, total, parts))
    };
    table["relations"].as_array().expect("relations").iter().filter_map(one).collect()
}

fn index(value: &Value) -> usize {
    value.as_u64().and_then(|value| usize::try_from(value).ok()).expect("an index")
}

/// A relation cell by cell, as the corpus annotates it.
fn flatten(relation: &Relation, figures: &Figures) -> Vec<Flat> {
    let at = |line: usize, position: usize| relation.cell(line, position);
    let one = |position: &usize| {
        let position = *position;
        let total = at(relation.total, position);
        let parts: Vec<Cell> = relation.parts.iter().map(|part| at(*part, position)).collect();
        let known = |parts: Vec<Cell>| {
            let mut parts: Vec<Cell> = parts.into_iter().filter(|part| figure_at(figures, *part)).collect();
            parts.sort_unstable();
            parts
        };
        Some(match relation.kind {
            RelationKind::Sum => ("Sum", total, known(parts)),
            RelationKind::Difference => ("Sum", parts[0], known(vec![parts[1], total])),
            RelationKind::Average => ("Average", total, known(parts)),
            RelationKind::Ratio => ("Division", total, parts),
            // Annotated as the change from the first to the second.
            RelationKind::Growth => ("RelativeChange", total, vec![parts[1], parts[0]]),
            RelationKind::Product | RelationKind::Equal | RelationKind::Share => return None,
        })
    };
    relation.held.iter().filter_map(one).collect()
}

/// Numbers that look drawn and are the same on every run.
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % below
    }
}

fn typed(mantissa: i64, decimals: u32) -> Figure {
    Figure { value: Decimal::new(mantissa, decimals), decimals, computed: false }
}

fn lines(count: usize) -> Vec<Line> {
    vec![Line::default(); count]
}

/// Sheets of random numbers: a rule in any of them is chance.
fn random() {
    let mut dice = Dice(88_172_645_463_325_252);
    let (mut written, mut any) = (0, 0);
    for _ in 0..1000 {
        let (rows, columns) = (3 + dice.next(38) as usize, 2 + dice.next(11) as usize);
        let digits: Vec<u32> = (0..columns).map(|_| 1 + dice.next(6) as u32).collect();
        let decimals: Vec<u32> = (0..columns).map(|_| dice.next(3) as u32).collect();
        let cells = (0..rows * columns)
            .map(|at| {
                let column = at % columns;
                (dice.next(12) > 0).then(|| typed(dice.next(10_u64.pow(digits[column])) as i64, decimals[column]))
            })
            .collect();
        let found = relations(&Figures { rows: lines(rows), columns: lines(columns), cells });
        any += usize::from(!found.is_empty());
        written += usize::from(found.iter().any(Relation::written));
    }
    println!("1000 random sheets: {written} with a rule that would be written, {any} with any relation");
}

/// Sheets of members with totals, one figure of each broken.
fn broken() {
    let mut dice = Dice(1_234_567_891_011);
    let (mut kept, mut named, mut false_names) = (0, 0, 0);
    let sheets = 200;
    for _ in 0..sheets {
        let (groups, each, columns) = (2 + dice.next(3) as usize, 3 + dice.next(5) as usize, 2 + dice.next(3) as usize);
        // Columns: the total, then its parts. Rows: the grand total, then groups with their members.
        let mut grid: Vec<Vec<i64>> = vec![vec![0; columns + 1]];
        for _ in 0..groups {
            let head = grid.len();
            grid.push(vec![0; columns + 1]);
            for _ in 0..each {
                let mut row: Vec<i64> = vec![0];
                row.extend((0..columns).map(|_| 10 + dice.next(9000) as i64));
                row[0] = row[1..].iter().sum();
                for (at, value) in row.iter().enumerate() {
                    grid[head][at] += value;
                    grid[0][at] += value;
                }
                grid.push(row);
            }
        }
        let rows = grid.len();
        let (row, column) = (dice.next(rows as u64) as usize, dice.next(columns as u64 + 1) as usize);
        let old = grid[row][column];
        grid[row][column] = match dice.next(4) {
            0 => old + 1 + dice.next(9) as i64,
            1 => old * 10,
            2 => old + 900,
            _ => old / 10,
        };
        let cells = grid.iter().flatten().map(|value| Some(typed(*value, 0))).collect();
        let found = relations(&Figures { rows: lines(rows), columns: lines(columns + 1), cells });
        let rule = |along: Along, total: usize, parts: usize| {
            found
                .iter()
                .any(|r| r.along == along && r.total == total && r.parts.len() == parts && r.kind == RelationKind::Sum)
        };
        kept += usize::from(rule(Along::Columns, 0, columns) && rule(Along::Rows, 0, groups));
        let suspects: BTreeSet<Cell> = found
            .iter()
            .flat_map(|r| &r.exceptions)
            .filter_map(|e| e.suspect.as_ref())
            .map(|(cell, _)| *cell)
            .collect();
        named += usize::from(suspects.contains(&(row, column)));
        false_names += usize::from(suspects.iter().any(|cell| *cell != (row, column)));
    }
    println!(
        "{sheets} sheets with one figure broken: rules kept in {kept}, cell named in {named}, another named in {false_names}"
    );
}

/// Ten thousand rows of thirty columns.
fn large() {
    let mut dice = Dice(42);
    let (rows, columns) = (10_000, 30);
    let mut grid = vec![vec![0_i64; columns]];
    for _ in 1..rows {
        let mut row: Vec<i64> = (0..columns).map(|_| dice.next(100_000) as i64).collect();
        row[0] = row[1..].iter().sum();
        for (total, value) in grid[0].iter_mut().zip(&row) {
            *total += value;
        }
        grid.push(row);
    }
    let cells = grid.iter().flatten().map(|value| Some(typed(*value, 0))).collect();
    let figures = Figures { rows: lines(rows), columns: lines(columns), cells };
    let begun = Instant::now();
    let found = relations(&figures);
    println!("{rows} x {columns}: {} relations in {} ms", found.len(), begun.elapsed().as_millis());
}
