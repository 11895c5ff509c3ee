//! The tidy table: one row a reading, for analysis.
//!
//! Numbers are plain decimals with a point and no thousands; the columns with numbers are never
//! changed, texts that a spreadsheet would run are.

use std::{
    io::{self, Write},
    sync::Arc,
};

use super::delimited::{self, push};
use crate::{
    model::{
        catalogue::Catalogue,
        finding::FileLine,
        reading::{Dataset, Reading, Step, Value, shortfall, sign},
        workbook::push_column,
    },
    values::{
        language::Language,
        number::{Decimal, Nothing, push_plain},
    },
};

/// Names of the columns. Later releases only add to the right.
const COLUMNS: [&str; 19] = [
    "submission",
    "catalogue",
    "period",
    "indicator",
    "label",
    "measure",
    "member",
    "value",
    "value_text",
    "unit",
    "file",
    "sheet",
    "cell",
    "raw",
    "note",
    "mapping",
    "line",
    "origins",
    "computed",
];

/// The byte order mark and the line with the names of the columns: what a table begins with.
pub fn header() -> Vec<u8> {
    delimited::header(&COLUMNS)
}

/// Writes the lines of one submission: every reading but blank ones, in the order of the mapping.
/// `submission` is the path of the folder or file that was judged. Together with the [`header`]
/// and the lines of other submissions they make a table. What was done to a figure is said in words.
///
/// There may be ten million lines: none is kept, and no field is a text of its own.
///
/// # Errors
/// Those of `out`.
pub fn tidy(
    catalogue: &Catalogue,
    dataset: &Dataset,
    submission: &str,
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut writer = Writer::new(catalogue, submission, language);
    let mut written = Ok(());
    dataset.each(|reading| {
        if written.is_ok() && reading.value != Value::Nothing(Nothing::Blank) {
            writer.line(reading);
            if writer.text.len() >= PIECE {
                written = out.write_all(writer.text.as_bytes());
                writer.text.clear();
            }
        }
    });
    written?;
    out.write_all(writer.text.as_bytes())
}

/// So many bytes are written at a time.
const PIECE: usize = 64 << 10;

struct Writer<'a> {
    catalogue: &'a Catalogue,
    language: Language,
    /// The first fields of every line.
    begin: String,
    measures: usize,
    /// By indicator and measure.
    columns: Vec<Option<Column>>,
    /// The last member, as a field.
    member: (Option<Arc<str>>, String),
    scratch: String,
    text: String,
}

/// What the lines of an indicator and measure have in common.
struct Column {
    /// All before the member.
    before: String,
    unit: String,
    place: Option<Source>,
}

/// Where the last one came from: rows of one sheet follow each other.
struct Source {
    file: Arc<str>,
    sheet: Arc<str>,
    column: u32,
    mapping: FileLine,
    /// File, sheet and the letters of the column.
    cell: String,
    /// Mapping and line.
    mapped: String,
    /// The origin as one field, before and behind the row.
    origin: (String, &'static str),
}

impl Source {
    fn is_of(&self, reading: &Reading) -> bool {
        let origin = &reading.origin;
        Arc::ptr_eq(&self.file, &origin.file)
            && Arc::ptr_eq(&self.sheet, &origin.sheet)
            && self.column == origin.cell.column
            && Arc::ptr_eq(&self.mapping.file, &origin.mapping.file)
            && self.mapping.line == origin.mapping.line
    }

    fn of(reading: &Reading) -> Self {
        let origin = &reading.origin;
        let mut cell = fields(&[&origin.file, &origin.sheet]);
        push_column(&mut cell, origin.cell.column);
        let mut mapped = fields(&[&origin.mapping.file]);
        push_plain(&mut mapped, origin.mapping.line.into());
        let mut written = format!("{} [{}] ", origin.file, origin.sheet);
        push_column(&mut written, origin.cell.column);
        let mut before = String::new();
        push(&mut before, &written);
        // What is quoted ends with a quotation mark, and nothing else does.
        let behind = if before.ends_with('"') {
            before.pop();
            "\""
        } else {
            ""
        };
        Self {
            file: origin.file.clone(),
            sheet: origin.sheet.clone(),
            column: origin.cell.column,
            mapping: origin.mapping.clone(),
            cell,
            mapped,
            origin: (before, behind),
        }
    }
}

/// Fields with a comma behind each.
fn fields(texts: &[&str]) -> String {
    let mut line = String::new();
    for text in texts {
        push(&mut line, text);
        line.push(',');
    }
    line
}

impl<'a> Writer<'a> {
    fn new(catalogue: &'a Catalogue, submission: &str, language: Language) -> Self {
        Self {
            catalogue,
            language,
            begin: fields(&[submission, &catalogue.id, &catalogue.period.to_string()]),
            measures: catalogue.iter_measures().count(),
            columns: Vec::new(),
            member: (None, String::new()),
            scratch: String::new(),
            text: String::new(),
        }
    }

    fn column(&self, reading: &Reading) -> Column {
        let indicator = self.catalogue.indicator(reading.key.indicator);
        let measure = self.catalogue.measure(reading.key.measure);
        let unit = indicator.unit.as_ref().filter(|_| measure.is_base()).map_or("", |unit| &unit.name);
        let before = self.begin.clone() + &fields(&[&indicator.id, &indicator.label, &measure.id]);
        Column { before, unit: fields(&[unit]), place: None }
    }

    fn line(&mut self, reading: &Reading) {
        let (key, origin) = (&reading.key, &reading.origin);
        let at = key.indicator.0 as usize * self.measures + usize::from(key.measure.0);
        if self.columns.len() <= at {
            self.columns.resize_with(at + 1, || None);
        }
        if self.columns[at].is_none() {
            self.columns[at] = Some(self.column(reading));
        }
        let same = match (&self.member.0, &key.member) {
            (Some(last), Some(member)) => Arc::ptr_eq(last, member),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        if !same {
            self.member.1.clear();
            push(&mut self.member.1, key.member.as_deref().unwrap_or_default());
            self.member.0.clone_from(&key.member);
        }
        let Some(column) = &mut self.columns[at] else { return };
        let text = &mut self.text;
        let row = Decimal::from(u64::from(origin.cell.row) + 1);
        let source = match &mut column.place {
            Some(source) if source.is_of(reading) => source,
            place => place.insert(Source::of(reading)),
        };
        text.push_str(&column.before);
        text.push_str(&self.member.1);
        text.push(',');
        if let Value::Number(value) = &reading.value {
            push_plain(text, *value);
            text.push(',');
        } else {
            text.push(',');
            self.scratch.clear();
            words(&mut self.scratch, reading);
            push(text, &self.scratch);
        }
        text.push(',');
        text.push_str(&column.unit);
        if origin.addends.is_empty() {
            text.push_str(&source.cell);
            push_plain(text, row);
        } else {
            let place = reading.place();
            text.push_str(&fields(&[&place.file, place.sheet.as_deref().unwrap_or_default()]));
        }
        text.push(',');
        self.scratch.clear();
        origin.raw.push_to(&mut self.scratch);
        push(text, &self.scratch);
        text.push(',');
        if !origin.steps.is_empty() {
            push(text, &Step::listed(&origin.steps, self.language));
        }
        text.push(',');
        text.push_str(&source.mapped);
        text.push(',');
        if origin.addends.is_empty() {
            text.push_str(&source.origin.0);
            push_plain(text, row);
            text.push_str(source.origin.1);
        } else {
            push(text, &reading.origins(true));
        }
        text.push(',');
        if let Some(relation) = reading.derived_by() {
            text.push_str(relation.name());
        } else if !origin.addends.is_empty() {
            text.push_str("sum");
        }
        text.push('\n');
    }
}

/// A value that is no number.
fn words(out: &mut String, reading: &Reading) {
    match &reading.value {
        Value::Number(_) | Value::Unusable => {}
        Value::Bound(op, bound) => {
            out.push_str(sign(*op));
            push_plain(out, *bound);
        }
        Value::Range(low, high) => {
            push_plain(out, *low);
            out.push_str("..");
            push_plain(out, *high);
        }
        Value::Nothing(_) => out.push_str(reading.origin.raw.text().trim()),
        Value::Text(text) => out.push_str(text.trim()),
        Value::Partial { sum, lacking, spare, of } => {
            push_plain(out, *sum);
            out.push_str(&format!(" ({})", shortfall(*lacking, *spare, *of)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{compose::appendix::sample, values::number};

    #[test]
    fn a_line_a_reading_under_the_header() {
        let catalogue = sample::catalogue();
        let dataset = sample::dataset(
            &catalogue,
            &[
                ("lua", "actual", sample::number("1006.30"), "1.006,3"),
                ("lua", "ratio", sample::number("99.67"), "99,67"),
                ("lua", "plan", Value::Nothing(Nothing::Blank), ""),
                ("dang-vien", "plan", Value::Bound(number::BoundOp::Gt, 90.into()), ">90"),
                ("trong", "note", Value::Text("=1+1, \"x\"".into()), "=1+1, \"x\""),
            ],
        );
        let mut table = header();
        tidy(&catalogue, &dataset, "du-lieu", Language::Vi, &mut table).expect("a table");
        let text = String::from_utf8(table).expect("UTF-8");
        let expected = "\u{feff}\
submission,catalogue,period,indicator,label,measure,member,value,value_text,unit,file,sheet,cell,raw,note,mapping,line,origins,computed
du-lieu,mau-2030,2030,lua,Diện tích lúa,actual,,1006.3,,ha,du-lieu/nguon.xlsx,S,D2,\"1.006,3\",,m.toml,1,du-lieu/nguon.xlsx [S] D2,
du-lieu,mau-2030,2030,lua,Diện tích lúa,ratio,,99.67,,,du-lieu/nguon.xlsx,S,D3,\"99,67\",,m.toml,2,du-lieu/nguon.xlsx [S] D3,
du-lieu,mau-2030,2030,dang-vien,Đảng viên hoàn thành tốt,plan,,,>90,%,du-lieu/nguon.xlsx,S,D5,>90,,m.toml,4,du-lieu/nguon.xlsx [S] D5,
du-lieu,mau-2030,2030,trong,Chưa có số,note,,,\"'=1+1, \"\"x\"\"\",,du-lieu/nguon.xlsx,S,D6,\"'=1+1, \"\"x\"\"\",,m.toml,5,du-lieu/nguon.xlsx [S] D6,
";
        assert_eq!(text, expected);
    }
}
