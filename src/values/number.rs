//! Numbers: as a spreadsheet stores them, as an office writes them, and as exact values.
//!
//! Everything that is judged is a [`Decimal`] or a [`Rational`]; the
//! one type that touches a binary float is [`StoredNumber`]. Reading a text never rounds and
//! never guesses: what can be read in two ways keeps both ([`Figure::alternative`]), and what
//! cannot be read is [`Amount::NotANumber`].
//!
//! ```
//! use bieu::internals::values::number::{Amount, Convention, parse, vietnamese};
//!
//! let Amount::Number(figure) = parse("1.006,3 tấn", Convention::Unknown) else {
//!     unreachable!("the text holds one number and a unit");
//! };
//! assert_eq!(vietnamese(figure.value), "1.006,3");
//! assert_eq!(figure.decimals, 1);
//! assert_eq!(figure.unit.as_deref(), Some("tấn"));
//! ```

mod amount;
mod convention;
mod date;
mod format;
mod interval;
mod lookalike;
mod numeral;
mod parse;
mod rational;
mod stored;
mod visible;
mod words;

pub use rust_decimal::Decimal;

pub use amount::{Amount, BoundOp, Convention, Figure, Nothing, Qualifier, Repair, Thousands};
pub use convention::{Decision, decide};
pub use date::{DateText, date_text, named_month};
pub use format::{english, plain, spaced, trim, vietnamese};
pub(crate) use format::{push_plain, push_vietnamese};
pub use interval::{Interval, Printed};
pub use lookalike::look_alike;
pub use parse::{parse, parse_plain};
pub use rational::{Rational, Rounding};
pub use stored::{OutOfReach, StoredNumber, digits, to_f64_for_display};
pub(crate) use words::is_ditto;
