//! A statement of a form held against the figures: whether it is a rule of its table.

use super::Expression;
use crate::values::number::{Interval, Rational};

/// What a cell says.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A number: as it stands, and all that it stands for.
    Number(Rational, Interval),
    /// Nothing; in a sum that is 0.
    Blank,
    /// Words, a bound, an error: nothing can be judged by it.
    Other,
}

/// A statement, line by line.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// Times 100, or 1/100, or another power of ten: `8=3:1` is 100 × 3 / 1.
    pub factor: Rational,
    /// Lines that keep it, and say more than that one figure stands twice.
    pub telling: Vec<usize>,
    /// Other lines that keep it.
    pub trivial: usize,
    /// Lines that break it, each with what it would have to be, as far as they may be wrong.
    pub broken: Vec<(usize, Rational)>,
    /// Lines that could be judged.
    pub judged: usize,
    /// Whether lines that break it may be said to be wrong.
    pub outcome: Outcome,
}

/// What the figures say to a statement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    /// Nearly every line keeps it: it is a rule, and what breaks it is an exception.
    Rule,
    /// Too few lines speak for it or against it.
    #[default]
    Open,
    /// Most lines break it: it is a mistake of the form, or means something else.
    Refused,
}

impl Outcome {
    /// Name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Open => "open",
            Self::Refused => "refused",
        }
    }
}

/// Fewest lines that make a rule or refuse one.
pub const FEWEST: usize = 3;
/// So many lines say which factor is meant.
const PROBES: usize = 1_000;
/// At most one line in so many may break a rule.
const ONE_IN: usize = 5;

/// Factors that a quotient may stand for besides 1, likeliest first.
fn factors() -> impl Iterator<Item = Rational> {
    [0, 2, -2, 3, -3, 1, -1].into_iter().map(Rational::power_of_ten)
}

impl Trial {
    const fn new(factor: Rational) -> Self {
        Self { factor, telling: Vec::new(), trivial: 0, broken: Vec::new(), judged: 0, outcome: Outcome::Open }
    }

    /// Holds `of = is` against lines. Of all factors that a product may have, the one that most lines
    /// keep counts.
    pub fn of(of: usize, is: &Expression, lines: usize, cell: &dyn Fn(usize, usize) -> Content) -> Self {
        let additive = is.is_additive();
        let tries = factors().take(if additive { 1 } else { usize::MAX });
        let mut best: Option<Self> = None;
        for factor in tries {
            let trial = Self::with(of, is, (lines.min(PROBES), factor), cell);
            if best.as_ref().is_none_or(|best| trial.telling.len() > best.telling.len()) {
                best = Some(trial);
            }
        }
        let mut trial = best.unwrap_or(Self::new(Rational::ONE));
        if lines > PROBES {
            trial = Self::with(of, is, (lines, trial.factor), cell);
        }
        trial.judged = trial.kept() + trial.broken.len();
        trial.outcome = outcome(trial.telling.len(), trial.trivial, trial.broken.len());
        trial
    }

    fn with(
        of: usize,
        is: &Expression,
        (lines, factor): (usize, Rational),
        cell: &dyn Fn(usize, usize) -> Content,
    ) -> Self {
        let additive = is.is_additive();
        let figures = is.figures();
        let mut trial = Self::new(factor);
        for line in 0..lines {
            let Content::Number(stated, room) = cell(line, of) else { continue };
            let (mut blank, mut other, mut filled) = (0, false, 0);
            for place in &figures {
                match cell(line, *place) {
                    Content::Number(value, _) => filled += usize::from(!value.is_zero()),
                    Content::Blank => blank += 1,
                    Content::Other => other = true,
                }
            }
            // Of a row of zeros nothing is learnt, and where words stand nothing is known.
            if other || blank == figures.len() || (!additive && blank > 0) || (filled == 0 && stated.is_zero()) {
                continue;
            }
            let figure = |place: usize| match cell(line, place) {
                Content::Number(value, band) => Some((value, band)),
                Content::Blank => Some((Rational::ZERO, Interval::exact(Rational::ZERO))),
                Content::Other => None,
            };
            let Some((point, band)) = is.value(&figure) else { continue };
            let (point, band) = (&point * &trial.factor, band.scale(&trial.factor));
            if band.meets(&room) {
                if filled > 1 || (!additive && filled > 0) {
                    trial.telling.push(line);
                } else {
                    trial.trivial += 1;
                }
            } else if blank == 0 {
                trial.broken.push((line, point));
            }
            // A sum that does not come out while one of its figures is blank lacks that figure.
        }
        trial
    }

    /// A figure that breaks most of the lines in which it is more than 0 is what the form should not
    /// have added (a ratio among amounts), and none of those lines is wrong for it.
    #[must_use]
    pub fn sparing(mut self, is: &Expression, cell: &dyn Fn(usize, usize) -> Content) -> Self {
        if !is.is_additive() {
            return self;
        }
        let is_filled = |line: usize, place: usize| match cell(line, place) {
            Content::Number(value, _) => !value.is_zero(),
            Content::Blank | Content::Other => false,
        };
        for place in is.figures() {
            let kept = self.telling.iter().filter(|line| is_filled(**line, place)).count();
            let broken = self.broken.iter().filter(|(line, _)| is_filled(*line, place)).count();
            if broken == 0 || kept > broken {
                continue;
            }
            self.broken.retain(|(line, _)| !is_filled(*line, place));
            if self.outcome == Outcome::Rule && broken > 1 {
                self.outcome = Outcome::Open;
            }
        }
        self
    }

    /// Lines that keep it.
    pub fn kept(&self) -> usize {
        self.telling.len() + self.trivial
    }
}

/// What so many lines say: those that keep it and tell something, others that keep it, those that break
/// it.
pub fn outcome(telling: usize, trivial: usize, broken: usize) -> Outcome {
    let judged = telling + trivial + broken;
    if telling >= FEWEST && broken * ONE_IN <= judged {
        Outcome::Rule
    } else if broken >= FEWEST && broken * 2 > judged {
        Outcome::Refused
    } else {
        Outcome::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::catalogue::rule::stated::statements;

    /// Rows of whole numbers, exact; -1 is a blank cell, -2 words.
    fn hold(written: &str, rows: &[&[i64]]) -> Trial {
        let names: Vec<(String, usize)> = (0..9).map(|at| ((at + 1).to_string(), at)).collect();
        let stated = &statements(written)[0];
        let is = stated.expressions(&names).swap_remove(0);
        let cell = |line: usize, place: usize| match rows[line].get(place) {
            None | Some(-1) => Content::Blank,
            Some(-2) => Content::Other,
            Some(value) => Content::Number((*value).into(), Interval::exact((*value).into())),
        };
        Trial::of(stated.place(&names).expect("a column"), &is, rows.len(), &cell).sparing(&is, &cell)
    }

    #[test]
    fn nearly_all_rows_make_a_rule() {
        let trial = hold("1=2+3", &[&[5, 2, 3], &[7, 3, 4], &[9, 4, 5], &[11, 5, 6], &[12, 6, 7]]);
        assert_eq!((trial.outcome, trial.telling.len()), (Outcome::Rule, 4));
        assert_eq!(trial.broken, [(4, 13.into())]);
        // Two of three are no rule, and refuse nothing.
        assert_eq!(hold("1=2+3", &[&[5, 2, 3], &[7, 3, 4], &[8, 4, 5]]).outcome, Outcome::Open);
    }

    #[test]
    fn a_ratio_among_the_parts_refuses_it() {
        let trial = hold("1=2+3", &[&[5, 5, 98], &[7, 7, 101], &[9, 9, 99], &[11, 11, 100]]);
        assert_eq!((trial.outcome, trial.kept()), (Outcome::Refused, 0));
        // In few rows the ratio is given: none of them is wrong, and nothing is a rule.
        let trial = hold(
            "1=2+3+4",
            &[
                &[5, 2, 3, 0],
                &[7, 3, 4, 0],
                &[9, 4, 5, 0],
                &[3, 1, 2, 0],
                &[4, 1, 3, 0],
                &[6, 3, 3, 0],
                &[8, 4, 4, 0],
                &[9, 3, 6, 0],
                &[11, 5, 6, 90],
                &[12, 6, 6, 80],
            ],
        );
        assert_eq!((trial.outcome, trial.broken.len()), (Outcome::Open, 0));
    }

    #[test]
    fn percent_is_tried() {
        let trial = hold("3=2:1", &[&[4, 3, 75], &[8, 2, 25], &[5, 1, 20], &[0, 1, 7], &[10, 1, -2]]);
        assert_eq!((trial.outcome, trial.telling.len(), trial.factor), (Outcome::Rule, 3, 100.into()));
    }

    #[test]
    fn what_lacks_accuses_nobody() {
        let rows: &[&[i64]] =
            &[&[5, 2, 3], &[7, 3, 4], &[9, 4, 5], &[9, 4, -1], &[-1, 4, 5], &[3, -2, 3], &[0, 0, 0], &[4, 4, -1]];
        let trial = hold("1=2+3", rows);
        assert_eq!((trial.outcome, trial.telling.len(), trial.trivial), (Outcome::Rule, 3, 1));
        assert!(trial.broken.is_empty());
    }
}
