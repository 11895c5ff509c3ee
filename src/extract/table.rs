//! Takes the cells of a table: a row says what, a column says which measure of it, or the other
//! way round.

use std::{collections::HashMap, sync::Arc};

use super::{
    Context, SheetAt, codes,
    header::{self, Header},
    outline::{self, Line},
    unclaimed::{Claims, TableArea},
    value::{self, Cell, ColumnNumbers},
};
use crate::{
    catalogue::{IndicatorId, MeasureId, MeasureKind},
    finding::{FileLine, Finding, Place},
    mapping::{ColumnPlace, ColumnRole, MemberName, RowPlace, RowRole, RowRule, Source},
    reading::Key,
    say, text,
    unit::Unit,
    workbook::{Position, Sheet, Workbook, file_name},
};

/// Units that stand outside the cells of a table.
struct StatedUnits {
    /// From the unit line above the header.
    line: Option<(Unit, Position)>,
    /// Another unit line that says something else.
    other_line: Option<(Unit, Position)>,
    /// From the headers, by column.
    headers: HashMap<u32, (Unit, Position)>,
}

/// Reads a table whose header was found.
pub(super) fn read(
    cx: &mut Context<'_>,
    workbook: &Workbook,
    sheet: &Sheet,
    source: &Source,
    header: &Header<'_>,
    at: SheetAt,
    claims: &mut Claims,
) {
    cx.found += u32::try_from(header.columns.len()).unwrap_or(u32::MAX);
    report_columns(cx, workbook, sheet, source, header);
    let lines = outline::lines(sheet, header);
    let matched = match_rows(cx, workbook, sheet, source, &lines);
    claims.table(at, area(header, &lines));
    for (line, rule) in &matched {
        if rule.role == RowRole::Ignored {
            for (column, _) in &header.columns {
                claims.take(at, Position::new(line.row, *column));
            }
            for cell in sheet.row(line.row).into_iter().flat_map(|r| &r.cells) {
                claims.take(at, Position::new(line.row, cell.column));
            }
        }
    }
    for (column, named) in &header.columns {
        if named.role == ColumnRole::Ignored {
            for line in &lines {
                claims.take(at, Position::new(line.row, *column));
            }
        }
    }
    let whole = table_member(workbook, sheet, source);
    let units = stated_units(sheet, header);
    if let (Some(near), Some(other)) = (&units.line, &units.other_line) {
        cx.findings.push(two_unit_lines(cx, workbook, sheet, source, near, other));
    }
    let numbers: HashMap<u32, ColumnNumbers> = header
        .columns
        .iter()
        .map(|(column, _)| (*column, ColumnNumbers::of(sheet, *column, &lines, source.numbers)))
        .collect();
    let mut hidden = Vec::new();
    for (line, rule) in matched {
        let record = cx.records;
        cx.records += 1;
        let row_unit = row_unit(sheet, header, line);
        let forecast = is_forecast_row(cx, sheet, header, line);
        let before = cx.readings.len();
        let mut unit_reported = false;
        for (column, named) in &header.columns {
            let position = Position::new(line.row, *column);
            let Some((indicator, measure)) = target(rule, &named.role) else {
                if row_takes(rule) {
                    claims.take(at, position);
                }
                continue;
            };
            claims.take(at, position);
            let stated = row_unit.clone().or_else(|| units.headers.get(column).cloned()).or_else(|| units.line.clone());
            let cell = Cell {
                workbook,
                sheet,
                at: position,
                key: Key {
                    indicator,
                    measure,
                    member: member(rule, line).or_else(|| header.member_of(*column, named)).or_else(|| whole.clone()),
                },
                record,
                line: line_of(rule, &named.line),
                declared_unit: rule.unit.as_ref().or(named.unit.as_ref()).or(source.unit.as_ref()),
                stated_unit: stated,
                numbers: &numbers[column],
                forecast,
            };
            unit_reported |= value::read(cx, &cell, !unit_reported);
        }
        let taken = cx.readings[before..].iter().filter(|r| !value::is_blank(r)).map(|r| r.origin.cell);
        hidden.extend(taken.filter(|at| sheet.is_hidden(*at)));
    }
    if !hidden.is_empty() {
        report_hidden(cx, workbook, sheet, source, &hidden);
    }
}

/// Reads cells that the mapping names by address.
pub(super) fn read_cells(
    cx: &mut Context<'_>,
    workbook: &Workbook,
    sheet: &Sheet,
    source: &Source,
    at: SheetAt,
    claims: &mut Claims,
) {
    for rule in &source.cells {
        cx.found += 1;
        claims.take(at, rule.at);
        let record = cx.records;
        cx.records += 1;
        let numbers = ColumnNumbers::declared(source.numbers);
        let cell = Cell {
            workbook,
            sheet,
            at: rule.at,
            key: Key { indicator: rule.indicator, measure: rule.measure, member: None },
            record,
            line: rule.line.clone(),
            declared_unit: rule.unit.as_ref().or(source.unit.as_ref()),
            stated_unit: None,
            numbers: &numbers,
            forecast: false,
        };
        value::read(cx, &cell, true);
    }
}

fn two_unit_lines(
    cx: &Context<'_>,
    workbook: &Workbook,
    sheet: &Sheet,
    source: &Source,
    (near, near_at): &(Unit, Position),
    (other, other_at): &(Unit, Position),
) -> Finding {
    let (near_name, other_name) = (&near.name, &other.name);
    let shown = |at: &Position| sheet.get(*at).map(|c| value::shown(&c.value)).unwrap_or_default();
    let mut finding = Finding::new(
        &codes::UNIT_MISMATCH,
        say!(
            cx.language,
            "hai dòng đơn vị trái nhau: \"{other_name}\" ({other_at}) và \"{near_name}\" ({near_at}); tạm đọc theo dòng gần bảng nhất",
            "two unit lines contradict each other: \"{other_name}\" ({other_at}) and \"{near_name}\" ({near_at}); the nearer one is used for now"
        ),
        say!(cx.language, "xóa dòng đơn vị sai", "delete the unit line that is wrong"),
    )
    .at(super::place(workbook, sheet, *near_at, shown(near_at)))
    .stated_at(source.line.clone())
    .fingerprinted(&["unit-line", file_name(&workbook.file), &sheet.name]);
    finding.found = Some(near_name.clone());
    finding.expected = Some(other_name.clone());
    finding.sources = vec![super::place(workbook, sheet, *other_at, shown(other_at))];
    finding
}

fn row_takes(rule: &RowRule) -> bool {
    rule.role != RowRole::Member
}

/// The mapping line that a person would look at first: the row's, and the column's where the row
/// is one of many.
fn line_of(rule: &RowRule, column: &FileLine) -> FileLine {
    match rule.role {
        RowRole::Indicator(_) => rule.line.clone(),
        RowRole::Total | RowRole::Member | RowRole::Ignored => column.clone(),
    }
}

fn member(rule: &RowRule, line: &Line) -> Option<Arc<str>> {
    (rule.role == RowRole::Member).then(|| line.label.trim().into())
}

/// The member that a whole table is about.
fn table_member(workbook: &Workbook, sheet: &Sheet, source: &Source) -> Option<Arc<str>> {
    Some(match source.member? {
        MemberName::Sheet => sheet.name.trim().into(),
        MemberName::File => {
            let name = file_name(&workbook.file);
            name.rsplit_once('.').map_or(name, |(stem, _)| stem).into()
        }
    })
}

/// Which indicator and measure the cell of a row and a column is a value of.
fn target(rule: &RowRule, column: &ColumnRole) -> Option<(IndicatorId, MeasureId)> {
    let ColumnRole::Values { indicator, measure } = column else { return None };
    let indicator = match (&rule.role, indicator) {
        (RowRole::Indicator(id), None) | (RowRole::Total | RowRole::Member, Some(id)) => *id,
        (RowRole::Ignored, _) | (RowRole::Indicator(_), Some(_)) | (RowRole::Total | RowRole::Member, None) => {
            return None;
        }
    };
    let measure = match rule.measures.iter().find(|(from, _)| from == measure) {
        Some((_, renamed)) => (*renamed)?,
        None => *measure,
    };
    Some((indicator, measure))
}

fn area(header: &Header<'_>, lines: &[Line]) -> TableArea {
    let mut columns: Vec<u32> = header
        .texts
        .iter()
        .map(|(column, _)| *column)
        .chain(header.columns.iter().map(|(column, _)| *column))
        .filter(|c| !header.label.contains(c) && header.ordinal != Some(*c) && header.unit != Some(*c))
        .collect();
    columns.sort_unstable();
    columns.dedup();
    TableArea { columns, rows: lines.iter().map(|line| line.row).collect() }
}

/// Finds the row of each rule. A rule with several rows takes none of them.
fn match_rows<'t>(
    cx: &mut Context<'_>,
    workbook: &Workbook,
    sheet: &Sheet,
    source: &'t Source,
    lines: &'t [Line],
) -> Vec<(&'t Line, &'t RowRule)> {
    let index = RuleIndex::new(&source.rows);
    let mut rows_of: Vec<Vec<&Line>> = vec![Vec::new(); source.rows.len()];
    let mut unmatched = Vec::new();
    for line in lines {
        match index.best(&source.rows, line) {
            Some(rule) => rows_of[rule].push(line),
            None => unmatched.push(line),
        }
    }
    let mut matched = Vec::new();
    for (rule, rows) in source.rows.iter().zip(rows_of) {
        let many = matches!(rule.role, RowRole::Member | RowRole::Ignored);
        // A heading may carry the same label as the row with the values.
        let with_values: Vec<&Line> = rows.iter().copied().filter(|l| l.has_values).collect();
        let rows = if with_values.is_empty() { rows } else { with_values };
        match rows.as_slice() {
            [] => {
                if !rule.optional {
                    cx.findings.push(missing_row(cx, workbook, sheet, rule, &unmatched));
                }
            }
            [line] => {
                cx.found += 1;
                matched.push((*line, rule));
            }
            several if many => {
                cx.found += 1;
                matched.extend(several.iter().map(|line| (*line, rule)));
            }
            several => cx.findings.push(ambiguous_row(cx, workbook, sheet, rule, several)),
        }
    }
    matched.sort_by_key(|(line, _)| line.row);
    matched
}

/// How many rules find a row below a header: where several tables have the same header, the one
/// with the rows of the source is meant.
pub(super) fn count_matches(sheet: &Sheet, source: &Source, header: &Header<'_>) -> usize {
    let index = RuleIndex::new(&source.rows);
    let lines = outline::lines(sheet, header);
    let mut found: Vec<usize> = lines.iter().filter_map(|line| index.best(&source.rows, line)).collect();
    found.sort_unstable();
    found.dedup();
    found.len()
}

/// Rules by the folded text of their last step, so that a row meets few of them.
struct RuleIndex<'t> {
    exact: HashMap<&'t str, Vec<usize>>,
    patterns: Vec<usize>,
    numbers: HashMap<u32, usize>,
}

impl<'t> RuleIndex<'t> {
    fn new(rules: &'t [RowRule]) -> Self {
        let mut index = Self { exact: HashMap::new(), patterns: Vec::new(), numbers: HashMap::new() };
        for (at, rule) in rules.iter().enumerate() {
            match &rule.place {
                RowPlace::Number(row) => {
                    index.numbers.insert(*row, at);
                }
                RowPlace::Label(path) => {
                    for alternative in
                        path.steps.last().into_iter().flat_map(super::super::mapping::Pattern::alternatives)
                    {
                        if alternative.contains('*') {
                            index.patterns.push(at);
                        } else {
                            index.exact.entry(alternative).or_default().push(at);
                        }
                    }
                }
            }
        }
        index
    }

    /// The rule that says most about a row: by number, then by the longest path without `*`, then
    /// by pattern; the first one of the mapping among equals.
    fn best(&self, rules: &[RowRule], line: &Line) -> Option<usize> {
        if let Some(rule) = self.numbers.get(&line.row) {
            return Some(*rule);
        }
        let steps = |at: usize| match &rules[at].place {
            RowPlace::Label(path) => path.steps.len(),
            RowPlace::Number(_) => 0,
        };
        let fits = |at: &&usize| match &rules[**at].place {
            RowPlace::Label(path) => path.matches(&line.path),
            RowPlace::Number(_) => false,
        };
        let longest = |candidates: &[usize]| {
            candidates.iter().filter(fits).copied().max_by_key(|at| (steps(*at), usize::MAX - *at))
        };
        let label = line.path.last()?;
        self.exact.get(label.as_str()).and_then(|c| longest(c)).or_else(|| {
            let is_any = |at: &usize| match &rules[*at].place {
                RowPlace::Label(path) => path.steps.last().is_some_and(super::super::mapping::Pattern::is_any),
                RowPlace::Number(_) => false,
            };
            let (any, some): (Vec<usize>, Vec<usize>) = self.patterns.iter().copied().partition(is_any);
            // "*" takes rows with values only: a heading is no village.
            longest(&some).or_else(|| longest(&any).filter(|_| line.has_values))
        })
    }
}

fn rule_written(rule: &RowRule) -> String {
    match &rule.place {
        RowPlace::Label(path) => path.written.clone(),
        RowPlace::Number(row) => format!("@{}", u64::from(*row) + 1),
    }
}

fn missing_row(cx: &Context<'_>, workbook: &Workbook, sheet: &Sheet, rule: &RowRule, unmatched: &[&Line]) -> Finding {
    let wanted = rule_written(rule);
    let near = match &rule.place {
        RowPlace::Number(_) => None,
        RowPlace::Label(path) => {
            let alternatives = || path.steps.last().into_iter().flat_map(super::super::mapping::Pattern::alternatives);
            unmatched
                .iter()
                .filter(|line| {
                    let label = line.path.last().map_or("", String::as_str);
                    alternatives().any(|a| text::similar(a, label)) || path_is_near(path, line)
                })
                .min_by_key(|line| {
                    let label = line.path.last().map_or("", String::as_str);
                    alternatives().map(|a| text::distance(a, label)).min()
                })
        }
    };
    let id = match rule.role {
        RowRole::Indicator(id) => Some(cx.catalogue.indicator(id).id.clone()),
        RowRole::Total | RowRole::Member | RowRole::Ignored => None,
    };
    let mut finding = match near {
        Some(line) => {
            let there = line.label.trim();
            Finding::new(
                &codes::SUGGESTED_LABEL,
                say!(
                    cx.language,
                    "không có dòng \"{wanted}\"; gần giống nhất là \"{there}\", chưa lấy",
                    "there is no row \"{wanted}\"; the nearest is \"{there}\", which was not taken"
                ),
                say!(
                    cx.language,
                    "nếu đúng là dòng này, thêm \" | {there}\" vào nhãn trong bảng ánh xạ; nếu gõ sai, sửa nhãn trong sheet",
                    "if it is that row, add \" | {there}\" to the label in the mapping; if it is a slip, mend the label in the sheet"
                ),
            )
            .at(super::place(workbook, sheet, line.cell, there))
        }
        None => Finding::new(
            &codes::MISSING_LABEL,
            say!(cx.language, "không có dòng \"{wanted}\"", "there is no row \"{wanted}\""),
            say!(
                cx.language,
                "thêm dòng vào sheet, hoặc sửa nhãn trong bảng ánh xạ, hoặc ghi `optional = true`",
                "add the row to the sheet, or mend the label in the mapping, or write `optional = true`"
            ),
        )
        .at(Place::sheet(&workbook.file, &sheet.name)),
    };
    finding.indicator = id;
    finding.stated_at(rule.line.clone()).fingerprinted(&["row", &sheet.name, &wanted])
}

/// The label is right but stands under another heading.
fn path_is_near(path: &crate::mapping::LabelPath, line: &Line) -> bool {
    path.steps.len() > 1
        && path.steps.last().is_some_and(|own| line.path.last().is_some_and(|label| own.matches_folded(label)))
        && line.path[..line.path.len() - 1].iter().any(|h| {
            path.steps[..path.steps.len() - 1]
                .iter()
                .flat_map(super::super::mapping::Pattern::alternatives)
                .any(|a| text::similar(a, h))
        })
}

fn ambiguous_row(cx: &Context<'_>, workbook: &Workbook, sheet: &Sheet, rule: &RowRule, rows: &[&Line]) -> Finding {
    let wanted = rule_written(rule);
    let places: Vec<Place> =
        rows.iter().map(|line| super::place(workbook, sheet, line.cell, line.label.trim())).collect();
    let addresses = rows.iter().map(|line| line.cell.to_string()).collect::<Vec<_>>().join(", ");
    let mut finding = Finding::new(
        &codes::AMBIGUOUS_LABEL,
        say!(
            cx.language,
            "nhãn \"{wanted}\" khớp nhiều dòng: {addresses}; chưa lấy dòng nào",
            "the label \"{wanted}\" fits several rows: {addresses}; none was taken"
        ),
        say!(
            cx.language,
            "ghi thêm mục cha vào nhãn trong bảng ánh xạ, ví dụ \"Mục cha > {wanted}\"",
            "add the heading to the label in the mapping, say \"Heading > {wanted}\""
        ),
    );
    if let RowRole::Indicator(id) = rule.role {
        finding.indicator = Some(cx.catalogue.indicator(id).id.clone());
    }
    let mut places = places.into_iter();
    finding.target = places.next();
    finding.sources = places.collect();
    finding.stated_at(rule.line.clone()).fingerprinted(&["row", &sheet.name, &wanted])
}

fn report_columns(cx: &mut Context<'_>, workbook: &Workbook, sheet: &Sheet, source: &Source, header: &Header<'_>) {
    for column in header.missing.iter().filter(|c| !c.optional && c.role != ColumnRole::Ignored) {
        let miss = header::Miss {
            matched: header.columns.len(),
            row: Some(header.data_row.saturating_sub(1)),
            lacking: vec![header::written(column)],
        };
        let mut finding = header::missing(workbook, sheet, source, &miss, cx.language);
        finding.mapping = Some(column.line.clone());
        cx.findings.push(finding);
    }
    if let (Some(ColumnPlace::Header(path)), None) = (&source.unit_column, header.unit) {
        let miss = header::Miss {
            matched: header.columns.len(),
            row: Some(header.data_row.saturating_sub(1)),
            lacking: vec![path.written.clone()],
        };
        cx.findings.push(header::missing(workbook, sheet, source, &miss, cx.language));
    }
    for (column, several) in &header.ambiguous {
        let wanted = header::written(column);
        let letters = several.iter().map(|c| crate::workbook::column_name(*c)).collect::<Vec<_>>().join(", ");
        let mut finding = Finding::new(
            &codes::AMBIGUOUS_LABEL,
            say!(
                cx.language,
                "tiêu đề \"{wanted}\" khớp nhiều cột: {letters}; chưa lấy cột nào",
                "the header \"{wanted}\" fits several columns: {letters}; none was taken"
            ),
            say!(
                cx.language,
                "ghi thêm tiêu đề cấp trên trong bảng ánh xạ, ví dụ \"Kết quả > {wanted}\"",
                "add the header above it in the mapping, say \"Results > {wanted}\""
            ),
        )
        .stated_at(column.line.clone())
        .fingerprinted(&["column", &sheet.name, &wanted]);
        let place = |c: &u32| super::place(workbook, sheet, Position::new(header.first_row, *c), "");
        finding.target = several.first().map(place);
        finding.sources = several[1..].iter().map(place).collect();
        cx.findings.push(finding);
    }
}

fn report_hidden(cx: &mut Context<'_>, workbook: &Workbook, sheet: &Sheet, source: &Source, hidden: &[Position]) {
    let count = hidden.len();
    let whole = sheet.hidden;
    let place = |at: &Position| {
        let raw = sheet.get(*at).map(|c| value::shown(&c.value)).unwrap_or_default();
        super::place(workbook, sheet, *at, raw)
    };
    let message = if whole {
        say!(
            cx.language,
            "sheet bị ẩn nhưng có {count} số được lấy vào biểu",
            "the sheet is hidden but {count} of its numbers go into the form"
        )
    } else {
        say!(
            cx.language,
            "{count} số được lấy nằm ở dòng hoặc cột bị ẩn",
            "{count} numbers that are taken lie in hidden rows or columns"
        )
    };
    let mut finding = Finding::new(
        &codes::HIDDEN_DATA,
        message,
        say!(
            cx.language,
            "bỏ ẩn và kiểm tra các ô này, hoặc bỏ chúng khỏi bảng ánh xạ",
            "unhide and check these cells, or take them out of the mapping"
        ),
    )
    .at(place(&hidden[0]))
    .stated_at(source.line.clone())
    .fingerprinted(&[file_name(&workbook.file), &sheet.name]);
    finding.sources = hidden[1..].iter().take(12).map(place).collect();
    cx.findings.push(finding);
}

/// Words that mark a whole row as not yet a result.
fn is_forecast_row(cx: &Context<'_>, sheet: &Sheet, header: &Header<'_>, line: &Line) -> bool {
    let says = |written: &str| {
        let folded = text::fold(written);
        ["dự kiến", "ước"].iter().any(|word| {
            folded.split(|c: char| !c.is_alphanumeric() && c != ' ').any(|part| {
                let part = part.trim();
                part == *word || part.starts_with(&format!("{word} "))
            })
        })
    };
    // Words beside a number ("ước 505") are about that number alone; a remark is about the row.
    let is_remark = |column: u32| match header.columns.iter().find(|(at, _)| *at == column) {
        None => header.texts.iter().any(|(at, _)| *at == column),
        Some((_, named)) => match named.role {
            ColumnRole::Values { measure, .. } => {
                let kind = cx.catalogue.measure(measure).kind;
                matches!(kind, MeasureKind::Verdict { .. } | MeasureKind::Note)
            }
            ColumnRole::Ignored => true,
        },
    };
    let texts = sheet.row(line.row).into_iter().flat_map(|r| &r.cells).filter(|c| is_remark(c.column));
    let mut texts = texts.filter(|c| !header.label.contains(&c.column));
    texts.any(|c| match &c.value {
        crate::workbook::Value::Text(text) => says(text),
        crate::workbook::Value::Number(_)
        | crate::workbook::Value::Bool(_)
        | crate::workbook::Value::Date { .. }
        | crate::workbook::Value::Error(_)
        | crate::workbook::Value::NoResult => false,
    })
}

/// The unit that a row states: in its unit column, else in brackets behind its label.
fn row_unit(sheet: &Sheet, header: &Header<'_>, line: &Line) -> Option<(Unit, Position)> {
    let column = header.unit.and_then(|column| {
        let at = Position::new(line.row, column);
        let text = sheet.text_through_merges(at)?;
        Some((Unit::parse(text)?, at))
    });
    column.or_else(|| Some((bracketed_unit(&line.label)?, line.cell)))
}

/// `Sản lượng (tấn)`, `Số hộ, hộ` have their unit behind; only brackets are sure enough.
fn bracketed_unit(label: &str) -> Option<Unit> {
    let open = label.rfind('(')?;
    let inside = label[open + 1..].trim().strip_suffix(')')?;
    let unit = Unit::parse(inside)?;
    // Words in brackets are remarks; what measures something or is money is a unit.
    (!unit.is_count()).then_some(unit)
}

fn stated_units(sheet: &Sheet, header: &Header<'_>) -> StatedUnits {
    let mut units = StatedUnits { line: None, other_line: None, headers: HashMap::new() };
    for (column, texts) in &header.texts {
        if let Some(unit) = texts.iter().rev().find_map(|t| bracketed_unit(t)) {
            units.headers.insert(*column, (unit, Position::new(header.data_row.saturating_sub(1), *column)));
        }
    }
    let above = sheet.rows.iter().rev().filter(|r| r.row < header.data_row);
    let mut lines =
        above.flat_map(|row| row.cells.iter().map(move |cell| (row.row, cell))).filter_map(|(row, cell)| {
            let crate::workbook::Value::Text(text) = &cell.value else { return None };
            Some((unit_line(text)?, Position::new(row, cell.column)))
        });
    // The nearest line above wins; some sheets carry two, and some of those disagree.
    units.line = lines.next();
    if let Some((near, _)) = &units.line {
        units.other_line = lines.find(|(other, _)| {
            other.measures_same(near)
                && other.factor_to(near).is_some_and(|factor| factor != crate::number::Rational::ONE)
        });
    }
    units
}

/// `Đơn vị tính: nghìn đồng`, `ĐVT; Triệu đồng`, `(Đơn vị: ha)`, also at the end of a title:
/// `BIỂU SỐ 2. ĐVT: nghìn đồng`.
fn unit_line(written: &str) -> Option<Unit> {
    const HEADS: [&str; 5] = ["đơn vị tính", "đơn vị", "đvt", "đv tính", "đv"];
    let folded = text::fold(written);
    let (at, length) = folded.char_indices().rev().filter(|(_, c)| matches!(c, ':' | ';')).find_map(|(colon, _)| {
        let before = folded[..colon].trim_end();
        let head = HEADS.iter().find(|head| before.ends_with(**head))?;
        let start = before.len() - head.len();
        let own_word = before[..start].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        own_word.then_some((start, colon + 1 - start))
    })?;
    let unit = folded[at + length..].trim();
    // The spelling of the sheet is what findings quote.
    let tail = written.rfind([':', ';']).map_or(unit, |colon| written[colon + 1..].trim());
    let quoted = if text::fold(tail) == unit { tail } else { unit };
    Unit::parse(quoted.trim_end_matches(['.', ')']))
}
