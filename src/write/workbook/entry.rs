//! What the companion sheets are made of: lists of entries, which are looked at once for the sheet ([`super::list`])
//! and once more when its rows are written ([`super::stream`]).

use std::borrow::Cow;

use super::style::fits;
use crate::{
    model::{catalogue::Align, workbook::Position},
    values::{
        language::{Language, Words},
        number::{self, Decimal, Rational, Rounding},
    },
};

/// Size of the letters of the rows, in points.
pub(super) const SIZE: f64 = 10.0;
/// Longest text of a cell that is still read. The format takes 32,767.
pub(super) const LONGEST: usize = 4_000;
/// A sheet holds 65,530 links; whole ranges of them make it slow long before.
pub(super) const MOST_LINKS: u32 = 30_000;

/// A column of a list.
pub(super) struct Column {
    pub header: String,
    /// Most characters on a line; narrower where the content is, and all together are brought to
    /// the width of the paper.
    pub width: f64,
    pub align: Align,
}

impl Column {
    /// Columns by their header, width and alignment.
    pub(super) fn all(of: &[(Words, f64, Align)], language: Language) -> Vec<Self> {
        let column = |(header, width, align): &(Words, f64, Align)| Self {
            header: header.get(language).to_owned(),
            width: *width,
            align: *align,
        };
        of.iter().map(column).collect()
    }
}

/// A cell of a list.
pub(super) enum Entry<'a> {
    Blank,
    Text(Cow<'a, str>),
    Strong(Cow<'a, str>),
    /// The name of a file, on one line however long it is: it would make every row of it a high one.
    Name(Cow<'a, str>),
    /// A number and its decimals.
    Number(Decimal, u32),
    Link(Target<'a>, Cow<'a, str>),
}

/// Where a link leads.
#[derive(Clone, Copy)]
pub(super) enum Target<'a> {
    /// A cell of the form.
    Form(Position),
    /// A source file, or a cell in it.
    Source { file: &'a str, sheet: Option<&'a str>, cell: Option<Position> },
}

impl<'a> Entry<'a> {
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Blank } else { Self::Text(text) }
    }

    /// A number with all its decimals.
    pub(super) fn number(value: impl Into<Decimal>) -> Self {
        let value = number::trim(value.into());
        Self::Number(value, value.scale())
    }

    /// A text that leads somewhere, if there is one.
    pub(super) fn followed(text: impl Into<Cow<'a, str>>, target: Option<Target<'a>>) -> Self {
        let text = text.into();
        match target {
            Some(target) if !text.is_empty() => Self::Link(target, text),
            Some(_) | None => Self::text(text),
        }
    }

    /// How it looks: its place among the formats of a column.
    pub(super) fn look(&self) -> usize {
        match self {
            Self::Strong(_) => STRONG,
            Self::Name(_) => NAME,
            Self::Link(..) => LINK,
            Self::Number(value, decimals) if fits(*value) => NUMBERS + (*decimals as usize).min(LOOKS - NUMBERS - 1),
            Self::Blank | Self::Text(_) | Self::Number(..) => PLAIN,
        }
    }
}

/// Formats of a column: of texts, of links, and of numbers by their decimals.
pub(super) const LOOKS: usize = 33;
pub(super) const PLAIN: usize = 0;
pub(super) const STRONG: usize = 1;
pub(super) const LINK: usize = 2;
pub(super) const NAME: usize = 3;
pub(super) const NUMBERS: usize = 4;

/// Gives one row after another, the same ones each time.
pub(super) type Rows<'a> = Box<dyn Fn(&mut dyn FnMut(&[Entry<'_>])) + 'a>;

/// Gives the lines under the title.
pub(super) type Lines<'a> = Box<dyn Fn(&Measured) -> Vec<String> + 'a>;

/// A list with its title.
pub(super) struct List<'a> {
    pub title: String,
    /// Lines under the title, made once it is known how many rows there are.
    pub summary: Lines<'a>,
    pub columns: Vec<Column>,
    pub rows: Rows<'a>,
    /// What stands there when there are no rows.
    pub empty: String,
    /// Language of the list; decides its separators too, where a program takes them from a format.
    pub language: Language,
    /// Name of the sheet with the form.
    pub form: &'a str,
    /// Folder of the source files.
    pub sources: &'a str,
    /// Whether the rows are printed with the workbook, or only what stands above them.
    pub printed: bool,
}

/// What the rows of a list ask for.
pub(super) struct Measured {
    pub rows: u32,
    pub links: u32,
    /// Widths in pixels that the columns would like, and that they need.
    pub wished: Vec<f64>,
    pub needed: Vec<f64>,
    /// Which formats each column needs.
    pub looks: Vec<[bool; LOOKS]>,
}

/// A number as a person sees it, with at most so many decimals; one that is a text in full.
pub(super) fn push_number(out: &mut String, value: Decimal, decimals: u32, language: Language) {
    let shown = Rational::from(value).to_decimal(decimals, Rounding::HalfUp).filter(|_| value.scale() > decimals);
    let value = shown.filter(|_| fits(value)).unwrap_or(value);
    match language {
        Language::Vi => number::push_vietnamese(out, value),
        Language::En => out.push_str(&number::english(value)),
    }
}
