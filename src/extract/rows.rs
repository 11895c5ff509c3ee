//! Which row of a sheet each row of the mapping means.

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

/// Finds the row of each rule. A rule with several rows takes none of them.
pub(super) fn match_rows<'t>(
    cx: &mut Context<'_>,
    workbook: &Workbook,
    sheet: &Sheet,
    source: &'t Source,
    lines: &'t [Line],
) -> Vec<(&'t Line, &'t RowRule)> {
    let mut found: Vec<(usize, &Line)> = Vec::with_capacity(lines.len());
    let mut unmatched = Vec::new();
    for line in lines {
        match best(source, line) {
            Some(rule) => found.push((rule, line)),
            None => unmatched.push(line),
        }
    }
    found.sort_by_key(|(rule, _)| *rule);
    let mut matched = Vec::with_capacity(found.len());
    let mut rest = found.as_mut_slice();
    for (at, rule) in source.rows.iter().enumerate() {
        let count = rest.iter().take_while(|(of, _)| *of == at).count();
        let (rows, others) = rest.split_at_mut(count);
        rest = others;
        let many = matches!(rule.role, RowRole::Member | RowRole::Ignored);
        // A heading may carry the same label as the row with the values.
        if rows.iter().any(|(_, line)| line.has_values) {
            rows.sort_by_key(|(_, line)| !line.has_values);
        }
        let count = rows.iter().filter(|(_, line)| line.has_values).count();
        let rows = if count > 0 { &rows[..count] } else { &*rows };
        match rows {
            [] => {
                if !rule.optional {
                    cx.findings.push(missing_row(cx, workbook, sheet, rule, &unmatched));
                }
            }
            [(_, line)] => {
                cx.found += 1;
                matched.push((*line, rule));
            }
            several if many => {
                cx.found += 1;
                matched.extend(several.iter().map(|(_, line)| (*line, rule)));
            }
            several => {
                let rows: Vec<&Line> = several.iter().map(|(_, line)| *line).collect();
                cx.findings.push(ambiguous_row(cx, workbook, sheet, rule, &rows));
            }
        }
    }
    matched.sort_by_key(|(line, _)| line.row);
    matched
}

/// How many rules find a row below a header: where several tables have the same header, the one
/// with the rows of the source is meant.
pub(super) fn count_matches(sheet: &Sheet, source: &Source, header: &Header<'_>, texts: &Texts) -> usize {
    let lines = outline::lines(sheet, header, texts);
    let mut found: Vec<usize> = lines.iter().filter_map(|line| best(source, line)).collect();
    found.sort_unstable();
    found.dedup();
    found.len()
}

fn best(source: &Source, line: &Line) -> Option<usize> {
    source.index.best(&source.rows, line.row, &line.path, line.has_values)
}

fn rule_written(rule: &RowRule) -> String {
    match &rule.place {
        RowPlace::Label(path) => path.written.clone(),
        RowPlace::Number(row) => format!("@{}", u64::from(*row) + 1),
    }
}

fn missing_row(cx: &Context<'_>, workbook: &Workbook, sheet: &Sheet, rule: &RowRule, unmatched: &[&Line]) -> Finding {
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
            let there = line.label.trim();
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
fn path_is_near(path: &LabelPath, line: &Line) -> bool {
    path.steps.len() > 1
        && path.steps.last().is_some_and(|own| line.path.last().is_some_and(|label| own.matches_folded(label)))
        && line.path[..line.path.len() - 1].iter().any(|h| {
            path.steps[..path.steps.len() - 1]
                .iter()
                .flat_map(super::super::mapping::Pattern::alternatives)
                .any(|a| text::similar(a, h))
        })
}

fn ambiguous_row(cx: &Context<'_>, workbook: &Workbook, sheet: &Sheet, rule: &RowRule, rows: &[&Line]) -> Finding {
    let wanted = rule_written(rule);
    let places: Vec<Place> =
        rows.iter().map(|line| super::place(workbook, sheet, line.cell, line.label.trim())).collect();
    let addresses = rows.iter().map(|line| line.cell.to_string()).collect::<Vec<_>>().join(", ");
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
