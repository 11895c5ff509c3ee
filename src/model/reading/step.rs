//! What was done to the content of a cell, or to several figures, to get a figure.

use std::{fmt::Display, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

use super::Relation;
use crate::values::{
    language::{Language, counted, say},
    number::{self, Decimal},
};

/// One step on the way from a cell to its figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Step {
    /// The number format shows another number than the cell stores.
    ShownAs {
        /// What the cell stores.
        #[serde(with = "as_text")]
        stored: Decimal,
        /// What it shows.
        #[serde(with = "as_text")]
        shown: Decimal,
        /// Whether it shows a percentage.
        is_percent: bool,
    },
    /// It was brought to the unit of its indicator.
    Converted {
        /// The unit that it had.
        from: String,
        /// That of its indicator.
        to: String,
    },
    /// The number above the stroke was taken.
    PartTaken {
        /// The number above the stroke.
        #[serde(with = "as_text")]
        part: Decimal,
        /// That below it.
        #[serde(with = "as_text")]
        whole: Decimal,
    },
    /// The cell of the result states it too.
    StatedBesideResult,
    /// Of two numbers that a text can stand for, one agrees with what else is known.
    Settled {
        /// What the cell holds.
        raw: Arc<str>,
        /// What it stands for.
        #[serde(with = "as_text")]
        value: Decimal,
        /// What speaks for that.
        because: Evidence,
    },
    /// No cell states it; it follows from others.
    Derived(Relation),
    /// The sum of members, of which some may be missing and some may not belong to it.
    AddedUp {
        /// How many were added.
        members: usize,
        /// How many are missing.
        lacking: u32,
        /// How many may not belong to it.
        spare: u32,
        /// How many there should be.
        of: u32,
    },
    /// It was taken over from another measure of the period before.
    Carried {
        /// Label of the measure.
        measure: String,
        /// The period before.
        period: String,
    },
    /// The sum over submissions.
    SubmissionsAdded {
        /// How many were added.
        count: usize,
        /// How many there are.
        all: usize,
    },
    /// The mean over submissions, weighted by an indicator.
    Weighted {
        /// Label of the indicator.
        by: String,
    },
    /// A quotient of totals.
    FromTotals,
}

/// What speaks for one of two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Evidence {
    /// Its unit counts whole things.
    Unit,
    /// The ratio of its row.
    Ratio,
    /// A total.
    Total,
    /// The figure of the period before.
    Previous,
}

impl Step {
    /// For people.
    pub fn words(&self, language: Language) -> String {
        match self {
            Self::ShownAs { stored, shown, is_percent } => {
                let (before, after) = (language.number(*stored), language.number(*shown));
                if *is_percent {
                    return format!("{before} = {after} %");
                }
                say!(language, "{before} hiện là {after}", "{before} is shown as {after}")
            }
            Self::Converted { from, to } => {
                say!(language, "đổi từ {from} sang {to}", "converted from {from} to {to}")
            }
            Self::PartTaken { part, whole } => {
                // As the cell has it.
                let (above, below) = (number::vietnamese(*part), number::vietnamese(*whole));
                say!(language, "lấy {above} trong \"{above}/{below}\"", "took {above} of \"{above}/{below}\"")
            }
            Self::StatedBesideResult => say!(language, "ghi trong ô của kết quả", "stated in the cell of the result"),
            Self::Settled { raw, value, because } => {
                let (shown, why) = (language.number(*value), because.words(language));
                say!(language, "\"{raw}\" đọc là {shown}: {why}", "\"{raw}\" read as {shown}: {why}")
            }
            Self::Derived(Relation::Parts(_)) => say!(language, "tính từ các thành phần", "computed from its parts"),
            Self::Derived(Relation::Product) => say!(language, "tính từ các thừa số", "computed from its factors"),
            Self::Derived(Relation::Share) => say!(language, "tính từ tỷ trọng", "computed from its share"),
            Self::AddedUp { members, lacking, spare, of } => {
                let addends = counted(*members, "member");
                match (lacking, spare) {
                    (0, 0) => say!(language, "cộng {members} phân tổ", "sum of {addends}"),
                    (_, 0) => say!(
                        language,
                        "cộng {members} phân tổ, thiếu {lacking}/{of}",
                        "sum of {addends}, {lacking} of {of} missing"
                    ),
                    (0, _) => say!(
                        language,
                        "cộng {members} phân tổ, chưa rõ {spare}/{of}",
                        "sum of {addends}, {spare} of {of} may not belong to it"
                    ),
                    _ => say!(
                        language,
                        "cộng {members} phân tổ, thiếu {lacking}/{of}, chưa rõ {spare}/{of}",
                        "sum of {addends}, {lacking} of {of} missing, {spare} of {of} may not belong to it"
                    ),
                }
            }
            Self::Carried { measure, period } => {
                say!(language, "chuyển từ \"{measure}\" của kỳ {period}", "carried from \"{measure}\" of {period}")
            }
            Self::SubmissionsAdded { count, all } => {
                let submissions = counted(*all, "submission");
                say!(language, "cộng {count}/{all} bộ số liệu", "sum of {count}/{submissions}")
            }
            Self::Weighted { by } => {
                say!(language, "bình quân gia quyền theo \"{by}\"", "mean weighted by \"{by}\"")
            }
            Self::FromTotals => say!(language, "tính lại từ các tổng", "computed again from the totals"),
        }
    }

    /// All of them for one field of a table.
    pub fn listed(steps: &[Self], language: Language) -> String {
        steps.iter().map(|step| step.words(language)).collect::<Vec<_>>().join("; ")
    }
}

impl Evidence {
    fn words(self, language: Language) -> String {
        match self {
            Self::Unit => say!(language, "đơn vị đếm nên là số nguyên", "its unit counts whole things"),
            Self::Ratio => say!(language, "khớp tỷ lệ cùng dòng", "it agrees with the ratio of its row"),
            Self::Total => say!(language, "khớp tổng", "it agrees with the total"),
            Self::Previous => {
                say!(language, "gần với số kỳ trước", "it is near the figure of the previous period")
            }
        }
    }
}

/// Decimals as text, which keeps every digit.
mod as_text {
    use serde::{Deserializer, Serializer, de};

    use super::{Deserialize, Display, FromStr};

    pub(super) fn serialize<S: Serializer>(value: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| de::Error::custom("not a decimal"))
    }
}
