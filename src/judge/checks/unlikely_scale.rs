//! `unlikely-scale`: a unit line, a unit cell or a separator makes figures ten or more times too
//! large or too small, as their own sheets show without any period before.
//!
//! What is suspected is a cause, not a figure: one wrong unit line over 45 figures is one finding.

mod units;

use std::collections::HashSet;

use super::{
    Check, CheckKind, CheckResults, Context,
    context::plain,
    siblings::{is_positive, positive, power},
};
use crate::{
    model::{
        finding::{Code, Explain, Facts, Finding, Hypothesis, Place, Severity, SlipKind},
        ratio::in_units,
        reading::Reading,
        workbook::Position,
    },
    values::{
        language::{Language, Words, counted, say},
        number::{Decimal, Rational, Rounding},
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Remark, run };

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
fn run(cx: &Context<'_>, results: &mut CheckResults) {
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
        results.fail(finding(cx, first, &suspicion));
    }
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
        // One number in both is a ratio of 1.
        for other in readings.filter(|other| other.number() != first.number()) {
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
    for reading in cx.dataset.irregular() {
        let Some((_, to)) = pairs.iter().find(|(of, _)| *of == reading.key.measure) else { continue };
        if !is_positive(reading) {
            continue;
        }
        let beside = cx.dataset.beside(reading, reading.key.indicator, *to);
        let Some(to) = beside.filter(|to| is_positive(to)) else { continue };
        rows += 1;
        if is_usual(reading, to) {
            continue;
        }
        let Some(ratio) = positive(reading).zip(positive(to)).and_then(|(of, to)| of.checked_div(&to)) else {
            continue;
        };
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

/// Whether a result is more than a fiftieth of its plan and less than thirty times as much, as nearly all
/// are: nothing here asks about those. Both are above 0.
fn is_usual(of: &Reading, to: &Reading) -> bool {
    let units = || in_units(of.number()?, to.number()?);
    units().is_some_and(|(of, to)| {
        let (of, to) = (i128::from(of), i128::from(to));
        of * 50 > to && of < to * 30
    })
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
    let unit = cx.indicator(first).unit.as_ref().map(|unit| format!(" {}", unit.name)).unwrap_or_default();
    let stated = first.origin.unit.as_ref().map(|(unit, at)| (unit.name.clone(), *at));
    let stated = stated.filter(|_| suspicion.is_about_a_unit());
    let facts = UnlikelyScale {
        what,
        value,
        unit,
        power: suspicion.power,
        count: suspicion.readings.len(),
        raw: first.origin.raw.text().to_string(),
        cell: first.origin.cell,
        reason: reason(cx, &suspicion.why),
        stated: stated.clone(),
    };
    let mut finding = cx.finding(&CODE, first, facts);
    finding.found = Some(plain(value));
    finding.sources = suspicion.readings.iter().take(12).map(|reading| reading.place()).collect();
    match suspicion.why {
        Why::Product(other) | Why::Twin(other) | Why::Ratio(other, _) | Why::Fraction(other) | Why::Members(other) => {
            finding.sources.push(other.place());
        }
        Why::Money | Why::Tiny => {}
    }
    if let Some((name, at)) = &stated {
        finding.target = Some(Place { cell: Some(*at), raw: Some(name.as_str().into()), ..first.place() });
    } else {
        finding.sources.remove(0);
        let mended = (&Rational::from(value) * &Rational::power_of_ten(-suspicion.power)).to_exact_decimal();
        finding.hypotheses.extend(mended.map(|mended| Hypothesis {
            kind: SlipKind::PowerOfTen,
            target: first.place(),
            to: plain(mended.normalize()),
            resolves: 1,
            together: Vec::new(),
        }));
    }
    finding
}

/// What speaks against the figures, as data.
fn reason(cx: &Context<'_>, why: &Why<'_>) -> Reason {
    let number = |reading: &Reading| reading.number().unwrap_or_default();
    match why {
        Why::Money => Reason::Money,
        Why::Tiny => Reason::Tiny,
        Why::Product(product) => Reason::Product(cx.name(&product.key), product.origin.cell),
        Why::Twin(other) => Reason::Twin(number(other), other.origin.sheet.to_string(), other.origin.cell),
        Why::Ratio(to, ratio) => {
            let percent = ratio * &Rational::from(100);
            let decimals = if percent < Rational::ONE { 3 } else { 0 };
            Reason::Ratio(percent.to_decimal(decimals, Rounding::HalfUp), number(to), to.origin.cell)
        }
        Why::Fraction(other) => Reason::Fraction(number(other), other.origin.cell),
        Why::Members(beside) => Reason::Members(cx.name(&beside.key), number(beside)),
    }
}

/// How many figures one cause makes too large or too small, the first of them, what speaks against it, and the
/// unit with its cell where that is the cause.
#[derive(Debug)]
struct UnlikelyScale {
    what: String,
    value: Decimal,
    unit: String,
    power: i32,
    count: usize,
    raw: String,
    cell: Position,
    reason: Reason,
    stated: Option<(String, Position)>,
}

/// What speaks against a figure: others by their name, number, sheet and cell.
#[derive(Debug)]
enum Reason {
    Money,
    Tiny,
    Product(String, Position),
    Twin(Decimal, String, Position),
    /// In percent of the plan.
    Ratio(Option<Decimal>, Decimal, Position),
    Fraction(Decimal, Position),
    Members(String, Decimal),
}

impl UnlikelyScale {
    fn reason(&self, language: Language) -> String {
        let Self { what, unit, count, raw, .. } = self;
        let (numbers, shown) = (counted(*count, "number"), language.number(self.value));
        match &self.reason {
            Reason::Money => say!(
                language,
                "{count} số tiền đều là số nguyên lớn như ghi theo đồng; {what} thành {shown}{unit}",
                "{numbers} are whole and as large as amounts in đồng; {what} becomes {shown}{unit}"
            ),
            Reason::Tiny => say!(
                language,
                "{count} số chỉ còn gần bằng 0; {what} ghi \"{raw}\", thành {shown}{unit}",
                "{numbers} become next to nothing; {what} says \"{raw}\", which is {shown}{unit}"
            ),
            Reason::Product(name, at) => say!(
                language,
                "{what} ghi \"{raw}\", thành {shown}{unit}; phép nhân của {name} ({at}) chỉ khớp khi không quy đổi",
                "{what} says \"{raw}\", which is {shown}{unit}; the product {name} ({at}) holds only without the conversion"
            ),
            Reason::Twin(there, sheet, at) => {
                let there = language.number(*there);
                say!(
                    language,
                    "{count} số cùng chênh một mức với sheet \"{sheet}\": {what} ở đây là {shown}{unit}, ở đó {there}{unit} ({at})",
                    "{numbers} differ from the sheet \"{sheet}\" by the same factor: {what} is {shown}{unit} here and {there}{unit} there ({at})"
                )
            }
            Reason::Ratio(percent, plan, at) => {
                let percent = percent.map(|percent| language.number(percent)).unwrap_or_default();
                let plan = language.number(*plan);
                say!(
                    language,
                    "{what} ghi {shown}, bằng {percent} % của {plan} ({at})",
                    "{what} says {shown}, {percent} % of {plan} ({at})"
                )
            }
            Reason::Fraction(there, at) => {
                let there = language.number(*there);
                say!(
                    language,
                    "{what} ghi {shown}, ở {at} ghi {there}: như phân số dưới đơn vị %",
                    "{what} says {shown}, {at} says {there}: like a fraction under %"
                )
            }
            Reason::Members(name, there) => {
                let there = language.number(*there);
                say!(
                    language,
                    "{what} ghi {shown}; so với {name} ({there}) thì các nơi khác theo một mức, nơi này khác hẳn",
                    "{what} says {shown}; against {name} ({there}) all others keep one relation, and this one does not"
                )
            }
        }
    }
}

impl Facts for UnlikelyScale {
    fn message(&self, language: Language) -> String {
        let size = match self.power.unsigned_abs() {
            power @ 0..=9 => language.number(Decimal::from(10u64.pow(power))),
            power => format!("10^{power}"),
        };
        let times = if self.power > 0 {
            say!(language, "lớn hơn khoảng {size} lần", "about {size} times too large")
        } else {
            say!(language, "nhỏ hơn khoảng {size} lần", "about {size} times too small")
        };
        let reason = self.reason(language);
        match &self.stated {
            Some((name, at)) => say!(
                language,
                "đơn vị \"{name}\" ({at}) có lẽ sai, số {times}: {reason}",
                "the unit \"{name}\" ({at}) may be wrong, the numbers are {times}: {reason}"
            ),
            None => say!(language, "{reason}: có lẽ {times}", "{reason}: perhaps {times}"),
        }
    }

    fn action(&self, language: Language) -> String {
        if let Some((name, at)) = &self.stated {
            return say!(
                language,
                "kiểm tra đơn vị \"{name}\" ở {at}; nếu đơn vị đúng, kiểm tra các số và dấu thập phân",
                "check the unit \"{name}\" in {at}; if it is right, check the numbers and their decimal marks"
            );
        }
        let cell = self.cell;
        say!(
            language,
            "kiểm tra dấu ngăn hàng nghìn, dấu thập phân và đơn vị của ô {cell}",
            "check the thousands separator, the decimal mark and the unit of the cell {cell}"
        )
    }
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
