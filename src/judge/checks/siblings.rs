//! One village's figure that stands in another relation to its other figures than everywhere else.
//!
//! What breaks if this is changed: villages are of all sizes, and in a table of unrelated figures some
//! village is always far from the rest. So the others have to keep a narrow relation, and every figure that
//! does has to speak against the same one: `unlikely-scale` takes it where one power of ten brings it among
//! the others, `member-outlier` where nothing does.

use std::collections::BTreeMap;

use crate::{
    model::{
        catalogue::Catalogue,
        reading::{Dataset, Reading, Value},
    },
    values::number::{Decimal, Rational},
};

/// Fewest members that show what is usual.
const FEWEST: usize = 5;
/// With fewer members than this, the relation has to be as narrow as where one figure alone shows it.
const FEW: usize = 8;
/// More members, or figures of each, are not compared: the pairs grow with the square.
const MOST: usize = 2_000;
const MOST_SERIES: usize = 16;

/// A figure of every member.
type Series<'a> = BTreeMap<&'a str, &'a Reading>;

/// A figure that is out of proportion.
#[derive(Debug)]
pub(super) struct Outlier<'a> {
    pub reading: &'a Reading,
    /// A figure of the same member that shows it.
    pub beside: &'a Reading,
    /// Its share in that figure.
    pub ratio: Rational,
    /// The least and the greatest of the other members.
    pub usual: (Rational, Rational),
    /// What all its other figures agree on, where it is a power of ten.
    pub power: Option<i32>,
}

/// The figures out of proportion to every other figure of their member.
pub(super) fn outliers<'a>(catalogue: &Catalogue, dataset: &'a Dataset) -> Vec<Outlier<'a>> {
    let Some(series) = series(catalogue, dataset) else { return Vec::new() };
    let mut found = Vec::new();
    for (at, own) in series.iter().enumerate() {
        let others = || series.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, other)| other);
        // The relations that show what is usual, each with the one that does not keep it.
        let relations: Vec<(&Series<'a>, Usual<'a>)> =
            others().filter_map(|other| Some((other, usual(own, other)?))).collect();
        let mut votes: BTreeMap<&str, Vec<(&Series<'a>, &Exception<'a>)>> = BTreeMap::new();
        for (other, usual) in &relations {
            if let Some(exception) = &usual.exception {
                votes.entry(exception.member).or_default().push((*other, exception));
            }
        }
        for (member, votes) in votes {
            let (first, partners) = (votes[0].1, relations.len());
            let outlier = |power| Outlier {
                reading: own[member],
                beside: votes[0].0[member],
                ratio: first.ratio.clone(),
                usual: first.others.clone(),
                power,
            };
            if let Some(power) = first.power {
                let agree = votes.iter().filter(|(_, exception)| exception.power == Some(power)).count();
                let narrow = relations.iter().any(|(_, usual)| usual.is_narrow);
                // Against one other figure alone, either may be wrong: then its own size has to speak.
                let is_sure = agree == partners && if partners > 1 { own.len() >= FEW || narrow } else { narrow };
                // A village with one or two of something is nothing odd.
                let few = power < 0 && own[member].number().is_some_and(|n| n.is_integer() && n < Decimal::TEN);
                if is_sure && has_odd_size(own, member, power) && !few {
                    found.push(outlier(Some(power)));
                }
            } else {
                let is_above = |exception: &Exception<'_>| exception.ratio > exception.others.1;
                let agree = votes.iter().all(|(_, exception)| {
                    exception.power.is_none() && exception.is_far && is_above(exception) == is_above(first)
                });
                let narrow = relations.iter().all(|(_, usual)| usual.is_narrow);
                let few = own[member].number().is_some_and(|n| n.is_integer() && n < Decimal::TEN);
                if agree && votes.len() == partners && partners > 1 && narrow && own.len() >= FEW && !few {
                    found.push(outlier(None));
                }
            }
        }
    }
    found
}

/// The figures of enough members, by indicator and measure; none where they are too many to compare.
fn series<'a>(catalogue: &Catalogue, dataset: &'a Dataset) -> Option<Vec<Series<'a>>> {
    let readings = dataset.irregular();
    let compared = readings[..readings.len().min(MOST * MOST_SERIES)].as_ptr_range();
    let is_compared = |reading: &&Reading| {
        reading.key.member.is_some()
            && catalogue.measure(reading.key.measure).is_base()
            && is_positive(reading)
            && compared.contains(&std::ptr::from_ref(*reading))
    };
    let mut figures: Vec<Vec<&'a Reading>> = Vec::new();
    // Those that are series for sure: where they are too many, no members have to be sorted.
    let mut sure = 0;
    for (id, _) in catalogue.iter() {
        let mut of_indicator: Vec<&Reading> = dataset.irregular_of(id).filter(is_compared).collect();
        of_indicator.sort_by_key(|reading| reading.key.measure);
        let of_figures = of_indicator.chunk_by(|a, b| a.key.measure == b.key.measure);
        for of in of_figures.filter(|of| of.len() >= FEWEST) {
            sure += usize::from(of.len() <= MOST && !dataset.repeats_members(id, of[0].key.measure));
            if sure > MOST_SERIES {
                return None;
            }
            figures.push(of.to_vec());
        }
    }
    // Where a member has two, the last counts.
    let series = figures
        .iter()
        .map(|of| of.iter().filter_map(|reading| Some((reading.key.member.as_deref()?, *reading))).collect());
    let series: Vec<_> = series.filter(|of: &Series<'a>| (FEWEST..=MOST).contains(&of.len())).collect();
    (series.len() <= MOST_SERIES).then_some(series)
}

/// The power of ten that a ratio is nearest to, where it is not 1: `low` and `high` bound the rest.
pub(super) fn power(ratio: &Rational, low: (i64, u32), high: (i64, u32)) -> Option<i32> {
    let (low, high) = (Rational::from(Decimal::new(low.0, low.1)), Rational::from(Decimal::new(high.0, high.1)));
    let is_inside = |rest: &Rational| low <= *rest && *rest < high;
    // Nearly every ratio is near 1, and then no power but a neighbour can fit as well.
    let farthest = if is_inside(ratio) { 1 } else { 12 };
    let mut powers = (-farthest..=farthest).filter(|power| *power != 0);
    powers.find(|power| is_inside(&(ratio * &Rational::power_of_ten(-power))))
}

pub(super) fn positive(reading: &Reading) -> Option<Rational> {
    reading.number().filter(|_| is_positive(reading)).map(Rational::from)
}

pub(super) fn is_positive(reading: &Reading) -> bool {
    matches!(reading.value, Value::Number(value) if value.is_sign_positive() && !value.is_zero())
}

fn value(series: &Series<'_>, member: &str) -> Option<Rational> {
    positive(series.get(member)?)
}

/// The relation of two figures that all members keep but one at most.
struct Usual<'a> {
    exception: Option<Exception<'a>>,
    /// Whether the others are within a factor of two of each other, and not only of four.
    is_narrow: bool,
}

/// The member that does not keep it.
struct Exception<'a> {
    member: &'a str,
    ratio: Rational,
    others: (Rational, Rational),
    /// The power of ten that would bring it among the others.
    power: Option<i32>,
    /// Whether it is three times beyond them, or more.
    is_far: bool,
}

/// The relation of two figures, where they have one.
fn usual<'a>(own: &Series<'a>, other: &Series<'a>) -> Option<Usual<'a>> {
    let ratio = |(member, reading): (&&'a str, &&Reading)| {
        Some((*member, positive(reading)?.checked_div(&value(other, member)?)?))
    };
    let mut ratios: Vec<(&str, Rational)> = own.iter().filter_map(ratio).collect();
    if ratios.len() < FEWEST {
        return None;
    }
    ratios.sort_by(|(_, a), (_, b)| a.cmp(b));
    let spread = |of: &[(&str, Rational)]| of.last()?.1.checked_div(&of.first()?.1);
    let (two, four) = (Rational::from(2), Rational::from(4));
    let all = spread(&ratios)?;
    if all <= four {
        return Some(Usual { exception: None, is_narrow: all <= two });
    }
    // The first or the last is the one, and the others are what is usual.
    let (first, last) = (&ratios[0], &ratios[ratios.len() - 1]);
    let without = [(first, &ratios[1..]), (last, &ratios[..ratios.len() - 1])];
    let (one, others) = without.into_iter().find(|(_, others)| spread(others).is_some_and(|spread| spread <= four))?;
    let (low, high) = (&others[0].1, &others[others.len() - 1].1);
    let middle = &others[others.len() / 2].1;
    let power = power(&one.1.checked_div(middle)?, (316, 3), (3162, 3));
    let falls_among = |power: &i32| {
        let mended = &one.1 * &Rational::power_of_ten(-*power);
        // A quarter beyond them is still among them.
        low * &Rational::from(Decimal::new(8, 1)) <= mended && mended <= high * &Rational::from(Decimal::new(125, 2))
    };
    let three = Rational::from(3);
    let exception = Exception {
        member: one.0,
        power: power.filter(falls_among),
        is_far: one.1 >= high * &three || &one.1 * &three <= *low,
        ratio: one.1.clone(),
        others: (low.clone(), high.clone()),
    };
    Some(Usual { exception: Some(exception), is_narrow: spread(others)? <= two })
}

/// Whether the figure is far from all others of its own series, and would be among them.
fn has_odd_size(own: &Series<'_>, member: &str, power: i32) -> bool {
    let others = || own.keys().filter(|other| **other != member).filter_map(|other| value(own, other));
    let (Some(low), Some(high), Some(value)) = (others().min(), others().max(), value(own, member)) else {
        return false;
    };
    let mended = &value * &Rational::power_of_ten(-power);
    let half = Rational::from(2).recip().unwrap_or(Rational::ONE);
    let is_odd = value < &low * &half || value > &high * &Rational::from(2);
    let is_usual = mended >= &low * &half && mended <= &high * &Rational::from(2);
    is_odd && is_usual
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        compose::appendix::sample,
        model::{catalogue, document::Document},
    };

    const FIGURES: [&str; 4] = ["a", "b", "c", "d"];

    fn catalogue() -> Catalogue {
        let rows = FIGURES.map(|id| format!("[[indicator]]\nid = \"{id}\"\nunit = \"ha\"\n")).concat();
        catalogue::decode(&Document::new("k.toml", format!("[catalogue]\nid = \"k\"\nperiod = \"2030\"\n{rows}")))
            .expect("a right catalogue")
    }

    /// The suspected cells of a table: a row a village, a column a figure.
    fn suspected(catalogue: &Catalogue, table: &[Vec<i64>]) -> Vec<(String, Option<i32>)> {
        let cells = || table.iter().flatten().enumerate();
        let texts: Vec<String> = cells().map(|(_, number)| number.to_string()).collect();
        let readings: Vec<_> = cells()
            .map(|(at, _)| (FIGURES[at % FIGURES.len()], "actual", sample::number(&texts[at]), &*texts[at]))
            .collect();
        let mut readings: Vec<Reading> = sample::dataset(catalogue, &readings).into_readings();
        for (at, reading) in readings.iter_mut().enumerate() {
            reading.key.member = Some(format!("v{}", at / FIGURES.len()).into());
        }
        let dataset = Dataset::new(readings);
        let name = |one: &Outlier<'_>| {
            let key = &one.reading.key;
            format!("{} {}", catalogue.indicator(key.indicator).id, key.member.as_deref().unwrap_or_default())
        };
        outliers(catalogue, &dataset).iter().map(|one| (name(one), one.power)).collect()
    }

    /// Numbers without any order, the same every time.
    struct Noise(u64);

    impl Noise {
        fn below(&mut self, end: u64) -> i64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i64::try_from((self.0 >> 33) % end).unwrap_or(0)
        }
    }

    #[test]
    fn villages_without_any_order_are_not_suspected() {
        let (catalogue, mut noise, mut fired) = (catalogue(), Noise(1), 0);
        for round in 0..400 {
            let villages = 5 + noise.below(12);
            // Of one size, of very different sizes, and few of many.
            let figure = |noise: &mut Noise| match round % 3 {
                0 => 1 + noise.below(1_000),
                1 => (1 + noise.below(9)) * 10_i64.pow(u32::try_from(noise.below(4)).unwrap_or(0)),
                _ => 1 + noise.below(30) * noise.below(30),
            };
            let table: Vec<Vec<i64>> =
                (0..villages).map(|_| FIGURES.iter().map(|_| figure(&mut noise)).collect()).collect();
            fired += usize::from(!suspected(&catalogue, &table).is_empty());
        }
        assert!(fired <= 2, "{fired} of 400 tables without an error");
    }

    #[test]
    fn a_slip_of_the_comma_is_found_where_figures_go_together() {
        let (catalogue, mut noise, mut found) = (catalogue(), Noise(7), 0);
        for round in 0..100_usize {
            // Each figure is so many for a household, more or less.
            let mut table: Vec<Vec<i64>> = Vec::new();
            for _ in 0..9 {
                let households = 60 + noise.below(100);
                table.push([40, 100, 17, 250].map(|each| households * each * (90 + noise.below(20)) / 1_000).to_vec());
            }
            let (village, column) = (round % 9, round % 4);
            table[village][column] *= 10;
            found +=
                usize::from(suspected(&catalogue, &table) == [(format!("{} v{village}", FIGURES[column]), Some(1))]);
        }
        assert!(found >= 90, "{found} of 100");
    }

    #[test]
    fn a_figure_out_of_proportion_is_found_where_figures_go_together() {
        let (catalogue, mut noise, mut found) = (catalogue(), Noise(11), 0);
        for round in 0..100_usize {
            let mut table: Vec<Vec<i64>> = Vec::new();
            for _ in 0..9 {
                let households = 60 + noise.below(100);
                table.push([40, 100, 17, 250].map(|each| households * each * (90 + noise.below(20)) / 100).to_vec());
            }
            let (village, column) = (round % 9, round % 4);
            table[village][column] = table[village][column] * 45 / 10;
            found += usize::from(suspected(&catalogue, &table) == [(format!("{} v{village}", FIGURES[column]), None)]);
        }
        assert!(found >= 95, "{found} of 100");
    }
}
