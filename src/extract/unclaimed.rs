//! Nothing is dropped in silence: numbers inside a mapped table that nothing takes.

mod stray;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use stray::Strays;

use super::{Context, SheetAt, cell_place, codes, header::OtherTable};
use crate::{
    model::{
        finding::{Facts, Finding},
        mapping::{Mapping, Source},
        workbook::{Position, Row, Sheet, Value, Workbook, column_name, file_name},
    },
    values::{
        language::{Language, counted, say},
        number::{self, Convention},
    },
};

/// What was taken from each sheet, and where its tables lie.
#[derive(Debug, Default)]
pub(super) struct Claims {
    taken: HashMap<SheetAt, Vec<Position>>,
    /// Rows of which all cells in some columns were read.
    rows: HashMap<SheetAt, Vec<TakenRows>>,
    tables: BTreeMap<SheetAt, Vec<TableArea>>,
    others: BTreeMap<SheetAt, Vec<OtherTable>>,
}

/// The cells of a table in which numbers are expected.
#[derive(Debug)]
pub(super) struct TableArea {
    /// Columns with a header, other than labels, units and row numbers.
    pub columns: Vec<u32>,
    /// Columns of labels, units and row numbers.
    pub labels: Vec<u32>,
    /// Rows with a label, by their places among the rows of the sheet, in order.
    pub rows: Vec<u32>,
    /// The cell of its header, where it is not the table of the source but follows it.
    pub anchor: Option<Position>,
}

/// Rows that were taken in the same columns, both in order.
#[derive(Debug)]
pub(super) struct TakenRows {
    pub columns: Vec<u32>,
    /// By their places among the rows of the sheet.
    pub rows: Vec<u32>,
}

impl TakenRows {
    /// Whether nothing of a row is left in these columns of a table.
    fn takes_all(&self, row: &Row<'_>, columns: &[u32]) -> bool {
        row.columns().all(|at| self.columns.binary_search(&at).is_ok() || columns.binary_search(&at).is_err())
    }
}

impl Claims {
    /// Whether anything of a sheet was read.
    pub(super) fn reads(&self, sheet: SheetAt) -> bool {
        self.tables.contains_key(&sheet) || self.taken.contains_key(&sheet) || self.rows.contains_key(&sheet)
    }

    /// A cell was read, or ignored on purpose.
    pub(super) fn take(&mut self, sheet: SheetAt, at: Position) {
        self.taken_of(sheet).push(at);
    }

    /// What was taken from a sheet, to add many cells to.
    pub(super) fn taken_of(&mut self, sheet: SheetAt) -> &mut Vec<Position> {
        self.taken.entry(sheet).or_default()
    }

    /// Rows were read.
    pub(super) fn take_rows(&mut self, sheet: SheetAt, rows: TakenRows) {
        self.rows.entry(sheet).or_default().push(rows);
    }

    /// A table was found.
    pub(super) fn table(&mut self, sheet: SheetAt, area: TableArea) {
        self.tables.entry(sheet).or_default().push(area);
    }

    /// A table that a source does not read was found.
    pub(super) fn other_table(&mut self, sheet: SheetAt, table: OtherTable) {
        self.others.entry(sheet).or_default().push(table);
    }

    /// Reports every number that lies in a table and was not taken: one finding a column where
    /// the whole column is left out, one a row otherwise.
    pub(super) fn report(mut self, cx: &mut Context<'_>, workbooks: &[&Workbook], mapping: &Mapping) {
        for (at, areas) in &self.tables {
            let workbook = workbooks[at.0];
            let sheet = &workbook.sheets[at.1];
            let pattern = pattern_of(mapping, workbook);
            let mut taken = self.taken.remove(at).unwrap_or_default();
            let rows = self.rows.remove(at).unwrap_or_default();
            // Nearly in order as it is: tables are read row by row.
            taken.sort();
            let mut left: Vec<Position> = Vec::new();
            let mut unread: BTreeMap<Position, Vec<Position>> = BTreeMap::new();
            for area in areas {
                let cells = cells_left(sheet, area, &taken, &rows);
                match area.anchor {
                    Some(anchor) if !cells.is_any_taken => unread.entry(anchor).or_default().extend(cells.left),
                    Some(_) | None => left.extend(cells.left),
                }
            }
            let others = self.others.remove(at).unwrap_or_default();
            let known = stray::Known { areas, others: &others, taken: &taken, rows: &rows };
            let strays = stray::find(sheet, &known);
            for other in others {
                let of_table = sheet.rows_from(other.rows.0).take_while(|row| row.row < other.rows.1);
                let places = of_table.map(|row| row.place()).collect();
                let area =
                    TableArea { columns: other.columns, labels: other.labels, rows: places, anchor: Some(other.at) };
                let cells = cells_left(sheet, &area, &taken, &rows);
                if !cells.is_any_taken {
                    unread.entry(other.at).or_default().extend(cells.left);
                } else if other.is_of_this_kind {
                    left.extend(cells.left);
                }
            }
            left.sort_unstable();
            left.dedup();
            // Two sources may see one table in two ways; its numbers are told once.
            let mut told: BTreeSet<Position> = BTreeSet::new();
            for (anchor, mut cells) in unread {
                cells.sort_unstable();
                cells.dedup();
                cells.retain(|at| left.binary_search(at).is_err() && told.insert(*at));
                if !cells.is_empty() {
                    let named = sheet.get(anchor).and_then(|cell| cell.text()).map(crate::values::text::trim);
                    let region = Region::Table { anchor, named: named.unwrap_or_default().to_owned() };
                    cx.findings.push(finding((workbook, sheet), &pattern, &cells, region));
                }
            }
            report_strays(cx, (workbook, sheet), &pattern, &strays);
            if left.is_empty() {
                continue;
            }
            let taken_columns: Vec<u32> = {
                let in_rows = rows.iter().flat_map(|rows| &rows.columns).copied();
                let mut columns: Vec<u32> = taken.iter().map(|at| at.column).chain(in_rows).collect();
                columns.sort_unstable();
                columns.dedup();
                columns
            };
            let (in_used, in_unused): (Vec<Position>, Vec<Position>) =
                left.into_iter().partition(|at| taken_columns.binary_search(&at.column).is_ok());
            for group in group_by(&in_unused, |at| at.column) {
                let region = Region::Column(group[0].column);
                cx.findings.push(finding((workbook, sheet), &pattern, &group, region));
            }
            for group in group_by(&in_used, |at| at.row) {
                let region = Region::Row(group[0].row);
                cx.findings.push(finding((workbook, sheet), &pattern, &group, region));
            }
        }
    }
}

/// What is left of a table.
struct CellsLeft {
    left: Vec<Position>,
    /// Whether any number of it was taken.
    is_any_taken: bool,
}

fn cells_left(sheet: &Sheet, area: &TableArea, taken: &[Position], rows: &[TakenRows]) -> CellsLeft {
    let mut cells = CellsLeft { left: Vec::new(), is_any_taken: false };
    let mut alike: Option<Row<'_>> = None;
    for place in &area.rows {
        let Some(row) = sheet.row_in_place(*place) else { continue };
        let whole = rows.iter().find(|taken| taken.rows.binary_search(place).is_ok());
        if let Some(whole) = whole {
            cells.is_any_taken = true;
            if alike.is_some_and(|alike| row.has_shape_of(&alike)) {
                continue;
            }
            if whole.takes_all(&row, &area.columns) {
                alike = (rows.len() == 1).then_some(row);
                continue;
            }
        }
        let start = taken.partition_point(|at| at.row < row.row);
        let mut taken = taken[start..].iter().peekable();
        let mut columns = area.columns.iter().peekable();
        for (place, column) in row.columns().enumerate() {
            while columns.next_if(|of_table| **of_table < column).is_some() {}
            if columns.peek() != Some(&&column) {
                continue;
            }
            let at = Position::new(row.row, column);
            while taken.next_if(|taken| **taken < at).is_some() {}
            let is_taken =
                taken.peek() == Some(&&at) || whole.is_some_and(|whole| whole.columns.binary_search(&column).is_ok());
            let is_known = is_taken && cells.is_any_taken;
            if !is_known && holds_number(row.cell(place).value) {
                cells.is_any_taken |= is_taken;
                if !is_taken {
                    cells.left.push(at);
                }
            }
        }
    }
    cells
}

/// More columns with numbers beside the tables are scratch paper.
const MOST_STRAY_COLUMNS: usize = 2;

/// One finding a column, and one for what stands below the tables; or one for all of them where there
/// are many.
fn report_strays(cx: &mut Context<'_>, (workbook, sheet): (&Workbook, &Sheet), pattern: &str, strays: &Strays) {
    let groups = strays.beside.len() + usize::from(!strays.below.is_empty());
    if groups > MOST_STRAY_COLUMNS {
        let cells = strays.all();
        cx.findings.push(finding((workbook, sheet), pattern, &cells, Region::Outside(cells[0].column)));
        return;
    }
    for (column, cells) in &strays.beside {
        cx.findings.push(finding((workbook, sheet), pattern, cells, Region::Beside(*column)));
    }
    if let Some(first) = strays.below.first() {
        cx.findings.push(finding((workbook, sheet), pattern, &strays.below, Region::Below(first.column)));
    }
}

fn group_by(cells: &[Position], key: impl Fn(&Position) -> u32) -> Vec<Vec<Position>> {
    let mut groups: BTreeMap<u32, Vec<Position>> = BTreeMap::new();
    for at in cells {
        groups.entry(key(at)).or_default().push(*at);
    }
    groups.into_values().collect()
}

/// Cells listed in one finding; the message gives the whole count.
const MOST_LISTED: usize = 12;

/// The pattern by which a file is read.
fn pattern_of(mapping: &Mapping, workbook: &Workbook) -> String {
    let name = file_name(&workbook.file);
    mapping.sources.iter().find(|source| source.takes_file(name)).map(Source::pattern).unwrap_or_default()
}

/// `unmapped-number`: how many numbers nothing takes, and where they lie.
#[derive(Debug)]
struct UnmappedNumbers {
    count: usize,
    region: Region,
}

/// Where numbers lie that nothing takes.
#[derive(Debug)]
enum Region {
    /// In a column of a table.
    Column(u32),
    /// In a row of a table.
    Row(u32),
    /// In a whole table.
    Table { anchor: Position, named: String },
    /// Outside the tables, the first of them in this column.
    Outside(u32),
    /// Beside a table, in a column without a header.
    Beside(u32),
    /// Below the tables, the first of them in this column.
    Below(u32),
}

impl Facts for UnmappedNumbers {
    fn message(&self, language: Language) -> String {
        let Self { count, region } = self;
        let numbers = counted(*count, "number");
        match region {
            Region::Column(column) => {
                let name = column_name(*column);
                say!(
                    language,
                    "cột {name} có {count} số không được đưa vào biểu",
                    "column {name} has {numbers} that the mapping does not take"
                )
            }
            Region::Row(row) => {
                let row = u64::from(*row) + 1;
                say!(
                    language,
                    "dòng {row} có {count} số không được đưa vào biểu",
                    "row {row} has {numbers} that the mapping does not take"
                )
            }
            Region::Table { anchor, named } => say!(
                language,
                "bảng ở {anchor} (\"{named}\") có {count} số không được đưa vào biểu",
                "the table at {anchor} (\"{named}\") has {numbers} that the mapping does not take"
            ),
            Region::Outside(_) => say!(
                language,
                "ngoài bảng có {count} số ở nơi không có tiêu đề cột, không được đưa vào biểu",
                "outside the table, where no column has a header, are {numbers} that the mapping does not take"
            ),
            Region::Beside(column) => {
                let name = column_name(*column);
                say!(
                    language,
                    "cột {name} không có tiêu đề nhưng có {count} số nằm cạnh bảng mà bảng ánh xạ không lấy",
                    "column {name} has no header, and {numbers} beside the table that the mapping does not take"
                )
            }
            Region::Below(_) => say!(
                language,
                "dưới bảng có {count} số không được đưa vào biểu",
                "below the table are {numbers} that the mapping does not take"
            ),
        }
    }

    fn action(&self, language: Language) -> String {
        match &self.region {
            Region::Column(_) => say!(
                language,
                "nếu cột này thuộc biểu, xem lại tiêu đề cột; nếu tiêu đề đúng, người quản lý bảng ánh xạ thêm cột vào `columns`, hoặc ghi `= \"ignore\"` cho cột",
                "if the column belongs to the form, check its header; if that is right, whoever keeps the mapping adds the column to `columns`, or writes `= \"ignore\"` for it"
            ),
            Region::Row(_) => say!(
                language,
                "nếu dòng này thuộc biểu, xem lại tên dòng; nếu tên đúng, người quản lý bảng ánh xạ thêm dòng vào `rows`, hoặc ghi `= \"ignore\"` cho dòng",
                "if the row belongs to the form, check its label; if that is right, whoever keeps the mapping adds the row to `rows`, or writes `= \"ignore\"` for it"
            ),
            Region::Table { .. } => say!(
                language,
                "nếu bảng này thuộc biểu, xem lại tên và tiêu đề của bảng; nếu đều đúng, người quản lý bảng ánh xạ thêm một `[[source]]` cho bảng, hoặc ghi tên bảng trước tên dòng: \"Tên bảng > Dòng\"",
                "if the table belongs to the form, check its title and headers; if they are right, whoever keeps the mapping adds a `[[source]]` for it, or writes its title before the rows: \"Title > Row\""
            ),
            Region::Outside(column) | Region::Beside(column) | Region::Below(column) => {
                let name = column_name(*column);
                say!(
                    language,
                    "xóa số nháp; nếu là số liệu thì chuyển vào đúng cột; nếu cứ để đó thì người quản lý bảng ánh xạ ghi \
                     `\"@{name}\" = \"ignore\"`, hoặc thêm cột vào `columns` khi cột đã có tiêu đề",
                    "delete what was only tried; if it is a figure, move it to its column; if it is to stay, whoever keeps the \
                     mapping writes `\"@{name}\" = \"ignore\"`, or adds the column to `columns` once it has a header"
                )
            }
        }
    }
}

fn finding((workbook, sheet): (&Workbook, &Sheet), pattern: &str, cells: &[Position], region: Region) -> Finding {
    let place = |at: &Position| cell_place(workbook, sheet, *at);
    let facts = UnmappedNumbers { count: cells.len(), region };
    let mut finding = Finding::new(&codes::UNMAPPED_NUMBER, facts).at(place(&cells[0]));
    finding.sources = cells[1..].iter().take(MOST_LISTED).map(place).collect();
    let at = cells[0].to_string();
    let former = file_name(&workbook.file);
    let (heading, label) =
        (crate::values::text::fold(&heading(sheet, cells[0])), crate::values::text::fold(&label(sheet, cells)));
    finding
        .fingerprinted(&[pattern, &crate::values::text::fold(&sheet.name), &heading, &label])
        .formerly(&[pattern, &sheet.name, &at])
        .formerly(&[former, &sheet.name, &at])
}

/// Most texts above a column that say which it is.
const MOST_HEADINGS: usize = 3;
/// So far above a cell its header is looked for.
const FAR_ABOVE: u32 = 10_000;

/// The texts above a cell, innermost first: they stay when rows are inserted, and an address does not.
fn heading(sheet: &Sheet, at: Position) -> String {
    let above = sheet.rows_from(at.row.saturating_sub(FAR_ABOVE)).rev().skip_while(|row| row.row >= at.row);
    let texts = above.filter_map(|row| sheet.text_through_merges(Position::new(row.row, at.column)));
    let words = texts.map(crate::values::text::trim).filter(|text| text.chars().any(char::is_alphabetic));
    words.take(MOST_HEADINGS).collect::<Vec<_>>().join(" < ")
}

/// The first text of the row that all cells stand in; nothing where they stand in several.
fn label(sheet: &Sheet, cells: &[Position]) -> String {
    let row = cells[0].row;
    let text = sheet.row(row).filter(|_| cells.iter().all(|cell| cell.row == row));
    text.and_then(|row| row.texts().next().map(|(_, text)| crate::values::text::trim(text).to_owned()))
        .unwrap_or_default()
}

fn holds_number(value: Value<'_>) -> bool {
    match value {
        Value::Number(_) => true,
        Value::Text(text) => number::parse(text, Convention::Unknown).is_stated(),
        Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => false,
    }
}
