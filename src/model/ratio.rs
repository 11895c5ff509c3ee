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
    let times = match scale {
        Scale::Percent => 100,
        Scale::Fraction => 1,
    };
    if let Some((of, to)) = in_units(of, to)
        && let Some(of) = of.checked_mul(times)
    {
        return Rational::from(of).checked_div(&Rational::from(to));
    }
    let quotient = Rational::from(of).checked_div(&Rational::from(to))?;
    Some(&quotient * &Rational::from(times))
}

/// Two numbers as whole numbers of the last digit of the finer one; `None` where they are too long for that.
/// Nearly none are, and whole numbers are compared far faster.
pub(crate) fn in_units(one: Decimal, other: Decimal) -> Option<(i64, i64)> {
    let scale = one.scale().max(other.scale());
    let units = |number: Decimal| {
        let more = 10i64.checked_pow(scale - number.scale())?;
        i64::try_from(number.mantissa()).ok()?.checked_mul(more)
    };
    Some((units(one)?, units(other)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal() -> impl Strategy<Value = Decimal> {
        let mantissa = prop_oneof![-1_000_000i64..1_000_000, any::<i64>()];
        (mantissa, 0u32..=28).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale))
    }

    proptest! {
        /// Whole numbers give what decimals give.
        #[test]
        fn a_ratio_is_the_quotient_of_its_numbers(of in decimal(), to in decimal()) {
            for (scale, times) in [(Scale::Percent, 100), (Scale::Fraction, 1)] {
                let quotient = Rational::from(of).checked_div(&Rational::from(to)).filter(|_| to > Decimal::ZERO);
                let wanted = quotient.map(|quotient| &quotient * &Rational::from(times));
                prop_assert_eq!(exact_ratio(of, to, scale), wanted);
            }
        }
    }
}
