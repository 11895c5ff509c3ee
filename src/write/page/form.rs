//! The appendix as it will be printed, each figure with the cells that it comes from.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::{
    compose::appendix::{Appendix, Content, FilledCell, FormRow, Header, HeaderCell, Operand},
    judge::verdict::Verdict,
    model::{
        catalogue::{Align, Catalogue, FormCell},
        reading::{Dataset, Reading},
    },
    values::language::{Language, Words},
};

/// What the bundled forms are filled in with beside figures.
const FIELDS: [(&str, Words, &str); 9] = [
    ("report", Words { vi: "Số báo cáo", en: "Report number" }, "text"),
    ("date", Words { vi: "Ngày báo cáo", en: "Date of the report" }, "date"),
    ("office", Words { vi: "Cơ quan báo cáo", en: "Reporting office" }, "text"),
    ("superior", Words { vi: "Cơ quan cấp trên", en: "Superior office" }, "text"),
    ("party", Words { vi: "Cấp ủy", en: "Party committee" }, "text"),
    ("commune", Words { vi: "Xã, phường", en: "Commune" }, "text"),
    ("place", Words { vi: "Nơi lập biểu", en: "Place" }, "text"),
    ("preparer", Words { vi: "Người lập biểu", en: "Preparer" }, "text"),
    ("signer", Words { vi: "Người ký", en: "Signatory" }, "text"),
];
/// Cells of one figure that are named.
const MOST_ORIGINS: usize = 60;

/// The form as one object.
pub fn form(
    appendix: &Appendix,
    catalogue: &Catalogue,
    fields: &[(String, String)],
    dataset: &Dataset,
    language: Language,
) -> Json {
    let picture = Picture { appendix, dataset };
    let columns: Vec<Json> = appendix
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let key = match column.shows {
                FormCell::Number => "tt",
                FormCell::Label => "label",
                FormCell::Unit => "unit",
                FormCell::Measure(id) => &catalogue.measure(id).id,
                FormCell::Blank => "blank",
            };
            let lies = match column.align {
                Align::Left => "l",
                Align::Centre => "c",
                Align::Right => "r",
            };
            json!({
                "key": key, "title": title(&appendix.header, at), "member": column.member.as_deref(),
                "width": column.width, "align": lies,
            })
        })
        .collect();
    let header: Vec<Json> = appendix
        .header
        .cells
        .iter()
        .map(|cell| {
            json!({ "t": cell.text, "row": cell.row, "column": cell.column, "rows": cell.rows, "columns": cell.columns })
        })
        .collect();
    let mut counts = Counts::default();
    let mut sections: Vec<(String, Counts)> = Vec::new();
    let mut rows = Vec::new();
    for row in &appendix.rows {
        match row {
            FormRow::Section { number, title, level } => {
                if *level == 0 || sections.is_empty() {
                    sections.push((format!("{number} {title}").trim().to_owned(), Counts::default()));
                }
                let cells = appendix.columns.iter().map(|column| match column.shows {
                    FormCell::Number => number.as_str(),
                    FormCell::Label => title.as_str(),
                    FormCell::Unit | FormCell::Measure(_) | FormCell::Blank => "",
                });
                let cells: Vec<Json> = cells.map(|text| json!({ "t": text, "origins": [] })).collect();
                rows.push(json!({
                    "kind": "section", "number": number, "title": title, "level": level, "cells": cells, "verdict": null,
                }));
            }
            FormRow::Indicator { indicator, level, cells } => {
                let verdict = cells.iter().find_map(|cell| match &cell.content {
                    Content::Verdict(judged) => Some(judged.verdict),
                    Content::Blank | Content::Text(_) | Content::Number(_) | Content::Ratio(_) => None,
                });
                if let Some(verdict) = verdict {
                    counts.add(verdict);
                    if let Some((_, own)) = sections.last_mut() {
                        own.add(verdict);
                    }
                }
                let drawn: Vec<Json> = cells
                    .iter()
                    .map(|cell| {
                        let mut origins = Vec::new();
                        picture.origins(cell, 0, &mut origins);
                        let measure = cell.key.as_ref().map(|key| &*catalogue.measure(key.measure).id);
                        json!({
                            "t": cell.text(), "measure": measure, "computed": is_computed(cell),
                            "origins": origins.iter().map(|reading| origin(reading)).collect::<Vec<_>>(),
                        })
                    })
                    .collect();
                let own = catalogue.indicator(*indicator);
                rows.push(json!({
                    "kind": "indicator", "indicator": &*own.id, "level": level, "cells": drawn,
                    "verdict": verdict.flatten().map(name),
                }));
            }
        }
    }
    let titles: Vec<&String> = appendix.title.iter().chain(&appendix.attachment).chain(&appendix.unit_line).collect();
    let closing = appendix.signatures.iter().zip(appendix.signers.iter().map(Some).chain(std::iter::repeat(None)));
    let closing = closing.map(|(lines, name)| {
        let words = lines.iter().chain(name).filter(|line| !line.is_empty()).map(String::as_str);
        words.collect::<Vec<_>>().join(" · ")
    });
    let sign: Vec<String> =
        appendix.place_and_date.iter().cloned().chain(closing).filter(|line| !line.is_empty()).collect();
    json!({
        "corner": [appendix.heading.left, appendix.heading.right],
        "title": titles,
        "sign": sign,
        "columns": columns,
        "header": { "depth": appendix.header.depth, "cells": header },
        "rows": rows,
        "counts": counts.json(),
        "sections": sections
            .iter()
            .map(|(label, counts)| {
                let mut section = counts.json();
                section["label"] = json!(label);
                section
            })
            .collect::<Vec<_>>(),
        "fields": shown_fields(appendix, fields, language),
        "notes": appendix.notes,
        "unfilled": appendix.unfilled,
    })
}

/// The texts over a column from the top.
fn title(header: &Header, column: usize) -> String {
    let over =
        |cell: &&HeaderCell| (cell.column..cell.column + cell.columns).contains(&column) && !cell.text.is_empty();
    header.cells.iter().filter(over).map(|cell| cell.text.replace(['\n', '\r'], " ")).collect::<Vec<_>>().join(" > ")
}

const fn name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Exceeded => "exceeded",
        Verdict::Met => "met",
        Verdict::Missed => "missed",
    }
}

/// Verdicts of a part of the form.
#[derive(Clone, Copy, Default)]
struct Counts {
    exceeded: usize,
    met: usize,
    missed: usize,
    none: usize,
}

impl Counts {
    fn add(&mut self, verdict: Option<Verdict>) {
        let count = match verdict {
            Some(Verdict::Exceeded) => &mut self.exceeded,
            Some(Verdict::Met) => &mut self.met,
            Some(Verdict::Missed) => &mut self.missed,
            None => &mut self.none,
        };
        *count += 1;
    }

    fn json(self) -> Json {
        let Self { exceeded, met, missed, none } = self;
        json!({ "exceeded": exceeded, "met": met, "missed": missed, "none": none })
    }
}

/// What the form may be filled in with: what the mapping fills, what the form leaves open, and the usual
/// ones of the form in between.
fn shown_fields(appendix: &Appendix, fields: &[(String, String)], language: Language) -> Vec<Json> {
    let known: BTreeMap<&str, &str> = fields.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let is_wanted = |key: &str| known.contains_key(key) || appendix.unfilled.iter().any(|open| open == key);
    let usual = FIELDS.iter().filter(|(key, ..)| is_wanted(key)).map(
        |(key, words, kind)| json!({ "key": key, "label": words.get(language), "type": kind, "value": known.get(key) }),
    );
    let others = known
        .keys()
        .copied()
        .chain(appendix.unfilled.iter().map(String::as_str).filter(|key| !known.contains_key(key)));
    let others = others
        .filter(|key| FIELDS.iter().all(|(usual, ..)| usual != key))
        .map(|key| json!({ "key": key, "label": key, "type": "text", "value": known.get(key) }));
    usual.chain(others).collect()
}

fn is_computed(cell: &FilledCell) -> bool {
    cell.computed.is_some() || matches!(cell.content, Content::Ratio(_) | Content::Verdict(_))
}

struct Picture<'a> {
    appendix: &'a Appendix,
    dataset: &'a Dataset,
}

impl<'a> Picture<'a> {
    /// The readings that a cell shows or is computed from.
    fn origins(&self, cell: &FilledCell, depth: usize, found: &mut Vec<&'a Reading>) {
        if depth > 3 || found.len() >= MOST_ORIGINS {
            return;
        }
        let mut of = |operands: &[Operand]| {
            for operand in operands {
                if let Some(cell) = self.appendix.cell(*operand) {
                    self.origins(cell, depth + 1, found);
                }
            }
        };
        match &cell.content {
            Content::Ratio(ratio) => {
                return of(ratio.operands.map(|(a, b)| [a, b]).as_ref().map_or(&[], <[_; 2]>::as_slice));
            }
            Content::Verdict(judged) => {
                return of(judged.operands.map(|(a, b)| [a, b]).as_ref().map_or(&[], <[_; 2]>::as_slice));
            }
            Content::Number(_) if cell.computed.is_some() => return of(&cell.sum),
            Content::Blank | Content::Text(_) | Content::Number(_) => {}
        }
        let stated = cell.reading.and_then(|at| self.dataset.irregular().get(at));
        if let Some(reading) = stated {
            found.push(reading);
        } else if let Some(key) = &cell.key {
            found.extend(self.dataset.all(key).take(MOST_ORIGINS));
        }
    }
}

fn origin(reading: &Reading) -> Json {
    let origin = &reading.origin;
    json!({
        "file": &*origin.file, "sheet": &*origin.sheet, "cell": origin.cell.to_string(),
        "raw": origin.raw.text(), "line": origin.mapping.line,
    })
}
