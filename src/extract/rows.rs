//! Which row of a sheet each row of the mapping means.

use std::collections::BTreeSet;

use super::{
    Context, codes,
    header::Header,
    outline::{self, Line},
    texts::Texts,
};
use crate::{
    finding::{Finding, Place},
    mapping::{LabelPath, RowPlace, RowRole, RowRule, Source},
    say, text,
    workbook::{Sheet, Workbook},
};

/// The rows of a table, by their places among the rows of the sheet.
pub(super) struct Rows {
    /// Every row with a label, in order.
    pub labelled: Vec<u32>,
    /// Those that a rule of the source takes, in order, with the place of the rule.
    pub matched: Vec<(u32, u32)>,
}

/// Finds the row of each rule. A rule with several rows takes none of them.
pub(super) fn match_rows(
    cx: &mut Context<'_>,
    workbook: &Workbook,
    sheet: &Sheet,
    source: &Source,
    header: &Header<'_>,
) -> Rows {
    // Rows of each rule with values in them, and without.
    let mut rows_of: Vec<[Vec<u32>; 2]> = vec![[Vec::new(), Vec::new()]; source.rows.len()];
    let mut unmatched = Vec::new();
    let mut rows = Rows { labelled: Vec::new(), matched: Vec::new() };
    outline::for_each_line(sheet, header, cx.texts, |line| {
        rows.labelled.push(line.place);
        match best(source, line) {
            Some(rule) => rows_of[rule][usize::from(!line.has_values)].push(line.place),
            None => unmatched.push(line.clone()),
        }
    });
    for ((number, rule), [with_values, without]) in (0..).zip(&source.rows).zip(rows_of) {
        let many = matches!(rule.role, RowRole::Member | RowRole::Ignored);
        // A heading may carry the same label as the row with the values.
        let found = if with_values.is_empty() { without } else { with_values };
        match found.as_slice() {
            [] => {
                if !rule.optional {
                    cx.findings.push(missing_row(cx, workbook, sheet, rule, &unmatched));
                }
            }
            several if many || several.len() == 1 => {
                cx.found += 1;
                rows.matched.extend(several.iter().map(|place| (*place, number)));
            }
            several => cx.findings.push(ambiguous_row(cx, workbook, (sheet, header), rule, several)),
        }
    }
    rows.matched.sort_unstable();
    rows
}

/// How many rules find a row below a header: where several tables have the same header, the one
/// with the rows of the source is meant.
pub(super) fn count_matches(sheet: &Sheet, source: &Source, header: &Header<'_>, texts: &Texts) -> usize {
    let mut found = BTreeSet::new();
    outline::for_each_line(sheet, header, texts, |line| found.extend(best(source, line)));
    found.len()
}

fn best(source: &Source, line: &Line<'_>) -> Option<usize> {
    source.index.best(&source.rows, line.row, &line.path, line.has_values)
}

fn rule_written(rule: &RowRule) -> String {
    match &rule.place {
        RowPlace::Label(path) => path.written.clone(),
        RowPlace::Number(row) => format!("@{}", u64::from(*row) + 1),
    }
}

fn missing_row(
    cx: &Context<'_>,
    workbook: &Workbook,
    sheet: &Sheet,
    rule: &RowRule,
    unmatched: &[Line<'_>],
) -> Finding {
    let wanted = rule_written(rule);
    let near = match &rule.place {
        RowPlace::Number(_) => None,
        RowPlace::Label(path) => {
            let alternatives = || path.steps.last().into_iter().flat_map(super::super::mapping::Pattern::alternatives);
            unmatched
                .iter()
                .filter(|line| {
                    let label = line.path.last().map_or("", |label| &**label);
                    alternatives().any(|a| text::similar(a, label)) || path_is_near(path, line)
                })
                .min_by_key(|line| {
                    let label = line.path.last().map_or("", |label| &**label);
                    alternatives().map(|a| text::distance(a, label)).min()
                })
        }
    };
    let id = match rule.role {
        RowRole::Indicator(id) => Some(cx.catalogue.indicator(id).id.clone()),
        RowRole::Total | RowRole::Member | RowRole::Ignored => None,
    };
    let mut finding = match near {
        Some(line) => {
            let there = text::trim(&line.label);
            Finding::new(
                &codes::SUGGESTED_LABEL,
                say!(
                    cx.language,
                    "không có dòng \"{wanted}\"; gần giống nhất là \"{there}\", chưa lấy",
                    "there is no row \"{wanted}\"; the nearest is \"{there}\", which was not taken"
                ),
                say!(
                    cx.language,
                    "nếu đúng là dòng này, thêm \" | {there}\" vào nhãn trong bảng ánh xạ; nếu gõ sai, sửa nhãn trong sheet",
                    "if it is that row, add \" | {there}\" to the label in the mapping; if it is a slip, mend the label in the sheet"
                ),
            )
            .at(super::place(workbook, sheet, line.cell, there))
        }
        None => Finding::new(
            &codes::MISSING_LABEL,
            say!(cx.language, "không có dòng \"{wanted}\"", "there is no row \"{wanted}\""),
            say!(
                cx.language,
                "thêm dòng vào sheet, hoặc sửa nhãn trong bảng ánh xạ, hoặc ghi `optional = true`",
                "add the row to the sheet, or mend the label in the mapping, or write `optional = true`"
            ),
        )
        .at(Place::sheet(&workbook.file, &sheet.name)),
    };
    finding.indicator = id;
    finding.stated_at(rule.line.clone()).fingerprinted(&["row", &sheet.name, &wanted])
}

/// The label is right but stands under another heading.
fn path_is_near(path: &LabelPath, line: &Line<'_>) -> bool {
    path.steps.len() > 1
        && path.steps.last().is_some_and(|own| line.path.last().is_some_and(|label| own.matches_folded(label)))
        && line.path[..line.path.len() - 1].iter().any(|h| {
            path.steps[..path.steps.len() - 1]
                .iter()
                .flat_map(super::super::mapping::Pattern::alternatives)
                .any(|a| text::similar(a, h))
        })
}

fn ambiguous_row(
    cx: &Context<'_>,
    workbook: &Workbook,
    (sheet, header): (&Sheet, &Header<'_>),
    rule: &RowRule,
    rows: &[u32],
) -> Finding {
    let wanted = rule_written(rule);
    let labels = rows.iter().filter_map(|place| outline::label_of(sheet, &sheet.row_in_place(*place)?, header));
    let labels: Vec<_> = labels.collect();
    let places: Vec<Place> =
        labels.iter().map(|(cell, label)| super::place(workbook, sheet, *cell, text::trim(label))).collect();
    let addresses = labels.iter().map(|(cell, _)| cell.to_string()).collect::<Vec<_>>().join(", ");
    let mut finding = Finding::new(
        &codes::AMBIGUOUS_LABEL,
        say!(
            cx.language,
            "nhãn \"{wanted}\" khớp nhiều dòng: {addresses}; chưa lấy dòng nào",
            "the label \"{wanted}\" fits several rows: {addresses}; none was taken"
        ),
        say!(
            cx.language,
            "ghi thêm mục cha vào nhãn trong bảng ánh xạ, ví dụ \"Mục cha > {wanted}\"",
            "add the heading to the label in the mapping, say \"Heading > {wanted}\""
        ),
    );
    if let RowRole::Indicator(id) = rule.role {
        finding.indicator = Some(cx.catalogue.indicator(id).id.clone());
    }
    let mut places = places.into_iter();
    finding.target = places.next();
    finding.sources = places.collect();
    finding.stated_at(rule.line.clone()).fingerprinted(&["row", &sheet.name, &wanted])
}
