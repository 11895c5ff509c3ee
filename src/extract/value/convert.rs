//! What a cell says, in the unit of its indicator.

use super::{
    Arc, Context, Decimal, Position, Shown, SourceCell, Step, Taken, Unit, Value, cell_place, codes, describe, number,
};
use crate::{
    model::{
        catalogue::Indicator,
        finding::{Facts, Finding},
    },
    values::language::{Language, say},
};

/// Brings a value to the unit of its indicator. Tells whether the units contradict each other.
pub(super) fn convert(cx: &mut Context<'_>, cell: &SourceCell<'_>, taken: &mut Taken, report_it: bool) -> bool {
    let indicator = cx.catalogue.indicator(cell.key.indicator);
    let Some(wanted) = &indicator.unit else { return false };
    let in_cell = taken.unit.as_deref().and_then(Unit::parse).map(|unit| (Arc::new(unit), cell.at));
    let stated = in_cell.as_ref().or(cell.stated_unit);
    // As it nearly always is.
    if cell.declared_unit.is_none() && stated.is_some_and(|(stated, _)| stated.name == wanted.name) {
        return false;
    }
    let renamed;
    let from = match (cell.declared_unit, stated) {
        (Some(declared), None) => declared,
        (Some(declared), Some((stated, at))) => {
            if !declared.measures_same(stated) || declared.factor_to(stated) != Some(number::Rational::ONE) {
                if report_it {
                    report_units(cx, cell, stated, *at, declared, true);
                }
                return true;
            }
            declared
        }
        (None, Some((stated, at))) => {
            if accepted(indicator, stated) {
                return false;
            }
            renamed = stated.named_as(wanted);
            if renamed.is_none() && !stated.measures_same(wanted) {
                if report_it {
                    report_units(cx, cell, stated, *at, wanted, false);
                }
                return true;
            }
            renamed.as_ref().unwrap_or(stated)
        }
        (None, None) => return false,
    };
    let Some(factor) = from.factor_to(wanted) else {
        return !accepted(indicator, from);
    };
    if factor == number::Rational::ONE {
        return false;
    }
    let step = Step::Converted { from: from.name.clone(), to: wanted.name.clone() };
    let change = |value: Decimal| from.convert(value, wanted);
    let converted = match &taken.value {
        Value::Number(v) => change(*v).map(Value::Number),
        Value::Bound(op, v) => change(*v).map(|v| Value::Bound(*op, v)),
        Value::Range(low, high) => change(*low).zip(change(*high)).map(|(l, h)| Value::Range(l, h)),
        Value::Nothing(_) | Value::Text(_) | Value::Partial { .. } | Value::Unusable => None,
    };
    if let Some(value) = converted {
        taken.value = value;
        taken.alternative = taken.alternative.and_then(change);
        taken.steps.push(step);
        taken.shown = taken.shown.and_then(|shown| {
            Some(Shown { value: change(shown.value)?, decimals: decimals_after(&factor, shown.decimals) })
        });
        // The last printed digit moves with the unit: 0.001 nghìn đồng is 1 đồng.
        let printed = taken.decimals.max(if wanted.is_money() { cell.numbers.decimals() } else { 0 });
        taken.decimals = decimals_after(&factor, printed);
    }
    false
}

/// The decimals that a number printed with `printed` decimals has after multiplication; below 0
/// where its last digit stands for tens and more.
fn decimals_after(factor: &number::Rational, printed: i32) -> i32 {
    let digit = &number::Rational::power_of_ten(-printed) * factor;
    (-27..=28).find(|decimals| number::Rational::power_of_ten(-*decimals) <= digit).unwrap_or(28)
}

fn accepted(indicator: &Indicator, unit: &Unit) -> bool {
    indicator.accepts.iter().any(|a| a.measures_same(unit) && a.factor_to(unit) == Some(number::Rational::ONE))
}

/// `unit-mismatch`: a row states another unit than the mapping or the catalogue.
#[derive(Debug)]
struct UnitMismatch {
    what: String,
    stated: String,
    wanted: String,
    declared_by_mapping: bool,
    /// The indicator, where both are words for things that are counted: they may mean the same things.
    counted: Option<Arc<str>>,
}

impl Facts for UnitMismatch {
    fn message(&self, language: Language) -> String {
        let Self { what, stated, wanted, .. } = self;
        if self.declared_by_mapping {
            say!(
                language,
                "{what} ghi đơn vị \"{stated}\", bảng ánh xạ khai báo \"{wanted}\"; số giữ nguyên, không quy đổi",
                "{what} states the unit \"{stated}\", the mapping declares \"{wanted}\"; numbers are left as they are"
            )
        } else {
            say!(
                language,
                "{what} ghi đơn vị \"{stated}\", danh mục quy định \"{wanted}\"; số giữ nguyên, không quy đổi",
                "{what} states the unit \"{stated}\", the catalogue says \"{wanted}\"; numbers are left as they are"
            )
        }
    }

    fn action(&self, language: Language) -> String {
        let Self { stated, wanted, .. } = self;
        let mut action = say!(
            language,
            "sửa đơn vị trong sheet thành \"{wanted}\" và kiểm tra lại các số của dòng",
            "change the unit in the sheet to \"{wanted}\" and check the numbers of the row"
        );
        if let Some(id) = &self.counted {
            action += &say!(
                language,
                "; nếu \"{stated}\" và \"{wanted}\" là một: báo người quản lý danh mục ghi accepts = [\"{stated}\"] cho chỉ tiêu {id}",
                "; if \"{stated}\" and \"{wanted}\" are the same: have accepts = [\"{stated}\"] written for the indicator {id} in the catalogue"
            );
        }
        action
    }
}

fn report_units(
    cx: &mut Context<'_>,
    cell: &SourceCell<'_>,
    stated: &Unit,
    at: Position,
    wanted: &Unit,
    declared_by_mapping: bool,
) {
    let indicator = cx.catalogue.indicator(cell.key.indicator);
    let may_be_same = !declared_by_mapping && stated.is_count() && wanted.is_count();
    let facts = UnitMismatch {
        what: describe(cx.catalogue, &cell.key),
        stated: stated.name.clone(),
        wanted: wanted.name.clone(),
        declared_by_mapping,
        counted: may_be_same.then(|| indicator.id.clone()),
    };
    let mut finding = Finding::new(&codes::UNIT_MISMATCH, facts)
        .at(cell_place(cell.workbook, cell.sheet, at))
        .about(&indicator.id)
        .stated_at(cell.line.clone())
        .fingerprinted(&[&indicator.id]);
    finding.found = Some(stated.name.clone());
    finding.expected = Some(wanted.name.clone());
    finding.sources = vec![cell_place(cell.workbook, cell.sheet, cell.at)];
    cx.findings.push(finding);
}
