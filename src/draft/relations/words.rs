//! Words of labels and headers that speak of what a figure is made from. All of them stand here; a label
//! never makes a relation, it only lets one pass or tells two readings of the same figures apart.

use std::sync::LazyLock;

use crate::values::text;

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
/// What "bình quân" is at the end of an abbreviation: "ĐTBQ", "TNBQ".
const SHORT_AVERAGE: &str = "bq";
/// The longest such abbreviation.
const LONGEST_SHORT: usize = 6;
/// Labels of figures that say nothing of a whole when they are added up, whatever their unit.
const NEVER_ADDED: &[&str] = &[
    "%",
    "tỷ lệ",
    "tỷ trọng",
    "tỷ số",
    "tỷ suất",
    "cơ cấu",
    "tốc độ",
    "chỉ số",
    "hệ số",
    "năng suất",
    "mật độ",
    "đơn giá",
    "thứ hạng",
    "xếp hạng",
    "rate",
    "ratio",
    "percent",
    "share",
    "index",
    "density",
    "yield",
    "rank",
];
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

/// What a label speaks of.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "one a list of words")]
pub(super) struct Said {
    /// A ratio of any kind.
    pub(super) ratio: bool,
    /// What something is multiplied by.
    pub(super) rate: bool,
    pub(super) average: bool,
    pub(super) difference: bool,
    pub(super) total: bool,
}

/// A word as it is looked for.
struct Wanted {
    word: String,
    /// A word, not the beginning of another one: "giá" is no part of "giáo dục".
    bounded: bool,
}

/// What a label speaks of.
pub(super) fn said(label: &str) -> Said {
    static WANTED: LazyLock<[Vec<Wanted>; 5]> = LazyLock::new(|| {
        [RATIOS, RATES, AVERAGES, DIFFERENCES, TOTALS].map(|words| {
            let wanted = |word: &&str| {
                let word = text::fold(word);
                let bounded = word.chars().all(|c| c.is_alphanumeric() || c == ' ');
                (!word.is_empty()).then_some(Wanted { word, bounded })
            };
            words.iter().filter_map(wanted).collect()
        })
    });
    if label.trim().is_empty() {
        return Said::default();
    }
    let label = text::fold(label);
    let [ratio, rate, average, difference, total] =
        std::array::from_fn(|list| WANTED[list].iter().any(|wanted| speaks_of(&label, wanted)));
    let average = average || is_short_average(&label);
    Said { ratio: ratio || average, rate, average, difference, total }
}

fn is_short_average(folded: &str) -> bool {
    let mut words = folded.split(|c: char| !c.is_alphanumeric());
    words.any(|word| word.ends_with(SHORT_AVERAGE) && word.chars().count() <= LONGEST_SHORT)
}

/// Whether figures with such a label do not add up over villages or months.
pub(in crate::draft) fn never_adds(label: &str) -> bool {
    static WANTED: LazyLock<Vec<Wanted>> = LazyLock::new(|| {
        let wanted = |word: &&str| {
            let word = text::fold(word);
            let bounded = word.chars().all(|c| c.is_alphanumeric() || c == ' ');
            Wanted { word, bounded }
        };
        NEVER_ADDED.iter().chain(AVERAGES).map(wanted).collect()
    });
    let label = text::fold(label);
    is_short_average(&label) || WANTED.iter().any(|wanted| speaks_of(&label, wanted))
}

fn speaks_of(label: &str, wanted: &Wanted) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    label.match_indices(&wanted.word).any(|(at, found)| {
        let (before, after) = (label[..at].chars().next_back(), label[at + found.len()..].chars().next());
        !wanted.bounded || !(is_word(before) || is_word(after))
    })
}
