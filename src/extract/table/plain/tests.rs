//! A large table with everything odd that there is, read with and without leaving its plain rows in
//! the sheet: nobody may be able to tell the difference.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    extract::{Extract, Texts, extract_with},
    model::{
        catalogue::{self, Catalogue},
        document::Document,
        mapping,
        reading::{Dataset, Key, Reading},
        workbook::{Filler, Format, NewCell, Sheet, Slot, Value, Workbook},
    },
    values::number::{Rational, StoredNumber},
};

const CATALOGUE: &str = r#"
[catalogue]
id = "to"
period = "2023"
[[indicator]]
id = "lua"
label = "Lúa"
unit = "ha"
[[indicator]]
id = "bo"
label = "Bò"
unit = "con"
"#;
const MAPPING: &str = r#"
[mapping]
id = "to"
catalogue = "to.toml"
[[source]]
file = "to.xlsx"
label = "Thôn"
[source.columns]
"Lúa" = { indicator = "lua", measure = "actual" }
"Bò" = { indicator = "bo", measure = "actual" }
"Bỏ" = "ignore"
[source.rows]
"Tổng cộng" = "total"
"Thôn *" = "member"
"#;

const ROWS: u32 = 1_500;

struct Builder {
    sheet: Sheet,
    filler: Filler,
}

impl Builder {
    fn put(&mut self, row: u32, column: u16, value: Value<'_>, formula: Option<&str>) {
        let content = Filler::pack(&mut self.sheet.store, value).expect("room");
        let slot = Slot { column, ..Slot::default() };
        self.filler.push(&mut self.sheet.store, row, NewCell { slot, content, formula: formula.map(Arc::from) });
    }
}

fn number(value: f64) -> Value<'static> {
    Value::Number(StoredNumber::from_f64(value).expect("finite"))
}

fn sheet() -> Sheet {
    let mut built = Builder { sheet: Sheet { name: "Biểu".into(), ..Sheet::default() }, filler: Filler::default() };
    for (column, text) in (0..).zip(["Thôn", "Lúa", "Bò", "Bỏ", "Lạc", "Ghi chú"]) {
        built.put(0, column, Value::Text(text), None);
    }
    for row in 1..=ROWS {
        let label = match row {
            // A member of two rows, one with a unit in brackets, and one that is no text.
            40 | 41 => "Thôn trùng".to_owned(),
            50 => "Thôn 50 (tạ)".to_owned(),
            // Members of rows before, in another spelling: one that is plain too, and one that is not.
            75 => "THÔN 0020".to_owned(),
            76 => "Thôn  0030".to_owned(),
            // Nothing takes it.
            60 => "Xóm lạ".to_owned(),
            70 => String::new(),
            ROWS => "Tổng cộng".to_owned(),
            _ => format!("Thôn {row:04}"),
        };
        if !label.is_empty() {
            built.put(row, 0, Value::Text(&label), None);
        }
        // A row in the middle with nothing but its label.
        if row == 80 {
            continue;
        }
        let thousandths = StoredNumber::from_short(i64::from(row * 1_000 + row * 7 % 1_000), 3);
        match row {
            90 => built.put(row, 1, Value::Text("12,5"), None),
            100 => built.put(row, 1, Value::Text("1.250"), None),
            110 => built.put(row, 1, Value::Error("#REF!"), None),
            120 => built.put(row, 1, Value::NoResult, Some("B2")),
            130 => built.put(row, 1, number(3.5), Some("SUM(B2:B3)")),
            140 => {}
            150 => built.put(row, 1, number(1e300), None),
            160 => built.put(row, 1, number(0.333_333_333_333_333_3), None),
            170 => built.put(row, 1, number(-123_456_789_012.5), None),
            _ => built.put(row, 1, Value::Number(thousandths), None),
        }
        built.put(row, 2, number(f64::from(row % 17)), None);
        if row % 5 == 0 {
            built.put(row, 3, number(1.0), None);
        }
        if row == 180 {
            built.put(row, 4, number(9.0), None);
        }
        if row == 190 {
            built.put(row, 5, Value::Text("Ước thực hiện"), None);
        }
    }
    built.filler.finish(&mut built.sheet.store);
    built.sheet.hidden_rows = vec![200, 201];
    built.sheet
}

fn read(sheet: Sheet, catalogue: &Catalogue, may_be_plain: bool) -> Extract {
    let workbook = Workbook { file: "to.xlsx".into(), format: Format::Xlsx, sheets: vec![Arc::new(sheet)] };
    let mapping = mapping::decode(&Document::new("anh-xa.toml", MAPPING), catalogue).expect("a right mapping");
    extract_with(&[&workbook], &[], &mapping, catalogue, None, &Texts::default(), may_be_plain)
}

#[test]
fn plain_rows_read_as_all_others() {
    let catalogue = catalogue::decode(&Document::new("to.toml", CATALOGUE)).expect("a right catalogue");
    let (left, made) = (read(sheet(), &catalogue, true), read(sheet(), &catalogue, false));
    assert_eq!(made.dataset.irregular().len(), made.dataset.clone().into_readings().len(), "all are made");
    assert!(left.dataset.irregular().len() < 60, "nearly all rows are plain: {}", left.dataset.irregular().len());
    assert_eq!(format!("{:?}", left.findings), format!("{:?}", made.findings));
    assert!(made.findings.len() > 7, "{:?}", made.findings);
    assert_eq!((left.claimed, left.fit), (made.claimed, made.fit));

    let (left, made) = (left.dataset, made.dataset);
    let shown = |reading: &Reading| format!("{reading:?}");
    let all = |readings: &mut dyn Iterator<Item = &Reading>| readings.map(shown).collect::<Vec<_>>();
    let every = |dataset: &Dataset| {
        let mut shown_one_by_one = Vec::new();
        dataset.each(|reading| shown_one_by_one.push(shown(reading)));
        shown_one_by_one
    };
    assert_eq!(every(&left), every(&made));
    let readings = made.clone().into_readings();
    assert_eq!(every(&made), readings.iter().map(shown).collect::<Vec<_>>());
    assert_eq!(left.filled(), made.filled());
    assert_eq!(left.repeated(), made.repeated());
    assert!(left.repeated().is_empty(), "the second row of a member has a name of its own");
    for again in ["Thôn trùng (2)", "Thôn 0020 (2)", "Thôn 0030 (2)"] {
        let mut named = false;
        left.each(|reading| named |= reading.key.member.as_deref() == Some(again));
        assert!(named, "{again}");
    }
    for (id, _) in catalogue.iter() {
        assert_eq!(all(&mut left.of(id)), all(&mut made.of(id)));
    }
    let mut lookup = left.lookup();
    for reading in &readings {
        let row = reading.key.member.as_deref().and_then(|member| lookup.row(member));
        assert_eq!(left.get_in(row, &reading.key).map(shown), made.get(&reading.key).map(shown));
        assert_eq!(all(&mut left.all(&reading.key)), all(&mut made.all(&reading.key)), "{:?}", reading.key);
        assert_eq!(left.get(&reading.key).map(shown), made.get(&reading.key).map(shown));
        let (indicator, measure) = (reading.key.indicator, reading.key.measure);
        for (other, _) in catalogue.iter() {
            let beside = |dataset: &Dataset| dataset.beside(reading, other, measure).map(shown);
            assert_eq!(beside(&left), beside(&made));
        }
        let stranger = Key { indicator, measure, member: Some("Thôn 9999".into()) };
        assert!(left.get(&stranger).is_none() && left.all(&stranger).next().is_none());
    }
}

#[test]
fn another_file_may_spell_a_member_otherwise() {
    let catalogue = catalogue::decode(&Document::new("to.toml", CATALOGUE)).expect("a right catalogue");
    let second = MAPPING.split_once("[[source]]").map(|(_, source)| source.replace("to.xlsx", "khac.xlsx"));
    let mapping = format!("{MAPPING}[[source]]{}", second.expect("a source"));
    let mapping = mapping::decode(&Document::new("anh-xa.toml", mapping), &catalogue).expect("a right mapping");
    let mut other = Builder { sheet: Sheet { name: "Biểu".into(), ..Sheet::default() }, filler: Filler::default() };
    for (row, (label, figure)) in (0..).zip([("Thôn", None), ("THÔN  0020", Some(99.0)), ("Thôn\u{A0}0030", Some(5.0))])
    {
        other.put(row, 0, Value::Text(label), None);
        other.put(row, 1, figure.map_or(Value::Text("Lúa"), number), None);
    }
    other.filler.finish(&mut other.sheet.store);
    let workbook =
        |file: &str, sheet| Workbook { file: file.into(), format: Format::Xlsx, sheets: vec![Arc::new(sheet)] };
    let (large, other) = (workbook("to.xlsx", sheet()), workbook("khac.xlsx", other.sheet));
    let read = |may_be_plain| {
        extract_with(&[&large, &other], &[], &mapping, &catalogue, None, &Texts::default(), may_be_plain).dataset
    };
    let (left, made) = (read(true), read(false));
    let members = |dataset: &Dataset| {
        dataset.repeated().iter().filter_map(|key| key.member.as_deref().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(members(&left), ["Thôn 0020", "Thôn 0030"]);
    assert_eq!(members(&left), members(&made));
    assert!(left.irregular().len() < 80, "the others are plain: {}", left.irregular().len());
}

#[test]
fn sums_of_plain_rows_are_exact() {
    let catalogue = catalogue::decode(&Document::new("to.toml", CATALOGUE)).expect("a right catalogue");
    let (left, made) = (read(sheet(), &catalogue, true).dataset, read(sheet(), &catalogue, false).dataset);
    let keys = left.plain_keys();
    assert_eq!(keys.len(), 2);
    let readings = made.into_readings();
    for (indicator, measure) in keys {
        let total = left.plain_total(indicator, measure);
        let is_of = |r: &&Reading| (r.key.indicator, r.key.measure) == (indicator, measure);
        let of = |readings: &[Reading], sign: i64| {
            let mut counts: BTreeMap<Option<i32>, (i64, Rational)> = BTreeMap::new();
            for reading in readings.iter().filter(is_of) {
                let of = counts.entry(reading.number().map(|_| reading.decimals)).or_insert((0, Rational::ZERO));
                let number = reading.number().map_or(Rational::ZERO, Rational::from);
                *of = (of.0 + sign, &of.1 + &(&number * &Rational::from(sign)));
            }
            counts
        };
        let mut counts = of(&readings, 1);
        for (decimals, (count, sum)) in of(left.irregular(), -1) {
            let of = counts.entry(decimals).or_insert((0, Rational::ZERO));
            *of = (of.0 + count, &of.1 + &sum);
        }
        let mut plain = BTreeMap::from([(None, (i64::try_from(total.blank).expect("few"), Rational::ZERO))]);
        for (decimals, (count, sum)) in &total.by_decimals {
            plain.insert(i32::try_from(*decimals).ok(), (i64::try_from(*count).expect("few"), sum.clone()));
        }
        // A column without blanks has no entry for them on either side.
        counts.retain(|_, (count, _)| *count != 0);
        plain.retain(|_, (count, _)| *count != 0);
        assert_eq!(counts, plain);
        assert_eq!(total.sum(), plain.values().fold(Rational::ZERO, |sum, (_, more)| &sum + more));
    }
}
