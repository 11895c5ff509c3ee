//! Workbooks small enough to be changed: cells as the program reads them, written again as .xlsx or
//! delimited text.
//!
//! What cannot be written back so that the program reads the same is not tried, and counted.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use bieu::internals::{
    driver::{Settings, read_file},
    model::workbook::{Area, Format as Kind, Position, Value},
};
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, Format, FormatAlign, Formula, Note, Workbook, Worksheet, XlsxError,
};

use crate::formula;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    Number(f64),
    Text(String),
    Bool(bool),
    Date(f64),
    Error(String),
}

#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) content: Content,
    pub(crate) formula: Option<String>,
    pub(crate) format: Option<String>,
}

impl Cell {
    pub(crate) fn text(text: &str) -> Self {
        Self { content: Content::Text(text.to_owned()), formula: None, format: None }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) if self.formula.is_none() => Some(text),
            _ => None,
        }
    }
}

/// What an office program puts on a sheet beside its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Extra {
    Fonts,
    Comments,
    Filter,
    FrozenPanes,
    Protection,
    Validation,
    DefinedNames,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) hidden: bool,
    pub(crate) merges: Vec<Area>,
    pub(crate) hidden_rows: BTreeSet<u32>,
    pub(crate) hidden_columns: BTreeSet<u32>,
    /// By row and column.
    pub(crate) cells: BTreeMap<(u32, u32), Cell>,
    /// Rows and columns that went in, in order.
    pub(crate) inserted: Vec<Inserted>,
}

impl Sheet {
    pub(crate) fn last_row(&self) -> u32 {
        self.cells.keys().map(|(row, _)| *row).max().unwrap_or(0)
    }

    pub(crate) fn last_column(&self) -> u32 {
        self.cells.keys().map(|(_, column)| *column).max().unwrap_or(0)
    }

    /// Where a cell stood before rows and columns went in; none where it went in with them.
    pub(crate) fn was(&self, at: Position) -> Option<Position> {
        self.inserted.iter().rev().try_fold(at, |at, inserted| inserted.before(at))
    }

    /// What the program would see of it.
    fn seen(&self) -> impl PartialEq + use<> {
        let cells: Vec<_> = self
            .cells
            .iter()
            .map(|(at, cell)| (*at, cell.content.clone(), cell.formula.clone(), cell.format.clone()))
            .collect();
        let merges: BTreeSet<String> = self.merges.iter().map(ToString::to_string).collect();
        (self.name.clone(), self.hidden, merges, self.hidden_rows.clone(), self.hidden_columns.clone(), cells)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    Xlsx,
    Delimited(u8),
}

#[derive(Clone, Debug)]
pub(crate) struct Book {
    /// Below the input folder.
    pub(crate) path: PathBuf,
    /// What it was called before anything was changed.
    pub(crate) was: PathBuf,
    pub(crate) written: Written,
    pub(crate) sheets: Vec<Sheet>,
    pub(crate) extras: BTreeSet<Extra>,
    /// Written by an office program already.
    pub(crate) bytes: Option<Vec<u8>>,
}

/// The files of one input.
#[derive(Clone, Debug, Default)]
pub(crate) struct Folder {
    pub(crate) books: Vec<Book>,
    /// Copied as they are.
    pub(crate) others: Vec<(PathBuf, Vec<u8>)>,
    /// Files with a table that cannot be written back.
    pub(crate) unfaithful: usize,
}

/// Reads the files below a folder, or one file.
pub(crate) fn read(input: &Path) -> Folder {
    let mut folder = Folder::default();
    let mut files = Vec::new();
    list(input, &mut files);
    files.sort();
    for path in files {
        let below = path.strip_prefix(input).expect("below").to_path_buf();
        let is_setting = path.extension().is_some_and(|ending| ending == "toml" || ending == "txt");
        let read = (!is_setting).then(|| book(&path, &below)).flatten();
        match read.map(faithful) {
            Some(Some(book)) => folder.books.push(book),
            unread => {
                folder.unfaithful += usize::from(unread.is_some());
                folder.others.push((below, fs::read(&path).expect("a file that can be read")));
            }
        }
    }
    folder
}

fn list(at: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(at).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() { list(&entry, files) } else { files.push(entry) }
    }
}

fn book(path: &Path, below: &Path) -> Option<Book> {
    let workbook = read_file(path, &Settings::default()).workbook?;
    let mut sheets = Vec::new();
    for sheet in &workbook.sheets {
        let mut own = Sheet {
            name: sheet.name.to_string(),
            hidden: sheet.hidden,
            merges: sheet.merges.clone(),
            hidden_rows: sheet.hidden_rows.iter().copied().collect(),
            hidden_columns: sheet.hidden_columns.iter().copied().collect(),
            cells: BTreeMap::new(),
            inserted: Vec::new(),
        };
        for row in sheet.rows() {
            for cell in row.cells() {
                let content = match cell.value {
                    Value::Number(number) => Content::Number(number.scientific().parse().ok()?),
                    Value::Text("") => continue,
                    Value::Text(text) => Content::Text(text.to_owned()),
                    Value::Bool(value) => Content::Bool(value),
                    Value::Date { serial, .. } => Content::Date(serial?.scientific().parse().ok()?),
                    Value::Error(error) => Content::Error(error.to_owned()),
                    Value::NoResult => return None,
                };
                let mut format = cell.format().map(ToString::to_string);
                if matches!(content, Content::Date(_)) && format.is_none() {
                    format = Some("dd/mm/yyyy".to_owned());
                }
                let formula = cell.formula().map(ToString::to_string);
                own.cells.insert((row.row, cell.column), Cell { content, formula, format });
            }
        }
        sheets.push(own);
    }
    let written = if workbook.format == Kind::Csv { Written::Delimited(b',') } else { Written::Xlsx };
    Some(Book {
        path: below.to_path_buf(),
        was: below.to_path_buf(),
        written,
        sheets,
        extras: BTreeSet::new(),
        bytes: None,
    })
}

/// The workbook in the form in which it reads back the same; none if there is no such form.
fn faithful(mut own: Book) -> Option<Book> {
    let forms = match own.written {
        Written::Xlsx => vec![Written::Xlsx],
        Written::Delimited(_) => b",;\t".map(Written::Delimited).to_vec(),
    };
    let folder = tempfile::tempdir().expect("a folder");
    forms.into_iter().find_map(|written| {
        own.written = written;
        let path = folder.path().join(own.path.file_name()?);
        fs::write(&path, bytes(&own)?).ok()?;
        let again = book(&path, &own.path)?;
        let same = again.sheets.len() == own.sheets.len()
            && again.sheets.iter().zip(&own.sheets).all(|(a, b)| a.seen() == b.seen());
        same.then(|| own.clone())
    })
}

/// The file; none where its writer does not take what it holds.
pub(crate) fn bytes(book: &Book) -> Option<Vec<u8>> {
    match (&book.bytes, book.written) {
        (Some(bytes), _) => Some(bytes.clone()),
        (None, Written::Delimited(separator)) => delimited(book, separator),
        (None, Written::Xlsx) => xlsx(book).ok(),
    }
}

fn delimited(book: &Book, separator: u8) -> Option<Vec<u8>> {
    let [sheet] = book.sheets.as_slice() else { return None };
    let mut writer = csv::WriterBuilder::new().delimiter(separator).flexible(true).from_writer(Vec::new());
    let width = sheet.last_column() + 1;
    for row in 0..=sheet.last_row() {
        let fields = (0..width).map(|column| sheet.cells.get(&(row, column)).map(|cell| &cell.content));
        let fields: Option<Vec<&str>> = fields
            .map(|content| match content {
                None => Some(""),
                Some(Content::Text(text)) => Some(text.as_str()),
                Some(_) => None,
            })
            .collect();
        writer.write_record(fields?).ok()?;
    }
    writer.into_inner().ok()
}

fn xlsx(book: &Book) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let shown = book.sheets.iter().position(|sheet| !sheet.hidden).unwrap_or(0);
    for (at, sheet) in book.sheets.iter().enumerate() {
        let written = workbook.add_worksheet();
        written.set_name(&sheet.name)?;
        if sheet.hidden {
            written.set_hidden(true);
        } else if at == shown {
            written.set_active(true).set_first_tab(true);
        }
        for area in &sheet.merges {
            if area.first != area.last {
                let column = |at: u32| u16::try_from(at).unwrap_or(u16::MAX);
                let (from, to) = (area.first, area.last);
                written.merge_range(from.row, column(from.column), to.row, column(to.column), "", &Format::new())?;
            }
        }
        for ((row, column), cell) in &sheet.cells {
            write_cell(written, *row, u16::try_from(*column).unwrap_or(u16::MAX), cell, &book.extras)?;
        }
        for row in &sheet.hidden_rows {
            written.set_row_hidden(*row)?;
        }
        for column in &sheet.hidden_columns {
            written.set_column_hidden(u16::try_from(*column).unwrap_or(u16::MAX))?;
        }
        add_extras(written, sheet, &book.extras)?;
    }
    if book.extras.contains(&Extra::DefinedNames) {
        let name = &book.sheets[shown].name;
        workbook.define_name("vung_so_lieu", &format!("='{}'!$A$1:$C$9", name.replace('\'', "''")))?;
        workbook.define_name("ty_gia", "=24500")?;
    }
    workbook.save_to_buffer()
}

fn write_cell(
    written: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    extras: &BTreeSet<Extra>,
) -> Result<(), XlsxError> {
    let mut format = Format::new();
    if let Some(code) = &cell.format {
        format = format.set_num_format(code);
    }
    if extras.contains(&Extra::Fonts) {
        let name = ["Times New Roman", "Calibri", "Arial Narrow"][(row as usize + usize::from(column)) % 3];
        format = format.set_font_name(name).set_font_size(13).set_font_color(Color::RGB(0x0012_3456));
        format = if row.is_multiple_of(2) { format.set_bold() } else { format.set_italic() };
        format = format.set_align(FormatAlign::Center).set_background_color(Color::RGB(0x00FF_F2CC));
    }
    if let Some(formula) = &cell.formula {
        let result = match &cell.content {
            Content::Number(number) | Content::Date(number) => number.to_string(),
            Content::Text(text) | Content::Error(text) => text.clone(),
            Content::Bool(value) => value.to_string().to_uppercase(),
        };
        written.write_formula_with_format(row, column, Formula::new(formula).set_result(result), &format)?;
        return Ok(());
    }
    match &cell.content {
        Content::Number(number) | Content::Date(number) => {
            written.write_number_with_format(row, column, *number, &format)?
        }
        Content::Text(text) => written.write_string_with_format(row, column, text, &format)?,
        Content::Bool(value) => written.write_boolean_with_format(row, column, *value, &format)?,
        // Read back as a formula, which tells that it is not the same.
        Content::Error(error) => written.write_formula(row, column, Formula::new(error).set_result(error.as_str()))?,
    };
    Ok(())
}

fn add_extras(written: &mut Worksheet, sheet: &Sheet, extras: &BTreeSet<Extra>) -> Result<(), XlsxError> {
    let (last_row, last_column) = (sheet.last_row(), u16::try_from(sheet.last_column()).unwrap_or(u16::MAX));
    for extra in extras {
        match extra {
            Extra::Fonts | Extra::DefinedNames => {}
            Extra::Comments => {
                for (row, column) in sheet.cells.keys().step_by(3) {
                    let column = u16::try_from(*column).unwrap_or(u16::MAX);
                    written.insert_note(*row, column, &Note::new("Số liệu 2022 là 125,5; xem lại"))?;
                }
            }
            Extra::Filter => {
                written.autofilter(last_row.min(5), 0, last_row, last_column)?;
            }
            Extra::FrozenPanes => {
                written.set_freeze_panes(last_row.min(6), 2)?;
            }
            Extra::Protection => {
                written.protect();
            }
            Extra::Validation => {
                let rule = DataValidationRule::GreaterThanOrEqualTo(0.0);
                let validation = DataValidation::new().allow_decimal_number(rule);
                written.add_data_validation(0, 0, last_row, last_column, &validation)?;
            }
        }
    }
    Ok(())
}

/// Rows and columns that go in before others; each by the number of the one it pushes on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inserted {
    pub(crate) rows: Vec<u32>,
    pub(crate) columns: Vec<u32>,
}

impl Inserted {
    pub(crate) fn moved(&self, at: Position) -> Position {
        let pushed =
            |before: &[u32], own: u32| own + u32::try_from(before.iter().filter(|at| **at <= own).count()).unwrap_or(0);
        Position::new(pushed(&self.rows, at.row), pushed(&self.columns, at.column))
    }

    /// The cell that was moved to this place.
    fn before(&self, at: Position) -> Option<Position> {
        let least = |now: u32, inserted: &[u32]| now.saturating_sub(u32::try_from(inserted.len()).unwrap_or(0));
        let moved = |row: u32, column: u32| self.moved(Position::new(row, column));
        let row = (least(at.row, &self.rows)..=at.row).find(|row| moved(*row, 0).row == at.row)?;
        let column =
            (least(at.column, &self.columns)..=at.column).find(|column| moved(0, *column).column == at.column)?;
        Some(Position::new(row, column))
    }
}

/// Inserts rows and columns, and moves formulas along as a spreadsheet does.
pub(crate) fn insert(book: &mut Book, inserted: impl Fn(&Sheet) -> Inserted) {
    let by_sheet: BTreeMap<String, Inserted> =
        book.sheets.iter().map(|sheet| (sheet.name.clone(), inserted(sheet))).collect();
    for sheet in &mut book.sheets {
        let own = &by_sheet[&sheet.name];
        let name = sheet.name.clone();
        let cells = std::mem::take(&mut sheet.cells);
        sheet.cells = cells
            .into_iter()
            .map(|((row, column), mut cell)| {
                let moved = |sheet: Option<&str>, at: Position| {
                    by_sheet.get(sheet.unwrap_or(&name)).map_or(at, |inserted| inserted.moved(at))
                };
                cell.formula = cell.formula.map(|formula| formula::moved(&formula, &moved));
                let to = own.moved(Position::new(row, column));
                ((to.row, to.column), cell)
            })
            .collect();
        for area in &mut sheet.merges {
            *area = Area { first: own.moved(area.first), last: own.moved(area.last) };
        }
        let row = |row: &u32| own.moved(Position::new(*row, 0)).row;
        sheet.hidden_rows = sheet.hidden_rows.iter().map(row).collect();
        let column = |column: &u32| own.moved(Position::new(0, *column)).column;
        sheet.hidden_columns = sheet.hidden_columns.iter().map(column).collect();
        sheet.inserted.push(own.clone());
    }
}
