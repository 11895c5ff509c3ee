//! The forms: what is dense with rules, and what has few.

use std::{collections::BTreeMap, fmt::Write as _};

use crate::form::{At, Constraint, Form, Leaf, basis};

const CROPS: [&str; 4] = ["lúa", "ngô", "khoai", "lạc"];
const SEASONS: [&str; 2] = ["xuân", "mùa"];
const VILLAGES: usize = 5;
const PLAN: usize = 2;
const ACTUAL: usize = 3;
const RATIO: usize = 4;
const VERDICT: usize = 5;
/// Rows of a crop: area, yield and output of each season, area and output of the year.
const BLOCK: usize = 8;

pub(crate) fn all() -> Vec<Form> {
    vec![
        crops("dense", true),
        crops("dense without ratios", false),
        sums(),
        ratios(),
        villages(),
        products(),
        formulas(),
    ]
}

/// A form in the making.
#[derive(Default)]
struct Draft {
    texts: BTreeMap<At, String>,
    leaves: Vec<Leaf>,
    constraints: Vec<Constraint>,
    decimals: BTreeMap<At, u32>,
    catalogue: String,
    rows: String,
}

impl Draft {
    fn new() -> Self {
        Self { catalogue: "[catalogue]\nid = \"c\"\nperiod = \"2023\"\n".to_owned(), ..Self::default() }
    }

    fn head(&mut self, file: usize, headers: &[&str]) {
        for (column, header) in headers.iter().enumerate() {
            self.texts.insert((file, 0, column), (*header).to_owned());
        }
    }

    /// A row of the first file, and its indicator.
    fn row(&mut self, row: usize, id: &str, label: &str, unit: &str, more: &str) {
        self.texts.insert((0, row, 0), label.to_owned());
        self.texts.insert((0, row, 1), unit.to_owned());
        let _ = write!(
            self.catalogue,
            "\n[[indicator]]\nid = \"{id}\"\nlabel = \"{label}\"\nunit = \"{unit}\"\nmin = 0\n{more}"
        );
        let _ = writeln!(self.rows, "\"{label}\" = \"{id}\"");
    }

    fn leaf(&mut self, at: At, (low, high): (i128, i128), decimals: u32, near: Option<At>) {
        self.leaves.push(Leaf { at, low, high, decimals, near });
        self.decimals.insert(at, decimals);
    }

    fn constraint(&mut self, constraint: Constraint, decimals: u32) {
        self.decimals.insert(constraint.result(), decimals);
        self.constraints.push(constraint);
    }

    /// Ratio and verdict of a row.
    fn judged(&mut self, row: usize) {
        let (of, to) = ((0, row, ACTUAL), (0, row, PLAN));
        self.constraint(Constraint::Ratio((0, row, RATIO), of, to), 2);
        self.constraints.push(Constraint::Verdict((0, row, VERDICT), of, to));
    }

    fn source(&self, file: &str, columns: &str) -> String {
        format!(
            "[[source]]\nfile = \"{file}\"\nlabel = \"Chỉ tiêu\"\nunit-column = \"ĐVT\"\n\n[source.columns]\n{columns}\n[source.rows]\n{}\n",
            self.rows
        )
    }

    fn finish(self, name: &'static str, files: &[&str], sources: &str, exact: bool) -> Form {
        let mapping = format!("[mapping]\nid = \"m\"\ncatalogue = \"c.toml\"\n\n{sources}");
        let (catalogue, mapping) = basis(&self.catalogue, &mapping);
        Form {
            name,
            files: files.iter().map(|file| (*file).to_owned()).collect(),
            texts: self.texts,
            leaves: self.leaves,
            constraints: self.constraints,
            decimals: self.decimals,
            exact,
            formulas: false,
            members: Vec::new(),
            catalogue,
            mapping,
        }
    }
}

const HEADERS: [&str; 6] = ["Chỉ tiêu", "ĐVT", "Kế hoạch", "Thực hiện", "Tỷ lệ %", "Ghi chú"];
const COLUMNS: &str =
    "\"Kế hoạch\" = \"plan\"\n\"Thực hiện\" = \"actual\"\n\"Tỷ lệ %\" = \"ratio\"\n\"Ghi chú\" = \"verdict\"\n";
const ONLY_BASE: &str = "\"Kế hoạch\" = \"plan\"\n\"Thực hiện\" = \"actual\"\n";

/// Crops with area, yield and output in two seasons, the year and all crops, planned and reached, with a
/// second sheet of villages; with ratios and verdicts or without.
fn crops(name: &'static str, judged: bool) -> Form {
    let mut draft = Draft::new();
    draft.head(0, if judged { &HEADERS } else { &HEADERS[..4] });
    let row = |crop: usize, within: usize| 1 + crop * BLOCK + within;
    let totals = [1 + CROPS.len() * BLOCK, 2 + CROPS.len() * BLOCK];
    let mut heads = vec!["Thôn".to_owned()];
    let mut village_columns = String::new();
    for (c, crop) in CROPS.iter().enumerate() {
        for (s, season) in SEASONS.iter().enumerate() {
            let stem = format!("c{c}.v{s}");
            let at = |within| row(c, s * 3 + within);
            draft.row(at(0), &format!("{stem}.dt"), &format!("Diện tích {crop} vụ {season}"), "ha", "decimals = 2\n");
            draft.row(
                at(1),
                &format!("{stem}.ns"),
                &format!("Năng suất {crop} vụ {season}"),
                "tạ/ha",
                "decimals = 1\n",
            );
            let product =
                format!("decimals = 2\nproduct = {{ of = [\"{stem}.dt\", \"{stem}.ns\"], divide-by = 10 }}\n");
            draft.row(at(2), &format!("{stem}.sl"), &format!("Sản lượng {crop} vụ {season}"), "tấn", &product);
            let column = 1 + c * 2 + s;
            let villages: Vec<At> = (0..VILLAGES).map(|village| (1, 1 + village, column)).collect();
            for village in &villages {
                draft.leaf(*village, (2_000, 6_000), 2, None);
            }
            let total = (1, 1 + VILLAGES, column);
            draft.constraint(Constraint::Sum(total, villages), 2);
            draft.constraint(Constraint::Same((0, at(0), ACTUAL), total), 2);
            draft.leaf((0, at(0), PLAN), (12_000, 28_000), 2, None);
            for measure in [PLAN, ACTUAL] {
                draft.leaf((0, at(1), measure), (310, 690), 1, None);
                draft.constraint(Constraint::Product((0, at(2), measure), (0, at(0), measure), (0, at(1), measure)), 2);
            }
            heads.push(format!("{crop} {season}"));
            let _ = writeln!(
                village_columns,
                "\"{crop} {season}\" = {{ indicator = \"{stem}.dt\", measure = \"actual\" }}"
            );
        }
        for (within, what, label, unit, parts) in
            [(6, "dt", "Diện tích", "ha", [0, 3]), (7, "sl", "Sản lượng", "tấn", [2, 5])]
        {
            let of = format!("decimals = 2\nparts = [\"c{c}.v0.{what}\", \"c{c}.v1.{what}\"]\n");
            draft.row(row(c, within), &format!("c{c}.{what}"), &format!("{label} {crop} cả năm"), unit, &of);
            for measure in [PLAN, ACTUAL] {
                let parts = parts.map(|part| (0, row(c, part), measure)).to_vec();
                draft.constraint(Constraint::Sum((0, row(c, within), measure), parts), 2);
            }
        }
    }
    for (total, within, what, label, unit) in
        [(totals[0], 6, "dt", "Tổng diện tích gieo trồng", "ha"), (totals[1], 7, "sl", "Tổng sản lượng các cây", "tấn")]
    {
        let all = (0..CROPS.len()).map(|c| format!("\"c{c}.{what}\"")).collect::<Vec<_>>().join(", ");
        draft.row(total, &format!("tong.{what}"), label, unit, &format!("decimals = 2\nparts = [{all}]\n"));
        for measure in [PLAN, ACTUAL] {
            let parts = (0..CROPS.len()).map(|crop| (0, row(crop, within), measure)).collect();
            draft.constraint(Constraint::Sum((0, total, measure), parts), 2);
        }
    }
    if judged {
        (1..=totals[1]).for_each(|row| draft.judged(row));
    }
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    draft.head(1, &heads);
    for village in 0..VILLAGES {
        draft.texts.insert((1, 1 + village, 0), format!("Bản số {}", village + 1));
    }
    draft.texts.insert((1, 1 + VILLAGES, 0), "Tổng cộng".to_owned());
    let sources = draft.source("chinh*", if judged { COLUMNS } else { ONLY_BASE })
        + &format!(
            "[[source]]\nfile = \"thon*\"\nlabel = \"Thôn\"\nunit = \"ha\"\n\n[source.columns]\n{village_columns}\n[source.rows]\n\"Tổng cộng\" = \"total\"\n\"*\" = \"member\"\n"
        );
    draft.finish(name, &["chinh.csv", "thon.csv"], &sources, false)
}

/// Counts of three kinds of animals, each with four breeds: nothing but sums.
fn sums() -> Form {
    let mut draft = Draft::new();
    draft.head(0, &HEADERS[..4]);
    let group = |group: usize| 2 + group * 5;
    let names = (0..3).map(|g| format!("\"g{g}\"")).collect::<Vec<_>>().join(", ");
    draft.row(1, "tong", "Tổng đàn", "con", &format!("parts = [{names}]\n"));
    for g in 0..3 {
        let parts = (0..4).map(|b| format!("\"g{g}.b{b}\"")).collect::<Vec<_>>().join(", ");
        draft.row(group(g), &format!("g{g}"), &format!("Đàn loại {}", g + 1), "con", &format!("parts = [{parts}]\n"));
        for b in 0..4 {
            let row = group(g) + 1 + b;
            draft.row(row, &format!("g{g}.b{b}"), &format!("Giống {} loại {}", b + 1, g + 1), "con", "");
            draft.leaf((0, row, PLAN), (120, 9_800), 0, None);
            draft.leaf((0, row, ACTUAL), (120, 9_800), 0, Some((0, row, PLAN)));
        }
        for measure in [PLAN, ACTUAL] {
            let parts = (1..=4).map(|b| (0, group(g) + b, measure)).collect();
            draft.constraint(Constraint::Sum((0, group(g), measure), parts), 0);
        }
    }
    for measure in [PLAN, ACTUAL] {
        draft.constraint(Constraint::Sum((0, 1, measure), (0..3).map(|g| (0, group(g), measure)).collect()), 0);
    }
    let sources = draft.source("*", ONLY_BASE);
    draft.finish("sums only", &["dan.csv"], &sources, true)
}

/// Plan, result, ratio and verdict of twelve indicators that have nothing to do with each other.
fn ratios() -> Form {
    let mut draft = Draft::new();
    draft.head(0, &HEADERS);
    for at in 1..=12 {
        draft.row(at, &format!("i{at}"), &format!("Chỉ tiêu số {at}"), "hộ", "");
        draft.leaf((0, at, PLAN), (150, 9_800), 0, None);
        draft.leaf((0, at, ACTUAL), (150, 9_800), 0, Some((0, at, PLAN)));
        draft.judged(at);
    }
    let sources = draft.source("*", COLUMNS);
    draft.finish("ratios only", &["chi-tieu.csv"], &sources, true)
}

/// A file for each of five villages, and one of the commune.
fn villages() -> Form {
    let mut draft = Draft::new();
    draft.head(0, &HEADERS[..3]);
    let labels = ["Số hộ", "Hộ nghèo", "Hộ cận nghèo", "Hộ trung bình", "Hộ khá", "Số khẩu"];
    for (at, label) in labels.iter().enumerate() {
        let more = if at == 0 { "parts = [\"h1\", \"h2\", \"h3\", \"h4\"]\n" } else { "" };
        draft.row(1 + at, &format!("h{at}"), label, "hộ", more);
    }
    draft.texts.insert((0, 0, 2), "Thực hiện".to_owned());
    let of = |file: usize, at: usize| (file, 1 + at, 2);
    for file in 1..=VILLAGES {
        for column in 0..3 {
            draft.texts.insert((file, 0, column), draft.texts[&(0, 0, column)].clone());
        }
        for (at, label) in labels.iter().enumerate() {
            draft.texts.insert((file, 1 + at, 0), (*label).to_owned());
            draft.texts.insert((file, 1 + at, 1), "hộ".to_owned());
        }
        for at in 1..=5 {
            draft.leaf(of(file, at), (110, 240), 0, None);
        }
        draft.constraint(Constraint::Sum(of(file, 0), (1..=4).map(|at| of(file, at)).collect()), 0);
    }
    for at in 1..=5 {
        draft.constraint(Constraint::Sum(of(0, at), (1..=VILLAGES).map(|file| of(file, at)).collect()), 0);
    }
    draft.constraint(Constraint::Sum(of(0, 0), (1..=4).map(|at| of(0, at)).collect()), 0);
    draft.constraint(Constraint::Sum(of(0, 0), (1..=VILLAGES).map(|file| of(file, 0)).collect()), 0);
    let columns = "\"Thực hiện\" = \"actual\"\n";
    let member = draft.source("thon*", columns).replace("file = \"thon*\"", "file = \"thon*\"\nmember = \"file\"");
    let sources = draft.source("xa*", columns) + &member;
    let files = ["xa.csv", "thon-1.csv", "thon-2.csv", "thon-3.csv", "thon-4.csv", "thon-5.csv"];
    let mut form = draft.finish("villages", &files, &sources, true);
    form.members = (1..=VILLAGES).collect();
    form
}

/// Area, yield and output of six crops, and their totals.
fn products() -> Form {
    let mut draft = Draft::new();
    draft.head(0, &HEADERS[..4]);
    for crop in 0..6 {
        let row = |within: usize| 1 + crop * 3 + within;
        let name = crop + 1;
        draft.row(row(0), &format!("c{crop}.dt"), &format!("Diện tích cây {name}"), "ha", "decimals = 1\n");
        draft.row(row(1), &format!("c{crop}.ns"), &format!("Năng suất cây {name}"), "tạ/ha", "decimals = 1\n");
        let product = format!("decimals = 1\nproduct = {{ of = [\"c{crop}.dt\", \"c{crop}.ns\"], divide-by = 10 }}\n");
        draft.row(row(2), &format!("c{crop}.sl"), &format!("Sản lượng cây {name}"), "tấn", &product);
        for measure in [PLAN, ACTUAL] {
            draft.leaf((0, row(0), measure), (150, 6_000), 1, None);
            draft.leaf((0, row(1), measure), (310, 690), 1, None);
            draft.constraint(Constraint::Product((0, row(2), measure), (0, row(0), measure), (0, row(1), measure)), 1);
        }
    }
    for (total, within, what, label, unit) in
        [(19, 0, "dt", "Tổng diện tích", "ha"), (20, 2, "sl", "Tổng sản lượng", "tấn")]
    {
        let all = (0..6).map(|crop| format!("\"c{crop}.{what}\"")).collect::<Vec<_>>().join(", ");
        draft.row(total, &format!("tong.{what}"), label, unit, &format!("decimals = 1\nparts = [{all}]\n"));
        for measure in [PLAN, ACTUAL] {
            let parts = (0..6).map(|crop| (0, 1 + crop * 3 + within, measure)).collect();
            draft.constraint(Constraint::Sum((0, total, measure), parts), 1);
        }
    }
    let sources = draft.source("*", ONLY_BASE);
    draft.finish("products", &["cay.csv"], &sources, false)
}

/// A workbook whose totals are formulas, beside a typed total of another sheet.
fn formulas() -> Form {
    let mut draft = Draft::new();
    draft.head(0, &HEADERS[..4]);
    let group = |group: usize| 1 + group * 5;
    for g in 0..3 {
        let parts = (0..4).map(|b| format!("\"g{g}.b{b}\"")).collect::<Vec<_>>().join(", ");
        let rows: Vec<usize> = (1..=4).map(|b| group(g) + b).collect();
        draft.row(
            group(g),
            &format!("g{g}"),
            &format!("Thu nhóm {}", g + 1),
            "triệu đồng",
            &format!("parts = [{parts}]\n"),
        );
        for (b, row) in rows.iter().enumerate() {
            draft.row(*row, &format!("g{g}.b{b}"), &format!("Khoản {} nhóm {}", b + 1, g + 1), "triệu đồng", "");
            draft.leaf((0, *row, PLAN), (120, 9_800), 0, None);
            draft.leaf((0, *row, ACTUAL), (120, 9_800), 0, Some((0, *row, PLAN)));
        }
        for measure in [PLAN, ACTUAL] {
            draft.constraint(
                Constraint::Sum((0, group(g), measure), rows.iter().map(|row| (0, *row, measure)).collect()),
                0,
            );
        }
    }
    let mut sources = draft.source("chi-tiet*", ONLY_BASE);
    draft.head(1, &HEADERS[..4]);
    draft.rows.clear();
    for g in 0..3 {
        let label = format!("Thu nhóm {}", g + 1);
        draft.texts.insert((1, 1 + g, 0), label.clone());
        draft.texts.insert((1, 1 + g, 1), "triệu đồng".to_owned());
        let _ = writeln!(draft.rows, "\"{label}\" = \"g{g}\"");
        for measure in [PLAN, ACTUAL] {
            draft.constraint(Constraint::Same((1, 1 + g, measure), (0, group(g), measure)), 0);
        }
    }
    sources += &draft.source("tong-hop*", ONLY_BASE);
    let mut form = draft.finish("formulas", &["chi-tiet.xlsx", "tong-hop.xlsx"], &sources, true);
    form.formulas = true;
    form
}
