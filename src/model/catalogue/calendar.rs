//! The period of a catalogue in its texts, and the years of it that measures and columns are
//! repeated for.

use crate::{
    model::document::{At, Problems, both},
    values::period::Period,
};

/// Longer periods are a slip.
pub(super) const MOST_YEARS: usize = 30;

/// The period, as far as it was understood.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    period: Option<Period>,
}

impl Calendar {
    pub(super) fn new(period: Option<Period>) -> Self {
        Self { period }
    }

    /// Puts the period into a text that no field of a mapping goes into.
    pub(super) fn fill(&self, written: At<String>, problems: &mut Problems) -> String {
        let Some(period) = &self.period else { return written.value };
        let (text, unknown) = period.expand(&written.value, &[]);
        for name in unknown {
            problems.add_with_help(
                written.span.clone(),
                both!("không hiểu `{{{name}}}`", "cannot understand `{{{name}}}`"),
                both!(
                    "dùng {{year}}, {{year-1}}, {{year+1}}, {{first-year}}, {{months}}, {{period}}",
                    "use {{year}}, {{year-1}}, {{year+1}}, {{first-year}}, {{months}}, {{period}}"
                ),
            );
        }
        text
    }

    /// How many years the period has, at least one.
    pub(super) fn years(&self) -> usize {
        let years = self.period.as_ref().map_or(1, |period| period.year - period.first_year + 1);
        usize::try_from(years).unwrap_or(1).clamp(1, MOST_YEARS)
    }

    /// Puts a year of the period, counted from zero, into a text.
    pub(super) fn of_year(&self, text: &str, at: usize) -> String {
        let first = self.period.as_ref().map_or(0, |period| period.first_year);
        let year = first.saturating_add(i32::try_from(at).unwrap_or(0));
        text.replace("{each-year}", &year.to_string())
    }
}

/// The id of a measure for a year of the period, counted from zero: by place and not by number, so
/// that mappings and next year's catalogue name the same measure.
pub(super) fn yearly(measure: &str, at: usize) -> String {
    format!("{measure}.{}", at + 1)
}
