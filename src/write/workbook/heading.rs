//! What stands above the title: office and motto, and the number of the page.
#![allow(clippy::float_arithmetic, reason = "lengths on paper are no figures of the office")]

use rust_xlsxwriter::{FormatAlign, FormatUnderline, Worksheet, XlsxError};

use super::{form::Form, layout::count};
use crate::catalogue::{PageNumber, Profile};

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

impl Form<'_> {
    /// Office on the left, motto on the right; the last line of each in bold, that of the motto
    /// underlined.
    pub(super) fn office_and_motto(&mut self) -> Result<(), XlsxError> {
        let heading = &self.appendix.heading;
        let [left, right] = self.layout.halves();
        for (lines, (first, last), underlined) in [(&heading.left, left, false), (&heading.right, right, true)] {
            for (at, line) in lines.iter().enumerate() {
                let mut format = self.style.text(self.layout.size).set_align(FormatAlign::Center).set_text_wrap();
                if at + 1 == lines.len() || underlined {
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
