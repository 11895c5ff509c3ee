//! Reads a mapping from TOML against its catalogue; all mistakes at once.

mod blocks;

use std::ops::Range;

use blocks::{Blocks, names_indicators};

use super::{
    CellRule, Column, ColumnPlace, ColumnRole, LabelPath, Mapping, MemberName, Pattern, RowIndex, RowPlace, RowRole,
    RowRule, Source,
};
use crate::{
    model::{
        catalogue::{Catalogue, Indicator, IndicatorId, MeasureId},
        document::{At, Document, Fields, Item, Problem, Problems, both, fields_of, parse, text_of},
        finding::FileLine,
        workbook::{Position, parse_column},
    },
    values::{number::Convention, text, unit::Unit},
};

const CONVENTIONS: &[(&str, Convention)] =
    &[("vietnamese", Convention::Vietnamese), ("english", Convention::English), ("auto", Convention::Unknown)];

/// The catalogue that a mapping names, by id or by path; the mistakes of the text if it cannot be
/// told.
///
/// # Errors
/// Syntax errors, or a missing `[mapping]` or `catalogue`.
pub fn catalogue_reference(document: &Document) -> Result<At<String>, Vec<Problem>> {
    let mut problems = Problems::new(document.clone());
    let table = parse(document, &mut problems);
    let mut root = Fields::new(table.get_ref(), 0..0);
    let reference = head(&mut root, &mut problems).and_then(|mut head| head.required_text("catalogue", &mut problems));
    match reference {
        Some(reference) if problems.is_empty() => Ok(reference),
        _ => Err(problems.into_sorted()),
    }
}

fn head<'t, 'd>(root: &mut Fields<'t, 'd>, problems: &mut Problems) -> Option<Fields<'t, 'd>> {
    if let Some(item) = root.item("mapping") {
        return fields_of("mapping", item, problems);
    }
    problems.add(0..0, both!("thiếu bảng `[mapping]`", "missing table `[mapping]`"));
    None
}

/// Reads a mapping.
///
/// # Errors
/// Every mistake of the file, in its order.
pub fn decode(document: &Document, catalogue: &Catalogue) -> Result<Mapping, Vec<Problem>> {
    let mut problems = Problems::new(document.clone());
    let table = parse(document, &mut problems);
    let mut root = Fields::new(table.get_ref(), 0..0);
    let mut decoder = Decoder { catalogue, shared: Vec::new(), problems: &mut problems };
    let mapping = decoder.root(&mut root);
    root.finish(&mut problems);
    match mapping {
        Some(mapping) if problems.is_empty() => Ok(mapping),
        _ => Err(problems.into_sorted()),
    }
}

/// Shared columns that no source of a file takes. What a file extends is
/// not looked into.
pub(super) fn unused_columns(document: &Document) -> Vec<(String, FileLine)> {
    let mut problems = Problems::new(document.clone());
    let table = parse(document, &mut problems);
    let mut root = Fields::new(table.get_ref(), 0..0);
    let shared = root.table("columns", &mut problems);
    let used: Vec<String> = root
        .tables("source", &mut problems)
        .into_iter()
        .flat_map(|mut source| source.texts("columns-from", &mut problems))
        .map(|name| name.value)
        .collect();
    let entries = shared.iter().flat_map(Fields::entries);
    entries
        .filter(|(name, _)| !used.iter().any(|used| used == name.value))
        .map(|(name, _)| (name.value.to_owned(), document.line(name.span.start)))
        .collect()
}

pub(super) struct Decoder<'c> {
    pub(super) catalogue: &'c Catalogue,
    /// Columns that several sources have, by name.
    shared: Vec<(String, Vec<WrittenColumn>)>,
    pub(super) problems: &'c mut Problems,
}

/// A column before it is known which blocks its source has.
#[derive(Clone)]
pub(super) struct WrittenColumn {
    pub(super) column: Column,
    pub(super) key: At<String>,
    /// What it adds to the ids of the rows.
    pub(super) block: Option<At<String>>,
}

impl Decoder<'_> {
    fn root(&mut self, root: &mut Fields<'_, '_>) -> Option<Mapping> {
        let mut head = head(root, self.problems)?;
        let id = head.required_text("id", self.problems);
        head.item("catalogue");
        // The loader has put the base below, and what is of the catalogue on top of that.
        head.text("extends", self.problems);
        head.item("period");
        head.format(self.problems);
        for key in ["section", "indicator", "measure", "rule", "members"] {
            root.item(key);
        }
        let ignored_sheets: Vec<At<String>> = head.texts("ignore-sheets", self.problems);
        let ignored_sheets = ignored_sheets.iter().map(|text| Pattern::new(&self.expand(text))).collect();
        head.finish(self.problems);
        let fields = root.table("fields", self.problems).map_or_else(Vec::new, |table| {
            table
                .entries()
                .filter_map(|(key, item)| {
                    text_of(key.value, item, self.problems).map(|text| (key.value.to_owned(), text.value))
                })
                .collect()
        });
        self.shared = root.table("columns", self.problems).map_or_else(Vec::new, |table| self.shared_columns(&table));
        let mut spans = Vec::new();
        let mut sources: Vec<Source> = Vec::new();
        for table in root.tables("source", self.problems) {
            spans.push(table.span.clone());
            sources.push(self.source(table));
        }
        self.check_groupings(&sources, &spans);
        if sources.is_empty() {
            self.problems.add(0..0, both!("bảng ánh xạ không có `[[source]]` nào", "the mapping has no `[[source]]`"));
        }
        Some(Mapping {
            file: self.problems.document.file.clone(),
            id: id?.value.into(),
            fields,
            sources,
            ignored_sheets,
        })
    }

    /// Puts the year into a header or label.
    pub(super) fn expand(&mut self, written: &At<String>) -> String {
        let (expanded, unknown) = self.catalogue.period.expand(&written.value, &[]);
        for name in unknown {
            self.problems.add_with_help(
                written.span.clone(),
                both!("không hiểu `{{{name}}}`", "cannot understand `{{{name}}}`"),
                both!(
                    "dùng {{year}}, {{year-1}}, {{year+1}}, {{period}}",
                    "use {{year}}, {{year-1}}, {{year+1}}, {{period}}"
                ),
            );
        }
        expanded
    }

    fn column_place(&mut self, written: &At<String>) -> Option<ColumnPlace> {
        let expanded = self.expand(written);
        let Some(letters) = expanded.strip_prefix('@') else {
            return Some(ColumnPlace::Header(LabelPath::new(&expanded)));
        };
        let column = parse_column(letters);
        if column.is_none() {
            self.problems.add(
                written.span.clone(),
                both!("`@{letters}` không phải tên cột (ví dụ `@E`)", "`@{letters}` is no column (say `@E`)"),
            );
        }
        column.map(ColumnPlace::Letters)
    }

    fn row_place(&mut self, written: &At<String>) -> Option<RowPlace> {
        let expanded = self.expand(written);
        let Some(digits) = expanded.strip_prefix('@') else {
            return Some(RowPlace::Label(LabelPath::new(&expanded)));
        };
        let row = digits.parse::<u32>().ok().and_then(|row| row.checked_sub(1));
        if row.is_none() {
            self.problems.add(
                written.span.clone(),
                both!("`@{digits}` không phải số dòng (ví dụ `@12`)", "`@{digits}` is no row (say `@12`)"),
            );
        }
        row.map(RowPlace::Number)
    }

    fn unit(&mut self, table: &mut Fields<'_, '_>, key: &'static str) -> Option<Unit> {
        let written = table.text(key, self.problems)?;
        let unit = Unit::parse(&written.value);
        if unit.is_none() {
            let text = &written.value;
            self.problems
                .add(written.span, both!("không hiểu đơn vị \"{text}\"", "cannot understand the unit \"{text}\""));
        }
        unit
    }

    fn measure(&mut self, name: &At<String>) -> Option<MeasureId> {
        let found = self.catalogue.find_measure(&name.value);
        if found.is_none() {
            let written = &name.value;
            let list = self.catalogue.measures.iter().map(|m| format!("`{}`", m.id)).collect::<Vec<_>>().join(", ");
            self.problems.add_with_help(
                name.span.clone(),
                both!("không có loại số liệu `{written}`", "no measure `{written}`"),
                both!("danh mục có: {list}", "the catalogue has: {list}"),
            );
        }
        found
    }

    pub(super) fn indicator(&mut self, name: &At<String>) -> Option<IndicatorId> {
        crate::model::catalogue::resolve_indicator(name, self.catalogue.index(), self.problems)
    }

    fn source(&mut self, mut table: Fields<'_, '_>) -> Source {
        let line = self.problems.document.line(table.span.start);
        let span = table.span.clone();
        let name = table.text("name", self.problems).map(|t| t.value);
        let files = table.texts("file", self.problems);
        if files.is_empty() {
            self.problems.add(span.clone(), both!("thiếu mục `file`", "missing key `file`"));
        }
        let sheets: Vec<At<String>> = table.texts("sheet", self.problems);
        let sheets = sheets.iter().map(|t| Pattern::new(&self.expand(t))).collect();
        let label: Vec<_> = table.texts("label", self.problems);
        let label: Vec<ColumnPlace> = label.iter().filter_map(|t| self.column_place(t)).collect();
        let unit_column = table.text("unit-column", self.problems).and_then(|t| self.column_place(&t));
        let unit = self.unit(&mut table, "unit");
        let numbers = table.choice("numbers", CONVENTIONS, self.problems).unwrap_or(Convention::Unknown);
        let first_row = table.whole("first-row", 1..1_048_577, self.problems).and_then(|r| u32::try_from(r - 1).ok());
        let optional = table.flag("optional", self.problems).unwrap_or(false);
        let mut columns = table.table("columns", self.problems).map_or_else(Vec::new, |t| self.columns(&t));
        for name in table.texts("columns-from", self.problems) {
            self.columns_from(&name, &mut columns);
        }
        let named_blocks = table.table("blocks", self.problems).map_or_else(Vec::new, |t| self.blocks(&t));
        let row_table = table.table("rows", self.problems);
        let by_row = row_table.as_ref().is_some_and(names_indicators);
        let (columns, blocks) = self.in_blocks(columns, &named_blocks, by_row);
        let mut rows = row_table.map_or_else(Vec::new, |t| self.rows(&t, &blocks));
        self.check_blocks(&blocks, &rows);
        // With "optional" what is there is taken, and what is not is no fault.
        let is_lenient = table.is_text("rows-from-catalogue", "optional");
        if is_lenient || table.flag("rows-from-catalogue", self.problems).unwrap_or(false) {
            if !blocks.is_empty() {
                self.problems.add(
                    span.clone(),
                    both!(
                        "`rows-from-catalogue` không dùng cùng các cột theo khối: dòng phải nêu phần đầu của mã chỉ tiêu",
                        "`rows-from-catalogue` does not go with columns in blocks: a row has to say its part of the id"
                    ),
                );
            }
            self.rows_from_catalogue(&mut rows, is_lenient, span.start);
        }
        let member = self.member(&mut table);
        let sum = table.flag("sum", self.problems).unwrap_or(false);
        let cells = table.table("cells", self.problems).map_or_else(Vec::new, |t| self.cells(&t));
        table.finish(self.problems);
        if cells.is_empty() {
            for (missing, key) in
                [(label.is_empty(), "label"), (columns.is_empty(), "columns"), (rows.is_empty(), "rows")]
            {
                if missing {
                    self.problems.add(span.clone(), both!("thiếu mục `{key}`", "missing key `{key}`"));
                }
            }
        }
        let by_header = label.iter().chain(columns.iter().map(|c| &c.place)).chain(&unit_column);
        if first_row.is_some() && by_header.clone().any(|place| matches!(place, ColumnPlace::Header(_))) {
            self.problems.add(
                span.clone(),
                both!(
                    "`first-row` chỉ dùng khi mọi cột nêu bằng chữ cái (\"@B\")",
                    "`first-row` goes with columns that are all given by letters (\"@B\")"
                ),
            );
        }
        self.check_directions(&columns, &rows, member.is_some(), &span);
        let files: Vec<String> = files.iter().map(|t| text::fold(&self.expand(t))).collect();
        Source {
            name: name.unwrap_or_else(|| files.first().cloned().unwrap_or_default()),
            files,
            sheets,
            label,
            unit_column,
            unit,
            numbers,
            first_row,
            columns,
            index: RowIndex::new(&rows),
            rows,
            cells,
            member,
            sum,
            optional,
            line,
        }
    }

    /// A whole that is made by adding members up, where they are named in two ways and nobody says whether
    /// those are the same ones: villages in files and clusters in columns would be added into one sum.
    fn check_groupings(&mut self, sources: &[Source], spans: &[Range<usize>]) {
        if self.catalogue.members.is_some() {
            return;
        }
        for (at, (source, span)) in sources.iter().zip(spans).enumerate() {
            let own = source.member_figures();
            let other = sources[..at].iter().find(|other| {
                let is_other_way = other.member_way().is_some_and(|way| Some(way) != source.member_way());
                is_other_way && (source.sum || other.sum) && other.member_figures().iter().any(|key| own.contains(key))
            });
            if let (Some(other), Some(_)) = (other, source.member_way()) {
                let (name, other) = (&source.name, &other.name);
                self.problems.add_with_help(
                    span.clone(),
                    both!(
                        "nguồn \"{name}\" và \"{other}\" nêu phân tổ của cùng một chỉ tiêu theo hai cách; `sum` sẽ cộng hai nhóm vào một tổng",
                        "the sources \"{name}\" and \"{other}\" name members of one indicator in two ways; `sum` would add two groupings into one total"
                    ),
                    both!(
                        "khai báo `[members]`: `names` là các phân tổ, nhóm khác (cụm) ghi vào `[members.groupings]`",
                        "declare `[members]`: `names` are the members, other groupings (clusters) go into `[members.groupings]`"
                    ),
                );
            }
        }
    }

    /// What names the member of a whole table: its sheet, its file, or one of its cells.
    fn member(&mut self, table: &mut Fields<'_, '_>) -> Option<MemberName> {
        let is_table = |item: &Item<'_>| item.get_ref().is_table();
        if !table.item("member").is_some_and(is_table) {
            let names = &[("sheet", MemberName::Sheet), ("file", MemberName::File)];
            return table.choice("member", names, self.problems);
        }
        let mut named = table.table("member", self.problems)?;
        let cell = named.required_text("cell", self.problems);
        let strip = named.texts("strip", self.problems);
        let strip = strip.iter().map(|text| text::fold(&text.value)).collect();
        named.finish(self.problems);
        let cell = cell?;
        let at = Position::parse(&cell.value);
        if at.is_none() {
            let address = &cell.value;
            self.problems.add(
                cell.span.clone(),
                both!("`{address}` không phải địa chỉ ô (ví dụ `A1`)", "`{address}` is no cell address (say `A1`)"),
            );
        }
        Some(MemberName::Cell { at: at?, strip })
    }

    /// The indicator must come from the row or from the column, and from one of them only.
    fn check_directions(&mut self, columns: &[Column], rows: &[RowRule], named_member: bool, span: &Range<usize>) {
        let by_column = columns.iter().any(|c| matches!(c.role, ColumnRole::Values { indicator: Some(_), .. }));
        let by_row = rows.iter().any(|r| matches!(r.role, RowRole::Indicator(_) | RowRole::Blocks(_)));
        let total = rows.iter().any(|r| matches!(r.role, RowRole::Total | RowRole::Member));
        let members =
            [rows.iter().any(|r| r.role == RowRole::Member), columns.iter().any(|c| c.each_member), named_member];
        if members.iter().filter(|named| **named).count() > 1 {
            self.problems.add(
                span.clone(),
                both!(
                    "phân tổ được nêu ở nhiều nơi (dòng, cột, sheet hoặc tệp); chỉ nêu ở một nơi",
                    "members are named in several places (rows, columns, sheet or file); name them in one"
                ),
            );
        }
        if by_column && by_row {
            self.problems.add(
                span.clone(),
                both!(
                    "chỉ tiêu được nêu cả ở cột lẫn ở dòng; chỉ nêu ở một chiều",
                    "both columns and rows name indicators; name them in one direction only"
                ),
            );
        } else if total && !by_column {
            self.problems.add(
                span.clone(),
                both!(
                    "dòng `total` hoặc `member` cần các cột có `indicator`",
                    "rows that are `total` or `member` need columns with an `indicator`"
                ),
            );
        }
    }

    /// `[columns.NAME]`: read once, so that a mistake in them is told once.
    fn shared_columns(&mut self, table: &Fields<'_, '_>) -> Vec<(String, Vec<WrittenColumn>)> {
        let read = |(name, item): (At<&str>, &Item<'_>)| {
            let table = fields_of(name.value, item, self.problems)?;
            Some((name.value.to_owned(), self.columns(&table)))
        };
        table.entries().filter_map(read).collect()
    }

    /// Adds shared columns to those of a source. What the source says itself of a header counts.
    fn columns_from(&mut self, name: &At<String>, columns: &mut Vec<WrittenColumn>) {
        let Some((_, shared)) = self.shared.iter().find(|(known, _)| *known == name.value) else {
            let written = &name.value;
            let known = self.shared.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            self.problems.add_with_help(
                name.span.clone(),
                both!("không có bảng `[columns.{written}]`", "no table `[columns.{written}]`"),
                both!("có: {known}", "there are: {known}"),
            );
            return;
        };
        let own = columns.len();
        let is_new = |new: &&WrittenColumn| columns[..own].iter().all(|known| known.column.place != new.column.place);
        let new: Vec<WrittenColumn> = shared.iter().filter(is_new).cloned().collect();
        columns.extend(new);
    }

    fn columns(&mut self, table: &Fields<'_, '_>) -> Vec<WrittenColumn> {
        table.entries().filter_map(|(key, item)| self.column(&key, item)).collect()
    }

    fn column(&mut self, key: &At<&str>, item: &Item<'_>) -> Option<WrittenColumn> {
        let key = At { value: key.value.to_owned(), span: key.span.clone() };
        let place = self.column_place(&key)?;
        let line = self.problems.document.line(key.span.start);
        if let Some(word) = item.get_ref().as_str() {
            let role = if word == "ignore" {
                ColumnRole::Ignored
            } else {
                let measure = self.measure(&At { value: word.to_owned(), span: item.span() })?;
                ColumnRole::Values { indicator: None, measure }
            };
            let column = Column { place, role, unit: None, each_member: false, block: None, optional: false, line };
            return Some(WrittenColumn { column, key, block: None });
        }
        let mut table = fields_of(&key.value, item, self.problems)?;
        let indicator = table.text("indicator", self.problems);
        let block = table.text("block", self.problems);
        let measure = table.required_text("measure", self.problems);
        let unit = self.unit(&mut table, "unit");
        let optional = table.flag("optional", self.problems).unwrap_or(false);
        let each_member = table.flag("each-member", self.problems).unwrap_or(false);
        table.finish(self.problems);
        if each_member && !matches!(&place, ColumnPlace::Header(path) if path.steps.len() > 1) {
            self.problems.add(
                key.span.clone(),
                both!(
                    "`each-member` cần tiêu đề có tên phân tổ ở trên, ví dụ \"* > Thực hiện\"",
                    "`each-member` needs a header with the member's name above, say \"* > Thực hiện\""
                ),
            );
        }
        if let (Some(_), Some(block)) = (&indicator, &block) {
            self.problems.add(
                block.span.clone(),
                both!(
                    "cột chỉ nêu `indicator` hoặc `block`, không nêu cả hai",
                    "a column has either `indicator` or `block`, not both"
                ),
            );
        }
        let wants_indicator = indicator.is_some();
        let indicator = indicator.and_then(|name| self.indicator(&name));
        let measure = measure?;
        let mut column =
            Column { place, role: ColumnRole::Ignored, unit, each_member, block: None, optional: true, line };
        if measure.value == "ignore" {
            return Some(WrittenColumn { column, key, block: None });
        }
        let measure = self.measure(&measure)?;
        column.role = ColumnRole::Values { indicator, measure };
        column.optional = optional;
        (indicator.is_some() == wants_indicator).then_some(WrittenColumn { column, key, block })
    }

    fn rows(&mut self, table: &Fields<'_, '_>, blocks: &Blocks) -> Vec<RowRule> {
        table.entries().filter_map(|(key, item)| self.row(&key, item, blocks)).collect()
    }

    fn row(&mut self, key: &At<&str>, item: &Item<'_>, blocks: &Blocks) -> Option<RowRule> {
        let key = At { value: key.value.to_owned(), span: key.span.clone() };
        let place = self.row_place(&key)?;
        let line = self.problems.document.line(key.span.start);
        let mut rule =
            RowRule { place, role: RowRole::Ignored, unit: None, measures: Vec::new(), optional: false, line };
        if let Some(word) = item.get_ref().as_str() {
            rule.role = self.row_role(&At { value: word.to_owned(), span: item.span() }, blocks)?;
            rule.optional = matches!(rule.role, RowRole::Ignored | RowRole::Member);
            return Some(rule);
        }
        let mut table = fields_of(&key.value, item, self.problems)?;
        let role = table.required_text("as", self.problems);
        rule.unit = self.unit(&mut table, "unit");
        rule.optional = table.flag("optional", self.problems).unwrap_or(false);
        if let Some(renames) = table.table("measures", self.problems) {
            for (from, to) in renames.entries() {
                let from = self.measure(&At { value: from.value.to_owned(), span: from.span });
                let Some(to) = text_of("measures", to, self.problems) else { continue };
                let to = if to.value == "ignore" { Some(None) } else { self.measure(&to).map(Some) };
                if let (Some(from), Some(to)) = (from, to) {
                    rule.measures.push((from, to));
                }
            }
        }
        table.finish(self.problems);
        rule.role = self.row_role(&role?, blocks)?;
        Some(rule)
    }

    fn row_role(&mut self, word: &At<String>, blocks: &Blocks) -> Option<RowRole> {
        Some(match word.value.as_str() {
            "total" => RowRole::Total,
            "member" => RowRole::Member,
            "ignore" => RowRole::Ignored,
            _ if !blocks.is_empty() => self.row_in_blocks(word, blocks)?,
            _ => RowRole::Indicator(self.indicator(word)?),
        })
    }

    /// One row for each indicator of the form, by label and synonyms, that the mapping does not
    /// already place.
    fn rows_from_catalogue(&self, rows: &mut Vec<RowRule>, is_lenient: bool, offset: usize) {
        let line = self.problems.document.line(offset);
        let placed: Vec<_> = rows.iter().flat_map(|row| row.role.indicators()).collect();
        for (id, indicator) in self.catalogue.iter() {
            if indicator.section.is_none() || placed.contains(&id) {
                continue;
            }
            let marked = self.catalogue.printed_label(id);
            let own = std::iter::once(&indicator.label).chain(&indicator.synonyms);
            let own = own.chain(Some(&marked).filter(|marked| **marked != indicator.label));
            let own = own.map(String::as_str).collect::<Vec<_>>().join(" | ");
            let mut steps = self.telling_headings(id, indicator);
            steps.push(&own);
            let path = steps.join(" > ");
            rows.push(RowRule {
                place: RowPlace::Label(LabelPath::new(&path)),
                role: RowRole::Indicator(id),
                unit: None,
                measures: Vec::new(),
                optional: is_lenient || !indicator.required,
                line: line.clone(),
            });
        }
    }

    /// The headings that tell a row from others with the same label, from the innermost on as few as
    /// do. One that stands alone needs none, so that a heading spelt differently costs nothing.
    fn telling_headings(&self, id: IndicatorId, indicator: &Indicator) -> Vec<&str> {
        let same: Vec<Vec<&str>> = self
            .catalogue
            .iter()
            .filter(|(other, o)| *other != id && o.section.is_some() && o.label == indicator.label)
            .map(|(other, _)| self.catalogue.headings(other))
            .collect();
        let headings = self.catalogue.headings(id);
        let fits_another = |steps: &[&str]| {
            same.iter().any(|other| {
                let mut other = other.iter();
                steps.iter().all(|step| other.any(|heading| heading == step))
            })
        };
        let fewest = (0..headings.len()).rev().find(|from| !same.is_empty() && !fits_another(&headings[*from..]));
        match fewest {
            _ if same.is_empty() => Vec::new(),
            Some(from) => headings[from..].to_vec(),
            None => headings,
        }
    }

    fn cells(&mut self, table: &Fields<'_, '_>) -> Vec<CellRule> {
        table.entries().filter_map(|(key, item)| self.cell(&key, item)).collect()
    }

    fn cell(&mut self, key: &At<&str>, item: &Item<'_>) -> Option<CellRule> {
        let address = key.value;
        let at = Position::parse(address);
        if at.is_none() {
            self.problems.add(
                key.span.clone(),
                both!("`{address}` không phải địa chỉ ô (ví dụ `D12`)", "`{address}` is no cell address (say `D12`)"),
            );
        }
        let line = self.problems.document.line(key.span.start);
        let mut table = fields_of(address, item, self.problems)?;
        let indicator = table.required_text("indicator", self.problems);
        let measure = table.required_text("measure", self.problems);
        let unit = self.unit(&mut table, "unit");
        table.finish(self.problems);
        let indicator = indicator.and_then(|name| self.indicator(&name));
        let measure = measure.and_then(|name| self.measure(&name));
        Some(CellRule { at: at?, indicator: indicator?, measure: measure?, unit, line })
    }
}
