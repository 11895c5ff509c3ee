//! The tidy table: one row a reading, for analysis.
//!
//! Numbers are plain decimals with a point and no thousands; the columns with numbers are never
//! changed, texts that a spreadsheet would run are.

use super::{
    delimited::{self, harmless},
    error::WriteError,
};
use crate::{
    catalogue::Catalogue,
    number::{self, Nothing},
    reading::{Dataset, Reading, Value, sign},
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

/// The lines of one submission: every reading but blank ones, in the order of the mapping.
/// `submission` is the path of the folder or file that was judged. Together with the [`header`]
/// and the lines of other submissions they make a table.
///
/// # Errors
/// None that a reading can cause; those of the writer are handed on.
pub fn tidy(catalogue: &Catalogue, dataset: &Dataset, submission: &str) -> Result<Vec<u8>, WriteError> {
    let period = catalogue.period.to_string();
    let filled = dataset.iter().filter(|r| r.value != Value::Nothing(Nothing::Blank));
    delimited::lines(filled.map(|reading| record(catalogue, reading, submission, &period)))
}

fn record(catalogue: &Catalogue, reading: &Reading, submission: &str, period: &str) -> [String; COLUMNS.len()] {
    let (origin, key) = (&reading.origin, &reading.key);
    let place = reading.place();
    let indicator = catalogue.indicator(key.indicator);
    let measure = catalogue.measure(key.measure);
    let unit = indicator.unit.as_ref().filter(|_| measure.is_base()).map_or("", |unit| &unit.name);
    let (value, value_text) = match &reading.value {
        Value::Number(value) => (number::plain(*value), String::new()),
        Value::Bound(op, bound) => (String::new(), format!("{}{}", sign(*op), number::plain(*bound))),
        Value::Range(low, high) => (String::new(), format!("{}..{}", number::plain(*low), number::plain(*high))),
        Value::Nothing(_) => (String::new(), origin.raw.text().trim().to_owned()),
        Value::Text(words) => (String::new(), words.trim().to_owned()),
        Value::Partial { sum, lacking, of } => {
            (String::new(), format!("{} (thiếu {lacking}/{of})", number::plain(*sum)))
        }
        Value::Unusable => (String::new(), String::new()),
    };
    [
        harmless(submission),
        harmless(&catalogue.id),
        harmless(period),
        harmless(&indicator.id),
        harmless(&indicator.label),
        harmless(&measure.id),
        harmless(key.member.as_deref().unwrap_or_default()),
        value,
        harmless(&value_text),
        harmless(unit),
        harmless(&place.file),
        harmless(place.sheet.as_deref().unwrap_or_default()),
        place.cell.map(|cell| cell.to_string()).unwrap_or_default(),
        harmless(&origin.raw.text()),
        harmless(&origin.steps.join("; ")),
        harmless(&origin.mapping.file),
        origin.mapping.line.to_string(),
        harmless(&reading.origins(true)),
        harmless(if origin.addends.is_empty() { "" } else { "sum" }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appendix::sample;

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
        table.extend(tidy(&catalogue, &dataset, "du-lieu").expect("a table"));
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
