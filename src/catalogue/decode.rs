//! Reads a catalogue from TOML; all mistakes at once.

use std::{collections::HashMap, ops::Range, sync::Arc};

use super::{
    Align, Catalogue, Direction, Form, FormCell, FormColumn, Indicator, IndicatorId, Measure, MeasureId, MeasureKind,
    Orientation, Parts, Product, Profile, RatioPolicy, Scale, Section, Signature, VerdictWords, band::decode_band,
    rules::decode_rules,
};
use crate::{
    both,
    document::{At, Document, Fields, Problem, Problems, parse},
    number::{Decimal, Rounding},
    period::Period,
    text,
    unit::Unit,
};

const ROUNDINGS: &[(&str, Rounding)] = &[("half-up", Rounding::HalfUp), ("truncate", Rounding::Truncate)];
const SCALES: &[(&str, Scale)] = &[("percent", Scale::Percent), ("fraction", Scale::Fraction)];
const DIRECTIONS: &[(&str, Direction)] = &[("higher", Direction::Higher), ("lower", Direction::Lower)];
const PROFILES: &[(&str, Profile)] = &[("nd30", Profile::ND30), ("hd36", Profile::HD36), ("hd05", Profile::HD36)];
const ORIENTATIONS: &[(&str, Orientation)] =
    &[("portrait", Orientation::Portrait), ("landscape", Orientation::Landscape)];

#[derive(Clone, Copy)]
enum Kind {
    Plan,
    Actual,
    Estimate,
    Value,
    Ratio,
    Share,
    Verdict,
    Note,
}

const KINDS: &[(&str, Kind)] = &[
    ("plan", Kind::Plan),
    ("actual", Kind::Actual),
    ("estimate", Kind::Estimate),
    ("value", Kind::Value),
    ("ratio", Kind::Ratio),
    ("share", Kind::Share),
    ("verdict", Kind::Verdict),
    ("note", Kind::Note),
];

/// Reads a catalogue.
///
/// # Errors
/// Every mistake of the file, in its order.
pub fn decode(document: &Document) -> Result<Catalogue, Vec<Problem>> {
    let mut problems = Problems::new(document.clone());
    let table = parse(&document.text, &mut problems);
    let mut root = Fields::new(table.get_ref(), 0..0);
    let catalogue = decode_root(&mut root, &mut problems);
    root.finish(&mut problems);
    match catalogue {
        Some(catalogue) if problems.is_empty() => Ok(catalogue),
        _ => Err(problems.into_sorted()),
    }
}

fn decode_root(root: &mut Fields<'_, '_>, problems: &mut Problems) -> Option<Catalogue> {
    let head = root.item("catalogue");
    let Some(head) = head else {
        problems.add(0..0, both!("thiếu bảng `[catalogue]`", "missing table `[catalogue]`"));
        return None;
    };
    let mut head = crate::document::fields_of("catalogue", head, problems)?;
    let id = head.required_text("id", problems);
    let title = head.text("title", problems).map(|t| t.value);
    let period = head.required_text("period", problems).and_then(|written| {
        let period = Period::parse(&written.value);
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
    head.finish(problems);

    let policy = root.table("ratio", problems).map_or(STANDARD_POLICY, |mut t| {
        let policy = decode_policy(&mut t, STANDARD_POLICY, problems);
        t.finish(problems);
        policy
    });
    let measures = decode_measures(root.tables("measure", problems), policy, problems);
    let sections = decode_sections(root.tables("section", problems), problems);
    let usual = root.table("previous", problems).and_then(|mut table| {
        let band = decode_band(&mut table, problems);
        table.finish(problems);
        band
    });
    let (mut indicators, index) = decode_indicators(root.tables("indicator", problems), &sections, problems);
    for indicator in &mut indicators {
        indicator.band = indicator.band.or(usual);
    }
    let rules = decode_rules(root.tables("rule", problems), &measures, &indicators, &index, problems);
    let verdicts = decode_verdicts(root.table("verdict", problems), problems);
    let form = root.table("form", problems);
    let form = decode_form(form, &measures, problems);
    if indicators.is_empty() {
        problems.add(0..0, both!("danh mục không có `[[indicator]]` nào", "the catalogue has no `[[indicator]]`"));
    }
    let (id, period) = (id?, period?);
    Some(Catalogue {
        file: problems.document.file.clone(),
        title: title.unwrap_or_else(|| id.value.clone()),
        id: id.value.into(),
        period,
        measures,
        sections,
        indicators,
        rules,
        verdicts,
        form,
        index,
    })
}

const STANDARD_POLICY: RatioPolicy = RatioPolicy { decimals: 2, rounding: Rounding::HalfUp, scale: Scale::Percent };

fn decode_policy(table: &mut Fields<'_, '_>, standard: RatioPolicy, problems: &mut Problems) -> RatioPolicy {
    RatioPolicy {
        decimals: table
            .whole("decimals", 0..11, problems)
            .and_then(|d| u32::try_from(d).ok())
            .unwrap_or(standard.decimals),
        rounding: table.choice("rounding", ROUNDINGS, problems).unwrap_or(standard.rounding),
        scale: table.choice("scale", SCALES, problems).unwrap_or(standard.scale),
    }
}

/// The measures that every catalogue has. Declaring one of them again replaces it.
fn standard_measures(policy: RatioPolicy) -> Vec<Measure> {
    let (plan, actual) = (MeasureId(0), MeasureId(1));
    [
        ("plan", MeasureKind::Plan, "Kế hoạch"),
        ("actual", MeasureKind::Actual, "Thực hiện"),
        ("estimate", MeasureKind::Estimate, "Ước thực hiện"),
        ("ratio", MeasureKind::Ratio { of: actual, to: plan, policy }, "Tỷ lệ %"),
        ("share", MeasureKind::Share { of: actual, policy }, "Tỷ lệ %"),
        ("verdict", MeasureKind::Verdict { of: actual, to: plan }, "Đánh giá"),
        ("note", MeasureKind::Note, "Ghi chú"),
    ]
    .into_iter()
    .map(|(id, kind, label)| Measure { id: id.into(), kind, label: label.to_owned(), against: None })
    .collect()
}

fn decode_measures(tables: Vec<Fields<'_, '_>>, policy: RatioPolicy, problems: &mut Problems) -> Vec<Measure> {
    let mut measures = standard_measures(policy);
    for mut table in tables {
        let id = table.required_text("id", problems);
        let kind = table.choice("kind", KINDS, problems).unwrap_or(Kind::Value);
        let label = table.text("label", problems).map(|t| t.value);
        let of = table.text("of", problems);
        let to = table.text("to", problems);
        let against = table.text("against", problems);
        let policy = decode_policy(&mut table, policy, problems);
        let span = table.span.clone();
        table.finish(problems);
        let Some(id) = id else { continue };
        let mut operand = |name: Option<At<String>>, standard: &str| -> Option<MeasureId> {
            let (name, span) = name.map_or((standard.to_owned(), span.clone()), |n| (n.value, n.span));
            let found = measures.iter().position(|m| *m.id == *name && m.is_base());
            if found.is_none() {
                problems.add_with_help(
                    span,
                    both!("không có số đo `{name}`", "no measure `{name}`"),
                    both!("khai báo nó bằng `[[measure]]` ở phía trên", "declare it with `[[measure]]` above"),
                );
            }
            found.and_then(|at| u16::try_from(at).ok()).map(MeasureId)
        };
        let kind = match kind {
            Kind::Plan => Some(MeasureKind::Plan),
            Kind::Actual => Some(MeasureKind::Actual),
            Kind::Estimate => Some(MeasureKind::Estimate),
            Kind::Value => Some(MeasureKind::Other),
            Kind::Note => Some(MeasureKind::Note),
            Kind::Ratio => match (operand(of, "actual"), operand(to, "plan")) {
                (Some(of), Some(to)) => Some(MeasureKind::Ratio { of, to, policy }),
                _ => None,
            },
            Kind::Verdict => match (operand(of, "actual"), operand(to, "plan")) {
                (Some(of), Some(to)) => Some(MeasureKind::Verdict { of, to }),
                _ => None,
            },
            Kind::Share => operand(of, "actual").map(|of| MeasureKind::Share { of, policy }),
        };
        let against = against.and_then(|name| operand(Some(name), ""));
        let Some(kind) = kind else { continue };
        let label = label.unwrap_or_else(|| id.value.clone());
        let measure = Measure { id: id.value.as_str().into(), kind, label, against };
        match measures.iter_mut().find(|m| *m.id == *id.value) {
            Some(old) => *old = measure,
            None => measures.push(measure),
        }
    }
    measures
}

fn decode_sections(tables: Vec<Fields<'_, '_>>, problems: &mut Problems) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for mut table in tables {
        let id = table.required_text("id", problems);
        let number = table.text("number", problems).map(|t| t.value).unwrap_or_default();
        let title = table.required_text("title", problems);
        table.finish(problems);
        let (Some(id), Some(title)) = (id, title) else { continue };
        if sections.iter().any(|s| s.id == id.value) {
            let name = &id.value;
            problems.add(id.span, both!("phần `{name}` đã khai báo", "section `{name}` is declared twice"));
            continue;
        }
        sections.push(Section { id: id.value, number, title: title.value });
    }
    sections
}

/// References of an indicator, resolved once all are known.
struct Pending {
    parts: Vec<(Vec<At<String>>, bool, Range<usize>)>,
    product: Option<(Vec<At<String>>, Decimal, Range<usize>)>,
    whole: Option<At<String>>,
}

fn decode_indicators(
    tables: Vec<Fields<'_, '_>>,
    sections: &[Section],
    problems: &mut Problems,
) -> (Vec<Indicator>, HashMap<Arc<str>, IndicatorId>) {
    let mut indicators = Vec::new();
    let mut index: HashMap<Arc<str>, IndicatorId> = HashMap::new();
    let mut pending = Vec::new();
    for table in tables {
        let Some((indicator, refers, span)) = decode_indicator(table, sections, problems) else { continue };
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
        let line = |offset| problems.document.line(offset);
        let indicator: &mut Indicator = &mut indicators[place];
        indicator.parts =
            parts.into_iter().map(|(of, absent_is_zero, at)| Parts { of, absent_is_zero, line: line(at) }).collect();
        indicator.product = product.map(|(factors, divisor, at)| Product { factors, divisor, line: line(at) });
        indicator.whole = whole;
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
    problems: &mut Problems,
) -> Option<(Indicator, Pending, Range<usize>)> {
    let id = table.required_text("id", problems);
    let label = table.text("label", problems);
    let synonyms = table.texts("synonyms", problems).into_iter().map(|t| t.value).collect();
    let unit = table.text("unit", problems).and_then(|t| decode_unit(&t, problems));
    let accepts = table.texts("accepts", problems).iter().filter_map(|t| decode_unit(t, problems)).collect();
    let section = table.text("section", problems).and_then(|name| {
        let found = sections.iter().position(|s| s.id == name.value);
        if found.is_none() {
            let written = &name.value;
            problems.add(name.span, both!("không có phần `{written}`", "no section `{written}`"));
        }
        found
    });
    let number = table.text("number", problems).map(|t| t.value);
    let level = table.whole("level", 0..6, problems).and_then(|l| u8::try_from(l).ok()).unwrap_or(0);
    let decimals = table.whole("decimals", 0..11, problems).and_then(|d| u32::try_from(d).ok());
    let exact = table.flag("exact", problems);
    let direction = table.choice("direction", DIRECTIONS, problems).unwrap_or_default();
    let min = table.decimal("min", problems).map(|d| d.value);
    let max = table.decimal("max", problems).map(|d| d.value);
    let band = decode_band(&mut table, problems);
    let required = table.flag("required", problems).unwrap_or(section.is_some());
    let absent_is_zero = table.flag("absent-part-is-zero", problems).unwrap_or(false);
    let parts_span = table.item("parts").map(toml::Spanned::span);
    let parts = table.texts("parts", problems);
    let mut pending = Pending { parts: Vec::new(), product: None, whole: table.text("whole", problems) };
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
            label: label.map_or_else(|| id.value.clone(), |l| l.value),
            id: id.value.as_str().into(),
            synonyms,
            unit,
            accepts,
            section,
            number,
            level,
            decimals,
            exact,
            direction,
            parts: Vec::new(),
            product: None,
            whole: None,
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

fn decode_form(table: Option<Fields<'_, '_>>, measures: &[Measure], problems: &mut Problems) -> Form {
    let mut form = Form {
        sheet: "Biểu".to_owned(),
        title: "BIỂU KẾT QUẢ CÁC CHỈ TIÊU CHỦ YẾU NĂM {year}".to_owned(),
        attachment: None,
        unit_line: None,
        columns: Vec::new(),
        notes: Vec::new(),
        place_and_date: None,
        signatures: Vec::new(),
        profile: Profile::ND30,
        orientation: Orientation::Portrait,
    };
    if let Some(mut table) = table {
        if let Some(sheet) = table.text("sheet", problems) {
            form.sheet = sheet.value;
        }
        if let Some(title) = table.text("title", problems) {
            form.title = title.value;
        }
        form.attachment = table.text("attachment", problems).map(|t| t.value);
        form.unit_line = table.text("unit-line", problems).map(|t| t.value);
        form.notes = table.texts("notes", problems).into_iter().map(|t| t.value).collect();
        form.place_and_date = table.text("place-and-date", problems).map(|t| t.value);
        form.profile = table.choice("profile", PROFILES, problems).unwrap_or(form.profile);
        form.orientation = table.choice("orientation", ORIENTATIONS, problems).unwrap_or_default();
        form.columns = table
            .tables("column", problems)
            .into_iter()
            .filter_map(|column| decode_column(column, measures, problems))
            .collect();
        for mut signature in table.tables("signature", problems) {
            let lines = signature.texts("lines", problems).into_iter().map(|t| t.value).collect();
            signature.finish(problems);
            form.signatures.push(Signature { lines });
        }
        table.finish(problems);
    }
    if form.columns.is_empty() {
        form.columns = standard_columns(measures);
    }
    form
}

fn standard_columns(measures: &[Measure]) -> Vec<FormColumn> {
    let column = |header: &str, cell, width, align| FormColumn { header: vec![header.to_owned()], cell, width, align };
    let mut columns = vec![
        column("TT", FormCell::Number, 5.0, Align::Centre),
        column("Chỉ tiêu", FormCell::Label, 34.0, Align::Left),
        column("Đơn vị", FormCell::Unit, 10.0, Align::Centre),
    ];
    for wanted in ["plan", "actual", "ratio", "verdict"] {
        let Some(at) = measures.iter().position(|m| &*m.id == wanted) else { continue };
        let cell = FormCell::Measure(MeasureId(u16::try_from(at).unwrap_or(u16::MAX)));
        columns.push(column(&measures[at].label, cell, 14.0, standard_align(measures[at].kind)));
    }
    columns
}

fn standard_align(kind: MeasureKind) -> Align {
    match kind {
        MeasureKind::Verdict { .. } | MeasureKind::Note => Align::Centre,
        MeasureKind::Plan
        | MeasureKind::Actual
        | MeasureKind::Estimate
        | MeasureKind::Other
        | MeasureKind::Ratio { .. }
        | MeasureKind::Share { .. } => Align::Right,
    }
}

fn decode_column(mut table: Fields<'_, '_>, measures: &[Measure], problems: &mut Problems) -> Option<FormColumn> {
    let header: Vec<String> = table.texts("header", problems).into_iter().map(|t| t.value).collect();
    let shows = table.required_text("shows", problems);
    let width = table.decimal("width", problems);
    let align =
        table.choice("align", &[("left", Align::Left), ("centre", Align::Centre), ("right", Align::Right)], problems);
    table.finish(problems);
    let shows = shows?;
    let (cell, standard_width, standard) = match shows.value.as_str() {
        "number" => (FormCell::Number, 5.0, Align::Centre),
        "label" => (FormCell::Label, 34.0, Align::Left),
        "unit" => (FormCell::Unit, 10.0, Align::Centre),
        "blank" => (FormCell::Blank, 12.0, Align::Left),
        name => {
            let Some(at) = measures.iter().position(|m| &*m.id == name) else {
                let list = measures.iter().map(|m| format!("`{}`", m.id)).collect::<Vec<_>>().join(", ");
                problems.add_with_help(
                    shows.span,
                    both!("cột không thể hiện \"{name}\"", "a column cannot show \"{name}\""),
                    both!(
                        "chọn `number`, `label`, `unit`, `blank` hoặc một số đo: {list}",
                        "choose `number`, `label`, `unit`, `blank` or a measure: {list}"
                    ),
                );
                return None;
            };
            let id = MeasureId(u16::try_from(at).unwrap_or(u16::MAX));
            (FormCell::Measure(id), 14.0, standard_align(measures[at].kind))
        }
    };
    let width = width.and_then(|w| w.value.to_string().parse().ok()).unwrap_or(standard_width);
    Some(FormColumn { header, cell, width, align: align.unwrap_or(standard) })
}
