use proptest::prelude::*;

use super::*;

/// Any text from pieces that mean something to the reader.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "1",
        "0",
        "27",
        "250",
        "006",
        "999999999999999",
        ".",
        ",",
        " ",
        "  ",
        "\u{a0}",
        "'",
        "’",
        "-",
        "–",
        "−",
        "+",
        "/",
        "%",
        "(",
        ")",
        "<",
        ">",
        "=",
        "≥",
        "…",
        "x",
        "\"",
        "÷",
        "~",
        "từ ",
        " đến ",
        " trở lên",
        "trên ",
        "dưới ",
        "không quá ",
        "ước ",
        "(dự kiến)",
        " đạt ",
        "ha",
        "m2",
        "đ",
        "Đ",
        "triệu đồng",
        "\u{200b}",
        "\n",
        "e",
        "_",
        ";",
        "²",
        "５",
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn never_panics(text in any::<String>(), pieces in pieces()) {
        for convention in [Convention::Unknown, Convention::Vietnamese, Convention::English] {
            for text in [&text, &pieces] {
                let _ = parse(text, convention);
                let _ = parse_plain(text);
            }
        }
    }

    /// Under a convention there is one reading, and it is among those kept without one.
    #[test]
    fn a_convention_chooses_among_the_readings(text in pieces()) {
        let unknown = parse(&text, Convention::Unknown);
        for convention in [Convention::Vietnamese, Convention::English] {
            let known = parse(&text, convention);
            prop_assert!(!known.is_ambiguous());
            let (Amount::Number(known), Amount::Number(unknown)) = (&known, &unknown) else {
                continue;
            };
            let mut settled = unknown.clone();
            settled.read_as(convention);
            prop_assert_eq!(&settled, known);
        }
    }

    #[test]
    fn white_space_around_changes_nothing(text in pieces()) {
        let padded = format!("\u{a0}\t{text}\u{202f}\n");
        prop_assert_eq!(parse(&padded, Convention::Unknown), parse(&text, Convention::Unknown));
    }

    #[test]
    fn a_unit_behind_changes_no_value(mantissa in any::<i64>(), scale in 0u32..=10) {
        let value = Decimal::new(mantissa, scale);
        let text = format!("{} tấn", crate::values::number::vietnamese(value));
        match parse(&text, Convention::Vietnamese) {
            Amount::Number(figure) => {
                prop_assert_eq!(figure.value, value);
                prop_assert_eq!(figure.unit.as_deref(), Some("tấn"));
            }
            other => prop_assert!(false, "{:?}", other),
        }
    }
}
