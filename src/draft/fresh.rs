//! A catalogue for tables that none describes: indicators, measures and what is true between them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Files,
    decide::{name_steps, support, without_unit},
    meaning::{self, Base, Meaning, Value},
    members,
    model::{Certainty, DraftTable, Role},
    relations::{Along, Kind, Relation},
    words,
};
use crate::{language::Language, number::Rational, period::Period, say, text, unit::Unit};

/// An indicator to be written.
#[derive(Clone, Debug, Default)]
pub(super) struct NewIndicator {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) unit: Option<String>,
    pub(super) section: String,
    pub(super) level: usize,
    pub(super) parts: Vec<(Vec<String>, String, Certainty)>,
    pub(super) product: Option<(Vec<String>, i32, String, Certainty)>,
    pub(super) required: bool,
    /// Remarks of relations that are not sure enough to be written.
    pub(super) remarks: Vec<String>,
}

/// A measure to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NewMeasure {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) label: String,
    pub(super) of: Option<String>,
    pub(super) to: Option<String>,
    pub(super) decimals: Option<u32>,
    pub(super) is_fraction: bool,
    pub(super) remark: String,
}

/// A rule to be written.
#[derive(Clone, Debug)]
pub(super) struct NewRule {
    pub(super) id: String,
    pub(super) that: String,
    pub(super) remark: String,
}

/// The catalogue of a draft.
#[derive(Clone, Debug, Default)]
pub(super) struct NewCatalogue {
    pub(super) sections: Vec<(String, String)>,
    pub(super) measures: Vec<NewMeasure>,
    pub(super) indicators: Vec<NewIndicator>,
    pub(super) rules: Vec<NewRule>,
    /// Measures in the order of the columns.
    pub(super) columns: Vec<String>,
}

impl NewCatalogue {
    fn find(&mut self, id: &str) -> Option<&mut NewIndicator> {
        self.indicators.iter_mut().find(|indicator| indicator.id == id)
    }
}

/// Share of columns that name measures from which on rows name the indicators, in percent.
const MOSTLY: usize = 60;

/// Decides what the tables are and makes their catalogue.
pub(super) fn decide(
    tables: &mut [DraftTable],
    files: &Files<'_>,
    period: &Period,
    language: Language,
) -> NewCatalogue {
    let mut catalogue = NewCatalogue::default();
    let mut taken: BTreeSet<String> = ["total", "member", "ignore"].map(str::to_owned).into();
    for table in tables.iter_mut() {
        table.by_column = names_columns(table);
    }
    // Ids that two tables would give are told apart by their sections, in all of them.
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for table in tables.iter() {
        let own: BTreeSet<String> = base_ids(table).into_values().collect();
        for id in own {
            *count.entry(id).or_default() += 1;
        }
    }
    for table in tables.iter_mut() {
        let (section, title) = section(table, files, &catalogue);
        catalogue.sections.push((section.clone(), title));
        measures(table, period, &mut catalogue, language);
        let ids = base_ids(table);
        let mut name = |base: &str| -> String {
            let mut id = base.to_owned();
            if count.get(base).is_some_and(|count| *count > 1) || taken.contains(&id) {
                id = format!("{section}.{base}");
            }
            let stem = id.clone();
            let mut at = 2;
            while taken.contains(&id) {
                id = format!("{stem}-{at}");
                at += 1;
            }
            taken.insert(id.clone());
            id
        };
        if table.by_column {
            let mut named: BTreeMap<Vec<String>, String> = BTreeMap::new();
            let mut told: BTreeSet<(String, String)> = BTreeSet::new();
            for at in 0..table.columns.len() {
                let Some(base) = ids.get(&at) else { continue };
                let steps = name_steps(&table.columns[at].header);
                let mut id = named.entry(steps.clone()).or_insert_with(|| name(base)).clone();
                let measure = table.columns[at].measure.clone().unwrap_or_else(|| "actual".to_owned());
                // A second column with one header is something else.
                if !told.insert((id.clone(), measure.clone())) {
                    id = name(base);
                    told.insert((id.clone(), measure.clone()));
                }
                let column = &mut table.columns[at];
                column.indicator = Some(id.clone());
                column.certainty = if column.header.is_empty() { Certainty::Likely } else { Certainty::Certain };
                if column.header.is_empty() {
                    column.evidence = say!(language, "cột không có tiêu đề", "a column without a header");
                }
                if !catalogue.columns.contains(&measure) {
                    catalogue.columns.push(measure.clone());
                }
                column.measure = Some(measure);
                if catalogue.find(&id).is_none() {
                    let unit = column.unit.clone().or_else(|| table.unit.clone());
                    let label = if steps.is_empty() {
                        column.header.join(", ")
                    } else {
                        steps.iter().map(|step| without_unit(step)).collect::<Vec<_>>().join(", ")
                    };
                    catalogue.indicators.push(NewIndicator {
                        id,
                        label: if label.is_empty() {
                            column.key.clone()
                        } else {
                            meaning::with_placeholders(&label, period)
                        },
                        unit: unit.map(|unit| unit.name.clone()),
                        section: section.clone(),
                        required: false,
                        ..NewIndicator::default()
                    });
                }
            }
            members::decide(table, language);
        } else {
            for at in 0..table.rows.len() {
                let Some(base) = ids.get(&at) else {
                    let row = &mut table.rows[at];
                    if row.line.has_values && row.line.path.is_empty() {
                        row.evidence = say!(language, "dòng số không có tên", "figures without a label");
                    }
                    continue;
                };
                let id = name(base);
                let unit = unit_of(table, at);
                let is_filled = table.columns.iter().filter_map(|column| column.place).all(|place| {
                    table.rows[at]
                        .place
                        .is_some_and(|row| table.figures.cells[row * table.figures.columns.len() + place].is_some())
                });
                let row = &mut table.rows[at];
                row.role = Role::Indicator;
                row.indicator = Some(id.clone());
                row.certainty = Certainty::Certain;
                catalogue.indicators.push(NewIndicator {
                    id,
                    label: meaning::with_placeholders(
                        &words::one_line(text::without_numbering(&row.line.label)),
                        period,
                    ),
                    unit,
                    section: section.clone(),
                    level: row.line.path.len().saturating_sub(1).min(3),
                    required: is_filled,
                    ..NewIndicator::default()
                });
            }
        }
        relations(table, &mut catalogue, language);
        if !table.by_column {
            products(table, &mut catalogue, language);
        }
    }
    catalogue
}

/// Parts a table whose columns name the indicators into its lists of members.
pub(super) fn split(table: DraftTable) -> Vec<DraftTable> {
    let lists = if names_columns(&table) { super::groups::lists(&table) } else { Vec::new() };
    if lists.len() > 1 { lists } else { vec![table] }
}

/// Whether the columns of a table name what is counted, and its rows for whom.
fn names_columns(table: &DraftTable) -> bool {
    let is_named = |column: &&super::model::DraftColumn| {
        column.has_figures && column.meaning != Meaning::Code && !column.header.is_empty()
    };
    let columns: Vec<_> = table.columns.iter().filter(is_named).collect();
    let measures = columns
        .iter()
        .filter(|column| name_steps(&column.header).is_empty() && column.meaning != Meaning::Name)
        .count();
    if measures * 100 >= columns.len() * MOSTLY {
        return false;
    }
    let units = table.rows.iter().filter(|row| row.line.has_values && row.line.unit.is_some()).count();
    let with_values = table.rows.iter().filter(|row| row.line.has_values).count();
    // Where each row has its own unit, the rows are what is counted.
    units * 2 < with_values.max(1)
}

fn unit_of(table: &DraftTable, row: usize) -> Option<String> {
    let own = table.rows[row].line.unit.clone().or_else(|| table.unit.clone());
    own.map(|unit| unit.name.clone()).filter(|name| Unit::parse(name).is_some())
}

/// The ids that rows or columns would like, by their places.
fn base_ids(table: &DraftTable) -> BTreeMap<usize, String> {
    let mut ids = BTreeMap::new();
    if table.by_column {
        for (at, column) in table.columns.iter().enumerate() {
            if !column.has_figures || matches!(column.meaning, Meaning::Code | Meaning::Note) {
                continue;
            }
            let mut steps = name_steps(&column.header);
            // The year of the period is in every id of it, and in none.
            for step in &mut steps {
                *step = words::without(step, &table.year);
            }
            let slugs: Vec<String> = steps
                .iter()
                .map(|step| words::slug_of(without_unit(step), 5))
                .filter(|slug| !slug.is_empty())
                .collect();
            let id = if slugs.is_empty() {
                let own = words::slug(&words::without(&column.header.join(" "), &table.year));
                if own.is_empty() {
                    format!("cot-{}", crate::workbook::column_name(column.at).to_lowercase())
                } else {
                    own
                }
            } else {
                slugs[slugs.len().saturating_sub(2)..].join(".")
            };
            ids.insert(at, id);
        }
        return ids;
    }
    for (at, row) in table.rows.iter().enumerate() {
        if !row.line.has_values || row.line.path.is_empty() {
            continue;
        }
        let own = words::slug(&words::without(&row.line.label, &table.year));
        let own = if own.is_empty() { format!("dong-{}", row.line.row + 1) } else { own };
        // What the mapping needs to find it by, its id needs as well.
        let heading = row
            .key
            .contains(" > ")
            .then(|| row.line.headings.last().map(|heading| words::slug_of(heading, 4)))
            .flatten();
        let id = match heading {
            Some(heading) if !heading.is_empty() => format!("{heading}.{own}"),
            _ => own,
        };
        ids.insert(at, id);
    }
    ids
}

fn section(table: &DraftTable, files: &Files<'_>, catalogue: &NewCatalogue) -> (String, String) {
    let sheet = files.sheet(table);
    let stem = text::file_stem(files.name(table.file)).to_owned();
    let is_plain = |name: &str| {
        let folded = text::skeleton(name);
        ["sheet", "csv", "worksheet", "trang tinh", "table"].iter().any(|word| folded.starts_with(word))
    };
    let is_office = |title: &str| {
        let folded = text::fold(title);
        ["ủy ban", "cộng hòa", "độc lập", "(kèm theo", "xã ", "huyện", "biểu số", "mẫu", "phụ lục", "đảng"]
            .iter()
            .any(|word| folded.starts_with(word))
            || folded.chars().filter(|c| c.is_alphabetic()).count() < 4
    };
    let begins = |title: &&String| title.chars().find(|c| c.is_alphabetic()).is_some_and(|c| !c.is_lowercase());
    let title =
        table.titles.iter().filter(begins).find(|title| !is_office(title) && title.chars().count() < 140).cloned();
    let named = if is_plain(&sheet.name) { stem } else { sheet.name.to_string() };
    let named = table.part.clone().unwrap_or(named);
    let title = title.filter(|_| table.part.is_none());
    let slug = words::slug_of(&named, 5);
    let slug = if slug.is_empty() { "bang".to_owned() } else { slug };
    let mut id = slug.clone();
    let mut at = 2;
    while catalogue.sections.iter().any(|(known, _)| *known == id) {
        id = format!("{slug}-{at}");
        at += 1;
    }
    (id, title.unwrap_or(named))
}

/// The measure of a value, as ids go: standard ones where they fit.
fn measure_of(value: Value, period: &Period) -> (String, &'static str) {
    let offset = value.year.map_or(0, |year| year - period.year);
    match (value.base, offset) {
        (Base::Plan, 0) => ("plan".into(), "plan"),
        (Base::Plan, 1) => ("plan-next".into(), "plan"),
        (Base::Actual | Base::Year, 0) => ("actual".into(), "actual"),
        (Base::Actual, -1) => ("actual-previous".into(), "value"),
        (Base::Estimate, 0) => ("estimate".into(), "estimate"),
        (Base::SamePeriod, _) => ("same-period".into(), "value"),
        (base, _) => {
            let word = match base {
                Base::Plan => "plan",
                Base::Actual | Base::Year => "actual",
                Base::Estimate => "estimate",
                Base::SamePeriod => "same-period",
            };
            let year = value.year.map_or_else(String::new, |year| format!("-{year}"));
            (format!("{word}{year}"), "value")
        }
    }
}

/// Gives the columns their measures, and the catalogue what it does not know yet.
fn measures(table: &mut DraftTable, period: &Period, catalogue: &mut NewCatalogue, language: Language) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut pending: Vec<usize> = Vec::new();
    for at in 0..table.columns.len() {
        let column = &mut table.columns[at];
        if !column.has_figures {
            let is_note = matches!(column.meaning, Meaning::Note) && !table.by_column;
            column.measure = Some(if is_note && taken.insert("note".into()) { "note" } else { "ignore" }.to_owned());
            column.certainty = Certainty::Certain;
            continue;
        }
        if matches!(column.meaning, Meaning::Code | Meaning::Note) {
            column.measure = Some("ignore".to_owned());
            column.certainty = Certainty::Certain;
            column.evidence = say!(language, "mã hoặc ghi chú, không phải số liệu", "codes or remarks, no figures");
            continue;
        }
        if table.by_column {
            // The name of a column that names no measure is its indicator.
            let is_value = if let Meaning::Value(value) = column.meaning { Some(value) } else { None };
            if let Some(value) = is_value {
                let (id, kind) = measure_of(value, period);
                let label = column.header.last().cloned().unwrap_or_default();
                add_measure(catalogue, &id, kind, &label, period);
                column.measure = Some(id);
            }
            continue;
        }
        match column.meaning.clone() {
            Meaning::Value(value) => {
                let (id, kind) = measure_of(value, period);
                if taken.insert(id.clone()) {
                    let label = column.header.join(", ");
                    add_measure(catalogue, &id, kind, &label, period);
                    column.measure = Some(id);
                    column.certainty = Certainty::Certain;
                    column.evidence = say!(language, "theo tiêu đề", "by its header");
                } else {
                    pending.push(at);
                }
            }
            Meaning::Ratio(..) | Meaning::Growth(..) | Meaning::Share | Meaning::Name | Meaning::Verdict => {
                pending.push(at);
            }
            Meaning::Note | Meaning::Code => {}
        }
    }
    if table.by_column {
        return;
    }
    for at in pending {
        let relation = ratio_relation(table, at);
        let column = &table.columns[at];
        let measure_at = |place: usize| {
            table.columns.iter().find(|column| column.place == Some(place)).and_then(|column| column.measure.clone())
        };
        let named = relation.and_then(|relation| {
            Some((relation.clone(), measure_at(relation.parts[0])?, measure_at(*relation.parts.get(1)?)?))
        });
        let is_ratio = matches!(column.meaning, Meaning::Ratio(..));
        let label = column.header.join(", ");
        let (measure, evidence, certainty) = match named.filter(|_| is_ratio) {
            Some((relation, of, to)) if relation.kind == Kind::Ratio => {
                let id = match (of.as_str(), to.as_str()) {
                    ("actual", "plan") => "ratio".to_owned(),
                    ("estimate", "plan") => "estimate-ratio".to_owned(),
                    (_, "actual-previous" | "same-period")
                        if !catalogue.measures.iter().any(|m| {
                            m.id == "growth" && (m.of.as_ref() != Some(&of) || m.to.as_ref() != Some(&to))
                        }) =>
                    {
                        "growth".to_owned()
                    }
                    _ => format!("ratio-{of}-{to}"),
                };
                let decimals = decimals(table, at);
                let evidence = support(&relation, language);
                let measure = NewMeasure {
                    id: id.clone(),
                    kind: "ratio",
                    label: meaning::with_placeholders(&label, period),
                    of: Some(of),
                    to: Some(to),
                    decimals,
                    is_fraction: relation.power == 0,
                    remark: evidence.clone(),
                };
                if !catalogue.measures.iter().any(|known| known.id == id) {
                    catalogue.measures.push(measure);
                }
                let certainty = if relation.exceptions.is_empty() { Certainty::Certain } else { Certainty::Likely };
                (id, evidence, certainty)
            }
            _ if is_ratio
                && plan_ratio(table, at).is_some_and(|(held, all)| all > 0 && held * 10 >= all * 6)
                && !taken.contains("ratio") =>
            {
                let (held, all) = plan_ratio(table, at).unwrap_or_default();
                ("ratio".to_owned(), say!(language, "{held}/{all} dòng", "{held} of {all} rows"), Certainty::Likely)
            }
            _ => {
                // A column of its own: kept as what its header says, judged by nothing.
                let slug = words::slug(&label);
                let id = if slug.is_empty() {
                    format!("cot-{}", crate::workbook::column_name(column.at).to_lowercase())
                } else {
                    slug
                };
                let id = if ["ignore", "plan", "actual", "estimate", "ratio", "share", "verdict", "note"]
                    .contains(&id.as_str())
                {
                    format!("{id}-2")
                } else {
                    id
                };
                add_measure(catalogue, &id, "value", &label, period);
                let evidence = if is_ratio {
                    say!(
                        language,
                        "tiêu đề là tỷ lệ nhưng số không cho thấy của cột nào",
                        "called a ratio, but the figures do not show of what"
                    )
                } else {
                    String::new()
                };
                let evidence = if column.header.is_empty() {
                    say!(language, "cột không có tiêu đề", "a column without a header")
                } else {
                    evidence
                };
                let is_open = is_ratio || column.header.is_empty();
                (id, evidence, if is_open { Certainty::Likely } else { Certainty::Certain })
            }
        };
        let column = &mut table.columns[at];
        let is_new = taken.insert(measure.clone());
        column.measure = Some(if is_new { measure } else { "ignore".to_owned() });
        column.certainty = certainty;
        column.evidence = if is_new {
            evidence
        } else {
            say!(language, "trùng tiêu đề với cột khác", "another column has the same header")
        };
    }
}

/// Rows in which a column that names no figures is actual / plan in percent, and rows in which it can be.
fn plan_ratio(table: &DraftTable, at: usize) -> Option<(usize, usize)> {
    let place_of =
        |measure: &str| table.columns.iter().find(|column| column.measure.as_deref() == Some(measure))?.place;
    if table.columns[at].meaning != Meaning::Ratio(None, None) {
        return None;
    }
    let (own, actual, plan) = (table.columns[at].place?, place_of("actual")?, place_of("plan")?);
    let width = table.figures.columns.len();
    let (mut held, mut all) = (0, 0);
    for row in table.figures.cells.chunks_exact(width.max(1)) {
        let (Some(printed), Some(actual), Some(plan)) = (row[own], row[actual], row[plan]) else { continue };
        let Some(quotient) = Rational::from(actual.value).checked_div(&Rational::from(plan.value)) else { continue };
        all += 1;
        let percent = &quotient * &Rational::power_of_ten(2);
        held += usize::from(percent.may_print_as(printed.value, printed.decimals));
    }
    Some((held, all))
}

/// Products by their units: area × yield is output. A few columns of each crop say little, those of all
/// crops together much.
fn products(table: &DraftTable, catalogue: &mut NewCatalogue, language: Language) {
    let unit = |written: &str| Unit::parse(written);
    let (Some(ha), Some(yields), Some(tons)) = (unit("ha"), unit("tạ/ha"), unit("tấn")) else { return };
    let width = table.figures.columns.len();
    let cell = |row: usize, column: usize| table.figures.cells.get(row * width + column).copied().flatten();
    let mut found: Vec<[usize; 3]> = Vec::new();
    for (at, total) in table.rows.iter().enumerate() {
        let same =
            |other: &&super::model::DraftRow| other.line.headings == total.line.headings && other.line.has_values;
        let measures = |row: &super::model::DraftRow, wanted: &Unit| {
            row.line.unit.as_ref().is_some_and(|unit| unit.measures_same(wanted))
        };
        if !total.line.has_values || !measures(total, &tons) || total.line.headings.is_empty() {
            continue;
        }
        let one = |wanted: &Unit| -> Option<usize> {
            let mut all = (0..table.rows.len())
                .filter(|other| same(&&table.rows[*other]) && measures(&table.rows[*other], wanted));
            let first = all.next()?;
            all.next().is_none().then_some(first)
        };
        let is_only = one(&tons) == Some(at);
        if let (Some(area), Some(rate), true) = (one(&ha), one(&yields), is_only) {
            found.push([at, area, rate]);
        }
    }
    for power in [-1, 0, -2, -3] {
        let (mut held, mut all) = (0, 0);
        for [total, area, rate] in &found {
            let places = [total, area, rate].map(|row| table.rows[*row].place);
            let [Some(total), Some(area), Some(rate)] = places else { continue };
            for column in 0..width {
                let (Some(total), Some(area), Some(rate)) =
                    (cell(total, column), cell(area, column), cell(rate, column))
                else {
                    continue;
                };
                if total.value.is_zero() || area.value.is_zero() {
                    continue;
                }
                all += 1;
                let product =
                    &(&Rational::from(area.value) * &Rational::from(rate.value)) * &Rational::power_of_ten(power);
                held += usize::from(product.may_print_as(total.value, total.decimals));
            }
        }
        if all < 4 || held * 10 < all * 7 {
            continue;
        }
        let evidence = say!(language, "{held}/{all} lần", "{held} of {all} times");
        let certainty = if held == all { Certainty::Certain } else { Certainty::Likely };
        for rows in &found {
            let ids: Vec<String> = rows.iter().filter_map(|row| table.rows[*row].indicator.clone()).collect();
            let [total, area, rate] = ids.as_slice() else { continue };
            if let Some(indicator) = catalogue.find(total).filter(|indicator| indicator.product.is_none()) {
                indicator.product = Some((vec![area.clone(), rate.clone()], power, evidence.clone(), certainty));
            }
        }
        return;
    }
}

fn ratio_relation(table: &DraftTable, at: usize) -> Option<&Relation> {
    let place = table.columns[at].place?;
    table.relations.iter().find(|relation| {
        relation.along == Along::Columns
            && relation.total == place
            && relation.kind == Kind::Ratio
            && relation.written()
    })
}

/// The decimals that most figures of a column are printed with.
fn decimals(table: &DraftTable, at: usize) -> Option<u32> {
    let place = table.columns[at].place?;
    let width = table.figures.columns.len();
    let figures = table.figures.cells.iter().skip(place).step_by(width.max(1)).flatten();
    figures.map(|figure| figure.decimals).max().map(|decimals| decimals.min(4))
}

fn add_measure(catalogue: &mut NewCatalogue, id: &str, kind: &'static str, label: &str, period: &Period) {
    if !catalogue.columns.iter().any(|known| known == id) {
        catalogue.columns.push(id.to_owned());
    }
    let standard = matches!(id, "plan" | "actual" | "estimate");
    if standard || catalogue.measures.iter().any(|known| known.id == id) {
        return;
    }
    catalogue.measures.push(NewMeasure {
        id: id.to_owned(),
        kind,
        label: meaning::with_placeholders(label, period),
        of: None,
        to: None,
        decimals: None,
        is_fraction: false,
        remark: String::new(),
    });
}

/// What is true between the figures of a table.
fn relations(table: &DraftTable, catalogue: &mut NewCatalogue, language: Language) {
    let wanted = if table.by_column { Along::Columns } else { Along::Rows };
    let id_of = |place: usize| -> Option<(String, String)> {
        if table.by_column {
            let column = table.columns.iter().find(|column| column.place == Some(place))?;
            Some((column.indicator.clone()?, column.measure.clone()?))
        } else {
            let row = table.rows.iter().find(|row| row.place == Some(place))?;
            Some((row.indicator.clone()?, String::new()))
        }
    };
    for relation in table.relations.iter().filter(|relation| relation.along == wanted) {
        let Some((total, measure)) = id_of(relation.total) else { continue };
        let parts: Vec<(String, String)> = relation.parts.iter().filter_map(|part| id_of(*part)).collect();
        if parts.len() < relation.parts.len() || parts.iter().any(|(_, own)| *own != measure) {
            continue;
        }
        let ids: Vec<String> = parts.into_iter().map(|(id, _)| id).collect();
        if ids.contains(&total) {
            continue;
        }
        let evidence = support(relation, language);
        let certainty = if relation.exceptions.is_empty() { Certainty::Certain } else { Certainty::Likely };
        if !relation.written() || !super::exceptions::is_kept(relation) {
            if let Some(indicator) = catalogue.find(&total).filter(|_| relation.kind == Kind::Sum)
                && indicator.remarks.len() < 2
            {
                indicator.remarks.push(format!(
                    "parts = [{}]  # {evidence}",
                    ids.iter().map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(", ")
                ));
            }
            continue;
        }
        match relation.kind {
            Kind::Sum => {
                if let Some(indicator) = catalogue.find(&total) {
                    indicator.parts.push((ids, evidence, certainty));
                }
            }
            Kind::Product => {
                if let Some(indicator) = catalogue.find(&total).filter(|indicator| indicator.product.is_none()) {
                    indicator.product = Some((ids, relation.power, evidence, certainty));
                }
            }
            Kind::Difference | Kind::Ratio | Kind::Growth => {
                // An id that is no plain word stands in backquotes.
                let written = |id: &str| {
                    let is_plain = id.starts_with(|c: char| c.is_ascii_alphabetic());
                    if is_plain { id.to_owned() } else { format!("`{id}`") }
                };
                let times = match relation.power {
                    0 => String::new(),
                    power if power > 0 => format!(" * 1{}", "0".repeat(usize::try_from(power).unwrap_or(0))),
                    power => format!(" / 1{}", "0".repeat(usize::try_from(-power).unwrap_or(0))),
                };
                let that = match (relation.kind, ids.as_slice()) {
                    (Kind::Difference, [a, b]) => format!("{} = {} - {}", written(&total), written(a), written(b)),
                    (Kind::Ratio, [a, b]) => format!("{} = {} / {}{times}", written(&total), written(a), written(b)),
                    (Kind::Growth, [a, b]) => {
                        format!("{} = ({} - {}) / {}{times}", written(&total), written(a), written(b), written(b))
                    }
                    _ => continue,
                };
                let id = format!("{total}-{}", catalogue.rules.len() + 1);
                catalogue.rules.push(NewRule { id, that, remark: evidence });
            }
            Kind::Average | Kind::Share | Kind::Equal => {}
        }
    }
}
