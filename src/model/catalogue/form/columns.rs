//! `[[form.column]]` tables.

use super::{Align, FormCell, FormColumn};
use crate::{
    model::{
        catalogue::{
            Measure, MeasureId, MeasureKind,
            calendar::{Calendar, yearly},
        },
        document::{At, Fields, Problems, both},
    },
    values::number::to_f64_for_display,
};

const ALIGNS: &[(&str, Align)] = &[("left", Align::Left), ("centre", Align::Centre), ("right", Align::Right)];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Repeat {
    Members,
    Years,
}

const REPEATS: &[(&str, Repeat)] = &[("members", Repeat::Members), ("years", Repeat::Years)];

/// What a form without columns of its own has.
pub(super) fn standard_columns(measures: &[Measure]) -> Vec<FormColumn> {
    let column = |header: &str, cell, width, align| FormColumn {
        header: vec![header.to_owned()],
        cell,
        width,
        align,
        decimals: 0,
        each_member: false,
    };
    let mut columns = vec![
        column("TT", FormCell::Number, 5.0, Align::Centre),
        column("Chỉ tiêu", FormCell::Label, 34.0, Align::Left),
        column("Đơn vị", FormCell::Unit, 10.0, Align::Centre),
    ];
    for wanted in ["plan", "actual", "ratio", "verdict"] {
        let Some(id) = find(measures, wanted) else { continue };
        let measure = &measures[usize::from(id.0)];
        columns.push(column(&measure.label, FormCell::Measure(id), 14.0, standard_align(measure.kind)));
    }
    columns
}

fn find(measures: &[Measure], id: &str) -> Option<MeasureId> {
    measures.iter().position(|m| &*m.id == id).and_then(|at| u16::try_from(at).ok()).map(MeasureId)
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

/// All columns; neighbours that repeat over the years of the period are laid out year by year.
pub(super) fn decode_columns(
    tables: Vec<Fields<'_, '_>>,
    measures: &[Measure],
    calendar: &Calendar,
    problems: &mut Problems,
) -> Vec<FormColumn> {
    let decoded: Vec<Decoded> =
        tables.into_iter().filter_map(|table| decode_column(table, measures, calendar, problems)).collect();
    let mut columns = Vec::new();
    for block in decoded.chunk_by(|a, b| !a.by_year.is_empty() && !b.by_year.is_empty()) {
        if block.iter().all(|column| column.by_year.is_empty()) {
            columns.extend(block.iter().map(|column| column.column.clone()));
            continue;
        }
        for at in 0..calendar.years() {
            let of_year = block.iter().filter_map(|column| {
                let cell = FormCell::Measure(*column.by_year.get(at)?);
                let header = column.column.header.iter().map(|text| calendar.of_year(text, at)).collect();
                Some(FormColumn { header, cell, ..column.column.clone() })
            });
            columns.extend(of_year);
        }
    }
    columns
}

struct Decoded {
    column: FormColumn,
    /// The measure of each year, for a column that repeats over them.
    by_year: Vec<MeasureId>,
}

fn decode_column(
    mut table: Fields<'_, '_>,
    measures: &[Measure],
    calendar: &Calendar,
    problems: &mut Problems,
) -> Option<Decoded> {
    let header: Vec<At<String>> = table.texts("header", problems);
    let shows = table.required_text("shows", problems);
    let width = table.decimal("width", problems);
    let align = table.choice("align", ALIGNS, problems);
    let repeat = table.choice("repeat", REPEATS, problems);
    let decimals = table.whole("decimals", 0..11, problems).and_then(|d| u32::try_from(d).ok());
    let span = table.span.clone();
    table.finish(problems);
    let shows = shows?;
    let mut by_year = Vec::new();
    let (cell, standard_width, standard) = match shows.value.as_str() {
        "number" => (FormCell::Number, 5.0, Align::Centre),
        "label" => (FormCell::Label, 34.0, Align::Left),
        "unit" => (FormCell::Unit, 10.0, Align::Centre),
        "blank" => (FormCell::Blank, 12.0, Align::Left),
        name => {
            let id = if repeat == Some(Repeat::Years) {
                by_year = (0..calendar.years()).filter_map(|at| find(measures, &yearly(name, at))).collect();
                by_year.first().copied()
            } else {
                find(measures, name)
            };
            let Some(id) = id else {
                unknown(&shows, measures, problems);
                return None;
            };
            (FormCell::Measure(id), 14.0, standard_align(measures[usize::from(id.0)].kind))
        }
    };
    let placeholder = match repeat {
        Some(Repeat::Members) => Some("{member}"),
        Some(Repeat::Years) => Some("{each-year}"),
        None => None,
    };
    if let (Some(_), FormCell::Number | FormCell::Label | FormCell::Unit | FormCell::Blank) = (repeat, cell) {
        problems.add(span.clone(), both!("chỉ cột số liệu mới lặp lại được", "only columns of measures can repeat"));
    }
    if let Some(placeholder) = placeholder.filter(|p| !header.iter().any(|text| text.value.contains(p))) {
        problems.add(
            header.first().map_or(span, |text| text.span.clone()),
            both!(
                "tiêu đề của cột lặp lại phải có `{placeholder}`",
                "the header of a column that repeats must hold `{placeholder}`"
            ),
        );
    }
    let column = FormColumn {
        header: header.into_iter().map(|text| text.value).collect(),
        cell,
        width: width.map_or(standard_width, |w| to_f64_for_display(w.value)),
        align: align.unwrap_or(standard),
        decimals: decimals.unwrap_or(0),
        each_member: repeat == Some(Repeat::Members),
    };
    Some(Decoded { column, by_year })
}

fn unknown(shows: &At<String>, measures: &[Measure], problems: &mut Problems) {
    let name = &shows.value;
    let list = measures.iter().map(|m| format!("`{}`", m.id)).collect::<Vec<_>>().join(", ");
    problems.add_with_help(
        shows.span.clone(),
        both!("cột không thể hiện \"{name}\"", "a column cannot show \"{name}\""),
        both!(
            "chọn `number`, `label`, `unit`, `blank` hoặc một loại số liệu: {list}",
            "choose `number`, `label`, `unit`, `blank` or a measure: {list}"
        ),
    );
}
