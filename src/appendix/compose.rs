//! Fills the form of a catalogue with readings.

use std::collections::HashMap;

use super::{Appendix, Cell, Column, Content, Header, Judged, Operand, Ratio, Row, Rule};
use crate::{
    catalogue::{Catalogue, FormCell, Indicator, IndicatorId, MeasureId, MeasureKind, RatioPolicy},
    number,
    ratio::exact_ratio,
    reading::{Dataset, Key, Reading, Value, sign},
    verdict,
};

/// Composes the appendix. `fields` fill the placeholders of the form's texts. Where several
/// readings state one number, the first that holds a value stands for it, as in the checks.
pub fn compose(catalogue: &Catalogue, fields: &[(String, String)], dataset: &Dataset) -> Appendix {
    let form = &catalogue.form;
    let mut unfilled = Vec::new();
    let mut expand = |template: &str| {
        let (text, mut unknown) = catalogue.period.expand(template, fields);
        unfilled.append(&mut unknown);
        text
    };
    let title = expand(&form.title).lines().map(str::to_owned).collect();
    let attachment = form.attachment.as_deref().map(&mut expand);
    let unit_line = form.unit_line.as_deref().map(&mut expand);
    let headers: Vec<Vec<String>> =
        form.columns.iter().map(|column| column.header.iter().map(|text| expand(text)).collect()).collect();
    let notes = form.notes.iter().map(|note| expand(note)).collect();
    let place_and_date = form.place_and_date.as_deref().map(&mut expand);
    let signatures =
        form.signatures.iter().map(|block| block.lines.iter().map(|line| expand(line)).collect()).collect();
    let sheet = expand(&form.sheet);
    unfilled.sort_unstable();
    unfilled.dedup();
    let columns: Vec<Column> = form
        .columns
        .iter()
        .map(|column| Column { shows: column.cell, width: column.width, align: column.align })
        .collect();
    Appendix {
        sheet,
        title,
        attachment,
        unit_line,
        header: Header::new(&headers),
        rows: Table::new(catalogue, dataset, &columns).rows(),
        columns,
        notes,
        place_and_date,
        signatures,
        profile: form.profile,
        orientation: form.orientation,
        unfilled,
    }
}

/// What stands in which row.
enum Line {
    Section(usize),
    Indicator(IndicatorId),
}

/// The table while it is being filled. The places of all rows are known before the first cell is
/// made, since a share refers to another row.
struct Table<'a> {
    catalogue: &'a Catalogue,
    dataset: &'a Dataset,
    lines: Vec<Line>,
    row_of: HashMap<IndicatorId, usize>,
    columns: &'a [Column],
}

impl<'a> Table<'a> {
    fn new(catalogue: &'a Catalogue, dataset: &'a Dataset, columns: &'a [Column]) -> Self {
        let mut lines = Vec::new();
        let mut row_of = HashMap::new();
        for section in 0..catalogue.sections.len() {
            lines.push(Line::Section(section));
            for (id, _) in catalogue.iter().filter(|(_, indicator)| indicator.section == Some(section)) {
                row_of.insert(id, lines.len());
                lines.push(Line::Indicator(id));
            }
        }
        Self { catalogue, dataset, lines, row_of, columns }
    }

    fn rows(&self) -> Vec<Row> {
        self.lines
            .iter()
            .map(|line| match line {
                Line::Section(at) => {
                    let section = &self.catalogue.sections[*at];
                    Row::Section { number: section.number.clone(), title: section.title.clone() }
                }
                Line::Indicator(id) => {
                    let indicator = self.catalogue.indicator(*id);
                    let cells = self.columns.iter().map(|column| self.cell(*id, indicator, column.shows)).collect();
                    Row::Indicator { indicator: *id, level: indicator.level, cells }
                }
            })
            .collect()
    }

    fn cell(&self, id: IndicatorId, indicator: &Indicator, shows: FormCell) -> Cell {
        match shows {
            FormCell::Number => Cell::plain(text(self.catalogue.printed_number(id))),
            FormCell::Label => Cell::plain(text(indicator.label.clone())),
            FormCell::Unit => {
                Cell::plain(text(indicator.unit.as_ref().map(|unit| unit.name.clone()).unwrap_or_default()))
            }
            FormCell::Blank => Cell::plain(Content::Blank),
            FormCell::Measure(measure) => {
                let reading = self.dataset.whole(id, measure);
                let content = match self.catalogue.measure(measure).kind {
                    MeasureKind::Plan
                    | MeasureKind::Actual
                    | MeasureKind::Estimate
                    | MeasureKind::Other
                    | MeasureKind::Note => reading.map_or(Content::Blank, stated),
                    MeasureKind::Ratio { of, to, policy } => self.ratio((id, of), (id, to), policy),
                    MeasureKind::Share { of, policy } => match indicator.whole {
                        Some(whole) => self.ratio((id, of), (whole, of), policy),
                        None => Content::Blank,
                    },
                    MeasureKind::Verdict { of, to } => self.verdict(id, indicator, of, to),
                };
                let reading = reading.and_then(|r| self.dataset.readings.iter().position(|at| std::ptr::eq(at, r)));
                Cell { content, key: Some(Key { indicator: id, measure, member: None }), reading }
            }
        }
    }

    fn ratio(&self, of: (IndicatorId, MeasureId), to: (IndicatorId, MeasureId), policy: RatioPolicy) -> Content {
        let value = |(indicator, measure)| self.dataset.whole(indicator, measure).and_then(Reading::number);
        let exact = value(of).zip(value(to)).and_then(|(of, to)| exact_ratio(of, to, policy.scale));
        let shown =
            exact.as_ref().and_then(|exact| exact.to_decimal(policy.decimals, policy.rounding)).map(number::trim);
        Content::Ratio(Ratio { exact, shown, policy, operands: self.place(of).zip(self.place(to)) })
    }

    fn verdict(&self, id: IndicatorId, indicator: &Indicator, of: MeasureId, to: MeasureId) -> Content {
        let (actual, plan) = (self.dataset.whole(id, of), self.dataset.whole(id, to));
        let forecast = actual.is_some_and(|reading| reading.forecast);
        let words = &self.catalogue.verdicts;
        let words = [&words.exceeded, &words.met, &words.missed]
            .map(|word| if forecast { format!("(Dự kiến {word})") } else { word.clone() });
        let rule = match plan.map(|reading| &reading.value) {
            Some(Value::Bound(op, bound)) => Rule::Bound(*op, *bound),
            Some(Value::Range(low, high)) => Rule::Range(*low, *high),
            // Nothing to compare with yet: once a number is filled in, the plain rule holds.
            Some(Value::Number(_) | Value::Nothing(_) | Value::Text(_) | Value::Unusable) | None => {
                Rule::Compare(indicator.direction)
            }
        };
        Content::Verdict(Judged {
            verdict: verdict::of(indicator, actual, plan),
            rule,
            words,
            operands: self.place((id, of)).zip(self.place((id, to))),
        })
    }

    fn place(&self, (indicator, measure): (IndicatorId, MeasureId)) -> Option<Operand> {
        let row = *self.row_of.get(&indicator)?;
        let column = self.columns.iter().position(|column| column.shows == FormCell::Measure(measure))?;
        Some(Operand { row, column })
    }
}

fn text(text: String) -> Content {
    if text.is_empty() { Content::Blank } else { Content::Text(text) }
}

/// What a sheet states, as the form shows it.
fn stated(reading: &Reading) -> Content {
    let raw = reading.origin.raw.trim();
    match &reading.value {
        Value::Number(value) => Content::Number(number::trim(*value)),
        Value::Bound(op, bound) => {
            // ">90" stays as it was typed; "từ 90 trở lên" is brought to the sign that a form has
            // room for, and a converted bound to its unit.
            if raw.starts_with(['<', '>', '≤', '≥']) && reading.origin.steps.is_empty() {
                text(raw.to_owned())
            } else {
                text(format!("{}{}", sign(*op), number::vietnamese(*bound)))
            }
        }
        Value::Range(low, high) => {
            if reading.origin.steps.is_empty() && !raw.contains(char::is_alphabetic) {
                text(raw.to_owned())
            } else {
                text(format!("{} - {}", number::vietnamese(*low), number::vietnamese(*high)))
            }
        }
        Value::Nothing(_) => text(raw.to_owned()),
        Value::Text(words) => text(words.trim().to_owned()),
        Value::Unusable => Content::Blank,
    }
}
