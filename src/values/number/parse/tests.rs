use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::values::{
    number::{BoundOp, Nothing, Thousands},
    text::tests::{blanks, written},
};

fn figure(figure: &Figure) -> String {
    let mut line = figure.value.to_string();
    if let Some(other) = figure.alternative {
        let _ = write!(line, "|{other}");
    }
    if figure.percent {
        line += "%";
    }
    if let Some(unit) = &figure.unit {
        let _ = write!(line, " [{unit}]");
    }
    match figure.qualifier {
        Some(Qualifier::Estimate) => line += " estimate",
        Some(Qualifier::About) => line += " about",
        Some(Qualifier::Forecast) => line += " forecast",
        None => {}
    }
    match figure.repaired {
        Some(Repair::StraySpace) => line += " stray-space",
        Some(Repair::StraySeparator) => line += " stray-separator",
        None => {}
    }
    if figure.parenthesised {
        line += " bracketed";
    }
    line
}

/// One line for an amount, so that the tables below stay readable.
fn shown(text: &str, convention: Convention) -> String {
    match parse(text, convention) {
        Amount::Nothing(kind) => format!("{kind:?}"),
        Amount::Number(number) => figure(&number),
        Amount::Bound { op, figure: limit } => {
            let sign = match op {
                BoundOp::Lt => "<",
                BoundOp::Le => "<=",
                BoundOp::Gt => ">",
                BoundOp::Ge => ">=",
            };
            format!("{sign} {}", figure(&limit))
        }
        Amount::Range { low, high } => format!("{} .. {}", figure(&low), figure(&high)),
        Amount::Fraction { part, whole, percent } => {
            let mut line = format!("{} / {}", figure(&part), figure(&whole));
            if let Some(percent) = percent {
                let _ = write!(line, " = {}", figure(&percent));
            }
            line
        }
        Amount::TooLong => "too long".to_owned(),
        Amount::NotANumber => "no".to_owned(),
    }
}

fn check(cases: &[(&str, &str)]) {
    for (text, want) in cases {
        assert_eq!(shown(text, Convention::Unknown), *want, "{text:?}");
    }
}

#[test]
fn kinds_of_nothing() {
    use Nothing::{Blank, Cross, Dash, Ditto, Dots};
    for (text, want) in [
        ("", Blank),
        (" \u{a0}\t\n\u{200b}\u{feff} ", Blank),
        ("-", Dash),
        (" – ", Dash),
        ("—", Dash),
        ("−", Dash),
        ("--", Dash),
        ("- -", Dash),
        ("…", Dots),
        ("..", Dots),
        ("...", Dots),
        ("……", Dots),
        ("x", Cross),
        (" X ", Cross),
        ("\"", Ditto),
        ("〃", Ditto),
        ("''", Ditto),
        ("”", Ditto),
        ("nt", Ditto),
        ("- nt -", Ditto),
        ("-\"-", Ditto),
        ("-//-", Ditto),
        ("-nt-", Ditto),
        ("Như trên", Ditto),
    ] {
        assert_eq!(parse(text, Convention::Unknown), Amount::Nothing(want), "{text:?}");
    }
    check(&[(".", "no"), ("xx", "no"), ("x.", "no"), ("- x", "no"), ("'", "no"), ("%", "no")]);
}

#[test]
fn numbers() {
    check(&[
        ("0", "0"),
        ("0.0", "0.0"),
        ("175", "175"),
        ("04", "4"),
        ("123456789012345678", "123456789012345678"),
        ("1234567890123456789", "1234567890123456789"),
        (" 175\u{a0}", "175"),
        ("1.006,3", "1006.3"),
        ("1 006,3", "1006.3"),
        ("1\u{a0}006,3", "1006.3"),
        ("1\u{2009}006,3", "1006.3"),
        ("1\u{202f}006,3", "1006.3"),
        ("1.006\u{200b},3", "1006.3"),
        ("1076,3", "1076.3"),
        ("2.352,97", "2352.97"),
        ("12.345.678", "12345678"),
        ("1 000 000", "1000000"),
        ("1,234.5", "1234.5"),
        ("1'234", "1234"),
        ("1.23", "1.23"),
        ("0.508", "0.508"),
        ("1.250", "1250|1.250"),
        ("1,250", "1.250|1250"),
        ("22,072", "22.072|22072"),
        ("-1.250", "-1250|-1.250"),
        ("+5", "5"),
        ("-5", "-5"),
        ("−5", "-5"),
        ("–5", "-5"),
        ("-0", "0"),
        ("-0,5%", "-0.5%"),
        ("35, 27", "35.27 stray-space"),
        ("35 , 27 ha", "35.27 [ha] stray-space"),
        ("(1.234)", "-1234|-1.234 bracketed"),
        ("(3)", "-3 bracketed"),
        ("( 1.234,5 ) đ", "-1234.5 [đ] bracketed"),
        ("(2,5%)", "-2.5% bracketed"),
        ("(0)", "0 bracketed"),
    ]);
}

#[test]
fn the_declared_convention_holds() {
    use Convention::{English, Vietnamese};
    for (text, convention, want) in [
        ("1.250", Vietnamese, "1250"),
        ("1.250", English, "1.250"),
        ("1,250", Vietnamese, "1.250"),
        ("1,250", English, "1250"),
        ("600-1.250", Vietnamese, "600 .. 1250"),
        ("0.5-1.250", Vietnamese, "0.5 .. 1250"),
        ("1.250/1,5", English, "1.250 / 1.5"),
        ("(1.234)", Vietnamese, "-1234 bracketed"),
    ] {
        assert_eq!(shown(text, convention), want, "{text:?} {convention:?}");
    }
    let contradicts = |text, convention| parse(text, convention).figures().any(|figure| figure.contradicts(convention));
    assert!(contradicts("1.23", Vietnamese));
    assert!(contradicts("1,234.5", Vietnamese));
    assert!(contradicts("12.345.678", English));
    assert!(!contradicts("1,23", Vietnamese));
    assert!(!contradicts("1.250", Vietnamese));
    assert!(!contradicts("1.23", Convention::Unknown));
}

#[test]
fn units() {
    check(&[
        ("18,6 ha", "18.6 [ha]"),
        ("18,6ha", "18.6 [ha]"),
        ("18,6 ha.", "18.6 [ha]"),
        ("18,6\nha", "18.6 [ha]"),
        ("18,6 (ha)", "18.6 [ha]"),
        ("163.248.704 đ", "163248704 [đ]"),
        ("163.248.704đ", "163248704 [đ]"),
        ("163.248.704 ₫", "163248704 [₫]"),
        ("₫1.250.000", "1250000 [đồng]"),
        ("VND 1.250.000", "1250000 [đồng]"),
        ("-$5", "-5 [usd]"),
        ("$5", "5 [usd]"),
        ("19.373.497,", "19373497 stray-separator"),
        ("5.791.000,-", "5791000 stray-separator"),
        ("1.006,3.", "1006.3 stray-separator"),
        ("1.250.", "1250|1.250 stray-separator"),
        ("163.248.704.đ", "163248704 [đ] stray-separator"),
        ("5.791.000,đồng", "5791000 [đồng] stray-separator"),
        ("5.791.000 đồng", "5791000 [đồng]"),
        ("874 kg/người/năm", "874 [kg/người/năm]"),
        ("48 tạ/ha", "48 [tạ/ha]"),
        ("4 triệu đồng", "4 [triệu đồng]"),
        ("2,5 triệu", "2.5 [triệu]"),
        ("1.200 m3", "1200|1.200 [m3]"),
        ("5 m2/hộ", "5 [m2/hộ]"),
        ("5 m²", "5 [m²]"),
        ("12,5 tr.đ", "12.5 [tr.đ]"),
        ("5 kg (hơi)", "5 [kg (hơi)]"),
        ("99,67%", "99.67%"),
        ("99,67 %", "99.67%"),
        ("99,67% kế hoạch", "99.67% [kế hoạch]"),
        ("99,67%.", "99.67%"),
        ("2 con trâu", "2 [con trâu]"),
        ("5 đạt", "5 [đạt]"),
    ]);
}

#[test]
fn qualifiers() {
    check(&[
        ("ước 37,2", "37.2 estimate"),
        ("Ước đạt 37,2 tấn", "37.2 [tấn] estimate"),
        ("ƯỚC THỰC HIỆN 37,2", "37.2 estimate"),
        ("ƯTH 37,2", "37.2 estimate"),
        ("ước khoảng 5", "5 estimate"),
        ("khoảng ước 5", "5 estimate"),
        ("khoảng 5", "5 about"),
        ("~5", "5 about"),
        ("≈ 5", "5 about"),
        ("gần 5", "5 about"),
        ("hơn 300 hộ", "300 [hộ] about"),
        ("(Dự kiến) 6", "6 forecast"),
        ("(Dự kiến đạt) 6", "6 forecast"),
        ("dự kiến 6", "6 forecast"),
        ("6 (dự kiến)", "6 forecast"),
        ("6 ha (ước)", "6 [ha] estimate"),
        ("4/6 (dự kiến)", "4 forecast / 6 forecast"),
        ("ước 5 đến 6", "5 estimate .. 6 estimate"),
        ("Đạt 99,67%", "99.67%"),
        ("ước trên 90", "> 90 estimate"),
        ("ước", "no"),
        ("(ước)", "no"),
        ("(dự kiến 6)", "no"),
        ("ước 6 (dự kiến) 7", "no"),
        ("ướcc 6", "no"),
    ]);
}

#[test]
fn bounds() {
    check(&[
        (">90", "> 90"),
        ("> 90", "> 90"),
        ("≥ 90%", ">= 90%"),
        ("≥90", ">= 90"),
        (">= 90", ">= 90"),
        ("> = 90", ">= 90"),
        ("=> 90", ">= 90"),
        ("<= 5", "<= 5"),
        ("≤5", "<= 5"),
        ("< 1", "< 1"),
        ("<1", "< 1"),
        ("trên 90", "> 90"),
        ("Trên 90", "> 90"),
        ("trên 90% kế hoạch", "> 90% [kế hoạch]"),
        ("dưới 10", "< 10"),
        ("từ 90 trở lên", ">= 90"),
        ("từ 90% trở lên", ">= 90%"),
        ("35 trở lên", ">= 35"),
        ("35 ha trở lên", ">= 35 [ha]"),
        ("10% trở xuống", "<= 10%"),
        ("tối thiểu 5", ">= 5"),
        ("ít nhất 5", ">= 5"),
        ("không dưới 5", ">= 5"),
        ("không quá 3", "<= 3"),
        ("tối đa 3 lớp", "<= 3 [lớp]"),
        ("trên hoặc bằng 90", ">= 90"),
        ("nhỏ hơn hoặc bằng 5", "<= 5"),
        ("đạt từ 90% trở lên", ">= 90%"),
        ("> -5", "> -5"),
        (">", "no"),
        ("> x", "no"),
        (">> 5", "no"),
        ("= 5", "no"),
        ("từ 90", "no"),
        ("trên 90 trở lên", "no"),
        ("trên 90 đến 95", "no"),
        ("> 4/6", "no"),
        ("trở lên", "no"),
        ("5 <", "no"),
    ]);
}

#[test]
fn ranges() {
    check(&[
        ("từ 2 đến 5", "2 .. 5"),
        ("2 đến 5", "2 .. 5"),
        ("2 tới 5", "2 .. 5"),
        ("từ 2-5", "2 .. 5"),
        ("600-700", "600 .. 700"),
        ("600–700", "600 .. 700"),
        ("600÷700 kg", "600 [kg] .. 700 [kg]"),
        ("20 - 25", "20 .. 25"),
        ("20 -25", "20 .. 25"),
        ("20-25%", "20% .. 25%"),
        ("20% - 25%", "20% .. 25%"),
        ("5 ha đến 10 ha", "5 [ha] .. 10 [ha]"),
        ("từ 2 đến 5 hồ sơ", "2 [hồ sơ] .. 5 [hồ sơ]"),
        ("từ -5 đến 5", "-5 .. 5"),
        ("-5-3", "-5 .. 3"),
        ("2023-2024", "2023 .. 2024"),
        ("5-5", "5 .. 5"),
        ("0.5-1.250", "0.5 .. 1.250"),
        ("1.250 - 2.5", "1.250 .. 2.5"),
        ("0,5-1.250", "0.5 .. 1250"),
        ("1.250-1.500", "1250|1.250 .. 1500|1.500"),
        ("từ 500 nghìn đến 2 triệu", "500 [nghìn] .. 2 [triệu]"),
        ("20ha-25ha", "20 [ha] .. 25 [ha]"),
        ("5 ca COVID-19", "no"),
        ("5 ha - 10 tấn", "no"),
        ("20% - 25", "no"),
        ("700-600", "no"),
        ("2023-24", "no"),
        ("5-", "no"),
        ("5 -", "no"),
        ("- 5", "no"),
        ("5--6", "no"),
        ("5 - -6", "no"),
        ("1-2-3", "no"),
        ("24-11-2023", "no"),
        ("từ 2 đến", "no"),
        ("từ 2 đến dưới 5", "no"),
        ("35, 27-40", "no"),
    ]);
}

#[test]
fn fractions() {
    check(&[
        ("04/06", "4 / 6"),
        ("8/8", "8 / 8"),
        ("8 / 8 thôn", "8 [thôn] / 8 [thôn]"),
        ("11/2023", "11 / 2023"),
        ("0/0", "0 / 0"),
        ("368,77ha/370ha", "368.77 [ha] / 370 [ha]"),
        ("368,77/370 đạt 99,67%", "368.77 / 370 = 99.67%"),
        ("368,77ha/370ha đạt 99,67%", "368.77 [ha] / 370 [ha] = 99.67%"),
        ("368,77ha/370ha, đạt 99,67%.", "368.77 [ha] / 370 [ha] = 99.67%"),
        ("368,77/370 (99,67%)", "368.77 / 370 = 99.67%"),
        ("368,77/370 (đạt 99,67%)", "368.77 / 370 = 99.67%"),
        ("368,77/370 = 99,67%", "368.77 / 370 = 99.67%"),
        ("368,77/370 ha=99,67%", "368.77 [ha] / 370 [ha] = 99.67%"),
        ("17/17 trẻ chiếm 100%", "17 [trẻ] / 17 [trẻ] = 100%"),
        ("17/17 trẻ, đạt tỷ lệ 100%", "17 [trẻ] / 17 [trẻ] = 100%"),
        ("18,1/15 ha đạt 120,67% kế hoạch", "18.1 [ha] / 15 [ha] = 120.67% [kế hoạch]"),
        ("1.250/1.006,3", "1250 / 1006.3"),
        ("5 trẻ/1.000 dân", "5 [trẻ] / 1000|1.000 [dân]"),
        ("5 con/1 hộ", "5 [con] / 1 [hộ]"),
        ("90%/100%", "90% / 100%"),
        ("368,77ha/370", "no"),
        ("12 NQ/2023", "no"),
        ("24/11/2023", "no"),
        ("4/", "no"),
        ("/4", "no"),
        ("4/x", "no"),
        ("4/-6", "no"),
        ("5/10%", "no"),
        ("8/8 100%", "no"),
        ("8/8 thôn 100%", "no"),
        ("8/8 đạt 5", "no"),
        ("8/8 (100%", "no"),
        ("6/6, 100%", "no"),
        ("ước 4/6 đạt 66,7%", "4 estimate / 6 estimate = 66.7% estimate"),
    ]);
}

#[test]
fn not_numbers() {
    let texts = r#"
        Hoàn thành | Năm 2004 | I.3 | 1. | 1. Diện tích | 1) Lúa | a) 5 | 5, | 5; | 5: | 1e5
        1E5 | 1_000 | 0x10 | 5x3 | 10 20 | 1.2.3 | 12.34.567 | 1.006.3 | 24/11/2023 | 24.11.2023
        1 tỷ 200 triệu | 5 hộ, 3 khẩu | 36 hộ (12,5%) | 353 hộ = 81% | (3)=(2)/(1)
        (4)=(5)+(18) | (-5) | (+5) | (5 ha) | (5 | 5) | (5)(6) | ５ | ٥ | 1½ | + 5 | ++5 | +-5
        '5 | "5" | 5 (ha | 12, | 5. | $5đ | VND | 5 _ | 5 = 5 | 2 + 3 | Ước 2002/ TH 2001
        KH 2003/ Ước 2002 | NaN | inf | 5 ha 6 | 5% 6 | vượt 5 | đạt | 18,6,ha | TT04
        9:30 | 100 trẻ 6-36 tháng | 1000000 .5
    "#;
    for text in texts.lines().flat_map(|line| line.trim().split(" | ")).filter(|text| !text.is_empty()) {
        for convention in [Convention::Unknown, Convention::Vietnamese, Convention::English] {
            assert_eq!(shown(text, convention), "no", "{text:?} {convention:?}");
        }
    }
    for text in ["99999999999999999999999999999 đ", "1/99999999999999999999999999999"] {
        assert_eq!(shown(text, Convention::Unknown), "too long", "{text}");
    }
}

#[test]
fn what_a_figure_remembers() {
    let Amount::Number(figure) = parse("1.006,30 tấn", Convention::Unknown) else {
        unreachable!("a number");
    };
    assert_eq!(figure.decimals, 2);
    assert_eq!(figure.thousands, Some(Thousands::Dot));
    assert_eq!(figure.evidence, Convention::Vietnamese);

    let Amount::Number(mut figure) = parse("1.250", Convention::Unknown) else {
        unreachable!("a number");
    };
    assert_eq!((figure.decimals, figure.thousands), (0, Some(Thousands::Dot)));
    figure.read_as(Convention::Unknown);
    assert!(figure.alternative.is_some());
    let Amount::Number(english) = parse("1.250", Convention::English) else {
        unreachable!("a number");
    };
    figure.read_as(Convention::English);
    assert_eq!(figure, english);
}

#[test]
fn plain_numbers() {
    for (text, want) in [
        ("0", Some("0")),
        ("-0", Some("0")),
        ("1006.3", Some("1006.3")),
        ("-0.05", Some("-0.05")),
        ("79228162514264337593543950335", Some("79228162514264337593543950335")),
        ("79228162514264337593543950336", None),
        ("0.00000000000000000000000000001", None),
        ("", None),
        ("-", None),
        ("+5", None),
        (".5", None),
        ("5.", None),
        ("1e5", None),
        ("1_000", None),
        ("1,5", None),
        (" 5", None),
        ("1.2.3", None),
        ("--5", None),
    ] {
        let value = parse_plain(text).map(|value| value.to_string());
        assert_eq!(value.as_deref(), want, "{text:?}");
    }
}

proptest! {
    #[test]
    fn blanks_at_the_ends_change_no_number(text in written(), before in blanks(), behind in blanks()) {
        let text = crate::values::text::trim(&text);
        let padded = format!("{before}{text}{behind}");
        for convention in [Convention::Unknown, Convention::Vietnamese, Convention::English] {
            prop_assert_eq!(parse(&padded, convention), parse(text, convention));
        }
    }
}
