//! Relations that are there are found, those that are not are not, and a slip is named.

use super::*;
use crate::draft::dice::Dice;

/// A table of texts: `12,5` style figures with a point, `-` where nothing stands, headers first, labels first.
fn table(text: &str) -> Figures {
    let mut lines = text.trim().lines().map(|line| line.split('|').map(str::trim));
    let columns: Vec<Line> = lines
        .next()
        .into_iter()
        .flat_map(|header| header.skip(1))
        .map(|label| Line { label: label.to_owned(), ..Line::default() })
        .collect();
    let mut figures = Figures { columns, ..Figures::default() };
    for mut line in lines {
        let label = line.next().unwrap_or_default().to_owned();
        figures.rows.push(Line { label, ..Line::default() });
        for cell in line {
            let value: Option<Decimal> = cell.parse().ok();
            let figure = value.map(|value| Figure { value, decimals: value.scale(), computed: false });
            figures.cells.push(figure);
        }
    }
    figures
}

/// What is found, in words: `Sum columns 0 = [1, 2] 4/4`.
fn told(figures: &Figures) -> Vec<String> {
    relations(figures)
        .into_iter()
        .map(|relation| {
            let Relation { kind, along, total, parts, whole, power, support, .. } = &relation;
            let along = if *along == Along::Columns { "columns" } else { "rows" };
            let whole = whole.map_or(String::new(), |whole| format!(" of {whole}"));
            let power = if *power == 0 { String::new() } else { format!(" e{power}") };
            let doubts: Vec<String> = relation.doubts.iter().map(|doubt| format!(" {doubt:?}")).collect();
            let doubts = doubts.concat();
            format!("{kind:?} {along} {total} = {parts:?}{whole}{power} {}/{}{doubts}", support.0, support.1)
        })
        .collect()
}

fn holds(figures: &Figures, wanted: &[&str]) {
    let told = told(figures);
    for wanted in wanted {
        assert!(told.iter().any(|line| line == wanted), "{wanted}\n{told:#?}");
    }
}

const CROPS: &str = "
    | Kế hoạch | Thực hiện | Đạt so với kế hoạch (%) | Cùng kỳ | So với cùng kỳ (%)
    Tổng số | 2173 | 2204 | 101.4 | 2089 | 105.5
    Lúa | 1240 | 1271 | 102.5 | 1198 | 106.1
    Ngô | 431 | 420 | 97.4 | 402 | 104.5
    Khoai | 305 | 311 | 102.0 | 297 | 104.7
    Lạc | 197 | 202 | 102.5 | 192 | 105.2
    ";

#[test]
fn totals_and_ratios_of_a_plain_table() {
    holds(
        &table(CROPS),
        &["Ratio columns 2 = [1, 0] e2 5/5", "Ratio columns 4 = [1, 3] e2 5/5", "Sum rows 0 = [1, 2, 3, 4] 3/3 Trials"],
    );
}

#[test]
fn without_a_word_of_it_a_header_is_no_ratio() {
    let figures = table(
        "
        | a | b | c
        Lúa | 1240 | 1271 | 102.5
        Ngô | 431 | 320 | 74.2
        Khoai | 305 | 361 | 118.4
        Lạc | 197 | 202 | 102.5
        Chè | 615 | 401 | 65.2
        Cam | 88 | 123 | 139.8
        ",
    );
    holds(&figures, &["Ratio columns 2 = [1, 0] e2 6/6 Header"]);
}

#[test]
fn subtotals_stand_for_their_parts() {
    let figures = table(
        "
        | a | b | c | d
        Tổng số | 1524 | 2310 | 871 | 1413
        Cây hàng năm | 1173 | 1719 | 556 | 911
        Lúa | 812 | 1203 | 377 | 690
        Ngô | 361 | 516 | 179 | 221
        Cây lâu năm | 351 | 591 | 315 | 502
        Chè | 207 | 310 | 114 | 301
        Cam | 144 | 281 | 201 | 201
        ",
    );
    holds(&figures, &["Sum rows 0 = [1, 4] 4/4", "Sum rows 1 = [2, 3] 4/4", "Sum rows 4 = [5, 6] 4/4"]);
}

#[test]
fn area_by_yield_is_output() {
    let figures = table(
        "
        | Diện tích (ha) | Năng suất (tạ/ha) | Sản lượng (tấn)
        Lúa xuân | 412.5 | 58.3 | 2404.875
        Lúa mùa | 530.2 | 54.1 | 2868.382
        Ngô | 121.7 | 43.9 | 534.263
        Khoai | 88.4 | 61.2 | 541.008
        Lạc | 45.3 | 22.8 | 103.284
        ",
    );
    holds(&figures, &["Product columns 2 = [0, 1] e-1 5/5"]);
}

#[test]
fn growth_difference_and_share() {
    let figures = table(
        "
        | Năm nay | Năm trước | Tăng, giảm | Tốc độ tăng (%) | Cơ cấu (%)
        Tổng số | 5313 | 5009 | 304 | 6.1 | 100.0
        Nông nghiệp | 2151 | 2093 | 58 | 2.8 | 40.5
        Công nghiệp | 1874 | 1652 | 222 | 13.4 | 35.3
        Dịch vụ | 877 | 891 | -14 | -1.6 | 16.5
        Thuế | 411 | 373 | 38 | 10.2 | 7.7
        ",
    );
    holds(
        &figures,
        &[
            "Difference columns 2 = [0, 1] 5/5",
            "Growth columns 3 = [0, 1] e2 5/5",
            "Share columns 4 = [0] of 0 e2 4/4",
            "Sum rows 0 = [1, 2, 3, 4] 4/4",
        ],
    );
}

#[test]
fn rounded_parts_keep_their_total() {
    let figures = table(
        "
        | a | b | c | d | e
        Tổng số | 100.1 | 87.4 | 112.0 | 95.5 | 73.3
        Một | 33.4 | 29.2 | 37.3 | 31.8 | 24.5
        Hai | 33.4 | 29.1 | 37.4 | 31.9 | 24.4
        Ba | 33.4 | 29.1 | 37.4 | 31.8 | 24.5
        ",
    );
    holds(&figures, &["Sum rows 0 = [1, 2, 3] 5/5"]);
}

#[test]
fn zeros_and_constants_support_nothing() {
    let zeros = "| a | b | c | d\n".to_owned() + &"x | 0 | 0 | 0 | 0\n".repeat(8);
    assert_eq!(told(&table(&zeros)), [""; 0]);
    let constants = "| a | b | c | d\n".to_owned() + &"x | 3 | 1 | 2 | 100\n".repeat(8);
    let found: Vec<String> =
        relations(&table(&constants)).iter().filter(|r| r.written()).map(|r| format!("{r:?}")).collect();
    assert_eq!(found, [""; 0]);
}

fn figure(mantissa: i64, decimals: u32) -> Figure {
    Figure { value: Decimal::new(mantissa, decimals), decimals, computed: false }
}

fn blank(count: usize) -> Vec<Line> {
    vec![Line::default(); count]
}

#[test]
fn chance_makes_no_rules() {
    let mut dice = Dice(31_415_926_535);
    let mut ruled = 0;
    for _ in 0..200 {
        let (rows, columns) = (3 + dice.index(30), 2 + dice.index(9));
        let digits: Vec<u32> = (0..columns).map(|_| u32::try_from(1 + dice.below(5)).expect("small")).collect();
        let decimals: Vec<u32> = (0..columns).map(|_| u32::try_from(dice.below(3)).expect("small")).collect();
        let cells = (0..rows * columns)
            .map(|at| Some(figure(dice.value(10_u64.pow(digits[at % columns])), decimals[at % columns])))
            .collect();
        let found = relations(&Figures { rows: blank(rows), columns: blank(columns), cells });
        ruled += usize::from(found.iter().any(Relation::written));
    }
    assert!(ruled <= 2, "{ruled} of 200 tables of random figures got a rule");
}

/// Groups of members below a grand total, three kinds beside their sum; one figure broken.
#[test]
fn a_broken_figure_is_named_and_the_rules_stand() {
    let mut dice = Dice(27_182_818_284);
    let (mut kept, mut named) = (0, 0);
    for _ in 0..40 {
        let (groups, each, kinds) = (2 + dice.index(3), 3 + dice.index(5), 2 + dice.index(3));
        let mut grid: Vec<Vec<i64>> = vec![vec![0; kinds + 1]];
        for _ in 0..groups {
            let head = grid.len();
            grid.push(vec![0; kinds + 1]);
            for _ in 0..each {
                let mut row = vec![0];
                row.extend((0..kinds).map(|_| 10 + dice.value(9000)));
                row[0] = row[1..].iter().sum();
                for (at, value) in row.iter().enumerate() {
                    grid[head][at] += value;
                    grid[0][at] += value;
                }
                grid.push(row);
            }
        }
        let rows = grid.len();
        let broken = (dice.index(rows as u64), dice.index(kinds as u64 + 1));
        let old = grid[broken.0][broken.1];
        grid[broken.0][broken.1] = if dice.below(2) == 0 { old + 1 + dice.value(9) } else { old * 10 };
        let cells = grid.iter().flatten().map(|value| Some(figure(*value, 0))).collect();
        let found = relations(&Figures { rows: blank(rows), columns: blank(kinds + 1), cells });
        let has = |along: Along, parts: usize| {
            found
                .iter()
                .any(|r| r.kind == RelationKind::Sum && r.along == along && r.total == 0 && r.parts.len() == parts)
        };
        kept += usize::from(has(Along::Columns, kinds) && has(Along::Rows, groups));
        let suspects: Vec<(usize, usize)> =
            found.iter().flat_map(|r| &r.exceptions).filter_map(|e| e.suspect).map(|(cell, _)| cell).collect();
        named += usize::from(suspects.contains(&broken));
        assert!(suspects.iter().all(|cell| *cell == broken), "{suspects:?} instead of {broken:?}");
    }
    assert!(kept >= 38, "the rules stand in {kept} of 40");
    assert!(named >= 36, "the cell is named in {named} of 40");
}

/// Forty rows of six parts and their total, of which digits are left out by `leave_out`.
fn forty_rows(leave_out: impl Fn(i64) -> i64) -> Figures {
    let mut draws = Dice(31_415_926_535);
    let mut figures = Figures { rows: blank(40), columns: blank(7), ..Figures::default() };
    for _ in 0..40 {
        let parts: Vec<i64> = (0..6).map(|_| 1_000 + draws.value(90_000)).collect();
        let all = std::iter::once(parts.iter().sum()).chain(parts.iter().copied());
        figures.cells.extend(all.map(|value| Some(figure(leave_out(value), 1))));
    }
    figures
}

#[test]
fn cut_off_figures_are_told_from_rounded_ones() {
    let sum = |figures: &Figures| {
        let found =
            relations(figures).into_iter().find(|relation| relation.kind == RelationKind::Sum && relation.total == 0);
        found.expect("the sum is found")
    };
    let cut = sum(&forty_rows(|value| value / 100));
    assert_eq!((cut.recorded, cut.support, cut.exceptions.len()), (Recorded::Cut, (40, 40), 0));
    let rounded = sum(&forty_rows(|value| (value + 50) / 100));
    assert_eq!((rounded.recorded, rounded.exceptions.len()), (Recorded::Unsaid, 0));
    assert_eq!(sum(&forty_rows(|value| value)).recorded, Recorded::Unsaid);
}
