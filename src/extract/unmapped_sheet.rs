//! `unmapped-sheet`: a sheet with figures that no source reads, beside sheets that are read.

use std::sync::Arc;

use super::{Context, locate, rows, unclaimed::Claims};
use crate::{
    model::{
        finding::{Code, Explain, Facts, Finding, Place, Severity},
        mapping::{Mapping, Source},
        workbook::{Position, Sheet, Value, Workbook, file_name},
    },
    values::language::{Language, Words, counted, say},
};

pub(crate) static UNMAPPED_SHEET: Code = Code {
    name: "unmapped-sheet",
    severity: Severity::Info,
    explain: Explain {
        what: Words {
            vi: "Một sheet có số liệu mà bảng ánh xạ không đọc, trong khi sheet khác của tệp được đọc.",
            en: "A sheet holds figures that the mapping does not read, while other sheets of the file are read.",
        },
        why: Words {
            vi: "Nếu là sheet của một thôn hay một vụ thì số của cả sheet bị bỏ sót. Sheet có cùng tiêu đề với sheet đang được \
                 đọc được báo ở mức cảnh báo.",
            en: "If it is the sheet of a village or a season, all its figures are left out. One with the headers of a sheet \
                 that is read is a warning.",
        },
        fix: Words {
            vi: "Kiểm tra tên sheet; nếu số liệu thuộc biểu, báo người quản lý bảng ánh xạ; nếu không, xóa sheet hoặc chuyển sang tệp khác.",
            en: "Check the name of the sheet. If its figures belong to the form, tell whoever keeps the mapping; if not, \
                 delete it or move it to another file.",
        },
        example: Words {
            vi: "trong-trot.xlsx: sheet \"Vụ đông\" có 24 số không được đọc; \"Vụ xuân\", \"Vụ mùa\" được đọc.",
            en: "trong-trot.xlsx: sheet \"Vụ đông\" has 24 numbers that are not read; \"Vụ xuân\", \"Vụ mùa\" are.",
        },
    },
};

/// Fewer numbers than these are notes beside the tables.
const FEWEST: usize = 4;

/// One finding per sheet of a workbook of which another sheet is read.
pub(super) fn report(cx: &mut Context<'_>, workbooks: &[&Workbook], mapping: &Mapping, claims: &Claims) {
    for (workbook_at, workbook) in workbooks.iter().enumerate() {
        if !(0..workbook.sheets.len()).any(|sheet_at| claims.reads((workbook_at, sheet_at))) {
            continue;
        }
        let is_of = |source: &&Source| source.takes_file(file_name(&workbook.file));
        let sources: Vec<&Source> = mapping.sources.iter().filter(is_of).collect();
        for (sheet_at, sheet) in workbook.sheets.iter().enumerate() {
            let is_ignored = mapping.ignored_sheets.iter().any(|pattern| pattern.matches(&sheet.name));
            if is_ignored || claims.reads((workbook_at, sheet_at)) {
                continue;
            }
            let mut numbers = sheet.rows().flat_map(|row| {
                let is_number = |value: Value<'_>| matches!(value, Value::Number(_));
                row.cells().filter(move |c| is_number(c.value)).map(move |c| Position::new(row.row, c.column))
            });
            let Some(first) = numbers.next() else { continue };
            let count = numbers.count() + 1;
            if count >= FEWEST {
                let finding = finding(cx, workbook, sheet, &sources, first, count);
                cx.findings.push(finding);
            }
        }
    }
}

/// How many figures a sheet holds that nothing reads.
#[derive(Debug)]
struct UnmappedSheet {
    name: Arc<str>,
    count: usize,
    /// Whether it has the headers of a sheet that is read.
    is_like_another: bool,
}

impl Facts for UnmappedSheet {
    fn message(&self, language: Language) -> String {
        let Self { name, count, is_like_another } = self;
        let numbers = counted(*count, "number");
        if *is_like_another {
            say!(
                language,
                "sheet \"{name}\" có {count} số không được đọc, dù có cùng tiêu đề với sheet được đọc",
                "sheet \"{name}\" has {numbers} that are not read, though it has the headers of a sheet that is"
            )
        } else {
            say!(
                language,
                "sheet \"{name}\" có {count} số không được đọc",
                "sheet \"{name}\" has {numbers} that are not read"
            )
        }
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "kiểm tra tên sheet; nếu số liệu thuộc biểu, báo người quản lý bảng ánh xạ; nếu không, ghi tên sheet vào `ignore-sheets`",
            "check the name of the sheet; if its figures belong to the form, tell whoever keeps the mapping; if not, name the sheet in `ignore-sheets`"
        )
    }
}

fn finding(
    cx: &Context<'_>,
    workbook: &Workbook,
    sheet: &Sheet,
    sources: &[&Source],
    first: Position,
    count: usize,
) -> Finding {
    let is_like = |source: &&&Source| {
        source.first_row.is_none()
            && locate::locate(sheet, source, cx.texts, |header| rows::count_matches(sheet, source, header, cx.texts))
                .is_ok_and(|header| header.is_complete())
    };
    let sister = sources.iter().find(is_like);
    let name = &sheet.name;
    let facts = UnmappedSheet { name: name.clone(), count, is_like_another: sister.is_some() };
    let patterns = sources.first().map(|source| source.pattern()).unwrap_or_default();
    let place = Place { cell: Some(first), ..Place::sheet(&workbook.file, name) };
    let mut finding = Finding::new(&UNMAPPED_SHEET, facts).at(place).fingerprinted(&[&patterns, name]);
    if let Some(source) = sister {
        finding.severity = Severity::Warning;
        finding.mapping = Some(source.line.clone());
    }
    finding
}
