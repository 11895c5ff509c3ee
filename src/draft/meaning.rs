//! What a header says of the figures below it: plan, result, estimate, a year, a ratio of two of them.

use crate::{
    model::catalogue::{Catalogue, MeasureId, MeasureKind},
    values::{period::Period, text},
};

/// A number of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Base {
    /// What is to be reached.
    Plan,
    /// What was reached.
    Actual,
    /// What is expected.
    Estimate,
    /// The same period of the year before.
    SamePeriod,
    /// A year and nothing else.
    Year,
}

/// A base with the year that goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Value {
    /// What number it is.
    pub base: Base,
    /// Of which year, where it is said.
    pub year: Option<i32>,
}

/// What a header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A number of its own.
    Value(Value),
    /// Numerator and denominator, as far as they are named.
    Ratio(Option<Value>, Option<Value>),
    /// The same, less the whole.
    Growth(Option<Value>, Option<Value>),
    /// A part of a whole.
    Share,
    /// Met or missed.
    Verdict,
    /// Remarks.
    Note,
    /// Codes that are no figures.
    Code,
    /// The name of something else.
    Name,
}

/// Years of four digits in a text.
pub fn years(text: &str) -> Vec<i32> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|group| group.len() == 4)
        .filter_map(|group| group.parse().ok())
        .filter(|year| (1900..=2100).contains(year))
        .collect()
}

fn has_word(words: &[&str], wanted: &[&str]) -> bool {
    wanted.iter().any(|wanted| words.contains(wanted))
}

/// A word and the year that is written close to it: "th2030".
fn without_year(word: &str) -> (&str, &str) {
    let bare = word.trim_end_matches(|c: char| c.is_ascii_digit());
    let year = &word[bare.len()..];
    if year.len() == 4 && !years(year).is_empty() { (bare, year) } else { (word, "") }
}

/// The base that a folded text names, without its year.
fn base(folded: &str) -> Option<Base> {
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<&str> = words
        .flat_map(|word| {
            let (word, year) = without_year(word);
            [word, year]
        })
        .filter(|word| !word.is_empty())
        .collect();
    let digits = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
    if folded.contains("cùng kỳ") || has_word(&words, &["ck"]) {
        return Some(Base::SamePeriod);
    }
    if folded.contains("kế hoạch")
        || folded.contains("dự toán")
        || folded.contains("mục tiêu")
        || folded.contains("nghị quyết")
        || folded.contains("chỉ tiêu giao")
        || has_word(&words, &["kh", "nq", "plan", "target"])
    {
        return Some(Base::Plan);
    }
    if has_word(&words, &["ước", "ưth", "uth", "estimate"]) {
        return Some(Base::Estimate);
    }
    if folded.contains("thực hiện")
        || folded.contains("quyết toán")
        || folded.contains("kết quả")
        || folded == "số lượng"
        || has_word(&words, &["th", "actual"])
    {
        return Some(Base::Actual);
    }
    let rest: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| !digits(word) && !["năm", "prel", "sơ", "bộ", "year", "x"].contains(word))
        .collect();
    let is_year = !years(folded).is_empty() && rest.iter().all(|word| word.starts_with('x') && digits(&&word[1..]));
    is_year.then_some(Base::Year)
}

fn value(folded: &str) -> Option<Value> {
    Some(Value { base: base(folded)?, year: only_year(folded) })
}

/// The year of a text; a school year of two names none.
fn only_year(folded: &str) -> Option<i32> {
    match years(folded).as_slice() {
        [year] => Some(*year),
        _ => None,
    }
}

/// What header texts say, folded, outermost first.
pub fn meaning(texts: &[String]) -> Meaning {
    let Some(leaf) = texts.last() else { return Meaning::Name };
    let all = texts.join(" > ");
    let begins = |text: &str, words: &[&str]| words.iter().any(|word| text.starts_with(word));
    if begins(leaf, &["ghi chú", "nguồn số liệu", "lý do", "diễn giải", "giải trình", "note"]) {
        return Meaning::Note;
    }
    if leaf.starts_with("đánh giá") || (leaf.contains("vượt") && leaf.contains("đạt")) {
        return Meaning::Verdict;
    }
    if leaf.starts_with("mã ") || leaf == "mã" || leaf == "code" || leaf.ends_with(" code") {
        return Meaning::Code;
    }
    if begins(leaf, &["cơ cấu", "tỷ trọng"]) {
        return Meaning::Share;
    }
    let speaks = |text: &str| {
        begins(text, &["so sánh", "so với", "so ", "tỷ lệ", "tốc độ", "% ", "chỉ số phát triển"])
            || text == "%"
            || text.ends_with("(%)")
    };
    let compares = texts.iter().any(|text| speaks(text)) || (leaf.contains('%') && base(leaf).is_some());
    let quotient = quotient(leaf);
    if compares || quotient.is_some() {
        let (of, to) = quotient.unwrap_or_else(|| {
            // "% so cùng kỳ", "% KH": what it is compared with.
            let own = leaf.trim_start_matches(['%', ' ', '(', ')']);
            (None, value(own).filter(|_| own != "tỷ lệ"))
        });
        let grows = all.contains("tăng") || all.contains("giảm") || all.contains("tốc độ");
        let is_named = of.is_some() || to.is_some();
        let is_bare = matches!(
            leaf.trim_matches(['(', ')', ' ']),
            "tỷ lệ"
                | "tỷ lệ %"
                | "tỷ lệ%"
                | "%"
                | "tỷ lệ (%)"
                | "tỷ lệ(%)"
                | "đạt %"
                | "% đạt"
                | "tỷ lệ đạt"
                | "tỷ lệ đạt (%)"
        );
        if grows && !leaf.contains("tỷ lệ tăng dân số") {
            return Meaning::Growth(of, to);
        }
        if is_named || is_bare || begins(leaf, &["so sánh", "so với"]) {
            return Meaning::Ratio(of, to);
        }
    }
    // The lowest text that names a number says which; the year may stand above it.
    let named = texts.iter().rev().find_map(|text| base(text).filter(|base| *base != Base::Year));
    let year = texts.iter().rev().find(|text| !years(text).is_empty()).and_then(|text| only_year(text));
    let is_leaf = base(leaf).is_some() || texts.len() == 1;
    match (named, base(leaf)) {
        // "Năm 2030 > Cùng kỳ" is of the year before.
        (Some(Base::SamePeriod), _) if is_leaf => {
            Meaning::Value(Value { base: Base::SamePeriod, year: years(leaf).first().copied() })
        }
        (Some(base), _) if is_leaf => Meaning::Value(Value { base, year }),
        (None, Some(Base::Year)) => Meaning::Value(Value { base: Base::Year, year }),
        _ => Meaning::Name,
    }
}

/// "ƯTH 2024/TH 2023", "thực hiện so với kế hoạch".
fn quotient(leaf: &str) -> Option<(Option<Value>, Option<Value>)> {
    let (of, to) = leaf.split_once('/').or_else(|| leaf.split_once(" so với ")).or_else(|| leaf.split_once(" so "))?;
    let (of, to) = (value(of), value(to));
    // "TH 6T/2024" divides nothing.
    let is_both =
        to.is_some_and(|to| to.base != Base::Year) || (of.is_some_and(|of| of.base == Base::Year) && to.is_some());
    (is_both && (of.is_some() || leaf.contains(" so "))).then_some((of, to))
}

/// How well a measure of a catalogue fits what a header says, from 0 to 100.
pub fn fit(meaning: &Meaning, catalogue: &Catalogue, id: MeasureId) -> u32 {
    let measure = catalogue.measure(id);
    match (meaning, measure.kind) {
        (Meaning::Note, MeasureKind::Note)
        | (Meaning::Verdict, MeasureKind::Verdict { .. })
        | (Meaning::Share, MeasureKind::Share { .. }) => 90,
        (Meaning::Ratio(None, None), MeasureKind::Share { .. }) => 40,
        (Meaning::Ratio(of, to) | Meaning::Growth(of, to), MeasureKind::Ratio { of: own_of, to: own_to, .. }) => {
            let side = |said: &Option<Value>, own: MeasureId| match said {
                None => Some(0),
                Some(said) => Some(fit_value(*said, catalogue, own)).filter(|fit| *fit >= 50),
            };
            match (side(of, own_of), side(to, own_to)) {
                (Some(a), Some(b)) => 60 + (a + b) / 6,
                _ => 0,
            }
        }
        (Meaning::Value(value), _) if measure.is_base() => fit_value(*value, catalogue, id),
        _ => 0,
    }
}

/// What a measure of a catalogue is by its kind and its label.
fn value_of(catalogue: &Catalogue, id: MeasureId) -> (Option<Base>, i32, bool) {
    let measure = catalogue.measure(id);
    let folded = text::fold(&measure.label);
    let year = years(&folded).first().copied();
    let by_label = value(&folded).map(|value| value.base);
    let base = match measure.kind {
        MeasureKind::Plan => Some(Base::Plan),
        MeasureKind::Actual => Some(Base::Actual),
        MeasureKind::Estimate => Some(Base::Estimate),
        _ => by_label,
    };
    let default = match base {
        Some(Base::SamePeriod) => catalogue.period.year - 1,
        _ => catalogue.period.year,
    };
    (base, year.unwrap_or(default), year.is_some())
}

fn fit_value(said: Value, catalogue: &Catalogue, id: MeasureId) -> u32 {
    let (Some(own), year, _) = value_of(catalogue, id) else { return 0 };
    let said_year = said.year.unwrap_or(match said.base {
        Base::SamePeriod => catalogue.period.year - 1,
        _ => catalogue.period.year,
    });
    if said_year != year {
        return 0;
    }
    let is_standard = matches!(catalogue.measure(id).kind, MeasureKind::Other);
    match (said.base, own) {
        (a, b) if a == b => 95,
        (Base::SamePeriod, Base::Actual) | (Base::Actual, Base::SamePeriod) if is_standard => 90,
        (Base::Year, Base::Actual) if is_standard => 85,
        (Base::Year, Base::Actual) => 60,
        // "Năm 2025 (ước)" among years is the result of that year.
        (Base::Estimate, Base::Actual) if is_standard => 55,
        (Base::Actual | Base::SamePeriod, Base::Year) => 70,
        _ => 0,
    }
}

/// How a year is written so that the next period finds it: `{year-1}`; as it is where it is far off.
pub fn placeholder(year: i32, period: &Period) -> String {
    let far = |offset: i32| offset.abs() > 2;
    if period.first_year != period.year && (period.first_year..=period.year).contains(&year) {
        return match year - period.first_year {
            0 => "{first-year}".to_owned(),
            offset => format!("{{first-year+{offset}}}"),
        };
    }
    match year - period.year {
        0 => "{year}".to_owned(),
        offset if far(offset) => year.to_string(),
        offset if offset > 0 => format!("{{year+{offset}}}"),
        offset => format!("{{year{offset}}}"),
    }
}

/// A text with its years written as placeholders.
pub fn with_placeholders(written: &str, period: &Period) -> String {
    let mut out = String::with_capacity(written.len());
    let mut digits = String::new();
    let flush = |digits: &mut String, out: &mut String| {
        let year = digits.parse().ok().filter(|year| digits.len() == 4 && (1990..=2100).contains(year));
        match year {
            Some(year) => out.push_str(&placeholder(year, period)),
            None => out.push_str(digits),
        }
        digits.clear();
    };
    for c in written.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
        } else {
            flush(&mut digits, &mut out);
            out.push(c);
        }
    }
    flush(&mut digits, &mut out);
    out
}

/// The last year of rows that are years: a table of many years is about the last one.
pub fn last_year<'t>(labels: impl Iterator<Item = &'t str>) -> Option<Period> {
    let is_year = |label: &str| {
        let bare = text::trim(label);
        let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
        let is_name = text::fold(bare).starts_with("năm ");
        (digits == 4 || is_name).then(|| years(bare).last().copied()).flatten()
    };
    Period::parse(&labels.filter_map(is_year).max()?.to_string())
}

/// The period that titles, headers and file names speak of most: years in titles count thrice.
pub fn period_of<'t>(titles: impl Iterator<Item = &'t str>, others: impl Iterator<Item = &'t str>) -> Option<Period> {
    let mut counts: std::collections::BTreeMap<i32, usize> = std::collections::BTreeMap::new();
    let mut months: std::collections::BTreeMap<u8, usize> = std::collections::BTreeMap::new();
    let mut count = |text: &str, weight: usize, is_title: bool| {
        let folded = text::fold(text);
        // The date of a document is no period.
        if folded.contains("ngày") || folded.contains("/qđ") || folded.contains("/nq") {
            return;
        }
        let own = years(&folded);
        // "2021 - 2025" and "2023-2024" name the last and the first of them.
        for year in &own {
            *counts.entry(*year).or_default() += weight;
        }
        if is_title {
            for (words, own) in [("6 tháng", 6), ("9 tháng", 9), ("3 tháng", 3), ("sáu tháng", 6), ("chín tháng", 9)]
            {
                if folded.contains(words) && !folded.contains("cả năm") {
                    *months.entry(own).or_default() += 1;
                }
            }
        }
    };
    for title in titles {
        count(title, 3, true);
    }
    for other in others {
        count(other, 1, false);
    }
    let most = counts.values().max().copied()?;
    // Of equals the later: a table compares with years before.
    let year = counts.iter().rev().find(|(_, count)| **count == most).map(|(year, _)| *year)?;
    let part = months.iter().max_by_key(|(_, count)| **count).filter(|(_, count)| **count > 0);
    Period::parse(&match part {
        Some((months, _)) => format!("{year}-{months}T"),
        None => year.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str]) -> Meaning {
        meaning(&texts.iter().map(|text| text::fold_label(text)).collect::<Vec<_>>())
    }

    #[test]
    fn headers_say_what_stands_below() {
        let value = |base, year| Meaning::Value(Value { base, year });
        assert_eq!(of(&["Kế hoạch 2030"]), value(Base::Plan, Some(2030)));
        assert_eq!(of(&["Kết quả năm 2030", "Thực hiện"]), value(Base::Actual, Some(2030)));
        assert_eq!(of(&["ƯTH 2030"]), value(Base::Estimate, Some(2030)));
        assert_eq!(of(&["ƯTH2030"]), value(Base::Estimate, Some(2030)));
        assert_eq!(of(&["Lớp2030"]), Meaning::Name);
        assert_eq!(of(&["TH 6T/2030"]), value(Base::Actual, Some(2030)));
        assert_eq!(of(&["Năm 2030"]), value(Base::Year, Some(2030)));
        assert_eq!(of(&["Năm 2030 (ước)"]), value(Base::Estimate, Some(2030)));
        assert_eq!(of(&["Cùng kỳ"]), value(Base::SamePeriod, None));
        assert_eq!(of(&["Kết quả năm 2030", "Tỷ lệ %"]), Meaning::Ratio(None, None));
        assert_eq!(
            of(&["So sánh (%)", "ƯTH 2030/TH 2029"]),
            Meaning::Ratio(
                Some(Value { base: Base::Estimate, year: Some(2030) }),
                Some(Value { base: Base::Actual, year: Some(2029) })
            )
        );
        assert_eq!(of(&["% KH"]), Meaning::Ratio(None, Some(Value { base: Base::Plan, year: None })));
        assert_eq!(of(&["Cơ cấu (%)"]), Meaning::Share);
        assert_eq!(of(&["Ghi chú"]), Meaning::Note);
        assert_eq!(of(&["Số hộ nghèo"]), Meaning::Name);
        assert_eq!(of(&["Tỷ lệ hộ nghèo (%)"]), Meaning::Name);
    }

    #[test]
    fn rows_of_years_say_the_last_one() {
        let period = |labels: &[&str]| last_year(labels.iter().copied()).map(|period| period.to_string());
        assert_eq!(period(&["2028", "2029 (sơ bộ)", "Năm 2027", "Lúa 2030"]).as_deref(), Some("2029"));
        assert_eq!(period(&["Lúa", "1.2030"]), None);
    }

    #[test]
    fn years_become_placeholders() {
        let period = Period::parse("2030").expect("a period");
        assert_eq!(
            with_placeholders("TH 2029, KH 2031, 1990, 20301", &period),
            "TH {year-1}, KH {year+1}, 1990, 20301"
        );
        let several = Period::parse("2026-2030").expect("a period");
        assert_eq!(with_placeholders("Năm 2027", &several), "Năm {first-year+1}");
    }
}
