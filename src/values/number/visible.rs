//! What is left of a text when what nobody sees is taken out.

use std::borrow::Cow;

/// Spaces that stand between thousands: plain, no-break, figure, thin, narrow no-break.
pub(super) fn is_group_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}')
}

/// Characters without width that copying leaves in texts.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

/// The text without characters that have no width, and with one space where several stand: nobody sees
/// the one, and hardly the other. Copied only if it has some.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    let is_ascii = text.is_ascii();
    if (is_ascii || !text.contains(is_invisible)) && !has_double_space(text, is_ascii) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    for c in text.chars().filter(|&c| !is_invisible(c)) {
        if !(is_group_space(c) && kept.ends_with(is_group_space)) {
            kept.push(c);
        }
    }
    Cow::Owned(kept.trim().to_owned())
}

fn has_double_space(text: &str, is_ascii: bool) -> bool {
    if is_ascii {
        return text.contains("  ");
    }
    let mut spaces = text.chars().map(is_group_space);
    let mut before = false;
    spaces.any(|space| std::mem::replace(&mut before, space) && space)
}
