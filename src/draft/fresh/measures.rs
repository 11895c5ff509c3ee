//! Measures, ratios and products of a table for a catalogue that is being written.

use super::{
    Along, BTreeSet, Base, Certainty, DraftTable, Language, Meaning, NewCatalogue, NewMeasure, Period, Rational,
    Relation, RelationKind, Unit, Value, meaning, say, support, words,
};
use crate::draft::blocks;

/// The measure of a value, as ids go: standard ones where they fit.
pub(super) fn measure_of(value: Value, period: &Period) -> (String, &'static str) {
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
pub(super) fn measures(table: &mut DraftTable, period: &Period, catalogue: &mut NewCatalogue, language: Language) {
    // What the members have in their blocks the whole has as well.
    let mut taken: BTreeSet<(bool, String)> = BTreeSet::new();
    let mut pending: Vec<usize> = Vec::new();
    for at in 0..table.columns.len() {
        let column = &mut table.columns[at];
        if column.twin.is_some() {
            continue;
        }
        if !column.has_figures {
            let is_note = matches!(column.meaning, Meaning::Note) && !table.by_column && table.parts.is_empty();
            column.measure = Some(
                if is_note && taken.insert((column.each_member, "note".into())) { "note" } else { "ignore" }.to_owned(),
            );
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
                if taken.insert((column.each_member, id.clone())) {
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
    blocks::follow(table);
    for at in pending {
        let of_twins = || {
            let mut twins = (0..table.columns.len()).filter(|other| table.columns[*other].twin == Some(at));
            twins.find_map(|twin| ratio_relation(table, twin))
        };
        let relation = ratio_relation(table, at).or_else(of_twins);
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
            Some((relation, of, to)) if relation.kind == RelationKind::Ratio => {
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
                let printed = table.columns.iter().position(|column| column.place == Some(relation.total));
                let decimals = decimals(table, printed.unwrap_or(at));
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
                && !taken.contains(&(column.each_member, "ratio".to_owned())) =>
            {
                let (held, all) = plan_ratio(table, at).unwrap_or_default();
                ("ratio".to_owned(), say!(language, "{held}/{all} dòng", "{held} of {all} rows"), Certainty::Likely)
            }
            _ => {
                // A column of its own: kept as what its header says, judged by nothing.
                let slug = words::slug(&label);
                let id = if slug.is_empty() {
                    format!("cot-{}", crate::model::workbook::column_name(column.at).to_lowercase())
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
        // What compares and of which nobody knows what does not add up to that of the whole.
        let is_open = matches!(column.meaning, Meaning::Ratio(..) | Meaning::Growth(..) | Meaning::Share)
            && catalogue.measures.iter().any(|known| known.id == measure && known.kind == "value");
        if is_open && (column.each_member || table.member.is_some()) {
            column.measure = Some("ignore".to_owned());
            column.certainty = Certainty::Certain;
            column.evidence = say!(
                language,
                "so sánh, chưa rõ của cột nào; không cộng được qua các phân tổ",
                "compares, it cannot be told what; does not add up over the members"
            );
            continue;
        }
        let is_new = taken.insert((column.each_member, measure.clone()));
        column.measure = Some(if is_new { measure } else { "ignore".to_owned() });
        column.certainty = certainty;
        column.evidence = if is_new {
            evidence
        } else {
            say!(language, "trùng tiêu đề với cột khác", "another column has the same header")
        };
    }
    blocks::follow(table);
}

/// Rows in which a column that names no figures is actual / plan in percent, and rows in which it can be.
pub(super) fn plan_ratio(table: &DraftTable, at: usize) -> Option<(usize, usize)> {
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
pub(super) fn products(table: &DraftTable, catalogue: &mut NewCatalogue, language: Language) {
    let unit = |written: &str| Unit::parse(written);
    let (Some(ha), Some(yields), Some(tons)) = (unit("ha"), unit("tạ/ha"), unit("tấn")) else { return };
    let width = table.figures.columns.len();
    let cell = |row: usize, column: usize| table.figures.cells.get(row * width + column).copied().flatten();
    let mut found: Vec<[usize; 3]> = Vec::new();
    for (at, total) in table.rows.iter().enumerate() {
        let same = |other: &&super::super::model::DraftRow| {
            other.line.headings == total.line.headings && other.line.has_values
        };
        let measures = |row: &super::super::model::DraftRow, wanted: &Unit| {
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
        let mut suffixes: Vec<String> = table.parts.iter().map(|part| format!(".{}", part.slug)).collect();
        if suffixes.is_empty() {
            suffixes.push(String::new());
        }
        for (rows, suffix) in found.iter().flat_map(|rows| suffixes.iter().map(move |suffix| (rows, suffix))) {
            let ids = rows.iter().filter_map(|row| table.rows[*row].indicator.clone());
            let ids: Vec<String> = ids.map(|id| id + suffix).collect();
            if ids.iter().any(|id| catalogue.find(id).is_none()) {
                continue;
            }
            let [total, area, rate] = ids.as_slice() else { continue };
            if let Some(indicator) = catalogue.find(total).filter(|indicator| indicator.product.is_none()) {
                indicator.product = Some((vec![area.clone(), rate.clone()], power, evidence.clone(), certainty));
            }
        }
        return;
    }
}

pub(super) fn ratio_relation(table: &DraftTable, at: usize) -> Option<&Relation> {
    let place = table.columns[at].place?;
    table.relations.iter().find(|relation| {
        relation.along == Along::Columns
            && relation.total == place
            && relation.kind == RelationKind::Ratio
            && relation.written()
    })
}

/// The decimals that most figures of a column are printed with.
pub(super) fn decimals(table: &DraftTable, at: usize) -> Option<u32> {
    let place = table.columns[at].place?;
    let width = table.figures.columns.len();
    let figures = table.figures.cells.iter().skip(place).step_by(width.max(1)).flatten();
    figures.map(|figure| figure.decimals).max().map(|decimals| decimals.min(4))
}

pub(super) fn add_measure(catalogue: &mut NewCatalogue, id: &str, kind: &'static str, label: &str, period: &Period) {
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
