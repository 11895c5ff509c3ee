//! What the number format of a cell says of its number: a factor, decimals, a unit.

use super::{
    Context, Shown, SourceCell, Step,
    cell_error::{self, CellError},
};
use crate::{
    model::{reading::Raw, workbook::Section},
    values::{
        number::{self, Convention, Decimal},
        text,
        unit::Unit,
    },
};

/// A number as its cell shows it.
pub(super) struct Formatted {
    /// All stored digits, multiplied and divided as the format does.
    pub(super) value: Decimal,
    /// What is drawn where that is more or less.
    pub(super) shown: Option<Shown>,
    /// The unit that the format draws beside it.
    pub(super) unit: Option<String>,
    /// What was done to it.
    pub(super) step: Option<Step>,
}

/// What a cell shows of the number that it stores; `keeps_fraction` where a percentage is wanted as a
/// part of 1. `None` where nothing is to be said of it.
pub(super) fn formatted(
    cx: &Context<'_>,
    cell: &SourceCell<'_>,
    stored: Decimal,
    keeps_fraction: bool,
) -> Option<Formatted> {
    let section = cell.found?.number_format()?.section(stored)?;
    if section.shows_as_stored(stored) || section.is_percent() && keeps_fraction {
        return None;
    }
    let number = section.show(stored)?;
    let unit = if section.is_percent() { Some("%".to_owned()) } else { written_unit(cx, cell, section) };
    let shown_as = || Step::ShownAs { stored, shown: number.value, is_percent: section.is_percent() };
    let step = (number.shift != 0).then(shown_as);
    Some(Formatted { value: number.value, shown: Shown::of(&number), unit, step })
}

/// The unit in the words that a format draws behind a number, or as a sign of money before it.
fn written_unit(cx: &Context<'_>, cell: &SourceCell<'_>, section: &Section) -> Option<String> {
    if section.after().is_empty() && section.before().is_empty() {
        return None;
    }
    let is_edge = |c: char| !c.is_alphanumeric() && !matches!(c, '%' | '‰' | '₫' | '²' | '³');
    let words = match section.after().trim_matches(is_edge) {
        "" => Some(section.before().trim_matches(is_edge))
            .filter(|before| matches!(&*text::fold(before), "₫" | "đ" | "vnđ" | "vnd" | "đồng"))?,
        after => after,
    };
    if words == "₫" {
        return Some("đ".to_owned());
    }
    // A power of ten alone is one of the unit that stands elsewhere.
    if matches!(&*text::fold(words), "nghìn" | "ngàn" | "triệu" | "tỷ" | "trăm") {
        let unit = unit_elsewhere(cx, cell)?;
        let whole = Unit::parse(&format!("{words} {}", unit.name))?;
        let has_it = text::fold(&unit.name).starts_with(&text::fold(words)) || unit.is_multiple();
        return (!has_it).then_some(whole.name);
    }
    let figure = number::parse(&format!("1 {words}"), Convention::Vietnamese).number()?;
    figure.unit.or_else(|| figure.percent.then(|| "%".to_owned()))
}

/// The unit of a cell as far as it does not say one itself.
fn unit_elsewhere<'c>(cx: &'c Context<'_>, cell: &'c SourceCell<'_>) -> Option<&'c Unit> {
    let stated = cell.declared_unit.or(cell.stated_unit.map(|(unit, _)| &**unit));
    stated.or(cx.catalogue.indicator(cell.key.indicator).unit.as_ref())
}

/// Says that a format divides a number whose unit stands for single things, or that the unit it
/// draws is not the one that stands in the table.
pub(super) fn report(cx: &mut Context<'_>, cell: &SourceCell<'_>, stored: Decimal, formatted: &Formatted) {
    let drawn = formatted.unit.as_deref().and_then(Unit::parse);
    let Some(elsewhere) = unit_elsewhere(cx, cell) else { return };
    let error = match &drawn {
        Some(drawn) => {
            let is_same = drawn.factor_to(elsewhere) == Some(number::Rational::ONE);
            // What measures something else is told where units are held against each other.
            let wanted = cx.catalogue.indicator(cell.key.indicator).unit.as_ref();
            let is_wanted = wanted.is_some_and(|wanted| drawn.measures_same(wanted));
            if is_same || !is_wanted || cell.stated_unit.is_none() {
                return;
            }
            CellError::UnitOfFormat {
                value: formatted.value,
                drawn: drawn.name.clone(),
                stated: elsewhere.name.clone(),
            }
        }
        None if formatted.step.is_some() && !elsewhere.is_multiple() => {
            CellError::Divided { stored, value: formatted.value, unit: elsewhere.name.clone() }
        }
        None => return,
    };
    let raw = Raw::of(cell.found.map(|found| found.value)).text();
    cell_error::report(cx, cell, &raw, error);
}
