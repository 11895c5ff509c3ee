//! Fonts, borders and number formats.

use std::borrow::Cow;

use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, Format, FormatAlign, FormatBorder, FormatUnderline, Worksheet, XlsxError,
};

use super::paper;
use crate::{
    compose::appendix::COMPUTED,
    model::{
        catalogue::{Align, Profile},
        workbook::Position,
    },
    values::{
        language::Language,
        number::{self, Decimal},
    },
    write::escape::visible,
};

/// Height of an empty row and width of a column that nobody sets, in pixels, for a default font
/// of 12 points. The widths of all columns are counted in digits of that font.
pub(super) const DEFAULT_ROW_PIXELS: u32 = 21;
pub(super) const DEFAULT_COLUMN_PIXELS: u32 = 72;
const DEFAULT_SIZE: f64 = 12.0;

/// A spreadsheet holds no number with more significant digits.
const MOST_DIGITS: u32 = 15;

/// Decimals of figures that are typed in by hand.
const MOST_DECIMALS: usize = 4;

/// Vietnamese separators, for the programs that take them from a format.
const LOCALE: &str = "[$-42A]";

/// How everything looks.
#[derive(Clone, Debug)]
pub(super) struct Style {
    pub profile: Profile,
}

impl Style {
    pub(super) fn new(profile: Profile) -> Self {
        Self { profile }
    }

    /// The font of everything at the size that column widths are counted in.
    pub(super) fn base(&self) -> Format {
        Format::new()
            .set_font_name(&*self.profile.font)
            .set_font_size(DEFAULT_SIZE)
            .set_align(FormatAlign::VerticalCenter)
    }

    /// Text of a size, without borders.
    pub(super) fn text(&self, size: f64) -> Format {
        self.base().set_font_size(size)
    }

    /// A cell of a table: thin closed borders, wrapped.
    pub(super) fn cell(&self, size: f64, align: Align) -> Format {
        self.text(size).set_border(FormatBorder::Thin).set_text_wrap().set_align(match align {
            Align::Left => FormatAlign::Left,
            Align::Centre => FormatAlign::Center,
            Align::Right => FormatAlign::Right,
        })
    }

    /// A header cell of a table.
    pub(super) fn header(&self, size: f64) -> Format {
        self.cell(size, Align::Centre).set_bold()
    }

    /// A number of a table, with its own decimals and at least so many. Never wrapped: a number that
    /// does not fit shows as `###`, and columns are made wide enough.
    pub(super) fn number(&self, size: f64, align: Align, value: Decimal, least: u32) -> Format {
        self.text(size)
            .set_border(FormatBorder::Thin)
            .set_align(match align {
                Align::Left => FormatAlign::Left,
                Align::Centre => FormatAlign::Center,
                Align::Right => FormatAlign::Right,
            })
            .set_num_format(padded(decimals_format(decimals(value, least), Language::Vi)))
    }

    /// A cell among figures that holds none: a text there keeps the same distance from the border.
    /// What is typed over it is still a number.
    pub(super) fn beside_figures(&self, size: f64, align: Align) -> Format {
        let cell = self.cell(size, align);
        if align == Align::Right { cell.set_num_format("General_);-General_);General_);@_)") } else { cell }
    }

    /// The same, or for a number that was computed from others as it is printed, with its mark. It stays a
    /// number, so that ratios and verdicts can be computed from it.
    pub(super) fn figure(
        &self,
        size: f64,
        align: Align,
        (value, least): (Decimal, u32),
        computed: Option<Decimal>,
    ) -> Format {
        let format = self.number(size, align, value, least);
        match computed {
            Some(shown) => format.set_num_format(marked_format(shown, least)),
            None => format,
        }
    }
}

/// A cell that can be followed.
pub(super) fn linked(format: Format) -> Format {
    format.set_font_color(Color::RGB(0x05_63_C1)).set_underline(FormatUnderline::Single)
}

/// The format that shows a value in full and nothing more: 121; 123,5; 99,67; 2.225,4.
pub(super) fn number_format(value: Decimal, language: Language) -> String {
    decimals_format(decimals(value, 0), language)
}

/// The decimals of a value, or more.
fn decimals(value: Decimal, least: u32) -> usize {
    number::trim(value).scale().max(least) as usize
}

/// A format with a small distance from the border on the right. An indented cell would not do:
/// `LibreOffice` forgets the indentation where the cell beside has another number format.
fn padded(format: String) -> String {
    format + "_)"
}

/// Pixels that this distance takes: the width of the bracket.
pub(super) fn padding(size: f64) -> f64 {
    paper::text_pixels(")", size, false)
}

/// The format with a number of decimals.
pub(super) fn decimals_format(decimals: usize, language: Language) -> String {
    let locale = match language {
        Language::Vi => LOCALE,
        Language::En => "",
    };
    if decimals == 0 { format!("{locale}#,##0") } else { format!("{locale}#,##0.{}", "0".repeat(decimals)) }
}

/// The rule that keeps the mark of a computed number as long as nobody types another one: before those
/// of [`trim_decimals`], which would take it away.
pub(super) fn keep_mark(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    (value, least): (Decimal, u32),
    computed: Option<Decimal>,
) -> Result<(), XlsxError> {
    let Some(shown) = computed else { return Ok(()) };
    let (cell, value) = (Position::new(row, column.into()), number::plain(value));
    let rule = format!("=AND(ISNUMBER({cell}),ABS({cell}-({value}))<0.0000001)");
    let format = Format::new().set_num_format(marked_format(shown, least));
    let rule = ConditionalFormatFormula::new().set_rule(rule.as_str()).set_format(format).set_stop_if_true(true);
    sheet.add_conditional_format(row, column, row, column, &rule)?;
    Ok(())
}

fn marked_format(shown: Decimal, least: u32) -> String {
    padded(format!("{}\"{COMPUTED}\"", decimals_format(decimals(shown, least), Language::Vi)))
}

/// Rules that show the numbers of a range, from the first row and column to the last, with the
/// decimals they have and at least so many.
pub(super) fn trim_decimals(
    sheet: &mut Worksheet,
    (top, left, bottom, right): (u32, u16, u32, u16),
    least: usize,
) -> Result<(), XlsxError> {
    let cell = Position::new(top, left.into());
    for decimals in least..=MOST_DECIMALS.max(least) {
        // A step of the last decimal is far above what a double gets wrong.
        let rule = format!("=AND(ISNUMBER({cell}),ABS({cell}-ROUND({cell},{decimals}))<0.0000001)");
        let format = Format::new().set_num_format(padded(decimals_format(decimals, Language::Vi)));
        let rule = ConditionalFormatFormula::new().set_rule(rule.as_str()).set_format(format).set_stop_if_true(true);
        sheet.add_conditional_format(top, left, bottom, right, &rule)?;
    }
    Ok(())
}

/// Whether a sheet can hold a value as a number.
pub(super) fn fits(value: Decimal) -> bool {
    number::digits(value) <= MOST_DIGITS
}

/// A text as a cell, note or hint shows it: see [`cut_raw`]; marks that turn its direction are seen.
pub(super) fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match visible(text) {
        Cow::Borrowed(text) => cut_raw(text, most),
        Cow::Owned(text) => cut_raw(&text, most).into_owned().into(),
    }
}

/// A text of at most `most` UTF-16 units, as the limits of the format count; what is left out is
/// marked by `…`.
pub(super) fn cut_raw(text: &str, most: usize) -> Cow<'_, str> {
    // XML has no place for these, in the attributes of links even less than in cells.
    let held = |letter: &char| {
        !matches!(letter, '\u{fffe}' | '\u{ffff}') && (!letter.is_control() || "\n\t".contains(*letter))
    };
    // A letter has no more units than bytes.
    if text.len() <= most || text.encode_utf16().count() <= most {
        return if text.chars().all(|letter| held(&letter)) {
            text.into()
        } else {
            text.chars().filter(held).collect::<String>().into()
        };
    }
    let mut kept = String::new();
    let mut length = 1;
    for letter in text.chars().filter(held) {
        length += letter.len_utf16();
        if length > most {
            break;
        }
        kept.push(letter);
    }
    kept.push('…');
    kept.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_show_every_decimal_and_no_more() {
        for (value, format) in [
            ("121.00", "[$-42A]#,##0"),
            ("123.50", "[$-42A]#,##0.0"),
            ("99.67", "[$-42A]#,##0.00"),
            ("22.072", "[$-42A]#,##0.000"),
            ("130000000", "[$-42A]#,##0"),
        ] {
            assert_eq!(number_format(value.parse().expect("a decimal"), Language::Vi), format);
        }
    }

    #[test]
    fn fifteen_digits_fit() {
        assert!(fits("123456789012345".parse().expect("a decimal")));
        assert!(fits("1234567890123450000".parse().expect("a decimal")));
        assert!(!fits("1234567890123456".parse().expect("a decimal")));
    }

    #[test]
    fn texts_are_cut_between_letters() {
        assert_eq!(cut("Biểu kết quả", 31), "Biểu kết quả");
        assert_eq!(cut("Biểu kết quả", 5), "Biểu…");
        assert_eq!(cut("a𝒳b", 3), "a…");
        assert_eq!(cut("a\u{1b}[1m\u{9b}\u{ffff}\nb", 9), "a[1m\nb");
        assert_eq!(cut("xa\u{202e}1", 20), "xa⟨U+202E⟩1");
        assert_eq!(cut("\u{0}\u{0}\u{0}abc", 3), "ab…");
    }
}
