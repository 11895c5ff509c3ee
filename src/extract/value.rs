//! One cell: what it says, in the unit of its indicator, and what is odd about it.

pub(super) mod beside;
mod cell_error;
mod convert;
mod number_format;
mod surroundings;

use std::{cell::OnceCell, sync::Arc};

use cell_error::{CellError, report};
use convert::convert;
use surroundings::Surroundings;

use super::{Context, cell_place, codes, stated::Stated};
use crate::{
    model::{
        catalogue::{MeasureKind, Scale},
        finding::FileLine,
        reading::{Computation, Key, Made, Origin, Raw, Reading, Shown, Step, Value, describe, recalculate},
        workbook::{self, Format, Position, Sheet, Workbook},
    },
    values::{
        number::{self, Amount, Convention, DateText, Decimal, Figure, Nothing, Qualifier},
        text,
        unit::Unit,
    },
};

/// A cell to be read, and all that its table says of it.
#[derive(Clone)]
pub(super) struct SourceCell<'a> {
    pub workbook: &'a Workbook,
    pub sheet: &'a Sheet,
    pub found: Option<workbook::Cell<'a>>,
    pub formula: Option<&'a Arc<str>>,
    pub at: Position,
    pub key: Key,
    pub record: u32,
    pub line: &'a FileLine,
    pub declared_unit: Option<&'a Unit>,
    pub stated_unit: Option<&'a Stated>,
    pub numbers: &'a ColumnNumbers<'a>,
    pub forecast: bool,
}

/// How the numbers of a column are written.
pub(super) struct ColumnNumbers<'a> {
    convention: Convention,
    declared: bool,
    /// The column, and the sheet and the places of the rows it stands in.
    place: Option<(u32, &'a Sheet, &'a [u32])>,
    decimals: OnceCell<i32>,
    surroundings: OnceCell<Surroundings>,
}

impl<'a> ColumnNumbers<'a> {
    /// What the mapping says, without a look at the cells.
    pub(super) fn declared(convention: Convention) -> Self {
        Self {
            convention,
            declared: convention != Convention::Unknown,
            place: None,
            decimals: OnceCell::new(),
            surroundings: OnceCell::new(),
        }
    }

    /// What the cells of each column say together, unless the mapping says it. `columns` are in
    /// order.
    pub(super) fn of(sheet: &'a Sheet, columns: &[u32], rows: &'a [u32], declared: Convention) -> Vec<Self> {
        let mut texts: Vec<Vec<&str>> = vec![Vec::new(); columns.len()];
        if declared == Convention::Unknown {
            for row in rows.iter().filter_map(|at| sheet.row_in_place(*at)) {
                for (column, content) in row.packed_texts() {
                    if let Ok(at) = columns.binary_search(&column) {
                        texts[at].extend(row.text(content));
                    }
                }
            }
        }
        let of_column = |(column, texts): (&u32, Vec<&str>)| {
            let mut numbers = Self { place: Some((*column, sheet, rows)), ..Self::declared(declared) };
            if !texts.is_empty() {
                numbers.convention = number::decide(texts).convention();
            }
            numbers
        };
        columns.iter().zip(texts).map(of_column).collect()
    }

    /// How the numbers are read; `Unknown` where nothing says it.
    pub(super) fn convention(&self) -> Convention {
        self.convention
    }

    /// What else stands in the column.
    fn surroundings(&self) -> &Surroundings {
        self.surroundings.get_or_init(|| {
            let place = self.place.map(|(column, sheet, rows)| Surroundings::of(sheet, column, rows));
            place.unwrap_or_default()
        })
    }

    /// Most decimals of any number in the column.
    fn decimals(&self) -> i32 {
        *self.decimals.get_or_init(|| {
            let Some((column, sheet, rows)) = self.place else { return 0 };
            let cells = rows.iter().filter_map(|at| sheet.row_in_place(*at)?.get(column));
            cells.map(|cell| self.decimals_of(&cell)).max().unwrap_or(0)
        })
    }

    fn decimals_of(&self, cell: &workbook::Cell<'_>) -> i32 {
        let typed = cell.text().map(|text| number::parse(text, self.convention));
        let typed = typed.and_then(|amount| amount.figures().map(|figure| figure.decimals).max());
        let stored = cell.number().map(|value| value.scale());
        typed.or(stored).map_or(0, signed)
    }
}

fn signed(decimals: u32) -> i32 {
    i32::try_from(decimals).unwrap_or(i32::MAX)
}

/// Whether a reading says only that its cell is blank.
pub(super) fn is_blank(reading: &Reading) -> bool {
    matches!(reading.value, Value::Nothing(Nothing::Blank))
}

/// What was made of a cell before its unit is looked at.
struct Taken {
    value: Value,
    decimals: i32,
    shown: Option<Shown>,
    /// Unit written in the cell itself.
    unit: Option<String>,
    forecast: bool,
    steps: Vec<Step>,
    /// The other number that the text can stand for.
    alternative: Option<Decimal>,
    /// What the text says beside a result: the plan and the ratio of "368,77ha/370ha đạt 99,67%".
    beside: Option<(Figure, Option<Figure>)>,
}

impl Taken {
    fn plain(value: Value) -> Self {
        Self {
            value,
            decimals: 0,
            shown: None,
            unit: None,
            forecast: false,
            steps: Vec::new(),
            alternative: None,
            beside: None,
        }
    }
}

/// Reads a cell. Tells whether a unit mismatch was found, so that a row reports it once.
pub(super) fn read_cell(cx: &mut Context<'_>, cell: &SourceCell<'_>, report_unit: bool) -> bool {
    let found = cell.found;
    let raw = Raw::of(found.map(|c| c.value));
    let kind = cx.catalogue.measure(cell.key.measure).kind;
    let words = matches!(kind, MeasureKind::Verdict { .. } | MeasureKind::Note);
    let stored = found.and_then(|cell| cell.number());
    let mut taken = match found.map(|c| c.value) {
        None => Taken::plain(Value::Nothing(Nothing::Blank)),
        Some(_) if words => Taken::plain(match raw.text().trim() {
            "" => Value::Nothing(Nothing::Blank),
            words => Value::Text(words.to_owned()),
        }),
        Some(workbook::Value::Number(_)) => {
            if let Some(value) = stored {
                number_cell(cx, cell, value, kind)
            } else {
                report(cx, cell, &raw.text(), CellError::OutOfReach);
                Taken::plain(Value::Unusable)
            }
        }
        Some(workbook::Value::Text(text)) => text_cell(cx, cell, text),
        Some(workbook::Value::Bool(_)) => {
            report(cx, cell, &raw.text(), CellError::Words);
            Taken::plain(Value::Unusable)
        }
        Some(workbook::Value::Date { iso, .. }) => {
            report(cx, cell, iso, CellError::Date);
            Taken::plain(Value::Unusable)
        }
        Some(workbook::Value::Error(_)) => {
            report(cx, cell, &raw.text(), CellError::Formula);
            Taken::plain(Value::Unusable)
        }
        Some(workbook::Value::NoResult) => {
            report(cx, cell, &raw.text(), CellError::NoResult);
            Taken::plain(Value::Unusable)
        }
    };
    let forecast = cell.forecast || taken.forecast;
    let made = match cell.formula {
        None => Made::Typed,
        Some(formula) if rounds(formula) => Made::RoundingFormula,
        Some(_) => Made::Formula,
    };
    let computation = stored.and_then(|stored| recalculated(cx, cell, stored));
    let mut reported = false;
    let is_base = cx.catalogue.measure(cell.key.measure).is_base();
    if is_base && !matches!(taken.value, Value::Nothing(_) | Value::Text(_) | Value::Unusable) {
        reported = convert(cx, cell, &mut taken, report_unit);
    }
    let is_as_stored = matches!((&taken.value, stored), (Value::Number(value), Some(stored)) if stored == *value);
    let computation = computation.filter(|_| is_as_stored);
    if let Some(alternative) = taken.alternative {
        let raw = raw.text();
        let amount = number::parse(text::without_mark(&raw), Convention::Unknown);
        let open = amount.figures().find_map(|figure| Some((figure.value, figure.alternative?)));
        let read = if let Value::Number(value) = taken.value { value } else { alternative };
        let (one, other) = open.unwrap_or((read, alternative));
        let finding = cell_error::finding(cx, cell, &raw, CellError::Ambiguous(one, other));
        cx.doubts.push(super::settle::Doubt { reading: cx.readings.len(), alternative, finding });
    }
    let (main, beside) = (cx.readings.len(), taken.beside);
    cx.readings.push(Reading {
        key: cell.key.clone(),
        value: taken.value,
        decimals: taken.decimals,
        shown: taken.shown,
        record: cell.record,
        forecast,
        origin: Origin {
            file: cell.workbook.file.clone(),
            sheet: cell.sheet.name.clone(),
            cell: cell.at,
            raw,
            mapping: cell.line.clone(),
            unit: cell.stated_unit.filter(|_| cell.declared_unit.is_none()).cloned(),
            made,
            formula: cell.formula.cloned(),
            computation,
            steps: taken.steps,
            addends: Vec::new(),
        },
    });
    if let Some(stated) = beside {
        let result = cx.readings[main].clone();
        beside::keep(cx, cell, &result, stated);
    }
    reported
}

/// Holds the result of a formula against its cells, and reports one that is not that of now.
fn recalculated(cx: &mut Context<'_>, cell: &SourceCell<'_>, stored: Decimal) -> Option<Box<Computation>> {
    let found = recalculate((&cell.workbook.sheets, cell.sheet), cell.formula?, stored, &mut cx.steps)?;
    if found.is_stale {
        let error = CellError::Stale { result: found.result, formula: cell.formula?.clone() };
        report(cx, cell, &number::vietnamese(stored), error);
    }
    // What it says is in the unit of the sheet.
    Some(Box::new(found))
}

/// Whether a formula calls a function that rounds.
fn rounds(formula: &str) -> bool {
    if !formula.contains('(') {
        return false;
    }
    let mut calls = formula.split('(');
    // What stands behind the last bracket is no call.
    calls.next_back();
    calls.any(|before| {
        let start =
            before.rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_'))).map_or(0, |at| at + 1);
        let name = before[start..].strip_prefix("_xlfn.").unwrap_or(&before[start..]);
        let begins = |known: &str| name.get(..known.len()).is_some_and(|start| start.eq_ignore_ascii_case(known));
        let is = |known: &&str| name.eq_ignore_ascii_case(known);
        ["ROUND", "MROUND", "CEILING", "FLOOR", "ISO.CEILING"].into_iter().any(begins)
            || ["INT", "TRUNC", "FIXED", "TEXT", "EVEN", "ODD"].iter().any(is)
    })
}

fn number_cell(cx: &mut Context<'_>, cell: &SourceCell<'_>, stored: Decimal, kind: MeasureKind) -> Taken {
    let mut taken = Taken { decimals: signed(stored.scale()), ..Taken::plain(Value::Number(stored)) };
    let scale = match kind {
        MeasureKind::Ratio { policy, .. } | MeasureKind::Share { policy, .. } => Some(policy.scale),
        MeasureKind::Plan
        | MeasureKind::Actual
        | MeasureKind::Estimate
        | MeasureKind::Other
        | MeasureKind::Verdict { .. }
        | MeasureKind::Note => None,
    };
    // A cell that shows 94 % stores 0.94.
    let Some(formatted) = number_format::formatted(cx, cell, stored, scale == Some(Scale::Fraction)) else {
        return taken;
    };
    if scale.is_none() {
        number_format::report(cx, cell, stored, &formatted);
    }
    taken.value = Value::Number(formatted.value);
    taken.decimals = signed(formatted.value.scale());
    taken.shown = formatted.shown;
    taken.unit = formatted.unit;
    taken.steps.extend(formatted.step);
    taken
}

/// Reads words where a number is expected.
fn text_cell(cx: &mut Context<'_>, cell: &SourceCell<'_>, written: &str) -> Taken {
    if is_date(cx, cell, written) {
        report(cx, cell, written, CellError::DateText);
        return Taken::plain(Value::Unusable);
    }
    let mut amount = number::parse(text::without_mark(written), cell.numbers.convention);
    if let Some(number) = number::look_alike(written)
        && !is_in_litres(cx, cell, &amount)
    {
        report(cx, cell, written, CellError::LookAlike(number));
        return Taken::plain(Value::Text(text::trim(written).to_owned()));
    }
    if let Amount::Number(figure) = &mut amount {
        doubt_thousands(cell, written, figure);
    }
    let mut taken = Taken::plain(Value::Nothing(Nothing::Blank));
    taken.forecast = matches!(amount.qualifier(), Some(Qualifier::Estimate | Qualifier::Forecast));
    let ambiguous = amount.is_ambiguous();
    let alternative = amount.figures().find_map(|figure| figure.alternative);
    match amount {
        Amount::Nothing(Nothing::Ditto) => {
            report(cx, cell, written, CellError::Ditto);
            taken.value = Value::Unusable;
            return taken;
        }
        Amount::Nothing(nothing) => {
            taken.value = Value::Nothing(nothing);
            return taken;
        }
        Amount::Number(figure) => {
            if figure.value.is_zero() && figure.decimals > 0 && has_dashes_around(cell) {
                report(cx, cell, written, CellError::ZeroAmongDashes);
            } else {
                report_figure(cx, cell, written, &figure);
            }
            taken.value = Value::Number(figure.value);
            taken.decimals = signed(figure.decimals);
            taken.unit = unit_of(&figure);
        }
        Amount::Bound { op, figure } => {
            taken.value = Value::Bound(op, figure.value);
            taken.decimals = signed(figure.decimals);
            taken.unit = unit_of(&figure);
        }
        Amount::Range { low, high } => {
            taken.value = Value::Range(low.value, high.value);
            taken.decimals = signed(low.decimals.max(high.decimals));
            taken.unit = unit_of(&high).or_else(|| unit_of(&low));
        }
        Amount::Fraction { part, whole, percent } => {
            taken.steps.push(Step::PartTaken { part: part.value, whole: whole.value });
            // Without that word it may be of all there are: 4 of 6 schools, 8/8 villages (100%).
            let with_plan = percent.is_some() && text::fold(written).split(' ').any(|word| word == "đạt");
            report(cx, cell, written, CellError::Fraction { with_plan });
            taken.value = Value::Number(part.value);
            taken.decimals = signed(part.decimals);
            taken.unit = unit_of(&part);
            taken.beside = with_plan.then_some((whole, percent));
        }
        Amount::TooLong => {
            report(cx, cell, written, CellError::OutOfReach);
            taken.value = Value::Unusable;
            return taken;
        }
        Amount::NotANumber => {
            let only_a_mark = ["hoàn thành", "dự kiến", "không", "có"].contains(&text::fold(written).as_str());
            report(cx, cell, written, CellError::Words);
            taken.value = Value::Text(text::trim(written).to_owned());
            taken.forecast = only_a_mark && text::fold(written) == "dự kiến";
            return taken;
        }
    }
    if ambiguous && !cell.numbers.declared {
        taken.alternative = alternative;
    }
    taken
}

/// The reading of another measure that the cell of a result states: see [`beside`].
fn stated(cx: &mut Context<'_>, cell: &SourceCell<'_>, figure: &Figure, result: &Reading) -> Reading {
    let is_base = cx.catalogue.measure(cell.key.measure).is_base();
    let mut taken = Taken { decimals: signed(figure.decimals), ..Taken::plain(Value::Number(figure.value)) };
    if is_base {
        taken.unit = unit_of(figure);
        convert(cx, cell, &mut taken, false);
    }
    taken.steps.push(Step::StatedBesideResult);
    let origin = Origin { steps: taken.steps, computation: None, ..result.origin.clone() };
    let (key, value, decimals) = (cell.key.clone(), taken.value, taken.decimals);
    Reading { key, value, decimals, shown: None, record: cell.record, forecast: result.forecast, origin }
}

/// Whether a text is a date and not a number: by itself, or by what stands around it. "31/10" is one
/// number of another everywhere else.
fn is_date(cx: &Context<'_>, cell: &SourceCell<'_>, written: &str) -> bool {
    let Some(date) = number::date_text(written) else { return false };
    let speaks_of_dates = || {
        let label = &cx.catalogue.indicator(cell.key.indicator).label;
        surroundings::speaks_of_dates(label) || cell.numbers.surroundings().date_header
    };
    match date {
        DateText::Whole => true,
        DateText::Stroke => {
            let record = cx.readings.iter().rev().take_while(|reading| reading.record == cell.record);
            let mut before = record.map(|reading| reading.origin.raw.text());
            speaks_of_dates()
                || cell.numbers.surroundings().among_dates
                || before.any(|raw| surroundings::is_bare_date(&raw))
                // A note may hold a date; 4 of 6 beside it stays what it is.
                || (is_above_one(written) && surroundings::has_date_beside(cell.sheet, cell.at))
        }
        DateText::Mark => speaks_of_dates(),
    }
}

/// Whether a fraction is more than a whole.
fn is_above_one(written: &str) -> bool {
    let amount = number::parse(written, Convention::Unknown);
    matches!(amount, Amount::Fraction { part, whole, .. } if part.value > whole.value)
}

/// "10l" is ten litres where litres or cubic metres are wanted, else 101 with a wrong key.
fn is_in_litres(cx: &Context<'_>, cell: &SourceCell<'_>, amount: &Amount) -> bool {
    let Amount::Number(Figure { unit: Some(unit), .. }) = amount else { return false };
    let wanted = cx.catalogue.indicator(cell.key.indicator).unit.as_ref();
    Unit::parse(unit).zip(wanted).is_some_and(|(unit, wanted)| unit.measures_same(wanted))
}

/// In a file of texts, a column with decimal commas does not yet say that a point parts thousands:
/// "2.289" beside "18,6" is 2289 or 2,289 with the wrong mark. A number that shows both marks, or
/// two groups, does say it.
fn doubt_thousands(cell: &SourceCell<'_>, written: &str, figure: &mut Figure) {
    let numbers = cell.numbers;
    let (Some(mark), None) = (figure.thousands, figure.alternative) else { return };
    if numbers.declared || !is_text_format(cell.workbook.format) || numbers.surroundings().groups.contains(&mark) {
        return;
    }
    if let Amount::Number(open) = number::parse(written, Convention::Unknown)
        && let Some(alternative) = open.alternative
    {
        figure.alternative = Some(if alternative == figure.value { open.value } else { alternative });
    }
}

/// Whether a dash stands for nothing in the column or the row.
fn has_dashes_around(cell: &SourceCell<'_>) -> bool {
    cell.numbers.surroundings().dashes || surroundings::row_has_dash(cell.sheet, cell.at)
}

fn unit_of(figure: &Figure) -> Option<String> {
    figure.unit.clone().or_else(|| figure.percent.then(|| "%".to_owned()))
}

/// A number typed as text: with its unit, with a slip, or only as text in a file that knows numbers.
fn report_figure(cx: &mut Context<'_>, cell: &SourceCell<'_>, written: &str, figure: &Figure) {
    if figure.unit.is_some() || (figure.percent && cx.catalogue.measure(cell.key.measure).is_base()) {
        report(cx, cell, written, CellError::Unit(figure.value));
    } else if figure.repaired.is_some() || !is_text_format(cell.workbook.format) {
        report(cx, cell, written, CellError::Typed(figure.value));
    }
}

/// Formats whose every cell is text.
fn is_text_format(format: Format) -> bool {
    matches!(format, Format::Csv | Format::Html)
}
