//! A catalogue for tables that none describes: indicators, measures and what is true between them.

mod measures;

use measures::{measures, products};
use std::collections::{BTreeMap, BTreeSet};

use super::{
    Files,
    decide::{name_steps, without_unit},
    exceptions,
    meaning::{self, Base, Meaning, Value},
    members,
    model::{Certainty, DraftTable, Role},
    relations::{Along, Recorded, Relation, RelationKind, never_adds},
    words,
    words::support,
};
use crate::values::{
    language::{Language, say},
    number::{Interval, Printed, Rational},
    period::Period,
    text,
    unit::Unit,
};

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
    /// Whether its figures of members do not add up, though their unit does not say so.
    pub(super) never_adds: bool,
    /// Whether its figures are cut off at their last digit, as how many trials show.
    pub(super) cut: Option<String>,
    /// Whether a relation holds only if its whole figures are rounded ones.
    pub(super) is_rounded: bool,
    /// Remarks of relations that are not sure enough to be written.
    pub(super) remarks: Vec<String>,
}

impl NewIndicator {
    /// Whether its unit does not say by itself that its figures do not add up.
    fn unit_adds_up(&self) -> bool {
        self.unit.as_deref().and_then(Unit::parse).is_none_or(|unit| unit.adds_up())
    }
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
    /// Whether the form shows the members beside the whole.
    pub(super) repeats: bool,
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
                        never_adds: !adds_up(table, at, unit.as_deref()),
                        unit: unit.map(|unit| unit.name.clone()),
                        section: section.clone(),
                        required: false,
                        ..NewIndicator::default()
                    });
                }
            }
            members::decide(table, language);
            for at in members::means(table) {
                let of_column = table.columns[at].indicator.as_deref().and_then(|id| catalogue.find(id));
                if let Some(indicator) = of_column.filter(|own| own.unit_adds_up()) {
                    indicator.never_adds = true;
                }
            }
        } else {
            for at in 0..table.rows.len() {
                let Some(base) = ids.get(&at) else {
                    let row = &mut table.rows[at];
                    if row.line.has_values && row.line.path.is_empty() && !row.chosen {
                        row.evidence = say!(language, "dòng số không có tên", "figures without a label");
                    }
                    continue;
                };
                let id = name(base);
                let of_blocks: Vec<(usize, String)> = table
                    .parts
                    .iter()
                    .enumerate()
                    .filter(|(_, part)| has_figures_in(table, at, &part.slug))
                    .map(|(place, part)| (place, name(&format!("{id}.{}", part.slug))))
                    .collect();
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
                let label =
                    meaning::with_placeholders(&words::one_line(text::without_numbering(&row.line.label)), period);
                // Nobody states the whole of yields of villages, and none is made.
                let is_only_of_members = table.blocks == Some(false) || table.member.is_some();
                let adds_up = unit.as_deref().and_then(Unit::parse).is_none_or(|unit| unit.adds_up());
                let is_filled = is_filled && (adds_up || !is_only_of_members);
                let indicator = NewIndicator {
                    id,
                    label,
                    unit,
                    section: section.clone(),
                    level: row.line.path.len().saturating_sub(1).min(3),
                    required: is_filled,
                    ..NewIndicator::default()
                };
                if table.parts.is_empty() {
                    catalogue.indicators.push(indicator);
                    continue;
                }
                for (place, id) in of_blocks {
                    let label = format!("{}, {}", indicator.label, table.parts[place].key);
                    let required = false;
                    catalogue.indicators.push(NewIndicator { id, label, required, ..indicator.clone() });
                }
            }
        }
        relations(table, &mut catalogue, language);
        if !table.by_column {
            products(table, &mut catalogue, language);
        }
    }
    catalogue
}

/// Whether the figures of a column, over members, may add up to those of the whole: what is called a rate or a
/// mean does not, unless it does in this table. Units that say so need no word of it.
fn adds_up(table: &DraftTable, column: usize, unit: Option<&Unit>) -> bool {
    let column = &table.columns[column];
    let says_so = unit.is_some_and(|unit| !unit.adds_up());
    let holds = |relation: &Relation| {
        let is_kept = column.place.is_some_and(|place| relation.held.contains(&place));
        relation.kind == RelationKind::Sum && relation.along == Along::Rows && relation.written() && is_kept
    };
    says_so || !never_adds(&column.header.join(" ")) || table.relations.iter().any(holds)
}

/// Whether a row has a figure in the columns of a block.
fn has_figures_in(table: &DraftTable, row: usize, part: &str) -> bool {
    let Some(place) = table.rows[row].place else { return false };
    let own = table.columns.iter().filter(|column| column.part.as_deref() == Some(part));
    let mut places = own.filter_map(|column| column.place);
    places.any(|column| table.figures.cells[place * table.figures.columns.len() + column].is_some())
}

/// Parts a table whose columns name the indicators into its lists of members.
pub(super) fn split(table: DraftTable) -> Vec<DraftTable> {
    let lists = if names_columns(&table) { super::groups::lists(&table) } else { Vec::new() };
    if lists.len() > 1 { lists } else { vec![table] }
}

/// Whether the columns of a table name what is counted, and its rows for whom.
fn names_columns(table: &DraftTable) -> bool {
    // Blocks of members hold measures of what the rows name.
    if table.blocks.is_some() {
        return false;
    }
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
            if column.chosen || !column.has_figures || matches!(column.meaning, Meaning::Code | Meaning::Note) {
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
                    format!("cot-{}", crate::model::workbook::column_name(column.at).to_lowercase())
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
        if row.chosen || !row.line.has_values || row.line.path.is_empty() {
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

/// Whether a product holds only because its figures are rounded: those of a density in whole persons.
fn needs_rounding(table: &DraftTable, relation: &Relation) -> bool {
    let width = table.figures.columns.len();
    relation.held.iter().any(|position| {
        let figure = |line: usize| {
            let (row, column) = relation.cell(line, *position);
            table.figures.cells.get(row * width + column).copied().flatten()
        };
        let product = relation.parts.iter().try_fold(Rational::power_of_ten(relation.power), |product, part| {
            figure(*part).map(|figure| &product * &Rational::from(figure.value))
        });
        let (Some(product), Some(total)) = (product, figure(relation.total)) else { return false };
        !product.may_print_as(total.value, total.decimals)
    })
}

/// Whether the figures keep a product as they are printed. "274.0" for 274 claims a digit that it does not have, and
/// every row would be called wrong.
fn is_kept_as_printed(table: &DraftTable, relation: &Relation) -> bool {
    let width = table.figures.columns.len();
    let band = |line: usize, position: usize| {
        let (row, column) = relation.cell(line, position);
        let figure = table.figures.cells.get(row * width + column).copied().flatten()?;
        Some(Interval::of(figure.value, figure.decimals, Printed::HalfUp))
    };
    let keeps = |position: &usize| -> Option<bool> {
        let power = Interval::exact(Rational::power_of_ten(relation.power));
        let product =
            relation.parts.iter().try_fold(power, |product, part| Some(product.mul(&band(*part, *position)?)))?;
        Some(product.meets(&band(relation.total, *position)?))
    };
    let kept = relation.held.iter().filter(|position| keeps(position) != Some(false)).count();
    kept * 100 >= relation.held.len() * MOSTLY_KEPT
}

/// Share of the trials that keep a relation as printed, in percent.
const MOSTLY_KEPT: usize = 85;

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
    // Where blocks are parts of the ids, what is true of the rows is true in each of them.
    let mut suffixes: Vec<String> = table.parts.iter().map(|part| format!(".{}", part.slug)).collect();
    if suffixes.is_empty() {
        suffixes.push(String::new());
    }
    let own = table.relations.iter().filter(|relation| relation.along == wanted);
    for (relation, suffix) in own.flat_map(|relation| suffixes.iter().map(move |suffix| (relation, suffix))) {
        let id_of = |place: usize| id_of(place).map(|(id, measure)| (id + suffix, measure));
        let Some((total, measure)) = id_of(relation.total) else { continue };
        let parts: Vec<(String, String)> = relation.parts.iter().filter_map(|part| id_of(*part)).collect();
        if !suffix.is_empty() && parts.iter().any(|(id, _)| catalogue.find(id).is_none()) {
            continue;
        }
        if parts.len() < relation.parts.len() || parts.iter().any(|(_, own)| *own != measure) {
            continue;
        }
        let ids: Vec<String> = parts.into_iter().map(|(id, _)| id).collect();
        if ids.contains(&total) {
            continue;
        }
        let evidence = support(relation, language);
        let certainty = if relation.exceptions.is_empty() { Certainty::Certain } else { Certainty::Likely };
        let is_true = exceptions::is_true_throughout(table, relation);
        if relation.kind == RelationKind::Product
            && relation.recorded != Recorded::Cut
            && !is_kept_as_printed(table, relation)
        {
            continue;
        }
        if !relation.written() || !exceptions::is_kept(relation) || !is_true {
            let elsewhere = if is_true {
                String::new()
            } else {
                say!(language, "; nơi khác không đúng", "; not so elsewhere")
            };
            if let Some(indicator) = catalogue.find(&total).filter(|_| relation.kind == RelationKind::Sum)
                && indicator.remarks.len() < 2
            {
                indicator.remarks.push(format!(
                    "parts = [{}]  # {evidence}{elsewhere}",
                    ids.iter().map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(", ")
                ));
            }
            continue;
        }
        match relation.recorded {
            Recorded::Cut => {
                // The factors of a product are as they are, its parts were cut as the total was.
                let own = ids.iter().filter(|_| relation.kind == RelationKind::Sum).chain([&total]);
                for id in own {
                    if let Some(indicator) = catalogue.find(id) {
                        indicator.cut.get_or_insert_with(|| evidence.clone());
                    }
                }
            }
            Recorded::PerhapsCut => {
                if let Some(indicator) = catalogue.find(&total) {
                    indicator.remarks.push(say!(
                        language,
                        "recorded = \"cut\"  # có lẽ số bị cắt bớt chứ không làm tròn: chỉ lệch về một phía",
                        "recorded = \"cut\"  # perhaps figures are cut off and not rounded: they are off to one side only"
                    ));
                }
            }
            Recorded::Unsaid => {}
        }
        match relation.kind {
            RelationKind::Sum => {
                if let Some(indicator) = catalogue.find(&total) {
                    indicator.parts.push((ids, evidence, certainty));
                }
            }
            RelationKind::Product => {
                if needs_rounding(table, relation) {
                    for id in ids.iter().chain([&total]) {
                        if let Some(indicator) = catalogue.find(id) {
                            indicator.is_rounded = true;
                        }
                    }
                }
                if let Some(indicator) = catalogue.find(&total).filter(|indicator| indicator.product.is_none()) {
                    indicator.product = Some((ids, relation.power, evidence, certainty));
                }
            }
            RelationKind::Difference | RelationKind::Ratio | RelationKind::Growth => {
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
                    (RelationKind::Difference, [a, b]) => {
                        format!("{} = {} - {}", written(&total), written(a), written(b))
                    }
                    (RelationKind::Ratio, [a, b]) => {
                        format!("{} = {} / {}{times}", written(&total), written(a), written(b))
                    }
                    (RelationKind::Growth, [a, b]) => {
                        format!("{} = ({} - {}) / {}{times}", written(&total), written(a), written(b), written(b))
                    }
                    _ => continue,
                };
                let id = format!("{total}-{}", catalogue.rules.len() + 1);
                catalogue.rules.push(NewRule { id, that, remark: evidence });
            }
            RelationKind::Average | RelationKind::Share | RelationKind::Equal => {}
        }
    }
}
