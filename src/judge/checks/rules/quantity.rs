//! What a side of a comparison may be worth: the printed value, and every value it stands for.

use crate::{
    model::catalogue::rule::Relation,
    values::number::{BoundOp, Decimal, Interval, Rational},
};

/// An interval of which either end may lie infinitely far away: ">90" ends nowhere.
#[derive(Clone, Debug)]
pub(super) struct Band {
    interval: Interval,
    no_low: bool,
    no_high: bool,
}

/// A number with all that it stands for.
#[derive(Clone, Debug)]
pub(super) struct Quantity {
    /// As printed; `None` for a bound or a range.
    pub point: Option<Rational>,
    /// What it stands for.
    pub band: Band,
}

impl Band {
    pub(super) fn exact(value: Rational) -> Self {
        Interval::exact(value).into()
    }

    /// Every value that a bound admits.
    pub(super) fn bound(op: BoundOp, at: Decimal) -> Option<Self> {
        let at = Rational::from(at);
        let open = matches!(op, BoundOp::Lt | BoundOp::Gt);
        let interval = match op {
            BoundOp::Lt | BoundOp::Le => Interval::new(&at - &Rational::ONE, at, false, open)?,
            BoundOp::Gt | BoundOp::Ge => Interval::new(at.clone(), &at + &Rational::ONE, open, false)?,
        };
        let low = matches!(op, BoundOp::Lt | BoundOp::Le);
        Some(Self { interval, no_low: low, no_high: !low })
    }

    fn ends(&self) -> Option<&Interval> {
        (!self.no_low && !self.no_high).then_some(&self.interval)
    }

    pub(super) fn add(&self, other: &Self) -> Self {
        Self {
            interval: self.interval.add(&other.interval),
            no_low: self.no_low || other.no_low,
            no_high: self.no_high || other.no_high,
        }
    }

    pub(super) fn scale(&self, factor: &Rational) -> Self {
        let interval = self.interval.scale(factor);
        if factor.is_zero() {
            return interval.into();
        }
        let (no_low, no_high) =
            if factor.is_negative() { (self.no_high, self.no_low) } else { (self.no_low, self.no_high) };
        Self { interval, no_low, no_high }
    }

    /// Whether some value in it stands so to 0.
    pub(super) fn admits(&self, relation: Relation) -> bool {
        let zero = Rational::ZERO;
        let (low, high) = (self.interval.low(), self.interval.high());
        let below = self.no_low || *low < zero;
        let above = self.no_high || *high > zero;
        let at_most = below || (*low == zero && !self.interval.low_open());
        let at_least = above || (*high == zero && !self.interval.high_open());
        match relation {
            Relation::Equals => at_most && at_least,
            Relation::Differs => below || above,
            Relation::Less => below,
            Relation::AtMost => at_most,
            Relation::Greater => above,
            Relation::AtLeast => at_least,
        }
    }
}

impl From<Interval> for Band {
    fn from(interval: Interval) -> Self {
        Self { interval, no_low: false, no_high: false }
    }
}

impl Quantity {
    pub(super) fn exact(value: Rational) -> Self {
        Self { point: Some(value.clone()), band: Band::exact(value) }
    }

    pub(super) fn scale(&self, factor: &Rational) -> Self {
        Self { point: self.point.as_ref().map(|point| point * factor), band: self.band.scale(factor) }
    }

    pub(super) fn add(&self, other: &Self) -> Self {
        let point = self.point.as_ref().zip(other.point.as_ref()).map(|(a, b)| a + b);
        Self { point, band: self.band.add(&other.band) }
    }

    /// `None` where one of the two has no end.
    pub(super) fn times(&self, other: &Self) -> Option<Self> {
        let point = self.point.as_ref().zip(other.point.as_ref()).map(|(a, b)| a * b);
        Some(Self { point, band: self.band.ends()?.mul(other.band.ends()?).into() })
    }

    /// `None` where one of the two has no end, or the divisor may be 0.
    pub(super) fn over(&self, other: &Self) -> Option<Self> {
        let point = match (&self.point, &other.point) {
            (Some(a), Some(b)) => Some(a.checked_div(b)?),
            _ => None,
        };
        Some(Self { point, band: self.band.ends()?.div(other.band.ends()?)?.into() })
    }

    pub(super) fn abs(&self) -> Option<Self> {
        if !self.band.admits(Relation::Less) {
            return Some(self.clone());
        }
        let minus = self.scale(&-&Rational::ONE);
        if !self.band.admits(Relation::Greater) {
            return Some(minus);
        }
        let (here, there) = (self.band.ends()?, minus.band.ends()?);
        let far = if here.high() >= there.high() { here } else { there };
        let band = Interval::new(Rational::ZERO, far.high().clone(), false, far.high_open())?;
        Some(Self { point: self.point.as_ref().map(Rational::abs), band: band.into() })
    }

    /// The greater of two.
    pub(super) fn max(&self, other: &Self) -> Option<Self> {
        let (a, b) = (self.band.ends()?, other.band.ends()?);
        let upper = |a: (&Rational, bool), b: (&Rational, bool), open_wins: bool| {
            let first = a.0 > b.0 || (a.0 == b.0 && a.1 == open_wins);
            let (at, open) = if first { a } else { b };
            (at.clone(), open)
        };
        // The greater of two values reaches a low end only where both reach it.
        let low = upper((a.low(), a.low_open()), (b.low(), b.low_open()), true);
        let high = upper((a.high(), a.high_open()), (b.high(), b.high_open()), false);
        let point = self.point.clone().zip(other.point.clone()).map(|(a, b)| a.max(b));
        Some(Self { point, band: Interval::new(low.0, high.0, low.1, high.1)?.into() })
    }

    /// The one in the middle, or the mean of the two there. Each end lies in the middle of the ends; as
    /// which figure it is of is not known, both ends count as reached.
    pub(super) fn median(all: &[Self]) -> Option<Self> {
        let middle = |mut values: Vec<Rational>| -> Option<Rational> {
            values.sort();
            let (low, high) = (values.get((values.len() - 1) / 2)?, values.get(values.len() / 2)?);
            (low + high).checked_div(&Rational::from(2))
        };
        let ends: Vec<&Interval> = all.iter().map(|one| one.band.ends()).collect::<Option<_>>()?;
        if ends.is_empty() {
            return None;
        }
        let low = middle(ends.iter().map(|end| end.low().clone()).collect())?;
        let high = middle(ends.iter().map(|end| end.high().clone()).collect())?;
        let points: Option<Vec<Rational>> = all.iter().map(|one| one.point.clone()).collect();
        Some(Self { point: points.and_then(middle), band: Interval::new(low, high, false, false)?.into() })
    }

    /// The less of two.
    pub(super) fn min(&self, other: &Self) -> Option<Self> {
        let minus = -&Rational::ONE;
        Some(self.scale(&minus).max(&other.scale(&minus))?.scale(&minus))
    }
}

/// Whether a difference keeps a relation within a tolerance.
pub(super) fn within(difference: &Rational, relation: Relation, tolerance: &Rational) -> bool {
    match relation {
        Relation::Equals => difference.abs() <= *tolerance,
        Relation::Differs => difference.abs() > *tolerance,
        Relation::Less => *difference < *tolerance || (tolerance.is_zero() && difference.is_negative()),
        Relation::AtMost => *difference <= *tolerance,
        Relation::Greater => *difference > -tolerance,
        Relation::AtLeast => *difference >= -tolerance,
    }
}
