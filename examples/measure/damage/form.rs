//! A form: where its figures stand, what they are held to, and how a submission of it is made.

use std::collections::{BTreeMap, BTreeSet};

use bieu::internals::{
    model::{
        catalogue::{self, Catalogue},
        document::Document,
        mapping::{self, Mapping},
    },
    values::number::Decimal,
};
use rust_xlsxwriter::{Formula, Workbook};

use crate::Random;

/// File, row and column from 0.
pub(crate) type At = (usize, usize, usize);

/// A printed figure: digits and decimals.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Figure {
    pub digits: i128,
    pub decimals: u32,
}

impl Figure {
    fn text(self) -> String {
        let size = self.digits.unsigned_abs();
        let power = 10u128.pow(self.decimals);
        let whole = (size / power).to_string();
        let mut shown = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if self.decimals > 0 && at > 0 && (whole.len() - at).is_multiple_of(3) {
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

    pub(crate) fn value(self) -> Decimal {
        Decimal::from_i128_with_scale(self.digits, self.decimals).normalize()
    }

    /// In millionths.
    fn millionths(self) -> i128 {
        self.digits * 10i128.pow(6 - self.decimals.min(6))
    }
}

/// What figures are held to.
#[derive(Clone, Debug)]
pub(crate) enum Constraint {
    Sum(At, Vec<At>),
    /// Output, area, yield; output in tấn, yield in tạ.
    Product(At, At, At),
    Ratio(At, At, At),
    Verdict(At, At, At),
    /// The same figure in another place.
    Same(At, At),
}

impl Constraint {
    /// What it states the result of.
    pub(crate) fn result(&self) -> At {
        match self {
            Self::Sum(at, _)
            | Self::Product(at, ..)
            | Self::Ratio(at, ..)
            | Self::Verdict(at, ..)
            | Self::Same(at, _) => *at,
        }
    }

    pub(crate) fn operands(&self) -> Vec<At> {
        match self {
            Self::Sum(_, parts) => parts.clone(),
            Self::Product(_, a, b) | Self::Ratio(_, a, b) | Self::Verdict(_, a, b) => vec![*a, *b],
            Self::Same(_, of) => vec![*of],
        }
    }

    pub(crate) fn cells(&self) -> Vec<At> {
        let mut cells = self.operands();
        cells.push(self.result());
        cells
    }
}

#[derive(Clone)]
pub(crate) struct Submission {
    pub figures: BTreeMap<At, Figure>,
    pub words: BTreeMap<At, String>,
    /// Files that are not there.
    pub gone: BTreeSet<usize>,
    /// The files as another program saved them.
    pub files: Option<Vec<(String, Vec<u8>)>>,
}

/// A cell that is typed and free: digits between, decimals.
pub(crate) struct Leaf {
    pub at: At,
    pub low: i128,
    pub high: i128,
    pub decimals: u32,
    /// The figure lies around that of another cell, in percent.
    pub near: Option<At>,
}

pub(crate) struct Form {
    pub name: &'static str,
    pub files: Vec<String>,
    /// The texts of the sheets: headers, labels, units.
    pub texts: BTreeMap<At, String>,
    pub leaves: Vec<Leaf>,
    /// In an order in which results can be computed.
    pub constraints: Vec<Constraint>,
    /// Decimals of results, and whether a figure is a point.
    pub decimals: BTreeMap<At, u32>,
    pub exact: bool,
    /// Results that are formulas: the file is an .xlsx.
    pub formulas: bool,
    /// Files of members.
    pub members: Vec<usize>,
    pub catalogue: Catalogue,
    pub mapping: Mapping,
}

pub(crate) fn basis(catalogue: &str, mapping: &str) -> (Catalogue, Mapping) {
    let catalogue = catalogue::decode(&Document::new("c.toml", catalogue.to_owned()))
        .map_err(|problems| problems.into_iter().map(|p| p.message.1).collect::<Vec<_>>())
        .expect("the catalogue is right");
    let mapping = mapping::decode(&Document::new("m.toml", mapping.to_owned()), &catalogue)
        .map_err(|problems| problems.into_iter().map(|p| p.message.1).collect::<Vec<_>>())
        .expect("the mapping is right");
    (catalogue, mapping)
}

fn half_up(numerator: i128, denominator: i128) -> i128 {
    (2 * numerator + denominator).div_euclid(2 * denominator)
}

fn verdict(plan: i128, actual: i128) -> &'static str {
    match actual.cmp(&plan) {
        std::cmp::Ordering::Greater => "Vượt",
        std::cmp::Ordering::Equal => "Đạt",
        std::cmp::Ordering::Less => "Không đạt",
    }
}

impl Form {
    pub(crate) fn clean(&self, random: &mut Random) -> Submission {
        let mut s = Submission { figures: BTreeMap::new(), words: BTreeMap::new(), gone: BTreeSet::new(), files: None };
        for leaf in &self.leaves {
            let digits = match leaf.near.and_then(|at| s.figures.get(&at)) {
                Some(other) => random.between(other.digits * 4 / 5, other.digits * 6 / 5).max(1),
                None => random.between(leaf.low, leaf.high),
            };
            s.figures.insert(leaf.at, Figure { digits, decimals: leaf.decimals });
        }
        self.recompute(&mut s, |_| true);
        s
    }

    /// Computes results anew, so far as they are wanted.
    pub(crate) fn recompute(&self, s: &mut Submission, wanted: impl Fn(&Constraint) -> bool) {
        for constraint in self.constraints.iter().filter(|constraint| wanted(constraint)) {
            let own: Option<Vec<Figure>> = constraint.operands().iter().map(|at| s.figures.get(at).copied()).collect();
            let at = constraint.result();
            // A formula passes over a blank.
            let some = || constraint.operands().iter().filter_map(|at| s.figures.get(at).copied()).collect();
            let Some(own) = own.or_else(|| self.is_formula(at).then(some)) else { continue };
            let decimals = self.decimals.get(&at).copied().unwrap_or(0);
            let digits = match constraint {
                Constraint::Sum(..) => own.iter().map(|figure| figure.digits).sum(),
                Constraint::Product(..) => half_up(own[0].digits * own[1].digits, 100),
                Constraint::Ratio(..) if own[1].digits <= 0 => continue,
                Constraint::Ratio(..) => half_up(own[0].digits * 100 * 10i128.pow(decimals), own[1].digits),
                Constraint::Same(..) => own[0].digits,
                Constraint::Verdict(..) => {
                    s.words.insert(at, verdict(own[1].digits, own[0].digits).to_owned());
                    continue;
                }
            };
            s.figures.insert(at, Figure { digits, decimals });
        }
    }

    /// Whether a formula adds it up.
    pub(crate) fn is_formula(&self, at: At) -> bool {
        self.formulas
            && self
                .constraints
                .iter()
                .any(|constraint| constraint.result() == at && matches!(constraint, Constraint::Sum(..)))
    }

    fn half(&self, at: At) -> i128 {
        if self.exact { 0 } else { 10i128.pow(6 - self.decimals.get(&at).copied().unwrap_or(0).min(6)) / 2 }
    }

    pub(crate) fn is_broken(&self, s: &Submission, constraint: &Constraint) -> bool {
        let band = |at: &At| s.figures.get(at).map(|figure| (figure.millionths(), self.half(*at)));
        let operands: Option<Vec<(i128, i128)>> = constraint.operands().iter().map(band).collect();
        let Some(operands) = operands else { return false };
        let result = || band(&constraint.result());
        match constraint {
            Constraint::Sum(..) | Constraint::Same(..) => {
                let Some((stated, room)) = result() else { return false };
                let sum: i128 = operands.iter().map(|(value, _)| value).sum();
                let room = room + operands.iter().map(|(_, half)| half).sum::<i128>();
                (stated - sum).abs() > room
            }
            Constraint::Product(..) => {
                let (Some((o, ho)), [(a, ha), (p, hp)]) = (result(), operands.as_slice()) else { return false };
                let ends = [(a - ha) * (p - hp), (a - ha) * (p + hp), (a + ha) * (p - hp), (a + ha) * (p + hp)];
                let (low, high) = (ends.iter().min().copied().unwrap_or(0), ends.iter().max().copied().unwrap_or(0));
                high < (o - ho) * 10_000_000 || (o + ho) * 10_000_000 < low
            }
            Constraint::Ratio(ratio, ..) => {
                let (of, to) = (operands[0].0, operands[1].0);
                let Some(r) = s.figures.get(ratio).filter(|_| to > 0) else { return false };
                // Rounded or cut off or rounded up: less than one digit off.
                let off = (of * 100 * 10i128.pow(r.decimals) - r.digits * to).abs();
                off >= to
            }
            Constraint::Verdict(at, ..) => {
                let (of, to) = (operands[0].0, operands[1].0);
                s.words.get(at).is_some_and(|word| word != verdict(to, of))
            }
        }
    }

    /// The files as they are read.
    pub(crate) fn bytes(&self, s: &Submission) -> Vec<(String, Vec<u8>)> {
        self.written(s, true)
    }

    /// The files before anything computes their formulas.
    pub(crate) fn bytes_without_results(&self, s: &Submission) -> Vec<(String, Vec<u8>)> {
        self.written(s, false)
    }

    fn written(&self, s: &Submission, with_results: bool) -> Vec<(String, Vec<u8>)> {
        let present = (0..self.files.len()).filter(|file| !s.gone.contains(file));
        present
            .map(|file| {
                let bytes =
                    if self.formulas { self.xlsx(s, file, with_results) } else { self.csv(s, file).into_bytes() };
                (self.files[file].clone(), bytes)
            })
            .collect()
    }

    fn size(&self, s: &Submission, file: usize) -> (usize, usize) {
        let all = self.texts.keys().chain(s.figures.keys()).chain(s.words.keys()).filter(|at| at.0 == file);
        all.fold((0, 0), |(rows, columns), at| (rows.max(at.1 + 1), columns.max(at.2 + 1)))
    }

    fn csv(&self, s: &Submission, file: usize) -> String {
        let (rows, columns) = self.size(s, file);
        let cell = |at: At| {
            let word = s.words.get(&at).or_else(|| self.texts.get(&at)).cloned();
            s.figures.get(&at).map(|figure| figure.text()).or(word).unwrap_or_default()
        };
        let line = |row| (0..columns).map(|column| cell((file, row, column))).collect::<Vec<_>>().join(";");
        (0..rows).map(|row| line(row) + "\n").collect()
    }

    fn xlsx(&self, s: &Submission, file: usize, with_results: bool) -> Vec<u8> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        let (rows, columns) = self.size(s, file);
        for row in 0..rows {
            for column in 0..columns {
                let at = (file, row, column);
                let place = (u32::try_from(row).expect("few rows"), u16::try_from(column).expect("few columns"));
                if let Some(figure) = s.figures.get(&at) {
                    let constraint = self.constraints.iter().find(|constraint| constraint.result() == at);
                    let text = figure.value().to_string();
                    if let Some(formula) = constraint.and_then(formula) {
                        let result = if with_results { text } else { String::new() };
                        let formula = Formula::new(formula).set_result(result);
                        sheet.write_formula(place.0, place.1, formula).expect("a formula");
                    } else {
                        let value: f64 = text.parse().expect("a number");
                        sheet.write_number(place.0, place.1, value).expect("a number");
                    }
                } else if let Some(word) = s.words.get(&at).or_else(|| self.texts.get(&at)) {
                    sheet.write_string(place.0, place.1, word).expect("a text");
                }
            }
        }
        workbook.save_to_buffer().expect("a workbook")
    }
}

pub(crate) fn address((_, row, column): At) -> String {
    let letter = char::from(b'A' + u8::try_from(column).unwrap_or(0));
    format!("{letter}{}", row + 1)
}

/// The formula of a total whose parts stand under each other.
fn formula(constraint: &Constraint) -> Option<String> {
    let Constraint::Sum(total, parts) = constraint else { return None };
    let is_run = parts.windows(2).all(|pair| pair[1] == (pair[0].0, pair[0].1 + 1, pair[0].2));
    let is_here = parts.iter().all(|part| (part.0, part.2) == (total.0, total.2));
    let (first, last) = (parts.first()?, parts.last()?);
    (is_run && is_here).then(|| format!("=SUM({}:{})", address(*first), address(*last)))
}
