//! How a wrong value may have come about.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::values::language::Words;

/// Kind of slip that a hypothesis takes a wrong value for. Its name in JSON is that of the variant, in
/// kebab-case, and never changes once released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SlipKind {
    /// One digit is wrong.
    Typo,
    /// Two neighbouring digits stand the wrong way round.
    SwappedDigits,
    /// One digit too many.
    AddedDigit,
    /// One digit too few.
    DroppedDigit,
    /// A letter that looks like a digit.
    LetterForDigit,
    /// The sign was lost or added.
    Sign,
    /// A decimal comma or a unit is off.
    PowerOfTen,
    /// Exchanged with another cell.
    Swap,
    /// The column slid by a row.
    Shift,
    /// No single cell explains it.
    Jointly,
    /// The ratio itself is wrong.
    Ratio,
    /// A number became a date.
    Date,
    /// The unit cell is wrong.
    Unit,
    /// The formula of a total leaves something out.
    Formula,
    /// A result was not recalculated.
    Recalculated,
    /// What a blank cell lacks.
    Missing,
    /// No slip recognised: the value that the rules ask for.
    Value,
}

/// Its name in JSON.
impl fmt::Display for SlipKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(formatter)
    }
}

impl SlipKind {
    /// Name for people.
    pub const fn words(self) -> Words {
        match self {
            Self::Typo => Words { vi: "gõ sai một chữ số", en: "one digit is wrong" },
            Self::SwappedDigits => Words { vi: "đảo hai chữ số", en: "two digits are swapped" },
            Self::AddedDigit => Words { vi: "thừa một chữ số", en: "one digit too many" },
            Self::DroppedDigit => Words { vi: "thiếu một chữ số", en: "one digit is missing" },
            Self::Sign => Words { vi: "sai dấu âm, dương", en: "wrong sign" },
            Self::Swap => Words { vi: "đổi chỗ với ô khác", en: "exchanged with another cell" },
            Self::Shift => Words { vi: "cột bị lệch một dòng", en: "the column slid by a row" },
            Self::Jointly => Words { vi: "sửa cùng lúc", en: "changed together" },
            Self::PowerOfTen => Words {
                vi: "sai dấu phẩy thập phân hoặc đơn vị tính",
                en: "the decimal comma or the unit is wrong",
            },
            Self::Ratio => Words { vi: "tính lại tỷ lệ", en: "the ratio computed again" },
            Self::Date => Words { vi: "số bị đổi thành ngày", en: "a number became a date" },
            // What speaks for these is only that the rules hold then.
            Self::LetterForDigit | Self::Unit | Self::Formula | Self::Recalculated | Self::Missing | Self::Value => {
                Words { vi: "số này làm các phép tính khớp", en: "satisfies the rules" }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_every_release() {
        for (kind, name) in [
            (SlipKind::Typo, "typo"),
            (SlipKind::SwappedDigits, "swapped-digits"),
            (SlipKind::AddedDigit, "added-digit"),
            (SlipKind::DroppedDigit, "dropped-digit"),
            (SlipKind::LetterForDigit, "letter-for-digit"),
            (SlipKind::Sign, "sign"),
            (SlipKind::PowerOfTen, "power-of-ten"),
            (SlipKind::Swap, "swap"),
            (SlipKind::Shift, "shift"),
            (SlipKind::Jointly, "jointly"),
            (SlipKind::Ratio, "ratio"),
            (SlipKind::Date, "date"),
            (SlipKind::Unit, "unit"),
            (SlipKind::Formula, "formula"),
            (SlipKind::Recalculated, "recalculated"),
            (SlipKind::Missing, "missing"),
            (SlipKind::Value, "value"),
        ] {
            assert_eq!(kind.to_string(), name);
            assert_eq!(serde_json::to_value(kind).ok(), Some(name.into()));
            assert_eq!(serde_json::from_value::<SlipKind>(name.into()).ok(), Some(kind));
        }
        assert!(serde_json::from_value::<SlipKind>("slide".into()).is_err());
    }
}
