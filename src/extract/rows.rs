//! Which row of a sheet each row of the mapping means.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use super::{
    Context,
    blank_rows::BlankRows,
    codes,
    header::{BreakKind, Header},
    locate::RowCounts,
    outline::{self, Line},
    pages,
    texts::Texts,
};
use crate::{
    model::{
        finding::{Facts, Finding, Place},
        mapping::{LabelPath, Pattern, RowPlace, RowRole, RowRule, Source},
        workbook::{Position, Sheet, Workbook},
    },
    values::{
        language::{Language, say},
        text,
    },
};

/// The rows of a table, by their places among the rows of the sheet.
pub(super) struct Rows {
    /// Every row with a label or figures, in order: those of the table, and of each that follows it.
    pub labelled: Vec<Vec<u32>>,
    /// Those that a rule of the source takes, in order, with the place of the rule.
    pub matched: Vec<(u32, u32)>,
    /// What members are called whose label alone is not enough.
    pub names: HashMap<u32, Arc<str>>,
    /// Rows that carry figures from page to page.
    pub carried: Vec<u32>,
    /// Rows with figures that rows of members stand below.
    pub parents: BTreeSet<u32>,
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
    let mut totals: Vec<(Line<'_>, usize)> = Vec::new();
    let mut has_headings = false;
    let mut blank_rows: Vec<BlankRows> = source.rows.iter().map(|_| BlankRows::default()).collect();
    // The rule whose list of members goes on.
    let mut list: Option<usize> = None;
    let labelled =
        vec![Vec::new(); 1 + header.breaks.iter().filter(|b| matches!(b.kind, BreakKind::Table(..))).count()];
    let mut rows =
        Rows { labelled, matched: Vec::new(), names: HashMap::new(), carried: Vec::new(), parents: BTreeSet::new() };
    outline::for_each_line(sheet, header, cx.texts, |line, above| {
        rows.labelled[line.table].push(line.place);
        match best(source, line, line.has_values, header) {
            Some(rule) if is_pattern_of_members(&source.rows[rule]) && pages::is_carried(&line.label) => {
                rows.carried.push(line.place);
            }
            Some(rule) => {
                if let Some(total) = other_total(source, rule, line) {
                    totals.push((line.clone(), total));
                }
                if source.rows[rule].role == RowRole::Member && line.path.len() > 1 {
                    has_headings = true;
                    // "Cùng kỳ 2022" without a number stands below the last village, and is none of its rows.
                    rows.parents.extend(above.parent().filter(|_| !text::compares(&line.label)));
                }
                rows_of[rule][usize::from(!line.has_values)].push(line.place);
                let own = (source.rows[rule].role == RowRole::Member).then_some(rule);
                if own != list
                    && let Some(before) = std::mem::replace(&mut list, own)
                {
                    blank_rows[before].end_list();
                }
                if own.is_some() {
                    blank_rows[rule].add(line);
                }
            }
            None => {
                // Whether "*" takes a row without figures is seen by those around it.
                let open = if line.has_values { None } else { best(source, line, true, header) };
                let open = open.filter(|rule| source.rows[*rule].role == RowRole::Member);
                if list.is_some()
                    && list != open
                    && let Some(before) = list.take()
                {
                    blank_rows[before].end_list();
                }
                if let Some(rule) = open {
                    list = open;
                    blank_rows[rule].add(line);
                }
                if let Some(total) = other_total(source, usize::MAX, line) {
                    totals.push((line.clone(), total));
                }
                unmatched.push(line.clone());
            }
        }
    });
    take_other_totals(&totals, &mut rows_of);
    for (of_rule, blank_rows) in rows_of.iter_mut().zip(blank_rows) {
        of_rule[0].extend(blank_rows.finish());
    }
    for ((number, rule), [with_values, without]) in (0..).zip(&source.rows).zip(rows_of) {
        let many = matches!(rule.role, RowRole::Member | RowRole::Ignored);
        // A heading may carry the same label as the row with the values.
        let found = if with_values.is_empty() { without } else { with_values };
        match found.as_slice() {
            [] => {
                if !rule.optional {
                    cx.findings.push(missing_row(cx, workbook, (sheet, header), rule, &unmatched));
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
    if has_headings {
        rows.names = names_under_headings(cx, sheet, source, header, &rows.matched);
    }
    rows
}

/// How many rules find a row below a header: where several tables have the same header, the one
/// with the rows of the source is meant.
pub(super) fn count_matches(sheet: &Sheet, source: &Source, header: &Header<'_>, texts: &Texts) -> RowCounts {
    let (mut own, mut all) = (BTreeSet::new(), BTreeSet::new());
    outline::for_each_line(sheet, header, texts, |line, _| {
        let rule = best(source, line, line.has_values, header);
        all.extend(rule);
        if line.table == 0 {
            own.extend(rule);
        }
    });
    RowCounts { own: own.len(), all: all.len() }
}

/// The rule of a line. Rows of a table that follows are reached by its title only: the first one is
/// meant where nothing is said.
fn best(source: &Source, line: &Line<'_>, has_values: bool, header: &Header<'_>) -> Option<usize> {
    let rule = source.index.best(&source.rows, line.row, &line.path, has_values)?;
    let is_meant = line.table == 0
        || match &source.rows[rule].place {
            RowPlace::Number(_) => true,
            RowPlace::Label(path) => has_title(header, line.table) && !path.matches(&line.path[1..]),
        };
    is_meant.then_some(rule)
}

fn has_title(header: &Header<'_>, table: usize) -> bool {
    title_of(header, table).is_some()
}

/// The title of a table that follows.
fn title_of<'h>(header: &'h Header<'_>, table: usize) -> Option<&'h Arc<str>> {
    let mut titles = header.breaks.iter().filter_map(|broken| match &broken.kind {
        BreakKind::Table(title, _) => Some(title),
        BreakKind::Page | BreakKind::End => None,
    });
    titles.nth(table.checked_sub(1)?)?.as_ref()
}

/// Whether a rule takes whatever fits a pattern for a member.
pub(super) fn is_pattern_of_members(rule: &RowRule) -> bool {
    rule.role == RowRole::Member
        && matches!(&rule.place, RowPlace::Label(path) if path.steps.last().is_some_and(Pattern::is_wild))
}

/// The rule of a total that a line may be, written with another word: "Toàn xã" for "Tổng số".
fn other_total(source: &Source, rule: usize, line: &Line<'_>) -> Option<usize> {
    let is_free = source.rows.get(rule).is_none_or(is_pattern_of_members);
    if !is_free || !line.has_values || !text::is_total_word(&line.label) {
        return None;
    }
    let (_, headings) = line.path.split_last()?;
    source.rows.iter().position(|rule| {
        let is_read = matches!(rule.role, RowRole::Total | RowRole::Indicator(_) | RowRole::Blocks(_))
            && rule.measures.is_empty();
        let RowPlace::Label(path) = &rule.place else { return false };
        let Some((own, above)) = path.steps.split_last() else { return false };
        let mut headings = headings.iter();
        is_read
            && own.alternatives().iter().any(|word| text::is_total_word(word))
            && above.iter().all(|step| headings.any(|heading| step.matches_folded(heading)))
    })
}

/// Gives a line with another word for a total to its rule, where neither another line nor the word
/// itself is there.
fn take_other_totals(totals: &[(Line<'_>, usize)], rows_of: &mut [[Vec<u32>; 2]]) {
    for (line, rule) in totals {
        let is_only = totals.iter().filter(|(_, other)| other == rule).count() == 1;
        if is_only && rows_of[*rule].iter().all(Vec::is_empty) {
            for rows in rows_of.iter_mut().flatten() {
                rows.retain(|place| *place != line.place);
            }
            rows_of[*rule][0].push(line.place);
        }
    }
}

/// Names of members whose label occurs more than once in the table: with the heading, or with all
/// headings, whichever tells them apart.
fn names_under_headings(
    cx: &Context<'_>,
    sheet: &Sheet,
    source: &Source,
    header: &Header<'_>,
    matched: &[(u32, u32)],
) -> HashMap<u32, Arc<str>> {
    let mut by_label: HashMap<Arc<str>, Vec<(u32, Vec<String>)>> = HashMap::new();
    outline::for_each_line(sheet, header, cx.texts, |line, above| {
        let at = matched.partition_point(|(place, _)| *place < line.place);
        let rule = matched.get(at).filter(|(place, _)| *place == line.place);
        let is_member = rule.is_some_and(|(_, rule)| source.rows[*rule as usize].role == RowRole::Member);
        if let Some(label) = line.path.last().filter(|_| is_member) {
            let mut names = above.names();
            names.push(text::trim(&line.label).to_owned());
            by_label.entry(label.clone()).or_default().push((line.place, names));
        }
    });
    let mut names = HashMap::new();
    for rows in by_label.into_values().filter(|rows| rows.len() > 1) {
        let short = |path: &[String]| path[path.len().saturating_sub(2)..].join(" > ");
        let distinct: BTreeSet<String> = rows.iter().map(|(_, path)| short(path)).collect();
        for (place, path) in &rows {
            let name = if distinct.len() == rows.len() { short(path) } else { path.join(" > ") };
            names.insert(*place, name.into());
        }
    }
    names
}

fn rule_written(rule: &RowRule) -> String {
    match &rule.place {
        RowPlace::Label(path) => path.written.clone(),
        RowPlace::Number(row) => format!("@{}", u64::from(*row) + 1),
    }
}

/// A row of the mapping that is not there.
#[derive(Debug)]
struct MissingRow {
    wanted: String,
    near: Option<NearRow>,
}

/// A row that may be meant.
#[derive(Debug)]
enum NearRow {
    /// Its label.
    Similar(String),
    /// It stands in a table with the same header that follows, which has to be named: its label, and the title
    /// of that table.
    InAnotherTable(String, Option<Arc<str>>),
}

impl Facts for MissingRow {
    fn message(&self, language: Language) -> String {
        let wanted = &self.wanted;
        match &self.near {
            None => say!(language, "không có dòng \"{wanted}\"", "there is no row \"{wanted}\""),
            Some(NearRow::Similar(there)) => say!(
                language,
                "không có dòng \"{wanted}\"; gần giống nhất là \"{there}\", chưa lấy",
                "there is no row \"{wanted}\"; the nearest is \"{there}\", which was not taken"
            ),
            Some(NearRow::InAnotherTable(there, _)) => say!(
                language,
                "bảng không có dòng \"{wanted}\"; dòng \"{there}\" ở một bảng khác phía dưới, chưa lấy",
                "the table has no row \"{wanted}\"; \"{there}\" is in another table below, and was not taken"
            ),
        }
    }

    fn action(&self, language: Language) -> String {
        match &self.near {
            None => say!(
                language,
                "thêm dòng vào sheet, hoặc sửa tên dòng cho đúng; nếu mẫu không có dòng này, người quản lý bảng ánh xạ sửa tên hoặc ghi `optional = true`",
                "add the row to the sheet, or correct the label in the mapping, or write `optional = true`"
            ),
            Some(NearRow::Similar(there)) => say!(
                language,
                "nếu gõ sai, sửa tên dòng trong sheet; nếu đúng là dòng này, người quản lý bảng ánh xạ thêm \" | {there}\" vào tên dòng",
                "if it is that row, add \" | {there}\" to the label in the mapping; if it is a slip, correct the label in the sheet"
            ),
            Some(NearRow::InAnotherTable(there, Some(title))) => say!(
                language,
                "nếu đúng là dòng này, ghi \"{title} > {there}\" trong bảng ánh xạ",
                "if it is that row, write \"{title} > {there}\" in the mapping"
            ),
            Some(NearRow::InAnotherTable(there, None)) => say!(
                language,
                "đặt tên cho bảng thứ hai ở dòng trên tiêu đề của bảng, rồi ghi \"Tên bảng > {there}\" trong bảng ánh xạ",
                "give the second table a title above its header, and write \"Title > {there}\" in the mapping"
            ),
        }
    }
}

fn missing_row(
    cx: &Context<'_>,
    workbook: &Workbook,
    (sheet, header): (&Sheet, &Header<'_>),
    rule: &RowRule,
    unmatched: &[Line<'_>],
) -> Finding {
    let wanted = rule_written(rule);
    let near = match &rule.place {
        RowPlace::Number(_) => None,
        RowPlace::Label(path) => {
            let alternatives = || path.steps.last().into_iter().flat_map(Pattern::alternatives);
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
        RowRole::Blocks(_) | RowRole::Total | RowRole::Member | RowRole::Ignored => None,
    };
    let place = near.map(|line| super::place(workbook, sheet, line.cell, text::trim(&line.label)));
    let near = near.map(|line| {
        let there = text::trim(&line.label).to_owned();
        if line.table > 0 {
            NearRow::InAnotherTable(there, title_of(header, line.table).cloned())
        } else {
            NearRow::Similar(there)
        }
    });
    let code = if near.is_some() { &codes::SUGGESTED_LABEL } else { &codes::MISSING_LABEL };
    let mut finding = Finding::new(code, MissingRow { wanted: wanted.clone(), near })
        .at(place.unwrap_or_else(|| Place::sheet(&workbook.file, &sheet.name)))
        .stated_at(rule.line.clone())
        .fingerprinted(&["row", &sheet.name, &wanted]);
    finding.indicator = id;
    finding
}

/// The label is right but stands under another heading.
fn path_is_near(path: &LabelPath, line: &Line<'_>) -> bool {
    path.steps.len() > 1
        && path.steps.last().is_some_and(|own| line.path.last().is_some_and(|label| own.matches_folded(label)))
        && line.path[..line.path.len() - 1].iter().any(|h| {
            path.steps[..path.steps.len() - 1].iter().flat_map(Pattern::alternatives).any(|a| text::similar(a, h))
        })
}

/// `ambiguous-label`: the label of a row that fits several.
#[derive(Debug)]
struct AmbiguousRow {
    wanted: String,
    cells: Vec<Position>,
}

impl Facts for AmbiguousRow {
    fn message(&self, language: Language) -> String {
        let Self { wanted, cells } = self;
        let addresses = cells.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        say!(
            language,
            "tên dòng \"{wanted}\" khớp nhiều dòng: {addresses}; chưa lấy dòng nào",
            "the label \"{wanted}\" fits several rows: {addresses}; none was taken"
        )
    }

    fn action(&self, language: Language) -> String {
        let wanted = &self.wanted;
        say!(
            language,
            "ghi thêm mục cấp trên vào tên dòng trong bảng ánh xạ, ví dụ \"Mục cấp trên > {wanted}\"",
            "add the heading to the label in the mapping, say \"Heading > {wanted}\""
        )
    }
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
    // With the mark of its footnote, as the cell has it.
    let written = |cell, label| text::trim(sheet.text_through_merges(cell).unwrap_or(label)).to_owned();
    let places: Vec<Place> =
        labels.iter().map(|(cell, label)| super::place(workbook, sheet, *cell, written(*cell, label))).collect();
    let cells = labels.iter().map(|(cell, _)| *cell).collect();
    let mut finding = Finding::new(&codes::AMBIGUOUS_LABEL, AmbiguousRow { wanted: wanted.clone(), cells });
    if let RowRole::Indicator(id) = rule.role {
        finding.indicator = Some(cx.catalogue.indicator(id).id.clone());
    }
    let mut places = places.into_iter();
    finding.target = places.next();
    finding.sources = places.collect();
    finding.stated_at(rule.line.clone()).fingerprinted(&["row", &sheet.name, &wanted])
}
