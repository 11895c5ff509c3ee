//! The exact ratio of two numbers.

use crate::{
    model::catalogue::Scale,
    values::number::{Decimal, Rational},
};

/// The ratio in a scale; `None` where the denominator is not positive, for which the form knows no
/// ratio.
pub fn exact_ratio(of: Decimal, to: Decimal, scale: Scale) -> Option<Rational> {
    if to <= Decimal::ZERO {
        return None;
    }
    let quotient = Rational::from(of).checked_div(&Rational::from(to))?;
    Some(match scale {
        Scale::Percent => &quotient * &Rational::from(100),
        Scale::Fraction => quotient,
    })
}
