//! Labels of rows and columns: matching without numbering, totals, patterns.

use super::fold::{fold, is_blank, is_quote};
use super::ordinal::{Ordinal, ordinal, split_numbering};

/// The slips keep the letters: Tông, Tống, sô. "Công" alone is labour.
const TOTALS: [&str; 14] = [
    "tổng",
    "cộng",
    "tc",
    "t.cộng",
    "t. cộng",
    "t/cộng",
    "tổng số",
    "tổng cộng",
    "tông số",
    "tổng sô",
    "tông cộng",
    "tống số",
    "tổng công",
    "tống cộng",
];

/// What a total is of, after or instead of the word.
const WHOLES: [&str; 9] =
    ["toàn xã", "toàn phường", "toàn thị trấn", "toàn huyện", "toàn tỉnh", "toàn quốc", "cả nước", "toàn bộ", "chung"];

/// [`fold`] without the numbering before the label ("I. ", "1.", "1.1 ", "a) ", "(1) ", "- ")
/// and without the colon after it.
///
/// Numbers that belong to the text stay: "100 triệu đồng/ha", "10 cây", "1.5 ha".
#[must_use]
pub fn fold_label(label: &str) -> String {
    let (_, name) = numbering_and_name(label);
    let mut key = fold(without_mark(name));
    let end = key.trim_end_matches([':', ' ']).len();
    if end > 0 {
        key.truncate(end);
    }
    key
}

/// A text without the raised mark of a footnote at its end: "369¹", "Đàn trâu²". A raised digit
/// behind the metre is part of the unit.
#[must_use]
pub fn without_mark(text: &str) -> &str {
    let is_mark =
        |c: char| matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹' | '⁽' | '⁾' | '⁺' | '⁻' | 'ᵃ' | 'ᵇ' | 'ᶜ' | 'ᵈ' | 'ᵉ');
    // As it nearly always is.
    let whole = text.trim_end_matches(is_blank);
    if !whole.ends_with(is_mark) {
        return text;
    }
    let bare = whole.trim_end_matches(is_mark);
    let last = bare.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let marks = &whole[bare.len()..];
    let is_unit = matches!(last, "m" | "km" | "dm" | "cm" | "mm" | "M") && marks.starts_with(['²', '³']);
    match (bare.is_empty(), is_unit) {
        (true, _) => text,
        (false, true) => &whole[..bare.len() + '²'.len_utf8()],
        (false, false) => bare,
    }
}

/// A label as it stands, without the numbering before it.
pub(crate) fn without_numbering(label: &str) -> &str {
    super::fold::trim(numbering_and_name(label).1)
}

/// The numbering before a label, where there is one: "1.1 Lúa", "- Diện tích".
#[must_use]
pub fn leading_ordinal(label: &str) -> Option<Ordinal> {
    ordinal(numbering_and_name(label).0)
}

fn numbering_and_name(label: &str) -> (&str, &str) {
    split_numbering(label.trim_start_matches(|c| is_blank(c) || is_quote(c)))
}

/// Whether a label is nothing but a total: "Tổng số", "Tổng cộng", "Cộng", "Toàn xã", "TC",
/// "Tổng", with the usual slips of the tones ("Tông số"), a remark in parentheses
/// ("Tổng cộng (I+II)"), "toàn xã" or "chung" after it.
///
/// "Tổng sản lượng lúa" is an indicator, "Cộng đồng" and "Cộng hòa" are other words.
#[must_use]
pub fn is_total(label: &str) -> bool {
    // Cheap: nearly every label of a sheet is asked.
    if label.len() > 200 {
        return false;
    }
    let key = fold_label(label);
    let mut rest = without_remark(&key);
    for whole in WHOLES {
        if let Some(start) = rest.strip_suffix(whole) {
            if start.is_empty() {
                return whole != "toàn bộ";
            }
            rest = start.trim_end_matches([' ', '-', ',']);
            break;
        }
    }
    TOTALS.contains(&rest) || (rest.is_ascii() && matches!(rest, "tong so" | "tong cong" | "tong"))
}

/// Whether a label is one of the words for a total, spelt right: such words stand for each other.
pub(crate) fn is_total_word(label: &str) -> bool {
    const WORDS: [&str; 5] = ["tổng", "cộng", "tổng số", "tổng cộng", "tc"];
    let key = fold_label(label);
    let rest = without_remark(&key);
    WORDS.contains(&rest) || WHOLES.contains(&rest) && rest != "toàn bộ" || {
        let whole = WHOLES.iter().find_map(|whole| rest.strip_suffix(whole));
        whole.is_some_and(|start| WORDS.contains(&start.trim_end_matches([' ', '-', ','])))
    }
}

/// Whether a label begins as that of a total does: "Cộng cụm 1", "Tổng số hộ nghèo". It may be a
/// name all the same.
pub(crate) fn begins_as_total(label: &str) -> bool {
    // Cheap: every row of a village is asked.
    let start = label.trim_start_matches(|c: char| !c.is_alphabetic());
    let may_be = matches!(start.chars().next(), Some('t' | 'T' | 'c' | 'C'));
    may_be && label.len() <= 200 && {
        let key = fold_label(label);
        let is_word = |word: &str| key.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
        let is_community = ["cộng đồng", "cộng hòa", "cộng tác"].iter().any(|word| key.starts_with(word));
        !is_community
            && (is_total(label) || ["tổng", "cộng", "tổng số", "tổng cộng", "toàn xã"].into_iter().any(is_word))
    }
}

/// Whether a label says that its row compares others or is a rate of them: "So với cùng kỳ (%)",
/// "Năm 2022", "Tăng, giảm", "Bình quân một hộ". No place is called so.
pub(crate) fn compares(label: &str) -> bool {
    const STARTS: [&str; 16] = [
        "so với",
        "so sánh",
        "so cùng kỳ",
        "cùng kỳ",
        "năm trước",
        "kỳ trước",
        "năm ngoái",
        "tỷ lệ",
        "tỉ lệ",
        "tỷ trọng",
        "cơ cấu",
        "bình quân",
        "chênh lệch",
        "tốc độ",
        "tăng giảm",
        "kế hoạch năm",
    ];
    const WHOLE: [&str; 6] = ["tăng", "giảm", "tăng trưởng", "kế hoạch", "thực hiện", "%"];
    // Cheap: every row of a village is asked.
    let start = label.trim_start_matches(|c: char| !c.is_alphabetic() && c != '%');
    let may_be = matches!(
        start.chars().next(),
        Some('s' | 'S' | 'c' | 'C' | 'n' | 'N' | 't' | 'T' | 'k' | 'K' | 'b' | 'B' | 'g' | 'G' | '%')
    );
    if !may_be || label.len() > 200 {
        return false;
    }
    let key = fold_label(label).replace([',', '/', '-'], " ");
    let words: Vec<&str> = key.split_whitespace().collect();
    let key = words.join(" ");
    let begins = |word: &str| key.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    let is_year = |word: &&str| word.parse().is_ok_and(|year| (1900..=2100).contains(&year));
    let of_a_year = matches!(words.as_slice(), ["năm" | "kh" | "th", year, ..] if is_year(year));
    STARTS.into_iter().any(begins)
        || WHOLE.contains(&without_remark(&key))
        || ["tăng", "giảm", "thực hiện", "ước"].into_iter().any(|word| {
            begins(word)
                && (key.contains("so với") || key.contains("cùng kỳ") || words.iter().any(is_year) || key.contains('%'))
        })
        || of_a_year
}

/// The key without closing punctuation and a closing remark in parentheses.
fn without_remark(key: &str) -> &str {
    let punctuation = [' ', '.', ':', ';', ',', '=', '*', '-'];
    let key = key.trim_end_matches(punctuation);
    match key.strip_suffix(')').and_then(|inner| inner.rfind('(')) {
        Some(open) => key[..open].trim_end_matches(punctuation),
        None => key,
    }
}

/// Whether `text` as a whole fits `pattern`, both folded; `*` in the pattern stands for
/// any run of characters, also none.
#[must_use]
pub fn matches_pattern(pattern: &str, text: &str) -> bool {
    matches_folded(&fold(pattern), &fold(text))
}

/// [`matches_pattern`] for a pattern and a text that are folded already.
#[must_use]
pub fn matches_folded(pattern: &str, text: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut rest) = text.strip_prefix(head) else {
        return false;
    };
    // The leftmost place for each inner piece leaves most to the others.
    let mut pieces = tail.split('*').peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        let Some(at) = rest.find(piece) else {
            return false;
        };
        rest = &rest[at + piece.len()..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_footnotes() {
        for (text, bare) in [
            ("369¹", "369"),
            ("369⁽¹⁾ ", "369"),
            ("Đàn bò²", "Đàn bò"),
            ("5 m²", "5 m²"),
            ("Nhà kho, m³", "Nhà kho, m³"),
            ("Diện tích m²¹", "Diện tích m²"),
            ("²", "²"),
            ("", ""),
            ("Lúa", "Lúa"),
        ] {
            assert_eq!(without_mark(text), bare, "{text}");
        }
        assert_eq!(fold_label("1. Đàn bò²"), fold_label("Đàn bò"));
    }

    proptest::proptest! {
        /// What `Pattern::may_match` relies on.
        #[test]
        fn a_digit_at_the_end_stays(text in "(\\PC|[ .()0-9IVxa-cđƠộ\u{300}\u{323}-])*", digit in "[0-9]") {
            let key = fold_label(&(text + &digit));
            proptest::prop_assert!(key.is_empty() || key.ends_with(&digit), "{key}");
        }
    }

    #[test]
    fn numbering_goes() {
        for (label, key) in [
            ("I. Nông nghiệp", "nông nghiệp"),
            ("1. Cây lúa", "cây lúa"),
            ("1.Cây lúa", "cây lúa"),
            ("1.GDP theo giá 1994", "gdp theo giá 1994"),
            ("1.1 Lúa xuân", "lúa xuân"),
            ("1.1. Lúa xuân", "lúa xuân"),
            ("I.1. Lúa", "lúa"),
            ("a) Diện tích", "diện tích"),
            ("a. Diện tích", "diện tích"),
            ("đ) Sản lượng", "sản lượng"),
            ("(1) Thu nội địa", "thu nội địa"),
            ("- Diện tích", "diện tích"),
            ("  -Diện tích", "diện tích"),
            ("– Diện tích:", "diện tích"),
            ("* Năng suất", "năng suất"),
            ("+ Sản lượng", "sản lượng"),
            ("_ Bổ sung cân đối", "bổ sung cân đối"),
            ("- 1. Lúa", "lúa"),
            ("A - Trồng trọt", "trồng trọt"),
            ("IV- Thủy sản", "thủy sản"),
            ("1/ Chăn nuôi", "chăn nuôi"),
            ("\u{A0}\u{FEFF}2. Ngô", "ngô"),
            ("\"Gia đình văn hóa\"", "gia đình văn hóa"),
            ("3. Thuỷ sản:", "thủy sản"),
        ] {
            assert_eq!(fold_label(label), key, "{label:?}");
        }
    }

    #[test]
    fn numbers_of_the_text_stay() {
        for label in [
            "100 triệu đồng/ha",
            "10 cây",
            "1.5 ha lúa",
            "1.000 con",
            "2.500,5 tấn",
            "-5",
            "+5%",
            "1.",
            "(1)",
            "-",
            "I",
            "4/6 thôn",
            "h. long thành",
            "p. tân mai",
            "tx. long khánh",
            "a lưới",
            "x-quang",
            "6-9 tháng",
            "(ha)",
            "2023",
            "v.v. và khác",
            "v.a.c tổng hợp",
        ] {
            assert_eq!(fold_label(label), fold(label), "{label:?}");
        }
        assert_eq!(fold_label(":"), ":");
    }

    #[test]
    fn totals() {
        for label in [
            "Tổng số",
            "TỔNG CỘNG",
            "Cộng",
            "Cộng:",
            "Toàn xã",
            "TC",
            "Tổng",
            "Tông số",
            "Tổng sô",
            "Tổng cộng (I+II)",
            "Tổng số (A+B):",
            "I. Tổng số",
            "* Tổng cộng",
            "Tổng số toàn xã",
            "Tổng toàn xã",
            "Cộng chung",
            "Tổng cộng chung",
            "Tong cong",
            "  T\u{1ed5}ng s\u{1ed1} ",
            "Tổng cộng...",
            "T. Cộng",
            "Tổng - toàn xã",
            "Tổng số:  ",
        ] {
            assert!(is_total(label), "{label:?}");
        }
        for label in [
            "Tổng sản lượng lương thực",
            "Cộng đồng dân cư",
            "Cộng hòa xã hội",
            "Cộng hoà",
            "Công",
            "Tổng đàn trâu",
            "Tổng số hộ",
            "Trong đó",
            "Toàn",
            "",
            "Số",
            "(Tổng số)",
            "Tổng thu NSNN",
            "Lúa toàn xã",
            "Chung cư",
            "Cong",
            "Công cộng",
            "Toàn bộ",
        ] {
            assert!(!is_total(label), "{label:?}");
        }
    }

    #[test]
    fn patterns() {
        for (pattern, text, fits) in [
            ("Biểu * trồng trọt", "BIỂU 01 Trồng  trọt", true),
            ("*năm 2023*", "Kế hoạch năm 2023 (ha)", true),
            ("*năm 2023", "Kế hoạch năm 2023 (ha)", false),
            ("Tổng * (ha)", "Tổng diện tích (ha)", true),
            ("Thuỷ sản", "thủy sản", true),
            ("Thủy sản", "thủy sản khác", false),
            ("*", "", true),
            ("a*a", "a", false),
            ("a*b*c", "aXbXbXc", true),
            ("a*b*c", "aXcXb", false),
            ("**", "x", true),
            ("", "", true),
            ("", "x", false),
            ("KH*2023", "KH năm\n2023", true),
        ] {
            assert_eq!(matches_pattern(pattern, text), fits, "{pattern} {text}");
        }
    }
}
