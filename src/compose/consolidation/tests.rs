use super::*;
use crate::{
    compose::appendix,
    model::{catalogue::decode, document::Document},
};

const CATALOGUE: &str = r#"
[catalogue]
id = "c"
period = "2030"

[[section]]
id = "s"
number = "I"
title = "KINH TẾ"

[[indicator]]
id = "dt"
label = "Diện tích"
unit = "ha"
section = "s"

[[indicator]]
id = "ns"
label = "Năng suất"
unit = "tạ/ha"
section = "s"
decimals = 1
required = false

[[indicator]]
id = "sl"
label = "Sản lượng"
unit = "tấn"
section = "s"
product = { of = ["dt", "ns"], divide-by = 10 }

[[indicator]]
id = "tn"
label = "Thu nhập"
unit = "triệu đồng/người"
section = "s"
weight = "nguoi"
required = false

[[indicator]]
id = "ty-le"
label = "Tỷ lệ hộ nghèo"
unit = "%"
section = "s"
required = false

[[indicator]]
id = "nguoi"
label = "Dân số"
unit = "người"

[form]
title = "BIỂU {year}"
notes = ["Ghi chú."]

[[form.column]]
header = "Chỉ tiêu"
shows = "label"

[[form.column]]
header = "Thực hiện"
shows = "actual"

[[form.column]]
header = "Ghi chú"
shows = "note"
"#;

fn catalogue() -> Catalogue {
    decode(&Document::new("c.toml", CATALOGUE)).expect("a right catalogue")
}

fn part(catalogue: &Catalogue, figures: &[(&str, Value)]) -> SubmissionPart {
    let table = Consolidation::new(catalogue, Language::Vi);
    let readings = figures.iter().map(|(id, value)| {
        let key = Key {
            indicator: catalogue.find(id).expect("an indicator"),
            measure: catalogue.find_measure("actual").expect("a measure"),
            member: None,
        };
        let decimals = match value {
            Value::Number(number) => number.scale().cast_signed(),
            _ => 0,
        };
        let mut reading = table.made(key, value.clone(), decimals);
        if matches!(value, Value::Nothing(_)) {
            reading.origin.raw = Raw::Text("-".into());
        }
        reading
    });
    let part = SubmissionPart::of(catalogue, &Dataset::new(readings.collect()));
    // As it comes from another process.
    serde_json::from_str(&serde_json::to_string(&part).expect("a part can be sent")).expect("and received")
}

fn number(text: &str) -> Value {
    Value::Number(text.parse().expect("a decimal"))
}

#[test]
fn amounts_add_up_and_rates_are_computed_again() {
    let catalogue = catalogue();
    let mut table = Consolidation::new(&catalogue, Language::Vi);
    let of = |dt, ns, sl, tn, nguoi, poor| {
        part(
            &catalogue,
            &[
                ("dt", number(dt)),
                ("ns", number(ns)),
                ("sl", number(sl)),
                ("tn", number(tn)),
                ("nguoi", number(nguoi)),
                ("ty-le", number(poor)),
            ],
        )
    };
    table.add("A", Some(&of("100", "50.0", "500", "40", "1000", "8")));
    table.add("B", Some(&of("300", "60.0", "1800", "60", "3000", "4")));
    let table = table.finish();
    let appendix = appendix::compose(&table.catalogue, &[], &table.dataset);
    // 2300 t on 400 ha are 57.5 tạ/ha and not 55; 40 and 60 weighted 1 to 3 are 55.
    let expected = "\
BIỂU 2030
(Tổng hợp 2 bộ số liệu)
Chỉ tiêu|Tổng cộng|A|B
|Thực hiện|Thực hiện|Thực hiện
I|KINH TẾ
Diện tích|400|100|300
Năng suất|57,5|50|60
Sản lượng|2.300|500|1.800
Thu nhập|55|40|60
Tỷ lệ hộ nghèo||8|4
Ghi chú.
";
    assert_eq!(appendix.to_text().replace('\t', "|"), expected);
}

#[test]
fn what_is_missing_is_seen_and_not_counted() {
    let catalogue = catalogue();
    let mut table = Consolidation::new(&catalogue, Language::Vi);
    table.add("A {1}", Some(&part(&catalogue, &[("dt", number("100")), ("sl", Value::Nothing(Nothing::Dash))])));
    table.add("A {1}", None);
    table.add("B", Some(&part(&catalogue, &[("dt", number("7.5")), ("sl", Value::Bound(BoundOp::Gt, 5.into()))])));
    let table = table.finish();
    let appendix = appendix::compose(&table.catalogue, &[], &table.dataset);
    let text = appendix.to_text().replace('\t', "|");
    assert!(text.contains("Chỉ tiêu|Tổng cộng|A 1|A 1 (2)|B\n"), "{text}");
    assert!(text.contains("Diện tích|107,5|100|thiếu|7,5\n"), "{text}");
    assert!(text.contains("Sản lượng||-|thiếu|>5\n"), "{text}");
    assert!(text.contains("Thiếu 1/3: Diện tích (Thực hiện): A 1 (2)\n"), "{text}");
    // "-" is nothing to add; a bound is.
    assert!(text.contains("Chưa cộng được 1/3: Sản lượng (Thực hiện): B\n"), "{text}");
    assert!(!text.contains("Chưa cộng được 1/3: Diện tích"), "{text}");
}

/// Output of A and C over area of B and C would be the yield of nobody.
#[test]
fn a_rate_is_computed_again_only_from_figures_of_the_same_submissions() {
    let catalogue = catalogue();
    let of = |figures: &[(&str, &str)]| -> SubmissionPart {
        let figures: Vec<_> = figures.iter().map(|(id, text)| (*id, number(text))).collect();
        part(&catalogue, &figures)
    };
    let mut table = Consolidation::new(&catalogue, Language::Vi);
    table.add("A", Some(&of(&[("ns", "50.0"), ("sl", "500")])));
    table.add("B", Some(&of(&[("dt", "300"), ("ns", "60.0")])));
    table.add("C", Some(&of(&[("dt", "100"), ("sl", "400")])));
    let table = table.finish();
    let text = appendix::compose(&table.catalogue, &[], &table.dataset).to_text().replace('\t', "|");
    assert!(text.contains("Năng suất||50|60\n"), "{text}");
}

#[test]
fn a_part_holds_what_the_table_needs_and_texts_once() {
    let more = format!("{CATALOGUE}\n[[indicator]]\nid = \"rieng\"\nlabel = \"Chỉ để kiểm tra\"\nunit = \"ha\"\n");
    let catalogue = decode(&Document::new("c.toml", more)).expect("a right catalogue");
    let ids = |part: &SubmissionPart| part.figures.iter().map(|figure| figure.indicator).collect::<Vec<_>>();
    let of = |id| catalogue.find(id).expect("an indicator").0;
    // People weigh an income that the form shows; nothing shown is made of the last one.
    let figures = [("dt", number("5")), ("nguoi", number("1000")), ("rieng", number("5"))];
    let mut part = part(&catalogue, &figures);
    assert_eq!(ids(&part), [of("dt"), of("nguoi")]);
    let mut texts = HashSet::new();
    part.share(&mut texts);
    let [first, second] = part.figures.as_slice() else { unreachable!("two figures") };
    assert!(Arc::ptr_eq(&first.mapping.file, &second.mapping.file));
    assert!(texts.contains("c.toml"), "{texts:?}");
}
