//! The appendix as plain text.

use super::{Appendix, Content, FormRow};
use crate::values::number;

/// What a cell shows, with a decimal comma.
pub(super) fn content(content: &Content) -> String {
    match content {
        Content::Blank => String::new(),
        Content::Text(text) => text.clone(),
        Content::Number(value) => number::vietnamese(*value),
        Content::Ratio(ratio) => ratio.shown.map(number::vietnamese).unwrap_or_default(),
        Content::Verdict(judged) => judged.word().unwrap_or_default().to_owned(),
    }
}

/// One line a row. A tab or line break inside a cell becomes a space, so that the table stays one.
pub(super) fn render(appendix: &Appendix) -> String {
    let heading = &appendix.heading;
    let mut lines: Vec<String> = (0..heading.left.len().max(heading.right.len()))
        .map(|at| line(&[&heading.left, &heading.right].map(|side| side.get(at).cloned().unwrap_or_default())))
        .collect();
    lines.extend(appendix.title.iter().cloned());
    lines.extend(appendix.attachment.clone());
    lines.extend(appendix.unit_line.clone());
    let width = appendix.columns.len();
    for row in 0..appendix.header.depth {
        let mut texts = vec![String::new(); width];
        for cell in appendix.header.cells.iter().filter(|c| c.row == row) {
            texts[cell.column].clone_from(&cell.text);
        }
        lines.push(line(&texts));
    }
    for row in &appendix.rows {
        lines.push(match row {
            FormRow::Section { number, title, .. } => line(&[number.clone(), title.clone()]),
            FormRow::Indicator { cells, .. } => line(&cells.iter().map(super::FilledCell::text).collect::<Vec<_>>()),
        });
    }
    lines.extend(appendix.notes.iter().cloned());
    lines.extend(appendix.place_and_date.clone());
    let tallest = appendix.signatures.iter().map(Vec::len).max().unwrap_or(0);
    for at in 0..tallest {
        let texts: Vec<String> =
            appendix.signatures.iter().map(|lines| lines.get(at).cloned().unwrap_or_default()).collect();
        lines.push(line(&texts));
    }
    if appendix.signers.iter().any(|name| !name.is_empty()) {
        lines.push(line(&appendix.signers));
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

fn line(texts: &[String]) -> String {
    let cells: Vec<String> = texts.iter().map(|t| t.replace(['\t', '\n', '\r'], " ")).collect();
    cells.join("\t").trim_end().to_owned()
}
