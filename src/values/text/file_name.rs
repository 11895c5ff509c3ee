//! Names of files as people and programs change them without meaning anything by it.
//!
//! A file that was sent or downloaded twice, or copied in its folder, gets a mark at its name: "x (1)",
//! "x - Copy (2)", "Copy of x", "Bản sao của x". The mark says nothing about what the file holds, so
//! that it may decide neither which table is looked for in it nor which village it is about.

use super::{fold, fold::is_blank, fold::trim};

/// Words that a program puts behind a name, folded.
const BEHIND: [&str; 4] = ["copy", "bản sao", "sao chép", "copie"];
/// Words that one puts before it, folded.
const BEFORE: [&str; 3] = ["copy of", "bản sao của", "sao chép của"];

/// A name without its ending, the marks of a copy and the blanks around it; the whole of it where
/// nothing else would be left. A piece of the name itself.
#[must_use]
pub fn file_stem(name: &str) -> &str {
    let stem = trim(name.rsplit_once('.').map_or(name, |(stem, _)| stem));
    let mut rest = stem;
    while let Some(shorter) = without_mark(rest).filter(|shorter| !shorter.is_empty()) {
        rest = shorter;
    }
    rest
}

/// A name with its ending and without the marks of a copy.
#[must_use]
pub fn plain_file_name(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((_, ending)) => format!("{}.{ending}", file_stem(name)),
        None => file_stem(name).to_owned(),
    }
}

fn without_mark(stem: &str) -> Option<&str> {
    without_number(stem).or_else(|| without_word_behind(stem)).or_else(|| without_words_before(stem))
}

/// "x (1)", "x(12)". A longer number is a year or belongs to the name otherwise.
fn without_number(stem: &str) -> Option<&str> {
    let (before, number) = stem.strip_suffix(')')?.rsplit_once('(')?;
    let counts = (1..=2).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    counts.then(|| trim(before))
}

/// "x - Copy", "x copy".
fn without_word_behind(stem: &str) -> Option<&str> {
    // Of the words at the end, the last one and the last two are tried.
    let blanks = stem.char_indices().rev().filter(|(_, c)| is_blank(*c) || *c == '-');
    for (at, mark) in blanks.take(4) {
        let (before, words) = stem.split_at(at);
        let words = &words[mark.len_utf8()..];
        if BEHIND.contains(&fold(words).as_str()) {
            return Some(trim(trim(before).trim_end_matches(['-', '–', '_'])));
        }
    }
    None
}

fn without_words_before(stem: &str) -> Option<&str> {
    let blanks = stem.char_indices().filter(|(_, c)| is_blank(*c));
    for (at, _) in blanks.take(6) {
        let (words, after) = stem.split_at(at);
        if BEFORE.contains(&fold(words).as_str()) {
            return Some(trim(after));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    #[test]
    fn marks_of_copies_go() {
        for (name, stem) in [
            ("Thôn A.xlsx", "Thôn A"),
            ("Thôn A (1).xlsx", "Thôn A"),
            ("Thôn A(2).xlsx", "Thôn A"),
            ("Thôn A - Copy.xlsx", "Thôn A"),
            ("Thôn A - Copy (12).xlsx", "Thôn A"),
            ("THÔN A - COPY.XLSX", "THÔN A"),
            ("Thôn A copy.xlsx", "Thôn A"),
            ("Copy of Thôn A.xlsx", "Thôn A"),
            ("Bản sao của Thôn A.xlsx", "Thôn A"),
            ("Thôn A - Sao chép.xlsx", "Thôn A"),
            (" Thôn A .xlsx", "Thôn A"),
            ("Thôn A", "Thôn A"),
        ] {
            assert_eq!(file_stem(name), stem);
            assert_eq!(fold(file_stem(&name.nfd().collect::<String>())), fold(stem));
        }
    }

    #[test]
    fn what_belongs_to_a_name_stays() {
        for name in ["Biểu (2023)", "Tổ 1", "Thôn (A)", "(1)", "Copy", "Photocopy", "Thôn Copyright", "Quý 1 (b)", ""]
        {
            assert_eq!(file_stem(name), name);
        }
        assert_eq!(plain_file_name("so-lieu (1).csv"), "so-lieu.csv");
    }

    proptest! {
        #[test]
        fn any_name_has_a_stem(name in "(\\PC|[ .()0-9-]|copy| of )*") {
            let stem = file_stem(&name);
            prop_assert!(name.contains(stem));
            prop_assert_eq!(file_stem(stem).len() <= stem.len(), true);
        }
    }
}
