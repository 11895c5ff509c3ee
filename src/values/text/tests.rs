//! What holds for every text: blanks at its ends change nothing, and nothing panics.

use proptest::prelude::*;

use super::*;

/// Every blank that a cell was ever seen to end in, zero-width ones too.
pub(crate) fn blanks() -> impl Strategy<Value = String> {
    "[ \t\r\n\u{A0}\u{2003}\u{2009}\u{202F}\u{3000}\u{200B}\u{200D}\u{FEFF}\u{2060}\u{85}]{0,4}"
}

/// Labels, headers and cell texts as offices write them, with anything else among them.
pub(crate) fn written() -> impl Strategy<Value = String> {
    prop_oneof![
        "(\\PC|[ .,:;()/*+0-9IVXLCxac\u{2013}-]|đ|Đ|\u{AD}|\u{301}|\u{323}){0,14}",
        "(L|C|V|X|I|i|x|c|a|A)(úa|on|ải|ã| -|\\.|\\)|:|/|)? ?(Lúa|ngô|m²|%|)",
        "(1\\.|1\\.1|I\\.|- |\\* |a\\) |\\(1\\) |)(Tổng số|Cộng|Lúa mùa|Sản lượng \\(tấn\\)|ĐVT: ha|>= 90 %|1\\.250,5|Đạt)",
        any::<String>().prop_map(|text| text.chars().take(20).collect()),
    ]
}

proptest! {
    #[test]
    fn blanks_at_the_ends_change_no_key(text in written(), before in blanks(), behind in blanks()) {
        // A mark at the start would join a blank before it; readers give composed text.
        let text: String = trim(&text).to_owned();
        let padded = format!("{before}{text}{behind}");
        prop_assert_eq!(fold(&padded), fold(&text));
        prop_assert_eq!(skeleton(&padded), skeleton(&text));
        prop_assert_eq!(fold_label(&padded), fold_label(&text));
        prop_assert_eq!(leading_ordinal(&padded), leading_ordinal(&text));
        prop_assert_eq!(ordinal(&padded), ordinal(&text));
        prop_assert_eq!(is_total(&padded), is_total(&text));
        prop_assert_eq!(matches_pattern(&padded, "lúa * mùa"), matches_pattern(&text, "lúa * mùa"));
        prop_assert_eq!(matches_pattern("*số*", &padded), matches_pattern("*số*", &text));
        prop_assert_eq!(similar(&padded, "Tông số"), similar(&text, "Tông số"));
        prop_assert_eq!(distance(&padded, &padded), 0);
    }

    #[test]
    fn blanks_at_the_ends_change_no_encoding(text in written(), before in blanks(), behind in blanks()) {
        let text: String = trim(&text).to_owned();
        // As a byte of old text it is a mark of punctuation.
        let padded = format!("{before}{text}{behind}").replace('\u{85}', " ");
        for font in [None, Some(".VnTimeH"), Some("VNI-Times"), Some("Arial")] {
            for near in [Evidence::default(), Evidence { tcvn3: 9, ..Evidence::default() }] {
                let (plain, other) = (decode(&text, font, near), decode(&padded, font, near));
                prop_assert_eq!(fold(&plain.text), fold(&other.text), "{:?} {:?}", &text, font);
                prop_assert_eq!(plain.encoding, other.encoding);
            }
        }
    }

    #[test]
    fn spellings_of_a_name_share_a_hash(text in written(), before in blanks()) {
        let build = foldhash::fast::RandomState::default();
        for other in [fold(&text), text.to_uppercase(), format!("{before}{text}")] {
            if is_same_name(&text, &other) {
                prop_assert_eq!(name_hash(&text, &build), name_hash(&other, &build), "{:?}", other);
            }
        }
    }

    #[test]
    fn what_is_split_is_the_label(text in written(), before in blanks(), behind in blanks()) {
        let padded = format!("{before}{text}{behind}");
        let (numbering, name) = ordinal::split_numbering(&padded);
        prop_assert_eq!(format!("{numbering}{name}"), trim(&padded));
    }
}

#[test]
fn a_label_that_ends_in_a_blank_is_numbered_as_without() {
    for blank in [" ", "  ", "\u{A0}", "\t", "\n", "\u{200B}"] {
        for (label, numbered) in
            [("Lúa", false), ("Con", false), ("Vải", false), ("Đàn trâu", false), ("I. Lúa", true), ("- Ngô", true)]
        {
            assert_eq!(leading_ordinal(&format!("{label}{blank}")).is_some(), numbered, "{label:?}{blank:?}");
        }
    }
}

#[test]
fn soft_hyphens_in_unicode_are_no_tcvn3() {
    for raw in [
        "Đàn tr\u{AD}âu",
        "trâu\u{AD}bò",
        "to\u{AD}án",
        "Sản l\u{AD}ượng",
        "san\u{AD}luong",
        "Diện t\u{AD}ích m\u{AD}a",
        "co\u{AD}operation",
        "c\u{AD}a",
        "Vụ mùa\u{AD}",
        "\u{AD}Lúa",
    ] {
        for near in [Evidence::default(), Evidence { unicode: 9, ..Evidence::default() }] {
            let decoded = decode(raw, None, near);
            assert_eq!((&*decoded.text, decoded.encoding), (raw, Encoding::Unicode));
            assert_eq!(fold(raw), fold(&raw.replace('\u{AD}', "")));
        }
    }
    // Among TCVN3 it is the letter ư.
    let near = Evidence { tcvn3: 9, ..Evidence::default() };
    assert_eq!(decode("m\u{AD}a", None, near).text, "mưa");
}
