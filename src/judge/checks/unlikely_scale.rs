//! `unlikely-scale`: a unit line, a unit cell or a separator makes figures ten or more times too
//! large or too small, as their own sheets show without any period before.
//!
//! What is suspected is a cause, not a figure: one wrong unit line over 45 figures is one finding.

mod units;

use std::collections::HashSet;

use super::{Check, Context, Kind, Tally, context::plain};
use crate::{
    model::{
        finding::{Code, Explain, Finding, Hypothesis, Place, Severity, Worded},
        reading::Reading,
    },
    values::{
        language::{Words, counted, say},
        number::{Decimal, Rational, Rounding},
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: Kind::Remark, run };

static CODE: Code = Code {
    name: "unlikely-scale",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Các số trong chính bộ số liệu cho thấy một dòng đơn vị, ô đơn vị hoặc dấu phẩy làm số lớn lên hay nhỏ đi 10, 100, 1000… lần.",
            en: "The figures themselves show that a unit line, a unit cell or a decimal mark makes numbers 10, 100, 1000… times too large or too small.",
        },
        why: Words {
            vi: "Tỷ lệ và tổng vẫn khớp khi cả cột cùng sai đơn vị, nên không phép tính nào báo lỗi.",
            en: "Ratios and totals still agree when a whole column has the wrong unit, so no arithmetic check sees it.",
        },
        fix: Words {
            vi: "Kiểm tra đơn vị tính và dấu thập phân ở ô được nêu; nếu đúng, ghi lý do vào bieu.toml.",
            en: "Check the unit and the decimal mark in the cell named; if they are right, give the reason in bieu.toml.",
        },
        example: Words {
            vi: "Dòng đơn vị ghi \"triệu đồng\", các ô ghi 10.842.647.794: số ghi theo đồng.",
            en: "The unit line says \"triệu đồng\", the cells hold 10,842,647,794: they are in đồng.",
        },
    },
};

/// Figures that one cause makes too large (`power` above 0) or too small.
struct Suspicion<'a> {
    /// The figures; never empty.
    readings: Vec<&'a Reading>,
    power: i32,
    why: Why<'a>,
}

/// What speaks against the figures.
enum Why<'a> {
    /// Amounts of money beyond what any office has, all of them whole numbers in a unit of thousands
    /// and more.
    Money,
    /// Figures that the stated unit makes next to nothing.
    Tiny,
    /// A product that holds with the figures as they stand, and not in their stated unit.
    Product(&'a Reading),
    /// The same figure in another sheet.
    Twin(&'a Reading),
    /// Result over plan.
    Ratio(&'a Reading, Rational),
    /// A rate under "%" where the other one of plan and result is a hundred times as large.
    Fraction(&'a Reading),
    /// The same village's other figures, in the relation that all other villages show.
    Members(&'a Reading),
}

/// One finding per cause. What was reported for the period before is the matter of `power-of-ten`.
fn run(cx: &Context<'_>, tally: &mut Tally) {
    let mut suspicions = units::suspicions(cx);
    suspicions.extend(twins(cx));
    suspicions.extend(cx.outliers.iter().filter_map(|outlier| {
        let why = Why::Members(outlier.beside);
        Some(Suspicion { readings: vec![outlier.reading], power: outlier.power?, why })
    }));
    suspicions.extend(ratios(cx));
    if suspicions.is_empty() {
        return;
    }
    // Readings of plain rows are lent to those who compare them, and so are known by their cells.
    let cell = |reading: &Reading| {
        let origin = &reading.origin;
        (origin.file.clone(), origin.sheet.clone(), origin.cell)
    };
    let mut told = HashSet::new();
    super::comparison::each(cx, |comparison| {
        if comparison.power().is_some() {
            told.insert(cell(comparison.reading));
        }
    });
    for mut suspicion in suspicions {
        suspicion.readings.retain(|reading| !told.contains(&cell(reading)));
        let Some(first) = suspicion.readings.first().copied() else { continue };
        told.extend(suspicion.readings.iter().map(|reading| cell(reading)));
        match suspicion.why {
            // It is one of the two, and one finding is enough.
            Why::Twin(other) | Why::Ratio(other, _) | Why::Fraction(other) => _ = told.insert(cell(other)),
            Why::Money | Why::Tiny | Why::Product(_) | Why::Members(_) => {}
        }
        tally.fail(finding(cx, first, &suspicion));
    }
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

fn positive(reading: &Reading) -> Option<Rational> {
    reading.number().filter(|value| *value > Decimal::ZERO).map(Rational::from)
}

/// Where the unit of a reading is stated: file, sheet, column and name of the unit. Every cell of a
/// unit column that says the same is one cause.
fn unit_cause(reading: &Reading) -> (&str, &str, Option<u32>, &str) {
    let unit = reading.origin.unit.as_ref();
    (
        &reading.origin.file,
        &reading.origin.sheet,
        unit.map(|(_, at)| at.column),
        unit.map_or("", |(unit, _)| unit.name.as_str()),
    )
}

/// Brings together what has the same cause, in the order of the first of each.
fn grouped<'a, T, K: PartialEq>(items: Vec<T>, key: impl Fn(&T) -> K + 'a) -> Vec<Vec<T>> {
    let mut groups: Vec<(K, Vec<T>)> = Vec::new();
    for item in items {
        let own = key(&item);
        match groups.iter_mut().rev().find(|(known, _)| *known == own) {
            Some((_, group)) => group.push(item),
            None => groups.push((own, vec![item])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// The same figure in two sheets, a power of ten apart. One figure may be a slip of any kind, which
/// `conflicting-sources` tells; three in the same sheets have one cause.
fn twins<'a>(cx: &'a Context<'_>) -> Vec<Suspicion<'a>> {
    let mut pairs = Vec::new();
    for key in cx.dataset.repeated() {
        if !cx.catalogue.measure(key.measure).is_base() {
            continue;
        }
        let mut readings = cx.dataset.all(key).filter(|reading| positive(reading).is_some());
        let Some(first) = readings.next() else { continue };
        for other in readings {
            let ratio = positive(other).zip(positive(first)).and_then(|(other, first)| other.checked_div(&first));
            if let Some(power) = ratio.and_then(|ratio| power(&ratio, (995, 3), (1005, 3))) {
                pairs.push((first, other, power));
            }
        }
    }
    let groups = grouped(pairs, |(first, other, power)| (unit_cause(first), unit_cause(other), *power));
    let groups = groups.into_iter().filter(|group| group.len() > 2);
    groups
        .map(|group| {
            let why = Why::Twin(group[0].0);
            // The one whose unit was converted is the likelier one.
            let swap = group[0].0.origin.unit.is_some() && group[0].1.origin.unit.is_none();
            let sign = if swap { -1 } else { 1 };
            let (why, readings) = if swap {
                (Why::Twin(group[0].1), group.iter().map(|(first, ..)| *first).collect())
            } else {
                (why, group.iter().map(|(_, other, _)| *other).collect())
            };
            Suspicion { readings, power: sign * group[0].2, why }
        })
        .collect()
}

/// Results thirty times their plan and more, or a thousandth of it. A stated ratio that disagrees is
/// the matter of `ratio-mismatch`.
fn ratios<'a>(cx: &'a Context<'_>) -> Vec<Suspicion<'a>> {
    let mut found: Vec<(&Reading, &Reading, Rational, i32)> = Vec::new();
    let pairs = super::comparison::plan_pairs(cx.catalogue);
    let unexplained: HashSet<*const Reading> = cx
        .ratios
        .iter()
        .filter(|ratio| matches!(ratio.result, Some((_, super::Mode::Unexplained))))
        .flat_map(|ratio| [ratio.of, ratio.to])
        .flatten()
        .map(std::ptr::from_ref)
        .collect();
    let mut rows = 0;
    let mut fractions = Vec::new();
    for reading in cx.dataset.odd() {
        let Some((_, to)) = pairs.iter().find(|(of, _)| *of == reading.key.measure) else { continue };
        let Some(to) = cx.dataset.beside(reading, reading.key.indicator, *to) else { continue };
        let Some(ratio) = positive(reading).zip(positive(to)).and_then(|(of, to)| of.checked_div(&to)) else {
            continue;
        };
        rows += 1;
        if [reading, to].iter().any(|reading| unexplained.contains(&std::ptr::from_ref(*reading))) {
            continue;
        }
        if let Some(found) = fraction(cx, reading, to) {
            fractions.push(found);
            continue;
        }
        // Many where a few were planned happen, but not hundreds of times as many.
        let few = to.number().is_some_and(|number| number < Decimal::TEN) && ratio < Rational::from(300);
        let off = if ratio >= Rational::from(30) && !few {
            power(&ratio, (316, 3), (3162, 3))
        } else {
            power(&ratio, (8, 1), (125, 2)).filter(|power| matches!(power, -9 | -6 | -3))
        };
        found.extend(off.map(|power| (reading, to, ratio, power)));
    }
    let groups = grouped(found, |(of, to, _, power)| {
        (unit_cause(of), unit_cause(to), of.origin.cell.column, to.origin.cell.column, *power)
    });
    let fractions =
        grouped(fractions, |(own, _)| (own.origin.file.clone(), own.origin.sheet.clone(), own.origin.cell.column));
    let mut suspicions: Vec<Suspicion<'_>> = fractions
        .into_iter()
        .map(|group| {
            let why = Why::Fraction(group[0].1);
            Suspicion { readings: group.into_iter().map(|(own, _)| own).collect(), power: -2, why }
        })
        .collect();
    for group in groups {
        // Most rows of a column: the column. A few: each for itself.
        let parts = if group.len() > 2 && group.len() * 2 > rows {
            vec![group]
        } else {
            group.into_iter().map(|one| vec![one]).collect()
        };
        for part in parts {
            let Some((_, to, ratio, power)) = part.first() else { continue };
            let (why, power) = (Why::Ratio(to, ratio.clone()), *power);
            suspicions.push(Suspicion { readings: part.iter().map(|(of, ..)| *of).collect(), power, why });
        }
    }
    suspicions
}

/// The one of plan and result that is at most 1 where both are rates in percent and the other one is
/// about a hundred times as large: 0,985 beside 98.
fn fraction<'a>(cx: &Context<'_>, of: &'a Reading, to: &'a Reading) -> Option<(&'a Reading, &'a Reading)> {
    let is_rate = cx.indicator(of).unit.as_ref().is_some_and(|unit| !unit.adds_up() && unit.name.trim() == "%");
    let (small, large) = if of.number()? <= to.number()? { (of, to) } else { (to, of) };
    let ratio = positive(large)?.checked_div(&positive(small)?)?;
    let is_fraction = small.number()? <= Decimal::ONE && large.number()? >= Decimal::TEN;
    (is_rate && is_fraction && power(&ratio, (5, 1), (2, 0)) == Some(2)).then_some((small, large))
}

fn finding(cx: &Context<'_>, first: &Reading, suspicion: &Suspicion<'_>) -> Finding {
    let (what, value) = (cx.name(&first.key), first.number().unwrap_or_default());
    let shown = cx.show(value);
    let unit = cx.indicator(first).unit.as_ref().map(|unit| format!(" {}", unit.name)).unwrap_or_default();
    let size = match suspicion.power.unsigned_abs() {
        power @ 0..=9 => cx.show(Decimal::from(10u64.pow(power))),
        power => format!("10^{power}"),
    };
    let times = if suspicion.power > 0 {
        say!(cx.language, "lớn hơn khoảng {size} lần", "about {size} times too large")
    } else {
        say!(cx.language, "nhỏ hơn khoảng {size} lần", "about {size} times too small")
    };
    let stated = first.origin.unit.as_ref().map(|(unit, at)| (unit.name.clone(), *at));
    let count = suspicion.readings.len();
    let numbers = counted(count, "number");
    let (raw, cell) = (first.origin.raw.text(), first.origin.cell);
    let reason = match &suspicion.why {
        Why::Money => say!(
            cx.language,
            "{count} số tiền đều là số nguyên lớn như ghi theo đồng; {what} thành {shown}{unit}",
            "{numbers} are whole and as large as amounts in đồng; {what} becomes {shown}{unit}"
        ),
        Why::Tiny => say!(
            cx.language,
            "{count} số chỉ còn gần bằng 0; {what} ghi \"{raw}\", thành {shown}{unit}",
            "{numbers} become next to nothing; {what} says \"{raw}\", which is {shown}{unit}"
        ),
        Why::Product(product) => {
            let (name, at) = (cx.name(&product.key), product.origin.cell);
            say!(
                cx.language,
                "{what} ghi \"{raw}\", thành {shown}{unit}; phép nhân của {name} ({at}) chỉ khớp khi không quy đổi",
                "{what} says \"{raw}\", which is {shown}{unit}; the product {name} ({at}) holds only without the conversion"
            )
        }
        Why::Twin(other) => {
            let (there, sheet, at) =
                (cx.show(other.number().unwrap_or_default()), &other.origin.sheet, other.origin.cell);
            say!(
                cx.language,
                "{count} số cùng chênh một mức với sheet \"{sheet}\": {what} ở đây là {shown}{unit}, ở đó {there}{unit} ({at})",
                "{numbers} differ from the sheet \"{sheet}\" by the same factor: {what} is {shown}{unit} here and {there}{unit} there ({at})"
            )
        }
        Why::Ratio(to, ratio) => {
            let percent = ratio * &Rational::from(100);
            let decimals = if percent < Rational::ONE { 3 } else { 0 };
            let percent =
                percent.to_decimal(decimals, Rounding::HalfUp).map(|percent| cx.show(percent)).unwrap_or_default();
            let (plan, at) = (cx.show(to.number().unwrap_or_default()), to.origin.cell);
            say!(
                cx.language,
                "{what} ghi {shown}, bằng {percent} % của {plan} ({at})",
                "{what} says {shown}, {percent} % of {plan} ({at})"
            )
        }
        Why::Fraction(other) => {
            let (there, at) = (cx.show(other.number().unwrap_or_default()), other.origin.cell);
            say!(
                cx.language,
                "{what} ghi {shown}, ở {at} ghi {there}: như phân số dưới đơn vị %",
                "{what} says {shown}, {at} says {there}: like a fraction under %"
            )
        }
        Why::Members(beside) => {
            let (name, there) = (cx.name(&beside.key), cx.show(beside.number().unwrap_or_default()));
            say!(
                cx.language,
                "{what} ghi {shown}; so với {name} ({there}) thì các nơi khác theo một mức, nơi này khác hẳn",
                "{what} says {shown}; against {name} ({there}) all others keep one relation, and this one does not"
            )
        }
    };
    let message = match &stated {
        Some((name, at)) if suspicion.is_about_a_unit() => say!(
            cx.language,
            "đơn vị \"{name}\" ({at}) có lẽ sai, số {times}: {reason}",
            "the unit \"{name}\" ({at}) may be wrong, the numbers are {times}: {reason}"
        ),
        Some(_) | None => say!(cx.language, "{reason}: có lẽ {times}", "{reason}: perhaps {times}"),
    };
    let action = match &stated {
        Some((name, at)) if suspicion.is_about_a_unit() => say!(
            cx.language,
            "kiểm tra đơn vị \"{name}\" ở {at}; nếu đơn vị đúng, kiểm tra các số và dấu thập phân",
            "check the unit \"{name}\" in {at}; if it is right, check the numbers and their decimal marks"
        ),
        Some(_) | None => say!(
            cx.language,
            "kiểm tra dấu ngăn hàng nghìn, dấu thập phân và đơn vị của ô {cell}",
            "check the thousands separator, the decimal mark and the unit of the cell {cell}"
        ),
    };
    let mut finding = cx.finding(&CODE, first, Worded(message, action));
    finding.found = Some(plain(value));
    finding.sources = suspicion.readings.iter().take(12).map(|reading| reading.place()).collect();
    match suspicion.why {
        Why::Product(other) | Why::Twin(other) | Why::Ratio(other, _) | Why::Fraction(other) | Why::Members(other) => {
            finding.sources.push(other.place());
        }
        Why::Money | Why::Tiny => {}
    }
    if let (Some((name, at)), true) = (&stated, suspicion.is_about_a_unit()) {
        finding.target = Some(Place { cell: Some(*at), raw: Some(name.as_str().into()), ..first.place() });
    } else {
        finding.sources.remove(0);
        let mended = (&Rational::from(value) * &Rational::power_of_ten(-suspicion.power)).to_exact_decimal();
        finding.hypotheses.extend(mended.map(|mended| Hypothesis {
            kind: crate::model::finding::SlipKind::PowerOfTen,
            target: first.place(),
            to: plain(mended.normalize()),
            resolves: 1,
            together: Vec::new(),
        }));
    }
    finding
}

impl Suspicion<'_> {
    /// Whether the cause is a unit and not a single figure.
    fn is_about_a_unit(&self) -> bool {
        match self.why {
            Why::Money | Why::Tiny | Why::Product(_) => true,
            Why::Twin(_) | Why::Ratio(..) => self.readings.len() > 2,
            Why::Fraction(_) | Why::Members(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_ten() {
        let of = |text: &str| power(&Rational::from(text.parse::<Decimal>().expect("a number")), (316, 3), (3162, 3));
        assert_eq!(of("68.33"), Some(2));
        assert_eq!(of("30"), Some(1));
        assert_eq!(of("1"), None);
        assert_eq!(of("0.001"), Some(-3));
    }
}
