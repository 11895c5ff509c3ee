//! Cells of a group, and what stands or would stand in them, as findings tell of them.

use super::group::Group;
use crate::{
    judge::{
        checks::Context,
        localise::{Change, ChangeKind, Proposal},
    },
    model::{
        reading::{Raw, Reading},
        workbook::file_name,
    },
    values::{
        language::{Language, say},
        number::{Decimal, Rational, parse_plain, plain, trim},
    },
};

/// What stands in a cell, or would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// A number.
    Number(Decimal),
    /// A word.
    Word(String),
    /// Any other word than this one.
    OtherWord(String),
}

impl Content {
    /// That of a hypothesis.
    pub(super) fn parse(to: &str) -> Self {
        match (parse_plain(to), to.strip_prefix("≠ ")) {
            (Some(number), _) => Self::Number(number),
            (None, Some(word)) => Self::OtherWord(word.to_owned()),
            (None, None) => Self::Word(to.to_owned()),
        }
    }

    /// For people.
    pub(super) fn words(&self, language: Language) -> String {
        match self {
            Self::Number(number) => language.number(*number),
            Self::Word(word) => format!("\"{word}\""),
            Self::OtherWord(word) => say!(language, "chữ khác \"{word}\"", "another word than \"{word}\""),
        }
    }
}

/// A cell, with its sheet where the group spans several.
pub(super) fn cell(group: &Group<'_>, reading: &Reading) -> String {
    let several = |of: fn(&Reading) -> &str| {
        group.figures.iter().any(|figure| !figure.previous && of(figure.reading) != of(reading))
    };
    let file =
        if several(|r| &r.origin.file) { format!("{} ", file_name(&reading.origin.file)) } else { String::new() };
    let sheet = if several(|r| &r.origin.sheet) || !file.is_empty() {
        format!("'{}'!", reading.origin.sheet)
    } else {
        String::new()
    };
    format!("{file}{sheet}{}", reading.origin.cell)
}

/// The first and last cell of a column that slid.
pub(super) fn slid(group: &Group<'_>, proposal: &Proposal) -> Option<String> {
    proposal.changes.iter().find(|change| matches!(change.kind, ChangeKind::Shift(_)))?;
    let readings = || proposal.changes.iter().map(|change| group.figures[change.variable].reading);
    let (first, last) = (readings().min_by_key(|r| r.origin.cell.row)?, readings().max_by_key(|r| r.origin.cell.row)?);
    Some(format!("{}:{}", cell(group, first), last.origin.cell))
}

/// What a cell says now.
pub(super) fn now(reading: &Reading) -> Content {
    match reading.number() {
        Some(now) => Content::Number(in_cell(reading, now)),
        None => Content::Word(reading.origin.raw.text().trim().to_owned()),
    }
}

/// What a cell would say.
pub(super) fn then(cx: &Context<'_>, reading: &Reading, value: Decimal) -> Content {
    match reading.number() {
        Some(_) => Content::Number(in_cell(reading, value)),
        None => Content::Word(stated(cx, reading, value)),
    }
}

/// A value as reports state it: what its cell would hold, or the word that it stands for.
pub(super) fn stated(cx: &Context<'_>, reading: &Reading, value: Decimal) -> String {
    match reading.number() {
        Some(_) => plain(in_cell(reading, value)),
        None => cx.word(value).map_or_else(|| other_word(reading), str::to_owned),
    }
}

/// Whether another word is asked for, and several would do.
pub(super) fn is_any_word(change: &Change, reading: &Reading) -> bool {
    reading.number().is_none() && change.within.is_none()
}

/// Any other word than the one of a cell, as reports state it.
pub(super) fn other_word(reading: &Reading) -> String {
    format!("≠ {}", reading.origin.raw.text().trim())
}

/// A value as its cell would hold it: in the unit of the cell, where that is known.
fn in_cell(reading: &Reading, value: Decimal) -> Decimal {
    let converted = || {
        let Raw::Number(stored) = &reading.origin.raw else { return None };
        let (held, read) = (Rational::from(stored.exact().ok()?), Rational::from(reading.number()?));
        (&Rational::from(value) * &held.checked_div(&read)?).to_exact_decimal()
    };
    trim(converted().unwrap_or(value))
}
