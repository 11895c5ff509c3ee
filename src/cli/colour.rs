//! Colours on a terminal. What is piped into a file or another program has none, nor has a terminal that asks for
//! none (<https://no-color.org>).

use std::{
    env,
    io::{self, IsTerminal},
};

/// What a mark in a picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A figure of an indicator that its row or column names.
    Figure,
    /// One of a village or of the total of all, whose column names the indicator.
    Member,
    /// Nothing takes it.
    Left,
    /// No figure.
    Other,
}

impl Mark {
    /// The same with and without colours.
    pub(super) const fn letter(self) -> char {
        match self {
            Self::Figure | Self::Member => '●',
            Self::Left => '!',
            Self::Other => '·',
        }
    }

    /// Colours of the terminal's own palette, so that they fit a light ground and a dark one.
    const fn code(self) -> &'static str {
        match self {
            Self::Figure => "32",
            Self::Member => "36",
            Self::Left => "1;31",
            Self::Other => "2",
        }
    }
}

/// Whether standard output shows colours.
pub(super) fn is_shown() -> bool {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    // The old console of Windows shows the codes themselves.
    let knows_codes = !cfg!(windows) || is_set("WT_SESSION") || is_set("TERM");
    io::stdout().is_terminal() && !is_set("NO_COLOR") && !is_dumb && knows_codes
}

/// A mark in its colour.
pub(super) fn painted(mark: Mark, is_shown: bool) -> String {
    let letter = mark.letter();
    if is_shown { format!("\u{1b}[{}m{letter}\u{1b}[0m", mark.code()) } else { letter.to_string() }
}
