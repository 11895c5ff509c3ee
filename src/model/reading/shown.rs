//! What a cell shows where that is more or less than what it stores.

use crate::{model::workbook, values::number::Decimal};

/// A figure as the number format of its cell draws it, in the unit of its indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The value that is drawn: all that is stored, or fewer digits of it.
    pub value: Decimal,
    /// Decimals that are drawn.
    pub decimals: i32,
}

impl Shown {
    /// What a format makes of a number: `None` where that says no more and no less than its digits.
    pub(crate) fn of(number: &workbook::ShownNumber) -> Option<Self> {
        let signed = |decimals: u32| i32::try_from(decimals).unwrap_or(i32::MAX);
        match number.rounded {
            Some(value) => {
                Some(Self { value: value.normalize(), decimals: signed(value.scale().max(number.decimals)) })
            }
            None if number.decimals > number.value.scale() => {
                Some(Self { value: number.value, decimals: signed(number.decimals) })
            }
            None => None,
        }
    }
}
