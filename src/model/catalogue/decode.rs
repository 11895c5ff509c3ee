//! Reads a catalogue from TOML; all mistakes at once.

use std::{collections::HashMap, ops::Range, sync::Arc};

use super::{
    Across, Catalogue, Direction, Indicator, IndicatorId, Parts, Product, Recorded, Section, VerdictWords,
    band::decode_band,
    calendar::{Calendar, MOST_YEARS},
    form::decode_form,
    measure::{STANDARD_POLICY, decode_measures, decode_policy},
    members::decode_members,
    rules::decode_rules,
};
use crate::{
    model::document::{At, Document, Fields, Problem, Problems, both, parse},
    values::{number::Decimal, period::Period, text, unit::Unit},
};

const RECORDED: &[(&str, Recorded)] = &[("rounded", Recorded::Rounded), ("cut", Recorded::Cut)];
const ACROSS: &[(&str, Across)] = &[("sum", Across::Sum), ("none", Across::Never)];
const DIRECTIONS: &[(&str, Direction)] = &[("higher", Direction::Higher), ("lower", Direction::Lower)];

/// Reads a catalogue.
///
/// # Errors
/// Every mistake of the file, in its order.
pub fn decode(document: &Document) -> Result<Catalogue, Vec<Problem>> {
    decode_for(document, None)
}

/// Reads a catalogue as that of another period: the same text with another `period`.
///
/// # Errors
/// Every mistake of the file, in its order.
pub fn decode_for(document: &Document, period: Option<Period>) -> Result<Catalogue, Vec<Problem>> {
    let mut problems = Problems::new(document.clone());
    let table = parse(document, &mut problems);
    let mut root = Fields::new(table.get_ref(), 0..0);
    let catalogue = decode_root(&mut root, period, &mut problems);
    root.finish(&mut problems);
    match catalogue {
        Some(catalogue) if problems.is_empty() => Ok(catalogue),
        _ => Err(problems.into_sorted()),
    }
}

fn decode_root(root: &mut Fields<'_, '_>, other: Option<Period>, problems: &mut Problems) -> Option<Catalogue> {
    let head = root.item("catalogue");
    let Some(head) = head else {
        problems.add(0..0, both!("thiếu bảng `[catalogue]`", "missing table `[catalogue]`"));
        return None;
    };
    let mut head = crate::model::document::fields_of("catalogue", head, problems)?;
    // The loader has put the base below.
    head.text("extends", problems);
    head.format(problems);
    let id = head.required_text("id", problems);
    let title = head.text("title", problems);
    let period = head.required_text("period", problems).and_then(|written| {
        let period = Period::parse(&written.value);
        let years = period.as_ref().map_or(0, |period| period.year - period.first_year + 1);
        if usize::try_from(years).is_ok_and(|years| years > MOST_YEARS) {
            problems.add(
                written.span.clone(),
                both!("kỳ dài quá {MOST_YEARS} năm", "the period is longer than {MOST_YEARS} years"),
            );
        }
        if period.is_none() {
            let text = &written.value;
            problems.add(
                written.span,
                both!(
                    "không hiểu kỳ \"{text}\": viết \"2026\", \"2026-6T\" hoặc \"2021-2025\"",
                    "cannot understand the period \"{text}\": write \"2026\", \"2026-6T\" or \"2021-2025\""
                ),
            );
        }
        period
    });
    let recorded = head.choice("recorded", RECORDED, problems);
    head.finish(problems);
    let period = other.or(period);
    let calendar = Calendar::new(period.clone());
    let id = id.map(|id| calendar.fill(id, problems));
    let title = title.map(|title| calendar.fill(title, problems));

    let policy = root.table("ratio", problems).map_or(STANDARD_POLICY, |mut t| {
        let policy = decode_policy(&mut t, STANDARD_POLICY, problems);
        t.finish(problems);
        policy
    });
    let measures = decode_measures(root.tables("measure", problems), policy, &calendar, problems);
    let sections = decode_sections(root.tables("section", problems), &calendar, problems);
    let usual = root.table("previous", problems).and_then(|mut table| {
        let band = decode_band(&mut table, problems);
        table.finish(problems);
        band
    });
    let tables = root.tables("indicator", problems);
    let (mut indicators, index) = decode_indicators(tables, &sections, &calendar, problems);
    for indicator in &mut indicators {
        indicator.band = indicator.band.or(usual);
        indicator.cut = indicator.recorded.or(recorded).is_some_and(|recorded| recorded == Recorded::Cut);
    }
    let members = decode_members(root.table("members", problems), problems);
    let rules = decode_rules(root.tables("rule", problems), &measures, &indicators, &index, members.as_ref(), problems);
    let verdicts = decode_verdicts(root.table("verdict", problems), problems);
    let form = root.table("form", problems);
    let form = decode_form(form, &measures, &calendar, problems);
    if indicators.is_empty() {
        problems.add(0..0, both!("danh mục không có `[[indicator]]` nào", "the catalogue has no `[[indicator]]`"));
    }
    let (id, period) = (id?, period?);
    Some(Catalogue {
        file: problems.document.file.clone(),
        base: problems.document.base_text("catalogue", "id").unwrap_or_else(|| id.clone()).into(),
        title: title.unwrap_or_else(|| id.clone()),
        id: id.into(),
        period,
        measures,
        sections,
        indicators,
        rules,
        members,
        verdicts,
        form,
        index,
    })
}

fn decode_sections(tables: Vec<Fields<'_, '_>>, calendar: &Calendar, problems: &mut Problems) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for mut table in tables {
        let id = table.required_text("id", problems);
        let number = table.text("number", problems).map(|t| t.value).unwrap_or_default();
        let title = table.required_text("title", problems).map(|title| calendar.fill(title, problems));
        let parent = table.text("parent", problems).and_then(|name| find_section(&name, &sections, problems));
        table.finish(problems);
        let (Some(id), Some(title)) = (id, title) else { continue };
        if sections.iter().any(|s| s.id == id.value) {
            let name = &id.value;
            problems.add(id.span, both!("phần `{name}` đã khai báo", "section `{name}` is declared twice"));
            continue;
        }
        let level = parent.map_or(0, |parent| sections[parent].level.saturating_add(1));
        sections.push(Section { id: id.value, number, title, parent, level });
    }
    sections
}

fn find_section(name: &At<String>, sections: &[Section], problems: &mut Problems) -> Option<usize> {
    let found = sections.iter().position(|s| s.id == name.value);
    if found.is_none() {
        let written = &name.value;
        problems.add(name.span.clone(), both!("không có phần `{written}`", "no section `{written}`"));
    }
    found
}

/// References of an indicator, resolved once all are known.
struct Pending {
    parts: Vec<(Vec<At<String>>, bool, Range<usize>)>,
    product: Option<(Vec<At<String>>, Decimal, Range<usize>)>,
    whole: Option<At<String>>,
    weight: Option<At<String>>,
    parent: Option<At<String>>,
    exchanges: Option<Vec<At<String>>>,
}

/// Makes an indicator a sub-row of one that is declared above it.
fn put_under(row: &mut Indicator, id: IndicatorId, parent: &Indicator, name: &At<String>, problems: &mut Problems) {
    if parent.section.is_none() {
        let written = &name.value;
        problems.add(
            name.span.clone(),
            both!("`{written}` không có trong biểu (thiếu `section`)", "`{written}` is not in the form (no `section`)"),
        );
    }
    row.parent = Some(id);
    row.level = parent.level.saturating_add(1);
    if row.section.is_some() && row.section != parent.section {
        let written = &name.value;
        problems.add(name.span.clone(), both!("`{written}` ở phần khác", "`{written}` is in another section"));
    }
    row.section = parent.section;
}

fn decode_indicators(
    tables: Vec<Fields<'_, '_>>,
    sections: &[Section],
    calendar: &Calendar,
    problems: &mut Problems,
) -> (Vec<Indicator>, HashMap<Arc<str>, IndicatorId>) {
    let mut indicators: Vec<Indicator> = Vec::new();
    let mut index: HashMap<Arc<str>, IndicatorId> = HashMap::new();
    let mut pending = Vec::new();
    for table in tables {
        let Some((mut indicator, refers, span)) = decode_indicator(table, sections, calendar, problems) else {
            continue;
        };
        if let Some(name) = &refers.parent
            && let Some(parent) = resolve_indicator(name, &index, problems)
        {
            put_under(&mut indicator, parent, &indicators[parent.0 as usize], name, problems);
        }
        let place = IndicatorId(u32::try_from(indicators.len()).unwrap_or(u32::MAX));
        if index.insert(indicator.id.clone(), place).is_some() {
            let name = &indicator.id;
            problems.add(span, both!("chỉ tiêu `{name}` đã khai báo", "indicator `{name}` is declared twice"));
        }
        indicators.push(indicator);
        pending.push(refers);
    }
    for (place, refers) in pending.into_iter().enumerate() {
        let mut resolve = |name: &At<String>| resolve_indicator(name, &index, problems);
        let parts: Vec<_> = refers
            .parts
            .iter()
            .map(|(names, zero, span)| (names.iter().filter_map(&mut resolve).collect::<Vec<_>>(), *zero, span.start))
            .collect();
        let product = refers
            .product
            .as_ref()
            .map(|(names, divisor, span)| (names.iter().filter_map(&mut resolve).collect(), *divisor, span.start));
        let whole = refers.whole.as_ref().and_then(&mut resolve);
        let weight = refers.weight.as_ref().and_then(&mut resolve);
        let exchanges = refers.exchanges.as_ref().map(|names| names.iter().filter_map(&mut resolve).collect());
        let line = |offset| problems.document.line(offset);
        let indicator: &mut Indicator = &mut indicators[place];
        indicator.parts =
            parts.into_iter().map(|(of, absent_is_zero, at)| Parts { of, absent_is_zero, line: line(at) }).collect();
        indicator.product = product.map(|(factors, divisor, at)| Product { factors, divisor, line: line(at) });
        indicator.whole = whole;
        indicator.exchanges = exchanges;
        if let Some(weight) = weight {
            indicator.across = Across::Weighted(weight);
        }
    }
    (indicators, index)
}

/// Finds an indicator by name or reports it with the nearest that exist.
pub(crate) fn resolve_indicator(
    name: &At<String>,
    index: &HashMap<Arc<str>, IndicatorId>,
    problems: &mut Problems,
) -> Option<IndicatorId> {
    let found = index.get(name.value.as_str()).copied();
    if found.is_none() {
        let written = &name.value;
        let message =
            both!("không có chỉ tiêu `{written}` trong danh mục", "no indicator `{written}` in the catalogue");
        let near = index.keys().min_by_key(|id| (text::distance(id, written), (*id).clone()));
        match near.filter(|id| text::distance(id, written) <= 1 + written.chars().count() / 4) {
            Some(id) => {
                problems.add_with_help(name.span.clone(), message, both!("có phải là `{id}`?", "did you mean `{id}`?"));
            }
            None => problems.add(name.span.clone(), message),
        }
    }
    found
}

fn decode_indicator(
    mut table: Fields<'_, '_>,
    sections: &[Section],
    calendar: &Calendar,
    problems: &mut Problems,
) -> Option<(Indicator, Pending, Range<usize>)> {
    let id = table.required_text("id", problems);
    let label = table.text("label", problems).map(|label| calendar.fill(label, problems));
    let synonyms = table.texts("synonyms", problems);
    let synonyms = synonyms.into_iter().map(|synonym| calendar.fill(synonym, problems)).collect();
    let unit = table.text("unit", problems).and_then(|t| decode_unit(&t, problems));
    let accepts = table.texts("accepts", problems).iter().filter_map(|t| decode_unit(t, problems)).collect();
    let section = table.text("section", problems).and_then(|name| find_section(&name, sections, problems));
    let parent = table.text("parent", problems);
    let footnote = table.text("footnote", problems).map(|note| calendar.fill(note, problems));
    let number = table.text("number", problems).map(|t| t.value);
    let level = table.whole("level", 0..6, problems).and_then(|l| u8::try_from(l).ok()).unwrap_or(0);
    let decimals = table.whole("decimals", 0..11, problems).and_then(|d| u32::try_from(d).ok());
    let exact = table.flag("exact", problems);
    let recorded = table.choice("recorded", RECORDED, problems);
    let signed = table.flag("signed", problems).unwrap_or(false);
    let exchanges = table.item("exchange-with").is_some().then(|| table.texts("exchange-with", problems));
    let direction = table.choice("direction", DIRECTIONS, problems).unwrap_or_default();
    let min = table.decimal("min", problems).map(|d| d.value);
    let max = table.decimal("max", problems).map(|d| d.value);
    let band = decode_band(&mut table, problems);
    let required = table.flag("required", problems).unwrap_or(section.is_some() || parent.is_some());
    let absent_is_zero = table.flag("absent-part-is-zero", problems).unwrap_or(false);
    let parts_span = table.item("parts").map(toml::Spanned::span);
    let parts = table.texts("parts", problems);
    let by_unit = match &unit {
        Some(unit) if unit.adds_up() => Across::Sum,
        Some(_) => Across::Never,
        None => Across::Unsaid,
    };
    let across = table.choice("across", ACROSS, problems).unwrap_or(by_unit);
    let (whole, weight) = (table.text("whole", problems), table.text("weight", problems));
    let mut pending = Pending { parts: Vec::new(), product: None, whole, weight, parent, exchanges };
    if let Some(span) = parts_span.filter(|_| !parts.is_empty()) {
        pending.parts.push((parts, absent_is_zero, span));
    }
    for mut more in table.tables("sum", problems) {
        let span = more.span.clone();
        let parts = more.texts("parts", problems);
        let zero = more.flag("absent-part-is-zero", problems).unwrap_or(absent_is_zero);
        more.finish(problems);
        pending.parts.push((parts, zero, span));
    }
    if let Some(mut product) = table.table("product", problems) {
        let span = product.span.clone();
        let factors = product.texts("of", problems);
        let divisor = product.decimal("divide-by", problems);
        product.finish(problems);
        if divisor.as_ref().is_some_and(|d| d.value.is_zero()) {
            problems.add(span.clone(), both!("`divide-by` không được bằng 0", "`divide-by` cannot be 0"));
        }
        pending.product = Some((factors, divisor.map_or(Decimal::ONE, |d| d.value), span));
    }
    let span = table.span.clone();
    table.finish(problems);
    let id = id?;
    let line = problems.document.line(id.span.start);
    Some((
        Indicator {
            label: label.unwrap_or_else(|| id.value.clone()),
            id: id.value.as_str().into(),
            synonyms,
            unit,
            accepts,
            section,
            parent: None,
            number,
            level,
            footnote,
            decimals,
            exact,
            recorded,
            cut: false,
            signed,
            exchanges: None,
            direction,
            parts: Vec::new(),
            product: None,
            whole: None,
            across,
            min,
            max,
            band,
            required,
            line,
        },
        pending,
        span,
    ))
}

/// Understands a unit or reports it.
pub(crate) fn decode_unit(written: &At<String>, problems: &mut Problems) -> Option<Unit> {
    let unit = Unit::parse(&written.value);
    if unit.is_none() {
        let text = &written.value;
        problems
            .add(written.span.clone(), both!("không hiểu đơn vị \"{text}\"", "cannot understand the unit \"{text}\""));
    }
    unit
}

fn decode_verdicts(table: Option<Fields<'_, '_>>, problems: &mut Problems) -> VerdictWords {
    let mut words =
        VerdictWords { exceeded: "Vượt".to_owned(), met: "Đạt".to_owned(), missed: "Không đạt".to_owned() };
    if let Some(mut table) = table {
        for (key, word) in [("exceeded", &mut words.exceeded), ("met", &mut words.met), ("missed", &mut words.missed)] {
            if let Some(text) = table.text(key, problems) {
                *word = text.value;
            }
        }
        table.finish(problems);
    }
    words
}
