//! Layout of the appendix, as data.

use super::MeasureId;

/// A set of paper rules.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Profile {
    /// Margins in millimetres: top, bottom, left, right.
    pub margins: (f64, f64, f64, f64),
    /// Font of everything.
    pub font: &'static str,
    /// Size of the table text in points.
    pub table_size: f64,
    /// Size of the title in points.
    pub title_size: f64,
    /// Whether the title line is closed by `-----`.
    pub closing_line: bool,
}

impl Profile {
    /// State documents: Decree 30/2020/NĐ-CP, appendix I.
    pub const ND30: Self = Self {
        margins: (20.0, 20.0, 30.0, 15.0),
        font: "Times New Roman",
        table_size: 12.0,
        title_size: 14.0,
        closing_line: false,
    };
    /// Party documents: Guidance 36-HD/VPTW of 2018.
    pub const HD36: Self = Self { closing_line: true, ..Self::ND30 };
}

/// Which way the paper lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Orientation {
    /// Upright.
    #[default]
    Portrait,
    /// On its side.
    Landscape,
}

/// What a column of the form shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormCell {
    /// Number of the row.
    Number,
    /// Label of the indicator.
    Label,
    /// Unit.
    Unit,
    /// A measure.
    Measure(MeasureId),
    /// Nothing, to be filled in by hand.
    Blank,
}

/// How the text of a column lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Left.
    Left,
    /// Centred.
    Centre,
    /// Right.
    Right,
}

/// A column of the form.
#[derive(Clone, Debug)]
pub struct FormColumn {
    /// Header texts from top to bottom; neighbours with equal texts above are merged.
    pub header: Vec<String>,
    /// What it shows.
    pub cell: FormCell,
    /// Width in characters of the standard font.
    pub width: f64,
    /// How its text lies.
    pub align: Align,
}

/// One block of the signature: who signs, with room above the name.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Lines above the room for the signature.
    pub lines: Vec<String>,
}

/// The appendix.
#[derive(Clone, Debug)]
pub struct Form {
    /// Tab name.
    pub sheet: String,
    /// Title, with placeholders.
    pub title: String,
    /// The line under the title, with placeholders.
    pub attachment: Option<String>,
    /// Unit line above the table, right-aligned.
    pub unit_line: Option<String>,
    /// Columns from left to right.
    pub columns: Vec<FormColumn>,
    /// Lines under the table.
    pub notes: Vec<String>,
    /// Place and date line above the signatures.
    pub place_and_date: Option<String>,
    /// Signature blocks from left to right.
    pub signatures: Vec<Signature>,
    /// Paper rules.
    pub profile: Profile,
    /// Which way the paper lies.
    pub orientation: Orientation,
}
