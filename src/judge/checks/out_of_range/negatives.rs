//! A negative figure among positive ones of its kind, where the catalogue states no least value: a minus
//! too many is likelier than the only village with less than no people. Balances and changes are below 0
//! by right: insurance and land forms are full of them.

use super::super::{CheckResults, Context, context::plain};
use crate::{
    model::{
        catalogue::{Indicator, MeasureId},
        finding::{Code, Facts, Hypothesis, Severity, SlipKind},
        reading::{Made, Reading},
        workbook::Position,
    },
    values::{
        language::{Language, say},
        number::Decimal,
        text,
    },
};

/// Fewest positive figures of the same kind.
const FEWEST_MEMBERS: usize = 3;
const FEWEST_MEASURES: usize = 2;

/// Words of what may fall below 0: differences, balances, changes.
const BALANCES: [&str; 22] = [
    "chênh lệch",
    "tăng",
    "giảm",
    "lãi",
    "lỗ",
    "cân đối",
    "kết dư",
    "thặng dư",
    "thâm hụt",
    "bội chi",
    "bội thu",
    "nhập siêu",
    "xuất siêu",
    "lợi nhuận",
    "số dư",
    "dư",
    "biến động",
    "thừa",
    "thiếu",
    "điều chỉnh",
    "bù trừ",
    "so với",
];

pub(super) fn run(cx: &Context<'_>, results: &mut CheckResults, code: &'static Code) {
    let is_below = |reading: &&Reading| reading.number().is_some_and(|number| number < Decimal::ZERO);
    for reading in cx.dataset.irregular().iter().filter(is_below) {
        let indicator = cx.indicator(reading);
        if !is_quantity(indicator) || !cx.catalogue.measure(reading.key.measure).is_base() {
            continue;
        }
        // A formula means what it computes.
        if reading.origin.made != Made::Typed || cx.negatives_beside(reading) > 1 || !is_alone(cx, reading) {
            continue;
        }
        let measure = &cx.catalogue.measure(reading.key.measure).label;
        if text::compares(&indicator.label) || [&indicator.label, measure].into_iter().any(|label| is_balance(label)) {
            continue;
        }
        let Some(value) = reading.number() else { continue };
        let (what, cell) = (cx.name(&reading.key), reading.origin.cell);
        let mut finding = cx.finding(code, reading, NegativeAmongPositive { what, value, cell });
        finding.severity = Severity::Warning;
        finding.found = Some(plain(value));
        finding.hypotheses.push(Hypothesis {
            kind: SlipKind::Sign,
            target: reading.place(),
            to: plain(value.abs()),
            resolves: 1,
            together: Vec::new(),
        });
        results.fail(finding);
    }
}

/// A figure below 0 and its cell.
#[derive(Debug)]
struct NegativeAmongPositive {
    what: String,
    value: Decimal,
    cell: Position,
}

impl Facts for NegativeAmongPositive {
    fn message(&self, language: Language) -> String {
        let (what, value) = (&self.what, language.number(self.value));
        say!(
            language,
            "{what} ghi {value}; các số cùng loại đều dương",
            "{what} says {value}; the figures of its kind are all positive"
        )
    }

    fn action(&self, language: Language) -> String {
        let (cell, positive) = (self.cell, language.number(self.value.abs()));
        say!(
            language,
            "kiểm tra dấu âm ở {cell} (có thể là {positive}); nếu chỉ tiêu này được phép âm: báo người quản lý danh mục ghi `signed = true`",
            "check the minus sign in {cell} (perhaps {positive}); if this indicator may be negative, have `signed = true` written in the catalogue"
        )
    }
}

/// Whether it has a unit that counts or measures, and nothing that says it may be below 0.
fn is_quantity(indicator: &Indicator) -> bool {
    let is_rate = |name: &str| name.contains(['%', '‰']);
    indicator.min.is_none() && !indicator.signed && indicator.unit.as_ref().is_some_and(|unit| !is_rate(&unit.name))
}

fn is_balance(label: &str) -> bool {
    let folded = text::fold(label);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |wanted: &str| {
        let wanted: Vec<&str> = wanted.split(' ').collect();
        words.windows(wanted.len()).any(|run| run == wanted)
    };
    BALANCES.into_iter().any(has)
}

/// Whether all others of its kind are positive: the same of other members; of a whole, its other measures.
fn is_alone(cx: &Context<'_>, reading: &Reading) -> bool {
    let of_indicator = || cx.dataset.irregular_of(reading.key.indicator).filter(|other| !std::ptr::eq(*other, reading));
    let number = |other: &Reading| other.number().filter(|number| !number.is_zero());
    let is_positive = |numbers: &[Decimal], fewest: usize| {
        numbers.len() >= fewest && numbers.iter().all(|number| *number > Decimal::ZERO)
    };
    if reading.key.member.is_some() {
        let same = |other: &&Reading| other.key.measure == reading.key.measure && other.key.member.is_some();
        let numbers: Vec<Decimal> = of_indicator().filter(same).filter_map(number).collect();
        return is_positive(&numbers, FEWEST_MEMBERS);
    }
    let is_base = |measure: MeasureId| cx.catalogue.measure(measure).is_base();
    let whole = |other: &&Reading| other.key.member.is_none() && is_base(other.key.measure);
    let numbers: Vec<Decimal> = of_indicator().filter(whole).filter_map(number).collect();
    is_positive(&numbers, FEWEST_MEASURES)
}
