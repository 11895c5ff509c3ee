//! Words of labels and headers that speak of what a figure is made from. All of them stand here; a label
//! never makes a relation, it only lets one pass or tells two readings of the same figures apart.

use crate::text;

/// Headers of ratios, growth and shares.
const RATIOS: &[&str] = &[
    "%",
    "tỷ lệ",
    "tỉ lệ",
    "tỷ trọng",
    "tỉ trọng",
    "tỷ số",
    "tỉ số",
    "tỷ suất",
    "tỉ suất",
    "so với",
    "so sánh",
    "ss với",
    "so cùng",
    "đạt",
    "hoàn thành",
    "cơ cấu",
    "tăng trưởng",
    "tốc độ",
    "chỉ số",
    "hệ số",
    "bình quân",
    "năng suất",
    "mật độ",
    "trung bình",
    "giá",
    "đơn giá",
    "trên đầu",
    "phần trăm",
    "th/kh",
    "ratio",
    "rate",
    "percent",
    "per ",
    "share",
    "growth",
    "change",
    "index",
    "average",
    "density",
    "yield",
    "margin",
    "cost",
    "price",
];
/// Headers of ratios that are measured or agreed on, and that something is multiplied by: of the three, what
/// they give was computed.
const RATES: &[&str] = &["năng suất", "đơn giá", "giá", "định mức", "mức chi", "yield", "price"];
/// Headers of averages.
const AVERAGES: &[&str] = &["bình quân", "trung bình", "bq", "average", "mean", "avg"];
/// Headers of differences.
const DIFFERENCES: &[&str] = &[
    "chênh lệch",
    "tăng, giảm",
    "tăng giảm",
    "tăng (+)",
    "tăng/giảm",
    "+/-",
    "(+/-)",
    "còn lại",
    "hiệu số",
    "chênh",
    "tăng thêm",
    "difference",
    "change",
    "balance",
    "remaining",
    "net",
    "increase",
    "decrease",
    "variance",
];
/// Labels of totals.
const TOTALS: &[&str] = &["tổng", "cộng", "total", "sum", "chung", "toàn xã", "cả năm", "all"];

fn speaks_of(label: &str, words: &[&str]) -> bool {
    let label = text::fold(label);
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    words.iter().any(|word| {
        let word = text::fold(word);
        let bounded = word.chars().all(|c| c.is_alphanumeric() || c == ' ');
        // A word, not the beginning of another one: "giá" is no part of "giáo dục".
        label.match_indices(&word).any(|(at, found)| {
            let (before, after) = (label[..at].chars().next_back(), label[at + found.len()..].chars().next());
            !bounded || !(is_word(before) || is_word(after))
        })
    })
}

/// Whether a header speaks of a ratio of any kind.
pub(super) fn is_ratio(label: &str) -> bool {
    speaks_of(label, RATIOS)
}

/// Whether a header speaks of what something is multiplied by.
pub(super) fn is_rate(label: &str) -> bool {
    speaks_of(label, RATES)
}

/// Whether a label speaks of an average.
pub(super) fn is_average(label: &str) -> bool {
    speaks_of(label, AVERAGES)
}

/// Whether a label speaks of a difference.
pub(super) fn is_difference(label: &str) -> bool {
    speaks_of(label, DIFFERENCES)
}

/// Whether a label speaks of a total.
pub(super) fn is_total(label: &str) -> bool {
    speaks_of(label, TOTALS)
}
