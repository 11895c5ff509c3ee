//! What a form says of its own columns (`3=2/1*100`) and rows (`Mã số 1000 = Mã số 1100 + 1200`), held
//! against the figures of its table. Columns that no mapping takes take part where they can be read.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{ColumnNumbers, Context, Header, TableColumn, outline, target};
use crate::{
    extract::cell_place,
    model::{
        catalogue::{
            Indicator,
            rule::stated::{
                Content, Expression, FEWEST, Outcome, Stated, Trial, name_of, of_header, outcome, statements,
            },
        },
        finding::Place,
        mapping::{RowRole, RowRule, Source},
        reading::{FormException, FormLine, FormShape, FormStatement, Key, Reading, stands_for},
        workbook::{Position, Row, Sheet, Value, Workbook, column_name},
    },
    values::{
        number::{self, Amount, Decimal, Interval, Nothing, Rational},
        text,
    },
};

/// Rows of larger tables make no statements: each would have to be looked through for its codes.
const MOST_ROWS: usize = 5_000;
/// So many lines that keep a rule speak for its figures.
const MOST_KEEPING: usize = 2_000;

/// A table as it was read.
pub(super) struct Table<'t> {
    pub workbook: &'t Workbook,
    pub sheet: &'t Sheet,
    pub source: &'t Source,
    pub header: &'t Header<'t>,
    pub columns: &'t [TableColumn<'t>],
    /// Places of rows, each with the place of its rule.
    pub matched: &'t [(u32, u32)],
    /// Places of every row with a label or figures.
    pub all_rows: &'t [u32],
    /// The first of its readings.
    pub first_reading: usize,
}

/// The cells of a table as figures.
struct Figures<'t, 'c> {
    cx: &'c Context<'c>,
    table: &'t Table<'t>,
    readings: HashMap<Position, &'c Reading>,
    /// How the numbers of columns are written that no mapping takes.
    untaken: RefCell<BTreeMap<u32, number::Convention>>,
}

/// Holds every statement of a table against its figures.
pub(super) fn of_table(cx: &mut Context<'_>, table: &Table<'_>) {
    let (names, of_columns) = {
        let Header { first_row, data_row, .. } = *table.header;
        of_header(table.sheet, Some(first_row).filter(|first| *first < data_row), data_row)
    };
    let of_rows = row_statements(table);
    if of_columns.is_empty() && of_rows.is_empty() {
        return;
    }
    let found = {
        let readings = cx.readings[table.first_reading..].iter().map(|reading| (reading.origin.cell, reading));
        let figures = Figures { cx, table, readings: readings.collect(), untaken: RefCell::default() };
        let mut found: Vec<FormStatement> =
            of_columns.iter().filter_map(|(at, stated)| figures.of_columns(*at, stated, &names)).collect();
        found.extend(figures.of_rows(&of_rows));
        found
    };
    cx.statements.extend(found);
}

/// A statement of a row, the row that it tells, and the codes of all rows.
struct RowStatement {
    at: Position,
    stated: Stated,
    /// Place among the rows of the sheet.
    of: usize,
    is: Vec<Expression>,
}

/// Statements that stand in labels and codes, where every code in them is that of one row.
fn row_statements(table: &Table<'_>) -> Vec<RowStatement> {
    let mut found = Vec::new();
    if table.all_rows.len() > MOST_ROWS {
        return found;
    }
    let mut codes: BTreeMap<u32, Vec<(String, usize)>> = BTreeMap::new();
    let taken = |column: u32| table.columns.iter().any(|own| own.at == column);
    for place in table.all_rows {
        let Some(row) = table.sheet.row_in_place(*place) else { continue };
        for (column, text) in row.texts().filter(|(column, text)| text.contains('=') && !taken(*column)) {
            for stated in statements(text) {
                let own = row.cells().map(|cell| cell.column).filter(|column| !taken(*column));
                for code in own {
                    let names = codes.entry(code).or_insert_with(|| row_names(table, code));
                    let Some(of) = stated.place(names).filter(|of| *of == *place as usize) else { continue };
                    let is = stated.expressions(names);
                    if !is.is_empty() {
                        let at = Position::new(row.row, column);
                        found.push(RowStatement { at, stated: stated.clone(), of, is });
                        break;
                    }
                }
            }
        }
    }
    found
}

/// The codes that a column gives the rows.
fn row_names(table: &Table<'_>, column: u32) -> Vec<(String, usize)> {
    let name = |place: &u32| {
        let name = match table.sheet.row_in_place(*place)?.get(column)?.value {
            Value::Number(number) => number.exact().ok().filter(Decimal::is_integer)?.normalize().to_string(),
            Value::Text(text) => match statements(text).into_iter().next() {
                Some(stated) => stated.of?,
                None => name_of(text),
            },
            Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => return None,
        };
        (!name.is_empty() && name.len() <= 8).then_some((name, *place as usize))
    };
    table.all_rows.iter().filter_map(name).collect()
}

impl<'c> Figures<'_, 'c> {
    fn rule(&self, rule: u32) -> &RowRule {
        &self.table.source.rows[rule as usize]
    }

    /// What the mapping takes a cell for.
    fn key(&self, rule: &RowRule, column: u32) -> Option<(&'c Indicator, bool)> {
        let named = self.table.columns.iter().find(|own| own.at == column)?;
        let (indicator, measure) = target(rule, named.named)?;
        Some((self.cx.catalogue.indicator(indicator), self.cx.catalogue.measure(measure).is_base()))
    }

    /// What a cell says. `own` is the indicator of figures that have the unit of the row; a quotient may be
    /// rounded in any way.
    fn cell(
        &self,
        (rule, row): (&RowRule, &Row<'_>),
        column: u32,
        own: Option<&Indicator>,
        is_quotient: bool,
    ) -> Content {
        let at = Position::new(row.row, column);
        let Some(cell) = row.get(column) else { return Content::Blank };
        let value = match cell.value {
            Value::Number(number) => match number.exact() {
                Ok(value) => value,
                Err(_) => return Content::Other,
            },
            Value::Text(text) => match number::parse(text::without_mark(text), self.convention(column)) {
                Amount::Number(figure) if figure.alternative.is_none() => figure.value,
                Amount::Nothing(Nothing::Blank | Nothing::Dash) => return Content::Blank,
                _ => return Content::Other,
            },
            Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => return Content::Other,
        };
        let known = self.key(rule, column);
        let indicator = known.filter(|(_, is_base)| *is_base).map(|(indicator, _)| indicator).or(own);
        let reading = self.readings.get(&at).and_then(|reading| Some((*reading, reading.number()?)));
        let band = match (reading, known) {
            // In the unit of the sheet, which the form speaks of.
            (Some((reading, read)), Some((indicator, true))) if !read.is_zero() && !value.is_zero() => {
                let factor = Rational::from(value).checked_div(&Rational::from(read));
                reading.interval(indicator).zip(factor).map(|(band, factor)| band.scale(&factor))
            }
            _ => stands_for(indicator, value, cell.formula().is_some()),
        };
        let band = band.map(|band| if is_quotient { loose(value, band) } else { band });
        band.map_or(Content::Other, |band| Content::Number(value.into(), band))
    }

    fn convention(&self, column: u32) -> number::Convention {
        if let Some(taken) = self.table.columns.iter().find(|own| own.at == column) {
            return taken.convention();
        }
        *self.untaken.borrow_mut().entry(column).or_insert_with(|| {
            let Table { sheet, all_rows, source, .. } = self.table;
            let numbers = ColumnNumbers::of(sheet, &[column], all_rows, source.numbers);
            numbers.first().map_or(number::Convention::Unknown, ColumnNumbers::convention)
        })
    }

    fn label(&self, row: &Row<'_>) -> Arc<str> {
        outline::label_of(self.table.sheet, row, self.table.header)
            .map_or_else(Arc::default, |(_, label)| text::trim(&label).into())
    }

    /// The header of a column, else its letter.
    fn heading(&self, column: u32) -> String {
        let text = self.table.header.texts_of(column).last();
        text.map_or_else(|| column_name(column), |text| text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// A statement of columns: its lines are the rows that the mapping takes.
    fn of_columns(&self, at: Position, stated: &Stated, names: &[(String, usize)]) -> Option<FormStatement> {
        let of = stated.place(names)?;
        let mut best: Option<(Trial, Expression)> = None;
        let is_line = |rule: &RowRule| rule.role != RowRole::Ignored;
        for is in stated.expressions(names) {
            let additive = is.is_additive();
            let mut lines: Vec<(Row<'_>, &RowRule, Option<&Indicator>)> = Vec::new();
            for (place, rule) in self.table.matched {
                let rule = self.rule(*rule);
                let Some(row) = self.table.sheet.row_in_place(*place).filter(|_| is_line(rule)) else { continue };
                let figures = std::iter::once(of).chain(is.figures());
                let own =
                    figures.filter_map(|column| self.key(rule, u32::try_from(column).ok()?)).find(|(_, base)| *base);
                let own = own.map(|(indicator, _)| indicator).or_else(|| match rule.role {
                    RowRole::Indicator(id) => Some(self.cx.catalogue.indicator(id)),
                    RowRole::Blocks(_) | RowRole::Total | RowRole::Member | RowRole::Ignored => None,
                });
                // Yields and percentages of seasons do not add up to those of the year.
                if additive && (own.is_some_and(|own| !own.adds_up()) || text::compares(&self.label(&row))) {
                    continue;
                }
                lines.push((row, rule, own.filter(|_| additive)));
            }
            let cell = |line: usize, column: usize| {
                let (row, rule, own) = &lines[line];
                let Ok(column) = u32::try_from(column) else { return Content::Other };
                self.cell((rule, row), column, *own, column as usize == of && !additive)
            };
            let trial = Trial::of(of, &is, lines.len(), &cell).sparing(&is, &cell);
            if best.as_ref().is_none_or(|(best, _)| trial.telling.len() > best.telling.len()) {
                // Lines are named by their places from here on.
                let rows: Vec<u32> = lines.iter().map(|(row, ..)| row.place()).collect();
                let place = |line: usize| rows[line] as usize;
                let telling = trial.telling.iter().map(|line| place(*line)).collect();
                let broken = trial.broken.iter().map(|(line, value)| (place(*line), value.clone())).collect();
                best = Some((Trial { telling, broken, ..trial }, is));
            }
        }
        let (trial, is) = best?;
        let letter = |column: usize| column_name(u32::try_from(column).unwrap_or(0));
        let cells = |place: usize| -> Option<(Row<'_>, FormLine)> {
            let row = self.table.sheet.row_in_place(u32::try_from(place).ok()?)?;
            let position = |column: usize| Position::new(row.row, u32::try_from(column).unwrap_or(0));
            Some((row, FormLine { target: position(of), sources: is.figures().into_iter().map(position).collect() }))
        };
        let about = self.heading(u32::try_from(of).ok()?);
        let found = self.statement((at, stated), (of, &is, &trial), about, &letter);
        Some(self.with_lines(found, &trial, &cells))
    }

    /// Statements of rows: their lines are the columns with figures of one kind. What all of them say
    /// together tells whether the codes of this form are meant so.
    fn of_rows(&self, all: &[RowStatement]) -> Vec<FormStatement> {
        let rules: HashMap<u32, u32> = self.table.matched.iter().copied().collect();
        let row_of = |place: usize| {
            let place = u32::try_from(place).ok()?;
            Some((self.table.sheet.row_in_place(place)?, self.rule(*rules.get(&place)?)))
        };
        let lines: Vec<u32> = self.table.columns.iter().map(|column| column.at).collect();
        let cell = |line: usize, place: usize| {
            let Some((row, rule)) = row_of(place) else { return Content::Other };
            if !self.key(rule, lines[line]).is_some_and(|(_, is_base)| is_base) {
                return Content::Other;
            }
            self.cell((rule, &row), lines[line], None, false)
        };
        let mut trials: Vec<(&RowStatement, &Expression, Trial)> = Vec::new();
        for statement in all {
            let tried = statement.is.iter().map(|is| (is, Trial::of(statement.of, is, lines.len(), &cell)));
            let best = tried.reduce(|best, next| if next.1.telling.len() > best.1.telling.len() { next } else { best });
            trials.extend(best.map(|(is, trial)| (statement, is, trial)));
        }
        let sum = |count: fn(&Trial) -> usize| trials.iter().map(|(.., trial)| count(trial)).sum::<usize>();
        let (kept, judged) = (sum(Trial::kept), sum(|t| t.judged));
        let together = outcome(sum(|t| t.telling.len()), sum(|t| t.trivial), sum(|t| t.broken.len()));
        for (.., trial) in &mut trials {
            // One column of many codes says as much as many columns of one; what its own figures refuse
            // is no rule whatever the others do.
            let broken = trial.broken.len();
            trial.outcome = match together {
                Outcome::Rule if broken <= trial.kept().max(1) => Outcome::Rule,
                Outcome::Rule if broken < FEWEST => Outcome::Open,
                Outcome::Rule => Outcome::Refused,
                Outcome::Open | Outcome::Refused => trial.outcome,
            };
        }
        let number = |place: usize| {
            u32::try_from(place)
                .ok()
                .and_then(|place| self.table.sheet.row_in_place(place))
                .map_or(0, |row| row.row + 1)
                .to_string()
        };
        let mut found = Vec::new();
        for (statement, is, trial) in &trials {
            let cells = |line: usize| -> Option<(Row<'_>, FormLine)> {
                let position = |place: usize| Some(Position::new(row_of(place)?.0.row, lines[line]));
                let sources = is.figures().into_iter().map(position).collect::<Option<_>>()?;
                Some((row_of(statement.of)?.0, FormLine { target: position(statement.of)?, sources }))
            };
            let about = row_of(statement.of).map_or_else(String::new, |(row, _)| self.label(&row).to_string());
            let mut stated =
                self.statement((statement.at, &statement.stated), (statement.of, is, trial), about, &number);
            if together == Outcome::Rule {
                stated.support = (kept, judged);
            }
            found.push(self.with_lines(stated, trial, &cells));
        }
        found
    }

    fn statement(
        &self,
        (at, stated): (Position, &Stated),
        (of, is, trial): (usize, &Expression, &Trial),
        about: String,
        name: &dyn Fn(usize) -> String,
    ) -> FormStatement {
        let times = match &trial.factor {
            factor if *factor == Rational::ONE || is.is_additive() => String::new(),
            factor => match factor.to_exact_decimal() {
                Some(times) if times >= 1.into() => format!(" × {}", times.normalize()),
                _ => factor
                    .recip()
                    .and_then(|by| by.to_exact_decimal())
                    .map_or_else(String::new, |by| format!(" / {}", by.normalize())),
            },
        };
        let shape = match (is.terms(), is) {
            (Some(terms), _) => FormShape::Sum(terms.into_iter().map(|(minus, _)| minus).collect()),
            (None, Expression::Product(pieces)) => ratio(pieces, &trial.factor),
            (None, _) => FormShape::Other,
        };
        FormStatement {
            place: self.place(at),
            line: self.table.source.line.clone(),
            written: stated.written.split_whitespace().collect::<Vec<_>>().join(" "),
            means: format!("{} = {}{times}", name(of), is.shown(name)),
            about,
            judged: trial.judged,
            kept: trial.kept(),
            support: (trial.kept(), trial.judged),
            outcome: trial.outcome,
            shape,
            keeping: Vec::new(),
            exceptions: Vec::new(),
        }
    }

    /// The lines of a rule.
    fn with_lines<'r>(
        &self,
        mut statement: FormStatement,
        trial: &Trial,
        cells: &dyn Fn(usize) -> Option<(Row<'r>, FormLine)>,
    ) -> FormStatement {
        if statement.outcome != Outcome::Rule {
            return statement;
        }
        let keeping = trial.telling.iter().take(MOST_KEEPING).filter_map(|line| Some(cells(*line)?.1));
        statement.keeping = keeping.collect();
        for (line, computed) in &trial.broken {
            let Some((row, line)) = cells(*line) else { continue };
            let stated = match self.table.sheet.get(line.target).map(|cell| cell.value) {
                Some(Value::Number(number)) => number.exact().ok(),
                Some(Value::Text(text)) => number::parse(text::without_mark(text), self.convention(line.target.column))
                    .number()
                    .map(|f| f.value),
                _ => None,
            };
            let Some(stated) = stated else { continue };
            statement.exceptions.push(FormException {
                target: self.place(line.target),
                sources: line.sources.iter().map(|at| self.place(*at)).collect(),
                label: self.label(&row),
                column: self.heading(line.target.column),
                stated,
                computed: computed.clone(),
                key: self
                    .readings
                    .get(&line.target)
                    .map(|reading| reading.key.clone())
                    .or_else(|| self.plain_key(&row, line.target.column)),
                line,
            });
        }
        statement
    }

    /// What a cell of a plain row is taken for: no reading tells of it.
    fn plain_key(&self, row: &Row<'_>, column: u32) -> Option<Key> {
        let (_, rule) = self.table.matched.iter().find(|(place, _)| *place == row.place())?;
        let rule = self.rule(*rule);
        let named = self.table.columns.iter().find(|own| own.at == column)?;
        let (indicator, measure) = target(rule, named.named)?;
        Some(Key { indicator, measure, member: (rule.role == RowRole::Member).then(|| self.label(row)) })
    }

    fn place(&self, at: Position) -> Place {
        let Table { workbook, sheet, .. } = self.table;
        cell_place(workbook, sheet, at)
    }
}

/// A ratio may be rounded, cut off or rounded up.
fn loose(value: Decimal, band: Interval) -> Interval {
    let digit = Rational::power_of_ten(-i32::try_from(value.scale()).unwrap_or(0));
    let value = Rational::from(value);
    if band.low() == band.high() && !value.is_integer() {
        return band;
    }
    Interval::new(&value - &digit, &value + &digit, false, false).unwrap_or(band)
}

/// A figure through another, times plain numbers.
fn ratio(pieces: &[(bool, Expression)], factor: &Rational) -> FormShape {
    let mut scale = factor.clone();
    let mut figures = Vec::new();
    for (divides, piece) in pieces {
        match piece {
            Expression::Figure(_) => figures.push(*divides),
            Expression::Number(number) if *divides => match scale.checked_div(number) {
                Some(smaller) => scale = smaller,
                None => return FormShape::Other,
            },
            Expression::Number(number) => scale = &scale * number,
            Expression::Negative(_) | Expression::Sum(_) | Expression::Product(_) => return FormShape::Other,
        }
    }
    if figures == [false, true] { FormShape::Ratio(scale) } else { FormShape::Other }
}
