//! The two languages a person can be spoken to in.

use std::{borrow::Cow, fmt::Display};

use serde::{Deserialize, Serialize};

use crate::values::number::{self, Decimal, Rational, Rounding};

/// Language of every sentence meant for people. Codes and keys are always English.
///
/// ```
/// use bieu::{Decimal, Language};
///
/// assert_eq!(Language::default(), Language::Vi);
/// assert_eq!(Language::Vi.number(Decimal::new(10_063, 1)), "1.006,3");
/// assert_eq!(Language::En.number(Decimal::new(10_063, 1)), "1,006.3");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Vietnamese, the default.
    #[default]
    Vi,
    /// English.
    En,
}

impl Language {
    /// A number as this language writes it: `1.006,3` or `1,006.3`, without trailing zeros.
    pub fn number(self, value: Decimal) -> String {
        match self {
            Self::Vi => number::vietnamese(value),
            Self::En => number::english(value),
        }
    }

    /// A rational for a person: in full where it is a short decimal, else with six decimals.
    pub fn rational(self, value: &Rational) -> String {
        match value.to_exact_decimal().filter(|d| d.scale() <= 6) {
            Some(decimal) => self.number(decimal),
            None => value.to_decimal(6, Rounding::HalfUp).map_or_else(|| value.to_string(), |d| self.number(d)),
        }
    }
}

/// A counted noun in English: `1 file`, `2 files`. Vietnamese nouns do not change with their number.
pub fn counted<T: Copy + Display + PartialEq + From<u8>>(count: T, noun: &str) -> String {
    let ending = if count == T::from(1) { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

/// A message as it begins where it stands by itself: in a cell, in a comment, on a page. A first word that
/// may be a name of a file or an address stays as it is.
pub fn sentence(message: &str) -> Cow<'_, str> {
    let mut letters = message.chars();
    let word = message.split(char::is_whitespace).next().unwrap_or_default();
    let is_word = word.trim_end_matches([',', ';', ':']).chars().all(char::is_alphabetic);
    match letters.next().filter(|first| is_word && first.is_lowercase()) {
        Some(first) => first.to_uppercase().chain(letters).collect::<String>().into(),
        None => message.into(),
    }
}

/// One fixed text in both languages.
///
/// ```
/// use bieu::{Language, Words};
///
/// let words = Words { vi: "lỗi", en: "error" };
/// assert_eq!(words.get(Language::En), "error");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// Vietnamese.
    pub vi: &'static str,
    /// English.
    pub en: &'static str,
}

impl Words {
    /// The text in `language`.
    pub const fn get(&self, language: Language) -> &'static str {
        match language {
            Language::Vi => self.vi,
            Language::En => self.en,
        }
    }
}

/// Formats one of two sentences: `say!(language, "Vietnamese {x}", "English {x}")`.
///
/// Both are checked by the compiler, so no language can fall behind.
macro_rules! say {
    ($language:expr, $vi:literal, $en:literal $(,)?) => {
        match $language {
            $crate::values::language::Language::Vi => format!($vi),
            $crate::values::language::Language::En => format!($en),
        }
    };
}
pub(crate) use say;
