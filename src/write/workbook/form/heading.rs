//! What stands above the title: office and motto, and the number of the page.
#![allow(clippy::float_arithmetic, reason = "lengths on paper are no figures of the office")]

use rust_xlsxwriter::{FormatAlign, FormatUnderline, Worksheet, XlsxError};

use super::FormSheet;
use crate::model::catalogue::{PageNumber, Profile};
use crate::write::workbook::layout::count;

/// Letters of the page number: 13 to 14 points in Decree 30/2020, appendix I.
const PAGE_NUMBER_SIZE: u8 = 13;

/// Puts the number of the page where the paper rules want it.
pub(super) fn page_number(sheet: &mut Worksheet, profile: &Profile) {
    let text = |side: char| format!("&{side}&\"{},Regular\"&{PAGE_NUMBER_SIZE}&P", profile.font);
    match profile.page_number {
        PageNumber::TopCentre => sheet.set_header(text('C')),
        PageNumber::BottomCentre => sheet.set_footer(text('C')),
        PageNumber::BottomRight => sheet.set_footer(text('R')),
        PageNumber::Absent => sheet,
    };
}

impl FormSheet<'_> {
    /// Office on the left, motto on the right, its last line underlined. Bold are the office itself
    /// and the motto: not the offices above it, nor the sign or number that stand below it in the
    /// papers of the Party.
    pub(super) fn office_and_motto(&mut self) -> Result<(), XlsxError> {
        let heading = &self.appendix.heading;
        let [left, right] = self.layout.halves();
        for (lines, (first, last), underlined) in [(&heading.left, left, false), (&heading.right, right, true)] {
            let office = lines.iter().rposition(|line| is_name(line));
            for (at, line) in lines.iter().enumerate() {
                let mut format = self.style.text(self.layout.size).set_align(FormatAlign::Center).set_text_wrap();
                if Some(at) == office || underlined {
                    format = format.set_bold();
                }
                if at + 1 == lines.len() && underlined {
                    format = format.set_underline(FormatUnderline::Single);
                }
                let column = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
                self.merged(count(at), column(first), count(at), column(last), line, &format)?;
            }
        }
        Ok(())
    }
}

/// Whether a line names an office, and is no sign and no number of the paper.
fn is_name(line: &str) -> bool {
    let line = line.trim();
    let is_number = line.strip_prefix("Số").is_some_and(|rest| {
        rest.trim_start().starts_with([':', '.', '…', '-'])
            || rest.contains('/')
            || rest.chars().any(|letter| letter.is_ascii_digit())
    });
    line.chars().any(char::is_alphabetic) && !is_number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_numbers_name_no_office() {
        for (line, expected) in [
            ("ĐẢNG ỦY XÃ AN MẪU", true),
            ("*", false),
            ("-----", false),
            ("Số 282-BC/ĐU", false),
            ("Số: …/BC-UBND", false),
            ("SỞ NÔNG NGHIỆP", true),
        ] {
            assert_eq!(is_name(line), expected, "{line}");
        }
    }
}
