//! What figures were taken from is read once more, with calamine, which shares no code with the
//! readers here: a mistake of one of the two is seen before anybody signs it.
//!
//! What breaks if this is changed: only here is calamine named. It may panic, hang or take all memory;
//! so it is asked after the answer is given, and a worker that it takes down costs only its opinion.

use std::{
    collections::BTreeMap,
    fs,
    io::{Cursor, Read, Seek},
    path::PathBuf,
    sync::Arc,
    time::SystemTime,
};

use calamine::{Data, DataRef, Reader as _, Sheets, open_workbook_auto_from_rs};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::{path, submissions::Job};
use crate::{
    model::{
        reading::Dataset,
        report::SecondReader,
        workbook::{Format, Position, Sheet, Value, Workbook},
    },
    read::Disagreement,
    values::number::StoredNumber,
};

/// Bytes of a cell where calamine makes a whole sheet at once, filled or not.
const DENSE_CELL: u64 = 32;

/// Cells that figures were taken from, by sheet, in order.
type Taken = BTreeMap<Arc<str>, Vec<Position>>;

/// What is kept of a submission until it is read again.
#[derive(Debug)]
pub struct FirstReading {
    files: Vec<(PathBuf, Option<SystemTime>, Workbook, Taken)>,
}

/// What the second reader has to say of a submission.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// Where it reads something else.
    pub differences: Vec<Disagreement>,
    /// How each file that figures were taken from came out, as the user named it.
    pub files: Vec<(Arc<str>, SecondReader)>,
}

impl FirstReading {
    /// What a submission was read from.
    pub fn new(job: &Job, dataset: &Dataset, workbooks: Vec<Workbook>) -> Self {
        let mut taken: BTreeMap<Arc<str>, Taken> = BTreeMap::new();
        dataset.each(|reading| {
            let origin = &reading.origin;
            if origin.addends.is_empty() {
                push(&mut taken, &origin.file, &origin.sheet, origin.cell);
            }
            for place in &origin.addends {
                if let (Some(sheet), Some(cell)) = (&place.sheet, place.cell) {
                    push(&mut taken, &place.file, sheet, cell);
                }
            }
        });
        let mut files = Vec::new();
        for workbook in workbooks {
            let file = job.files.iter().find(|file| path::shown(file) == *workbook.file);
            let (Some(file), Some(mut sheets)) = (file, taken.remove(&workbook.file)) else { continue };
            for cells in sheets.values_mut() {
                cells.sort_unstable();
                cells.dedup();
            }
            files.push((file.clone(), modified(file), workbook, sheets));
        }
        Self { files }
    }

    /// Reads all files again. A file that calamine does not read, or that was changed meanwhile, is
    /// one that was read once; `memory` is the most that this process may take, in bytes.
    pub fn read_again(self, memory: u64) -> Opinion {
        let mut opinion = Opinion::default();
        for (file, since, workbook, taken) in self.files {
            let differences = read_file(&file, &workbook, &taken, memory);
            let differences = differences.filter(|_| modified(&file) == since);
            let state = match &differences {
                None => SecondReader::ReadOnce,
                Some(differences) if differences.is_empty() => SecondReader::Agrees,
                Some(_) => SecondReader::Differs,
            };
            for (sheet, cells) in differences.into_iter().flatten() {
                opinion.differences.push(Disagreement { file: workbook.file.clone(), sheet, cells });
            }
            opinion.files.push((workbook.file.clone(), state));
        }
        opinion
    }

    /// Files that the second reader did not live to read.
    pub fn unread(job: &Job) -> Opinion {
        let files = job.files.iter().map(|file| (path::shown(file).into(), SecondReader::ReadOnce)).collect();
        Opinion { differences: Vec::new(), files }
    }
}

fn push(taken: &mut BTreeMap<Arc<str>, Taken>, file: &Arc<str>, sheet: &Arc<str>, cell: Position) {
    // No name is copied for a cell of a sheet that is known.
    if let Some(cells) = taken.get_mut(file).and_then(|sheets| sheets.get_mut(sheet)) {
        cells.push(cell);
    } else {
        taken.entry(file.clone()).or_default().insert(sheet.clone(), vec![cell]);
    }
}

fn modified(file: &PathBuf) -> Option<SystemTime> {
    fs::metadata(file).and_then(|meta| meta.modified()).ok()
}

/// Cells where the two differ, by sheet: what is read here, and what there.
type Differences = Vec<(Arc<str>, Vec<(Position, String, String)>)>;

/// `None` where calamine does not read the file.
fn read_file(file: &PathBuf, workbook: &Workbook, taken: &Taken, memory: u64) -> Option<Differences> {
    let bytes = fs::read(file).ok()?;
    // Old workbooks and those of LibreOffice come as a whole, blank cells too.
    if !bytes.starts_with(b"PK") || workbook.format == Format::Ods {
        let area = |sheet: &Arc<Sheet>| {
            sheet.used_area().map_or(0, |area| u64::from(area.last.row + 1) * u64::from(area.last.column + 1))
        };
        let cells: u64 = workbook.sheets.iter().map(area).sum();
        if cells.saturating_mul(DENSE_CELL) > memory / 2 {
            return None;
        }
    }
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).ok()?;
    let names: Vec<String> = book.sheet_names();
    let mut found = Vec::new();
    for (name, cells) in taken {
        let sheet = workbook.sheets.iter().find(|sheet| sheet.name == *name)?;
        let theirs = names.iter().find(|other| other.nfc().eq(name.nfc()))?;
        let differences = read_sheet(&mut book, theirs, sheet, cells)?;
        if !differences.is_empty() {
            found.push((name.clone(), differences));
        }
    }
    Some(found)
}

fn read_sheet<R: Read + Seek>(
    book: &mut Sheets<R>,
    name: &str,
    sheet: &Sheet,
    taken: &[Position],
) -> Option<Vec<(Position, String, String)>> {
    let mut seen = vec![false; taken.len()];
    let mut found = Vec::new();
    let mut look = |(row, column): (u32, u32), value: &Data| {
        let at = Position::new(row, column);
        if let Ok(place) = taken.binary_search(&at)
            && !is_blank(value)
        {
            seen[place] = true;
            let ours = sheet.get(at).map(|cell| cell.value);
            if !is_same(sheet, at, ours, value) {
                found.push((at, shown(ours), value.to_string()));
            }
        }
    };
    match book {
        Sheets::Xlsx(book) => {
            let mut cells = book.worksheet_cells_reader(name).ok()?;
            while let Some(cell) = cells.next_cell().ok()? {
                look(cell.get_position(), &owned(cell.get_value()));
            }
        }
        Sheets::Xlsb(book) => {
            let mut cells = book.worksheet_cells_reader(name).ok()?;
            while let Some(cell) = cells.next_cell().ok()? {
                look(cell.get_position(), &owned(cell.get_value()));
            }
        }
        Sheets::Xls(_) | Sheets::Ods(_) => {
            let range = book.worksheet_range(name).ok()?;
            for at in taken {
                if let Some(value) = range.get_value((at.row, at.column)) {
                    look((at.row, at.column), value);
                }
            }
        }
    }
    // It passes over the short cells that some programs write into .xlsb: what it does not see there it
    // does not contradict.
    let is_binary = matches!(book, Sheets::Xlsb(_));
    let unseen = taken.iter().zip(seen).filter(|(_, seen)| !seen).map(|(at, _)| *at);
    for at in unseen {
        let ours = sheet.get(at).map(|cell| cell.value);
        if !matches!(ours, None | Some(Value::NoResult))
            && !matches!(ours, Some(Value::Text(text)) if text.trim().is_empty())
        {
            if is_binary {
                return None;
            }
            found.push((at, shown(ours), String::new()));
        }
    }
    found.sort_unstable();
    Some(found)
}

fn owned(value: &DataRef<'_>) -> Data {
    value.clone().into()
}

fn is_blank(value: &Data) -> bool {
    matches!(value, Data::Empty) || matches!(value, Data::String(text) if text.trim().is_empty())
}

/// Whether both hold the same: numbers by 15 digits, texts as they stand in the file. Dates are
/// numbers, or days.
fn is_same(sheet: &Sheet, at: Position, ours: Option<Value<'_>>, theirs: &Data) -> bool {
    let Some(ours) = ours else { return false };
    let number = |value: f64| StoredNumber::from_f64(value).and_then(|number| number.exact().ok());
    let is = |ours: StoredNumber, theirs: f64| match ours.exact() {
        Ok(ours) => number(theirs) == Some(ours),
        // Beyond any decimal for both.
        Err(_) => number(theirs).is_none(),
    };
    match (ours, theirs) {
        (Value::Number(ours) | Value::Date { serial: Some(ours), .. }, Data::Float(theirs)) => is(ours, *theirs),
        (Value::Number(ours) | Value::Date { serial: Some(ours), .. }, Data::Int(theirs)) => {
            ours.exact().is_ok_and(|ours| ours == (*theirs).into())
        }
        (Value::Number(ours) | Value::Date { serial: Some(ours), .. }, Data::DateTime(theirs)) => {
            is(ours, theirs.as_f64())
        }
        (Value::Text(text), Data::String(theirs)) => plain(sheet.stored_text(at).unwrap_or(text)) == plain(theirs),
        (Value::Bool(ours), Data::Bool(theirs)) => ours == *theirs,
        (Value::Error(ours), Data::Error(theirs)) => ours == theirs.to_string(),
        (Value::Date { iso, .. }, Data::DateTimeIso(theirs) | Data::DurationIso(theirs)) => theirs.starts_with(iso),
        _ => false,
    }
}

/// A text without what the readers here make of its looks: raised digits are digits. Ends of lines
/// and blanks around it are kept in different ways.
fn plain(text: &str) -> String {
    let text: String = text.nfkc().filter(|c| *c != '\r').collect();
    text.trim().to_owned()
}

fn shown(value: Option<Value<'_>>) -> String {
    match value {
        None | Some(Value::NoResult) => String::new(),
        Some(Value::Number(number) | Value::Date { serial: Some(number), .. }) => {
            number.exact().map_or_else(|_| number.scientific(), |number| number.to_string())
        }
        Some(Value::Text(text) | Value::Error(text) | Value::Date { iso: text, .. }) => text.to_owned(),
        Some(Value::Bool(value)) => value.to_string().to_uppercase(),
    }
}
