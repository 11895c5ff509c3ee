//! One village's figure that stands in another relation to its other figures than everywhere else.
//!
//! What breaks if this is changed: villages are of all sizes, and in a table of unrelated figures some
//! village is always far from the rest. So the others have to keep a narrow relation, every figure that
//! does has to agree on one power of ten, and with it the figure has to fall among the others.

use std::collections::BTreeMap;

use super::{Suspicion, Why, positive, power};
use crate::{
    catalogue::{IndicatorId, MeasureId},
    checks::Context,
    number::{Decimal, Rational},
    reading::Reading,
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

/// Figures off by a power of ten against every other figure of their member.
pub(super) fn suspicions<'a>(cx: &'a Context<'_>) -> Vec<Suspicion<'a>> {
    let mut series: BTreeMap<(IndicatorId, MeasureId), Series<'a>> = BTreeMap::new();
    for reading in cx.dataset.odd().iter().take(MOST * MOST_SERIES) {
        if let (Some(member), true) = (&reading.key.member, cx.catalogue.measure(reading.key.measure).is_base())
            && positive(reading).is_some()
        {
            series.entry((reading.key.indicator, reading.key.measure)).or_default().insert(member, reading);
        }
    }
    let series: Vec<Series<'a>> = series.into_values().filter(|of| (FEWEST..=MOST).contains(&of.len())).collect();
    if series.len() > MOST_SERIES {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (at, own) in series.iter().enumerate() {
        // For each suspected member: the powers, with what each was held against.
        let mut votes: BTreeMap<&str, Vec<(i32, &Reading)>> = BTreeMap::new();
        let (mut partners, mut narrow) = (0, false);
        for (_, other) in series.iter().enumerate().filter(|(other, _)| *other != at) {
            if let Some(Usual { outlier, is_narrow }) = usual(own, other) {
                partners += 1;
                narrow |= is_narrow;
                if let Some((member, power)) = outlier {
                    votes.entry(member).or_default().push((power, other[member]));
                }
            }
        }
        for (member, powers) in votes {
            let (first, beside) = powers[0];
            let agree = powers.iter().filter(|(power, _)| *power == first).count();
            // Against one other figure alone, either may be wrong: then its own size has to speak.
            let is_sure = agree == partners && if partners > 1 { own.len() >= FEW || narrow } else { narrow };
            // A village with one or two of something is nothing odd.
            let few = first < 0 && own[member].number().is_some_and(|n| n.is_integer() && n < Decimal::TEN);
            if is_sure && has_odd_size(own, member, first) && !few {
                found.push(Suspicion { readings: vec![own[member]], power: first, why: Why::Members(beside) });
            }
        }
    }
    found
}

fn value(series: &Series<'_>, member: &str) -> Option<Rational> {
    positive(series.get(member)?)
}

/// The relation of two figures that all members keep but one at most.
struct Usual<'a> {
    /// The one that a power of ten would bring among the others.
    outlier: Option<(&'a str, i32)>,
    /// Whether the others are within a factor of two of each other, and not only of four.
    is_narrow: bool,
}

/// The relation of two figures, where they have one.
fn usual<'a>(own: &Series<'a>, other: &Series<'a>) -> Option<Usual<'a>> {
    let ratio = |member: &str| value(own, member)?.checked_div(&value(other, member)?);
    let mut ratios: Vec<(&str, Rational)> = own.keys().filter_map(|member| Some((*member, ratio(member)?))).collect();
    if ratios.len() < FEWEST {
        return None;
    }
    ratios.sort_by(|(_, a), (_, b)| a.cmp(b));
    let spread = |of: &[(&str, Rational)]| of.last()?.1.checked_div(&of.first()?.1);
    let (two, four) = (Rational::from(2), Rational::from(4));
    let all = spread(&ratios)?;
    if all <= four {
        return Some(Usual { outlier: None, is_narrow: all <= two });
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
    let outlier = power.filter(falls_among).map(|power| (one.0, power));
    Some(Usual { outlier, is_narrow: spread(others)? <= two })
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
        appendix::sample,
        catalogue::{self, Catalogue},
        document::Document,
        language::Language,
        reading::Dataset,
    };

    const FIGURES: [&str; 4] = ["a", "b", "c", "d"];

    fn catalogue() -> Catalogue {
        let rows = FIGURES.map(|id| format!("[[indicator]]\nid = \"{id}\"\nunit = \"ha\"\n")).concat();
        catalogue::decode(&Document::new("k.toml", format!("[catalogue]\nid = \"k\"\nperiod = \"2030\"\n{rows}")))
            .expect("a right catalogue")
    }

    /// The suspected cells of a table: a row a village, a column a figure.
    fn suspected(catalogue: &Catalogue, table: &[Vec<i64>]) -> Vec<(String, i32)> {
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
        let cx = Context::new(catalogue, &dataset, Language::En);
        let name = |one: &Suspicion<'_>| {
            let key = &one.readings[0].key;
            format!("{} {}", catalogue.indicator(key.indicator).id, key.member.as_deref().unwrap_or_default())
        };
        suspicions(&cx).iter().map(|one| (name(one), one.power)).collect()
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
            found += usize::from(suspected(&catalogue, &table) == [(format!("{} v{village}", FIGURES[column]), 1)]);
        }
        assert!(found >= 90, "{found} of 100");
    }
}
