//! The third sheet: for every number the cell it came from, and what was done to it.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::{
    WorkbookInput,
    entry::{Column, Entry, List, MOST_LINKS, Target},
    layout::Layout,
    list,
    stream::Stream,
    style::Style,
};
use crate::{
    compose::appendix::{FormRow, Operand},
    model::{
        catalogue::{Align, FormCell, IndicatorId, MeasureId, MeasureKind},
        reading::{Key, Raw, Reading, Record, Step, Value, shortfall, sign},
        workbook::{Position, file_name},
    },
    values::{
        language::{Words, say},
        number::{self, Decimal, Nothing, Rational, Rounding},
    },
};

/// Header, width and alignment of the columns.
const COLUMNS: &[(Words, f64, Align)] = &[
    (Words { vi: "Chỉ tiêu", en: "Indicator" }, 26.0, Align::Left),
    (Words { vi: "Mã chỉ tiêu", en: "Id" }, 20.0, Align::Left),
    (Words { vi: "Loại số liệu", en: "Measure" }, 14.0, Align::Left),
    (Words { vi: "Phân tổ", en: "Member" }, 11.0, Align::Left),
    (Words { vi: "Giá trị", en: "Value" }, 13.0, Align::Right),
    (Words { vi: "Đơn vị tính", en: "Unit" }, 9.0, Align::Centre),
    (Words { vi: "Trong biểu", en: "In the form" }, 6.5, Align::Centre),
    (Words { vi: "Tệp", en: "File" }, 19.0, Align::Left),
    (Words { vi: "Sheet", en: "Sheet" }, 12.0, Align::Left),
    (Words { vi: "Ô", en: "Cell" }, 6.0, Align::Centre),
    (Words { vi: "Nguyên văn trong ô", en: "Raw text" }, 15.0, Align::Right),
    (Words { vi: "Cách lấy số", en: "How obtained" }, 16.0, Align::Left),
    (Words { vi: "Dòng trong bảng ánh xạ", en: "Mapping line" }, 18.0, Align::Left),
];

/// Writes the sheet, in the order of the mapping; the rows are still to come.
pub(super) fn write<'a>(
    sheet: &mut Worksheet,
    names: &'a [String; 4],
    style: &Style,
    layout: &'a Layout,
    input: &'a WorkbookInput<'a>,
) -> Result<Option<Stream<'a>>, XlsxError> {
    sheet.set_name(&names[2])?;
    let language = input.language;
    let places = Places::new(layout, input);
    let list = List {
        title: say!(language, "NGUỒN CỦA TỪNG SỐ LIỆU", "WHERE EVERY NUMBER CAME FROM"),
        summary: Box::new(move |measured| {
            let mut lines = vec![say!(
                language,
                "Mỗi dòng là một ô của tệp nguồn. Bấm vào địa chỉ ô để mở tệp tại đúng ô đó.",
                "Each line is a cell of a source file. Click its address to open the file there."
            )];
            if measured.links > MOST_LINKS {
                let most = language.number(MOST_LINKS.into());
                lines.push(say!(
                    language,
                    "Bảng dài: chỉ {most} ô đầu có liên kết; ở các dòng sau, mở tệp theo tên tệp, sheet và ô.",
                    "A long list: only the first {most} cells have links; below, open the file by its name, sheet and cell."
                ));
            }
            lines.push(say!(
                language,
                "Bảng để tra cứu trên máy, không in cùng biểu. Khi cần in: chọn bỏ qua vùng in (Ignore Print Area).",
                "For the screen, not printed with the form. To print it, choose Ignore Print Area."
            ));
            lines
        }),
        columns: Column::all(COLUMNS, language),
        rows: Box::new(move |look| {
            input.dataset.each_record(|record| {
                for reading in record.readings.iter().filter(|r| r.value != Value::Nothing(Nothing::Blank)) {
                    look(&row((record, reading), &places, input));
                }
            });
        }),
        empty: say!(language, "Không đọc được số liệu nào.", "No number was read."),
        language,
        form: &names[0],
        sources: input.sources,
        // One commune has 30 pages of it, which nobody reads on paper. Excel prints whatever a
        // workbook shows, so a page with what the sheet is for is the least.
        printed: false,
    };
    list::write(sheet, style, list)
}

/// The cells of the form by what they show.
struct Places<'a> {
    input: &'a WorkbookInput<'a>,
    layout: &'a Layout,
    rows: HashMap<IndicatorId, usize, RandomState>,
    columns: HashMap<(MeasureId, Option<&'a str>), usize, RandomState>,
}

impl<'a> Places<'a> {
    fn new(layout: &'a Layout, input: &'a WorkbookInput<'a>) -> Self {
        let mut rows = HashMap::default();
        for (at, row) in input.appendix.rows.iter().enumerate() {
            if let FormRow::Indicator { indicator, .. } = row {
                rows.entry(*indicator).or_insert(at);
            }
        }
        let mut columns = HashMap::default();
        for (at, column) in input.appendix.columns.iter().enumerate() {
            if let FormCell::Measure(measure) = column.shows {
                columns.entry((measure, column.member.as_deref())).or_insert(at);
            }
        }
        Self { input, layout, rows, columns }
    }

    /// The cell that shows a key, and not for a village that of the whole.
    fn of(&self, key: &Key) -> Option<Position> {
        let row = *self.rows.get(&key.indicator)?;
        let column = *self.columns.get(&(key.measure, key.member.as_deref()))?;
        let at = Operand { row, column };
        let cell = self.input.appendix.cell(at)?;
        (cell.key.as_ref() == Some(key)).then(|| self.layout.position(at))
    }
}

fn row<'a>(
    (record, reading): (Record<'a>, &'a Reading),
    places: &Places<'_>,
    input: &'a WorkbookInput<'a>,
) -> [Entry<'a>; 13] {
    let (catalogue, origin, key) = (input.catalogue, &reading.origin, &reading.key);
    let indicator = catalogue.indicator(key.indicator);
    // Only the number that the form shows, in its own cell: of several for one key the others are
    // not in it.
    let shown = places.of(key).filter(|_| record.standing(key).is_some_and(|first| std::ptr::eq(first, reading)));
    // What was added up stands in no cell: all that it comes from is named instead.
    let (file, sheet, cell) = if origin.addends.is_empty() {
        let target = Target::Source { file: &origin.file, sheet: Some(&origin.sheet), cell: Some(origin.cell) };
        let cell = Entry::followed(origin.cell.to_string(), Some(target));
        (Entry::Name(file_name(&origin.file).into()), Entry::text(&*origin.sheet), cell)
    } else {
        (Entry::text(reading.origins(false)), Entry::Blank, Entry::Blank)
    };
    let mapping = &origin.mapping;
    [
        Entry::text(indicator.label.as_str()),
        Entry::text(&*indicator.id),
        Entry::text(catalogue.measure(key.measure).label.as_str()),
        Entry::text(key.member.as_deref().unwrap_or_default()),
        value(reading, input),
        Entry::text(unit(reading, input)),
        shown.map_or(Entry::Blank, |at| Entry::Link(Target::Form(at), at.to_string().into())),
        file,
        sheet,
        cell,
        raw(reading),
        if origin.steps.is_empty() { Entry::Blank } else { Entry::text(Step::listed(&origin.steps, input.language)) },
        Entry::Name(format!("{}:{}", file_name(&mapping.file), mapping.line).into()),
    ]
}

/// What stands in the cell.
fn raw(reading: &Reading) -> Entry<'_> {
    match &reading.origin.raw {
        Raw::Text(text) => Entry::text(text.trim()),
        raw @ (Raw::Number(_) | Raw::Blank) => {
            let mut text = String::new();
            raw.push_to(&mut text);
            Entry::text(text)
        }
    }
}

/// The unit of the value: that of the indicator for its own numbers, none for ratios and verdicts.
fn unit<'a>(reading: &Reading, input: &'a WorkbookInput<'_>) -> &'a str {
    let indicator = input.catalogue.indicator(reading.key.indicator);
    let unit = indicator.unit.as_ref().filter(|_| input.catalogue.measure(reading.key.measure).is_base());
    unit.map_or("", |unit| &unit.name)
}

fn value<'a>(reading: &'a Reading, input: &WorkbookInput<'_>) -> Entry<'a> {
    let language = input.language;
    match &reading.value {
        Value::Number(value) => number(*value, reading.key.measure, input),
        Value::Bound(op, bound) => Entry::text(format!("{}{}", sign(*op), language.number(*bound))),
        Value::Range(low, high) => Entry::text(format!("{} - {}", language.number(*low), language.number(*high))),
        Value::Nothing(_) => raw(reading),
        Value::Text(words) => Entry::text(words.trim()),
        Value::Partial { sum, lacking, spare, of } => {
            Entry::text(format!("{} ({})", language.number(*sum), shortfall(*lacking, *spare, *of)))
        }
        Value::Unusable => Entry::Blank,
    }
}

/// A number with all its decimals; a ratio with those that the form prints.
fn number<'a>(value: Decimal, measure: MeasureId, input: &WorkbookInput<'_>) -> Entry<'a> {
    let policy = match input.catalogue.measure(measure).kind {
        MeasureKind::Ratio { policy, .. } | MeasureKind::Share { policy, .. } => policy,
        MeasureKind::Plan
        | MeasureKind::Actual
        | MeasureKind::Estimate
        | MeasureKind::Other
        | MeasureKind::Note
        | MeasureKind::Verdict { .. } => return Entry::number(value),
    };
    let exact = number::trim(value);
    match Rational::from(value).to_decimal(policy.decimals, Rounding::HalfUp) {
        Some(shown) => Entry::Number(exact, number::trim(shown).scale()),
        None => Entry::number(value),
    }
}
