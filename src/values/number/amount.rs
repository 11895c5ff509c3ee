//! What a text cell can say about a quantity.

use rust_decimal::Decimal;

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Convention {
    /// Dots or spaces between thousands, a decimal comma: "1.006,3", "1 006,3".
    Vietnamese,
    /// Commas between thousands, a decimal point: "1,006.3".
    English,
    /// Not known: "1.250" keeps both readings.
    #[default]
    Unknown,
}

/// The reading of one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amount {
    /// No number, and the text says which kind of none.
    Nothing(Nothing),
    /// One number, perhaps with a unit: "1.006,3", "18,6 ha", "99,67%", "ước 37,2 tấn".
    Number(Figure),
    /// A limit: ">90", "≥ 90%", "dưới 10", "từ 90 trở lên".
    Bound {
        /// Which side of the figure, and whether the figure itself belongs.
        op: BoundOp,
        /// The limit.
        figure: Figure,
    },
    /// From one number to another, both ends meant: "600-700", "từ 2 đến 5". The form only:
    /// "2023-2024" is one too.
    Range {
        /// The lower end; never above `high` in the same unit.
        low: Figure,
        /// The upper end.
        high: Figure,
    },
    /// One number of another: "04/06", "368,77ha/370ha đạt 99,67%". The form only: "11/2023"
    /// is one too, and the whole may be 0.
    Fraction {
        /// The number before the stroke.
        part: Figure,
        /// The number after it.
        whole: Figure,
        /// The ratio where the text states it; always with [`Figure::percent`].
        percent: Option<Figure>,
    },
    /// One number, written with more digits than a `Decimal` holds (28 are always fine).
    TooLong,
    /// Anything else: words, dates, several numbers, separators that no convention allows.
    NotANumber,
}

/// The different kinds of no number. None of them is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Nothing {
    /// Empty, or white space.
    Blank,
    /// "-", "–", "—": did not occur.
    Dash,
    /// "…", "..", "...": not collected.
    Dots,
    /// "x": does not apply.
    Cross,
    /// `"`, "〃", "''", "nt", "-nt-": as above.
    Ditto,
}

/// The direction of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BoundOp {
    /// Below: "<", "dưới".
    Lt,
    /// At most: "≤", "không quá", "tối đa", "trở xuống".
    Le,
    /// Above: ">", "trên".
    Gt,
    /// At least: "≥", "tối thiểu", "ít nhất", "trở lên".
    Ge,
}

/// A number as it stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The value, never rounded. Where the text can be read in two ways and no convention was
    /// given, the Vietnamese reading.
    pub value: Decimal,
    /// Decimals as printed, trailing zeros included.
    pub decimals: u32,
    /// The other reading: 1,25 where "1.250" is taken for 1250, and 1250 where "1,250" is
    /// taken for 1,25. Only under [`Convention::Unknown`].
    pub alternative: Option<Decimal>,
    /// What follows the number, as written but for a full stop at the end of the text and
    /// brackets around it: "ha", "đ", "kg/người/năm". Any words count; whether they are a unit
    /// is for the caller to know. In a range or fraction, one written behind the second figure
    /// alone stands for both, and so does "%".
    pub unit: Option<String>,
    /// Whether "%" follows the number. The value is as printed: "99,67%" is 99,67.
    pub percent: bool,
    /// The thousands separator of the reading, if it has one.
    pub thousands: Option<Thousands>,
    /// The convention that this number proves by itself, whatever was asked for: Vietnamese
    /// for "18,6" and "1.006,3", English for "0.508", and `Unknown` for "18", "1 006" and
    /// "1.250". A proof against the declared convention is read as it must be; see
    /// [`Figure::contradicts`].
    pub evidence: Convention,
    /// What had to be overlooked to read it.
    pub repaired: Option<Repair>,
    /// Whether it stood in brackets, "(1.234)", and so was read as below 0. In a header row
    /// "(3)" is a column number instead.
    pub parenthesised: bool,
    /// A word before or behind it that makes it less than a result.
    pub qualifier: Option<Qualifier>,
}

/// What separates thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Thousands {
    /// "1.000"
    Dot,
    /// "1,000"
    Comma,
    /// "1 000", with any kind of space.
    Space,
    /// "1'000"
    Apostrophe,
}

/// A slip of the keyboard that leaves one reading only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Repair {
    /// A space beside the decimal comma: "35, 27".
    StraySpace,
    /// A separator between a grouped number and đ: "163.248.704.đ".
    StraySeparator,
}

/// How sure the text is of its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Qualifier {
    /// "ước", "ước đạt", "ƯTH": an estimate made before the period ended.
    Estimate,
    /// "khoảng", "gần", "hơn", "~": the number is approximate.
    About,
    /// "dự kiến", "dự báo": the number is expected.
    Forecast,
}

impl Figure {
    /// Whether this number can only be read against `declared`: "1.23" or "1,234.5" where the
    /// Vietnamese convention was declared.
    pub fn contradicts(&self, declared: Convention) -> bool {
        self.evidence != Convention::Unknown && declared != Convention::Unknown && self.evidence != declared
    }

    /// Settles an ambiguous figure by a convention found out later: keeps the Vietnamese
    /// reading, or takes the English one. Nothing happens to a figure with one reading, nor
    /// under [`Convention::Unknown`].
    pub fn read_as(&mut self, convention: Convention) {
        let alternative = match convention {
            Convention::Unknown => return,
            Convention::Vietnamese => {
                self.alternative = None;
                return;
            }
            Convention::English => self.alternative.take(),
        };
        if let Some(english) = alternative {
            self.value = english;
            // "1.250": thousands in one reading, three decimals in the other.
            (self.decimals, self.thousands) = match self.thousands {
                Some(_) => (3, None),
                None => (0, Some(Thousands::Comma)),
            };
        }
    }
}

impl Amount {
    /// The one number that it is.
    pub fn number(self) -> Option<Figure> {
        match self {
            Self::Number(figure) => Some(figure),
            Self::Nothing(_)
            | Self::Bound { .. }
            | Self::Range { .. }
            | Self::Fraction { .. }
            | Self::TooLong
            | Self::NotANumber => None,
        }
    }

    /// Whether it states any number.
    pub const fn is_stated(&self) -> bool {
        !matches!(self, Self::Nothing(_) | Self::NotANumber)
    }

    /// The figures in it, in the order of the text.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        let figures = match self {
            Self::Number(figure) | Self::Bound { figure, .. } => [Some(figure), None, None],
            Self::Range { low, high } => [Some(low), Some(high), None],
            Self::Fraction { part, whole, percent } => [Some(part), Some(whole), percent.as_ref()],
            Self::Nothing(_) | Self::TooLong | Self::NotANumber => [None; 3],
        };
        figures.into_iter().flatten()
    }

    /// The figures in it, to change them.
    pub fn figures_mut(&mut self) -> impl Iterator<Item = &mut Figure> {
        let figures = match self {
            Self::Number(figure) | Self::Bound { figure, .. } => [Some(figure), None, None],
            Self::Range { low, high } => [Some(low), Some(high), None],
            Self::Fraction { part, whole, percent } => [Some(part), Some(whole), percent.as_mut()],
            Self::Nothing(_) | Self::TooLong | Self::NotANumber => [None, None, None],
        };
        figures.into_iter().flatten()
    }

    /// Whether a figure in it has two readings.
    pub fn is_ambiguous(&self) -> bool {
        self.figures().any(|figure| figure.alternative.is_some())
    }

    /// The convention that its figures prove together; `Unknown` when none of them proves one,
    /// or when they prove different ones.
    pub fn evidence(&self) -> Convention {
        let proven = |convention| self.figures().any(|figure| figure.evidence == convention);
        match (proven(Convention::Vietnamese), proven(Convention::English)) {
            (true, false) => Convention::Vietnamese,
            (false, true) => Convention::English,
            (true, true) | (false, false) => Convention::Unknown,
        }
    }

    /// The word that makes it less than a result; one word stands for all its figures.
    pub fn qualifier(&self) -> Option<Qualifier> {
        self.figures().find_map(|figure| figure.qualifier)
    }
}
