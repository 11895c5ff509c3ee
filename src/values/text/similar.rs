//! "Did you mean": typing errors between labels, for suggestions only.

use super::fold::{fold, skeleton};

/// Longer words are compared whole: the distance takes the square of the length.
const LONGEST_WORD: usize = 24;

/// Words that labels take or leave: "Cây ngô" and "Ngô".
const FILLERS: [&str; 9] = ["cây", "con", "đàn", "các", "những", "của", "về", "và", "cho"];

/// The optimal string alignment distance in characters: insertions, deletions,
/// substitutions and swaps of neighbours, no part edited twice.
#[must_use]
pub fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let width = b.len() + 1;
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..width).collect();
    let mut last = None;
    for (row, c) in a.chars().enumerate() {
        let mut line = Vec::with_capacity(width);
        line.push(row + 1);
        for (column, &d) in b.iter().enumerate() {
            let mut best = (above[column] + usize::from(c != d)).min(above[column + 1] + 1).min(line[column] + 1);
            if column > 0 && last == Some(d) && b[column - 1] == c {
                best = best.min(before[column - 1] + 1);
            }
            line.push(best);
        }
        before = std::mem::replace(&mut above, line);
        last = Some(c);
    }
    above[width - 1]
}

/// Whether one label may be the other with typing errors or without its tones: "Tông số" and
/// "Tổng số", "Đại chó" and "Dại chó", "Dien tich" and "Diện tích". A suggestion, never a
/// match: "bò" and "bỏ" are similar too.
///
/// Never where a number, a letter of a list, a season or a round differs (đợt 1 and đợt 2, I.11
/// and I.1l, xuân and mùa), or where a word is missing that tells (hộ nghèo and hộ cận nghèo).
#[must_use]
pub fn similar(a: &str, b: &str) -> bool {
    let (a, b) = (fold(a), fold(b));
    if a.is_empty() || b.is_empty() {
        return false;
    }
    if a == b {
        return true;
    }
    let (x, y) = (words(&a), words(&b));
    if x.len() == y.len() {
        return alike(&x, &y);
    }
    if run_together(&x, &y) {
        return true;
    }
    let spare = |words: &[&str]| -> Vec<String> {
        words.iter().filter(|word| !FILLERS.contains(word)).map(|&word| word.to_owned()).collect()
    };
    let (x, y) = (spare(&x), spare(&y));
    let x: Vec<&str> = x.iter().map(String::as_str).collect();
    let y: Vec<&str> = y.iter().map(String::as_str).collect();
    !x.is_empty() && x.len() == y.len() && alike(&x, &y)
}

fn words(key: &str) -> Vec<&str> {
    key.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect()
}

/// Word by word; of several words, most must be untouched unless only tones are missing.
fn alike(x: &[&str], y: &[&str]) -> bool {
    let mut edits = 0;
    for (a, b) in x.iter().zip(y) {
        if a == b {
            continue;
        }
        if is_fixed(a) || is_fixed(b) {
            return false;
        }
        let (bare_a, bare_b) = (skeleton(a), skeleton(b));
        if bare_a == bare_b {
            continue;
        }
        edits += match close(a, b, &bare_a, &bare_b) {
            Some(edits) => edits,
            None => return false,
        };
    }
    edits <= 1 + x.len() / 3
}

/// Numbers, letters of a list and Roman numerals mean what they say.
fn is_fixed(word: &str) -> bool {
    word.chars().nth(1).is_none()
        || word.chars().any(|c| c.is_ascii_digit())
        || word.bytes().all(|b| b"ivx".contains(&b))
}

/// How many edits lie between two words, if they are few for their length.
fn close(a: &str, b: &str, bare_a: &str, bare_b: &str) -> Option<usize> {
    let (long, short) = {
        let (a, b) = (bare_a.chars().count(), bare_b.chars().count());
        (a.max(b), a.min(b))
    };
    if short < 3 || long > LONGEST_WORD || long - short > 2 {
        return None;
    }
    // Tones count too: "trâu" and "rau" are two edits apart and two words.
    let full = distance(a, b);
    (full <= if short > 5 { 2 } else { 1 }).then_some(full)
}

/// "lươngthực": a space lost or added, nothing else but tones.
fn run_together(x: &[&str], y: &[&str]) -> bool {
    let digits = |words: &[&str]| -> Vec<String> {
        words.iter().filter(|word| is_fixed(word)).map(|&word| word.to_owned()).collect()
    };
    digits(x) == digits(y) && skeleton(&x.concat()) == skeleton(&y.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, expected) in [
            ("", "", 0),
            ("a", "", 1),
            ("", "abc", 3),
            ("tổng", "tông", 1),
            ("tổng", "tổgn", 1),
            ("ca", "abc", 3),
            ("diện tích", "diên tich", 2),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
            assert_eq!(distance(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn slips_are_similar() {
        for (a, b) in [
            ("đại chó", "dại chó"),
            ("Tiêm phòng đại chó (đợt 1)", "Tiêm phòng dại chó (đợt 1)"),
            ("Tông số", "Tổng số"),
            ("bò", "bỏ"),
            ("Dien tich gieo trong", "Diện tích gieo trồng"),
            ("Diện tcíh lúa", "Diện tích lúa"),
            ("Sản lượg lương thực", "Sản lượng lương thực"),
            ("Sản lượng lươngthực", "Sản lượng lương thực"),
            ("Cây ngô", "Ngô"),
            ("Tỉ lệ", "Tỷ lê"),
            ("Nuôi trồng thuỷ sản", "Nuôi trông thủy sản"),
        ] {
            assert!(similar(a, b) && similar(b, a), "{a} {b}");
        }
    }

    #[test]
    fn meanings_are_not() {
        for (a, b) in [
            ("đợt 1", "đợt 2"),
            ("đợt I", "đợt II"),
            ("Tiêm phòng THT (đợt 1)", "Tiêm phòng THT (đợt 2)"),
            ("lúa xuân", "lúa mùa"),
            ("vụ hè", "vụ thu"),
            ("hộ nghèo", "hộ cận nghèo"),
            ("I.11", "I.1l"),
            ("năm 2022", "năm 2023"),
            ("Thôn A", "Thôn B"),
            ("trâu", "rau"),
            ("Đàn bò", "Đàn dê"),
            ("Khoai lang", "Khoai tây"),
            ("Diện tích", "Sản lượng"),
            ("11", "1l"),
            ("", ""),
            ("Lúa 1", "Lúa1 2"),
        ] {
            assert!(!similar(a, b) && !similar(b, a), "{a} {b}");
        }
    }
}
