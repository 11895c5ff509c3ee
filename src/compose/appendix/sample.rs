//! A small form with one row of every kind, for tests.

use std::sync::Arc;

use crate::{
    model::{
        catalogue::{self, Catalogue},
        document::Document,
        finding::FileLine,
        reading::{Dataset, Key, Made, Origin, Raw, Reading, Value},
        workbook::Position,
    },
    values::number::{BoundOp, Nothing},
};

const CATALOGUE: &str = r#"
[catalogue]
id = "mau-2030"
title = "Mẫu"
period = "2030"

[[section]]
id = "kt"
number = "I"
title = "KINH TẾ"
[[section]]
id = "xh"
number = "II"
title = "XÃ HỘI"

[[indicator]]
id = "lua"
label = "Diện tích lúa"
unit = "ha"
section = "kt"
[[indicator]]
id = "lua.xuan"
label = "Vụ xuân"
unit = "ha"
section = "kt"
level = 1
whole = "lua"
[[indicator]]
id = "thu"
label = "Thu ngân sách"
unit = "đồng"
section = "kt"
[[indicator]]
id = "an"
label = "Không in"
unit = "ha"
[[indicator]]
id = "ngheo"
label = "Hộ nghèo"
unit = "hộ"
section = "xh"
direction = "lower"
[[indicator]]
id = "dang-vien"
label = "Đảng viên hoàn thành tốt"
unit = "%"
section = "xh"
[[indicator]]
id = "ket-nap"
label = "Kết nạp"
unit = "đảng viên"
section = "xh"
[[indicator]]
id = "trong"
label = "Chưa có số"
section = "xh"

[form]
sheet = "Biểu: {year}"
title = "BIỂU KẾT QUẢ NĂM {year}\n{office}"
attachment = "(Kèm theo Báo cáo số {report})"
notes = ["Ghi chú chung"]
profile = "hd36"
[[form.column]]
header = ["TT"]
shows = "number"
width = 5
[[form.column]]
header = ["Chỉ tiêu"]
shows = "label"
width = 30
[[form.column]]
header = ["Đơn vị"]
shows = "unit"
[[form.column]]
header = ["Kế hoạch {year}"]
shows = "plan"
[[form.column]]
header = ["Kết quả", "Thực hiện"]
shows = "actual"
[[form.column]]
header = ["Kết quả", "Tỷ lệ %"]
shows = "ratio"
[[form.column]]
header = ["Cơ cấu"]
shows = "share"
[[form.column]]
header = ["Ghi chú"]
shows = "verdict"
[[form.signature]]
lines = ["TM. ỦY BAN", "CHỦ TỊCH"]
"#;

/// The catalogue.
pub(crate) fn catalogue() -> Catalogue {
    catalogue::decode(&Document::new("mau.toml", CATALOGUE)).expect("a catalogue without mistakes")
}

/// The catalogue with more in it: measures, rules.
pub(crate) fn catalogue_with(more: &str) -> Catalogue {
    catalogue::decode(&Document::new("mau.toml", format!("{CATALOGUE}\n{more}"))).expect("a catalogue without mistakes")
}

/// The fields.
pub(crate) fn fields() -> Vec<(String, String)> {
    vec![("office".to_owned(), "Xã Mẫu".to_owned())]
}

/// A number.
pub(crate) fn number(written: &str) -> Value {
    Value::Number(written.parse().expect("a decimal"))
}

/// Readings of the sheet `S` of `nguon.xlsx`, one a row from the second row on.
pub(crate) fn dataset(catalogue: &Catalogue, readings: &[(&str, &str, Value, &str)]) -> Dataset {
    let readings = (1u32..)
        .zip(readings)
        .map(|(row, (indicator, measure, value, raw))| Reading {
            key: Key {
                indicator: catalogue.find(indicator).expect("an indicator"),
                measure: catalogue.find_measure(measure).expect("a measure"),
                member: None,
            },
            value: value.clone(),
            decimals: 0,
            shown: None,
            record: row,
            forecast: *indicator == "ket-nap" && *measure == "actual",
            origin: Origin::plain(
                ("du-lieu/nguon.xlsx".into(), "S".into(), Position::new(row, 3)),
                Raw::Text(Arc::from(*raw)),
                FileLine { file: "m.toml".into(), line: row },
                Made::Typed,
            ),
        })
        .collect();
    Dataset::new(readings)
}

/// One reading of every kind.
pub(crate) fn readings() -> Vec<(&'static str, &'static str, Value, &'static str)> {
    vec![
        ("lua", "plan", number("370"), "370"),
        ("lua", "actual", number("368.770"), "368,77"),
        // Stated ratios and verdicts are never copied.
        ("lua", "ratio", number("101"), "101"),
        ("lua", "verdict", Value::Text("Vượt".into()), "Vượt"),
        ("lua.xuan", "plan", number("0"), "0"),
        ("lua.xuan", "actual", number("175"), "175"),
        ("thu", "plan", number("1234567890123456.5"), "1.234.567.890.123.456,5"),
        ("thu", "actual", number("1234567890123456.5"), "1.234.567.890.123.456,5"),
        ("ngheo", "plan", number("10"), "10"),
        ("ngheo", "actual", number("8"), "8"),
        ("dang-vien", "plan", Value::Bound(BoundOp::Gt, 90.into()), "> 90"),
        ("dang-vien", "actual", number("92.5"), "92,5"),
        ("ket-nap", "plan", Value::Range(2.into(), 5.into()), "từ 2 đến 5"),
        ("ket-nap", "actual", number("6"), "6"),
        ("trong", "plan", Value::Nothing(Nothing::Dash), "-"),
        ("trong", "actual", Value::Text("=1+1".into()), "=1+1"),
    ]
}
