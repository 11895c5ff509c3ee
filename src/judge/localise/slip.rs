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
    let mut found = Vec::new();
    let mut keep = |digits: &[u8], edit: Edit| {
        // A string with a zero in front is another string than the number printed.
        let printed = digits.len() == width || (digits.len() > width && digits.first() != Some(&b'0'));
        if let Some(size) = number(digits).filter(|size| printed && *size != grid.abs()) {
            let meant = if grid < 0 { -size } else { size };
            if is_wanted(meant) {
                found.push((meant, edit));
            }
        }
    };
    for at in 0..digits.len() {
        let mut other = digits.clone();
        if at + 1 < digits.len() {
            other.swap(at, at + 1);
            keep(&other, Edit::Swapped);
            other.swap(at, at + 1);
        }
        for digit in b'0'..=b'9' {
            other[at] = digit;
            keep(&other, Edit::Changed);
        }
        other.remove(at);
        // 2.75 with a digit less is 0.25: the zero in front is printed.
        if other.len() < width {
            other.insert(0, b'0');
        }
        if digits.len() > 1 {
            keep(&other, Edit::Added);
        }
    }
    for at in 0..=digits.len() {
        let mut other = digits.clone();
        other.insert(at, b'0');
        for digit in b'0'..=b'9' {
            other[at] = digit;
            keep(&other, Edit::Dropped);
            // 0.25 with a digit more is 2.75: the zero in front goes.
            if other.first() == Some(&b'0') && other.len() > width {
                keep(&other[1..], Edit::Dropped);
            }
        }
    }
    found.sort_unstable();
    found.dedup_by_key(|(size, _)| *size);
    found
}

fn number(digits: &[u8]) -> Option<i128> {
    digits.iter().try_fold(0i128, |size, digit| size.checked_mul(10)?.checked_add(i128::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

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
