use std::fmt::Write as _;

use super::*;

fn shown(text: &str, convention: Convention) -> String {
    match read(text, convention) {
        Ok((digits, rest)) => {
            let mut line = format!("{} d{}", digits.value.normalize(), digits.decimals);
            if let Some(other) = digits.alternative {
                let _ = write!(line, " or {}", other.normalize());
            }
            line += match digits.thousands {
                Some(Thousands::Dot) => " dot",
                Some(Thousands::Comma) => " comma",
                Some(Thousands::Space) => " space",
                Some(Thousands::Apostrophe) => " apostrophe",
                None => "",
            };
            line += match digits.evidence {
                Convention::Vietnamese => " =>vn",
                Convention::English => " =>en",
                Convention::Unknown => "",
            };
            if digits.stray_space {
                line += " stray";
            }
            if !rest.is_empty() {
                let _ = write!(line, " | {rest}");
            }
            line
        }
        Err(Fault::NotANumber) => "no".to_owned(),
        Err(Fault::TooLong) => "too long".to_owned(),
    }
}

/// One row: the text, then its reading as Vietnamese, English, and unknown.
#[test]
fn readings() {
    for (text, vn, en, unknown) in [
        ("0", "0 d0", "0 d0", "0 d0"),
        ("04", "4 d0", "4 d0", "4 d0"),
        ("1250", "1250 d0", "1250 d0", "1250 d0"),
        ("1.250", "1250 d0 dot", "1.25 d3", "1250 d0 or 1.25 dot"),
        ("1,250", "1.25 d3", "1250 d0 comma", "1.25 d3 or 1250"),
        ("22,072", "22.072 d3", "22072 d0 comma", "22.072 d3 or 22072"),
        ("1.000", "1000 d0 dot", "1 d3", "1000 d0 or 1 dot"),
        ("1.23", "1.23 d2 =>en", "1.23 d2 =>en", "1.23 d2 =>en"),
        ("1,23", "1.23 d2 =>vn", "1.23 d2 =>vn", "1.23 d2 =>vn"),
        ("18,60", "18.6 d2 =>vn", "18.6 d2 =>vn", "18.6 d2 =>vn"),
        ("0.508", "0.508 d3 =>en", "0.508 d3 =>en", "0.508 d3 =>en"),
        ("0,508", "0.508 d3 =>vn", "0.508 d3 =>vn", "0.508 d3 =>vn"),
        ("1076.300", "1076.3 d3 =>en", "1076.3 d3 =>en", "1076.3 d3 =>en"),
        ("1.2345", "1.2345 d4 =>en", "1.2345 d4 =>en", "1.2345 d4 =>en"),
        ("1.006,3", "1006.3 d1 dot =>vn", "1006.3 d1 dot =>vn", "1006.3 d1 dot =>vn"),
        ("1,006.3", "1006.3 d1 comma =>en", "1006.3 d1 comma =>en", "1006.3 d1 comma =>en"),
        ("1.006,300", "1006.3 d3 dot =>vn", "1006.3 d3 dot =>vn", "1006.3 d3 dot =>vn"),
        ("1 006,3", "1006.3 d1 space =>vn", "1006.3 d1 space =>vn", "1006.3 d1 space =>vn"),
        ("1 006.3", "1006.3 d1 space =>en", "1006.3 d1 space =>en", "1006.3 d1 space =>en"),
        ("1 006,300", "1006.3 d3 space =>vn", "no", "1006.3 d3 space =>vn"),
        ("1 006.300", "no", "1006.3 d3 space =>en", "no"),
        ("1 000", "1000 d0 space", "1000 d0 space", "1000 d0 space"),
        ("1\u{a0}000\u{202f}000", "1000000 d0 space", "1000000 d0 space", "1000000 d0 space"),
        ("1\u{2009}006\u{2007}300,5", "1006300.5 d1 space =>vn", "1006300.5 d1 space =>vn", "1006300.5 d1 space =>vn"),
        ("1'234", "1234 d0 apostrophe", "1234 d0 apostrophe", "1234 d0 apostrophe"),
        ("1’234.5", "1234.5 d1 apostrophe =>en", "1234.5 d1 apostrophe =>en", "1234.5 d1 apostrophe =>en"),
        ("12.345.678", "12345678 d0 dot =>vn", "12345678 d0 dot =>vn", "12345678 d0 dot =>vn"),
        ("1,234,567.8", "1234567.8 d1 comma =>en", "1234567.8 d1 comma =>en", "1234567.8 d1 comma =>en"),
        ("35, 27", "35.27 d2 =>vn stray", "35.27 d2 =>vn stray", "35.27 d2 =>vn stray"),
        ("35 ,27", "35.27 d2 =>vn stray", "35.27 d2 =>vn stray", "35.27 d2 =>vn stray"),
        ("1.006 , 3", "1006.3 d1 dot =>vn stray", "1006.3 d1 dot =>vn stray", "1006.3 d1 dot =>vn stray"),
        ("1, 250", "1.25 d3 stray", "1250 d0 comma stray", "1.25 d3 or 1250 stray"),
    ] {
        assert_eq!(shown(text, Convention::Vietnamese), vn, "{text} vietnamese");
        assert_eq!(shown(text, Convention::English), en, "{text} english");
        assert_eq!(shown(text, Convention::Unknown), unknown, "{text} unknown");
    }
}

#[test]
fn refused_under_every_convention() {
    for text in [
        "10 20",
        "1.2.3",
        "12.34.567",
        "1.006.3",
        "1234.567.890",
        "0.123.456",
        "012.345.678",
        "1,2,3",
        "1, 2, 3",
        "1.234,567,8",
        "1,234.567.890",
        "1.234 567",
        "1 234 56",
        "2023 100",
        "0 123",
        "1'23",
        "1.234'567",
        "24.11.2023",
        "1.000.00",
        "1,000,00.5",
        "",
        "x",
        ".5",
        "１",
    ] {
        for convention in [Convention::Vietnamese, Convention::English, Convention::Unknown] {
            assert_eq!(shown(text, convention), "no", "{text:?} {convention:?}");
        }
    }
}

#[test]
fn stops_where_the_number_stops() {
    for (text, want) in [
        ("5.", "5 d0 | ."),
        ("5, ", "5 d0 | , "),
        ("35,  27", "35 d0 |  ,  27".replace(" ,", ",").as_str()),
        ("1  000", "1 d0 |   000"),
        ("1\n000", "1 d0 | \n000"),
        ("18,6 ha", "18.6 d1 =>vn |  ha"),
        ("1_000", "1 d0 | _000"),
    ] {
        assert_eq!(shown(text, Convention::Unknown), want, "{text:?}");
    }
}

#[test]
fn never_rounded() {
    let most = "79.228.162.514.264.337.593.543.950.335";
    assert_eq!(shown(most, Convention::Unknown), "79228162514264337593543950335 d0 dot =>vn");
    for text in [
        "79.228.162.514.264.337.593.543.950.336",
        "99999999999999999999999999999",
        "0,00000000000000000000000000001",
        "1,0000000000000000000000000000000000000000",
        "12345678901234567890,1234567890",
    ] {
        assert_eq!(shown(text, Convention::Unknown), "too long", "{text}");
    }
    let zeros = format!("{}7", "0".repeat(1000));
    assert_eq!(shown(&zeros, Convention::Unknown), "7 d0");
    let digits = "9".repeat(100_000);
    assert_eq!(shown(&digits, Convention::Unknown), "too long");
}
