//! Words in cells as numbers, for the stage that names the cell: it knows figures only, and a word
//! such as "đã kết hôn" may be the wrong one too. What a cell may say instead is what the rules
//! compare it with.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    model::{
        catalogue::{
            Catalogue, IndicatorId,
            rule::{Condition, Value},
        },
        reading::{Reading, Value as Content},
    },
    values::{number::Decimal, text},
};

/// A word that no rule names.
const OTHER: i64 = 0;

/// The words that rules compare cells with.
#[derive(Debug, Default)]
pub(super) struct Codes {
    /// By the folded word: its number, and the word as the rule writes it.
    words: BTreeMap<String, (i64, Arc<str>)>,
    /// What the cells of each indicator are compared with.
    choices: BTreeMap<IndicatorId, BTreeSet<i64>>,
}

fn folded(word: &str) -> String {
    text::fold(word.trim())
}

impl Codes {
    pub(super) fn new(catalogue: &Catalogue) -> Self {
        let mut codes = Self::default();
        for rule in &catalogue.rules {
            codes.collect(&rule.that);
        }
        codes
    }

    fn collect(&mut self, condition: &Condition) {
        match condition {
            Condition::Compare(first, rest) => {
                let mut left = first;
                for (_, right) in rest {
                    self.add(left, right);
                    self.add(right, left);
                    left = right;
                }
            }
            Condition::OneOf(value, items) => items.iter().for_each(|item| self.add(value, item)),
            Condition::Not(inner) => self.collect(inner),
            Condition::All(inner) | Condition::Any(inner) => inner.iter().for_each(|inner| self.collect(inner)),
            Condition::If(when, then, otherwise) => {
                self.collect(when);
                self.collect(then);
                if let Some(otherwise) = otherwise {
                    self.collect(otherwise);
                }
            }
            Condition::Missing(_) | Condition::Present(_) | Condition::Numeric(_) | Condition::Unique(_) => {}
        }
    }

    fn add(&mut self, cell: &Value, word: &Value) {
        if let (Value::Reading(operand), Value::Text(word)) = (cell, word) {
            let next = i64::try_from(self.words.len()).map_or(OTHER, |count| count + 1);
            let (code, _) = self.words.entry(folded(word)).or_insert_with(|| (next, word.clone()));
            self.choices.entry(operand.indicator).or_default().insert(*code);
        }
    }

    /// The number of a word.
    pub(super) fn of(&self, word: &str) -> i64 {
        self.words.get(&folded(word)).map_or(OTHER, |(code, _)| *code)
    }

    /// What a cell may say but this word.
    pub(super) fn others(&self, indicator: IndicatorId, word: &str) -> Vec<i64> {
        let code = self.of(word);
        let choices = self.choices.get(&indicator).into_iter().flatten().copied();
        choices.chain([OTHER]).filter(|other| *other != code).collect()
    }

    /// The number of the word in a cell; `None` for a cell without words.
    pub(super) fn in_cell(&self, reading: &Reading) -> Option<Decimal> {
        matches!(reading.value, Content::Text(_)).then(|| Decimal::from(self.of(&reading.origin.raw.text())))
    }

    /// The word of a number; `None` for one that no rule names.
    pub(super) fn word(&self, code: Decimal) -> Option<&str> {
        self.words.values().find(|(known, _)| Decimal::from(*known) == code).map(|(_, word)| &**word)
    }
}
