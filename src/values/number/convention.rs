//! Which mark separates thousands and which one decimals, and how a column decides it.

use super::{Amount, Convention, parse};

/// What the texts of a column say together about their convention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// No text proves anything: all whole numbers, or all like "1.250".
    Undecided,
    /// At least one text can only be Vietnamese, none only English.
    Vietnamese {
        /// Position of the first text that proves it, from 0.
        by: usize,
    },
    /// At least one text can only be English, none only Vietnamese.
    English {
        /// Position of the first text that proves it, from 0.
        by: usize,
    },
    /// Both were proven, so neither holds for the column.
    Conflict {
        /// Position of the first text that proves the Vietnamese one.
        vietnamese: usize,
        /// Position of the first text that proves the English one.
        english: usize,
    },
}

impl Decision {
    /// The convention to read by; `Unknown` when there is none, or a conflict.
    pub fn convention(self) -> Convention {
        match self {
            Self::Vietnamese { .. } => Convention::Vietnamese,
            Self::English { .. } => Convention::English,
            Self::Undecided | Self::Conflict { .. } => Convention::Unknown,
        }
    }
}

/// Decides the convention of a column from the texts of its cells.
///
/// Proof is a number that only one convention allows ("18,6", "1.006,3", "12.345.678" against
/// "0.508", "1,234.5"). Words, ranges and units are no obstacle; what is not a number proves
/// nothing.
///
/// ```
/// use bieu::internals::values::number::{Convention, Decision, decide};
///
/// let decision = decide(["7.082", "0.508", "0.371"]);
/// assert_eq!(decision, Decision::English { by: 1 });
/// assert_eq!(decision.convention(), Convention::English);
/// ```
pub fn decide<'a>(texts: impl IntoIterator<Item = &'a str>) -> Decision {
    let mut vietnamese = None;
    let mut english = None;
    for (position, text) in texts.into_iter().enumerate() {
        if !text.contains(['.', ',']) {
            continue; // without a mark there is no proof
        }
        let amount: Amount = parse(text, Convention::Unknown);
        for figure in amount.figures() {
            match figure.evidence {
                Convention::Vietnamese => _ = vietnamese.get_or_insert(position),
                Convention::English => _ = english.get_or_insert(position),
                Convention::Unknown => {}
            }
        }
    }
    match (vietnamese, english) {
        (None, None) => Decision::Undecided,
        (Some(by), None) => Decision::Vietnamese { by },
        (None, Some(by)) => Decision::English { by },
        (Some(vietnamese), Some(english)) => Decision::Conflict { vietnamese, english },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_decide_together() {
        use Decision::{Conflict, English, Undecided, Vietnamese};
        let cases: [(&[&str], Decision); 14] = [
            (&[], Undecided),
            (&["1.250", "", "-", "Hoàn thành", "175"], Undecided),
            (&["1.250", "1.006,3"], Vietnamese { by: 1 }),
            (&["18,6 ha"], Vietnamese { by: 0 }),
            (&["7.082", "0.508", "0.371"], English { by: 1 }),
            (&["22,072", "99.5%"], English { by: 1 }),
            (&["1.250", "163.248.704 đ"], Vietnamese { by: 1 }),
            (&["1,250", "12,345,678"], English { by: 1 }),
            (&["368,77/370 đạt 99,67%"], Vietnamese { by: 0 }),
            (&["≥ 90,5%", "1.5"], Conflict { vietnamese: 0, english: 1 }),
            (&["1 000 000", "04/06", "600-700"], Undecided),
            (&["1 006,3"], Vietnamese { by: 0 }),
            (&["24.11.2023", "1.2.3", "Mục 1.1"], Undecided),
            (&["0.5/1,5"], Conflict { vietnamese: 0, english: 0 }),
        ];
        for (texts, want) in cases {
            assert_eq!(decide(texts.iter().copied()), want, "{texts:?}");
        }
        assert_eq!(Undecided.convention(), Convention::Unknown);
        assert_eq!(Vietnamese { by: 3 }.convention(), Convention::Vietnamese);
        let conflict = Conflict { vietnamese: 0, english: 1 };
        assert_eq!(conflict.convention(), Convention::Unknown);
    }
}
