//! What labels are made of: words, abbreviations written out, names that mean the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use super::relations::{Along, Relation};
use crate::values::{
    language::{Language, say},
    text,
};

static ABBREVIATIONS: &str = include_str!("../../data/abbreviations.tsv");
static UNIT_WORDS: &str = include_str!("../../data/unit-words.tsv");
static PLACES: &str = include_str!("../../data/places.tsv");
static SYNONYMS: &str = include_str!("../../data/synonyms.tsv");

/// Words that tell nothing apart.
const FILLERS: [&str; 22] = [
    "các", "những", "của", "về", "và", "cho", "là", "theo", "trong", "đó", "tổng", "số", "cây", "được", "đã", "tại",
    "trên", "the", "of", "với", "có", "một",
];

fn lines(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'))
}

fn abbreviations() -> &'static BTreeMap<String, Vec<String>> {
    static KNOWN: OnceLock<BTreeMap<String, Vec<String>>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        lines(ABBREVIATIONS).map(|(short, long)| (text::fold(short), split(&text::fold(long)))).collect()
    })
}

/// What a figure in a unit is called: "diện tích" for hectares.
pub(super) fn of_unit(unit: &str) -> Vec<String> {
    let folded = text::fold(unit);
    lines(UNIT_WORDS).find(|(name, _)| text::fold(name) == folded).map_or_else(Vec::new, |(_, said)| words(said))
}

/// Whether a folded text names a village, a commune or the like: "thôn", "ủy ban nhân dân xã".
pub(super) fn is_place(folded: &str) -> bool {
    let mut kinds = PLACES.lines().filter(|line| !line.starts_with('#'));
    kinds.any(|kind| folded.strip_prefix(kind).is_some_and(|name| name.starts_with([' ', '.', ':', '-'])))
}

/// Other names of each usual one, as written.
pub(super) fn synonyms() -> &'static [(String, Vec<String>)] {
    static KNOWN: OnceLock<Vec<(String, Vec<String>)>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let of = |(label, others): (&str, &str)| (label.to_owned(), others.split(" | ").map(str::to_owned).collect());
        lines(SYNONYMS).map(of).collect()
    })
}

fn split(folded: &str) -> Vec<String> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The words of a label in order, abbreviations written out.
pub(super) fn words(label: &str) -> Vec<String> {
    let folded = text::fold_label(label).replace("q.p&", "qp").replace('&', "");
    let mut words = Vec::new();
    for word in split(&folded) {
        match abbreviations().get(&word) {
            // "HS" is pupils or files; a word of its own is kept beside what it may stand for.
            Some(long) => words.extend(long.iter().cloned()),
            None => words.push(roman(&word).unwrap_or(word)),
        }
    }
    words
}

/// "đợt II" is "đợt 2".
fn roman(word: &str) -> Option<String> {
    let place = ["i", "ii", "iii", "iv", "v"].iter().position(|roman| *roman == word)?;
    Some((place + 1).to_string())
}

/// Whether a word tells labels apart at all.
pub(super) fn is_filler(word: &str) -> bool {
    FILLERS.contains(&word)
}

/// The words that tell.
pub(super) fn telling(label: &str) -> BTreeSet<String> {
    let all = words(label);
    let mut kept: BTreeSet<String> = BTreeSet::new();
    for word in all.iter().filter(|word| !is_filler(word)) {
        // "Tiêu chí nông thôn mới của thôn" speaks of a village, "nông thôn mới" does not.
        if !kept.insert(word.clone()) {
            kept.insert(again(word));
        }
    }
    // "Tổng số" is nothing but fillers, and says so.
    if kept.is_empty() { all.into_iter().collect() } else { kept }
}

/// A word that comes a second time.
pub(super) fn again(word: &str) -> String {
    format!("{word}\u{b2}")
}

/// The word of [`again`].
pub(super) fn once(word: &str) -> Option<&str> {
    word.strip_suffix('\u{b2}')
}

/// Letters and digits without tones, joined by `-`: a part of an id.
pub(super) fn slug(label: &str) -> String {
    slug_of(label, 6)
}

/// [`slug`] with at most so many words.
pub(super) fn slug_of(label: &str, most: usize) -> String {
    // Remarks in brackets do not name.
    let folded = text::fold_label(label);
    let bare = match folded.find('(') {
        Some(open) if open > 3 => &folded[..open],
        Some(_) | None => &folded,
    };
    let plain = text::skeleton(bare);
    let words: Vec<&str> = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let telling: Vec<&str> = if words.len() > most {
        let short =
            ["cac", "nhung", "cua", "ve", "va", "cho", "la", "theo", "trong", "do", "duoc", "da", "tai", "tren"];
        words.iter().copied().filter(|word| !short.contains(word)).collect()
    } else {
        words
    };
    telling.into_iter().take(most).collect::<Vec<_>>().join("-")
}

/// A text without a year, and without the word for it.
pub(super) fn without(written: &str, year: &str) -> String {
    let folded_year = format!("năm {year}");
    let mut out = written.to_owned();
    for form in [folded_year.as_str(), &folded_year.to_uppercase(), &folded_year.replace("năm", "Năm"), year] {
        out = out.replace(form, " ");
    }
    // What is nothing else keeps it.
    if out.chars().any(char::is_alphanumeric) { out } else { written.to_owned() }
}

/// A text as one line without numbering, as a mapping writes it.
pub(super) fn one_line(written: &str) -> String {
    written.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// "chắc chắn: 21/21 dòng" without the certainty.
pub(super) fn support(relation: &Relation, language: Language) -> String {
    supported(relation.support, relation.along, language)
}

/// "21/21 dòng": how many rows or columns keep a relation, of how many.
pub(super) fn supported((held, all): (usize, usize), along: Along, language: Language) -> String {
    match along {
        Along::Columns => say!(language, "{held}/{all} dòng", "{held} of {all} rows"),
        Along::Rows => say!(language, "{held}/{all} cột", "{held} of {all} columns"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_are_written_out() {
        assert_eq!(words("DT lúa"), words("Diện tích lúa"));
        assert_eq!(words("Tiêm phòng THT đợt II"), words("tiêm phòng tụ huyết trùng đợt 2"));
        assert_ne!(telling("Hộ nghèo"), telling("Hộ cận nghèo"));
        assert_eq!(slug("1. Cây lúa (cả năm)"), "cay-lua");
        assert_eq!(slug("Tỷ lệ hộ nghèo theo chuẩn nghèo đa chiều của xã"), "ty-le-ho-ngheo-chuan-ngheo");
        assert!(synonyms().iter().any(|(label, others)| label == "Đàn lợn" && others.iter().any(|o| o == "Heo")));
    }
}
