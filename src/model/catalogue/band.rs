//! How far a figure may lie from what it is held against: its own of the period before, or another
//! of the same row.

use toml::de::DeValue;

use crate::{
    model::document::{Fields, Problems, both, plain_decimal},
    values::number::Decimal,
};

/// The least and the greatest ratio that need no second look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// The least.
    pub low: Decimal,
    /// The greatest.
    pub high: Decimal,
}

/// Reads `band = [0.5, 2]`.
pub(super) fn decode_band(table: &mut Fields<'_, '_>, problems: &mut Problems) -> Option<Band> {
    let item = table.item("band")?;
    let number = |value: &DeValue<'_>| match value {
        DeValue::Integer(number) => plain_decimal(number.as_str()),
        DeValue::Float(number) => plain_decimal(number.as_str()),
        DeValue::String(number) => plain_decimal(number),
        DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    };
    let ends: Option<Vec<Decimal>> =
        item.get_ref().as_array().and_then(|list| list.iter().map(|end| number(end.get_ref())).collect());
    let band = match ends.as_deref() {
        Some([low, high]) if *low >= Decimal::ZERO && low < high => Some(Band { low: *low, high: *high }),
        Some(_) | None => None,
    };
    if band.is_none() {
        problems.add(
            item.span(),
            both!(
                "`band` phải là hai số, số nhỏ trước, ví dụ [0.5, 2]",
                "`band` must be two numbers, the smaller one first, such as [0.5, 2]"
            ),
        );
    }
    band
}
