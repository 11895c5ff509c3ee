//! The slips of a keyboard, on the digits of a figure.

/// What the author did to a digit string, seen from the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edit {
    /// Two neighbouring digits stand the wrong way round.
    Swapped,
    /// One digit is another.
    Changed,
    /// One digit too many.
    Added,
    /// One digit too few.
    Dropped,
}

/// Longer digit strings are left alone: one digit more must fit a decimal.
const LONGEST: usize = 27;

/// Every number that is wanted and whose digits are one slip away (optimal string alignment distance
/// 1), with the slip that made `grid` of it. `grid` counts units of 10^-decimals; digits in front of
/// the decimal mark are never empty, so that 0.05 is `005` and one slip away from 1.05.
pub(super) fn neighbours(grid: i128, decimals: usize, is_wanted: impl Fn(i128) -> bool) -> Vec<(i128, Edit)> {
    let width = decimals + 1;
    let digits = format!("{:0width$}", grid.unsigned_abs()).into_bytes();
    if digits.len() > LONGEST {
        return Vec::new();
    }
    let digits: Vec<i128> = digits.into_iter().map(|digit| i128::from(digit - b'0')).collect();
    let size = grid.abs();
    let is_long = digits.len() > width;
    let mut found = Vec::new();
    let mut keep = |other: i128, edit: Edit| {
        let meant = if grid < 0 { -other } else { other };
        if meant != grid && is_wanted(meant) {
            found.push((meant, edit));
        }
    };
    // What stands left of a digit, and right of it; the last one counts units.
    let (mut above, mut place) = (0, 10i128.pow(u32::try_from(digits.len()).unwrap_or(0)));
    for at in 0..=digits.len() {
        let rest = size % place;
        // A digit in front of the mark, too: 0.25 with a digit more is 2.75, the zero in front goes.
        (0..10).for_each(|digit| keep((above * 10 + digit) * place + rest, Edit::Dropped));
        let Some(own) = digits.get(at) else { break };
        place /= 10;
        let (below, next) = (size % place, digits.get(at + 1));
        // A string with a zero in front is another string than the number printed.
        let is_printed = |first: i128| at > 0 || first > 0 || !is_long;
        if let Some(next) = next.filter(|next| is_printed(**next)) {
            let pair = place / 10;
            keep(((above * 10 + next) * 10 + own) * pair + below % pair, Edit::Swapped);
        }
        let changed = (0..10).filter(|digit| is_printed(*digit));
        changed.for_each(|digit| keep((above * 10 + digit) * place + below, Edit::Changed));
        // 2.75 with a digit less is 0.25: the zero in front is printed.
        let is_left = at > 0 || digits.len() <= width + 1 || next.is_some_and(|next| *next > 0);
        if digits.len() > 1 && is_left {
            keep(above * place + below, Edit::Added);
        }
        above = above * 10 + own;
    }
    found.sort_unstable();
    found.dedup_by_key(|(size, _)| *size);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    /// The same on the strings of digits themselves.
    fn by_strings(grid: i128, decimals: usize) -> Vec<(i128, Edit)> {
        let width = decimals + 1;
        let digits = format!("{:0width$}", grid.unsigned_abs());
        let mut found = Vec::new();
        let mut keep = |other: String, edit: Edit| {
            let is_printed = other.len() == width || (other.len() > width && !other.starts_with('0'));
            let size: i128 = if is_printed { other.parse().expect("digits") } else { grid.abs() };
            if size != grid.abs() {
                found.push((if grid < 0 { -size } else { size }, edit));
            }
        };
        for at in 0..digits.len() {
            let (before, own, after) = (&digits[..at], &digits[at..=at], &digits[at + 1..]);
            if let Some(next) = after.get(..1) {
                keep(format!("{before}{next}{own}{}", &after[1..]), Edit::Swapped);
            }
            (0..10).for_each(|digit| keep(format!("{before}{digit}{after}"), Edit::Changed));
            if digits.len() > 1 {
                keep(format!("{:0>width$}", format!("{before}{after}")), Edit::Added);
            }
        }
        for at in 0..=digits.len() {
            for digit in 0..10 {
                let other = format!("{}{digit}{}", &digits[..at], &digits[at..]);
                let shorter = other.strip_prefix('0').filter(|shorter| shorter.len() >= width).map(str::to_owned);
                keep(other, Edit::Dropped);
                if let Some(shorter) = shorter {
                    keep(shorter, Edit::Dropped);
                }
            }
        }
        found.sort_unstable();
        found.dedup_by_key(|(size, _)| *size);
        found
    }

    proptest! {
        #[test]
        fn numbers_slip_as_their_digits_do(
            grid in prop_oneof![-2_000i128..2_000, any::<i64>().prop_map(i128::from)],
            decimals in 0usize..8,
        ) {
            prop_assert_eq!(neighbours(grid, decimals, |_| true), by_strings(grid, decimals));
        }
    }

    fn edit(from: i128, to: i128, decimals: usize) -> Option<Edit> {
        neighbours(from, decimals, |_| true).into_iter().find(|(size, _)| *size == to).map(|(_, edit)| edit)
    }

    #[test]
    fn one_slip() {
        for (typed, meant, decimals, want) in [
            (161, 116, 0, Some(Edit::Swapped)),
            (19979, 1979, 0, Some(Edit::Added)),
            (1979, 19979, 0, Some(Edit::Dropped)),
            (1234, 1934, 0, Some(Edit::Changed)),
            (-161, -116, 2, Some(Edit::Swapped)),
            (105, 5, 2, Some(Edit::Changed)),
            (0, 5, 0, Some(Edit::Changed)),
            (275, 25, 2, Some(Edit::Added)),
            (25, 275, 2, Some(Edit::Dropped)),
            (105, 15, 2, Some(Edit::Swapped)),
            (105, 5, 0, None),
            (0, 323, 0, None),
            (1234, 4321, 0, None),
            (7, 7, 0, None),
            (7, 0, 0, Some(Edit::Changed)),
        ] {
            assert_eq!(edit(typed, meant, decimals), want, "{typed} for {meant}");
        }
    }

    #[test]
    fn the_size_is_bounded() {
        assert!(!neighbours(99_999_999_999_999_999_999, 0, |_| true).is_empty());
        assert!(neighbours(i128::MAX, 0, |_| true).is_empty());
        assert!(neighbours(1, 28, |_| true).is_empty());
    }
}
