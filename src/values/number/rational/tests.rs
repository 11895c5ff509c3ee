use num_traits::{One, Zero};
use proptest::prelude::*;

use super::*;

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}

fn fraction(n: i64, d: i64) -> Rational {
    Rational::from(n).checked_div(&Rational::from(d)).expect("a divisor")
}

#[test]
fn rounding_modes() {
    use Rounding::{Ceiling, HalfEven, HalfUp, Truncate};
    for (n, d, decimals, rounding, want) in [
        (1, 8, 2, HalfUp, "0.13"),
        (-1, 8, 2, HalfUp, "-0.13"),
        (1, 8, 2, HalfEven, "0.12"),
        (3, 8, 2, HalfEven, "0.38"),
        (1, 8, 2, Truncate, "0.12"),
        (-1, 8, 2, Truncate, "-0.12"),
        (1, 8, 2, Ceiling, "0.13"),
        (-1, 8, 2, Ceiling, "-0.12"),
        (-1, 3, 0, Ceiling, "0"),
        (5, 10, 0, HalfUp, "1"),
        (5, 10, 0, HalfEven, "0"),
        (15, 10, 0, HalfEven, "2"),
        (1810, 15, 2, HalfUp, "120.67"),
        (1810, 15, 2, Truncate, "120.66"),
        (36877, 370, 2, HalfUp, "99.67"),
        (99_996, 1000, 2, HalfUp, "100.00"),
        (7, 1, 28, HalfUp, "7"),
        (2_000_000, 1, 28, Ceiling, "2000000"),
    ] {
        let value = fraction(n, d).to_decimal(decimals, rounding);
        assert_eq!(value, Some(decimal(want)), "{n}/{d} {rounding:?}");
    }
}

#[test]
fn nothing_is_rounded_further_than_asked() {
    assert_eq!(fraction(1, 3).to_decimal(29, Rounding::HalfUp), None);
    assert_eq!(fraction(1, 3).to_decimal(u32::MAX, Rounding::HalfUp), None);
    let long = fraction(1, 3) + Rational::from(10_000_000);
    assert_eq!(long.to_decimal(28, Rounding::HalfUp), None);
    assert!(long.to_decimal(20, Rounding::HalfUp).is_some());
    let huge = Rational::power_of_ten(40);
    assert_eq!(huge.to_decimal(0, Rounding::HalfUp), None);
    assert_eq!(huge.to_exact_decimal(), None);
}

/// Numbers at and beside the ends of 64 and 128 bits.
fn at_an_end() -> impl Strategy<Value = i128> {
    let ends = [0, i64::MIN.into(), i64::MAX.into(), u64::MAX.into(), i128::MIN, i128::MAX];
    (proptest::sample::select(ends.to_vec()), -3i128..=3).prop_map(|(end, off)| end.saturating_add(off))
}

proptest! {
    #[test]
    fn products_at_the_ends_are_those_of_big_integers(
        a in at_an_end(), b in at_an_end(), c in at_an_end(), d in at_an_end(),
    ) {
        prop_assert_eq!(product(a, b), a.checked_mul(b));
        let (Some(one), Some(other)) = (Rational::small(a, b.max(1)), Rational::small(c, d.max(1))) else {
            return Ok(());
        };
        let (big_one, big_other) = (one.to_big(), other.to_big());
        prop_assert_eq!((&one * &other).to_big(), &big_one * &big_other);
        prop_assert_eq!((&one + &other).to_big(), &big_one + &big_other);
        prop_assert_eq!(one.cmp(&other), big_one.cmp(&big_other));
    }

    #[test]
    fn large_fractions_compare_as_big_integers_do(
        a in -i128::MAX..i128::MAX, b in 1i128.., c in -i128::MAX..i128::MAX, d in 1i128.., near in -3i128..=3,
    ) {
        let big = |n: i128, d: i128| BigRational::new(BigInt::from(n), BigInt::from(d));
        prop_assert_eq!(by_whole_parts((a, b), (c, d)), big(a, b).cmp(&big(c, d)));
        prop_assert_eq!(by_whole_parts((a, b), (a, b)), Ordering::Equal);
        // Alike down to the last digit.
        let (n, d) = (a.saturating_add(near), b.saturating_add(near).max(1));
        prop_assert_eq!(by_whole_parts((a, b), (n, d)), big(a, b).cmp(&big(n, d)));
    }

    #[test]
    fn what_prints_so_may_print_so(n in any::<i32>(), d in 1i32.., decimals in 0u32..=6, off in -2i64..=2) {
        let value = fraction(n.into(), d.into());
        for rounding in [Rounding::HalfUp, Rounding::Truncate, Rounding::Ceiling] {
            let printed = value.to_decimal(decimals, rounding).expect("in reach");
            prop_assert!(value.may_print_as(printed, decimals), "{value} {printed}");
            prop_assert!(value.prints_as(printed, decimals, rounding), "{value} {printed}");
            let other = printed + Decimal::new(off, decimals);
            let near = (&value - &Rational::from(other)).abs() < Rational::power_of_ten(-decimals.cast_signed());
            prop_assert_eq!(value.may_print_as(other, decimals), near);
            prop_assert_eq!(value.prints_as(other, decimals, rounding), other == printed);
        }
    }

    /// Halves are the hard case, and a grid of few digits is full of them.
    #[test]
    fn prints_as_is_what_rounding_gives(n in -60i64..=60, d in 1i64..=8, decimals in 0u32..=2, printed in -99i64..=99) {
        let (value, printed) = (fraction(n, d), Decimal::new(printed, 1));
        for rounding in [Rounding::HalfUp, Rounding::Truncate, Rounding::Ceiling, Rounding::HalfEven] {
            let rounded = value.to_decimal(decimals, rounding);
            prop_assert_eq!(value.prints_as(printed, decimals, rounding), rounded == Some(printed), "{}", value);
            prop_assert!(rounded.is_some_and(|rounded| value.prints_as(rounded, decimals, rounding)));
        }
    }

    #[test]
    fn decimals_add_up_as_fractions_do(terms in proptest::collection::vec((any::<i64>(), 0u32..=28), 0..6)) {
        let terms: Vec<Decimal> = terms.into_iter().map(|(units, scale)| Decimal::new(units, scale)).collect();
        prop_assert_eq!(Rational::sum_of(terms.iter().copied()), terms.iter().copied().map(Rational::from).sum());
    }
}

#[test]
fn prints_as_decimal_where_it_ends() {
    for (value, want) in [
        (Rational::from(decimal("2352.970")), "2352.97"),
        (fraction(1, 8), "0.125"),
        (fraction(-7, 3), "-7/3"),
        (fraction(6, 3), "2"),
        (Rational::ZERO, "0"),
        (Rational::power_of_ten(2), "100"),
        (Rational::power_of_ten(-3), "0.001"),
        (Rational::power_of_ten(30), "1000000000000000000000000000000"),
    ] {
        assert_eq!(value.to_string(), want);
    }
    assert_eq!(format!("{:?}", fraction(1, 3)), "Rational(1/3)");
    let big = Rational::power_of_ten(50).checked_div(&Rational::from(7));
    assert!(big.is_some_and(|big| big.to_string().ends_with("0/7")));
}

#[test]
fn a_third_times_three_is_one() {
    assert_eq!(fraction(1, 3) * Rational::from(3), Rational::ONE);
    assert_eq!(Rational::ONE.checked_div(&Rational::ZERO), None);
    assert_eq!(Rational::ZERO.recip(), None);
}

#[test]
fn comes_back_from_big_to_small() {
    let huge = Rational::power_of_ten(60);
    let back = &huge * &Rational::power_of_ten(-58);
    assert_eq!(back, Rational::from(100));
    assert_eq!(&huge - &huge, Rational::ZERO);
    assert!((&huge - &huge).is_zero());
    // 2^127 is one more than the largest i128, and its negation fits one.
    let edge = (0..127).fold(Rational::ONE, |value, _| value * Rational::from(2));
    assert_eq!(-&-&edge, edge);
    assert_eq!(&edge + &-&edge, Rational::ZERO);
    assert!(-&edge < edge);
}

fn rational() -> impl Strategy<Value = Rational> {
    let part = prop_oneof![any::<i64>(), -20i64..20, Just(0), Just(i64::MIN)];
    let exponent = prop_oneof![Just(0), -40i32..40];
    (part.clone(), part, exponent).prop_map(|(n, d, exponent)| {
        let d = Rational::from(if d == 0 { 1 } else { d });
        let value = Rational::from(n).checked_div(&d).expect("not 0");
        value * Rational::power_of_ten(exponent)
    })
}

proptest! {
    #[test]
    fn arithmetic_agrees_with_big_rationals(a in rational(), b in rational()) {
        let (big_a, big_b) = (a.to_big(), b.to_big());
        prop_assert_eq!((&a + &b).to_big(), &big_a + &big_b);
        prop_assert_eq!((&a - &b).to_big(), &big_a - &big_b);
        prop_assert_eq!((&a * &b).to_big(), &big_a * &big_b);
        prop_assert_eq!((-&a).to_big(), -&big_a);
        prop_assert_eq!(a.cmp(&b), big_a.cmp(&big_b));
        prop_assert_eq!(a == b, big_a == big_b);
        prop_assert_eq!(a.abs().to_big(), big_a.abs());
        prop_assert_eq!(a.is_integer(), big_a.is_integer());
        match a.checked_div(&b) {
            Some(quotient) => prop_assert_eq!(quotient.to_big(), big_a / big_b),
            None => prop_assert!(big_b.is_zero()),
        }
    }

    #[test]
    fn results_are_canonical(a in rational(), b in rational()) {
        for value in [&a + &b, &a - &b, &a * &b] {
            prop_assert_eq!(Rational::from_big(value.to_big()), value);
        }
    }

    #[test]
    fn rounding_agrees_with_big_rationals(a in rational(), decimals in 0u32..=28) {
        let scaled = a.to_big() * BigRational::from_integer(BigInt::from(10).pow(decimals));
        let half = BigRational::new(BigInt::one(), BigInt::from(2));
        let half_up = if a.is_negative() {
            -((-&scaled + &half).floor())
        } else {
            (&scaled + &half).floor()
        };
        let tie = (&scaled - &half).is_integer();
        let two = BigRational::from_integer(BigInt::from(2));
        let half_even = if tie && !(&half_up / two).is_integer() {
            if a.is_negative() { &half_up + BigRational::one() } else { &half_up - BigRational::one() }
        } else {
            half_up.clone()
        };
        for (rounding, want) in [
            (Rounding::HalfUp, half_up),
            (Rounding::Truncate, scaled.trunc()),
            (Rounding::Ceiling, scaled.ceil()),
            (Rounding::HalfEven, half_even),
        ] {
            let rescaled = Rational::from_big(want) * Rational::power_of_ten(-decimals.cast_signed());
            match a.to_decimal(decimals, rounding) {
                Some(rounded) => prop_assert_eq!(Rational::from(rounded), rescaled),
                None => prop_assert!(rescaled.to_exact_decimal().is_none()),
            }
        }
    }

    #[test]
    fn decimals_go_there_and_back(mantissa in any::<i128>(), scale in 0u32..=28) {
        let value = Decimal::from_i128_with_scale(mantissa >> 32, scale);
        let rational = Rational::from(value);
        prop_assert_eq!(rational.to_exact_decimal(), Some(value));
        prop_assert_eq!(rational.to_string(), value.normalize().to_string());
    }
}
