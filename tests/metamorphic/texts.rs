//! Changes to texts that nobody sees, or that mean nothing.

use unicode_normalization::UnicodeNormalization;

use crate::{
    model::{Cell, Content, Folder},
    rng::Rng,
};

/// One way to type a text differently.
pub(crate) type Dirt = fn(&str) -> String;

pub(crate) const DIRT: [(&str, Dirt); 18] = [
    ("blank behind", |text| format!("{text} ")),
    ("two blanks behind", |text| format!("{text}  ")),
    ("NBSP behind", |text| format!("{text}\u{A0}")),
    ("tab behind", |text| format!("{text}\t")),
    ("line break behind", |text| format!("{text}\n")),
    ("blank before", |text| format!(" {text}")),
    ("two blanks before", |text| format!("  {text}")),
    ("NBSP before", |text| format!("\u{A0}{text}")),
    ("tab before", |text| format!("\t{text}")),
    ("line break before", |text| format!("\n{text}")),
    ("NFD", |text| text.nfd().collect()),
    ("old tone places", tones),
    ("capitals", capitals),
    ("double blanks", |text| text.replace(' ', "  ")),
    ("NBSP between words", |text| text.replace(' ', "\u{A0}")),
    ("zero-width at the ends", |text| format!("\u{200B}{text}\u{FEFF}")),
    ("zero-width between words", |text| text.replace(' ', " \u{200B}")),
    ("curly quotes", curly),
];

/// Puts the tones of oa, oe, uy at the end of a word on the other letter.
fn tones(text: &str) -> String {
    const PAIRS: [(&str, &str); 15] = [
        ("òa", "oà"),
        ("óa", "oá"),
        ("ỏa", "oả"),
        ("õa", "oã"),
        ("ọa", "oạ"),
        ("òe", "oè"),
        ("óe", "oé"),
        ("ỏe", "oẻ"),
        ("õe", "oẽ"),
        ("ọe", "oẹ"),
        ("ùy", "uỳ"),
        ("úy", "uý"),
        ("ủy", "uỷ"),
        ("ũy", "uỹ"),
        ("ụy", "uỵ"),
    ];
    let mut out = String::new();
    let mut rest = text;
    'next: while let Some(first) = rest.chars().next() {
        for (new, old) in PAIRS {
            for (from, to) in [(new, old), (old, new)] {
                let upper = from.to_uppercase();
                for (from, to) in [(from, to.to_owned()), (upper.as_str(), to.to_uppercase())] {
                    let Some(after) = rest.strip_prefix(from) else { continue };
                    // In "quý" and "quyền" the u is no vowel.
                    let ends = !after.starts_with(char::is_alphabetic) && !out.ends_with(['q', 'Q']);
                    if ends {
                        out.push_str(&to);
                        rest = after;
                        continue 'next;
                    }
                }
            }
        }
        out.push(first);
        rest = &rest[first.len_utf8()..];
    }
    out
}

/// Numbering stays as it is: "a)" stands below "1", and "A" above "I".
fn capitals(text: &str) -> String {
    let is_numbering = |word: &str| word.chars().filter(|c| c.is_alphabetic()).count() < 2;
    match text.trim_start().split_once(' ') {
        Some((first, rest)) if is_numbering(first) => format!("{first} {}", rest.to_uppercase()),
        None if is_numbering(text) => text.to_owned(),
        Some(_) | None => text.to_uppercase(),
    }
}

fn curly(text: &str) -> String {
    let mut open = false;
    let quotes = text.chars().map(|c| match c {
        '"' => {
            open = !open;
            if open { '“' } else { '”' }
        }
        '\'' => '’',
        c => c,
    });
    quotes.collect()
}

/// Changes every text, or a half of them. Tells whether any is another.
pub(crate) fn apply(folder: &mut Folder, dirt: Dirt, only_half: bool, rng: &mut Rng) -> bool {
    let mut changed = false;
    let sheets = folder.books.iter_mut().flat_map(|book| &mut book.sheets);
    for cell in sheets.flat_map(|sheet| sheet.cells.values_mut()) {
        let Cell { content: Content::Text(text), formula: None, .. } = cell else { continue };
        if only_half && rng.below(2) == 0 {
            continue;
        }
        let after = dirt(text);
        changed |= after != *text;
        *text = after;
    }
    changed
}

#[test]
fn tones_change_places() {
    for (a, b) in [("Văn hóa", "Văn hoá"), ("ỦY BAN", "UỶ BAN"), ("Thủy sản", "Thuỷ sản")] {
        assert_eq!(tones(a), b);
        assert_eq!(tones(b), a);
    }
    for kept in ["toàn", "quý", "quỳ", "hoàn", "mùa"] {
        assert_eq!(tones(kept), kept);
    }
}
