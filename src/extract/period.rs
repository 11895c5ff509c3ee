//! `wrong-period`: a title, a header or the name of a file speaks of another year or other months
//! than the submission. Last year's file put into this year's folder looks right in every figure.

use std::{ops::RangeInclusive, sync::Arc};

use super::{Context, header::Header};
use crate::{
    model::{
        finding::{Code, Explain, Facts, Finding, Place, Severity},
        mapping::{ColumnPlace, Source},
        workbook::{Position, Row, Sheet, Value, Workbook, file_name},
    },
    values::{
        language::{Language, Words, say},
        period::Period,
        text,
    },
};

pub(super) static WRONG_PERIOD: Code = Code {
    name: "wrong-period",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Tiêu đề bảng, tiêu đề cột hoặc tên tệp ghi năm hay kỳ khác với kỳ của biểu.",
            en: "The title of a table, a column header or the name of the file states another year or period than the form's.",
        },
        why: Words {
            vi: "Có thể tệp của năm trước bị để nhầm vào bộ số liệu, hoặc chép từ năm trước mà chưa sửa tiêu đề.",
            en: "Last year's file may be among the files of this year, or the sheet was copied and its title not changed.",
        },
        fix: Words {
            vi: "Kiểm tra số liệu thuộc kỳ nào; nếu đúng kỳ, sửa tiêu đề hoặc tên tệp; nếu không, thay bằng tệp đúng kỳ.",
            en: "Check which period the figures are of. Correct the title or the name if they are right, else replace the file.",
        },
        example: Words {
            vi: "A1 ghi \"KẾT QUẢ NĂM 2022\" trong bộ số liệu năm 2023.",
            en: "A1 says \"KẾT QUẢ NĂM 2022\" in a submission of 2023.",
        },
    },
};

/// What a file says of another period.
#[derive(Debug)]
pub(super) struct Claim {
    place: Place,
    says: String,
}

/// Rows above a header that may hold its title.
const TITLE_ROWS: u32 = 12;

/// What the title and the headers of a table say of another period. A title that also names the
/// period of the form compares two periods and claims nothing; nor does a column that the mapping
/// itself finds by a year.
pub(super) fn of_table(
    cx: &Context<'_>,
    workbook: &Workbook,
    sheet: &Sheet,
    source: &Source,
    header: &Header<'_>,
) -> Vec<Claim> {
    let period = &cx.catalogue.period;
    if names_a_year(source) {
        return Vec::new();
    }
    let start = header.first_row.saturating_sub(TITLE_ROWS);
    // Where nothing is merged, a title right above the headers is taken for the highest of them.
    let is_title = |row: &Row<'_>| row.row < header.first_row || row.texts().nth(1).is_none();
    let titles: Vec<(Position, &str, Named)> = sheet
        .rows()
        .filter(|row| (start..header.data_row).contains(&row.row) && is_title(row))
        .flat_map(|row| row.cells().map(move |cell| (row.row, cell)))
        .filter_map(|(row, cell)| match cell.value {
            Value::Text(words) => Some((Position::new(row, cell.column), words, Named::in_title(words))),
            _ => None,
        })
        .collect();
    let agrees = titles.iter().any(|(.., named)| named.agrees(period));
    let place = |at: Position, raw: &str| super::place(workbook, sheet, at, raw);
    let mut claims: Vec<Claim> = titles
        .iter()
        .filter(|(.., named)| !agrees && named.contradicts(period))
        .map(|(at, words, named)| Claim { place: place(*at, words), says: named.shown() })
        .collect();
    for (at, column) in &header.columns {
        let ColumnPlace::Header(path) = &column.place else { continue };
        if column.each_member || !years(&path.written).is_empty() {
            continue;
        }
        let is_header = |text: &&Arc<str>| !titles.iter().any(|(_, title, _)| **title == ***text);
        let texts: Vec<&Arc<str>> = header.texts_of(*at).iter().filter(is_header).collect();
        let named: Vec<i32> = texts.iter().flat_map(|text| years(text)).collect();
        if !named.is_empty() && !named.iter().any(|year| covered(period).contains(year)) {
            let raw = texts.last().map(|text| &***text).unwrap_or_default();
            let row = header.data_row.saturating_sub(1);
            claims.push(Claim { place: place(Position::new(row, *at), raw), says: named[0].to_string() });
        }
    }
    claims
}

/// `wrong-period`: what a file says, and the period of the form.
#[derive(Debug)]
struct WrongPeriod {
    /// The cell that says it and what it holds; the name of the file otherwise.
    cell: Option<(Position, String)>,
    says: String,
    due: String,
}

impl Facts for WrongPeriod {
    fn message(&self, language: Language) -> String {
        let Self { cell, says, due } = self;
        match cell {
            Some((cell, raw)) => say!(
                language,
                "{cell} ghi \"{raw}\" ({says}), còn kỳ của biểu là {due}",
                "{cell} says \"{raw}\" ({says}), but the form is of {due}"
            ),
            None => say!(
                language,
                "tên tệp ghi {says}, còn kỳ của biểu là {due}",
                "the name of the file says {says}, but the form is of {due}"
            ),
        }
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "kiểm tra số liệu thuộc kỳ nào; nếu đúng kỳ, sửa tiêu đề hoặc tên tệp",
            "check which period the figures are of; if they are right, correct the title or the name of the file"
        )
    }
}

/// One finding for all that a file says of another period.
pub(super) fn report(cx: &mut Context<'_>, workbook: &Workbook, sources: &[&Source], mut claims: Vec<Claim>) {
    let period = &cx.catalogue.period;
    let name = file_name(&workbook.file);
    let named = years(name);
    let by_name = !named.is_empty() && !named.iter().any(|year| covered(period).contains(year));
    if by_name && !sources.iter().any(|source| names_a_year(source)) {
        claims.push(Claim { place: Place::file(&workbook.file), says: named[0].to_string() });
    }
    // Several sources may read one sheet.
    let mut seen = Vec::new();
    claims.retain(|claim| {
        !seen.contains(&claim.place) && {
            seen.push(claim.place.clone());
            true
        }
    });
    let Some(first) = claims.first() else { return };
    let (says, due) = (first.says.clone(), period.to_string());
    let cell = first.place.cell.zip(first.place.raw.as_deref().map(|raw| text::trim(raw).to_owned()));
    let patterns: Vec<String> = sources.iter().map(|source| source.pattern()).collect();
    let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
    let facts = WrongPeriod { cell, says: says.clone(), due: due.clone() };
    let mut finding = Finding::new(&WRONG_PERIOD, facts).at(first.place.clone()).fingerprinted(&patterns);
    finding.found = Some(says);
    finding.expected = Some(due);
    finding.sources = claims[1..].iter().map(|claim| claim.place.clone()).collect();
    cx.findings.push(finding);
}

fn covered(period: &Period) -> RangeInclusive<i32> {
    period.first_year..=period.year
}

/// Whether the mapping itself finds the file or sheet by a year: then it knows what it asks for.
fn names_a_year(source: &Source) -> bool {
    let sheets = source.sheets.iter().map(crate::model::mapping::Pattern::written);
    sheets.chain(source.files.iter().map(String::as_str)).any(|pattern| !years(pattern).is_empty())
}

/// Years in a text: four digits by themselves, of this century or the last one.
fn years(text: &str) -> Vec<i32> {
    let groups = text.split(|c: char| !c.is_ascii_digit());
    groups
        .filter(|group| group.len() == 4)
        .filter_map(|group| group.parse().ok())
        .filter(|year| (1950..2100).contains(year))
        .collect()
}

/// The period that a title names.
struct Named {
    years: Vec<i32>,
    months: Option<u8>,
}

impl Named {
    /// "NĂM 2022", "6 tháng đầu năm 2023", "giai đoạn 2021-2025". The date of a document ("ngày 5
    /// tháng 12 năm 2023") is no period, nor are years without such a word before them.
    fn in_title(title: &str) -> Self {
        let folded = text::fold(title);
        let mut named = Self { years: Vec::new(), months: None };
        if folded.contains("ngày") {
            return named;
        }
        for word in ["năm ", "giai đoạn "] {
            for (at, _) in folded.match_indices(word) {
                let rest = &folded[at + word.len()..];
                let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '-' || c == ' ')).unwrap_or(rest.len());
                named.years.extend(years(&rest[..end]));
            }
        }
        let is_part = !folded.contains("cả năm") && !folded.contains("ước");
        if let Some((before, _)) = folded.split_once(" tháng đầu năm").filter(|_| is_part) {
            named.months = match before.rsplit(' ').next().unwrap_or_default() {
                "6" | "sáu" => Some(6),
                "9" | "chín" => Some(9),
                "3" | "ba" => Some(3),
                _ => None,
            };
        }
        named
    }

    fn agrees(&self, period: &Period) -> bool {
        self.years.iter().any(|year| covered(period).contains(year)) && self.months.is_none_or(|m| m == period.months)
    }

    fn contradicts(&self, period: &Period) -> bool {
        let other_year = !self.years.is_empty() && !self.years.iter().any(|year| covered(period).contains(year));
        other_year || self.months.is_some_and(|months| months != period.months)
    }

    fn shown(&self) -> String {
        let year = self.years.first().map(i32::to_string);
        let months = self.months.map(|months| format!("{months}T"));
        year.into_iter().chain(months).collect::<Vec<_>>().join("-")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_titles_and_names_say() {
        let period = |written| Period::parse(written).expect("a period");
        for (title, of, contradicts) in [
            ("KẾT QUẢ THỰC HIỆN NĂM 2022", "2023", true),
            ("KẾT QUẢ THỰC HIỆN NĂM 2023", "2023", false),
            ("Kế hoạch năm 2023, so với năm 2022", "2023", false),
            ("(Kèm theo Báo cáo số 12 ngày 5 tháng 1 năm 2024)", "2023", false),
            ("6 tháng đầu năm 2023", "2023", true),
            ("Kết quả 9 tháng đầu năm và ước cả năm 2023", "2023", false),
            ("Sáu tháng đầu năm 2024", "2024-6T", false),
            ("9 tháng đầu năm 2024", "2024-6T", true),
            ("giai đoạn 2021-2025", "2021-2025", false),
            ("giai đoạn 2016 - 2020", "2021-2025", true),
            ("Diện tích 2022 ha", "2023", false),
        ] {
            assert_eq!(Named::in_title(title).contradicts(&period(of)), contradicts, "{title} {of}");
        }
        assert_eq!(years("bieu_2022 (1).xlsx"), [2022]);
        assert!(years("20231231 so 12345").is_empty());
    }
}
