//! Verdicts: exceeded, met or missed, from the exact numbers and never from the printed ratio.

use crate::{
    model::{
        catalogue::{Direction, Indicator, VerdictWords, rule::Relation},
        reading::{Reading, Value, admits},
    },
    values::{
        number::{Decimal, Rational},
        text,
    },
};

/// How a result stands to its plan, from bad to good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Worse than planned.
    Missed,
    /// As planned.
    Met,
    /// Better than planned.
    Exceeded,
}

impl Verdict {
    /// The word that the form uses.
    pub fn word(self, words: &VerdictWords) -> &str {
        match self {
            Self::Exceeded => &words.exceeded,
            Self::Met => &words.met,
            Self::Missed => &words.missed,
        }
    }
}

/// The verdict on a result. `None` where one of the two is missing, or the result is no number. A
/// plan that is a bound or a range is met inside it and missed outside.
pub fn of(indicator: &Indicator, actual: Option<&Reading>, plan: Option<&Reading>) -> Option<Verdict> {
    let actual = actual?.number()?;
    match plan?.value {
        Value::Number(plan) => Some(compare(indicator.direction, actual, plan)),
        Value::Bound(op, bound) => {
            let inside = admits(op, &Rational::from(actual), &Rational::from(bound));
            Some(if inside { Verdict::Met } else { Verdict::Missed })
        }
        Value::Range(low, high) => Some(if low <= actual && actual <= high { Verdict::Met } else { Verdict::Missed }),
        Value::Nothing(_) | Value::Text(_) | Value::Partial { .. } | Value::Unusable => None,
    }
}

fn compare(direction: Direction, actual: Decimal, plan: Decimal) -> Verdict {
    let order = match direction {
        Direction::Higher => actual.cmp(&plan),
        Direction::Lower => plan.cmp(&actual),
    };
    match order {
        std::cmp::Ordering::Less => Verdict::Missed,
        std::cmp::Ordering::Equal => Verdict::Met,
        std::cmp::Ordering::Greater => Verdict::Exceeded,
    }
}

// Below 0, where no word of a rule is.
const MISSED: i64 = -1;
const MET: i64 = -2;
const EXCEEDED: i64 = -3;
const MET_OR_BETTER: i64 = -4;

/// How the result stands to the plan, higher being better, under each number of [`Stated::code`].
pub fn codes() -> [(Decimal, Relation); 4] {
    [
        (MISSED.into(), Relation::Less),
        (MET.into(), Relation::Equals),
        (EXCEEDED.into(), Relation::Greater),
        (MET_OR_BETTER.into(), Relation::AtLeast),
    ]
}

/// Whether a number of [`Stated::code`] stands for one of the three words.
pub fn is_plain(code: Decimal) -> bool {
    code != Decimal::from(MET_OR_BETTER)
}

/// The word for a number of [`Stated::code`].
pub fn word_of(code: Decimal, words: &VerdictWords) -> Option<&str> {
    let verdicts = [(MISSED, Verdict::Missed), (MET, Verdict::Met), (EXCEEDED, Verdict::Exceeded)];
    verdicts.iter().find(|(known, _)| Decimal::from(*known) == code).map(|(_, verdict)| verdict.word(words))
}

/// What a sheet says of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stated {
    /// The word, where it is one of the three.
    pub verdict: Verdict,
    /// "đạt và vượt", "đạt" for a plan that is a bound: the better one is admitted too.
    pub or_better: bool,
    /// Called expected, not reached.
    pub forecast: bool,
}

impl Stated {
    /// A number for it, for the stage that names the wrong cell: it knows figures only.
    pub fn code(self) -> Decimal {
        let code = match (self.verdict, self.or_better) {
            (Verdict::Missed, _) => MISSED,
            (Verdict::Met, false) => MET,
            (Verdict::Met, true) => MET_OR_BETTER,
            (Verdict::Exceeded, _) => EXCEEDED,
        };
        code.into()
    }

    /// Whether it agrees with the verdict that is due.
    pub fn admits(self, due: Verdict) -> bool {
        self.verdict == due || (self.or_better && due >= self.verdict)
    }
}

/// Reads a verdict in the words of the catalogue or the usual ones: `Vượt`, `(Dự kiến Đạt)`, `Chưa
/// đạt`. `None` for other remarks.
pub fn stated(reading: &Reading, words: &VerdictWords) -> Option<Stated> {
    let Value::Text(written) = &reading.value else { return None };
    let folded = text::fold(written);
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    let (forecast, rest) = ["dự kiến", "ước"]
        .iter()
        .find_map(|word| bare.strip_prefix(word))
        .map_or((false, bare), |rest| (true, rest.trim()));
    let own = [(&words.exceeded, Verdict::Exceeded), (&words.met, Verdict::Met), (&words.missed, Verdict::Missed)];
    if let Some((_, verdict)) = own.into_iter().find(|(word, _)| text::fold(word) == rest) {
        return Some(Stated { verdict, or_better: false, forecast });
    }
    let verdict = match rest {
        "vượt" | "vượt kế hoạch" | "vượt kh" | "vượt mức" => {
            Stated { verdict: Verdict::Exceeded, or_better: false, forecast }
        }
        "đạt" | "đạt kế hoạch" | "đạt kh" | "hoàn thành" => {
            Stated { verdict: Verdict::Met, or_better: false, forecast }
        }
        "đạt và vượt" | "đạt, vượt" | "đạt/vượt" => {
            Stated { verdict: Verdict::Met, or_better: true, forecast }
        }
        "không đạt" | "chưa đạt" | "không đạt kế hoạch" | "chưa đạt kế hoạch" | "không hoàn thành" => {
            Stated { verdict: Verdict::Missed, or_better: false, forecast }
        }
        _ => return None,
    };
    Some(verdict)
}
