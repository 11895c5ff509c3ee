//! A draft for programs: `bieu.draft/1`.

use serde_json::{Value, json};

use super::{
    Draft, choices,
    model::{DraftTable, Role},
    relations::{Along, Recorded, Relation, RelationKind},
    sheets::SheetStatus,
};
use crate::model::{
    report::ReportEntry,
    workbook::{Position, Workbook, column_name},
};

/// The name of a kind of relation.
const fn kind(kind: RelationKind) -> &'static str {
    match kind {
        RelationKind::Sum => "sum",
        RelationKind::Difference => "difference",
        RelationKind::Product => "product",
        RelationKind::Ratio => "ratio",
        RelationKind::Growth => "growth",
        RelationKind::Average => "average",
        RelationKind::Equal => "equal",
        RelationKind::Share => "share",
    }
}

/// The draft as one object.
pub fn json(draft: &Draft, workbooks: &[&Workbook], findings: &[ReportEntry]) -> Value {
    let files: Vec<Value> = workbooks
        .iter()
        .enumerate()
        .map(|(file, workbook)| {
            let sheets: Vec<Value> = workbook
                .sheets
                .iter()
                .enumerate()
                .map(|(at, sheet)| {
                    let all = draft.tables.iter().chain(&draft.unmatched);
                    let own: Vec<&DraftTable> = all.filter(|table| table.file == file && table.sheet == at).collect();
                    let relations: Vec<Value> = own
                        .iter()
                        .flat_map(|table| table.relations.iter().filter_map(|relation| relation_json(table, relation)))
                        .collect();
                    let is_blank = draft.blank.iter().any(|blank| blank.file == file && blank.sheet == at);
                    let status = &draft.sheets[file][at];
                    let like = if let SheetStatus::Member { like } = status { Some(like) } else { None };
                    json!({
                        "name": &*sheet.name,
                        "blank": is_blank,
                        "status": status.name(),
                        "reason": status.reason(),
                        "like": like,
                        "tables": own.iter().map(|table| table_json(table)).collect::<Vec<_>>(),
                        "relations": relations,
                    })
                })
                .collect();
            json!({ "path": &*workbook.file, "sheets": sheets })
        })
        .collect();
    json!({
        "schema": "bieu.draft/1",
        "period": draft.period.to_string(),
        "period_certainty": if draft.is_period_known { "likely" } else { "open" },
        "files": files,
        "mapping": draft.mapping,
        "catalogue": draft.catalogue,
        "findings": findings,
    })
}

fn table_json(table: &DraftTable) -> Value {
    let shape = &table.shape;
    let area = choices::area(table);
    let header_rows: Vec<u32> = shape.header.map_or_else(Vec::new, |(first, last)| (first + 1..=last + 1).collect());
    // What stands above several columns: the blocks of the table.
    let mut blocks: Vec<&str> = Vec::new();
    for column in &table.columns {
        let above = match column.header.as_slice() {
            [above, _, ..] => Some(above),
            _ => None,
        };
        let block = column.block.as_ref().or(above);
        blocks.extend(block.map(String::as_str).filter(|block| !blocks.contains(block)).as_slice());
    }
    let rows: Vec<Value> = table
        .rows
        .iter()
        .map(|row| {
            let mut path = row.line.headings.clone();
            path.push(row.line.label.clone());
            let mut value = json!({
                "row": row.line.row + 1,
                "label": row.line.label,
                "path": path,
                "role": row.role.name(),
                "indicator": row.indicator,
                "certainty": row.certainty.name(),
                "evidence": row.evidence,
                "alternatives": row.alternatives,
            });
            if row.chosen {
                value["chosen"] = json!(true);
                value["reason"] = json!((row.role == Role::Ignore).then_some(&row.evidence));
            }
            value
        })
        .collect();
    let columns: Vec<Value> = table
        .columns
        .iter()
        .map(|column| {
            let mut value = json!({
                "column": column_name(column.at),
                "header": column.block.iter().chain(&column.header).collect::<Vec<_>>(),
                "measure": column.measure,
                "indicator": column.indicator,
                "certainty": column.certainty.name(),
                "evidence": column.evidence,
            });
            if column.chosen {
                value["chosen"] = json!(true);
                value["reason"] = json!((column.measure.as_deref() == Some("ignore")).then_some(&column.evidence));
            }
            value
        })
        .collect();
    json!({
        "area": area,
        "header_rows": header_rows,
        "label_columns": shape.label.iter().map(|column| column_name(*column)).collect::<Vec<_>>(),
        "unit_column": shape.unit.map(column_name),
        "unit": table.unit.as_ref().map(|unit| unit.name.clone()),
        "blocks": blocks,
        "by_column": table.by_column,
        "left_out": table.left_out,
        "rows": rows,
        "columns": columns,
    })
}

/// The cell of a line of a relation at its first trial that holds.
fn cell(table: &DraftTable, relation: &Relation, line: usize) -> Option<String> {
    let position =
        relation.held.first().copied().or_else(|| relation.exceptions.first().map(|exception| exception.position))?;
    let (row, column) = relation.cell(line, position);
    let at = Position::new(table.figures.rows.get(row)?.at, table.figures.columns.get(column)?.at);
    Some(at.to_string())
}

fn relation_json(table: &DraftTable, relation: &Relation) -> Option<Value> {
    let factor = match relation.power {
        0 => "1".to_owned(),
        power if power > 0 => format!("1{}", "0".repeat(usize::try_from(power).ok()?)),
        power => format!("0.{}1", "0".repeat(usize::try_from(-power - 1).ok()?)),
    };
    let parts: Option<Vec<String>> = relation.parts.iter().map(|part| cell(table, relation, *part)).collect();
    Some(json!({
        "kind": kind(relation.kind),
        "along": match relation.along { Along::Rows => "rows", Along::Columns => "columns" },
        "total": cell(table, relation, relation.total)?,
        "parts": parts?,
        "factor": factor,
        "support": [relation.support.0, relation.support.1],
        "written": relation.written(),
        "recorded": match relation.recorded {
            Recorded::Cut => Some("cut"),
            Recorded::PerhapsCut | Recorded::Unsaid => None,
        },
    }))
}
