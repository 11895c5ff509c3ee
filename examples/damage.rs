//! Damages clean submissions and counts what is found, named and mended.
//!
//! ```text
//! cargo run --example damage [-- SEED [DAMAGES OF EACH KIND]]
//! ```
//!
//! A submission is made in memory: crops with area, yield and output in two seasons, the year and all
//! crops, planned and reached, with ratios and verdicts, and a second sheet of villages. One damage is
//! done, the bytes are read, extracted and judged as `bieu validate` does, and the report is compared
//! with what was done. Whether a damage breaks a rule is computed here, apart from the library.

use std::{collections::BTreeMap, env, sync::Arc};

use bieu::{
    catalogue::{self, Catalogue},
    document::Document,
    extract::Texts,
    finding::{Finding, Severity},
    language::Language,
    mapping::{self, Mapping},
    number::{Decimal, parse_plain},
    pipeline::{self, Basis},
    read::Limits,
};

const CROPS: [&str; 4] = ["lúa", "ngô", "khoai", "lạc"];
const SEASONS: [&str; 2] = ["xuân", "mùa"];
const VILLAGES: usize = 5;
const PLAN: usize = 2;
const ACTUAL: usize = 3;
const RATIO: usize = 4;
const VERDICT: usize = 5;
/// Rows of a crop: area, yield and output of each season, area and output of the year.
const BLOCK: usize = 8;

/// splitmix64: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    fn between(&mut self, low: i128, high: i128) -> i128 {
        low + i128::from(self.next()) % (high - low + 1)
    }
}

/// File, row and column from 0.
type At = (usize, usize, usize);

/// A printed figure: digits and decimals.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Figure {
    digits: i128,
    decimals: u32,
}

impl Figure {
    fn text(self) -> String {
        let size = self.digits.unsigned_abs();
        let power = 10u128.pow(self.decimals);
        let whole = (size / power).to_string();
        let mut shown = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                shown.push('.');
            }
            shown.push(digit);
        }
        let sign = if self.digits < 0 { "-" } else { "" };
        match self.decimals {
            0 => format!("{sign}{shown}"),
            decimals => format!("{sign}{shown},{:0width$}", size % power, width = decimals as usize),
        }
    }

    fn value(self) -> Decimal {
        Decimal::from_i128_with_scale(self.digits, self.decimals).normalize()
    }

    /// In millionths, and half of the last digit that counts.
    fn band(self, recorded: u32) -> (i128, i128) {
        let unit = 10i128.pow(6 - self.decimals.min(6));
        (self.digits * unit, 10i128.pow(6 - self.decimals.max(recorded).min(6)) / 2)
    }
}

#[derive(Clone)]
struct Submission {
    figures: BTreeMap<At, Figure>,
    words: BTreeMap<At, String>,
}

fn row(crop: usize, within: usize) -> usize {
    1 + crop * BLOCK + within
}

fn totals() -> [usize; 2] {
    [1 + CROPS.len() * BLOCK, 2 + CROPS.len() * BLOCK]
}

fn half_up(numerator: i128, denominator: i128) -> i128 {
    (2 * numerator + denominator).div_euclid(2 * denominator)
}

fn clean(random: &mut Random) -> Submission {
    let mut s = Submission { figures: BTreeMap::new(), words: BTreeMap::new() };
    for crop in 0..CROPS.len() {
        for season in 0..2 {
            let column = 1 + crop * 2 + season;
            let mut area = 0;
            for village in 0..VILLAGES {
                let own = random.between(150, 9_000);
                area += own;
                s.figures.insert((1, 1 + village, column), Figure { digits: own, decimals: 2 });
            }
            s.figures.insert((1, 1 + VILLAGES, column), Figure { digits: area, decimals: 2 });
            for (measure, area) in [(ACTUAL, area), (PLAN, random.between(area * 4 / 5, area * 6 / 5))] {
                let per = random.between(310, 690);
                let at = |within| (0, row(crop, season * 3 + within), measure);
                s.figures.insert(at(0), Figure { digits: area, decimals: 2 });
                s.figures.insert(at(1), Figure { digits: per, decimals: 1 });
                s.figures.insert(at(2), Figure { digits: half_up(area * per, 100), decimals: 2 });
            }
        }
        add_up(&mut s, crop);
    }
    add_up_all(&mut s);
    for row in 1..=totals()[1] {
        ratio(&mut s, row);
    }
    s
}

/// A submission of a form without ratios and verdicts.
fn strip(s: &mut Submission) {
    s.figures.retain(|at, _| at.0 == 1 || at.2 != RATIO);
    s.words.retain(|at, _| at.2 != VERDICT);
}

fn add_up(s: &mut Submission, crop: usize) {
    for measure in [PLAN, ACTUAL] {
        for (within, parts) in [(6, [0, 3]), (7, [2, 5])] {
            let digits = parts.iter().map(|part| s.figures[&(0, row(crop, *part), measure)].digits).sum();
            s.figures.insert((0, row(crop, within), measure), Figure { digits, decimals: 2 });
        }
    }
}

fn add_up_all(s: &mut Submission) {
    for measure in [PLAN, ACTUAL] {
        for (total, within) in totals().into_iter().zip([6, 7]) {
            let digits = (0..CROPS.len()).map(|crop| s.figures[&(0, row(crop, within), measure)].digits).sum();
            s.figures.insert((0, total, measure), Figure { digits, decimals: 2 });
        }
    }
}

fn ratio(s: &mut Submission, row: usize) {
    let (plan, actual) = (s.figures[&(0, row, PLAN)].digits, s.figures[&(0, row, ACTUAL)].digits);
    s.figures.insert((0, row, RATIO), Figure { digits: half_up(actual * 10_000, plan), decimals: 2 });
    s.words.insert((0, row, VERDICT), verdict(plan, actual).to_owned());
}

fn verdict(plan: i128, actual: i128) -> &'static str {
    match actual.cmp(&plan) {
        std::cmp::Ordering::Greater => "Vượt",
        std::cmp::Ordering::Equal => "Đạt",
        std::cmp::Ordering::Less => "Không đạt",
    }
}

fn labels() -> Vec<(String, String, &'static str)> {
    let mut rows = Vec::new();
    for (c, crop) in CROPS.iter().enumerate() {
        for (s, season) in SEASONS.iter().enumerate() {
            for (id, what, unit) in
                [("dt", "Diện tích", "ha"), ("ns", "Năng suất", "tạ/ha"), ("sl", "Sản lượng", "tấn")]
            {
                rows.push((format!("c{c}.v{s}.{id}"), format!("{what} {crop} vụ {season}"), unit));
            }
        }
        rows.push((format!("c{c}.dt"), format!("Diện tích {crop} cả năm"), "ha"));
        rows.push((format!("c{c}.sl"), format!("Sản lượng {crop} cả năm"), "tấn"));
    }
    rows.push(("tong.dt".into(), "Tổng diện tích gieo trồng".into(), "ha"));
    rows.push(("tong.sl".into(), "Tổng sản lượng các cây".into(), "tấn"));
    rows
}

fn basis() -> (Catalogue, Mapping) {
    let mut text = "[catalogue]\nid = \"c\"\nperiod = \"2023\"\n".to_owned();
    let mut rows = String::new();
    for (id, label, unit) in labels() {
        let decimals = if unit == "tạ/ha" { 1 } else { 2 };
        text += &format!(
            "\n[[indicator]]\nid = \"{id}\"\nlabel = \"{label}\"\nunit = \"{unit}\"\ndecimals = {decimals}\nmin = 0\n"
        );
        let all = |what: &str| (0..CROPS.len()).map(|c| format!("\"c{c}.{what}\"")).collect::<Vec<_>>().join(", ");
        if let Some(stem) = id.strip_suffix(".sl").filter(|stem| stem.contains(".v")) {
            text += &format!("product = {{ of = [\"{stem}.dt\", \"{stem}.ns\"], divide-by = 10 }}\n");
        } else if let Some(what) = id.strip_prefix("tong.") {
            text += &format!("parts = [{}]\n", all(what));
        } else if let Some((crop, what)) = id.split_once('.').filter(|(_, what)| !what.contains('.')) {
            text += &format!("parts = [\"{crop}.v0.{what}\", \"{crop}.v1.{what}\"]\n");
        }
        rows += &format!("\"{label}\" = \"{id}\"\n");
    }
    let mut mapping_text = format!(
        "[mapping]\nid = \"m\"\ncatalogue = \"c.toml\"\n\n[[source]]\nfile = \"chinh*\"\nlabel = \"Chỉ tiêu\"\nunit-column = \"ĐVT\"\n\n\
         [source.columns]\n\"Kế hoạch\" = \"plan\"\n\"Thực hiện\" = \"actual\"\n\"Tỷ lệ %\" = \"ratio\"\n\"Ghi chú\" = \"verdict\"\n\n\
         [source.rows]\n{rows}\n[[source]]\nfile = \"thon*\"\nlabel = \"Thôn\"\nunit = \"ha\"\n\n[source.columns]\n"
    );
    for (c, crop) in CROPS.iter().enumerate() {
        for (s, season) in SEASONS.iter().enumerate() {
            mapping_text +=
                &format!("\"{crop} {season}\" = {{ indicator = \"c{c}.v{s}.dt\", measure = \"actual\" }}\n");
        }
    }
    mapping_text += "\n[source.rows]\n\"Tổng cộng\" = \"total\"\n\"*\" = \"member\"\n";
    let catalogue = catalogue::decode(&Document::new("c.toml", text.clone()))
        .map_err(|problems| problems.into_iter().map(|p| p.message.1).collect::<Vec<_>>())
        .expect("the catalogue is right");
    let mapping = mapping::decode(&Document::new("m.toml", mapping_text.clone()), &catalogue)
        .map_err(|problems| problems.into_iter().map(|p| p.message.1).collect::<Vec<_>>())
        .expect("the mapping is right");
    (catalogue, mapping)
}

const FILES: [&str; 2] = ["chinh.csv", "thon.csv"];

fn csv(s: &Submission, file: usize) -> String {
    let cell = |at: At| s.figures.get(&at).map(|f| f.text()).or_else(|| s.words.get(&at).cloned()).unwrap_or_default();
    let mut text = String::new();
    if file == 0 {
        text += "Chỉ tiêu;ĐVT;Kế hoạch;Thực hiện;Tỷ lệ %;Ghi chú\n";
        for (at, (_, label, unit)) in labels().iter().enumerate() {
            let unit = s.words.get(&(0, at + 1, 1)).map_or(*unit, String::as_str);
            let rest: Vec<String> = (2..6).map(|column| cell((0, at + 1, column))).collect();
            text += &format!("{label};{unit};{}\n", rest.join(";"));
        }
    } else {
        let heads: Vec<String> =
            CROPS.iter().flat_map(|crop| SEASONS.iter().map(move |season| format!("{crop} {season}"))).collect();
        text += &format!("Thôn;{}\n", heads.join(";"));
        for village in 0..=VILLAGES {
            let name =
                if village == VILLAGES { "Tổng cộng".to_owned() } else { format!("Bản số {}", village + 1) };
            let rest: Vec<String> = (1..=heads.len()).map(|column| cell((1, 1 + village, column))).collect();
            text += &format!("{name};{}\n", rest.join(";"));
        }
    }
    text
}

fn judge(s: &Submission, (catalogue, mapping): &(Catalogue, Mapping)) -> Vec<Finding> {
    let files: Vec<_> = FILES
        .iter()
        .enumerate()
        .map(|(at, name)| {
            pipeline::read_file(&Arc::from(*name), csv(s, at).as_bytes(), &Limits::default(), Language::En)
        })
        .collect();
    let extract = pipeline::try_mapping(&files, mapping, catalogue, None, &Texts::default(), Language::En).0;
    let basis = Basis { mapping, catalogue, previous: None, suppressions: None };
    pipeline::judge(&Arc::from("in"), files, extract, basis, Language::En).submission.findings
}

/// A rule over cells: the oracle's own view of the form.
enum Law {
    Sum(At, Vec<At>),
    Product(At, At, At),
    Ratio(At, At, At),
}

fn laws() -> Vec<Law> {
    let mut laws = Vec::new();
    for measure in [PLAN, ACTUAL] {
        let at = |row| (0, row, measure);
        for crop in 0..CROPS.len() {
            for (within, parts) in [(6, [0, 3]), (7, [2, 5])] {
                laws.push(Law::Sum(at(row(crop, within)), parts.map(|part| at(row(crop, part))).to_vec()));
            }
            for season in 0..2 {
                let [area, per, out] = [0, 1, 2].map(|within| at(row(crop, season * 3 + within)));
                laws.push(Law::Product(out, area, per));
            }
        }
        for (total, within) in totals().into_iter().zip([6, 7]) {
            laws.push(Law::Sum(at(total), (0..CROPS.len()).map(|crop| at(row(crop, within))).collect()));
        }
    }
    for crop in 0..CROPS.len() {
        for season in 0..2 {
            let (area, column) = ((0, row(crop, season * 3), ACTUAL), 1 + crop * 2 + season);
            laws.push(Law::Sum(area, (0..VILLAGES).map(|village| (1, 1 + village, column)).collect()));
            laws.push(Law::Sum((1, 1 + VILLAGES, column), vec![area]));
        }
    }
    laws.extend((1..=totals()[1]).map(|row| Law::Ratio((0, row, RATIO), (0, row, ACTUAL), (0, row, PLAN))));
    laws
}

fn recorded(at: At) -> u32 {
    let is_yield = at.0 == 0 && at.1 < totals()[0] && matches!((at.1 - 1) % BLOCK, 1 | 4);
    if is_yield { 1 } else { 2 }
}

fn is_broken(s: &Submission, law: &Law) -> bool {
    let band = |at: At| s.figures[&at].band(recorded(at));
    match law {
        Law::Sum(total, parts) => {
            let (stated, mut room) = band(*total);
            let mut sum = 0;
            for part in parts {
                let (value, half) = band(*part);
                (sum, room) = (sum + value, room + half);
            }
            (stated - sum).abs() > room
        }
        Law::Product(out, area, per) => {
            let ((o, ho), (a, ha), (p, hp)) = (band(*out), band(*area), band(*per));
            let ends = [(a - ha) * (p - hp), (a - ha) * (p + hp), (a + ha) * (p - hp), (a + ha) * (p + hp)];
            let (low, high) = (ends.iter().min().copied().unwrap_or(0), ends.iter().max().copied().unwrap_or(0));
            high < (o - ho) * 10_000_000 || (o + ho) * 10_000_000 < low
        }
        Law::Ratio(ratio, of, to) => {
            let (r, of, to) = (s.figures[ratio], band(*of).0, band(*to).0);
            if to <= 0 {
                return false;
            }
            // Rounded or cut off or rounded up: less than one digit off.
            let off = (of * 100 * 10i128.pow(r.decimals) - r.digits * to).abs();
            off >= to
        }
    }
}

fn cells(law: &Law) -> Vec<At> {
    match law {
        Law::Sum(total, parts) => parts.iter().copied().chain([*total]).collect(),
        Law::Product(a, b, c) | Law::Ratio(a, b, c) => vec![*a, *b, *c],
    }
}

/// What was done: the damaged cells with their true figures.
struct Damage {
    after: Submission,
    guilty: Vec<(At, Option<Figure>)>,
    /// A rule that is not about figures is broken: a verdict, a unit.
    word: bool,
}

fn digits(figure: Figure) -> Vec<u8> {
    format!("{:0width$}", figure.digits, width = figure.decimals as usize + 1).into_bytes()
}

fn typed(text: &[u8], decimals: u32) -> Option<Figure> {
    let digits = std::str::from_utf8(text).ok()?.parse().ok()?;
    (text.len() > decimals as usize).then_some(Figure { digits, decimals })
}

const KINDS: [&str; 18] = [
    "two digits transposed",
    "a digit changed",
    "a digit dropped",
    "a digit doubled",
    "times 10",
    "times 100",
    "times 1000",
    "decimal comma lost",
    "decimal comma as thousands mark",
    "sign",
    "two cells swapped",
    "three rows shifted",
    "ratio copied from the next row",
    "ratio cut off",
    "ratio wrong",
    "verdict wrong",
    "unit wrong",
    "total not updated",
];

fn damage(kind: usize, s: &Submission, bare: bool, random: &mut Random) -> Option<Damage> {
    let all: Vec<At> = s.figures.keys().copied().collect();
    let at = all[random.below(all.len())];
    let figure = s.figures[&at];
    let mut after = s.clone();
    let text = digits(figure);
    let spot = random.below(text.len());
    let single = |after: Submission, new: Option<Figure>| {
        let mut after = after;
        after.figures.insert(at, new.filter(|new| new.value() != figure.value())?);
        Some(Damage { after, guilty: vec![(at, Some(figure))], word: false })
    };
    let times = |by: i128| Some(Figure { digits: figure.digits * by, ..figure });
    let last = totals()[1];
    let line = 1 + random.below(last - 1);
    match kind {
        12..=15 if bare => None,
        0 => {
            let mut new = text.clone();
            (spot + 1 < text.len()).then(|| new.swap(spot, spot + 1))?;
            single(after, typed(&new, figure.decimals))
        }
        1 => {
            let mut new = text.clone();
            new[spot] = b'0' + u8::try_from(random.below(10)).unwrap_or(0);
            single(after, typed(&new, figure.decimals))
        }
        2 => {
            let mut new = text.clone();
            new.remove(spot);
            single(after, typed(&new, figure.decimals))
        }
        3 => {
            let mut new = text.clone();
            new.insert(spot, text[spot]);
            single(after, typed(&new, figure.decimals))
        }
        4 => single(after, times(10)),
        5 => single(after, times(100)),
        6 => single(after, times(1000)),
        7 => single(after, Some(Figure { decimals: 0, ..figure })),
        8 => {
            // 12,345 for 12.345 in a sheet set to English: a yield of 12,3 turns to 12.300.
            single(after, Some(Figure { digits: figure.digits * 10i128.pow(3 - figure.decimals), decimals: 0 }))
        }
        9 => single(after, times(-1)),
        10 | 11 => {
            let column = [PLAN, ACTUAL, RATIO][random.below(if bare { 2 } else { 3 })];
            let count = if kind == 10 { 2 } else { 3 };
            let start = 1 + random.below(last - count);
            let rows: Vec<At> = (start..start + count).map(|row| (0, row, column)).collect();
            for (to, from) in rows.iter().zip(rows.iter().cycle().skip(1)) {
                after.figures.insert(*to, s.figures[from]);
            }
            let changed = rows.iter().filter(|at| s.figures[at] != after.figures[at]);
            let guilty: Vec<_> = changed.map(|at| (*at, Some(s.figures[at]))).collect();
            (!guilty.is_empty()).then_some(Damage { after, guilty, word: false })
        }
        12..=14 => {
            let (own, next) = (s.figures[&(0, line, RATIO)], s.figures[&(0, line + 1, RATIO)]);
            let (plan, actual) = (s.figures[&(0, line, PLAN)].digits, s.figures[&(0, line, ACTUAL)].digits);
            let new = match kind {
                12 => next,
                13 => Figure { digits: actual * 10_000 / plan, decimals: 2 },
                _ => Figure { digits: own.digits + random.between(-2_000, 2_000), decimals: 2 },
            };
            after.figures.insert((0, line, RATIO), (new != own).then_some(new)?);
            Some(Damage { after, guilty: vec![((0, line, RATIO), Some(own))], word: false })
        }
        15 => {
            let words = ["Vượt", "Đạt", "Không đạt"];
            let new = words[random.below(3)];
            let old = after.words.insert((0, line, VERDICT), new.to_owned());
            (old.as_deref() != Some(new)).then_some(Damage {
                after,
                guilty: vec![((0, line, VERDICT), None)],
                word: true,
            })
        }
        16 => {
            let unit = labels()[line - 1].2;
            let new = match (unit, random.below(2)) {
                ("ha", 0) => "tấn",
                ("ha", _) => "m2",
                ("tấn", 0) => "ha",
                ("tấn", _) => "tạ",
                (_, 0) => "ha",
                (_, _) => "tấn/ha",
            };
            after.words.insert((0, line, 1), new.to_owned());
            Some(Damage { after, guilty: vec![((0, line, 1), None)], word: true })
        }
        _ => {
            // One village reports again; everything follows but one total of the year.
            let (crop, season) = (random.below(CROPS.len()), random.below(2));
            let column = 1 + crop * 2 + season;
            let village = (1, 1 + random.below(VILLAGES), column);
            let more = random.between(20, 4_000);
            for at in [village, (1, 1 + VILLAGES, column), (0, row(crop, season * 3), ACTUAL)] {
                after.figures.insert(at, Figure { digits: s.figures[&at].digits + more, decimals: 2 });
            }
            let [area, per, out] = [0, 1, 2].map(|within| (0, row(crop, season * 3 + within), ACTUAL));
            let product = half_up(after.figures[&area].digits * after.figures[&per].digits, 100);
            after.figures.insert(out, Figure { digits: product, decimals: 2 });
            add_up(&mut after, crop);
            add_up_all(&mut after);
            for row in 1..=last {
                ratio(&mut after, row);
            }
            let stale = (0, row(crop, 6 + random.below(2)), ACTUAL);
            let truth = after.figures.insert(stale, s.figures[&stale])?;
            ratio(&mut after, stale.1);
            Some(Damage { after, guilty: vec![(stale, Some(truth))], word: false })
        }
    }
}

#[derive(Default)]
struct Score {
    damaged: u32,
    breaking: u32,
    detected: u32,
    figures: u32,
    first: u32,
    three: u32,
    value: u32,
    several: u32,
    several_first: u32,
}

fn address((file, row, column): At) -> (String, String) {
    let letter = char::from(b'A' + u8::try_from(column).unwrap_or(0));
    (FILES[file].to_owned(), format!("{letter}{}", row + 1))
}

/// Hypotheses in the order in which a person reads them, each cell once: file, cell and value.
fn named(findings: &[Finding]) -> Vec<((String, String), String)> {
    let all = findings.iter().flat_map(|finding| finding.hypotheses.iter());
    let mut named: Vec<((String, String), String)> = Vec::new();
    for guess in all {
        let cell = guess.target.cell.map(|cell| cell.to_string()).unwrap_or_default();
        let cell = (guess.target.file.to_string(), cell);
        if !named.iter().any(|(known, _)| *known == cell) {
            named.push((cell, guess.to.clone()));
        }
    }
    named
}

fn main() {
    let mut arguments = env::args().skip(1).filter_map(|argument| argument.parse::<u64>().ok());
    let (seed, each) = (arguments.next().unwrap_or(1), arguments.next().unwrap_or(200));
    let basis = basis();
    for bare in [false, true] {
        run(seed, each, bare, &basis);
    }
}

fn run(seed: u64, each: u64, bare: bool, basis: &(Catalogue, Mapping)) {
    let mut random = Random(seed);
    let laws: Vec<Law> = laws().into_iter().filter(|law| !bare || !matches!(law, Law::Ratio(..))).collect();
    let mut scores: Vec<Score> = KINDS.iter().map(|_| Score::default()).collect();
    let (mut errors, mut warnings) = (0, 0);
    for _ in 0..each {
        let mut s = clean(&mut random);
        if bare {
            strip(&mut s);
        }
        for finding in judge(&s, basis) {
            errors += u32::from(finding.severity == Severity::Error);
            warnings += u32::from(finding.severity == Severity::Warning);
            if finding.severity > Severity::Info {
                eprintln!("undamaged: {} {}", finding.code, finding.message);
            }
        }
        for (kind, score) in scores.iter_mut().enumerate() {
            let Some(mut done) = (0..50).find_map(|_| damage(kind, &s, bare, &mut random)) else { continue };
            if bare {
                strip(&mut done.after);
            }
            count(&done, score, basis, &laws);
        }
    }
    let form = if bare { "without" } else { "with" };
    println!("A form {form} ratios and verdicts: seed {seed}, {each} damages of each kind.");
    println!("{each} undamaged submissions: {errors} errors, {warnings} warnings.\n");
    print(&scores);
}

fn count(done: &Damage, score: &mut Score, basis: &(Catalogue, Mapping), laws: &[Law]) {
    score.damaged += 1;
    let broken = laws.iter().filter(|law| is_broken(&done.after, law)).count();
    if broken == 0 && !done.word {
        return;
    }
    score.breaking += 1;
    let findings = judge(&done.after, basis);
    if !findings.iter().any(|finding| finding.severity > Severity::Info) {
        return;
    }
    score.detected += 1;
    let figures: Vec<_> =
        done.guilty.iter().filter_map(|(at, truth)| Some((address(*at), (*truth)?.value()))).collect();
    if figures.is_empty() {
        return;
    }
    score.figures += 1;
    let named = named(&findings);
    let is_guilty = |guess: &&((String, String), String)| figures.iter().any(|(cell, _)| *cell == guess.0);
    let first = named.first().is_some_and(|guess| is_guilty(&guess));
    score.first += u32::from(first);
    score.three += u32::from(named.iter().take(3).any(|guess| is_guilty(&guess)));
    let is_true = |guess: &((String, String), String)| {
        figures
            .iter()
            .any(|(cell, truth)| *cell == guess.0 && parse_plain(&guess.1).map(|v| v.normalize()) == Some(*truth))
    };
    score.value += u32::from(named.iter().find(is_guilty).is_some_and(is_true));
    let seen = laws.iter().filter(|law| done.guilty.iter().any(|(at, _)| cells(law).contains(at))).count();
    if done.guilty.len() == 1 && seen >= 2 {
        score.several += 1;
        score.several_first += u32::from(first);
    }
}

fn share(part: u32, whole: u32) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let tenths = (u64::from(part) * 1000 + u64::from(whole) / 2) / u64::from(whole);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn print(scores: &[Score]) {
    println!(
        "| damage | done | break no rule | detected | guilty cell first | among three | true value | first where two rules see it |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    let mut all = Score::default();
    for (name, score) in KINDS.iter().zip(scores).filter(|(_, score)| score.damaged > 0) {
        line(name, score);
        all.damaged += score.damaged;
        all.breaking += score.breaking;
        all.detected += score.detected;
        all.figures += score.figures;
        all.first += score.first;
        all.three += score.three;
        all.value += score.value;
        all.several += score.several;
        all.several_first += score.several_first;
    }
    line("all", &all);
    println!();
}

fn line(name: &str, score: &Score) {
    println!(
        "| {name} | {} | {} | {} | {} | {} | {} | {} |",
        score.damaged,
        score.damaged - score.breaking,
        share(score.detected, score.breaking),
        share(score.first, score.figures),
        share(score.three, score.figures),
        share(score.value, score.figures),
        share(score.several_first, score.several),
    );
}
