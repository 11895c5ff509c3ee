//! The third sheet: for every number the cell it came from, and what was done to it.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::{
    WorkbookInput,
    findings::followed,
    layout::Layout,
    link,
    list::{self, Column, Entry, List},
    style::Style,
};
use crate::{
    catalogue::Align,
    language::{Language, Words},
    number::Nothing,
    reading::{Reading, Record, Value, sign},
    say,
    workbook::file_name,
};

/// Header, width and alignment of the columns.
const COLUMNS: &[(Words, f64, Align)] = &[
    (Words { vi: "Chỉ tiêu", en: "Indicator" }, 26.0, Align::Left),
    (Words { vi: "Mã", en: "Id" }, 20.0, Align::Left),
    (Words { vi: "Số đo", en: "Measure" }, 14.0, Align::Left),
    (Words { vi: "Thành viên", en: "Member" }, 11.0, Align::Left),
    (Words { vi: "Giá trị", en: "Value" }, 13.0, Align::Right),
    (Words { vi: "Đơn vị", en: "Unit" }, 9.0, Align::Centre),
    (Words { vi: "Trong biểu", en: "In the form" }, 6.5, Align::Centre),
    (Words { vi: "Tệp", en: "File" }, 19.0, Align::Left),
    (Words { vi: "Sheet", en: "Sheet" }, 12.0, Align::Left),
    (Words { vi: "Ô", en: "Cell" }, 6.0, Align::Centre),
    (Words { vi: "Nguyên văn", en: "Raw text" }, 15.0, Align::Right),
    (Words { vi: "Quy đổi", en: "Steps" }, 16.0, Align::Left),
    (Words { vi: "Dòng ánh xạ", en: "Mapping line" }, 18.0, Align::Left),
];

/// Writes the sheet, in the order of the mapping.
pub(super) fn write(
    sheet: &mut Worksheet,
    names: &[String; 4],
    style: &Style,
    layout: &Layout,
    input: &WorkbookInput<'_>,
) -> Result<(), XlsxError> {
    sheet.set_name(&names[2])?;
    let language = input.language;
    let mut rows: Vec<Vec<Entry>> = Vec::new();
    input.dataset.each_record(|record| {
        let filled = record.readings.iter().filter(|reading| reading.value != Value::Nothing(Nothing::Blank));
        rows.extend(filled.map(|reading| row((record, reading), &names[0], layout, input)));
    });
    let list = List {
        title: say!(language, "NGUỒN CỦA TỪNG SỐ LIỆU", "WHERE EVERY NUMBER CAME FROM"),
        summary: vec![say!(
            language,
            "Mỗi dòng là một ô của tệp nguồn. Nháy vào địa chỉ ô để mở tệp tại đúng ô đó.",
            "Each line is a cell of a source file. Click its address to open the file there."
        )],
        columns: COLUMNS
            .iter()
            .map(|(header, width, align)| Column {
                header: header.get(language).to_owned(),
                width: *width,
                align: *align,
            })
            .collect(),
        rows,
        empty: say!(language, "Không đọc được số liệu nào.", "No number was read."),
        language,
    };
    list::write(sheet, style, &list)
}

fn row(
    (record, reading): (Record<'_>, &Reading),
    form: &str,
    layout: &Layout,
    input: &WorkbookInput<'_>,
) -> Vec<Entry> {
    let (catalogue, origin, key) = (input.catalogue, &reading.origin, &reading.key);
    let indicator = catalogue.indicator(key.indicator);
    // Only the number that the form shows, in its own cell: of several for one key the others are
    // not in it, and that of a village without columns is not the one of the whole.
    let shown = input
        .appendix
        .find(key)
        .filter(|_| record.standing(key).is_some_and(|first| std::ptr::eq(first, reading)))
        .filter(|at| input.appendix.cell(*at).is_some_and(|cell| cell.key.as_ref() == Some(key)))
        .map(|at| layout.position(at));
    let source = link::outside(input.sources, &origin.file, Some(&origin.sheet), Some(origin.cell));
    // What was added up stands in no cell: all that it comes from is named instead.
    let (file, sheet, cell) = if origin.addends.is_empty() {
        let cell = followed(&origin.cell.to_string(), source.as_ref(), &origin.file);
        (Entry::text(file_name(&origin.file)), Entry::text(&*origin.sheet), cell)
    } else {
        (Entry::text(reading.origins(false)), Entry::Blank, Entry::Blank)
    };
    vec![
        Entry::text(indicator.label.as_str()),
        Entry::text(&*indicator.id),
        Entry::text(catalogue.measure(key.measure).label.as_str()),
        Entry::text(key.member.as_deref().unwrap_or_default()),
        value(reading, input.language),
        Entry::text(unit(reading, input)),
        match shown {
            Some(at) => Entry::Link { link: link::inside(form, at), text: at.to_string(), hint: String::new() },
            None => Entry::Blank,
        },
        file,
        sheet,
        cell,
        Entry::text(origin.raw.text().trim()),
        Entry::text(origin.steps.join("; ")),
        Entry::text(format!("{}:{}", file_name(&origin.mapping.file), origin.mapping.line)),
    ]
}

/// The unit of the value: that of the indicator for its own numbers, none for ratios and verdicts.
fn unit(reading: &Reading, input: &WorkbookInput<'_>) -> String {
    let indicator = input.catalogue.indicator(reading.key.indicator);
    let unit = indicator.unit.as_ref().filter(|_| input.catalogue.measure(reading.key.measure).is_base());
    unit.map(|unit| unit.name.clone()).unwrap_or_default()
}

fn value(reading: &Reading, language: Language) -> Entry {
    match &reading.value {
        Value::Number(value) => Entry::Number(*value),
        Value::Bound(op, bound) => Entry::Text(format!("{}{}", sign(*op), language.number(*bound))),
        Value::Range(low, high) => Entry::Text(format!("{} - {}", language.number(*low), language.number(*high))),
        Value::Nothing(_) => Entry::text(reading.origin.raw.text().trim()),
        Value::Text(words) => Entry::text(words.trim()),
        Value::Partial { sum, lacking, of } => Entry::Text(format!("{} (thiếu {lacking}/{of})", language.number(*sum))),
        Value::Unusable => Entry::Blank,
    }
}
