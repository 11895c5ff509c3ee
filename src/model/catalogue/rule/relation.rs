//! How two values of a rule stand to each other.

use crate::values::number::{Interval, Rational};

/// How two values have to stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// `=`
    Equals,
    /// `!=`
    Differs,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

impl Relation {
    /// As rules write it.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equals => "=",
            Self::Differs => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
        }
    }

    /// The relation that holds exactly when this one does not.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Equals => Self::Differs,
            Self::Differs => Self::Equals,
            Self::Less => Self::AtLeast,
            Self::AtMost => Self::Greater,
            Self::Greater => Self::AtMost,
            Self::AtLeast => Self::Less,
        }
    }

    /// The relation seen from the other side.
    #[must_use]
    pub const fn mirrored(self) -> Self {
        match self {
            Self::Equals => Self::Equals,
            Self::Differs => Self::Differs,
            Self::Less => Self::Greater,
            Self::AtMost => Self::AtLeast,
            Self::Greater => Self::Less,
            Self::AtLeast => Self::AtMost,
        }
    }

    /// Whether values can stand so of which the printed ones have this difference and together may be
    /// `room` off.
    pub fn admits(self, difference: &Rational, room: &Rational) -> bool {
        match self {
            Self::Equals => difference.abs() <= *room,
            Self::Differs => !difference.is_zero() || !room.is_zero(),
            Self::Less => difference < room,
            Self::AtMost => difference <= room,
            Self::Greater => -difference < *room,
            Self::AtLeast => -difference <= *room,
        }
    }

    /// Whether a value of the interval stands so to the bound.
    pub(crate) fn meets(self, band: &Interval, bound: &Rational) -> bool {
        match self {
            Self::Equals => band.contains(bound),
            Self::Differs => !band.width().is_zero() || band.low() != bound,
            Self::Less => band.low() < bound,
            Self::AtMost => band.low() < bound || band.contains(bound),
            Self::Greater => band.high() > bound,
            Self::AtLeast => band.high() > bound || band.contains(bound),
        }
    }
}
