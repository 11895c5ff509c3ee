//! Last year beside this year.
#![allow(clippy::float_arithmetic, reason = "lengths on paper are no figures of the office")]

use rust_xlsxwriter::{Format, XlsxError};

use super::{
    BAR_PIXELS, FRAME_PIXELS, SIZE, Summary,
    chart::{Axis, Series},
    count, label, measure_of, paper, row_height, style, width,
};
use crate::{
    compose::appendix::{Content, FormRow, Operand},
    model::{
        catalogue::{Align, IndicatorId, MeasureId, MeasureKind, Scale},
        ratio::exact_ratio,
        reading::{Key, Reading},
    },
    values::{
        language::say,
        number::{self, Decimal, Rounding},
    },
    write::workbook::{WorkbookInput, style::fits},
};

/// Indicators of one chart, two bars each: more do not go on one page.
pub(super) const MOST: usize = 19;

/// A result beside that of the year before.
pub(super) struct Year {
    label: String,
    unit: String,
    before: Decimal,
    now: Decimal,
    /// The result in percent of the one before.
    index: Decimal,
    /// The cell of the form with the result.
    at: Option<Operand>,
}

/// Results beside those of the period before, as far as they are known: from that period itself, or
/// from a measure of this one that the result is carried to (last year's result). The highest first.
pub(super) fn find(input: &WorkbookInput<'_>) -> Vec<Year> {
    let catalogue = input.catalogue;
    let pairs = pairs(input);
    let number = |indicator, measure| input.dataset.whole(indicator, measure).and_then(Reading::number);
    let mut above: Vec<(u8, &str)> = Vec::new();
    let mut found = Vec::new();
    for row in &input.appendix.rows {
        let FormRow::Indicator { indicator: id, level, .. } = row else { continue };
        let indicator = catalogue.indicator(*id);
        above.retain(|(other, _)| other < level);
        let label = label(&above, indicator);
        above.push((*level, &indicator.label));
        let given = input.before.iter().find(|(key, _)| key.indicator == *id);
        let given = given.and_then(|(key, before)| Some((key.measure, number(*id, key.measure)?, *before)));
        let stated = || pairs.iter().find_map(|(now, before)| Some((*now, number(*id, *now)?, number(*id, *before)?)));
        let Some((measure, now, before)) = given.or_else(stated).filter(|(_, now, then)| fits(*now) && fits(*then))
        else {
            continue;
        };
        let index = exact_ratio(now, before, Scale::Percent).and_then(|index| index.to_decimal(2, Rounding::HalfUp));
        let Some(index) = index.map(number::trim).filter(|index| fits(*index)) else { continue };
        let unit = indicator.unit.as_ref().map(|unit| unit.name.clone()).unwrap_or_default();
        found.push(Year { label, unit, before, now, index, at: shown(input, *id, measure, now) });
    }
    found.sort_by_key(|year| std::cmp::Reverse(year.index));
    found
}

/// Measures with a result, each with that of the year before. Where the form shows the ratio of the
/// two, there is a chart of it already.
fn pairs(input: &WorkbookInput<'_>) -> Vec<(MeasureId, MeasureId)> {
    let catalogue = input.catalogue;
    let compared: Vec<(MeasureId, MeasureId)> = (0..input.appendix.columns.len())
        .filter_map(|column| {
            let MeasureKind::Ratio { of, to, .. } = catalogue.measure(measure_of(input, column)?).kind else {
                return None;
            };
            Some((of, to))
        })
        .collect();
    catalogue
        .iter_measures()
        .flat_map(|(before, measure)| measure.carried.iter().map(move |now| (*now, before)))
        // What is carried may be a plan too.
        .filter(|(now, _)| matches!(catalogue.measure(*now).kind, MeasureKind::Actual | MeasureKind::Estimate))
        .filter(|pair| !compared.contains(pair))
        .collect()
}

/// The cell of the form that shows a number.
fn shown(input: &WorkbookInput<'_>, indicator: IndicatorId, measure: MeasureId, value: Decimal) -> Option<Operand> {
    let at = input.appendix.find(&Key { indicator, measure, member: None })?;
    let cell = input.appendix.cell(at)?;
    (cell.content == Content::Number(value)).then_some(at)
}

impl Summary<'_> {
    /// Every result in percent of the one before, since indicators of different units have no common
    /// axis.
    pub(super) fn years(&mut self, years: &[Year]) -> Result<(), XlsxError> {
        let language = self.input.language;
        // Several years are compared with those before them.
        let period = &self.input.catalogue.period;
        let [before, now] = if period.first_year < period.year {
            [say!(language, "Kỳ trước", "Last period"), say!(language, "Kỳ này", "This period")]
        } else {
            [say!(language, "Năm trước", "Last year"), say!(language, "Năm nay", "This year")]
        };
        let (small, large) = (before.to_lowercase(), now.to_lowercase());
        let title =
            say!(language, "Kết quả {large} so với {small} ({small} = 100)", "{now} beside {small} ({small} = 100)");
        let height = FRAME_PIXELS + BAR_PIXELS * 2 * count(years.len());
        let at = self.room(height, years.iter().map(|year| year.label.as_str()))?;
        self.head(&[
            (0, 1, say!(language, "STT", "No.")),
            (1, 1, say!(language, "Chỉ tiêu", "Indicator")),
            (2, 1, say!(language, "Đơn vị", "Unit")),
            (3, 2, before.clone()),
            (5, 2, now.clone()),
            (7, 1, "%".to_owned()),
            (8, 1, say!(language, "Mốc", "Mark")),
        ])?;
        let first = self.row;
        for (number, year) in (1u32..).zip(years) {
            self.year(number, year)?;
        }
        style::trim_decimals(self.sheet, (first, 3, self.row - 1, 7), 0)?;
        let series =
            [Series { name: &before, column: 8, is_mark: true }, Series { name: &now, column: 7, is_mark: false }];
        let from_zero = years.iter().all(|year| year.index >= Decimal::ZERO);
        let axis = Axis { mark: Decimal::ZERO, from_zero };
        let chart = self.chart(&title, (first, self.row - 1), &series, axis, height);
        self.sheet.insert_chart(at, 0, &chart)?;
        self.explain_lower(years.iter().map(|year| year.label.as_str()))
    }

    fn year(&mut self, number: u32, year: &Year) -> Result<(), XlsxError> {
        let unit = paper::row_points(paper::lines(&year.unit, width(2, 1), SIZE, false), SIZE, 3.0);
        let height = row_height(&year.label).max(unit);
        self.keep(height);
        let row = self.row;
        let centred = self.style.cell(SIZE, Align::Centre);
        self.sheet.write_number_with_format(row, 0, number, &centred)?;
        self.sheet.write_string_with_format(row, 1, &year.label, &self.style.cell(SIZE, Align::Left))?;
        self.sheet.write_string_with_format(row, 2, &year.unit, &centred)?;
        let right = |value| -> Format { self.style.number(SIZE, Align::Right, value, 0) };
        let (before, now, index) = (right(year.before), right(year.now), right(year.index));
        let mark = right(Decimal::ONE_HUNDRED);
        self.wide(3, 2, &before)?;
        self.sheet.write_number_with_format(row, 3, number::to_f64_for_display(year.before), &before)?;
        self.wide(5, 2, &now)?;
        match year.at {
            Some(at) => self.formula(5, format!("={}", self.address(at)), number::plain(year.now), &now)?,
            None => {
                self.sheet.write_number_with_format(row, 5, number::to_f64_for_display(year.now), &now)?;
            }
        }
        let line = row + 1;
        self.formula(7, format!("=ROUND(F{line}/D{line}*100,2)"), number::plain(year.index), &index)?;
        self.sheet.write_number_with_format(row, 8, 100, &mark)?;
        self.height(height)
    }
}
