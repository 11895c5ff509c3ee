//! Layout of the appendix, as data.

mod columns;
mod decode;
mod profile;

pub(super) use decode::decode_form;
pub use profile::{Orientation, PageNumber, Paper, Profile};

use super::MeasureId;

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
    /// Decimals that all its figures show, beside those that they need.
    pub decimals: u32,
    /// Whether it stands once for the whole and once for each village or other member. Neighbours
    /// that do are repeated together.
    pub each_member: bool,
}

/// The blocks of a form whose columns repeat over villages or communes.
#[derive(Clone, Debug)]
pub struct Members {
    /// Heading of the block of the whole, which is the first.
    pub whole: String,
    /// Members in their order. Others that are read follow as they come.
    pub names: Vec<String>,
    /// Whether a whole is the sum of those of its members that state a number.
    pub absent_is_zero: bool,
}

/// How the table of several submissions is headed.
#[derive(Clone, Debug)]
pub struct Consolidated {
    /// Its title, with placeholders; `{submissions}` is how many there are. Without it, that of the
    /// form and how many there are.
    pub title: Option<String>,
    /// Heading of the block of all submissions.
    pub whole: String,
}

/// The lines above the title: office on the left, motto on the right. Bold are the office itself,
/// which is the last one named, and the motto.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// Office, from the superior one to the own one.
    pub left: Vec<String>,
    /// Motto of the State or name of the Party.
    pub right: Vec<String>,
}

/// One block of the signature: who signs, with room above the name.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Lines above the room for the signature.
    pub lines: Vec<String>,
    /// The name below it, with placeholders.
    pub name: Option<String>,
}

/// The appendix.
#[derive(Clone, Debug)]
pub struct Form {
    /// Tab name.
    pub sheet: String,
    /// Lines above the title.
    pub heading: Heading,
    /// Title, with placeholders.
    pub title: String,
    /// The line under the title, with placeholders.
    pub attachment: Option<String>,
    /// Unit line above the table, right-aligned.
    pub unit_line: Option<String>,
    /// Columns from left to right.
    pub columns: Vec<FormColumn>,
    /// What the columns of members are repeated over.
    pub members: Members,
    /// The table of several submissions.
    pub consolidated: Consolidated,
    /// Lines under the table.
    pub notes: Vec<String>,
    /// Place and date line above the signatures.
    pub place_and_date: Option<String>,
    /// Signature blocks from left to right.
    pub signatures: Vec<Signature>,
    /// Paper rules.
    pub profile: Profile,
    /// Which way the paper lies; `None` for upright where the columns fit, else on its side.
    pub orientation: Option<Orientation>,
    /// Whether formulas and labels are locked and only figures can be typed in.
    pub protect: bool,
    /// Whether a total that nothing states is a sum that waits for its parts: in a form that is still
    /// to be filled in.
    pub open_totals: bool,
}
