//! What a hit says: powers of two by which chance would have missed.

/// How many times two a hit is unlikely by chance: a figure that could lie anywhere in `range` was met
/// to within `miss` of a grid of `unit`.
pub(super) fn bits(range: i128, miss: i128, unit: i128) -> i64 {
    let width = 2 * miss.abs() + unit.max(1);
    match range.abs().checked_div(width) {
        Some(times) if times >= 1 => i64::from((times.saturating_add(1)).ilog2()),
        _ => 0,
    }
}

/// The same of a quotient: figures of one digit say nothing of it.
pub(super) fn quotient_bits(range: i128, miss: i128, unit: i128) -> i64 {
    (bits(range, miss, unit) - 1).max(0)
}

/// What trying so many candidates costs.
pub(super) fn cost(candidates: usize) -> i64 {
    i64::from(candidates.max(1).ilog2()) + 1
}

/// What failing in so many of so many trials costs: the ways to choose them, about.
pub(super) fn misses(failed: usize, trials: usize) -> i64 {
    if failed == 0 {
        return 0;
    }
    let (each, failed) = (cost(trials / failed), i64::try_from(failed).unwrap_or(i64::MAX / 64));
    failed * (each + 1)
}

/// A relation is believed from here on: one table in a thousand shows as much by chance.
pub(super) const BELIEVED: i64 = 10;
