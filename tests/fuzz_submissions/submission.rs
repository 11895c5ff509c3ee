//! Makes whole submissions: sheets of the words, marks and figures that offices send, spoilt by random
//! edits, with a mapping and a catalogue that fit them more or less.
//!
//! Every choice is drawn from [`Choices`], so a seed (or the bytes of a fuzzer) gives the same
//! submission wherever it runs. Needs no crate, because the tests and the fuzz target share it.

#[path = "package.rs"]
mod package;

use std::fmt::Write as _;

use package::{Cell, Content, FORMATS, Sheet, csv, html, letters, ods, spreadsheetml, xlsx};

/// Where choices come from: the bytes of a fuzzer as far as they go, then numbers that look random and
/// are the same in every run.
pub(crate) struct Choices<'a> {
    bytes: &'a [u8],
    state: u64,
}

#[allow(dead_code, reason = "tests draw from seeds, the fuzz target from bytes")]
impl<'a> Choices<'a> {
    pub(crate) fn of_seed(seed: u64) -> Self {
        Self { bytes: &[], state: seed }
    }

    pub(crate) fn of_bytes(bytes: &'a [u8]) -> Self {
        // FNV-1a.
        let seed = bytes
            .iter()
            .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3));
        Self { bytes, state: seed }
    }

    fn next(&mut self) -> u64 {
        if let Some((first, rest)) = self.bytes.split_first() {
            self.bytes = rest;
            return u64::from(*first);
        }
        // SplitMix64.
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From zero to below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn of<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.below(all.len())]
    }
}

/// One file as it is handed in.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// What is judged at once, and by what.
pub(crate) struct Submission {
    pub(crate) files: Vec<File>,
    pub(crate) catalogue: String,
    pub(crate) mapping: String,
    /// The same office a period before, where it is given.
    pub(crate) previous: Option<File>,
    /// Labels and headers that the mapping leaves out on purpose.
    pub(crate) ignored: Vec<String>,
    /// Whether bytes of a package were broken: then nothing is known of what it should hold.
    pub(crate) is_broken: bool,
}

/// Id, label, unit, magnitude of its figures.
const INDICATORS: [(&str, &str, &str, u32); 14] = [
    ("trau", "Đàn trâu", "con", 3),
    ("bo", "Đàn bò", "con", 4),
    ("lon", "Đàn lợn", "con", 5),
    ("gia-suc", "Tổng đàn gia súc", "con", 5),
    ("lua.dien-tich", "Diện tích lúa", "ha", 4),
    ("lua.nang-suat", "Năng suất lúa", "tạ/ha", 2),
    ("lua.san-luong", "Sản lượng lúa", "tấn", 4),
    ("thu", "Thu ngân sách nhà nước trên địa bàn", "triệu đồng", 6),
    ("chi", "Chi ngân sách", "đồng", 13),
    ("ho", "Tổng số hộ", "hộ", 4),
    ("ho-ngheo", "Hộ nghèo", "hộ", 3),
    ("khau", "Nhân khẩu", "người", 5),
    ("bhyt", "Tỷ lệ bao phủ BHYT", "%", 2),
    ("thu-nhap", "Thu nhập bình quân đầu người/năm", "triệu đồng/người", 2),
];
const VILLAGES: [&str; 12] = [
    "Thôn Nà Lẹng",
    "Thôn Bản Chiêng",
    "Thôn Hợp Thành",
    "Thôn 1",
    "Thôn 2",
    "Tổ dân phố 3",
    "Khuổi Pậu",
    "Nà Noọc",
    "Bản Piềng (2)",
    "Cụm Đông",
    "TDP số 10",
    "Thôn Hòa Bình",
];
const SECTIONS: [&str; 7] =
    ["I. NÔNG NGHIỆP", "II. LÂM NGHIỆP", "A. KINH TẾ", "III. VĂN HÓA - XÃ HỘI", "Chăn nuôi", "Vụ xuân", "Vụ mùa"];
const TITLES: [&str; 6] = [
    "BIỂU KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU CHỦ YẾU NĂM 2024",
    "Phụ lục 01",
    "(Kèm theo Báo cáo số 12/BC-UBND ngày 05/12/2024)",
    "ĐVT: triệu đồng",
    "Đơn vị tính: con",
    "Ủy ban nhân dân xã",
];
const ENDINGS: [&str; 6] = [
    "Ghi chú: số liệu ước",
    "(1) Gồm cả lúa nương",
    "* Không kể tạm trú",
    "NGƯỜI LẬP BIỂU",
    "TM. ỦY BAN NHÂN DÂN",
    "CHỦ TỊCH",
];
const MARKS: [&str; 18] = [
    "-",
    "…",
    "...",
    "x",
    "X",
    "..",
    "\"",
    "-//-",
    "nt",
    "chưa có",
    "0",
    "#",
    "Đạt",
    "Vượt",
    "Không đạt",
    "(*)",
    "tăng 5%",
    "+",
];
const BLANKS: [&str; 7] = ["", " ", "\u{a0}", "\t", "\u{200b}", "\u{3000}", "\n"];
const MEASURES: [(&str, &str); 6] = [
    ("plan", "Kế hoạch"),
    ("actual", "Thực hiện"),
    ("estimate", "Ước thực hiện"),
    ("ratio", "Tỷ lệ %"),
    ("verdict", "Đánh giá"),
    ("note", "Ghi chú"),
];
const TOTALS: [&str; 6] = ["Tổng số", "Tổng cộng", "Toàn xã", "Cộng", "CỘNG", "Cộng cụm 1"];
const UNITS: [&str; 14] = [
    "con",
    "ha",
    "m2",
    "tấn",
    "tạ",
    "kg",
    "đồng",
    "nghìn đồng",
    "triệu đồng",
    "tỷ đồng",
    "%",
    "hộ",
    "1000 con",
    "tạ/ha",
];
/// Digits of about this magnitude and up to three decimals.
fn figure(choices: &mut Choices<'_>, magnitude: u32) -> (u64, String) {
    let most = 10_u64.pow(1 + u32::try_from(choices.below(magnitude as usize)).unwrap_or(0));
    let whole = choices.next_wide() % most;
    let decimals = match choices.below(6) {
        0 => format!("{}", choices.below(10)),
        1 => format!("{:02}", choices.below(100)),
        2 => format!("{:03}", choices.below(1000)),
        _ => String::new(),
    };
    (whole, decimals)
}

impl Choices<'_> {
    /// A number of many bits, also where choices are bytes.
    fn next_wide(&mut self) -> u64 {
        (0..4).fold(0, |wide: u64, _| (wide << 13) ^ self.next())
    }
}

fn grouped(whole: u64, mark: &str) -> String {
    let digits = whole.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push_str(mark);
        }
        out.push(digit);
    }
    out
}

/// A figure in one of the ways in which it is written.
fn figure_cell(choices: &mut Choices<'_>, magnitude: u32, unit: &str) -> Cell {
    let (whole, decimals) = figure(choices, magnitude);
    let behind = |mark: &str| if decimals.is_empty() { String::new() } else { format!("{mark}{decimals}") };
    let stored = format!("{whole}{}", behind("."));
    match choices.below(44) {
        0 | 1 => Cell::text(&format!("{}{}", grouped(whole, "."), behind(","))),
        2 => Cell::text(&format!("{}{}", grouped(whole, ","), behind("."))),
        3 => Cell::text(&format!("{}{}", grouped(whole, " "), behind(","))),
        4 => Cell::text(&format!("{whole}{} %", behind(","))),
        5 => Cell::text(&format!("{}{} {unit}", grouped(whole, "."), behind(","))),
        6 => Cell::number(format!("-{stored}")),
        7 => Cell::number(format!("{}.{:02}E{}", 1 + choices.below(9), choices.below(100), choices.below(14))),
        8 => Cell::text(&format!("{}/{}", choices.below(30), 1 + choices.below(30))),
        9 => Cell::text(&format!("{:02}/{:02}/2024", 1 + choices.below(28), 1 + choices.below(12))),
        10 => Cell { content: Content::Number((45_000 + choices.below(500)).to_string()), style: 7 },
        11 => Cell::text(choices.of(&MARKS)),
        12 => Cell::text(choices.of(&BLANKS)),
        13 => Cell::default(),
        14 => Cell::text(&format!(">{stored}")),
        15 => Cell::text(&format!("{whole}-{}", whole + 5)),
        16 => Cell::text(&format!("ước {}", grouped(whole, "."))),
        17 => Cell::text(&format!("{whole}¹")),
        18 => Cell::text(&format!("({stored})")),
        19 => Cell { content: Content::Error(["#REF!", "#DIV/0!", "#N/A", "#VALUE!"][choices.below(4)]), style: 0 },
        20 => Cell { content: Content::Number(stored), style: 1 + choices.below(FORMATS.len()) },
        21 => Cell::number("0.1234567890123456".to_owned()),
        22 => Cell::number(format!("{whole}00000000000")),
        23 => Cell::text(&format!(" {}{}\u{a0}", whole, behind(","))),
        24 => Cell::text(&format!("{whole}{},-", behind("."))),
        25 => Cell { content: Content::Formula(format!("{whole}/3"), Some(stored)), style: choices.below(4) },
        26 => Cell {
            content: Content::Formula("SUM(C4:C9)".to_owned(), (!choices.once_in(4)).then_some(stored)),
            style: 0,
        },
        _ => Cell::number(stored),
    }
}

/// A text as somebody else would have typed it.
fn retyped(choices: &mut Choices<'_>, text: &str) -> String {
    match choices.below(24) {
        0 => text.to_uppercase(),
        1 => format!(" {text} "),
        2 => text.replace(' ', "\u{a0}"),
        3 => text.replace(' ', "\n"),
        4 => format!("{text} (1)"),
        5 => format!("{text}¹"),
        6 => format!("- {text}"),
        7 => format!("{}. {text}", 1 + choices.below(20)),
        8 => format!("{text}:"),
        9 => format!("{text} ({})", choices.of(&UNITS)),
        _ => text.to_owned(),
    }
}

/// What a table is made for, and what of it the mapping names.
struct Plan {
    indicators: Vec<usize>,
    measures: Vec<usize>,
    villages: Vec<&'static str>,
    /// A row an indicator, or a row a village.
    by_indicator: bool,
    has_unit_column: bool,
    label: &'static str,
    section: Option<&'static str>,
    total: &'static str,
    over: Option<&'static str>,
}

fn plan(choices: &mut Choices<'_>) -> Plan {
    let some = |choices: &mut Choices<'_>, all: usize, most: usize| {
        let start = choices.below(all);
        let count = 1 + choices.below(most);
        let mut some: Vec<usize> = (0..count.min(all)).map(|at| (start + at) % all).collect();
        some.sort_unstable();
        some
    };
    let by_indicator = !choices.once_in(3);
    Plan {
        indicators: some(choices, INDICATORS.len(), if by_indicator { 9 } else { 4 }),
        measures: some(choices, MEASURES.len(), 4),
        villages: some(choices, VILLAGES.len(), 9).into_iter().map(|at| VILLAGES[at]).collect(),
        by_indicator,
        has_unit_column: choices.once_in(2),
        label: if by_indicator { choices.of(&["Chỉ tiêu", "Nội dung", "CHỈ TIÊU"]) } else { "Thôn" },
        section: choices.once_in(3).then(|| choices.of(&SECTIONS)),
        total: choices.of(&TOTALS),
        over: choices.once_in(3).then(|| choices.of(&["Năm 2024", "Kết quả năm 2024", "Đợt 1", "Trong đó"])),
    }
}

/// Header, rows and what stands around them.
fn table(choices: &mut Choices<'_>, plan: &Plan, sheet: &mut Sheet) {
    for _ in 0..choices.below(4) {
        sheet.rows.push(vec![Cell::text(choices.of(&TITLES))]);
    }
    if choices.once_in(3) {
        sheet.rows.push(Vec::new());
    }
    let mut first = vec![Cell::text("STT"), Cell::text(plan.label)];
    if plan.has_unit_column {
        first.push(Cell::text("Đơn vị tính"));
    }
    let left = first.len();
    let columns: Vec<String> = if plan.by_indicator {
        plan.measures.iter().map(|at| MEASURES[*at].1.to_owned()).collect()
    } else {
        plan.indicators.iter().map(|at| INDICATORS[*at].1.to_owned()).collect()
    };
    let header = sheet.rows.len();
    let mut names: Vec<Cell> = columns.iter().map(|name| Cell::text(&retyped(choices, name))).collect();
    if choices.once_in(5) {
        names.push(Cell::text("Ghi chú khác"));
    }
    let width = left + names.len();
    if let Some(over) = plan.over {
        let mut upper = first.clone();
        upper.push(Cell::text(over));
        upper.resize(width, Cell::default());
        sheet.rows.push(upper);
        let mut lower = vec![Cell::default(); left];
        lower.extend(names);
        sheet.rows.push(lower);
        if width > left + 1 && !choices.once_in(3) {
            sheet.merges.push([header, left, header, width - 1]);
        }
        if choices.once_in(2) {
            (0..left).for_each(|column| sheet.merges.push([header, column, header + 1, column]));
        }
    } else {
        first.extend(names);
        sheet.rows.push(first);
    }
    if choices.once_in(5) {
        sheet.rows.push((0..width).map(|at| Cell::text(&format!("({})", at + 1))).collect());
    }
    if !plan.by_indicator && choices.once_in(4) {
        let units = plan.indicators.iter().map(|at| Cell::text(INDICATORS[*at].2));
        sheet.rows.push([Cell::default(), Cell::default()].into_iter().chain(units).collect());
    }
    let total_first = choices.once_in(3);
    let mut rows: Vec<(String, usize)> = Vec::new();
    if plan.by_indicator {
        rows.extend(plan.indicators.iter().map(|at| (INDICATORS[*at].1.to_owned(), *at)));
    } else {
        rows.extend(plan.villages.iter().map(|village| ((*village).to_owned(), usize::MAX)));
        let total = (plan.total.to_owned(), usize::MAX);
        if total_first { rows.insert(0, total) } else { rows.push(total) }
    }
    if let Some(section) = plan.section {
        sheet.rows.push(vec![Cell::default(), Cell::text(section)]);
    }
    for (at, (label, indicator)) in rows.iter().enumerate() {
        let mut row = vec![Cell::number((at + 1).to_string()), Cell::text(&retyped(choices, label))];
        if choices.once_in(6) {
            row[0] = Cell::text(choices.of(&["I", "a", "-", "+", "1.1", "A", "*"]));
        }
        let unit_of = |at: usize| INDICATORS.get(at).map_or("con", |indicator| indicator.2);
        if plan.has_unit_column {
            let odd = choices.once_in(8);
            row.push(Cell::text(if odd { choices.of(&UNITS) } else { unit_of(*indicator) }));
        }
        for column in 0..width - left {
            let of =
                if plan.by_indicator { *indicator } else { plan.indicators[column.min(plan.indicators.len() - 1)] };
            row.push(figure_cell(choices, INDICATORS[of].3, unit_of(of)));
        }
        sheet.rows.push(row);
        if choices.once_in(12) {
            sheet.rows.push(vec![Cell::default(), Cell::text(choices.of(&SECTIONS))]);
        }
        if choices.once_in(25) {
            sheet.rows.push(Vec::new());
        }
    }
    for _ in 0..choices.below(3) {
        sheet.rows.push(vec![Cell::default(), Cell::text(choices.of(&ENDINGS))]);
    }
}

/// Cuts, doubles, swaps and inserts.
fn edit(choices: &mut Choices<'_>, sheet: &mut Sheet) {
    if sheet.rows.is_empty() {
        return;
    }
    let row = choices.below(sheet.rows.len());
    let width = sheet.rows.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let column = choices.below(width);
    let other = choices.below(sheet.rows.len());
    match choices.below(18) {
        0 => drop(sheet.rows.remove(row)),
        1 => sheet.rows.insert(row, sheet.rows[other].clone()),
        2 => sheet.rows.swap(row, other),
        3 => sheet.rows.insert(row, Vec::new()),
        4 => sheet.rows.iter_mut().filter(|row| row.len() > column).for_each(|row| drop(row.remove(column))),
        5 => sheet
            .rows
            .iter_mut()
            .filter(|row| row.len() > column)
            .for_each(|row| row.insert(column, row[column].clone())),
        6 => sheet.rows.iter_mut().filter(|row| row.len() > column + 1).for_each(|row| row.swap(column, column + 1)),
        7 => sheet.rows.iter_mut().filter(|row| row.len() > column).for_each(|row| row.insert(column, Cell::default())),
        8 => sheet.hidden_rows.push(row),
        9 => sheet.rows.truncate(row.max(1)),
        10 => sheet.merges.push([
            row.min(other),
            column,
            row.max(other).min(row.min(other) + 2),
            column + choices.below(2),
        ]),
        11 => sheet.rows.insert(row, vec![Cell::text(choices.of(&SECTIONS))]),
        12 => sheet.rows.insert(
            row,
            vec![
                Cell::default(),
                Cell::text(choices.of(&["Cộng trang", "Mang sang", "Tỷ lệ %", "Cùng kỳ 2023", "Tổng cộng"])),
                Cell::number("17".to_owned()),
            ],
        ),
        _ => {
            let mark = match choices.below(5) {
                0 => Cell::text(choices.of(&MARKS)),
                1 => Cell::text(choices.of(&BLANKS)),
                2 => figure_cell(choices, 6, "kg"),
                3 => Cell::text(choices.of(&VILLAGES)),
                _ => Cell::default(),
            };
            if let Some(cell) = sheet.rows[row].get_mut(column) {
                match &mut cell.content {
                    Content::Text(text) if choices.once_in(2) => {
                        let at = text.char_indices().map(|(at, _)| at).nth(choices.below(text.chars().count().max(1)));
                        text.insert(at.unwrap_or(0), ['1', ' ', '.', 'ă', '\u{301}', '-'][choices.below(6)]);
                    }
                    _ => *cell = mark,
                }
            }
        }
    }
}

fn written(choices: &mut Choices<'_>, stem: &str, sheets: &[Sheet]) -> File {
    let (ending, bytes) = match choices.below(10) {
        0 => ("csv", csv(&sheets[0], [';', ',', '\t'][choices.below(3)])),
        1 => ("xls", html(&sheets[0])),
        2 => ("xml", spreadsheetml(sheets)),
        3 => ("ods", ods(sheets)),
        other => ("xlsx", xlsx(sheets, other % 2 == 0)),
    };
    File { name: format!("{stem}.{ending}"), bytes }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t"))
}

fn catalogue(choices: &mut Choices<'_>) -> String {
    let mut text = String::from(
        "[catalogue]\nid = \"danh-muc\"\nperiod = \"2024\"\n[[section]]\nid = \"s\"\nnumber = \"I\"\ntitle = \"Kinh tế\"\n",
    );
    if choices.once_in(3) {
        text.push_str("[previous]\nband = [0.5, 2]\n");
    }
    if choices.once_in(3) {
        text.push_str("[ratio]\ndecimals = 1\n");
    }
    for (id, label, unit, _) in INDICATORS {
        let _ = write!(text, "[[indicator]]\nid = \"{id}\"\nlabel = \"{label}\"\n");
        if !choices.once_in(12) {
            let _ = writeln!(text, "unit = \"{unit}\"");
        }
        if choices.once_in(2) {
            text.push_str("section = \"s\"\n");
        }
        if choices.once_in(6) {
            text.push_str("required = false\n");
        }
        if choices.once_in(8) {
            text.push_str("min = 0\nmax = 1000\n");
        }
        if choices.once_in(8) {
            text.push_str("direction = \"lower\"\n");
        }
        if choices.once_in(8) {
            let _ = writeln!(text, "decimals = {}", choices.below(4));
        }
        if id == "gia-suc" && choices.once_in(2) {
            text.push_str("parts = [\"trau\", \"bo\", \"lon\"]\n");
        }
        if id == "lua.san-luong" && choices.once_in(2) {
            text.push_str("product = { of = [\"lua.dien-tich\", \"lua.nang-suat\"], divide-by = 10 }\n");
        }
        if id == "ho-ngheo" && choices.once_in(2) {
            text.push_str("whole = \"ho\"\n");
        }
    }
    let rules = [
        "ho-ngheo <= ho",
        "khau >= 2 * ho",
        "gia-suc = trau + bo + lon",
        "bhyt in 0..100",
        "chi <= thu * 1000000",
        "ho = sum(members(ho))",
        "if actual(trau) > 10 then present(bo)",
        "count(members(ho)) in 2..8",
    ];
    for at in 0..choices.below(4) {
        let that = choices.of(&rules);
        let _ = write!(text, "[[rule]]\nid = \"r{at}\"\nthat = '{that}'\n");
        if choices.once_in(4) {
            text.push_str("absent = \"zero\"\n");
        }
    }
    text
}

fn source(choices: &mut Choices<'_>, plan: &Plan, file: &str, ignored: &mut Vec<String>) -> String {
    let mut text = format!("[[source]]\nfile = {}\nlabel = {}\n", quoted(file), quoted(plan.label));
    if choices.once_in(5) {
        text.push_str("sheet = \"*\"\n");
        if plan.by_indicator && choices.once_in(3) {
            text.push_str(choices.of(&[
                "member = \"sheet\"\n",
                "member = \"file\"\n",
                "member = \"sheet\"\nsum = true\n",
            ]));
        }
    }
    if plan.by_indicator && choices.once_in(12) {
        text.push_str("rows-from-catalogue = true\n");
    }
    if choices.once_in(20) {
        text.push_str("optional = true\n");
    }
    if plan.has_unit_column && !choices.once_in(4) {
        text.push_str("unit-column = \"Đơn vị tính\"\n");
    }
    if choices.once_in(10) {
        let _ = writeln!(text, "unit = {}", quoted(choices.of(&UNITS)));
    }
    if choices.once_in(6) {
        let _ = writeln!(text, "numbers = \"{}\"", choices.of(&["auto", "vietnamese", "english"]));
    }
    if !plan.by_indicator && choices.once_in(3) {
        text.push_str("sum = true\n");
    }
    text.push_str("[source.columns]\n");
    let over = plan.over.filter(|_| choices.once_in(2)).map(|over| format!("{over} > ")).unwrap_or_default();
    let columns = if plan.by_indicator { &plan.measures } else { &plan.indicators };
    let measure = choices.of(&["actual", "plan"]);
    for (nth, at) in columns.iter().enumerate() {
        let (header, value) = if plan.by_indicator {
            (MEASURES[*at].1, format!("\"{}\"", MEASURES[*at].0))
        } else {
            (INDICATORS[*at].1, format!("{{ indicator = \"{}\", measure = \"{measure}\" }}", INDICATORS[*at].0))
        };
        if nth > 0 && choices.once_in(8) {
            ignored.push(header.to_owned());
            let _ = writeln!(text, "{} = \"ignore\"", quoted(header));
        } else if nth == 0 || !choices.once_in(10) {
            let place = if choices.once_in(20) { format!("@{}", letters(2 + nth)) } else { format!("{over}{header}") };
            let _ = writeln!(text, "{} = {value}", quoted(&place));
        }
    }
    text.push_str("[source.rows]\n");
    if plan.by_indicator {
        let section =
            plan.section.filter(|_| choices.once_in(3)).map(|section| format!("{section} > ")).unwrap_or_default();
        for (nth, at) in plan.indicators.iter().enumerate() {
            let (id, label, unit, _) = INDICATORS[*at];
            match choices.below(14) {
                0 if nth > 0 => {
                    ignored.push(label.to_owned());
                    let _ = writeln!(text, "{} = \"ignore\"", quoted(label));
                }
                1 if nth > 0 => {}
                2 => drop(writeln!(text, "\"@{}\" = \"{id}\"", 3 + nth)),
                3 => drop(writeln!(text, "{} = {{ as = \"{id}\", unit = \"{unit}\" }}", quoted(label))),
                5 if plan.measures.len() > 1 => {
                    let from = MEASURES[plan.measures[0]].0;
                    let _ = writeln!(
                        text,
                        "{} = {{ as = \"{id}\", measures = {{ {from} = \"estimate\" }}, optional = true }}",
                        quoted(label)
                    );
                }
                4 => drop(writeln!(text, "{} = \"{id}\"", quoted(&format!("{label}*")))),
                _ => drop(writeln!(text, "{} = \"{id}\"", quoted(&format!("{section}{label}")))),
            }
        }
    } else {
        let _ = writeln!(text, "{} = \"total\"", quoted(plan.total));
        if choices.once_in(4) {
            ignored.push("Tỷ lệ".to_owned());
            text.push_str("\"Tỷ lệ*\" = \"ignore\"\n");
        }
        text.push_str(if choices.once_in(4) { "\"Thôn *\" = \"member\"\n" } else { "\"*\" = \"member\"\n" });
    }
    text
}

/// A submission with everything it is judged by.
pub(crate) fn submission(choices: &mut Choices<'_>) -> Submission {
    let catalogue = catalogue(choices);
    let mut mapping = String::from("[mapping]\nid = \"xa\"\ncatalogue = \"danh-muc.toml\"\n");
    let (mut files, mut ignored) = (Vec::new(), Vec::new());
    let mut previous = None;
    let mut is_broken = false;
    for number in 0..=choices.below(2) {
        let plan = plan(choices);
        let mut sheets = Vec::new();
        for at in 0..=choices.below(2) {
            let name = choices.of(&["Chăn nuôi", "Trồng trọt", "Sheet1", "Cả năm", "Thôn Nà Lẹng", "B & C"]);
            let mut sheet = Sheet { name: format!("{name}{}", ["", " 2"][at.min(1)]), ..Sheet::default() };
            sheet.hidden = at > 0 && choices.once_in(4);
            table(choices, &plan, &mut sheet);
            if choices.once_in(3) {
                let other = self::plan(choices);
                sheet.rows.push(Vec::new());
                let again = choices.once_in(2);
                table(choices, if again { &plan } else { &other }, &mut sheet);
            }
            sheets.push(sheet);
        }
        if previous.is_none() && choices.once_in(4) {
            previous = Some(written(choices, &format!("so-lieu-{number}"), &sheets));
        }
        for _ in 0..[0, 0, 1, 3, 8][choices.below(5)] {
            let at = choices.below(sheets.len());
            edit(choices, &mut sheets[at]);
        }
        let mut file = written(choices, &format!("so-lieu-{number}"), &sheets);
        if choices.once_in(15) {
            is_broken = true;
            for _ in 0..=choices.below(3) {
                let at = choices.below(file.bytes.len());
                file.bytes[at] = u8::try_from(choices.below(256)).unwrap_or(0);
            }
            if choices.once_in(3) {
                let length = choices.below(file.bytes.len());
                file.bytes.truncate(length);
            }
        }
        mapping.push_str(&source(choices, &plan, &format!("so-lieu-{number}*"), &mut ignored));
        files.push(file);
    }
    Submission { files, catalogue, mapping, previous, ignored, is_broken }
}
