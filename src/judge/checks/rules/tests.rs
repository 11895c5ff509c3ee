use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::{
    judge::constraint::{Judgement, Known},
    model::{
        catalogue::{
            IndicatorId, decode,
            rule::{self, Scope},
        },
        document::Document,
        finding::FileLine,
        reading::{Dataset, Made, Origin, Previous, Raw},
        workbook::Position,
    },
    values::number::{
        BoundOp::{Ge, Gt, Lt},
        Decimal, Rounding,
    },
};

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let indicators: Vec<String> =
        ["t", "a", "b", "c"].iter().map(|id| format!("[[indicator]]\nid = \"{id}\"\nunit = \"tấn\"\n")).collect();
    let indicators = indicators.concat();
    let text = format!(
        "[catalogue]\nid = \"c\"\nperiod = \"2000\"\n{indicators}[[rule]]\nid = \"r\"\nmeasure = \"actual\"\nthat = \"t = a\"\n"
    );
    decode(&Document::new("c.toml", text)).expect("a right catalogue")
});

fn with_rule(text: &str) -> Catalogue {
    let mut catalogue = CATALOGUE.clone();
    let node = rule::parse(text).expect("a rule");
    let index = catalogue.index().clone();
    let scope = Scope {
        indicators: &catalogue.indicators,
        index: &index,
        measures: &catalogue.measures,
        members: None,
        prefix: None,
        row: None,
    };
    let that = rule::resolve(&node, scope).expect("known names");
    catalogue.rules[0].that = that;
    catalogue
}

fn reading(indicator: u32, value: Content, decimals: u32) -> Reading {
    let file = FileLine { file: "m".into(), line: 1 };
    let origin = Origin::plain(
        ("f".into(), "s".into(), Position::parse("A1").expect("a cell")),
        Raw::Text(format!("{value:?}").into()),
        file,
        Made::Typed,
    );
    let decimals = i32::try_from(decimals).expect("few");
    let key = Key { indicator: IndicatorId(indicator), measure: MeasureId(1), member: None };
    Reading { key, value, decimals, shown: None, record: indicator, forecast: false, origin }
}

fn number(text: &str) -> Content {
    if text.is_empty() { Content::Nothing(Nothing::Blank) } else { Content::Number(text.parse().expect("a decimal")) }
}

fn scale(text: &str) -> u32 {
    text.split_once('.').map_or(0, |(_, d)| u32::try_from(d.len()).expect("few"))
}

fn dataset(values: &[&str]) -> Dataset {
    Dataset::new((0u32..).zip(values).map(|(at, text)| reading(at, number(text), scale(text))).collect())
}

fn judge_set(catalogue: &Catalogue, dataset: &Dataset, previous: Option<Previous<'_>>) -> Option<bool> {
    let cx = Context::new(catalogue, dataset).with_previous(previous);
    let subjects = subjects(&cx, &catalogue.rules[0], |_| true);
    subjects[0].is_kept()
}

#[test]
fn three_values() {
    // t, a, b, c
    for (text, values, kept) in [
        ("t = a + b", ["10.3", "5.1", "5.1", ""], Some(true)),
        ("t = a + b", ["10.4", "5.1", "5.1", ""], Some(false)),
        ("t = a + b", ["10.4", "5.1", "", ""], None),
        // A figure on both sides is counted once.
        ("t = t - b + c", ["1000", "", "5.2", "5.1"], Some(true)),
        ("t = t - b + c", ["1000", "", "5.3", "5.1"], Some(false)),
        ("t <= a", ["5.2", "5.1", "", ""], Some(true)),
        ("t < a", ["5.2", "5.1", "", ""], Some(false)),
        ("t <= a", ["5.3", "5.1", "", ""], Some(false)),
        ("t != a", ["5.1", "5.1", "", ""], Some(true)),
        ("t - t != 0", ["5.1", "", "", ""], Some(false)),
        ("t = a * b / 10", ["1006.3", "175.00", "57.5", ""], Some(true)),
        ("t = a * b / 10", ["1060.3", "175.00", "57.5", ""], Some(false)),
        // 0.4 may be 0, so it divides nothing.
        ("t = a / b", ["1", "1", "0", ""], None),
        ("t in 0..100", ["100.4", "", "", ""], Some(false)),
        ("t in 0..100", ["100", "", "", ""], Some(true)),
        ("t in {1, 2.5}", ["2.5", "", "", ""], Some(true)),
        ("t in {1, 2.5}", ["3.5", "", "", ""], Some(false)),
        // One that cannot hold decides.
        ("t = 1 and a = 1", ["5", "", "", ""], Some(false)),
        ("t = 5 or a = 1", ["9", "", "", ""], None),
        ("if a > 3 then t = 1", ["9", "2", "", ""], Some(true)),
        ("if a > 3 then t = 1", ["9", "5", "", ""], Some(false)),
        // 3 may be 2.6: whether the rule speaks of it is not certain.
        ("if a > 3 then t = 1", ["9", "3", "", ""], Some(true)),
        ("if a > 3 then t = 1 else t = 9", ["9", "2", "", ""], Some(true)),
        ("if a > 3 then t = 1 else t = 7", ["9", "2", "", ""], Some(false)),
        ("not missing(a)", ["9", "", "", ""], Some(false)),
        ("if missing(a) then t = 9", ["9", "", "", ""], Some(true)),
        ("abs(t) = max(a, b) and min(a, b, 3) = 2", ["-9", "9", "2", ""], Some(true)),
        ("abs(t) = max(a, b)", ["-9", "7", "2", ""], Some(false)),
        ("count(a, b, c) >= 2", ["", "1", "2", ""], Some(true)),
        ("count(a, b, c) >= 3", ["", "1", "2", ""], Some(false)),
        ("median(t, a, b) = 2", ["9", "1", "2", ""], Some(true)),
        ("median(t, a, b) = 5", ["9", "1", "2", ""], Some(false)),
        ("median(t, a) = 5", ["9", "1", "", ""], Some(true)),
        ("median(t, a) = 5", ["9", "", "", ""], None),
        ("digits(t) <= 3 and decimals(t) <= 1", ["123.4", "", "", ""], Some(true)),
        ("decimals(t) = 0", ["123.4", "", "", ""], Some(false)),
        ("unique(a, b, c)", ["", "1", "1.0", "2"], Some(false)),
        ("unique(a, b, c)", ["", "1", "3", "2"], Some(true)),
        ("t = previous(t)", ["1", "", "", ""], None),
        ("missing(previous(t))", ["1", "", "", ""], None),
    ] {
        assert_eq!(judge_set(&with_rule(text), &dataset(&values), None), kept, "{text} {values:?}");
    }
}

#[test]
fn bounds_tolerance_absent_and_the_period_before() {
    let bound = |op, at: &str| Content::Bound(op, at.parse().expect("a decimal"));
    for (text, value, kept) in [
        ("t >= a", bound(Gt, "90"), Some(true)),
        ("t < a", bound(Gt, "11"), Some(false)),
        ("t <= a", bound(Gt, "10.005"), Some(false)),
        ("t <= a", bound(Ge, "10.005"), Some(true)),
        ("-t = a", bound(Gt, "5"), Some(false)),
        ("-t = a", bound(Lt, "5"), Some(true)),
        ("t = a", Content::Range(2.into(), 12.into()), Some(true)),
        ("t = a", Content::Range(2.into(), 5.into()), Some(false)),
        ("t = a * b", bound(Gt, "5"), Some(true)),
        ("t * a = b", bound(Gt, "5"), None),
    ] {
        let mut readings = dataset(&["", "10.00", "1.00", "1.00"]).into_readings();
        readings[0].value = value;
        assert_eq!(judge_set(&with_rule(text), &Dataset::new(readings), None), kept, "{text}");
    }
    let mut catalogue = with_rule("t = a + b");
    catalogue.rules[0].tolerance = Some(Rational::from(2));
    assert_eq!(judge_set(&catalogue, &dataset(&["12", "5", "5"]), None), Some(true));
    assert_eq!(judge_set(&catalogue, &dataset(&["13", "5", "5"]), None), Some(false));
    catalogue.rules[0].tolerance = Some(Rational::ZERO);
    assert_eq!(judge_set(&catalogue, &dataset(&["10.3", "5.1", "5.1"]), None), Some(false));
    catalogue.rules[0].absent = Absent::Zero;
    assert_eq!(judge_set(&catalogue, &dataset(&["5", "5", ""]), None), Some(true));
    assert_eq!(judge_set(&catalogue, &dataset(&["6", "5", ""]), None), Some(false));
    assert_eq!(judge_set(&catalogue, &dataset(&["6", "", ""]), None), None, "nothing to compare");
    let before = dataset(&["5"]);
    let previous = Some(Previous { catalogue: &catalogue, dataset: &before });
    let against = |text| judge_set(&with_rule(text), &dataset(&["6"]), previous);
    assert_eq!(against("t = previous(t)"), Some(true), "6 and 5 meet at 5.5");
    assert_eq!(against("t <= previous(t) - 1"), Some(false));
    assert_eq!(against("missing(previous(a))"), Some(true));
}

/// Factors, true values in millionths, decimals printed; then of the total.
type System = ([i64; 3], [i64; 3], [u32; 4]);

fn system() -> impl Strategy<Value = System> {
    let factor = prop_oneof![-3i64..=-1, 1i64..=3];
    (
        [factor.clone(), factor.clone(), factor],
        prop::array::uniform3(-9_000_000_000i64..9_000_000_000),
        [0u32..5, 0..5, 0..5, 0..5],
    )
}

fn printed(value: &Rational, decimals: u32) -> Decimal {
    value.to_decimal(decimals, Rounding::HalfUp).expect("short")
}

fn of(values: &[Decimal; 4], decimals: [u32; 4]) -> Dataset {
    let readings = (0u32..).zip(values.iter().zip(decimals));
    Dataset::new(readings.map(|(at, (value, d))| reading(at, Content::Number(*value), d)).collect())
}

/// Whether a form holds for the numbers as they stand.
fn holds(form: &crate::judge::checks::constraints::Form<'_>) -> bool {
    let at = |figure: &crate::judge::checks::constraints::Figure<'_>| {
        let value = Rational::from(figure.reading.number().expect("a number"));
        let band = std::borrow::Cow::Owned(Interval::exact(value.clone()));
        Some(Known { value: std::borrow::Cow::Owned(value), band })
    };
    form.judge(Some(&Rational::ZERO), &at) == Judgement::Holds
}

/// Rules with cases; each is solved, so each has constraints whatever the figures are.
const WITH_CASES: [&str; 14] = [
    "t = a or t = b",
    "not (t < a and b <= c)",
    "if t > 0 then a > 0",
    "if t = 0 then a = 0 else a = b + c",
    "t in {1, 2, 4}",
    "not t in 1..3",
    "t != a",
    "abs(t - a) <= 2",
    "t = max(a, b, c)",
    "t + 1 >= 2 * min(a, b) - abs(c)",
    "t = a * b * c",
    "t = a * b or t = c",
    "0 <= t <= a and (b > 1 or c > 1)",
    "if not (a = b and b = c) then max(a, b) < t",
];

proptest! {
    /// What a rule asks, in cases, is what it is judged by.
    #[test]
    fn cases_hold_exactly_when_the_rule_is_kept(
        rule in 0..WITH_CASES.len(),
        values in proptest::array::uniform4(-3i64..=5),
    ) {
        let mut catalogue = with_rule(WITH_CASES[rule]);
        catalogue.rules[0].tolerance = Some(Rational::ZERO);
        let texts = values.map(|value| value.to_string());
        let dataset = dataset(&texts.each_ref().map(String::as_str));
        let cx = Context::new(&catalogue, &dataset);
        let subjects = subjects(&cx, &catalogue.rules[0], |_| true);
        let constraints = subjects[0].constraints(crate::judge::checks::rule_violated());
        prop_assert!(!constraints.is_empty());
        let kept = constraints.iter().all(|constraint| holds(&constraint.form));
        prop_assert_eq!(subjects[0].is_kept(), Some(kept), "{} {:?}", WITH_CASES[rule], values);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Printed at any mix of decimals, figures that fit never break the rule; a change of any of them
    /// beyond the band always does.
    #[test]
    fn consistent_figures_keep_linear_rules((factors, values, decimals) in system(), at in 0usize..4, up in any::<bool>()) {
        let [f, g, h] = factors;
        let catalogue = with_rule(&format!("t = {f} * a + {g} * b + {h} * c"));
        let exact: Vec<Rational> = values.iter().map(|v| Rational::from(Decimal::new(*v, 6))).collect();
        let weights: Vec<Rational> = factors.iter().map(|f| Rational::from(*f)).collect();
        let total: Rational = exact.iter().zip(&weights).map(|(x, w)| x * w).sum();
        let mut shown = [
            printed(&total, decimals[0]),
            printed(&exact[0], decimals[1]),
            printed(&exact[1], decimals[2]),
            printed(&exact[2], decimals[3]),
        ];
        prop_assert_eq!(judge_set(&catalogue, &of(&shown, decimals), None), Some(true), "{:?}", shown);

        // Twice the band is beyond it wherever within the band the figures were before.
        let unit = |d: u32| Rational::power_of_ten(-i32::try_from(d).unwrap_or(0));
        let mut band = unit(decimals[0]);
        for (weight, d) in weights.iter().zip(&decimals[1..]) {
            band = &band + &(&weight.abs() * &unit(*d));
        }
        let weight = if at == 0 { Rational::ONE } else { weights[at - 1].abs() };
        let step = band.checked_div(&weight).map(|step| &step + &unit(decimals[at])).expect("not 0");
        let step = step.to_decimal(decimals[at], Rounding::Ceiling).expect("short");
        shown[at] += if up { step } else { -step };
        prop_assert_eq!(judge_set(&catalogue, &of(&shown, decimals), None), Some(false), "{:?}", shown);
    }
}
