//! The anatomy of Vietnamese letters: a vowel (with its shape: ă, â, ê, ô, ơ, ư) and a tone.
//!
//! Only lower case, precomposed letters are known here; callers lower and compose first.

/// The six tones, in the order of dictionaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Level,
    Grave,
    Hook,
    Tilde,
    Acute,
    Dot,
}

const TONES: [Tone; 6] = [Tone::Level, Tone::Grave, Tone::Hook, Tone::Tilde, Tone::Acute, Tone::Dot];

/// A row a vowel, a column a tone.
const VOWELS: [[char; 6]; 12] = [
    ['a', 'à', 'ả', 'ã', 'á', 'ạ'],
    ['ă', 'ằ', 'ẳ', 'ẵ', 'ắ', 'ặ'],
    ['â', 'ầ', 'ẩ', 'ẫ', 'ấ', 'ậ'],
    ['e', 'è', 'ẻ', 'ẽ', 'é', 'ẹ'],
    ['ê', 'ề', 'ể', 'ễ', 'ế', 'ệ'],
    ['i', 'ì', 'ỉ', 'ĩ', 'í', 'ị'],
    ['o', 'ò', 'ỏ', 'õ', 'ó', 'ọ'],
    ['ô', 'ồ', 'ổ', 'ỗ', 'ố', 'ộ'],
    ['ơ', 'ờ', 'ở', 'ỡ', 'ớ', 'ợ'],
    ['u', 'ù', 'ủ', 'ũ', 'ú', 'ụ'],
    ['ư', 'ừ', 'ử', 'ữ', 'ứ', 'ự'],
    ['y', 'ỳ', 'ỷ', 'ỹ', 'ý', 'ỵ'],
];

// Cell = 1 + row * 6 + column, 0 for no vowel. Two windows of Unicode hold every vowel; they
// are tabled because `fold` asks for each letter of each cell.
const LOW: usize = 0x61;
const LOW_END: usize = 0x1B1;
const HIGH: usize = 0x1EA0;
const HIGH_END: usize = 0x1EFA;
static LOW_CELLS: [u8; LOW_END - LOW] = cells(LOW);
static HIGH_CELLS: [u8; HIGH_END - HIGH] = cells(HIGH);

#[expect(clippy::cast_possible_truncation, reason = "72 cells fit a byte")]
const fn cells<const N: usize>(start: usize) -> [u8; N] {
    let mut table = [0; N];
    let mut row = 0;
    while row < VOWELS.len() {
        let mut column = 0;
        while column < 6 {
            let code = VOWELS[row][column] as usize;
            if code >= start && code < start + N {
                table[code - start] = (1 + row * 6 + column) as u8;
            }
            column += 1;
        }
        row += 1;
    }
    table
}

fn cell(c: char) -> Option<usize> {
    let code = c as usize;
    let cell = match code {
        LOW..LOW_END => LOW_CELLS[code - LOW],
        HIGH..HIGH_END => HIGH_CELLS[code - HIGH],
        _ => 0,
    };
    usize::from(cell).checked_sub(1)
}

/// The vowel without its tone, and the tone; `None` for anything but a lower case vowel.
pub(super) fn split(c: char) -> Option<(char, Tone)> {
    cell(c).map(|cell| (VOWELS[cell / 6][0], TONES[cell % 6]))
}

/// The vowel `vowel` (with or without a tone, which is replaced) under `tone`; anything but a
/// lower case vowel is given back as it came.
pub(super) fn join(vowel: char, tone: Tone) -> char {
    cell(vowel).map_or(vowel, |cell| VOWELS[cell / 6][tone as usize])
}

/// The letter without tone and shape: a e i o u y d; anything else as it came.
pub(super) fn plain(c: char) -> char {
    match split(c).map_or(c, |(vowel, _)| vowel) {
        'ă' | 'â' => 'a',
        'ê' => 'e',
        'ô' | 'ơ' => 'o',
        'ư' => 'u',
        'đ' => 'd',
        other => other,
    }
}

/// The lower case of one character, where that is one character.
pub(super) fn lower(c: char) -> char {
    match c {
        _ if c.is_ascii() => return c.to_ascii_lowercase(),
        // Vietnamese: capitals at the even numbers.
        '\u{1EA0}'..='\u{1EF9}' => return char::from_u32(c as u32 | 1).unwrap_or(c),
        'À'..='Ö' | 'Ø'..='Þ' => return char::from(u8::try_from(c as u32 + 0x20).unwrap_or(0)),
        'ß'..='ÿ' | '×' | 'ă' | 'đ' | 'ĩ' | 'ũ' | 'ơ' | 'ư' => return c,
        _ => {}
    }
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

/// The upper case of one character, where that is one character.
pub(super) fn upper(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(only), None) => only,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases() {
        for c in '\0'..='\u{24F}' {
            let std: Vec<char> = c.to_lowercase().collect();
            assert_eq!(lower(c), if let [only] = std[..] { only } else { c });
        }
        for c in '\u{1EA0}'..='\u{1EF9}' {
            assert!(lower(c).to_lowercase().eq(c.to_lowercase()), "{c}");
        }
    }

    #[test]
    fn every_vowel_splits_and_joins() {
        for row in VOWELS {
            for (column, c) in row.into_iter().enumerate() {
                assert_eq!(split(c), Some((row[0], TONES[column])), "{c}");
                assert_eq!(join(row[0], TONES[column]), c);
                assert!(plain(c).is_ascii(), "{c}");
            }
        }
        for c in ['b', 'đ', 'ñ', 'å', ' ', '1', 'z', 'ſ', '\u{1EFA}'] {
            assert_eq!(split(c), None, "{c}");
            assert_eq!(join(c, Tone::Acute), c);
        }
    }
}
